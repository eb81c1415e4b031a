"""The walk over the ledger: nothing while all agrees, by name what differs."""
import sqlite3
import threading
import time

import pytest

from house import house, sale  # noqa: F401  (a fixture)
from test_numbers import decide, fill, metrics, raw, voucher, before

DEADLINE = 60


def walked(house, passes=1):
    """The report once so many whole walks have ended."""
    end = time.monotonic() + DEADLINE
    while True:
        got = house.get("/v1/consistency")
        if got["passes"] >= passes:
            return got
        assert time.monotonic() < end, got
        time.sleep(0.05)


def tamper(house, *statements):
    db = sqlite3.connect(house.home / "bahi.db", timeout=30)
    for (name,) in db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall():
        db.execute("DROP TRIGGER " + name)
    for statement in statements:
        assert db.execute(statement).rowcount != 0, statement
    db.commit()
    db.close()


def test_all_agrees(house):
    house.setting("consistency", "1")
    fill(house)
    voucher(house, "V1", "10.00", before(1))
    now = house.get("/v1/consistency")["passes"]
    got = walked(house, now + 2)
    [counts] = raw(house, "SELECT (SELECT count(*) FROM event),"
                   " (SELECT count(*) FROM event WHERE state = 'posted'),"
                   " (SELECT count(*) FROM document_version),"
                   " (SELECT count(*) FROM journal),"
                   " (SELECT count(*) FROM entry)")
    assert (got["events"], got["posted"], got["documents"],
            got["journals"], got["entries"]) == counts
    assert got["ratio"] == "1.000000" and got["items"] == []
    assert got["differing"] == got["differences"] == 0
    assert house.get("/v1/numbers")["consistency"]["ratio"] == "1.000000"
    families = metrics(house)
    assert families["bahi_consistency_ratio"].value() == "1.000000"
    assert families["bahi_consistency_differences"].value() == "0"
    assert int(families["bahi_consistency_passes"].value("_total")) >= now + 2
    assert "consistency.differs" not in house.read_log()


def test_no_walk_when_none_is_wanted(house):
    house.setting("consistency", "0")
    house.start()
    house.post("pos", sale("A"), "msg_a")
    got = house.get("/v1/consistency")
    assert got["passes"] == 0 and got["ratio"] is None and got["at"] is None
    assert metrics(house)["bahi_consistency_ratio"].samples == []


@pytest.mark.parametrize("statement,code,name", [
    ("UPDATE entry SET amount = amount + 1 WHERE journal = 3 AND line = 1",
     "journal.balance", "J3"),
    ("UPDATE entry SET base = base + 1 WHERE journal = 4 AND line = 1",
     "journal.balance", "J4"),
    ("UPDATE entry SET account = '1100' WHERE journal = 3 AND line = 1",
     "balance", "IN01/1100/INR 2026-10"),
    ("UPDATE entry SET account = '1100' WHERE journal = 3 AND line = 1",
     "standing", "IN01/1100/INR"),
    ("DELETE FROM entry WHERE journal = 5", "journal.entries", "J5"),
    ("DELETE FROM journal WHERE id = 2", "journal.missing", "J2"),
    ("DELETE FROM journal WHERE id = 13", "event.journal", "{voucher}"),
    ("UPDATE journal SET event = 99 WHERE id = 3", "journal.event", "J3"),
    ("UPDATE journal SET number = 'X' WHERE id = 13", "event.journal",
     "{voucher}"),
    ("UPDATE document_version SET journal = 1 WHERE journal = 3",
     "journal.document", "J3"),
    ("UPDATE event SET state = 'posted' WHERE seq = {failed}",
     "event.document", "E{failed}"),
    ("UPDATE event SET state = 'ignored' WHERE seq = {posted}",
     "version.event", "E{posted}"),
    ("UPDATE event SET number = 'X' WHERE seq = {posted}",
     "event.document", "E{posted}"),
    ("DELETE FROM event WHERE seq = {posted}", "event.missing",
     "E{posted}"),
    ("DELETE FROM event WHERE seq = {posted}", "version.event",
     "E{posted}"),
    ("DELETE FROM event WHERE seq = {failed}", "finding.event",
     "E{failed}"),
    ("DELETE FROM document_version WHERE id = {posted} * 128",
     "event.document", "E{posted}"),
    ("UPDATE document_version SET before = 128 WHERE id = {posted} * 128",
     "version.before", "E{posted}"),
    ("UPDATE document SET version = 7 WHERE number = 'R03'", "document",
     "IN01/sales_invoice/R03"),
    ("UPDATE balance SET debit = debit + 1 WHERE account = '1200'",
     "balance", "IN01/1200/INR 2026-10"),
    ("DELETE FROM balance WHERE account = '1200'", "balance",
     "IN01/1200/INR 2026-10"),
    ("UPDATE standing SET balance = 0 WHERE account = '1200'", "standing",
     "IN01/1200/INR"),
    ("UPDATE tally SET n = n + 1 WHERE state = 'posted'", "tally",
     "pos posted"),
    ("UPDATE tally SET n = n + 1 WHERE state = 'duplicate'", "tally",
     "pos"),
    ("DELETE FROM event WHERE seq = {failed}", "tally", "pos failed"),
    ("UPDATE backlog SET n = n + 1 WHERE state = 'failed'", "backlog",
     "failed"),
    ("INSERT INTO wait VALUES ({posted}, 'document', 'x', 0, NULL, NULL,"
     " NULL, NULL, NULL)", "wait.event", "E{posted}"),
    ("UPDATE event SET change = change + 1 WHERE seq = {posted}",
     "event.change", "E{posted}"),
])
def test_what_differs_is_named(house, statement, code, name):
    house.setting("consistency", "1")
    failed, _ = fill(house)
    house.stop()
    [(posted,)] = raw(house, "SELECT seq FROM event WHERE number = 'R05'")
    [(last,)] = raw(house, "SELECT event FROM journal WHERE id = 13")
    fields = {"failed": failed[0][1:], "posted": posted,
              "voucher": "E%d" % last}
    tamper(house, statement.format(**fields))
    house.start()
    got = walked(house)
    names = [(one["code"], one["name"]) for one in got["items"]]
    assert (code, name.format(**fields)) in names, got["items"]
    assert got["differences"] == len(names) > 0
    for one in got["items"]:
        assert one["detail"] and one["since"], one
    assert (got["ratio"] != "1.000000") == (got["differing"] > 0)
    if code.startswith("journal.balance"):
        assert got["differing"] == 1
    assert "consistency.differs code=%s" % code in house.read_log()
    assert metrics(house)["bahi_consistency_differences"].value() == str(
        got["differences"])


def test_what_is_right_again_is_forgotten(house):
    house.setting("consistency", "1")
    house.setting("alert_every", "1")
    fill(house)
    walked(house)
    tamper(house, "UPDATE balance SET debit = debit + 1"
           " WHERE account = '1200'")
    end = time.monotonic() + DEADLINE
    while not (got := house.get("/v1/consistency"))["items"]:
        assert time.monotonic() < end, got
        time.sleep(0.05)
    [one] = got["items"]
    assert (one["code"], one["name"]) == ("balance", "IN01/1200/INR 2026-10")
    assert "debit is" in one["detail"]
    again = walked(house, got["passes"] + 2)
    assert again["items"] == [one]      # known since the first time
    while not (alerts := house.get("/v1/alerts?state=raised")["items"]):
        assert time.monotonic() < end
        time.sleep(0.05)
    [alert] = alerts
    assert (alert["code"], alert["subject"], alert["value"]) == (
        "books.differ", "balance", one["name"])
    tamper(house, "UPDATE balance SET debit = debit - 1"
           " WHERE account = '1200'")
    again = walked(house, again["passes"] + 2)
    assert again["items"] == [] and again["differences"] == 0


def test_a_walk_beside_work_sees_no_difference(house):
    """Events that are posted, fail, are decided and come again meanwhile."""
    house.setting("consistency", "1")
    house.start()
    stop = threading.Event()
    sent = []

    def send(who):
        connection, n = house.connect(), 0
        while not stop.is_set():
            n += 1
            store = "MARS" if n % 7 == 0 else "STORE-MUM"
            key = "%s%d" % (who, n // 5 * 5 if n % 11 == 0 else n)
            sent.append(house.post("pos", sale(key, store=store), key,
                                   connection=connection).json)

    threads = [threading.Thread(target=send, args=(who,)) for who in "ab"]
    for thread in threads:
        thread.start()
    end = time.monotonic() + DEADLINE
    try:
        while house.get("/v1/consistency")["passes"] < 3:
            assert time.monotonic() < end
            failed = house.get("/v1/events?state=failed&limit=3")["items"]
            for one in failed:
                decide(house, one["id"], "dismiss")
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    got = walked(house, house.get("/v1/consistency")["passes"] + 2)
    assert got["items"] == [], got["items"]
    [(events,)] = raw(house, "SELECT count(*) FROM event")
    assert got["events"] == events > 100
    assert "consistency.differs" not in house.read_log()
