"""What is wrong reaches people: once, to the end, and whatever is sent."""
import base64
import datetime
import email
import email.policy
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import socket
import sqlite3
import ssl
import subprocess
import threading
import time

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from house import house, sale  # noqa: F401  (a fixture)
from test_masters import bahi

IST = datetime.timezone(datetime.timedelta(hours=5, minutes=30))


def wait(test, seconds=30):
    """What test() gives, once it gives something."""
    end = time.monotonic() + seconds
    while True:
        got = test()
        if got:
            return got
        assert time.monotonic() < end, "not in time"
        time.sleep(0.02)


class Mailbox:
    """A real mail server in a thread; what it took, as it came."""

    def __init__(self, port=0, **options):
        self.raw, self.rcpts, self.options = [], [], options
        self.refuse = None
        if port == 0:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = probe.getsockname()[1]
        self.port = port
        self.controller = None

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address == self.refuse:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.raw.append(envelope.content)
        self.rcpts.append(list(envelope.rcpt_tos))
        return "250 OK"

    def open(self):
        self.controller = Controller(self, hostname="127.0.0.1",
                                     port=self.port, **self.options)
        self.controller.start()
        return self

    def close(self):
        if self.controller is not None:
            self.controller.stop()
            self.controller = None

    @property
    def mails(self):
        return [email.message_from_bytes(raw, policy=email.policy.default)
                for raw in self.raw]

    def titles(self):
        return [mail["Subject"] for mail in self.mails]


@pytest.fixture
def mailbox():
    one = Mailbox().open()
    yield one
    one.close()


def by_mail(house, mailbox):
    house.setting("alert_mail_to", "cfo@example.in")
    house.setting("alert_mail_from", "bahi@books.example.in")
    house.setting("alert_smtp", "smtp://127.0.0.1:%d" % mailbox.port)


def quick(house):
    house.setting("consistency", 0)     # which would tell what they break
    house.setting("alert_every", 1)
    house.setting("log", "debug")
    house.setting("alert_calm", 0)
    # Whatever disk this runs on: only what a test breaks is wrong.
    house.setting("alert_disk", 0)


def by_command(house, text):
    path = house.dir / "notify"
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    house.setting("alert_command", "%s fixed $HOME" % path)
    return path


def edit(house, sql, *values):
    """Somebody with a file, while bahid is stopped."""
    db = sqlite3.connect(house.home / "bahi.db")
    rows = db.execute(sql, values).fetchall()
    db.commit()
    db.close()
    return rows


def lose_one(house, source="pos"):
    edit(house, "UPDATE tally SET n = n - 1 WHERE source = ? AND"
         " state <> 'received'", source)


def find_one(house, source="pos"):
    edit(house, "UPDATE tally SET n = n + 1 WHERE source = ? AND"
         " state <> 'received'", source)


def alerts(house, state=None):
    query = "?state=" + state if state else ""
    return {(a["code"], a["subject"]): a
            for a in house.get("/v1/alerts" + query)["items"]}


def sent(house):
    return house.get("/v1/alerts/sent?limit=500")["items"]


def delivered(house):
    return [s for s in sent(house) if s["outcome"] == "sent"]


def settle(house):
    """Two more looks are done, and what they found was tried to send."""
    before = house.read_log().count(" alert.looked ")
    wait(lambda: house.read_log().count(" alert.looked ") >= before + 2)
    wait(lambda: edit(house, "SELECT count(*) FROM alert_out"
                      " WHERE attempts = 0") == [(0,)])


# ---- once, and to the end --------------------------------------------------

def test_a_lost_event_is_told_once_and_its_end_too(house, mailbox):
    quick(house)
    by_mail(house, mailbox)
    house.start()
    assert house.post("pos", sale("A"), "msg_a").status == 201
    house.stop()
    lose_one(house)
    house.start()
    wait(lambda: mailbox.mails)
    settle(house)
    [mail] = mailbox.mails
    assert mailbox.rcpts == [["cfo@example.in"]]
    assert "Events of pos are lost or doubled" in mail["Subject"]
    assert mail["To"] == "cfo@example.in"
    text = mail.get_content()
    assert "the counts differ by 1" in text and "What to do: Stop" in text
    assert "conservation.broken" in text
    [one] = alerts(house, "raised").values()
    assert one["code"] == "conservation.broken" and one["subject"] == "pos"
    assert one["sent_at"] is not None and one["urgent"] is True
    metrics = house.api("GET", "/metrics").body.decode()
    assert 'bahi_alerts{code="conservation.broken"} 1' in metrics
    assert 'bahi_alerts{code="disk.low"} 0' in metrics

    house.stop()        # a new start is no news
    house.start()
    settle(house)
    assert len(mailbox.mails) == 1

    house.stop()
    find_one(house)
    house.start()
    wait(lambda: len(mailbox.mails) == 2)
    settle(house)
    _, over = mailbox.mails
    assert over["Subject"].startswith("[bahi] Over: ")
    assert over["Message-ID"] != mail["Message-ID"]
    assert alerts(house, "raised") == {}
    assert alerts(house)["conservation.broken", "pos"]["state"] == "recovered"
    assert [s["channel"] for s in delivered(house)] == ["mail", "mail"]
    assert len(mailbox.mails) == 2


def test_a_late_flow_and_old_events(house, mailbox):
    quick(house)
    by_mail(house, mailbox)
    now = datetime.datetime(2026, 10, 5, 12, 0, tzinfo=IST)
    house.start(BAHI_CLOCK=now.isoformat())
    at = now.timestamp()
    assert house.post("pos", sale("A", store="STORE-THN"), "msg_a",
                      at=at).status == 202
    settle(house)
    assert mailbox.mails == []
    house.stop()

    later = now + datetime.timedelta(minutes=61)
    house.start(BAHI_CLOCK=later.isoformat())
    wait(lambda: mailbox.mails)
    settle(house)
    [mail] = mailbox.mails
    assert "The flow pos" in mail["Subject"] and "late" in mail["Subject"]
    assert "1 (2026-10-05 12:00 IST)" in mail.get_content()
    assert mail["Date"].datetime == later
    house.stop()

    old = now + datetime.timedelta(hours=49)
    house.start(BAHI_CLOCK=old.isoformat())
    wait(lambda: len(mailbox.mails) == 3)
    settle(house)
    # The lateness again, as a day has gone by; the age for the first time.
    assert sorted(t.split(":")[0] for t in mailbox.titles()[1:]) == \
        ["[bahi] Alert", "[bahi] Still"]
    assert ("events.aging", "pos/failed") in alerts(house, "raised")
    [cause] = house.get("/v1/signatures")["items"]
    answer = house.api("POST", "/v1/decisions", {
        "action": "dismiss", "signature": cause["id"], "reason": "a test"},
        {"Idempotency-Key": "k1", "Content-Type": "application/json"})
    assert answer.status == 200, answer.body
    wait(lambda: len(mailbox.mails) == 5)
    settle(house)
    assert [t.split(":")[0] for t in mailbox.titles()[3:]] == \
        ["[bahi] Over"] * 2
    assert alerts(house, "raised") == {}


FLOW = ("source,kind,entity,pattern,window,latency,owner,objective,wait,"
        "control\n%s,*,*,realtime,%s,%s,finance,%s,,normal\n")


def flow(house, source, window="", latency="", objective=""):
    answer = house.api("POST", "/v1/reference/flow", (
        FLOW % (source, window, latency, objective)).encode())
    assert answer.status == 200, answer.body


def test_each_flow_has_its_own_objective(house):
    quick(house)
    now = datetime.datetime(2026, 10, 5, 20, 0, tzinfo=IST)
    house.start(BAHI_CLOCK=now.isoformat())
    flow(house, "pos", latency=600)
    flow(house, "razorpay", latency=1, objective=30)
    at = now.timestamp()
    for source in ("pos", "razorpay"):
        assert house.post(source, sale("A", store="STORE-THN"), "msg_a",
                          at=at).status == 202
    for minutes, late in ((9, set()), (11, {"pos"}),
                          (31, {"pos", "razorpay"})):
        house.stop()
        then = now + datetime.timedelta(minutes=minutes)
        house.start(BAHI_CLOCK=then.isoformat())
        settle(house)
        assert {subject.split("/")[0]
                for _, subject in alerts(house, "raised")} == late


def test_what_waits_for_its_window_is_not_late(house):
    quick(house)
    now = datetime.datetime(2026, 10, 5, 20, 0, tzinfo=IST)
    house.start(BAHI_CLOCK=now.isoformat())
    flow(house, "pos", window="09:00-18:00")
    at = now.timestamp()
    for key, store in (("msg_a", "STORE-MUM"), ("msg_b", "STORE-THN")):
        assert house.post("pos", sale(key, store=store), key,
                          at=at).status == 202
    states = {e["state"] for e in house.get("/v1/events")["items"]}
    assert states == {"waiting", "failed"}
    house.stop()
    house.start(BAHI_CLOCK="2026-10-06T02:00:00+05:30")
    settle(house)
    [one] = alerts(house, "raised").values()
    assert one["code"] == "flow.late" and one["value"].startswith("1 (")


def test_a_paused_source_is_told_until_it_is_resumed(house, mailbox):
    quick(house)
    by_mail(house, mailbox)
    house.start()
    house.stop()
    now = int(time.time() * 1000000)
    edit(house, "INSERT INTO sender VALUES ('pos', 0, 1000, ?)", now)
    house.start()
    assert house.post("pos", sale("A"), "msg_a").status == 202
    wait(lambda: mailbox.mails)
    assert "The source pos is paused" in mailbox.mails[0].get_content()
    house.stop()
    edit(house, "UPDATE sender SET paused = NULL")
    house.start()
    wait(lambda: len(mailbox.mails) == 2)
    assert alerts(house, "raised") == {}


def test_drift_is_told_until_it_is_mapped(house, mailbox):
    quick(house)
    by_mail(house, mailbox)
    house.start()
    house.stop()
    now = int(time.time() * 1000000)
    for n in range(3):
        edit(house, "INSERT INTO drift VALUES ('shopify', 'item', ?, 1, ?,"
             " ?)", "SKU-%d" % n, now, now)
    edit(house, "INSERT INTO drift VALUES ('shopify', 'item', 'OLD', 1, ?,"
         " ?)", now - 8 * 86400 * 10**6, now - 8 * 86400 * 10**6)
    house.start()
    wait(lambda: mailbox.mails)
    [one] = alerts(house, "raised").values()
    assert (one["code"], one["subject"], one["value"]) == (
        "drift.found", "shopify/item", "3 (SKU-0)")
    rows = "".join("shopify,item,SKU-%d,KUR-COT-S\n" % n for n in range(3))
    answer = house.api("POST", "/v1/reference/mapping", (
        "source,dimension,from,to\n" + rows).encode())
    assert answer.status == 200, answer.body
    wait(lambda: len(mailbox.mails) == 2)
    assert alerts(house, "raised") == {}


def test_what_is_oversold_is_told(house, mailbox):
    quick(house)
    by_mail(house, mailbox)
    house.start()
    house.stop()
    for item, hand, promised, tracked in (("A", 1000, 2500, 1),
                                          ("B", 2000, 2000, 1),
                                          ("C", -1000, 0, 0)):
        edit(house, "INSERT INTO stock VALUES ('IN01', ?, 'MUM', ?, ?, 0,"
             " ?)", item, hand, promised, tracked)
    house.start()
    wait(lambda: mailbox.mails)
    settle(house)
    [one] = alerts(house, "raised").values()
    assert (one["code"], one["subject"], one["value"]) == (
        "stock.oversold", "IN01/A/MUM", "1.5")


def test_a_full_disk_is_told(house, mailbox):
    quick(house)
    by_mail(house, mailbox)
    house.setting("alert_disk", 1000000000)
    house.start()
    wait(lambda: mailbox.mails)
    assert "nearly full" in mailbox.mails[0].get_content()


def test_refusals_of_a_full_queue_are_told(house, mailbox):
    quick(house)
    by_mail(house, mailbox)
    house.setting("queue", 16)
    house.start()
    settle(house)
    assert mailbox.mails == []
    batch = [{"specversion": "1.0", "id": "e%d" % n, "source": "/t",
              "type": "x", "data": {}} for n in range(17)]
    answer = house.api("POST", "/v1/events", batch, {
        "Content-Type": "application/cloudevents-batch+json"})
    assert answer.status == 503, answer.body
    wait(lambda: len(mailbox.mails) == 2)   # and it is over again
    assert "since the queue was full: 17." in \
        " ".join(mailbox.mails[0].get_content().split())
    assert mailbox.titles()[1].startswith("[bahi] Over: ")


def test_a_broken_chain_is_told_and_does_not_mend_itself(house, mailbox):
    quick(house)
    by_mail(house, mailbox)
    house.start()
    for n in range(5):
        house.post("pos", sale("A%d" % n), "msg_%d" % n)
    house.stop()
    edit(house, "DROP TRIGGER audit_kept")
    edit(house, "UPDATE audit SET actor = 'nobody' WHERE seq = 3")
    house.start()
    wait(lambda: mailbox.mails)
    settle(house)
    assert len(mailbox.mails) == 1
    assert "audit row 3 is broken" in mailbox.mails[0].get_content()
    house.stop()
    house.start()       # verified anew: nothing is said before it is known
    settle(house)
    assert len(mailbox.mails) == 1
    assert list(alerts(house, "raised"))[0][0] == "audit.broken"


def test_a_chain_cut_behind_what_was_verified(house, mailbox):
    """The last row goes while bahid runs: what is in memory knows it."""
    quick(house)
    by_mail(house, mailbox)
    house.start()
    house.post("pos", sale("A"), "msg_a")
    # Rows that were left before it started are chained by now, too.
    wait(lambda: edit(house, "SELECT count(*) FROM audit_left") == [(0,)])
    settle(house)
    assert mailbox.mails == []
    edit(house, "DROP TRIGGER audit_stays")
    edit(house, "DELETE FROM audit WHERE seq ="
         " (SELECT max(seq) FROM audit)")
    wait(lambda: mailbox.mails)
    assert "is not as it was" in mailbox.mails[0].get_content()


# ---- quiet hours -----------------------------------------------------------

def test_quiet_hours_hold_back_what_is_not_urgent(house, mailbox):
    quick(house)
    by_mail(house, mailbox)
    house.setting("alert_quiet", "22:00-07:00")
    evening = datetime.datetime(2026, 10, 5, 21, 0, tzinfo=IST)
    house.start(BAHI_CLOCK=evening.isoformat())
    for source in ("pos", "razorpay"):
        assert house.post(source, sale("A", store="STORE-THN"), "msg_a",
                          at=evening.timestamp()).status == 202
    house.stop()
    lose_one(house)
    night = datetime.datetime(2026, 10, 5, 23, 30, tzinfo=IST)
    house.start(BAHI_CLOCK=night.isoformat())
    wait(lambda: mailbox.mails)
    wait(lambda: len(alerts(house, "raised")) == 3)
    settle(house)
    [urgent] = mailbox.mails
    assert "lost or doubled" in urgent["Subject"]
    held = [a for a in alerts(house, "raised").values() if a["held"]]
    assert [a["code"] for a in held] == ["flow.late", "flow.late"]
    assert all(a["sent_at"] is None for a in held)
    house.stop()

    morning = datetime.datetime(2026, 10, 6, 7, 0, tzinfo=IST)
    house.start(BAHI_CLOCK=morning.isoformat())
    wait(lambda: len(mailbox.mails) == 2)
    settle(house)
    assert len(mailbox.mails) == 2
    digest = mailbox.mails[1]
    assert digest["Subject"] == "[bahi] Alerts: 2"
    text = digest.get_content()
    assert "pos" in text and "razorpay" in text
    assert text.count("Known as: flow.late") == 2
    assert not any(a["held"] for a in alerts(house).values())
    # The log has each of them.
    [of_digest] = {s["message"] for s in delivered(house)} - \
        {urgent["Message-ID"][1:].split("@")[0]}
    assert len([s for s in delivered(house)
                if s["message"] == of_digest]) == 2


# ---- delivery --------------------------------------------------------------

def broken_house(house):
    quick(house)
    house.start()
    assert house.post("pos", sale("A"), "msg_a").status == 201
    house.stop()
    lose_one(house)


def test_a_mail_server_that_was_down(house):
    broken_house(house)
    mailbox = Mailbox()
    by_mail(house, mailbox)
    house.start()
    wait(lambda: [s for s in sent(house) if s["outcome"] != "sent"])
    one = alerts(house)["conservation.broken", "pos"]
    assert one["sent_at"] is None and one["attempts"] >= 1 and one["why"]
    mailbox.open()
    try:
        wait(lambda: delivered(house), 60)
        settle(house)
        assert len(mailbox.mails) == 1
        assert len(delivered(house)) == 1
        one = alerts(house)["conservation.broken", "pos"]
        assert one["sent_at"] is not None and one["why"] == ""
    finally:
        mailbox.close()


@pytest.mark.parametrize("point,least", [("aside.after_commit", 1),
                                         ("alert.delivered", 2)])
def test_killed_before_or_after_it_was_sent(house, mailbox, point, least):
    broken_house(house)
    by_mail(house, mailbox)
    kept = [(0,)]
    while kept == [(0,)]:       # another commit of a beat came first
        try:
            house.start(BAHI_CRASH=point)
        except AssertionError:
            pass        # it was gone before it was ready
        assert house.died() == -9
        kept = edit(house, "SELECT count(*) FROM alert_out")
    assert kept == [(1,)]
    assert len(mailbox.mails) == least - 1
    house.start()
    wait(lambda: delivered(house))
    settle(house)
    assert len(mailbox.mails) == least
    assert len({m["Message-ID"] for m in mailbox.mails}) == 1
    assert len(set(mailbox.raw)) == 1
    assert edit(house, "SELECT count(*) FROM alert_out") == [(0,)]


def test_one_bad_address_holds_up_nobody(house, mailbox):
    broken_house(house)
    by_mail(house, mailbox)
    house.setting("alert_mail_to", "gone@example.in, cfo@example.in,"
                  "cfo@example.in")
    mailbox.refuse = "gone@example.in"
    house.start()
    wait(lambda: mailbox.mails)
    wait(lambda: [s for s in sent(house) if s["to"] == "gone@example.in"])
    assert mailbox.rcpts == [["cfo@example.in"]]
    [bad, *_] = [s for s in sent(house) if s["to"] == "gone@example.in"]
    assert "550" in bad["outcome"]
    house.stop()
    house.setting("alert_mail_to", "cfo@example.in")
    house.start()       # taken out of the settings: no longer tried
    wait(lambda: any("configured no more" in s["outcome"]
                     for s in sent(house)))
    settle(house)
    assert edit(house, "SELECT count(*) FROM alert_out") == [(0,)]
    assert len(mailbox.mails) == 1


def certificate(folder):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
         "-days", "30", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout",
         str(folder / "key.pem"), "-out", str(folder / "cert.pem")],
        check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def test_a_password_goes_only_where_the_certificate_is_good(house):
    seen = []

    def authenticate(server, session, envelope, mechanism, data):
        seen.append((mechanism, data, session.ssl is not None))
        good = isinstance(data, LoginPassword) and \
            data.password == b"pass:word"
        return AuthResult(success=good)

    broken_house(house)
    mailbox = Mailbox(tls_context=certificate(house.dir),
                      require_starttls=True, auth_required=True,
                      authenticator=authenticate).open()
    by_mail(house, mailbox)
    secret = house.dir / "smtp"
    secret.write_text("bahi:pass:word\n")
    house.setting("alert_smtp_secret", secret)
    secret.chmod(0o644)
    refused = house.run("run", check=False)
    assert refused.returncode != 0 and "others can read" in refused.stderr
    secret.chmod(0o600)
    try:
        house.start()
        wait(lambda: sent(house))
        assert seen == [] and mailbox.mails == []
        assert "certificate" in sent(house)[0]["outcome"]
        house.stop()
        house.setting("alert_ca", house.dir / "cert.pem")
        house.start()
        wait(lambda: mailbox.mails)
        assert seen and all(tls for _, _, tls in seen)
        assert "pass:word" not in house.read_log()
    finally:
        mailbox.close()


class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, self.headers, body))
        status = self.server.answers.pop(0) if self.server.answers else 204
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def hook():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    server.got, server.answers = [], []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_webhook_is_signed_and_sent_again(house, hook):
    broken_house(house)
    key = os.urandom(24)
    secret = house.dir / "whsec"
    secret.write_text("whsec_" + base64.b64encode(key).decode())
    secret.chmod(0o600)
    house.setting("alert_webhook", "http://127.0.0.1:%d/in/T0KEN"
                  % hook.server_port)
    house.setting("alert_webhook_secret", secret)
    hook.answers += [503, 302]
    house.start()
    wait(lambda: len(hook.got) == 3)
    wait(lambda: delivered(house))
    settle(house)
    assert len(hook.got) == 3
    ids = {headers["webhook-id"] for _, headers, _ in hook.got}
    assert len(ids) == 1 and {path for path, _, _ in hook.got} == \
        {"/in/T0KEN"}
    for _, headers, body in hook.got:
        at = headers["webhook-timestamp"]
        assert abs(int(at) - time.time()) < 300
        mac = hmac.new(key, b".".join([headers["webhook-id"].encode(),
                                       at.encode(), body]), hashlib.sha256)
        assert headers["webhook-signature"] == \
            "v1," + base64.b64encode(mac.digest()).decode()
        assert headers["Content-Type"] == "application/json"
        said = json.loads(body)
        assert said["type"] == "alert.raised"
        [one] = said["data"]["alerts"]
        assert one["code"] == "conservation.broken"
        assert one["subject"] == "pos" and one["value"] == "1"
    assert all("T0KEN" not in s["to"] for s in sent(house))
    assert "answer 503" in {s["outcome"] for s in sent(house)}
    # Whoever takes our webhooks as we take others' is satisfied.
    house.run("source", "add", "ours", "standard")
    own = house.home / "secrets" / "ours"
    own.write_text(secret.read_text())
    _, headers, body = hook.got[-1]
    connection = house.connect()
    connection.request("POST", "/v1/hooks/ours", body, {
        name: headers[name] for name in (
            "webhook-id", "webhook-timestamp", "webhook-signature",
            "Content-Type")})
    assert connection.getresponse().status == 202


EVIL = "e\"vil'; $(touch owned) `touch owned`\n& \x1b[31m<b> %s %n \u202e"


def test_a_command_is_told_without_a_shell(house):
    broken_house(house)
    edit(house, "INSERT INTO tally VALUES (?, 'received', 7)", EVIL)
    out = house.dir / "out"
    out.mkdir()
    by_command(house, 'cd %s || exit 1\n'
               'cat > "$ALERT_ID.json"\n'
               'printf "%%s\\n" "$@" > args\n'
               'env > "$ALERT_ID.env"\n'
               'ls /proc/self/fd | wc -l > fds\n' % out)
    house.start()
    wait(lambda: len(delivered(house)) == 2)
    settle(house)
    said = [json.loads(p.read_text()) for p in out.glob("*.json")]
    assert len(said) == 2
    subjects = {s["data"]["alerts"][0]["subject"] for s in said}
    assert subjects == {"pos", EVIL}
    assert (out / "args").read_text() == "fixed\n$HOME\n"
    for path in out.glob("*.env"):
        names = {line.split("=")[0]
                 for line in path.read_text().splitlines()}
        assert names <= {"PATH", "ALERT_ID", "ALERT_TYPE", "ALERT_CODE",
                         "ALERT_TITLE", "ALERT_SIGNATURES", "PWD", "OLDPWD",
                         "SHLVL", "_"}, names
        assert "ALERT_CODE=conservation.broken\n" in path.read_text()
        assert "\x1b" not in path.read_text()
    # 0, 1, 2 and what ls itself opens.
    assert int((out / "fds").read_text()) <= 4
    assert list(house.dir.rglob("owned")) == []
    assert not pathlib.Path("/owned").exists()
    assert not pathlib.Path("owned").exists()


def test_no_text_makes_a_header(house, mailbox):
    broken_house(house)
    edit(house, "INSERT INTO tally VALUES (?, 'received', 7)",
         "x\r\nBcc: thief@example.in\r\n\r\nHello \u0928\u092e\u0938\u094d"
         "\u0924\u0947 " + "y" * 150)
    find_one(house)
    by_mail(house, mailbox)
    house.start()
    wait(lambda: mailbox.mails)
    [mail] = mailbox.mails
    assert mailbox.rcpts == [["cfo@example.in"]]
    assert mail["Bcc"] is None
    assert "x^M^JBcc: thief@example.in" in mail["Subject"]
    assert "\u0928\u092e\u0938\u094d\u0924\u0947" in mail["Subject"]
    assert sorted(mail.keys()) == sorted([
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted",
        "MIME-Version", "Content-Type", "Content-Transfer-Encoding"])
    assert all(len(line) <= 78 and all(b < 128 for b in line)
               for line in mailbox.raw[0].split(b"\r\n"))
    assert "\nBcc" not in mail.get_content()


def test_a_command_that_hangs_is_killed_with_its_children(house):
    broken_house(house)
    mark = house.dir / "pids"
    by_command(house, 'sleep 600 & echo $$ $! >> %s\nwait\n' % mark)
    house.start()
    wait(lambda: any("killed after" in s["outcome"] for s in sent(house)),
         60)
    pids = mark.read_text().splitlines()[0].split()
    for pid in pids:
        stat_path = pathlib.Path("/proc/%s/stat" % pid)
        wait(lambda: not stat_path.exists() or
             stat_path.read_text().split()[2] == "Z")
    assert alerts(house)["conservation.broken", "pos"]["sent_at"] is None
    house.stop()


def test_stopping_does_not_wait_for_a_command(house):
    broken_house(house)
    mark = house.dir / "pids"
    by_command(house, 'echo $$ >> %s\nexec sleep 600\n' % mark)
    house.start()
    wait(lambda: mark.exists() and mark.read_text())
    house.stop()        # fails when it takes more than 30 seconds
    assert edit(house, "SELECT count(*) FROM alert_out") == [(1,)]


def test_many_at_once_are_one_digest(house, mailbox):
    broken_house(house)
    for n in range(30):
        edit(house, "INSERT INTO tally VALUES (?, 'received', 1)",
             "s%02d" % n)
    by_mail(house, mailbox)
    house.start()
    wait(lambda: mailbox.mails)
    settle(house)
    [mail] = mailbox.mails
    assert mail["Subject"] == "[bahi] Alerts: 31"
    assert len(delivered(house)) == 31


def test_pages(house):
    broken_house(house)
    for n in range(7):
        edit(house, "INSERT INTO tally VALUES (?, 'received', 1)", "s%d" % n)
    house.start()
    wait(lambda: len(alerts(house)) == 8)
    got, after = [], ""
    while after is not None:
        page = house.get("/v1/alerts?limit=3&after=" + after)
        got += [a["id"] for a in page["items"]]
        after = page["next"]
    assert got == ["A%d" % n for n in range(8, 0, -1)]
    assert house.get("/v1/alerts?state=recovered")["items"] == []
    assert house.api("GET", "/v1/alerts?state=old").status == 400
    assert house.api("GET", "/v1/alerts?after=E1").status == 400
    assert sent(house) == []        # no channel: shown, and sent to nobody


def test_the_verb(house, mailbox):
    broken_house(house)
    by_mail(house, mailbox)
    house.start()
    wait(lambda: delivered(house))
    out = bahi(house, "alerts")
    assert out.returncode == 0, out.stderr
    assert "Events of pos are lost or doubled" in out.stdout
    assert bahi(house, "alerts", "state=recovered").returncode == 1
    assert bahi(house, "alerts", "colour=red").returncode == 2
    out = bahi(house, "alerts", "sent", "limit=5")
    assert "cfo@example.in" in out.stdout and "sent" in out.stdout
    said = json.loads(bahi(house, "alerts", "--json").stdout)
    assert said["items"][0]["code"] == "conservation.broken"


@pytest.mark.parametrize("settings,said", [
    ({"alert_mail_to": "x@y.in\\n"}, "alert_mail_from"),
    ({"alert_mail_to": "a b", "alert_mail_from": "a@b.in",
      "alert_smtp": "smtp://localhost"}, "no address"),
    ({"alert_mail_to": "a@b.in", "alert_mail_from": "<a@b.in>",
      "alert_smtp": "smtp://localhost"}, "no address"),
    ({"alert_mail_to": "a@b.in", "alert_mail_from": "a@b.in",
      "alert_smtp": "http://localhost"}, "smtp://"),
    ({"alert_mail_to": "a@b.in", "alert_mail_from": "a@b.in",
      "alert_smtp": "smtp://u:p@localhost"}, "secret file"),
    ({"alert_webhook": "http://example.in/"}, "https://"),
    ({"alert_webhook": "file:///etc/passwd"}, "https://"),
    ({"alert_webhook": "https://example.in/"}, "alert_webhook_secret"),
    ({"alert_command": "sh -c true"}, "absolute path"),
    ({"alert_command": "/nowhere/at/all"}, "absolute path"),
    ({"alert_quiet": "22:00-24:00"}, "alert_quiet"),
    ({"alert_quiet": "10-12"}, "alert_quiet"),
])
def test_wrong_settings_are_refused_at_the_start(house, settings, said):
    for name, value in settings.items():
        house.setting(name, value)
    done = house.run("run", check=False)
    assert done.returncode != 0 and said in done.stderr, done.stderr
