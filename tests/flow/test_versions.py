"""Nobody's change is lost: versions of documents, and what becomes of a change
that was made against another one."""
import getpass
import json
import multiprocessing
import os
import subprocess

import pytest

from free import Free, doc, goods
from house import (  # noqa: F401
    Answer, LocalConnection, ROOT, house, sale)
from test_approvals import AMOUNT, Office

ME = getpass.getuser()


@pytest.fixture
def free():
    one = Free()
    yield one
    one.close()


def path(number, kind="sales_invoice"):
    return "/v1/documents/IN01/%s/%s" % (kind, number)


def read(one, number, kind="sales_invoice", version=None):
    got = one.api("GET", path(number, kind) + (
        "?version=%d" % version if version else ""))
    assert got.status == 200, got.body
    return got.json["document_body"], got.headers["ETag"]


def put(one, number, body, etag, kind="sales_invoice", **headers):
    return one.api("PUT", path(number, kind), body, {
        "Content-Type": "application/json", "If-Match": etag, **headers})


def amount(body, minor):
    """The same document, of another amount."""
    sign = {True: 1, False: -1}
    lines = [dict(line, amount=minor * sign[line["amount"] > 0])
             for line in body["lines"]]
    return dict(body, total=minor, lines=lines)


def balance(one, account, entity="IN01"):
    rows = one.get("/v1/trial-balance?entity=" + entity)["items"]
    return [row["balance"] for row in rows if row["account"] == account]


# ---- a person's change ----------------------------------------------------

def test_a_person_amends_a_document(free):
    free.start()
    free.send(doc("sales_invoice", "A", revision="1"))
    body, etag = read(free, "A")
    assert etag == '"1"'
    answer = put(free, "A", dict(amount(body, 25000), memo="was too low"),
                 etag)
    assert answer.status == 200, answer.body
    assert answer.headers["ETag"] == '"2"'
    assert answer.json["source"] == "desk-" + ME
    body, etag = read(free, "A")
    assert (body["total"], body["memo"], etag) == (25000, "was too low", '"2"')
    assert balance(free, "1000") == ["250.00"]
    assert read(free, "A", version=1)[0]["total"] == 10000
    assert free.api("GET", path("A") + "?version=9").status == 404
    history = free.get(path("A"))["history"]
    assert [(one["version"], one["by"]) for one in history] == [
        (2, ME), (1, "events")]
    assert len({one["event"] for one in history}) == 2
    assert all(len(one["rules"]) == 64 and one["at"] for one in history)
    free.check_books()
    free.prove()


def test_what_is_read_can_be_sent_back(house):
    house.start()
    house.post("pos", sale("A"), "msg_a")
    before = house.get("/v1/trial-balance")["items"]
    body, etag = read(house, "A")
    answer = put(house, "A", body, etag)
    assert answer.status == 200, answer.body
    after = house.get("/v1/trial-balance")["items"]
    assert [(row["account"], row["balance"]) for row in before] == [
        (row["account"], row["balance"]) for row in after]
    again, etag = read(house, "A")
    assert etag == '"2"' and again["lines"] == body["lines"]
    house.prove()


def test_a_change_names_the_version_it_was_made_against(free):
    free.start()
    free.send(doc("sales_invoice", "A"))
    body, etag = read(free, "A")
    none = free.api("PUT", path("A"), body)
    assert none.status == 428
    for bad in ("*", "6", 'W/"1"', '"1", "2"', '"0"', '"x"', '""'):
        assert put(free, "A", body, bad).status == 400, bad
    assert read(free, "A")[1] == '"1"'
    assert free.get("/v1/status")["conservation"] is True
    assert "desk-" not in json.dumps(free.get("/v1/status"))


def test_a_stale_change_is_kept_as_a_conflict(free):
    free.start()
    free.send(doc("sales_invoice", "A"))
    body, etag = read(free, "A")
    assert put(free, "A", amount(body, 20000), etag).status == 200
    late = put(free, "A", amount(body, 30000), etag)
    assert late.status == 412
    assert late.json["code"] == "version.stale"
    assert late.json["current_version"] == 2
    assert late.headers["ETag"] == '"2"'
    kept = free.get("/v1/events/" + late.json["event"])
    assert kept["state"] == "conflict"
    assert kept["source"] == "desk-" + ME
    assert read(free, "A")[0]["total"] == 20000
    # the same request again is the same conflict
    again = put(free, "A", amount(body, 30000), etag)
    assert again.status == 412 and again.json["event"] == late.json["event"]
    free.check_books()
    free.prove()


def test_a_new_document_by_hand(free):
    free.start()
    body = {"kind": "sales_invoice", "entity": "IN01", "number": "N",
            "date": "2026-10-05", "currency": "INR", "total": 5000, "tax": 0,
            "lines": [{"type": "entry", "account": "1000", "amount": 5000},
                      {"type": "entry", "account": "3000",
                       "amount": -5000}]}
    new = {"Content-Type": "application/json", "If-None-Match": "*"}
    made = free.api("PUT", path("N"), body, new)
    assert made.status == 201, made.body
    other = free.api("PUT", path("N"), dict(body, memo="other"), new)
    assert other.status == 412 and other.json["current_version"] == 1
    assert put(free, "M", dict(body, number="M"), '"1"').status == 404
    free.prove()


@pytest.mark.parametrize("wrong", [
    {"total": "1.5"}, {"total": 1.5}, {"total": "118.00"}, {"total": None}, {"lines": {}},
    {"lines": [{"type": "entry"}]}, {"lines": [{"amount": 5}]},
    {"lines": [{"type": "entry", "amount": 1, "extra": "x"}]},
    {"date": "2026-13-01"}, {"colour": "red"}, {"number": "B"},
    {"kind": "payment"}, {"void": "yes"}, {"memo": "x" * 1001},
    {"total": 10 ** 16}, {"entity": ""}])
def test_what_is_no_document_is_refused(free_once, wrong):
    body, etag = read(free_once, "A")
    answer = put(free_once, "A", dict(body, **wrong), etag)
    assert answer.status == 400, (wrong, answer.body)
    assert read(free_once, "A")[1] == etag


@pytest.mark.parametrize("body", [
    b"", b"null", b"[]", b"{", b'{"kind":"payment","kind":"payment"}',
    b'{"memo":"\\u0000"}', b'{"memo":"\xff"}', b"[" * 40 + b"]" * 40,
    b'{"a":1}{"b":2}', b'{"documents":[]}', b"\x00" * 100])
def test_what_is_no_json_is_refused(free_once, body):
    before = free_once.get("/v1/events")["items"]
    etag = read(free_once, "A")[1]
    assert put(free_once, "A", body, etag).status == 400
    event = before[0]["id"]
    assert free_once.api("POST", "/v1/conflicts/%s/preview" % event,
                         body).status == 400
    assert free_once.get("/v1/events")["items"] == before


def test_who_may_change_a_document(house):
    house.start()
    house.post("pos", sale("A"), "msg_a")
    body, etag = read(house, "A")
    for role, status in (("integration", 403), ("viewer", 403),
                         ("clerk", 200)):
        token = house.run("token", "add", role, role).stdout.strip()
        connection = house.connect()
        connection.request("PUT", path("A"), json.dumps(
            dict(body, memo=role)).encode(), {
                "Authorization": "Bearer " + token, "If-Match": etag,
                "Content-Type": "application/json"})
        assert connection.getresponse().status == status, role
    assert house.get(path("A"))["by"] == "clerk"


@pytest.fixture(scope="module")
def free_once():
    one = Free()
    one.start()
    one.send(doc("sales_invoice", "A"))
    yield one
    one.close()


def test_an_idempotency_key_is_honoured(free):
    free.start()
    free.send(doc("sales_invoice", "A"))
    body, etag = read(free, "A")
    key = {"Idempotency-Key": "k-1"}
    first = put(free, "A", amount(body, 20000), etag, **key)
    again = put(free, "A", amount(body, 20000), etag, **key)
    assert (first.status, again.status) == (200, 200)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["ETag"] == '"2"'
    assert put(free, "A", amount(body, 1), etag, **key).status == 409
    assert read(free, "A")[1] == '"2"'


def test_a_program_does_not_speak_for_a_person(house):
    for name in ("desk", "desk-" + ME):
        assert house.run("token", "add", name, "integration",
                         check=False).returncode != 0
        assert house.run("source", "add", name, "standard",
                         check=False).returncode != 0


# ---- who meets whom -------------------------------------------------------

def conflicts(one):
    return [event["id"] for event in
            one.get("/v1/events?state=conflict")["items"]]


def test_an_update_against_5_meets_6_and_waits_for_a_person(free):
    free.start()
    for version in range(6):
        free.send(doc("sales_invoice", "A", "%d.00" % (100 + version),
                      base_version=str(version)))
    assert read(free, "A")[1] == '"6"'
    late = free.send(doc("sales_invoice", "A", "999.00", base_version="5"))
    assert late["state"] == "conflict"
    assert late["findings"][0]["code"] == "document.version"
    assert read(free, "A")[1] == '"6"'
    assert balance(free, "1000") == ["105.00"]
    free.prove()


def test_source_against_accountant(free):
    free.start()
    free.send(doc("sales_invoice", "A", revision="2026-10-05T10:00:00Z"))
    body, etag = read(free, "A")
    assert put(free, "A", dict(body, memo="by hand"), etag).status == 200
    newer = free.send(doc("sales_invoice", "A", "120.00",
                          revision="2026-10-05T11:00:00Z"))
    assert newer["state"] == "conflict"
    older = free.send(doc("sales_invoice", "A", "80.00",
                          revision="2026-10-05T09:00:00Z"))
    assert older["state"] == "stale"
    assert read(free, "A")[0]["memo"] == "by hand"
    free.prove()


def test_accountant_against_accountant(house):
    """Two people, told apart by their tokens."""
    house.start()
    house.post("pos", sale("A"), "msg_a")
    tokens = {name: house.run("token", "add", name, "clerk").stdout.strip()
              for name in ("ann", "ben")}
    body, etag = read(house, "A")

    def write(name, memo):
        connection = house.connect()
        connection.request("PUT", path("A"), json.dumps(
            dict(body, memo=memo)).encode(), {
                "Authorization": "Bearer " + tokens[name],
                "Content-Type": "application/json", "If-Match": etag})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())

    assert write("ann", "Ann's")[0] == 200
    status, problem = write("ben", "Ben's")
    assert status == 412
    assert house.get("/v1/events/" + problem["event"])["source"] == "desk-ben"
    assert house.get(path("A"))["by"] == "ann"
    house.prove()


def test_source_against_source(free):
    free.start()
    free.send(doc("sales_invoice", "A", base_version="0"))
    token = free.run("token", "add", "events-b", "integration").stdout.strip()
    connection = free.connect()
    connection.request("POST", "/v1/events", json.dumps({"docs": [
        doc("sales_invoice", "A", "70.00", base_version="0")]}), {
            "Authorization": "Bearer " + token, "ce-specversion": "1.0",
            "Content-Type": "application/json", "ce-id": "b",
            "ce-source": "/b", "ce-type": "free"})
    answer = json.loads(connection.getresponse().read())
    assert answer["state"] == "conflict", answer
    assert conflicts(free) == [answer["event"]]
    assert read(free, "A")[1] == '"1"'
    free.prove()


def test_a_document_may_be_void(free):
    free.start()
    free.send(doc("sales_invoice", "A", revision="1"))
    body, etag = read(free, "A")
    answer = put(free, "A", dict(body, void=True), etag)
    assert answer.status == 200, answer.body
    assert set(balance(free, "1000")) <= {"0.00"}
    assert free.get(path("A"))["void"] is True
    # what is void may be amended like any other
    body, etag = read(free, "A")
    del body["void"]
    assert put(free, "A", amount(body, 7000), etag).status == 200
    assert balance(free, "1000") == ["70.00"]
    assert free.get(path("A"))["version"] == 3
    free.check_books()
    free.prove()


# ---- a conflict is resolved -----------------------------------------------

def decide(one, action, event, reason="looked at both", **with_):
    return one.api("POST", "/v1/decisions", {
        "action": action, "reason": reason, "with": with_,
        "events": [{"id": event,
                    "version": one.get("/v1/events/" + event)["version"]}]})


def contested(free):
    """A at version 2 by hand; a change of the source against version 1."""
    free.start()
    free.send(doc("sales_invoice", "A", revision="1"))
    body, etag = read(free, "A")
    assert put(free, "A", dict(body, memo="by hand"), etag).status == 200
    late = free.send(doc("sales_invoice", "A", "120.00", revision="2"))
    assert late["state"] == "conflict"
    return late["event"]


SEEN = {"IN01/sales_invoice/A": "2"}


@pytest.mark.parametrize("take, total, memo", [
    ("incoming", 12000, None), ("merge", 12000, "by hand")])
def test_resolving_takes_a_side(free, take, total, memo):
    event = contested(free)
    answer = decide(free, "resolve", event, take=take, seen=SEEN)
    assert answer.status == 200, answer.body
    assert free.get("/v1/events/" + event)["state"] == "posted"
    body, etag = read(free, "A")
    assert (body["total"], body.get("memo"), etag) == (total, memo, '"3"')
    newest = free.get(path("A"))["history"][0]
    assert newest["by"] == ME and newest["source"] == "events"
    assert newest["ruling"] is not None
    [version] = free.get("/v1/trace/" + event)["events"][0]["versions"]
    assert (version["by"], version["ruling"]) == (ME, newest["ruling"])
    # the source goes on from what it sent, not from what was merged
    later = free.send(doc("sales_invoice", "A", "130.00", revision="3"))
    assert later["state"] == ("posted" if take == "incoming" else "conflict")
    free.check_books()
    free.prove()


def test_what_was_merged_its_source_has_never_seen(free):
    event = contested(free)
    assert decide(free, "resolve", event, take="merge",
                  seen=SEEN).status == 200
    later = free.send(doc("sales_invoice", "A", "130.00", revision="3"))
    [one] = free.get("/v1/conflicts/" + later["event"])["documents"]
    assert (one["base_version"], one["current_version"]) == (1, 3)
    # the amount is theirs to settle; the memo stays ours
    fields = {f["path"]: (f["by"], f["overlap"]) for f in one["fields"]}
    assert fields["memo"] == ("current", False)
    assert fields["total"] == ("both", True)
    assert one["clean"] is False


def test_the_present_one_is_kept(free):
    event = contested(free)
    answer = decide(free, "resolve", event, "ours is right", take="current",
                    seen=SEEN)
    assert answer.status == 200, answer.body
    got = free.get("/v1/events/" + event)
    assert got["state"] == "dismissed"
    assert "kept" in [one["action"] for one in got["history"]]
    assert read(free, "A")[1] == '"2"'
    free.check_books()
    free.prove()


def test_a_document_that_a_person_made_of_both(free):
    event = contested(free)
    body, _ = read(free, "A")
    made = dict(amount(body, 11000), memo="half way")
    answer = decide(free, "resolve", event, documents=[
        {"part": 0, "base": "2", "document": made}])
    assert answer.status == 200, answer.body
    body, etag = read(free, "A")
    assert (body["total"], body["memo"], etag) == (11000, "half way", '"3"')
    assert balance(free, "1000") == ["110.00"]
    free.prove()


def test_resolving_needs_what_was_seen(free):
    event = contested(free)
    assert decide(free, "resolve", event, take="incoming").status == 428
    assert decide(free, "resolve", event).status == 400
    assert decide(free, "resolve", event, take="mine",
                  seen=SEEN).status == 400
    assert decide(free, "resolve", event, take="incoming",
                  seen={"IN01/sales_invoice/B": "2"}).status == 428
    assert decide(free, "resolve", event, "", take="incoming",
                  seen=SEEN).status == 400


def test_the_document_moved_on_meanwhile(free):
    event = contested(free)
    body, etag = read(free, "A")
    assert put(free, "A", dict(body, memo="again"), etag).status == 200
    rows = free.get("/v1/status")
    for with_ in ({"take": "incoming", "seen": SEEN},
                  {"take": "current", "seen": SEEN},
                  {"take": "merge", "seen": SEEN},
                  {"documents": [{"part": 0, "base": "2",
                                  "document": body}]}):
        answer = decide(free, "resolve", event, **with_)
        assert answer.status == 412, (with_, answer.body)
    assert free.get("/v1/events/" + event)["state"] == "conflict"
    assert free.get("/v1/events/" + event)["version"] == 1
    assert free.get("/v1/status")["sources"] == rows["sources"]
    assert read(free, "A")[1] == '"3"'
    free.prove()


def test_what_could_not_be_posted_is_refused(free):
    event = contested(free)
    body, _ = read(free, "A")
    wrong = dict(body, lines=[dict(body["lines"][0], account="9999"),
                              body["lines"][1]])
    answer = decide(free, "resolve", event, documents=[
        {"part": 0, "base": "2", "document": wrong}])
    assert answer.status == 422
    assert "account.unmapped" in answer.json["detail"]
    other = decide(free, "resolve", event, documents=[
        {"part": 0, "base": "2", "document": dict(body, number="B")}])
    assert other.status == 400
    assert free.get("/v1/events/" + event)["version"] == 1
    free.prove()


def test_where_both_changed_the_same_nothing_merges(free):
    free.start()
    free.send(doc("sales_invoice", "A"))
    body, etag = read(free, "A")
    assert put(free, "A", amount(body, 20000), etag).status == 200
    late = put(free, "A", amount(body, 30000), etag).json["event"]
    answer = decide(free, "resolve", late, take="merge", seen=SEEN)
    assert answer.status == 422, answer.body
    assert decide(free, "resolve", late, take="incoming",
                  seen=SEEN).status == 200
    assert balance(free, "1000") == ["300.00"]
    free.prove()


def test_many_at_once(free):
    free.start()
    events = []
    for number in "ABC":
        free.send(doc("sales_invoice", number, revision="1"))
        body, etag = read(free, number)
        hand = amount(body, 5000) if number == "B" else \
            dict(body, memo="by hand")
        assert put(free, number, hand, etag).status == 200
        late = free.send(doc("sales_invoice", number, "120.00",
                             revision="2"))
        events.append({"id": late["event"], "version": "1"})
    answer = free.api("POST", "/v1/decisions", {
        "action": "resolve", "reason": "all that do not overlap",
        "with": {"take": "merge"}, "events": events})
    assert answer.status == 200, answer.body
    states = [free.get("/v1/events/" + one["id"])["state"] for one in events]
    assert states == ["posted", "conflict", "posted"]
    free.prove()


# ---- a period that is closed ----------------------------------------------

def test_a_document_of_a_closed_period_is_carried(free):
    free.start()
    late = free.send(doc("sales_invoice", "A", date="2026-09-20"))
    assert [one["code"] for one in late["findings"]] == ["period.closed"]
    assert decide(free, "carry", late["event"], "").status == 400
    answer = decide(free, "carry", late["event"], "came late")
    assert answer.status == 200, answer.body
    got = free.get(path("A"))
    assert got["document_body"]["date"] == "2026-09-20"
    assert got["document_body"]["posting_date"] == "2026-10-01"
    assert free.get("/v1/journals/" + got["journal"])["date"] == "2026-10-01"
    assert got["by"] == ME
    free.check_books()
    free.prove()


def test_an_amendment_of_a_closed_period_is_carried(free):
    free.csv("period", "entity,period,state\nIN01,2026-09,open\n")
    free.start()
    free.send(doc("sales_invoice", "A", date="2026-09-20"))
    free.stop()
    free.csv("period", "entity,period,state\nIN01,2026-09,closed\n")
    free.start()
    body, etag = read(free, "A")
    kept = put(free, "A", amount(body, 5000), etag)
    assert (kept.status, kept.json["state"]) == (202, "failed")
    assert decide(free, "carry", kept.json["event"]).status == 200
    # September is as it was; October has the difference
    for to, what in (("2026-09", "100.00"), ("2026-10", "50.00")):
        rows = free.get("/v1/trial-balance?entity=IN01&to=" + to)["items"]
        assert [row["balance"] for row in rows
                if row["account"] == "1000"] == [what]
    free.prove()


def test_all_of_a_closed_period_are_carried(free):
    free.start()
    for number in "ABC":
        late = free.send(doc("sales_invoice", number, date="2026-09-20"))
    [problem] = free.get("/v1/signatures")["items"]
    answer = free.api("POST", "/v1/decisions", {
        "action": "carry", "reason": "came late",
        "signature": problem["id"]})
    assert answer.status == 200 and answer.json["done"] == 3, answer.body
    assert balance(free, "1000") == ["300.00"]
    # one that is of an open period has nowhere to be carried to
    wrong = free.send(doc("sales_invoice", "D", party="NOBODY"))
    answer = decide(free, "carry", wrong["event"])
    assert answer.json["results"][0]["verdict"] == "refused"
    assert free.get("/v1/events/" + wrong["event"])["version"] == 1
    assert free.get("/v1/events/" + late["event"])["state"] == "posted"
    free.prove()


def test_what_waits_stays_carried(free):
    free.start()
    late = free.send(doc("sales_invoice", "A", date="2026-09-20",
                         after=["sales_order", "O"]))
    assert late["state"] == "failed"
    decide(free, "carry", late["event"], "came late")
    assert free.get("/v1/events/" + late["event"])["state"] == "waiting"
    free.send(doc("sales_order", "O", "100.00", lines=[]))
    assert free.get("/v1/events/" + late["event"])["state"] == "posted"
    assert read(free, "A")[0]["posting_date"] == "2026-10-01"
    free.prove()


# ---- what is posted is reversed -------------------------------------------

def test_what_is_posted_is_reversed(free):
    free.start()
    sent = free.send(doc("sales_invoice", "A"))
    answer = decide(free, "reverse", sent["event"], "sent by mistake")
    assert answer.status == 200, answer.body
    assert answer.json["results"][0]["verdict"] == "reversed"
    assert set(balance(free, "1000")) <= {"0.00"}
    got = free.get(path("A"))
    assert got["void"] is True and got["by"] == ME and got["version"] == 2
    assert free.get("/v1/events/" + sent["event"])["state"] == "posted"
    again = decide(free, "reverse", sent["event"], "again")
    assert again.status == 422
    # undone again, it is what it was
    assert decide(free, "reverse", got["event"], "was right").status == 200
    assert free.get(path("A"))["void"] is False
    assert balance(free, "1000") == ["100.00"]
    free.check_books()
    free.prove()


def test_an_amendment_is_reversed(free):
    free.start()
    free.send(doc("sales_invoice", "A"))
    body, etag = read(free, "A")
    sent = put(free, "A", dict(amount(body, 25000), memo="wrong"), etag).json
    assert decide(free, "reverse", sent["event"]).status == 200
    got = free.get(path("A"))
    assert (got["version"], got["void"]) == (3, False)
    assert got["document_body"]["total"] == 10000
    assert "memo" not in got["document_body"]
    assert balance(free, "1000") == ["100.00"]
    free.prove()


def test_what_is_void_from_the_first_is_not_reversed(free):
    free.start()
    body = {"kind": "sales_invoice", "entity": "IN01", "number": "N",
            "date": "2026-10-05", "currency": "INR", "total": 5000, "tax": 0,
            "void": True, "lines": []}
    made = free.api("PUT", path("N"), body, {
        "Content-Type": "application/json", "If-None-Match": "*"})
    assert made.status == 201, made.body
    assert decide(free, "reverse", made.json["event"]).status == 422
    free.prove()


def test_several_events_are_reversed_at_once(free):
    free.start()
    sent = [free.send(doc("sales_invoice", number)) for number in "AB"]
    answer = free.api("POST", "/v1/decisions", {
        "action": "reverse", "reason": "both by mistake",
        "events": [{"id": one["event"], "version": 1} for one in sent]})
    assert answer.status == 200, answer.body
    assert [one["verdict"] for one in answer.json["results"]] == [
        "reversed", "reversed"]
    assert set(balance(free, "1000")) <= {"0.00"}
    free.send(doc("sales_invoice", "C"))
    free.check_books()
    free.prove()


def test_what_cannot_be_posted_any_more_is_not_brought_back(free):
    free.start()
    free.send(doc("sales_invoice", "A"))
    body, etag = read(free, "A")
    lines = [dict(line, account={"1000": "1100"}.get(
        line["account"], line["account"])) for line in body["lines"]]
    sent = put(free, "A", dict(body, lines=lines), etag).json
    where = "/v1/reference/account/1000"
    answer = free.api("PATCH", where, {"to": "2026-09-30"}, {
        "If-Match": free.api("GET", where).headers["ETag"]})
    assert answer.status == 200, answer.body
    answer = decide(free, "reverse", sent["event"])
    assert answer.status == 422, answer.body
    assert "account.inactive" in answer.json["detail"]
    assert read(free, "A")[1] == '"2"'
    assert len(free.get("/v1/events")["items"]) == 2
    free.prove()


def test_several_documents_are_reversed_together(free):
    free.start()
    sent = free.send(dict(doc("sales_invoice", "A"), part="a"),
                     dict(doc("payment", "P", "40.00"), part="b"))
    assert decide(free, "reverse", sent["event"]).status == 200
    assert set(balance(free, "1000")) <= {"0.00"}
    assert free.get(path("A"))["event"] == free.get(
        path("P", "payment"))["event"]
    free.prove()


def test_goods_and_orders_are_taken_back(free):
    free.start()
    free.send(goods("inventory_move", "IN", "10"))
    before = free.get("/v1/stock")["items"]
    sent = free.send(goods("shipment", "S", "4", order="O"))
    assert free.get("/v1/stock")["items"] != before
    assert decide(free, "reverse", sent["event"]).status == 200
    assert free.get("/v1/stock")["items"] == before
    free.prove()


# ---- what is resolved waits for approval like any other --------------------

@pytest.fixture
def office():
    one = Office()
    one.policies(AMOUNT)  # above 1000.00
    one.hire(bala="approver", anu="approver")
    yield one
    one.close()


def held_after_resolving(office):
    office.start()
    office.send(doc("sales_invoice", "A"))
    body, etag = read(office, "A")
    assert put(office, "A", dict(body, memo="by hand"), etag).status == 200
    late = office.send(doc("sales_invoice", "A", "2000.00",
                           base_version="1"))
    said = office.say("anu", "resolve", late, **{"with": {
        "take": "merge", "seen": SEEN}})
    assert said.status == 200, said.body
    assert office.state(late) == "held"
    return late


def test_a_ruling_holds_until_it_is_approved(office):
    late = held_after_resolving(office)
    # who ruled on it is a maker of it
    own = office.say("anu", "approve", late)
    assert own.status == 403 or own.json["done"] == 0, own.body
    assert office.say("bala", "approve", late).json["done"] == 1
    assert office.state(late) == "posted"
    body, etag = read(office, "A")
    assert (body["total"], body["memo"], etag) == (200000, "by hand", '"3"')
    assert office.get(path("A"))["by"] == "anu"
    office.check_books()
    office.prove()


def test_what_was_approved_too_late_is_a_conflict_again(office):
    late = held_after_resolving(office)
    body, etag = read(office, "A")
    assert put(office, "A", dict(body, memo="again"), etag).status == 200
    office.say("bala", "approve", late)
    assert office.state(late) == "conflict"
    assert read(office, "A")[0]["memo"] == "again"
    [one] = office.get("/v1/conflicts")["items"]
    assert (one["base_version"], one["current_version"]) == (2, 3)
    office.prove()


# ---- looking at conflicts -------------------------------------------------

def preview(free, event, **what):
    return free.api("POST", "/v1/conflicts/%s/preview" % event, what)


def test_the_list_says_what_is_at_stake(free):
    event = contested(free)
    [one] = free.get("/v1/conflicts")["items"]
    assert (one["event"], one["version"]) == (event, 1)
    assert (one["entity"], one["kind"], one["number"]) == (
        "IN01", "sales_invoice", "A")
    assert (one["amount"], one["currency"]) == ("120.00", "INR")
    assert one["at_stake"] == "20.00"
    assert (one["base_version"], one["current_version"]) == (1, 2)
    assert (one["current_by"], one["incoming_by"]) == (ME, "events")
    assert one["clean"] is True and one["overlap"] == 0
    assert free.get("/v1/conflicts?entity=IN02")["items"] == []
    assert free.get("/v1/conflicts?entity=IN01")["next"] is None


def test_pages_of_conflicts(free):
    free.start()
    for number in "ABC":
        free.send(doc("sales_invoice", number))
        free.send(doc("sales_invoice", number, base_version="7"))
    first = free.get("/v1/conflicts?limit=2")
    assert [one["number"] for one in first["items"]] == ["A", "B"]
    rest = free.get("/v1/conflicts?limit=2&after=" + first["next"])
    assert [one["number"] for one in rest["items"]] == ["C"]
    assert rest["next"] is None


def test_a_conflict_side_by_side(free):
    event = contested(free)
    got = free.get("/v1/conflicts/" + event)
    [one] = got["documents"]
    assert (one["base_version"], one["current_version"]) == (1, 2)
    assert (one["base"]["total"], one["current"]["total"],
            one["incoming"]["total"]) == (10000, 10000, 12000)
    assert one["clean"] is True
    assert one["merged"]["total"] == 12000
    assert one["merged"]["memo"] == "by hand"
    fields = {f["path"]: f for f in one["fields"]}
    assert fields["memo"] == {"path": "memo", "base": None,
                              "current": "by hand", "incoming": None,
                              "by": "current", "overlap": False}
    assert (fields["total"]["base"], fields["total"]["incoming"],
            fields["total"]["by"]) == ("100.00", "120.00", "incoming")
    # what is read can be sent back
    assert decide(free, "resolve", event, documents=[
        {"part": 0, "base": str(one["current_version"]),
         "document": one["merged"]}]).status == 200
    assert free.api("GET", "/v1/conflicts/E999").status == 404
    assert free.get("/v1/conflicts")["items"] == []


def test_a_preview_says_what_would_change(free):
    event = contested(free)
    got = preview(free, event, take="merge").json
    assert got["findings"] == []
    assert got["documents"][0]["memo"] == "by hand"
    changes = {one["account"]: one for one in got["effect"]}
    assert changes["1000"] == {
        "entity": "IN01", "account": "1000", "currency": "INR",
        "name": "Bank current account", "before": "100.00",
        "after": "120.00", "change": "20.00", "balance": "100.00",
        "balance_after": "120.00"}
    assert changes["3000"]["change"] == "-20.00"
    assert preview(free, event, take="current").json["effect"] == []
    body, etag = read(free, "A")
    wrong = dict(body, lines=[dict(body["lines"][0], account="9999"),
                              body["lines"][1]])
    got = preview(free, event, documents=[{"part": 0, "document": wrong}])
    assert "account.unmapped" in [one["code"] for one in
                                  got.json["findings"]]
    for bad, status in (({"take": "mine"}, 400), ({}, 400),
                        ({"documents": []}, 400),
                        ({"documents": [{"part": 4, "document": body}]},
                         400)):
        assert preview(free, event, **bad).status == status, bad
    # nothing was written
    assert free.get("/v1/events/" + event)["version"] == 1
    assert read(free, "A")[1] == etag
    free.prove()


def test_a_preview_shows_tax(house):
    house.start()
    house.post("pos", sale("A"), "msg_a")
    body, etag = read(house, "A")
    assert put(house, "A", dict(body, memo="first"), etag).status == 200
    lines = [dict(line, amount={11800: 23600, 10000: 20000}.get(
        line["amount"], line["amount"] * 2)) for line in body["lines"]]
    late = put(house, "A", dict(body, lines=lines, total=23600, tax=3600),
               etag).json["event"]
    got = preview(house, late, take="incoming").json
    assert [(one["tax_code"], one["before"], one["after"], one["change"])
            for one in got["tax"]] == [("GST18", "18.00", "36.00", "18.00")]
    assert {one["account"] for one in got["effect"]} >= {"1200", "4000"}
    [one] = house.get("/v1/conflicts")["items"]
    assert one["at_stake"] == "118.00"


def test_where_there_was_never_a_document(free):
    free.start()
    late = free.send(doc("sales_invoice", "A", base_version="4"))
    [one] = free.get("/v1/conflicts/" + late["event"])["documents"]
    assert one["current"] is None and one["base"] is None
    assert one["current_version"] is None
    assert preview(free, late["event"], take="merge").status == 422
    answer = decide(free, "resolve", late["event"], take="incoming",
                    seen={"IN01/sales_invoice/A": "0"})
    assert answer.status == 200, answer.body
    assert read(free, "A")[1] == '"1"'
    free.prove()


# ---- in words --------------------------------------------------------------

def bahi(free, *args):
    (free.dir / "bahi.conf").write_text(
        "socket = %s\ncache = cache.db\n" % (free.home / "bahid.sock"))
    return subprocess.run(
        [os.environ.get("BAHI", str(ROOT / "build" / "bahi")), "--config",
         str(free.dir / "bahi.conf"), *args], text=True, timeout=60,
        env=dict(os.environ, LC_ALL="C.UTF-8"), capture_output=True)


def test_verbs_carry_and_reverse(free):
    free.start()
    late = free.send(doc("sales_invoice", "A", date="2026-09-20"))
    assert bahi(free, "carry", late["event"]).returncode == 2
    done = bahi(free, "carry", late["event"], "came late")
    assert done.returncode == 0, done.stderr
    assert read(free, "A")[0]["posting_date"] == "2026-10-01"
    done = bahi(free, "reverse", late["event"], "by mistake")
    assert done.returncode == 0, done.stderr
    assert free.get(path("A"))["void"] is True
    assert bahi(free, "reverse", late["event"], "again").returncode == 3
    free.prove()


# ---- many at once ---------------------------------------------------------

WRITERS, EACH = 16, 4


def write_until_taken(socket_path, who, first):
    """In a process of its own: reads, edits, puts; read again after a 412.
    All begin with what all of them have read. What was taken and what was
    refused, by what it said."""
    taken, refused = {}, {}

    def ask(method, body=None, **headers):
        connection = LocalConnection(socket_path)
        connection.request(method, path("A"), body, headers)
        answer = Answer(connection.getresponse())
        connection.close()
        return answer

    for n in range(EACH):
        for attempt in range(1000):
            if n + attempt == 0:
                body, etag = first
            else:
                got = ask("GET")
                body, etag = got.json["document_body"], got.headers["ETag"]
            said = "%d.%d.%d" % (who, n, attempt)
            answer = ask("PUT", json.dumps(dict(body, memo=said)), **{
                "Content-Type": "application/json", "If-Match": etag})
            if answer.status == 200:
                taken[int(answer.headers["ETag"].strip('"'))] = said
                break
            assert answer.status == 412, answer.body
            refused[answer.json["event"]] = said
        else:
            raise AssertionError("never taken")
    return taken, refused


def test_sixteen_write_one_document(free):
    free.start()
    free.send(doc("sales_invoice", "A"))
    first = read(free, "A")
    with multiprocessing.get_context("fork").Pool(WRITERS) as pool:
        done = pool.starmap(write_until_taken, [
            (str(free.home / "bahid.sock"), who, first)
            for who in range(WRITERS)])
    taken, refused = {}, {}
    for one, other in done:
        assert not set(taken) & set(one)
        taken.update(one)
        refused.update(other)
    assert len([said for said in refused.values()
                if said.endswith(".0.0")]) == WRITERS - 1
    # one version for each accepted write, and each is what was written
    assert sorted(taken) == list(range(2, 2 + WRITERS * EACH))
    assert read(free, "A")[1] == '"%d"' % max(taken)
    for version, said in taken.items():
        assert read(free, "A", version=version)[0]["memo"] == said
    # nothing vanished: what was refused waits for a person
    waiting = {}
    after = ""
    while after is not None:
        page = free.get("/v1/conflicts?limit=500&after=" + after)
        waiting.update({one["event"]: one for one in page["items"]})
        after = page["next"]
    assert set(waiting) == set(refused)
    for event, said in refused.items():
        [one] = free.get("/v1/conflicts/" + event)["documents"]
        assert one["incoming"]["memo"] == said
        assert one["current_version"] == max(taken)
        assert one["base"].get("memo") == taken.get(one["base_version"])
    free.check_books()
    free.prove()
