"""What people say of drift: our side back, theirs taken over by a journal of
the desk, a stranger adopted, or left. Each of the version that was seen."""
import json

import pytest
from firm import reference, wait_until
from looks import (DAY, act, amounts, becomes, book, commits, drift, lines,
                   look, looked, looking, of, only, reference_data, row, sell,
                   settled, start, trial)
from test_approvals import POLICY_HEAD


def change(erp, journal, **members):
    """To another account; its lines as they were."""
    voucher = of(erp, journal)
    before = voucher["lines"]
    moved = [dict(one, account="4010") if one["account"] == "4000" else one
             for one in before]
    assert moved != before
    erp.change(voucher["id"], **dict({"lines": moved}, **members))
    return before


def same(firm, name="erp"):
    said = trial(firm, name)
    return said["same"] and not said["moving"]


# ---- ours

def test_ours_is_put_back(firm, erp):
    start(firm, erp)
    before = change(erp, 2)
    one = only(looked(firm))
    assert not same(firm)
    assert act(firm, "ours", one)["done"] == 1
    closed = becomes(firm, one, "closed")
    assert (closed["act"], closed["words"]) == ("ours", None)
    assert of(erp, 2)["lines"] == before and erp.count["put"] == 1
    assert same(firm) and looked(firm) == []
    audit = firm.get("/v1/audit?object=erp/%s" % one["id"])["items"]
    assert [item["action"] for item in audit] == [
        "target.drift.restored", "target.drift.ours"]
    assert "because" in audit[1]["new"]


def test_nothing_goes_to_one_that_is_paused(firm, erp):
    start(firm, erp)
    change(erp, 1)
    one = only(looked(firm))
    said = firm.api("POST", "/v1/targets/erp/pause", {"reason": "closing"})
    assert said.status == 200, said.body
    act(firm, "ours", one)
    assert only(looked(firm))["state"] == "asked"
    assert erp.count["put"] == 0
    firm.api("POST", "/v1/targets/erp/resume", {"reason": "closed"})
    becomes(firm, one, "closed")
    assert erp.count["put"] == 1 and same(firm)


@pytest.mark.parametrize("version", ["3", "2"], ids=["another", "same"])
def test_it_changed_again_meanwhile(firm, erp, version):
    """Seen by the ERP's own version, or, where that is a second and it is the
    same one, by what it holds: nothing is written over."""
    start(firm, erp)
    change(erp, 1)
    one = only(looked(firm))
    assert of(erp, 1)["version"] == "2"
    erp.change(of(erp, 1)["id"], date="2026-10-07")
    of(erp, 1)["version"] = version
    act(firm, "ours", one)
    now = wait_until(lambda: row(firm, one)["words"] and row(firm, one))
    assert now["state"] == "open" and "changed there" in now["words"]
    assert erp.count["put"] == 0


def test_a_stale_screen_is_refused(firm, erp):
    start(firm, erp)
    change(erp, 1)
    one = only(looked(firm))
    change(erp, 2)
    erp.change(of(erp, 1)["id"], date="2026-10-06")
    rows = looked(firm)
    assert len(rows) == 2
    said = act(firm, "ours", one, status=412)
    assert said["code"] == "request.stale" or "changed" in said["detail"]
    said = act(firm, "ignore", one, rows[1])
    assert said["done"] == 1
    assert only(said["refused"])["id"] == one["id"]


def test_the_answer_is_lost(firm, erp):
    """Put back, and nobody heard of it: asked again, it is seen as done."""
    start(firm, erp)
    change(erp, 1)
    one = only(looked(firm))
    erp.trouble("drop", when=lambda r: r.method == "PUT")
    act(firm, "ours", one)
    wait_until(lambda: row(firm, one)["words"])
    assert row(firm, one)["state"] == "asked"
    assert looked(firm) == []
    assert row(firm, one)["state"] == "closed"
    assert erp.count["put"] == 1


def test_the_erp_refuses_ours(firm, erp):
    start(firm, erp)
    change(erp, 1)
    one = only(looked(firm))
    erp.set["open_to"] = "2026-10-04"
    act(firm, "ours", one)
    now = wait_until(lambda: row(firm, one)["words"] and row(firm, one))
    assert now["state"] == "open" and "closed" in now["words"]


def test_what_is_missing_goes_once_more(firm, erp):
    start(firm, erp, timeout=1)
    erp.remove(of(erp, 2)["id"])
    erp.set["keys"] = 0
    erp.keys.clear()
    one = only(looked(firm))
    act(firm, "ours", one)
    wait_until(lambda: erp.of(reference(2)), "it is there again")
    settled(firm, 3)
    assert looked(firm) == [] and same(firm)
    assert row(firm, one)["state"] == "closed"
    assert not erp.doubled()


# ---- theirs

def test_theirs_is_taken_over(firm, erp):
    """By one journal of the desk, which never goes there."""
    start(firm, erp)
    change(erp, 2)
    one = only(looked(firm))
    said = act(firm, "theirs", one, reason="they are right")
    event = firm.get("/v1/events/" + only(said["events"]))
    assert (event["state"], event["source"]) == (
        "posted", "desk-" + event["source"][5:])
    journal = firm.get("/v1/journals/" + event["journal"])
    assert sorted((entry["account"], entry["amount"])
                  for entry in journal["entries"]) == [
        ("4000", "100.00"), ("4010", "-100.00")]
    assert journal["date"] == DAY
    assert row(firm, one)["state"] == "closed"
    assert row(firm, one)["event"] == event["id"]
    taken = next(item for item in commits(firm)
                 if item["kind"] == "journal_voucher")
    assert (taken["state"], taken["remote"]) == ("done", one["remote"])
    assert same(firm) and looked(firm) == []
    assert len(erp.vouchers) == 3 and erp.count["POST"] == 3
    firm.stop()
    firm.prove()


def test_accepted_and_changed_once_more(firm, erp):
    """What differs then differs from what was accepted."""
    start(firm, erp)
    before = change(erp, 1)
    one = only(looked(firm))
    act(firm, "theirs", one)
    erp.change(of(erp, 1)["id"], lines=before)
    again = only(looked(firm))
    assert again["id"] == one["id"]
    assert amounts(again["ours"]) == amounts(one["theirs"])
    act(firm, "theirs", again)
    assert same(firm) and looked(firm) == []
    sums = {item["account"]: item["base_balance"]
            for item in firm.get("/v1/trial-balance")["items"]}
    assert sums.get("4010", "0.00") in ("0", "0.00")
    change(erp, 1)
    third = only(looked(firm))
    act(firm, "ours", third)
    becomes(firm, third, "closed")
    assert of(erp, 1)["lines"] == before and same(firm)


def test_what_is_gone_there_is_taken_back_here(firm, erp):
    start(firm, erp)
    erp.remove(of(erp, 1)["id"])
    erp.change(of(erp, 2)["id"], status="cancelled")
    rows = looked(firm)
    assert {one["kind"] for one in rows} == {"missing", "cancelled"}
    assert act(firm, "theirs", *rows)["done"] == 2
    assert same(firm) and looked(firm) == []
    assert len(erp.vouchers) == 2


def test_what_was_taken_back_and_is_there_again(firm, erp):
    """Then it is there, and no more here: to be taken once more."""
    start(firm, erp)
    gone, nulled = dict(of(erp, 1)), of(erp, 2)["id"]
    erp.remove(gone["id"])
    erp.change(nulled, status="cancelled")
    act(firm, "theirs", *looked(firm))
    assert same(firm) and looked(firm) == []
    erp.on_loop(lambda: (erp.vouchers.update({gone["id"]: gone}),
                         erp.references[gone["reference"]].append(
                             gone["id"]), erp.move(gone, 1)))
    erp.change(nulled, status="booked")
    rows = looked(firm)
    assert [(one["kind"], one["amount"], one["ours"]["lines"])
            for one in rows] == [("changed", "118.00", [])] * 2
    act(firm, "theirs", *rows)
    assert same(firm) and looked(firm) == []
    assert len(erp.vouchers) == 3


def test_a_cancelling_one_is_taken_over(firm, erp):
    start(firm, erp)
    book(erp, reference(2), *(
        (line["account"], line["credit"] if line["credit"] != "0.00" else
         "-" + line["debit"]) for line in of(erp, 2)["lines"]))
    one = only(looked(firm))
    act(firm, "theirs", one)
    assert same(firm) and looked(firm) == []


def test_in_a_period_that_is_open(firm, erp):
    start(firm, erp)
    change(erp, 1)
    one = only(looked(firm))
    reference_data(firm, "period", "entity,period,state\n"
                   "IN01,2026-10,closed\n")
    said = act(firm, "theirs", one)
    event = firm.get("/v1/events/" + only(said["events"]))
    journal = firm.get("/v1/journals/" + event["journal"])
    assert journal["date"] == "2026-11-01"


def test_nobody_of_ours_stands_for_it(firm, erp):
    start(firm, erp)
    erp.names["9-X"] = "theirs alone"
    voucher = of(erp, 1)
    erp.change(voucher["id"], lines=[
        dict(line, account="9-X") if line["account"] == "4000" else line
        for line in voucher["lines"]])
    one = only(looked(firm))
    said = act(firm, "theirs", one, status=422)
    assert "no account of ours stands for 9-X" in said["detail"]
    assert row(firm, one)["state"] == "open"


def test_the_same_sums_in_other_lines(firm, erp):
    """Nothing to post; what it has is what we know of from then on."""
    start(firm, erp)
    voucher = of(erp, 1)
    first, *rest = voucher["lines"]
    erp.change(voucher["id"], lines=[
        dict(first, debit="100.00"), dict(first, debit="18.00")] + rest)
    one = only(looked(firm))
    assert (one["kind"], one["amount"]) == ("changed", "0.00")
    said = act(firm, "theirs", one)
    assert (said["done"], said["events"]) == (1, [])
    assert looked(firm) == [] and len(commits(firm)) == 3
    erp.change(voucher["id"], narration="again")
    assert looked(firm) == []


def test_only_the_day(firm, erp):
    """A journal of one day cannot move another to a day."""
    start(firm, erp)
    erp.change(of(erp, 1)["id"], date="2026-10-09")
    said = act(firm, "theirs", only(looked(firm)), status=422)
    assert "only the day differs" in said["detail"]


# ---- adopt

def stranger(erp, name="PAY-1", amount="500.00", **how):
    return book(erp, name, ("5230", amount), ("1000", "-" + amount), **how)


def test_a_stranger_is_adopted(firm, erp):
    """It is a journal of ours, and never sent back; from then on its changes
    are drift."""
    start(firm, erp, strangers="list", entities="IN01")
    theirs = stranger(erp)
    assert not same(firm)
    one = only(looked(firm))
    assert one["entity"] == "IN01"
    said = act(firm, "adopt", one, reason="rent")
    event = firm.get("/v1/events/" + only(said["events"]))
    assert event["state"] == "posted"
    assert same(firm) and looked(firm) == []
    assert len(erp.vouchers) == 4
    assert row(firm, one)["state"] == "closed"
    erp.change(theirs, lines=lines(("5230", "600.00"), ("1000", "-600.00")))
    again = only(looked(firm))
    assert (again["kind"], again["journal"]) == ("changed", "J4")
    act(firm, "theirs", again)
    assert same(firm) and looked(firm) == []
    erp.remove(theirs)
    assert only(looked(firm))["kind"] == "missing"
    firm.stop()
    firm.prove()


def test_of_which_entity_and_cost_centre(firm, erp):
    """What the ERP does not know the person says."""
    start(firm, erp, strangers="list")
    book(erp, "RENT", ("6100", "500.00"), ("1000", "-500.00"))
    one = only(looked(firm))
    said = act(firm, "adopt", one, status=422)
    assert "of which entity" in said["detail"]
    act(firm, "adopt", one, status=400, entity="XX99")
    said = act(firm, "adopt", one, status=422, entity="IN01")
    assert "account.combination" in said["detail"]
    act(firm, "adopt", one, entity="IN01", cost_centre="MUM-RETAIL")
    assert looked(firm) == [] and same(firm)


HELD = POLICY_HEAD + "amount,journal_voucher,*,100.00,,,approver,\n"


def test_held_and_released(firm, erp):
    """It posts when somebody lets it, and is not sent then either."""
    start(firm, erp, strangers="list", entities="IN01")
    reference_data(firm, "policy", HELD)
    theirs = stranger(erp)
    one = only(looked(firm))
    said = act(firm, "adopt", one)
    assert said["done"] == 1 and said["held"] == 1
    event = firm.get("/v1/events/" + only(said["events"]))
    assert event["state"] == "held", event
    assert row(firm, one)["state"] == "asked"
    assert len(looked(firm)) == 1
    other = firm.run("token", "add", "other", "approver").stdout.split()[-1]
    connection = firm.connect()
    connection.request("POST", "/v1/decisions", json.dumps({
        "action": "approve", "reason": "yes", "events": [
            {"id": event["id"], "version": event["version"]}]}),
        {"Authorization": "Bearer " + other})
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    becomes(firm, one, "closed")
    assert looked(firm) == [] and same(firm)
    assert theirs in erp.vouchers and len(erp.vouchers) == 4


def test_held_and_dismissed(firm, erp):
    start(firm, erp, strangers="list", entities="IN01")
    reference_data(firm, "policy", HELD)
    stranger(erp)
    one = only(looked(firm))
    event = only(act(firm, "adopt", one)["events"])
    firm.api("POST", "/v1/decisions", {
        "action": "dismiss", "reason": "no", "events": [
            {"id": event, "version": firm.get("/v1/events/" + event)[
                "version"]}]})
    look(firm)
    again = row(firm, one)
    assert again["state"] == "open" and "dismissed" in again["words"]


def test_booked_there_and_failed_here(firm, erp):
    """A commit that we gave up, and somebody has it booked by hand with our
    reference: found, it is done."""
    looking(firm, erp)
    erp.set["open_to"] = "2026-10-04"
    firm.start()
    sell(firm, "R-1")
    settled(firm, 1, state="failed")
    erp.set["open_to"] = "2099-03-31"
    rest = [(line["account"], line["amount"]) for line in firm.get(
        "/v1/journals/J1")["entries"]]
    book(erp, reference(1), *rest)
    one = only(looked(firm))
    assert (one["kind"], one["journal"]) == ("unknown", "J1")
    act(firm, "adopt", one)
    settled(firm, 1)
    assert looked(firm) == [] and len(erp.vouchers) == 1


# ---- ignore

def test_ignored_until_it_changes_again(firm, erp):
    start(firm, erp)
    change(erp, 1)
    one = only(looked(firm))
    assert firm.api("POST", "/v1/targets/erp/drift/act", {
        "act": "ignore", "rows": [{"id": one["id"],
                                   "version": one["version"]}]}).status == 400
    act(firm, "ignore", one, reason="known")
    assert looked(firm) == []
    erp.change(of(erp, 1)["id"], date="2026-10-06")
    assert only(looked(firm))["id"] == one["id"]


def test_many_at_once(firm, erp):
    """A thousand strangers, one act; each in the audit."""
    start(firm, erp, 1, strangers="list", entities="IN01")
    for n in range(250):
        stranger(erp, "PAY-%d" % n, "%d.00" % (n + 1))
    rows = looked(firm)
    assert len(rows) == 250
    assert act(firm, "ignore", *rows[:100])["done"] == 100
    said = act(firm, "adopt", *rows)
    assert said["done"] == 150 and len(said["refused"]) == 100
    assert {one["why"] for one in said["refused"]} == {"it has changed since"}
    assert looked(firm) == []
    assert len(commits(firm)) == 151
    assert len(erp.vouchers) == 251


# ---- what may not be

@pytest.mark.parametrize("what,kind", [
    ("theirs", "unknown"), ("ours", "unknown"), ("adopt", "changed"),
    ("ours", "doubled")])
def test_what_makes_no_sense(firm, erp, what, kind):
    start(firm, erp, 1, strangers="list", entities="IN01")
    if kind == "unknown":
        stranger(erp)
    elif kind == "changed":
        change(erp, 1)
    else:
        book(erp, reference(1), ("1200", "1.00"), ("4000", "-1.00"))
    one = only(looked(firm))
    assert one["kind"] == kind
    act(firm, what, one, status=422)
    assert row(firm, one)["version"] == one["version"]


@pytest.mark.parametrize("body", [
    {}, {"act": "x", "rows": []}, {"act": "ours", "rows": []},
    {"act": "ours", "rows": [{"id": "E12", "version": "1"}]},
    {"act": "ours", "rows": [{"id": "T1", "version": "x"}]},
    {"act": "ignore", "reason": "x" * 2001,
     "rows": [{"id": "T1", "version": "1"}]},
    {"act": "ours", "rows": [{"id": "T1", "version": "1"}] * 2}])
def test_what_is_malformed(firm, erp, body):
    looking(firm, erp)
    firm.start()
    wait_until(lambda: firm.api(
        "GET", "/v1/targets/erp/drift").status == 200)
    answer = firm.api("POST", "/v1/targets/erp/drift/act", body)
    assert answer.status in (400, 428), answer.body


# ---- stops

@pytest.mark.parametrize("point", [
    "drift.before_event", "settle.after_journal", "drift.after_event"])
def test_stopped_while_it_is_taken_over(firm, erp, point):
    start(firm, erp)
    change(erp, 1)
    one = only(looked(firm))
    firm.stop()
    firm.start(BAHI_CRASH=point)
    with pytest.raises(OSError):
        act(firm, "theirs", one)
    firm.died()
    firm.start()
    rows = looked(firm)
    if rows:
        act(firm, "theirs", only(rows))
    assert same(firm) and looked(firm) == []
    assert len(erp.vouchers) == 3
    assert len(commits(firm)) == 4


@pytest.mark.parametrize("point", ["drift.before_restore",
                                   "drift.after_restore"])
def test_stopped_while_it_is_put_back(firm, erp, point):
    start(firm, erp)
    before = change(erp, 1)
    one = only(looked(firm))
    firm.stop()
    firm.start(BAHI_CRASH=point)
    act(firm, "ours", one)
    firm.died()
    firm.start()
    becomes(firm, one, "closed")
    assert of(erp, 1)["lines"] == before and erp.count["put"] == 1
    assert drift(firm)["items"] == []
