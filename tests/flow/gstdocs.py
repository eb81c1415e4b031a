"""Documents of GST as a desk writes them, and a house that is registered."""
import datetime

from house import House
from test_govern import People

OWN, THERE = "27AAAAA0000A1Z2", "29AAAAA0000A1ZY"
BUYER, FAR = "27CCCCC2222C1Z8", "29AABCR1718E1ZL"
MONTHLY = ("gstin,from,entity,kind,filing,turnover,to\n"
           "%s,2017-07-01,IN01,regular,monthly,,\n" % OWN)
# What a desk buys posts at once here.
FLOW = ("source,kind,entity,pattern,window,latency,owner,objective,wait,"
        "control\n"
        "desk,purchase_invoice,*,realtime,,60,accounts,2880,0,high\n")
ITEM = {"hsn": "84713010", "unit": "NOS", "quantity": "1"}


class Registered(House):
    registration = MONTHLY

    def make(self):
        super().make()
        self.csv("registration", self.registration)
        self.csv("flow", FLOW)

    def hire(self):
        self.people = People(self, ravi="controller", meera="controller",
                             asha="clerk", vik="viewer")
        return self

    def csv(self, table, text):
        folder = self.dir / "csv"
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        (folder / (table + ".csv")).write_text(text)
        self.run("import", str(folder))

    def reference(self, table, text):
        answer = self.api("POST", "/v1/reference/" + table, text.encode(),
                          {"Content-Type": "text/csv"})
        assert answer.status == 200, answer.body

    def put(self, document, version=None, state="posted", who=None):
        where = "/v1/documents/%(entity)s/%(kind)s/%(number)s" % document
        answer = self.api("PUT", where, document, {
            "Content-Type": "application/json",
            **({"If-None-Match": "*"} if version is None else
               {"If-Match": '"%d"' % version})})
        assert answer.status in (200, 201, 202), answer.body
        assert answer.json["state"] == state, answer.body
        return answer.json

    def file(self, form, period="102026", gstin=OWN, filed="2026-11-20"):
        answer = self.api("POST", "/v1/gst/filings", {
            "gstin": gstin, "form": form, "period": period, "filed": filed,
            "arn": "AA2710260001234", "reason": "filed"})
        assert answer.status == 200, answer.body

    def decide(self, event, action):
        answer = self.api("POST", "/v1/decisions", {
            "action": action, "reason": "looked", "events": [
                {"id": event["id"], "version": event["version"]}]})
        assert answer.status == 200 and answer.json["done"] == 1, answer.body


def rupees(amount):
    return int(round(amount * 100))


def taxes(net, rate, inter, accounts, sign):
    """Lines of tax: one head, or two halves."""
    tax = rupees(net) * rate // 100
    parts = [("igst", tax)] if inter else [("cgst", tax // 2),
                                           ("sgst", tax - tax // 2)]
    return tax, [{"type": "tax", "head": head, "tax_code": "GST%d" % rate,
                  "account": accounts[head], "amount": sign * part}
                 for head, part in parts]


SALES = {"igst": "2320", "cgst": "2300", "sgst": "2310"}
COSTS = {"igst": "1320", "cgst": "1300", "sgst": "1310"}


def document(kind, number, net, rate=18, inter=False, date="2026-10-05",
             accounts=None, gst=None, **more):
    """Sold or bought for `net` rupees and the tax on them."""
    sold = kind in ("sales_invoice", "credit_note")
    sign = 1 if kind in ("sales_invoice", "purchase_invoice",
                         "debit_note", "credit_note") else -1
    tax, lines = taxes(net, rate, inter, accounts or
                       (SALES if sold else COSTS), sign)
    lines.insert(0, {"type": "sale" if sold else "purchase",
                     "account": "4015" if sold else "5010",
                     "tax_code": "GST%d" % rate,
                     "amount": sign * rupees(net), **ITEM})
    said = {"gstin": OWN, "party_gstin": FAR if inter else BUYER,
            "category": "regular",
            "place": ("29" if inter else "27") if sold else "27"}
    said.update(gst or {})
    one = {"kind": kind, "entity": "IN01", "number": number, "date": date,
           "party": "cust_987", "currency": "INR",
           "total": rupees(net) + tax, "tax": tax, "lines": lines,
           "gst": {k: v for k, v in said.items() if v is not None}}
    one.update(more)
    return one


def voucher(number, *lines, date="2026-10-28"):
    """account, rupees: debit positive."""
    lines = [{"type": "entry", "account": a, "amount": rupees(m)}
             for a, m in lines]
    return {"kind": "journal_voucher", "entity": "IN01", "number": number,
            "date": date, "currency": "INR", "total": sum(
                one["amount"] for one in lines if one["amount"] > 0),
            "lines": lines}


def today():
    return datetime.datetime.now(datetime.timezone(datetime.timedelta(
        hours=5, minutes=30))).date()
