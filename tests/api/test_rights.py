"""Who may do what, with a token and without."""
import json

from house import Answer, house, sale  # noqa: F401  (a fixture)

ROLES = ["integration", "viewer", "clerk", "approver", "controller", "admin"]
LEAST = {
    "GET /v1/status": "viewer", "GET /v1/events": "viewer",
    "GET /v1/signatures": "viewer", "GET /v1/trial-balance": "viewer",
    "GET /v1/accounts/1200/entries": "viewer",
    "GET /v1/journals/J1": "viewer", "GET /v1/documents": "viewer",
    "GET /v1/documents/IN01/sales_invoice/A": "viewer",
    "GET /v1/reference/account": "viewer", "GET /v1/changes": "viewer",
    "GET /v1/alerts": "viewer", "GET /v1/alerts/sent": "viewer",
    "GET /v1/conflicts": "viewer", "GET /v1/decisions": "viewer",
    "GET /v1/rules-in-force": "viewer",
    "POST /v1/conflicts/E1/preview": "clerk",
    "GET /metrics": "viewer", "POST /v1/events": "integration",
    "POST /v1/decisions": "clerk", "POST /v1/events/E1/correct": "clerk",
    "POST /v1/reference/account": "controller",
}


def over_tcp(house, method, path, token=None, body=None, **headers):
    if token:
        headers["Authorization"] = "Bearer " + token
    connection = house.connect()
    connection.request(method, path, body, headers)
    answer = Answer(connection.getresponse())
    connection.close()
    return answer


def token(house, name, role):
    return house.run("token", "add", name, role).stdout.strip()


def test_roles(house):
    house.start()
    house.post("pos", sale("A"), "msg_a")
    tokens = {role: token(house, "t-" + role, role) for role in ROLES}
    assert len(set(tokens.values())) == len(ROLES)
    for request, least in LEAST.items():
        method, path = request.split()
        answer = over_tcp(house, method, path)
        assert answer.status == 401, request
        assert "Bearer" in answer.headers["WWW-Authenticate"]
        for role in ROLES:
            answer = over_tcp(house, method, path, tokens[role],
                              b"" if method == "POST" else None)
            if ROLES.index(role) < ROLES.index(least) or (
                    request == "POST /v1/events" and role == "viewer"):
                assert answer.status == 403, (request, role, answer.body)
            else:
                assert answer.status in (200, 400, 415), (
                    request, role, answer.status, answer.body)


def test_what_is_open_to_all(house):
    house.start()
    assert over_tcp(house, "GET", "/healthz").json == {"status": "ok"}
    assert house.post("pos", sale("A"), "msg_a").status == 201
    for value in ("Bearer", "Bearer ", "Bearer  x", "bearer x", "Basic eDp4",
                  "Bearer " + "a" * 4000, "Bearer x y"):
        answer = over_tcp(house, "GET", "/v1/status", Authorization=value)
        assert answer.status == 401, value


def test_an_integration_sees_only_its_own_events(house):
    house.start()
    other = house.post("pos", sale("A"), "msg_a").json["event"]
    mine = token(house, "crm", "integration")
    answer = over_tcp(
        house, "POST", "/v1/events", mine,
        json.dumps({"entity": "IN01"}).encode(), **{
            "Content-Type": "application/json", "ce-specversion": "1.0",
            "ce-id": "1", "ce-source": "/t",
            "ce-type": "in.bahi.journal_voucher"})
    assert answer.status == 202
    assert over_tcp(house, "GET", answer.json["status"], mine).status == 200
    assert over_tcp(house, "GET", "/v1/events/" + other, mine).status == 404
    auditor = token(house, "auditor", "viewer")
    assert over_tcp(house, "GET", "/v1/events/" + other,
                    auditor).status == 200


def test_one_sender_cannot_take_the_name_of_another(house):
    house.start()
    token(house, "crm", "integration")
    for words in (("token", "add", "pos", "integration"),
                  ("token", "add", "events", "integration"),
                  ("source", "add", "crm", "standard"),
                  ("source", "add", "events", "standard"),
                  ("source", "add", "../x", "standard"),
                  ("token", "add", "x", "king"),
                  ("source", "add", "x", "telepathy")):
        done = house.run(*words, check=False)
        assert done.returncode == 2 and done.stderr, (words, done)
    assert not (house.home / "secrets" / "crm").exists()
    # A second token of the same name is its successor.
    token(house, "crm", "integration")
