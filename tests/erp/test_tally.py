"""The adapter `tally` by its driver, against a double of TallyPrime that
follows the vendor's pages (tallyd.py): every row of the table of answers, and
that nothing is ever doubled, lost or written over in silence."""
import datetime
import re

import pytest

from free import Free, doc
from firm import RULE, driver, posting, reference, wait_until, write_conf
from proxy import Proxy
from tallyd import COMPANY, Tally

ONE = [posting(7, number="INV/7")]
TWO = [posting(7, number="INV/7"), posting(8, number="INV/8")]
BAD = posting(9, ("No Such", "5.00"), ("4000", "-5.00"), number="INV/9")


@pytest.fixture
def tally():
    with Tally() as one:
        yield one


def conf(folder, tally, name="tally", **settings):
    write_conf(folder, name, **dict(dict(
        kind="tally", url=tally.url, company=COMPANY, timeout=20),
        **settings))
    return folder


@pytest.fixture
def there(tmp_path, tally):
    return conf(tmp_path, tally)


def ask(folder, postings, act, *args):
    return driver(folder, "tally", postings, act, *args)


def send(folder, postings, act="send"):
    """The verdict, or those of several."""
    said = ask(folder, postings, act, *[one["journal"] for one in postings])
    return said["verdicts"] if len(postings) > 1 else said["verdicts"][0]


def find(folder, *journals):
    return ask(folder, None, "find", *map(reference, journals))["found"]


def party(name, amount):
    return {"account": name, "amount": amount, "subledger": True}


# ---- what is booked


@pytest.mark.parametrize("shape", ["envelope", "response"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_booked(tmp_path, shape, encoding):
    with Tally(shape=shape, encoding=encoding, controls=True) as tally:
        conf(tmp_path, tally)
        narration = reference(7) + " caf\u00e9 <b> & \"x\""
        one = [dict(posting(7, ("Bank & Co", "118.00"),
                            ("4000", "-118.00"), number="INV/7"),
                    narration=narration)]
        said = send(tmp_path, one)
        assert said["verdict"] == "done" and said["refusal"] == ""
        assert (said["remote"], said["number"], said["version"]) == (
            "1", "1", "1")
        voucher = tally.vouchers[1]
        assert voucher["narration"] == narration
        assert voucher["remote"] == reference(7)
        assert (voucher["type"], voucher["date"]) == ("Journal", "20261005")
        assert [(line["ledger"], str(line["amount"]))
                for line in voucher["lines"]] == [
            ("Bank & Co", "-118.00"), ("4000", "118.00")]
        assert voucher["reference"] == "INV/7"
        assert len(said["sent"]) == len(said["held"]) == 64
        found = find(tmp_path, 7)
        assert [one["held"] for one in found] == [said["held"]]
        assert found[0]["narration"] == narration
        assert found[0]["lines"][0]["account"] == "Bank & Co"
        assert found[0]["state"] == "booked"


def test_batch(there, tally):
    said = send(there, TWO)
    assert [one["verdict"] for one in said] == ["done"] * 2
    assert [one["remote"] for one in said] == ["1", "2"]
    assert said[0]["sent"] != said[1]["sent"]
    assert tally.imports == 1


@pytest.mark.parametrize("lists", ["all", "short", "both"])
def test_lines_are_read_once(tmp_path, lists):
    with Tally(lists=lists) as tally:
        conf(tmp_path, tally)
        send(tmp_path, ONE)
        assert [line["minor"] for line in find(tmp_path, 7)[0]["lines"]] == \
            [11800, -11800]


def test_invoice_and_payment(there, tally):
    """A party is a ledger, and its bills are told apart."""
    invoice = dict(posting(7, number="INV/7"), kind="sales_invoice", lines=[
        party("Asha Stores", "118.00"),
        {"account": "Sales - Retail", "amount": "-100.00",
         "cost_centre": "Mumbai"},
        {"account": "Output CGST", "amount": "-9.00"},
        {"account": "Output SGST", "amount": "-9.00"}])
    paid = dict(posting(8, number="PAY/8"), kind="payment", book="Receipt",
                against="INV/7", lines=[{"account": "Cash",
                                         "amount": "118.00"},
                                        party("Asha Stores", "-118.00")])
    some = dict(paid, journal="9", number="PAY/9", against="")
    back = dict(invoice, journal="10", reverses=reference(7), version="2",
                lines=[dict(line, amount=line["amount"].lstrip("-") if
                            line["amount"][0] == "-" else
                            "-" + line["amount"])
                       for line in invoice["lines"]])
    for one in (invoice, paid, some, back):
        assert send(there, [one])["verdict"] == "done"
    sale, receipt, more, undone = tally.vouchers.values()
    assert sale["type"] == "Sales" and sale["party"] == "Asha Stores"
    assert sale["lines"][0]["party"] and not sale["lines"][1]["party"]
    bills = [[(kind, name, str(amount)) for line in voucher["lines"]
              for kind, name, amount in line["bills"]]
             for voucher in (sale, receipt, more, undone)]
    assert bills == [[("New Ref", "INV/7", "-118.00")],
                     [("Agst Ref", "INV/7", "118.00")],
                     [("On Account", "", "118.00")],
                     [("Agst Ref", "INV/7", "118.00")]]
    assert [(name, str(amount)) for name, amount in
            sale["lines"][1]["centres"]] == [("Mumbai", "100.00")]
    assert receipt["type"] == "Receipt" and undone["type"] == "Journal"


def test_numbers_by_hand(tmp_path):
    """A document that was undone and posted anew does not clash with
    itself."""
    with Tally(numbering="manual") as tally:
        conf(tmp_path, tally)
        first = posting(7, number="INV/7", version="1")
        undo = posting(8, ("1000", "-118.00"), ("4000", "118.00"),
                       number="INV/7", version="2", reverses=reference(7))
        again = posting(9, number="INV/7", version="2")
        for one in (first, undo, again):
            assert send(tmp_path, [one])["verdict"] == "done"
        assert [one["number"] for one in tally.vouchers.values()] == [
            "INV/7", "INV/7/2R", "INV/7/2"]


# ---- refused


@pytest.mark.parametrize("lines,date,refusal,words", [
    ((("No Such", "5.00"), ("4000", "-5.00")), "2026-10-05", "mapping",
     "Ledger 'No Such' does not exist"),
    ((("1000", "5.00"), ("4000", "-5.00")), "2027-04-01", "period",
     "out of range"),
    ((("1000", "5.00"), ("4000", "-4.00")), "2026-10-05", "data",
     "totals do not match"),
])
def test_refused(there, tally, lines, date, refusal, words):
    said = send(there, [posting(7, *lines, date=date)])
    assert (said["verdict"], said["refusal"]) == ("refused", refusal)
    assert words in said["words"]
    assert not tally.vouchers


def test_missing_ledgers_are_named(there, tally):
    said = send(there, [dict(posting(7), lines=[
        party("Ravi & Sons", "5.00"), {"account": "Gifts",
                                       "amount": "-5.00"}])])
    assert said["refusal"] == "mapping"
    assert '"Ravi & Sons" under Sundry Debtors' in said["words"]
    assert '"Gifts" under Suspense A/c' in said["words"]
    assert "to:tally" in said["words"]


def test_masters_made(tmp_path, tally):
    conf(tmp_path, tally, masters="create")
    one = dict(posting(7), kind="purchase_invoice", lines=[
        {"account": "Gifts", "amount": "5.00"}, party("Ravi & Sons",
                                                      "-5.00")])
    assert send(tmp_path, [one])["verdict"] == "done"
    assert tally.ledgers["Ravi & Sons"] == "Sundry Creditors"
    assert tally.ledgers["Gifts"] == "Suspense A/c"
    assert tally.vouchers[1]["type"] == "Purchase"


def test_exception_without_reason(there, tally):
    """Of a batch: apart; alone: refused, in words of ours."""
    tally.next = ["exception"] * 2
    said = send(there, TWO)
    assert [one["verdict"] for one in said] == ["together"] * 2
    said = send(there, ONE)
    assert (said["verdict"], said["refusal"]) == ("refused", "data")
    assert said["words"].startswith("tally_exception")
    assert not tally.vouchers


def test_one_bad_of_a_batch(there, tally):
    """Tally books the others: they are asked for, one by one, and the batch
    is never sent again."""
    said = send(there, [TWO[0], BAD, TWO[1]])
    assert [one["verdict"] for one in said] == ["done", "together", "done"]
    assert [one["remote"] for one in said] == ["1", "", "2"]
    said = send(there, [BAD])
    assert (said["verdict"], said["refusal"]) == ("refused", "mapping")
    assert len(tally.vouchers) == 2


def test_all_bad(there, tally):
    said = send(there, [BAD, dict(BAD, journal="10")])
    assert [one["verdict"] for one in said] == ["together"] * 2


def test_partly_silent(there, tally):
    tally.next = ["exception:1"]
    said = send(there, TWO)
    assert [one["verdict"] for one in said] == ["done", "together"]


def test_partly_and_nothing_shown(there, tally):
    """It counted one and shows none: which one is not known, so neither goes
    again before that is."""
    tally.next, tally.blind = ["exception:1"], True
    said = send(there, TWO)
    assert [one["verdict"] for one in said] == ["unknown"] * 2


def test_counted_and_not_shown(there, tally):
    tally.blind = True
    said = send(there, ONE)
    assert (said["verdict"], said["remote"]) == ("done", "1")


@pytest.mark.parametrize("word", ["ignored", "zero"])
def test_nothing_happened(there, tally, word):
    tally.next = [word] * 2
    said = send(there, TWO)
    assert [one["verdict"] for one in said] == ["together"] * 2
    said = send(there, ONE)
    assert said["verdict"] == "refused" and said["words"].startswith("tally_")
    assert not tally.vouchers


# ---- twice


@pytest.mark.parametrize("dups", ["ignore", "refuse"])
def test_sent_twice(tmp_path, dups):
    """It says that it has it: asked for, it is that one."""
    with Tally(dups=dups) as tally:
        conf(tmp_path, tally)
        first = send(tmp_path, ONE)
        again = send(tmp_path, ONE)
        assert again["verdict"] == "done" and len(tally.vouchers) == 1
        assert again["held"] == first["held"]
        tally.set_amount(1, "119.00")
        said = send(tmp_path, ONE)
        assert (said["verdict"], said["refusal"]) == ("refused", "duplicate")
        assert said["words"].startswith("tally_another")


def test_written_over(there, tally):
    """An Alter where we created: somebody's change may be lost: an alarm."""
    send(there, ONE)
    tally.set_amount(1, "119.00")
    said = send(there, ONE)
    assert (said["verdict"], said["refusal"]) == ("conflict", "conflict")
    assert said["words"].startswith("tally_create_altered")
    assert said["remote"] == "1" and len(tally.vouchers) == 1
    said = send(there, TWO)
    assert [one["verdict"] for one in said] == ["conflict", "done"]


def test_number_of_another(tmp_path):
    with Tally(numbering="manual") as tally:
        conf(tmp_path, tally)
        tally.enter("20261005", "3.00")
        tally.vouchers[1]["number"] = "INV/7"
        said = send(tmp_path, ONE)
        assert (said["verdict"], said["refusal"]) == ("refused", "duplicate")
        assert "already exists" in said["words"]


@pytest.mark.parametrize("currency, verdict", [
    ("AED", "refused"), ("$", "done"), ("Rs.", "done")])
def test_a_company_of_another_currency(tmp_path, currency, verdict):
    """An amount names no currency there: rupees would become dirhams."""
    with Tally(currency=currency) as tally:
        conf(tmp_path, tally)
        said = send(tmp_path, ONE)
        assert said["verdict"] == verdict, said
        assert (said["refusal"] == "mapping") == (verdict == "refused")
        assert len(tally.vouchers) == (verdict == "done")
        said = send(tmp_path, [dict(ONE[0], journal="8", currency="AED")] +
                    [dict(ONE[0], journal="9", currency="INR")])
        assert [one["verdict"] for one in said].count("refused") == (
            currency != "$"), said


class Bare(Tally):
    """It writes no nought before the point."""
    def row(self, *args):
        return re.sub(r">(-?)0\.", r">\1.", super().row(*args))


@pytest.mark.parametrize("amount", ["0.50", "0.05", "10.50"])
def test_a_point_without_a_nought(tmp_path, amount):
    with Bare() as tally:
        conf(tmp_path, tally)
        assert send(tmp_path, [posting(7, ("1000", amount),
                                       ("4000", "-" + amount))])[
            "verdict"] == "done"
        minor = int(amount.replace(".", ""))
        assert sorted(line["minor"] for line in find(tmp_path, 7)[0][
            "lines"]) == [-minor, minor]


# ---- not known


def test_answer_lost(there, tally):
    tally.drop = 1
    said = send(there, ONE)
    assert said["verdict"] == "unknown"
    assert [one["remote"] for one in find(there, 7)] == ["1"]
    assert len(tally.vouchers) == 1


def test_not_reached(tmp_path):
    with Tally() as tally:
        conf(tmp_path, tally)
    said = ask(tmp_path, ONE, "send", 7)
    assert said["verdicts"][0]["verdict"] == "away"
    assert said["error"]["code"]


def test_company_closed(there, tally):
    tally.open = ["Another"]
    said = ask(there, ONE, "send", 7)
    assert said["verdicts"][0]["verdict"] == "away"
    assert "not open" in said["error"]["why"]


def test_company_closed_between(there, tally):
    """Known once, and closed before the next: it has nothing, and later."""
    tally.next = ["words:Could not find Company 'x'!"]
    said = send(there, ONE)
    assert (said["verdict"], said["refusal"]) == ("away", "connection")


@pytest.mark.parametrize("body", [
    b"", b"<RESPONSE>", b"<html><body>Proxy</body></html>", b"CREATED 1",
    b"<RESPONSE><CREATED>1</CREATED><ERRORS>x</ERRORS></RESPONSE>",
    b"<RESPONSE><CREATED>99999999999999999999</CREATED></RESPONSE>",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]><RESPONSE><CREATED>1</CREATED>"
    b"</RESPONSE>",
    b"<ENVELOPE><HEADER><STATUS>1</STATUS></HEADER></ENVELOPE>",
    b"<a>" * 30 + b"</a>" * 30,
])
def test_rubbish_is_no_word(there, tally, body):
    """The company is asked for first; then rubbish, and then, where it asks by
    reference, an answer that shows nothing."""
    with Tally() as other:
        conf(there, other)
        first = other.take_export
        other.take_export = lambda root: first(root) if not other.imports \
            else other.sorry("busy")
        other.take_import = lambda root: setattr(
            other, "imports", other.imports + 1) or body.decode()
        said = ask(there, ONE, "send", 7)["verdicts"][0]
    assert said["verdict"] == "unknown"


def test_unknown_request(there, tally):
    tally.take_import = lambda root: ("<RESPONSE>Unknown Request, cannot be "
                                      "processed</RESPONSE>")
    said = send(there, ONE)
    assert said["verdict"] == "refused"
    assert "Unknown Request" in said["words"]


# ---- found


def test_doubled_is_said(there, tally):
    send(there, ONE)
    tally.duplicate(1)
    assert [one["remote"] for one in find(there, 7)] == ["1", "2"]


@pytest.mark.parametrize("body", [
    b"<ENVELOPE><HEADER><VERSION>1</VERSION><STATUS>0</STATUS></HEADER><BODY>"
    b"<DATA><COLLECTION/></DATA></BODY></ENVELOPE>",
    b"<ENVELOPE><HEADER><STATUS>1</STATUS></HEADER><BODY><DATA><LINEERROR>"
    b"Out of memory</LINEERROR><COLLECTION/></DATA></BODY></ENVELOPE>"])
def test_an_empty_list_beside_an_error_is_not_absent(tmp_path, tally, body):
    with Proxy(tally.port) as proxy:
        conf(tmp_path, tally, url=proxy.url)
        send(tmp_path, ONE)
        proxy.plan("status", status=200, body=body,
                   when=lambda r: b"<TYPE>Voucher<" in r.body)
        said = ask(tmp_path, None, "find", reference(7))
        assert "no rows came" in said["error"]["why"], said


def test_absent(there, tally):
    send(there, ONE)
    assert find(there, 8) == []
    tally.enter("20261005", "3.00", narration="about " + reference(8))
    tally.enter("20261005", "3.00", narration=reference(8) + "0 longer")
    assert find(there, 8) == []


def test_no_rows_is_not_absent(there, tally):
    send(there, ONE)
    tally.take_export = lambda root: tally.sorry("Tally is busy")
    said = ask(there, None, "find", reference(7))
    assert "busy" in said["error"]["why"]


def test_many_are_found(there, tally):
    many = [posting(n, number="N%d" % n) for n in range(1, 46)]
    for at in range(0, 45, 15):
        assert {one["verdict"] for one in
                send(there, many[at:at + 15])} == {"done"}
    assert len(find(there, *range(1, 46))) == 45


def test_what_is_too_much_for_one_answer_is_asked_for_in_parts(tmp_path,
                                                               tally):
    with Proxy(tally.port) as proxy:
        conf(tmp_path, tally, url=proxy.url)
        send(tmp_path, TWO)
        for act in (["find", reference(7), reference(8)],
                    ["list", "2026-10-01", "2026-10-07"]):
            proxy.plan("status", status=200, body=b"<A>%s</A>" %
                       (b"<B/>" * 300001),
                       when=lambda r: b"<TYPE>Voucher<" in r.body)
            said = ask(tmp_path, None, *act)
            assert [(r["reference"], len(r["lines"])) for r in said.get(
                "found") or said["listed"]] == [
                    (reference(n), 2) for n in (7, 8)], said
            assert proxy.left() == 0


def test_states(there, tally):
    send(there, TWO)
    tally.cancel(1)
    tally.change(2, optional=True)
    assert [one["state"] for one in find(there, 7, 8)] == [
        "cancelled", "draft"]
    said = ask(there, TWO, "finish", 8, "2", "4")
    assert said["verdicts"][0]["words"].startswith("tally_optional")


# ---- two-way


def test_listed(there, tally):
    send(there, [posting(7), posting(8, date="2026-10-29")])
    tally.enter("20261012", "3.00")
    tally.enter("20261130", "3.00")
    tally.set_amount(1, "119.00", by="anita")
    said = ask(there, None, "list", "2026-10-01", "2026-10-31")["listed"]
    assert [(one["remote"], one["reference"]) for one in said] == [
        ("1", reference(7)), ("3", ""), ("2", reference(8))]
    assert said[0]["changed_by"] == "anita" and said[0]["version"] == "5"
    assert said[0]["lines"][0]["minor"] == 11900


def test_what_is_to_come_is_listed_at_once(there, tally):
    """Periods may be open for years: no Tally is asked for each week of
    them."""
    today = datetime.date.today()
    days = [today - datetime.timedelta(30), today + datetime.timedelta(900)]
    late = str(today + datetime.timedelta(800))
    tally.enter(late.replace("-", ""), "3.00")
    tally.requests.clear()
    said = ask(there, None, "list", *map(str, days))["listed"]
    assert [one["date"] for one in said] == [late]
    asked = [re.search(rb"SVFROMDATE[^>]*>(\d+)<", one)
             for one in tally.requests]
    ahead = [one[1] for one in asked if one and one[1].decode() >
             today.strftime("%Y%m%d")]
    assert len(ahead) == 1 and len(asked) < 12


def test_balances(there, tally):
    send(there, [posting(7), posting(8, date="2026-11-29")])
    said = {one["account"]: (one["debit"], one["credit"]) for one in
            ask(there, None, "balances", "2026-10-31")["balances"]}
    assert said["1000"] == (11800, 0)
    assert said["4000"] == (0, 11800)
    assert said["Bank & Co"] == (0, 0)


def test_balances_of_parties(there, tally):
    """Of all debtors, as our account has them: also of groups below."""
    tally.ledgers["Ravi & Sons"] = "Debtors Pune"
    for n, name in ((7, "Asha Stores"), (8, "Ravi & Sons")):
        assert send(there, [dict(posting(n), lines=[
            party(name, "118.00"), {"account": "4000",
                                    "amount": "-118.00"}])])[
            "verdict"] == "done"

    def said():
        return {one["account"]: one["debit"] - one["credit"] for one in
                ask(there, None, "balances", "2026-10-31")["balances"]}

    assert said()["Sundry Debtors"] == 23600
    assert "Asha Stores" not in said() and said()["4000"] == -23600
    conf(there, tally, parties="accounts")
    assert said()["Asha Stores"] == 11800
    assert "Sundry Debtors" not in said()


def test_taken_back(there, tally):
    first = send(there, ONE)
    tally.set_amount(1, "119.00")
    said = ask(there, ONE, "restore", 7, "1", "1")["verdicts"][0]
    assert (said["verdict"], said["words"]) == (
        "conflict", "it was changed there meanwhile")
    said = ask(there, ONE, "restore", 7, "1", "2")["verdicts"][0]
    assert said["verdict"] == "done" and said["held"] == first["held"]
    assert len(tally.vouchers) == 1


def test_alter_made_a_second_one(there, tally):
    send(there, ONE)
    tally.set_amount(1, "119.00")
    tally.remote_known = False
    said = ask(there, ONE, "restore", 7, "1", "2")["verdicts"][0]
    assert said["verdict"] == "conflict"
    assert said["words"].startswith("tally_alter_became_create")
    assert said["words"].endswith("it was cancelled")
    assert tally.vouchers[2]["cancelled"] and \
        not tally.vouchers[1]["cancelled"]


# ---- the link


def test_check(there, tally):
    said = ask(there, None, "check")
    assert (said["product"], said["company"], said["currency"]) == (
        "TallyPrime", COMPANY, "INR")
    assert said["faults"] == []
    tally.open = ["One", "Two"]
    fault = ask(there, None, "check")["faults"][0]
    assert fault["field"] == "company"
    assert fault["words"] == "open there: One, Two"


def test_plain_http(tmp_path, tally):
    """Only to this machine, unless somebody says that the link is private."""
    def opened(**more):
        write_conf(tmp_path, "tally", kind="tally", company=COMPANY, **more)
        return driver(tmp_path, "tally", None, "check", check=False)

    far = opened(url="http://192.0.2.1:9000")
    assert far.returncode == 1 and "https only" in far.stderr
    for url in ("file:///etc/passwd", "ftp://192.0.2.1/", "http://a:b@x/"):
        assert opened(url=url, plain="yes").returncode == 1
    write_conf(tmp_path, "tally", kind="rest", url="http://192.0.2.1",
               rule=RULE, plain="yes")
    other = driver(tmp_path, "tally", None, "check", check=False)
    assert other.returncode == 1 and "https only" in other.stderr
    near = opened(url=tally.url.replace("127.0.0.1", "localhost"),
                  plain="yes")
    assert near["company"] == COMPANY


def test_one_at_a_time(there, tally):
    send(there, TWO, "each")
    assert tally.most_at_once == 1


def test_slow(tmp_path, tally):
    """Before the voucher left: away; after: not known, and found later."""
    conf(tmp_path, tally, timeout=1)
    tally.delay = 1.3
    said = ask(tmp_path, ONE, "send", 7)["verdicts"][0]
    assert said["verdict"] == "away"
    tally.delay, tally.import_delay = 0, 1.3
    said = ask(tmp_path, ONE, "send", 7)["verdicts"][0]
    assert said["verdict"] == "unknown"
    wait_until(lambda: tally.vouchers, "it is booked all the same")
    assert [one["remote"] for one in find(tmp_path, 7)] == ["1"]


# ---- what bahid keeps


PARTY = """-- name: entries
SELECT account, CASE account WHEN '1000' THEN :party END AS party, amount
FROM line
"""


@pytest.fixture
def house(tally):
    one = Free()
    for kind in ("sales_invoice", "payment", "credit_note"):
        (one.home / "rules/post" / (kind + ".sql")).write_text(PARTY)
    one.csv("mapping", "source,dimension,from,to\n"
            "to:tally,account,3000,Sales - Retail\n"
            "to:tally,party,cust_117,Asha Stores\n"
            "to:tally,kind,payment,Receipt\n")
    tally.ledgers["Arjun Apte"] = "Sundry Debtors"
    one.start()
    yield one
    one.close()


def test_journals_of_a_store(house, tally):
    """A party is the ledger it is mapped to, else the one of its name; a
    payment names the bill that it settles."""
    for one in (
            doc("sales_invoice", "INV-1", "300.00", party="cust_987"),
            doc("sales_invoice", "INV-2", "20.00", party="cust_117"),
            doc("payment", "P-1", "300.00", party="cust_987",
                lines=[{"account": "1000", "amount": "-300.00"},
                       {"account": "3000", "amount": "300.00"}],
                after=["sales_invoice", "INV-1"])):
        answer = house.send(one)
        assert answer["state"] == "posted", answer
    targets = conf(house.home / "by-hand", tally)   # bahid reads others

    def ours(act, *args):
        return driver(targets, "tally", house.home / "bahi.db", act, *args)

    said = ours("each", 1, 2, 3)["verdicts"]
    assert [one["verdict"] for one in said] == ["done"] * 3
    assert [(one["type"], one["party"], one["lines"][0]["bills"][0][:2])
            for one in tally.vouchers.values()] == [
        ("Sales", "Arjun Apte", ("New Ref", "INV-1")),
        ("Sales", "Asha Stores", ("New Ref", "INV-2")),
        ("Receipt", "Arjun Apte", ("Agst Ref", "INV-1"))]
    assert [one["held"] for one in ours("find", 1, 2, 3)["found"]] == [
        one["held"] for one in said]
    conf(targets, tally, parties="accounts")
    tally.vouchers.clear()
    assert ours("send", 1)["verdicts"][0]["verdict"] == "done"
    [voucher] = tally.vouchers.values()
    assert voucher["lines"][0]["ledger"] == "1000" and not voucher["party"]
