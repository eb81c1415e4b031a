"""Every known shape: a sample in its vendor's own words, and what comes of it.

data/samples/SOURCE/RULE[-CASE].json is a payload; beside it
RULE[-CASE].expected.json is what `bahid rules test ... --json` says of it.
Each goes through that verb, and then, signed as its vendor signs, into a real
bahid whose kept document and journal must be the same.
"""
import base64
import hashlib
import hmac
import json
import pathlib
import shutil
import time

import urllib.parse

import pytest

from house import ROOT, Answer, House

SAMPLES = ROOT / "data/samples"
RULES = ROOT / "data/rules/map"
NOW = "2026-11-02T06:30:00Z"
ALL = sorted(path for path in SAMPLES.rglob("*.json")
             if not path.name.endswith(".expected.json"))
# Whose samples come in another way: as files, or through their own routes.
ELSEWHERE = {"edi", "bank", "inbox", "desk"}
# Rows and polled records bring no signature: a program's token vouches.
BY_TOKEN = {"razorpay/row", "counts/row", "shopify/payouts_paid",
            "stripe/balance_transaction", "woocommerce/refund"}
SCHEMES = {"stripe": "stripe", "shopify": "shopify", "razorpay": "razorpay",
           "woocommerce": "woocommerce", "salesforce": "salesforce"}


def name(path):
    return "%s/%s" % (path.parent.name, path.stem)


def rule(path):
    """The sample's rule, without its ending: SOURCE/RULE."""
    return name(path).partition("-")[0]


def expected(path):
    return json.loads(path.with_name(path.stem + ".expected.json")
                      .read_text())


# What must be there first: an order before goods leave for it, goods before
# they are used.
AFTER = {"wms/shipment": ["salesforce/opportunity", "wms/receipt"],
         "wms/adjustment": ["wms/receipt"], "wms/count": ["wms/receipt"],
         "clinic/supply_used": ["wms/receipt-clinic"]}


@pytest.fixture(scope="module")
def house():
    one = House()
    one.run("import", str(SAMPLES / "reference"))
    for source in {path.parent.name for path in ALL} - ELSEWHERE - {
            "pos", "shopify", "razorpay", "events"}:
        one.run("source", "add", source, SCHEMES.get(source, "standard"))
    one.tokens = {source: one.run("token", "add", source + "-polled",
                                  "integration").stdout.strip()
                  for source in {rule.partition("/")[0]
                                 for rule in BY_TOKEN}}
    one.start(BAHI_CLOCK=NOW)
    try:
        yield one
        one.check_books()
        one.stop()
        one.prove()
    finally:
        one.close()


# ---- as the vendors sign ----------------------------------------------------

def b64(mac):
    return base64.b64encode(mac).decode()


def mac(secret, *parts):
    return hmac.digest(secret.encode(), b".".join(parts), hashlib.sha256)



def sign_stripe(secret, body, path):
    return {"Stripe-Signature": "t=%s,v1=%s" % (
        SECONDS, mac(secret, SECONDS.encode(), body).hex())}


def sign_shopify(secret, body, path):
    topic = "/".join(rule(path).partition("/")[2].rsplit("_", 1))
    return {"X-Shopify-Topic": topic, "X-Shopify-Event-Id": path.stem,
            "X-Shopify-Shop-Domain": "s.myshopify.com",
            "X-Shopify-Hmac-SHA256": b64(mac(secret, body))}


def sign_razorpay(secret, body, path):
    return {"X-Razorpay-Signature": mac(secret, body).hex(),
            "x-razorpay-event-id": path.stem}


def sign_woocommerce(secret, body, path):
    return {"X-WC-Webhook-Topic": "order.updated",
            "X-WC-Webhook-Resource": "order",
            "X-WC-Webhook-Signature": b64(mac(secret, body))}


def sign_salesforce(secret, body, path):
    return {"X-Salesforce-Timestamp": SECONDS, "X-Salesforce-Signature":
            b64(mac(secret, SECONDS.encode(), body))}


def sign_standard(secret, body, path):
    key = path.stem
    raw = base64.b64decode(secret[len("whsec_"):])
    signed = b".".join([key.encode(), SECONDS.encode(), body])
    return {"webhook-id": key, "webhook-timestamp": SECONDS,
            "webhook-signature": "v1," + b64(
                hmac.digest(raw, signed, hashlib.sha256))}


SECONDS = "1793601000"		# NOW
SIGN = {"stripe": sign_stripe, "shopify": sign_shopify,
        "razorpay": sign_razorpay, "woocommerce": sign_woocommerce,
        "salesforce": sign_salesforce}


def deliver(house, path):
    body, source = path.read_bytes(), path.parent.name
    head = {"Content-Type": "application/json"}
    if source == "events" or rule(path) in BY_TOKEN:
        topic = rule(path).partition("/")[2]
        head.update({"ce-specversion": "1.0", "ce-id": path.stem,
                     "ce-source": "/" + source, "ce-type": topic})
        if source == "events":
            return house.api("POST", "/v1/events", body, head)
        head["Authorization"] = "Bearer " + house.tokens[source]
        where = "/v1/events"
    else:
        sign = SIGN.get(source, sign_standard)
        head.update(sign(house.secret(source), body, path))
        where = "/v1/hooks/" + source
    connection = house.connect()
    connection.request("POST", where, body, head)
    answer = Answer(connection.getresponse())
    connection.close()
    return answer


# ---- the tests --------------------------------------------------------------

def try_rule(house, path, *form):
    return house.run("rules", "test", str(RULES / (rule(path) + ".sql")),
                     str(path), *form).stdout


@pytest.mark.parametrize("path", ALL, ids=name)
def test_the_rule_says_what_is_expected(house, path):
    said = json.loads(try_rule(house, path, "--json"))
    assert said == expected(path)
    for one in said["documents"] if not said["findings"] else ():
        sums = {}
        for entry in one["entries"]:
            digits = entry["amount"].replace(".", "")
            sums[entry["currency"]] = sums.get(entry["currency"],
                                               0) + int(digits)
        assert not any(sums.values()), (path, sums)


def kept(house, document):
    """The document and its entries, as the daemon keeps them."""
    where = "/".join(urllib.parse.quote(document[key], safe="")
                     for key in ("entity", "kind", "number"))
    row = house.get("/v1/documents/" + where)
    entries = []
    if row["journal"] is not None:
        entries = house.get("/v1/journals/" + row["journal"])["entries"]
    return {"document": row["document_body"], "entries": [
        {key: value for key, value in entry.items()
         if key not in ("line", "base") and value is not None}
        for entry in entries]}


@pytest.mark.parametrize("path", [
    path for path in ALL if path.parent.name not in ELSEWHERE], ids=name)
def test_the_daemon_keeps_what_is_expected(house, path):
    want = expected(path)
    for first in AFTER.get(name(path), ()):
        assert deliver(house, SAMPLES / (first + ".json")).status < 300
    answer = deliver(house, path)
    assert answer.status < 300, answer.body
    said = answer.json
    findings = [{key: one[key] for key in ("code", "value", "field")}
                for one in said["findings"]]
    assert findings == want["findings"]
    if want["ignored"]:
        assert said["state"] == "ignored"
        return
    if said["state"] != "posted":
        assert said["state"] == "failed" and findings
        return
    assert want["documents"]
    for one in want["documents"]:
        assert kept(house, one["document"]) == one
    again = deliver(house, path)
    assert again.headers["Idempotent-Replayed"] == "true"


def test_every_rule_has_a_sample():
    rules = {"%s/%s" % (path.parent.name, path.stem)
             for path in RULES.rglob("*.sql")}
    sampled = {rule(path) for path in SAMPLES.rglob("*")
               if path.is_file() and path.parent != SAMPLES / "reference"}
    assert not rules - sampled
    for path in ALL:
        assert (RULES / (rule(path) + ".sql")).exists(), path
        assert path.with_name(path.stem + ".expected.json").exists(), path


def test_the_fields_side_by_side(house):
    path = SAMPLES / "salesforce/opportunity.json"
    text = try_rule(house, path, "--fields")
    rows = [line.split(None, 1) for line in text.splitlines()]
    assert ["record.Amount", "182500.0                      total = 18250000"
            ] in rows
    assert ["record.AccountId", "001xx000003DGb2AAG            party = "
            "crm_001xx000003DGb2AAG"] in rows
    product = "record.OpportunityLineItems.records[0].Product2.ProductCode"
    assert [product, "KUR-COT-M                     lines[0].item = KUR-COT-M"
            ] in rows
    assert "(whether it is for the books)" in dict(rows)["record.IsWon"]
    assert any(row[0] == "(the" and row[1].endswith("kind = sales_order")
               for row in rows)
    assert "record.OwnerId" not in text
    assert rows[-1] == ["16", "fields are not used"]
    done = house.run("rules", "test", str(RULES / "salesforce/opportunity.sql"),
                     str(path), "--all", check=False)
    assert done.returncode != 0


@pytest.fixture
def without(tmp_path):
    """A house that has never heard of WooCommerce."""
    rules = tmp_path / "rules"
    shutil.copytree(ROOT / "data/rules", rules)
    shutil.rmtree(rules / "map/woocommerce")
    (tmp_path / "schemes").mkdir()
    one = House()
    one.setting("rules", str(rules))
    one.setting("schemes", str(tmp_path / "schemes"))
    yield one, tmp_path
    one.close()


def test_a_vendor_is_data(without):
    """conf, rule and mapping, copied while it runs: WooCommerce posts."""
    house, folder = without
    house.start(BAHI_CLOCK=NOW)
    refused = house.run("source", "add", "woocommerce", "woocommerce",
                        check=False)
    assert refused.returncode != 0
    shutil.copy(ROOT / "data/conf/schemes/woocommerce.conf",
                folder / "schemes")
    shutil.copytree(RULES / "woocommerce", folder / "rules/map/woocommerce")
    house.run("source", "add", "woocommerce", "woocommerce")
    for table in ("account", "party", "mapping"):
        lines = (SAMPLES / "reference" / (table + ".csv")).read_text()
        answer = house.api("POST", "/v1/reference/" + table, lines.encode(),
                           {"Content-Type": "text/csv"})
        assert answer.status < 300, answer.body
    end = time.monotonic() + 30
    while "rules.loaded" not in house.read_log():
        assert time.monotonic() < end, house.read_log()
        time.sleep(0.05)
    path = SAMPLES / "woocommerce/order.json"
    answer = deliver(house, path)
    # Names are looked up anew at most once a second.
    while answer.status == 404 and time.monotonic() < end:
        time.sleep(0.05)
        answer = deliver(house, path)
    assert answer.status == 201, answer.body
    for one in expected(path)["documents"]:
        assert kept(house, one["document"]) == one
    house.check_books()


def test_the_rows_of_a_settlement_are_one_entry():
    """A recon report in a batch flow: three rows, one line on the bank."""
    house = House()
    try:
        house.run("import", str(SAMPLES / "reference"))
        flow = house.dir / "flow"
        flow.mkdir()
        (flow / "flow.csv").write_text(
            "source,kind,entity,pattern,window,latency,owner,objective,wait,"
            "control\nrazorpay-polled,settlement,*,batch,12:05,60,treasury,60,"
            "24,high\n")
        house.run("import", str(flow))
        house.tokens = {"razorpay": house.run(
            "token", "add", "razorpay-polled", "integration").stdout.strip()}
        house.start(BAHI_CLOCK="2026-11-02T06:34:58Z")	# 12:04:58 IST
        rows = [path for path in ALL if rule(path) == "razorpay/row"]
        for path in rows:
            assert deliver(house, path).json["state"] == "waiting", path
        house.stop()
        house.start(BAHI_CLOCK="2026-11-02T06:36:00Z")
        end = time.monotonic() + 60
        while house.get("/v1/status")["states"]["posted"] < len(rows):
            assert time.monotonic() < end, house.read_log()
            time.sleep(0.05)
        journals = {house.get("/v1/events/" + one["id"])["journal"]
                    for one in house.get("/v1/events")["items"]}
        assert len(journals) == 1
        entries = house.get("/v1/journals/" + journals.pop())["entries"]
        bank = [e["amount"] for e in entries if e["account"] == "1000"]
        assert bank == ["1598.60"]	# 2308.60 - 590.00 - 120.00
        house.check_books()
    finally:
        house.close()
