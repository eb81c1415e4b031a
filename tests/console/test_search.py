"""Ctrl-G: one line, looked for in the copy at once and in all books; and the
next row that the last filter would show."""
from daemon import Books


def start(place, **other):
    place.serve(Books(**other))
    t = place.console(rows=24, columns=100).until("live")
    t.type("2").until("> E1 ")
    return t


def search(t, text):
    return t.type("Ctrl-G").until("Search everywhere:").type(text, "Enter")


def test_a_number_leads_straight_to_its_event(place):
    t = start(place)
    for text in ("12", "E12", "e12"):
        search(t, text).until("INV-12").until("Payload")
        t.type("q").until("> E1 ")


def test_documents_accounts_and_journals(place):
    t = start(place)
    search(t, "inv-2").until("E2 ").until("E20 ")
    t.type("Down", "Enter").until("Payload")
    t.type("q").until("inv-2")
    t.type("q").until("> E1 ")
    search(t, "toys").until("account")
    t.type("Enter").until("Sales of toys")
    t.type("q", "q").until("> E1 ")
    # Posted: only the books have it.
    search(t, "INV-31").until("E31 ")
    t.type("q").until("> E1 ")
    search(t, "J31").until("journal").type("Enter").until("receivable")


def test_an_amount_as_it_is_written(place):
    t = start(place)
    search(t, "1,000.25").until("E25 ")
    assert "E24 " not in t.text()


def test_what_is_booked_is_found_without_the_daemon(place):
    t = start(place)
    place.cut()
    t.until("OFFLINE")
    search(t, "inv-33").until("> journal").until("J33 ")
    t.type("Enter").until("receivable")
    for text in ("INV-3", "q=inv-3"):
        ran = place.run("search", text)
        assert ran.returncode == 5 and "as of 2026-10-08" in ran.stderr
        found = [line.split()[:2] for line in ran.stdout.splitlines()[1:]]
        assert found == [["event", "E3"], ["event", "E30"]] + [
            ["journal", "J%d" % n] for n in range(31, 35)], found
    assert place.run("search", "INV-9999").returncode == 5


def test_without_the_daemon_the_copy_answers(place):
    t = start(place)
    place.cut()
    t.until("OFFLINE")
    search(t, "INV-17").until("> event").until("E17 ")
    t.type("q").until("> E1 ")
    search(t, "no such thing").until("Not in the local copy")


def test_the_verb_finds_too(place):
    start(place)
    done = place.run("search", "INV-31")
    assert done.returncode == 0 and "E31" in done.stdout


def test_the_next_row_that_matches(place):
    t = start(place, failures=700)
    t.type("n").until("Nothing was looked for yet")
    t.type("/").until("/").type("INV-69", "Enter").until("/INV-69/")
    t.type("Esc").until("> E69 ")
    t.type("n").until("> E690 ").type("n").until("> E691 ")
    t.type("N").until("> E690 ").type("N").until("> E69 ")
    t.type("N").until("None above matches.")
    t.type("G").until("> E700 ").type("n").until("None below matches.")
