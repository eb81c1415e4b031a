"""A strict double of Odoo 19's JSON-2 interface, for the adapter's tests.

It is not Odoo, and says less. What it does follow, read in the public sources
and documentation of Odoo 19:

external_api          POST /json/2/MODEL/METHOD, a JSON object of `ids`,
                      `context` and the method's own arguments; Authorization:
                      bearer KEY; X-Odoo-Database; one call, one transaction;
                      GET /web/version
addons/rpc json2.py   unknown model or method 404, unknown argument 422, ids
                      given to a method of the model 422; records come back
                      as their ids
http dispatcher       {"name", "message", "arguments", "context", "debug"};
                      the status of the exception, else 500
odoo/exceptions.py    UserError and ValidationError 422, AccessError and
                      AccessDenied 403, MissingError 404, LockError 409
account_move.py       nothing is created posted; lines by commands; balanced;
                      action_post in all or nothing, numbers on posting, and
                      the day moved out of a locked period **without a word**;
                      button_draft, unlink only what is no longer or not yet
                      posted; `ref` is not unique, and is not copied
res.company           user_fiscalyear_lock_date, user_hard_lock_date
models.py             search_read, read, formatted_read_group with
                      "debit:sum"; a many2one is [id, name], nothing is false

Amounts are floats, as there; write_date has whole seconds. Run alone it
prints its address:  odood.py [PORT]
"""
import copy
import datetime
import decimal
import inspect
import json
import re
import threading

from serving import Served

FIELDS = {
    "res.company": ["name", "currency_id", "user_fiscalyear_lock_date",
                    "user_hard_lock_date"],
    "account.account": ["code", "name", "active"],
    "res.partner": ["ref", "name", "active"],
    "account.analytic.account": ["code", "name", "active"],
    "account.journal": ["code", "name", "type", "company_id", "active"],
    "res.currency": ["name", "active"],
    "account.move": ["name", "ref", "state", "date", "move_type",
                     "journal_id", "company_id", "narration", "write_date",
                     "write_uid", "line_ids"],
    "account.move.line": ["move_id", "account_id", "partner_id", "name",
                          "debit", "credit", "balance", "amount_currency",
                          "currency_id", "analytic_distribution", "date",
                          "company_id", "parent_state"],
}
LINE = ["account_id", "partner_id", "name", "debit", "credit",
        "amount_currency", "currency_id", "analytic_distribution"]
MOVE = ["move_type", "ref", "date", "journal_id", "narration", "line_ids"]
LINKS = {"account_id": "account.account", "partner_id": "res.partner",
         "journal_id": "account.journal", "company_id": "res.company",
         "currency_id": "res.currency", "move_id": "account.move",
         "write_uid": "res.users"}
OPS = {"=": lambda a, b: a == b, "!=": lambda a, b: a != b,
       "in": lambda a, b: a in b, "not in": lambda a, b: a not in b,
       "<": lambda a, b: a is not False and a < b,
       ">": lambda a, b: a is not False and a > b,
       "<=": lambda a, b: a is not False and a <= b,
       ">=": lambda a, b: a is not False and a >= b,
       "=like": lambda a, b: a is not False and re.fullmatch(
           re.escape(b).replace("%", ".*").replace("_", "."), a)}


class Refused(Exception):
    def __init__(self, status, name, words, wait=None):
        super().__init__(words)
        self.status, self.name, self.words = status, name, words
        self.wait = wait


def user_error(words, kind="UserError", status=422):
    raise Refused(status, "odoo.exceptions." + kind, words)


def model(method):
    method.of_model = True
    return method


def exact(value):
    return decimal.Decimal(str(value or 0)).quantize(
        decimal.Decimal("0.01"), rounding=decimal.ROUND_HALF_UP)


class Odoo(Served):
    media = "application/json; charset=utf-8"

    def __init__(self, company="Acme Traders", currency="INR", database="",
                 version="19.0"):
        self.key, self.database, self.version = "api-key", database, version
        self.lock = threading.RLock()
        self.now = datetime.datetime(2026, 11, 22, 9, 0, 0)
        self.rights = {"read", "create", "write", "unlink"}
        self.limit = None                   # calls before 429
        self.hashed = False                 # journals whose entries stay
        self.calls = []                     # (model/method, body)
        self.before = self.after = None     # hooks of tests
        self.records = {name: {} for name in FIELDS}
        self.records["res.users"] = {7: {"name": "bahi"}, 8: {"name": "Asha"}}
        self.numbers = {}
        self.next = 1
        self.user = 7
        self.new("res.currency", name="INR")
        self.new("res.currency", name="USD")
        self.company = self.new(
            "res.company", name=company, currency_id=self.id("res.currency",
                                                             currency),
            user_fiscalyear_lock_date=False, user_hard_lock_date=False)
        for code, name in (("1000", "Cash"), ("1100", "Debtors"),
                           ("2100", "Creditors"), ("2380", "Output IGST"),
                           ("4000", "Sales"), ("5200", "Expenses")):
            self.new("account.account", code=code, name=name)
        for code, name, kind in (("MISC", "Miscellaneous", "general"),
                                 ("BNK1", "Bank", "bank")):
            self.new("account.journal", code=code, name=name, type=kind,
                     company_id=self.company)

    # What an accountant sets up or does there.

    def new(self, name, /, **values):
        self.next += 1
        values.setdefault("active", True)
        self.records[name][self.next] = values
        return self.next

    def id(self, name, value, field="name"):
        (found,) = [i for i, r in self.records[name].items()
                    if r[field] == value]
        return found

    @property
    def moves(self):
        return self.records["account.move"]

    def lines(self, move):
        return [(self.records["account.account"][r["account_id"]]["code"],
                 r["debit"], r["credit"])
                for r in self.records["account.move.line"].values()
                if r["move_id"] == move]

    def of(self, reference):
        return [i for i, r in self.moves.items() if r["ref"] == reference]

    def close(self, day, hard=False):
        self.records["res.company"][self.company][
            "user_hard_lock_date" if hard else
            "user_fiscalyear_lock_date"] = day

    def edit(self, move, **values):
        self.moves[move].update(values)
        self.touch(move, 8)

    def touch(self, move, user=None):
        self.now += datetime.timedelta(seconds=1)
        self.moves[move].update(
            write_date=self.now.strftime("%Y-%m-%d %H:%M:%S"),
            write_uid=user or self.user)

    # Records.

    def browse(self, name, ids):
        for one in ids:
            if one not in self.records[name]:
                user_error("Record does not exist or has been deleted.\n"
                           "(Record: %s(%s,), User: 7)" % (name, one),
                           "MissingError", 404)
        return [(one, self.records[name][one]) for one in ids]

    def may(self, right, name):
        if right not in self.rights:
            user_error("You are not allowed to %s '%s' records."
                       % (right, name), "AccessError", 403)

    def value(self, name, record, field):
        if field == "line_ids":
            return [i for i, r in self.records["account.move.line"].items()
                    if r["move_id"] == record.get("_id")]
        if name == "account.move.line" and field in ("date", "company_id"):
            return self.moves[record["move_id"]][field]
        if name == "account.move.line" and field == "parent_state":
            return self.moves[record["move_id"]]["state"]
        if field == "balance":
            return float(exact(record["debit"]) - exact(record["credit"]))
        return record.get(field, False)

    def shown(self, name, record, field):
        value = self.value(name, record, field)
        if field not in LINKS or not value:
            return value
        other = self.records[LINKS[field]][value]
        title = other["name"] or "/"
        if LINKS[field] == "account.account":
            title = "%s %s" % (other["code"], title)
        return [value, title]

    def field(self, name, field):
        if field != "id" and field not in FIELDS[name]:
            raise ValueError("Invalid field %r on %r" % (field, name))
        return field

    def matches(self, name, number, record, domain):
        for field, op, value in domain:
            have = number if field == "id" else self.value(
                name, record, field)
            if not OPS[op](have, value):
                return False
        return True

    def found(self, name, domain):
        self.may("read", name)
        for term in domain:
            if len(term) != 3 or term[1] not in OPS:
                raise ValueError("Invalid domain term %r" % (term,))
            self.field(name, term[0])
        return [(i, r) for i, r in self.records[name].items()
                if r.get("active", True) and
                self.matches(name, i, r, domain)]

    def told(self, name, pairs, fields):
        return [dict({"id": i}, **{f: self.shown(name, r, self.field(name, f))
                                   for f in fields}) for i, r in pairs]

    # Methods that are called from outside; the model is the first argument.

    @model
    def search_read(self, name, domain=None, fields=None, offset=0,
                    limit=None, order=None):
        pairs = self.found(name, domain or [])
        assert order in (None, "id asc", "ref desc"), order
        if order == "ref desc":
            pairs = sorted(pairs, key=lambda one: one[1]["ref"] or "",
                           reverse=True)
        pairs = pairs[offset:][:limit]
        return self.told(name, pairs, fields or FIELDS[name])

    def read(self, name, ids, fields=None, load="_classic_read"):
        self.may("read", name)
        return self.told(name, self.browse(name, ids), fields or
                         FIELDS[name])

    @model
    def formatted_read_group(self, name, domain, groupby=(), aggregates=(),
                             having=(), offset=0, limit=None, order=None):
        (by,) = groupby
        groups = {}
        for _, record in self.found(name, domain):
            groups.setdefault(self.value(name, record, by), []).append(
                record)
        out = []
        for value, records in sorted(groups.items()):
            row = {by: self.shown(name, records[0], by),
                   "__extra_domain": [[by, "=", value]]}
            for one in aggregates:
                field, how = one.split(":")
                assert how == "sum"
                row[one] = float(sum(exact(self.value(name, r, field))
                                     for r in records))
            out.append(row)
        return out

    @model
    def create(self, name, vals_list):
        self.may("create", name)
        if name != "account.move":
            user_error("no such records are made here", "AccessError", 403)
        return [self.create_move(vals) for vals in vals_list]

    def create_move(self, vals):
        unknown = set(vals) - set(MOVE) - {"state"}
        if unknown:
            raise ValueError("Invalid field %r on 'account.move'"
                             % unknown.pop())
        if vals.get("state") == "posted":
            user_error("You cannot create a move already in the posted state."
                       " Please create a draft move and post it after.")
        assert vals["move_type"] == "entry"
        ((_, journal),) = self.browse("account.journal", [vals["journal_id"]])
        move = self.new("account.move", name="/", state="draft",
                        ref=vals.get("ref") or False,
                        date=vals.get("date") or str(self.now.date()),
                        move_type="entry", journal_id=vals["journal_id"],
                        company_id=journal["company_id"],
                        narration="<p>%s</p>" % vals["narration"]
                        if vals.get("narration") else False)
        del self.moves[move]["active"]
        self.moves[move]["_id"] = move
        self.change_lines(move, vals.get("line_ids", []))
        self.touch(move)
        return move

    def change_lines(self, move, commands):
        lines = self.records["account.move.line"]
        for command in commands:
            if command[0] == 5:
                for i in [i for i, r in lines.items()
                          if r["move_id"] == move]:
                    del lines[i]
            elif command[:2] == [0, 0]:
                self.add_line(move, command[2])
            else:
                raise ValueError("command %r" % (command,))
        debit = sum(exact(r["debit"]) - exact(r["credit"])
                    for r in lines.values() if r["move_id"] == move)
        if debit:
            user_error("The entry is not balanced.")

    def add_line(self, move, vals):
        unknown = set(vals) - set(LINE)
        if unknown:
            raise ValueError("Invalid field %r on 'account.move.line'"
                             % unknown.pop())
        for field in ("account_id", "partner_id", "currency_id"):
            if vals.get(field):
                self.browse(LINKS[field], [vals[field]])
        for key in vals.get("analytic_distribution") or {}:
            self.browse("account.analytic.account", [int(key)])
        debit, credit = exact(vals.get("debit")), exact(vals.get("credit"))
        if debit < 0 or credit < 0 or (debit and credit):
            user_error("Invalid value of debit or credit")
        currency = self.records["res.company"][self.company]["currency_id"]
        foreign = exact(vals.get("amount_currency", debit - credit))
        if vals.get("currency_id", currency) == currency:
            assert foreign == debit - credit
        elif foreign * (debit - credit) < 0:
            user_error("The amount expressed in the secondary currency must "
                       "be positive when account is debited and negative "
                       "when account is credited.", "ValidationError")
        line = self.new("account.move.line", move_id=move, **{
            **{k: vals.get(k) or False for k in LINE},
            "currency_id": vals.get("currency_id", currency),
            "debit": float(debit), "credit": float(credit),
            "amount_currency": float(foreign)})
        del self.records["account.move.line"][line]["active"]

    def locked(self, day):
        company = self.records["res.company"][self.company]
        days = [d for d in (company["user_fiscalyear_lock_date"],
                            company["user_hard_lock_date"]) if d]
        return max(days) if days and day <= max(days) else None

    def action_post(self, name, ids):
        self.may("write", name)
        for move, record in self.browse(name, ids):
            if record["state"] != "draft":
                user_error("The entry %s (id %d) must be in draft."
                           % (record["name"], move))
            if not self.lines(move):
                user_error("You need to add a line before posting.")
            for line in self.records["account.move.line"].values():
                account = self.records["account.account"][line["account_id"]]
                if line["move_id"] == move and not account["active"]:
                    user_error("A line of this move is using a archived "
                               "account, you cannot post it.")
            closed = self.locked(record["date"])
            if closed:
                record["date"] = str(datetime.date.fromisoformat(closed) +
                                     datetime.timedelta(days=1))
            if record["name"] == "/":
                key = "%s/%s/%s" % (
                    self.records["account.journal"][record["journal_id"]][
                        "code"], record["date"][:4], record["date"][5:7])
                self.numbers[key] = self.numbers.get(key, 0) + 1
                record["name"] = "%s/%04d" % (key, self.numbers[key])
            record["state"] = "posted"
            self.touch(move)
        return False

    def button_draft(self, name, ids):
        self.may("write", name)
        for move, record in self.browse(name, ids):
            if record["state"] not in ("posted", "cancel"):
                user_error("Only posted/cancelled journal entries can be "
                           "reset to draft.")
            if self.hashed:
                user_error("You cannot reset to draft a locked journal "
                           "entry.")
            if self.locked(record["date"]):
                user_error("You cannot add/modify entries prior to and "
                           "inclusive of: Global Lock Date (%s)."
                           % self.locked(record["date"]))
            record["state"] = "draft"
            self.touch(move)
        return None

    def button_cancel(self, name, ids):
        self.may("write", name)
        for move, record in self.browse(name, ids):
            record["state"] = "cancel"
            self.touch(move)
        return None

    def write(self, name, ids, vals):
        self.may("write", name)
        for move, record in self.browse(name, ids):
            if record["state"] != "draft":
                user_error("You cannot modify a posted entry of this journal "
                           "because it is in strict mode.")
            for field in vals:
                if field not in MOVE:
                    raise ValueError("Invalid field %r" % field)
            record.update({k: v for k, v in vals.items()
                           if k != "line_ids"})
            self.change_lines(move, vals.get("line_ids", []))
            self.touch(move)
        return True

    def unlink(self, name, ids):
        self.may("unlink", name)
        for move, record in self.browse(name, ids):
            if record["state"] == "posted" or record["name"] != "/":
                user_error("You can't delete a posted journal item. Don't "
                           "play games with your accounting records; reset "
                           "the journal entry to draft before deleting it.")
            del self.moves[move]
            lines = self.records["account.move.line"]
            for i in [i for i, r in lines.items() if r["move_id"] == move]:
                del lines[i]
        return True

    PUBLIC = ("search_read", "read", "formatted_read_group", "create",
              "action_post", "button_draft", "button_cancel", "write",
              "unlink")

    # Requests.

    def call(self, path, body):
        parts = path.strip("/").split("/")
        if parts[:2] != ["json", "2"] or len(parts) != 4:
            raise Refused(404, "werkzeug.exceptions.NotFound",
                          "Did you mean POST /json/2/<model>/<method>?")
        name, method = parts[2:]
        if name not in FIELDS:
            raise Refused(404, "werkzeug.exceptions.NotFound",
                          "the model %r does not exist" % name)
        if method not in self.PUBLIC:
            raise Refused(404, "werkzeug.exceptions.NotFound",
                          "The method '%s.%s' does not exist"
                          % (name, method))
        function = getattr(self, method)
        ids = body.pop("ids", [])
        context = body.pop("context", {})
        if set(context.get("allowed_company_ids", [self.company])) != {
                self.company}:
            user_error("Access to unauthorized or invalid companies.",
                       "AccessError", 403)
        if getattr(function, "of_model", False):
            if ids:
                raise Refused(422, "werkzeug.exceptions.UnprocessableEntity",
                              "cannot call %s.%s with ids" % (name, method))
            first = (name,)
        else:
            first = (name, ids)
        try:
            inspect.signature(function).bind(*first, **body)
        except TypeError as e:
            raise Refused(422, "werkzeug.exceptions.UnprocessableEntity",
                          str(e))
        return function(*first, **body)

    def admit(self, headers):
        if self.database and headers.get("X-Odoo-Database") != self.database:
            raise Refused(404, "werkzeug.exceptions.NotFound", "Not Found")
        scheme, _, key = headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or key != self.key:
            raise Refused(401, "werkzeug.exceptions.Unauthorized",
                          "Invalid apikey")
        if headers.get("Content-Type", "").split(";")[0] != \
                "application/json":
            raise Refused(415, "werkzeug.exceptions.UnsupportedMediaType",
                          "not JSON")
        if self.limit is not None:
            self.limit -= 1
            if self.limit < 0:
                raise Refused(429, "werkzeug.exceptions.TooManyRequests",
                              "Too many requests", wait=9)

    def answer(self, verb, path, headers, text):
        """(status, headers, JSON): one call is one transaction."""
        if verb == "GET" and path == "/web/version":
            return 200, {}, {"version": self.version, "version_info": [
                19, 0, 0, "final", 0, ""]}
        with self.lock:
            kept, more = None, {}
            try:
                self.admit(headers)
                if verb != "POST":
                    raise Refused(404, "werkzeug.exceptions.NotFound",
                                  "Did you mean POST "
                                  "/json/2/<model>/<method>?")
                if not path.endswith(("read", "read_group")):
                    kept = copy.deepcopy((self.records, self.numbers))
                body = json.loads(text)
                self.calls.append((path[len("/json/2/"):],
                                   copy.deepcopy(body)))
                if self.before:
                    self.before(path, body)
                done = self.call(path, body)
                if self.after:
                    self.after(path, body)
                return 200, {}, done
            except Refused as e:
                status, name, words = e.status, e.name, e.words
                more = {"Retry-After": str(e.wait)} if e.wait else {}
            except Exception as e:      # what Odoo, too, has no word for
                status, words = 500, str(e)
                name = "builtins." + type(e).__name__
            if kept:
                self.records, self.numbers = kept
            return status, more, {
                "name": name, "message": words, "arguments": [words],
                "context": {}, "debug": "Traceback (most recent call last)"}

    def reply(self, request, at, text):
        return self.answer(request.command, at.path, request.headers, text)


if __name__ == "__main__":
    Odoo().alone()
