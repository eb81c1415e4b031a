"""The keymap: its sets, the files that change it, and what no set may do."""
import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
F_AND_ALT = re.compile(r"^(F\d+|Alt-.)$")
# What hands do by habit: end of file, kill, take back a word, delete.
HABITS = {"Ctrl-D", "Ctrl-K", "Ctrl-U", "Ctrl-W", "Ctrl-H", "dd", "d", "x",
          "Delete", "Backspace"}
TAKEN = {"Ctrl-A", "Ctrl-S", "Ctrl-Q", "Ctrl-Z"}


@pytest.fixture
def keys(bahi, tmp_path):
    """Runs `bahi keys` where nobody has keys of their own."""
    (tmp_path / "bahi.conf").write_text("cache = cache.db\n")
    env = dict(os.environ, BAHI_DATADIR=str(ROOT / "data"),
               XDG_CONFIG_HOME=str(tmp_path / "config"), LC_ALL="C.UTF-8")

    def run(*args, conf=""):
        (tmp_path / "bahi.conf").write_text("cache = cache.db\n" + conf)
        return subprocess.run(
            [bahi, "--config", str(tmp_path / "bahi.conf"), "keys", *args],
            env=env, text=True, capture_output=True, timeout=60)
    run.folder = tmp_path
    return run


def table(bahi):
    lines = subprocess.run([bahi, "--dump=actions"], check=True, text=True,
                           capture_output=True).stdout.splitlines()
    out = {}
    for line in lines:
        name, kind, places, verb, names, _ = line.split("\t")
        out[name] = (kind, set(places.split(",")), verb, names.split())
    return out


def both(bahi):
    """The actions of each set: what vi.keys says, upon the default."""
    default = table(bahi)
    vi = dict(default)
    for line in (ROOT / "data/keys/vi.keys").read_text().splitlines():
        if line.startswith("#"):
            continue
        name, _, names = line.partition(" = ")
        kind, places, verb, _ = vi[name]
        vi[name] = (kind, places, verb, names.split())
    assert vi != default
    return {"default": default, "vi": vi}


@pytest.mark.parametrize("name", ("default", "vi"))
def test_no_key_is_a_trap(bahi, name):
    actions = both(bahi)[name]
    for action, (kind, _, _, names) in actions.items():
        assert not TAKEN & set(names), action
        if kind == "acts":
            assert not HABITS & set(names), action
            assert "y" not in names or action == "run", action
        for key in names:
            if F_AND_ALT.match(key):
                assert any(not F_AND_ALT.match(k) for k in names), \
                    "%s has no plain key" % action


@pytest.mark.parametrize("name", ("default", "vi"))
def test_a_set_has_no_conflict(keys, name):
    done = keys("--check", name)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout


def test_what_changes_something_has_a_verb(bahi):
    verbs = {line.split("\t")[0] for line in subprocess.run(
        [bahi, "--dump=verbs"], check=True, text=True,
        capture_output=True).stdout.splitlines()}
    for action, (kind, _, verb, _) in table(bahi).items():
        assert kind != "acts" or verb, "%s has no verb" % action
        assert not verb or verb.split()[0] in verbs, (action, verb)


def test_every_fault_is_said_with_file_and_line(keys):
    path = keys.folder / "mine"
    path.write_text("# mine\nretry = R\nnope = a\nfix = Foo\n"
                    "retry = b\nassign = y\nhelp ?\nback = q qq\n"
                    "dismiss =\nfirst = Ctrl-S\nreplay = R\n")
    done = keys("--check", str(path))
    assert done.returncode == 1
    said = done.stdout.splitlines()
    for number, level, what in (
            (3, "error", "no such action: nope"),
            (4, "error", "no such key: Foo"),
            (5, "error", "retry is given twice, at line 2"),
            (6, "error", "y is the yes to a question"),
            (7, "error", "no = in the line"),
            (8, "error", 'one key of "back" begins another'),
            (10, "warning", "the terminal keeps a key")):
        assert any(line.startswith("%s: %s:%d: " % (level, path, number)) and
                   what in line for line in said), (number, done.stdout)
    # Of two actions in the same panes, both lines and the panes.
    both = [l for l in said if ":11: R is of" in l and "mine:2 of" in l]
    assert both and "backlog" in both[0] and both[0].startswith("error")
    # Without dismiss nobody else has lost its key.
    assert not any('"dismiss"' in l for l in said)


def test_a_later_file_has_the_key(keys):
    (keys.folder / "config/bahi").mkdir(parents=True)
    own = keys.folder / "config/bahi/keys"
    own.write_text("retry = f\n")
    done = keys("--check", conf="keys = vi\n")
    assert done.returncode == 0
    assert re.search(r"warning: .*config/bahi/keys:1: f is of .retry., and "
                     r"at default\.keys:\d+ of .fix.", done.stdout)
    own.write_text("overview = r\n")
    assert "the pane's own goes first" in keys("--check").stdout


def test_sequences_wait_in_sight(place):
    place.env["BAHI_DATADIR"] = str(ROOT / "data")
    conf = place.folder / "bahi.conf"
    conf.write_text(conf.read_text() + "keys = vi\n")
    place.serve()
    t = place.console().until("live")
    t.type("2").until("1/30").type("G").until("30/30")
    t.type("g").until("g-  g first")
    t.type("Esc").until(lambda t: "g-" not in t.text())
    assert "30/30" in t.text()
    t.type("g", "g").until("1/30")
    t.type("g").until("g-").type("j")       # no such sequence: nothing
    t.until(lambda t: "g-" not in t.text())
    assert "1/30" in t.text()


def test_a_broken_line_does_not_lock_anybody_out(place):
    place.serve()
    (place.folder / "own").write_text("down = ,\nfoo = bar\nup = Nope\n")
    conf = place.folder / "bahi.conf"
    conf.write_text(conf.read_text() + "keys = own\n")
    t = place.console().until("2 lines of the keys are amiss")
    t.until("live").type("2").until("1/30").type(",").until("2/30")
    t.type("k").until("1/30")


def test_leaving_is_asked(place):
    place.serve()
    t = place.console().until("live")
    for key in ("q", "\x18"):
        t.type(key).until("Leave the console?")
        t.type("Enter", "\x18").quiet()
        assert t.status is None and "Leave the console?" in t.text()
        t.type("q").until("Nothing was done.")
    t.type("Esc", "Esc", "Esc").quiet()
    assert t.status is None
    t.type("q").until("Leave the console?").type("y")
    assert t.end() == 0
