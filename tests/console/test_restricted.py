"""As a login shell: what a person behind a real sshd can do, and cannot.

As root: sshd has a mount namespace of its own, in which two users live whose
home is a folder of the test. One has a shell and the ForceCommand of bahi(1),
the shell of the other is bahi itself.
"""
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

import pytest

from daemon import Books, Server
from terminal import Terminal

UID = 54321
SSHD = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:" + os.defpath)
CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {at}/host
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
AuthorizedKeysFile {at}/mine.pub
Subsystem sftp internal-sftp
Match User clerk
    ForceCommand exec {at}/bahi --restricted --config {at}/bahi.conf
    DisableForwarding yes
    PermitUserRC no
"""
pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or SSHD is None, reason="needs root and sshd")


def call(*command):
    done = subprocess.run(command, text=True, capture_output=True, timeout=60)
    assert done.returncode == 0, (command, done.stderr)


class Gate:
    def __init__(self, program):
        self.at = pathlib.Path(tempfile.mkdtemp(prefix="bahi-", dir="/tmp"))
        self.home = self.at / "home"
        self.exports = self.home / "exports"
        for folder in (self.home, self.exports):
            folder.mkdir()
            os.chown(folder, UID, UID)
        self.at.chmod(0o755)
        shutil.copy(program, self.at / "bahi")
        self.books = Books()
        self.server = Server(str(self.at / "sock"), self.books)
        (self.at / "sock").chmod(0o777)
        (self.at / "bahi.conf").write_text("socket = %s/sock\n" % self.at)
        for name in ("host", "mine"):
            call("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f",
                 str(self.at / name))
        (self.at / "mine.pub").chmod(0o644)
        # In front: whoever has that number already is not meant.
        (self.at / "passwd").write_text(
            "clerk:*:%d:%d::%s:/bin/sh\nshell:*:%d:%d::%s:%s/bahi\n" % (
                UID, UID, self.home, UID, UID, self.home, self.at) +
            pathlib.Path("/etc/passwd").read_text())
        self.terminals = []
        self.start()

    def start(self):
        os.makedirs("/run/sshd", 0o755, exist_ok=True)
        for _ in range(5):
            with socket.socket() as one:
                one.bind(("127.0.0.1", 0))
                self.port = one.getsockname()[1]
            (self.at / "config").write_text(CONFIG.format(
                port=self.port, at=self.at))
            (self.at / "known").write_text("[127.0.0.1]:%d %s" % (
                self.port, (self.at / "host.pub").read_text()))
            self.sshd = subprocess.Popen(
                ["unshare", "-m", "sh", "-c",
                 "mount --bind %s/passwd /etc/passwd && exec %s -D -e -f "
                 "%s/config" % (self.at, SSHD, self.at)],
                stderr=open(self.at / "log", "a"))
            end = time.monotonic() + 30
            while self.sshd.poll() is None and time.monotonic() < end:
                try:
                    socket.create_connection(
                        ("127.0.0.1", self.port)).close()
                    return
                except ConnectionRefusedError:
                    time.sleep(0.02)
        raise AssertionError((self.at / "log").read_text())

    def options(self, port="-p"):
        return ["-F", "/dev/null", port, str(self.port), "-i",
                str(self.at / "mine"), "-o", "IdentitiesOnly=yes", "-o",
                "BatchMode=yes", "-o", "UserKnownHostsFile=%s/known" %
                self.at, "-o", "LogLevel=ERROR"]

    def ssh(self, *args, user="clerk", more=()):
        return subprocess.run(
            ["ssh", *self.options(), *more, "--", user + "@127.0.0.1",
             *args],
            stdin=subprocess.DEVNULL, text=True, capture_output=True,
            timeout=60)

    def console(self, user="clerk"):
        t = Terminal(["/usr/bin/ssh", "-tt", *self.options(),
                      user + "@127.0.0.1"], 24, 80,
                     {"TERM": "xterm-256color"})
        self.terminals.append(t)
        return t

    def close(self):
        for t in self.terminals:
            t.close()
        self.sshd.terminate()
        self.sshd.wait(30)
        self.server.stop()
        shutil.rmtree(self.at)


@pytest.fixture(scope="module")
def gate(bahi):
    one = Gate(bahi)
    yield one
    one.close()


def test_the_console_works(gate):
    t = gate.console().until("live").until("Not posted")
    t.type("\x1a", "\x1c").quiet(0.3)           # Ctrl-Z, Ctrl-\
    t.type("2").until("1/30").type("r").until("1 done, 0 failed")
    t.type(":retry E2", "Enter").until("Done.").type("q")
    # Ctrl-B and what tmux or screen would do with it; ssh's own ~ is ssh's.
    for keys in ("\x02:", "\x01:", "!sh\r", "|", "\x1b"):
        t.type(keys).quiet(0.1)
    for _ in range(4):
        t.type("Esc").quiet(0.1)
    for line, why in ((":!sh", "Nothing here"),
                      (":status --pager=sh", "not for you to say"),
                      (":keys --config /etc", "not for you to say")):
        t.type(line, "Enter").until(why).type("Esc").quiet(0.1)
    for path in ("/etc/passwd", "../../bahi.conf", "~/x",
                 "/proc/self/environ"):
        t.type(":import account %s" % path, "Enter").until("is not in")
        assert "root:" not in t.text()
        t.type("q").quiet(0.1)
    t.type("1").until("Not posted").type("q").until("Leave").type("y")
    assert t.end() == 0
    assert not (gate.home / "x").exists()


@pytest.mark.parametrize("line", (
    "sh", "bash -i", "status; id", "$(id)", "`id`", "-c id", "id | status",
    "exec sh", "/bin/sh", "../sh", "bahi sh", "bahi --restricted sh",
    "bahi --config /tmp/x status", "--dump=keys", "--restricted=no status",
    "status --restricted=no", "status --config /etc/passwd",
    "status --socket /tmp/x", "status --url=http://127.0.0.1:1",
    "status --pager=sh", "status --keys /etc/passwd",
    "status --export-dir=/", "dismiss E1 --edit", "scp -t /tmp",
    "/usr/lib/openssh/sftp-server", "tmux", "status 'id", "\x1b[2J"))
def test_nothing_else_is_run(gate, line):
    for user in ("clerk", "shell") if line in ("sh", "status; id") else \
            ("clerk",):
        done = gate.ssh(line, user=user)
        assert done.returncode == 3, (line, done)
        assert done.stderr.count("\n") <= 3 and done.stdout == "", done
        assert "uid=" not in done.stderr and "\x1b" not in done.stderr


def test_verbs_are_run_without_a_shell(gate):
    done = gate.ssh("status")
    assert done.returncode == 0 and "Sahyadri" in done.stdout, done
    assert gate.ssh("bahi status").stdout == done.stdout
    n = len(gate.books.received)
    gate.ssh("dismiss E5 'sent $(id); `id` > x | y'")
    assert gate.books.received[n]["reason"] == "sent $(id); `id` > x | y"
    # The shell of that user is bahi; it has no settings here.
    assert gate.ssh("status", user="shell").returncode in (1, 5)
    # Without a terminal there is no console.
    assert gate.ssh().returncode == 2


def test_files_only_in_the_folder(gate):
    keys = gate.exports / "mine.keys"
    keys.write_text("nope = a\n")
    done = gate.ssh("keys --check mine.keys")
    assert done.returncode == 1 and "no such action: nope" in done.stdout
    assert gate.ssh("keys --check %s" % keys).returncode == 1
    (gate.home / "secret").write_text("nope = b\n")
    (gate.exports / "link").symlink_to(gate.home / "secret")
    (gate.exports / "up").symlink_to("..")
    (gate.exports / "inside").symlink_to("mine.keys")
    assert gate.ssh("keys --check inside").returncode == 1
    for path in ("link", "up/secret", "../secret", "x/../../secret",
                 str(gate.home / "secret"), "/etc/passwd", "~/secret",
                 "%s/../secret" % gate.exports, "/proc/self/environ",
                 "/dev/tty", "up"):
        for verb in ("keys --check %s", "import account %s",
                     "propose account %s why", "gst import %s",
                     "approve E1 --code-file %s"):
            done = gate.ssh(verb % path)
            assert done.returncode == 3 and "is not in" in done.stderr, (
                verb % path, done)
            assert "nope" not in done.stdout + done.stderr


def test_no_files_by_other_ways(gate):
    (gate.at / "local").write_text("x")
    for program in (["scp", "-O"], ["scp"]):
        done = subprocess.run(
            [*program, *gate.options("-P"), str(gate.at / "local"),
             "clerk@127.0.0.1:exports/sent"], stdin=subprocess.DEVNULL,
            capture_output=True, timeout=60)
        assert done.returncode != 0
    done = subprocess.run(
        ["sftp", "-b", "-", *gate.options("-P"), "clerk@127.0.0.1"],
        input=b"ls /\n", capture_output=True, timeout=60)
    assert done.returncode != 0 and b"etc" not in done.stdout
    assert not (gate.exports / "sent").exists()


def test_no_way_through(gate):
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen(1)
        target = "127.0.0.1:%d" % one.getsockname()[1]
        done = gate.ssh(more=("-W", target))
        assert done.returncode != 0
        one.settimeout(0.2)
        with pytest.raises(socket.timeout):
            one.accept()


def test_what_the_other_side_says_is_forgotten(bahi, tmp_path):
    """Settings, keys, programs and libraries by the environment."""
    own = tmp_path / "config/bahi"
    own.mkdir(parents=True)
    (own / "keys").write_text("down = n\n")
    (own / "bahi.conf").write_text("read_only = yes\n")
    (tmp_path / "bahi.conf").write_text("export_dir = exports\n")
    seen = tmp_path / "seen"
    env = dict(os.environ, XDG_CONFIG_HOME=str(tmp_path / "config"),
               BAHI_CONFIG="/etc/passwd", BAHI_DATADIR="/", PAGER="sh",
               VISUAL="sh", TERMINFO=str(tmp_path), LOCPATH=str(tmp_path),
               LANG="../../tmp", HOME=str(tmp_path),
               # A library reads LOCPATH before main() and keeps it.
               ASAN_OPTIONS="detect_leaks=0")
    done = subprocess.run(
        [bahi, "--restricted", "--config", str(tmp_path / "bahi.conf"),
         "keys"], env=env, text=True, capture_output=True, timeout=60)
    assert done.returncode == 0, done
    assert not any(l.split()[:2] == ["down", "n"]
                   for l in done.stdout.splitlines())
    assert (tmp_path / "exports").is_dir() and not seen.exists()
