import os
import pathlib
import subprocess
import sys

import pytest

from daemon import Books, Server
from terminal import Terminal

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "tests" / "flow"), str(ROOT / "tests" / "erp")]


@pytest.fixture(scope="session")
def bahi():
    path = os.environ.get("BAHI", str(ROOT / "build" / "bahi"))
    assert os.access(path, os.X_OK), "no program; name it with BAHI=path"
    return path


class Place:
    """A folder with a configuration, a daemon that comes and goes, and the
    programs started there."""

    def __init__(self, program, folder, plain=False):
        self.program, self.folder = program, folder
        self.books, self.server, self.terminals = Books(), None, []
        (folder / "bahi.conf").write_text(
            "socket = bahid.sock\ncache = cache.db\n" +
            ("seal = no\n" if plain else ""))
        self.env = {"BAHI_CLOCK": "2026-10-08T09:41:07Z",
                    "XDG_STATE_HOME": str(folder / "state"),
                    "XDG_RUNTIME_DIR": ""}

    def serve(self, books=None):
        self.books = books or self.books
        self.server = Server(str(self.folder / "bahid.sock"), self.books)
        return self

    def cut(self):
        if self.server:
            self.server.stop()
            self.server = None

    def argv(self, *args):
        return [self.program, "--config", str(self.folder / "bahi.conf"),
                *args]

    def run(self, *args):
        env = dict(os.environ, LANG="C.UTF-8", **self.env)
        return subprocess.run(self.argv(*args), env=env, text=True,
                              capture_output=True, timeout=60)

    def console(self, rows=40, columns=120, **env):
        terminal = Terminal(self.argv(), rows, columns,
                            dict(self.env, **env))
        self.terminals.append(terminal)
        return terminal

    def close(self):
        for terminal in self.terminals:
            terminal.close()
        self.cut()


@pytest.fixture
def place(bahi, tmp_path, request):
    # A socket's path must be short. LOOKS_INSIDE: the test opens our files.
    one = Place(bahi, tmp_path, getattr(request.module, "LOOKS_INSIDE",
                                        False))
    yield one
    one.close()
