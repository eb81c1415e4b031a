"""Commits as people see them and decide on them: in pages, by cause, many at
once, each audited; and what says that a target lacks something."""
import datetime
import json
import sqlite3

import pytest

from firm import wait_until
from house import Answer, SEALED, sale
from openmetrics import parse
from outbox import (act, all_there, commits, post_sales, post_voucher,
                    same_books, states, target, tries)


def refuse(proxy, count=10 ** 6, status=422, code="period_closed",
           message="the period of 2026-10-05 is closed"):
    body = json.dumps({"error": {"code": code, "message": message}})
    proxy.plan("status", count, status=status, body=body.encode(),
               when=lambda r: r.method == "POST")


def actions(firm):
    rows, after = [], ""
    while after is not None:
        page = firm.get("/v1/audit?limit=500" + after)
        rows += page["items"]
        after = page["next"] and "&before=" + page["next"]
        if page["next"] is None or not page["items"]:
            break
    return [row for row in rows if row["action"].startswith("commit")]


def test_a_thousand_with_one_cause_are_one(firm, erp, proxy):
    refuse(proxy)
    firm.rest("erp", proxy.url)
    firm.start()
    post_sales(firm, 30)
    wait_until(lambda: states(firm) == {"failed": 30})
    cause, = firm.get("/v1/commits/causes?target=erp")["items"]
    assert (cause["n"], cause["failed"], cause["refusal"]) == (30, 30,
                                                               "period")
    assert "2026-10-05" in cause["words"] and "2026" not in cause["cause"]
    proxy.clear()
    assert act(firm, "retry", where={"target": "erp",
                                     "cause": cause["cause"]}).json == {
        "done": 30, "refused": 0, "unknown": 0, "why": ""}
    all_there(firm)
    same_books(firm, erp)
    assert firm.get("/v1/commits/causes")["items"] == []
    one = firm.get("/v1/commits/erp/J1")
    assert [(t["act"], t["outcome"]) for t in one["tries"]] == [
        ("send", "refused"), ("retry", "retrying"), ("send", "done")]
    assert one["actor"] and one["lines"][0]["currency"] == "INR"
    lines = {line["account"]: line["amount"] for line in one["lines"]}
    assert lines == {line["account"]: line["amount"] for line in
                     firm.get("/v1/journals/J1")["entries"]}
    said = actions(firm)
    assert sum(r["action"] == "commit.failed" for r in said) == 30
    retry, = [r for r in said if r["action"] == "commit.retry"]
    assert "erp/J1 " in retry["new"] and "erp/J30" in retry["new"]
    named = " ".join(r["new"] for r in said if r["action"] == "committed")
    assert sorted(w.split("=")[0] for w in named.split()) == sorted(
        "J%d" % n for n in range(1, 31))
    assert "J1=" + one["sent"] in named.split()
    firm.stop()
    firm.prove()


def test_pages_and_filters(firm, erp, proxy):
    refuse(proxy, 2)
    firm.rest("erp", proxy.url)
    firm.start()
    post_sales(firm, 7)
    wait_until(lambda: states(firm) == {"failed": 2, "done": 5})
    seen, after = [], ""
    while True:
        page = firm.get("/v1/commits?limit=3" + after)
        seen += [row["journal"] for row in page["items"]]
        assert len(page["items"]) <= 3
        if page["next"] is None:
            break
        after = "&after=" + page["next"]
    assert seen == ["J%d" % n for n in range(1, 8)]
    for query, n in (("state=failed", 2), ("state=done", 5),
                     ("state=open", 2), ("state=exception", 2),
                     ("number=INV-0", 1),
                     ("number=INV-0&kind=payment", 0), ("entity=IN01", 7),
                     ("state=failed&entity=IN02", 0)):
        assert len(firm.get("/v1/commits?" + query)["items"]) == n, query
    for bad in ("state=lost", "after=erp", "after=erp/E1", "limit=0"):
        assert firm.api("GET", "/v1/commits?" + bad).status == 400, bad
    for path in ("erp/J99", "none/J1", "erp/x"):
        assert firm.api("GET", "/v1/commits/" + path).status == 404, path


def test_what_may_be_said(firm, erp, proxy):
    refuse(proxy, 3)
    firm.rest("erp", proxy.url)
    firm.start()
    post_sales(firm, 5)
    wait_until(lambda: states(firm) == {"failed": 3, "done": 2})
    failed = [{"target": "erp", "journal": c["journal"]} for c in
              commits(firm, state="failed")]
    done = [{"target": "erp", "journal": c["journal"]} for c in
            commits(firm, state="done")]
    for what, reason, which, status in (
            ("skip", "", {"rows": failed}, 400),
            ("resend", "", {"rows": failed}, 400),
            ("forget", "x", {"rows": failed}, 400),
            ("retry", "", {}, 400), ("retry", "", {"where": {}}, 400),
            ("retry", "", {"rows": failed, "where": {"state": "failed"}},
             400),
            ("retry", "", {"where": {"state": "lost"}}, 400),
            ("retry", "", {"rows": [{"target": "erp"}]}, 400),
            ("retry", "", {"rows": failed * 4000}, 413),
            ("skip", "x" * 2001, {"rows": failed}, 400)):
        answer = act(firm, what, reason, **which)
        assert answer.status == status, (what, answer.body)
    assert states(firm) == {"failed": 3, "done": 2}
    # what is there is not skipped, and not sent anew by a retry
    assert act(firm, "skip", "no", rows=done).json["refused"] == 2
    said = act(firm, "retry", rows=done + [{"target": "erp",
                                            "journal": "J77"}]).json
    assert said["done"] == 0 and said["refused"] == 3 and said["why"]
    assert act(firm, "skip", "entered by hand", rows=failed[:1]).json == {
        "done": 1, "refused": 0, "unknown": 0, "why": ""}
    skipped, = commits(firm, state="skipped")
    assert skipped["reason"] == "entered by hand" and skipped["actor"]
    # a resend asks first: what is there stays as it is
    assert act(firm, "resend", "is it there?",
               rows=done + failed[:1]).json["done"] == 3
    wait_until(lambda: states(firm) == {"failed": 2, "done": 3})
    assert len(erp.times) == 3 and erp.doubled() == {}
    assert act(firm, "retry", where={"state": "failed"}).json["done"] == 2
    all_there(firm)
    same_books(firm, erp)


def test_two_people_said_so_of_a_cause(firm, erp, proxy):
    """The same of all that have a cause: who saw it before is told."""
    refuse(proxy, 4)
    firm.rest("erp", proxy.url)
    firm.start()
    post_sales(firm, 2)
    wait_until(lambda: states(firm) == {"failed": 2})
    cause, = firm.get("/v1/commits/causes")["items"]
    seen = {"of": cause["id"], "change": cause["change"]}
    assert act(firm, "resend", "it is not there",
               rows=[{"target": "erp", "journal": "J1"}]).json["done"] == 1
    wait_until(lambda: len(tries(firm, 1)) >= 3 and
               states(firm) == {"failed": 2})
    assert firm.get("/v1/commits/causes")["items"][0]["change"] > \
        cause["change"]
    post_sales(firm, 1, "LATER")
    wait_until(lambda: states(firm) == {"failed": 3})
    said = act(firm, "resend", "it is not there", where=seen).json
    assert (said["done"], said["refused"]) == (1, 2)
    assert said["why"] == "J1 has changed since you looked: it is failed"
    wait_until(lambda: states(firm) == {"failed": 2, "done": 1})
    assert act(firm, "resend", "x", where=dict(seen, change="E1")).status \
        == 400
    for change in (-1, 0, "", None):
        assert act(firm, "resend", "x",
                   where=dict(seen, change=change)).status == 400, change


def test_undoing_what_was_skipped_is_for_a_person(firm, erp, proxy):
    refuse(proxy, 1)
    firm.rest("erp", proxy.url)
    firm.start()
    assert post_voucher(firm, "1", "JV-1").status == 201
    wait_until(lambda: states(firm) == {"failed": 1})
    assert act(firm, "skip", "wrong", where={"state": "failed"}).json[
        "done"] == 1
    assert post_voucher(firm, "2", "JV-1", "20.00",
                        base_version=1).status == 201
    wait_until(lambda: states(firm) == {"skipped": 1, "failed": 1,
                                        "waiting": 1})
    failed, = commits(firm, state="failed")
    assert "was skipped" in failed["words"] and not erp.times
    assert act(firm, "skip", "it was never there",
               where={"state": "failed"}).json["done"] == 1
    all_there(firm)
    assert states(firm) == {"skipped": 2, "done": 1}
    assert sorted(erp.trial().values()) == [-2000, 2000]


def test_where_people_look(firm, erp, proxy):
    """The close board, alerts, figures and the trace."""
    refuse(proxy)
    firm.setting("alert_every", 1)
    firm.rest("erp", proxy.url)
    firm.start()
    post_sales(firm, 3)
    wait_until(lambda: states(firm) == {"failed": 3})

    def line():
        board = firm.get("/v1/close?entity=IN01&period=2026-10")
        return [one for one in board["items"] if one["line"] == "targets"][0]

    assert not line()["ok"] and line()["count"] == 3

    def metrics():
        return parse(firm.api("GET", "/metrics").body)

    now = metrics()
    assert now["bahi_target_backlog"].value(target="erp") == "3"
    assert now["bahi_target_commits"].value(target="erp",
                                            state="failed") == "3"
    assert now["bahi_target_running"].value(target="erp") == "1"
    wait_until(lambda: metrics()["bahi_alerts"].value(
        code="commits.failed") == "1")
    trace = firm.get("/v1/trace/J1")["events"][0]
    assert [(c["target"], c["state"]) for c in trace["commits"]] == [
        ("erp", "failed")]
    proxy.clear()
    act(firm, "retry", where={"state": "failed"})
    all_there(firm)
    assert line()["ok"] and line()["count"] == 0
    now = metrics()
    assert now["bahi_target_backlog"].value(target="erp") == "0"
    assert now["bahi_target_sent"].value("_total", target="erp") == "6"
    assert now["bahi_target_latency_seconds"].value("_count",
                                                    target="erp") == "3"
    trace = firm.get("/v1/trace/J1")["events"][0]
    assert trace["commits"][0]["remote_number"].startswith("JV/")


def test_since_when_it_is_not_there(firm, erp, proxy):
    """From its posting on: not from its event, which waited for a person, nor
    from the first try, before which the target was paused."""
    refuse(proxy)
    firm.rest("erp", proxy.url)
    firm.start()
    wait_until(lambda: target(firm))
    firm.run("target", "pause", "erp", "the ERP is being moved")
    late = firm.post("pos", sale("LATE", ledger_account="Mars"),
                     "late").json["event"]
    assert firm.api("POST", "/v1/reference/mapping", (
        "source,dimension,from,to\npos,account,Mars,4000\n").encode(),
        {"Content-Type": "text/csv"}).status == 200
    event = firm.get("/v1/events/" + late)
    assert event["state"] == "failed"
    assert firm.api("POST", "/v1/decisions", {
        "action": "retry", "events": [{"id": late, "version": str(
            event["version"])}]}).json["done"] == 1
    posted, = [one["at"] for one in firm.get(
        "/v1/audit?object=" + late)["items"] if one["action"] == "posted"]
    assert posted > event["received"]
    assert target(firm)["oldest"] == posted
    post_sales(firm, 1)
    assert target(firm)["oldest"] == posted
    firm.run("target", "resume", "erp")
    wait_until(lambda: states(firm) == {"failed": 2})
    assert target(firm)["oldest"] == posted
    cause, = firm.get("/v1/commits/causes")["items"]
    assert cause["since"] == posted < cause["first"]
    assert firm.get("/v1/commits/erp/J1")["posted"] == posted
    second = firm.get("/v1/commits/erp/J2")
    assert posted < second["posted"] <= second["first"]
    assert second["posted"] == firm.get("/v1/events?source=pos")["items"][1][
        "received"]
    act(firm, "skip", "by hand", rows=[{"target": "erp", "journal": "J1"}])
    assert target(firm)["oldest"] == second["posted"]
    assert firm.get("/v1/commits/causes")["items"][0]["since"] == \
        second["posted"]


def test_what_is_late_is_said(firm, erp):
    """An hour after its event came, to the moment; and its end."""
    firm.setting("alert_every", 1)
    firm.setting("alert_calm", 0)
    firm.setting("log", "debug")
    firm.rest("erp", erp.url)
    firm.start()
    wait_until(lambda: target(firm))
    firm.run("target", "pause", "erp", "the ERP is being moved")
    post_sales(firm, 1)
    came, = firm.ask("SELECT received FROM event")
    came = datetime.datetime.fromtimestamp(
        came["received"] // 10 ** 6, datetime.timezone.utc)

    def late():
        return {one["subject"]: one for one in firm.get(
            "/v1/alerts?state=raised")["items"]
            if one["code"] == "commits.late"}

    def restart(minutes):
        firm.stop()
        looks = firm.read_log().count(" alert.looked ")
        firm.start(BAHI_CLOCK=(came + datetime.timedelta(
            minutes=minutes)).isoformat())
        wait_until(lambda: firm.read_log().count(" alert.looked ") > looks)

    restart(60)
    assert late() == {}
    restart(61)
    assert wait_until(late)["erp"]["value"].startswith("1 (")
    firm.run("target", "resume", "erp")
    all_there(firm)
    wait_until(lambda: late() == {})


def test_who_sees_some_entities(firm, erp, proxy):
    """Acts on what he sees; the rest is not there for him."""
    refuse(proxy)
    firm.rest("erp", proxy.url)
    firm.start()
    post_sales(firm, 2)
    assert post_voucher(firm, "x", "JV-X", entity="IN02").status == 201
    wait_until(lambda: states(firm) == {"failed": 3})

    def token(name, role, *rows):
        made = firm.run("token", "add", name, role).stdout.split()[-1]
        assert firm.api("POST", "/v1/reference/access", (
            "subject,name,role,entities,sees\nclient,%s,,IN02,\n" % name
        ).encode()).status == 200
        return made

    def ask(who, method, path, body=None):
        connection = firm.connect()
        connection.request(method, path, body and json.dumps(body),
                           {"Authorization": "Bearer " + who})
        return Answer(connection.getresponse())

    clerk, boss = token("c", "clerk"), token("b", "controller")
    seen = ask(clerk, "GET", "/v1/commits").json["items"]
    assert [c["number"] for c in seen] == ["JV-X"]
    assert ask(clerk, "GET", "/v1/targets/erp").json["states"]["failed"] == 1
    assert ask(clerk, "GET", "/v1/commits/erp/J1").status == 404
    feed = [json.loads(line) for line in ask(
        clerk, "GET", "/v1/changes?after=0&limit=500").body.splitlines()]
    assert {("target", "erp"), ("commit", "erp")} <= {
        (one["topic"], one.get("key")) for one in feed}
    assert ask(clerk, "POST", "/v1/targets/erp/pause",
               {"reason": "x"}).status == 403
    assert ask(boss, "POST", "/v1/targets/erp/pause",
               {"reason": "x"}).status == 403     # it is of others, too
    assert ask(clerk, "POST", "/v1/commits/act", {
        "act": "skip", "reason": "x", "where": {"state": "failed"}
    }).status == 403
    assert ask(boss, "POST", "/v1/commits/act", {
        "act": "skip", "reason": "x", "rows": [
            {"target": "erp", "journal": "J1"}]}).json == {
                "done": 0, "refused": 1, "unknown": 0,
                "why": "no such commit"}
    assert ask(boss, "POST", "/v1/commits/act", {
        "act": "skip", "reason": "x", "where": {"state": "failed"}
    }).json["done"] == 1
    assert states(firm) == {"failed": 2, "skipped": 1}


@pytest.mark.skipif(SEALED, reason="changed past the daemon")
def test_a_commit_that_is_missing_is_found(firm, erp):
    """The walk over the ledger holds rows against journals, sums against
    rows."""
    firm.setting("consistency", 1)
    firm.rest("erp", erp.url)
    firm.start()
    post_sales(firm, 4)
    all_there(firm)
    passes = firm.get("/v1/consistency")["passes"]
    wait_until(lambda: firm.get("/v1/consistency")["passes"] > passes + 1)
    assert firm.get("/v1/consistency")["items"] == []
    firm.stop()
    db = sqlite3.connect(firm.home / "bahi.db")
    db.execute("DELETE FROM outbox WHERE journal = 2")
    db.execute("INSERT INTO outbox_sum VALUES ('erp', 'IN01', 'dead', 1)")
    db.commit()
    db.close()
    firm.start()
    wait_until(lambda: {i["code"] for i in firm.get("/v1/consistency")[
        "items"]} == {"commit.missing", "commit.sum"})
    assert target(firm)["state"] == "running"


def test_a_name_that_is_nobody_is_said(firm, erp):
    """Else an empty list would look as if all were well."""
    firm.rest("erp", erp.url)
    firm.start()
    wait_until(lambda: target(firm))
    for path in ("/v1/commits?target=epr", "/v1/commits?of=epr",
                 "/v1/commits?of=epr/1", "/v1/commits/causes?target=epr"):
        assert firm.api("GET", path).status == 404, path
    for path in ("/v1/commits?target=erp", "/v1/commits/causes?target=erp"):
        assert firm.get(path)["items"] == []
    said = firm.api("GET", "/v1/commits?state=lost")
    assert said.status == 400 and b"retrying" in said.body
