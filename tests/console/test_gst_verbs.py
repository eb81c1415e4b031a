"""bahi gst: what a script asks of the returns, and the files it gets."""
import json
import stat

import pytest

from gst import HERE, NOW, Returns, made
from taxed import OWN, invoice


@pytest.fixture
def house(bahi):
    one = made(Returns, bahi)
    yield one
    one.close()


def numbers(line):
    return [word for word in line.split() if word[:1].isdigit()]


def row(text, start):
    return next(line for line in text.splitlines() if line.startswith(start))


def test_a_return_on_the_screen(house):
    house.month()
    cells = house.verb("gstr3b")
    assert "1,04,000.00" in row(cells, "3.1(a)")
    assert "7,200.00" not in row(cells, "3.1(a)")
    assert row(cells, "4(A)(5)").count("3,600.00") == 2
    owed = house.verb("liability")
    assert numbers(row(owed, "CGST"))[0] == "8,910.00"
    assert house.verb_json("gstr3b")["period"] == "102026"


def test_periods_as_people_write_them(house):
    house.month()
    want = house.verb_json("gstr3b")
    for typed in ("2026-10", "10/2026", "10-2026"):
        got = json.loads(house.bahi("gst", "gstr3b", "--gstin", OWN,
                                    "--period", typed, "--json"))
        assert got == want
    for typed in ("132026", "2026-13", "October", ""):
        house.bahi("gst", "gstr3b", "--gstin", OWN, "--period", typed,
                   code=2)


def test_what_is_not_said_is_asked_for(house):
    said = house.bahi("gst", "liability", "--period", "102026", code=2)
    assert OWN in said and "24AAACC4175D1Z4" in said
    house.bahi("gst", code=2)
    house.bahi("gst", "nonsense", code=2)
    house.bahi("gst", "hsn", *HERE, "colour=blue", code=2)


def files(folder):
    return {one.name: one.read_bytes() for one in folder.iterdir()}


def test_files_are_whole_and_private(house):
    house.month()
    out = house.dir / "out" / "october"
    said = house.verb("gstr1", "--out", str(out))
    first = files(out)
    assert len(first) == 1 and "Files written: 1" in said
    name, body = first.popitem()
    assert name.endswith("_R1_%s_offline.json" % OWN)
    assert json.loads(body)["b2b"][0]["inv"][0]["inum"] == "INV-1"
    assert stat.S_IMODE((out / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    # Again: the same bytes stand there.
    inode = (out / name).stat().st_ino
    assert "there already: 1" in house.verb("gstr1", "--out", str(out))
    assert (out / name).stat().st_ino == inode
    listed = house.bahi("gst", "exports", "--gstin", OWN)
    assert row(listed, "X2").split()[1:3] == ["GSTR-1", "json"]
    house.bahi("gst", "stop", "X1", code=3)    # it is done
    # One section a file.
    house.verb("gstr1", "--out", str(out), "--format", "csv")
    assert len(files(out)) > 3


def test_nothing_is_written_over(house):
    house.month()
    out = house.dir / "out"
    house.verb("gstr1", "--out", str(out), "--format", "csv")
    before = files(out)
    house.tell(invoice("INV-9", (700, 18), place="27"))
    house.verb("gstr1", "--out", str(out), "--format", "csv", code=3)
    assert files(out) == before
    house.verb("gstr1", "--out", str(out), "--format", "csv", "--force")
    after = files(out)
    assert after != before and not [n for n in after if n.endswith(".new")]
    # A link is not followed, wherever it leads.
    name = sorted(after)[0]
    (out / name).unlink()
    target = house.dir / "elsewhere"
    target.write_text("mine")
    (out / name).symlink_to(target)
    house.verb("gstr1", "--out", str(out), "--format", "csv", code=3)
    house.verb("gstr1", "--out", str(out), "--format", "csv", "--force")
    assert target.read_text() == "mine" and not (out / name).is_symlink()


def test_a_folder_that_cannot_be_written(house):
    house.month()
    out = house.dir / "file"
    out.write_text("no folder")
    house.verb("gstr1", "--out", str(out), code=1)
    assert out.read_text() == "no folder"
    house.verb("gstr1", "--out", str(house.dir / "x"), "--format", "docx",
               code=2)
    assert not (house.dir / "x").exists()


def test_what_a_person_enters(house):
    house.month()
    house.verb("enter", "4(A)(4)", "cgst=100.00", "sgst=100.00", "--reason",
               "credit of the distributor")
    assert "100.00" in row(house.verb("gstr3b"), "4(A)(4)")
    assert "credit of the distributor" in house.verb("entries")
    house.verb("enter", "3.1(a)", "cgst=1.00", "--reason", "x", code=3)
    house.verb("enter", "4(A)(4)", "cgst=1.00", code=2)
    house.verb("enter", "4(A)(4)", "none", "--reason", "was wrong")
    assert "100.00" not in row(house.verb("gstr3b"), "4(A)(4)")


def test_check_says_whether_they_agree(house):
    house.month()
    said = house.verb("check")
    assert "the ledger agree." in said
    assert set(numbers(row(said, "Difference"))) == {"0.00"}
    with house.writing() as db:
        db.execute("UPDATE gst_sum SET cgst = cgst + 1 WHERE section = 'b2b'")
    assert "do not agree" in house.verb("check", code=1)


def test_what_is_due(house):
    said = house.bahi("gst", "calendar", "--gstin", OWN)
    assert "GSTR-3B" in said and "October 2026" in said
    late = dict(NOW, BAHI_CLOCK="2026-12-05T09:00:00Z")
    house.stop()
    house.start(**late)
    house.month()
    assert "yes" in house.bahi("gst", "calendar", code=1)
