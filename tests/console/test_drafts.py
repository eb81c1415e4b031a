"""What a person was typing or choosing when the line dropped is offered again;
so is where they were. Going on decides nothing by itself."""
import os
import signal
import time

import pytest

from daemon import Books
from test_conflicts import (MEMO_ANN, MEMO_BEN, Office, both, opened,
                            scaled)
from gst import Returns, made  # the folder of taxed is found by those above
from house import database
from taxed import HEAD, OWN

LOOKS_INSIDE = True


def backlog(place, **books):
    place.serve(Books(**books))
    return place.console().until("live").type("2").until("> E1 ")


def noted(place, kind):
    path, = (place.folder / "state/bahi/queue").glob("*.db")
    with database(path) as db:
        return [t for t, in db.execute(
            "SELECT text FROM note WHERE kind = ?", (kind,))]


def wait_noted(place, kind, want):
    limit = time.monotonic() + 10
    while not any(want in text for text in noted(place, kind)):
        assert time.monotonic() < limit, noted(place, kind)
        time.sleep(0.02)


def wait_none(place, kind):
    limit = time.monotonic() + 10
    while noted(place, kind):
        assert time.monotonic() < limit, noted(place, kind)
        time.sleep(0.02)


def end(t, how=signal.SIGKILL):
    os.kill(t.pid, how)
    assert t.end() is not None


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGHUP])
def test_a_reason_is_typed_on(place, how):
    t = backlog(place)
    t.type("Down", "Down").until("> E3 ")
    t.type("D").until("because:").type("came twi")
    wait_noted(place, "draft", "came twi")
    end(t, how)
    t = place.console().until("live").until("came twi").until(
        "y go on, n drop it")
    assert place.books.received == []
    t.type("y").until("Dismiss, because: came twi").until("> E3 ")
    t.type("ce", "Enter").until("1 done")
    body, = place.books.received
    assert body["reason"] == "came twice"
    assert body["events"] == [{"id": "E3", "version": 1}]
    wait_none(place, "draft")


def test_what_is_done_or_dropped_is_not_offered(place):
    t = backlog(place)
    t.type("D").until("because:").type("no", "Esc").until(
        lambda t: "because" not in t.text())
    wait_none(place, "draft")
    t.type("D").until("because:").type("wrong one")
    wait_noted(place, "draft", "wrong one")
    end(t)
    t = place.console().until("wrong one")
    t.type("n").until("It is dropped.")
    wait_none(place, "draft")
    end(t)
    t = place.console().until("live")
    assert "wrong one" not in t.text()


def test_who_looks_at_something_else_is_asked_again(place):
    t = backlog(place)
    t.type("D").until("because:").type("later")
    wait_noted(place, "draft", "later")
    end(t)
    t = place.console().until("y go on, n drop it").until("live")
    t.type("3").until("account.unmapped")
    assert "y go on" not in t.text()
    t.type("q", "y")
    assert t.end() == 0
    t = place.console().until("y go on, n drop it")


def test_it_has_changed_meanwhile(place):
    t = backlog(place)
    t.type("D").until("because:").type("old news")
    wait_noted(place, "draft", "old news")
    end(t)
    event = place.books.events[1]
    event["version"] += 1
    place.books.put("event", "E1", event)
    t = place.console().until("live").until("y go on, n drop it")
    t.type("2").until("> E1 ").type("q")
    t = place.console() if t.status is not None else t
    end(t)
    t = place.console().until("live").until("y go on, n drop it")
    t.type("y").until("because: old news")
    t.type("Enter").until("1 done")
    assert place.books.received[0]["events"] == [{"id": "E1", "version": 2}]


def test_a_change_of_master_data_is_typed_on(place):
    place.serve()
    t = place.console().until("live").type("0").until("account")
    t.type("/", "^account", "Enter").until("> account").type("Enter")
    t.until("4010").type("Enter").until("income").until("> code")
    t.type("Down").until(lambda t: "name" in t.row())
    t.type("e").until("name: Sales of books").type(" and maps")
    wait_noted(place, "draft", "and maps")
    end(t)
    t = place.console().until("live").until("y go on, n drop it")
    t.type("y").until("name: Sales of books and maps")
    t.type("Enter").until('becomes "Sales of books and maps"?').type("y")
    t.until("is changed")
    assert place.books.received == [{"name": "Sales of books and maps"}]


def test_a_session_is_gone_back_to(place):
    t = backlog(place)
    t.type("/", "INV-2", "Enter").until("INV-20").type("Down").until("> E20 ")
    t.type("Space", "Space").until("2 marked").until("> E22 ")
    wait_noted(place, "session", '"row":"","shown":"E22"')
    end(t)
    t = place.console().until("live").until("You were at backlog /INV-2/, E22")
    t.type("y").until("> E22 ").until("2 marked").until("/INV-2/")
    assert place.books.received == []
    t.type("q", "q", "y")
    t.end()


def test_who_quits_is_not_asked(place):
    t = backlog(place)
    wait_noted(place, "session", "backlog")
    t.type("q").until("?").type("y")
    assert t.end() == 0
    t = place.console().until("live")
    assert "You were at" not in t.text()


@pytest.mark.parametrize("restore", ["yes", "no"])
def test_where_one_was_by_the_settings(place, restore):
    conf = place.folder / "bahi.conf"
    conf.write_text(conf.read_text() + "restore = %s\n" % restore)
    t = backlog(place)
    t.type("Down", "Down").until("> E3 ")
    if restore == "yes":
        wait_noted(place, "session", '"shown":"E3"')
    end(t, signal.SIGHUP)
    t = place.console().until("live")
    if restore == "yes":
        t.until("> E3 ")
    else:
        assert "[1 overview]" in t.text() and noted(place, "session") == []


def test_the_cache_may_go_at_any_time(place):
    t = backlog(place)
    for tail in ("", "-wal", "-shm"):
        path = place.folder / ("cache.db" + tail)
        if path.exists():
            path.unlink()
    t.type("r").until("1 done")
    t.type("3").until("account.unmapped").type("2").until("> E2 ")
    end(t)
    t = place.console().until("live").type("2").until("> E2 ").until("/29")


# ---- a merge ---------------------------------------------------------------


@pytest.fixture
def office(bahi):
    one = Office(bahi)
    yield one
    one.close()


def drafts(office):
    path, = (office.dir / "state/bahi/queue").glob("*.db")
    with database(path) as db:
        return [t for t, in db.execute(
            "SELECT text FROM note WHERE kind = 'draft'")]


def kept(office, want):
    limit = time.monotonic() + 10
    while not any(want in text for text in drafts(office)):
        assert time.monotonic() < limit, drafts(office)
        time.sleep(0.02)


def merging(office):
    office.contest("A", both(MEMO_ANN, scaled(2)), both(MEMO_BEN, scaled(3)))
    t = opened(office)
    t.until("5 fields overlap and are not chosen yet")
    t.type("3").until("4 fields overlap").type("2").until("3 fields overlap")
    kept(office, '"take":2')
    return t


def test_a_merge_goes_on(office):
    t = merging(office)
    end(t)
    t = office.console().until("You were merging").until("2 chosen")
    t.type("y").until("2 of 2 choices are as you made them")
    t.until("3 fields overlap and are not chosen yet")
    assert office.read("A")[1] == '"2"'
    t.type("2").until("2 fields overlap").type("2").until("1 field overlaps")
    t.type("2", "g").until("a applies the result")
    t.type("a").until("Apply, because:")
    t.type("as agr")
    kept(office, "as agr")
    end(t)                      # and once more, with the reason half typed
    t = office.console().until("You were merging").type("y")
    t.until("Apply, because: as agr").type("eed", "Enter")
    t.until("into the books?").type("y")
    t.until(lambda t: office.read("A")[1] == '"3"')
    body, _ = office.read("A")
    assert (body["memo"], body["total"]) == ("Ben, too", 23600)
    office.check_books()
    limit = time.monotonic() + 10
    while drafts(office):
        assert time.monotonic() < limit
    end(t)
    t = office.console()
    assert "You were merging" not in t.until("live").text()


def test_a_merge_whose_document_moved_on(office):
    t = merging(office)
    end(t)
    body, etag = office.read("A")
    assert office.write("ann", "A", dict(body, memo="Ann again"),
                        etag)[0] == 200
    t = office.console().until("You were merging").type("y")
    t.until("It has changed meanwhile: 1 of 2 choices still fit")
    t.until("4 fields overlap and are not chosen yet")
    t.until("{+Ann+}").until("{+ again+}")
    assert office.read("A")[1] == '"3"'


# ---- an entry of a return ---------------------------------------------------


class One(Returns):
    registration = HEAD + "%s,2017-07-01,IN01,regular,monthly,,\n" % OWN


@pytest.fixture
def house(bahi):
    one = made(One, bahi)
    yield one
    one.close()


def test_an_entry_of_a_return_is_typed_on(house):
    house.month()
    t = house.console()
    t.type("X").until("B2B").type("Tab").until("4(A)(5)")
    t.type("/", r"4\(A\)\(4\)", "Enter").until(
        lambda t: t.row().startswith("> 4(A)(4)"))
    t.type("e").until("4(A)(4): IGST CGST SGST cess")
    t.type("0 120.50 120.50", "Enter").until("Because:").type("by the dist")
    t.quiet(1)                          # it is noted within a second
    end(t)
    t = house.console().until("You were typing").until("by the dist")
    t.type("y").until("Because: by the dist").type("ributor", "Enter")
    t.until("CGST 120.50").type("y").until(lambda t: "120.50" in t.row())
    said, = house.gst("entries")["items"]
    assert (said["cell"], said["cgst"], said["reason"]) == \
        ("4(A)(4)", "120.50", "by the distributor")
