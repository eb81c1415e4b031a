"""A source may send so much and no more; forgeries cost others nothing."""
import json
import re
import time

import pytest

from house import Answer, house, sale  # noqa: F401  (a fixture)

HEAD = "source,per_second,burst,body,allow\n"


def limit(house, *rows):
    answer = house.api("POST", "/v1/reference/limit",
                       (HEAD + "".join(row + "\n" for row in rows)).encode(),
                       {"Content-Type": "text/csv"})
    assert answer.status == 200, answer.body
    return answer


def limited(house, source, reason):
    text = house.api("GET", "/metrics").body.decode()
    [n] = re.findall(r'^bahi_limited_total\{source="%s",reason="%s"\} (\d+)$'
                     % (source, reason), text, re.M) or ["0"]
    return int(n)


def post(house, body, headers, source="pos"):
    connection = house.connect()
    connection.request("POST", "/v1/hooks/" + source, body,
                       dict(headers, **{"Content-Type": "application/json"}))
    answer = Answer(connection.getresponse())
    connection.close()
    return answer


def forge(house, body=b"{}", **extra):
    return post(house, body, dict({
        "webhook-id": "x", "webhook-timestamp": str(int(time.time())),
        "webhook-signature": "v1," + "A" * 43 + "="}, **extra))


def test_a_burst_and_then_no_more(house):
    house.start()
    limit(house, "pos,1,3,,")
    began = time.monotonic()
    answers = [house.post("pos", sale("A%d" % n), "msg_%d" % n)
               for n in range(20)]
    taken = [a for a in answers if a.status == 201]
    # what refilled meanwhile, were this machine ever so slow
    assert 3 <= len(taken) <= 4 + time.monotonic() - began
    for answer in answers:
        if answer.status == 201:
            continue
        assert answer.status == 429
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json["type"] == "/errors/limit.rate"
        assert int(answer.headers["Retry-After"]) == 1
    assert limited(house, "pos", "rate") == 20 - len(taken)
    # Nothing of the refused is kept, and it may come again.
    assert house.check_books()["states"]["received"] == len(taken)
    end = time.monotonic() + 60
    for n in range(20):
        while house.post("pos", sale("A%d" % n), "msg_%d" % n).status == 429:
            assert time.monotonic() < end
            time.sleep(0.2)
        if n == 6:
            limit(house, "pos,,,,")     # no bound from now on
    assert house.check_books()["states"]["posted"] == 20


def test_the_star_is_for_all_others_each_by_itself(house):
    house.start()
    limit(house, "*,1,1,,", "razorpay,,,,")
    assert house.post("pos", sale("A"), "a").status == 201
    assert house.post("pos", sale("B"), "b").status == 429
    # another source has a bucket of its own, and one has no bound at all
    assert house.post("shopify", b"{}", "c", "orders/paid").status == 202
    for n in range(5):
        assert house.post("razorpay", b"{}", "d%d" % n).status == 202


def test_a_body_larger_than_the_source_may_send(house):
    house.start()
    limit(house, "pos,,,2000,")
    assert house.post("pos", sale("A"), "a").status == 201
    answer = house.post("pos", sale("B", memo="x" * 2000), "b")
    assert answer.status == 413
    assert answer.json["type"] == "/errors/request.too_large"
    assert limited(house, "pos", "size") == 1
    assert house.check_books()["states"]["received"] == 1


def test_events_of_a_token_and_batches_count_each_event(house):
    token = house.run("token", "add", "events-x", "integration").stdout.strip()
    house.start()
    limit(house, "events-x,1,10,,", "events,1,2,,")

    def send(ids, local):
        body = json.dumps([{
            "specversion": "1.0", "id": n, "source": "/s", "type": "t",
            "data": {}} for n in ids]).encode()
        headers = {"Content-Type": "application/cloudevents-batch+json"}
        if local:
            return house.api("POST", "/v1/events", body, headers)
        connection = house.connect()
        connection.request("POST", "/v1/events", body, dict(
            headers, Authorization="Bearer " + token))
        answer = Answer(connection.getresponse())
        connection.close()
        return answer

    # more than the burst waits for a full bucket, then owes what it took
    assert send([str(n) for n in range(30)], False).status == 202
    answer = send(["late"], False)
    assert answer.status == 429
    assert 15 <= int(answer.headers["Retry-After"]) <= 21
    assert limited(house, "events-x", "rate") == 1
    assert send(["1", "2"], True).status == 202
    assert send(["3"], True).status == 429
    assert house.check_books()["states"]["received"] == 32


def test_forgeries_do_not_use_up_what_the_source_may_send(house):
    house.start()
    limit(house, "pos,1,2,,")
    for n in range(30):
        assert forge(house).status == 401
    assert house.post("pos", sale("A"), "a").status == 201
    assert house.post("pos", sale("B"), "b").status == 201
    assert house.check_books()["states"]["received"] == 2


def test_a_flood_of_forgeries_is_cheap_and_locks_nobody_out(house):
    house.start()
    began, statuses, n = time.monotonic(), [], 0
    while 429 not in statuses:
        statuses.append(forge(house).status)
        n += 1
        # 200 at once, then 10 a second
        assert n <= 201 + 10 * (time.monotonic() - began)
    assert statuses[:200] == [401] * 200
    for _ in range(50):         # one of them may be the next of the ten
        answer = forge(house, b" " * 100000)
        statuses.append(answer.status)
        if answer.status == 429:
            break
    assert answer.json["type"] == "/errors/limit.rate"
    assert limited(house, "pos", "forged") >= 2
    # An honest sender at the same address is heard all the same.
    assert house.post("pos", sale("A"), "a").status == 201
    # The log is not flooded either: refusals no more than were looked at.
    assert house.read_log().count("hook.refused") == statuses.count(401)
    assert house.check_books()["states"]["received"] == 1


def test_forgeries_are_counted_by_their_sender(house):
    house.setting("fronts", "127.0.0.0/8")
    house.start()
    while forge(house, **{"X-Forwarded-For": "198.51.100.7"}).status == 401:
        pass
    for address in ("198.51.100.8", "2001:db8::1"):
        assert forge(house, **{"X-Forwarded-For": address}).status == 401
    # What stands left of the front's own word anybody may write. A sender
    # who was not known would have 200; some of ten a second are back.
    began, n = time.monotonic(), 0
    while forge(house, **{"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
                ).status == 401:
        n += 1
        assert n <= 100 + 10 * (time.monotonic() - began)


@pytest.mark.parametrize("fronts,said,status", [
    ("", None, 403), ("", "203.0.113.9", 403),
    ("127.0.0.1", "203.0.113.9", 201), ("127.0.0.1", "203.0.114.9", 403),
    ("127.0.0.1", None, 403), ("10.0.0.1", "203.0.113.9", 403),
    ("127.0.0.1", "203.0.113.9, 198.51.100.1", 403),
    ("127.0.0.1 198.51.100.0/24", "203.0.113.9, 198.51.100.1", 201),
    ("127.0.0.1", "198.51.100.1,203.0.113.9", 201),
    ("127.0.0.1", "2001:db8:1::2", 201), ("127.0.0.1", "nonsense", 403),
    ("127.0.0.1", "203.0.113.9,", 403), ("127.0.0.1", "", 403)])
def test_only_from_where_it_may_come(house, fronts, said, status):
    if fronts:
        house.setting("fronts", fronts)
    house.start()
    limit(house, "pos,,,,203.0.113.0/24 2001:db8::/32")
    body = sale("A")
    headers = house.sign("pos", body, "a")
    if said is not None:
        headers["X-Forwarded-For"] = said
    answer = post(house, body, headers)
    assert answer.status == status, answer.body
    assert limited(house, "pos", "address") == (status == 403)
    # over the Unix socket the kernel says who it is
    assert house.api("POST", "/v1/hooks/pos", body, dict(
        house.sign("pos", body, "a"),
        **{"Content-Type": "application/json"})).status in (200, 201)


def test_an_address_said_twice_is_not_believed(house):
    house.setting("fronts", "127.0.0.1")
    house.start()
    limit(house, "pos,,,,203.0.113.0/24")
    body = sale("A")
    connection = house.connect()
    connection.putrequest("POST", "/v1/hooks/pos")
    for pair in list(house.sign("pos", body, "a").items()) + [
            ("X-Forwarded-For", "203.0.113.9"),
            ("X-Forwarded-For", "203.0.113.9"),
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body)))]:
        connection.putheader(*pair)
    connection.endheaders(body)
    assert connection.getresponse().status == 403


@pytest.mark.parametrize("row", [
    "pos,0,,,", "pos,-1,,,", "pos,1.5,,,", "pos,1000001,,,", "pos,,5,,",
    "pos,1,0,,", "pos,,,67108865,", "pos,,,,10.0.0.0/33", "pos,,,,example.com",
    ",1,1,,", "pos,1,1,1", "pos, 1,1,1,"])
def test_a_limit_that_says_nothing_sensible_is_refused(house, row):
    house.start()
    before = house.get("/v1/reference/limit")["items"]
    answer = house.api("POST", "/v1/reference/limit",
                       (HEAD + row + "\n").encode(),
                       {"Content-Type": "text/csv"})
    assert answer.status == 400, answer.body
    assert house.get("/v1/reference/limit")["items"] == before


def test_fronts_that_are_no_addresses_stop_the_start(house):
    house.setting("fronts", "proxy.example")
    done = house.run("run", check=False)
    assert done.returncode != 0 and "fronts" in done.stderr


def test_limits_are_part_of_the_log_and_the_rebuild(house):
    house.start()
    limit(house, "pos,2,4,1000,10.0.0.0/8")
    assert {"source": "pos", "per_second": "2", "burst": "4", "body": "1000",
            "allow": "10.0.0.0/8"} in house.get("/v1/reference/limit")["items"]
    house.stop()
    house.prove()
