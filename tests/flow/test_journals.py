"""The journal service: keys, batches, grants, dry runs."""
import json

import pytest

from house import Answer, House, house  # noqa: F401  (a fixture)

HEAD = {"Content-Type": "application/json"}


def journal(number="J", **other):
    one = {"id": "id-" + number, "entity": "IN01", "number": number,
           "date": "2026-10-05", "currency": "INR", "memo": "by hand",
           "lines": [{"account": "1000", "debit": "10.50"},
                     {"account": "3000", "credit": 10.50}]}
    one.update(other)
    return {k: v for k, v in one.items() if v is not None}


def post(house, body, path="/v1/journals", **head):
    return house.api("POST", path, body, dict(HEAD, **{
        key.replace("_", "-"): value for key, value in head.items()}))


def over_tcp(house, token, body, path="/v1/journals", **head):
    connection = house.connect()
    connection.request("POST", path, json.dumps(body).encode(), dict(
        HEAD, Authorization="Bearer " + token, **{
            key.replace("_", "-"): value for key, value in head.items()}))
    answer = Answer(connection.getresponse())
    connection.close()
    return answer


def token(house, name, role="integration"):
    return house.run("token", "add", name, role).stdout.strip()


def grant(house, *rows):
    text = "client,account\n" + "".join("%s,%s\n" % row for row in rows)
    answer = house.api("POST", "/v1/reference/grant", text.encode())
    assert answer.status == 200, answer.body


def codes(said):
    return [one["code"] for one in said["findings"]]


def counts(house):
    status = house.get("/v1/status")
    return sum(one["received"] for one in status["sources"])


def test_one_journal(house):
    house.start()
    answer = post(house, journal())
    assert answer.status == 201, answer.body
    said = answer.json
    assert said["key"] == "id-J" and said["source"] == "events"
    assert said["document"] == "IN01/journal_voucher/J"
    entries = house.get("/v1/journals/" + said["journal"])["entries"]
    assert [(e["account"], e["amount"]) for e in entries] == [
        ("1000", "10.50"), ("3000", "-10.50")]
    again = post(house, journal())
    assert again.status == 200 and again.json["journal"] == said["journal"]
    assert again.headers["Idempotent-Replayed"] == "true"
    other = post(house, journal(memo="another"))
    assert other.status == 409 and other.json["code"] == "key.reused"
    house.check_books()
    house.prove()


def test_the_key_of_the_header_is_first(house):
    house.start()
    answer = post(house, journal(), Idempotency_Key="head 1")
    assert answer.status == 201 and answer.json["key"] == "head 1"
    assert post(house, journal(id=None),
                Idempotency_Key="head 1").status == 409
    answer = post(house, journal("K", id=None), Idempotency_Key="head 2")
    assert answer.status == 201
    before = counts(house)
    for body, head in ((journal("L", id=None), {}),
                       (journal("L", id=""), {}),
                       (journal("L", id=None), {"Idempotency_Key": ""}),
                       (journal("L"), {"Idempotency_Key": "x" * 256}),
                       ([journal("L"), journal("M", id=None)], {}),
                       ([], {}), (b"{", {}), (b"", {}), (b"[1,", {})):
        answer = post(house, body, **head)
        assert answer.status == 400, (body, answer.body)
        assert answer.headers["Content-Type"] == "application/problem+json"
    answer = house.api("POST", "/v1/journals", journal("L"),
                       {"Content-Type": "text/csv"})
    assert answer.status == 415
    assert counts(house) == before


@pytest.mark.parametrize("body,code,value", [
    (b"{", "payload.json", ""),
    (b'[{"a":1},', "payload.json", ""),
    (b'{"a":1,"a":2}', "payload.duplicate_key", "a"),
    (b"17", "payload.schema", "data"),
    (b"{}", "payload.schema", "data.entity"),
    (json.dumps(journal(lines={})).encode(), "payload.schema", "data.lines"),
    (json.dumps(journal(lines=[])).encode(), "payload.schema", "data.lines"),
    (json.dumps(journal(colour="red")).encode(), "payload.schema",
     "data.colour"),
    (json.dumps(journal(date="5.10.2026")).encode(), "payload.schema",
     "data.date"),
    (json.dumps(journal(lines=[{"account": "1000", "debit": "1"},
                               {"credit": "1"}])).encode(),
     "payload.schema", "data.lines.account"),
    (json.dumps(journal(lines=[{"account": "1000", "debit": "2.00"},
                               {"account": "3000", "credit": "1.50"}]))
     .encode(), "journal.unbalanced", "0.50 INR"),
    (json.dumps(journal(lines=[{"account": "7777", "debit": "2.00"},
                               {"account": "3000", "credit": "2.00"}]))
     .encode(), "account.unmapped", "7777"),
])
def test_what_cannot_be_used_is_kept(house, body, code, value):
    house.start()
    answer = post(house, body, Idempotency_Key="k")
    assert answer.status == 202, answer.body
    assert answer.json["state"] == "failed"
    found = [(f["code"], f["value"]) for f in answer.json["findings"]]
    assert (code, value) in found, found
    assert house.get(answer.json["status"])["payload"].encode() == body
    house.check_books()
    house.prove()


def test_a_thousand_at_once(house):
    house.start()
    many = [journal("N%04d" % n) for n in range(1000)]
    many[7]["lines"][0]["debit"] = "11.00"
    answer = post(house, many)
    assert answer.status == 202, answer.body[:500]
    items = answer.json["items"]
    assert len(items) == 1000
    assert [i for i, one in enumerate(items)
            if one["state"] != "posted"] == [7]
    assert codes(items[7]) == ["journal.unbalanced"]
    again = post(house, many)
    assert again.status == 200
    assert [one["event"] for one in again.json["items"]] == [
        one["event"] for one in items]
    assert post(house, many + [journal("O")]).status == 413
    house.check_books()
    house.prove()


def test_a_batch_is_told_apart(house):
    house.start()
    two = [journal("A", id=None), journal("B", id="own")]
    answer = post(house, two, Idempotency_Key="night")
    assert answer.status == 201
    assert [one["key"] for one in answer.json["items"]] == ["night/1", "own"]
    # The same journal twice in one batch is one journal.
    answer = post(house, [journal("C"), journal("C")])
    first, second = answer.json["items"]
    assert first["journal"] == second["journal"] is not None
    # Other content under the same key is told of that one alone.
    answer = post(house, [journal("C", memo="x"), journal("D")])
    assert answer.status == 202
    assert answer.json["items"][0]["error"] == "key.reused"
    assert answer.json["items"][1]["state"] == "posted"
    house.check_books()


def test_a_client_has_its_accounts_alone(house):
    house.start()
    mine, other = token(house, "billing"), token(house, "warehouse")
    answer = over_tcp(house, mine, journal("A"))
    assert answer.status == 202 and answer.json["source"] == "billing"
    assert [(f["code"], f["value"], f["field"])
            for f in answer.json["findings"]] == [
        ("account.forbidden", "1000", "data.lines.account"),
        ("account.forbidden", "3000", "data.lines.account")]
    failed = answer.json["event"]
    grant(house, ("billing", "1*"))
    answer = over_tcp(house, mine, journal("B"))
    assert [f["value"] for f in answer.json["findings"]] == ["3000"]
    grant(house, ("billing", "3000"))
    assert over_tcp(house, mine, journal("C")).status == 201
    assert over_tcp(house, other, journal("D")).status == 202
    grant(house, ("*", "30*"), ("warehouse", "1000"))
    assert over_tcp(house, other, journal("E")).status == 201
    # 10 is neither 1000 nor a prefix of it.
    third = token(house, "third")
    grant(house, ("third", "100"))
    answer = over_tcp(house, third, journal("F"))
    assert [f["value"] for f in answer.json["findings"]] == ["1000"]
    # What was refused posts once it is granted and retried.
    version = house.get("/v1/events/" + failed)["version"]
    answer = house.api("POST", "/v1/decisions", {
        "action": "retry", "events": [{"id": failed, "version": version}]})
    assert answer.json["done"] == 1, answer.body
    # Taken away, it is no longer allowed; what is posted stays.
    for row in ("billing/3000", "*/30*"):
        path = "/v1/reference/grant/" + row
        etag = house.get(path)["etag"]
        assert house.api("DELETE", path, headers={
            "If-Match": '"%s"' % etag.strip('"')}).status == 200
    answer = over_tcp(house, mine, journal("G"))
    assert codes(answer.json) == ["account.forbidden"]
    assert house.get("/v1/reference/grant")["items"] == [
        {"client": "billing", "account": "1*"},
        {"client": "third", "account": "100"},
        {"client": "warehouse", "account": "1000"}]
    house.check_books()
    house.prove()


def test_a_mapping_is_no_way_around(house):
    """What is granted is the account that is posted to."""
    house.start()
    mine = token(house, "billing")
    grant(house, ("billing", "cash"), ("billing", "3000"))
    house.api("POST", "/v1/reference/mapping",
              b"source,dimension,from,to\nbilling,account,cash,1000\n")
    body = journal()
    body["lines"][0]["account"] = "cash"
    answer = over_tcp(house, mine, body)
    assert [f["value"] for f in answer.json["findings"]] == ["1000"]


@pytest.mark.parametrize("kind", [
    "in.bahi.journal", "in_bahi_journal", "in/bahi.journal",
    "in.bahi.journal_voucher", "in_bahi_journal_voucher"])
def test_an_event_is_no_way_around(house, kind):
    house.start()
    for name in ("billing", "events-billing"):
        mine = token(house, name)
        grant(house, (name, "3000"))
        body = journal(name, id=None)
        answer = over_tcp(house, mine, body, "/v1/events", ce_specversion="1.0",
                          ce_id=name, ce_source="/b", ce_type=kind)
        assert answer.status == 202, answer.body
        assert answer.json["findings"][0]["code"] in (
            "account.forbidden", "topic.unknown")


def test_a_dry_run_keeps_nothing(house):
    house.start()
    before = house.get("/v1/status")
    for path, head in (("/v1/journals?dry_run=1", {}),
                       ("/v1/journals", {"Prefer": "validate-only"})):
        answer = post(house, journal(), path, **head)
        assert answer.status == 200
        assert answer.headers["Preference-Applied"] == "validate-only"
        said = answer.json
        assert said["dry_run"] is True and said["valid"] is True
        assert said["document"]["number"] == "J"
        assert said["document"]["total"] == 1050
        assert [(e["account"], e["amount"]) for e in said["entries"]] == [
            ("1000", "10.50"), ("3000", "-10.50")]
        assert said["findings"] == []
    bad = journal("K", date="2026-09-01", colour="red")
    bad["lines"][0]["debit"] = "11.00"
    said = post(house, [journal(), bad], "/v1/journals?dry_run=1").json
    assert [one["valid"] for one in said["items"]] == [True, False]
    assert sorted(codes(said["items"][1])) == [
        "journal.unbalanced", "payload.schema", "period.closed"]
    said = post(house, b"{", "/v1/journals?dry_run=1",
                Idempotency_Key="k").json
    assert said["document"] is None and codes(said) == ["payload.json"]
    mine = token(house, "billing")
    said = over_tcp(house, mine, journal(), "/v1/journals?dry_run=1").json
    assert said["valid"] is False
    assert codes(said) == ["account.forbidden"] * 2
    after = house.get("/v1/status")
    assert before["states"] == after["states"]
    assert before["as_of"]["seq"] == after["as_of"]["seq"]
    assert post(house, journal()).status == 201
    assert post(house, journal(), "/v1/journals?dry_run=0").status == 200


def test_an_amendment(house):
    house.start()
    assert post(house, journal()).status == 201
    taken = post(house, journal(), Idempotency_Key="two")
    assert codes(taken.json) == ["document.number_used"]
    answer = post(house, journal(id="three", base_version=1, memo="again"))
    assert answer.status == 201 and answer.json["version"] == 2
    answer = post(house, journal(id="four", base_version=1))
    assert answer.status == 202 and answer.json["state"] == "conflict"
    house.check_books()
    house.prove()


def test_over_its_limit(house):
    house.start()
    house.api("POST", "/v1/reference/limit",
              b"source,per_second,burst,body,allow\nbilling,1,5,,\n")
    mine = token(house, "billing")
    many = [journal("L%d" % n) for n in range(9)]
    assert over_tcp(house, mine, many).status == 202
    answer = over_tcp(house, mine, journal("M"))
    assert answer.status == 429 and int(answer.headers["Retry-After"]) > 0
