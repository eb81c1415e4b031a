"""Money under way: authorised, captured, settled, and since when."""
import pytest

from free import Free, doc
from house import House


@pytest.fixture
def house():
    one = Free()
    yield one
    one.close()


def captured(number, amount, date):
    return doc("payment", number, amount, date=date, lines=[
        {"account": "1210", "amount": amount},
        {"account": "1100", "amount": "-" + amount}])


def settled(number, amount, date):
    return doc("settlement", number, amount, date=date, lines=[
        {"account": "1000", "amount": amount},
        {"account": "1210", "amount": "-" + amount}])


def clearing(house):
    [one] = [a for a in house.get("/v1/clearing")["accounts"]
             if a["account"] == "1210"]
    return one


def test_what_came_first_is_settled_first(house):
    house.start()
    for number, amount, date in (("P1", "100.00", "2026-10-05"),
                                 ("P2", "50.00", "2026-10-07"),
                                 ("P3", "70.00", "2026-11-02")):
        house.send(captured(number, amount, date))
    assert clearing(house)["oldest"] == "2026-10-05"
    for amount, date, oldest in (("60.00", "2026-10-08", "2026-10-05"),
                                 ("40.00", "2026-10-09", "2026-10-07"),
                                 ("50.00", "2026-11-03", "2026-11-02"),
                                 ("69.99", "2026-11-04", "2026-11-02"),
                                 ("0.01", "2026-11-04", None)):
        house.send(settled("S" + amount, amount, date))
        assert clearing(house)["oldest"] == oldest, amount
    one = clearing(house)
    assert (one["captured"], one["settled"], one["balance"]) == (
        "220.00", "220.00", "0.00")


def test_authorised_until_it_is_captured():
    """In whichever order the gateway tells of the two."""
    house = House()
    try:
        house.start()
        for n, topics in enumerate((("authorized",),
                                    ("authorized", "captured"),
                                    ("captured", "authorized"))):
            for topic in topics:
                body = {"event": "payment." + topic, "payload": {"payment": {
                    "entity": {"id": "pay_%d" % n, "amount": 50000,
                               "currency": "INR", "method": "upi",
                               "created_at": 1791272591}}}}
                answer = house.post("razorpay", body, "%s%d" % (topic, n))
                assert answer.status == 201, answer.body
        [left] = house.get("/v1/clearing")["authorised"]
        assert (left["payments"], left["amount"]) == (1, "500.00")
        assert clearing(house)["captured"] == "1000.00"
        house.check_books()
        house.prove()
    finally:
        house.close()
