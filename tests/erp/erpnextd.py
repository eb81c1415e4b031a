"""A strict double of ERPNext's REST interface, for the adapter's tests.

It is not ERPNext, and says less. What it does follow, read in the public
sources of frappe and erpnext (versions 14 to 16):

frappe/api/v1.py      GET, POST /api/resource/DOCTYPE; GET, PUT .../NAME;
                      /api/method/NAME; lists have 20 rows unless told
                      otherwise; `parent` is needed to read a table's rows
frappe/auth.py        Authorization: token KEY:SECRET, else 401
frappe/model/document insert() with docstatus 1 submits in the same
                      transaction; PUT compares `modified` of the body with
                      the database (TimestampMismatchError); 0 -> 1 -> 2 and
                      no other way; what is submitted does not change; a name
                      that is no field is dropped without a word
frappe/exceptions.py  ValidationError 417, PermissionError 403, not there
                      404, DuplicateEntryError (name) 409, a unique field
                      UniqueValidationError 417, TooManyRequestsError 429 with
                      Retry-After, SessionStopped 503; all rolled back
frappe/utils/response `exc_type`, `exception`, `_server_messages`: JSON in
                      JSON in JSON, words in HTML
journal_entry.py      party on Receivable and Payable and their types, sides,
                      totals, exchange rates, cheque date, both not nought
general_ledger.py     books closed, frozen, accounting periods, groups,
                      companies; fiscal years; GL Entry, is_cancelled
naming.py             ACC-JV-.YYYY.-, amended NAME-1, NAME-2
query of 16           sums as {"SUM": "debit", "as": ..}; as text before

Amounts are floats, as there; `modified` has microseconds. Run alone it
prints its address:  erpnextd.py [PORT]
"""
import datetime
import decimal
import itertools
import json
import re
import threading
import urllib.parse

from serving import Served

FLOAT = decimal.Decimal("0.01")
VOUCHERS = ["Journal Entry", "Inter Company Journal Entry", "Bank Entry",
            "Cash Entry", "Credit Card Entry", "Debit Note", "Credit Note",
            "Contra Entry", "Excise Entry", "Write Off Entry",
            "Opening Entry", "Depreciation Entry"]
HEAD = ["naming_series", "title", "voucher_type", "company", "posting_date",
        "cheque_no", "cheque_date", "user_remark", "remark", "multi_currency",
        "reversal_of", "amended_from", "bill_no", "is_opening",
        "total_debit", "total_credit", "difference"]
ROW = ["account", "party_type", "party", "cost_center", "user_remark",
       "account_currency", "exchange_rate", "debit_in_account_currency",
       "credit_in_account_currency", "debit", "credit", "account_type"]
SYSTEM = ["name", "owner", "creation", "modified", "modified_by",
          "docstatus", "idx"]
LEDGER = ["posting_date", "account", "party_type", "party", "cost_center",
          "debit", "credit", "account_currency", "debit_in_account_currency",
          "credit_in_account_currency", "voucher_type", "voucher_no",
          "is_cancelled", "company"]
PARTY_TYPES = {"Customer": "Receivable", "Supplier": "Payable",
               "Employee": "Payable", "Shareholder": "Payable"}
BOOKS = {"account": "Account", "cost_center": "Cost Center"}
OPS = {"=": lambda a, b: a == b, "!=": lambda a, b: a != b,
       ">": lambda a, b: a is not None and a > b,
       "<": lambda a, b: a is not None and a < b,
       ">=": lambda a, b: a is not None and a >= b,
       "<=": lambda a, b: a is not None and a <= b,
       "like": lambda a, b: a is not None and re.fullmatch(re.escape(
           b).replace("%", ".*").replace("_", "."), a, re.I),
       "in": lambda a, b: a in b, "not in": lambda a, b: a not in b}


class Refused(Exception):
    def __init__(self, kind, words, status=417, title="Message", wait=None):
        super().__init__(words)
        self.kind, self.words, self.status = kind, words, status
        self.title, self.wait = title, wait


def throw(words, kind="ValidationError", **more):
    raise Refused(kind, words, **more)


def flt(value, places=FLOAT):
    return decimal.Decimal(str(value or 0)).quantize(
        places, rounding=decimal.ROUND_HALF_UP)


class Erpnext(Served):
    separators = (",", ":")

    def __init__(self, company="Acme Traders", abbr="AT", currency="INR",
                 version=15, field="bahi_reference", unique=True):
        self.company, self.abbr, self.currency = company, abbr, currency
        self.version, self.field, self.unique = version, field, unique
        self.key, self.secret = "key", "secret"
        self.lock = threading.RLock()
        self.ticks = itertools.count()
        self.start = datetime.datetime(2026, 11, 22, 9, 0, 0)
        self.accounts, self.parties, self.centres = {}, {}, {}
        self.entries, self.ledger, self.numbers = {}, [], {}
        self.years = [("2026-2027", "2026-04-01", "2027-03-31")]
        self.closed = self.frozen = None    # days
        self.periods = []                   # (from, to) closed for JE
        self.rights = {"read", "create", "write", "submit", "cancel"}
        self.limit = None                   # calls before 429
        self.updating = False
        self.calls = []                     # (method, path, query, body)
        self.before = self.after = None     # hooks of tests
        self.account("Cash", "1110", "Cash")
        self.account("Bank", "1120", "Bank")
        self.account("Debtors", "1310", "Receivable")
        self.account("Sales", "4110", "Income Account", "Profit and Loss")
        self.account("Output IGST", "2380", "Tax")
        self.account("Creditors", "2110", "Payable")
        self.account("Expenses", "5200", "", "Profit and Loss")
        self.account("Assets", "1000", group=True)
        self.centre("Main")

    # What an accountant sets up, by name.

    def full(self, name):
        return "%s - %s" % (name, self.abbr)

    def account(self, name, number="", kind="", report="Balance Sheet",
                currency=None, group=False, company=None):
        self.accounts[self.full(name)] = {
            "name": self.full(name), "account_name": name,
            "account_number": number, "account_type": kind,
            "report_type": report, "is_group": int(group), "disabled": 0,
            "account_currency": currency or self.currency,
            "company": company or self.company}

    def party(self, kind, name, disabled=False):
        self.parties[kind, name] = disabled

    def centre(self, name):
        self.centres[self.full(name)] = {"name": self.full(name),
                                         "company": self.company}

    # What a person does there.

    def now(self):
        at = self.start + datetime.timedelta(
            microseconds=1000 * next(self.ticks))
        return at.strftime("%Y-%m-%d %H:%M:%S.%f")

    def edit(self, name, **values):
        """Behind the back of everybody, as a repair in the database."""
        self.entries[name].update(values, modified=self.now(),
                                  modified_by="asha@acme.example")

    def cancel(self, name):
        self.put(name, {"docstatus": 2})

    def amend(self, name, rows, **values):
        """As the form does it: fields that are marked no_copy are empty."""
        old = self.entries[name]
        self.cancel(name)
        doc = {k: old[k] for k in HEAD if old.get(k)}
        doc.update(values, amended_from=name, accounts=rows,
                   docstatus=values.get("docstatus", 1))
        return self.insert(doc)["name"]

    def of(self, reference):
        return [d for d in self.entries.values()
                if (d.get(self.field) or "").split(".")[0] == reference]

    def voucher(self, kind, name, day, *lines):
        for account, amount in lines:
            self.book(kind, name, day, {
                "account": self.full(account), "debit": max(amount, 0),
                "credit": max(-amount, 0)})

    # Documents.

    def fields(self):
        return HEAD + ([self.field] if self.field not in HEAD and
                       self.field else [])

    def link(self, kind, name, where):
        known = {"Account": self.accounts, "Cost Center": self.centres,
                 "Company": {self.company: 1},
                 "Journal Entry": self.entries}.get(kind)
        if not (name in known if known is not None
                else (kind, name) in self.parties):
            throw("Could not find %s%s: %s" % (where, kind, name),
                  "LinkValidationError")

    def links(self, doc):
        self.link("Company", doc.get("company"), "")
        for field in ("reversal_of", "amended_from"):
            if doc.get(field):
                self.link("Journal Entry", doc[field], "")
        for row in doc["accounts"]:
            where = "Row #%d: " % row["idx"]
            for field, kind in BOOKS.items():
                if row.get(field):
                    self.link(kind, row[field], where)
            if row.get("party"):
                self.link(row["party_type"], row["party"], where)
        undone = self.entries.get(doc.get("reversal_of"))
        if undone and undone["docstatus"] == 2 and doc["docstatus"] == 1:
            throw("Cannot link cancelled document: Reversal Of: %s"
                  % undone["name"], "CancelledLinkError")

    def mandatory(self, doc):
        for field in ("company", "posting_date", "voucher_type"):
            if not doc.get(field):
                throw("Error: Value missing for Journal Entry: %s" % field,
                      "MandatoryError")
        if not doc["accounts"]:
            throw("Error: Data missing in table: Accounting Entries",
                  "MandatoryError")
        if doc["voucher_type"] not in VOUCHERS:
            throw("Entry Type cannot be \"%s\". It should be one of %s"
                  % (doc["voucher_type"], ", ".join(VOUCHERS)))

    def check_party(self, row, account):
        kind = account["account_type"]
        if kind in ("Receivable", "Payable"):
            if not (row.get("party_type") and row.get("party")):
                throw("Row %d: Party Type and Party is required for "
                      "Receivable / Payable account <strong>%s</strong>"
                      % (row["idx"], row["account"]))
            if row["party_type"] != "Employee" and \
                    PARTY_TYPES[row["party_type"]] != kind:
                throw("Row %d: Account %s and Party Type %s have different "
                      "account types" % (row["idx"], row["account"],
                                         row["party_type"]))
        if row.get("party") and self.parties[row["party_type"],
                                             row["party"]]:
            throw("%s %s is disabled" % (row["party_type"], row["party"]),
                  "PartyDisabled")

    def check_rows(self, doc):
        debit = credit = decimal.Decimal(0)
        for row in doc["accounts"]:
            account = self.accounts[row["account"]]
            self.check_party(row, account)
            foreign = account["account_currency"] != self.currency
            if foreign and not doc.get("multi_currency"):
                throw("Please check Multi Currency option to allow accounts "
                      "with other currency")
            row["account_currency"] = account["account_currency"]
            row["account_type"] = account["account_type"]
            rate = decimal.Decimal(str(row.get("exchange_rate") or 0))
            if not foreign:
                rate = decimal.Decimal(1)
            elif rate in (0, 1):
                throw("Unable to find exchange rate for %s to %s. Please "
                      "create a Currency Exchange record manually"
                      % (row["account_currency"], self.currency))
            row["exchange_rate"] = float(rate.quantize(
                decimal.Decimal("0.000000001")))
            for side in ("debit", "credit"):
                amount = flt(row.get(side + "_in_account_currency"))
                row[side + "_in_account_currency"] = float(amount)
                row[side] = float(flt(amount * rate))
            if row["debit"] and row["credit"]:
                throw("You cannot credit and debit same account at the same "
                      "time")
            if not row["debit"] and not row["credit"]:
                throw("Row %d: Both Debit and Credit values cannot be zero"
                      % row["idx"])
            debit += flt(row["debit"])
            credit += flt(row["credit"])
        doc["total_debit"], doc["total_credit"] = float(debit), float(credit)
        doc["difference"] = float(debit - credit)

    def check_submit(self, doc):
        day = doc["posting_date"]
        if doc["difference"]:
            throw("Total Debit must be equal to Total Credit. The difference "
                  "is %s" % doc["difference"])
        if doc["voucher_type"] == "Bank Entry" and not (
                doc.get("cheque_no") and doc.get("cheque_date")):
            throw("Reference No &amp; Reference Date is required for Bank "
                  "Entry")
        if not any(a <= day <= b for _, a, b in self.years):
            throw("Date <b>%s</b> is not in any active Fiscal Year for %s"
                  % (day, self.company), "FiscalYearError")
        for row in doc["accounts"]:
            self.check_account(row)
        self.check_day(day)

    def check_account(self, row):
        account = self.accounts[row["account"]]
        if account["is_group"]:
            throw("Journal Entry: Account %s is a Group Account and group "
                  "accounts cannot be used in transactions" % row["account"])
        if account["disabled"]:
            throw("Account %s is disabled" % row["account"])
        if account["company"] != self.company:
            throw("Account %s does not belong to Company %s"
                  % (row["account"], self.company))

    def check_day(self, day):
        if self.closed and day <= self.closed:
            throw("Books have been closed till the period ending on %s</br >"
                  "You cannot create/amend any accounting entries till this "
                  "date." % self.closed, title="Period Closed")
        if self.frozen and day <= self.frozen:
            throw("You are not authorized to add or update entries before %s"
                  % self.frozen)
        for a, b in self.periods:
            if a <= day <= b:
                throw("You cannot create or cancel any accounting entries "
                      "within the closed Accounting Period",
                      "ClosedAccountingPeriod")

    def may(self, right):
        if right not in self.rights:
            throw("User <strong>bahi@acme.example</strong> does not have "
                  "doctype access via role permission for document "
                  "<strong>Journal Entry</strong>", "PermissionError",
                  status=403)

    def name(self, doc):
        old = doc.get("amended_from")
        if old:
            if self.entries[old]["docstatus"] != 2:
                throw("%s cannot be amended because it is not cancelled."
                      % old)
            times, base = 1, old
            if self.entries[old].get("amended_from"):
                base, times = old.rsplit("-", 1)
                times = int(times) + 1
            name = "%s-%d" % (base, times)
            if name in self.entries:
                throw("Journal Entry %s already exists" % name,
                      "DuplicateEntryError", status=409)
            return name
        year = self.start.year
        self.numbers[year] = self.numbers.get(year, 0) + 1
        return "ACC-JV-%d-%05d" % (year, self.numbers[year])

    def check_unique(self, doc):
        value = doc.get(self.field) if self.field and self.unique else None
        if value and any(d.get(self.field) == value
                         and d["name"] != doc["name"]
                         for d in self.entries.values()):
            throw("Bahi Reference must be unique", "UniqueValidationError")

    def clean(self, data):
        doc = {k: data[k] for k in self.fields() if data.get(k) is not None}
        doc.setdefault("voucher_type", "Journal Entry")
        doc.setdefault("naming_series", "ACC-JV-.YYYY.-")
        doc["docstatus"] = int(data.get("docstatus") or 0)
        doc["accounts"] = []
        for n, row in enumerate(data.get("accounts") or [], 1):
            one = {k: row[k] for k in ROW if row.get(k) is not None}
            one.setdefault("cost_center", self.full("Main"))
            one.update(idx=n, name="row%08x" % next(self.ticks),
                       parenttype="Journal Entry", parentfield="accounts")
            doc["accounts"].append(one)
        return doc

    def validate(self, doc):
        self.mandatory(doc)
        self.links(doc)
        self.check_rows(doc)
        if doc["docstatus"] == 1:
            self.may("submit")
            self.check_submit(doc)

    def insert(self, data):
        self.may("create")
        doc = self.clean(data)
        if doc["docstatus"] not in (0, 1):
            throw("Cannot create a cancelled document",
                  "DocstatusTransitionError")
        self.validate(doc)
        numbers = dict(self.numbers)
        doc["name"] = self.name(doc)
        at = self.now()
        doc.update(doctype="Journal Entry", owner="bahi@acme.example",
                   creation=at, modified=at,
                   modified_by="bahi@acme.example")
        try:
            self.check_unique(doc)
        except Refused:
            self.numbers = numbers
            raise
        self.keep(doc)
        return doc

    def keep(self, doc):
        for row in doc["accounts"]:
            row.update(parent=doc["name"], docstatus=doc["docstatus"])
        self.entries[doc["name"]] = doc
        if doc["docstatus"] == 1:
            for row in doc["accounts"]:
                self.book("Journal Entry", doc["name"], doc["posting_date"],
                          row)

    def book(self, kind, name, day, row):
        self.ledger.append({
            **{k: row.get(k) for k in ROW}, "posting_date": day,
            "name": "gl%08x" % next(self.ticks), "docstatus": 1,
            "account_currency": row.get("account_currency", self.currency),
            "debit_in_account_currency":
                row.get("debit_in_account_currency", row["debit"]),
            "credit_in_account_currency":
                row.get("credit_in_account_currency", row["credit"]),
            "voucher_type": kind, "voucher_no": name, "is_cancelled": 0,
            "company": self.company, "modified": self.now()})

    def put(self, name, data):
        self.may("write")
        old = self.entries.get(name)
        if old is None:
            throw("Journal Entry %s not found" % name, "DoesNotExistError",
                  status=404)
        state = int(data.get("docstatus", old["docstatus"]))
        if "modified" in data and data["modified"] != old["modified"]:
            throw("Error: Document has been modified after you have opened "
                  "it (%s, %s). Please refresh to get the latest document."
                  % (old["modified"], data["modified"]),
                  "TimestampMismatchError")
        if (old["docstatus"], state) not in ((0, 0), (0, 1), (1, 1), (1, 2)):
            throw("Cannot change docstatus from %d to %d"
                  % (old["docstatus"], state), "DocstatusTransitionError")
        if old["docstatus"] == 0:
            return self.change(old, data, state)
        if any(k in data for k in ("accounts", "posting_date")):
            throw("Not allowed to change <b>Accounting Entries</b> after "
                  "submission", "UpdateAfterSubmitError")
        if state == 2:
            self.undo(old)
        return self.entries[name]

    def change(self, old, data, state):
        doc = self.clean({**old, **data, "docstatus": state})
        self.validate(doc)
        doc.update({k: old[k] for k in ("name", "owner", "creation",
                                        "doctype")},
                   modified=self.now(), modified_by="bahi@acme.example")
        self.check_unique(doc)
        self.keep(doc)
        return doc

    def undo(self, doc):
        self.may("cancel")
        self.check_day(doc["posting_date"])
        for row in self.ledger:
            if row["voucher_no"] == doc["name"]:
                row["is_cancelled"] = 1
        doc.update(docstatus=2, modified=self.now())
        for row in doc["accounts"]:
            row["docstatus"] = 2

    # Lists.

    def table(self, doctype, parent):
        self.may("read")
        if doctype == "Journal Entry":
            return list(self.entries.values()), SYSTEM + self.fields()
        if doctype == "Journal Entry Account":
            if parent != "Journal Entry":
                throw("User does not have doctype access to Journal Entry "
                      "Account", "PermissionError", status=403)
            return [row for doc in self.entries.values()
                    for row in doc["accounts"]], \
                SYSTEM + ROW + ["parent", "parenttype"]
        if doctype == "GL Entry":
            return self.ledger, SYSTEM + LEDGER
        if doctype == "Account":
            return list(self.accounts.values()), SYSTEM + [
                "account_name", "account_number", "account_type",
                "account_currency", "is_group", "company", "disabled"]
        if doctype == "Fiscal Year":
            return [{"name": n, "year_start_date": a, "year_end_date": b,
                     "disabled": 0} for n, a, b in self.years], SYSTEM + [
                         "year_start_date", "year_end_date", "disabled"]
        throw("DocType %s not found" % doctype, "DoesNotExistError",
              status=404)

    def allowed(self, name, fields):
        if name not in fields:
            throw("Field not permitted in query: %s" % name, "DataError")
        return name

    def judge(self, filters, fields):
        for one in filters:
            self.allowed(one[0], fields)
            if len(one) != 3 or one[1] not in OPS:
                throw("Operator must be one of %s" % ", ".join(OPS))

    def passes(self, row, filters):
        for one in filters:
            field, op, value = one
            have = row.get(field)
            if isinstance(have, int):
                value = int(value)
            elif have is None and op not in ("in", "not in", "!="):
                have = ""
            if not OPS[op](have, value):
                return False
        return True

    def column(self, text, fields):
        """(source, sum or not, name) of one member of `fields`."""
        if isinstance(text, dict):
            if self.version < 16:
                raise TypeError("dict has no attribute lower")
            (name,) = [k for k in text if k != "as"]
            assert name == "SUM", name
            return self.allowed(text[name], fields), True, text["as"]
        made = re.fullmatch(r"sum\((\w+)\) as (\w+)", text)
        if made and self.version >= 16:
            throw("SQL functions are not allowed as strings in SELECT: %s"
                  % text)
        if made:
            return self.allowed(made[1], fields), True, made[2]
        return self.allowed(text, fields), False, text

    def group(self, rows, columns, by):
        groups = {}
        for row in rows:
            groups.setdefault(tuple(row.get(k) for k in by), []).append(row)
        return [{name: float(sum(decimal.Decimal(str(r[source]))
                                 for r in some)) if summed
                 else some[0].get(source)
                 for source, summed, name in columns}
                for some in groups.values()]

    def listed(self, doctype, query):
        unknown = set(query) - {"fields", "filters", "limit_page_length",
                                "limit_start", "parent", "group_by",
                                "order_by"}
        assert not unknown, unknown
        rows, fields = self.table(doctype, query.get("parent"))
        columns = [self.column(f, fields)
                   for f in json.loads(query.get("fields", '["name"]'))]
        filters = json.loads(query.get("filters", "[]"))
        self.judge(filters, fields)
        rows = [r for r in rows if self.passes(r, filters)]
        for part in reversed(query.get("order_by", "modified desc")
                             .split(",")):
            field, way = part.split()
            self.allowed(field, fields)
            rows.sort(key=lambda r: r.get(field) or 0
                      if field == "idx" else r.get(field) or "",
                      reverse=way == "desc")
        by = [k.strip() for k in query.get("group_by", "").split(",") if k]
        rows = self.group(rows, columns, by) if by else [
            {name: r.get(source) for source, _, name in columns}
            for r in rows]
        start = int(query.get("limit_start", 0))
        many = int(query.get("limit_page_length", 20))
        return rows[start:start + many] if many else rows[start:]

    def meta(self):
        fields = [{"fieldname": k, "unique": int(
            k == self.field and self.unique)} for k in self.fields()]
        return {"docs": [{"doctype": "DocType", "name": "Journal Entry",
                          "fields": fields}], "user_settings": "{}"}

    # Requests.

    def route(self, method, path, query, body):
        parts = [urllib.parse.unquote(p) for p in path.strip("/").split("/")]
        if parts[:2] == ["api", "method"] and len(parts) == 3:
            return self.method(parts[2], query)
        if parts[:2] != ["api", "resource"] or len(parts) not in (3, 4):
            throw("Not Found", "DoesNotExistError", status=404)
        doctype = parts[2]
        if len(parts) == 3 and method == "GET":
            return {"data": self.listed(doctype, query)}
        if method == "GET" and doctype == "Company":
            if parts[3] != self.company:
                throw("Company %s not found" % parts[3],
                      "DoesNotExistError", status=404)
            return {"data": {"name": self.company, "abbr": self.abbr,
                             "default_currency": self.currency}}
        if doctype != "Journal Entry":
            throw("No permission for %s" % doctype, "PermissionError",
                  status=403)
        if len(parts) == 3 and method == "POST":
            return {"data": self.insert(body)}
        if method == "PUT" and len(parts) == 4:
            return {"data": self.put(parts[3], body)}
        if method == "GET" and len(parts) == 4 and parts[3] in self.entries:
            return {"data": self.entries[parts[3]]}
        throw("Journal Entry %s not found" % parts[-1], "DoesNotExistError",
              status=404)

    def method(self, name, query):
        if name == "frappe.utils.change_log.get_versions":
            text = "%d.41.2" % self.version
            return {"message": {"frappe": {"version": text},
                                "erpnext": {"version": text}}}
        if name == "frappe.desk.form.load.getdoctype":
            assert query == {"doctype": "Journal Entry"}, query
            return self.meta()
        throw("Failed to get method %s" % name, "ValidationError")

    def admit(self, headers):
        if self.updating:
            throw("Your system is being updated.", "SessionStopped",
                  status=503)
        if headers.get("Authorization") != "token %s:%s" % (self.key,
                                                           self.secret):
            throw("Authentication failed", "AuthenticationError", status=401)
        if self.limit is not None:
            self.limit -= 1
            if self.limit < 0:
                throw("Too Many Requests", "TooManyRequestsError",
                      status=429, wait=7)

    def answer(self, method, path, query, headers, text):
        """(status, headers, JSON): one request is one transaction."""
        with self.lock:
            body = json.loads(text) if text else None
            self.calls.append((method, path, query, body))
            try:
                self.admit(headers)
                if self.before:
                    self.before(method, path, body)
                done = self.route(method, path, query, body)
                if self.after:
                    self.after(method, path, body)
                return 200, {}, done
            except Refused as e:
                said = json.dumps({"message": e.words, "title": e.title,
                                   "indicator": "red", "raise_exception": 1})
                return e.status, {"Retry-After": str(e.wait)} \
                    if e.wait else {}, {
                        "exception": "frappe.exceptions.%s: %s"
                        % (e.kind, e.words), "exc_type": e.kind,
                        "exc": json.dumps(["Traceback (most recent call "
                                           "last):\n  .."]),
                        "_server_messages": json.dumps([said])}
            except Exception as e:      # what ERPNext, too, has no word for
                return 500, {}, {"exception": repr(e),
                                 "exc_type": type(e).__name__}

    def reply(self, request, at, text):
        query = dict(urllib.parse.parse_qsl(at.query,
                                            strict_parsing=bool(at.query),
                                            keep_blank_values=True))
        if len(request.requestline) > 4094:         # gunicorn's bound
            return 400, {}, {"message": "line too long"}
        return self.answer(request.command, at.path, query, request.headers,
                           text)


if __name__ == "__main__":
    Erpnext().alone()
