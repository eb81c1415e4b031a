"""testssl.sh on the real listener: nothing above LOW. Two minutes and more, so
it is not among the tests of each change: ./dev scan."""
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "flow"))

from authority import Authority     # noqa: E402
from test_tls import TlsHouse       # noqa: E402

FINE = {"OK", "INFO", "LOW"}
# that its own openssl lacks an engine for GOST, and how long it took
OF_ITSELF = {"engine_problem", "scanTime"}


def test_nothing_above_low(tmp_path):
    authority, house = Authority(tmp_path), TlsHouse()
    try:
        house.put(*authority.issue("bahid.test"))
        house.setting("tls_listen", "127.0.0.1:0")
        house.start()
        said = tmp_path / "said.json"
        subprocess.run(
            ["testssl", "--quiet", "--color", "0", "--warnings", "off",
             "--ip", "one", "--nodns", "min", "--add-ca",
             str(authority.file), "--jsonfile", str(said),
             "https://127.0.0.1:%d/" % house.tls],
            capture_output=True, timeout=1200)
        found = json.loads(said.read_text())
    finally:
        house.close()
    assert len(found) > 60, found
    bad = [(one["severity"], one["id"], one["finding"]) for one in found
           if one["severity"] not in FINE and one["id"] not in OF_ITSELF]
    assert not bad, bad
    assert {one["id"]: one["severity"] for one in found}["TLS1_3"] == "OK"
