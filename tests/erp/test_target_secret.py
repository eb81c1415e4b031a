"""What proves us to an ERP is nowhere but in its file."""
import json

from outbox import commits, post_sales, states, target
from firm import wait_until

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
