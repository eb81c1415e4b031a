"""The real bahi towards servers that are, and are not, the right one."""
import json
import os
import re
import socket
import ssl
import subprocess
import threading

import pytest

from authority import Authority, pin_of
from house import BAHID
from test_tls import TlsHouse

BAHI = os.environ.get("BAHI", str(BAHID)[:-1])


class Server:
    """Shows what it is told to, and hears what is sent."""

    def __init__(self, cert, key, version=None):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(cert, key)
        if version:
            self.context.maximum_version = version
        self.sock = socket.create_server(("127.0.0.1", 0))
        self.port = self.sock.getsockname()[1]
        self.heard = b""
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                raw, _ = self.sock.accept()
            except OSError:
                return
            raw.settimeout(5)
            try:
                with self.context.wrap_socket(raw, server_side=True) as one:
                    self.heard += one.recv(4096)
            except OSError:
                raw.close()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def house(authority):
    one = TlsHouse()
    one.put(*authority.issue("bahid.test"))
    one.setting("tls_listen", "127.0.0.1:0")
    one.setting("tls_client_ca", authority.file)
    one.setting("tls_client", "ask")
    token = one.run("token", "add", "reader", "viewer").stdout.split()[-1]
    one.token = one.dir / "token"
    one.token.write_text(token + "\n")
    one.token.chmod(0o600)
    one.start()
    yield one
    one.close()


@pytest.fixture
def bahi(house, authority, tmp_path):
    def run(*args, port=None, host="localhost", **settings):
        settings = {"url": "https://%s:%d" % (host, port or house.tls),
                    "ca": authority.file, "token": house.token,
                    "cache": tmp_path / "cache.db", **settings}
        path = tmp_path / "bahi.conf"
        path.write_text("".join("%s = %s\n" % one for one in
                                settings.items() if one[1] != ""))
        return subprocess.run(
            [BAHI, "--config", path, *args], text=True, capture_output=True,
            timeout=60, env=dict(house.env, HOME=str(tmp_path)))
    return run


def refused(done, sentence, hint):
    assert done.returncode == 6, done
    assert sentence in done.stderr and hint in done.stderr, done.stderr


def figures(house):
    text = house.api("GET", "/metrics").body.decode()
    return {name: int(re.search(r"%s (\d+)" % re.escape(name),
                                text).group(1))
            for name in ("bahi_connections_total", "bahi_requests_total",
                         'bahi_handshakes_total{kind="full"}')}


def test_chain_and_name_are_verified_and_one_connection_does(house, bahi):
    before = figures(house)
    done = bahi("status")
    assert done.returncode == 0, done
    assert "Every event received is accounted for." in done.stdout
    after = figures(house)
    gone = {name: after[name] - before[name] for name in after}
    assert gone["bahi_requests_total"] >= 4
    # one for the question itself, over the Unix socket
    assert gone["bahi_connections_total"] == 2
    assert gone['bahi_handshakes_total{kind="full"}'] == 1


def test_an_unknown_authority(house, bahi, tmp_path_factory):
    other = Authority(tmp_path_factory.mktemp("other"), "Other")
    refused(bahi("status", ca=other.file),
            "Nobody that this computer trusts vouches for the server.",
            "Nothing was sent.")
    refused(bahi("status", ca=""),
            "Nobody that this computer trusts vouches for the server.",
            "name it as `ca`")


def test_another_ones_certificate(bahi, authority):
    with Server(*authority.issue("other.test", "DNS:other.test")) as other:
        refused(bahi("status", port=other.port),
                "The server is not the one that the URL names.",
                "Check `url`")
        assert other.heard == b""


def test_a_certificate_out_of_date(bahi, authority):
    for start, end in (("20250101000000Z", "20250201000000Z"),
                       ("20400101000000Z", "20410101000000Z")):
        pair = authority.issue("late.test", start=start, end=end)
        with Server(*pair) as other:
            refused(bahi("status", port=other.port),
                    "The server's certificate is not good today.",
                    "Check this computer's date")
            assert other.heard == b""


def test_a_pin(house, bahi, authority):
    pin = pin_of(house.home / "tls-cert.pem")
    assert bahi("status", pin=pin).returncode == 0
    # vouched for, of the right name, and still not the one
    with Server(*authority.issue("bahid.test")) as other:
        done = bahi("status", pin=pin, port=other.port)
        refused(done, "This is not the server that you pinned.",
                "Do not type anything here. Call who runs bahid")
        assert other.heard == b""
    with Server(*authority.issue("next.test")) as other:
        next_one = pin_of(authority.folder / "next.test.pem")
    assert bahi("status", pin=next_one + ";" + pin).returncode == 0
    done = bahi("status", pin="sha256//rubbish")
    assert done.returncode == 2 and "pin: " in done.stderr


def test_nothing_older_than_tls_1_3(bahi, authority):
    with Server(*authority.issue("old.test"),
                ssl.TLSVersion.TLSv1_2) as other:
        refused(bahi("status", port=other.port),
                "No safe connection to the server can be made.",
                "it must serve TLS 1.3")


def test_a_token_leaves_this_machine_over_https_only(bahi):
    done = bahi("status", url="http://192.0.2.1:80")
    assert done.returncode == 2, done
    assert "Without TLS nothing leaves or enters this machine." in done.stderr
    assert bahi("status", url="ftp://localhost/").returncode == 2
    assert bahi("status", url="http://127.0.0.1@192.0.2.1/").returncode == 2


def test_pin_shows_what_is_compared(house, bahi):
    own = house.run("pin").stdout.splitlines()
    done = bahi("pin")
    assert done.returncode == 0, done
    assert all(line in done.stdout for line in own), done.stdout
    assert "Vouched for:  yes" in done.stdout
    done = bahi("pin", "https://127.0.0.1:%d" % house.tls, "--json", ca="")
    shown = json.loads(done.stdout)
    assert done.returncode == 1 and shown["vouched"] is False
    assert shown["named"] is True and shown["pin"] == own[0]
    done = bahi("pin", "http://localhost/")
    assert done.returncode == 2


def test_a_certificate_of_ours(house, bahi, authority):
    cert, key = authority.issue("reader", "DNS:reader", "clientAuth")
    house.setting("tls_client", "demand")
    house.stop()
    house.start()
    refused(bahi("status"), "The server does not let you in without a "
            "certificate that it knows.", "name it as `cert`")
    done = bahi("status", cert=cert, key=key)
    assert done.returncode == 0, done
    key.chmod(0o644)
    done = bahi("status", cert=cert, key=key)
    assert done.returncode == 2 and "chmod 600" in done.stderr
    key.chmod(0o600)
    assert bahi("status", cert=cert).returncode == 2
