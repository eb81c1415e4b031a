"""What a route may be asked: a slip in a name or in a value is said, and no
list is empty for it."""
import re

import pytest

from house import house, sale  # noqa: F401  (a fixture)
from test_api import OPENAPI, resolve

METHODS = ("get", "post", "put", "patch", "delete")
ARGS = {"code": "1000", "period": "102026", "table": "account"}


def routes():
    for path, entry in OPENAPI["paths"].items():
        for method in METHODS:
            if method in entry and entry[method].get("security") != [{}]:
                yield method.upper(), path, [
                    resolve(one) for one in entry.get("parameters", []) +
                    entry[method].get("parameters", [])]


def asked(path):
    return re.sub(r"\{(\w+)\}", lambda m: ARGS.get(m.group(1), "x"), path)


def queries(named=None):
    """Of routes that read, with each name of their query."""
    for method, path, parameters in routes():
        for one in parameters:
            if one["in"] == "query" and method == "GET" and (
                    named is None or one["name"] in named):
                yield path, one


def test_a_name_that_is_none(house):
    house.start()
    seen = 0
    for method, path, parameters in routes():
        if method in ("PUT", "PATCH", "DELETE") or path == "/v1/changes":
            continue
        answer = house.api(method, asked(path) + "?stat=open",
                           None if method == "GET" else {})
        assert answer.status == 400, (method, path, answer.body)
        assert "stat" in answer.json["detail"], (path, answer.body)
        for one in parameters:
            if one["in"] == "query":
                assert one["name"] in answer.json["detail"], answer.body
        seen += 1
    assert seen > 100
    said = house.api("GET", "/v1/changes?since=1")
    assert said.status == 400 and "after" in said.json["detail"]
    assert house.api("GET", "/v1/events?State=failed").status == 400
    assert house.api("GET", "/v1/events?state=failed&").status == 200
    assert house.api("GET", "/healthz?probe=1").status == 200


def test_every_name_that_is_described_is_taken(house):
    house.start()
    for path, one in queries():
        answer = house.api("GET", "%s?%s=" % (asked(path), one["name"]))
        detail = (answer.json or {}).get("detail", "") \
            if answer.status == 400 else ""
        assert "query:" not in detail, (path, one["name"], answer.body)


def test_a_word_that_is_none(house):
    """Where there are only some."""
    house.start()
    seen, taken = 0, []
    for path, one in queries():
        if "enum" in one.get("schema", {}) and "{" not in path:
            need = "&gstin=27AAPFU0939F1ZV&period=102026" if "gst" in path \
                else ""
            answer = house.api("GET", "%s?%s=zz%s" % (path, one["name"],
                                                      need))
            if answer.status not in (400, 404):
                taken.append((path, one["name"], answer.status))
            seen += 1
    assert seen > 8 and not taken


@pytest.mark.parametrize("name, value", [
    ("entity", "IN77"), ("account", "zz"), ("location", "zz"),
    ("source", "zz"), ("gstin", "27AAPFU0939F1ZZ"), ("target", "zz"),
    ("kind", "sale")])
def test_a_value_that_names_nothing(house, name, value):
    house.start()
    assert house.post("pos", sale("INV-1"), "1").status == 201
    for path, _ in queries([name]):
        if "{name}" in path:
            continue
        more = "&period=102026" if "gst" in path else ""
        answer = house.api("GET", "%s?%s=%s%s" % (asked(path), name, value,
                                                  more))
        assert answer.status in (400, 404), (path, name, answer.body)
        assert value in answer.json["detail"] or "registration" in \
            answer.json["detail"] or name in answer.json["detail"]


def test_values_that_name_something(house):
    house.start()
    assert house.post("pos", sale("INV-1"), "1").status == 201
    for path in ("/v1/events?source=pos", "/v1/stock?location=STORE-MUM",
                 "/v1/trial-balance?entity=IN01",
                 "/v1/conflicts?entity=IN02", "/v1/documents?kind=payment",
                 "/v1/commits?entity=IN01&kind=payment",
                 "/v1/bank/lines?entity=IN01&account=1000",
                 "/v1/accounts/1000/entries?entity=IN01",
                 "/v1/files?source=pos"):
        assert house.api("GET", path).status == 200, path
    assert house.api("GET", "/v1/accounts/zz/entries").status == 404
