"""What the committer asks of the outbox costs the same with a million rows in
it as with ten, and so does what is looked at all the time: every query of
store/outbox.c and store/target.c is by an index that says which rows, and so
are lists of what is open, as the SQLite plans it that the daemon is linked
with."""
import ctypes
import ctypes.util
import re
import sqlite3
import subprocess

from house import ROOT

STORE = ROOT / "src/store"


def written(name):
    """A file of store/ as the compiler reads it, macros in their places."""
    return subprocess.run(
        ["cc", "-std=c11", "-E", "-P", "-I", ROOT / "src", STORE / name],
        check=True, stdout=subprocess.PIPE, text=True).stdout


WHOLE = re.compile(r"^SCAN (outbox|journal|o|j|x)( |$)|"
                   r"^SEARCH (outbox|o|x) USING PRIMARY KEY "
                   r"\(target=\?( AND journal<\?)?\)$")


def joined(text):
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text))


def queries(text):
    for body in re.findall(
            r'static const char \w+\[\] = ((?:"(?:[^"\\]|\\.)*"\s*)+);', text):
        yield joined(body)


def empty():
    library = ctypes.CDLL(ctypes.util.find_library("sqlite3"))
    library.sqlite3_libversion.restype = ctypes.c_char_p
    assert library.sqlite3_libversion().decode() == sqlite3.sqlite_version
    db = sqlite3.connect(":memory:")
    db.executescript((ROOT / "data/sql/0001_ledger.sql").read_text())
    return db


def plans(texts):
    """(query, its plan) of each."""
    db = empty()
    for sql in [sql for text in texts for sql in queries(text)]:
        n = max([0] + [int(one) for one in re.findall(r"\$(\d+)", sql)])
        yield sql, [row[3] for row in db.execute(
            "EXPLAIN QUERY PLAN " + sql.replace("$", "?"), [None] * n)]


def test_no_query_walks_all_rows():
    seen = 0
    for sql, plan in plans(
            written(name) for name in
            ("outbox.c", "target.c", "view_commit.c")):
        assert not any(WHOLE.search(line) for line in plan), (sql, plan)
        seen += "outbox" in sql
    assert seen >= 18


def test_whether_it_was_undone_is_asked_of_its_document():
    """A look asks it of each that is gone there, which may be all of them."""
    text = written("look.c")
    ((sql, plan),) = plans([text[text.index("\nknown_undone("):
                                 text.index("\nknown_note(")]])
    assert any("outbox_document (number=?" in line for line in plan), plan


MATCHED = re.compile(r"^(SCAN (l|i|bank_line|bank_item)\b|SEARCH \w+ USING "
                     r".*(_match \(match>\?\)|bank_line_day "
                     r"\(entity=\? AND account=\?\)))")


def test_nothing_walks_all_that_is_matched_with_the_bank():
    """It settles, pairs and chooses by what is open, or by what it names."""
    seen = 0
    for sql, plan in plans(written(name) for name in (
            "bank.c", "bank_match.c", "bank_pair.c", "bank_broken.c",
            "bank_opening.c")):
        assert not any(MATCHED.search(line) for line in plan), (sql, plan)
        seen += "bank_" in sql
    assert seen >= 45


OPEN_LINES = re.compile(r"FROM bank_line (\w )?WHERE (?:(?!FROM).)*"
                        r"\b(\w\.)?match = 0(?! OR)|bank_line l ON (?:(?!"
                        r"FROM|WHERE).)*l\.match = 0(?! OR)")
# ol is looked at for its first day alone: the index begins with it.
WALKED = re.compile(r"^SEARCH (?!ol )\w+ USING (COVERING )?INDEX bank_line_"
                    r"(same|day) \(entity=\? AND account=\?\)")


def test_what_is_open_at_a_bank_is_not_sought_among_all_lines():
    """Its lists, counts and ages are asked for all the time."""
    seen = 0
    for sql, plan in plans(written(name) for name in (
            "bank_pair.c", "view_bank.c", "view_brs.c", "board.c")):
        if OPEN_LINES.search(sql) is None:
            continue
        seen += 1
        assert not any(WALKED.search(line) for line in plan), (sql, plan)
    assert seen >= 6


def steps_of_a_balance(days):
    """Of what a bank had at last, after a statement on each of those days."""
    db, rows = empty(), [("IN01", "1000", "day %04d" % n, n)
                         for n in range(days)]
    db.executemany("INSERT INTO bank_balance VALUES (?, ?, ?, ?, 1)", rows)
    db.executemany("INSERT INTO bank_opening VALUES (?, ?, ?, 1, ?)", rows)
    [sql] = [one for one in queries(written("bank_opening.c"))
             if "FROM bank_balance WHERE" in one]
    steps = []
    db.set_progress_handler(lambda: steps.append(1), 1)
    assert db.execute(sql.replace("$", "?"), (
        "IN01", "1000", "INR", "day 9999")).fetchall() == [
            ("day %04d" % (days - 1), days - 1)]
    db.close()
    return len(steps)


def test_what_a_bank_had_is_not_summed_from_each_statement_on():
    assert steps_of_a_balance(400) == steps_of_a_balance(40)
