"""Documents, rules, decisions, traces and a source: what is shown is what the
daemon says, and Enter leads on."""
import urllib.parse

from daemon import AT

DOCUMENT = "IN01/sales_invoice/A/7"
DIGEST = "ab" * 32


def document(**other):
    return dict({
        "entity": "IN01", "kind": "sales_invoice", "number": "A/7",
        "document": DOCUMENT, "version": 2, "source": "pos",
        "revision": None, "event": "E31", "journal": "J31",
        "date": "2026-10-05", "party": "C-7", "currency": "INR",
        "amount": "1180.00", "state": "posted"}, **other)


def past(version, **other):
    return dict({"version": version, "event": "E3%d" % version,
                 "journal": "J3%d" % version, "ruling": None, "by": "asha",
                 "source": "pos", "at": AT, "rules": DIGEST,
                 "generation": "R1", "void": False}, **other)


def fill(books):
    path = "/v1/documents/IN01/sales_invoice/" + urllib.parse.quote(
        "A/7", safe="")
    books.extra.update({
        "/v1/documents": {"items": [document(), document(
            number="B", document="IN01/sales_invoice/B", state="void")],
            "next": None},
        path: dict(document(), current_version=2, by="asha", void=False,
                   document_body={"date": "2026-10-05", "party": "C-7",
                                  "currency": "INR", "lines": [
                                      {"type": "sale", "account": "4010",
                                       "amount": 100000}]},
                   gst={"period": "102026", "value": "1180.00",
                        "ctin": None, "place": "27", "rows": [
                            {"period": "102026", "section": "b2cs",
                             "cell": "3.1(a)", "rate": "18",
                             "taxable": "1000.00", "igst": "0.00",
                             "cgst": "90.00", "sgst": "90.00"}]},
                   history=[past(2, ruling="D9"), past(1)],
                   history_cut=False),
        "/v1/decisions": {"items": [
            {"id": "D9", "at": AT, "actor": "asha", "action": "resolve",
             "event": "E31", "events": 1, "object": "", "of": "",
             "reason": "the shop is right"},
            {"id": "R4", "at": AT, "actor": "ravi", "action": "reference",
             "events": 0, "object": "mapping", "of": "", "reason": ""}],
            "next": None},
        "/v1/rules-in-force": {"digest": DIGEST, "lately": 20000, "items": [
            {"file": "map/pos/payment.success.sql", "kind": "map",
             "source": "pos", "topic": "payment", "digest": DIGEST,
             "lines": 2, "posted": 12, "failed": 3, "other": 0,
             "last": AT}]},
        "/v1/rules/" + DIGEST: {"digest": DIGEST, "files": {
            "map/pos/payment.success.sql": "-- name: header\n\tSELECT 42;"}},
    })


def test_documents_and_where_they_lead(place):
    fill(place.serve().books)
    t = place.console().until("live")
    t.type("d").until("A/7").until("void")
    assert "1,180.00" in t.row() and "J31" in t.row()
    t.type("Enter").until("decided by D9")
    for said in ("2 of 2", "return of 102026", "3.1(a)", "journal J32"):
        assert said in t.text(), t.text()
    t.seek("E32")
    t.type("Down").until(lambda t: "J32" in t.row())
    t.type("Enter").until("> J32")
    t.type("Esc").until("decided by D9")
    # The trace of what is shown, whatever row the cursor is on.
    t.type("E").until("> E31" if "E31" in t.row() else "trace")


def test_decisions_rules_and_traces(place):
    fill(place.serve().books)
    t = place.console().until("live")
    t.type("Y").until("the shop is right")
    assert "asha" in t.row() and "E31" in t.row()
    t.type("Enter").until("What happened, in the order of time")
    assert "Events, journals, returns" in t.text()
    assert "E31" in t.text() and "J31" in t.text()
    t.type("Esc", "W").until("payment").until("12")
    assert t.row().split()[1:6] == ["map", "pos", "payment", "12", "3"]
    t.type("Enter").until("          SELECT 42;")
    # What is no row of an event is asked for by its name.
    t.type("1").until("Not posted").type("E").until("Trace (")
    t.type("E31", "Enter").until("What happened, in the order of time")


def test_a_source_with_its_flows_and_polls(place):
    books = place.serve().books
    books.extra["/v1/status"] = dict(books.status(), polls=[
        {"name": "shopify-api", "source": "shopify", "state": "waiting",
         "breaker": "open", "last_attempt": AT, "last_success": AT,
         "next_attempt": AT, "attempts": 7, "failures": 3, "pages": 2,
         "items": 90, "why": "503 of their side"}])
    t = place.console().until("live")
    t.type("5").until("shopify")
    t.seek("shopify")
    t.type("Enter").until("503 of their side")
    for said in ("09:00-18:30", "3 wait, 2 held, 1 failed, 4 late",
                 "7, of them 3 failed", "retail", "2 pages, 90 records"):
        assert said in t.text(), said + t.text()


def test_messages_are_kept(place):
    place.serve()
    t = place.console().until("live")
    t.type("3").until("SKU").type("E").until("Trace (").type("Esc")
    t.until("Nothing was done.").type("j")
    t.until(lambda t: "Nothing was done." not in t.text())
    t.type("Ctrl-P").until("Nothing was done.")


def test_verbs_of_the_same(place):
    fill(place.serve().books)
    assert "A/7" in place.run("documents").stdout
    assert "the shop is right" in place.run("decisions").stdout
    assert "payment" in place.run("rulebook").stdout


def test_the_detail_stands_beside_a_wide_list(place):
    fill(place.serve().books)
    books = place.books
    t = place.console(rows=30, columns=140).until("live")
    t.type("2").until("E1").until("| ")
    t.type("Down", "Down").until(lambda t: t.row().startswith("> E3 "))
    # All that the daemon knows of the one under the cursor, and no other.
    t.until("Attempts").until("|E3")
    assert "msg_3" in t.text() and "No account" in t.text()
    t.type("d").until("A/7").until("return of 102026")
    # Below 140 columns the rows have the whole width.
    t.resize(30, 120)
    t.until(lambda t: "return of 102026" not in t.text())
    assert books.received == []


def test_jobs_say_how_far_they_are(place):
    books = place.serve().books
    books.rows["/v1/files"].append(dict(
        books.rows["/v1/files"][0], id="F2", name="april.csv",
        state="reading", of=200, read=50))
    books.extra["/v1/runs"] = {"items": [
        {"id": "R7", "action": "retry", "reason": "the rate is known now",
         "state": "done", "left": 0, "total": 30, "started": AT,
         "actor": "asha"}], "next": None}
    books.extra["/v1/gst/exports"] = {"items": [], "next": None}
    t = place.console().until("live")
    t.type("L").until("april.csv").until("the rate is known now")
    lines = [line for line in t.lines() if "%" in line]
    # What is under way stands first among its kind.
    assert "25%" in next(x for x in lines if "F2" in x)
    assert "100%" in next(x for x in lines if "R7" in x)
    text = t.text()
    assert text.index("F2") < text.index("F1")
