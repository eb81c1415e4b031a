"""Light on a slow line, whatever the backlog."""
import time

from daemon import Books

FAILURES = 100000


def test_a_hundred_thousand_failures(place):
    place.serve(Books(failures=FAILURES, problems=50))
    t = place.console()
    t.until("live", 90)
    t.type("2")
    t.until("/%d" % FAILURES, 90)
    t.type("q")
    assert t.end() == 0
    place.cut()

    # The sanitizers of a development build cost a factor of several.
    began = time.monotonic()
    t = place.console().until("Not posted")
    first = time.monotonic() - began
    t.until("OFFLINE").type("2")
    t.until("1/%d" % FAILURES)
    t.quiet()
    took, sent = [], []
    for _ in range(30):
        before, began = t.sent, time.monotonic()
        t.type("Down")
        t.pump(1)
        took.append(time.monotonic() - began)
        t.quiet(0.02)
        sent.append(t.sent - before)
    assert max(sent) <= 60, sent
    took.sort()
    print("first screen %.1f ms, Down %.2f ms median, %d bytes" %
          (first * 1000, took[15] * 1000, max(sent)))
    assert first < 1 and took[15] < 0.05

    began = time.monotonic()
    t.type("G")
    t.until("%d/%d" % (FAILURES, FAILURES))
    assert time.monotonic() - began < 1
    t.quiet()
    assert t.quiet(2) == 0, "idle is not silent"
    t.type("/", "INV-9999[0-9]", "Enter")
    t.until("> E99990", 20)
