"""A company's month end, from a seed: 10,000 documents, of which 600 fail for
nine causes, 14 were amended by two people at once and 25 need approval. What
the ledger must say when all of it is cleared is computed here, entry by entry,
without asking the daemon."""
import collections
import json
import random

CONFLICTS, APPROVALS = 14, 25

# cause: how many, what is wrong, what the accountant answers
CAUSES = collections.OrderedDict([
    ("account", (200, "SALES-FEST", "4000")),
    ("courier", (120, "COURIER-BD", "6300")),
    ("cost_centre", (80, "STORE-NSK", "PUN-RETAIL")),
    ("party", (60, "walk-in", "WALKIN")),
    ("tax_code", (50, "GST-18", "GST18")),
    ("item", (40, "SATCHEL-OLD", "BAG-LTH-01")),
    ("entity", (20, "SAHYADRI", "IN01")),
    ("period", (20, "2026-09-30", "2026-10-01")),   # posted on that day
    ("test", (10, "in.bahi.till_test", None)),      # not for the books
])
FAILURES = sum(many for many, _, _ in CAUSES.values())
ORDER = list(CAUSES)

RECEIVABLE, BANK, SALES, IGST_OUT = "1100", "1000", "4000", "2320"
EMPLOYEES, STAFF, IGST_IN, RENT = "2150", "6300", "1320", "6100"
PARTIES = ["cust_987", "cust_117", "cust_148", "cust_157", "cust_176"]
POLICY = ("policy,kind,entity,amount,second,third,role,expires\n"
          "amount,journal_voucher,*,1000000.00,,,approver,\n")


def rupees(paise):
    return "%d.%02d" % divmod(paise, 100)


class Month:
    def __init__(self, seed=1, documents=10000):
        self.random = random.Random(seed)
        self.events = []        # in the order in which they are sent
        self.ledger = {}        # (kind, number) -> (date, {account: paise})
        self.n = 0
        plain = documents - FAILURES - CONFLICTS - APPROVALS
        makers = [self.invoice] * 6 + [self.payment] * 2 + [
            self.expense, self.voucher]
        first = [lambda: self.random.choice(makers)()] * plain
        for cause in ORDER:
            first += [lambda cause=cause: self.fail(cause)] * CAUSES[cause][0]
        first += [self.dear] * APPROVALS
        self.random.shuffle(first)
        for make in first:
            make()
        # Amended last: what they amend is there.
        for n in range(CONFLICTS):
            self.conflict(n)

    # Small things.

    def number(self, prefix):
        self.n += 1
        return "%s-%05d" % (prefix, self.n)

    def day(self):
        return "2026-10-%02d" % self.random.randint(1, 28)

    def add(self, topic, data):
        self.events.append({
            "specversion": "1.0", "id": "m%06d" % len(self.events),
            "source": "/month", "type": topic,
            "datacontenttype": "application/json", "data": data})

    def post(self, kind, number, date, *entries):
        sums = collections.Counter()
        for account, amount in entries:
            sums[account] += amount
        assert sum(sums.values()) == 0
        self.ledger[kind, number] = (date, {
            account: amount for account, amount in sums.items() if amount})

    # Documents.

    def invoice(self, paise=None, number=None, **wrong):
        net = paise or self.random.randrange(10000, 5000000)
        tax = (net * 18 + 50) // 100
        number, day = number or self.number("INV"), self.day()
        line = {"description": "Goods", "amount": rupees(net),
                "tax_code": wrong.get("tax_code", "GST18")}
        for field in ("account", "cost_centre", "item"):
            if field in wrong:
                line[field] = wrong[field]
        data = {"entity": wrong.get("entity", "IN01"), "number": number,
                "date": wrong.get("date", day), "currency": "INR",
                "party": wrong.get("party",
                                   self.random.choice(PARTIES)),
                "total": rupees(net + tax), "lines": [line],
                "taxes": [{"kind": "igst", "code": line["tax_code"],
                           "amount": rupees(tax)}]}
        self.add("in.bahi.invoice_posted", data)
        self.bill(data, wrong.get("posted"))
        return data

    def payment(self):
        paise, number, day = (self.random.randrange(10000, 900000),
                              self.number("PAY"), self.day())
        self.add("in.bahi.payment_applied", {
            "entity": "IN01", "number": number, "date": day,
            "currency": "INR", "party": self.random.choice(PARTIES),
            "amount": rupees(paise)})
        self.post("payment", number, day, (BANK, paise),
                  (RECEIVABLE, -paise))

    def expense(self, **wrong):
        net = self.random.randrange(10000, 400000)
        tax = (net * 18 + 50) // 100
        number, day = self.number("EXP"), self.day()
        line = {"description": "Travel", "amount": rupees(net),
                "cost_centre": "PUN-RETAIL", **wrong}
        self.add("in.bahi.expense", {
            "entity": "IN01", "number": number, "date": day,
            "currency": "INR", "party": "cust_987",
            "total": rupees(net + tax), "lines": [line],
            "taxes": [{"kind": "igst", "amount": rupees(tax)}]})
        self.post("purchase_invoice", number, day, (STAFF, net),
                  (IGST_IN, tax), (EMPLOYEES, -net - tax))

    def voucher(self, paise=None, centre="MUM-RETAIL"):
        paise = paise or self.random.randrange(10000, 9000000)
        number, day = self.number("JV"), self.day()
        self.add("in.bahi.journal_voucher", {
            "entity": "IN01", "number": number, "date": day,
            "currency": "INR", "memo": "Rent", "lines": [
                {"account": RENT, "cost_centre": centre,
                 "debit": rupees(paise)},
                {"account": BANK, "credit": rupees(paise)}]})
        self.post("journal_voucher", number, day, (RENT, paise),
                  (BANK, -paise))

    def dear(self):
        """Above what one may post unseen."""
        self.voucher(self.random.randrange(100000000, 900000000))

    def fail(self, cause):
        _, value, answer = CAUSES[cause]
        if cause == "test":
            self.add(value, {"till": "MUM-T01"})
        elif cause == "courier":
            self.expense(account=value)
        elif cause == "cost_centre":
            self.voucher(centre=value)
        elif cause == "period":
            self.invoice(date=value, posted=answer)
        else:
            self.invoice(**{cause: value})

    def conflict(self, n):
        """An invoice, and two who amend its first version. Of every other
        one they change different fields: those merge. Else both say another
        amount: of the first four of these the second is right, of the rest
        the first."""
        first = self.invoice(number=self.number("AMD"))
        ours, theirs = json.loads(json.dumps([first, first]))
        self.reprice(ours)
        if n % 2 == 0:
            theirs["reference"] = "PO-%d" % n
        else:
            self.reprice(theirs)
        right = theirs if n % 2 == 1 and n < 8 else ours
        for data in (ours, theirs):
            data["base_version"] = 1
            self.add("in.bahi.invoice_posted", data)
        self.bill(right)

    def reprice(self, data):
        net = self.random.randrange(10000, 5000000)
        tax = (net * 18 + 50) // 100
        data["lines"][0]["amount"] = rupees(net)
        data["taxes"][0]["amount"] = rupees(tax)
        data["total"] = rupees(net + tax)

    def bill(self, data, day=None):
        """What an invoice comes to in the ledger."""
        total, net, tax = (int(text.replace(".", "")) for text in (
            data["total"], data["lines"][0]["amount"],
            data["taxes"][0]["amount"]))
        self.post("sales_invoice", data["number"], day or data["date"],
                  (RECEIVABLE, total), (SALES, -net), (IGST_OUT, -tax))

    # Sending and comparing.

    def send(self, house, size=1000):
        for at in range(0, len(self.events), size):
            answer = house.api(
                "POST", "/v1/events",
                json.dumps(self.events[at:at + size]).encode(),
                {"Content-Type": "application/cloudevents-batch+json"})
            assert answer.status in (200, 201, 202), answer.body[:500]

    def expected(self):
        """(kind, number, date, account, paise) of every present entry."""
        return sorted((kind, number, date, account, amount)
                      for (kind, number), (date, sums) in self.ledger.items()
                      for account, amount in sums.items())


PRESENT = """SELECT d.kind, d.number, j.date, e.account, sum(e.base)
FROM document d JOIN journal j ON j.id = d.journal
JOIN entry e ON e.journal = j.id GROUP BY 1, 2, 3, 4
HAVING sum(e.base) <> 0 ORDER BY 1, 2, 3, 4"""

# Of all journals, reversed ones too: nothing is left of what was undone.
BALANCES = """SELECT account, sum(e.base) FROM entry e GROUP BY 1
HAVING sum(e.base) <> 0 ORDER BY 1"""
