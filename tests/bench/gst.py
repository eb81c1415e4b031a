"""GST at the size of a year: a million invoices of four lines that were posted
before their entity was registered. How long it takes until all of them stand
in their returns, then how long a summary takes, beside SQLite's plain scan of
the same rows and its plain insert of as many.

    BAHID=build/bahid /usr/bin/python3 tests/bench/gst.py [INVOICES]

The registration is imported while no daemon runs; the first reading is then
what the daemon does by itself, two threads of it, other work going on.
"""
import json
import pathlib
import random
import sqlite3
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/flow"))

from taxed import BUYER, OWN, REGISTRATION, Taxed  # noqa: E402

PERIOD = "102026"
PLACES = ("27", "29", "07", "24", "33", "36")
RATES = ((5, "62052000"), (18, "84713010"), (18, "42021210"), (5, "09021010"))


class Books(Taxed):
    registration = ""


def invoice(n, pick):
    """Canonical text, its journal's entries; October and November."""
    place = pick.choice(PLACES)
    party = pick.random() < 0.4
    inter = place != "27"
    lines, tax, total = [], {}, 0
    for rate, hsn in RATES:
        amount = pick.randrange(10000, 500000)
        lines.append({"type": "sale", "account": "4015",
                      "tax_code": "GST%d" % rate, "quantity": "1",
                      "amount": amount, "hsn": hsn, "unit": "NOS"})
        total += amount
        for head in (("igst",) if inter else ("cgst", "sgst")):
            key = (rate, head)
            share = rate if inter else rate / 2
            tax[key] = tax.get(key, 0) + round(amount * share / 100)
    for (rate, head), amount in tax.items():
        lines.append({"type": "tax", "account":
                      {"igst": "2320", "cgst": "2300", "sgst": "2310"}[head],
                      "tax_code": "GST%d" % rate, "amount": amount,
                      "head": head})
    total += sum(tax.values())
    gst = {"gstin": OWN, "category": "regular" if party else "unregistered",
           "place": place}
    if party:
        gst["party_gstin"] = (BUYER if place == "27" else
                              place + "AAAAA0000A1ZY")
    document = {"kind": "sales_invoice", "entity": "IN01",
                "number": "BH/26-27/%07d" % n,
                "date": "2026-%d-%02d" % (10 + n % 2, 1 + n % 28),
                "party": "cust_987", "currency": "INR", "total": total,
                "tax": sum(tax.values()), "gst": gst, "lines": lines}
    entries = [("1100", total, "cust_987", None)] + [
        (line["account"], -line["amount"], None, line["tax_code"])
        for line in lines]
    return document, entries


def fill(path, count):
    """Straight into the file: posting them is another bench."""
    pick = random.Random(5)
    db = sqlite3.connect(path)
    db.execute("PRAGMA synchronous = OFF")
    db.execute("PRAGMA cache_size = -400000")
    first = db.execute("SELECT max(s) FROM (SELECT max(seq) AS s FROM event"
                       " UNION ALL SELECT max(seq) FROM log)").fetchone()[0]
    first = (first or 0) + 1
    for start in range(0, count, 20000):
        documents, versions, journals, entries = [], [], [], []
        for n in range(start, min(start + 20000, count)):
            document, posted = invoice(n + 1, pick)
            event, journal = first + n, n + 1
            name = ("IN01", "sales_invoice", document["number"])
            documents.append((*name, 1, "events", 1, None, event, 0,
                              journal, 0))
            versions.append((event * 128, *name, 1, json.dumps(
                document, separators=(",", ":")), "", 0, journal, 0,
                "events", 0))
            journals.append((journal, "IN01", document["date"], name[1],
                             name[2], 1, event, None, None))
            entries += [(journal, i + 1, account, "INR", amount, amount,
                         party, None, code, None, None, None)
                        for i, (account, amount, party, code)
                        in enumerate(posted)]
        for table, rows in (("document", documents), ("document_version",
                            versions), ("journal", journals),
                            ("entry", entries)):
            db.executemany("INSERT INTO %s VALUES (%s)" % (
                table, ", ".join("?" * len(rows[0]))), rows)
        db.commit()
    db.close()


def middle(values):
    return sorted(values)[len(values) // 2]


def first_reading(house):
    began = time.monotonic()
    while any(one["reading"] is not None
              for one in house.get("/v1/gst/registrations")["items"]):
        time.sleep(0.05)
    return time.monotonic() - began


def asked(house, path, times=9):
    took = []
    for _ in range(times):
        began = time.monotonic()
        house.get(path)
        took.append(time.monotonic() - began)
    return middle(took)


def plain_scan(path):
    """The same sums without any that are kept."""
    db = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    began = time.monotonic()
    db.execute("SELECT section, count(*), sum(taxable), sum(igst), sum(cgst),"
               " sum(sgst), sum(cess) FROM gst_row WHERE gstin = ?"
               " AND period = 202610 GROUP BY section", (OWN,)).fetchall()
    return time.monotonic() - began


def plain_copy(path):
    """What SQLite alone takes to write the rows that the reading writes."""
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode = WAL")
    tables = ("gst_document", "gst_row")
    for table in tables:
        sql = db.execute("SELECT sql FROM sqlite_schema WHERE name = ?",
                         (table,)).fetchone()[0]
        db.execute(sql.replace(table, "copy_" + table, 1))
    began = time.monotonic()
    for table in tables:
        db.execute("INSERT INTO copy_%s SELECT * FROM %s" % (table, table))
    db.commit()
    return time.monotonic() - began


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000000
    house = Books()
    try:
        fill(house.home / "bahi.db", count)
        house.csv("registration", REGISTRATION)
        house.start()
        took = first_reading(house)
        query = "?gstin=%s&period=%s" % (OWN, PERIOD)
        summary = asked(house, "/v1/gst/summary" + query)
        page = asked(house, "/v1/gst/documents%s&section=b2cs" % query)
        sums = {one["section"]: one for one in house.get(
            "/v1/gst/summary" + query)["sections"]}
        seen = sum(sums[name]["documents"]
                   for name in ("b2b", "b2cs", "b2cl"))
        assert seen == (count + 1) // 2, (seen, count)
        house.stop()
        scan = middle([plain_scan(house.home / "bahi.db")
                       for _ in range(3)])
        copy = plain_copy(house.home / "bahi.db")
    finally:
        house.close()
    print("GST, %d invoices of 4 lines in two months" % count)
    print("  first reading            %8.2f s" % took)
    print("    SQLite writes its rows %8.2f s" % copy)
    print("  summary                  %8.1f ms" % (summary * 1000))
    print("    SQLite scans its rows  %8.1f ms" % (scan * 1000))
    print("  a page of its documents  %8.1f ms" % (page * 1000))


if __name__ == "__main__":
    main()
