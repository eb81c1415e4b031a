#!/usr/bin/python3
"""Write what the demo company's October 2026 has for its GST returns.

    gst.py >gst.jsonl

The months of generate.py and trade.py are of shops, tills and wholesale. This
is what else stands in a return: zero-rated and nil supplies, reverse charge,
large sales to consumers elsewhere, notes, advances, sales through an operator,
a cancelled number, a second company, and the bills of suppliers, which
gstr2b.py knows from the other side. Five are wrong, each in another way.
Lines are as generate.py writes them, in one group. All by hand: nothing is
drawn.
"""
import csv
import json
import os
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from generate import divide, money  # noqa: E402
from trade import at  # noqa: E402

SOURCES = {"purchases": "standard"}
# What becomes of it all.
BECOMES = {"posted": 40, "failed": 5}
FAULTS = ("check character", "tax of another state", "no HSN",
          "number too long", "rate of another year")
OWN = {"IN01": "27AAAAA0000A1Z2", "IN02": "27BBBBB1111B1ZN"}


def own_rows(table):
    with open(os.path.join(HERE, table + ".csv"), newline="",
              encoding="utf-8") as file:
        return list(csv.DictReader(file))


PARTIES = {row["party"]: row for row in own_rows("taxpayer")}


def heads(net, rate, inter):
    """(kind, paise) of the tax on one value, each head by itself."""
    if not rate:
        return []
    if inter:
        return [("igst", divide(net * rate, 100))]
    half = divide(net * rate, 200)
    return [("cgst", half), ("sgst", half)]


def line(amount, rate, item=None, quantity=None, **other):
    out = {"amount": money(amount), "tax_code": "GST%d" % rate}
    if item:
        out["item"] = item
    if quantity:
        out["quantity"] = quantity
    out.update(other)
    return out


class Books:
    def __init__(self):
        self.out, self.keys, self.bills = [], 0, []

    def send(self, source, kind, day, note="", **data):
        self.keys += 1
        data = dict({"entity": "IN01", "date": at(day)[:10],
                     "currency": "INR"}, **data)
        self.out.append((day, {
            "source": source, "headers": {
                "Content-Type": "application/json",
                "webhook-id": "gst_%04d" % self.keys},
            "body": json.dumps({
                "specversion": "1.0", "source": "/" + source,
                "id": "%s/%d" % (data["number"], self.keys),
                "type": "in.bahi." + kind, "time": at(day), "data": data},
                ensure_ascii=False),
            "sign": True, "note": note, "group": "gst"}))

    @staticmethod
    def taxed(lines, inter, charged=True):
        """(total, taxes) of lines that are (paise, rate, ...)."""
        by_rate, taxes = {}, []
        for paise, rate, *_ in lines:
            by_rate[rate] = by_rate.get(rate, 0) + paise
        for rate, net in sorted(by_rate.items()):
            for kind, amount in heads(net, rate, inter) if charged else ():
                taxes.append((kind, "GST%d" % rate, amount))
        total = sum(by_rate.values()) + sum(tax[2] for tax in taxes)
        return total, [{"kind": kind, "code": code, "amount": money(amount)}
                       for kind, code, amount in taxes]

    # Sold.

    def sell(self, day, number, party, lines, inter=False, charged=True,
             gst=None, kind="invoice.posted", **other):
        total, taxes = self.taxed(lines, inter, charged)
        data = {"number": number, "party": party, "taxes": taxes,
                "lines": [line(*one[:2], **one[2]) for one in lines]}
        if gst:
            data["gst"] = gst
        if kind == "refund":	# what is owed less, no money yet
            data.update(amount=money(total), account="1100")
        elif kind.startswith("advance"):
            data.update(amount=money(total))
        else:
            data.update(total=money(total))
        self.send("office", kind, day, **dict(data, **other))

    def sales(self):
        kurta = {"item": "KUR-COT-M", "quantity": 50}
        self.sell(6, "GST-26-001", "b2b_goa", [(3400000, 5, kurta)], True)
        self.sell(7, "GST-26-002", "b2b_greenmart", [
            (4000000, 5, {"description": "Delivery van on hire, October",
                          "hsn": "996601"})], charged=False,
            gst={"reverse_charge": True})
        bags = {"item": "BAG-LTH-01", "quantity": 20}
        self.sell(8, "GST-26-003", "sez_hinjawadi", [(1400000, 18, bags)],
                  True, gst={"supply": "with_payment"})
        self.sell(9, "GST-26-004", "sez_hinjawadi", [(2100000, 18, dict(
            bags, quantity=30))], charged=False,
            gst={"supply": "without_payment"})
        self.sell(10, "GST-26-005", "eou_nashik", [
            (720000, 5, {"item": "LMP-BRS-01", "quantity": 10})])
        self.sell(12, "GST-26-006", "cust_interiors", [
            (15000000, 5, {"item": "RUG-DHR-01", "quantity": 60})], True)
        # Nil rated, exempt and outside of GST on one invoice.
        self.sell(13, "GST-26-007", "b2b_greenmart", [
            (2100000, 0, {"item": "BOK-MRT-01", "quantity": 60}),
            (300000, 0, {"description": "Millet, unbranded", "hsn": "1008",
                         "quantity": 100, "unit": "KGS",
                         "supply": "exempt"}),
            (180000, 0, {"description": "Diesel of the generator",
                         "hsn": "2710", "quantity": 20, "unit": "LTR",
                         "supply": "non_gst"})])
        # Written and cancelled before it went out: the number is used.
        self.sell(14, "GST-26-008", "b2b_goa", [(3400000, 5, kurta)], True,
                  cancelled=True)
        self.sell(15, "GST-26-009", "b2b_greenmart", [
            (1860000, 5, {"item": "MUG-CER-01", "quantity": 60}),
            (700000, 18, {"item": "BAG-LTH-01", "quantity": 10})])
        for n, (state, net) in enumerate((("KA", 186000), ("GJ", 93000),
                                          ("MH", 62000)), 1):
            self.sell(15 + n, "ECO-26-%03d" % n, "WALKIN", [
                (net, 5, {"item": "MUG-CER-01", "quantity": net // 31000})],
                state != "MH", gst={"place": state, "operator":
                                    PARTIES["eco_bazaar"]["gstin"]})
        hosting = {"description": "Shop software, October",
                   "hsn": "998315"}
        self.sell(20, "DIG-26-011", "b2b_deccan", [(2500000, 18, hosting)],
                  True, entity="IN02")
        self.sell(21, "DIG-26-012", "b2b_konkan", [(1800000, 18, hosting)],
                  entity="IN02")

    def exports(self):
        lamps = {"item": "LMP-BRS-01", "quantity": 80}
        paid = {"place": "96", "supply": "with_payment", "port": "INNSA1",
                "bill": "4511234", "bill_date": "2026-10-09"}
        self.sell(9, "EXP-26-001", "exp_lakeside", [(120000, 5, lamps)],
                  True, gst=paid, currency="USD")
        self.sell(16, "EXP-26-002", "exp_lakeside", [(240000, 5, dict(
            lamps, quantity=160))], charged=False, currency="USD",
            gst=dict(paid, supply="without_payment", bill="4519876",
                     bill_date="2026-10-16"))
        self.sell(22, "CN-26-012", "exp_lakeside", [(12000, 5, {
            "item": "LMP-BRS-01", "quantity": 8})], True, kind="refund",
            currency="USD", gst={
                "place": "96", "supply": "with_payment",
                "original": "EXP-26-001", "original_date": "2026-10-09"})

    def notes(self):
        self.sell(19, "CN-26-011", "b2b_goa", [(340000, 5, {
            "item": "KUR-COT-M", "quantity": 5})], True, kind="refund",
            gst={"original": "GST-26-001", "original_date": "2026-10-06"})
        self.sell(20, "CN-26-013", "cust_interiors", [(500000, 5, {
            "item": "RUG-DHR-01", "quantity": 2})], True, kind="refund",
            gst={"original": "GST-26-006", "original_date": "2026-10-12"})
        self.sell(21, "DN-26-001", "b2b_greenmart", [(60000, 5, {
            "item": "MUG-CER-01", "quantity": 2})],
            gst={"original": "GST-26-009", "original_date": "2026-10-15",
                 "debit_note": True})

    def advances(self):
        fitting = {"description": "Shop fitting", "hsn": "9954"}
        self.sell(11, "RV-26-021", "b2b_deccan", [(10000000, 18, fitting)],
                  True, kind="advance", channel="neft")
        self.sell(23, "RV-26-022", "b2b_greenmart", [(2500000, 18, fitting)],
                  kind="advance", channel="neft")
        # Taken in August, used up now.
        self.sell(24, "AA-26-004", "b2b_konkan", [(1500000, 18, fitting)],
                  kind="advance.adjustment", memo="Advance of August",
                  gst={"original": "RV-26-009"})

    # Bought.

    def buy(self, day, serial, party, theirs, date, lines, inter=False,
            reverse=False, cost=False, charged=True, gst=None, **other):
        """Our number, the supplier's own and its date; what it is like is
        kept for gstr2b.py."""
        total, taxes = self.taxed(lines, inter, charged)
        if reverse:
            total = sum(one[0] for one in lines)
        if cost:		# no credit of it: section 17(5)
            taxes = [dict(tax, kind="other") for tax in taxes]
        self.bills.append({
            "party": party, "number": theirs, "date": date, "lines": lines,
            "inter": inter, "reverse": reverse, "charged": charged})
        said = dict({"original": theirs, "original_date": date}, **gst or {})
        self.send("purchases", "purchase.invoice", day,
                  number="PI-26-%03d" % serial, party=party,
                  reference=theirs, total=money(total), taxes=taxes,
                  lines=[line(*one[:2], **one[2]) for one in lines],
                  gst=said, **({"reverse_charge": True} if reverse else {}),
                  **other)

    def purchases(self):
        cloth = {"description": "Cotton cloth", "hsn": "5208",
                 "quantity": 400, "unit": "MTR"}
        clay = {"description": "Mugs, unglazed", "hsn": "6912",
                "quantity": 200, "unit": "PCS"}
        self.buy(7, 1, "sup_solapur", "SOL/26-27/131", "2026-10-06",
                 [(4000000, 5, cloth)])
        self.buy(8, 2, "sup_surat", "SRT/0885", "2026-10-07",
                 [(6000000, 5, cloth)], True)
        self.buy(9, 3, "sup_kolhapur", "KOL-0090", "2026-10-08",
                 [(2500000, 18, {"description": "Leather", "hsn": "4107",
                                 "quantity": 50, "unit": "SQF"})])
        self.buy(10, 4, "sup_telecom", "KT10/55120", "2026-10-05",
                 [(800000, 18, {"description": "Telephone", "hsn":
                                "998412"})])
        self.buy(12, 5, "sup_studio", "PXS-26-17", "2026-10-11",
                 [(3000000, 18, {"description": "Catalogue photographs",
                                 "hsn": "998383"})])
        self.buy(13, 6, "sup_caterers", "ANP/412", "2026-10-12",
                 [(600000, 5, {"description": "Opening of the store",
                               "hsn": "996337"})], cost=True)
        self.buy(14, 7, "sup_roadlines", "SRL-7781", "2026-10-13",
                 [(1200000, 5, {"description": "Freight to Bhiwandi",
                                "hsn": "996511"})], reverse=True)
        self.buy(15, 8, "sup_advocate", "SD/26/09", "2026-10-14",
                 [(2000000, 18, {"description": "Lease of the Thane store",
                                 "hsn": "998212"})], reverse=True)
        self.buy(16, 9, "sup_yiwu", "YW-88123", "2026-10-10",
                 [(8000000, 5, dict(clay, quantity=900))], True, gst={
                     "port": "INNSA1", "bill": "6612345",
                     "bill_date": "2026-10-15"})
        self.buy(17, 10, "sup_cloud", "INV-US-4410", "2026-10-15",
                 [(1500000, 18, {"description": "Servers, September",
                                 "hsn": "998315"})], True, reverse=True)
        self.buy(18, 11, "sup_packers", "GP/231", "2026-10-16",
                 [(500000, 0, {"description": "Cartons", "hsn": "4819",
                               "quantity": 500, "unit": "PCS",
                               "supply": "exempt"})], charged=False)
        self.buy(19, 12, "sup_ahmedabad", "AT/2627/0551", "2026-10-17",
                 [(900000, 5, {"description": "Trims", "hsn": "5808",
                               "quantity": 900, "unit": "MTR"})], True)
        self.buy(20, 13, "sup_paithan", "PW-1188", "2026-10-18",
                 [(2400000, 5, {"item": "SAR-PTH-01", "quantity": 20})])
        self.buy(21, 14, "sup_kolhapur", "KOL-0091", "2026-10-19",
                 [(1850000, 5, clay)])
        # The same bill, entered a second time under a number of ours.
        self.buy(22, 15, "sup_studio", "PXS/26/17", "2026-10-11",
                 [(3000000, 18, {"description": "Catalogue photographs",
                                 "hsn": "998383"})])
        self.buy(23, 16, "sup_surat", "SRT/0902", "2026-10-20",
                 [(1400000, 5, dict(cloth, quantity=140))], True)

        # Some of the first was stained: the supplier wrote a note.
        self.note(27, 1, "sup_solapur", "SOL/CN/12", (120000, 5, cloth),
                  {"original": "SOL/26-27/131",
                   "original_date": "2026-10-06"})

    def note(self, day, serial, party, theirs, sold, said):
        total, taxes = self.taxed([sold], False)
        self.send("purchases", "debit.note", day,
                  number="PN-26-%03d" % serial, party=party,
                  reference=theirs, total=money(total), taxes=taxes,
                  lines=[line(*sold[:2], **dict(sold[2], quantity=12))],
                  gst=said)

    # What somebody must look at.

    def mistakes(self):
        fitting = {"description": "Shop fitting", "hsn": "9954"}
        mugs = {"item": "MUG-CER-01", "quantity": 20}
        self.sell(26, "GST-26-020", "b2b_konkan", [(500000, 18, fitting)],
                  gst={"party_gstin": "27CCCCC2222C1Z9"}, note=FAULTS[0])
        self.sell(26, "GST-26-021", "b2b_goa", [(620000, 5, mugs)],
                  note=FAULTS[1])
        self.sell(27, "GST-26-022", "b2b_greenmart", [(450000, 18, {
            "description": "Display stands"})], note=FAULTS[2])
        self.sell(27, "GST/26-27/OCT/0023", "b2b_greenmart",
                  [(620000, 5, mugs)], note=FAULTS[3])
        self.sell(28, "GST-26-024", "b2b_greenmart", [(148000, 12, {
            "item": "BED-BLK-01", "quantity": 1})], note=FAULTS[4])


def books():
    company = Books()
    company.sales()
    company.exports()
    company.notes()
    company.advances()
    company.purchases()
    company.mistakes()
    return company


def main():
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    for _, one in sorted(books().out, key=lambda one: one[0]):
        print(json.dumps(one, ensure_ascii=False, separators=(",", ":")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
