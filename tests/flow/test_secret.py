"""Secrets are read in one way: each reader refuses what others could read,
and says what to type. (A second factor: tests/unit/core_totp.c.)"""
import os
import subprocess
import time

import pytest

from house import House, ROOT, sale

BAHI = os.environ.get("BAHI", str(ROOT / "build" / "bahi"))


@pytest.fixture(scope="module")
def house():
    one = House()
    one.start()
    yield one
    one.close()


def loose(path, text="s3cret\n", mode=0o644):
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path


def until(ask):
    end = time.monotonic() + 30
    while not ask():
        assert time.monotonic() < end
        time.sleep(0.02)


def sentence(path):
    return "%s: others can read or write it; type: chmod 600 %s" % (path, path)


def test_a_source(house):
    path = house.home / "secrets" / "pos"
    secret = path.read_text()
    for mode in (0o644, 0o640, 0o620, 0o602):
        loose(path, secret, mode)
        until(lambda: house.post("pos", sale("S%o" % mode), "s%o" % mode,
                                 secret=secret.strip()).status == 401)
    until(lambda: sentence(path) in house.read_log())
    path.chmod(0o600)
    until(lambda: house.post("pos", sale("S1"), "s1").status < 300)


def test_a_link_is_no_secret(house):
    path = house.home / "secrets" / "razorpay"
    kept = path.rename(path.parent / "kept")
    path.symlink_to(kept)

    def refused():
        house.post("razorpay", b"{}", "r1", secret="x")
        return "a secret is a file, no link" in house.read_log()
    until(refused)


def test_polls(house):
    token = loose(house.home / "polls" / "token")
    for setting in ("token", "headers"):
        (house.home / "polls" / "vendor.conf").write_text(
            "url = http://127.0.0.1:9/\nsource = pos\ntopic = a\nkey = {body:i"
            "d}\nnext = next\n%s = token\n" % setting)
        until(lambda: any(sentence(token) in (poll.get("why") or "")
                          for poll in house.get("/v1/status")["polls"]))
        (house.home / "polls" / "vendor.conf").unlink()
        until(lambda: house.get("/v1/status")["polls"] == [])


@pytest.mark.parametrize("settings,name", [
    ({"alert_webhook": "http://127.0.0.1:9/"}, "alert_webhook_secret"),
    ({"alert_mail_to": "a@example.in", "alert_mail_from": "b@example.in",
      "alert_smtp": "smtp://127.0.0.1:9"}, "alert_smtp_secret")])
def test_alerts(settings, name):
    one = House()
    path = loose(one.home / "told")
    for key, value in {**settings, name: path}.items():
        one.setting(key, value)
    refused = one.run("run", check=False)
    assert refused.returncode == 3 and sentence(path) in refused.stderr
    one.close()


def test_the_token_of_the_console(house, tmp_path):
    path = loose(tmp_path / "token")
    conf = tmp_path / "bahi.conf"
    conf.write_text("url = http://%s:%s\ntoken = %s\ncache = cache.db\n" %
                    (house.host, house.port, path))
    done = subprocess.run([BAHI, "--config", str(conf), "status"], text=True,
                          capture_output=True, timeout=60, env=house.env)
    assert done.returncode == 2 and sentence(path) in done.stderr


def test_a_credential_of_the_service_manager(tmp_path):
    one = House()
    folder = tmp_path / "credentials"
    folder.mkdir(mode=0o700)
    for path in (one.home / "secrets").iterdir():
        path.rename(folder / ("hooks_" + path.name))
    secret = (folder / "hooks_pos").read_text().strip()
    one.setting("secrets", "credential:hooks")
    one.start(CREDENTIALS_DIRECTORY=str(folder))
    assert one.post("pos", sale("S1"), "s1", secret=secret).status < 300
    one.close()
