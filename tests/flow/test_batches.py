"""Batches under stress: amended, doubled, retried, cut, of two entities."""
import sqlite3
import threading
import time

import pytest

from free import Free, doc
from test_flows import BATCH, balances, captured, codes, given_back, payout, \
    until


@pytest.fixture
def house():
    one = Free()
    yield one
    one.close()


def rows(house, sql):
    db = sqlite3.connect(house.home / "bahi.db")
    out = db.execute(sql).fetchall()
    db.commit()
    db.close()
    return out


def pick(house, answer):
    return {"id": answer["event"],
            "version": house.get(answer["status"])["version"]}


def end(house):
    """What must hold however it went."""
    house.check_books()
    assert rows(house, "SELECT event FROM wait ORDER BY 1") == rows(
        house, "SELECT seq FROM event WHERE state = 'waiting' ORDER BY 1")
    house.prove()


def test_entities_stay_apart(house):
    """A member with a document of another entity: that is not of the batch."""
    house.flows("events,sales_invoice,*,batch,,0,a,0,48,high",
                "events,settlement,*,batch,,0,a,0,48,high")
    house.start()
    both = house.send(
        doc("sales_invoice", "IC-1", "70.00", part="a", batch="po_1",
            revision="1"),
        doc("purchase_invoice", "IC-1", "70.00", part="b", entity="IN02",
            revision="1"))
    assert both["state"] == "waiting"
    house.send(payout("po_1", "70.00", "70.00", "1"))
    assert house.state(both) == "posted"
    assert balances(house) == {
        ("IN01", "1000"): "140.00", ("IN01", "1210"): "-70.00",
        ("IN01", "3000"): "-70.00", ("IN02", "1000"): "70.00",
        ("IN02", "3000"): "-70.00"}
    again = house.send(
        doc("sales_invoice", "IC-1", "50.00", part="a", batch="po_2",
            revision="2"),
        doc("purchase_invoice", "IC-1", "50.00", part="b", entity="IN02",
            revision="2"))
    house.send(payout("po_2", "50.00", "50.00", "1"))
    assert house.state(again) == "posted"
    assert balances(house)[("IN02", "1000")] == "50.00"
    assert balances(house)[("IN01", "3000")] == "-50.00"
    end(house)


def inactive(house, account):
    house.api("POST", "/v1/reference/account", (
        "code,name,entity,kind,extra,from,to\n"
        "%s,Gone,,asset,Assets:Gone,,2026-01-01\n" % account).encode())


def test_no_batch_without_its_control(house):
    """The control itself cannot post any more: nothing does."""
    house.flows(*BATCH)
    house.start()
    one = house.send(captured("p1", "300.00", "po_1"))
    control = house.send(doc(
        "settlement", "po_1", "350.00", batch="po_1", control="350.00",
        count="2", lines=[{"account": "1200", "amount": "350.00"},
                          {"account": "1210", "amount": "-350.00"}]))
    assert control["state"] == "waiting", control
    inactive(house, "1200")
    two = house.send(captured("p2", "50.00", "po_1"))
    assert house.state(control) == "failed"
    assert house.state(one) == house.state(two) == "waiting"
    assert balances(house) == {}
    end(house)


def test_one_number_twice(house):
    """Only the first counts; the other one is no part of the sum."""
    house.flows(*BATCH)
    house.start()
    first = house.send(captured("p1", "300.00", "po_1"))
    twin = house.send(captured("p1", "300.00", "po_1"))
    assert twin["state"] == "failed"
    assert codes(house, twin) == ["document.number_used"]
    control = house.send(payout("po_1", "300.00", "300.00", "1"))
    assert house.state(first) == house.state(control) == "posted"
    assert house.state(twin) == "failed"
    end(house)


@pytest.mark.parametrize("late", [False, True])
def test_amended_while_it_waits(house, late):
    """The newer one takes its place in the sum, whichever comes first."""
    house.flows(*BATCH)
    house.start()
    two = [captured("p1", "300.00", "po_1", revision="1"),
           captured("p1", "280.00", "po_1", revision="2")]
    old, new = [house.send(d) for d in
                (reversed(two) if late else two)][::-1 if late else 1]
    control = house.send(payout("po_1", "280.00", "280.00", "1"))
    assert house.state(control) == house.state(new) == "posted"
    assert house.state(old) == "stale"
    assert balances(house) == {("IN01", "1000"): "280.00",
                               ("IN01", "1100"): "-280.00"}
    end(house)


def test_an_amended_control(house):
    house.flows(*BATCH)
    house.start()
    one = house.send(captured("p1", "300.00", "po_1"))
    wrong = house.send(payout("po_1", "310.00", "310.00", "1",
                              revision="1"))
    right = house.send(payout("po_1", "300.00", "300.00", "1",
                              revision="2"))
    assert house.state(one) == house.state(right) == "posted"
    assert house.state(wrong) == "stale"
    end(house)


def test_two_controls(house):
    """A batch has one; the second is for a person."""
    house.flows(*BATCH)
    house.start()
    house.send(captured("p1", "300.00", "po_1"))
    first = house.send(payout("po_1", "310.00", "310.00", "1"))
    other = payout("po_1", "300.00", "300.00", "1")
    other["number"] = "po_1b"
    second = house.send(other)
    assert second["state"] == "failed"
    assert codes(house, second) == ["control.mismatch"]
    house.decide(action="retry", events=[pick(house, second)])
    assert house.state(first) == "waiting"
    house.decide(action="dismiss", reason="x", events=[pick(house, first)])
    house.decide(action="retry", events=[pick(house, second)])
    assert house.state(second) == "posted"
    end(house)


def test_dismissing_what_was_too_much_completes_it(house):
    house.flows(*BATCH)
    house.start()
    house.send(captured("p1", "300.00", "po_1"))
    twice = house.send(captured("p1b", "300.00", "po_1"))
    control = house.send(payout("po_1", "300.00", "300.00", "1"))
    assert house.decide(action="dismiss", reason="sent twice", events=[
        pick(house, twice)]).status == 200
    assert house.state(control) == "posted"
    end(house)


def test_the_hour_of_a_batch_that_does_not_add_up(house):
    """It waits on, but not for ever."""
    house.flows(*HOURLY)
    house.start(BAHI_CLOCK="2026-10-05T09:00:00Z")
    one = house.send(captured("p1", "300.00", "po_1"))
    control = house.send(payout("po_1", "310.00", "310.00", "1"))
    house.stop()
    house.start(BAHI_CLOCK="2026-10-05T16:31:00Z")
    hour_over(house)
    assert house.state(one) == house.state(control) == "waiting"
    house.stop()
    house.start(BAHI_CLOCK="2026-10-08T16:31:00Z")
    until(house, control, "failed")
    until(house, one, "failed")
    assert codes(house, control) == ["control.mismatch"]
    end(house)


HOURLY = tuple(row.replace("batch,,0", "batch,22:00,0") for row in BATCH)


def hour_over(house):
    """Its hour came, and what could be done then was."""
    end_at = time.monotonic() + 20
    while rows(house, "SELECT 1 FROM batch WHERE due IS NOT NULL"):
        assert time.monotonic() < end_at
        time.sleep(0.05)


def test_a_late_member_after_its_control_failed(house):
    """What must add up is not known to: a person decides."""
    house.flows(*HOURLY)
    house.start(BAHI_CLOCK="2026-10-05T09:00:00Z")
    control = house.send(payout("po_1", "310.00", "310.00", "1"))
    house.stop()
    house.start(BAHI_CLOCK="2026-10-08T16:31:00Z")
    until(house, control, "failed")
    late = house.send(captured("p1", "300.00", "po_1"))
    assert late["state"] == "waiting"
    [batch] = house.get("/v1/batches")["items"]
    assert (batch["state"], batch["failed_control"]) == (
        "open", control["event"])
    house.stop()
    house.start(BAHI_CLOCK="2026-10-09T16:31:00Z")
    hour_over(house)
    assert house.state(late) == "waiting" and balances(house) == {}
    house.prove()
    house.decide(action="dismiss", reason="a payout of somebody else",
                 events=[pick(house, control)])
    until(house, late, "posted")
    end(house)


def test_a_control_that_fails_as_it_comes(house):
    """Its batch has one all the same; another that agrees closes it."""
    house.flows(*HOURLY)
    house.start(BAHI_CLOCK="2026-10-05T09:00:00Z")
    one = house.send(captured("p1", "300.00", "po_1"))
    bad = payout("po_1", "300.00", "300.00", "1")
    bad["lines"][0]["account"] = "9999"
    assert house.send(bad)["state"] == "failed"
    house.stop()
    house.start(BAHI_CLOCK="2026-10-05T16:31:00Z")
    hour_over(house)
    assert house.state(one) == "waiting" and balances(house) == {}
    good = house.send(payout("po_1", "300.00", "300.00", "1"))
    assert house.state(one) == house.state(good) == "posted"
    [batch] = house.get("/v1/batches")["items"]
    assert (batch["state"], batch["failed_control"]) == ("closed", None)
    end(house)


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0),
                                   (1, 2, 0), (2, 0, 1), (0, 2, 1)])
def test_a_member_that_follows_another(house, order):
    """A refund after its payment, both paid out together."""
    house.flows(*BATCH)
    house.start()
    refund = given_back("r1", "20.00", "po_1")
    refund["after"] = ["payment", "p1"]
    docs = [captured("p1", "300.00", "po_1"), refund,
            payout("po_1", "280.00", "280.00", "2")]
    answers = [house.send(docs[n]) for n in order]
    assert {house.state(a) for a in answers} == {"posted"}
    assert balances(house) == {("IN01", "1000"): "280.00",
                               ("IN01", "1100"): "-280.00"}
    end(house)


def test_rules_that_change_the_sum(house):
    """A member is weighed by what it would post now."""
    house.flows(*BATCH)
    house.start()
    one = house.send(captured("p1", "300.00", "po_1"))
    house.send(captured("p2", "50.00", "po_1"))
    house.stop()
    rules = house.home / "rules/map/events/free.sql"
    rules.write_text(rules.read_text().replace(
        "paise(value ->> '$.control', 'INR') AS control_total",
        "iif(value ->> '$.number' = 'p1', 29000,"
        " paise(value ->> '$.control', 'INR')) AS control_total"))
    house.start()
    control = house.send(payout("po_1", "350.00", "350.00", "2"))
    assert house.state(one) == house.state(control) == "waiting"
    assert rows(house, "SELECT total FROM batch") == [(34000,)]
    assert balances(house) == {}
    end(house)


def test_the_first_answer_again(house):
    """What completes a batch is told to be posted, each time."""
    house.flows(*BATCH)
    house.start()
    house.send(captured("p1", "300.00", "po_1"))
    control = payout("po_1", "300.00", "300.00", "1")
    first = house.send(control, key="c")
    assert first["state"] == "posted" and first["findings"] == []
    assert house.send(control, key="c") == first
    end(house)


@pytest.mark.parametrize("control_first", [True, False])
def test_a_control_adds_up_one_currency(house, control_first):
    """Three hundred dollars are not three hundred rupees."""
    house.flows(*BATCH)
    house.start()
    docs = [captured("p1", "300.00", "po_1", currency="USD"),
            payout("po_1", "300.00", "300.00", "1")]
    answers = [house.send(d) for d in docs[::-1 if control_first else 1]]
    foreign, control = answers[::-1 if control_first else 1]
    assert house.state(foreign) == "failed"
    assert codes(house, foreign) == ["control.mismatch"]
    assert house.state(control) == "waiting"
    assert balances(house) == {}
    end(house)


def test_a_payout_of_nothing_waits_for_what_comes(house):
    """Before the first member its sum is zero too."""
    house.flows(*BATCH)
    house.start()
    control = house.send(payout("po_1", "5.00", "0.00", None))
    one = house.send(captured("p1", "300.00", "po_1"))
    assert house.state(control) == house.state(one) == "waiting"
    back = house.send(given_back("r1", "300.00", "po_1"))
    assert {house.state(a) for a in (control, one, back)} == {"posted"}
    end(house)


def test_a_payout_that_says_that_it_is_empty(house):
    house.flows(*BATCH)
    house.start()
    control = house.send(payout("po_1", "5.00", "0.00", "0"))
    assert house.state(control) == "posted"
    end(house)


@pytest.mark.parametrize("hour", ["", "22:00"])
def test_a_payout_that_stayed_empty(house, hour):
    """At its hour, or when it waited long enough, zero was right."""
    house.flows(*(row.replace("batch,,", "batch,%s," % hour)
                  for row in BATCH))
    house.start(BAHI_CLOCK="2026-10-05T09:00:00Z")
    control = house.send(payout("po_1", "5.00", "0.00", None))
    assert control["state"] == "waiting"
    house.stop()
    house.start(BAHI_CLOCK="2026-10-05T16:31:00Z" if hour else
                "2026-10-07T09:00:01Z")
    until(house, control, "posted")
    end(house)


@pytest.mark.parametrize("control_first", [True, False])
def test_all_documents_of_a_member_count(house, control_first):
    """A capture and what was given back of it, told at once; the invoice
    beside them is not the payout's."""
    house.flows(*BATCH)
    house.start()
    member = [captured("p1", "300.00", "po_1", part="a"),
              given_back("r1", "20.00", "po_1") | {"part": "b"},
              doc("sales_invoice", "I1", "300.00", part="c")]
    control = payout("po_1", "280.00", "280.00", "2")
    answers = [house.send(*docs) for docs in
               ([control], member)[::1 if control_first else -1]]
    assert {house.state(a) for a in answers} == {"posted"}
    assert ("IN01", "1210") not in balances(house)
    [batch] = house.get("/v1/batches")["items"]
    assert (batch["documents"], batch["total"]) == (2, "280.00")
    end(house)


def test_only_what_the_rule_counts(house):
    house.flows(*BATCH)
    house.start()
    member = house.send(
        captured("p1", "300.00", "po_1", part="a"),
        captured("p2", "50.00", "po_1", part="b", control="49.00"))
    control = house.send(payout("po_1", "49.00", "49.00", "1"))
    assert house.state(member) == house.state(control) == "posted"
    end(house)


def test_a_part_in_another_currency(house):
    house.flows(*BATCH)
    house.start()
    control = house.send(payout("po_1", "350.00", "350.00", "2"))
    member = house.send(
        captured("p1", "300.00", "po_1", part="a"),
        captured("p2", "50.00", "po_1", part="b", currency="USD"))
    assert member["state"] == "failed"
    assert codes(house, member) == ["control.mismatch"]
    assert house.state(control) == "waiting"
    end(house)


MOST = "9999999999999.99"


def test_no_entry_is_larger_than_a_journal_may_be(house):
    """Each is the largest that there is; two are too much for one entry."""
    house.flows(*BATCH)
    house.start()
    members = [house.send(captured("p%d" % n, MOST, "po_1", control="1.00"))
               for n in (1, 2)]
    control = house.send(payout("po_1", "1.00", "2.00", "2"))
    assert house.state(members[1]) == "failed"
    assert codes(house, members[1]) == ["amount.invalid"]
    assert house.state(members[0]) == house.state(control) == "waiting"
    assert balances(house) == {}
    house.decide(action="dismiss", reason="nonsense",
                 events=[pick(house, members[1])])
    house.send(given_back("r1", "2.00", "po_1") | {"control": "1.00"})
    assert house.state(members[0]) == house.state(control) == "posted"
    assert balances(house)[("IN01", "1100")] == "-9999999999997.99"
    end(house)


def test_a_sum_that_is_no_money_any_more(house):
    house.flows(*BATCH)
    house.start()
    for n in range(100):
        assert house.send(captured("p%d" % n, MOST, "po_1"))[
            "state"] == "waiting"
    last = house.send(captured("last", MOST, "po_1"))
    assert last["state"] == "failed"
    assert codes(house, last) == ["amount.invalid"]
    end(house)


# ---- what the database refuses ---------------------------------------------

def sabotage(house, number, table="journal"):
    rows(house, "CREATE TRIGGER sabotage BEFORE INSERT ON %s WHEN"
         " new.number = '%s' BEGIN SELECT raise(ABORT, 'no'); END"
         % (table, number))


def new_entity(house):
    house.api("POST", "/v1/reference/entity",
              b"code,name,entity,kind,extra,from,to\n"
              b"XX99,New one,,company,INR,,\n")
    house.api("POST", "/v1/reference/period",
              b"entity,period,state\nXX99,2026-10,open\n")


def test_a_group_undone_in_the_middle_of_releases(house):
    """Once it can be, all is as if nothing had happened."""
    sabotage(house, "P2")
    house.start()
    waiting = [house.send(doc("payment", "P%d" % n,
                              after=["sales_invoice", "I"]))
               for n in (1, 2, 3)]
    bad = house.send(doc("sales_invoice", "I"))
    assert bad["state"] == "failed"
    assert {house.state(w) for w in waiting} == {"waiting"}
    assert house.send(doc("sales_invoice", "J"))["state"] == "posted"
    end(house)
    rows(house, "DROP TRIGGER sabotage")
    house.decide(action="retry", events=[pick(house, bad)])
    assert {house.state(w) for w in waiting} == {"posted"}
    end(house)


def test_a_decision_undone(house):
    """What it noted is forgotten with it."""
    sabotage(house, "P2")
    house.start()
    failed = house.send(doc("sales_invoice", "I1", entity="XX99", part="a"),
                        doc("sales_invoice", "I2", entity="XX99", part="b"))
    new_entity(house)
    waiting = [house.send(doc("payment", "P%d" % n, entity="XX99",
                              after=["sales_invoice", "I%d" % (n - 1)]))
               for n in (2, 3)]
    answer = house.decide(action="retry", events=[pick(house, failed)])
    assert answer.status >= 400, answer.body
    assert house.send(doc("sales_invoice", "J"))["state"] == "posted"
    for one in waiting:
        one = house.get(one["status"])
        assert (one["state"], one["version"]) == ("waiting", 1)
    end(house)


@pytest.mark.parametrize("bad", [2, 5])
def test_one_refused_costs_no_other_of_its_decision(house, bad):
    """The last one too, whose commit would have kept the answer."""
    house.start()
    failed = [house.send(doc("payment", "P%d" % n, entity="XX99"))
              for n in range(1, 6)]
    assert {one["state"] for one in failed} == {"failed"}
    new_entity(house)
    sabotage(house, "P%d" % bad)
    ask = {"action": "retry", "events": [pick(house, f) for f in failed]}
    answer = house.api("POST", "/v1/decisions", ask,
                       {"Idempotency-Key": "k"})
    assert answer.status == 200, answer.body
    assert (answer.json["done"], answer.json["failed"]) == (4, 1)
    states = [house.state(one) for one in failed]
    assert states == [r["state"] for r in answer.json["results"]]
    assert states.pop(bad - 1) == "failed" and set(states) == {"posted"}
    [why] = answer.json["results"][bad - 1]["findings"]
    assert why["code"] == "system.failed" and "no" in why["value"]
    assert house.api("POST", "/v1/decisions", ask, {
        "Idempotency-Key": "k"}).body == answer.body
    end(house)


def test_one_that_cannot_be_woken_keeps_no_other_waiting(house):
    house.flows("events,payment,*,realtime,18:00-20:00,0,sales,0,0,low")
    sabotage(house, "P2")
    house.start(BAHI_CLOCK="2026-10-05T09:00:00Z")
    early = [house.send(doc("payment", "P%d" % n)) for n in (1, 2, 3)]
    house.stop()
    house.start(BAHI_CLOCK="2026-10-05T12:31:00Z")
    until(house, early[0], "posted")
    until(house, early[2], "posted")
    assert house.state(early[1]) == "waiting"
    end(house)


def test_many_that_cannot_be_woken_keep_no_other_waiting(house):
    """More of them than the clock takes at once, all before it."""
    house.flows("events,payment,*,realtime,18:00-20:00,0,sales,0,0,low")
    rows(house, "CREATE TRIGGER sabotage BEFORE INSERT ON journal WHEN"
         " new.number LIKE 'BAD%' BEGIN SELECT raise(ABORT, 'no'); END")
    house.start(BAHI_CLOCK="2026-10-05T09:00:00Z")
    bad = [house.send(doc("payment", "BAD%d" % n)) for n in range(205)]
    good = [house.send(doc("payment", "P%d" % n)) for n in (1, 2)]
    house.stop()
    house.start(BAHI_CLOCK="2026-10-05T12:31:00Z")
    for one in good:
        until(house, one, "posted")
    assert {house.state(one) for one in bad} == {"waiting"}
    rows(house, "DROP TRIGGER sabotage")
    for one in bad:
        until(house, one, "posted")
    end(house)


def test_a_rebuild_while_events_come(house):
    """It compares what was there when it began."""
    house.start()
    stop = threading.Event()

    def send():
        while not stop.is_set():
            house.send(doc("sales_invoice", "S%d" % house.n))

    sender = threading.Thread(target=send)
    sender.start()
    try:
        for _ in range(4):
            house.prove()
    finally:
        stop.set()
        sender.join()
