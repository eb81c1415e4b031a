"""Working a queue: who has an event, until when it is put off, what was said
of it, how it was settled, and taking back."""
import datetime
import json
import os
import subprocess
import sys
import time

import pytest

from free import Free, doc
from house import ROOT
from test_approvals import Office

sys.path.insert(0, str(ROOT / "tests" / "console"))
from terminal import Terminal  # noqa: E402

BAHI = os.environ.get("BAHI", str(ROOT / "build" / "bahi"))


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
    say(free, "assign", b, to="me")
    assert ids(free, "state=open&assignee=me") == [b]
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
    say(free, "snooze", a, until=later(2 / 3600))
    waits_for(lambda: ids(free, "state=open&snoozed=yes") == [])
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
    assert ids(free, "state=resolved") == [b, a]


# ---- taking back -------------------------------------------------------


def undo(free, of="last", status=200, token=None, **body):
    answer = free.api("POST", "/v1/decisions/%s/undo" % of, body)
    assert answer.status == status, answer.body
    return answer.json


def test_what_was_dismissed_is_open_again(free):
    free.start()
    a = failing(free, "A")
    of = say(free, "dismiss", a, reason="a test of the till")["decision"]
    done = undo(free, of, reason="it was a sale")
    assert (done["done"], done["undone"]) == (1, of)
    seen = free.get("/v1/events/" + a)
    assert seen["state"] == "failed"
    assert seen["history"][-1]["action"] == "undone"
    assert of in seen["history"][-1]["new"]
    # once only, and not when it has moved on
    assert of in undo(free, of, 409)["detail"]
    of = say(free, "dismiss", a, reason="again")["decision"]
    say(free, "reopen", a, reason="no")
    undo(free, of, 409)
    # the last one of the event is what it says: reopened
    undo(free, event=a)
    assert free.get("/v1/events/" + a)["state"] == "dismissed"
    free.check_books()
    free.prove()


def test_who_had_it_has_it_again(free):
    free.start()
    a, b = failing(free, "A"), failing(free, "B")
    say(free, "assign", a, to="asha")
    both = say(free, "assign", a, b, to="ravi")["decision"]
    until = later(4)
    say(free, "snooze", a, until=until)
    say(free, "comment", a, reason="first")
    first = say(free, "comment", a, reason="second")["decision"]
    say(free, "comment", a, reason="third")
    undo(free, first)
    seen = free.get("/v1/events/" + a)
    assert [one["text"] for one in seen["thread"]] == ["first", "third"]
    assert seen["comments"] == 2
    say(free, "comment", a, reason="fourth")
    for left in (["first", "third"], ["first"], []):
        undo(free, event=a)
        assert [one["text"] for one in free.get("/v1/events/" + a)[
            "thread"]] == left
    undo(free, event=a)
    assert free.get("/v1/events/" + a)["snoozed"] is None
    undo(free, both)
    assert free.get("/v1/events/" + a)["assignee"] == "asha"
    assert free.get("/v1/events/" + b)["assignee"] is None
    undo(free)
    assert free.get("/v1/events/" + a)["assignee"] is None
    assert undo(free, status=404)["code"] == "not_found"
    of = say(free, "assign", a, to="asha")["decision"]
    say(free, "assign", a, to="ravi")
    undo(free, of, 409)
    free.check_books()
    free.prove()


def test_what_is_posted_stays_and_says_what_to_do(free):
    free.start()
    a, b = failing(free, "A"), failing(free, "B")
    of = say(free, "retry", a)["decision"]      # it fails again
    undo(free, of, 404)
    free.stop()
    free.csv("account", "code,name,entity,kind,extra,from,to\n"
             "7777,Festival sales,,income,Income:Festival,,\n")
    free.start()
    of = say(free, "retry", a, b)["decision"]
    # of many, what can not be taken back is left; here that is all
    assert undo(free, of)["done"] == 0
    said = undo(free, of, 409, event=a)
    assert said["code"] == "decision.final" and "reverse" in said["detail"]
    say(free, "reverse", a, reason="not ours")
    free.check_books()
    free.prove()


@pytest.fixture
def office():
    one = Office()
    yield one
    one.close()


def test_one_approval_of_two_is_withdrawn(office):
    office.policies("amount,sales_invoice,*,1000.00,5000.00,,approver,")
    office.hire(bala="approver", devi="approver", kiran="clerk")
    office.start()
    held = office.send(doc("sales_invoice", "1", "5000.01"))
    of = office.say("bala", "approve", held).json["decision"]

    def back(name):
        return office.people.ask(name, "POST",
                                 "/v1/decisions/%s/undo" % of, {})

    def given():
        return office.get("/v1/approvals")["items"][0]["given"]

    assert len(given()) == 1
    assert back("devi").status == 403
    assert back("bala").status == 200 and given() == []
    assert back("bala").status == 409
    # one yes is not enough again, and he may say it once more
    office.say("devi", "approve", held)
    assert office.state(held) == "held"
    of = office.say("bala", "approve", held).json["decision"]
    assert office.state(held) == "posted"
    assert back("bala").status == 409
    other = office.send(doc("sales_invoice", "2", "2000.00"))
    of = office.say("bala", "reject", other).json["decision"]
    assert office.state(other) == "dismissed"
    assert back("bala").status == 200 and office.state(other) == "held"
    office.stop()
    office.prove()


def test_a_mapping_of_a_fix_is_taken_back(free):
    free.start()
    line = [{"mapped": "SKU-1", "amount": "100.00"},
            {"account": "3000", "amount": "-100.00"}]
    a = free.send(doc("sales_invoice", "A", lines=line))["event"]
    problem = free.get("/v1/events/" + a)["findings"][0]["signature"]
    fix = {"dimension": "account", "source": "events", "value": "SKU-1",
           "to": "1000"}
    done = free.decide(action="fix", signature=problem, retry=True, fix=fix)
    assert done.status == 200 and done.json["done"] == 1, done.body
    assert undo(free, done.json["decision"], reason="wrong one")["done"] == 1
    assert free.get("/v1/events/" + a)["state"] == "posted"
    b = free.send(doc("sales_invoice", "B", lines=line))["event"]
    assert free.get("/v1/events/" + b)["state"] == "failed"
    undo(free, done.json["decision"], 409)
    # of somebody who changed it since, it is not taken back either
    done = free.decide(action="fix", signature=problem, retry=True, fix=fix)
    free.decide(action="fix", signature=problem, retry=False,
                fix=dict(fix, to="3000"))
    undo(free, done.json["decision"], 409)
    free.prove()


def test_many_are_taken_back_in_pieces(free):
    free.start()
    events = [failing(free, "N%03d" % n) for n in range(250)]
    of = say(free, "dismiss", *events, reason="all of the test")["decision"]
    say(free, "reopen", events[7], reason="not this one")
    done = undo(free, of)
    assert done["done"] == 249
    assert len(ids(free, "state=open&limit=500")) == 250
    free.check_books()
    free.prove()


# ---- a later success ---------------------------------------------------


def good(free, number, **other):
    return free.send(doc("sales_invoice", number, **other))["event"]


def test_a_later_success_closes_the_older_error(free):
    free.start()
    old, other = failing(free, "A"), failing(free, "B")
    new = good(free, "A")
    seen = free.get("/v1/events/" + old)
    assert seen["state"] == "dismissed"
    assert seen["history"][-1]["actor"] == "bahid"
    assert "closed by " + new in seen["history"][-1]["new"]
    assert free.get("/v1/events/" + other)["state"] == "failed"
    one, = free.get("/v1/events?state=resolved")["items"]
    assert (one["id"], one["settled"]["by"]) == (old, "bahid")
    assert one["settled"]["why"] == "closed by " + new
    free.check_books()
    free.prove()


def test_only_what_is_older_and_the_same_is_closed(free):
    free.start()
    first = failing(free, "A", revision="2026-10-05T10:00:00Z")
    third = failing(free, "A", revision="2026-10-05T12:00:00Z")
    unsaid = failing(free, "A")
    payment = free.send(doc("payment", "A", lines=[
        {"account": "7777", "amount": "100.00"},
        {"account": "3000", "amount": "-100.00"}]))["event"]
    several = free.send(*[doc("sales_invoice", n, part=n, lines=[
        {"account": "7777", "amount": "100.00"},
        {"account": "3000", "amount": "-100.00"}])
        for n in ("A", "Z")])["event"]
    good(free, "A", revision="2026-10-05T11:00:00Z")

    def state(event):
        return free.get("/v1/events/" + event)["state"]

    assert state(first) == "dismissed"
    assert [state(e) for e in (third, unsaid, payment, several)] == \
        ["failed"] * 4
    good(free, "A", revision="2026-10-05T13:00:00Z")
    assert state(third) == "dismissed" and state(unsaid) == "failed"
    # the same number once more is perhaps another invoice
    good(free, "C")
    twice = good(free, "C")
    assert state(twice) == "failed"
    free.check_books()
    free.prove()


def test_what_a_retry_posts_closes_it_too(free):
    free.start()
    a, b, c = [failing(free, "A") for _ in range(3)]
    free.stop()
    free.csv("account", "code,name,entity,kind,extra,from,to\n"
             "7777,Festival sales,,income,Income:Festival,,\n")
    free.start()
    say(free, "retry", b)
    states = [free.get("/v1/events/" + e)["state"] for e in (a, b, c)]
    assert states == ["dismissed", "posted", "failed"]
    free.check_books()
    free.prove()


# ---- the verbs ---------------------------------------------------------


def bahi(free, *args, code=0):
    ran = subprocess.run(
        [BAHI, "--config", str(free.home / "bahi.conf"), *args], text=True,
        capture_output=True, timeout=60, env=dict(
            free.env, XDG_CACHE_HOME=str(free.dir),
            XDG_STATE_HOME=str(free.dir / "state")))
    assert ran.returncode == code, ran.stdout + ran.stderr
    return ran.stdout


def until(free, event):
    return datetime.datetime.fromisoformat(
        free.get("/v1/events/" + event)["snoozed"].replace("Z", "+00:00"))


def test_the_verbs_share_the_work(free):
    free.start()
    a, b = failing(free, "A"), failing(free, "B")
    bahi(free, "assign", a, "asha", "--reason", "her supplier")
    assert free.get("/v1/events/" + a)["assignee"] == "asha"
    assert "her supplier" in bahi(free, "trace", a)
    assert a in bahi(free, "events", "assignee=asha")
    bahi(free, "assign", a, "-")
    bahi(free, "assign", b, "me")
    assert free.get("/v1/events/" + a)["assignee"] is None
    assert free.get("/v1/events/" + b)["assignee"] not in (None, "me")
    dry = bahi(free, "assign", "--where", "state=failed", "ravi",
               "--dry-run", "--json")
    assert json.loads(dry)["events"] == 2
    problem = free.get("/v1/events/" + a)["findings"][0]["signature"]
    bahi(free, "assign", problem, "ravi")
    assert ids(free, "state=open&assignee=ravi") == [a, b]
    now = datetime.datetime.now(datetime.timezone.utc)
    bahi(free, "snooze", a, "4h")
    assert 3.9 < (until(free, a) - now).total_seconds() / 3600 < 4.1
    india = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
    bahi(free, "snooze", a, "monday")
    at = until(free, a).astimezone(india)
    assert (at.weekday(), at.hour, at.minute) == (0, 9, 0) and at > now
    bahi(free, "snooze", a, "tomorrow")
    at = until(free, a).astimezone(india)
    assert at.date() - now.astimezone(india).date() == datetime.timedelta(1)
    bahi(free, "snooze", a, "now")
    assert free.get("/v1/events/" + a)["snoozed"] is None
    bahi(free, "snooze", a, "someday", code=2)
    bahi(free, "comment", a, "asked the supplier")
    assert free.get("/v1/events/" + a)["thread"][0]["text"] \
        == "asked the supplier"
    free.check_books()
    free.prove()


def test_the_verbs_show_what_was_settled(free):
    free.start()
    a = failing(free, "A")
    assert bahi(free, "failures", "--history", code=1)
    bahi(free, "dismiss", a, "a test of the till")
    shown = bahi(free, "failures", "--history")
    assert a in shown and "a test of the till" in shown
    assert json.loads(bahi(free, "failures", "--history", "--json"))[
        "items"][0]["settled"]["as"] == "dismissed"
    bahi(free, "reopen", a, "it was a sale after all", code=1)
    assert free.get("/v1/events/" + a)["state"] == "failed"
    bahi(free, "failures", "--history", code=1)
    bahi(free, "assign", a, code=2)


# ---- the console -------------------------------------------------------


@pytest.fixture
def console(free):
    started = []

    def start():
        started.append(Terminal(
            [BAHI, "--config", str(free.home / "bahi.conf")],
            env={"XDG_CACHE_HOME": str(free.dir),
                 "XDG_STATE_HOME": str(free.dir / "state")}))
        return started[-1].until("live")
    yield start
    for one in started:
        one.close()


def waits_for(ask, seconds=10):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        got = ask()
        if got:
            return got
        time.sleep(0.02)
    raise AssertionError("it did not come")


def test_keys_give_put_off_and_say(free, console):
    free.start()
    a, b, c = [failing(free, number) for number in "ABC"]
    t = console()
    t.type("2").until(c)
    t.type("w").until("Give it to").type("asha", "Enter")
    t.until(lambda t: "asha" in t.row())
    assert free.get("/v1/events/" + a)["assignee"] == "asha"
    t.type("w").until("Give it to").type("-", "Enter")
    t.until(lambda t: "asha" not in t.row())
    # all that is marked, after a look at the plan
    t.type("Space", "Space", "w").until("Give it to").type("ravi", "Enter")
    t.until("200.00 INR assign").type("y")
    waits_for(lambda: ids(free, "state=open&assignee=ravi") == [a, b])
    t.until(lambda t: t.text().count("ravi") == 2)
    # later: out of the list, but counted, and one key shows it
    t.type("g", "z").until("Until (").type("someday", "Enter")
    t.until("That is not understood.")
    t.type("z").until("Until (").type("4h", "Enter")
    t.until("1 put off").until(lambda t: a not in t.row())
    assert ids(free, "state=open&snoozed=yes") == [a]
    t.until("1/2").type("Z").until("1/3").until(
        lambda t: t.row().startswith("> " + a))
    t.type("z").until("Until (").type("now", "Enter")
    t.until(lambda t: "put off" not in t.text())
    # said of it, and read where the event is shown
    t.type(";").until("Say:").type("asked the supplier", "Enter")
    t.until("comment: 1 done")
    t.type("Enter").until("Comments").until("asked the supplier")
    assert "ravi" in t.text()


def test_whose_flow_it_is(free, console):
    free.flows("events,sales_invoice,*,realtime,,0,retail,60,24,high")
    free.start()
    a = failing(free, "A")
    assert free.get("/v1/events/" + a)["owner"] == "retail"
    t = console()
    t.type("2").until("(retail)")
    t.type("Enter").until("retail, whose flow it is")
    bahi(free, "assign", a, "asha")
    t.until(lambda t: "whose flow" not in t.text() and "asha" in t.text())


def test_the_last_reasons_are_one_key(free, console):
    free.start()
    events = [failing(free, number) for number in "ABCDE"]
    t = console()
    t.type("2").until(events[4])
    t.type("D").until("Dismiss, because:").type("a test", "Enter")
    t.until("dismiss: 1 done").until(lambda t: events[1] in t.row())
    t.type("D").until("Dismiss, because:").type("sent twice", "Enter")
    t.until(lambda t: events[2] in t.row())
    t.type("D").until("1 sent twice  2 a test").type("2", "Enter")
    t.until(lambda t: events[3] in t.row())
    # a space types it; another console, the same person
    t = console()
    t.type("2").until(events[3])
    t.type("D").until("1 a test  2 sent twice")
    t.type(" ", "2", " till slips", "Enter")
    t.until(lambda t: events[4] in t.row())
    assert [free.get("/v1/events/" + e)["history"][-1]["new"]
            .split("reason=")[1] for e in events[:4]] == [
        "a test", "sent twice", "a test", "2 till slips"]
    kept = free.dir / "state/bahi/reasons"
    assert kept.read_text().splitlines() == [
        "2 till slips", "a test", "sent twice"]
    assert kept.stat().st_mode & 0o777 == 0o600
    # what is said of an event is no reason
    t.type(";").until("Say:")
    assert "till slips" not in t.text()


def test_what_was_settled_is_one_key_away(free, console):
    free.start()
    a, b = failing(free, "A"), failing(free, "B")
    say(free, "dismiss", a, reason="a test of the till")
    t = console()
    t.type("2").until(b).type("H").until("a test of the till")
    t.until("dismissed")
    t.type("o").until("Reopen, because:").type("it was a sale", "Enter")
    waits_for(lambda: ids(free, "state=open") == [a, b])
    t.type("H").until(lambda t: a in t.text() and b in t.text())
    t.type("3", "H").until("history").type("H").until("Problem")


def test_u_takes_back(free, console):
    free.start()
    a, b = failing(free, "A"), failing(free, "B")
    t = console()
    t.type("2").until(b)
    t.type("w").until("Give it to").type("asha", "Enter")
    t.until(lambda t: "asha" in t.row())
    t.type("u").until("takes back D").until(lambda t: "asha" not in t.row())
    t.type("D").until("Dismiss, because:").type("a test", "Enter")
    t.until(lambda t: b in t.row())
    t.type("u").until("nothing of yours to take back")
    t.type("U").until("Take back what you decided last?").type("n")
    t.until("Nothing was done.")
    t.type("U").until("Take back what you decided last?").type("y")
    t.until("takes back D").until(lambda t: a in t.text())
    assert ids(free, "state=open") == [a, b]
    # what is posted stays; the key leads to what undoes it
    free.stop()
    free.csv("account", "code,name,entity,kind,extra,from,to\n"
             "7777,Festival sales,,income,Income:Festival,,\n")
    free.start()
    t.until("live").type("2").until(b)
    t.type("g").until(lambda t: a in t.row())
    t.type("r").until(lambda t: b in t.row())
    t.type("H").until("posted").type("u").until("Posted, so it stays.")
    t.type("not ours", "Enter").until("Reverse %s by" % a).type("y")
    waits_for(lambda: free.get("/v1/documents/IN01/sales_invoice/A")[
        "version"] == 2)
    free.prove()


def test_the_verb_takes_back(free):
    free.start()
    a, b = failing(free, "A"), failing(free, "B")
    bahi(free, "dismiss", a, "a test")
    bahi(free, "assign", b, "asha")
    of = json.loads(bahi(free, "dismiss", b, "a test", "--json"))["decision"]
    assert "is taken back" in bahi(free, "undo", a)
    assert free.get("/v1/events/" + a)["state"] == "failed"
    assert json.loads(bahi(free, "undo", of, "--json"))["undone"] == of
    bahi(free, "undo", of, code=3)
    assert "assign" not in bahi(free, "undo", "--reason", "not hers")
    assert free.get("/v1/events/" + b)["assignee"] is None
    bahi(free, "undo", code=1)


def test_a_whole_run_is_taken_back(free):
    free.start()
    events = [failing(free, "N%d" % n) for n in range(5)]
    bahi(free, "dismiss", "--where", "state=failed", "all of the test")
    assert ids(free, "state=open") == []
    done = json.loads(bahi(free, "undo", "--json"))
    assert done["undone"].startswith("R") and done["done"] == 5
    assert ids(free, "state=open") == events
    free.check_books()
    free.prove()


def test_the_verb_says_that_a_mapping_is_gone(free):
    free.start()
    line = [{"mapped": "SKU-1", "amount": "100.00"},
            {"account": "3000", "amount": "-100.00"}]
    a = free.send(doc("sales_invoice", "A", lines=line))["event"]
    problem = free.get("/v1/events/" + a)["findings"][0]["signature"]
    bahi(free, "fix", problem, "1000")
    assert "what posted with it stays posted" in bahi(free, "undo")
    assert free.get("/v1/events/" + a)["state"] == "posted"
