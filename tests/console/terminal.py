"""A real terminal for the console: a pty, a screen kept by pyte, and the
count of the bytes that went over the wire."""
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

import pyte

KEYS = {"Down": "\x1b[B", "Up": "\x1b[A", "Right": "\x1b[C",
        "Left": "\x1b[D", "Enter": "\r", "Esc": "\x1b", "Space": " ",
        "Tab": "\t",
        "End": "\x1b[4~", "Home": "\x1b[1~", "PageDown": "\x1b[6~",
        "PageUp": "\x1b[5~", "Backspace": "\x7f"}
CHANGED = "It changed as you pressed"


class Screen(pyte.Screen):
    """DECRC puts the cursor back where it was, also outside the margins, as a
    VT100 does; pyte pulls it inside."""
    def restore_cursor(self):
        margins, self.margins = self.margins, None
        super().restore_cursor()
        self.margins = margins


class Terminal:
    def __init__(self, argv, rows=40, columns=120, env=None):
        self.screen = Screen(columns, rows)
        self.screen.write_process_input = self.answer
        self.stream = pyte.ByteStream(self.screen)
        self.sent = 0
        self.started = time.monotonic()
        self.status = None
        self.last = ""
        pid, fd = pty.fork()
        if pid == 0:
            self._size(0, rows, columns)
            full = {**os.environ, "TERM": "linux", "LANG": "C.UTF-8",
                    **(env or {})}
            # Never into the files of who runs the tests.
            if env and "XDG_CACHE_HOME" in env:
                full["XDG_STATE_HOME"] = env.get(
                    "XDG_STATE_HOME", env["XDG_CACHE_HOME"])
            full.pop("LINES", None)
            full.pop("COLUMNS", None)
            # Whoever started the tests may have ignored it.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.execve(argv[0], argv, full)
        self.pid, self.fd = pid, fd
        self._size(fd, rows, columns)

    @staticmethod
    def _size(fd, rows, columns):
        fcntl.ioctl(fd, termios.TIOCSWINSZ,
                    struct.pack("HHHH", rows, columns, 0, 0))

    def answer(self, text):
        """What a terminal says when it is asked for its state."""
        os.write(self.fd, text.encode())

    def resize(self, rows, columns):
        self._size(self.fd, rows, columns)
        self.screen.resize(rows, columns)
        os.kill(self.pid, signal.SIGWINCH)

    def pump(self, seconds):
        """Reads for at most `seconds`; returns the bytes read."""
        ready, _, _ = select.select([self.fd], [], [], seconds)
        if not ready:
            return 0
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b""
        if not data:
            self._reap()
            return 0
        self.sent += len(data)
        self.stream.feed(data)
        return len(data)

    def _reap(self):
        if self.status is None:
            _, status = os.waitpid(self.pid, 0)
            self.status = os.waitstatus_to_exitcode(status)

    def type(self, *keys):
        self.last = keys[-1]
        for key in keys:
            if key.startswith("Ctrl-"):
                key = chr(ord(key[5]) - 64)
            os.write(self.fd, KEYS.get(key, key).encode())
        return self

    def lines(self):
        return [line.rstrip() for line in self.screen.display]

    def text(self):
        return "\n".join(self.lines())

    def row(self):
        """The row that the cursor marks."""
        return next((l for l in self.lines() if l.startswith(">")), "")

    def until(self, want, seconds=10):
        """Waits until `want` (text, or a test of self) holds. A key that
        met a row which had just changed is pressed again, as its message
        asks."""
        holds = want if callable(want) else lambda t: want in t.text()
        limit = time.monotonic() + seconds
        while not holds(self):
            left = limit - time.monotonic()
            assert left > 0 and self.status is None, \
                "waited for %r, saw:\n%s" % (want, self.text())
            self.pump(min(left, 0.5))
            if self._changed() and not holds(self):
                self.quiet(0.2)
                if self._changed() and not holds(self):
                    self.type(self.last)
        self.quiet(0.05)	# the rest of the frame
        return self

    def _place(self):
        lines = self.lines()
        return next((n for n, l in enumerate(lines) if l.startswith(">")),
                    -1), self.row()

    def seek(self, want, most=60):
        """Down, row by row, until `want` is on the row."""
        for _ in range(most):
            if want in self.row():
                return self
            was, limit = self._place(), time.monotonic() + 2
            self.type("Down")
            while self._place() == was and time.monotonic() < limit:
                self.pump(0.1)
            self.quiet(0.03)
        raise AssertionError("no row has %r:\n%s" % (want, self.text()))

    def _changed(self):
        return len(self.last) == 1 and CHANGED in self.text()

    def quiet(self, seconds=0.3):
        """Waits until nothing came for a while; returns bytes since."""
        before = self.sent
        while self.pump(seconds):
            pass
        return self.sent - before

    def end(self, seconds=10):
        limit = time.monotonic() + seconds
        while self.status is None and time.monotonic() < limit:
            self.pump(0.1)
        return self.status

    def close(self):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            self._reap()
        os.close(self.fd)


def indian(number):
    """12,34,567, as the console writes counts."""
    text, rest = str(number)[:-3], str(number)[-3:]
    while text:
        text, rest = text[:-2], text[-2:] + "," + rest
    return rest
