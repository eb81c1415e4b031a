"""A real Tryton with books in INR, from Debian's packages: on SQLite, or on
PostgreSQL in a cluster of its own. Its database is made once by this machine
(data/targets/tryton/setup.py does the rest, as a firm would run it) and copied
for each test."""
import atexit
import fcntl
import functools
import glob
import hashlib
import importlib.util
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from house import database

ROOT = pathlib.Path(__file__).resolve().parents[2]
SETUP = ROOT / "data/targets/tryton/setup.py"
COMPANY = "Sahyadri Traders Pvt Ltd"
PASSWORD = "admin-pass-1"
YEAR = 2026
WITH_PARTY = ("1100", "2000")
SECONDS = 60            # for anything to be ready
KINDS = ("sqlite", "postgresql")

spec = importlib.util.spec_from_file_location("tryton_setup", SETUP)
setup = importlib.util.module_from_spec(spec)
spec.loader.exec_module(setup)


def wait_for(ready, what, process=None, log=None):
    end = time.monotonic() + SECONDS
    while not ready():
        assert process is None or process.poll() is None, \
            (what, log and log.read_text())
        assert time.monotonic() < end, what
        time.sleep(0.02)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def listening(port):
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


# ---- PostgreSQL ------------------------------------------------------------

class Cluster:
    """As the user postgres, since it refuses to be run by root."""

    def __init__(self, copy_of=None):
        self.bin = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="bahi-pg-",
                                                 dir="/tmp"))
        self.data = self.dir / "data"
        if os.getuid() == 0:
            shutil.chown(self.dir, "postgres")
        if copy_of is not None:
            self.run("cp", "-a", str(copy_of), str(self.data))
        else:
            self.run(self.bin + "/initdb", "-D", str(self.data), "-U",
                     "postgres", "-A", "trust", "-E", "UTF8", "--no-sync",
                     "--locale", "C.UTF-8")
        self.port = free_port()
        self.count = 0
        self.start()

    def start(self):
        self.run(self.bin + "/pg_ctl", "-D", str(self.data), "-w", "-t", "60",
                 "-l", str(self.dir / "log"), "-o",
                 "-p %d -c listen_addresses=127.0.0.1 -c fsync=off "
                 "-c unix_socket_directories=%s -c max_connections=60"
                 % (self.port, self.dir), "start")

    @staticmethod
    def run(*argv):
        as_other = ["runuser", "-u", "postgres", "--"] \
            if os.getuid() == 0 else []
        done = subprocess.run(as_other + list(argv), text=True, cwd="/",
                              stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE)
        assert done.returncode == 0, (argv, done.stderr)

    def sql(self, query, *values, database="postgres"):
        import psycopg2
        connection = psycopg2.connect(host="127.0.0.1", port=self.port,
                                      user="postgres", dbname=database)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(query, values)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def new(self, template=None):
        self.count += 1
        name = "books%d" % self.count
        self.sql('CREATE DATABASE "%s"%s' % (
            name, ' TEMPLATE "%s"' % template if template else ""))
        return name

    def stop(self):
        self.run(self.bin + "/pg_ctl", "-D", str(self.data), "-w", "-m",
                 "fast", "stop")

    def close(self):
        self.stop()
        shutil.rmtree(self.dir)


# ---- one Tryton ------------------------------------------------------------

class Tryton:
    """Prepared, with a database of its own. `idle`: only when nobody else
    wants the processor, as another machine would be."""

    def __init__(self, kind="sqlite", idle=False, prepared=True):
        self.kind, self.idle = kind, idle
        self.process = None
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="bahi-tryton-",
                                                 dir="/tmp"))
        if kind == "sqlite":
            self.cluster, self.database = None, "books"
            self.file = self.dir / "books.sqlite"
            uri = "sqlite://"
            if prepared:
                shutil.copy(prepare(kind), self.file)
            else:
                self.file.touch()
        else:
            self.cluster = cluster() if prepared else Cluster()
            self.database = self.cluster.new("ready" if prepared else None)
            uri = "postgresql://postgres@127.0.0.1:%d/" % self.cluster.port
        self.port = free_port()
        (self.dir / "trytond.conf").write_text(
            "[database]\nuri = %s\npath = %s\n[web]\nlisten = 127.0.0.1:%d\n"
            % (uri, self.dir, self.port))
        self.log = self.dir / "log"
        self.base = "http://127.0.0.1:%d/" % self.port
        self.url = self.base + self.database + "/"
        self.client = setup.Tryton(self.url, "admin", PASSWORD)

    def argv(self, program):
        return (["chrt", "-i", "0"] if self.idle else []) + [
            "/usr/bin/" + program, "-c", str(self.dir / "trytond.conf"), "-d",
            self.database]

    def admin(self, *args):
        (self.dir / "pass").write_text(PASSWORD)
        subprocess.run(self.argv("trytond-admin") + list(args), check=True,
                       capture_output=True, env=dict(
                           os.environ, TRYTONPASSFILE=str(self.dir / "pass")))

    def start(self):
        with open(self.log, "a") as log:
            self.process = subprocess.Popen(self.argv("trytond"), stdout=log,
                                            stderr=log)
        wait_for(lambda: listening(self.port), "trytond", self.process,
                 self.log)
        return self

    def login(self):
        """The first of a process takes a second: modules are loaded."""
        self.client.login()
        self.client.context["company"] = self.client.find("company.company")
        return self

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)
        self.process = None

    def close(self):
        if self.process is not None:
            self.kill()
        if self.cluster is not None and self.cluster is not shared.get("pg"):
            self.cluster.close()
        shutil.rmtree(self.dir)

    # Looking in, and touching what no one may over the network.

    def sql(self, query, *values):
        if self.cluster is not None:
            return self.cluster.sql(query.replace("?", "%s"), *values,
                                    database=self.database)
        with database(self.file, timeout=60, write=True) as db:
            return db.execute(query, values).fetchall()

    def moves(self, like="bahi-%"):
        """(id, state, description) of moves, by id."""
        return self.sql("SELECT id, state, description FROM account_move "
                        "WHERE description LIKE ? ORDER BY id", like)

    def balances(self):
        """By account code, in text as Tryton says it: what is posted."""
        return {one["code"]: one["balance"]["decimal"]
                for one in self.client.model(
                    "account.account", "search_read",
                    [["company", "=", self.client.context["company"]],
                     ["type", "!=", None]],
                    0, None, None, ["code", "balance"], posted=True)
                if one["code"]}

    def conf(self, folder, name="tryton", **settings):
        """Writes the target's file, and its secret beside it."""
        folder = pathlib.Path(folder)
        folder.mkdir(exist_ok=True)
        secret = folder / (name + ".secret")
        secret.write_text(PASSWORD + "\n")
        secret.chmod(0o600)
        settings = dict({"kind": "tryton", "url": self.base,
                         "database": self.database, "user": "admin",
                         "secret": secret.name, "company": COMPANY,
                         "book": "BAHI", "entities": "IN01"}, **settings)
        (folder / (name + ".conf")).write_text(
            "".join("%s = %s\n" % one for one in settings.items()))


# ---- prepared once ---------------------------------------------------------

shared = {}             # "pg": the cluster of this run


def fill(one):
    """What a firm's own people did before: modules, company, chart, year."""
    one.admin("--all", "-u", "account", "--activate-dependencies",
              "--email", "admin@example.com")
    one.start()
    try:
        t = one.client.login()
        up = setup.SetUp(t, True, COMPANY, say=lambda text: None)
        assert up.use_company("INR")
        up.chart()
        up.year(YEAR)
        up.journal("BAHI")
        up.accounts(setup.rows_of(ROOT / "data/reference/account.csv",
                                  "2026-10-01"), WITH_PARTY)
        up.parties(setup.rows_of(ROOT / "data/reference/party.csv",
                                 "2026-10-01"))
        one.sql("DELETE FROM ir_session")
    finally:
        one.kill()


@functools.lru_cache(None)
def kept_in():
    """Another program, another set-up: another folder."""
    digest = hashlib.sha256()
    for path in (SETUP, pathlib.Path(__file__),
                 ROOT / "data/reference/account.csv",
                 ROOT / "data/reference/party.csv"):
        digest.update(path.read_bytes())
    digest.update(subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${Version}\n",
         "tryton-server", "tryton-modules-*", "postgresql-1*"],
        capture_output=True, check=True).stdout)
    folder = pathlib.Path(tempfile.gettempdir()) / (
        "bahi-tryton-made-%d-%s" % (os.getuid(), digest.hexdigest()[:16]))
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    return folder


@functools.lru_cache(None)
def prepare(kind):
    """The file, or the stopped cluster, that is copied; whoever comes first
    makes it."""
    made = kept_in() / kind
    with open(kept_in() / "lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if made.exists():
            return made
        one = Tryton(kind, prepared=False)
        try:
            fill(one)
            if one.cluster is None:
                shutil.copy(one.file, str(made) + ".part")
            else:
                one.cluster.sql('ALTER DATABASE "%s" RENAME TO ready'
                                % one.database)
                one.cluster.stop()
                shutil.rmtree(str(made) + ".part", ignore_errors=True)
                subprocess.run(["cp", "-a", str(one.cluster.data),
                                str(made) + ".part"], check=True)
                one.cluster.start()
            os.rename(str(made) + ".part", made)
        finally:
            one.close()
    return made


def cluster():
    if "pg" not in shared:
        shared["pg"] = Cluster(prepare("postgresql"))
        atexit.register(shared["pg"].close)
    return shared["pg"]
