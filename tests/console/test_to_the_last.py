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


HEADS = dict.fromkeys(("igst", "cgst", "sgst", "cess"), "0.00")


def purchase(n):
    return {"item": "B%d" % n, "status": "only_books", "differs": "",
            "ctin": "27AAAAA%04dA1Z5" % (n // 100), "name": "Supplier",
            "action": None, "ims": None, "comment": None, "says": None,
            "books": dict(HEADS, event="E%d" % n, number="PI-%d" % n,
                          date="2026-09-05", taxable="100.00"),
            "portal": None}


def sold(n):
    return dict(HEADS, event="E%d" % n, date="2026-09-05",
                number="SI-%d" % n, name="Customer", ctin=None, place="27",
                rate="18", taxable="100.00", value="118.00", amends=None)


def returns(some):
    """One registration, and more of a return than a hundred pages."""
    some.extra["/v1/gst/registrations"] = {"items": [
        {"gstin": "27AAPFU0939F1ZV", "entity": "IN01", "name": "Sahyadri",
         "filing": "monthly"}]}
    some.extra["/v1/gst/filings"] = {"items": []}
    some.extra["/v1/gst/summary"] = {"sections": [dict(
        HEADS, section="b2cs", title="B2CS", table="7", documents=5503,
        value="1.00", taxable="1.00")]}
    some.extra["/v1/gst/cells"] = {"items": [dict(
        HEADS, type="OE", place="27", rate="18", documents=5503,
        value="1.00", taxable="1.00")]}
    some.rows["/v1/gst/documents"] = [sold(n) for n in range(1001, 6504)]
    some.rows["/v1/gst/recon"] = [purchase(n) for n in range(1001, 6504)]


@pytest.fixture(scope="module")
def place(bahi, tmp_path_factory):
    from conftest import Place
    one = Place(bahi, tmp_path_factory.mktemp("last"))
    some = Books(posted=0)
    some.page = 50
    some.booked["1100"] = range(1001, 3504)
    some.rows["/v1/approvals"] = [approval(n) for n in range(1001, 2254)]
    some.rows["/v1/conflicts"] = [conflict(n) for n in range(1001, 2254)]
    returns(some)
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


def test_purchases_beside_what_was_filed(screen):
    t = screen
    t.type(":", "matching", "Enter").until("PI-1001 ")
    t.type("G").until(lambda t: "PI-6503 " in t.row(), 30)
    t.type("/", "PI-3750", "Enter").until(lambda t: "PI-3750 " in t.row())
    t.type("Enter").until("E3750")


def test_documents_of_a_return(screen):
    t = screen
    t.type(":", "gst", "Enter").until("B2CS")
    t.type("g", "j", "j", "Enter").until("OE")
    t.type("g", "j", "j", "j", "j", "Enter").until("SI-1001 ")
    t.until("/1,051+")
    t.type("G").until(lambda t: "SI-6503 " in t.row(), 30)
    t.until("5,504/5,504")
