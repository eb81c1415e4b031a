"""True at every moment: under load, with a full queue, beside idlers."""
import http.client
import json
import random
import socket
import threading
import time

from house import house, sale  # noqa: F401  (a fixture)


def voucher(number, amount="10.00"):
    return {"specversion": "1.0", "id": number, "source": "/erp",
            "type": "in.bahi.journal_voucher",
            "data": {"entity": "IN01", "number": number,
                     "date": "2026-10-05", "currency": "INR",
                     "lines": [{"account": "1000", "debit": amount},
                               {"account": "3000", "credit": amount}]}}


def batch(house, items):
    return house.api("POST", "/v1/events", items, {
        "Content-Type": "application/cloudevents-batch+json"})


def test_the_books_are_true_at_every_moment(house):
    house.start()
    chance, faults = random.Random(11), []
    todo, lock = list(range(400)) * 2, threading.Lock()
    chance.shuffle(todo)

    def send():
        connection = house.connect()
        while True:
            with lock:
                if not todo:
                    return
                n = todo.pop()
            body = sale("N%03d" % n, store="MARS" if n % 7 == 0 else
                        "STORE-MUM", currency="USD" if n % 5 == 0 else "INR",
                        tax_rate=None if n % 5 == 0 else 18)
            answer = house.post("pos", body, "msg_%03d" % n,
                                connection=connection)
            if answer.status not in (200, 201, 202):
                faults.append(answer.body)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    last = 0
    while any(thread.is_alive() for thread in threads):
        status = house.check_books()
        assert status["as_of"]["seq"] >= last
        last = status["as_of"]["seq"]
        book = house.get("/v1/trial-balance")
        for currency in ("INR", "USD"):
            lines = [i for i in book["items"] if i["currency"] == currency]
            assert sum(int(i["balance"].replace(".", ""))
                       for i in lines) == 0
        assert sum(int(i["base_balance"].replace(".", ""))
                   for i in book["items"]) == 0
    assert not faults
    states = house.check_books()["states"]
    assert (states["received"], states["posted"], states["failed"],
            states["duplicate"]) == (800, 342, 58, 400)
    house.prove()


def test_a_full_queue_refuses_and_loses_nothing(house):
    house.setting("queue", "16")
    house.setting("group", "1")
    house.start()
    refused, lock, todo = [], threading.Lock(), list(range(400))

    def send():
        connection = house.connect()
        while True:
            with lock:
                if not todo:
                    return
                n = todo.pop()
            end = time.monotonic() + 60
            while True:
                answer = house.post("pos", sale("N%03d" % n),
                                    "msg_%03d" % n, connection=connection)
                if answer.status != 503:
                    break
                refused.append(answer)
                assert time.monotonic() < end
            assert answer.status == 201, answer.body

    threads = [threading.Thread(target=send) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()
    for answer in refused:
        assert int(answer.headers["Retry-After"]) >= 1
        assert answer.json["code"] == "busy"
    states = house.check_books()["states"]
    assert (states["received"], states["posted"]) == (400, 400)
    text = house.api("GET", "/metrics").body.decode()
    assert "bahi_refused_total %d\n" % len(refused) in text
    house.prove()


def test_a_batch_that_is_cut_is_sent_again(house):
    items = [voucher("V%03d" % n, "0.00" if n % 50 == 7 else "10.00")
             for n in range(300)]
    for point in ("settle.after_journal", "settle.before_commit",
                  "settle.after_commit", "answer.before"):
        house.start(BAHI_CRASH=point)
        try:
            batch(house, items)
            raise AssertionError("answered")
        except (OSError, http.client.HTTPException):
            pass
        assert house.died() == -9
    house.start()
    answer = batch(house, items)
    assert answer.status == 200, answer.body[:300]
    got = [item["state"] for item in answer.json["items"]]
    assert (got.count("posted"), got.count("failed")) == (294, 6)
    assert len(house.journals()) == 294
    assert batch(house, items).body == answer.body
    house.check_books()
    house.prove()


def test_a_batch_with_one_that_is_no_event_is_refused_whole(house):
    house.start()
    for bad in ({}, [], 1, "x", None, dict(voucher("B"), specversion="0.3"),
                dict(voucher("B"), id=""), dict(voucher("B"), id="a\x1bb"), dict(voucher("B"), source="/a b"),
                dict(voucher("B"), type="")):
        answer = batch(house, [voucher("A"), bad])
        assert answer.status == 400, (bad, answer.body)
        assert "2" in answer.json["detail"]
    for name in ("ce-id", "ce-source", "ce-type"):
        head = {"Content-Type": "application/json", "ce-specversion": "1.0",
                "ce-id": "1", "ce-source": "/t", "ce-type": "x"}
        head[name] = b"\xff\xfe"
        assert house.api("POST", "/v1/events", {}, head).status == 400
    answer = batch(house, [voucher("A%d" % n) for n in range(1001)])
    assert answer.status in (400, 413)
    assert batch(house, []).status == 400
    assert house.check_books()["states"]["received"] == 0


def test_idlers_and_dawdlers_hold_nobody_up(house):
    house.start()
    idle = [socket.create_connection((house.host, int(house.port)), 20)
            for _ in range(100)]
    for n, one in enumerate(idle):
        if n % 2:
            one.sendall(b"POST /v1/hooks/pos HTTP/1.1\r\nHost: x\r\n"
                        b"Content-Length: 100\r\n\r\n{"[:n])
    began = time.monotonic()
    for n in range(20):
        assert house.post("pos", sale("N%d" % n), "msg_%d" % n).status == 201
    assert house.check_books()["states"]["posted"] == 20
    assert time.monotonic() - began < 20
    for one in idle:
        one.close()
    assert house.check_books()["states"]["received"] == 20


def test_a_body_that_comes_in_drops(house):
    house.start()
    body = sale("DROPS")
    head = "".join("%s: %s\r\n" % item for item in house.sign(
        "pos", body, "msg_d").items())
    whole = ("POST /v1/hooks/pos HTTP/1.1\r\nHost: x\r\n%sContent-Length: %d"
             "\r\nConnection: close\r\n\r\n" % (head, len(body))).encode()
    chunked = ("POST /v1/hooks/pos HTTP/1.1\r\nHost: x\r\n%s"
               "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
               % head).encode()
    for data, status in (
            (whole + body, b"201"),
            (chunked + b"".join(b"1\r\n%c\r\n" % c for c in body)
             + b"0\r\n\r\n", b"200")):
        with socket.create_connection((house.host, int(house.port)),
                                      20) as one:
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for at in range(0, len(data), 7):
                one.sendall(data[at:at + 7])
            out = b""
            while part := one.recv(65536):
                out += part
        assert out.split()[1] == status, out
    assert json.loads(out.split(b"\r\n\r\n", 1)[1])["state"] == "posted"
