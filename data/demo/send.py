#!/usr/bin/python3
"""Deliver what generate.py and trade.py wrote, signed as each vendor signs.

    generate.py | send.py --url http://127.0.0.1:PORT --secrets DIR
    trade.py | send.py --url URL --secrets DIR --inbox DIR/inbox

Files are put into the inbox whole, and their reports waited for.  Eight keep-alive connections; lines of one group keep to one connection and so
to their order.  Prints how many answers came per HTTP status, per state and
per planted fault; exits 1 when an answer was an error nobody planted.  A
refusal with Retry-After is waited out and sent again under the same key.
"""
import argparse
import base64
import collections
import hashlib
import hmac
import http.client
import json
import os
import queue
import socket
import sys
import threading
import time
import urllib.parse
import zlib

CONNECTIONS = 8
QUEUE = 256		# lines read ahead for each connection
TRIES = 30
PATIENCE = 30		# seconds at most between two tries
REPORT = 120		# seconds at most until a file has its report
REUSE = "same key, other bytes"


def read_secret(folder, source):
    """The first secret of the source's file."""
    with open(os.path.join(folder, source), encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                return line.strip()
    raise SystemExit("send.py: %s: no secret in its file" % source)


def sign_standard(secret, headers, body):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    headers["webhook-timestamp"] = str(int(time.time()))
    signed = ".".join((headers["webhook-id"], headers["webhook-timestamp"]))
    digest = hmac.digest(key, signed.encode("utf-8") + b"." + body,
                         hashlib.sha256)
    headers["webhook-signature"] = ("v1,"
                                    + base64.b64encode(digest).decode("ascii"))


def sign_shopify(secret, headers, body):
    digest = hmac.digest(secret.encode("utf-8"), body, hashlib.sha256)
    headers["X-Shopify-Hmac-SHA256"] = base64.b64encode(digest).decode("ascii")


def sign_razorpay(secret, headers, body):
    digest = hmac.digest(secret.encode("utf-8"), body, hashlib.sha256)
    headers["X-Razorpay-Signature"] = digest.hex()


# All others sign as Standard Webhooks say.
SIGN = {
    "shopify": sign_shopify,
    "razorpay": sign_razorpay,
}


def drop(inbox, delivery):
    """Put a file into its source's folder under its name when it is whole,
    and wait for what became of it."""
    folder = os.path.join(inbox, delivery["source"])
    name = delivery["file"]
    with open(os.path.join(folder, name + ".part"), "w", encoding="utf-8",
              newline="") as file:
        file.write(delivery["body"])
    os.rename(file.name, os.path.join(folder, name))
    end = time.monotonic() + REPORT
    while time.monotonic() < end:
        for place in ("done", "failed"):
            report = os.path.join(folder, place, name + ".report.json")
            if os.path.exists(report):
                return (200 if place == "done" else 422,
                        {"state": "file " + place})
        time.sleep(0.05)
    return 504, {"code": "no report", "detail": name}


class Tally:
    """What came back, counted under one lock."""

    def __init__(self):
        self.lock = threading.Lock()
        self.sent = self.retried = 0
        self.status = collections.Counter()
        self.state = collections.Counter()
        self.fault = collections.Counter()
        self.wrong = []

    def again(self):
        with self.lock:
            self.retried += 1

    def add(self, delivery, status, answer):
        note = delivery.get("note", "")
        state = answer.get("state") or answer.get("code") or "-"
        expected = status == 409 if note == REUSE else 200 <= status < 400
        with self.lock:
            self.sent += 1
            self.status[str(status)] += 1
            self.state[state] += 1
            self.fault[note or "(none)", status, state] += 1
            if not expected:
                self.wrong.append((delivery, status, answer))


class Connection(threading.Thread):
    """One keep-alive connection and the lines that belong to it."""

    def __init__(self, args, secrets, tally):
        super().__init__(daemon=True)
        self.url = urllib.parse.urlsplit(args.url)
        self.inbox, self.secrets, self.tally = args.inbox, secrets, tally
        self.lines = queue.Queue(QUEUE)
        self.http = None

    def run(self):
        while True:
            delivery = self.lines.get()
            if delivery is None:
                break
            try:
                status, answer = self.deliver(delivery)
            except Exception as reason:	# the others still go
                status, answer = 599, {"code": type(reason).__name__,
                                       "detail": str(reason)}
            self.tally.add(delivery, status, answer)
        self.close()

    def close(self):
        if self.http is not None:
            self.http.close()
            self.http = None

    def deliver(self, delivery):
        if "file" in delivery:
            return drop(self.inbox, delivery)
        body = delivery.get("body")
        body = (base64.b64decode(delivery["body_base64"]) if body is None
                else body.encode("utf-8"))
        for tries in range(1, TRIES + 1):
            headers = dict(delivery["headers"])
            if delivery.get("sign"):
                self.sign(delivery["source"], headers, body)
            try:
                status, wait, text = self.post(delivery["source"], headers,
                                               body)
            except (OSError, http.client.HTTPException):
                self.close()	# the key makes sending again harmless
                if tries == TRIES:
                    raise
                status, wait = 0, 0.2
            if status not in (0, 429, 503) or tries == TRIES:
                break
            self.tally.again()
            time.sleep(wait)
        return status, text

    def sign(self, source, headers, body):
        with self.tally.lock:
            if source not in self.secrets:
                self.secrets[source] = read_secret(self.secrets[""], source)
        SIGN.get(source, sign_standard)(self.secrets[source], headers, body)

    def post(self, source, headers, body):
        if self.http is None:
            self.http = http.client.HTTPConnection(
                self.url.hostname, self.url.port or 80, timeout=60)
            self.http.connect()
            self.http.sock.setsockopt(socket.IPPROTO_TCP,
                                      socket.TCP_NODELAY, 1)
        self.http.request("POST", self.url.path.rstrip("/") + "/v1/hooks/"
                          + urllib.parse.quote(source), body, headers)
        response = self.http.getresponse()
        text = response.read()
        wait = response.getheader("Retry-After", "1")
        wait = min(int(wait), PATIENCE) if wait.isdigit() else 1
        try:
            answer = json.loads(text)
        except ValueError:
            answer = {}
        return response.status, wait, (answer if isinstance(answer, dict)
                                       else {})


def feed(file, connections, speed):
    """Hand each line to its group's connection, at most speed a second."""
    began = time.monotonic()
    for count, line in enumerate(line for line in file if line.strip()):
        if speed > 0:
            time.sleep(max(0, began + count / speed - time.monotonic()))
        delivery = json.loads(line)
        group = delivery.get("group") or line
        slot = zlib.crc32(group.encode("utf-8")) % len(connections)
        connections[slot].lines.put(delivery)
    for connection in connections:
        connection.lines.put(None)
    for connection in connections:
        connection.join()
    return time.monotonic() - began


def report_text(tally, seconds):
    print("%d deliveries in %.2f s, %d sent again"
          % (tally.sent, seconds, tally.retried))
    for title, counter in (("status", tally.status), ("state", tally.state)):
        for name, count in sorted(counter.items()):
            print("%-8s%-24s%8d" % (title, name, count))
    for (note, status, state), count in sorted(tally.fault.items()):
        print("%-24s%4d %-19s%8d" % (note, status, state, count))


def report_json(tally, seconds):
    json.dump({
        "sent": tally.sent, "retried": tally.retried,
        "seconds": round(seconds, 3),
        "status": tally.status, "state": tally.state,
        "faults": [{"note": note, "status": status, "state": state,
                    "count": count} for (note, status, state), count
                   in sorted(tally.fault.items())],
        "unexpected": len(tally.wrong),
    }, sys.stdout, sort_keys=True)
    print()


def explain(wrong):
    for delivery, status, answer in wrong[:20]:
        print("send.py: %s %s: %d %s %s" % (
            delivery["source"], delivery.get("group", ""), status,
            answer.get("code", ""),
            answer.get("detail") or answer.get("title") or ""),
            file=sys.stderr)
    if len(wrong) > 20:
        print("send.py: and %d more" % (len(wrong) - 20), file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(
        description="Sign and deliver the demo company's webhooks.")
    parser.add_argument("--url", required=True)
    parser.add_argument("--secrets", required=True, metavar="DIR",
                        help="folder with one file for each source")
    parser.add_argument("--inbox", metavar="DIR",
                        help="folder that the daemon watches for files")
    parser.add_argument("--speed", type=float, default=0, metavar="N",
                        help="at most N deliveries a second (default: no "
                        "limit)")
    parser.add_argument("--json", action="store_true",
                        help="print the counts as one JSON object")
    parser.add_argument("file", nargs="?",
                        type=argparse.FileType("r", encoding="utf-8"),
                        default="-")
    args = parser.parse_args()
    tally, secrets = Tally(), {"": args.secrets}
    connections = [Connection(args, secrets, tally)
                   for _ in range(CONNECTIONS)]
    for connection in connections:
        connection.start()
    seconds = feed(args.file, connections, args.speed)
    (report_json if args.json else report_text)(tally, seconds)
    explain(tally.wrong)
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
