"""Looks: what a target holds in the days that are open, against what we sent.
On a double that people change behind our back."""
import re

from firm import reference, wait_until
from house import database
from looks import (DAY, act, amounts, book, commits, drift, look,
                   looked, looking, of, only, sell, settled, start)


def test_nothing_differs(firm, erp):
    erp.set["page"] = 10
    start(firm, erp, 25)
    after = look(firm)
    assert after["items"] == []
    said = after["look"]
    assert (said["seen"], said["ours"], said["strangers"]) == (25, 25, 0)
    assert said["whole"] and said["from"] == "2026-10-01"
    assert erp.count["put"] == 0 and len(erp.vouchers) == 25
    audit = firm.get("/v1/audit?action=target.look")["items"]
    assert audit and "seen=25" in audit[0]["new"]


def second_page(request):
    return re.search(r"from=.*cursor=\d", request.path) is not None


def test_what_was_done_by_a_clock_that_was_ahead(firm, erp):
    """It is looked at all the same, not only when that year is over."""
    start(firm, erp)
    firm.stop()
    with database(firm.home / "bahi.db", write=True) as db:
        db.execute("UPDATE outbox SET at = at + 31536000000000")
    firm.start()
    erp.change(of(erp, 1)["id"], date="2026-10-06")
    erp.remove(of(erp, 2)["id"])
    assert sorted((one["journal"], one["kind"]) for one in looked(firm)) == [
        ("J1", "changed"), ("J2", "missing")]


def test_one_that_is_under_way(firm, erp, proxy):
    """Since when, and how far it is; then it is the last one."""
    erp.set["page"] = 10
    start(firm, proxy, 25)
    assert (drift(firm)["look"], drift(firm)["looking"]) == (None, None)
    gate = proxy.hold(second_page)
    assert firm.api("POST", "/v1/targets/erp/look").status == 202
    assert gate.met.wait(30)
    now = drift(firm)
    assert now["look"] is None and now["looking"]["actor"]
    assert (now["looking"]["seen"], now["looking"]["ours"]) == (10, 10)
    assert now["looking"]["from"] == "2026-10-01"
    began = now["looking"]["began"]
    gate.go.set()
    # It is kept a moment before who looked is done.
    wait_until(lambda: drift(firm)["looking"] is None)
    assert drift(firm)["look"]["began"] == began
    # The next one, with what the last one said beside it.
    gate = proxy.hold(second_page)
    assert firm.api("POST", "/v1/targets/erp/look").status == 202
    assert gate.met.wait(30)
    assert drift(firm)["look"]["began"] == began < drift(
        firm)["looking"]["began"]
    gate.go.set()
    wait_until(lambda: drift(firm)["looking"] is None)


def test_changed_there(firm, erp):
    """Both sides as they are; changed again it is another version; as it was
    again it is closed."""
    start(firm, erp)
    voucher = of(erp, 2)
    ours = amounts({"lines": [
        {"account": one["account"],
         "amount": one["debit"] if one["debit"] != "0.00" else
         "-" + one["credit"]} for one in voucher["lines"]]})
    before = voucher["lines"]
    erp.change(voucher["id"], lines=[
        dict(one, account="4010") if one["account"] == "4000" else one
        for one in before])
    one = only(looked(firm))
    assert (one["kind"], one["state"], one["journal"]) == (
        "changed", "open", "J2")
    assert one["amount"] == "100.00" and one["remote"] == voucher["id"]
    assert amounts(one["base"]) == amounts(one["ours"]) == ours
    assert amounts(one["theirs"])["4010"] == "-100.00"
    assert one["theirs"]["changed_by"] == "anita"
    assert one["document"] == "IN01/payment/R-2" or one["document"]
    assert only(looked(firm))["version"] == one["version"]
    erp.change(voucher["id"], date="2026-10-06")
    again = only(looked(firm))
    assert again["id"] == one["id"] and again["version"] > one["version"]
    assert again["ours"] == one["ours"]
    erp.change(voucher["id"], date=DAY, lines=before)
    assert looked(firm) == []
    closed = only(drift(firm, query="state=closed")["items"])
    assert (closed["id"], closed["act"]) == (one["id"], "mended")


def test_changed_there_within_the_same_version(firm, erp):
    """Of some ERPs a version is a second."""
    start(firm, erp)
    voucher = of(erp, 2)
    erp.change(voucher["id"], date="2026-10-06")
    voucher["version"] = "1"
    one = only(looked(firm))
    assert (one["kind"], one["journal"]) == ("changed", "J2")


def test_what_is_the_same_is_no_drift(firm, erp):
    """Other words, lines in another order: the new version is noted."""
    start(firm, erp)
    voucher = of(erp, 1)
    erp.change(voucher["id"], narration="as we like it",
               lines=voucher["lines"][::-1])
    assert looked(firm) == []
    noted = next(one for one in commits(firm) if one["journal"] == 1)
    assert noted["remote_version"] == voucher["version"] == "2"


def test_gone_and_back(firm, erp):
    start(firm, erp)
    voucher = dict(of(erp, 3))
    erp.remove(voucher["id"])
    one = only(looked(firm))
    assert (one["kind"], one["journal"], one["theirs"]) == (
        "missing", "J3", None)
    assert one["amount"] == "118.00"
    erp.on_loop(lambda: (erp.vouchers.update({voucher["id"]: voucher}),
                         erp.references[voucher["reference"]].append(
                             voucher["id"])))
    assert looked(firm) == []


def test_on_another_day_it_is_not_missing(firm, erp):
    """Even on one that no look comes to: it is asked for by its reference."""
    start(firm, erp)
    erp.change(of(erp, 1)["id"], date="2031-01-01")
    one = only(looked(firm))
    assert (one["kind"], one["date"], one["amount"]) == (
        "changed", "2031-01-01", "0.00")


def test_cancelled_and_drafted(firm, erp):
    start(firm, erp)
    erp.change(of(erp, 1)["id"], status="cancelled")
    erp.change(of(erp, 2)["id"], status="draft")
    rows = looked(firm)
    assert [(one["kind"], one["theirs"]["state"]) for one in rows] == [
        ("cancelled", "cancelled"), ("cancelled", "draft")]


def test_doubled(firm, erp):
    start(firm, erp)
    second = book(erp, reference(2), ("1200", "118.00"), ("4000", "-118.00"))
    one = only(looked(firm))
    assert (one["kind"], one["journal"], one["remote"]) == (
        "doubled", "J2", second)
    assert one["amount"] == "118.00"
    erp.remove(second)
    assert looked(firm) == []


def test_cancelled_by_a_second_one(firm, erp):
    """Some ERPs take back by a posting that copies the words of the first."""
    start(firm, erp)
    book(erp, reference(2), *(
        (line["account"], line["credit"] if line["credit"] != "0.00" else
         "-" + line["debit"]) for line in of(erp, 2)["lines"]), day="2026-10-09")
    one = only(looked(firm))
    assert (one["kind"], one["journal"], one["theirs"]["state"]) == (
        "cancelled", "J2", "cancelled")
    assert one["amount"] == "118.00"


def test_entered_anew(firm, erp):
    """Deleted and typed again with our reference: another id, the same."""
    start(firm, erp)
    voucher = of(erp, 2)
    erp.remove(voucher["id"])
    again = book(erp, reference(2), *(
        (line["account"], line["debit"] if line["debit"] != "0.00" else
         "-" + line["credit"]) for line in voucher["lines"]))
    assert looked(firm) == []
    assert commits(firm)[1]["remote"] == again
    erp.change(again, date="2026-10-06")
    assert only(looked(firm))["kind"] == "changed"


def test_strangers(firm, erp):
    """Counted; rows only where they are wanted."""
    start(firm, erp)
    book(erp, "PAY-1", ("6100", "500.00"), ("1000", "-500.00"))
    after = look(firm)
    assert after["items"] == [] and after["look"]["strangers"] == 1
    firm.stop()
    looking(firm, erp, strangers="list")
    firm.start()
    one = only(looked(firm))
    assert (one["kind"], one["journal"], one["entity"]) == (
        "unknown", None, None)
    assert one["theirs"]["reference"] == "PAY-1"
    assert (one["amount"], one["ours"]) == ("500.00", None)
    erp.remove(one["remote"])
    assert looked(firm) == []


def test_it_is_seen_where_people_look(firm, erp):
    """A figure, an alert, the close of the month."""
    start(firm, erp)
    line = "/v1/close?entity=IN01&period=2026-10"

    def closing():
        return next(one for one in firm.get(line)["items"]
                    if one["line"] == "targets")
    assert closing()["ok"], closing()
    erp.change(of(erp, 1)["id"], date="2026-10-06")
    one = only(looked(firm))
    text = firm.api("GET", "/metrics").body.decode()
    assert 'bahi_target_drift{target="erp"} 1\n' in text
    assert 'bahi_target_looked_timestamp_seconds{target="erp"} 1' in text
    assert closing()["count"] == 1 and not closing()["ok"]
    wait_until(lambda: [raised for raised in firm.get(
        "/v1/alerts?state=raised")["items"]
        if raised["code"] == "target.drift"], "the alert")
    act(firm, "ignore", one)
    assert closing()["ok"]


def test_a_reference_of_ours_that_is_not(firm, erp):
    """A number that we never gave, another entity's: none of ours."""
    start(firm, erp, strangers="list")
    book(erp, reference(999), ("6100", "1.00"), ("1000", "-1.00"))
    book(erp, reference(1, "IN02"), ("6100", "2.00"), ("1000", "-2.00"))
    rows = looked(firm)
    assert {(one["kind"], one["journal"]) for one in rows} == {
        ("unknown", None)}
    assert len(rows) == 2


def test_a_commit_meanwhile_is_not_missing(firm, erp):
    """What comes while it looks, on pages that it has read already."""
    erp.set["page"] = 2
    start(firm, erp, 6)
    listing = []

    def slow(request):
        if request.method == "GET" and "cursor" in request.query:
            listing.append(request.query["cursor"])
            return True
        return False
    erp.trouble("delay", count=100, when=slow, seconds=0.5)
    firm.api("POST", "/v1/targets/erp/look")
    wait_until(lambda: listing, "the first page")
    sell(firm, "M-1", "M-2", "M-3")
    settled(firm, 9)
    wait_until(lambda: drift(firm)["look"], "the look")
    said = drift(firm)
    assert said["look"]["whole"] and said["items"] == []
    erp.troubles.clear()
    assert looked(firm) == []


def test_a_look_that_fails_closes_nothing(firm, erp):
    erp.set["page"] = 2
    start(firm, erp, 5)
    erp.change(of(erp, 1)["id"], date="2026-10-06")
    one = only(looked(firm))
    erp.change(of(erp, 2)["id"], date="2026-10-06")
    erp.trouble("status", status=500, when=lambda r: r.query.get(
        "cursor") == "2")
    after = look(firm)
    assert not after["look"]["whole"] and after["look"]["why"]
    assert {row["journal"] for row in after["items"]} == {"J1", "J2"}
    erp.change(of(erp, 1)["id"], date=DAY)
    erp.change(of(erp, 2)["id"], date=DAY)
    erp.trouble("status", status=500, when=lambda r: r.query.get(
        "cursor") == "4")
    assert len(look(firm)["items"]) == 2
    assert looked(firm) == []
    assert one["state"] == "open"


def test_by_the_clock(firm, erp):
    looking(firm, erp, look=1)
    firm.start()
    sell(firm, "R-1")
    settled(firm, 1)
    erp.change(of(erp, 1)["id"], date="2026-10-06")
    wait_until(lambda: drift(firm)["items"], "a look by the clock")
    said = wait_until(lambda: drift(firm)["look"], "its end")
    assert said["actor"] is None


def test_looks_count_as_what_it_may_get(firm, erp):
    """Pages and postings together, in any second."""
    erp.set["page"] = 1
    start(firm, erp, 12, rate=20)
    times = []
    erp.trouble("delay", count=10 ** 6, seconds=0, when=lambda r: (
        r.method == "POST" or "cursor" in r.query) and times.append(r.at))
    firm.api("POST", "/v1/targets/erp/look")
    sell(firm, *("M-%d" % i for i in range(30)))
    settled(firm, 42)
    wait_until(lambda: drift(firm)["look"], "the look")
    first = most = 0
    for last, at in enumerate(times):
        while at - times[first] >= 1:
            first += 1
        most = max(most, last - first + 1)
    assert len(times) >= 42 and most <= 20, most


def test_a_target_that_cannot_be_asked(firm, erp):
    from test_rest import without
    rule = firm.targets / "own.sql"
    rule.write_text(without("list", "listed", "more", "balance", "balanced"))
    looking(firm, erp, rule="own.sql")
    firm.start()
    sell(firm, "R-1")
    settled(firm, 1)
    after = look(firm)
    assert not after["look"]["whole"] and "list" in after["look"]["why"]
    assert firm.api("POST", "/v1/targets/nobody/look").status == 404
    assert firm.api("GET", "/v1/targets/nobody/drift").status == 404
    assert firm.api("GET", "/v1/targets/erp/drift?kind=x").status == 400


def test_stopped_in_the_middle(firm, erp):
    """What was found is kept, the next look finds the rest."""
    erp.set["page"] = 1
    start(firm, erp, 6)
    for journal in (1, 6):
        erp.change(of(erp, journal)["id"], date="2026-10-06")
    erp.trouble("delay", count=100, seconds=0.3, when=lambda r: int(
        r.query.get("cursor") or 0) >= 3)
    firm.api("POST", "/v1/targets/erp/look")
    wait_until(lambda: drift(firm)["items"], "the first row")
    firm.kill()
    erp.troubles.clear()
    firm.start()
    assert {one["journal"] for one in looked(firm)} == {"J1", "J6"}


def test_what_a_commit_met(firm, erp):
    """Its answer was lost and somebody cancelled it there before it was asked
    for: that is a row beside the others, without a look."""
    start(firm, erp, 1, backoff=1)
    erp.trouble("drop")
    erp.trouble("status", 10 ** 6, status=503, when=lambda r:
                reference(2) in r.query.values() and erp.of(reference(2)))
    sell(firm, "R-2")
    wait_until(lambda: erp.of(reference(2)), "it acted")
    erp.change(of(erp, 2)["id"], status="cancelled")
    erp.troubles.clear()
    settled(firm, 1, state="failed")
    rows = wait_until(lambda: drift(firm)["items"], "the row")
    one = only(rows)
    assert (one["kind"], one["journal"]) == ("conflict", "J2")
    assert one["theirs"]["state"] == "cancelled"
    assert amounts(one["ours"]) == amounts(one["base"])
    assert only(looked(firm))["version"] == one["version"]
    said = act(firm, "theirs", one, status=422)
    assert "amend the document" in said["detail"]
    erp.change(of(erp, 2)["id"], status="booked")
    act(firm, "ours", one)
    settled(firm, 2)
    assert looked(firm) == []
