"""A person has the payload right: it comes in beside the one that came, whose
bytes stay, and a rebuild says the same."""
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from free import Free, doc
from house import ROOT
from test_approvals import Office

sys.path.insert(0, str(ROOT / "tests" / "console"))
from terminal import Terminal  # noqa: E402

BAHI = os.environ.get("BAHI", str(ROOT / "build" / "bahi"))


@pytest.fixture
def free():
    one = Free()
    yield one
    one.close()


@pytest.fixture
def office():
    one = Office()
    yield one
    one.close()


def failing(free, number="F"):
    return free.send(doc("sales_invoice", number, lines=[
        {"account": "7777", "amount": "100.00"},
        {"account": "3000", "amount": "-100.00"}]))["event"]


def body_of(free, event, old="7777", new="1000"):
    """The payload with one account put right."""
    came = free.get("/v1/events/" + event)["payload"]
    assert old in came
    return came.replace(old, new)


def correct(free, event, body, status=200, key=None, query="", **more):
    asked = {"version": free.get("/v1/events/" + event)["version"],
             "content_type": "application/json", "body": body,
             "reason": "the till had the old account", **more}
    answer = free.api("POST", "/v1/events/%s/correct%s" % (event, query),
                      asked,
                      {"Content-Type": "application/json",
                       **({"Idempotency-Key": key} if key else {})})
    assert answer.status == status, answer.body
    return answer


def feed(free, after):
    lines = free.api("GET", "/v1/changes?after=%d&limit=100" % after).body
    rows = [json.loads(line) for line in lines.splitlines()]
    return {one["value"]["id"]: one["value"]["state"] for one in rows
            if one["topic"] == "event"}


def test_a_corrected_payload_posts(free):
    free.start()
    event = failing(free)
    came = free.get("/v1/events/" + event)
    before = free.get("/v1/status")["as_of"]["change"]
    body = body_of(free, event)
    said, = correct(free, event, body, key="k").json["results"]
    assert (said["state"], said["became"]) == ("dismissed", "posted")
    made = said["corrected_as"]
    old, new = (free.get("/v1/events/" + one) for one in (event, made))
    assert (old["payload"], old["digest"]) == (came["payload"],
                                               came["digest"])
    assert old["corrected_as"] == made and old["corrects"] is None
    assert old["history"][-1]["new"].endswith(
        "the till had the old account; corrected as " + made)
    assert new["payload"] == body and new["state"] == "posted"
    assert (new["source"], new["topic"]) == (old["source"], old["topic"])
    assert new["key"].startswith(old["key"] + "~D")
    assert new["secret"] is None
    assert new["corrects"]["event"] == event and new["corrects"]["by"]
    told, = [one for one in new["history"] if one["action"] == "corrected"]
    assert "signed by nobody" in told["new"]
    # both in the feed and in the trace of either
    assert feed(free, before) == {event: "dismissed", made: "posted"}
    for one in event, made:
        assert {e["event"]["id"] for e in free.get("/v1/trace/" + one)[
            "events"]} == {event, made}
    # the same request again is the same correction
    again = correct(free, event, body, key="k",
                    version=came["version"])
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json["results"] == [said]
    free.check_books()
    free.prove()


def test_one_that_still_fails_says_why(free):
    free.start()
    event = failing(free)
    said, = correct(free, event, body_of(free, event, new="7778")).json[
        "results"]
    assert said["became"] == "failed"
    assert said["findings"][0]["value"] == "7778"
    second = said["corrected_as"]
    said, = correct(free, second, body_of(free, second, "7778")).json[
        "results"]
    assert said["became"] == "posted"
    free.check_books()
    free.prove()


def test_a_dry_run_changes_nothing(free):
    free.start()
    event = failing(free)
    before = free.get("/v1/status")["as_of"]["change"]
    seen = correct(free, event, body_of(free, event), query="?dry_run=1",
                   reason="").json
    assert seen["findings"] == [] and len(seen["documents"]) == 1
    assert {one["account"] for one in seen["effect"]} == {"1000", "3000"}
    seen = correct(free, event, body_of(free, event, new="7778"),
                   query="?dry_run=1").json
    assert seen["findings"][0]["value"] == "7778"
    assert free.get("/v1/status")["as_of"]["change"] == before


def test_what_is_refused(free):
    free.start()
    event = failing(free)
    came = free.get("/v1/events/" + event)["payload"]
    good = body_of(free, event)
    assert "nothing was changed" in correct(free, event, came, 422).json[
        "detail"]
    correct(free, event, good, 412, version=7)
    correct(free, event, good, 400, reason="")
    correct(free, event, good, 400, content_type="text/csv")
    correct(free, event, good + "}", 400)
    correct(free, event, "", 400)
    correct(free, event, json.dumps("x" * (9 << 20)), 413)
    answer = free.api("POST", "/v1/events/E999/correct",
                      {"version": 1, "body": good, "reason": "x"})
    assert answer.status == 404
    answer = free.decide(action="correct", reason="x", events=[
        {"id": event, "version": 1}])
    assert answer.status == 400, answer.body
    posted = free.send(doc("payment", "P"))["event"]
    correct(free, posted, good, 422)
    made = correct(free, event, good).json["results"][0]["corrected_as"]
    correct(free, event, good, 422)             # it is settled
    # and is not opened beside what stands for it
    seen = free.get("/v1/events/" + event)
    again = free.decide(action="reopen", reason="x", events=[
        {"id": event, "version": seen["version"]}])
    assert again.status == 422 and made in again.json["detail"]
    assert free.api("POST", "/v1/decisions/last/undo", {}).status == 409
    free.check_books()
    free.prove()


def test_who_corrects_does_not_approve(office):
    office.policies("amount,payment,*,50.00,,,approver,")
    office.hire(asha="approver", ravi="approver", vik="viewer").start()
    sent = office.send(doc("payment", "P", "100.00"))
    assert office.state(sent) == "held"
    body = office.seen(sent)["payload"].replace("100.00", "120.00")
    asked = {"version": office.seen(sent)["version"], "body": body,
             "reason": "the bank says 120"}
    path = "/v1/events/%s/correct" % sent["event"]
    assert office.people.ask("vik", "POST", path, asked).status == 403
    made = office.people.ask("asha", "POST", path, asked)
    assert made.status == 200, made.body
    said, = made.json["results"]
    assert said["became"] == "held"
    new = {"status": "/v1/events/" + said["corrected_as"]}
    assert office.say("asha", "approve", new).status == 403
    assert office.say("ravi", "approve", new).status == 200
    assert office.state(new) == "posted"
    office.check_books()
    office.prove()


@pytest.mark.parametrize("point", ["correct.between", "settle.after_event",
                                   "decision.after_commit"])
def test_both_or_neither(free, point):
    free.start()
    event = failing(free)
    body = body_of(free, event)
    free.stop()
    free.start(BAHI_CRASH=point)
    with pytest.raises(OSError):
        correct(free, event, body)
    assert free.died() == -signal.SIGKILL
    free.start()
    seen = free.get("/v1/events/" + event)
    done = point == "decision.after_commit"
    assert seen["state"] == ("dismissed" if done else "failed")
    assert (seen["corrected_as"] is not None) == done
    assert len(free.get("/v1/events")["items"]) == 1 + done
    free.check_books()
    free.prove()


# ---- the verb --------------------------------------------------------------

def bahi(free, *words, stdin=None):
    (free.dir / "bahi.conf").write_text(
        "socket = %s\ncache = cache.db\n" % (free.home / "bahid.sock"))
    return subprocess.run(
        [BAHI, "--config", str(free.dir / "bahi.conf"), *words], text=True,
        input=stdin, timeout=60, capture_output=True,
        env=dict(os.environ, LC_ALL="C.UTF-8",
                 XDG_STATE_HOME=str(free.dir / "state")))


def test_the_verb(free):
    free.start()
    event = failing(free)
    file = free.dir / "right.json"
    file.write_text(body_of(free, event, new="7778"))
    seen = bahi(free, "correct", event, str(file), "--dry-run")
    assert seen.returncode == 1 and "7778" in seen.stdout, seen
    done = bahi(free, "correct", event, "-", "--reason", "old account",
                stdin=body_of(free, event))
    assert done.returncode == 0, done.stderr
    made = free.get("/v1/events/" + event)["corrected_as"]
    assert "corrected as %s: posted" % made in done.stdout
    again = bahi(free, "correct", event, str(file), "--reason", "again")
    assert again.returncode == 3, again
    free.prove()


# ---- the key ---------------------------------------------------------------

def corrected(free, event, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        made = free.get("/v1/events/" + event)["corrected_as"]
        if made:
            return made
        time.sleep(0.05)
    raise AssertionError("not corrected")


def test_the_key(free):
    free.start()
    event = failing(free)
    (free.home / "bahi.conf").write_text(
        "socket = %s\n" % (free.home / "bahid.sock"))
    script = free.dir / "editor"
    script.write_text("#!/bin/sh\nprintf EDITING; read key\nstat -c %a \"$1\" >mode\n"
                      "test $key = s && sed -i s/7777/1000/ \"$1\"\n"
                      "test $key = b && echo x >\"$1\"\nexit 0\n")
    script.chmod(0o755)
    t = Terminal([BAHI, "--config", str(free.home / "bahi.conf")],
                 env={"XDG_CACHE_HOME": str(free.dir), "EDITOR":
                      "cd %s; ./editor" % free.dir,
                      "XDG_STATE_HOME": str(free.dir / "state")})
    try:
        t.until("live").type("2").until(event).type("Enter")
        t.until("SHA-256")
        for key, want in (("n", "Nothing was changed"),
                          ("b", "it is no JSON"),
                          ("s", "Correct, because:")):
            t.type("e").until("EDITING").type(key, "Enter").until(want)
        assert "-1 +1" in t.text() and '"1000"' in t.text()
        t.type("old account", "Enter").until("Send it instead of").type("y")
        t.until("dismissed")    # as the console says at once
        assert (free.dir / "mode").read_text().strip() == "600"
        made = corrected(free, event)
        assert free.get("/v1/events/" + made)["state"] == "posted"
        assert not list((free.dir / "state").rglob("payload*"))
    finally:
        t.close()
    free.prove()
