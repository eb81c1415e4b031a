"""What happens between us and ERPs, measured on a real Tryton (PostgreSQL) and
on a double of a REST ERP. Two parts:

drops: a proxy loses answers after Tryton has committed, DROPS of them, at
random; bahid and Tryton are killed on the way. Nothing doubled, nothing lost,
both trial balances the same to the paisa.

burst: EVENTS sales, in rounds that three houses take in turn: one without
targets, one with the REST ERP, one with it and with Tryton bounded to RATE
postings a second. So the price of targets is a ratio of one run. Then WINDOW
seconds more at that rate, a kill -9 in a burst among them; then the bound is
lifted and all of it goes there.

A house that is not measured is stopped (SIGSTOP). The ERPs, PostgreSQL and the
double run as SCHED_IDLE: on a firm's network they are other machines, and what
is measured here is ours.

    BAHID=build/bahid /usr/bin/python3 tests/bench/erp.py [drops] [burst]

`intake` instead of burst: its rounds alone.

Environment: DROPS 1000, EVENTS 50000, RATE 15, WINDOW 120, ROUNDS 5,
CONNECTIONS 16, SEED 1, DATABASE postgresql or sqlite, IDLE 1 (0: the ERPs at our
own priority, for a machine that others use, too). Exit 1: a promise was
not kept."""
import contextlib
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/erp"), str(ROOT / "tests/flow")]

from firm import Firm, wait_until   # noqa: E402
from house import BAHID, sale       # noqa: E402
from proxy import Proxy             # noqa: E402
from tryton import Tryton           # noqa: E402


def number(name, default):
    return int(os.environ.get(name, default))


DROPS, EVENTS = number("DROPS", 1000), number("EVENTS", 50000)
RATE, WINDOW = number("RATE", 15), number("WINDOW", 120)
ROUNDS, CONNECTIONS = number("ROUNDS", 5), number("CONNECTIONS", 16)
IDLE = number("IDLE", 1) == 1
LOAD = pathlib.Path(BAHID).resolve().parent / "tests/bench/load"
HOURS = 6 * 3600
broken = []


def promise(kept, text):
    print("  %-4s %s" % ("ok" if kept else "NOT", text), flush=True)
    if not kept:
        broken.append(text)


def idle(pid):
    """It and what it has started."""
    with contextlib.suppress(OSError):          # a child may be gone
        os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0))
        children = pathlib.Path("/proc/%d/task/%d/children" % (pid, pid))
        for child in children.read_text().split():
            idle(int(child))


def new_tryton():
    one = Tryton(os.environ.get("DATABASE", "postgresql"), idle=IDLE)
    if IDLE and one.cluster is not None:
        pid = (one.cluster.data / "postmaster.pid").read_text().split()[0]
        idle(int(pid))
    return one.start().login()


# ---- what stands on both sides ---------------------------------------------

def wait_long(true, what, seconds=HOURS):
    """Looks once a second: what it looks at is on the same machine."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, what
        time.sleep(1)


def journals(firm):
    return firm.ask("SELECT count(*) AS n FROM journal")[0]["n"]


def states(firm, target):
    return {row["state"]: row["n"] for row in firm.ask(
        "SELECT state, count(*) AS n FROM outbox WHERE target = ? "
        "GROUP BY state", target)}


def all_there(firm, target):
    said = states(firm, target)
    bad = {state: n for state, n in said.items()
           if state in ("failed", "dead", "skipped")}
    assert not bad, bad
    return said.get("done", 0) == journals(firm)


def moves(tryton):
    """reference -> states of its moves."""
    out = {}
    for _, state, text in tryton.moves():
        out.setdefault(text.split(" ")[0], []).append(state)
    return out


def paise(text):
    whole, _, part = text.partition(".")
    n = int(whole.lstrip("-")) * 100 + int((part + "00")[:2])
    assert not part[2:].strip("0"), text
    return -n if text.startswith("-") else n


def judge(firm, tryton):
    there, want = moves(tryton), journals(firm)
    doubled = sum(len(one) > 1 for one in there.values())
    lost = want - sum("posted" in one for one in there.values())
    drafts = sum(one.count("draft") for one in there.values())
    theirs = {code: paise(text) for code, text in tryton.balances().items()
              if paise(text)}
    promise(doubled == 0, "doubled: %d of %d journals" % (doubled, want))
    promise(lost == 0 and drafts == 0,
            "lost: %d; left as drafts: %d" % (lost, drafts))
    promise(theirs == firm.balances() and theirs,
            "trial balance the same to the paisa, %d accounts" % len(theirs))


def method_of(request):
    found = re.search(rb'"method": ?"model\.account\.move\.(\w+)"',
                      request.body[:4096])
    return found[1].decode() if found else ""


def posted(request):
    """How many moves a request posts."""
    if method_of(request) != "post":
        return 0
    return len(json.loads(request.body)["params"][0])


# ---- answers that are lost -------------------------------------------------

def send_sales(firm, first, n):
    connection = firm.connect()
    for i in range(first, first + n):
        answer = firm.post("pos", sale("R-%07d" % i, amount="%d.18" % (
            118 + i % 977), tax="18.00"), "key-%d" % i, connection=connection)
        assert answer.status == 201, answer.body
    connection.close()


def drops():
    print("drops: %d answers lost after the ERP committed, on Tryton" % DROPS)
    chance = random.Random(number("SEED", 1))
    firm, tryton = Firm(), new_tryton()
    proxy = Proxy(tryton.port)
    left = [DROPS]

    def unlucky(request):
        """On the proxy's lock."""
        if method_of(request) not in ("create", "post") or left[0] == 0 or \
                chance.random() < 0.5:
            return False
        left[0] -= 1
        return True

    try:
        tryton.conf(firm.targets, url=proxy.url + "/", batch=4, timeout=20,
                    backoff=1, failures=1000, pause=1, attempts=1000)
        firm.start()
        proxy.plan("drop", DROPS, when=unlucky)
        sent, began = 0, time.monotonic()
        killed = {"bahid": DROPS // 2, "Tryton": DROPS // 4}
        while left[0] > 0:
            if journals(firm) - states(firm, "tryton").get("done", 0) < 40:
                send_sales(firm, sent, 40)
                sent += 40
            if killed.get("bahid", 0) > left[0]:
                del killed["bahid"]
                firm.kill()
                firm.start()
            if killed.get("Tryton", 0) > left[0]:
                del killed["Tryton"]
                tryton.kill()
                tryton.start().login()
            time.sleep(0.05)
            assert time.monotonic() - began < HOURS, left
        wait_long(lambda: all_there(firm, "tryton"), "not all there")
        print("  %d journals, %d answers lost in %d s; bahid and Tryton "
              "killed once each" % (journals(firm), proxy.count["drop"],
                                    time.monotonic() - began))
        judge(firm, tryton)
        firm.check_books()
        firm.stop()
        firm.prove()
    finally:
        firm.close()
        proxy.close()
        tryton.close()


# ---- a burst ---------------------------------------------------------------

class Rest:
    """The double as a process of its own."""
    def __init__(self, folder):
        self.file = folder / "restd.port"
        self.process = subprocess.Popen(
            (["chrt", "-i", "0"] if IDLE else []) + ["/usr/bin/python3",
             str(ROOT / "tests/erp/restd.py"), str(self.file)])
        wait_until(self.file.exists)
        self.url = "http://127.0.0.1:" + self.file.read_text().strip()

    def ask(self, what):
        with urllib.request.urlopen(self.url + "/-/" + what) as answer:
            return json.load(answer)

    def close(self):
        self.process.kill()
        self.process.wait()


class Bursting:
    """A house in the burst."""
    def __init__(self, name, rest=False, tryton=None, proxy=None):
        self.name, self.tryton, self.proxy = name, tryton, proxy
        self.firm = Firm()
        self.rest = Rest(self.firm.dir) if rest else None
        if rest:
            self.firm.rest("rest", self.rest.url)
        if tryton:
            self.bound(RATE)
        self.firm.start()
        self.latency, self.drained, self.most = [], [], 0

    def bound(self, rate):
        self.tryton.conf(self.firm.targets, url=self.proxy.url + "/",
                         timeout=60, failures=1000, rate=rate)

    def signal(self, sign):
        self.firm.process.send_signal(sign)

    def load(self, n):
        """The load, started."""
        return subprocess.Popen(
            [LOAD, "hook", str(CONNECTIONS), "0", str(n), "%s:%s" % (
                self.firm.host, self.firm.port),
             str(self.firm.home / "secrets/pos")], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)

    def memory(self):
        text = pathlib.Path("/proc/%d/status" % self.firm.process.pid)
        self.most = max(self.most, int(re.search(
            r"VmHWM:\s+(\d+)", text.read_text())[1]) // 1024)

    def round(self, n):
        self.signal(signal.SIGCONT)
        began = time.monotonic()
        said, _ = self.load(n).communicate()
        self.latency.append([int(re.search(key + r"=(\d+)", said)[1])
                             for key in ("p50", "p99", "rate")])
        if self.rest:
            want = journals(self.firm)
            while self.rest.ask("count") < want:
                assert time.monotonic() < began + 600
                time.sleep(0.05)
            self.drained.append(time.monotonic() - began)
        self.memory()
        self.signal(signal.SIGSTOP)

    def killed(self, n):
        """In the middle of its burst."""
        self.signal(signal.SIGCONT)
        load = self.load(n)
        before = journals(self.firm)
        wait_until(lambda: journals(self.firm) > before + n // 4)
        self.memory()
        self.firm.kill()
        load.wait()
        self.firm.start()

    def middle(self, at):
        return sorted(one[at] for one in self.latency)[ROUNDS // 2]

    def close(self):
        self.signal(signal.SIGCONT)
        self.firm.close()
        if self.rest:
            self.rest.close()


def tell_burst(none, one, both):
    print("  %-22s %9s %9s %9s" % ("", "none", "rest", "both"))
    for at, name in enumerate(("intake p50, us", "intake p99, us",
                               "events a second")):
        print("  %-22s %9d %9d %9d" % (name, none.middle(at), one.middle(at),
                                       both.middle(at)))
    for name, digits, values in (
            ("rest has all after, s", 2, [
                0, sum(one.drained), sum(both.drained)]),
            ("memory at most, MB", 0, [none.most, one.most, both.most])):
        print("  %-22s %9.*f %9.*f %9.*f" % (name, digits, values[0], digits,
                                             values[1], digits, values[2]))
    for at, name in enumerate(("p50", "p99")):
        ratio = sorted(b[at] / n[at] for n, b in zip(none.latency,
                                                     both.latency))
        promise(ratio[ROUNDS // 2] <= 1.2,
                "intake %s with targets: %.2f of without (rounds: %s)" % (
                    name, ratio[ROUNDS // 2], " ".join(
                        "%.2f" % part for part in ratio)))
    slower = sum(both.drained) / sum(one.drained)
    promise(slower <= 1.2, "the other target beside a bounded one: %.2f of "
            "its time alone" % slower)
    promise(both.most <= none.most + 64, "memory: %d MB more than without"
            % (both.most - none.most))


def intake():
    burst(whole=False)


def burst(whole=True):
    print("burst: %d events in %d rounds, Tryton bounded to %d a second" % (
        EVENTS, ROUNDS, RATE))
    tryton = new_tryton()
    proxy = Proxy(tryton.port)
    proxy.counts = posted
    houses = [Bursting("none"), Bursting("rest", rest=True),
              Bursting("both", rest=True, tryton=tryton, proxy=proxy)]
    both = houses[2]
    try:
        for house in houses:
            house.signal(signal.SIGSTOP)
        for n in range(ROUNDS):             # none is always the first
            for house in houses[n % 3:] + houses[:n % 3]:
                house.round(EVENTS // ROUNDS)
        tell_burst(*houses)
        if not whole:
            return
        both.killed(max(1000, EVENTS // ROUNDS))
        time.sleep(WINDOW)
        bounded = list(proxy.ticks)
        promise(0 < proxy.most_in_a_second() <= RATE,
                "most postings in any second: %d of %d, %d postings seen" % (
                    proxy.most_in_a_second(), RATE,
                    sum(n for _, n in bounded)))
        both.bound(0)
        began = time.monotonic()
        wait_long(lambda: all_there(both.firm, "tryton"), "tryton")
        wait_long(lambda: all_there(both.firm, "rest"), "rest")
        both.memory()
        print("  %d journals delivered, the last %d in %d s; memory at most "
              "%d MB; kill -9 in a burst" % (
                  journals(both.firm), journals(both.firm) - sum(
                      n for _, n in bounded), time.monotonic() - began,
                  both.most))
        judge(both.firm, tryton)
        state = both.rest.ask("state")
        promise(state["doubled"] == 0 and
                state["vouchers"] == journals(both.firm) and
                state["trial"] == both.firm.balances(),
                "the other target: %d vouchers, %d doubled, the same trial "
                "balance" % (state["vouchers"], state["doubled"]))
        both.firm.check_books()
    finally:
        for house in houses:
            house.close()
        proxy.close()
        tryton.close()


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if IDLE:
        print("ERPs and PostgreSQL as SCHED_IDLE: on a firm's network they "
              "are other machines")
    wanted = sys.argv[1:] or ["drops", "burst"]
    for name in wanted:
        {"drops": drops, "burst": burst, "intake": intake}[name]()
    return bool(broken)


sys.exit(main())
