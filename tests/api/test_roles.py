"""Every route x role x entity against a table that people wrote and read
(tests/data/roles.csv): who is not in it is refused, and so is a route that is
not."""
import csv
import json
import pathlib

import pytest
from test_scope import Two, fill, routes

TABLE = list(csv.DictReader(open(
    pathlib.Path(__file__).resolve().parents[1] / "data/roles.csv")))
ROLES = ["viewer", "clerk", "approver", "controller", "admin", "warehouse",
         "integration"]


@pytest.fixture(scope="module")
def two():
    house = Two()
    house.start()
    house.sent = fill(house, ("IN01", "IN02"))
    house.whole, house.own, house.other = {}, {}, {}
    for role in ROLES:
        house.whole[role] = house.token("w-" + role, role)
        house.own[role] = house.token("o-" + role, role, "IN01")
        house.other[role] = house.token("x-" + role, role, "IN02")
    yield house
    house.stop()
    house.close()


def path_of(row):
    path = row["path"].replace("/v1/reference/{}", "/v1/reference/item", 1)
    return path.replace("{}", "E999999")


def test_every_route_is_in_the_table(two):
    assert len(TABLE) > 100
    said = {(row["method"], row["path"]) for row in TABLE}
    there = {(line[0], line[1]) for line in routes(two)}
    assert there == said, "say who may: %s" % (there ^ said)


def walk(two, tokens, some):
    for row in TABLE:
        if row["viewer"] == "open":
            continue
        body = None if row["method"] in ("GET", "DELETE") else b""
        for role in ROLES:
            answer = two.ask(tokens[role], row["method"], path_of(row), body)
            may = row[role] == "yes" and (
                not some or row["some_entities"] == "yes")
            what = (row["method"], row["path"], role, answer.status,
                    answer.body[:200])
            if may:
                assert answer.status not in (401, 403), what
            else:
                assert answer.status == 403, what
                assert answer.json["code"] == "auth.forbidden", what


def test_each_role(two):
    walk(two, two.whole, False)


def test_each_role_of_some_entities(two):
    walk(two, two.own, True)


def test_without_a_token(two):
    for row in TABLE:
        answer = two.ask(None, row["method"], path_of(row))
        if row["viewer"] == "open":
            assert answer.status in (200, 400, 404, 415, 401), row
        else:
            assert answer.status == 401, (row, answer.status)


def test_me_says_the_same(two):
    for some, tokens in ((False, two.whole), (True, two.own)):
        for role in ROLES:
            may = {(m["method"], m["path"]) for m in two.ask(
                tokens[role], "GET", "/v1/me").json["may"]}
            assert may == {
                (row["method"], row["path"]) for row in TABLE
                if row["viewer"] == "open" or (row[role] == "yes" and (
                    not some or row["some_entities"] == "yes"))}, role


def test_own_and_other(two):
    """What IN01 has, asked for by who sees IN01, and by who sees IN02."""
    posted, failed = two.sent["IN01"][0]["event"], two.sent["IN01"][4]["event"]
    journal = two.get("/v1/events/" + posted)["journals"][0]["id"]
    named = {
        ("GET", "/v1/events/{}"): posted,
        ("GET", "/v1/journals/{}"): journal,
        ("GET", "/v1/documents/{}/{}/{}"): "IN01/sales_invoice/A1",
        ("GET", "/v1/trace/{}"): posted,
        ("GET", "/v1/reference/{}/{}"): "entity/IN01",
        ("GET", "/v1/conflicts/{}"): None,
        ("POST", "/v1/conflicts/{}/preview"): failed,
        ("POST", "/v1/events/{}/correct"): failed,
        ("PUT", "/v1/documents/{}/{}/{}"): "IN01/sales_invoice/A1",
    }
    asked = 0
    for row in TABLE:
        what = named.get((row["method"], row["path"]))
        if what is None:
            continue
        head, _, tail = row["path"].partition("{}")
        path = head + what + tail.replace("/{}", "")
        body = None if row["method"] == "GET" else b"{}"
        for role in ROLES[:5]:
            if row[role] != "yes":
                continue
            own = two.ask(two.own[role], row["method"], path, body)
            other = two.ask(two.other[role], row["method"], path, body)
            assert own.status not in (403, 404), (path, role, own.body)
            assert other.status == 404, (path, role, other.body)
            asked += 1
    assert asked > 30


def test_a_warehouse_sees_goods_and_no_ledger(two):
    token = two.whole["warehouse"]
    stock = two.ask(token, "GET", "/v1/stock")
    assert stock.status == 200 and stock.json["items"]
    kinds = {event["document"].split("/")[1] for event in two.ask(
        token, "GET", "/v1/events").json["items"]}
    assert kinds == {"purchase_order", "inventory_move"}
    for path in ("/v1/trial-balance", "/v1/gst/registrations",
                 "/v1/documents", "/v1/reference/account",
                 "/v1/reference/access"):
        assert two.ask(token, "GET", path).status == 403, path
    assert two.ask(token, "GET", "/v1/reference/item").status == 200
    states = two.ask(token, "GET", "/v1/status").json["states"]
    assert states["failed"] == 0 and states["posted"] == 4
    invoice = two.sent["IN01"][0]["event"]
    assert two.ask(token, "GET", "/v1/events/" + invoice).status == 404
    keys = [json.loads(line) for line in two.ask(
        token, "GET", "/v1/changes").body.splitlines()]
    assert invoice not in {key.get("key") for key in keys}


def test_who_may_only_read(two):
    two.reference("access", "subject,name,role,entities,sees",
                  "user,nobody,controller read,IN01,")
    token = two.run("token", "add", "looks", "controller", "read",
                    check=False)
    if token.returncode != 0:
        token = two.run("token", "add", "looks", "controller read")
    token = token.stdout.split()[-1]
    assert two.ask(token, "GET", "/v1/status").status == 200
    for row in TABLE:
        if row["method"] == "GET" or row["viewer"] == "open":
            continue
        answer = two.ask(token, row["method"], path_of(row), b"")
        assert answer.status == 403, (row, answer.body)
    said = two.ask(token, "GET", "/v1/me").json
    assert said["read_only"] is True and said["acts"] == []


def test_only_an_admin_says_who_may(two):
    rows = b"subject,name,role,entities,sees\nuser,mallory,admin,*,*\n"
    for role in ("clerk", "controller"):
        answer = two.ask(two.whole[role], "POST", "/v1/reference/access",
                         rows)
        assert answer.status == 403, answer.body
        answer = two.ask(two.whole[role], "POST", "/v1/proposals", {
            "kind": "reference", "table": "access", "csv": rows.decode(),
            "reason": "x"})
        assert answer.status == 403, answer.body
    assert two.ask(two.whole["controller"], "DELETE",
                   "/v1/reference/access/client/o-viewer").status == 403
    for bad in ("user,x,king,*,", "user,x,clerk,,", "robot,x,clerk,*,",
                "client,x,admin,*,", "user,x,clerk,IN01 *,"):
        answer = two.ask(
            two.whole["admin"], "POST", "/v1/reference/access",
            b"subject,name,role,entities,sees\n" + bad.encode() + b"\n")
        assert answer.status == 400, (bad, answer.body)
