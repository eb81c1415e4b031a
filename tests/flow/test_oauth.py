"""Programs from elsewhere: clients, their secrets and tokens."""
import base64
import hashlib
import http.client
import json
import time
import urllib.parse

import pytest

from authority import Authority, openssl
from house import Answer, database, House
from test_tls import TlsHouse

FORM = "application/x-www-form-urlencoded"
GRANT = {"grant_type": "client_credentials"}


@pytest.fixture(scope="module")
def house():
    one = House()
    one.start()
    yield one
    one.close()


MADE = []                   # every secret and token there ever was


def over_tcp(house, method, path, body=None, whence=None, **headers):
    connection = house.connect()
    if whence:
        connection.source_address = (whence, 0)
    connection.request(method, path, body,
                       {k.replace("_", "-"): v for k, v in headers.items()})
    answer = Answer(connection.getresponse())
    connection.close()
    return answer


def basic(name, secret):
    quote = urllib.parse.quote_plus
    text = "%s:%s" % (quote(name), quote(secret))
    return "Basic " + base64.b64encode(text.encode()).decode()


def ask(house, name, secret, path="/v1/oauth/token", whence=None, **form):
    answer = over_tcp(house, "POST", path, urllib.parse.urlencode(
        form or GRANT), whence, Content_Type=FORM,
        Authorization=basic(name, secret))
    if b"access_token" in answer.body:
        MADE.append(answer.json["access_token"])
    return answer


def grant(house, name, secret, **form):
    answer = ask(house, name, secret, **GRANT, **form)
    assert answer.status == 200, answer.body
    return answer.json


def get(house, path, token):
    return over_tcp(house, "GET", path, Authorization="Bearer " + token)


def client(house, name, *scope):
    MADE.append(house.run("client", "add", name, *scope).stdout.strip())
    return MADE[-1]


def sql(house, text):
    with database(house.home / "bahi.db", write=True) as db:
        return [row[0] for row in db.execute(text)]


def refused(answer, status, error):
    assert (answer.status, answer.json["error"]) == (status, error)
    assert set(answer.json) == {"error", "error_description"}
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert (answer.headers["WWW-Authenticate"] == 'Basic realm="bahi"') == (
        status == 401)


def test_a_token(house):
    secret = client(house, "erp", "clerk", "IN01")
    answer = ask(house, "erp", secret)
    assert answer.status == 200
    assert answer.headers.get_all("Cache-Control") == ["no-store"]
    assert answer.headers["Pragma"] == "no-cache"
    assert answer.json["token_type"] == "Bearer"
    assert answer.json["expires_in"] == 900
    assert answer.json["scope"] == "clerk entity:IN01"
    me = get(house, "/v1/me", answer.json["access_token"]).json
    assert (me["name"], me["role"]) == ("erp", "clerk")
    # the same with name and secret in the body
    body = urllib.parse.urlencode(dict(GRANT, client_id="erp",
                                       client_secret=secret))
    assert over_tcp(house, "POST", "/v1/oauth/token", body,
                    Content_Type=FORM + "; charset=utf-8").status == 200


def test_less_but_never_more(house):
    secret = client(house, "less", "clerk", "IN01", "IN02")
    for scope, given in (("viewer entity:IN02", "viewer entity:IN02"),
                         ("entity:IN01 read clerk",
                          "clerk read entity:IN01")):
        one = grant(house, "less", secret, scope=scope)
        assert one["scope"] == given
    for scope in ("approver entity:IN01", "clerk", "clerk entity:IN03",
                  "integration entity:IN01", "nonsense", "entity:IN01",
                  "clerk clerk entity:IN01"):
        refused(ask(house, "less", secret, **GRANT, scope=scope), 400,
                "invalid_scope")
    reader = grant(house, "less", secret, scope="clerk read entity:IN01")
    token = reader["access_token"]
    assert get(house, "/v1/me", token).json["read_only"] is True
    assert over_tcp(house, "POST", "/v1/decisions", "{}",
                    Authorization="Bearer " + token).status == 403


def test_errors_of_rfc_6749(house):
    secret = client(house, "errors", "viewer")
    good = basic("errors", secret)
    both = dict(GRANT, client_id="errors", client_secret=secret)

    def post(body, **headers):
        headers.setdefault("Content_Type", FORM)
        if not isinstance(body, (str, bytes)):
            body = urllib.parse.urlencode(body)
        return over_tcp(house, "POST", "/v1/oauth/token", body, **headers)

    refused(post(GRANT), 401, "invalid_client")
    refused(post(dict(GRANT, client_id="errors")), 401, "invalid_client")
    refused(post(GRANT, Authorization="Bearer " + secret), 401,
            "invalid_client")
    refused(post(GRANT, Authorization="Basic ???"), 401, "invalid_client")
    refused(post(GRANT, Authorization="Basic " + base64.b64encode(
        b"errors").decode()), 401, "invalid_client")
    refused(post(both, Authorization=good), 400, "invalid_request")
    refused(post(dict(GRANT, client_id="other"), Authorization=good), 400,
            "invalid_request")
    refused(post({"a": "b"}, Authorization=good), 400, "invalid_request")
    refused(post({"grant_type": "password"}, Authorization=good), 400,
            "unsupported_grant_type")
    refused(post("grant_type=client_credentials&grant_type=x",
                 Authorization=good), 400, "invalid_request")
    refused(post("grant_type=%zz", Authorization=good), 400,
            "invalid_request")
    refused(post(json.dumps(GRANT), Authorization=good,
                 Content_Type="application/json"), 400, "invalid_request")
    assert over_tcp(house, "GET", "/v1/oauth/token").status == 405
    assert post(dict(GRANT, client_id="errors"),
                Authorization=good).status == 200


def test_rotation_with_overlap(house):
    first = client(house, "turning", "viewer")
    second = house.run("client", "rotate", "turning").stdout.strip()
    assert len({first, second}) == 2
    for secret in (first, second):
        grant(house, "turning", secret)
    # never more than two, and none of before where none is wished for
    third = house.run("client", "rotate", "turning", "1").stdout.strip()
    refused(ask(house, "turning", first), 401, "invalid_client")
    for secret in (second, third):
        grant(house, "turning", secret)
    fourth = house.run("client", "rotate", "turning", "0").stdout.strip()
    for secret in (second, third):
        refused(ask(house, "turning", secret), 401, "invalid_client")
    grant(house, "turning", fourth)
    one = [one for one in house.get("/v1/clients")["items"]
           if one["name"] == "turning"][0]
    assert one["secrets"] == 1 and one["tokens"] == 5


def test_revoked_at_once(house):
    secret = client(house, "bad", "viewer")
    token = grant(house, "bad", secret)["access_token"]
    lasting = house.run("token", "add", "bad", "viewer").stdout.strip()
    for one in (token, lasting):
        assert get(house, "/v1/status", one).status == 200
    assert house.run("token", "add", "bad", "clerk",
                     check=False).returncode != 0
    house.run("client", "revoke", "bad")
    for one in (token, lasting):
        answer = get(house, "/v1/status", one)
        assert answer.status == 401
        assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
        assert "revoked" in answer.json["detail"]
    refused(ask(house, "bad", secret), 401, "invalid_client")
    for verb in (("rotate", "bad"), ("revoke", "bad"),
                 ("add", "bad", "viewer")):
        assert house.run("client", *verb, check=False).returncode != 0
    house.run("client", "remove", "bad")
    client(house, "bad", "viewer")
    refused(ask(house, "bad", secret), 401, "invalid_client")


def test_a_token_is_revoked_by_its_client_alone(house):
    mine, other = client(house, "mine", "viewer"), \
        client(house, "other", "viewer")
    token = grant(house, "mine", mine)["access_token"]
    path = "/v1/oauth/revoke"
    refused(ask(house, "other", other, path, token=token), 400,
            "invalid_grant")
    refused(ask(house, "other", "x", path, token=token), 401,
            "invalid_client")
    refused(ask(house, "mine", mine, path, hint="x"), 400, "invalid_request")
    assert get(house, "/v1/me", token).status == 200
    for _ in range(2):      # one that is gone is none that could be used
        assert ask(house, "mine", mine, path, token=token,
                   token_type_hint="access_token").status == 200
        assert get(house, "/v1/me", token).status == 401


def test_one_more_ends_the_oldest(house):
    secret = client(house, "many", "viewer")
    lasting = house.run("token", "add", "many", "viewer").stdout.strip()
    tokens = [grant(house, "many", secret)["access_token"]
              for _ in range(101)]
    assert get(house, "/v1/me", tokens[0]).status == 401
    for token in (tokens[1], tokens[-1], lasting):
        assert get(house, "/v1/me", token).status == 200


@pytest.mark.parametrize("words", [
    ("no such", "viewer"), ("Upper", "viewer"), ("desk-x", "viewer"),
    ("pos", "viewer"), ("x", "chief"), ("x", "viewer", "IN09"),
    ("x", "viewer", "IN01", "IN01"), ("x", "viewer", "sha256:12")])
def test_clients_that_are_none(house, words):
    assert house.run("client", "add", *words, check=False).returncode == 2
    answer = house.api("POST", "/v1/clients", {
        "name": words[0], "scope": " ".join(words[1:2] + tuple(
            "entity:" + word for word in words[2:]))})
    assert answer.status == 400
    assert house.get("/v1/clients")["items"] == [
        one for one in house.get("/v1/clients")["items"]
        if one["name"] != "x"]


def test_only_admins_make_clients(house):
    secret = client(house, "controls", "controller")
    token = grant(house, "controls", secret)["access_token"]
    for method, path in (("GET", "/v1/clients"), ("POST", "/v1/clients"),
                         ("POST", "/v1/clients/erp/rotate"),
                         ("POST", "/v1/clients/erp/tokens"),
                         ("POST", "/v1/clients/erp/revoke"),
                         ("DELETE", "/v1/clients/erp")):
        assert over_tcp(house, method, path, "{}" if method == "POST" else
                        None, Authorization="Bearer " + token).status == 403
    for body in ({}, {"name": "y"}, {"scope": "viewer"},
                 {"name": "y", "scope": "viewer", "certificate": "zz"}):
        assert house.api("POST", "/v1/clients", body).status == 400
    assert house.api("POST", "/v1/clients/none/rotate", {}).status == 404
    assert house.api("POST", "/v1/clients/controls/rotate",
                     {"overlap_days": 91}).status == 400


def test_guessing_is_slowed(house):
    """After a few tries one waits, with a name that there is or is not; who
    comes from elsewhere does not."""
    good = client(house, "guessed", "viewer")
    for name in ("guessed", "nobody"):
        for _ in range(6):
            refused(ask(house, name, "x", whence="127.0.0.2"), 401,
                    "invalid_client")
        slow = ask(house, name, good, whence="127.0.0.2")
        assert slow.status == 429 and int(slow.headers["Retry-After"]) >= 1
        assert slow.json["code"] == "limit.rate"
    assert grant(house, "guessed", good)
    # Tokens that nobody has, from an address.
    for _ in range(40):
        answer = over_tcp(house, "GET", "/v1/me", whence="127.0.0.3",
                          Authorization="Bearer " + "0" * 64)
        assert answer.status in (401, 429)
    assert answer.status == 429 and "Retry-After" in answer.headers
    token = grant(house, "guessed", good)["access_token"]
    assert over_tcp(house, "GET", "/v1/me", whence="127.0.0.3",
                    Authorization="Bearer " + token).status == 200
    metrics = house.api("GET", "/metrics").body.decode()
    slowed = [line for line in metrics.splitlines()
              if line.startswith("bahi_slowed_total ")]
    assert int(slowed[0].split()[1]) >= 3


def test_nothing_plain_is_kept(house):
    """No secret and no token is in any file of the house, nor in the log."""
    assert len(MADE) > 100
    texts = [path.read_bytes() for path in house.dir.rglob("*")
             if path.is_file()]
    assert sum(map(len, texts)) > 1 << 20
    for one in MADE:
        for form in (one.encode(), bytes.fromhex(one),
                     base64.b64encode(bytes.fromhex(one)).rstrip(b"=")):
            assert not any(form in text for text in texts)


def test_while_no_daemon_runs():
    """What the verbs do is the same, and in the audit either way."""
    one = House()
    secret = client(one, "still", "viewer")
    token = one.run("token", "add", "events-x", "integration",
                    "1").stdout.strip()
    one.run("client", "rotate", "still", "0")
    assert "still" in one.run("client", "list").stdout
    one.start()
    refused(ask(one, "still", secret), 401, "invalid_client")
    assert get(one, "/v1/me", token).json["name"] == "events-x"
    one.run("client", "revoke", "events-x")
    one.stop()
    one.run("client", "remove", "still")
    assert sql(one, "SELECT action || ' ' || object FROM audit WHERE action "
               "GLOB 'client.*' OR action GLOB 'token.*' ORDER BY seq") == [
        "client.added still", "client.added events-x", "token.added events-x",
        "client.rotated still", "client.revoked events-x",
        "client.removed still"]
    one.prove()
    one.close()


def test_who_got_tokens_is_in_the_audit():
    one = House()
    one.start()
    secret = client(one, "heard", "viewer", "IN01")
    for _ in range(3):
        grant(one, "heard", secret)
    one.stop()
    one.start()             # what was left is chained within seconds
    end = time.monotonic() + 30
    while not sql(one, "SELECT new FROM audit WHERE action = 'token'"):
        assert time.monotonic() < end
        time.sleep(0.05)
    assert sql(one, "SELECT new FROM audit WHERE action = 'token' AND actor"
               " = 'heard' AND object = '/v1/oauth/token'") == [
                   "n=3 of=viewer entity:IN01"]
    one.close()


def test_a_token_expires():
    one = House()
    one.setting("token_minutes", "1")
    one.start()
    secret = client(one, "brief", "viewer")
    answer = grant(one, "brief", secret)
    assert answer["expires_in"] == 60
    one.stop()
    sql(one, "UPDATE token SET until = until - 61000000")
    one.start()
    late = get(one, "/v1/me", answer["access_token"])
    assert late.status == 401 and "expired" in late.json["detail"]
    # long over, it is swept with the next one that is given
    one.stop()
    sql(one, "UPDATE token SET until = until - 87000000000")
    one.start()
    grant(one, "brief", secret)
    assert one.get("/v1/clients")["items"][0]["tokens"] == 1
    assert "not known" in get(one, "/v1/me",
                              answer["access_token"]).json["detail"]
    one.close()


def test_a_certificate_binds(tmp_path):
    """Where certificates are shown, a token is good for its client alone."""
    authority = Authority(tmp_path)
    one = TlsHouse()
    one.put(*authority.issue("bahid.test"))
    one.setting("tls_listen", "127.0.0.1:0")
    one.setting("tls_client_ca", authority.file)
    one.start()
    certs = {name: authority.issue(name, "DNS:" + name, "clientAuth")
             for name in ("till-7", "till-8", "shared")}
    shared = openssl("x509", "-in", certs["shared"][0], "-outform", "der")
    secrets = {"till-7": client(one, "till-7", "viewer"),
               "bound": client(one, "bound", "viewer", "sha256:" +
                               hashlib.sha256(shared).hexdigest())}

    def over_tls(cert, name):
        context = one.context(authority)
        context.load_cert_chain(*certs[cert])
        def send(method, path, body=None, **headers):
            connection = http.client.HTTPConnection("localhost", timeout=60)
            connection.sock = one.dial(context)
            connection.request(method, path, body, {
                k.replace("_", "-"): v for k, v in headers.items()})
            answer = Answer(connection.getresponse())
            connection.close()
            return answer
        asked = send("POST", "/v1/oauth/token", urllib.parse.urlencode(GRANT),
                     Content_Type=FORM, Authorization=basic(
                         name, secrets[name]))
        return asked, send

    tokens = {}
    for cert, name, good in (("till-7", "till-7", True),
                             ("till-8", "till-7", False),
                             ("shared", "bound", True),
                             ("till-7", "bound", False)):
        asked, send = over_tls(cert, name)
        if good:
            tokens[name] = asked.json["access_token"]
        else:
            refused(asked, 401, "invalid_client")
        answer = send("GET", "/v1/me",
                      Authorization="Bearer " + tokens[name])
        assert answer.status == (200 if good else 401), answer.body
    # without TLS there is nothing to show
    assert get(one, "/v1/me", tokens["bound"]).status == 401
    assert get(one, "/v1/me", tokens["till-7"]).status == 200
    one.close()
