"""Signature schemes that a text file declares, as WooCommerce's."""
import base64
import hashlib
import hmac
import json
import time

import pytest

from house import House, Answer, house  # noqa: F401  (a fixture)

ORDER = (b'{"id":727,"date_modified_gmt":"2026-10-05T14:03:11","status":'
         b'"processing","total":"118.00"}')


def deliver(house, source, body, headers):
    connection = house.connect()
    connection.request("POST", "/v1/hooks/" + source, body, headers)
    answer = Answer(connection.getresponse())
    connection.close()
    return answer


def woo(secret, body, topic="order.created"):
    mac = hmac.digest(secret.encode(), body, hashlib.sha256)
    return {"Content-Type": "application/json", "X-WC-Webhook-Topic": topic,
            "X-WC-Webhook-Resource": "order",
            "X-WC-Webhook-Delivery-ID": "61ab",
            "X-WC-Webhook-Signature": base64.b64encode(mac).decode()}


def test_woocommerce(house):
    house.run("source", "add", "woo", "woocommerce")
    assert "woo                  woocommerce" in house.run(
        "source", "list").stdout
    house.start()
    head = woo(house.secret("woo"), ORDER)
    first = deliver(house, "woo", ORDER, head)
    assert first.status == 202
    assert house.get(first.json["status"])["topic"] == "order"
    assert first.json["key"] == (
        "order.created:727:2026-10-05T14:03:11:"
        + hashlib.sha256(ORDER).hexdigest())
    # Sent again: another delivery id, the same event.
    again = deliver(house, "woo", ORDER,
                    dict(head, **{"X-WC-Webhook-Delivery-ID": "77ff"}))
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.body == first.body
    # Another order of the same second: the same delivery id, another event.
    other = ORDER.replace(b"727", b"728")
    answer = deliver(house, "woo", other, woo(house.secret("woo"), other))
    assert answer.status == 202 and answer.json["event"] != first.json["event"]
    # Forged.
    for name, value in (
            ("X-WC-Webhook-Signature", "AAAA" + head[
                "X-WC-Webhook-Signature"][4:]),
            ("X-WC-Webhook-Signature", base64.b64decode(head[
                "X-WC-Webhook-Signature"]).hex()),
            ("X-WC-Webhook-Signature", ""), ("X-WC-Webhook-Topic", None),
            ("X-WC-Webhook-Signature", None)):
        bad = {k: v for k, v in dict(head, **{name: value}).items()
               if v is not None}
        assert deliver(house, "woo", ORDER, bad).status == 401, (name, value)
    # What lacks the parts of its key is kept under its digest.
    bare = b'{"note":1}'
    answer = deliver(house, "woo", bare, woo(house.secret("woo"), bare))
    assert answer.json["key"] == hashlib.sha256(bare).hexdigest()
    assert house.check_books()["states"]["received"] == 4


def test_what_is_missing_is_said_in_the_log(house):
    """A proxy that drops headers looks like a forger: only we hear why."""
    house.run("source", "add", "woo", "woocommerce")
    house.start()
    head = woo(house.secret("woo"), ORDER)
    for name, signed in (("Resource", True), ("Topic", True),
                         ("Signature", False)):
        name = "X-WC-Webhook-" + name
        bare = {k: v for k, v in head.items() if k != name}
        answer = deliver(house, "woo", ORDER, bare)
        assert answer.status == 401
        assert answer.json["code"] == "auth.refused"
        assert name.encode() not in answer.body
        assert 'hook.refused source=woo why="%sno %s header"' % (
            "the signature is right, but " if signed else "", name) in \
            house.read_log()
    assert house.check_books()["states"]["received"] == 0


def test_the_trial_call_is_answered_and_forgotten(house):
    house.run("source", "add", "woo", "woocommerce")
    house.start()
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert deliver(house, "woo", b"webhook_id=12", form).status == 200
    assert deliver(house, "woo", b"webhook_id=12" * 50, form).status == 401
    assert deliver(house, "woo", b"webhooks", form).status == 401
    assert deliver(house, "woo", b"webhook_id=12", dict(
        form, **{"X-WC-Webhook-Signature": "x"})).status == 401
    assert house.check_books()["states"]["received"] == 0


@pytest.fixture
def own(tmp_path):
    one = House()
    one.setting("schemes", str(tmp_path))
    yield one, tmp_path
    one.close()


SLACKISH = """header = X-Sig
prefix = v0=
signed = v0:{timestamp}:{body}
timestamp = {header:X-Time}
tolerance = 60
topic = {body:event.type}
key = {header:X-Id}/{body:event.id}
"""


def test_templates(own):
    house, folder = own
    (folder / "slackish.conf").write_text(SLACKISH)
    house.run("source", "add", "s1", "slackish")
    house.start()
    body = b'{"event": {"id": 9007199254740993, "type": "a.b"}}'

    def send(at=0, prefix="v0=", key="k"):
        t = str(int(time.time()) + at)
        mac = hmac.new(house.secret("s1").encode(),
                       b"v0:" + t.encode() + b":" + body, hashlib.sha256)
        return deliver(house, "s1", body, {
            "X-Time": t, "X-Id": key, "X-Sig": prefix + mac.hexdigest()})

    answer = send()
    assert answer.status == 202, answer.body
    assert answer.json["key"] == "k/9007199254740993"
    assert house.get(answer.json["status"])["topic"] == "a.b"
    assert [send(at=-90).status, send(at=90).status, send(prefix="").status,
            send(prefix="v1=").status] == [401] * 4
    assert send(key="a b").json["key"] == hashlib.sha256(body).hexdigest()


@pytest.mark.parametrize("text", [
    "encoding = hex", "header = A\ntopic = x\nsigned = {timestamp}",
    "header = A\ntopic = x\nsigned = {timestamp}.{body}",
    "header = A\ntopic = {body}", "header = A\ntopic = {header:}",
    "header = A\ntopic = {header:X", "header = A", "header = A\ntopic = x\n"
    "encoding = base32", "header = A\ntopic = x\nkey = {none}",
    "header = A\ntopic = " + "a{body:b}" * 12, "header = A\nheader = B"])
def test_a_wrong_declaration_is_refused(own, text):
    house, folder = own
    (folder / "bad.conf").write_text(text + "\n")
    done = house.run("source", "add", "s1", "bad", check=False)
    assert done.returncode != 0 and "bad.conf" in done.stderr


def test_a_declaration_that_broke_later(own):
    house, folder = own
    (folder / "s.conf").write_text(SLACKISH)
    house.run("source", "add", "s1", "s")
    assert "no scheme" in house.run("source", "add", "s2", "../s",
                                    check=False).stderr
    (folder / "s.conf").write_text("header =\n")
    house.start()
    assert deliver(house, "s1", b"{}", {"X-Sig": "v0=00"}).status >= 400
    assert "source.no_scheme" in house.read_log()
    assert house.post("pos", json.dumps({"event": "x"}).encode(),
                      "m1").status == 202
