"""Light on a slow line, whatever the backlog."""
from daemon import Books
from terminal import indian

FAILURES = 20000


def test_many_failures(place):
    place.serve(Books(failures=FAILURES, problems=50))
    t = place.console()
    t.until("live", 90)
    t.type("2")
    t.until("/" + indian(FAILURES), 90)
    t.type("1")
    t.until("Not posted", 90)
    t.type("q", "y")
    assert t.end() == 0
    place.cut()

    # From the cache alone. How long it takes is measured in ./dev bench.
    t = place.console().until("Not posted")
    t.until("OFFLINE").type("2")
    t.until("1/" + indian(FAILURES))
    t.quiet()
    sent = []
    for _ in range(30):
        before = t.sent
        t.type("Down")
        t.pump(1)
        t.quiet(0.02)
        sent.append(t.sent - before)
    assert max(sent) <= 60, sent
    t.type("G")
    t.until("%s/%s" % (indian(FAILURES), indian(FAILURES)))
    t.quiet()
    assert t.quiet(2) == 0, "idle is not silent"
    t.type("/", "INV-1999[0-9]", "Enter")
    t.until("E19990 ", 20)
