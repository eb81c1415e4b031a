"""Nobody's change is lost: versions of documents, and what becomes of a change
that was made against another one."""
import getpass
import json
import pathlib
import subprocess
import sys

import pytest

from free import Free, doc
from house import House, ROOT, house, sale  # noqa: F401  (a fixture)

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
    {"total": "1.5"}, {"total": 1.5}, {"total": None}, {"lines": {}},
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
