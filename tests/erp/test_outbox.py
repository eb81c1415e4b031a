"""Journals go to a target: each once, in the order of its document, whatever
stops the daemon in between."""
import random
import re
import tarfile
import time

import pytest

from firm import RULE, reference, wait_until
from house import SEALED, sale
from looks import book
from outbox import (act, all_there, commits, lost, post_sales, post_voucher,
                    same_books, states, target, tries)
from proxy import Proxy
from restd import Erp


def test_each_is_there_once_as_we_have_it(firm, erp):
    firm.rest("erp", erp.url)
    firm.start()
    post_sales(firm, 30)
    all_there(firm)
    same_books(firm, erp)
    rows = commits(firm, target="erp")
    assert len(rows) == 30 and {row["state"] for row in rows} == {"done"}
    for row in rows:
        there, = erp.of(reference(int(row["journal"][1:])))
        assert (row["remote"], row["remote_number"], row["remote_version"]) \
            == (there["id"], there["number"], there["version"])
        assert len(row["sent"]) == len(row["held"]) == 64
        assert not row["words"] and not row["cause"]
    one = target(firm)
    assert one["product"] == "restd 1.0" and one["oldest"] is None
    assert one["taken"] == "J30" and one["breaker"] == "closed"
    assert one["check"]["good"] is True and one["check"]["faults"] == []


def test_what_the_way_garbled_is_not_booked(firm, erp, proxy):
    """It balances still, so its digest alone tells; then it goes again."""
    firm.rest("erp", proxy.url)
    proxy.plan("garble", 1, old=b'10.00"', new=b'90.00"')
    firm.start()
    post_voucher(firm, "V1", "V-1", "10.00")
    all_there(firm)
    same_books(firm, erp)
    assert ("send", "away") in tries(firm, 1)


def test_what_came_before_the_target_goes_too(firm, erp):
    firm.start()
    post_sales(firm, 5)
    firm.rest("erp", erp.url)       # looked for each second
    all_there(firm)
    same_books(firm, erp)


def test_only_what_is_for_it(firm, erp):
    """Entities and the first day; when it takes more, the rest follows."""
    firm.rest("erp", erp.url, entities="IN02", first="2026-10-01")
    firm.start()
    post_sales(firm, 3)
    one = wait_until(lambda: target(firm))
    assert one["backlog"] == 0 and one["entities"] == ["IN02"]
    assert one["first"] == "2026-10-01"
    firm.rest("erp", erp.url, first="2026-10-01")
    wait_until(lambda: len(erp.times) == 3, "not taken")
    all_there(firm)
    assert target(firm)["entities"] == []


def in_order(firm, erp, number):
    """Of a document all is there, as it came."""
    rows = commits(firm, entity="IN01", kind="journal_voucher", number=number)
    order = [erp.of(reference(int(row["journal"][1:])))[0]["number"]
             for row in rows]
    return len(order) == len(set(order)) and order == sorted(order)


def test_a_document_in_order_others_pass(firm, erp):
    """One that is refused holds back what comes behind it of its document, and
    nothing else."""
    firm.rest("erp", erp.url)
    erp.trouble("status", status=422, body=b'{"error": {"code": '
                b'"unknown_account", "message": "account 3000 is new"}}',
                when=lambda r: r.path == "/vouchers" and b"JV-0" in r.body)
    firm.start()
    assert post_voucher(firm, "0", "JV-0").status == 201
    post_sales(firm, 2)
    wait_until(lambda: states(firm) == {"done": 2, "failed": 1})
    failed, = commits(firm, state="failed")
    assert failed["refusal"] == "mapping" and "is new" in failed["words"]
    # version 2 undoes and posts anew: both behind it
    assert post_voucher(firm, "1", "JV-0", "20.00",
                        base_version=1).status == 201
    wait_until(lambda: states(firm) == {"done": 2, "failed": 1, "waiting": 2})
    assert len(erp.times) == 2
    done = act(firm, "retry", where={"target": "erp",
                                     "cause": failed["cause"]})
    assert done.json == {"done": 1, "refused": 0, "unknown": 0, "why": ""}
    all_there(firm)
    same_books(firm, erp)
    assert states(firm) == {"done": 5} and in_order(firm, erp, "JV-0")


def row_of(journal):
    return {"target": "erp", "journal": journal}


def test_sent_again_out_of_order_it_waits_its_turn(firm, erp):
    """A person skipped the second, and has it go before the first."""
    firm.rest("erp", erp.url)
    erp.trouble("status", 1000, status=422)
    firm.start()
    assert post_voucher(firm, "0", "JV-0").status == 201
    wait_until(lambda: states(firm) == {"failed": 1})
    assert post_voucher(firm, "1", "JV-0", "20.00",
                        base_version=1).status == 201
    wait_until(lambda: states(firm) == {"failed": 1, "waiting": 2})
    assert act(firm, "skip", "not now", rows=[row_of("J2")]).json["done"] == 1
    erp.troubles.clear()
    assert act(firm, "resend", "but now", rows=[row_of("J2")]).json == {
        "done": 1, "refused": 0, "unknown": 0, "why": ""}
    assert [(row["state"], row["behind"]) for row in commits(firm)] == [
        ("failed", None), ("waiting", "J1"), ("waiting", "J1")]
    said = act(firm, "retry", rows=[row_of("J2")]).json
    assert said["refused"] == 1 and "an earlier journal" in said["why"]
    assert act(firm, "retry", rows=[row_of("J1")]).json["done"] == 1
    all_there(firm)
    assert in_order(firm, erp, "JV-0")
    assert commits(firm)[1]["reason"] == "but now"
    same_books(firm, erp)


def test_an_earlier_one_goes_again_meanwhile(firm, erp, proxy):
    """The second is asked for when the first, which is gone there, is sent
    again: it lets it pass."""
    firm.rest("erp", proxy.url)
    firm.start()
    assert post_voucher(firm, "0", "JV-0").status == 201
    all_there(firm)
    proxy.plan("status", status=422)
    assert post_voucher(firm, "1", "JV-0", "20.00",
                        base_version=1).status == 201
    wait_until(lambda: states(firm) == {"done": 1, "failed": 1, "waiting": 1})
    erp.set["keys"] = 0                 # it forgets what it has no more
    erp.remove(erp.of(reference(1))[0]["id"])
    gate = proxy.hold(lambda r: r.method == "GET" and reference(2) in r.path)
    assert act(firm, "retry", rows=[row_of("J2")]).json["done"] == 1
    assert gate.met.wait(30)
    assert act(firm, "resend", "it is gone there",
               rows=[row_of("J1")]).json["done"] == 1
    gate.go.set()
    all_there(firm)
    assert in_order(firm, erp, "JV-0")
    same_books(firm, erp)


@pytest.mark.parametrize("point", [
    "commit.before_write", "commit.after_write", "commit.after_send",
    "commit.after_verdict"])
def test_killed(firm, erp, point):
    firm.rest("erp", erp.url, timeout=1)
    firm.start()
    post_sales(firm, 4, "A")
    all_there(firm)
    firm.stop()
    firm.start(BAHI_CRASH=point)
    with pytest.raises(OSError):
        for i in range(1000):
            firm.post("pos", sale("B-%d" % i), "B-%d" % i)
    assert firm.died() == -9
    firm.start()
    post_sales(firm, 3, "C")
    all_there(firm)
    same_books(firm, erp)
    firm.check_books()
    firm.stop()
    firm.prove()


def test_killed_at_any_moment(firm, erp):
    """Not only where we thought of it: five times, in a burst."""
    firm.rest("erp", erp.url, timeout=1)
    erp.set["latency"] = 0.002
    chance, n = random.Random(7), 0
    firm.start()
    for _ in range(5):
        end = time.monotonic() + chance.uniform(0.05, 0.9)
        while time.monotonic() < end:
            assert firm.post("pos", sale("R-%d" % n), "R-%d" % n).status == 201
            n += 1
        firm.kill()
        firm.start()
    all_there(firm)
    assert len(erp.times) == n
    same_books(firm, erp)


def test_stopped_in_the_middle_of_a_call(firm, erp):
    """The call is broken off; what it would have said is asked for."""
    firm.rest("erp", erp.url, timeout=1)
    erp.trouble("delay", seconds=1.0)
    firm.start()
    post_sales(firm, 1)
    wait_until(lambda: states(firm) == {"sending": 1})
    firm.stop()
    firm.start()
    all_there(firm)
    same_books(firm, erp)


def without_reach(firm):
    rule = firm.targets / "shy.sql"
    rule.write_text(re.sub(r"(?ms)^-- name: reach.*?^(?=-- name: finish)", "",
                           RULE.read_text()))
    return rule


@pytest.mark.parametrize("part", ["series=", "POST"], ids=["ask", "send"])
def test_a_stop_is_no_failure_of_the_target(firm, erp, proxy, part):
    """What we broke off ourselves opens no breaker for the next start."""
    firm.rest("erp", proxy.url, failures=1, timeout=1)
    firm.start()
    gate = proxy.hold(lambda r: part in r.method + r.path)
    post_sales(firm, 1)
    assert gate.met.wait(30)
    firm.stop()
    gate.go.set()
    firm.start()
    all_there(firm, seconds=5)
    assert target(firm)["why"] == "" and erp.doubled() == {}


def test_a_copy_that_is_older_doubles_nothing(firm, erp):
    """The store of yesterday: what was sent since is there already, the same
    or another."""
    firm.rest("erp", erp.url)
    firm.start()
    post_sales(firm, 3)
    all_there(firm)
    with lost(firm):
        post_sales(firm, 2, "SAME")
        post_sales(firm, 1, "LOST")
        all_there(firm)
    post_sales(firm, 2, "SAME")         # their senders send them again
    assert firm.post("pos", sale("NEW-0", amount="236.00", tax="36.00"),
                     "new").status == 201
    wait_until(lambda: states(firm) == {"done": 5, "failed": 1})
    failed, = commits(firm, state="failed")
    assert failed["refusal"] == "duplicate" and failed["number"] == "NEW-0"
    assert erp.doubled() == {} and len(erp.times) == 6


def test_a_reference_that_nobody_can_have_yet(firm, erp):
    """Typed there by hand: not all numbers up to it are asked for."""
    book(erp, "bahi-IN01-999999999999", ("1000", "5.00"), ("4000", "-5.00"))
    firm.rest("erp", erp.url)
    firm.start()
    post_sales(firm, 3)
    all_there(firm)
    assert erp.doubled() == {} and len(erp.times) == 4


def test_many_there_that_are_learnt_with_interruptions(firm, erp, proxy):
    """Who fails now and then is not asked from the first of them again."""
    asked = []
    proxy.plan("status", 10 ** 6, status=503, when=lambda r: "reference=" in
               r.path and not asked.append(r) and len(asked) % 150 == 0)
    book(erp, "bahi-IN01-000000000250", ("1000", "5.00"), ("4000", "-5.00"))
    firm.rest("erp", proxy.url, failures=1000)
    firm.start()
    post_sales(firm, 2)
    all_there(firm)
    assert len(asked) < 500
    assert erp.doubled() == {} and len(erp.times) == 3


@pytest.mark.parametrize("says", [True, False], ids=["reach", "none"])
def test_a_copy_of_long_ago(firm, says):
    """Most of what came next was refused then, so that it is not there; what
    came behind that is. Whether the target says how far it reaches or not."""
    with Erp(keys=0) as erp:
        firm.rest("erp", erp.url, rule=RULE if says else without_reach(firm))
        firm.start()
        post_sales(firm, 1)
        all_there(firm)
        erp.trouble("status", 24, status=422)
        with lost(firm):
            post_sales(firm, 24, "LOST")
            wait_until(lambda: states(firm) == {"done": 1, "failed": 24})
            post_sales(firm, 2, "SAME")
            wait_until(lambda: states(firm) == {"done": 3, "failed": 24})
        post_sales(firm, 24, "LOST")
        post_sales(firm, 2, "SAME")
        all_there(firm)
        assert len(erp.times) == 27
        same_books(firm, erp)


def test_a_copy_that_is_older_takes_none_for_another(firm, erp):
    """Equal sales come again in another order: their lines are the same, and
    still it is not the same document that has that reference."""
    firm.rest("erp", erp.url)
    firm.start()
    post_sales(firm, 1)
    all_there(firm)
    with lost(firm):
        post_sales(firm, 2, "EQUAL")
        all_there(firm)
    for i in (1, 0):
        name = "EQUAL-%d" % i
        assert firm.post("pos", sale(name), name).status == 201
    wait_until(lambda: states(firm) == {"done": 1, "failed": 2})
    assert {one["refusal"] for one in commits(firm, state="failed")} == \
        {"duplicate"}
    assert erp.doubled() == {} and len(erp.times) == 3


def test_a_copy_and_something_new_before_what_comes_again(firm):
    """All numbers move on by one: the last one has a number that the target
    has never seen, and its document is there by that before it."""
    with Erp(keys=0) as erp:
        firm.rest("erp", erp.url)
        firm.start()
        post_sales(firm, 1)
        all_there(firm)
        with lost(firm):
            post_sales(firm, 2, "SAME")
            assert post_voucher(firm, "v", "JV-0").status == 201
            all_there(firm)
        post_sales(firm, 1, "NEW")
        post_sales(firm, 2, "SAME")
        assert post_voucher(firm, "v", "JV-0").status == 201
        wait_until(lambda: states(firm) == {"done": 1, "failed": 4})
        failed = commits(firm, state="failed")
        assert {one["refusal"] for one in failed} == {"duplicate"}
        assert "is there as " + reference(4) in failed[-1]["words"]
        assert act(firm, "retry", where={"state": "failed"}).json["done"] == 4
        post_sales(firm, 1, "LATER")
        wait_until(lambda: states(firm) == {"done": 2, "failed": 4})
        assert len(erp.times) == 5
        # who looked there may say that it goes
        assert act(firm, "resend", "that was another",
                   rows=[row_of("J5")]).json["done"] == 1
        wait_until(lambda: states(firm) == {"done": 3, "failed": 3})


def test_a_copy_and_an_entity_that_comes_late(firm):
    """Others go first, and take numbers that are behind all that it has
    there; and after a restart nothing tells that the store was older."""
    with Erp(keys=0) as erp:
        firm.rest("erp", erp.url)
        firm.start()
        post_sales(firm, 1)
        all_there(firm)
        with lost(firm):
            for name in ("JV-0", "JV-1"):
                assert post_voucher(firm, name, name,
                                    entity="IN02").status == 201
            all_there(firm)
        post_sales(firm, 3, "NEW")
        all_there(firm)
        assert post_voucher(firm, "JV-1", "JV-1", entity="IN02").status == 201
        wait_until(lambda: states(firm) == {"done": 4, "failed": 1})
        firm.stop()
        firm.start()
        assert post_voucher(firm, "JV-0", "JV-0", entity="IN02").status == 201
        wait_until(lambda: states(firm) == {"done": 4, "failed": 2})
        failed = commits(firm, state="failed")
        assert [one["words"].split(",")[0] for one in failed] == [
            "its document is there as " + reference(n, "IN02")
            for n in (3, 2)]
        assert len(erp.times) == 6


def test_a_copy_and_a_restart_before_all_came_again(firm):
    with Erp(keys=0) as erp:
        firm.rest("erp", erp.url)
        firm.start()
        post_sales(firm, 1)
        all_there(firm)
        with lost(firm):
            post_sales(firm, 2, "SAME")
            all_there(firm)
        post_sales(firm, 2, "NEW")
        wait_until(lambda: states(firm) == {"done": 1, "failed": 2})
        firm.kill()
        firm.start()
        post_sales(firm, 2, "SAME")
        wait_until(lambda: states(firm) == {"done": 1, "failed": 4})
        assert len(erp.times) == 3
        last = commits(firm, state="failed")[-1]
        assert "is there as " + reference(3) in last["words"]


def test_a_copy_and_other_entities_for_a_while(firm):
    """Journals of the one pass while it is for the other alone."""
    with Erp(keys=0) as erp:
        firm.rest("erp", erp.url)
        firm.start()
        post_sales(firm, 1)
        all_there(firm)
        with lost(firm):
            post_sales(firm, 1, "SAME")
            all_there(firm)
        firm.rest("erp", erp.url, entities="IN02")
        wait_until(lambda: target(firm)["entities"] == ["IN02"])
        post_sales(firm, 2, "NEW")
        assert post_voucher(firm, "v", "JV-0", entity="IN02").status == 201
        wait_until(lambda: states(firm) == {"done": 2})
        firm.rest("erp", erp.url)
        wait_until(lambda: states(firm) == {"done": 3, "failed": 1})
        post_sales(firm, 1, "SAME")
        wait_until(lambda: states(firm) == {"done": 3, "failed": 2})
        assert len(erp.times) == 4


def test_a_copy_from_before_the_first(firm):
    """Nothing had been taken."""
    with Erp(keys=0) as erp:
        firm.rest("erp", erp.url)
        firm.start()
        wait_until(lambda: target(firm))
        with lost(firm):
            post_sales(firm, 2, "SAME")
            all_there(firm)
        post_sales(firm, 1, "NEW")
        wait_until(lambda: states(firm) == {"failed": 1})
        firm.kill()
        firm.start()
        post_sales(firm, 2, "SAME")
        wait_until(lambda: states(firm) == {"failed": 3})
        assert len(erp.times) == 2


def test_a_copy_and_what_is_not_for_it_before_what_is(firm):
    """Numbers pass that it never gets."""
    with Erp(keys=0) as erp:
        firm.rest("erp", erp.url, entities="IN02")
        firm.start()
        post_sales(firm, 1)
        wait_until(lambda: target(firm))
        with lost(firm):
            assert post_voucher(firm, "v", "JV-0", entity="IN02").status == 201
            all_there(firm)
        post_sales(firm, 3, "NEW")
        wait_until(lambda: target(firm)["backlog"] == 0)
        assert post_voucher(firm, "v", "JV-0", entity="IN02").status == 201
        wait_until(lambda: states(firm) == {"failed": 1})
        assert len(erp.times) == 1


def test_its_file(firm, erp):
    """Broken: stopped, with why. Mended: it goes on. Gone: its rows stay."""
    firm.rest("erp", erp.url)
    firm.start()
    post_sales(firm, 2)
    all_there(firm)
    firm.rest("erp", erp.url, attempts="often")
    broken = wait_until(lambda: (lambda t: t["state"] == "stopped" and t)(
        target(firm)))
    assert "attempts" in broken["why"]
    assert firm.api("POST", "/v1/targets/erp/resume", {}).status == 422
    post_sales(firm, 2, "LATER")
    assert target(firm)["backlog"] == 2
    firm.rest("erp", erp.url)
    wait_until(lambda: target(firm)["state"] == "running")
    all_there(firm)
    (firm.targets / "erp.conf").unlink()
    wait_until(lambda: firm.get("/v1/targets")["items"] == [])
    assert target(firm)["state"] == "removed"
    assert len(commits(firm, target="erp")) == 4
    post_sales(firm, 1, "AWAY")
    firm.rest("erp", erp.url)
    wait_until(lambda: len(erp.times) == 5)
    all_there(firm)
    same_books(firm, erp)


def map_sales(firm, source):
    assert firm.api("POST", "/v1/reference/mapping", (
        "source,dimension,from,to\n%s,account,4000,4010\n" % source
    ).encode()).status == 200


def test_its_file_is_renamed(firm, erp):
    """Another target, and the same references: all is found, and what it
    would send otherwise is for a person."""
    firm.rest("erp", erp.url)
    firm.start()
    map_sales(firm, "to:erp")
    post_sales(firm, 25)
    post_voucher(firm, "v", "JV-0")
    all_there(firm)
    (firm.targets / "erp.conf").rename(firm.targets / "books.conf")
    wait_until(lambda: states(firm, "books") == {"failed": 25, "done": 1})
    failed = commits(firm, target="books", state="failed")
    assert {one["refusal"] for one in failed} == {"duplicate"}
    assert target(firm)["state"] == "removed"
    map_sales(firm, "to:books")
    assert act(firm, "retry", where={"target": "books", "state": "failed"
                                     }).json["done"] == 25
    all_there(firm, "books")
    assert states(firm, "books") == states(firm) == {"done": 26}
    assert len(erp.times) == 26 and erp.doubled() == {}


def versions(firm):
    """Of one document: two of its journals wait behind another, each."""
    assert post_voucher(firm, "v1", "JV-1").status == 201
    assert post_voucher(firm, "v2", "JV-1", "20.00",
                        base_version=1).status == 201


def test_its_file_is_renamed_and_a_document_was_amended(firm):
    """What waits in its turn may be there as well."""
    with Erp(keys=0) as erp:
        firm.rest("erp", erp.url)
        firm.start()
        versions(firm)
        all_there(firm)
        (firm.targets / "erp.conf").rename(firm.targets / "books.conf")
        wait_until(lambda: states(firm, "books") == {"done": 3})
        same_books(firm, erp)


def test_a_copy_that_is_older_than_an_amendment(firm):
    with Erp(keys=0) as erp:
        firm.rest("erp", erp.url)
        firm.start()
        post_sales(firm, 1)
        all_there(firm)
        with lost(firm):
            versions(firm)
            all_there(firm)
        versions(firm)
        all_there(firm)
        same_books(firm, erp)


def test_its_file_is_renamed_while_one_is_on_its_way(firm):
    """What was broken off may come after it was asked for."""
    with Erp(keys=0) as erp, Proxy(erp.port) as proxy:
        firm.rest("erp", proxy.url, timeout=3)
        gate = proxy.hold(lambda r: r.method == "POST")
        firm.start()
        post_sales(firm, 1)
        assert gate.met.wait(30)
        (firm.targets / "erp.conf").rename(firm.targets / "books.conf")
        wait_until(lambda: (lambda t: t and (
            t["next_at"] or t["states"]["done"]))(target(firm, "books")))
        gate.go.set()
        all_there(firm, "books")
        same_books(firm, erp)


def test_its_file_names_other_books(firm, erp):
    """What went into the ones would be missing in the others: a person says
    whether they are the same. Before anything went, it was a slip."""
    def config():
        return firm.ask("SELECT config FROM target")

    def now(company):
        before = config()
        firm.rest("erp", erp.url, company=company)
        wait_until(lambda: config() != before)
        return target(firm)

    firm.rest("erp", erp.url, company="a slip")
    firm.start()
    wait_until(lambda: target(firm))
    now("trial")
    post_sales(firm, 2)
    all_there(firm)
    paused = now("real")
    assert (paused["state"], paused["actor"]) == ("paused", "bahid")
    assert "it was rest /trial at 127.0.0.1 and is rest /real at" in \
        paused["why"]
    post_sales(firm, 1, "B")
    now("trial")
    all_there(firm)
    assert target(firm)["why"] == ""
    (firm.targets / "erp.conf").unlink()
    wait_until(lambda: target(firm)["state"] == "removed")
    assert now("real")["state"] == "paused"
    firm.run("target", "resume", "erp")
    wait_until(lambda: firm.ask("SELECT books FROM target")[0]["books"] ==
               "rest /real at 127.0.0.1")       # though nothing goes
    assert now("third")["state"] == "paused"
    assert now("real")["state"] == "running"
    post_sales(firm, 1, "C")
    all_there(firm)


def test_its_file_names_another_server(firm, erp):
    """A trial site has the same company as the real one."""
    firm.rest("erp", erp.url)
    firm.start()
    post_sales(firm, 1)
    all_there(firm)
    firm.rest("erp", erp.url.replace("127.0.0.1", "localhost"))
    paused = wait_until(lambda: (lambda t: t["state"] == "paused" and t)(
        target(firm)))
    assert "it was rest / at 127.0.0.1 and is rest / at localhost now" in \
        paused["why"]


def test_two_files_of_the_same_books(firm):
    """Both would find nothing there, and send all."""
    with Erp(keys=0) as erp:            # what goes twice is there twice
        firm.rest("erp", erp.url)
        firm.start()
        wait_until(lambda: target(firm))
        firm.rest("again", erp.url, entities="IN01 IN02", rate=100)
        said = wait_until(lambda: target(firm, "again"))
        assert said["state"] == "stopped" and "as erp" in said["why"]
        post_sales(firm, 5)
        all_there(firm)
        firm.stop()                     # whoever was at work goes on
        firm.start()
        post_sales(firm, 5, "B")
        all_there(firm)
        assert target(firm, "again")["state"] == "stopped"
        (firm.targets / "erp.conf").unlink()
        all_there(firm, "again")        # what is there is not sent
        same_books(firm, erp)
        assert len(erp.times) == 10


def test_on_its_way_when_its_target_was_removed(firm, erp, proxy):
    """Nobody is left to learn what became of it: a person may skip it, and is
    told that nobody knows."""
    firm.rest("erp", proxy.url)
    firm.start()
    gate = proxy.hold()
    post_sales(firm, 1)
    assert gate.met.wait(30)
    said = act(firm, "skip", "no", rows=[row_of("J1")]).json
    assert (said["done"], said["why"]) == (0, "J1 is sending")
    firm.kill()
    gate.go.set()
    (firm.targets / "erp.conf").unlink()
    firm.start()
    wait_until(lambda: target(firm)["state"] == "removed")
    assert states(firm) == {"sending": 1}
    assert act(firm, "retry", rows=[row_of("J1")]).json["refused"] == 1
    assert act(firm, "skip", "the ERP was sold", rows=[row_of("J1")]).json == {
        "done": 1, "refused": 0, "unknown": 1, "why": ""}
    skipped, = commits(firm)
    assert skipped["state"] == "skipped" and "not known" in skipped["words"]
    assert skipped["asked"] and skipped["reason"] == "the ERP was sold"
    assert [t["act"] for t in firm.get("/v1/commits/erp/J1")["tries"]] == [
        "skip"]
    said, = [row["new"] for row in firm.get("/v1/audit?limit=500")["items"]
             if row["action"] == "commit.skip"]
    assert said.endswith("erp/J1 (outcome unknown)")
    firm.rest("erp", erp.url)           # it comes back: what was said holds
    wait_until(lambda: target(firm)["state"] == "running")
    post_sales(firm, 1, "NEXT")
    all_there(firm)
    assert states(firm) == {"done": 1, "skipped": 1}


def test_two_targets_do_not_wait_for_each_other(firm, erp):
    with Erp() as other, Proxy(other.port) as proxy:
        proxy.plan("hang", 1000, when=lambda r: True)
        firm.rest("erp", erp.url)
        firm.rest("slow", proxy.url, timeout=600)
        firm.start()
        post_sales(firm, 20)
        all_there(firm)
        assert firm.get("/v1/targets/slow")["states"]["done"] == 0
        firm.stop()             # and a call that hangs stops nobody
        assert erp.doubled() == other.doubled() == {}


def test_nothing_mapped_nothing_sent(firm, erp):
    firm.rest("erp", erp.url, unmapped="refuse")
    firm.start()
    post_sales(firm, 2)
    wait_until(lambda: states(firm) == {"failed": 2})
    rows = commits(firm, state="failed")
    assert {row["refusal"] for row in rows} == {"mapping"}
    assert len({row["cause"] for row in rows}) == 1
    assert "account" in rows[0]["words"] and not erp.times
    one = firm.get("/v1/commits/erp/" + rows[0]["journal"])
    assert [t["act"] for t in one["tries"]] == ["take"]
    causes = firm.get("/v1/commits/causes")["items"]
    assert [(c["n"], c["refusal"]) for c in causes] == [(2, "mapping")]


def test_the_store_says_the_same(firm, erp):
    """Sums kept as rows move are what the rows are."""
    erp.trouble("status", 3, status=422)
    erp.trouble("drop", 3)
    firm.rest("erp", erp.url, timeout=1)
    firm.start()
    post_sales(firm, 12)
    wait_until(lambda: sum(states(firm).values()) == 12 and not
               set(states(firm)) & {"sending", "retrying", "waiting"})
    kept = states(firm)
    rows = commits(firm, target="erp")
    assert kept == {state: sum(row["state"] == state for row in rows)
                    for state in kept}


@pytest.mark.skipif(SEALED, reason="its backups are no tar")
def test_a_backup_has_settings_and_rules_and_no_secret(firm, erp):
    (firm.targets / "own.sql").write_text(RULE.read_text())
    firm.rest("erp", erp.url, rule=firm.targets / "own.sql")
    firm.start()
    post_sales(firm, 1)
    all_there(firm)
    made = firm.run("backup", "--to=" + str(firm.dir)).stdout.split()[0]
    with tarfile.open(made) as tar:
        names = [n for n in tar.getnames() if "targets/" in n]
    assert sorted(n.split("targets/")[1] for n in names) == [
        "erp.conf", "own.sql"]


def test_a_long_line_is_as_long_as_it_is(firm, erp):
    """Counted one by one, and beyond a thousand by figures that are kept."""
    firm.rest("erp", erp.url)
    firm.start()
    wait_until(lambda: target(firm))
    assert firm.api("POST", "/v1/targets/erp/pause",
                    {"reason": "month end"}).status == 200
    post_sales(firm, 1001)
    assert target(firm)["backlog"] == 1001
    post_sales(firm, 4, "MORE")
    assert target(firm)["backlog"] == 1005
