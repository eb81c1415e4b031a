"""The disk of the store is full: senders are told to come again, nothing is
half taken, what is there is read, people are told; and once there is room it
goes on by itself.  On a real file system of its own, where one may be
mounted."""
import os
import subprocess
import time

import pytest

from house import House, sale

SIZE = 48 << 20


class Small(House):
    """Its own disk of 48 MiB."""

    def __init__(self):
        super().__init__()
        self.disk = self.dir / "disk"
        self.disk.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o",
                               "size=%d,mode=700" % SIZE, "none",
                               str(self.disk)], capture_output=True)
        self.mounted = done.returncode == 0
        if not self.mounted:
            return
        subprocess.run(["cp", "-a", str(self.home), str(self.disk)],
                       check=True)
        self.home = self.disk / "d"

    def fill(self):
        """Unbuffered: what the daemon took in between is no error then,
        neither here nor when the file is closed."""
        with open(self.disk / "ballast", "ab", buffering=0) as out:
            while True:
                fs = os.statvfs(self.disk)
                left = fs.f_bavail * fs.f_frsize
                if left <= 0:
                    return
                try:
                    out.write(b"x" * min(left, 1 << 20))
                except OSError:
                    return

    def close(self):
        if self.process is not None:
            self.kill()
        if self.mounted:
            subprocess.run(["umount", str(self.disk)], check=True)
        super().close()

    def wait(self, what, seconds=60):
        end = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < end, self.read_log()[-3000:]
            time.sleep(0.05)

    def codes(self, state="raised"):
        return {a["code"] for a in self.get("/v1/alerts")["items"]
                if a["state"] == state}


@pytest.fixture
def small():
    one = Small()
    if not one.mounted:
        one.close()
        pytest.skip("nothing may be mounted here")
    one.setting("alert_every", 1)
    one.setting("alert_calm", 0)
    yield one
    one.close()


def received(house):
    status = house.get("/v1/status")
    assert status["conservation"] is True
    return sum(s["received"] for s in status["sources"])


def test_full_and_free_again(small):
    small.start()
    for n in range(5):
        assert small.post("pos", sale("A%d" % n), "msg_a%d" % n).status == 201
    small.fill()
    # Some may still fit; then none, and never half of one.
    taken = 5

    def full():
        nonlocal taken
        answer = small.post("pos", sale("B%d" % taken), "msg_b%d" % taken)
        taken += answer.status == 201
        return answer.status == 503 and answer
    small.wait(full)
    answer = full()
    assert int(answer.headers["Retry-After"]) >= 1
    assert answer.json["code"] == "disk.full"
    assert "The disk is full" in answer.json["title"]
    assert received(small) == taken
    # Who reads is served, whoever is told is told, and the audit has it.
    assert small.get("/v1/documents")["items"]
    small.wait(lambda: "disk.full" in small.codes())
    [alert] = [a for a in small.get("/v1/alerts")["items"]
               if a["code"] == "disk.full"]
    assert "Nothing more is taken in" in alert["sentence"]
    # A backup and an export have no room either, and say so.
    done = small.run("backup", "--to", str(small.disk), check=False)
    assert done.returncode == 12 and "MiB" in done.stderr
    assert not list(small.disk.glob("*.tar")) and \
        not list(small.disk.glob(".bahi*"))
    # Room again: nobody does anything, and what was refused comes in.
    (small.disk / "ballast").unlink()
    small.wait(lambda: small.post(
        "pos", sale("C1"), "msg_c1").status in (200, 201))
    assert received(small) >= taken + 1
    small.wait(lambda: "disk.full" in small.codes("recovered"))
    small.check_books()
    small.prove()


def test_killed_while_full(small):
    small.start()
    for n in range(3):
        assert small.post("pos", sale("A%d" % n), "msg_a%d" % n).status == 201
    small.fill()
    small.wait(lambda: small.post("pos", sale("B"), "msg_b").status == 503)
    small.kill()
    small.fill()
    (small.home / "url").unlink(missing_ok=True)
    # Still full: it serves what it has and takes nothing, or says why not.
    process = subprocess.Popen(small.argv("run"), env=small.env, text=True,
                               stderr=open(small.dir / "log2", "w"))
    said = small.dir / "log2"
    small.wait(lambda: process.poll() is not None or
               "bahid.ready" in said.read_text())
    if process.poll() is None:
        process.terminate()
        process.wait(30)
        assert "disk.full" in said.read_text()
    else:
        assert process.returncode in (4, 12), said.read_text()
        text = said.read_text()
        assert "bahid: " in text and ("full" in text or
                                      "No space left" in text), text
    (small.disk / "ballast").unlink()
    small.start()
    small.wait(lambda: small.post(
        "pos", sale("B"), "msg_b").status in (200, 201))
    assert received(small) >= 4
    small.check_books()
    small.prove()
