"""One line is looked for in all books: /v1/search."""
import urllib.parse

from house import house, sale  # noqa: F401  (a fixture)


def look(house, q):
    return house.get("/v1/search?q=" + urllib.parse.quote(q))


def found(house, q):
    return {(i["kind"], i["id"], i["why"]) for i in look(house, q)["items"]}


def test_what_a_person_types_is_found(house):
    house.start()
    one = house.post("pos", sale("INV-77"), "msg_77").json["event"]
    other = house.post("pos", sale("INV-78", "12,360.00".replace(",", ""),
                                   "1885.42"), "msg_78").json["event"]
    failed = house.post("pos", sale("Z-1", store="MARS"),
                        "msg_z").json["event"]
    event = house.get("/v1/events/" + one)
    journal = event["journal"]
    assert ("event", one, "number") in found(house, one)
    assert ("event", one, "number") in found(house, one[1:])
    assert ("event", one, "number") in found(house, one.lower())
    assert ("journal", journal, "number") in found(house, journal)
    assert found(house, "INV-77") == {("event", one, "document")}
    assert found(house, "inv-7") == {("event", one, "document"),
                                     ("event", other, "document")}
    assert found(house, "msg_78") == {("event", other, "key")}
    # A failed one has no document: its number is its event's alone.
    assert found(house, "msg_z") == {("event", failed, "key")}
    assert ("event", one, "amount") in found(house, event["amount"])
    for text in ("12360", "12,360.00", "12360.0"):
        assert found(house, text) >= {("event", other, "amount")}, text
    assert found(house, "nothing of this") == set()
    item, = look(house, "INV-77")["items"]
    assert item["document"] == "IN01/sales_invoice/INV-77"
    assert item["amount"] == event["amount"] and item["state"] == "posted"


def test_names_and_accounts_are_found(house):
    house.start()
    accounts = house.get("/v1/reference/account")["items"]
    one = accounts[0]
    assert ("account", one["code"], "name") in found(house, one["code"])
    assert ("account", one["code"], "name") in \
        found(house, one["name"][1:].upper())


def test_a_line_that_is_none_is_refused(house):
    house.start()
    for q in ("", "%20%20", "a" * 201, "%ff"):
        assert house.api("GET", "/v1/search?q=" + q).status == 400, q
    assert house.api("GET", "/v1/search").status == 400


def test_so_many_are_cut_and_said_so(house):
    house.start()
    for n in range(30):
        house.post("pos", sale("N%02d" % n), "msg_%d" % n)
    got = look(house, "N")
    assert got["cut"]
    assert len([i for i in got["items"] if i["kind"] == "event"]) == 20
    assert not look(house, "N11")["cut"]
