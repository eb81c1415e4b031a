"""From the bytes of a source to the row of the return, and on the screen."""
import json
import subprocess

import pytest

from house import House, ROOT, os


@pytest.fixture
def house():
    one = House()
    yield one.start()
    one.close()


def send(house, key, kind, **data):
    body = dict({"entity": "IN01", "date": "2026-10-06", "currency": "INR"},
                **data)
    return house.api("POST", "/v1/events", body, {
        "Content-Type": "application/json", "ce-specversion": "1.0",
        "ce-id": key, "ce-source": "/t", "ce-type": "in.bahi." + kind}).json


def invoice(house, key, net, tax, **other):
    return send(house, key, "invoice_posted", number="INV-1",
                party="cust_987", total="%d.00" % (net + tax),
                lines=[{"amount": "%d.00" % net, "tax_code": "GST18"}],
                taxes=[{"kind": "igst", "code": "GST18",
                        "amount": "%d.00" % tax}], **other)


def returns(house, name):
    return [row for one in house.get("/v1/trace/" + name)["events"]
            for row in one["returns"]]


def test_a_sale_leads_to_its_row_of_the_return(house):
    answer = invoice(house, "a", 500, 90)
    assert answer["state"] == "posted", answer
    row, = returns(house, answer["event"])
    assert row == {"document": "IN01/sales_invoice/INV-1",
                   "return": "GSTR-1", "table": "4-7", "period": "102026",
                   "tax_code": "GST18", "tax": "90.00", "currency": "INR"}
    # What is amended is in the return as it is now, by the later event.
    later = invoice(house, "b", 1000, 180, base_version=1)
    assert later["state"] == "posted", later
    assert returns(house, answer["event"]) == []
    row, = returns(house, "IN01/sales_invoice/INV-1")
    assert row["tax"] == "180.00"
    conf = house.dir / "bahi.conf"
    conf.write_text("socket = %s\ncache = %s\n" % (
        house.home / "bahid.sock", house.dir / "cache.db"))
    told = subprocess.run(
        [os.environ.get("BAHI", str(ROOT / "build/bahi")), "--config",
         str(conf), "trace", later["event"]], text=True, env=house.env,
        capture_output=True, check=True).stdout
    assert "In the GST return" in told and "102026" in told


def test_a_purchase_is_credit_and_a_voucher_in_no_return(house):
    answer = send(house, "p", "purchase_invoice", number="BILL-1",
                  party="sup_solapur", total="1180.00",
                  lines=[{"amount": "1000.00", "tax_code": "GST18"}],
                  taxes=[{"kind": "igst", "code": "GST18",
                          "amount": "180.00"}])
    assert answer["state"] == "posted", json.dumps(answer)
    row, = returns(house, answer["event"])
    assert (row["return"], row["table"], row["tax"]) == (
        "GSTR-3B", "4", "180.00")
    answer = send(house, "v", "journal_voucher", number="JV-1", lines=[
        {"account": "6100", "cost_centre": "MUM-RETAIL", "debit": "10.00"},
        {"account": "1000", "credit": "10.00"}])
    assert returns(house, answer["event"]) == []
