"""The files of GSTR-1, of rows that the test lays down: structure, both
forms, hostile texts, splitting, cancelling and stops."""
import hashlib
import json
import re
import sqlite3
import stat
import time
from decimal import Decimal

import pytest

import gstr1
from filled import Filled
from gstr1 import OWN
from house import database

KA, MH, OPERATOR = "29AAAAA0000A1ZY", "27CCCCC2222C1Z8", "29AABCF8078M1C8"
SELLER = "27BBBBB1111B1ZN"
R18, R5, R0 = 18000, 5000, 0
MANY = 30000            # more than one file takes


def invoice(number, rows, **of):
    return dict(dict(number=number, rows=rows, value=11800000), **of)


def b2b(number, **of):
    return dict(dict(invoice(number, [
        ("b2b", "R", R18, 10000000, 0, 900000, 900000)]), ctin=MH,
        name="Chitra & Co"), **of)


def every_section():
    """One of all that documents may stand in, at least."""
    inter = dict(inter=1, place="29")
    large = dict(inter=1, place="07")
    abroad = dict(inter=1, place="96")
    credit = dict(nature="credit", kind="credit_note", value=118000)
    late = dict(amends=100, inter=0)
    was = dict(version=100, number="OLD/1", date="2026-09-03",
               period=202609, rows=[], sums=False)
    return [
        was, b2b("A/1"),
        b2b("A/2", ctin=KA, reduced=1, **inter, rows=[
            ("b2b", "R", R18, 100000, 11700), ("b2b", "R", R5, 476190, 15476)
        ], value=603366),
        b2b("A/3", reverse_charge=1, operator=OPERATOR),
        b2b("A/4", ctin=KA, inter=1, rows=[("b2b", "SEWOP", R18, 2000000)]),
        b2b("A/5", **late, rows=[("b2ba", "R", R18, 100, 0, 9, 9)]),
        invoice("A/6", [("b2cl", "", R18, 10000000, 1800000)], **large),
        invoice("A/7", [("b2cla", "", R18, 10000000, 1800000)], amends=100,
                **large),
        invoice("A/8", [("b2cs", "OE", R5, 200000, 0, 5000, 5000)]),
        invoice("A/9", [("b2cs", "OE", R18, 100000, 18000)], **inter,
                nature="credit"),
        invoice("C/1", [("cdnr", "R", R18, 100000, 0, 9000, 9000)], ctin=MH,
                **credit),
        invoice("D/1", [("cdnr", "R", R18, 100000, 0, 9000, 9000)], ctin=MH,
                nature="debit"),
        invoice("C/2", [("cdnra", "R", R18, 100000, 0, 9000, 9000)],
                ctin=MH, amends=100, **credit),
        invoice("C/3", [("cdnur", "B2CL", R18, 100000, 18000)], **credit,
                **large),
        invoice("C/4", [("cdnur", "EXPWOP", R0, 100000)], **credit,
                **abroad),
        invoice("C/5", [("cdnura", "EXPWP", R18, 100000, 18000)], amends=100,
                **credit, **abroad),
        invoice("E/1", [("exp", "WPAY", R18, 5000000, 900000)], **abroad,
                port="INNSA1", bill="1234567", bill_date="2026-10-16"),
        invoice("E/2", [("exp", "WOPAY", R0, 3000000)], **abroad),
        invoice("E/3", [("expa", "WOPAY", R0, 3000000)], amends=100,
                **abroad),
        invoice("R/1", [("at", "", R18, 1000000, 0, 90000, 90000),
                        ("at", "", R5, 1000000, 0, 25000, 25000)],
                nature="advance", kind="advance"),
        invoice("R/2", [("txpd", "", R18, 500000, 90000)], **inter,
                nature="adjustment", kind="advance_adjustment"),
        invoice("A/10", [("nil", "INTRAB2B/nil", R0, 10000),
                         ("nil", "INTRAB2B/exempt", R0, 20000)], ctin=MH),
        invoice("O/1", [("ecom", "b2b", R5, 100000, 0, 2500, 2500)],
                ctin=MH, seller=SELLER),
        invoice("O/2", [("ecom", "urp2b", R5, 100000, 0, 2500, 2500)],
                ctin=MH, seller="URP"),
        invoice("O/3", [("ecoma", "b2b", R5, 100000, 0, 2500, 2500)],
                ctin=MH, seller=SELLER, amends=100),
    ] + sums()


def sums():
    """Sums of a month that was filed, and what this month changes of them;
    of table 15 they are told from documents."""
    before = dict(period=202609, date="2026-09-05")
    return [
        invoice("S/1", [("b2cs", "OE", R5, 1000000, 0, 25000, 25000)],
                **before),
        invoice("S/2", [("b2csa", "202609", R5, -400000, 0, -10000, -10000)]),
        invoice("S/3", [("b2csa", "202609", R18, 100000, 0, 9000, 9000)]),
        invoice("S/4", [("at", "", R18, 500000, 0, 45000, 45000)],
                nature="advance", **before),
        invoice("S/5", [("ata", "202609", R18, 100000, 0, 9000, 9000)],
                nature="advance"),
        invoice("S/6", [("txpd", "", R18, 500000, 0, 45000, 45000)],
                nature="adjustment", **before),
        invoice("S/7", [("txpda", "202609", R18, 100000, 0, 9000, 9000)],
                nature="adjustment"),
        invoice("S/8", [("supeco", OPERATOR, 0, 300000, 0, 7500, 7500)],
                place="clttx", **before),
        invoice("S/9", [("supeco", OPERATOR, 0, 200000, 0, 5000, 5000)],
                place="paytx"),
        invoice("S/10", [("supecoa", OPERATOR + "/202609", 0, -100000, 0,
                          -2500, -2500)], place="clttx"),
        invoice("O/4", [("ecom", "b2c", R5, 100000, 0, 2500, 2500)],
                seller=SELLER),
        invoice("O/5", [("ecom", "urp2c", R5, 100000, 0, 2500, 2500)],
                seller="URP"),
        invoice("O/6", [("ecom", "b2c", R5, 100000, 0, 2500, 2500)],
                seller=SELLER, version=200, **before),
        invoice("O/7", [("ecom", "b2c", R5, 900000, 0, 22500, 22500)],
                seller=SELLER, **before),
        invoice("O/6", [("ecoma", "b2c", R5, 150000, 0, 3750, 3750)],
                seller=SELLER, amends=200),
    ]


HSN = [("b2b", "84713010", "NOS", R18, 3000, 17582000, 14900000, 900000,
        891000, 891000, 0),
       ("b2b", "996511", "NA", R5, 0, 1050000, 1000000, 0, 25000, 25000, 0),
       ("b2c", "07020000", "KGS", R0, 10500, 30000, 30000, 0, 0, 0, 0),
       ("b2c", "998313", "NA", R18, 0, -118000, -100000, -18000, 0, 0, 0)]
SERIES = [(1, "A/#", 1, 1, 10, 10, 1), (5, "C/#", 3, 1, 5, 5, 0)]


@pytest.fixture
def house():
    one = Filled()
    yield one
    one.close()


@pytest.fixture
def full(house):
    house.fill(*every_section(), hsn=HSN, series=SERIES)
    return house.start()


def test_structure_of_every_section(full):
    receipt, files = gstr1.export(full)
    [(name, text)] = files.items()
    assert re.fullmatch(r"returns_[1-9]\d{5,7}_R1_%s_offline\.json" % OWN,
                        name)
    tree = gstr1.read_json(text)
    assert gstr1.judge(tree) == []
    assert set(tree) == {path for path in gstr1.KEYS if "." not in path and
                         "[" not in path} - {"gt", "cur_gt"}
    assert list(tree)[:4] == ["gstin", "fp", "version", "hash"]
    # each group once
    for section in ("b2b", "cdnr"):
        parties = [group["ctin"] for group in tree[section]]
        assert len(parties) == len(set(parties)), section
    assert [g["exp_typ"] for g in tree["exp"]] == ["WPAY", "WOPAY"]
    [late] = tree["b2ba"][0]["inv"]
    assert (late["oinum"], late["oidt"]) == ("OLD/1", "03-09-2026")
    [advance] = tree["at"]
    assert [i["rt"] for i in advance["itms"]] == [5, 18]
    [two] = [i for g in tree["b2b"] for i in g["inv"] if i["inum"] == "A/2"]
    assert two["diff_percent"] == Decimal("0.65")
    assert [i["num"] for i in two["itms"]] == [1, 2]
    assert [h["num"] for h in tree["hsn"]["hsn_b2c"]] == [1, 2]
    assert tree["doc_issue"]["doc_det"][1]["docs"] == [{
        "num": 1, "from": "C/001", "to": "C/005", "totnum": 5, "cancel": 0,
        "net_issue": 5}]
    # sums of the month that was filed: as they are now, not the change alone
    assert tree["b2csa"] == [{
        "omon": "092026", "typ": "OE", "sply_ty": "INTRA", "pos": "27",
        "itms": [{"rt": 5, "txval": 6000, "camt": 150, "samt": 150,
                  "csamt": 0},
                 {"rt": 18, "txval": 1000, "camt": 90, "samt": 90,
                  "csamt": 0}]}]
    assert [i["ad_amt"] for i in tree["ata"][0]["itms"]] == [6000]
    assert [i["ad_amt"] for i in tree["txpda"][0]["itms"]] == [6000]
    assert tree["supeco"]["paytx"][0]["suppval"] == 2000
    [operator] = tree["supecoa"]["clttxa"]
    assert (operator["oetin"], operator["omon"], operator["suppval"]) == \
        (OPERATOR, "092026", 2000)
    assert set(tree["ecom"]) == {"b2b", "urp2b", "b2c", "urp2c"}
    [seller] = tree["ecoma"]["b2ca"][0]["posItms"]
    assert seller["omon"] == "092026" and \
        seller["itms"][0]["txval"] == 10500
    assert receipt["warnings"] == [], receipt["warnings"]


def test_a_wrong_structure_is_seen():
    """The judge itself can fail."""
    tree = json.loads((gstr1.DATA / "gstr1_example.json").read_text(),
                      parse_float=Decimal)
    assert gstr1.judge(tree) == []

    def broken(change):
        copy = json.loads(json.dumps(tree, default=float),
                          parse_float=Decimal)
        change(copy)
        return gstr1.judge(copy)

    first = tree["b2b"][0]["inv"][0]
    for change in (
            lambda t: t["b2b"][0].update(cname="a name"),
            lambda t: t.update(fp="132026"),
            lambda t: t["b2b"][0]["inv"][0].update(idt="31-02-2026"),
            lambda t: t["b2b"][0]["inv"][0].update(inum="0/0"),
            lambda t: t["b2b"][0]["inv"][0].update(inum="A" * 17),
            lambda t: t["b2b"][0]["inv"][0].update(val=-1),
            lambda t: t["b2b"][0]["inv"][0].update(val=Decimal("1.001")),
            lambda t: t["b2b"][0]["inv"][0].update(pos="99"),
            lambda t: t["b2cs"][0].update(pos="96"),
            lambda t: t["b2b"][0]["inv"][0].pop("rchrg"),
            lambda t: t["cdnur"][1].update(pos="07"),
            lambda t: t["cdnur"][0].pop("pos"),
            lambda t: t["exp"][0]["inv"][0].update(sbnum="12"),
            lambda t: t["b2b"][0]["inv"][0]["itms"][0]["itm_det"].update(
                iamt=1),
            lambda t: t.update(cdnr=[])):
        assert broken(change), change
    assert first["inum"] == "BH/26-27/0001"


def check_csv(files):
    for name, text in files.items():
        for line in gstr1.csv.reader(gstr1.io.StringIO(text)):
            for cell in line:
                assert not gstr1.is_formula(cell), (name, cell)


def test_csv_reads_back_to_the_same_totals(full):
    of_json, texts = gstr1.export(full)
    of_csv, files = gstr1.export(full, "csv")
    assert {n.removesuffix(".csv") for n in files} <= set(gstr1.SHEETS)
    assert "b2b,sez,de.csv" in files and "hsn(b2b).csv" in files
    check_csv(files)
    read = gstr1.totals_of_csv(files)
    names = {"b2b": ["b2b,sez,de"], "txpd": ["atadj"], "nil": ["exemp"],
             "hsn": ["hsn(b2b)", "hsn(b2c)"], "doc_issue": ["docs"],
             "ecom": ["ecob2b", "ecourp2b", "ecob2c", "ecourp2c"],
             "txpda": ["atadja"], "supeco": ["eco"], "supecoa": ["ecoa"]}
    assert gstr1.totals(of_json) == gstr1.totals(of_csv)
    for section, total in gstr1.totals(of_json).items():
        if section == "ecoma":      # the tool has no sheet of it
            continue
        sheets = [read[name] for name in names.get(section, [section])]
        for key, head in (("txval", "taxable"), ("csamt", "cess"),
                          ("iamt", "igst"), ("camt", "cgst"),
                          ("samt", "sgst")):
            seen = sum(one[1].get(key, 0) for one in sheets)
            assert seen == Decimal(total[head]), (section, key)
    assert set(files) == {sheet + ".csv" for sheet in gstr1.SHEETS} - \
        {"hsn.csv"}
    assert [w["code"] for w in of_csv["warnings"]] == ["no_csv"]
    late = gstr1.read_sheet("b2csa", files["b2csa.csv"])
    assert (late[0]["Financial Year"], late[0]["Original Month"]) == \
        ("2026-27", "September")
    b2b_sheet = gstr1.read_sheet("b2b,sez,de", files["b2b,sez,de.csv"])
    assert b2b_sheet[0]["Place Of Supply"] == "27-Maharashtra"
    assert b2b_sheet[0]["Invoice date"] == "05-Oct-2026"
    # one row a document and rate, the document's columns repeated
    two = [r for r in b2b_sheet if r["Invoice Number"] == "A/2"]
    assert [r["Rate"] for r in two] == ["18", "5"]
    assert {r["Invoice Value"] for r in two} == {"6033.66"}
    assert {r["Applicable % of Tax Rate"] for r in two} == {"65"}
    hsn = gstr1.read_sheet("hsn(b2c)", files["hsn(b2c).csv"])
    assert [(r["UQC"], r["Total Quantity"]) for r in hsn] == \
        [("KGS-KILOGRAMS", "10.5"), ("NA", "0")]


def test_same_bytes_twice(full):
    for format in ("json", "csv"):
        one, first = gstr1.export(full, format)
        two, second = gstr1.export(full, format)
        assert one["export"] != two["export"]
        assert first == second
        assert one["files"] == two["files"]
        for entry in one["files"]:
            assert entry["sha256"] == hashlib.sha256(
                first[entry["name"]].encode()).hexdigest()


HOSTILE = ["=HYPERLINK(\"http://x\",\"y\")", "+1+1", "-2+3", "@SUM(A1)",
           "\t=1", "\r=1", " =1", "a,b\"c\nd\re", "दुकान " * 30, "",
           "\x1b[31mred", "'; DROP TABLE gst_row; --", "-5", "x" * 300]


def test_hostile_names(house):
    house.fill(*[b2b("H/%d" % n, name=name, ctin=MH)
                 for n, name in enumerate(HOSTILE)])
    house.start()
    receipt, files = gstr1.export(house, "csv")
    check_csv(files)
    rows = gstr1.read_sheet("b2b,sez,de", files["b2b,sez,de.csv"])
    # a row each, whatever is in a name: nothing of it ends a line
    assert len(rows) == len(HOSTILE)
    assert len(files["b2b,sez,de.csv"].splitlines()) == len(HOSTILE) + 1
    assert all(len(row["Receiver Name"]) <= 100 for row in rows)
    by = {row["Invoice Number"]: row["Receiver Name"] for row in rows}
    assert by["H/0"] == "'" + HOSTILE[0] and by["H/12"] == "-5"
    [cut] = [w for w in receipt["warnings"] if w["code"] == "name"]
    assert cut["count"] == 2 and "H/13" in cut["examples"]
    _, files = gstr1.export(house)
    [text] = files.values()
    assert gstr1.judge(gstr1.read_json(text)) == []
    assert "HYPERLINK" not in text      # names are not sent at all


REFUSED = [
    ("number", dict(number="=1+1")), ("number", dict(number="A" * 17)),
    ("number", dict(number="0/0")), ("gstin", dict(ctin=None)),
    ("gstin", dict(ctin="NOT A GSTIN")), ("gstin", dict(operator="GSTIN")),
    ("place", dict(place="99")),
    ("place", dict(place=None)), ("date", dict(date="2017-06-30")),
    ("negative", dict(rows=[("b2b", "R", R18, -100, 0, -9, -9)])),
    ("large", dict(rows=[("b2b", "R", R18, 10 ** 13)])),
    ("rate", dict(rows=[("b2b", "R", -1, 100)])),
    ("heads", dict(rows=[("b2cl", "", R18, 100, 0, 9, 9)])),
    ("original", dict(rows=[("b2ba", "R", R18, 100, 0, 9, 9)])),
]


def test_what_the_portal_refuses_is_left_out_and_told(house):
    house.fill(b2b("GOOD/1"), *[b2b(**dict(dict(number="BAD/%d" % n), **of))
                                for n, (_, of) in enumerate(REFUSED)])
    house.start()
    receipt, files = gstr1.export(house)
    [text] = files.values()
    tree = gstr1.read_json(text)
    assert gstr1.judge(tree) == []
    assert [i["inum"] for g in tree["b2b"] for i in g["inv"]] == ["GOOD/1"]
    said = {w["code"]: w["count"] for w in receipt["warnings"]}
    want = {}
    for code, _ in REFUSED:
        want[code] = want.get(code, 0) + 1
    assert said == want
    assert receipt["totals"][0]["documents"] == 1


def test_unplaced_documents_are_named(house):
    house.fill(b2b("GOOD/1"), invoice("LOST/1", [("unplaced", "", -1, 100)]))
    house.start()
    receipt, _ = gstr1.export(house)
    [one] = receipt["warnings"]
    assert (one["code"], one["count"], one["examples"]) == \
        ("unplaced", 1, ["LOST/1"])


def test_half_a_shipping_bill_is_not_sent(house):
    abroad = dict(inter=1, place="96")
    house.fill(
        invoice("E/1", [("exp", "WOPAY", R0, 100)], **abroad, bill="1234"),
        invoice("E/2", [("exp", "WOPAY", R0, 100)], **abroad, bill="1234",
                bill_date="2026-10-05", port="INNSA10"))
    house.start()
    receipt, files = gstr1.export(house)
    [text] = files.values()
    assert gstr1.judge(gstr1.read_json(text)) == []
    assert "sbnum" not in text and "sbpcode" not in text
    [one] = receipt["warnings"]
    assert (one["code"], one["count"]) == ("bill", 2)


def many(house, n):
    """n invoices straight in the tables, quickly."""
    db = sqlite3.connect(house.home / "bahi.db", timeout=30)
    columns = [row[1] for row in db.execute(
        "PRAGMA table_info(gst_document)")]
    base = dict(gstin=OWN, period=202610, inward=0, nature="invoice",
                entity="IN01", kind="sales_invoice", date="2026-10-05",
                ctin=MH, category="regular", place="27", inter=0,
                reverse_charge=0, reduced=0, credit="", value=11800,
                voided=0, amends=0, goods="", bill_number="")
    with db:
        db.executemany(
            "INSERT INTO gst_document VALUES (%s)" % ", ".join(
                ":" + key for key in columns),
            ({key: dict(base, version=i * 128, number="M/%d" % i,
                        seq=i).get(key) for key in columns}
             for i in range(1, n + 1)))
        db.executemany(
            "INSERT INTO gst_row VALUES (?, 202610, 'b2b', ?, 1, 'R',"
            " '3.1(a)', 'taxable', 18000, 10000, 0, 900, 900, 0, '', '27', 0)",
            ((OWN, i * 128) for i in range(1, n + 1)))
        db.execute("INSERT INTO gst_sum VALUES (?, 202610, 'b2b', 'R', '27',"
                   " 18000, ?, ?, ?, ?, 0, ?, ?, 0, ?)",
                   (OWN, n, n, n * 11800, n * 10000, n * 900, n * 900, n))
    db.close()


def test_a_large_return_is_split_into_valid_files(house):
    many(house, MANY)
    house.start()
    receipt, files = gstr1.export(house)
    assert len(files) > 1
    numbers = []
    for n, (name, text) in enumerate(files.items(), 1):
        assert len(text) <= 4700000
        assert name.endswith("_offline%s.json" % ("_%d" % n if n > 1 else ""))
        tree = gstr1.read_json(text)
        assert gstr1.judge(tree) == []
        assert (tree["gstin"], tree["fp"]) == (OWN, "102026")
        [group] = tree["b2b"]
        numbers += [one["inum"] for one in group["inv"]]
    assert sorted(numbers) == sorted("M/%d" % n for n in range(1, MANY + 1))
    assert gstr1.totals(receipt)["b2b"]["documents"] == MANY
    assert receipt["warnings"] == []


def folders(house):
    """Made when its job begins, a little after the first answers."""
    folder = house.home / "exports"
    return sorted(p.name for p in folder.iterdir()) if folder.exists() \
        else []


def test_cancel_leaves_nothing(house):
    many(house, MANY)
    house.start()
    export = gstr1.start(house)
    again = gstr1.start(house)
    assert again == export          # one that is not done is not begun anew
    answer = house.api("DELETE", "/v1/gst/exports/" + export)
    assert answer.status == 202, answer.body
    one = gstr1.wait(house, export)
    assert one["state"] == "cancelled" and one["files"] == []
    end = time.monotonic() + 30
    while folders(house):
        assert time.monotonic() < end
        time.sleep(0.01)
    assert house.api("DELETE", "/v1/gst/exports/" + export).status == 409
    assert house.api("DELETE", "/v1/gst/exports/X99").status == 404
    receipt, _ = gstr1.export(house)        # and the next one is whole
    assert gstr1.totals(receipt)["b2b"]["documents"] == MANY


def test_killed_in_the_middle(house):
    many(house, 2000)
    house.start(BAHI_CRASH="export.before_done")
    export = gstr1.start(house)
    house.died()
    assert folders(house) == [export]       # files are there, but
    house.start()
    one = gstr1.wait(house, export)
    assert one["state"] == "failed" and one["files"] == []
    assert "stopped" in one["why"]
    assert house.api("GET", "/v1/gst/exports/%s/files/x" % export).status \
        == 404
    receipt, _ = gstr1.export(house)
    assert folders(house) == [receipt["export"]]


def test_killed_while_it_writes(house):
    many(house, MANY)
    house.start()
    export = gstr1.start(house)
    end = time.monotonic() + 60
    while house.get("/v1/gst/exports/" + export)["done"] == 0:
        assert time.monotonic() < end
    house.kill()
    house.start()
    one = gstr1.wait(house, export)
    # it may have been done just before
    assert one["state"] in ("failed", "done")
    end = time.monotonic() + 30
    while folders(house) != ([export] if one["state"] == "done" else []):
        assert time.monotonic() < end, folders(house)
        time.sleep(0.01)


def test_stopped_in_the_middle(house):
    many(house, MANY)
    house.start()
    export = gstr1.start(house)
    gstr1.wait(house, export, "running", "done")
    house.stop()
    house.start()
    one = gstr1.wait(house, export)
    assert one["state"] in ("failed", "done")
    assert folders(house) == ([export] if one["state"] == "done" else [])


def test_files_are_the_owners_alone_and_bounded(full):
    first, _ = gstr1.export(full)
    folder = full.home / "exports" / first["export"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for _ in range(20):
        gstr1.export(full)
    end = time.monotonic() + 30
    while len(folders(full)) > 20:
        assert time.monotonic() < end
        time.sleep(0.01)
    old = full.get("/v1/gst/exports/" + first["export"])
    assert old["kept"] is False and old["files"] == first["files"]
    name = first["files"][0]["name"]
    assert full.api("GET", "/v1/gst/exports/%s/files/%s" % (
        first["export"], name)).status == 404


def test_asked_wrongly(full):
    good = {"gstin": OWN, "form": "gstr1", "period": "102026",
            "format": "json"}
    for wrong in ({"gstin": KA}, {"period": "132026"}, {"period": "202610"},
                  {"form": "gstr9"}, {"format": "xml"}, {"gstin": 1}):
        answer = full.api("POST", "/v1/gst/exports", dict(good, **wrong))
        assert answer.status == 400, (wrong, answer.body)
    for path in ("/v1/gst/exports/X1/files/..%2F..%2Fbahi.db",
                 "/v1/gst/exports/X1", "/v1/gst/exports/zz"):
        assert full.api("GET", path).status == 404, path
    receipt, _ = gstr1.export(full)
    for name in ("../../bahid.conf", "%2e%2e%2fX1", "nothing.json"):
        assert full.api("GET", "/v1/gst/exports/%s/files/%s" % (
            receipt["export"], name)).status == 404
    # who exported what is in the audit
    with database(full.home / "bahi.db") as db:
        [said] = db.execute(
            "SELECT new FROM audit WHERE action = 'export' AND object = ?",
            (receipt["export"],)).fetchone()
    assert said == "gstr1 %s 202610 as json" % OWN


def test_iff_has_its_sections_alone(house):
    """Until it is filed, its documents stand in the quarter."""
    house.register("quarterly")
    quarter = [dict(one, period=202612) for one in every_section()
               if one.get("version") != 100]
    house.fill(every_section()[0], *quarter,
               b2b("NOV/1", period=202612, date="2026-11-01"))
    house.start()
    for form, period in (("iff", "122026"), ("gstr1", "102026")):
        assert house.api("POST", "/v1/gst/exports", {
            "gstin": OWN, "form": form, "period": period}).status == 400
    receipt, files = gstr1.export(house, form="iff")
    assert gstr1.totals(receipt)["b2b"]["documents"] == 4
    everything, _ = gstr1.export(house, period="122026")
    assert gstr1.totals(everything)["b2b"]["documents"] == 5
    [(name, text)] = files.items()
    tree = gstr1.read_json(text)
    assert "_IFF_" in name and gstr1.judge(tree) == []
    assert set(tree) == {"gstin", "fp", "version", "hash", "b2b", "b2ba",
                         "cdnr", "cdnra"}


def test_nothing_to_export(house):
    house.start()
    receipt, files = gstr1.export(house)
    [text] = files.values()
    assert gstr1.read_json(text) == {"gstin": OWN, "fp": "102026",
                                     "version": "GST3.2.4", "hash": "hash"}
    assert receipt["totals"] == [] and receipt["warnings"] == []
    assert gstr1.export(house, "csv")[1] == {}


def test_where_no_files_can_be_made(house):
    """Nothing else minds; the export says it."""
    (house.home / "exports").write_text("in the way")
    house.start()
    one = gstr1.wait(house, gstr1.start(house))
    assert one["state"] == "failed" and one["files"] == []
    assert one["why"]
    (house.home / "exports").unlink()
    receipt, files = gstr1.export(house)
    assert len(files) == 1
    assert OWN not in house.read_log()      # no tax numbers in the log
