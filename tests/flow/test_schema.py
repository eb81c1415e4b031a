"""Schemas: what senders are told is what they are judged by.

python3-jsonschema is the second opinion on everything here.
"""
import copy
import json
import shutil
import time

import jsonschema
import pytest

from house import ROOT, Answer, House, house  # noqa: F401  (a fixture)

SCHEMAS = ROOT / "data/rules/schema"
SAMPLES = ROOT / "data/samples"
BY_SCHEMA = {
    "order_accepted": "order.accepted",
    "inventory_adjusted": "inventory.adjusted",
    "stock_counted": "stock.counted",
    "count_adjustment": "count.adjustment",
    "shipment_confirmed": "shipment.confirmed",
    "invoice_posted": "invoice.posted", "payment_applied": "payment.applied",
    "refund": "refund", "settlement": "settlement",
    "payroll_run": "payroll.run", "purchase_invoice": "purchase.invoice",
    "expense": "expense", "subscription": "subscription", "usage": "usage",
    "intercompany_charge": "intercompany.charge", "journal": "journal",
    "intercompany_adjustment": "intercompany.adjustment",
    "advance": "advance", "debit_note": "debit.note", "advance_adjustment": "advance.adjustment"}


def schema(name):
    return json.loads((SCHEMAS / (name + ".json")).read_text())


def example(name):
    return schema(name)["examples"][0]


def validator(name):
    return jsonschema.Draft202012Validator(
        schema(name), format_checker=jsonschema.FormatChecker())


def cloud(name, number, data):
    return {"specversion": "1.0", "id": number, "source": "/t",
            "type": "in.bahi." + BY_SCHEMA.get(name, name), "data": data}


def send(house, *events):
    answer = house.api("POST", "/v1/events", list(events), {
        "Content-Type": "application/cloudevents-batch+json"})
    assert answer.status < 300, answer.body
    return answer.json["items"]


def send_one(house, name, number, data):
    return send(house, cloud(name, number, data))[0]


def entries(house, entity, kind, number):
    row = house.get("/v1/documents/%s/%s/%s" % (entity, kind, number))
    return [(e["account"], e["party"], e["amount"]) for e in
            house.get("/v1/journals/" + row["journal"])["entries"]]


def row(house, entity, kind, number):
    return house.get("/v1/documents/%s/%s/%s" % (entity, kind, number))


# ---- the files ----------------------------------------------------------------

def test_each_schema_is_one_and_accepts_its_example():
    names = {path.stem for path in SCHEMAS.glob("*.json")}
    assert names == set(BY_SCHEMA) | {"document"}
    for name in names:
        text = schema(name)
        jsonschema.Draft202012Validator.check_schema(text)
        assert text["$schema"].endswith("/2020-12/schema")
        for one in text.get("examples", []):
            validator(name).validate(one)


def test_they_are_served_as_they_are(house):
    house.start()
    names = house.get("/v1/schemas")["items"]
    assert set(names) == set(BY_SCHEMA) | {"document"}
    for name in names:
        answer = house.api("GET", "/v1/schemas/" + name)
        assert answer.headers["Content-Type"] == "application/schema+json"
        assert answer.body == (SCHEMAS / (name + ".json")).read_bytes()
    for name in ("nil", "..%2fmap", "journal.json"):
        assert house.api("GET", "/v1/schemas/" + name).status == 404


# ---- one verdict --------------------------------------------------------------

KEYWORDS = {"type", "enum", "const", "required", "additionalProperties",
            "minItems", "maxItems", "minLength", "maxLength", "minimum",
            "maximum", "pattern", "format", "anyOf", "oneOf"}


def spoil(value, path=()):
    """What can be wrong with a message, one thing at a time."""
    if isinstance(value, dict):
        yield path + ("colour",), "red"
        for key in list(value):
            yield path + (key,), None.__class__	# to be taken away
            yield from spoil(value[key], path + (key,))
    elif isinstance(value, list):
        yield path, []
        yield path, {}
        yield from spoil(value[0], path + (0,))
    for other in (None, True, 5, -5, 1.5, "", "x" * 1100, "7.00", "-7.00",
                  "2026-02-30", [], {}):
        if other != value:
            yield path, other


def spoiled(value, path, other):
    out = copy.deepcopy(value)
    if not path:
        return other
    at = out
    for step in path[:-1]:
        at = at[step]
    if other is None.__class__:
        del at[path[-1]]
    else:
        at[path[-1]] = other
    return out


def paths_of(error):
    """As bahid writes them: keys only, from `data` on."""
    steps = ["data"] + [step for step in error.absolute_path
                        if isinstance(step, str)]
    if error.validator == "required":
        return {".".join(steps + [name]) for name in error.validator_value
                if name not in error.instance}
    if error.validator == "additionalProperties":
        return {".".join(steps + [name]) for name in error.instance
                if name not in error.schema["properties"]}
    return {".".join(steps)}


@pytest.mark.parametrize("name", sorted(BY_SCHEMA))
def test_both_validators_find_the_same(house, name):
    house.start()
    judge, base = validator(name), example(name)
    cases = [spoiled(base, *how) for how in spoil(base)]
    events = [cloud(name, str(i), one) for i, one in enumerate(cases)]
    wrong = 0
    for start in range(0, len(events), 500):
        for event, said in zip(events[start:], send(
                house, *events[start:start + 500])):
            errors = list(judge.iter_errors(event["data"]))
            expected = set().union(*map(paths_of, errors)) if errors else set()
            said = [f for f in said["findings"]
                    if f["code"] == "payload.schema"]
            # What a rule misses itself has its own words, and maybe ours.
            found = {f["value"] for f in said
                     if f["detail"].split(" at ")[0] in KEYWORDS}
            every = {f["value"] if f["value"].startswith("data") else
                     "data." + f["value"] for f in said}
            assert found <= expected <= every, (event["data"], said)
            wrong += bool(errors)
    assert wrong > 30 and wrong < len(cases)
    house.check_books()


def test_what_fits_no_schema_says_all_of_it(house):
    house.start()
    data = example("order_accepted")
    data["currency"] = "rupees"
    data["lines"] += [{"amount": "x"}, {"amount": "x", "size": 1}]
    del data["number"]
    said = send_one(house, "order_accepted", "1", data)
    assert said["state"] == "failed"
    found = {(f["value"], f["detail"]) for f in said["findings"]
             if f["code"] == "payload.schema"}
    assert found == {
        ("data.number", "required"), ("data.currency", "pattern"),
        ("data.lines.quantity", "required at data.lines[1].quantity"),
        ("data.lines.amount", "pattern at data.lines[1].amount"),
        ("data.lines.size",
         "additionalProperties at data.lines[2].size")}, found
    many = dict(example("expense"), **{"x%02d" % n: 1 for n in range(30)})
    said = send_one(house, "expense", "2", many)
    assert len(said["findings"]) == 20
    # It is kept, and posts once it is sent as it should be.
    assert send_one(house, "order_accepted", "3",
                    example("order_accepted"))["state"] == "posted"
    house.check_books()
    house.prove()


def test_a_binary_event_is_judged_as_one_in_one_piece(house):
    house.start()
    for number, data in (("1", 17), ("2", {"lines": 3}), ("3", [])):
        whole = send_one(house, "usage", "w" + number, data)
        answer = house.api("POST", "/v1/events", data, {
            "Content-Type": "application/json", "ce-specversion": "1.0",
            "ce-id": number, "ce-source": "/t", "ce-type": "in.bahi.usage"})
        assert answer.status == 202
        assert [(f["code"], f["value"], f["detail"])
                for f in answer.json["findings"]] == [
            (f["code"], f["value"], f["detail"]) for f in whole["findings"]]
    said = send(house, {"specversion": "1.0", "id": "9", "source": "/t",
                        "type": "in.bahi.usage"})[0]
    assert [(f["value"], f["detail"]) for f in said["findings"]] == [
        ("data", "required")]


# ---- documents ----------------------------------------------------------------

def test_every_document_is_of_its_schema(house):
    """All samples of all sources that come as events, and what they became."""
    judge = validator("document")
    house.run("import", str(SAMPLES / "reference"))
    house.start()
    for path in sorted((SAMPLES / "events").glob("*.json")):
        if path.name.endswith(".expected.json"):
            continue
        topic = path.stem.partition("-")[0]
        answer = house.api("POST", "/v1/events", path.read_bytes(), {
            "Content-Type": "application/json", "ce-specversion": "1.0",
            "ce-id": path.stem, "ce-source": "/t", "ce-type": topic})
        assert answer.status in (201, 202), answer.body
    seen, after = set(), ""
    while after is not None:
        page = house.get("/v1/documents?limit=500&after=" + after)
        for one in page["items"]:
            got = house.get("/v1/documents/" + one["document"])
            judge.validate(got["document_body"])
            seen.add(got["kind"])
        after = page["next"]
    for one in house.get("/v1/events?limit=500")["items"]:
        body = house.get("/v1/events/" + one["id"])["document_body"]
        for part in body if isinstance(body, list) else [body]:
            if part is not None:
                judge.validate(part)
    for path in SAMPLES.rglob("*.expected.json"):
        text = json.loads(path.read_text())
        # Of a file the records are expected, not what comes of them.
        for one in text["documents"] if "documents" in text else ():
            judge.validate(one["document"])
            seen.add(one["document"]["kind"])
    # Nothing canonical makes a purchase order of the samples.
    assert seen >= {"sales_order", "sales_invoice", "credit_note", "payment",
                    "refund", "settlement", "shipment", "inventory_move",
                    "payroll", "purchase_invoice", "journal_voucher",
                    "debit_note", "advance", "advance_adjustment"}


def test_from_order_to_return(house):
    house.start()
    def post(name, **more):
        data = dict(example(name), **more)
        return send_one(house, name, data["number"], data)
    assert post("order_accepted")["state"] == "posted"
    assert post("shipment_confirmed")["state"] == "posted"
    assert post("invoice_posted", shipment="SHP-501")["state"] == "posted"
    assert post("payment_applied", order="SO-1001")["state"] == "posted"
    assert post("refund", payment="PAY-9001")["state"] == "posted"
    order = row(house, "IN01", "sales_order", "SO-1001")
    assert order["journal"] is None
    trial = {one["account"]: one["balance"]
             for one in house.get("/v1/trial-balance")["items"]}
    # It came back: only the return is seen beside the sale.
    assert {k: v for k, v in trial.items() if v != "0.00"} == {
        "4000": "-500.00", "4100": "500.00"}
    house.check_books()
    house.prove()


def test_what_waits_is_released(house):
    house.start()
    order, shipment = example("order_accepted"), example("shipment_confirmed")
    invoice = dict(example("invoice_posted"), shipment="SHP-501")
    payment = example("payment_applied")
    said = [send_one(house, name, data["number"], data) for name, data in (
        ("payment_applied", payment), ("invoice_posted", invoice),
        ("shipment_confirmed", shipment))]
    assert [one["state"] for one in said] == ["waiting"] * 3
    assert send_one(house, "order_accepted", "SO-1001",
                    order)["state"] == "posted"
    for one in said:
        assert house.get(one["status"])["state"] == "posted"
    house.check_books()
    house.prove()


def test_stock_moves_in_the_books(house):
    house.start()
    base = dict(example("inventory_adjusted"))
    line = {"item": "MUG-CER-01", "location": "WH-BHW"}
    def post(number, reason, **lines):
        return send_one(house, "inventory_adjusted", number, dict(
            base, number=number, reason=reason, lines=[dict(line, **lines)]))
    assert post("A", "receipt", quantity=10, cost="900")["state"] == "posted"
    assert entries(house, "IN01", "inventory_move", "A") == [
        ("1400", None, "900.00"), ("2050", None, "-900.00")]
    assert post("B", "transfer", quantity="4", cost="360.00",
                to_location="STORE-PUN")["state"] == "posted"
    assert entries(house, "IN01", "inventory_move", "B") == [
        ("1400", None, "-360.00"), ("1400", None, "360.00")]
    said = post("C", "transfer", quantity="4", cost="360.00")
    assert [f["value"] for f in said["findings"]] == [
        "data.lines.to_location"]
    assert post("D", "count", quantity=-1, cost="-90.00")["state"] == "posted"
    # Neither a cost nor a standard cost: nobody guesses a value.
    said = post("E", "count", item="POT-TER-01", quantity=1)
    assert [f["value"] for f in said["findings"]] == ["data.lines.cost"]
    house.api("POST", "/v1/reference/cost",
              b"item,first,cost,currency\nMUG-CER-01,2026-04-01,90.00,INR\n")
    assert post("F", "count", quantity="2")["state"] == "posted"
    assert entries(house, "IN01", "inventory_move", "F") == [
        ("1400", None, "180.00"), ("5050", None, "-180.00")]
    bill = dict(example("purchase_invoice"), total="945.00", withheld="0",
                taxes=[{"kind": "igst", "amount": "45.00"}],
                lines=[{"amount": "900.00", "received": True}])
    assert send_one(house, "purchase_invoice", "G",
                    bill)["state"] == "posted"
    trial = {one["account"]: one["balance"]
             for one in house.get("/v1/trial-balance")["items"]}
    assert trial["2050"] == "0.00" and trial["1400"] == "990.00"
    house.check_books()
    house.prove()


@pytest.mark.parametrize("amount,months", [
    ("10000.00", 12), ("0.59", 59), ("1.00", 3), ("999999999.99", 7),
    ("100.00", 1)])
def test_a_subscription_is_released_to_the_paisa(house, amount, months):
    house.start()
    # The demo's periods end in March 2030; these are set up beyond.
    house.api("POST", "/v1/reference/period", (
        "entity,period,state\n" + "".join(
            "IN01,%d-%02d,open\n" % (year, month)
            for year in (2030, 2031, 2032) for month in range(1, 13))).encode())
    data = dict(example("subscription"), amount=amount, total=amount,
                months=months, taxes=[], starts="2027-12-01")
    said = send_one(house, "subscription", "1", data)
    assert said["state"] == "posted", said
    shares, days = [], []
    for n in range(1, months + 1):
        got = row(house, "IN01", "journal_voucher", "SUB-300/R%02d" % n)
        shares.append(got["document_body"]["total"])
        days.append(got["document_body"]["date"])
    whole = int(amount.replace(".", ""))
    assert sum(shares) == whole
    assert set(shares[:-1]) <= {whole // months}
    assert days[:3] == ["2027-12-31", "2028-01-31", "2028-02-29"][:months]
    trial = {one["account"]: one["balance"]
             for one in house.get("/v1/trial-balance")["items"]}
    assert trial["2200"] == "0.00" and trial["4030"] == "-" + amount
    house.check_books()
    house.prove()


def test_a_subscription_that_began_before_it_was_billed(house):
    house.start()
    data = dict(example("subscription"), starts="2026-08-01", months=4)
    assert send_one(house, "subscription", "1", data)["state"] == "posted"
    assert [row(house, "IN01", "journal_voucher", "SUB-300/R0%d" % n)
            ["document_body"]["date"] for n in (1, 2, 3, 4)] == [
        "2026-10-15", "2026-10-15", "2026-10-31", "2026-11-30"]
    # Nothing of it can be posted twice, nor changed in part.
    said = send_one(house, "subscription", "2", dict(data, months=3))
    assert said["state"] == "failed"
    assert "document.number_used" in [f["code"] for f in said["findings"]]
    house.check_books()


def test_an_intercompany_charge_is_in_both_books_or_in_none(house):
    house.start()
    data = example("intercompany_charge")
    assert send_one(house, "intercompany_charge", "1",
                    data)["state"] == "posted"
    assert entries(house, "IN02", "sales_invoice", "IC-12")[-1] == (
        "1500", "IN01", "59000.00")
    assert entries(house, "IN01", "purchase_invoice", "IC-12")[-1] == (
        "2500", "IN02", "-59000.00")
    house.api("POST", "/v1/reference/period",
              b"entity,period,state\nIN01,2026-10,closed\n")
    said = send_one(house, "intercompany_charge", "2",
                    dict(data, number="IC-13"))
    assert [f["code"] for f in said["findings"]] == ["period.closed"]
    for entity, kind in (("IN02", "sales_invoice"),
                         ("IN01", "purchase_invoice")):
        assert house.api("GET", "/v1/documents/%s/%s/IC-13" % (
            entity, kind)).status == 404
    said = send_one(house, "intercompany_charge", "3",
                    dict(data, number="IC-14", charged="IN02"))
    assert ("payload.schema", "data.charged") in [
        (f["code"], f["value"]) for f in said["findings"]]
    house.check_books()
    house.prove()


def test_any_sender_speaks_of_the_same_events(house):
    house.start()
    token = house.run("token", "add", "wms", "integration").stdout.strip()
    house.api("POST", "/v1/reference/mapping",
              b"source,dimension,from,to\nwms,item,77001,MUG-CER-01\n")
    data = example("inventory_adjusted")
    data["lines"][0]["item"] = "77001"
    connection = house.connect()
    connection.request("POST", "/v1/events", json.dumps(cloud(
        "inventory_adjusted", "1", data)).encode(), {
            "Authorization": "Bearer " + token,
            "Content-Type": "application/cloudevents+json"})
    answer = Answer(connection.getresponse())
    assert answer.status == 201 and answer.json["source"] == "wms"


# ---- schemas are rules ----------------------------------------------------------

@pytest.fixture
def ruled(house, tmp_path):
    rules = tmp_path / "rules"
    shutil.copytree(ROOT / "data/rules", rules)
    house.setting("rules", str(rules))
    house.rules = rules
    return house


def wait_log(house, text):
    end = time.monotonic() + 30
    while text not in house.read_log():
        assert time.monotonic() < end, house.read_log()
        time.sleep(0.01)


def test_a_changed_schema_is_a_changed_rule(ruled):
    house = ruled.start()
    assert send_one(house, "usage", "1", example("usage"))[
        "state"] == "posted"
    path = house.rules / "schema/usage.json"
    text = json.loads(path.read_text())
    text["required"].append("reference")
    path.write_text(json.dumps(text))
    end = time.monotonic() + 30
    while house.api("GET", "/v1/schemas/usage").json != text:
        assert time.monotonic() < end, house.read_log()
        time.sleep(0.01)
    said = send_one(house, "usage", "2", dict(example("usage"), number="U"))
    assert [(f["value"], f["detail"]) for f in said["findings"]] == [
        ("data.reference", "required")]
    assert send_one(house, "usage", "3", dict(
        example("usage"), number="U", reference="r"))["state"] == "posted"
    house.check_books()
    house.prove()


@pytest.mark.parametrize("change,why", [
    (lambda rules: (rules / "schema/usage.json").unlink(),
     "there is no schema/usage.json"),
    (lambda rules: (rules / "schema/usage.json").write_text("{"),
     "not JSON"),
    (lambda rules: (rules / "schema/usage.json").write_text(
        '{"uniqueItems": true}'), "uniqueItems is not"),
    (lambda rules: (rules / "schema/usage.json").write_text(
        '{"$ref": "#/$defs/nil"}'), "there is no #/$defs/nil"),
])
def test_a_schema_that_cannot_be_used_is_refused(ruled, change, why):
    change(ruled.rules)
    done = ruled.run("run", check=False)
    assert done.returncode != 0 and why in done.stderr, done.stderr
