"""Polling of paged JSON APIs: a real server, faults and all."""
import collections
import email.utils
import hashlib
import http.server
import json
import re
import socket
import ssl
import struct
import subprocess
import threading
import time
import urllib.parse

import pytest

from house import house, sale  # noqa: F401  (a fixture)

Said = collections.namedtuple("Said", "at path query headers connection")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.server.vendor.connections += 1
        self.number = self.server.vendor.connections

    def do_GET(self):
        vendor = self.server.vendor
        parts = urllib.parse.urlsplit(self.path)
        said = Said(time.monotonic(), parts.path, dict(
            urllib.parse.parse_qsl(parts.query)), self.headers, self.number)
        vendor.said.append(said)
        trouble = vendor.troubles.pop(0) if vendor.troubles else None
        (trouble or vendor.answer)(self, said)

    def give(self, body, status=200, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, address):
        pass                            # they hang up, as they may


class Vendor:
    """Serves `items`, bytes each, as a list of that style."""

    def __init__(self, items=(), size=3, tls=None):
        self.items, self.size = list(items), size
        self.said, self.troubles, self.connections = [], [], 0
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.vendor = self
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self.server.socket = context.wrap_socket(
                self.server.socket, server_side=True)
        self.url = "http%s://127.0.0.1:%d" % (
            "s" if tls else "", self.server.server_port)
        self.answer = self.by_token
        threading.Thread(target=self.server.serve_forever,
                         daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def page(self, at):
        return self.items[at:at + self.size]

    @staticmethod
    def body(items, **more):
        """The envelope around the items, whose bytes stay as they are."""
        envelope = json.dumps(dict(more, data="@"), indent=1).encode()
        return envelope.replace(b'"@"', b"[ " + b" ,\n".join(items) + b"]")

    def by_token(self, handler, said):
        at = int(said.query.get("after", "0"))
        more = at + self.size < len(self.items)
        handler.give(self.body(self.page(at), next=str(at + self.size)
                               if more else None))

    def by_address(self, handler, said):
        at = int(said.query.get("after", "0"))
        more = at + self.size < len(self.items)
        handler.give(self.body(self.page(at), links={
            "next": "/list?after=%d" % (at + self.size) if more else ""}))

    def by_page(self, handler, said):
        at = (int(said.query["page"]) - 1) * self.size
        handler.give(b"[" + b",".join(self.page(at)) + b"]")

    def by_time(self, handler, said):
        since = said.query.get("since", "")
        items = sorted((json.loads(item)["at"], item) for item in self.items)
        handler.give(self.body([item for at, item in items
                                if at >= since][:self.size]))


@pytest.fixture
def vendor():
    one = Vendor()
    yield one
    one.close()


def until(true, what="in time", seconds=60):
    end = time.monotonic() + seconds
    while True:
        found = true()
        if found:
            return found
        assert time.monotonic() < end, what() if callable(what) else what
        time.sleep(0.02)


def item(number, **fields):
    """A sale as a vendor writes it: spaces and all."""
    text = sale(number, **fields).decode()
    return text.replace('": ', '" :  ', 1).encode()


def polls(house, vendor, name="pos", **settings):
    conf = {"url": vendor.url + "/list", "every": 1, "timeout": 5,
            "backoff": 1, "items": "data", "key": "data.receipt",
            "topic": "{body:event}", "cursor": "next", "next": "next",
            "parameter": "after"}
    conf.update(settings)
    folder = house.home / "polls"
    folder.mkdir(exist_ok=True)
    path = folder / (name + ".conf")
    new = folder / ".new"
    new.write_text("# %d\n" % time.monotonic_ns() + "".join(
        "%s = %s\n" % pair for pair in conf.items() if pair[1] is not None))
    new.rename(path)
    return path


def poll(house, name="pos"):
    found = [one for one in house.get("/v1/status")["polls"]
             if one["name"] == name]
    return found[0] if found else None


def good(house, n, name="pos"):
    """n events posted, and the poll knows of no trouble."""
    def posted():
        status = house.get("/v1/status")
        one = poll(house, name)
        return status["states"]["posted"] >= n and one["state"] == "good"
    until(posted, lambda: (poll(house, name), house.read_log()))
    return house.check_books()["states"]


def metric(house, name, poll="pos"):
    text = house.api("GET", "/metrics").body.decode()
    [n] = re.findall(r'^%s\{poll="%s"\} (\d+)$' % (name, poll), text, re.M)
    return int(n)


def numbers(house):
    return sorted(house.journals())


def cursor(house, name="pos"):
    """The table's own word: the API does not say it."""
    import sqlite3
    db = sqlite3.connect("file:%s?mode=ro" % (house.home / "bahi.db"),
                         uri=True)
    [[text]] = db.execute("SELECT cursor FROM poll WHERE name = ?", [name])
    db.close()
    return text


def cycles(vendor, n):
    """Until that server was asked n times more: a clock of the daemon's."""
    at = len(vendor.said)
    until(lambda: len(vendor.said) >= at + n)


NAMES = ["R%02d" % n for n in range(10)]
ITEMS = [item(name) for name in NAMES]

# ---- lists of each style ---------------------------------------------------


@pytest.mark.parametrize("style,settings,last", [
    ("by_token", {}, "9"),
    ("by_address", {"next": "links.next", "parameter": None},
     "/list?after=9"),
    ("by_page", {"cursor": "page", "items": None, "parameter": "page",
                 "limit": 3}, "4"),
    ("by_page", {"cursor": "page", "items": None, "parameter": "page",
                 "start": 1}, "4"),
    ("by_time", {"cursor": "since", "since": "at", "parameter": "since",
                 "occurred": "at"}, "2026-10-05T10:00:09Z")])
def test_every_item_once(house, vendor, style, settings, last):
    vendor.items = ITEMS
    if style == "by_time":
        vendor.items = [
            one[:-1] + b', "at": "2026-10-05T10:00:%02dZ"}' % n
            for n, one in enumerate(ITEMS)]
    vendor.answer = getattr(vendor, style)
    polls(house, vendor, **settings)
    house.start()
    good(house, 10)
    until(lambda: cursor(house) == last)
    # More come: the last page grows, another one begins.
    more = [item(name) for name in ("S1", "S2", "S3", "S4")]
    if style == "by_time":
        more = [one[:-1] + b', "at": "2026-10-05T10:01:%02dZ"}' % n
                for n, one in enumerate(more)]
    vendor.items = vendor.items + more
    good(house, 14)
    cycles(vendor, 3)
    states = house.check_books()["states"]
    # What is seen again on the last page was nobody's duplicate.
    assert states["received"] == states["posted"] == 14
    assert states["duplicate"] == 0
    assert numbers(house) == sorted(NAMES + ["S1", "S2", "S3", "S4"])
    one = poll(house)
    assert one["source"] == "pos" and one["breaker"] == "closed"
    assert one["items"] == 14 and one["failures"] == 0
    assert one["why"] is None and one["last_success"]
    assert vendor.connections == 1      # kept alive over all of it
    event = house.get("/v1/events?limit=1")["items"][0]
    event = house.get("/v1/events/" + event["id"])
    assert event["digest"] == hashlib.sha256(vendor.items[0]).hexdigest()
    assert event["key"] == "R00" and event["topic"] == "payment.success"
    house.stop()
    house.prove()


def test_a_list_that_starts_anew_each_time(house, vendor):
    vendor.items = ITEMS
    polls(house, vendor, end="restart", limit=7, limit_parameter="n")
    house.start()
    good(house, 10)
    cycles(vendor, 8)
    assert numbers(house) == NAMES
    asked = [said.query.get("after") for said in vendor.said[:8]]
    assert asked == [None, "3", "6", "9"] * 2
    assert {said.query["n"] for said in vendor.said} == {"7"}


def test_only_so_many_pages_at_a_time(house, vendor):
    vendor.items = ITEMS
    polls(house, vendor, pages=2, every=2)
    house.start()
    good(house, 10)
    gap = vendor.said[2].at - vendor.said[1].at
    assert gap > 1.9, [said.at for said in vendor.said]
    assert vendor.said[2].query["after"] == "6"


def test_one_bad_item_costs_no_other(house, vendor):
    bad = [b'{"event":"payment.success","data":{"receipt":"X","receipt":"Y"}}',
           b"17", b'{"event":"no.such","data":{"receipt":"Z"}}', b'"\xff"']
    vendor.items = ITEMS[:2] + bad + ITEMS[2:]
    polls(house, vendor)
    house.start()
    good(house, 10)
    states = until(lambda: house.check_books()["states"]["received"] == 14 and
                   house.check_books()["states"])
    assert states["posted"] == 10 and states["failed"] == 4
    assert cursor(house) == "12"


def test_a_key_of_several_parts_follows_the_revisions(house, vendor):
    vendor.items = [item("A", rev=1)]
    polls(house, vendor, key="{body:data.receipt}:{body:data.rev}")
    house.start()
    good(house, 1)
    vendor.items = [item("A", rev=2)]
    until(lambda: house.get("/v1/status")["states"]["received"] == 2)
    keys = [one["key"] for one in house.get("/v1/events")["items"]]
    assert sorted(keys) == ["A:1", "A:2"]

# ---- with webhooks beside --------------------------------------------------


def test_the_same_by_webhook_and_poll_is_one_journal(house, vendor):
    house.start()
    for name, body in zip(NAMES[:5], ITEMS):    # webhook first
        assert house.post("pos", body, name).status == 201
    vendor.items = ITEMS
    polls(house, vendor)
    good(house, 10)
    for name, body in zip(NAMES[5:], ITEMS[5:]):        # poll first
        answer = house.post("pos", body, name)
        assert answer.status == 200
        assert answer.headers["Idempotent-Replayed"] == "true"
    assert numbers(house) == NAMES
    states = house.check_books()["states"]
    assert states["posted"] == 10
    assert states["duplicate"] == 10 and states["received"] == 20
    house.stop()
    house.prove()

# ---- when they cannot, or do not want to -----------------------------------


def later(status, value):
    return lambda handler, said: handler.give(
        b"{}", status, Retry_After=value() if callable(value) else value)


@pytest.mark.parametrize("status,value", [
    (429, "2"), (503, "2"),
    (429, lambda: email.utils.formatdate(time.time() + 3, usegmt=True)),
    (503, lambda: email.utils.formatdate(time.time() + 3, usegmt=True))])
def test_who_says_when_is_asked_then(house, vendor, status, value):
    vendor.items = ITEMS
    vendor.troubles = [None, later(status, value)]
    polls(house, vendor)
    house.start()
    good(house, 10)
    asked = [said.query.get("after") for said in vendor.said[:5]]
    assert asked == [None, "3", "3", "6", "9"]
    assert vendor.said[2].at - vendor.said[1].at > 1.9
    assert numbers(house) == NAMES
    assert poll(house)["failures"] == 1
    assert metric(house, "bahi_poll_failures_total") == 1


def reset(handler, said):
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                  struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()


def reset_in_the_middle(handler, said):
    body = b'{"data": [' + ITEMS[3]
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body) + 100))
    handler.end_headers()
    handler.wfile.write(body)
    handler.wfile.flush()
    reset(handler, said)


def cut(handler, said):
    """It ends well, as far as HTTP goes."""
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.wfile.write(b'{"data": [' + ITEMS[3] + b", " + ITEMS[4])
    handler.close_connection = True


def slow(handler, said):
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(1000):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def says(body, status=200):
    return lambda handler, said: handler.give(body, status)


def far_too_large(handler, said):
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.close_connection = True
    handler.wfile.write(b'{"data": [' + ITEMS[3] + b', "')
    for _ in range(17):
        handler.wfile.write(b"x" * (1 << 20))
    handler.wfile.write(b'"]}')


def moved_away(handler, said):
    handler.give(b"", 302, Location="https://192.0.2.1/list")


@pytest.mark.parametrize("trouble,why", [
    (says(b"", 500), "answer 500"), (says(b"{}", 502), "answer 502"),
    (says(b"{}", 503), "answer 503"), (says(b"{}", 504), "answer 504"),
    (says(b"{}", 404), "answer 404"), (says(b"{}", 429), "answer 429"),
    (reset, ""), (reset_in_the_middle, ""), (cut, "not JSON"),
    (slow, "timed out"), (far_too_large, "larger than"),
    (says(b"<html>"), "no list"), (says(b'{"error":"no"}'), "no list"),
    (says(b'{"data":{}}'), "no list"), (says(b""), "not JSON"),
    (says(Vendor.body([ITEMS[3]]).replace(b'"data"', b'"x":01,"data"')),
     "strict JSON"),
    (says(Vendor.body([ITEMS[3], b"", ITEMS[4]])), "broken"),
    (says(Vendor.body([b"1"] * 10001)), "10001 items"),
    (says(Vendor.body([], next="https://192.0.2.1/")), "another host"),
    (moved_away, "another host")],
    ids=lambda value: getattr(value, "__name__", "")[:20])
def test_trouble_moves_no_cursor(house, vendor, trouble, why):
    vendor.items = ITEMS
    # A connection that was kept may be closed by then: libcurl takes a new
    # one at once, and only if that one breaks, too, it is a failure.
    times = 2 if trouble is reset else 1
    vendor.troubles = [None] + [trouble] * times
    polls(house, vendor, timeout=1 if trouble is slow else 5)
    house.start()
    good(house, 10)
    asked = [said.query.get("after") for said in vendor.said[:4 + times]]
    assert asked == [None] + ["3"] * times + ["3", "6", "9"]
    states = house.check_books()["states"]
    assert states["received"] == states["posted"] == 10
    assert numbers(house) == NAMES
    one = poll(house)
    assert one["failures"] == 1 and one["attempts"] == 0
    log = house.read_log()
    [line] = re.findall(r'poll\.failed poll=pos why="(.*)"', log)
    assert why in line
    assert log.count("poll.recovered") == 1
    house.stop()
    house.prove()


def test_the_breaker_opens_tries_and_closes(house, vendor):
    vendor.items = ITEMS
    vendor.troubles = [says(b"", 500)] * 5
    polls(house, vendor, failures=3, pause=2)
    house.start()
    one = until(lambda: (poll(house) or {}).get("breaker") == "open" and
                poll(house), house.read_log)
    assert one["state"] == "retrying" and one["attempts"] >= 3
    assert one["why"] == "answer 500" and one["last_success"] is None
    assert metric(house, "bahi_poll_breaker_open") == 1
    assert metric(house, "bahi_poll_good") == 0
    good(house, 10)
    times = [said.at for said in vendor.said]
    # three in a row opened it; each trial after that waits for the pause
    assert times[3] - times[2] > 1.9 and times[4] - times[3] > 1.9
    assert times[5] - times[4] > 1.9
    assert poll(house)["breaker"] == "closed"
    assert metric(house, "bahi_poll_breaker_open") == 0
    assert metric(house, "bahi_poll_good") == 1
    assert house.read_log().count("poll.breaker_open") == 1
    assert numbers(house) == NAMES


def test_an_open_breaker_stays_open_over_a_restart(house, vendor):
    vendor.answer = says(b"", 500)
    polls(house, vendor, failures=2, pause=600)
    house.setting("alert_every", 1)
    house.start()
    until(lambda: (poll(house) or {}).get("breaker") == "open")
    until(lambda: b'bahi_alerts{code="poll.failing"} 1' in
          house.api("GET", "/metrics").body)
    house.stop()
    n = len(vendor.said)
    clock = Vendor()
    polls(house, clock, "clock")
    house.start()
    cycles(clock, 3)
    assert poll(house)["breaker"] == "open" and len(vendor.said) == n
    # A change of its file is a wish to try again.
    vendor.answer, vendor.items = vendor.by_token, ITEMS
    polls(house, vendor, failures=2, pause=600)
    good(house, 10)
    clock.close()


@pytest.mark.parametrize("status", [401, 403])
def test_who_is_not_let_in_stops_and_says_so(house, vendor, status):
    token = house.home / "polls" / "token"
    house.home.joinpath("polls").mkdir()

    def write(text):
        token.write_text(text + "\n")
        token.chmod(0o600)

    def guarded(handler, said):
        if said.headers["Authorization"] == "Bearer right":
            vendor.by_token(handler, said)
        else:
            handler.give(b"{}", status)
    vendor.items, vendor.answer = ITEMS, guarded
    write("wrong")
    polls(house, vendor, token="token")
    clock = Vendor()
    polls(house, clock, "clock")
    house.start()
    until(lambda: (poll(house) or {}).get("state") == "stopped")
    cycles(clock, 3)
    house.stop()
    house.start()
    cycles(clock, 3)
    assert len(vendor.said) == 1        # not asked again, not even by then
    one = poll(house)
    assert one["state"] == "stopped" and str(status) in one["why"]
    assert one["next_attempt"] is None
    assert metric(house, "bahi_poll_stopped") == 1
    assert house.read_log().count("poll.stopped") == 1
    write("right")
    polls(house, vendor, token="token")
    good(house, 10)
    assert numbers(house) == NAMES
    assert "wrong" not in house.read_log()
    clock.close()

# ---- whose server ----------------------------------------------------------


def test_a_redirect_within_the_host_is_followed(house, vendor):
    vendor.items = ITEMS
    vendor.troubles = [lambda handler, said: handler.give(
        b"", 307, Location="/moved"), None]
    polls(house, vendor)
    house.start()
    good(house, 10)
    assert [said.path for said in vendor.said[:3]] == [
        "/list", "/moved", "/list"]
    assert poll(house)["failures"] == 0


@pytest.mark.parametrize("how", ["redirect", "next", "port"])
def test_secrets_go_to_no_other_host(house, vendor, how):
    other = Vendor(ITEMS)
    there = other.url + "/list" if how == "port" else \
        other.url.replace("127.0.0.1", "localhost") + "/list"
    vendor.items = ITEMS
    if how == "next":
        vendor.answer = says(Vendor.body(ITEMS[:3], next=there))
    else:
        vendor.answer = lambda handler, said: handler.give(
            b"", 302, Location=there)
    secret = house.home / "token"
    secret.write_text("s3cret\n")
    secret.chmod(0o600)
    polls(house, vendor, token=secret)
    house.start()
    one = until(lambda: ((poll(house) or {}).get("attempts") or 0) >= 2 and
                poll(house))
    assert "another host" in one["why"] and cursor(house) == ""
    assert vendor.said[0].headers["Authorization"] == "Bearer s3cret"
    assert other.said == []
    house.check_books()
    other.close()


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
                    "-subj", "/CN=127.0.0.1", "-addext",
                    "subjectAltName=IP:127.0.0.1", "-keyout",
                    str(folder / "key"), "-out", str(folder / "cert")],
                   check=True, capture_output=True)
    return str(folder / "cert"), str(folder / "key")


def test_tls_is_verified(house, pair):
    vendor = Vendor(ITEMS, tls=pair)
    headers = house.home / "headers"
    headers.write_text("# two of them\nX-Api-Key: k3y\nX-Shop: 7\n")
    headers.chmod(0o600)
    polls(house, vendor, headers=headers)
    house.start()
    one = until(lambda: (poll(house) or {}).get("state") == "retrying" and
                poll(house))
    assert "certificate" in one["why"].lower(), one
    assert vendor.said == []
    polls(house, vendor, headers=headers, ca=pair[0])
    good(house, 10)
    assert vendor.said[0].headers["X-Api-Key"] == "k3y"
    assert vendor.said[0].headers["X-Shop"] == "7"
    assert "k3y" not in house.read_log()
    vendor.close()

# ---- settings --------------------------------------------------------------


@pytest.mark.parametrize("settings,why", [
    ({"evry": 3}, "evry"), ({"every": 0}, "every"), ({"topic": None}, "topic"),
    ({"url": "http://192.0.2.1/"}, "https only"),
    ({"url": "ftp://127.0.0.1/"}, "https only"),
    ({"url": "https://u:p@example.com/"}, "user and password"),
    ({"url": "nothing"}, "URL"), ({"url": None}, "URL"),
    ({"next": None}, "next"), ({"cursor": "page", "parameter": None}, "page"),
    ({"cursor": "since"}, "since"), ({"cursor": "magic"}, "magic"),
    ({"key": "{header:x}"}, "body:PATH"), ({"topic": "{body:a"}, "body:PATH"),
    ({"source": "No Name"}, "source"), ({"token": "/nowhere"}, "/nowhere"),
    ({"headers": "bad"}, "Name: value"), ({"token": "open"}, "chmod 600")])
def test_settings_that_are_of_no_use_are_said(house, vendor, settings, why):
    house.home.joinpath("polls").mkdir()
    for name, mode in (("bad", 0o600), ("open", 0o644)):
        path = house.home / "polls" / name
        path.write_text("no header\n")
        path.chmod(mode)
    polls(house, vendor, **settings)
    house.start()
    one = until(lambda: poll(house))
    until(lambda: poll(house)["state"] == "stopped")
    assert why in poll(house)["why"], one
    assert vendor.said == []
    vendor.items = ITEMS
    polls(house, vendor)
    good(house, 10)
    assert house.read_log().count("poll.refused") == 1


def test_polls_come_and_go_with_their_files(house, vendor):
    vendor.items = ITEMS
    house.start()
    assert house.get("/v1/status")["polls"] == []
    path = polls(house, vendor)
    (house.home / "polls" / "Not a name.conf").write_text("x")
    (house.home / "polls" / "notes.txt").write_text("x")
    good(house, 10)
    path.unlink()
    until(lambda: house.get("/v1/status")["polls"] == [])
    n = len(vendor.said)
    clock = Vendor()
    path = polls(house, clock, "clock")
    cycles(clock, 3)
    assert len(vendor.said) == n
    house.stop()
    path.unlink()
    # It comes back where it was.
    polls(house, vendor)
    house.start()
    until(lambda: len(vendor.said) > n)
    assert vendor.said[n].query["after"] == "9"
    until(lambda: [one["name"] for one in house.get("/v1/status")["polls"]]
          == ["pos"])
    # Another list: its cursor is none of that one.
    n = len(vendor.said)
    polls(house, vendor, url=vendor.url + "/other")
    said = until(lambda: [one for one in vendor.said if one.path == "/other"])
    assert "after" not in said[0].query
    good(house, 10)
    assert numbers(house) == NAMES
    clock.close()


def test_two_polls_of_one_source_go_side_by_side(house, vendor):
    other = Vendor(ITEMS[5:])
    vendor.items = ITEMS[:5]
    polls(house, vendor, "east", source="pos")
    polls(house, other, "west", source="pos")
    house.start()
    good(house, 10, "east")
    good(house, 10, "west")
    assert numbers(house) == NAMES
    other.close()

# ---- kills -----------------------------------------------------------------


@pytest.mark.parametrize("point", [
    "poll.before_cursor", "poll.after_cursor", "settle.before_commit",
    "settle.after_commit", "settle.after_event"])
def test_a_kill_anywhere_loses_and_doubles_nothing(house, vendor, point):
    vendor.items = ITEMS
    polls(house, vendor)
    for _ in range(3):
        start_to_die(house, point)
    house.start()
    good(house, 10)
    states = house.check_books()["states"]
    assert states["posted"] == 10
    assert states["received"] == 10 + states["duplicate"]
    assert numbers(house) == NAMES
    house.stop()
    house.prove()


def start_to_die(house, point):
    try:
        house.start(BAHI_CRASH=point)
    except AssertionError:
        if house.process.poll() is None:
            raise
    house.died()


def test_a_kill_between_two_pages(house, vendor):
    vendor.items = ITEMS
    for page in range(1, 4):
        gone = threading.Event()

        def hang(handler, said):
            gone.wait(60)
            handler.close_connection = True
        vendor.said.clear()
        vendor.troubles = [None, hang]
        polls(house, vendor)
        house.start()
        until(lambda: len(vendor.said) >= 2)
        house.kill()
        gone.set()
        assert cursor(house) == str(3 * page)
    vendor.troubles = []
    house.start()
    good(house, 10)
    states = house.check_books()["states"]
    assert states["posted"] == 10
    assert numbers(house) == NAMES
    house.stop()
    house.prove()


def test_it_stops_at_once_while_a_page_is_on_its_way(house, vendor):
    gone = threading.Event()

    def hang(handler, said):
        gone.wait(100)
        handler.close_connection = True
    vendor.answer = hang
    polls(house, vendor, timeout=600)
    house.start()
    until(lambda: vendor.said)
    house.stop()                        # within its 30 seconds
    gone.set()
