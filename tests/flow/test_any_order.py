"""Shuffled, doubled, with faults: the same ledger, bit for bit. `./dev soak`
does the same with 100,000 events for many seeds."""
import pytest

import mixed
from free import Free


@pytest.mark.parametrize("seed", range(1, 7))
def test_the_same_ledger_in_any_order(seed):
    events, rows = mixed.check(Free, seed, 1500)
    assert events >= 1500 and rows > 2 * 1500
