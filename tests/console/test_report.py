"""The page of `bahi report`: its figures are the API's, in a real browser;
hostile names do nothing, and nothing is asked of any network."""
import html.parser
import os
import re
import subprocess

import pytest

from gst import OWN, Returns, invoice, made
from test_close import walked

HOSTILE = "<img src=http://127.0.0.1:9/x onerror=document.title='run'>\"'&"


def grouped(amount):
    """1234567.00 as 12,34,567.00."""
    sign, whole, rest = re.match(r"(-?)(\d+)(.*)", str(amount)).groups()
    head, tail = whole[:-3], whole[-3:]
    parts = re.findall(r"\d{1,2}", head[::-1])
    return sign + ",".join([p[::-1] for p in parts[::-1]] + [tail]) + rest


class Texts(html.parser.HTMLParser):
    """Rows of cells, all text, and what a page could load."""

    def __init__(self, page):
        super().__init__()
        self.rows, self.text, self.loads, self.tags = [], [], [], set()
        self.cell = False
        self.feed(page)
        self.all = " ".join(self.text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.loads += [v for k, v in attributes if k in (
            "src", "href", "srcset", "action", "background", "data")
            or k.startswith("on")]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self.cell = True

    def handle_endtag(self, tag):
        self.cell = self.cell and tag not in ("td", "th")

    def handle_data(self, data):
        self.text.append(data)
        if self.cell:
            self.rows[-1][-1] += data

    def row(self, first):
        return next(row for row in self.rows if row and row[0] == first)


def browse(page, folder, *args):
    """Opened for real, everything that it asks for written down."""
    log = folder / "net.json"
    done = subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu",
         "--user-data-dir=%s" % (folder / "profile"), "--log-net-log=%s" % log,
         "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run", "--virtual-time-budget=2000",
         *args, page.as_uri()], text=True, capture_output=True, timeout=180,
        env=dict(os.environ, HOME=str(folder)))
    assert done.returncode == 0, done.stderr
    return done.stdout, log.read_text()


@pytest.fixture(scope="module")
def house(bahi):
    one = made(Returns, bahi)
    one.month()
    one.tell(invoice("BAD-1", (1234567, 18), place="27", party=HOSTILE),
             state="failed")
    walked(one)
    yield one
    one.close()


@pytest.fixture(scope="module")
def page(house, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    path = folder / "close.html"
    house.bahi("report", "--html", str(path), "--period", "2026-10")
    return path


def test_figures_are_those_of_the_api(house, page):
    got = Texts(page.read_text())
    board = house.get("/v1/close?period=2026-10")
    for line in board["items"]:
        name = {"gst": "GST"}.get(line["line"], line["line"].capitalize())
        row = got.row(name)
        assert row[2] == grouped(line["count"])
        assert ("OPEN" in row[1]) == (not line["ok"])
    assert "%s open" % board["open"] in got.all
    status = house.get("/v1/status")
    seq = int(re.search(r"As of sequence (\d+)", got.all)[1])
    assert 0 < seq <= status["as_of"]["change"]
    [amount] = [a for a in status["unposted"]["amounts"]
                if a["currency"] == "INR"]
    assert grouped(amount["amount"]) + " INR" in got.all
    for one in house.get("/v1/signatures")["items"]:
        [row] = [row for row in got.rows if row[0] == one["sentence"]]
        assert row[2] == grouped(one["count"])
    query = "?gstin=%s&period=102026" % OWN
    summary = house.get("/v1/gst/summary" + query)
    for section in summary["sections"]:
        if section["documents"]:
            row = next(r for r in got.rows if r[2:3] == [
                section["table"]] and r[3] == str(section["documents"]))
            assert (grouped(section["taxable"])
                    if float(section["taxable"]) else ".") == row[5]
            for tax in ("igst", "cgst", "sgst"):
                value = section[tax]
                assert (grouped(value) if float(value) else ".") in row
    for due in summary["due"]:
        assert due["date"] in got.all
    for head in ("igst", "cgst", "sgst"):
        assert grouped(summary["total"][head]) in got.all
    days = house.get("/v1/activity?period=2026-10")["days"]
    for day in days:
        if day["journals"]:
            assert "%s: %s" % (day["day"], day["journals"]) in got.all


def test_it_opens_and_asks_nobody(page, tmp_path):
    text = page.read_text()
    got = Texts(text)
    assert not got.loads and not got.tags & {"script", "img", "link",
                                             "iframe", "object", "form"}
    assert "default-src 'none'" in text and HOSTILE in got.all
    dom, net = browse(page, tmp_path, "--dump-dom")
    seen = Texts(dom)
    assert HOSTILE in seen.all and seen.rows == got.rows
    assert "<title>Close of" in dom and "img" not in seen.tags
    assert "127.0.0.1:9" not in net
    # The style that the policy names is in force: it has a width.
    shot = tmp_path / "phone.png"
    browse(page, tmp_path, "--screenshot=%s" % shot, "--window-size=390,844")
    assert shot.stat().st_size > 10000
    paper = tmp_path / "page.pdf"
    browse(page, tmp_path, "--print-to-pdf=%s" % paper)
    pdf = paper.read_bytes()
    assert pdf[:5] == b"%PDF-"
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert round(float(box[1])) == 595 and round(float(box[2])) == 842


def test_without_a_daemon_it_says_how_old_it_is(house, tmp_path):
    console = house.console()
    console.type("B").until("open for posting")
    console.until("by day of 2026-10", 20)
    console.type("q")
    house.stop()
    path = tmp_path / "old.html"
    house.bahi("report", "--html", str(path), code=5)
    got = Texts(path.read_text())
    assert "The daemon cannot be reached: from a copy" in got.all
    assert got.row("Failures")[2] == "1"


def test_wrong_words(house):
    for words in ((), ("--html",), ("--htm", "x"), ("--html", "-", "--x")):
        house.bahi("report", *words, code=2)
