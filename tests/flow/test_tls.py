"""The TLS listener, asked by openssl and curl as others would ask it."""
import base64
import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import time

import pytest

from authority import Authority, openssl, pin_of
from house import BAHID, ROOT, House, sale

DATA = ROOT / "data"


class TlsHouse(House):
    """One that serves over TLS, too."""

    def put(self, cert, key):
        shutil.copy(key, self.home / "tls-key.pem")
        (self.home / "tls-key.pem").chmod(0o600)
        shutil.copy(cert, self.home / "tls-cert.pem")

    def start(self, **env):
        log = self.dir / "log"
        ready = log.exists() and self.read_log().count("bahid.ready")
        super().start(**env)
        self.until(lambda: self.read_log().count("bahid.ready") > ready)
        self.tls = int(re.findall(r"url=https://127.0.0.1:(\d+)",
                                  self.read_log())[-1])
        return self

    def until(self, true, seconds=20):
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, self.read_log()[-2000:]
            time.sleep(0.05)

    def context(self, authority, **more):
        context = ssl.create_default_context(cafile=str(authority.file))
        for name, value in more.items():
            setattr(context, name, value)
        return context

    def dial(self, context, session=None):
        raw = socket.create_connection(("127.0.0.1", self.tls), 20)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return context.wrap_socket(raw, server_hostname="localhost",
                                   session=session)

    def ask(self, sock, path="/healthz", **headers):
        head = "".join("%s: %s\r\n" % one for one in headers.items())
        sock.sendall(("GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n" %
                      (path, head)).encode())
        answer = http.client.HTTPResponse(sock)
        answer.begin()
        return answer.status, answer.read(), answer.headers

    def serial(self, authority):
        with self.dial(self.context(authority)) as sock:
            return int(sock.getpeercert()["serialNumber"], 16)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def place(authority):
    one = TlsHouse()
    one.put(*authority.issue("bahid.test"))
    one.setting("tls_listen", "127.0.0.1:0")
    one.setting("alert_every", "1")
    one.setting("alert_calm", "0")
    one.token = one.run("token", "add", "reader",
                        "viewer").stdout.split()[-1]
    one.start()
    # Says nothing, and has until the last test of this file to go.
    one.silent = [socket.create_connection(("127.0.0.1", one.tls))
                  for _ in range(20)]
    one.half = socket.create_connection(("127.0.0.1", one.tls))
    one.half.sendall(b"\x16\x03\x01\x02\x00\x01\x00")
    yield one
    one.close()


def client(place, *args, sent=b"", **more):
    """openssl s_client; keeps the connection for as long as it is sent to."""
    return subprocess.run(
        ["openssl", "s_client", "-connect", "127.0.0.1:%d" % place.tls,
         "-servername", "localhost", *map(str, args)], input=sent,
        capture_output=True, timeout=30, **more)


def curl(place, authority, *args):
    return subprocess.run(
        ["curl", "-sS", "--noproxy", "*", "--cacert", str(authority.file),
         *args], capture_output=True, text=True, timeout=30)


def url(place, path):
    return "https://localhost:%d%s" % (place.tls, path)


def local(place):
    return "--resolve", "localhost:%d:127.0.0.1" % place.tls


# ---- what is served ---------------------------------------------------------

def test_the_same_is_served_and_v1_needs_a_token(place, authority):
    done = curl(place, authority, *local(place), "-i", url(place,
                                                           "/healthz"))
    assert "HTTP/1.1 200" in done.stdout, done
    assert "Strict-Transport-Security: max-age=31536000" in done.stdout
    with place.dial(place.context(authority)) as sock:
        assert sock.version() == "TLSv1.3"
        assert sock.cipher()[0] == "TLS_AES_256_GCM_SHA384"
        assert place.ask(sock, "/v1/status")[0] == 401
        # and the connection is kept
        status, body, _ = place.ask(
            sock, "/v1/status", Authorization="Bearer " + place.token)
        assert status == 200 and b"conservation" in body


def test_a_signed_delivery_comes_in(place, authority):
    own = http.client.HTTPSConnection(
        "localhost", place.tls, context=place.context(authority),
        timeout=30)
    own.sock = place.dial(place.context(authority))
    answer = place.post("pos", sale("T-1"), "tls-1", connection=own)
    assert answer.status == 201, answer.body
    own.close()
    place.check_books()


def test_large_answers_and_bodies_go_through(place, authority):
    """Longer than a record of TLS, both ways."""
    with place.dial(place.context(authority)) as sock:
        body = b'{"x":"' + b"a" * 900000 + b'"}'
        sock.sendall(b"POST /v1/hooks/pos HTTP/1.1\r\nHost: localhost\r\n"
                     b"Content-Type: application/json\r\n"
                     b"Content-Length: %d\r\n\r\n" % len(body) + body)
        answer = http.client.HTTPResponse(sock)
        answer.begin()
        assert answer.status == 401 and answer.read()
        status, body, _ = place.ask(
            sock, "/metrics", Authorization="Bearer " + place.token)
        assert status == 200 and len(body) > 16384


# ---- what is refused --------------------------------------------------------

def test_nothing_older_than_tls_1_3(place):
    for version in "-tls1_2", "-tls1_1":
        done = client(place, version, "-cipher", "ALL:@SECLEVEL=0")
        assert b"alert protocol version" in done.stderr, done.stderr
        assert b"Cipher is (NONE)" in done.stdout


def test_plain_http_on_the_tls_port_is_closed(place):
    with socket.create_connection(("127.0.0.1", place.tls), 10) as sock:
        sock.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert sock.recv(100) == b""


def test_rubbish_is_closed_and_others_are_served(place, authority):
    for rubbish in (b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00",
                    os.urandom(600), b"\x00" * 600, b"\x16\x03\x01\xff\xff" +
                    b"A" * 20000, b"\x80\x2e\x01\x03\x01" + b"\0" * 60,
                    b"\x15\x03\x03\x00\x02\x02\x28"):
        with socket.create_connection(("127.0.0.1", place.tls), 10) as sock:
            try:
                sock.sendall(rubbish)
                sock.shutdown(socket.SHUT_WR)
                while sock.recv(4096):
                    pass
            except OSError:     # it was sooner
                pass
    with place.dial(place.context(authority)) as sock:
        assert place.ask(sock)[0] == 200


@pytest.mark.parametrize("listen", ["0.0.0.0:0", "192.0.2.1:80", "[::]:0",
                                    "10.0.0.1:8080"])
def test_a_plain_listener_is_on_loopback_only(tmp_path, listen):
    path = tmp_path / "bahid.conf"
    path.write_text("root = yes\nlisten = %s\n" % listen)
    done = subprocess.run([BAHID, "--config", path, "run"], text=True,
                          capture_output=True, timeout=30,
                          env=dict(os.environ, BAHI_DATADIR=str(DATA)))
    assert done.returncode == 3, done.stderr
    assert "Without TLS nothing leaves or enters this machine." in done.stderr
    assert "tls_listen" in done.stderr


@pytest.mark.parametrize("spoil, why", [
    (lambda home, other: (home / "tls-key.pem").chmod(0o640), "chmod 600"),
    (lambda home, other: shutil.copy(other, home / "tls-cert.pem"),
     "is not the key of"),
    (lambda home, other: (home / "tls-cert.pem").write_text("rubbish"),
     "tls-cert.pem"),
    (lambda home, other: (home / "tls-key.pem").unlink(), "tls-key.pem"),
])
def test_it_does_not_start_with_a_broken_pair(authority, spoil, why):
    one = TlsHouse()
    try:
        one.put(*authority.issue("bahid.test"))
        one.setting("tls_listen", "127.0.0.1:0")
        spoil(one.home, authority.issue("other.test")[0])
        done = one.run("run", check=False)
        assert done.returncode in (3, 4) and why in done.stderr, done.stderr
        assert "bahid.ready" not in done.stderr
    finally:
        one.close()


# ---- coming back ------------------------------------------------------------

def test_a_ticket_resumes(place, authority, tmp_path):
    ticket = tmp_path / "ticket"
    request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n" \
        b"Connection: close\r\n\r\n"
    done = client(place, "-CAfile", authority.file, "-sess_out", ticket,
                  "-ign_eof", sent=request)
    assert b'{"status":"ok"}' in done.stdout and ticket.exists()
    assert b"New, TLSv1.3" in done.stdout
    done = client(place, "-CAfile", authority.file, "-sess_in", ticket,
                  "-ign_eof", sent=request)
    assert b"Reused, TLSv1.3" in done.stdout
    assert b'{"status":"ok"}' in done.stdout
    assert b"Max Early Data: 0" in done.stdout
    with place.dial(place.context(authority)) as sock:
        figures = place.ask(sock, "/metrics",
                            Authorization="Bearer " + place.token)[1].decode()
    assert int(re.search(r'bahi_handshakes_total{kind="resumed"} (\d+)',
                         figures).group(1)) > 0


def test_early_data_is_not_taken(place, authority, tmp_path):
    ticket, early = tmp_path / "ticket", tmp_path / "early"
    early.write_bytes(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    client(place, "-CAfile", authority.file, "-sess_out", ticket, "-ign_eof",
           sent=b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
           b"Connection: close\r\n\r\n")
    done = client(place, "-CAfile", authority.file, "-sess_in", ticket,
                  "-early_data", early)
    assert b"Early data was not sent" in done.stdout \
        or b"Cannot send early data" in done.stderr, done


def test_curl_keeps_its_connection(place, authority):
    done = curl(place, authority, *local(place), "-v",
                url(place, "/healthz"), url(place, "/healthz"))
    assert done.stdout.count('{"status":"ok"}') == 2
    assert "Re-using existing connection" in done.stderr


# ---- another certificate ----------------------------------------------------

def test_a_new_certificate_is_shown_without_a_restart(place, authority):
    context = place.context(authority)
    with place.dial(context) as kept:
        assert place.ask(kept)[0] == 200
        before = place.serial(authority)
        session = kept.session
        place.put(*authority.issue("bahid.test"))
        place.until(lambda: place.serial(authority) != before)
        assert place.ask(kept)[0] == 200        # who is in stays in
        with place.dial(context, session) as again:
            assert not again.session_reused
    assert "tls.certificate" in place.read_log()


def raised(place):
    return [one["code"] for one in place.get("/v1/alerts")["items"]
            if one["state"] == "raised"]


def test_a_broken_pair_leaves_the_last_good_one(place, authority):
    before = place.serial(authority)
    said = place.read_log().count("tls.kept")
    shutil.copy(authority.issue("other.test")[0],
                place.home / "tls-cert.pem")
    place.until(lambda: place.read_log().count("tls.kept") > said)
    assert place.serial(authority) == before
    place.until(lambda: "certificate.refused" in raised(place))
    place.put(*authority.issue("bahid.test"))
    place.until(lambda: place.serial(authority) != before)
    place.until(lambda: "certificate.refused" not in raised(place))
    assert place.process.poll() is None


def test_sighup_looks_at_once_and_the_end_is_told(place, authority):
    soon = time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() +
                                                      10 * 86400))
    before = place.serial(authority)
    place.put(*authority.issue("bahid.test", end=soon))
    place.process.send_signal(signal.SIGHUP)
    place.until(lambda: place.serial(authority) != before)
    place.until(lambda: "certificate.ends" in raised(place))
    place.put(*authority.issue("bahid.test"))
    place.process.send_signal(signal.SIGHUP)
    place.until(lambda: "certificate.ends" not in raised(place))


def test_a_renewal_with_the_same_key_has_the_same_pin(place, authority):
    pin, aloud = place.run("pin").stdout.splitlines()
    assert base64.b64decode(pin[8:]).hex() == aloud.replace(" ", "")
    assert pin == pin_of(place.home / "tls-cert.pem")
    cert, _ = authority.issue("bahid.test", key=place.home / "tls-key.pem")
    shutil.copy(cert, place.home / "tls-cert.pem")
    assert place.run("pin").stdout.split()[0] == pin
    place.put(*authority.issue("bahid.test"))
    assert place.run("pin").stdout.split()[0] != pin


# ---- who does nothing -------------------------------------------------------

def test_who_says_nothing_is_closed(place, authority):
    """They were there all along, and nobody waited for them."""
    for sock in place.silent + [place.half]:
        sock.settimeout(30)
        last = b"".join(iter(lambda: sock.recv(64), b""))
        assert last[:1] in (b"", b"\x15")      # nothing, or an alert
        sock.close()
    with place.dial(place.context(authority)) as sock:
        assert place.ask(sock)[0] == 200


def test_who_waits_over_tls_costs_nothing(place, authority):
    """A request that waits for news, and a connection with nothing to do: the
    threads sleep."""
    with place.dial(place.context(authority)) as idle, \
            place.dial(place.context(authority)) as waits:
        place.ask(idle)
        after = re.search(r"bahi_change_sequence (\d+)", place.ask(
            idle, "/metrics", Authorization="Bearer " + place.token
            )[1].decode()).group(1)
        waits.sendall(("GET /v1/changes?after=%s&wait=5 HTTP/1.1\r\n"
                       "Host: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
                       % (after, place.token)).encode())
        stat = "/proc/%d/stat" % place.process.pid
        used = lambda: sum(map(int, open(stat).read().rsplit(
            ")", 1)[1].split()[11:13]))
        before = used()
        time.sleep(1)
        assert used() - before < 60         # of 100 ticks a second a thread


# ---- certificates of clients ------------------------------------------------

@pytest.fixture(scope="module")
def strict(authority, tmp_path_factory):
    one = TlsHouse()
    one.put(*authority.issue("bahid.test"))
    one.setting("tls_listen", "127.0.0.1:0")
    one.setting("tls_client_ca", authority.file)
    one.start()
    yield one
    one.close()


def tried(strict, authority, cert=None):
    context = strict.context(authority)
    if cert:
        context.load_cert_chain(*cert)
    try:
        with strict.dial(context) as sock:
            return strict.ask(sock)[0]
    except (ssl.SSLError, ConnectionError, http.client.HTTPException) as e:
        return type(e)


def test_a_client_must_show_a_certificate(strict, authority,
                                          tmp_path_factory):
    good = authority.issue("till-7", "DNS:till-7", "clientAuth")
    assert tried(strict, authority, good) == 200
    assert tried(strict, authority) != 200
    stranger = Authority(tmp_path_factory.mktemp("other"), "House")
    assert tried(strict, authority, stranger.issue(
        "till-7", "DNS:till-7", "clientAuth")) != 200
    assert tried(strict, authority, authority.issue("srv")) != 200
    assert tried(strict, authority, authority.issue(
        "till-8", "DNS:till-8", "clientAuth", "20250101000000Z",
        "20250201000000Z")) != 200
    said = strict.read_log()
    assert "it shows no certificate" in said or "NOT trusted" in said
    assert tried(strict, authority, good) == 200


def test_ask_lets_in_who_shows_none_and_no_stranger(place, authority,
                                                    tmp_path_factory):
    good = authority.issue("till-7", "DNS:till-7", "clientAuth")
    stranger = Authority(tmp_path_factory.mktemp("other"), "Other").issue(
        "till-7", "DNS:till-7", "clientAuth")
    one = TlsHouse()
    try:
        one.put(*authority.issue("bahid.test"))
        one.setting("tls_listen", "127.0.0.1:0")
        one.setting("tls_client_ca", authority.file)
        one.setting("tls_client", "ask")
        one.start()
        assert tried(one, authority) == 200
        assert tried(one, authority, good) == 200
        assert tried(one, authority, stranger) != 200
    finally:
        one.close()


def test_who_shows_none_hears_what_is_missing(strict):
    done = client(strict, "-ign_eof")
    assert b"alert certificate required" in done.stderr, done.stderr


def test_a_ticket_proves_the_certificate_again(strict, authority, tmp_path):
    cert, key = authority.issue("till-9", "DNS:till-9", "clientAuth")
    ticket = tmp_path / "ticket"
    request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n" \
        b"Connection: close\r\n\r\n"
    client(strict, "-cert", cert, "-key", key, "-sess_out", ticket,
           "-ign_eof", sent=request)
    done = client(strict, "-sess_in", ticket, "-ign_eof", sent=request)
    assert b"Reused" in done.stdout and b'{"status":"ok"}' in done.stdout
    # and no longer, once another authority is in force
    strict.process.send_signal(signal.SIGHUP)
    strict.until(lambda: strict.read_log().count("tls.certificate") > 1)
    done = client(strict, "-sess_in", ticket, "-ign_eof", sent=request)
    assert b'{"status":"ok"}' not in done.stdout
