"""The adapter `odoo` by its driver, against a strict double of Odoo 19's
JSON-2 interface: what it says, what it makes of each answer, and that nothing
is doubled, moved or written over."""
import json
import socket

import pytest

from firm import driver, posting, reference, teller, write_conf
from odood import Odoo, Refused, user_error
from proxy import Proxy

LINES = (("1100", "1180.00", "ACME"), ("4000", "-1000.00"),
         ("2380", "-180.00"))
HELD = [("1100", 1180.0, 0.0), ("4000", 0.0, 1000.0), ("2380", 0.0, 180.0)]


def bill(journal, *lines, **members):
    one = posting(journal, *(lines or LINES), **members)
    one.setdefault("number", "INV/%d" % journal)
    return one


@pytest.fixture
def odoo():
    with Odoo() as one:
        one.new("res.partner", ref="ACME", name="Acme Stores")
        one.new("res.partner", ref="", name="No Reference")
        one.new("account.analytic.account", code="PUN", name="Pune")
        yield one


def conf(folder, url, **settings):
    write_conf(folder, "odoo", **dict(dict(
        kind="odoo", url=url, secret="api-key", book="MISC",
        company="Acme Traders"), **settings))


@pytest.fixture
def there(tmp_path, odoo):
    conf(tmp_path, odoo.url)
    return tmp_path


send, find = teller("odoo")


def calls(odoo, name):
    return [body for what, body in odoo.calls if what == name]


def test_how_far_it_reaches(there, odoo):
    def reach(series="bahi-IN01-"):
        return driver(there, "odoo", None, "reach", series)["reach"]

    assert reach() == ""
    send(there, bill(2), bill(112), bill(30), act="each")
    assert reach() == reference(112) and reach("bahi-IN0-") == ""


# ---- what is booked


def test_created_and_posted(there, odoo):
    said = send(there, bill(7))
    assert (said["verdict"], said["refusal"]) == ("done", "")
    ((number, move),) = odoo.moves.items()
    assert move["state"] == "posted" and odoo.lines(number) == HELD
    assert (said["remote"], said["number"], said["version"]) == (
        str(number), "MISC/2026/10/0001", move["write_date"])
    assert (move["ref"], move["date"]) == (reference(7), "2026-10-05")
    assert len(calls(odoo, "account.move/create")) == 1
    assert calls(odoo, "account.move/action_post") == [
        {"ids": [number], "context": {
            "lang": "en_US", "allowed_company_ids": [odoo.company]}}]
    (said_lines,) = [v["line_ids"] for v in calls(
        odoo, "account.move/create")[0]["vals_list"]]
    assert [line[2]["name"] for line in said_lines] == ["INV/7"] * 3
    assert find(there, 7)[0]["narration"].startswith(reference(7) + " ")


def test_one_digest_of_what_it_holds(there, odoo):
    said = send(there, bill(7))
    found, = find(there, 7)
    listed = driver(there, "odoo", None, "list", "2026-10-01",
                    "2026-10-31")["listed"]
    assert found["held"] == said["held"] == listed[0]["held"] != ""
    for line in odoo.records["account.move.line"].values():
        line["debit"] += 1 if line["debit"] else 0
    assert find(there, 7)[0]["held"] != said["held"]


def test_a_batch_is_five_calls(there, odoo):
    said = send(there, *[bill(n) for n in range(1, 21)])
    assert [v["verdict"] for v in said] == ["done"] * 20
    assert len({v["remote"] for v in said}) == 20
    assert len(odoo.moves) == 20
    assert len(calls(odoo, "account.move/create")) == 1
    assert len(calls(odoo, "account.move/action_post")) == 1
    assert len(odoo.calls) == 9 and len({v["sent"] for v in said}) == 1


@pytest.mark.parametrize("amount", ["0.01", "0.30", "9007199254740.93",
                                    "9999999999999.99", "1000000.10"])
def test_floats_change_no_paisa(there, odoo, amount):
    said = send(there, bill(1, ("1000", amount), ("4000", "-" + amount)))
    assert said["verdict"] == "done"
    minor = int(amount.replace(".", ""))
    assert [line["minor"] for line in find(there, 1)[0]["lines"]] == [
        minor, -minor]
    assert [(b["account"], b["debit"], b["credit"]) for b in driver(
        there, "odoo", None, "balances", "2026-12-31")["balances"]] == [
            ("1000", minor, 0), ("4000", 0, minor)]


def test_cost_centre_book_and_letters(there, odoo):
    one = bill(1, ("1000", "5.00"), ("4000", "-5.00"), book="BNK1",
               narration='bahi-x <b>₹5 & "क्षेत्र"</b>')
    one["lines"][1]["cost_centre"] = "PUN"
    assert send(there, one)["verdict"] == "done"
    (move,) = odoo.moves.values()
    assert move["narration"] == (
        "<p>bahi-x &lt;b&gt;₹5 &amp; &quot;क्षेत्र&quot;&lt;/b&gt;</p>")
    assert move["name"].startswith("BNK1/")
    found, = find(there, 1)
    assert found["narration"] == 'bahi-x <b>₹5 & "क्षेत्र"</b>'
    assert [line["cost_centre"] for line in found["lines"]] == ["", "PUN"]


def test_what_was_traded_in_another_currency(there, odoo):
    one = bill(1, ("1100", "8345.67", "ACME"), ("4000", "-8345.67"))
    one["lines"][0].update(currency="USD", foreign="100.00")
    assert send(there, one)["verdict"] == "done"
    line = next(iter(odoo.records["account.move.line"].values()))
    assert (line["debit"], line["amount_currency"], line["currency_id"]) == (
        8345.67, 100.0, odoo.id("res.currency", "USD"))


def test_archived_since_is_still_named(there, odoo):
    send(there, bill(7))
    for name in ("res.partner", "account.account"):
        for record in odoo.records[name].values():
            record["active"] = False
    assert [(line["account"], line["party"])
            for line in find(there, 7)[0]["lines"]] == [
                ("1100", "ACME"), ("4000", ""), ("2380", "")]


# ---- what is refused


@pytest.mark.parametrize("one, refusal, words", [
    (bill(1, ("1999", "5.00"), ("4000", "-5.00")), "mapping",
     'Acme Traders has no account with the code "1999" in Odoo'),
    (bill(1, ("1100", "5.00", "GONE"), ("4000", "-5.00")), "mapping",
     'no contact with the reference "GONE"'),
    (bill(1, book="XYZ"), "mapping", 'no journal with the code "XYZ"'),
    (bill(1, currency="USD"), "mapping", "keeps its books in INR"),
    (bill(1, ("1000", "5.00"), ("4000", "-4.99")), "data",
     "The entry is not balanced."),
])
def test_refused_for_what_it_says(there, odoo, one, refusal, words):
    said = send(there, one)
    assert (said["verdict"], said["refusal"]) == ("refused", refusal), said
    assert words in said["words"] and not odoo.moves


def test_two_of_one_reference_are_none(there, odoo):
    odoo.new("res.partner", ref="ACME", name="Another")
    said = send(there, bill(7))
    assert (said["verdict"], said["refusal"]) == ("refused", "mapping")
    assert 'more than one contact with the reference "ACME"' in said["words"]


@pytest.mark.parametrize("hard", [False, True])
def test_a_closed_day_is_not_moved(there, odoo, hard):
    """Odoo itself would take it, and give it the first open day."""
    odoo.close("2026-10-05", hard)
    said = send(there, bill(7), bill(8, date="2026-10-06"))
    assert [(v["verdict"], v["refusal"]) for v in said] == [
        ("refused", "period"), ("done", "")]
    assert "closed in Odoo up to 2026-10-05" in said[0]["words"]
    assert [m["date"] for m in odoo.moves.values()] == ["2026-10-06"]


def test_closed_between_asking_and_posting(there, odoo):
    """It was moved all the same: that is said, and never done."""
    def close(path, body):
        if path.endswith("action_post"):
            odoo.close("2026-10-31")
    odoo.before = close
    said = send(there, bill(7))
    assert (said["verdict"], said["refusal"]) == ("conflict", "conflict")
    assert "2026-11-01" in said["words"]
    assert said["remote"] == str(odoo.of(reference(7))[0])


def test_a_batch_refused_as_it_is_made_goes_apart(there, odoo):
    said = send(there, bill(1), bill(2, ("1000", "5.00"), ("4000", "-4.99")),
                bill(3, ("1999", "5.00"), ("4000", "-5.00")))
    assert [v["verdict"] for v in said] == ["together", "together",
                                            "refused"]
    assert not odoo.moves


def refuse_posting(odoo, words, kind="UserError", status=422, of=None):
    """Of the moves with that reference, or of all."""
    def stop(path, body):
        if path.endswith("action_post") and (of is None or set(
                odoo.of(of)) & set(body["ids"])):
            user_error(words, kind, status)
    odoo.before = stop


def test_one_poor_of_a_batch_stops_no_other(there, odoo):
    """It was made with the others, is not posted, and its draft goes."""
    refuse_posting(odoo, "no, because", of=reference(2))
    said = send(there, *[bill(n) for n in (1, 2, 3)])
    assert [v["verdict"] for v in said] == ["done", "refused", "done"]
    assert said[1]["words"] == "no, because"
    assert sorted(m["ref"] for m in odoo.moves.values()) == [
        reference(1), reference(3)]


@pytest.mark.parametrize("words, kind, status, refusal", [
    ("You cannot add/modify entries prior to and inclusive of: Tax Return "
     "Lock Date (2026-10-31).", "UserError", 422, "period"),
    ("A line of this move is using a archived account, you cannot post it.",
     "UserError", 422, "mapping"),
    ("You are not allowed to modify 'Journal Entry' records.", "AccessError",
     403, "rights"),
    ("Something of its own", "ValidationError", 422, "data")])
def test_refused_in_its_own_words(there, odoo, words, kind, status, refusal):
    refuse_posting(odoo, words, kind, status)
    said = send(there, bill(7))
    assert (said["verdict"], said["refusal"], said["words"]) == (
        "refused", refusal, words)
    assert not odoo.moves


def test_a_draft_that_does_not_go_is_told(there, odoo):
    refuse_posting(odoo, "no")
    odoo.rights.discard("unlink")
    said = send(there, bill(7))
    assert said["verdict"] == "refused"
    assert said["words"] == ("no (its draft stays: You are not allowed to "
                             "unlink 'account.move' records.)")
    assert said["remote"] == str(odoo.of(reference(7))[0])
    assert find(there, 7)[0]["state"] == "draft"


def test_no_right_to_make_it(there, odoo):
    odoo.rights.discard("create")
    said = send(there, bill(7))
    assert (said["verdict"], said["refusal"]) == ("refused", "rights")


# ---- what is not known


@pytest.mark.parametrize("call, state", [
    ("account.move/create", "draft"), ("account.move/action_post", "booked")])
def test_the_answer_is_lost(tmp_path, odoo, call, state):
    with Proxy(odoo.server.server_address[1]) as proxy:
        conf(tmp_path, proxy.url)
        proxy.plan("drop", 1, when=lambda r: r.path.endswith(call))
        assert send(tmp_path, bill(7))["verdict"] == "unknown"
        found, = find(tmp_path, 7)
        assert (found["state"], found["reference"]) == (state, reference(7))
        if state == "draft":
            said = driver(tmp_path, "odoo", [bill(7)], "finish", 7,
                          found["remote"], found["version"])["verdicts"][0]
            assert (said["verdict"], said["remote"]) == ("done",
                                                         found["remote"])
    assert [m["state"] for m in odoo.moves.values()] == ["posted"]


def test_posted_and_not_read_back_is_unknown(tmp_path, odoo):
    with Proxy(odoo.server.server_address[1]) as proxy:
        conf(tmp_path, proxy.url)
        proxy.plan("reset", 1, when=lambda r: r.path.endswith(
            "account.move/search_read"))
        assert [v["verdict"] for v in send(tmp_path, bill(7), bill(8))] == [
            "unknown", "unknown"]
    assert {r["state"] for r in find_all(odoo, tmp_path)} == {"booked"}


def find_all(odoo, folder):
    conf(folder, odoo.url)
    return find(folder, 7, 8)


def test_never_arrived_is_not_unknown(tmp_path, odoo):
    with socket.socket() as nobody:         # bound, and nobody listens
        nobody.bind(("127.0.0.1", 0))
        conf(tmp_path, "http://127.0.0.1:%d" % nobody.getsockname()[1])
        said = send(tmp_path, bill(7), bill(8))
    assert [v["verdict"] for v in said] == ["away", "away"]


@pytest.mark.parametrize("status, verdict, refusal", [
    (429, "away", "rate"), (503, "unknown", "connection"),
    (502, "unknown", "connection"), (409, "away", "connection")])
@pytest.mark.parametrize("call", ["create", "action_post"])
def test_by_status_alone(tmp_path, odoo, status, verdict, refusal, call):
    """Once it is made nothing is "away" any more: it is asked for first."""
    with Proxy(odoo.server.server_address[1]) as proxy:
        conf(tmp_path, proxy.url)
        proxy.plan("status", 9, status=status, retry_after="2",
                   when=lambda r: r.path.endswith(call))
        for many in ([bill(7)], [bill(7), bill(8)]):
            said = driver(tmp_path, "odoo", many, "send", *[
                one["journal"] for one in many])["verdicts"]
            assert {(v["verdict"], v["refusal"], v["wait"])
                    for v in said} == {(
                        verdict if call == "create" else "unknown", refusal,
                        2000000)}


def test_its_own_limit(there, odoo):
    odoo.limit = 4              # company, accounts, contacts, journals
    said = driver(there, "odoo", [bill(7)], "send", 7)
    assert said["verdicts"][0]["verdict"] == "away"
    assert not odoo.moves


def test_a_fault_of_its_own_is_unknown(there, odoo):
    def break_down(path, body):
        if path.endswith("create"):
            raise RuntimeError("psycopg2.errors.DiskFull")
    odoo.after = break_down
    said = send(there, bill(7))
    assert (said["verdict"], said["refusal"]) == ("unknown", "connection")
    assert "DiskFull" in said["words"] and not odoo.moves


def test_no_answer_that_is_none_counts(tmp_path, odoo):
    for body in (b"", b"<html>", b"{}", b"[]", b"[0]", b"[1,2]", b"[-1]",
                 b'["x"]', b"null", b"7"):
        with Proxy(odoo.server.server_address[1]) as proxy:
            conf(tmp_path, proxy.url)
            proxy.plan("status", status=200, body=body,
                       when=lambda r: r.path.endswith("create"))
            assert send(tmp_path, bill(7))["verdict"] == "unknown", body


# ---- found, finished, told apart


def draft(odoo, journal, *lines, ref=None):
    return odoo.create_move({
        "move_type": "entry", "ref": ref or reference(journal),
        "date": "2026-10-05", "journal_id": odoo.id("account.journal", "MISC",
                                                    "code"),
        "line_ids": [[0, 0, {
            "account_id": odoo.id("account.account", code, "code"),
            "debit": max(amount, 0), "credit": max(-amount, 0),
            "partner_id": odoo.id("res.partner", party, "ref")
            if party else False}] for code, amount, party in lines or (
                ("1100", 1180, "ACME"), ("4000", -1000, ""),
                ("2380", -180, ""))]})


def finish(folder, one, remote, version):
    return driver(folder, "odoo", [one], "finish", one["journal"], remote,
                  version)["verdicts"][0]


def test_a_draft_is_found_and_finished(there, odoo):
    draft(odoo, 7)
    found, = find(there, 7)
    assert (found["state"], found["number"]) == ("draft", "/")
    said = finish(there, bill(7), found["remote"], found["version"])
    assert (said["verdict"], said["number"]) == ("done", "MISC/2026/10/0001")
    assert len(odoo.moves) == 1


def test_a_draft_that_somebody_changed_stays_one(there, odoo):
    made = draft(odoo, 7)
    before = odoo.moves[made]["write_date"]
    odoo.edit(made, narration="mine")
    assert finish(there, bill(7), made, before)["refusal"] == "conflict"
    other = draft(odoo, 8, ("1000", 1, ""), ("4000", -1, ""))
    said = finish(there, bill(8), other, odoo.moves[other]["write_date"])
    assert said["refusal"] == "conflict" and "other lines" in said["words"]
    assert {m["state"] for m in odoo.moves.values()} == {"draft"}


def test_a_draft_of_a_day_that_closed_stays_one(there, odoo):
    made = draft(odoo, 7)
    odoo.close("2026-10-31")
    said = finish(there, bill(7), made, odoo.moves[made]["write_date"])
    assert (said["verdict"], said["refusal"]) == ("refused", "period")


def test_finished_already_is_done(there, odoo):
    first = send(there, bill(7))
    said = finish(there, bill(7), first["remote"], first["version"])
    assert (said["verdict"], said["held"]) == ("done", first["held"])
    odoo.button_draft("account.move", [int(first["remote"])])
    odoo.button_cancel("account.move", [int(first["remote"])])
    found, = find(there, 7)
    assert found["state"] == "cancelled"
    assert finish(there, bill(7), found["remote"], found["version"])[
        "refusal"] == "conflict"


def test_a_doubled_one_is_told_twice(there, odoo):
    send(there, bill(7))
    send(there, bill(7))        # Odoo's `ref` is not unique
    assert len(find(there, 7)) == 2


def test_fifty_references_at_once(there, odoo):
    send(there, *[bill(n) for n in range(1, 31)])
    found = find(there, *range(1, 251))
    assert [one["reference"] for one in found] == [
        reference(n) for n in range(1, 31)]
    assert all(len(one["lines"]) == 3 for one in found)


def test_what_is_too_much_for_one_answer_is_asked_for_in_parts(tmp_path,
                                                               odoo):
    """Entries of hundreds of lines: they are found and listed all the same."""
    rows = b'["%s"]' % (b"x" * (8 << 20))
    with Proxy(odoo.server.server_address[1]) as proxy:
        conf(tmp_path, proxy.url)
        send(tmp_path, bill(1), bill(2), bill(3))
        for act in (["find", *map(reference, (1, 2, 3))],
                    ["list", "2026-10-01", "2026-10-31"]):
            proxy.plan("status", status=200, body=rows,
                       when=lambda r: r.path.endswith("move.line/search_read"))
            said = driver(tmp_path, "odoo", None, *act)
            assert [(r["reference"], len(r["lines"])) for r in said.get(
                "found") or said["listed"]] == [
                    (reference(n), 3) for n in (1, 2, 3)], said
            assert proxy.left() == 0


# ---- pulled


def test_listed_in_pages_with_its_lines(there, odoo):
    send(there, *[bill(n) for n in range(1, 101)])
    send(there, *[bill(n) for n in range(101, 121)])
    other = draft(odoo, 1, ref="by hand")
    odoo.action_post("account.move", [other])
    draft(odoo, 500)            # a draft is not booked
    said = driver(there, "odoo", None, "list", "2026-10-01", "2026-10-31")
    assert said["pages"] == 2
    assert [r["reference"] for r in said["listed"]] == [
        reference(n) for n in range(1, 121)]
    conf(there, odoo.url, strangers="list")
    said = driver(there, "odoo", None, "list", "2026-10-01", "2026-10-31")
    assert said["listed"][-1]["reference"] == "" and len(
        said["listed"]) == 121
    assert driver(there, "odoo", None, "list", "2026-11-01", "2026-11-30")[
        "listed"] == []


def test_cancelled_ones_of_ours_are_listed(there, odoo):
    first = send(there, bill(7))
    odoo.button_draft("account.move", [int(first["remote"])])
    odoo.button_cancel("account.move", [int(first["remote"])])
    (one,) = driver(there, "odoo", None, "list", "2026-10-01",
                    "2026-10-31")["listed"]
    assert (one["state"], one["changed_by"]) == ("cancelled", "bahi")


def test_balances(there, odoo):
    send(there, bill(1), bill(2, date="2026-12-01"))
    draft(odoo, 3)
    said = driver(there, "odoo", None, "balances", "2026-10-31")
    assert sorted((b["account"], b["name"], b["debit"], b["credit"])
                  for b in said["balances"]) == [
                      ("1100", "1100 Debtors", 118000, 0),
                      ("2380", "2380 Output IGST", 0, 18000),
                      ("4000", "4000 Sales", 0, 100000)]


def test_a_note_among_the_lines_of_an_invoice_has_no_account(there, odoo):
    send(there, bill(1))
    (move,) = odoo.moves
    odoo.new("account.move.line", move_id=move, account_id=False,
             partner_id=False, name="Thank you", debit=0.0, credit=0.0,
             amount_currency=0.0, currency_id=False,
             analytic_distribution=False)
    assert [b["account"] for b in driver(
        there, "odoo", None, "balances", "2026-10-31")["balances"]] == [
            "1100", "2380", "4000"]


# ---- our side of a drift


def restore(folder, one, remote, version):
    return driver(folder, "odoo", [one], "restore", one["journal"], remote,
                  version)["verdicts"][0]


def test_restored(there, odoo):
    first = send(there, bill(7))
    number = int(first["remote"])
    for line in odoo.records["account.move.line"].values():
        line["debit"] += 20 if line["debit"] else 0
    odoo.edit(number, date="2026-10-07")
    found, = find(there, 7)
    assert found["held"] != first["held"]
    said = restore(there, bill(7), number, found["version"])
    assert (said["verdict"], said["held"]) == ("done", first["held"])
    assert odoo.lines(number) == HELD and len(odoo.moves) == 1
    assert odoo.moves[number]["date"] == "2026-10-05"


def test_never_over_what_changed_meanwhile(there, odoo):
    first = send(there, bill(7))
    odoo.edit(int(first["remote"]), narration="mine")
    said = restore(there, bill(7), first["remote"], first["version"])
    assert (said["verdict"], said["refusal"]) == ("conflict", "conflict")
    assert odoo.moves[int(first["remote"])]["state"] == "posted"
    assert restore(there, bill(7), 9999, "x")["words"] == (
        "9999 is no longer in Odoo")


@pytest.mark.parametrize("prepare, refusal, words", [
    (lambda o: setattr(o, "hashed", True), "period", "locked journal entry"),
    (lambda o: o.close("2026-10-31"), "period", "closed in Odoo up to"),
    (lambda o: [r.update(active=False) for r in
                o.records["res.partner"].values()], "mapping",
     "no contact")])
def test_what_cannot_be_restored_stays_as_it_is(there, odoo, prepare,
                                                refusal, words):
    first = send(there, bill(7))
    prepare(odoo)
    said = restore(there, bill(7), first["remote"], first["version"])
    assert (said["verdict"], said["refusal"]) == ("refused", refusal)
    assert words in said["words"]
    assert odoo.moves[int(first["remote"])]["state"] == "posted"


@pytest.mark.parametrize("call, states", [
    ("button_draft", "draft"), ("write", "draft"), ("action_post", "posted")])
def test_a_stop_within_is_mended(tmp_path, odoo, call, states):
    with Proxy(odoo.server.server_address[1]) as proxy:
        conf(tmp_path, proxy.url)
        first = send(tmp_path, bill(7))
        for line in odoo.records["account.move.line"].values():
            line["debit"] += 20 if line["debit"] else 0
        odoo.edit(int(first["remote"]))
        found, = find(tmp_path, 7)
        proxy.plan("drop", 1, when=lambda r: r.path.endswith(call))
        said = driver(tmp_path, "odoo", [bill(7)], "restore", 7,
                      found["remote"], found["version"])
        assert "error" in said
        found, = find(tmp_path, 7)
        assert found["state"] == {"draft": "draft",
                                  "posted": "booked"}[states]
        said = restore(tmp_path, bill(7), found["remote"], found["version"])
        assert (said["verdict"], said["held"]) == ("done", first["held"])


# ---- checked


def test_checked(there, odoo):
    said = driver(there, "odoo", None, "check")
    assert said == {"product": "Odoo 19.0", "company": "Acme Traders",
                    "currency": "INR", "faults": []}


def test_what_is_missing_there(tmp_path, odoo):
    conf(tmp_path, odoo.url, book="GEN")
    odoo.close("2199-12-31")
    odoo.records["account.account"].clear()
    faults = driver(tmp_path, "odoo", None, "check")["faults"]
    assert [(f["refusal"], f["field"], f["value"]) for f in faults] == [
        ("period", "lock date", "2199-12-31"), ("mapping", "book", "GEN"),
        ("mapping", "company", "Acme Traders")]
    conf(tmp_path, odoo.url, book="")
    assert driver(tmp_path, "odoo", None, "check")["faults"][1][
        "field"] == "book"
    assert send(tmp_path, bill(7))["refusal"] == "mapping"


@pytest.mark.parametrize("settings, prepare, code, why", [
    ({"secret": "wrong"}, None, "auth.refused", "Invalid apikey"),
    ({"company": "Nobody"}, None, "not_found", "none is named Nobody"),
    ({}, lambda o: o.rights.clear(), "forbidden", "not allowed to read"),
    ({}, lambda o: setattr(o, "database", "acme"), "not_found", "Not Found"),
])
def test_what_it_cannot_work_with(tmp_path, odoo, settings, prepare, code,
                                  why):
    """And nothing is sent then: it is no fault of the journals."""
    conf(tmp_path, odoo.url, **settings)
    if prepare:
        prepare(odoo)
    said = driver(tmp_path, "odoo", None, "check")["error"]
    assert code in said["code"] and why in said["why"], said
    said = driver(tmp_path, "odoo", [bill(7)], "send", 7)
    assert said["verdicts"][0]["verdict"] == "away"
    assert why in said["error"]["why"] and not odoo.moves


def test_one_of_several_databases(tmp_path):
    with Odoo(database="acme") as odoo:
        conf(tmp_path, odoo.url, database="acme")
        assert driver(tmp_path, "odoo", None, "check")["faults"] == []


@pytest.mark.parametrize("settings, why", [
    ({"secret": None}, "secret (an API key)"),
    ({"company": ""}, "company must be there")])
def test_settings_are_judged(tmp_path, odoo, settings, why):
    conf(tmp_path, **dict({"url": odoo.url}, **settings))
    if "secret" in settings:
        text = (tmp_path / "odoo.conf").read_text()
        (tmp_path / "odoo.conf").write_text("".join(
            line for line in text.splitlines(True)
            if not line.startswith("secret")))
    done = driver(tmp_path, "odoo", None, "check", check=False)
    assert done.returncode == 1 and why in done.stderr


def test_the_double_is_strict():
    """What the tests rely on it to refuse."""
    odoo = Odoo()
    for path, body, status in (
            ("/json/2/account.move/create", {"vals_list": [], "x": 1}, 422),
            ("/json/2/account.move/create", {"vals_list": [], "ids": [1]},
             422),
            ("/json/2/account.move/nonsense", {}, 404),
            ("/json/2/nonsense/read", {}, 404)):
        with pytest.raises(Refused) as refused:
            odoo.call(path, body)
        assert refused.value.status == status
    with pytest.raises(ValueError):
        odoo.call("/json/2/account.move/search_read",
                  {"domain": [["nonsense", "=", 1]]})
    with pytest.raises(Refused, match="already in the posted state"):
        odoo.call("/json/2/account.move/create", {"vals_list": [
            {"move_type": "entry", "state": "posted",
             "journal_id": odoo.id("account.journal", "MISC", "code")}]})
    assert json.loads(json.dumps(odoo.call(
        "/json/2/res.company/search_read", {})))[0]["currency_id"][1] == "INR"
