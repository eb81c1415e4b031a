"""A company's mixed events from a seed: in order once, and as they come."""
import hashlib
import json
import random
import sqlite3

from free import doc, goods

ITEMS = ["KUR-COT-S", "KUR-COT-M"]
PLACES = ["WH-BHW", "STORE-MUM"]
DAYS = ["2026-10-%02d" % n for n in range(1, 29)]
FLOWS = tuple("events,%s,*,batch,,0,treasury,0,720,high" % kind
              for kind in ("purchase_invoice", "settlement"))


class Maker:
    """Whole stories, each a list of events; stories take turns."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.n = 0

    def number(self, prefix):
        self.n += 1
        return "%s-%06d" % (prefix, self.n)

    def amount(self):
        return "%d.%02d" % (self.random.randrange(1, 90000),
                            self.random.randrange(100))

    def day(self):
        return self.random.choice(DAYS)

    def sale(self):
        amount = self.amount()
        return [[doc("sales_invoice", self.number("S"), amount,
                     date=self.day())]]

    def voucher(self):
        return [[doc("journal_voucher", self.number("V"), self.amount(),
                     date=self.day())]]

    def amended(self):
        number, day = self.number("A"), self.day()
        return [[doc("sales_invoice", number, self.amount(), date=day,
                     revision="2026-10-05T10:%02d:00Z" % n)]
                for n in range(self.random.randrange(2, 5))]

    def contested(self):
        """An invoice, and people who amend its first version at once: its
        day, its amount, and what two of them say of it."""
        number, day, amount = self.number("C"), self.day(), self.amount()
        first = dict(date=day, memo="as ordered")

        def amend(amount, **other):
            return [doc("sales_invoice", number, amount, base_version=1,
                        **dict(first, **other))]
        story = [amend(amount, date=self.day()), amend(self.amount()),
                 amend(amount, memo="late"), amend(amount, memo="damaged")]
        self.random.shuffle(story)
        return [[doc("sales_invoice", number, amount, **first)]] + \
            story[:self.random.randrange(2, 5)]

    def intercompany(self):
        number, day, amount = self.number("IC"), self.day(), self.amount()
        return [[doc("sales_invoice", number, amount, part="a", date=day),
                 doc("journal_voucher", number, amount, part="b",
                     date=day)]]

    def order(self):
        """Received, ordered, shipped in parts, invoiced, paid, returned."""
        number, day = self.number("SO"), self.day()
        item, place = self.random.choice(ITEMS), self.random.choice(PLACES)
        many = self.random.randrange(2, 6)
        amount = self.amount()
        story = [
            [goods("inventory_move", self.number("GRN"), str(many), item,
                   place, date=day)],
            [goods("sales_order", number, str(many), item, place,
                   total=amount, date=day)],
            [goods("shipment", number + "/1", "1", item, place, date=day,
                   order=number, after=["sales_order", number])],
            [goods("shipment", number + "/2", str(many - 1), item, place,
                   date=day, order=number, after=["sales_order", number])],
            [doc("sales_invoice", number, amount, date=day, order=number,
                 after=["shipment", number + "/1"])],
            [doc("payment", number, amount, date=day, order=number,
                 after=["sales_invoice", number])],
        ]
        if self.random.random() < 0.2:
            story.append([doc("credit_note", number, amount, date=day,
                              order=number,
                              after=["sales_invoice", number])])
            story.append([doc("refund", number, amount, date=day,
                              order=number,
                              after=["credit_note", number])])
        return story

    def payout(self):
        """Bills that are paid together: one entry, with a control."""
        name, day = self.number("PO"), self.day()
        paise = [self.random.randrange(1, 999999)
                 for _ in range(self.random.randrange(1, 7))]
        total = "%d.%02d" % divmod(sum(paise), 100)
        story = [[doc("purchase_invoice", self.number("B"),
                      "%d.%02d" % divmod(one, 100), date=day, batch=name)]
                 for one in paise]
        story.append([doc("settlement", name, total, date=day, batch=name,
                          control="-" + total, count=str(len(paise)))])
        return story

    def fault(self):
        number = self.number("F")
        return [[self.random.choice([
            doc("sales_invoice", number, lines=[
                {"account": "7777", "amount": "100.00"},
                {"account": "3000", "amount": "-100.00"}]),
            doc("payment", number, lines=[
                {"account": "1000", "amount": "100.01"},
                {"account": "3000", "amount": "-100.00"}]),
            doc("refund", number, "0.00"),
            doc("payment", number, date="2026-09-10"),
            doc("payment", number, date="2026-02-30"),
            doc("payment", number, entity="XX99"),
            doc("cheque", number),
            doc("payment", number, "1e3"),
        ])]]

    def events(self, count):
        """(key, docs, is it a fault), stories interleaved."""
        makers = [self.sale] * 6 + [self.voucher] * 2 + [
            self.amended, self.intercompany, self.order, self.order,
            self.payout, self.contested]
        open_stories, out = [], []
        while len(out) < count:
            if len(open_stories) < 50:
                bad = self.random.random() < 0.017
                story = (self.fault if bad else
                         self.random.choice(makers))()
                open_stories.append((story, bad))
            at = self.random.randrange(len(open_stories))
            story, bad = open_stories[at]
            out.append(("k%07d" % len(out), story.pop(0), bad))
            if not story:
                del open_stories[at]
        for story, bad in open_stories:     # to their ends
            out += [("k%07d" % (len(out) + n), docs, bad)
                    for n, docs in enumerate(story)]
        return out


def disorder(events, seed):
    """Shuffled, and one in twenty sent twice."""
    chance = random.Random(seed)
    out = list(events)
    twice = chance.sample(events, len(events) // 20)
    out += twice
    chance.shuffle(out)
    return out, len(twice)


def send(house, events, size=1000):
    """In CloudEvents batches; no answer may be an error of ours."""
    for at in range(0, len(events), size):
        batch = [{"specversion": "1.0", "id": key, "source": "/t",
                  "type": "free", "docs": docs}
                 for key, docs, _ in events[at:at + size]]
        answer = house.api("POST", "/v1/events", json.dumps(batch).encode(), {
            "Content-Type": "application/cloudevents-batch+json"})
        assert answer.status in (200, 201, 202), answer.body[:500]
        assert house.get("/v1/status")["conservation"] is True


def decide(house, action, events, **with_):
    answer = house.api("POST", "/v1/decisions", {
        "action": action, "reason": "month end", "with": with_,
        "events": [{"id": e["id"], "version": e["version"]}
                   for e in events]})
    assert answer.status == 200, answer.body
    return answer.json


def conflicts(house):
    found, after = [], ""
    while True:
        page = house.get("/v1/events?state=conflict&limit=500&after=" + after)
        found += page["items"]
        if page["next"] is None:
            return found
        after = page["next"]


def reconcile(house, memos):
    """As an accountant would who has no preference among the senders: what
    came too early is tried again, what does not overlap is merged, and of
    two that say different things the one that is later in the alphabet."""
    if not conflicts(house):
        return 0
    met = len(conflicts(house))
    decide(house, "retry", conflicts(house))
    decide(house, "resolve", conflicts(house), take="merge")
    for event in conflicts(house):
        where = "/v1/documents/" + event["document"]
        now = house.api("GET", where)
        seen = now.headers["ETag"].strip('"')
        body = now.json["document_body"]
        memo = memos[event["key"].split()[-1]]
        if memo > body["memo"]:
            decide(house, "resolve", [event], documents=[
                {"part": 0, "base": seen,
                 "document": dict(body, memo=memo)}])
        else:
            decide(house, "resolve", [event], take="current",
                   seen={event["document"]: seen})
    assert conflicts(house) == []
    return met


# What the ledger says, whatever the numbers of its rows: every document's
# present entries, what each account holds, stock, and how far orders are.
LEDGER = [
    "SELECT d.entity, d.kind, d.number, j.date, e.account, e.currency,"
    " e.amount, e.base, e.party, e.cost_centre, e.tax_code, e.item,"
    " e.location, e.memo FROM document d JOIN journal j ON j.id = d.journal"
    " JOIN entry e ON e.journal = j.id WHERE d.shared = 0"
    " ORDER BY 1, 2, 3, e.line",
    "SELECT d.entity, d.kind, d.number, s.account, s.currency, s.amount,"
    " s.base, s.item FROM document d JOIN share s"
    " ON s.version = d.event * 128 + d.part WHERE d.shared = 1"
    " ORDER BY 1, 2, 3, s.line",
    "SELECT b.key, j.date, j.number, j.version, e.account, e.currency,"
    " e.amount, e.base, e.item FROM batch b JOIN journal j ON j.id = b.journal"
    " JOIN entry e ON e.journal = j.id ORDER BY b.key, e.line",
    "SELECT d.entity, d.kind, d.number, v.body ->> '$.memo'"
    " FROM document d JOIN document_version v"
    " ON v.id = d.event * 128 + d.part ORDER BY 1, 2, 3",
    "SELECT entity, account, currency, period, debit - credit,"
    " base_debit - base_credit FROM balance"
    " WHERE debit <> credit OR base_debit <> base_credit ORDER BY 1, 2, 3, 4",
    "SELECT entity, item, location, on_hand, reserved, value FROM stock"
    " ORDER BY 1, 2, 3",
    "SELECT entity, number, currency, ordered, invoiced, paid, credited,"
    " refunded FROM ordering ORDER BY 1, 2",
    "SELECT entity, number, item, ordered, shipped, invoiced, returned"
    " FROM ordering_item ORDER BY 1, 2, 3",
]


def ledger(house):
    db = sqlite3.connect("file:%s?mode=ro" % (house.home / "bahi.db"),
                         uri=True)
    digest, rows = hashlib.sha256(), 0
    for sql in LEDGER:
        for row in db.execute(sql):
            digest.update(repr(row).encode())
            rows += 1
    failed = {key.split()[-1] for key, in db.execute(
        "SELECT key FROM event WHERE state = 'failed'")}
    queues = dict(db.execute("SELECT state, count(*) FROM event GROUP BY 1"))
    assert db.execute("SELECT count(*) FROM wait").fetchone()[0] == \
        queues.get("waiting", 0)
    db.close()
    return digest.hexdigest(), rows, failed, queues


def check(make_house, seed, count):
    """The property. Gives (events, rows of the ledger) for a report."""
    events = Maker(seed).events(count)
    mixed, twice = disorder(events, seed + 1)
    faults = {key for key, _, bad in events if bad}
    memos = {key: docs[0].get("memo") for key, docs, _ in events}
    seen = []
    for sequence in (events, mixed):
        house = make_house()
        try:
            house.flows(*FLOWS)
            house.start()
            send(house, sequence)
            met = reconcile(house, memos)
            assert met > 0
            status = house.check_books()
            duplicates = sum(s["states"].get("duplicate", 0)
                             for s in status["sources"])
            assert duplicates == (twice if sequence is mixed else 0)
            house.stop()
            digest, rows, failed, queues = ledger(house)
            assert failed == faults, (seed, failed ^ faults)
            assert queues.get("waiting", 0) == 0, (seed, queues)
            seen.append((digest, rows))
        finally:
            house.close()
    assert seen[0] == seen[1], ("seed", seed, seen)
    return len(events), seen[0][1]
