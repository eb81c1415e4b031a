"""Order to cash and back, stock, and the last unit."""
import concurrent.futures
import itertools
import sqlite3

import pytest

from free import Free, doc, goods


@pytest.fixture
def house():
    one = Free()
    yield one
    one.close()


def rows(house, sql):
    db = sqlite3.connect("file:%s?mode=ro" % (house.home / "bahi.db"),
                         uri=True)
    out = db.execute(sql).fetchall()
    db.close()
    return out


def stock(house, item="KUR-COT-S", location="WH-BHW"):
    [row] = rows(house, "SELECT on_hand / 1000.0, reserved / 1000.0, value"
                 " FROM stock WHERE item = '%s' AND location = '%s'" %
                 (item, location)) or [(0, 0, 0)]
    return row


def received(house, quantity, item="KUR-COT-S", number="GRN-1"):
    answer = house.send(goods("inventory_move", number, quantity, item))
    assert answer["state"] == "posted", answer


def test_a_partial_shipment_keeps_the_rest(house):
    house.start()
    received(house, "10")
    house.send(goods("sales_order", "SO-1", "5", total="2950.00"))
    assert stock(house) == (10, 5, 250000)
    first = house.send(goods("shipment", "SH-1", "2", order="SO-1",
                             after=["sales_order", "SO-1"]))
    assert first["state"] == "posted"
    assert stock(house) == (8, 3, 200000)
    house.send(goods("sales_invoice", "I-1", "2", order="SO-1",
                     location=None, total="1180.00"))
    [order] = house.get("/v1/orders")["items"]
    assert order["number"] == "SO-1" and order["state"] == "part shipped"
    assert order["ordered"] == "2950.00" and order["invoiced"] == "1180.00"
    [item] = order["items"]
    assert (item["ordered"], item["shipped"], item["backorder"]) == (
        "5", "2", "3")
    house.send(goods("shipment", "SH-2", "3", order="SO-1"))
    assert stock(house) == (5, 0, 125000)
    [order] = house.get("/v1/orders")["items"]
    assert order["state"] == "shipped"
    story = house.get("/v1/trace/SO-1")
    assert [e["event"]["document"] for e in story["events"]] == [
        "IN01/" + name for name in (
            "sales_order/SO-1", "shipment/SH-1", "sales_invoice/I-1",
            "shipment/SH-2")]
    house.check_books()
    house.prove()


CYCLE = [
    goods("sales_order", "SO-1", "3", total="300.00"),
    goods("shipment", "SH-1", "1", order="SO-1",
          after=["sales_order", "SO-1"]),
    goods("shipment", "SH-2", "2", order="SO-1",
          after=["sales_order", "SO-1"]),
    doc("sales_invoice", "I-1", "300.00", order="SO-1",
        after=["shipment", "SH-2"]),
    doc("payment", "P-1", "300.00", order="SO-1",
        after=["sales_invoice", "I-1"]),
]


@pytest.mark.parametrize("order", list(itertools.permutations(range(5)))[::13])
def test_events_in_any_order(house, order):
    house.start()
    received(house, "10")
    for n in order:
        house.send(CYCLE[n])
    states = house.check_books()["states"]
    assert states["waiting"] == 0 and states["posted"] == 6
    assert stock(house) == (7, 0, 175000)
    [one] = house.get("/v1/orders")["items"]
    assert (one["state"], one["paid"]) == ("paid", "300.00")
    house.prove()


def test_a_return_compensates(house):
    """Nothing that was posted is edited."""
    house.start()
    received(house, "10")
    house.send(goods("sales_invoice", "I-1", "2", total="500.00",
                     order="SO-9"))
    before = house.get("/v1/documents/IN01/sales_invoice/I-1")
    house.send(goods("credit_note", "CN-1", "1", total="250.00",
                     order="SO-9"))
    assert stock(house)[0] == 9
    assert house.get("/v1/documents/IN01/sales_invoice/I-1") == before
    [order] = house.get("/v1/orders")["items"]
    assert order["credited"] == "250.00"
    assert order["items"][0]["returned"] == "1"
    house.check_books()
    house.prove()


def test_the_last_unit_is_promised_once(house):
    """Thirty tills at one moment: one promise, the others wait."""
    house.start()
    received(house, "1")

    def order(n):
        return house.api("POST", "/v1/events", {"docs": [
            goods("sales_order", "SO-%d" % n, "1")]}, {
                "Content-Type": "application/json",
                "ce-specversion": "1.0", "ce-id": "o%d" % n,
                "ce-source": "/t", "ce-type": "free"}).json
    with concurrent.futures.ThreadPoolExecutor(30) as pool:
        answers = list(pool.map(order, range(30)))
    states = sorted(a["state"] for a in answers)
    assert states == ["posted"] + ["waiting"] * 29
    assert {a["findings"][0]["code"] for a in answers
            if a["state"] == "waiting"} == {"wait.stock"}
    assert stock(house) == (1, 1, 25000)
    received(house, "3", number="GRN-2")
    assert house.check_books()["states"]["waiting"] == 26
    assert stock(house) == (4, 4, 100000)
    house.prove()


def attempts(house):
    """How often each order was judged."""
    return dict(rows(house, "SELECT number, attempts FROM event WHERE kind ="
                     " 'sales_order'"))


def test_only_those_are_judged_again_whom_the_stock_is_enough_for(house):
    """First come, first served; a large one lets the small behind it go."""
    house.start()
    received(house, "1")
    house.send(goods("sales_order", "FIRST", "1"))
    many = ["5", "2"] + ["1"] * 20
    waiting = [house.send(goods("sales_order", "W%02d" % n, q))
               for n, q in enumerate(many)]
    received(house, "4", number="GRN-2")
    assert [n for n, one in enumerate(waiting)
            if house.state(one) == "posted"] == [1, 2, 3]
    assert attempts(house) == {"FIRST": 1} | {
        "W%02d" % n: 2 if n in (1, 2, 3) else 1 for n in range(len(many))}
    received(house, "6", number="GRN-3")
    assert house.state(waiting[0]) == "posted"
    assert house.state(waiting[4]) == "posted"
    assert sum(attempts(house).values()) == len(many) + 1 + 5
    assert stock(house)[1] == 11
    house.check_books()
    house.prove()


def test_an_order_that_waits_is_seen(house):
    house.start()
    received(house, "3")
    house.send(goods("sales_order", "SO-2", "1", total="590.00"))
    late = house.send(goods("sales_order", "SO-1", "5", total="2950.00"))
    house.send(doc("payment", "P-3", "590.00", order="SO-3"))
    paid = house.send(goods("sales_order", "SO-3", "4", total="590.00"))
    orders = house.get("/v1/orders")["items"]
    assert [(o["number"], o["state"], o["waiting"]) for o in orders] == [
        ("SO-1", "waiting", late["event"]), ("SO-2", "ordered", None),
        ("SO-3", "waiting", paid["event"])]
    assert orders[0]["ordered"] == "2950.00"
    assert orders[0]["ordered_at"] is None
    assert orders[2]["paid"] == "590.00"
    [item] = orders[0]["items"]
    assert (item["item"], item["location"], item["backorder"]) == (
        "KUR-COT-S", "WH-BHW", "5")
    page = house.get("/v1/orders?limit=1")
    assert page["next"] == "IN01/SO-1"
    page = house.get("/v1/orders?limit=1&after=" + page["next"])
    assert [o["number"] for o in page["items"]] == ["SO-2"]
    [order] = house.get("/v1/orders?number=SO-1")["items"]
    assert order == orders[0]
    received(house, "7", number="GRN-2")
    assert {o["state"] for o in house.get("/v1/orders")["items"]} == {
        "ordered"}


def test_an_order_that_waits_while_its_goods_go(house):
    """They were promised to nobody else; so it is not short any more."""
    house.start()
    received(house, "1")
    house.send(goods("sales_order", "OTHER", "1"))
    order = house.send(goods("sales_order", "SO-1", "2"))
    assert order["state"] == "waiting"
    house.send(goods("shipment", "SH-1", "1", order="SO-1"))
    assert house.state(order) == "waiting"
    house.send(goods("shipment", "SH-2", "1", order="SO-1"))
    assert house.state(order) == "posted"
    house.check_books()
    house.prove()


def test_an_order_amended_while_it_waits(house):
    """What is old is not waited for any longer."""
    house.start()
    received(house, "1")
    old = house.send(goods("sales_order", "SO-1", "5", revision="1"))
    assert old["state"] == "waiting"
    new = house.send(goods("sales_order", "SO-1", "1", revision="2"))
    assert new["state"] == "posted"
    assert house.state(old) == "stale"
    house.check_books()
    house.prove()


def test_an_order_that_is_cut_lets_others_go(house):
    house.start()
    received(house, "5")
    house.send(goods("sales_order", "SO-1", "5", revision="1"))
    other = house.send(goods("sales_order", "SO-2", "2"))
    assert other["state"] == "waiting"
    house.send(goods("sales_order", "SO-1", "3", revision="2"))
    assert house.state(other) == "posted"
    assert stock(house)[1] == 5
    house.check_books()
    house.prove()


def test_sold_twice_is_flagged_at_once(house):
    """Goods that are gone are booked, and somebody is told to count."""
    house.start()
    received(house, "1")
    first = house.send(goods("sales_invoice", "I-1", "1"))
    second = house.send(goods("sales_invoice", "I-2", "1"))
    assert (first["state"], first["findings"]) == ("posted", [])
    assert second["state"] == "posted"
    [flag] = second["findings"]
    assert (flag["code"], flag["value"]) == ("stock.oversold", "KUR-COT-S")
    assert stock(house)[0] == -1
    [item] = [i for i in house.get("/v1/stock")["items"] if i["short"]]
    assert item["available"] == "-1"
    house.prove()


def test_more_than_was_ordered(house):
    house.start()
    received(house, "9")
    house.send(goods("sales_order", "SO-1", "2"))
    answer = house.send(goods("shipment", "SH-1", "3", order="SO-1"))
    [flag] = answer["findings"]
    assert flag["code"] == "order.exceeded"
    assert flag["value"] == "KUR-COT-S shipped 3 > 2"
    house.prove()


def test_stock_that_nobody_tracks(house):
    house.start()
    answer = house.send(goods("sales_invoice", "I-1", "4"))
    assert answer["state"] == "posted" and answer["findings"] == []
    assert house.send(goods("sales_order", "SO-1", "4"))["state"] == "posted"


def test_quantities_are_exact(house):
    house.start()
    received(house, "0.125")
    received(house, "1000000.5", item="KUR-COT-M", number="GRN-2")
    values = {i["item"]: (i["on_hand"], i["value"])
              for i in house.get("/v1/stock")["items"]}
    assert values == {"KUR-COT-S": ("0.125", "31.25"),
                      "KUR-COT-M": ("1000000.5", "260500130.25")}
    for quantity in ("1.0005", "1e3", "many", "", "-", ".5",
                     "9999999999999"):
        answer = house.send(goods("inventory_move", "X" + quantity,
                                  quantity))
        if quantity != "":
            assert answer["state"] == "failed", quantity


def test_a_transfer_moves_what_it_moves(house):
    house.start()
    received(house, "10")
    answer = house.send(doc("inventory_move", "TR-1", "0.00", lines=[
        {"item": "KUR-COT-S", "quantity": "-4", "location": "WH-BHW"},
        {"item": "KUR-COT-S", "quantity": "4", "location": "STORE-MUM"}]))
    assert answer["state"] == "posted", answer
    assert stock(house) == (6, 0, 150000)
    assert stock(house, location="STORE-MUM") == (4, 0, 100000)
    house.prove()
