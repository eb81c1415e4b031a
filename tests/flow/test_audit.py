"""The chain proves itself: whoever changes it behind the daemon's back is
found, at the first row that is not as it was written, with what was done."""
import hashlib
import json
import os
import pathlib
import pwd
import re
import shutil
import sqlite3
import subprocess
import time

import pytest

from house import BAHID, House, sale


@pytest.fixture(scope="module")
def filled():
    house = House()
    house.start()
    for n in range(6):
        house.post("pos", sale("N%d" % n), "msg_%d" % n)
    failed = house.post("pos", sale("F", store="MARS"), "msg_f").json["event"]
    version = house.get("/v1/events/" + failed)["version"]
    assert house.api("POST", "/v1/decisions", {
        "action": "dismiss", "reason": "a test",
        "events": [{"id": failed, "version": version}]}).status == 200
    assert house.api("POST", "/v1/reference/mapping", (
        "source,dimension,from,to\npos,cost_centre,MARS,CC-MUM\n").encode(),
        {"Content-Type": "text/csv"}).status == 200
    house.stop()
    house.prove()
    yield house
    house.close()


@pytest.fixture
def house(filled):
    """The same books again and again: each attack on a copy of them."""
    store = filled.home / "bahi.db"
    kept = filled.dir / "kept.db"
    if not kept.exists():
        shutil.copy(store, kept)
    for end in ("", "-wal", "-shm", "-swal"):
        (filled.home / ("bahi.db" + end)).unlink(missing_ok=True)
    shutil.copy(kept, store)
    return filled


# ---- an attacker with sqlite3 ----------------------------------------------

def attack(house, *statements):
    db = sqlite3.connect(house.home / "bahi.db")
    for name, in db.execute("SELECT name FROM sqlite_master"
                            " WHERE type = 'trigger'").fetchall():
        db.execute("DROP TRIGGER " + name)
    for sql in statements:
        db.execute(sql)
    db.commit()
    db.close()


def digest(prev, seq, at, *texts):
    """As bahi-audit(5) says."""
    return hashlib.sha256(
        prev + b"%d %d\0" % (seq, at) +
        b"".join(t.encode() + b"\0" for t in texts)).digest()


def rehash(house, first):
    """All rows from there on, as the daemon would have written them."""
    db = sqlite3.connect(house.home / "bahi.db")
    prev = bytes(32)
    for row in db.execute("SELECT seq, at, actor, action, object, old, new,"
                          " hash FROM audit ORDER BY seq").fetchall():
        if row[0] < first:
            prev = row[7]
            continue
        now = digest(prev, *row[:7])
        db.execute("UPDATE audit SET prev = ?, hash = ? WHERE seq = ?",
                   (prev, now, row[0]))
        prev = now
    db.commit()
    db.close()


def verify(house, *args):
    return house.run("audit", "verify", *args, check=False)


def broken(house, *args):
    done = verify(house, *args)
    assert done.returncode == 5 and "whole" not in done.stdout, done
    return done.stderr


SHIFT = ("UPDATE audit SET seq = -seq WHERE seq >= %d",
         "UPDATE audit SET seq = -seq %s 1 WHERE seq < 0")
COPY = ("INSERT INTO audit SELECT %d, at, actor, action, object, old, new,"
        " prev, hash FROM audit WHERE seq = %d")


def test_it_is_whole(house):
    done = verify(house)
    assert done.returncode == 0 and "the chain is whole" in done.stdout


@pytest.mark.parametrize("column", ["actor", "action", "object", "old",
                                    "new", "at", "hash", "prev"])
def test_an_edited_row(house, column):
    value = {"at": "at + 1", "hash": "zeroblob(32)",
             "prev": "zeroblob(32)"}.get(column, column + " || 'x'")
    attack(house, "UPDATE audit SET %s = %s WHERE seq = 6" % (column, value))
    assert "row 6 is broken: edited" in broken(house)


def test_an_edited_row_with_its_hash(house):
    attack(house, "UPDATE audit SET actor = 'nobody' WHERE seq = 6")
    db = sqlite3.connect(house.home / "bahi.db")
    row = db.execute("SELECT prev, seq, at, actor, action, object, old, new"
                     " FROM audit WHERE seq = 6").fetchone()
    db.execute("UPDATE audit SET hash = ? WHERE seq = 6", (digest(*row),))
    db.commit()
    db.close()
    assert "row 6 is broken: edited" in broken(house)


def test_a_deleted_row(house):
    attack(house, "DELETE FROM audit WHERE seq = 6")
    assert "row 6 is missing" in broken(house)


def test_deleted_and_numbered_anew(house):
    attack(house, "DELETE FROM audit WHERE seq = 6",
           *(sql % at for sql, at in zip(SHIFT, (6, "-"))))
    assert "row 6 is missing" in broken(house)


def test_the_first_row_deleted(house):
    attack(house, "DELETE FROM audit WHERE seq = 1")
    assert "row 1 is missing" in broken(house)


def test_an_inserted_row(house):
    attack(house, *(sql % at for sql, at in zip(SHIFT, (6, "+"))),
           COPY % (6, 5), "UPDATE audit SET actor = 'x' WHERE seq = 6")
    assert "row 6 is broken: inserted" in broken(house)


def test_an_inserted_row_with_its_hash(house):
    attack(house, *(sql % at for sql, at in zip(SHIFT, (6, "+"))),
           COPY % (6, 5))
    db = sqlite3.connect(house.home / "bahi.db")
    prev, = db.execute("SELECT hash FROM audit WHERE seq = 5").fetchone()
    row = db.execute("SELECT seq, at, actor, action, object, old, new FROM"
                     " audit WHERE seq = 6").fetchone()
    db.execute("UPDATE audit SET prev = ?, hash = ? WHERE seq = 6",
               (prev, digest(prev, *row)))
    db.commit()
    db.close()
    assert "row 6 is broken: inserted" in broken(house)


def test_a_row_before_the_first(house):
    attack(house, COPY % (-3, 5))
    assert "row -3 is broken: inserted" in broken(house)


@pytest.mark.parametrize("a, b", [(6, 7), (5, 9)])
def test_reordered_rows(house, a, b):
    attack(house, "UPDATE audit SET seq = -1 WHERE seq = %d" % a,
           "UPDATE audit SET seq = %d WHERE seq = %d" % (a, b),
           "UPDATE audit SET seq = %d WHERE seq = -1" % b)
    assert "row %d is broken: reordered" % a in broken(house)


def test_a_truncated_chain(house):
    """Without any anchor: the books still hold what it no longer names."""
    attack(house, "DELETE FROM audit WHERE seq > 4")
    assert "is in no audit row" in broken(house)


# ---- what rows name --------------------------------------------------------

NAMED = {
    "row of the log L": "UPDATE log SET body = replace(body, 'a test',"
                        " 'no test') WHERE kind = 'decision'",
    "log": "UPDATE log SET actor = 'nobody' WHERE kind = 'decision'",
    "the text of rules": "UPDATE rules SET files ="
                         " replace(files, 'SELECT', 'select')",
    "event E": "UPDATE event SET body = CAST('{}' AS BLOB) WHERE seq ="
               " (SELECT max(seq) FROM event)",
    "journal J": "UPDATE entry SET amount = amount * 2 WHERE journal = 2",
}


@pytest.mark.parametrize("what", NAMED)
def test_what_rows_name(house, what):
    attack(house, NAMED[what])
    assert what in broken(house)


UNNAMED = [
    "INSERT INTO journal SELECT 99, entity, date, kind, 'FAKE', version,"
    " event, NULL, narration FROM journal WHERE id = 2",
    "INSERT INTO log SELECT 9999, kind, at, actor, body FROM log"
    " WHERE kind = 'decision'",
    "INSERT INTO event SELECT 9998, source, 'fake', topic, correlation,"
    " secret_id, received, occurred, digest, body, state, version, attempts,"
    " entity, kind, number, doc_version, party, amount, currency, journal,"
    " journals, change, answer, wrong, audit FROM event WHERE key = 'msg_1'",
]


@pytest.mark.parametrize("sql", UNNAMED)
def test_what_no_row_names(house, sql):
    attack(house, sql)
    assert "is in no audit row" in broken(house)


def test_old_and_new_rows_of_master_data(house):
    house.start()
    csv = "source,dimension,from,to\npos,cost_centre,MARS,%s\n"
    for to in ("CC-PUN", "CC-MUM"):
        assert house.api("POST", "/v1/reference/mapping", (csv % to).encode(),
                         {"Content-Type": "text/csv"}).status == 200
    party = house.get("/v1/reference/party")
    head = "code,name,entity,kind,extra,from,to\n"
    house.api("POST", "/v1/reference/party",
              (head + "PX1,Asha Rao,,customer,,,\n").encode(),
              {"Content-Type": "text/csv"})
    answer = house.api("POST", "/v1/reference/party",
                       (head + "PX1,Asha Rane,,customer,,,\n").encode(),
                       {"Content-Type": "text/csv"})
    assert answer.status == 200, (answer.body, party)
    house.stop()
    db = sqlite3.connect(house.home / "bahi.db")
    rows = db.execute("SELECT old, new FROM audit WHERE action = 'reference'"
                      " ORDER BY seq DESC LIMIT 3").fetchall()
    old, new = rows[2]
    assert old == "pos,cost_centre,MARS,CC-PUN\n" and "CC-MUM" in new
    old, new = rows[0]
    assert old.startswith("text=") and "Asha" not in old + new
    text, = db.execute("SELECT text FROM audit_text WHERE digest = ?",
                       (old[5:],)).fetchone()
    assert "PX1,Asha Rao," in text
    db.close()
    house.prove()
    attack(house, "UPDATE audit_text SET text = replace(text, 'Rao', 'Roy')")
    assert "the text" in broken(house)


# ---- parts of it -----------------------------------------------------------

def test_a_range_sees_its_own_rows_only(house):
    attack(house, "UPDATE audit SET actor = 'x' WHERE seq = 8")
    assert verify(house, "--to", "7").returncode == 0
    assert verify(house, "--from", "10").returncode == 0
    assert "row 8 is broken: edited" in broken(house, "--from", "5")
    assert "row 8 is broken: edited" in broken(house, "--from", "8",
                                               "--to", "8")
    assert verify(house, "--to", "2099-01-01").returncode == 5
    assert verify(house, "--from", "2099-01-01").returncode == 0
    assert "missing" in broken(house, "--to", "100000")


@pytest.mark.parametrize("words", [
    ("--from", "yesterday"), ("--from", "-3"), ("--from",), ("--frm", "1"),
    ("--from", "0"), ("12",), ("--to", "2026-13-45"), ("--to", "9" * 40)])
def test_rubbish_is_refused(house, words):
    done = verify(house, *words)
    assert done.returncode in (1, 2) and done.stderr, done


# ---- anchors ---------------------------------------------------------------

@pytest.fixture
def signed(house):
    """Two anchors, the first of them made by the daemon."""
    key = house.home / "audit.key"
    for file in list(house.home.glob("*.key")):
        file.unlink()
    shutil.rmtree(house.home / "anchors", ignore_errors=True)
    house.public = house.run("audit", "key", "new", str(key)).stdout.strip()
    assert len(house.public) == 64 and key.stat().st_mode & 0o777 == 0o600
    house.setting("audit_key", "audit.key")
    house.start()
    wait(lambda: anchors(house))
    house.post("pos", sale("AFTER"), "msg_after_%s" % house.public[:8])
    wait(lambda: chained(house, "anchor") == 1)
    house.text = house.run("audit", "anchor").stdout    # beside the daemon
    house.stop()
    house.kept = house.home / "kept.txt"
    house.kept.write_text(house.text)
    yield house
    house.setting("audit_key", "")


def wait(done):
    end = time.monotonic() + 30
    while not done():
        assert time.monotonic() < end
        time.sleep(0.05)


def anchors(house):
    return sorted((house.home / "anchors").glob("anchor-*.txt"))


def chained(house, action):
    db = sqlite3.connect(house.home / "bahi.db")
    [[n]] = db.execute("SELECT count(*) FROM audit WHERE action = ?",
                       (action,))
    db.close()
    return n


def without_anchors(house):
    attack(house, "DELETE FROM anchor", "DELETE FROM audit_left")


def test_anchors_say_how_the_chain_ends(signed):
    texts = [file.read_text() for file in anchors(signed)]
    assert len(texts) == 2 and texts[1] == signed.text
    assert texts[0].startswith("bahi-anchor 1\nhost ")
    fields = dict(line.split(" ", 1) for line in texts[1].splitlines()[1:])
    assert fields["key"] == signed.public and fields["next"] == "-"
    assert fields["previous"] == hashlib.sha256(
        texts[0].encode()).hexdigest()
    db = sqlite3.connect(signed.home / "bahi.db")
    assert db.execute("SELECT hash FROM audit WHERE seq = ?", (
        fields["row"],)).fetchone()[0].hex() == fields["hash"]
    db.close()
    done = verify(signed, "--anchor", str(signed.kept), "--key",
                  signed.public)
    assert done.returncode == 0 and "2 anchors" in done.stdout, done
    signed.start()              # who left a row for the chain has it there
    wait(lambda: chained(signed, "anchor") == 2)
    signed.stop()
    assert verify(signed).returncode == 0


def test_cut_behind_the_last_anchor(signed):
    row = int(signed.text.split("row ")[1].split()[0])
    attack(signed, "DELETE FROM audit WHERE seq >= %d" % row,
           "DELETE FROM event WHERE audit >= %d" % row,
           "DELETE FROM journal WHERE event NOT IN (SELECT seq FROM event)")
    assert "row %d is missing: truncated" % row in broken(signed)


def test_only_an_anchor_sees_a_chain_written_anew(signed):
    """One who knows how rows are hashed, and removes the store's anchors."""
    attack(signed, "UPDATE audit SET actor = 'nobody' WHERE seq = 8")
    rehash(signed, 8)
    assert "rewritten" in broken(signed)
    without_anchors(signed)
    attack(signed, "UPDATE audit SET action = 'x' WHERE action = 'anchor'")
    rehash(signed, 8)
    assert verify(signed).returncode == 0       # nobody else can tell
    for words in (("--anchor", str(signed.kept)),
                  ("--anchor", str(signed.kept), "--key", signed.public)):
        assert "rewritten, it was anchored" in broken(signed, *words)
    assert "no anchor is signed by" in broken(signed, "--key", signed.public)


def test_cut_and_the_anchors_with_it(signed):
    row = int(signed.text.split("row ")[1].split()[0])
    without_anchors(signed)
    attack(signed, "DELETE FROM audit WHERE action = 'anchor' OR seq >= %d"
           % row, "DELETE FROM event WHERE audit >= %d" % row,
           "DELETE FROM journal WHERE event NOT IN (SELECT seq FROM event)",
           "DELETE FROM log WHERE 'L' || seq NOT IN (SELECT object FROM"
           " audit WHERE action = 'log')")
    rehash(signed, 1)
    assert verify(signed).returncode == 0
    assert "row %d is missing: truncated" % row in broken(
        signed, "--anchor", str(signed.kept))


@pytest.mark.parametrize("change", [
    ("row ", "row 1"), ("hash ", "hash 0"), ("at 2", "at 3"),
    ("host ", "host x"), ("next -", "next " + "0" * 64),
    ("signature ", "signature 0"), ("bahi-anchor 1", "bahi-anchor 2"),
    ("\nsignature", "\nmore x\nsignature"), ("previous", "previois")])
def test_an_anchor_that_was_edited(signed, change):
    text = signed.text.replace(*change, 1)
    signed.kept.write_text(text)
    assert "anchor" in broken(signed, "--anchor", str(signed.kept))
    db = sqlite3.connect(signed.home / "bahi.db")
    db.execute("DROP TRIGGER anchor_kept")
    db.execute("UPDATE anchor SET text = ? WHERE id = 2", (text,))
    db.commit()
    db.close()
    assert "anchor" in broken(signed)


def test_another_ones_key(signed):
    """A forger signs as well as we do, but with his own key."""
    own = signed.run("audit", "key", "new",
                     str(signed.home / "own.key")).stdout.strip()
    without_anchors(signed)
    attack(signed, "DELETE FROM audit WHERE action = 'anchor'")
    rehash(signed, 1)
    signed.setting("audit_key", "own.key")
    signed.run("audit", "anchor")
    assert verify(signed).returncode == 0
    assert "no anchor is signed by " + signed.public in broken(
        signed, "--key", signed.public)
    assert own != signed.public


def test_the_key_is_changed_by_the_key_before(signed):
    new = signed.run("audit", "key", "new",
                     str(signed.home / "new.key")).stdout.strip()
    signed.setting("audit_key", "new.key")
    done = signed.run("audit", "anchor", check=False)
    assert done.returncode != 0 and "audit key change" in done.stderr
    signed.setting("audit_key", "audit.key")
    said = signed.run("audit", "key", "change",
                      str(signed.home / "new.key")).stdout
    assert "next " + new in said and "key " + signed.public in said
    done = signed.run("audit", "anchor", check=False)
    assert done.returncode != 0     # the old one is no longer taken
    signed.setting("audit_key", "new.key")
    assert "key " + new in signed.run("audit", "anchor").stdout
    for key in (signed.public, new):
        done = verify(signed, "--key", key, "--anchor", str(signed.kept))
        assert done.returncode == 0 and "4 anchors" in done.stdout, done
    assert signed.run("audit", "key", "show").stdout.strip() == new


def test_a_key_others_can_read_is_refused(signed):
    key = signed.home / "audit.key"
    key.chmod(0o640)
    done = signed.run("audit", "anchor", check=False)
    assert done.returncode != 0 and "chmod 600" in done.stderr
    key.chmod(0o600)
    key.write_text("rubbish\n")
    done = signed.run("audit", "anchor", check=False)
    assert done.returncode != 0 and "not a key" in done.stderr
    done = signed.run("audit", "key", "new", str(key), check=False)
    assert done.returncode != 0 and key.read_text() == "rubbish\n"


# ---- who read --------------------------------------------------------------

def test_who_read_what_is_in_the_chain(house):
    house.start()
    me = pwd.getpwuid(os.getuid()).pw_name
    for n in (1, 2, 3):
        house.get("/v1/trial-balance")
    house.get("/v1/journals/J1")
    house.get("/v1/journals/J2")
    house.get("/v1/status")
    house.stop()                # what was not written yet is not lost
    house.start()
    wait(lambda: chained(house, "read") >= 2)
    house.stop()
    db = sqlite3.connect(house.home / "bahi.db")
    rows = dict(db.execute("SELECT object, new FROM audit WHERE action ="
                           " 'read' AND actor = ?", (me,)).fetchall())
    db.close()
    assert rows["/v1/trial-balance"] == "n=3"
    assert rows["/v1/journals/{}"] == "n=2 first=J1 last=J2"
    assert "/v1/status" not in rows
    house.prove()


# ---- nothing without a row -------------------------------------------------

def test_whoever_changes_or_takes_something_is_in_the_chain(house):
    """What a program beside the daemon does, and what is done over the API:
    each has its row, in the name of who did it."""
    me = pwd.getpwuid(os.getuid()).pw_name
    csv = {"Content-Type": "text/csv"}
    head = b"source,dimension,from,to\n"
    house.start()
    event = house.post("pos", sale("W", store="VENUS"),
                       "msg_w").json["event"]

    def decide(action, **more):
        version = house.get("/v1/events/" + event)["version"]
        return house.api("POST", "/v1/decisions", dict(
            action=action, reason="why not",
            events=[{"id": event, "version": version}], **more))

    def verb(*words):
        house.run(*words)

    acts = {
        "source.add": lambda: verb("source", "add", "till-9", "standard"),
        "totp.enrol": lambda: verb("totp", "enrol", "asha"),
        "totp.remove": lambda: verb("totp", "remove", "asha"),
        "export": lambda: verb("export", "hledger"),
        "reference": lambda: house.api(
            "POST", "/v1/reference/mapping",
            head + b"pos,cost_centre,VENUS,CC-MUM\n", csv),
        "assign": lambda: decide("assign", **{"with": {"to": me}}),
        "comment": lambda: decide("comment", **{"with": {"text": "x"}}),
        "dismissed": lambda: decide("dismiss"),
        "propose": lambda: house.api("POST", "/v1/proposals", {
            "kind": "reference", "table": "mapping", "reason": "x",
            "csv": (head + b"pos,cost_centre,PLUTO,CC-MUM\n").decode()}),
        "reject": lambda: house.api("POST", "/v1/proposals/P1/reject", {
            "reason": "no"}, {"If-Match": '"1"'}),
    }
    for action, act in acts.items():
        before = chained(house, action), chained(house, "log")
        answer = act()
        assert answer is None or answer.status in (200, 201, 202), (
            action, answer.status, answer.body)
        wait(lambda: (chained(house, action), chained(house, "log")) !=
             before)
    house.stop()
    db = sqlite3.connect(house.home / "bahi.db")
    actors = dict(db.execute("SELECT action, actor FROM audit WHERE seq >"
                             " (SELECT audit FROM event WHERE key = 'msg_w')"
                             " AND actor = ?", (me,)).fetchall())
    db.close()
    assert set(acts) - set(actors) <= {"assign", "comment"}, actors
    assert "log" in actors
    house.prove()


# ---- export, and a verifier of its own -------------------------------------

VERIFY = os.environ.get("BAHI_VERIFY", str(pathlib.Path(BAHID).parent /
                                           "bahi-verify"))


def offline(text, *words):
    return subprocess.run([VERIFY, *words, "-"], input=text, text=True,
                          capture_output=True, timeout=60)


@pytest.fixture
def export(signed):
    signed.out = signed.home / "chain.jsonl"
    signed.out.unlink(missing_ok=True)
    signed.run("audit", "export", "--with", "content", str(signed.out))
    assert signed.out.stat().st_mode & 0o777 == 0o600
    signed.text = signed.out.read_text()
    yield signed


def test_an_export_is_verified_without_us(export):
    done = offline(export.text, "--key", export.public, "--anchor",
                   str(export.kept))
    assert done.returncode == 0, done
    rows, contents = (int(word) for word in
                      re.findall(r"(\d+) (?:rows|contents)", done.stdout))
    assert rows > 60 and "2 anchors" in done.stdout
    lines = [json.loads(line) for line in export.text.splitlines()]
    assert contents == sum(line.get("of") in ("event", "log", "rules",
                                              "journal") for line in lines)
    assert contents > 20
    plain = export.run("audit", "export", "-").stdout
    assert offline(plain).returncode == 0 and '"of"' not in plain
    part = export.run("audit", "export", "--from", "10", "--to", "20",
                      "-").stdout
    assert "11 rows from 10 to 20" in offline(part).stdout
    # who exported is in the chain before the first byte is out
    export.start()
    wait(lambda: chained(export, "export") == 3)
    export.stop()


def edits(text):
    lines = text.splitlines(keepends=True)
    rows = [i for i, line in enumerate(lines) if line.startswith('{"row":')]
    def at(n, change):
        out = list(lines)
        out[rows[n]] = change(out[rows[n]])
        return "".join(out)
    swapped = list(lines)
    swapped[rows[7]], swapped[rows[8]] = lines[rows[8]], lines[rows[7]]
    body = next(i for i, line in enumerate(lines)
                if line.startswith('{"of":"event"'))
    entry = next(i for i, line in enumerate(lines)
                 if line.startswith('{"of":"entries"'))
    yield "edited", at(7, lambda s: s.replace('"actor":"', '"actor":"x'))
    yield "a time", at(7, lambda s: re.sub(r'"at":(\d)', r'"at":9', s))
    yield "deleted", at(7, lambda s: "")
    yield "inserted", at(7, lambda s: s + s)
    yield "reordered", "".join(swapped)
    yield "cut", "".join(lines[:-5])
    yield "cut, but counted", "".join(lines[:rows[-3]]) + '{"rows":%d}\n' % (
        len(rows) - 3)
    yield "half a line", text[:-20]
    yield "bytes", "".join(lines[:body] + [lines[body].replace("118", "218")]
                           + lines[body + 1:])
    yield "entries", "".join(lines[:entry] + [lines[entry].replace("=4100",
                             "=4200").replace("=4", "=5")]
                             + lines[entry + 1:])
    yield "one anchor less", text.replace(next(
        line for line in lines if line.startswith('{"anchor"')), "", 1)
    yield "rubbish", "rubbish\n"
    yield "nothing", ""
    yield "more", text + "{}\n"
    yield "brackets", "[" * 100000 + "\n"


def test_what_the_verifier_sees(export):
    seen = {}
    for name, text in edits(export.text):
        assert text != export.text, name
        seen[name] = offline(text, "--key", export.public, "--anchor",
                             str(export.kept))
        assert seen[name].returncode == 1, (name, seen[name])
    assert "row 8: does not say" in seen["edited"].stderr
    assert "row 8: missing" in seen["deleted"].stderr
    none = "".join(line for line in export.text.splitlines(keepends=True)
                   if not line.startswith('{"anchor"'))
    assert offline(none).returncode == 0
    assert "no anchor is signed" in offline(none, "--key",
                                            export.public).stderr
    other = "ab" * 32
    assert offline(export.text, "--key", other).returncode == 1
    assert offline(export.text, "--anchor", "/nowhere").returncode == 2


def test_the_verifier_alone_sees_a_chain_written_anew(export):
    attack(export, "UPDATE audit SET actor = 'nobody' WHERE seq = 8",
           "DELETE FROM anchor")
    rehash(export, 8)
    text = export.run("audit", "export", "-").stdout
    assert offline(text).returncode == 0
    done = offline(text, "--anchor", str(export.kept))
    assert done.returncode == 1 and "anchored with another hash" in \
        done.stderr, done


# ---- over the API ----------------------------------------------------------

BAHI = os.environ.get("BAHI", str(pathlib.Path(BAHID).parent / "bahi"))


def bahi(house, *words):
    env = dict(house.env, XDG_CACHE_HOME=str(house.dir / "cache"),
               XDG_CONFIG_HOME=str(house.dir / "config"),
               XDG_STATE_HOME=str(house.dir / "state"))
    return subprocess.run([BAHI, "--config", str(house.home / "bahi.conf"),
                           *words], env=env, text=True, capture_output=True,
                          timeout=60)


def test_rows_over_the_api_and_the_verb(house):
    house.start()
    event = house.get("/v1/audit?action=dismissed")["items"][0]
    assert event["old"] == "failed" and "reason=a test" in event["new"]
    rows = house.get("/v1/audit?object=" + event["object"])["items"]
    assert [row["action"] for row in rows] == ["dismissed", "failed"]
    [mapping] = house.get("/v1/audit?object=R%s" % [
        row["object"] for row in house.get("/v1/audit?action=reference")
        ["items"]][0][1:])["items"]
    assert "MARS,CC-MUM" in mapping["new"]
    page = house.get("/v1/audit?limit=3")
    assert len(page["items"]) == 3
    more = house.get("/v1/audit?limit=3&after=" + page["next"])
    assert int(more["items"][0]["row"]) == int(page["items"][2]["row"]) - 1
    assert house.get("/v1/audit?since=2099-01-01")["items"] == []
    assert house.get("/v1/audit?actor=pos&action=posted")["items"]
    for query in ("since=x", "after=x", "limit=0", "until=2026-13-01"):
        assert house.api("GET", "/v1/audit?" + query).status == 400, query
    done = bahi(house, "audit", event["object"])
    assert done.returncode == 0 and "a test" in done.stdout, done
    done = bahi(house, "audit", "verify")
    assert done.returncode == 0 and "the chain is whole" in done.stdout, done
    part = house.get("/v1/audit/verify?from=5&to=9")
    assert (part["from"], part["to"], part["broken"]) == (5, 9, None)
    assert house.get("/v1/audit/verify?from=10&hash=" + part["hash"])[
        "broken"] is None
    assert house.get("/v1/audit/verify?from=10&hash=" + "0" * 64)[
        "broken"]["row"] == "9"
    for query in ("from=0", "from=x", "to=-1"):
        assert house.api("GET", "/v1/audit/verify?" + query).status == 400
    house.stop()
    attack(house, "UPDATE audit SET actor = 'x' WHERE seq = 8")
    house.start()
    done = bahi(house, "audit", "verify")
    assert done.returncode == 1 and "row 8 is broken: edited" in done.stderr
    assert house.get("/v1/audit/verify")["broken"] == {
        "row": "8", "fault": "edited", "why": "audit row 8 is broken: edited"}
    house.stop()
