"""Policies, holds, approvals: who may say yes to what, and until when."""
import base64
import hashlib
import hmac
import itertools
import struct
import time

import pytest

from free import Free, doc, goods
from house import database
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
        with database(self.home / "bahi.db") as db:
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
    since = office.get("/v1/approvals")["items"][0]["since"]
    first = office.say("bala", "approve", held)
    assert first.status == 200 and first.json["done"] == 1, first.json
    assert office.state(held) == "held"
    assert office.get("/v1/approvals")["items"][0]["since"] == since
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


# ---- for somebody else ----------------------------------------------------

def later(hours):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ",
                         time.gmtime(time.time() + hours * 3600))


def delegate(office, name, **words):
    return office.people.ask(name, "POST", "/v1/decisions", {
        "action": "delegate", "reason": "on leave", "with": words})


def test_an_approver_lends_his_right(office):
    office.policies("amount,sales_invoice,*,1000.00,9000.00,,controller,")
    office.hire(anu="clerk", bala="approver", chitra="controller",
                devi="controller")
    office.run("token", "add", "events-chitra", "integration")
    office.people.tokens["maker"] = office.run(
        "token", "add", "events-chitra", "integration").stdout.split()[-1]
    office.start()
    first, large, twice = (office.send(doc("sales_invoice", str(n), amount))
                           for n, amount in ((1, "2000.00"), (2, "6000.00"),
                                             (3, "9500.00")))
    assert office.say("anu", "approve", first).status == 403
    assert delegate(office, "anu", to="bala", until=later(1)).status == 403
    assert delegate(office, "chitra", to="chitra",
                    until=later(1)).status == 422
    assert delegate(office, "chitra", to="anu", until=later(-1)).status == 422
    assert delegate(office, "chitra", to="anu").status == 400
    given = delegate(office, "chitra", to="anu", until=later(1),
                     limit="5000.00")
    assert given.status == 200, given.body
    assert office.say("anu", "approve", large).status == 403
    assert office.say("anu", "approve", first).status == 200
    assert office.state(first) == "posted"
    audit = [step for step in office.seen(first)["history"]
             if step["action"] == "approved"]
    assert audit[0]["actor"] == "anu", audit
    assert office.rows("SELECT actor, giver FROM approval") == [
        ("anu", "chitra")]
    # What the giver made, the taker does not approve for him.
    own = office.people.ask("maker", "POST", "/v1/events", {"docs": [
        doc("sales_invoice", "9", "2000.00")]}, Content_Type=
        "application/json", ce_specversion="1.0", ce_id="9", ce_source="/t",
        ce_type="free").json
    assert own["state"] == "held", own
    assert office.say("anu", "approve", own).status == 403
    # Nor do the two of them make two people.
    delegate(office, "chitra", to="bala", until=later(1))
    assert office.say("bala", "approve", twice).status == 200
    assert office.state(twice) == "held"
    assert office.say("chitra", "approve", twice).status == 403
    assert office.say("bala", "approve", twice).status == 403
    assert office.say("devi", "approve", twice).status == 200
    assert office.state(twice) == "posted"
    assert delegate(office, "chitra", to="anu", revoke=True).status == 200
    assert delegate(office, "chitra", to="anu", revoke=True).status == 404
    second = office.send(doc("sales_invoice", "10", "2000.00"))
    assert office.say("anu", "approve", second).status == 403
    office.stop()
    office.prove()


def test_a_rejected_one_is_dismissed(office):
    office.policies(AMOUNT)
    office.hire(anu="clerk", bala="approver")
    office.start()
    held = office.send(doc("sales_invoice", "1", "2000.00"))
    assert office.say("bala", "reject", held, reason="").status == 400
    assert office.say("anu", "reject", held).status == 403
    assert office.say("bala", "reject", held).status == 200
    seen = office.seen(held)
    assert seen["state"] == "dismissed"
    assert any(step["action"] == "rejected" and step["actor"] == "bala"
               for step in seen["history"])
    assert office.say("anu", "reopen", held).status == 200
    assert office.state(held) == "held"
    office.stop()
    office.prove()


def test_too_late_is_a_failure(office):
    office.policies("amount,sales_invoice,*,1000.00,5000.00,,approver,1")
    office.hire(anu="clerk", bala="approver", devi="approver")
    office.start()
    held = office.send(doc("sales_invoice", "1", "6000.00"))
    assert office.say("bala", "approve", held).status == 200
    office.stop()
    # The clock moves on: what is kept is that much older.
    with database(office.home / "bahi.db", write=True) as db:
        db.execute("UPDATE hold SET expires = expires - 7200000000")
    office.start()
    office.until(held, "failed")
    assert office.codes(held) == ["approval.expired"]
    assert office.say("anu", "retry", held).status == 200
    assert office.state(held) == "held"
    # Who approved in time has to do so again.
    assert office.say("devi", "approve", held).status == 200
    assert office.state(held) == "held"
    assert office.say("bala", "approve", held).status == 200
    assert office.state(held) == "posted"
    office.check_books()
    office.stop()
    office.prove()


# ---- what only the ledger knows -------------------------------------------

def test_the_first_of_a_party(office):
    office.hire(bala="approver")
    office.start()
    office.send(doc("purchase_invoice", "1", party="WALKIN"))
    # In force from now on; what was before counts.
    office.policies("first_invoice,purchase_invoice,*,,,,approver,")
    assert office.send(doc("purchase_invoice", "2", party="WALKIN"))[
        "state"] == "posted"
    new = office.send(doc("purchase_invoice", "3", party="cust_117"))
    also = office.send(doc("purchase_invoice", "4", party="cust_117"))
    assert (new["state"], also["state"]) == ("held", "held"), new
    assert office.policies_of(new) == ["first_invoice"]
    office.say("bala", "approve", new)
    assert office.state(new) == "posted"
    assert office.send(doc("purchase_invoice", "5", party="cust_117"))[
        "state"] == "posted"
    # Looked at again, it is the first no more.
    office.say("bala", "retry", also)
    assert office.state(also) == "posted"
    office.stop()
    office.prove()


def test_an_unusual_amount(office):
    office.policies("unusual_amount,payment,*,,,,approver,")
    office.start()
    for n in range(6):
        assert office.send(doc("payment", "P%d" % n, "100.00",
                               party="WALKIN"))["state"] == "posted"
    assert office.send(doc("payment", "A", "500.00", party="WALKIN"))[
        "state"] == "posted"
    odd = office.send(doc("payment", "B", "5000.00", party="WALKIN"))
    assert odd["state"] == "held"
    assert office.policies_of(odd) == ["unusual_amount"]
    # Of somebody new nothing is known; of the kind not enough either.
    assert office.send(doc("payment", "C", "5000.00", party="cust_117"))[
        "state"] == "posted"
    office.stop()
    office.prove()


def test_by_hand_between_companies_and_for_the_tax(office):
    office.policies("manual,*,*,,,,approver,",
                    "intercompany,sales_invoice,*,,,,controller,",
                    "tax_sensitive,journal_voucher,*,,,,approver,")
    office.hire(anu="clerk", bala="approver", chitra="controller")
    office.start()
    assert office.send(doc("journal_voucher", "1"))["state"] == "posted"
    for party, state in (("WALKIN", "posted"), ("IN02", "held")):
        one = office.send(doc("sales_invoice", party, party=party))
        assert one["state"] == state, one
    assert office.say("bala", "approve", one).status == 403
    assert office.say("chitra", "approve", one).status == 200
    assert office.state(one) == "posted"
    office.stop()
    office.prove()


def test_a_late_one_and_one_that_was_filed(office):
    office.policies("late_period,*,*,,,,controller,",
                    "amended_after_filing,*,*,,,,controller,")
    office.hire(anu="clerk", chitra="controller", devi="controller")
    office.start()
    late = office.send(doc("sales_invoice", "1", date="2026-09-20"))
    assert office.codes(late) == ["period.closed"]
    assert office.say("anu", "carry", late).status == 200
    assert office.state(late) == "held"
    assert office.policies_of(late) == ["late_period"]
    # Who ruled on it made it, too.
    assert office.say("chitra", "approve", late).status == 200
    assert office.state(late) == "posted"
    other = office.send(doc("sales_invoice", "2", date="2026-09-21"))
    assert office.say("chitra", "carry", other).status == 200
    assert office.say("chitra", "approve", other).status == 403
    assert "chitra" in office.get("/v1/approvals")["items"][0]["maker"]
    assert office.say("devi", "approve", other).status == 200
    assert office.state(other) == "posted"
    # The next change of it amends what was of a closed period.
    amended = office.send(doc("sales_invoice", "1", "150.00",
                              base_version="1"))
    assert amended["state"] == "held", amended
    assert office.policies_of(amended) == ["amended_after_filing"]
    assert office.say("devi", "approve", amended).status == 200
    assert office.state(amended) == "posted"
    office.stop()
    office.prove()


def test_a_policy_that_cannot_be_asked_posts_nothing(office):
    office.policies("nowhere,sales_invoice,*,,,,approver,")
    office.start()
    one = office.send(doc("sales_invoice", "1"))
    assert one["state"] == "failed"
    assert one["findings"][0]["code"] == "rule.failed"
    bad = "no_such,sales_invoice,*,ten,,,approver,\n"
    for row in (bad, "x,sales_invoice,*,5,2,,approver,\n",
                "x,tax,*,5,,,approver,\n", "x,*,*,5,,,clerk,\n",
                "../x,*,*,5,,,approver,\n"):
        assert office.api("POST", "/v1/reference/policy",
                          (POLICY_HEAD + row).encode(),
                          {"Content-Type": "text/csv"}).status == 400


# ---- what is shown --------------------------------------------------------

def test_the_list_says_what_it_takes(office):
    office.policies("amount,sales_invoice,*,1000.00,5000.00,9000.00,"
                    "controller,48", "manual,*,*,,,,approver,")
    office.hire(bala="controller")
    office.run("token", "add", "events-bala", "integration")
    office.start()
    office.send(doc("sales_invoice", "1", "6000.00", party="WALKIN"))
    big = office.send(doc("sales_invoice", "2", "9000.01"))
    page = office.people.ask("bala", "GET", "/v1/approvals").json
    assert page["next"] is None and len(page["items"]) == 2
    one, two = page["items"]
    assert one["policies"] == [{"policy": "amount",
                                "why": "more than the limit"}]
    assert (one["document"], one["party"], one["amount"], one["currency"]) \
        == ("IN01/sales_invoice/1", "WALKIN", "6000.00", "INR")
    assert (one["needed"], one["totp"], one["role"], one["given"]) == (
        2, False, "controller", [])
    assert one["mine"] is False and one["maker"] == "events"
    assert one["expires"] > one["since"]
    assert (two["event"], two["totp"]) == (big["event"], True)
    first = office.get("/v1/approvals?limit=1")
    assert len(first["items"]) == 1 and first["next"] == one["event"]
    assert office.get("/v1/approvals?after=" + first["next"])["items"][0][
        "event"] == two["event"]
    assert office.people.ask("bala", "POST", "/v1/decisions", {
        "action": "approve", "events": [
            {"id": one["event"], "version": one["version"]}]}).status == 200
    given = office.get("/v1/approvals")["items"][0]["given"]
    assert [(g["by"], g["for"], g["totp"]) for g in given] == [
        ("bala", None, False)]
    assert delegate(office, "bala", to="anu", until=later(2),
                    limit="10.00").status == 200
    row = office.get("/v1/delegations")["items"][0]
    assert (row["giver"], row["taker"], row["limit"], row["role"],
            row["state"]) == ("bala", "anu", "10.00", "controller",
                              "in force")


def test_one_shows_what_it_would_change(office):
    office.policies("amount,sales_invoice,*,1000.00,,,approver,")
    office.hire(bala="approver")
    office.start()
    office.send(doc("sales_invoice", "0", "900.00"))
    held = office.send(doc("sales_invoice", "1", "6000.00"))
    seen = office.get("/v1/approvals/" + held["event"])
    assert seen["documents"][0]["number"] == "1"
    assert seen["document"] == "IN01/sales_invoice/1"
    change = {row["account"]: (row["balance"], row["before"], row["change"])
              for row in seen["effect"]}
    assert change["1000"] == ("900.00", "0.00", "6000.00"), change
    assert change["3000"] == ("-900.00", "0.00", "-6000.00")
    assert office.say("bala", "approve", held).status == 200
    assert office.api("GET", "/v1/approvals/" + held["event"]).status == 404
    assert office.api("GET", "/v1/approvals/E999").status == 404
    balance = {row["account"]: row["balance"]
               for row in office.get("/v1/trial-balance")["items"]}
    assert balance["1000"] == "6900.00"
