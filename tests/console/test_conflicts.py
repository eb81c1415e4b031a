"""Conflicts on the screen and by verb, against a real daemon: two people
changed one document, and a third says what it shall be."""
import json
import os
import pathlib
import random
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
from house import House, sale
from test_gst_checks import TABLES
from terminal import Terminal

GOLDEN = pathlib.Path(__file__).with_name("golden")


class Office(House):
    """Ann and Ben, who change what the till has sent."""

    def __init__(self, program):
        super().__init__()
        self.program, self.terminals = program, []
        self.start()
        self.tokens = {name: self.run("token", "add", name, "clerk")
                       .stdout.strip() for name in ("ann", "ben")}
        (self.dir / "bahi.conf").write_text(
            "socket = %s\ncache = cache.db\nseal = no\n" %
            (self.home / "bahid.sock"))

    def bahi(self, *args):
        return subprocess.run(
            [self.program, "--config", str(self.dir / "bahi.conf"), *args],
            env=dict(os.environ, LANG="C.UTF-8"), text=True,
            capture_output=True, timeout=60)

    def console(self, rows=40, columns=120, **env):
        one = Terminal([self.program, "--config",
                        str(self.dir / "bahi.conf")], rows, columns,
                       {"XDG_STATE_HOME": str(self.dir / "state"), **env})
        self.terminals.append(one)
        return one.until("live")

    def path(self, number):
        return "/v1/documents/IN01/sales_invoice/" + number

    def read(self, number):
        got = self.api("GET", self.path(number))
        return got.json["document_body"], got.headers["ETag"]

    def write(self, name, number, body, etag):
        connection = self.connect()
        connection.request("PUT", self.path(number), json.dumps(body), {
            "Authorization": "Bearer " + self.tokens[name],
            "Content-Type": "application/json", "If-Match": etag})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())

    def contest(self, number, ann, ben):
        """Ann's change is in the books, Ben's waits. Its event."""
        assert self.post("pos", sale(number), "m-" + number).status < 300
        body, etag = self.read(number)
        status, answer = self.write("ann", number, ann(body), etag)
        assert status == 200, answer
        status, answer = self.write("ben", number, ben(body), etag)
        assert status == 412, answer
        return answer["event"]

    def state(self, event):
        return self.get("/v1/events/" + event)["state"]

    def close(self):
        for one in self.terminals:
            one.close()
        super().close()


@pytest.fixture
def office(bahi):
    one = Office(bahi)
    yield one
    one.close()


# ---- what people change ----------------------------------------------------

def field(**change):
    return lambda body: dict(body, **change)


def lines(change):
    """Of each line what `change` makes of it; None: it is gone."""
    def apply(body):
        new = [change(dict(line)) for line in body["lines"]]
        return dict(body, lines=[line for line in new if line])
    return apply


def on(kind, **change):
    return lines(lambda line: {
        key: value for key, value in dict(line, **change).items()
        if value is not None} if line["type"] == kind else line)


def scaled(n):
    """Everything n times."""
    def apply(body):
        return dict(lines(lambda line: dict(
            line, amount=line["amount"] * n))(body),
            total=body["total"] * n, tax=body["tax"] * n)
    return apply


def with_line(at, kind, minor, sign=1, **other):
    """One line more, paid on the spot."""
    def apply(body):
        out = on("settled", amount=body["total"] + sign * minor)(body)
        out["lines"].insert(at, {"type": kind, "account": "4000",
                                 "cost_centre": "MUM-RETAIL",
                                 "amount": minor, **other})
        return dict(out, total=body["total"] + sign * minor)
    return apply


def both(*changes):
    def apply(body):
        for change in changes:
            body = change(body)
        return body
    return apply


MEMO_ANN, MEMO_BEN = field(memo="Ann was here"), field(memo="Ben, too")


# ---- golden screens --------------------------------------------------------

CHANGES = [
    field(memo="paid twice, see the bank"),
    field(memo="\u0930\u093e\u092e \u0915\u093e \u0915\u093e\u092e 12"),
    field(memo="a remark that is far longer than any column of the screen "
          "and goes on until nobody wants to read it any more"),
    field(memo=None),
    field(reference="PO-2026-0117"), field(reference="PO-2026-0171"),
    field(date="2026-10-06"), field(date="2026-10-16"),
    field(channel="desk"),
    on("sale", cost_centre="PUN-RETAIL"), on("sale", memo="two of them"),
    on("sale", quantity="2"), on("sale", quantity="12"),
    scaled(2), scaled(3), scaled(1000),
    with_line(2, "sale", 5000), with_line(4, "shipping", 4900),
    with_line(1, "sale", 250000, memo="\u0915\u093e\u092e"),
    with_line(4, "discount", 1000, -1),
]


def fifty():
    """Pairs of changes: one or two on each side, the same ones for ever."""
    dice = random.Random(20261005)
    return [[both(*dice.sample(CHANGES, 1 + dice.randrange(2)))
             for _ in range(2)] for _ in range(50)]


@pytest.fixture(scope="module")
def desk(bahi):
    one = Office(bahi)
    for n, (ann, ben) in enumerate(fifty(), 1):
        one.contest("INV-%03d" % n, ann, ben)
    yield one
    one.close()


def masked(terminal):
    """The screen below the first line, without what the clock says and how
    many rows there are by now."""
    text = "\n".join(terminal.lines()[1:])
    for what, mask in ((r"> E\d+ .*", "> E#"), (
            r"\d{4}-\d\d-\d\d \d\d:\d\d", "2026-MM-DD hh:mm")):
        text = re.sub(what, mask, text)
    return text.rstrip() + "\n"


def settled(terminal):
    """What is still to come is out of sight."""
    text = terminal.text()
    return "]> E" in text and terminal.row() != "" and \
        "asked for" not in text and "Working out" not in text and \
        terminal.quiet(0.05) == 0	# the whole of a frame


def screens(terminal, count):
    terminal.type("C")
    terminal.until("INV-001")
    for n in range(1, count + 1):
        terminal.until(lambda t: "INV-%03d" % n in t.row())
        terminal.type("Enter")
        terminal.until(settled)
        yield "==== %d\n" % n + masked(terminal)
        terminal.type("q", "j")


@pytest.mark.parametrize("rows,columns", [(40, 120), (24, 80)])
@pytest.mark.parametrize("mode,env", [
    ("colour", {}), ("ascii", {"LC_ALL": "C"}),
    ("mono", {"NO_COLOR": "1", "TERM": "vt100"})])
def test_fifty_screens(desk, rows, columns, mode, env):
    """The same text in each; colour only repeats it. What differs in the
    others shows in a dozen."""
    count = 50 if mode == "colour" else 12
    file = GOLDEN / ("conflicts-%dx%d.txt" % (columns, rows))
    terminal = desk.console(rows, columns, **env)
    coloured, seen = 0, []
    for one in screens(terminal, count):
        seen.append(one)
        coloured += any(cell.fg != "default" for line in
                        terminal.screen.buffer.values()
                        for cell in line.values())
        assert max(map(len, one.splitlines())) <= columns
    assert (coloured > 0) == (mode != "mono")
    if os.environ.get("BAHI_GOLDEN") and mode == "colour":
        file.parent.mkdir(exist_ok=True)
        file.write_text("".join(seen))
    want = "".join(re.split("(?m)^(?===== )", file.read_text())[:count + 1])
    seen = "".join(seen)
    if mode == "ascii":     # a sign for each cell of what it cannot show
        want = re.sub("[^\0-\x7f]+", "?", want.replace("\u2026", "~"))
        seen = re.sub(r"\?+", "?", seen)
    assert seen == want


def test_what_marks_say_is_what_was_changed(desk):
    """Without its marks a value is the old one or the new one."""
    for item in desk.get("/v1/conflicts?limit=500")["items"][:20]:
        shown = desk.bahi("conflicts", "show", item["event"])
        assert shown.returncode in (0, 1), shown.stderr
        [one] = desk.get("/v1/conflicts/" + item["event"])["documents"]
        for side in ("current", "incoming"):
            memo, base = one[side].get("memo"), one["base"].get("memo")
            if memo == base or memo is None or base is None:
                continue
            line = re.search(r"^memo .*$", shown.stdout, re.M).group()
            new = re.sub(r"\[-.*?-\]", "", line)
            assert memo in new.replace("{+", "").replace("+}", ""), line


# ---- what may be sent ------------------------------------------------------

class Registered(Office):
    """Under GST, so that tax is checked."""

    def make(self):
        super().make()
        folder = self.dir / "gst"
        folder.mkdir(exist_ok=True)
        for name in ("party", "taxpayer", "gst_item", "registration"):
            (folder / (name + ".csv")).write_text(TABLES[name])
        self.run("import", str(folder))


@pytest.fixture(scope="module")
def taxed(bahi):
    one = Registered(bahi)
    yield one
    one.close()


def tax(cgst, sgst, sale=None):
    """CGST and SGST of the invoice, and the sale that they are of."""
    def apply(body):
        size = {"2300": cgst, "2310": sgst}
        out = lines(lambda line: dict(line, amount=size.get(
            line["account"], line["amount"])))(body)
        if sale is not None:
            out = on("sale", amount=sale)(out)
        total = sum(line["amount"] for line in out["lines"]
                    if line["type"] != "settled")
        return dict(on("settled", amount=total)(out), total=total,
                    tax=cgst + sgst)
    return apply


def blocks(answer):
    return [one["sentence"] for one in answer["findings"]
            if one["level"] != "warn"]


def test_accepted_merges_are_valid(taxed):
    """Of the fifty, each side and the merge: what is accepted is posted and
    its tax is rate by value; what is not valid is not sent."""
    accepted = refused = 0
    for n, (ann, ben) in enumerate(fifty(), 1):
        number = "V-%03d" % n
        assert taxed.post("pos", sale(number), "m-" + number).status < 300
        body, etag = taxed.read(number)
        if taxed.write("ann", number, ann(body), etag)[0] != 200:
            taxed.write("ann", number, MEMO_ANN(body), etag)
        status, answer = taxed.write("ben", number, ben(body), etag)
        assert status == 412, answer
        if taxed.state(answer["event"]) == "failed":
            continue		# it was wrong before anybody merged
        event, before = answer["event"], taxed.read(number)
        take = ("merge", "incoming")[n % 2]
        seen = taxed.api("POST", "/v1/conflicts/%s/preview" % event,
                         {"take": take})
        done = taxed.bahi("conflicts", "resolve", event, "--take", take,
                          "--reason", "agreed")
        if seen.status == 200 and blocks(seen.json) == []:
            assert done.returncode == 0, done.stderr
            assert taxed.state(event) == "posted"
            for one in seen.json["heads"]:
                # Up to a rupee a line is let through with a warning.
                assert one["cause"] in ("", "rounding") or seen.json[
                    "findings"] and abs(float(one["difference"])) <= 1, one
            assert len(seen.json["heads"]) == 2
            accepted += 1
        else:
            assert done.returncode == 3, (seen.json, done.stderr)
            assert seen.status == 422 or blocks(seen.json)[0] in done.stderr
            assert taxed.state(event) == "conflict"
            assert taxed.read(number) == before
            refused += 1
    assert accepted >= 20 and refused > 0, (accepted, refused)
    taxed.prove()


def written(*values):
    """Keys that write these into the fields that are open, in their order."""
    keys = []
    for value in values:
        keys += ["e", "Ctrl-U", value, "Enter"]
    return keys


def numbered(gstin):
    return both(field(gst={"party_gstin": gstin, "category": "regular"}),
                on("sale", hsn="6205", unit="PCS", quantity="1"))


AS_LINES = "CGST (18%) 9.00, as by lines"


@pytest.mark.parametrize("number,ann,ben,keys,shown,sentence", [
    ("W-1", numbered("27BBBBB1111B1ZN"), numbered("27AAPFU0939F1ZV"), ["3"],
     AS_LINES, None),
    ("W-2", numbered("27BBBBB1111B1ZN"), numbered("27AAPFU0939F1ZV"),
     written("27BBBBB1111B1ZM"), AS_LINES, "27BBBBB1111B1ZM"),
    ("W-3", MEMO_ANN, tax(359100, 359100, 3989990), [],
     "CGST (18%) 3,591.00, by lines 3,590.99: rounding 0.01", None),
    ("W-4", tax(1800, 1800, 20000), tax(2700, 2700, 30000),
     written("310.00", "300.00", "5.00", "5.00"),
     "CGST (18%) 5.00, by lines 27.00: tax is not rate x value -22.00",
     "44.00"),
    ("W-5", field(date="2026-10-06"), field(date="2026-10-07"),
     written("2026-09-30"), AS_LINES, "2026-09"),
])
def test_it_is_judged_before_it_is_sent(taxed, number, ann, ben, keys, shown,
                                        sentence):
    event = taxed.contest(number, ann, ben)
    before = taxed.read(number)
    t = taxed.console(rows=60)
    t.type("C").until("Wants").until(lambda t: number in t.text())
    for _ in range(80):
        if number in t.row():
            break
        row = t.row()
        t.type("j").until(lambda t: t.row() != row)
    t.type("Enter").until("Version 2 is of ann")
    for key in keys:
        t.type(key)
        if key == "Enter":
            t.until("written")
            t.type("]")
    t.until(shown)
    if sentence is None:
        t.type("a")
        applied(t)
        assert taxed.state(event) == "posted"
        return
    t.type("a").until("Not valid yet:").until("not valid yet: see below")
    [line] = [one for one in t.lines() if "Not valid yet:" in one]
    assert sentence in line
    assert taxed.state(event) == "conflict"
    assert taxed.read(number) == before


# ---- by keys ---------------------------------------------------------------

def opened(office, *events, **size):
    """The review of the first conflict."""
    t = office.console(**size)
    t.type("C")
    t.until("Wants").until(lambda t: t.row() != "")
    t.type("Enter")
    return t.until("Version 2 is of ann")


def applied(t, reason="agreed with both"):
    t.until("Apply, because:")
    t.type(reason, "Enter")
    t.until("into the books?")
    t.type("y")
    return t.until("resolve: 1 done, 0 failed")


def test_one_key_applies_what_does_not_overlap(office):
    event = office.contest("A", field(memo="by Ann"),
                           field(reference="by Ben"))
    t = opened(office)
    t.until("do not overlap: c applies both")
    t.type("c")
    applied(t)
    t.until("Nothing here.")
    body, etag = office.read("A")
    assert (body["memo"], body["reference"], etag) == (
        "by Ann", "by Ben", '"3"')
    assert office.state(event) == "posted"
    office.prove()


@pytest.mark.parametrize("columns,rows", [(120, 40), (80, 24)])
@pytest.mark.parametrize("key,memo,total", [
    ("1", "STORE-MUM", 11800), ("2", "Ann was here", 23600),
    ("3", "Ben, too", 35400)])
def test_each_side_of_each_field(office, key, memo, total, columns, rows):
    office.contest("A", both(MEMO_ANN, scaled(2)), both(MEMO_BEN, scaled(3)))
    t = opened(office, columns=columns, rows=rows)
    t.until("5 fields overlap and are not chosen yet")
    t.type("a")
    t.until("5 fields overlap: choose")
    # One after the other: each choice leads to the next one.
    t.type(key, key, key, key, key, "g")
    t.until("All is chosen").until("a applies the result")
    t.type("a")
    applied(t, "as it was agreed")
    body, etag = office.read("A")
    assert (body["memo"], body["total"], etag) == (memo, total, '"3"')
    office.check_books()
    office.prove()


def test_a_field_is_written_and_judged(office):
    office.contest("A", on("sale", cost_centre="PUN-RETAIL"),
                   on("sale", cost_centre=None))
    t = opened(office)
    t.until(lambda t: "cost_centre" in t.row())
    t.type("e")
    t.until("lines[1].cost_centre:")
    t.type("NOWHERE", "Enter")
    t.until("written").until("! ")
    t.type("a")
    t.until("Not valid yet:")
    assert office.read("A")[1] == '"2"'
    t.type("e", "Ctrl-U", "MUM-RETAIL", "Enter")
    t.until("a applies the result", 20)
    assert "! " not in t.text()
    t.type("a")
    applied(t)
    body, _ = office.read("A")
    assert [line.get("cost_centre") for line in body["lines"]
            if line["type"] == "sale"] == ["MUM-RETAIL"]
    office.prove()


def test_a_value_that_is_no_value(office):
    office.contest("A", scaled(2), scaled(3))
    t = opened(office)
    t.until(lambda t: t.row() != "")
    t.until(lambda t: "amount" in t.row())
    t.type("e", "Ctrl-U", "12.345", "Enter")
    t.until("That can not be written there.")
    t.type("e", "Esc")
    t.until(lambda t: "12.345" not in t.text())


def test_next_and_previous(office):
    office.contest("A", both(field(memo="Ann"), field(reference="R")),
                   both(field(memo="Ben"), field(channel="desk")))
    t = opened(office)
    t.until(lambda t: "memo" in t.row())	# what must be chosen
    t.type("N")
    t.until(lambda t: "reference" in t.row())
    t.type("[")
    t.until(lambda t: "channel" in t.row())
    t.type("[")
    t.until(lambda t: "channel" in t.row())
    t.type("n", "]")
    t.until(lambda t: "memo" in t.row())


@pytest.mark.parametrize("key,total,version,state", [
    ("K", 23600, '"2"', "dismissed"), ("T", 35400, '"3"', "posted")])
def test_a_whole_side(office, key, total, version, state):
    event = office.contest("A", scaled(2), scaled(3))
    t = opened(office)
    t.type(key)
    t.until("a applies the result")
    t.type("a")
    applied(t)
    body, etag = office.read("A")
    assert (body["total"], etag) == (total, version)
    assert office.state(event) == state
    if key == "K":
        assert "agreed with both" in office.bahi("trace", event).stdout
    office.check_books()
    office.prove()


def test_the_document_moved_on_meanwhile(office):
    event = office.contest("A", field(memo="Ann"), field(reference="Ben"))
    t = opened(office)
    t.until("c applies both").type("c")
    t.until("Apply, because:")
    body, etag = office.read("A")
    assert office.write("ann", "A", dict(body, reference="Ann's own"),
                        etag)[0] == 200
    t.type("agreed", "Enter")
    t.until("into the books?")
    t.type("y")
    t.until("It moved on meanwhile: nothing was written.")
    t.until("Version 3 is of ann").until("1 field overlaps")
    t.until("{+Ann's own+}")
    assert office.state(event) == "conflict"
    assert office.read("A")[0]["reference"] == "Ann's own"
    t.type("3")
    t.until("a applies the result")
    t.type("a")
    applied(t)
    body, etag = office.read("A")
    assert (body["memo"], body["reference"], etag) == ("Ann", "Ben", '"4"')
    office.prove()


def test_the_document_moves_on_while_somebody_looks(office):
    """Choices are of what was shown: they are made anew."""
    office.contest("A", field(memo="Ann"), field(memo="Ben"))
    t = opened(office)
    t.type("3")
    t.until("All is chosen")
    body, etag = office.read("A")
    assert office.write("ann", "A", dict(body, memo="Ann again"),
                        etag)[0] == 200
    t.until("Version 3 is of ann")
    t.until("It moved on while you looked").until("1 field overlaps")
    t.type("a")
    t.until("1 field overlaps: choose")
    assert office.read("A")[1] == '"3"'


@pytest.mark.parametrize("key,state", [("T", "posted"), ("K", "dismissed")])
def test_what_was_never_in_the_books(office, key, state):
    sample = json.loads((ROOT / "data/samples/events"
                         / "in_bahi_journal_voucher.json").read_text())
    answer = office.api("POST", "/v1/events", dict(
        sample, base_version=4), {
            "Content-Type": "application/json", "ce-specversion": "1.0",
            "ce-id": "1", "ce-source": "/t",
            "ce-type": "in.bahi.journal_voucher"}).json
    event = answer["event"]
    t = office.console()
    t.type("C")
    t.until(lambda t: event in t.row())
    t.type("Enter")
    t.until("Nothing of it is in the books; it came from events.")
    t.until("There is nothing to choose")
    t.type("c")
    t.until("There is nothing to merge")
    t.type(key)
    t.until("a applies the result")
    t.type("a")
    applied(t)
    assert office.state(event) == state
    office.prove()


@pytest.mark.parametrize("columns", [160, 100])
def test_what_differs_stands_beside_the_list(office, columns):
    office.contest("A", both(MEMO_ANN, field(reference="PO-7")), MEMO_BEN)
    office.contest("B", scaled(2), scaled(3))
    t = office.console(columns=columns).type("C").until("Wants")
    t.until("! memo").until("STORE-MUM > Ann was here | Ben, too")
    t.until("- > PO-7 | -")
    t.type("Down").until(lambda t: " B " in t.row())
    t.until("118.00 > 236.00 | 354.00")
    assert ("|" in t.lines()[6]) == (columns == 160)


def test_many_at_once(office):
    """What overlaps is left, and says so."""
    events = [office.contest(name, field(memo="Ann"), change)
              for name, change in (("A", field(reference="Ben")),
                                   ("B", field(memo="Ben")),
                                   ("C", field(channel="desk")))]
    t = office.console()
    t.type("C")
    t.until(lambda t: "ann" in t.row())
    t.type("Space", "Space", "Space", "c")
    t.until("Merge, because:")
    t.type("month end", "Enter")
    t.until("> plan").until("resolve merge, because: month end")
    t.until("left out: Both changed the same")
    t.type("n")
    t.until("Wants")
    assert all(office.state(one) == "conflict" for one in events)
    t.type("c", "month end", "Enter")
    t.until("resolve merge, because: month end")
    t.type("y")
    t.until(lambda t: office.state(events[2]) == "posted", 20)
    assert [office.state(one) for one in events] == [
        "posted", "conflict", "posted"]
    t.type("1", "C")
    t.until(lambda t: " B " in t.row() and " A " not in t.text())
    t.type("K")
    t.until("Keep the books, because:")
    t.type("Ann is right", "Enter")
    t.until("Keep the books as they are, drop %s?" % events[1])
    t.type("y")
    t.until("resolve: 1 done")
    assert office.state(events[1]) == "dismissed"
    assert office.read("B")[0]["memo"] == "Ann"
    office.prove()


def test_ways_to_a_review(office):
    event = office.contest("A", field(memo="Ann"), field(memo="Ben"))
    t = office.console()
    t.until("Events by state")
    t.type("2")
    t.until(lambda t: event in t.row())
    t.type("C")
    t.until("The same in all")
    t.type("q", "1")
    t.until("Events by state")
    t.seek("> conflict ")
    t.type("Enter")
    t.until("Wants").until(lambda t: event in t.row())


# ---- by verb ---------------------------------------------------------------

def test_verbs(office, tmp_path):
    event = office.contest("A", field(memo="Ann"), field(memo="Ben"))
    clean = office.contest("B", field(memo="Ann"), scaled(2))
    listed = office.bahi("conflicts")
    assert listed.returncode == 0, listed.stderr
    assert re.search(r"%s .* A .* ann +ben" % event, listed.stdout)
    rows = json.loads(office.bahi("conflicts", "--json").stdout)["items"]
    assert [one["event"] for one in rows] == [event, clean]
    shown = office.bahi("conflicts", "show", event)
    assert shown.returncode == 1
    assert "[-STORE-MUM-]{+Ann+}" in shown.stdout
    assert "The changes overlap." in shown.stdout
    shown = office.bahi("conflicts", "show", clean)
    assert shown.returncode == 0 and "1[-1-]{+2+}" not in shown.stdout
    assert "[-118-]{+236+}.00" in shown.stdout.replace(
        "1[-18-]{+236+}", "x") or "{+" in shown.stdout
    whole = json.loads(office.bahi("conflicts", "show", event,
                                   "--json").stdout)
    dry = office.bahi("conflicts", "resolve", clean, "--take", "merge",
                      "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert re.search(r"4000 .*-100.00 +-200.00 +-100.00", dry.stdout)
    assert office.read("B")[1] == '"2"'
    # A document, changed by hand.
    body = dict(whole["documents"][0]["incoming"], memo="both")
    file = tmp_path / "document.json"
    file.write_text(json.dumps(dict(body, currency="XXX")))
    dry = office.bahi("conflicts", "resolve", event, "--document",
                      str(file), "--dry-run", "--json")
    assert dry.returncode == 1 and json.loads(dry.stdout)["findings"]
    file.write_text(json.dumps(body))
    done = office.bahi("conflicts", "resolve", event, "--document",
                       str(file), "--reason", "agreed", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["done"] == 1
    assert office.read("A")[0]["memo"] == "both"
    done = office.bahi("conflicts", "resolve", clean, "--take", "merge",
                       "--reason", "agreed")
    assert done.returncode == 0, done.stderr
    assert (office.read("B")[0]["memo"],
            office.read("B")[0]["total"]) == ("Ann", 23600)
    assert office.bahi("conflicts").returncode == 1
    office.prove()


def test_verbs_refuse(office, tmp_path):
    event = office.contest("A", field(memo="Ann"), field(memo="Ben"))
    for args in (["show"], ["resolve", event], ["resolve", event, "--take"],
                 ["resolve", event, "--take", "merge"],
                 ["resolve", event, "--take", "mine", "--reason", "x"],
                 ["resolve", "A", "--take", "merge", "--reason", "x"],
                 ["resolve", event, "--take", "merge", "--document", "f",
                  "--reason", "x"]):
        assert office.bahi("conflicts", *args).returncode == 2, args
    assert office.bahi("conflicts", "show", "E999").returncode == 1
    refused = office.bahi("conflicts", "resolve", event, "--take", "merge",
                          "--reason", "x")
    assert refused.returncode == 3, refused.stderr
    file = tmp_path / "document.json"
    file.write_text("{}")
    bad = office.bahi("conflicts", "resolve", event, "--document", str(file),
                      "--reason", "x")
    assert bad.returncode == 2, bad.stderr
    assert office.state(event) == "conflict"
