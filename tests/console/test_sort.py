"""Rows by any column, alone and with a filter: nothing is skipped or doubled
at the edges of pages, and the record stays under the cursor."""
import random

import pytest

from daemon import Books, order

ROWS = 150


def books():
    """Events whose columns repeat, so that an order has to break ties."""
    some = Books(failures=ROWS, problems=3)
    pick = random.Random(6)
    for event in list(some.events.values())[:ROWS]:
        event.update(
            amount="%d.%02d" % (pick.randrange(40), pick.randrange(3)),
            currency=pick.choice(["INR", "USD"]),
            source=pick.choice(["shopify", "pos", "Amazon"]),
            state=pick.choice(["failed", "held", "conflict"]),
            received="2026-10-%02dT09:41:07.123Z" % pick.randrange(1, 6))
        some.put("event", event["id"], event)
    return some


@pytest.fixture(scope="module")
def place(bahi, tmp_path_factory):
    from conftest import Place
    one = Place(bahi, tmp_path_factory.mktemp("sort"))
    one.serve(books())
    yield one
    one.close()


@pytest.fixture
def backlog(place):
    t = place.console(rows=24, columns=140).until("live")
    t.type("2")
    yield t.until("1/%d" % ROWS)
    t.close()
    place.terminals.remove(t)


def opened(place):
    return [e for e in place.books.events.values() if e["state"] != "posted"]


def number(event):
    return int(event["id"][1:])


KEYS = {
    "State": lambda e: e["state"].lower(),
    "Source": lambda e: e["source"].lower(),
    "Age": lambda e: [-ord(c) for c in e["received"]],
    "Amount": lambda e: (e["currency"], int(e["amount"].replace(".", ""))),
}


def by(events, column, down=False):
    """As the console has it: ties by event, the other way round as a whole;
    age counts from the other end."""
    if column == "Age":
        return sorted(events, key=lambda e: (e["received"], number(e)),
                      reverse=not down)
    return sorted(events, key=lambda e: (KEYS[column](e), number(e)),
                  reverse=down)


def sort(t, column):
    for _ in range(12):
        t.type(">")
        t.until(lambda t: " first." in t.text() or "own order" in t.text())
        t.quiet(0.1)
        if "By %s," % column in t.text():
            return
    raise AssertionError("no way to sort by " + column)


def events(t):
    return [line.lstrip("> *").split()[0] for line in t.lines()[3:-2]
            if line.lstrip("> *")[:1] == "E"
            and line.lstrip("> *")[1:2].isdigit()]


def walk(t, key, last):
    """All rows, a page at a time, as far as this one."""
    found = []
    while True:
        t.until(lambda t: not found or found[-1] != events(t)[-1])
        t.quiet(0.1)
        found += [row for row in events(t) if row not in found]
        if found[-1] == last:
            return found
        t.type(key)


@pytest.mark.parametrize("column", ["State", "Source", "Age", "Amount"])
def test_every_row_once_and_in_order(place, backlog, column):
    t = backlog
    sort(t, column)
    t.type("g").quiet()
    want = ["E%d" % number(e) for e in by(opened(place), column)]
    assert events(t) == want[:len(events(t))]
    assert walk(t, "PageDown", want[-1]) == want
    t.type("G").until("%d/%d" % (ROWS, ROWS))
    t.until(lambda t: events(t)[-1] == want[-1])
    t.type("~").quiet()
    t.type("g").until("1/%d" % ROWS)
    want = ["E%d" % number(e) for e in by(opened(place), column, True)]
    t.until(lambda t: events(t) == want[:len(events(t))])


def test_with_a_filter(place, backlog):
    t = backlog
    sort(t, "Amount")
    t.type("/", "state:held|conflict amount>5.01", "Enter")
    some = [e for e in opened(place) if e["state"] in ("held", "conflict")
            and int(e["amount"].replace(".", "")) > 501]
    t.until("/%d of %d" % (len(some), ROWS))
    t.type("g").quiet()
    want = ["E%d" % number(e) for e in by(some, "Amount")]
    assert walk(t, "PageDown", want[-1]) == want


def test_the_record_stays_while_the_order_changes(place, backlog):
    t = backlog
    t.type(*["j"] * 9)
    t.until(lambda t: t.row().startswith("> E10 "))
    for column in ("Age", "Amount", "State"):
        sort(t, column)
        t.until(lambda t: t.row().startswith("> E10 "))


def test_a_long_list_is_read_to_its_last_row(place, backlog):
    """Twenty pages come at once; the others when somebody gets there."""
    t, some = backlog, place.books
    some.rows["/v1/orders"] = [order("SO-%04d" % n) for n in range(2503)]
    some.page = 50
    t.type("6").until("1/1,000+")
    t.type("G")
    t.until("2,503/2,503", 20)
    t.until(lambda t: "SO-2502" in t.row())
    t.type("g").until(lambda t: "SO-0000" in t.row())
    t.type("/", "SO-17[05]3")
    t.until(lambda t: "SO-1703" in t.text() and "SO-1753" in t.text())
    t.until("1/2 of 2,503")
    t.type("Esc").until("/2,503")


def test_a_filter_goes_on_into_what_has_not_come(place, backlog):
    t, some = backlog, place.books
    some.rows["/v1/stock"] = [dict(some.rows["/v1/stock"][0],
                                   item="TOY-%04d" % n) for n in range(1702)]
    some.page = 50
    t.type("7").until("1/1,000+")
    t.type("/", "TOY-1701", "Enter")
    t.until(lambda t: "TOY-1701" in t.row(), 20)
    t.until("1/1 of 1,702")
