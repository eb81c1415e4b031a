"""Tally behind bahid itself: each journal is there once, whatever is lost on
the way, and both trial balances are the same."""
import csv
import re
import xml.etree.ElementTree as tree

import pytest

from firm import reference, wait_until
from house import ROOT, sale
from looks import act, becomes, looked, trial
from tallyd import COMPANY, Tally


@pytest.fixture
def tally():
    with Tally() as one:
        with open(ROOT / "data/reference/account.csv") as table:
            for row in csv.DictReader(table):
                one.ledgers[row["code"]] = "Suspense A/c"
        one.centres = {row["code"] for row in csv.DictReader(
            open(ROOT / "data/reference/cost_centre.csv"))}
        yield one


def conf(firm, tally, **settings):
    firm.target("tally", **dict(dict(
        kind="tally", url=tally.url, company=COMPANY, parties="accounts",
        backoff=1, failures=1000, timeout=5), **settings))


def sell(firm, first, last, **data):
    for n in range(first, last):
        answer = firm.post("pos", sale("R-%03d" % n, **data), "k-%03d" % n)
        assert answer.status == 201, answer.body


def test_each_once(firm, tally):
    conf(firm, tally)
    firm.start()
    sell(firm, 0, 60)
    done = firm.until("tally", 60)
    assert len(tally.vouchers) == 60 and not tally.doubled()
    assert {one["remote"] for one in done.values()} == {
        str(n) for n in tally.vouchers}
    assert all(len(one["held"]) == 64 and one["remote_version"]
               for one in done.values())
    assert tally.trial() == firm.balances()
    assert tally.most_at_once == 1
    firm.stop()
    firm.prove()


@pytest.mark.parametrize("dups", ["alter", "create"])
def test_answers_that_are_lost(firm, tally, dups):
    """Tally has booked them: they are asked for, not sent again. With a Tally
    that would take a second one, too."""
    tally.dups, tally.drop = dups, 8
    conf(firm, tally, batch=3)
    firm.start()
    sell(firm, 0, 30)
    firm.until("tally", 30)
    assert tally.drop == 0
    assert len(tally.vouchers) == 30 and not tally.doubled()
    assert {one["alter"] for one in tally.vouchers.values()} == set(
        range(1, 31)), "none was written over"
    assert tally.trial() == firm.balances()


def test_killed_in_the_middle(firm, tally):
    tally.dups, tally.import_delay = "create", 0.02
    conf(firm, tally, batch=2)
    firm.start()
    for at in range(0, 30, 10):
        sell(firm, at, at + 10)
        firm.kill()
        firm.start()
    firm.until("tally", 30)
    assert len(tally.vouchers) == 30 and not tally.doubled()
    assert tally.trial() == firm.balances()


def test_missing_ledger(firm, tally):
    """One cause for all of them, with what mends it."""
    del tally.ledgers["4000"]
    conf(firm, tally)
    firm.start()
    sell(firm, 0, 6)
    failed = firm.until("tally", 6, "failed").values()
    assert {one["refusal"] for one in failed} == {"mapping"}
    assert len({one["cause"] for one in failed}) == 1
    for one in failed:
        assert '"4000" under Suspense A/c' in one["words"]
    assert not tally.vouchers

    def faults(some):
        assert firm.api("POST", "/v1/targets/tally/check", {}).status == 202
        return wait_until(lambda: bool(firm.get("/v1/targets/tally")["check"][
            "faults"]) == some) and firm.get("/v1/targets/tally")["check"][
                "faults"]

    fault, = faults(True)
    assert (fault["refusal"], fault["field"], fault["value"]) == (
        "mapping", "account", "4000")
    assert "create it there, or map" in fault["words"]
    tally.ledgers["4000"] = "Sales Accounts"
    assert not faults(False)


def test_closed_and_opened(firm, tally):
    tally.open = ["Another"]
    conf(firm, tally)
    firm.start()
    sell(firm, 0, 3)
    wait_until(lambda: any("not open in Tally: " + COMPANY in row["why"]
                           for row in firm.ask("SELECT why FROM target")))
    assert not tally.vouchers
    tally.open = [COMPANY]
    firm.until("tally", 3)
    assert len(tally.vouchers) == 3 and not tally.doubled()


def test_files(firm, tally):
    """Killed and started: each journal is in one file, and the files together
    are what the books say."""
    (firm.home / "tally-out").mkdir()
    firm.target("files", kind="tally-file", company=COMPANY, backoff=1, timeout=1,
                folder=firm.home / "tally-out", parties="accounts")
    firm.start()
    for at in range(0, 30, 10):
        sell(firm, at, at + 10)
        firm.kill()
        firm.start()
    firm.until("files", 30)
    written = []
    for path in sorted((firm.home / "tally-out").glob("*.xml")):
        text = path.read_bytes()
        written += re.findall(r'REMOTEID="([^"]*)"', text.decode())
        tally.take_import(tree.fromstring(text))
    assert sorted(written) == [reference(n) for n in range(1, 31)]
    assert tally.trial() == firm.balances()
    with open(firm.home / "tally-out/written.csv") as table:
        assert {row["reference"] for row in csv.DictReader(table)} == \
            set(written)


# ---- both ways


def looking(firm, tally, **settings):
    conf(firm, tally, **dict({"look": 0, "look_days": 3660}, **settings))


def test_changed_there_and_put_back(firm, tally):
    looking(firm, tally)
    firm.start()
    sell(firm, 0, 3)
    firm.until("tally", 3)
    said = trial(firm, "tally")
    assert said["same"] and not said["moving"], said
    assert looked(firm, "tally") == []
    before = tally.vouchers[2]["lines"]
    tally.change(2, lines=[
        dict(line, ledger="4010") if line["ledger"] == "4000" else line
        for line in before])
    tally.enter("20261006", "3.00", debit="1000", credit="4000")
    (one,) = looked(firm, "tally")
    assert one["journal"] == "J2", one
    assert not trial(firm, "tally")["same"]
    act(firm, "ours", one, name="tally")
    becomes(firm, one, "closed", name="tally")
    assert [(line["ledger"], line["amount"])
            for line in tally.vouchers[2]["lines"]] == [
        (line["ledger"], line["amount"]) for line in before]
    assert looked(firm, "tally") == []


def test_cancelled_there(firm, tally):
    looking(firm, tally)
    firm.start()
    sell(firm, 0, 2)
    firm.until("tally", 2)
    tally.cancel(1)
    (one,) = looked(firm, "tally")
    assert (one["journal"], one["kind"]) == ("J1", "cancelled"), one


def test_parties_side_by_side(firm, tally):
    """Receivables of ours and all debtors there: the same to the paisa."""
    csv_dir = firm.dir / "csv"
    csv_dir.mkdir()
    (csv_dir / "mapping.csv").write_text(
        "source,dimension,from,to\nto:tally,account,1200,Sundry Debtors\n")
    firm.run("import", str(csv_dir))
    looking(firm, tally, parties="ledgers", masters="create")
    firm.start()
    sell(firm, 0, 3)
    firm.until("tally", 3)
    assert "Walk-in customer" in tally.ledgers
    said = trial(firm, "tally")
    rows = {row["account"]: row for row in said["items"]}
    assert said["same"], said
    assert rows["Sundry Debtors"]["ours"][0]["account"] == "1200"
    assert rows["Sundry Debtors"]["held"] == "354.00"
    assert looked(firm, "tally") == []
    # Put back, a party's line has its bill again: what he owes hangs on it.
    before = tally.vouchers[2]["lines"]
    assert any(line["bills"] and line["party"] for line in before)
    tally.change(2, lines=[
        dict(line, ledger="4010") if line["ledger"] == "4000" else
        dict(line, bills=[], party=False) for line in before])
    (one,) = looked(firm, "tally")
    act(firm, "ours", one, name="tally")
    becomes(firm, one, "closed", name="tally")
    assert tally.vouchers[2]["lines"] == before
