"""The screen, on a real terminal."""
import re

from daemon import AT


def at(place, pane, rows=40, columns=120, **env):
    terminal = place.serve().console(rows, columns, **env)
    terminal.until("live")
    terminal.type(pane)
    return terminal


def test_overview_has_problems_by_age_with_money(place):
    t = at(place, "1").until("SKU-1").until("Events by source")
    assert "Sahyadri Traders" in t.lines()[0]
    assert "12,34,567.00 INR" in t.text()
    line = next(l for l in t.lines() if "SKU-1" in l)
    # What it keeps from posting, and its sort, may be known by now.
    assert re.search(r" 10 +10,001\.45 INR( +2 mapping)?$", line.rstrip())


def test_fits_80_by_24(place):
    t = at(place, "1", 24, 80).until("Not posted")
    for key, want in (("2", "[2 backlog]"), ("3", "[3 failures]"),
                      ("4", "[4 ledger]"), ("1", "[1 overview]")):
        t.type(key)
        t.until(want)
        assert max(map(len, t.lines())) <= 80
        assert "quit" in t.lines()[-1]


def test_group_members_event_and_back(place):
    t = at(place, "3").until("/3")
    t.type("Enter")
    t.until("1/10")
    t.type("Enter")
    t.until("Payload, as it came").until('"total": "1000.01"')
    assert "Ask the controller" in t.text() or "Map it" in t.text()
    t.type("q")
    t.until("1/10")
    t.type("q", "q", "y")
    assert t.end() == 0


def test_ledger_down_to_the_payload(place):
    t = at(place, "4").until("Receivables").until("Total")
    t.type("Enter")
    t.until("J34")
    t.type("Enter")
    t.until("receivable").until("1,180.00")
    t.type("Enter")
    t.until("Payload, as it came").until("Journal J34")


def test_the_ledger_of_two_companies(place):
    """One account in two companies and currencies is three rows; each says
    whose it is and leads to what it is the sum of."""
    def line(entity, currency, balance):
        return {"entity": entity, "account": "1100", "name": "Receivables",
                "kind": "asset", "currency": currency, "debit": balance,
                "credit": "0.00", "balance": balance}

    def entry(n, entity, currency, value):
        return {"journal": "J%d" % n, "date": "2026-10-05", "line": 1,
                "document": "%s/sales_invoice/INV-%d" % (entity, n),
                "party": None, "cost_centre": None, "tax_code": None,
                "narration": "Booked", "currency": currency, "amount": value}

    place.books.trial = lambda: {
        "as_of": {"seq": 1, "change": 1, "at": "2026-10-08T09:41:00Z"},
        "items": [line("IN01", "INR", "100.00"), line("IN02", "INR", "7.00"),
                  line("IN01", "USD", "3.00")], "totals": []}
    place.books.entries = lambda account, query: {"next": None, "items": [
        entry(4, "IN01", "USD", "3.00"), entry(3, "IN02", "INR", "7.00"),
        entry(2, "IN01", "INR", "60.00"), entry(1, "IN01", "INR", "40.00")]}
    place.books.booked = {}
    place.books.changes = {}
    t = at(place, "4", 24, 60).until("Receivables")
    t.until(lambda t: re.search(r"1100 .* IN02 +INR +7\.00", t.text()))
    t.type("Enter").until("60.00").until("40.00").until("1/2")
    assert "7.00" not in t.text() and "3.00" not in t.text()
    t.type("q", "j", "Enter").until("7.00").until("1/1")
    t.type("Esc").until("60.00").until("IN01").until("IN02")
    t.type("q", "j", "Enter").until("3.00").until("1/1")
    said = place.run("ledger").stdout
    assert re.search(r"1100 +Receivables +IN02 +INR +7\.00", said)


def test_vi_and_arrow_keys(place):
    t = at(place, "2").until("1/30")
    for keys, want in ((("j", "Down"), "3/30"), (("k", "Up"), "1/30"),
                       (("G",), "30/30"), (("g",), "1/30"),
                       (("End",), "30/30"), (("Home",), "1/30"),
                       (("Ctrl-D",), "18/30"), (("Ctrl-U",), "1/30")):
        t.type(*keys)
        t.until(lambda t: t.lines()[1].endswith(" " + want))


def test_scrolls_past_both_edges(place):
    t = at(place, "2", 12, 80).until("1/30")
    t.type(*["j"] * 40)
    t.until(lambda t: t.row().startswith("> E30 "))
    t.type(*["k"] * 40)
    t.until(lambda t: t.row().startswith("> E1 "))


def test_filter_is_a_pattern(place):
    t = at(place, "2").until("1/30")
    t.type("/", "INV-2[0-3] ", "Enter")
    t.until("> E20")
    t.quiet()
    assert "E24" not in t.text() and "E23" in t.text()
    t.type("/", "(", "Enter")
    t.until("pattern:")
    t.type("Esc")
    t.until("E24")
    assert t.row().startswith("> E20 ")     # which is where we were


def test_retry_one_is_done_at_once(place):
    t = at(place, "2").until("1/30")
    t.type("j", "r")
    t.until("1 done, 0 failed").until("/29")
    assert place.books.received == [
        {"action": "retry", "events": [{"id": "E2", "version": 1}]}]


def test_retry_of_marks_asks_with_count_and_money(place):
    t = at(place, "2").until("1/30")
    t.type(" ", " ", " ")
    t.until("3 marked")
    t.type("r")
    t.until("> plan").until("3,000.06 INR retry")
    t.type("Enter")         # Enter is not yes
    t.type("n")
    t.until("Nothing was done.").until("3 marked")
    assert not place.books.received
    t.type("r")
    t.until("3,000.06 INR retry")
    t.type("y")
    t.until("3 done, 0 failed").until("/27")
    assert len(place.books.received[0]["events"]) == 3


def test_retry_of_a_problem(place):
    t = at(place, "3").until("/3")
    t.type("r")
    t.until("INR retry")
    t.type("y")
    t.until("10 done, 0 failed").until("1/2")


def test_fix_in_place_then_retries_all(place):
    t = at(place, "3").until("/3")
    t.type("/", "SKU-1", "Enter")
    t.until(lambda t: "SKU-1" in t.row())
    t.type("f")
    t.until("Sales of books")
    t.type("toys")
    t.until(lambda t: "Sales of books" not in t.text())
    t.type("Enter")
    t.until('Map "SKU-1" to 4020 Sales of toys and retry 10 events, '
            "10,001.45 INR?")
    t.type("y")
    t.until("10 done, 0 failed")
    sent = place.books.received[0]
    assert sent["fix"]["to"] == "4020" and sent["retry"] is True


def test_fix_says_when_no_mapping_helps(place):
    place.books.problems[-1]["code"] = "amount.zero"
    place.books.put("signature", place.books.problems[-1]["id"],
                    place.books.shape(place.books.problems[-1]))
    t = at(place, "3").until("/3")
    t.type("/", "period", "Enter")
    t.until(lambda t: "period" in t.row())
    t.type("f")
    t.until("No mapping mends this.")


def test_fix_posts_into_the_open_period(place):
    t = at(place, "3").until("/3")
    t.type("/", "period", "Enter")
    t.until(lambda t: "period" in t.row())
    t.type("f")
    t.until("Post into the open period, because:")


def test_help_lists_every_key(place):
    keys = len(place.run("--dump=keys").stdout.splitlines())
    # With three headings: here, everywhere, elsewhere.
    t = at(place, "?").until("What they do").until("/%d" % (keys + 3))
    text = t.text()
    for name in ("Enter", "bahi fix", "Everywhere", "Ctrl-D"):
        assert name in text
    t.type("enter this cell")
    t.until("enter this cell of GSTR-3B yourself, with a reason")
    t.type("Esc")
    t.until("[1 overview]")


def test_starts_and_browses_without_the_daemon(place):
    t = at(place, "2").until("1/30").until("E30")
    t.type("Enter")
    t.until("Payload, as it came")
    t.type("q", "q", "y")
    assert t.end() == 0
    place.cut()
    t = place.console().until("OFFLINE").until("Not posted")
    t.type("2")
    t.until("1/30")
    t.type("Enter")
    t.until("Payload, as it came")
    t.type("r")
    t.until("Queued on this side").until("1 queued")
    t.type("4", "Enter", "Enter")
    t.until("receivable")
    place.serve()
    t.type("Ctrl-R")
    t.until("live").until("1 applied")


def test_why_it_was_away_goes_when_it_is_back(place):
    t = at(place, "2").until("1/30")
    place.cut()
    t.until("OFFLINE").until(
        "No daemon answers; it is asked again by itself. /")
    place.serve()
    t.until("live", 30).until(lambda t: "No daemon" not in t.text())


def test_first_start_without_daemon_or_cache(place):
    t = place.console().until("OFFLINE")
    assert "never" in t.lines()[0]
    t.type("q", "y")
    assert t.end() == 0


def test_another_daemons_data_is_dropped(place):
    from daemon import Books
    t = at(place, "2").until("1/30")
    place.cut()
    t.until("OFFLINE")
    place.serve(Books(failures=5, posted=0))
    t.type("Ctrl-R")
    t.until("/5")


def test_news_appear_by_themselves(place):
    t = at(place, "2").until("1/30")
    with place.books.lock:
        place.books.add(99, place.books.problems[0])
        place.books.lock.notify_all()
    t.until("/31")


def test_resize_keeps_the_row(place):
    t = at(place, "2").until("1/30")
    t.type(*["j"] * 20)
    t.until("21/30")
    t.resize(15, 60)
    t.until(lambda t: t.row().startswith("> E21") and
            "Amount" in t.lines()[2])
    t.resize(5, 20)
    t.quiet()
    t.resize(40, 120)
    t.until(lambda t: t.row().startswith("> E21") and
            "INV-21" in t.row())


def test_no_color_means_none(place):
    t = at(place, "2", NO_COLOR="1").until("1/30")
    t.type("Enter")
    t.until("Findings")
    colours = {c.fg for row in t.screen.buffer.values()
               for c in row.values()}
    assert colours == {"default"}


def test_hostile_text_cannot_reach_the_terminal(place):
    place.books.events[1]["party"] = "A\x1b]0;pwn\x07\x1b[2J\u202eB"
    place.books.put("event", "E1", place.books.events[1])
    t = at(place, "2", columns=160).until("1/30")
    assert "A^[]0" in t.text()
    assert t.screen.title != "pwn"


def test_keys_can_be_changed(place):
    (place.folder / "keys").write_text("down = n\n")
    conf = place.folder / "bahi.conf"
    conf.write_text(conf.read_text() + "keys = keys\n")
    t = at(place, "2").until("1/30")
    t.type("n")
    t.until("2/30")


def test_broken_cache_is_made_anew(place):
    (place.folder / "cache.db").write_bytes(b"not a database" * 1000)
    t = at(place, "2").until("1/30")
    t.type("q", "y")
    assert t.end() == 0


def test_a_long_sentence_keeps_both_its_ends(place):
    place.serve()
    t = place.console(rows=24, columns=80)
    t.until("Not posted").until("live")
    lines = [line for line in t.lines() if "SKU-" in line]
    assert lines and all("\u2026" in line for line in lines), t.text()
    assert all(line[2:].startswith("No acc") for line in lines)


def shown(t, rows, columns, *needles):
    """All of these, and no line wider than the screen."""
    for needle in needles:
        t.until(needle)
    lines = t.lines()
    assert len(lines) == rows
    assert all(len(line.rstrip()) <= columns for line in lines)


LISTS = [
    ("5", "sync", ("shopify", "sales_invoice", "u resume")),
    ("6", "orders", ("SO-1", "part shipped", "12,34,567.00")),
    ("7", "stock", ("BOOK-2", "-2 yes", "98,765.00")),
    ("8", "files", ("statement.940", "F1")),
    ("9", "dead", ("E1 ", "data", "SKU-1")),
]


def test_each_list_fits_small_and_large(place):
    place.serve()
    for rows, columns in ((24, 80), (40, 120)):
        t = place.console(rows=rows, columns=columns).until("live")
        for key, title, needles in LISTS:
            t.type(key)
            t.until("[%s %s]" % (key, title))
            shown(t, rows, columns, *needles)
            assert all(" %d" % n in t.lines()[1] for n in range(10)
                       if str(n) != key), t.lines()[1]
        t.type("q", "y")
        t.end()


def test_late_flows_come_first_and_in_the_tone_of_alarm(place):
    t = at(place, "5").until("shopify")
    order = [line.split()[0].lstrip(">") or line.split()[1]
             for line in t.lines()[3:6]]
    assert order == ["shopify", "wms", "pos"]
    plain, late = t.screen.buffer[5][4], t.screen.buffer[3][4]
    assert (late.fg, late.bold) != (plain.fg, plain.bold)


def test_a_paused_source_is_resumed(place):
    t = at(place, "5").until("shopify")
    t.type("u")
    t.until("This source is not paused.")
    t.type("j", "u")
    t.until("Resume wms and post what it has sent?")
    t.type("n")
    t.until("Nothing was done.")
    t.type("u")
    t.until("Resume wms")
    t.type("y")
    t.until("resume: wms").until(lambda t: "pos " in t.lines()[4])
    assert place.books.received == [{"action": "resume", "source": "wms"}]


def test_an_order_opens_into_its_items(place):
    t = at(place, "6").until("SO-1")
    t.type("Enter")
    t.until("> SO-1").until("BOOK-1")
    assert "3.5" in t.row() and "6.5" in t.row()
    t.type("q")
    t.until("1/2")


def test_a_dead_letter_opens_into_its_event(place):
    t = at(place, "9").until("1/30")
    t.type("Enter")
    t.until("Payload, as it came")
    t.type("q", "r")
    t.until("1 done, 0 failed").until("/29")


def test_lists_follow_the_daemon(place):
    t = at(place, "7").until("1/3")
    with place.books.lock:
        place.books.rows["/v1/stock"][0].update(short=True, available="-9")
        place.books.put("status", "", None)
        place.books.lock.notify_all()
    t.until("-9 yes", 20)


def test_what_only_the_clock_changes_is_asked_for_anew(place):
    t = at(place, "5").until("shopify")
    with place.books.lock:
        place.books.rows["/v1/flows"][1]["late"] = 77
    t.quiet(1)
    assert " 77 " not in t.row()
    t.type("Ctrl-R")
    t.until(lambda t: " 77 " in t.row())


def test_a_list_is_asked_for_once_when_nothing_moves(place):
    asked, get = [], place.books.get
    place.books.get = lambda path, query: asked.append(path) or get(path,
                                                                    query)
    t = at(place, "7").until("BOOK-2")
    for _ in range(20):
        t.type("j", "k")
    t.quiet(3)
    assert asked.count("/v1/stock") == 1


def test_a_long_list_is_taken_page_by_page(place):
    from daemon import stock
    place.books.rows["/v1/stock"] = [
        stock("ITEM-%04d" % n, n, 1) for n in range(1500)]
    place.books.page = 400
    t = at(place, "7").until("1/1,500")
    assert "ITEM-0000" in t.row() and "-1 yes" in t.row()
    t.type("G")
    t.until("ITEM-1499")


def test_lists_are_there_without_the_daemon(place):
    t = at(place, "7").until("BOOK-2")
    t.type("q", "y")
    assert t.end() == 0
    place.cut()
    t = place.console().until("OFFLINE")
    t.type("7")
    t.until("BOOK-2")
    t.type("8")
    t.until("Not all of this is in the local copy")


def test_hostile_lists_stay_tame(place):
    bad = "A\x1b]0;pwn\x07\x1b[2J\u202eB"
    place.books.rows["/v1/flows"][1].update(source=bad, owner=bad, paused=AT)
    place.books.rows["/v1/orders"][0].update(number=bad, party=bad,
                                             ordered=bad, currency=bad)
    place.books.rows["/v1/stock"][0].update(item=bad, on_hand=bad)
    place.books.rows["/v1/files"][0].update(name=bad, why=bad, read=bad)
    t = at(place, "5")
    for key in "5678":
        t.type(key)
        t.until("[%s " % key).until("A^[]")
    t.type("5")
    t.until("A^[]")
    t.type("u")
    t.until("Resume A^[]0;pwn^G")
    t.type("n", "6", "Enter")
    t.until("> A^[]0;pwn^G")
    assert t.screen.title != "pwn"
    ran = place.run("flows")
    assert "\x1b" not in ran.stdout and "\u202e" not in ran.stdout


def test_approve_and_replay_take_the_row_and_the_group(place):
    t = at(place, "2").until("1/30")
    t.type("a")
    t.until("approve: 1 done").until("/29")
    t.type(" ", " ", "R")
    t.until("INR replay")
    t.type("y")
    t.until("replay: 2 done")
    t.type("3")
    t.until("[3 failures]")
    t.type("a")
    t.until("INR approve")
    t.type("n")
    t.until("Nothing was done.")
    assert [body["action"] for body in place.books.received] == [
        "approve", "replay"]


def test_overview_has_the_numbers_as_of_a_sequence(place):
    place.serve()
    t = place.console(rows=24, columns=80).until("live")
    shown(t, 24, 80, "As of ", "Late flows", "Alerts raised",
          "97.20 %", "1 s", "12,34,567.00 INR")
    lines = "\n".join(t.lines())
    assert re.search(r"As of sequence \d+, 2026-\d\d-\d\d \d\d:\d\d IST",
                     lines)
    assert re.search(r"Late flows +1\b", lines)
    assert re.search(r"Alerts raised +1\b", lines)


def form(place, code="4010", rows=24, columns=80):
    t = at(place, "0", rows, columns).until("account")
    t.until("[0 masters]").type("Enter")
    t.until(code)
    t.type("/", code, "Enter", "Enter")
    t.until("> %s" % code).until("Column").until("2026-04-01")
    return t


def test_a_row_of_master_data_is_changed_as_it_was_seen(place):
    t = form(place)
    t.type("e")
    t.until("Nothing here to change.")
    t.type("j", "e")
    t.until("name: Sales of books")
    t.type("Enter")
    t.until("Nothing was done.")
    t.type("e", "!", "Enter")
    t.until('account/4010, name: "Sales of books" becomes')
    t.type("y")
    t.until("account/4010 is changed.")
    t.until(lambda t: "Sales of books!" in t.row())
    assert place.books.received == [{"name": "Sales of books!"}]
    t.type("q")
    t.until(lambda t: "Sales of books!" in t.row())


def test_who_was_quicker_is_not_undone(place):
    t = form(place)
    t.type("j")
    with place.books.lock:
        place.books.accounts["4010"]["name"] = "Books sold"
    t.type("e", "!", "Enter")
    t.until("becomes")
    t.type("y")
    t.until(lambda t: "Books sold" in t.row())
    assert place.books.received == []
    assert place.books.accounts["4010"]["name"] == "Books sold"


def test_hostile_master_data_is_edited_tame(place):
    place.books.accounts["4010"]["name"] = "A\x1b]0;pwn\x07B"
    t = form(place)
    t.type("j", "e")
    t.until("name: A^[]0;pwn^GB")
    t.type("Esc")
    t.type("q", "q", "q")
    assert t.screen.title != "pwn"
