"""A month of a large buyer: a hundred thousand purchases beside a GSTR-2B of
as many documents.  BAHID names the program.

    BAHID=build/bahid /usr/bin/python3 tests/bench/recon.py [BILLS [SUPPLIERS]]
"""
import json
import pathlib
import sqlite3
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "flow"))
from test_recon import OWN, Buyer, inv, two_b           # noqa: E402

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def supplier(n):
    """A GSTIN and PAN for each; its check character is not looked at here."""
    letters = "".join(ALPHABET[n // 26 ** k % 26] for k in range(5))
    return "24%s%04dA1Z5" % (letters, n % 10000)


def bills(count, suppliers):
    """Of twenty sixteen are equal, two lack the year, two have a number of
    nobody's."""
    for n in range(count):
        number = "INV/26-27/%06d" % n
        yield (supplier(n % suppliers), number,
               number if n % 20 < 16 else "%06d" % n if n % 20 < 18 else
               "X%06d" % n, 1000 + n % 977, 1 + n % 28, n)


def fill(house, all_bills):
    """The register, as posting keeps it."""
    db = sqlite3.connect(house.home / "bahi.db")
    db.executemany(
        "INSERT INTO purchase VALUES ('IN01', 'purchase_invoice', ?, ?, ?,"
        " 202610, ?, ?, 2026, 'b2b', 0, NULL, 'S', ?, 'regular', ?, ?, '27',"
        " 0, 'available', ?, ?, 0, ?, 0, 0, 0)",
        [("P%d" % n, 1000000 + n, OWN, OWN[2:12], gstin[2:12], gstin, number,
          "2026-10-%02d" % day, rupees * 118, rupees * 100, rupees * 18)
         for gstin, number, _, rupees, day, n in all_bills])
    db.commit()
    db.close()


def filed(all_bills):
    groups = {}
    for gstin, _, number, rupees, day, _ in all_bills:
        groups.setdefault(gstin, []).append(
            inv(number, rupees, date="%02d-10-2026" % day))
    return json.dumps(two_b(b2b=[
        {"ctin": gstin, "trdnm": "S", "supfildt": "11-11-2026",
         "supprd": "102026", "inv": rows}
        for gstin, rows in groups.items()])).encode()


def matched(house):
    """Waits for it without asking the daemon, which has enough to do."""
    db = sqlite3.connect(house.home / "bahi.db")
    while db.execute("SELECT count(*) FROM recon_dirty").fetchone()[0]:
        time.sleep(0.1)
    db.close()


def asked(house, path):
    start = time.monotonic()
    house.get(path)
    return (time.monotonic() - start) * 1000


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100000
    suppliers = int(sys.argv[2]) if len(sys.argv) > 2 else 3000
    all_bills = list(bills(count, suppliers))
    body = filed(all_bills)
    house = Buyer()
    try:
        fill(house, all_bills)
        house.start()
        start = time.monotonic()
        done = house.file(body)
        took = time.monotonic() - start
        assert done.status == 200, done.body
        start = time.monotonic()
        matched(house)
        matching = time.monotonic() - start
        list_ = "/v1/gst/recon?gstin=%s&period=102026" % OWN
        first = asked(house, list_)
        page = asked(house, list_ + "&status=mismatch")
        sums = {s["status"]: s["n"] for s in house.get(list_)["summary"]}
        assert sums == {"exact": count * 16 // 20,
                        "suggested": count * 2 // 20,
                        "mismatch": count * 2 // 20}, sums
        status = pathlib.Path("/proc/%d/status" % house.process.pid)
        peak = int(status.read_text().split("VmHWM:")[1].split()[0]) // 1024
    finally:
        house.close()
    print("GSTR-2B of %d documents (%.1f MB) beside as many purchases of %d"
          " suppliers" % (count, len(body) / 1e6, suppliers))
    print("  taken in                 %8.2f s" % took)
    print("  matched                  %8.2f s" % matching)
    print("  first page, with sums    %8.1f ms" % first)
    print("  a page of differences    %8.1f ms" % page)
    print("  peak memory              %8d MiB" % peak)


if __name__ == "__main__":
    main()
