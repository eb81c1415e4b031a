"""GSTR-1 from outside: the structure that the portal wants, read from
gstr1_json_keys.tsv, and an independent reader of the CSV files, after the
rules of the offline tool's import."""
import csv
import datetime
import io
import json
import pathlib
import re
import time
from decimal import Decimal, ROUND_HALF_UP

DATA = pathlib.Path(__file__).resolve().parents[1] / "data" / "gst"
OWN = "27AAAAA0000A1Z2"


# ---- structure -------------------------------------------------------------

def keys():
    """path -> (type, required), as the table has it."""
    out = {}
    lines = (DATA / "gstr1_json_keys.tsv").read_text().splitlines()[1:]
    for line in lines:
        _, path, _, kind, required = line.split("\t")
        out[path] = (kind, required == "Y")
    return out


KEYS = keys()
GSTIN = re.compile("[0-9]{2}[A-Z0-9]{13}")
NUMBER = re.compile("(?=.*[A-Za-z1-9])[A-Za-z0-9/-]{1,16}")


def day_of(text):
    return datetime.datetime.strptime(text, "%d-%m-%Y").date()


def is_number(value):
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def money(value, digits, negative):
    if not is_number(value):
        return False
    value = Decimal(value)
    return (negative or value >= 0) and abs(value) < 10 ** digits and \
        value == value.quantize(Decimal("0.01"))


def place(value, abroad):
    return isinstance(value, str) and re.fullmatch("[0-9]{2}", value) and \
        (1 <= int(value) <= 38 or value == "97" or
         (abroad and value == "96"))


def fits(value, kind):
    text = value if isinstance(value, str) else None
    if kind == "array":
        return isinstance(value, list)
    if kind == "object":
        return isinstance(value, dict)
    if kind.startswith("money"):
        return money(value, 13 if "13+2" in kind else 11, "negative" in kind)
    if kind == "number 0.65":
        return value == Decimal("0.65")
    if kind == "number>=0":
        return is_number(value) and value >= 0
    if kind.startswith("number"):
        return is_number(value)
    if kind.startswith("integer"):
        return isinstance(value, int) and not isinstance(value, bool) and \
            (kind == "integer" or 1 <= value <= 12)
    if text is None:
        return False
    if kind.startswith("date"):
        try:
            return re.fullmatch(r"\d\d-\d\d-\d{4}", text) and day_of(text)
        except ValueError:
            return False
    if kind.startswith("period"):
        return re.fullmatch("(0[1-9]|1[0-2])20[0-9]{2}", text)
    if kind.startswith("code2"):
        return place(text, "96" in kind)
    if kind == "string15":
        return GSTIN.fullmatch(text)
    if kind == "string1-16":
        return NUMBER.fullmatch(text)
    if kind == "string1-6 alnum":
        return re.fullmatch("[A-Za-z0-9]{1,6}", text)
    if kind == "string 3-7 digits":
        return re.fullmatch("[0-9]{3,7}", text)
    if kind == "string 2-8 digits":
        return re.fullmatch("[0-9]{2,8}", text)
    if kind == "string up to 30":
        return len(text) <= 30
    if kind == "string":
        return True
    return text in re.sub(", D alone.*", "|D", kind).split("|")


def faults(value, path=""):
    """Whatever the portal would refuse, by path."""
    if isinstance(value, list):
        return [f for one in value for f in faults(one, path + "[]")]
    if not isinstance(value, dict):
        return []
    out, inner = [], path + "." if path else ""
    for key, one in value.items():
        if inner + key not in KEYS:
            out.append("%s%s: unknown" % (inner, key))
            continue
        if not fits(one, KEYS[inner + key][0]):
            out.append("%s%s: %r is no %s" % (inner, key, one,
                                              KEYS[inner + key][0]))
        out += faults(one, inner + key)
    for other, (_, required) in KEYS.items():
        if required and other.startswith(inner) and \
                re.fullmatch(r"\w+", other[len(inner):]) and \
                other[len(inner):] not in value:
            out.append("%s: missing" % other)
    return out


def judge(tree):
    """The schema, and the rules that it does not say by itself."""
    out = faults(tree)
    for section, own in tree.items():
        if isinstance(own, (list, dict)) and not own:
            out.append("%s: empty" % section)
    for note in tree.get("cdnur", []) + tree.get("cdnura", []):
        if ("pos" in note) != (note["typ"] == "B2CL"):
            out.append("cdnur %s: pos" % note["nt_num"])
    lines = {k: v for k, v in tree.items() if k != "hsn"}
    for one in items_of(lines):
        if one.get("iamt") and (one.get("camt") or one.get("samt")):
            out.append("both kinds of tax: %r" % one)
    for one in items_of(tree):
        if one.get("camt") != one.get("samt"):
            out.append("central and state tax differ: %r" % one)
    for one in tree.get("b2cs", []):
        if ("iamt" in one) != (one["sply_ty"] == "INTER"):
            out.append("b2cs: %r" % one)
    return out


def items_of(value):
    if isinstance(value, list):
        for one in value:
            yield from items_of(one)
    elif isinstance(value, dict):
        if "csamt" in value:
            yield value
        for one in value.values():
            yield from items_of(one)


def read_json(text):
    return json.loads(text, parse_float=Decimal)


# ---- CSV, as the tool reads it ---------------------------------------------

SHEETS = {}
for _line in (DATA / "gstr1_csv_headers.tsv").read_text().splitlines()[1:]:
    _sheet, _key, _at, _header, _status = _line.split("\t")
    SHEETS.setdefault(_sheet, []).append(_header)

SUPPLY = {"Regular B2B": "R", "SEZ supplies with payment": "SEWP",
          "SEZ supplies without payment": "SEWOP", "Deemed Exp": "DE",
          "Intra-State supplies attracting IGST": "CBW"}
NIL = {"Inter-State supplies to registered persons": "INTRB2B",
       "Intra-State supplies to registered persons": "INTRAB2B",
       "Inter-State supplies to unregistered persons": "INTRB2C",
       "Intra-State supplies to unregistered persons": "INTRAB2C"}
RATES = set("0 0.1 0.25 1 1.5 3 5 6 7.5 12 18 28 40".split())


def round2(value):
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def cell_amount(text):
    assert re.fullmatch(r"-?[0-9]{1,13}(\.[0-9]{1,2})?", text), text
    return Decimal(text)


def cell_day(text):
    assert re.fullmatch(r"[0-9]{2}-[A-Z][a-z]{2}-[0-9]{4}", text), text
    return datetime.datetime.strptime(text, "%d-%b-%Y").strftime("%d-%m-%Y")


def cell_place(text):
    code = re.match("[0-9]{2}", text)
    assert code and place(code.group(), True), text
    return code.group()


def tax(row, inter, free=False):
    value, rate = cell_amount(row["Taxable Value"]), Decimal(row["Rate"])
    if row.get("Applicable % of Tax Rate") == "65":
        rate *= Decimal("0.65")
    if free:
        rate = Decimal(0)
    if inter:
        return {"iamt": round2(value * rate / 100)}
    half = round2(value * rate / 200)
    return {"camt": half, "samt": half}


def item(row, inter, free=False):
    assert row["Rate"] in RATES, row
    return dict(txval=cell_amount(row["Taxable Value"]),
                rt=Decimal(row["Rate"]), **tax(row, inter, free),
                csamt=cell_amount(row["Cess Amount"]))


def read_sheet(name, text):
    """Rows by header; columns are found by their words alone."""
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == SHEETS[name], (name, rows[0])
    assert all(len(row) == len(rows[0]) for row in rows), name
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def is_formula(cell):
    """Would a spreadsheet run it?"""
    return bool(re.match("[=+@\t\r-]", cell)) and \
        not re.fullmatch(r"-?[0-9.]+", cell)


def documents(rows, number, value, make):
    """Rows of one document are one, as the tool joins them."""
    out = {}
    for row in rows:
        key = (row.get("GSTIN/UIN of Recipient", ""), row[number])
        one = out.setdefault(key, {"val": cell_amount(row[value]),
                                   "items": []})
        one["items"].append(make(row))
    return out


def totals_of_csv(files, own=OWN):
    """section -> (documents, taxable, tax heads), as the tool would have it
    after its import."""
    out = {}

    def inter(row):
        return row["Place Of Supply"][:2] != own[:2]

    def add(section, docs, items, sign=1):
        total = out.setdefault(section, [0, {}])
        total[0] += docs
        for one in items:
            for key, amount in one.items():
                if key != "rt":
                    total[1][key] = total[1].get(key, 0) + sign * amount

    for name, text in files.items():
        sheet = name.removesuffix(".csv")
        rows = read_sheet(sheet, text)
        for row in rows:
            for header in row:
                if "date" in header.lower() and row[header]:
                    cell_day(row[header])
                if header == "Financial Year":
                    assert re.fullmatch("20[0-9]{2}-[0-9]{2}", row[header])
                if header.startswith("Original Month"):
                    datetime.datetime.strptime(row[header], "%B")
                if header == "Place Of Supply" and row[header]:
                    cell_place(row[header])
                if "Invoice Number" in header or "Note Number" in header:
                    assert NUMBER.fullmatch(row[header]), row
        if sheet in ("b2b,sez,de", "b2ba", "cdnr", "cdnra"):
            note = sheet.startswith("cdnr")
            for row in rows:
                kind = SUPPLY[row["Note Supply Type" if note
                                  else "Invoice Type"]]
                zone = kind in ("SEWP", "SEWOP", "CBW")
                add(sheet, 0, [item(row, zone or inter(row),
                                    kind == "SEWOP")],
                    -1 if note and row["Note Type"] == "C" else 1)
            number = "%s%s Number" % ("Revised " if sheet[-1] == "a" else "",
                                      "Note" if note else "Invoice")
            add(sheet, len({(r["GSTIN/UIN of Recipient"], r[number])
                            for r in rows}), [])
        elif sheet in ("b2cl", "b2cla"):
            add(sheet, len(rows), [item(row, True) for row in rows])
        elif sheet in ("b2cs", "b2csa"):
            assert all(row["Type"] == "OE" and row["E-Commerce GSTIN"] == ""
                       for row in rows)
            add(sheet, 0, [item(row, inter(row)) for row in rows])
        elif sheet in ("exp", "expa"):
            add(sheet, len(rows), [item(row, True, row["Export Type"] ==
                                        "WOPAY") for row in rows])
        elif sheet in ("cdnur", "cdnura"):
            for row in rows:
                assert (row["Place Of Supply"] == "") == \
                    (row["UR Type"] != "B2CL"), row
                add(sheet, 1, [item(row, True, row["UR Type"] == "EXPWOP")],
                    -1 if row["Note Type"] == "C" else 1)
        elif sheet in ("at", "atadj", "ata", "atadja"):
            word = "Gross Advance " + ("Adjusted" if "adj" in sheet
                                       else "Received")
            for row in rows:
                row.setdefault("Place Of Supply",
                               row.get("Original Place Of Supply"))
                row["Taxable Value"] = row[word]
                add(sheet, 0, [item(row, inter(row))])
        elif sheet == "exemp":
            for row in rows:
                assert row["Description"] in NIL
                add(sheet, 0, [{"txval": sum(map(cell_amount,
                                                 list(row.values())[1:]))}])
        elif sheet.startswith("hsn"):
            for row in rows:
                assert re.fullmatch("[0-9]{4,8}", row["HSN"]), row
                add(sheet, 0, [{
                    "txval": cell_amount(row["Taxable Value"]),
                    "iamt": cell_amount(row["Integrated Tax Amount"]),
                    "camt": cell_amount(row["Central Tax Amount"]),
                    "samt": cell_amount(row["State/UT Tax Amount"]),
                    "csamt": cell_amount(row["Cess Amount"])}])
        elif sheet == "docs":
            for row in rows:
                assert int(row["Total Number"]) >= int(row["Cancelled"])
                add(sheet, int(row["Total Number"]), [])
        elif sheet.startswith(("ecob", "ecourp")):
            add(sheet, len(rows), [item(row, inter(row)) for row in rows])
        elif sheet in ("eco", "ecoa"):
            for row in rows:
                add(sheet, 0, [{
                    "txval": cell_amount(row[
                        "Net value of supplies" if sheet == "eco" else
                        "Revised Net value of supplies"]),
                    "iamt": cell_amount(row["Integrated tax"]),
                    "camt": cell_amount(row["Central tax"]),
                    "samt": cell_amount(row["State/UT tax"]),
                    "csamt": cell_amount(row["Cess"])}])
    return out


# ---- asking for exports ----------------------------------------------------

def start(house, format="json", form="gstr1", period="102026", gstin=OWN):
    answer = house.api("POST", "/v1/gst/exports", {
        "gstin": gstin, "form": form, "period": period, "format": format})
    assert answer.status == 202, answer.body
    return answer.json["export"]


def wait(house, export, *states):
    end = time.monotonic() + 60
    while True:
        one = house.get("/v1/gst/exports/" + export)
        if one["state"] in (states or ("done", "failed", "cancelled")):
            return one
        assert time.monotonic() < end, one
        time.sleep(0.01)


def files_of(house, receipt):
    out = {}
    for one in receipt["files"]:
        path = "/v1/gst/exports/%s/files/%s" % (receipt["export"],
                                                one["name"])
        answer = house.api("GET", path)
        assert answer.status == 200, (path, answer.body)
        assert len(answer.body) == one["bytes"]
        out[one["name"]] = answer.body.decode()
    return out


def export(house, format="json", **of):
    """The receipt and the files by name."""
    receipt = wait(house, start(house, format, **of))
    assert receipt["state"] == "done", receipt
    return receipt, files_of(house, receipt)


def totals(receipt):
    return {one["section"]: one for one in receipt["totals"]}
