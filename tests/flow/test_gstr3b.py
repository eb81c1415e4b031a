"""GSTR-3B: every cell from what was posted and what people entered, what is
owed by the order of the law, and when."""
import csv
import datetime
import io
import json
import re
import urllib.parse
from decimal import Decimal

import pytest

import gstr1
from test_recon import group, inv, two_b
from gstdocs import MONTHLY, OWN, Registered, THERE, document, today
from house import database


class Taxed(Registered):
    registration = MONTHLY + "%s,2017-07-01,IN01,regular,quarterly,,\n" % (
        THERE)

    def sums(self, *rows, gstin=OWN, period=202610):
        """What documents came to, as the writer keeps it."""
        with database(self.home / "bahi.db", write=True) as db:
            for section, type, place, *figures in rows:
                db.execute("INSERT INTO gst_sum (gstin, period, section, type,"
                           " place, rate, documents, n, value, taxable, igst,"
                           " cgst, sgst, cess, first) VALUES (?, ?, ?, ?, ?,"
                           " 18000, 1, 1, 0, ?, ?, ?, ?, ?, 1)",
                           (gstin, period, section, type, place, *figures))


@pytest.fixture
def house():
    one = Taxed().hire()
    yield one
    one.close()


def form(house, period="102026", gstin=OWN):
    got = house.get("/v1/gst/gstr3b?gstin=%s&period=%s" % (gstin, period))
    return got, {c["cell"]: c for c in got["items"]}


def owed(house, period="102026", gstin=OWN):
    got = house.get("/v1/gst/liability?gstin=%s&period=%s" % (gstin, period))
    return got, {p["head"]: p for p in got["payment"]}


def enter(house, cell, who="ravi", period="102026", gstin=OWN,
          reason="as the portal says", **more):
    return house.people.ask(who, "POST", "/v1/gst/entries", dict(
        {"gstin": gstin, "period": period, "cell": cell, "reason": reason},
        **more))


def test_every_cell_of_the_form(house):
    house.sums(("3.1(a)", "R", "27", 10000000, 0, 900000, 900000, 0),
               ("3.1(a)", "", "07", 9000000, 1620000, 0, 0, 0),
               ("3.2(unregistered)", "", "07", 9000000, 1620000, 0, 0, 0),
               ("3.1(b)", "WPAY", "96", 5000000, 900000, 0, 0, 0),
               ("4(A)(5)", "", "27", 5000000, 0, 450000, 450000, 0),
               ("5(gst)", "inter", "27", 10000, 0, 0, 0, 0),
               ("5(gst)", "intra", "27", 2500, 0, 0, 0, 0),
               ("b2b", "R", "27", 10000000, 0, 900000, 900000, 0))
    house.start()
    got, cells = form(house)
    assert (got["gstin"], got["entity"], got["filing"], got["filed"]) == (
        OWN, "IN01", "monthly", None)
    assert cells["3.1(a)"] == {
        "table": "3.1", "cell": "3.1(a)", "entry": False,
        "title": "Outward taxable supplies", "path": "sup_details.osup_det",
        "source": "computed", "opens": "3.1(a)", "taxable": "190000.00",
        "igst": "16200.00", "cgst": "9000.00", "sgst": "9000.00",
        "cess": "0.00"}
    assert cells["3.2(unregistered)"]["places"] == [
        {"place": "07", "taxable": "90000.00", "igst": "16200.00"}]
    assert (cells["5(gst)"]["inter"], cells["5(gst)"]["intra"]) == (
        "100.00", "25.00")
    assert got["itc"]["net"] == {"igst": "0.00", "cgst": "4500.00",
                                 "sgst": "4500.00", "cess": "0.00"}
    # What the form has not of a cell is not shown.
    assert "cgst" not in cells["3.1(b)"] and "taxable" not in cells["4(A)(5)"]
    _, heads = owed(house)
    assert (heads["igst"]["output"], heads["igst"]["cash"]) == (
        "25200.00", "25200.00")
    assert heads["cgst"]["credit_used"] == {"cgst": "4500.00"}
    assert heads["cgst"]["cash"] == "4500.00"


def test_from_what_was_posted(house):
    """The same by documents: one of each cell, its figure by hand."""
    house.start()
    nothing = {"party_gstin": None, "category": "unregistered"}
    overseas = {"party_gstin": None, "category": "overseas", "place": "96"}
    nil = document("sales_invoice", "S5", 60, rate=0)
    nil["lines"] = [dict(nil["lines"][0], supply="nil")]
    outside = document("sales_invoice", "S6", 70, rate=0)
    outside["lines"] = [dict(outside["lines"][0], supply="non_gst")]
    bought = document("purchase_invoice", "P2", 1000,
                      gst={"reverse_charge": True})
    bought["lines"].append({"type": "reverse_charge", "account": "2340",
                            "tax_code": "GST18", "amount": 18000})
    bought["total"] -= 18000
    exempt = document("purchase_invoice", "P6", 90, rate=0)
    exempt["lines"] = [dict(exempt["lines"][0], supply="exempt")]
    for one in (
            document("sales_invoice", "S1", 1000),
            document("sales_invoice", "S2", 2000, inter=True,
                     gst=nothing),
            document("credit_note", "C1", 500, inter=True, gst=nothing),
            document("sales_invoice", "S3", 3000, inter=True, gst=dict(
                overseas, supply="with_payment", port="INNSA1",
                bill="1234567", bill_date="2026-10-06")),
            nil, outside,
            document("purchase_invoice", "P1", 4000, inter=True), bought,
            document("purchase_invoice", "P3", 100,
                     gst={"credit": "blocked"}),
            document("purchase_invoice", "P4", 200,
                     gst={"credit": "reversed"}),
            document("purchase_invoice", "P5", 300,
                     gst={"credit": "restricted"}), exempt):
        house.put(one)
    got, cells = form(house)

    def cell(name, *keys):
        return tuple(cells[name][k] for k in keys)
    assert cell("3.1(a)", "taxable", "igst", "cgst", "sgst") == (
        "2500.00", "270.00", "90.00", "90.00")
    assert cell("3.1(b)", "taxable", "igst") == ("3000.00", "540.00")
    assert cell("3.1(c)", "taxable") == ("60.00",)
    assert cell("3.1(e)", "taxable") == ("70.00",)
    assert cell("3.1(d)", "taxable", "cgst", "sgst") == (
        "1000.00", "90.00", "90.00")
    assert cells["3.2(unregistered)"]["places"] == [
        {"place": "29", "taxable": "1500.00", "igst": "270.00"}]
    assert cell("4(A)(3)", "cgst") == ("90.00",)
    assert cell("4(A)(5)", "igst", "cgst") == ("720.00", "27.00")
    assert cell("4(B)(1)", "cgst") == ("9.00",)
    assert cell("4(B)(2)", "cgst") == ("18.00",)
    assert cell("4(D)(2)", "cgst") == ("27.00",)
    assert cell("5(gst)", "intra", "inter") == ("90.00", "0.00")
    assert got["itc"]["net"]["cgst"] == "90.00"
    # IGST 810 by 720 of IGST and 90 in cash, CGST 90 by CGST 90; and 180 of
    # reverse charge.
    _, heads = owed(house)
    assert {h: p["cash_total"] for h, p in heads.items()} == {
        "igst": "90.00", "cgst": "90.00", "sgst": "90.00", "cess": "0.00"}
    assert house.get("/v1/gst/agree?gstin=%s&period=102026" % OWN)[
        "output"]["gstr3b"]["igst"] == "810.00"
    house.stop()
    house.prove()


def test_what_people_enter(house):
    house.sums(("3.1(a)", "R", "27", 10000000, 0, 900000, 900000, 0),
               ("4(A)(5)", "", "27", 5000000, 0, 450000, 450000, 0))
    house.start()
    done = enter(house, "4(A)(4)", cgst="100.00", sgst=100)
    assert done.status == 200, done.body
    assert done.json["by"] == "ravi" and done.json["cgst"] == "100.00"
    assert enter(house, "4(A)(5)", cgst="50.00").status == 200
    assert enter(house, "5.1(interest)", igst="18.05").status == 200
    assert enter(house, "5.1(late_fee)", cgst="25", sgst="25").status == 200
    assert enter(house, "6.1(credit)", igst="1000.00").status == 200
    got, cells = form(house)
    assert cells["4(A)(4)"]["source"] == "manual"
    assert cells["4(A)(5)"]["source"] == "both"
    assert cells["4(A)(5)"]["cgst"] == "4550.00"
    assert cells["4(A)(5)"]["manual"]["cgst"] == "50.00"
    assert cells["6.1(credit)"]["source"] == "manual"
    _, heads = owed(house)
    # IGST credit goes first; all of it, since there is no IGST to pay.
    used = [Decimal(heads[h]["credit_used"].get("igst", "0"))
            for h in ("cgst", "sgst")]
    assert sum(used) == 1000
    assert heads["cgst"]["late_fee"] == "25.00"
    assert heads["igst"]["cash_total"] == "18.05"
    total = Decimal(18000) - 1000 - 4650 - 4600
    assert sum(Decimal(heads[h]["cash"]) for h in heads) == total
    # Said again it stands instead; removed, it was never said.
    assert enter(house, "5.1(interest)", igst="20").status == 200
    assert form(house)[1]["5.1(interest)"]["igst"] == "20.00"
    assert enter(house, "5.1(interest)", remove=True).status == 200
    assert form(house)[1]["5.1(interest)"]["source"] == "computed"
    assert enter(house, "5.1(interest)", remove=True).status == 404
    items = house.get("/v1/gst/entries?gstin=%s&period=102026" % OWN)["items"]
    assert [i["cell"] for i in items] == ["4(A)(4)", "4(A)(5)",
                                          "5.1(late_fee)", "6.1(credit)"]
    with database(house.home / "bahi.db", write=True) as db:
        [[n]] = db.execute("SELECT count(*) FROM audit WHERE"
                           " action = 'gst.entry'").fetchall()
    assert n == 7


@pytest.mark.parametrize("why,status,cell,more", [
    ("a cell of documents", 422, "3.1(a)", {"igst": "1"}),
    ("no such cell", 422, "9.9", {"igst": "1"}),
    ("a head that it has not", 422, "5.1(late_fee)", {"igst": "1"}),
    ("interest below zero", 422, "5.1(interest)", {"igst": "-1"}),
    ("not rupees", 400, "5.1(interest)", {"igst": "1.005"}),
    ("too much", 400, "5.1(interest)", {"igst": "99999999999999.00"}),
    ("no reason", 400, "5.1(interest)", {"igst": "1", "reason": ""}),
    ("no period", 400, "5.1(interest)", {"igst": "1", "period": "202610"}),
    ("not ours", 404, "5.1(interest)",
     {"igst": "1", "gstin": "07AAAAA0000A1Z4"}),
    ("not a quarter's end", 422, "5.1(interest)",
     {"igst": "1", "gstin": THERE}),
    ("a clerk", 403, "5.1(interest)", {"igst": "1", "who": "asha"}),
])
def test_what_nobody_enters(house, why, status, cell, more):
    house.start()
    assert enter(house, cell, **more).status == status, why
    assert house.get("/v1/gst/entries?gstin=%s&period=102026" % OWN) == {
        "items": []}


def test_never_after_filing(house):
    house.start()
    house.put(document("sales_invoice", "S1", 1000))
    house.put(document("purchase_invoice", "P1", 500))
    house.file("gstr1")
    house.file("gstr3b")
    before = form(house)[0]
    assert before["filed"] == "2026-11-20"
    answer = enter(house, "5.1(interest)", igst="1")
    assert answer.status == 422 and b"2026-11-20" in answer.body
    assert enter(house, "5.1(interest)", igst="1",
                 period="112026").status == 200
    # What changes later goes into the next one; what was filed stays.
    house.put(document("purchase_invoice", "P1", 700), version=1)
    house.put(document("sales_invoice", "S1", 1100), version=1)
    assert form(house)[0] == before
    _, cells = form(house, "112026")
    assert (cells["3.1(a)"]["cgst"], cells["4(A)(5)"]["cgst"]) == (
        "9.00", "18.00")
    house.stop()
    house.prove()


def test_credit_goes_on_from_month_to_month(house):
    house.sums(("4(A)(5)", "", "27", 0, 300000, 0, 0, 0), period=202608)
    house.sums(("3.1(a)", "R", "27", 0, 100000, 0, 0, 0), period=202609)
    house.sums(("3.1(a)", "R", "27", 0, -50000, 0, 0, 0), period=202610)
    house.sums(("3.1(a)", "R", "27", 0, 260000, 0, 0, 0), period=202611)
    house.start()
    for period, before, after, cash in (
            ("082026", "0.00", "3000.00", "0.00"),
            ("092026", "3000.00", "2000.00", "0.00"),
            ("102026", "2000.00", "2000.00", "0.00"),
            ("112026", "2000.00", "0.00", "100.00"),
            ("122026", "0.00", "0.00", "0.00")):
        _, heads = owed(house, period)
        assert (heads["igst"]["credit_before"], heads["igst"]["credit_after"],
                heads["igst"]["cash"]) == (before, after, cash), period
    assert owed(house, "112026")[1]["igst"]["below_before"] == "500.00"
    # The portal's word for the credit counts from then on.
    assert enter(house, "6.1(credit)", period="092026",
                 igst="5000").status == 200
    assert owed(house, "102026")[1]["igst"]["credit_before"] == "4000.00"
    house.stop()


def test_by_quarters(house):
    house.sums(("3.1(a)", "R", "29", 0, 0, 100, 100, 0), gstin=THERE,
               period=202610)
    house.sums(("3.1(a)", "R", "29", 0, 0, 200, 200, 0), gstin=THERE,
               period=202612)
    house.sums(("3.1(a)", "R", "29", 0, 0, 400, 400, 0), gstin=THERE,
               period=202701)
    house.start()
    for period in ("102026", "112026", "122026"):
        got, cells = form(house, period, THERE)
        assert (got["period"], got["first"]) == ("122026", "102026")
        assert cells["3.1(a)"]["cgst"] == "3.00"
    assert form(house, "012027", THERE)[1]["3.1(a)"]["cgst"] == "4.00"
    due = [(d["form"], d["period"], d["date"])
           for d in owed(house, "122026", THERE)[0]["due"]
           if d["form"] != "gstr2b"]
    # Karnataka is of group A.
    assert due == [("iff", "102026", "2026-11-13"),
                   ("pmt06", "102026", "2026-11-25"),
                   ("iff", "112026", "2026-12-13"),
                   ("pmt06", "112026", "2026-12-25"),
                   ("gstr1", "122026", "2027-01-13"),
                   ("gstr3b", "122026", "2027-01-22")]


def test_days_to_each_due_day(house):
    house.start()
    got, _ = owed(house)
    due = {d["form"]: d for d in got["due"]}
    assert {f: d["date"] for f, d in due.items()} == {
        "gstr1": "2026-11-11", "gstr2b": "2026-11-14",
        "gstr3b": "2026-11-20"}
    assert due["gstr3b"]["days"] == (
        datetime.date(2026, 11, 20) - today()).days
    house.reference("gst_due", "form,filing,group,period,months,day,due\n"
                    "gstr3b,monthly,*,102026,,,2026-11-25\n")
    due = {d["form"]: d["date"] for d in owed(house)[0]["due"]}
    assert due["gstr3b"] == "2026-11-25"


def test_the_calendar(house):
    house.sums(("3.1(a)", "R", "27", 0, 100, 0, 0, 0), period=202609)
    house.start()
    house.file("gstr1", "092026", filed="2026-10-11")
    got = house.get("/v1/gst/calendar")
    ours = {i["form"]: i for i in got["items"] if i["gstin"] == OWN}
    assert (ours["gstr1"]["period"], ours["gstr1"]["date"]) == (
        "102026", "2026-11-11")
    assert (ours["gstr3b"]["period"], ours["gstr3b"]["date"]) == (
        "092026", "2026-10-20")
    assert ours["gstr3b"]["overdue"] is (got["today"] > "2026-10-20")
    assert ours["gstr2b"]["days"] >= 0
    theirs = {i["form"] for i in got["items"] if i["gstin"] == THERE}
    assert theirs >= {"gstr1", "iff", "gstr3b", "pmt06"}
    only = house.get("/v1/gst/calendar?gstin=" + THERE)["items"]
    assert {i["gstin"] for i in only} == {THERE}


def test_a_new_registration_owes_nothing_of_before(house):
    house.csv("registration", "gstin,from,entity,kind,filing,turnover,to\n"
              "27AAAAA0000A2Z1,%s,IN01,regular,monthly,,\n" %
              today().replace(day=1))
    house.start()
    for one in house.get("/v1/gst/calendar?gstin=27AAAAA0000A2Z1")["items"]:
        assert one["overdue"] is False, one
        assert (int(one["period"][2:]), int(one["period"][:2])) >= (
            today().year, today().month), one


def test_metrics(house):
    now = today()
    period = "%02d%d" % (now.month, now.year)
    house.sums(("3.1(a)", "R", "27", 0, 60000, 0, 0, 0),
               ("4(A)(5)", "", "27", 0, 2500, 100, 0, 0),
               period=now.year * 100 + now.month)
    house.start()
    text = house.api("GET", "/metrics").body.decode()

    def value(name, **labels):
        found = re.findall(r"^%s\{%s\} (\S+)$" % (name, ",".join(
            '%s="%s"' % one for one in labels.items())), text, re.M)
        assert len(found) == 1, (name, labels, found)
        return found[0]
    of = {"gstin": OWN, "period": period}
    # Of 600.00 of IGST 25.00 by credit of IGST and 1.00 by that of CGST.
    assert value("bahi_gst_liability_amount", **of, head="igst",
                 currency="INR") == "574.00"
    assert value("bahi_gst_credit_amount", **of, head="cgst",
                 currency="INR") == "0.00"
    due = {i["form"]: i for i in house.get(
        "/v1/gst/calendar?gstin=" + OWN)["items"]}
    for form, one in due.items():
        assert value("bahi_gst_days_to_due", gstin=OWN, form=form,
                     period=one["period"]) == str(one["days"])


def test_entries_are_in_the_log(house):
    house.start()
    assert enter(house, "5.1(interest)", igst="18.05").status == 200
    assert enter(house, "4(B)(1)", cgst="-3", sgst="-3").status == 200
    assert enter(house, "6.1(credit)", igst="1").status == 200
    assert enter(house, "6.1(credit)", remove=True).status == 200
    house.stop()
    house.prove()


def test_each_figure_opens_to_its_documents(house):
    house.start()
    month(house)
    for one in (document("credit_note", "C1", 100),
                document("sales_invoice", "S3", 700, inter=True, gst={
                    "category": "sez", "supply": "with_payment"})):
        house.put(one)
    got, cells = form(house)
    opened = 0
    for name, cell in cells.items():
        if cell["opens"] is None:
            continue
        items = house.get("/v1/gst/documents?gstin=%s&period=102026&section="
                          "%s" % (OWN, urllib.parse.quote(cell["opens"])))[
            "items"]
        opened += len(items)
        for head in ("taxable", "igst", "cgst", "sgst", "cess"):
            if head in cell:
                sign = {"credit_note": -1, "debit_note": -1}
                assert Decimal(cell[head]) == sum(
                    sign.get(i["kind"], 1) * abs(Decimal(i[head]))
                    for i in items), (name, head, items)
    assert opened == 9


def test_beside_what_suppliers_filed(house):
    house.start()
    house.put(document("purchase_invoice", "P1", 4000, inter=True))
    got, cells = form(house)
    assert (got["credit_from"], got["portal"]) == ("books", False)
    assert "portal" not in cells["4(A)(5)"]
    answer = house.api("POST", "/v1/gst/inward", two_b(b2b=[group(
        inv("A-1", igst=100), inv("A-2", igst=7, itcavl="N", rsn="P"))]),
        {"Content-Type": "application/json"})
    assert answer.status == 200, answer.body
    got, cells = form(house)
    assert got["portal"] is True
    assert (cells["4(A)(5)"]["igst"], cells["4(A)(5)"]["portal"]["igst"]) == (
        "720.00", "100.00")
    assert (cells["4(D)(2)"]["igst"], cells["4(D)(2)"]["portal"]["igst"]) == (
        "0.00", "7.00")
    receipt, _ = gstr1.export(house, form="gstr3b")
    [one] = [w for w in receipt["warnings"] if w["code"] == "gstr2b"]
    assert "4(A)(5)" in json.dumps(one)


# ---- files -----------------------------------------------------------------

def month(house):
    """Some of everything, by documents."""
    nothing = {"party_gstin": None, "category": "unregistered"}
    exempt = document("purchase_invoice", "P6", 90, rate=0)
    exempt["lines"] = [dict(exempt["lines"][0], supply="exempt")]
    for one in (document("sales_invoice", "S1", 1234567.89),
                document("sales_invoice", "S2", 2000, inter=True,
                         gst=nothing),
                document("purchase_invoice", "P1", 4000, inter=True),
                document("purchase_invoice", "P3", 100, accounts={
                    "cgst": "6300", "sgst": "6300"}), exempt):
        house.put(one)
    assert enter(house, "5.1(interest)", cgst="10.50", sgst="10.50"
                 ).status == 200
    assert enter(house, "5.1(late_fee)", cgst="25", sgst="25").status == 200


ENTITY = ("code,name,entity,kind,extra,from,to\n"
          "IN01,<b>Tea & Tin,,company,INR,,\n")
ALL = ("iamt", "camt", "samt", "csamt")
ZERO = dict.fromkeys(ALL, 0)


def test_json_for_the_portal(house):
    house.start()
    month(house)
    receipt, files = gstr1.export(house, form="gstr3b")
    [(name, text)] = files.items()
    assert name == "GSTR3B_%s_102026.json" % OWN
    got = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    tax = Decimal("111111.11")
    supplied = {"txval": Decimal("1236567.89"), "iamt": 360, "camt": tax,
                "samt": tax, "csamt": 0}
    assert got == {
        "gstin": OWN, "ret_period": "102026",
        "sup_details": {
            "osup_det": supplied,
            "osup_zero": {"txval": 0, "iamt": 0, "csamt": 0},
            "osup_nil_exmp": {"txval": 0},
            "isup_rev": dict(ZERO, txval=0),
            "osup_nongst": {"txval": 0}},
        "eco_dtls": {"eco_sup": dict(ZERO, txval=0),
                     "eco_reg_sup": {"txval": 0}},
        "inter_sup": {"unreg_details": [
            {"pos": "29", "txval": 2000, "iamt": 360}],
            "comp_details": [], "uin_details": []},
        "itc_elg": {
            "itc_avl": [dict(ZERO, ty="IMPG"), dict(ZERO, ty="IMPS"),
                        dict(ZERO, ty="ISRC"), dict(ZERO, ty="ISD"),
                        dict(ZERO, ty="OTH", iamt=720, camt=9, samt=9)],
            "itc_rev": [dict(ZERO, ty="RUL", camt=9, samt=9),
                        dict(ZERO, ty="OTH")],
            "itc_net": dict(ZERO, iamt=720),
            "itc_inelg": [dict(ZERO, ty="RUL"), dict(ZERO, ty="OTH")]},
        "inward_sup": {"isup_details": [
            {"ty": "GST", "inter": 0, "intra": 90},
            {"ty": "NONGST", "inter": 0, "intra": 0}]},
        "intr_ltfee": {"intr_details": dict(
            ZERO, camt=Decimal("10.50"), samt=Decimal("10.50"))}}
    assert {w["code"] for w in receipt["warnings"]} == {"late_fee"}
    assert gstr1.totals(receipt)["3.1(a)"]["taxable"] == "1236567.89"
    again, same = gstr1.export(house, form="gstr3b")
    assert same == files


def test_the_sheet_says_what_the_form_says(house):
    house.start()
    month(house)
    _, files = gstr1.export(house, "csv", form="gstr3b")
    [(name, text)] = files.items()
    assert name.endswith(".csv")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    got, cells = form(house)
    for row in rows:
        cell = cells.get(row["cell"])
        if cell is None or row["place"]:
            continue
        for head in ("taxable", "igst", "cgst", "sgst", "cess"):
            assert row[head] == cell.get(head, ""), row
    assert {r["cell"] for r in rows} >= set(cells) - {
        "3.2(composition)", "3.2(uin)"}
    cash = {h: [r for r in rows if r["cell"] == "6.1(cash)"][0][h]
            for h in ("igst", "cgst", "sgst", "cess")}
    assert cash == {p["head"]: p["cash"] for p in got["payment"]}


def test_the_page_to_print(house):
    house.csv("entity", ENTITY)
    house.start()
    month(house)
    receipt, files = gstr1.export(house, "html", form="gstr3b")
    [(name, text)] = files.items()
    assert name.endswith(".html") and text.startswith("<!doctype html>")
    # Nothing but itself, and nothing that runs.
    for word in ("http", "<script", "src=", "url(", "@import", "<link"):
        assert word not in text.lower(), word
    assert "&lt;b&gt;Tea &amp; Tin" in text and "<b>Tea" not in text
    for figure in ("12,36,567.89", "1,11,111.11", "October 2026",
                   "2026-27", OWN, "29-Karnataka", "Maharashtra", "Draft"):
        assert figure in text, figure
    # It is well formed as far as tables go.
    for tag in ("table", "tr", "td", "th", "h2", "div"):
        assert len(re.findall("<%s[ >]" % tag, text)) == text.count(
            "</%s>" % tag), tag


def test_what_does_not_agree_is_in_the_receipt(house):
    house.start()
    house.put(document("sales_invoice", "S1", 1000, inter=True,
                       accounts={"igst": "2300"}))
    house.put(document("credit_note", "C1", 9000, inter=True))
    receipt, _ = gstr1.export(house, form="gstr3b")
    warnings = {w["code"]: w for w in receipt["warnings"]}
    assert set(warnings) == {"differs", "below"}
    assert "S1" in json.dumps(warnings["differs"])
