"""EDI and bank files need no C: what the rules make of their records.

data/samples/edi and data/samples/bank hold files and, beside each, the
records that its format gives (tests/unit/formats_samples.c holds them
against the reader) with what `bahid rules test --json` says of each.
"""
import json

import pytest

from house import ROOT, House

SAMPLES = ROOT / "data/samples"
ALL = [(path, n) for folder in ("bank", "edi")
       for path in sorted((SAMPLES / folder).glob("*.expected.json"))
       for n in range(len(json.loads(path.read_text())))]


@pytest.fixture(scope="module")
def house():
    one = House()
    one.run("import", str(SAMPLES / "reference"))
    yield one
    one.close()


@pytest.mark.parametrize("path, n", ALL, ids=lambda x: getattr(x, "name", x))
def test_the_rule_says_what_is_expected(house, path, n):
    want = json.loads(path.read_text())[n]
    rule = ROOT / "data/rules/map" / path.parent.name / (
        want["topic"] + ".sql")
    sample = house.dir / "record.json"
    sample.write_text(json.dumps(want["record"]))
    said = json.loads(house.run("rules", "test", str(rule), str(sample),
                                "--json").stdout)
    assert said == want["said"]
    codes = {finding["code"] for finding in said["findings"]}
    assert ("payload.format" in codes) == (want["wrong"] is not None)
    for one in said["documents"] if not said["findings"] else ():
        total = sum(int(entry["amount"].replace(".", ""))
                    for entry in one["entries"])
        assert total == 0


def test_goods_received_and_their_bill_clear_each_other():
    """856 and 810 of one order leave nothing received but not billed."""
    sums = {}
    for name in ("856", "810"):
        path = SAMPLES / "edi" / (name + ".expected.json")
        for record in json.loads(path.read_text()):
            for one in record["said"]["documents"]:
                assert one["document"]["order_number"] == "PO-2026-55"
                for entry in one["entries"]:
                    account = entry["account"]
                    sums[account] = sums.get(account, 0) + int(
                        entry["amount"].replace(".", ""))
    assert sums.pop("2050") == 0
    assert sum(sums.values()) == 0
