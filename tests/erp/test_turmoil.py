"""All at once, and at the end each journal is there exactly once: the daemon is
killed at any moment, the net loses what it can, the target's file is written
again and again, and people decide all the while.
BAHI_TURMOIL: kills (CI: 6); BAHI_TURMOIL_SEED: the seed that was printed."""
import http.client
import os
import random
import threading
import time

from firm import wait_until
from outbox import (act, all_there, commits, post_sales, post_voucher,
                    same_books, states, target, whole)
from proxy import Proxy
from restd import Erp

KILLS = int(os.environ.get("BAHI_TURMOIL", "6"))
SEED = int(os.environ.get("BAHI_TURMOIL_SEED", random.randrange(1 << 32)))
LOST = (OSError, http.client.HTTPException)     # nobody is there just now


class Turmoil:
    def __init__(self, firm, erp, proxy, chance):
        self.firm, self.erp, self.proxy, self.chance = firm, erp, proxy, chance
        self.over = threading.Event()
        self.failed = []
        self.posted = 0

    def settings(self, rates=(0, 50, 300)):
        self.firm.rest("erp", self.proxy.url, timeout=1, backoff=1,
                       failures=self.chance.choice((1, 3, 1000)), pause=1,
                       attempts=1000, rate=self.chance.choice(rates))

    # ---- nets

    def trouble(self, request):
        return self.chance.random() < 0.08

    def weather(self):
        for what in ("drop", "cut", "reset", "reset_after"):
            self.proxy.plan(what, 10 ** 9, when=self.trouble)
        self.proxy.plan("status", 10 ** 9, status=503, when=self.trouble)
        self.proxy.plan("status", 10 ** 9, status=429, retry_after="1",
                        when=lambda r: self.chance.random() < 0.005)
        self.proxy.plan("late", 10 ** 9, seconds=0.3, when=self.trouble)

    # ---- people

    def decide(self):
        what = self.chance.choice((
            "retry", "resend", "skip", "pause", "resume", "resume", "look",
            "settings"))
        if what == "settings":
            return self.settings()
        if what in ("pause", "resume", "look"):
            return self.firm.api("POST", "/v1/targets/erp/" + what,
                                 {"reason": "turmoil"})
        rows = commits(self.firm, target="erp",
                       state=self.chance.choice(
                           ("done", "failed", "retrying", "waiting",
                            "skipped")))
        rows = self.chance.sample(rows, min(len(rows), 3))
        if what != "skip" or self.chance.random() < 0.2:
            return act(self.firm, what, "turmoil", rows=[
                {"target": "erp", "journal": row["journal"]} for row in rows])

    def people(self):
        try:
            while not self.over.wait(0.05):
                try:
                    self.decide()
                except LOST:
                    pass
                except AssertionError as e:     # an answer that is none
                    if "503" not in str(e):
                        raise
        except BaseException as e:
            self.failed.append(e)
            raise

    # ---- rounds

    def post(self):
        """A burst, and documents of which there are several versions."""
        n, self.posted = self.posted, self.posted + 1
        post_sales(self.firm, 5, "S%d" % n)
        for version in range(3):
            amount = "%d.00" % self.chance.randrange(10, 99)
            other = {"base_version": version} if version else {}
            assert post_voucher(self.firm, "%d-%d" % (n, version), "JV-%d" % n,
                                amount, **other).status == 201

    def round(self):
        self.post()
        time.sleep(self.chance.random() * 0.5)  # any moment: it is the attack
        self.firm.kill()
        self.firm.start()

    def calm(self):
        """Skipped ones are sent after all; nothing may be left."""
        self.over.set()
        self.proxy.clear()
        self.settings((0,))
        self.firm.api("POST", "/v1/targets/erp/resume", {"reason": "over"})

        def settled():
            for state, what in (("skipped", "resend"), ("failed", "retry"),
                                ("dead", "retry")):
                rows = commits(self.firm, target="erp", state=state)
                if rows:
                    act(self.firm, what, "over", rows=[
                        {"target": "erp", "journal": row["journal"]}
                        for row in rows])
            return whole(self.firm) and set(states(self.firm)) == {"done"}
        try:
            wait_until(settled, seconds=60 + KILLS)
        except AssertionError:
            raise AssertionError((states(self.firm), [
                row for row in self.firm.commits("erp").values()
                if row["state"] != "done"][:3]))


def test_turmoil(firm):
    print("BAHI_TURMOIL_SEED=%d" % SEED)
    with Erp(keys=0) as erp, Proxy(erp.port) as proxy:
        one = Turmoil(firm, erp, proxy, random.Random(SEED))
        one.settings()
        one.weather()
        firm.start()
        wait_until(lambda: target(firm), "its file was not seen")
        people = threading.Thread(target=one.people, daemon=True)
        people.start()
        for _ in range(KILLS):
            one.round()
        one.over.set()
        people.join()
        one.calm()
        assert not one.failed
        same_books(firm, erp)
        journals = firm.ask("SELECT count(*) AS n FROM journal")[0]["n"]
        assert len(firm.commits("erp", "done")) == journals
        assert len(erp.vouchers) == journals == KILLS * 10
        firm.check_books()
        firm.stop()
        firm.prove()
