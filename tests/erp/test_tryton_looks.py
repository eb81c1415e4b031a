"""Looks at a real Tryton, its trial balance beside ours, and it beside a REST
ERP as in a migration. Posted moves cannot be changed over its interface, so
what was meddled with was so in its database."""
import pytest

from looks import (act, amounts, drift, looked, looking, only, row, trial)
from firm import wait_until
from test_tryton_commit import commit, rows, sell, states, until_over, voucher
from tryton import Tryton, setup


@pytest.fixture
def one():
    tryton = Tryton("sqlite").start().login()
    yield tryton
    tryton.close()


def start(firm, one, n=3, **settings):
    commit(firm, one, **dict({"look": 0, "look_days": 3660,
                              "strangers": "list"}, **settings))
    sell(firm, *range(n))
    until_over(firm, n)
    assert states(firm) == ["done"] * n


def looks(firm):
    return looked(firm, "tryton")


def same(firm):
    said = trial(firm, "tryton")
    return said["same"] and not said["moving"]


def account(one, code):
    return one.client.find("account.account", ["code", "=", code])


def by_hand(one, amount, journal="BAHI", day="2026-10-07"):
    """As an accountant there would; the move."""
    t = one.client
    move = t.make("account.move", journal=t.find(
        "account.journal", ["code", "=", journal]), period=t.find(
            "account.period", ["start_date", "=", setup.day("2026-10-01")]),
        date=setup.day(day), description="by hand", lines=[["create", [
            {"account": account(one, "5230"), "debit": setup.decimal(amount),
             "credit": setup.decimal("0")},
            {"account": account(one, "1000"), "debit": setup.decimal("0"),
             "credit": setup.decimal(amount)}]]])
    t.model("account.move", "post", [move])
    return move


def test_nothing_differs_to_the_paisa(firm, one):
    start(firm, one, 10)
    voucher(firm, "V1", ("1100", "WALKIN", "99999999.99", None),
            ("4000", None, None, "99999999.99"))
    voucher(firm, "V2", ("6100", None, "0.01", None),
            ("2000", "cust_987", None, "0.01"))
    until_over(firm, 12)
    assert looks(firm) == []
    said = drift(firm, "tryton")["look"]
    assert (said["seen"], said["ours"], said["strangers"]) == (12, 12, 0)
    said = trial(firm, "tryton")
    assert said["same"] and not said["moving"]
    assert len(said["items"]) >= 6
    for item in said["items"]:
        assert item["held"] == item["expected"] and item["only"] is None


def test_what_somebody_did_in_its_database(firm, one):
    """Another account; gone. Theirs is taken for the first, the second goes
    once more."""
    start(firm, one, timeout=5)
    (first,), (second,), _ = rows(firm, "remote")
    one.sql("UPDATE account_move_line SET account = ? WHERE move = ? AND"
            " account = ?", account(one, "4010"), int(first),
            account(one, "4000"))
    one.sql("UPDATE account_move SET write_date = '2030-01-01 00:00:00'"
            " WHERE id = ?", int(first))
    one.sql("DELETE FROM account_move_line WHERE move = ?", int(second))
    one.sql("DELETE FROM account_move WHERE id = ?", int(second))
    one.sql("DELETE FROM ir_cache")
    changed, missing = looks(firm)
    assert (changed["kind"], missing["kind"]) == ("changed", "missing")
    assert "4010" in amounts(changed["theirs"])
    assert not same(firm)
    refused = act(firm, "ours", changed, name="tryton")
    assert refused["done"] == 1
    now = wait_until(lambda: row(firm, changed, "tryton")["words"] and
                     row(firm, changed, "tryton"))
    assert now["state"] == "open" and "posted move" in now["words"]
    act(firm, "theirs", now, name="tryton")
    act(firm, "ours", missing, name="tryton")
    wait_until(lambda: states(firm) == ["done"] * 4, seconds=60)
    assert looks(firm) == [] and same(firm)
    assert len(one.moves()) == 3


def test_a_move_by_hand_is_adopted(firm, one):
    start(firm, one)
    move = by_hand(one, "500.00")
    found = only(looks(firm))
    assert (found["kind"], found["remote"]) == ("unknown", str(move))
    assert amounts(found["theirs"]) == {"5230": "500.00", "1000": "-500.00"}
    assert not same(firm)
    act(firm, "adopt", found, name="tryton")
    assert looks(firm) == [] and same(firm)
    assert len(one.moves("%")) == 4


def test_beside_another(firm, one, erp):
    """Tryton and a REST ERP with the same journals."""
    looking(firm, erp, "rest", entities="IN01")
    start(firm, one, 8)
    wait_until(lambda: states(firm) == ["done"] * 16)
    said = firm.get("/v1/targets/tryton/against/rest")
    assert said["same"], said
    assert said["journals"]["same"] == 8
    assert {item["difference"] for item in said["balances"]} == {"0.00"}
