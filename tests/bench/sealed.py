"""A sealed store beside a plain one: durable events a second, and seconds of
the daemon's CPU for a thousand events, by turns. BAHID names the program, LOAD
the one that sends, SECONDS how long each takes, ROUNDS how many there are."""
import os
import pathlib
import re
import subprocess
import sys

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "flow"))
os.environ["BAHI_TEST_SEALED"] = ""
import house as houses                                  # noqa: E402

LOAD = os.environ.get("LOAD", str(ROOT / "build/tests/bench/load"))
SECONDS = os.environ.get("SECONDS", "10")
ROUNDS = int(os.environ.get("ROUNDS", 3))
MOST = 1.5


def cpu(pid):
    fields = pathlib.Path("/proc/%d/stat" % pid).read_text().split(")")[1]
    user, system = fields.split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def measure(sealed):
    house = houses.House(fresh=True)
    try:
        if sealed:
            houses.seal(house.home)
        house.start()
        out = subprocess.run(
            [LOAD, "hook", "16", SECONDS, "200000",
             "%s:%s" % (house.host, house.port),
             str(house.home / "secrets/pos")],
            capture_output=True, text=True, timeout=600).stdout
        posted = int(re.search(r"posted=(\d+)", out)[1])
        return posted / float(SECONDS), cpu(house.process.pid) / posted * 1000
    finally:
        house.close()


def main():
    kinds = {False: [], True: []}
    for _ in range(ROUNDS):
        for sealed in kinds:
            kinds[sealed].append(measure(sealed))
    best = {kind: (max(rate for rate, _ in all), min(took for _, took in all))
            for kind, all in kinds.items()}
    for kind, (rate, took) in best.items():
        print("%-7s %7.0f events/s %6.3f s of CPU a thousand" % (
            "sealed" if kind else "plain", rate, took))
    ratio = best[True][1] / best[False][1]
    print("CPU sealed / plain %.2f, at most %.1f" % (ratio, MOST))
    return ratio > MOST


sys.exit(main())
