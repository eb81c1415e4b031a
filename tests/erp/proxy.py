"""A proxy before an ERP that loses what nets lose: HTTP/1.x only, one thread
a connection.

    with Proxy(port) as proxy:              # proxy.url instead of the ERP's
        proxy.plan("drop", 3)               # the next three
        proxy.plan("status", status=429, retry_after="2", when=is_post)

What it can do to a request (`how` after the semicolon):
    pass     nothing
    drop     the ERP acts and answers, the answer is lost, connection closed
    cut      the same, but half of the answer comes; keep= bytes
    reset    RST before the ERP sees anything
    reset_after  RST once the ERP has answered
    delay    seconds= before the request goes on
    late     seconds= before the answer goes back
    status   status=, retry_after=, headers=, body=: answered here, the ERP
             sees nothing
    garble   old= becomes new=, as long, in what goes on to the ERP
    hang     neither passed on nor answered, until the client leaves
    hold     it waits before it goes on: gate = proxy.hold(when);
             gate.met.wait(), gate.go.set()
The first plan with a count left whose when(request) is true is taken; without
`when` it is any request that is no GET. Each thread may be waiting: so a plan
is for who comes first."""
import collections
import select
import socket
import struct
import threading
import time

HEAD_MAX = 65536


class Request:
    __slots__ = ("at", "method", "path", "headers", "body", "action")

    def __init__(self, head, body):
        lines = head.decode("latin-1").split("\r\n")
        self.at = time.monotonic()
        self.method, self.path, _ = lines[0].split(" ", 2)
        self.headers = dict(
            (name.lower(), value.strip()) for name, _, value in
            (line.partition(":") for line in lines[1:] if line))
        self.body = body
        self.action = "pass"


class Gate:
    def __init__(self):
        self.met, self.go = threading.Event(), threading.Event()


def changes(request):
    return request.method != "GET"


class Reader:
    """Whole messages out of a socket, byte for byte."""
    def __init__(self, sock):
        self.sock, self.buffer = sock, b""

    def more(self):
        data = self.sock.recv(65536)
        self.buffer += data
        return data != b""

    def until(self, mark):
        while mark not in self.buffer:
            if len(self.buffer) > HEAD_MAX or not self.more():
                return None
        end = self.buffer.index(mark) + len(mark)
        out, self.buffer = self.buffer[:end], self.buffer[end:]
        return out

    def exactly(self, n):
        while len(self.buffer) < n:
            if not self.more():
                raise ConnectionError("cut off")
        out, self.buffer = self.buffer[:n], self.buffer[n:]
        return out

    def chunks(self):
        out = b""
        while True:
            line = self.until(b"\r\n")
            if line is None:
                raise ConnectionError("cut off")
            n = int(line.split(b";")[0], 16)
            out += line + self.exactly(n + 2)
            if n == 0:
                return out

    def rest(self):
        while self.more():
            pass
        out, self.buffer = self.buffer, b""
        return out

    def message(self, bodiless=False):
        """(head, body as sent, whether the connection ends with it)."""
        head = self.until(b"\r\n\r\n")
        if head is None:
            return None
        fields = dict((name.strip().lower(), value.strip()) for name, _, value
                      in (line.partition(b":") for line in
                          head.split(b"\r\n")[1:]))
        ends = fields.get(b"connection", b"").lower() == b"close"
        if b"chunked" in fields.get(b"transfer-encoding", b"").lower():
            return head, self.chunks(), ends
        if b"content-length" in fields:
            return head, self.exactly(int(fields[b"content-length"])), ends
        if bodiless or head.split(b" ")[1:2] in ([b"204"], [b"304"]):
            return head, b"", ends
        return head, self.rest(), True


class Proxy:
    def __init__(self, port, host="127.0.0.1", keep=10000):
        self.upstream = host, port
        self.plans = []
        self.lock = threading.Lock()
        self.seen = collections.deque(maxlen=keep)      # Request
        self.count = collections.Counter()              # by action
        self.ticks = []                 # (time, weight) of what was counted
        self.counts = lambda request: int(changes(request))
        self.open = set()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.port = self.listener.getsockname()[1]
        self.url = "http://127.0.0.1:%d" % self.port
        self.closing = False
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self):
        self.closing = True
        self.listener.close()
        with self.lock:
            sockets = list(self.open)
        for one in sockets:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.close()

    # ---- for tests

    def plan(self, action, count=1, when=changes, **how):
        with self.lock:
            self.plans.append(dict(how, action=action, left=count, when=when))

    def hold(self, when=changes):
        """The next one, until it is let go."""
        gate = Gate()
        self.plan("hold", when=when, gate=gate)
        return gate

    def clear(self):
        with self.lock:
            self.plans.clear()

    def left(self):
        with self.lock:
            return sum(plan["left"] for plan in self.plans)

    def most_in_a_second(self):
        """Of what self.counts counts (default: requests that change something)
        and was passed on, the most within any second."""
        with self.lock:
            ticks = list(self.ticks)
        most = total = first = 0
        for at, weight in ticks:
            total += weight
            while at - ticks[first][0] >= 1:
                total -= ticks[first][1]
                first += 1
            most = max(most, total)
        return most

    # ---- work

    def accept(self):
        while not self.closing:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(client,),
                             daemon=True).start()

    def serve(self, client):
        server = [None]
        with self.lock:
            self.open.add(client)
        try:
            reader = Reader(client)
            while self.one(client, reader, server):
                pass
        except (OSError, ConnectionError):
            pass
        finally:
            with self.lock:
                self.open.discard(client)
            client.close()
            self.leave(server)

    def choose(self, request):
        with self.lock:
            for plan in self.plans:
                if plan["left"] > 0 and plan["when"](request):
                    plan["left"] -= 1
                    return plan
        return {"action": "pass"}

    def note(self, request, plan):
        request.action = plan["action"]
        with self.lock:
            self.seen.append(request)
            self.count[request.action] += 1
            weight = self.counts(request)
            if weight and request.action not in ("reset", "status", "hang"):
                self.ticks.append((request.at, weight))

    def one(self, client, reader, server):
        message = reader.message(bodiless=True)
        if message is None:
            return False
        request = Request(message[0], message[1])
        plan = self.choose(request)
        self.note(request, plan)
        action = plan["action"]
        if action == "reset":
            return self.reset(client)
        if action == "status":
            return self.say(client, plan)
        if action == "hang":
            while reader.more():
                pass
            return False
        if action == "delay":
            time.sleep(plan["seconds"])
        if action == "hold":
            plan["gate"].met.set()
            plan["gate"].go.wait(30)
        if action == "garble":
            message = (message[0], message[1].replace(plan["old"],
                                                      plan["new"]))
        head, body, ends = self.forward(server, message)
        if action == "drop":
            return False
        if action == "reset_after":
            return self.reset(client)
        if action == "cut":
            client.sendall((head + body)[:plan.get("keep", len(head) +
                                                   len(body) // 2)])
            return False
        if action == "late":
            time.sleep(plan["seconds"])
        client.sendall(head + body)
        return not ends

    def leave(self, server):
        if server[0] is not None:
            server[0].close()
            with self.lock:
                self.open.discard(server[0])
            server[0] = None

    def forward(self, server, message):
        """Once, whatever comes of it: we double nothing."""
        if server[0] is not None and select.select([server[0]], [], [], 0)[0]:
            self.leave(server)          # it hung up meanwhile
        if server[0] is None:
            server[0] = socket.create_connection(self.upstream)
            server[0].setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.lock:
                self.open.add(server[0])
        server[0].sendall(message[0] + message[1])
        answer = Reader(server[0]).message()
        if answer is None:
            raise ConnectionError("the ERP hung up")
        if answer[2]:
            self.leave(server)
        return answer

    def reset(self, client):
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                          struct.pack("ii", 1, 0))
        return False

    def say(self, client, plan):
        body = plan.get("body", b"")
        head = "HTTP/1.1 %d X\r\nContent-Type: text/plain\r\n" \
            "Content-Length: %d\r\n" % (plan["status"], len(body))
        for one in plan.get("headers", {}).items():
            head += "%s: %s\r\n" % one
        if plan.get("retry_after"):
            head += "Retry-After: %s\r\n" % plan["retry_after"]
        client.sendall(head.encode() + b"\r\n" + body)
        return True
