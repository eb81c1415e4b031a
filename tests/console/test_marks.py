"""Marks: by key, as a range, by a pattern, all that match - and what an action
then takes, which is what was marked and nothing else."""
import re

from daemon import Books
from house import database

LOOKS_INSIDE = True


def marked(t):
    return [l[2:].split()[0] for l in t.lines() if l[1:2] == "*"]


def at(event):
    return lambda t: re.match(r">[ *]%s " % event, t.row())


def backlog(place, failures=60, **size):
    return backlog_of(place, Books(failures=failures), **size)


def backlog_of(place, books, **size):
    place.serve(books)
    t = place.console(**dict(dict(rows=24, columns=100), **size))
    t.until("live")
    t.type("2").until("> E1 ")
    return t


def planned(place):
    body = place.books.plans[-1]
    return sorted(int(one["id"][1:]) for one in body["events"])


def test_a_range_is_marked_both_ways(place):
    t = backlog(place)
    t.type("v").until("range ").type("Down", "Down").until("> E3 ")
    t.type("v").until("3 marked 3,000.06 INR")
    assert marked(t) == ["E1", "E2", "E3"]
    t.type("*").until(lambda t: not marked(t))
    # Upwards, over a page, and with an action as its end.
    t.type("G").until("> E60 ").type("v").until("range ")
    t.type("PageUp", "PageUp").until(lambda t: not t.row().startswith("> E6"))
    first = int(re.match(r"> E(\d+) ", t.row()).group(1))
    assert first < 40
    t.type("r").until("do it")
    t.until("%d " % (61 - first))
    assert planned(place) == list(range(first, 61))


def test_esc_gives_a_range_up(place):
    t = backlog(place)
    t.type("v").until("range ").type("Down", "Esc").until("No range.")
    assert not marked(t) and t.row().startswith("> E2 ")
    t.type("Esc").quiet()
    assert "backlog" in t.text()


def test_shift_marks_and_moves(place):
    t = backlog(place, TERM="xterm-256color")
    t.type("\x1b[1;2B", "\x1b[1;2B").until("2 marked")
    t.until(at("E3"))
    assert marked(t) == ["E1", "E2"]
    t.type("\x1b[1;2A", "\x1b[1;2A").until("3 marked").until(at("E1"))
    # Shift only marks; Space is what unmarks.
    t.type("\x1b[1;2B").until(at("E2"))
    assert marked(t) == ["E1", "E2", "E3"]


def test_a_pattern_marks_what_is_not_on_the_screen(place):
    t = backlog(place)
    t.type("%").until("Mark what matches:")
    t.type("amount>=1000.55", "Enter").until("6 marked 6,003.45 INR")
    assert not marked(t)
    t.type("G").until(at("E60"))
    assert marked(t) == ["E%d" % n for n in range(55, 61)]
    t.type("Space").until("5 marked 5,002.85 INR")
    t.type("%").until("Mark what matches:")
    t.type("document:INV-1", "Enter").until("16 marked")
    t.type("r").until("do it")
    assert planned(place) == [1] + list(range(10, 20)) + \
        list(range(55, 60))
    # Not done: all of them are still marked.
    t.type("n").until("16 marked")


def test_a_wrong_pattern_marks_nothing(place):
    t = backlog(place)
    t.type("%").until("Mark what matches:")
    t.type("amount>ten", "Enter")
    t.until("number")
    assert not marked(t) and "marked" not in t.lines()[1]


def test_all_means_all_that_the_filter_shows(place):
    t = backlog(place, failures=700)
    t.type("/").until("/").type("amount<1006", "Enter").until("/amount<1006/")
    t.type("*").until("599 marked")
    t.type("r").until("do it")
    assert planned(place) == list(range(1, 600))
    t.type("n").until("599 marked")
    # The filter may go; what was marked by it stays marked.
    t.type("Esc").until(lambda t: "/amount" not in t.text())
    t.until("599 marked").type("G").until("> E700 ")
    assert not marked(t)
    t.type("g").until(at("E1"))
    assert "E1" in marked(t)
    t.type("r").until("do it")
    assert planned(place) == list(range(1, 600))
    t.type("y").until("Type how many")
    t.type("599", "Enter").until("Sent")
    t.until(lambda t: "marked" not in t.lines()[1])


def test_marks_stay_with_their_records(place):
    t = backlog(place)
    t.type("Space", "Down", "Space").until("2 marked")
    assert marked(t) == ["E1", "E3"]
    t.type("/").until("/").type("INV-3", "Enter").until("/INV-3/")
    assert marked(t) == ["E3"]
    t.type("Esc").until("60")
    t.type(">").until("By Event").type("~").until("Eventv")
    t.type("g").until(at("E60"))
    t.type("G").until(at("E1"))
    assert sorted(marked(t)) == ["E1", "E3"]
    t.resize(30, 120)
    t.until("2 marked")
    books = place.books
    with books.lock:
        books.post(1, books.events[1])
        books.put("status", "", None)
        books.lock.notify_all()
    t.until("1 marked row is no longer open: E1")
    t.until("1 marked 1,000.03 INR")


def test_what_comes_while_all_is_marked(place):
    t = backlog(place)
    t.type("%").until("Mark what").type("document:INV-", "Enter")
    t.until("60 marked")
    books = place.books
    with books.lock:
        books.add(900, books.problems[0])
        books.post(2, books.events[2])
        books.post(3, books.events[3])
        books.put("status", "", None)
        books.lock.notify_all()
    t.until("59 marked")
    t.type("r").until("do it")
    assert planned(place) == [1] + list(range(4, 61)) + [900]


MANY = 100003


class Planner(Books):
    """Whose events are more than it would be quick to tell one by one."""

    def plan(self, body):
        with self.lock:
            self.plans.append(body)
            picked = len(body["events"])
        return 200, {"plan": "plan%d" % len(self.plans), "picked": picked,
                     "action": body["action"], "with": {}, "reason": "",
                     "events": picked, "amounts": [], "oldest": None,
                     "newest": None, "until": None, "skips": 0,
                     "skipped": []}

    def run(self, body):
        n = len(self.plans[int(body["plan"][4:]) - 1]["events"])
        return 202, {"id": "R1", "state": "running", "total": n, "left": n}


def fill(folder, n):
    """As if the feed had brought that many."""
    with database(folder / "cache.db", write=True) as db:
        db.execute(
            "WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k"
            " WHERE i < ?) INSERT OR REPLACE INTO event SELECT i, 1,"
            " 'failed', 'pos', '2026-10-05T09:41:07.123Z', 'IN01/x/' || i,"
            " '', 'INR', '1.00', '', '', '', '', 10000, i, '' FROM k", (n,))
        db.execute("UPDATE about SET value = ? WHERE name = 'open'",
                   (str(n),))


def test_more_than_a_plan_takes_stay_marked(place):
    """The first hundred thousand are planned, the others by the next plan."""
    t = backlog_of(place, Planner(failures=3))
    t.close()
    place.terminals.remove(t)
    fill(place.folder, MANY)
    t = place.console(rows=24, columns=100).until("live")
    t.type("2").until("1,00,003")
    t.type("%").until("Mark what matches:").type("amount>0", "Enter")
    t.until("1,00,003 marked", 30)
    t.type("r").until("as many as one plan takes", 30)
    t.until(lambda t: len(place.books.plans) == 1, 60).until("do it", 30)
    assert planned(place) == list(range(1, 100001))
    t.type("y").until("Type how many").type("1,00,000", "Enter")
    t.until("3 marked", 30)
    t.type("G").until(at("E100003"))
    assert marked(t) == ["E100001", "E100002", "E100003"]
    t.type("r").until(lambda t: len(place.books.plans) == 2)
    assert planned(place) == [100001, 100002, 100003]
