"""What the fake daemon has for the panes of targets, commits, drift, banks and
counts: so many rows of each."""
from daemon import AT, amount

TARGET = "erp"


def side(n, paise):
    return {"date": "2026-10-05", "narration": "Invoice INV-%d" % n,
            "state": "booked", "lines": [
                {"account": "1200", "party": "C-%d" % n,
                 "amount": amount(paise)},
                {"account": "4010", "party": "",
                 "amount": "-" + amount(paise)}]}


def target():
    return {"name": TARGET, "kind": "rest", "entities": ["IN01"],
            "first": None, "state": "running", "why": "", "actor": "",
            "reason": "", "at": AT, "breaker": "closed", "rate": 20,
            "product": "restd", "company": "House of tests",
            "taken": "J9", "tried": AT, "good": AT, "next_at": None,
            "looked": AT, "backlog": 3, "oldest": AT, "check": None,
            "states": {
                "waiting": 1, "sending": 0, "retrying": 2, "done": 1964,
                "failed": 3, "dead": 0, "skipped": 1}}


def cause(n):
    return {"id": "%s/%06d" % (TARGET, n), "target": TARGET,
            "refusal": "mapping", "n": 7 + n, "failed": 7 + n, "dead": 0,
            "retrying": 0, "first": AT, "last": AT, "since": AT,
            "journal": "J%d" % n,
            "change": 100 + n, "words": "account SKU-%d is not known" % n}


def commit(n):
    return {"id": "%s/J%d" % (TARGET, n), "target": TARGET,
            "journal": "J%d" % n, "state": "failed",
            "document": "IN01/sales_invoice/INV-%d" % n,
            "refusal": "mapping", "attempts": 1, "next_at": None,
            "remote_number": None, "at": AT,
            "words": "account SKU-%d is not known" % n, "actor": None,
            "reason": None}


def drift(n):
    return {"id": "T%d" % n, "version": 1, "target": TARGET,
            "entity": "IN01", "kind": "changed", "state": "open",
            "journal": "J%d" % n, "superseded": False,
            "document": "IN01/sales_invoice/INV-%d" % n,
            "remote": "v%d" % n, "remote_number": "JV/%d" % n,
            "remote_version": "2", "date": "2026-10-05",
            "amount": amount(100000 + n), "currency": "INR", "found": AT,
            "at": AT, "base": side(n, 100000 + n),
            "ours": side(n, 100000 + n), "theirs": side(n, 90000 + n),
            "act": None, "actor": None, "reason": None, "words": None,
            "event": None}


def balance(n):
    return {"account": str(1000 + n), "name": "Account %d" % n,
            "only": None, "ours": [], "amount": amount(100000 + n),
            "in_flight": "0.00", "refused": "0.00", "skipped": "0.00",
            "expected": amount(100000 + n), "held": amount(100000 + n),
            "difference": "0.00"}


def line(n):
    return {"id": "L%d" % n, "event": "E%d" % n, "state": "open",
            "entity": "IN01", "account": "1000", "currency": "INR",
            "day": "2026-10-05", "amount": amount(100000 + n),
            "text": "NEFT CUSTOMER %d" % n, "reference": "REF-%d" % n,
            "said": None, "match": None, "suggestion": {
                "rule": "amount", "sure": "yes", "off": "0.00", "days": 1,
                "alike": 0, "by": "", "account": None, "lines": 1,
                "items": 1, "first": {
                    "number": "RCT-%d" % n, "day": "2026-10-04",
                    "party": "C-%d" % n}}}


def entry(n):
    return {"id": "N%d" % n, "day": "2026-10-05", "currency": "INR",
            "amount": amount(200000 + n), "number": "PAY-%d" % n,
            "party": "C-%d" % n, "reference": "REF-%d" % n}


def count(n):
    return {"id": "IN01/CC-%d" % n, "count": "CC-%d" % n, "state": "open",
            "day": "2026-10-05", "location": "MUM", "lines": 40, "open": 2,
            "differs": 1, "value": amount(100000 + n),
            "adjusted_value": "0.00", "currency": "INR", "counter": "ravi",
            "event": "E%d" % n, "entity": "IN01"}


def counted(n):
    return {"id": "2026-10-05/MUM/BOOK-%d" % n, "entity": "IN01",
            "count": "CC-1", "location": "MUM", "item": "BOOK-%d" % n,
            "day": "2026-10-05", "state": "small", "decide": True,
            "expected": "12", "counted": "11", "difference": "-1",
            "open": "-1", "value": "-" + amount(10000 + n),
            "moved_since": "0", "adjusted": "0", "adjusted_value": "0.00",
            "currency": "INR", "reserved": "0", "in_transit": "0",
            "counter": "ravi", "memo": None, "event": "E1",
            "adjusted_by": None, "waits_for": None, "recounted_in": None,
            "rejected": None}


def some(make, n):
    return [make(one) for one in range(1, n + 1)]


def fill(books, n):
    """n rows in each of their lists."""
    at = "/v1/targets/%s/" % TARGET
    books.rows.update({
        "/v1/targets": [target()],
        "/v1/commits": some(commit, n), at + "drift": some(drift, n),
        "/v1/bank/lines": some(line, n), "/v1/bank/ages": [
            {"account": "1000", "currency": "INR", "lines": [
                {"n": n}, {"n": 0}, {"n": 0}, {"n": 0}], "entries": [
                {"n": n}, {"n": 0}, {"n": 0}, {"n": 0}]}],
        "/v1/bank/entries": some(entry, 2), "/v1/counts": some(count, n),
        "/v1/counts/lines": some(counted, n)})
    books.extra[at + "trial"] = {
        "target": TARGET, "day": "2026-10-08", "currency": "INR",
        "items": some(balance, n), "same": True, "moving": False,
        "drift": 0}
    books.extra["/v1/commits/causes"] = {"items": some(cause, n)}
    for one in books.rows["/v1/commits"]:
        books.extra["/v1/commits/" + one["id"]] = dict(
            one, lines=[], tries=[])
    return books


# How each pane is opened; what shows that it is there.
PANES = {
    "targets": (["T"], "House of tests"), "causes": (["t"], "SKU-1 is"),
    "commits": (["t", "Enter"], "INV-1"),
    "commit": (["t", "Enter", "Enter"], "failed  mapping"),
    "drift": (["T", "x"], "JV/1"), "drifted": (["T", "x", "Enter"], "Theirs"),
    "trial": (["T", "="], "Account 1"), "bank": (["$"], "CUSTOMER 1"),
    "counts": (["#"], "CC-1"), "count": (["#", "Enter"], "BOOK-1")}
FIRST = {"T": "House of tests", "t": "SKU-1 is", "x": "JV/1", "#": "CC-1",
         "=": "Account 1", "$": "CUSTOMER 1"}


def open_pane(t, name):
    keys, shown = PANES[name]
    t.type("Esc", "Esc", "1").until("[1 overview]")
    for key in keys:
        t.type(key).until(FIRST.get(key, shown))
    return t.until(shown)
