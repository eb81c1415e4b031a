"""A House with targets, and the driver tests/tools/target."""
import json
import os
import pathlib
import sqlite3
import subprocess
import time

from house import BAHID, database, House, ROOT

DRIVER = pathlib.Path(BAHID).resolve().parent / "tests/tools/target"
RULE = ROOT / "data/targets/rest/example.sql"


def wait_until(true, what="", seconds=30):
    """Until true() is; its value. Never for luck: a condition, and an end."""
    end = time.monotonic() + seconds
    while True:
        value = true()
        if value:
            return value
        assert time.monotonic() < end, what or "not within %d s" % seconds
        time.sleep(0.01)


def write_secret(path, text):
    """Whole at once: a daemon that runs may read it at any moment."""
    beside = path.with_suffix(".new")
    beside.touch(0o600)
    beside.write_text(text + "\n")
    os.replace(beside, path)


def write_conf(folder, name, /, secret=None, **settings):
    """FOLDER/NAME.conf, whole at once. secret: the text itself."""
    folder.mkdir(exist_ok=True)
    if secret is not None:
        write_secret(folder / (name + ".secret"), secret)
        settings["secret"] = name + ".secret"
    beside = folder / (name + ".new")
    beside.write_text("".join("%s = %s\n" % one for one in settings.items()))
    os.replace(beside, folder / (name + ".conf"))


def write_rest(folder, name, url, rule=RULE, **settings):
    """A target of the double restd, at url."""
    write_conf(folder, name, secret=settings.pop("secret", "rest-token"),
               **dict(kind="rest", url=url, rule=rule, **settings))


def driver(folder, name, postings, act, *args, check=True):
    """What tests/tools/target says; postings: a store's path, or a list of
    dicts as its head describes, or None."""
    if isinstance(postings, list):
        path = folder / "postings.json"
        path.write_text(json.dumps(postings))
        postings = path
    done = subprocess.run(
        [DRIVER, folder, name, postings or "-", act] + [str(one) for one in
                                                        args],
        capture_output=True, text=True, timeout=120)
    assert not check or done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.returncode == 0 else done


def teller(name):
    """send and find by the driver: verdicts, or the one of one posting; what
    it has of journals of ours."""
    def send(folder, *postings, act="send"):
        said = driver(folder, name, list(postings), act,
                      *[one["journal"] for one in postings])["verdicts"]
        return said[0] if len(postings) == 1 else said

    def find(folder, *journals):
        return driver(folder, name, None, "find",
                      *map(reference, journals))["found"]

    return send, find


def posting(journal, *lines, date="2026-10-05", **members):
    """For the driver: posting(7, ("1000", "118.00"), ("4000", "-118.00"))."""
    return dict(members, journal=str(journal), date=date, lines=[
        dict(zip(("account", "amount", "party"), line)) for line in
        lines or (("1000", "118.00"), ("4000", "-118.00"))])


def reference(journal, entity="IN01"):
    return "bahi-%s-%012d" % (entity, journal)


class Firm(House):
    """A House whose folder `targets` is read."""
    def make(self):
        super().make()
        self.targets.mkdir()

    @property
    def targets(self):
        return self.home / "targets"

    def start(self, **env):
        self.setting("targets", "targets")
        return super().start(**env)

    def target(self, name, **settings):
        write_conf(self.targets, name, **settings)

    def rest(self, name, url, **settings):
        write_rest(self.targets, name, url, **settings)

    def ask(self, sql, *values):
        """The store itself: dicts."""
        with database(self.home / "bahi.db", timeout=60) as db:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(sql, values)]

    def commits(self, name, state=None):
        """Rows of the outbox, by journal."""
        return {row["journal"]: row for row in self.ask(
            "SELECT * FROM outbox WHERE target = ?1 AND "
            "(?2 IS NULL OR state = ?2) ORDER BY journal", name, state)}

    def until(self, name, n, state="done", seconds=30):
        """Waits until n of them are in that state; those."""
        end = time.monotonic() + seconds
        while len(self.commits(name, state)) < n:
            assert time.monotonic() < end, "\n".join(
                [str(row) for row in self.commits(name).values()] +
                [self.read_log()])
            time.sleep(0.02)
        return self.commits(name, state)

    def balances(self):
        """Our trial balance in the base currency, paise by account."""
        rows = self.get("/v1/trial-balance")["items"]
        out = {}
        for row in rows:
            out[row["account"]] = out.get(row["account"], 0) + int(
                row["base_balance"].replace(".", ""))
        return {code: n for code, n in out.items() if n}

    def driver(self, name, act, *args, **how):
        return driver(self.targets, name, self.home / "bahi.db", act, *args,
                      **how)
