"""What the daemon gives up before it hears anybody: on the build that ships,
since sanitizers need what the walls refuse."""
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import time

import pytest

from house import BAHID, ROOT, House, sale

BUILD = pathlib.Path(BAHID).resolve().parent


def sanitized():
    return b"__asan_init" in pathlib.Path(BAHID).read_bytes()


pytestmark = pytest.mark.skipif(sanitized(), reason="sanitizers")


@pytest.fixture(scope="module")
def house():
    one = House(fresh=True)
    yield one
    one.close()


@pytest.fixture(scope="module")
def intruder(tmp_path_factory):
    out = tmp_path_factory.mktemp("intruder") / "confined"
    libs = []
    for line in (BUILD / "Makefile").read_text().splitlines():
        found = re.match(r"(SECCOMP|CJSON|PCRE2|OPENSSL|ARGON2)_LIBS = (.*)",
                         line)
        libs += found[2].split() if found else []
    subprocess.run(
        ["cc", "-std=gnu11", "-D_GNU_SOURCE", "-I", ROOT / "src", "-o", out,
         ROOT / "tests/flow/confined.c", BUILD / "src/bahid/sandbox.o",
         BUILD / "src/bahid/guard.o", BUILD / "src/bahid/options.o",
         BUILD / "libcore.a", *libs, "-lpthread"], check=True)
    return out


@pytest.mark.parametrize("what,said", [
    ("write", "Permission denied"), ("read", "done"),
    ("run", "Permission denied|Operation not permitted"),
    ("fork", "Operation not permitted"), ("thread", "done"),
    ("packet", "Operation not permitted"), ("inet", "done"),
    ("code", "Operation not permitted"), ("trace", None)])
def test_what_an_intruder_may(house, intruder, tmp_path, what, said):
    place = tmp_path / "x"
    if what == "read":
        place.write_text("x")
    done = subprocess.run([intruder, house.home / "bahid.conf", place, what],
                          text=True, capture_output=True)
    if said is None:
        assert done.returncode == -signal.SIGSYS
        return
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(said, done.stdout.strip()), done
    assert place.exists() == (what == "read")


def test_writes_where_the_settings_say(house, intruder, tmp_path):
    (tmp_path / "real").mkdir()
    (house.home / "exports").symlink_to(tmp_path / "real")
    for place in (house.home / "made", tmp_path / "real/made"):
        done = subprocess.run([intruder, house.home / "bahid.conf", place,
                               "write"], text=True, capture_output=True)
        assert done.stdout == "done\n", done
    (house.home / "exports").unlink()


def test_no_root_unless_it_is_said(house):
    assert os.geteuid() != 0 or "root = yes" in (
        house.home / "bahid.conf").read_text()
    if os.geteuid() == 0:
        house.setting("root", "no")
        done = house.run("run", check=False)
        house.setting("root", "yes")
        assert done.returncode == 3 and "root" in done.stderr


class Manager:
    """What systemd would be told."""

    def __init__(self, folder):
        self.path = str(folder / "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(30)

    def hear(self, wanted):
        end = time.monotonic() + 30
        while time.monotonic() < end:
            said = self.socket.recv(4096).decode()
            if said.startswith(wanted):
                return said
            assert said == "WATCHDOG=1", said
        raise AssertionError(wanted)


def test_the_running_daemon(house, tmp_path):
    manager = Manager(tmp_path)
    (house.home / "secrets").chmod(0o755)
    house.start(NOTIFY_SOCKET=manager.path, WATCHDOG_USEC="200000")
    manager.hear("READY=1")
    pid = house.process.pid
    status = pathlib.Path("/proc/%d/status" % pid).read_text()
    for word, value in (("Seccomp", "2"), ("NoNewPrivs", "1")):
        assert re.search(r"^%s:\s+(\d)$" % word, status, re.M)[1] == value
    limits = pathlib.Path("/proc/%d/limits" % pid).read_text()
    assert re.search(r"^Max core file size\s+0\s+0\s", limits, re.M)
    # every thread is behind the walls
    for task in pathlib.Path("/proc/%d/task" % pid).iterdir():
        assert "Seccomp:\t2" in (task / "status").read_text()
    assert "file.loose path=%s" % (house.home / "secrets") in house.read_log()
    assert house.post("pos", sale("A"), "a").status == 201
    for path in house.home.iterdir():
        if path.name.startswith("bahi.db"):
            assert path.stat().st_mode & 0o077 == 0, path
    manager.hear("WATCHDOG=1")
    house.process.send_signal(signal.SIGHUP)
    assert "MONOTONIC_USEC=" in manager.hear("RELOADING=1")
    manager.hear("READY=1")
    house.process.send_signal(signal.SIGTERM)
    manager.hear("STOPPING=1")
    house.stop()
    (house.home / "secrets").chmod(0o700)


def unit(tmp_path):
    text = (ROOT / "data/service/bahid.service.in").read_text()
    path = tmp_path / "bahid.service"
    path.write_text(text.replace("@sbindir@", str(BUILD))
                    .replace("@sysconfdir@", "/etc"))
    return path


def test_started_in_its_own_folder(house):
    """Paths of the settings are relative then, and may be written to."""
    daemon = subprocess.Popen([BAHID, "--config", "bahid.conf", "run"],
                              cwd=house.home, env=house.env, text=True,
                              stderr=subprocess.PIPE)
    said = []
    for line in daemon.stderr:
        said.append(line)
        if "bahid.ready" in line:
            break
    daemon.terminate()
    daemon.communicate(timeout=20)
    assert "bahid.ready" in said[-1], said


def test_the_unit_is_tight(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.fail("systemd is not installed")
    done = subprocess.run(["systemd-analyze", "security", "--offline=true",
                           "--threshold=20", unit(tmp_path)], text=True,
                          capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr
    done = subprocess.run(["systemd-analyze", "verify", unit(tmp_path)],
                          text=True, capture_output=True)
    faults = [line for line in done.stderr.splitlines()
              if "bahid.service:" in line and "man " not in line]
    assert not faults, faults
