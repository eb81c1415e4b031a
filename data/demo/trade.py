#!/usr/bin/python3
"""Write what the demo company's warehouse, sales desk, gateway and bank send.

    trade.py >trade.jsonl

The month of generate.py is retail: a sale is an order, a delivery and a
payment at once.  This is the rest of October 2026: purchases that fill the
warehouse, orders of business customers from promise to money with shipments in
parts, what comes before what it belongs to, what a person must approve, two
payouts of the gateway, two bank statements and reports of the tills.  Lines are as generate.py writes
them, in one group, as one must follow the other; those with `file` go into the
inbox.  The same bytes each time, all by hand: nothing is drawn.
"""
import functools
import json
import os
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import generate  # noqa: E402
from generate import money  # noqa: E402

# Who sends, beside the sources of generate.py, and how each signs.
SOURCES = {"wms": "standard", "office": "standard",
           "razorpay-recon": "standard", "bank-hdfc": "standard"}
# What becomes of it all.
BECOMES = {"posted": 55, "waiting": 14, "held": 2, "ignored": 15,
           "conflict": 2}

# Standard cost is in data/reference/cost.csv; prices without tax, in paise.
GOODS = {		# GST, wholesale price
    "KUR-COT-S": (5, 68000), "KUR-COT-M": (5, 68000),
    "KUR-COT-L": (5, 72000), "SAR-PTH-01": (5, 160000),
    "DUP-BND-01": (5, 98000), "BED-BLK-01": (5, 148000),
    "MUG-CER-01": (5, 31000), "LMP-BRS-01": (5, 72000),
    "CHP-KOL-08": (5, 124000), "BAG-LTH-01": (18, 70000),
}
CUSTOMERS = {"b2b_konkan": "MH", "b2b_greenmart": "MH", "b2b_deccan": "KA",
             "b2b_taluka": "MH"}
HALVES = (("cgst", 2), ("sgst", 2))
PAYOUTS = (("setl_SahyadriOct14", 12, 0), ("setl_SahyadriOct15", 13, 1))
ACCOUNT = "50200098765432"
TILLS = (("STORE-MUM", 12, 0), ("STORE-PUN", 12, 0), ("STORE-PUN", 13, 49900))


def at(day, hour=11, minute=0):
    return "2026-10-%02dT%02d:%02d:00+05:30" % (day, hour, minute)


def taxes(parts, state):
    """Sums by code of (GST, amount without tax), as an invoice has them."""
    net = {}
    for rate, amount in parts:
        net[rate] = net.get(rate, 0) + amount
    out = []
    for rate, amount in sorted(net.items()):
        tax = generate.divide(amount * rate, 100)
        for kind, by in HALVES if state == "MH" else (("igst", 1),):
            out.append((kind, "GST%d" % rate, generate.divide(tax, by)))
    return out


class Trade:
    def __init__(self):
        self.out, self.keys = [], 0
        self.receipts = []
        self.cost = {row["item"]: int(row["cost"].replace(".", ""))
                     for row in generate.rows("cost")}

    def send(self, source, day, body):
        self.keys += 1
        key = "trade_%04d" % self.keys
        self.out.append((day, {
            "source": source, "headers": {
                "Content-Type": "application/json", "webhook-id": key},
            "body": json.dumps(body, ensure_ascii=False), "sign": True,
            "note": "", "group": "trade"}))

    def wms(self, kind, day, **data):
        self.send("wms", day, {"type": kind, "data": data})

    def desk(self, kind, day, **data):
        data = dict({"entity": "IN01", "date": at(day)[:10],
                     "currency": "INR"}, **data)
        self.send("office", day, {
            "specversion": "1.0", "source": "/office",
            "id": "%s/%d" % (data["number"], self.keys),
            "type": "in.bahi." + kind, "time": at(day), "data": data})

    def file(self, source, day, name, body):
        self.out.append((day, {"source": source, "file": name, "body": body,
                               "note": "", "group": name}))

    # Goods in.

    def buy(self, day, order, supplier, lines):
        self.desk("order.accepted", day, direction="purchase", number=order,
                  party=supplier, total=money(sum(
                      self.cost[item] * n for item, n in lines)),
                  lines=[{"item": item, "quantity": n, "location": "WH-BHW",
                          "amount": money(self.cost[item] * n)}
                         for item, n in lines])

    def receive(self, day, number, order, supplier, lines):
        self.wms("receipt", day, receipt=number, purchase_order=order,
                 supplier=supplier, warehouse="WH-BHW",
                 received_at=at(day, 9), lines=[
                     {"sku": item, "delivered": n, "accepted": n}
                     for item, n in lines])

    def bill(self, day, number, order, supplier, lines):
        """A supplier's bill: its flow wants an approval."""
        parts = [(GOODS[item][0], self.cost[item] * n) for item, n in lines]
        tax = taxes(parts, "MH")
        self.desk("purchase.invoice", day, number=number, order=order,
                  party=supplier,
                  total=money(sum(p[1] for p in parts)
                              + sum(t[2] for t in tax)),
                  taxes=[{"kind": kind, "code": code, "amount": money(amount)}
                         for kind, code, amount in tax],
                  lines=[{"item": item, "quantity": n, "received": True,
                          "amount": money(self.cost[item] * n),
                          "tax_code": "GST%d" % GOODS[item][0]}
                         for item, n in lines])

    # Goods out, and the money for them.

    def priced(self, party, lines):
        """(total, taxes, lines) as order and invoice have them."""
        parts = [(GOODS[item][0], GOODS[item][1] * n) for item, n in lines]
        tax = taxes(parts, CUSTOMERS[party])
        total = sum(p[1] for p in parts) + sum(t[2] for t in tax)
        return money(total), [
            {"kind": kind, "code": code, "amount": money(amount)}
            for kind, code, amount in tax], [
                {"item": item, "quantity": n, "cost_centre": "B2B",
                 "amount": money(GOODS[item][1] * n),
                 "tax_code": "GST%d" % GOODS[item][0]} for item, n in lines]

    def order(self, day, number, party, lines):
        total, tax, rows = self.priced(party, lines)
        self.desk("order.accepted", day, number=number, party=party,
                  total=total, taxes=tax,
                  lines=[dict(row, location="WH-BHW") for row in rows])

    def ship(self, day, number, order, party, lines):
        self.wms("shipment", day, shipment=number, order=order,
                 ship_to=party, warehouse="WH-BHW", shipped_at=at(day, 16),
                 carrier="Blue Dart", lines=[
                     {"sku": item, "shipped": n} for item, n in lines])

    def invoice(self, day, number, order, shipment, party, lines):
        total, tax, rows = self.priced(party, lines)
        self.desk("invoice.posted", day, number=number, order=order,
                  shipment=shipment, party=party, total=total, taxes=tax,
                  lines=rows)
        return total

    def pay(self, day, number, order, party, invoice, amount):
        self.desk("payment.applied", day, number=number, order=order,
                  party=party, amount=amount, channel="neft",
                  invoices=[{"number": invoice, "amount": amount}])

    def cycle(self, day, serial, party, lines):
        """From promise to money, as it should be."""
        order, shipment = "SO-50%02d" % serial, "SHP-70%02d" % serial
        invoice = "B2B-26-%03d" % serial
        self.order(day, order, party, lines)
        self.ship(day + 1, shipment, order, party, lines)
        total = self.invoice(day + 1, invoice, order, shipment, party, lines)
        self.pay(day + 4, "RCT-26-%03d" % serial, order, party, invoice,
                 total)
        self.receipts.append((day + 5, "RCT-26-%03d" % serial, party,
                              int(total.replace(".", ""))))

    def purchases(self):
        weaver = [("KUR-COT-S", 120), ("KUR-COT-M", 160), ("KUR-COT-L", 90),
                  ("SAR-PTH-01", 24), ("DUP-BND-01", 60), ("BED-BLK-01", 40)]
        crafts = [("MUG-CER-01", 150), ("LMP-BRS-01", 60),
                  ("CHP-KOL-08", 48), ("BAG-LTH-01", 30)]
        self.buy(1, "PO-3101", "sup_solapur", weaver)
        self.buy(1, "PO-3102", "sup_kolhapur", crafts)
        self.receive(2, "GRN-4401", "PO-3101", "sup_solapur", weaver)
        # Ten bags were not on the lorry: they are still to come.
        self.receive(2, "GRN-4402", "PO-3102", "sup_kolhapur",
                     crafts[:3] + [("BAG-LTH-01", 20)])
        self.bill(5, "SOL/2026/118", "PO-3101", "sup_solapur", weaver)
        self.bill(6, "KOL/2026/077", "PO-3102", "sup_kolhapur",
                  crafts[:3] + [("BAG-LTH-01", 20)])

    def orders(self):
        plan = [("b2b_konkan", [("KUR-COT-S", 30), ("KUR-COT-M", 40)]),
                ("b2b_deccan", [("MUG-CER-01", 60)]),
                ("b2b_taluka", [("SAR-PTH-01", 6), ("DUP-BND-01", 12)]),
                ("b2b_konkan", [("BED-BLK-01", 15)]),
                ("b2b_taluka", [("LMP-BRS-01", 24), ("CHP-KOL-08", 12)]),
                ("b2b_deccan", [("KUR-COT-L", 20)])]
        for serial, (party, lines) in enumerate(plan, 1):
            self.cycle(3 + serial, serial, party, lines)
        # Shipped in parts: what did not go yet is a backorder.
        self.order(10, "SO-5011", "b2b_greenmart",
                   [("KUR-COT-M", 80), ("KUR-COT-L", 40)])
        self.ship(11, "SHP-7011", "SO-5011", "b2b_greenmart",
                  [("KUR-COT-M", 50), ("KUR-COT-L", 40)])
        self.invoice(11, "B2B-26-011", "SO-5011", "SHP-7011",
                     "b2b_greenmart", [("KUR-COT-M", 50), ("KUR-COT-L", 40)])
        self.order(12, "SO-5012", "b2b_konkan",
                   [("MUG-CER-01", 72), ("LMP-BRS-01", 18)])
        self.ship(13, "SHP-7012", "SO-5012", "b2b_konkan",
                  [("MUG-CER-01", 48)])
        # More than there is: it waits for the next lorry.
        self.order(13, "SO-5013", "b2b_deccan", [("BAG-LTH-01", 60)])
        # Ten fewer are there than the books say, and all thirty are sent:
        # four are sold that nobody has.
        self.order(14, "SO-5014", "b2b_taluka", [("CHP-KOL-08", 30)])
        self.wms("count", 15, count="CC-2026-41", warehouse="WH-BHW",
                 counted_at=at(15, 20), counted_by="R. Gaikwad", lines=[
                     {"sku": "CHP-KOL-08", "bin": "C-02-1", "expected": 36,
                      "counted": 26},
                     {"sku": "DUP-BND-01", "bin": "A-07-3", "expected": 48,
                      "counted": 47}])
        self.ship(16, "SHP-7014", "SO-5014", "b2b_taluka",
                  [("CHP-KOL-08", 30)])
        # A return: what was posted stands, a credit note undoes its part.
        self.desk("refund", 17, number="RFD-26-004", party="b2b_konkan",
                  order="SO-5004", amount="3108.00",
                  credit_note="CN-26-004", reason="wrong colour",
                  taxes=[{"kind": "cgst", "code": "GST5",
                          "amount": "74.00"},
                         {"kind": "sgst", "code": "GST5",
                          "amount": "74.00"}],
                  lines=[{"item": "BED-BLK-01", "quantity": 2,
                          "location": "WH-BHW", "amount": "2960.00",
                          "cost": money(2 * self.cost["BED-BLK-01"]),
                          "cost_centre": "B2B", "tax_code": "GST5"}])
        # Money that came before its invoice, goods before their order.
        self.pay(18, "RCT-26-015", "SO-5015", "b2b_konkan", "B2B-26-015",
                 "28560.00")
        self.pay(19, "RCT-26-016", "SO-5016", "b2b_taluka", "B2B-26-016",
                 "39690.00")
        self.ship(19, "SHP-7015", "SO-5015", "b2b_konkan",
                  [("KUR-COT-S", 40)])

    # Two at the desk change the same invoice, each having read version 1.

    def fitting(self, day, number, paise, **other):
        """Shop fitting for a customer, in the customer's own state."""
        half = (paise * 9 + 50) // 100
        data = {"number": number, "date": at(20)[:10],
                "party": "b2b_konkan", "total": money(paise + 2 * half),
                "taxes": [{"kind": kind, "code": "GST18",
                           "amount": money(half)} for kind, _ in HALVES],
                "lines": [{"description": "Shop fitting, Dadar counter",
                           "hsn": "9954", "cost_centre": "B2B", "tax_code": "GST18",
                           "amount": money(paise)}]}
        self.desk("invoice.posted", day, **dict(data, **other))

    def amendments(self):
        # One adds the customer's order, one the discount: both hold.
        self.fitting(20, "SVC-26-031", 8500000)
        self.fitting(21, "SVC-26-031", 8500000, base_version=1,
                     reference="KMD/PO/1187")
        self.fitting(21, "SVC-26-031", 8075000, base_version=1)
        # Both agreed on a discount, not on which.
        self.fitting(20, "SVC-26-032", 4200000)
        self.fitting(21, "SVC-26-032", 3990000, base_version=1,
                     memo="5 % as agreed with Mr Naik")
        self.fitting(21, "SVC-26-032", 3780000, base_version=1,
                     memo="10 % festival discount")

    # Files: payouts of the gateway, a statement of the bank.

    def payouts(self):
        """One adds up to its control; of the other a payment is missing."""
        controls = []
        for name, day, missing in PAYOUTS:
            rows, total = recon(name, day)
            self.file("razorpay-recon", day + 2,
                      "recon-2026-10-%02d.csv" % (day + 2),
                      "\n".join(rows[:len(rows) - missing]) + "\n")
            controls.append((day + 2, name, len(rows) - 1, total))
        lines = [json.dumps({
            "specversion": "1.0", "type": "in.bahi.settlement", "data": {
                "entity": "IN01", "number": name, "batch": name,
                "count": count, "date": at(day)[:10], "currency": "INR",
                "gross": money(total), "net": money(total),
                "clearing_account": "1215", "bank_account": "1220",
                "reference": "AXISN2610%02d0047" % day}})
                 for day, name, count, total in controls]
        self.file("razorpay-recon", 15, "payouts-2026-10.jsonl",
                  "\n".join(lines) + "\n")
        return controls[0][3]

    def statement(self, payout):
        entries = ((14, 4998000, "NTRF", "GM-PAY-0912", "S1090001",
                    "NEFT CR-ICIC0000104-GREEN MART HYPERMARKETS LTD-"
                    "GM-PAY-0912"),
                   (14, payout, "NTRF", "NONREF", "S1090002",
                    "AXISN2610140047 RAZORPAY SETTLEMENT"),
                   (14, -5900, "NCHG", "NONREF", "S1090003",
                    "NEFT CHGS INCL GST"))
        closing = self.bank(14, 214, 125000000, entries)
        # What the sales desk booked as received, seen by the bank: by its
        # reference, once by nothing but the amount, once not yet; and what
        # nobody booked.
        entries = [(day, amount, "NMSC", "NONREF", "S11%05d" % n,
                    "NEFT CR-%s-%s" % (party[4:].upper(), number)
                    if n < 4 else "BY TRANSFER MUMBAI FORT")
                   for n, (day, number, party, amount) in
                   enumerate(self.receipts) if n < 5]
        entries += [(20, -5900, "NMSC", "NONREF", "S1120001",
                     "SMS CHGS QTR SEP INCL GST"),
                    (21, -41300, "NMSC", "NONREF", "S1120002",
                     "LOCKER RENT INCL GST"),
                    (22, 186400, "NMSC", "NONREF", "S1120003",
                     "INTEREST CREDIT SWEEP FD"),
                    (23, -250000, "NMSC", "NONREF", "S1120004",
                     "ACH D-MAHADISCOM ELECTRICITY 118822"),
                    (24, -5900, "NMSC", "NONREF", "S1120005",
                     "SMS CHGS QTR OCT INCL GST")]
        self.bank(24, 222, closing, entries)

    def bank(self, day, number, opening, entries):
        """A statement in MT940; the balance that it closes with."""
        closing = opening + sum(entry[1] for entry in entries)
        lines = [":20:HDFC202610%02d" % day, ":25:" + ACCOUNT,
                 ":28C:%05d/001" % number, ":60F:C2610%02dINR%s" % (
                     day - 1, money(opening).replace(".", ","))]
        for when, amount, kind, reference, theirs, details in entries:
            lines.append(":61:2610%02d10%02d%s%s%s%s//%s" % (
                when, when, "C" if amount > 0 else "D",
                money(abs(amount)).replace(".", ","), kind, reference,
                theirs))
            lines.append(":86:" + details[:65])
            if details[65:]:
                lines.append(details[65:])
        lines.append(":62F:C2610%02dINR%s" % (
            day, money(closing).replace(".", ",")))
        self.file("bank-hdfc", day + 1, "hdfc-2026-10-%02d.sta" % day,
                  "\r\n".join(lines + ["-", ""]))
        return closing

    def tills(self):
        """What two tills say of a day: all of it, and one sale more than
        there is."""
        for till, day, more in TILLS:
            count, gross = sold(till, day)
            self.send("pos", day, {"event": "till.closed", "data": {
                "store": till, "z_number": "Z-%s-%02d" % (till[-3:], day),
                "business_date": at(day)[:10], "currency": "INR",
                "gross": money(gross + more),
                "sales_count": count + (more > 0)}})


@functools.cache
def sales():
    """What each till sold by day: count and sum of what can be posted."""
    out = {}
    for one in generate.generate(1, 2000):
        if one.source != "pos" or one.note != "":
            continue
        data = json.loads(one.body, parse_float=str)["data"]
        if "store" in data:
            key = (data["store"], data["paid_at"][:10])
            count, gross = out.get(key, (0, 0))
            out[key] = (count + 1, gross + int(
                data["amount"].replace(".", "")))
    return out


def sold(till, day):
    return sales()[till, at(day)[:10]]


@functools.cache
def captured():
    """The payments of the month that reached the gateway in one piece."""
    bodies = [json.loads(one.body) for one in generate.generate(1, 2000)
              if one.source == "razorpay" and one.note == ""]
    return [body["payload"]["payment"]["entity"] for body in bodies
            if body["event"] == "payment.captured"]


def recon(name, day):
    """The gateway's report of a day, paid out two days later, and its sum."""
    names = ("settlement_id", "entity_id", "type", "debit", "credit",
             "amount", "currency", "fee", "tax", "settled", "created_at",
             "settled_at", "settlement_utr", "description")
    rows, total = [",".join(names)], 0
    for p in captured():
        # No sale is before 06:00: the day is the same one in UTC.
        if time.gmtime(p["created_at"]).tm_mday != day:
            continue
        net = p["amount"] - p["fee"]
        total += net
        rows.append(",".join((
            name, p["id"], "payment", "", money(net), money(p["amount"]),
            "INR", money(p["fee"]), money(p["tax"]), "1", at(day)[:10],
            at(day + 2)[:10], "AXISN2610%02d0047" % (day + 2),
            p["order_id"])))
    return rows, total


def trade():
    company = Trade()
    company.purchases()
    company.orders()
    company.amendments()
    company.statement(company.payouts())
    company.tills()
    company.out.sort(key=lambda one: one[0])	# stable: as written in a day
    return [line for _, line in company.out]


def main():
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    for line in trade():
        print(json.dumps(line, ensure_ascii=False, separators=(",", ":")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
