"""data/targets/tryton/setup.py against the real server: it says what is
missing, adds only when told to, and never a second time."""
import subprocess

import pytest

from tryton import COMPANY, KINDS, PASSWORD, ROOT, SETUP, Tryton


@pytest.fixture(params=KINDS)
def tryton(request):
    one = Tryton(request.param).start().login()
    yield one
    one.close()


def run(one, *args, user="admin"):
    (one.dir / "pass").write_text(PASSWORD + "\n")
    return subprocess.run(
        ["/usr/bin/python3", str(SETUP), one.url, "--user", user,
         "--password-file", str(one.dir / "pass"), "--company", COMPANY,
         "--year", "2026"] + list(args), text=True, capture_output=True,
        timeout=120)


def test_what_is_there_stays_and_what_is_missing_is_added_once(tryton):
    accounts = ["--accounts", str(ROOT / "data/reference/account.csv"),
                "--parties", str(ROOT / "data/reference/party.csv")]
    done = run(tryton, *accounts)
    assert (done.returncode, done.stdout) == (0, ""), done
    extra = tryton.dir / "account.csv"
    extra.write_text("code,name,entity,kind,extra,from,to\n"
                     "7000,Wages \u0939\u093f\u0928\u094d\u0926\u0940,,expense,"
                     ",,\n7010,Gone,,expense,,,2020-01-01\n")
    before = tryton.client.model("account.account", "search_count", [])
    asked = ["--accounts", str(extra), "--journal", "BHI2"]
    done = run(tryton, *asked)
    assert done.returncode == 1
    assert done.stdout.splitlines() == ["missing: journal BHI2",
                                        "missing: accounts 7000"]
    assert tryton.client.model("account.account", "search_count",
                               []) == before
    done = run(tryton, "--create", *asked)
    assert done.returncode == 0, done
    assert done.stdout.splitlines() == ["made: journal BHI2",
                                        "made: accounts 7000"]
    done = run(tryton, "--create", *asked)
    assert (done.returncode, done.stdout) == (0, ""), done
    assert tryton.client.model(
        "account.account", "search_read", [["code", "=", "7000"]], 0, None,
        None, ["name", "type.expense", "party_required"])[0]["type."][
            "expense"]


def test_no_company_and_no_way_in_are_said(tryton):
    done = run(tryton, "--company", "Nobody Ltd")
    assert done.returncode == 1
    assert done.stdout == "missing: company Nobody Ltd\n"
    done = run(tryton, "--currency", "USD")
    assert done.returncode == 2
    assert "is kept in INR, not in USD" in done.stderr
    done = run(tryton, user="nobody")
    assert done.returncode == 2 and "401" in done.stderr
    tryton.kill()
    done = run(tryton)
    assert done.returncode == 2 and "refused" in done.stderr.lower()


def test_copies_know_nothing_of_each_other(tryton):
    other = Tryton(tryton.kind).start().login()
    try:
        tryton.client.make("party.party", name="Only here")
        assert other.client.find("party.party",
                                 ["name", "=", "Only here"]) is None
    finally:
        other.close()
