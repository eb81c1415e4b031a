"""Files in the watched folder: taken whole, read once, reported, put away."""
import hashlib
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import time

import pytest

from house import ROOT, House, house  # noqa: F401  (a fixture)

RULE = """-- A line of a bank's or gateway's list.
-- name: header
SELECT 'payment' AS kind, lookup('entity', '@default', 'entity') AS entity,
	need(:body ->> '$.utr', 'utr') AS number,
	day(need(:body ->> '$.date', 'date'), 'date') AS date,
	need(:body ->> '$.currency', 'currency') AS currency,
	paise(need(:body ->> '$.amount', 'amount'), :body ->> '$.currency',
		'amount') AS total
WHERE :body ->> '$.status' <> 'pending'

-- name: lines
SELECT 'received' AS type, lookup('account', '1000') AS account,
	paise(:body ->> '$.amount', :body ->> '$.currency', 'amount') AS amount
UNION ALL
SELECT 'allocated', lookup('account', '@receivable'),
	paise(:body ->> '$.amount', :body ->> '$.currency', 'amount')
"""
HEAD = "utr,date,currency,amount,status\n"


def line(number, amount="10.00", status="settled", currency="INR"):
    return "%s,2026-10-05,%s,%s,%s\n" % (number, currency, amount, status)


class Inbox(House):
    """A house with a folder for the source `list` and a rule for its rows."""

    def __init__(self):
        super().__init__()
        rules = self.dir / "rules"
        shutil.copytree(ROOT / "data/rules", rules)
        (rules / "map/list").mkdir()
        (rules / "map/list/row.sql").write_text(RULE)
        self.setting("rules", rules)
        self.inbox = self.home / "inbox"
        assert self.inbox.is_dir()
        self.list = self.inbox / "list"
        self.list.mkdir()

    def put(self, name, text, folder=None):
        """As most senders do: under another name, then renamed."""
        if not isinstance(text, bytes):
            text = text.encode()
        folder = folder or self.list
        beside = folder / ("." + name + ".part")
        beside.write_bytes(text)
        beside.rename(folder / name)

    def files(self):
        return self.get("/v1/files")["items"]

    def wait(self, what, least=1, seconds=60):
        end = time.monotonic() + seconds
        while True:
            found = what()
            if found:
                return found
            assert time.monotonic() < end, (self.files(), self.read_log())
            time.sleep(0.05)

    def report(self, name, place="done", folder=None):
        """Waits until the file is there, with its report."""
        path = (folder or self.list) / place / (name + ".report.json")
        self.wait(lambda: (path.parent / name).exists() and path.exists())
        report = json.loads(path.read_text())
        assert report["place"] == place + "/" + name
        assert report["read"] == sum(report[state] for state in (
            "posted", "waiting", "failed", "duplicate", "ignored"))
        return report


@pytest.fixture
def inbox():
    one = Inbox()
    yield one
    one.close()


def counts(report):
    return {name: report[name] for name in (
        "read", "posted", "failed", "duplicate", "ignored")}


def test_what_was_settled_later_is_counted_later(inbox):
    flows = inbox.dir / "csv"
    flows.mkdir()
    (flows / "flow.csv").write_text(
        "source,kind,entity,pattern,window,latency,owner,objective,wait,"
        "control\nlist,payment,*,workflow,,0,treasury,0,0,high\n")
    inbox.run("import", str(flows))
    inbox.start()
    inbox.put("a.csv", HEAD + line("U1") + line("U2") + line("U3") +
              line("U4", "x") + line("U5", status="pending"))
    report = inbox.report("a.csv")
    assert (report["waiting"], report["failed"], report["ignored"]) == (
        3, 1, 1)
    # Of another file, of the same name.
    inbox.put("a.csv", HEAD + line("U6") + line("U1"))
    inbox.wait(lambda: [f["state"] for f in inbox.files()] == ["done"] * 2)
    one, two, _ = [{"id": e["id"], "version": e["version"]} for e in
                   inbox.get("/v1/events?state=held")["items"]
                   if e["document"] != "IN01/payment/U6"]
    for action, event in (("approve", one), ("dismiss", two)):
        answer = inbox.api("POST", "/v1/decisions", {
            "action": action, "events": [event], "reason": "seen"})
        assert answer.json["done"] == 1, answer.body
    second, first = inbox.files()
    assert {k: first[k] for k in ("read", "posted", "waiting", "failed",
                                  "duplicate", "ignored")} == {
        "read": 5, "posted": 1, "waiting": 1, "failed": 1, "duplicate": 0,
        "ignored": 2}
    assert inbox.get("/v1/files/" + first["id"]) == first
    assert (second["waiting"], second["duplicate"]) == (1, 1)


def test_a_csv_file_becomes_postings_and_a_report(inbox):
    inbox.start()
    text = (HEAD + line("U1") + line("U2", "20.50") + line("U3", "x") +
            line("U4", status="pending") + "U5,2026-10-05\n")
    inbox.put("recon.csv", text)
    report = inbox.report("recon.csv")
    assert report["source"] == "list" and report["format"] == "csv"
    assert report["state"] == "done" and report["why"] is None
    assert report["digest"] == hashlib.sha256(text.encode()).hexdigest()
    assert report["size"] == len(text) == report["at_byte"]
    assert report["of"] == 5
    assert counts(report) == {"read": 5, "posted": 2, "failed": 2,
                              "duplicate": 0, "ignored": 1}
    assert report["amounts"] == [{"currency": "INR", "records": 3,
                                  "total": "30.50", "posted": "30.50"}]
    assert report["trailer"] is None
    assert inbox.opened(inbox.list / "done/recon.csv").decode() == text
    assert not (inbox.list / "recon.csv").exists()
    # The same in the API, and each record is an event of its own.
    assert inbox.get("/v1/files/" + report["id"]) == report
    assert inbox.files() == [report]
    events = inbox.get("/v1/events?source=list")["items"]
    assert {one["correlation"] for one in events} == {"recon.csv"}
    assert len(inbox.journals()) == 2
    codes = {f["code"]: f for one in events for f in one["findings"]}
    assert "payload.format" in codes and "amount.invalid" in codes
    assert "2 fields" in codes["payload.format"]["sentence"]
    inbox.check_books()
    inbox.stop()
    inbox.prove()


def test_what_is_not_of_the_format_stays_so_when_retried(inbox):
    inbox.start()
    inbox.put("a.csv", HEAD + line("U1") + "U2,2026-10-05\n")
    inbox.report("a.csv")
    one, = inbox.get("/v1/events?state=failed")["items"]
    answer = inbox.api("POST", "/v1/decisions", {
        "action": "retry",
        "events": [{"id": one["id"], "version": one["version"]}]},
        {"Idempotency-Key": "k1"})
    assert answer.status == 200, answer.body
    again = inbox.get("/v1/events/" + one["id"])
    assert [f["code"] for f in again["findings"]] == ["payload.format"]
    inbox.stop()
    inbox.prove()


def test_json_lines_beside_csv_and_other_sources(inbox):
    till = inbox.inbox / "till"
    till.mkdir()
    inbox.start()
    rows = [{"utr": "J%d" % n, "date": "2026-10-05", "currency": "INR",
             "amount": "1.00", "status": "settled"} for n in range(3)]
    inbox.put("a.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    inbox.put("b.csv", HEAD + line("B1"), till)
    assert counts(inbox.report("a.jsonl"))["posted"] == 3
    # No rule for that source: kept, and said.
    report = inbox.report("b.csv", folder=till)
    assert report["source"] == "till" and report["failed"] == 1
    assert len(inbox.get("/v1/files?source=till")["items"]) == 1
    assert len(inbox.get("/v1/files?state=done&limit=1")["items"]) == 1


def test_pages_go_from_new_to_old(inbox):
    inbox.start()
    for n in range(3):
        inbox.put("f%d.csv" % n, HEAD + line("P%d" % n))
        inbox.report("f%d.csv" % n)
    page = inbox.get("/v1/files?limit=2")
    assert [one["name"] for one in page["items"]] == ["f2.csv", "f1.csv"]
    rest = inbox.get("/v1/files?limit=2&after=" + page["next"])
    assert [one["name"] for one in rest["items"]] == ["f0.csv"]
    assert rest["next"] is None
    assert inbox.api("GET", "/v1/files?after=E1").status == 400
    assert inbox.api("GET", "/v1/files/F99").status == 404
    lines = inbox.api("GET", "/v1/changes?limit=1000").body.splitlines()
    changes = [json.loads(line) for line in lines]
    assert {c["value"]["name"] for c in changes if c["topic"] == "file"} == {
        "f0.csv", "f1.csv", "f2.csv"}


def test_a_file_that_is_written_in_place_waits_for_its_writer(inbox):
    inbox.start()
    slow = open(inbox.list / "slow.csv", "w")
    slow.write(HEAD + line("S1"))
    slow.flush()
    inbox.put("fast.csv", HEAD + line("F1"))
    inbox.report("fast.csv")
    # Long enough for the fast one, and the quiet time over: still not taken.
    inbox.put("fast2.csv", HEAD + line("F2"))
    inbox.report("fast2.csv")
    assert (inbox.list / "slow.csv").exists()
    slow.write(line("S2"))
    slow.close()
    assert counts(inbox.report("slow.csv"))["posted"] == 2


def test_unfinished_names_and_what_is_no_file_are_left_alone(inbox):
    inbox.start()
    secret = inbox.dir / "secret.csv"
    secret.write_text(HEAD + line("X1"))
    left = [".hidden.csv", "a.csv.part", "b.csv.tmp", "c.csv.filepart",
            "D.CSV.PART"]
    for name in left:
        (inbox.list / name).write_text(HEAD + line("X2"))
    (inbox.list / "link.csv").symlink_to(secret)
    os.mkfifo(inbox.list / "pipe.csv")
    (inbox.list / "folder.csv").mkdir()
    (inbox.list / "strange\x1b[2J.csv").write_text(HEAD + line("X3"))
    (inbox.inbox / "NoSource").mkdir()
    inbox.put("last.csv", HEAD + line("L1"))
    inbox.report("last.csv")
    inbox.put("later.csv", HEAD + line("L2"))
    inbox.report("later.csv")
    assert len(inbox.journals()) == 2 and len(inbox.files()) == 2
    for name in left + ["link.csv", "pipe.csv", "folder.csv"]:
        assert os.path.lexists(inbox.list / name), name
    log = inbox.read_log()
    assert log.count('file="link.csv" why="not a regular file"') == 1
    assert log.count('file="pipe.csv" why="not a regular file"') == 1
    assert 'file="folder.csv" why="a folder"' in log
    assert 'file="NoSource" why="not the folder of a source"' in log
    assert "\x1b" not in log


def test_a_folder_that_is_not_ours_is_not_used(inbox):
    elsewhere = inbox.dir / "elsewhere"
    elsewhere.mkdir()
    (inbox.list / "done").symlink_to(elsewhere)
    till = inbox.inbox / "till"
    till.mkdir()
    inbox.start()
    (inbox.list / "a.csv").write_text(HEAD + line("A1"))
    inbox.put("b.csv", HEAD + line("B1"), till)
    inbox.report("b.csv", folder=till)
    assert (inbox.list / "a.csv").exists()
    assert list(elsewhere.iterdir()) == []
    (inbox.list / "done").unlink()
    inbox.report("a.csv")


def test_the_same_file_and_the_same_rows_again_are_duplicates(inbox):
    inbox.start()
    text = HEAD + line("U1") + line("U2")
    inbox.put("a.csv", text)
    first = inbox.report("a.csv")
    inbox.put("a.csv", text)
    inbox.wait(lambda: len(inbox.files()) == 2)
    again, _ = inbox.wait(lambda: [f for f in inbox.files()
                                   if f["state"] == "done"][1:] and
                          inbox.files())
    inbox.wait(lambda: (inbox.list / again["place"]).exists())
    assert counts(again) == {"read": 2, "posted": 0, "failed": 0,
                             "duplicate": 2, "ignored": 0}
    assert again["amounts"] == [{"currency": "INR", "records": 2,
                                 "total": "20.00", "posted": "0.00"}]
    # Nothing is overwritten: the second has a time behind its name.
    assert again["place"].startswith("done/a.csv.20")
    assert json.loads((inbox.list / "done/a.csv.report.json").read_text()) \
        == first
    assert (inbox.list / (again["place"] + ".report.json")).exists()
    inbox.put("b.csv", HEAD + line("U2") + line("U3"))
    other = inbox.report("b.csv")
    assert other["duplicate"] == 1 and other["posted"] == 1
    assert len(inbox.journals()) == 3
    inbox.check_books()
    inbox.stop()
    inbox.prove()


def test_two_equal_rows_of_a_file_are_two_facts(inbox):
    inbox.start()
    # The number of a voucher is not in the row: the key tells them apart.
    rule = RULE.replace("need(:body ->> '$.utr', 'utr')", ":key")
    (inbox.dir / "rules/map/list/row.sql").write_text(rule)
    inbox.wait(lambda: "rules.loaded" in inbox.read_log())
    text = HEAD + line("U1") * 3 + line("U2")
    inbox.put("a.csv", text)
    assert counts(inbox.report("a.csv"))["posted"] == 4
    keys = {one["key"] for one in inbox.get("/v1/events")["items"]}
    assert sorted(key[64:] for key in keys) == ["", "", "#2", "#3"]
    inbox.put("b.csv", text)
    assert counts(inbox.report("b.csv"))["duplicate"] == 4


@pytest.mark.parametrize("name, text, why", [
    ("rubbish.csv", bytes(range(1, 256)) * 20, "most of it is not of the format"),
    ("noformat.xyz", b"anything", "no format has such a name"),
    ("empty.csv", b"", "the file is empty"),
    ("bad.jsonl", b"{]\nnonsense\n", "most of it is not of the format jsonl"),
], ids=["rubbish", "noformat", "empty", "bad"])
def test_what_is_unusable_as_a_whole_posts_nothing(inbox, name, text, why):
    inbox.start()
    inbox.put(name, text)
    report = inbox.report(name, "failed")
    assert report["state"] == "failed" and why in report["why"]
    assert report["read"] == 0 and report["amounts"] == []
    assert inbox.opened(inbox.list / "failed" / name) == text
    assert inbox.get("/v1/events")["items"] == []
    assert inbox.get("/v1/files/" + report["id"]) == report


def test_a_list_of_nothing_is_done(inbox):
    inbox.start()
    inbox.put("nothing.csv", HEAD)
    assert counts(inbox.report("nothing.csv"))["read"] == 0


def big(n, start=0):
    return HEAD + "".join(line("N%07d" % (start + i)) for i in range(n))


def test_what_came_while_nobody_watched_is_read_at_the_start(inbox):
    inbox.put("early.csv", HEAD + line("E1"))
    inbox.start()
    inbox.report("early.csv")


def test_killed_in_the_middle_it_goes_on(inbox):
    inbox.start()
    inbox.put("big.csv", big(6000) + "short\n")
    inbox.wait(lambda: [f for f in inbox.files() if f["read"] >= 1000])
    inbox.kill()
    inbox.start()
    report = inbox.report("big.csv")
    assert counts(report) == {"read": 6001, "posted": 6000, "failed": 1,
                              "duplicate": 0, "ignored": 0}
    assert report["amounts"][0]["total"] == "60000.00"
    assert report["amounts"][0]["posted"] == "60000.00"
    assert len(inbox.files()) == 1
    assert inbox.check_books()
    documents = inbox.get("/v1/trial-balance")["items"]
    bank, = [one for one in documents if one["account"] == "1000"]
    assert bank["balance"] == "60000.00"
    inbox.stop()
    inbox.prove()


def test_stopped_in_the_middle_it_goes_on(inbox):
    inbox.start()
    inbox.put("big.csv", big(6000))
    inbox.wait(lambda: [f for f in inbox.files() if f["read"] >= 1000])
    inbox.stop()
    assert (inbox.list / ".reading/big.csv").exists()
    inbox.start()
    assert counts(inbox.report("big.csv")) == {
        "read": 6000, "posted": 6000, "failed": 0, "duplicate": 0,
        "ignored": 0}


@pytest.mark.parametrize("point", ["inbox.before_move", "inbox.after_move"])
def test_killed_while_it_is_put_away(inbox, point):
    inbox.start(BAHI_CRASH=point)
    inbox.put("a.csv", HEAD + line("U1"))
    assert inbox.died() == -signal.SIGKILL
    inbox.start()
    report = inbox.report("a.csv")
    assert counts(report)["posted"] == 1 and report["duplicate"] == 0
    assert len(inbox.files()) == 1
    assert list((inbox.list / ".reading").iterdir()) == []


def test_what_was_taken_away_while_it_was_read(inbox):
    inbox.start()
    inbox.put("big.csv", big(6000))
    inbox.wait(lambda: [f for f in inbox.files() if f["read"] >= 1000])
    inbox.kill()
    (inbox.list / ".reading/big.csv").unlink()
    inbox.start()
    one, = inbox.wait(lambda: [f for f in inbox.files()
                               if f["state"] == "failed"])
    assert "taken away" in one["why"]
    inbox.check_books()


def peak(inbox):
    status = pathlib.Path("/proc/%d/status" % inbox.process.pid).read_text()
    return int(status.split("VmHWM:")[1].split()[0])


def test_a_long_file_needs_no_more_memory(inbox):
    # What a sanitizer keeps of freed memory is none of ours.
    inbox.start(ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") +
                ":quarantine_size_mb=1")
    inbox.put("warm.csv", big(2000))
    inbox.report("warm.csv")
    before = peak(inbox)
    inbox.put("long.csv", big(20000, 2000))
    report = inbox.report("long.csv")
    assert report["posted"] == 20000
    # All works at once would be more than 100 MB.
    assert peak(inbox) - before < 48 * 1024, (before, peak(inbox))
    inbox.check_books()


SAMPLES = ROOT / "data/samples/bank"


@pytest.mark.parametrize("name, trailer", [
    ("entry.sta", "matched"), ("statement.xml", "matched"),
    ("statement-wrong.xml", "differs")])
def test_a_statement_is_held_against_its_own_balances(inbox, name, trailer):
    bank = inbox.inbox / "bank"
    bank.mkdir()
    inbox.start()
    inbox.put(name, (SAMPLES / name).read_bytes(), bank)
    report = inbox.report(name, folder=bank)
    assert report["trailer"] == trailer
    assert report["of"] > 1 and report["read"] == report["of"]
    events = inbox.get("/v1/events?source=bank")["items"]
    wrong = [one for one in events if one["topic"] == "statement" and
             one["state"] == "failed"]
    assert len(wrong) == (trailer == "differs")


def test_a_statement_that_is_cut_off_posts_nothing(inbox):
    bank = inbox.inbox / "bank"
    bank.mkdir()
    inbox.start()
    whole = (SAMPLES / "statement.xml").read_bytes()
    inbox.put("cut.xml", whole[:len(whole) // 2], bank)
    report = inbox.report("cut.xml", "failed", bank)
    assert report["trailer"] == "differs" and report["why"]
    assert inbox.get("/v1/events")["items"] == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can drop CAP_LEASE")
def test_where_the_system_cannot_tell_a_quiet_time_must_do(inbox):
    """A file of another user, and a daemon without CAP_LEASE."""
    inbox.setting("inbox_quiet", 4)
    argv = inbox.argv
    inbox.argv = lambda *args, **more: [
        "setpriv", "--bounding-set", "-lease", "--inh-caps", "-lease",
        *argv(*args, **more)]
    inbox.start()
    slow = open(inbox.list / "slow.csv", "w")
    os.chown(slow.name, 65534, 65534)
    slow.write(HEAD)
    end = time.monotonic() + 6
    n = 0
    while time.monotonic() < end:
        slow.write(line("S%d" % n))
        slow.flush()
        n += 1
        assert (inbox.list / "slow.csv").exists()
        time.sleep(0.1)
    slow.close()
    assert counts(inbox.report("slow.csv"))["posted"] == n


def metric(inbox, name):
    text = inbox.api("GET", "/metrics").body.decode()
    found, = [one.split()[1] for one in text.splitlines()
              if one.startswith(name + " ")]
    return float(found)


def test_a_file_leaves_room_in_the_queue(inbox):
    inbox.setting("queue", 16)
    inbox.start()
    inbox.put("a.csv", big(2000))
    assert counts(inbox.report("a.csv"))["posted"] == 2000
    assert metric(inbox, "bahi_refused_total") == 0


def lock(store):
    """Takes the database from the writer, between two of its commits."""
    other = sqlite3.connect(store, timeout=0, isolation_level=None)
    end = time.monotonic() + 60
    while True:
        try:
            other.execute("BEGIN IMMEDIATE")
            return other
        except sqlite3.OperationalError:
            assert time.monotonic() < end


def test_what_the_store_did_not_take_is_offered_again(inbox):
    inbox.start()
    rows = 20000
    inbox.put("big.csv", big(rows))
    inbox.wait(lambda: [f for f in inbox.files() if f["read"] >= 1000])
    other = lock(inbox.home / "bahi.db")
    inbox.wait(lambda: "pump.nothing_kept" in inbox.read_log())
    other.execute("ROLLBACK")
    other.close()
    inbox.wait(lambda: "inbox.not_read" in inbox.read_log())
    assert counts(inbox.report("big.csv")) == {
        "read": rows, "posted": rows, "failed": 0, "duplicate": 0,
        "ignored": 0}
    bank, = [one for one in inbox.get("/v1/trial-balance")["items"]
             if one["account"] == "1000"]
    assert bank["balance"] == "%d.00" % (rows * 10)
    inbox.check_books()


def test_no_inbox_no_watching(house):
    house.setting("inbox", "")
    house.start()
    assert house.get("/v1/files") == {"items": [], "next": None}


def test_an_inbox_that_is_not_there_is_said_at_the_start(house):
    house.setting("inbox", "/nonexistent/inbox")
    done = house.run("run", check=False)
    assert done.returncode != 0 and "/nonexistent/inbox" in done.stderr


def test_the_verb_shows_files(inbox):
    inbox.start()
    inbox.put("recon.csv", HEAD + line("U1") + line("U2", "1234567.00"))
    inbox.report("recon.csv")
    bahi = os.environ.get("BAHI", str(ROOT / "build" / "bahi"))

    def verb(*args):
        return subprocess.run(
            [bahi, "--config", str(inbox.home / "bahi.conf"), "files", *args],
            text=True, capture_output=True, env=inbox.env, timeout=60)

    table = verb()
    assert table.returncode == 0, table.stderr
    assert "recon.csv" in table.stdout and "INR 12,34,577.00" in table.stdout
    one = verb("F1")
    assert "2 of 2 records: 2 posted" in one.stdout
    assert json.loads(verb("F1", "--json").stdout)["name"] == "recon.csv"
    assert verb("state=failed").returncode == 1
    assert verb("colour=red").returncode == 2
