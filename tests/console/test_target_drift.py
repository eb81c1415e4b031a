"""What a target holds otherwise than we do, in the console: three sides, what
people say of it, and both trial balances."""
from test_targets import Office, office  # noqa: F401  (a fixture)
from looks import becomes, book, looked, looking, of, sell, settled
from restd import Erp


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
        t.type("Enter").until("> ").until("Theirs").type("q")
        t.until("[targets]> erp")
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
        t.type("A").until("It becomes ours, because:")
        t.type("it is right", "Enter").until("Post here").type("y")
        t.until("adopt: ")
        becomes(office, one, "closed")


def test_trial_balances(office):
    with Erp() as erp:
        moved(office, erp)
        t = office.console()
        t.type("T").until("running").type("=")
        t.until("4010").seek("4010")
        assert "-100.00" in t.row()
        assert "theirs" in t.row()
        t.type("g").quiet(0.1)
        t.seek("1200")
        assert "236.00" in t.row()
