"""A caller of some entities: what he sees is what a house of those entities
alone would show, and what is of others is not there for him, nor counted."""
import json
import re

import pytest
from free import Free, doc, goods
from test_rights import over_tcp

OTHER = "SECRET"            # in every text that the other entity has
AMOUNT = "734519.26"


class Two(Free):
    tokens = None

    def token(self, name, role, entities="*", sees=""):
        made = self.run("token", "add", name, role).stdout.split()[-1]
        if entities != "*" or sees:
            self.reference("access", "subject,name,role,entities,sees",
                           "client,%s,,%s,%s" % (name, entities, sees))
        return made

    def reference(self, table, head, *rows):
        answer = self.api("POST", "/v1/reference/" + table, "".join(
            row + "\n" for row in (head,) + rows).encode())
        assert answer.status == 200, answer.body

    def ask(self, token, method, path, body=None, **headers):
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        return over_tcp(self, method, path, token, body, **headers)


def fill(house, entities):
    """The same of each, but for names and amounts."""
    sent = {}
    for entity in entities:
        own = entity == "IN01"
        n, amount = ("A", "100.00") if own else (OTHER, AMOUNT)
        here = {"entity": entity}
        sent[entity] = [
            house.send(doc("sales_invoice", n + "1", amount, **here)),
            house.send(doc("payment", n + "2", amount, memo=n, **here)),
            house.send(goods("purchase_order", n + "3", "5", **here)),
            house.send(goods("inventory_move", n + "4", "9", **here)),
            # fails: the account is not known
            house.send(doc("sales_invoice", n + "5", amount, lines=[
                {"account": n + "X", "amount": amount},
                {"account": "3000", "amount": "-" + amount}], **here)),
        ]
    return sent


@pytest.fixture(scope="module")
def two():
    house = Two()
    house.start()
    house.sent = fill(house, ("IN01", "IN02"))
    house.mine = house.token("mine", "viewer", "IN01")
    house.clerk = house.token("clerk1", "controller", "IN01")
    house.all = house.token("all", "viewer")
    yield house
    house.stop()
    house.close()


@pytest.fixture(scope="module")
def alone():
    """Of IN01 nothing but what the other house has of it."""
    house = Two()
    house.start()
    fill(house, ("IN01",))
    house.all = house.token("all", "viewer")
    yield house
    house.stop()
    house.close()


def routes(house):
    for line in house.run("--dump=routes", config=False).stdout.splitlines():
        yield line.split("\t")[:4]


ARGS = {
    "/v1/events/{}": ["E6"], "/v1/accounts/{}/entries": ["1000", "3000"],
    "/v1/journals/{}": ["J1", "J2", "J3", "J4"],
    "/v1/documents/{}/{}/{}": ["IN02/sales_invoice/SECRET1"],
    "/v1/reference/{}/{}": ["entity/IN02"],
    "/v1/reference/{}": ["entity", "account", "mapping", "period"],
    "/v1/trace/{}": ["E6", "J4", "J3", "IN02/sales_invoice/SECRET1"],
    "/v1/accounts/{}/explain": ["1000?entity=IN02", "1000"],
    "/v1/conflicts/{}": ["E6", "E10"], "/v1/approvals/{}": ["E6"],
    "/v1/search": ["?q=SECRET", "?q=734519.26", "?q=E6", "?q=IN02"],
}


def paths(pattern):
    if "{}" not in pattern:
        yield pattern
        for more in ARGS.get(pattern, []):
            yield pattern + more
        return
    for arg in ARGS.get(pattern, []):
        yield re.sub(r"\{\}.*?(?=/[a-z]+$|$)", lambda _: arg, pattern,
                     count=1) if pattern.count("{}") == 1 else \
            pattern.split("{}")[0] + arg


def test_nothing_of_the_other_is_in_any_answer(two):
    asked = 0
    for method, pattern, roles, _reach in routes(two):
        if method != "GET" or "viewer" not in roles.split(","):
            continue
        for path in paths(pattern):
            answer = two.ask(two.mine, "GET", path)
            body = answer.body.decode().replace(path, "")
            if answer.status not in (200, 404):
                assert answer.status in (400, 403), (path, answer.body)
            body = re.sub(r'"(q|of)":"[^"]*"', "", body)
            if answer.status == 200:
                assert OTHER not in body, (path, body)
                assert AMOUNT not in body, (path, body)
                assert "73451926" not in body, (path, body)
                if "intercompany" not in path and path[-6:] != "q=IN02":
                    assert '"IN02"' not in body, (path, body)
                asked += 1
    assert asked > 40, asked


def test_what_is_counted_is_what_a_house_of_its_own_counts(two, alone):
    def facts(house, token, path):
        answer = house.ask(token, "GET", path)
        assert answer.status == 200, (path, answer.body)
        said = json.loads(answer.body)
        return strip(said)

    def strip(value):
        """Without what is of the clock or of the one sequence."""
        if isinstance(value, dict):
            return {k: strip(v) for k, v in value.items() if k not in (
                "as_of", "at", "received", "since", "oldest", "age", "id",
                "first", "last", "numbers", "event", "journal", "seq",
                "sources", "change", "brief", "latest", "events",
                "day", "key", "touchless", "aging", "posted_at") or
                (k == "events" and isinstance(v, int))}
        if isinstance(value, list):
            return [strip(v) for v in value]
        return value

    for path in ("/v1/trial-balance", "/v1/stock", "/v1/orders",
                 "/v1/documents", "/v1/signatures", "/v1/problems",
                 "/v1/clearing", "/v1/events", "/v1/batches",
                 "/v1/accounts/1000/entries",
                 "/v1/conflicts",
                 "/v1/approvals"):
        assert facts(two, two.mine, path) == facts(alone, alone.all, path), \
            path
    mine = two.ask(two.mine, "GET", "/v1/status").json
    own = alone.ask(alone.all, "GET", "/v1/status").json
    for name in ("states", "unposted", "conservation"):
        assert mine[name] == own[name], name
    assert [(s["name"], s["received"], s["states"], s["holds"])
            for s in mine["sources"]] == [
        (s["name"], s["received"], s["states"], s["holds"])
        for s in own["sources"] if s["received"]]
    assert [e["code"] for e in mine["entities"]] == ["IN01"]
    assert "IN02" in [e["code"] for e in
                      two.ask(two.all, "GET", "/v1/status").json["entities"]]


def test_the_feed_is_of_the_own_rows_and_goes_on(two):
    def feed(token, after=0, limit=3):
        keys = []
        while True:
            lines = [json.loads(x) for x in two.ask(
                token, "GET", "/v1/changes?after=%d&limit=%d" % (
                    after, limit)).body.splitlines()]
            assert lines[-1]["topic"] == "end"
            keys += [(x["topic"], x["key"]) for x in lines[:-1]]
            if len(lines) == 1:
                return keys, lines[-1]["seq"]
            after = lines[-1]["seq"]

    mine, end = feed(two.mine)
    everything, all_end = feed(two.all)
    assert end == all_end and len(set(mine)) == len(mine)
    own = {("event", a["event"]) for a in two.sent["IN01"]}
    assert own <= set(mine)
    assert not {("event", a["event"]) for a in two.sent["IN02"]} & set(mine)
    assert not [k for k in mine if OTHER in k[1] or "IN02" in k[1]]
    assert {k for k in everything if k[0] == "signature"} > {
        k for k in mine if k[0] == "signature"} != set()


def test_what_is_not_seen_is_not_there_to_be_decided(two):
    theirs = two.sent["IN02"][4]["event"]
    mine = two.sent["IN01"][4]["event"]
    signature = two.get("/v1/events/" + theirs)["findings"][0]["signature"]
    pick = [{"id": theirs, "version": "1"}]
    for method, path, body in (
            ("POST", "/v1/decisions", {"action": "retry", "events": pick}),
            ("POST", "/v1/decisions", {"action": "retry", "events": [
                {"id": mine, "version": "1"}] + pick}),
            ("POST", "/v1/plans", {"action": "dismiss", "reason": "x",
                                   "events": pick}),
            ("POST", "/v1/events/%s/correct" % theirs, {
                "reason": "x", "version": "1", "body": "{}"}),
            ("POST", "/v1/conflicts/%s/preview" % theirs, {}),
            ("PUT", "/v1/documents/IN02/sales_invoice/SECRET1", {}),
            ("POST", "/v1/close/sign", {"entity": "IN02",
                                        "period": "2026-10", "line": "x"}),
            ("POST", "/v1/close/close", {"entity": "IN02",
                                         "period": "2026-10"}),
    ):
        answer = two.ask(two.clerk, method, path, body, **{
            "Content-Type": "application/json"})
        assert answer.status == 404, (path, answer.status, answer.body)
        # As of what never was.
        gone = json.dumps(body).replace(theirs, "E999").replace(
            "IN02", "IN99")
        never = two.ask(two.clerk, method, path.replace(
            theirs, "E999").replace("IN02", "IN99"), gone.encode(), **{
                "Content-Type": "application/json"})
        assert never.status == 404, (path, never.status, never.body)
        assert never.json["code"] == answer.json["code"]
    assert two.get("/v1/events/" + theirs)["version"] == 1
    assert two.get("/v1/events/" + mine)["version"] == 1
    # All that share a problem are all of his that do.
    answer = two.ask(two.clerk, "POST", "/v1/decisions", {
        "action": "retry", "signature": signature})
    assert answer.status in (200, 404), answer.body
    assert two.get("/v1/events/" + theirs)["version"] == 1
    own = two.get("/v1/events/" + mine)["findings"][0]["signature"]
    answer = two.ask(two.clerk, "POST", "/v1/decisions", {
        "action": "retry", "signature": own})
    assert answer.status == 200, answer.body
    assert two.get("/v1/events/" + mine)["version"] == 2


def test_what_is_of_all_entities_is_refused(two):
    for method, path in (("GET", "/v1/numbers"), ("GET", "/v1/alerts"),
                         ("GET", "/metrics"), ("GET", "/v1/files"),
                         ("POST", "/v1/reference/account"),
                         ("POST", "/v1/proposals")):
        answer = two.ask(two.clerk, method, path, {} if method == "POST"
                         else None)
        assert answer.status == 403, (path, answer.body)
    answer = two.ask(two.clerk, "POST", "/v1/decisions", {
        "action": "pause", "source": "pos", "reason": "x"})
    assert answer.status == 403, answer.body


def test_it_holds_at_once(two):
    late = two.token("late", "viewer")
    path = "/v1/events/" + two.sent["IN02"][0]["event"]
    assert two.ask(late, "GET", path).status == 200
    two.reference("access", "subject,name,role,entities,sees",
                  "client,late,,IN01,")
    assert two.ask(late, "GET", path).status == 404
    assert two.ask(late, "GET", "/v1/me").json["scope"] == {
        "entities": ["IN01"]}
    assert two.api("DELETE", "/v1/reference/access/client/late",
                   headers={"If-Match": "*"}).status in (200, 204, 412, 428)


GSTIN = {"IN01": "27AAAAA0000A1Z2", "IN02": "24AAACC4175D1Z4"}


def test_returns_are_of_the_own_registration(two):
    two.reference("registration", "gstin,from,entity,kind,filing,turnover,to",
                  *("%s,2017-07-01,%s,regular,monthly,," % (gstin, entity)
                    for entity, gstin in GSTIN.items()))
    listed = two.ask(two.mine, "GET", "/v1/gst/registrations").json["items"]
    assert [one["gstin"] for one in listed] == [GSTIN["IN01"]]
    calendar = two.ask(two.mine, "GET", "/v1/gst/calendar")
    assert GSTIN["IN01"] in calendar.body.decode()
    assert GSTIN["IN02"] not in calendar.body.decode()
    for path in ("summary", "gstr3b", "liability", "agree", "issued", "hsn",
                 "changes", "filings", "entries", "recon", "calendar"):
        query = "/v1/gst/%s?%sgstin=" % (
            path, "" if path in ("filings", "calendar") else
            "period=102026&")
        own = two.ask(two.mine, "GET", query + GSTIN["IN01"])
        other = two.ask(two.mine, "GET", query + GSTIN["IN02"])
        never = two.ask(two.mine, "GET", query + "29AAAAA0000A1ZY")
        assert own.status in (200, 400), (path, own.body)
        assert other.status == never.status == 404, (path, other.body)
        assert other.json["code"] == never.json["code"]
    for path, body in (
            ("filings", {"form": "gstr1", "filed": "2026-11-10"}),
            ("filings/withdraw", {"form": "gstr1", "reason": "x"}),
            ("entries", {"cell": "5.1", "reason": "x"}),
            ("exports", {"form": "gstr1"})):
        body = dict(body, gstin=GSTIN["IN02"], period="102026")
        answer = two.ask(two.clerk, "POST", "/v1/gst/" + path, body)
        assert answer.status == 404, (path, answer.body)
    made = two.ask(two.clerk, "POST", "/v1/gst/exports", {
        "gstin": GSTIN["IN01"], "period": "102026", "form": "gstr1"})
    assert made.status in (200, 201, 202), made.body
    export = made.headers["Location"]
    assert two.ask(two.clerk, "GET", export).status == 200
    other = two.token("other", "controller", "IN02")
    for method in ("GET", "DELETE"):
        assert two.ask(other, method, export).status == 404
    assert two.ask(other, "GET", "/v1/gst/exports").json["items"] == []


def test_who_sends_for_one_entity_sends_for_no_other(two):
    sender = two.token("events-wms", "integration", "IN01")
    before = two.get("/v1/status")["states"]

    def send(key, entity):
        return two.ask(sender, "POST", "/v1/events", {"docs": [
            doc("sales_invoice", "W" + key, entity=entity)]}, **{
                "Content-Type": "application/json", "ce-specversion": "1.0",
                "ce-id": key, "ce-source": "/w", "ce-type": "free"})

    refused = send("1", "IN02")
    assert refused.status == 404, refused.body
    assert two.get("/v1/status")["states"] == before
    sent = send("2", "IN01")
    assert sent.status == 201, sent.body
    assert two.ask(sender, "GET", sent.json["status"]).status == 200
    theirs = "/v1/events/" + two.sent["IN01"][0]["event"]
    assert two.ask(sender, "GET", theirs).status == 404
