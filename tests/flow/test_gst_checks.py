"""The checks of GST: each by a document that has it and one that has not,
its level ruled by the table gst_level, and mended from the failures."""
import copy
import shutil

import pytest

from house import House, ROOT

# Documents as they are told, every column.
RULE = """-- Documents as they are told.
-- name: header
SELECT key AS part, value ->> '$.kind' AS kind, 'IN01' AS entity,
	value ->> '$.number' AS number, value ->> '$.date' AS date,
	value ->> '$.party' AS party, 'INR' AS currency,
	paise(value ->> '$.total', 'INR') AS total,
	value ->> '$.reference' AS reference
FROM json_each(:body, '$.docs')

-- name: lines
SELECT docs.key AS part, line.value ->> '$.type' AS type,
	line.value ->> '$.account' AS account,
	line.value ->> '$.tax_code' AS tax_code,
	line.value ->> '$.item' AS item,
	line.value ->> '$.quantity' AS quantity,
	paise(line.value ->> '$.amount', 'INR') AS amount,
	line.value ->> '$.hsn' AS hsn, line.value ->> '$.unit' AS unit,
	line.value ->> '$.supply' AS supply, line.value ->> '$.head' AS head
FROM json_each(:body, '$.docs') AS docs,
	json_each(docs.value, '$.lines') AS line

-- name: gst
SELECT key AS part, value ->> '$.gst.gstin' AS gstin,
	value ->> '$.gst.party_gstin' AS party_gstin,
	value ->> '$.gst.party_name' AS party_name,
	value ->> '$.gst.category' AS category,
	value ->> '$.gst.place' AS place, value ->> '$.gst.supply' AS supply,
	value ->> '$.gst.operator' AS operator,
	value ->> '$.gst.seller' AS seller,
	value ->> '$.gst.original' AS original,
	value ->> '$.gst.original_date' AS original_date,
	value ->> '$.gst.port' AS port, value ->> '$.gst.bill' AS bill,
	value ->> '$.gst.bill_date' AS bill_date,
	value ->> '$.gst.pin' AS pin,
	value ->> '$.gst.reverse_charge' AS reverse_charge,
	value ->> '$.gst.reduced' AS reduced,
	value ->> '$.gst.counter' AS counter,
	value ->> '$.gst.debit_note' AS debit_note
FROM json_each(:body, '$.docs')
"""

OURS = "27AAAAA0000A1Z2"
TABLES = {
    "party": "code,name,entity,kind,extra,from,to\n"
             "B,Bee Stores,,customer,MH,,\n"
             "K,Kay Stores,,customer,KA,,\n"
             "Z,Zone Unit,,customer,MH,,\n"
             "E,Overseas Buyer,,customer,,,\n"
             "C,Consumer,,customer,KA,,\n"
             "H,Consumer here,,customer,MH,,\n"
             "R,Registered without number,,customer,MH,,\n"
             "G,Gone Traders,,customer,MH,,\n"
             "U,Embassy,,customer,DL,,\n"
             "S,Supplier,,supplier,MH,,\n"
             "D,Composition dealer,,supplier,MH,,\n"
             "P,Porter,,supplier,MH,,\n",
    "taxpayer": "party,gstin,category,state,pin,address,status,since\n"
                "B,27BBBBB1111B1ZN,regular,27,400001,Fort,active,\n"
                "K,29AABCR1718E1ZL,regular,29,560001,MG Road,,\n"
                "Z,27CCCCC2222C1Z8,sez,27,,,,\n"
                "E,,overseas,,,,,\n"
                "R,,regular,27,,,,\n"
                "G,27AABCU9603R1ZN,regular,27,,,cancelled,2026-10-01\n"
                "U,0717USA00037UNW,uin,07,,,,\n"
                "S,27AAPFU0939F1ZV,regular,27,,,,\n"
                "D,27AAACC4175D1ZY,composition,27,,,,\n",
    "gst_item": "item,hsn,unit\nKUR-COT-S,6205,PCS\nKUR-COT-M,6205,PCS\n"
                "BAG-LTH-01,4202,PCS\nSOP-NEM-01,3401,BOX\n",
    "item": "code,name,entity,kind,extra,from,to\n"
            "BARE,Thing of which nothing is known,,GST18,,,\n"
            "ODD,Thing with an odd HSN,,GST18,620,,\n"
            "SERVICE,Repair,,GST18,998713,,\n",
    "tax_code": "code,name,entity,kind,extra,from,to\n"
                "GST40,GST 40%,,gst,40,,\nEXEMPT,Exempt,,exempt,0,,\n",
    "registration": "gstin,from,entity,kind,filing,turnover,to\n"
                    + OURS + ",2017-07-01,IN01,regular,monthly,"
                    "7500000.00,\n",
}


class Registered(House):
    n = 0

    def make(self):
        super().make()
        folder = self.dir / "gst"
        folder.mkdir(exist_ok=True)
        for name, text in TABLES.items():
            (folder / (name + ".csv")).write_text(text)
        self.run("import", str(folder))
        rules = self.home / "rules"
        shutil.copytree(ROOT / "data/rules", rules)
        (rules / "map/events/told.sql").write_text(RULE)
        self.setting("rules", "rules")

    def tell(self, *docs):
        self.n += 1
        return self.api("POST", "/v1/events", {"docs": list(docs)}, {
            "Content-Type": "application/json", "ce-specversion": "1.0",
            "ce-id": "t%d" % self.n, "ce-source": "/t",
            "ce-type": "told"}).json

    def rule(self, table, text):
        answer = self.api("POST", "/v1/reference/" + table, text.encode())
        assert answer.status == 200, answer.body


@pytest.fixture(scope="module")
def one():
    house = Registered().start()
    yield house
    house.close()


@pytest.fixture
def fresh():
    house = Registered().start()
    yield house
    house.close()


numbers = iter(range(1, 1000000))


def line(amount="1000.00", item="KUR-COT-S", code="GST5", **other):
    return dict({"type": "sale", "account": "4000", "item": item,
                 "quantity": "1", "tax_code": code, "amount": amount},
                **other)


def tax(amount, kind, code="GST5", **other):
    account = {"cgst": "2300", "sgst": "2310", "igst": "2320",
               "cess": "2330"}[kind]
    return dict({"type": "tax", "account": account, "tax_code": code,
                 "amount": amount, "head": kind}, **other)


def paise(text):
    return int(text.replace(".", "").replace("-", "")) * (
        -1 if text.startswith("-") else 1)


def total(lines):
    off = ("discount", "reverse_charge")
    sum_ = sum(paise(one["amount"]) * (-1 if one["type"] in off else 1)
               for one in lines)
    return "%s%d.%02d" % ("-" if sum_ < 0 else "", abs(sum_) // 100,
                          abs(sum_) % 100)


def doc(kind, party, lines, gst=None, **other):
    return dict({"kind": kind, "number": "T-%04d" % next(numbers),
                 "date": "2026-10-05", "party": party, "gst": gst or {},
                 "lines": lines, "total": total(lines)}, **other)


HERE = [line(), tax("25.00", "cgst"), tax("25.00", "sgst")]
THERE = [line(), tax("50.00", "igst")]


def sale(party="B", lines=None, **other):
    return doc("sales_invoice", party, lines or HERE, **other)


def note(party="B", lines=None, **other):
    other.setdefault("gst", {"original": "T-1",
                             "original_date": "2026-09-01"})
    return doc("credit_note", party, lines or HERE, **other)


def bought(party="S", lines=None, **other):
    if lines is None:
        lines = buy("cgst", "sgst")
    return doc("purchase_invoice", party, lines, **other)


def buy(*heads, code="GST5", rate="25.00", extra=()):
    account = {"cgst": "1300", "sgst": "1310", "igst": "1320"}
    return [{"type": "purchase", "account": "5010", "tax_code": code,
             "amount": "1000.00"}] + [
        {"type": "tax", "account": account[head], "tax_code": code,
         "amount": rate, "head": head} for head in heads] + list(extra)


def reverse(amount):
    return {"type": "reverse_charge", "account": "2340", "amount": amount}


def export(**gst):
    return sale("E", [line(code="GST0", supply="taxable")], gst=dict(
        {"supply": "without_payment", "port": "INNSA1", "bill": "1234567",
         "bill_date": "2026-10-04"}, **gst))


def with_gst(document, **gst):
    return dict(copy.deepcopy(document), gst=dict(document["gst"], **gst))


def at(document, **other):
    return dict(copy.deepcopy(document), **other)


# check, code, level, the document that has it, one that has not.
CASES = [
    ("D01", "gst.not_registered", "block",
     sale(gst={"gstin": "27AAAAA0000A2Z1"}), sale(gst={"gstin": OURS})),
    ("D01", "gst.not_registered", "block",
     sale(date="2017-06-30"), sale(date="2026-10-01")),
    ("D01", "gst.category_unknown", "block",
     sale(gst={"category": "friend"}), sale(gst={"category": "regular"})),
    ("D02", "gst.place_invalid", "block",
     sale(gst={"place": "99"}), sale(gst={"place": "Maharashtra"})),
    ("D02", "gst.place_invalid", "block",
     sale(lines=THERE, gst={"place": "96"}),
     sale("K", THERE, gst={"place": "KA"})),
    ("D03", "gst.gstin_invalid", "block",
     sale(gst={"party_gstin": "27BBBBB1111B1ZM"}),
     sale(gst={"party_gstin": "27BBBBB1111B1ZN"})),
    ("D03", "gst.gstin_invalid", "block",
     sale(gst={"party_gstin": "88AAACD8017H1ZK"}, lines=THERE), sale()),
    ("D03", "gst.gstin_invalid", "block",
     sale(gst={"party_gstin": "29AABCF8078M1C8", "category": "regular"},
          lines=THERE), sale("U", THERE)),
    ("D03", "gst.gstin_invalid", "warn",
     sale("K", THERE, gst={"party_gstin": "3318FRA00021NRS",
                           "category": "regular"}), sale("K", THERE)),
    ("D05", "gst.gstin_inactive", "warn",
     sale("G", date="2026-10-01"), sale("G", date="2026-09-30")),
    ("D06", "gst.gstin_missing", "block",
     sale("R"), sale("R", gst={"party_gstin": "27BBBBB1111B1ZN"})),
    ("D06", "gst.category_mismatch", "block",
     sale(gst={"party_gstin": "27BBBBB1111B1ZN",
               "category": "unregistered"}), sale("H")),
    ("D07", "gst.operator_invalid", "block",
     sale("H", gst={"operator": "27BBBBB1111B1ZN"}),
     sale("H", gst={"operator": "29AABCF8078M1C8"})),
    ("D08", "gst.own_supply", "block",
     sale(gst={"party_gstin": OURS}),
     sale(gst={"party_gstin": OURS}, lines=[
         line(code="EXEMPT", supply="exempt")])),
    ("D09", "gst.overseas_place", "block",
     with_gst(export(), place="27"),
     with_gst(export(), place="27", pin="400001")),
    ("D10", "gst.rate_missing", "block",
     sale(lines=[line(item=None, code=None, hsn="6205", unit="PCS")]),
     sale()),
    ("T01", "gst.wrong_head", "block", sale("K", HERE), sale("K", THERE)),
    ("T01", "gst.wrong_head", "block", sale(lines=THERE), sale()),
    ("T01", "gst.wrong_head", "block", sale("Z", HERE),
     sale("Z", THERE, gst={"supply": "with_payment"})),
    ("T01", "gst.wrong_head", "block",
     sale(lines=THERE, gst={"supply": "deemed"}),
     sale(lines=THERE, gst={"supply": "cbw"})),
    ("T02", "gst.unequal_halves", "block",
     sale(lines=[line(), tax("25.00", "cgst"), tax("24.99", "sgst")]),
     sale()),
    ("T02", "gst.unequal_halves", "warn",
     sale(lines=[line(), tax("49.99", "cgst", head=None, account="2330")]),
     sale(lines=[line(), tax("50.00", "cgst", head=None,
                             account="2330")])),
    ("T03", "gst.tax_without_payment", "block",
     sale("Z", THERE, gst={"supply": "without_payment"}),
     sale("Z", THERE, gst={"supply": "with_payment"})),
    ("T04", "gst.supplier_may_not_charge", "block",
     bought("D"), bought()),
    ("T04", "gst.supplier_may_not_charge", "block",
     bought("P"), bought("P", buy("cgst", "sgst", extra=[reverse("50.00")]),
                         gst={"reverse_charge": True})),
    ("T05", "gst.reverse_unregistered", "block",
     sale("H", [line()], gst={"reverse_charge": True}),
     sale("B", [line()], gst={"reverse_charge": True})),
    ("T06", "gst.reverse_unbalanced", "block",
     bought("P", buy("cgst", "sgst", extra=[reverse("49.00")]),
            gst={"reverse_charge": True}),
     bought("P", buy("cgst", "sgst", extra=[reverse("50.00")]),
            gst={"reverse_charge": True})),
    ("T07", "gst.rate_not_in_force", "block",
     sale(lines=[line(code="GST12"), tax("60.00", "cgst", "GST12"),
                 tax("60.00", "sgst", "GST12")]),
     note(lines=[line(code="GST12"), tax("60.00", "cgst", "GST12"),
                 tax("60.00", "sgst", "GST12")],
          gst={"original": "OLD", "original_date": "2025-09-21"})),
    ("T07", "gst.rate_not_in_force", "warn",
     note(lines=[line(code="GST12"), tax("60.00", "cgst", "GST12"),
                 tax("60.00", "sgst", "GST12")], gst={"original": "OLD"}),
     note()),
    ("T08", "gst.tax_differs", "block",
     sale(lines=[line(), tax("26.01", "cgst"), tax("26.01", "sgst")]),
     sale()),
    ("T08", "gst.tax_differs", "warn",
     sale(lines=[line(), tax("26.00", "cgst"), tax("26.00", "sgst")]),
     sale(lines=[line(), tax("25.01", "cgst"), tax("25.01", "sgst")])),
    ("T08", "gst.tax_differs", "warn",
     sale(lines=[line(), tax("25.02", "cgst"), tax("25.02", "sgst")]),
     sale(lines=[line("999.90"), tax("25.00", "cgst"),
                 tax("25.00", "sgst")])),
    ("T08", "gst.tax_differs", "block",
     sale("K", THERE, gst={"reduced": True}),
     sale("K", [line(), tax("32.50", "igst")], gst={"reduced": True})),
    ("T09", "gst.exempt_taxed", "block",
     sale(lines=[line(code="EXEMPT", supply="exempt"),
                 tax("25.00", "cgst"), tax("25.00", "sgst")]),
     sale(lines=[line(code="EXEMPT", supply="exempt")])),
    ("T10", "gst.cess_ended", "block",
     sale(lines=HERE + [tax("10.00", "cess")]), sale()),
    ("T10", "gst.cess_ended", "warn",
     note(lines=HERE + [tax("10.00", "cess")], gst={"original": "OLD"}),
     note(lines=HERE + [tax("10.00", "cess")], gst={
         "original": "OLD", "original_date": "2026-01-31"})),
    ("T11", "gst.item_rates", "warn",
     sale(lines=[line(), line(code="GST18"), tax("25.00", "cgst"),
                 tax("25.00", "sgst"), tax("90.00", "cgst", "GST18"),
                 tax("90.00", "sgst", "GST18")]),
     sale(lines=[line(), line(item="BAG-LTH-01", code="GST18"),
                 tax("25.00", "cgst"), tax("25.00", "sgst"),
                 tax("90.00", "cgst", "GST18"),
                 tax("90.00", "sgst", "GST18")])),
    ("T12", "gst.negative_value", "block",
     sale(lines=[line(), tax("25.00", "cgst"), tax("25.00", "sgst"),
                 line("-500.00", item="BAG-LTH-01", code="GST18"),
                 tax("-45.00", "cgst", "GST18"),
                 tax("-45.00", "sgst", "GST18")]), sale()),
    ("T12", "gst.zero_value", "warn",
     sale(lines=HERE + [line("0.00", item="KUR-COT-M")]), sale()),
    ("H01", "gst.hsn_missing", "block",
     sale(lines=[line(item="BARE", code="GST18"),
                 tax("90.00", "cgst", "GST18"),
                 tax("90.00", "sgst", "GST18")]),
     sale("H", [line(item="BARE", code="GST18"),
                tax("90.00", "cgst", "GST18"),
                tax("90.00", "sgst", "GST18")])),
    ("H01", "gst.hsn_missing", "block",
     sale(lines=[line(item="ODD", code="GST18"),
                 tax("90.00", "cgst", "GST18"),
                 tax("90.00", "sgst", "GST18")]), sale()),
    ("H01", "gst.hsn_invalid", "block",
     sale(lines=[line(hsn="62051"), tax("25.00", "cgst"),
                 tax("25.00", "sgst")]),
     sale(lines=[line(hsn="620510"), tax("25.00", "cgst"),
                 tax("25.00", "sgst")])),
    ("H03", "gst.unit_missing", "block",
     sale(lines=[line(item=None, hsn="6205"), tax("25.00", "cgst"),
                 tax("25.00", "sgst")]),
     sale(lines=[line(item=None, hsn="6205", unit="NOS"),
                 tax("25.00", "cgst"), tax("25.00", "sgst")])),
    ("H03", "gst.unit_invalid", "block",
     sale(lines=[line(unit="DOZENS"), tax("25.00", "cgst"),
                 tax("25.00", "sgst")]),
     sale(lines=[line(unit="DOZ"), tax("25.00", "cgst"),
                 tax("25.00", "sgst")])),
    ("H03", "gst.quantity_missing", "block",
     sale(lines=[line(quantity=None), tax("25.00", "cgst"),
                 tax("25.00", "sgst")]),
     note(lines=[line(quantity=None), tax("25.00", "cgst"),
                 tax("25.00", "sgst")])),
    ("H03", "gst.quantity_missing", "block",
     sale(lines=[line(quantity="0"), tax("25.00", "cgst"),
                 tax("25.00", "sgst")]),
     sale(lines=[line(item="SERVICE", code="GST18", quantity=None),
                 tax("90.00", "cgst", "GST18"),
                 tax("90.00", "sgst", "GST18")])),
    ("N01", "gst.number_invalid", "block",
     sale(number="ABCDEFGH123456789"), sale(number="ABCDEFGH12345678")),
    ("N01", "gst.number_invalid", "block",
     sale(number="A_1"), sale(number="A/1-2")),
    ("N01", "gst.number_invalid", "warn",
     bought(number="P 77"), bought(number="P-77")),
    ("N03", "gst.supplier_number_missing", "block",
     bought(reference="N/A"), bought(reference="17/26-27")),
    ("P01", "gst.date_outside", "block",
     sale(date="2199-01-01"), sale()),
    ("C01", "gst.note_both_ways", "block",
     note(gst={"original": "T-1", "original_date": "2026-09-01",
               "debit_note": True}), note()),
    ("C02", "gst.original_missing", "warn", note(gst={}), note()),
    ("X01", "gst.shipping_bill_incomplete", "block",
     with_gst(export(), bill_date=None), export()),
    ("X01", "gst.shipping_bill_incomplete", "block",
     with_gst(export(), bill=None), export()),
    ("X01", "gst.shipping_bill_incomplete", "block",
     with_gst(export(), port="INNSA1X"), export()),
    ("X02", "gst.shipping_bill_missing", "warn",
     with_gst(export(), bill=None, bill_date=None),
     sale("E", [line(item="SERVICE", code="GST0", supply="taxable")],
          gst={"supply": "without_payment"})),
    ("X03", "gst.pin_invalid", "block",
     sale(gst={"pin": "560001"}), sale(gst={"pin": "400099"})),
    ("X03", "gst.pin_invalid", "block",
     sale(gst={"pin": "40001"}), sale("K", THERE)),
    ("X04", "gst.counter_bill", "block",
     with_gst(export(), counter=True), sale("H", gst={"counter": True})),
    ("X05", "gst.address_missing", "warn",
     sale("C", [line("100000.00"), tax("5000.00", "igst")]),
     sale("C", [line("1000.00"), tax("50.00", "igst")])),
]


def found(answer, code):
    return [one for one in answer["findings"] if one["code"] == code]


def unique(document):
    """The same again under a number of its own, if it had one of ours."""
    one = copy.deepcopy(document)
    if one["number"].startswith("T-"):
        one["number"] = "T-%04d" % next(numbers)
    return one


@pytest.mark.parametrize(
    "check, code, level, bad, good", CASES,
    ids=["%s-%s-%d" % (one[0], one[1][4:], i)
         for i, one in enumerate(CASES)])
def test_each_check(one, check, code, level, bad, good):
    answer = one.tell(unique(bad))
    told = found(answer, code)
    assert told, answer
    assert told[0]["check"] == check
    assert told[0]["level"] == level
    assert told[0]["detail"].startswith(check)
    assert told[0]["sentence"] and told[0]["hint"]
    if level == "block":
        assert answer["state"] == "failed"
    fine = one.tell(unique(good))
    assert not found(fine, code), fine


def test_what_is_right_is_found_right(one):
    """The documents that most cases are made from say nothing at all."""
    for good in (sale(), sale("K", THERE), bought(), export(), sale("H"),
                 sale("U", THERE)):
        answer = one.tell(unique(good))
        assert answer["state"] == "posted", answer
        assert answer["findings"] == [], answer


def test_what_follows_from_another_fault_is_not_said(one):
    """A tax code that nobody knows is one problem, not three."""
    answer = one.tell(sale(lines=[line(code="GST13"), line(
        item="KUR-COT-M"), tax("25.00", "cgst"), tax("25.00", "sgst")]))
    assert [one["code"] for one in answer["findings"]] == [
        "tax_code.unmapped"]


def test_every_check_has_a_case():
    """Those that only the ledger knows, and D04 of imports, are elsewhere."""
    checks = {one[0] for one in CASES}
    assert checks >= {
        "D01", "D02", "D03", "D05", "D06", "D07", "D08", "D09", "D10",
        "T01", "T02", "T03", "T04", "T05", "T06", "T07", "T08", "T09",
        "T10", "T11", "T12", "H01", "H03", "N01", "N03", "P01", "C01",
        "C02", "X01", "X02", "X03", "X04", "X05"}


# ---- what only the ledger knows ----------------------------------------------

def posted(house, document):
    answer = house.tell(document)
    assert answer["state"] == "posted", answer
    return answer


def test_a_number_is_used_once_a_year_in_whatever_case(fresh):
    posted(fresh, sale(number="inv/1a"))
    answer = fresh.tell(sale(number="INV/1A"))
    told = found(answer, "gst.number_used")
    assert told and told[0]["level"] == "block" and told[0]["check"] == "N02"
    assert answer["state"] == "failed"
    assert "inv/1a of 2026-10-05" in told[0]["detail"]
    # Another year, another kind and the same document again are not it.
    assert not found(fresh.tell(sale(number="INV/1A", date="2026-03-31")),
                     "gst.number_used")
    assert not found(fresh.tell(note(number="INV/1a")), "gst.number_used")
    assert not found(fresh.tell(sale(number="inv/1a")), "gst.number_used")
    fresh.prove()


def test_a_bill_of_a_supplier_comes_once(fresh):
    posted(fresh, bought(number="OUR-1", reference="S/77"))
    answer = fresh.tell(bought(number="OUR-2", reference="s/77"))
    assert answer["state"] == "failed"
    assert found(answer, "gst.number_used")[0]["value"] == "s/77"
    posted(fresh, bought(number="OUR-3", reference="S/78"))
    other = bought("P", [{"type": "purchase", "account": "5010",
                          "supply": "nil", "amount": "10.00"}],
                   number="OUR-4", reference="S/77")
    posted(fresh, other)
    again = fresh.tell(dict(other, number="OUR-5"))
    assert found(again, "gst.number_used")
    fresh.prove()


def test_numbers_follow_the_days(fresh):
    posted(fresh, sale(number="S/41", date="2026-10-08"))
    answer = posted(fresh, sale(number="S/42", date="2026-10-07"))
    told = found(answer, "gst.number_backdated")
    assert told[0]["value"] == "S/41" and told[0]["check"] == "N04"
    assert told[0]["level"] == "warn"
    later = posted(fresh, sale(number="S/43", date="2026-10-07"))
    assert not found(later, "gst.number_backdated")
    # Others stand between, and numbers are missing.
    posted(fresh, sale(number="S/5A0", date="2026-10-30"))
    posted(fresh, sale(number="S/430", date="2026-10-30"))
    posted(fresh, note(number="S/44", date="2026-10-30"))
    gap = posted(fresh, sale(number="s/60", date="2026-10-06"))
    assert found(gap, "gst.number_backdated")[0]["value"] == "S/43"
    assert posted(fresh, sale(number="S/61", date="2026-10-06"))[
        "findings"] == []


def test_a_note_and_its_invoice(fresh):
    posted(fresh, sale(number="S/1"))
    gst = {"original": "S/1", "original_date": "2026-10-05"}
    assert posted(fresh, note(gst=gst))["findings"] == []
    large = posted(fresh, note(gst=gst, lines=[
        line("2000.00"), tax("50.00", "cgst"), tax("50.00", "sgst")]))
    told = found(large, "gst.note_above_invoice")
    assert told[0]["level"] == "warn" and told[0]["value"] == "S/1"
    assert told[0]["detail"] == "C02: 2100.00 of 1050.00"
    lost = posted(fresh, note(gst=dict(gst, original="S/9")))
    assert found(lost, "gst.original_unknown")[0]["value"] == "S/9"
    # Both in one event.
    both = fresh.tell(sale(number="S/2"), note(gst=dict(gst,
                                                        original="S/2")))
    assert both["state"] == "posted"
    assert not found(both, "gst.original_unknown")
    fresh.prove()


# ---- levels ------------------------------------------------------------------

def test_a_level_is_ruled_by_entity(fresh):
    wrong = sale("R")
    assert fresh.tell(unique(wrong))["state"] == "failed"
    fresh.rule("gst_level", "check,entity,level\nD06,*,warn\n")
    answer = posted(fresh, unique(wrong))
    assert found(answer, "gst.gstin_missing")[0]["level"] == "warn"
    fresh.rule("gst_level", "check,entity,level\nD06,IN01,off\n")
    assert posted(fresh, unique(wrong))["findings"] == []
    fresh.rule("gst_level", "check,entity,level\nD06,IN01,block\n"
               "X02,IN01,block\n")
    assert fresh.tell(unique(wrong))["state"] == "failed"
    # A warning can be made to block, too, and the problem says so.
    bare = fresh.tell(with_gst(export(), bill=None, bill_date=None))
    assert bare["state"] == "failed"
    problems = {one["code"]: one for one in
                fresh.get("/v1/signatures")["items"]}
    assert problems["gst.shipping_bill_missing"]["level"] == "block"
    assert problems["gst.shipping_bill_missing"]["check"] == "X02"
    fresh.prove()


def test_without_a_registration_nothing_is_found(fresh):
    document = sale("R")
    document["gst"] = {"gstin": "27AAAAA0000A2Z1"}
    gone = fresh.api("DELETE", "/v1/reference/registration/%s%%2F2017-07-01"
                     % OURS, headers={"If-Match": "*"})
    assert gone.status == 200, gone.body
    assert posted(fresh, document)["findings"] == []


# ---- mended from the failures --------------------------------------------------

def problem(house, code):
    return next(one for one in house.get("/v1/signatures")["items"]
                if one["code"] == code)


def mend(house, code, to, **other):
    one = problem(house, code)
    assert one["fixable"] is True
    return house.api("POST", "/v1/decisions", dict({
        "action": "fix", "signature": one["id"], "retry": True,
        "fix": {"dimension": one["dimension"], "source": one["source"],
                "value": one["value"], "to": to}}, **other))


def rows(house, table):
    answer = house.api("GET", "/v1/reference/" + table,
                       headers={"Accept": "text/csv"})
    return answer.body.decode().split("\n")


def test_a_gstin_is_given_and_all_that_wait_for_it_post(fresh):
    for n in range(3):
        assert fresh.tell(sale("R"))["state"] == "failed"
    assert problem(fresh, "gst.gstin_missing")["value"] == "R"
    for wrong in ("27AAPFU0939F1ZA", "88AAACD8017H1ZK", "R", ""):
        assert mend(fresh, "gst.gstin_missing", wrong).status in (400, 422)
    done = mend(fresh, "gst.gstin_missing", "27AAACC4175D1ZY")
    assert done.status == 200 and done.json["done"] == 3, done.body
    assert "R,27AAACC4175D1ZY,regular,27,,,," in rows(fresh, "taxpayer")
    assert all(one["state"] == "posted" for one in done.json["results"])
    # Again under the same key: the same answer; the row of others is whole.
    assert "B,27BBBBB1111B1ZN,regular,27,400001,Fort,active," in rows(
        fresh, "taxpayer")
    fresh.prove()


def test_an_item_gets_its_hsn_and_then_its_unit(fresh):
    bare = sale(lines=[line(item="BARE", code="GST18"),
                       tax("90.00", "cgst", "GST18"),
                       tax("90.00", "sgst", "GST18")])
    assert fresh.tell(bare)["state"] == "failed"
    assert problem(fresh, "gst.hsn_missing")["value"] == "BARE"
    assert mend(fresh, "gst.hsn_missing", "84").status == 422
    half = mend(fresh, "gst.hsn_missing", "8471")
    assert half.status == 200 and half.json["failed"] == 1, half.body
    assert "BARE,8471," in rows(fresh, "gst_item")
    assert mend(fresh, "gst.unit_missing", "NA").status == 422
    assert mend(fresh, "gst.unit_missing", "nos").status == 422
    done = mend(fresh, "gst.unit_missing", "NOS")
    assert done.status == 200 and done.json["done"] == 1, done.body
    assert "BARE,8471,NOS" in rows(fresh, "gst_item")
    fresh.prove()


def test_a_longer_hsn_of_the_item_is_not_hidden(fresh):
    fresh.rule("item", "code,name,entity,kind,extra,from,to\n"
               "FIVE,Five digits,,GST18,84713,,\n")
    assert fresh.tell(sale(lines=[
        line(item="FIVE", code="GST18"), tax("90.00", "cgst", "GST18"),
        tax("90.00", "sgst", "GST18")]))["state"] == "failed"
    answer = mend(fresh, "gst.hsn_missing", "8471")
    assert answer.status == 422 and "84713" in answer.json["detail"]
    assert mend(fresh, "gst.hsn_missing", "847130").status == 200


def test_what_names_nothing_is_not_mended_by_a_row(fresh):
    nameless = fresh.tell(sale(lines=[
        line(item=None, hsn="6205"), tax("25.00", "cgst"),
        tax("25.00", "sgst")]))
    told = found(nameless, "gst.unit_missing")[0]
    assert told["value"] == "" and told["fixable"] is False
    assert problem(fresh, "gst.unit_missing")["fixable"] is False


def test_a_fix_of_nobody_is_refused(fresh):
    fresh.tell(sale("R"))
    one = problem(fresh, "gst.gstin_missing")
    answer = fresh.api("POST", "/v1/decisions", {
        "action": "fix", "signature": one["id"], "retry": True,
        "fix": {"dimension": "taxpayer", "source": one["source"],
                "value": "nobody", "to": "27AAACC4175D1ZY"}})
    assert answer.status == 422 and "no party nobody" in \
        answer.json["detail"]


def test_a_filed_period_is_locked_when_that_is_wanted(fresh):
    fresh.rule("period", "entity,period,state\nIN01,2026-09,open\n")
    filed = fresh.api("POST", "/v1/gst/filings", {
        "gstin": OURS, "form": "gstr1", "period": "092026",
        "filed": "2026-10-11", "arn": "AA2709261234567",
        "reason": "filed on the portal"})
    assert filed.status in (200, 201), filed.body
    late = posted(fresh, sale(date="2026-09-30"))
    told = found(late, "gst.period_filed")
    assert told[0]["level"] == "warn" and told[0]["value"] == "092026"
    fresh.rule("gst_level", "check,entity,level\nP02,IN01,block\n")
    locked = fresh.tell(sale(date="2026-09-30"))
    assert locked["state"] == "failed"
    assert found(locked, "gst.period_filed")[0]["level"] == "block"
    assert fresh.tell(sale(date="2026-10-01"))["state"] == "posted"
    fresh.prove()


def test_where_changes_are_governed_a_gstin_is_proposed(fresh):
    fresh.stop()
    fresh.setting("govern", "yes")
    fresh.start()
    assert fresh.tell(sale("R"))["state"] == "failed"
    done = mend(fresh, "gst.gstin_missing", "27AAACC4175D1ZY")
    assert done.status == 202 or done.json["proposal"], done.body
    proposal = fresh.get("/v1/proposals/" + done.json["proposal"])
    assert proposal["table"] == "taxpayer"
    assert "R,,regular,27,,,," in rows(fresh, "taxpayer")
    assert problem(fresh, "gst.gstin_missing")["count"] == 1


def test_what_posted_by_a_row_is_not_taken_back(fresh):
    fresh.tell(sale("R"))
    done = mend(fresh, "gst.gstin_missing", "27AAACC4175D1ZY")
    answer = fresh.api("POST", "/v1/decisions/%s/undo" %
                       done.json["decision"], {"reason": "a slip"})
    assert 400 <= answer.status < 500, answer.body
    assert "R,27AAACC4175D1ZY,regular,27,,,," in rows(fresh, "taxpayer")


# ---- what depends on master data ---------------------------------------------

def test_the_list_of_hsn_is_compared_once_there_is_one(fresh):
    assert posted(fresh, sale())["findings"] == []
    fresh.rule("hsn", "code,name\n4202,BAGS\n")
    told = posted(fresh, sale())["findings"]
    assert [(one["code"], one["check"], one["level"], one["value"])
            for one in told] == [("gst.hsn_unlisted", "H02", "warn", "6205")]
    fresh.rule("hsn", "code,name\n6205,SHIRTS\n")
    assert posted(fresh, sale())["findings"] == []


def test_above_five_crore_six_digits_are_due_of_all(fresh):
    assert posted(fresh, sale("H"))["findings"] == []
    fresh.rule("registration", TABLES["registration"].replace(
        "7500000.00", "50000000.01"))
    told = fresh.tell(sale("H"))
    assert found(told, "gst.hsn_missing")[0]["value"] == "KUR-COT-S"
    assert "6205, not 6 digits" in found(told, "gst.hsn_missing")[0]["detail"]
    done = mend(fresh, "gst.hsn_missing", "620520")
    assert done.json["done"] == 1, done.body
    assert "KUR-COT-S,620520,PCS" in rows(fresh, "gst_item")


def test_with_two_registrations_the_message_says_which(fresh):
    fresh.rule("registration", "gstin,from,entity,kind,filing,turnover,to\n"
               "29AAAAA0000A1ZY,2026-10-01,IN01,regular,monthly,,\n")
    told = fresh.tell(sale())
    assert found(told, "gst.branch_missing")[0]["check"] == "D10"
    assert told["state"] == "failed"
    assert posted(fresh, sale(gst={"gstin": OURS}))["findings"] == []
    assert posted(fresh, sale("K", HERE, gst={
        "gstin": "29AAAAA0000A1ZY"}))["findings"] == []
    # Before it began there was one.
    fresh.rule("period", "entity,period,state\nIN01,2026-09,open\n")
    assert posted(fresh, sale(number="X-1", date="2026-09-30"))[
        "findings"] == []


def test_a_place_that_nobody_knows(fresh):
    gone = fresh.api("DELETE", "/v1/reference/gst_state/27",
                     headers={"If-Match": "*"})
    assert gone.status == 200, gone.body
    told = fresh.tell(sale("H"))
    assert found(told, "gst.place_missing")[0]["value"] == "H"
    assert found(told, "gst.place_missing")[0]["fixable"] is True
    assert mend(fresh, "gst.place_missing", "28x").status == 422
    done = mend(fresh, "gst.place_missing", "29")
    assert done.status == 200, done.body
    assert "H,,unregistered,29,,,," in rows(fresh, "taxpayer")


def test_an_sez_of_ours_supplies_other_states(fresh):
    fresh.rule("registration", TABLES["registration"].replace(
        ",regular,", ",sez,"))
    assert found(fresh.tell(sale()), "gst.wrong_head")
    assert posted(fresh, sale(lines=THERE))["findings"] == []


def test_a_law_that_changes_is_a_row(fresh):
    eight = sale(lines=[line(code="GST8"), tax("40.00", "cgst", "GST8"),
                        tax("40.00", "sgst", "GST8")])
    fresh.rule("tax_code", "code,name,entity,kind,extra,from,to\n"
               "GST8,GST 8%,,gst,8,,\n")
    assert found(fresh.tell(unique(eight)), "gst.rate_not_in_force")
    fresh.rule("gst_rate", "rate,from,hsn,goods,services,to,note\n"
               "8,2026-10-01,62,yes,no,,a new slab\n")
    assert posted(fresh, unique(eight))["findings"] == []
    fresh.rule("gst_limit", "name,from,value\ntax_block,2026-10-01,5.00\n")
    off = posted(fresh, sale(lines=[line(), tax("27.00", "cgst"),
                                    tax("27.00", "sgst")]))
    assert found(off, "gst.tax_differs")[0]["level"] == "warn"
    fresh.prove()
