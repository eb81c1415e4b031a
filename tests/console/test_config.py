"""Settings: where they are found, who wins, and what is wrong with them."""
import json
import os
import subprocess

import pytest


@pytest.fixture
def person(place):
    """Runs bahi without --config, as a person with a home does."""
    home = place.folder / "home"
    (home / ".config/bahi").mkdir(parents=True)

    def run(*args, **env):
        full = {k: v for k, v in os.environ.items()
                if not k.startswith(("XDG_", "BAHI_"))}
        full.update(HOME=str(home), LANG="C.UTF-8",
                    BAHI_CLOCK="2026-10-08T09:41:07Z", **env)
        return subprocess.run([place.program, *args], env=full, text=True,
                              capture_output=True, timeout=60,
                              cwd=place.folder)
    run.own = home / ".config/bahi/bahi.conf"
    run.home = home
    return run


def settings(run, *args, **env):
    ran = run("config", "--json", *args, **env)
    assert ran.returncode == 0, ran
    return json.loads(ran.stdout)


def test_ones_own_file_is_found(person, place):
    person.own.write_text("# mine\ntype_count = 7\nsocket = s\n")
    got = settings(person)
    assert got["type_count"] == {"value": "7",
                                 "from": "%s:2" % person.own}
    assert got["socket"]["value"] == str(person.own.parent / "s")
    assert got["url"] == {"value": "", "from": "default"}
    other = person.home / "etc"
    (other / "bahi").mkdir(parents=True)
    (other / "bahi/bahi.conf").write_text("type_count = 8\n")
    got = settings(person, XDG_CONFIG_HOME=str(other))
    assert got["type_count"]["value"] == "8"


def test_what_is_named_goes_first(person, place):
    person.own.write_text("type_count = 7\n")
    named = place.folder / "named.conf"
    named.write_text("type_count = 9\n")
    assert settings(person, BAHI_CONFIG=str(named))["type_count"][
        "value"] == "9"
    got = settings(person, "--config", str(named))
    assert got["type_count"]["from"] == "%s:1" % named
    got = settings(person, "--type-count=11", "--cache", "c.db")
    assert got["type_count"] == {"value": "11", "from": "--type-count"}
    # Of the command line: from where one is.
    assert got["cache"]["value"] == str(place.folder / "c.db")
    assert settings(person, "--read-only")["read_only"]["value"] == "yes"


def test_every_complaint_names_file_and_line(person):
    for text, line in (("sockett = x\n", 1), ("\n\nsocket\n", 3),
                       ("type_count = 1\ntype_count = 2\n", 2),
                       ("#\ntype_count = many\n", 2),
                       ("color = blue\n", 1)):
        person.own.write_text(text)
        for verb in (["config"], ["events"], []):
            ran = person(*verb)
            assert ran.returncode == 2, (text, verb, ran)
            assert "%s:%d: " % (person.own, line) in ran.stderr, ran.stderr
    person.own.write_text("")
    ran = person("--type-count=-1", "config")
    assert ran.returncode == 2 and "type_count" in ran.stderr
    ran = person("config", "--config", "/nonexistent")
    assert ran.returncode == 2 and "/nonexistent" in ran.stderr
    assert person("config", "nothing").returncode == 2
    assert person("config", "socket").stdout.count("\n") == 2


def test_state_and_cache_are_apart(person, place):
    place.serve()
    person.own.write_text("socket = %s\n" % (place.folder / "bahid.sock"))
    assert person("events").returncode == 0
    assert person("dismiss", "E1", "--reason", "twice").returncode == 0
    state = person.home / ".local/state/bahi/reasons"
    assert "twice" in state.read_text()
    assert (person.home / ".cache/bahi/cache.db").exists()
    for path in (state, person.home / ".cache/bahi/cache.db"):
        assert path.stat().st_mode & 0o77 == 0, path
        assert path.parent.stat().st_mode & 0o77 == 0, path


def test_a_token_is_read_from_a_file_of_ones_own(person):
    token = person.own.parent / "token"
    token.write_text("s3cret\n")
    token.chmod(0o644)
    person.own.write_text("url = http://127.0.0.1:1\ntoken = token\n")
    ran = person("events")
    assert ran.returncode == 2 and "others" in ran.stderr, ran
    token.chmod(0o600)
    assert person("events").returncode == 5
    assert "s3cret" not in person("config").stdout
