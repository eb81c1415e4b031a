"""Backups: made while bahid posts, whole or not there at all, and what is
restored is checked to the last byte before it is believed."""
import json
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import tarfile
import threading
import time

import pytest

from house import House, ROOT, sale

EVENTS = 30


class Kept(House):
    sealed = False          # what is of sealed stores says so below

    def __init__(self):
        super().__init__()
        self.to = self.dir / "backups"
        self.to.mkdir()

    def backup(self, *args, check=True, env=None):
        before = set(self.to.iterdir())
        done = subprocess.run(
            self.argv("backup", "--to", str(self.to), *args),
            env=dict(self.env, **(env or {})), text=True,
            capture_output=True, timeout=120)
        new = [f for f in set(self.to.iterdir()) - before
               if not f.name.startswith(".")]
        if check:
            assert done.returncode == 0, done.stderr
            assert str(new[0]) == done.stdout.splitlines()[0]
            return new[0]
        return done, new

    def verify(self, path, *args):
        return self.run("restore", "--verify", str(path), *args, check=False)

    def wait(self, what, seconds=60):
        end = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < end, self.read_log()[-3000:]
            time.sleep(0.05)


@pytest.fixture(scope="module")
def kept():
    one = Kept()
    one.start()
    for n in range(EVENTS):
        assert one.post("pos", sale("N%d" % n), "msg_%d" % n).status == 201
    yield one
    one.close()


@pytest.fixture(scope="module")
def archive(kept):
    return kept.backup()


def restored(kept, path, *args):
    folder = kept.dir / ("restored-%d" % time.monotonic_ns())
    done = kept.run("restore", str(path), str(folder), *args)
    other = Kept.__new__(Kept)
    other.dir, other.home = folder.parent / (folder.name + "-x"), folder
    other.dir.mkdir()
    other.env, other.process = kept.env, None
    shutil.copytree(kept.home / "secrets", folder / "secrets",
                    dirs_exist_ok=True)
    return other, done


# ---- what it is --------------------------------------------------------------


def test_any_tar_opens_it_and_its_sums_are_right(kept, archive):
    folder = kept.dir / "opened"
    folder.mkdir()
    subprocess.run(["tar", "xf", str(archive), "-C", str(folder)], check=True)
    done = subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"],
                          cwd=folder, text=True, capture_output=True)
    assert done.returncode == 0, done.stdout
    manifest = json.loads((folder / "manifest.json").read_text())
    listed = {f["name"] for f in manifest["files"]}
    assert {"store/bahi.db", "bahid.conf", "README.txt"} <= listed
    assert manifest["events"] == EVENTS
    assert manifest["secrets"] is False
    assert archive.stat().st_mode & 0o777 == 0o600


def test_it_is_right_and_says_how_far_it_reaches(kept, archive):
    done = kept.verify(archive)
    assert done.returncode == 0, done.stderr
    last = kept.get("/v1/events?limit=500")["items"]
    last = max(int(one["id"][1:]) for one in last)
    assert "event E%d" % last in done.stdout
    assert "%d events" % EVENTS in done.stdout
    assert "%d journals are right" % EVENTS in done.stdout
    assert "time to restore: " in done.stdout
    assert not list(kept.home.glob(".bahi-*"))


def test_no_secret_is_in_it(kept, archive):
    kept.run("totp", "enrol", "asha")
    path = kept.backup()
    text = path.read_bytes()
    for name in ("pos", "shopify", "razorpay"):
        assert kept.secret(name).encode() not in text
    assert (kept.home / "totp/asha").read_bytes().split()[0] not in text
    with tarfile.open(path) as tar:
        assert not [n for n in tar.getnames()
                    if n.startswith(("secrets", "totp"))]


def test_secrets_only_where_they_are_sealed(kept):
    done, new = kept.backup("--with-secrets", check=False)
    assert done.returncode == 2 and not new
    assert "sealed backup only" in done.stderr
    key = kept.dir / "secretskey"
    kept.run("key", "new", str(key))
    path = kept.backup("--with-secrets", "--sealed", str(key))
    other, _ = restored(kept, path, "--sealed", str(key))
    assert (other.home / "secrets/pos").read_text() == \
        (kept.home / "secrets/pos").read_text()
    assert (other.home / "secrets/pos").stat().st_mode & 0o777 == 0o600


# ---- broken ones -------------------------------------------------------------


def refused(kept, path, *args):
    done = kept.verify(path, *args)
    assert done.returncode not in (0, -6, -11), (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr and done.stderr.strip()
    assert not list(kept.home.glob(".bahi-drill-*"))
    return done


def flipped(kept, archive, at, name="flipped.tar"):
    data = bytearray(archive.read_bytes())
    data[at] ^= 0x20
    path = kept.dir / name
    path.write_bytes(data)
    return path


def test_a_flipped_byte_anywhere_is_found(kept, archive):
    size = archive.stat().st_size
    inside = list(range(7, size, size // 12))
    header = [0, 101, 110, 125, 130, 140, 150, 156, 200, 257, 263, 300, 340,
              400, 505]
    end = [size - 1, size - 600, size - 1024 - 200]
    for at in inside + header + end:
        done = refused(kept, flipped(kept, archive, at))
        assert done.returncode in (4, 5), (at, done.stderr)


def test_a_truncated_one_is_found(kept, archive):
    data = archive.read_bytes()
    for n in (0, 1, 511, 512, 5000, len(data) // 2, len(data) - 1024,
              len(data) - 512, len(data) - 1):
        path = kept.dir / "cut.tar"
        path.write_bytes(data[:n])
        assert "broken" in refused(kept, path).stderr, n
    path.write_bytes(data + b"\0" * 512)
    assert "behind its end" in refused(kept, path).stderr


def test_rubbish_and_foreign_archives(kept, archive):
    path = kept.dir / "rubbish.tar"
    for data in (os.urandom(4096), b"\0" * 4096, b"hello"):
        path.write_bytes(data)
        refused(kept, path)
    away = kept.dir / "away"
    for name in ("../away", "/tmp/bahi-away", "a/../../away", "./x", "a//b"):
        with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
            one = tarfile.TarInfo(name)
            one.mode, one.size = 0o600, 0
            tar.addfile(one)
        refused(kept, path)
        assert not away.exists()
    with tarfile.open(path, "w") as tar:
        one = tarfile.TarInfo("store/bahi.db")
        one.type, one.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(one)
    refused(kept, path)
    refused(kept, kept.dir / "none.tar")


def edited(kept, archive, sql):
    """As somebody would who knows the format: all sums are right again."""
    import hashlib
    import io
    import sqlite3
    with tarfile.open(archive) as tar:
        files = [(m.name, tar.extractfile(m).read()) for m in tar]
    out, sums = kept.dir / "edited.tar", ""
    with tarfile.open(out, "w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data in files:
            if name == "store/bahi.db":
                path = kept.dir / "edited.db"
                path.write_bytes(data)
                db = sqlite3.connect(path)
                for trigger, in db.execute(
                        "SELECT name FROM sqlite_master WHERE type ="
                        " 'trigger'").fetchall():
                    db.execute('DROP TRIGGER "%s"' % trigger)
                assert db.execute(sql).rowcount > 0
                db.commit()
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                db.close()
                data = path.read_bytes()
            if name == "SHA256SUMS":
                data = sums.encode()
            sums += "%s  %s\n" % (hashlib.sha256(data).hexdigest(), name)
            one = tarfile.TarInfo(name)
            one.mode, one.size = 0o600, len(data)
            # As ours has it: no names, no device.
            head = bytearray(one.tobuf(tarfile.USTAR_FORMAT))
            head[329:345] = b"\0" * 16
            head[148:156] = b" " * 8
            head[148:156] = b"%06o\0 " % sum(head)
            tar.fileobj.write(bytes(head) + data +
                              b"\0" * (-len(data) % 512))
        tar.fileobj.write(b"\0" * 1024)
        tar.fileobj.flush()
        raw = out.read_bytes()
    out.write_bytes(raw[:raw.index(b"SHA256SUMS\0" + b"\0" * 80)] +
                    raw[raw.index(b"SHA256SUMS\0" + b"\0" * 80):])
    data = out.read_bytes()
    last = data.rindex(b"SHA256SUMS\0")
    out.write_bytes(data[:last + 512 + (len(sums.encode()) -
                    len(sums.splitlines()[-1]) - 1 + 511) // 512 * 512] +
                    b"\0" * 1024)
    return out


@pytest.mark.parametrize("sql, why", [
    ("UPDATE entry SET amount = amount + 1, base = base + 1 WHERE journal ="
     " 2 AND line = 1", "journal"),
    ("UPDATE event SET body = CAST('{}' AS BLOB) WHERE key = 'msg_1'",
     "audit row"),
    ("UPDATE audit SET actor = 'nobody' WHERE seq = 5", "audit row 5"),
    ("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)",
     "not of the moment"),
    ("UPDATE tally SET n = n + 1 WHERE state = 'received'", "add up"),
])
def test_one_whose_books_were_changed_is_found(kept, archive, sql, why):
    assert why in refused(kept, edited(kept, archive, sql)).stderr


# ---- sealed ------------------------------------------------------------------


def test_a_sealed_one(kept):
    keys = [kept.dir / "key1", kept.dir / "key2"]
    for key in keys:
        kept.run("key", "new", str(key))
    path = kept.backup("--sealed", str(keys[0]))
    assert path.name.endswith(".tar.sealed")
    text = path.read_bytes()
    for word in (b"SQLite", b"WALKIN", b"STORE-MUM", b"manifest", b"ustar"):
        assert word not in text
    done = kept.verify(path, "--sealed", str(keys[0]))
    assert done.returncode == 0, done.stderr
    assert "is sealed" in refused(kept, path).stderr
    refused(kept, path, "--sealed", str(keys[1]))
    for at in (20, 100, 300, 70000, len(text) // 2, len(text) - 1):
        refused(kept, flipped(kept, path, at), "--sealed", str(keys[0]))
    for n in (10, 200, 70000, len(text) - 70000, len(text) - 1):
        cut = kept.dir / "cut.sealed"
        cut.write_bytes(text[:n])
        refused(kept, cut, "--sealed", str(keys[0]))
    keys[1].chmod(0o644)
    assert "600" in refused(kept, path, "--sealed", str(keys[1])).stderr


def test_of_a_sealed_store(kept):
    """Its key seals what comes out of it; nothing is in clear on the way."""
    house = Kept()
    try:
        key = house.dir / "storekey"
        house.run("key", "new", str(key))
        shutil.rmtree(house.home)
        house.home.mkdir()
        plain = house.dir / "plain"
        house.run("init", str(plain), str(ROOT / "data/reference"),
                  config=False)
        house.home.rmdir()
        plain.rename(house.home)
        house.run("source", "add", "pos", "standard")
        house.setting("key", key)
        house.run("seal")
        house.start()
        for n in range(3):
            assert house.post("pos", sale("S%d" % n), "s%d" % n).status == 201
        path = house.backup()
        assert path.name.endswith(".sealed")
        assert b"STORE-MUM" not in path.read_bytes()
        done = house.verify(path)
        assert done.returncode == 0, done.stderr
        # On a new machine there is only the key.
        folder = house.dir / "new"
        done = subprocess.run(
            [house.argv("x")[0], "--config", "/nowhere/bahid.conf",
             "restore", str(path), str(folder), "--sealed", str(key)],
            env=house.env, text=True, capture_output=True, timeout=60)
        assert done.returncode == 0, done.stderr
        for file in folder.rglob("*"):
            if file.is_file():
                assert b"STORE-MUM" not in file.read_bytes(), file
        shutil.copytree(house.home / "secrets", folder / "secrets",
                        dirs_exist_ok=True)
        house.stop()
        house.home = folder
        house.start()
        assert house.post("pos", sale("S1"), "s1").status == 200
        assert house.post("pos", sale("S9"), "s9").status == 201
        house.check_books()
    finally:
        house.close()


# ---- a point in time ---------------------------------------------------------


def test_while_events_come_it_is_one_moment(kept):
    """Whatever was answered before it began is in it; of what came later
    nothing is half in it; and nobody waited for it."""
    answered, stop, worst = [], threading.Event(), [0.0]

    def send(lane):
        connection = kept.connect()
        n = 0
        while not stop.is_set():
            start = time.monotonic()
            number = "L%d-%d" % (lane, n)
            answer = kept.post("pos", sale(number), "load_" + number,
                               connection=connection)
            assert answer.status == 201
            worst[0] = max(worst[0], time.monotonic() - start)
            answered.append(answer.json["event"])
            n += 1
        connection.close()

    lanes = [threading.Thread(target=send, args=(n,)) for n in range(2)]
    for lane in lanes:
        lane.start()
    kept.wait(lambda: len(answered) > 50)
    before = set(answered)
    path = kept.backup()
    stop.set()
    for lane in lanes:
        lane.join()
    assert len(answered) > len(before)
    done = kept.verify(path)
    assert done.returncode == 0, done.stderr
    other, _ = restored(kept, path)
    try:
        other.start()
        there = set()
        after = ""
        while after is not None:
            page = other.get("/v1/events?limit=500&after=" + (after or ""))
            there |= {one["id"] for one in page["items"]}
            after = page["next"]
        assert before <= there
        other.check_books()
        other.prove()
    finally:
        if other.process is not None:
            other.kill()


def test_what_is_restored_serves_and_knows_what_it_had(kept, archive):
    other, done = restored(kept, archive)
    assert "bahid.conf run" in done.stdout
    try:
        other.start()
        # A source sends again all that it is not sure of: what was in the
        # backup is known, what was not comes in.
        again = other.post("pos", sale("N3"), "msg_3")
        assert again.status == 200
        assert again.headers["Idempotent-Replayed"] == "true"
        assert other.post("pos", sale("Z1"), "msg_z").status == 201
        status = other.check_books()
        pos = [s for s in status["sources"] if s["name"] == "pos"][0]
        assert pos["received"] == EVENTS + 2     # and one told again
        other.prove()
        # Its own place, none of the old one.
        conf = (other.home / "bahid.conf").read_text()
        assert str(kept.home) not in conf
    finally:
        other.kill()


def test_only_into_an_empty_folder(kept, archive):
    folder = kept.dir / "full"
    folder.mkdir()
    (folder / "mine").write_text("x")
    done = kept.run("restore", str(archive), str(folder), check=False)
    assert done.returncode == 11 and "not empty" in done.stderr
    assert [f.name for f in folder.iterdir()] == ["mine"]
    # A broken one leaves nothing that somebody could start.
    fresh = kept.dir / "fresh"
    broken = flipped(kept, archive, archive.stat().st_size // 2)
    done = kept.run("restore", str(broken), str(fresh), check=False)
    assert done.returncode == 5
    assert not fresh.exists()


def test_without_any_configuration(kept, archive):
    """On a machine that has nothing yet."""
    folder = kept.dir / "bare"
    done = subprocess.run(
        [kept.argv("x")[0], "--config", "/nowhere/bahid.conf", "restore",
         str(archive), str(folder)], env=kept.env, text=True,
        capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert (folder / "bahid.conf").exists()


# ---- killed ------------------------------------------------------------------


@pytest.mark.parametrize("point", ["backup.before_copy", "backup.after_copy",
                                   "backup.before_rename"])
def test_killed_on_the_way_it_leaves_none(kept, point):
    before = {f for f in kept.to.iterdir()
              if not f.name.startswith(".bahi-")}
    done, new = kept.backup(check=False, env={"BAHI_CRASH": point})
    assert done.returncode == -9
    assert not new
    assert len(list(kept.to.glob(".bahi-backup-*"))) == 1
    path = kept.backup()
    assert not list(kept.to.glob(".bahi-backup-*"))
    assert set(kept.to.iterdir()) == before | {path}
    assert kept.verify(path).returncode == 0


def test_no_room_says_how_much_is_needed(kept):
    done = subprocess.run(
        kept.argv("backup", "--to", "/proc/nothing.tar"), env=kept.env,
        text=True, capture_output=True, timeout=60)
    assert done.returncode != 0 and "bahid:" in done.stderr


# ---- by itself ---------------------------------------------------------------


def state(house):
    return house.get("/v1/status")["backup"]


def test_by_itself_with_trials_and_alerts(kept):
    house = Kept()
    try:
        house.setting("backup_to", house.to)
        house.setting("backup_keep", 2)
        house.setting("alert_every", 1)
        for n in range(3):
            (house.to / ("bahi-2025010%dT000000.000Z.tar" % (n + 1))).write_text(
                "old")
        (house.to / "bahi-notes.txt").write_text("somebody's")
        house.start()
        house.post("pos", sale("N1"), "msg_1")
        house.wait(lambda: state(house)["tried_at"] is not None)
        now = state(house)
        assert now["late"] is False and now["why"] == ""
        assert now["restore_seconds"] >= 0 and now["tried_why"] == ""
        names = sorted(f.name for f in house.to.iterdir())
        assert len(names) == 3 and "bahi-notes.txt" in names
        assert "bahi-20250103T000000.000Z.tar" in names
        metrics = house.api("GET", "/metrics").body.decode()
        assert "bahi_backup_seconds" in metrics
        # Long ago, and it fails now.
        house.stop()
        import sqlite3
        db = sqlite3.connect(house.home / "bahi.db")
        db.execute("UPDATE backup SET at = at - 3 * 86400000000")
        db.commit()
        db.close()
        shutil.rmtree(house.to)
        house.to.write_text("no folder")
        house.start()
        house.wait(lambda: {"backup.late", "backup.failed"} <= {
            a["code"] for a in house.get("/v1/alerts")["items"]})
        assert state(house)["late"] is True and state(house)["why"]
    finally:
        house.close()


def test_what_was_made_by_hand_is_known_and_in_the_audit(kept):
    path = kept.backup()
    kept.wait(lambda: state(kept)["place"] == str(path))
    rows = kept.get("/v1/activity")
    assert rows is not None
    assert "chain is whole" in kept.run("audit", "verify").stdout


# ---- sftp --------------------------------------------------------------------

SSHD = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:" + os.defpath)


class Server:
    def __init__(self, folder):
        self.keys = folder / "keys"
        self.store = folder / "stored"
        self.keys.mkdir()
        self.store.mkdir()
        for name in ("host", "mine", "other"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "",
                            "-f", str(self.keys / name)], check=True)
        if os.geteuid() == 0:
            os.makedirs("/run/sshd", 0o755, exist_ok=True)
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self.port = one.getsockname()[1]
        (self.keys / "config").write_text(
            "ListenAddress 127.0.0.1:%d\nHostKey %s/host\nPidFile none\n"
            "UsePAM no\nPasswordAuthentication no\nStrictModes no\n"
            "PermitRootLogin prohibit-password\n"
            "Subsystem sftp internal-sftp\nAuthorizedKeysFile %s/mine.pub\n"
            % (self.port, self.keys, self.keys))
        known = "[127.0.0.1]:%d %%s" % self.port
        (self.keys / "known").write_text(
            known % (self.keys / "host.pub").read_text())
        (self.keys / "unknown").write_text(
            known % (self.keys / "other.pub").read_text())
        self.process = subprocess.Popen(
            [SSHD, "-D", "-e", "-f", str(self.keys / "config")],
            stderr=open(self.keys / "log", "a"))
        end = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                break
            except ConnectionRefusedError:
                assert time.monotonic() < end
                time.sleep(0.05)
        self.url = "sftp://%s@127.0.0.1:%d%s" % (
            pwd.getpwuid(os.geteuid()).pw_name, self.port, self.store)

    def close(self):
        self.process.terminate()
        self.process.wait(30)


def test_over_sftp(kept):
    assert SSHD is not None, "openssh-server is not installed"
    server = Server(kept.dir)
    try:
        def put(check=True):
            return kept.run("backup", "--to", server.url, check=check)

        assert "backup_hosts" in put(False).stderr
        kept.setting("backup_hosts", server.keys / "known")
        assert "backup_key" in put(False).stderr
        kept.setting("backup_key", server.keys / "mine")
        (server.keys / "mine").chmod(0o644)
        assert "600" in put(False).stderr
        (server.keys / "mine").chmod(0o600)
        put()
        [name] = [f.name for f in server.store.iterdir()]
        assert name.startswith("bahi-") and name.endswith(".tar")
        assert (server.store / name).stat().st_mode & 0o777 == 0o600
        done = kept.verify(server.url + "/" + name)
        assert done.returncode == 0, done.stderr
        assert not list(kept.home.glob(".bahi-*"))
        # Somebody else answers there, or we are nobody to it.
        for setting, value in (("backup_hosts", server.keys / "unknown"),
                               ("backup_hosts", "SHA256:" + "A" * 43),
                               ("backup_key", server.keys / "other")):
            kept.setting(setting, value)
            done = put(False)
            assert done.returncode == 13, done.stderr
            kept.setting("backup_hosts", server.keys / "known")
            kept.setting("backup_key", server.keys / "mine")
        digest = subprocess.run(
            ["ssh-keygen", "-lf", str(server.keys / "host.pub")], text=True,
            capture_output=True, check=True).stdout.split()[1]
        kept.setting("backup_hosts", digest)
        put()
        assert len(list(server.store.iterdir())) == 2
        # By itself, the old ones go; half of one is never taken for one.
        (server.store / "bahi-20990101T000000.000Z.tar.part").write_text("half")
        house = Kept()
        try:
            house.setting("backup_to", server.url)
            house.setting("backup_keep", 1)
            house.setting("backup_hosts", server.keys / "known")
            house.setting("backup_key", server.keys / "mine")
            house.start()
            house.wait(lambda: state(house)["tried_at"] is not None)
            assert state(house)["tried_why"] == ""
            left = [f.name for f in server.store.iterdir()
                    if not f.name.endswith(".part")]
            assert len(left) == 1 and state(house)["place"].endswith(left[0])
        finally:
            house.close()
    finally:
        server.close()
