"""Rubbish and malice: a clear error or a finding each, nothing lost."""
import json
import socket
import subprocess

import pytest

from house import ROOT, house, sale  # noqa: F401  (a fixture)

EVIL = [
    "\x1b]0;owned\x07\x1b[2J\x1b[31m", "'; DROP TABLE journal; --",
    '" OR 1=1 --', "=cmd|' /C calc'!A0", "%s%s%n%x", "../../etc/passwd",
    "\u202eevil\u2066", "a" * 20000, "{}[],:\"\\", "\u0001\u007f\u009b31m",
    "$1 $2 ?1", "\n\nfake log line", "\U0001f4a9" * 50,
]


@pytest.mark.parametrize("text", EVIL)
def test_hostile_text_in_every_field(house, text):
    house.start()
    names = ["currency", "customer_id", "ledger_account", "receipt", "store",
             "paid_at", "tax_rate"]
    for n, name in enumerate(names):
        answer = house.post("pos", sale("N%d" % n, **{name: text}),
                            "msg_%d" % n)
        assert answer.status in (201, 202), (name, answer.body)
        json.loads(answer.body)
    assert house.post("pos", json.dumps(
        {"event": text, "data": {}}).encode(), "msg_t").status == 202
    status = house.check_books()
    assert status["states"]["received"] == 8
    house.prove()
    book = house.dir / "book.journal"
    book.write_text(house.run("export", "hledger").stdout)
    subprocess.run(["hledger", "-f", str(book), "check", "-s"], check=True)
    assert "\x1b" not in house.read_log()
    assert "fake log line\n" not in house.read_log()


def test_no_escape_reaches_the_terminal(house):
    house.start()
    house.post("pos", sale("E", customer_id=EVIL[0]), "msg_e")
    house.post("pos", sale("F", store="\x1b[31mred"), "msg_f")
    bahi = str(ROOT / "build/bahi")
    import os
    bahi = os.environ.get("BAHI", bahi)
    ids = [one["id"] for one in house.get("/v1/events")["items"]]
    for verb in (["status"], ["failures"], ["events"], ["trace", ids[0]],
                 ["trace", ids[1]]):
        out = subprocess.run([bahi, "--config",
                              str(house.home / "bahi.conf")] + verb,
                             env=house.env, capture_output=True).stdout
        assert out and b"\x1b" not in out and b"\x07" not in out, (verb, out)


def test_sizes(house):
    house.start()
    big = b'{"event":"x","a":"' + b"x" * (10 << 20) + b'"}'
    answer = house.post("pos", big, "msg_big")
    assert answer.status == 413
    assert answer.json["code"] == "request.too_large"
    just = b'{"event":"x","a":"' + b"x" * 900000 + b'"}'
    assert house.post("pos", just, "msg_just").status == 202
    lines = [{"account": "1000", "debit": "1.00"},
             {"account": "3000", "credit": "1.00"}] * 900
    many = {"entity": "IN01", "number": "M", "date": "2026-10-05",
            "currency": "INR", "lines": lines}
    answer = house.api("POST", "/v1/events", many, {
        "Content-Type": "application/json", "ce-specversion": "1.0",
        "ce-id": "m", "ce-source": "/t",
        "ce-type": "in.bahi.journal_voucher"})
    assert answer.status == 202
    assert answer.json["findings"][0]["code"] == "rule.failed"
    house.check_books()


def raw(house, data, half_close=True):
    """Everything the daemon answers to these bytes."""
    out = b""
    with socket.create_connection((house.host, int(house.port)), 20) as s:
        s.settimeout(20)
        try:
            s.sendall(data)
            if half_close:
                s.shutdown(socket.SHUT_WR)
        except OSError:
            pass	# refused before all of it was sent
        while True:
            try:
                part = s.recv(65536)
            except ConnectionError:
                break
            if not part:
                break
            out += part
    return out


HEAD = b"POST /v1/hooks/pos HTTP/1.1\r\nHost: x\r\n"
REQUESTS = {
    "two lengths": HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "length and chunks": HEAD + b"Content-Length: 2\r\nTransfer-Encoding: "
    b"chunked\r\n\r\n0\r\n\r\n",
    "gzip": HEAD + b"Transfer-Encoding: gzip\r\n\r\n{}",
    "chunked twice": HEAD + b"Transfer-Encoding: chunked, chunked\r\n\r\n"
    b"0\r\n\r\n",
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "folded": HEAD + b"X-A: b\r\n c\r\nContent-Length: 2\r\n\r\n{}",
    "control in value": HEAD + b"X-A: b\x01c\r\nContent-Length: 2\r\n\r\n{}",
    "nul in value": HEAD + b"X-A: b\x00c\r\nContent-Length: 2\r\n\r\n{}",
    "space before colon": HEAD + b"X-A : b\r\nContent-Length: 2\r\n\r\n{}",
    "control in url": b"GET /heal\x01thz HTTP/1.1\r\nHost: x\r\n\r\n",
    "nul in url": b"GET /healthz%00 HTTP/1.1\r\nHost: x\r\n\r\n",
    "plus length": HEAD + b"Content-Length: +2\r\n\r\n{}",
    "hex length": HEAD + b"Content-Length: 0x2\r\n\r\n{}",
    "negative length": HEAD + b"Content-Length: -2\r\n\r\n{}",
    "huge length": HEAD + b"Content-Length: 99999999999999999999\r\n\r\n{}",
    "unknown method": b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n",
    "bad chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n",
    "old protocol": b"GET /healthz HTTP/0.9\r\nHost: x\r\n\r\n",
    "encoded body": HEAD + b"Content-Encoding: gzip\r\nContent-Length: 2"
    b"\r\n\r\n{}",
    "early close": HEAD + b"Content-Length: 100\r\n\r\n{",
    "no request at all": b"\x16\x03\x01\x02\x00\x01\x00",
    "long header": HEAD + b"X-A: " + b"a" * 100000 + b"\r\n\r\n",
}


@pytest.mark.parametrize("name", sorted(REQUESTS))
def test_raw_requests(house, name):
    house.start()
    out = raw(house, REQUESTS[name])
    for line in out.split(b"\r\n"):
        if line.startswith(b"HTTP/1."):
            assert line.split()[1][:1] in (b"4", b"5"), (name, out)
    if name not in ("early close", "no request at all", "bad chunk"):
        assert out.startswith(b"HTTP/1."), (name, out)
    assert house.post("pos", sale("A"), "msg_a").status == 201
    assert house.check_books()["states"]["received"] == 1


def test_pipelined(house):
    house.start()
    one = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    out = raw(house, one * 5)
    assert out.count(b"HTTP/1.1 200") == 5


def test_methods_and_places(house):
    house.start()
    for method, path, status in (
            ("GET", "/v1/hooks/pos", 405), ("DELETE", "/v1/events", 405),
            ("GET", "/", 404), ("GET", "/v1", 404), ("GET", "/v1/nil", 404),
            ("POST", "/v1/hooks/nobody", 404), ("GET", "/v1/events/E0", 404),
            ("GET", "/v1/events/x", 404), ("GET", "/v1/journals/J9", 404),
            ("GET", "/v1/events?limit=0", 400),
            ("GET", "/v1/events?limit=501", 400),
            ("GET", "/v1/events?after=x", 400),
            ("GET", "/v1/events?state=nil", 400),
            ("GET", "/v1/reference/nil", 404),
            ("GET", "/v1/changes?wait=9999", 400),
            ("POST", "/v1/decisions", 400)):
        answer = house.api(method, path)
        assert answer.status == status, (method, path, answer.body)
        assert answer.headers["Content-Type"] == "application/problem+json"
        problem = answer.json
        assert problem["status"] == status and problem["code"]
        assert problem["title"].endswith(".")
        assert (status == 405) == ("Allow" in answer.headers)
