"""The filter as it is typed: rows follow, what is wrong is said, and who
looked at a record finds it again."""
import pytest

from daemon import Books


@pytest.fixture
def backlog(place):
    place.serve(Books(failures=60, problems=3))
    t = place.console().until("live")
    t.type("2")
    return t.until("1/60")



def events(t):
    return [line.lstrip("> *").split()[0] for line in t.lines()[3:-2]
            if line.lstrip("> *")[:1] == "E"
            and line.lstrip("> *")[1:2].isdigit()]


def test_rows_follow_what_is_typed(backlog):
    t = backlog
    t.type("/", "INV-5")
    t.until(lambda t: events(t) == ["E5"] + ["E5%d" % n for n in range(10)])
    t.until("1/11 of 60")
    t.type("9")
    t.until(lambda t: events(t) == ["E59"]).until("1/1 of 60")
    t.type("Backspace", "7")
    t.until(lambda t: events(t) == ["E57"])
    t.type("Enter")
    t.until("/INV-57/ 1/1 of 60")       # and it stays in sight


def test_escape_takes_it_back(backlog):
    t = backlog
    t.type("/", "INV-5", "Enter").until("1/11 of 60")
    t.type("/", "INV-57").until(lambda t: events(t) == ["E57"])
    t.type("Esc").until("/INV-5/").until("/11 of 60")
    t.type("Esc").until("/60")
    t.until(lambda t: "of 60" not in t.text())


def test_what_is_wrong_is_said_and_the_last_good_rows_stay(backlog):
    t = backlog
    t.type("/", "amount>1000.55")
    t.until(lambda t: events(t) == ["E%d" % n for n in range(56, 61)])
    t.type("x")
    t.until("a number is wanted")
    assert events(t) == ["E%d" % n for n in range(56, 61)]
    t.type("Backspace")
    t.until(lambda t: "a number is wanted" not in t.text())
    t.type("Ctrl-U", "colour:red").until('no column "colour"')
    t.type("Ctrl-U", "party").until("Nothing matches the filter.")
    t.type(":C-4").until(lambda t: events(t) == ["E4"] + [
        "E4%d" % n for n in range(10)])


@pytest.mark.parametrize("text, want", [
    ("amount:1000.10..1000.12", ["E10", "E11", "E12"]),
    ("amount<=1,000.02", ["E1", "E2"]),
    ("id=e7", ["E7"]),
    ("party=C-7|C-9", ["E7", "E9"]),
    ("INV-6 -INV-60", ["E6"]),
    ("sku-0 -/INV-[1-5]/ amount>1000.08", ["E9", "E60"]),
    ("state:held", []),
    ("age<2d", []),
    ("age>2d received<2026-10-05", []),
    ("age>2d received:2026-10-05 INV-33", ["E33"]),
    ("finding:\"for \\\"SKU-1\\\"\" party:C-5", []),
])
def test_terms(backlog, text, want):
    t = backlog
    t.type("/", text, "Enter")
    if not want:
        t.until("Nothing matches the filter.").until("0 of 60")
    else:
        t.until(lambda t: events(t) == want)
        t.until("/%d of 60" % len(want))


def test_the_record_survives_a_filter_and_its_end(backlog):
    t = backlog
    t.type(*["j"] * 29)
    t.until("> E30 ")
    t.type("/", "C-3")              # E30 is among them
    t.until(lambda t: events(t)[:2] == ["E3", "E30"])
    assert t.row().startswith("> E30 ")
    t.type("Ctrl-U", "C-4")         # now it is not
    t.until(lambda t: events(t)[:1] == ["E4"] and "E30" not in events(t))
    t.type("Esc")
    t.until(lambda t: t.row().startswith("> E30 "))
    t.until("30/60")
    t.type("/", "C-5", "Enter")     # kept: where one is now counts
    t.until(lambda t: t.row().startswith("> E5"))
    now = t.row().split()[1]
    t.type("Esc")
    t.until(lambda t: "E30" in events(t) and
            t.row().startswith("> %s " % now))


def test_news_do_not_move_the_record(place, backlog):
    t, books = backlog, place.books
    t.type("/", "C-3", "Enter").until("/11 of 60")
    t.type("j", "j").until(lambda t: t.row().startswith("> E31 "))
    with books.lock:
        books.post(3, books.events[3])
        books.lock.notify_all()
    t.until(lambda t: events(t)[0] == "E30")
    assert t.row().startswith("> E31 ")
    t.until("2/10 of 59")


def test_a_list_of_the_daemon_takes_the_same_language(place):
    place.serve()
    rows = place.books.rows["/v1/stock"]
    for n in range(40):
        rows.append(dict(rows[0], item="TOY-%d" % n, location="PNQ",
                         value="%d.00" % (n * 1000), on_hand=str(n)))
    t = place.console().until("live")
    t.type("7").until("1/43")
    t.type("/", "value>37k -location:MUM")
    t.until(lambda t: "TOY-38" in t.text() and "TOY-37" not in t.text())
    t.type("Ctrl-U", "onhand:5..6 toy")
    t.until(lambda t: "TOY-5" in t.text() and "TOY-38" not in t.text())
    t.type("Enter").until("1/2 of 43")
