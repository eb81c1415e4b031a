"""The close board on a real daemon: lines, signing, periods, drilling."""

import pytest

from terminal import Terminal

from house import House, sale
from test_close import LINES, board, line, say, settle_pos, walked
from test_govern import People


@pytest.fixture
def people(bahi):
    house, terminals = House(), []
    people = People(house, ravi="controller", meera="controller")
    house.start()

    def console(rows=40, columns=120):
        terminal = Terminal(
            [bahi, "--config", str(house.home / "bahi.conf")], rows, columns,
            {"HOME": str(house.dir), "XDG_CACHE_HOME": str(house.dir)})
        terminals.append(terminal)
        return terminal.until("live")

    people.house, people.console = house, console
    yield people
    for terminal in terminals:
        terminal.close()
    house.close()


def shown(terminal, name):
    return next((line for line in terminal.lines()
                 if line[2:].lower().startswith(name + " ")), "")


FIRST = 3               # row below the heads


def on(terminal, name):
    """The cursor on that line of the board."""
    terminal.type("g").until(lambda t: t.lines()[FIRST].startswith(">"))
    while not terminal.row()[2:].lower().startswith(name + " "):
        was = terminal.row()
        terminal.type("Down").until(lambda t: t.row() != was)


def test_a_month_is_closed_at_the_console(people):
    house = people.house
    walked(house)
    house.post("pos", sale("P1"), "msg_p1")
    t = people.console()
    t.type("B")
    t.until("[2026-10 open for posting]")
    assert "2026-09 closed" in t.text()
    t.until("1 open, 10 not signed off")
    # Journals by the day that they are dated, in this month.
    t.until("Journals by day of")
    strip = t.lines()
    at = next(n for n, line in enumerate(strip)
              if "Journals by day of" in line)
    assert strip[at + 1].strip().startswith("01      05        10")
    days = strip[at + 2].strip()
    month = house.get("/v1/activity?period=2026-10")["days"]
    assert len(days) == 2 * len(month)
    assert [days[2 * n:2 * n + 2] != "--" for n in range(len(month))] == [
        day["journals"] > 0 for day in month]
    text = shown(t, "settlement")
    assert "OPEN" in text and "treasury" in text and "2026-11-04" in text
    on(t, "settlement")
    t.type("s")
    t.until("It is open: Enter shows what keeps it so.")
    t.type("Enter")
    t.until("/clearing/")
    assert "POS clearing" in t.text() and "Trade receivables" not in t.text()
    t.type("q")
    settle_pos(house, "118.00")
    t.until("0 open, 10 not signed off")
    for name in LINES:
        on(t, name)
        t.type("s")
        t.until("Sign off %s of IN01 2026-10" % name)
        t.type("y")
        t.until(lambda t: "signed off" in shown(t, name))
    t.until("It may be closed.")
    # A posting into what was signed is seen by itself.
    house.post("pos", sale("P2"), "msg_p2")
    t.until(lambda t: "SUSPENDED" in shown(t, "gst"))
    t.type("K")
    t.until("Close IN01 2026-10?")
    t.type("y")
    t.until("cannot be decided")
    assert board(house)["state"] == "open"
    settle_pos(house, "118.01")
    t.type("S")
    t.until("softly")
    t.type("y")
    t.until("[2026-10 soft-closed]")
    t.type("O")
    t.until("Open again, because:")
    t.type("one more bill", "Enter")
    t.until("Ask that IN01 2026-10 is opened again?")
    t.type("y")
    t.until("somebody else must approve").until("asks to open it again: one")
    assert say(people, "meera", "reopen/approve").status == 200
    t.until("[2026-10 open for posting]")
    house.prove()


def test_what_moved_while_it_was_asked_is_not_signed(people):
    house = people.house
    walked(house)
    house.post("pos", sale("Q1"), "msg_q1")
    t = people.console()
    t.type("B")
    t.until("GST18 INR -18.00")
    on(t, "gst")
    t.type("s")
    t.until("Sign off gst of IN01 2026-10 (GST18 INR -18.00)?")
    house.post("pos", sale("Q2"), "msg_q2")
    t.type("y")
    t.until(lambda t: "-36.00" in shown(t, "gst"))
    assert line(house, "gst")["signed"] is None


def test_other_periods_and_companies_at_80(people):
    t = people.console(24, 80)
    t.type("B")
    t.until("[2026-10 open for posting]")
    assert max(map(len, t.lines())) <= 80
    for name in LINES:
        assert shown(t, name), t.text()
    t.type("]")
    t.until("[2026-11 open for posting]")
    t.type("[")
    t.until("[2026-10 open for posting]")
    t.type("[")
    t.until("[2026-09 closed]").until("It is closed.")
    t.type("e")
    t.until("IN02")
    t.type("?")
    t.until("What they do")
    t.type("/", "next company", "Enter")
    t.until("the board of the next company")


def test_each_line_leads_to_where_it_is_worked_on(people):
    t = people.console()
    t.type("B")
    t.until("[2026-10 open for posting]")
    for name, pane in zip(LINES, (
            "backlog", "failures", "conflicts", "approvals", "intercompany",
            "ledger", "ledger", "sync", "ledger", "overview")):
        on(t, name)
        t.type("Enter")
        t.until("> " + pane)
        t.type("q")
        t.until("[2026-10 open for posting]")


def test_all_of_a_line_stands_beside_it(people):
    t = people.console(columns=160)
    t.type("B").until("[2026-10 open for posting]")
    on(t, "settlement")
    t.until(lambda t: any("|settlement: " in line.lower()
                          for line in t.lines()))
    beside = [line.split(" |", 1)[1] for line in t.lines() if " |" in line]
    assert any("Owner" in line and "treasury" in line for line in beside)
    assert any("Due" in line and "2026-11-04" in line for line in beside)
