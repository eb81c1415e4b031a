"""Names in scripts that terminals do not measure alike: what stands to the
right of them is at one x in a terminal that gives a spacing vowel sign a cell
of its own and in one that does not."""
import types
import unicodedata

import pyte
import pyte.screens
import pytest
import wcwidth

from terminal import Terminal

NAMES = ["श्री लक्ष्मी ट्रेडर्स", "ગુજરાતી પુસ્તક કેન્દ્ર",
         "தமிழ் புத்தக நிலையம்", "日本書籍株式会社", "Cafe\u0301 Ame\u0301lie",
         "\U0001f468\u200d\U0001f469\u200d\U0001f467 परिवार", "Plain name",
         "☎\ufe0f फ़ोन"]


class Marks:
    """What pyte asks of unicodedata: it drops what follows a sign without
    width unless that combines."""
    normalize = staticmethod(unicodedata.normalize)

    @staticmethod
    def combining(char):
        return unicodedata.category(char)[0] == "M" or char in "\u200d\u200c"


def roomy(char):
    return 1 if unicodedata.category(char) == "Mc" else wcwidth.wcwidth(char)


def tight(char):
    return 0 if unicodedata.category(char)[0] == "M" else \
        wcwidth.wcwidth(char)


class Twice(Terminal):
    """One terminal, drawn under both tables."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        lines, columns = self.screen.lines, self.screen.columns
        self.other = pyte.Screen(columns, lines)
        first, second = self.stream, pyte.ByteStream(self.other)

        def feed(data):
            pyte.screens.wcwidth = roomy
            first.feed(data)
            pyte.screens.wcwidth = tight
            second.feed(data)
        self.stream = types.SimpleNamespace(feed=feed)

    def anchors(self, screen):
        """Where each plain character stands."""
        return {(x, y, cell.data) for y, row in screen.buffer.items()
                for x, cell in row.items()
                if cell.data.isascii() and cell.data.strip()}

    def agree(self):
        a, b = self.anchors(self.screen), self.anchors(self.other)
        assert a == b, "differ at %r\n%s\n---\n%s" % (
            sorted(a ^ b, key=lambda c: (c[1], c[0]))[:8], self.text(),
            "\n".join(self.other.display))


@pytest.fixture
def both(place, monkeypatch):
    monkeypatch.setattr(pyte.screens, "unicodedata", Marks)
    monkeypatch.setattr(pyte.screens, "wcwidth", roomy)
    books = place.books
    for n, problem in enumerate(books.problems):
        problem.update(sentence="%s खाता नहीं मिला" % NAMES[n % 3],
                       source=NAMES[(n + 1) % 3])
        books.put("signature", problem["id"], books.shape(problem))
    for n, event in books.events.items():
        event.update(party=NAMES[n % len(NAMES)],
                     document="IN01/sales_invoice/" + NAMES[-n % len(NAMES)])
        for finding in event["findings"]:
            finding["sentence"] = NAMES[n * 3 % len(NAMES)]
        books.put("event", event["id"], event)
    for name, rows in books.rows.items():
        for n, row in enumerate(rows):
            for field in ("source", "party", "owner", "item", "name",
                          "sentence", "location"):
                if field in row and isinstance(row[field], str):
                    row[field] = NAMES[(n + len(field)) % len(NAMES)]
    for n, row in enumerate(books.accounts.values()):
        row["name"] = NAMES[n]
    place.serve()

    def console(columns, **env):
        terminal = Twice(place.argv(), 40, columns, dict(place.env, **env))
        place.terminals.append(terminal)
        return terminal
    return console


# vt100 has neither erase_chars nor column_address.
@pytest.mark.parametrize("columns,term", [(120, "linux"), (100, "vt100")])
def test_one_x_under_both_tables(both, columns, term):
    console = both(columns, TERM=term).until("live")
    console.until("श्री लक्ष्मी")
    seen = 0
    for pane in "1234567890":
        console.type(pane).quiet(0.15)
        console.agree()
        for key in ("Down", "Enter", "Esc", "PageDown", "Home"):
            console.type(key).quiet(0.06)
            console.agree()
        seen += any(name[:4] in console.text() for name in NAMES[:3])
    assert seen >= 3


def test_scrolled_rows_keep_their_columns(both):
    console = both(120).until("live").type("3").until("INR")
    for key in ["Down"] * 40 + ["Up"] * 40:
        console.type(key).quiet(0.02)
        console.agree()
    before = console.lines()
    console.type("Ctrl-L").quiet(0.3)
    assert console.lines() == before

