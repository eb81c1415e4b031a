"""A key and the verb that the help prints for it ask the daemon for the
same."""
import json
import pathlib
import subprocess
import time

import pytest

import daemon

ROOT = pathlib.Path(__file__).resolve().parents[2]

# What to press, from the backlog with the cursor on E2 or from elsewhere, and
# the verb; %s is the problem of E2.
SAME = {
    "retry": (["r"], ["retry", "E2"]),
    "dismiss": (["D", "sent twice", "Enter"],
                ["dismiss", "E2", "sent twice"]),
    "approve": (["a"], ["approve", "E2"]),
    "replay": (["R"], ["replay", "E2"]),
    "assign": (["w", "ann", "Enter"], ["assign", "E2", "ann"]),
    "snooze": (["z", "2026-12-01", "Enter"],
               ["snooze", "E2", "2026-12-01"]),
    "comment": ([";", "look at it", "Enter"],
                ["comment", "E2", "look at it"]),
    "undo": (["u"], ["undo", "E2"]),
    "undo-last": (["U", "Take back", "y"], ["undo"]),
    "fix": (["Up", "f", "Map to: ", "4010", "Enter", "Map ", "y"],
            ["fix", "%s", "4010"]),
    "resume": (["5", "[5 sync]", "g", "j", "> wms", "u", "Resume wms", "y"],
               ["resume", "wms"]),
    "edit": (["0", "[0 masters]", "/account", "Enter", "/account/", "Enter",
              "masters]> account", "G", "> 4020", "Enter", "[0 masters]> 4020",
              "/name", "Enter", "> name", "e", "name: ", "Ctrl-U", "Games",
              "Enter", "becomes", "y"],
             ["set", "account", "4020", "name=Games"]),
}
# Of these it is held where their panes are tried, with a real daemon: what
# the key did and what the verb did are the same rows of the log there.
ELSEWHERE = {
    "adjust": "test_group", "apply": "test_conflicts",
    "merge": "test_conflicts", "keep": "test_conflicts",
    "take": "test_conflicts", "stop": "test_bulk", "again": "test_bulk",
    "run": "test_bulk", "sign": "test_board", "soft": "test_board",
    "shut": "test_board", "reopen": "test_board", "agree": "test_board",
    "reject": "test_held", "reopen-event": "test_queue",
    "accept": "test_matching", "ignore": "test_matching",
    "pending": "test_matching", "link": "test_matching",
    "unlink": "test_matching", "ims-accept": "test_matching",
    "ims-reject": "test_matching", "ims-pending": "test_matching",
    "reset": "test_matching", "take-back": "test_matching",
    "inward": "test_matching", "file": "test_gst", "write": "test_gst",
    "write-not": "test_gst", "enter": "test_gst",
    "correct": "test_correct",
    "count-approve": "test_counts", "count-reject": "test_counts",
    "count-undo": "test_counts", "target-pause": "test_targets",
    "target-resume": "test_targets", "target-check": "test_targets",
    "target-look": "test_targets", "commit-retry": "test_commits",
    "drift-ours": "test_target_drift", "drift-theirs": "test_target_drift",
    "drift-adopt": "test_target_drift", "drift-ignore": "test_target_drift",
    **dict.fromkeys(("bank-accept", "bank-alike", "bank-apart", "bank-book",
                     "bank-ignore", "bank-match", "bank-restore",
                     "bank-undo"), "test_bank"),
    "commit-resend": "test_commits", "commit-skip": "test_commits",
}


def acts(bahi):
    out = {}
    for line in subprocess.run([bahi, "--dump=actions"], check=True,
                               text=True, capture_output=True
                               ).stdout.splitlines():
        name, kind, _, verb, _, _ = line.split("\t")
        if kind == "acts":
            out[name] = verb
    return out


def said(body):
    """An empty reason is none."""
    return {k: v for k, v in body.items() if v != ""}


class Recorded(daemon.Books):
    """Says yes to all and changes nothing, so that a row can be asked for
    again."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def decide(self, body):
        self.received.append(body)
        return 200, {"decision": "D1", "done": 1, "failed": 0,
                     "results": []}


@pytest.fixture
def desk(place, monkeypatch):
    real = daemon.Handler.do_POST

    def note(handler):
        n = len(handler.server.books.received)
        real(handler)
        for body in handler.server.books.received[n:]:
            handler.server.books.asked.append(
                (handler.path, json.dumps(said(body), sort_keys=True)))

    monkeypatch.setattr(daemon.Handler, "do_POST", note)
    place.env["BAHI_DATADIR"] = str(ROOT / "data")
    place.serve(Recorded())
    place.books.change = lambda path, etag, body: (
        place.books.asked.append((path, etag, json.dumps(body))) or
        (200, {"generation": "R9"}))
    return place


def test_key_and_verb_ask_for_the_same(desk):
    books = desk.books
    problem = books.events[1]["findings"][0]["signature"]
    t = desk.console().until("live")
    for name, (keys, verb) in SAME.items():
        t.type("Esc", "Esc", "Esc", "1").until("[1 overview]")
        t.type("2").until("1/30").type("g", "j").until("2/30")
        books.asked.clear()
        for key in keys:
            # What is more than a key is waited for, unless it is typed.
            if len(key) > 1 and (key[0] in "[>" or key.endswith(": ") or
                                 key in ("Take back", "Map ", "Resume wms",
                                         "becomes", "/account/") or
                                 key.startswith("masters]")):
                t.until(key.strip())
            else:
                t.type(key)
        t.until(lambda t: books.asked)
        pressed = list(books.asked)
        books.asked.clear()
        done = desk.run(*(problem if w == "%s" else w for w in verb),
                        *(["--yes"] if "--yes" in verb else []))
        end = time.monotonic() + 10
        while not books.asked and time.monotonic() < end:
            time.sleep(0.01)    # it is noted behind the answer
        assert books.asked == pressed, (name, done.stderr)
        assert len(pressed) == 1, (name, pressed)


def test_every_action_is_compared_somewhere(bahi):
    left = set(acts(bahi)) - set(SAME) - set(ELSEWHERE)
    assert not {n for n in left if not n.startswith("queue-")}, left
    for module in set(ELSEWHERE.values()):
        assert any((ROOT / "tests" / part / (module + ".py")).exists()
                   for part in ("console", "flow")), module


def test_each_verb_of_the_table_is_one(place, bahi):
    """Its form is right: it is not refused as mistyped. There is no
    daemon."""
    words = {"ROW": "E12", "TO": "4010", "REASON": "why", "TEXT": "why",
             "WHO": "ann", "UNTIL": "tomorrow", "TABLE": "account",
             "CODE": "4010", "COLUMN=VALUE": "name=x", "FILE": "/dev/null",
             "HERE/THERE": "IN01/IN02", "NAME": "x", "FORM": "gstr1",
             "ARN": "AA2710261234567", "DIR": str(place.folder / "out"),
             "CELL": "3.1.a", "PERIOD": "102026", "HEAD=AMOUNT": "igst=1.00", "PATTERN": "x",
             "LINE": "x", "OF": "IN01/CC-1",
             "TARGET": "erp", "ACCOUNT": "4010"}
    wrong = []
    for name, verb in acts(bahi).items():
        rows = {"queue": "12", "bank": "L12", "drift": "T12"}
        words["ROW"] = rows.get(name.split("-")[0], "E12")
        args = [words.get(w, w) for w in verb.split()]
        done = place.run(*args, *["--yes"] * (name == "file"))
        if done.returncode == 2:
            wrong.append((name, args, done.stderr))
    assert not wrong, wrong


# What asks first: what is pressed to get there, and its own key.
ASKS = {
    "dismiss": ([], "D"), "assign": ([], "w"), "snooze": ([], "z"),
    "comment": ([], ";"), "undo-last": ([], "U"), "fix": (["Up"], "f"),
    "resume": (SAME["resume"][0][:5], "u"),
    "edit": (SAME["edit"][0][:14], "e"),
    "retry of many": (["3", "[3 failures]"], "r"),
    "dismiss of many": (["3", "[3 failures]"], "D"),
    "approve of many": (["3", "[3 failures]"], "a"),
    "replay of many": (["3", "[3 failures]"], "R"),
    "retry of marks": (["Space", "Space", "2 marked"], "r"),
    "approve of marks": (["Space", "Space", "2 marked"], "a"),
}


def test_the_same_key_again_is_never_yes(desk):
    """Nor is Enter; a hand that bounces does nothing."""
    books = desk.books
    t = desk.console().until("live")
    for name, (way, key) in ASKS.items():
        t.type("Esc", "Esc", "Esc", "1").until("[1 overview]")
        t.type("2").until("1/30").type("g", "j").until("2/30")
        if "2 marked" in t.text():
            t.type("*").until(lambda t: "marked" not in t.text())
        for one in way:
            if len(one) > 1 and (one[0] in "[>2" or one in (
                    "/account/", "masters]> account")):
                t.until(one)
            else:
                t.type(one)
        t.quiet(0.05)
        t.type(key).quiet(0.15)
        shown = t.text()
        t.type(key, "Enter", key, key, "Enter", "Enter").quiet(0.15)
        assert books.asked == [], (name, shown, t.text())
        assert books.received == [], (name, t.text())
        t.type("Esc", "Esc", "Esc")
