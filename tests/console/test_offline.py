"""Claim 8 of the console: every screen says how old it is, what can be read
can be read without the daemon, no key waits for it, and what is decided
meanwhile is sent once it is back."""
import os
import pathlib
import signal
import socket
import threading
import time

import pytest

from daemon import Books
from free import Free, doc
from house import database
from terminal import Terminal

ROOT = pathlib.Path(__file__).resolve().parents[2]

LOOKS_INSIDE = True


# ---- with the real daemon -------------------------------------------------


@pytest.fixture
def house(bahi):
    one, terminals = Free(), []
    one.start()
    conf = one.home / "bahi.conf"
    conf.write_text(conf.read_text() + "seal = no\n")
    env = {"HOME": str(one.dir), "XDG_CACHE_HOME": str(one.dir),
           "XDG_STATE_HOME": str(one.dir / "state"),
           "BAHI_DATADIR": str(ROOT / "data")}

    def console(rows=40, columns=120):
        terminals.append(Terminal([bahi, "--config", str(conf)], rows,
                                  columns, env))
        return terminals[-1]

    one.console = console
    yield one
    for terminal in terminals:
        terminal.close()
    one.process.send_signal(signal.SIGCONT)
    one.close()


def sales(house, n):
    """Of an account that nobody knows; between good ones, so that nobody
    thinks the source is broken. The ids of their events."""
    out = []
    for k in range(n):
        out.append(house.send(doc("sales_invoice", "S%02d" % k, "10.00", lines=[
            {"account": "9999", "amount": "10.00"},
            {"account": "3000", "amount": "-10.00"}]))["event"])
        house.send(doc("sales_invoice", "G%02d" % k, "10.00"))
    return out


def events(house, ids):
    return {e: house.get("/v1/events/" + e) for e in ids}


def kill(t, how=signal.SIGKILL):
    os.kill(t.pid, how)
    t.end()


def stored(house):
    path, = (house.dir / "state/bahi/queue").glob("*.db")
    with database(path) as db:
        return [s for s, in db.execute("SELECT state FROM entry ORDER BY n")]


def test_twenty_decided_offline_and_five_changed_meanwhile(house):
    ids = sales(house, 20)
    t = house.console().until("live").type("2").until("> " + ids[0])
    t.until("/20")
    house.stop()
    t.until("OFFLINE")
    t.type(*["Space"] * 20).until("20 marked")
    t.type("D").until("because:").type("came twice", "Enter")
    t.until("queue dismiss of 20 events, 200.00 INR").type("y")
    t.until("20 queued")
    kill(t)
    t = house.console().until("OFFLINE").until("20 queued")
    kill(t, signal.SIGHUP)
    house.start()
    for one in ids[3:8]:            # somebody else is quicker
        assert house.decide(action="retry", events=[
            {"id": one, "version": 1}]).status == 200
    house.process.send_signal(signal.SIGSTOP)
    t = house.console().until("20 queued")
    kill(t)                         # it was connecting
    house.process.send_signal(signal.SIGCONT)
    t = house.console()
    limit = time.monotonic() + 30
    while stored(house).count(0) == 20:
        assert time.monotonic() < limit
    kill(t)                         # some were answered
    t = house.console()
    while 0 in stored(house):
        assert time.monotonic() < limit
        t.pump(0.02)
    t.until("live").until("5 FAILED: Q").type("n", "Q").until("CONFLICT")
    assert t.text().count("CONFLICT") == 5
    assert sorted(stored(house)) == [1] * 15 + [3] * 5
    now = events(house, ids)
    assert [now[e]["state"] for e in ids] == ["dismissed"] * 3 + [
        "failed"] * 5 + ["dismissed"] * 12
    assert {now[e]["version"] for e in ids} == {2}


def test_keys_are_answered_while_the_daemon_is_stopped(house):
    """It takes connections, and does not answer."""
    ids = sales(house, 12)
    t = house.console().until("live").type("2").until("/12")
    house.process.send_signal(signal.SIGSTOP)
    t.quiet()
    for one in ids[1:4]:
        t.type("Down").until("> %s " % one)
    t.type("Enter").until("> %s" % ids[3]).type("q").until("> " + ids[3])
    t.type("/", "S11", "Enter").until("> %s " % ids[11])
    t.type("Esc").until("/12")
    t.type("r", "3").until("account.unmapped").type("2").until("/12")
    sent = t.sent
    t.quiet(1)
    assert t.sent == sent           # and nothing is drawn meanwhile
    t.type("q").until("?").type("y")
    assert t.end() == 0
    # What was asked of it is kept, and no second one is sent of it.
    assert stored(house) == [0]
    t = house.console().until("connecting").until("1 queued").type("2")
    t.until("> " + ids[0]).type("G").until("> " + ids[11])
    t.type("q").until("?").type("y")
    assert t.end() == 0
    house.process.send_signal(signal.SIGCONT)
    t = house.console().until("live").until(lambda t: stored(house) == [1])
    versions = [e["version"] for e in events(house, ids).values()]
    assert sorted(versions) == [1] * 11 + [2]


# ---- with one that answers oddly ------------------------------------------


class Odd(threading.Thread):
    """Answers every request with so much, and no more."""

    def __init__(self, path, answer):
        super().__init__(daemon=True)
        self.answer, self.asked, self.held = answer, threading.Event(), []
        path.unlink(missing_ok=True)
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(str(path))
        self.server.listen(8)
        self.start()

    def run(self):
        while True:
            one, _ = self.server.accept()
            self.held.append(one)
            one.recv(65536)
            one.sendall(self.answer)
            self.asked.set()


@pytest.mark.parametrize("answer", [
    b"", b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"seq\": "])
def test_half_an_answer_holds_nobody_up(place, answer):
    place.serve(Books())
    t = place.console().until("live")
    t.type("q").until("?").type("y")
    assert t.end() == 0
    place.cut()
    odd = Odd(place.folder / "bahid.sock", answer)
    t = place.console()
    assert odd.asked.wait(20)
    t.type("2").until("> E1 ").type("Down").until("> E2 ")
    t.type("r").until("1 queued").type("G").until("> E30 ")
    t.type("q").until("?").type("y")
    assert t.end() == 0


@pytest.mark.parametrize("later, words", [
    (0, "OFFLINE "), (1, "over 1 min old"), (5, "OLD: over 5 min"),
    (29, "OLD: over 5 min"), (30, "VERY OLD: over 30 min")])
def test_the_word_says_how_old_it_is(place, later, words):
    place.serve(Books())
    t = place.console().until("live")
    t.type("q").until("?").type("y")
    assert t.end() == 0
    place.cut()
    clock = "2026-10-08T%02d:%02d:08Z" % divmod(9 * 60 + 41 + later, 60)
    t = place.console(BAHI_CLOCK=clock).until("OFFLINE")
    assert words in t.lines()[0] + " ", t.lines()[0]
    assert "data of 2026-10-08 15:11" in t.lines()[0]
    t80 = place.console(24, 80, BAHI_CLOCK=clock).until("OFFLINE")
    assert words in t80.lines()[0] + " ", t80.lines()[0]


def test_a_list_is_older_than_the_rest(place):
    place.serve(Books())
    t = place.console().until("live").type("7").until("BOOK-2")
    t.type("q").until("?").type("y")
    assert t.end() == 0
    later = "2026-10-08T10:01:07Z"
    t = place.console(BAHI_CLOCK=later).until("live")
    t.type("q").until("?").type("y")
    assert t.end() == 0
    place.cut()
    t = place.console(BAHI_CLOCK=later).until("OFFLINE").type("7")
    t.until("BOOK-2")
    assert "list of 2026-10-08 15:11, OLD: over 5 min" in t.lines()[1]


@pytest.mark.parametrize("key", "5678ICBJAHMX")
def test_a_pane_never_visited_says_so(place, key):
    place.serve(Books())
    t = place.console().until("live")
    t.type("q").until("?").type("y")
    assert t.end() == 0
    place.cut()
    t = place.console().until("OFFLINE").type(key)
    t.until("local copy")
