"""What the console sends over a line of 9.6 kbit/s, and how long the screen
goes on when a held key is let go, at 120 x 40 with 300 failures.

    BAHI=build/bahi /usr/bin/python3 tests/bench/line.py
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/console"))

from conftest import Place  # noqa: E402
from daemon import Books    # noqa: E402

# What is measured, the limit of tail_ms, and what of the issue it is.
BURSTS = [("DOWN:60@30", 2500), ("PGDN:20@10", 4000)]


def measure(place, *words, options=()):
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests/tools/ttybench.py"), "--json",
         "--ready", "OFFLINE", "--setup", "2", *words, "--", *place.argv(),
         *options], capture_output=True, text=True, check=True,
        env=dict(os.environ, **place.env))
    return json.loads(done.stdout)["median"]


def main():
    late = False
    program = os.environ.get("BAHI", str(ROOT / "build/bahi"))
    with tempfile.TemporaryDirectory() as folder:
        place = Place(program, pathlib.Path(folder))
        place.serve(Books(failures=300))
        terminal = place.console().until("live", 30)
        terminal.type("2").until("/300", 30).type("q", "y").end()
        place.cut()
        one = measure(place, "--key", "DOWN:20", "--key", "PGDN:4",
                      "--idle", "2")
        slow = measure(place, "--key", "DOWN:20", options=["--slow"])
        line = measure(place, "--setup", "PGDN", "--key", "DOWN:20")
        print("console on a line, bytes: first screen %d, Down %d (slow %d), "
              "a line scrolled %d, a page %d, idle %d" % (
                  one["start_bytes"], one["keys"]["DOWN"]["bytes_median"],
                  slow["keys"]["DOWN"]["bytes_median"],
                  line["keys"]["DOWN"]["bytes_median"],
                  one["keys"]["PGDN"]["bytes_median"],
                  one["idle_bytes_per_s"]))
        for burst, most in BURSTS:
            got = measure(place, "--bps", "1200", "--burst", burst)["burst"]
            got = got[burst.split(":")[0]]
            print("  %-11s at 1200 B/s: %5d bytes, quiet after %5d ms "
                  "(at most %d)" % (burst, got["bytes_total"],
                                    got["tail_ms"], most))
            late |= got["tail_ms"] > most
        place.close()
    return late


sys.exit(main())
