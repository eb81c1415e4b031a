"""Where the statements of an account begin: what is booked before is one
figure beside their opening balance; and what was open on an earlier day."""
import pytest

from banked import Bank

PARTS = {"before_first_statement": "0.00", "deposits_in_transit": "0.00",
         "payments_not_presented": "0.00", "credited_not_booked": "0.00",
         "charged_not_booked": "0.00", "matched_off": "0.00"}


@pytest.fixture
def house():
    one = Bank()
    yield one
    one.close()


def prove(house):
    house.check_books()
    house.prove()


def says(house, day, bank, ledger, unexplained="0.00", **parts):
    """The statement of that day, which adds up whatever it says."""
    got = house.brs(day)
    found = {p["what"]: p["amount"] for p in got["parts"]}
    assert found == dict(PARTS, **parts), (day, got)
    assert (got["bank"], got["ledger"], got["unexplained"]) == (
        bank, ledger, unexplained), (day, got)
    cents = [int(t.replace(".", "")) for t in
             [got["bank"], *found.values(), got["unexplained"]]]
    assert sum(cents) == int(got["ledger"].replace(".", "")), got
    return got


def before(house):
    """Four entries of before; of one the cheque is presented later."""
    house.receive("RCT-26-7001", 900000, "2026-10-01")
    house.receive("OPEN-2", 150000, "2026-10-05")
    house.receive("RENT-09", -50000, "2026-10-06")
    house.receive("CHQ-100233", -75000, "2026-10-08")


def numbers(house, more=""):
    return sorted(e["number"] for e in house.get(
        "/v1/bank/entries?limit=500" + more)["items"])


def test_what_is_before_the_first_statement_is_one_figure(house):
    house.start()
    before(house)
    house.receive("RCT-26-0001", 118000, "2026-10-12")
    house.receive("RCT-26-0009", 40000, "2026-10-30")
    house.take([("2026-10-13", 118000, "NEFT RCT-26-0001"),
                ("2026-10-14", -5900, "CHARGES")], opening=1000000,
               start="2026-10-10")
    # The cheque is not known to be still out: it is what they differ by.
    got = says(house, "2026-10-31", "11121.00", "10830.00", **{
        "before_first_statement": "-750.00", "deposits_in_transit": "400.00",
        "charged_not_booked": "59.00"})
    assert got["opening"] == {"day": "2026-10-10", "bank": "10000.00",
                              "ledger": "9250.00", "off": "-750.00"}
    assert got["parts"][0]["n"] == 4 and got["parts"][0]["items"] == []
    assert numbers(house) == ["RCT-26-0009"]
    assert numbers(house, "&state=before") == [
        "CHQ-100233", "OPEN-2", "RCT-26-7001", "RENT-09"]
    [account] = house.get("/v1/bank/accounts")["items"]
    assert (account["entries"], account["opening"]) == (1, "2026-10-10")
    [ages] = house.get("/v1/bank/ages?day=2026-11-20")["items"]
    assert [a["n"] for a in ages["entries"]] == [0, 1, 0, 0]
    # Presented, it is known; and it was out on all days before.
    house.take([("2026-11-02", -75000, "CHQ 100233 PAID CHQ-100233")],
               opening=1112100, day="2026-11-02", start="2026-11-01")
    got = says(house, "2026-11-02", "10371.00", "10830.00", **{
        "deposits_in_transit": "400.00", "charged_not_booked": "59.00"})
    assert got["opening"]["ledger"] == "10000.00"
    says(house, "2026-10-31", "11121.00", "10830.00", **{
        "payments_not_presented": "-750.00", "deposits_in_transit": "400.00",
        "charged_not_booked": "59.00"})
    # In the middle of a statement, and before any.
    says(house, "2026-10-13", "11180.00", "10430.00", **{
        "payments_not_presented": "-750.00"})
    says(house, "2026-10-05", "0.00", "10500.00", **{
        "before_first_statement": "10500.00"})
    prove(house)


def rule(house, opening):
    answer = house.api("POST", "/v1/reference/bank_rule", (
        "account,tolerance,days,auto,opening\n1000,0,5,certain,%s\n"
        % opening).encode(), {"Content-Type": "text/csv"})
    return answer.status


def test_a_day_that_is_said(house):
    """What a person says goes before what statements say; days before it are
    one figure, lines and entries."""
    house.start()
    before(house)
    house.receive("RCT-26-0001", 118000, "2026-10-12")
    house.receive("RCT-26-0002", 30000, "2026-10-28")
    house.receive("RCT-26-0003", 20000, "2026-10-29")
    house.take([("2026-10-13", 118000, "NEFT RCT-26-0001"),
                ("2026-10-14", -5900, "CHARGES"),
                ("2026-10-30", 7700, "BY CASH")], opening=1000000,
               start="2026-10-10")
    house.take([("2026-11-02", 30000, "NEFT RCT-26-0002"),
                ("2026-11-03", -100, "SMS")],
               opening=1119800, day="2026-11-03", start="2026-11-01")
    assert rule(house, "2026-13-01") == 400
    assert rule(house, "2026-11-01") < 300
    house.settled()
    house.receive("LATE-1", 7700, "2026-11-03")
    house.settled()
    assert numbers(house) == ["LATE-1"]
    got = says(house, "2026-11-03", "11497.00", "11007.00", **{
        "before_first_statement": "-568.00", "deposits_in_transit": "77.00",
        "charged_not_booked": "1.00"})
    assert got["opening"] == {"day": "2026-11-01", "bank": "11198.00",
                              "ledger": "10630.00", "off": "-568.00"}
    # Booked late, a line of before is one of the days since.
    [cash] = [l for l in house.lines() if l["text"] == "BY CASH"]
    [late] = house.entries()
    house.act("match", [cash], entries=[late["id"]], reason="the slip")
    got = says(house, "2026-11-03", "11497.00", "11007.00", **{
        "before_first_statement": "-491.00", "charged_not_booked": "1.00"})
    says(house, "2026-11-01", "11198.00", "10930.00", **{
        "before_first_statement": "-491.00", "credited_not_booked": "-77.00",
        "deposits_in_transit": "300.00"})
    assert rule(house, "") < 300
    [account] = house.get("/v1/bank/accounts")["items"]
    assert account["opening"] == "2026-10-10"
    prove(house)


def test_what_is_reversed_is_in_no_figure(house):
    house.start()
    before(house)
    house.take([("2026-10-14", -5900, "CHARGES")], opening=1000000,
               start="2026-10-10")
    [event] = [e for e in house.get("/v1/events?state=posted")["items"]
               if "OPEN-2" in str(e)]
    answer = house.api("POST", "/v1/decisions", {
        "action": "reverse", "reason": "never came",
        "events": [{"id": event["id"], "version": event["version"]}]})
    assert answer.status == 200, answer.body
    house.settled()
    says(house, "2026-10-31", "9941.00", "7750.00", **{
        "before_first_statement": "-2250.00", "charged_not_booked": "59.00"})
    prove(house)


def test_an_older_statement_comes_later(house):
    house.start()
    before(house)
    house.take([("2026-10-15", -5900, "CHARGES")], opening=1000000,
               start="2026-10-05")
    [account] = house.get("/v1/bank/accounts")["items"]
    assert account["opening"] == "2026-10-05"
    assert numbers(house) == ["CHQ-100233", "OPEN-2", "RENT-09"]
    house.take([("2026-10-04", 900000, "NEFT RCT-26-7001")], opening=100000,
               start="2026-10-02", day="2026-10-04")
    [account] = house.get("/v1/bank/accounts")["items"]
    assert account["opening"] == "2026-10-02"
    # What it tells of was booked before it began, and is named for that.
    says(house, "2026-10-31", "9941.00", "9250.00", **{
        "before_first_statement": "-1000.00",
        "deposits_in_transit": "1500.00", "charged_not_booked": "59.00",
        "payments_not_presented": "-1250.00"})
    prove(house)


@pytest.mark.parametrize("turned", [False, True])
def test_a_later_statement_tells_of_an_earlier_day(house, turned):
    """Then that is the first day; what it opened with stays, whichever of both
    came first."""
    statements = [
        ([("2026-10-13", 7700, "BY CASH")], {
            "opening": 1000000, "start": "2026-10-10", "day": "2026-10-14"}),
        ([("2026-10-07", -5900, "CHARGES"), ("2026-10-20", 100, "INTEREST")],
         {"opening": 1007700, "start": "2026-10-14", "day": "2026-10-20"})]
    house.start()
    before(house)
    for lines, more in reversed(statements) if turned else statements:
        house.take(lines, **more)
    [account] = house.get("/v1/bank/accounts")["items"]
    assert account["opening"] == "2026-10-07"
    assert numbers(house) == ["CHQ-100233"]
    says(house, "2026-10-31", "10019.00", "9250.00", **{
        "payments_not_presented": "-750.00", "charged_not_booked": "59.00",
        "credited_not_booked": "-78.00"})
    prove(house)


def test_no_statement_says_where_it_begins(house):
    """Nothing is hidden; and of a day that a person says, what was at the
    bank then is what the lines since leave."""
    rule_file = house.home / "rules/map/bank/statement.sql"
    rule_file.write_text(rule_file.read_text().split("UNION ALL")[0])
    house.start()
    before(house)
    house.take([("2026-10-13", 7700, "BY CASH")], opening=1000000,
               start="2026-10-10", day="2026-10-14")
    [account] = house.get("/v1/bank/accounts")["items"]
    assert account["opening"] is None
    got = house.brs()
    assert len(numbers(house)) == 4 and got["opening"] is None
    assert got["unexplained"] == "-10000.00"
    assert rule(house, "2026-10-10") < 300
    house.settled()
    assert numbers(house) == []
    got = says(house, "2026-10-31", "10077.00", "9250.00", **{
        "before_first_statement": "-750.00", "credited_not_booked": "-77.00"})
    assert got["opening"]["bank"] == "10000.00"
    prove(house)


# ---- an earlier day ---------------------------------------------------------

def counted(side):
    return [a["n"] for a in side]


def test_what_was_open_on_an_earlier_day(house):
    """By the days of lines and entries, whenever they were matched."""
    house.start()
    house.receive("RCT-26-0001", 118000, "2026-10-05")
    house.receive("RCT-26-0002", 30000, "2026-10-28")
    house.receive("RCT-26-0004", 7700, "2026-11-05")
    house.take([("2026-10-06", 118000, "NEFT RCT-26-0001"),
                ("2026-10-09", -5900, "CHARGES"),
                ("2026-10-20", 7700, "NEFT RCT-26-0004"),
                ("2026-10-28", -29500, "CHQ RETURN CHGS")], opening=0)
    house.take([("2026-11-02", 30000, "NEFT RCT-26-0002"),
                ("2026-11-03", 29500, "REV CHQ RETURN CHGS")],
               opening=90300, start="2026-11-01", day="2026-11-03")
    house.act("accept", where={"account": "1000", "rule": "reversed"})
    assert [l["text"] for l in house.lines()] == ["CHARGES"]
    assert house.entries() == []

    def was(day, part=""):
        page = house.get("/v1/bank/%s?on=%s&limit=2" % (part, day))
        out = page["items"]
        while page["next"]:
            page = house.get("/v1/bank/%s?on=%s&limit=2&after=%s" % (
                part, day, page["next"]))
            out += page["items"]
        return [one.get("number") or one["text"] if part == "entries"
                else one["text"] for one in out]

    assert was("2026-10-31", "lines") == [
        "CHARGES", "NEFT RCT-26-0004", "CHQ RETURN CHGS"]
    assert was("2026-10-31", "entries") == ["RCT-26-0002"]
    assert was("2026-11-03", "lines") == ["CHARGES", "NEFT RCT-26-0004"]
    assert was("2026-11-05", "lines") == ["CHARGES"]
    assert was("2026-10-05", "lines") == []
    assert was("2026-10-05", "entries") == ["RCT-26-0001"]
    ages = house.get("/v1/bank/ages?on=2026-10-31")
    [one] = ages["items"]
    assert (ages["on"], ages["day"]) == ("2026-10-31", "2026-10-31")
    assert counted(one["lines"]) == [1, 2, 0, 0]
    assert counted(one["entries"]) == [1, 0, 0, 0]
    assert (one["lines"][0]["out"], one["lines"][1]["in"],
            one["lines"][1]["out"]) == ("-295.00", "77.00", "-59.00")
    # It is what the reconciliation statement of that day says.
    got = house.get("/v1/bank/statement?on=2026-10-31")
    parts = {p["what"]: p["amount"] for p in got["parts"]}
    assert got["day"] == "2026-10-31" and got["unexplained"] == "0.00"
    assert (parts["deposits_in_transit"], parts["credited_not_booked"],
            parts["charged_not_booked"], parts["matched_off"]) == (
        "300.00", "-77.00", "59.00", "295.00")
    # What is open now is not what was: its own figures stay.
    [now] = house.get("/v1/bank/ages?day=2026-10-31")["items"]
    assert counted(now["lines"]) == [0, 1, 0, 0]
    for path in ("lines?on=x", "entries?on=2026-02-30", "ages?on=2026",
                 "ages?on=2026-10-31&day=2026-11-01",
                 "lines?on=2026-10-31&state=matched"):
        assert house.api("GET", "/v1/bank/" + path).status == 400, path
    prove(house)
