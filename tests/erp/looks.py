"""What tests of looks and drift share."""
import base64
import hashlib
import http.client
import json
import sqlite3

from firm import reference, wait_until
from house import database, sale

DAY = "2026-10-05"


def looking(firm, erp, name="erp", **settings):
    """A target whose looks are asked for, whatever day it is."""
    firm.rest(name, erp.url, **dict({"look": 0, "look_days": 3660},
                                    **settings))


def sell(firm, *numbers, **data):
    for number in numbers:
        answer = firm.post("pos", sale(number, **data), "key-" + number)
        assert answer.status == 201, answer.body


def commits(firm, name="erp", state="%"):
    """Its rows, as the store has them."""
    with database(firm.home / "bahi.db", timeout=30) as db:
        db.row_factory = sqlite3.Row
        return [dict(one) for one in db.execute(
            "SELECT * FROM outbox WHERE target = ? AND state LIKE ?"
            " ORDER BY journal", (name, state))]


def settled(firm, n, name="erp", state="done"):
    """n commits are in that state."""
    return wait_until(
        lambda: len(commits(firm, name, state=state)) >= n and
        commits(firm, name, state=state), "%d %s" % (n, state))


def start(firm, erp, n=3, **settings):
    """n sales, all of them there."""
    looking(firm, erp, **settings)
    firm.start()
    sell(firm, *("R-%d" % i for i in range(1, n + 1)))
    settled(firm, n)


def drift(firm, name="erp", query="limit=500"):
    return firm.get("/v1/targets/%s/drift?%s" % (name, query))


def look(firm, name="erp"):
    """Asks for one and waits for it; the list after it."""
    before = drift(firm, name)["look"]
    wait_until(lambda: firm.api("POST", "/v1/targets/%s/look" % name).status
               == 202, "it runs")
    wait_until(lambda: drift(firm, name)["look"] != before, "a look")
    return drift(firm, name)


def only(rows):
    assert len(rows) == 1, rows
    return rows[0]


def looked(firm, name="erp"):
    """The rows that are open after a look that is whole."""
    after = look(firm, name)
    assert after["look"]["whole"], after["look"]
    return after["items"]


def act(firm, what, *rows, name="erp", reason="because", status=200,
        **said):
    answer = firm.api("POST", "/v1/targets/%s/drift/act" % name, dict(
        said, act=what, reason=reason, rows=[
            {"id": row["id"], "version": row["version"]} for row in rows]))
    assert answer.status == status, (answer.status, answer.body)
    return answer.json


def row(firm, one, name="erp"):
    """As it is now, open or closed."""
    return next(item for item in drift(firm, name, "state=all&limit=500")
                ["items"] if item["id"] == one["id"])


def becomes(firm, one, state, name="erp"):
    return wait_until(lambda: row(firm, one, name)["state"] == state and
                      row(firm, one, name), "%s: %s" % (
                          state, row(firm, one, name)))


def amounts(side):
    return {line["account"]: line["amount"] for line in side["lines"]}


def lines(*pairs):
    """As restd has them: ("1200", "118.00"), ("4000", "-100.00")."""
    return [{"account": account, "party": "", "cost_centre": "",
             "debit": "0.00" if amount[0] == "-" else amount,
             "credit": amount[1:] if amount[0] == "-" else "0.00"}
            for account, amount in pairs]


def book(erp, own_reference, *pairs, day=DAY, key=None):
    """As somebody else who uses the ERP; its id."""
    connection = http.client.HTTPConnection("127.0.0.1", erp.port)
    body = json.dumps({
        "reference": own_reference, "date": day, "currency": "INR",
        "narration": "by hand", "lines": [
            {"account": one["account"], "debit": one["debit"],
             "credit": one["credit"]} for one in lines(*pairs)]}).encode()
    connection.request("POST", "/vouchers", body, {
        "Authorization": "Bearer rest-token",
        "Content-Type": "application/json",
        "Content-Digest": "sha-256=:%s:" % base64.b64encode(
            hashlib.sha256(body).digest()).decode(),
        "Idempotency-Key": "by-hand-" + (key or own_reference)})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status == 201, body
    return json.loads(body)["id"]


def of(erp, journal):
    """The voucher of a journal of ours."""
    return erp.of(reference(journal))[0]


def trial(firm, name="erp", query=""):
    return firm.get("/v1/targets/%s/trial%s" % (name, query))


def reference_data(firm, table, text):
    answer = firm.api("POST", "/v1/reference/" + table, text.encode(),
                      {"Content-Type": "text/csv"})
    assert answer.status == 200, answer.body
