"""A seeded monkey at the console: keys of every kind, noise, pastes, clicks and
other sizes, over every pane. Nothing may crash, and whenever it rests the
screen must be what a drawing from nothing gives."""
import os
import pathlib
import random
import signal

PLAIN = [chr(c) for c in range(0x20, 0x7f)]
# Not those that the terminal itself acts on: interrupt, stop, flow.
CONTROL = [chr(c) for c in range(1, 27) if c not in (3, 17, 19, 22, 25, 26)]
MOVES = ["\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1bOA", "\x1bOB",
         "\x1b[5~", "\x1b[6~", "\x1b[1~", "\x1b[4~", "\x1b[H", "\x1b[F",
         "\x1b[1;2A", "\x1b[1;2B", "j", "k", "g", "G", "\r", " ", "\t"]
OTHERS = ["\x1b", "\x1b\x1b", "\x1b[Z", "\x1b[3~", "\x7f", "\r",
          "\x1b[11~", "\x1bOP", "\x1b[12~", "\x1b[13~", "\x1b[15~",
          "\x1b[17~", "\x1b[[A", "\x1bg", "\x1bx", "\x1b[<0;9;9M",
          "\x1b[<0;9;9m", "\x1b[<64;3;3M", "\x1b[<65;3;3M", "\x1b[0n"]
TEXTS = ["no reason", "amount>10000", "age>2d", "state:failed", "E12",
         "\u0930\u093e\u092e \u0915\u093e \u0915\u093e\u092e",
         "\u6771\u4eac", "e\u0301", "x" * 300, "(", "[", "*"]
SIZES = [(24, 80), (40, 120), (50, 160), (8, 40), (5, 20), (25, 100),
         (1, 3), (60, 132)]
CHECK = 200     # keys between two looks at the screen


def noise(chance):
    return bytes(b for b in (chance.randrange(256) for _ in range(8))
                 if b not in (3, 17, 19, 22, 25, 26, 28))


def press(chance, terminal):
    """One key, or what goes for one; returns it for the report."""
    kind = chance.randrange(100)
    if kind < 2:
        size = chance.choice(SIZES)
        terminal.resize(*size)
        return "size %dx%d" % size
    key = (chance.choice(MOVES) if kind < 42 else
           chance.choice(PLAIN) if kind < 78 else
           chance.choice(CONTROL) if kind < 84 else
           chance.choice(OTHERS) if kind < 94 else
           chance.choice(TEXTS) if kind < 96 else
           "\x1b[200~%s\r\x1b[B\x1b[201~" % chance.choice(TEXTS)
           if kind < 98 else noise(chance))
    os.write(terminal.fd, key if isinstance(key, bytes) else key.encode())
    return key


def seen(terminal):
    cells = [[(c.data, c.fg, c.bold, c.reverse) for c in
              (terminal.screen.buffer[y][x]
               for x in range(terminal.screen.columns))]
             for y in range(terminal.screen.lines)]
    return cells, (terminal.screen.cursor.y, terminal.screen.cursor.x)


def differs(terminal):
    """"" when the screen is what a drawing from nothing gives. SIGCONT has it
    drawn so in each mode, where Ctrl-L is a key like any other."""
    for _ in range(4):
        terminal.quiet(0.5)
        before, text = seen(terminal), terminal.text()
        if terminal.status is not None:
            return ""
        os.kill(terminal.pid, signal.SIGCONT)
        terminal.quiet(0.3)
        if terminal.status is not None or seen(terminal) == before:
            return ""
        why = [] if terminal.text() != text else [
            "cells %r" % [(y, x, a, b) for y, (one, two) in
                          enumerate(zip(before[0], seen(terminal)[0]))
                          for x, (a, b) in enumerate(zip(one, two))
                          if a != b][:5], before[1], seen(terminal)[1]]
    return "%s\n-- drawn anew:\n%s\n%s" % (text, terminal.text(), why)


class Monkey:
    def __init__(self, place, seed):
        self.place, self.chance = place, random.Random(seed)
        self.seed, self.keys, self.starts = seed, [], 0
        self.log = pathlib.Path(place.folder) / "sanitizer"
        self.terminal = None

    def start(self):
        at = "log_path=%s" % self.log
        size = self.chance.choice(SIZES[:3])
        self.terminal = self.place.console(
            *size, ASAN_OPTIONS=at, UBSAN_OPTIONS=at + ":halt_on_error=1",
            HOME=str(self.place.folder), EDITOR="true", PAGER="true",
            XDG_CACHE_HOME=str(self.place.folder / "cache"))
        self.terminal.until("bahi")
        self.starts += 1
        self.keys.append("-- start %dx%d" % size)

    def fail(self, why):
        logs = [p.read_text()[:4000] for p in
                self.log.parent.glob("sanitizer*")]
        raise AssertionError("seed %d, key %d: %s\nlast: %r\n%s" % (
            self.seed, len(self.keys), why, self.keys[-80:],
            "\n".join(logs)))

    def look(self):
        if self.terminal.status is None:
            why = differs(self.terminal)
            if why:
                self.fail("the screen differs\n" + why)
        if self.terminal.status not in (None, 0):
            self.fail("it ended with %s" % self.terminal.status)

    def play(self, keys):
        since = 0
        while len(self.keys) < keys:
            if self.terminal is None or self.terminal.status is not None:
                if self.terminal is not None:
                    self.look()
                    self.terminal.close()
                    self.place.terminals.remove(self.terminal)
                self.start()
            try:
                self.keys.append(press(self.chance, self.terminal))
            except OSError:
                self.terminal.end()
                continue
            since += 1
            if self.chance.randrange(4) == 0:
                self.terminal.pump(0.01)
            if since >= CHECK:
                since = 0
                self.look()
        self.look()
