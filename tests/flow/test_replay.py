"""Replay any range, pause and resume a source, failures that were ours."""
import sqlite3

import pytest

from free import Free, doc
from house import sale


@pytest.fixture
def house():
    one = Free()
    yield one
    one.close()


def counts(answer):
    assert answer.status == 200, answer.body
    return {k: answer.json[k] for k in ("done", "failed", "same", "differs")}


def test_a_replay_of_what_is_posted_changes_nothing(house):
    house.start()
    for n in range(250):
        house.send(doc("payment", "P%d" % n))
    before = house.journals()
    answer = house.decide(action="replay", range={"source": "/t events"})
    answer = house.decide(action="replay", range={})
    assert counts(answer) == {"done": 250, "failed": 0, "same": 250,
                              "differs": 0}
    assert house.journals() == before
    house.check_books()
    house.prove()


def test_a_replay_retries_and_compares(house):
    house.start()
    posted = house.send(doc("payment", "GOOD"))
    failed = house.send(doc("payment", "BAD", lines=[
        {"account": "7777", "amount": "100.00"},
        {"account": "3000", "amount": "-100.00"}]))
    ignored = house.send()
    assert ignored["state"] == "ignored"
    house.api("POST", "/v1/reference/account",
              b"code,name,entity,kind,extra,from,to\n"
              b"7777,New,,asset,Assets:New,,\n")
    rules = house.home / "rules/post/payment.sql"
    rules.write_text(rules.read_text().replace(
        "SELECT account, item, amount", "SELECT account, item, amount * 1"))
    answer = house.decide(action="replay", range={})
    assert counts(answer) == {"done": 3, "failed": 0, "same": 1,
                              "differs": 0}
    assert house.state(failed) == "posted"
    assert house.state(posted) == "posted"
    house.check_books()
    house.prove()


def test_a_replay_names_what_would_differ(house):
    house.start()
    one = house.send(doc("payment", "P"))
    house.send(doc("refund", "R"))
    house.stop()
    rules = house.home / "rules/post/payment.sql"
    rules.write_text(rules.read_text().replace(
        "SELECT account, item, amount", "SELECT account, 'KUR-COT-S' AS item,"
        " amount"))
    house.start()
    answer = house.decide(action="replay", range={})
    assert counts(answer) == {"done": 2, "failed": 0, "same": 1,
                              "differs": 1}
    [differs] = [r for r in answer.json["results"]
                 if r.get("verdict") == "differs"]
    assert differs["event"] == one["event"]
    assert house.get(one["status"])["version"] == 1      # and it stands
    house.check_books()
    house.prove()


def test_ranges(house):
    house.start(BAHI_CLOCK="2026-10-05T09:00:00Z")
    house.send(doc("payment", "P1"))
    house.stop()
    house.start(BAHI_CLOCK="2026-10-06T09:00:00Z")
    house.send(doc("payment", "P2"))
    house.post("pos", sale("T-1", paid_at="2026-10-06T14:00:00+05:30"), "m1",
               at=1791277200)
    for body, n in (({"from": "2026-10-06T00:00:00Z"}, 2),
                    ({"to": "2026-10-06T00:00:00Z"}, 1),
                    ({"source": "pos"}, 1), ({"source": "none"}, 0),
                    ({"topic": "free"}, 2)):
        answer = house.decide(action="replay", range=body)
        assert answer.status == 200, body
        assert len(answer.json["results"]) == n, body
    assert house.decide(action="replay",
                        range={"from": "yesterday"}).status == 400


def test_replay_without_the_daemon(house):
    house.start()
    house.send(doc("payment", "P1"))
    bad = house.send(doc("payment", "P2", entity="XX99"))
    house.stop()
    house.csv("entity", "code,name,entity,kind,extra,from,to\n"
              "XX99,New one,,company,INR,,\n")
    house.csv("period", "entity,period,state\nXX99,2026-10,open\n")
    done = house.run("replay")
    assert done.stdout == ("2 events: 1 the same, 0 differ, 1 moved, "
                           "0 still open\n")
    assert house.run("replay", "nobody").stdout.startswith("0 events")
    one = house.run("replay", bad["event"], check=False)
    assert one.stdout.startswith("1 events: 1 the same")
    assert house.run("replay", "*", "noon", check=False).returncode != 0
    house.start()
    assert house.state(bad) == "posted"
    house.prove()


def test_a_source_that_only_fails_is_paused(house):
    house.start()
    bad = [{"specversion": "1.0", "id": "b%d" % n, "source": "/t",
            "type": "free", "docs": [doc("payment", "B%d" % n,
                                         entity="XX99")]}
           for n in range(1050)]
    for at in range(0, 1050, 210):
        house.api("POST", "/v1/events", bad[at:at + 210], {
            "Content-Type": "application/cloudevents-batch+json"})
    states = house.check_books()["states"]
    assert (states["failed"], states["waiting"]) == (1000, 50)
    late = house.send(doc("payment", "GOOD"))
    assert late["findings"][0]["code"] == "wait.paused"
    # Others are not in its way.
    assert house.post("pos", sale("T"), "m1").json["state"] == "failed"
    house.stop()
    house.start()
    assert house.send(doc("payment", "AFTER"))["state"] == "waiting"
    assert house.decide(action="resume", source="events").status == 200
    states = house.check_books()["states"]
    assert (states["failed"], states["waiting"]) == (1051, 0)
    assert house.state(late) == "posted"
    assert house.send(doc("payment", "NEXT"))["state"] == "posted"
    house.prove()


def test_paused_by_a_person(house):
    house.start()
    house.send(doc("payment", "FIRST"))
    for action in ("pause", "resume"):
        assert house.decide(action=action, source="evnets",
                            reason="x").status == 404
    assert house.decide(action="pause", source="events").status == 400
    assert house.decide(action="pause", source="events",
                        reason="the shop is being migrated").status == 200
    kept = house.send(doc("payment", "P"))
    assert kept["state"] == "waiting"
    answer = house.decide(action="resume", source="events")
    assert counts(answer)["done"] == 1
    assert house.state(kept) == "posted"
    house.prove()


def test_our_own_failure_is_kept_and_said(house):
    """A journal that the store refuses: kept, said to be ours, retried."""
    db = sqlite3.connect(house.home / "bahi.db")
    db.execute("CREATE TRIGGER sabotage BEFORE INSERT ON journal WHEN"
               " new.number = 'BAD' BEGIN SELECT raise(ABORT, 'no'); END")
    db.commit()
    db.close()
    house.start()
    answer = house.send(doc("payment", "BAD"))
    assert answer["state"] == "failed", answer
    [finding] = answer["findings"]
    assert finding["code"] == "system.failed"
    assert finding["class"] == "system"
    assert house.send(doc("payment", "GOOD"))["state"] == "posted"
    house.check_books()
    dead = house.get("/v1/dead-letters")
    assert dead["system"]["count"] == 1 and dead["data"]["count"] == 0
    house.stop()
    db = sqlite3.connect(house.home / "bahi.db")
    db.execute("DROP TRIGGER sabotage")
    db.commit()
    db.close()
    house.start()
    assert counts(house.decide(action="retry", events=[
        {"id": answer["event"], "version": 1}]))["done"] == 1
    assert house.state(answer) == "posted"
    house.prove()


def test_a_locked_store_is_not_waited_for_again_and_again(house):
    """One answer for the whole batch, and nothing is half kept."""
    house.start()
    db = sqlite3.connect(house.home / "bahi.db", timeout=30)
    db.execute("BEGIN IMMEDIATE")
    batch = [{"specversion": "1.0", "id": "b%d" % n, "source": "/t",
              "type": "free", "docs": [doc("payment", "B%d" % n)]}
             for n in range(20)]
    answer = house.api("POST", "/v1/events", batch, {
        "Content-Type": "application/cloudevents-batch+json"})
    assert answer.status >= 500, answer.body
    assert house.read_log().count("event.not_settled") == 0
    db.rollback()
    db.close()
    answer = house.api("POST", "/v1/events", batch, {
        "Content-Type": "application/cloudevents-batch+json"})
    assert answer.status == 201, answer.body
    house.check_books()
    house.prove()
