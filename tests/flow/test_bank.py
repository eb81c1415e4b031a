"""Lines of a bank beside the ledger: what is matched by itself, what people
say of the rest, and that a rebuild says the same."""
import shutil

import pytest

from banked import Bank, statement
from free import doc
from house import ROOT
from test_correct import body_of, correct


@pytest.fixture
def house():
    one = Bank()
    yield one
    one.close()


def by_text(lines):
    return {one["text"]: one for one in lines}


def prove(house):
    house.check_books()
    house.prove()


def test_a_reference_matches_by_itself(house):
    house.start()
    house.receive("RCT-26-0001", 1180000)
    house.receive("RCT-26-0002", 590000)
    house.take([("2026-10-06", 1180000, "NEFT KONKAN RCT-26-0001"),
                ("2026-10-06", 400000, "NEFT SOMEBODY ELSE")])
    [one] = house.lines("matched")
    assert one["match"]["rule"] == "reference"
    assert one["match"]["by"] == "RCT260001"
    assert one["match"]["actor"] == "bahid"
    [left] = house.lines()
    assert left["amount"] == "4000.00" and left["suggestion"] is None
    [entry] = house.entries()
    assert entry["number"] == "RCT-26-0002"
    whole = house.get("/v1/bank/lines/" + one["id"])
    assert [i["number"] for i in whole["with"]["entries"]] == ["RCT-26-0001"]
    # Which of the two came first does not matter.
    house.receive("RCT-26-0003", 400000, "2026-10-05")
    house.settled()
    [left] = house.lines()
    assert left["suggestion"]["rule"] == "amount"
    assert left["suggestion"]["sure"] == "likely"
    assert left["suggestion"]["first"]["number"] == "RCT-26-0003"
    prove(house)


def test_its_own_document_is_no_question():
    """A line that books itself is matched as it posts; when its document is
    undone, it is open again."""
    house = Bank("bank-t,account,type:NCHG,5230\n")
    try:
        house.start()
        house.take([("2026-10-06", -5900, "CHGS INCL GST", "NONREF", "NCHG")])
        [one] = house.lines("matched")
        assert one["match"]["rule"] == "own" and house.entries() == []
        answer = house.api("POST", "/v1/decisions", {
            "action": "reverse", "reason": "not ours",
            "events": [{"id": one["event"], "version": 1}]})
        assert answer.status == 200, answer.body
        house.settled()
        [one] = house.lines()
        assert one["match"] is None and house.entries() == []
        assert house.brs()["ledger"] == "0.00"
        prove(house)
    finally:
        house.close()


def test_a_payout_is_the_sum_of_what_it_names(house):
    house.start()
    for n, amount in ((1, 60000), (2, 50000), (3, -1180)):
        house.receive("P%d" % n, amount, order="AXISN26101400047")
    house.take([("2026-10-07", 108820, "AXISN26101400047 GATEWAY SETTLEMENT")])
    [one] = house.lines("matched")
    assert one["match"]["rule"] == "references"
    whole = house.get("/v1/bank/lines/" + one["id"])
    assert sorted(i["amount"] for i in whole["with"]["entries"]) == [
        "-11.80", "500.00", "600.00"]
    prove(house)


def test_two_that_fit_are_nobodys_to_choose(house):
    """Never by itself; a person does, with one of them, and takes it back."""
    house.start()
    house.receive("A-1", 70000, "2026-10-05")
    house.receive("A-2", 70000, "2026-10-06")
    house.take([("2026-10-06", 70000, "BY CASH")])
    [one] = house.lines()
    assert one["suggestion"]["sure"] == "maybe"
    assert one["suggestion"]["alike"] == 1
    assert one["suggestion"]["first"]["number"] == "A-2"
    first = [e for e in house.entries() if e["number"] == "A-1"]
    said = house.act("match", [one], entries=[first[0]["id"]],
                     reason="the slip says so")
    assert said["done"] == 1 and house.lines() == []
    [matched] = house.lines("matched")
    assert matched["match"]["rule"] == "hand"
    assert matched["match"]["reason"] == "the slip says so"
    assert matched["match"]["decision"] == said["decision"]
    # It is taken, and so is what it was matched with.
    house.act("match", [one], 422, entries=[first[0]["id"]])
    assert house.act("undo", decision=said["decision"])["done"] == 1
    assert len(house.lines()) == 1 and len(house.entries()) == 2
    house.act("undo", status=404, decision=said["decision"])
    prove(house)


def test_what_was_taken_apart_is_not_joined_again(house):
    house.start()
    house.receive("RCT-26-0001", 1180000)
    house.take([("2026-10-06", 1180000, "NEFT KONKAN RCT-26-0001")])
    [one] = house.lines("matched")
    said = house.act("unmatch", [one], reason="another invoice")
    [one] = house.lines()
    assert one["said"]["reason"] == "another invoice"
    assert one["suggestion"]["sure"] == "certain"
    house.receive("RCT-26-0009", 900000)        # something moves
    house.settled()
    assert len(house.lines()) == 1
    house.act("undo", decision=said["decision"])
    [one] = house.lines("matched")
    assert one["match"]["rule"] == "reference"
    prove(house)


def test_booking_learns(house):
    """Charges with GST in them, booked by hand once, are suggested the next
    time and accepted with one word."""
    house.start()
    house.take([("2026-10-06", -5900, "SMS CHGS INCL GST 0610")])
    [one] = house.lines()
    assert one["suggestion"] is None
    said = house.act("book", [one], account="5230", gst="18", supply="intra",
                     reason="quarterly")
    assert (said["done"], said["held"]) == (1, 0)
    [one] = house.lines("matched")
    assert one["match"]["rule"] == "own"
    book = {i["account"]: i["balance"]
            for i in house.get("/v1/trial-balance")["items"]}
    assert (book["1000"], book["5230"], book["1300"], book["1310"]) == (
        "-59.00", "50.00", "4.50", "4.50")
    house.take([("2026-10-07", -5900, "SMS CHGS INCL GST 0710"),
                ("2026-10-07", 5900, "SMS CHGS INCL GST BACK"),
                ("2026-10-08", -2000, "SMS CHGS INCL GST 0810")])
    lines = by_text(house.lines())
    found = {text: (one["suggestion"] or {}).get("account")
             for text, one in lines.items()}
    assert found == {"SMS CHGS INCL GST 0710": "5230",
                     "SMS CHGS INCL GST BACK": None,    # the other way
                     "SMS CHGS INCL GST 0810": "5230"}
    said = house.act("accept", where={"account": "1000", "rule": "habit"})
    assert said["done"] == 2
    [left] = house.lines()
    assert left["text"] == "SMS CHGS INCL GST BACK"
    # What cannot be booked is refused, and nothing is left of it.
    house.act("book", [left], 422, account="9999")
    house.act("book", [left], 422, account="1000")
    assert house.check_books()["states"]["failed"] == 0
    prove(house)


def test_what_is_booked_is_not_booked_twice(house):
    """Taken apart from its own document, a line is still in the books."""
    house.start()
    house.take([("2026-10-06", -5900, "SMS CHGS")])
    [one] = house.lines()
    house.act("book", [one], account="5230", reason="charges")
    house.act("unmatch", [one], reason="let me see")
    [one], [entry] = house.lines(), house.entries()
    assert "already" in house.act("book", [one], 422,
                                  account="5230")["detail"]
    book = {i["account"]: i["balance"]
            for i in house.get("/v1/trial-balance")["items"]}
    assert book == {"1000": "-59.00", "5230": "59.00"}
    # Reversed, it is in no books, and may be booked again.
    event = house.get("/v1/events?state=posted")["items"][0]
    answer = house.api("POST", "/v1/decisions", {
        "action": "reverse", "reason": "wrong account",
        "events": [{"id": event["id"], "version": event["version"]}]})
    assert answer.status == 200, answer.body
    house.settled()
    assert house.act("book", [one], account="5240")["done"] == 1
    assert house.lines() == [] and house.entries() == []
    prove(house)


def test_undo_says_what_it_leaves(house):
    """Of a decision that matched and booked, what is booked stays."""
    house.start()
    house.take([("2026-10-06", -5900, "SMS CHGS")])
    house.act("book", house.lines(), account="5230")
    house.receive("A-1", 7700)
    house.take([("2026-10-07", -5900, "SMS CHGS"),
                ("2026-10-08", 7700, "BY CASH")])
    said = house.act("accept", where={"account": "1000"})
    assert said["done"] == 2
    back = house.act("undo", decision=said["decision"])
    assert (back["done"], back["left"]) == (1, 1)
    [left] = back["items"]
    assert "reverse its document BNK-" in left["why"]
    assert [l["amount"] for l in house.lines()] == ["77.00"]
    prove(house)


def test_ignored_and_not(house):
    house.start()
    house.take([("2026-10-06", 100, "PENNY DROP TEST"),
                ("2026-10-06", 200, "OTHER")])
    one = by_text(house.lines())["PENNY DROP TEST"]
    house.act("ignore", [one], 400)
    said = house.act("ignore", [one], reason="the bank tests accounts")
    assert [l["text"] for l in house.lines()] == ["OTHER"]
    [gone] = house.lines("ignored")
    assert gone["said"]["reason"] == "the bank tests accounts"
    house.act("match", [gone], 422, entries=["N1"])
    house.act("undo", decision=said["decision"])
    assert len(house.lines()) == 2
    house.act("ignore", [one], reason="again")
    house.act("restore", [one])
    assert len(house.lines()) == 2 and house.lines("ignored") == []
    prove(house)


def test_what_failed_is_settled_by_its_match():
    """Without @unknown a line that nobody knows fails, and waits in the work
    list. Matched, it is not to be posted once more."""
    house = Bank(unknown=False)
    try:
        house.start()
        house.take([("2026-10-06", 1180000, "NEFT RCT-26-0001", "X77"),
                    ("2026-10-06", 500, "NEFT WHAT", "X78")])
        assert house.check_books()["states"]["failed"] == 2
        house.receive("RCT-26-0001", 1180000)
        house.settled()
        states = house.check_books()["states"]
        assert (states["failed"], states["dismissed"]) == (1, 1)
        [one] = house.lines()
        assert one["event_state"] == "failed"
        house.act("ignore", [one], reason="not ours")
        assert house.check_books()["states"]["dismissed"] == 2
        prove(house)
    finally:
        house.close()


def test_the_statement_explains_the_difference(house):
    """As accountants know it: from the bank's balance to the ledger's."""
    house.start()
    house.receive("RCT-26-0001", 1180000, "2026-10-05")
    house.receive("RCT-26-0002", 250000, "2026-10-30")    # still on its way
    house.receive("CHQ-100233", -75000, "2026-10-29")     # not presented
    house.take([("2026-10-06", 1180000, "NEFT RCT-26-0001"),
                ("2026-10-08", 33000, "INTEREST CREDIT"),
                ("2026-10-09", -5900, "CHARGES")], opening=0)
    got = house.brs()
    assert (got["bank"], got["ledger"], got["unexplained"]) == (
        "12071.00", "13550.00", "0.00")
    parts = {p["what"]: (p["n"], p["amount"]) for p in got["parts"]}
    assert parts == {
        "before_first_statement": (0, "0.00"), "deposits_in_transit": (1, "2500.00"),
        "payments_not_presented": (1, "-750.00"),
        "credited_not_booked": (1, "-330.00"),
        "charged_not_booked": (1, "59.00"), "matched_off": (0, "0.00")}
    # On an earlier day it is as it was then, whatever was matched since.
    house.take([("2026-11-03", 250000, "NEFT RCT-26-0002")],
               opening=1207100, day="2026-11-03")
    assert house.brs() == got
    assert {p["what"]: p["n"] for p in house.brs("2026-11-03")["parts"]}[
        "deposits_in_transit"] == 0
    ages = house.get("/v1/bank/ages?day=2026-11-20")["items"]
    [one] = ages
    assert [a["n"] for a in one["lines"]] == [0, 0, 2, 0]
    assert [a["n"] for a in one["entries"]] == [0, 1, 0, 0]
    [account] = house.get("/v1/bank/accounts")["items"]
    assert (account["lines"], account["entries"], account["statement"],
            account["holder"]) == (2, 1, "14571.00", "50100012345678")
    prove(house)


def test_what_is_open_is_kept_over_a_kill(house):
    house.start()
    house.receive("RCT-26-0001", 1180000)
    house.take([("2026-10-06", 1180000, "NEFT RCT-26-0001"),
                ("2026-10-07", 100, "X")], wait=False)
    house.kill()
    house.start()
    house.settled()
    assert len(house.lines("matched")) == 1 and len(house.lines()) == 1
    prove(house)


def test_refusals(house):
    house.start()
    house.take([("2026-10-06", 100, "X")])
    [one] = house.lines()
    for body, status in (
            ({}, 400), ({"act": "dance", "lines": [one["id"]]}, 400),
            ({"act": "pair", "lines": [one["id"]]}, 400),
            ({"act": "match", "lines": [one["id"]]}, 400),
            ({"act": "match", "lines": ["E1"], "entries": ["N1"]}, 400),
            ({"act": "match", "lines": [one["id"]], "entries": ["N1"]}, 422),
            ({"act": "match", "lines": [one["id"], one["id"]],
              "entries": ["N1"]}, 422),
            ({"act": "accept", "lines": [one["id"]]}, 422),
            ({"act": "accept", "lines": [one["id"]], "where": {}}, 400),
            ({"act": "ignore", "where": {}, "reason": "x"}, 400),
            ({"act": "unmatch", "lines": [one["id"]]}, 422),
            ({"act": "restore", "lines": [one["id"]]}, 422),
            ({"act": "book", "lines": [one["id"]]}, 400),
            ({"act": "book", "lines": [one["id"]], "account": "5230",
              "gst": "x"}, 400),
            ({"act": "book", "lines": [one["id"]], "account": "5230",
              "gst": "18", "supply": "elsewhere"}, 400),
            ({"act": "ignore", "lines": ["L99999999"], "reason": "x"}, 422),
            ({"act": "ignore", "lines": [], "reason": "x"}, 400),
            ({"act": "undo", "decision": "E12"}, 400),
            ({"act": "undo", "decision": "D1"}, 404)):
        answer = house.api("POST", "/v1/bank/act", body)
        assert answer.status == status, (body, answer.body)
    for path, status in (("lines?state=some", 400), ("lines?after=E1", 400),
                         ("lines/L1", 404), ("lines/x", 404),
                         ("statement", 200), ("ages?day=x", 400),
                         ("statement?of=IN02/1000", 404),
                         ("statement?day=x", 400),
                         ("statement?entity=IN01&account=9999", 404)):
        assert house.api("GET", "/v1/bank/" + path).status == status, path
    assert len(house.lines()) == 1
    prove(house)


ROUND = [("2026-10-06", 100000, "NEFT CR-ICIC0000104-KONKAN MART-INV 118822"),
         ("2026-10-06", 2500, "BY CASH"),
         ("2026-10-07", -5900, "SMS CHGS Q2", "NONREF", "NCHG")]


def overlapping(house, lines, more):
    """The same lines in the next statement, as a bank has them: with the same
    references of its own, under another number."""
    house.take(lines, opening=0)
    text = statement(lines + more, number=house.n, opening=0).replace(
        ":28C:%05d" % house.n, ":28C:00099")
    part = house.folder / ".again"
    part.write_text(text)
    part.rename(house.folder / "again.sta")
    done = house.folder / "done" / "again.sta.report.json"
    house.until(done.exists)
    house.settled()


def real_rules(house):
    for kind in ("payment", "settlement"):
        shutil.copy(ROOT / ("data/rules/post/%s.sql" % kind),
                    house.home / "rules/post")


def test_statements_that_overlap_post_once():
    """What another statement said before is not booked again, and nobody's to
    match but a person's."""
    house = Bank("bank-t,party,KONKAN MART,b2b_deccan\n"
                 "bank-t,account,type:NCHG,5230\n"
                 "bank-t,account,@receivable,1100\n")
    try:
        real_rules(house)
        house.start()
        overlapping(house, ROUND, [("2026-10-08", 700, "UPI/628012/3")])
        book = {i["account"]: i["balance"]
                for i in house.get("/v1/trial-balance")["items"]}
        assert book == {"1000": "941.00", "1100": "-1000.00",
                        "5230": "59.00"}
        again = {one["text"]: one for one in house.lines() if one["before"]}
        assert sorted(again) == ["BY CASH", "NEFT CR-ICIC0000104-KONKAN "
                                 "MART-INV 118822", "SMS CHGS Q2"]
        one = again["SMS CHGS Q2"]
        first = house.get("/v1/bank/lines/" + one["before"])
        assert (first["text"], first["state"]) == (one["text"], "matched")
        assert one["event_state"] == "failed"
        [finding] = house.get("/v1/events/" + one["event"])["findings"]
        assert (finding["code"], finding["value"]) == ("bank.repeated",
                                                       one["before"])
        # It may be other money for all that, which a person says.
        house.act("book", [one], account="5230", reason="two of them")
        house.act("ignore", [again["BY CASH"]], reason="overlap")
        house.act("ignore", [again[ROUND[0][2]]], reason="overlap")
        assert house.check_books()["states"]["failed"] == 0
        prove(house)
    finally:
        house.close()


def test_the_first_of_two_that_failed_is_posted():
    """Both statements came before their customer was known: judged again, the
    one that said it first posts, and the other does not."""
    house = Bank("bank-t,account,@receivable,1100\n", unknown=False)
    try:
        real_rules(house)
        house.start()
        overlapping(house, ROUND[:1], [])
        assert house.check_books()["states"]["failed"] == 2
        answer = house.api("POST", "/v1/reference/mapping",
                           b"source,dimension,from,to\n"
                           b"bank-t,party,KONKAN MART,b2b_deccan\n",
                           {"Content-Type": "text/csv"})
        assert answer.status == 200, answer.body
        for _ in range(2):
            failed = house.get("/v1/events?state=failed")["items"]
            answer = house.api("POST", "/v1/decisions", {
                "action": "retry", "events": [
                    {"id": one["id"], "version": one["version"]}
                    for one in failed]})
            assert answer.status == 200, answer.body
            house.settled()
        states = house.check_books()["states"]
        assert (states["posted"], states["failed"]) == (1, 1), states
        [one] = house.lines()
        assert one["before"]
        prove(house)
    finally:
        house.close()


def test_a_line_that_is_corrected_is_said_once():
    """What a person sent instead is no repetition of what came."""
    house = Bank("bank-t,account,type:NCHG,5230\n", unknown=False)
    try:
        house.start()
        house.take([("2026-10-07", -5900, "SMS CHGS Q2", "NONREF", "NXXX")])
        [failed] = house.get("/v1/events?state=failed")["items"]
        correct(house, failed["id"], body_of(house, failed["id"], "NXXX",
                                             "NCHG"))
        house.settled()
        [one] = house.lines("matched")
        assert one["event_state"] == "posted" and house.lines() == []
        prove(house)
    finally:
        house.close()


def test_what_is_said_again_is_matched_by_nobody_else():
    """Its own entry is taken by the first; another of that amount is not its,
    nor is it booked as before."""
    house = Bank(auto="likely")
    try:
        house.start()
        house.take([("2026-10-01", -5900, "SMS CHGS Q1")])
        house.act("book", house.lines(), account="5230", reason="charges")
        house.receive("RCT-26-0001", 100000)
        house.receive("RCT-26-0002", 100000)
        lines = [("2026-10-06", 100000, "NEFT RCT-26-0001"),
                 ("2026-10-07", -5900, "SMS CHGS Q2")]
        overlapping(house, lines, [])
        [one] = [l for l in house.lines() if l["amount"] == "1000.00"]
        assert one["before"] and one["suggestion"]["sure"] == "maybe"
        assert one["suggestion"]["alike"] == 1
        said = house.act("accept", where={"account": "1000"})
        assert (said["done"], said["left"]) == (1, 1), said
        assert "before" in said["items"][0]["why"]
        assert sorted(l["amount"] for l in house.lines()) == [
            "-59.00", "1000.00"]
        prove(house)
    finally:
        house.close()


def test_a_match_over_the_end_of_a_month(house):
    """Of a payout half was booked in the next month: on either day the rest
    is said, and nothing is left unexplained."""
    house.start()
    utr = {"order": "AXISN26101400047"}
    house.receive("P1", 60000, "2026-10-31", **utr)
    house.receive("P2", 40000, "2026-11-01", **utr)
    house.take([("2026-10-31", 100000, "AXISN26101400047 GATEWAY")],
               opening=0)
    assert len(house.lines("matched")) == 1
    for day, off, ledger in (("2026-10-31", "-400.00", "600.00"),
                             ("2026-11-01", "0.00", "1000.00")):
        got = house.brs(day)
        parts = {p["what"]: p["amount"] for p in got["parts"]}
        assert (got["bank"], got["ledger"], got["unexplained"]) == (
            "1000.00", ledger, "0.00")
        assert parts.pop("matched_off") == off
        assert set(parts.values()) == {"0.00"}
    # And the other way: two deposits, one of them a month later.
    house.receive("D1", 60000, "2026-11-29", order="778812")
    house.take([("2026-11-30", 20000, "CASH SLIP 778812 1"),
                ("2026-12-01", 40000, "CASH SLIP 778812 2")],
               opening=100000, day="2026-12-01")
    assert len(house.lines("matched")) == 3
    got = house.brs("2026-11-30")
    assert (got["bank"], got["ledger"], got["unexplained"]) == (
        "1200.00", "1600.00", "0.00")
    assert got["parts"][-1]["amount"] == "400.00"
    prove(house)


def test_currencies_are_not_added(house):
    """Dollars on an account of rupees are no part of its sums."""
    house.start()
    house.receive("R1", 100000)
    house.receive("U1", 5000, currency="USD")
    house.take([("2026-10-06", 100000, "NEFT XYZ")], opening=0)
    got = house.brs()
    assert (got["bank"], got["ledger"], got["unexplained"]) == (
        "1000.00", "1000.00", "0.00")
    [account] = house.get("/v1/bank/accounts")["items"]
    assert account["ledger"] == got["ledger"]
    ages = house.get("/v1/bank/ages?day=2026-10-31")["items"]
    assert [(a["account"], a["currency"], a["entries"][1]["in"])
            for a in ages] == [("1000", "INR", "1000.00"),
                               ("1000", "USD", "50.00")]
    prove(house)


def test_one_that_cannot_be_booked_keeps_no_other(house):
    """Of many, one in a closed period and one that the books refuse are left
    out, each with why; alone, it is refused."""
    house.start()
    house.take([("2026-10-01", -5900, "SMS CHGS"),
                ("2026-10-02", -100, "LOCKER RENT")])
    lines = by_text(house.lines())
    house.act("book", [lines["SMS CHGS"]], account="5230")
    house.act("book", [lines["LOCKER RENT"]], account="5240")
    house.take([("2026-09-07", -5900, "SMS CHGS SEP"),
                ("2026-10-07", -5900, "SMS CHGS"),
                ("2026-10-08", -200, "LOCKER RENT"),
                ("2026-10-09", -5900, "SMS CHGS")])
    answer = house.api("POST", "/v1/reference/account",
                       b"code,name,entity,kind,extra,from,to\n5240,Exchange "
                       b"differences,,expense,Expenses:Exchange,,2026-10-05\n",
                       {"Content-Type": "text/csv"})
    assert answer.status == 200, answer.body
    early = [l for l in house.lines() if l["day"] < "2026-10"]
    assert "closed" in house.act("book", early, 422, account="5230")["detail"]
    house.act("book", [l for l in house.lines() if "LOCKER" in l["text"]],
              422, account="5240")
    said = house.act("accept", where={"account": "1000"})
    assert (said["done"], said["left"]) == (2, 1), said
    said = house.act("book", house.lines(), account="5230")
    assert (said["done"], said["left"]) == (1, 1), said
    assert [("closed" in i["why"], i["line"]) for i in said["items"]] == [
        (True, early[0]["id"])]
    prove(house)


def amended(house, number, amount, **more):
    answer = house.send(doc("payment", number, amount, base_version=1, lines=[
        {"account": "1000", "amount": amount},
        {"account": "1100", "amount": "-" + amount}], **dict(
            {"date": "2026-10-05"}, **more)))
    assert answer["state"] == "posted", answer
    house.settled()


def test_an_amendment_keeps_what_a_person_matched(house):
    """The document says the same of the money: the match is of its new
    entry. It says another amount: the line is open, and what was said of it
    stays said, so it goes to no other by itself."""
    house.csv("bank_rule", "account,tolerance,days,auto,opening\n*,0,5,likely,\n")
    house.start()
    for name in ("RCT-A", "RCT-B"):
        house.receive(name, 100000)
    house.take([("2026-10-06", 100000, "BY CASH")])
    [line] = house.lines()
    [entry] = [e for e in house.entries() if e["number"] == "RCT-A"]
    said = house.act("match", [line], entries=[entry["id"]], reason="slip")
    amended(house, "RCT-A", "1000.00", memo="a better word")
    [one] = house.lines("matched")
    assert (one["match"]["rule"], one["match"]["reason"],
            one["match"]["decision"]) == ("hand", "slip", said["decision"])
    whole = house.get("/v1/bank/lines/" + one["id"])
    assert [(e["number"], e["id"] == entry["id"])
            for e in whole["with"]["entries"]] == [("RCT-A", False)]
    assert [e["number"] for e in house.entries()] == ["RCT-B"]
    # Another amount: nobody guesses in silence.
    house.send(doc("payment", "RCT-A", "1200.00", base_version=2,
                   date="2026-10-05", lines=[
                       {"account": "1000", "amount": "1200.00"},
                       {"account": "1100", "amount": "-1200.00"}]))
    house.settled()
    [one] = house.lines()
    assert one["said"]["reason"] == "slip"
    assert one["suggestion"]["first"]["number"] == "RCT-B"
    prove(house)


def test_an_amendment_of_one_of_several(house):
    """Of a match of two entries one is amended, taken back, and undone."""
    house.start()
    house.receive("RCT-A", 60000)
    house.receive("RCT-B", 40000)
    house.take([("2026-10-06", 100000, "BY CASH")])
    said = house.act("match", house.lines(), entries=[
        e["id"] for e in house.entries()], reason="both")
    amended(house, "RCT-B", "400.00", memo="x")
    [one] = house.lines("matched")
    whole = house.get("/v1/bank/lines/" + one["id"])
    assert sorted(e["amount"] for e in whole["with"]["entries"]) == [
        "400.00", "600.00"]
    prove(house)
    # It is still the decision that may be taken back.
    assert house.act("undo", decision=said["decision"])["done"] == 1
    assert len(house.lines()) == 1 and len(house.entries()) == 2
    prove(house)


def test_lines_that_take_each_other_back(house):
    """A charge and its reversal are in no books, and no difference either."""
    house.start()
    house.take([("2026-10-30", -29500, "CHQ RETURN CHGS"),
                ("2026-10-31", -100, "SMS CHGS"),
                ("2026-11-02", 29500, "REV CHQ RETURN CHGS")], opening=100000,
               day="2026-11-02")
    lines = by_text(house.lines())
    assert {text: one["suggestion"] and one["suggestion"]["line"]["text"]
            for text, one in lines.items()} == {
        "CHQ RETURN CHGS": "REV CHQ RETURN CHGS", "SMS CHGS": None,
        "REV CHQ RETURN CHGS": "CHQ RETURN CHGS"}
    charge, sms, back = (lines[text]["id"] for text in (
        "CHQ RETURN CHGS", "SMS CHGS", "REV CHQ RETURN CHGS"))
    assert "take each other back" in house.act(
        "match", [charge, sms], 422)["detail"]
    house.act("match", [charge], 400)
    house.act("match", [charge, back], 400, entries=[])
    said = house.act("match", [charge, back], reason="taken back")
    assert [l["id"] for l in house.lines()] == [sms]
    whole = house.get("/v1/bank/lines/" + charge)
    assert [l["id"] for l in whole["with"]["lines"]] == [charge, back]
    assert whole["with"]["entries"] == []
    # In between the bank had it: said, and nothing is left unexplained.
    for day, off, bank in (("2026-11-02", "0.00", "999.00"),
                           ("2026-10-31", "295.00", "704.00")):
        got = house.brs(day)
        parts = {p["what"]: p["amount"] for p in got["parts"]}
        assert (parts["matched_off"], parts["charged_not_booked"],
                parts["credited_not_booked"]) == (off, "1.00", "0.00"), day
    prove(house)
    assert house.act("undo", decision=said["decision"])["done"] == 1
    assert len(house.lines()) == 3
    said = house.act("match", [charge, back], reason="after all")
    apart = house.act("unmatch", [charge])
    assert house.act("undo", decision=apart["decision"])["done"] == 1
    assert [l["id"] for l in house.lines()] == [sms]
    prove(house)


def test_a_reversal_is_proposed():
    """With why; by itself only where the rule lets it and nothing else fits;
    and no entry of books is passed over for it."""
    house = Bank()
    try:
        house.start()
        house.receive("RCT-26-0001", 100000)
        house.take([("2026-10-06", 100000, "CHQ DEP 100233 RCT-26-0001"),
                    ("2026-10-08", -100000, "CHQ RETURN 100233"),
                    ("2026-10-09", -29500, "CHQ RETURN CHGS"),
                    ("2026-10-20", 29500, "REVERSAL CHQ RETURN CHGS"),
                    ("2026-10-21", -700, "ALERT CHGS"),
                    ("2026-10-22", -700, "ALERT CHGS"),
                    ("2026-10-23", 700, "RVSL ALERT CHGS")])
        # What is matched with books is taken back by nothing.
        assert [l["text"] for l in house.lines("matched")] == [
            "CHQ DEP 100233 RCT-26-0001"]
        lines = by_text(house.lines())
        assert lines["CHQ RETURN 100233"]["suggestion"] is None
        one = lines["REVERSAL CHQ RETURN CHGS"]["suggestion"]
        assert (one["rule"], one["sure"], one["by"], one["days"],
                one["alike"]) == ("reversed", "likely", "CHQ CHGS", 11, 0)
        other = lines["RVSL ALERT CHGS"]["suggestion"]
        assert (other["sure"], other["alike"]) == ("maybe", 1)
        said = house.act("accept", where={"account": "1000",
                                          "rule": "reversed"})
        assert (said["done"], said["left"]) == (1, 0), said
        assert len(house.lines()) == 4
        [match] = {l["match"]["rule"] for l in house.lines("matched")
                   if "CHGS" in l["text"]}
        assert match == "reversed"
        prove(house)
    finally:
        house.close()
    house = Bank(auto="likely")
    try:
        house.start()
        house.take([("2026-10-24", -1180, "DD CHGS 778812"),
                    ("2026-10-25", 1180, "REV DD CHGS 778812"),
                    ("2026-10-26", -700, "ALERT CHGS"),
                    ("2026-10-26", 700, "ALERT CHGS")])
        matched = house.lines("matched")
        assert [(l["match"]["rule"], l["match"]["by"]) for l in matched] == [
            ("reversed", "778812")] * 2
        assert len(house.lines()) == 2
        prove(house)
    finally:
        house.close()
