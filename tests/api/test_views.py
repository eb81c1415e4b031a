"""What the views say of the same books agrees, page by page."""
import json
import threading
import time

import openmetrics

from house import house, sale  # noqa: F401  (a fixture)

TABLES = {
    "mapping": {"source", "dimension", "from", "to"},
    "rate": {"from", "to", "first", "rate"},
    "period": {"entity", "period", "state"},
    "pair": {"account", "cost_centre"},
    "limit": {"source", "per_second", "burst", "body", "allow"},
}
MASTER = {"code", "name", "entity", "kind", "extra", "from", "to"}


def fill(house):
    """Two sales that posted and one that failed."""
    house.start()
    house.post("pos", sale("A"), "msg_a")
    house.post("pos", sale("B/1", "236.00", "36.00"), "msg_b")
    return house.post("pos", sale("C", store="MARS"), "msg_c").json["event"]


def pages(house, path, limit):
    out, after = [], ""
    for _ in range(100):
        sign = "&" if "?" in path else "?"
        page = house.get("%s%slimit=%d&after=%s" % (path, sign, limit, after))
        out += page["items"]
        after = page["next"]
        if after is None:
            return out
    raise AssertionError("pages without end")


def test_each_table_of_master_data(house):
    house.start()
    for table in ("entity", "account", "cost_centre", "tax_code", "currency",
                  "party", "item", "location", "mapping", "rate", "period",
                  "pair", "limit"):
        items = house.get("/v1/reference/" + table)["items"]
        assert items, table
        for item in items:
            assert set(item) == TABLES.get(table, MASTER)
    rates = house.get("/v1/reference/rate")["items"]
    assert {"from": "USD", "to": "INR", "first": "2026-10-01",
            "rate": "88.402500"} in rates


def test_the_story_of_one_event(house):
    failed = fill(house)
    got = house.get("/v1/events/" + failed)
    assert got["state"] == "failed" and got["journals"] == []
    assert (got["amount"], got["currency"]) == ("118.00", "INR")
    assert got["document"] == "IN01/sales_invoice/C"
    assert [step["action"] for step in got["history"]] == ["failed"]
    posted = house.get("/v1/events?state=posted")["items"][0]
    got = house.get("/v1/events/" + posted["id"])
    [journal] = got["journals"]
    assert journal == house.get("/v1/journals/" + posted["journal"])
    assert journal["event"] == posted["id"]
    assert got["document_body"]["total"] == 11800
    line = house.get("/v1/accounts/1200/entries")["items"][0]
    for name in ("amount", "base", "currency", "party", "cost_centre"):
        assert line[name] == journal["entries"][0][name]


def test_a_number_with_a_slash_is_found(house):
    fill(house)
    for number in ("B%2F1", "B%2f1"):
        got = house.get("/v1/documents/IN01/sales_invoice/" + number)
        assert got["number"] == "B/1"
    assert house.get("/v1/documents/IN01/sales_invoice/%41")["number"] == "A"
    assert house.api("GET",
                     "/v1/documents/IN01/sales_invoice/Z").status == 404


def test_pages_come_to_the_whole(house):
    house.start()
    for n in range(11):
        house.post("pos", sale("N%02d" % n, store="MARS" if n % 3 == 0 else
                               "STORE-MUM"), "msg_%d" % n)
    for path in ("/v1/events", "/v1/events?state=posted", "/v1/documents",
                 "/v1/events?state=open", "/v1/accounts/1200/entries",
                 "/v1/events?code=cost_centre.unmapped",
                 "/v1/accounts/4000/entries?entity=IN01"):
        whole = house.get(path)
        assert whole["next"] is None and len(whole["items"]) in (4, 7, 11)
        for limit in (1, 2, 3, 7, 11, 500):
            assert pages(house, path, limit) == whole["items"], (path, limit)


def test_pages_of_documents_keep_to_one_order(house):
    """Entities IN01 and IN01-B sort otherwise than their paths do."""
    house.start()
    for table, rows in (
            ("entity", "code,name,entity,kind,extra,from,to\n"
             "IN01-B,Branch Company,,company,INR,,\n"),
            ("period", "entity,period,state\nIN01-B,2026-10,open\n")):
        assert house.api("POST", "/v1/reference/" + table,
                         rows.encode()).status == 200
    for n in range(3):
        for entity in ("IN01", "IN01-B"):
            answer = house.api("POST", "/v1/events", {
                "entity": entity, "number": "V/%d" % n, "date": "2026-10-05",
                "currency": "INR", "lines": [
                    {"account": "1000", "debit": "10.00"},
                    {"account": "3000", "credit": "10.00"}]}, {
                "Content-Type": "application/json", "ce-specversion": "1.0",
                "ce-id": "%s %d" % (entity, n), "ce-source": "/t",
                "ce-type": "in.bahi.journal_voucher"})
            assert answer.status == 201, answer.body
    whole = house.get("/v1/documents")["items"]
    assert len(whole) == 6
    for limit in (1, 2, 3, 4, 5):
        assert pages(house, "/v1/documents", limit) == whole
    after = "after=IN01/journal_voucher"
    assert house.get("/v1/documents?" + after)["items"] == whole
    assert house.get("/v1/documents?after=IN01-A")["items"] == whole[3:]


def test_filters_go_together(house):
    failed = fill(house)
    [cause] = house.get("/v1/signatures")["items"]
    for query, count in (
            ("signature=" + cause["id"], 1), ("signature=00", 0),
            ("signature=%s&state=failed" % cause["id"], 1),
            ("signature=%s&state=held" % cause["id"], 0),
            ("signature=%s&state=open" % cause["id"], 1),
            ("signature=%s&state=posted" % cause["id"], 0),
            ("signature=%s&source=shopify" % cause["id"], 0),
            ("signature=%s&after=%s" % (cause["id"], failed), 0),
            ("q=B%2F1", 1), ("q=%25", 0), ("q=_", 3), ("state=", 3),
            ("q=msg_&state=failed&source=pos", 1), ("after=" + failed, 0)):
        items = house.get("/v1/events?" + query)["items"]
        assert len(items) == count, (query, items)
    for query, count in (("kind=sales_invoice", 2), ("kind=payment", 0),
                         ("q=/1", 1), ("", 2),
                         ("after=IN01/sales_invoice/A", 1)):
        items = house.get("/v1/documents?" + query)["items"]
        assert len(items) == count, query
    for query, count in (("to=2026-09", 0), ("to=2026-10", 4), ("", 4),
                         ("entity=IN01", 4)):
        items = house.get("/v1/trial-balance?" + query)["items"]
        assert len(items) == count, query
    assert house.api("GET", "/v1/trial-balance?entity=XX").status == 404
    for period in ("october", "2026-1", "2026-13", "2026-10-05", "2026-1/"):
        answer = house.api("GET", "/v1/trial-balance?to=" + period)
        assert answer.status == 400, period


def test_the_feed_comes_to_what_the_views_show(house):
    fill(house)
    after, seen = 0, {}
    while True:
        answer = house.api("GET", "/v1/changes?limit=3&after=%d" % after)
        lines = [json.loads(line) for line in answer.body.splitlines()]
        if len(lines) == 1:
            break
        after = lines[-1]["seq"]
        for line in lines[:-1]:
            seen[line["topic"], line["key"]] = line["value"]
    for event in house.get("/v1/events")["items"]:
        assert seen["event", event["id"]] == event
        if event["journal"]:
            assert seen["journal", event["journal"]] == house.get(
                "/v1/journals/" + event["journal"])
    for cause in house.get("/v1/signatures")["items"]:
        assert seen["signature", cause["id"]] == cause
    for item in house.get("/v1/trial-balance")["items"]:
        assert seen["balance", "IN01/%s/INR" % item["account"]] == item
    assert after == house.get("/v1/status")["as_of"]["change"]


def changes(house, after, wait):
    answer = house.api("GET", "/v1/changes?after=%d&wait=%d" % (after, wait))
    assert answer.status == 200
    return [json.loads(line) for line in answer.body.splitlines()]


def test_many_who_wait_are_woken_by_one_event(house):
    house.start()
    [end] = changes(house, house.get("/v1/status")["as_of"]["change"], 0)
    got = []
    waiting = [threading.Thread(target=lambda: got.append(
        changes(house, end["seq"], 60))) for _ in range(20)]
    for thread in waiting:
        thread.start()
    house.post("pos", sale("A"), "msg_a")
    for thread in waiting:
        thread.join(20)
        assert not thread.is_alive()
    for lines in got:
        assert "event" in {line["topic"] for line in lines}


def test_one_who_is_ahead_is_told_so_at_once(house):
    house.start()
    [end] = changes(house, house.get("/v1/status")["as_of"]["change"], 0)
    began = time.monotonic()
    assert changes(house, end["seq"] + 10, 60) == [end]
    assert time.monotonic() - began < 20


def test_who_waits_is_answered_when_the_daemon_ends(house):
    house.start()
    [end] = changes(house, house.get("/v1/status")["as_of"]["change"], 0)
    got = []
    thread = threading.Thread(target=lambda: got.append(
        changes(house, end["seq"], 60)))
    before = metric(house, "bahi_requests_total")
    thread.start()
    stop = time.monotonic() + 20
    # Its request and each of ours count.
    while True:
        now = metric(house, "bahi_requests_total")
        if now > before + 1:
            break
        before = now
        assert time.monotonic() < stop
    house.stop()
    thread.join(20)
    assert got == [[end]]


def metric(house, name):
    text = house.api("GET", "/metrics").body.decode()
    [line] = [line for line in text.splitlines()
              if line.startswith(name + " ")]
    return int(line.split()[1])


def test_metrics_are_well_formed(house):
    fill(house)
    families = openmetrics.parse(house.api("GET", "/metrics").body)
    assert families["bahi_settled"].value("_total") == "3"
    assert families["bahi_commits"].value("_total") == \
        families["bahi_commit_seconds"].value("_count")


def test_what_was_said_and_by_which_rules(house):
    failed = fill(house)
    seen = house.get("/v1/events/" + failed)["version"]
    assert house.api("POST", "/v1/decisions", {
        "action": "dismiss", "reason": "not ours", "events": [
            {"id": failed, "version": str(seen)}]}).status == 200
    said = house.get("/v1/decisions?limit=1")
    one = said["items"][0]
    assert (one["action"], one["event"], one["events"], one["reason"]) == (
        "dismiss", failed, 1, "not ours")
    whole = pages(house, "/v1/decisions", 3)
    assert len({row["id"] for row in whole}) == len(whole)
    assert whole[0] == one
    assert {row["action"] for row in whole} >= {"reference", "rules"}
    me = one["actor"]
    assert house.get("/v1/decisions?actor=nobody")["items"] == []
    assert house.get("/v1/decisions?action=dismiss&event=%s&actor=%s" % (
        failed, me))["items"] == [one]
    assert house.get("/v1/decisions?until=2001-01-01")["items"] == []
    assert house.api("GET", "/v1/decisions?since=soon").status == 400
    rules = {row["file"]: row for row in
             house.get("/v1/rules-in-force")["items"]}
    sale_rule = rules["map/pos/payment_success.sql"]
    assert (sale_rule["posted"], sale_rule["failed"],
            sale_rule["other"]) == (2, 0, 1)
    assert rules["post/sales_invoice.sql"]["posted"] == 2


def test_documents_newest_first(house):
    fill(house)
    whole = pages(house, "/v1/documents?order=newest", 1)
    assert [row["number"] for row in whole] == ["B/1", "A"]
    assert (whole[0]["amount"], whole[0]["currency"],
            whole[0]["state"]) == ("236.00", "INR", "posted")
    assert house.api("GET", "/v1/documents?order=up").status == 400


def test_each_open_event_is_in_one_cell_of_one_problem(house):
    fill(house)
    for n in range(4):	# two findings of one event
        house.post("pos", sale("X%d" % n, store="MARS-%d" % (n % 2),
                               total="0.00"), "msg_x%d" % n)
    rows = house.get("/v1/problems")
    named = [row for row in rows["items"] if row["id"]]
    open_events = pages(house, "/v1/events?state=open", 3)
    assert sum(row["all"]["count"] for row in rows["items"]) == \
        len(open_events) == 5
    seen = []
    for row in rows["items"]:
        assert sum(c["count"] for c in row["ages"].values()) == \
            row["all"]["count"]
        for age, cell in row["ages"].items():
            got = [e["id"] for e in pages(
                house, "/v1/problem-events?cell=%s:%s" % (
                    row["id"], age.replace("+", "%2B")), 2)]
            assert len(got) == cell["count"]
            seen += got
    assert sorted(seen) == sorted(e["id"] for e in open_events)
    # What let it go last is told, once it was done.
    one = named[0]
    event = house.get("/v1/problem-events?cell=%s:all" % one["id"])["items"]
    assert house.api("POST", "/v1/decisions", {
        "action": "dismiss", "reason": "a test of theirs", "events": [
            {"id": e["id"], "version": str(e["version"])}
            for e in event[:1]]}).status == 200
    left = {row["id"]: row for row in house.get("/v1/problems")["items"]}
    if len(event) > 1:
        assert left[one["id"]]["fixed"]["reason"] == "a test of theirs"
        assert left[one["id"]]["fixed"]["action"] == "dismiss"
    else:
        assert one["id"] not in left
    assert house.api("GET", "/v1/problem-events?cell=soon").status == 404
