"""Options that go with every verb where they make sense."""
import csv
import io
import json
import os
import signal
import subprocess
import time

from terminal import Terminal


def table(text):
    return list(csv.reader(io.StringIO(text, newline="")))


def test_csv_is_for_a_program(place):
    place.books.events[1]["document"] = '=cmd("x"),\n'
    place.books.events[2]["document"] = "-5"
    place.serve()
    ran = subprocess.run(place.argv("events", "--csv"), check=True,
                         capture_output=True)
    assert ran.stdout.count(b"\r\n") == 35
    ran = place.run("events", "--csv")
    rows = table(ran.stdout)
    assert rows[0] == ["event", "state", "source", "received", "document",
                       "amount", "cur", "finding"]
    assert rows[1][4].startswith("'=cmd") and rows[2][4] == "-5"
    assert rows[1][5] == "1000.01" and rows[1][3].startswith("2026-10-05T")
    assert all(len(row) == len(rows[0]) for row in rows)
    rows = table(place.run("stock", "--csv", "--columns",
                           "item,value,short").stdout)
    assert rows[0] == ["item", "value", "short"]
    assert rows[1] == ["BOOK-2", "98765.00", "yes"]
    rows = table(place.run("ledger", "--csv").stdout)
    assert rows[1] == ["1100", "Receivables", "IN01", "INR", "4720.00",
                       "0.00", "4720.00"]
    # Of several tables the first, and that is said.
    ran = place.run("status", "--csv")
    assert table(ran.stdout) == [["state", "events"], ["failed", "30"],
                                 ["posted", "4"]]
    assert "more tables" in ran.stderr


def test_columns_sort_limit_and_heads(place):
    place.serve()
    ran = place.run("events", "--columns", "amount,event", "--sort",
                    "-amount", "--limit", "2", "--no-header")
    assert [line.split() for line in ran.stdout.splitlines()] == [
        ["1,000.34", "E34"], ["1,000.33", "E33"]]
    ran = place.run("events", "--columns", "evnt")
    assert ran.returncode == 2 and "event state source" in ran.stderr
    assert place.run("events", "--sort", "evnt").returncode == 2
    assert place.run("events", "--limit", "many").returncode == 2
    ran = place.run("events", "-q", "--limit", "1")
    assert ran.stderr == "" and len(ran.stdout.splitlines()) == 2


def test_pages_are_read_where_all_are_needed(place):
    place.serve()
    place.books.page = 1
    assert len(place.run("stock").stdout.splitlines()) == 2
    assert "More: bahi stock after=1" in place.run("stock").stderr
    for more in (["--all"], ["--sort", "item"], ["--limit", "3"]):
        assert len(place.run("stock", *more).stdout.splitlines()) == 4, more
    got = place.run("stock", "--where", "available<5", "--columns", "item",
                    "--no-header")
    assert got.stdout == "BOOK-2\n"
    assert place.run("events", "limit=3", "--all", "--csv").stdout.count(
        "shopify") == 34


def test_json_is_the_answer_as_it_came(place):
    place.serve()
    got = json.loads(place.run("events", "--json", "--limit", "2").stdout)
    assert [e["id"] for e in got["items"]] == ["E1", "E2"]
    assert got["next"]
    for more in (["--csv"], ["--columns", "event"], ["--sort", "event"],
                 ["--all"], ["--where", "x"]):
        ran = place.run("events", "--json", *more)
        assert ran.returncode == 2 and more[0] in ran.stderr, ran


def test_a_filter_is_the_consoles(place):
    place.serve()
    for text, n in (("state:failed amount>1000.28", 2), ("INV-3[0-4]", 5),
                    ("-state:failed", 4), ("received>=2027-01-01", 0)):
        ran = place.run("events", "--where", text, "--no-header")
        assert len(ran.stdout.splitlines()) == n, (text, ran)
    ran = place.run("events", "--where", "colour>3")
    assert ran.returncode == 2


def test_a_verb_acts_on_what_a_filter_finds(place):
    place.serve()
    for text, n in (("code:account.unmapped", 20),
                    ("amount>1000.28 -code:period", 1),
                    ("event=E3,E4", 2), ("received<2026-10-05", 0)):
        ran = place.run("retry", "--where", text, "--dry-run", "--json")
        assert ran.returncode == (0 if n else 1), (text, ran)
        if n:
            plan = json.loads(ran.stdout)
            assert plan["events"] == n and plan["skips"] == 0
    assert place.books.plans[-1]["events"] == [
        {"id": "E%d" % i, "version": 1} for i in (3, 4)]
    ran = place.run("retry", "--where", "colour>3", "--dry-run")
    assert ran.returncode == 2 and place.books.received == []


def test_dry_run_sends_nothing(place):
    """A plan as the daemon has it, or what would have been sent."""
    place.serve()
    one = place.books.problems[0]["id"]
    plan = json.loads(place.run("retry", one, "--dry-run", "--json").stdout)
    assert plan["events"] == 10 and plan["action"] == "retry"
    for call in (["pause", "pos", "--reason", "twice"], ["resume", "pos"],
                 ["fix", one, "4010"], ["undo"], ["replay", "shopify"],
                 ["set", "account", "4010", "name=X"],
                 ["delegate", "devi", "--until", "2026-11-01", "--reason",
                  "leave"], ["undelegate", "devi", "back"]):
        ran = place.run(*call, "--dry-run", "--json")
        assert ran.returncode == 0, ran
        said = json.loads(ran.stdout)
        assert said["method"] in ("POST", "PATCH") and said["body"], call
        assert "is not" in place.run(*call, "--dry-run").stdout
    assert place.books.received == []


def test_read_only_refuses_what_changes(place):
    place.serve()
    assert place.run("events", "--read-only").returncode == 0
    for call in (["retry", "E1"], ["pause", "pos", "x"],
                 ["set", "account", "4010", "name=X"]):
        ran = place.run("--read-only", *call)
        assert ran.returncode == 3 and "read-only" in ran.stderr, call
    assert place.run("retry", place.books.problems[0]["id"], "--dry-run",
                     "--read-only").returncode == 0
    assert place.books.received == []


def test_a_reason_from_where_it_is(place):
    place.serve()
    for call in (["dismiss", "E1", "twice"],
                 ["dismiss", "E2", "--reason", "twice"],
                 ["--reason=twice", "dismiss", "E3"]):
        assert place.run(*call).returncode == 0, call
        assert place.books.received[-1]["reason"] == "twice"
    ran = place.run("dismiss", "E4", "--no-input")
    assert ran.returncode == 2 and "--reason" in ran.stderr
    editor = place.folder / "editor.sh"
    editor.write_text("#!/bin/sh\necho 'seen twice' >\"$1\"\n")
    editor.chmod(0o755)
    t = terminal(place, "dismiss", "E5", "--edit", EDITOR=str(editor))
    t.until("1 done")
    assert place.books.received[-1]["reason"] == "seen twice"


def terminal(place, *args, rows=24, columns=80, **env):
    t = Terminal(place.argv(*args), rows, columns, dict(place.env, **env))
    place.terminals.append(t)
    return t


def test_a_person_is_asked(place):
    place.serve()
    t = terminal(place, "dismiss", "E6")
    t.until("Why?")
    t.type("sent twice", "Enter")
    t.until("1 done")
    assert place.books.received[-1]["reason"] == "sent twice"
    one = place.books.problems[1]["id"]
    t = terminal(place, "retry", one)
    t.until("Do it?")
    t.type("no", "Enter")
    t.until("Nothing was done")
    assert place.books.received[-1]["action"] == "dismiss"


def test_what_is_long_goes_through_the_pager(place):
    place.serve()
    pager = place.folder / "pager.sh"
    pager.write_text("#!/bin/sh\necho PAGED; tail -1\n")
    pager.chmod(0o755)
    t = terminal(place, "events", BAHI_PAGER=str(pager))
    t.until("PAGED").until("E34")
    t = terminal(place, "failures", BAHI_PAGER=str(pager))
    t.until("d4735e3a265e16ee")
    assert "PAGED" not in t.text()
    # As wide as the terminal, and no wider.
    t = terminal(place, "events", "--limit", "3", PAGER="cat")
    t.until("E3 ")
    assert len(t.text().splitlines()[0].rstrip()) <= 80


def test_colour_is_asked_for(place):
    place.serve()
    assert "\x1b" not in place.run("events").stdout
    assert "\x1b[1mEvent" in place.run("events", "--color=always").stdout
    assert place.run("events", "--color=blue").returncode == 2


def test_a_run_is_stopped_by_ctrl_c(place):
    """What is done stays done, and how to go on is said."""
    place.serve()
    books = place.books
    run = {"id": "R1", "action": "retry", "total": 10, "done": 4,
           "failed": 0, "skipped": 0, "left": 6, "state": "running"}
    get = books.get

    def answer(path, query):
        if path == "/v1/runs/R1":
            return run
        if path == "/v1/runs/R1/rows":
            return {"items": [], "next": None}
        return get(path, query)
    books.get = answer
    books.run = lambda body: (202, run)
    books.cancelled = []

    def cancel(handler):
        books.cancelled.append(handler.path)
        run["state"] = "cancelled"
        handler.answer(200, run)
    place.server.RequestHandlerClass.do_DELETE = cancel
    env = dict(os.environ, LANG="C.UTF-8", **place.env)
    ran = subprocess.Popen(place.argv("retry", "--where", "state=failed",
                                      "--yes"), env=env, text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        books.chosen = lambda body: [(1, books.events[1])]
        assert "R1 runs" in ran.stderr.readline()
        time.sleep(0.1)     # it waits now
        ran.send_signal(signal.SIGINT)
        out, err = ran.communicate(timeout=30)
    finally:
        del place.server.RequestHandlerClass.do_DELETE
    assert ran.returncode == 130 and books.cancelled == ["/v1/runs/R1"]
    assert "4 done" in out and "same command again" in err
