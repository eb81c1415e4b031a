"""Commits in the console and for scripts: what does not get there, by cause;
one key for all of a cause."""
import json

import pytest

import erp_rows
from test_targets import Office, office  # noqa: F401  (a fixture)
from firm import wait_until
from outbox import act, commits, post_sales, post_voucher, states, tries
from restd import Erp
from test_masters import load


@pytest.fixture
def poor():
    """It does not know the account of sales."""
    with Erp(accounts="1200,4010,2300,2310") as erp:
        yield erp


def failed(office, poor, n=3):
    office.rest("erp", poor.url)
    office.see()
    post_sales(office, n)
    office.until("erp", n, "failed")
    return office


def mend(office):
    load(office, "mapping", "source,dimension,from,to\n"
         "to:erp,account,4000,4010\n")


def test_a_cause_is_one_row_and_one_key(office, poor):
    failed(office, poor, 12)
    t = office.console()
    t.type("t").until("account 4000 is not known")
    assert t.text().count("account 4000 is not known") <= 2    # and below
    assert "mapping" in t.row() and " 12 " in t.row()
    mend(office)
    t.type("r").until("Send the 12 commits of this cause now?").type("y")
    t.until("retry: 12 done")
    office.until("erp", 12)
    t.until("Nothing is in the way.")
    assert poor.trial()["4010"] < 0


def test_marked_commits(office, poor):
    failed(office, poor)
    t = office.console()
    t.type("t").until("is not known").type("Enter").until("INV-0")
    mend(office)
    t.type("Space", "Space").until("2 marked").type("r")
    t.until("Send 2 commits now?").type("y").until("retry: 2 done")
    office.until("erp", 2)
    t.until(lambda t: t.text().count("not known") <= 2)
    # To skip one it wants to know why.
    t.until("J3").type("g").quiet(0.1)
    t.seek("J3").type("D").until("because:")
    t.type("posted there by hand", "Enter").until("Skip it?").type("y")
    t.until("skip: 1 done")
    assert states(office) == {"done": 2, "skipped": 1}
    row, = commits(office, state="skipped")
    assert row["reason"] == "posted there by hand"
    # All of the target, with its number there.
    t.type("q").until("Nothing is in the way.")
    t.type("T").until("[targets]").until("running").type("o")
    t.until("skipped").type("g").quiet(0.1)
    t.seek("done")
    assert "JV/" in t.row()


def test_the_history_of_a_document(office, poor):
    failed(office, poor, 1)
    mend(office)
    assert act(office, "retry", where={"target": "erp",
                                       "state": "failed"}).status == 200
    office.until("erp", 1)
    t = office.console()
    t.type("d").until("INV-0").type("Enter").until("Versions and journals")
    t.type("t").until("> IN01/sales_invoice/INV-0").until("J1")
    assert "done" in t.row()
    t.type("Enter").until("What was tried")
    text = t.text()
    assert "refused" in text and "account 4000 is not known" in text
    row, = commits(office)
    assert "4000 -> 4010" in text and row["sent"] in text
    assert row["held"] in text and row["remote_number"] in text
    t.type("R").until("Send it again, because:").type("lost there", "Enter")
    t.until("Send it again?").type("y").until("resend: 1 done")
    wait_until(lambda: states(office) == {"done": 1}, "not there again")
    assert len(poor.vouchers) == 1          # it was asked first


def test_what_waits_says_for_what(office, poor):
    office.rest("erp", poor.url)
    office.see()
    assert post_voucher(office, "0", "JV-0").status == 201
    office.until("erp", 1, "failed")
    assert post_voucher(office, "1", "JV-0", "20.00",
                        base_version=1).status == 201
    office.until("erp", 2, "waiting")
    assert "Waits for J1" in office.bahi("commits", "show", "erp/J2")
    t = office.console()
    t.type("T").until("[targets]").until("running").type("o").until("J2")
    t.type("g").quiet(0.1)
    t.seek("J2").type("Enter").until("Waits for")
    assert "J1, which is before it of the same document" in t.text()


def test_the_row_of_mapping_is_begun(office, poor):
    failed(office, poor, 1)
    t = office.console()
    t.type("t").until("is not known").type("f")
    t.until("set mapping to:erp/account/4000 to=")
    t.type("4010", "Enter").until(
        lambda t: office.api("GET", "/v1/reference/mapping/"
                             "to:erp%2Faccount%2F4000").status == 200)


def test_the_row_of_mapping_is_of_what_lacks(place):
    """By the words of the ERP; what no mapping mends is said to be so."""
    erp_rows.fill(place.books, 3)
    one, other, third = place.books.extra["/v1/commits/causes"]["items"]
    one["words"] = "Party C-7 has no account there"
    other["words"] = "no such cost centre: HO"
    third.update(refusal="period", words="October is closed")
    t = place.serve().console().until("live").type("t").until("C-7 has no")
    one["n"] = one["failed"] = 50000    # more than go at once
    t.type("Ctrl-R").until("50,000").type("r")
    t.until("Send the 10,000 of 50,000 commits of this cause now?").type("n")
    t.type("f").until("set mapping to:erp/party/C-7 to=").type("Esc", "Down")
    t.until(lambda t: "cost centre" in t.row()).type("f")
    t.until("set mapping to:erp/cost_centre/HO to=").type("Esc", "Down")
    t.until(lambda t: "October" in t.row()).type("f")
    t.until("No mapping mends this. erp has that period closed")


def test_a_cause_is_as_it_was_seen(office, poor):
    """What another had go again meanwhile is left out, and that is said."""
    failed(office, poor, 2)
    t = office.console()
    t.type("t").until("account 4000 is not known").type("r")
    t.until("Send the 2 commits of this cause now?")
    assert act(office, "retry", rows=[{"target": "erp", "journal": "J2"}]
               ).json["done"] == 1
    wait_until(lambda: len(tries(office, 2)) == 3)
    mend(office)
    t.type("y").until("retry: 1 done, 1 left out")
    t.until("has changed since you looked")
    office.until("erp", 1)
    assert states(office) == {"failed": 1, "done": 1}


def test_verbs_say_what_they_saw(office, poor):
    failed(office, poor, 2)

    def sent(*args):
        return json.loads(office.bahi("commits", *args, "--dry-run",
                                      "--json"))["body"]

    assert sent("retry", "erp/J1", "erp/J2")["rows"] == [
        {"target": one["target"], "journal": one["journal"],
         "at": one["at"]} for one in commits(office)]
    cause, = json.loads(office.bahi("commits", "causes", "--json"))["items"]
    assert sent("resend", cause["id"], "--reason", "x")["where"] == {
        "of": cause["id"], "change": cause["change"]}
    assert "1 left out" in office.bahi("commits", "retry", "erp/J1",
                                       "erp/J99", code=1)
    office.bahi("commits", "retry", "erp/nothing", code=1)
    office.bahi("commits", "retry", "epr/nothing", code=1)


def test_at_80(office, poor):
    failed(office, poor)
    t = office.console(24, 80)
    t.type("t").until("is not known")
    assert max(map(len, t.lines())) <= 80
    t.type("Enter").until("J1")
    assert max(map(len, t.lines())) <= 80
    t.type("Enter").until("What was tried")
    assert max(map(len, t.lines())) <= 80


def test_for_scripts(office, poor):
    failed(office, poor)
    cause, = json.loads(office.bahi("commits", "causes", "--json"))["items"]
    assert "is not known" in office.bahi("commits", "causes", "erp", code=1)
    assert office.bahi("commits", "of=" + cause["id"], code=1).count(
        "INV-") == 3
    text = office.bahi("commits", "show", "erp/J1", code=1)
    assert "to:erp in the table mapping" in text and "refused" in text
    mend(office)
    assert "1 done" in office.bahi("commits", "retry", "erp/J1")
    assert "1 done" in office.bahi("commits", "skip", "erp/J2", "--reason",
                                   "by hand")
    office.until("erp", 1)
    assert "1 done" in office.bahi("commits", "retry", cause["id"])
    office.until("erp", 2)
    assert office.bahi("commits", "causes") is not None
    said = json.loads(office.bahi("commits", "retry", "erp/J1", "erp/J2",
                                  "--json", code=1))
    assert said["done"] == 0 and said["refused"] == 2
    office.bahi("commits", "retry", "erp", "x", code=2)
    page = json.loads(office.bahi("commits", "--json"))
    assert [one["id"] for one in page["items"]] == [
        "erp/J1", "erp/J2", "erp/J3"]
    poor.trouble("close")
    post_sales(office, 1, "LOST")
    office.until("erp", 1, "retrying")
    assert "nobody knows" in office.bahi("commits", "skip", "erp/J4",
                                         "--reason", "by hand")
