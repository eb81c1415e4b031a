"""A file of a target with a slip in it: what is said mends it."""
import pytest

from firm import wait_until, write_conf, write_secret
from outbox import all_there, post_sales, target

KINDS = "rest, erpnext, odoo, tally, tally-file, tryton"
TRYTON = {"kind": "tryton", "url": "https://erp.example/", "database": "firm",
          "user": "bahi", "secret": "s"}


@pytest.fixture
def checked(firm):
    """What `bahid target check` says of a file with these settings."""
    firm.setting("targets", "targets")
    write_secret(firm.targets / "s", "x")

    def check(**settings):
        (firm.targets / "erp.conf").write_text("".join(
            "%s = %s\n" % one for one in settings.items()))
        done = firm.run("target", "check", "erp", check=False)
        assert done.returncode != 0, done.stdout
        return done.stderr
    return check


def checked_by_the_daemon(firm):
    one = target(firm)
    return one and one["check"]


@pytest.mark.parametrize("changes, says", [
    ({"kind": "trytan"}, ["kind: ", "trytan", KINDS]),
    ({"kind": ""}, ["kind must be there", KINDS]),
    ({"url": ""}, ["url must be there"]),
    ({"url": "erp.example"}, ["url: ", "https://"]),
    ({"url": "https://a:geheim@erp.example/"},
     ["url: ", "without user and password"]),
    ({"url": "http://erp.example/"}, ["url: ", "over https only"]),
    ({"kind": "tally", "url": "http://10.1.1.1:9000", "secret": ""},
     ["url: ", "over https only", "plain = yes"]),
    ({"database": ""}, ["database must be there"]),
    ({"user": ""}, ["user must be there"]),
    ({"secret": ""}, ["secret must be there"]),
    ({"secret": "gone"}, ["secret: ", "/gone"]),
    ({"first": "05-10-2026"}, ["first: ", "05-10-2026", "2026-"]),
    ({"unmapped": "no"}, ["unmapped: ", "same, refuse"]),
])
def test_what_is_wrong(checked, changes, says):
    settings = {k: v for k, v in dict(TRYTON, **changes).items() if v}
    said = checked(**settings)
    assert all(one in said for one in says), said
    assert "geheim" not in said


def test_a_target_that_is_away_is_not_the_daemon(checked):
    said = checked(**dict(TRYTON, url="http://127.0.0.1:9/"))
    assert "The target cannot be reached." in said and "daemon" not in said


def test_an_entity_that_the_books_do_not_know(firm, erp):
    firm.rest("erp", erp.url, entities="IN01 IN99")
    firm.start()
    wait_until(lambda: checked_by_the_daemon(firm))
    check = checked_by_the_daemon(firm)
    assert check["good"] is False
    assert [(one["field"], one["value"]) for one in check["faults"]] == [
        ("entities", "IN99")]


def test_one_that_does_not_run_says_why(firm):
    write_conf(firm.targets, "erp", kind="trytan")
    firm.start()
    wait_until(lambda: target(firm))
    for method, path in (("POST", "check"), ("POST", "look"),
                         ("GET", "trial")):
        answer = firm.api(method, "/v1/targets/erp/" + path,
                          {} if method == "POST" else None)
        assert answer.status == 422, (path, answer.body)
        assert b"trytan" in answer.body


def stands(firm, **wanted):
    def now():
        one = target(firm)
        return all(one[key] == wanted[key] for key in wanted)
    wait_until(now, "not so: %s" % wanted)


def test_a_pause_and_a_slip_are_both_said(firm, erp):
    """What a person said stays, whatever becomes of the file."""
    firm.rest("erp", erp.url)
    firm.start()
    wait_until(lambda: target(firm))
    said = "the year is being closed"
    assert firm.api("POST", "/v1/targets/erp/pause",
                    {"reason": said}).status == 200
    who = target(firm)["actor"]
    stands(firm, state="paused", why=said, reason=said)
    firm.rest("erp", erp.url, first="soon")
    stands(firm, state="stopped", reason=said, actor=who)
    assert "first: " in target(firm)["why"]
    firm.rest("erp", erp.url)
    stands(firm, state="paused", why=said, reason=said, actor=who)
    firm.run("target", "resume", "erp")
    stands(firm, state="running", why="", reason="", actor="")
    # One that is paused while its file is of no use.
    firm.rest("erp", erp.url, first="soon")
    stands(firm, state="stopped", reason="", actor="")
    fault = target(firm)["why"]
    assert firm.api("POST", "/v1/targets/erp/pause",
                    {"reason": said}).status == 200
    stands(firm, state="stopped", why=fault, reason=said, actor=who)
    (firm.targets / "erp.conf").unlink()
    stands(firm, state="removed")
    firm.rest("erp", erp.url)
    stands(firm, state="paused", why=said, reason=said, actor=who)


def test_a_pause_and_other_books_are_both_said(firm, erp):
    firm.rest("erp", erp.url, company="trial")
    firm.start()
    post_sales(firm, 1)
    all_there(firm)
    firm.run("target", "pause", "erp", "it is being moved")
    firm.rest("erp", erp.url, company="real")
    wait_until(lambda: "it was rest /trial" in target(firm)["why"])
    stands(firm, state="paused", reason="it is being moved")
    assert target(firm)["actor"] != "bahid"
    firm.rest("erp", erp.url, company="trial")
    stands(firm, state="paused", why="it is being moved")
    firm.run("target", "resume", "erp")
    # And the other way round.
    firm.rest("erp", erp.url, company="real")
    stands(firm, state="paused", actor="bahid", reason="")
    firm.run("target", "pause", "erp", "it is being moved")
    stands(firm, state="paused", reason="it is being moved")
    assert "it was rest /trial" in target(firm)["why"]


def test_a_verb_with_a_slip(firm):
    done = firm.run("target", "chekc", "erp", check=False)
    lines = done.stderr.splitlines()
    assert done.returncode == 2 and lines[0].startswith("usage: ")
    assert len(lines) > 3 and all("target " in one for one in lines[1:])
    done = firm.run("tagret", "list", check=False)
    assert done.stderr.startswith("bahid: no verb tagret")
    assert "source add" in done.stderr
    whole = firm.run("--help", config=False).stdout.splitlines()
    verbs = [one for one in whole[1:] if one[2] != " "]
    assert all(one[19] == " " and one[20:].strip() for one in verbs)
