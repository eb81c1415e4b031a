"""What the programs print of their tables is what the manuals say."""
import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


def dump(bahi, what):
    return subprocess.run([bahi, "--dump=" + what], check=True, text=True,
                          capture_output=True).stdout.splitlines()


def test_default_keys(bahi):
    lines = (ROOT / "data/keys/default.keys").read_text().splitlines()
    assert [l for l in lines if not l.startswith("#")] == dump(bahi, "keys")


def read(name):
    return (ROOT / "man" / name).read_text().replace("\\-", "-")


def test_manual_names_everything(bahi):
    manual = read("bahi.1")
    for what in ("verbs", "flags"):
        for line in dump(bahi, what):
            name, _, help_text = line.split("\t")
            assert name in manual and help_text in manual, line


def test_manual_of_settings_is_the_table(bahi):
    said = dict(re.findall(r"^\.It Cm (\w+).*\n(.*)$", read("bahi.conf.5"),
                           re.M))
    assert said == {line.split("\t")[0]: line.split("\t")[2]
                    for line in dump(bahi, "options")}


def test_exit_statuses_are_those_of_the_manual():
    """One table says what bahi exits with: the manual has each of it."""
    column = re.findall(r'\[ERR_\w+\] = \{ "[\w.]+", \d+, \d+, (\d+),',
                        (ROOT / "src/core/err.c").read_text())
    section = read("bahi.1").split(".SH EXIT STATUS")[1].split(".fi")[0]
    said = set(re.findall(r"^(\d+) ", section, re.M))
    assert said == {"0", "1", "2", "3", "4", "5", "6", "130"}
    assert set(column) <= said and len(column) > 20


def test_help_is_complete(bahi):
    ran = subprocess.run([bahi, "--help"], text=True, capture_output=True)
    assert ran.returncode == 0
    for line in dump(bahi, "verbs"):
        assert line.split("\t")[0] in ran.stdout


def test_the_manual_of_keys_is_made_from_the_table(bahi):
    env = dict(os.environ, BAHI_DATADIR=str(ROOT / "data"))
    made = subprocess.run([bahi, "--dump=man-keys"], check=True, text=True,
                          env=env, capture_output=True).stdout
    assert made == (ROOT / "man/bahi-keys.7").read_text()
