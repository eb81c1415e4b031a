"""The worked example of GSTR-1: documents of gstr1_example_documents.tsv as
a person writes them at the desk, which must give gstr1_example.json."""
import csv
import re
import urllib.parse
from decimal import Decimal, ROUND_HALF_UP

from gstr1 import DATA, OWN

KINDS = {"INV": "sales_invoice", "CRN": "credit_note", "ADV": "advance",
         "ADJ": "advance_adjustment"}
HEADS = {"igst": "2320", "cgst": "2300", "sgst": "2310"}
JSON = {"Content-Type": "application/json"}


def rows():
    with open(DATA / "gstr1_example_documents.tsv") as table:
        return list(csv.DictReader(table, delimiter="\t"))


def paise(text):
    return int((Decimal(text) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def day(text):
    return "-".join(reversed(text.split("-")))


def heads(taxable, rate, inter):
    """Half up to the paisa, each head by itself."""
    if inter:
        return {"igst": int((taxable * Decimal(rate) / 100).quantize(
            Decimal(1), ROUND_HALF_UP))}
    half = int((taxable * Decimal(rate) / 200).quantize(Decimal(1),
                                                       ROUND_HALF_UP))
    return {"cgst": half, "sgst": half}


def gst_of(row):
    gst = {"gstin": OWN, "category": row["category"].replace(
        "registered", "regular") if row["recipient_gstin"]
           else row["category"], "place": row["pos"]}
    if row["recipient_gstin"]:
        gst["party_gstin"] = row["recipient_gstin"]
    if row["reverse_charge"] == "Y":
        gst["reverse_charge"] = True
    if row["tax_on_zero_rated"]:
        gst["supply"] = row["tax_on_zero_rated"] + "_payment"
    if row["against"]:
        gst["original"] = row["against"]
        gst["original_date"] = "2026-10-03"
    bill = re.match(r"port (\w+), shipping bill (\d+) of ([\d-]+)",
                    row["note"])
    if bill:
        gst.update(port=bill[1], bill=bill[2], bill_date=day(bill[3]))
    operator = re.search(r"operator (\w{15})", row["note"])
    if operator:
        gst["operator"] = operator[1]
    return gst


def lines_of(row):
    """The supply, and its tax by head."""
    taxable = paise(row["taxable"])
    code = "GST" + row["rate"]
    advance = row["type"] in ("ADV", "ADJ")
    supply = {"type": "advance" if advance else "sale",
              "account": "2060" if advance else "4015", "tax_code": code,
              "amount": taxable, "hsn": row["hsn"], "supply": {
                  "nil": "nil", "exempt": "exempt"}.get(row["kind"],
                                                        "taxable")}
    if row["uqc"] != "NA":
        supply["unit"] = row["uqc"]
        supply["quantity"] = row["qty"]
    untaxed = row["reverse_charge"] == "Y" or \
        row["tax_on_zero_rated"] == "without" or row["rate"] == "0"
    inter = row["pos"] != OWN[:2] or row["category"] == "sez"
    tax = {} if untaxed else heads(taxable, row["rate"], inter)
    return [supply] + [
        {"type": "tax", "account": HEADS[head], "tax_code": code,
         "amount": amount, "head": head} for head, amount in tax.items()]


def documents():
    """One each number, in the order of the table."""
    out = {}
    for row in rows():
        kind = KINDS[row["type"]]
        one = out.setdefault(row["doc_no"], {
            "kind": kind, "entity": "IN01", "number": row["doc_no"],
            "date": day(row["date"]), "currency": "INR", "party": "WALKIN",
            "total": 0, "tax": 0, "gst": gst_of(row), "lines": []})
        if row["kind"] == "cancelled":
            del one["party"], one["gst"]
            one["void"] = True
            continue
        lines = lines_of(row)
        one["lines"] += lines
        one["total"] += sum(line["amount"] for line in lines)
        one["tax"] += sum(line["amount"] for line in lines
                          if line["type"] == "tax")
    for one in out.values():
        if one["kind"] == "advance":
            one["lines"].insert(0, {"type": "received", "account": "1000",
                                    "amount": one["total"]})
        if one["kind"] == "advance_adjustment":
            one["lines"].insert(0, {"type": "allocated", "account": "1100",
                                    "amount": one["total"]})
    return list(out.values())


def put(house, document, version=None):
    """As a person does: new, or over the version that he saw."""
    match = {"If-None-Match": "*"} if version is None else \
        {"If-Match": '"%d"' % version}
    return house.api("PUT", "/v1/documents/IN01/%s/%s" % (
        document["kind"], urllib.parse.quote(document["number"], safe="")),
        document, dict(JSON, **match))


def post_all(house):
    for document in documents():
        answer = put(house, document)
        assert answer.status == 201, (document, answer.body)
        event = house.get(answer.headers["Location"]) if \
            "/v1/events/" in (answer.headers["Location"] or "") else None
        assert event is None or event["state"] == "posted", event
