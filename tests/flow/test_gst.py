"""Where documents stand in the returns of GST, as they are posted, changed,
filed and amended."""
import json
import os
import sqlite3
import time

import pytest

from test_consistency import tamper, walked
from taxed import (BUYER, OPERATOR, OWN, REGISTRATION, SELLER, SEZ, Taxed,
                   buyer, document, invoice)

QUARTERLY = "24AAACC4175D1Z4"
FIGURES = ("documents", "taxable", "igst", "cgst", "sgst", "cess", "value")


@pytest.fixture
def house():
    one = Taxed()
    yield one
    one.close()


def figures(one, *which):
    return tuple(one[name] for name in which or FIGURES)


def proved(house):
    """Sums are those of rows, rows those of documents, and the log gives the
    same again."""
    check_sums(house)
    house.check_books()
    house.prove()


def check_sums(house):
    heads = "igst, cgst, sgst, cess"
    signed = ", ".join("sum(CASE WHEN d.nature IN ('credit', 'adjustment')"
                       " THEN - r.%s ELSE r.%s END)" % (h, h)
                       for h in ("taxable", *heads.split(", ")))
    rows = {row[:3]: row[3:] for row in house.ask(
        "SELECT r.gstin, r.period, r.section, %s FROM gst_row r"
        " JOIN gst_document d USING (version) WHERE r.section <> ''"
        " GROUP BY 1, 2, 3" % signed)}
    sums = {row[:3]: row[3:] for row in house.ask(
        "SELECT gstin, period, section, sum(taxable), sum(igst), sum(cgst),"
        " sum(sgst), sum(cess) FROM gst_sum WHERE section NOT GLOB '[0-9]*'"
        " AND section <> 'outward' GROUP BY 1, 2, 3"
        " HAVING sum(n) <> 0 OR sum(taxable) <> 0")}
    assert {k: v for k, v in rows.items() if any(v) or k in sums} == sums


def test_each_kind_of_document(house):
    house.start()
    house.tell(invoice("BH/26-27/0001", (100000, 18), **buyer()))
    house.tell(invoice("BH/26-27/0002", (10000, 5), charged=False,
                       **buyer(reverse_charge=True)))
    house.tell(invoice("BH/26-27/0003", (50000, 18), (4761.90, 5),
                       inter=True, party_gstin=SEZ, category="regular",
                       place="29"))
    house.tell(invoice("BH/26-27/0004", (20000, 18), charged=False,
                       party_gstin=SEZ, category="sez", place="29",
                       supply="without_payment"))
    house.tell(invoice("BH/26-27/0005", (100000, 18), inter=True,
                       category="unregistered", place="07"))
    house.tell(invoice("BH/26-27/0006", (50000, 18), inter=True,
                       category="overseas", place="96",
                       supply="with_payment", port="INNSA1", bill="1234567",
                       bill_date="2026-10-16"))
    house.tell(invoice("BH/26-27/0008", (2000, 5), category="unregistered",
                       place="27", operator=OPERATOR))
    house.tell(invoice("BH/26-27/0009", (100, 0, {"supply": "nil"}),
                       (200, 0, {"supply": "exempt"}), **buyer()))
    house.tell(document("credit_note", "CN/26-27/0001", (1000, 18),
                        **buyer(original="BH/26-27/0001")))
    house.tell(document("credit_note", "CN/26-27/0002", (10000, 18),
                        inter=True, category="unregistered", place="07",
                        original="BH/26-27/0005"))
    house.tell(document("credit_note", "CN/26-27/0004", (1000, 18),
                        inter=True, category="unregistered", place="24"))
    house.tell(document("advance", "RV/26-27/0001", (10000, 18),
                        category="unregistered", place="27"))
    house.tell(document("advance_adjustment", "RV/25-26/0031", (5000, 18),
                        inter=True, category="unregistered", place="29"))
    house.tell(document("purchase_invoice", "P-1", (1000, 18), **buyer()))
    got = house.gst("summary")
    sections = {one["section"]: one for one in got["sections"]}
    assert figures(sections["b2b"]) == (
        4, "184761.90", "9238.10", "9250.00", "9250.00", "0.00", "212000.00")
    assert figures(sections["b2cl"]) == (
        1, "100000.00", "18000.00", "0.00", "0.00", "0.00", "118000.00")
    assert figures(sections["exp"])[:3] == (1, "50000.00", "9000.00")
    # the operator's sale, less the note between states
    assert figures(sections["b2cs"])[:6] == (
        2, "1000.00", "-180.00", "50.00", "50.00", "0.00")
    assert figures(sections["nil"])[:2] == (1, "300.00")
    assert figures(sections["cdnr"])[:4] == (
        1, "-1000.00", "0.00", "-90.00")
    assert figures(sections["cdnur"])[:3] == (1, "-10000.00", "-1800.00")
    assert figures(sections["at"])[:4] == (1, "10000.00", "0.00", "900.00")
    assert figures(sections["txpd"])[:3] == (1, "-5000.00", "-900.00")
    assert figures(sections["supeco"])[:4] == (
        1, "2000.00", "0.00", "50.00")
    assert sections["doc_issue"]["documents"] == 12
    # under reverse charge nobody owes us tax
    assert got["total"]["documents"] == 13
    assert figures(got["total"], "igst", "cgst", "sgst") == (
        "33358.10", "9860.00", "9860.00")
    assert got["unplaced"] == {"documents": 0}
    assert [one["form"] for one in got["due"]] == ["gstr1", "gstr3b"]
    assert got["due"][0]["date"] == "2026-11-11"
    inward = house.gst("cells", section="4(A)(5)")["items"]
    assert figures(inward[0], "documents", "taxable", "cgst") == (
        1, "1000.00", "90.00")
    issued = house.gst("issued")["items"]
    assert [(one["nature"], one["from"], one["to"], one["total"])
            for one in issued] == [
        (1, "BH/26-27/0001", "BH/26-27/0009", 8),
        (5, "CN/26-27/0001", "CN/26-27/0004", 3),
        (6, "RV/26-27/0001", "RV/26-27/0001", 1)]
    hsn = {(one["part"], one["rate"]): one
           for one in house.gst("hsn")["items"]}
    assert hsn["b2b", "18"]["quantity"] == "2"
    assert hsn["b2b", "18"]["taxable"] == "169000.00"
    assert hsn["b2c", "18"]["igst"] == "25020.00"
    assert len(house.gst("hsn", part="in")["items"]) == 1
    proved(house)


def test_a_figure_opens_to_its_documents(house):
    house.start()
    for n in range(1, 8):
        house.tell(invoice("A/%d" % n, (100 * n, 18), (10, 5), **buyer()))
    house.tell(document("credit_note", "C/1", (50, 18), **buyer()))
    cells = house.gst("cells", section="b2b")["items"]
    assert [(one["type"], one["place"], one["rate"], one["documents"],
             one["taxable"]) for one in cells] == [
        ("R", "27", "5", 7, "70.00"), ("R", "27", "18", 7, "2800.00")]
    seen, after = [], ""
    while after is not None:
        more = {"after": after} if after else {}
        page = house.gst("documents", section="b2b", type="R", place="27",
                         rate="18", limit=3, **more)
        seen += [(one["number"], one["taxable"]) for one in page["items"]]
        after = page["next"]
    assert seen == [("A/%d" % n, "%d.00" % (100 * n)) for n in range(1, 8)]
    # a cell of 3B takes both sections, signed
    seen, after = [], ""
    while after is not None:
        more = {"after": after} if after else {}
        page = house.gst("documents", section="3.1(a)", limit=4, **more)
        seen += [float(one["taxable"]) for one in page["items"]]
        after = page["next"]
    cell = house.gst("cells", section="3.1(a)")["items"]
    assert len(seen) == 15
    assert sum(seen) == sum(float(one["taxable"]) for one in cell) == 2820
    assert house.api("GET", "/v1/gst/documents?gstin=%s&period=102026"
                     "&section=b2b&after=x" % OWN).status == 400
    assert house.api("GET", "/v1/gst/documents?gstin=%s&period=102026"
                     "&section=3.1(a)&after=1.b2b.1.1" % OWN).status == 400
    assert house.api("GET", "/v1/gst/summary?gstin=%s&period=132026"
                     % OWN).status == 400
    assert house.api("GET", "/v1/gst/summary?gstin=%s&period=102026"
                     % BUYER).status == 404


def test_a_change_before_filing_takes_its_place(house):
    house.start()
    one = invoice("A/1", (1000, 18), **buyer())
    house.tell(one)
    house.put(invoice("A/1", (3000, 18), inter=True,
                      category="unregistered", place="07"), 1)
    got = house.sections()
    assert figures(got["b2b"])[:2] == (0, "0.00")
    assert figures(got["b2cs"])[:3] == (1, "3000.00", "540.00")
    # into another month: its number goes with it
    house.put(invoice("A/1", (3000, 18), date="2026-11-05", **buyer()), 2)
    assert figures(house.sections()["b2cs"])[:2] == (0, "0.00")
    assert house.gst("issued")["items"] == []
    assert figures(house.sections(period="112026")["b2b"])[:2] == (
        1, "3000.00")
    del one["gst"]["gstin"]     # as it was, whatever the last one says
    house.void(one, 3)
    assert figures(house.sections(period="112026")["b2b"])[:2] == (
        0, "0.00")
    issued = house.gst("issued", period="112026")["items"]
    assert [(i["total"], i["cancelled"]) for i in issued] == [(1, 1)]
    proved(house)


def test_ends_of_a_series_are_asked_anew(house):
    house.start()
    for n in range(1, 5):
        house.tell(invoice("A/00%d" % n, (100, 18), **buyer()))
    house.put(invoice("A/004", (100, 18), date="2026-11-01", **buyer()), 1)
    issued = house.gst("issued")["items"]
    assert [(i["from"], i["to"], i["total"]) for i in issued] == [
        ("A/001", "A/003", 3)]
    proved(house)


def test_what_is_filed_is_amended(house):
    house.start()
    house.tell(invoice("A/1", (1000, 18), (500, 5), **buyer()))
    house.tell(invoice("A/2", (100, 18), category="unregistered",
                       place="27"))
    house.tell(document("credit_note", "C/1", (10, 18), **buyer()))
    house.tell(document("purchase_invoice", "P/1", (1000, 18), **buyer()))
    refused = house.api("POST", "/v1/gst/filings", {
        "gstin": OWN, "form": "gstr1", "period": "102026",
        "filed": "2026-10-20"})
    assert refused.status != 200        # the month is not over
    house.file()
    assert house.gst("summary")["state"] == "filed"
    before = house.sections()
    house.put(invoice("A/1", (2000, 18), (500, 5), **buyer()), 1)
    house.put(invoice("A/2", (150, 18), category="unregistered",
                      place="27"), 1)
    house.void(document("credit_note", "C/1", (10, 18)), 1)
    # late, not an amendment
    house.tell(invoice("A/3", (7, 18), **buyer()))
    assert house.sections() == before
    got = house.sections(period="112026")
    assert figures(got["b2ba"])[:4] == (1, "2500.00", "0.00", "192.50")
    assert figures(got["b2csa"], "taxable", "cgst") == ("50.00", "4.50")
    assert figures(got["cdnra"])[:2] == (1, "0.00")
    assert figures(got["b2b"])[:2] == (1, "7.00")
    total = house.gst("summary", period="112026")["total"]
    assert figures(total, "taxable", "cgst") == ("1067.00", "96.03")
    cells = house.gst("cells", period="112026", section="b2csa")["items"]
    assert [(c["type"], c["taxable"]) for c in cells] == [
        ("202610", "50.00")]
    # goods: the change alone
    assert [(h["rate"], h["taxable"]) for h in
            house.gst("hsn", period="112026")["items"]
            if h["part"] == "b2b"] == [("18", "1017.00")]
    # once more, still one amendment
    house.put(invoice("A/1", (2500, 18), (500, 5), **buyer()), 2)
    got = house.sections(period="112026")
    assert figures(got["b2ba"])[:2] == (1, "3000.00")
    # numbers were issued in October
    assert [i["total"] for i in house.gst("issued")["items"]] == [2, 1]
    assert [i["total"] for i in
            house.gst("issued", period="112026")["items"]] == [1]
    # GSTR-3B is filed by itself
    house.tell(document("purchase_invoice", "P/1", (1500, 18), **buyer()),
               version=1)
    assert house.gst("cells", section="4(A)(5)")["items"][0][
        "taxable"] == "1500.00"
    house.file("gstr3b", filed="2026-11-20")
    house.tell(document("purchase_invoice", "P/1", (1200, 18), **buyer()),
               version=2)
    assert [c["taxable"] for c in house.gst(
        "cells", section="4(A)(5)", period="112026")["items"]] == ["-300.00"]
    assert [(r["taxable"], r["takes_back"]) for r in house.gst(
        "documents", section="4(A)(5)", period="112026")["items"]] == [
        ("-1500.00", True), ("1200.00", False)]
    twice = house.api("POST", "/v1/gst/filings", {
        "gstin": OWN, "form": "gstr1", "period": "102026",
        "filed": "2026-11-20"})
    assert twice.status == 422, twice.body
    assert len(house.get("/v1/gst/filings")["items"]) == 2
    proved(house)


def test_a_filing_said_by_mistake(house):
    """Open again while nothing is built upon it; the log tells of both."""
    house.start()
    house.tell(invoice("A/1", (1000, 18), **buyer()))
    word = {"gstin": OWN, "form": "gstr1", "period": "102026"}

    def withdraw(**more):
        return house.api("POST", "/v1/gst/filings/withdraw",
                         dict(word, **more))
    assert withdraw(reason="not yet").status == 422     # it is not filed
    house.file()
    assert withdraw().status == 400                     # why?
    assert withdraw(reason="wrong month", form="iff").status == 400
    done = withdraw(reason="wrong month")
    assert done.status == 200 and done.json["by"], done.body
    assert house.gst("summary")["state"] == "open"
    assert house.get("/v1/gst/filings")["items"] == []
    # changed in place again, not amended
    house.put(invoice("A/1", (2000, 18), **buyer()), 1)
    assert figures(house.sections()["b2b"])[:2] == (1, "2000.00")
    assert "b2ba" not in {name for name, section in house.sections(
        period="112026").items() if section["documents"]}
    house.file()
    house.put(invoice("A/1", (2500, 18), **buyer()), 2)
    assert figures(house.sections(period="112026")["b2ba"])[0] == 1
    assert withdraw(reason="too late").status == 422    # it is amended
    proved(house)


def test_an_invoice_that_becomes_another(house):
    """Out of one section and into another, after it was filed."""
    house.start()
    house.tell(invoice("A/1", (1000, 18), **buyer()))
    house.file()
    house.put(invoice("A/1", (1000, 18), category="unregistered",
                      place="27"), 1)
    got = house.sections(period="112026")
    assert figures(got["b2ba"])[:2] == (1, "0.00")
    assert figures(got["b2csa"])[:2] == (1, "1000.00")
    assert house.gst("summary", period="112026")["total"]["taxable"] == "0.00"
    proved(house)


def test_changes_since_it_was_filed(house):
    house.start()
    house.tell(invoice("A/1", (1000, 18), **buyer()))
    assert house.gst("summary")["changed"] == {"since": None, "documents": 0}
    assert house.gst("changes")["items"] == []
    made = house.api("POST", "/v1/gst/exports", {
        "gstin": OWN, "period": "102026", "form": "gstr1",
        "format": "json"})
    assert made.status == 202, made.body
    end = time.monotonic() + 60
    while house.get("/v1/gst/exports/" + made.json["export"])[
            "state"] != "done":
        assert time.monotonic() < end
        time.sleep(0.02)
    changed = house.gst("summary")["changed"]
    assert changed["since"] > 0 and changed["documents"] == 0
    # new, changed, void, and gone into another month
    house.tell(invoice("A/2", (1000, 18), **buyer()))
    house.tell(invoice("A/3", (1000, 18), **buyer()))
    house.put(invoice("A/3", (10, 18), date="2026-11-05", **buyer()), 1)
    house.put(invoice("A/1", (2000, 18), **buyer()), 1)
    house.void(invoice("A/4", (1, 18)))
    assert house.gst("summary")["changed"]["documents"] == 4
    first = house.gst("changes", limit=3)
    more = house.gst("changes", after=first["next"])
    assert more["next"] is None
    assert {(c["number"], c["what"])
            for c in first["items"] + more["items"]} == {
        ("A/2", "new"), ("A/3", "gone"), ("A/1", "changed"),
        ("A/4", "void")}
    house.file()
    (said,), = house.ask("SELECT new FROM audit WHERE action = 'gst.filed'")
    assert "export=" + made.json["export"] in said
    assert house.gst("summary")["changed"]["documents"] == 0
    proved(house)


def test_quarters_and_their_iff(house):
    house.start()
    own = dict(gstin=QUARTERLY, party_gstin="24AABCU9603R1ZT",
               category="regular", place="24")
    house.tell(invoice("Q/1", (100, 18), (50, 0, {"supply": "nil"}), **own))
    house.tell(invoice("Q/2", (200, 18), date="2026-11-05", **own))
    house.tell(invoice("Q/3", (300, 18), date="2026-12-05",
                       gstin=QUARTERLY, category="unregistered", place="24"))
    for period in ("102026", "112026", "122026"):
        got = house.gst("summary", QUARTERLY, period)
        assert got["period"] == "122026"
        assert figures({s["section"]: s for s in got["sections"]}["b2b"])[
            :2] == (2, "300.00")
    assert house.gst("summary", QUARTERLY, "102026", form="iff")[
        "due"][0]["form"] == "iff"
    house.file("iff", QUARTERLY, "102026", "2026-11-13")
    iff = {s["section"]: s for s in house.gst(
        "summary", QUARTERLY, "102026", form="iff")["sections"]}
    assert figures(iff["b2b"])[:2] == (1, "100.00")
    quarter = house.sections(QUARTERLY, "122026")
    assert figures(quarter["b2b"])[:2] == (1, "200.00")
    assert figures(quarter["nil"])[:2] == (1, "50.00")
    # GSTR-3B is of the whole quarter
    cell = house.gst("cells", QUARTERLY, "122026", section="3.1(a)")["items"]
    assert sum(float(c["taxable"]) for c in cell) == 600
    rows = house.gst("documents", QUARTERLY, "122026", section="3.1(a)")
    assert [r["taxable"] for r in rows["items"]] == [
        "100.00", "200.00", "300.00"]
    seen, after = [], ""
    while after is not None:
        more = {"after": after} if after else {}
        page = house.gst("documents", QUARTERLY, "122026", limit=1,
                         section="3.1(a)", **more)
        seen += [r["taxable"] for r in page["items"]]
        after = page["next"]
    assert seen == ["100.00", "200.00", "300.00"]
    # what an IFF has is amended in the quarter
    house.put(invoice("Q/1", (150, 18), (50, 0, {"supply": "nil"}), **own),
              1)
    quarter = house.sections(QUARTERLY, "122026")
    assert figures(quarter["b2ba"])[:2] == (1, "150.00")
    cell = house.gst("cells", QUARTERLY, "122026", section="3.1(a)")["items"]
    assert sum(float(c["taxable"]) for c in cell) == 650
    proved(house)


def test_two_registrations_in_two_states(house):
    house.start()
    house.tell(invoice("A/1", (100, 18), **buyer()))
    house.tell(invoice("G/1", (100, 18), inter=True, gstin=QUARTERLY,
                       party_gstin=BUYER, category="regular", place="27"))
    # stock sent from one to the other is a supply, and a purchase
    house.tell(invoice("G/2", (40, 18), inter=True, gstin=QUARTERLY,
                       party_gstin=OWN, category="regular", place="27"))
    assert figures(house.sections()["b2b"])[:3] == (1, "100.00", "0.00")
    assert figures(house.sections(QUARTERLY, "122026")["b2b"])[:3] == (
        2, "140.00", "25.20")
    # nobody sells to himself
    house.tell(invoice("A/2", (100, 18), party_gstin=OWN,
                       category="regular", place="27"))
    assert figures(house.sections()["b2b"])[:1] == (1,)
    assert {r["gstin"]: (r["state"], r["filing"]) for r in house.get(
        "/v1/gst/registrations")["items"]} == {
        OWN: ("Maharashtra", "monthly"),
        QUARTERLY: ("Gujarat", "quarterly")}
    proved(house)


def test_foreign_currency_in_rupees(house):
    house.csv("rate", "from,to,first,rate\nUSD,INR,2026-10-01,83.125\n")
    house.start()
    house.tell(invoice("E/1", (100, 18), charged=False, currency="USD",
                       category="overseas", place="96",
                       supply="without_payment"))
    assert figures(house.sections()["exp"], "taxable", "value") == (
        "8312.50", "8312.50")
    proved(house)


def test_a_note_is_as_large_as_its_invoice(house):
    """Whatever comes first."""
    house.start()
    large = invoice("L/1", (100000, 18), inter=True,
                    category="unregistered", place="07")
    note = document("credit_note", "N/1", (100, 18), inter=True,
                    category="unregistered", place="07", original="L/1")
    house.tell(note)
    assert figures(house.sections()["b2cs"])[:2] == (1, "-100.00")
    house.tell(large)
    assert figures(house.sections()["b2cs"])[:2] == (0, "0.00")
    assert figures(house.sections()["cdnur"])[:2] == (1, "-100.00")
    house.put(invoice("L/1", (1000, 18), inter=True,
                      category="unregistered", place="07"), 1)
    assert figures(house.sections()["b2cs"])[:2] == (2, "900.00")
    proved(house)


def test_documents_that_say_too_little(house):
    house.start()
    bare = invoice("A/1", (100, 0), category="unregistered", place="27")
    del bare["lines"][0]["tax_code"]
    house.tell(bare)
    got = house.gst("summary")
    assert got["unplaced"] == {"documents": 1}
    rows = house.gst("documents", section="unplaced")["items"]
    assert [(r["number"], r["rate"]) for r in rows] == [("A/1", None)]
    proved(house)


def test_an_operator_files_table_15(house):
    house.start()
    house.tell(invoice("O/1", (100, 5), **buyer(seller=SELLER)))
    house.tell(invoice("O/2", (10, 5), category="unregistered", place="27",
                       seller="URP"))
    assert figures(house.sections()["ecom"])[:2] == (2, "110.00")
    assert [(c["type"], c["taxable"]) for c in house.gst(
        "cells", section="ecom")["items"]] == [
        ("b2b/" + SELLER, "100.00"), ("urp2c/URP", "10.00")]
    rows = house.gst("documents", section="ecom", type="urp2c%2FURP")
    assert [r["number"] for r in rows["items"]] == ["O/2"]
    assert house.gst("cells", section="3.1.1(i)")["items"][0][
        "taxable"] == "110.00"
    proved(house)


def test_a_burnt_number(house):
    house.start()
    house.tell(invoice("A/1", (100, 18), **buyer()))
    house.void(invoice("A/2", (1, 18)))
    issued = house.gst("issued")["items"]
    assert [(i["total"], i["cancelled"], i["to"]) for i in issued] == [
        (2, 1, "A/2")]
    assert house.sections()["b2b"]["documents"] == 1
    proved(house)


def test_many_in_one_event_and_in_batches(house):
    house.start()
    house.tell(*[invoice("A/%d" % n, (100, 18), **buyer())
                 for n in range(1, 4)])
    assert house.sections()["b2b"]["documents"] == 3
    house.stop()
    house.csv("flow", "source,kind,entity,pattern,window,latency,owner,"
              "objective,wait,control\nevents,sales_invoice,*,batch,,0,a,0,"
              "48,high\nevents,settlement,*,batch,,0,a,0,48,high\n")
    house.start()
    for n in (4, 5):
        house.tell(dict(invoice("A/%d" % n, (100, 18), **buyer()),
                        batch="B1"), state="waiting")
    assert house.sections()["b2b"]["documents"] == 3
    house.tell({"kind": "settlement", "entity": "IN01", "number": "S/1",
                "date": "2026-10-05", "currency": "INR",
                "total": 23600, "tax": 0, "batch": "B1",
                "control_total": 23600, "control_count": 2, "lines": [
                    {"type": "bank", "account": "1000", "amount": 23600},
                    {"type": "clearing", "account": "1220",
                     "amount": 23600}]})
    got = house.sections()
    assert figures(got["b2b"])[:2] == (5, "500.00")
    proved(house)


def test_nothing_is_lost_when_it_is_killed(house):
    house.start(BAHI_CRASH="settle.after_journal")
    with pytest.raises(Exception):
        house.tell(invoice("A/1", (100, 18), **buyer()))
    house.died()
    house.start()
    house.tell(invoice("A/1", (100, 18), **buyer()))
    assert figures(house.sections()["b2b"])[:2] == (1, "100.00")
    house.kill()
    house.start()
    assert figures(house.sections()["b2b"])[:2] == (1, "100.00")
    proved(house)


class Late(Taxed):
    """Books that were there before GST."""
    registration = ""


@pytest.fixture
def late():
    one = Late()
    yield one
    one.close()


def register(house):
    answer = house.api("POST", "/v1/reference/registration",
                       REGISTRATION.encode(), {"Content-Type": "text/csv"})
    assert answer.status == 200, answer.body


def read(house):
    end = time.monotonic() + 60
    while any(one["reading"] is not None
              for one in house.get("/v1/gst/registrations")["items"]):
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_registration_brings_its_documents_in(late):
    late.start()
    for n in range(1, 6):
        late.tell(invoice("A/%d" % n, (100, 18), **buyer()))
    late.tell(document("credit_note", "C/1", (10, 18), inter=True,
                       category="unregistered", place="07", original="L/1"))
    late.tell(invoice("L/1", (100000, 18), inter=True,
                      category="unregistered", place="07"))
    late.put(invoice("A/5", (500, 18), **buyer()), 1)
    late.void(invoice("A/4", (1, 18)), 1)
    late.tell({"kind": "journal_voucher", "entity": "IN01", "number": "V/1",
               "date": "2026-10-06", "currency": "INR", "total": 100,
               "tax": 0, "lines": [
                   {"type": "entry", "account": "2300", "amount": 100},
                   {"type": "entry", "account": "1000", "amount": -100}]})
    assert late.ask("SELECT * FROM gst_document") == []
    assert late.get("/v1/gst/registrations")["items"] == []
    register(late)
    read(late)
    got = late.sections()
    assert figures(got["b2b"])[:2] == (4, "800.00")
    assert figures(got["cdnur"])[:2] == (1, "-10.00")
    issued = late.gst("issued")["items"][0]
    assert (issued["total"], issued["cancelled"]) == (5, 1)
    late.put(invoice("A/5", (600, 18), **buyer()), 2)
    assert figures(late.sections()["b2b"])[:2] == (4, "900.00")
    tied = late.ask("SELECT * FROM gst_tie"), late.ask(
        "SELECT * FROM gst_ledger")
    assert len(tied[0]) == 1 and tied[1]
    # the same table once more changes nothing
    register(late)
    read(late)
    assert figures(late.sections()["b2b"])[:2] == (4, "900.00")
    assert (late.ask("SELECT * FROM gst_tie"),
            late.ask("SELECT * FROM gst_ledger")) == tied
    proved(late)


def test_documents_are_read_while_others_change(late):
    """Whatever comes first, a rebuild comes to the same."""
    late.tell_all = [invoice("A/%d" % n, (100, 18), **buyer())
                     for n in range(1, 60)]
    late.start()
    late.tell(*late.tell_all)
    register(late)
    for n in range(1, 60, 3):
        late.put(invoice("A/%d" % n, (50, 18), date="2026-11-05",
                         **buyer()), 1)
    late.stop()
    late.start()
    read(late)
    assert late.sections()["b2b"]["documents"] == 39
    assert late.sections(period="112026")["b2b"]["documents"] == 20
    proved(late)


# ---- where a document leads ------------------------------------------------

def returns(house, name):
    return [row for one in house.get("/v1/trace/" + name)["events"]
            for row in one["returns"]]


def test_a_trace_leads_to_the_rows(house):
    house.start()
    event = house.tell(invoice("A/1", (1000, 18), (100, 5), (50, 0, {
        "supply": "nil"}), **buyer()))["event"]
    rows = returns(house, event)
    assert [(r["return"], r["table"], r["section"], r["cell"], r["rate"],
             r["taxable"], r["tax"], r["period"]) for r in rows] == [
        ("GSTR-1", "4A, 4B, 6B, 6C", "b2b", "3.1(a)", "18", "1000.00",
         "180.00", "102026"),
        ("GSTR-1", "4A, 4B, 6B, 6C", "b2b", "3.1(a)", "5", "100.00", "5.00",
         "102026"),
        ("GSTR-1", "8", "nil", "3.1(c)", "0", "50.00", "0.00", "102026")]
    event = house.tell(document("purchase_invoice", "P/1", (1000, 18),
                                **buyer(credit="blocked")))["event"]
    row, = returns(house, event)
    assert (row["return"], row["table"], row["cgst"]) == (
        "GSTR-3B", "4(B)(1)", "90.00")
    house.file()
    later = house.put(invoice("A/1", (2000, 18), **buyer()), 1)["event"]
    # the filed one stays where it was, the change is in the next
    got = [(r["table"], r["period"], r["taxable"])
           for r in returns(house, later)]
    assert ("9A", "112026", "2000.00") in got


def test_a_document_says_what_it_is_under_gst(house):
    house.start()
    house.tell(invoice("A/1", (1000, 18), inter=True, party_gstin=SEZ,
                       category="sez", place="29", supply="with_payment"))
    gst = house.get("/v1/documents/IN01/sales_invoice/A%2F1")["gst"]
    assert (gst["gstin"], gst["ctin"], gst["category"], gst["place"],
            gst["inter"], gst["amends"], gst["period"]) == (
        OWN, SEZ, "sez", "29", True, False, "102026")
    assert [(r["section"], r["type"], r["cell"], r["igst"])
            for r in gst["rows"]] == [("b2b", "SEWP", "3.1(b)", "180.00")]
    house.tell({"kind": "journal_voucher", "entity": "IN01", "number": "V1",
                "date": "2026-10-06", "currency": "INR", "total": 100,
                "tax": 0, "lines": [
                    {"type": "entry", "account": "1000", "amount": 100},
                    {"type": "entry", "account": "3000", "amount": -100}]})
    assert house.get("/v1/documents/IN01/journal_voucher/V1")["gst"] is None


# ---- the walk --------------------------------------------------------------

def differing(house, passes=2):
    now = house.get("/v1/consistency")["passes"]
    return {(one["code"], one["name"])
            for one in walked(house, now + passes)["items"]}


def test_the_walk_compares_returns(house):
    house.setting("consistency", "1")
    house.start()
    event = house.tell(invoice("A/1", (1000, 18), **buyer()))["event"]
    house.tell(document("credit_note", "C/1", (10, 18), **buyer()))
    house.file()
    house.put(invoice("A/1", (2000, 18), category="unregistered",
                      place="27"), 1)
    house.tell(invoice("A/2", (1000, 18), operator=OPERATOR, **buyer()))
    assert differing(house) == set()
    tamper(house, "UPDATE gst_sum SET taxable = taxable + 1"
           " WHERE section = 'cdnr'")
    assert differing(house) == {("gst.sum", OWN + "/202610/cdnr")}
    tamper(house, "UPDATE gst_sum SET taxable = taxable - 1"
           " WHERE section = 'cdnr'",
           "UPDATE gst_row SET cgst = cgst + 5 WHERE section = 'b2b'"
           " AND period = 202610")
    assert differing(house) == {("gst.sum", OWN + "/202610/b2b"),
                                ("gst.document", event)}


def test_a_late_document_stands_in_the_return_of_its_day(house):
    """Carried into another period of the books, not of the law."""
    house.start()
    late = house.tell(invoice("A/1", (100, 18), date="2026-09-20",
                              **buyer()), state="failed")
    assert "period.closed" in [f["code"] for f in late["findings"]]
    said = house.api("POST", "/v1/decisions", {
        "action": "carry", "reason": "came late", "events": [
            {"id": late["event"], "version": 1}]})
    assert said.status == 200, said.body
    assert figures(house.sections(period="092026")["b2b"])[:2] == (
        1, "100.00")
    assert figures(house.sections()["b2b"])[:1] == (0,)
    # unless that return is filed: then in the next one
    house.file(period="092026", filed="2026-10-11")
    late = house.tell(invoice("A/2", (100, 18), date="2026-09-20",
                              **buyer()), state="failed")
    said = house.api("POST", "/v1/decisions", {
        "action": "carry", "reason": "came late", "events": [
            {"id": late["event"], "version": 1}]})
    assert said.status == 200, said.body
    assert figures(house.sections(period="092026")["b2b"])[:1] == (1,)
    assert figures(house.sections()["b2b"])[:2] == (1, "100.00")
    proved(house)
