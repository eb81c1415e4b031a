"""Who is turned away is told why, and is in the audit: a flood of them is a
few rows."""
import subprocess
import time

import pytest

from house import Answer, BAHID, database, House


@pytest.fixture
def house():
    one = House()
    one.start()
    yield one
    one.close()


def over_tcp(house, method, path, token=None, connection=None):
    own = connection or house.connect()
    own.request(method, path, None, {"Authorization": "Bearer " + token}
                if token else {})
    answer = Answer(own.getresponse())
    if connection is None:
        own.close()
    return answer


def rows(house):
    with database(house.home / "bahi.db", write=True) as db:
        return list(db.execute(
            "SELECT actor, action, object, new FROM audit"
            " WHERE action GLOB 'auth.*' ORDER BY seq"))


def wait(house, n):
    end = time.monotonic() + 30
    while len(rows(house)) < n:
        assert time.monotonic() < end, rows(house)
        time.sleep(0.02)
    return rows(house)


def count(row):
    return int(row[3].split()[0].removeprefix("count="))


def test_401_and_403(house):
    token = house.run("token", "add", "looks", "viewer").stdout.strip()
    none = over_tcp(house, "GET", "/v1/status")
    assert none.status == 401
    assert none.headers["WWW-Authenticate"] == 'Bearer realm="bahi"'
    wrong = over_tcp(house, "GET", "/v1/status", "x")
    assert wrong.status == 401
    assert 'error="invalid_token"' in wrong.headers["WWW-Authenticate"]
    barred = over_tcp(house, "DELETE", "/v1/clients/looks", token)
    assert barred.status == 403
    assert 'error="insufficient_scope"' in barred.headers["WWW-Authenticate"]
    for answer in (none, wrong, barred):
        assert answer.json["hint"] and answer.json["detail"]
    # what a handler finds out, and a webhook that is forged
    assert house.post("pos", b"{}", "k", secret="whsec_eA==").status == 401
    told = wait(house, 4)
    assert [row[:3] for row in told] == [
        ("127.0.0.1", "auth.refused", "/v1/status"),
        ("127.0.0.1", "auth.refused", "/v1/status"),
        ("looks", "auth.forbidden", "/v1/clients/{}"),
        ("127.0.0.1", "auth.refused", "/v1/hooks/{}")]
    assert [row[3] for row in told[:3]] == [
        "count=1 reason=no bearer token",
        "count=1 reason=the token is not known",
        "count=1 reason=this is for admin, you are viewer"]
    metrics = house.api("GET", "/metrics").body.decode()
    assert 'bahi_denied_total{status="401"} 3\n' in metrics
    assert 'bahi_denied_total{status="403"} 1\n' in metrics
    house.stop()
    assert rows(house) == told      # nothing came again
    house.prove()


def test_what_a_sender_says_is_one_value(house):
    connection = house.connect()
    connection.request(
        "POST", "/v1/oauth/token", "grant_type=client_credentials&client_id="
        "%1b%5B2J%22%20status%3D200%0Ax&client_secret=x",
        {"Content-Type": "application/x-www-form-urlencoded"})
    assert connection.getresponse().status == 401
    [row] = wait(house, 1)
    assert row[:3] == ("127.0.0.1", "auth.refused", "/v1/oauth/token")
    [line] = [line for line in house.read_log().splitlines()
              if "auth.denied" in line]
    for text in (row[3], line):
        assert text.isprintable() and "status=200" in text
    assert line.count('"') == 4 and line.endswith('x"')


def test_a_flood_is_a_few_rows(house):
    paths = ["/v1/status", "/v1/events", "/v1/journals/J1"]
    connection = house.connect()
    for n in range(900):
        assert over_tcp(house, "GET", paths[n % 3], None,
                        connection).status == 401
    assert len(wait(house, 3)) == 3
    house.stop()
    told = rows(house)
    assert len(told) == 6 and sum(map(count, told)) == 900
    house.prove()


def test_many_different_ones_are_told_together(house):
    routes = [line.split("\t")[:2] for line in subprocess.run(
        [BAHID, "--dump=routes"], text=True, check=True,
        capture_output=True).stdout.splitlines()]
    connection = house.connect()
    n = 0
    for _ in range(3):
        for method, path in routes:
            n += over_tcp(house, method, path.replace("{}", "x"), None,
                          connection).status == 401
    assert n > 150
    house.stop()
    told = rows(house)
    assert len(told) <= 2 * 21 and sum(map(count, told)) == n
    assert told[-1][0] == "others"
    house.prove()
