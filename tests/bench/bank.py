"""What lines of banks cost: payments on an account of which a bank tells,
beside those on one of which none does; then a month of statements, until all
is paired.  BAHID names the program.

    BAHID=build/bahid /usr/bin/python3 tests/bench/bank.py [PAYMENTS [LINES]]
"""
import json
import os
import pathlib
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "flow"))
from banked import Bank, money          # noqa: E402
from free import doc                    # noqa: E402

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


def main():
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
