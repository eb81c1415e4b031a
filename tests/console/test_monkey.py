"""A short walk of the monkey; `./dev soak` plays 100,000 keys."""
import os

from daemon import Books
from monkey import Monkey

KEYS = int(os.environ.get("BAHI_KEYS", "2000"))
SEED = int(os.environ.get("BAHI_SEED", "1"))


def test_random_keys(place, monkeypatch):
    monkeypatch.chdir(place.folder)     # where it may name files
    place.serve(Books(failures=200, problems=7))
    (place.folder / "bahi.conf").write_text(
        "socket = %s/bahid.sock\ncache = %s/cache.db\nmouse = yes\n" %
        (place.folder, place.folder))
    monkey = Monkey(place, SEED)
    monkey.play(KEYS)
    assert monkey.starts < KEYS // 20 + 2
