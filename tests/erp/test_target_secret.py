"""What proves us to an ERP is nowhere but in its file."""
import base64
import json

from outbox import commits, post_sales, states, target
from firm import driver, posting, wait_until, write_rest

SECRET = "rest-token"       # as the double knows us


def test_an_erp_that_says_our_secret_back(firm, erp, proxy):
    """In its words, and where it does not even answer what was asked."""
    body = json.dumps({"error": "bad header: Bearer %s" % SECRET})
    proxy.plan("status", 1000, status=422, body=body.encode(),
               when=lambda request: request.method == "POST")
    firm.rest("erp", proxy.url)
    firm.start()
    post_sales(firm, 2)
    wait_until(lambda: states(firm).get("failed") == 2)
    proxy.plan("status", 1000, status=500, body=body.encode(),
               when=lambda request: request.method == "GET")
    firm.rest("erp", proxy.url, timeout=50)     # it asks anew
    post_sales(firm, 1, "LATER")
    wait_until(lambda: target(firm)["breaker"] == "open" or
               target(firm)["why"])
    said = [firm.api("GET", "/v1/targets/erp").body]
    said += [json.dumps(commits(firm)).encode()]
    said += [firm.api("GET", "/metrics").body]
    said += [(firm.dir / "log").read_bytes()]
    firm.stop()
    for file in firm.home.glob("bahi.db*"):
        said.append(file.read_bytes())
    for text in said:
        assert SECRET.encode() not in text
    assert b"bad header" in said[1] + said[0]


def test_as_it_goes_it_is_hidden_too(tmp_path, proxy):
    """A password goes in base 64, and that is as good as it."""
    write_rest(tmp_path, "erp", proxy.url, login="basic", user="bahi")
    goes = base64.b64encode(b"bahi:" + SECRET.encode())
    proxy.plan("status", status=422, body=json.dumps({
        "error": "bad header: Authorization: Basic %s" %
        goes.decode()}).encode())
    said = driver(tmp_path, "erp", [posting(7)], "send", 7)
    assert "bad header" in json.dumps(said)
    assert goes.decode() not in json.dumps(said)
