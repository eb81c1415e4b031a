"""Claim 3 of the console: whatever changes between what is painted and the
key that is pressed, nothing is done to another record or another version than
the one that was on the screen."""
import os
import random
import re
import time

import pytest

from daemon import Books, amount

# Of each of the four seeds; `./dev soak` plays 10,000 in all.
ROUNDS = int(os.environ.get("BAHI_ROUNDS", "150"))


class Restless(Books):
    """A version shows in the amount, so that what is painted says it."""

    def __init__(self, seed):
        super().__init__(failures=60, problems=3)
        self.random = random.Random(seed)
        self.stale, self.next = 0, 1000

    def open(self):
        return [n for n, e in self.events.items() if e["state"] == "failed"]

    def edit(self, n):
        event = self.events[n]
        event["version"] += 1
        event["amount"] = amount(100000 + n + 1000000 * event["version"])
        self.put("event", event["id"], event)

    def stir(self):
        """Something changes: a refresh, an edit, a row gone, a row new."""
        with self.lock:
            rows = self.open()
            what = self.random.randrange(8)
            if what < 4 and rows:
                self.edit(self.random.choice(rows[:25]))
            elif what < 6 and len(rows) > 30:
                n = self.random.choice(rows[:25])
                self.post(n, self.events[n])
            elif what == 6 or len(rows) <= 30:
                self.next += 1
                self.add(self.next, self.problems[0])
            self.put("status", "", None)
            self.lock.notify_all()

    def decide(self, body):
        with self.lock:
            self.received.append(body)
        pick = body["events"][0]
        if self.events[int(pick["id"][1:])]["version"] != pick["version"]:
            self.stale += 1
            return 412, None
        return 200, {"decision": "D1", "done": 1, "failed": 0, "results": []}


def painted(terminal):
    """(event, version) of the row under the cursor, as it is on the screen."""
    found = re.match(r"> (E\d+) .* ([\d,]+\.\d\d) ", terminal.row())
    if found is None:
        return None
    paise = int(re.sub(r"[,.]", "", found.group(2)))
    return found.group(1), max(1, paise // 1000000)


def settled(terminal):
    """Outcomes are told on the line above the last."""
    return terminal.lines()[-2]


def told(terminal, wanted):
    limit = time.monotonic() + 20
    while not re.fullmatch(wanted, settled(terminal)):
        assert time.monotonic() < limit, terminal.text()
        terminal.pump(0.05)


OUTCOMES = "It changed as you.*|.* 1 done.*|It has changed.*"


@pytest.mark.parametrize("seed", range(4))
def test_the_action_hits_what_was_painted(place, seed):
    books = Restless(seed)
    place.serve(books)
    t = place.console()
    t.until("live")
    t.type("2")
    t.until("> E")
    chance, acted, refused = random.Random(seed), 0, 0
    for _ in range(ROUNDS):
        for _ in range(chance.randrange(3)):
            books.stir()
        if chance.random() < 0.1:
            t.type(chance.choice(["Down", "Up", "Down", "PageDown", "g"]))
            t.type("/")         # what is drawn now has the move in it
            told(t, "/")
            t.type("Esc")
            told(t, "")
        if chance.random() < 0.5:
            t.pump(chance.random() * 0.02)
        seen = painted(t)
        while seen is None:             # a frame that is half read
            assert t.pump(10), t.text()
            seen = painted(t)
        before = len(books.received)
        if chance.random() < 0.3:
            books.stir()
            time.sleep(chance.random() * 0.004)
        t.type("r")
        told(t, OUTCOMES)
        if len(books.received) == before:
            assert "as you pressed" in settled(t), t.text()
            refused += 1
        else:
            acted += 1
            pick, = books.received[-1]["events"]
            assert seen == (pick["id"], pick["version"]), (seed, acted)
        t.type("Left")      # the line is empty again
        told(t, "")
    assert acted + refused == ROUNDS
    assert acted > ROUNDS // 2 and refused > 0, (acted, refused)
    print("seed %d: %d acted, %d asked to look again, %d refused by the "
          "daemon" % (seed, acted, refused, books.stale))
