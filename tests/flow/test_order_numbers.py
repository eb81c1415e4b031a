"""The numbers of orders, stock and what waits, on the whole engine."""
import datetime

import pytest

from free import Free, doc, goods
from test_consistency import walked
from test_flows import BATCH, captured, payout
from test_numbers import metrics, raw, same_backlog


@pytest.fixture
def house():
    one = Free()
    one.setting("consistency", "1")
    yield one
    one.close()


def at(house, occurred, *docs):
    """As a CloudEvent that says when it happened."""
    house.n += 1
    answer = house.api("POST", "/v1/events", {"docs": list(docs)}, {
        "Content-Type": "application/json", "ce-specversion": "1.0",
        "ce-id": "k%d" % house.n, "ce-source": "/t", "ce-type": "free",
        "ce-time": occurred})
    assert answer.json["state"] == "posted", answer.json
    return answer.json


def check_walk(house):
    got = walked(house, house.get("/v1/consistency")["passes"] + 2)
    assert got["items"] == [] and got["ratio"] == "1.000000"
    return got


def test_from_shipment_to_invoice(house):
    house.start()
    house.send(goods("inventory_move", "GRN", "100"))
    at(house, "2026-10-05T10:00:00.250Z", goods("shipment", "SH-1", "1",
                                                order="SO-1"))
    at(house, "2026-10-05T10:00:02.750Z",
       doc("sales_invoice", "I-1", order="SO-1"))
    # The invoice came first, the shipment happened before it.
    at(house, "2026-10-05T12:00:00Z", doc("sales_invoice", "I-2",
                                          order="SO-2"))
    at(house, "2026-10-05T10:00:00Z", goods("shipment", "SH-2", "1",
                                            order="SO-2"))
    # Only the first of each counts.
    at(house, "2026-10-06T12:00:00Z", doc("sales_invoice", "I-3",
                                          order="SO-2"))
    assert raw(house, "SELECT bucket, n, micros FROM latency"
               " WHERE what = 'invoice' AND day = '' ORDER BY bucket") == [
        (11, 1, 2500000), (21, 1, 7200000000)]
    got = house.get("/v1/numbers")["orders"]
    assert got["shipment_to_invoice"]["all"]["count"] == 2
    assert got["shipment_to_invoice"]["all"]["p50_seconds"] == "5.000000"
    family = metrics(house)["bahi_shipment_to_invoice_seconds"]
    assert family.value("_sum", source="events") == "7202.500000"
    check_walk(house)
    house.prove()


def test_orders_that_go_no_further(house):
    house.start()
    house.send(goods("inventory_move", "GRN", "100"))
    now = datetime.datetime.now(datetime.timezone.utc)

    def before(hours):
        return (now - datetime.timedelta(hours=hours)).strftime(
            "%Y-%m-%dT%H:%M:%S.%fZ")

    for n, hours in enumerate((0, 2, 30, 80, 90)):
        at(house, before(hours), goods("sales_order", "SO-%d" % n, "1",
                                       total="10.00"))
    at(house, before(100), goods("sales_order", "SO-5", "1", total="10.00"))
    at(house, before(75), goods("shipment", "SH-5", "1", order="SO-5"))
    at(house, before(3), goods("sales_order", "SO-6", "1", total="10.00"))
    at(house, before(2), goods("shipment", "SH-6", "1", order="SO-6"))
    at(house, before(1), doc("sales_invoice", "I-6", order="SO-6"))
    got = house.get("/v1/numbers")["orders"]
    assert got["to_ship"] == {"0-1h": 1, "1-24h": 1, "1-3d": 1, "3d+": 2}
    assert got["to_invoice"] == {"0-1h": 0, "1-24h": 0, "1-3d": 0, "3d+": 1}
    assert [(one["stage"], one["order"]) for one in got["stuck"]] == [
        ("to_ship", "SO-4"), ("to_ship", "SO-3"), ("to_invoice", "SO-5")]
    assert metrics(house)["bahi_orders_open"].value(
        stage="to_ship", age="3d+") == "2"
    house.prove()


def test_orders_with_an_exception(house):
    house.start()
    house.send(goods("inventory_move", "GRN", "10"))
    house.send(goods("sales_order", "SO-1", "2", total="10.00"))
    house.send(goods("sales_order", "SO-2", "99", total="10.00"))  # waits
    house.send(goods("shipment", "SH-1", "3", order="SO-1"))    # too much
    house.send(goods("shipment", "SH-2", "1"))
    house.send(goods("shipment", "SH-3", "1", entity="MARS"))   # fails
    house.send(doc("payment", "P-1"))
    got = house.get("/v1/numbers")["orders"]
    assert (got["received"], got["exceptions"]) == (5, 3)
    assert got["exception_ratio"] == "0.600000"
    family = metrics(house)
    assert family["bahi_order_exceptions"].value(
        "_total", source="events") == "3"
    same_backlog(house)
    check_walk(house)
    house.prove()


def adjust(number, quantity, location="WH-BHW"):
    one = goods("inventory_move", number, quantity, location=location)
    one["lines"][0]["type"] = "adjust"
    return one


def test_stock_that_differs_by_location(house):
    house.start()
    house.send(goods("inventory_move", "GRN", "10"))
    assert house.get("/v1/numbers")["inventory"] == []
    house.send(adjust("COUNT-1", "-2"))
    house.send(adjust("COUNT-2", "1"))
    house.send(adjust("COUNT-3", "1", location="STORE-MUM"))
    house.send(goods("shipment", "SH-1", "5", location="STORE-MUM"))
    got = house.get("/v1/numbers")["inventory"]
    assert got == [
        {"entity": "IN01", "location": "STORE-MUM", "currency": "INR",
         "adjusted": "250.00", "adjusted_30d": "250.00",
         "negative_items": 1},
        {"entity": "IN01", "location": "WH-BHW", "currency": "INR",
         "adjusted": "750.00", "adjusted_30d": "750.00",
         "negative_items": 0}]
    family = metrics(house)
    assert family["bahi_inventory_divergence_amount"].value(
        entity="IN01", location="WH-BHW", currency="INR") == "750.00"
    assert family["bahi_inventory_negative_items"].value(
        entity="IN01", location="STORE-MUM") == "1"
    # An amended count takes the old one back.
    house.send(dict(adjust("COUNT-1", "-3"), base_version="1"))
    assert house.get("/v1/numbers")["inventory"][1]["adjusted"] == "1000.00"
    check_walk(house)
    house.prove()


def test_what_only_waited_is_touchless(house):
    """It posted by itself; what a person ever moved is not."""
    house.start()
    late = house.send(doc("payment", "P-1", after=["sales_invoice", "I-1"]))
    other = house.send(doc("payment", "P-2", after=["sales_invoice", "I-1"]))
    assert late["state"] == other["state"] == "waiting"
    got = house.get(other["status"])
    house.decide(action="retry", reason="test", events=[
        {"id": other["event"], "version": got["version"]}])
    assert house.state(other) == "waiting"
    same_backlog(house)
    house.send(doc("sales_invoice", "I-1"))
    assert house.state(late) == house.state(other) == "posted"
    [one] = [s for s in house.get("/v1/numbers")["sources"]
             if s["name"] == "events"]
    assert (one["posted"], one["touchless"]) == (3, 2)
    assert one["resolution"]["all"]["count"] == 0   # none was an exception
    assert raw(house, "SELECT count(*) FROM backlog") == [(0,)]
    house.prove()


def test_a_batch_is_consistent_open_and_closed(house):
    house.flows(*BATCH)
    house.start()
    for n in range(3):
        house.send(captured("P-%d" % n, "10.00", "PO-1"))
    same_backlog(house)
    assert check_walk(house)["posted"] == 0
    answer = house.send(payout("PO-1", "30.00", "30.00", "3"))
    assert answer["state"] == "posted"
    same_backlog(house)
    got = check_walk(house)
    assert (got["posted"], got["journals"]) == (4, 1)
    [one] = [s for s in house.get("/v1/numbers")["sources"]
             if s["name"] == "events"]
    assert one["touchless"] == one["posted"] == 4
    house.prove()
