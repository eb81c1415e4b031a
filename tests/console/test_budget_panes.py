"""What a key costs on the line in the panes of targets, banks and counts."""
import pytest

import erp_rows
from conftest import Place
from daemon import Books
from test_budget import ROWS, measure

# A row down costs a moved cursor and the word under it, twice; where rows are in
# a colour of their own, changes of it, too.
PLAIN, COLOURED = 44, 110
COSTS = {"causes": (PLAIN, "SKU-25 "), "commits": (COLOURED, "INV-25 "),
         "drift": (PLAIN, "INV-25 "), "trial": (PLAIN, "Account 24 "),
         "bank": (PLAIN, "CUSTOMER 25 "), "counts": (COLOURED, "CC-25 "),
         "count": (COLOURED, "BOOK-25 ")}


@pytest.fixture(scope="module")
def place(bahi, tmp_path_factory):
    """All of them were looked at once, and are in the copy."""
    one = Place(bahi, tmp_path_factory.mktemp("panes"))
    one.serve(erp_rows.fill(Books(failures=3), ROWS))
    terminal = one.console().until("live", 30)
    for name in COSTS:
        erp_rows.open_pane(terminal, name)
    terminal.type("Esc", "Esc", "1", "q", "y").end()
    one.cut()
    yield one
    one.close()


@pytest.mark.parametrize("name", COSTS)
def test_panes_of_targets_banks_and_counts(place, name):
    keys = [key.upper() if key == "Enter" else key
            for key in erp_rows.PANES[name][0]]
    got, screen = measure(place, "--key", "DOWN:4", "--idle", "0.3", "--bps",
                          "1200", "--burst", "DOWN:20@30", setup=keys)
    most, row = COSTS[name]
    assert got["keys"]["DOWN"]["bytes_median"] <= most, (name, got)
    assert got["idle_bytes_per_s"] == 0, got
    assert got["burst"]["DOWN"]["bytes_total"] <= 6000, got
    marked, = [l for l in screen.split("\n") if l.startswith(">")]
    assert row in marked, screen
