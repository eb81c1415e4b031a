"""What is personal is apart from the books from the first moment on: sealed
when it comes, shown to who may see the event, gone for good once its person
is erased, while the journals, the chain and a rebuild stay as they are."""
import csv
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import time

import pytest

from house import BAHID, database, House, ROOT

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
    db = sqlite3.connect(copy)
    with database(house.home / "bahi.db") as source:
        source.backup(db)
    (tmp_path / "bahi.db.subjects").write_bytes(b"")
    with database(house.home / "bahi.db.subjects") as source, database(
            tmp_path / "bahi.db.subjects", write=True) as keys:
        source.backup(keys)
    for name, in db.execute("SELECT name FROM sqlite_master"
                            " WHERE type = 'trigger'").fetchall():
        db.execute("DROP TRIGGER " + name)
    conf = (house.home / "bahid.conf").read_text()
    conf = conf.replace("store = bahi.db", "store = %s" % copy)
    conf = re.sub(r"(?m)^key = .*\n", "", conf)         # the copy is plain
    (tmp_path / "bahid.conf").write_text(conf)
    db.commit()

    def verify():
        return house.run("--config", str(tmp_path / "bahid.conf"), "audit",
                         "verify", config=False, check=False)

    assert verify().returncode == 0, verify().stderr
    assert db.execute(sql % int(orders[0][0][1:])).rowcount == 1
    db.commit()
    db.close()
    assert verify().returncode != 0


# ---- a person asks --------------------------------------------------------

WHO = "shop-6820593942708"
NAME = "Sanjay Shinde"      # as master data has him


def find(house, who):
    answer = house.api("POST", "/v1/privacy/find", {"who": who})
    assert answer.status == 200, answer.body
    return answer.json


def kinds(plan, which):
    return {(one["of"], one["what"].split(" ")[0]) for one in plan[which]}


@pytest.mark.parametrize("who", [WHO, EMAIL_OF, "9822011987",
                                 "+91 98220-11987", "rutuja-q kalewadi-q"])
def test_a_person_is_found_by_what_he_is_known_by(house, orders, who):
    plan = find(house, who)
    assert [one["events"] for one in plan["subjects"]] == ["3"] or \
        [one["events"] for one in plan["subjects"]] == [3]
    assert [one["code"] for one in plan["parties"]] == [WHO]
    assert plan["several"] is False


def test_a_plan_says_what_goes_and_what_stays_by_which_law(house, orders):
    plan = find(house, WHO)
    who = plan["subjects"][0]["id"]
    assert kinds(plan, "goes") == {(who, "personal"), (WHO, "name")}
    stays, = plan["stays"]
    assert stays["of"] == WHO and stays["what"].startswith("3 documents")
    assert "s.128" in stays["law"] and "s.36" in stays["law"]
    # Of 2026-27: eight years after its end, and 72 months after its annual
    # return was due.
    assert stays["until"] == "2035-03-31"


def test_nobody_is_nobody(house, orders):
    for who in ["shop-1", "nobody@example.in", "S999", "%", "' OR 1=1 --"]:
        answer = house.api("POST", "/v1/privacy/find", {"who": who})
        assert answer.status in (200, 404), answer.body
        if answer.status == 200:        # a number is taken at its word
            assert answer.json["subjects"][0]["events"] == 0
    for body in [{}, {"who": ""}, {"who": "x" * 400}, {"who": ["a"]}]:
        assert house.api("POST", "/v1/privacy/find", body).status == 400


def test_all_that_is_held_is_given_out(house, orders):
    said = json.loads(house.run("privacy", "export", WHO).stdout)
    assert said["parties"][0]["name"] == NAME
    assert len(said["parties"][0]["documents"]) == 3
    values = {one["value"] for event in said["events"]
              for one in event["personal"]}
    assert {EMAIL_OF, "Rutuja-Q", "17 Q-Prabhat Road", "10.20.30.41",
            "+91 98220 11987"} <= values
    assert not any("Ojas" in one or "Other" in one for one in values)
    text = house.run("privacy", "export", WHO, "text").stdout
    assert EMAIL_OF in text and "Q-Prabhat" in text


def test_only_who_may_erases(house, orders):
    token = house.run("token", "add", "clerk-q", "clerk").stdout.split()[-1]
    for verb in ["find", "export", "erase"]:
        own = house.connect()
        own.request("POST", "/v1/privacy/" + verb,
                    json.dumps({"who": WHO, "reason": "x", "plan": "x"}),
                    {"Authorization": "Bearer " + token})
        assert own.getresponse().status == 403
        own.close()


def test_an_erasure_has_a_reason_and_a_plan_that_still_holds(house, orders):
    def erase(**said):
        return house.api("POST", "/v1/privacy/erase",
                         dict({"who": WHO}, **said)).status

    assert erase() == 400
    assert erase(reason="asked") == 428
    assert erase(reason="asked", plan="0" * 64) == 412
    assert erase(reason="x" * 3000, plan=find(house, WHO)["plan"]) == 400
    assert len(find(house, WHO)["goes"]) == 2


def test_no_name_of_master_data_goes_that_the_law_wants(house, orders):
    """A registered buyer, an employee, a supplier."""
    row = "party,gstin,category,state,pin,address,status,since\n" \
        "cust_987,29AAAAA0000A1ZY,regular,29,560001,1 MG Road,active,\n"
    answer = house.api("POST", "/v1/reference/taxpayer", row.encode(),
                       {"Content-Type": "text/csv"})
    assert answer.status == 200, answer.body
    for code, law in [("cust_987", "r.46"), ("emp_104", "s.128"),
                      ("sup_paithan", "s.128")]:
        plan = find(house, code)
        assert plan["goes"] == [], plan
        assert any(law in one["law"] for one in plan["stays"]), plan
        answer = house.api("POST", "/v1/privacy/erase", {
            "who": code, "reason": "asked", "plan": plan["plan"]})
        assert answer.status == 422, answer.body


def feed(house):
    """Topic and key -> the number of its last change."""
    lines = house.api("GET", "/v1/changes?after=0&limit=5000").body
    changes = [json.loads(line) for line in lines.splitlines()]
    return {(one.get("topic"), one.get("key")): one.get("seq")
            for one in changes}


@pytest.fixture(scope="module")
def erased(house, orders):
    """Everything that is to be compared, from before; then it is done, by
    the verb, as a controller would."""
    with database(house.home / "bahi.db") as books, database(
            house.dir / "old.db", write=True) as old:
        books.backup(old)
    before = {"journals": house.journals(),
              "trial": house.get("/v1/trial-balance")["totals"],
              "changes": feed(house)}
    plan = house.run("privacy", "erase", WHO, "asked by letter").stdout
    assert "Nothing is done yet" in plan and "s.128" in plan
    before["plan"] = plan.split()[-1]
    done = house.run("privacy", "erase", WHO, "asked by letter",
                     before["plan"]).stdout
    assert "Erased: decision D" in done
    return before


def test_the_books_do_not_change(house, erased):
    assert house.journals() == erased["journals"]
    assert house.get("/v1/trial-balance")["totals"] == erased["trial"]
    house.prove()       # the chain, and a rebuild from what is left


def test_nobody_reads_it_any_more(house, orders, erased):
    for event, body in orders[:3]:
        kept = house.get("/v1/events/" + event)
        assert kept["personal"] == "erased"
        left = json.loads(kept["payload"])
        assert left["email"] == "" and left["total_price"] == "8402.10"
        assert left["billing_address"]["province_code"] == "MH"
    assert house.get("/v1/events/" + orders[3][0])["personal"] == "whole"
    assert house.get("/v1/reference/party/" + WHO)["row"]["name"] == \
        "[erased]"
    for who in [WHO, EMAIL_OF, "9822011987", NAME]:
        answer = house.api("POST", "/v1/privacy/find", {"who": who})
        if answer.status == 200:
            assert all(one["of"] != WHO for one in answer.json["goes"])
    said = house.api("POST", "/v1/privacy/export", {"who": WHO}).json
    assert said["events"] == []


def test_no_file_has_his_name(house, erased):
    """Those of master data, too, and the copies that the log had; while the
    daemon runs, its write-ahead log included."""
    for path in files(house):
        if path.name == "old.db":
            continue
        content = path.read_bytes()
        assert NAME.encode() not in content, path.name
        for mark in MARKS:
            assert mark not in content, (path.name, mark)


def test_consoles_hear_of_it(house, orders, erased):
    now = feed(house)
    for event, _ in orders[:3]:
        assert now["event", event] > erased["changes"]["event", event]
    assert now["event", orders[3][0]] == \
        erased["changes"]["event", orders[3][0]]


def test_the_chain_tells_a_theft_from_an_erasure(house, erased, tmp_path):
    """A key that is gone without a decision is no erasure."""
    other = find(house, "other@example.in")["subjects"][0]["id"]
    house.stop()
    keys = sqlite3.connect(house.home / "bahi.db.subjects")
    row = keys.execute("SELECT * FROM subject WHERE id = ?",
                       (int(other[1:]),)).fetchone()
    keys.execute("DELETE FROM subject WHERE id = ?", (int(other[1:]),))
    keys.commit()
    done = house.run("audit", "verify", check=False)
    assert done.returncode != 0 and "nobody erased it" in done.stderr
    keys.execute("INSERT INTO subject VALUES (?, ?, ?, ?, ?)", row)
    keys.commit()
    keys.close()
    assert "whole" in house.run("audit", "verify").stdout
    house.start()


def test_a_restored_store_does_not_bring_him_back(house, orders, erased):
    """An old backup beside today's keys: nothing opens, and the start erases
    again."""
    house.stop()
    now = (house.home / "bahi.db").read_bytes()
    for end in ["", "-wal", "-shm", "-swal"]:
        (house.home / ("bahi.db" + end)).unlink(missing_ok=True)
    (house.home / "bahi.db").write_bytes((house.dir / "old.db").read_bytes())
    if house.sealed:                    # that copy is plain
        house.run("seal")
    house.start()
    assert house.get("/v1/events/" + orders[0][0])["personal"] == "erased"
    assert house.get("/v1/reference/party/" + WHO)["row"]["name"] == \
        "[erased]"
    house.prove()
    house.stop()
    for end in ["", "-wal", "-shm", "-swal"]:
        (house.home / ("bahi.db" + end)).unlink(missing_ok=True)
    (house.home / "bahi.db").write_bytes(now)
    house.start()
    house.prove()


def test_a_store_without_its_keys_goes_on(house, orders, erased):
    """Restored without them: the books are whole, and new people get new
    keys, under numbers that nobody had."""
    house.stop()
    kept = house.dir / "kept"
    kept.mkdir()
    for path in house.home.glob("bahi.db*"):
        shutil.copy(path, kept)
    for path in house.home.glob("bahi.db.subjects*"):
        path.unlink()
    house.start()
    try:
        assert house.get("/v1/events/" + orders[3][0])["personal"] == "apart"
        event, body = send(house, 20)
        assert house.get("/v1/events/" + event)["payload"].encode() == body
        house.prove()
    finally:
        house.stop()
        for path in house.home.glob("bahi.db*"):
            path.unlink()
        for path in kept.iterdir():
            shutil.copy(path, house.home)
        house.start()
    assert house.get("/v1/events/" + orders[3][0])["personal"] == "whole"


def test_who_comes_again_is_somebody_new(house, erased):
    event, body = send(house, 7)
    assert house.get("/v1/events/" + event)["payload"].encode() == body
    plan = find(house, EMAIL_OF)
    assert [one["erased"] for one in plan["subjects"]] == [False]
    house.prove()


def test_a_stop_between_leaves_no_half(house, erased):
    """Decided, and the process is killed before a key is destroyed."""
    plan = find(house, "other@example.in")
    house.stop()
    house.start(BAHI_CRASH="erase.between")
    with pytest.raises(Exception):
        house.api("POST", "/v1/privacy/erase", {
            "who": "other@example.in", "reason": "asked",
            "plan": plan["plan"]})
    house.died()
    house.start()
    keys = sqlite3.connect(house.home / "bahi.db.subjects")
    left = keys.execute("SELECT key FROM subject WHERE id = ?", (int(
        plan["subjects"][0]["id"][1:]),)).fetchone()
    assert left == (None,)
    keys.close()
    house.prove()


def test_an_auditor_gets_the_chain_and_nobody(house, erased, tmp_path):
    """What leaves for the verifier is what is left of payloads."""
    send(house, 8)
    house.stop()
    out = tmp_path / "chain.jsonl"
    house.run("audit", "export", str(out), "--with=content")
    house.start()
    text = out.read_bytes()
    for mark in MARKS:
        assert mark not in text, mark
    verify = pathlib.Path(BAHID).parent / "bahi-verify"
    done = subprocess.run([verify, str(out)], text=True, capture_output=True,
                          timeout=60)
    assert done.returncode == 0, done


# ---- for how long ----------------------------------------------------------

def test_what_is_over_its_time_goes_by_itself(house, erased):
    """Three years and a month later: the person goes, his books do not."""
    event, _ = send(house, 9, customer=6821393847144,
                    email="third@example.in")
    place = house.home / "inbox" / "pos" / "done"
    place.mkdir(parents=True, exist_ok=True)
    (place / "old.csv").write_text("x")
    now = house.get("/v1/privacy/retention")["rules"]
    rule = {one["what"]: one for one in now}
    assert rule["personal"]["over"] == 0 and rule["personal"]["goes"]
    assert not rule["books"]["goes"] and rule["books"]["held"] is None
    assert "s.128" in house.run("privacy", "retention").stdout
    before = house.journals()
    house.stop()
    db = sqlite3.connect(house.home / "bahi.db")
    db.execute("INSERT INTO file VALUES (900, 'pos', 'old.csv',"
               " zeroblob(32), 1, 'csv', 'done', 0, 1, 0, 0, 0, 0, 0, 0, 0,"
               " 1, 1700000000000000, 'done/old.csv', 1, NULL, NULL)")
    db.execute("INSERT INTO alert_sent VALUES (900, 1700000000000000,"
               " 'mail', 'x', 'y', 'z', 'sent')")
    db.commit()
    db.close()
    house.start(BAHI_CLOCK="2029-12-31T12:00:00Z")
    end = time.monotonic() + 30
    while house.get("/v1/events/" + event)["personal"] != "erased" or \
            (place / "old.csv").exists() or \
            house.get("/v1/privacy/retention")["rules"][3]["held"]:
        assert time.monotonic() < end, house.read_log()[-2000:]
        time.sleep(0.05)
    assert house.journals() == before
    house.prove()
