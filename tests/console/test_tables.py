"""What the programs print of their tables is what the manuals say."""
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


def dump(bahi, what):
    return subprocess.run([bahi, "--dump=" + what], check=True, text=True,
                          capture_output=True).stdout.splitlines()


def test_default_keys(bahi):
    lines = (ROOT / "data/keys/default.keys").read_text().splitlines()
    assert [l for l in lines if not l.startswith("#")] == dump(bahi, "keys")


def test_manual_names_everything(bahi):
    manual = (ROOT / "man/bahi.1").read_text().replace("\\-", "-")
    for what in ("verbs", "options"):
        for line in dump(bahi, what):
            name, _, help_text = line.split("\t")
            assert name in manual and help_text in manual, line


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
