"""Exit statuses, verb by verb: what a script is told by each of them."""
import os
import signal
import subprocess
import threading
import time

import pytest

import daemon

# The least that a verb can be called with, so that it reaches the daemon;
# those that are not here take any words.
CALLS = {
    "status": [], "events": [], "failures": [], "retry": ["E1"],
    "fix": ["ab", "4010"], "dismiss": ["E1", "twice"], "trace": ["E1"],
    "ledger": [], "journal": ["J1"], "reference": ["account"],
    "set": ["account", "1", "name=x"], "remove": ["mapping", "a/b/c"],
    "import": ["account", "FILE"], "drift": [], "alerts": [], "files": [],
    "proposals": [], "propose": ["account", "FILE", "why"],
    "backtest": ["P1"], "accept": ["P1"], "decline": ["P1", "no"],
    "rules": [], "flows": [], "orders": [], "stock": [], "batches": [],
    "dead": [], "clearing": [], "explain": ["4010"], "replay": ["pos"],
    "approve": ["E1"], "pause": ["pos", "why"], "resume": ["pos"],
    "runs": [], "intercompany": [], "conflicts": [], "close": ["status"],
    "assign": ["E1", "me"], "snooze": ["E1", "3d"],
    "comment": ["E1", "why"], "reopen": ["E1", "why"], "undo": [],
    "approvals": [], "reject": ["E1", "--reason", "no"], "delegate": [],
    "undelegate": ["devi", "back"], "carry": ["E1", "late"],
    "reverse": ["E1", "wrong"], "gst": ["calendar"],
    "report": ["--html", "-"], "target": ["trial", "erp"],
    "correct": ["E1", "FILE", "--reason", "why"],
}
ALONE = {"keys", "config", "completion", "help", "queue", "views", "pin"}
# What the daemon says, and what the script is told.
SAID = [(403, "auth.forbidden", 3), (401, "auth.refused", 3),
        (422, "decision.refused", 3), (409, "decision.final", 3),
        (503, "target.away", 1),
        (409, "key.reused", 4), (412, "version.stale", 4),
        (404, "not_found", 1), (503, "busy", 1),
        (400, "request.malformed", 2)]


class Saying(daemon.Handler):
    """Says the same to everybody."""

    def say(self):
        size = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(size)
        self.problem(*self.server.said)

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = say


class Silent(Saying):
    """Takes the call and never answers."""

    def say(self):
        with self.server.lock:
            self.server.waiting += 1
        self.server.enough.wait(60)

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = say


class Server(daemon.Server):
    request_queue_size = 128


class Serving:
    def __init__(self, place, handler):
        path = str(place.folder / "bahid.sock")
        self.server = Server(path, None)
        self.server.RequestHandlerClass = handler
        self.server.lock, self.server.waiting = threading.Lock(), 0
        self.server.enough = threading.Event()

    def __enter__(self):
        return self.server

    def __exit__(self, *_):
        self.server.enough.set()
        self.server.stop()


@pytest.fixture
def argv(place):
    file = place.folder / "one.csv"
    file.write_text("code,name\n1,x\n")

    out = subprocess.run([place.program, "--dump=takes"], text=True,
                         check=True, capture_output=True).stdout
    least = {line.split("\t")[0]: int(line.split("\t")[2])
             for line in out.splitlines()}

    def make(verb):
        return [str(file) if w == "FILE" else w
                for w in CALLS.get(verb, ["x"] * least[verb])]
    return make


def verbs(bahi):
    out = subprocess.run([bahi, "--dump=verbs"], text=True, check=True,
                         capture_output=True).stdout
    return [line.split("\t")[0] for line in out.splitlines()]


@pytest.fixture
def asking(bahi):
    """Every verb that asks the daemon."""
    there = verbs(bahi)
    assert set(CALLS) | ALONE <= set(there)
    return [verb for verb in there if verb not in ALONE]


def test_what_the_daemon_says_is_what_the_script_is_told(place, argv, asking):
    with Serving(place, Saying) as server:
        for status, code, exit_status in SAID:
            server.said = (status, code)
            # All of them for one word, then the words with one verb.
            some = asking if status in (403, 412) else ["retry", "events"]
            for verb in some:
                ran = place.run(verb, *argv(verb))
                assert ran.returncode == exit_status, (verb, code, ran)
                assert ran.stdout == "" and "because" in ran.stderr, verb


def test_without_a_daemon_it_is_five(place, argv, asking):
    for verb in asking:
        ran = place.run(verb, *argv(verb))
        assert ran.returncode == 5, (verb, ran)
        assert ran.stdout == "" and "cannot be reached" in ran.stderr, verb


def test_what_was_answered_before_is_shown_with_its_age(place):
    place.serve()
    for call in (["status"], ["events"], ["failures"], ["ledger"],
                 ["stock"], ["stock", "PNQ"], ["trace", "E3"],
                 ["events", "--json"]):
        before = place.run(*call)
        assert before.returncode == 0, before
    place.cut()
    for call in (["status"], ["events"], ["failures"], ["ledger"],
                 ["stock"], ["stock", "PNQ"], ["trace", "E3"],
                 ["events", "--json"]):
        ran = place.run(*call)
        assert ran.returncode == 5 and ran.stdout, call
        assert "as of 2026-10-08" in ran.stderr, ran.stderr
    # What would change something is not done from a copy.
    assert place.run("retry", "E1").returncode == 5


def test_the_consoles_own_copy_answers_too(place):
    place.serve()
    # The console is to have the sums, and nothing of the numbers.
    kept, place.books.numbers = place.books.numbers, lambda: None
    t = place.console()
    t.until("live").until("Sahyadri")
    place.books.numbers = kept
    place.cut()
    t.until("OFFLINE")
    for verb, part in (("events", "SKU-1"), ("failures", "SKU-1"),
                       ("status", "Sahyadri"), ("ledger", "4,720.00")):
        ran = place.run(verb)
        assert ran.returncode == 5 and part in ran.stdout, (verb, ran)
        assert "as of" in ran.stderr
        assert ("Not all of this" in ran.stderr) == (verb == "status")


def test_interrupted_is_130(place, argv, asking):
    with Serving(place, Silent) as server:
        env = dict(os.environ, LANG="C.UTF-8", **place.env)
        ran = [(verb, subprocess.Popen(
            place.argv(verb, *argv(verb)), env=env, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE))
            for verb in asking]
        until = time.monotonic() + 20
        while server.waiting < len(ran) and time.monotonic() < until:
            time.sleep(0.02)
        assert server.waiting >= len(ran)
        for _, one in ran:
            one.send_signal(signal.SIGINT)
        for verb, one in ran:
            one.communicate(timeout=60)
            assert one.returncode == 130, verb


def test_what_is_mistyped_is_two(place, bahi):
    for verb in verbs(bahi):
        ran = place.run(verb, "--nonsense")
        assert ran.returncode == 2 and ran.stdout == "", verb
        assert "--nonsense" in ran.stderr
        said = place.run(verb, "--help")
        assert said.returncode == 0 and said.stderr == "", verb
        assert "usage: bahi %s" % verb in said.stdout
        assert "bahi %s" % verb in said.stdout.split("Examples")[1]
    for wrong, meant in (("evnts", "events"), ("rety", "retry"),
                         ("stauts", "status")):
        ran = place.run(wrong)
        assert ran.returncode == 2 and meant + "?" in ran.stderr
    assert "--json?" in place.run("events", "--jsn").stderr
    ran = place.run("--help")
    assert ran.returncode == 0 and "Decide" in ran.stdout
    assert place.run("--version").stdout.startswith("bahi ")
    assert place.run("help", "retry").stdout == \
        place.run("retry", "--help").stdout


def test_without_a_terminal_there_is_no_console(place):
    ran = place.run()
    assert ran.returncode == 2 and "bahi status" in ran.stderr
