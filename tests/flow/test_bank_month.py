"""A thousand lines of a month against a thousand entries, whichever came
first, with a kill in the middle; a rebuild comes to the same."""
import random

from banked import Bank, money
from free import doc

N = 1000


def month():
    """(receipts, lines): three of four by reference, the rest by amount."""
    rng = random.Random(7)
    receipts, lines = [], []
    for n in range(N):
        day, amount = 1 + n % 28, 100000 + 7 * n
        receipts.append(("RCT-%05d" % n, amount, "2026-10-%02d" % day))
        text = "NEFT CR-ICIC0000104-CUSTOMER %d-RCT-%05d" % (n % 50, n) \
            if n % 4 else "BY CASH COUNTER %d" % (n % 9)
        lines.append(("2026-10-%02d" % min(day + rng.randrange(3), 31),
                      amount, text))
    rng.shuffle(lines)
    return receipts, lines


def book(house, receipts):
    for at in range(0, len(receipts), 100):
        house.send(*[doc("payment", number, money(amount), part=number,
                         date=date, lines=[
                             {"account": "1000", "amount": money(amount)},
                             {"account": "1100",
                              "amount": "-" + money(amount)}])
                     for number, amount, date in receipts[at:at + 100]])


def test_a_month_of_a_thousand_lines():
    house = Bank(auto="likely")
    try:
        house.start()
        receipts, lines = month()
        book(house, receipts[:N // 2])
        house.take(lines[:N // 2], wait=False)
        house.kill()
        house.start()
        house.take(lines[N // 2:], wait=False)
        book(house, receipts[N // 2:])
        house.settled()
        matched = house.lines("matched")
        assert len(matched) >= N * 4 // 5, len(matched)
        assert len(matched) + len(house.lines()) == N
        # Each with its own, wherever it was matched.
        whole = {one["id"]: house.get("/v1/bank/lines/" + one["id"])
                 for one in matched[::97]}
        for one in whole.values():
            assert [i["amount"] for i in one["with"]["entries"]] == [
                one["amount"]], one
        refs = [one for one in matched if "RCT" in one["text"]]
        assert len(refs) == N * 3 // 4
        assert {one["match"]["rule"] for one in refs} == {"reference"}
        house.check_books()
        house.prove()
    finally:
        house.close()
