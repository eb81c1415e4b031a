"""A million rows like a hundred: the console with so many open events in its
copy, beside tig, mutt, VisiData and pspg on so many rows of their own, all
measured from outside at 120 x 40 by tests/tools/ttybench.py.

    BAHI=build/bahi /usr/bin/python3 tests/bench/rows.py [ROWS [PEER_ROWS]]

The copy is filled by the console itself, from a feed of that length.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/console"))

from conftest import Place          # noqa: E402
from daemon import AT, Books        # noqa: E402
from terminal import indian         # noqa: E402

TOOLS = ROOT / "tests/tools"
PARTIES = ["Sharma Traders", "Lakshmi Steel Works", "Karnataka Packaging",
           "Om Logistics", "Patel & Sons", "Zenith Chemicals LLP"]
SOURCES = ["shopify", "razorpay", "pos", "wms"]
KINDS = ["sales_invoice", "credit_note", "purchase_invoice"]


class Million(Books):
    """A feed so long that it is made as it is read."""

    def __init__(self, rows):
        super().__init__(failures=0, problems=3, posted=0)
        self.rows_in_feed = rows
        self.seq = rows

    def line(self, n):
        x = n * 2654435761 % 2 ** 32    # the same at each run
        problem = self.problems[x % 40 % 3]
        state = "held" if x % 1000 == 7 else "conflict" if x % 97 == 1 \
            else "failed"
        event = {
            "id": "E%d" % n, "seq": n, "version": 1,
            "source": SOURCES[x % 4], "state": state,
            "received": "2026-%02d-%02dT%02d:%02d:07.123Z" % (
                1 + n * 9 // self.rows_in_feed, 1 + x % 28, x % 24, x % 60),
            "document": "IN01/%s/INV-%07d" % (KINDS[x % 3], n),
            "party": "%s %d" % (PARTIES[x % 6], x % 9973),
            "amount": "%d.%02d" % (x % 9000000, x % 100),
            "currency": "USD" if x % 50 == 3 else "INR",
            "assignee": None, "owner": None, "snoozed": None,
            "findings": [{"code": "account.unmapped", "level": "block",
                          "sentence": problem["sentence"], "hint": "",
                          "fixable": True, "field": "lines[0].account",
                          "dimension": "account",
                          "value": problem["value"],
                          "signature": problem["id"]}]}
        return json.dumps({"seq": n, "topic": "event", "key": "E%d" % n,
                           "value": event})

    def feed(self, after, limit, wait):
        if after >= self.rows_in_feed:
            time.sleep(min(wait, 1))
            return json.dumps({"seq": self.seq, "topic": "end"}) + "\n"
        end = min(after + limit, self.rows_in_feed)
        lines = [self.line(n) for n in range(after + 1, end + 1)]
        lines.append(json.dumps({"seq": end, "topic": "end"}))
        return "\n".join(lines) + "\n"

    def status(self):
        out = super().status()
        out["states"] = {"failed": self.rows_in_feed}
        return out


def fill(place, rows):
    place.serve(Million(rows))
    began = time.monotonic()
    t = place.console()
    t.until("live", 3600)
    took = time.monotonic() - began
    t.type("2")
    t.until("/" + indian(rows), 60)
    # The indexes come after it; a second start finds them.
    limit = time.monotonic() + 600
    db = place.folder / "cache.db"
    while b"event_sentence" not in indexes(db):
        assert time.monotonic() < limit
        time.sleep(0.5)
    settled = time.monotonic() - began
    t.type("q")
    t.pump(0.5)
    t.type("y")
    t.close()
    place.cut()
    return took, settled


def indexes(db):
    import sqlite3
    con = sqlite3.connect("file:%s?mode=ro" % db, uri=True)
    out = " ".join(r[0] for r in con.execute(
        "SELECT name FROM sqlite_master WHERE type = 'index'"))
    con.close()
    return out.encode()


def tty(*args, argv, env=()):
    out = subprocess.run(
        [sys.executable, str(TOOLS / "ttybench.py"), "--rows", "40",
         "--cols", "120", "--term", "xterm-256color", "--json",
         *args, *["--env=" + e for e in env], "--", *argv],
        capture_output=True, text=True, timeout=3600)
    try:
        return json.loads(out.stdout)
    except ValueError:
        sys.stderr.write(out.stdout[-2000:] + out.stderr[-2000:])
        raise


if __name__ == "__main__":
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 1000000
    folder = pathlib.Path(os.environ.get("ROWS_FOLDER") or
                          tempfile.mkdtemp())
    place = Place(os.environ.get("BAHI", str(ROOT / "build/bahi")), folder)
    print(fill(place, n))
    print(folder)
    subprocess.run(["ls", "-la", str(folder)])
