"""The close board: computed lines, sign-offs that figures overtake, and
periods that open and close in order."""
import json
import os
import re
import sqlite3
import subprocess
import time

import pytest

from house import House, ROOT, sale
from test_govern import People
from test_intercompany import CHARGE, charge, send

BAHI = os.environ.get("BAHI", str(ROOT / "build" / "bahi"))
LINES = ["backlog", "failures", "conflicts", "approvals", "intercompany",
         "settlement", "gst", "targets", "consistency", "audit"]


@pytest.fixture
def people():
    house = House()
    people = People(house, asha="clerk", vik="viewer", ravi="controller",
                    meera="controller")
    house.start()
    people.house = house
    yield people
    house.close()


def board(house, entity="IN01", period="2026-10"):
    return house.get("/v1/close?entity=%s&period=%s" % (entity, period))


def line(house, name, **of):
    [one] = [i for i in board(house, **of)["items"] if i["line"] == name]
    return one


def walked(house):
    """The walk over the ledger has ended once."""
    end = time.monotonic() + 30
    while not line(house, "consistency")["ok"]:
        assert time.monotonic() < end, line(house, "consistency")
        time.sleep(0.02)


def say(people, name, what, line=None, period="2026-10", entity="IN01",
        **more):
    body = dict(entity=entity, period=period, **more)
    if line is not None:
        body["line"] = line
    return people.ask(name, "POST", "/v1/close/" + what, body)


def sign_all(people, **of):
    walked(people.house)
    for one in LINES:
        answer = say(people, "asha", "sign", one, **of)
        assert answer.status == 200, (one, answer.body)


def settle_pos(house, amount, date="2026-10-20"):
    """What the tills gathered has reached the bank."""
    answer = house.api("POST", "/v1/journals", {
        "entity": "IN01", "date": date, "currency": "INR", "number": "S-" +
        amount, "lines": [{"account": "1000", "debit": amount},
                          {"account": "1200", "credit": amount}]},
        {"Idempotency-Key": "settle-" + amount})
    assert answer.status == 201, answer.body


def test_each_line_is_computed(people):
    house = people.house
    walked(house)
    seen = board(house)
    assert [i["line"] for i in seen["items"]] == LINES
    assert seen["state"] == "open" and seen["open"] == 0
    assert seen["unsigned"] == len(LINES) and seen["ready"] is False
    house.post("pos", sale("C1"), "msg_c1")
    house.post("pos", sale("C2", store="STORE-THN"), "msg_c2")
    failures = line(house, "failures")
    assert (failures["ok"], failures["count"]) == (False, 1)
    # Of no other month and of no other company, since its day is known.
    for other in (dict(period="2026-11"), dict(entity="IN02")):
        assert line(house, "failures", **other)["ok"] is (
            failures["amount"] is not None), other
    settlement = line(house, "settlement")
    assert (settlement["count"], settlement["amount"]) == (1, "118.00")
    settle_pos(house, "118.00", "2026-11-02")
    assert line(house, "settlement")["ok"] is True
    gst = line(house, "gst")
    assert gst["ok"] is True and "GST18 INR -18.00" in gst["figures"]
    house.prove()


def test_what_fails_without_a_day_blocks_the_months_before(people):
    house = people.house
    house.post("pos", b'{"event": "payment.success", "data": {}}', "msg_x")
    for of in (dict(), dict(entity="IN02"), dict(period="2026-11")):
        assert line(house, "failures", **of)["count"] == 1, of
    month = time.strftime("%Y-%m", time.gmtime(time.time() + 19800))
    later = "%d-01" % (int(month[:4]) + 1)
    assert line(house, "failures", period=later)["count"] == 0
    [event] = house.get("/v1/events?state=failed")["items"]
    answer = house.api("POST", "/v1/decisions", {
        "action": "dismiss", "reason": "a test of the till",
        "events": [{"id": event["id"], "version": event["version"]}]})
    assert answer.status == 200, answer.body
    assert line(house, "failures")["count"] == 0
    house.prove()


def test_a_sign_off_needs_a_clean_line_a_clerk_and_what_was_seen(people):
    house = people.house
    house.post("pos", sale("D1"), "msg_d1")
    assert say(people, "asha", "sign", "settlement").status == 422
    assert say(people, "vik", "sign", "gst").status == 403
    assert say(people, "asha", "sign", "nonsense").status == 400
    assert say(people, "asha", "sign", "gst", entity="ZZ").status == 404
    assert say(people, "asha", "sign", "gst",
               figures="GST18 INR -17.00").status == 412
    assert say(people, "asha", "sign", "gst",
               figures=line(house, "gst")["figures"]).status == 200
    gst = line(house, "gst")
    assert gst["state"] == "signed" and gst["signed"]["by"] == "asha"
    assert gst["owner"] == "tax" and gst["due"] == "2026-11-07"
    assert isinstance(gst["days_left"], int)


def test_a_posting_into_what_was_signed_suspends_it(people):
    house = people.house
    house.post("pos", sale("E1"), "msg_e1")
    assert say(people, "asha", "sign", "gst").status == 200
    assert line(house, "gst")["state"] == "signed"
    house.post("pos", sale("E2"), "msg_e2")
    gst = line(house, "gst")
    assert gst["state"] == "suspended" and gst["ok"] is True
    assert gst["signed"]["figures"] != gst["figures"]
    # Noted once, and it stays so even when the figures come back.
    end = time.monotonic() + 30
    while audits(house, "sign.suspended") == 0:
        assert time.monotonic() < end
        time.sleep(0.02)
    for _ in range(3):
        board(house)
    assert audits(house, "sign.suspended") == 1
    assert say(people, "asha", "sign", "gst").status == 200
    assert line(house, "gst")["state"] == "signed"
    house.prove()


def audits(house, action):
    db = sqlite3.connect("file:%s?mode=ro" % (house.home / "bahi.db"),
                         uri=True)
    try:
        [(n,)] = db.execute("SELECT count(*) FROM audit WHERE action = ?",
                            (action,))
    finally:
        db.close()
    return n


def test_periods_close_in_order_and_reopen_by_two(people):
    house = people.house
    assert say(people, "asha", "soft").status == 403
    assert say(people, "ravi", "soft", period="2026-11").status == 422
    assert say(people, "ravi", "soft").status == 200
    assert board(house)["state"] == "soft"
    # What is late waits for an approval, and keeps the period from closing.
    late = house.post("pos", sale("F1"), "msg_f1").json
    assert late["state"] == "held", late
    assert line(house, "approvals")["count"] == 1
    assert say(people, "ravi", "close").status == 422
    [event] = house.get("/v1/events?state=held")["items"]
    answer = people.ask("meera", "POST", "/v1/decisions", {
        "action": "approve", "reason": "seen",
        "events": [{"id": event["id"], "version": event["version"]}]})
    assert answer.status == 200, answer.body
    assert house.get("/v1/events/" + late["event"])["state"] == "posted"
    settle_pos(house, "118.00", "2026-12-01")
    assert say(people, "ravi", "close").status == 422     # nobody has signed
    sign_all(people)
    assert board(house)["ready"] is True
    assert say(people, "ravi", "close").json["state"] == "closed"
    assert say(people, "ravi", "close").status == 422
    over = house.post("pos", sale("F9"), "msg_f9").json
    assert [f["code"] for f in over["findings"]] == ["period.closed"]
    assert say(people, "ravi", "soft", period="2026-11").status == 200
    # Open again: one asks with a reason, another one approves.
    assert say(people, "ravi", "reopen").status == 400
    assert say(people, "ravi", "reopen/approve").status == 422
    assert say(people, "ravi", "reopen", reason="a credit note").status == 200
    asked = board(house)
    assert asked["state"] == "closed"
    assert asked["reopening"]["by"] == "ravi"
    assert say(people, "ravi", "reopen/approve").status == 403
    assert say(people, "meera", "reopen/approve").json["state"] == "open"
    assert board(house)["reopening"] is None
    assert house.post("pos", sale("F2"), "msg_f2").json["state"] == "posted"
    assert audits(house, "reopen") == 1 and audits(house, "close") == 1
    house.prove()


def test_a_later_month_that_is_closed_is_opened_first(people):
    house = people.house
    sign_all(people)
    assert say(people, "ravi", "close").status == 200
    sign_all(people, period="2026-11")
    assert say(people, "ravi", "close", period="2026-11").status == 200
    assert say(people, "ravi", "reopen", reason="no").status == 422
    for period in ("2026-11", "2026-10"):
        assert say(people, "ravi", "reopen", reason="yes",
                   period=period).status == 200
        assert say(people, "meera", "reopen/approve",
                   period=period).status == 200
    house.prove()


def test_tax_that_missed_the_ledger_is_told(people):
    """Output tax is mapped to an account that is none of tax."""
    house = people.house
    house.api("POST", "/v1/reference/mapping", (
        b"source,dimension,from,to\n*,account,@output_cgst,4020\n"))
    answer = house.post("pos", sale("G1"), "msg_g1").json
    assert answer["state"] == "posted", answer
    gst = line(house, "gst")
    assert (gst["ok"], gst["count"], gst["amount"]) == (False, 1, "9.00")
    assert "GST18 INR -18.00 / -9.00" in gst["figures"]
    house.prove()


def test_what_lacks_a_tax_code_keeps_gst_open(people):
    house = people.house
    said = house.post("pos", sale("N1", tax_rate=17), "msg_n1").json
    assert [f["code"] for f in said["findings"]] == ["tax_code.unmapped"]
    gst = line(house, "gst")
    assert (gst["ok"], gst["count"]) == (False, 1)
    [event] = house.get("/v1/events?state=failed")["items"]
    house.api("POST", "/v1/decisions", {
        "action": "dismiss", "reason": "no such rate",
        "events": [{"id": event["id"], "version": event["version"]}]})
    assert line(house, "gst")["ok"] is True
    house.prove()


def test_owners_are_master_data(people):
    house = people.house
    answer = house.api("POST", "/v1/reference/close",
                       b"entity,line,owner,due\nIN01,gst,kiran,31\n")
    assert answer.status == 200, answer.body
    gst = line(house, "gst")
    assert (gst["owner"], gst["due"]) == ("kiran", "2026-11-30")
    assert line(house, "gst", entity="IN02")["owner"] == "tax"
    for bad in (b"IN01,nothing,kiran,3", b"IN01,gst,kiran,0",
                b"IN01,gst,kiran,32", b"IN01,gst,,3"):
        assert house.api("POST", "/v1/reference/close",
                         b"entity,line,owner,due\n" + bad + b"\n"
                         ).status == 400, bad


def test_the_metric_counts_open_lines(people):
    house = people.house
    walked(house)
    house.post("pos", sale("H1"), "msg_h1")
    text = house.api("GET", "/metrics").body.decode()
    found = dict(re.findall(r'bahi_close_open_lines\{entity="IN01",'
                            r'period="(2026-1[01])"\} (\d+)', text))
    assert found["2026-10"] == "1", found


def bahi(house, *args):
    return subprocess.run(
        [BAHI, "--config", str(house.home / "bahi.conf"), "close", *args],
        env=house.env, text=True, capture_output=True, timeout=60)


def test_the_verbs(people):
    house = people.house
    walked(house)
    house.post("pos", sale("V1"), "msg_v1")
    on = ("--period", "2026-10", "--entity", "IN01")
    seen = bahi(house, "status", *on)
    assert seen.returncode == 1, seen.stderr
    assert re.search(r"settlement +OPEN +1 +treasury +2026-11-04",
                     seen.stdout), seen.stdout
    assert "1200 INR 118.00 / 0.00" in seen.stdout
    assert "Not every line is clean." in seen.stdout
    assert bahi(house, "sign", "settlement", *on).returncode == 3
    settle_pos(house, "118.00")
    seen = bahi(house, "status", "--json", "--period", "2026-10")
    assert seen.returncode == 0
    assert json.loads(seen.stdout)["open"] == 0
    for one in LINES:
        said = bahi(house, "sign", one, *on)
        assert said.returncode == 0, said.stderr
    assert "It may be closed." in bahi(house, "status", *on).stdout
    house.post("pos", sale("V2"), "msg_v2")
    seen = bahi(house, "status", *on)
    assert seen.returncode == 1 and re.search(r"gst +SUSPENDED",
                                              seen.stdout), seen.stdout
    settle_pos(house, "118.01")
    assert bahi(house, "period", *on).returncode == 3
    assert "IN01 2026-10: soft-closed" in bahi(house, "soft", *on).stdout
    asked = bahi(house, "reopen", "one more", *on)
    assert "somebody else must approve" in asked.stdout
    assert bahi(house, "approve", *on).returncode == 3
    assert say(people, "meera", "reopen/approve").status == 200
    for wrong in ((), ("sign",), ("status", "--period"), ("status", "x"),
                  ("sign", "nothing", *on)):
        assert bahi(house, *wrong).returncode == 2, wrong


def test_master_data_is_no_way_round_the_board(people):
    house = people.house

    def put(name, row):
        return people.ask(name, "POST", "/v1/reference/period",
                          b"entity,period,state\n" + row + b"\n").status

    # Nothing is posted yet: the books are being set up.
    assert put("ravi", b"IN01,2026-10,closed") == 200
    assert put("ravi", b"IN01,2026-10,open") == 200
    house.post("pos", sale("W1"), "msg_w1")
    assert put("ravi", b"IN01,2026-10,open") == 200
    assert put("ravi", b"IN01,2026-10,closed") == 422
    assert put("ravi", b"IN01,2031-10,open") == 200
    assert say(people, "ravi", "soft").status == 200
    assert put("ravi", b"IN01,2026-10,open") == 422
    row = house.api("GET", "/v1/reference/period/IN01%2F2026-10")
    assert people.ask("ravi", "PATCH", "/v1/reference/period/IN01%2F2026-10",
                      {"state": "open"}, If_Match=row.headers["ETag"]
                      ).status == 422
    assert house.api("POST", "/v1/reference/period",
                     b"entity,period,state\nIN01,2026-10,open\n"
                     ).status == 422
    assert board(house)["state"] == "soft"
    house.prove()


def test_what_concerns_two_companies_keeps_both_from_closing(people):
    house = people.house
    assert say(people, "ravi", "soft", entity="IN02").status == 200
    said = send(house, "intercompany.charge", "1", CHARGE)
    assert said["state"] == "held", said
    for entity in ("IN01", "IN02"):
        assert line(house, "approvals", entity=entity)["count"] == 1, entity
    assert line(house, "approvals", period="2026-11")["count"] == 0
    house.prove()


def figures(house, **of):
    gst = line(house, "gst", **of)
    assert gst["ok"] is True, gst
    return gst["figures"]


def test_tax_follows_amendments_and_reversals(people):
    house = people.house
    first = charge(house, "1")
    assert figures(house) == "GST18 INR 9000.00"
    assert figures(house, entity="IN02") == "GST18 INR -9000.00"
    charge(house, "2", revision="2", total="590.00",
           taxes=[{"kind": "igst", "code": "GST18", "amount": "90.00"}],
           lines=[{"amount": "500.00"}])
    assert figures(house) == "GST18 INR 90.00"
    charge(house, "3", number="IC-99")
    [event] = [e for e in house.get("/v1/events?state=posted&limit=500")[
        "items"] if e["id"] != first["event"] and e["key"].endswith("3")]
    answer = house.api("POST", "/v1/decisions", {
        "action": "reverse", "reason": "never was",
        "events": [{"id": event["id"], "version": event["version"]}]})
    assert answer.status == 200, answer.body
    assert figures(house) == "GST18 INR 90.00"
    assert figures(house, entity="IN02") == "GST18 INR -90.00"
    house.prove()


def test_the_tax_of_a_batch_is_that_of_its_entry(people):
    house = people.house
    house.api("POST", "/v1/reference/flow", (
        b"source,kind,entity,pattern,window,latency,owner,objective,wait,"
        b"control\npos,*,*,batch,22:00,0,,0,0,normal\n"))
    for n in range(3):
        said = house.post("pos", sale("B%d" % n), "msg_b%d" % n).json
        assert said["state"] == "waiting", said
    assert line(house, "backlog")["count"] == 3
    assert figures(house) == ""
    [batch] = house.get("/v1/batches")["items"]
    house.stop()
    house.start(BAHI_CLOCK="2027-01-05T12:00:00Z")
    end = time.monotonic() + 30
    while line(house, "backlog")["count"] > 0:
        assert time.monotonic() < end, board(house)
        time.sleep(0.05)
    total = "".join(figures(house, period=p["period"])
                    for p in board(house)["periods"])
    assert total == "GST18 INR -54.00", (total, batch)
    house.prove()
