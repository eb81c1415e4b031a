"""bahi target: what scripts and people without a screen ask of a target."""
import json
import os
import subprocess
import sys

from firm import wait_until
from house import ROOT
from looks import (act, book, commits, drift, looking, of, sell, settled,
                   start, trial)
from restd import Erp

BAHI = os.environ.get("BAHI", str(ROOT / "build" / "bahi"))


def bahi(firm, *args, code=0, both=False):
    (firm.home / "bahi.conf").write_text("socket = bahid.sock\n")
    done = subprocess.run(
        [BAHI, "--config", str(firm.home / "bahi.conf"), "target"] +
        list(args), env=dict(firm.env, HOME=str(firm.dir), LC_ALL="C.UTF-8"),
        text=True, capture_output=True, timeout=60)
    assert done.returncode == code, (done.returncode, done.stdout,
                                     done.stderr)
    return done.stdout + (done.stderr if both else "")


def change(erp, journal):
    voucher = of(erp, journal)
    erp.change(voucher["id"], lines=[
        dict(one, account="4010") if one["account"] == "4000" else one
        for one in voucher["lines"]])


def test_look_and_decide(firm, erp):
    start(firm, erp)
    assert len(bahi(firm, "look", "erp").splitlines()) == 1
    change(erp, 1)
    change(erp, 2)
    shown = bahi(firm, "look", "erp", code=1)
    assert "J1" in shown and "J2" in shown and "100.00" in shown
    assert "J1" in bahi(firm, "drift", "erp", "kind=changed", code=1)
    assert "J1" not in bahi(firm, "drift", "erp", "kind=missing")
    rows = json.loads(bahi(firm, "drift", "erp", "--json", code=1))["items"]
    assert [one["kind"] for one in rows] == ["changed"] * 2
    bahi(firm, "drift", "erp", "ignore", "T1", code=2)
    assert "1 done" in bahi(firm, "drift", "erp", "theirs", "T1", "--reason",
                            "they are right")
    assert "1 done" in bahi(firm, "drift", "erp", "ours", "T2")
    wait_until(lambda: not drift(firm)["items"])
    assert len(bahi(firm, "look", "erp").splitlines()) == 1
    assert trial(firm)["same"]
    change(erp, 3)
    row, = json.loads(bahi(firm, "look", "erp", "--json", code=1))["items"]
    assert "1 done" in bahi(firm, "drift", "erp", "ignore", row["id"],
                            "--reason", "we know")
    assert "J3" in bahi(firm, "drift", "erp", "state=ignored")
    assert "J1" not in bahi(firm, "drift", "erp", "state=ignored")
    assert "J1" in bahi(firm, "drift", "erp", "state=closed")
    bahi(firm, "drift", "erp", "state=left", code=2)
    bahi(firm, "drift", "erp", "ignore", "T9", "--reason", "x", code=1)


def test_a_look_under_way_is_said(firm, erp, proxy):
    start(firm, proxy)

    def said(*args):
        return bahi(firm, "drift", "erp", *args, both=True)

    assert "Nobody has looked there yet." in said()
    gate = proxy.hold(lambda request: "from=" in request.path)
    assert firm.api("POST", "/v1/targets/erp/look").status == 202
    assert gate.met.wait(30)
    assert "It is being looked at since " in said()
    assert "0 there so far, 0 ours" in said() and "Nobody" not in said()
    assert "looked" not in said("--json").replace('"looking"', "")
    gate.go.set()
    wait_until(lambda: drift(firm)["look"])
    assert "looked" not in said()


def test_adopt_with_what_is_wanting(firm, erp):
    start(firm, erp, strangers="list")
    book(erp, "RENT", ("6100", "500.00"), ("1000", "-500.00"))
    bahi(firm, "look", "erp", code=1)
    bahi(firm, "drift", "erp", "adopt", "T1", "entity=IN01", "--reason",
         "rent", code=3)
    assert "1 done" in bahi(
        firm, "drift", "erp", "adopt", "T1", "entity=IN01",
        "cost_centre=MUM-RETAIL", "--reason", "rent")
    assert len(bahi(firm, "look", "erp").splitlines()) == 1
    assert commits(firm)[-1]["kind"] == "journal_voucher"


def test_trial(firm, erp):
    start(firm, erp)
    shown = bahi(firm, "trial", "erp")
    assert "354.00" in shown and "POS clearing" in shown
    change(erp, 1)
    shown = bahi(firm, "trial", "erp", "day=2026-10-31", code=1)
    assert "100.00" in shown and "4010" in shown
    assert json.loads(bahi(firm, "trial", "erp", "--json",
                           code=1))["same"] is False
    bahi(firm, "trial", "nobody", code=1)
    bahi(firm, "trial", "erp", "day=x", code=2)


def test_against(firm, erp):
    with Erp() as new:
        looking(firm, erp)
        looking(firm, new, "new")
        firm.start()
        sell(firm, "R-1", "R-2")
        settled(firm, 2)
        settled(firm, 2, "new")
        assert "236.00" in bahi(firm, "against", "erp", "new")
        new.remove(of(new, 2)["id"])
        bahi(firm, "look", "new", code=1)
        shown = bahi(firm, "against", "erp", "new", code=1)
        assert "J2" in shown and "differs" in shown
        bahi(firm, "against", "erp", code=2)


def described(method, route, status="200"):
    sys.path.append(str(ROOT / "tests/api"))
    from test_api import OPENAPI, check, resolve
    answers = OPENAPI["paths"]["/v1/targets/" + route][method]["responses"]
    schema = resolve(answers[status])["content"]["application/json"]["schema"]
    return lambda value: check(value, schema, route)


def test_answers_are_as_described(firm, erp):
    with Erp() as new:
        looking(firm, new, "new")
        start(firm, erp, strangers="list")
        settled(firm, 3, "new")
        change(erp, 1)
        erp.remove(of(erp, 2)["id"])
        book(erp, "OWN", ("5230", "9.00"), ("1000", "-9.00"))
        asked = firm.api("POST", "/v1/targets/erp/look")
        described("post", "{name}/look", "202")(asked.json)
        rows = wait_until(lambda: len(drift(firm)["items"]) == 3 and
                          drift(firm)["look"] and drift(firm))
        described("get", "{name}/drift")(rows)
        described("post", "{name}/drift/act")(act(
            firm, "ignore", rows["items"][0], dict(rows["items"][1],
                                                   version=9)))
        described("get", "{name}/drift")(drift(firm, query="state=all"))
        described("get", "{name}/trial")(trial(firm))
        said = firm.get("/v1/targets/erp/against/new")
        described("get", "{name}/against/{other}")(said)
        assert said["items"] and said["balances"]
