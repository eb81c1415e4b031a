"""Approvals through a terminal and by verbs, on a real daemon."""
import os
import subprocess

import pytest

from terminal import Terminal

from free import doc
from test_approvals import Office, code_of, later


@pytest.fixture
def desk(bahi):
    office, terminals = Office(), []
    office.policies("amount,sales_invoice,*,1000.00,5000.00,9000.00,"
                    "approver,", "amount,payment,*,1000.00,,,approver,")
    office.hire(bala="approver", devi="approver")
    office.secret_of = {name: office.enrol(name)
                        for name in ("root", "bala")}
    office.start()

    def console(rows=40, columns=120):
        terminal = Terminal(
            [bahi, "--config", str(office.home / "bahi.conf")], rows,
            columns, {"HOME": str(office.dir),
                      "XDG_CACHE_HOME": str(office.dir)})
        terminals.append(terminal)
        return terminal.until("live")

    def verb(*args, **more):
        return subprocess.run(
            [bahi, "--config", str(office.home / "bahi.conf"), *args],
            text=True, capture_output=True, timeout=60,
            env=dict(os.environ, HOME=str(office.dir),
                     XDG_CACHE_HOME=str(office.dir), LC_ALL="C.UTF-8"),
            **more)

    office.console, office.verb = console, verb
    yield office
    for terminal in terminals:
        terminal.close()
    office.close()


def test_why_it_is_held_and_what_it_does(desk):
    desk.send(doc("payment", "0", "900.00"))
    desk.send(doc("payment", "1", "2000.00", party="WALKIN"))
    big = desk.send(doc("sales_invoice", "2", "6000.00"))
    t = desk.console()
    t.type("A")
    t.until("payment/1").until("sales_invoice/2")
    row = next(line for line in t.lines() if "sales_invoice/2" in line)
    assert "amount" in row and "6,000.00" in row and "events" in row
    # Left and opened again, it still hears of what comes next.
    t.type("1")
    t.until("Events by state")
    t.type("A")
    t.until("payment/1").until("sales_invoice/2")
    t.type("Enter")
    t.until("amount: more than the limit").until("approved by 0 of 1")
    t.until("Effect on balances")
    row = next(line for line in t.lines() if "Bank current" in line)
    for part in ("900.00", "2,000.00", "2,900.00"):
        assert part in row, t.text()
    t.type("a")
    t.until("1 done").until("It waits for no approval")
    t.type("q")
    t.until(lambda t: "payment/1" not in t.text() and
            "sales_invoice/2" in t.text())
    # One of two: it stays, and says so.
    t.type("a")
    t.until("1 done")
    t.until(lambda t: any("sales_invoice/2" in line and " 1 " in line
                          for line in t.lines()))
    assert desk.say("bala", "approve", big).status == 200
    t.until(lambda t: "sales_invoice/2" not in t.text())
    assert desk.state(big) == "posted"
    t.type("q")
    desk.prove()


def test_reject_asks_why(desk):
    held = desk.send(doc("payment", "1", "2000.00"))
    t = desk.console(24, 80)
    t.type("A")
    t.until("payment/1")
    assert max(map(len, t.lines())) <= 80
    t.type("D")
    t.until("Reject, because:")
    t.type("Esc")
    assert desk.state(held) == "held"
    t.type("D")
    t.until("Reject, because:")
    t.type("not ordered", "Enter")
    t.until(lambda t: "payment/1" not in t.text())
    assert desk.state(held) == "dismissed"
    assert any(step["action"] == "rejected"
               for step in desk.seen(held)["history"])


def test_marked_ones_are_planned_first(desk):
    held = [desk.send(doc("payment", str(n), "2000.00")) for n in range(3)]
    t = desk.console()
    t.type("A")
    t.until("payment/2")
    t.type("Space", "Space", "Space", "a")
    t.until("3").until("6,000.00")
    assert all(desk.state(one) == "held" for one in held)
    t.type("y")
    for one in held:
        desk.until(one, "posted")


def test_a_code_is_asked_for(desk):
    held = desk.send(doc("sales_invoice", "1", "20000.00"))
    t = desk.console()
    t.type("A")
    t.until("sales_invoice/1")
    t.type("a")
    t.until("One-time code:")
    t.type("000000", "Enter")
    t.until("wrong or was used")
    t.type("a")
    t.until("One-time code:")
    t.type(code_of(desk.secret_of["root"]), "Enter")
    t.until("1 done")
    assert desk.say("bala", "approve", held, **{"with": {
        "totp": code_of(desk.secret_of["bala"])}}).status == 200
    assert desk.state(held) == "posted"


def test_the_verbs(desk):
    held = desk.send(doc("payment", "1", "2000.00"))
    big = desk.send(doc("sales_invoice", "1", "20000.00"))
    shown = desk.verb("approvals")
    assert shown.returncode == 0 and "payment/1" in shown.stdout
    one = desk.verb("approvals", "show", held["event"]).stdout
    assert "amount: more than the limit" in one and "2,000.00" in one
    assert desk.verb("approve", held["event"]).returncode == 0
    assert desk.state(held) == "posted"
    refused = desk.verb("approve", big["event"])
    assert refused.returncode == 3 and "one-time code" in refused.stderr
    assert desk.verb("approve", big["event"], "--code-file", "-",
                     input=code_of(desk.secret_of["root"]) + "\n"
                     ).returncode == 0
    assert desk.verb("approve", big["event"], "--code-file"
                     ).returncode == 2
    assert desk.verb("reject", big["event"]).returncode == 2
    assert desk.verb("reject", big["event"], "--reason",
                     "twice").returncode == 0
    assert desk.state(big) == "dismissed"
    # His own is told apart from what he may not.
    own = desk.api("PUT", "/v1/documents/IN01/payment/9", dict(
        kind="payment", entity="IN01", number="9", date="2026-10-05",
        currency="INR", total=500000, lines=[
            dict(type="received", account="1000", amount=500000),
            dict(type="allocated", account="1200", amount=-500000)]),
        {"If-None-Match": "*"})
    assert own.status in (200, 201, 202), own.body
    event = own.json["event"]
    assert desk.get("/v1/events/" + event)["state"] == "held", own.json
    mine = desk.verb("approve", event)
    assert mine.returncode == 3, (mine.stdout, mine.stderr)
    done = desk.verb("delegate", "devi", "--until", later(48)[:10],
                     "--limit", "10000.00", "--reason", "leave")
    assert done.returncode == 0, done.stderr
    assert "devi" in desk.verb("delegate").stdout
    assert desk.verb("undelegate", "devi", "back").returncode == 0
    assert "over" in desk.verb("delegate").stdout
