"""What GST must know of a party and an item is said in the failures."""
import re

import pytest

import test_gst_checks as checks
from terminal import Terminal


@pytest.fixture
def house(bahi):
    one = checks.Registered().start()
    yield one
    one.close()


def sees(t, pattern):
    return t.until(lambda t: re.search(pattern, t.text()), 60)


def test_a_gstin_and_a_unit_by_one_key_each(bahi, house):
    assert house.tell(checks.sale("R"))["state"] == "failed"
    bare = checks.sale(lines=[
        checks.line(item="SOAPY", code="GST18", hsn="3401"),
        checks.tax("90.00", "cgst", "GST18"),
        checks.tax("90.00", "sgst", "GST18")])
    house.rule("item", "code,name,entity,kind,extra,from,to\n"
               "SOAPY,Soap of which no unit is known,,GST18,3401,,\n")
    assert house.tell(bare)["state"] == "failed"
    conf = house.dir / "bahi.conf"
    conf.write_text("socket = %s\ncache = %s\n" % (
        house.home / "bahid.sock", house.dir / "cache.db"))
    t = Terminal([bahi, "--config", str(conf)], 40, 120,
                 {"XDG_STATE_HOME": str(house.dir / "state")})
    try:
        t.type("3")
        sees(t, "GSTIN is not known")
        sees(t, 'unit of "SOAPY"')
        for at, prompt, answer in ((r'"R"', "GSTIN:", "27AAACC4175D1ZY"),
                                   (r'"SOAPY"', "Unit:", "PCS")):
            for _ in range(5):
                if re.search(at, t.row()):
                    break
                before = t.row()
                t.type("Down")
                t.until(lambda t: t.row() != before, 60)
            assert re.search(at, t.row()), t.text()
            t.type("f")
            sees(t, prompt)
            t.type(answer)
            t.type("Enter")
            sees(t, "Note for " + at)
            t.type("y")
            sees(t, "fix: 1 done, 0 failed")
            t.until(lambda t: not re.search(at, t.text()), 60)
    finally:
        t.close()
    assert "R,27AAACC4175D1ZY,regular,27,,,," in checks.rows(
        house, "taxpayer")
    assert "SOAPY,,PCS" in checks.rows(house, "gst_item")
