"""Each thing that can be wrong, said all at once, with what to do."""
import pytest

from house import house, sale  # noqa: F401  (a fixture)


def send(house, number, data, kind="in.bahi.journal_voucher"):
    return house.api("POST", "/v1/events", data, {
        "Content-Type": "application/json", "ce-specversion": "1.0",
        "ce-id": number, "ce-source": "/t", "ce-type": kind})


def voucher(number="V", date="2026-10-05", debit=None, credit=None, **other):
    data = {"entity": "IN01", "number": number, "date": date,
            "currency": "INR", "lines": [
                {"account": "1000", "debit": "10.00", **(debit or {})},
                {"account": "3000", "credit": "10.00", **(credit or {})}]}
    data.update(other)
    return {k: v for k, v in data.items() if v is not None}


def codes(answer):
    return [f["code"] for f in answer.json["findings"]]


VOUCHERS = [
    ("entity.unknown", "XX99", dict(entity="XX99")),
    ("account.unmapped", "7777", dict(debit={"account": "7777"})),
    ("account.inactive", "9990", dict(debit={"account": "9990"})),
    ("account.combination", "6100 / ONLINE",
     dict(debit={"account": "6100", "cost_centre": "ONLINE"})),
    ("account.combination", "6100 / -", dict(debit={"account": "6100"})),
    ("cost_centre.unmapped", "MOON", dict(debit={"cost_centre": "MOON"})),
    ("tax_code.unmapped", "GST99", dict(debit={"tax_code": "GST99"})),
    ("party.unknown", "nobody", dict(debit={"party": "nobody"})),
    ("item.unknown", "NIL", dict(debit={"item": "NIL"})),
    ("location.unknown", "MARS", dict(debit={"location": "MARS"})),
    ("currency.unknown", "XYZ", dict(currency="XYZ")),
    ("currency.unknown", "JPY", dict(currency="JPY")),
    ("period.closed", "2026-09", dict(date="2026-09-30")),
    ("period.unknown", "2031-01", dict(date="2031-01-01")),
    ("date.invalid", "2026-02-30", dict(date="2026-02-30")),
    ("amount.zero", "0.00", dict(debit={"debit": "0.00"},
                                 credit={"credit": "0.00"})),
    ("amount.invalid", "1e3", dict(debit={"debit": "1e3"})),
    ("amount.invalid", "10.001", dict(debit={"debit": "10.001"})),
    ("journal.unbalanced", "0.01 INR", dict(debit={"debit": "10.01"})),
    ("payload.schema", "data.number", dict(number=None)),
]


@pytest.mark.parametrize("code,value,change", VOUCHERS)
def test_vouchers(house, code, value, change):
    house.start()
    answer = send(house, "1", voucher(**change))
    assert answer.status == 202 and answer.json["state"] == "failed"
    found = {f["code"]: f for f in answer.json["findings"]}
    assert code in found, answer.body
    one = found[code]
    assert one["value"] == value
    assert one["level"] == "block" and len(one["signature"]) == 16
    assert one["sentence"].endswith(".") and one["hint"].endswith(".")
    # It waits; the next one goes on.
    assert send(house, "2", voucher("W")).status == 201
    house.check_books()


def test_the_rate_of_the_day(house):
    house.start()
    early = voucher(date="2026-10-01", currency="EUR")
    table = "from,to,first,rate\nUSD,INR,2026-10-10,90.5\n"
    assert house.api("POST", "/v1/reference/currency",
                     b"code,name,entity,kind,extra,from,to\n"
                     b"GBP,Pound,,money,2,,\n").status == 200
    answer = send(house, "1", dict(early, currency="GBP"))
    assert codes(answer) == ["rate.missing"]
    assert answer.json["findings"][0]["value"] == "GBP"
    house.api("POST", "/v1/reference/rate", table.encode())
    for day, rate in (("2026-10-09", "8840.25"), ("2026-10-10", "9050.00"),
                      ("2026-10-15", "9050.00")):
        answer = send(house, day, voucher(day, day, currency="USD",
                                          debit={"debit": "100.00"},
                                          credit={"credit": "100.00"}))
        assert answer.status == 201, answer.body
        journal = house.get("/v1/journals/" + answer.json["journal"])
        assert [e["base"] for e in journal["entries"]] == [rate, "-" + rate]


def test_all_findings_at_once(house):
    house.start()
    answer = send(house, "1", voucher(
        date="2026-09-01", debit={"account": "7777", "party": "nobody"},
        credit={"cost_centre": "MOON", "credit": "9.00"}))
    assert sorted(codes(answer)) == [
        "account.unmapped", "cost_centre.unmapped", "journal.unbalanced",
        "party.unknown", "period.closed"]


def test_a_zero_invoice_is_caught(house):
    house.start()
    answer = house.post("pos", sale("Z", "0.00", "0.00"), "msg_z")
    assert codes(answer) == ["amount.zero"]


def test_a_number_of_another_source(house):
    house.start()
    assert house.post("pos", sale("A"), "msg_1").status == 201
    answer = house.post("pos", sale("A", "236.00", "36.00"), "msg_2")
    assert codes(answer) == ["document.number_used"]


@pytest.mark.parametrize("code,body", [
    ("payload.json", b'{"event":"payment.success","data":{"amount":1'),
    ("payload.json", b""),
    ("payload.json", b'{"event":"payment.success",}'),
    ("payload.json", b'{"event":"payment.success","x":01}'),
    ("payload.json", b'{"event":"payment.success","x":NaN}'),
    ("payload.duplicate_key",
     b'{"event":"payment.success","data":{"amount":1.00,"amount":2.00}}'),
    ("payload.duplicate_key",
     b'{"event":"payment.success","d\\u0061ta":{},"data":{}}'),
    ("payload.depth", b'{"event":"x","a":' + b"[" * 40 + b"]" * 40 + b"}"),
    ("payload.utf8", b'{"event":"payment.success","n":"\xff\xfe"}'),
    ("payload.utf8", b'{"event":"payment.success","n":"\\ud800"}'),
    ("payload.utf8", b'{"event":"payment.success","n":"a\\u0000b"}'),
    ("payload.utf8", b'{"event":"payment.success","n":"a\x00b"}'),
    ("topic.unknown", b'{"event":"payment.vanished","data":{}}'),
    ("topic.unknown", b'{"data":{}}'),
    ("topic.unknown", b'[1,2,3]'),
    ("payload.schema", b'{"event":"payment.success","data":{}}'),
    ("payload.schema", b'{"event":"payment.success","data":[]}'),
    ("payload.schema", b'{"event":"payment.success"}'),
])
def test_payloads(house, code, body):
    house.start()
    answer = house.post("pos", body, "msg_1")
    assert answer.status == 202, answer.body
    assert code in codes(answer)
    event = house.get(answer.json["status"])
    kept = event.get("payload")
    if kept is not None:
        assert kept.encode() == body
    assert house.post("pos", sale("A"), "msg_2").status == 201
    house.check_books()
    house.prove()


@pytest.mark.parametrize("amount,tax,code", [
    ("1e400", "0.00", "amount.invalid"),
    ("0.30000000000000004", "0.00", "amount.invalid"),
    ("12345678901234567890", "0.00", "amount.invalid"),
    ("99999999999999999.99", "0.00", "amount.invalid"),
    ("-1.5e2", "0.00", "amount.invalid"),
    ('"12,34,567.00"', "0.00", "amount.invalid"),
    ("true", "0.00", "amount.invalid"), ("null", "0.00", "payload.schema"),
    ('"118.00 "', "0.00", "amount.invalid"),
])
def test_amounts_are_exact_or_refused(house, amount, tax, code):
    house.start()
    answer = house.post("pos", sale("A", amount, tax), "msg_1")
    assert answer.status == 202 and code in codes(answer), answer.body
    house.check_books()


def test_exact_sums(house):
    """0.1 and 0.2 are 0.30, a thousand times over."""
    house.start()
    for n in range(20):
        assert house.post("pos", sale("S%d" % n, "0.30", "0.20", tax_rate=18),
                          "msg_%d" % n).status == 201
    balances = {i["account"]: i["balance"]
                for i in house.get("/v1/trial-balance")["items"]}
    assert balances == {"1200": "6.00", "4000": "-2.00", "2300": "-2.00",
                        "2310": "-2.00"}
    big = house.post("pos", sale("BIG", "9999999999999.99", "0.00"),
                     "msg_big")
    assert big.status == 201


@pytest.mark.parametrize("amount,tax,field", [
    ("-118.00", "-18.00", "total"), ("-118.00", "0.00", "total"),
    ("10.00", "18.00", "tax"), ("118.00", "-18.00", "tax")])
def test_a_sale_is_no_credit_note(house, amount, tax, field):
    house.start()
    answer = house.post("pos", sale("A", amount, tax), "msg_1")
    assert answer.status == 202, answer.body
    [one] = answer.json["findings"]
    assert (one["code"], one["value"]) == ("payload.schema", field)
    assert house.post("pos", sale("B", "18.00", "18.00"),
                      "msg_2").status == 201


def test_what_is_too_large_in_the_base_currency(house):
    house.start()
    answer = house.post("pos", sale("A", "9000000000000.00", "0.00",
                                    currency="USD"), "msg_1")
    assert answer.status == 202, answer.body
    assert codes(answer) == ["amount.invalid"] * 2
    assert house.post("pos", sale("B", "9000000000.00", "0.00",
                                  currency="USD"), "msg_2").status == 201
    house.check_books()


def test_half_a_name_is_no_name(house):
    """A long memo is cut between characters; a long number is a finding."""
    house.start()
    long = "\u0905" * 500
    answer = send(house, "1", voucher(memo=long))
    assert answer.status == 201
    kept = house.get(answer.json["status"])["document_body"]["memo"]
    assert kept == long[:len(kept)] and 100 < len(kept) < 500
    answer = send(house, "2", voucher("V" * 1001))
    assert codes(answer) == ["payload.schema"]
    assert answer.json["findings"][0]["value"] == "number"
