"""The pane of companies that owe each other, on a real daemon."""

import pytest

from terminal import Terminal

from house import House
from test_intercompany import charge, one, see, voucher


@pytest.fixture
def group(bahi):
    house, terminals = House().start(), []

    def console(rows=40, columns=120):
        terminal = Terminal(
            [bahi, "--config", str(house.home / "bahi.conf")], rows, columns,
            {"HOME": str(house.dir), "XDG_CACHE_HOME": str(house.dir)})
        terminals.append(terminal)
        return terminal.until("live")

    house.console = console
    yield house
    for terminal in terminals:
        terminal.close()
    house.close()


def line(terminal, part):
    return next(line for line in terminal.lines() if part in line)


def test_both_sides_beside_each_other_and_adjusted(group):
    charge(group, "1")
    voucher(group, "JV-7", "IN02", "IN01", "1500", "4050", "123456.00")
    t = group.console()
    t.until("Intercompany mismatches (I)")
    t.type("I")
    t.until("missing there")
    pair = line(t, "IN01/IN02")
    assert "-59,000.00" in pair and "1,82,456.00" in pair
    item = line(t, "JV-7")
    assert item.count("1,23,456.00") == 2
    assert item.index(" - ") < item.index("journal_voucher/JV-7")
    assert max(map(len, t.lines())) <= 120
    # Shown, left, shown again, posted.
    t.type("/", "JV-7", "Enter")
    t.until(lambda t: "JV-7" in t.row() and "IN01/IN02" not in t.text())
    t.type("p")
    t.until("Post the entry of 1,23,456.00 INR in IN01?")
    for part in ("Books of IN01", "Books of IN02", "Due to group companies",
                 "Group differences to clear", "ICA-"):
        assert part in t.text(), t.text()
    t.type("n")
    t.until("Nothing was done.")
    assert len(see(group)["items"]) == 1
    t.type("q")
    t.until(lambda t: "JV-7" in t.row() and "missing there" in t.text())
    t.type("p")
    t.until("Post the entry of")
    t.type("y")
    t.until("posted").until(lambda t: "missing" not in t.text())
    assert see(group)["items"] == []
    t.type("q")
    group.prove()


def test_one_below_the_other_at_80(group):
    voucher(group, "JV-1", "IN02", "IN01", "1500", "4050", "800.00")
    voucher(group, "B-1", "IN01", "IN02", "2500", "6400", "-900.00",
            reference="JV-1")
    t = group.console(24, 80)
    t.type("I")
    t.until("amount differs")
    assert max(map(len, t.lines())) <= 80
    at = [n for n, text in enumerate(t.lines())
          if "voucher/JV-1" in text or "voucher/B-1" in text]
    assert len(at) == 2 and at[1] == at[0] + 1
    assert "-900.00" in t.lines()[at[0]] and "-100.00" in t.lines()[at[0]]
    assert "IN02" in t.lines()[at[1]] and "800.00" in t.lines()[at[1]]
    t.type("Down", "Down", "Enter")
    t.until("Entry proposed in IN01")
    assert "Due to group companies" in t.text()
    t.resize(30, 120)
    t.until("Entry proposed in IN01")
    t.type("q")
    t.until(lambda t: "voucher/JV-1" in line(t, "voucher/B-1"))


def test_what_moved_on_is_not_posted(group):
    voucher(group, "JV-1", "IN02", "IN01", "1500", "4050", "800.00")
    t = group.console()
    t.type("I")
    t.until("missing there")
    t.type("Down", "p")
    t.until("Post the entry of 800.00 INR")
    before = one(group)["version"]
    voucher(group, "JV-2", "IN02", "IN01", "1500", "4050", "50.00",
            reference="JV-1")
    assert one(group)["version"] != before
    t.type("y")
    t.until("moved on")
    assert one(group)["difference"] == "850.00"
    t.until("850.00")
    t.type("p")
    t.until("Post the entry of 850.00 INR")
    t.type("y")
    t.until("posted")
    assert see(group)["items"] == []
