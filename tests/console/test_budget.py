"""Claim 1 of the console: what goes over the line, counted by ttybench. Bytes
repeat exactly; how long it takes is measured in tests/bench/line.py."""
import json
import os
import re
import subprocess
import sys

import pytest

from conftest import ROOT, Place
from daemon import Books

ROWS = 300


@pytest.fixture(scope="module")
def place(bahi, tmp_path_factory):
    one = Place(bahi, tmp_path_factory.mktemp("line"))
    one.serve(Books(failures=ROWS))
    terminal = one.console().until("live", 30)
    terminal.type("2").until("/%d" % ROWS, 30)
    terminal.type("q", "y").end()
    one.cut()
    yield one
    one.close()


def measure(place, *words, options=(), setup=("2",)):
    """Of a copy, without the daemon, from the pane that `setup` leads to."""
    screen = place.folder / "screen"
    env = sum((["--env", "%s=%s" % one] for one in
               {**place.env, "BAHI_DATADIR": str(ROOT / "data")}.items()), [])
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests/tools/ttybench.py"), "--json",
         "--ready", "OFFLINE", *sum((["--setup", one] for one in setup), []),
         "--quiet", "100",
         "--screen", str(screen), *env, *words, "--",
         *place.argv(), *options],
        capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["median"], screen.read_text()


def test_first_screen_down_and_idle(place):
    got, _ = measure(place, "--key", "DOWN:20", "--idle", "2")
    assert got["start_bytes"] <= 4500, got
    assert got["idle_bytes_per_s"] == 0, got
    assert got["keys"]["DOWN"]["bytes_median"] <= 40, got
    # Where keys rest the row's number follows, here and there in the same gap.
    assert got["keys"]["DOWN"]["bytes_p99"] <= 64, got


def test_down_in_slow_mode(place):
    got, screen = measure(place, "--key", "DOWN:20", options=["--slow"])
    assert got["keys"]["DOWN"]["bytes_median"] <= 12, got
    assert "OFFLINE slow" in screen


def test_a_line_scrolled(place):
    got, _ = measure(place, "--setup", "PGDN", "--key", "DOWN:20")
    assert got["keys"]["DOWN"]["bytes_median"] <= 180, got


def test_a_page(place):
    """The text that changes and what leads from one cell to the next."""
    got, screen = measure(place, "--key", "PGDN:4")
    text = sum(len(re.sub(" {2,}", " ", line).strip())
               for line in screen.split("\n")[3:-3])
    assert got["keys"]["PGDN"]["bytes_median"] <= text * 1.05, (got, text)


@pytest.mark.parametrize("key,count,hz,row", [
    ("DOWN", 60, 30, 61), ("PGDN", 20, 10, ROWS)])
def test_a_held_key_ends_on_its_row(place, key, count, hz, row):
    """At 9.6 kbit/s; only frames that are seen are sent."""
    got, screen = measure(place, "--bps", "1200", "--burst",
                          "%s:%d@%d" % (key, count, hz))
    marked, = [l for l in screen.split("\n") if l.startswith(">")]
    assert marked.startswith("> E%d " % row)
    assert "%d/%d" % (row, ROWS) in screen
    assert got["burst"][key]["bytes_total"] <= 6000, got
