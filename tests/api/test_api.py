"""The API by its description: shapes, pages, filters, waiting, roles."""
import json
import re
import threading
import time

import pytest
import yaml

from house import ROOT, House, sale


@pytest.fixture(scope="module")
def house():
    """Twelve sales posted, five failed, one voucher."""
    one = House().start()
    for n in range(12):
        one.post("pos", sale("R%02d" % n), "msg_r%02d" % n)
    for n in range(5):
        one.post("pos", sale("T%02d" % n, store="STORE-THN"),
                 "msg_t%02d" % n)
    yield one
    one.close()


OPENAPI = yaml.safe_load((ROOT / "data/openapi.yaml").read_text())


def resolve(schema):
    while "$ref" in schema:
        at = OPENAPI
        for part in schema["$ref"].lstrip("#/").split("/"):
            at = at[part]
        schema = at
    return schema


def check(value, schema, where=""):
    """The shapes that we use of JSON Schema: enough to catch a drift."""
    schema = resolve(schema)
    for part in schema.get("allOf", []):
        check(value, part, where)
    for name in ("oneOf", "anyOf"):
        if name in schema:
            faults = []
            for part in schema[name]:
                try:
                    return check(value, part, where)
                except AssertionError as fault:
                    faults.append(str(fault))
            raise AssertionError("%s: %s" % (where, faults))
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    names = {dict: "object", list: "array", str: "string", bool: "boolean",
             int: "integer", type(None): "null"}
    assert not kinds or names[type(value)] in kinds, (where, value, kinds)
    if isinstance(value, dict):
        for name in schema.get("required", []):
            assert name in value, (where, name)
        known = schema.get("properties", {})
        for name, one in value.items():
            if name in known:
                check(one, known[name], where + "." + name)
            elif isinstance(schema.get("additionalProperties"), dict):
                check(one, schema["additionalProperties"],
                      where + "." + name)
    if isinstance(value, list) and "items" in schema:
        for one in value:
            check(one, schema["items"], where + "[]")
    if isinstance(value, str) and "pattern" in schema:
        assert re.search(schema["pattern"], value), (where, value)
    if "enum" in schema and value is not None:
        assert value in schema["enum"], (where, value)


@pytest.mark.parametrize("path,route", [
    ("/v1/status", "/v1/status"),
    ("/v1/numbers", "/v1/numbers"),
    ("/v1/activity", "/v1/activity"),
    ("/v1/activity?period=2026-10", "/v1/activity"),
    ("/v1/consistency", "/v1/consistency"),
    ("/v1/events", "/v1/events"),
    ("/v1/events/{posted}", "/v1/events/{id}"),
    ("/v1/events/{failed}", "/v1/events/{id}"),
    ("/v1/signatures", "/v1/signatures"),
    ("/v1/trial-balance", "/v1/trial-balance"),
    ("/v1/accounts/4000/entries", "/v1/accounts/{code}/entries"),
    ("/v1/journals/J1", "/v1/journals/{id}"),
    ("/v1/documents", "/v1/documents"),
    ("/v1/documents/IN01/sales_invoice/R00",
     "/v1/documents/{entity}/{kind}/{number}"),
    ("/v1/reference/account", "/v1/reference/{table}"),
    ("/v1/reference/mapping", "/v1/reference/{table}"),
    ("/v1/reference/rate", "/v1/reference/{table}"),
    ("/v1/reference/period", "/v1/reference/{table}"),
    ("/v1/reference/account/4000", "/v1/reference/{table}/{key}"),
    ("/v1/drift", "/v1/drift"),
    ("/v1/conflicts", "/v1/conflicts"),
    ("/v1/proposals", "/v1/proposals"),
    ("/v1/rules", "/v1/rules"),
    ("/v1/alerts", "/v1/alerts"),
    ("/v1/alerts/sent", "/v1/alerts/sent"),
    ("/v1/close", "/v1/close"),
    ("/v1/reference/close", "/v1/reference/{table}"),
    ("/healthz", "/healthz")])
def test_answers_have_the_described_shape(house, path, route):
    state = re.search("{(.*)}", path)
    if state:
        [one] = house.get("/v1/events?limit=1&state=" + state[1])["items"]
        path = path.replace(state[0], one["id"])
    answer = house.api("GET", path)
    assert answer.status == 200
    spec = OPENAPI["paths"][route]["get"]["responses"]["200"]
    check(answer.json, resolve(spec)["content"]["application/json"]["schema"],
          path)


def described(method, route, status):
    answers = OPENAPI["paths"][route][method]["responses"]
    return resolve(answers[status])["content"]["application/json"]["schema"]


@pytest.fixture
def own():
    """For what changes the books."""
    one = House().start()
    one.post("pos", sale("R00"), "msg_r00")
    yield one
    one.close()


def test_a_conflict_has_the_described_shape(own):
    path = "/v1/documents/IN01/sales_invoice/R00"
    got = own.api("GET", path)
    body, head = got.json["document_body"], {
        "Content-Type": "application/json", "If-Match": got.headers["ETag"]}
    route = "/v1/documents/{entity}/{kind}/{number}"
    for memo, status in (("one", "200"), ("two", "412")):
        got = own.api("PUT", path, dict(body, memo=memo), head)
        assert got.status == int(status), got.body
        spec = resolve(OPENAPI["paths"][route]["put"]["responses"][status])
        check(got.json, list(spec["content"].values())[0]["schema"], "put")
    where = "/v1/conflicts/" + got.json["event"]
    check(own.get("/v1/conflicts"), described("get", "/v1/conflicts",
                                                "200"), "list")
    check(own.get(where), described("get", "/v1/conflicts/{id}", "200"),
          "conflict")
    for take in ("incoming", "current"):
        got = own.api("POST", where + "/preview", {"take": take})
        check(got.json, described("post", "/v1/conflicts/{id}/preview",
                                  "200"), "preview")


def test_a_proposal_has_the_described_shape(house):
    made = house.api("POST", "/v1/proposals", {
        "kind": "reference", "table": "mapping", "reason": "shape",
        "csv": "source,dimension,from,to\n"
        "pos,cost_centre,STORE-THN,THN-RETAIL\n"})
    assert made.status == 201
    check(made.json, described("post", "/v1/proposals", "201"))
    path = "/v1/proposals/" + made.json["proposal"]
    assert house.api("POST", path + "/backtest").status == 202
    end = time.monotonic() + 60
    while house.get(path)["progress"]["state"] == "running":
        assert time.monotonic() < end
        time.sleep(0.02)
    whole = house.get(path)
    assert whole["backtest"]["changed"] == 5, whole
    check(whole, described("get", "/v1/proposals/{id}", "200"))
    check(house.get("/v1/proposals"), described("get", "/v1/proposals",
                                                "200"))
    no = house.api("POST", path + "/reject", {"reason": "a test"},
                   {"If-Match": '"1"'})
    assert no.status == 200
    check(no.json, described("post", "/v1/proposals/{id}/reject", "200"))
    digest = house.get("/v1/rules")["items"][0]["digest"]
    for end in ("", "?against=" + digest):
        check(house.get("/v1/rules/" + digest + end),
              described("get", "/v1/rules/{digest}", "200"))
    trial = house.api("POST", "/v1/reference/pair?dry_run=1",
                      b"account,cost_centre\n6100,NEW\n6100,\n")
    check(trial.json, described("post", "/v1/reference/{table}", "200"))


def pages(house, path, letter):
    out, after = [], ""
    while after is not None:
        page = house.get("%s%safter=%s" % (path, letter, after))
        out.append(page["items"])
        after = page["next"]
    return out


def test_pages(house):
    got = pages(house, "/v1/events?limit=5", "&")
    assert [len(page) for page in got] == [5, 5, 5, 2]
    ids = [one["id"] for page in got for one in page]
    assert len(set(ids)) == 17 and ids == sorted(
        ids, key=lambda text: int(text[1:]))
    got = pages(house, "/v1/documents?limit=5", "&")
    assert [len(page) for page in got] == [5, 5, 2]
    got = pages(house, "/v1/accounts/4000/entries?limit=5", "&")
    assert sum(len(page) for page in got) == 12


@pytest.mark.parametrize("query,count", [
    ("", 17), ("state=posted", 12), ("state=failed", 5), ("state=open", 5),
    ("source=pos", 17), ("source=shopify", 0),
    ("code=cost_centre.unmapped", 5), ("code=amount.zero", 0),
    ("q=T03", 1), ("q=WALKIN", 17), ("q=%27%20OR%201=1", 0),
    ("state=failed&q=R01", 0)])
def test_filters(house, query, count):
    assert len(house.get("/v1/events?" + query)["items"]) == count


def test_by_signature(house):
    [cause] = house.get("/v1/signatures")["items"]
    assert cause["count"] == 5 and sum(cause["ages"].values()) == 5
    members = house.get("/v1/events?signature=" + cause["id"])["items"]
    assert len(members) == 5
    assert {one["findings"][0]["signature"] for one in members} == {
        cause["id"]}


def lines(answer):
    return [json.loads(line) for line in answer.body.decode().splitlines()]


def test_changes_are_compacted_and_complete(house):
    got, after = [], 0
    while True:
        page = lines(house.api(
            "GET", "/v1/changes?after=%d&limit=7" % after))
        assert page[-1]["topic"] == "end"
        if len(page) == 1:
            break
        assert all(one["seq"] > after for one in page[:-1])
        got += page[:-1]
        after = page[-1]["seq"]
    keys = [(one["topic"], one["key"]) for one in got]
    assert len(keys) == len(set(keys))
    events = [one for one in got if one["topic"] == "event"]
    assert len(events) == 17
    assert len([one for one in got if one["topic"] == "journal"]) == 12
    balance = {one["key"]: one["value"]["balance"] for one in got
               if one["topic"] == "balance"}
    assert balance["IN01/1200/INR"] == "1416.00"


def test_waiting_for_changes():
    own = House().start()
    after = lines(own.api("GET", "/v1/changes"))[-1]["seq"]
    got = []

    def wait():
        got.append(lines(own.api(
            "GET", "/v1/changes?after=%d&wait=30" % after)))

    thread = threading.Thread(target=wait)
    thread.start()
    own.post("pos", sale("W"), "msg_w")
    thread.join(20)
    assert not thread.is_alive()
    assert "event" in {one["topic"] for one in got[0]}
    after = got[0][-1]["seq"]
    # Time over: an empty page.
    after = lines(own.api("GET", "/v1/changes"))[-1]["seq"]
    assert [one["topic"] for one in lines(own.api(
        "GET", "/v1/changes?after=%d&wait=1" % after))] == ["end"]
    own.close()


def test_metrics(house):
    answer = house.api("GET", "/metrics")
    assert answer.headers["Content-Type"].startswith(
        "application/openmetrics-text")
    text = answer.body.decode()
    assert text.endswith("# EOF\n")
    assert 'bahi_events{source="pos",state="posted"} 12' in text
    assert 'bahi_events{source="pos",state="failed"} 5' in text


def test_an_answer_links_to_the_status_of_its_event(house):
    answer = house.post("pos", sale("R00"), "msg_r00")
    assert answer.status == 200
    event = house.get(answer.json["status"])
    assert event["id"] == answer.json["event"]
    assert event["journals"][0]["id"] == answer.json["journal"]
    assert event["history"][0]["actor"] == "pos"
