"""Changes of rules and mappings that a second person must approve."""
import json
import shutil
import time

import pytest

from house import ROOT, house, sale  # noqa: F401  (a fixture)
from test_decisions import decide, order, send_voucher, voucher
from test_masters import bahi, edit, load, row

FEE = "post/journal_voucher.sql"
TILL = "map/pos/payment_success.sql"


class People:
    """Tokens, each with a role and a name."""

    def __init__(self, house, **roles):
        self.house = house
        self.tokens = {name: house.run("token", "add", name, role)
                       .stdout.split()[-1] for name, role in roles.items()}

    def ask(self, name, method, path, body=None, **headers):
        connection = self.house.connect()
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        connection.request(method, path, body, dict(
            {k.replace("_", "-"): v for k, v in headers.items()},
            Authorization="Bearer " + self.tokens[name]))
        from house import Answer
        answer = Answer(connection.getresponse())
        connection.close()
        return answer

    def propose(self, name, **body):
        answer = self.ask(name, "POST", "/v1/proposals", body)
        assert answer.status == 201, answer.body
        assert answer.headers["Location"].endswith(answer.json["proposal"])
        return answer.json["proposal"]

    def verdict(self, name, what, proposal, version="1", reason="looked"):
        return self.ask(name, "POST", "/v1/proposals/%s/%s" % (
            proposal, what), {"reason": reason}, If_Match='"%s"' % version)

    def backtest(self, name, proposal, **stretch):
        answer = self.ask(name, "POST", "/v1/proposals/%s/backtest" %
                          proposal, stretch)
        assert answer.status == 202, answer.body
        return self.result(proposal)

    def result(self, proposal):
        end = time.monotonic() + 60
        while True:
            seen = self.house.get("/v1/proposals/" + proposal)
            if seen["progress"]["state"] != "running":
                assert seen["progress"]["state"] == "done", seen["progress"]
                return seen["backtest"]
            assert time.monotonic() < end, seen["progress"]
            time.sleep(0.02)


@pytest.fixture
def people(house):  # noqa: F811
    rules = house.dir / "rules"
    shutil.copytree(ROOT / "data/rules", rules)
    house.setting("rules", str(rules))
    house.setting("govern", "yes")
    who = People(house, anu="clerk", bala="approver", chitra="controller")
    house.start()
    return who


def rule(house, name):  # noqa: F811
    return (house.dir / "rules" / name).read_text()


def cheaper(house):  # noqa: F811
    """The till's rule, with another account for what it sells."""
    old = rule(house, TILL)
    new = old.replace("-- name: lines", "-- changed\n-- name: lines")
    assert new != old
    return new


def test_an_author_cannot_approve_and_a_second_person_can(house, people):
    csv = "source,dimension,from,to\npos,cost_centre,STORE-X,THN-RETAIL\n"
    event = house.post("pos", sale("A", store="STORE-X"), "m1")
    assert event.status == 202
    p = people.propose("chitra", kind="reference", table="mapping", csv=csv,
                       reason="the new store")
    own = people.verdict("chitra", "approve", p)
    assert own.status == 403 and "somebody else" in own.json["detail"]
    assert people.verdict("anu", "approve", p).status == 403
    assert people.ask("bala", "POST", "/v1/proposals/%s/approve" % p,
                      {}).status == 428
    assert people.verdict("bala", "approve", p, "7").status == 412
    assert row(house, "mapping", "pos/cost_centre/STORE-X").status == 404
    done = people.verdict("bala", "approve", p)
    assert done.status == 200, done.body
    assert done.json["state"] == "approved"
    assert done.json["decided_by"] == "bala"
    assert row(house, "mapping", "pos/cost_centre/STORE-X").status == 200
    assert people.verdict("bala", "approve", p, "2").status == 422
    house.prove()


def test_rejecting_needs_a_reason_and_changes_nothing(house, people):
    csv = "account,cost_centre\n6100,ELSEWHERE\n"
    p = people.propose("anu", kind="reference", table="pair", csv=csv)
    assert people.verdict("bala", "reject", p, reason="").status == 400
    no = people.verdict("bala", "reject", p, reason="no such place")
    assert no.status == 200 and no.json["state"] == "rejected"
    assert row(house, "pair", "6100/ELSEWHERE").status == 404
    listed = house.get("/v1/proposals?state=rejected")["items"]
    assert [one["id"] for one in listed] == [p]
    assert house.get("/v1/proposals?state=draft")["items"] == []


def test_bad_proposals_are_refused_at_once(house, people):
    for body, status in (
            ({"kind": "reference", "table": "none", "csv": "a\n"}, 404),
            ({"kind": "reference", "table": "pair", "csv": "a\n"}, 400),
            ({"kind": "reference", "table": "account", "csv":
              "code,name,entity,kind,extra,from,to\n1,a,,asset,,x,\n"}, 400),
            ({"kind": "rules", "files": {TILL: "SELECT 1"}}, 422),
            ({"kind": "rules", "files": {"other/x.sql": "-- name: header\n"
                                         "SELECT 1"}}, 422),
            ({"kind": "rules", "files": {}}, 400), ({"kind": "x"}, 400)):
        answer = people.ask("anu", "POST", "/v1/proposals", body)
        assert answer.status == status, (body, answer.body)
    same = people.ask("anu", "POST", "/v1/proposals", {
        "kind": "rules", "files": {TILL: rule(house, TILL)}})
    assert same.status == 422, same.body


def test_what_was_judged_must_still_be_there(house, people):
    def named(name):
        return ("code,name,entity,kind,extra,from,to\n6100,%s,,expense,"
                "Expenses:Rent,,\n" % name)

    first = people.propose("anu", kind="reference", table="account",
                           csv=named("Rent A"))
    second = people.propose("chitra", kind="reference", table="account",
                            csv=named("Rent B"))
    assert people.verdict("bala", "approve", first).status == 200
    late = people.verdict("bala", "approve", second)
    assert late.status == 412 and "propose it again" in late.json["detail"]
    assert row(house, "account", "6100").json["row"]["name"] == "Rent A"


def test_a_row_a_table_and_a_fix_become_proposals(house, people):
    tag = row(house, "account", "6100").headers["ETag"]
    one = people.ask("chitra", "PATCH", "/v1/reference/account/6100",
                     {"name": "Rents"}, If_Match=tag)
    assert one.status == 202, one.body
    table = people.ask("chitra", "POST", "/v1/reference/pair?reason=more",
                       b"account,cost_centre\n6100,NEW\n")
    assert table.status == 202
    assert row(house, "account", "6100").headers["ETag"] == tag
    events = [house.post("pos", sale("T%d" % n, store="STORE-THN2"),
                         "m%d" % n) for n in range(3)]
    cause = events[0].json["findings"][0]["signature"]
    fix = {"action": "fix", "signature": cause, "retry": True, "fix": {
        "dimension": "cost_centre", "source": "pos", "value": "STORE-THN2",
        "to": "THN-RETAIL"}}
    answer = people.ask("anu", "POST", "/v1/decisions", fix,
                        Idempotency_Key="k1")
    assert answer.status == 200, answer.body
    assert (answer.json["done"], answer.json["failed"]) == (0, 0)
    p = answer.json["proposal"]
    again = people.ask("anu", "POST", "/v1/decisions", fix,
                       Idempotency_Key="k1")
    assert again.json == answer.json
    assert house.get("/v1/events?state=failed")["items"]
    seen = house.get("/v1/proposals/" + p)
    assert seen["author"] == "anu" and seen["signature"] == cause
    assert "STORE-THN2" in seen["csv"]
    done = people.verdict("bala", "approve", p)
    assert done.status == 200, done.body
    assert done.json["retried"] == {"done": 3, "failed": 0}
    assert not house.get("/v1/events?state=failed")["items"]
    assert house.get("/v1/proposals/" + one.json["proposal"])[
        "author"] == "chitra"
    house.check_books()
    house.prove()


def test_a_changed_file_waits_and_what_is_in_force_survives(house, people):
    before = house.get("/v1/rules")["items"][0]["digest"]
    file = house.dir / "rules" / TILL
    old = file.read_text()
    file.write_text(cheaper(house))
    end = time.monotonic() + 20
    while not house.get("/v1/proposals?state=draft")["items"]:
        assert time.monotonic() < end, house.read_log()
        time.sleep(0.05)
    p = house.get("/v1/proposals")["items"][0]
    assert p["kind"] == "rules" and p["base"] == before
    assert house.get("/v1/rules")["items"][0]["digest"] == before
    diff = house.get("/v1/rules/%s?against=%s" % (p["digest"], before))
    assert [c["file"] for c in diff["changes"]] == [TILL]
    assert [(line["what"], line["text"]) for line in
            diff["changes"][0]["lines"]] == [("added", "-- changed")]
    house.stop()
    house.start()
    assert house.get("/v1/rules")["items"][0]["digest"] == before
    drafts = house.get("/v1/proposals")["items"]
    assert [d["id"] for d in drafts] == [p["id"]]
    done = people.verdict("bala", "approve", p["id"])
    assert done.status == 200, done.body
    now = house.get("/v1/rules")["items"][0]
    assert now["digest"] == p["digest"] and now["by"] == "bala"
    assert now["proposal"] == p["id"] and TILL in now["files"]
    assert house.post("pos", sale("A"), "m1").status == 201
    # The folder goes back by itself: nothing but a proposal comes of it.
    file.write_text(old)
    end = time.monotonic() + 20
    while not house.get("/v1/proposals?state=draft")["items"]:
        assert time.monotonic() < end, house.read_log()
        time.sleep(0.05)
    house.stop()
    house.start()
    assert house.get("/v1/rules")["items"][0]["digest"] == p["digest"]
    assert len(house.get("/v1/rules")["items"]) == 2
    house.prove()


def with_account(house):  # noqa: F811
    """Vouchers of 500.00 and more land on another account."""
    old = rule(house, FEE)
    return ("-- name: entries\nSELECT CASE WHEN account = '6100' AND"
            " amount >= 50000 THEN '5200' ELSE account END AS account,"
            " party, cost_centre, tax_code, item, location, memo, amount"
            " FROM line\n"), old


def test_a_back_test_shows_exactly_what_changes(house, people):
    for n, amount in enumerate(("100.00", "500.00", "700.00")):
        answer = send_voucher(house, "v%d" % n, voucher("JV-%d" % n, amount))
        assert answer.status == 201, answer.body
    for n in range(5):
        assert house.post("pos", sale("R%d" % n), "r%d" % n).status == 201
    new, _ = with_account(house)
    p = people.propose("anu", kind="rules", files={FEE: new})
    result = people.backtest("anu", p)
    assert (result["judged"], result["changed"]) == (8, 2)
    assert result["states"] == [{"old": "posted", "new": "posted",
                                 "events": 2}]
    assert sorted(e["document"].rsplit("/")[-1] for e in result["events"]) \
        == ["JV-1", "JV-2"]
    changed = {f["field"]: (f["old"], f["new"])
               for f in result["events"][0]["fields"]}
    assert ("6100", "5200") in changed.values(), changed
    assert {(a["account"], a["old"], a["new"]) for a in
            result["accounts"]} == {("6100", "1200.00", "0.00"),
                                    ("5200", "0.00", "1200.00")}
    # Nothing was posted by it.
    assert house.get("/v1/trial-balance")["items"]
    balances = {i["account"]: i["balance"]
                for i in house.get("/v1/trial-balance")["items"]}
    assert balances["6100"] == "1300.00" and "5200" not in balances
    assert people.verdict("bala", "approve", p).status == 200
    later = send_voucher(house, "v9", voucher("JV-9", "900.00"))
    assert later.status == 201
    balances = {i["account"]: i["balance"]
                for i in house.get("/v1/trial-balance")["items"]}
    assert balances["5200"] == "900.00" and balances["6100"] == "1300.00"
    house.prove()


def test_a_back_test_of_a_mapping_and_of_its_removal(house, people):
    good = house.post("pos", sale("A"), "m1")
    assert good.status == 201
    bad = house.post("pos", sale("B", store="STORE-X"), "m2")
    assert bad.status == 202
    p = people.propose(
        "anu", kind="reference", table="mapping", csv="source,dimension,"
        "from,to\npos,cost_centre,STORE-X,THN-RETAIL\n")
    result = people.backtest("anu", p)
    assert result["states"] == [{"old": "failed", "new": "posted",
                                 "events": 1}]
    event = result["events"][0]
    assert event["event"] == bad.json["event"]
    assert event["old_findings"][0]["code"] == "cost_centre.unmapped"
    gone = people.propose(
        "anu", kind="reference", table="mapping", remove=True,
        csv="source,dimension,from\npos,account,Sales-Revenue\n")
    result = people.backtest("anu", gone)
    # The one that fails anyway has one more cause.
    assert sorted((s["old"], s["new"], s["events"]) for s in
                  result["states"]) == [("failed", "failed", 1),
                                        ("posted", "failed", 1)]
    assert [e["event"] for e in result["events"]
            if e["old"] == "posted"] == [good.json["event"]]
    # A stretch without events judges none.
    none = people.backtest("anu", p, **{"from": "2020-01-01",
                                        "to": "2020-02-01"})
    assert (none["judged"], none["changed"]) == (0, 0)
    wrong = people.ask("anu", "POST", "/v1/proposals/%s/backtest" % p,
                       {"from": "tomorrow"})
    assert wrong.status == 400
    assert people.ask("anu", "DELETE", "/v1/proposals/%s/backtest" %
                      p).status == 404


def test_a_long_back_test_can_be_cancelled_and_holds_nobody_up(
        house, people):
    events = [{"specversion": "1.0", "id": str(n), "source": "/t",
               "type": "in.bahi.journal_voucher",
               "data": voucher("V-%d" % n, "500.00")} for n in range(1000)]
    for first in range(0, 4):
        batch = [dict(e, id="%d-%s" % (first, e["id"]),
                      data=dict(e["data"], number="V-%d-%s" % (
                          first, e["id"]))) for e in events]
        answer = house.api("POST", "/v1/events", batch, {
            "Content-Type": "application/cloudevents-batch+json"})
        assert answer.status == 201, answer.body[:300]
    new, _ = with_account(house)
    p = people.propose("anu", kind="rules", files={FEE: new})
    path = "/v1/proposals/%s/backtest" % p
    assert people.ask("anu", "POST", path, {}).status == 202
    assert people.ask("anu", "POST", path, {}).status == 503
    assert house.post("pos", sale("A"), "m1").status == 201
    stopped = people.ask("anu", "DELETE", path)
    assert stopped.status in (202, 404)
    result = people.result(p)
    assert result["cancelled"] == (stopped.status == 202)
    whole = people.backtest("anu", p)
    assert whole["changed"] == 4000 and whole["cut"]
    assert len(whole["events"]) == 500
    assert {a["account"] for a in whole["accounts"]} == {"6100", "5200"}


def test_rules_that_moved_on_supersede_other_drafts(house, people):
    new, old = with_account(house)
    first = people.propose("anu", kind="rules", files={FEE: new})
    second = people.propose("chitra", kind="rules",
                            files={FEE: old + "-- more\n"})
    assert people.verdict("bala", "approve", first).status == 200
    late = people.verdict("bala", "approve", second, "2")
    assert late.status == 422 and "superseded" in late.json["detail"]


def test_without_govern_all_is_as_before(house):  # noqa: F811
    people = People(house, anu="clerk", bala="approver")
    house.start()
    answer = people.ask("anu", "POST", "/v1/proposals", {
        "kind": "rules", "files": {TILL: "x"}})
    assert answer.status == 422
    p = people.propose("anu", kind="reference", table="pair",
                       csv="account,cost_centre\n6100,NEW\n")
    assert people.verdict("bala", "approve", p).status == 200
    assert row(house, "pair", "6100/NEW").status == 200
    assert load(house, "pair", "account,cost_centre\n6100,N2\n").status == 200
    house.prove()


def test_a_folder_can_be_back_tested_without_the_daemon(house, people):
    for n, amount in enumerate(("100.00", "500.00")):
        assert send_voucher(house, "v%d" % n, voucher(
            "JV-%d" % n, amount)).status == 201
    other = house.dir / "other"
    shutil.copytree(house.dir / "rules", other)
    same = house.run("rules", "backtest", str(other)).stdout
    assert "2 events judged, 0 would post differently" in same
    (other / FEE).write_text(with_account(house)[0])
    house.stop()
    out = house.run("rules", "backtest", str(other)).stdout
    assert "2 events judged, 1 would post differently" in out
    assert "6100 -> 5200" in out and "JV-1" in out and "JV-0" not in out
    assert "5200 INR: 0.00 -> 500.00 (500.00)" in out
    assert house.run("rules", "backtest", str(other), "2020-01-01",
                     "2020-02-01").stdout.startswith("0 events")
    assert house.run("rules", "backtest", str(other), "soon",
                     check=False).returncode == 2


def test_the_verbs(house, people, tmp_path):
    """The console's user owns the daemon: an admin, who may also accept."""
    assert bahi(house, "proposals").returncode == 1
    ran = bahi(house, "set", "account", "6100", "name=Rents")
    assert ran.returncode == 0 and "P1 waits" in ran.stdout, ran.stderr
    file = tmp_path / "rules.json"
    file.write_text(json.dumps({FEE: with_account(house)[0]}))
    ran = bahi(house, "propose", "rules", str(file), "vouchers differ")
    assert "P2 waits" in ran.stdout, ran.stderr
    send_voucher(house, "v1", voucher("JV-1", "500.00"))
    ran = bahi(house, "backtest", "P2")
    assert ran.returncode == 1, ran.stderr
    assert "1 events judged, 1 would post differently" in ran.stdout
    assert "JV-1" in ran.stdout and "5200" in ran.stdout
    one = bahi(house, "proposals", "P2").stdout
    assert "changed " + FEE in one and "+" in one
    assert "P1" in bahi(house, "proposals").stdout
    assert bahi(house, "accept", "P1").returncode == 3
    p = people.propose("anu", kind="reference", table="pair",
                       csv="account,cost_centre\n6100,NEW\n")
    assert "approved" in bahi(house, "accept", p, "fine").stdout
    assert "rejected" in bahi(house, "decline", "P2", "not now").stdout
    versions = bahi(house, "rules").stdout.split("\n")[1].split()[0]
    assert len(versions) == 64
    event = house.post("pos", sale("A", store="STORE-X"), "m1")
    ran = bahi(house, "fix", event.json["findings"][0]["signature"],
               "THN-RETAIL")
    assert ran.returncode == 0 and "P4 waits" in ran.stdout, ran.stderr
