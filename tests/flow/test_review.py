"""What only shows when something goes wrong in between."""
import http.client
import shutil
import sqlite3

import pytest

from house import ROOT, house, sale  # noqa: F401  (a fixture)
from test_checks import codes
from test_decisions import decide, order, send_voucher, voucher


def batch(house, *vouchers):
    events = [{"specversion": "1.0", "id": str(n), "source": "/tests",
               "type": "in.bahi.journal_voucher", "data": data}
              for n, data in enumerate(vouchers)]
    return house.api("POST", "/v1/events", events, {
        "Content-Type": "application/cloudevents-batch+json"})


def refuse_key(house, key):
    """The database takes no event with this key."""
    db = sqlite3.connect(str(house.home / "bahi.db"))
    db.execute("CREATE TRIGGER poison BEFORE INSERT ON event WHEN NEW.key ="
               " '%s' BEGIN SELECT raise(ABORT, 'poison'); END" % key)
    db.commit()
    db.close()


def test_a_group_that_fails_leaves_nothing_in_its_events(house):
    house.start()
    refuse_key(house, "/tests 3")
    answer = batch(house, voucher("JV-1", "500.00"),
                   voucher("JV-1", "600.00", base_version=7),
                   voucher("JV-2", "600.00"), voucher("JV-3", "1.00"))
    assert answer.status == 500
    events = house.get("/v1/events")["items"]
    states = {e["id"]: (e["state"], [f["code"] for f in e["findings"]])
              for e in events}
    assert states == {"E%d" % (first + n): want for n, want in enumerate([
        ("posted", []), ("conflict", ["document.version"]), ("posted", [])])
        for first in [min(e["seq"] for e in events)]}
    house.check_books()
    house.prove()


def test_revisions_are_times_whatever_their_offset(house):
    house.start()
    topic = "orders/paid"
    first = order("#1", "100.00", "2026-11-01T01:30:00-04:00")
    assert house.post("shopify", first, "e1", topic).json["version"] == 1
    later = order("#1", "200.00", "2026-11-01T01:10:00-05:00")
    answer = house.post("shopify", later, "e2", topic)
    assert answer.status == 201 and answer.json["version"] == 2, answer.body
    same = order("#1", "300.00", "2026-11-01T11:40:00+05:30")
    answer = house.post("shopify", same, "e3", topic)
    assert answer.json["state"] == "stale"
    house.prove()


def test_an_empty_number_says_so(house):
    house.start()
    answer = house.post("pos", sale(""), "msg_1")
    assert answer.status == 202
    assert codes(answer) == ["payload.schema"], answer.body
    assert answer.json["findings"][0]["value"] == "number"


def start_with_voucher_rule(house, sql):
    rules = house.dir / "rules"
    shutil.copytree(ROOT / "data/rules", rules)
    house.setting("rules", str(rules))
    file = rules / "post/journal_voucher.sql"
    file.write_text("-- name: entries\n%s\n" % sql)
    house.start()


def test_every_entry_has_a_rate(house):
    start_with_voucher_rule(
        house, "SELECT account, cost_centre, amount, 'CHF' AS currency"
        " FROM line")
    answer = send_voucher(house, "1", voucher("JV-1", "500.00"))
    assert answer.status == 202, answer.body
    assert set(codes(answer)) & {"currency.unknown", "rate.missing"}


def test_sums_of_the_largest_amounts_fit(house):
    house.start()
    largest, more = "9999999999999.99", "10000000000000.00"
    assert house.post("pos", sale("A", largest, "0.00"),
                      "msg_a").status == 201
    answer = house.post("pos", sale("B", more, "0.00"), "msg_b")
    assert answer.status == 202 and "amount.invalid" in codes(answer)
    lines = [{"account": "6100", "cost_centre": "MUM-RETAIL",
              "debit": largest}, {"account": "1000", "credit": largest}]
    answer = send_voucher(house, "1", voucher("JV-1", "0.01",
                                              lines=lines * 400))
    assert answer.status == 202 and "amount.invalid" in codes(answer)
    for n in range(200):
        assert house.post("pos", sale("T%d" % n, largest, "0.00",
                                      store="STORE-THN"),
                          "msg_t%d" % n).status == 202
    house.check_books()
    house.prove()


def test_a_journal_is_not_larger_than_a_document(house):
    once = "SELECT account, cost_centre, amount FROM line"
    start_with_voucher_rule(house, once + " UNION ALL " + once)
    answer = send_voucher(house, "1", voucher("JV-1", "9999999999999.99"))
    assert answer.status == 202 and codes(answer) == ["amount.invalid"]
    assert answer.json["findings"][0]["value"] == "19999999999999.98"
    house.check_books()


def test_a_discount_code_lowers_its_line(house):
    house.start()
    one = order("#1", "100.00", "2026-10-07T10:00:00+05:30",
                total_price="95.00", subtotal_price="90.00")
    one["line_items"][0]["discount_allocations"] = [
        {"amount": "6.00", "discount_application_index": 0},
        {"amount": "4.00", "discount_application_index": 1}]
    answer = house.post("shopify", one, "e1", "orders/paid")
    assert answer.status == 201, answer.body
    balances = {i["account"]: i["balance"]
                for i in house.get("/v1/trial-balance")["items"]}
    assert balances == {"1100": "95.00", "2300": "-2.50", "2310": "-2.50",
                        "4010": "-90.00"}
    house.prove()


def test_tax_of_a_union_territory_goes_back_as_state_tax(house):
    house.start()
    refund = {"id": 7, "order_id": 1,
              "created_at": "2026-10-07T10:00:00+05:30",
              "transactions": [{"kind": "refund", "status": "success",
                                "amount": "105.00", "currency": "INR"}],
              "refund_line_items": [{
                  "quantity": 1, "subtotal": "100.00", "total_tax": "5.00",
                  "line_item": {"sku": "KUR-COT-S", "title": "Kurta",
                                "tax_lines": [{"title": "UTGST 2.5%"}]}}],
              "order_adjustments": []}
    table = ("source,dimension,from,to\n"
             "shopify,tax_code,UTGST 2.5%,GST5\n")
    assert house.api("POST", "/v1/reference/mapping",
                     table.encode()).status == 200
    answer = house.post("shopify", refund, "r1", "refunds/create")
    assert answer.status == 201, answer.body
    balances = {i["account"]: i["balance"]
                for i in house.get("/v1/trial-balance")["items"]}
    assert balances == {"1100": "-105.00", "2300": "2.50", "2310": "2.50",
                        "4010": "100.00"}


def test_a_decision_that_was_done_has_its_answer(house):
    house.start()
    event = house.post("pos", sale("T", store="STORE-THN"), "msg_t")
    cause = event.json["findings"][0]["signature"]
    ask = dict(key="k1", action="fix", retry=True, signature=cause,
               fix={"dimension": "cost_centre", "source": "pos",
                    "value": "STORE-THN", "to": "THN-RETAIL"})
    house.stop()
    house.start(BAHI_CRASH="decision.after_commit")
    with pytest.raises((http.client.HTTPException, OSError)):
        decide(house, **ask)
    house.died()
    house.start()
    again = decide(house, **ask)
    assert again.status == 200
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (again.json["done"], again.json["failed"]) == (1, 0)
    house.prove()
