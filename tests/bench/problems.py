"""What GET /v1/problems costs with many open errors of 40 signatures, and that
each error is in one cell of it.

    BAHID=build/bahid /usr/bin/python3 tests/bench/problems.py [errors]
"""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/flow"))

from house import House  # noqa: E402
from test_problem_cells import SIGNATURES, compare, fail  # noqa: E402


def main(n):
    house = House().start()
    try:
        took = compare(house, fail(house, n))
    finally:
        house.close()
    print("problems: %d errors of %d signatures, each in one cell; "
          "GET /v1/problems %.0f ms" % (n, SIGNATURES, took * 1000))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100000)
