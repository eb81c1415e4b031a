#!/usr/bin/env python3
"""A strict double of a REST ERP, for the adapter `rest` with the rule
data/targets/rest/example.sql. It knows its accounts, wants what it books
balanced and in an open period, gives versions by ETag, keeps Idempotency-Keys.
In a test: `with Erp() as erp`, erp.url; as a process of its own, with the same
settings as arguments: `restd.py PORT-FILE KEY=VALUE ...`; GET /-/state, and
/-/count, which costs nothing.

    GET  /company                     product, name, currency
    POST /vouchers                    Idempotency-Key and Content-Digest
                                      wanted; 201
    GET  /vouchers?reference=         those of it
    GET  /vouchers?series=            the last reference that begins so
    GET  /vouchers?from=&to=&cursor=  pages of `page`
    GET  /vouchers/ID
    PUT  /vouchers/ID                 If-Match wanted; 412, 428
    POST /vouchers/ID/book            a draft; If-Match wanted
    POST /vouchers/ID/cancel
    GET  /trial-balance?day=&cursor=

By default two vouchers may have one reference: else it could not show what was
doubled."""
import asyncio
import base64
import collections
import hashlib
import json
import os
import pathlib
import re
import resource
import sys
import threading
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
AMOUNT = re.compile(r"(0|[1-9][0-9]{0,14})(\.[0-9]{1,2})?\Z")
DAY = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]\Z")
HEAD_MAX, BODY_MAX = 16384, 4 << 20

SETTINGS = {
    "accounts": "",         # known codes, parted by commas; "": our master's
    "parties": "",          # known, parted by commas; "": any
    "token": "rest-token",  # "": none is asked for
    "keys": 1,              # remember Idempotency-Keys
    "unique": 0,            # a reference only once
    "open_from": "2020-04-01", "open_to": "2099-03-31",
    "rate": 0,              # postings a second that it takes; 0: any
    "latency": 0.0,         # seconds before each answer
    "page": 100,
    "company": "House of tests", "currency": "INR",
}


class Refused(Exception):
    def __init__(self, status, code, message, **headers):
        super().__init__(message)
        self.status, self.headers = status, headers
        self.body = {"error": {"code": code, "message": message}}


class Gone(Exception):
    """No answer: the connection is closed. reset: with RST."""
    def __init__(self, reset=False):
        super().__init__()
        self.reset = reset


def whole(request):
    """RFC 9530: what came is what was sent."""
    said = re.fullmatch(r"sha-256=:(.*):",
                        request.headers.get("content-digest", ""))
    digest = base64.b64encode(hashlib.sha256(request.body).digest()).decode()
    if not said or said[1] != digest:
        raise Refused(400, "bad_digest", "that is not what was sent")


def no_twice(pairs):
    out = dict(pairs)
    if len(out) != len(pairs):
        raise ValueError("a key twice")
    return out


def strict(body):
    try:
        value = json.loads(body.decode(), object_pairs_hook=no_twice,
                           parse_float=str, parse_int=str)
    except (ValueError, UnicodeDecodeError) as e:
        raise Refused(400, "bad_json", "not JSON: %s" % e) from None
    if not isinstance(value, dict):
        raise Refused(400, "bad_json", "an object is wanted")
    return value


def paise(text):
    if not isinstance(text, str) or not AMOUNT.match(text):
        raise Refused(422, "bad_amount", "%.40r is no amount" % (text,))
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int((part + "00")[:2])


def rupees(minor):
    return "%s%d.%02d" % ("-" if minor < 0 else "", abs(minor) // 100,
                          abs(minor) % 100)


class Request:
    __slots__ = ("at", "method", "path", "query", "headers", "body")

    def __init__(self, method, target, headers, body):
        self.at = time.monotonic()
        self.method = method
        parts = urllib.parse.urlsplit(target)
        self.path = parts.path
        self.query = dict(urllib.parse.parse_qsl(
            parts.query, keep_blank_values=True))
        self.headers = headers
        self.body = body


class Erp:
    """All of it runs on one thread, `loop`; what tests read (vouchers, count,
    times) only grows."""
    def __init__(self, start=True, **settings):
        unknown = set(settings) - set(SETTINGS)
        assert not unknown, unknown
        self.set = dict(SETTINGS, **settings)
        self.vouchers = {}              # id -> dict, as it is given out
        self.references = collections.defaultdict(list)     # -> ids
        self.keys = {}                  # Idempotency-Key -> (digest, answer)
        self.count = collections.Counter()      # what happened how often
        self.times = []                 # of each voucher that was booked
        self.seen = collections.deque(maxlen=1000)      # "POST /vouchers"
        self.troubles = []              # see trouble()
        self.connections = 0
        self.window = collections.deque()
        self.moved = collections.Counter()      # account -> balance
        self.names = self.load_accounts()
        self.parties = set(filter(None, self.set["parties"].split(",")))
        self.loop = asyncio.new_event_loop()
        self.thread = None
        if start:
            self.start()

    def load_accounts(self):
        wanted = self.set["accounts"]
        text = (ROOT / "data/reference/account.csv").read_text()
        names = {line.split(",")[0]: line.split(",")[1]
                 for line in text.splitlines()[1:]}
        if not wanted:
            return names
        return {code: names.get(code, code) for code in wanted.split(",")}

    # ---- life

    def start(self, port=0):
        ready = threading.Event()

        def run():
            asyncio.set_event_loop(self.loop)
            server = self.loop.run_until_complete(self.loop.create_server(
                lambda: Wire(self), "127.0.0.1", port))
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            self.loop.run_forever()
            server.close()
            left = asyncio.all_tasks(self.loop)
            for task in left:
                task.cancel()
            self.loop.run_until_complete(asyncio.gather(
                *left, return_exceptions=True))
            self.loop.close()

        self.thread = threading.Thread(target=run, daemon=True)
        self.thread.start()
        assert ready.wait(10)
        self.url = "http://127.0.0.1:%d" % self.port
        return self

    def close(self):
        if self.thread.is_alive():
            self.loop.call_soon_threadsafe(self.loop.stop)
            self.thread.join(10)

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.close()

    # ---- for tests

    def trouble(self, what, count=1, when=None, **how):
        """The next `count` requests for which when(request) is true (default:
        POST /vouchers) meet `what`: "status" (status=, retry_after=, body=),
        "reset" or "close" before it acted, "drop" after it acted, "draft": it
        is left as a draft and the connection is dropped, "delay" (seconds=),
        "body" (body=: this instead of the answer)."""
        self.troubles.append(dict(how, what=what, count=count, when=when or (
            lambda r: r.method == "POST" and r.path == "/vouchers")))

    def of(self, reference):
        return [self.vouchers[one] for one in list(
            self.references.get(reference, ()))]

    def doubled(self):
        return {ref: ids for ref, ids in list(self.references.items())
                if sum(self.vouchers[one]["status"] != "cancelled"
                       for one in ids) > 1}

    def most_in_a_second(self):
        """Vouchers that came within any second, wherever it begins."""
        most, first, times = 0, 0, list(self.times)
        for last, at in enumerate(times):
            while at - times[first] >= 1:
                first += 1
            most = max(most, last - first + 1)
        return most

    def trial(self):
        return {a: n for a, n in sorted(self.moved.items()) if n}

    def change(self, one, **members):
        """As somebody there would, past us."""
        def act():
            voucher = self.vouchers[one]
            self.move(voucher, -1)
            voucher.update(members, changed_by="anita",
                           version=str(int(voucher["version"]) + 1))
            self.move(voucher, 1)
        self.on_loop(act)

    def remove(self, one):
        def act():
            voucher = self.vouchers.pop(one)
            self.move(voucher, -1)
            self.references[voucher["reference"]].remove(one)
        self.on_loop(act)

    def on_loop(self, act):
        done, failed = threading.Event(), []

        def run():
            try:
                act()
            except Exception as e:      # noqa: BLE001, told to who asked
                failed.append(e)
            done.set()
        self.loop.call_soon_threadsafe(run)
        assert done.wait(10)
        if failed:
            raise failed[0]

    # ---- books

    def move(self, voucher, sign):
        if voucher["status"] != "booked":
            return
        for line in voucher["lines"]:
            n = sign * (paise(line["debit"]) - paise(line["credit"]))
            self.moved[line["account"]] += n

    def read_lines(self, lines):
        if not isinstance(lines, list) or not 2 <= len(lines) <= 2000:
            raise Refused(422, "bad_lines", "two lines at least are wanted")
        out, rest = [], 0
        for line in lines:
            debit = paise(line.get("debit") or "0")
            credit = paise(line.get("credit") or "0")
            account, party = line.get("account"), line.get("party")
            if account not in self.names:
                raise Refused(422, "unknown_account",
                              "account %s is not known" % account)
            if party and self.parties and party not in self.parties:
                raise Refused(422, "unknown_party",
                              "party %s is not known" % party)
            if (debit == 0) == (credit == 0):
                raise Refused(422, "bad_amount", "a line is debit or credit")
            rest += debit - credit
            out.append({"account": account, "party": party or "",
                        "cost_centre": line.get("cost_centre") or "",
                        "debit": rupees(debit), "credit": rupees(credit)})
        if rest:
            raise Refused(422, "unbalanced",
                          "not balanced by %s" % rupees(rest))
        return out

    def read_voucher(self, said):
        day, reference = said.get("date"), said.get("reference")
        if not isinstance(reference, str) or not 0 < len(reference) <= 64:
            raise Refused(422, "bad_reference", "a reference is wanted")
        if not isinstance(day, str) or not DAY.match(day):
            raise Refused(422, "bad_date", "%.40r is no day" % (day,))
        if not self.set["open_from"] <= day <= self.set["open_to"]:
            raise Refused(422, "period_closed",
                          "the period of %s is closed" % day)
        if said.get("currency") != self.set["currency"]:
            raise Refused(422, "bad_currency", "only %s is booked here" %
                          self.set["currency"])
        return {"reference": reference, "date": day,
                "type": said.get("type") or "",
                "narration": said.get("narration") or "",
                "reverses": said.get("reverses") or "",
                "lines": self.read_lines(said.get("lines"))}

    def limit(self, now):
        if not self.set["rate"]:
            return
        while self.window and now - self.window[0] >= 1:
            self.window.popleft()
        if len(self.window) >= self.set["rate"]:
            self.count["limited"] += 1
            raise Refused(429, "too_fast", "at most %d postings a second" %
                          self.set["rate"], **{"Retry-After": "1"})
        self.window.append(now)

    def create(self, request, status="booked"):
        key = request.headers.get("idempotency-key")
        digest = hashlib.sha256(request.body).digest()
        if not key:
            raise Refused(400, "no_key", "an Idempotency-Key is wanted")
        if self.set["keys"] and key in self.keys:
            before, answer = self.keys[key]
            if before != digest:
                raise Refused(422, "key_reused",
                              "the key was used for another voucher")
            self.count["replayed"] += 1
            return answer[0], answer[1], dict(
                answer[2], **{"Idempotent-Replayed": "true"})
        self.limit(request.at)
        whole(request)
        voucher = self.read_voucher(strict(request.body))
        if self.set["unique"] and self.references.get(voucher["reference"]):
            raise Refused(409, "duplicate_reference",
                          "%s is booked already" % voucher["reference"])
        return self.keep(key, digest, voucher, status)

    def keep(self, key, digest, voucher, status):
        n = len(self.times) + 1
        voucher.update(id="V%d" % n, status=status, version="1",
                       number="JV/26-27/%06d" % n, changed_by="api")
        self.vouchers[voucher["id"]] = voucher
        self.references[voucher["reference"]].append(voucher["id"])
        self.times.append(time.monotonic())
        self.move(voucher, 1)
        self.count[status] += 1
        answer = 201, dict(voucher), {"ETag": '"1"'}
        if self.set["keys"] and status == "booked":
            self.keys[key] = digest, answer
        return answer

    def find(self, one):
        if one not in self.vouchers:
            raise Refused(404, "no_voucher", "no voucher %.40s" % one)
        return self.vouchers[one]

    def match(self, request, voucher):
        said = request.headers.get("if-match")
        if said is None:
            raise Refused(428, "no_version", "If-Match is wanted")
        if said != '"%s"' % voucher["version"]:
            raise Refused(412, "changed", "%s was changed by %s" % (
                voucher["id"], voucher["changed_by"]))

    def amend(self, request, voucher, **members):
        self.move(voucher, -1)
        voucher.update(members, changed_by="api",
                       version=str(int(voucher["version"]) + 1))
        self.move(voucher, 1)
        return 200, voucher, {"ETag": '"%s"' % voucher["version"]}

    def put(self, request, one):
        voucher = self.find(one)
        self.match(request, voucher)
        whole(request)
        said = self.read_voucher(strict(request.body))
        said.pop("reverses")
        self.count["put"] += 1
        return self.amend(request, voucher, status="booked", **said)

    def book(self, request, one):
        voucher = self.find(one)
        self.match(request, voucher)
        if voucher["status"] != "draft":
            raise Refused(422, "no_draft", "%s is no draft" % one)
        self.count["finished"] += 1
        return self.amend(request, voucher, status="booked")

    def cancel(self, request, one):
        return self.amend(request, self.find(one), status="cancelled")

    # ---- reading

    def page(self, items, query):
        at = int(query.get("cursor") or "0")
        to = at + int(self.set["page"])
        return 200, {"items": items[at:to],
                     "next": str(to) if to < len(items) else None}, {}

    def listed(self, query):
        if "reference" in query:
            return 200, {"items": self.of(query["reference"])}, {}
        if "series" in query:
            return 200, {"items": sorted(
                (one for one in self.vouchers.values()
                 if one["reference"].startswith(query["series"])),
                key=lambda one: one["reference"])[-1:]}, {}
        first, last = query.get("from", ""), query.get("to", "9999")
        return self.page([one for one in self.vouchers.values()
                          if first <= one["date"] <= last and
                          one["status"] == "booked"], query)

    def balances(self, query):
        sums, day = collections.defaultdict(lambda: [0, 0]), query.get("day")
        for one in self.vouchers.values():
            if one["status"] == "booked" and (not day or one["date"] <= day):
                for line in one["lines"]:
                    sums[line["account"]][0] += paise(line["debit"])
                    sums[line["account"]][1] += paise(line["credit"])
        return self.page([{"account": code, "name": self.names.get(code, ""),
                           "debit": rupees(d), "credit": rupees(c)}
                          for code, (d, c) in sorted(sums.items())], query)

    def state(self):
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return {"count": self.count, "vouchers": len(self.vouchers),
                "doubled": len(self.doubled()), "trial": self.trial(),
                "most": self.most_in_a_second(),
                "span": self.times[-1] - self.times[0] if self.times else 0,
                "cpu": usage.ru_utime + usage.ru_stime}

    # ---- routes

    def act(self, request, status="booked"):
        if self.set["token"] and request.headers.get("authorization") != \
                "Bearer " + self.set["token"]:
            raise Refused(401, "who", "the token is not known")
        where, method = request.path, request.method
        if method in ("POST", "PUT") and request.headers.get(
                "content-type", "").split(";")[0] != "application/json":
            raise Refused(415, "media", "JSON is wanted")
        if (method, where) == ("POST", "/vouchers"):
            return self.create(request, status)
        if method == "GET" and where in ("/vouchers", "/trial-balance",
                                         "/company"):
            if where == "/company":
                return 200, {"product": "restd 1.0",
                             "name": self.set["company"],
                             "currency": self.set["currency"]}, {}
            return (self.listed if where == "/vouchers" else self.balances)(
                request.query)
        part = where.split("/")
        one = urllib.parse.unquote(part[2]) if len(part) > 2 else ""
        if part[1:2] == ["vouchers"] and one:
            acts = {("GET", 3): lambda: (200, self.find(one), {
                        "ETag": '"%s"' % self.find(one)["version"]}),
                    ("PUT", 3): lambda: self.put(request, one),
                    ("POST", 4): lambda: {"book": self.book, "cancel":
                                          self.cancel}[part[3]](request, one)}
            if (method, len(part)) in acts and part[3:] in (
                    [], ["book"], ["cancel"]):
                return acts[method, len(part)]()
        raise Refused(404, "no_route", "%s %.60s is not here" % (
            method, where))

    def meet(self, request):
        for one in self.troubles:
            if one["count"] > 0 and one["when"](request):
                one["count"] -= 1
                self.count["trouble"] += 1
                return one
        return None

    def answer(self, request):
        """(status, bytes, headers, seconds to wait); Gone."""
        trouble = self.meet(request) if self.troubles else None
        what = trouble["what"] if trouble else ""
        self.seen.append("%s %s" % (request.method, request.path))
        self.count[request.method] += 1
        if what in ("close", "reset"):
            raise Gone(what == "reset")
        if what == "status":
            headers = {}
            if trouble.get("retry_after"):
                headers["Retry-After"] = trouble["retry_after"]
            return (trouble["status"], trouble.get("body", b""), headers,
                    self.set["latency"])
        try:
            status, body, headers = self.act(
                request, "draft" if what == "draft" else "booked")
        except Refused as e:
            status, body, headers = e.status, e.body, e.headers
            self.count["refused"] += 1
        if what in ("drop", "draft"):
            raise Gone
        body = trouble["body"] if what == "body" else \
            json.dumps(body, separators=(",", ":")).encode()
        return status, body, headers, \
            trouble["seconds"] if what == "delay" else self.set["latency"]


class Wire(asyncio.Protocol):
    """HTTP/1.1, one request after the other, Content-Length only."""
    def __init__(self, erp):
        self.erp, self.buffer, self.busy = erp, b"", False

    def connection_made(self, transport):
        self.transport = transport
        self.erp.connections += 1

    def data_received(self, data):
        self.buffer += data
        self.go()

    def go(self):
        while not self.busy and not self.transport.is_closing():
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                if len(self.buffer) > HEAD_MAX:
                    self.transport.abort()
                return
            lines = self.buffer[:end].decode("latin-1").split("\r\n")
            headers = {}
            for line in lines[1:]:
                name, _, value = line.partition(":")
                headers[name.lower()] = value.strip()
            n = int(headers.get("content-length", "0"))
            if n > BODY_MAX or "transfer-encoding" in headers:
                self.transport.abort()
                return
            if len(self.buffer) < end + 4 + n:
                return
            method, target, _ = lines[0].split(" ")
            body = self.buffer[end + 4:end + 4 + n]
            self.buffer = self.buffer[end + 4 + n:]
            self.reply(Request(method, target, headers, body))

    def reply(self, request):
        if request.path in ("/-/state", "/-/count"):
            said = self.erp.state() if request.path == "/-/state" else \
                len(self.erp.vouchers)
            self.send(200, json.dumps(said).encode(), {})
            return
        try:
            status, body, headers, wait = self.erp.answer(request)
        except Gone as gone:
            (self.transport.abort if gone.reset else self.transport.close)()
            return
        if wait > 0:
            self.busy = True
            self.erp.loop.call_later(wait, self.later, status, body, headers)
        else:
            self.send(status, body, headers)

    def later(self, *answer):
        self.busy = False
        self.send(*answer)
        self.go()

    def send(self, status, body, headers):
        if self.transport.is_closing():
            return
        head = "HTTP/1.1 %d X\r\nContent-Type: application/json\r\n" \
            "Content-Length: %d\r\n" % (status, len(body))
        head += "".join("%s: %s\r\n" % one for one in headers.items())
        self.transport.write(head.encode() + b"\r\n" + body)


def main():
    settings = dict(one.split("=", 1) for one in sys.argv[2:])
    for name, value in settings.items():
        settings[name] = type(SETTINGS[name])(value)
    erp = Erp(**settings)
    path = pathlib.Path(sys.argv[1])
    beside = path.with_suffix(".new")
    beside.write_text("%d\n" % erp.port)
    os.replace(beside, path)
    erp.thread.join()


if __name__ == "__main__":
    main()
