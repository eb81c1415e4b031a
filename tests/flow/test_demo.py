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
