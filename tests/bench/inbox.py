"""How fast a long file is read, and in how much memory: a CSV of a million
rows, each its own journal, out of the watched folder.

    BAHID=build/bahid /usr/bin/python3 tests/bench/inbox.py [ROWS]
"""
import json
import pathlib
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/flow"))

from test_inbox import HEAD, Inbox, line, peak  # noqa: E402


def write(path, rows):
    beside = path.with_name("." + path.name)
    with open(beside, "w") as out:
        out.write(HEAD)
        for n in range(rows):
            out.write(line("N%07d" % n))
    beside.rename(path)


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1000000
    inbox = Inbox()
    try:
        inbox.start()
        before, began = peak(inbox), time.monotonic()
        write(inbox.list / "long.csv", rows)
        report = inbox.list / "done/long.csv.report.json"
        said = 0
        while not report.exists():
            files = inbox.files()
            if files and files[0]["read"] >= said + rows // 10:
                said = files[0]["read"]
                print("%8d of %d records after %.0f s, %d MiB" % (
                    said, rows, time.monotonic() - began,
                    peak(inbox) // 1024), flush=True)
            time.sleep(0.2)
        took = time.monotonic() - began
        done = json.loads(report.read_text())
        assert done["posted"] == rows, done
        print("%d rows in %.1f s: %d a second; peak %d MiB, %d MiB at the "
              "start" % (rows, took, rows / took, peak(inbox) // 1024,
                         before // 1024))
    finally:
        inbox.close()


if __name__ == "__main__":
    main()
