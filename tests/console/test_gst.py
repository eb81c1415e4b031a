"""The panes of GST on a real daemon: from what is to be paid down to the
document, a return marked as filed, a cell entered, files written."""

import pytest

from gst import Returns, made
from taxed import HEAD, OWN, buyer, invoice


class One(Returns):
    registration = HEAD + "%s,2017-07-01,IN01,regular,monthly,,\n" % OWN


@pytest.fixture
def house(bahi):
    one = made(One, bahi)
    yield one
    one.close()


@pytest.fixture
def two(bahi):
    one = made(Returns, bahi)
    yield one
    one.close()


def line(terminal, part):
    return next((line for line in terminal.lines() if part in line), "")


def figures(text):
    return [w for w in text.split() if w.replace(",", "").replace(
        ".", "").lstrip("-").isdigit()]


def test_from_what_is_paid_to_the_document(house):
    house.month()
    t = house.console()
    t.type("X").until("To be paid in cash").until("agree.")
    # What is over and not filed comes first.
    assert "October 2026" in t.text() and "monthly" in t.text()
    assert "GSTR-1 by 2026-11-11, 6 days" in t.text()
    assert figures(line(t, "To be paid in cash"))[:3] == [
        "250.00", "5,310.00", "5,310.00"]
    assert t.row().startswith("> B2B")
    assert "1,00,000.00" in t.row() and "9,000.00" in t.row()
    assert figures(line(t, "Total"))[-5:-1] == [
        "1,04,000.00", "250.00", "8,910.00", "8,910.00"]
    t.type("Enter").until(lambda t: "18%" in t.row())
    assert t.row().split()[1:4] == ["R", "27", "18%"]
    t.type("Enter").until(lambda t: "INV-1" in t.row())
    assert "1,18,000.00" in t.row()
    t.type("Enter").until("Journal J1")
    for _ in range(3):
        t.type("q")
    t.until("To be paid in cash")
    assert t.row().startswith("> B2B")


def test_it_is_live(house):
    house.month()
    t = house.console()
    t.type("X").until(lambda t: "1,00,000.00" in t.row())
    house.tell(invoice("INV-3", (50000, 18), **buyer()))
    t.until(lambda t: "1,50,000.00" in t.row())
    assert figures(line(t, "To be paid"))[1] == "9,810.00"


def test_the_pages_of_a_return(house):
    house.month()
    t = house.console()
    t.type("X").until("[GSTR-1]").until("B2B")
    t.type("Tab").until("All other input tax credit")
    assert "3,600.00" in line(t, "4(A)(5)")
    t.type("Tab").until("84713010")
    t.type("Tab").until("Invoices for outward supply")
    assert line(t, "Invoices for outward").split()[-3:] == ["2", ".", "2"]
    t.type("Tab").until("[changes]").until("Nothing here.")
    t.type("Tab").until("[agreement]").until("Difference")
    assert set(figures(line(t, "Difference"))) == {"0.00"}
    t.type("Tab").until("2026-11-20")
    t.type("Tab").until("due  [filed]").until("Nothing here.")
    t.type("Tab").until("[GSTR-1]")


def test_another_month_and_another_gstin(two):
    two.month()
    t = two.console()
    t.type("X").until("quarterly").until("September 2026").until("B2B")
    t.type("]").until("December 2026")
    t.type("[", "[").until("June 2026")
    t.type("c").until(OWN).until("monthly")
    t.type("]", "]", "]", "]").until("October 2026")
    t.until(lambda t: "1,00,000.00" in line(t, "B2B "))
    # It is what is looked at next time, too.
    t.type("1").until("Not posted")
    t.type("X").until(OWN).until("October 2026")


def test_filed_is_asked_twice_and_locks(house):
    house.month()
    t = house.console()
    t.type("X").until("B2B").type("F").until("ARN of GSTR-1 October 2026")
    t.type("AA27112600001X 2026-11-04", "Enter")
    t.until("locked. Type 102026:")
    t.type("102025", "Enter").until("another period: nothing was done")
    assert house.get("/v1/gst/filings?gstin=" + OWN)["items"] == []
    t.type("F").until("ARN of").type("AA27112600001X 2026-11-04", "Enter")
    t.until("Type 102026").type("102026", "Enter")
    t.until("Filed: what changes now becomes an amendment.")
    filed, = house.get("/v1/gst/filings?gstin=" + OWN)["items"]
    assert (filed["form"], filed["period"], filed["arn"], filed["filed"]) \
        == ("gstr1", "102026", "AA27112600001X", "2026-11-04")
    # Nothing of it was said by Esc.
    t.type("Tab").until("[GSTR-3B]").until("4(A)(5)").type("F")
    t.until("ARN of GSTR-3B").type("Esc").until("Nothing was done.")
    assert len(house.get("/v1/gst/filings?gstin=" + OWN)["items"]) == 1


def test_what_is_typed_stays_in_sight_at_80(house):
    t = house.console(24, 80)
    t.type("X").until("B2B").type("F").until("ARN of GSTR-1 October 2026")
    t.type("AA271126000012X 2026-11-04", "Enter").until("Type 102026:")
    t.type("102026").until("Type 102026: 102026").type("Esc")
    t.type("w").until("csv").type("Enter").until("Into the folder")
    t.type("/a-rather-long-name-of-a-folder-that-goes-on", "-end")
    t.until(lambda t: t.lines()[-2].endswith("goes-on-end")).type("Esc")


def test_a_cell_is_entered(house):
    house.month()
    t = house.console()
    t.type("X").until("B2B").type("Tab").until("4(A)(5)")
    assert t.row().startswith("> 3.1(a)")
    t.type("e").until("follows from documents alone")
    t.type("/", r"4\(A\)\(4\)", "Enter").until(
        lambda t: t.row().startswith("> 4(A)(4)"))
    t.type("e").until("4(A)(4): IGST CGST SGST cess")
    t.type("0 120.50 120.50", "Enter").until("Because:")
    t.type("by the distributor", "Enter").until("CGST 120.50")
    t.type("y").until(lambda t: "120.50" in t.row())
    said, = house.gst("entries")["items"]
    assert (said["cell"], said["cgst"], said["reason"]) == \
        ("4(A)(4)", "120.50", "by the distributor")
    t.type("e").until("0.00 120.50 120.50 0.00").type("Esc")


def test_files_with_a_receipt(house):
    house.month()
    t = house.console()
    t.type("X").until("B2B").type("w").until("one CSV a section")
    t.type("c").until("Nothing is being written.")
    t.type("Down", "Enter").until("Into the folder: ~/gst/%s/102026" % OWN)
    t.type("Enter").until("Written to %s" % house.dir, 20)
    folder = house.dir / "gst" / OWN / "102026"
    written = sorted(one.name for one in folder.iterdir())
    assert "b2cs.csv" in written
    for name in written:
        assert name + ":" in t.text()
    assert line(t, "B2B ").split()[-2:] == ["1,00,000.00", "18,000.00"]
    # What stands there stays; another folder may be named.
    house.tell(invoice("INV-3", (50000, 18), **buyer()))
    before = {n: (folder / n).read_bytes() for n in written}
    t.type("Enter").until("Into the folder").type("Enter")
    t.until("NOT WRITTEN", 20).until("says something else")
    assert before == {n: (folder / n).read_bytes() for n in written}
    t.type("Enter").until("Into the folder").type("-2", "Enter")
    t.until("102026-2: ", 20)
    assert (house.dir / "gst" / OWN / "102026-2" / "b2cs.csv").exists()


def test_nobody_is_registered(bahi):
    class Nobody(Returns):
        registration = None
    one = made(Nobody, bahi)
    try:
        t = one.console(24, 80)
        t.type("X").until("import the table registration")
        t.type("M").until("import the table registration")
    finally:
        one.close()


def test_numbers_are_not_cut_at_80(house):
    house.tell(invoice("INV-7", (98765432, 18), **buyer()))
    t = house.console(24, 80)
    t.type("X").until("9,87,65,432.00")
    assert "88,88,888.88" in t.row()
    assert max(map(len, t.lines())) <= 80
    t.type("Enter").until("18%")
    assert "9,87,65,432.00" in t.row() and "88,88,888.88" in t.row()
    t.type("Enter").until("INV-7")
    assert "9,87,65,432.00" in t.row()


def test_light_on_a_slow_line(house):
    house.tell(*[invoice("INV-%d" % n, (1000 + n, 18), **buyer())
                 for n in range(90)])
    t = house.console()
    t.type("X").until("B2B").until("agree.").type("Enter")
    t.until("18%").type("Enter").until("INV-10").quiet()
    sent = []
    for _ in range(20):
        before = t.sent
        t.type("Down").pump(1)
        t.quiet(0.02)
        sent.append(t.sent - before)
    assert max(sent) <= 60, sent
    # The number follows at rest; the head of the list may be a row of it.
    t.until(lambda t: "21/90" in t.text() or "22/91" in t.text()).quiet()
    assert t.quiet(1) == 0, "idle is not silent"


def test_without_the_daemon(house):
    house.month()
    t = house.console()
    t.type("X").until("B2B").until("agree.").type("Tab")
    t.until("3,600.00").type("1").until("Not posted")
    house.stop()
    t.until("OFFLINE")
    t.type("X").until("1,00,000.00")
    assert "local copy" not in t.text()
    t.type("F").until("Offline: look around").type("Tab").until("3,600.00")
    t.type("Tab").until("not all of this".capitalize())


def test_where_ledger_and_return_part(house):
    house.month()
    # A voucher on a tax account that no return has.
    house.tell({"kind": "journal_voucher", "entity": "IN01", "number": "JV-1",
                "date": "2026-10-20", "currency": "INR", "total": 500, "tax": 0,
                "lines": [{"type": "entry", "account": "2300", "amount": -500},
                          {"type": "entry", "account": "1100",
                           "party": "cust_987", "amount": 500}]})
    t = house.console()
    t.type("X").until("DO NOT AGREE")
    for page in ("GSTR-3B", "HSN", "numbers", "changes", "agreement"):
        t.type("Tab").until("[%s]" % page)
    t.until("only in ledger")
    assert "journal_voucher/JV-1" in t.row() and "5.00" in t.row()
    t.type("Enter").until("Document        IN01/journal_voucher/JV-1")
    # The close board leads there, too.
    t.type("B").until("Journals by day").type("g").until("> IN01")
    t.seek("> GST")
    t.type("Enter")
    t.until("only in ledger").until("October 2026")
    house.verb("check", code=1)
