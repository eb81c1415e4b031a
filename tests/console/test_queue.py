"""What is decided is on the disk before it is sent, and waits there while the
daemon is away: nothing is lost and nothing is done twice, whenever the console
ends."""
import json
import os
import pathlib
import resource
import signal
import threading

import pytest

from daemon import Books
from house import database

LOOKS_INSIDE = True


def at_backlog(place, **books):
    place.serve(Books(**books))
    t = place.console().until("live").type("2").until("> E1 ")
    return t


def cut(place, t):
    place.cut()
    t.until("OFFLINE")


def back(place, t, books=None):
    place.serve(books)
    t.type("Ctrl-R").until("live")


def stored(place):
    path, = (place.folder / "state/bahi/queue").glob("*.db")
    return path


def rows(place, sql="SELECT n, state, what, about FROM entry ORDER BY n"):
    with database(stored(place)) as db:
        return db.execute(sql).fetchall()


def mark(t, n):
    t.type(*["Space"] * n).until("%d marked" % n)


def queue(t, n):
    mark(t, n)
    t.type("r").until("queue retry of %d events" % n)
    t.type("y").until("%d queued" % n)


def kill(t):
    os.kill(t.pid, signal.SIGKILL)
    assert t.end() == -signal.SIGKILL


class Gate(Books):
    """Takes a decision, and does not answer."""

    def __init__(self, **books):
        super().__init__(**books)
        self.came, self.gate = threading.Event(), threading.Event()

    def decide(self, body):
        out = super().decide(body)
        self.came.set()
        assert self.gate.wait(30)
        return out


def test_decisions_wait_and_go_out_in_order(place):
    t = at_backlog(place)
    cut(place, t)
    mark(t, 5)
    t.type("r").until("queue retry of 5 events, 5,000.15 INR")
    t.type("y").until("5 queued").until("Queued on this side")
    assert oct(stored(place).stat().st_mode & 0o777) == "0o600"
    t.type("Q").until("waiting")
    assert [line[:3] for line in rows(place)] == [
        (n, 0, "retry") for n in range(1, 6)]
    books = place.books
    books.events[2]["version"] += 1      # behind its back
    books.put("event", "E2", books.events[2])
    back(place, t)
    t.until("4 applied, 1 in conflict, 0 refused").until("1 FAILED: Q")
    t.until("CONFLICT")
    assert [b["events"] for b in books.received] == [
        [{"id": "E%d" % n, "version": 1}] for n in range(1, 6)]
    assert [s for _, s, _, _ in rows(place)] == [1, 3, 1, 1, 1]
    t.type("Down").until(lambda t: "CONFLICT" in t.row())
    t.type("Enter").until("Payload, as it came").until("> E2")
    t.type("q").until("CONFLICT").type("C").until("Nothing here.")
    assert "FAILED" not in t.lines()[0] and rows(place) == []


def test_before_it_is_sent_it_is_changed_or_removed(place):
    t = at_backlog(place)
    cut(place, t)
    t.type("D").until("because:").type("wrng", "Enter").until("1 queued")
    t.type("Down", "D").until("because:").type("twice", "Enter")
    t.until("2 queued").type("Q").until("wrng")
    t.type("e").until("reason: wrng").type(*["Backspace"] * 3, "rong item")
    t.type("Enter").until("wrong item")
    t.type("Down").until(lambda t: "twice" in t.row())
    t.type("D").until("Remove this decision before it is sent: dismiss E2?")
    t.type("n").until("Nothing was done")
    t.type("D").until("Remove this").type("y").until("1 queued")
    back(place, t)
    t.until("1 applied")
    body, = place.books.received
    assert body["reason"] == "wrong item"
    assert body["events"] == [{"id": "E1", "version": 1}]
    assert [w for w, in rows(place, "SELECT word FROM line ORDER BY n")] == [
        "decided", "decided", "changed", "dropped", "applied"]


def test_what_needs_the_daemon_as_it_is_now_is_not_queued(place):
    t = at_backlog(place)
    cut(place, t)
    t.type("3").until("account.unmapped").type("r")
    t.until("mark its rows: those are queued")
    t.type("U").until("is not queued")
    assert rows(place) == []


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGHUP])
def test_a_queue_outlives_the_console(place, how):
    t = at_backlog(place)
    cut(place, t)
    queue(t, 4)
    os.kill(t.pid, how)
    t.end()
    t = place.console().until("OFFLINE").until("4 queued")
    os.kill(t.pid, how)
    t.end()
    place.serve()
    t = place.console().until("4 applied, 0 in conflict")
    assert len(place.books.received) == 4


def test_a_decision_under_way_is_done_once(place):
    """Killed between the request and its answer, online."""
    books = Gate()
    place.serve(books)
    t = place.console().until("live").type("2").until("> E1 ")
    t.type("r").until("Sent; the outcome follows")
    assert books.came.wait(20)
    assert [s for _, s, _, _ in rows(place)] == [0]
    kill(t)
    books.gate.set()
    t = place.console().until("1 applied")
    assert len(books.received) == 1
    assert len(books.keys) == 2 and len(set(books.keys)) == 1


def test_a_queue_under_way_is_done_once(place):
    """Killed while the third of five is being answered."""
    t = at_backlog(place)
    cut(place, t)
    queue(t, 5)
    books = Gate()
    place.serve(books)
    t.type("Ctrl-R")
    assert books.came.wait(20)
    kill(t)
    books.gate.set()
    t = place.console().until("5 applied, 0 in conflict")
    assert len(books.received) == 5 and len(books.keys) == 6


def test_two_consoles_send_it_once(place):
    t = at_backlog(place)
    other = place.console().until("live")
    cut(place, t)
    queue(t, 6)
    other.until("OFFLINE")
    place.serve()
    t.type("Ctrl-R")
    other.type("Ctrl-R").until("live")
    t.until("live").until(lambda t: "queued" not in t.lines()[0])
    other.quiet()
    assert len(place.books.received) == 6
    assert len(set(place.books.keys)) == len(place.books.keys)


def test_an_answered_decision_is_struck(place):
    t = at_backlog(place)
    t.type("r").until("1 done, 0 failed")
    t.until(lambda t: rows(place) == [])
    assert [w for w, in rows(place, "SELECT word FROM line ORDER BY n")] == [
        "decided", "applied"]
    assert "queued" not in t.lines()[0]


def test_a_damaged_queue_is_set_aside(place):
    t = at_backlog(place)
    cut(place, t)
    queue(t, 2)
    kill(t)
    path = stored(place)
    for tail in ("-wal", "-shm"):
        pathlib.Path(str(path) + tail).unlink(missing_ok=True)
    path.write_bytes(b"not a database at all, " * 400)
    place.serve()
    t = place.console().until("set aside")
    aside, = path.parent.glob("*.damaged-*")
    assert aside.read_bytes().startswith(b"not a database")
    t.until("live").type("2").until("> E1 ").type("r").until("1 done")


def test_a_full_disk_stops_decisions(place):
    t = at_backlog(place)
    _, hard = resource.prlimit(t.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(t.pid, resource.RLIMIT_FSIZE, (8192, hard))
    t.type("r").until("NOT KEPT AND NOT SENT")
    assert place.books.received == []
    resource.prlimit(t.pid, resource.RLIMIT_FSIZE, (hard, hard))
    t.type("r").until("1 done, 0 failed")


def test_without_a_state_folder_nothing_is_decided(place):
    (place.folder / "state").write_text("not a folder")
    t = at_backlog(place)
    t.type("r").until("Nothing can be decided")
    assert place.books.received == []
    t.type("q", "y")
    assert t.end() == 0


def test_a_key_does_not_wait_for_the_disk(place):
    """The keeper writes; the loop goes on."""
    t = at_backlog(place, failures=60)
    cut(place, t)
    with database(stored(place), isolation_level=None, write=True) as db:
        db.execute("BEGIN IMMEDIATE")    # nobody else writes now
        t.type("r", "G").until("> E60 ")
        assert "queued" not in t.text()
        db.execute("COMMIT")
    t.until("1 queued")


def test_verbs_of_the_queue(place):
    at_backlog(place).type("q")
    place.terminals[-1].type("y")
    place.cut()
    assert place.run("retry", "E1").returncode == 5
    done = place.run("dismiss", "E1", "twice", "--queue")
    assert done.returncode == 0 and "Queued" in done.stdout, done.stderr
    assert place.run("retry", "E2", "--queue").returncode == 0
    assert place.run("retry", "E3", "--queue").returncode == 0
    assert place.run("queue").returncode == 1
    assert place.run("queue", "send").returncode == 5
    assert place.run("queue", "drop", "3").returncode == 0
    assert place.run("queue", "drop", "3").returncode != 0
    assert place.run("queue", "change", "1", "it came twice").returncode == 0
    place.serve()
    place.books.events[2]["version"] += 1
    done = place.run("queue", "send")
    assert done.returncode == 1, done.stderr
    assert done.stdout == "1 applied, 1 in conflict, 0 refused\n"
    items = json.loads(place.run("queue", "--json").stdout)["items"]
    assert [(i["n"], i["state"], i["of"]) for i in items] == [
        (1, "applied", "E1"), (2, "conflict", "E2")]
    assert place.books.received[0]["reason"] == "it came twice"
    assert place.run("queue", "clear").returncode == 0
    assert place.run("queue").returncode == 0
    assert place.run("queue", "verify").returncode == 0


@pytest.mark.parametrize("damage", [
    "UPDATE line SET word = 'dropped' WHERE n = 2",
    "UPDATE line SET digest = 'ab' WHERE n = 1",
    "DELETE FROM line WHERE n = 2", "DELETE FROM line WHERE n = 4"])
def test_the_trail_shows_what_was_changed_in_it(place, damage):
    at_backlog(place).type("r").until("1/29").until("D1 retry").type(
        "r").until(
        "D2 retry: 1 done")
    assert place.run("queue", "verify").returncode == 0
    with database(stored(place), write=True) as db:
        db.execute(damage)
    assert place.run("queue", "verify").returncode == 1
