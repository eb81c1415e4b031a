"""Policies, holds, approvals: who may say yes to what, and until when."""
import base64
import hashlib
import hmac
import itertools
import sqlite3
import struct
import time

import pytest

from free import Free, doc, goods
from test_govern import People

POLICY_HEAD = "policy,kind,entity,amount,second,third,role,expires\n"
ROLES = ["clerk", "approver", "controller", "admin"]


def code_of(secret, at=None):
    """RFC 6238, by hand."""
    step = int(at if at is not None else time.time()) // 30
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", step),
                   hashlib.sha1).digest()
    low = mac[-1] & 15
    return "%06d" % ((struct.unpack(">I", mac[low:low + 4])[0] & 0x7fffffff)
                     % 1000000)


class Office(Free):
    """A house with people in it, whose words go by their tokens."""

    def hire(self, **roles):
        self.people = People(self, **roles)
        return self

    def policies(self, *rows):
        text = POLICY_HEAD + "".join(row + "\n" for row in rows)
        if self.process is None:
            self.csv("policy", text)
        else:
            answer = self.api("POST", "/v1/reference/policy", text.encode(),
                              {"Content-Type": "text/csv"})
            assert answer.status == 200, answer.body

    def mapping(self, name, account):
        text = "source,dimension,from,to\n*,account,%s,%s\n" % (
            name, account)
        if self.process is None:
            self.csv("mapping", text)
        else:
            answer = self.api("POST", "/v1/reference/mapping", text.encode(),
                              {"Content-Type": "text/csv"})
            assert answer.status == 200, answer.body

    def enrol(self, name):
        out = self.run("totp", "enrol", name).stdout
        return out.split("secret=")[1].split("&")[0]

    def seen(self, answer):
        return self.get(answer["status"])

    def say(self, name, action, *answers, **more):
        events = [{"id": one["id"], "version": one["version"]}
                  for one in map(self.seen, answers)]
        return self.people.ask(name, "POST", "/v1/decisions", dict(
            {"action": action, "reason": "looked", "events": events}, **more))

    def codes(self, answer):
        return [f["code"] for f in self.seen(answer)["findings"]]

    def policies_of(self, answer):
        return [f["value"] for f in self.seen(answer)["findings"]
                if f["code"] == "approval.needed"]

    def rows(self, sql, *values):
        with sqlite3.connect("file:%s?mode=ro" % (self.home / "bahi.db"),
                             uri=True) as db:
            return db.execute(sql, values).fetchall()

    def until(self, answer, state):
        end = time.monotonic() + 30
        while self.state(answer) != state:
            assert time.monotonic() < end, self.seen(answer)
            time.sleep(0.02)


@pytest.fixture
def office():
    one = Office()
    yield one
    one.close()


AMOUNT = "amount,sales_invoice,*,1000.00,,,approver,"


def test_above_the_limit_it_waits_for_somebody(office):
    office.policies(AMOUNT)
    office.hire(bala="approver", anu="clerk")
    office.start()
    assert office.send(doc("sales_invoice", "1", "1000.00"))["state"] == \
        "posted"
    assert office.send(doc("payment", "1", "9000.00"))["state"] == "posted"
    held = office.send(doc("sales_invoice", "2", "1000.01"))
    assert held["state"] == "held" and held["journal"] is None
    assert office.policies_of(held) == ["amount"]
    assert office.say("anu", "approve", held).status == 403
    done = office.say("bala", "approve", held)
    assert done.json["done"] == 1 and done.json["failed"] == 0, done.json
    seen = office.seen(held)
    assert seen["state"] == "posted" and seen["findings"] == []
    assert any(step["action"] == "approved" and step["actor"] == "bala"
               for step in seen["history"]), seen["history"]
    office.check_books()
    office.stop()
    office.prove()


def test_the_particular_row_counts_and_foreign_money_is_converted(office):
    office.csv("rate", "from,to,first,rate\nUSD,INR,2026-04-01,80\n")
    office.policies("amount,*,*,100.00,,,approver,",
                    "amount,sales_invoice,*,1000.00,,,approver,",
                    "amount,sales_invoice,IN02,5000.00,,,approver,")
    office.start()
    for kind, entity, amount, state in (
            ("payment", "IN01", "100.01", "held"),
            ("sales_invoice", "IN01", "999.00", "posted"),
            ("sales_invoice", "IN01", "1000.01", "held"),
            ("sales_invoice", "IN02", "5000.00", "posted"),
            ("sales_invoice", "IN02", "5000.01", "held")):
        one = doc(kind, kind + entity + amount, amount, entity=entity)
        assert office.send(one)["state"] == state, one


@pytest.mark.parametrize("maker,role", itertools.product(ROLES, ROLES))
def test_the_maker_never_approves(office, maker, role):
    """Whatever he is, and whatever he calls himself."""
    office.policies(AMOUNT)
    office.hire(maker=maker, other=role)
    office.start()
    own = office.people.ask(
        "maker", "POST", "/v1/events", {"docs": [
            doc("sales_invoice", "1", "2000.00")]}, Content_Type=
        "application/json", ce_specversion="1.0", ce_id="1", ce_source="/t",
        ce_type="free")
    # A token without rules of its own can make no document: it is a maker
    # by the family of its name.
    assert own.json["state"] == "failed"
    office.stop()
    office.run("token", "add", "events-maker", maker)
    office.people.tokens["events-maker"] = office.run(
        "token", "add", "events-maker", maker).stdout.split()[-1]
    office.start()
    own = office.people.ask(
        "events-maker", "POST", "/v1/events", {"docs": [
            doc("sales_invoice", "1", "2000.00")]}, Content_Type=
        "application/json", ce_specversion="1.0", ce_id="2", ce_source="/t",
        ce_type="free").json
    assert own["state"] == "held", own
    for name in ("maker", "events-maker"):
        answer = office.say(name, "approve", own)
        assert answer.status == 403, (name, answer.body)
        group = office.people.ask(name, "POST", "/v1/decisions", {
            "action": "approve", "signature": office.seen(own)["findings"][0]
            ["signature"]})
        assert office.state(own) == "held", group.json
    answer = office.say("other", "approve", own)
    assert answer.status == (403 if role == "clerk" else 200)
    assert office.state(own) == ("held" if role == "clerk" else "posted")
    office.stop()
    office.prove()


def test_two_people_beyond_the_second_limit(office):
    office.policies("amount,sales_invoice,*,1000.00,5000.00,,approver,")
    office.hire(bala="approver", chitra="controller", devi="approver")
    office.start()
    held = office.send(doc("sales_invoice", "1", "5000.01"))
    first = office.say("bala", "approve", held)
    assert first.status == 200 and first.json["done"] == 1, first.json
    assert office.state(held) == "held"
    assert office.say("bala", "approve", held).status == 403
    assert office.say("devi", "approve", held).status == 200
    assert office.state(held) == "posted"
    one = office.send(doc("sales_invoice", "2", "5000.00"))
    office.say("chitra", "approve", one)
    assert office.state(one) == "posted"
    office.stop()
    office.prove()


def test_a_code_beyond_the_third_limit(office):
    office.policies("amount,sales_invoice,*,1000.00,5000.00,10000.00,"
                    "approver,")
    office.hire(bala="approver", chitra="controller", devi="approver")
    secrets = {name: office.enrol(name) for name in ("bala", "chitra")}
    office.start()
    held = office.send(doc("sales_invoice", "1", "20000.00"))
    assert office.say("bala", "approve", held).status == 403
    wrong = office.say("bala", "approve", held, **{"with": {"totp":
                                                            "000000"}})
    assert wrong.status == 403
    assert office.say("devi", "approve", held, **{"with": {
        "totp": "123456"}}).status == 403       # has no second factor
    # What somebody says of himself is nothing.
    assert office.say("bala", "approve", held, **{"with": {
        "proved": "yes", "role": "admin"}}).status == 403
    code = code_of(secrets["bala"])
    assert office.say("bala", "approve", held, **{"with": {
        "totp": code}}).status == 200
    assert office.state(held) == "held"
    other = office.send(doc("sales_invoice", "2", "20000.00"))
    assert office.say("bala", "approve", other, **{"with": {
        "totp": code}}).status == 403           # a code is good once
    assert office.say("chitra", "approve", held, **{"with": {
        "totp": code_of(secrets["chitra"])}}).status == 200
    assert office.state(held) == "posted"
    log = office.rows("SELECT body FROM log WHERE kind = 'decision'")
    assert not any(code in body for body, in log)
    for _ in range(6):
        last = office.say("chitra", "approve", other, **{"with": {
            "totp": "000000"}})
    assert last.status == 429, last.body
    office.stop()
    office.prove()


def test_an_approval_is_of_what_was_approved(office):
    """Another mapping posts otherwise: who approved did not approve that."""
    office.policies("amount,journal_voucher,*,1000.00,2000.00,,approver,")
    office.hire(bala="approver", devi="approver")
    office.mapping("OLD", "3000")
    office.start()
    held = office.send(doc("journal_voucher", "1", "3000.00", lines=[
        {"mapped": "OLD", "amount": "3000.00"},
        {"account": "1000", "amount": "-3000.00"}]))
    assert held["state"] == "held", held
    assert office.say("bala", "approve", held).status == 200
    office.mapping("OLD", "1500")
    # Nothing looked at it since: what Devi sees is not what is posted.
    assert office.say("devi", "approve", held).status == 200
    assert office.state(held) == "held"
    assert office.say("bala", "approve", held).status == 200
    assert office.say("devi", "approve", held).status == 200
    assert office.state(held) == "posted"
    office.stop()
    office.prove()


def test_approved_then_waiting_is_not_held_again(office):
    """What the approval is of does not change while its stock comes."""
    office.flows("events,sales_order,*,workflow,,0,sales,0,48,normal")
    office.hire(bala="approver")
    office.start()
    office.send(goods("inventory_move", "IN1", "5", type="receipt"))
    a = office.send(doc("sales_order", "SO1", lines=[{
        "type": "ordered", "item": "KUR-COT-S", "location": "WH-BHW",
        "quantity": "5", "amount": "100.00"}]))
    b = office.send(doc("sales_order", "SO2", lines=[{
        "type": "ordered", "item": "KUR-COT-S", "location": "WH-BHW",
        "quantity": "5", "amount": "100.00"}]))
    assert (a["state"], b["state"]) == ("held", "held")
    assert office.say("bala", "approve", a).status == 200
    assert office.state(a) == "posted"
    office.say("bala", "approve", b)
    assert office.state(b) == "waiting"
    office.send(goods("inventory_move", "IN2", "9", type="receipt"))
    assert office.state(b) == "posted"
    office.check_books()
    office.stop()
    office.prove()
