"""Nothing doubled, nothing lost: answers are dropped after Tryton has acted,
and both sides are killed in the middle. DROPS: as many as that (CI: 12), half
of them on each database."""
import os
import random

import pytest

from proxy import Proxy
from test_tryton_commit import (commit, is_call, same_books, sell, states,
                                until_over)
from firm import wait_until
from tryton import KINDS, Tryton

DROPS = int(os.environ.get("DROPS", "12")) // 2


@pytest.mark.parametrize("kind, protocol", list(zip(KINDS, ("xml", "json"))))
def test_answers_dropped_after_it_has_acted(firm, kind, protocol):
    """Every second call that changes something: creating and booking both."""
    one = Tryton(kind).start().login()
    chance = random.Random(8)

    def changes(request):
        return (is_call("account.move.create")(request) or
                is_call("account.move.post")(request)) and \
            chance.random() < 0.5
    with Proxy(one.port) as proxy:
        proxy.plan("drop", DROPS, when=changes)
        commit(firm, one, url=proxy.url, protocol=protocol, failures=100,
               batch=4, attempts=1000)
        sell(firm, *range(3 * DROPS))
        until_over(firm, 3 * DROPS, seconds=60 + 4 * DROPS)
        dropped = sum(r.action == "drop" for r in proxy.seen)
        firm.stop()
    assert states(firm) == ["done"] * (3 * DROPS)
    assert dropped == DROPS
    firm.start()
    same_books(firm, one)
    one.close()


def test_both_are_killed_in_the_middle(firm):
    one = Tryton("sqlite").start().login()
    commit(firm, one, batch=3, failures=100, timeout=10)
    sell(firm, *range(15))
    for at, sides in ((3, (firm, one)), (9, (firm,))):
        wait_until(lambda: states(firm).count("done") >= at, seconds=120)
        for side in sides:
            side.kill()
        for side in reversed(sides):
            side.start()
    until_over(firm, 15, seconds=180)
    assert states(firm) == ["done"] * 15
    one.login()
    same_books(firm, one)
    firm.stop()
    firm.prove()
    one.close()
