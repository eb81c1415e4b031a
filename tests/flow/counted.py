"""What tests of stock counts have in common."""
from test_masters import load

PLACE = "WH-BHW"
CARD = "application/cloudevents+json"


def event(house, topic, key, data):
    answer = house.api("POST", "/v1/events", {
        "specversion": "1.0", "id": key, "source": "/wms",
        "type": "in.bahi." + topic, "data": data}, {"Content-Type": CARD})
    assert answer.status in (200, 201), answer.body
    assert answer.json["state"] == "posted", answer.json
    return answer.json


def move(house, number, quantity, item="KUR-COT-M", day="2026-10-02",
         place=PLACE, reason="receipt", **other):
    return event(house, "inventory.adjusted", number, dict({
        "number": number, "date": day, "currency": "INR", "reason": reason,
        "lines": [{"item": item, "location": place,
                   "quantity": quantity}]}, **other))


def count(house, number="CC-1", day="2026-10-11", state="posted", who=None,
          place=PLACE, base=None, **items):
    """items: KUR_COT_M="388"."""
    body = {"number": number, "date": day, "location": place,
            "counter": "R. Gaikwad",
            "lines": [{"item": item.replace("_", "-"), "counted": counted}
                      for item, counted in items.items()]}
    if base is not None:
        body["base_version"] = base
    answer = who("POST", "/v1/counts", body) if who else \
        house.api("POST", "/v1/counts", body)
    assert answer.status in (200, 201, 202), answer.body
    assert answer.json["state"] == state, answer.json
    return answer.json


def lines(house, name="CC-1", **query):
    more = "".join("&%s=%s" % pair for pair in query.items())
    page = house.get("/v1/counts/lines?entity=IN01&count=%s%s" % (name, more))
    return {one["item"]: one for one in page["items"]}


def one(house, item="KUR-COT-M", name="CC-1"):
    return lines(house, name)[item]


def act(house, what, rows=None, name="CC-1", who=None, **other):
    body = dict({"act": what, "entity": "IN01", "count": name}, **other)
    if rows is not None:
        body["rows"] = [{key: row[key] for key in
                         ("location", "item", "day", "open")} for row in rows]
    return who("POST", "/v1/counts/act", body) if who else \
        house.api("POST", "/v1/counts/act", body)


def done(answer, n=1):
    assert answer.status == 200, answer.body
    assert answer.json["done"] == n, answer.json
    return answer.json


def reverse(house, event_id, reason):
    version = str(house.get("/v1/events/" + event_id)["version"])
    answer = house.api("POST", "/v1/decisions", {
        "action": "reverse", "reason": reason,
        "events": [{"id": event_id, "version": version}]})
    assert answer.status == 200 and answer.json["failed"] == 0, answer.body


def stock(house, item="KUR-COT-M"):
    return {(s["item"], s["location"]): s for s in
            house.get("/v1/stock")["items"]}[item, PLACE]


def balance(house, account):
    rows = house.get("/v1/trial-balance")["items"]
    return sum(float(r["balance"]) for r in rows if r["account"] == account)


def tolerate(house, text):
    load(house, "tolerance", "entity,location,percent,value\n" + text)
