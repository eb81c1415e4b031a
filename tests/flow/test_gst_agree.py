"""GSTR-1, GSTR-3B and the tax accounts of the ledger: they agree, or the
documents where they do not are named."""
import time
from decimal import Decimal

import pytest

from house import House, ROOT
from test_demo import send, trade
from gstdocs import (BUYER, FAR, MONTHLY, OWN, Registered, THERE, document,
                     voucher)

NAMES = ("igst", "cgst", "sgst", "cess")


class Two(Registered):
    registration = MONTHLY + "%s,2017-07-01,IN01,regular,monthly,,\n" % THERE


class Quarterly(Registered):
    registration = MONTHLY.replace("monthly", "quarterly")


@pytest.fixture
def house():
    one = Registered().start()
    yield one
    one.close()


def agree(house, period="102026", gstin=OWN):
    return house.get("/v1/gst/agree?gstin=%s&period=%s" % (gstin, period))


def heads(side):
    return tuple(Decimal(side[h]) for h in NAMES)


def some(side):
    return {h: a for h, a in side.items() if Decimal(a) != 0}


def off(house, **of):
    """Document -> class and what the ledger has beyond the return."""
    got = agree(house, **of)
    assert got["more"] is False
    return {i["number"]: (i["class"], some(i["output"]), some(i["input"]))
            for i in got["items"]}


def all_kinds(house):
    reverse = {"type": "reverse_charge", "account": "2340",
               "tax_code": "GST18", "amount": 18000}
    bought = document("purchase_invoice", "P2", 1000,
                      gst={"reverse_charge": True})
    bought["lines"].append(reverse)
    bought["total"] -= 18000
    sold = document("sales_invoice", "S3", 2000, rate=0,
                    gst={"reverse_charge": True})
    sold["lines"] = sold["lines"][:1]
    blocked = document("purchase_invoice", "P3", 500, accounts={
        "cgst": "6300", "sgst": "6300"}, gst={"credit": "blocked"})
    for one in (document("sales_invoice", "S1", 1000),
                document("sales_invoice", "S2", 3000, inter=True), sold,
                document("sales_invoice", "S4", 5000, inter=True, gst={
                    "category": "overseas", "party_gstin": None,
                    "place": "96", "supply": "with_payment",
                    "port": "INNSA1", "bill": "1234567",
                    "bill_date": "2026-10-06"}),
                document("credit_note", "C1", 400, gst={"original": "S1"}),
                document("purchase_invoice", "P1", 2000, inter=True),
                bought, blocked,
                document("debit_note", "D1", 100)):
        house.put(one)


def test_all_kinds_agree(house):
    all_kinds(house)
    got = agree(house)
    assert got["agrees"] is True, got
    assert got["items"] == []
    output, credit = got["output"], got["input"]
    # 90 - 36; 540 + 900; what is owed for P2 stands on an account of no head.
    assert heads(output["gstr1"]) == heads(output["gstr3b"]) == (
        1440, 54, 54, 0)
    assert heads(output["reverse_charge"]) == (0, 90, 90, 0)
    assert heads(output["ledger"]) == (1440, 144, 144, 0)
    # 360; 90 of P2 less 9 of D1; P3 is blocked.
    assert heads(credit["gstr3b"]) == heads(credit["ledger"]) == (
        360, 81, 81, 0)
    assert got["stray"] == {"output": "0.00", "input": "0.00"}
    house.stop()
    house.prove()


def test_what_differs_is_named(house):
    house.put(document("sales_invoice", "S1", 1000))
    # Right in the return, on the wrong account in the ledger.
    wrong = document("sales_invoice", "S2", 1000, inter=True,
                     accounts={"igst": "2300"})
    house.put(wrong)
    # Blocked, and yet on the account of credit.
    house.put(document("purchase_invoice", "P1", 1000,
                       gst={"credit": "blocked"}))
    assert off(house) == {
        "S2": ("differs", {"igst": "-180.00", "cgst": "180.00"}, {}),
        "P1": ("differs", {}, {"cgst": "90.00", "sgst": "90.00"})}
    got = agree(house)
    assert got["agrees"] is False
    assert heads(got["output"]["difference"]) == (-180, 180, 0, 0)
    [one] = [c for c in got["classes"] if c["class"] == "differs"]
    assert one["documents"] == 2 and one["open"] is True
    # Corrected, it differs no more.
    house.put(document("sales_invoice", "S2", 1000, inter=True), version=1)
    house.put(document("purchase_invoice", "P1", 1000), version=1)
    assert off(house) == {} and agree(house)["agrees"] is True
    house.stop()
    house.prove()


def test_vouchers_on_tax_accounts(house):
    house.put(document("sales_invoice", "S1", 1000))
    house.put(document("purchase_invoice", "P1", 400))
    # What pays tax or sets it off is as it must be.
    house.put(voucher("SETOFF", ("2300", 36), ("1300", -36)))
    house.put(voucher("CHALLAN", ("2300", 54), ("2310", 54), ("1000", -108)))
    assert {n: c for n, (c, _, _) in off(house).items()} == {
        "SETOFF": "settles", "CHALLAN": "settles"}
    assert agree(house)["agrees"] is True
    # A sale by hand is not: no return shows its tax.
    house.put(voucher("BYHAND", ("1000", 118), ("4010", -100),
                      ("2320", -18)))
    assert off(house)["BYHAND"] == ("unreturned", {"igst": "18.00"}, {})
    assert agree(house)["agrees"] is False
    house.put(voucher("BYHAND", ("1000", 118), ("4010", -118)), version=1)
    assert agree(house)["agrees"] is True
    house.stop()
    house.prove()


def test_of_no_return(house):
    """A sale of which nobody can tell what it is stands nowhere, and is not
    lost."""
    house.reference("gst_level", "check,entity,level\n" + "".join(
        "%s,*,off\n" % code for code in ("D01", "D06", "D10", "T01", "T07",
                                         "T08", "H01", "X05")))
    one = document("sales_invoice", "S1", 1000, party="WALKIN", gst=dict.
                   fromkeys(("party_gstin", "place", "category")))
    for line in one["lines"]:
        line["tax_code"] = None
    one["lines"] = [{k: v for k, v in line.items() if v is not None}
                    for line in one["lines"]]
    for line in one["lines"][1:]:
        line["amount"] = 1234
    one["tax"], one["total"] = 2468, 102468
    house.put(one)
    assert off(house) == {"S1": ("unplaced", {"cgst": "12.34",
                                              "sgst": "12.34"}, {})}
    assert agree(house)["agrees"] is False


def test_one_month_and_another(house):
    house.file("gstr1")
    house.put(document("sales_invoice", "S1", 1000))
    # GSTR-1 of October is filed: it stands in November's.
    assert off(house) == {"S1": ("timing", {"cgst": "90.00",
                                            "sgst": "90.00"}, {})}
    assert off(house, period="112026") == {
        "S1": ("timing", {"cgst": "-90.00", "sgst": "-90.00"}, {})}
    for period in ("102026", "112026"):
        assert agree(house, period)["agrees"] is True
    assert heads(agree(house, "112026")["output"]["gstr1"]) == (0, 90, 90, 0)
    house.stop()
    house.prove()


def test_amended_after_filing(house):
    house.put(document("sales_invoice", "S1", 1000))
    house.put(document("sales_invoice", "S2", 2000))
    house.file("gstr1")
    # The ledger has it in October, where it belongs; the return in November.
    house.put(document("sales_invoice", "S1", 1500), version=1)
    assert agree(house)["agrees"] is True, agree(house)
    assert off(house) == {"S1": ("timing", {"cgst": "45.00",
                                            "sgst": "45.00"}, {})}
    november = agree(house, "112026")
    assert november["agrees"] is True, november
    assert heads(november["output"]["gstr1"]) == (0, 45, 45, 0)
    house.stop()
    house.prove()


def test_two_registrations(tmp_path):
    house = Two().start()
    try:
        house.put(document("sales_invoice", "S1", 1000))
        other = document("sales_invoice", "S2", 3000, gst={
            "gstin": THERE, "place": "29", "party_gstin": FAR})
        house.put(other)
        house.put(voucher("V1", ("1000", 118), ("4010", -100),
                          ("2320", -18)))
        mine, theirs = agree(house), agree(house, gstin=THERE)
        assert heads(mine["output"]["ledger"]) == (0, 90, 90, 0)
        assert heads(theirs["output"]["ledger"]) == (0, 270, 270, 0)
        # Nobody knows whose the voucher is: both must look.
        assert set(off(house)) == set(off(house, gstin=THERE)) == {"V1"}
        # It was the other state's after all.
        moved = document("sales_invoice", "S1", 1000, gst={
            "gstin": THERE, "place": "29", "party_gstin": FAR})
        house.put(moved, version=1)
        mine, theirs = agree(house), agree(house, gstin=THERE)
        assert heads(mine["output"]["ledger"]) == (0, 0, 0, 0)
        assert heads(theirs["output"]["ledger"]) == (0, 360, 360, 0)
        assert theirs["output"]["ledger"] == theirs["output"]["gstr1"]
        house.stop()
        house.prove()
    finally:
        house.close()


def test_by_quarters():
    house = Quarterly().start()
    try:
        house.put(document("sales_invoice", "S1", 1000))
        house.put(document("sales_invoice", "S2", 2000, date="2026-11-05"))
        got = agree(house, "122026")
        assert got["agrees"] is True, got
        assert (got["first"], got["period"]) == ("102026", "122026")
        assert heads(got["output"]["ledger"]) == (0, 270, 270, 0)
        assert got["items"] == []
    finally:
        house.close()


def test_void_and_again(house):
    house.put(document("sales_invoice", "S1", 1000))
    house.put(document("sales_invoice", "S1", 1700, inter=True), version=1)
    assert heads(agree(house)["output"]["ledger"]) == (306, 0, 0, 0)
    assert agree(house)["agrees"] is True
    house.stop()
    house.prove()


def board(house):
    [line] = [i for i in house.get("/v1/close?entity=IN01&period=2026-10")[
        "items"] if i["line"] == "gst"]
    return line


def test_the_line_of_the_close_board(house):
    house.put(document("sales_invoice", "S1", 1000))
    house.put(document("purchase_invoice", "P1", 500))
    line = board(house)
    assert line["ok"] is True, line
    assert "output 180.00 input 90.00" in line["figures"]
    house.put(document("sales_invoice", "S2", 1000, inter=True,
                       accounts={"igst": "2300"}))
    house.put(voucher("V1", ("1000", 118), ("4010", -100), ("2320", -18)))
    line = board(house)
    assert line["ok"] is False and line["count"] == 2, line
    assert (line["currency"], line["amount"]) == ("INR", "378.00")
    assert "differs sales_invoice/S2 360.00" in line["figures"]
    assert "unreturned journal_voucher/V1 18.00" in line["figures"]
    # A challan is no difference.
    house.put(document("sales_invoice", "S2", 1000, inter=True), version=1)
    house.put(voucher("V1", ("2320", 180), ("1000", -180)), version=1)
    assert board(house)["ok"] is True, board(house)


def test_open_findings_of_gst_keep_it_open(house):
    wrong = document("sales_invoice", "S1", 1000)
    wrong["lines"][2]["amount"] += 500
    wrong["total"] += 500
    answer = house.api("PUT", "/v1/documents/IN01/sales_invoice/S1", wrong, {
        "Content-Type": "application/json", "If-None-Match": "*"})
    assert answer.json["state"] == "failed", answer.body
    assert any(f["code"].startswith("gst.") for f in answer.json["findings"])
    line = board(house)
    assert (line["ok"], line["count"]) == (False, 1), line
    event = house.get(answer.json["status"])
    house.decide(event, "dismiss")
    assert board(house)["ok"] is True, board(house)


class Unregistered(Registered):
    registration = MONTHLY.splitlines()[0] + "\n"


def registered(house):
    house.reference("registration", MONTHLY)
    end = time.monotonic() + 60
    while any(one["reading"] is not None for one in house.get(
            "/v1/gst/registrations")["items"]):
        assert time.monotonic() < end
        time.sleep(0.02)


def test_registered_later():
    """What was posted before is tied as if it had come after."""
    house = Unregistered().start()
    try:
        all_kinds(house)
        house.put(document("sales_invoice", "S1", 1500), version=1)
        house.put(voucher("CHALLAN", ("2300", 54), ("1000", -54)))
        house.put(voucher("BYHAND", ("1000", 118), ("4010", -100),
                          ("2320", -18)))
        registered(house)
        got = agree(house)
        assert {i["number"]: i["class"] for i in got["items"]} == {
            "CHALLAN": "settles", "BYHAND": "unreturned"}
        assert got["stray"] == {"output": "0.00", "input": "0.00"}
        assert heads(got["output"]["gstr1"]) == (1440, 99, 99, 0)
        house.put(voucher("BYHAND", ("1000", 118), ("4010", -118)),
                  version=1)
        assert agree(house)["agrees"] is True, agree(house)
        house.stop()
        house.prove()
    finally:
        house.close()


def test_an_account_that_is_no_tax_any_more(house):
    """What accounts have and no document explains is not lost either."""
    house.put(document("sales_invoice", "S1", 1000))
    house.reference("account", "code,name,entity,kind,extra,from,to\n"
                    "2300,Output CGST,,liability,Liabilities:Duties,,\n")
    got = agree(house)
    assert got["agrees"] is False
    assert got["stray"]["output"] == "-90.00"
    assert "stray output -90.00" in board(house)["figures"]


def test_the_demo_month():
    """Tills, shops, payouts, wholesale, exports, suppliers: all of it."""
    house = House()
    try:
        house.run("import", str(ROOT / "data/demo"))
        for name, scheme in dict(trade.SOURCES, purchases="standard").items():
            house.run("source", "add", name, scheme)
        house.start()
        for part in ("generate", "trade", "gst"):
            send(house, part)
        for one in house.get("/v1/gst/registrations")["items"]:
            for period in ("092026", "102026", "112026"):
                got = agree(house, period, one["gstin"])
                assert got["agrees"] is True, got
                if (one["entity"], period) == ("IN01", "102026"):
                    tax = sum(heads(got["output"]["ledger"]))
        assert tax > 400000
    finally:
        house.close()


def test_in_a_batch(house):
    """One journal of many documents: each is tied by its share."""
    house.reference("flow", "source,kind,entity,pattern,window,latency,owner,"
                    "objective,wait,control\n"
                    "desk,sales_invoice,*,batch,,0,a,0,48,high\n"
                    "desk,settlement,*,batch,,0,a,0,48,high\n")
    asked = []
    for number, net in (("S1", 1000), ("S2", 2000)):
        one = document("sales_invoice", number, net, batch="po_1")
        asked.append(house.put(one, state="waiting"))
    payout = {"kind": "settlement", "entity": "IN01", "number": "po_1",
              "date": "2026-10-09", "currency": "INR", "total": 354000,
              "batch": "po_1", "control_total": 354000, "lines": [
                  {"type": "bank", "account": "1000", "amount": 354000},
                  {"type": "clearing", "account": "1210",
                   "amount": 354000}]}
    house.put(payout)
    for one in asked:
        assert house.get(one["status"])["state"] == "posted"
    got = agree(house)
    assert got["agrees"] is True and got["items"] == [], got
    assert heads(got["output"]["ledger"]) == (0, 270, 270, 0)
    house.put(document("sales_invoice", "S1", 1500, batch="po_2"),
              version=1, state="waiting")
    house.put(dict(payout, number="po_2", batch="po_2", total=177000,
                   control_total=177000))
    got = agree(house)
    assert got["agrees"] is True, got
    assert heads(got["output"]["ledger"]) == (0, 315, 315, 0)
    house.stop()
    house.prove()
