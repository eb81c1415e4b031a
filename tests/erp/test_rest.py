"""The adapter `rest` by its driver, against a double that is strict: what it
says to an ERP that only its rule knows, and what it makes of each answer."""
import json

import pytest

from firm import (RULE, driver, posting, reference, write_conf, write_rest,
                  write_secret)
from house import House, sale
from proxy import Proxy
from restd import Erp

ONE = [posting(7, number="INV/7")]


@pytest.fixture
def there(tmp_path, erp):
    """Its folder of targets, with the target `erp`."""
    write_rest(tmp_path, "erp", erp.url)
    return tmp_path


def send(folder, postings, *journals, act="send", name="erp"):
    said = driver(folder, name, postings, act,
                  *(journals or [one["journal"] for one in postings]))
    return said["verdicts"] if len(said["verdicts"]) > 1 else \
        said["verdicts"][0]


def change_rule(folder, name, *changes):
    text = RULE.read_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    (folder / "own.sql").write_text(text)
    conf = folder / (name + ".conf")
    conf.write_text("".join(
        "rule = own.sql\n" if line.startswith("rule") else line
        for line in conf.read_text().splitlines(True)))


def without(*names):
    """The shipped rule without these sections."""
    parts = RULE.read_text().split("-- name: ")
    return parts[0] + "".join("-- name: " + part for part in parts[1:]
                              if part.split("\n")[0] not in names)


# ---- what is booked


def test_booked(there, erp):
    said = send(there, ONE)
    assert said["verdict"] == "done" and said["refusal"] == ""
    assert (said["remote"], said["number"], said["version"]) == (
        "V1", "JV/26-27/000001", "1")
    voucher = erp.vouchers["V1"]
    assert voucher["reference"] == reference(7)
    assert voucher["narration"].startswith(reference(7) + " ")
    assert voucher["lines"] == [
        {"account": "1000", "party": "", "cost_centre": "",
         "debit": "118.00", "credit": "0.00"},
        {"account": "4000", "party": "", "cost_centre": "",
         "debit": "0.00", "credit": "118.00"}]
    assert len(said["sent"]) == 64


def test_digest_of_what_it_holds(there, erp):
    """Of the answer, of what is found and of what is listed: one digest, and
    it changes when somebody there changes an amount."""
    said = send(there, ONE)
    found = driver(there, "erp", ONE, "find", 7)["found"][0]
    assert found["held"] == said["held"] != ""
    lines = [dict(line) for line in erp.vouchers["V1"]["lines"]]
    lines[0]["debit"] = lines[1]["credit"] = "119.00"
    erp.change("V1", lines=lines)
    listed = driver(there, "erp", None, "list", "2026-10-01", "2026-10-31")
    assert listed["listed"][0]["held"] not in ("", said["held"])
    assert listed["listed"][0]["version"] == "2"
    assert listed["listed"][0]["changed_by"] == "anita"


def test_every_amount_exact(there, erp):
    """To the paisa at both ends of what a journal may be."""
    big = [posting(1, ("1000", "9999999999999.99"),
                   ("4000", "-9999999999999.98"), ("4010", "-0.01"))]
    assert send(there, big)["verdict"] == "done"
    assert erp.moved["1000"] == 999999999999999 and erp.moved["4010"] == -1
    trial = driver(there, "erp", None, "balances", "2026-10-31")["balances"]
    assert {one["account"]: (one["debit"], one["credit"]) for one in trial} \
        == {"1000": (999999999999999, 0), "4000": (0, 999999999999998),
            "4010": (0, 1)}


def test_other_letters(there, erp):
    text = 'क्षेत्र "A\\B" \t ₹5 \u202e'
    assert send(there, [posting(3, narration=text, number=text)])[
        "verdict"] == "done"
    assert erp.vouchers["V1"]["narration"] == text


def test_one_call_one_posting_each(there, erp):
    many = [posting(n) for n in range(1, 6)]
    assert [one["remote"] for one in send(there, many, act="each")] == \
        ["V1", "V2", "V3", "V4", "V5"]
    assert erp.connections == 1         # kept alive


def test_a_key_goes_with_each(there, erp):
    """Sent twice with the same bytes, an ERP that keeps keys books it once."""
    first, second = send(there, ONE), send(there, ONE)
    assert first["remote"] == second["remote"] == "V1"
    assert erp.count["replayed"] == 1 and len(erp.vouchers) == 1


# ---- what is refused


@pytest.mark.parametrize("one, refusal, words", [
    (posting(7, ("4711", "5.00"), ("4000", "-5.00")), "mapping",
     "account 4711 is not known"),
    (posting(7, date="2019-03-31"), "period",
     "the period of 2019-03-31 is closed"),
    (posting(7, ("1000", "5.00"), ("4000", "-4.00")), "data",
     "not balanced by 1.00"),
])
def test_refusals_have_a_class(there, erp, one, refusal, words):
    said = send(there, [one])
    assert (said["verdict"], said["refusal"], said["words"]) == (
        "refused", refusal, words)
    assert not erp.vouchers


def test_duplicate(tmp_path):
    with Erp(unique=1, keys=0) as erp:
        write_rest(tmp_path, "erp", erp.url)
        send(tmp_path, ONE)
        said = send(tmp_path, ONE)
        assert (said["verdict"], said["refusal"]) == ("refused", "duplicate")


def test_who_we_are(tmp_path, erp):
    write_rest(tmp_path, "erp", erp.url, secret="another")
    said = send(tmp_path, ONE)
    assert (said["verdict"], said["refusal"]) == ("refused", "rights")
    assert said["words"] == "the token is not known"


@pytest.mark.parametrize("login, header", [
    ("basic", "Basic YXJ1bjpyZXN0LXRva2Vu"), ("header", None)])
def test_other_logins(tmp_path, erp, login, header):
    erp.set["token"] = ""
    seen = []
    erp.trouble("delay", seconds=0, when=lambda r: seen.append(r.headers) or
                True)
    write_rest(tmp_path, "erp", erp.url, login=login, user="arun",
               login_header="X-Our-Key")
    assert send(tmp_path, ONE)["verdict"] == "done"
    if header:
        assert seen[0]["authorization"] == header
    else:
        assert seen[0]["x-our-key"] == "rest-token"
        assert "authorization" not in seen[0]


# ---- what is not known


@pytest.mark.parametrize("status, retry, verdict, refusal, wait", [
    (429, "7", "away", "rate", 7000000),
    (503, "2", "unknown", "connection", 2000000),
    (500, None, "unknown", "connection", -1),
    (502, None, "unknown", "connection", -1),
    (409, None, "unknown", "connection", -1),
    (302, None, "unknown", "connection", -1),
    (400, None, "refused", "data", -1),
    (403, None, "refused", "rights", -1),
    (412, None, "conflict", "conflict", -1),
])
def test_statuses(there, erp, status, retry, verdict, refusal, wait):
    erp.trouble("status", status=status, retry_after=retry,
                body=b"<p>so it\x1b[31m is</p>")
    said = send(there, ONE)
    assert (said["verdict"], said["refusal"], said["wait"]) == (
        verdict, refusal, wait)
    assert said["words"] == "<p>so it [31m is</p>"


@pytest.mark.parametrize("how, verdict", [
    ("drop", "unknown"), ("close", "unknown"), ("draft", "unknown")])
def test_no_answer(there, erp, how, verdict):
    erp.trouble(how)
    said = driver(there, "erp", ONE, "send", 7)
    assert said["error"]["code"] == "daemon.unreachable"
    assert said["verdicts"][0]["verdict"] == verdict
    found = driver(there, "erp", ONE, "find", 7)["found"]
    assert [one["state"] for one in found] == {
        "drop": ["booked"], "close": [], "draft": ["draft"]}[how]


def test_nobody_there(tmp_path):
    with Erp() as erp:
        write_rest(tmp_path, "erp", erp.url)
    said = driver(tmp_path, "erp", ONE, "send", 7)
    assert said["verdicts"][0]["verdict"] == "away"     # no byte left


def test_time_out(tmp_path, erp, proxy):
    write_rest(tmp_path, "erp", proxy.url, timeout=1)
    proxy.plan("hang")
    said = driver(tmp_path, "erp", ONE, "send", 7)
    assert said["verdicts"][0]["verdict"] == "unknown"


@pytest.mark.parametrize("action", ["drop", "cut", "reset_after"])
def test_lost_on_the_way(tmp_path, erp, proxy, action):
    write_rest(tmp_path, "erp", proxy.url)
    proxy.plan(action)
    said = driver(tmp_path, "erp", ONE, "send", 7)
    assert said["verdicts"][0]["verdict"] == "unknown"
    assert len(driver(tmp_path, "erp", ONE, "find", 7)["found"]) == 1


@pytest.mark.parametrize("body", [
    b"", b"{}", b"[]", b"null", b"OK", b"<html>ok</html>", b'{"id":""}',
    b'{"id":null}', b'{"id":"V9","reference":"bahi-IN01-000000000008"}',
    b'{"id":"V9","id":"V8"}', b'{"id":"V9"', b"\xff\xfe", b"[" * 4000,
    b'{"id":' + b"[" * 30 + b"]" * 30 + b"}",
    b'{"id":"V9","status":"draft"}'])
def test_good_only_when_it_says_so(there, erp, body):
    """200 with anything but our posting and its id is not a booking."""
    erp.trouble("body", body=body)
    assert send(there, ONE)["verdict"] == "unknown"


def test_too_much(there, erp):
    erp.trouble("body", body=b'{"id":"' + b"x" * (9 << 20) + b'"}')
    said = driver(there, "erp", ONE, "send", 7)
    assert said["error"]["code"] == "request.too_large"
    assert said["verdicts"][0]["verdict"] == "unknown"


def test_words_are_cut(there, erp):
    erp.trouble("status", status=422, body=json.dumps({"error": {
        "code": "x", "message": "₹" * 3000 + "\n\x07"}}).encode())
    said = send(there, ONE)
    assert said["verdict"] == "refused"
    assert 900 < len(said["words"].encode()) <= 1003
    assert set(said["words"]) == {"₹"}


# ---- asked what it has


def test_found(there, erp):
    many = [posting(n) for n in (1, 2, 3)]
    send(there, many, act="each")
    erp.keys.clear()
    send(there, many, 2)
    found = driver(there, "erp", many, "find", 1, 2,
                   reference(99))["found"]
    assert sorted(one["reference"] for one in found) == [
        reference(1), reference(2), reference(2)]
    assert found[0]["state"] == "booked" and found[0]["lined"]
    assert found[0]["date"] == "2026-10-05"


@pytest.mark.parametrize("body", [
    b'{"error": {"message": "busy"}}', b'{"items": {}}',
    b'{"data": []}'])
@pytest.mark.parametrize("what, args", [
    ("find", [7]), ("list", ["2026-10-01", "2026-10-31"]),
    ("balances", ["2026-10-31"])])
def test_no_list_is_not_an_empty_one(there, erp, what, args, body):
    """Answered with 200, and yet nothing was said."""
    erp.trouble("body", body=body, when=lambda r: r.method == "GET")
    said = driver(there, "erp", ONE, what, *args)
    assert "no list at $.items" in said["error"]["why"]


def test_without_a_body_it_may_have_come_all_the_same(there, erp):
    text = RULE.read_text()
    start = text.index("-- name: send")
    end = text.index("-- name: sent")
    rule = there / "bare.sql"
    rule.write_text(text[:start] + "-- name: send\nSELECT '/vouchers' AS path\n"
                    + text[end:])
    write_rest(there, "erp", erp.url, rule=rule)
    erp.trouble("close")
    assert send(there, ONE)["verdict"] == "unknown"


def reach(folder, series="bahi-IN01-"):
    return driver(folder, "erp", None, "reach", series)


def test_how_far_it_reaches(there, erp):
    assert reach(there)["reach"] == ""
    send(there, [posting(n) for n in (2, 112, 30)], act="each")
    assert reach(there)["reach"] == reference(112)
    assert reach(there, "bahi-IN02-")["reach"] == ""
    erp.trouble("body", when=lambda r: r.method == "GET",
                body=b'{"items": [{}]}')
    assert reach(there)["reach"] == "?"
    erp.trouble("body", when=lambda r: r.method == "GET", body=b"{}")
    assert "no list" in reach(there)["error"]["why"]
    change_rule(there, "erp", ("-- name: reached", "-- name: sought"))
    assert driver(there, "erp", None, "check", check=False).returncode == 1


def test_finds_that_do_not_ask(there, erp):
    """A server that passes over `reference` tells of others: that is no
    word, never "it is not there"."""
    send(there, ONE)
    change_rule(there, "erp", ("/vouchers?reference=' || url(:reference)",
                               "/vouchers?ref=' || url(:reference)"))
    said = driver(there, "erp", ONE, "find", reference(8))
    assert "told of others" in said["error"]["why"]
    assert driver(there, "erp", ONE, "find", 7)["found"]


@pytest.mark.parametrize("status", [404, 500, 401, 204])
def test_no_word_is_not_absent(there, erp, status):
    erp.trouble("status", status=status, when=lambda r: r.method == "GET")
    assert "error" in driver(there, "erp", ONE, "find", 7)


def test_absent_by_status(there, erp):
    """Only where the rule says so, 404 means that it is not there."""
    change_rule(there, "erp", (
        "SELECT '/vouchers?reference=' || url(:reference) AS path",
        "SELECT '/vouchers/' || url(:reference) AS path, 404 AS absent"))
    assert driver(there, "erp", ONE, "find", 7) == {"found": []}


def test_finished(there, erp):
    erp.trouble("draft")
    driver(there, "erp", ONE, "send", 7)
    draft = driver(there, "erp", ONE, "find", 7)["found"][0]
    done = driver(there, "erp", ONE, "finish", 7, draft["remote"],
                  draft["version"])["verdicts"][0]
    assert (done["verdict"], done["version"]) == ("done", "2")
    assert erp.moved["1000"] == 11800 and not erp.doubled()


def test_restored_only_as_it_was_seen(there, erp):
    said = send(there, ONE)
    lines = [dict(line) for line in erp.vouchers["V1"]["lines"]]
    lines[0]["debit"] = lines[1]["credit"] = "1.00"
    erp.change("V1", lines=lines)
    stale = driver(there, "erp", ONE, "restore", 7, "V1", "1")["verdicts"][0]
    assert (stale["verdict"], stale["refusal"]) == ("conflict", "conflict")
    assert stale["words"] == "V1 was changed by anita"
    assert erp.moved["1000"] == 100
    done = driver(there, "erp", ONE, "restore", 7, "V1", "2")["verdicts"][0]
    assert (done["verdict"], done["version"]) == ("done", "3")
    assert done["held"] == said["held"] and erp.moved["1000"] == 11800


def test_pages(tmp_path):
    with Erp(page=3) as erp:
        write_rest(tmp_path, "erp", erp.url)
        many = [posting(n, ("%d" % (1000 if n % 2 else 1100), "1.00"),
                        ("4000", "-1.00")) for n in range(1, 8)]
        send(tmp_path, many, act="each")
        said = driver(tmp_path, "erp", None, "list", "2026-10-01",
                      "2026-10-31")
        assert [one["remote"] for one in said["listed"]] == [
            "V%d" % n for n in range(1, 8)] and said["pages"] == 3
        erp.set["page"] = 1
        assert len(driver(tmp_path, "erp", None, "balances", "2026-10-31")[
            "balances"]) == 3


def test_pages_without_end(there, erp):
    erp.trouble("body", 50, body=b'{"items":[],"next":"1"}',
                when=lambda r: r.method == "GET")
    said = driver(there, "erp", None, "list", "2026-10-01", "2026-10-31")
    assert said["error"]["why"] == "the page after 1 is itself"


def test_checked(there, erp):
    said = driver(there, "erp", None, "check")
    assert said == {"product": "restd 1.0", "company": "House of tests",
                    "currency": "INR", "faults": []}
    assert not erp.vouchers
    erp.trouble("body", body=b"hello", when=lambda r: "reference" in r.query)
    assert "no JSON" in driver(there, "erp", None, "check")["error"]["why"]


def test_faults_of_a_check(there, erp):
    change_rule(there, "erp", (
        ":answer ->> '$.currency' AS currency\n",
        ":answer ->> '$.currency' AS currency,\n"
        "    'mapping' AS refusal, 'account' AS field, '1000' AS value,\n"
        "    'is no longer used' AS words\n"))
    assert driver(there, "erp", None, "check")["faults"] == [
        {"refusal": "mapping", "field": "account", "value": "1000",
         "words": "is no longer used"}]


# ---- what its rule cannot say


def test_without_find(there, erp):
    """It says so, each time and of itself: what became of one that was lost
    is then for a person."""
    (there / "own.sql").write_text(without("find", "found", "finish",
                                           "finished", "restore", "restored",
                                           "list", "listed", "balance",
                                           "balanced", "more", "check",
                                           "checked"))
    change = (there / "erp.conf").read_text().replace(str(RULE), "own.sql")
    (there / "erp.conf").write_text(change)
    assert send(there, ONE)["verdict"] == "done"
    for act, args in (("find", [7]), ("finish", [7, "V1", "1"]),
                      ("restore", [7, "V1", "1"]),
                      ("list", ["2026-10-01", "2026-10-31"]),
                      ("balances", ["2026-10-31"])):
        said = driver(there, "erp", ONE, act, *args)
        assert said["error"]["code"] == "decision.refused", act
    assert "cannot be asked" in driver(there, "erp", None, "check")["product"]


@pytest.mark.parametrize("old, new, why", [
    ("SELECT '/vouchers' AS path,", "SELECT 'http://b/' AS path,", "path"),
    ("SELECT '/vouchers' AS path,", "SELECT NULL AS path,", "path"),
    ("SELECT '/vouchers' AS path,", "SELECT '/a b' AS path,", "path"),
    ("SELECT '/vouchers' AS path,",
     "SELECT '/vouchers' AS path, 'TRACE' AS method,", "method"),
    ("SELECT '/vouchers' AS path,",
     "SELECT '/vouchers' AS path, 'GET' AS method,", "method"),
    ("SELECT '/vouchers' AS path,", "SELECT '/vouchers' AS path, "
     "json_object('Host', 'b') AS headers,", "headers"),
    ("SELECT '/vouchers' AS path,", "SELECT '/vouchers' AS path, "
     "json_object('Content-Digest', 'b') AS headers,", "headers"),
    ("SELECT '/vouchers' AS path,", "SELECT '/vouchers' AS path, "
     "json_object('X', 'a' || :posting) AS headers,", None),
    ("SELECT '/vouchers' AS path,", "SELECT '/vouchers' AS path, "
     "'[1]' AS headers,", "headers"),
    ("SELECT '/vouchers' AS path,", "SELECT 1.5 AS path,", "whole number"),
])
def test_requests_have_bounds(there, erp, old, new, why):
    """Nothing goes, and a person is told: it would be so the next time."""
    change_rule(there, "erp", (old, new))
    said = send(there, ONE)
    if why is None:
        assert said["verdict"] == "done"
        return
    assert (said["verdict"], said["refusal"]) == ("refused", "data")
    assert why in said["words"] and not erp.vouchers


@pytest.mark.parametrize("text, why", [
    ("SELECT 1", "no `-- name:` line"),
    ("-- name: send\nSELECT '/' AS path\n", "section sent is missing"),
    ("-- name: find\nSELECT '/' AS path\n-- name: found\nSELECT '' AS id\n",
     "section send is missing"),
    ("-- name: send\nSELECT '/' AS pat\n", "unknown column pat"),
    ("-- name: sned\nSELECT '/' AS path\n", "no section sned"),
    ("-- name: send\nSELECT '/' AS path; DELETE FROM x\n",
     "more than one statement"),
    ("-- name: send\nSELECT random() AS path\n", "not authorized"),
    ("-- name: send\nSELECT name AS path FROM sqlite_master\n",
     "prohibited"),
    ("-- name: send\nPRAGMA user_version = 5\n", "not authorized"),
    ("-- name: send\nSELECT '/' AS path\n-- name: send\nSELECT 1 AS path\n",
     "is there twice"),
])
def test_rules_that_are_none(tmp_path, erp, text, why):
    (tmp_path / "own.sql").write_text(text)
    write_rest(tmp_path, "erp", erp.url, rule="own.sql")
    said = driver(tmp_path, "erp", ONE, "send", 7, check=False)
    assert said.returncode == 1 and why in said.stderr, said.stderr
    assert "rule" in said.stderr and not erp.seen


def test_a_rule_that_runs_and_runs(there, erp):
    """It is stopped; what went stays unknown."""
    digits = "json_each('[1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0]')"
    long = "(SELECT count(*) FROM %s) = 1" % ", ".join(
        "%s d%d" % (digits, n) for n in range(7))
    change_rule(there, "erp", ("CASE WHEN :answer ->> '$.status' = 'draft'",
                               "CASE WHEN %s" % long))
    said = send(there, ONE)
    assert said["verdict"] == "unknown" and "more steps" in said["words"]


@pytest.mark.parametrize("line, why", [
    ("url = ftp://127.0.0.1/", "https only"),
    ("url = http://erp.example/", "https only"),
    ("url = http://a:b@127.0.0.1/", "without user and password"),
    ("currency = RUPEE", "currency"),
    ("rule =", "rule must be there"),
    ("login = kerberos", "login"),
    ("login_header = X Y", "login_header"),
])
def test_settings(tmp_path, erp, line, why):
    write_secret(tmp_path / "s", "x")
    settings = dict(kind="rest", url=erp.url, rule=RULE, secret="s")
    name, _, value = line.partition("=")
    settings[name.strip()] = value.strip()
    write_conf(tmp_path, "erp", **settings)
    said = driver(tmp_path, "erp", ONE, "send", 7, check=False)
    assert said.returncode == 1 and why in said.stderr, said.stderr


def test_never_to_another_host(tmp_path, erp):
    """A redirect is not followed with what books, and leads nowhere else."""
    with Erp() as other, Proxy(erp.port) as proxy:
        write_rest(tmp_path, "erp", proxy.url)
        there = {"location": other.url + "/vouchers"}
        proxy.plan("status", status=307, headers=there)
        assert send(tmp_path, ONE)["verdict"] == "unknown"
        proxy.plan("status", status=307, headers=there,
                   when=lambda request: True)
        said = driver(tmp_path, "erp", ONE, "find", 7)
        assert "another host" in said["error"]["why"]
        assert not other.seen and not erp.vouchers


# ---- journals of a store


def test_journals_of_a_store(firm, erp):
    """What bahid keeps, in the ERP's codes: an amendment undoes what it
    replaces, and both trial balances are the same."""
    House.start(firm)                   # without targets: we send by hand
    for n, amount in enumerate(("118.00", "590.00", "0.59")):
        assert firm.post("pos", sale("R-%d" % n, amount=amount, tax={
            "118.00": "18.00", "590.00": "90.00", "0.59": "0.09"}[amount]),
            "k-%d" % n).status == 201
    firm.rest("erp", erp.url)
    said = firm.driver("erp", "each", 1, 2, 3)["verdicts"]
    assert [one["verdict"] for one in said] == ["done"] * 3
    assert firm.driver("erp", "find", 2)["found"][0]["held"] == \
        said[1]["held"]
    assert firm.balances() == erp.trial()


def test_mapped(firm, erp):
    House.start(firm)
    firm.post("pos", sale("R-1"), "k-1")
    csv = firm.dir / "csv"
    csv.mkdir()
    (csv / "mapping.csv").write_text(
        "source,dimension,from,to\nto:erp,account,4000,4010\n"
        "to:erp,cost_centre,MUM-RETAIL,-\nto:erp,kind,payment,RCPT\n")
    firm.stop()
    firm.run("import", str(csv))
    firm.rest("erp", erp.url)
    assert firm.driver("erp", "send", 1)["verdicts"][0]["verdict"] == "done"
    voucher = erp.vouchers["V1"]
    assert "4000" not in erp.moved and erp.moved["4010"] < 0
    assert {line["cost_centre"] for line in voucher["lines"]} == {""}


# ---- what rules are given


def test_sums_and_bare_numbers(there, erp):
    """Amounts go as numbers where the ERP wants such, digit by digit; sums
    are of minor units."""
    bodies = []
    erp.trouble("delay", seconds=0, when=lambda r: bodies.append(r.body) or
                True)
    change_rule(
        there, "erp",
        ("'type', nullif(:posting ->> '$.book', ''),",
         "'type', (SELECT decimal(sum(value ->> '$.minor'), 'INR') FROM\n"
         "json_each(:posting, '$.lines') WHERE value ->> '$.minor' > 0),"),
        ("'debit', value ->> '$.debit',",
         "'debit', json(value ->> '$.debit'),"))
    big = [posting(1, ("1000", "9007199254740.93"), ("1100", "0.10"),
                   ("4000", "-9007199254741.03"))]
    assert send(there, big)["verdict"] == "done"
    assert b'"debit":9007199254740.93,' in bodies[0]
    assert erp.vouchers["V1"]["type"] == "9007199254741.03"
    assert erp.moved["1000"] == 900719925474093
