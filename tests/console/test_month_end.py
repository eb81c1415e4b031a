"""A month end, cleared through the real console by the keys of one person:
10,000 documents of which 600 fail for nine causes, 14 are amended by two at
once and 25 are held. Then the ledger is what it must be, to the paisa."""
import re
import sqlite3

import pytest

import month
from house import House
from terminal import Terminal

KEYS = 120


class Fingers(Terminal):
    """Counts what is pressed: each character that is typed is a key."""

    pressed = 0

    def press(self, *keys):
        for key in keys:
            named = key in ("Enter", "Down", "Space", "Esc")
            self.pressed += 1 if named else len(key)
            self.type(key)
        return self

    def sees(self, pattern, seconds=60):
        return self.until(lambda t: re.search(pattern, t.text()), seconds)

    def on(self, pattern):
        """The row under the cursor is the one."""
        return self.until(lambda t: re.search(pattern, t.row()), 60)


@pytest.fixture
def house(bahi):
    one = House()
    (one.dir / "csv").mkdir()
    (one.dir / "csv" / "policy.csv").write_text(month.POLICY)
    one.run("import", str(one.dir / "csv"))
    yield one.start()
    one.close()


def open_console(bahi, house):
    conf = house.dir / "bahi.conf"
    conf.write_text("socket = %s\ncache = %s\n" % (
        house.home / "bahid.sock", house.dir / "cache.db"))
    return Fingers([bahi, "--config", str(conf)], 40, 120,
                   {"XDG_STATE_HOME": str(house.dir / "state")})


def mend(t, what, answer):
    """A value is mapped, and all that share it are tried again."""
    t.on(re.escape('"%s"' % what))
    t.press("f").sees("Map to:")
    t.press(answer, "Enter").sees("and retry")
    t.press("y").sees("fix: [0-9]+ done, 0 failed")
    t.until(lambda t: '"%s"' % what not in t.text(), 60)


def plan(t, count):
    """What is going to be done is on the screen before it is."""
    t.sees(r"> plan")
    t.on(r"> +%d " % count)
    t.press("y")


def clear_failures(t):
    t.press("3")
    for cause in ("account", "courier", "cost_centre", "party", "tax_code",
                  "item"):
        mend(t, *month.CAUSES[cause][1:])
    t.press("Down")             # behind what waits for an approval
    mend(t, *month.CAUSES["entity"][1:])
    t.on("2026-09 is closed")
    t.press("f").sees("Post into the open period")
    t.press("late", "Enter")
    plan(t, 20)
    t.sees("20 done, 0 failed")
    t.until(lambda t: "2026-09" not in t.text())
    t.press("Down").on("till_test")
    t.press("D").sees("Dismiss, because")
    t.press("test", "Enter")
    plan(t, 10)
    t.sees("10 done, 0 failed")


def review_conflicts(t):
    t.press("C").on("AMD")
    t.press("*").sees("14 marked")
    t.press("c").sees("because")
    t.press("ok", "Enter")
    t.sees("Both changed the same")
    plan(t, 7)
    t.sees("7 done, 0 failed, 7 skipped")
    t.sees(r"(?m) \d/7$")
    for n in range(4):          # the second is right
        t.press("Space")
    t.sees("4 marked")
    t.press("T").sees("because")
    t.press("ok", "Enter")
    plan(t, 4)
    t.sees("4 done, 0 failed")
    t.sees(r"(?m) \d/3$")
    t.press("*").sees("3 marked")
    t.press("K").sees("because")
    t.press("ok", "Enter")
    plan(t, 3)
    t.sees("3 done, 0 failed")


def approve(t):
    t.press("3").on("wants an approval")
    t.press("a")
    plan(t, 25)
    t.sees("25 done, 0 failed")


def ledger(house):
    db = sqlite3.connect("file:%s?mode=ro" % (house.home / "bahi.db"),
                         uri=True)
    present = sorted(db.execute(month.PRESENT))
    balances = dict(db.execute(month.BALANCES))
    db.close()
    return present, balances


def test_a_month_end_in_120_keys(bahi, house):
    books = month.Month()
    books.send(house)
    states = house.get("/v1/status")["sources"][0]["states"]
    assert states["failed"] == month.FAILURES == 600
    assert states["conflict"] == 14 and states["held"] == 25
    assert sum(states.values()) >= 10000

    t = open_console(bahi, house)
    t.sees("live", 90)
    clear_failures(t)
    review_conflicts(t)
    approve(t)
    print("%d keys" % t.pressed)
    t.press("q")
    t.close()

    house.check_books()
    open_now = house.get("/v1/events?state=open&limit=10")["items"]
    assert open_now == []
    house.stop()
    present, balances = ledger(house)
    assert present == books.expected()
    sums = {}
    for _, _, _, account, amount in books.expected():
        sums[account] = sums.get(account, 0) + amount
    assert balances == {k: v for k, v in sums.items() if v}
    house.prove()
    assert t.pressed <= KEYS, t.pressed
