"""The console against the real daemon and the demo company's month."""
import os
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEMO = ROOT / "data" / "demo"


@pytest.fixture
def company(place):
    bahid = os.environ.get("BAHID", str(ROOT / "build" / "bahid"))
    assert os.access(bahid, os.X_OK), "no daemon; name it with BAHID=path"
    folder = place.folder
    conf = folder / "bahid.conf"

    def run(*args):
        subprocess.run([bahid, "--config", str(conf), *args], check=True,
                       capture_output=True)

    (folder / "bahi.conf").unlink()
    subprocess.run([bahid, "init", str(folder)], check=True,
                   capture_output=True)
    conf.write_text(re.sub(r"(?m)^rules.*$",
                           "rules = %s" % (ROOT / "data" / "rules"),
                           conf.read_text()))
    run("import", str(ROOT / "data" / "reference"))
    for name, scheme in (("pos", "standard"), ("shopify", "shopify"),
                         ("razorpay", "razorpay")):
        run("source", "add", name, scheme)
    daemon = subprocess.Popen([bahid, "--config", str(conf), "run"],
                              stderr=subprocess.PIPE, text=True)
    for line in daemon.stderr:
        if "bahid.ready" in line:
            break
    del place.env["BAHI_CLOCK"]
    made = subprocess.run([sys.executable, str(DEMO / "generate.py"),
                           "--count", "400"], check=True,
                          capture_output=True)
    subprocess.run([sys.executable, str(DEMO / "send.py"), "--url",
                    (folder / "url").read_text().strip(), "--secrets",
                    str(folder / "secrets")], check=True,
                   input=made.stdout, capture_output=True)
    yield place
    daemon.terminate()
    daemon.communicate(timeout=20)


def test_fix_and_drill_down(company):
    shown = company.run("failures").stdout
    count = int(re.search(r"(\d+)\s+\S+\s+[\d,.]+ INR\s+pos\s+No cost",
                          shown).group(1))
    t = company.console().until("live")
    t.type("3", "/", "STORE-THN", "Enter")
    t.until(lambda t: "STORE-THN" in t.row())
    t.type("f")
    t.until("Thane store")
    t.type("THN", "Enter")
    t.until("and retry %d events" % count)
    t.until("y yes  m map only  n no")
    t.type("y")
    t.until("%d done, 0 failed" % count)
    t.until("Nothing matches the filter.")
    assert "STORE-THN" not in company.run("failures").stdout
    assert company.run("events", "state=failed", "q=THN-").returncode == 1
    t.type("Esc", "4")
    t.until("Trade receivables")
    t.type("Enter")
    t.until("[4 ledger]> 1100")
    t.until(lambda t: re.match(r"> 2026-\S+ +J\d+", t.row()))
    t.type("Enter")
    t.until("1100 Trade receivables")
    t.type("Enter")
    t.until("Payload, as it came")
    balance = company.run("ledger")
    assert re.search(r"Total +INR +(\S+) +\1 +0.00", balance.stdout)


def test_dismiss_needs_a_reason_and_empties_the_backlog(company):
    t = company.console().until("live")
    t.type("3", "/", "amounts to 0.00", "Enter")
    t.until(lambda t: "0.00" in t.row())
    t.type("D")
    t.until("Dismiss, because:")
    t.type("Enter")		# not without one
    t.until("Dismiss, because:")
    t.type("test sales of the new till", "Enter")
    t.until("dismiss, because: test sales of the new till")
    t.type("n")
    t.until("Nothing was done.")
    t.type("D", "test sales of the new till", "Enter")
    t.until("dismiss, because: test sales of the new till")
    t.type("y")
    t.until("dismiss: 6 done")
    assert "amount.zero" not in company.run("failures", "--json").stdout
    event = re.search(r"E\d+", company.run(
        "events", "state=dismissed").stdout).group()
    assert "test sales of the new till" in company.run("trace",
                                                       event).stdout
    # The same without a screen: one event, then all of a problem.
    shown = company.run("events", "code=payload.json").stdout
    event = re.search(r"E\d+", shown).group()
    done = company.run("dismiss", event, "till was broken")
    assert done.returncode == 0 and "dismissed" in done.stdout, done.stderr
    assert company.run("dismiss", event, "again").returncode == 3
    assert company.run("dismiss", event).returncode == 2


def test_lists_of_the_real_daemon(company):
    flows = company.run("flows")
    assert flows.returncode == 0 and "shopify" in flows.stdout
    assert company.run("orders").returncode == 1    # the demo has none
    dead = company.run("dead", "data").stdout
    assert "not readable JSON" in dead and "No account" not in dead
    explained = company.run("explain", "1100", "2026-10").stdout
    assert re.search(r"shopify +sales_invoice +\d+ ", explained)
    assert company.run("explain", "1100", "2026-09").returncode == 1
    # One without entries is there; a slip of the finger is not.
    assert company.run("explain", "6220").returncode == 1
    unknown = company.run("explain", "11oo")
    assert unknown.returncode == 1 and unknown.stdout == ""
    assert "Check the name" in unknown.stderr, unknown.stderr
    assert company.run("explain", "11oo", "--json").returncode == 1
    clearing = company.run("clearing")
    assert clearing.returncode == 0, clearing.stderr
    assert re.search(r"\n\d{4} .* [\d,]+\.\d\d +INR +\d+d", clearing.stdout)
    t = company.console(rows=60, columns=80).until("live")
    t.until("Late flows").until("Cash of IN01")
    t.type("5")
    t.until(lambda t: re.search(r"pos +sales_invoice", t.text()))
    t.type("9")
    t.until("[9 dead]").until("The period 2026-09 is closed.")
    t.type("Enter")
    t.until("Findings")


def test_a_cell_that_is_cut_says_so(company):
    """Not two documents that look the same."""
    t = company.console(rows=24, columns=101).until("live")
    t.type("9")
    t.until(lambda t: re.search(r"sales_inv\S*\u2026\S*/MUM-\d{6} ",
                                t.text()))


def test_trace_by_document_tells_of_every_step(company):
    name = re.search(r"IN01/sales_invoice/\S+", company.run(
        "events", "state=posted", "source=pos").stdout).group()
    ran = company.run("trace", name)
    assert ran.returncode == 0 and "Journal J" in ran.stdout
    history = ran.stdout[:ran.stdout.index("Document")]
    assert "state=posted" in history
    assert max(map(len, history.splitlines())) <= 80, history
    journal = re.search(r"Journal (J\d+)", ran.stdout).group(1)
    assert name in company.run("trace", journal).stdout
    assert company.run("trace", "IN01/sales_invoice/none").returncode == 1


def test_a_source_is_paused_replayed_and_resumed(company):
    ran = company.run("pause", "pos", "the till sends twice")
    assert ran.returncode == 0 and "pos is paused" in ran.stdout
    paused = company.run("flows").stdout.splitlines()[1]
    assert paused.startswith("pos ") and re.search(r"\d+m *$", paused)
    t = company.console().until("live")
    t.type("5")
    t.until(lambda t: re.search(r"> pos .* \d+m *$", t.row()))
    t.type("u")
    t.until("Resume pos and post what it has sent?")
    t.type("y")
    t.until("resume: pos")
    t.until(lambda t: not re.search(r"^[> ] pos .*realtime +\d+m *$",
                                    t.text(), re.M))
    ran = company.run("replay", "razorpay", "2020-01-01")
    assert re.search(r"\d+ as they were posted, 0 differ", ran.stdout)
    event = re.search(r"E\d+", company.run(
        "events", "state=posted", "source=pos").stdout).group()
    assert company.run("replay", event).returncode == 0
    assert company.run("approve", event).returncode == 3


def test_master_data_is_changed_from_the_console(company):
    t = company.console().until("live")
    t.type("0")
    t.until("cost_centre").type("Enter")
    t.until("Trade receivables")
    t.type("/", "^1100 ", "Enter", "Enter")
    t.until("> 1100").until("Column").until("Trade receivables")
    # What changes something takes only what is on the screen.
    t.type("/", "^name", "Enter").until("1/1 of 7").type("e")
    t.until("name: Trade receivables")
    t.type(", India", "Enter")
    t.until("becomes")
    t.type("y")
    t.until("account/1100 is changed.")
    t.until(lambda t: "Trade receivables, India" in t.row())
    assert "Trade receivables, India" in company.run(
        "reference", "account").stdout
