"""What may be there already, long after it was sent: settings, mappings, the
clock and the store itself have changed meanwhile."""
import re

import pytest

from firm import RULE, reference, wait_until
from house import database
from outbox import (act, all_there, commits, lost, post_sales, post_voucher,
                    same_books, states, target)
from restd import Erp

YEAR = 365 * 86400 * 10 ** 6


def creates(request):
    return request.method == "POST" and request.path == "/vouchers"


def asks(request):
    return request.method == "GET" and "reference=" in request.path


def mute_rule(firm):
    """Without find."""
    rule = firm.targets / "mute.sql"
    parts = re.split(r"(?m)^(?=-- name: )", RULE.read_text())
    rule.write_text("".join(p for p in parts if not re.match(
        r"-- name: (find|found|finish|finished)\b", p)))
    return rule


def change_store(firm, *statements):
    """While it is stopped."""
    with database(firm.home / "bahi.db", write=True) as db:
        for statement in statements:
            db.execute(statement)


def retry_all(firm, what="retry", reason=""):
    rows = [{"target": "erp", "journal": row["journal"]} for row in
            commits(firm, state="failed")]
    assert act(firm, what, reason, rows=rows).json["done"] == len(rows)


@pytest.fixture
def erp():
    """It keeps no keys: what goes twice is there twice."""
    with Erp(keys=0) as one:
        yield one


def test_refused_by_us_before_it_was_asked_for(firm, erp, proxy):
    """Its mapping is gone; it may be there all the same."""
    firm.rest("erp", proxy.url, timeout=1, backoff=1)
    proxy.plan("drop", when=creates)
    proxy.plan("status", 10 ** 6, status=503, when=lambda r: asks(r) and
               erp.of(reference(1)))
    firm.start()
    post_sales(firm, 1)
    wait_until(lambda: erp.of(reference(1)))
    firm.rest("erp", proxy.url, timeout=1, backoff=1, unmapped="refuse")
    wait_until(lambda: states(firm) == {"failed": 1})
    assert commits(firm, state="failed")[0]["refusal"] == "mapping"
    proxy.clear()
    firm.rest("erp", proxy.url, timeout=1, backoff=1, rate=50)
    wait_until(lambda: target(firm)["rate"] == 50)
    retry_all(firm)
    all_there(firm)
    same_books(firm, erp)


def test_no_more_for_this_target(firm, erp, proxy):
    """Its settings name another entity now: what is there is done, what is
    not does not go."""
    firm.rest("erp", proxy.url, timeout=1, backoff=1)
    proxy.plan("drop", when=lambda r: creates(r) and b"JV-A" in r.body)
    proxy.plan("reset", when=lambda r: creates(r) and b"JV-B" in r.body)
    proxy.plan("status", 10 ** 6, status=503, when=lambda r: asks(r) and
               proxy.count["drop"])
    proxy.plan("status", status=422, when=creates)
    firm.start()
    for name in "CAB":
        assert post_voucher(firm, name, "JV-" + name).status == 201
    wait_until(lambda: states(firm) == {"failed": 1, "retrying": 2})
    firm.rest("erp", proxy.url, timeout=1, backoff=1, entities="IN02")
    wait_until(lambda: target(firm)["entities"] == ["IN02"])
    proxy.clear()
    retry_all(firm)
    wait_until(lambda: states(firm) == {"done": 1, "failed": 2})
    assert all("not for this target any more" in one["words"]
               for one in commits(firm, state="failed"))
    assert len(erp.times) == 1
    firm.rest("erp", proxy.url, timeout=1, backoff=1)
    wait_until(lambda: target(firm)["entities"] == [])
    retry_all(firm)
    all_there(firm)
    same_books(firm, erp)


@pytest.mark.parametrize("end", ["kill", "stop"])
def test_a_decision_is_for_one_try(firm, erp, proxy, end):
    """Nobody can ask what became of it: it was sent once more, and the daemon
    ended before the answer came."""
    firm.rest("erp", proxy.url, rule=mute_rule(firm), timeout=30)
    proxy.plan("reset", when=creates)
    proxy.plan("late", seconds=60, when=creates)
    firm.start()
    post_sales(firm, 1)
    wait_until(lambda: states(firm) == {"failed": 1})
    retry_all(firm, "resend", "looked: it is not there")
    wait_until(lambda: erp.of(reference(1)))
    getattr(firm, end)()
    firm.start()
    wait_until(lambda: states(firm) in ({"failed": 1}, {"done": 1}))
    assert states(firm) == {"failed": 1} and erp.doubled() == {}
    retry_all(firm)
    wait_until(lambda: states(firm) == {"failed": 1})
    assert erp.doubled() == {}


def test_two_people_looked_there_and_found_nothing(firm, erp, proxy):
    """Nobody can ask it: what the one has sent again is not for the other."""
    firm.rest("erp", proxy.url, rule=mute_rule(firm))
    proxy.plan("reset", when=creates)
    firm.start()
    post_sales(firm, 1)
    wait_until(lambda: states(firm) == {"failed": 1})
    seen, = [{"target": "erp", "journal": one["journal"], "at": one["at"]}
             for one in commits(firm)]
    assert act(firm, "resend", "it is not there",
               rows=[seen]).json["done"] == 1
    all_there(firm)
    said = act(firm, "resend", "it is not there", rows=[seen]).json
    assert (said["done"], said["refused"]) == (0, 1)
    assert said["why"] == "J1 has changed since you looked: it is done"
    assert act(firm, "resend", "it", rows=[dict(seen, at="now")]).status == 400
    same_books(firm, erp)


def test_an_older_copy_has_it_as_refused_or_put_off(firm, erp, proxy):
    """What is open in the store of yesterday may have gone since."""
    firm.rest("erp", proxy.url, backoff=1, timeout=1)
    proxy.plan("status", status=422, when=lambda r: creates(r) and
               b"JV-R" in r.body)
    proxy.plan("status", status=429, retry_after="3",
               when=lambda r: creates(r) and b"JV-L" in r.body)
    firm.start()
    assert post_voucher(firm, "r", "JV-R").status == 201
    wait_until(lambda: states(firm) == {"failed": 1})
    # the next version waits behind it
    assert post_voucher(firm, "r2", "JV-R", "20.00",
                        base_version=1).status == 201
    wait_until(lambda: states(firm) == {"failed": 1, "waiting": 2})
    assert post_voucher(firm, "l", "JV-L").status == 201
    wait_until(lambda: states(firm).get("retrying") == 1)
    with lost(firm):
        retry_all(firm)
        all_there(firm)
        same_books(firm, erp)
    retry_all(firm)
    all_there(firm)
    same_books(firm, erp)


def test_the_clock_was_a_year_ahead(firm, erp, proxy):
    firm.rest("erp", proxy.url, timeout=1)
    proxy.plan("reset", when=creates)
    proxy.plan("status", 10 ** 6, status=503, when=lambda r: asks(r) and
               proxy.count["reset"])
    firm.start()
    post_sales(firm, 1)
    wait_until(lambda: states(firm) == {"retrying": 1})
    firm.stop()
    change_store(firm, "UPDATE outbox SET at = at + %d, next_at = at + %d" %
                 (YEAR, YEAR))
    proxy.clear()
    firm.start()
    all_there(firm)
    same_books(firm, erp)


def test_far_more_journals_than_it_looks_at_at_once(firm, erp):
    """Those that are not for it are passed over, however many in a row."""
    firm.start()
    firm.stop()
    change_store(
        firm, "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <"
        " 90000) INSERT INTO journal SELECT i, 'IN01', '2020-01-01', 'x', 'x',"
        " 1, 1, NULL, NULL FROM n")
    firm.start()
    post_sales(firm, 1)
    firm.rest("erp", erp.url, first="2026-04-01")
    wait_until(lambda: states(firm) == {"done": 1})
    assert erp.of(reference(90001)) and target(firm)["backlog"] == 0
