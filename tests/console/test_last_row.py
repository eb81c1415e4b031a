"""Of thousands of failed events on a real daemon the last one is reached,
found and retried like the first; nothing is cut off on the way."""
import threading

import pytest

from terminal import Terminal

from house import House, sale

ROWS = 3000
SENDERS = 8


@pytest.fixture
def till():
    one = House()
    one.start()

    def send(first):
        line = one.connect()
        for n in range(first, ROWS, SENDERS):
            one.post("pos", sale("R-%04d" % n, amount="0.00",
                                 tax="0.00"), "k%d" % n, connection=line)
        line.close()
    senders = [threading.Thread(target=send, args=(n,))
               for n in range(SENDERS)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    yield one
    one.close()


def test_the_last_row_is_reached_found_and_retried(bahi, till):
    t = Terminal([bahi, "--config", str(till.home / "bahi.conf")], 40, 120,
                 {"HOME": str(till.dir), "XDG_CACHE_HOME": str(till.dir)})
    try:
        t.until("live", 60)
        t.type("2").until("1/{:,}".format(ROWS), 60)
        t.type("G").until("{0:,}/{0:,}".format(ROWS))
        t.type("r").until("0 done, 1 failed", 30)
        # The same by its number, among all of them.
        t.type("/", "r-%04d" % (ROWS - 1)).until("1/1 of {:,}".format(ROWS))
        t.type("Enter", "r").until("0 done, 1 failed", 30)
        t.type("Esc").until("/{:,}".format(ROWS))
    finally:
        t.close()
