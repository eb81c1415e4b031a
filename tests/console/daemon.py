"""A daemon of the API's shapes, in memory, on a Unix socket, so that the
console is tested without the real one and can be cut off at will."""
import hashlib
import http.server
import json
import os
import pathlib
import re
import socketserver
import threading
import time
import urllib.parse

AT = "2026-10-05T09:41:07.123Z"
AGES = ["0-2", "3-7", "8-15", "16-30", "30+"]


SOURCE = pathlib.Path(__file__).resolve().parents[2] / "src"
ROUTES = SOURCE / "api" / "routes.c"
ACTS = ["retry", "fix", "dismiss", "reopen", "approve", "replay", "pause",
        "resume", "resolve", "carry", "reverse", "reject", "delegate",
        "assign", "snooze", "comment", "undo", "correct"]
COMMIT_ACTS = re.findall(r'\{ "([a-z]+)", "([-a-z]{7})", (?:true|false), may_',
                         (SOURCE / "flow" / "commits.c").read_text())


def me(role="admin", letter="a", acts=ACTS, **more):
    """What a role may by the tables of routes and of acts on commits."""
    return dict({
        "name": role, "role": role, "read_only": False,
        "scope": {"entities": ["*"]}, "grants": [], "may": [
            {"method": method, "path": path} for method, path, roles in
            re.findall(r'\{ "([A-Z]+)", "([^"]+)", "([^"]+)"',
                       ROUTES.read_text())
            if roles == "open" or letter in roles],
        "acts": acts + ["commit." + name for name, roles in COMMIT_ACTS
                        if letter in roles]}, **more)


def signature(number, source="shopify"):
    return {
        "id": hashlib.sha256(b"%d" % number).hexdigest()[:16],
        "code": "account.unmapped", "level": "block", "source": source,
        "dimension": "account", "value": "SKU-%d" % number,
        "sentence": 'No account is known for "SKU-%d".' % number,
        "hint": "Map it to an account.", "fixable": True, "count": 0,
        "paise": 0, "oldest": AT, "newest": AT,
        "ages": dict.fromkeys(AGES, 0)}


def amount(paise):
    return "%d.%02d" % divmod(paise, 100)


def flow(source, late=0, **other):
    return dict({"source": source, "kind": "sales_invoice", "entity": "IN01",
                 "configured": True, "pattern": "realtime",
                 "window": "09:00-18:30", "latency": 600,
                 "owner": "retail", "objective": 60, "wait": 24,
                 "control": "high", "waiting": 3, "held": 2, "failed": 1,
                 "late": late, "oldest": AT, "paused": None}, **other)


def order(number, state="part shipped"):
    return {"entity": "IN01", "number": number, "party": "C-7",
            "currency": "INR", "ordered": "1234567.00",
            "invoiced": "1180.00", "paid": "0.00", "credited": "0.00",
            "refunded": "0.00", "ordered_at": AT, "shipped_at": AT,
            "invoiced_at": AT, "paid_at": None, "state": state, "items": [
                {"item": "BOOK-1", "location": "MUM", "ordered": "10",
                 "shipped": "6.5", "invoiced": "6.5", "returned": "0",
                 "backorder": "3.5"}]}


def stock(item, on_hand, reserved, location="MUM"):
    return {"entity": "IN01", "item": item, "location": location,
            "on_hand": str(on_hand), "reserved": str(reserved),
            "available": str(on_hand - reserved), "value": "98765.00",
            "currency": "INR", "tracked": True, "short": on_hand < reserved}


def some_rows():
    return {
        "/v1/flows": [flow("pos"), flow("shopify", late=4),
                      flow("wms", paused=AT)],
        "/v1/orders": [order("SO-1"), order("SO-2", "paid")],
        "/v1/stock": [stock("BOOK-1", 12, 2), stock("BOOK-2", 1, 3),
                      stock("BOOK-3", 5, 0, "PNQ")],
        "/v1/batches": [
            {"key": "razorpay/pay_1", "part": 1, "state": "open",
             "documents": 3, "currency": "INR", "total": "3540.00",
             "due": AT, "control": None, "journal": None, "closed": None}],
        "/v1/dead-letters": [],
        "/v1/alerts": [
            {"id": "A1", "code": "flow.late", "state": "raised",
             "since": AT, "recovered_at": None,
             "sentence": "shopify is late.", "why": "4 events"}],
        "/v1/files": [
            {"id": "F1", "source": "hdfc", "name": "statement.940",
             "format": "mt940", "digest": "ab", "size": 99, "state": "done",
             "trailer": "matched", "started": AT, "ended": AT,
             "at_byte": 99, "of": 7, "read": 7, "posted": 4, "waiting": 1,
             "failed": 2, "duplicate": 0, "ignored": 0, "amounts": [],
             "place": None, "why": None}]}


class Books:
    def __init__(self, failures=30, problems=3, posted=4):
        self.lock = threading.Condition()
        self.changes, self.seq, self.received = {}, 0, []
        self.answered, self.keys = {}, []   # by Idempotency-Key; all seen
        self.plans = []
        self.differences = 0
        self.extra = {}		# answers of further paths
        self.me = me()
        self.followed = []	# from where the feed was asked for
        self.booked = {}	# account: numbers of its journals
        self.rows, self.page = some_rows(), 500
        self.accounts = {code: {
            "code": code, "name": name, "entity": "", "kind": "income",
            "extra": "", "from": "2026-04-01", "to": ""} for code, name in (
                ("4010", "Sales of books"), ("4020", "Sales of toys"))}
        self.problems = [signature(n) for n in range(problems)]
        self.problems[-1].update(fixable=False, code="period.closed",
                                 sentence="The period 2026-09 is closed.",
                                 hint="Ask the controller.")
        self.events = {}
        for n in range(1, failures + 1):
            self.add(n, self.problems[n % problems])
        for n in range(failures + 1, failures + posted + 1):
            self.add(n, None)
        self.rows["/v1/dead-letters"] = [
            {"class": "data", "event": e} for e in self.events.values()
            if e["state"] == "failed"]
        for one in self.problems:
            self.put("signature", one["id"], self.shape(one))
        self.put("status", "", None)

    def shape(self, one):
        out = {k: v for k, v in one.items() if k != "paise"}
        out["amounts"] = [{"currency": "INR", "amount": amount(one["paise"])}]
        return out

    def add(self, n, problem):
        event = {
            "id": "E%d" % n, "seq": n, "version": 1, "source": "shopify",
            "key": "msg_%d" % n, "topic": "orders/paid",
            "state": "failed" if problem else "posted", "received": AT,
            "occurred": None, "entity": "IN01",
            "document": "IN01/sales_invoice/INV-%d" % n, "doc_version": 1,
            "party": "C-%d" % n, "amount": amount(100000 + n),
            "currency": "INR", "correlation": None, "attempts": 1,
            "findings": []}
        if problem:
            event["findings"] = [dict(
                {k: problem[k] for k in ("code", "level", "dimension",
                                         "value", "sentence", "hint",
                                         "fixable")},
                field="lines[0].account", signature=problem["id"])]
            problem["count"] += 1
            problem["paise"] += 100000 + n
            problem["ages"][AGES[n % 5]] += 1
        self.events[n] = event
        self.put("event", "E%d" % n, event)
        if not problem:
            self.put("journal", "J%d" % n, self.journal(n))

    def put(self, topic, key, value):
        self.seq += 1
        self.changes.pop((topic, key), None)
        line = json.dumps({"seq": self.seq, "topic": topic, "key": key,
                           "value": value}, ensure_ascii=False)
        self.changes[topic, key] = (self.seq, line)

    def journal(self, n):
        def entry(line, account, value, memo):
            return {"line": line, "account": account, "party": None,
                    "cost_centre": "ONLINE", "tax_code": None, "item": None,
                    "location": None, "memo": memo, "currency": "INR",
                    "amount": value, "base": value}
        return {"id": "J%d" % n, "entity": "IN01", "date": "2026-10-05",
                "period": "2026-10", "narration": "Invoice INV-%d" % n,
                "document": "IN01/sales_invoice/INV-%d" % n, "version": 1,
                "event": "E%d" % n, "reverses": None,
                "entries": [entry(1, "1100", "1180.00", "receivable"),
                            entry(2, "4010", "-1180.00", "sale")]}

    # ---- answers

    def status(self):
        states = {}
        for event in self.events.values():
            states[event["state"]] = states.get(event["state"], 0) + 1
        return {"as_of": {"seq": self.seq, "change": self.seq,
                          "at": AT},
                "entities": [{"code": "IN01", "name": "Sahyadri Traders",
                              "base": "INR"}],
                "states": states,
                "sources": [{"name": "shopify", "scheme": "shopify",
                             "received": len(self.events),
                             "states": states, "holds": True}],
                "conservation": True,
                "unposted": {"count": states.get("failed", 0), "amounts": [
                    {"currency": "INR", "amount": "1234567.00"}]}}

    def numbers(self):
        spread = {"count": 9, "p50_seconds": "0.000555",
                  "p95_seconds": "1.250000", "p99_seconds": "7300.000000"}
        spreads = {"all": spread, "today": spread, "30d": spread}
        source = {"name": "shopify", "posted": 12345, "touchless": 12000,
                  "touchless_ratio": "0.972053", "manual_ratio": "0.000000",
                  "duplicate_ratio": None, "latency": spreads,
                  "resolution": spreads}
        return {"as_of": {"seq": self.seq, "change": self.seq, "at": AT},
                "total": source, "sources": [source],
                "time_saved": {"items": 12000, "minutes_per_item": 3,
                               "minutes": 36000},
                "exceptions": [{"state": "failed", "ages": {
                    "0-1h": 1, "1-24h": 2, "1-3d": 3, "3d+": 4}}],
                "cash": {"positions": [
                    {"entity": "IN01", "currency": "INR",
                     "cash": "1234567.00", "clearing": "0.00",
                     "receivable": "5.00", "payable": "-7.50"}]},
                "consistency": {"ratio": "0.999999", "events": 1234567,
                                "differences": self.differences}}

    def activity(self, period):
        days = ["%s-%02d" % (period or "2026-10", n)
                for n in range(1, 32)]
        return {"as_of": {"seq": self.seq, "change": self.seq, "at": AT},
                "open_before": 0,
                "days": [{"day": day, "posted": n * 137,
                          "journals": n * 140, "open": n % 4}
                         for n, day in enumerate(days)],
                "sources": [{"source": "pos", "day": day, "posted": n * 50,
                             "p95_seconds": "%d.500000" % (n % 5)}
                            for n, day in enumerate(days)]}

    def trial(self):
        def line(account, name, debit, credit, balance):
            return {"entity": "IN01", "account": account, "name": name,
                    "kind": "asset", "currency": "INR", "debit": debit, "credit": credit,
                    "balance": balance, "base_balance": balance}
        return {"as_of": {"seq": self.seq, "change": self.seq,
                          "at": AT},
                "items": [line("1100", "Receivables", "4720.00", "0.00",
                               "4720.00"),
                          line("4010", "Sales", "0.00", "4720.00",
                               "-4720.00")],
                "totals": [{"currency": "INR", "debit": "4720.00",
                            "credit": "4720.00", "balance": "0.00"}]}

    def event(self, n):
        event = dict(self.events[n])
        event.update(
            payload='{"order":{"id":%d,"total":"1000.01"}}' % n,
            digest="ab" * 32, document_body={"kind": "sales_invoice"},
            journals=[self.journal(n)] if event["state"] == "posted" else [],
            history=[{"at": AT, "actor": "shopify", "action": "receive",
                      "old": "", "new": "state=%s event=%s journal=J%d" % (
                          event["state"], "ab" * 32, n)}])
        return event

    def get(self, path, query):
        parts = path.strip("/").split("/")
        if path in self.extra:
            return self.extra[path]
        if path == "/v1/me":
            return self.me
        if path == "/v1/status":
            return self.status()
        if path == "/v1/numbers":
            return self.numbers()
        if path == "/v1/activity":
            return self.activity(query.get("period"))
        if path == "/v1/problems":
            return self.problem_cells()
        if path == "/v1/problem-events":
            return self.cell_events(query)
        if path == "/v1/signatures":
            return {"items": [self.shape(s) for s in self.problems
                              if s["count"]]}
        if path == "/v1/trial-balance":
            return self.trial()
        if path == "/v1/events":
            after = int(query.get("after", "E0").lstrip("E"))
            some = [e for n, e in self.events.items() if n > after and
                    query.get("state", e["state"]).replace(
                        "open", "failed") == e["state"]]
            limit = int(query.get("limit", 100))
            more = some[limit - 1]["id"] if len(some) > limit else None
            return {"items": some[:limit], "next": more}
        if parts[:2] == ["v1", "events"] and parts[2][:1] == "E" and \
                int(parts[2][1:]) in self.events:
            return self.event(int(parts[2][1:]))
        if parts[:2] == ["v1", "journals"]:
            return self.journal(int(parts[2][1:]))
        if parts[:2] == ["v1", "accounts"] and parts[3] == "explain":
            return self.explained(query)
        if parts[:2] == ["v1", "accounts"]:
            return self.entries(parts[2], query)
        if path == "/v1/clearing":
            return {"as_of": {"seq": self.seq}, "accounts": [
                {"entity": "IN01", "account": "1250", "name": "Gateway",
                 "currency": "INR", "captured": "2360.00",
                 "settled": "1180.00", "balance": "1180.00",
                 "oldest": "2026-10-01"}], "authorised": [
                {"entity": "IN01", "source": "stripe", "currency": "INR",
                 "payments": 2, "amount": "500.00"}]}
        if path == "/v1/intercompany":
            return {"as_of": {"seq": self.seq}, "pairs": [], "items": [],
                    "cut": False, "unnamed": []}
        if path in self.rows:
            return self.lists(path, query)
        if path == "/v1/search":
            return self.search(query["q"])
        if parts[:2] == ["v1", "trace"]:
            return self.trace(parts[2])
        if path == "/v1/reference/account":
            return {"items": list(self.accounts.values())}
        if parts[:3] == ["v1", "reference", "account"]:
            return self.account(urllib.parse.unquote(parts[3]))
        return None

    def account(self, code):
        row = self.accounts.get(code)
        return row and {
            "table": "account", "key": code, "row": row, "etag": '"%s"' %
            hashlib.sha256(json.dumps(row).encode()).hexdigest()}

    def change(self, path, match, body):
        code = urllib.parse.unquote(path.split("/")[-1])
        with self.lock:
            if match != self.account(code)["etag"]:
                return 412, None
            self.received.append(body)
            self.accounts[code] = dict(self.accounts[code], **body)
            self.put("reference", "R9", {"table": "account"})
            self.lock.notify_all()
        return 200, {"generation": "R9"}

    def lists(self, path, query):
        rows = [row for row in self.rows[path]
                if (not isinstance(row.get("event"), dict) or
                    row["event"]["state"] == "failed")
                and all(str(row.get(k, v)) == v
                        for k, v in query.items())]
        at = int(query.get("after", 0))
        limit = min(int(query.get("limit", 100)), self.page)
        more = str(at + limit) if len(rows) > at + limit else None
        return {"items": rows[at:at + limit], "next": more}

    def entries(self, account, query):
        """The newest first, as the daemon has them."""
        before = int(query.get("after", "J%d" % 10**9).lstrip("J"))
        some = [n for n in sorted(self.booked.get(account, ()), reverse=True)
                if n < before]
        limit = min(int(query.get("limit", 100)), self.page)
        return {"items": [
            {"journal": "J%d" % n, "date": "2026-10-05", "line": 1,
             "document": "IN01/sales_invoice/INV-%d" % n, "party": "C-%d" % n,
             "cost_centre": None, "tax_code": None, "narration": "Booked",
             "currency": "INR", "amount": amount(n)} for n in some[:limit]],
            "next": "J%d" % some[limit - 1] if len(some) > limit else None}

    def problem_cells(self):
        def cell(count, paise):
            return {"count": count, "amounts": [
                {"currency": "INR", "amount": amount(paise)}]
                if count else []}

        items = []
        for one in self.problems:
            if not one["count"]:
                continue
            mine = [(AGES[n % 5], 100000 + n) for n, e in
                    self.events.items() if any(
                        f["signature"] == one["id"] for f in e["findings"])]
            items.append({
                "id": one["id"], "sentence": one["sentence"],
                "source": one["source"], "code": one["code"],
                "kind": "mapping" if one["fixable"] else "rights",
                "hint": one["hint"], "fixable": one["fixable"],
                "waiting": 0, "next": None, "attempts": 1 if items else 3,
                "owner": "asha", "snoozed": None, "note": None,
                "fixed": {"event": "E99", "by": "ravi", "action": "fix",
                          "at": AT, "reason": None, "to": "4010",
                          "state": "posted"}, "oldest": "2026-10-05",
                "newest": "2026-10-05",
                "ages": {age: cell(sum(a == age for a, _ in mine),
                                   sum(p for a, p in mine if a == age))
                         for age in AGES},
                "blocks": cell(len(mine[:2]), sum(
                    p for _, p in mine[:2])),
                "all": cell(len(mine), sum(p for _, p in mine))})
        return {"as_of": {"seq": self.seq}, "period": "2026-09",
                "items": items}

    def cell_events(self, query):
        one, age = query["cell"].split(":")
        return {"items": [e for n, e in self.events.items() if any(
            f["signature"] == one for f in e["findings"]) and
            age in ("all", AGES[n % 5])], "next": None}

    def search(self, q):
        items = [{"kind": "event", "id": e["id"], "why": "document",
                  "text": e["source"], "state": e["state"], "at": AT,
                  **{k: e[k] for k in ("document", "party", "amount",
                                       "currency")}}
                 for e in self.events.values()
                 if q.upper() in e["document"]][:20]
        items += [{"kind": "account", "id": c, "why": "name",
                   "text": a["name"], "party": a["kind"]}
                  for c, a in self.accounts.items()
                  if c.startswith(q) or q.upper() in a["name"].upper()]
        if q == "J31":
            items.append({"kind": "journal", "id": "J31", "why": "number",
                          "document": "IN01/sales_invoice/INV-31"})
        return {"of": q, "items": items, "cut": False}

    def trace(self, name):
        n = int(name[1:]) if name[1:].isdigit() else 0
        if n not in self.events:
            return None
        return {"of": name, "cut": False, "events": [
            {"event": self.event(k), "versions": []}
            for k in (n, n + 1) if k in self.events]}

    def explained(self, query):
        return {"account": "4010", "period": query.get("period"),
                "by": [{"source": "shopify", "kind": "sales_invoice",
                        "currency": "INR", "entries": 2, "debit": "0.00",
                        "credit": "2360.00", "balance": "-2360.00"}],
                "items": [{"journal": "J31", "line": 2, "event": "E31",
                           "date": "2026-10-05", "source": "shopify",
                           "document": "IN01/sales_invoice/INV-31",
                           "amount": "-1180.00", "currency": "INR"}],
                "next": None}

    def may(self, method, path):
        return any(one["method"] == method and re.fullmatch(
            one["path"].replace("{}", "[^/]+"), path)
            for one in self.me["may"])

    def feed(self, after, limit, wait):
        self.followed.append(after)
        until = time.monotonic() + wait
        with self.lock:
            while self.seq <= after and time.monotonic() < until:
                self.lock.wait(until - time.monotonic())
            # Inserted in the order of seq, so the order is the dict's.
            rows = []
            for seq, line in self.changes.values():
                if seq > after:
                    rows.append((seq, line))
                    if len(rows) == limit:
                        break
            end = rows[-1][0] if rows else self.seq
        out = [line for _, line in rows]
        out.append(json.dumps({"seq": end, "topic": "end"}))
        return "\n".join(out) + "\n"

    def decide(self, body):
        with self.lock:
            self.received.append(body)
            out = {"decision": "D%d" % len(self.received), "done": 0,
                   "failed": 0, "results": []}
            if body["action"] in ("pause", "resume"):
                for row in self.rows["/v1/flows"]:
                    if row["source"] == body["source"]:
                        row["paused"] = AT if body["action"] == "pause" \
                            else None
                return 200, out
            if body["action"] == "replay" and "range" in body:
                out.update(done=2, same=1, differs=1, results=[
                    {"event": "E1", "state": "posted", "verdict": "same",
                     "findings": []},
                    {"event": "E2", "state": "posted", "verdict": "differs",
                     "findings": []}])
                return 200, out
            if body["action"] == "fix" and not body.get("retry"):
                out["done"] = 1
                return 200, out
            for n, event in self.chosen(body):
                if event is None:
                    return 412, None
                self.post(n, event)
                out["done"] += 1
                out["results"].append({"event": event["id"],
                                       "state": "posted", "findings": []})
            self.put("status", "", None)
            self.lock.notify_all()
        return 200, out

    def plan(self, body):
        with self.lock:
            picks = self.chosen(body)
            good = [e for _, e in picks if e is not None]
            paise = sum(int(e["amount"].replace(".", "")) for e in good)
            self.plans.append(body)
            stale = {"code": "stale", "events": len(picks) - len(good),
                     "sentence": "It has changed since you looked.",
                     "hint": "", "amounts": []}
            return 200, {
                "plan": "plan%d" % len(self.plans), "picked": len(picks),
                "action": body["action"], "with": {},
                "reason": body.get("reason", ""), "events": len(good),
                "amounts": [{"currency": "INR", "amount": amount(paise)}],
                "oldest": AT, "newest": AT, "until": AT,
                "skips": stale["events"],
                "skipped": [stale] if stale["events"] else []}

    def run(self, body):
        what = self.plans[int(body["plan"][4:]) - 1]
        _, out = self.decide(what)
        with self.lock:
            self.put("run", "R%d" % len(self.received), {
                "id": "R%d" % len(self.received), "action": what["action"],
                "total": out["done"], "done": out["done"], "failed": 0,
                "skipped": 0, "left": 0, "state": "done"})
            self.lock.notify_all()
        return 202, {"id": "R%d" % len(self.received), "state": "running",
                     "total": out["done"], "left": out["done"]}

    def chosen(self, body):
        if "signature" in body:
            return [(n, e) for n, e in self.events.items()
                    if any(f["signature"] == body["signature"]
                           for f in e["findings"])]
        picks = []
        for pick in body["events"]:
            n = int(pick["id"][1:])
            event = self.events[n]
            stale = event["version"] != int(pick["version"])
            picks.append((n, None if stale else event))
        return picks

    def post(self, n, event):
        for finding in event["findings"]:
            for one in self.problems:
                if one["id"] == finding["signature"]:
                    one["count"] -= 1
                    one["paise"] -= 100000 + n
                    self.put("signature", one["id"], self.shape(one)
                             if one["count"] else None)
        event.update(state="posted", findings=[],
                     version=event["version"] + 1)
        self.put("event", event["id"], event)
        self.put("journal", "J%d" % n, self.journal(n))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def address_string(self):
        return "unix"

    def log_message(self, *args):
        pass

    def answer(self, status, body, kind="application/json"):
        data = body.encode() if isinstance(body, str) else \
            json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def problem(self, status, code):
        self.answer(status, {"type": "/errors/" + code, "title": code,
                             "status": status, "detail": "because",
                             "code": code, "hint": ""},
                    "application/problem+json")

    def do_GET(self):
        url = urllib.parse.urlparse(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        books = self.server.books
        if not books.may("GET", url.path):
            self.problem(403, "auth.forbidden")
            return
        if url.path == "/v1/changes":
            self.answer(200, books.feed(int(query["after"]),
                                        int(query["limit"]),
                                        int(query.get("wait", 0))),
                        "application/x-ndjson")
            return
        found = books.get(url.path, query)
        if found is None:
            self.problem(404, "not_found")
        else:
            self.answer(200, found)

    def do_POST(self):
        size = int(self.headers["Content-Length"])
        body = json.loads(self.rfile.read(size))
        books = self.server.books
        todo = {"/v1/plans": books.plan, "/v1/runs": books.run}.get(
            self.path, books.decide)
        key = self.headers["Idempotency-Key"]
        assert todo != books.decide or key
        books.keys.append(key)
        if key in books.answered:
            status, out = books.answered[key]
        else:
            status, out = todo(body)
        if key and out is not None:
            books.answered[key] = status, out
        if out is None:
            self.problem(status, "version.stale")
        else:
            self.answer(status, out)

    def do_PATCH(self):
        size = int(self.headers["Content-Length"])
        body = json.loads(self.rfile.read(size))
        status, out = self.server.books.change(
            self.path, self.headers["If-Match"], body)
        if out is None:
            self.problem(status, "version.stale")
        else:
            self.answer(status, out)


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True

    def __init__(self, path, books):
        self.books, self.open = books, set()
        if os.path.exists(path):
            os.unlink(path)
        super().__init__(path, Handler)
        threading.Thread(target=self.serve_forever, args=(0.05,),
                         daemon=True).start()

    def process_request(self, request, address):
        self.open.add(request)
        super().process_request(request, address)

    def stop(self):
        """As if killed: also the connections under way are cut."""
        self.shutdown()
        self.server_close()
        for one in self.open:
            try:
                one.shutdown(2)
            except OSError:
                pass

    def handle_error(self, request, address):
        pass
