"""Targets in the console and for scripts: a real bahid, a REST ERP."""
import json
import os
import re
import subprocess

import pytest

from erp_rows import fill
from firm import Firm, wait_until
from outbox import post_sales, target
from proxy import Proxy
from restd import Erp
from terminal import Terminal


class Office(Firm):
    """With its programs, by the real clock: targets wait by it."""
    program, terminals = None, ()

    def bahi(self, *args, code=0):
        done = subprocess.run(
            [self.program, "--config", str(self.home / "bahi.conf"), *args],
            env=dict(os.environ, HOME=str(self.dir),
                     XDG_STATE_HOME=str(self.dir), LC_ALL="C.UTF-8",
                     BAHI_DATADIR=self.env["BAHI_DATADIR"]),
            text=True, capture_output=True, timeout=120)
        assert done.returncode == code, (done.returncode, done.stdout,
                                         done.stderr)
        return done.stdout

    def console(self, rows=40, columns=120):
        terminal = Terminal(
            [self.program, "--config", str(self.home / "bahi.conf")], rows,
            columns, dict(HOME=str(self.dir), XDG_CACHE_HOME=str(self.dir),
                          BAHI_DATADIR=self.env["BAHI_DATADIR"]))
        self.terminals.append(terminal)
        return terminal.until("live")

    def close(self):
        for terminal in self.terminals:
            terminal.close()
        super().close()

    def see(self, name="erp"):
        wait_until(lambda: target(self, name), "no such target")
        return self


@pytest.fixture
def office(bahi):
    one = Office()
    one.program, one.terminals = bahi, []
    one.start()
    yield one
    one.close()


def test_a_target_that_runs_and_one_that_lacks_an_account(office):
    with Erp() as erp, Erp(accounts="1200,4010,2300,2310") as poor:
        office.rest("erp", erp.url, rate=50)
        office.rest("poor", poor.url)
        office.see().see("poor")
        post_sales(office, 3)
        office.until("erp", 3)
        office.until("poor", 3, "failed")
        t = office.console()
        t.type("T").until("[targets]").until("poor")
        t.until(lambda t: "3" in t.row())
        t.type("g").quiet(0.1)
        t.seek("erp")
        assert "running" in t.row() and "answers" in t.row()
        t.until("Running.").until("House of tests")
        t.type("g").quiet(0.1)
        t.seek("poor")
        assert " 3 " in t.row()
        # What it says of itself, when it is asked.
        t.type("c").until("poor is asked; what it says stands below it.")
        t.until("Checked")
        # From the target to what does not get there, to one of them.
        t.type("Enter").until("account 4000 is not known")
        assert "mapping" in t.row() and " 3 " in t.row()
        t.until("to:poor in the table mapping")
        t.type("Enter").until("INV-0").type("Enter").until("What was tried")
        assert "4000" in t.text() and "Lines: ours -> theirs" in t.text()
        # The sync pane has them, too.
        t.type("5").until("target poor, running: 0 to go, 3 failed")
        # And the close of the month.
        t.type("B").until("erp: 0 poor: 3")


def test_pause_and_resume(office):
    with Erp() as erp:
        office.rest("erp", erp.url)
        office.see()
        t = office.console()
        t.type("T").until("[targets]").until("running")
        t.type("p").until("Pause it, because:").type("year end", "Enter")
        t.until("Pause erp?").type("y").until("pause erp: done")
        t.until("PAUSED").until("year end")
        assert target(office)["state"] == "paused"
        post_sales(office, 2)
        t.until(lambda t: "PAUSED" in t.row() and " 2 " in t.row())
        assert not erp.vouchers
        t.type("u").until("Resume erp?").type("y").until("resume erp: done")
        office.until("erp", 2)
        t.until(lambda t: "running" in t.row())


def test_it_is_away_and_says_when_it_tries_again(office):
    with Erp() as erp:
        office.rest("erp", erp.url, failures=1, pause=300)
        office.see()
        erp.trouble("status", 100, status=503)
        post_sales(office, 1)
        t = office.console(24, 80)
        t.type("T").until("[targets]")
        t.until("tries again by itself at", 30)
        assert max(map(len, t.lines())) <= 80
        assert target(office)["breaker"] == "open"


def test_what_goes_by_itself_says_so(place):
    """Of a group that met nobody only the first ones have words of it; what a
    person sent again lacks nothing any more."""
    fill(place.books, 2)
    untried, again = place.books.extra["/v1/commits/causes"]["items"]
    untried.update(words="", refusal="", failed=0, retrying=8)
    again.update(failed=0, retrying=9)
    place.serve()
    t = place.console(24, 80).until("live")
    t.type("t").until("They were not tried: they go by themselves once erp "
                      "answers.")
    assert "not tried yet" in t.row()
    t.type("Down").until("nothing is to be")
    assert "Map ours" not in t.text()


def test_a_target_says_what_is_refused_and_what_is_to_go(place):
    fill(place.books, 1)
    one = place.books.rows["/v1/targets"][0]
    one["states"].update(failed=1000, dead=2)
    one.update(backlog=123456, breaker="open", why="Connection refused",
               next_at="2026-10-08T09:42:00Z")
    place.serve()
    t = place.console(40, 80).until("live").type("T")
    t.until("Refused: 1,002.").until("1,23,456 in line, 0 on their way, 2 to")
    assert "AWAY" in t.row()


def test_a_wrong_password_is_no_running(place):
    fill(place.books, 1)
    one = place.books.rows["/v1/targets"][0]
    said = "answer 401: user or password is not taken"
    one.update(why=said, good="2026-10-08T09:00:00.000Z", check={
        "at": "2026-10-08T09:30:00.000Z", "good": False, "why": said,
        "faults": []})
    place.serve()
    t = place.console(40, 120).until("live").type("T")
    t.until("Nothing goes there: " + said + ". What is to go tries again")
    # It went well since.
    one["good"] = "2026-10-08T09:31:00.000Z"
    t.type("1", "Ctrl-R", "T").until("Running. Last trouble: " + said, 20)
    assert "Checked" not in t.text()


def test_without_the_daemon_the_copy_is_shown(office):
    with Erp() as erp:
        office.rest("erp", erp.url)
        office.see()
        t = office.console()
        t.type("T").until("[targets]").until("running")
        office.stop()
        t.until("OFFLINE").type("1").until("[1 overview]")
        t.type("T").until("running")
        t.type("p").until("Offline: look around.")


def test_for_scripts(office):
    with Erp(accounts="1200,4010,2300,2310") as erp:
        office.rest("erp", erp.url)
        office.see()
        assert "erp" in office.bahi("targets")
        assert "it can work" in office.bahi("targets", "check", "erp")
        assert "done" in office.bahi("targets", "pause", "erp", "--reason",
                                     "year end")
        assert json.loads(office.bahi("targets", "--json"))["items"][0][
            "state"] == "paused"
        office.bahi("targets", "resume", "erp")
        assert "it can work" in office.bahi("targets", "check", "erp", "now")
        office.bahi("targets", "check", "erp", "then", code=2)
        office.bahi("targets", "resume", "erp", "now", code=2)
        office.bahi("targets", "burn", "erp", code=2)
        office.bahi("commits", "causes", "erp", "more", code=2)
        office.bahi("targets", "look", "erp", code=2)
        office.bahi("targets", "check", "nope", code=1)
        office.rest("lost", "http://127.0.0.1:9/")
        office.see("lost")
        assert "onnect" in office.bahi("targets", "check", "lost", code=1)
        post_sales(office, 1)
        office.until("erp", 1, "failed")
        office.bahi("targets", code=1)          # one needs a person


def test_a_refusal_is_a_sentence(office):
    """Whole, and without what was asked."""
    done = subprocess.run(
        [office.program, "--config", str(office.home / "bahi.conf"),
         "commits", "state=lost"], text=True, capture_output=True,
        env=dict(os.environ, HOME=str(office.dir), LC_ALL="C.UTF-8",
                 BAHI_DATADIR=office.env["BAHI_DATADIR"]))
    assert done.returncode == 2
    assert done.stderr.splitlines()[1] == (
        "  state: lost is none; open, exception, waiting, sending, retrying, "
        "done, failed, dead or skipped")


def test_one_whose_file_is_of_no_use(office):
    """It says so, and what is to be done; nobody has to press a key."""
    office.target("erp", kind="trytan")
    office.see()
    t = office.console()
    t.type("T").until("STOPPED").until("by itself once its file is mended.")
    t.type("c").until("erp does not run: ")
    assert "/v1/" not in t.text() and "u goes on" not in t.text()
    with Erp() as erp:
        office.rest("erp", erp.url)
        t.until("it can work")


def test_one_that_is_paused_and_whose_file_is_of_no_use(office):
    """What the person said stays beside what is wrong in the file."""
    with Erp() as erp:
        office.rest("erp", erp.url)
        office.see()
        office.bahi("targets", "pause", "erp", "--reason", "year end")
        t = office.console()
        t.type("T").until("PAUSED").until("year end")
        office.rest("erp", erp.url, first="soon")
        t.until("STOPPED").until("Stopped: ").until("first: ")
        t.until("year end. It stays paused once that is mended.")
        assert "goes on by itself" not in t.text()
        said = office.bahi("targets", code=1)
        assert "year end" in said and "first: " in said
        office.rest("erp", erp.url)
        t.until("PAUSED").until("year end. u goes on.")


def test_one_that_is_not_reached(office):
    with Erp() as erp, Proxy(erp.port) as proxy:
        proxy.plan("status", 1000, status=500,
                   when=lambda request: request.method == "POST")
        office.rest("erp", proxy.url, failures=1000, attempts=1000)
        office.see()
        post_sales(office, 2)
        office.until("erp", 2, "retrying")
        t = office.console()
        t.type("t").until("connection").until("itself once it does.")
        t.type("Enter").until("INV-0").type("Enter")
        t.until("What was tried").until("itself once it does.")
    lines = t.lines()
    first = next(n for n, one in enumerate(lines) if "ours -> theirs" in one)
    last = next(n for n, one in enumerate(lines) if "What was tried" in one)
    ends = {re.split(r" INR +", one)[1].split()[-1] and
            one.index(one.split()[-1]) for one in lines[first + 1:last]
            if "RETAIL" in one}
    assert len(ends) == 1, lines
