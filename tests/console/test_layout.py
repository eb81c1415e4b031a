"""Columns and the order of rows, and the way back to what was looked at."""
import pytest


def head(t):
    return t.lines()[2]


def rows(t):
    return [l[2:].split()[0] for l in t.lines()[3:-2] if l.strip()]


def backlog(place, columns=80, rows=24):
    t = place.console(rows=rows, columns=columns)
    t.until("live")
    t.type("2").until("> E1 ")
    return t


def test_columns_are_arranged_and_kept(place):
    place.serve()
    t = backlog(place)
    assert head(t).split() == ["Event", "Age", "Document", "Amount", "Cur",
                               "Finding"]
    t.type("|").until("[Event]")
    # State has no room at 80 columns: it can be reached, and shown for good.
    t.type("Right").until("[State]")
    assert t.screen.cursor.y == 2
    t.type("Space", "Right", "Space", "Right", "Right", ">", "+", "+")
    t.until(lambda t: "[Document]" in head(t))
    t.type("Enter").until("Kept")
    assert head(t).split()[:3] == ["Event", "State", "Amount"] or \
        head(t).split()[:2] == ["Event", "State"]
    assert "Age" not in head(t)
    kept = (place.folder / "state/bahi/columns").read_text()
    assert kept.startswith("[backlog]\n") and "-age" in kept and \
        "state!" in kept and "document:24" in kept
    wanted = head(t)
    t.type("1", "2").until(lambda t: head(t) == wanted)
    t.type("q", "q", "y")
    t = backlog(place)
    assert head(t) == wanted
    t.type("|", "0", "Enter").until("opens as at first").until(
        lambda t: head(t).split()[:3] == ["Event", "Age", "Document"])
    assert "backlog" not in (place.folder / "state/bahi/columns").read_text()


def test_esc_leaves_the_columns_as_they_were(place):
    place.serve()
    t = backlog(place)
    before = head(t)
    t.type("|", "Right", "Right", "Space", "s", "+").until("[-A")
    t.type("Esc").until(lambda t: head(t) == before)
    assert rows(t)[:3] == ["E1", "E2", "E3"]


@pytest.mark.parametrize("kept, says", [
    ("[backlog]\ncolumns = event nothing\n", "are others now"),
    ("[backlog]\ncolumns = event event\n", "are others now"),
    ("[backlog]\nsort = event sideways\n", "are others now"),
    ("rubbish\n[backlog]\n", ":1 is not understood"),
    ("[backlog]\n\x01 = 2\n", ":2 is not understood"),
    ("\xff\xfe\x00", ":1 is not understood"),
    ("[" * 70000, ":1 is not understood"),
], ids=range(7))
def test_rubbish_in_the_file_is_left_out(place, kept, says):
    folder = place.folder / "state/bahi"
    folder.mkdir(parents=True)
    (folder / "columns").write_bytes(kept.encode("latin-1"))
    place.serve()
    t = place.console(rows=24, columns=80)
    if "others" not in says:
        t.until(says)
    t.until("live")
    t.type("2").until("> E1 ")
    if "others" in says:
        t.until(says)
    assert head(t).split()[:3] == ["Event", "Age", "Document"]


def test_rows_stand_by_a_column(place):
    place.serve()
    t = backlog(place, columns=120)
    t.type("G").until("> E30 ")
    t.type("g", ">").until("By Event")
    assert "Event^" in head(t)
    t.type("~").until("Eventv")
    # The record stays under the cursor; the first row is the last event.
    assert t.row().startswith("> E1 ")
    t.type("g").until("> E30 ")
    assert rows(t)[:3] == ["E30", "E29", "E28"]
    for _ in range(6):
        t.type("s")
    t.until("By Amount")
    assert "Amountv" in head(t)
    t.type("|").until("[Event]")
    t.type("s", "Enter").until("Kept")
    t.type("1", "2").until("Event^")
    t.type("<").until("own order")
    assert "^" not in head(t)


def test_all_cells_of_a_row(place):
    place.serve()
    t = backlog(place)
    t.type("Down", ".").until("> Event ")
    text = t.text()
    for cell in ("E2", "failed", "shopify", "C-2", "1,000.02"):
        assert cell in text
    t.type("q").until("> E2 ")


def test_back_and_forward(place):
    place.serve()
    t = backlog(place)
    t.type("Ctrl-O").until("> Not posted")
    t.type("Ctrl-O").until("Nothing was looked at before")
    t.type("Ctrl-N").until("> E1 ")
    t.type("/", "INV-2", "Enter").until("/INV-2/")
    t.type("Down", "Down").until("> E21 ")
    t.type("Enter").until("E21 ")
    t.until("Payload")
    t.type("5").until("> shopify")
    t.type("Ctrl-O").until("Payload")
    t.type("Ctrl-O").until("> E21 ")
    assert "/INV-2/" in t.text()
    t.type("Ctrl-N", "Ctrl-N").until("> shopify")
    t.type("Ctrl-N").until("looked at last")
    t.type("Ctrl-O", "Ctrl-O").until("> E21 ")
    # Going elsewhere from there is a new way forward.
    t.type("4").until("Receivables")
    t.type("Ctrl-N").until("looked at last")


def test_filters_come_back(place):
    place.serve()
    t = backlog(place)
    for text in ("INV-2", "amount>1000", "INV-2"):
        t.type("/").until("Enter take")
        t.type("Ctrl-U", text, "Enter").until("/%s/" % text)
    t.type("q", "q", "y")
    t = backlog(place)
    t.type("/").until("Enter take")
    t.type("Up").until("/INV-2")
    t.type("Up").until("/amount>1000")
    t.type("Up").until("/amount>1000")
    t.type("Down").until("/INV-2")
    t.type("Enter").until("/INV-2/")


def test_news_do_not_shuffle_rows_that_stand_in_an_order(place):
    place.serve()
    t = backlog(place, columns=120)
    t.type("<").until("By ").type("<", "<", "<").until("By Amount")
    t.type("~").until("Amountv").type("g").until("> E30 ")
    t.type("Down").until("> E29 ")
    before = rows(t)
    books = place.books
    with books.lock:
        books.events[28].update(version=2, amount="9999.00")
        books.put("event", "E28", books.events[28])
        books.put("status", "", None)
        books.lock.notify_all()
    t.until("Ctrl-R: in their new order")
    assert rows(t) == before and t.row().startswith("> E29 ")
    assert [l for l in t.lines() if l.startswith(" ~E28 ")]
    t.type("Ctrl-R").until(lambda t: "~" not in t.text())
    assert t.row().startswith("> E29 ")
    t.type("g").until("> E28 ")
    assert rows(t)[:3] == ["E28", "E30", "E29"]


def test_what_is_cut_says_so(place):
    """A number that lost its end would be another one."""
    said = place.books.status

    def status():
        answer = said()
        answer["entities"][0]["name"] = "Sahyadri Traders of the Ghats Ltd"
        return answer

    place.books.status = status
    place.serve()
    t = backlog(place, 60, 20)
    assert "IN01 Sahyadri Trade…  data of" in t.lines()[0]
    t.type("|").until("[Event]").type("-", "-", "-", "-")
    t.type("Enter").until("Kept")
    t.until(lambda t: "> E1 " in t.row())
    t.type("G").until("> E30 ")
    t.type("|").until("[Ev]").type("-", "-", "Enter").until("Kept")
    t.until(lambda t: t.row().startswith("> E… "))
