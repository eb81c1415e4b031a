"""Every view, prompt and help in a language that nobody speaks: what stands
outside its brackets and is no data was never translated; a bracket that does
not close has no room."""
import getpass
import json
import os
import re
import subprocess

import pytest

import pseudo
from terminal import Terminal

from gst import NOW, OWN, Returns, made

# Names of keys, of the program, of money and of what it files.
NAMES = set("""bahi INR IST GST GSTIN Enter Esc Space Tab Home End PageUp
PageDown Up Down Left Right Ctrl Alt Shift Backspace Delete BackTab""".split())
# The exact cause, for who mends it, behind the sentence.
CAUSE = re.compile(r" \((GET |POST |the answer |because)[^)]*\)?")
VERB = re.compile(r"\bbahi [a-z]+.*")
BRACKETS = re.compile("%s[^%s%s]*%s" % (pseudo.OPEN, pseudo.OPEN,
                                       pseudo.CLOSE, pseudo.CLOSE))
WORD = re.compile(r"[A-Za-z]{3,}")
SHORT = re.compile(r"\S*\u2026\S*")	# its middle is cut out
PANES = "1234567890BJCMNIHTGDQ"


def outside(line):
    """What no bracket holds; one that is cut off holds up to the gap."""
    line = SHORT.sub("", CAUSE.sub("", VERB.sub("", line)))
    while BRACKETS.search(line):
        line = BRACKETS.sub(" ", line)
    line = re.sub("%s.*?(?=  |$)" % pseudo.OPEN, "", line)
    return re.sub("^.*%s" % pseudo.CLOSE, "", line)


def strange(line, words):
    """What is neither of the language nor data. Beside a list, long data goes
    on in the next line wherever that ends."""
    left, _, right = line.partition("|")
    for word in WORD.findall(outside(left)):
        if word not in words:
            yield word
    for word in WORD.findall(outside(right)):
        if not any(word in known for known in words):
            yield word


def cut_off(line):
    while BRACKETS.search(line):
        line = BRACKETS.sub("", line)
    return pseudo.OPEN in line or pseudo.CLOSE in line


@pytest.fixture(scope="module")
def language(tmp_path_factory):
    return pseudo.make(tmp_path_factory.mktemp("xx"))


@pytest.fixture
def spoken(place, language):
    """A console in that language, and the words that the daemon sent."""
    place.serve()
    words = set(NAMES)

    def note(value):
        words.update(WORD.findall(json.dumps(value, ensure_ascii=False)))
        return value
    get = place.books.get
    place.books.get = lambda *args: note(get(*args))
    for _, line in list(place.books.changes.values()):
        note(line)
    for event in place.books.events:
        note(place.books.event(event))
    place.env.update(language)
    return place, words


def walk(console):
    """The screen of each pane, what Enter opens there and what ? says."""
    yield "start", console
    for key in PANES:
        yield key, console.type(key)
        yield key + " Enter", console.type("Enter")
        console.type("Esc")
        console.quiet(0.05)
        yield key + " /", console.type("/")
        console.type("Esc")
    for key in "rdaANUC":
        console.type("1", "3", key)
        yield "3 " + key, console
        console.type("Esc")
    yield "?", console.type("?")


def test_all_words_are_of_the_language(spoken):
    place, words = spoken
    console = place.console(rows=45, columns=180)
    console.until("INR")
    found = {}
    for name, shown in walk(console):
        shown.quiet(0.15)
        for line in shown.lines():
            for word in strange(line, words):
                found.setdefault(word, "%s: %s" % (name, line.strip()))
    assert not found, "\n".join("%s in %s" % one for one in found.items())


def test_frames_have_room_at_80_columns(spoken):
    """The top, the titles, the question and the bar of keys; cells of a row
    may be cut."""
    place, _ = spoken
    console = place.console(rows=24, columns=80)
    console.until("INR")
    found = []
    for name, shown in walk(console):
        shown.quiet(0.15)
        lines = shown.lines()
        found += ["%s: %s" % (name, line) for line in
                  (lines[0], lines[1], lines[-2], lines[-1])
                  if cut_off(line)]
    assert not found, "\n".join(found)


def test_help_of_every_verb(spoken, bahi):
    place, _ = spoken
    env = dict(os.environ, **place.env)
    out = subprocess.run(place.argv("--help"), env=env, text=True,
                         capture_output=True).stdout
    assert out.count(pseudo.OPEN) > 40
    verbs = subprocess.run(place.argv("--dump=verbs"), env=env, text=True,
                           capture_output=True).stdout
    names = [line.split("\t")[0] for line in verbs.splitlines()]
    assert len(names) > 40
    for name in names:
        one = subprocess.run(place.argv("help", name), env=env, text=True,
                             capture_output=True)
        assert one.returncode == 0 and pseudo.OPEN in one.stdout, name


def test_returns_and_the_close(language, bahi):
    """The same where there is a company under GST: its panes, page by page."""
    house = made(Returns, bahi)
    try:
        house.month()
        words = set(NAMES)
        for path in ("status", "close?period=2026-10", "signatures",
                     "numbers", "events", "documents", "trial-balance",
                     "gst/registrations", "gst/calendar",
                     "gst/filings", "runs", "flows", "alerts", "files",
                     *("reference/" + table for table in (
                         "account", "entity", "party", "item", "gstin"))):
            answer = house.api("GET", "/v1/" + path)
            words.update(WORD.findall(answer.body.decode() if isinstance(
                answer.body, bytes) else str(answer.body)))
        for form in ("summary", "gstr3b", "liability", "hsn", "issued",
                     "cells", "documents", "agree"):
            answer = house.api("GET", "/v1/gst/%s?gstin=%s&period=102026" % (
                form, OWN))
            words.update(WORD.findall(str(answer.body)))
        words.update((getpass.getuser(), "who", "IGST", "CGST", "SGST",
                      "GSTR", "Cess"))
        console = Terminal(
            [bahi, "--config", str(house.home / "bahi.conf")], 45, 180,
            dict(NOW, HOME=str(house.dir), XDG_CACHE_HOME=str(house.dir),
                 **language))
        house.terminals.append(console)
        console.until("INR", 20)
        found = {}

        def look(name):
            console.quiet(0.4)
            for line in console.lines():
                for word in strange(line, words):
                    found.setdefault(word, "%s: %s" % (name, line))
        for key in "BTG":
            console.type(key)
            look(key)
            for n in range(6):
                console.type("Tab")
                look("%s Tab %d" % (key, n))
            console.type("Esc")
        assert not found, "\n".join("%s in %s" % one for one in
                                    found.items())
    finally:
        house.close()
