"""Every adapter before a server that answers rubbish. It never crashes, what it
keeps of foreign words is short and clean, nobody goes where a redirect sends
him; and its verdict is true: what is done is there, once, and what is refused,
away or to be sent apart is not there."""
import json
import re
import subprocess

import pytest

from erpnextd import Erpnext
from faulty import FAULTS, Faulty
from firm import DRIVER, posting, reference, write_conf, write_rest
from house import ROOT
from odood import Odoo
from restd import Erp
from tallyd import COMPANY, Tally

SLOW = 1        # seconds of a call: what never ends is cut off by that


# ---- adapters: a target at a URL, and a double that tells what it has


def rest(folder, url):
    write_rest(folder, "erp", url, timeout=SLOW)


def tally(folder, url):
    write_conf(folder, "erp", kind="tally", url=url, company=COMPANY,
               timeout=SLOW)


def erpnext(folder, url):
    write_conf(folder, "erp", kind="erpnext", url=url, user="key",
               secret="secret", company="Acme Traders", timeout=SLOW)


def tryton(folder, url):
    write_conf(folder, "erp", kind="tryton", url=url, database="d",
               user="bahi", secret="secret", company="Acme", timeout=SLOW)


def odoo(folder, url):
    write_conf(folder, "erp", kind="odoo", url=url, secret="api-key",
               book="MISC", company="Acme Traders", timeout=SLOW)


def in_rest(erp):
    return sum(one["reference"] == reference(7)
               for one in erp.vouchers.values())


def in_tally(erp):
    return sum(one["remote"] == reference(7)
               for one in erp.vouchers.values())


def in_erpnext(erp):
    return sum(one["bahi_reference"] == reference(7)
               for one in erp.entries.values())


def in_odoo(erp):
    return len(erp.of(reference(7)))


ADAPTERS = {"rest": rest, "tally": tally, "erpnext": erpnext,
            "tryton": tryton, "odoo": odoo}
DOUBLES = {"rest": (Erp, in_rest, ("1000", "4000")),
           "tally": (Tally, in_tally, ("1000", "4000")),
           "erpnext": (Erpnext, in_erpnext, ("Cash - AT", "Sales - AT")),
           "odoo": (Odoo, in_odoo, ("1000", "4000"))}
MUTE = {"tally_file"}


def registered():
    text = (ROOT / "src/targets/targets.c").read_text()
    return set(re.findall(r"&adapter_(\w+)", text)) - MUTE


THERE = sorted(registered() & set(ADAPTERS))


def test_all_adapters_are_here():
    assert not registered() - set(ADAPTERS)


# ---- what must be true of any answer


def clean(text):
    return len(text.encode()) <= 1010 and not re.search(
        r"[\x00-\x1f\x7f-\x9f]", text)


def walk(value):
    if isinstance(value, dict):
        for one in value.values():
            yield from walk(one)
    elif isinstance(value, list):
        for one in value:
            yield from walk(one)
    elif isinstance(value, str):
        yield value


def run(folder, act, *args, postings="-"):
    done = subprocess.run(
        [DRIVER, folder, "erp", postings, act] + [str(one) for one in args],
        capture_output=True, timeout=60)
    assert done.returncode == 0, (act, done.returncode, done.stderr)
    said = json.loads(done.stdout)
    for text in walk(said):
        assert clean(text), (act, text[:200])
    return said


def ask_all(folder, postings):
    """What the server says to each question; no verdict may come of it."""
    said = run(folder, "send", 7, postings=postings)["verdicts"][0]
    assert said["verdict"] != "done", said
    assert "error" in run(folder, "find", reference(7))
    for act in (("check",), ("list", "2026-10-01", "2026-10-03"),
                ("balances", "2026-10-31")):
        run(folder, *act)


def port_of(erp):
    return int(erp.url.rsplit(":", 1)[1])


def write_postings(folder, accounts=("1000", "4000")):
    path = folder / "postings.json"
    path.write_text(json.dumps([posting(
        7, (accounts[0], "118.00"), (accounts[1], "-118.00"),
        number="INV/7")]))
    return path


@pytest.mark.parametrize("fault", sorted(FAULTS))
@pytest.mark.parametrize("kind", THERE)
def test_nothing_but_rubbish(tmp_path, kind, fault):
    with Faulty(fault) as faulty:
        ADAPTERS[kind](tmp_path, faulty.url)
        ask_all(tmp_path, write_postings(tmp_path))
        assert not faulty.strangers()


@pytest.mark.parametrize("fault", sorted(FAULTS))
@pytest.mark.parametrize("kind", sorted(set(DOUBLES) & registered()))
def test_one_answer_is_rubbish(tmp_path, kind, fault):
    """The first one, the second, and so on: the ERP has acted on each."""
    double, count, accounts = DOUBLES[kind]
    postings = write_postings(tmp_path, accounts)
    at, reached = 0, True
    while reached:
        with double() as erp, Faulty(fault, port_of(erp), at) as faulty:
            ADAPTERS[kind](tmp_path, faulty.url)
            said = run(tmp_path, "send", 7, postings=postings)["verdicts"][0]
            held = count(erp)
            reached = faulty.count > at
            assert not faulty.strangers()
        if said["verdict"] == "done":
            assert held == 1, (at, said)
        elif said["verdict"] != "unknown":
            assert held == 0, (at, said)
        assert reached or said["verdict"] == "done", said
        at += 1
    assert at > 1


@pytest.mark.parametrize("fault", sorted(FAULTS))
@pytest.mark.parametrize("kind", sorted(set(DOUBLES) & registered()))
def test_what_is_there_is_never_absent(tmp_path, kind, fault):
    """Else it would be sent again: each answer of a search spoilt in turn."""
    double, count, accounts = DOUBLES[kind]
    postings = write_postings(tmp_path, accounts)
    with double() as erp:
        ADAPTERS[kind](tmp_path, erp.url)
        run(tmp_path, "send", 7, postings=postings)
        assert count(erp) == 1
        at, reached = 0, True
        while reached:
            with Faulty(fault, port_of(erp), at) as faulty:
                ADAPTERS[kind](tmp_path, faulty.url)
                said = run(tmp_path, "find", reference(7))
                reached = faulty.count > at
                assert not faulty.strangers()
            assert "error" in said or len(said["found"]) == 1, (at, said)
            at += 1
    assert at > 1
