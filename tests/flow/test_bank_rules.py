"""How an account is paired is master data: tolerance, days, and what is
matched by itself."""
import json

import pytest

import banked
from banked import Bank, statement


def made(**rule):
    house = Bank(**rule)
    house.start()
    return house


def rules_of(house, state="matched"):
    return sorted((one["match"] or one["suggestion"] or {}).get("rule", "-")
                  for one in house.lines(state))


@pytest.mark.parametrize("auto,matched", [
    ("no", []), ("certain", ["reference"]),
    ("likely", ["amount", "day", "reference"])])
def test_what_is_matched_by_itself(auto, matched):
    house = made(auto=auto)
    try:
        house.receive("RCT-26-0001", 1180000)
        house.receive("RCT-26-0002", 590000, "2026-10-06")
        house.receive("RCT-26-0003", 77700)
        house.receive("RCT-26-0004", 500)
        house.receive("RCT-26-0005", 500)
        house.take([("2026-10-06", 1180000, "NEFT RCT-26-0001"),
                    ("2026-10-06", 590000, "BY CASH"),
                    ("2026-10-07", 77700, "BY CASH"),
                    ("2026-10-07", 500, "BY CASH")])
        assert rules_of(house) == matched
        # Two fit the last: it is nobody's, whatever the rule says.
        left = [one for one in house.lines() if one["amount"] == "5.00"]
        assert [one["suggestion"]["sure"] for one in left] == ["maybe"]
        house.check_books()
        house.prove()
    finally:
        house.close()


@pytest.mark.parametrize("tolerance,off,matched", [
    ("0", 0, 1), ("0", -500, 0), ("5.00", -500, 1), ("5.00", -501, 0),
    ("5.00", 500, 1)])
def test_tolerance(tolerance, off, matched):
    house = made(tolerance=tolerance)
    try:
        house.receive("RCT-26-0001", 100000)
        house.take([("2026-10-06", 100000 + off, "NEFT RCT-26-0001")])
        assert len(house.lines("matched")) == matched
        got = house.brs()
        parts = {p["what"]: p["amount"] for p in got["parts"]}
        assert (got["opening"]["off"], got["unexplained"]) == (
            "-1000000.00", "0.00"), got
        if matched:
            assert parts["matched_off"] == "%.2f" % (-off / 100) or off == 0
        else:
            [one] = house.lines()
            assert one["suggestion"]["rule"] == "off"
            # A person may not do what the rule does not allow either.
            [entry] = house.entries()
            house.act("match", [one], 422, entries=[entry["id"]])
        house.prove()
    finally:
        house.close()


YEN = ("code,name,entity,kind,extra,from,to\n"
       "IN01,Sahyadri Traders Pvt Ltd,,company,JPY,,\n"
       "IN02,Sahyadri Digital Services Pvt Ltd,,company,INR,,\n")
MONEY = ("code,name,entity,kind,extra,from,to\n"
         "INR,Indian rupee,,money,2,,\nJPY,Yen,,money,0,,\n")


def test_a_tolerance_of_five_is_five_yen(monkeypatch):
    """What has no decimals is not tolerated a hundred times over."""
    house = Bank(tolerance="5")
    monkeypatch.setattr(banked, "statement", lambda *args, **how: statement(
        *args, **how).replace("INR", "JPY"))
    house.csv("currency", MONEY)
    house.csv("entity", YEN)
    house.start()
    try:
        house.receive("RCT-26-0001", 1000, currency="JPY")
        house.take([("2026-10-06", 99000, "NEFT RCT-26-0001")])
        [line], [entry] = house.lines(), house.entries()
        assert (line["amount"], entry["amount"]) == ("990", "1000")
        house.act("match", [line], 422, entries=[entry["id"]])
    finally:
        house.close()


def test_what_a_better_rule_does_not_say_is_no_line():
    """An event that failed is judged again: a line that should never have
    been one is gone."""
    house = Bank(unknown=False)
    house.start()
    try:
        house.take([("2026-10-06", -5000, "MEMO ONLY"),
                    ("2026-10-06", -6000, "CHEQUE 000118")])
        memo, other = sorted(house.lines(), key=lambda one: -float(
            one["amount"]))
        assert memo["event_state"] == other["event_state"] == "failed"
        house.stop()
        rule = house.home / "rules/map/bank/entry.sql"
        head, bank = rule.read_text().split("-- name: bank")
        rule.write_text(head + "-- name: bank" + bank.rstrip() +
                        "\n\tAND :body ->> '$.details' NOT LIKE 'MEMO%'\n")
        house.start()
        for one in (memo, other):
            event = house.get("/v1/events/" + one["event"])
            answer = house.api("POST", "/v1/decisions", {
                "action": "retry", "events": [
                    {"id": one["event"], "version": event["version"]}]})
            assert answer.status == 200, answer.body
        house.settled()
        assert [one["id"] for one in house.lines()] == [other["id"]]
        house.prove()
    finally:
        house.close()


def test_days():
    house = made(auto="likely", days=2)
    try:
        house.receive("A-1", 70000, "2026-10-05")
        house.receive("A-2", 80000, "2026-10-05")
        house.take([("2026-10-07", 70000, "BY CASH"),
                    ("2026-10-08", 80000, "BY CASH")])
        assert [one["amount"] for one in house.lines("matched")] == ["700.00"]
        # A wider rule is looked at again at once.
        answer = house.api("POST", "/v1/reference/bank_rule",
                           b"account,tolerance,days,auto,opening\n"
                           b"1000,0,3,likely,\n",
                           {"Content-Type": "text/csv"})
        assert answer.status < 300, answer.body
        house.settled()
        assert len(house.lines("matched")) == 2
        house.prove()
    finally:
        house.close()


def test_rows_that_are_refused():
    house = made()
    try:
        for row in ("1000,x,5,no,", "1000,-1,5,no,", "1000,0,,no,",
                    "1000,0,91,no,", "1000,0,5,always,", ",0,5,no,",
                    "1000,0,5,no,2026-02-30", "1000,0,5,no"):
            answer = house.api("POST", "/v1/reference/bank_rule", (
                "account,tolerance,days,auto,opening\n%s\n" % row).encode(),
                {"Content-Type": "text/csv"})
            assert answer.status == 400, (row, answer.body)
            assert ("fields" in answer.json["detail"]) == (
                row.count(",") < 4), answer.body
        [row] = house.get("/v1/reference/bank_rule")["items"]
        assert row["auto"] == "certain", json.dumps(row)
    finally:
        house.close()


def test_a_policy_holds_what_is_booked():
    """What a policy wants approved waits, and the line with it; it is not
    booked twice meanwhile. Rejected, it is open as before."""
    house = Bank()
    try:
        house.csv("policy", "policy,kind,entity,amount,second,third,role,"
                  "expires\nmanual,settlement,*,,,,approver,72\n")
        house.start()
        house.take([("2026-10-06", -5900, "SMS CHGS")])
        [one] = house.lines()
        said = house.act("book", [one], account="5230", reason="charges")
        assert (said["done"], said["held"]) == (1, 1)
        [one] = house.lines()
        assert one["number"].startswith("BNK-") and one["said"]["reason"] == \
            "charges"
        assert "approval" in house.act("book", [one], 422,
                                       account="5230")["detail"]
        assert house.check_books()["states"]["held"] == 1
        house.prove()
    finally:
        house.close()


def test_the_close_board_waits_for_lines():
    house = made()
    try:
        house.take([("2026-10-06", -5900, "SMS CHGS"),
                    ("2026-11-06", -100, "SMS CHGS")])

        def line(period):
            [one] = [i for i in house.get(
                "/v1/close?entity=IN01&period=" + period)["items"]
                if i["line"] == "settlement"]
            return one["ok"], one["count"]

        assert line("2026-10") == (False, 1)
        assert line("2026-11") == (False, 2)
        first = [one for one in house.lines() if one["day"] < "2026-11"]
        house.act("ignore", first, reason="of another company")
        assert line("2026-10") == (True, 0)
    finally:
        house.close()


def test_a_line_of_a_closed_period_is_booked_in_the_next_open_one():
    """Only when a person says the day: charges and interest, each with its
    own day in what is written, and on the books of that day."""
    house = Bank()
    try:
        house.start()
        house.take([("2026-09-07", -5900, "SMS CHGS SEP"),
                    ("2026-09-30", 33000, "INTEREST CREDIT"),
                    ("2026-10-08", -200, "LOCKER RENT")])
        lines = {one["text"]: one for one in house.lines()}
        assert {text: one["into"] for text, one in lines.items()} == {
            "SMS CHGS SEP": "2026-10-01", "INTEREST CREDIT": "2026-10-01",
            "LOCKER RENT": None}
        charge = [lines["SMS CHGS SEP"]]
        why = house.act("book", charge, 422, account="5230")["detail"]
        assert "closed" in why and "2026-10-01" in why
        for into, status in (("x", 400), ("2026-09-30", 422),
                             ("2026-09-01", 422), ("2031-01-01", 422)):
            house.act("book", charge, status, account="5230", into=into)
        # What is owed by or to somebody is not moved to another month.
        why = house.act("book", charge, 422, account="1100",
                        into="next")["detail"]
        assert "charges" in why
        said = house.act("book", charge, account="5230", gst="18",
                         into="2026-10-01", reason="forgotten")
        assert said["done"] == 1
        [one] = house.lines("matched")
        whole = house.get("/v1/bank/lines/" + one["id"])
        [entry] = whole["with"]["entries"]
        assert entry["day"] == "2026-10-01"
        document = house.get("/v1/documents/" + entry["document"])
        body = document["document_body"]
        assert (body["date"], body["posting_date"]) == (
            "2026-09-07", "2026-10-01")
        assert body["memo"] == "2026-09-07 SMS CHGS SEP"
        # Of several, one whose period is open stays on its own day.
        said = house.act("book", house.lines(), account="5230", into="next")
        assert (said["done"], said["left"]) == (2, 0), said
        days = {one["text"]: house.get("/v1/bank/lines/" + one["id"])["with"][
            "entries"][0]["day"] for one in house.lines("matched")}
        assert days == {"SMS CHGS SEP": "2026-10-01", "INTEREST CREDIT":
                        "2026-10-01", "LOCKER RENT": "2026-10-08"}
        got = house.get("/v1/bank/statement?day=2026-09-30")
        parts = {p["what"]: p["amount"] for p in got["parts"]}
        assert parts["charged_not_booked"] == "59.00"
        house.check_books()
        house.prove()
    finally:
        house.close()
