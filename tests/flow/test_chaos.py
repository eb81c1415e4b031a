"""Whatever is done in whatever order, killed and refused in between: nothing
is lost, doubled or half posted, and the log gives the same books."""
import pytest

import chaos
from free import Free


@pytest.mark.parametrize("seed", [2, 5, 11, 21])
def test_anything_in_any_order(seed):
    states, batches = chaos.check(Free, seed, 120)
    assert states["posted"] > 10 and states["waiting"] > 0
