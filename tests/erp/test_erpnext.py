"""The adapter `erpnext` by its driver, against a strict double of Frappe's
REST interface: what it says, what it makes of each answer, and that nothing
is doubled or written over."""
import json
import socket

import pytest

from erpnextd import Erpnext, Refused, throw
from firm import driver, posting, reference, teller, write_conf
from proxy import Proxy

LINES = (("Debtors - AT", "1180.00", "ACME"), ("Sales - AT", "-1000.00"),
         ("Output IGST - AT", "-180.00"))
HELD = [("Debtors - AT", 1180.0, 0.0), ("Sales - AT", 0.0, 1000.0),
        ("Output IGST - AT", 0.0, 180.0)]


def bill(journal, *lines, **members):
    one = posting(journal, *(lines or LINES), **members)
    one.setdefault("number", "INV/%d" % journal)
    one.setdefault("kind", "sales_invoice")
    return one


@pytest.fixture
def erp():
    with Erpnext() as one:
        one.party("Customer", "ACME")
        one.party("Supplier", "Paper & Sons")
        one.party("Employee", "HR-EMP-0007")
        yield one


def conf(folder, url, **settings):
    write_conf(folder, "erp", **dict(dict(
        kind="erpnext", url=url, user="key", secret="secret",
        company="Acme Traders"), **settings))


@pytest.fixture
def there(tmp_path, erp):
    conf(tmp_path, erp.url)
    return tmp_path


send, find = teller("erp")


def rows(entry):
    return [(row["account"], row["debit"], row["credit"])
            for row in entry["accounts"]]


def test_how_far_it_reaches(there, erp):
    def reach(series="bahi-IN01-"):
        return driver(there, "erp", None, "reach", series)["reach"]

    assert reach() == ""
    send(there, bill(2), bill(112), bill(30), act="each")
    assert reach() == reference(112) and reach("bahi-IN0-") == ""


# ---- what is booked


def test_booked_in_one_call_and_submitted(there, erp):
    said = send(there, bill(7))
    assert (said["verdict"], said["refusal"]) == ("done", "")
    (entry,) = erp.entries.values()
    assert entry["docstatus"] == 1 and rows(entry) == HELD
    assert (said["remote"], said["number"], said["version"]) == (
        entry["name"], "ACC-JV-2026-00001", entry["modified"])
    assert entry["bahi_reference"] == reference(7)
    assert entry["user_remark"].startswith(reference(7) + " ")
    assert (entry["cheque_no"], entry["cheque_date"]) == ("INV/7",
                                                          "2026-10-05")
    assert [(row.get("party_type"), row.get("party"))
            for row in entry["accounts"]] == [
                ("Customer", "ACME"), (None, None), (None, None)]
    assert [c[0] for c in erp.calls].count("POST") == 1
    assert len(said["sent"]) == 64


def test_one_digest_of_what_it_holds(there, erp):
    said = send(there, bill(7))
    found, = find(there, 7)
    listed = driver(there, "erp", None, "list", "2026-10-01", "2026-10-31")
    assert found["held"] == said["held"] == listed["listed"][0]["held"] != ""
    erp.entries["ACC-JV-2026-00001"]["accounts"][0]["debit"] = 1181.0
    assert find(there, 7)[0]["held"] != said["held"]


@pytest.mark.parametrize("amount", ["0.01", "0.30", "9007199254740.93",
                                    "9999999999999.99", "1000000.10"])
def test_floats_change_no_paisa(there, erp, amount):
    said = send(there, bill(1, ("Cash - AT", amount),
                            ("Sales - AT", "-" + amount)))
    assert said["verdict"] == "done"
    minor = int(amount.replace(".", ""))
    assert [line["minor"] for line in find(there, 1)[0]["lines"]] == [
        minor, -minor]
    assert [(b["account"], b["debit"], b["credit"]) for b in driver(
        there, "erp", None, "balances", "2026-12-31")["balances"]] == [
            ("Cash - AT", minor, 0), ("Sales - AT", 0, minor)]


def test_parties_by_their_kind(there, erp):
    said = send(there, bill(
        1, ("Creditors - AT", "-100.00", "Paper & Sons"),
        ("Creditors - AT", "-50.00", "Employee/HR-EMP-0007"),
        ("Expenses - AT", "150.00", "Paper & Sons")))
    assert said["verdict"] == "done", said
    (entry,) = erp.entries.values()
    assert [(r.get("party_type"), r.get("party"), r.get("user_remark"))
            for r in entry["accounts"]] == [
                ("Supplier", "Paper & Sons", None),
                ("Employee", "HR-EMP-0007", None),
                (None, None, "[Paper & Sons] ")]
    assert [line["party"] for line in find(there, 1)[0]["lines"]] == [
        "Paper & Sons", "Employee/HR-EMP-0007", "Paper & Sons"]


def test_cost_centre_book_and_letters(there, erp):
    erp.centre("Pune")
    one = bill(1, ("Cash - AT", "5.00"), ("Sales - AT", "-5.00"),
               book="Cash Entry", number='क्षेत्र "A\\B" <b>',
               narration='bahi-x ₹5 \u202e "q" \\')
    one["lines"][1]["cost_centre"] = "Pune - AT"
    assert send(there, one)["verdict"] == "done"
    (entry,) = erp.entries.values()
    assert entry["voucher_type"] == "Cash Entry"
    assert entry["cheque_no"] == 'क्षेत्र "A\\B" <b>'
    assert entry["user_remark"] == 'bahi-x ₹5 \u202e "q" \\'
    assert [r["cost_center"] for r in entry["accounts"]] == [
        "Main - AT", "Pune - AT"]


def test_accounts_by_number(tmp_path, erp):
    erp.account("Odd One")          # it has none: its name goes
    conf(tmp_path, erp.url, accounts="number")
    said = send(tmp_path, bill(1, ("1110", "5.00"), ("Odd One - AT",
                                                     "-5.00")))
    assert said["verdict"] == "done", said
    assert [line["account"] for line in find(tmp_path, 1)[0]["lines"]] == [
        "1110", "Odd One - AT"]
    assert [b["account"] for b in driver(
        tmp_path, "erp", None, "balances", "2026-12-31")["balances"]] == [
            "1110", "Odd One - AT"]


def test_many_accounts_are_read_in_pages(there, erp):
    for n in range(1100):
        erp.account("Shop %04d" % n)
    assert send(there, bill(1, ("Shop 0007 - AT", "5.00"),
                            ("Shop 1099 - AT", "-5.00")))["verdict"] == \
        "done"
    assert [c[1] for c in erp.calls].count("/api/resource/Account") == 3


class Folded(Erpnext):
    """Its database orders names whatever their case."""
    def listed(self, doctype, query):
        class Name(str):
            def __lt__(self, other):
                return self.lower() < other.lower()

            def __gt__(self, other):
                return self.lower() > other.lower()
        if doctype == "Account":
            for row in self.accounts.values():
                row["name"] = Name(row["name"])
        return super().listed(doctype, query)


def test_pages_in_the_order_of_its_database(tmp_path):
    with Folded() as erp:
        conf(tmp_path, erp.url)
        for n in range(500):
            erp.account("apple %04d" % n)
            erp.account("Banana %04d" % n)
            erp.account("cherry %04d" % n)
        said = send(tmp_path, bill(1, ("apple 0007 - AT", "5.00"),
                                   ("cherry 0499 - AT", "-5.00")))
        assert said["verdict"] == "done", said


def test_an_account_renamed_meanwhile(tmp_path, erp):
    """By its number it is the same one."""
    def rename(method, path, body):
        if method == "POST" and erp.full("Cash") in erp.accounts:
            old = erp.accounts.pop(erp.full("Cash"))
            erp.accounts["Petty cash - AT"] = dict(old, name="Petty cash - AT",
                                                   account_name="Petty cash")
    conf(tmp_path, erp.url, accounts="number")
    erp.before = rename
    one, two = (bill(n, ("1110", "5.00"), ("4110", "-5.00")) for n in (1, 2))
    assert send(tmp_path, one)["verdict"] == "done"
    assert [row["account"] for row in list(erp.entries.values())[0][
        "accounts"]] == ["Petty cash - AT", "Sales - AT"]
    assert find(tmp_path, 1)[0]["lines"][0]["account"] == "1110"
    assert send(tmp_path, two)["verdict"] == "done"
    assert len(erp.entries) == 2


def foreign(amount, currency, value):
    one = bill(1, ("Export - AT", value), ("Sales - AT", "-" + value))
    one["lines"][0].update(currency=currency, foreign=amount)
    return one


def test_an_account_in_another_currency(there, erp):
    erp.account("Export", currency="USD")
    said = send(there, foreign("100.00", "USD", "8345.67"))
    assert said["verdict"] == "done", said
    row = erp.entries["ACC-JV-2026-00001"]["accounts"][0]
    assert (row["debit_in_account_currency"], row["debit"],
            row["exchange_rate"]) == (100.0, 8345.67, 83.4567)


@pytest.mark.parametrize("amount, currency, value, refusal", [
    ("100.00", "EUR", "8345.67", "mapping"),
    ("8345.67", "INR", "8345.67", "mapping"),
    ("100.00", "USD", "100.00", "data"),        # a rate of 1 is asked anew
    ("9000000000.01", "USD", "9000000000.02", "data")])
def test_no_rate_that_gives_the_paisa(there, erp, amount, currency, value,
                                      refusal):
    erp.account("Export", currency="USD")
    said = send(there, foreign(amount, currency, value))
    assert (said["verdict"], said["refusal"]) == ("refused", refusal)
    assert not erp.entries


def test_what_is_undone_names_what_it_undoes(there, erp):
    first = send(there, bill(1))
    back = bill(2, *((a[0], "-" + a[1] if a[1][0] != "-" else a[1][1:],
                      *a[2:]) for a in LINES),
                reverses=reference(1), reverses_remote=first["remote"])
    assert send(there, back)["verdict"] == "done"
    assert erp.of(reference(2))[0]["reversal_of"] == first["remote"]
    assert all(b["debit"] == b["credit"] for b in driver(
        there, "erp", None, "balances", "2026-12-31")["balances"])


def test_to_undo_what_was_cancelled_there_is_a_conflict(there, erp):
    first = send(there, bill(1))
    erp.cancel(first["remote"])
    said = send(there, bill(2, reverses=reference(1),
                            reverses_remote=first["remote"]))
    assert (said["verdict"], said["refusal"]) == ("conflict", "conflict")
    assert "cancelled" in said["words"]


# ---- what is refused


@pytest.mark.parametrize("prepare, refusal, words", [
    (lambda e: setattr(e, "closed", "2026-10-31"), "period",
     "Books have been closed till the period ending on 2026-10-31 You "
     "cannot create/amend any accounting entries till this date."),
    (lambda e: setattr(e, "frozen", "2026-10-31"), "period",
     "You are not authorized to add or update entries before 2026-10-31"),
    (lambda e: setattr(e, "years", []), "period",
     "Date 2026-10-05 is not in any active Fiscal Year for Acme Traders"),
    (lambda e: e.periods.append(("2026-10-01", "2026-10-31")), "period",
     "closed Accounting Period"),
    (lambda e: e.parties.clear(), "mapping",
     "Could not find Row #1: Customer: ACME"),
    (lambda e: e.party("Customer", "ACME", disabled=True), "mapping",
     "Customer ACME is disabled"),
    (lambda e: e.rights.discard("submit"), "rights", "doctype access"),
    (lambda e: e.rights.discard("create"), "rights", "doctype access"),
])
def test_refused_in_its_own_words(there, erp, prepare, refusal, words):
    prepare(erp)
    said = send(there, bill(7))
    assert (said["verdict"], said["refusal"]) == ("refused", refusal)
    assert words in said["words"] and "<" not in said["words"]
    assert not erp.entries and said["remote"] == ""


@pytest.mark.parametrize("one, refusal, words", [
    (bill(1, ("Petty Cash - AT", "5.00"), ("Sales - AT", "-5.00")),
     "mapping", 'Acme Traders has no account "Petty Cash - AT" in ERPNext'),
    (bill(1, ("Assets - AT", "5.00"), ("Sales - AT", "-5.00")),
     "mapping", 'no account "Assets - AT"'),
    (bill(1, ("Debtors - AT", "5.00"), ("Sales - AT", "-5.00")), "mapping",
     "Row 1: Party Type and Party is required for Receivable / Payable "
     "account Debtors - AT"),
    (bill(1, ("Debtors - AT", "5.00", "Supplier/Paper & Sons"),
          ("Sales - AT", "-5.00")), "mapping", "different account types"),
    (bill(1, ("Cash - AT", "5.00"), ("Sales - AT", "-4.99")), "data",
     "Total Debit must be equal to Total Credit. The difference is 0.01"),
    (bill(1, ("Cash - AT", "5.00"), ("Sales - AT", "-5.00"),
          currency="USD"), "mapping", "keeps its books in INR"),
    (bill(1, book="Sales Voucher"), "data", "Entry Type cannot be"),
    (bill(1, date="2027-04-01"), "period", "Fiscal Year"),
])
def test_refused_for_what_it_says(there, erp, one, refusal, words):
    said = send(there, one)
    assert (said["verdict"], said["refusal"]) == ("refused", refusal), said
    assert words in said["words"]
    assert not erp.entries


def test_one_poor_journal_stops_no_other(there, erp):
    said = send(there, bill(1), bill(2, ("Nowhere - AT", "1.00"),
                                     ("Sales - AT", "-1.00")), bill(3))
    assert [one["verdict"] for one in said] == ["done", "refused", "done"]


def test_an_account_made_meanwhile_is_looked_for_again(there, erp):
    """Not each time: the handle asks for all of them twice a minute at
    most."""
    one = bill(1, ("New - AT", "1.00"), ("Sales - AT", "-1.00"))
    assert [v["verdict"] for v in send(there, one, bill(
        2, ("New - AT", "1.00"), ("Sales - AT", "-1.00")))] == [
            "refused", "refused"]
    assert [c[1] for c in erp.calls].count("/api/resource/Account") == 1
    erp.account("New")
    assert send(there, one)["verdict"] == "done"


# ---- what is not known


def test_a_second_one_is_what_the_first_was(there, erp):
    """The unique field refuses it, and it is looked at, not taken for
    granted."""
    first, second = send(there, bill(7)), send(there, bill(7))
    assert second["verdict"] == "done"
    assert (second["remote"], second["held"]) == (first["remote"],
                                                  first["held"])
    assert len(erp.entries) == 1


def test_a_second_one_that_says_other_things_is_a_conflict(there, erp):
    send(there, bill(7, ("Cash - AT", "5.00"), ("Sales - AT", "-5.00")))
    said = send(there, bill(7))
    assert (said["verdict"], said["refusal"]) == ("conflict", "conflict")
    assert len(erp.entries) == 1


def test_the_answer_is_lost(tmp_path, erp):
    with Proxy(erp.server.server_address[1]) as proxy:
        conf(tmp_path, proxy.url)
        proxy.plan("drop", 1)
        assert send(tmp_path, bill(7))["verdict"] == "unknown"
        found, = find(tmp_path, 7)
        assert (found["state"], found["reference"]) == ("booked",
                                                        reference(7))
        assert send(tmp_path, bill(7))["remote"] == found["remote"]
    assert len(erp.entries) == 1


def test_never_arrived_is_not_unknown(tmp_path, erp):
    with socket.socket() as nobody:         # bound, and nobody listens
        nobody.bind(("127.0.0.1", 0))
        conf(tmp_path, "http://127.0.0.1:%d" % nobody.getsockname()[1])
        said = send(tmp_path, bill(7), bill(8))
    assert [v["verdict"] for v in said] == ["away", "away"]
    assert not erp.entries


@pytest.mark.parametrize("status, verdict, refusal, wait", [
    (429, "away", "rate", 2000000), (503, "unknown", "connection", 2000000),
    (502, "unknown", "connection", 2000000), (500, "unknown", "connection",
                                              2000000)])
def test_by_status_alone(tmp_path, erp, status, verdict, refusal, wait):
    with Proxy(erp.server.server_address[1]) as proxy:
        conf(tmp_path, proxy.url)
        proxy.plan("status", status=status, retry_after="2")
        said = send(tmp_path, bill(7))
    assert (said["verdict"], said["refusal"], said["wait"]) == (
        verdict, refusal, wait)


def test_its_own_limit(there, erp):
    erp.limit = 3               # what is asked before the first entry
    said = send(there, bill(7))
    assert (said["verdict"], said["refusal"], said["wait"]) == (
        "away", "rate", 7000000)


@pytest.mark.parametrize("kind, status, verdict, refusal", [
    ("DocumentLockedError", 417, "away", "connection"),
    ("QueryDeadlockError", 508, "away", "connection"),
    ("SessionStopped", 503, "away", "connection"),
    ("DuplicateEntryError", 409, "refused", "duplicate"),
    ("AuthenticationError", 401, "away", "rights"),
    ("AttributeError", 500, "unknown", "connection")])
def test_by_the_name_of_its_exception(there, erp, kind, status, verdict,
                                      refusal):
    def stop(method, *_):
        if method == "POST":
            throw("locked <b>now</b>", kind, status=status)
    erp.before = stop
    said = send(there, bill(7))
    assert (said["verdict"], said["refusal"]) == (verdict, refusal)
    assert said["words"] == "locked now" and not erp.entries


def test_no_answer_that_is_none_counts(tmp_path, erp):
    for body in (b"", b"<html>", b"{}", b'{"data": {}}', b'{"data": 1}',
                 json.dumps({"data": {"name": "X", "docstatus": 1,
                                      "modified": "y", "posting_date":
                                      "2026-10-05", "accounts": []}})
                 .encode()):
        with Proxy(erp.server.server_address[1]) as proxy:
            conf(tmp_path, proxy.url)
            proxy.plan("status", status=200, body=body)
            assert send(tmp_path, bill(7))["verdict"] == "unknown", body


def test_a_day_moved_there_is_not_done(there, erp):
    """What a hook of theirs changes while it saves is said, not swallowed."""
    def move(method, path, body):
        if method == "POST":
            body["posting_date"] = "2026-11-01"
    erp.before = move
    said = send(there, bill(7))
    assert (said["verdict"], said["refusal"]) == ("conflict", "conflict")
    assert said["remote"] in erp.entries and "another day" in said["words"]


# ---- found, finished, told apart


def draft(erp, journal, lines=None, **more):
    return erp.insert(dict({
        "company": "Acme Traders", "posting_date": "2026-10-05",
        "bahi_reference": reference(journal), "accounts": lines or [
            {"account": "Debtors - AT", "party_type": "Customer",
             "party": "ACME", "debit_in_account_currency": 1180},
            {"account": "Sales - AT", "credit_in_account_currency": 1000},
            {"account": "Output IGST - AT",
             "credit_in_account_currency": 180}]}, **more))


def test_a_draft_is_found_and_finished(there, erp):
    made = draft(erp, 7)
    found, = find(there, 7)
    assert (found["state"], found["lined"]) == ("draft", True)
    said = driver(there, "erp", [bill(7)], "finish", 7, found["remote"],
                  found["version"])["verdicts"][0]
    assert (said["verdict"], said["remote"]) == ("done", made["name"])
    assert erp.entries[made["name"]]["docstatus"] == 1
    assert len(erp.entries) == 1


def test_a_draft_that_somebody_changed_stays_one(there, erp):
    made = draft(erp, 7)
    erp.edit(made["name"], title="x")
    said = driver(there, "erp", [bill(7)], "finish", 7, made["name"],
                  "2026-11-22 09:00:00.000001")["verdicts"][0]
    assert (said["verdict"], said["refusal"]) == ("conflict", "conflict")
    other = draft(erp, 8, [
        {"account": "Cash - AT", "debit_in_account_currency": 1},
        {"account": "Sales - AT", "credit_in_account_currency": 1}])
    said = driver(there, "erp", [bill(8)], "finish", 8, other["name"],
                  other["modified"])["verdicts"][0]
    assert said["verdict"] == "conflict" and "other lines" in said["words"]
    assert {d["docstatus"] for d in erp.entries.values()} == {0}


def test_between_looking_and_finishing(there, erp):
    """`modified` goes with the change: ERPNext itself refuses."""
    made = draft(erp, 7)

    def touch(method, *_):
        if method == "PUT":
            erp.edit(made["name"], title="x")
    erp.before = touch
    said = driver(there, "erp", [bill(7)], "finish", 7, made["name"],
                  made["modified"])["verdicts"][0]
    assert (said["verdict"], said["refusal"]) == ("conflict", "conflict")
    assert "has been modified after you have opened it" in said["words"]
    assert erp.entries[made["name"]]["docstatus"] == 0


def test_a_cancelled_one_is_told_apart(there, erp):
    said = send(there, bill(7))
    erp.cancel(said["remote"])
    found, = find(there, 7)
    assert (found["state"], found["remote"]) == ("cancelled", said["remote"])
    assert driver(there, "erp", None, "balances", "2026-12-31")[
        "balances"] == []
    assert send(there, bill(7))["refusal"] == "duplicate"


def test_what_a_person_amended_goes_by_our_reference(there, erp):
    said = send(there, bill(7))
    name = erp.amend(said["remote"], [
        {"account": "Cash - AT", "debit_in_account_currency": 7},
        {"account": "Sales - AT", "credit_in_account_currency": 7}],
        posting_date="2026-10-06")
    found, = find(there, 7)
    assert (found["remote"], found["state"], found["reference"],
            found["date"]) == (name, "booked", reference(7), "2026-10-06")
    listed = driver(there, "erp", None, "list", "2026-10-01",
                    "2026-10-31")["listed"]
    assert [(r["remote"], r["reference"]) for r in listed] == [
        (name, reference(7))]


def test_a_draft_of_an_amendment_is_nothing_yet(there, erp):
    said = send(there, bill(7))
    erp.amend(said["remote"], [
        {"account": "Cash - AT", "debit_in_account_currency": 7},
        {"account": "Sales - AT", "credit_in_account_currency": 7}],
        docstatus=0)
    found, = find(there, 7)
    assert (found["state"], found["remote"]) == ("cancelled", said["remote"])


def test_fifty_references_at_once(there, erp):
    """The line of a request is short there (the double refuses more)."""
    send(there, *[bill(n) for n in range(1, 31)])
    found = find(there, *range(1, 51))
    assert [one["reference"] for one in found] == [
        reference(n) for n in range(1, 31)]
    assert all(len(one["lines"]) == 3 for one in found)


def test_what_is_too_much_for_one_answer_is_asked_for_in_parts(tmp_path,
                                                               erp):
    """Entries of hundreds of lines: they are found and listed all the same."""
    rows = b'{"data": ["%s"]}' % (b"x" * (8 << 20))
    with Proxy(erp.server.server_address[1]) as proxy:
        conf(tmp_path, proxy.url)
        send(tmp_path, bill(1), bill(2), bill(3))
        for act in (["find", *map(reference, (1, 2, 3))],
                    ["list", "2026-10-01", "2026-10-31"]):
            proxy.plan("status", status=200, body=rows,
                       when=lambda r: "Journal%20Entry%20Account" in r.path)
            said = driver(tmp_path, "erp", None, *act)
            assert [(r["reference"], len(r["lines"])) for r in said.get(
                "found") or said["listed"]] == [
                    (reference(n), 3) for n in (1, 2, 3)], said
            assert proxy.left() == 0


def test_without_the_unique_field_two_are_both_told(tmp_path):
    with Erpnext(field="cheque_no", unique=False) as erp:
        erp.party("Customer", "ACME")
        conf(tmp_path, erp.url, field="cheque_no")
        send(tmp_path, bill(7))
        send(tmp_path, bill(7))
        assert len(find(tmp_path, 7)) == 2
        assert driver(tmp_path, "erp", None, "check")["faults"] == [
            {"refusal": "duplicate", "field": "field", "value": "cheque_no",
             "words": "the field is not unique there, so that ERPNext itself "
             "would not refuse a second one"}]


# ---- pulled


def test_listed_in_pages_with_its_lines(there, erp):
    send(there, *[bill(n) for n in range(1, 121)], act="each")
    erp.insert({"company": "Acme Traders", "posting_date": "2026-10-07",
                "docstatus": 1, "user_remark": "by hand", "accounts": [
                    {"account": "Cash - AT", "debit_in_account_currency": 1},
                    {"account": "Sales - AT",
                     "credit_in_account_currency": 1}]})
    erp.voucher("Sales Invoice", "ACC-SINV-2026-00001", "2026-10-08",
                ("Cash", 5), ("Sales", -5))
    said = driver(there, "erp", None, "list", "2026-10-01", "2026-10-31")
    assert said["pages"] == 2
    assert [r["reference"] for r in said["listed"]] == [
        reference(n) for n in range(1, 121)] + [""]
    assert {len(r["lines"]) for r in said["listed"][:120]} == {3}
    assert driver(there, "erp", None, "list", "2026-10-06", "2026-10-07")[
        "listed"][0]["narration"] == "by hand"


def test_vouchers_of_other_kinds_where_they_are_wanted(tmp_path, erp):
    conf(tmp_path, erp.url, strangers="list")
    send(tmp_path, bill(1))
    for n in range(45):
        erp.voucher("Sales Invoice", "ACC-SINV-%05d" % n, "2026-10-08",
                    ("Cash", 5), ("Sales", -5))
    listed = driver(tmp_path, "erp", None, "list", "2026-10-01",
                    "2026-10-31")["listed"]
    assert [r["remote"] for r in listed] == ["ACC-JV-2026-00001"] + [
        "Sales Invoice/ACC-SINV-%05d" % n for n in range(45)]
    assert listed[-1]["reference"] == "" and [
        (line["account"], line["minor"]) for line in listed[-1]["lines"]
    ] == [("Cash - AT", 500), ("Sales - AT", -500)]


@pytest.mark.parametrize("version", [14, 15, 16])
def test_balances_as_each_version_is_asked(tmp_path, version):
    with Erpnext(version=version) as erp:
        erp.party("Customer", "ACME")
        conf(tmp_path, erp.url)
        send(tmp_path, bill(1), bill(2, date="2026-12-01"))
        said = driver(tmp_path, "erp", None, "balances", "2026-10-31")
        assert [(b["account"], b["name"], b["debit"], b["credit"])
                for b in said["balances"]] == [
                    ("Debtors - AT", "Debtors", 118000, 0),
                    ("Output IGST - AT", "Output IGST", 0, 18000),
                    ("Sales - AT", "Sales", 0, 100000)]


def test_balances_that_are_cut_off_are_none(tmp_path, erp):
    rows = [{"account": "A%d - AT" % n, "debit": 1, "credit": 0}
            for n in range(20000)]
    with Proxy(erp.server.server_address[1]) as proxy:
        conf(tmp_path, proxy.url)
        proxy.plan("status", status=200,
                   body=json.dumps({"data": rows}).encode(),
                   when=lambda r: "GL%20Entry" in r.path)
        said = driver(tmp_path, "erp", None, "balances", "2026-10-31")
        assert "more than 19999 accounts" in said["error"]["why"]
        assert proxy.left() == 0


# ---- our side of a drift


def restore(folder, one, remote, version, heard=True):
    said = driver(folder, "erp", [one], "restore", one["journal"], remote,
                  version)
    assert heard == ("error" not in said), said
    return said["verdicts"][0] if heard else None


def test_restored_by_cancelling_and_amending(there, erp):
    first = send(there, bill(7))
    name = erp.amend(first["remote"], [
        {"account": "Cash - AT", "debit_in_account_currency": 7},
        {"account": "Sales - AT", "credit_in_account_currency": 7}])
    found, = find(there, 7)
    said = restore(there, bill(7), name, found["version"])
    assert (said["verdict"], said["remote"]) == ("done",
                                                 first["remote"] + "-2")
    assert [(d["name"], d["docstatus"]) for d in erp.entries.values()] == [
        (first["remote"], 2), (name, 2), (first["remote"] + "-2", 1)]
    assert rows(erp.entries[said["remote"]]) == HELD
    found, = find(there, 7)
    assert (found["remote"], found["held"]) == (said["remote"],
                                                first["held"])
    assert driver(there, "erp", None, "balances", "2026-12-31")[
        "balances"][0]["debit"] == 118000


def test_restored_after_a_cancel(there, erp):
    first = send(there, bill(7))
    erp.cancel(first["remote"])
    found, = find(there, 7)
    said = restore(there, bill(7), found["remote"], found["version"])
    assert said["verdict"] == "done"
    assert find(there, 7)[0]["state"] == "booked"


def test_a_stop_between_cancel_and_amend_is_mended(tmp_path, erp):
    with Proxy(erp.server.server_address[1]) as proxy:
        conf(tmp_path, proxy.url)
        first = send(tmp_path, bill(7))
        proxy.plan("reset", 1, when=lambda r: r.method == "POST")
        restore(tmp_path, bill(7), first["remote"], first["version"], False)
        found, = find(tmp_path, 7)
        assert found["state"] == "cancelled"
        proxy.plan("drop", 1, when=lambda r: r.method == "POST")
        restore(tmp_path, bill(7), found["remote"], found["version"], False)
        found, = find(tmp_path, 7)
        assert found["state"] == "booked"
    assert [d["docstatus"] for d in erp.entries.values()] == [2, 1]


def test_never_over_what_changed_meanwhile(there, erp):
    first = send(there, bill(7))
    erp.edit(first["remote"], title="mine")
    said = restore(there, bill(7), first["remote"], first["version"])
    assert (said["verdict"], said["refusal"]) == ("conflict", "conflict")
    now = erp.entries[first["remote"]]

    def touch(method, *_):
        if method == "PUT":
            erp.edit(first["remote"], title="again")
    erp.before = touch
    said = restore(there, bill(7), first["remote"], now["modified"])
    assert (said["verdict"], said["refusal"]) == ("conflict", "conflict")
    assert [d["docstatus"] for d in erp.entries.values()] == [1]


def test_a_draft_is_put_right_and_submitted(there, erp):
    made = draft(erp, 7, [
        {"account": "Cash - AT", "debit_in_account_currency": 1},
        {"account": "Sales - AT", "credit_in_account_currency": 1}])
    said = restore(there, bill(7), made["name"], made["modified"])
    assert said["verdict"] == "done"
    assert rows(erp.entries[made["name"]]) == HELD


def test_what_is_gone_is_said(there, erp):
    said = restore(there, bill(7), "ACC-JV-2026-09999", "x")
    assert said["refusal"] == "conflict" and "no longer" in said["words"]


# ---- checked


def test_checked(there, erp):
    said = driver(there, "erp", None, "check")
    assert said == {"product": "ERPNext 15.41.2", "company": "Acme Traders",
                    "currency": "INR", "faults": []}
    assert {c[0] for c in erp.calls} == {"GET"}


def test_a_day_of_no_year(there, erp):
    erp.years = []
    (fault,) = driver(there, "erp", None, "check")["faults"]
    assert (fault["refusal"], fault["field"]) == ("period", "fiscal year")


@pytest.mark.parametrize("settings, prepare, code, why", [
    ({"secret": "wrong"}, None, "auth.refused", "Authentication failed"),
    ({"company": "Nobody"}, None, "not_found", "Company Nobody not found"),
    ({}, lambda e: e.rights.clear(), "forbidden", "doctype access"),
    ({"field": "other_field"}, None, "unreachable",
     "Field not permitted in query: other_field"),
])
def test_what_it_cannot_work_with(tmp_path, erp, settings, prepare, code,
                                  why):
    """And nothing is sent then: it is no fault of the journals."""
    conf(tmp_path, erp.url, **settings)
    if prepare:
        prepare(erp)
    said = driver(tmp_path, "erp", None, "check")["error"]
    assert code in said["code"] and why in said["why"], said
    said = driver(tmp_path, "erp", [bill(7)], "send", 7)
    assert said["verdicts"][0]["verdict"] == "away"
    assert why in said["error"]["why"] and not erp.entries


@pytest.mark.parametrize("settings, why", [
    ({"user": ""}, "user (API key) and secret"),
    ({"company": ""}, "company must be there"),
    ({"field": "a b"}, "not the name of a field"),
    ({"url": "http://erp.example"}, "over https only")])
def test_settings_are_judged(tmp_path, erp, settings, why):
    conf(tmp_path, **dict({"url": erp.url}, **settings))
    done = driver(tmp_path, "erp", None, "check", check=False)
    assert done.returncode == 1 and why in done.stderr


def test_the_double_is_strict():
    """What the tests rely on it to refuse."""
    with Erpnext() as erp:
        for query in ({"fields": '["nonsense"]'},
                      {"filters": '[["nonsense", "=", 1]]'},
                      {"fields": '["sum(debit) as debit"]'}):
            with pytest.raises(Refused):
                erp.listed("Journal Entry", query)
        with pytest.raises(Refused, match="access"):
            erp.listed("Journal Entry Account", {})
