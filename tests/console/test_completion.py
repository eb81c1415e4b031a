"""Completion in the real shells, with ids and codes out of the cache."""
import os
import pathlib
import shutil
import subprocess

import pytest

from terminal import Terminal

EVIL = "x$(touch hacked);`touch hacked` '\" \\"


@pytest.fixture
def home(place, bahi):
    """A person with a configuration of his own and a filled cache."""
    folder = place.folder
    (folder / "bin").mkdir()
    (folder / "bin/bahi").symlink_to(bahi)
    place.books.accounts[EVIL] = dict(place.books.accounts["4010"],
                                      code=EVIL, name="evil")
    place.books.problems[0]["sentence"] = "$(touch hacked)"
    place.serve()
    place.console().until("live")
    place.terminals[0].until(lambda t: accounts(place))
    place.cut()
    place.env.update(
        PATH="%s:%s" % (folder / "bin", os.environ["PATH"]),
        HOME=str(folder), LC_ALL="C.UTF-8",
        BAHI_CONFIG=str(folder / "bahi.conf"))
    yield place
    assert not list(folder.rglob("hacked"))


def accounts(place):
    return "4010" in run(place, [place.program, "--complete", "account", ""],
                         BAHI_CONFIG=str(place.folder / "bahi.conf"))


def run(place, argv, **env):
    return subprocess.run(argv, env=dict(os.environ, **place.env, **env),
                          cwd=place.folder, text=True, timeout=60,
                          stdin=subprocess.DEVNULL,
                          capture_output=True).stdout


def script(place, shell, name):
    path = place.folder / name
    path.write_text(run(place, ["bahi", "--dump=completion-" + shell]))
    return path


# What is typed, and what must be among the candidates, and must not.
TYPED = [
    ("re", {"retry", "reject", "replay", "resume"}, {"status"}),
    ("retry --d", {"--dry-run"}, {"--gstin", "--csv"}),
    ("events --n", {"--no-header", "--no-input"}, {"--yes"}),
    ("gst --format ", {"json", "csv", "html"}, {"retry"}),
    ("--color ", {"auto", "always", "never"}, {"retry"}),
    ("conflicts ", {"show", "resolve"}, {"retry"}),
    ("completion ", {"bash", "zsh", "fish"}, set()),
    ("fix 5feceb66ffc86f38 40", {"4010", "4020"}, {"E1"}),
    ("retry E2", {"E2", "E20", "E29"}, {"E1"}),
    ("pause s", {"shopify"}, {"retry"}),
    ("import account ", {"bahi.conf"}, {"retry"}),
    ("help sta", {"status"}, {"retry"}),
]


def bash(place, typed):
    words = ["bahi"] + typed.split(" ")
    return set(run(place, ["bash", "--norc", "-c", """
        source "$1"; shift
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _bahi 2>/dev/null
        printf '%s\\n' "${COMPREPLY[@]}" """, "bash",
                           str(script(place, "bash", "bahi.bash")),
                           *words]).split("\n"))


def fish(place, typed):
    out = run(place, ["fish", "--no-config", "-c",
                      "source %s; complete -C 'bahi %s'" % (
                          script(place, "fish", "bahi.fish"), typed)])
    return {line.split("\t")[0] for line in out.splitlines()}


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash")
def test_bash(home):
    for typed, some, none in TYPED:
        got = bash(home, typed)
        assert some <= got and not none & got, (typed, got)
    # Taken apart at = as bash does it.
    assert "state=" in bash(home, "events st")
    assert bash(home, "gst --format = c") - {""} == {"csv"}
    assert bash(home, "fix 5feceb66ffc86f38 x") - {""} == {
        subprocess.run(["bash", "-c", "printf '%q\\n' \"$1\"", "bash", EVIL],
                       text=True, capture_output=True).stdout.strip("\n")}


@pytest.mark.skipif(not shutil.which("fish"), reason="no fish")
def test_fish(home):
    for typed, some, none in TYPED:
        got = fish(home, typed)
        assert some <= got and not none & got, (typed, got)
    assert "state=" in fish(home, "events st")
    assert EVIL in fish(home, "fix 5feceb66ffc86f38 x")


@pytest.mark.skipif(not shutil.which("zsh"), reason="no zsh")
def test_zsh(home):
    """In a terminal: its completion is nowhere else."""
    functions = home.folder / "functions"
    functions.mkdir()
    script(home, "zsh", "functions/_bahi")
    (home.folder / ".zshrc").write_text(
        "PS1='> '\nfpath=(%s $fpath)\nautoload -U compinit\n"
        "compinit -u -D\nzstyle ':completion:*' list-prompt ''\n"
        "LISTMAX=1000\n" % functions)
    t = Terminal([shutil.which("zsh"), "-i"], 50, 120, dict(
        home.env, ZDOTDIR=str(home.folder), TERM="xterm"))
    home.terminals.append(t)
    t.until(">")
    for typed, some, none in TYPED:
        if "import" in typed:       # files of the folder it was started in
            continue
        t.type("\x15\x0c", *("bahi " + typed), "Tab", "Tab")
        if len(some) == 1 and typed != "pause s":
            t.until(next(iter(some)))
            continue
        t.until(lambda t: all(one in t.text() for one in some))
        assert not none & set(t.text().split()), typed


def test_what_is_offered_is_tame(home):
    home.books.events[1]["document"] = "IN01/x/\x1b[31m"
    out = run(home, ["bahi", "--complete", "event", ""])
    assert "\x1b" not in out and out.startswith("E1\t")
    assert run(home, ["bahi", "--complete", "nothing", ""]) == ""
    assert run(home, ["bahi", "--complete"]) == ""


def test_the_scripts_are_installed(bahi):
    built = pathlib.Path(bahi).parent / "completion"
    for name, shell in (("bahi", "bash"), ("_bahi", "zsh"),
                        ("bahi.fish", "fish")):
        made = subprocess.run([bahi, "--dump=completion-" + shell],
                              check=True, text=True,
                              capture_output=True).stdout
        assert (built / name).read_text() == made
