"""The adapter `tally-file` by its driver: what is written is what Tally takes,
it is written whole or not at all, and what went into which file is known after
any stop and whatever people do with the files."""
import csv
import urllib.request

import pytest

from firm import driver, posting, reference, write_conf
from tallyd import COMPANY, Tally

TWO = [posting(7, number="INV/7"), posting(8, number="INV/8")]
NAME = "vouchers-000000000007-000000000008.xml"


@pytest.fixture
def there(tmp_path):
    (tmp_path / "out").mkdir()
    write_conf(tmp_path, "files", kind="tally-file", company=COMPANY,
               folder="out")
    return tmp_path


def send(folder, postings):
    said = driver(folder, "files", postings, "send",
                  *[one["journal"] for one in postings])
    assert "error" not in said, said
    return said["verdicts"]


def find(folder, *journals):
    return [one["remote"] for one in driver(
        folder, "files", None, "find", *map(reference, journals))["found"]]


def files(folder):
    return sorted(one.name for one in (folder / "out").iterdir())


def test_written(there):
    """As a person imports it."""
    said = send(there, TWO)
    assert [one["verdict"] for one in said] == ["done"] * 2
    assert [one["remote"] for one in said] == [NAME] * 2
    assert files(there) == [NAME, "written.csv"]
    with Tally() as tally:
        urllib.request.urlopen(urllib.request.Request(
            tally.url, (there / "out" / NAME).read_bytes(),
            {"Content-Type": "text/xml"})).read()
        assert [one["remote"] for one in tally.vouchers.values()] == [
            reference(7), reference(8)]
    with open(there / "out/written.csv") as table:
        assert [(row["reference"], row["date"], row["file"], row["sha256"])
                for row in csv.DictReader(table)] == [
            (reference(n), "2026-10-05", NAME, one["sent"])
            for n, one in zip((7, 8), said)]


def test_found_when_the_file_is_gone(there):
    send(there, TWO)
    (there / "out" / NAME).unlink()
    assert find(there, 7, 8, 9) == [NAME, NAME]


def test_found_in_a_list_that_a_spreadsheet_saved(there):
    """It writes days its own way and ends lines with two bytes; to take what
    stands there for not written would be to write it again."""
    send(there, TWO)
    (there / "out" / NAME).unlink()
    table = there / "out/written.csv"
    table.write_bytes(table.read_bytes().replace(
        b"2026-10-05", b"05-10-2026").replace(b"\n", b"\r\n"))
    assert find(there, 7, 8, 9) == [NAME, NAME]


def test_found_after_a_stop(there):
    """Between the file and its lines, or in the middle of a line: the list
    gets what it lacks."""
    send(there, TWO)
    table = there / "out/written.csv"
    whole = table.read_bytes()
    table.write_bytes(whole[:whole.index(reference(8).encode()) + 30])
    assert find(there, 8, 7) == [NAME, NAME]
    assert table.read_bytes().splitlines()[-1] == whole.splitlines()[-1]
    table.unlink()
    assert find(there, 7, 8) == [NAME, NAME]
    assert table.read_bytes() == whole


def test_same_again(there):
    """The same bytes are the same file; others get a name of their own."""
    send(there, TWO)
    assert send(there, TWO)[0]["remote"] == NAME
    assert files(there) == [NAME, "written.csv"]
    other = [TWO[0], dict(TWO[1], number="INV/80")]
    assert send(there, other)[0]["remote"] == NAME.replace(".xml", "-2.xml")


def test_nothing_half_written(there):
    """What cannot be written is away, and leaves nothing."""
    (there / "out" / (NAME + ".new")).mkdir()
    said = driver(there, "files", TWO, "send", 7, 8)
    assert [one["verdict"] for one in said["verdicts"]] == ["away"] * 2
    assert said["error"]["code"] and files(there) == [NAME + ".new"]
    assert find(there, 7) == []


def test_list_cannot_be_written(there):
    """The file is there: it is asked for, and not written again."""
    (there / "out/written.csv").mkdir()
    said = driver(there, "files", TWO, "send", 7, 8)
    assert [one["verdict"] for one in said["verdicts"]] == ["unknown"] * 2
    (there / "out/written.csv").rmdir()
    assert find(there, 7, 8) == [NAME, NAME]


def test_links_are_not_followed(there):
    victim = there / "victim"
    victim.write_text("mine")
    (there / "out/written.csv").symlink_to(victim)
    said = driver(there, "files", TWO, "send", 7, 8)
    assert said["verdicts"][0]["verdict"] == "unknown"
    assert victim.read_text() == "mine"


def test_check(there):
    said = driver(there, "files", None, "check")
    assert (said["company"], said["faults"]) == (COMPANY, [])
    (there / "out").rmdir()
    assert driver(there, "files", None, "check")["error"]["code"]
    write_conf(there, "files", kind="tally-file")
    said = driver(there, "files", None, "check", check=False)
    assert said.returncode == 1 and "folder" in said.stderr


def test_what_a_file_cannot_say(there):
    for act in (("list", "2026-10-01", "2026-10-31"),
                ("balances", "2026-10-31")):
        assert driver(there, "files", None, *act)["error"]["code"]
