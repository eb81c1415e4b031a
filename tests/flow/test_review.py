"""What only shows when something goes wrong in between."""
import sqlite3

from house import house  # noqa: F401  (a fixture)
from test_decisions import voucher


def batch(house, *vouchers):
    events = [{"specversion": "1.0", "id": str(n), "source": "/tests",
               "type": "in.bahi.journal_voucher", "data": data}
              for n, data in enumerate(vouchers)]
    return house.api("POST", "/v1/events", events, {
        "Content-Type": "application/cloudevents-batch+json"})


def refuse_key(house, key):
    """The database takes no event with this key."""
    db = sqlite3.connect(str(house.home / "bahi.db"))
    db.execute("CREATE TRIGGER poison BEFORE INSERT ON event WHEN NEW.key ="
               " '%s' BEGIN SELECT raise(ABORT, 'poison'); END" % key)
    db.commit()
    db.close()


def test_a_group_that_fails_leaves_nothing_in_its_events(house):
    house.start()
    refuse_key(house, "/tests 3")
    answer = batch(house, voucher("JV-1", "500.00"),
                   voucher("JV-1", "600.00", base_version=7),
                   voucher("JV-2", "600.00"), voucher("JV-3", "1.00"))
    assert answer.status == 500
    events = house.get("/v1/events")["items"]
    states = {e["id"]: (e["state"], [f["code"] for f in e["findings"]])
              for e in events}
    assert states == {"E%d" % (first + n): want for n, want in enumerate([
        ("posted", []), ("conflict", ["document.version"]), ("posted", [])])
        for first in [min(e["seq"] for e in events)]}
    house.check_books()
    house.prove()
