#!/usr/bin/env python3
"""A strict double of TallyPrime's XML server, since Tally runs on Windows only
and needs a licence. It follows Tally's own pages for developers (integration,
XML requests and answers, inline definitions of collections) and, where those say
nothing, what public connectors tell of real answers:

- 200 always; the verdict is in counters of the whole request, in one of two
  roots; words are in LINEERROR, or missing; texts are in UTF-8, in UTF-16 or in
  the Windows code page, with control characters and references to them;
- what is imported is checked: company, voucher type, day in the year, ledgers
  and cost centres by name, signs and ISDEEMEDPOSITIVE, a sum of 0, bills that add
  up; one bad voucher of a request does not keep the others out;
- a type is numbered by Tally unless it is set to be numbered by hand;
- REMOTEID is what Tally knows a voucher by that it is sent again, but what it
  exports under that name is its own; ALTERID grows with each change;
- Alter of what it does not know makes a new voucher; a Create of a ledger that
  is there is left out without a word;
- an export shows the current period unless days are named; the head of an answer
  has counters with the names of its rows; both lists of lines may be there;
- one request at a time; a body without content in a cancelled voucher kills it.

    with Tally(**SETTINGS) as tally: tally.url
    tally.next.append("exception")      for the next import: see `forced`
    tally.drop = 1                      stores, then closes the connection
"""
import datetime
import decimal
import http.server
import re
import threading
import time
import xml.etree.ElementTree as tree
from xml.sax.saxutils import escape, quoteattr

COMPANY = "Bahi Demo Traders"
TYPES = ("Sales", "Purchase", "Receipt", "Payment", "Contra", "Journal",
         "Credit Note", "Debit Note")
GROUPS = ("Sundry Debtors", "Sundry Creditors", "Sales Accounts",
          "Duties & Taxes", "Bank Accounts", "Cash-in-Hand",
          "Indirect Expenses", "Suspense A/c")
LEDGERS = {"Cash": "Cash-in-Hand", "Bank & Co": "Bank Accounts",
           "Sales - Retail": "Sales Accounts", "Output CGST": "Duties & Taxes",
           "Output SGST": "Duties & Taxes", "1000": "Suspense A/c",
           "4000": "Sales Accounts", "Asha Stores": "Sundry Debtors",
           "Purchases": "Indirect Expenses"}
AMOUNT = re.compile(r"-?(0|[1-9][0-9]{0,14})\.[0-9]{2}\Z")
COUNTERS = ("CREATED", "ALTERED", "DELETED", "LASTVCHID", "LASTMID",
            "COMBINED", "IGNORED", "ERRORS", "CANCELLED", "EXCEPTIONS")
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


class Refused(Exception):
    """The words of a LINEERROR."""


class Silent(Exception):
    """Refused without a reason."""


class Crash(Exception):
    """No answer."""


def text(node, name):
    found = node.find(name) if node is not None else None
    return (found.text or "").strip() if found is not None else ""


class Tally:
    def __init__(self, company=COMPANY, shape="envelope", encoding="utf-8",
                 controls=False, delay=0.0, dups="alter", numbering="auto",
                 books="20260401", until="20270331", period=("20260401",) * 2,
                 lists="both", centres=("Main", "Mumbai"), currency="\u20b9",
                 largest=None):
        self.company, self.shape, self.encoding = company, shape, encoding
        self.controls, self.delay, self.dups = controls, delay, dups
        self.numbering, self.books, self.until = numbering, books, until
        self.period, self.lists, self.centres = period, lists, centres
        self.currency, self.largest = currency, largest
        self.open = [company]
        self.ledgers = dict(LEDGERS)
        self.groups = dict(dict.fromkeys(GROUPS, "Current Assets"),
                           **{"Debtors Pune": "Sundry Debtors"})
        self.vouchers = {}          # master id -> dict
        self.master = self.alter = 0
        self.numbers = {}
        self.next = []              # what the next imports are answered
        self.raw = []               # whole bodies for the next requests
        self.drop = self.import_delay = 0
        self.remote_known = True    # Alter and Create know REMOTEIDs
        self.blind = False          # exports show nothing
        self.requests, self.imports, self.exports = [], 0, 0
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()
        self.count = threading.Lock()

    # ---- life

    def __enter__(self):
        tally = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self):
                tally.serve(self)

            def do_GET(self):
                body = b"<RESPONSE>TallyPrime Server is Running</RESPONSE>"
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.url = "http://127.0.0.1:%d" % self.port
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02},
            daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def serve(self, handler):
        size = int(handler.headers.get("Content-Length", 0))
        body = handler.rfile.read(size)
        with self.count:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            with self.lock:
                ours = b"<TALLYREQUEST>Import" in body
                time.sleep(self.import_delay if ours else self.delay)
                self.requests.append(body)
                answer = self.raw.pop(0) if self.raw else \
                    self.answer(handler, body)
                if self.drop and ours:
                    self.drop -= 1
                    raise Crash
        except Crash:
            handler.close_connection = True
            return
        finally:
            with self.count:
                self.at_once -= 1
        handler.send_response(200)
        handler.send_header("Content-Type", "text/xml")
        handler.send_header("Content-Length", str(len(answer)))
        handler.end_headers()
        handler.wfile.write(answer)

    # ---- requests

    def answer(self, handler, body):
        kind = handler.headers.get("Content-Type", "")
        try:
            root = tree.fromstring(body)
        except tree.ParseError:
            return self.encode("<RESPONSE>Unknown Request, cannot be "
                               "processed</RESPONSE>")
        request = text(root, "HEADER/TALLYREQUEST")
        if not kind.startswith("text/xml") or handler.path != "/" or \
                root.tag != "ENVELOPE":
            request = ""
        if request in ("Import", "Import Data"):
            return self.encode(self.take_import(root))
        if request == "Export" and text(root, "HEADER/VERSION") == "1" and \
                text(root, "HEADER/TYPE") == "Collection":
            return self.encode(self.take_export(root))
        return self.encode("<RESPONSE>Unknown Request, cannot be processed"
                           "</RESPONSE>")

    def encode(self, answer):
        if self.controls:
            answer = answer.replace("</NARRATION>", "&#4;\x03</NARRATION>")
            answer = answer.replace("</LINEERROR>", "&#x1F;\x02</LINEERROR>")
            answer = answer.replace("</LEDGERNAME>", "&#4;</LEDGERNAME>")
        if self.encoding == "utf-16":
            return answer.encode("utf-16")
        return answer.encode(self.encoding, "replace")

    # ---- import

    def take_import(self, root):
        self.imports += 1
        count = dict.fromkeys(COUNTERS, 0)
        words = []
        forced = self.next.pop(0) if self.next else ""
        if text(root, "HEADER/TALLYREQUEST") == "Import":
            what = text(root, "HEADER/ID")
            static = root.find("BODY/DESC/STATICVARIABLES")
            messages = root.findall("BODY/DATA/TALLYMESSAGE")
            well = text(root, "HEADER/VERSION") == "1" and \
                text(root, "HEADER/TYPE") == "Data"
        else:
            static = root.find("BODY/IMPORTDATA/REQUESTDESC/STATICVARIABLES")
            what = text(root, "BODY/IMPORTDATA/REQUESTDESC/REPORTNAME")
            messages = root.findall("BODY/IMPORTDATA/REQUESTDATA/TALLYMESSAGE")
            well = True
        if not well or what not in ("Vouchers", "All Masters"):
            return "<RESPONSE>Unknown Request, cannot be processed</RESPONSE>"
        company = text(static, "SVCURRENTCOMPANY")
        if company and company not in self.open or not self.open:
            words.append("Could not find Company '%s'!" % company)
            count["ERRORS"] = 1
            return self.result(count, words)
        items = [item for message in messages for item in message]
        for at, item in enumerate(items):
            try:
                self.forced(forced, at, count)
                getattr(self, "take_" + item.tag.lower())(item, count)
            except Refused as e:
                words.append(str(e))
                count["ERRORS"] += 1
            except Silent:
                count["EXCEPTIONS"] += 1
            except StopIteration:
                count["IGNORED"] += 1
            except KeyError:
                pass
        return self.result(count, words)

    @staticmethod
    def forced(what, at, count):
        """exception: none, silently; exception:N: all but the first N;
        ignored; zero; words:TEXT."""
        name, _, more = what.partition(":")
        if name == "exception" and at >= int(more or 0):
            raise Silent
        if name == "ignored":
            raise StopIteration
        if name == "zero":
            raise KeyError
        if name == "words":
            raise Refused(more)

    def result(self, count, words):
        inside = "".join("<LINEERROR>%s</LINEERROR>" % escape(one)
                         for one in words)
        inside += "".join("<%s>%d</%s>" % (name, count[name], name)
                          for name in COUNTERS)
        if self.shape == "response":
            return "<RESPONSE>%s</RESPONSE>" % inside
        if self.master:
            number = self.vouchers.get(self.master, {}).get("number", "")
            inside += "<LASTVCHNUMBER>%s</LASTVCHNUMBER>" % escape(number)
        return ("<ENVELOPE><HEADER><VERSION>1</VERSION><STATUS>1</STATUS>"
                "</HEADER><BODY><DATA><IMPORTRESULT>%s</IMPORTRESULT></DATA>"
                "</BODY></ENVELOPE>" % inside)

    def take_ledger(self, node, count):
        name = node.get("NAME", "")
        if not name or text(node, "NAME") != name:
            raise Refused("Cannot create unnamed object: LEDGER!")
        if text(node, "PARENT") not in self.groups:
            raise Refused("Group '%s' does not exist!" % text(node, "PARENT"))
        if name in self.ledgers:
            raise StopIteration
        self.ledgers[name] = text(node, "PARENT")
        count["CREATED"] += 1

    def take_voucher(self, node, count):
        action = node.get("ACTION", "")
        if action == "Cancel":
            return self.take_cancel(node, count)
        if action not in ("Create", "Alter"):
            raise Refused("Unknown action '%s'" % action)
        voucher = self.judge(node)
        remote = node.get("REMOTEID", "")
        known = self.by_remote(remote) if self.remote_known else None
        if action == "Create" and known is not None:
            if self.dups == "ignore":
                raise StopIteration
            if self.dups == "refuse":
                raise Refused("Voucher with this identity already exists!")
            known = known if self.dups == "alter" else None
        if known is not None:
            self.alter += 1
            known.update(voucher, alter=self.alter, number=known["number"])
            count["ALTERED"] += 1
        else:
            self.store(dict(voucher, remote=remote))
            count["CREATED"] += 1
        count["LASTVCHID"] = known["master"] if known else self.master

    def store(self, voucher):
        self.master += 1
        self.alter += 1
        kind = voucher["type"]
        if self.numbering == "auto" or not voucher["number"]:
            self.numbers[kind] = self.numbers.get(kind, 0) + 1
            voucher["number"] = str(self.numbers[kind])
        voucher.update(master=self.master, alter=self.alter, cancelled=False,
                       optional=False)
        self.vouchers[self.master] = voucher

    def by_remote(self, remote):
        for voucher in self.vouchers.values():
            if remote and voucher["remote"] == remote:
                return voucher
        return None

    def take_cancel(self, node, count):
        if len(node) == 0:
            raise Crash
        found = self.by_remote(node.get("REMOTEID", ""))
        if node.get("TAGNAME", "").replace(" ", "") == "MasterID":
            found = self.vouchers.get(int(node.get("TAGVALUE", "0")))
            day = node.get("DATE", "")
            want = found and "%s-%s-%s" % (
                found["date"][6:], MONTHS[int(found["date"][4:6]) - 1],
                found["date"][:4])
            if day != want:
                found = None
        if found is None or found["type"] != node.get("VCHTYPE"):
            raise Refused("Voucher does not exist!")
        self.cancel(found["master"])
        count["CANCELLED"] += 1

    # ---- what a voucher must be

    def judge(self, node):
        kind = text(node, "VOUCHERTYPENAME")
        if kind not in TYPES or node.get("VCHTYPE") != kind:
            raise Refused("Voucher Type '%s' does not exist!" % kind)
        date = text(node, "DATE")
        try:
            assert len(date) == 8
            datetime.datetime.strptime(date, "%Y%m%d")
        except (AssertionError, ValueError):
            raise Refused("Invalid date '%s'" % date) from None
        if not self.books <= date <= self.until:
            raise Refused("Voucher date is out of range: the financial year "
                          "of the books does not have it")
        lines = [self.judge_line(line) for line in
                 node.findall("ALLLEDGERENTRIES.LIST")]
        if not lines:
            raise Silent
        if sum(line["amount"] for line in lines) != 0:
            raise Refused("Voucher totals do not match! Dr and Cr differ")
        party = text(node, "PARTYLEDGERNAME")
        if party and party not in [line["ledger"] for line in lines]:
            raise Silent
        number = text(node, "VOUCHERNUMBER")
        if self.numbering == "manual" and number and any(
                one["number"] == number and one["type"] == kind
                for one in self.vouchers.values()):
            raise Refused("Voucher Number '%s' already exists!" % number)
        return {"type": kind, "date": date, "lines": lines, "number": number,
                "reference": text(node, "REFERENCE"), "party": party,
                "narration": text(node, "NARRATION")}

    def amount(self, node, path="AMOUNT"):
        if not AMOUNT.match(text(node, path)):
            raise Refused("Invalid amount '%s'" % text(node, path))
        return decimal.Decimal(text(node, path))

    def judge_line(self, node):
        name = text(node, "LEDGERNAME")
        amount = self.amount(node)
        if name not in self.ledgers:
            raise Refused("Ledger '%s' does not exist!" % name)
        # debit is negative, and said to be a debit
        if (text(node, "ISDEEMEDPOSITIVE") == "Yes") != (amount < 0) or \
                amount == 0:
            raise Refused("Sign of ledger '%s' does not agree" % name)
        bills = []
        for bill in node.findall("BILLALLOCATIONS.LIST"):
            kind = text(bill, "BILLTYPE")
            if kind not in ("New Ref", "Agst Ref", "Advance", "On Account") \
                    or (text(bill, "NAME") == "") != (kind == "On Account"):
                raise Silent
            bills.append((kind, text(bill, "NAME"), self.amount(bill)))
        if bills and sum(bill[2] for bill in bills) != amount:
            raise Refused("Bill allocations of '%s' do not match" % name)
        centres = []
        for category in node.findall("CATEGORYALLOCATIONS.LIST"):
            if text(category, "CATEGORY") != "Primary Cost Category":
                raise Refused("Cost Category '%s' does not exist!" %
                              text(category, "CATEGORY"))
            for centre in category.findall("COSTCENTREALLOCATIONS.LIST"):
                if text(centre, "NAME") not in self.centres:
                    raise Refused("Cost Centre '%s' does not exist!" %
                                  text(centre, "NAME"))
                centres.append((text(centre, "NAME"), self.amount(centre)))
        if centres and sum(centre[1] for centre in centres) != amount:
            raise Refused("Cost centres of '%s' do not match" % name)
        return {"ledger": name, "amount": amount, "bills": bills,
                "centres": centres,
                "party": text(node, "ISPARTYLEDGER") == "Yes"}

    # ---- export

    def take_export(self, root):
        self.exports += 1
        desc = root.find("BODY/DESC")
        static = desc.find("STATICVARIABLES")
        rows = None
        try:
            assert text(static, "SVEXPORTFORMAT") == "$$SysName:XML"
            company = text(static, "SVCURRENTCOMPANY")
            tdl = desc.find("TDL/TDLMESSAGE")
            collection = tdl.find("COLLECTION")
            assert collection.get("NAME") == text(root, "HEADER/ID")
            kind = text(collection, "TYPE")
            assert kind in ("Company", "Group", "Ledger", "Voucher")
            fields = {one.strip().upper() for one in
                      text(collection, "FETCH").split(",")}
            formulas = {one.get("NAME"): (one.text or "").strip() for one in
                        tdl.findall("SYSTEM") if one.get("TYPE") == "Formulae"}
            wanted = text(collection, "FILTERS")
            formula = formulas[wanted] if wanted else None
        except (AssertionError, AttributeError, KeyError):
            return self.sorry("Bad definition of a collection")
        if kind != "Company" and (company and company not in self.open or
                                  not self.open):
            return self.sorry("Could not find Company '%s'" % company)
        days = text(static, "SVFROMDATE"), text(static, "SVTODATE")
        try:
            rows = getattr(self, "rows_" + kind.lower())(fields, formula,
                                                         days)
        except Refused as e:
            return self.sorry(str(e))
        return ("<ENVELOPE><HEADER><VERSION>1</VERSION><STATUS>1</STATUS>"
                "</HEADER><BODY><DESC><CMPINFO><COMPANY>0</COMPANY>"
                "<LEDGER>0</LEDGER><VOUCHER>0</VOUCHER></CMPINFO></DESC>"
                "<DATA><COLLECTION ISMSTDEPTYPE=\"Yes\" MSTDEPTYPE=\"2\">%s"
                "</COLLECTION></DATA></BODY></ENVELOPE>" %
                "".join(rows[:self.largest]))

    @staticmethod
    def sorry(words):
        return ("<ENVELOPE><HEADER><VERSION>1</VERSION><STATUS>0</STATUS>"
                "</HEADER><BODY><DATA><LINEERROR>%s</LINEERROR></DATA></BODY>"
                "</ENVELOPE>" % escape(words))

    def rows_company(self, fields, formula, days):
        return ["<COMPANY NAME=%s RESERVEDNAME=\"\"><BOOKSFROM TYPE=\"Date\">"
                "%s</BOOKSFROM><NAME TYPE=\"String\">%s</NAME>"
                "<CURRENCYNAME>%s</CURRENCYNAME></COMPANY>" %
                (quoteattr(name), self.books, escape(name), self.currency)
                for name in self.open]

    def rows_group(self, fields, formula, days):
        """Groups may be in groups: their parents are fetched, too."""
        return ["<GROUP NAME=%s RESERVEDNAME=\"\"><PARENT TYPE=\"String\">%s"
                "</PARENT></GROUP>" % (quoteattr(name), escape(parent))
                for name, parent in self.groups.items()]

    def rows_ledger(self, fields, formula, days):
        if days[1]:
            until = days[1]
        else:
            until = self.period[1]
        closing = dict.fromkeys(self.ledgers, decimal.Decimal(0))
        for voucher in self.vouchers.values():
            if voucher["date"] > until or voucher["cancelled"] or \
                    voucher["optional"]:
                continue
            for line in voucher["lines"]:
                closing[line["ledger"]] += line["amount"]
        return ["<LEDGER NAME=%s RESERVEDNAME=\"\"><PARENT TYPE=\"String\">%s"
                "</PARENT><CLOSINGBALANCE TYPE=\"Amount\">%s</CLOSINGBALANCE>"
                "<LANGUAGENAME.LIST><NAME.LIST TYPE=\"String\"><NAME>%s</NAME>"
                "</NAME.LIST><LANGUAGEID TYPE=\"Number\"> 1033</LANGUAGEID>"
                "</LANGUAGENAME.LIST></LEDGER>" %
                (quoteattr(name), escape(group),
                 "%.2f" % closing[name] if closing[name] else "",
                 escape(name)) for name, group in self.ledgers.items()]

    def rows_voucher(self, fields, formula, days):
        first, last = days if all(days) else self.period
        return [self.row(voucher, fields)
                for voucher in self.vouchers.values()
                if first <= voucher["date"] <= last and not self.blind and
                self.holds(formula, voucher)]

    @staticmethod
    def holds(formula, voucher):
        """What the adapter may ask, and nothing else."""
        if formula is None:
            return True
        any_of = []
        for part in formula.split(" OR "):
            all_of = []
            for one in part.split(" AND "):
                said = re.fullmatch(r'\(?\$Narration CONTAINS "([^"]*)"\)?',
                                    one)
                number = re.fullmatch(r"\$MasterId (>|<=|=) (-?[0-9]+)", one)
                if said:
                    all_of.append(said[1].lower() in
                                  voucher["narration"].lower())
                elif number:
                    bound = int(number[2])
                    all_of.append({">": voucher["master"] > bound,
                                   "<=": voucher["master"] <= bound,
                                   "=": voucher["master"] == bound}
                                  [number[1]])
                else:
                    raise Refused("Error in TDL: bad formula")
            any_of.append(all(all_of))
        return any(any_of)

    def row(self, voucher, fields):
        """Only what was fetched, as Tally pads it."""
        out = []

        def field(name, value, kind="String"):
            if name.upper() in fields:
                out.append('<%s TYPE="%s">%s</%s>' % (
                    name.upper(), kind, escape(value), name.upper()))

        field("Date", voucher["date"], "Date")
        field("Guid", "d1f0-bahi-%08x" % voucher["master"])
        field("Narration", voucher["narration"])
        field("VoucherTypeName", voucher["type"])
        field("VoucherNumber", voucher["number"])
        field("MasterId", " %d" % voucher["master"], "Number")
        field("AlterId", " %d" % voucher["alter"], "Number")
        field("AlteredBy", voucher.get("by", ""))
        field("IsCancelled", "Yes" if voucher["cancelled"] else "No")
        field("IsOptional", "Yes" if voucher["optional"] else "No")
        out.append("<UDF:BAHINOTE.LIST DESC=\"x\"><UDF:BAHINOTE>1"
                   "</UDF:BAHINOTE></UDF:BAHINOTE.LIST>")
        lists = {"both": ("ALLLEDGERENTRIES.LIST", "LEDGERENTRIES.LIST"),
                 "all": ("ALLLEDGERENTRIES.LIST",),
                 "short": ("LEDGERENTRIES.LIST",)}[self.lists]
        if "ALLLEDGERENTRIES" in fields and not voucher["cancelled"]:
            for name in lists:
                for line in voucher["lines"]:
                    out.append(
                        "<%s><LEDGERNAME TYPE=\"String\">%s</LEDGERNAME>"
                        "<ISDEEMEDPOSITIVE>%s</ISDEEMEDPOSITIVE>"
                        "<AMOUNT TYPE=\"Amount\">%.2f</AMOUNT></%s>" % (
                            name, escape(line["ledger"]),
                            "Yes" if line["amount"] < 0 else "No",
                            line["amount"], name))
        return ("<VOUCHER REMOTEID=\"d1f0-bahi-%08x\" VCHTYPE=%s>%s</VOUCHER>"
                % (voucher["master"], quoteattr(voucher["type"]),
                   "".join(out)))

    # ---- for comparing

    def trial(self):
        """Paise by ledger, debit positive, of those that are not 0."""
        out = {}
        for voucher in self.vouchers.values():
            for line in voucher["lines"]:
                if not voucher["cancelled"]:
                    out[line["ledger"]] = out.get(line["ledger"], 0) - \
                        int(line["amount"] * 100)
        return {name: amount for name, amount in out.items() if amount}

    def doubled(self):
        """References that more than one voucher has."""
        words = [one["narration"].split(" ")[0]
                 for one in self.vouchers.values() if not one["cancelled"]]
        return sorted({word for word in words if words.count(word) > 1})

    # ---- people at its keyboard

    def change(self, master, by="anita", **what):
        self.alter += 1
        self.vouchers[master].update(what, alter=self.alter, by=by)

    def set_amount(self, master, amount, by="anita"):
        """Of a voucher of two lines."""
        amount = decimal.Decimal(amount)
        lines = [dict(line, amount=amount if line["amount"] > 0 else -amount)
                 for line in self.vouchers[master]["lines"]]
        self.change(master, by, lines=lines)

    def cancel(self, master):
        self.change(master, cancelled=True)

    def duplicate(self, master):
        self.store(dict(self.vouchers[master], remote=""))
        return self.master

    def enter(self, date, amount, debit="Cash", credit="4000",
              narration="by hand"):
        """A voucher of somebody else's."""
        amount = decimal.Decimal(amount)
        line = {"bills": [], "centres": [], "party": False}
        self.store({"type": "Journal", "date": date, "number": "",
                    "reference": "", "party": "", "narration": narration,
                    "remote": "", "lines": [
                        dict(line, ledger=debit, amount=-amount),
                        dict(line, ledger=credit, amount=amount)]})
        return self.master
