"""Companies of one group: mirrored documents, and where they differ."""
import concurrent.futures
import json
import os
import subprocess

import pytest

from free import Free, doc
from house import database, house, ROOT  # noqa: F401
from test_flows import payout
from test_govern import People

CHARGE = {"entity": "IN02", "charged": "IN01", "number": "IC-12",
          "date": "2026-10-31", "currency": "INR", "total": "59000.00",
          "taxes": [{"kind": "cgst", "code": "GST18", "amount": "4500.00"},
                    {"kind": "sgst", "code": "GST18", "amount": "4500.00"}],
          "lines": [{"description": "Hosting", "amount": "50000.00",
                     "tax_code": "GST18"}]}


def reference(house, table, text):
    answer = house.api("POST", "/v1/reference/" + table, text.encode())
    assert answer.status == 200, answer.body


def send(house, topic, key, data):
    body = {"specversion": "1.0", "id": key, "source": "/test",
            "type": "in.bahi." + topic, "data": data}
    answer = house.api("POST", "/v1/events", body,
                       {"Content-Type": "application/cloudevents+json"})
    assert answer.status in (200, 201, 202), answer.body
    return answer.json


def charge(house, key, **other):
    said = send(house, "intercompany.charge", key, dict(CHARGE, **other))
    assert said["state"] == "posted", said
    return said


def voucher(house, key, entity, party, account, against, amount, **other):
    """One side by hand: `amount` on the account with the other company."""
    size = amount.lstrip("-")
    mine, its = (("credit", "debit") if amount.startswith("-")
                 else ("debit", "credit"))
    data = {"entity": entity, "number": key, "date": "2026-10-20",
            "currency": "INR", "lines": [
                {"account": account, "party": party, mine: size},
                {"account": against, its: size}]}
    said = send(house, "journal", key, dict(data, **other))
    assert said["state"] == "posted", said
    return said


def see(house, **query):
    return house.get("/v1/intercompany?" + "&".join(
        "%s=%s" % pair for pair in query.items()))


def one(house, **query):
    items = see(house, **query)["items"]
    assert len(items) == 1, items
    return items[0]


def wish(item, **other):
    here, there = item["here"]["entity"], item["there"]["entity"]
    return dict({"entity": here, "party": there, "name": item["name"],
                 "version": item["version"], "period": item["period"]},
                **other)


def adjust(house, item, dry=False, **other):
    return house.api("POST", "/v1/intercompany/adjust" + (
        "?dry_run=1" if dry else ""), wish(item, **other))


def lines(proposal):
    return [(one["account"], one["party"],
             one.get("debit") or "-" + one["credit"])
            for one in proposal["lines"]]


def metric(house, name):
    text = house.api("GET", "/metrics").body.decode()
    return {line.rsplit(" ", 1)[0][len(name):]: line.rsplit(" ", 1)[1]
            for line in text.splitlines() if line.startswith(name + "{")}


def board(house, entity="IN02", period="2026-10"):
    """That line of the close board."""
    shown = house.get("/v1/close?entity=%s&period=%s" % (entity, period))
    return next(line for line in shown["items"]
                if line["line"] == "intercompany")


def agree(house, balanced=True, **query):
    shown = see(house, **query)
    assert shown["items"] == [] and shown["unnamed"] == [], shown
    for pair in shown["pairs"]:
        assert pair["mismatches"] == 0
        for balance in pair["balances"] if balanced else ():
            assert set(balance["difference"]) <= set("-0."), balance
    return shown


def test_a_charge_is_matched_when_it_posts(house):
    house.start()
    assert agree(house)["pairs"][0]["balances"] == []
    charge(house, "1")
    pair = agree(house)["pairs"][0]
    assert pair["pair"] == "IN01/IN02"
    assert pair["balances"] == [{
        "currency": "INR", "here": "-59000.00", "there": "59000.00",
        "difference": "0.00"}]
    assert agree(house, entity="IN02")["pairs"][0]["here"] == "IN02"
    item = one(house, all=1)
    assert item["why"] is None and item["proposal"] is None
    assert [d["document"] for d in item["there"]["documents"]] == [
        "IN02/sales_invoice/IC-12"]
    # Both are amended at once, and both or neither.
    charge(house, "2", revision="2026-11-01", number="IC-13")
    charge(house, "3", revision="2026-11-02", number="IC-13",
           total="11800.00", lines=[{"amount": "10000.00",
                                     "tax_code": "GST18"}],
           taxes=[{"kind": "igst", "code": "GST18", "amount": "1800.00"}])
    assert agree(house)["pairs"][0]["balances"][0]["there"] == "70800.00"
    for entity, kind in (("IN02", "sales_invoice"),
                         ("IN01", "purchase_invoice")):
        shown = house.get("/v1/documents/%s/%s/IC-13" % (entity, kind))
        assert shown["version"] in (2, "2"), shown
    house.check_books()
    house.prove()


def test_one_side_is_missing(house):
    house.start()
    charge(house, "1")
    voucher(house, "JV-7", "IN02", "IN01", "1500", "4050", "1180.00")
    shown = see(house)
    pair = shown["pairs"][0]
    assert pair["mismatches"] == 1
    assert pair["amounts"] == [{"currency": "INR", "amount": "1180.00"}]
    assert pair["balances"][0]["difference"] == "1180.00"
    item = one(house)
    assert (item["why"], item["name"], item["difference"]) == (
        "missing", "JV-7", "1180.00")
    assert item["here"]["documents"] == []
    assert item["there"]["documents"][0]["document"] == (
        "IN02/journal_voucher/JV-7")
    proposal = item["proposal"]
    assert proposal["entity"] == "IN01" and proposal["missing"] is None
    assert lines(proposal) == [("2500", "IN02", "-1180.00"),
                               ("1590", None, "1180.00")]
    assert [l["name"] for l in proposal["lines"]] == [
        "Due to group companies", "Group differences to clear"]
    assert metric(house, "bahi_intercompany_mismatches") == {
        '{pair="IN01/IN02"}': "1"}
    for entity in ("IN01", "IN02"):
        line = board(house, entity)
        assert (line["ok"], line["count"], line["amount"]) == (
            False, 1, "1180.00")
    assert board(house, period="2026-09")["ok"]
    assert metric(house, "bahi_intercompany_mismatch_amount") == {
        '{pair="IN01/IN02",currency="INR"}': "1180.00"}

    # Seen first, on another account; nothing is kept of that.
    dry = adjust(house, item, dry=True, against="6400").json
    assert dry["valid"] and lines(dry["proposal"])[1] == (
        "6400", None, "1180.00")
    assert adjust(house, item, against="nowhere").status == 422
    assert adjust(house, item, version=None).status == 428
    assert adjust(house, item, version="J1").status == 412
    assert one(house)["adjusting"] is None

    said = adjust(house, item, against="6400", reason="bill to come")
    assert said.status == 201, said.body
    assert said.json["source"].startswith("desk-")
    again = adjust(house, item, against="6400", reason="bill to come")
    assert again.status == 412, again.body
    agree(house)
    assert metric(house, "bahi_intercompany_mismatches") == {
        '{pair="IN01/IN02"}': "0"}
    assert board(house)["ok"] and board(house, "IN01")["ok"]
    made = house.get("/v1/documents/IN01/journal_voucher/"
                     + proposal["number"])
    assert made["document_body"]["reference"] == "JV-7"
    assert made["document_body"]["memo"] == "bill to come"
    house.check_books()
    house.prove()


def test_a_bill_with_a_number_of_its_own(house):
    """The other side's number leads back, whoever came first."""
    house.start()
    voucher(house, "JV-1", "IN02", "IN01", "1500", "4050", "500.00",
            reference="PO-9")
    voucher(house, "B-77", "IN01", "IN02", "2500", "6400", "-500.00",
            reference="JV-1")
    agree(house)
    voucher(house, "B-78", "IN01", "IN02", "2500", "6400", "-900.00",
            reference="JV-2")
    assert one(house)["why"] == "missing"
    voucher(house, "JV-2", "IN02", "IN01", "1500", "4050", "800.00",
            reference="PO-10")
    item = one(house)
    assert (item["why"], item["difference"]) == ("amount", "-100.00")
    # Who charged is believed.
    assert item["proposal"]["entity"] == "IN01"
    assert lines(item["proposal"])[0] == ("2500", "IN02", "100.00")
    other = adjust(house, item, dry=True, **{"in": "IN02"}).json
    assert lines(other["proposal"]) == [("1500", "IN01", "100.00"),
                                        ("1590", None, "-100.00")]
    assert adjust(house, item).status == 201
    agree(house)
    house.prove()


def test_one_side_is_amended(house):
    house.start()
    charge(house, "1")
    reference(house, "intercompany", "entity,account,counterparty,"
              "counter_account\nIN01,1000,IN02,1000\n")
    said = send(house, "journal", "a", {
        "entity": "IN02", "number": "JV-3", "date": "2026-10-05",
        "currency": "INR", "reference": "IC-12", "lines": [
            {"account": "1500", "party": "IN01", "credit": "9000.00"},
            {"account": "4050", "debit": "9000.00"}]})
    assert said["state"] == "posted"
    item = one(house)
    assert (item["why"], item["difference"]) == ("amount", "-9000.00")
    assert len(item["there"]["documents"]) == 2
    proposal = item["proposal"]
    assert proposal["entity"] == "IN01"
    assert lines(proposal)[0] == ("2500", "IN02", "9000.00")
    # It moves on meanwhile: what was seen is not what is there.
    said = send(house, "journal", "b", {
        "entity": "IN02", "number": "JV-3", "date": "2026-10-05",
        "currency": "INR", "reference": "IC-12", "base_version": 1,
        "lines": [
            {"account": "1500", "party": "IN01", "credit": "5000.00"},
            {"account": "4050", "debit": "5000.00"}]})
    assert said["state"] == "posted"
    assert adjust(house, item).status == 412
    item = one(house)
    assert item["difference"] == "-5000.00"
    # Amended to another errand, it leaves this one.
    send(house, "journal", "c", {
        "entity": "IN02", "number": "JV-3", "date": "2026-10-05",
        "currency": "INR", "reference": "IC-99", "base_version": 2,
        "lines": [
            {"account": "1500", "party": "IN01", "credit": "5000.00"},
            {"account": "4050", "debit": "5000.00"}]})
    assert one(house)["name"] == "IC-99"
    house.prove()


def test_an_accountant_amends_one_side(house):
    house.start()
    charge(house, "1")
    path = "/v1/documents/IN02/sales_invoice/IC-12"
    shown = house.api("GET", path)
    body = shown.json["document_body"]
    body["total"] += 1000
    for line in body["lines"]:
        if line["type"] in ("sale", "settled"):
            line["amount"] += 1000
    said = house.api("PUT", path, body,
                     {"If-Match": shown.headers["ETag"]})
    assert said.status in (200, 201), said.body
    item = one(house)
    assert (item["why"], item["difference"]) == ("amount", "10.00")
    assert item["proposal"]["entity"] == "IN01"
    assert lines(item["proposal"]) == [("2500", "IN02", "-10.00"),
                                       ("6400", None, "10.00")]
    assert adjust(house, item).status == 201
    agree(house)
    house.prove()


def test_another_month(house):
    house.start()
    reference(house, "period", "entity,period,state\nIN01,2026-11,open\n"
              "IN02,2026-11,open\nIN01,2026-10,open\nIN02,2026-10,open\n")
    voucher(house, "JV-1", "IN02", "IN01", "1500", "4050", "700.00")
    voucher(house, "B-1", "IN01", "IN02", "2500", "6400", "-700.00",
            reference="JV-1", date="2026-11-03")
    item = one(house)
    assert (item["why"], item["period"], item["difference"]) == (
        "period", "2026-10", "700.00")
    assert one(house, period="2026-10")["why"] == "period"
    assert see(house, period="2026-11")["items"] == []
    assert not board(house)["ok"] and board(house, period="2026-11")["ok"]
    proposal = item["proposal"]
    assert (proposal["entity"], proposal["date"], proposal["reverse_on"]) \
        == ("IN01", "2026-10-20", "2026-11-03")
    assert lines(proposal)[0] == ("2500", "IN02", "-700.00")
    assert adjust(house, item).status == 201
    agree(house)
    agree(house, period="2026-10")
    agree(house, period="2026-11")
    house.prove()


def test_a_month_that_is_closed_is_too_late(house):
    house.start()
    voucher(house, "JV-1", "IN02", "IN01", "1500", "4050", "700.00")
    voucher(house, "B-1", "IN01", "IN02", "2500", "6400", "-700.00",
            reference="JV-1", date="2026-11-03")
    reference(house, "period", "entity,period,state\nIN01,2026-10,closed\n")
    item = one(house)
    assert item["proposal"]["missing"] == "period"
    assert item["proposal"]["lines"] == []
    assert adjust(house, item).status == 422
    reference(house, "period", "entity,period,state\nIN02,2026-10,closed\n")
    assert see(house)["items"] == []
    assert one(house, period="2026-10")["why"] == "period"


def test_other_currencies(house):
    """In one currency no rate matters; in two the rate of the day does."""
    reference_before(house)
    house.start()
    send_charge = dict(entity="IN01", charged="US01", currency="USD",
                       total="1000.00", taxes=[], date="2026-10-05",
                       lines=[{"amount": "1000.00"}])
    charge(house, "1", **send_charge)
    shown = agree(house)
    assert {"currency": "USD", "here": "1000.00", "there": "-1000.00",
            "difference": "0.00"} in shown["pairs"][1]["balances"]
    assert house.get("/v1/documents/US01/purchase_invoice/IC-12")[
        "document_body"]["currency"] == "USD"
    # 1000 dollars at 88.4025; the other side says it in rupees.
    voucher(house, "JV-1", "US01", "IN01", "1500", "4050", "1000.00",
            currency="USD")
    voucher(house, "B-1", "IN01", "US01", "2500", "6400", "-88615.00",
            reference="JV-1")
    agree(house, balanced=False)
    voucher(house, "JV-2", "US01", "IN01", "1500", "4050", "1000.00",
            currency="USD", date="2026-10-05")
    voucher(house, "B-2", "IN01", "US01", "2500", "6400", "-88402.51",
            reference="JV-2")
    item = one(house)
    assert (item["why"], item["currency"], item["difference"]) == (
        "rounding", "INR", "-0.01")
    assert lines(item["proposal"]) == [("2500", "US01", "0.01"),
                                       ("5240", None, "-0.01")]
    assert adjust(house, item).status == 201
    agree(house, balanced=False)
    voucher(house, "JV-3", "US01", "IN01", "1500", "4050", "1000.00",
            currency="USD", date="2026-10-20")
    voucher(house, "B-3", "IN01", "US01", "2500", "6400", "-88402.50",
            reference="JV-3")
    assert one(house)["why"] == "rate"
    assert one(house)["difference"] == "212.50"
    house.prove()


def reference_before(house):
    """A third company that keeps its books in dollars."""
    folder = house.dir / "more"
    folder.mkdir()
    for name, text in (
            ("entity", "code,name,entity,kind,extra,from,to\n"
             "US01,Sahyadri Inc,,company,USD,,\n"),
            ("party", "code,name,entity,kind,extra,from,to\n"
             "US01,Sahyadri Inc,,group,,,\n"),
            ("period", "entity,period,state\nUS01,2026-10,open\n"),
            ("rate", "from,to,first,rate\nINR,USD,2026-10-01,0.011312\n"),
            ("intercompany", "entity,account,counterparty,counter_account\n"
             "IN01,1500,US01,2500\nUS01,1500,IN01,2500\n")):
        (folder / (name + ".csv")).write_text(text)
    house.run("import", str(folder))


def test_an_entry_that_names_no_company(house):
    house.start()
    said = send(house, "journal", "a", {
        "entity": "IN02", "number": "JV-3", "date": "2026-10-05",
        "currency": "INR", "lines": [
            {"account": "1500", "debit": "9.00"},
            {"account": "4050", "credit": "9.00"}]})
    assert said["state"] == "posted"
    assert see(house)["unnamed"] == [{
        "entity": "IN02", "account": "1500", "currency": "INR",
        "amount": "9.00"}]


def test_which_accounts_count_may_be_said_later(house):
    house.start()
    voucher(house, "JV-1", "IN02", "IN01", "1100", "4050", "30.00")
    assert see(house)["items"] == []
    reference(house, "intercompany", "entity,account,counterparty,"
              "counter_account\nIN02,1100,IN01,2000\n")
    item = one(house)
    assert lines(item["proposal"])[0] == ("2000", "IN02", "-30.00")
    house.prove()
    row = "/v1/reference/intercompany/IN02/1100/IN01"
    version = house.api("GET", row).headers["ETag"]
    answer = house.api("DELETE", row, headers={"If-Match": version})
    assert answer.status == 200, answer.body
    assert see(house)["items"] == []
    assert house.api("POST", "/v1/reference/intercompany",
                     b"entity,account,counterparty,counter_account\n"
                     b"IN02,1100,IN02,2000\n").status == 400
    house.prove()


def test_a_company_may_have_another_code_as_a_party(house):
    house.start()
    reference(house, "party", "code,name,entity,kind,extra,from,to\n"
              "V-IN02,Sahyadri Digital,,group,MH,,\n")
    reference(house, "mapping", "source,dimension,from,to\n"
              "*,entity,V-IN02,IN02\n*,party,IN02,V-IN02\n")
    charge(house, "1")
    agree(house)
    bill = house.get("/v1/documents/IN01/purchase_invoice/IC-12")
    assert bill["document_body"]["party"] == "V-IN02"
    voucher(house, "JV-1", "IN02", "IN01", "1500", "4050", "30.00")
    answer = adjust(house, one(house))
    assert answer.status == 201, answer.body
    agree(house)
    entries = house.get("/v1/journals/" + answer.json["journal"])["entries"]
    assert entries[0]["party"] == "V-IN02"
    house.prove()


@pytest.mark.parametrize("held", [False, True])
def test_many_adjust_at_once_and_one_does(house, held):
    house.start()
    names = ["p%d" % n for n in range(8)]
    people = People(house, **{name: "clerk" for name in names})
    voucher(house, "JV-1", "IN02", "IN01", "1500", "4050", "30.00")
    if held:
        reference(house, "policy", "policy,kind,entity,amount,second,third,"
                  "role,expires\nmanual,journal_voucher,*,,,,approver,\n")
    asked = wish(one(house))
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda name: people.ask(
            name, "POST", "/v1/intercompany/adjust", asked).status, names))
    done, refused = (202, 422) if held else (201, 412)
    assert sorted(said) == sorted([done] + [refused] * 7)
    assert len(house.get("/v1/events?state=open")["items"]) == held
    if not held:
        agree(house)
    ledger_says(house)
    house.check_books()
    house.prove()


def test_held_for_approval_it_is_proposed_once(house):
    reference_flow = ("source,kind,entity,pattern,window,latency,owner,"
                      "objective,wait,control\n"
                      "desk,journal_voucher,*,workflow,,86400,accounts,2880,"
                      "0,high\n")
    house.start()
    reference(house, "flow", reference_flow)
    voucher(house, "JV-7", "IN02", "IN01", "1500", "4050", "1180.00")
    item = one(house)
    said = adjust(house, item)
    assert said.status == 202 and said.json["state"] == "held", said.body
    assert one(house)["adjusting"] == said.json["event"]
    assert adjust(house, item, reason="again").status == 422
    event = house.get("/v1/events/" + said.json["event"])
    done = house.api("POST", "/v1/decisions", {
        "action": "dismiss", "reason": "not ours",
        "events": [{"id": event["id"], "version": event["version"]}]},
        {"Idempotency-Key": "1"})
    assert done.status == 200, done.body
    assert one(house)["adjusting"] is None
    assert adjust(house, one(house)).json["state"] == "held"
    house.prove()


def test_a_charge_is_reversed_on_both_sides(house):
    house.start()
    said = charge(house, "1")
    event = house.get(said["status"])
    done = house.api("POST", "/v1/decisions", {
        "action": "reverse", "reason": "twice",
        "events": [{"id": event["id"], "version": event["version"]}]},
        {"Idempotency-Key": "1"})
    assert done.status == 200 and done.json["done"] == 1, done.body
    balance = agree(house)["pairs"][0]["balances"][0]
    assert set(balance["here"]) <= set("-0."), balance
    house.prove()


def test_approved_by_somebody_else_it_posts(house):
    house.start()
    people = People(house, clerk="clerk", second="approver")
    voucher(house, "JV-7", "IN02", "IN01", "1500", "4050", "1180.00")
    reference(house, "policy", "policy,kind,entity,amount,second,third,role,"
              "expires\nmanual,journal_voucher,*,,,,approver,\n")
    answer = people.ask("clerk", "POST", "/v1/intercompany/adjust",
                        wish(one(house)))
    assert answer.status == 202 and answer.json["state"] == "held"
    assert answer.json["source"] == "desk-clerk"
    assert one(house)["adjusting"] == answer.json["event"]

    def approve(name):
        event = house.get("/v1/events/" + answer.json["event"])
        return people.ask(name, "POST", "/v1/decisions", {
            "action": "approve", "reason": "seen", "events": [
                {"id": event["id"], "version": event["version"]}]})

    approve("clerk")
    assert see(house)["items"] != []
    assert approve("second").status == 200
    assert see(house)["items"] == []
    house.prove()


POST = """-- name: entries
SELECT account, CASE account WHEN '3000' THEN NULL ELSE :party END AS party,
	amount
FROM line
"""


@pytest.fixture
def free():
    one = Free()
    for kind in ("sales_invoice", "purchase_invoice"):
        (one.home / "rules/post" / (kind + ".sql")).write_text(POST)
    yield one
    one.close()


def both_sides(number, amount, batch, revision):
    """An invoice that posts in a batch, and the bill, which does not."""
    return [doc("sales_invoice", number, amount, part="a", batch=batch,
                revision=revision, party="IN02", lines=[
                    {"account": "1500", "amount": amount},
                    {"account": "3000", "amount": "-" + amount}]),
            doc("purchase_invoice", number, amount, part="b", entity="IN02",
                revision=revision, party="IN01", lines=[
                    {"account": "2500", "amount": "-" + amount},
                    {"account": "3000", "amount": amount}])]


def test_what_posts_in_a_batch(free):
    """One entry of many documents is known by each of them."""
    free.flows("events,sales_invoice,*,batch,,0,a,0,48,high",
               "events,settlement,*,batch,,0,a,0,48,high")
    free.start()
    first = free.send(*both_sides("IC-1", "70.00", "po_1", "1"))
    free.send(*both_sides("IC-2", "30.00", "po_1", "1"))
    newer = free.send(*both_sides("IC-2", "35.00", "po_1", "2"))
    free.send(payout("po_1", "105.00", "105.00", "2"))
    assert free.state(first) == free.state(newer) == "posted"
    pair = agree(free)["pairs"][0]["balances"][0]
    assert (pair["here"], pair["there"]) == ("105.00", "-105.00")
    assert {item["name"] for item in see(free, all=1)["items"]} == {
        "IC-1", "IC-2"}
    again = free.send(*both_sides("IC-1", "50.00", "po_2", "2"))
    free.send(payout("po_2", "50.00", "50.00", "1"))
    assert free.state(again) == "posted"
    assert agree(free)["pairs"][0]["balances"][0]["here"] == "85.00"
    ledger_says(free)
    free.prove()


def ledger_says(house):
    with database(house.home / "bahi.db", write=True) as db:
        kept, true, sums = (db.execute(sql).fetchall() for sql in (
            "SELECT entity, account, currency, period, sum(amount),"
            " sum(base) FROM mutual GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
            "SELECT j.entity, n.account, n.currency, substr(j.date, 1, 7),"
            " sum(n.amount), sum(n.base) FROM entry n"
            " JOIN journal j ON j.id = n.journal"
            " WHERE n.party IN ('IN01', 'IN02')"
            " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
            "SELECT entity, account, currency, period, sum(amount)"
            " FROM mutual_sum GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"))
    assert kept == true and kept != []
    assert sums == [row[:5] for row in kept]


def test_rows_are_what_the_ledger_says(house):
    house.start()
    charge(house, "1")
    charge(house, "2", number="IC-14", revision="1")
    charge(house, "3", number="IC-14", revision="2", total="590.00",
           taxes=[], lines=[{"amount": "590.00"}])
    ledger_says(house)
    agree(house)


def bahi(house, *words):
    return subprocess.run(
        [os.environ.get("BAHI", str(ROOT / "build" / "bahi")), "--config",
         str(house.home / "bahi.conf"), *words], text=True,
        env=dict(house.env, HOME=str(house.dir)), capture_output=True,
        timeout=120)


def test_the_verb_shows_and_adjusts(house):
    house.start()
    charge(house, "1")
    ran = bahi(house, "intercompany")
    assert ran.returncode == 0 and "IN01/IN02" in ran.stdout, ran.stderr
    voucher(house, "JV-7", "IN02", "IN01", "1500", "4050", "123456.00")
    ran = bahi(house, "intercompany")
    assert ran.returncode == 1
    for part in ("missing there", "1,23,456.00", "IN01 2500/1590",
                 "journal_voucher/JV-7"):
        assert part in ran.stdout, ran.stdout
    shown = json.loads(bahi(house, "intercompany", "--json").stdout)
    assert shown["items"][0]["name"] == "JV-7"
    assert bahi(house, "intercompany", "entity=IN02").returncode == 1
    dry = bahi(house, "intercompany", "adjust", "IN02/IN01", "JV-7",
               "in=IN02", "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert "Due from group companies" in dry.stdout
    assert bahi(house, "intercompany", "adjust", "IN01/IN02", "JV-7",
                "version=J1").returncode not in (0, 1)
    done = bahi(house, "intercompany", "adjust", "IN01/IN02", "JV-7",
                "reason=to be billed")
    assert done.returncode == 0 and "posted" in done.stdout, done.stderr
    again = bahi(house, "intercompany", "adjust", "IN01/IN02", "JV-7")
    assert again.returncode == 1, again.stdout
    assert bahi(house, "intercompany").returncode == 0
    house.prove()
