"""A second factor where master data says so: not only for approvals. And what
helps when the telephone is lost."""
import base64
import hashlib
import hmac
import os
import pwd
import struct
import subprocess
import sys
import time

import pytest

from house import database, House, ROOT, sale

sys.path.insert(0, str(ROOT / "tests" / "console"))
from terminal import Terminal  # noqa: E402

BAHI = os.environ.get("BAHI", str(ROOT / "build" / "bahi"))
ME = pwd.getpwuid(os.geteuid()).pw_name


def code_at(secret, at):
    mac = hmac.new(base64.b32decode(secret),
                   struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    n = mac[19] & 15
    return "%06d" % ((struct.unpack(">I", mac[n:n + 4])[0] & 0x7fffffff)
                     % 1000000)


class Guarded(House):
    def __init__(self):
        super().__init__()
        self.shown = self.run("totp", "enrol", ME).stdout
        uri = [line for line in self.shown.splitlines()
               if line.startswith("otpauth://")][0]
        self.totp = uri.split("secret=")[1].split("&")[0]
        self.codes = [line.strip() for line in self.shown.splitlines()
                      if line.startswith("  ") and line.count("-") == 3]

    def guard(self, act, entity="*", minutes="", amount="", check=True):
        answer = self.api("POST", "/v1/reference/policy", (
            "policy,kind,entity,amount,second,third,role,expires\n"
            "second_factor,%s,%s,%s,,,controller,%s\n" %
            (act, entity, amount, minutes)).encode(),
            {"Content-Type": "text/csv"})
        assert not check or answer.status in (200, 201), answer.body
        return answer

    def say(self, path, body, code=None, method="POST"):
        return self.api(method, path, body,
                        {"Second-Factor": code} if code else None)


@pytest.fixture(scope="module")
def house():
    one = Guarded()
    one.start()
    assert one.post("pos", sale("N1"), "msg_1").status == 201
    yield one
    one.close()


def wanting(answer):
    return answer.status == 403 and answer.json["code"] == "second_factor"


SOFT = {"entity": "IN01", "period": "2026-09"}


def test_enrolling_shows_ten_codes_once(house):
    assert len(set(house.codes)) == 10
    kept = (house.home / "totp" / ME).read_text()
    assert not any(code in kept for code in house.codes)
    assert len(kept.split()) == 4 + 10


def test_what_is_not_guarded_asks_for_nothing(house):
    assert not wanting(house.say("/v1/close/soft", {}))


def test_it_is_asked_for_and_good_once(house):
    house.guard("close", "IN01")
    assert wanting(house.say("/v1/close/soft", SOFT))
    # Of another company nobody said so.
    assert not wanting(house.say("/v1/close/soft",
                                 dict(SOFT, entity="IN02")))
    assert wanting(house.say("/v1/close/soft", SOFT, "000000"))
    code = code_at(house.totp, time.time())
    assert not wanting(house.say("/v1/close/soft", SOFT, code))
    assert wanting(house.say("/v1/close/soft", SOFT, code))     # a replay
    # Clocks may differ by one step, not by more.
    assert wanting(house.say("/v1/close/soft", SOFT,
                             code_at(house.totp, time.time() - 300)))
    assert not wanting(house.say("/v1/close/soft", SOFT,
                                 code_at(house.totp, time.time() + 30)))


def test_a_recovery_code_is_good_once_and_in_the_audit(house):
    assert not wanting(house.say("/v1/close/soft", SOFT, house.codes[0]))
    assert wanting(house.say("/v1/close/soft", SOFT, house.codes[0]))
    end = time.monotonic() + 30
    while True:
        with database(house.home / "bahi.db") as db:
            rows = db.execute("SELECT actor, new FROM audit WHERE"
                              " action = 'recovery_code'").fetchall()
        if rows:
            break
        assert time.monotonic() < end
        time.sleep(0.05)
    assert rows == [(ME, "used left=9")]
    # The totp file knows of nine; new ones end them all.
    assert len((house.home / "totp" / ME).read_text().split()) == 4 + 9
    fresh = [line.strip() for line in
             house.run("totp", "codes", ME).stdout.splitlines()
             if line.count("-") == 3]
    assert len(fresh) == 10 and not set(fresh) & set(house.codes)
    assert wanting(house.say("/v1/close/soft", SOFT, house.codes[1]))
    assert not wanting(house.say("/v1/close/soft", SOFT, fresh[0]))
    house.codes[:] = fresh[1:]


@pytest.mark.parametrize("act, method, path, body", [
    ("reopen", "POST", "/v1/close/reopen", SOFT),
    ("file", "POST", "/v1/gst/filings", {}),
    ("file", "POST", "/v1/gst/filings/withdraw", {}),
    ("export", "POST", "/v1/gst/exports", {}),
    ("erase", "POST", "/v1/privacy/erase", {}),
    ("personal", "POST", "/v1/privacy/export", {}),
    ("approve_change", "POST", "/v1/proposals/P1/approve", {}),
])
def test_every_act_of_the_table(house, act, method, path, body):
    before = house.say(path, body, method=method)
    if not wanting(before):
        house.guard(act)
    assert wanting(house.say(path, body, method=method))


def test_the_verbs_bring_a_code_along(house):
    env = dict(house.env, XDG_CONFIG_HOME=str(house.dir / "c"),
               XDG_STATE_HOME=str(house.dir / "s"))
    argv = [BAHI, "--config", str(house.home / "bahi.conf"), "close", "soft",
            "--entity", "IN01", "--period", "2026-09", "--yes"]
    done = subprocess.run(argv, env=env, text=True, capture_output=True,
                          timeout=60, stdin=subprocess.DEVNULL)
    assert done.returncode == 3, (done.stdout, done.stderr)
    assert "second factor" in done.stderr and "--code-file" in done.stderr
    file = house.dir / "code"
    file.write_text(house.codes.pop() + "\n")
    file.chmod(0o600)
    done = subprocess.run(argv + ["--code-file", str(file)], env=env,
                          text=True, capture_output=True, timeout=60,
                          stdin=subprocess.DEVNULL)
    assert "second factor" not in done.stderr, done.stderr


def test_the_console_asks_and_sends_again(house):
    t = Terminal([BAHI, "--config", str(house.home / "bahi.conf")], env=dict(
        house.env, XDG_CACHE_HOME=str(house.dir),
        XDG_STATE_HOME=str(house.dir / "state")))
    try:
        t.until("live").type("B").until("open for posting]")
        t.type("S").until("softly").type("y")
        t.until("One-time or recovery code:").type("000000", "Enter")
        t.until("Wrong, or used before. One-time or recovery code:")
        t.type(*house.codes.pop(), "Enter").until("soft-closed]")
        # The next act asks again, and has nothing to complain of.
        t.type("S").until("softly").type("y").until("One-time or recovery")
        assert "Wrong" not in t.text()
    finally:
        t.close()


def test_once_is_enough_for_a_while_when_policy_says_so(house):
    house.guard("reopen", "*", "5")
    assert wanting(house.say("/v1/close/reopen", SOFT))
    assert not wanting(house.say("/v1/close/reopen", SOFT,
                                 house.codes.pop()))
    assert not wanting(house.say("/v1/close/reopen", SOFT))
    # What is asked each time is asked, for all that.
    assert wanting(house.say("/v1/close/soft", SOFT))


def test_guessing_is_shut_and_master_data_can_guard_itself(house):
    house.guard("reference")
    answer = house.api("POST", "/v1/reference/policy", [])
    assert wanting(answer)
    for _ in range(5):
        house.say("/v1/close/soft", SOFT, "000000")
    answer = house.say("/v1/close/soft", SOFT, house.codes[0])
    assert answer.status == 429, answer.body


def test_a_row_that_names_no_act_is_refused(house):
    other = Guarded()
    try:
        other.start()
        for row in ({"act": "dance"}, {"act": "close", "amount": "5.00"},
                    {"act": "close", "minutes": "soon"}):
            answer = other.guard(check=False, **row)
            assert answer.status in (400, 422), (row, answer.body)
    finally:
        other.close()
