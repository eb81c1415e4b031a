"""Reports of tills beside what was posted, and payouts of gateways beside
payments."""
import json
import time

import pytest

from free import Free, doc
from house import house, sale  # noqa: F401  (a fixture)
from test_demo import open_trade, send, trade


def report(house, number, gross, count, store="STORE-MUM", day="2026-10-05"):
    text = json.dumps({"event": "till.closed", "data": {
        "store": store, "z_number": number, "business_date": day,
        "currency": "INR", "sales_count": count}})
    return house.post("pos", text.replace(
        '"data": {', '"data": {"gross": %s, ' % gross, 1).encode(), number)


def tills(house):
    return {(t["till"], t["day"]): t for t in house.get(
        "/v1/bank/tills?month=2026-10")["items"]}


def test_a_till_agrees_or_says_why_not(house):
    house.start()
    for n in range(3):
        house.post("pos", sale("S-%d" % n), "s%d" % n)
    # Of a shop that nobody mapped: it fails, and is missing from the till.
    house.post("pos", sale("S-3", amount="59.00", tax="9.00",
                           ledger_account="Nowhere"), "s3")
    answer = report(house, "Z-1", "354.00", 3)
    assert answer.json["state"] == "ignored", answer.body
    one = tills(house)["MUM-RETAIL", "2026-10-05"]
    assert (one["state"], one["said"], one["posted"], one["off"]) == (
        "agrees", {"n": 3, "amount": "354.00"},
        {"n": 3, "amount": "354.00"}, "0.00")
    # The second report of the day has the one that failed.
    report(house, "Z-2", "59.00", 1)
    one = tills(house)["MUM-RETAIL", "2026-10-05"]
    assert (one["state"], one["off"], one["open"], one["open_amount"]) == (
        "differs", "59.00", 1, "59.00")
    failed = house.get("/v1/events/" + one["explains"])
    assert (failed["state"], failed["amount"]) == ("failed", "59.00")
    # Nobody reported, nobody posted.
    house.post("pos", sale("S-9", paid_at="2026-10-06T10:00:00+05:30"), "s9")
    report(house, "Z-3", "10.00", 1, day="2026-10-07")
    found = {day: t["state"] for (_, day), t in tills(house).items()}
    assert found == {"2026-10-05": "differs", "2026-10-06": "not_reported",
                     "2026-10-07": "not_posted"}
    assert house.get("/v1/bank/tills?month=2026-11")["items"] == []
    assert house.api("GET", "/v1/bank/tills?month=10").status == 400
    # What it lacks is a finding of the report, and no total.
    answer = report(house, "Z-4", "1.00", 1, store="STORE-X")
    assert answer.json["state"] == "failed"
    assert answer.json["findings"][0]["code"] == "cost_centre.unmapped"
    assert len(tills(house)) == 3
    house.check_books()
    house.prove()


def test_payouts_of_the_demo(house):
    """The first adds up, the other one lacks a payment of its control."""
    open_trade(house)
    send(house)
    payouts = {p["payout"]: p
               for p in house.get("/v1/bank/payouts")["items"]}
    good, bad = (payouts.get(name) for name, *_ in trade.PAYOUTS)
    assert good["rest"] == "0.00" and good["short"] == "0.00"
    assert good["gross"] == good["net"] == "52341.79"
    assert good["rows"] == good["announced"] == 10
    # Its rows bring no fees: that is not a fee of nothing.
    assert good["fees"] is None and good["fee_tax"] is None
    # What waits for its batch is no document yet.
    assert bad is None
    one = house.get("/v1/bank/payouts/" + good["payout"])
    found = {}
    for row in one["items"]:
        found[row["reason"]] = found.get(row["reason"], 0) + 1
        assert row["payment"] is None or row["order"] is not None
        assert (row["reason"] == "agrees") == (
            row["payment"] is not None and row["off"] == "0.00")
    assert found == {"agrees": 10}, one["items"]
    assert house.api("GET", "/v1/bank/payouts/nothing").status == 404


@pytest.mark.parametrize("fee,tax,credit,refund,reason", [
    (0, 0, "500.00", 0, "agrees"), (1180, 180, "488.20", 0, "agrees"),
    (0, 0, "488.20", 0, "fee"), (1000, 0, "488.20", 0, "fee_tax"),
    (1180, 180, "388.20", 10000, "refunded"),
    (1180, 180, "400.00", 0, "amount"), (None, None, "500.00", 0, "missing")])
def test_why_a_payout_is_less(house, fee, tax, credit, refund, reason):
    house.run("source", "add", "razorpay-r", "standard")
    house.start()
    if fee is not None:
        body = {"event": "payment.captured", "payload": {"payment": {
            "entity": {"id": "pay_1", "amount": 50000, "currency": "INR",
                       "fee": fee, "tax": tax, "method": "upi",
                       "order_id": "order_9", "created_at": 1791272591}}}}
        assert house.post("razorpay", body, "p1").status == 201
    if refund:
        body = {"event": "refund.processed", "payload": {"refund": {
            "entity": {"id": "rfnd_1", "amount": refund, "currency": "INR",
                       "payment_id": "pay_1", "created_at": 1791272599}}}}
        assert house.post("razorpay", body, "r1").status == 201
    folder = house.home / "inbox" / "razorpay-r"
    folder.mkdir(exist_ok=True)
    (folder / ".x").write_text(
        "entity_id,type,debit,credit,currency,settled,settlement_id,"
        "settlement_utr,settled_at\npay_1,payment,0,%s,INR,1,setl_1,"
        "AXISN26101400047,2026-10-14\n" % credit)
    (folder / ".x").rename(folder / "recon.csv")
    end = time.monotonic() + 30
    while house.api("GET", "/v1/bank/payouts/setl_1").status != 200:
        assert time.monotonic() < end, house.get("/v1/events")["items"]
        time.sleep(0.05)
    [row] = house.get("/v1/bank/payouts/setl_1")["items"]
    assert row["reason"] == reason, row
    assert row["order"] == ("order_9" if fee is not None else None)
    assert row["fee"] == ("%.2f" % ((fee - tax) / 100) if fee else None)
    assert row["fee_tax"] == ("%.2f" % (tax / 100) if tax else None)


def test_a_report_that_comes_again_is_one(house):
    """Sent anew, or corrected, under its own number: the last one stands."""
    house.start()
    for n in range(3):
        house.post("pos", sale("S-%d" % n), "s%d" % n)
    report(house, "Z-1", "236.00", 2)
    for key, gross, count in (("again", "236.00", 2), ("better", "354.00",
                                                       3)):
        text = json.dumps({"event": "till.closed", "data": {
            "store": "STORE-MUM", "z_number": "Z-1",
            "business_date": "2026-10-05", "currency": "INR",
            "sales_count": count}})
        answer = house.post("pos", text.replace(
            '"data": {', '"data": {"gross": %s, ' % gross, 1).encode(), key)
        assert answer.json["state"] == "ignored", answer.body
        one = tills(house)["MUM-RETAIL", "2026-10-05"]
        assert one["reports"] == "Z-1"
        assert one["said"] == {"n": count, "amount": gross}
    assert one["state"] == "agrees"
    house.prove()


def pay(house, name, amount):
    body = {"event": "payment.captured", "payload": {"payment": {
        "entity": {"id": name, "amount": amount, "currency": "INR",
                   "fee": 1180, "tax": 180, "method": "upi",
                   "order_id": "order_9", "created_at": 1791272591}}}}
    answer = house.post("razorpay", body, name)
    assert answer.status == 201, answer.body
    return answer.json["event"]


def test_what_is_not_in_books_is_no_part_of_a_payout(house):
    """A payment that was reversed is missing, and a row that failed is said
    to be open, or the payout would seem to add up."""
    house.run("source", "add", "razorpay-r", "standard")
    house.start()
    pay(house, "pay_1", 50000)
    second = pay(house, "pay_2", 60000)
    folder = house.home / "inbox" / "razorpay-r"
    folder.mkdir(exist_ok=True)
    (folder / ".x").write_text(
        "entity_id,type,debit,credit,currency,settled,settlement_id,"
        "settlement_utr,settled_at\n" + "".join(
            "%s,%s,%s,%s,INR,1,setl_1,AXISN26101400047,2026-10-14\n" % row
            for row in (("pay_1", "payment", "0", "488.20"),
                        ("pay_2", "payment", "0", "588.20"),
                        ("adj_1", "adjustment", "11.80", "0"))))
    (folder / ".x").rename(folder / "recon.csv")
    end = time.monotonic() + 30
    while not (folder / "done" / "recon.csv.report.json").exists():
        assert time.monotonic() < end, house.get("/v1/events")["items"]
        time.sleep(0.05)
    [payout] = house.get("/v1/bank/payouts")["items"]
    assert (payout["rows"], payout["net"], payout["open"],
            payout["open_amount"]) == (2, "1076.40", 1, "-11.80")

    def reasons():
        return [row["reason"] for row in house.get(
            "/v1/bank/payouts/setl_1")["items"]]

    assert reasons() == ["agrees", "agrees"]
    answer = house.api("POST", "/v1/decisions", {
        "action": "reverse", "reason": "charged back",
        "events": [{"id": second, "version": 1}]})
    assert answer.status == 200, answer.body
    assert reasons() == ["agrees", "missing"]


def test_payouts_of_one_name_are_on_two_pages():
    """Of two companies: the page between them leaves none out."""
    house = Free()
    house.start()
    try:
        for entity in ("IN01", "IN02"):
            answer = house.send(doc(
                "settlement", "S/1", entity=entity, channel="gateway", lines=[
                    {"type": "clearing", "account": "1000",
                     "amount": "-100.00"},
                    {"type": "bank", "account": "3000", "amount": "100.00"}]))
            assert answer["state"] == "posted", answer
        seen, after = [], ""
        while after is not None:
            page = house.get("/v1/bank/payouts?limit=1&after=" + after)
            seen += [(one["payout"], one["entity"]) for one in page["items"]]
            after = page["next"]
        assert seen == [("S/1", "IN01"), ("S/1", "IN02")]
    finally:
        house.close()
