"""Stock counted against the stock ledger: seen, decided, adjusted, undone."""
import pytest

from counted import (PLACE, act, balance, count, done, event, lines, move,
                     one, reverse, stock, tolerate)
from house import house  # noqa: F401  (a fixture)
from test_bank_rules import MONEY, YEN
from test_govern import People
from test_inbox import Inbox
from test_masters import load


# ---- what is shown --------------------------------------------------------

def test_a_count_is_set_against_stock_of_the_end_of_its_day(house):
    house.start()
    move(house, "GRN-1", 390)
    move(house, "GRN-2", 100, day="2026-10-12")         # the day after
    move(house, "GRN-3", 12, item="BAG-LTH-01")
    move(house, "GRN-4", 5, item="MUG-CER-01")
    count(house, KUR_COT_M="388", BAG_LTH_01=12)
    line = one(house)
    assert (line["expected"], line["counted"], line["difference"],
            line["open"]) == ("390", "388", "-2", "-2")
    assert line["value"] == "-820.00" and line["currency"] == "INR"
    assert (line["state"], line["counter"]) == ("differs", "R. Gaikwad")
    assert line["reserved"] == "0" and line["in_transit"] == "0"
    assert one(house, "BAG-LTH-01")["state"] == "equal"
    # In stock there, and nobody counted it.
    mug = one(house, "MUG-CER-01")
    assert (mug["state"], mug["expected"]) == ("not_counted", "5")
    assert "counted" not in mug
    [row] = house.get("/v1/counts")["items"]
    assert (row["count"], row["lines"], row["open"]) == ("CC-1", 2, 1)
    assert (row["state"], row["value"], row["shortage"], row["surplus"]) == (
        "open", "-820.00", "-820.00", "0.00")
    assert row["location"] == PLACE and row["day"] == "2026-10-11"
    # Nothing is posted and nothing moves by counting.
    assert stock(house)["on_hand"] == "490"
    assert house.get("/v1/documents/IN01/stock_count/CC-1")["journal"] is None
    house.check_books()
    house.prove()


def test_what_comes_later_and_is_of_before_moves_what_is_expected(house):
    house.start()
    move(house, "GRN-1", 390)
    count(house, KUR_COT_M="388")
    assert one(house)["moved_since"] == "0"
    move(house, "GONE-1", -2, reason="damage", day="2026-10-10")
    line = one(house)
    assert (line["expected"], line["moved_since"], line["state"]) == (
        "388", "-2", "equal")
    house.prove()


def test_what_is_promised_and_on_its_way_is_beside_it(house):
    house.start()
    load(house, "location", "code,name,entity,kind,extra,from,to\n"
         "TRUCK,On the road,IN01,transit,27,,\n")
    move(house, "GRN-1", 390)
    move(house, "TR-1", 6, reason="transfer", lines=[
        {"item": "KUR-COT-M", "location": PLACE, "to_location": "TRUCK",
         "quantity": 6}])
    event(house, "order.accepted", "SO-1", {
        "number": "SO-1", "date": "2026-10-03", "currency": "INR",
        "party": "b2b_greenmart", "total": "2950.00",
        "lines": [{"item": "KUR-COT-M", "location": PLACE, "quantity": "5",
                   "amount": "2950.00"}]})
    count(house, KUR_COT_M="384")
    line = one(house)
    assert (line["expected"], line["reserved"], line["in_transit"]) == (
        "384", "5", "6")
    house.prove()


# ---- adjusting ------------------------------------------------------------

def test_stock_is_adjusted_to_what_was_seen(house):
    house.start()
    move(house, "GRN-1", 390)
    load(house, "mapping", "source,dimension,from,to\n"
         "*,account,@shrinkage,5010\n")
    tolerate(house, "*,*,1,1000.00\n")
    count(house, KUR_COT_M="388")
    line = one(house)
    assert line["state"] == "small"
    said = done(act(house, "approve", [line]))
    posted = said["adjusting"]
    assert posted["state"] == "posted"
    assert posted["document"] == "IN01/inventory_move/ADJ-CC-1-1"
    line = one(house)
    assert (line["state"], line["open"], line["expected"]) == (
        "adjusted", "0", "390")
    assert (line["adjusted"], line["adjusted_value"]) == ("-2", "-820.00")
    assert line["adjusted_by"] == posted["event"]
    assert stock(house)["on_hand"] == "388"
    assert balance(house, "5010") == 820 and balance(house, "5050") == 0
    # And back: the document says of which count it is.
    body = house.get("/v1/documents/IN01/inventory_move/ADJ-CC-1-1")
    assert body["document_body"]["reference"] == "CC-1"
    [row] = house.get("/v1/counts")["items"]
    assert row["state"] == "done" and row["adjusted_value"] == "-820.00"
    # Twice is not done twice.
    again = act(house, "approve", [dict(line, open="-2")])
    assert again.status == 422, again.body
    # To undo it, its event is undone, as any that is posted.
    reverse(house, posted["event"], "found behind the shelf")
    assert one(house)["state"] == "small"
    assert stock(house)["on_hand"] == "390" and balance(house, "5010") == 0
    assert done(act(house, "approve", [one(house)]))["adjusting"][
        "document"] == "IN01/inventory_move/ADJ-CC-1-2"
    house.check_books()
    house.prove()


def test_what_differs_too_much_is_counted_again_or_explained(house):
    house.start()
    move(house, "GRN-1", 390)
    move(house, "GRN-2", 12, item="BAG-LTH-01")
    tolerate(house, "*,*,1,500.00\n")       # 820.00 is more than that
    count(house, KUR_COT_M="388", BAG_LTH_01="2")
    refused = act(house, "approve", [one(house)])
    assert refused.status == 422 and b"count again" in refused.body
    count(house, "CC-2", "2026-10-12", KUR_COT_M="388")
    assert one(house)["state"] == "recounted"
    assert one(house)["recounted_in"] == "CC-2"
    assert one(house, name="CC-2")["state"] == "confirmed"
    done(act(house, "approve", [one(house, name="CC-2")], "CC-2"))
    # Its adjustment is of the later count: the earlier is not adjusted, too.
    assert act(house, "approve", [one(house)], reason="x").status == 422
    done(act(house, "approve", [one(house, "BAG-LTH-01")],
             reason="stolen, see FIR 12"))
    house.prove()


def test_what_a_hundred_yen_tolerate(house):
    """A value is in the currency of the books, decimals or none."""
    folder = house.dir / "yen"
    folder.mkdir()
    (folder / "entity.csv").write_text(YEN)
    (folder / "currency.csv").write_text(MONEY)
    house.run("import", str(folder))
    house.start()
    load(house, "rate", "from,to,first,rate\nINR,JPY,2026-04-01,1.7\n")
    move(house, "GRN-1", 390, currency="JPY")
    count(house, KUR_COT_M="388")
    for limit, state in (("100", "differs"), ("900.50", "differs"),
                         ("900", "small")):
        tolerate(house, "*,*,,%s\n" % limit)
        assert one(house)["state"] == state, (limit, one(house))


def test_many_at_once_and_those_that_are_left_out(house):
    house.start()
    for n, item in enumerate(("KUR-COT-S", "KUR-COT-M", "KUR-COT-L")):
        move(house, "GRN-%d" % n, 100, item=item)
    move(house, "GRN-9", 100, item="BAG-LTH-01")
    tolerate(house, "IN01,*,5,\n")
    count(house, KUR_COT_S=99, KUR_COT_M=101, KUR_COT_L=60, BAG_LTH_01=100)
    said = done(act(house, "approve", state="small"), 2)
    assert said["skipped"] == [] and not said["more"]
    said = done(act(house, "approve", list(lines(house).values()),
                    reason="moth"), 1)
    assert sorted(s["item"] for s in said["skipped"]) == [
        "BAG-LTH-01", "KUR-COT-M", "KUR-COT-S"]
    assert set(s["state"] for s in lines(house).values()) == {
        "adjusted", "equal"}
    assert act(house, "approve", state="small").status == 404
    house.prove()


def test_a_line_that_moved_on_is_not_adjusted(house):
    house.start()
    move(house, "GRN-1", 390)
    count(house, KUR_COT_M="388")
    seen = one(house)
    move(house, "GONE-1", -1, reason="damage", day="2026-10-10")
    answer = act(house, "approve", [seen], reason="x")
    assert answer.status == 422 and b"moved on" in answer.body
    done(act(house, "approve", [one(house)], reason="x"))
    # What comes after it was adjusted opens it again, by just that much.
    move(house, "GONE-2", -1, reason="damage", day="2026-10-09")
    line = one(house)
    assert (line["state"], line["open"]) == ("moved", "1")
    done(act(house, "approve", [line]))
    assert stock(house)["on_hand"] == "388"
    house.prove()


def test_a_closed_month_is_adjusted_in_the_next(house):
    house.start()
    move(house, "GRN-1", 390)
    count(house, KUR_COT_M="388")
    load(house, "period", "entity,period,state\nIN01,2026-10,closed\n"
         "IN01,2026-11,open\n")
    posted = done(act(house, "approve", [one(house)],
                      reason="x"))["adjusting"]
    journal = house.get("/v1/journals/" + posted["journal"])
    assert journal["date"] == "2026-11-01"
    assert one(house)["state"] == "adjusted"
    house.prove()


def test_what_waits_for_an_approval_is_not_adjusted_twice(house):
    house.start()
    people = People(house, rani="clerk", ravi="controller")
    move(house, "GRN-1", 390)
    load(house, "policy", "policy,kind,entity,amount,second,third,role,"
         "expires\namount,inventory_move,*,100.00,,,controller,\n")
    count(house, KUR_COT_M="388")

    def rani(*args):
        return people.ask("rani", *args)

    held = done(act(house, "approve", [one(house)], who=rani,
                    reason="x"))["adjusting"]
    assert held["state"] == "held", held
    line = one(house)
    assert (line["state"], line["waits_for"]) == ("waits", held["event"])
    assert house.get("/v1/counts")["items"][0]["state"] == "waits"
    assert act(house, "approve", [line], who=rani,
               reason="x").status == 422
    version = str(house.get("/v1/events/" + held["event"])["version"])
    answer = people.ask("ravi", "POST", "/v1/decisions", {
        "action": "reject", "reason": "count it again",
        "events": [{"id": held["event"], "version": version}]})
    assert answer.status == 200, answer.body
    # What was turned down is open again, and may be said anew.
    assert one(house)["state"] == "differs"
    again = done(act(house, "approve", [one(house)], who=rani,
                     reason="x"))["adjusting"]
    assert again["event"] != held["event"] and again["state"] == "held"
    house.prove()


# ---- saying no ------------------------------------------------------------

def test_a_no_holds_while_the_line_differs_by_as_much(house):
    house.start()
    move(house, "GRN-1", 390)
    count(house, KUR_COT_M="388")
    assert act(house, "reject", [one(house)]).status == 400     # why?
    said = done(act(house, "reject", [one(house)], reason="wrong shelf"))
    assert said["decision"].startswith("D")
    line = one(house)
    assert line["state"] == "rejected"
    assert line["rejected"]["reason"] == "wrong shelf"
    assert act(house, "approve", [line], reason="x").status == 422
    done(act(house, "undo", [line]))
    assert one(house)["state"] == "differs"
    assert act(house, "undo", [one(house)]).status == 422
    done(act(house, "reject", [one(house)], reason="wrong shelf"))
    move(house, "GONE-1", -1, reason="damage", day="2026-10-10")
    assert one(house)["state"] == "differs"
    house.prove()


def test_a_count_that_is_undone_is_gone(house):
    house.start()
    move(house, "GRN-1", 390)
    said = count(house, KUR_COT_M="388")
    assert count(house, KUR_COT_M="388")["event"] == said["event"]    # the same
    count(house, state="failed", KUR_COT_M="387")   # which of the two?
    fixed = count(house, base=1, KUR_COT_M="389")
    assert one(house)["counted"] == "389"
    reverse(house, fixed["event"], "counted in the dark")
    assert one(house)["counted"] == "388"
    other = count(house, "CC-2", KUR_COT_M="1")
    assert one(house)["state"] == "recounted"
    reverse(house, other["event"], "counted another shop")
    assert one(house)["state"] == "differs"
    assert [c["count"] for c in house.get("/v1/counts")["items"]] == ["CC-1"]
    house.prove()


# ---- by file --------------------------------------------------------------

def test_a_sheet_of_the_inbox_is_one_count():
    house = Inbox()
    try:
        house.start()
        folder = house.inbox / "counts"
        folder.mkdir()
        move(house, "GRN-1", 390)
        move(house, "GRN-2", 12, item="BAG-LTH-01", place="STORE-MUM")
        house.put("october.csv", "count,date,location,item,counted,bin,"
                  "counter\n"
                  "CC-9,2026-10-11,WH-BHW,KUR-COT-M,380,A,R. Gaikwad\n"
                  "CC-9,2026-10-11,WH-BHW,KUR-COT-M,8,B,R. Gaikwad\n"
                  "CC-9,2026-10-11,STORE-MUM,BAG-LTH-01,12.5,,R. Gaikwad\n",
                  folder)
        house.report("october.csv", folder=folder)
        assert one(house, name="CC-9")["open"] == "-2"
        assert one(house, "BAG-LTH-01", "CC-9")["open"] == "0.5"
        [row] = house.get("/v1/counts")["items"]
        assert (row["lines"], row["locations"], row["location"]) == (
            2, 2, None)
        house.stop()
        house.prove()
    finally:
        house.close()


# ---- what is refused ------------------------------------------------------

@pytest.mark.parametrize("body,what", [
    ({"act": "burn"}, b"act"),
    ({"act": "approve"}, b"rows, or a state"),
    ({"act": "approve", "rows": []}, b"rows"),
    ({"act": "approve", "rows": [{"location": PLACE}]}, b"item"),
    ({"act": "approve", "state": "not_counted"}, b"state"),
    ({"act": "approve", "rows": [{"location": PLACE, "item": "X",
                                  "day": "2026-10-11", "open": "much"}]},
     b"open"),
])
def test_what_is_not_understood_is_said(house, body, what):
    house.start()
    answer = house.api("POST", "/v1/counts/act", dict(
        {"entity": "IN01", "count": "CC-1"}, **body))
    assert answer.status == 400 and what in answer.body, answer.body


def test_pages_and_who_may(house):
    house.start()
    people = People(house, wanda="warehouse", vera="viewer")
    for n, item in enumerate(("KUR-COT-S", "KUR-COT-M", "KUR-COT-L")):
        move(house, "GRN-%d" % n, 100, item=item)
    count(house, who=lambda *a: people.ask("wanda", *a), KUR_COT_S=99,
          KUR_COT_M=98)
    for n in range(3):
        count(house, "CC-%d" % (n + 2), "2026-10-%d" % (12 + n),
              KUR_COT_L=100)
    seen, after = [], ""
    while True:
        page = house.get("/v1/counts?limit=2" + after)
        seen += [row["count"] for row in page["items"]]
        if page["next"] is None:
            break
        after = "&after=" + page["next"]
    assert seen == ["CC-4", "CC-3", "CC-2", "CC-1"]
    page = house.get("/v1/counts/lines?entity=IN01&count=CC-1&limit=1")
    rest = house.get("/v1/counts/lines?entity=IN01&count=CC-1&after=" +
                     page["next"])
    assert [p["item"] for p in page["items"] + rest["items"]] == [
        "KUR-COT-L", "KUR-COT-M", "KUR-COT-S"]
    assert house.api("GET", "/v1/counts?after=x").status == 400
    assert people.ask("wanda", "GET", "/v1/counts").status == 200
    row = one(house)
    for name in ("wanda", "vera"):
        assert act(house, "approve", [row], reason="x",
                   who=lambda *a, n=name: people.ask(n, *a)).status == 403
    house.prove()
