"""One action on many events: what is planned is what happens, whatever stops
it in between, and each row has its line of the receipt."""
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from free import MAP, Free, doc
from house import database, ROOT
from test_approvals import code_of, office  # noqa: F401  (a fixture)

sys.path.insert(0, str(ROOT / "tests" / "console"))
from terminal import Terminal  # noqa: E402

BATCH = {"Content-Type": "application/cloudevents-batch+json"}
MANY = 5000


@pytest.fixture
def house():
    one = Free()
    # As they come in batches, whole; also of a person of that name.
    text = MAP.replace(":body, '$.docs'", ":body, '$.data.docs'")
    for source in ("events", "asha"):
        folder = one.home / "rules/map" / source
        folder.mkdir(exist_ok=True)
        (folder / "free.sql").write_text(text)
    yield one
    one.close()


def sale(n, account="9999", **other):
    return doc("sales_invoice", "B%05d" % n, "10.00", lines=[
        {"account": account, "amount": "10.00"},
        {"account": "3000", "amount": "-10.00"}], **other)


def send(house, docs, token=None):
    """All in batches; the ids of their events, in order."""
    out = []
    for at in range(0, len(docs), 100):
        items = [{"specversion": "1.0", "id": "b%s" % one["number"],
                  "source": "/t", "type": "free", "data": {"docs": [one]}}
                 for one in docs[at:at + 100]]
        answer = api(house, "POST", "/v1/events", items, BATCH, token)
        assert answer.status in (200, 201, 202, 207), answer.json
        out += [one["event"] for one in answer.json["items"]]
    return out


def send_mixed(house, **groups):
    """The same of each group, in any order: who sends nothing but failures is
    paused."""
    all_docs = [(name, one) for name, docs in groups.items()
                for one in docs]
    random.Random(7).shuffle(all_docs)
    out = {name: [] for name in groups}
    for (name, _), event in zip(all_docs, send(
            house, [one for _, one in all_docs])):
        out[name].append(event)
    return out


def api(house, method, path, body=None, headers=None, token=None):
    if token is None:
        return house.api(method, path, body, headers or {})
    connection = house.connect()
    connection.request(method, path, json.dumps(body), dict(
        headers or {"Content-Type": "application/json"},
        Authorization="Bearer " + token))
    response = connection.getresponse()
    response.text = response.read()
    response.json = json.loads(response.text)
    connection.close()
    return response


def versions(house):
    out, after = {}, ""
    while True:
        page = house.get("/v1/events?limit=500&after=" + after)
        out.update((one["id"], one["version"]) for one in page["items"])
        if page["next"] is None:
            return out
        after = page["next"]


def plan(house, token=None, status=200, **what):
    answer = api(house, "POST", "/v1/plans", what, token=token)
    assert answer.status == status, answer.json
    return answer.json


def run(house, made, token=None, status=202, headers=None):
    answer = api(house, "POST", "/v1/runs", {"plan": made["plan"]}, headers,
                 token)
    assert answer.status == status, answer.json
    return answer.json


def wait(house, one, until=lambda r: r["state"] != "running"):
    end = time.monotonic() + 60
    while True:
        now = house.get("/v1/runs/" + one["id"])
        assert now["done"] + now["failed"] + now["skipped"] + \
            now["left"] == now["total"]
        if until(now):
            return now
        assert time.monotonic() < end, now
        time.sleep(0.005)


def rows(house, one, outcome=""):
    out, after = [], ""
    while True:
        page = house.get("/v1/runs/%s/rows?limit=500&outcome=%s&after=%s" % (
            one["id"], outcome, after))
        out += page["items"]
        if page["next"] is None:
            return out
        after = page["next"]


def skips(made):
    return {one["code"]: one["events"] for one in made["skipped"]}


def attempts(house, events):
    return [house.get("/v1/events/" + one)["attempts"] for one in events]


def map_account(house, code):
    house.api("POST", "/v1/reference/account", (
        "code,name,entity,kind,extra,from,to\n%s,Sales,,income,"
        "Income:Sales,,\n" % code).encode(),
        {"Content-Type": "text/csv"})


def test_what_is_planned_is_what_happens(house):
    house.start()
    sent = send_mixed(
        house, good=[sale(n) for n in range(4000)],
        bad=[sale(n, "9998") for n in range(4000, 4500)],
        locked=[sale(n, date="2026-09-05") for n in range(4500, 4650)],
        away=[sale(n) for n in range(4650, 4700)],
        moved=[sale(n) for n in range(4700, 4800)],
        posted=[sale(n, "1000") for n in range(4800, MANY)])
    good, bad, moved, away = (sent[name] for name in (
        "good", "bad", "moved", "away"))
    seen = versions(house)
    assert len(seen) == MANY
    # What moves on behind the person's back.
    house.decide(action="dismiss", reason="not ours", events=[
        {"id": e, "version": seen[e]} for e in away])
    for e in away:
        seen[e] += 1
    house.decide(action="retry", events=[
        {"id": e, "version": seen[e]} for e in moved])
    map_account(house, "9999")
    picks = [{"id": e, "version": v} for e, v in seen.items()]
    picks += [{"id": e, "version": seen[e]} for e in good[:40]]
    picks += [{"id": "E9%06d" % n, "version": 1} for n in range(30)]
    made = plan(house, action="retry", events=picks)
    assert skips(made) == {"absent": 30, "named_twice": 40, "stale": 100,
                           "posted": 200, "state": 50,
                           "locked_period": 150}
    assert made["picked"] == MANY + 70 and made["skips"] == 570
    assert made["events"] == 4500
    assert made["amounts"] == [{"currency": "INR", "amount": "45000.00"}]
    assert made["oldest"] <= made["newest"]
    [left] = [s for s in made["skipped"] if s["code"] == "locked_period"]
    assert left["amounts"] == [{"currency": "INR", "amount": "1500.00"}]
    # Nothing was touched by looking.
    assert versions(house) == dict(seen, **{e: seen[e] + 1 for e in moved})

    one = run(house, made)
    assert one["total"] == MANY + 70
    done = wait(house, one)
    assert (done["done"], done["failed"], done["skipped"]) == (4000, 500,
                                                               570)
    lines = rows(house, one)
    assert len(lines) == MANY + 70
    assert [line["row"] for line in lines] == list(range(1, MANY + 71))
    said = {}
    for line in lines:
        if line["outcome"] == "skipped":
            said[line["code"]] = said.get(line["code"], 0) + 1
    assert said == skips(made)
    by = {line["event"]: line for line in lines
          if line["outcome"] == "done"}
    assert set(by) == set(good)
    assert {(line["from"], line["to"]) for line in by.values()} == {
        ("failed", "posted")}
    wrong = rows(house, one, "failed")
    assert {line["event"] for line in wrong} == set(bad)
    assert {line["code"] for line in wrong} == {"account.unmapped"}
    assert wrong[0]["sentence"] and wrong[0]["hint"]
    assert house.check_books()["states"]["posted"] == 4200

    # Only what failed, once more.
    map_account(house, "9998")
    again = house.api("POST", "/v1/runs/%s/retry" % one["id"])
    assert again.status == 202 and again.json["total"] == 500
    done = wait(house, again.json)
    assert (done["done"], done["failed"], done["skipped"]) == (500, 0, 0)
    assert done["plan"] == one["id"]
    assert house.api("POST", "/v1/runs/%s/retry" %
                     again.json["id"]).status == 422
    assert set(attempts(house, good[:5] + bad[:5])) == {2, 3}
    house.stop()
    house.prove()


def test_what_is_your_own_and_what_you_may_not(house):
    house.flows("*,sales_invoice,*,workflow,,0,finance,0,0,high")
    tokens = {name: house.run("token", "add", name, role).stdout.strip()
              for name, role in (("asha", "approver"), ("bala", "clerk"))}
    house.start()
    own = send(house, [sale(n, "1000") for n in range(20)], tokens["asha"])
    others = send(house, [sale(n, "1000") for n in range(20, 60)])
    failed = send(house, [sale(n) for n in range(60, 70)])
    made = plan(house, tokens["asha"], action="approve",
                where={"kind": "sales_invoice", "entity": "IN01"})
    assert made["events"] == len(others)
    assert skips(made) == {"own": len(own), "state": len(failed)}
    # Who may not, may look at what it would be, and no more.
    theirs = plan(house, tokens["bala"], action="approve",
                  where={"state": "held"})
    assert theirs["events"] == 0 and skips(theirs) == {"no_right": 60}
    none = wait(house, run(house, theirs, tokens["bala"]))
    assert (none["done"], none["failed"], none["skipped"]) == (0, 0, 60)
    run(house, made, tokens["bala"], status=404)    # a plan is its maker's
    done = wait(house, run(house, made, tokens["asha"]))
    assert (done["done"], done["failed"], done["skipped"]) == (40, 0, 30)
    assert done["actor"] == "asha"
    house.stop()
    house.prove()


def test_where(house):
    house.start()
    send(house, [sale(n) for n in range(30)])
    send(house, [sale(n, "9998") for n in range(30, 50)])
    send(house, [sale(n, "1000") for n in range(50, 60)])

    def count(**where):
        return plan(house, action="retry", where=where)["picked"]

    assert count() == 50
    assert count(state="failed", source="events") == 50
    assert count(source="pos") == 0
    assert count(state="posted") == 10
    assert count(code="account.unmapped") == 50
    assert count(q="B0003") == 10
    assert count(kind="sales_invoice", entity="IN01") == 50
    assert count(entity="IN02") == 0
    assert count(age="0-2") == 50 and count(age="0+") == 50
    assert count(age="1-2") == 0 and count(age="30+") == 0
    for age in ("", "x", "3-", "7-3", "-2", "3-7x", "99999999"):
        if age:
            plan(house, action="retry", where={"age": age}, status=400)
    for wrong in ({"colour": "red"}, {"state": "blue"}, {"state": 3}):
        plan(house, action="retry", where=wrong, status=400)
    [first, second] = house.get("/v1/signatures")["items"]
    assert plan(house, action="dismiss", reason="x",
                signature=first["id"])["events"] == 30
    for what in ({"action": "fix", "where": {}}, {"action": "pause"},
                 {"action": "sing", "where": {}}, {"action": "retry"},
                 {"action": "dismiss", "where": {}},
                 {"action": "retry", "where": {}, "signature": "x"},
                 {"action": "reopen", "reason": "x", "signature":
                  first["id"]}):
        plan(house, status=400, **what)


def test_the_same_plan_is_run_once(house):
    house.start()
    send(house, [sale(n) for n in range(120)])
    made = plan(house, action="retry", where={})
    one = run(house, made)
    assert run(house, made)["id"] == one["id"]
    wait(house, one)
    assert run(house, made)["id"] == one["id"]
    # Another key is another run, and finds nothing as it was seen.
    other = run(house, made, headers={"Idempotency-Key": "k2"})
    assert other["id"] != one["id"]
    assert wait(house, other)["skipped"] == 120
    another = plan(house, action="retry", where={})
    run(house, another, headers={"Idempotency-Key": "k2"}, status=409)
    run(house, {"plan": "0" * 32}, status=404)
    # The answer got lost, and the plan with the daemon.
    house.kill()
    house.start()
    assert run(house, made)["id"] == one["id"]
    assert [r["id"] for r in house.get("/v1/runs")["items"]] == [
        other["id"], one["id"]]
    assert house.get("/v1/runs?state=running")["items"] == []


def test_cancel_stops_within_one_piece(house):
    house.start()
    many = MANY - 100
    send_mixed(house, bad=[sale(n) for n in range(many)],
               good=[sale(n, "1000") for n in range(many, MANY)])
    one = run(house, plan(house, action="retry", where={}))
    seen = wait(house, one, lambda r: r["left"] < many)
    stopped = house.api("DELETE", "/v1/runs/" + one["id"])
    assert stopped.status == 202 and stopped.json["state"] == "cancelled"
    assert seen["left"] > 0, "done before it could be cancelled"
    then = house.get("/v1/runs/" + one["id"])
    assert then["state"] == "cancelled" and then["left"] > 0
    assert then["cancelled_by"] and then["ended"]
    assert then["failed"] == stopped.json["failed"]
    # Others are served, and nothing more of it is done.
    house.decide(action="retry", signature=house.get(
        "/v1/signatures")["items"][0]["id"])
    assert house.get("/v1/runs/" + one["id"]) == then
    assert len(rows(house, one)) == many - then["left"]
    house.stop()
    house.prove()


@pytest.mark.parametrize("point", ["run.before_commit",
                                   "run.after_commit"])
def test_a_kill_in_the_middle(house, point):
    """Nothing is done twice and nothing is left out."""
    house.start()
    events = send(house, [sale(n) for n in range(400)])
    map_account(house, "9999")
    house.stop()
    house.start(BAHI_CRASH=point)
    made = plan(house, action="retry", where={})
    try:
        run(house, made)
    except (http.client.HTTPException, ConnectionError):
        pass                            # it was gone before it answered
    house.died()
    house.start()
    done = wait(house, {"id": "R1"})
    assert (done["done"], done["failed"], done["skipped"]) == (400, 0, 0)
    assert attempts(house, events) == [2] * 400
    assert [line["event"] for line in rows(
        house, {"id": "R1"})] == events
    house.stop()
    house.prove()


def test_many_runs_at_once_and_deliveries_between(house):
    house.start()
    send(house, [sale(n, "9%03d" % (n % 4)) for n in range(800)])
    made = [plan(house, action="retry", where={"q": "B0%d" % n})
            for n in range(2)]
    runs = [run(house, one) for one in made]
    posted = send(house, [sale(n, "1000") for n in range(800, 820)])
    for one in runs:
        wait(house, one)
    assert all(house.get("/v1/events/" + e)["state"] == "posted"
               for e in posted)
    house.stop()
    house.prove()


def test_who_and_why_is_in_the_audit_first(house):
    house.start(BAHI_CRASH="run.after_commit")
    send(house, [sale(n) for n in range(10)])
    one = run(house, plan(house, action="dismiss", reason="a test of tills",
                          where={}))
    house.died()
    house.start()
    wait(house, one)
    house.stop()
    house.prove()
    with database(house.home / "bahi.db") as books:
        (_, first, what), (_, second, piece) = books.execute(
            "SELECT seq, object, new FROM audit WHERE"
            " action IN ('run', 'decision') ORDER BY seq").fetchall()
    assert first == one["id"] and second.startswith("D")
    assert json.loads(what)["reason"] == "a test of tills"
    assert json.loads(what)["events"] == 10
    assert json.loads(piece)["run"] == one["id"]


BAHI = os.environ.get("BAHI", str(ROOT / "build" / "bahi"))


def bahi(house, *args, start=subprocess.run, **more):
    return start([BAHI, "--config", str(house.home / "bahi.conf"), *args],
                 text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                 env=dict(house.env, XDG_CACHE_HOME=str(house.dir)), **more)


def test_the_verbs(house):
    house.start()
    send_mixed(house, bad=[sale(n) for n in range(300)],
               locked=[sale(n, date="2026-09-05") for n in range(300, 320)],
               good=[sale(n, "1000") for n in range(320, 330)])
    where = ("--where", "state=failed,source=events")
    dry = bahi(house, "retry", *where, "--dry-run", "--json")
    assert dry.returncode == 0, dry.stderr
    made = json.loads(dry.stdout)
    assert made["events"] == 300 and skips(made) == {"locked_period": 20}
    seen = bahi(house, "retry", *where, "--dry-run")
    assert seen.returncode == 0 and "3,000.00 INR" in seen.stdout
    assert "Its period is closed for posting." in seen.stdout
    assert house.get("/v1/runs")["items"] == []
    map_account(house, "9999")
    # What is left out is left open.
    done = bahi(house, "retry", *where)
    assert done.returncode == 1, done.stderr
    assert "R1 retry: 300 done, 0 failed, 20 skipped, 0 left" in done.stdout
    assert done.stdout.count("Its period is closed") == 20
    assert "bahi runs cancel R1" in done.stderr
    shown = json.loads(bahi(house, "runs", "show", "R1", "--json").stdout)
    assert shown["run"]["done"] == 300 and len(shown["rows"]) == 320
    listed = bahi(house, "runs")
    assert listed.returncode == 0 and "R1" in listed.stdout
    assert bahi(house, "runs", "cancel", "R1").returncode == 1
    none = bahi(house, "runs", "retry", "R1")
    assert none.returncode == 3 and "nothing of R1 failed" in none.stderr
    # Nothing to do is said, and is not done.
    empty = bahi(house, "approve", *where)
    assert empty.returncode == 1 and "left out" in empty.stdout
    assert len(house.get("/v1/runs")["items"]) == 1
    gone = bahi(house, "dismiss", "--where", "code=period.closed",
                "of last year", "--json")
    assert gone.returncode == 0, gone.stderr
    assert json.loads(gone.stdout)["run"]["done"] == 20
    for wrong in (("retry",), ("retry", "E1", *where), ("dismiss", *where),
                  ("approve",), ("approve", "E1", *where),
                  ("retry", "--where", "colour=red"), ("retry", "--where"),
                  ("retry", "--where", "state=blue")):
        assert bahi(house, *wrong).returncode == 2, wrong
    assert house.get("/v1/signatures")["items"] == []


def test_the_verb_is_killed_and_the_run_goes_on(house):
    house.start()
    send_mixed(house, bad=[sale(n) for n in range(2900)],
               good=[sale(n, "1000") for n in range(2900, 3000)])
    verb = bahi(house, "retry", "--where", "state=failed",
                start=subprocess.Popen)
    assert "R1 runs" in verb.stderr.readline()
    verb.kill()
    verb.communicate()
    done = wait(house, {"id": "R1"})
    assert (done["failed"], done["left"]) == (2900, 0)
    assert set(versions(house).values()) == {1, 2}


def test_the_receipt_of_what_is_not_there(house):
    house.start()
    for path in ("/v1/runs/R9", "/v1/runs/x"):
        assert house.api("GET", path).status == 404
    assert house.api("DELETE", "/v1/runs/R9").status == 404
    assert house.api("POST", "/v1/runs/R9/retry").status == 404
    assert house.api("GET", "/v1/runs/R9/rows").status == 404
    assert house.api("GET", "/v1/runs?state=x").status == 400
    assert house.api("GET", "/v1/runs/R1/rows?outcome=x").status == 400
    assert house.api("POST", "/v1/runs", {}).status == 400
    assert house.api("POST", "/v1/plans", b"{").status == 400


def test_approvals_that_need_more_than_one_yes(office):
    """One is enough, two are needed, a code is needed: as planned."""
    office.policies("amount,sales_invoice,*,1000.00,5000.00,10000.00,"
                    "approver,")
    office.hire(bala="approver", devi="approver", anu="clerk")
    secret = office.enrol("bala")
    office.start()
    for n, amount in enumerate(["2000.00"] * 6 + ["6000.00"] * 4 +
                               ["20000.00"] * 2):
        held = office.send(doc("sales_invoice", "A%d" % n, amount))
        assert held["state"] == "held"

    def planned(name, **more):
        answer = office.people.ask(name, "POST", "/v1/plans", {
            "action": "approve", "where": {"state": "held"}, **more})
        assert answer.status == 200, answer.body
        return answer.json

    def ran(name, made):
        answer = office.people.ask(name, "POST", "/v1/runs", {
            "plan": made["plan"]})
        assert answer.status == 202, answer.body
        return wait(office, answer.json)

    assert skips(planned("anu")) == {"no_right": 12}
    # Nobody says himself who he is.
    assert skips(planned("anu", **{"with": {
        "role": "admin", "proved": "yes"}})) == {"no_right": 12}
    made = planned("bala")
    assert made["events"] == 10 and skips(made) == {"code": 2}
    done = ran("bala", made)
    assert (done["done"], done["failed"], done["skipped"]) == (10, 0, 2)
    assert len(office.get("/v1/events?state=held")["items"]) == 6
    again = planned("bala")
    assert skips(again) == {"given": 4, "code": 2}
    done = ran("devi", planned("devi"))
    assert (done["done"], done["skipped"]) == (4, 2)
    with_code = planned("bala", **{"with": {"totp": code_of(secret)}})
    assert with_code["events"] == 2
    done = ran("bala", with_code)
    assert done["done"] == 2 and "totp" not in json.dumps(done)
    assert len(office.get("/v1/events?state=held")["items"]) == 2
    office.stop()
    office.prove()


def test_what_refuses_says_why(house):
    """An action that cannot be done to one of them is done to the others."""
    house.start()
    send(house, [sale(n, date="2026-09-05") for n in range(6)])
    map_account(house, "9999")
    made = plan(house, action="carry", reason="late", where={})
    assert made["events"] == 6
    done = wait(house, run(house, made))
    assert done["done"] + done["failed"] == 6 and done["left"] == 0
    for line in rows(house, {"id": "R1"}, "failed"):
        assert line["sentence"]
    house.stop()
    house.prove()


def sabotage(house, *statements):
    with database(house.home / "bahi.db", write=True, timeout=30) as books:
        for one in statements:
            books.execute(one)


def test_one_that_the_store_refuses_costs_no_other(house):
    house.start()
    events = send(house, [sale(n) for n in range(120)])
    map_account(house, "9999")
    sabotage(house, "CREATE TRIGGER sabotage BEFORE INSERT ON journal WHEN"
             " NEW.number = 'B00077' BEGIN SELECT raise(ABORT, 'no'); END")
    done = wait(house, run(house, plan(house, action="retry", where={})))
    assert (done["done"], done["failed"], done["left"]) == (119, 1, 0)
    [line] = rows(house, done, "failed")
    assert line["event"] == events[77] and line["code"] == "system.failed"
    assert line["from"] == line["to"] == "failed"
    sabotage(house, "DROP TRIGGER sabotage")
    again = house.api("POST", "/v1/runs/R1/retry").json
    assert wait(house, again)["done"] == 1
    assert attempts(house, events) == [2] * 120
    house.stop()
    house.prove()


def test_a_store_that_takes_nothing_is_waited_for(house):
    house.start()
    events = send(house, [sale(n) for n in range(120)])
    map_account(house, "9999")
    sabotage(house, "CREATE TRIGGER sabotage BEFORE INSERT ON run_row"
             " BEGIN SELECT raise(ABORT, 'no'); END")
    one = run(house, plan(house, action="retry", where={}))
    end = time.monotonic() + 30
    while house.read_log().count("run.waits") < 2:
        assert time.monotonic() < end, house.read_log()
        time.sleep(0.05)
    assert house.get("/v1/runs/R1")["left"] == 120
    assert send(house, [sale(900, "1000")])     # others are served
    sabotage(house, "DROP TRIGGER sabotage")
    assert wait(house, one)["done"] == 120
    assert attempts(house, events) == [2] * 120
    house.stop()
    house.prove()


# ---- the console -----------------------------------------------------------

@pytest.fixture
def console(house):
    """Starts consoles of the house in terminals of their own."""
    started = []

    def start(**env):
        started.append(Terminal(
            [BAHI, "--config", str(house.home / "bahi.conf")],
            env={"XDG_CACHE_HOME": str(house.dir), **env}))
        return started[-1].until("live")
    yield start
    for one in started:
        one.close()


def test_plan_run_and_receipt_on_the_screen(house, console):
    house.start()
    send_mixed(house, bad=[sale(n) for n in range(240)],
               locked=[sale(n, date="2026-09-05") for n in range(240, 250)],
               good=[sale(n, "1000") for n in range(250, 260)])
    t = console()
    t.type("3", "/", "9999", "Enter").until("250")
    t.type("r").until("> plan").until("2,400.00 INR retry")
    t.until("100.00 INR left out: Its period is closed for posting.")
    t.until("oldest 20")
    t.type("Enter", "r", "q")           # none of them is yes
    t.until("[3 failures]")
    assert house.get("/v1/runs")["items"] == []
    # Many are not done by one key.
    t.type("r").until("2,400.00 INR retry")
    t.type("y").until("Type how many events (240):")
    t.type("24", "Enter").until("That is another number")
    t.type("y").until("Type how many").type("240", "Enter")
    t.until("R1 retry: 0 done, 240 failed, 10 skipped, 0 left")
    # Pane J, the receipt, and only what failed once more.
    map_account(house, "9999")
    t.type("J").until(lambda t: t.row().startswith("> R1"))
    t.type("Enter").until("No account is known")
    t.type("/", "closed", "Enter").until("Its period is").type("Esc")
    t.type("R").until("Try again what failed in R1?")
    t.type("Enter", "n").until("Nothing was done.")
    t.type("R").until("Try again what failed").type("y")
    t.until("R2 retry: 240 done, 0 failed, 0 skipped, 0 left")
    assert [(r["id"], r["total"]) for r in
            house.get("/v1/runs")["items"]] == [("R2", 240), ("R1", 250)]
    t.type("J").until("R2")
    assert house.check_books()["states"]["posted"] == 250
    t.type("q", "q")


def test_marked_rows_are_planned_as_they_were_painted(house, console):
    house.start()
    events = send(house, [sale(n, "1000" if n > 3 else "9999")
                          for n in range(8)])[:4]
    t = console()
    t.type("2").until("1/4").type(" ", " ", " ").until("3 marked")
    t.type("D").until("Dismiss, because:").type("a test", "Enter")
    t.until("30.00 INR dismiss, because: a test")
    # Somebody else is quicker with one of them.
    house.decide(action="retry", events=[{"id": events[0], "version": 1}])
    t.type("y").until("R1 dismiss: 2 done, 0 failed, 1 skipped, 0 left")
    assert [house.get("/v1/events/" + e)["state"] for e in events] == [
        "failed", "dismissed", "dismissed", "failed"]
    assert [r["code"] for r in rows(house, {"id": "R1"}, "skipped")] == [
        "stale"]


# Takes a rule some hundredths of a second.
DAWDLE = """
WHERE (SELECT count(*) FROM %s) > 0

-- name: lines""" % ", ".join("json_each('[%s]') AS j%d" % (
    ",".join("0" * 10), n) for n in range(5))


def dawdle(house):
    """From now on each event takes its time."""
    before = house.get("/v1/rules")["items"][0]["digest"]
    for source in ("events", "asha"):
        file = house.home / "rules/map" / source / "free.sql"
        file.write_text(file.read_text().replace("\n-- name: lines", DAWDLE))
    limit = time.monotonic() + 10
    while house.get("/v1/rules")["items"][0]["digest"] == before:
        assert time.monotonic() < limit, house.read_log()
        time.sleep(0.05)


def test_a_run_is_stopped_from_the_screen(house, console):
    house.start()
    many = 600
    t = console()
    send_mixed(house, bad=[sale(n) for n in range(many)],
               good=[sale(n, "1000") for n in range(many, many + 100)])
    t.until("{:,}".format(many), 60).until("live", 60)
    dawdle(house)
    t.type("J").until("[runs]")
    one = run(house, plan(house, action="retry", where={}))
    t.until("/{:,}, ".format(many), 60)         # how far, on the top line
    t.until("running")
    t.type("c").until("Stop R1?").type("y")
    t.until("R1 retry stopped: 0 done", 60)
    then = house.get("/v1/runs/" + one["id"])
    assert then["state"] == "cancelled" and then["left"] > 0
    t.until("cancelled")


def test_a_killed_console_changes_nothing_of_its_run(house, console):
    house.start()
    events = send_mixed(
        house, bad=[sale(n) for n in range(2000)],
        good=[sale(n, "1000") for n in range(2000, 2050)])["bad"]
    t = console()
    t.type("3").until("2,000").type("r").until("INR retry")
    t.type("y").until("Type how many").type("2000", "Enter")
    end = time.monotonic() + 30
    while not house.get("/v1/runs")["items"]:
        assert time.monotonic() < end
        time.sleep(0.01)
    os.kill(t.pid, signal.SIGKILL)
    done = wait(house, {"id": "R1"})
    assert (done["failed"], done["left"]) == (2000, 0)
    assert set(attempts(house, events[::50])) == {2}
    house.stop()
    house.prove()
