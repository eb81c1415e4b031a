"""What a role may not do is not offered, and a key of it says so."""
import json
import os
import pathlib
import re
import subprocess

import pytest

import erp_rows
from daemon import me
from erp_rows import open_pane

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ("queue-change", "queue-drop", "queue-clear")    # of this console alone


def tabs(t):
    return t.lines()[1]


def bar(t):
    return t.lines()[-1]


def test_a_viewer_is_offered_what_shows(place):
    place.books.me = me("viewer", "v", [])
    t = place.serve().console().until("live")
    assert "4 ledger" in tabs(t) and "9 dead" in tabs(t)
    t.type("3").until("No account is known").until("Enter open")
    assert " retry" not in bar(t) and " fix" not in bar(t)
    t.type("r").until("Your access here is viewer; this is not part of it.")
    t.type(":").type("dismiss", "Enter")
    t.until("Your access here is viewer; this is not part of it.")
    t.type("Esc").until("Enter open")
    t.type("?").until("In this view")
    assert "process again" not in t.text()
    assert place.books.received == []


def test_the_warehouse_sees_its_stock(place):
    place.books.me = me("warehouse", "w", [])
    t = place.serve().console().until("live")
    t.until(lambda t: "4 ledger" not in tabs(t))
    assert "7 stock" in tabs(t) and "6 orders" in tabs(t)
    t.type("4").until("Your access here is warehouse; this is not part of it.")
    t.type("7").until("BOOK-1")


def test_another_role_starts_with_an_empty_copy(place):
    t = place.serve().console().until("live")
    t.type("3").until("No account is known")
    t.type("q").until("Leave the console?").type("y").end()
    place.books.me = me("viewer", "v", [])
    place.books.problems[0]["count"] = place.books.problems[1]["count"] = 0
    place.books.followed = []
    place.console().until("live").type("3").until("No account").until(
        lambda t: " retry" not in bar(t))
    assert place.books.followed[0] == 0         # nothing is left of before


@pytest.mark.parametrize("how", ["role", "started"])
def test_read_only(place, how):
    if how == "role":
        place.books.me = me(read_only=True)
        words = "Your access only reads."
        t = place.serve().console().until("live")
    else:
        words = "This console only reads, as it was started."
        with open(place.folder / "bahi.conf", "a") as conf:
            conf.write("read_only = yes\n")
        t = place.serve().console().until("live")
    t.type("3").until("No account is known").until(
        lambda t: " retry" not in bar(t))
    t.type("r").until(words)
    assert place.books.received == []


# What a viewer, a clerk and a warehouse may not; the labels of the bar.
LACKS = {
    "viewer": ("v", {
        "targets": {"p": "pause", "u": "resume", "c": "check", "L": "look"},
        "causes": {"r": "retry", "R": "resend", "D": "skip", "f": "map"},
        "commits": {"r": "retry", "R": "resend", "D": "skip", "f": "map"},
        "commit": {"r": "retry", "R": "resend", "D": "skip", "f": "map"},
        "drift": {"K": "ours", "T": "theirs", "A": "adopt", "i": "ignore",
                  "L": "look"},
        "drifted": {"K": "ours", "T": "theirs", "A": "adopt",
                    "i": "ignore"},
        "bank": {"a": "accept", "A": "all alike", "=": "match", "p": "book",
                 "i": "ignore", "u": "", "r": "", "z": "take back"},
        "count": {"a": "adjust", "D": "reject", "u": "undo"}}),
    "clerk": ("c", {
        "targets": {"p": "pause", "u": "resume"},
        "causes": {"R": "resend", "D": "skip", "f": "map"},
        "commits": {"R": "resend", "D": "skip", "f": "map"},
        "commit": {"R": "resend", "D": "skip", "f": "map"}}),
    "warehouse": ("w", {
        "counts": {"T": "", "t": "", "$": ""},
        "count": {"a": "adjust", "D": "reject", "u": "undo"}}),
}
HELPS = {       # some words of the help of what is not theirs
    "viewer": ("with a reason", "the marked lines and the marked entries"),
    "clerk": ("send nothing to the target", "send it even if it is there",
              "begin the row of mapping"),
    "warehouse": ("lines of statements beside the ledger", "every commit of",
                  "the statement of the next account"),
}


@pytest.mark.parametrize("role", sorted(LACKS))
def test_the_panes_of_targets_banks_and_counts(place, role):
    letter, panes = LACKS[role]
    place.books.me = me(role, letter, [])
    erp_rows.fill(place.books, 3)
    t = place.serve().console(40, 200).until("live")
    why = "Your access here is %s; this is not part of it." % role
    for name, keys in panes.items():
        open_pane(t, name)
        shown = bar(t)
        for key, label in keys.items():
            assert not label or " %s %s " % (key, label) not in shown + " ", (
                name, key, shown)
            t.type(key).until(why)
            t.type("Ctrl-L").until(lambda t: why not in t.text())
        t.type("?").until("In this view")
        for page in range(4):
            for words in HELPS[role]:
                assert words not in t.text(), (name, words)
            t.type("PageDown").quiet(0.05)
        t.type("Esc").until(lambda t: bar(t) == shown)
    # By its name it is found, with why not.
    words = HELPS[role][-1]
    t.type(":").type(words[:20])
    t.until(lambda t: any(words in line and "Your access" in line
                          for line in t.lines())).type("Esc")
    assert place.books.received == []


def test_a_clerk_is_offered_what_is_his(place):
    place.books.me = me("clerk", "c")
    erp_rows.fill(place.books, 3)
    t = place.serve().console(40, 200).until("live")
    open_pane(t, "commits")
    assert " r retry " in bar(t)
    open_pane(t, "drift")
    assert " K ours " in bar(t) and " A adopt " in bar(t)
    open_pane(t, "count")
    assert " a adjust " in bar(t)


def rights(bahi):
    return {line.split("\t")[0]: (line.split("\t")[1], line.split("\t")[5])
            for line in subprocess.run(
                [bahi, "--dump=actions"], check=True, text=True,
                capture_output=True).stdout.splitlines()}


def test_each_action_has_its_right(bahi):
    """One that the daemon knows: a route, or an act of decisions."""
    all_of = me()
    known = {"%s %s" % (one["method"], one["path"]) for one in all_of["may"]}
    for name, (kind, right) in rights(bahi).items():
        if kind == "acts" and name not in HERE:
            assert right, name
        if right:
            assert right in known or right in all_of["acts"], name


def test_the_fake_daemon_says_what_the_real_one_does(tmp_path):
    bahid = os.environ.get("BAHID", str(ROOT / "build" / "bahid"))
    subprocess.run([bahid, "init", str(tmp_path)], check=True,
                   capture_output=True)
    conf = tmp_path / "bahid.conf"
    conf.write_text(re.sub(r"(?m)^rules.*$", "rules = %s" % (
        ROOT / "data" / "rules"), conf.read_text()))
    daemon = subprocess.Popen([bahid, "--config", str(conf), "run"],
                              stderr=subprocess.PIPE, text=True)
    try:
        for line in daemon.stderr:
            if "bahid.ready" in line:
                break
        out = subprocess.run(
            ["curl", "-s", "--unix-socket", str(tmp_path / "bahid.sock"),
             "http://bahi/v1/me"], check=True, capture_output=True)
        said, fake = json.loads(out.stdout), me()
        assert said["role"] == "admin" and said["acts"] == fake["acts"]
        assert [dict(one) for one in said["may"]] == fake["may"]
    finally:
        daemon.terminate()
        daemon.communicate(timeout=20)


def test_what_is_of_all_entities_is_left_out(place):
    """Who is of some is not asked about it, nor told that he may not."""
    some = me("clerk", "c", scope={"entities": ["IN01", "IN02"]})
    some["may"] = [one for one in some["may"] if one["path"] not in (
        "/v1/numbers", "/v1/alerts", "/v1/activity", "/v1/files")]
    place.books.me = some
    t = place.serve().console().until("live").until("Events by state")
    t.quiet()
    assert "403" not in t.text() and "ccess" not in t.text(), t.text()
    assert "8 files" not in tabs(t)
    t.type("8").until("Your access here is clerk (IN01, IN02); this is not "
                      "part of it.")
    out = place.run("status")
    assert out.returncode == 0 and "posted" in out.stdout, out.stderr
    assert out.stderr == ""
