"""bahid and a real Tryton: what it books is what the ledger says, whatever
happens in between."""
import decimal

import pytest

from firm import reference, wait_until
from house import database, sale
from proxy import Proxy
from tryton import KINDS, Tryton, setup


CENTRE = {"6100": {"cost_centre": "MUM-RETAIL"}}    # what it wants


@pytest.fixture(params=KINDS)
def tryton(request):
    one = Tryton(request.param).start().login()
    yield one
    one.close()


@pytest.fixture
def sqlite():
    one = Tryton("sqlite").start().login()
    yield one
    one.close()


def is_call(name):
    return lambda request: ("model.%s" % name).encode() in request.body


def rows(firm, *columns, where="1"):
    with database(firm.home / "bahi.db") as db:
        return db.execute("SELECT %s FROM outbox WHERE %s ORDER BY journal"
                          % (", ".join(columns), where)).fetchall()


def states(firm):
    return [state for state, in rows(firm, "state")]


def commit(firm, one, **settings):
    one.conf(firm.targets, **dict({"backoff": 1, "pause": 1}, **settings))
    return firm.start()


def until_over(firm, n, seconds=60):
    """All n are done, or for a person to see to."""
    over = {"done", "failed", "dead"}
    wait_until(lambda: sum(state in over for state in states(firm)) == n,
               seconds=seconds)


def sell(firm, *numbers, **more):
    for n in numbers:
        answer = firm.post("pos", sale("S%d" % n, "%d.%02d" % (
            118 + n, n % 100), **more), "msg_%d" % n)
        assert answer.status == 201, answer.body


def voucher(firm, number, *lines, date="2026-10-31", expect=201):
    """Lines (account, party, debit, credit)."""
    answer = firm.api("POST", "/v1/events", {
        "entity": "IN01", "number": number, "date": date, "currency": "INR",
        "memo": "\u0939\u093f\u0928\u094d\u0926\u0940 & <b> %s" % number,
        "lines": [dict({k: v for k, v in zip(("account", "party", "debit",
                                              "credit"), line) if v},
                       **CENTRE.get(line[0], {})) for line in lines]}, {
        "Content-Type": "application/json", "ce-specversion": "1.0",
        "ce-id": number, "ce-source": "/tests",
        "ce-type": "in.bahi.journal_voucher"})
    assert answer.status == expect, answer.body


def trial_balance(firm):
    """Of IN01, by account, what is not 0; in rupees, whatever was traded."""
    out = {}
    for one in firm.get("/v1/trial-balance?entity=IN01")["items"]:
        out[one["account"]] = out.get(one["account"], 0) + decimal.Decimal(
            one["base_balance"])
    return {account: amount for account, amount in out.items() if amount}


def same_books(firm, one):
    """To the paisa, and each journal once, none of them a draft."""
    theirs = {code: decimal.Decimal(text).quantize(decimal.Decimal("0.01"))
              for code, text in one.balances().items()
              if decimal.Decimal(text)}
    assert theirs == trial_balance(firm)
    moves = one.moves()
    assert {state for _, state, _ in moves} <= {"posted"}
    assert sorted(text.split(" ")[0] for _, _, text in moves) == [
        reference(journal) for journal, in rows(firm, "journal",
                                                where="state = 'done'")]


def test_the_trial_balance_is_the_same_to_the_paisa(firm, tryton):
    protocol = "json" if tryton.kind == "sqlite" else "xml"
    commit(firm, tryton, protocol=protocol)
    sell(firm, *range(40))
    voucher(firm, "V1", ("1100", "WALKIN", "99999999.99", None),
            ("4000", None, None, "99999999.99"))
    voucher(firm, "V2", ("6100", None, "0.01", None),
            ("2000", "cust_987", None, "0.01"))
    until_over(firm, 42)
    assert states(firm) == ["done"] * 42
    same_books(firm, tryton)
    assert all(len(sent) == 64 and len(held) == 64 and number and version
               for sent, held, number, version in rows(
                   firm, "sent", "held", "remote_number", "remote_version"))
    firm.stop()
    firm.prove()


def test_one_that_is_refused_does_not_keep_its_batch_back(firm, sqlite):
    t = sqlite.client
    at = t.make("account.journal.period", journal=t.find(
        "account.journal", ["code", "=", "BAHI"]), period=t.find(
            "account.period", ["start_date", "=", setup.day("2026-11-01")]))
    t.model("account.journal.period", "close", [at])
    commit(firm, sqlite)
    for n in range(12):
        voucher(firm, "V%d" % n, ("6100", None, "10.0%d" % (n % 10), None),
                ("1000", None, None, "10.0%d" % (n % 10)),
                date="2026-11-20" if n in (3, 7) else "2026-10-31")
    voucher(firm, "W", ("1100", "cust_987", "5.00", None),
            ("4000", None, None, "5.00"))
    until_over(firm, 13)
    refused = rows(firm, "refusal", "cause", "words",
                   where="state = 'failed'")
    assert [(r, c) for r, c, _ in refused] == [
        ("period", refused[0][1])] * 2
    assert "closed journal-period" in refused[0][2]
    assert states(firm).count("done") == 11
    assert {state for _, state, _ in sqlite.moves()} == {"posted"}
    assert len(sqlite.moves()) == 11


def test_what_tryton_does_not_know_has_one_cause_each(firm, sqlite):
    t = sqlite.client
    t.model("account.account", "write", [t.find(
        "account.account", ["code", "=", "6100"])], {"code": "6100-old"})
    t.model("party.party", "write", [t.find(
        "party.party", ["code", "=", "cust_987"])], {"code": "gone"})
    commit(firm, sqlite)
    for n in range(3):
        voucher(firm, "A%d" % n, ("6100", None, "1.00", None),
                ("1000", None, None, "1.00"))
        voucher(firm, "P%d" % n, ("1100", "cust_987", "1.00", None),
                ("4000", None, None, "1.00"))
    voucher(firm, "G", ("1000", None, "1.00", None),
            ("4000", None, None, "1.00"))
    until_over(firm, 7)
    assert states(firm).count("done") == 1
    causes = {cause for cause, in rows(firm, "cause",
                                       where="state = 'failed'")}
    assert causes == {
        'mapping: account "6100": Tryton has no such account',
        'mapping: party "cust_987": Tryton has no such party, Arjun Apte'}


def left_as_draft(firm, one, n=1):
    """The daemon is killed between making the drafts and booking them."""
    with Proxy(one.port) as proxy:
        proxy.plan("hang", 1, when=is_call("account.move.post"))
        commit(firm, one, url=proxy.url)
        sell(firm, *range(n))
        wait_until(lambda: any(state == "draft"
                               for _, state, _ in one.moves()), seconds=60)
        firm.kill()
    drafts = one.moves()
    assert drafts and {state for _, state, _ in drafts} == {"draft"}
    return drafts


def test_a_draft_that_a_crash_left_is_found_and_booked(firm, tryton):
    drafts = left_as_draft(firm, tryton, 3)
    commit(firm, tryton)
    until_over(firm, 3)
    assert states(firm) == ["done"] * 3
    assert {move for move, _, _ in drafts} <= {
        move for move, _, _ in tryton.moves()}
    same_books(firm, tryton)


def test_what_is_booked_of_drafts_is_within_the_rate(firm, sqlite):
    """What a crash left is no more than what goes anew."""
    post, n = is_call("account.move.post"), 8
    firm.start()
    sell(firm, *range(n))
    firm.stop()
    with Proxy(sqlite.port) as proxy:
        proxy.plan("hang", 1, when=post)
        commit(firm, sqlite, url=proxy.url)
        wait_until(lambda: len(sqlite.moves()) == n, seconds=60)
        firm.kill()
    with Proxy(sqlite.port) as proxy:
        proxy.counts = lambda request: int(post(request))
        commit(firm, sqlite, url=proxy.url, rate=2)
        until_over(firm, n)
        assert len(proxy.ticks) == n and proxy.most_in_a_second() <= 2
    assert states(firm) == ["done"] * n
    same_books(firm, sqlite)


def test_a_draft_that_somebody_changed_meanwhile_is_a_conflict(firm, sqlite):
    (move, _, _), = left_as_draft(firm, sqlite)
    sqlite.client.model("account.move", "write", [move],
                        {"date": setup.day("2026-10-06")})
    commit(firm, sqlite)
    until_over(firm, 1)
    (state, refusal, words, remote), = rows(firm, "state", "refusal", "words",
                                            "remote")
    assert (state, refusal) == ("failed", "conflict")
    assert "somebody changed it" in words
    assert [state for _, state, _ in sqlite.moves()] == ["draft"]


def test_a_change_between_asking_and_booking_is_a_conflict(firm):
    """What Tryton itself calls ConcurrencyException."""
    one = Tryton("postgresql").start().login()
    try:
        (move, _, _), = left_as_draft(firm, one)

        def meddle(request):
            if is_call("account.move.post")(request) and not done:
                done.append(one.client.model(
                    "account.move", "write", [move],
                    {"journal": one.client.find("account.journal",
                                                ["code", "=", "REV"])}))
            return False
        done = []
        with Proxy(one.port) as proxy:
            proxy.plan("drop", 1, when=meddle)
            commit(firm, one, url=proxy.url)
            until_over(firm, 1)
            (state, refusal, words), = rows(firm, "state", "refusal",
                                            "words")
            assert done and (state, refusal) == ("failed", "conflict")
            assert "modified in the meanwhile" in words
            firm.stop()
    finally:
        one.close()


def test_tryton_away_costs_nothing_but_time(firm, sqlite):
    sqlite.kill()
    commit(firm, sqlite, failures=2)
    sell(firm, *range(5))
    wait_until(lambda: firm_row(firm)[0] == "open")
    assert "done" not in states(firm)
    sqlite.start()
    until_over(firm, 5)
    assert states(firm) == ["done"] * 5
    same_books(firm, sqlite.login())


def firm_row(firm):
    with database(firm.home / "bahi.db") as db:
        return (db.execute("SELECT breaker, why FROM target").fetchall() or
                [("", "")])[0]


def test_a_wrong_password_waits_for_a_better_one(firm, sqlite):
    sqlite.conf(firm.targets, backoff=1, pause=1, failures=2)
    (firm.targets / "tryton.secret").write_text("wrong\n")
    firm.start()
    sell(firm, 1)
    wait_until(lambda: "user or password" in firm_row(firm)[1])
    sqlite.conf(firm.targets, backoff=1, pause=1)
    until_over(firm, 1)
    assert states(firm) == ["done"]
