"""What tests of commits share: what the API says of them, and events that
post."""
import contextlib

from firm import wait_until
from house import sale

SETTLED = {"done", "skipped"}


def target(firm, name="erp"):
    """Or None: its file was not seen yet."""
    answer = firm.api("GET", "/v1/targets/" + name)
    return answer.json if answer.status == 200 else None


def states(firm, name="erp"):
    one = target(firm, name)
    return {state: n for state, n in one["states"].items() if n} if one \
        else {}


def commits(firm, **query):
    return firm.get("/v1/commits?limit=500&" + "&".join(
        "%s=%s" % one for one in query.items()))["items"]


def tries(firm, journal):
    return [(t["act"], t["outcome"]) for t in
            firm.get("/v1/commits/erp/J%d" % journal)["tries"]]


def act(firm, what, reason="", **which):
    return firm.api("POST", "/v1/commits/act", dict(
        which, act=what, reason=reason))


def post_sales(firm, n, prefix="INV", **how):
    for i in range(n):
        assert firm.post("pos", sale("%s-%d" % (prefix, i), **how),
                         "%s-%d" % (prefix, i)).status == 201


def post_voucher(firm, event, number, amount="10.00", **other):
    lines = [{"account": "1000", "debit": amount},
             {"account": "3000", "credit": amount}]
    return firm.api("POST", "/v1/events", dict(
        {"entity": "IN01", "number": number, "date": "2026-10-05",
         "currency": "INR", "lines": lines}, **other), {
             "Content-Type": "application/json", "ce-specversion": "1.0",
             "ce-id": event, "ce-source": "/tests",
             "ce-type": "in.bahi.journal_voucher"})


def whole(firm, name="erp"):
    """All that is for it is there."""
    one = target(firm, name)
    return one is not None and one["backlog"] == 0 and set(
        states(firm, name)) <= SETTLED


def all_there(firm, name="erp", seconds=30):
    wait_until(lambda: whole(firm, name), "not all there", seconds)


def same_books(firm, erp):
    """No voucher twice, and its balances are ours."""
    assert erp.doubled() == {}
    ours = {}
    trial = firm.get("/v1/trial-balance")
    for total in trial["totals"]:
        assert set(total["balance"]) <= set("0.")
    for row in trial["items"]:
        amount = int(row["balance"].replace(".", ""))
        ours[row["account"]] = ours.get(row["account"], 0) + amount
    assert erp.trial() == {a: n for a, n in sorted(ours.items()) if n}


def store_files(firm):
    return [path for path in firm.home.iterdir()
            if path.name.startswith("bahi.db")]


@contextlib.contextmanager
def lost(firm):
    """The firm goes on with a copy of its store from before this block; what
    its targets took meanwhile they have."""
    firm.stop()
    kept = {path: path.read_bytes() for path in store_files(firm)}
    firm.start()
    yield
    firm.stop()
    for path in store_files(firm):
        path.unlink()
    for path, data in kept.items():
        path.write_bytes(data)
    firm.start()
