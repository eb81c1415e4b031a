"""What is not proved is not believed; what is sent anew posts nothing anew."""
import base64
import hashlib
import hmac
import json
import subprocess
import sys
import time

import pytest

from house import ROOT, Answer, house, sale  # noqa: F401  (a fixture)

AT = "2026-05-21T10:00:00Z"
BODY = (b'{"type":"order.paid","timestamp":"2026-05-21T10:00:00Z","data":'
        b'{"order_id":"450789469","amount":118000,"currency":"INR"}}')
STRIPE = "whsec_bahi_stripe_test_secret_0001"
V1 = "12bcbc4facf907e8bd548a3bcd456b0325edfca2e82c974c90ffbd133096c3fe"
T = "t=1779357600,"


def deliver(house, source, body, headers):
    """Headers as pairs, so that one may be there twice."""
    connection = house.connect()
    connection.putrequest("POST", "/v1/hooks/" + source)
    for name, value in headers:
        connection.putheader(name, value)
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    answer = Answer(connection.getresponse())
    connection.close()
    return answer


def write_secret(house, source, *lines, mode=0o600):
    path = house.home / "secrets" / source
    path.write_text("\n".join(lines) + "\n")
    path.chmod(mode)


@pytest.mark.parametrize("header,status", [
    (T + "v1=" + V1, 202), (T + "v1=" + V1.upper(), 202),
    (T + "v0=00,v1=" + V1, 202), (T + "v1=" + "0" * 64 + ",v1=" + V1, 202),
    ("v1=" + V1 + ",t=1779357600", 202), (T + "v0=" + V1, 401),
    (T + T + "v1=" + V1, 401), ("v1=" + V1, 401), (T + "v1=" + V1[:-1], 401),
    ("t=1779357600.0,v1=" + V1, 401), ("t=+1779357600,v1=" + V1, 401),
    ("t=1779357601,v1=" + V1, 401), ("", 401), (",,,", 401), ("t=", 401),
    ("t=" + "9" * 30 + ",v1=" + V1, 401)])
def test_stripe_vectors(house, header, status):
    house.run("source", "add", "stripe", "stripe")
    write_secret(house, "stripe", STRIPE)
    house.start(BAHI_CLOCK=AT)
    answer = deliver(house, "stripe", BODY, [("Stripe-Signature", header)])
    assert answer.status == status, answer.body
    received = house.check_books()["states"]["received"]
    assert received == (1 if status == 202 else 0)


def test_a_stripe_event_is_keyed_by_its_id(house):
    house.run("source", "add", "stripe", "stripe")
    write_secret(house, "stripe", STRIPE)
    house.start(BAHI_CLOCK=AT)
    body = b'{"id":"evt_123","type":"payout.paid","data":{"object":{}}}'
    for at in (1779357600, 1779357700):
        mac = hmac.new(STRIPE.encode(), b"%d." % at + body, hashlib.sha256)
        answer = deliver(house, "stripe", body, [(
            "Stripe-Signature", "t=%d,v1=%s" % (at, mac.hexdigest()))])
        assert answer.json["key"] == "evt_123"
    assert answer.status == 200


def sign(secret, key, body, at):
    mac = hmac.new(secret, b".".join([key, at, body]), hashlib.sha256)
    return "v1," + base64.b64encode(mac.digest()).decode()


def test_a_header_that_must_be_single_is_not_there_twice(house):
    house.start()
    good = house.sign("pos", sale("A"), "msg_a")
    for name in good:
        for other in (good[name], "x"):
            headers = list(good.items())
            assert deliver(house, "pos", sale("A"), headers + [
                (name, other)]).status in (400, 401)
            assert deliver(house, "pos", sale("A"), [
                (name, other)] + headers).status in (400, 401)
        assert deliver(house, "pos", sale("A"), [
            h for h in good.items() if h[0] != name]).status == 401
    assert deliver(house, "pos", sale("A"), list(good.items())).status == 201


@pytest.mark.parametrize("key", ["msg.a", "", " ", "a" * 5000, "a\tb",
                                 "\xff\xfe", "caf\xe9"])
def test_keys_that_are_none(house, key):
    house.start()
    raw = base64.b64decode(house.secret("pos")[6:])
    at = house.sign("pos", b"", "x")["webhook-timestamp"]
    answer = deliver(house, "pos", sale("A"), [
        ("webhook-id", key.encode("latin-1")), ("webhook-timestamp", at),
        ("webhook-signature",
         sign(raw, key.encode("latin-1"), sale("A"), at.encode()))])
    assert answer.status in (400, 401, 431), answer.body
    assert house.check_books()["states"]["received"] == 0


def test_id_and_time_cannot_change_places(house):
    """A signature over one pair is none over another pair."""
    house.start()
    good = house.sign("pos", sale("A"), "msg_1")
    at = good["webhook-timestamp"]
    for key, stamp in (("msg_1." + at, ""), ("msg", "1." + at),
                       ("msg_1", at + "."), ("msg_1", "0" + at),
                       ("msg_1", "-" + at), ("msg_1", "+" + at),
                       ("msg_1", at + ".0"), ("MSG_1", at)):
        assert deliver(house, "pos", sale("A"), [
            ("webhook-id", key), ("webhook-timestamp", stamp),
            ("webhook-signature", good["webhook-signature"])]
        ).status == 401, (key, stamp)
    assert deliver(house, "pos", sale("A"), list(good.items())).status == 201


@pytest.mark.parametrize("lines,mode", [
    ([""], 0o600), (["# nothing"], 0o600), (["whsec_"], 0o600),
    (["whsec_AAAA"], 0o600), (["whsec_%%%%"], 0o600),
    (["whsec_" + base64.b64encode(bytes(32)).decode() + " someday"], 0o600),
    (["whsec_" + base64.b64encode(bytes(32)).decode()], 0o644)])
def test_a_secret_that_is_none_opens_nothing(house, lines, mode):
    write_secret(house, "pos", *lines, mode=mode)
    house.start()
    at = str(int(time.time()))
    for raw in (b"", b"\0\0\0", bytes(32), lines[0].encode()):
        answer = deliver(house, "pos", sale("A"), [
            ("webhook-id", "msg_a"), ("webhook-timestamp", at),
            ("webhook-signature", sign(raw, b"msg_a", sale("A"),
                                       at.encode()))])
        assert answer.status == 401
    assert house.check_books()["states"]["received"] == 0


def test_one_sender_cannot_speak_for_another(house):
    house.run("source", "add", "pos2", "standard")
    house.start()
    theirs = (house.home / "secrets" / "pos2").read_text().strip()
    assert house.post("pos", sale("A"), "msg_a", secret=theirs).status == 401
    assert house.post("pos", sale("A"), "msg_a").status == 201
    # The same key of another sender is another key.
    good = house.sign("pos", sale("A2"), "msg_a", secret=theirs)
    assert deliver(house, "pos2", sale("A2"), list(good.items())).status in (
        201, 202)
    assert house.check_books()["states"]["duplicate"] == 0


def generated():
    out = subprocess.run([sys.executable, str(ROOT / "data/demo/generate.py"),
                          "--count", "400"], capture_output=True, text=True,
                         check=True)
    seen = {}
    for line in out.stdout.splitlines():
        one = json.loads(line)
        if one["note"] or one["source"] == "pos":
            continue
        topic = one["headers"].get("X-Shopify-Topic") or json.loads(
            one["body"])["event"]
        seen.setdefault((one["source"], topic), one["body"].encode())
    return seen


def test_bodies_sent_anew_under_new_ids_post_nothing_anew(house):
    """Shopify and Razorpay sign the body only: id and topic are free."""
    house.start()
    bodies = generated()
    assert len(bodies) >= 4
    for (source, topic), body in bodies.items():
        first = house.post(source, body, "id-1-" + topic, topic)
        assert first.status in (201, 202), first.body
    kept = house.journals()
    balances = house.get("/v1/trial-balance")["items"]
    topics = [topic for _, topic in bodies]
    for (source, topic), body in bodies.items():
        for n, other in enumerate([topic] + topics):
            answer = house.post(source, body, "id-%d-x-%s" % (n, topic),
                                other)
            assert answer.status == 202, (source, topic, other, answer.body)
    assert house.journals() == kept
    assert house.get("/v1/trial-balance")["items"] == balances
    house.check_books()
    house.prove()
