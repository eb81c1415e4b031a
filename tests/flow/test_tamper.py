"""Whoever changes the file behind the daemon's back is found out."""
import sqlite3

import pytest

from house import house, sale  # noqa: F401  (a fixture)


def fill(house):
    house.start()
    for n in range(4):
        house.post("pos", sale("N%d" % n), "msg_%d" % n)
    failed = house.post("pos", sale("F", store="MARS"), "msg_f").json["event"]
    house.prove()
    return failed


def change(house, sql):
    """As someone would who has the file and no scruples."""
    house.stop()
    db = sqlite3.connect(house.home / "bahi.db")
    for name, in db.execute("SELECT name FROM sqlite_master"
                            " WHERE type = 'trigger'").fetchall():
        db.execute("DROP TRIGGER " + name)
    assert db.execute(sql).rowcount > 0
    db.commit()
    db.close()


AUDIT = [
    "UPDATE entry SET amount = amount * 2 WHERE journal = 2",
    "UPDATE entry SET account = '1000' WHERE journal = 2 AND line = 1",
    "UPDATE entry SET memo = 'x' WHERE journal = 2",
    "UPDATE entry SET party = 'cust_987' WHERE journal = 3 AND line = 1",
    "DELETE FROM entry WHERE journal = 2 AND line = 4",
    "DELETE FROM journal WHERE id = 2",
    "UPDATE journal SET date = '2026-10-06' WHERE id = 2",
    "UPDATE journal SET narration = 'x' WHERE id = 2",
    "UPDATE journal SET number = 'N9' WHERE id = 2",
    "UPDATE event SET body = CAST(replace(CAST(body AS TEXT), '118.00',"
    " '218.00') AS BLOB) WHERE key = 'msg_1'",
    "DELETE FROM event WHERE key = 'msg_1'",
    "UPDATE audit SET actor = 'nobody' WHERE seq = 5",
    "UPDATE audit SET at = at + 1 WHERE seq = 5",
    "UPDATE audit SET new = new || ' ' WHERE seq = 5",
    "DELETE FROM audit WHERE seq = 5",
    "DELETE FROM audit WHERE seq = 1",
    "UPDATE audit SET hash = zeroblob(32) WHERE seq ="
    " (SELECT max(seq) FROM audit)",
]
REBUILD = [
    "INSERT INTO journal SELECT 99, entity, date, kind, 'FAKE', version,"
    " event, NULL, narration FROM journal WHERE id = 2",
    "INSERT INTO entry SELECT journal, 9, account, currency, amount, base,"
    " party, cost_centre, tax_code, item, location, memo FROM entry"
    " WHERE journal = 2 AND line = 1",
    "UPDATE balance SET debit = debit + 100 WHERE account = '1200'",
    "UPDATE tally SET n = n + 1 WHERE state IN ('received', 'posted')",
    "UPDATE event SET state = 'dismissed' WHERE key = 'msg_f'",
    "UPDATE document SET version = 7 WHERE number = 'N1'",
    "UPDATE document_version SET actor = 'nobody' WHERE id = (SELECT max(id)"
    " FROM document_version)",
    "INSERT INTO ruling VALUES (1, 0, 1, NULL, NULL, '2026-10-01', 0, 1,"
    " 'nobody')",
]


@pytest.mark.parametrize("sql", AUDIT)
def test_the_audit_sees(house, sql):
    fill(house)
    change(house, sql)
    done = house.run("audit", "verify", check=False)
    assert done.returncode not in (0, 1, 2) and done.stderr, (sql, done)
    assert "chain is whole" not in done.stdout


@pytest.mark.parametrize("sql", REBUILD)
def test_the_rebuild_sees(house, sql):
    fill(house)
    change(house, sql)
    done = house.run("rebuild", check=False)
    assert done.returncode not in (0, 1, 2) and done.stderr, (sql, done)


def test_a_reason_is_no_evidence(house):
    """What a person writes is never taken for what bahid wrote."""
    failed = fill(house)
    for text in ("event=00 journal=J1 entries=00", "x journal=J99 entries=y",
                 "state=posted event=" + "0" * 64, "journal=J1"):
        for action in ("dismiss", "reopen"):
            version = house.get("/v1/events/" + failed)["version"]
            answer = house.api("POST", "/v1/decisions", {
                "action": action, "reason": text,
                "events": [{"id": failed, "version": version}]})
            assert answer.status == 200
    house.prove()


def test_the_triggers_stand_guard(house):
    fill(house)
    house.stop()
    db = sqlite3.connect(house.home / "bahi.db")
    for sql in AUDIT:
        with pytest.raises(sqlite3.DatabaseError):
            db.execute(sql)
    db.close()
