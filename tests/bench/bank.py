"""What lines of banks cost: payments on an account of which a bank tells,
beside those on one of which none does; then a month of statements, until all
is paired; then payouts of a gateway beside the payments that they are of.
BAHID names the program.

    BAHID=build/bahid /usr/bin/python3 tests/bench/bank.py [PAYMENTS [LINES]]
    BAHID=build/bahid /usr/bin/python3 tests/bench/bank.py payouts [ROWS]
"""
import json
import os
import pathlib
import shutil
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "flow"))
from banked import Bank, money          # noqa: E402
from free import doc                    # noqa: E402
from house import ROOT                  # noqa: E402

BATCH = 500


def event(number, amount, date):
    text = money(amount)
    return {"specversion": "1.0", "id": number, "source": "/b",
            "type": "free", "docs": [doc(
                "payment", number, text, date=date, lines=[
                    {"account": "1000", "amount": text},
                    {"account": "1100", "amount": "-" + text}])]}


def spent(house):
    """Seconds of processor time of the daemon so far, all its threads."""
    stat = pathlib.Path("/proc/%d/stat" % house.process.pid).read_text()
    fields = stat.rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def send(house, name, count):
    """Microseconds of the daemon for one payment: what else the machine does
    is not in them."""
    start = spent(house)
    for at in range(0, count, BATCH):
        body = json.dumps([event("%s-%06d" % (name, n), 100000 + 7 * n,
                                 "2026-10-%02d" % (1 + n % 28))
                           for n in range(at, min(at + BATCH, count))])
        answer = house.api("POST", "/v1/events", body.encode(), {
            "Content-Type": "application/cloudevents-batch+json"})
        assert answer.status < 300, answer.body[:300]
    return 1e6 * (spent(house) - start) / count


ROWS = 500                              # of one payout


def paid_out(n):
    """A payment, and its row in a payout."""
    gross, fee = 100000 + 7 * n, 2360
    name, day = "pay_%06d" % n, "2026-10-%02d" % (1 + n % 28)
    yield doc("payment", name, money(gross - fee), date=day, channel="gw",
              lines=[{"type": "received", "account": "1000",
                      "amount": money(gross - fee)},
                     {"type": "fee", "account": "5230", "amount": money(fee)},
                     {"type": "allocated", "account": "1100",
                      "amount": money(gross)}])
    yield doc("settlement", "setl_%04d/%s" % (n // ROWS, name),
              money(gross - fee), date=day, channel="gw",
              batch="setl_%04d" % (n // ROWS),
              reference="UTR%011d" % (n // ROWS), lines=[
                  {"type": "bank", "account": "3000",
                   "amount": money(gross - fee)},
                  {"type": "clearing", "account": "1000",
                   "amount": money(gross - fee)}])


def took(house, path, n=5):
    """Milliseconds of the daemon for one answer, and that."""
    start = spent(house)
    for _ in range(n):
        out = house.get(path)
    return 1000 * (spent(house) - start) / n, out


def payouts(count):
    house = Bank()
    for kind in ("payment", "settlement"):
        shutil.copy(ROOT / ("data/rules/post/%s.sql" % kind),
                    house.home / "rules/post")
    try:
        house.start()
        start = time.monotonic()
        for at in range(0, count, BATCH):
            body = json.dumps([{
                "specversion": "1.0", "id": "b%d-%d" % (n, k),
                "source": "/b", "type": "free", "docs": [one]}
                for n in range(at, min(at + BATCH, count))
                for k, one in enumerate(paid_out(n))])
            answer = house.api("POST", "/v1/events", body.encode(), {
                "Content-Type": "application/cloudevents-batch+json"})
            assert answer.status < 300, answer.body[:300]
            if at == 0:
                states = house.check_books()["states"]
                assert states["posted"] == 2 * BATCH, states
        print("%d payments and their rows in payouts          %8.1f s"
              % (count, time.monotonic() - start))
        for limit in (25, 500):
            ms, page = took(house, "/v1/bank/payouts?limit=%d" % limit)
            print("a page of %3d payouts, of %3d                  %10.0f ms"
                  % (len(page["items"]), -(-count // ROWS), ms))
            assert len(page["items"]) == min(limit, -(-count // ROWS))
            assert {p["rest"] for p in page["items"]} == {"0.00"}
        ms, page = took(house, "/v1/bank/payouts?limit=25&after=setl_%04d" %
                        (count // ROWS // 2))
        print("the same from the middle                       %10.0f ms"
              % ms)
        ms, one = took(house, "/v1/bank/payouts/setl_%04d" % (
            count // ROWS // 2))
        assert {r["reason"] for r in one["items"]} == {"agrees"}, one
        print("one payout of %d rows                         %10.0f ms"
              % (len(one["items"]), ms))
    finally:
        house.close()


def main():
    if len(sys.argv) > 1 and sys.argv[1] == "payouts":
        payouts(int(sys.argv[2]) if len(sys.argv) > 2 else 100000)
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20000
    lines = int(sys.argv[2]) if len(sys.argv) > 2 else 10000
    house = Bank()
    try:
        house.start()
        send(house, "W", 2000)          # warm
        free = send(house, "A", count)
        start = time.monotonic()
        house.take([("2026-10-01", 1, "OPENS THE ACCOUNT")])
        opened = time.monotonic() - start
        told = send(house, "RCT", count)
        print("a payment where no bank tells of its account       %8.0f us"
              " of the processor" % free)
        print("where one does                                     %8.0f us"
              "  (%+.1f %%)" % (told, 100 * told / free - 100))
        print("the first line, with %6d entries there          %8.1f s"
              % (count + 2000, opened))
        start = time.monotonic()
        house.take([("2026-10-%02d" % (1 + n % 28), 100000 + 7 * n,
                     "NEFT CR-ICIC0000104-SOMEBODY-RCT-%06d" % n)
                    for n in range(lines)])
        print("%d lines read and paired                        %8.1f s"
              % (lines, time.monotonic() - start))
        matched = sum(1 for one in house.lines("matched"))
        assert matched == lines, matched
        print("matched by themselves                              %8d"
              % matched)
        start = time.monotonic()
        house.brs()
        print("the reconciliation statement                       %8.0f ms"
              % (1000 * (time.monotonic() - start)))
    finally:
        house.close()


if __name__ == "__main__":
    main()
