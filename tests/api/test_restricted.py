"""Payroll and what is owed, for who may see them, and for who may not: not
there, and not to be found by adding up."""
import json
from decimal import Decimal

import pytest
from free import doc
from test_scope import Two, paths, routes

SALARY = "412345.67"
SECRET = "PAYROLL77"


@pytest.fixture(scope="module")
def two():
    house = Two()
    house.start()
    house.reference("account", "code,name,entity,kind,extra,from,to",
                    "5299,Salaries,,expense,Expenses:Staff,,",
                    "2299,Salaries payable,,liability,Liabilities:Staff,,")
    for entity in ("IN01", "IN02"):
        house.send(doc("sales_invoice", "A-" + entity, "100.00",
                       entity=entity))
        salary = [
            house.send(doc("settlement", SECRET + entity, SALARY, entity=entity,
                           memo=SECRET, lines=[
                {"account": "5299", "amount": SALARY},
                {"account": "2299", "amount": "-" + SALARY}])),
            # the bank is not restricted, what is paid from it is
            house.send(doc("payment", SECRET + "P" + entity, SALARY,
                           entity=entity, memo=SECRET, lines=[
                {"account": "2299", "amount": SALARY},
                {"account": "1000", "amount": "-" + SALARY}])),
            # fails, and never posted anywhere
            house.send(doc("refund", SECRET + "F" + entity, SALARY,
                           entity=entity, memo=SECRET, lines=[
                {"account": SECRET, "amount": SALARY},
                {"account": "1000", "amount": "-" + SALARY}]))]
        assert [s["state"] for s in salary] == ["posted", "posted", "failed"]
        house.salary = [s["event"] for s in salary]
    house.reference("restricted", "what,code,topic",
                    "account,529*,payroll", "account,2299,payroll",
                    "kind,refund,payroll", "report,gst_liability,owed")
    house.blind = house.token("blind", "clerk")
    house.blind1 = house.token("blind1", "clerk", "IN02")
    house.sees = house.token("sees", "viewer", "*", "payroll owed")
    house.admin = house.token("boss", "admin")
    yield house
    house.stop()
    house.close()


@pytest.mark.parametrize("who", ["blind", "blind1"])
def test_it_is_in_no_answer(two, who):
    token = getattr(two, who)
    asked = [path for method, pattern, roles, _reach in routes(two)
             if method == "GET" and "clerk" in roles.split(",")
             for path in paths(pattern)] + [
        "/v1/search?q=" + SECRET, "/v1/search?q=" + SALARY,
        "/v1/accounts/5299/entries", "/v1/accounts/1000/entries",
        "/v1/accounts/2299/explain", "/v1/accounts/1000/explain"] + [
        "/v1/%s/%s" % (what, event) for event in two.salary
        for what in ("events", "trace")]
    for path in asked:
        answer = two.ask(token, "GET", path)
        if answer.status != 200:
            assert answer.status in (400, 403, 404), (path, answer.body)
            continue
        body = answer.body.decode().replace(
            '"of":"%s' % SECRET, "").replace('"of":"%s' % SALARY, "")
        assert SECRET not in body, (path, body)
        assert SALARY not in body and "41234567" not in body, (path, body)


@pytest.mark.parametrize("who", ["blind", "blind1"])
def test_what_he_adds_up_is_in_balance(two, who):
    said = two.ask(getattr(two, who), "GET", "/v1/trial-balance").json
    assert said["not_shown"] == 2
    assert {row["account"] for row in said["items"]} == {"1000", "3000"}
    assert [Decimal(t["balance"]) for t in said["totals"]] == [0]
    bank = [row for row in said["items"] if row["account"] == "1000"]
    assert {row["balance"] for row in bank} == {"100.00"}
    # and the entries add up to the balance
    entries = two.ask(getattr(two, who), "GET",
                      "/v1/accounts/1000/entries?entity=IN02").json["items"]
    assert [e["amount"] for e in entries] == ["100.00"]


def test_who_sees_it_sees_all_of_it(two):
    for token in (two.sees, two.admin):
        said = two.ask(token, "GET", "/v1/trial-balance").json
        assert said["not_shown"] == 0
        assert "5299" in {row["account"] for row in said["items"]}
        assert two.ask(token, "GET", "/v1/events/" +
                       two.salary[0]).status == 200
    assert two.ask(two.sees, "GET", "/v1/me").json["grants"] == [
        "payroll", "owed"]
    assert two.ask(two.blind, "GET", "/v1/me").json["grants"] == []
    assert two.ask(two.admin, "GET", "/v1/me").json["grants"] == ["*"]


def test_it_is_not_there_to_be_decided(two):
    failed = two.salary[2]
    answer = two.ask(two.blind, "POST", "/v1/decisions", {
        "action": "dismiss", "reason": "x",
        "events": [{"id": failed, "version": "1"}]})
    assert answer.status == 404, answer.body
    signature = two.get("/v1/events/" + failed)["findings"][0]["signature"]
    answer = two.ask(two.blind, "POST", "/v1/decisions", {
        "action": "dismiss", "reason": "x", "signature": signature})
    assert answer.status == 404, answer.body
    answer = two.ask(two.blind, "POST", "/v1/plans", {
        "action": "dismiss", "reason": "x", "where": {"state": "open"}})
    assert answer.status == 200 and failed not in answer.body.decode()
    assert json.loads(answer.body)["total"] == 0 if "total" in answer.json \
        else True
    assert two.get("/v1/events/" + failed)["state"] == "failed"


def test_what_is_owed_is_a_report_of_its_own(two):
    path = "/v1/gst/liability?gstin=27AAAAA0000A1Z2&period=102026"
    blind = two.ask(two.blind, "GET", path)
    sees = two.ask(two.sees, "GET", path)
    assert blind.status == 404 and "report" in blind.json["detail"]
    assert sees.status == 200 or "report" not in sees.json["detail"]


def test_it_is_lifted_at_once(two):
    path = "/v1/events/" + two.salary[0]
    assert two.ask(two.blind, "GET", path).status == 404
    two.reference("access", "subject,name,role,entities,sees",
                  "client,blind,,*,payroll")
    assert two.ask(two.blind, "GET", path).status == 200
    two.reference("access", "subject,name,role,entities,sees",
                  "client,blind,,*,")
    assert two.ask(two.blind, "GET", path).status == 404
