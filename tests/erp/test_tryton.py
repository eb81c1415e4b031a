"""The adapter `tryton` by its driver, against a real Tryton: both protocols,
SQLite and PostgreSQL."""
import hashlib
import json
import time

import pytest

from firm import driver, posting, reference
from proxy import Proxy
from tryton import COMPANY, KINDS, Tryton, setup

PROTOCOLS = ("json", "xml")
servers = {}


@pytest.fixture(scope="module", autouse=True)
def no_server_left():
    yield
    for one in servers.values():
        one.close()
    servers.clear()


def server(kind):
    """One a module: the tests use references of their own."""
    if kind not in servers:
        servers[kind] = Tryton(kind).start().login()
    return servers[kind]


@pytest.fixture(params=KINDS)
def each(request):
    return server(request.param)


@pytest.fixture(params=[("sqlite", "xml"), ("postgresql", "json")],
                ids="-".join)
def both(request):
    """Each database and each protocol, once."""
    return server(request.param[0]), request.param[1]


@pytest.fixture
def tryton():
    return server("sqlite")


@pytest.fixture
def postgres():
    return server("postgresql")


numbers = iter(range(1, 10**6))


def bill(*lines, **members):
    """A posting with a number of its own."""
    return posting(next(numbers), *lines, entity="IN01",
                   **dict({"book": "BAHI", "kind": "sales_invoice"},
                          **members))


def ask(one, folder, postings, act, *args, proxy=None, **settings):
    if proxy is not None:
        settings["url"] = proxy.url
    one.conf(folder, **settings)
    return driver(folder, "tryton", postings, act, *args)


def send(one, folder, postings, **how):
    said = ask(one, folder, postings, "send",
               *[p["journal"] for p in postings], **how)
    return said["verdicts"] if "verdicts" in said else said


def find(one, folder, postings, **how):
    return ask(one, folder, postings, "find",
               *[p["journal"] for p in postings], **how)["found"]


def states(one, postings):
    """Of all moves of these: nothing may be there twice."""
    return [state for p in postings for _, state, _ in
            one.moves(reference(int(p["journal"])) + " %")]


def verdicts(said):
    return [(v["verdict"], v["refusal"]) for v in said]


def is_call(name):
    return lambda request: ("model.%s" % name).encode() in request.body


# ---- can it work


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_check(each, tmp_path, protocol):
    assert ask(each, tmp_path, None, "check", protocol=protocol) == {
        "product": "Tryton 6.0.29", "company": COMPANY, "currency": "INR",
        "faults": []}


@pytest.mark.parametrize("settings, code, part", [
    ({"user": "nobody"}, "auth.refused", "user or password"),
    ({"database": "none"}, "daemon.unreachable", ""),
    ({"company": "None Ltd"}, "config", "no company None Ltd"),
])
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_what_keeps_it_from_working(tryton, tmp_path, protocol, settings,
                                    code, part):
    said = ask(tryton, tmp_path, None, "check", protocol=protocol, **settings)
    assert part in said["error"]["why"], said
    assert said["error"]["code"] == code


def test_faults_of_the_books(tryton, tmp_path):
    t = tryton.client
    period = t.find("account.period", ["start_date", "<=", day_of_today()],
                    ["end_date", ">=", day_of_today()])
    twice = [t.make("account.account", name="Again", code="4777",
                    company=t.context["company"], type=setup.SetUp(
                        t, True).type_of("income")) for _ in range(2)]
    t.model("account.period", "close", [period])
    try:
        said = ask(tryton, tmp_path, None, "check", book="NONE")
        assert [(f["refusal"], f["field"], f["value"])
                for f in said["faults"]] == [
            ("mapping", "book", "NONE"),
            ("period", "period", today()),
            ("mapping", "account", "4777")]
        refused = send(tryton, tmp_path, [bill(("4777", "1.00"),
                                               ("4000", "-1.00"))])
        assert "two accounts" in refused[0]["words"]
    finally:
        t.model("account.period", "reopen", [period])
        t.model("account.account", "delete", twice)


def today():
    """In India, whose day the daemon goes by."""
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + 330 * 60))


def day_of_today():
    return setup.day(today())


# ---- what is booked


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_batch_is_booked_and_read_back(each, tmp_path, protocol):
    postings = [
        bill(("1100", "118.00", "WALKIN"), ("4000", "-100.00"),
             ("2300", "-18.00")),
        bill(("1000", "0.01"), ("4000", "-0.01")),
        bill(("1000", "9999999999999.99"), ("4000", "-9999999999999.99")),
    ]
    postings[0]["lines"][1]["memo"] = "a <b> & \u0915\u092e\u0940\u091c\t\u20b9"
    postings[0]["narration"] = reference(int(
        postings[0]["journal"])) + " sale \u0939\u093f <&> \"x\""
    said = send(each, tmp_path, postings, protocol=protocol)
    assert verdicts(said) == [("done", "")] * 3, said
    assert states(each, postings) == ["posted"] * 3
    assert len({v["remote"] for v in said}) == 3
    assert len({v["number"] for v in said}) == 3
    assert len({v["sent"] for v in said}) == 3
    there = find(each, tmp_path, postings, protocol=protocol)
    assert [(t["reference"], t["remote"], t["number"], t["version"],
             t["state"], t["held"]) for t in there] == [
        (v["reference"], v["remote"], v["number"], v["version"], "booked",
         v["held"]) for v in said]
    assert there[0]["narration"] == postings[0]["narration"]
    assert said[0]["held"] == hashlib.sha256(
        b"2026-10-05\n1100\tWALKIN\t11800\n2300\t\t-1800\n4000\t\t-10000\n"
        ).hexdigest()
    assert {(line["account"], line["party"], line["minor"])
            for line in there[0]["lines"]} == {
        ("1100", "WALKIN", 11800), ("4000", "", -10000),
        ("2300", "", -1800)}
    memo = each.sql("SELECT l.description FROM account_move_line l WHERE "
                    "l.move = ? AND l.description IS NOT NULL",
                    int(said[0]["remote"]))
    assert memo == [("a <b> & \u0915\u092e\u0940\u091c \u20b9",)]
    assert {line["minor"] for line in there[2]["lines"]} == {
        999999999999999, -999999999999999}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_letters_that_no_xml_may_have(tryton, tmp_path, protocol):
    """One of them does not keep back the batch that it is in."""
    postings = [bill(), bill()]
    postings[0]["narration"] = reference(
        int(postings[0]["journal"])) + " a\uffff b\ufffe c\ufffd"
    postings[0]["lines"][0]["memo"] = "x\uffff"
    said = send(tryton, tmp_path, postings, protocol=protocol)
    assert verdicts(said) == [("done", "")] * 2, said
    assert states(tryton, postings) == ["posted"] * 2


def test_both_protocols_say_the_same(tryton, tmp_path):
    one = bill(("1100", "5.00", "WALKIN"), ("4000", "-5.00"))
    send(tryton, tmp_path, [one])
    by = [find(tryton, tmp_path, [one], protocol=p) for p in PROTOCOLS]
    assert by[0] == by[1] and len(by[0]) == 1
    by = [ask(tryton, tmp_path, None, "balances", "2026-10-31", protocol=p)
          for p in PROTOCOLS]
    assert by[0] == by[1] and by[0]["balances"]


def test_foreign_money_goes_along_with_three_decimals_too(each, tmp_path):
    t = each.client
    t.make("currency.currency", name="Kuwaiti dinar", code="KWD",
           symbol="KD", digits=3, rounding=setup.decimal("0.001"))
    one = bill(("1000", "272.55"), ("4000", "-272.55"))
    one["lines"][0].update(currency="KWD", foreign="1.001")
    one["lines"][1].update(currency="KWD", foreign="-1.001")
    said = send(each, tmp_path, [one])
    assert verdicts(said) == [("done", "")], said
    assert [str(float(amount)) for amount, in each.sql(
        "SELECT amount_second_currency FROM account_move_line WHERE move = ? "
        "ORDER BY debit DESC", int(said[0]["remote"]))] == ["1.001", "-1.001"]
    one = bill()
    for line in one["lines"]:
        line.update(currency="OMR", foreign=line["amount"] + "0")
    said = send(each, tmp_path, [one])
    assert verdicts(said) == [("refused", "mapping")]
    assert said[0]["words"] == "currency \"OMR\": Tryton has no such currency"


def test_a_party_where_the_account_takes_none_stays_out(tryton, tmp_path):
    one = bill(("1000", "7.00", "WALKIN"), ("4000", "-7.00"))
    assert verdicts(send(tryton, tmp_path, [one])) == [("done", "")]
    assert {line["party"] for line in find(tryton, tmp_path, [one])[0][
        "lines"]} == {""}


def test_a_party_for_those_that_have_none(tryton, tmp_path):
    one = bill(("1100", "8.00"), ("4000", "-8.00"))
    said = send(tryton, tmp_path, [one], party="WALKIN")
    assert verdicts(said) == [("done", "")]
    assert {line["party"] for line in find(tryton, tmp_path, [one])[0][
        "lines"]} == {"", "WALKIN"}
    there = draft(tryton, tmp_path, two := bill(*[
        (line["account"], line["amount"]) for line in one["lines"]]),
        party="WALKIN")
    said = ask(tryton, tmp_path, [two], "finish", two["journal"],
               there["remote"], there["version"], party="WALKIN")
    assert verdicts(said["verdicts"]) == [("done", "")]


# ---- what is not


def test_what_it_does_not_know_is_refused_and_the_rest_goes(both, tmp_path):
    each, protocol = both
    postings = [
        bill(),
        bill(("1100", "1.00", "C-404"), ("4000", "-1.00")),
        bill(("1100", "1.00"), ("4000", "-1.00")),
        bill(("8888", "1.00"), ("4000", "-1.00")),
        bill(date="2031-01-01"),
        bill(book="XYZ"),
        bill(book=""),
        bill(currency="USD"),
        bill(),
    ]
    postings[1]["lines"][0]["party_name"] = "Nobody & Sons"
    said = send(each, tmp_path, postings, protocol=protocol)
    assert verdicts(said) == [("done", "")] + [("refused", "mapping")] * 3 + [
        ("refused", "period")] + [("refused", "mapping")] * 3 + [("done", "")]
    assert [v["words"] for v in said[1:8]] == [
        "party \"C-404\": Tryton has no such party, Nobody & Sons",
        "account \"1100\": it wants a party there, and this entry has none",
        "account \"8888\": Tryton has no such account",
        "Tryton has no period for 2031-01-01",
        "book \"XYZ\": Tryton has no such journal",
        "book: no journal is named, by a mapping or the setting",
        "currency \"USD\": the company's books are in INR"]
    assert states(each, postings) == ["posted"] * 2


def test_one_refused_takes_its_batch_back_and_nothing_stays(both, tmp_path):
    """Out of balance: that, Tryton says only when it is to be booked."""
    each, protocol = both
    postings = [bill(), bill(("1000", "2.00"), ("4000", "-1.00")), bill()]
    said = send(each, tmp_path, postings, protocol=protocol)
    assert verdicts(said) == [("together", "data")] * 3
    assert states(each, postings) == []
    said = send(each, tmp_path, postings[1:2], protocol=protocol)
    assert verdicts(said) == [("refused", "data")]
    assert "you must balance all its lines" in said[0]["words"]
    assert states(each, postings) == []


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_journal_closed_for_the_month_is_the_period(tryton, tmp_path,
                                                      protocol):
    """What no list of ours shows: it is refused as the draft is made."""
    t = tryton.client
    day = "2026-0%d-05" % (7 + PROTOCOLS.index(protocol))
    assert verdicts(send(tryton, tmp_path, [bill(date=day)])) == [
        ("done", "")]
    at = t.find("account.journal.period", ["journal.code", "=", "BAHI"],
                ["period.start_date", "=", setup.day(day[:-2] + "01")])
    t.model("account.journal.period", "close", [at])
    postings = [bill(date=day), bill()]
    said = send(tryton, tmp_path, postings, protocol=protocol)
    assert verdicts(said) == [("together", "period")] * 2
    said = send(tryton, tmp_path, postings[:1], protocol=protocol)
    assert verdicts(said) == [("refused", "period")]
    assert "closed journal-period" in said[0]["words"]
    assert states(tryton, postings) == []


def test_a_closed_period_is_refused_without_asking(tryton, tmp_path):
    t = tryton.client
    period = t.find("account.period", ["start_date", "=",
                                       setup.day("2027-03-01")])
    t.model("account.period", "close", [period])
    said = send(tryton, tmp_path, [bill(date="2027-03-05")])
    assert verdicts(said) == [("refused", "period")]
    assert said[0]["words"] == "the period of 2027-03-05 is closed in Tryton"


def user_of(one, *groups):
    """A user of the company in these groups of module account."""
    t = one.client
    name = "user%d" % next(numbers)
    ids = [t.find("res.group", ["name", "=", group]) for group in groups]
    t.make("res.user", name=name, login=name, password="fjord-42-Quilt-9",
           groups=[["add", ids]], companies=[["add", [t.context["company"]]]],
           company=t.context["company"])
    return name


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_rights_are_said_and_what_they_leave_is_told(tryton, tmp_path,
                                                     protocol):
    def as_user(name, postings, act="send"):
        tryton.conf(tmp_path, user=name, protocol=protocol)
        (tmp_path / "tryton.secret").write_text("fjord-42-Quilt-9\n")
        return driver(tmp_path, "tryton", postings, act,
                      *[p["journal"] for p in postings or []])
    name = user_of(tryton, "Party Administration")
    said = as_user(name, [bill()])
    assert "error" in said or verdicts(said["verdicts"]) == [
        ("refused", "rights")], said
    # May make and book, but not delete: a refused draft stays, and is said.
    name = user_of(tryton, "Account")
    faults = as_user(name, None, "check")["faults"]
    assert [f["refusal"] for f in faults] == ["rights"], faults
    wrong = [bill(("1000", "2.00"), ("4000", "-1.00"))]
    said = as_user(name, wrong)["verdicts"]
    assert verdicts(said) == [("refused", "data")]
    assert "our user may not delete it" in said[0]["words"]
    assert states(tryton, wrong) == ["draft"]
    good = [bill()]
    assert verdicts(as_user(name, good)["verdicts"]) == [("done", "")]
    # What the set-up says that a user needs: nothing is amiss.
    name = user_of(tryton, "Account", "Account Administration")
    assert as_user(name, None, "check")["faults"] == []
    again = [bill(("1100", "1.00", "WALKIN"), ("4000", "-1.00")),
             bill(("1000", "2.00"), ("4000", "-1.00"))]
    for one, said in zip(again, ("done", "refused")):
        assert as_user(name, [one])["verdicts"][0]["verdict"] == said
    assert states(tryton, again) == ["posted"]
    for move, _, _ in tryton.moves(reference(int(wrong[0]["journal"])) +
                                   " %"):
        tryton.client.model("account.move", "delete", [move])


# ---- what nobody knows


def test_an_answer_lost_after_the_drafts_were_made(both, tmp_path):
    each, protocol = both
    postings = [bill(), bill(("1100", "3.00", "WALKIN"), ("4000", "-3.00"))]
    with Proxy(each.port) as proxy:
        proxy.plan("drop", 1, when=is_call("account.move.create"))
        said = ask(each, tmp_path, postings, "send",
                   *[p["journal"] for p in postings], proxy=proxy,
                   protocol=protocol)
    assert [v["verdict"] for v in said["verdicts"]] == ["unknown"] * 2, said
    assert states(each, postings) == ["draft"] * 2
    there = find(each, tmp_path, postings, protocol=protocol)
    assert [t["state"] for t in there] == ["draft"] * 2
    for p, t in zip(postings, there):
        for _ in range(2):      # a second time it is booked already
            said = ask(each, tmp_path, postings, "finish", p["journal"],
                       t["remote"], t["version"], protocol=protocol)
            assert said["verdicts"][0]["verdict"] == "done", said
    assert states(each, postings) == ["posted"] * 2


def test_an_answer_lost_after_it_was_booked(each, tmp_path):
    postings = [bill(), bill()]
    with Proxy(each.port) as proxy:
        proxy.plan("drop", 1, when=is_call("account.move.post"))
        said = ask(each, tmp_path, postings, "send",
                   *[p["journal"] for p in postings], proxy=proxy)
    assert [v["verdict"] for v in said["verdicts"]] == ["unknown"] * 2
    assert all(v["remote"] for v in said["verdicts"])
    assert [t["state"] for t in find(each, tmp_path, postings)] == [
        "booked"] * 2


def test_an_answer_lost_after_the_booking_still_counts_as_booked(tryton,
                                                                  tmp_path):
    """Only the reading back fails: it is booked, and its number comes with
    the next look."""
    one = bill()
    with Proxy(tryton.port) as proxy:
        proxy.plan("drop", 1, when=lambda request:
                   is_call("account.move.search_read")(request))
        said = ask(tryton, tmp_path, [one], "send", one["journal"],
                   proxy=proxy)
    assert verdicts(said["verdicts"]) == [("done", "")]
    assert said["verdicts"][0]["remote"] and not said["verdicts"][0]["number"]
    assert states(tryton, [one]) == ["posted"]


def test_said_to_be_booked_and_a_draft_all_the_same(tryton, tmp_path):
    one = bill()
    with Proxy(tryton.port) as proxy:
        proxy.plan("status", 1, status=200, body=b'{"id":1,"result":null}',
                   when=is_call("account.move.post"))
        said = ask(tryton, tmp_path, [one], "send", one["journal"],
                   proxy=proxy)
    assert verdicts(said["verdicts"]) == [("unknown", "")], said
    assert states(tryton, [one]) == ["draft"]


@pytest.mark.parametrize("how, verdict, refusal", [
    (dict(how="reset"), "unknown", "connection"),
    (dict(how="status", status=503), "unknown", "connection"),
    (dict(how="status", status=429, retry_after="7"), "away", "rate"),
    (dict(how="status", status=404), "away", "connection"),
    (dict(how="status", status=408), "unknown", "connection"),
    (dict(how="status", status=302), "unknown", "connection"),
    (dict(how="status", status=200, body=b"<html>"), "unknown",
     "connection"),
])
def test_what_stands_between(tryton, tmp_path, how, verdict, refusal):
    one = bill()
    how = dict(how)
    with Proxy(tryton.port) as proxy:
        proxy.plan(how.pop("how"), 1, when=is_call("account.move.create"),
                   **how)
        said = ask(tryton, tmp_path, [one], "send", one["journal"],
                   proxy=proxy)
    assert verdicts(said["verdicts"]) == [(verdict, refusal)], said
    assert said["verdicts"][0]["wait"] == (
        7000000 if refusal == "rate" else -1)
    assert "error" in said and states(tryton, [one]) == []


def test_away(tmp_path, tryton):
    one = bill()
    with Proxy(tryton.port) as proxy:
        pass                    # nobody listens there any more
    said = ask(tryton, tmp_path, [one], "send", one["journal"], proxy=proxy)
    assert verdicts(said["verdicts"]) == [("away", "connection")], said


@pytest.mark.parametrize("call", ["account.move.create", "account.move.post"])
def test_an_expired_session_is_renewed(both, tmp_path, call):
    each, protocol = both
    one = bill()

    def expire(request):
        if is_call(call)(request) and not expired:
            expired.append(each.sql("DELETE FROM ir_session"))
        return False
    expired = []
    with Proxy(each.port) as proxy:
        proxy.plan("drop", 1, when=expire)
        said = send(each, tmp_path, [one], proxy=proxy, protocol=protocol)
    assert expired and verdicts(said) == [("done", "")], said
    assert states(each, [one]) == ["posted"]
    each.client.login()


def test_an_old_session_is_not_fresh_enough_to_book(tryton, tmp_path):
    one = bill()

    def age(request):
        if is_call("account.move.post")(request) and not aged:
            aged.append(tryton.sql(
                "UPDATE ir_session SET create_date = '2020-01-01 00:00:00', "
                "write_date = '2020-01-01 00:00:00'"))
        return False
    aged = []
    with Proxy(tryton.port) as proxy:
        proxy.plan("drop", 1, when=age)
        said = send(tryton, tmp_path, [one], proxy=proxy)
    assert aged and verdicts(said) == [("done", "")], said
    assert states(tryton, [one]) == ["posted"]
    tryton.client.login()


# ---- somebody else


def draft(one, folder, p, **settings):
    """Of ours, as a crash leaves it: the row of find."""
    with Proxy(one.port) as proxy:
        proxy.plan("drop", 1, when=is_call("account.move.create"))
        ask(one, folder, [p], "send", p["journal"], proxy=proxy, **settings)
    there = find(one, folder, [p])
    assert [t["state"] for t in there] == ["draft"]
    return there[0]


def test_a_draft_that_somebody_changed_is_a_conflict(both, tmp_path):
    each, protocol = both
    p = bill()
    there = draft(each, tmp_path, p)
    each.client.model("account.move", "write", [int(there["remote"])],
                      {"date": setup.day("2026-10-06")})
    now = find(each, tmp_path, [p])[0]
    said = ask(each, tmp_path, [p], "finish", p["journal"], now["remote"],
               now["version"], protocol=protocol)
    assert verdicts(said["verdicts"]) == [("conflict", "conflict")]
    assert states(each, [p]) == ["draft"]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_stale_version_is_a_conflict(postgres, tmp_path, protocol):
    """Microseconds there: SQLite has seconds only."""
    p = bill()
    there = draft(postgres, tmp_path, p)
    postgres.client.model("account.move", "write", [int(there["remote"])],
                          {"journal": postgres.client.find(
                              "account.journal", ["code", "=", "BAHI"])})
    said = ask(postgres, tmp_path, [p], "finish", p["journal"],
               there["remote"], there["version"], protocol=protocol)
    assert verdicts(said["verdicts"]) == [("conflict", "conflict")], said
    assert "modified in the meanwhile" in said["verdicts"][0]["words"]
    assert states(postgres, [p]) == ["draft"]
    now = find(postgres, tmp_path, [p])[0]
    said = ask(postgres, tmp_path, [p], "finish", p["journal"],
               now["remote"], now["version"])
    assert verdicts(said["verdicts"]) == [("done", "")]


def test_our_side_of_a_drift_while_it_is_a_draft(both, tmp_path):
    each, protocol = both
    p = bill(("1000", "40.00"), ("4000", "-40.00"))
    there = draft(each, tmp_path, p)
    each.client.model("account.move", "write", [int(there["remote"])],
                      {"date": setup.day("2026-10-06"),
                       "description": "overwritten"})
    now = each.client.model("account.move", "read", [int(there["remote"])],
                            ["_timestamp"])[0]["_timestamp"]
    if each.kind == "postgresql":
        stale = ask(each, tmp_path, [p], "restore", p["journal"],
                    there["remote"], there["version"], protocol=protocol)
        assert verdicts(stale["verdicts"]) == [("conflict", "conflict")]
    said = ask(each, tmp_path, [p], "restore", p["journal"],
               there["remote"], now, protocol=protocol)
    assert verdicts(said["verdicts"]) == [("done", "")], said
    found = find(each, tmp_path, [p])
    assert [(t["state"], t["date"], t["remote"]) for t in found] == [
        ("booked", "2026-10-05", there["remote"])]
    assert sorted(line["minor"] for line in found[0]["lines"]) == [
        -4000, 4000]
    # Once it is posted, Tryton lets nobody change it.
    said = ask(each, tmp_path, [p], "restore", p["journal"],
               there["remote"], found[0]["version"], protocol=protocol)
    assert said["verdicts"][0]["verdict"] in ("refused", "done")
    assert states(each, [p]) == ["posted"]


# ---- looking


def test_pages_of_what_is_booked_by_ours_and_others(both, tmp_path):
    each, protocol = both
    month = "2026-0%d" % (5 + PROTOCOLS.index(protocol))
    ours = [bill(date=month + "-%02d" % (1 + i % 20)) for i in range(120)]
    for at in (0, 60):
        said = send(each, tmp_path, ours[at:at + 60], protocol=protocol)
        assert verdicts(said) == [("done", "")] * 60
    t = each.client
    other = t.make("account.move", journal=t.find(
        "account.journal", ["code", "=", "REV"]), period=t.find(
            "account.period", ["start_date", "=", setup.day(month + "-01")]),
        date=setup.day(month + "-09"), description="bahi-something else")
    t.model("account.move", "write", [other], {"lines": [["create", [
        {"account": t.find("account.account", ["code", "=", code]),
         "debit": setup.decimal(debit), "credit": setup.decimal(credit)}
        for code, debit, credit in (("1000", "3.30", 0),
                                    ("4000", 0, "3.30"))]]]})
    t.model("account.move", "post", [other])
    said = ask(each, tmp_path, None, "list", month + "-01", month + "-31"
               if month.endswith("5") else month + "-30", protocol=protocol)
    assert said["pages"] == 2 and len(said["listed"]) == 121
    assert {one["reference"] for one in said["listed"]} == {
        reference(int(p["journal"])) for p in ours} | {""}
    stranger, = [one for one in said["listed"] if not one["reference"]]
    assert stranger["narration"] == "bahi-something else"
    assert stranger["changed_by"] == "Administrator"
    assert {line["minor"] for line in stranger["lines"]} == {330, -330}
    one_day = ask(each, tmp_path, None, "list", month + "-09", month + "-09",
                  protocol=protocol)
    assert len(one_day["listed"]) == 1 + sum(
        p["date"].endswith("-09") for p in ours)


def test_a_reference_is_found_with_its_own_letters_only(tryton, tmp_path):
    """`_` stands for any letter where Tryton searches."""
    n = next(numbers)
    p = posting(n, entity="I_01", book="BAHI")
    other = posting(n, entity="IX01", book="BAHI")
    assert verdicts(send(tryton, tmp_path, [other])) == [("done", "")]
    assert find(tryton, tmp_path, [p]) == []
    assert len(find(tryton, tmp_path, [other])) == 1


def test_a_doubled_one_is_said_twice(tryton, tmp_path):
    p = bill()
    for _ in range(2):
        assert verdicts(send(tryton, tmp_path, [p])) == [("done", "")]
    assert [t["reference"] for t in find(tryton, tmp_path, [p])] == [
        reference(int(p["journal"]))] * 2


def test_balances_are_those_of_its_own_trial_balance(each, tmp_path):
    send(each, tmp_path, [bill(("1000", "12.34"), ("4010", "-12.34"),
                               date="2026-11-01")])
    said = ask(each, tmp_path, None, "balances", "2027-03-31")["balances"]
    ours = {one["account"]: one["debit"] - one["credit"] for one in said}
    theirs = {code: round(float(text) * 100)
              for code, text in each.balances().items()}
    assert ours == {code: n for code, n in theirs.items() if n or code in
                    ours}
    assert sum(ours.values()) == 0 and ours["4010"] == -1234
    before = ask(each, tmp_path, None, "balances", "2026-10-31")["balances"]
    assert "4010" not in {one["account"] for one in before}


@pytest.mark.parametrize("protocol, body", [
    ("json", b'{"id":1,"result":["%s"]}' % (b"x" * (8 << 20))),
    ("xml", b"<methodResponse><params><param><value><array><data>%s</data>"
     b"</array></value></param></params></methodResponse>" %
     (b"<value/>" * (1 << 20)))], ids=PROTOCOLS)
def test_what_is_too_much_for_one_answer_is_asked_for_in_parts(
        tryton, tmp_path, protocol, body):
    postings = [bill(date="2026-09-%02d" % day) for day in (1, 2, 3)]
    send(tryton, tmp_path, postings)
    with Proxy(tryton.port) as proxy:
        for act in (["find"] + [reference(int(p["journal"]))
                                for p in postings],
                    ["list", "2026-09-01", "2026-09-03"]):
            proxy.plan("status", status=200, body=body,
                       when=is_call("account.move.search_read"))
            said = ask(tryton, tmp_path, None, *act, proxy=proxy,
                       protocol=protocol)
            assert {r["reference"] for r in said.get("found") or
                    said["listed"]} >= {reference(int(p["journal"]))
                                        for p in postings}, said
            assert proxy.left() == 0


def test_how_far_it_reaches(each, tmp_path):
    postings = [bill() for _ in range(3)]
    send(each, tmp_path, postings)
    assert ask(each, tmp_path, None, "reach", "bahi-IN01-")["reach"] == \
        reference(int(postings[-1]["journal"]))
    assert ask(each, tmp_path, None, "reach", "bahi-IN0-")["reach"] == ""


def test_who_may_not_look_is_told_so(tryton, tmp_path):
    with Proxy(tryton.port) as proxy:
        proxy.plan("status", 1, status=200, body=b'{"id":1,"error":["UserError"'
                   b',["You are not allowed to read Account Move.",""]]}',
                   when=is_call("account.move.search_read"))
        said = ask(tryton, tmp_path, None, "find", reference(1), proxy=proxy)
    assert said["error"]["code"] == "auth.forbidden", said
    assert "not allowed" in said["error"]["why"]


# ---- hostile answers


@pytest.mark.parametrize("protocol, body", [
    ("json", b'{"id":1,"result":' + b"[" * 40 + b"]" * 40 + b"}"),
    ("json", b'{"id":1,"result":"' + b"x" * (9 << 20) + b'"}'),
    ("json", b'{"id":1}'),
    ("json", b'{"id":1,"result":[{"id":1,"lines.":[{"debit":1e99}]}]}'),
    ("xml", b'<!DOCTYPE x [<!ENTITY a "b">]><methodResponse><params><param>'
            b"<value>&a;</value></param></params></methodResponse>"),
    ("xml", b"<methodResponse><params><param>" + b"<value><array><data>" * 40),
    ("xml", b"<methodResponse></methodResponse>"),
], ids=["deep", "large", "empty", "amount", "entity", "deep xml",
        "empty xml"])
def test_an_answer_that_is_none_leaves_it_unknown(tryton, tmp_path, protocol,
                                                  body):
    p = bill()
    with Proxy(tryton.port) as proxy:
        proxy.plan("status", 1, status=200, body=body,
                   when=is_call("account.move.create"))
        said = ask(tryton, tmp_path, [p], "send", p["journal"], proxy=proxy,
                   protocol=protocol)
    assert [v["verdict"] for v in said["verdicts"]] == ["unknown"]
    assert len(json.dumps(said)) < 4000


@pytest.mark.parametrize("protocol, body", [
    ("json", b'{"id":1,"result":null}'),
    ("json", b'{"id":1,"result":{}}'),
    ("json", b'{"id":1,"result":[{}]}'),
    ("xml", b"<methodResponse><params><param><value><nil/></value></param>"
            b"</params></methodResponse>"),
], ids=["null", "object", "empty row", "nil"])
def test_no_list_is_not_taken_for_none_found(tryton, tmp_path, protocol,
                                             body):
    """Else it would be sent again."""
    p = bill()
    assert verdicts(send(tryton, tmp_path, [p])) == [("done", "")]
    with Proxy(tryton.port) as proxy:
        proxy.plan("status", 1, status=200, body=body,
                   when=is_call("account.move.search_read"))
        said = ask(tryton, tmp_path, [p], "find", p["journal"], proxy=proxy,
                   protocol=protocol)
    assert said["error"]["code"] == "daemon.unreachable", said
    assert "found" not in said
