"""What a target holds otherwise than we do, in the console: three sides, what
people say of it, and both trial balances."""
from test_targets import Office, office  # noqa: F401  (a fixture)
from firm import wait_until
from looks import (becomes, book, looked, looking, of, reference_data, sell,
                   settled)
from outbox import post_sales, target
from proxy import Proxy
from restd import Erp
from test_approvals import POLICY_HEAD


def moved(office, erp, n=2):
    """One is on another account there."""
    looking(office, erp)
    office.see()
    sell(office, *("R-%d" % i for i in range(1, n + 1)))
    settled(office, n)
    voucher = of(erp, 1)
    erp.change(voucher["id"], lines=[
        dict(one, account="4010") if one["account"] == "4000" else one
        for one in voucher["lines"]])
    return looked(office)[0]


def shown(office, rows=40, columns=120):
    t = office.console(rows, columns)
    t.type("T").until("[targets]").until("running")
    return t.type("x").until("[targets]> erp").until("changed")


def test_three_sides_and_ours_again(office):
    with Erp() as erp:
        one = moved(office, erp)
        t = shown(office)
        t.until("It was changed there.")
        assert "R-1" in t.row() and "INR" in t.row()
        below = t.text()
        assert "Base" in below and "Theirs" in below
        assert "! 4010" in below and "! 4000" in below
        assert "  1200" in below            # which is the same
        # Also from the one that has the whole screen.
        t.type("Enter").until("[targets]> T1").until("Theirs")
        t.type("i").until("Leave it, because:").type("no matter", "Enter")
        t.until("Leave it as it is, 100.00 INR?").type("n", "q")
        t.until("[targets]> erp: drift")
        t.type("K").until("What we have is to be there again").type("y")
        t.until("ours: 1 done")
        becomes(office, one, "closed")
        t.until("It has what we have.")
        assert {l["account"] for l in of(erp, 1)["lines"]} >= {"4000"}


def test_theirs_with_a_reason_and_leave_it(office):
    with Erp() as erp:
        one = moved(office, erp)
        t = shown(office, 24, 80)
        assert max(map(len, t.lines())) <= 80
        t.type("i").until("Leave it, because:").type("we know", "Enter")
        t.until("Leave it as it is").type("n").until("Nothing was done.")
        t.type("T").until("They are right, because:")
        t.type("their accountant", "Enter").until("Post here what it has")
        t.type("y").until("theirs: 1 done")
        becomes(office, one, "closed")


def test_a_stranger_is_adopted(office):
    with Erp() as erp:
        looking(office, erp, strangers="list", entities="IN01")
        office.see()
        sell(office, "R-1")
        settled(office, 1)
        book(erp, "JV-77", ("1000", "50.00"), ("4000", "-50.00"))
        one, = looked(office)
        t = office.console()
        t.type("T").until("running").type("x").until("not ours")
        t.until("Text there").until("by hand")      # what it is of
        t.type("A").until("Cost centre of lines that have none").type(
            "Enter").until("It becomes ours, because:")
        t.type("it is right", "Enter").until("Post here").type("y")
        t.until("adopt: 1 done")
        becomes(office, one, "closed")
        # One that somebody else must approve is said to wait for that.
        reference_data(office, "policy", POLICY_HEAD +
                       "amount,journal_voucher,*,10.00,,,approver,\n")
        book(erp, "JV-78", ("1000", "70.00"), ("4000", "-70.00"))
        looked(office)
        t.until("JV/26-27/000003").type("A").until("Cost centre of").type(
            "Enter").until("because:").type("so it is", "Enter")
        t.until("Post here").type("y")
        t.until("adopt: 1 done; 1 wait for an approval")
        t.until("posts it here; where it is held, once it is approved.")


def test_a_stranger_of_no_entity_is_given_one(office):
    with Erp() as erp:
        looking(office, erp, strangers="list")
        office.see()
        sell(office, "R-1")
        settled(office, 1)
        book(erp, "JV-77", ("1000", "50.00"), ("4000", "-50.00"))
        one, = looked(office)
        assert one["entity"] is None
        t = office.console()
        t.type("T").until("running").type("x").until("not ours")
        t.type("A").until("Of which entity (and cost centre): IN01")
        t.type("Ctrl-U", "Enter").until("Nothing was done.")
        t.type("A").until("IN01").type("Ctrl-U", "XX99", "Enter")
        t.until("because:").type("it is right", "Enter").until("Post here")
        t.type("y").until("entity: XX99")
        t.type("A").until("(and cost centre): IN01").type("Enter")
        t.until("because:").type("it is right", "Enter").until("Post here")
        t.type("y").until("adopt: 1 done")
        becomes(office, one, "closed")
        entries = office.get("/v1/accounts/1000/entries")["items"]
        assert [e["amount"] for e in entries] == ["50.00"]


def test_a_look_by_its_key(office):
    with Erp() as erp:
        looking(office, erp)
        office.see()
        sell(office, "R-1", "R-2")
        settled(office, 2)
        t = office.console(24, 80)
        t.type("T").until("running").until(
            lambda t: "Looked at" in t.text() and "never" in t.text())
        t.type("x").until("Nobody has looked there yet: L looks.")
        assert "It has what we have." not in t.text()
        assert target(office)["looked"] is None
        t.type("L").until("erp is being looked through")
        t.until("2 there, 2 ours").until("It has what we have.")
        t.type("q").until(lambda t: "never" not in t.text())
        # Again from the target itself, after somebody changed one there.
        voucher = of(erp, 1)
        erp.change(voucher["id"], lines=[
            dict(one, account="4010") if one["account"] == "4000" else one
            for one in voucher["lines"]])
        before = target(office)["looked"]
        t.type("L").until("erp is being looked through")
        wait_until(lambda: target(office)["looked"] != before, "no look")
        t.type("x").until("It was changed there.")
        # One that fails says so, and claims nothing.
        erp.trouble("status", status=500, when=lambda r: "from" in r.query)
        t.type("L").until("The look of ")
        assert "failed" in t.text()


def test_what_was_left_is_seen(office):
    """By the key that shows what is ignored elsewhere; who said so and why."""
    with Erp() as erp:
        moved(office, erp)
        t = shown(office, 24, 80)
        t.type("i").until("Leave it, because:").type("we know", "Enter")
        t.until("Leave it as it is").type("y").until("ignore: 1 done")
        t.until("It has what we have.")
        t.type("s").until("What was left as it is").until("R-1")
        t.until("we know").until("Theirs")
        assert "changed" in t.row() and max(map(len, t.lines())) <= 80
        t.type("Enter").until("[targets]> T1").until("we know").type("q")
        t.type("i").until("Leave it, because:").type("again", "Enter")
        t.until("Leave it as it is").type("y").until("it is closed")
        t.type("s").until("What is closed").until("R-1")
        t.type("s").until("It has what we have.")
        assert "R-1" not in t.text()
        # One that mended itself was not left.
        voucher = of(erp, 2)
        before = voucher["lines"]
        erp.change(voucher["id"], lines=[
            dict(one, account="4010") if one["account"] == "4000" else one
            for one in before])
        looked(office)
        erp.change(voucher["id"], lines=before)
        looked(office)
        t.type("s").until("R-1")
        assert "R-2" not in t.text()
        t.type("s").until("R-2")


def test_a_look_under_way(office):
    """Not as if nobody had looked; and how far it is."""
    with Erp() as erp, Proxy(erp.port) as proxy:
        looking(office, proxy)
        office.see()
        sell(office, "R-1", "R-2")
        settled(office, 2)
        gate = proxy.hold(lambda request: "from=" in request.path)
        t = office.console(24, 80)
        t.type("T").until("running").type("x")
        t.until("Nobody has looked there yet: L looks.")
        t.type("L").until("erp is being looked through")
        t.until("It is being looked at since ").until("0 there so far")
        assert "Nobody has looked" not in t.text() and gate.met.wait(30)
        assert max(map(len, t.lines())) <= 80
        gate.go.set()
        t.until("2 there, 2 ours").until("It has what we have.")
        t.until(lambda t: "being looked at" not in t.text())
        # By another, who does not say so to this screen.
        gate = proxy.hold(lambda request: "from=" in request.path)
        assert office.api("POST", "/v1/targets/erp/look").status == 202
        assert gate.met.wait(30)
        t.type("q", "x").until("It is being looked at since ")
        t.until("2 there, 2 ours")
        gate.go.set()
        t.until(lambda t: "being looked at" not in t.text())


def test_trial_balances(office):
    with Erp() as erp:
        moved(office, erp)
        t = office.console()
        t.type("T").until("running").type("=")
        t.until("[targets]> erp: trial balance")
        t.until("INR: 2 of 5 accounts differ")
        t.until("1 posting differs there").seek("4010")
        assert "-100.00" in t.row()
        assert "theirs" in t.row()
        t.type("g").quiet(0.1)
        t.seek("1200")
        assert "236.00" in t.row()
        # It is the target that is away, not the daemon; what was seen stays.
        erp.trouble("close", 100, when=lambda r: r.path == "/trial-balance")
        t.type("Ctrl-R").until("The target cannot be reached.")
        assert "live" in t.lines()[0] and "236.00" in t.row()


def test_what_was_refused_is_not_the_same(office):
    """Nothing differs from what is expected, and yet the books do."""
    with Erp(accounts="1200,4010,2300,2310") as erp:
        office.rest("erp", erp.url)
        office.see()
        post_sales(office, 2)
        office.until("erp", 2, "failed")
        for size in ((40, 120), (24, 80)):
            t = office.console(*size)
            t.type("T").until("running").type("=")
            t.until("accounts, as expected").until(
                "In 4 accounts it lacks what is on its way, refused or "
                "skipped.")
            assert "same to the paisa" not in t.text()
