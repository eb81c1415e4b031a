"""The verbs: what scripts see."""
import json


def test_json_is_the_daemons_own(place):
    place.serve()
    for verb, path in (("status", "/v1/status"),
                       ("failures", "/v1/signatures"),
                       ("ledger", "/v1/trial-balance"),
                       ("events", "/v1/events")):
        ran = place.run(verb, "--json")
        assert ran.returncode == 0, ran.stderr
        assert json.loads(ran.stdout) == place.books.get(path, {})
    ran = place.run("trace", "E3", "--json")
    assert json.loads(ran.stdout)["payload"].startswith('{"order"')


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
    assert ["shopify", "12345", "97.20", "%", "-", "0.5", "ms", "1", "s",
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
    assert place.run("status").returncode == 13
    assert place.run("nonsense").returncode == 2
    place.serve(None)
    assert place.run("retry").returncode == 2
    assert place.run("events", "colour=red").returncode == 2
    assert place.run("trace", "E99999").returncode == 8
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
                     "4010").returncode == 11


def test_foreign_text_is_tamed(place):
    place.books.events[1]["document"] = "IN01/x/\x1b[31m\u202eevil"
    place.serve()
    ran = place.run("events", "limit=1")
    assert "\x1b" not in ran.stdout and "\u202e" not in ran.stdout
    assert "^[[31m<202E>evil" in ran.stdout


def test_refuses_a_bad_setting(place):
    (place.folder / "bahi.conf").write_text("sockett = x\n")
    ran = place.run("status")
    assert ran.returncode == 3 and "bahi.conf:1" in ran.stderr
