"""What the committer asks of the outbox costs the same with a million rows in
it as with ten: every query of store/outbox.c is by an index that says which
rows, as the SQLite plans it that the daemon is linked with."""
import ctypes
import ctypes.util
import re
import sqlite3

from house import ROOT

TEXT = (ROOT / "src/store/outbox.c").read_text()
WHOLE = re.compile(r"^SCAN (outbox|journal|o|j)\b|"
                   r"PRIMARY KEY \(target=\?( AND journal[<>]\?)?\)$")


def joined(text):
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text))


def queries():
    macros = {name: joined(body) for name, body in re.findall(
        r"^#define (\w+) ((?:.*\\\n)*.*)$", TEXT, re.M) if '"' in body}
    for body in re.findall(r"static const char \w+\[\] = ([^;]*);", TEXT):
        for name, value in macros.items():
            body = re.sub(r"\b%s\b(?=[^\"]*(\"[^\"]*\"[^\"]*)*$)" % name,
                          '"%s"' % value, body)
        yield joined(body)


def test_no_query_walks_all_rows():
    library = ctypes.CDLL(ctypes.util.find_library("sqlite3"))
    library.sqlite3_libversion.restype = ctypes.c_char_p
    assert library.sqlite3_libversion().decode() == sqlite3.sqlite_version
    db = sqlite3.connect(":memory:")
    db.executescript((ROOT / "data/sql/0001_ledger.sql").read_text())
    seen = 0
    for sql in queries():
        n = max(int(one) for one in re.findall(r"\$(\d+)", sql))
        plan = [row[3] for row in db.execute(
            "EXPLAIN QUERY PLAN " + sql.replace("$", "?"), [None] * n)]
        assert not any(WHOLE.search(line) for line in plan), (sql, plan)
        seen += "outbox" in sql
    assert seen >= 10
