"""The terminal: what it may be, what is sent to it, and that it is left as it
was found, however the console ends."""
import base64
import os
import re
import signal
import subprocess
import termios
import time

import pytest

from daemon import Books
from terminal import Terminal

# What must be off in the end: alternate screen, mouse, paste, and the cursor
# must be on.
OFF = {"\x1b[?1049l": "\x1b[?1049h", "\x1b[?2004l": "\x1b[?2004h",
       "\x1b[?1000l": "\x1b[?1000h"}


class Taped(Terminal):
    """Keeps what was sent, and can be asked for nothing."""

    def __init__(self, *args):
        self.tape, self.dumb, self.held = b"", False, None
        super().__init__(*args)
        real = self.stream.feed

        def feed(data):
            self.tape += data
            real(data)
        self.stream.feed = feed

    def answer(self, text):
        if self.held is not None:
            self.held.append(text)
        elif not self.dumb:
            super().answer(text)


def taped(place, *words, rows=24, columns=80, **env):
    env.setdefault("TERM", "tmux-256color")     # pyte knows no REP
    one = Taped([*place.argv(), *words], rows, columns,
                {**place.env, **env})
    place.terminals.append(one)
    return one


@pytest.fixture
def one(place):
    place.serve(Books(failures=60))
    return place


def left_as_found(t, before):
    for _ in range(50):                 # what is still in the pty
        if not t.pump(0.02):
            break
    tape = t.tape.decode(errors="replace")
    for off, on in OFF.items():
        assert tape.rfind(off) > tape.rfind(on) or on not in tape, off
    assert tape.rfind("\x1b[?25h") >= tape.rfind("\x1b[?25l")
    after = termios.tcgetattr(t.fd)
    assert after[:4] == before[:4]


def opened(place, *words, **env):
    """The modes are those that the pty had before anything was set."""
    fd, other = os.openpty()
    before = termios.tcgetattr(fd)
    os.close(fd)
    os.close(other)
    t = taped(place, "--mouse", *words, **env)
    t.until("live").type("2").until("> E1 ")
    assert "\x1b[?1049h" in t.tape.decode()
    return t, before


def test_quit_leaves_it_as_found(one):
    t, before = opened(one)
    t.type("1").until("Not posted").type("q", "y")
    assert t.end() == 0
    left_as_found(t, before)


@pytest.mark.parametrize("number", [
    signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_leaves_it_as_found(one, number):
    t, before = opened(one)
    os.kill(t.pid, number)
    assert t.end() == -number
    left_as_found(t, before)


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT])
def test_a_crash_leaves_it_as_found(one, number):
    t, before = opened(one, ASAN_OPTIONS="handle_segv=0:handle_abort=0")
    os.kill(t.pid, number)
    assert t.end() == -number
    left_as_found(t, before)


def test_a_line_that_drops_ends_it(one):
    t, _ = opened(one)
    os.close(t.fd)
    limit = time.monotonic() + 10
    while os.waitpid(t.pid, os.WNOHANG)[0] == 0:
        assert time.monotonic() < limit
        time.sleep(0.01)
    one.terminals.remove(t)


def test_stopped_and_back(one):
    """Ctrl-Z gives the shell its terminal, fg gets it back, twice."""
    env = {**one.env, "TERM": "tmux-256color", "PS1": "shell> "}
    t = Taped(["/bin/bash", "--norc", "--noprofile", "--noediting", "-i"],
              24, 80, env)
    one.terminals.append(t)
    t.until("shell>")
    before = termios.tcgetattr(t.fd)
    t.type(" ".join(one.argv("--mouse")), "Enter")
    t.until("live").type("2").until("> E1 ")
    for n in (2, 3):
        t.tape = b"\x1b[?1049h\x1b[?2004h\x1b[?1000h"
        t.quiet()
        t.held = []             # the answer comes when it is leaving
        t.type("G").until(lambda t: t.held)
        t.type("Ctrl-Z").quiet(0.2)
        held, t.held = t.held, None
        for one_answer in held:
            t.answer(one_answer)
        t.until("Stopped").until(
            lambda t: t.lines()[t.screen.cursor.y].startswith("shell>"))
        assert held and "0n" not in t.text()
        left_as_found(t, before)
        t.type("fg", "Enter").until("> E")
        t.type("g", *["Down"] * (n - 1)).until("> E%d " % n)
    console, = map(int, subprocess.run(
        ["pgrep", "-P", str(t.pid)], text=True, check=True,
        capture_output=True).stdout.split())
    t.quiet()
    os.kill(console, signal.SIGSTOP)    # that one cannot be caught
    t.until("Stopped")
    t.type("fg", "Enter").until("> E3 ")
    t.type("Down").until("> E4 ")
    t.type("Ctrl-C").until(
        lambda t: t.lines()[t.screen.cursor.y].startswith("shell>"))
    t.type("echo $?", "Enter").until("130")
    left_as_found(t, before)


@pytest.mark.parametrize("name", [
    "vt100", "linux", "xterm-256color", "xterm", "screen", "tmux",
    "screen-256color", "tmux-256color"])
def test_terminals(one, name):
    t = taped(one, TERM=name)
    t.until("live").type("2").until("> E1 ")
    t.type("Down", "Down").until("> E3 ")
    t.type("PageDown").until("> E")
    t.type("Enter").until("Payload, as it came")
    t.type("Esc").until("> E")


@pytest.mark.parametrize("env,words", [
    ({"TERM": "dumb"}, ["dumb", "bahi status"]),
    ({"TERM": ""}, ["TERM", "bahi status"]),
    ({"TERM": "no-such-one"}, ["no-such-one", "bahi status"])])
def test_terminals_that_will_not_do(one, env, words):
    t = taped(one, **env)
    assert t.end() == 2
    for word in words:
        assert word in t.text().replace("\n", " ")


def test_no_terminal_at_all(one):
    done = subprocess.run(one.argv(), stdin=subprocess.DEVNULL, text=True,
                          capture_output=True, timeout=30)
    assert done.returncode == 2
    assert "bahi status" in done.stderr


def test_sizes(one):
    t = taped(one, rows=24, columns=80)
    t.until("live").type("2").until("> E1 ")
    for rows, columns in [(8, 40), (50, 200), (7, 80), (24, 39), (1, 1),
                          (24, 80)]:
        t.resize(rows, columns)
        if rows == 1:
            t.quiet()
        elif rows < 8 or columns < 40:
            t.until("Too small for bahi.")
        else:
            t.until("> E1 ")
    # No key that decides is taken for what is not seen.
    t.resize(5, 20)
    t.until("Too small for bahi.").type("r").quiet()
    t.resize(24, 80)
    t.until("It changed as you pressed")
    assert one.books.received == []


def test_many_sizes_at_once_are_one(one):
    t = taped(one)
    t.until("live").type("2").until("> E1 ").quiet()
    os.kill(t.pid, signal.SIGSTOP)
    os.waitpid(t.pid, os.WUNTRACED)
    for n in range(20):
        t.resize(24 + n, 80)
    t.tape = b""
    os.kill(t.pid, signal.SIGCONT)
    t.until(lambda t: t.text().splitlines()[-1:] != [""] and "quit" in
            t.lines()[-1])
    t.quiet()
    assert t.tape.count(b"bahi  ") <= 2


@pytest.mark.parametrize("env,words,want", [
    ({"LC_ALL": "C"}, [], True), ({}, ["--ascii"], True),
    ({"LC_ALL": "C"}, ["--ascii=no"], False), ({}, [], False)])
def test_ascii(one, env, words, want):
    with one.books.lock:
        event = one.books.events[1]
        event["party"] = "Caf\u00e9 \u0930\u093e\u092e"
        one.books.put("event", "E1", event)
    t = taped(one, *words, columns=120, **env)
    t.until("live").type("2").until("> E1 ")
    t.until("Caf").quiet()
    assert all(b < 0x80 for b in t.tape) == want
    assert ("Cafe ?" in t.row()) == want
    assert t.row().index("1,000.01") == t.lines()[4].index("1,000.02")


def test_tones(one):
    def look(**env):
        # pyte knows neither REP nor SD, which others are scrolled by.
        t = taped(one, columns=120, **{"TERM": "linux", **env})
        t.until("live").quiet()
        cells = [c for y in range(24) for c in
                 t.screen.buffer[y].values()]
        return t.lines(), {c.fg for c in cells}
    text, many = look()
    assert len(many) > 1
    for env in ({"NO_COLOR": "1"}, {"TERM": "vt100"}):
        lines, ink = look(**env)
        assert lines == text and ink == {"default"}
    ink = {}
    for theme in ("dark", "light", "contrast", "mono"):
        (one.folder / "bahi.conf").write_text(
            "socket = bahid.sock\ncache = cache.db\ntheme = %s\n" % theme)
        lines, ink[theme] = look()
        assert lines == text, theme
    assert ink["dark"] != ink["light"]
    assert ink["contrast"] == ink["mono"] == {"default"}


def test_what_is_pasted_runs_no_key(one):
    t = taped(one)
    t.until("live").type("2").until("> E1 ")
    t.type("\x1b[200~rdq\r\x1b[B\n1\x1b[201~").quiet()
    assert t.row().startswith("> E1 ") and t.status is None
    assert one.books.received == []
    # In a line it is text, and nothing of it ends the line.
    t.type("/", "\x1b[200~INV-\n7\r\t\x1b[201~").quiet()
    assert "/INV- 7" in t.text()
    t.type("Esc").quiet()
    # Cut anywhere; a terminal answers nothing in between.
    for part in ("\x1b[20", "0~q", "y\x1b[2", "01~"):
        t.type(part)
        t.pump(0.02)
    t.quiet()
    assert t.status is None and t.row().startswith("> E")


@pytest.mark.parametrize("env,shape", [
    ({}, r"\x1b\]52;c;([^\x07]*)\x07"),
    ({"TMUX": "/tmp/x,1,0", "TERM": "tmux"},
     r"\x1bPtmux;\x1b\x1b\]52;c;([^\x07]*)\x07\x1b\\"),
    ({"STY": "1.x", "TERM": "screen"},
     r"\x1bP\x1b\]52;c;([^\x07]*)\x07\x1b\\")])
def test_copy(one, env, shape):
    t = taped(one, **env)
    t.until("live").type("2").until("> E1 ")
    t.type("Down").until("> E2 ").type("y").until("Copied: E2")
    found = re.search(shape, t.tape.decode())
    assert base64.b64decode(found.group(1)) == b"E2"


def test_mouse_moves_and_never_acts(one):
    t = taped(one, "--mouse")
    t.until("live").type("2").until("> E1 ")
    t.type("\x1b[<0;9;8M", "\x1b[<0;9;8m").until("> E5 ")
    t.type("\x1b[<65;9;8M").until("> E8 ")
    t.type("\x1b[<64;9;8M", "\x1b[<2;9;5M").until("> E5 ")
    t.type("\x1b[<0;9;24M", "\x1b[<0;9;1M").quiet()
    assert t.row().startswith("> E5 ") and one.books.received == []


def test_escape_is_short_and_alt_has_a_twin(one):
    t = taped(one)
    t.until("live").type("2").until("> E1 ").type("/", "E").quiet()
    t.type("Esc")
    t.until(lambda t: "/E" not in t.lines()[-2])
    # An Alt that no pane knows is Esc and the letter.
    t.type("Enter").until("Payload, as it came")
    t.type("\x1bj").until("> E2 ")
    t.type("\x1b[1;2B").quiet()
    # Noise is no key.
    t.type("\x1b[99;99z", "\x1b[?1;2c", "\x1b[I").quiet()
    os.write(t.fd, bytes([0xff, 0xc3, 0x28, 0x80, 0xf0, 0x9f]))
    t.quiet()
    assert t.status is None and "> E" in t.text()


def test_a_terminal_that_does_not_answer(one):
    """It costs two pauses, then frames go by the clock."""
    t = taped(one)
    t.dumb = True
    t.until("live", 20).type("2").until("> E1 ", 20)
    for n in range(2, 6):
        t.type("Down").until("> E%d " % n, 20)
    assert t.tape.count(b"\x1b[5n") <= 3
    t.dumb = False


def test_slow_is_found_out(one):
    """Answers that come late make it slow; large frames answered at once make
    it quick again."""
    t = taped(one)
    t.until("live").type("2").until("> E1 ").quiet()
    t.held = []
    for key in ["PageDown", "PageUp"] * 2:
        t.type(key).quiet(0.6)
        while t.held:
            Terminal.answer(t, t.held.pop())
        t.quiet(0.1)
    assert "slow" in t.lines()[0]
    t.held = None
    for _ in range(8):
        before = t.sent
        t.type("Ctrl-L").until(lambda t: t.sent > before + 500)
    t.until(lambda t: "slow" not in t.lines()[0])
