"""What senders and master data no longer agree on, before it fails."""
import datetime
import json
import time

from house import database, house, sale  # noqa: F401  (a fixture)
from test_decisions import decide, order
from test_masters import bahi, edit, load, row

NOW = "2026-10-20T09:00:00+05:30"


def drift(house, ready=lambda seen: True):
    """As soon as the journals are followed to where the test wants."""
    end = time.monotonic() + 30
    while True:
        seen = house.get("/v1/drift")
        if seen["complete"] and ready(seen):
            return seen
        assert time.monotonic() < end, seen
        time.sleep(0.02)


def followed(journal):
    return lambda seen: int(seen["journal"][1:]) >= int(journal[1:])


def missing(seen):
    return {(one["dimension"], one["value"]): one for one in seen["missing"]}


def test_a_value_that_failed_is_listed_with_the_code_meant(house):
    house.start(BAHI_CLOCK=NOW)
    for n in range(3):
        house.post("pos", sale("T%d" % n, store="STORE-THANE"), "m%d" % n,
                   at=at(NOW))
    seen = missing(drift(house))[("cost_centre", "STORE-THANE")]
    assert (seen["open"], seen["unseen"]) == (3, 0)
    assert seen["code"] == "cost_centre.unmapped"
    assert seen["sources"] == ["pos"]
    assert (seen["first"], seen["last"]) == ("2026-10-20", "2026-10-20")
    cause = house.get("/v1/signatures")["items"]
    one = [c for c in cause if c["value"] == "STORE-THANE"][0]
    done = decide(house, action="fix", signature=one["id"], retry=True, fix={
        "dimension": "cost_centre", "source": "pos", "value": "STORE-THANE",
        "to": "THN-RETAIL"})
    assert done.status == 200, done.body
    assert ("cost_centre", "STORE-THANE") not in missing(drift(house))


def at(text):
    return datetime.datetime.fromisoformat(text).timestamp()


def test_what_known_missed_silently_is_listed_and_leaves_when_mapped(house):
    house.start()
    topic = "orders/paid"
    for n in range(2):
        one = order("#%d" % n, "100.00", "2026-10-07T10:00:00+05:30")
        one["line_items"][0]["sku"] = "KUR-COTT-S"
        load(house, "mapping", "source,dimension,from,to\n"
             "shopify,account,KUR-COTT-S,4010\n")
        assert house.post("shopify", one, "e%d" % n, topic).status == 201
        again = house.post("shopify", one, "e%d" % n, topic)
        assert again.status == 200
    seen = missing(drift(house))[("item", "KUR-COTT-S")]
    assert (seen["open"], seen["unseen"], seen["code"]) == (0, 2, None)
    assert seen["suggestion"] == "KUR-COT-S"
    load(house, "mapping", "source,dimension,from,to\n"
         "*,item,KUR-COTT-S,KUR-COT-S\n")
    assert ("item", "KUR-COTT-S") not in missing(drift(house))
    house.prove()


def test_a_closed_code_in_use_a_period_a_rate(house):
    house.start(BAHI_CLOCK=NOW)
    posted = house.post("pos", sale("A", currency="USD"), "m1", at=at(NOW))
    assert posted.status == 201, posted.body
    seen = drift(house, followed(posted.json["journal"]))
    assert not [c for c in seen["closed"] if c["table"] == "account"]
    assert {(r["from"], r["to"]) for r in seen["rates"]} <= {("USD", "INR")}
    for code, day in (("4000", "2026-11-10"), ("1200", "2026-12-31"),
                      ("1000", "2026-10-01")):
        tag = row(house, "account", code).headers["ETag"]
        assert edit(house, "account", code, {"to": day},
                    If_Match=tag).status == 200
    closed = {c["code"]: c for c in drift(house)["closed"]
              if c["table"] == "account"}
    # In use and closing; closing later than a month; closed and not used.
    one = closed["4000"]
    assert one["state"] == "closing" and one["entries"] >= 1
    assert one["last"] == "2026-10-05" and one["mappings"] >= 1
    assert "1200" not in closed
    assert closed.get("1000", {"entries": 0})["entries"] == 0
    load(house, "mapping", "source,dimension,from,to\n"
         "pos,account,Old,1000\npos,account,Gone,NOWHERE\n")
    closed = {c["code"]: c for c in drift(house)["closed"]
              if c["table"] == "account"}
    assert closed["1000"]["state"] == "closed"
    assert closed["1000"]["mappings"] >= 1
    assert closed["NOWHERE"]["state"] == "missing"
    assert closed["NOWHERE"]["mapping"] == "pos/account/Gone"


def test_each_entry_counts_for_its_own_codes(house):
    house.start(BAHI_CLOCK=NOW)
    for n, currency in enumerate(("INR", "USD", "USD", "INR", "USD")):
        posted = house.post("pos", sale("A%d" % n, currency=currency),
                            "m%d" % n, at=at(NOW))
        assert posted.status == 201, posted.body
    drift(house, followed(posted.json["journal"]))
    with database(house.home / "bahi.db") as db:
        used = {("account", code): n for code, n in db.execute(
            "SELECT account, count(*) FROM entry GROUP BY 1")}
        used.update({("currency", code): n for code, n in db.execute(
            "SELECT currency, count(*) FROM entry GROUP BY 1")})
    assert len(used) > 4
    for table, code in used:
        tag = row(house, table, code).headers["ETag"]
        assert edit(house, table, code, {"to": "2026-11-10"},
                    If_Match=tag).status == 200
    seen = drift(house)
    assert used == {(c["table"], c["code"]): c["entries"]
                    for c in seen["closed"] if (c["table"], c["code"]) in used}
    pairs = {(r["entity"], r["from"]) for r in seen["rates"]}
    assert pairs <= {("IN01", "USD")}


def test_rates_and_periods_that_are_behind(house):
    late = "2026-12-20T09:00:00+05:30"
    house.start(BAHI_CLOCK=late)
    posted = house.post("pos", sale(
        "A", currency="USD", paid_at="2026-12-19T10:00:00+05:30"), "m1",
        at=at(late))
    assert posted.status == 201, posted.body
    seen = drift(house, followed(posted.json["journal"]))
    rates = {(r["entity"], r["from"]): r["last"] for r in seen["rates"]}
    assert ("IN01", "USD") in rates
    load(house, "rate", "from,to,first,rate\nUSD,INR,2026-12-15,88.9\n")
    assert drift(house)["rates"] == []
    periods = [(p["entity"], p["period"]) for p in seen["periods"]]
    known = {(p["entity"], p["period"])
             for p in house.get("/v1/reference/period")["items"]}
    assert (("IN01", "2027-01") in periods) != (("IN01", "2027-01") in known)


def test_silent_misses_are_bounded(house):
    house.start()
    connection = house.connect()
    for first in range(0, 1120, 16):
        one = order("#%d" % first, "100.00", "2026-10-07T10:00:00+05:30")
        line = one["line_items"][0]
        one["line_items"] = [dict(line, sku="S%05d" % n)
                             for n in range(first, first + 16)]
        house.post("shopify", one, "e%d" % first, "orders/paid", connection)
    with database(house.home / "bahi.db") as db:
        rows = [r[0] for r in db.execute(
            "SELECT value FROM drift WHERE dimension = 'item'"
            " ORDER BY value")]
    assert len(rows) == 1000
    # The latest ones stay.
    assert rows[-1] == "S01119" and "S00000" not in rows
    seen = house.get("/v1/drift")
    assert seen["cut"] and len(seen["missing"]) <= 200


def test_the_verb(house):
    house.start()
    house.post("pos", sale("T", store="STORE-THANE"), "m1")
    ran = bahi(house, "drift")
    assert ran.returncode == 1 and "STORE-THANE" in ran.stdout, ran.stderr
    assert json.loads(bahi(house, "drift", "--json").stdout)["missing"]


def test_the_most_frequent_of_many(house):
    """What no mapping puts right takes no room from what one would."""
    house.start()
    house.stop()
    with database(house.home / "bahi.db", write=True) as db:
        for n in range(2700):
            code, count = ("amount.zero", 9) if n < 1500 else (
                "cost_centre.unmapped", 5 if n == 2222 else 1)
            db.execute("INSERT INTO signature VALUES (?, ?, 'pos', ?)",
                       ("s%d" % n, code, "V%d" % n))
            db.executemany(
                "INSERT INTO signature_day VALUES (?, ?, 'INR', ?, 0)",
                [("s%d" % n, day, count) for day in (
                    "2026-10-03", "2026-10-09")])
        db.execute("INSERT INTO signature_day VALUES"
                   " ('s2222', '2026-09-01', 'INR', 0, 0)")
    house.start()
    seen = drift(house)
    assert len(seen["missing"]) == 200 and seen["cut"]
    assert {m["code"] for m in seen["missing"]} == {"cost_centre.unmapped"}
    first = seen["missing"][0]
    assert (first["value"], first["open"]) == ("V2222", 10)
    assert (first["first"], first["last"]) == ("2026-10-03", "2026-10-09")
