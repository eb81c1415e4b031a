"""ERPNext and Odoo behind bahid itself, as strict doubles: each journal once,
whatever is lost between, and the same balances to the paisa."""
import csv

import pytest

import looks
from erpnextd import Erpnext
from firm import ROOT, reference, wait_until
from looks import sell
from odood import Odoo, user_error
from outbox import act
from proxy import Proxy

CHART = [row for row in csv.DictReader(open(ROOT /
                                            "data/reference/account.csv"))]
CENTRES = [row["code"] for row in csv.DictReader(
    open(ROOT / "data/reference/cost_centre.csv"))]


class InErpnext:
    """What tests want to know, of either."""
    call = "/api/resource/Journal%20Entry"

    def __init__(self):
        self.there = Erpnext()
        self.there.accounts.clear()
        for row in CHART:
            self.there.account(row["name"], row["code"], {
                "1100": "Receivable", "2000": "Payable"}.get(row["code"],
                                                             ""))
        self.there.party("Customer", "WALKIN")
        for code in CENTRES:
            self.there.centres[code] = {"name": code}
        self.settings = dict(kind="erpnext", user="key", secret="secret",
                             accounts="number", company="Acme Traders")

    def references(self):
        return sorted(d["bahi_reference"]
                      for d in self.there.entries.values()
                      if d["docstatus"] == 1)

    def balances(self):
        out = {}
        for row in self.there.ledger:
            if row["is_cancelled"]:
                continue
            code = self.there.accounts[row["account"]]["account_number"]
            out[code] = out.get(code, 0) + round(100 * row["debit"]) - round(
                100 * row["credit"])
        return {code: n for code, n in out.items() if n}

    def close(self, day):
        self.there.closed = day

    def change(self, own):
        """As a person there corrects an entry: cancelled, and amended."""
        (entry,) = self.there.of(own)
        rows = [dict(row) for row in entry["accounts"]]
        for row in rows:
            for side in ("debit", "credit"):
                row[side + "_in_account_currency"] *= 3
        self.there.amend(entry["name"], rows)

    def remove(self, own):
        self.there.cancel(self.there.of(own)[0]["name"])


class InOdoo:
    call = "/json/2/account.move/create"

    def __init__(self):
        self.there = Odoo()
        self.there.records["account.account"].clear()
        for row in CHART:
            self.there.new("account.account", code=row["code"],
                           name=row["name"])
        self.there.new("res.partner", ref="WALKIN", name="Walk-in customer")
        for code in CENTRES:
            self.there.new("account.analytic.account", code=code, name=code)
        self.settings = dict(kind="odoo", secret="api-key", book="MISC",
                             company="Acme Traders")

    def references(self):
        return sorted(m["ref"] for m in self.there.moves.values()
                      if m["state"] == "posted")

    def balances(self):
        out = {}
        for move in self.there.moves:
            for code, debit, credit in self.there.lines(move):
                out[code] = out.get(code, 0) + round(100 * debit) - round(
                    100 * credit)
        return {code: n for code, n in out.items() if n}

    def close(self, day):
        self.there.close(day or False)

    def change(self, own):
        (move,) = self.there.of(own)
        for line in self.there.records["account.move.line"].values():
            if line["move_id"] == move:
                for field in ("debit", "credit", "amount_currency"):
                    line[field] *= 3
        self.there.edit(move, narration="by hand")

    def remove(self, own):
        moves = self.there.of(own)
        self.there.button_draft("account.move", moves)
        self.there.button_cancel("account.move", moves)


@pytest.fixture(params=[InErpnext, InOdoo])
def cloud(request):
    one = request.param()
    with one.there:
        yield one


def target(firm, cloud, url=None, **settings):
    settings = dict(cloud.settings, backoff=1, **settings)
    firm.target("erp", url=url or cloud.there.url, **settings)


def each_once(firm, cloud, n):
    assert cloud.references() == [reference(j) for j in firm.commits("erp")]
    assert len(cloud.references()) == n
    assert cloud.balances() == firm.balances() != {}


def test_each_once(firm, cloud):
    target(firm, cloud)
    firm.start()
    sell(firm, *("R-%03d" % n for n in range(30)))
    done = firm.until("erp", 30)
    each_once(firm, cloud, 30)
    assert all(row["remote"] and row["remote_version"] and
               len(row["sent"]) == len(row["held"]) == 64
               for row in done.values())
    firm.stop()
    firm.prove()


def test_answers_that_are_lost(firm, cloud):
    """Each is asked for before it would go again."""
    with Proxy(cloud.there.server.server_address[1]) as proxy:
        target(firm, cloud, proxy.url, timeout=2, failures=1000, batch=1)
        proxy.plan("drop", 4, when=lambda r: r.path == cloud.call and
                   r.method == "POST")
        proxy.plan("reset", 2, when=lambda r: r.path == cloud.call and
                   r.method == "POST")
        firm.start()
        sell(firm, *("R-%03d" % n for n in range(12)))
        firm.until("erp", 12)
        assert proxy.count["drop"] == 4 and proxy.count["reset"] == 2
    each_once(firm, cloud, 12)


def test_killed_in_the_middle(firm, cloud):
    """Each time at another place, and each time it goes on."""
    with Proxy(cloud.there.server.server_address[1]) as proxy:
        target(firm, cloud, proxy.url, timeout=1, failures=1000, batch=3)
        firm.start()
        sell(firm, *("R-%03d" % n for n in range(15)))
        for k in range(3):
            proxy.plan("hang" if k == 1 else "late", 1, seconds=5,
                       when=lambda r: r.method == "POST" and not
                       r.path.endswith("read"))
            before = sum(proxy.count[how] for how in ("hang", "late"))
            wait_until(lambda: sum(proxy.count[how] for how in (
                "hang", "late")) > before or len(
                    firm.commits("erp", "done")) == 15)
            firm.kill()
            firm.start()
        firm.until("erp", 15)
    each_once(firm, cloud, 15)


def test_a_closed_month_is_told_and_stops_no_other(firm, cloud):
    cloud.close("2026-10-01")
    target(firm, cloud)
    firm.start()
    sell(firm, "OLD-1", "OLD-2", paid_at="2026-10-01T10:00:00+05:30")
    sell(firm, "R-1", "R-2")
    failed = firm.until("erp", 2, "failed")
    firm.until("erp", 2)
    assert {row["refusal"] for row in failed.values()} == {"period"}
    assert len({row["cause"] for row in failed.values()}) == 1
    assert len(cloud.references()) == 2


def test_an_account_that_is_not_there(firm, cloud):
    """One cause for all, and the account is named."""
    if isinstance(cloud, InErpnext):
        del cloud.there.accounts["POS clearing - AT"]
    else:
        number = cloud.there.id("account.account", "1200", "code")
        del cloud.there.records["account.account"][number]
    target(firm, cloud)
    firm.start()
    sell(firm, "R-1", "R-2", "R-3")
    failed = firm.until("erp", 3, "failed")
    assert {row["refusal"] for row in failed.values()} == {"mapping"}
    (cause,) = {row["cause"] for row in failed.values()}
    assert "1200" in cause and not cloud.references()


def test_a_key_that_ended_costs_no_journal(firm, cloud):
    """401 is of the target: nothing fails, and all goes when it is mended."""
    good = dict(cloud.settings)
    cloud.settings["secret"] = "old"
    target(firm, cloud, failures=1000, pause=1)
    firm.start()
    sell(firm, "R-1", "R-2")
    wait_until(lambda: firm.ask("SELECT why FROM target WHERE why <> ''"))
    assert not firm.commits("erp", "failed") and not cloud.references()
    cloud.settings = good
    target(firm, cloud, failures=1000, pause=1)
    firm.until("erp", 2)
    each_once(firm, cloud, 2)


def test_what_changed_there_is_put_back(firm, cloud):
    """By a person who looked at both sides, and to the paisa."""
    target(firm, cloud, look=0, look_days=3660)
    firm.start()
    sell(firm, "R-1", "R-2", "R-3")
    first, second, third = firm.until("erp", 3)
    assert looks.looked(firm) == [] and looks.trial(firm)["same"]
    cloud.change(reference(second))
    cloud.remove(reference(third))
    rows = {row["kind"]: row for row in looks.looked(firm)}
    assert set(rows) == {"changed", "cancelled"}, rows
    assert not looks.trial(firm)["same"]
    looks.act(firm, "ours", *rows.values())
    for row in rows.values():
        looks.becomes(firm, row, "closed")
    assert looks.looked(firm) == [] and looks.trial(firm)["same"]
    assert cloud.balances() == firm.balances()


def test_drafts_of_odoo_are_finished(firm):
    """Made and not posted: asked for, and posted as they are."""
    cloud = InOdoo()
    with cloud.there, Proxy(cloud.there.server.server_address[1]) as proxy:
        target(firm, cloud, proxy.url, timeout=2, failures=1000, batch=5)
        proxy.plan("reset", 2, when=lambda r: r.path.endswith("action_post"))
        proxy.plan("drop", 1, when=lambda r: r.path.endswith("action_post"))
        firm.start()
        sell(firm, *("R-%03d" % n for n in range(10)))
        firm.until("erp", 10)
        each_once(firm, cloud, 10)
        assert {m["state"] for m in cloud.there.moves.values()} == {"posted"}


def test_a_batch_with_a_poor_one(firm):
    cloud = InOdoo()
    poor = {}

    def stop(path, body):
        if path.endswith("create") and any(
                poor["reference"] == vals["ref"]
                for vals in body["vals_list"]):
            user_error("not this one", "ValidationError")
    with cloud.there:
        firm.start()
        sell(firm, *("R-%03d" % n for n in range(10)))
        poor["reference"] = reference(firm.ask(
            "SELECT id FROM journal ORDER BY id LIMIT 1 OFFSET 4")[0]["id"])
        cloud.there.before = stop
        target(firm, cloud)
        (failed,) = firm.until("erp", 1, "failed").values()
        firm.until("erp", 9)
        assert failed["words"] == "not this one"
        assert reference(failed["journal"]) == poor["reference"]
        assert len(cloud.references()) == 9


def test_mapped_by_master_data(firm):
    """Names of ERPNext in mapping.csv; what no row maps is refused."""
    cloud = InErpnext()
    cloud.settings["accounts"] = "name"
    with cloud.there:
        firm.start()
        rows = ["to:erp,account,%s,%s - AT" % (row["code"], row["name"])
                for row in CHART if row["code"] != "4000" and
                "," not in row["name"]]
        rows += ["to:erp,cost_centre,%s,-" % code for code in CENTRES]
        rows += ["to:erp,party,WALKIN,WALKIN"]
        answer = firm.api("POST", "/v1/reference/mapping", (
            "source,dimension,from,to\n" + "\n".join(rows)).encode(),
            {"Content-Type": "text/csv"})
        assert answer.status == 200, answer.body
        target(firm, cloud, unmapped="refuse")
        sell(firm, "R-1")
        (failed,) = firm.until("erp", 1, "failed").values()
        assert failed["refusal"] == "mapping" and "4000" in failed["words"]
        assert not cloud.references()
        answer = firm.api("POST", "/v1/reference/mapping", (
            "source,dimension,from,to\n" + "\n".join(
                rows + ["to:erp,account,4000,Sales retail - AT"])).encode(),
            {"Content-Type": "text/csv"})
        assert answer.status == 200, answer.body
        sell(firm, "R-2")
        firm.until("erp", 1)
        assert cloud.references() == [reference(
            *firm.commits("erp", "done"))]


def test_try_again_is_not_beside_what_is_there(firm):
    """Odoo moved the day as it posted: that is a conflict, and whoever says
    "retry" of it does not get a second one."""
    cloud = InOdoo()

    def close(path, body):
        if path.endswith("action_post"):
            cloud.there.close("2026-10-31")
    with cloud.there:
        cloud.there.before = close
        target(firm, cloud)
        firm.start()
        sell(firm, "R-1")
        ((journal, row),) = firm.until("erp", 1, "failed").items()
        assert row["refusal"] == "conflict" and "2026-11-01" in row["words"]
        cloud.there.before = None
        cloud.there.close(False)
        answer = act(firm, "retry", rows=[{"target": "erp",
                                           "journal": str(journal)}])
        assert answer.status == 200, answer.body
        wait_until(lambda: firm.commits("erp")[journal]["at"] > row["at"] and
                   firm.commits("erp", "failed"))
        assert cloud.references() == [reference(journal)]
        (row,) = firm.commits("erp").values()
        assert row["refusal"] == "conflict" and "another day" in row["words"]
        (number,) = cloud.there.moves       # a person puts it right there
        cloud.there.edit(number, date="2026-10-05")
        act(firm, "retry", rows=[{"target": "erp", "journal": str(journal)}])
        firm.until("erp", 1)
        each_once(firm, cloud, 1)


def test_an_answer_that_was_lost_hides_no_change(firm):
    """Odoo moved the day, and the answer that told it never came: what is
    found is compared."""
    cloud = InOdoo()

    def close(path, body):
        if path.endswith("action_post"):
            cloud.there.close("2026-10-31")
    with cloud.there, Proxy(cloud.there.server.server_address[1]) as proxy:
        cloud.there.before = close
        proxy.plan("drop", 1, when=lambda r: r.path.endswith("action_post"))
        target(firm, cloud, proxy.url, timeout=2)
        firm.start()
        sell(firm, "R-1")
        (row,) = firm.until("erp", 1, "failed").values()
        assert row["refusal"] == "conflict" and "another day" in row["words"]
