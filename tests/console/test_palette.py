"""What is looked up by its name: the palette and the help."""
import os
import pathlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture
def t(place):
    place.env["BAHI_DATADIR"] = str(ROOT / "data")
    place.serve()
    t = place.console(rows=24, columns=80).until("live")
    t.type("2").until("1/30")
    return t


def test_an_action_by_some_letters(place, t):
    t.type("j").until("2/30").type(":").until("bahi retry E2")
    assert t.lines()[3].startswith("> Enter")   # of this view, at first
    t.type("rty").until(lambda t: t.row().startswith("> r  "))
    assert "bahi retry E2" in t.lines()[-1]     # in full, below
    t.type("Enter").until("1 done, 0 failed")
    assert [e["id"] for e in place.books.received[-1]["events"]] == ["E2"]
    # What was taken last is first.
    t.type(":").until(lambda t: t.row().startswith("> r  "))


def test_what_is_not_possible_says_why(t):
    t.type(":sign off").until("not here; in close")
    t.type("End").until(lambda t: "not here" in t.row())
    t.type("Enter").until(lambda t: "what to do" in t.text())
    t.type("Esc").until("1/30")


def test_a_view_and_a_number(t):
    t.type(":ledg", "Enter").until("[4 ledger]")
    t.type("2").until("1/30").type(":4", "Enter").until("> E4")
    t.until("Payload, as it came")
    t.type("q").until("1/30").type(":J31", "Enter").until("receivable")


def test_a_saved_view_and_a_search(t):
    t.type(":blocks GSTR-1").until(lambda t: "view: blocks GSTR-1" in
                                   t.row()).type("Enter")
    t.until("document:").until(lambda t: "what to do" not in t.text())
    t.type("Esc", "2").until("1/30").type(":INV-2")
    t.until(lambda t: "search everywhere: INV-2" in t.row())
    t.type("Enter").until("E29").until("E20")


def test_a_verb_runs_as_verbs_do(place, t):
    t.type(":retry E3").until("bahi retry E3").type("Enter")
    t.until("D1: 1 done, 0 failed").until("Done.")
    sent = place.books.received[-1]
    assert (sent["action"], sent["events"][0]["id"]) == ("retry", "E3")
    t.type("q").until("[2 backlog]").until("/29")
    # What needs words behind it gets its name typed.
    t.type(":dismis", "Down", "Enter").until(":dismiss")
    t.type("E4 'sent; twice'", "Enter").until("Done.")
    assert place.books.received[-1]["reason"] == "sent; twice"


def test_what_a_verb_prints_is_rows(place, t):
    t.type(":events limit=30", "Enter").until("What it printed")
    t.until("E18").type("G").until("Done.")
    t.type("g", "/E7", "Enter").until(lambda t: "E7" in t.row())
    t.type("Esc", "q").until("[2 backlog]")
    t.type(":trace nonsense", "Enter").until("bahi: ")
    t.type("q").until("[2 backlog]")
    t.type(":retry 'E1", "Enter").until("a quote is not closed")


def test_a_verb_prints_tame(place, t):
    place.books.events[1]["document"] = "A\x1b]0;pwn\x07B"
    t.type(":events limit=1", "Enter").until("^[]0;pwn^GB")
    assert t.screen.title != "pwn"


def test_help_of_this_view_first_with_verbs(place, t):
    t.type("?").until("In this view").until("bahi retry E1")
    assert t.row().startswith("> Enter l Right")
    assert "In this view" in t.lines()[3]
    t.type("process again").until(lambda t: t.row().startswith("> r "))
    t.until(" Enter take  Esc cancel   bahi retry E1")
    # What is cut in its column is whole below it.
    t.until("process again: the row, the marked rows, or the whole group")
    t.type("Enter").until("1 done, 0 failed")
    assert place.books.received[-1]["events"][0]["id"] == "E1"
    for key in ("q", "?", "Esc", "\x1bOP"):
        t.type("?").until("In this view").type(key).until("[2 backlog]")
        t.until(lambda t: "In this view" not in t.text())


def test_the_row_is_the_one_it_was_opened_on(place, t):
    """Somebody changes it while the list is open: nothing is done."""
    t.type(":retry").until("bahi retry E1")
    with place.books.lock:
        event = dict(place.books.events[1], version=7)
        place.books.events[1] = event
        place.books.put("event", "E1", event)
        place.books.lock.notify_all()
    place.books.sentinel = place.books.seq
    t.quiet(1)
    t.type("Enter").until("It changed as you pressed")
    assert place.books.received == []


@pytest.mark.parametrize("columns", (80, 120))
def test_the_bar_has_whole_words(place, columns):
    place.env["BAHI_DATADIR"] = str(ROOT / "data")
    place.serve()
    t = place.console(rows=24, columns=columns).until("live")
    labels = {line.split("\t")[4].split()[0] for line in place.run(
        "--dump=actions").stdout.splitlines() if line.split("\t")[4]}
    for key in "1234567890ABCIJXM":
        t.type(key).quiet(0.1)
        bar = t.lines()[-1].strip()
        words = bar.split("  ")
        assert len(bar) <= columns and "? help" in words, bar
        assert any(w.startswith("q ") for w in words), bar
        for word in words:
            name, _, label = word.strip().partition(" ")
            assert name in labels and label, bar
