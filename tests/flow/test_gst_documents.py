"""What a document says of GST: from rules and people, kept, shown, merged."""
import copy

import pytest

from free import Free
from house import ROOT, house  # noqa: F401  (a fixture)

GST = {"gstin": "27AAAAA0000A1Z2", "party_gstin": "29AAAAA0000A1ZY",
       "party_name": "Deccan Gifts", "category": "sez", "place": "29",
       "pin": "560001", "supply": "with_payment",
       "operator": "29AABCF8078M1C8", "seller": "27BBBBB1111B1ZN",
       "original": "INV-1", "original_date": "2026-09-30", "port": "INNSA1",
       "bill": "1234567", "bill_date": "2026-10-04", "credit": "blocked",
       "reverse_charge": True, "reduced": True, "counter": True,
       "debit_note": True}
RULE = """-- As it is told.
-- name: header
SELECT value ->> '$.part' AS part, 'sales_invoice' AS kind, 'IN01' AS entity,
	value ->> '$.number' AS number, '2026-10-05' AS date, 'INR' AS currency,
	100 AS total
FROM json_each(:body, '$.docs')

-- name: lines
SELECT value ->> '$.part' AS part, 'sale' AS type, '4000' AS account,
	-100 AS amount, '6205' AS hsn, 'PCS' AS unit, 'nil' AS supply
FROM json_each(:body, '$.docs')
UNION ALL
SELECT value ->> '$.part', 'settled', '1000', 100, NULL, NULL, NULL
FROM json_each(:body, '$.docs')

-- name: gst
"""
TOLD = "SELECT value ->> '$.part' AS part, %s FROM json_each(:body, '$.docs')\n"


@pytest.fixture
def free():
    one = Free()
    yield one
    one.close()


def rule(one, section):
    (one.home / "rules/map/events/told.sql").write_text(RULE + section)


def tell(one, *docs):
    one.n += 1
    return one.api("POST", "/v1/events", {"docs": list(docs)}, {
        "Content-Type": "application/json", "ce-specversion": "1.0",
        "ce-id": "t%d" % one.n, "ce-source": "/t", "ce-type": "told"}).json


def body(one, number, kind="sales_invoice"):
    return one.get("/v1/documents/IN01/%s/%s" % (kind, number))[
        "document_body"]


def test_a_rule_says_all_of_it(free):
    rule(free, TOLD % ", ".join("value ->> '$.gst.%s' AS %s" % (one, one)
                                for one in GST))
    free.start()
    docs = [{"part": "a", "number": "A", "gst": GST},
            {"part": "b", "number": "B", "gst": {"place": "", "pin": None}},
            {"part": "c", "number": "C", "gst": {"counter": False,
                                                 "place": "96"}}]
    assert tell(free, *docs)["state"] == "posted"
    assert body(free, "A")["gst"] == GST
    assert "gst" not in body(free, "B")
    assert body(free, "C")["gst"] == {"place": "96"}
    assert body(free, "C")["lines"] == [
        {"type": "sale", "account": "4000", "amount": -100, "hsn": "6205",
         "unit": "PCS", "supply": "nil"},
        {"type": "settled", "account": "1000", "amount": 100}]
    free.prove()


@pytest.mark.parametrize("section, code", [
    ("SELECT '27' AS place UNION ALL SELECT '29'", "rule.failed"),
    ("SELECT 'z' AS part, '27' AS place", None),
    ("SELECT '1.10.26' AS bill_date", "date.invalid"),
    ("SELECT 'yes' AS counter", "amount.invalid")])
def test_what_is_no_such_row_is_found(free, section, code):
    rule(free, section + "\n")
    free.start()
    said = tell(free, {"number": "A"})
    assert [one["code"] for one in said["findings"]] == ([code] if code
                                                         else [])
    assert said["state"] == ("failed" if code else "posted")


def test_a_row_of_no_part(free):
    rule(free, "SELECT 'z' AS part, '27' AS place\n")
    free.start()
    said = tell(free, {"part": "a", "number": "A"},
                {"part": "b", "number": "B"})
    assert [one["code"] for one in said["findings"]] == ["rule.failed"]


def test_a_column_that_is_none_is_refused(free):
    rule(free, "SELECT '27' AS state\n")
    done = free.run("rules", "test", str(free.home / "rules/map/events/"
                    "told.sql"), str(ROOT / "data/samples/events/"
                    "in_bahi_refund.json"), check=False)
    assert done.returncode != 0
    assert "unknown column state in gst" in done.stdout + done.stderr


def test_a_person_says_it(free):
    free.start()
    document = {"kind": "advance", "entity": "IN01", "number": "RV-1",
                "date": "2026-10-05", "party": "cust_987", "currency": "INR",
                "total": 11800, "tax": 1800, "gst": GST, "lines": [
                    {"type": "received", "account": "1000", "amount": 11800},
                    {"type": "advance", "account": "2060", "tax_code":
                     "GST18", "amount": 10000, "hsn": "998311"},
                    {"type": "tax", "account": "2320", "tax_code": "GST18",
                     "amount": 1800, "head": "igst"}]}
    where = "/v1/documents/IN01/advance/RV-1"
    made = free.api("PUT", where, document, {
        "Content-Type": "application/json", "If-None-Match": "*"})
    assert made.status == 201, made.body
    assert body(free, "RV-1", "advance") == dict(document, base_version=0)
    wrong = copy.deepcopy(document)
    wrong["gst"]["state"] = "27"
    answer = free.api("PUT", where, wrong, {
        "Content-Type": "application/json", "If-Match": '"1"'})
    assert answer.status == 400 and b"gst.state" in answer.body
    less = dict(document, gst={"place": "27"})
    answer = free.api("PUT", where, less, {
        "Content-Type": "application/json", "If-Match": '"1"'})
    assert answer.status == 200, answer.body
    assert body(free, "RV-1", "advance")["gst"] == {"place": "27"}
    # A change that was made against the first one: field by field.
    other = dict(document, gst=dict(GST, place="33"))
    stale = free.api("PUT", where, other, {
        "Content-Type": "application/json", "If-Match": '"1"'})
    assert stale.status == 412, stale.body
    fields = free.get("/v1/conflicts/" + stale.json["event"])
    told = {one["path"]: one["overlap"]
            for part in fields["documents"] for one in part["fields"]}
    assert told["gst.place"] is True
    assert told["gst.party_gstin"] is False
    free.check_books()
    free.prove()


# ---- a refund names its order and nothing else ------------------------------

OWN = "27AAAAA0000A1Z2"


def registered(one):
    folder = one.dir / "law"
    folder.mkdir()
    (folder / "registration.csv").write_text(
        "gstin,from,entity,kind,filing,turnover,to\n"
        "%s,2017-07-01,IN01,regular,monthly,42000000.00,\n" % OWN)
    one.run("import", str(folder))
    one.start()


def shop(one, topic, body):
    one.n = getattr(one, "n", 0) + 1
    answer = one.post("shopify", body, "e%d" % one.n, topic)
    assert answer.status < 300, answer.body
    return answer.json


ORDER = {"id": 71, "name": "#1006", "processed_at":
         "2026-10-02T09:20:46+05:30", "updated_at":
         "2026-10-02T09:21:06+05:30", "currency": "INR",
         "total_price": "1050.00", "total_tax": "50.00",
         "taxes_included": False, "test": False, "source_name": "web",
         "line_items": [{"sku": "KUR-COT-M", "title": "Cotton kurta M",
                         "quantity": 1, "price": "1000.00", "tax_lines": [
                             {"title": "IGST 5%", "price": "50.00"}]}],
         "shipping_lines": [], "shipping_address": {
             "province_code": "TN", "country_code": "IN", "zip": "600017"}}
REFUND = {"id": 9001, "order_id": 71, "processed_at":
          "2026-10-05T19:09:30+05:30", "note": "returned",
          "refund_line_items": [{
              "quantity": 1, "subtotal": "1000.00", "total_tax": "50.00",
              "line_item": ORDER["line_items"][0]}],
          "transactions": [{"kind": "refund", "status": "success",
                            "amount": "1050.00", "currency": "INR"}],
          "order_adjustments": []}


def standing(one):
    """(number, section, place) of what is in the return."""
    out = set()
    for section in ("b2cs", "cdnr", "unplaced"):
        out |= {(row["number"], section, row["place"]) for row in one.get(
            "/v1/gst/documents?gstin=%s&period=102026&section=%s"
            % (OWN, section))["items"]}
    return out


def test_a_refund_goes_where_its_order_went(house):  # noqa: F811
    registered(house)
    assert shop(house, "orders/paid", ORDER)["state"] == "posted"
    said = shop(house, "refunds/create", REFUND)
    assert said["state"] == "posted", said["findings"]
    assert standing(house) == {("1006", "b2cs", "33"),
                               ("RF-9001", "b2cs", "33")}
    house.prove()


def test_a_refund_within_the_state_goes_to_whom_its_order_went(
        house):  # noqa: F811
    registered(house)
    taxes = [{"title": "CGST 2.5%", "price": "25.00"},
             {"title": "SGST 2.5%", "price": "25.00"}]
    line = dict(ORDER["line_items"][0], tax_lines=taxes)
    where = {"province_code": "MH", "country_code": "IN", "zip": "411004"}
    order = dict(ORDER, line_items=[line], shipping_address=where,
                 note_attributes=[{"name": "gst number",
                                   "value": "27BBBBB1111B1ZN"}])
    assert shop(house, "orders/paid", order)["state"] == "posted"
    refund = copy.deepcopy(REFUND)
    refund["refund_line_items"][0]["line_item"] = line
    assert shop(house, "refunds/create", refund)["state"] == "posted"
    assert standing(house) == {("RF-9001", "cdnr", "27")}
    house.prove()


def test_a_refund_that_came_first_waits_for_its_order(house):  # noqa: F811
    registered(house)
    assert shop(house, "refunds/create", REFUND)["state"] == "posted"
    assert {one[:2] for one in standing(house)} == {("RF-9001", "unplaced")}
    order = dict(ORDER, note_attributes=[
        {"name": "GSTIN", "value": "33AAAAA0000A1Z9"}])
    assert shop(house, "orders/paid", order)["state"] == "posted"
    assert {one for one in standing(house) if one[0] == "RF-9001"} == {
        ("RF-9001", "cdnr", "33")}
    house.prove()


def test_a_number_that_was_never_used_is_burnt(house):  # noqa: F811
    """Cancelled before it was issued: it counts in table 13, and no more."""
    house.start()
    void = {"kind": "sales_invoice", "entity": "IN01", "number": "INV/77",
            "date": "2026-10-05", "currency": "INR", "total": 0, "tax": 0,
            "void": True, "lines": []}
    made = house.api("PUT", "/v1/documents/IN01/sales_invoice/INV%2F77", void,
                     {"Content-Type": "application/json",
                      "If-None-Match": "*"})
    assert made.status == 201, made.body
    got = house.get("/v1/documents/IN01/sales_invoice/INV%2F77")
    assert got["void"] is True and got["journal"] is None
    again = house.api("PUT", "/v1/documents/IN01/sales_invoice/INV%2F77",
                      dict(void, memo="again"), {"Content-Type": "application/json",
                             "If-None-Match": "*"})
    assert again.status == 412
    house.check_books()
    house.prove()
