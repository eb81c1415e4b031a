"""Exports of GSTR-1 of a million invoices: seconds and peak memory of the
daemon, beside SQLite's plain scan of the same rows.  BAHID names the program,
N another number of invoices."""
import os
import pathlib
import sqlite3
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "flow"))
import gstr1                                            # noqa: E402
from filled import Filled                               # noqa: E402
from gstr1 import OWN                                   # noqa: E402

N = int(os.environ.get("N", 1000000))
PARTIES = 20000
MEMORY = 256            # MiB, at most


def party(n):
    """A GSTIN for each; its check character is not looked at here."""
    return "%02dAAA%s%04dA1Z%d" % (1 + n % 37, "ABCDEFGHJK"[n // 10000 % 10] +
                                  "P", n % 10000, n % 10)


def fill(house):
    """Four lines each: two rates, so two rows."""
    db = sqlite3.connect(house.home / "bahi.db")
    db.execute("PRAGMA synchronous = OFF")
    columns = [row[1] for row in db.execute(
        "PRAGMA table_info(gst_document)")]
    base = dict(gstin=OWN, period=202610, inward=0, nature="invoice",
                entity="IN01", kind="sales_invoice", party="P", name="Party",
                category="regular", reverse_charge=0, reduced=0, credit="",
                value=229000, voided=0, amends=0, goods="", bill_number="")

    def document(n):
        # as numbers come: parties in no order
        at = n * 7919 % PARTIES
        place = party(at)[:2]
        return dict(base, version=n * 128, number="BH/26-27/%07d" % n, seq=n,
                    date="2026-10-%02d" % (1 + n * 31 // (N + 1)),
                    ctin=party(at), place=place, inter=int(place != "27"))

    def rows():
        for n in range(1, N + 1):
            inter = party(n * 7919 % PARTIES)[:2] != "27"
            for at, (rate, tax) in enumerate(((18000, 18000), (5000, 5000))):
                half = 0 if inter else tax // 2
                yield (OWN, 202610, "b2b", n * 128, at + 1, "R", "3.1(a)",
                       "taxable", rate, 100000, tax if inter else 0, half,
                       half, 0, "", party(n * 7919 % PARTIES)[:2], 0)

    with db:
        db.executemany("INSERT INTO gst_document VALUES (%s)" % ", ".join(
            ":" + key for key in columns), (
                {key: one.get(key) for key in columns}
                for one in map(document, range(1, N + 1))))
        db.executemany("INSERT INTO gst_row VALUES (%s)" % ", ".join(
            "?" * 17), rows())
        db.execute("INSERT INTO gst_sum VALUES (?, 202610, 'b2b', '', '', 0,"
                   " ?, ?, 0, ?, 0, 0, 0, 0, ?)",
                   (OWN, N, 2 * N, 2 * N * 100000, N))
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def peak(house):
    status = pathlib.Path("/proc/%d/status" % house.process.pid).read_text()
    [line] = [l for l in status.splitlines() if l.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


def scan(house):
    """The same rows by SQLite alone, in the order that they are kept: what is
    exported of each is looked at, nothing is made of it."""
    db = sqlite3.connect(house.home / "bahi.db")
    start = time.monotonic()
    [(n, _, _)] = db.execute(
        "SELECT count(*), sum(length(d.ctin) + length(d.name) + length("
        "d.number) + length(d.date) + length(d.place) + length(r.type)),"
        " sum(d.value + d.inter + d.reverse_charge + r.rate + r.taxable +"
        " r.igst + r.cgst + r.sgst + r.cess) FROM gst_row r"
        " JOIN gst_document d ON d.version = r.version WHERE r.gstin = ?"
        " AND r.period = 202610 AND r.section = 'b2b'", (OWN,))
    db.close()
    assert n == 2 * N
    return time.monotonic() - start


def main():
    house = Filled(fresh=True)
    try:
        start = time.monotonic()
        fill(house)
        print("%d invoices of two rates laid down in %.1f s" % (
            N, time.monotonic() - start))
        print("SQLite's plain scan of them     %6.2f s" % scan(house))
        house.start()
        print("the daemon before               %6.0f MiB" % peak(house))
        for format in ("json", "csv"):
            start = time.monotonic()
            receipt = gstr1.wait(house, gstr1.start(house, format))
            took = time.monotonic() - start
            assert receipt["state"] == "done", receipt
            assert gstr1.totals(receipt)["b2b"]["documents"] == N, receipt
            print("gstr1 as %-5s                  %6.2f s, %.0f MB in %d "
                  "files" % (format, took, sum(
                      one["bytes"] for one in receipt["files"]) / 1e6,
                      len(receipt["files"])))
            assert took < 60, took
        print("peak memory of the daemon       %6.0f MiB" % peak(house))
        assert peak(house) < MEMORY, "too much memory"
    finally:
        house.close()


if __name__ == "__main__":
    main()
