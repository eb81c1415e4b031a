"""Saved views with their counts, and one row for all that share a column."""
import json
import re

from daemon import Books


def start(place, failures=30):
    place.serve(Books(failures=failures))
    t = place.console(rows=24, columns=100).until("live")
    t.type("2").until("> E1 ")
    return t


def line(t, text):
    return next((l for l in t.lines() if text in l), "")


def at(t, text):
    """Moves until the row with the text is under the cursor."""
    for _ in range(40):
        if text in t.row():
            return t
        before = t.row()
        t.type("Down").until(lambda t: t.row() != before)
    raise AssertionError(t.text())


def test_a_view_is_saved_opened_renamed_and_deleted(place):
    t = start(place)
    t.type("/").until("/").type("amount>=1000.21", "Enter")
    t.until("/amount>=1000.21/")
    t.type(">", "~").until("Eventv")
    t.type("V").until("blocks GSTR-1")
    t.type("s").until("Save what was looked at as:")
    t.type("the big ones", "Enter").until("Saved.")
    t.until(lambda t: re.search(r"the big ones +10 +10,002.55 INR",
                                t.text()))
    kept = (place.folder / "state/bahi/views").read_text()
    assert "[the big ones]\npane = backlog\n" in kept
    assert "filter = amount>=1000.21" in kept and "sort = event down" in kept
    t.type("1").until("[1 overview]").type("V").until("the big ones")
    at(t, "the big ones").type("Enter").until("/amount>=1000.21/")
    t.until("> E30 ").until("Eventv")
    t.type("q").until("[1 overview]").type("V").until("the big ones")
    at(t, "the big ones").type("e").until("Call it: the big ones")
    t.type("Ctrl-U", "large", "Enter").until("large")
    t.until(lambda t: "the big ones" not in t.text())
    at(t, "large").type("D").until("Delete this view?")
    t.type("Enter").until("Nothing was done.")
    t.type("D").until("Delete this view?").type("y", "Enter")
    t.until(lambda t: "large" not in t.text())


def test_counts_are_of_now(place):
    t = start(place)
    t.type("V").until(lambda t: re.search("blocks GSTR-1.* 30 ", t.text()))
    books = place.books
    with books.lock:
        for n in (3, 4, 5):
            books.post(n, books.events[n])
        books.put("status", "", None)
        books.lock.notify_all()
    t.until(lambda t: re.search("blocks GSTR-1.* 27 ", t.text()))


def test_what_came_with_it_stays(place):
    t = start(place)
    t.type("V").until("older than 7 days")
    at(t, "older than 7 days").type("D").until("came with bahi")
    t.type("e").until("came with bahi")


def test_a_pane_opens_with_the_view_of_choice(place):
    t = start(place)
    t.type("V").until("failed today")
    at(t, "failed today").type("=")
    t.until(lambda t: line(t, "failed today").endswith("yes"))
    t.type("1").until("[1 overview]").type("2").until("age<24h")
    t.type("Esc").until("> E1 ")
    t.type("q", "y").end()
    t = place.console(rows=24, columns=100).until("live")
    t.type("2").until("age<24h")
    t.type("V").until("failed today")
    at(t, "failed today").type("=")
    t.until(lambda t: not line(t, "failed today").endswith("yes"))
    t.type("1").until("[1 overview]").type("2").until("> E1 ")


def test_rubbish_in_the_file_is_left_out(place):
    folder = place.folder / "state/bahi"
    folder.mkdir(parents=True)
    (folder / "views").write_text("what\n[gone]\npane = nowhere\n[odd]\n"
                                  "pane = backlog\nfilter = )(\n")
    t = start(place)
    t.type("V").until("views:1 is not understood")
    assert not line(t, "gone ") and line(t, "odd ")
    at(t, "odd ").type("Enter")
    t.until(lambda t: "[2 backlog]" in t.text() and "saved" not in t.text())


def test_the_verb_lists_them(place):
    start(place)
    done = place.run("views", "--json")
    views = {v["name"]: v for v in json.loads(done.stdout)["items"]}
    assert done.returncode == 0
    assert views["blocks GSTR-1"]["rows"] == 30
    assert views["blocks GSTR-1"]["money"] == "30,004.65 INR"
    assert views["short of stock"]["rows"] is None      # never fetched
    assert "older than 7 days" in place.run("views").stdout


def test_groups_have_count_money_and_oldest(place):
    t = start(place, failures=300)
    t.type("b").until("Group by (").type("finding", "Enter")
    t.until(lambda t: len(re.findall(r" 100 +1,00,\d+\.\d\d INR +2d",
                                     t.text())) == 3)
    t.type("Enter").until(lambda t: "/Finding=" in t.text())
    t.until("of 300")
    t.type("q").until("by Finding")
    t.type("b").until("> E1 ")
    t.type("b").until("Group by (").type("nothing", "Enter")
    t.until("No such column")


def test_what_is_done_to_a_group_is_planned_on_all_of_it(place):
    t = start(place, failures=300)
    t.type("b").until("Group by (").type("find", "Enter").until("SKU-1")
    at(t, "SKU-1").type("r").until("do it")
    body = place.books.plans[-1]
    assert body["action"] == "retry"
    assert sorted(int(e["id"][1:]) for e in body["events"]) == \
        list(range(1, 300, 3))
    t.type("n").until("Nothing was done.")


def test_groups_of_a_day_and_of_a_filter(place):
    t = start(place)
    t.type("/").until("/").type("INV-2", "Enter").until("/INV-2/")
    t.type("b").until("Group by (").type("age", "Enter")
    t.until("2026-10-05").until(" 11 ")
    t.type("Enter").until("> E2 ").until("11 of 30")


def test_a_group_is_saved_as_a_view(place):
    t = start(place)
    t.type("b").until("Group by (").type("source", "Enter")
    t.until("shopify")
    t.type("V").until("blocks").type("s").until("Save what")
    t.type("by source", "Enter").until("Saved.")
    t.type("1").until("[1 overview]").type("V").until("by source")
    at(t, "by source").type("Enter").until("> shopify")
