"""`./dev demo` as a new user runs it: batch, on a terminal, and for others."""
import contextlib
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time

import pytest

from house import ROOT, House, sale
from terminal import Terminal

DEV = str(ROOT / "dev")
COUNTS = {"received": 2133, "failed": 106, "posted": 1982, "duplicate": 12,
          "waiting": 14, "held": 2, "ignored": 15,
          "conflict": 2}


def houses():
    return set(pathlib.Path(tempfile.gettempdir()).glob("bahi-demo.*"))


def daemons():
    """Command lines of every bahid that serves a demo."""
    out = []
    for one in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = one.read_bytes()
        except OSError:
            continue
        if b"bahid" in line and b"bahi-demo." in line:
            out.append(line)
    return out


def test_batch_prints_the_overview_and_starts_clean_each_time():
    for _ in range(2):
        done = subprocess.run([DEV, "demo", "--batch"], text=True,
                              capture_output=True, timeout=600,
                              stdin=subprocess.DEVNULL)
        assert done.returncode == 0, done.stderr
        for state, count in COUNTS.items():
            assert re.search(r"^%s +%s$" % (state, format(count, ",")),
                             done.stdout,
                             re.M), done.stdout
        assert done.stdout.count("STORE-THN") == 1
        assert re.search(r"Total +INR .* 0\.00$", done.stdout, re.M)
    assert not houses() and not daemons()


def trytons(home="bahi-demo."):
    """Processes that serve, or make, a Tryton of a demo."""
    out = []
    for one in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = one.read_bytes()
        except OSError:
            continue
        if b"tryton" in line and home.encode() in line:
            out.append(line)
    return out


def test_a_tryton_beside_it_gets_the_last_day_and_is_gone_afterwards():
    """One day: that a month is the same to the paisa, tests/erp shows."""
    done = subprocess.run([DEV, "demo", "--erp", "tryton", "--batch"],
                          text=True, capture_output=True, timeout=600,
                          stdin=subprocess.DEVNULL,
                          env=dict(os.environ,
                                   BAHI_DEMO_FIRST="2026-10-31"))
    assert done.returncode == 0, done.stderr
    assert re.search(r"^Into the ERP  tryton  Tryton 6\.0\.\d+, Sahyadri "
                     r"Traders Pvt Ltd$", done.stdout, re.M), done.stdout
    assert int(re.search(r"^there +(\d+)$", done.stdout, re.M)[1]) > 20
    assert re.search(r"^refused +0$", done.stdout, re.M), done.stdout
    assert not houses() and not daemons() and not trytons()


@pytest.mark.parametrize("keys", [["q", "y"], ["Ctrl-C"], ["3", "Enter", "Ctrl-C"]])
def test_leaving_leaves_nothing_running(keys):
    t = Terminal([DEV, "demo"], 30, 100, {})
    t.until("Not posted", 300)
    t.until("live", 60)
    for key in keys:
        t.type(key)
        t.quiet(0.2)
    assert t.end(30) is not None, t.text()
    t.close()
    assert not houses() and not daemons()


@contextlib.contextmanager
def serving(*more):
    """A demo's daemon that others talk to, its folder and what serves it."""
    home = pathlib.Path(tempfile.mkdtemp(prefix="bahi-", dir="/tmp"))
    process = subprocess.Popen([DEV, "demo", "--serve", str(home), *more],
                               stderr=subprocess.DEVNULL)
    there(home / "url", process)
    client = House.__new__(House)
    client.home = home
    client.host, client.port = (home / "url").read_text().strip()[
        len("http://"):].split(":")
    yield client, home, process
    assert not (home / "bahid.sock").exists()
    subprocess.run(["rm", "-r", str(home)], check=True)


def there(path, process):
    end = time.monotonic() + 300
    while not path.exists():
        assert process.poll() is None and time.monotonic() < end
        time.sleep(0.05)


def test_serving_for_other_clients():
    with serving() as (client, home, process):
        assert client.post("pos", sale("S1"), "msg_1").status == 201
        sources = {"pos", "shopify", "razorpay", "wms", "office",
                   "razorpay-recon", "bank-hdfc", "purchases"}
        for folder in ("secrets", "inbox"):
            assert {p.name for p in (home / folder).iterdir()} == sources
        out = subprocess.run([str(ROOT / "build/bahi"), "--config",
                              str(home / "bahi.conf"), "status", "--json"],
                             capture_output=True, text=True,
                             check=True).stdout
        assert '"posted":1' in out
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_serving_with_a_tryton_beside_it():
    with serving("--erp", "tryton") as (client, home, process):
        assert client.post("pos", sale("S1"), "msg_1").status == 201
        there(home / "targets/tryton.conf", process)
        end = time.monotonic() + 60
        while client.get("/v1/commits?state=done")["items"] == []:
            assert time.monotonic() < end, client.get("/v1/targets")
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 130
        assert not trytons(str(home))
