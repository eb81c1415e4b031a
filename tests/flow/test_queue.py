"""Working a queue: who has an event, until when it is put off, what was said
of it, how it was settled, and taking back."""
import datetime
import json

import pytest

from free import Free, doc


@pytest.fixture
def free():
    one = Free()
    yield one
    one.close()


def failing(free, number="F", **other):
    return free.send(doc("sales_invoice", number, lines=[
        {"account": "7777", "amount": "100.00"},
        {"account": "3000", "amount": "-100.00"}], **other))["event"]


def say(free, action, *events, reason="", status=200, **with_):
    answer = free.decide(action=action, reason=reason, events=[
        {"id": e, "version": free.get("/v1/events/" + e)["version"]}
        for e in events], **({"with": with_} if with_ else {}))
    assert answer.status == status, answer.body
    return answer.json


def ids(free, query):
    return [e["id"] for e in free.get("/v1/events?" + query)["items"]]


def later(hours):
    return (datetime.datetime.now(datetime.timezone.utc) +
            datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_an_event_is_given_to_somebody(free):
    free.start()
    a, b = failing(free, "A"), failing(free, "B")
    done = say(free, "assign", a, to="asha", reason="her supplier")
    assert (done["done"], done["failed"]) == (1, 0)
    assert free.get("/v1/events/" + a)["assignee"] == "asha"
    assert ids(free, "state=open&assignee=asha") == [a]
    assert ids(free, "state=open&assignee=-") == [b]
    # nobody's decision has become stale by it
    assert free.get("/v1/events/" + a)["version"] == 1
    last = free.get("/v1/events/" + a)["history"][-1]
    assert last["action"] == "assigned" and "asha" in last["new"]
    say(free, "assign", a, to="")
    assert free.get("/v1/events/" + a)["assignee"] is None
    say(free, "assign", a, status=400)
    free.check_books()
    free.prove()


def test_the_feed_tells_who_has_it(free):
    free.start()
    event = failing(free)
    before = free.get("/v1/status")["as_of"]["change"]
    say(free, "assign", event, to="asha")
    lines = free.api("GET", "/v1/changes?after=%d&limit=100" % before).body
    rows = [json.loads(line) for line in lines.splitlines()]
    value, = [row["value"] for row in rows if row["topic"] == "event"]
    assert value["id"] == event and value["assignee"] == "asha"


def test_put_off_until_a_time(free):
    free.start()
    a, b = failing(free, "A"), failing(free, "B")
    say(free, "snooze", a, until=later(4), reason="the bank answers at noon")
    assert ids(free, "state=open&snoozed=no") == [b]
    assert ids(free, "state=open&snoozed=yes") == [a]
    assert ids(free, "state=open") == [a, b]
    say(free, "snooze", b, until=later(-1), status=400)
    say(free, "snooze", b, until=later(24 * 400), status=400)
    say(free, "snooze", b, until="tomorrow", status=400)
    say(free, "snooze", a, until="")
    assert ids(free, "state=open&snoozed=yes") == []
    free.prove()


def test_what_is_said_of_it_stays_with_it(free):
    free.start()
    event = failing(free)
    say(free, "comment", event, reason="asked the supplier")
    say(free, "comment", event, reason="they answer on Monday")
    say(free, "comment", event, status=400)
    seen = free.get("/v1/events/" + event)
    assert [one["text"] for one in seen["thread"]] == [
        "asked the supplier", "they answer on Monday"]
    assert seen["comments"] == 2 and seen["thread"][0]["actor"]
    assert free.get("/v1/trace/" + event)["events"][0]["event"]["comments"] \
        == 2
    free.prove()


def test_history_is_a_filter_away(free):
    free.start()
    a, b = failing(free, "A"), failing(free, "B")
    free.send(doc("payment", "P"))
    say(free, "dismiss", a, reason="a test of the till")
    assert ids(free, "state=resolved") == [a]
    one, = free.get("/v1/events?state=resolved")["items"]
    assert one["settled"]["why"] == "a test of the till"
    assert one["settled"]["as"] == "dismissed"
    free.stop()
    free.csv("account", "code,name,entity,kind,extra,from,to\n"
             "7777,Festival sales,,income,Income:Festival,,\n")
    free.start()
    say(free, "retry", b)
    assert free.get("/v1/events/" + b)["state"] == "posted"
    assert ids(free, "state=resolved") == [a, b]
