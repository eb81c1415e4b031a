"""Attackers who take their time, or all there is, while a good client is still
answered: under a bound of time, memory and descriptors."""
import concurrent.futures
import gzip
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import time

import pytest

from house import House, sale

CONNECTIONS = 64        # so that all of them can be taken
GROWTH = 200 << 20      # bytes that an attack may cost
DESCRIPTORS = 80        # each thread opens the store when it first needs it


@pytest.fixture(scope="module")
def house():
    one = House(fresh=True)
    one.setting("connections", CONNECTIONS)
    one.setting("body", 1 << 20)
    one.start()
    yield one
    one.stop()
    one.prove()
    one.close()


def figure(house, name):
    text = pathlib.Path("/proc/%d/status" % house.process.pid).read_text()
    return int(re.search(r"^%s:\s+(\d+)" % name, text, re.M)[1])


def descriptors(house):
    return len(os.listdir("/proc/%d/fd" % house.process.pid))


@pytest.fixture(autouse=True)
def bounds(house):
    """Nothing stays behind, and a good client was served all the while."""
    memory = figure(house, "VmRSS") << 10
    yield
    assert good(house)
    end = time.monotonic() + 30
    while descriptors(house) > DESCRIPTORS and time.monotonic() < end:
        time.sleep(0.1)
    assert descriptors(house) <= DESCRIPTORS
    sanitized = figure(house, "VmPeak") > 1 << 32
    if not sanitized:
        assert (figure(house, "VmRSS") << 10) - memory < GROWTH


def good(house, n=[0]):
    n[0] += 1
    began = time.monotonic()
    assert house.get("/v1/status")["conservation"] is True
    assert time.monotonic() - began < 20
    return True


def dial(house, at=None):
    return socket.create_connection((house.host, int(house.port)), 20,
                                    source_address=at and (at, 0))


def held(house, first, at="127.0.0.2", most=CONNECTIONS + 40):
    """As many as one address can open and not have cut off."""
    out = []
    for _ in range(most):
        one = dial(house, at)
        try:
            one.sendall(first)
        except OSError:
            pass
        out.append(one)
    return out


def alive(sockets):
    n = 0
    for one in sockets:
        one.setblocking(False)
        try:
            n += one.recv(1) != b""
        except BlockingIOError:
            n += 1
        except OSError:
            pass
    return n


def until(wanted, what):
    end = time.monotonic() + 60
    while not wanted():
        assert time.monotonic() < end, what
        time.sleep(0.05)


HEAD = b"POST /v1/hooks/pos HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize("first", [
    b"", b"GET /heal", HEAD + b"X-Slow: a",
    HEAD + b"Content-Length: 1000000\r\n\r\n{",
    HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{",
], ids=["silent", "slow line", "slow header", "slow body", "slow chunk"])
def test_one_address_does_not_take_all(house, first):
    sockets = held(house, first)
    try:
        until(lambda: alive(sockets) <= CONNECTIONS // 2, "not cut off")
        # from elsewhere there is room, and over the Unix socket
        with dial(house, "127.0.0.3") as other:
            other.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert other.recv(100).startswith(b"HTTP/1.1 200")
        assert good(house)
    finally:
        for one in sockets:
            one.close()
    # and for that one again, once it lets go
    def again():
        with dial(house, "127.0.0.2") as one:
            try:
                one.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                return one.recv(100).startswith(b"HTTP/1.1 200")
            except OSError:
                return False
    until(again, "still shut out")
    text = house.api("GET", "/metrics").body.decode()
    assert int(re.search(r"^bahi_connections_crowded_total (\d+)", text,
                         re.M)[1]) > 0


USER = """
import os, socket, sys
os.setgroups([]); os.setgid(65534); os.setuid(65534)
out = []
for _ in range(%d):
    s = socket.socket(socket.AF_UNIX); s.settimeout(10)
    s.connect(sys.argv[1]); out.append(s)
print("held", flush=True)
sys.stdin.read()
""" % (CONNECTIONS + 40)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs another user")
def test_one_user_does_not_take_the_unix_socket(house):
    for folder in (house.dir, house.home):
        folder.chmod(0o711)
    with subprocess.Popen([sys.executable, "-c", USER,
                           house.home / "bahid.sock"], text=True,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as he:
        assert he.stdout.readline() == "held\n"
        for _ in range(5):
            assert good(house)
        he.stdin.close()
    house.home.chmod(0o700)


def test_a_slow_reader_of_a_large_answer(house):
    for n in range(20):
        house.post("pos", sale("L%d" % n, memo="x" * 3000), "large_%d" % n)
    sockets = []
    for _ in range(20):
        one = socket.socket(socket.AF_UNIX)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        one.connect(str(house.home / "bahid.sock"))
        one.sendall(b"GET /v1/changes?after=0 HTTP/1.1\r\nHost: x\r\n"
                    b"\r\n" * 3)
        sockets.append(one)
    for _ in range(5):
        assert good(house)
    for one in sockets:
        one.close()


def ask(house, data):
    """Status lines of all that comes back."""
    out = b""
    with dial(house) as s:
        try:
            s.sendall(data)
            s.shutdown(socket.SHUT_WR)
            while part := s.recv(65536):
                out += part
        except OSError:
            pass
    return re.findall(rb"HTTP/1\.1 (\d+)", out)


GET = b"GET /healthz HTTP/1.1\r\n"
HOST = b"Host: x\r\n"
INNER = b"GET /healthz?smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
SMUGGLING = {
    "CL.TE": HEAD + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"
    b"\r\n0\r\n\r\n" + INNER,
    "TE.CL": HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n"
    b"\r\n" + INNER,
    "TE.TE": HEAD + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n"
    b"\r\n0\r\n\r\n" + INNER,
    "TE tab": HEAD + b"Transfer-Encoding:\tchunked, identity\r\n\r\n0\r\n"
    b"\r\n" + INNER,
    "TE name": HEAD + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"
    + INNER,
    "TE in 1.0": b"POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked"
    b"\r\n\r\n0\r\n\r\n" + INNER,
    "CL list": HEAD + b"Content-Length: 0, 9\r\n\r\n" + INNER,
    "CL signed": HEAD + b"Content-Length: -1\r\n\r\n" + INNER,
    "CL wide": HEAD + b"Content-Length: 18446744073709551616\r\n\r\n"
    + INNER,
    "CL spaced": HEAD + b"Content-Length: 1 2\r\n\r\n" + INNER,
    "fold": GET + HOST + b"X-A: b\r\n Transfer-Encoding: chunked\r\n\r\n"
    + INNER,
    "fold first": GET + b" Host: x\r\n" + HOST + b"\r\n" + INNER,
    "bare LF": GET + b"Host: x\nX-A: b\n\n" + INNER,
    "bare CR": GET + HOST + b"X-A: b\rX-B: c\r\n\r\n" + INNER,
    "NUL in the last": GET + HOST + b"X-A: b\x00c\n\n" + INNER,
    "NUL and LF": GET + HOST + b"X-A: b\x00\r\nX-B: c\n\r\n" + INNER,
    "two spaces and LF": b"GET  /healthz HTTP/1.1\r\nHost: x\n\r\n" + INNER,
    "two hosts": GET + HOST + b"host: y\r\n\r\n" + INNER,
    "absolute": b"GET http://y/healthz HTTP/1.1\r\n" + HOST + b"\r\n" + INNER,
    "authority": b"CONNECT y:443 HTTP/1.1\r\n" + HOST + b"\r\n" + INNER,
    "asterisk": b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n" + INNER,
    "chunk size": HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    b"FFFFFFFFFFFFFFFFF\r\n" + INNER,
    "chunk sign": HEAD + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n" + INNER,
    "chunk 0x": HEAD + b"Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n"
    b"0\r\n\r\n" + INNER,
    "chunk end": HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhelloXX"
    b"0\r\n\r\n" + INNER,
    "upgrade": GET + HOST + b"X-A: b\x0bTransfer-Encoding: chunked\r\n\r\n"
    + INNER,
}


@pytest.mark.parametrize("name", sorted(SMUGGLING))
def test_nothing_is_smuggled(house, name):
    said = ask(house, SMUGGLING[name])
    # a refusal, and nobody reads on; the library may send its head twice
    assert len(set(said)) <= 1 and len(said) <= 2, said
    assert all(one[:1] in b"45" for one in said), said


PATHS = ["/v1/../v1/status", "/v1/%2e%2e/status", "/v1/status/..;/x", "//v1/"
         "status", "/v1//status", "/v1/status;x=1", "/v1/status%2f", "/v1/%00",
         "/v1/files/..%2f..%2fsecrets%2fpos", "/v1/schemas/..%2f..%2f..%2fetc",
         "/v1/rules/%c0%ae%c0%ae", "/v1/hooks/../../secrets/pos",
         "/v1/hooks/%2e%2e%2fsecrets", "/v1/events/%ff", "/v1/status%0d%0aX:y",
         "/v1/hooks/pos/", "/v1/status?" + "a" * 20000, "/" + "a/" * 5000,
         "/v1/reference/account/..%2fparty", "/V1/STATUS", "/v1/status%20"]


@pytest.mark.parametrize("path", PATHS, ids=range(len(PATHS)))
def test_paths_lead_nowhere(house, path):
    method = b"POST" if "hooks" in path else b"GET"
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(20)
        s.connect(str(house.home / "bahid.sock"))
        s.sendall(method + b" " + path.encode() + b" HTTP/1.1\r\nHost: x\r\n"
                  b"Content-Length: 0\r\nConnection: close\r\n\r\n")
        out = b""
        try:
            while part := s.recv(65536):
                out += part
        except ConnectionResetError:
            assert len(path) > 16000    # more than it reads
    assert re.match(rb"HTTP/1\.1 4\d\d", out) or not out, out[:200]
    assert b"whsec_" not in out


def bomb():
    return gzip.compress(b"0" * (50 << 20))


BODIES = {
    "depth": b"[" * 500000,
    "closed depth": b"[" * 100000 + b"]" * 100000,
    "width": b"[" + b"0," * 450000 + b"0]",
    "keys": json.dumps({"k%d" % n: n for n in range(60000)}).encode(),
    "same key": b"{" + b'"a":1,' * 100000 + b'"a":1}',
    "number": b'{"event":"x","a":' + b"9" * 900000 + b"}",
    "exponent": b'{"event":"payment.success","data":{"amount":1e999999999}}',
    "text": b'{"event":"x","a":"' + b"\\u0041" * 150000 + b'"}',
    "line": b"x" * 1000000,
}


@pytest.mark.parametrize("name", sorted(BODIES))
def test_bodies_that_are_bombs(house, name):
    began = time.monotonic()
    answer = house.post("pos", BODIES[name], "bomb_" + name.replace(" ", "_"))
    assert answer.status in (202, 413), answer.body
    assert time.monotonic() - began < 20


def test_what_is_packed_is_refused(house):
    body = bomb()
    headers = house.sign("pos", body, "gz")
    headers["Content-Encoding"] = "gzip"
    connection = house.connect()
    connection.request("POST", "/v1/hooks/pos", body, headers)
    assert connection.getresponse().status == 415


LAUGHS = (b"<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a 'ha'>" + b"".join(
    b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10 if n > 1 else
                             b"&a;" * 10) for n in range(1, 12)) +
    b"]><Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.02'>"
    b"<BkToCstmrStmt>&a11;</BkToCstmrStmt></Document>")
OUTSIDE = (b"<?xml version='1.0'?><!DOCTYPE l [<!ENTITY x SYSTEM "
           b"'file:///etc/passwd'>]><Document xmlns='urn:iso:std:iso:20022:"
           b"tech:xsd:camt.053.001.02'><BkToCstmrStmt>&x;</BkToCstmrStmt>"
           b"</Document>")


@pytest.mark.parametrize("name,data", [
    ("laughs.xml", LAUGHS), ("outside.xml", OUTSIDE),
    ("deep.xml", b"<a>" * 200000), ("line.csv", b"a,b\n" + b"x" * (20 << 20)),
    ("quote.csv", b'a,b\n"' + b"x\n" * (5 << 20)),
    ("bomb.csv.gz", bomb()), ("deep.jsonl", b"[" * (9 << 20)),
    ("bomb.sta", b":20:" + b"A" * (9 << 20))],
    ids=["laughs", "outside", "deep", "line", "quote", "gz", "jsonl", "sta"])
def test_files_that_are_bombs(house, name, data):
    folder = house.home / "inbox" / "pos"
    (folder / (name + ".part")).write_bytes(data)
    (folder / (name + ".part")).rename(folder / name)
    end = time.monotonic() + 60
    while not (folder / "failed" / name).exists() and (folder / name).exists():
        assert time.monotonic() < end
        if name.endswith(".gz") and name in house.read_log():
            break       # of no format: left alone, and named
        time.sleep(0.1)
        assert good(house)
    if not name.endswith(".gz"):
        until(lambda: list(folder.glob("[df]*/" + name + ".report.json")),
              "not looked at")
        [report] = folder.glob("[df]*/" + name + ".report.json")
        assert json.loads(report.read_text())["posted"] == 0
        assert "root:" not in report.read_text()
        assert report.stat().st_size < 100000
    else:
        (folder / name).unlink(missing_ok=True)


def test_a_flood_of_headers(house):
    many = b"".join(b"X-%d: y\r\n" % n for n in range(2000))
    for head in (GET + HOST + many + b"\r\n", GET + HOST + b"X: " +
                 b"y" * (1 << 20) + b"\r\n\r\n", GET + HOST +
                 b"A: b\r\n" * 99 + b"\r\n"):
        said = ask(house, head)
        assert len(said) <= 1 and all(one[:1] == b"4" for one in said), said


def test_a_flood_of_long_polls(house):
    seq = house.api("GET", "/v1/changes?after=0").body.count(b"\n") + 100000
    def wait(_):
        try:
            return house.api("GET", "/v1/changes?after=%d&wait=3" %
                             seq).status
        except OSError:
            return 0
    with concurrent.futures.ThreadPoolExecutor(40) as pool:
        waiting = [pool.submit(wait, n) for n in range(40)]
        for _ in range(3):
            assert good(house)
        assert {one.result() for one in waiting} <= {200, 204, 503, 429, 0}


def test_a_flood_of_keys_and_plans(house):
    statuses = set()
    for n in range(300):
        statuses.add(house.post("pos", b"{}", "key_%d" % n + "x" *
                                200).status)
        if n % 3 == 0:
            statuses.add(house.api("POST", "/v1/plans", {
                "what": "retry", "filter": {"source": "pos"}}, {
                    "Content-Type": "application/json"}).status)
    assert not statuses & {500}, statuses
    assert good(house)


def test_it_still_listens_after_running_out_of_descriptors(tmp_path):
    one = House(fresh=True)
    one.setting("connections", 4000)
    try:
        one.start()
        until(lambda: "bahid.ready" in one.read_log(), "not ready")
        limit = descriptors(one) + 20
        subprocess.run(["prlimit", "--pid", str(one.process.pid),
                        "--nofile=%d:%d" % (limit, limit)], check=True)
        sockets = []
        for n in range(60):
            sockets.append(dial(one, "127.0.0.%d" % (2 + n % 20)))
        for s in sockets:
            s.close()
        def served():
            try:
                return one.api("GET", "/healthz").status == 200
            except OSError:
                return False
        until(served, "deaf")
        assert one.post("pos", sale("A"), "a").status == 201
        one.stop()
    finally:
        one.close()
