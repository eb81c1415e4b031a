"""Claim 10 of the console, first half: who hears the screen or sees no colour
has all of it."""
import os
import random

import pytest

from conftest import ROOT
from daemon import Books

WALK = int(os.environ.get("BAHI_WALK", "200"))
MOVES = ["Down", "Up", "PageDown", "PageUp", "g", "G", "j", "k", "Ctrl-D",
         "Ctrl-U", "Enter", "Esc", "Left"]
PANES = list("1234567890") + ["J", "?"]


@pytest.fixture
def shop(place):
    place.serve(Books(failures=60, problems=5))
    return place


def reader(place):
    (place.folder / "bahi.conf").write_text(
        "socket = bahid.sock\ncache = cache.db\nscreen_reader = yes\n")
    return place.console(24, 80)


def on_its_row(t):
    marked = [y for y, line in enumerate(t.lines()) if line.startswith(">")]
    return marked in ([], [t.screen.cursor.y])


def test_the_cursor_is_on_the_row_after_every_key(shop):
    t = shop.console(24, 80).until("live")
    chance = random.Random(10)
    for n in range(WALK):
        key = chance.choice(MOVES if chance.random() < 0.9 else
                            PANES[:-1])
        t.type(key)
        t.pump(0.2)
        while t.pump(0.005):
            pass
        if not on_its_row(t):           # half of a frame
            t.quiet(0.3)
        assert on_its_row(t), (n, key, t.text())
    # And in the field while something is typed.
    t.type("2").until("> E1 ").type("/", "INV").until("/INV")
    assert t.lines()[t.screen.cursor.y].startswith("/INV")
    assert t.screen.cursor.x == 4


def test_read_aloud(shop):
    t = reader(shop)
    t.until("live").type("2").until("row 1 of 60").quiet()
    assert "E1 " in t.lines()[t.screen.cursor.y]
    assert not any(line.startswith(">") for line in t.lines())
    assert not any(cell.reverse for line in t.screen.buffer.values()
                   for cell in line.values())
    before = t.lines()
    t.type("Down").until("row 2 of 60").quiet()
    changed = [y for y, (a, b) in enumerate(zip(before, t.lines()))
               if a != b]
    assert changed == [22]              # what is announced, nothing else
    assert "E2 " in t.lines()[t.screen.cursor.y]
    t.type("r").until("1 done")
    assert "1 done" in t.lines()[22]


def test_read_aloud_nothing_moves_by_itself(shop):
    t = reader(shop)
    t.until("live").type("2").until("row 1 of 60")
    t.quiet(3.5)                        # news behind a key come at once
    before = t.lines()
    with shop.books.lock:
        shop.books.post(1, shop.books.events[1])
        shop.books.put("status", "", None)
        shop.books.lock.notify_all()
    t.until("there is news")
    after = t.lines()
    assert [y for y in range(24) if before[y] != after[y]] == [22]
    t.type("Ctrl-R").until("row 1 of 59")


def test_colour_says_nothing_alone(shop):
    """Each pane has the same characters with colours and without."""
    seen = []
    for env in ({}, {"NO_COLOR": "1"}):
        t = shop.console(24, 80, **env).until("live")
        for pane in PANES:
            t.type(pane).quiet(0.3)
            seen.append((pane, t.text()))
    half = len(seen) // 2
    assert seen[:half] == seen[half:]


@pytest.mark.parametrize("env", [
    {"TERM": "vt100"}, {"NO_COLOR": "1"}, {"LC_ALL": "C"}])
def test_golden(shop, env):
    """What the least of terminals shows; BAHI_GOLDEN=1 writes it anew."""
    t = shop.console(24, 80, **env).until("live")
    out = ""
    for pane, want in (("2", "> E1 "), ("3", "Problem"), ("Enter", "> E"),
                       ("Enter", "Payload, as it came")):
        t.type(pane).until(want).quiet(0.4)
        out += "==== %s\n%s\n" % (pane, t.text())
    file = ROOT / "tests/console/golden" / ("least-%s.txt" % "-".join(
        sum(([k, v] for k, v in env.items()), [])))
    if os.environ.get("BAHI_GOLDEN"):
        file.write_text(out)
    assert out == file.read_text()
    if "LC_ALL" in env:
        assert out.isascii()
