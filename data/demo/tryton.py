#!/usr/bin/env python3
"""A Tryton beside the demo, and what has come there.

    tryton.py serve HOME    makes it, on SQLite, and serves it until it is told
                            to stop; then HOME/targets/tryton.conf is there
    tryton.py tell HOME     waits until all is there, says what is
"""
import decimal
import http.client
import importlib.util
import json
import os
import pathlib
import secrets
import signal
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
FIRST = os.environ.get("BAHI_DEMO_FIRST", "")   # earlier days do not go there
COMPANY = "Sahyadri Traders Pvt Ltd"
WAIT = 60               # seconds until it listens
DRAIN = 1200            # and until all is there

spec = importlib.util.spec_from_file_location(
    "tryton_setup", ROOT / "targets/tryton/setup.py")
setup = importlib.util.module_from_spec(spec)
spec.loader.exec_module(setup)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for(true, seconds, what):
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            sys.exit("demo: " + what)
        time.sleep(0.05)


def listens(port):
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


# ---- serving ---------------------------------------------------------------

def make(home, port):
    """An empty database; the password is nobody's but the demo's."""
    (home / "books.sqlite").touch()
    (home / "trytond.conf").write_text(
        "[database]\nuri = sqlite://\npath = %s\n[web]\nlisten = "
        "127.0.0.1:%d\n" % (home, port))
    password = home / "pass"
    password.touch(0o600)
    password.write_text(secrets.token_urlsafe(18) + "\n")
    subprocess.run(
        ["/usr/bin/trytond-admin", "-c", str(home / "trytond.conf"), "-d",
         "books", "--all", "-u", "account", "--activate-dependencies",
         "--email", "demo@example.com"], check=True, capture_output=True,
        env=dict(os.environ, TRYTONPASSFILE=str(password)))
    return password.read_text().strip()


def fill(url, password):
    up = setup.SetUp(setup.Tryton(url, "admin", password).login(), True,
                     COMPANY, say=lambda text: None)
    up.use_company("INR")
    up.chart()
    up.year(2026)
    up.journal("BAHI")
    up.currency("USD")
    up.accounts(setup.rows_of(ROOT / "reference/account.csv", "2026-10-01"),
                ("1100", "2000"))
    for folder in ("reference", "demo"):
        up.parties(setup.rows_of(ROOT / folder / "party.csv", "2026-10-01"))


def write_target(folder, port, password):
    folder.mkdir(exist_ok=True)
    secret = folder / "tryton.secret"
    secret.touch(0o600)
    secret.write_text(password + "\n")
    beside = folder / "tryton.new"
    beside.write_text(
        "kind = tryton\nurl = http://127.0.0.1:%d/\ndatabase = books\n"
        "user = admin\nsecret = tryton.secret\ncompany = %s\n"
        "entities = IN01\nbook = BAHI\nparty = WALKIN\n%s"
        % (port, COMPANY, "first = %s\n" % FIRST if FIRST else ""))
    beside.replace(folder / "tryton.conf")


def serve(home):
    place = home / "tryton"
    place.mkdir(mode=0o700)
    port = free_port()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    password = make(place, port)
    with open(place / "log", "w", encoding="utf-8") as log:
        server = subprocess.Popen(
            ["/usr/bin/trytond", "-c", str(place / "trytond.conf"), "-d",
             "books"], stdout=log, stderr=log)
    try:
        wait_for(lambda: listens(port), WAIT, "Tryton does not start")
        fill("http://127.0.0.1:%d/books/" % port, password)
        write_target(home / "targets", port, password)
        return server.wait()
    finally:
        server.kill()
        server.wait()


# ---- telling ---------------------------------------------------------------

class Local(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


def get(home, path):
    connection = Local(home / "bahid.sock")
    connection.request("GET", path)
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return answer


def target(home):
    for one in get(home, "/v1/targets")["items"]:
        if one["name"] == "tryton":
            return one
    return None


def settled(home):
    one = target(home)
    return one is not None and one["backlog"] == 0 and not sum(
        one["states"][state] for state in ("waiting", "sending", "retrying"))


def ours(home):
    """Of IN01, by account, in rupees."""
    out = {}
    for one in get(home, "/v1/trial-balance?entity=IN01")["items"]:
        out[one["account"]] = out.get(one["account"], 0) + decimal.Decimal(
            one["base_balance"])
    return out


def theirs(home):
    lines = (home / "targets/tryton.conf").read_text().splitlines()
    conf = dict(line.split(" = ", 1) for line in lines)
    tryton = setup.Tryton(
        conf["url"] + conf["database"] + "/", conf["user"],
        (home / "targets" / conf["secret"]).read_text().strip()).login()
    tryton.context["company"] = tryton.find("company.company")
    return {one["code"]: decimal.Decimal(one["debit"]["decimal"]) -
            decimal.Decimal(one["credit"]["decimal"]) for one in tryton.model(
                "account.account", "search_read", [["code", "!=", None]], 0,
                None, None, ["code", "debit", "credit"], posted=True,
                to_date=setup.day("2027-03-31"))}


def compare(here, there):
    accounts = sorted(account for account in {**here, **there}
                      if here.get(account) or there.get(account))
    apart = [account for account in accounts
             if here.get(account, 0) != there.get(account, 0)]
    print("trial balance of IN01: %s" % (
        "%d accounts, the same to the paisa" % len(accounts) if not apart
        else "not the same: " + ", ".join(apart)))
    return 1 if apart else 0


def tell(home):
    wait_for(lambda: settled(home), DRAIN, "not all of it came to Tryton")
    one = target(home)
    print("\nInto the ERP  tryton  %s, %s" % (one["product"],
                                             one["company"]))
    print("there         %10s" % format(one["states"]["done"], ","))
    print("refused       %10s" % format(one["states"]["failed"] +
                                        one["states"]["dead"], ","))
    for cause in get(home, "/v1/commits/causes?target=tryton")["items"]:
        print("%14s  %s" % (format(cause["n"], ","), cause["cause"]))
    return 0 if FIRST else compare(ours(home), theirs(home))


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("serve", "tell"):
        sys.exit(__doc__)
    sys.exit({"serve": serve, "tell": tell}[sys.argv[1]](
        pathlib.Path(sys.argv[2])))
