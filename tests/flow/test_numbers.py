"""The numbers of finance against a fresh count from the raw tables."""
import datetime
import json
import sqlite3

import openmetrics
import pytest

from house import House, house, sale  # noqa: F401  (a fixture)

BOUNDS = [m * 10 ** p for p in range(3, 13) for m in (1, 2, 5)]


def raw(house, sql, *args):
    """Rows straight from the file, on a reading connection of our own."""
    db = sqlite3.connect("file:%s?mode=ro" % (house.home / "bahi.db"),
                         uri=True)
    try:
        return db.execute(sql, args).fetchall()
    finally:
        db.close()


def metrics(house):
    answer = house.api("GET", "/metrics")
    assert answer.status == 200
    return openmetrics.parse(answer.body)


def decide(house, event, action):
    got = house.get("/v1/events/" + event)
    answer = house.api("POST", "/v1/decisions", {
        "action": action, "reason": "test",
        "events": [{"id": event, "version": got["version"]}]})
    assert answer.status == 200, answer.body
    return answer.json["results"][0]["state"]


def fill(house):
    """12 posted, one of them again; 5 failed: one dismissed, one mapped."""
    house.start()
    for n in range(12):
        house.post("pos", sale("R%02d" % n, "%d.00" % (118 + n)),
                   "msg_r%02d" % n)
    house.post("pos", sale("R00"), "msg_r00")
    failed = [house.post("pos", sale("F%d" % n, store=store), "msg_f%d" % n)
              .json["event"] for n, store in enumerate(
                  ("MARS", "MARS", "VENUS", "MOON", "PLUTO"))]
    assert decide(house, failed[4], "dismiss") == "dismissed"
    house.api("POST", "/v1/reference/mapping", b"source,dimension,from,to\n"
              b"pos,cost_centre,MOON,MUM-RETAIL\n")
    house.api("POST", "/v1/reference/mapping", b"source,dimension,from,to\n"
              b"pos,location,MOON,STORE-MUM\n")
    state = decide(house, failed[3], "retry")
    return failed, state


def quantile(counts, part):
    """The same, with fractions of Python."""
    total = sum(counts)
    rank = -(-total * part // 100)
    below = 0
    for at, n in enumerate(counts):
        if below + n >= rank:
            break
        below += n
    low = BOUNDS[at - 1] if at else 0
    return low + (BOUNDS[at] - low) * (rank - below) // counts[at]


def seconds(text):
    whole, rest = text.split(".")
    return int(whole) * 1000000 + int(rest)


def test_latencies(house):
    fill(house)
    posted = raw(house, "SELECT count(*) FROM event WHERE state = 'posted'")
    rows = raw(house, "SELECT bucket, n, micros FROM latency WHERE"
               " what = 'sync' AND source = 'pos' AND day = ''")
    assert sum(n for _, n, _ in rows) == posted[0][0]
    counts = [0] * 31
    for bucket, n, micros in rows:
        low = BOUNDS[bucket - 1] if bucket else -1
        assert low * n < micros <= BOUNDS[bucket] * n
        counts[bucket] = n
    days = raw(house, "SELECT sum(n) FROM latency WHERE what = 'sync'"
               " AND day <> ''")
    assert days == posted
    got = house.get("/v1/numbers")["sources"][0]
    assert got["name"] == "pos"
    for window in ("all", "today", "30d"):
        assert got["latency"][window]["count"] == posted[0][0]
        for part in (50, 95, 99):
            assert abs(seconds(got["latency"][window][
                "p%d_seconds" % part]) - quantile(counts, part)) <= 1
    family = metrics(house)["bahi_sync_latency_seconds"]
    below = 0
    for (labels, value), bound, n in zip(
            family.values("_bucket"), BOUNDS + [None], counts):
        below += n
        assert labels["source"] == "pos" and int(value) == below
        assert labels["le"] == "+Inf" if bound is None else \
            float(labels["le"]) == bound / 1e6
    assert int(family.value("_count", source="pos")) == posted[0][0]


def voucher(house, number, amount, at):
    answer = house.api("POST", "/v1/events", {
        "specversion": "1.0", "id": number, "source": "/erp",
        "type": "in.bahi.journal_voucher", "time": at, "data": {
            "entity": "IN01", "number": number, "date": "2026-10-05",
            "currency": "INR",
            "lines": [{"account": "1000", "debit": amount},
                      {"account": "3000", "credit": amount}]}},
        {"Content-Type": "application/cloudevents+json"})
    assert answer.status == 201 and answer.json["state"] == "posted"
    return answer.json["source"]


def before(seconds):
    now = datetime.datetime.now(datetime.timezone.utc)
    return (now - datetime.timedelta(seconds=seconds)).strftime(
        "%Y-%m-%dT%H:%M:%S.%fZ")


def test_what_happened_long_ago_took_long(house):
    house.start()
    voucher(house, "HOURS", "10.00", before(7200))
    source = voucher(house, "DAYS", "10.00", before(86400 * 90))
    voucher(house, "AHEAD", "10.00", before(-7200))
    rows = raw(house, "SELECT bucket, n FROM latency WHERE what = 'sync'"
               " AND day = '' ORDER BY bucket")
    assert rows[1:] == [(21, 1), (30, 1)]
    assert rows[0][0] < 15 and rows[0][1] == 1
    [got] = [s for s in house.get("/v1/numbers")["sources"]
             if s["name"] == source]
    assert 5000 < float(got["latency"]["all"]["p50_seconds"]) <= 10000
    assert got["latency"]["all"]["p99_seconds"] is None     # beyond 58 days


def test_vouchers_are_manual_and_money_at_bank_is_cash(house):
    fill(house)
    source = voucher(house, "V1", "1000.50", before(1))
    got = house.get("/v1/numbers")
    [one] = [s for s in got["sources"] if s["name"] == source]
    assert (one["posted"], one["manual"], one["manual_ratio"]) == (
        1, 1, "1.000000")
    assert got["total"]["manual_ratio"] == "0.071428"       # 1 of 14
    [position] = got["cash"]["positions"]
    assert position["cash"] == "1000.50"
    first = [a for a in got["cash"]["accounts"] if a["account"] == "1000"]
    assert first[0]["role"] == "cash" and first[0]["since"] is not None
    voucher(house, "V2", "-1000.50", before(1))
    [now] = [a for a in house.get("/v1/numbers")["cash"]["accounts"]
             if a["account"] == "1000"]
    assert (now["balance"], now["since"], now["age_seconds"]) == (
        "0.00", None, None)
    assert now["moved"] > first[0]["moved"]
    voucher(house, "V3", "5.00", before(1))
    [then] = [a for a in house.get("/v1/numbers")["cash"]["accounts"]
              if a["account"] == "1000"]
    assert then["since"] == then["moved"] > now["moved"]


def test_counts_by_source(house):
    fill(house)
    got = house.get("/v1/numbers")
    pos = got["sources"][0]
    [(posted,)] = raw(house, "SELECT count(*) FROM event"
                      " WHERE state = 'posted' AND source = 'pos'")
    [(alone,)] = raw(house, "SELECT count(*) FROM event WHERE"
                     " state = 'posted' AND source = 'pos' AND attempts = 1")
    tally = dict(raw(house, "SELECT state, n FROM tally"
                     " WHERE source = 'pos'"))
    assert (posted, alone) == (13, 12)
    assert (pos["posted"], pos["touchless"]) == (posted, alone)
    assert pos["touchless_ratio"] == "0.923076"
    assert pos["received"] == tally["received"] == 18
    assert pos["duplicates"] == tally["duplicate"] == 1
    assert pos["duplicate_ratio"] == "0.055555"
    assert pos["manual"] == 0 and pos["manual_ratio"] == "0.000000"
    assert pos["complete_to"] is None
    [(last, at)] = raw(house, "SELECT seq, received FROM event"
                       " ORDER BY seq DESC LIMIT 1")
    assert pos["last_event"] == "E%d" % last
    assert got["time_saved"] == {"items": alone, "minutes_per_item": 3,
                                 "minutes": 3 * alone}
    [(resolved,)] = raw(house, "SELECT sum(n) FROM latency WHERE"
                        " what = 'resolve' AND day = ''")
    assert resolved == 2 == pos["resolution"]["30d"]["count"]
    [(seq, change)] = raw(house, "SELECT (SELECT max(seq) FROM (SELECT seq"
                          " FROM event UNION SELECT seq FROM log)),"
                          " (SELECT max(seq) FROM change)")
    assert (got["as_of"]["seq"], got["as_of"]["change"]) == (seq, change)
    family = metrics(house)
    assert family["bahi_touchless_ratio"].value(source="pos") == "0.923076"
    assert family["bahi_posted"].value("_total", source="pos") == "13"
    assert family["bahi_time_saved_seconds"].value() == str(alone * 180)
    assert family["bahi_source_last_event_timestamp_seconds"].value(
        source="pos") == "%d.%06d" % divmod(at, 10 ** 6)
    assert family["bahi_log_sequence"].value() == str(seq)


def test_the_minutes_of_an_item_are_a_setting(house):
    house.setting("minutes_per_item", "7")
    fill(house)
    assert house.get("/v1/numbers")["time_saved"]["minutes"] == 7 * 12


def test_what_waits_by_age(house):
    failed, _ = fill(house)
    house.stop()
    # Nothing changes an event's time: the clock goes on instead.
    now = datetime.datetime.now(datetime.timezone.utc)
    for hours, age in ((0, "0-1h"), (2, "1-24h"), (30, "1-3d"), (80, "3d+")):
        at = now + datetime.timedelta(hours=hours)
        house.start(BAHI_CLOCK=at.strftime("%Y-%m-%dT%H:%M:%SZ"))
        got = house.get("/v1/numbers")
        rows = raw(house, "SELECT entity, count(*), sum(amount) FROM event"
                   " WHERE state = 'failed' GROUP BY entity")
        assert [(b["entity"], b["count"]) for b in got["backlog"]] == [
            (entity, n) for entity, n, _ in rows]
        [one] = got["backlog"]
        assert one["age"] == age and one["count"] == 3
        assert one["amounts"] == [{"currency": "INR", "amount":
                                   "%d.%02d" % divmod(rows[0][2], 100)}]
        ages = {e["state"]: e["ages"] for e in got["exceptions"]}
        assert ages["failed"][age] == 3
        assert sum(n for one in ages.values() for n in one.values()) == 3
        family = metrics(house)
        assert family["bahi_exceptions"].value(state="failed",
                                               age=age) == "3"
        assert family["bahi_unposted"].value(
            state="failed", age=age, entity="IN01", currency="INR",
            kind="sales_invoice") == "3"
        house.stop()
    assert len(failed) == 5


def same_backlog(house):
    assert raw(house, "SELECT state, entity, kind, currency, minute, n,"
               " amount FROM backlog ORDER BY 1, 2, 3, 4, 5") == raw(
        house, "SELECT state, coalesce(entity, ''), coalesce(kind, ''),"
        " coalesce(currency, ''), received / 60000000, count(*),"
        " coalesce(sum(amount), 0) FROM event WHERE state IN ('failed',"
        " 'held', 'conflict', 'waiting') GROUP BY 1, 2, 3, 4, 5"
        " ORDER BY 1, 2, 3, 4, 5")


def test_the_backlog_is_what_is_open(house):
    """After each move, whatever moved; empty rows are gone."""
    failed, _ = fill(house)
    for event in failed[:3]:
        decide(house, event, "retry")
    decide(house, failed[0], "dismiss")
    decide(house, failed[4], "reopen")
    same_backlog(house)


def test_dimensions(house):
    fill(house)
    [one] = [d for d in house.get("/v1/numbers")["dimensions"]
             if d["dimension"] == "cost_centre"]
    assert one == {"source": "pos", "dimension": "cost_centre",
                   "failed": 5, "open": 3}
    rows = raw(house, "SELECT count(DISTINCT f.event) FROM finding f"
               " JOIN event e ON e.seq = f.event WHERE e.state = 'failed'"
               " AND f.code = 'cost_centre.unmapped'")
    assert rows == [(3,)]
    assert metrics(house)["bahi_dimension_failures"].value(
        "_total", source="pos", dimension="cost_centre") == "5"


def test_cash_and_clearing(house):
    fill(house)
    house.post("shopify", b"{}", "none", topic="orders/unheard")
    sums = {(entity, account, currency): (n, base) for
            entity, account, currency, n, base in raw(
                house, "SELECT j.entity, e.account, e.currency,"
                " sum(e.amount), sum(e.base) FROM entry e"
                " JOIN journal j ON j.id = e.journal GROUP BY 1, 2, 3")}
    stands = {(entity, account, currency): (n, base) for
              entity, account, currency, n, base in raw(
                  house, "SELECT entity, account, currency, balance, base"
                  " FROM standing")}
    assert stands == sums
    got = house.get("/v1/numbers")["cash"]
    [one] = got["accounts"]
    assert (one["role"], one["account"]) == ("clearing", "1200")
    assert one["balance"] == one["base_balance"] == \
        "%d.%02d" % divmod(sums["IN01", "1200", "INR"][0], 100)
    [first] = raw(house, "SELECT min(e.received), max(e.received) FROM entry"
                  " n JOIN journal j ON j.id = n.journal JOIN event e"
                  " ON e.seq = j.event WHERE n.account = '1200'")
    for name, at in zip(("since", "moved"), first):
        assert datetime.datetime.fromisoformat(
            one[name].replace("Z", "+00:00")).timestamp() * 1000 // 1 == \
            at // 1000
    [position] = got["positions"]
    assert position["clearing"] == one["balance"]
    assert position["cash"] == "0.00" and position["entity"] == "IN01"
    family = metrics(house)
    assert family["bahi_clearing_amount"].value(
        entity="IN01", account="1200", currency="INR") == one["balance"]
    assert float(family["bahi_clearing_age_seconds"].value(
        entity="IN01", account="1200", currency="INR")) > 0


def test_status_has_the_most_asked(house):
    fill(house)
    numbers = house.get("/v1/numbers")
    status = house.get("/v1/status")
    brief = status["numbers"]
    assert status["as_of"]["seq"] == numbers["as_of"]["seq"]
    for name in ("touchless_ratio", "duplicate_ratio", "manual_ratio",
                 "latency", "resolution"):
        assert brief[name] == numbers["total"][name]
    assert brief["exceptions"] == numbers["exceptions"]


def test_names_from_outside_are_only_labels():
    """A token may be named as its maker likes; the form holds."""
    own = House()
    name = 'till-"a\\b'
    made = own.run("token", "add", name, "integration", check=False)
    own.start()
    families = metrics(own)
    assert "bahi_events" in families
    if made.returncode == 0:
        connection = own.connect()
        connection.request(
            "POST", "/v1/events", json.dumps(
                {"specversion": "1.0", "id": "1", "source": "x",
                 "type": "none", "data": {}}),
            {"Content-Type": "application/cloudevents+json",
             "Authorization": "Bearer " + made.stdout.split()[-1]})
        assert connection.getresponse().status in (200, 201, 202)
        assert metrics(own)["bahi_events"].value(
            source=name, state="received") == "1"
    own.close()


def test_a_rebuild_comes_to_the_same_figures(house):
    fill(house)
    latency = raw(house, "SELECT * FROM latency ORDER BY 1, 2, 3, 4")
    house.stop()
    done = house.run("rebuild")
    assert done.returncode == 0
    db = sqlite3.connect(house.home / "bahi.db.rebuilt")
    assert db.execute("SELECT * FROM latency ORDER BY 1, 2, 3, 4"
                      ).fetchall() == latency
    db.close()
    db = sqlite3.connect(house.home / "bahi.db")
    db.execute("UPDATE figure SET n = n + 1 WHERE what = 'touchless'"
               " AND day = ''")
    db.commit()
    db.close()
    (house.home / "bahi.db.rebuilt").unlink()
    done = house.run("rebuild", check=False)
    assert done.returncode == 5 and "figure touchless" in done.stderr


@pytest.mark.parametrize("text,fault", [
    (b"a 1\n# EOF\n", "no type"),
    (b"# TYPE a gauge\n# HELP a x\na 1\n", "no end"),
    (b"# TYPE a gauge\n# HELP a x\na{b=\"c\n\"} 1\n# EOF\n", ""),
    (b"# TYPE a gauge\n# HELP a x\na{b=\"c\\d\"} 1\n# EOF\n", ""),
    (b"# TYPE a counter\n# HELP a x\na 1\n# EOF\n", ""),
    (b"# TYPE a gauge\n# HELP a x\na 1\na 1\n# EOF\n", ""),
    (b"# TYPE a gauge\n# UNIT a seconds\n# HELP a x\na 1\n# EOF\n", ""),
    (b"# TYPE a gauge\n# HELP a x\na 1\n# TYPE a gauge\n# EOF\n", ""),
    (b"# TYPE a histogram\n# HELP a x\na_bucket{le=\"1.0\"} 1\na_count 1\n"
     b"a_sum 1\n# EOF\n", "")])
def test_the_reader_is_strict(text, fault):
    with pytest.raises(AssertionError, match=fault):
        openmetrics.parse(text)


def test_the_days_of_activity(house):
    fill(house)
    got = house.get("/v1/activity")
    assert len(got["days"]) == 31
    days = {d["day"]: d for d in got["days"]}
    want = dict(raw(house, "SELECT date(received / 1000000 + 19800,"
                    " 'unixepoch'), count(*) FROM event WHERE"
                    " state = 'posted' GROUP BY 1"))
    assert {k: d["posted"] for k, d in days.items() if d["posted"]} == want
    want = dict(raw(house, "SELECT date(received / 1000000 + 19800,"
                    " 'unixepoch'), count(*) FROM event WHERE state IN"
                    " ('failed', 'held', 'waiting', 'conflict') GROUP BY 1"))
    assert {k: d["open"] for k, d in days.items() if d["open"]} == want
    assert got["open_before"] == 0 and want
    dated = dict(raw(house, "SELECT date, count(*) FROM journal GROUP BY 1"))
    months = {day[:7] for day in dated}
    assert dated and dated == {
        d["day"]: d["journals"] for month in months
        for d in house.get("/v1/activity?period=" + month)["days"]
        if d["journals"]}
    assert sum(s["posted"] for s in got["sources"]) == sum(
        d["posted"] for d in got["days"])
    assert house.get("/v1/activity?period=2020-02")["days"][-1] == {
        "day": "2020-02-29", "posted": 0, "journals": 0, "open": 0}
    for odd in ("2020-13", "2020", "x"):
        assert house.api("GET", "/v1/activity?period=" + odd).status == 400
