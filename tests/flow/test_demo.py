"""The demo month: every planted fault found, every count as README says."""
import collections
import csv
import decimal
import io
import json
import subprocess
import sys
import time

from house import ROOT, house  # noqa: F401  (a fixture)

sys.path.insert(0, str(ROOT / "data/demo"))
import gst  # noqa: E402
import send as send_py  # noqa: E402
import trade  # noqa: E402

FAULTS = {
    "cost_centre.unmapped": 24, "account.unmapped": 31,
    "tax_code.unmapped": 18, "period.closed": 9, "amount.zero": 6,
    "payload.json": 7, "key.reused": 5,
}


def send(house, part="generate"):
    made = subprocess.run(
        [sys.executable, str(ROOT / "data/demo" / (part + ".py"))],
        check=True, capture_output=True).stdout
    done = subprocess.run(
        [sys.executable, str(ROOT / "data/demo/send.py"), "--url",
         "http://%s:%s" % (house.host, house.port), "--secrets",
         str(house.home / "secrets"), "--inbox",
         str(house.home / "inbox")], input=made, capture_output=True)
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
    ("tax_code.unmapped", "shopify", "GST 13%"): (18, "39611.68"),
    ("account.unmapped", "shopify", "DIW-HMP-01"): (14, "46955.30"),
    ("account.unmapped", "shopify", "DIW-HMP-02"): (11, "67933.95"),
    ("account.unmapped", "shopify", "TOR-GFT-09"): (6, "29107.64"),
    ("amount.zero", "pos", "0.00"): (6, "0.00"),
    ("period.closed", "pos", "2026-09"): (6, "11877.22"),
    ("period.closed", "shopify", "2026-09"): (3, "7805.50"),
    ("payload.json", "pos", ""): (3, None),
    ("payload.json", "shopify", ""): (2, None),
    ("payload.json", "razorpay", ""): (2, None),
    ("key.reused", "pos", ""): (3, None),
    ("key.reused", "shopify", ""): (1, None),
    ("key.reused", "razorpay", ""): (1, None),
}
TO = {"STORE-THN": "THN-RETAIL", "GST 13%": "GST18", "DIW-HMP-01": "4010",
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


def open_trade(house):
    for name, scheme in trade.SOURCES.items():
        house.run("source", "add", name, scheme)
    house.start()
    send(house, "trade")


def balances(house):
    return {i["account"]: i["balance"]
            for i in house.get("/v1/trial-balance")["items"]
            if i["currency"] == "INR"}


def test_the_trade(house):
    """Every state that an order, a payout or a file can be in is there."""
    open_trade(house)
    states = house.check_books()["states"]
    del states["received"]
    assert {s: n for s, n in states.items() if n} == trade.BECOMES
    orders = {o["number"]: o for o in house.get("/v1/orders")["items"]}
    found = collections.Counter(o["state"] for o in orders.values())
    assert found["paid"] == 6 and found["part shipped"] == 2, found
    assert [i["backorder"] for i in orders["SO-5011"]["items"]] == ["0", "30"]
    assert orders["SO-5004"]["credited"] == "3108.00"
    short = [(i["item"], i["available"])
             for i in house.get("/v1/stock")["items"] if i["short"]]
    assert short == [("CHP-KOL-08", "-4")]
    waiting = collections.Counter(
        f["code"] for e in house.get("/v1/events?state=waiting&limit=100")[
            "items"] for f in house.get("/v1/events/" + e["id"])["findings"])
    assert waiting == {"wait.document": 3, "wait.stock": 1, "wait.batch": 10}
    flows = {(f["source"], f["kind"]): f
             for f in house.get("/v1/flows")["items"]}
    assert flows["office", "purchase_invoice"]["held"] == 2
    assert flows["pos", "*"]["owner"] == "retail"
    check_with_hledger(house)
    house.prove()


def test_the_files_of_the_trade(house):
    """A payout that adds up is one entry, and the bank has it; one that does
    not add up waits for the row that is missing."""
    open_trade(house)
    reports = {}
    for name in ("recon-2026-10-14.csv", "recon-2026-10-15.csv",
                 "payouts-2026-10.jsonl"):
        reports[name] = json.loads((house.home / "inbox/razorpay-recon/done" /
                                    (name + ".report.json")).read_text())
    assert [r["read"] for r in reports.values()] == [10, 9, 2]
    statement = json.loads((house.home / "inbox/bank-hdfc/done" /
                            "hdfc-2026-10-14.sta.report.json").read_text())
    assert statement["posted"] == 3 and statement["ignored"] == 1
    batches = {b["key"].split("/")[-1]: b
               for b in house.get("/v1/batches")["items"]}
    good, bad = (batches[name] for name, *_ in trade.PAYOUTS)
    assert good["state"] == "closed" and bad["state"] == "open"
    assert bad["total"] != bad["control_total"]
    # Gathered, announced and paid out: what the gateway paid is in the bank.
    book = balances(house)
    assert book.get("1220", "0.00") == book.get("1215", "0.00") == "0.00"
    [entry] = [e for e in house.get("/v1/journals/" + good["journal"])[
        "entries"] if e["account"] == "1210"]
    assert entry["amount"] == book["1210"] == "-52341.79"
    # The missing payment comes: the batch closes by itself.
    name, day, _ = trade.PAYOUTS[1]
    rows, total = trade.recon(name, day)
    assert trade.money(total) == bad["control_total"]
    assert send_py.drop(str(house.home / "inbox"), {
        "source": "razorpay-recon", "file": "recon-late.csv",
        "body": rows[0] + "\n" + rows[-1] + "\n"})[0] == 200
    assert house.check_books()["states"]["waiting"] == 4
    book = balances(house)
    assert book.get("1215", "0.00") == "0.00"
    assert book["1220"] == trade.money(total)
    house.prove()


def test_the_bank_of_the_trade(house):
    """What has a reference is matched by itself; the rest is proposed, or a
    person's to book; the statement explains the difference."""
    open_trade(house)
    send(house)
    end = time.monotonic() + 60
    while any(a["waiting"] for a in
              house.get("/v1/bank/accounts")["items"]):
        assert time.monotonic() < end, "not paired"
        time.sleep(0.05)
    matched = house.get("/v1/bank/lines?state=matched")["items"]
    found = collections.Counter(one["match"]["rule"] for one in matched)
    assert found == {"own": 3, "reference": 4}
    lines = house.get("/v1/bank/lines")["items"]
    assert len(lines) == 6
    [one] = [l for l in lines if l["suggestion"] is not None]
    assert one["text"] == "BY TRANSFER MUMBAI FORT"
    assert one["suggestion"]["first"]["number"] == "RCT-26-005"
    brs = house.get("/v1/bank/statement?of=IN01/1000&day=2026-10-31")
    # Before the first statement the bank had what the ledger never heard of.
    assert (brs["opening"]["off"], brs["unexplained"]) == (
        "-1250000.00", "0.00")
    tills = {(t["till"], t["day"]): (t["state"], t["off"]) for t in house.get(
        "/v1/bank/tills?month=2026-10")["items"] if t["said"]}
    assert tills == {("MUM-RETAIL", "2026-10-12"): ("agrees", "0.00"),
                     ("PUN-RETAIL", "2026-10-12"): ("agrees", "0.00"),
                     ("PUN-RETAIL", "2026-10-13"): ("differs", "499.00")}
    house.prove()


# ---- under GST --------------------------------------------------------------

# What the tills and the shop send blocks nothing but the first example of all,
# which has neither number nor rate.
FOUND = {"gst.gstin_invalid": 1, "gst.wrong_head": 1, "gst.hsn_missing": 1,
         "gst.number_invalid": 2, "gst.rate_not_in_force": 1,
         "gst.rate_missing": 1}
OWN = gst.OWN["IN01"]


def open_registered(house, *parts):
    house.run("import", str(ROOT / "data/demo"))
    for name, scheme in dict(trade.SOURCES, **gst.SOURCES).items():
        house.run("source", "add", name, scheme)
    house.start()
    for part in parts:
        send(house, part)


def test_the_month_under_gst(house):
    """Registered: each section of GSTR-1 has what belongs there, and five of
    the bills are refused, each for its own reason."""
    open_registered(house, "generate", "trade", "gst")
    states = house.check_books()["states"]
    assert (states["received"], states["posted"], states["failed"]) == (
        2133, 1982, 106)
    found = collections.Counter()
    for one in house.get("/v1/signatures")["items"]:
        if one["code"].startswith("gst.") and one["level"] == "block":
            found[one["code"]] += one["count"]
    assert found == FOUND
    got = house.get("/v1/gst/summary?gstin=%s&period=102026" % OWN)
    sections = {one["section"]: one for one in got["sections"]}
    assert set(sections) >= {
        "b2b", "b2cl", "exp", "b2cs", "nil", "cdnr", "cdnur", "at", "txpd",
        "supeco", "hsn", "doc_issue"}
    assert got["unplaced"]["documents"] == 0
    cells = collections.Counter()
    for section in ("b2b", "exp", "cdnur", "cdnr"):
        for one in house.get("/v1/gst/cells?gstin=%s&period=102026&section=%s"
                             % (OWN, section))["items"]:
            cells[section, one["type"]] += one["documents"]
    assert {kind for section, kind in cells if section == "b2b"} == {
        "R", "4B", "SEWP", "SEWOP", "DE"}
    assert {kind for section, kind in cells if section == "exp"} == {
        "WPAY", "WOPAY"}
    assert cells["cdnur", "EXPWP"] == cells["cdnur", "B2CL"] == 1
    numbers = {one["from"]: one for one in house.get(
        "/v1/gst/issued?gstin=%s&period=102026" % OWN)["items"]}
    series = numbers["GST-26-001"]
    assert (series["to"], series["total"], series["cancelled"]) == (
        "GST-26-009", 9, 1)
    assert house.get("/v1/gst/agree?gstin=%s&period=102026" % OWN)["agrees"]
    check_with_hledger(house)
    house.prove()


def test_the_bills_as_suppliers_filed_them(house):
    """The file of gstr2b.py is made of the bills that are in the books, and
    has each way in which the two sides may stand to each other."""
    open_registered(house, "gst")
    states = house.check_books()["states"]
    assert {s: states[s] for s in gst.BECOMES} == gst.BECOMES
    made = subprocess.run([sys.executable, str(ROOT / "data/demo/gstr2b.py")],
                          check=True, capture_output=True).stdout
    assert made == subprocess.run(
        [sys.executable, str(ROOT / "data/demo/gstr2b.py")], check=True,
        capture_output=True).stdout
    data = json.loads(made)["data"]
    assert (data["gstin"], data["rtnprd"]) == (OWN, "102026")
    filed = {one["inum"] for group in data["docdata"]["b2b"]
             for one in group["inv"]}
    booked = {bill["number"] for bill in gst.books().bills}
    assert len(filed & booked) == 9 and len(filed - booked) == 3
    taken = house.api("POST", "/v1/gst/inward", made,
                      {"Content-Type": "application/json"})
    assert taken.status < 300, taken.body
    where = "/v1/gst/recon?gstin=%s&period=102026" % OWN
    rows, end = {}, time.monotonic() + 60
    while house.get(where)["waiting"] > 0:
        assert time.monotonic() < end, "not matched"
        time.sleep(0.05)
    for one in house.get(where)["items"]:
        number = (one["books"] or {}).get("number") or one["portal"]["number"]
        rows[number] = one["status"]
    assert collections.Counter(rows.values()) == {
        "exact": 8, "suggested": 2, "mismatch": 2, "only_2b": 2,
        "only_books": 2}, rows
    house.prove()


def check_with_hledger(house):
    """A second program reads the books and comes to the same balances."""
    book = house.dir / "book.journal"
    book.write_text(house.run("export", "hledger").stdout)
    subprocess.run(["hledger", "-f", str(book), "check", "-s"], check=True)
    out = subprocess.run(["hledger", "-f", str(book), "bal", "-N", "--flat",
                          "-O", "csv", "--layout=bare"], check=True,
                         capture_output=True, text=True).stdout
    theirs, ours = collections.Counter(), collections.Counter()
    for row in list(csv.reader(io.StringIO(out)))[1:]:
        account, commodity, amount = row
        theirs[account.split()[-1], commodity] += decimal.Decimal(amount)
    for one in house.get("/v1/trial-balance")["items"]:
        ours[one["account"], one["currency"]] += decimal.Decimal(
            one["balance"])
    assert {k: v for k, v in theirs.items() if v} == {
        k: v for k, v in ours.items() if v}
