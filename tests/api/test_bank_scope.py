"""Who is of another company sees no line of this one's bank, and what he says
of one is of what never was."""
import json
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "flow"))

from banked import Bank  # noqa: E402
from test_scope import Two  # noqa: E402


class BankOfTwo(Two, Bank):
    pass


@pytest.fixture
def house():
    one = BankOfTwo()
    yield one
    one.close()


def test_lines_of_another_company(house):
    house.start()
    token = house.token("other", "clerk", "IN02")
    house.receive("RCT-26-0001", 590000)
    house.take([("2026-10-06", 590000, "BY CASH"),
                ("2026-10-07", -5900, "SMS CHGS")])
    lines = house.lines()
    [entry] = house.entries()
    assert len(lines) == 2
    for path in ("lines", "entries", "accounts", "ages", "tills?month=2026-10",
                 "payouts", "lines?state=matched"):
        answer = house.ask(token, "GET", "/v1/bank/" + path)
        assert answer.status == 200 and answer.json["items"] == [], path
    for path in ("lines/" + lines[0]["id"], "statement",
                 "statement?of=IN01/1000"):
        assert house.ask(token, "GET", "/v1/bank/" + path).status == 404, path
    for body in ({"act": "accept", "lines": [lines[0]["id"]]},
                 {"act": "ignore", "lines": [lines[1]["id"]], "reason": "x"},
                 {"act": "match", "lines": [lines[0]["id"]],
                  "entries": [entry["id"]]},
                 {"act": "book", "lines": [lines[1]["id"]],
                  "account": "5230"}):
        answer = house.ask(token, "POST", "/v1/bank/act", body)
        assert answer.status == 404, (json.dumps(body), answer.body)
    # All that a rule suggests may be more than he sees.
    answer = house.ask(token, "POST", "/v1/bank/act", {
        "act": "accept", "where": {"rule": "amount"}})
    assert answer.status == 403, answer.body
    assert len(house.lines()) == 2
