"""A server, or a man in the middle, that answers rubbish.

    with Faulty("half") as faulty: faulty.url           # all it answers
    with Faulty("half", port, at=2) as faulty:          # the third answer only;
        the rest is what the ERP at that port answers, and it has acted on all

`FAULTS` are the names. faulty.count: requests so far; faulty.strangers(): did
anybody come to where a redirect sent him?"""
import http.client
import re
import socket
import socketserver
import threading

TEN = 10 << 20


def transformed(body):
    """Other types: texts for numbers, and so on."""
    return re.sub(rb'"[^"]*"', b'[{"x": null}]', re.sub(
        rb"(?<![A-Za-z\"])[0-9]+(\.[0-9]+)?", b'"x"', body))


def message(body, status=b"200 OK", kind=b"application/json", more=b"",
            length=None):
    return (b"HTTP/1.1 " + status + b"\r\nContent-Type: " + kind +
            b"\r\nContent-Length: %d\r\nConnection: close\r\n" %
            (len(body) if length is None else length) + more + b"\r\n" + body)


# Of the status, media type and body that the ERP answered.
FAULTS = {
    "nothing": lambda s, k, b: b"",
    "empty": lambda s, k, b: message(b"", s, k),
    "half": lambda s, k, b: message(b[:len(b) // 2], s, k),
    "dropped": lambda s, k, b: message(b[:len(b) // 2], s, k, b"", len(b)),
    "twice": lambda s, k, b: message(b + b, s, k),
    "null": lambda s, k, b: message(b"null", s, k),
    "number": lambda s, k, b: message(b"17", s, k),
    "html": lambda s, k, b: message(
        b"<html><body>Gateway <b>time-out</b></body></html>", b"200 OK",
        b"text/html"),
    "server": lambda s, k, b: message(b"<h1>Oops</h1>",
                                      b"500 Internal Server Error"),
    "types": lambda s, k, b: message(transformed(b), s, k),
    "huge": lambda s, k, b: message(
        re.sub(rb"[0-9]+", b"9" * 400, b), s, k),
    "deep": lambda s, k, b: message(b"[" * 200000 + b"]" * 200000, s, k),
    "deep_xml": lambda s, k, b: message(
        b"<a>" * 200000 + b"</a>" * 200000, s, b"text/xml"),
    "large": lambda s, k, b: message(
        b'{"data": "' + b"x" * TEN + b'"}', s, k),
    "letters": lambda s, k, b: message(b.replace(b'"', b'\xff"'), s, k),
    "controls": lambda s, k, b: message(
        b.replace(b" ", b"\x1b[2J\x00 "), s, k),
    "status": lambda s, k, b: b"HTP/x yes\r\n\r\n" + b,
    "header": lambda s, k, b: b"HTTP/1.1 200 OK\r\n" + b"X-A: %s\r\n" %
    (b"a" * 1000) * 2000,
    "redirect": lambda s, k, b: message(
        b"", b"302 Found", k, b"Location: ELSEWHERE\r\n"),
    "redirect_307": lambda s, k, b: message(
        b"", b"307 Temporary Redirect", k, b"Location: ELSEWHERE\r\n"),
    "drip": lambda s, k, b: message(b, s, k),
}


class Faulty:
    def __init__(self, fault, upstream=None, at=None):
        self.fault, self.upstream, self.at = fault, upstream, at
        self.count = 0
        self.lock = threading.Lock()
        self.stop = threading.Event()

    def __enter__(self):
        faulty = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                try:
                    while faulty.one(self.rfile, self.wfile):
                        pass
                except (OSError, http.client.HTTPException, ValueError):
                    pass

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True
            request_queue_size = 64

        self.elsewhere = socket.create_server(("127.0.0.1", 0))
        self.elsewhere.setblocking(False)
        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever,
                         kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.server.shutdown()
        self.server.server_close()
        self.elsewhere.close()

    def strangers(self):
        try:
            self.elsewhere.accept()[0].close()
            return True
        except BlockingIOError:
            return False

    def one(self, rfile, wfile):
        """One request; is the connection still good?"""
        head = rfile.readline(65536)
        if not head.strip():
            return False
        method, path, _ = head.decode("latin-1").split(" ", 2)
        headers = {}
        while (line := rfile.readline(65536)).strip():
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.strip()] = value.strip()
        size = int({k.lower(): v for k, v in headers.items()}.get(
            "content-length", 0))
        body = rfile.read(size)
        with self.lock:
            mine = self.at in (None, self.count)
            self.count += 1
        status, kind, answer = self.ask(method, path, headers, body)
        if not mine:
            wfile.write(message(answer, status, kind))
            return False
        out = FAULTS[self.fault](status, kind, answer).replace(
            b"ELSEWHERE", b"http://127.0.0.1:%d/" %
            self.elsewhere.getsockname()[1])
        if self.fault == "drip":
            for n in range(len(out)):
                wfile.write(out[n:n + 1])
                wfile.flush()
                if self.stop.wait(0.05):
                    break
        else:
            wfile.write(out)
        return False

    def ask(self, method, path, headers, body):
        if self.upstream is None:
            return b"200 OK", b"application/json", b'{"data": [1, "a b"]}'
        there = http.client.HTTPConnection("127.0.0.1", self.upstream,
                                           timeout=20)
        there.request(method, path, body, headers)
        answer = there.getresponse()
        out = answer.read()
        there.close()
        return (b"%d %s" % (answer.status, answer.reason.encode()),
                answer.getheader("Content-Type", "text/plain").encode(), out)
