"""The overview by problem and age: every error in one cell, each cell one key
from its rows, and a cause mended with few keys."""
from daemon import AGES, Books

COLUMNS = AGES + ["all"]


def chosen(t):
    return t.row().split("[")[-1].split("]")[0].strip()


def test_every_error_is_in_one_cell_and_enter_opens_just_these(place):
    books = place.serve(Books(failures=120, problems=40)).books
    cells = {row["id"]: row for row in books.problem_cells()["items"]}
    assert len(cells) == 40
    assert sum(c["all"]["count"] for c in cells.values()) == 120
    assert sum(a["count"] for c in cells.values()
               for a in c["ages"].values()) == 120
    t = place.console(rows=60, columns=120).until("live")
    t.until("Problems").until("mapping")
    seen = 0
    t.type("Down").until(lambda t: "SKU" in t.row() or "2026" in t.row())
    for _ in range(12):
        name = t.row().split(".")[0]
        for age in COLUMNS:
            t.type("Tab").until(lambda t: "[" in t.row())
            seen += age != "all" and chosen(t) not in (".", "")
        t.type("Tab", "Tab").quiet(0.1)
        t.type("Down").until(lambda t: t.row().split(".")[0] != name)
    assert seen >= 12
    # The cell that says three opens three rows, and no others.
    t.type("1").until("Problems").type("Down", "Tab")
    t.until(lambda t: "[" in t.row())
    while chosen(t) == ".":
        t.type("Tab").quiet(0.1)
    count = int(chosen(t))
    t.type("Enter").until("days old: ")
    t.until("1/%d" % count)
    assert t.row().split()[1].startswith("E")


def test_what_is_known_of_the_problem_stands_below(place):
    place.serve()
    t = place.console(rows=40, columns=120).until("live").until("mapping")
    t.type("Down").until("Map it to an account.")
    for said in ("no; tried 3 times", "asha", "ravi: fix 4010", "all: 10",
                 "10,001.65"):
        assert said in t.text(), said + t.text()
    first = t.row()
    t.type("Down").until(lambda t: t.row() != first).until(
        "no; tried 1 time. r tries again.")


def test_one_cause_takes_five_keys(place):
    books = place.serve().books
    t = place.console(rows=40, columns=120).until("live").until("mapping")
    pressed = ["Down", "f", "Enter", "y"]
    t.type("Down").until(lambda t: "SKU" in t.row())
    t.type("f").until("4010")
    t.type("Enter").until("y yes")
    t.type("y").until("done, 0 failed")
    assert len(pressed) <= 5
    assert books.received[-1]["action"] == "fix"
    # All that shared it are gone from the table.
    gone = books.received[-1]["signature"]
    assert gone not in [r["id"] for r in books.problem_cells()["items"]]


def test_the_first_key_of_the_first_screen_does_something(place):
    """The cursor begins on what is not posted: it is said what to do there,
    Enter opens it, and where there is nothing behind a row it says so."""
    place.serve()
    t = place.console(rows=40, columns=120).until("live").until("mapping")
    assert t.row().startswith("> Not posted")
    t.until("Go down to a problem")
    t.type("r").until("Nothing here to retry.")
    t.type("Enter").until("1/30").until("backlog").type("q")
    t.until("> Not posted").type("Down", "Up").quiet(0.1)
    t.seek("received")
    t.type("Enter").until("There is nothing behind this row.")
