"""The console from elsewhere: it logs in by itself, keeps its token in memory
only, and when the daemon takes it no more, gets another one, once."""
import http.server
import os
import pathlib
import subprocess
import threading

import pytest

from house import Answer, House, ROOT, sale

BAHI = os.environ.get("BAHI", str(ROOT / "build" / "bahi"))


class Between(http.server.BaseHTTPRequestHandler):
    """Stands before the real daemon, hears all, and may spoil tokens."""
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do(self):
        line = self.server
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = dict(self.headers)
        oauth = self.path == "/v1/oauth/token"
        line.heard.append((self.command, self.path.split("?")[0],
                           headers.get("Idempotency-Key")))
        if not oauth and line.spoil != 0:
            line.spoil -= 1
            headers["Authorization"] = "Bearer " + "0" * 64
        connection = line.house.connect()
        connection.request(self.command, self.path, body or None, headers)
        answer = Answer(connection.getresponse())
        connection.close()
        if oauth and answer.status == 200:
            line.tokens.append(answer.json["access_token"])
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            if name not in ("Content-Length", "Date", "Connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST = do_PATCH = do_DELETE = do


@pytest.fixture(scope="module")
def house():
    one = House()
    one.start()
    yield one
    one.close()


@pytest.fixture
def line(house):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Between)
    server.house, server.heard, server.tokens, server.spoil = house, [], [], 0
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


class Console:
    def __init__(self, folder, line, name, secret):
        self.folder = pathlib.Path(folder)
        secret_file = self.folder / "secret"
        secret_file.write_text(secret + "\n")
        secret_file.chmod(0o600)
        self.conf = self.folder / "bahi.conf"
        self.conf.write_text(
            "url = http://127.0.0.1:%d\nclient = %s\nclient_secret = secret\n"
            "cache = cache.db\n" % (line.server_address[1], name))

    def run(self, *args):
        env = dict(os.environ, LC_ALL="C.UTF-8", HOME=str(self.folder))
        return subprocess.run([BAHI, "--config", str(self.conf), *args],
                              text=True, capture_output=True, timeout=60,
                              env=env)


@pytest.fixture
def console(house, line, tmp_path, request):
    name = "c-" + request.node.name.split("[")[0].replace("_", "-")[5:]
    secret = house.run("client", "add", name, "clerk").stdout.strip()
    one = Console(tmp_path, line, name, secret)
    one.name, one.secret = name, secret
    return one


def asked(line, what):
    return [one for one in line.heard if one[1] == what]


def failed(house, number):
    return house.post("pos", sale(number, store="MARS"),
                      "msg_" + number).json["event"]


def test_it_logs_in(line, console):
    ran = console.run("status")
    assert ran.returncode == 0, ran.stderr
    assert len(asked(line, "/v1/oauth/token")) == 1
    assert len(line.tokens) == 1 and console.secret not in ran.stdout
    for path in console.folder.rglob("*"):
        if path.is_file():
            assert line.tokens[0].encode() not in path.read_bytes()


def test_another_token_once(house, line, console):
    event = failed(house, "L1")
    line.spoil = 1
    ran = console.run("status")
    assert ran.returncode == 0, ran.stderr
    assert len(asked(line, "/v1/oauth/token")) == 2
    line.heard.clear()
    ran = console.run("dismiss", event, "--reason", "a test", "--yes")
    assert ran.returncode == 0, ran.stderr
    assert house.get("/v1/events/" + event)["state"] == "dismissed"


def test_the_same_call_once_more(house, line, console):
    """What is said once is done once, though it was sent twice."""
    event = failed(house, "L2")
    said = {}

    class Spoiling(Between):
        def do(self):
            if self.command == "POST" and self.path == "/v1/decisions" and \
                    not said:
                said["once"] = line.spoil = 1
            Between.do(self)
        do_GET = do_POST = do
    line.RequestHandlerClass = Spoiling
    ran = console.run("dismiss", event, "--reason", "a test", "--yes")
    assert ran.returncode == 0, ran.stderr
    sent = asked(line, "/v1/decisions")
    assert len(sent) == 2 and sent[0] == sent[1] and sent[0][2]
    one = house.get("/v1/events/" + event)
    assert one["state"] == "dismissed"


def test_a_second_refusal_is_said(line, console):
    line.spoil = -1
    ran = console.run("status")
    assert ran.returncode == 3 and \
        "did not prove who it is" in ran.stderr, ran.stderr
    assert "the token is not known" in ran.stderr
    assert len(asked(line, "/v1/oauth/token")) == 2
    assert len(asked(line, "/v1/status")) == 2


def test_another_secret(house, line, console):
    house.run("client", "rotate", console.name, "0")
    ran = console.run("status")
    assert ran.returncode == 3, ran.stderr
    assert "no token for " + console.name in ran.stderr
    assert "client_secret" in ran.stderr
    assert console.secret not in ran.stderr
    assert len(line.heard) == 1


def test_nobody_there(line, console):
    line.shutdown()
    line.server_close()
    assert console.run("status").returncode == 5


@pytest.mark.parametrize("more,why", [
    ("token = secret\n", "not both"), ("", "client needs client_secret")])
def test_settings_that_are_none(house, tmp_path, more, why):
    path = tmp_path / "secret"
    path.write_text("x\n")
    path.chmod(0o600)
    conf = tmp_path / "bahi.conf"
    conf.write_text("url = http://127.0.0.1:9\nclient = x\n" + more)
    ran = subprocess.run([BAHI, "--config", str(conf), "status"], text=True,
                         capture_output=True, timeout=60)
    assert ran.returncode == 2 and why in ran.stderr
