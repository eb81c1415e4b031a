"""Lists that are longer than what is brought at once: every row of them can be
reached, and the daemon is asked for no more than somebody looks at."""
import pytest

from daemon import AT, Books


def approval(n):
    return {"event": "E%d" % n, "document": "IN01/journal/AP-%d" % n,
            "version": 1, "amount": "1180.00", "currency": "INR",
            "policies": [{"policy": "large"}], "maker": "asha",
            "approved": 0, "needed": 1, "totp": None, "since": AT,
            "expires": None, "mine": False}


def conflict(n):
    return {"event": "E%d" % n, "received": AT, "entity": "IN01",
            "kind": "sales_invoice", "number": "CF-%d" % n, "version": 1,
            "current_version": 1, "at_stake": "10.00", "amount": "1180.00",
            "currency": "INR", "fields": 2, "overlap": 1,
            "current_by": "asha", "incoming_by": "shopify"}


@pytest.fixture(scope="module")
def place(bahi, tmp_path_factory):
    from conftest import Place
    one = Place(bahi, tmp_path_factory.mktemp("last"))
    some = Books(posted=0)
    some.page = 50
    some.booked["1100"] = range(1001, 3504)
    some.rows["/v1/approvals"] = [approval(n) for n in range(1001, 2254)]
    some.rows["/v1/conflicts"] = [conflict(n) for n in range(1001, 2254)]
    one.serve(some)
    yield one
    one.close()


@pytest.fixture
def screen(place):
    t = place.console(rows=24, columns=160).until("live")
    yield t
    t.close()
    place.terminals.remove(t)


def test_entries_of_an_account(screen):
    t = screen
    t.type("4").until("Receivables")
    t.type("g", "Enter").until(lambda t: "J3503 " in t.row())
    t.type("G").until(lambda t: "J1001 " in t.row(), 20)
    t.type("g").until(lambda t: "J3503 " in t.row())
    t.type("/", "INV-1750", "Enter")
    t.until(lambda t: "J1750 " in t.row())


@pytest.mark.parametrize("view", ["approvals", "conflicts"])
def test_what_waits_for_somebody(screen, view):
    t = screen
    t.type(":", view, "Enter").until("1/1,000+")
    t.type("G").until("1,253/1,253", 20)
    t.until(lambda t: "E2253 " in t.row())
    t.type("g").until(lambda t: "E1001 " in t.row())
    t.type("Space", "G").until(lambda t: "E2253 " in t.row())
