"""A real bahid in a folder of its own, and senders who sign as vendors do."""
import atexit
import base64
import contextlib
import ctypes
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BAHID = os.environ.get("BAHID", str(ROOT / "build" / "bahid"))
SEALED = bool(os.environ.get("BAHI_TEST_SEALED"))
SCHEMES = {"pos": "standard", "shopify": "shopify", "razorpay": "razorpay"}


# One key for all, so that a copied configuration finds it, too.
KEY = pathlib.Path(tempfile.gettempdir()) / ("bahi-test-key-%d" % os.getuid())

if SEALED:      # what opens a store by itself, here, finds the key, too
    if not KEY.exists():
        subprocess.run([BAHID, "key", "new", str(KEY)], capture_output=True)
    os.environ["BAHI_TEST_KEY"] = str(KEY)
    tool = ctypes.CDLL(str(pathlib.Path(BAHID).resolve().parent /
                           "libsealed.so"))
    assert tool.bahi_sealed_default() == 0


def seal(home, key=None):
    """The store of that folder is sealed from now on; with a key in it, when
    none is named."""
    if key is None:
        subprocess.run([BAHID, "key", "new", str(home / "key")], check=True,
                       capture_output=True)
    with open(home / "bahid.conf", "a") as conf:
        conf.write("key = %s\n" % (key or "key"))
    subprocess.run([BAHID, "--config", str(home / "bahid.conf"), "seal"],
                   check=True, capture_output=True, timeout=120)


@contextlib.contextmanager
def database(path, write=False, **options):
    """A store looked into, or changed, from outside; closed at the end.
    The `with` of sqlite3 itself only commits, and what is closed when it is
    collected takes the WAL away while a test tidies up."""
    if not write:
        path = "file:%s?mode=ro" % path
    with contextlib.closing(sqlite3.connect(
            path, uri=not write, **options)) as db, db:
        yield db


class LocalConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)


class House:
    """Made once by the program itself, then copied: that is what most tests
    would spend their time on."""
    made = {}               # class -> folder
    sealed = SEALED

    def __init__(self, fresh=False):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="bahi-", dir="/tmp"))
        self.home = self.dir / "d"
        self.env = dict(os.environ, BAHI_DATADIR=str(ROOT / "data"),
                        LC_ALL="C.UTF-8")
        self.process = None
        if type(self) in House.made and not fresh:
            shutil.copytree(House.made[type(self)], self.home)
            return
        self.make()
        if fresh:           # secrets of its own
            return
        keep = tempfile.mkdtemp(prefix="bahi-made-", dir="/tmp")
        atexit.register(shutil.rmtree, keep, ignore_errors=True)
        House.made[type(self)] = shutil.copytree(self.home, keep + "/d")

    def make(self):
        self.run("init", str(self.home), str(ROOT / "data/reference"),
                 config=False)
        if self.sealed:
            seal(self.home, KEY)
        for name, scheme in SCHEMES.items():
            self.run("source", "add", name, scheme)

    # The programs.

    def argv(self, *args, config=True):
        return [BAHID] + (["--config", str(self.home / "bahid.conf")]
                          if config else []) + list(args)

    def run(self, *args, config=True, check=True):
        done = subprocess.run(self.argv(*args, config=config), env=self.env,
                              text=True, capture_output=True, timeout=120)
        assert not check or done.returncode == 0, done.stderr
        return done

    def setting(self, name, value):
        path = self.home / "bahid.conf"
        lines = [line for line in path.read_text().splitlines()
                 if not line.startswith(name + " ")]
        path.write_text("\n".join(lines + ["%s = %s" % (name, value)]) + "\n")

    def start(self, **env):
        (self.home / "url").unlink(missing_ok=True)
        self.log = open(self.dir / "log", "a")
        self.process = subprocess.Popen(
            self.argv("run"), env=dict(self.env, **env), stderr=self.log)
        end = time.monotonic() + 30
        while not (self.home / "url").exists():
            assert self.process.poll() is None, self.read_log()
            assert time.monotonic() < end, "not ready"
            time.sleep(0.01)
        url = (self.home / "url").read_text().strip()
        self.host, self.port = url[len("http://"):].split(":")
        return self

    def read_log(self):
        return (self.dir / "log").read_text()

    def stop(self):
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            code = self.process.wait(30)
            self.process = None
            assert code == 0, (code, self.read_log())

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)
        self.process = None

    def died(self):
        """Waits for the daemon to be gone by itself."""
        code = self.process.wait(30)
        self.process = None
        return code

    def close(self):
        if self.process is not None:
            self.kill()
        shutil.rmtree(self.dir)

    def opened(self, path):
        """Bytes of a file that may have been sealed."""
        if not path.read_bytes().startswith(b"bahi-sealed-1\n"):
            return path.read_bytes()
        plain = self.dir / ("opened-%d" % time.monotonic_ns())
        self.run("unseal-file", str(path), str(plain))
        return plain.read_bytes()

    # Asking.

    def api(self, method, path, body=None, headers=None):
        connection = LocalConnection(str(self.home / "bahid.sock"))
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        connection.request(method, path, body, headers or {})
        answer = Answer(connection.getresponse())
        connection.close()
        return answer

    def get(self, path):
        answer = self.api("GET", path)
        assert answer.status == 200, (path, answer.status, answer.body)
        return answer.json

    def connect(self):
        return http.client.HTTPConnection(self.host, int(self.port),
                                          timeout=60)

    # Sending.

    def secret(self, source):
        return (self.home / "secrets" / source).read_text().split()[0]

    def sign(self, source, body, key, topic=None, at=None, secret=None):
        secret = secret or self.secret(source)
        if source == "pos":
            at = str(int(at if at is not None else time.time()))
            raw = base64.b64decode(secret[len("whsec_"):])
            mac = hmac.new(raw, b".".join([key.encode(), at.encode(), body]),
                           hashlib.sha256).digest()
            return {"webhook-id": key, "webhook-timestamp": at,
                    "webhook-signature":
                        "v1," + base64.b64encode(mac).decode()}
        mac = hmac.new(secret.encode(), body, hashlib.sha256)
        if source == "shopify":
            return {"X-Shopify-Topic": topic, "X-Shopify-Event-Id": key,
                    "X-Shopify-Shop-Domain": "s.myshopify.com",
                    "X-Shopify-Hmac-SHA256":
                        base64.b64encode(mac.digest()).decode()}
        return {"X-Razorpay-Signature": mac.hexdigest(),
                "x-razorpay-event-id": key}

    def post(self, source, body, key, topic=None, connection=None, **sign):
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        headers = self.sign(source, body, key, topic, **sign)
        headers["Content-Type"] = "application/json"
        own = connection or self.connect()
        own.request("POST", "/v1/hooks/" + source, body, headers)
        answer = Answer(own.getresponse())
        if connection is None:
            own.close()
        return answer

    # What must always be true.

    def check_books(self):
        status = self.get("/v1/status")
        assert status["conservation"] is True, status
        for source in status["sources"]:
            assert source["received"] == sum(source["states"].values())
        for total in self.get("/v1/trial-balance")["totals"]:
            assert set(total["balance"]) <= set("0."), total
        return status

    def journals(self):
        """Entries of every journal, by document."""
        out, after = {}, ""
        while True:
            page = self.get("/v1/documents?limit=500&after=" + after)
            for one in page["items"]:
                out[one["number"]] = self.get(
                    "/v1/journals/" + one["journal"])["entries"]
            if page["next"] is None:
                return out
            after = page["next"]

    def prove(self):
        """The chain is whole, and the log gives the same journals."""
        assert "chain is whole" in self.run("audit", "verify").stdout
        assert "the same as kept" in self.run("rebuild").stdout


@pytest.fixture
def house():
    one = House()
    yield one
    one.close()


def sale(number, amount="118.00", tax="18.00", **data):
    """A till's sale; amounts go out as bare JSON numbers."""
    fields = {"currency": "INR", "customer_id": "WALKIN",
              "ledger_account": "Sales-Revenue", "receipt": number,
              "store": "STORE-MUM", "paid_at": "2026-10-05T14:03:11+05:30",
              "tax_rate": 18}
    fields.update(data)
    fields = {k: v for k, v in fields.items() if v is not None}
    text = json.dumps({"event": "payment.success", "data": fields})
    return text.replace('"data": {', '"data": {"amount": %s, "tax_amount": '
                        '%s, ' % (amount, tax), 1).encode()
