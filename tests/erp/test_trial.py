"""Our trial balance beside a target's: to the paisa, and what is on its way
is said of each account."""
from firm import wait_until
from looks import (book, drift, looking, of, reference_data, sell, settled,
                   trial)


def start(firm, erp, n=3, **settings):
    looking(firm, erp, **settings)
    firm.start()
    sell(firm, *("R-%d" % i for i in range(1, n + 1)))


def by_account(said):
    return {row["account"]: row for row in said["items"]}


def test_the_same_to_the_paisa(firm, erp):
    start(firm, erp, 20)
    settled(firm, 20)
    said = trial(firm)
    assert said["same"] and not said["moving"] and said["drift"] == 0
    rows = by_account(said)
    assert {code: row["held"] for code, row in rows.items()} == {
        code: "%s%d.%02d" % ("-" if n < 0 else "", abs(n) // 100,
                             abs(n) % 100)
        for code, n in erp.trial().items()}
    for row in said["items"]:
        assert row["amount"] == row["expected"] == row["held"]
        assert row["difference"] == "0.00" and row["only"] is None
    assert rows["1200"]["ours"][0]["account"] == "1200"
    assert said["totals"]["held"] == "2360.00"


def test_one_paisa_shows(firm, erp):
    start(firm, erp)
    settled(firm, 3)
    voucher = of(erp, 1)
    erp.change(voucher["id"], lines=[
        dict(line, debit="118.01") if line["debit"] == "118.00" else
        dict(line, credit="100.01") if line["credit"] == "100.00" else line
        for line in voucher["lines"]])
    said = trial(firm)
    rows = by_account(said)
    assert not said["same"]
    assert rows["1200"]["difference"] == "0.01"
    assert rows["4000"]["difference"] == "-0.01"
    assert said["totals"]["difference"] == "0.01"


def test_what_is_on_its_way_is_no_difference(firm, erp):
    """To be tried again, refused, skipped: each in its column."""
    start(firm, erp, 1)
    settled(firm, 1)
    erp.set["open_to"] = "2026-10-04"
    sell(firm, "R-2", "R-3")
    failed = settled(firm, 2, state="failed")
    answer = firm.api("POST", "/v1/commits/act", {
        "act": "skip", "reason": "test",
        "rows": [{"target": "erp", "journal": "J%d" % failed[0]["journal"]}]})
    assert answer.status == 200, answer.body
    erp.trouble("status", 10 ** 6, status=429)
    sell(firm, "R-4")
    settled(firm, 1, state="retrying")
    # Else what it is asked for waits longer and longer.
    firm.run("target", "pause", "erp", "test")
    said = wait_until(lambda: not trial(firm)["moving"] and trial(firm))
    row = by_account(said)["1200"]
    assert said["same"], said
    assert (row["amount"], row["in_flight"], row["refused"], row["skipped"],
            row["expected"], row["held"]) == (
        "472.00", "118.00", "118.00", "118.00", "118.00", "118.00")


def test_who_asks_does_not_wait_for_ever(firm, erp):
    """It asked to be left alone: who wants to know is told so."""
    start(firm, erp, 0)
    erp.trouble("status", 10 ** 6, status=429, retry_after="600")
    sell(firm, "R-1")
    settled(firm, 1, state="retrying")
    answer = firm.api("GET", "/v1/targets/erp/trial")
    assert answer.status == 503, answer.body
    assert "Retry-After" in answer.headers


def test_a_long_look_keeps_nobody_waiting(firm, erp):
    """The balances are asked for between two pages of it."""
    erp.set["page"] = 1
    start(firm, erp, 5)
    settled(firm, 5)
    erp.trouble("delay", count=100, seconds=0.4,
                when=lambda r: "cursor" in r.query and "from" in r.query)
    firm.api("POST", "/v1/targets/erp/look")
    wait_until(lambda: erp.count["trouble"], "its first page")
    assert trial(firm)["same"]
    assert drift(firm)["look"] is None
    wait_until(lambda: drift(firm)["look"], "the look")
    assert drift(firm)["look"]["whole"]


def test_accounts_of_one_side_only(firm, erp):
    start(firm, erp)
    settled(firm, 3)
    erp.names["X-1"] = "Their own"
    book(erp, "OWN", ("X-1", "9.00"), ("6100", "-9.00"))
    rows = by_account(trial(firm))
    assert (rows["X-1"]["only"], rows["X-1"]["difference"]) == (
        "theirs", "9.00")
    assert rows["X-1"]["name"] == "Their own"
    assert rows["6100"]["only"] == "theirs"


def test_several_of_ours_are_one_there(firm, erp):
    """Mapped: theirs is the sum of what is mapped to it."""
    erp.names["S"] = "Sales and tax"
    taxes = ["2300", "2310", "2320", "2330"]
    looking(firm, erp)
    firm.start()
    reference_data(firm, "mapping", "source,dimension,from,to\n" + "".join(
        "to:erp,account,%s,S\n" % code for code in ["4000"] + taxes))
    sell(firm, "R-1", "R-2", "R-3")
    settled(firm, 3)
    said = trial(firm)
    row = by_account(said)["S"]
    assert said["same"] and row["held"] == "-354.00"
    assert "4000" in {one["account"] for one in row["ours"]}
    assert len(row["ours"]) > 1


def test_up_to_a_day(firm, erp):
    looking(firm, erp)
    firm.start()
    sell(firm, "R-1", paid_at="2026-10-05T10:00:00+05:30")
    sell(firm, "R-2", paid_at="2026-10-20T10:00:00+05:30")
    sell(firm, "R-3", paid_at="2026-11-02T10:00:00+05:30")
    settled(firm, 3)
    for day, held in (("2026-10-04", None), ("2026-10-05", "118.00"),
                      ("2026-10-31", "236.00"), ("2026-11-30", "354.00")):
        said = trial(firm, query="?day=" + day)
        assert said["same"], (day, said)
        assert by_account(said).get("1200", {"held": None})["held"] == held


def test_what_is_asked_in_vain(firm, erp):
    start(firm, erp)
    settled(firm, 3)
    assert firm.api("GET", "/v1/targets/no/trial").status == 404
    assert firm.api("GET", "/v1/targets/erp/trial?day=x").status == 400
    assert firm.api("GET", "/v1/targets/erp/trial?entity=IN01").status == 422
    erp.close()
    failed = firm.api("GET", "/v1/targets/erp/trial")
    assert failed.status >= 500 or failed.status == 422, failed.body


def test_of_one_entity(firm, erp):
    start(firm, erp, entities="IN01")
    settled(firm, 3)
    assert trial(firm, query="?entity=IN01")["same"]
    assert firm.api("GET", "/v1/targets/erp/trial?entity=IN02").status == 400


def test_who_we_are_there_is_not_who_asks_here(firm, erp):
    """A key of ours that is not taken is no fault of who looks."""
    start(firm, erp, 1)
    settled(firm, 1)
    for status in (401, 403):
        erp.trouble("status", status=status, body=b"the key has ended",
                    when=lambda r: r.path == "/trial-balance")
        said = firm.api("GET", "/v1/targets/erp/trial?day=2026-10-31")
        assert said.status == 422, said.body
        assert "the key has ended" in said.json["detail"]
