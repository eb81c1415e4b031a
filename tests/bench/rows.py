"""A million rows like a hundred: the console with so many open events in its
copy, beside tig, mutt, VisiData and pspg on so many rows of their own, all
measured from outside at 120 x 40 by tests/tools/ttybench.py.

    BAHI=build/bahi /usr/bin/python3 tests/bench/rows.py [ROWS [PEER_ROWS]]

The copy is filled by the console itself, from a feed of that length.
"""
import json
import os
import pathlib
import shutil
import sqlite3
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


def grouped(n):
    """1000000 as the console has it: 10,00,000."""
    head, tail = str(n)[:-3], str(n)[-3:]
    while head:
        head, tail = head[:-2], head[-2:] + "," + tail
    return tail


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
    place.terminals.remove(t)
    t.close()
    place.cut()
    return took, settled


def indexes(db):
    con = sqlite3.connect("file:%s?mode=ro" % db, uri=True)
    out = " ".join(r[0] for r in con.execute(
        "SELECT name FROM sqlite_master WHERE type = 'index'"))
    con.close()
    return out.encode()


def tty(argv, *args, folder=None, env=()):
    """One run of ttybench; its medians."""
    out = subprocess.run(
        [sys.executable, str(TOOLS / "ttybench.py"), "--rows", "40",
         "--cols", "120", "--term", "xterm-256color", "--json",
         "--start-quiet", "0.5", "--start-timeout", "300",
         "--key-timeout", "5", *sum((["--env", e] for e in env), []),
         *args, "--", *argv],
        capture_output=True, text=True, timeout=3600, cwd=folder)
    try:
        return json.loads(out.stdout)["median"]
    except ValueError:
        sys.stderr.write(out.stdout[-1000:] + out.stderr[-1000:])
        raise


def take(found, key, name):
    got = found["keys"].get(key)
    return got[name] if got and got[name] is not None else None


class Peer:
    def __init__(self, name, argv, end, filters=None, sort=None, env=()):
        self.name, self.argv, self.end, self.env = name, argv, end, env
        self.filters, self.sort = filters, sort

    def measure(self, folder, rows):
        found = tty(self.argv, "--key", "DOWN:30", "--key", "PGDN:40",
                    "--key", self.end + ":1", folder=folder, env=self.env)
        out = {"rows": rows, "start ms": found["start_ms"],
               "RSS MiB": found["rss_tree_kib"] / 1024,
               "Down ms": take(found, "DOWN", "ms_median"),
               "Down bytes": take(found, "DOWN", "bytes_median"),
               "PgDn p99 ms": take(found, "PGDN", "ms_p99"),
               "PgDn bytes": take(found, "PGDN", "bytes_median"),
               "last ms": take(found, self.end, "ms_max")}
        for what, keys in (("filter ms", self.filters),
                           ("sort ms", self.sort)):
            if keys is None:
                continue
            more = sum((["--setup", k] for k in keys[:-1]), [])
            found = tty(self.argv, *more, "--key", keys[-1] + ":1",
                        folder=folder, env=self.env)
            out[what] = take(found, keys[-1], "ms_max")
        return out


def data(kind, rows, path=None):
    argv = [sys.executable, str(TOOLS / "ttydata.py"), kind, str(rows)]
    if path is not None:
        with open(path, "wb") as out:
            subprocess.run(argv, stdout=out, check=True)
        return None
    return subprocess.Popen(argv, stdout=subprocess.PIPE)


def peers(folder, rows):
    data("csv", rows, folder / "bills.csv")
    data("mbox", rows, folder / "box.mbox")
    git = folder / "git"
    subprocess.run(["git", "init", "-q", "-b", "main", str(git)], check=True)
    commits = data("fastimport", rows)
    subprocess.run(["git", "-C", str(git), "fast-import", "--quiet"],
                   stdin=commits.stdout, check=True)
    (folder / "muttrc").write_text("set folder=%s\n" % folder)
    all_of = [
        Peer("tig", ["tig", "main"], "END"),
        Peer("mutt", ["mutt", "-n", "-F", str(folder / "muttrc"), "-R",
                      "-f", str(folder / "box.mbox")], "END",
             ["l", "text:~s 0000777", "ENTER"], ["o", "f"]),
        Peer("VisiData", ["vd", str(folder / "bills.csv")], "G",
             ["|", "text:0000777", "ENTER"], ["["]),
        Peer("pspg", ["pspg", "--csv", "-f", str(folder / "bills.csv")],
             "END", ["/", "text:0000777", "ENTER"])]
    for peer in all_of:
        if shutil.which(peer.argv[0]) is None:
            print("%s: not installed" % peer.name)
            continue
        where = git if peer.name == "tig" else folder
        yield peer.name, peer.measure(where, rows)


FILTERS = ["failed", "INV-0%06d", "zzzqq", "amount>8999000",
           "amount>5000000", "state:held", "source=pos", "-failed",
           "age<200d om", "party:\"sharma traders 77\"", "/INV-0?%05d$/"]


def area(t):
    return t.lines()[3:-2]


def until_rows(t, keys, limit=5.0):
    """Milliseconds until the rows are others; then they were full at once."""
    before, began = area(t), time.monotonic()
    t.type(*keys)
    while time.monotonic() - began < limit:
        if t.pump(0.02) and area(t) != before:
            return (time.monotonic() - began) * 1000
    return 0.0      # they were the right ones already


def searches(place, rows):
    """Filters and orders: time to the first full screen."""
    t = place.console()
    t.until("Not posted", 60)
    t.type("2")
    t.until("/" + grouped(rows), 60)
    t.quiet()
    filters, orders = [], []
    for n, text in enumerate(FILTERS * 3):
        if "%" in text:
            text = text % (rows * (n + 1) // (3 * len(FILTERS) + 2))
        took = until_rows(t, ["/", text], 3)
        filters.append((took, text))
        t.type("Esc")
        t.quiet(0.3)
    for n in range(24):
        orders.append((until_rows(t, [">" if n % 3 else "~"], 1),
                       t.lines()[-2].strip()))
        t.quiet(0.2)
    place.terminals.remove(t)
    t.close()
    return filters, orders


def ours(place, rows):
    argv = place.argv()
    env = ["%s=%s" % pair for pair in place.env.items()]
    # What it says a quarter of a second later, that nobody answers, is not
    # of the first screen.
    found = tty(argv, "--start-quiet", "0.15", "--setup", "2",
                "--key", "DOWN:30", "--key",
                "PGDN:100", "--key", "G:1", env=env)
    filters, orders = searches(place, rows)
    for took, what in sorted(filters + orders, reverse=True)[:6]:
        print("  slowest: %6.1f ms  %s" % (took, what))
    return {"rows": rows, "start ms": found["start_ms"],
            "RSS MiB": found["rss_tree_kib"] / 1024,
            "Down ms": take(found, "DOWN", "ms_median"),
            "Down bytes": take(found, "DOWN", "bytes_median"),
            "PgDn p99 ms": take(found, "PGDN", "ms_p99"),
            "PgDn bytes": take(found, "PGDN", "bytes_median"),
            "last ms": take(found, "G", "ms_max"),
            "filter ms": max(filters)[0], "sort ms": max(orders)[0]}


LIMITS = {"start ms": 100, "RSS MiB": 32, "Down ms": 1, "Down bytes": 40,
          "PgDn p99 ms": 100, "last ms": 100, "filter ms": 100,
          "sort ms": 100}


def table(results):
    names = ["rows", *LIMITS, "PgDn bytes"]
    mine = results[0][1]
    print("\n%-14s%s" % ("", "".join("%18s" % who for who, _ in results)))
    for name in names:
        line = "%-14s" % name
        for who, one in results:
            value = one.get(name)
            ratio = "" if who == "bahi" or not value or not mine.get(name) \
                or name == "rows" else " x%.1f" % (value / mine[name])
            line += "%18s" % ("-" if value is None else
                              "%.1f%s" % (value, ratio))
        if name in LIMITS:
            line += "   at most %g%s" % (LIMITS[name], "" if (
                mine[name] or 0) <= LIMITS[name] else "  MISSED")
        print(line)


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1000000
    peer_rows = int(sys.argv[2]) if len(sys.argv) > 2 else min(rows, 100000)
    program = os.environ.get("BAHI", str(ROOT / "build/bahi"))
    kept = os.environ.get("ROWS_FOLDER")
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(kept or temporary)
        place = Place(program, folder)
        if not (folder / "cache.db").exists():
            took, settled = fill(place, rows)
            print("feed of %d: %.0f rows/s, searchable after %.0f s" % (
                rows, rows / took, settled))
        results = [("bahi", ours(place, rows))]
        place.close()
        results += list(peers(pathlib.Path(temporary), peer_rows))
    print("%d rows, peers %d; 120 x 40, xterm-256color; filter and sort of "
          "bahi: the slowest of %d and of 24" % (
              rows, peer_rows, 3 * len(FILTERS)))
    table(results)


if __name__ == "__main__":
    main()
