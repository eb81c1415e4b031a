"""Random operations on a real bahid, and what must hold whatever they were.
A seed says it all: check(make_house, seed, steps)."""
import http.client
import json
import random
import sqlite3

from free import doc, goods

ITEMS = ["KUR-COT-S", "KUR-COT-M"]
PLACES = ["WH-BHW", "STORE-MUM"]
FLOWS = [
    ["events,payment,*,batch,,0,treasury,0,48,high",
     "events,refund,*,batch,,0,treasury,0,48,high",
     "events,settlement,*,batch,,0,treasury,0,48,high"],
    ["events,payment,*,batch,22:00,0,treasury,0,48,high",
     "events,refund,*,workflow,,0,treasury,0,48,high",
     "events,settlement,*,batch,22:00,0,treasury,0,48,high"],
    ["events,payment,*,realtime,18:00-20:00,0,treasury,0,1,high",
     "events,refund,*,batch,,0,treasury,0,2,high",
     "events,settlement,*,realtime,,0,treasury,0,48,high",
     "events,sales_order,*,workflow,,0,treasury,0,48,high"],
]
HOURS = ["2026-10-05T06:00:00Z", "2026-10-05T12:31:00Z",
         "2026-10-05T16:31:00Z", "2026-10-06T02:00:00Z",
         "2026-10-08T16:31:00Z", "2026-10-12T16:31:00Z"]
POINTS = ["settle.before_event", "settle.after_event",
          "settle.after_journal", "settle.before_commit",
          "settle.after_commit", "answer.before", "decision.after_commit",
          "batch.before_journal", "release.told", "due.before_commit"]

# Each gives a row for what must not be.
NEVER = {
    "waits without a reason":
        "SELECT seq FROM event WHERE state = 'waiting' AND seq NOT IN"
        " (SELECT event FROM wait)",
    "a reason without waiting":
        "SELECT event FROM wait WHERE event NOT IN (SELECT seq FROM event"
        " WHERE state = 'waiting')",
    "waits for ever":
        "SELECT event FROM wait WHERE until IS NULL AND reason <> 'paused'",
    "one document twice in a batch":
        "SELECT key, document FROM wait WHERE reason = 'batch'"
        " GROUP BY 1, 2 HAVING count(*) > 1",
    "a batch that says otherwise than its members":
        "SELECT key FROM batch b WHERE (n, total) <> (SELECT"
        " coalesce(sum(documents), 0), coalesce(sum(weight), 0) FROM wait WHERE"
        " reason = 'batch' AND key = b.key AND control = 0)",
    "a batch with another control than waits":
        "SELECT key FROM batch b WHERE control IS NOT (SELECT max(event)"
        " FROM wait WHERE reason = 'batch' AND key = b.key"
        " AND control = 1)",
    "complete and open":
        "SELECT key FROM batch WHERE control IS NOT NULL AND"
        " total = control_total AND coalesce(control_count, max(n, 1)) = n",
    "members without a batch":
        "SELECT event FROM wait WHERE reason = 'batch' AND key NOT IN"
        " (SELECT key FROM batch)",
    "a journal out of balance":
        "SELECT journal FROM entry GROUP BY journal, currency"
        " HAVING sum(amount) <> 0",
    "entries and balances that differ":
        "SELECT * FROM (SELECT j.entity, e.account, e.currency,"
        " substr(j.date, 1, 7) AS p, sum(amount) AS n FROM entry e JOIN"
        " journal j ON j.id = e.journal GROUP BY 1, 2, 3, 4) s"
        " LEFT JOIN balance b ON b.entity = s.entity"
        " AND b.account = s.account AND b.currency = s.currency"
        " AND b.period = s.p WHERE b.debit - b.credit IS NOT s.n",
    "an open promise that is not reserved":
        "SELECT entity, item, location, reserved, p FROM (SELECT s.entity,"
        " s.item, s.location, s.reserved, (SELECT coalesce(sum(max(o.ordered"
        " - o.shipped, 0)), 0) FROM ordering_item o WHERE"
        " o.entity = s.entity AND o.item = s.item"
        " AND o.location = s.location) AS p FROM stock s)"
        " WHERE reserved <> p",
    "a count that is off":
        "SELECT source, state, n FROM tally t WHERE state NOT IN"
        " ('received', 'duplicate') AND n <> (SELECT count(*) FROM event e"
        " WHERE e.source = t.source AND e.state = t.state)",
    "a posted event without its documents":
        "SELECT seq FROM event WHERE state = 'posted' AND NOT EXISTS"
        " (SELECT 1 FROM document_version WHERE id = seq * 128)",
    "a document of an event that did not post":
        "SELECT id FROM document_version WHERE id / 128 NOT IN"
        " (SELECT seq FROM event WHERE state = 'posted')",
    "a version that is missing":
        "SELECT entity, kind, number FROM document d WHERE version <>"
        " (SELECT count(*) FROM document_version v WHERE"
        " v.entity = d.entity AND v.kind = d.kind AND v.number = d.number)",
    "present documents that are not the balance":
        "SELECT * FROM (SELECT entity, account, sum(n) AS n FROM"
        " (SELECT d.entity, e.account, e.amount AS n FROM document d"
        " JOIN entry e ON e.journal = d.journal WHERE d.shared = 0"
        " UNION ALL SELECT d.entity, s.account, s.amount FROM document d"
        " JOIN share s ON s.version = d.event * 128 + d.part"
        " WHERE d.shared = 1) GROUP BY 1, 2) p FULL JOIN"
        " (SELECT entity, account, sum(debit - credit) AS n FROM balance"
        " GROUP BY 1, 2) b ON b.entity = p.entity AND b.account = p.account"
        " WHERE coalesce(p.n, 0) <> coalesce(b.n, 0)",
    "a problem that counts what is not open":
        "SELECT signature FROM signature_day GROUP BY signature HAVING"
        " sum(count) <> (SELECT count(DISTINCT e.seq) FROM finding f"
        " JOIN event e ON e.seq = f.event WHERE f.signature = signature_day.signature"
        " AND e.state IN ('failed', 'held', 'conflict', 'waiting'))",
}


def query(house, sql):
    db = sqlite3.connect("file:%s?mode=ro" % (house.home / "bahi.db"),
                         uri=True, timeout=30)
    out = db.execute(sql).fetchall()
    db.close()
    return out


def stock_of_moves(house):
    """On hand, from the bodies of all present documents."""
    sign = {"inventory_move": 1, "credit_note": 1, "shipment": -1,
            "sales_invoice": -1}
    out = {}
    for entity, kind, body in query(
            house, "SELECT d.entity, d.kind, v.body FROM document d JOIN"
            " document_version v ON v.id = d.event * 128 + d.part"):
        for line in json.loads(body).get("lines", []):
            if kind in sign and line.get("item") and line.get("quantity") \
                    and line.get("location"):
                key = entity, line["item"], line["location"]
                out[key] = out.get(key, 0) + sign[kind] * round(
                    float(line["quantity"]) * 1000)
    return {k: n for k, n in out.items() if n != 0}


def never(house):
    for what, sql in NEVER.items():
        assert query(house, sql) == [], what
    kept = {(e, i, l): n for e, i, l, n in query(
        house, "SELECT entity, item, location, on_hand FROM stock")
        if n != 0}
    assert kept == stock_of_moves(house)


class Chaos:
    def __init__(self, house, seed):
        self.house, self.chance = house, random.Random(seed)
        self.sent, self.n, self.closed, self.moved = [], 0, False, False

    def pick(self, *of):
        return self.chance.choice(of)

    def number(self):
        return "N%d" % self.chance.randrange(12)

    def extras(self):
        out = {}
        if self.chance.random() < 0.5:
            out["revision"] = str(self.chance.randrange(1, 9))
        elif self.chance.random() < 0.1:
            out["base_version"] = str(self.chance.randrange(0, 3))
        if self.chance.random() < 0.3:
            out["after"] = [self.pick("payment", "sales_invoice", "refund",
                                      "sales_order"), self.number()]
        if self.chance.random() < 0.1:
            out["entity"] = "IN02"
        return out

    def money(self):
        return "%d.00" % (100 * self.chance.randrange(0, 4))

    def one(self):
        kind = self.pick("payment", "payment", "payment", "refund", "refund",
                         "settlement", "sales_invoice", "sales_order",
                         "sales_order", "shipment", "inventory_move",
                         "credit_note", "journal_voucher")
        if kind in ("sales_order", "shipment", "inventory_move",
                    "credit_note") or (kind == "sales_invoice" and
                                       self.chance.random() < 0.5):
            quantity = str(self.chance.randrange(-1, 7))
            other = self.extras()
            if kind != "sales_order":
                other["order"] = self.number()
            return goods(kind, self.number(), quantity,
                         self.pick(*ITEMS), self.pick(*PLACES, *PLACES, None),
                         total=self.money(), **other)
        one = doc(kind, self.number(), self.money(), **self.extras())
        if kind in ("payment", "refund", "settlement") and \
                self.chance.random() < 0.8:
            one["batch"] = self.pick("b1", "b2", "b3")
        if kind == "settlement":
            one["control"] = "%d.00" % (100 * self.chance.randrange(-2, 7))
            if self.chance.random() < 0.5:
                one["count"] = str(self.chance.randrange(0, 4))
        if kind == "payment" and self.chance.random() < 0.05:
            one["currency"] = "USD"
        if self.chance.random() < 0.05:
            one["lines"][0]["account"] = "7777"
        return one

    # What may happen.

    def send(self):
        docs = [self.one()]
        while self.chance.random() < 0.15:
            docs.append(self.one())
        if len(docs) > 1:
            for n, one in enumerate(docs):
                one["part"] = "p%d" % n
        self.n += 1
        self.sent.append((docs, "c%d" % self.n))
        return self.house.send(*docs, key="c%d" % self.n)

    def send_again(self):
        if self.sent:
            docs, key = self.chance.choice(self.sent)
            self.house.send(*docs, key=key)

    def reuse(self):
        if self.sent:
            self.house.send(self.one(), key=self.chance.choice(self.sent)[1])

    def decide(self):
        states = {"retry": "('failed', 'held', 'conflict', 'waiting')",
                  "dismiss": "('failed', 'held', 'conflict', 'waiting')",
                  "reopen": "('dismissed')", "approve": "('held')"}
        action = self.pick("retry", "retry", "dismiss", "reopen", "reopen",
                           "approve", "approve")
        rows = query(self.house, "SELECT seq, version FROM event WHERE state"
                     " IN " + states[action])
        if not rows:
            return
        some = self.chance.sample(rows, min(len(rows),
                                            self.chance.randrange(1, 6)))
        answer = self.house.decide(action=action, reason="chaos", events=[
            {"id": "E%d" % seq, "version": version} for seq, version in some])
        assert answer.status in (200, 403, 409, 422), answer.body

    def by_signature(self):
        rows = query(self.house, "SELECT DISTINCT signature FROM finding f"
                     " JOIN event e ON e.seq = f.event WHERE e.state IN"
                     " ('failed', 'waiting', 'conflict')")
        if rows:
            self.house.decide(action=self.pick("retry", "retry", "dismiss"),
                              reason="chaos",
                              signature=self.chance.choice(rows)[0])

    def replay(self):
        answer = self.house.decide(action="replay", range={})
        assert answer.status == 200, answer.body

    def pause(self):
        self.house.decide(action=self.pick("pause", "resume", "resume"),
                          source="events", reason="chaos")

    def masters(self):
        self.moved = not self.moved
        answer = self.house.api("POST", "/v1/reference/account", (
            "code,name,entity,kind,extra,from,to\n"
            "7777,New,,asset,Assets:New,,%s\n" %
            ("" if self.moved else "2026-01-01")).encode())
        assert answer.status == 200, answer.body

    def rules(self):
        path = self.house.home / "rules/map/events/free.sql"
        text = path.read_text()
        a, b = "'2026-10-05') AS date", "'2026-10-06') AS date"
        c, d = "AS control_total", "+ 0 AS control_total"
        swap = (a, b) if self.chance.random() < 0.5 else (c, d)
        text = text.replace(*swap) if swap[1] not in text else \
            text.replace(swap[1], swap[0])
        path.write_text(text)
        self.restart()

    def flows(self):
        rows = self.chance.choice(FLOWS)
        self.house.stop()
        self.house.flows(*rows)
        self.start()

    def start(self, **env):
        self.house.start(BAHI_CLOCK=self.clock, **env)

    def restart(self):
        self.house.stop()
        self.start()

    def later(self):
        self.clock = self.chance.choice(HOURS)
        self.restart()

    def kill(self):
        self.house.kill()
        self.start()

    def crash(self):
        self.house.stop()
        self.start(BAHI_CRASH=self.chance.choice(POINTS))
        try:
            for _ in range(6):
                self.pick(self.send, self.send, self.decide)()
        except (OSError, http.client.HTTPException):
            self.house.died()
        else:
            self.house.kill()
        self.start()

    def sabotage(self, on):
        db = sqlite3.connect(self.house.home / "bahi.db", timeout=30)
        db.execute("DROP TRIGGER IF EXISTS sabotage")
        if on:
            db.execute("CREATE TRIGGER sabotage BEFORE INSERT ON %s WHEN"
                       " new.number = '%s' BEGIN SELECT raise(ABORT, 'no');"
                       " END" % (self.pick("journal", "document"),
                                 self.number()))
        db.commit()
        db.close()

    def refuse(self):
        self.house.stop()
        self.sabotage(True)
        self.start()
        for _ in range(6):
            self.pick(self.send, self.send, self.send_some)()
        self.house.stop()
        self.sabotage(False)
        self.start()

    def send_some(self):
        batch = []
        for _ in range(self.chance.randrange(2, 9)):
            self.n += 1
            docs = [self.one()]
            self.sent.append((docs, "c%d" % self.n))
            batch.append({"specversion": "1.0", "id": "c%d" % self.n,
                          "source": "/t", "type": "free", "docs": docs})
        answer = self.house.api("POST", "/v1/events", batch, {
            "Content-Type": "application/cloudevents-batch+json"})
        assert answer.status in (200, 201, 202), answer.body

    def run(self, steps):
        self.clock = HOURS[0]
        self.house.flows(*FLOWS[0])
        self.start()
        usual = [self.send] * 12 + [self.send_some] * 3 + [
            self.send_again, self.reuse, self.decide, self.decide,
            self.by_signature, self.replay, self.pause, self.masters]
        rare = [self.rules, self.flows, self.later, self.later, self.kill,
                self.crash, self.refuse]
        for _ in range(steps):
            self.chance.choice(
                rare if self.chance.random() < 0.04 else usual)()
            if self.chance.random() < 0.1:
                never(self.house)


def check(make_house, seed, steps):
    house = make_house()
    try:
        chaos = Chaos(house, seed)
        chaos.run(steps)
        never(house)
        house.check_books()
        house.prove()
        house.stop()
        never(house)
        states = dict(query(house, "SELECT state, count(*) FROM event"
                                   " GROUP BY 1"))
        batches = query(house, "SELECT sum(part - 1) FROM batch")[0][0]
        return states, batches
    finally:
        house.close()
