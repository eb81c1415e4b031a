#!/usr/bin/env python3
"""Sets a Tryton up to be posted into, or says what it lacks.

    setup.py URL [--create] [--user NAME] [--password-file FILE]
        [--company NAME] [--currency CODE] [--year 2026] [--journal CODE]
        [--accounts FILE] [--parties FILE] [--with-party 1100,2000]
        [--foreign USD,EUR]

URL is that of the database: http://127.0.0.1:8000/bahi/
Nothing is changed without --create. What is there stays as it is: this only
adds. Exit: 0 all is there, 1 something is missing, 2 it could not be asked.
"""
import argparse
import base64
import csv
import datetime
import getpass
import http.client
import itertools
import json
import sys
import urllib.parse


class Refused(Exception):
    """What Tryton answered instead; args: class, words."""


class Tryton:
    """JSON-RPC, one session."""

    def __init__(self, url, user, password, timeout=120):
        self.url = urllib.parse.urlsplit(url)
        self.user, self.password = user, password
        self.timeout = timeout
        self.session = None
        self.numbers = itertools.count(1)
        self.context = {}

    def ask(self, path, method, params):
        kind = (http.client.HTTPSConnection if self.url.scheme == "https"
                else http.client.HTTPConnection)
        connection = kind(self.url.netloc, timeout=self.timeout)
        headers = {"Content-Type": "application/json"}
        if self.session is not None:
            headers["Authorization"] = "Session " + base64.b64encode(
                ("%s:%d:%s" % (self.user, *self.session)).encode()).decode()
        try:
            connection.request("POST", path, json.dumps(
                {"id": next(self.numbers), "method": method,
                 "params": list(params)}), headers)
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise Refused("HTTP %d" % answer.status, method)
        told = json.loads(body)
        if "error" in told:
            name, words = told["error"][0], told["error"][1]
            raise Refused(name, words[0] if isinstance(words, list)
                          else words)
        return told["result"]

    def login(self):
        self.session = None
        self.session = self.ask(self.url.path, "common.db.login",
                                [self.user, {"password": self.password},
                                 "en"])
        return self

    def version(self):
        return self.ask("/", "common.server.version", [])

    def call(self, method, *params, **context):
        """The context is put behind; those named are in it, too."""
        try:
            return self.ask(self.url.path, method,
                            params + (dict(self.context, **context),))
        except Refused as refused:
            if refused.args[0] != "HTTP 401":
                raise
        self.login()
        return self.ask(self.url.path, method,
                        params + (dict(self.context, **context),))

    def model(self, name, method, *params, **context):
        return self.call("model.%s.%s" % (name, method), *params, **context)

    def find(self, name, *domain, order=None):
        """The id of the first, or None."""
        ids = self.model(name, "search", list(domain), 0, 1, order)
        return ids[0] if ids else None

    def make(self, name, /, **values):
        return self.model(name, "create", [values])[0]


def day(text):
    year, month, number = map(int, text.split("-"))
    return {"__class__": "date", "year": year, "month": month, "day": number}


def decimal(text):
    return {"__class__": "Decimal", "decimal": str(text)}


# Where an account goes in the balance sheet when it is made here: the type's
# name in Tryton's own chart, then what it must be in any other.
BALANCE = [["statement", "=", "balance"], ["receivable", "=", False],
           ["payable", "=", False]]
TYPES = {
    "asset": ("Current", BALANCE + [["assets", "=", True]]),
    "liability": ("Current", BALANCE + [["assets", "=", False]]),
    "equity": ("Equity", BALANCE + [["assets", "=", False]]),
    "income": ("Revenue", [["revenue", "=", True]]),
    "expense": ("Expense", [["expense", "=", True]]),
    "asset of parties": ("Receivable", [["receivable", "=", True]]),
    "liability of parties": ("Payable", [["payable", "=", True]]),
}
SLICE = 200


class SetUp:
    def __init__(self, tryton, create, company="", say=print):
        self.tryton, self.create, self.say = tryton, create, say
        self.company = company
        self.missing = 0

    def lacks(self, what):
        """True: it is to be made."""
        self.missing += not self.create
        self.say(("made: " if self.create else "missing: ") + what)
        return self.create

    def use_company(self, currency):
        t = self.tryton
        domain = [["party.name", "=", self.company]] if self.company else []
        found = t.model("company.company", "search_read", domain, 0, 2, None,
                        ["party.name", "currency.code"])
        if len(found) > 1:
            raise Refused("company", "there are several: name one")
        if found:
            one = found[0]
            number, code = one["id"], one["currency."]["code"]
            if code != currency:
                raise Refused("company", "%s is kept in %s, not in %s" % (
                    one["party."]["name"], code, currency))
        elif self.lacks("company " + (self.company or "(none is named)")):
            number = t.make(
                "company.company", currency=self.currency(currency),
                party=t.make("party.party", name=self.company or "Company"))
        else:
            return False
        t.context["company"] = number
        me = t.session[0]
        companies = t.model("res.user", "read", [me], ["companies"])
        if number not in companies[0]["companies"] and self.lacks(
                "company %d for user %s" % (number, t.user)):
            t.model("res.user", "write", [me],
                    {"companies": [["add", [number]]], "company": number})
        return True

    def currency(self, code, digits=2):
        t = self.tryton
        found = t.find("currency.currency", ["code", "=", code])
        if found is None and self.lacks("currency " + code):
            found = t.make("currency.currency", name=code, code=code,
                           symbol=code, digits=digits,
                           rounding=decimal("1E-%d" % digits))
        return found

    def chart(self):
        """Tryton's own, for its types, when there is none at all."""
        t = self.tryton
        company = t.context["company"]
        if t.find("account.account.type", ["company", "=", company]) or \
                not self.lacks("chart of accounts"):
            return
        template = t.find("account.account.template", ["parent", "=", None])
        name = "wizard.account.create_chart."
        wizard = t.call(name + "create")[0]
        t.call(name + "execute", wizard, {"account": {
            "company": company, "account_template": template}},
            "create_account")
        t.call(name + "execute", wizard, {"properties": dict({
            "company": company}, **{
                field: t.find("account.account", ["type." + kind, "=", True])
                for field, kind in (("account_receivable", "receivable"),
                                    ("account_payable", "payable"))})},
            "create_properties")
        t.call(name + "delete", wizard)

    def type_of(self, kind, known={}):
        t = self.tryton
        key = (id(t), kind)
        if key not in known:
            name, domain = TYPES[kind]
            domain = domain + [["company", "=", t.context["company"]]]
            known[key] = t.find("account.account.type", ["name", "=", name],
                                *domain) or \
                t.find("account.account.type", *domain)
            if known[key] is None:
                raise Refused("chart", "no type for accounts of kind " + kind)
        return known[key]

    def accounts(self, rows, with_party=()):
        t = self.tryton
        company = t.context["company"]
        there = {one["code"] for one in t.model(
            "account.account", "search_read", [["company", "=", company]], 0,
            None, None, ["code"])}
        new = [row for row in rows if row["code"] not in there]
        if not new or not self.lacks("accounts " + ", ".join(
                row["code"] for row in new)):
            return
        t.model("account.account", "create", [
            {"name": row["name"], "code": row["code"], "company": company,
             "type": self.type_of(row["kind"] + " of parties" * (
                 row["code"] in with_party)),
             "party_required": row["code"] in with_party,
             "reconcile": row["code"] in with_party} for row in new])

    def parties(self, rows):
        t = self.tryton
        codes = [row["code"] for row in rows]
        there = {one["code"] for one in t.model(
            "party.party", "search_read", [["code", "in", codes]], 0, None,
            None, ["code"])}
        new = [row for row in rows if row["code"] not in there]
        if not new or not self.lacks("%d parties, %s" % (
                len(new), ", ".join(row["code"] for row in new[:5]))):
            return
        for at in range(0, len(new), SLICE):
            t.model("party.party", "create", [
                {"name": row["name"], "code": row["code"]}
                for row in new[at:at + SLICE]])

    def sequence(self, kind, name):
        t = self.tryton
        return t.make("ir.sequence", name=name,
                      sequence_type=t.find("ir.sequence.type",
                                           ["name", "=", kind]),
                      company=t.context["company"])

    def year(self, first):
        t = self.tryton
        company = t.context["company"]
        name = "%d-%02d" % (first, (first + 1) % 100)
        begin, end = day("%d-04-01" % first), day("%d-03-31" % (first + 1))
        if t.find("account.fiscalyear", ["company", "=", company],
                  ["start_date", "<=", begin], ["end_date", ">=", end]) or \
                not self.lacks("fiscal year " + name):
            return
        number = t.make("account.fiscalyear", name=name, company=company,
                        start_date=begin, end_date=end,
                        post_move_sequence=self.sequence(
                            "Account Move", "Moves " + name))
        t.model("account.fiscalyear", "create_period", [number], 1, 31)

    def journal(self, code):
        t = self.tryton
        if t.find("account.journal", ["code", "=", code]) is None and \
                self.lacks("journal " + code):
            t.make("account.journal", name="bahi", code=code, type="general",
                   sequence=self.sequence("Account Journal", code))


def rows_of(path, today):
    with open(path, newline="", encoding="utf-8") as lines:
        return [row for row in csv.DictReader(lines)
                if not row.get("to") or row["to"] >= today]


def main():
    parser = argparse.ArgumentParser(
        description="Sets a Tryton up to be posted into, or says what it "
        "lacks.")
    parser.add_argument("url")
    parser.add_argument("--create", action="store_true",
                        help="add what is missing")
    parser.add_argument("--user", default="admin")
    parser.add_argument("--password-file")
    parser.add_argument("--company", default="")
    parser.add_argument("--currency", default="INR")
    parser.add_argument("--year", type=int, help="first year, 2026")
    parser.add_argument("--journal", default="BAHI")
    parser.add_argument("--accounts", help="account.csv of bahid")
    parser.add_argument("--parties", help="party.csv of bahid")
    parser.add_argument("--with-party", default="",
                        help="accounts whose lines name a party")
    parser.add_argument("--foreign", default="",
                        help="other currencies that are traded in")
    args = parser.parse_args()
    if args.password_file:
        with open(args.password_file, encoding="utf-8") as file:
            password = file.readline().rstrip("\n")
    else:
        password = getpass.getpass("Password of %s: " % args.user)
    today = datetime.date.today()
    try:
        tryton = Tryton(args.url, args.user, password).login()
        setup = SetUp(tryton, args.create, args.company)
        if setup.use_company(args.currency):
            setup.chart()
            setup.year(args.year or today.year - (today.month < 4))
            setup.journal(args.journal)
            for code in args.foreign.split(",") if args.foreign else []:
                setup.currency(code)
            if args.accounts:
                setup.accounts(rows_of(args.accounts, str(today)),
                               args.with_party.split(","))
            if args.parties:
                setup.parties(rows_of(args.parties, str(today)))
    except (OSError, Refused) as why:
        print("setup: %s" % " ".join(map(str, why.args)), file=sys.stderr)
        return 2
    return 1 if setup.missing else 0


if __name__ == "__main__":
    sys.exit(main())
