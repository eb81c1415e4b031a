"""Stock counts in the console and for scripts, on a real daemon."""
import json

import pytest

from counted import count, lines, move, one, tolerate
from gst import Programs, made
from house import House


class Store(Programs, House):
    def filled(self):
        """One line of each state that a first count leaves."""
        tolerate(self, "*,*,1,1000.00\n")
        for n, (item, much) in enumerate((
                ("KUR-COT-M", 390), ("BAG-LTH-01", 12), ("MUG-CER-01", 40),
                ("LMP-BRS-01", 7))):
            move(self, "GRN-%d" % n, much, item=item)
        count(self, KUR_COT_M="388", BAG_LTH_01="2", MUG_CER_01="40")
        return self


@pytest.fixture
def house(bahi):
    one_house = made(Store, bahi)
    yield one_house
    one_house.close()


def shown(house, rows=40, columns=120):
    house.filled()
    t = house.console(rows, columns)
    t.type("#").until("CC-1").type("Enter")
    return t.until("KUR-COT-M")


def go(t, text):
    return t.type("g").quiet(0.1) and None or t.seek(text)


def test_a_count_beside_stock(house):
    house.filled()
    t = house.console()
    t.type("#").until("CC-1")
    row = t.row()
    assert "still open" in row and "WH-BHW" in row
    assert "-5,370.00" in row           # two lines to decide
    t.type("Enter").until("KUR-COT-M")
    go(t, "KUR-COT-M")
    assert "differs little" in t.row()
    assert "390" in t.row() and "388" in t.row() and "-820.00" in t.row()
    go(t, "BAG-LTH-01")
    assert "differs" in t.row() and "-4,550.00" in t.row()
    go(t, "LMP-BRS-01")
    assert "not counted" in t.row()
    go(t, "MUG-CER-01")
    assert "equal, counted" in t.row()
    t.type("Enter").until("in.bahi.stock.counted")


def test_the_keys_of_a_count(house):
    t = shown(house)
    go(t, "KUR-COT-M").type("a")
    t.until("Adjust stock to this line, -820.00 INR?").type("y")
    t.until("approve: 1 done. E").until(lambda t: "adjusted" in t.row())
    assert one(house)["state"] == "adjusted"
    # Beyond the tolerance it wants to know why.
    go(t, "BAG-LTH-01").type("a").until("because:")
    t.type("stolen", "Enter").until("-4,550.00 INR?").type("n")
    t.until("Nothing was done.")
    t.type("D").until("Counted wrong, because:").type("wrong shelf", "Enter")
    t.until("Leave stock as it is").type("y")
    t.until(lambda t: "reject" in t.row())
    assert one(house, "BAG-LTH-01")["rejected"]["reason"] == "wrong shelf"
    t.until("Counted wrong, says root: wrong shelf")
    t.type("a").until("Nothing here to adjust.")
    t.type("u").until("undo: 1 done").until(
        lambda t: "reject" not in t.row())
    t.until("More than is tolerated: count it again")
    t.type("u").until("Nothing is decided yet. Entered wrongly: count it")
    t.type("a").until("because:").type("stolen", "Enter")
    t.until("-4,550.00 INR?").type("y").until(
        lambda t: "adjusted" in t.row())
    assert one(house, "BAG-LTH-01")["state"] == "adjusted"
    t.until("adjusted it: Enter goes there, u on it takes it back.")
    t.type("u").until("Enter goes to what adjusted it")
    # From the line to what adjusted it.
    t.type("Enter").until("inventory_move/ADJ-CC-1-2")


def test_what_was_entered_wrongly_is_counted_again(house):
    t = shown(house, 24, 80)
    go(t, "BAG-LTH-01")
    t.until("Entered wrongly: send the item in another count; the later one "
            "stands.")
    count(house, "CC-2", BAG_LTH_01="12")
    t.until(lambda t: "counted again" in t.row())
    t.until("CC-2 counted it again: that one stands.")
    assert one(house, "BAG-LTH-01")["state"] == "recounted"
    t.type("a").until("Nothing here to adjust.")
    t.type("?").until("In this view").type("counted wrong")
    t.until("again, that stands").type("Esc")


def test_marked_lines_at_80(house):
    t = shown(house, 24, 80)
    assert max(map(len, t.lines())) <= 80
    t.type("*").until("marked").type("a").until("because:")
    t.type("moth and theft", "Enter").until(
        "Adjust stock to 2 lines, -5,370.00 INR?").type("y")
    t.until("approve: 2 done")
    t.until(lambda t: t.text().count("adjusted") >= 2)
    assert {s["state"] for s in lines(house).values()} == {
        "adjusted", "equal", "not_counted"}


def test_what_is_said_while_the_daemon_is_away_waits(house):
    t = shown(house)
    go(t, "KUR-COT-M")
    house.stop()
    t.until("OFFLINE").type("a").until("-820.00 INR?").type("y")
    t.until("1 queued")
    house.start(BAHI_CLOCK="2026-11-05T09:00:00Z")
    t.until("live", 30).until("went out")
    assert one(house)["state"] == "adjusted"
    # What moved meanwhile is not adjusted by what was seen before.
    go(t, "BAG-LTH-01")
    house.stop()
    t.until("OFFLINE").type("D").until("because:").type("x y", "Enter")
    t.until("?").type("y").until("1 queued")
    house.start(BAHI_CLOCK="2026-11-05T09:00:00Z")
    assert one(house, "BAG-LTH-01")["state"] in ("differs", "rejected")
    t.until("live", 30)


def test_for_scripts(house):
    house.filled()
    assert "CC-1" in house.bahi("counts", code=1)   # some is to be decided
    text = house.bahi("counts", "show", "IN01/CC-1", "state=open", code=1)
    assert "KUR-COT-M" in text and "MUG-CER-01" not in text
    page = json.loads(house.bahi("counts", "show", "IN01/CC-1", "--json"))
    assert len(page["items"]) == 4
    assert "1 done" in house.bahi("counts", "approve", "IN01/CC-1",
                                  "state=small")
    house.bahi("counts", "approve", "IN01/CC-1", "BAG-LTH-01", code=3)
    assert "--reason is missing" in house.bahi(
        "counts", "reject", "IN01/CC-1", "BAG-LTH-01", code=2)
    assert "1 done" in house.bahi("counts", "reject", "IN01/CC-1",
                                  "WH-BHW/BAG-LTH-01", "--reason", "wrong")
    assert "1 done" in house.bahi("counts", "undo", "IN01/CC-1",
                                  "BAG-LTH-01")
    said = json.loads(house.bahi("counts", "approve", "IN01/CC-1",
                                 "BAG-LTH-01", "--reason", "stolen",
                                 "--json"))
    assert said["adjusting"]["state"] == "posted"
    house.bahi("counts", "approve", "IN01/CC-1", "NOPE", code=1)
    sheet = house.dir / "count.json"
    sheet.write_text(json.dumps({
        "number": "CC-2", "date": "2026-10-20", "location": "WH-BHW",
        "lines": [{"item": "LMP-BRS-01", "counted": 7}]}))
    assert "IN01/stock_count/CC-2" in house.bahi("counts", "add", str(sheet))
    assert "CC-2" in house.bahi("counts", "entity=IN01")
    house.bahi("counts", "show", "IN01/CC-9", code=1)
    # What is no such thing is said before it is an event.
    before = house.get("/v1/status")["sources"]
    for text in ("item,location,counted\nLMP-BRS-01,WH-BHW,7\n", "[]", ""):
        sheet.write_text(text)
        house.bahi("counts", "add", str(sheet), code=2)
    assert house.get("/v1/status")["sources"] == before
