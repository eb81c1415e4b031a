"""A sealed store as its owner, a thief and a fool meet it: the demo month goes
through it, and no file left behind says a name, a number or an amount."""
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

import pytest

import gstr1
from house import House, ROOT, sale, seal

sys.path.insert(0, str(ROOT / "tests" / "console"))
from terminal import Terminal  # noqa: E402

BAHI = os.environ.get("BAHI", str(ROOT / "build" / "bahi"))
SOURCES = ("pos:standard shopify:shopify razorpay:razorpay wms:standard "
           "office:standard razorpay-recon:standard bank-hdfc:standard "
           "purchases:standard").split()


class Sealed(House):
    def make(self):
        self.run("init", str(self.home), str(ROOT / "data/reference"),
                 config=False)
        seal(self.home)
        self.run("import", str(ROOT / "data/demo"))
        for one in SOURCES:
            self.run("source", "add", *one.split(":"))


@pytest.fixture
def house():
    one = Sealed()
    yield one
    one.close()


def demo(part):
    return subprocess.run(
        [sys.executable, str(ROOT / "data/demo" / (part + ".py"))],
        check=True, capture_output=True).stdout


def send(house, events):
    done = subprocess.run(
        [sys.executable, str(ROOT / "data/demo/send.py"), "--url",
         "http://%s:%s" % (house.host, house.port), "--secrets",
         str(house.home / "secrets"), "--inbox", str(house.home / "inbox")],
        input=events, capture_output=True)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()


def words(events):
    """What must not be read anywhere: names, tax numbers, amounts."""
    out = set()
    for table in ("party", "taxpayer", "registration"):
        text = (ROOT / "data/demo" / (table + ".csv")).read_text()
        out |= set(re.findall(r"\b\d{2}[A-Z]{5}\d{4}[A-Z]\w{3}\b", text))
        if table == "party":
            out |= {line.split(",")[1] for line in text.splitlines()[1:]}
    out = {word for word in out if len(word) > 6}
    assert len(out) > 20, out
    amounts = set(re.findall(rb"\b\d{5,7}\.\d{2}\b", events))
    assert len(amounts) > 100
    return out | {one.decode() for one in amounts}


def found(folder, texts, work):
    (work / "words").write_text("\n".join(sorted(texts)) + "\n")
    done = subprocess.run(["grep", "-raFl", "-f", str(work / "words"),
                           str(folder)], capture_output=True, text=True)
    return {str(pathlib.Path(path).relative_to(folder))
            for path in done.stdout.split()}


def test_nothing_of_the_month_can_be_read(house, tmp_path):
    events = b"".join(demo(part) for part in ("generate", "trade", "gst"))
    secret = words(events)
    house.start()
    send(house, events)
    house.check_books()
    state = {"HOME": str(house.dir / "me"), "XDG_RUNTIME_DIR": "",
             "XDG_STATE_HOME": str(house.dir / "me/state")}
    console = Terminal([BAHI, "--config", str(house.home / "bahi.conf")], 40,
                       120, state)
    console.until("live").type("2").until("> E")
    console.type("D").until("because:").type("for Falcon Traders")
    house.run("audit", "verify")
    os.kill(console.pid, signal.SIGKILL)
    console.close()
    house.kill()
    assert (house.home / "bahi.db-swal").stat().st_size > 0
    assert (house.home / "cache.db").stat().st_size > 100000
    assert list((house.dir / "me/state/bahi/queue").glob("*.db"))
    archive = [path for path in house.home.glob("inbox/*/done/*")
               if not path.name.endswith(".report.json")]
    assert archive
    # A report is its sender's, and has totals.
    for path in house.home.glob("inbox/*/done/*.report.json"):
        path.unlink()
    assert found(house.dir, secret | {"Falcon Traders"}, tmp_path) == set()
    # That the search would find it: all are there when they are opened.
    house.run("unseal")
    plain = tmp_path / "plain"
    house.run("unseal-file", str(archive[0]), str(plain))
    assert "bahi.db" in {path.split("/")[-1] for path in
                         found(house.dir, secret, tmp_path)}
    assert plain.stat().st_size > 100


def test_exports_are_sealed_and_come_plain(house, tmp_path):
    house.start()
    send(house, demo("gst"))
    receipt, files = gstr1.export(house, "csv", gstin="27AAAAA0000A1Z2")
    assert sum(len(text) for text in files.values()) > 1000
    for one in receipt["files"]:
        kept, = house.home.glob("exports/*/" + one["name"])
        assert kept.read_bytes()[:14] == b"bahi-sealed-1\n"


def test_the_way_in_and_out(house, tmp_path):
    house.start()
    house.post("pos", sale("S1"), "k1")
    house.kill()
    conf = house.home / "bahid.conf"
    text = conf.read_text()
    # No key, another key, no file of it.
    house.setting("key", "")
    done = house.run("audit", "verify", check=False)
    assert done.returncode == 5 and "no key is set" in done.stderr
    house.run("key", "new", str(house.home / "other"), config=False)
    house.setting("key", "other")
    done = house.run("audit", "verify", check=False)
    assert done.returncode == 5 and "another key" in done.stderr
    house.setting("key", "nowhere")
    assert house.run("audit", "verify", check=False).returncode == 4
    (house.home / "other").chmod(0o644)
    house.setting("key", "other")
    done = house.run("audit", "verify", check=False)
    assert done.returncode == 3 and "chmod 600" in done.stderr
    (house.home / "other").chmod(0o600)
    conf.write_text(text)
    house.run("audit", "verify")
    # Another outer key, at once, then another inner one.
    before = (house.home / "bahi.db").read_bytes()
    house.run("rekey", str(house.home / "other"))
    after = (house.home / "bahi.db").read_bytes()
    assert len(before) == len(after) and before[8192:] == after[8192:]
    assert house.run("audit", "verify", check=False).returncode == 5
    house.setting("key", "other")
    house.run("rekey", "data")
    house.prove()
    # A passphrase, out of a file.
    (house.home / "words").write_text("correct horse battery staple\n")
    (house.home / "words").chmod(0o600)
    phrase = "passphrase:%s" % (house.home / "words")
    house.run("rekey", phrase)
    house.setting("key", phrase)
    house.prove()
    assert house.run("seal", check=False).returncode == 11
    house.run("unseal")
    assert house.run("unseal", check=False).returncode == 11
    assert b"SQLite format 3" in (house.home / "bahi.db").read_bytes()[:16]
    house.setting("key", "")
    house.prove()


def test_a_running_daemon_is_left_alone(house):
    house.start()
    for verb in (["unseal"], ["rekey", "data"],
                 ["rekey", str(house.home / "key")]):
        done = house.run(*verb, check=False)
        assert done.returncode == 4 and "has it open" in done.stderr, done
    house.post("pos", sale("S1"), "k1")
    house.check_books()


def test_a_damaged_store_says_which_page(house):
    house.start()
    for n in range(40):
        house.post("pos", sale("S%d" % n), "k%d" % n)
    house.stop()
    path = house.home / "bahi.db"
    whole = path.read_bytes()
    for page in (1, 7, 40):
        at = 8 * 4096 + (page + 1) * 4096 + 1000
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
        done = house.run("audit", "verify", check=False)
        if page == 1:
            assert done.returncode == 5
            assert "page 1 is not what was written" in done.stderr
        else:
            done = house.run("rebuild", check=False)
            assert done.returncode in (0, 5), done
    path.write_bytes(whole[:-8192])
    done = house.run("audit", "verify", check=False)
    assert done.returncode == 5 and "cut off" in done.stderr
    path.write_bytes(whole)
    house.prove()


def test_killed_while_it_seals(house):
    """The old store or the new one, whole."""
    house.start()
    house.post("pos", sale("S1"), "k1")
    house.stop()
    for pause in (0.0, 0.01, 0.03, 0.06, 0.1):
        one = subprocess.Popen(house.argv("rekey", "data"), env=house.env,
                               stdout=subprocess.DEVNULL)
        time.sleep(pause)
        one.kill()
        one.wait()
        house.run("audit", "verify")
    house.run("rekey", "data")
    assert not list(house.home.glob("bahi.db.fresh*"))
    house.prove()
