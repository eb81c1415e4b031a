"""What people decide, what rules change, and how versions follow."""
import json
import shutil
import time

from house import ROOT, house, sale  # noqa: F401  (a fixture)


def order(name, price, updated, sku="KUR-COT-S", **other):
    """A Shopify order of one line, 5 % within the state."""
    half = "%.2f" % (float(price) * 0.025)
    total = "%.2f" % (float(price) + 2 * float(half))
    taxes = [{"title": "CGST 2.5%", "rate": 0.025, "price": half},
             {"title": "SGST 2.5%", "rate": 0.025, "price": half}]
    out = {"id": 5500000000001, "name": name, "currency": "INR",
           "created_at": "2026-10-07T10:00:00+05:30",
           "processed_at": "2026-10-07T10:00:00+05:30",
           "updated_at": updated, "total_price": total,
           "subtotal_price": price, "taxes_included": False,
           "total_tax": "%.2f" % (2 * float(half)), "source_name": "web",
           "tax_lines": taxes,
           "line_items": [{"id": 1, "sku": sku, "quantity": 1,
                           "title": "Kurta", "price": price,
                           "total_discount": "0.00", "tax_lines": taxes}],
           "shipping_lines": [], "financial_status": "paid"}
    out.update(other)
    return out


def voucher(number, amount, **other):
    data = {"entity": "IN01", "number": number, "date": "2026-10-31",
            "currency": "INR", "memo": "Rent of October",
            "lines": [{"account": "6100", "cost_centre": "MUM-RETAIL",
                       "debit": amount},
                      {"account": "1000", "credit": amount}]}
    data.update(other)
    return data


def send_voucher(house, event, data):
    return house.api("POST", "/v1/events", data, {
        "Content-Type": "application/json", "ce-specversion": "1.0",
        "ce-id": event, "ce-source": "/tests", "ce-type":
        "in.bahi.journal_voucher"})


def decide(house, key=None, **decision):
    headers = {"Idempotency-Key": key} if key else {}
    return house.api("POST", "/v1/decisions", decision, headers)


def seen(house, event):
    got = house.get("/v1/events/" + event)
    return {"id": event, "version": got["version"]}


def test_a_fix_maps_and_retries_all_that_share_the_cause(house):
    house.start()
    for n in range(7):
        answer = house.post("pos", sale("T%d" % n, store="STORE-THN"),
                            "msg_t%d" % n)
        assert answer.status == 202
    [cause] = house.get("/v1/signatures")["items"]
    assert cause["code"] == "cost_centre.unmapped" and cause["count"] == 7
    assert cause["amounts"] == [{"currency": "INR", "amount": "826.00"}]
    answer = decide(house, key="k1", action="fix", retry=True,
                    signature=cause["id"],
                    fix={"dimension": "cost_centre", "source": "pos",
                         "value": "STORE-THN", "to": "THN-RETAIL"})
    assert answer.status == 200, answer.body
    assert (answer.json["done"], answer.json["failed"]) == (7, 0)
    assert house.get("/v1/signatures")["items"] == []
    assert house.get("/v1/events?state=failed")["items"] == []
    [first] = house.get("/v1/events?limit=1")["items"]
    event = house.get("/v1/events/" + first["id"])
    assert event["state"] == "posted" and event["attempts"] == 2
    assert [step["action"] for step in event["history"]] == [
        "failed", "posted"]
    # In force for what comes later, and not done twice.
    assert house.post("pos", sale("T9", store="STORE-THN"),
                      "msg_t9").status == 201
    again = decide(house, key="k1", action="fix", retry=True,
                   signature=cause["id"],
                   fix={"dimension": "cost_centre", "source": "pos",
                        "value": "STORE-THN", "to": "THN-RETAIL"})
    assert again.body == answer.body
    assert again.headers["Idempotent-Replayed"] == "true"
    assert decide(house, key="k1", action="retry",
                  signature=cause["id"]).status == 409
    assert house.check_books()["states"]["posted"] == 8
    house.prove()


def test_the_first_answer_is_told_again_after_a_retry(house):
    house.start()
    body = sale("T1", store="STORE-THN")
    first = house.post("pos", body, "msg_t1")
    decide(house, action="fix", retry=True,
           signature=first.json["findings"][0]["signature"],
           fix={"dimension": "cost_centre", "source": "pos",
                "value": "STORE-THN", "to": "THN-RETAIL"})
    again = house.post("pos", body, "msg_t1")
    assert again.status == 200 and again.body == first.body


def test_a_fix_must_lead_somewhere(house):
    house.start()
    house.post("pos", sale("T1", store="STORE-THN"), "msg_t1")
    for fix in ({"dimension": "cost_centre", "to": "NOWHERE"},
                {"dimension": "colour", "to": "MUM-RETAIL"}):
        answer = decide(house, action="fix", fix={
            "source": "pos", "value": "STORE-THN", **fix})
        assert answer.status == 422
        assert answer.json["code"] == "decision.refused"


def test_dismiss_and_reopen(house):
    house.start()
    event = house.post("pos", sale("Z", "0.00", "0.00"),
                       "msg_z").json["event"]
    pick = seen(house, event)
    assert decide(house, action="dismiss", events=[pick]).status == 400
    answer = decide(house, action="dismiss", events=[pick], reason="test sale")
    assert answer.json["results"][0]["state"] == "dismissed"
    assert house.get("/v1/signatures")["items"] == []
    assert house.check_books()["states"]["dismissed"] == 1
    # The screen that showed it as failed is old now.
    stale = decide(house, action="retry", events=[pick])
    assert stale.status == 412 and stale.json["code"] == "version.stale"
    assert decide(house, action="retry",
                  events=[{"id": event}]).status == 428
    assert decide(house, action="retry",
                  events=[{"id": event, "version": ""}]).status == 428
    answer = decide(house, action="reopen", events=[seen(house, event)],
                    reason="it was a sale")
    assert answer.json["results"][0]["state"] == "failed"
    assert house.get("/v1/signatures")["items"][0]["count"] == 1
    house.check_books()
    house.prove()


def test_what_is_posted_cannot_be_retried(house):
    house.start()
    event = house.post("pos", sale("P"), "msg_p").json["event"]
    answer = decide(house, action="retry", events=[seen(house, event)])
    assert answer.status == 422


def test_a_newer_revision_reverses_and_posts_again(house):
    house.start()
    topic = "orders/paid"
    first = order("#1", "100.00", "2026-10-07T10:00:00+05:30")
    house.post("shopify", first, "e1", topic)
    later = order("#1", "200.00", "2026-10-07T11:00:00+05:30")
    answer = house.post("shopify", later, "e2", topic)
    assert answer.status == 201 and answer.json["version"] == 2
    event = house.get("/v1/events/" + answer.json["event"])
    assert [j["reverses"] for j in event["journals"]] == ["J1", None]
    older = order("#1", "300.00", "2026-10-07T09:00:00+05:30")
    answer = house.post("shopify", older, "e3", topic)
    assert answer.status == 202 and answer.json["state"] == "stale"
    balances = {i["account"]: i["balance"]
                for i in house.get("/v1/trial-balance")["items"]}
    assert balances == {"1100": "210.00", "2300": "-5.00", "2310": "-5.00",
                        "4010": "-200.00"}
    house.check_books()
    house.prove()


def test_a_voucher_names_the_version_that_it_changes(house):
    house.start()
    assert send_voucher(house, "1", voucher("JV-1", "500.00")).status == 201
    answer = send_voucher(house, "2", voucher("JV-1", "600.00",
                                              base_version=1))
    assert answer.status == 201 and answer.json["version"] == 2
    answer = send_voucher(house, "3", voucher("JV-1", "700.00",
                                              base_version=1))
    assert answer.status == 202 and answer.json["state"] == "conflict"
    assert answer.json["findings"][0]["code"] == "document.version"
    # Without a version the number is simply taken.
    answer = send_voucher(house, "4", voucher("JV-1", "1.00"))
    assert answer.json["findings"][0]["code"] == "document.number_used"
    balances = {i["account"]: i["balance"]
                for i in house.get("/v1/trial-balance")["items"]}
    assert balances == {"1000": "-600.00", "6100": "600.00"}
    house.check_books()
    house.prove()


def wait_for(house, text):
    end = time.monotonic() + 20
    while text not in house.read_log():
        assert time.monotonic() < end, house.read_log()
        time.sleep(0.05)


def test_rules_change_without_a_restart_and_a_broken_one_does_not(house):
    rules = house.dir / "rules"
    shutil.copytree(ROOT / "data/rules", rules)
    house.setting("rules", str(rules))
    house.start()
    file = rules / "map/pos/payment_success.sql"
    text = file.read_text()
    assert house.post("pos", sale("A"), "msg_a").status == 201
    file.write_text(text.replace("'pos' AS channel", "'pos' AS chanel"))
    wait_for(house, "rules.refused")
    assert "map/pos/payment_success.sql:" in house.read_log()
    assert "unknown column chanel" in house.read_log()
    assert house.post("pos", sale("B"), "msg_b").status == 201
    file.write_text(text.replace("'pos' AS channel", "'till' AS channel"))
    wait_for(house, "rules.loaded")
    event = house.post("pos", sale("C"), "msg_c").json["event"]
    assert house.get("/v1/events/" + event)["document_body"][
        "channel"] == "till"
    house.prove()


def test_a_rule_cannot_reach_outside(house):
    rules = house.dir / "rules"
    shutil.copytree(ROOT / "data/rules", rules)
    file = rules / "post/refund.sql"
    for sql, why in (
            ("SELECT load_extension('x') AS memo FROM line", "load_extension"),
            ("SELECT random() AS amount FROM line", "random"),
            ("SELECT datetime('now') AS memo FROM line", "datetime"),
            ("PRAGMA user_version", "not authorized"),
            ("ATTACH '/tmp/x' AS y", ""),
            ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
             " SELECT i AS amount FROM n", "not authorized"),
            ("SELECT 1 AS amount; SELECT 2 AS amount", "one statement"),
            ("SELECT sql AS memo FROM sqlite_master", ""),
            ("SELEC 1", "syntax error")):
        file.write_text("-- name: entries\n" + sql + "\n")
        sample = house.dir / "sample.json"
        sample.write_text("{}")
        done = house.run("rules", "test",
                         str(rules / "map/pos/payment_success.sql"),
                         str(sample), check=False)
        assert done.returncode == 6, (sql, done.stderr)
        assert "post/refund.sql:2" in done.stderr, (sql, done.stderr)
        assert why in done.stderr, (sql, done.stderr)


def test_a_rule_that_takes_too_long_is_stopped(house):
    rules = house.dir / "rules"
    shutil.copytree(ROOT / "data/rules", rules)
    house.setting("rules", str(rules))
    many = ", ".join("json_each(:body, '$.data') a%d" % n for n in range(10))
    (rules / "map/pos/slow.sql").write_text(
        "-- name: header\nSELECT count(*) AS total FROM %s\n"
        "-- name: lines\nSELECT 1 AS amount\n" % many)
    house.start()
    body = json.dumps({"type": "slow", "data": list(range(30))}).encode()
    answer = house.post("pos", body, "msg_slow")
    assert answer.status == 202
    assert answer.json["findings"][0]["code"] == "rule.failed"
    assert "steps" in answer.json["findings"][0]["detail"]
    assert house.post("pos", sale("A"), "msg_a").status == 201


def test_master_data_changes_without_a_restart(house):
    house.start()
    answer = house.post("pos", sale("A", customer_id="cust_new"), "msg_a")
    assert answer.json["findings"][0]["code"] == "party.unknown"
    table = ("code,name,entity,kind,extra,from,to\n"
             "cust_new,New One,,customer,,,\n")
    assert house.api("POST", "/v1/reference/party",
                     table.encode()).status == 200
    pick = seen(house, answer.json["event"])
    answer = decide(house, action="retry", events=[pick])
    assert answer.json["results"][0]["state"] == "posted"
    bad = house.api("POST", "/v1/reference/party", b"name,code\nx,y\n")
    assert bad.status == 400 and "first line" in bad.json["detail"]
    house.prove()
