"""What is not a request, decision or table is refused and changes nothing."""
import pytest

from house import house, sale  # noqa: F401  (a fixture)

FIELDS = {"type", "title", "status", "detail", "code", "hint"}


def check_problem(answer, status=None):
    assert status is None or answer.status == status, answer.body
    assert 400 <= answer.status < 500, answer.body
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json
    assert set(problem) <= FIELDS and set(problem) >= FIELDS - {"detail"}
    assert problem["status"] == answer.status
    assert problem["type"] == "/errors/" + problem["code"]
    assert problem["title"].endswith(".") and problem["hint"].endswith(".")


def test_problems(house):
    house.start()
    for method, path, status in (
            ("DELETE", "/v1/status", 405), ("PUT", "/v1/decisions", 405),
            ("PUT", "/v1/status", 405), ("POST", "/healthz", 405),
            ("DELETE", "/v1/reference/account", 405),
            ("GET", "/v1/events/E99999999999999999999", 404),
            ("GET", "/v1/events/E%00", 400),
            ("GET", "/v1/documents/IN01/sales_invoice", 404),
            ("GET", "/v1/events/E1/", 404), ("GET", "//v1/status", 404),
            ("GET", "/v1/status/../events", 404),
            ("GET", "/v1/events?limit=x", 400),
            ("GET", "/v1/documents?limit=501", 400),
            ("GET", "/v1/documents?limit=-1", 400),
            ("GET", "/v1/accounts/1200/entries?after=E1", 400),
            ("GET", "/v1/changes?after=-1", 400),
            ("GET", "/v1/changes?limit=10001", 400),
            ("GET", "/v1/changes?wait=61", 400)):
        answer = house.api(method, path)
        assert answer.status == status, (method, path, answer.body)
        check_problem(answer)
        assert (status == 405) == ("Allow" in answer.headers)
    answer = house.api("DELETE", "/v1/reference/account")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "POST"}


@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b"null", b'"x"', b'{"action":1}', b'{"action":"fix"}',
    b'{"action":"retry"}', b'{"action":"retry","events":[{}]}',
    b'{"action":"retry","events":{"id":"E1"}}',
    b'{"action":"retry","events":"E1"}',
    b'{"action":"retry","events":[{"id":"E1","version":-1}]}',
    b'{"action":"retry","events":[{"id":"J1","version":1}]}',
    b'{"action":"retry","events":[{"id":"E9999","version":1}]}',
    b'{"action":"retry","events":[{"id":"E14","version":1.5}]}',
    b'{"action":"retry","events":[{"id":"E14","version":4294967297}]}',
    b'{"action":"retry","action":"dismiss","signature":"00"}',
    b'{"action":"dismiss","signature":"0011223344556677"}',
    b'{"action":"dismiss","signature":7,"reason":"x"}',
    b'{"action":"dismiss","signature":"\\u0000","reason":"x"}',
    b'{"action":"dismiss","events":"E14","reason":"x"}',
    b'{"action":"dismiss","events":[],"reason":"x"}',
    b'{"action":"reopen","signature":"0011223344556677","reason":"x"}',
    b'{"action":"fix","fix":{"dimension":"account","source":"pos"}}',
    b'{"action":"retry","signature":"\xff"}', b"[" * 1000,
])
def test_decisions_that_are_none(house, body):
    house.start()
    failed = house.post("pos", sale("C", store="MARS"), "msg_c").json["event"]
    before = house.get("/v1/events/" + failed)
    check_problem(house.api("POST", "/v1/decisions", body))
    assert house.get("/v1/events/" + failed) == before
    house.check_books()


HEAD = b"code,name,entity,kind,extra,from,to\n"


@pytest.mark.parametrize("table,text", [
    ("account", b""), ("account", b"a,b\n"), ("account", b"\x00"),
    ("account", HEAD + b"1,2\n"), ("account", HEAD + b'"x\n'),
    ("account", HEAD + b"4000,\xff,,income,X,,\n"),
    ("account", HEAD + b"4999,Fine,,income,X,,\n,No code,,,,,\n"),
    ("account", HEAD + b"4999,Fine,,income,X,2026-13-01,\n"),
    ("account", HEAD + b"4999,Fine,,income,X,,\n4998,A\x00b,,income,X,,\n"),
    ("currency", HEAD + b"JPY,Yen,,money,many,,\n"),
    ("currency", HEAD + b"JPY,Yen,,money,99,,\n"),
    ("currency", HEAD + b"YENS,Yen,,money,0,,\n"),
    ("rate", b"from,to,first,rate\nUSD,INR,2026-10-01,-1\n"),
    ("rate", b"from,to,first,rate\nUSD,INR,2026-10-01,0\n"),
    ("rate", b"from,to,first,rate\nUSD,INR,2026-10-01,1e3\n"),
    ("rate", b"from,to,first,rate\nUSD,INR,2026-10-01,9999999999999999\n"),
    ("rate", b"from,to,first,rate\nUSD,INR,soon,1\n"),
    ("period", b"entity,period,state\nIN01,2026-10,ajar\n"),
    ("period", b"entity,period,state\nIN01,october,open\n"),
    ("mapping", b"source,dimension,from,to\npos,account,,4000\n"),
    ("entity", HEAD + b"IN02,Two,,company,XYZ,,\n"),
    ("nil", HEAD + b"1,a,,,,,\n"),
])
def test_master_data_that_is_none(house, table, text):
    house.start()
    tables = ("account", "rate", "period", "currency", "mapping")
    before = [house.get("/v1/reference/" + name) for name in tables]
    check_problem(house.api("POST", "/v1/reference/" + table, text))
    assert before == [house.get("/v1/reference/" + name) for name in tables]
    assert house.post("pos", sale("A"), "msg_a").status == 201
    house.stop()
    house.start()
    assert house.post("pos", sale("B"), "msg_b").status == 201
    house.prove()


def test_what_is_posted_keeps_its_meaning(house):
    house.start()
    row = HEAD + b"IN01,Sahyadri,,company,%s,,\n"
    assert house.post("pos", sale("A"), "msg_a").status == 201
    check_problem(house.api("POST", "/v1/reference/entity", row % b"USD"))
    assert house.api("POST", "/v1/reference/entity",
                     row % b"INR").status == 200
    [entity] = [e for e in house.get("/v1/status")["entities"]
                if e["code"] == "IN01"]
    assert entity == {"code": "IN01", "name": "Sahyadri", "base": "INR"}
    house.prove()
