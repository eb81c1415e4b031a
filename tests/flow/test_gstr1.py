"""GSTR-1 of documents that came through the door: the worked example to the
member, filing and what changes after it."""
import copy
import json
from decimal import Decimal

import pytest

import example
import gstr1
from filled import Filled
from gstr1 import OWN


@pytest.fixture
def house():
    one = Filled()
    # what is late is posted all the same here: it becomes an amendment
    one.csv("gst_level", "check,entity,level\nP02,*,off\n")
    yield one
    one.close()


@pytest.fixture
def posted(house):
    house.start()
    example.post_all(house)
    return house


def plain(tree):
    """Rows of table 12 in no order: the example has them as its documents
    come, we by code, so that the same books give the same file however they
    came to be."""
    tree = json.loads(json.dumps(tree, default=float))
    for part in tree["hsn"].values():
        for row in part:
            del row["num"]
        part.sort(key=lambda row: (row["hsn_sc"], row["uqc"], row["rt"]))
    return tree


def test_the_worked_example(posted):
    receipt, files = gstr1.export(posted)
    [text] = files.values()
    ours = gstr1.read_json(text)
    theirs = gstr1.read_json((gstr1.DATA / "gstr1_example.json").read_text())
    assert gstr1.judge(ours) == []
    ours, theirs = plain(ours), plain(theirs)
    for section in theirs:
        assert ours.get(section) == theirs[section], section
    assert ours == theirs
    # member by member in the same order, too
    assert list(gstr1.read_json(text)) == list(json.loads(
        (gstr1.DATA / "gstr1_example.json").read_text()))
    assert receipt["warnings"] == []
    posted.check_books()
    posted.prove()


HEADS = ("igst", "cgst", "sgst", "cess")
SHEETS = {"b2b": ["b2b,sez,de"], "txpd": ["atadj"], "nil": ["exemp"],
          "hsn": ["hsn(b2b)", "hsn(b2c)"], "doc_issue": ["docs"],
          "supeco": ["eco"], "b2ba": ["b2ba"]}


def summary(house, period="102026"):
    return {one["section"]: one for one in house.get(
        "/v1/gst/summary?gstin=%s&period=%s" % (OWN, period))["sections"]}


def check_totals(house, period="102026"):
    """The JSON, the CSV read by another, and the summary say the same."""
    of_json, _ = gstr1.export(house, period=period)
    of_csv, files = gstr1.export(house, "csv", period=period)
    assert gstr1.totals(of_json) == gstr1.totals(of_csv)
    read = gstr1.totals_of_csv(files)
    shown = summary(house, period)
    for section, total in gstr1.totals(of_json).items():
        sheets = [read[name] for name in SHEETS.get(section, [section])]
        if section == "doc_issue":
            assert sheets[0][0] == total["documents"] == \
                shown[section]["documents"]
            continue
        for key, head in (("txval", "taxable"), ("csamt", "cess"),
                          ("iamt", "igst"), ("camt", "cgst"),
                          ("samt", "sgst")):
            seen = sum(one[1].get(key, 0) for one in sheets)
            assert seen == Decimal(total[head]), (section, key)
        if section == "hsn":
            continue
        sign = -1 if section == "txpd" else 1
        for what in ("taxable",) + HEADS:
            assert sign * Decimal(total[what]) == \
                Decimal(shown[section][what]), (section, what)
        assert total["documents"] == shown[section]["documents"], section


def test_files_and_summary_say_the_same(posted):
    check_totals(posted)


def change(house, number, what):
    """As a person amends it: the version that stands now, and what it is to
    be."""
    [document] = [one for one in example.documents()
                  if one["number"] == number]
    document = copy.deepcopy(document)
    what(document)
    answer = example.put(house, document, 1)
    assert answer.status == 200, answer.body
    return document


def half(document, of=2, parts=1):
    """Less of all amounts, quantities as they are."""
    for one in document["lines"] + [document]:
        for key in ("amount", "total", "tax"):
            if key in one:
                one[key] = one[key] * parts // of


def file(house, period="102026", filed="2026-11-11"):
    answer = house.api("POST", "/v1/gst/filings", {
        "gstin": OWN, "form": "gstr1", "period": period, "filed": filed,
        "arn": "AA271026000001A", "reason": "filed"})
    assert answer.status == 200, answer.body


def test_what_was_filed_stays_and_changes_are_amendments(posted):
    """The period's files are the same bytes for ever; what changes later is
    in the next return, by the number and day that were filed."""
    house = posted
    before = gstr1.export(house)
    sheets = gstr1.export(house, "csv")
    file(house)
    change(house, "BH/26-27/0001", half)
    change(house, "BH/26-27/0005", lambda d: half(d, 10, 9))
    change(house, "BH/26-27/0006", half)
    change(house, "BH/26-27/0008", half)
    change(house, "CN/26-27/0001", half)
    change(house, "CN/26-27/0002", half)
    change(house, "RV/26-27/0001", half)
    change(house, "RV/25-26/0031", half)
    late = copy.deepcopy(example.documents()[0])
    late["number"] = "BH/26-27/0011"
    assert example.put(house, late).status == 201
    after = gstr1.export(house)
    assert after[1] == before[1]
    assert after[0]["totals"] == before[0]["totals"]
    assert gstr1.export(house, "csv")[1] == sheets[1]
    receipt, files = gstr1.export(house, period="112026")
    [text] = files.values()
    tree = gstr1.read_json(text)
    assert gstr1.judge(tree) == []
    assert receipt["warnings"] == []
    assert tree["b2ba"] == [{"ctin": "27CCCCC2222C1Z8", "inv": [{
        "oinum": "BH/26-27/0001", "oidt": "03-10-2026",
        "inum": "BH/26-27/0001", "idt": "03-10-2026", "val": 59000,
        "pos": "27", "rchrg": "N", "inv_typ": "R", "itms": [{
            "num": 1, "itm_det": {"txval": 50000, "rt": 18, "camt": 4500,
                                  "samt": 4500, "csamt": 0}}]}]}]
    assert [i["inum"] for g in tree["b2b"] for i in g["inv"]] == \
        ["BH/26-27/0011"]
    [large] = tree["b2cla"]
    assert (large["inv"][0]["oinum"], large["inv"][0]["val"]) == \
        ("BH/26-27/0005", 106200)
    assert tree["expa"][0]["inv"][0]["val"] == 29500
    [note] = tree["cdnra"][0]["nt"]
    assert (note["ont_num"], note["ont_dt"], note["val"]) == \
        ("CN/26-27/0001", "12-10-2026", 590)
    assert tree["cdnura"][0]["ont_num"] == "CN/26-27/0002"
    # sums of October as they are now: half of the one that there was
    assert tree["b2csa"] == [{
        "omon": "102026", "typ": "OE", "sply_ty": "INTRA", "pos": "27",
        "itms": [{"rt": 5, "txval": 1000, "camt": 25, "samt": 25,
                  "csamt": 0}]}]
    assert tree["ata"][0]["itms"] == [{"rt": 18, "ad_amt": 5000,
                                       "camt": 450, "samt": 450, "csamt": 0}]
    assert tree["txpda"][0]["itms"] == [{"rt": 18, "ad_amt": 2500,
                                         "iamt": 450, "csamt": 0}]
    [operator] = tree["supecoa"]["clttxa"]
    assert (operator["omon"], operator["suppval"]) == ("102026", 1000)
    house.check_books()
    house.prove()


def test_amended_again_and_taken_back(posted):
    """Changed twice before the next filing it is one amendment; after it
    another, of what was filed last."""
    house = posted
    file(house)
    change(house, "BH/26-27/0001", half)
    [document] = [d for d in example.documents()
                  if d["number"] == "BH/26-27/0001"]
    half(document)
    half(document)
    assert example.put(house, document, 2).status == 200
    [text] = gstr1.export(house, period="112026")[1].values()
    [one] = gstr1.read_json(text)["b2ba"][0]["inv"]
    assert one["val"] == 29500
    void = {k: document[k] for k in ("kind", "entity", "number", "date",
                                     "currency")}
    void.update(total=0, tax=0, void=True, lines=[])
    assert example.put(house, void, 3).status == 200
    [text] = gstr1.export(house, period="112026")[1].values()
    tree = gstr1.read_json(text)
    assert gstr1.judge(tree) == []
    [one] = tree["b2ba"][0]["inv"]
    assert one["oinum"] == "BH/26-27/0001" and one["val"] == 0
    assert [i["itm_det"]["txval"] for i in one["itms"]] == [0]
    house.prove()


def test_what_changed_since_the_export(posted):
    """Who exported sees what he must export again."""
    house = posted
    where = "/v1/gst/summary?gstin=%s&period=102026" % OWN
    gstr1.export(house)
    assert house.get(where)["changed"]["documents"] == 0
    change(house, "BH/26-27/0001", half)
    assert house.get(where)["changed"]["documents"] == 1
    gstr1.export(house)
    assert house.get(where)["changed"]["documents"] == 0


def test_a_number_at_the_end_of_its_series_goes(posted):
    """Table 13 ends where the last one is, and says what is missing."""
    house = posted
    more = copy.deepcopy(example.documents()[0])
    more["number"] = "BH/26-27/0015"
    assert example.put(house, more).status == 201
    receipt, files = gstr1.export(house)
    [gap] = receipt["warnings"]
    assert (gap["code"], gap["examples"]) == ("gap", ["BH/26-27/0001"])
    [text] = files.values()
    [series] = gstr1.read_json(text)["doc_issue"]["doc_det"][0]["docs"]
    assert (series["to"], series["totnum"]) == ("BH/26-27/0015", 11)
    # it is of another month after all
    moved = dict(more, date="2026-11-02")
    assert example.put(house, moved, 1).status == 200
    receipt, files = gstr1.export(house)
    [text] = files.values()
    [series] = gstr1.read_json(text)["doc_issue"]["doc_det"][0]["docs"]
    assert (series["to"], series["totnum"]) == ("BH/26-27/0010", 10)
    assert receipt["warnings"] == []


def test_a_quarter_with_its_iff(house):
    """Filed, an IFF has its documents, and the quarter all others."""
    house.register("quarterly")
    house.csv("gst_level", "check,entity,level\nP02,*,off\n")
    house.start()
    example.post_all(house)
    before = gstr1.export(house, form="iff")[1]
    [tree] = map(gstr1.read_json, before.values())
    assert gstr1.judge(tree) == [] and tree["fp"] == "102026"
    assert [i["inum"] for g in tree["b2b"] for i in g["inv"]] == [
        "BH/26-27/000%d" % n for n in (1, 2, 3, 4)]
    assert set(tree) == {"gstin", "fp", "version", "hash", "b2b", "cdnr"}
    answer = house.api("POST", "/v1/gst/filings", {
        "gstin": OWN, "form": "iff", "period": "102026",
        "filed": "2026-11-13", "arn": "AA271026000001A", "reason": "filed"})
    assert answer.status == 200, answer.body
    change(house, "BH/26-27/0001", half)
    assert gstr1.export(house, form="iff")[1] == before
    [text] = gstr1.export(house, period="122026")[1].values()
    tree = gstr1.read_json(text)
    assert gstr1.judge(tree) == [] and tree["fp"] == "122026"
    assert "b2b" not in tree and "cdnr" not in tree
    assert tree["b2ba"][0]["inv"][0]["oinum"] == "BH/26-27/0001"
    # the rest of the month is in the quarter, as it would be in the month
    theirs = json.loads((gstr1.DATA / "gstr1_example.json").read_text())
    for section in ("b2cl", "b2cs", "exp", "cdnur", "at", "txpd", "nil"):
        assert tree[section] == theirs[section], section
    house.prove()
