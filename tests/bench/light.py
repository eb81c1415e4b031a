"""How light the console is with 100,000 failures in its cache: time to the
first screen, time and bytes of one Down, bytes while idle, at 120 x 40.

    BAHI=build/bahi /usr/bin/python3 tests/bench/light.py
"""
import os
import pathlib
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/console"))

from conftest import Place  # noqa: E402
from daemon import Books    # noqa: E402
from terminal import indian  # noqa: E402

FAILURES = 100000


def middle(values):
    return sorted(values)[len(values) // 2]


def main():
    program = os.environ.get("BAHI", str(ROOT / "build/bahi"))
    with tempfile.TemporaryDirectory() as folder:
        place = Place(program, pathlib.Path(folder))
        place.serve(Books(failures=FAILURES, problems=50))
        t = place.console()
        t.until("live", 90)
        t.type("2")
        t.until("/" + indian(FAILURES), 90)
        t.type("1")
        t.until("Not posted", 90)
        t.type("q", "y")
        t.end()
        place.cut()
        first = []
        for _ in range(5):
            began = time.monotonic()
            t = place.console().until("Not posted")
            first.append(time.monotonic() - began)
            t.type("q", "y")
            t.end()
        t = place.console().until("OFFLINE")
        t.type("2")
        t.until("1/" + indian(FAILURES))
        t.quiet()
        took, sent = [], []
        for _ in range(30):
            before, began = t.sent, time.monotonic()
            t.type("Down")
            t.pump(1)
            took.append(time.monotonic() - began)
            t.quiet(0.02)
            sent.append(t.sent - before)
        idle = t.quiet(2)
        place.close()
    print("console, %d failures in the cache, 120 x 40" % FAILURES)
    print("  first screen   %6.1f ms" % (middle(first) * 1000))
    print("  Down           %6.2f ms, %d bytes" % (middle(took) * 1000,
                                                  max(sent)))
    print("  idle, 2 s      %6d bytes" % idle)


main()
