"""Lines of banks in the console and for scripts, on a real daemon."""
import json

import pytest

from banked import Bank as Banked
from gst import Programs, made


class Bank(Programs, Banked):
    def month(self):
        """One by its reference, one by amount, two that nobody knows."""
        self.receive("RCT-26-0001", 1180000)
        self.receive("RCT-26-0002", 590000)
        self.receive("RCT-26-0003", 77700)
        self.take([("2026-10-06", 1180000, "NEFT KONKAN RCT-26-0001"),
                   ("2026-10-06", 590000, "BY CASH DADAR"),
                   ("2026-10-07", -5900, "SMS CHGS INCL GST"),
                   ("2026-10-08", -11800, "SMS CHGS INCL GST")])


@pytest.fixture
def house(bahi):
    one = made(Bank, bahi)
    yield one
    one.close()


def opened(house, rows=40, columns=120):
    house.month()
    t = house.console(rows, columns)
    return t.type("$").until("BY CASH DADAR").until("In books, and on")


def reason(t, text, question):
    t.until("because:")
    t.type(text, "Enter").until(question).type("y")


def test_suggestion_beside_the_line(house):
    t = opened(house)
    t.seek("BY CASH DADAR").until("RCT-26-0002, amount")
    assert "RCT-26-0002, amount" in t.row() and "5,900.00" in t.row()
    text = t.text()
    assert "1000 open, days 0-7: " in text
    assert "RCT-26-0003" in text
    t.until("amount: RCT-26-0002; booked on")
    # Accepted with one key; the next one is booked, with GST inside.
    t.type("a").until("accept: 1 done").until(
        lambda t: "BY CASH DADAR" not in t.text())
    t.seek("SMS CHGS").type("p").until("Book to account")
    t.type("5230 18", "Enter")
    reason(t, "quarterly", "Book 1 line, -59.00 INR, to 5230?")
    t.until("book: 1 done")
    # What was done once is suggested, and accepted for all alike.
    t.until("book to 5230, as before")
    t.seek("SMS CHGS").type("A").until("Accept every suggestion")
    t.type("y").until("accept: 1 done")
    t.until(lambda t: "SMS CHGS" not in t.text())
    t.type("s").until("Matched lines").until("reference, bahid")
    house.settled()
    assert len(house.lines()) == 0 and len(house.lines("matched")) == 4
    house.check_books()


def test_taken_apart_ignored_and_taken_back(house):
    t = opened(house)
    t.seek("SMS CHGS").type("u").until("Nothing here is matched: s shows")
    t.type("r").until("Nothing here is ignored: s shows what is.")
    t.type("i")
    reason(t, "of another company", "Ignore 1 line, -59.00 INR?")
    t.until("ignore: 1 done")
    t.type("z").until("Take back D").type("y").until("undo: 1 done")
    t.type("s").until("Matched lines").seek("NEFT KONKAN")
    t.type("u")
    reason(t, "another invoice",
           "Take the match of 1 line apart, 11,800.00 INR?")
    t.until("unmatch: 1 done")
    t.type("s").until("Ignored lines").type("s").until("NEFT KONKAN")
    t.seek("NEFT KONKAN").until("root said of it: another")
    # By hand: the line and the entry, marked.
    t.type("Space").seek("N20").type("Space")
    t.type("=")
    reason(t, "it is that one", "Match 1 at the bank, 11,800.00 INR, with 1 "
           "in books, 11,800.00 INR?")
    t.until("match: 1 done")
    house.settled()
    [one] = house.lines("matched")
    assert one["match"]["rule"] == "hand"
    house.prove()


def test_statement_tills_and_payouts(house):
    t = opened(house)
    t.type("Tab").until("1000  Balance as the bank has it")
    t.until("1000  Balance as the ledger has it")
    assert "booked, not yet at the bank: in" in t.text()
    assert "before the first statement" in t.text()
    assert "as 2026-10-01 began: in books 0.00, at the bank 10,00,000.00" in \
        t.text()
    t.type("c").until("There is no other account.")
    t.type("Tab").until("Reported").type("Tab").until("Gross")
    t.type("Tab").until("BY CASH DADAR")


def test_lines_that_take_each_other_back(house):
    house.take([("2026-10-06", -29500, "CHQ RETURN CHGS"),
                ("2026-10-07", 29500, "REV CHQ RETURN CHGS")])
    t = opened(house)
    t.seek("CHQ RETURN").type("Space").type("Space")
    t.type("=")
    reason(t, "the bank took it back", "Match 2 at the bank with each other")
    t.until("match: 1 done").until(lambda t: "REV CHQ" not in t.text())
    house.settled()
    assert {l["match"]["reason"] for l in house.lines("matched")
            if "CHQ" in l["text"]} == {"the bank took it back"}
    # It is proposed, and accepted with one key.
    house.take([("2026-10-13", -1180, "DD CHGS 778812"),
                ("2026-10-14", 1180, "REV DD CHGS 778812")])
    t.until("REV DD CHGS").seek("REV DD CHGS")
    t.until("reversal: L").until("both have 778812; the bank's line of "
                                 "2026-10-13")
    t.type("a").until("accept: 1 done")
    t.until(lambda t: "DD CHGS" not in t.text())
    one, other = [l["id"] for l in house.lines()
                  if "SMS CHGS" in l["text"]]
    house.bahi("bank", "match", one, other, code=3)


def test_a_charge_of_a_closed_month(house):
    """The question names the day; nothing is booked without it."""
    house.take([("2026-09-07", -5900, "SMS CHGS SEP"),
                ("2026-10-09", -5900, "SMS CHGS NOW")], start="2026-09-01")
    t = opened(house)
    t.seek("SMS CHGS SEP").type("p").until("Book to account")
    t.type("5230", "Enter").until("because:").type("found late", "Enter")
    t.until("Its period is closed. Book 1 line, -59.00 INR, to 5230 on "
            "2026-10-01?").type("n")
    assert "SMS CHGS SEP" in str(house.lines())
    t.type("p").until("Book to account").type("5230", "Enter")
    reason(t, "found late", "to 5230 on 2026-10-01?")
    t.until("book: 1 done").until(lambda t: "CHGS SEP" not in t.text())
    one, other = [l["id"] for l in house.lines() if "SMS" in l["text"]
                  and l["day"] == "2026-10-09" or "INCL" in l["text"]][:2]
    assert "book: 2 done" in house.bahi("bank", "book", one, other, "5230",
                                        "into=next", "--reason", "x")
    house.prove()


def test_ages_by_currency(house):
    """Dollars on the account are not counted among its rupees."""
    house.receive("U1", 5000, currency="USD")
    t = opened(house)
    t.until("1000 INR open, days").until("1000 USD open, days")


def test_at_80_columns(house):
    t = opened(house, 24, 80)
    t.seek("BY CASH").until("RCT-26-0002, amount")
    assert all(len(line.rstrip()) <= 80 for line in t.lines())


def test_verbs(house):
    house.month()
    out = house.bahi("bank", code=1)
    assert "BY CASH DADAR" in out and "RCT-26-0002" in out
    lines = {one["text"]: one["id"] for one in json.loads(
        house.bahi("bank", "lines", "--json"))["items"]}
    assert "amount: RCT-26-0002" in house.bahi("bank",
                                               lines["BY CASH DADAR"])
    assert "RCT-26-0003" in house.bahi("bank", "entries")
    assert "1000" in house.bahi("bank", "accounts")
    assert "1000" in house.bahi("bank", "ages", "day=2026-11-20")
    assert "SMS CHGS" not in house.bahi("bank", "lines", "--as-of",
                                        "2026-10-06")
    assert "SMS CHGS" in house.bahi("bank", "lines", "on=2026-10-07")
    assert "RCT-26-0001" in house.bahi("bank", "entries", "--as-of",
                                       "2026-10-05")
    house.bahi("bank", "ages", "--as-of", "2026-10-05")
    house.bahi("bank", "tills", "--as-of", "2026-10-05", code=2)
    house.bahi("bank", "accept", "rule=x", "--as-of", "2026-10-05", code=2)
    assert "RCT" not in house.bahi("bank", "--as-of", "2026-10-05")
    out = house.bahi("bank", "statement", "IN01/1000", "--as-of",
                     "2026-10-31")
    assert out == house.bahi("bank", "statement", "IN01/1000",
                             "day=2026-10-31")
    assert "booked, not yet at the bank: in" in out
    assert house.bahi("bank", "statement", "1000", "day=2026-10-31") == out
    # Of an account that is none: not that of another.
    house.bahi("bank", "statement", "1999", code=1)
    assert "deposits_in_transit" in house.bahi(
        "bank", "statement", "IN01/1000", "--csv")
    # The same as the API says, and what the parts lie between.
    brs, ends = house.brs(), out.splitlines()
    assert "Balance as the bank has it" in ends[0]
    assert "Balance as the ledger has it" in ends[-1]
    [begin] = [line for line in ends if "before the first" in line]
    assert [line.split()[-1].replace(",", "") for line in (
        ends[0], begin, ends[-1])] == [
            brs["bank"], brs["opening"]["off"], brs["ledger"]]
    assert "what no statement told of" not in out
    assert "as 2026-10-01 began: in books 0.00, at the bank" in ends[1]
    assert "RCT" not in house.bahi("bank", "entries", "state=before")
    house.bahi("bank", "tills", "2026-10")
    house.bahi("bank", "payouts")
    assert "accept: 1 done" in house.bahi("bank", "accept", "rule=amount")
    out = house.bahi("bank", "book", lines["SMS CHGS INCL GST"], "5230",
                     "gst=18", "--reason", "charges")
    assert "book: 1 done" in out
    assert "--reason is missing" in house.bahi(
        "bank", "ignore", house.lines()[0]["id"], code=2)
    said = json.loads(house.bahi("bank", "ignore", house.lines()[0]["id"],
                                 "--reason", "why not", "--json"))
    assert "undo: 1 done" in house.bahi("bank", "undo", said["decision"])
    for args in (("dance",), ("match", "L1"), ("book", "L1"), ("accept",),
                 ("ignore", "x"), ("undo",), ("payout",),
                 ("L1", "more")):
        house.bahi("bank", *args, code=2)
