"""Several documents of an event, waiting, windows, batches, approval."""
import time

import pytest

from free import Free, doc, goods


@pytest.fixture
def house():
    one = Free()
    yield one
    one.close()


def codes(house, answer):
    return [f["code"] for f in house.get(answer["status"])["findings"]]


def balances(house):
    return {(i["entity"], i["account"]): i["balance"]
            for i in house.get("/v1/trial-balance")["items"]}


# ---- several documents ----------------------------------------------------

def test_one_event_two_documents(house):
    house.start()
    answer = house.send(doc("sales_invoice", "IC-1", part="ours"),
                        doc("purchase_invoice", "IC-1", part="theirs",
                            lines=[{"account": "5200", "amount": "100.00"},
                                   {"account": "1100",
                                    "amount": "-100.00"}]))
    assert answer["state"] == "posted", answer
    event = house.get(answer["status"])
    assert [d["kind"] for d in event["documents"]] == [
        "sales_invoice", "purchase_invoice"]
    assert len(event["journals"]) == 2
    assert house.get("/v1/documents/IN01/purchase_invoice/IC-1")[
        "document_body"]["kind"] == "purchase_invoice"
    house.check_books()
    house.prove()


def test_all_or_nothing(house):
    house.start()
    answer = house.send(doc("sales_invoice", "A", part="good"),
                        doc("journal_voucher", "B", part="bad",
                            lines=[{"account": "1000", "amount": "1.00"}]))
    assert answer["state"] == "failed"
    assert "journal.unbalanced" in codes(house, answer)
    assert balances(house) == {}
    again = house.send(doc("sales_invoice", "A"))
    assert again["state"] == "posted"


def test_parts_must_differ(house):
    house.start()
    for docs in ((doc("sales_invoice", "A"), doc("payment", "B")),
                 (doc("sales_invoice", "A", part="x"),
                  doc("sales_invoice", "A", part="y"))):
        answer = house.send(*docs)
        assert answer["state"] == "failed"
        assert "rule.failed" in codes(house, answer)


def test_an_amendment_reverses_each_part(house):
    house.start()
    first = [doc("sales_invoice", "A", part="a", revision="1"),
             doc("journal_voucher", "B", part="b", revision="1")]
    second = [doc("sales_invoice", "A", "70.00", part="a", revision="2"),
              doc("journal_voucher", "B", "30.00", part="b", revision="2")]
    house.send(*first)
    answer = house.send(*second)
    assert answer["state"] == "posted" and answer["version"] == 2
    assert len(house.get(answer["status"])["journals"]) == 4
    assert balances(house)[("IN01", "1000")] == "100.00"
    stale = house.send(*first, key="late")
    assert stale["state"] == "stale"
    house.check_books()
    house.prove()


def test_what_is_not_for_the_ledger(house):
    house.start()
    answer = house.send(goods("sales_order", "SO-1", "2"))
    assert answer["state"] == "posted" and answer["journal"] is None
    assert answer["version"] == 1
    assert house.get("/v1/documents/IN01/sales_order/SO-1")["journal"] is None
    assert balances(house) == {}
    house.prove()


# ---- waiting for a document -----------------------------------------------

def test_a_payment_before_its_invoice(house):
    house.start()
    early = house.send(doc("payment", "P-1", after=["sales_invoice", "I-1"]))
    assert early["state"] == "waiting"
    [finding] = early["findings"]
    assert finding["code"] == "wait.document"
    assert finding["value"] == "sales_invoice/I-1"
    assert balances(house) == {}
    assert house.check_books()["states"]["waiting"] == 1
    invoice = house.send(doc("sales_invoice", "I-1"))
    assert invoice["state"] == "posted"
    assert house.state(early) == "posted"
    assert balances(house)[("IN01", "1000")] == "200.00"
    assert house.check_books()["states"]["waiting"] == 0
    house.prove()


def test_a_chain_in_the_wrong_order(house):
    """The last link lets all the others go, in one commit."""
    house.start()
    waiting = [house.send(doc("payment", "P%d" % n,
                              after=["payment", "P%d" % (n - 1)]))
               for n in range(9, 0, -1)]
    assert {w["state"] for w in waiting} == {"waiting"}
    house.send(doc("payment", "P0"))
    assert {house.state(w) for w in waiting} == {"posted"}
    house.check_books()
    house.prove()


def test_the_same_event_brings_it(house):
    house.start()
    answer = house.send(doc("payment", "P", part="p",
                            after=["sales_invoice", "I"]),
                        doc("sales_invoice", "I", part="i"))
    assert answer["state"] == "posted"


def test_waiting_ends_in_a_finding(house):
    house.flows("events,payment,*,realtime,,60,sales,30,2,normal")
    house.start(BAHI_CLOCK="2026-10-05T09:00:00Z")
    late = house.send(doc("payment", "P-1", after=["sales_invoice", "I-1"]))
    other = house.send(doc("refund", "R-1", after=["sales_invoice", "I-1"]))
    assert late["state"] == other["state"] == "waiting"
    house.stop()
    house.start(BAHI_CLOCK="2026-10-05T11:00:01Z")
    until(house, late, "failed")
    assert codes(house, late) == ["wait.expired"]
    assert house.state(other) == "waiting"       # no flow says less
    house.check_books()
    house.send(doc("sales_invoice", "I-1"))
    assert house.state(late) == "failed"         # a person looks at it now
    assert house.state(other) == "posted"
    house.decide(action="retry", events=[
        {"id": late["event"], "version": house.get(late["status"])[
            "version"]}])
    assert house.state(late) == "posted"
    house.prove()


def until(house, answer, state):
    end = time.monotonic() + 20
    while house.state(answer) != state:
        assert time.monotonic() < end, house.get(answer["status"])
        time.sleep(0.05)


def test_dismissed_while_it_waits(house):
    house.start()
    early = house.send(doc("payment", "P-1", after=["sales_invoice", "I-1"]))
    assert house.decide(action="dismiss", reason="entered twice", events=[
        {"id": early["event"], "version": 1}]).status == 200
    house.send(doc("sales_invoice", "I-1"))
    assert house.state(early) == "dismissed"
    house.check_books()
    house.prove()


# ---- windows --------------------------------------------------------------

def test_a_posting_window(house):
    house.flows("events,payment,*,realtime,18:00-20:00,0,sales,0,0,low")
    house.start(BAHI_CLOCK="2026-10-05T09:00:00Z")       # 14:30 IST
    early = house.send(doc("payment", "P-1"))
    assert early["state"] == "waiting"
    assert early["findings"][0]["code"] == "wait.window"
    assert house.send(doc("refund", "R-1"))["state"] == "posted"
    house.stop()
    house.start(BAHI_CLOCK="2026-10-05T12:31:00Z")       # 18:01 IST
    until(house, early, "posted")
    assert house.send(doc("payment", "P-2"))["state"] == "posted"
    house.check_books()
    house.prove()


# ---- batches --------------------------------------------------------------

BATCH = ("events,payment,*,batch,,0,treasury,0,48,high",
         "events,refund,*,batch,,0,treasury,0,48,high",
         "events,settlement,*,batch,,0,treasury,0,48,high")


def payout(number, total, control, count, **other):
    return doc("settlement", number, total, batch=number, control=control,
               count=count, lines=[
                   {"account": "1000", "amount": total},
                   {"account": "1210", "amount": "-" + total}], **other)


def captured(number, amount, batch, **other):
    return doc("payment", number, amount, batch=batch, lines=[
        {"account": "1210", "amount": amount},
        {"account": "1100", "amount": "-" + amount}], **other)


def given_back(number, amount, batch):
    return doc("refund", number, amount, batch=batch, lines=[
        {"account": "1100", "amount": amount},
        {"account": "1210", "amount": "-" + amount}])


@pytest.mark.parametrize("control_at", [0, 2, 4])
def test_a_payout_is_one_entry(house, control_at):
    """Whenever the control comes, the batch is complete when it adds up."""
    house.flows(*BATCH)
    house.start()
    docs = [captured("p1", "300.00", "po_1"), captured("p2", "50.00", "po_1"),
            given_back("r1", "20.00", "po_1"),
            captured("p3", "0.50", "po_1")]
    docs.insert(control_at, payout("po_1", "330.50", "330.50", "4"))
    answers = [house.send(d) for d in docs]
    assert {a["state"] for a in answers[:-1]} == {"waiting"}
    assert answers[-1]["state"] == "posted"
    events = [house.get(a["status"]) for a in answers]
    assert {e["state"] for e in events} == {"posted"}
    [journal] = {e["journal"] for e in events}
    entries = house.get("/v1/journals/" + journal)["entries"]
    assert {e["account"]: e["amount"] for e in entries} == {
        "1000": "330.50", "1100": "-330.50"}    # clearing is at zero
    assert balances(house) == {("IN01", "1000"): "330.50",
                               ("IN01", "1100"): "-330.50"}
    [batch] = house.get("/v1/batches")["items"]
    assert (batch["state"], batch["part"], batch["documents"],
            batch["total"]) == ("closed", 1, 4, "330.50")
    house.check_books()
    house.prove()


def test_a_batch_that_does_not_add_up(house):
    house.flows(*BATCH)
    house.start(BAHI_CLOCK="2026-10-05T09:00:00Z")
    one = house.send(captured("p1", "300.00", "po_1"))
    control = house.send(payout("po_1", "300.00", "310.00", "1"))
    assert control["state"] == "waiting" == house.state(one)
    house.stop()
    house.start(BAHI_CLOCK="2026-10-07T09:00:01Z")
    until(house, control, "failed")
    [finding] = house.get(control["status"])["findings"]
    assert finding["code"] == "control.mismatch"
    assert finding["value"] == "-10.00"
    assert balances(house) == {}
    house.check_books()
    house.prove()


def test_a_day_is_one_entry(house):
    house.flows("events,payment,*,batch,22:00,0,retail,0,0,low")
    house.start(BAHI_CLOCK="2026-10-05T09:00:00Z")
    answers = [house.send(doc("payment", "P%d" % n, "10.00",
                              date="2026-10-05")) for n in range(30)]
    assert {a["state"] for a in answers} == {"waiting"}
    house.stop()
    house.start(BAHI_CLOCK="2026-10-05T16:31:00Z")       # 22:01 IST
    until(house, answers[0], "posted")
    events = [house.get(a["status"]) for a in answers]
    [journal] = {e["journal"] for e in events}
    assert [e["amount"] for e in
            house.get("/v1/journals/" + journal)["entries"]] == [
                "300.00", "-300.00"]
    late = house.send(doc("payment", "LATE", "5.00", date="2026-10-05"))
    assert late["state"] == "waiting"
    house.stop()
    house.start(BAHI_CLOCK="2026-10-06T16:31:00Z")
    until(house, late, "posted")
    assert balances(house)[("IN01", "1000")] == "305.00"
    house.check_books()
    house.prove()


def test_a_share_is_amended_alone(house):
    """The batch's entry stands; only this document's part is undone."""
    house.flows(*BATCH)
    house.start()
    first = house.send(captured("p1", "300.00", "po_1", revision="1"))
    house.send(captured("p2", "50.00", "po_1"))
    house.send(payout("po_1", "350.00", "350.00", "2"))
    assert house.state(first) == "posted"
    answer = house.send(captured("p1", "280.00", "po_2", revision="2"))
    assert answer["state"] == "waiting"
    house.send(payout("po_2", "280.00", "280.00", "1"))
    assert house.state(answer) == "posted"
    assert balances(house) == {("IN01", "1000"): "630.00",
                               ("IN01", "1100"): "-330.00",
                               ("IN01", "1210"): "-300.00"}
    house.check_books()
    house.prove()


def test_a_member_that_fails_when_the_batch_closes(house):
    house.flows("events,payment,*,batch,22:00,0,retail,0,0,low")
    house.start(BAHI_CLOCK="2026-10-05T09:00:00Z")
    good = house.send(doc("payment", "GOOD", "10.00"))
    bad = house.send(doc("payment", "BAD", "7.00", lines=[
        {"account": "6200", "amount": "7.00"},
        {"account": "3000", "amount": "-7.00"}]))
    house.api("POST", "/v1/reference/account",
              b"code,name,entity,kind,extra,from,to\n"
              b"6200,Salaries,,expense,Expenses:Salaries,,2026-01-01\n")
    house.stop()
    house.start(BAHI_CLOCK="2026-10-05T16:31:00Z")
    until(house, good, "posted")
    assert house.state(bad) == "failed"
    assert codes(house, bad) == ["account.inactive"]
    house.check_books()
    house.prove()


def test_dismissed_out_of_a_batch(house):
    house.flows(*BATCH)
    house.start()
    house.send(captured("p1", "300.00", "po_1"))
    twice = house.send(captured("p1b", "300.00", "po_1"))
    control = house.send(payout("po_1", "300.00", "300.00", "1"))
    assert control["state"] == "waiting"
    house.decide(action="dismiss", reason="sent twice",
                 events=[{"id": twice["event"], "version": 1}])
    house.decide(action="retry",
                 events=[{"id": control["event"], "version": 1}])
    assert house.state(control) == "posted"
    house.check_books()
    house.prove()


# ---- approval -------------------------------------------------------------

def test_held_for_approval(house):
    house.flows("events,journal_voucher,*,workflow,,0,finance,0,0,high")
    house.start()
    held = house.send(doc("journal_voucher", "V-1"))
    assert held["state"] == "held"
    assert held["findings"][0]["code"] == "approval.needed"
    assert balances(house) == {}
    answer = house.decide(action="approve", events=[
        {"id": held["event"], "version": 1}])
    assert answer.status == 200, answer.body
    assert house.state(held) == "posted"
    assert house.decide(action="approve", events=[
        {"id": held["event"], "version": 2}]).status == 422
    house.check_books()
    house.prove()


def test_the_flow_that_fits_best(house):
    house.flows("*,*,*,workflow,,0,a,0,0,low",
                "events,*,*,realtime,,0,b,0,0,low",
                "events,payment,*,workflow,,0,c,0,0,low",
                "events,payment,IN01,realtime,,0,d,0,0,low",
                "pos,*,*,realtime,,0,e,0,0,low")
    house.start()
    assert house.send(doc("refund", "R"))["state"] == "posted"
    assert house.send(doc("payment", "P"))["state"] == "posted"


@pytest.mark.parametrize("row", [
    "events,payment,*,daily,,0,a,0,0,low",
    "events,cheque,*,batch,,0,a,0,0,low",
    "events,payment,*,batch,09:00-10:00,0,a,0,0,low",
    "events,payment,*,realtime,22:00,0,a,0,0,low",
    "events,payment,*,realtime,9-10,0,a,0,0,low",
    "events,payment,*,realtime,25:00-26:00,0,a,0,0,low",
    "events,payment,*,realtime,,-1,a,0,0,low",
    "events,payment,*,realtime,,0,a,0,0,urgent",
])
def test_flows_are_judged(house, row):
    with pytest.raises(AssertionError, match="flow, line 2"):
        house.flows(row)
