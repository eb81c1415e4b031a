"""The same ledger in any order, at length: soak.py EVENTS SEED [SEED...]"""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "flow"))
import mixed                                    # noqa: E402
from free import Free                           # noqa: E402


def main(count, seeds):
    passed = failed = 0
    for seed in seeds:
        start = time.monotonic()
        try:
            events, rows = mixed.check(Free, seed, count)
            passed += 1
            print("seed %d: %d events, twice, the same %d rows, %.0f s" %
                  (seed, events, rows, time.monotonic() - start), flush=True)
        except AssertionError as error:
            failed += 1
            print("seed %d: %s" % (seed, str(error)[:2000]), flush=True)
    print("%d passed, %d failed" % (passed, failed))
    return failed


if __name__ == "__main__":
    sys.exit(1 if main(int(sys.argv[1]), [int(s) for s in sys.argv[2:]])
             else 0)
