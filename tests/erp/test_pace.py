"""How fast, and how patiently: the rate is never exceeded, what a target asks
for is done, who we are being refused stops it, a pause is a pause."""
import datetime
import time

import pytest

from firm import wait_until, write_secret
from looks import drift, look
from outbox import (act, all_there, commits, post_sales, same_books, states,
                    target)

IST = datetime.timezone(datetime.timedelta(minutes=330))


def test_the_rate_is_never_exceeded(firm, erp):
    firm.rest("erp", erp.url, rate=15)
    erp.set["rate"] = 15            # and it would refuse more
    firm.start()
    post_sales(firm, 60)
    all_there(firm)
    assert erp.most_in_a_second() <= 15 and erp.count["limited"] == 0
    assert target(firm)["rate"] == 15
    same_books(firm, erp)


def test_a_restart_is_no_new_second(firm, erp):
    """What was sent just before it counts, too."""
    firm.start()
    post_sales(firm, 20)
    firm.rest("erp", erp.url, rate=15)
    wait_until(lambda: len(erp.times) >= 14)
    firm.stop()
    firm.start()
    all_there(firm)
    assert erp.most_in_a_second() <= 15


def test_one_that_answers_slowly_says_so(firm, erp):
    """It takes all, and yet what is to go there grows: why, is seen."""
    firm.rest("erp", erp.url, timeout=30)
    firm.start()
    erp.trouble("delay", 1, seconds=3.2)
    post_sales(firm, 1)
    all_there(firm)
    wait_until(lambda: target(firm)["why"] ==
               "it answers slowly, the last time after 3 s")
    assert target(firm)["state"] == "running"
    post_sales(firm, 1, "NEXT")
    all_there(firm)
    wait_until(lambda: target(firm)["why"] == "")


def test_it_is_back_and_nothing_is_for_it(firm, proxy):
    """It was only asked how far it reaches."""
    proxy.plan("status", 10 ** 6, status=503, when=lambda r: "series=" in
               r.path)
    firm.rest("erp", proxy.url, entities="IN02", failures=1, pause=1)
    firm.start()
    post_sales(firm, 1)
    wait_until(lambda: (lambda t: t and t["breaker"] == "open")(target(firm)))
    proxy.clear()
    wait_until(lambda: target(firm)["breaker"] == "closed")
    assert target(firm)["why"] == ""


def test_429_is_obeyed(firm, erp, proxy):
    """All wait, not only the one that was told so; and nothing fails."""
    proxy.plan("status", 1, status=429, retry_after="2")
    firm.rest("erp", proxy.url, attempts=1, failures=1)
    firm.start()
    post_sales(firm, 5)
    waits = wait_until(lambda: (lambda t: t and t["next_at"] and t)(
        target(firm)))
    assert waits["breaker"] == "closed"
    all_there(firm)
    told, *rest = [r.at for r in proxy.seen if r.method == "POST"]
    assert min(rest) - told > 1.9
    same_books(firm, erp)


def test_429_is_obeyed_after_a_restart(firm, erp, proxy):
    """What is new waits, too; but not for who gives it other settings."""
    proxy.plan("status", 1, status=429, retry_after="600")
    firm.rest("erp", proxy.url)
    firm.start()
    post_sales(firm, 1)
    wait_until(lambda: states(firm) == {"retrying": 1})
    firm.kill()
    proxy.seen.clear()
    firm.start()
    post_sales(firm, 3, "B")
    waits = wait_until(lambda: (lambda t: t and t["check"] and
                                t["next_at"] and t)(target(firm)))
    left = datetime.datetime.fromisoformat(
        waits["next_at"]) - datetime.datetime.now(IST)
    assert 590 < left.total_seconds() <= 600 and waits["backlog"] == 3
    changed = time.monotonic()
    firm.rest("erp", proxy.url, batch=1)
    assert act(firm, "retry", where={"state": "retrying"}).json["done"] == 1
    all_there(firm)
    assert min(r.at for r in proxy.seen if r.method == "POST") > changed
    same_books(firm, erp)


def test_429_to_a_question_is_obeyed(firm, erp, proxy):
    proxy.plan("status", 1, status=429, retry_after="1",
               when=lambda r: "series=" in r.path)
    firm.rest("erp", proxy.url)
    firm.start()
    post_sales(firm, 2)
    all_there(firm)
    told, *rest = [r.at for r in proxy.seen if "check" not in r.path][1:]
    assert rest[0] - told > 0.9
    same_books(firm, erp)


def test_429_to_a_look_holds_what_is_sent(firm, erp, proxy):
    """What is there is kept as done, what is not is not on its way."""
    firm.rest("erp", proxy.url, look=0, look_days=3660)
    firm.start()
    post_sales(firm, 2)
    all_there(firm)
    proxy.plan("status", 1, status=429, retry_after="600",
               when=lambda r: "from=" in r.path)
    gate = proxy.hold()
    post_sales(firm, 9, "B")
    assert gate.met.wait(30)
    post_sales(firm, 9, "C")
    second = proxy.hold()
    gate.go.set()                       # and a group of several goes
    assert second.met.wait(30)
    look(firm)
    second.go.set()
    wait_until(lambda: "sending" not in states(firm))
    there = len(erp.times)
    assert states(firm)["done"] == there < 20
    assert target(firm)["next_at"]


def hours(since, until):
    """Of now, in India, in minutes from now."""
    now = datetime.datetime.now(IST)
    return "-".join((now + datetime.timedelta(minutes=m)).strftime("%H:%M")
                    for m in (since, until))


def test_hours_in_which_it_is_not_spoken_to(firm, erp, proxy):
    """Not even asked or looked at; and it says until when."""
    away = hours(-60, 90)
    firm.rest("erp", proxy.url, away=away, look=1)
    firm.start()
    post_sales(firm, 3)
    waits = wait_until(lambda: (lambda t: t and t["next_at"] and
                                t["backlog"] == 3 and t)(target(firm)))
    assert waits["state"] == "running" and waits["breaker"] == "closed"
    assert waits["why"] == "not spoken to at %s, as set" % away
    left = datetime.datetime.fromisoformat(
        waits["next_at"]) - datetime.datetime.now(IST)
    assert 88 * 60 < left.total_seconds() <= 90 * 60
    firm.stop()
    firm.start()
    assert target(firm)["why"] == waits["why"] and not proxy.seen
    firm.stop()                             # those hours are over
    firm.rest("erp", proxy.url, away=hours(60, 90))
    firm.start()
    all_there(firm)
    assert target(firm)["why"] == ""
    same_books(firm, erp)


def test_paused_in_those_hours(firm, erp, proxy):
    """Whoever wishes it: neither checked nor looked at."""
    firm.rest("erp", proxy.url, away=hours(60, 120), look=0)
    firm.start()
    wait_until(lambda: (target(firm) or {}).get("check"))
    firm.run("target", "pause", "erp", "the year is being closed")
    proxy.seen.clear()
    firm.rest("erp", proxy.url, away=hours(-60, 90), look=0)
    wait_until(lambda: target(firm)["check"] is None)
    said = wait_until(lambda: (lambda a: a.status == 422 and a)(firm.api(
        "POST", "/v1/targets/erp/check")))      # new settings are in force
    assert "until " in said.json["detail"]
    wait_until(lambda: firm.api("POST", "/v1/targets/erp/look").status ==
               202)
    looked = wait_until(lambda: drift(firm)["look"])
    assert "may be asked again in" in looked["why"] and not proxy.seen


@pytest.mark.parametrize("paused", [False, True])
def test_it_is_checked_in_those_hours_by_who_says_so(firm, erp, proxy,
                                                     paused):
    """By the daemon and without it; nothing else goes for that."""
    away = hours(-60, 90)
    firm.rest("erp", proxy.url, away=away, look=0)
    said = firm.run("target", "check", "erp", check=False)
    assert said.returncode != 0 and not proxy.seen
    assert "not spoken to at %s, as set: until %s" % (
        away, away[6:]) in said.stderr
    assert "House of tests" in firm.run("target", "check", "erp",
                                        "now").stdout
    firm.run("target", "check", "erp", "then", check=False)
    proxy.seen.clear()
    firm.start()
    wait_until(lambda: target(firm))
    if paused:
        firm.run("target", "pause", "erp", "the year is being closed")
    post_sales(firm, 1)
    said = wait_until(lambda: (lambda a: a.status == 422 and a)(firm.api(
        "POST", "/v1/targets/erp/check", {})))
    assert "until %s" % away[6:] in said.json["detail"]
    assert not proxy.seen and target(firm)["check"] is None
    assert firm.api("POST", "/v1/targets/erp/check",
                    {"now": True}).status == 202
    assert wait_until(lambda: target(firm)["check"])["good"]
    now = target(firm)
    assert now["backlog"] == 1 and not erp.times
    assert now["why"] == ("the year is being closed" if paused else
                          "not spoken to at %s, as set" % away)


def test_a_small_burst_then_the_rate(firm, erp):
    firm.rest("erp", erp.url, rate=10, burst=1)
    firm.start()
    post_sales(firm, 25)
    all_there(firm)
    assert erp.most_in_a_second() <= 10
    same_books(firm, erp)


def test_who_we_are_is_not_taken(firm, erp):
    """Nothing of what waits fails; a new secret lets it go on."""
    firm.rest("erp", erp.url, failures=2, secret="of yesterday")
    firm.start()
    post_sales(firm, 5)
    opened = wait_until(lambda: (lambda t: t and t["breaker"] == "open" and t)(
        target(firm)))
    assert "401" in opened["why"] and opened["backlog"] == 5
    write_secret(firm.targets / "erp.secret", "rest-token")
    all_there(firm)
    same_books(firm, erp)


def test_what_we_may_not_do_stops_it(firm, erp, proxy):
    """Before thousands are refused for it; a person lets it go on."""
    proxy.plan("status", 10 ** 6, status=403, when=lambda r: r.method ==
               "POST")
    firm.rest("erp", proxy.url, failures=3, rate=20)
    firm.setting("alert_every", 1)
    firm.start()
    post_sales(firm, 20)
    stopped = wait_until(lambda: (lambda t: t and t["state"] == "stopped" and
                                  t)(target(firm)))
    failed = commits(firm, state="failed")
    assert len(failed) == 3
    assert {c["refusal"] for c in failed} == {"rights"}
    assert stopped["backlog"] + sum(stopped["states"].values()) == 20
    wait_until(lambda: b'bahi_alerts{code="target.failing"} 1' in
               firm.api("GET", "/metrics").body)
    proxy.clear()
    firm.run("target", "resume", "erp")
    assert act(firm, "retry", where={"state": "failed"}).json["done"] == 3
    all_there(firm)
    same_books(firm, erp)


def test_paused_is_paused(firm, erp):
    firm.rest("erp", erp.url)
    firm.start()
    post_sales(firm, 2, "A")
    all_there(firm)
    assert firm.api("POST", "/v1/targets/erp/pause", {}).status == 400
    assert firm.api("POST", "/v1/targets/erp/pause",
                    {"reason": "the year is being closed"}).status == 200
    post_sales(firm, 3, "B")
    firm.stop()
    firm.start()
    post_sales(firm, 3, "C")
    firm.rest("erp", erp.url, batch=1)      # another file is no resume
    post_sales(firm, 3, "D")
    paused = target(firm)
    assert (paused["state"], paused["backlog"]) == ("paused", 9)
    assert paused["why"] == "the year is being closed" and paused["actor"]
    assert len(erp.times) == 2
    firm.run("target", "resume", "erp")
    all_there(firm)
    same_books(firm, erp)
    rows = firm.get("/v1/audit?limit=500")["items"]
    said = [r["action"] for r in rows if r["action"].startswith("target.")]
    assert sorted(said) == ["target.paused", "target.resumed"]


def test_paused_in_the_middle_of_a_burst(firm, erp):
    """What is on its way is finished, nothing more goes."""
    firm.rest("erp", erp.url, rate=20)
    firm.start()
    post_sales(firm, 60)
    wait_until(lambda: len(erp.times) > 5)
    firm.run("target", "pause", "erp", "enough")
    wait_until(lambda: not set(states(firm)) & {"sending"})
    there = len(erp.times)
    post_sales(firm, 5, "MORE")
    assert len(erp.times) == there < 60
    assert states(firm)["done"] == there
    firm.run("target", "resume", "erp")
    all_there(firm)
    same_books(firm, erp)


def test_check(firm, erp):
    """By the daemon, and without it."""
    firm.rest("erp", erp.url)
    said = firm.run("target", "check", "erp").stdout
    assert "restd 1.0" in said and "House of tests" in said
    firm.rest("lost", "http://127.0.0.1:1")
    assert firm.run("target", "check", "lost", check=False).returncode != 0
    firm.start()
    wait_until(lambda: (target(firm) or {}).get("check"))
    before = target(firm)["check"]["at"]
    assert firm.api("POST", "/v1/targets/erp/check").status == 202
    wait_until(lambda: target(firm)["check"]["at"] > before)
    bad = wait_until(lambda: target(firm, "lost")["check"])
    assert bad["good"] is False and bad["why"]
    assert firm.api("POST", "/v1/targets/none/check").status == 404
    listed = firm.run("target", "list").stdout
    assert listed.splitlines()[0].startswith("erp  running  closed")
