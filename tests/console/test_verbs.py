"""The verbs: what scripts see."""
import json
import os
import pty
import subprocess


def test_json_is_the_daemons_own(place):
    place.serve()
    for verb, path in (("status", "/v1/status"),
                       ("failures", "/v1/signatures"),
                       ("ledger", "/v1/trial-balance"),
                       ("events", "/v1/events"),
                       ("flows", "/v1/flows"), ("orders", "/v1/orders"),
                       ("stock", "/v1/stock"), ("batches", "/v1/batches"),
                       ("dead", "/v1/dead-letters")):
        ran = place.run(verb, "--json")
        assert ran.returncode == 0, ran.stderr
        assert json.loads(ran.stdout) == place.books.get(path, {})
    ran = place.run("trace", "E3", "--json")
    assert json.loads(ran.stdout)["events"][0]["event"][
        "payload"].startswith('{"order"')


def test_status_shows_states_failures_and_balance(place):
    place.serve()
    ran = place.run("status")
    assert ran.returncode == 0
    for part in ("failed      30", "12,34,567.00 INR", "SKU-1", "4,720.00",
                 "Every event received is accounted for."):
        assert part in ran.stdout


def cells(text):
    return [line.split() for line in text.splitlines()]


def test_status_shows_the_numbers_of_finance(place):
    place.serve()
    ran = place.run("status")
    assert ran.returncode == 0
    got = cells(ran.stdout)
    assert ["shopify", "12,345", "97.20", "%", "-", "0.5", "ms", "1", "s",
            "2", "h", "0.5", "ms"] in got
    assert ["failed", "1", "2", "3", "4"] in got
    assert ["IN01", "12,34,567.00", "0.00", "5.00", "-7.50", "INR"] in got
    assert "Time saved: 600 h; by hand: 0.00 %" in ran.stdout
    assert "Consistent: 99.99 % of 1234567 events" in ran.stdout


def test_status_says_when_the_books_differ(place):
    place.serve()
    place.books.differences = 2
    ran = place.run("status")
    assert ran.returncode == 1 and "THE BOOKS DIFFER in 2" in ran.stdout


def test_exit_says_what_happened(place):
    assert place.run("status").returncode == 5
    assert place.run("nonsense").returncode == 2
    place.serve(None)
    assert place.run("retry").returncode == 2
    assert place.run("events", "colour=red").returncode == 2
    assert place.run("trace", "E99999").returncode == 1
    assert place.run("events", "state=held").returncode == 1
    assert place.run("retry", "E1").returncode == 0
    assert place.run("retry", place.books.problems[0]["id"]).returncode == 0
    assert place.run("retry", place.books.problems[0]["id"]).returncode == 1


def test_fix_maps_and_retries(place):
    place.serve()
    problem = place.books.problems[1]
    ran = place.run("fix", problem["id"], "4010")
    assert ran.returncode == 0 and "10 done, 0 failed" in ran.stdout
    assert place.books.received[-1] == {
        "action": "fix", "signature": problem["id"], "retry": True,
        "fix": {"dimension": "account", "source": "shopify",
                "value": "SKU-1", "to": "4010"}}
    assert place.run("fix", place.books.problems[2]["id"],
                     "4010").returncode == 3


def test_foreign_text_is_tamed(place):
    place.books.events[1]["document"] = "IN01/x/\x1b[31m\u202eevil"
    place.serve()
    ran = place.run("events", "limit=1")
    assert "\x1b" not in ran.stdout and "\u202e" not in ran.stdout
    assert "^[[31m<202E>evil" in ran.stdout


def test_refuses_a_bad_setting(place):
    (place.folder / "bahi.conf").write_text("sockett = x\n")
    ran = place.run("status")
    assert ran.returncode == 2 and "bahi.conf:1" in ran.stderr


def test_lists_are_read_as_tables(place):
    place.serve()
    got = cells(place.run("flows").stdout)
    assert [row[0] for row in got[1:]] == ["shopify", "wms", "pos"]
    assert got[1][:5] == ["shopify", "sales_invoice", "IN01", "4", "3"]
    shown = place.run("stock").stdout
    assert cells(shown)[1] == ["BOOK-2", "MUM", "1", "3", "-2", "yes",
                               "98,765.00", "INR", "IN01"]
    assert cells(place.run("stock", "PNQ").stdout)[1][0] == "BOOK-3"
    assert len(cells(place.run("stock", "location=MUM").stdout)) == 3
    assert "razorpay/pay_1  still open" in place.run("batches").stdout
    assert "data" in place.run("dead", "data").stdout
    assert place.run("dead", "system").returncode == 1
    assert place.run("stock", "colour=red").returncode == 2
    place.books.page = 2
    shown = place.run("stock").stdout
    assert "More: bahi stock after=2" in place.run("stock").stderr
    assert "BOOK-3" in place.run("stock", "after=2").stdout


def test_clearing_says_how_much_and_since_when(place):
    place.serve()
    got = cells(place.run("clearing").stdout)
    assert got[1] == ["1250", "Gateway", "2,360.00", "1,180.00", "1,180.00",
                      "INR", "7d", "IN01"]
    assert got[4] == ["stripe", "2", "500.00", "INR", "IN01"]
    assert json.loads(place.run("clearing", "--json").stdout)["accounts"]


def test_one_order_shows_what_is_still_to_come(place):
    place.serve()
    got = cells(place.run("orders", "SO-1").stdout)
    assert got[1][:4] == ["SO-1", "part", "shipped", "C-7"]
    assert got[4] == ["BOOK-1", "MUM", "10", "6.5", "3.5", "6.5", "0"]
    assert place.run("orders", "SO-9").returncode == 1


def test_trace_is_a_story_that_fits_the_screen(place):
    place.serve()
    place.books.events[31]["topic"] = "orders/\x1b[2Jpaid"
    ran = place.run("trace", "J31")
    assert ran.returncode == 0
    assert "E31" in ran.stdout and "E32" in ran.stdout
    assert ran.stdout.index("History") < ran.stdout.index("Journal J31")
    assert "\x1b" not in ran.stdout
    assert max(len(line) for line in ran.stdout.splitlines()) <= 80, \
        ran.stdout
    assert "Payload" not in ran.stdout
    assert '"total": "1000.01"' in place.run("trace", "E31").stdout
    assert place.run("trace", "IN01/sales_order/SO-1").returncode == 1


def test_explain_goes_back_from_a_balance(place):
    place.serve()
    ran = place.run("explain", "4010", "2026-10")
    got = cells(ran.stdout)
    assert ran.returncode == 0 and got[1][:3] == ["shopify",
                                                  "sales_invoice", "2"]
    assert "J31" in got[4] and "E31" in got[4]
    said = json.loads(place.run("explain", "4010", "2026-10",
                                "--json").stdout)
    assert said["period"] == "2026-10"


def test_replay_takes_sources_times_and_events(place):
    place.serve()
    ran = place.run("replay", "shopify", "2026-10-01", "2026-10-02")
    assert ran.returncode == 0 and "1 differ" in ran.stdout
    assert "E2 " in ran.stdout and "E1 " not in ran.stdout
    assert place.books.received[-1] == {
        "action": "replay", "range": {
            "source": "shopify", "from": "2026-10-01T00:00:00+05:30",
            "to": "2026-10-02T23:59:59.999999+05:30"}}
    place.run("replay", "all", "2026-10-01T10:00:00Z")
    assert place.books.received[-1]["range"] == {
        "from": "2026-10-01T10:00:00Z"}
    assert place.run("replay", "E2", "E5").returncode == 0
    assert place.books.received[-1]["events"] == [
        {"id": "E%d" % n, "version": 1} for n in (2, 3, 4, 5)]
    assert place.run("replay", "shopify", "yesterday").returncode == 2
    assert place.run("replay", "E2", "2026-10-01").returncode == 2


def test_approve_pause_and_resume(place):
    place.serve()
    assert place.run("approve", "E1", "E2").returncode == 0
    assert place.books.received[-1] == {"action": "approve", "events": [
        {"id": "E1", "version": 1}, {"id": "E2", "version": 1}]}
    assert place.run("approve", "pos").returncode == 2
    assert place.run("pause", "pos").returncode == 2
    assert place.run("pause", "pos", "sends twice").returncode == 0
    assert place.books.received[-1] == {
        "action": "pause", "source": "pos", "reason": "sends twice"}
    assert place.run("resume", "pos").returncode == 0
    assert place.books.received[-1] == {"action": "resume", "source": "pos"}


def test_an_empty_list_is_said_to_a_person(place):
    """Heads alone leave one in doubt; scripts have their rows, or none."""
    place.books.rows["/v1/counts"] = []
    place.serve()
    ran = place.run("counts")
    assert ran.returncode == 0 and ran.stderr == ""
    person, theirs = pty.openpty()
    ran = subprocess.run(place.argv("counts"), stdout=theirs,
                         stderr=subprocess.PIPE, text=True, timeout=60,
                         env=dict(os.environ, LANG="C.UTF-8", TERM="linux",
                                  BAHI_PAGER="cat", **place.env))
    os.close(theirs)
    assert b"Differs by" in os.read(person, 10000)
    os.close(person)
    assert ran.returncode == 0 and ran.stderr == "Nothing here.\n"
