"""Each vendor's own signature and payload, and CloudEvents."""
import base64
import json
import subprocess
import sys

import pytest

from house import ROOT, Answer, house, sale  # noqa: F401  (a fixture)

AT = "2026-05-21T10:00:00Z"	# 1779357600, of the published vectors
WHSEC = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
SECOND = "whsec_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="
STANDARD = (b'{"type":"order.paid","timestamp":"2026-05-21T10:00:00Z","data":'
            b'{"order_id":"450789469","amount":118000,"currency":"INR"}}')
GOOD = "v1,JCZ19O//QUTB19RWtpvBtteDzybEc+E7+0v1Dl2mo1k="
GOOD_SECOND = "v1,AeajBQuIWVRVQNAtFQGB2luYlIbyXC++qQyB8N8dQSo="
GOOD_ED25519 = ("v1a,USht657Rh38s1maQseNiqM2HhBAGIQ49GfdwxNLGLC9/DbbfbzWo3BHo"
                "ZhGf033WqkOaytqAE9dCBR35bIj7CQ==")


def entries(house, answer):
    journal = house.get("/v1/journals/" + answer.json["journal"])
    return [(e["account"], e["amount"], e["currency"])
            for e in journal["entries"]]


def deliver(house, source, body, headers):
    connection = house.connect()
    connection.request("POST", "/v1/hooks/" + source, body,
                       {"Content-Type": "application/json", **headers})
    answer = Answer(connection.getresponse())
    connection.close()
    return answer


def write_secret(house, source, *lines):
    path = house.home / "secrets" / source
    path.write_text("\n".join(lines) + "\n")
    path.chmod(0o600)


def test_the_till_payload_exactly_as_it_stands(house):
    house.start()
    body = (b'{"event":"payment.success","data":{"amount":150.00,"currency":'
            b'"USD","customer_id":"cust_987","tax_amount":12.50,'
            b'"ledger_account":"Sales-Revenue"}}')
    answer = house.post("pos", body, "msg_exact")
    assert answer.status == 201, answer.body
    assert entries(house, answer) == [
        ("1200", "150.00", "USD"), ("4000", "-137.50", "USD"),
        ("2330", "-12.50", "USD")]
    journal = house.get("/v1/journals/" + answer.json["journal"])
    assert sum(int(e["base"].replace(".", ""))
               for e in journal["entries"]) == 0
    assert house.get(answer.json["status"])["payload"].encode() == body


@pytest.mark.parametrize("signature,secrets,status", [
    (GOOD, [WHSEC], 202), (GOOD_SECOND, [SECOND], 202),
    (GOOD + " " + GOOD_SECOND, [SECOND], 202),
    (GOOD_SECOND + " " + GOOD, [WHSEC], 202),
    ("v9,xxxx " + GOOD, [WHSEC], 202), (GOOD, [SECOND, WHSEC], 202),
    (GOOD_ED25519, ["whpk_A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="],
     202),
    (GOOD, [SECOND], 401), ("v1,JCZ19O", [WHSEC], 401), ("", [WHSEC], 401),
    (GOOD, [WHSEC + " 2026-05-21T10:00:01Z"], 202),
    (GOOD, [WHSEC + " 2026-05-21T09:59:59Z"], 401),
])
def test_standard_webhooks_vectors(house, signature, secrets, status):
    write_secret(house, "pos", *secrets)
    house.start(BAHI_CLOCK=AT)
    head = {"webhook-id": "msg_bahi0000000000000000000001",
            "webhook-timestamp": "1779357600",
            "webhook-signature": signature}
    assert deliver(house, "pos", STANDARD, head).status == status
    if status == 202:
        assert deliver(house, "pos", STANDARD + b"\n", head).status == 401
        assert deliver(house, "pos", STANDARD.replace(b"118000", b"118001"),
                       head).status == 401
    house.check_books()


@pytest.mark.parametrize("clock,status", [
    ("2026-05-21T10:05:01Z", 401), ("2026-05-21T09:54:59Z", 401),
    ("2026-05-21T10:05:00Z", 202)])
def test_a_replay_outside_the_window_is_refused(house, clock, status):
    write_secret(house, "pos", WHSEC)
    house.start(BAHI_CLOCK=clock)
    head = {"webhook-id": "msg_bahi0000000000000000000001",
            "webhook-timestamp": "1779357600", "webhook-signature": GOOD}
    answer = deliver(house, "pos", STANDARD, head)
    assert answer.status == status
    # A forger does not learn why.
    assert status == 202 or b"seconds" not in answer.body
    received = house.get("/v1/status")["states"]["received"]
    assert received == (1 if status == 202 else 0)


def test_shopify_and_razorpay_vectors(house):
    write_secret(house, "shopify", "bahi_shopify_client_secret_0001")
    write_secret(house, "razorpay", "bahi_razorpay_webhook_secret_0001")
    house.start(BAHI_CLOCK=AT)
    body = (b'{"id":450789469,"name":"#1001","currency":"INR","total_price":'
            b'"1180.00","total_tax":"180.00","financial_status":"paid"}')
    head = {"X-Shopify-Topic": "orders/paid", "X-Shopify-Event-Id": "e1",
            "X-Shopify-Hmac-SHA256":
                "M4LeAT/cwanP5kt/0obArbgwpeI25oSYxdQgNM9MSk8="}
    assert deliver(house, "shopify", body, head).status == 202
    head["X-Shopify-Hmac-SHA256"] = ("3382de013fdcc1a9cfe64b7fd286c0adb830a5e2"
                                     "36e68498c5d42034cf4c4a4f")
    assert deliver(house, "shopify", body, head).status == 401
    body = (b'{"entity":"event","account_id":"acc_TEST000000001","event":'
            b'"payment.captured","contains":["payment"],"payload":{"payment":'
            b'{"entity":{"id":"pay_TEST000000001","entity":"payment","amount"'
            b':118000,"currency":"INR","status":"captured","order_id":'
            b'"order_TEST0000001","method":"upi","fee":2360,"tax":360,'
            b'"created_at":1779357600}}},"created_at":1779357605}')
    head = {"x-razorpay-event-id": "evt1", "X-Razorpay-Signature":
            "159570b90998afe1a209e3fa52944b07454e74c79ec992a435834ac29ed9ffbe"}
    answer = deliver(house, "razorpay", body, head)
    assert answer.status == 202		# May 2026 is closed
    assert [f["code"] for f in answer.json["findings"]] == ["period.closed"]
    head["X-Razorpay-Signature"] = "0" * 64
    assert deliver(house, "razorpay", body, head).status == 401


def generated(house, source, topic):
    """The first clean event of that kind of the demo month."""
    out = subprocess.run([sys.executable, str(ROOT / "data/demo/generate.py"),
                          "--count", "400"], capture_output=True, text=True,
                         check=True)
    for line in out.stdout.splitlines():
        one = json.loads(line)
        name = one["headers"].get("X-Shopify-Topic")
        if name is None and "body" in one and one["source"] == "razorpay":
            name = topic if '"event":"%s"' % topic in one["body"] else None
        if one["source"] == source and name == topic and not one["note"]:
            return one["body"].encode()
    raise AssertionError(topic)


@pytest.mark.parametrize("source,topic,accounts", [
    ("shopify", "orders/paid", {"1100", "4010"}),
    ("shopify", "refunds/create", {"1100", "4010"}),
    ("razorpay", "payment.captured", {"1210", "5200", "1320", "1100"}),
    ("razorpay", "refund.processed", {"1100", "1210"})])
def test_vendor_events_post(house, source, topic, accounts):
    house.start()
    body = generated(house, source, topic)
    answer = house.post(source, body, "e1", topic)
    assert answer.status == 201, answer.body
    got = entries(house, answer)
    assert accounts <= {account for account, _, _ in got}
    receivable = [amount for account, amount, _ in got if account == "1100"]
    assert receivable[0].startswith("-") == (
        topic in ("refunds/create", "payment.captured"))
    house.check_books()


def test_rotated_secret_takes_effect_without_restart(house):
    house.start()
    assert house.post("pos", sale("A"), "msg_a").status == 201
    old = house.secret("pos")
    write_secret(house, "pos", SECOND, old)
    deadline = 50
    while house.post("pos", sale("B"), "msg_b", secret=SECOND).status == 401:
        deadline -= 1
        assert deadline > 0
        subprocess.run(["sleep", "0.1"], check=True)
    assert house.post("pos", sale("C"), "msg_c", secret=old).status == 201
    event = house.get("/v1/events?q=msg_b")["items"][0]["id"]
    assert len(house.get("/v1/events/" + event)["secret"]) == 16


def test_same_key_other_bytes(house):
    house.start()
    first = house.post("pos", sale("A"), "msg_a")
    answer = house.post("pos", sale("B"), "msg_a")
    assert answer.status == 409 and answer.json["code"] == "key.reused"
    assert house.post("pos", sale("B"), "msg_a").status == 409
    assert house.post("pos", sale("A"), "msg_a").body == first.body
    [cause] = house.get("/v1/signatures")["items"]
    assert cause["code"] == "key.reused" and cause["count"] == 1
    kept = house.get("/v1/events?state=failed")["items"][0]["id"]
    assert '"B"' in house.get("/v1/events/" + kept)["payload"]
    states = house.check_books()["states"]
    assert (states["posted"], states["failed"], states["duplicate"]) == (
        1, 1, 2)


def cloud(number, amount="10.00"):
    return {"specversion": "1.0", "id": number, "source": "/erp",
            "type": "in.bahi.journal_voucher", "time":
            "2026-10-05T10:00:00+05:30",
            "data": {"entity": "IN01", "number": number,
                     "date": "2026-10-05", "currency": "INR",
                     "lines": [{"account": "1000", "debit": amount},
                               {"account": "3000", "credit": amount}]}}


def test_cloudevents_in_three_modes(house):
    house.start()
    media = "application/cloudevents+json"
    one = house.api("POST", "/v1/events", cloud("S"), {"Content-Type": media})
    assert one.status == 201 and one.json["key"] == "/erp S"
    binary = cloud("B")
    one = house.api("POST", "/v1/events", binary["data"], {
        "Content-Type": "application/json", "ce-specversion": "1.0",
        "ce-id": "B", "ce-source": "/erp", "ce-type": binary["type"]})
    assert one.status == 201
    batch = [cloud("1"), cloud("2", "0.00"), cloud("1"), cloud("1", "9.00")]
    answer = house.api("POST", "/v1/events", batch, {
        "Content-Type": "application/cloudevents-batch+json"})
    items = answer.json["items"]
    assert [i.get("state", i.get("error")) for i in items] == [
        "posted", "failed", "posted", "key.reused"]
    assert items[0] == items[2]
    kept = house.get(items[0]["status"])["payload"]
    assert json.loads(kept) == batch[0]
    house.check_books()
    for headers, body, status in (
            ({"Content-Type": "text/plain"}, b"{}", 415),
            ({"Content-Type": media}, b"{}", 400),
            ({"Content-Type": media}, b"{", 400),
            ({"Content-Type": "application/cloudevents-batch+json"}, b"{}",
             400)):
        assert house.api("POST", "/v1/events", body, headers).status == status


def test_a_token_is_a_source_of_its_own(house):
    house.start()
    token = house.run("token", "add", "events-crm",
                      "integration").stdout.strip()
    connection = house.connect()
    head = {"Content-Type": "application/cloudevents+json",
            "Authorization": "Bearer " + token}
    connection.request("POST", "/v1/events", json.dumps(cloud("T")), head)
    answer = Answer(connection.getresponse())
    assert answer.status == 201 and answer.json["source"] == "events-crm"
    other = "1" if token[-1] == "0" else "0"
    for bad in ("Bearer " + token[:-1] + other, "Basic x", ""):
        connection.request("POST", "/v1/events", json.dumps(cloud("U")),
                           dict(head, Authorization=bad))
        assert Answer(connection.getresponse()).status == 401
    connection.request("GET", "/v1/status", headers=head)
    assert Answer(connection.getresponse()).status == 403
    connection.request("GET", "/v1/status")
    assert Answer(connection.getresponse()).status == 401
    connection.request("GET", "/healthz")
    assert Answer(connection.getresponse()).status == 200
    assert token not in base64.b64encode(
        (house.home / "bahi.db").read_bytes()).decode()
