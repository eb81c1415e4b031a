"""Purchases beside GSTR-2B in the console and for scripts, on a real
daemon: both sides, why they differ, and what is said of them."""
import json

import pytest

from gst import Programs, made
from test_recon import (Buyer as Bought, MILL, OTHER, OWN,
                        bought, group, inv, two_b)


class Buyer(Programs, Bought):
    def month(self):
        """Equal, alike, different, and one that only one side has."""
        self.buy(bought("PI-1", "KM/26-27/0412"),
                 bought("PI-2", "KM/26-27/0413"),
                 bought("PI-3", "KM-3", 5000),
                 bought("PI-4", "RT/99", 700, ctin=OTHER))
        return self.filed()

    def filed(self):
        path = self.dir / "2b.json"
        path.write_text(json.dumps(two_b(b2b=[group(
            inv("KM/26-27/0412"), inv("0413"), inv("KM-3", 5200),
            inv("XX-1", 7000))])))
        return path

    def known(self, number):
        return self.items()[number]


@pytest.fixture
def house(bahi):
    one = made(Buyer, bahi)
    yield one
    one.close()


def matched(house, rows=40, columns=120):
    house.file(json.loads(house.month().read_text()))
    house.recon()
    t = house.console(rows, columns)
    # What is over and not filed: October of the first GSTIN.
    return t.type("M").until("KM/26-27/0412").until("rule 1 (")


def go(t, number):
    if number not in t.row():
        t.type("g").quiet(0.1)
    return t.seek(number)


def test_both_sides_and_why(house):
    t = matched(house)
    assert "in both, equal" in t.row() and t.row().count("0412") == 2
    text = t.text()
    assert "GSTR-2B made on 2026-11-14, 4 documents" in text
    assert "only in 2B 1" in text and "only in books 1" in text
    go(t, "!0413").until("numbers compared as")
    row = t.row()
    assert "in both, alike" in row and "KM/26-27/0413" in row
    assert row.count("180.00") == 2 and "!180.00" not in row
    t.until("in both, alike but for: number")
    assert "rule 2 (in both, alike) fits: " in t.text()
    assert "alike number" in t.text()
    assert "rule 1 (in both, equal) not: number (equal) " \
        "[-KM/26-27/0413-] {+0413+}" in t.text()
    go(t, "KM-3").until("rule 5")
    assert "!936.00" in t.row() and "900.00" in t.row()
    assert "taxable (near) [-5000.00-] {+5200.00+}" in t.text()
    # Headings are passed over.
    seen = []
    for _ in range(3):
        t.type("Up").quiet(0.1)
        seen.append(t.row()[2:18].strip())
    assert seen[:2] == ["in both, alike", "in both, equal"]
    go(t, "KM-3")
    # To the purchase.
    t.type("Enter").until("Document        IN01/purchase_invoice/PI-")


def test_one_below_the_other_at_80(house):
    t = matched(house, 24, 80)
    go(t, "KM-3").type("Down").until(lambda t: "!936.00" in t.row())
    above = t.lines()[t.lines().index(t.row()) - 1]
    assert "900.00" in above and "KM-3" in above and "2B" in t.row()
    assert max(map(len, t.lines())) <= 80
    t.resize(30, 120)
    t.until(lambda t: "900.00" in t.row() and "!936.00" in t.row())


def test_what_is_said_of_a_row(house):
    t = matched(house)
    go(t, "KM-3").type("a").until("accept: 1 done")
    t.until(lambda t: "accepted" in t.row())
    assert house.known("KM-3")["action"] == "accept"
    go(t, "XX-1").type("a").until("cannot be accepted")
    t.type("i").until("Ignore, because").type("ours of last year", "Enter")
    t.until("Ignore this row?").type("n").until("Nothing was done.")
    assert house.known("XX-1")["action"] == ""
    t.type("i").until("Ignore, because").type("ours of last year", "Enter")
    t.until("Ignore this row?").type("y")
    t.until(lambda t: "ignored" in t.row()).until("ours of last year")
    said = house.known("XX-1")
    assert said["action"] == "ignore"
    assert said["comment"] == "ours of last year"
    t.type("z").until("Take back D").type("y")
    t.until(lambda t: "ignored" not in t.row())
    assert house.known("XX-1")["action"] == ""
    t.type("R").until("Reject in IMS").type("not ours", "Enter")
    t.until("IMS: reject this row?").type("y")
    t.until(lambda t: "IMS R" in t.row())
    t.type("r").until("Forget what was said").type("y")
    t.until(lambda t: "IMS R" not in t.row())


def test_marked_rows_and_links(house):
    t = matched(house)
    go(t, "XX-1").type("Space")
    go(t, "RT/99").type("Space").until("2 marked")
    t.type("p").until("Leave 2 rows pending?").type("y")
    t.until("pending: 2 done")
    assert {house.known(n)["action"] for n in ("XX-1", "RT/99")} == {
        "pending"}
    t.until(lambda t: "marked" not in t.text())
    # All that the filter shows.
    t.type("/", "KM", "Enter").until(lambda t: "XX-1" not in t.text())
    t.type("*").until("3 marked").type("a").until("Accept 3 rows?")
    t.type("n").until("Nothing was done.")
    t.type("*", "Esc").until("XX-1")
    go(t, "XX-1").type("L").until("Mark one row only in books and one")
    go(t, "XX-1").type("Space")
    go(t, "RT/99").type("Space").until("2 marked")
    t.type("L").until("They are one, because").type("seen the paper",
                                                    "Enter")
    t.until("Link R").type("y").until("link: 1 done")
    house.recon()
    t.until("in both, by hand")
    one = house.known("XX-1")
    assert one["linked"] and one["books"]["number"] == "RT/99"
    go(t, "XX-1").type("u").until("Apart, because").type("no", "Enter")
    t.until("Take this pair apart?").type("y").until("unlink: 1 done")
    house.recon()
    t.until(lambda t: "in both, by hand" not in t.text())


def test_states_suppliers_and_whom_to_ask(house):
    t = matched(house)
    t.type("s").until("Only: only in 2B")
    t.until(lambda t: "0412" not in t.text() and "XX-1" in t.text())
    t.type("s").until("Only: only in books").until("RT/99")
    for want in ("differs", "alike", "by hand", "equal", "another month"):
        t.type("s").until("Only: in")
        t.until(lambda t, want=want: want in t.text())
    t.type("s").until(lambda t: "Only:" not in t.text()).until("XX-1")
    go(t, "RT/99").type("o").until("Only:")
    t.until(lambda t: "XX-1" not in t.text() and "RT/99" in t.text())
    t.type("o").until("XX-1")
    t.type("f").until("At stake").until("126.00")
    row = next(line for line in t.lines() if OTHER in line)
    assert "126.00" in row and "RT/99" in row
    go(t, OTHER).type("Enter").until("Only:").until("RT/99")


def test_a_file_by_its_path(house):
    path = house.month()
    t = house.console()
    t.type("M").until("No 2B of this period has come").until("KM-3")
    t.type("m").until("File of GSTR-2B").type(str(path), "Enter")
    t.until("4 documents; 4 new").until("XX-1")
    t.type("m").until("File of").type("~/2b.json", "Enter")
    t.until("came before: nothing changed")
    bad = house.dir / "bad.json"
    bad.write_text(path.read_text()[:-9])
    t.type("m").until("File of").type(str(bad), "Enter")
    t.until("not strict JSON")
    t.type("m").until("File of").type("/nowhere", "Enter").until("No such")
    assert len(house.recon()["files"]) == 1


def test_a_row_that_moved_is_not_acted_on(house):
    """What was pressed before the row was drawn anew does nothing."""
    t = matched(house)
    go(t, "RT/99").quiet(0.3)
    before = house.known("RT/99")["item"]
    house.buy(bought("PI-4", "RT/99", 900, ctin=OTHER, revision="2"))
    t.until("162.00")
    after = house.known("RT/99")["item"]
    assert after != before      # a purchase is named by its version
    go(t, "RT/99").type("p").until("pending: 1 done")
    assert house.known("RT/99")["action"] == "pending"


def test_held_down_it_stays_light(house):
    house.file(two_b(b2b=[group(*[inv("A%03d" % n, 100 + n)
                                  for n in range(150)])]))
    house.recon()
    t = house.console()
    t.type("M").until("A000").until("only in 2B 150").quiet()
    before = t.sent
    for _ in range(40):
        t.type("Down")
    t.until(lambda t: "A040" in t.row(), 20)
    t.quiet()
    assert t.sent - before < 40 * 300
    assert t.quiet(1) == 0, "idle is not silent"


def test_verbs(house):
    path = house.month()
    assert "4 new" in house.bahi("gst", "import", str(path))
    house.recon()
    here = ("--gstin", OWN, "--period", "102026")
    said = house.bahi("gst", "recon", *here, code=1)
    assert "only in 2B" in said and "in both, differs: number" in said
    items = house.items()
    why = house.bahi("gst", "recon", "show", items["0413"]["item"])
    assert "rule 2" in why and "fits" in why
    house.bahi("gst", "recon", "accept", items["XX-1"]["item"], code=3)
    assert "1 left out" in house.bahi(
        "gst", "recon", "accept", items["XX-1"]["item"],
        items["KM/26-27/0412"]["item"], code=1)
    assert "1 done" in house.bahi("gst", "recon", "accept",
                                  items["0413"]["item"])
    assert "1 done" in house.bahi("gst", "recon", "accept", "--status",
                                  "mismatch", *here)
    done = house.bahi("gst", "recon", "link", items["XX-1"]["item"],
                      items["RT/99"]["item"], "--reason", "seen")
    house.recon()
    assert house.known("XX-1")["linked"]
    house.bahi("gst", "recon", *here)       # nothing is left to do
    assert "1 done" in house.bahi("gst", "recon", "undo", done.split()[0])
    house.recon()
    assert OTHER in house.bahi("gst", "followup", *here)
    got = json.loads(house.bahi("gst", "recon", *here, "--status",
                                "only_2b", "--json"))
    assert [i["portal"]["number"] for i in got["items"]] == ["XX-1"]
    house.bahi("gst", "import", code=2)
    house.bahi("gst", "import", str(house.dir / "none"), code=1)
    assert MILL in house.bahi("gst", "recon", *here, code=1)
