"""The demo month: every planted fault found, every count as README says."""
import collections
import csv
import io
import subprocess
import sys

from house import ROOT, house  # noqa: F401  (a fixture)

FAULTS = {
    "cost_centre.unmapped": 24, "account.unmapped": 31,
    "tax_code.unmapped": 18, "period.closed": 9, "amount.zero": 6,
    "payload.json": 7, "key.reused": 5,
}


def send(house):
    month = subprocess.run(
        [sys.executable, str(ROOT / "data/demo/generate.py")], check=True,
        capture_output=True).stdout
    done = subprocess.run(
        [sys.executable, str(ROOT / "data/demo/send.py"), "--url",
         "http://%s:%s" % (house.host, house.port), "--secrets",
         str(house.home / "secrets")], input=month, capture_output=True)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()


def test_the_month(house):
    house.start()
    send(house)
    states = house.check_books()["states"]
    assert states["received"] == 2000
    assert (states["posted"], states["failed"], states["duplicate"]) == (
        1888, 100, 12)
    found = collections.Counter()
    for one in house.get("/v1/signatures")["items"]:
        found[one["code"]] += one["count"]
    assert found == FAULTS
    assert sum(FAULTS.values()) == 100
    check_with_hledger(house)
    house.prove()


PROBLEMS = {
    ("cost_centre.unmapped", "pos", "STORE-THN"): (24, "50029.18"),
    ("tax_code.unmapped", "shopify", "GST 13%"): (18, "38487.92"),
    ("account.unmapped", "shopify", "DIW-HMP-01"): (14, "47641.81"),
    ("account.unmapped", "shopify", "DIW-HMP-02"): (11, "68658.29"),
    ("account.unmapped", "shopify", "TOR-GFT-09"): (6, "29569.42"),
    ("amount.zero", "pos", "0.00"): (6, "0.00"),
    ("period.closed", "pos", "2026-09"): (6, "11877.22"),
    ("period.closed", "shopify", "2026-09"): (3, "8257.63"),
    ("payload.json", "pos", ""): (3, None),
    ("payload.json", "shopify", ""): (2, None),
    ("payload.json", "razorpay", ""): (2, None),
    ("key.reused", "pos", ""): (3, None),
    ("key.reused", "shopify", ""): (1, None),
    ("key.reused", "razorpay", ""): (1, None),
}
TO = {"STORE-THN": "THN-RETAIL", "GST 13%": "GST12", "DIW-HMP-01": "4010",
      "DIW-HMP-02": "4010", "TOR-GFT-09": "4010"}


def test_five_fixes_post_seventy_three(house):
    """Each problem is one line of the work list and one decision; the month
    sent a second time then changes nothing."""
    house.start()
    send(house)
    problems = house.get("/v1/signatures")["items"]
    assert {(p["code"], p["source"], p["value"]):
            (p["count"], p["amounts"][0]["amount"] if p["amounts"] else None)
            for p in problems} == PROBLEMS
    for problem in problems:
        if not problem["fixable"] or problem["value"] not in TO:
            continue
        answer = house.api("POST", "/v1/decisions", {
            "action": "fix", "retry": True, "signature": problem["id"],
            "fix": {"dimension": problem["dimension"],
                    "source": problem["source"], "value": problem["value"],
                    "to": TO[problem["value"]]}})
        assert answer.json["done"] == problem["count"], answer.body
    states = house.check_books()["states"]
    assert (states["posted"], states["failed"]) == (1961, 27)
    left = {(p["code"], p["source"], p["value"])
            for p in house.get("/v1/signatures")["items"]}
    assert left == {key for key in PROBLEMS if key[2] not in TO}
    book = house.get("/v1/trial-balance")["items"]
    send(house)
    states = house.check_books()["states"]
    assert (states["received"], states["posted"], states["failed"],
            states["duplicate"]) == (4000, 1961, 27, 2012)
    assert house.get("/v1/trial-balance")["items"] == book
    check_with_hledger(house)
    house.prove()


def check_with_hledger(house):
    """A second program reads the books and comes to the same balances."""
    book = house.dir / "book.journal"
    book.write_text(house.run("export", "hledger").stdout)
    subprocess.run(["hledger", "-f", str(book), "check", "-s"], check=True)
    out = subprocess.run(["hledger", "-f", str(book), "bal", "-N", "--flat",
                          "-O", "csv", "--layout=bare"], check=True,
                         capture_output=True, text=True).stdout
    theirs = {}
    for row in list(csv.reader(io.StringIO(out)))[1:]:
        account, commodity, amount = row
        if float(amount) != 0:
            theirs[account.split()[-1], commodity] = amount
    ours = {(i["account"], i["currency"]): i["balance"]
            for i in house.get("/v1/trial-balance")["items"]
            if i["balance"] not in ("0.00", "0")}
    assert theirs == ours
