"""What was answered is kept; what is sent again is posted once."""
import http.client
import random
import threading
import time

import pytest

from house import house, sale  # noqa: F401  (a fixture)

POINTS = ["settle.before_event", "settle.after_event", "settle.after_journal",
          "settle.before_commit", "settle.after_commit", "answer.before"]


def key(n):
    return "msg_%04d" % n


class Senders:
    """Eight connections; each event's answer, or none when it was cut."""

    def __init__(self, house, events):
        self.house, self.todo = house, list(events)
        self.answers, self.lock = {}, threading.Lock()
        self.threads = [threading.Thread(target=self.work)
                        for _ in range(8)]
        for thread in self.threads:
            thread.start()

    def work(self):
        connection = self.house.connect()
        while True:
            with self.lock:
                if not self.todo:
                    return
                n = self.todo.pop(0)
            try:
                answer = self.house.post("pos", sale("R%04d" % n), key(n),
                                         connection=connection)
            except (OSError, http.client.HTTPException):
                connection.close()
                return
            with self.lock:
                self.answers[n] = answer

    def join(self):
        for thread in self.threads:
            thread.join(60)
            assert not thread.is_alive()
        return self.answers


def check_all_once(house, answered, count):
    """Every answer given before still stands, and all come to one each."""
    kept = house.journals()
    for n in answered:
        assert "R%04d" % n in kept
    for n in range(count):
        again = house.post("pos", sale("R%04d" % n), key(n))
        assert again.status in (200, 201), again.body
        if n in answered:
            assert again.status == 200
            assert again.headers["Idempotent-Replayed"] == "true"
            assert again.body == answered[n].body
    assert len(house.journals()) == count
    status = house.check_books()
    assert status["states"]["posted"] == count
    entries = house.get("/v1/accounts/1200/entries?limit=500")["items"]
    assert len(entries) == count
    house.prove()


@pytest.mark.parametrize("point", POINTS)
def test_a_crash_at_each_point_loses_and_doubles_nothing(house, point):
    house.start()
    before = {}
    for n in range(5):
        before[n] = house.post("pos", sale("R%04d" % n), key(n))
        assert before[n].status == 201
    house.stop()
    house.start(BAHI_CRASH=point)
    senders = Senders(house, range(5, 25))
    assert house.died() == -9
    answered = {n: a for n, a in senders.join().items() if a.status == 201}
    house.start()
    check_all_once(house, {**before, **answered}, 25)


def test_killed_at_any_moment_under_load(house):
    chance = random.Random(7)
    answered = {}
    house.start()
    senders = Senders(house, range(400))
    for _ in range(3):
        goal = len(answered) + chance.randrange(20, 60)
        while len(senders.answers) + len(answered) < goal and \
                any(t.is_alive() for t in senders.threads):
            time.sleep(0.001)
        house.kill()
        answered.update(senders.join())
        house.start()
        senders = Senders(house, [n for n in range(400)
                                  if n not in answered])
    answered.update(senders.join())
    assert len(answered) == 400
    house.stop()
    house.start()
    assert len(house.journals()) == 400
    assert house.check_books()["states"]["posted"] == 400
    house.prove()


def test_sigterm_answers_whom_it_heard(house):
    house.start()
    senders = Senders(house, range(300))
    while len(senders.answers) < 50:
        assert any(t.is_alive() for t in senders.threads)
        time.sleep(0.001)
    house.stop()
    answers = senders.join()
    assert {a.status for a in answers.values()} <= {201, 503}
    posted = {n for n, a in answers.items() if a.status == 201}
    house.start()
    kept = house.journals()
    assert {int(number[1:]) for number in kept} >= posted
    house.check_books()


def test_many_at_once_with_one_key_post_once(house):
    house.start()
    answers, lock = [], threading.Lock()

    def send():
        answer = house.post("pos", sale("ONE"), "msg_same")
        with lock:
            answers.append(answer)

    threads = [threading.Thread(target=send) for _ in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted({a.status for a in answers}) == [200, 201]
    assert len([a for a in answers if a.status == 201]) == 1
    assert len({a.body for a in answers}) == 1
    assert list(house.journals()) == ["ONE"]
    assert house.check_books()["states"]["duplicate"] == 59
