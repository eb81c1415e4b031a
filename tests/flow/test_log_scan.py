"""Marked values go through every door and every failure; none of them comes
out in the log, an error sentence or a figure."""
import base64
import json
import pathlib
import socket

import pytest

from house import ROOT, House, sale

GSTIN = "27QZXWV4321Q1Z5"
PAN = "QZXWV4321Q"
MAIL = "marked.person@secret-mail.example"
PHONE = "9876501234"
NAME = "Markandeya Zzyxwabale"
SECRET = "whsec_bWFya2VkLXNlY3JldC1vZi1ub2JvZHktYXQtYWxs"
TOKEN = "marked0token0marked0token0marked0token0marked0token0marked0token"
MARKS = [GSTIN, PAN, MAIL, PHONE, "98765 01234", NAME, SECRET, TOKEN,
         GSTIN.lower(), "marked-secret"]


@pytest.fixture(scope="module")
def house():
    one = House()
    one.setting("log", "debug")
    one.setting("listen", "127.0.0.1:0")
    one.start()
    yield one
    one.close()


@pytest.fixture(scope="module")
def answers(house):
    """Everything that an error may say, gathered."""
    out = []

    def take(answer):
        if answer.status >= 400:
            out.append((answer.status, answer.body.decode(errors="replace")))
        return answer

    marked = {"name": NAME, "email": MAIL, "phone": PHONE, "gstin": GSTIN,
              "pan": PAN, "note": "%s %s" % (NAME, PHONE)}
    n = [0]

    def key():
        n[0] += 1
        return "scan-%d" % n[0]

    def hook(source, body, **more):
        return take(house.post(source, body, key(), **more))

    # Vendors: good, odd, broken, forged.
    for source, topic in [("shopify", "orders/paid"), ("pos", None),
                          ("razorpay", None)]:
        for body in [dict(marked), {"event": NAME, "data": marked},
                     {"data": [marked] * 3}, marked["note"],
                     ("{\"email\": \"%s\", " % MAIL).encode(),
                     ("{\"%s\": 1, \"%s\": 2}" % (MAIL, MAIL)).encode()]:
            hook(source, body, topic=topic or "x")
            hook(source, body, topic=topic or "x", secret=SECRET)
    same = key()
    for body in [sale("K1"), sale("K2", customer_name=NAME)]:
        take(house.post("pos", body, same))
    for file in sorted((ROOT / "data/samples").rglob("*.json")):
        if file.name.endswith("expected.json") or \
                file.parent.name not in ("shopify", "pos", "razorpay"):
            continue
        body = json.loads(file.read_text())
        body.update(marked, customer_note=NAME)
        hook(file.parent.name, body, topic=file.stem.partition("-")[0]
             .replace("_", "/", 1))
    for source in ["nosuch-" + NAME.replace(" ", "%20"), "pos"]:
        own = house.connect()
        own.request("POST", "/v1/hooks/" + source, json.dumps(marked),
                    {"Authorization": "Bearer " + TOKEN,
                     "webhook-id": MAIL, "webhook-signature": SECRET})
        answer = own.getresponse()
        out.append((answer.status, answer.read().decode()))
        own.close()

    # Events, journals, documents, decisions.
    for topic in ["in.bahi.invoice_posted", "in.bahi.expense",
                  "in.bahi.payment_applied", NAME]:
        for data in [marked, {"party": NAME, "number": MAIL, "gst":
                              {"party_gstin": GSTIN, "party_name": NAME}}]:
            take(house.api("POST", "/v1/events", {
                "specversion": "1.0", "id": key(), "source": "/x",
                "type": topic, "data": data},
                {"Content-Type": "application/cloudevents+json"}))
    take(house.api("POST", "/v1/journals", {"id": MAIL, "party": NAME}))
    take(house.api("POST", "/v1/decisions", {"action": NAME, "events": [
        {"id": MAIL, "version": "1"}], "reason": NAME}))
    for path in ["/v1/events/" + MAIL, "/v1/search?q=" + MAIL,
                 "/v1/reference/party/" + GSTIN, "/v1/trace/" + PHONE,
                 "/v1/gst/gstr3b?gstin=%s&period=102026" % GSTIN,
                 "/v1/gst/summary?gstin=%s&period=102026" % GSTIN,
                 "/v1/gst/summary?gstin=%s&period=%s" % (GSTIN, PAN),
                 "/v1/documents/%s/%s/%s" % (PAN, PAN, GSTIN)]:
        take(house.api("GET", path))

    # Master data that is wrong in every column.
    for table, row in [
            ("taxpayer", "%s,%s,regular,KA,560001,%s,active," % (
                NAME, GSTIN, NAME)),
            ("taxpayer", "cust_987,%s,regular,29,560001,x,active," % GSTIN),
            ("taxpayer", "cust_987,,%s,29,%s,x,active," % (GSTIN, PHONE)),
            ("registration", "%s,IN01,regular,monthly,1,2026-04-01," % GSTIN),
            ("party", "%s,%s,%s,%s,%s,," % (MAIL, NAME, GSTIN, PAN, MAIL))]:
        head = house.api("GET", "/v1/reference/" + table, None,
                         {"Accept": "text/csv"}).body.decode()
        take(house.api("POST", "/v1/reference/" + table,
                       (head.splitlines()[0] + "\n" + row + "\n").encode(),
                       {"Content-Type": "text/csv"}))
    for body in [{"gstin": GSTIN, "form": NAME, "period": "102026"},
                 {"gstin": GSTIN, "form": "gstr1", "period": "102026",
                  "filed": "2026-11-11", "arn": "x", "reason": NAME},
                 {"gstin": GSTIN, "form": "gstr1", "period": "102026"}]:
        take(house.api("POST", "/v1/gst/filings", body))
        take(house.api("POST", "/v1/gst/filings/withdraw", body))
        take(house.api("POST", "/v1/gst/exports", body))
        take(house.api("POST", "/v1/gst/entries", body))
    take(house.api("POST", "/v1/gst/inward", {"data": {"gstin": GSTIN,
                   "docdata": marked}}))
    for who in [MAIL, PHONE, NAME, GSTIN]:
        for verb in ["find", "export", "erase"]:
            take(house.api("POST", "/v1/privacy/" + verb, {"who": who}))

    # Who knocks with the wrong key, and a request that is none.
    for auth in ["Bearer " + TOKEN, "Basic " + base64.b64encode(
            (MAIL + ":" + SECRET).encode()).decode()]:
        for path in ["/v1/status", "/v1/oauth/token"]:
            own = house.connect()
            own.request("POST", path, "grant_type=client_credentials"
                        "&client_id=%s&client_secret=%s" % (MAIL, SECRET),
                        {"Authorization": auth, "Content-Type":
                         "application/x-www-form-urlencoded"})
            answer = own.getresponse()
            out.append((answer.status, answer.read().decode()))
            own.close()
    with socket.create_connection((house.host, int(house.port))) as raw:
        raw.sendall(("%s %s HTTP/1.1\r\n%s\r\n\r\n" % (
            NAME, MAIL, GSTIN)).encode())
        out.append((400, raw.recv(4096).decode(errors="replace")))

    # Files of the inbox.
    inbox = pathlib.Path(house.home) / "inbox" / "razorpay"
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / "marked.csv").write_text(
        "entity_id,type,email,contact\n%s,%s,%s,%s\n" % (
            PAN, NAME, MAIL, PHONE))
    # The verbs say what they refuse on their standard error.
    for verb in [["privacy", "find", MAIL], ["privacy", "erase", PHONE, "x"],
                 ["token", "add", MAIL, GSTIN], ["export", PAN]]:
        done = house.run(*verb, check=False)
        out.append((done.returncode, done.stderr))
    assert len(out) >= 50
    return out


def clean(text, where):
    for mark in MARKS:
        assert mark not in text, (where, mark,
                                  text[max(0, text.find(mark) - 200):][:400])


def test_no_error_sentence_names_anybody(answers):
    for status, body in answers:
        clean(body, status)


def test_no_figure_is_about_anybody(house, answers):
    clean(house.api("GET", "/metrics").body.decode(), "metrics")


def test_the_log_is_silent_of_people(house, answers):
    house.stop()
    text = house.read_log()
    assert "bahid.stopped" in text
    clean(text, "log")
