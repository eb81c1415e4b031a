"""What TLS costs: handshakes, full and with a ticket, and requests, against
plain HTTP on loopback. One client thread, so that it says what one costs."""
import http.client
import pathlib
import socket
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "flow"))

from authority import Authority     # noqa: E402
from test_tls import TlsHouse       # noqa: E402

SECONDS = 3
ASK = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


def ask(sock):
    sock.sendall(ASK)
    answer = http.client.HTTPResponse(sock)
    answer.begin()
    assert answer.read() == b'{"status":"ok"}'


def rate(what, once):
    n, end = 0, time.monotonic() + SECONDS
    began = time.monotonic()
    while time.monotonic() < end:
        once()
        n += 1
    one = n / (time.monotonic() - began)
    print("%-34s %8.0f /s" % (what, one), flush=True)
    return one


def main():
    folder = tempfile.TemporaryDirectory()
    authority, house = Authority(folder.name), TlsHouse()
    try:
        house.put(*authority.issue("bahid.test"))
        house.setting("tls_listen", "127.0.0.1:0")
        house.start()
        context = house.context(authority)

        def plain():
            with socket.create_connection((house.host,
                                           int(house.port))) as sock:
                ask(sock)

        def full():
            with house.dial(context) as sock:
                ask(sock)

        with house.dial(context) as sock:
            ask(sock)
            kept = [sock.session]

        def resumed():
            with house.dial(context, kept[0]) as sock:
                ask(sock)
                assert sock.session_reused
                kept[0] = sock.session

        connect = rate("plain connection, one request", plain)
        whole = rate("TLS, full handshake, one request", full)
        ticket = rate("TLS, with a ticket, one request", resumed)
        with socket.create_connection((house.host, int(house.port))) as one:
            requests = rate("plain, connection kept", lambda: ask(one))
        with house.dial(context) as one:
            over = rate("TLS, connection kept", lambda: ask(one))
        print("a full handshake costs %.1f plain connections, a resumed one "
              "%.1f; a request %.2f" % (connect / whole, connect / ticket,
                                        requests / over))
    finally:
        house.close()
        folder.cleanup()


if __name__ == "__main__":
    main()
