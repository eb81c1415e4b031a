"""Decisions that are cut, repeated or meet what must not post."""
import http.client
import threading

import pytest

from house import house, sale  # noqa: F401  (a fixture)
from test_decisions import order


def decide(house, key=None, **decision):
    return house.api("POST", "/v1/decisions", decision,
                     {"Idempotency-Key": key} if key else {})


def pick(house, event):
    return {"id": event, "version": house.get("/v1/events/" + event)[
        "version"]}


def test_a_used_key_never_posts(house):
    """Neither by a retry nor by a reopening: the first one stands."""
    house.start()
    house.post("pos", sale("A"), "msg_a")
    assert house.post("pos", sale("B"), "msg_a").status == 409
    event = house.get("/v1/events?state=failed")["items"][0]["id"]
    for action in ("retry", "dismiss", "reopen", "retry"):
        answer = decide(house, action=action, reason="test",
                        events=[pick(house, event)])
        [result] = answer.json["results"]
        assert result["state"] == ("dismissed" if action == "dismiss"
                                   else "failed")
        if result["state"] == "failed":
            assert [f["code"] for f in result["findings"]] == ["key.reused"]
    assert list(house.journals()) == ["A"]
    house.check_books()
    house.prove()


def test_a_reason_has_an_end(house):
    house.start()
    event = house.post("pos", sale("A", store="MARS"),
                       "msg_a").json["event"]
    answer = decide(house, action="dismiss", events=[pick(house, event)],
                    reason="a" * 2001)
    assert answer.status == 400
    answer = decide(house, action="dismiss", events=[pick(house, event)],
                    reason="\u0001" * 2000)
    assert answer.json["done"] == 1
    house.prove()


def test_the_same_event_twice_in_one_decision(house):
    house.start()
    event = house.post("pos", sale("A", store="STORE-THN"),
                       "msg_a").json["event"]
    house.api("POST", "/v1/reference/mapping", b"source,dimension,from,to\n"
              b"pos,cost_centre,STORE-THN,THN-RETAIL\n")
    answer = decide(house, action="retry", events=[pick(house, event)] * 3)
    assert answer.status == 200
    assert list(house.journals()) == ["A"]
    got = house.get("/v1/events/" + event)
    assert got["attempts"] == 2 and got["state"] == "posted"
    house.check_books()
    house.prove()


def test_two_people_decide_at_once(house):
    """One of them wins; the other is told that the screen was old."""
    house.start()
    event = house.post("pos", sale("Z", "0.00", "0.00"),
                       "msg_z").json["event"]
    seen, answers = pick(house, event), []
    threads = [threading.Thread(target=lambda: answers.append(decide(
        house, action="dismiss", events=[seen], reason="zero")))
        for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(a.status for a in answers) == [200] + [412] * 11
    assert len(house.get("/v1/events/" + event)["history"]) == 2
    house.check_books()


def test_one_decision_sent_many_times_at_once_is_done_once(house):
    house.start()
    event = house.post("pos", sale("A", store="MARS"),
                       "msg_a").json["event"]
    seen, answers = pick(house, event), []
    threads = [threading.Thread(target=lambda: answers.append(decide(
        house, "k1", action="retry", events=[seen]))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert {a.status for a in answers} == {200}
    assert len({a.body for a in answers}) == 1
    assert house.get("/v1/events/" + event)["attempts"] == 2


FIX = {"dimension": "cost_centre", "source": "pos", "value": "STORE-THN",
       "to": "THN-RETAIL"}


@pytest.mark.parametrize("point", ["settle.after_journal"])
def test_a_crash_amid_a_decision(house, point):
    """What it had not yet done, the same request does after the restart."""
    house.start()
    for n in range(5):
        house.post("pos", sale("T%d" % n, store="STORE-THN"), "msg_%d" % n)
    [cause] = house.get("/v1/signatures")["items"]
    house.stop()
    request = {"action": "fix", "retry": True, "signature": cause["id"],
               "fix": FIX}
    house.start(BAHI_CRASH=point)
    with pytest.raises((OSError, http.client.HTTPException)):
        decide(house, "k1", **request)
    assert house.died() == -9
    house.start()
    house.check_books()
    # Of the piece that was cut nothing is left.
    assert house.get("/v1/signatures")["items"][0]["count"] == 5
    assert house.journals() == {}
    answer = decide(house, "k1", **request)
    assert (answer.json["done"], answer.json["failed"]) == (5, 0)
    assert decide(house, "k1", **request).body == answer.body
    assert len(house.journals()) == 5
    house.check_books()
    house.prove()


def test_killed_amid_decisions_and_deliveries(house):
    """Pieces of 200 are done wholly or not at all."""
    house.start()
    connection = house.connect()
    for n in range(450):
        house.post("pos", sale("T%03d" % n, store="STORE-THN"),
                   "msg_%03d" % n, connection=connection)
    [cause] = house.get("/v1/signatures")["items"]
    request = {"action": "fix", "retry": True, "signature": cause["id"],
               "fix": FIX}
    seen = []

    def ask():
        try:
            seen.append(decide(house, "k1", **request).status)
        except (OSError, http.client.HTTPException):
            seen.append(None)

    thread = threading.Thread(target=ask)
    thread.start()
    # A delivery goes between two pieces.
    assert house.post("pos", sale("N"), "msg_n").status == 201
    house.kill()
    thread.join(60)
    house.start()
    house.check_books()
    left = house.get("/v1/status")["states"]["failed"]
    assert left in (450, 250, 50, 0)
    if left:
        answer = decide(house, "k1", **request)
        assert answer.json["done"] in (left, 450)
    assert house.get("/v1/status")["states"]["failed"] == 0
    assert house.check_books()["states"]["posted"] == 451
    house.prove()


def test_a_newer_revision_leaves_a_closed_period_alone(house):
    house.start()
    house.post("shopify", order("#1", "100.00", "2026-10-07T10:00:00Z"),
               "e1", "orders/paid")
    october = house.get("/v1/trial-balance?to=2026-10")["items"]
    house.api("POST", "/v1/reference/period",
              b"entity,period,state\nIN01,2026-10,closed\n")
    later = order("#1", "200.00", "2026-11-07T10:00:00Z")
    answer = house.post("shopify", later, "e2", "orders/paid")
    assert [f["code"] for f in answer.json["findings"]] == ["period.closed"]
    later["processed_at"] = "2026-11-02T10:00:00+05:30"
    later["updated_at"] = "2026-11-08T10:00:00Z"
    answer = house.post("shopify", later, "e3", "orders/paid")
    assert answer.status == 201
    journals = house.get("/v1/events/" + answer.json["event"])["journals"]
    assert [(j["date"], j["reverses"]) for j in journals] == [
        ("2026-11-02", "J1"), ("2026-11-02", None)]
    assert house.get("/v1/trial-balance?to=2026-10")["items"] == october
    house.check_books()
    house.prove()


def test_an_older_one_that_waited_does_not_come_back(house):
    """The newer revision closed it; reopened all the same, it is stale."""
    house.start()
    older = house.post("shopify", order(
        "#1", "100.00", "2026-10-07T10:00:00Z", sku="NEW"), "e1",
        "orders/paid").json["event"]
    house.post("shopify", order("#1", "200.00", "2026-10-07T11:00:00Z"),
               "e2", "orders/paid")
    house.api("POST", "/v1/reference/mapping",
              b"source,dimension,from,to\nshopify,account,NEW,4010\n")
    assert house.get("/v1/events/" + older)["state"] == "dismissed"
    answer = decide(house, action="reopen", reason="looked",
                    events=[pick(house, older)])
    assert answer.json["results"][0]["state"] == "stale"
    assert len(house.get("/v1/documents")["items"]) == 1
    assert house.get("/v1/documents")["items"][0]["version"] == 1
    house.check_books()
    house.prove()


def test_sigterm_lets_a_decision_end(house):
    house.start()
    connection = house.connect()
    for n in range(450):
        house.post("pos", sale("T%03d" % n, store="STORE-THN"),
                   "msg_%03d" % n, connection=connection)
    [cause] = house.get("/v1/signatures")["items"]
    answers = []
    thread = threading.Thread(target=lambda: answers.append(decide(
        house, "k1", action="fix", retry=True, signature=cause["id"],
        fix=FIX)))
    thread.start()
    while house.get("/v1/reference/mapping")["items"].count(
            {"source": "pos", "dimension": "cost_centre",
             "from": "STORE-THN", "to": "THN-RETAIL"}) == 0:
        assert thread.is_alive() or answers
    house.stop()
    thread.join(60)
    assert answers[0].json["done"] == 450
    house.start()
    assert house.check_books()["states"]["posted"] == 450
    house.prove()
