"""The overview by problem and age on a real daemon: every error is in exactly
one cell, and the cells add up to the events."""
import collections
import datetime
import sqlite3
import time

from house import House
from test_decisions import voucher

SIGNATURES = 40
DAYS = (0, 5, 10, 20, 35)		# one of each age
BATCH = 500


def fail(house, n):
    """n vouchers to accounts that there are not, of all ages; amount by
    number. One that posts goes ahead of each batch: of too many that fail in
    a row the source is paused."""
    want = {}
    for start in range(0, n, BATCH):
        told = [voucher("OK-%06d" % start, "1.00")]
        for at in range(start, min(n, start + BATCH)):
            want["JV-%06d" % at] = 100 + at
            amount = "%d.%02d" % divmod(100 + at, 100)
            told.append(voucher("JV-%06d" % at, amount, lines=[
                {"account": "X%02d" % (at % SIGNATURES),
                 "cost_centre": "MUM-RETAIL", "debit": amount},
                {"account": "1000", "credit": amount}]))
        answer = house.api("POST", "/v1/events", [
            {"specversion": "1.0", "id": one["number"], "source": "/tests",
             "type": "in.bahi.journal_voucher", "data": one}
            for one in told], {
                "Content-Type": "application/cloudevents-batch+json"})
        assert answer.status < 300, answer.body
    grow_old(house)
    return want


def grow_old(house):
    db = sqlite3.connect(str(house.home / "bahi.db"), timeout=30)
    today = datetime.date.today()
    for at, days in enumerate(DAYS):
        db.execute("CREATE TEMP TABLE old AS SELECT * FROM closing_event"
                   " WHERE event / 41 % 5 = ?", (at,))
        db.execute("UPDATE old SET day = ?", (
            (today - datetime.timedelta(days)).isoformat(),))
        db.execute("DELETE FROM closing_event WHERE event IN"
                   " (SELECT event FROM old)")
        db.execute("INSERT INTO closing_event SELECT * FROM old")
        db.execute("DROP TABLE old")
    db.commit()
    db.close()


def paise(cell):
    out = 0
    for amount in cell["amounts"]:
        whole, part = amount["amount"].replace("-", "").split(".")
        out += int(whole) * 100 + int(part)
    return out


def rows(house, cell):
    """All events of a cell, page by page."""
    after, out = "", []
    while True:
        page = house.get("/v1/problem-events?cell=%s&limit=500%s"
                         % (cell, after))
        out += [one["id"] for one in page["items"]]
        if not page["next"]:
            return out
        after = "&after=" + page["next"]


def compare(house, want):
    """Gives the seconds that one look at all problems takes."""
    took = []
    for _ in range(5):
        began = time.monotonic()
        problems = house.get("/v1/problems")
        took.append(time.monotonic() - began)
    items = problems["items"]
    assert len(items) == SIGNATURES
    assert sum(one["all"]["count"] for one in items) == len(want)
    assert sum(paise(one["all"]) for one in items) == sum(want.values())
    seen, filled = collections.Counter(), set()
    for one in items:
        ages = one["ages"]
        assert sum(cell["count"] for cell in ages.values()) == \
            one["all"]["count"]
        assert sum(map(paise, ages.values())) == paise(one["all"])
        for age, cell in ages.items():
            found = rows(house, "%s:%s" % (one["id"], age.replace(
                "+", "%2B")))
            assert len(found) == cell["count"]
            seen.update(found)
            filled |= {age} if found else set()
    assert len(filled) == len(DAYS)
    assert len(seen) == len(want) and set(seen.values()) == {1}
    return sorted(took)[len(took) // 2]


def test_every_error_is_in_one_cell():
    house = House().start()
    try:
        compare(house, fail(house, 2000))
    finally:
        house.close()
