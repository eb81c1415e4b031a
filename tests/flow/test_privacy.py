"""What is personal is apart from the books from the first moment on: sealed
when it comes, shown to who may see the event, gone for good once its person
is erased, while the journals, the chain and a rebuild stay as they are."""
import csv
import json
import re
import sqlite3

import pytest

from house import ROOT, House

SAMPLES = ROOT / "data/samples"
MEMBERS = list(csv.DictReader((ROOT / "data/privacy/members.csv").open()))


# ---- what samples say -----------------------------------------------------

EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
PHONE = re.compile(r"(?<![\w.-])(\+91[ -]?)?[6-9]\d{4}[ -]?\d{5}(?![\w.-])")
# Members whose value is a person's name, whatever else is called a name.
NAMED = re.compile(r"(^|\.)(first_name|last_name|full_name|counted_by|"
                   r"logged_by|Owner\.Name|Account\.Name|customer_name|"
                   r"party_name|party)$")
PEOPLE = ["Rutuja", "Kale", "Sneha Patwardhan", "R. Gaikwad", "nurse-17"]
# `party` is a code of master data but in a bank's own words.
CODES = {"events"}


def leaves(value, path=""):
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, path + "." + key if path else key)
    elif isinstance(value, list):
        tag = value[0] if value and isinstance(value[0], str) else ""
        for one in value:
            yield from leaves(one, path + ("[%s]" % tag if tag else "[]"))
    elif value not in (None, "", True, False):
        yield path, str(value)


def listed(source, topic, path):
    """A row of the table for that leaf, by a reading of its own."""
    for row in MEMBERS:
        known, member = row["source"], row["member"]
        if known not in ("*", source) or row["is"] == "code":
            continue
        if row["topic"] != "*" and not re.fullmatch(
                re.escape(row["topic"]).replace(r"\*", ".*"), topic):
            continue
        if member.startswith("**."):
            if ("." + path + ".").find("." + member[3:] + ".") >= 0:
                return row
        elif path == member or path.startswith(member + ".") or \
                path.startswith(member + "[") or \
                ("[" in member and member.split("[")[0] + "[" in path
                 and member.split("[")[1] in path):
            return row
    return None


def payloads():
    for path in sorted(SAMPLES.rglob("*.json")):
        source = path.parent.name
        text = json.loads(path.read_text())
        topic = path.stem.partition("-")[0].partition(".")[0]
        if path.name.endswith(".expected.json"):
            for one in text if isinstance(text, list) else []:
                if one.get("record"):
                    yield path, source, one["topic"], one["record"]
        else:
            if source == "events":
                topic = topic.replace("in_bahi_", "in.bahi.")
            if source == "shopify":
                topic = topic.replace("_", "/", 1)
            yield path, source, topic, text


def test_no_sample_says_more_than_the_table_knows():
    seen = 0
    for path, source, topic, payload in payloads():
        for leaf, value in leaves(payload):
            personal = EMAIL.search(value) or \
                any(one in value for one in PEOPLE) or \
                (PHONE.fullmatch(value) and not leaf.endswith("id")) or \
                (NAMED.search(leaf) and source not in CODES)
            if personal:
                seen += 1
                assert listed(source, topic, leaf), (path.name, leaf, value)
    assert seen >= 10


def test_the_table_says_why_it_keeps():
    for row in MEMBERS:
        assert row["then"] != "keep" or row["why"], row


# ---- what comes in --------------------------------------------------------

RUTUJA = {"first_name": "Rutuja-Q", "last_name": "Kalewadi-Q",
          "address1": "17 Q-Prabhat Road", "city": "Pune",
          "province_code": "MH", "country_code": "IN", "zip": "411004",
          "phone": "+91 98220 11987", "company": None}
EMAIL_OF = "rutuja-q@example.in"
MARKS = [b"Rutuja-Q", b"Kalewadi-Q", b"Q-Prabhat", b"98220 11987",
         b"rutuja-q@example", b"9822011987", b"10.20.30.41"]


def order(n, customer=6820593942708, person=RUTUJA, email=EMAIL_OF):
    body = json.loads((SAMPLES / "shopify/orders_paid.json").read_text())
    body.update(id=7190346183178 + n, name="#%d" % (9000 + n),
                order_number=9000 + n, email=email,
                browser_ip="10.20.30.41", note="Ring twice, %s"
                % person["first_name"])
    body["customer"] = {"id": customer, "email": email, **{
        key: person[key] for key in ("first_name", "last_name")}}
    body["billing_address"] = body["shipping_address"] = person
    body["note_attributes"] = []
    return body


def send(house, n, **more):
    body = json.dumps(order(n, **more), indent=1).encode()
    answer = house.post("shopify", body, "evt-%d" % n, topic="orders/paid")
    assert answer.json["state"] == "posted", answer.body
    return answer.json["event"], body


PARTIES = "code,name,entity,kind,extra,from,to\n%s"


@pytest.fixture(scope="module")
def house():
    one = House()
    one.setting("listen", "127.0.0.1:0")
    one.start()
    yield one
    one.close()


@pytest.fixture(scope="module")
def orders(house):
    """Three orders of one person, one of another."""
    return [send(house, n) for n in range(3)] + [
        send(house, 3, customer=6821979545586, email="other@example.in",
             person=dict(RUTUJA, first_name="Ojas", last_name="Q-Other",
                         phone="9000000001"))]


def files(house):
    """All that the daemon keeps, but for keys."""
    return [path for path in house.dir.rglob("*") if path.is_file()]


def test_a_payload_is_given_back_as_it_came(house, orders):
    for event, body in orders:
        kept = house.get("/v1/events/" + event)
        assert kept["payload"].encode() == body
        assert kept["personal"] == "whole"
    # The same again is the same.
    again = house.post("shopify", orders[0][1], "evt-0", topic="orders/paid")
    assert again.headers["Idempotent-Replayed"] == "true"


def test_no_file_has_it_in_the_clear(house, orders):
    for path in files(house):
        content = path.read_bytes()
        for mark in MARKS:
            assert mark not in content, (path.name, mark)


def test_the_keys_are_for_nobody_else(house, orders):
    assert (house.home / "bahi.db.subjects").stat().st_mode & 0o077 == 0


def test_what_is_sealed_is_proved(house, orders):
    house.prove()


@pytest.mark.parametrize("sql", [
    "UPDATE personal SET sealed = zeroblob(length(sealed)) WHERE event = %d",
    "DELETE FROM personal WHERE event = %d",
    "DELETE FROM redacted WHERE event = %d",
    "UPDATE event SET body = CAST(replace(CAST(body AS TEXT), '8402.10',"
    " '8402.11') AS BLOB) WHERE seq = %d",
    "UPDATE personal SET sealed = (SELECT p.sealed FROM personal p WHERE"
    " p.event = personal.event + 1) WHERE event = %d",
])
def test_nothing_is_put_in_its_place(house, orders, sql, tmp_path):
    copy = tmp_path / "bahi.db"
    source = sqlite3.connect(house.home / "bahi.db")
    db = sqlite3.connect(copy)
    source.backup(db)
    (tmp_path / "bahi.db.subjects").write_bytes(b"")
    keys = sqlite3.connect(tmp_path / "bahi.db.subjects")
    sqlite3.connect(house.home / "bahi.db.subjects").backup(keys)
    keys.close()
    for name, in db.execute("SELECT name FROM sqlite_master"
                            " WHERE type = 'trigger'").fetchall():
        db.execute("DROP TRIGGER " + name)
    conf = (house.home / "bahid.conf").read_text()
    conf = conf.replace("store = bahi.db", "store = %s" % copy)
    (tmp_path / "bahid.conf").write_text(conf)
    db.commit()

    def verify():
        return house.run("--config", str(tmp_path / "bahid.conf"), "audit",
                         "verify", config=False, check=False)

    assert verify().returncode == 0, verify().stderr
    assert db.execute(sql % int(orders[0][0][1:])).rowcount == 1
    db.commit()
    assert verify().returncode != 0
