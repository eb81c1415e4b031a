"""What nobody knows the outcome of: asked for before it goes again, never
doubled, never lost, and in nobody's way."""
import re
import socket
import time

import pytest

from firm import RULE, reference, wait_until
from outbox import (act, all_there, commits, post_sales, post_voucher,
                    same_books, states, target, tries)


def creates(request):
    return request.method == "POST" and request.path == "/vouchers"


def test_answers_lost_after_it_acted(firm, erp, proxy):
    firm.rest("erp", proxy.url, timeout=2, failures=1000)
    proxy.plan("drop", 15, when=creates)
    firm.start()
    post_sales(firm, 30)
    all_there(firm)
    assert proxy.left() == 0
    same_books(firm, erp)
    assert erp.count["POST"] == 30          # nothing went twice
    history = [tries(firm, n) for n in range(1, 31)]
    assert sum(("send", "unknown") in one for one in history) == 15
    assert all(one == [] or one[-1] == ("ask", "done") for one in history)


def test_lost_before_it_acted_goes_again_after_a_while(firm, erp, proxy):
    """Absent: it may be on its way still, so not before the time-out is
    over."""
    firm.rest("erp", proxy.url, timeout=2)
    proxy.plan("reset", when=creates)
    firm.start()
    began = time.monotonic()
    post_sales(firm, 1)
    all_there(firm)
    assert time.monotonic() - began > 2
    same_books(firm, erp)
    assert ("ask", "absent") in tries(firm, 1)


def test_amended_twice_while_its_first_is_asked_for(firm, erp, proxy):
    """Five journals of one document, each once and in their order."""
    firm.rest("erp", proxy.url, backoff=1, timeout=1)
    proxy.plan("drop", when=creates)
    firm.start()
    gate = proxy.hold(lambda r: "reference=" in r.path and
                      proxy.count["drop"])
    assert post_voucher(firm, "a", "JV-1").status == 201
    assert gate.met.wait(30)
    for event, amount, base in ("b", "20.00", 1), ("c", "30.00", 2):
        assert post_voucher(firm, event, "JV-1", amount,
                            base_version=base).status == 201
    gate.go.set()
    all_there(firm)
    same_books(firm, erp)
    assert [v["reference"] for v in erp.vouchers.values()] == [
        reference(n) for n in range(1, 6)]


def test_a_period_that_was_closed_between_two_tries(firm, erp, proxy):
    firm.rest("erp", proxy.url, backoff=1, timeout=1)
    proxy.plan("reset", when=creates)
    firm.start()
    post_sales(firm, 1)
    wait_until(lambda: states(firm) == {"retrying": 1})
    erp.set["open_from"] = "2027-01-01"
    wait_until(lambda: states(firm) == {"failed": 1})
    assert commits(firm)[0]["refusal"] == "period"
    erp.set["open_from"] = "2020-04-01"
    assert act(firm, "retry", where={"state": "failed"}).json["done"] == 1
    all_there(firm)
    same_books(firm, erp)


def test_a_draft_is_finished(firm, erp):
    firm.rest("erp", erp.url, timeout=2)
    erp.trouble("draft")
    firm.start()
    post_sales(firm, 1)
    all_there(firm)
    assert erp.of(reference(1))[0]["status"] == "booked"
    assert tries(firm, 1)[-1] == ("finish", "done")
    same_books(firm, erp)


def test_cancelled_there_meanwhile_is_for_a_person(firm, erp, proxy):
    firm.rest("erp", proxy.url, timeout=2)
    proxy.plan("drop", when=creates)
    proxy.plan("status", 1000, status=503, when=lambda r: r.method == "GET"
               and "reference=" in r.path and erp.of(reference(1)))
    firm.start()
    post_sales(firm, 1)
    wait_until(lambda: erp.of(reference(1)))
    erp.on_loop(lambda: erp.of(reference(1))[0].update(status="cancelled"))
    proxy.clear()
    wait_until(lambda: states(firm) == {"failed": 1})
    one, = commits(firm, state="failed")
    assert one["refusal"] == "conflict" and "cancelled" in one["words"]


def test_there_twice_is_for_a_person(firm, erp, proxy):
    firm.rest("erp", proxy.url, timeout=2)
    proxy.plan("drop", when=creates)
    proxy.plan("status", 1000, status=503, when=lambda r: r.method == "GET"
               and "reference=" in r.path and erp.of(reference(1)))
    firm.start()
    post_sales(firm, 1)
    there, = wait_until(lambda: erp.of(reference(1)))

    def double():
        erp.vouchers["V900"] = dict(there, id="V900")
        erp.references[there["reference"]].append("V900")

    erp.on_loop(double)
    proxy.clear()
    wait_until(lambda: states(firm) == {"failed": 1})
    one, = commits(firm, state="failed")
    assert one["refusal"] == "duplicate" and "2 times" in one["words"]


def test_a_target_that_cannot_be_asked(firm, erp):
    """It is never sent again by itself; a person who looked there may."""
    rule = firm.targets / "mute.sql"
    parts = re.split(r"(?m)^(?=-- name: )", RULE.read_text())
    rule.write_text("".join(p for p in parts if not re.match(
        r"-- name: (find|found|finish|finished)\b", p)))
    firm.rest("erp", erp.url, rule=rule, timeout=1)
    erp.trouble("close")
    firm.start()
    post_sales(firm, 3)
    wait_until(lambda: states(firm) == {"failed": 1, "done": 2})
    one, = commits(firm, state="failed")
    assert one["refusal"] == "connection" and one["asked"]
    assert act(firm, "retry", rows=[{"target": "erp", "journal":
                                     one["journal"]}]).json["done"] == 1
    wait_until(lambda: states(firm) == {"failed": 1, "done": 2} and
               "cannot be asked" in commits(firm, state="failed")[0]["words"])
    assert len(erp.times) == 2
    assert act(firm, "resend", "looked: it is not there", rows=[
        {"target": "erp", "journal": one["journal"]}]).json["done"] == 1
    all_there(firm)
    same_books(firm, erp)


def test_a_poison_journal_is_in_nobodys_way(firm, erp, proxy):
    """One for which the target never answers: others pass, the breaker does
    not stay open, and at last it is dead."""
    proxy.plan("status", 10 ** 6, status=500,
               when=lambda r: creates(r) and b"JV-P" in r.body)
    firm.rest("erp", proxy.url, timeout=1, backoff=1, attempts=4, failures=2,
              pause=1)
    firm.start()
    assert post_voucher(firm, "p", "JV-P").status == 201
    for n in range(5):
        post_sales(firm, 3, "S%d" % n)
        wait_until(lambda: states(firm).get("done") == 3 * n + 3)
    wait_until(lambda: states(firm) == {"done": 15, "dead": 1})
    dead, = commits(firm, state="dead")
    assert dead["attempts"] == 4 and dead["refusal"] == "connection"
    assert target(firm)["breaker"] == "closed"
    assert len(erp.times) == 15
    assert act(firm, "skip", "it is entered by hand", rows=[
        {"target": "erp", "journal": dead["journal"]}]).json["done"] == 1
    all_there(firm)


def test_away_for_long_costs_nothing(firm, erp):
    """Nobody listens there: no attempt is counted, and it says when it tries
    by itself."""
    nobody = socket.socket()        # has the port, and does not listen
    nobody.bind(("127.0.0.1", 0))
    firm.rest("erp", "http://127.0.0.1:%d" % nobody.getsockname()[1],
              timeout=1, backoff=1, attempts=2, failures=2, pause=1)
    firm.start()
    post_sales(firm, 3)
    opened = wait_until(lambda: (lambda t: t and t["breaker"] == "open" and t)(
        target(firm)))
    assert opened["next_at"] is not None and opened["why"]
    tried = opened["tried"]
    for _ in range(3):              # and tries again and again
        tried = wait_until(lambda: (lambda t: t["tried"] > tried and t)(
            target(firm)))["tried"]
    assert not set(states(firm)) & {"failed", "dead"}
    assert all(c["attempts"] == 0 for c in commits(firm, target="erp"))
    nobody.close()
    firm.rest("erp", erp.url)
    all_there(firm)
    same_books(firm, erp)


def test_said_while_it_is_asked_for(firm, erp, proxy):
    """A person speaks while the target is asked what became of it: what he
    said holds, and not what the row was before."""
    firm.rest("erp", proxy.url, timeout=1, backoff=1)
    proxy.plan("reset", when=creates)
    gate = proxy.hold(lambda r: r.method == "GET" and
                      reference(1) in r.path and proxy.count["reset"])
    firm.start()
    post_sales(firm, 1)
    assert gate.met.wait(30)
    assert act(firm, "resend", "looked: it is not there", rows=[
        {"target": "erp", "journal": "J1"}]).json["done"] == 1
    gate.go.set()
    all_there(firm)
    one, = commits(firm)
    assert one["reason"] == "looked: it is not there" and one["actor"]
    same_books(firm, erp)


@pytest.mark.parametrize("status", [401, 403])
def test_it_may_not_be_asked(firm, erp, proxy, status):
    """Who we are there is not taken any more: that, in its own words, is the
    reason of what is not known, and not the net; put right, it goes on."""
    firm.rest("erp", proxy.url, timeout=1, backoff=1)
    firm.start()
    post_sales(firm, 1, "A")
    all_there(firm)
    proxy.plan("reset", when=creates)
    proxy.plan("status", 10 ** 6, status=status, body=b"the key has ended",
               when=lambda r: r.method == "GET" and proxy.count["reset"])
    post_sales(firm, 1, "B")
    wait_until(lambda: commits(firm, state="retrying") and
               ("ask", "unknown") in tries(firm, 2))
    cause, = firm.get("/v1/commits/causes")["items"]
    assert (cause["refusal"], cause["retrying"]) == ("rights", 1)
    assert "the key has ended" in cause["words"]
    assert "the key has ended" in target(firm)["why"]
    one, = commits(firm, state="retrying")
    assert one["asked"] and one["attempts"] == 1
    proxy.clear()
    firm.rest("erp", proxy.url, timeout=1, backoff=1)
    all_there(firm)
    same_books(firm, erp)
