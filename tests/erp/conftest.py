"""What tests of targets share: see firm.py, restd.py, proxy.py."""
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "flow"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from firm import Firm   # noqa: E402, the path comes first
from proxy import Proxy     # noqa: E402
from restd import Erp   # noqa: E402


@pytest.fixture
def firm():
    one = Firm()
    yield one
    one.close()


@pytest.fixture
def erp():
    """A REST ERP; more of them, or with settings: `with Erp(...) as erp`."""
    with Erp() as one:
        yield one


@pytest.fixture
def proxy(erp):
    """Before that one."""
    with Proxy(erp.port) as one:
        yield one
