"""A house whose GST tables a test fills by itself, row by row: what exports
make of rows, whoever wrote them. The sums are added up here."""
import sqlite3

from gstr1 import OWN
from house import House

HEADS = ("igst", "cgst", "sgst", "cess")
CREDIT = ("credit", "adjustment")


class Filled(House):
    def make(self):
        super().make()
        self.register("monthly")

    def register(self, filing):
        self.csv("registration", "gstin,from,entity,kind,filing,turnover,to\n"
                 "%s,2017-07-01,IN01,regular,%s,10000000.00,\n" % (
                     OWN, filing))

    def csv(self, table, text):
        folder = self.dir / "csv"
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        (folder / (table + ".csv")).write_text(text)
        self.run("import", str(folder))

    def fill(self, *documents, series=(), hsn=()):
        """documents: dict(rows=[...], ...), as gst_document names it."""
        db = sqlite3.connect(self.home / "bahi.db", timeout=30)
        with db:
            for n, one in enumerate(documents, 1):
                self.add(db, one.get("version", n * 128), dict(one))
            for one in series:
                db.execute("INSERT INTO gst_series VALUES (?, ?, ?, ?, ?, ?,"
                           " ?, ?, ?, 0)", (OWN, 202610) + tuple(one))
            for one in hsn:
                db.execute("INSERT INTO gst_hsn VALUES (?, ?, ?, ?, ?, ?, ?,"
                           " ?, ?, ?, ?, ?, ?)", (OWN, 202610) + tuple(one))
        db.close()

    @staticmethod
    def add(db, version, one):
        rows = one.pop("rows")
        sums = one.pop("sums", True)
        doc = dict(version=version, gstin=OWN, period=202610, inward=0,
                   nature="invoice", entity="IN01", kind="sales_invoice",
                   number="N%d" % version, date="2026-10-05", party=None,
                   name=None, ctin=None, category="regular", place="27",
                   inter=0, reverse_charge=0, reduced=0, operator=None,
                   seller=None, original=None, original_date=None, port=None,
                   bill=None, bill_date=None, credit="", value=0, voided=0,
                   amends=0, seq=version)
        doc.update(one)
        columns = [row[1] for row in db.execute(
            "PRAGMA table_info(gst_document)")]
        doc["bill_number"], doc["goods"] = doc["number"], ""
        db.execute("INSERT INTO gst_document VALUES (%s)" % ", ".join(
            ":" + key for key in columns), doc)
        for n, (section, kind, rate, taxable, *tax) in enumerate(rows, 1):
            tax = list(tax) + [0] * (4 - len(tax))
            db.execute("INSERT INTO gst_row VALUES (?, ?, ?, ?, ?, ?, '',"
                       " 'taxable', ?, ?, ?, ?, ?, ?, '', ?, 0)",
                       (OWN, doc["period"], section, version, n, kind, rate,
                        taxable, *tax, doc["place"] or ""))
            if not sums:
                continue
            if section.startswith("ecom"):
                kind += "/" + doc["seller"]
            sign = -1 if doc["nature"] in CREDIT else 1
            db.execute("INSERT INTO gst_sum VALUES (?, ?, ?, ?, ?, ?, 1, 1,"
                       " ?, ?, ?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET"
                       " documents = documents + 1, n = n + 1,"
                       " value = value + excluded.value,"
                       " taxable = taxable + excluded.taxable,"
                       " igst = igst + excluded.igst,"
                       " cgst = cgst + excluded.cgst,"
                       " sgst = sgst + excluded.sgst,"
                       " cess = cess + excluded.cess",
                       (OWN, doc["period"], section, kind,
                        doc["place"] or "", rate, sign * doc["value"],
                        sign * taxable, *[sign * t for t in tax]))
