"""Files by SFTP: a real sshd on loopback writes into the inbox.

As root the set-up is the one of bahid(8): a chroot that is root's, a sender's
folder in it, and a daemon of another user that works through the group.  Else
sshd serves its own user, without a chroot.
"""
import json
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import tempfile
import time

import pytest

from house import BAHID, KEY, ROOT
from test_inbox import HEAD, RULE, Inbox, counts, line

ROOTLY = os.geteuid() == 0
SENDER = "nobody" if ROOTLY else pwd.getpwuid(os.geteuid()).pw_name
DAEMON = "daemon"
SSHD = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:" + os.defpath)
CHROOT = """
Match User %s
    ChrootDirectory %s
    ForceCommand internal-sftp -d /%%u -u 0027
    AuthorizedKeysFile %s/%%u
    AuthenticationMethods publickey
    PermitTTY no
    AllowTcpForwarding no
    AllowAgentForwarding no
    X11Forwarding no
    PermitTunnel no
"""
PLAIN = """
StrictModes no
AuthorizedKeysFile %s/%%u
ForceCommand internal-sftp -d %s -u 0027
"""


def call(*command):
    done = subprocess.run(command, text=True, capture_output=True, timeout=60)
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Landing(Inbox):
    """The inbox where a chroot may be, and who may come there."""

    def __init__(self):
        super().__init__()
        # Each folder above a chroot must be root's: not under /tmp.
        self.srv = pathlib.Path(tempfile.mkdtemp(
            prefix="bahi-", dir="/srv" if ROOTLY else "/tmp"))
        self.inbox = self.srv / "inbox"
        self.list = self.inbox / SENDER
        self.keys = self.srv / "keys"
        self.inbox.mkdir()
        self.list.mkdir()
        self.keys.mkdir()
        (self.inbox / "other").mkdir()
        rules = self.dir / "rules/map" / SENDER
        rules.mkdir()
        (rules / "row.sql").write_text(RULE)
        self.setting("inbox", self.inbox)
        self.setting("inbox_quiet", 2)
        self.sshd = None
        self.user = {}
        if ROOTLY:
            self.give_away()
        self.make_keys()

    def give_away(self):
        """install -d of the manual; and the house is the daemon's."""
        sender, daemon = pwd.getpwnam(SENDER), pwd.getpwnam(DAEMON)
        for folder in (self.srv, self.inbox):
            os.chown(folder, 0, daemon.pw_gid)
            folder.chmod(0o751)
        self.keys.chmod(0o755)
        os.chown(self.list, sender.pw_uid, daemon.pw_gid)
        self.list.chmod(0o2770)
        other = self.inbox / "other"
        os.chown(other, 0, daemon.pw_gid)
        other.chmod(0o2770)
        # A daemon of another user may not reach the tree of the tests.
        shutil.copy(BAHID, self.dir / "bahid")
        shutil.copytree(ROOT / "data/conf", self.dir / "data/conf")
        self.setting("schemes", self.dir / "data/conf/schemes")
        if self.sealed:         # with a key of its own
            shutil.copy(KEY, self.home / "key")
            self.setting("key", "key")
        call("chown", "-R", "%s:" % DAEMON, str(self.dir))
        self.user = {"user": daemon.pw_uid, "group": daemon.pw_gid,
                     "extra_groups": []}

    def make_keys(self):
        for name in ("host", "mine"):
            call("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f",
                 str(self.keys / name))
        shutil.copy(self.keys / "mine.pub", self.keys / SENDER)
        (self.keys / SENDER).chmod(0o644)

    def start(self, **env):
        if not ROOTLY:
            return super().start(**env)
        (self.home / "url").unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [str(self.dir / "bahid"), "--config",
             str(self.home / "bahid.conf"), "run"],
            env=dict(self.env, **env), stderr=open(self.dir / "log", "a"),
            cwd="/", **self.user)
        self.wait(lambda: (self.home / "url").exists() or
                  self.process.poll() is not None)
        assert self.process.poll() is None, self.read_log()
        return self

    def open_sshd(self):
        if ROOTLY:
            os.makedirs("/run/sshd", 0o755, exist_ok=True)
        for _ in range(5):
            self.port = free_port()
            text = ("ListenAddress 127.0.0.1:%d\nHostKey %s/host\n"
                    "PidFile none\nUsePAM no\n"
                    "PasswordAuthentication no\n"
                    "Subsystem sftp internal-sftp\n" %
                    (self.port, self.keys))
            text += (CHROOT % (SENDER, self.inbox, self.keys) if ROOTLY else
                     PLAIN % (self.keys, self.list))
            (self.keys / "config").write_text(text)
            (self.keys / "known").write_text("[127.0.0.1]:%d %s" % (
                self.port, (self.keys / "host.pub").read_text()))
            self.sshd = subprocess.Popen(
                [SSHD, "-D", "-e", "-f", str(self.keys / "config")],
                stderr=open(self.keys / "log", "a"))
            if self.answers():
                return
        raise AssertionError((self.keys / "log").read_text())

    def answers(self):
        end = time.monotonic() + 30
        while self.sshd.poll() is None and time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return True
            except ConnectionRefusedError:
                time.sleep(0.02)
        return False

    def sftp(self, *lines, more=(), check=True):
        done = subprocess.run(
            ["sftp", "-F", "/dev/null", "-b", "-", "-P", str(self.port),
             "-i", str(self.keys / "mine"), "-o", "IdentitiesOnly=yes",
             "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes",
             "-o", "UserKnownHostsFile=%s/known" % self.keys, *more,
             "%s@127.0.0.1" % SENDER], input="\n".join(lines) + "\n",
            text=True, capture_output=True, timeout=120)
        assert not check or done.returncode == 0, (
            done.stderr, (self.keys / "log").read_text())
        return done

    def local(self, name, text):
        path = self.keys / name
        path.write_text(text)
        return path

    def close(self):
        if self.sshd is not None:
            self.sshd.terminate()
            self.sshd.wait(30)
        super().close()
        shutil.rmtree(self.srv)


@pytest.fixture
def landing():
    assert SSHD is not None, "openssh-server is not installed"
    one = Landing()
    yield one
    one.close()


def test_uploads_are_read_and_the_report_can_be_fetched(landing):
    landing.start()
    landing.open_sshd()
    direct = landing.local("direct.csv", HEAD + line("D1") + line("D2"))
    part = landing.local("part.csv", HEAD + line("P1") + line("P2", "x"))
    landing.sftp("put %s direct.csv" % direct,
                 "put %s part.csv.part" % part,
                 "rename part.csv.part part.csv")
    assert counts(landing.report("direct.csv"))["posted"] == 2
    report = landing.report("part.csv")
    assert report["source"] == SENDER
    assert report["posted"] == 1 and report["failed"] == 1
    # What came back, as its sender sees it.
    fetched = landing.keys / "fetched.json"
    landing.sftp("get done/part.csv.report.json %s" % fetched)
    assert json.loads(fetched.read_text()) == report
    if ROOTLY and not landing.sealed:   # what is sealed is the daemon's
        kept = (landing.list / "done/direct.csv").stat()
        assert kept.st_uid == pwd.getpwnam(SENDER).pw_uid
        assert kept.st_gid == pwd.getpwnam(DAEMON).pw_gid
        assert kept.st_mode & 0o777 == 0o640
    landing.check_books()


def test_a_slow_upload_is_not_taken_before_its_end(landing):
    landing.start()
    landing.open_sshd()
    rows = 3000
    slow = landing.local("slow.csv", HEAD + "".join(
        line("S%05d" % n) for n in range(rows)))
    # 120 KB at 40 KB a second: longer than a settled file waits.
    landing.sftp("put %s slow.csv" % slow, more=("-l", "320"))
    report = landing.report("slow.csv")
    assert counts(report) == {"read": rows, "posted": rows, "failed": 0,
                              "duplicate": 0, "ignored": 0}
    assert len(landing.files()) == 1


def test_a_link_that_a_sender_makes_is_refused(landing):
    landing.start()
    landing.open_sshd()
    good = landing.local("good.csv", HEAD + line("G1"))
    landing.sftp("symlink /etc/passwd link.csv", "put %s good.csv" % good)
    landing.report("good.csv")
    landing.wait(lambda: 'file="link.csv" why="not a regular file"' in
                 landing.read_log())
    assert len(landing.files()) == 1


@pytest.mark.skipif(not ROOTLY, reason="only root can chroot")
def test_a_sender_sees_nothing_but_his_own(landing):
    landing.start()
    landing.open_sshd()
    good = landing.local("good.csv", HEAD + line("G1"))
    landing.sftp("put %s good.csv" % good)
    landing.report("good.csv")
    for attempt in ("ls /", "ls /other", "put %s /other/x.csv" % good,
                    "put %s /x.csv" % good, "ls .reading",
                    "put %s .reading/x.csv" % good,
                    "put %s done/x.csv" % good, "get /etc/passwd"):
        assert landing.sftp(attempt, check=False).returncode != 0, attempt
    # No shell, and nothing but SFTP.
    done = subprocess.run(
        ["ssh", "-F", "/dev/null", "-p", str(landing.port), "-i",
         str(landing.keys / "mine"), "-o", "BatchMode=yes", "-o",
         "UserKnownHostsFile=%s/known" % landing.keys,
         SENDER + "@127.0.0.1", "id"], text=True, stdin=subprocess.DEVNULL,
        capture_output=True, timeout=60)
    assert "uid=" not in done.stdout
