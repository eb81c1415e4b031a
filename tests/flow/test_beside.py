"""Other programs on the same books, while the daemon is at work."""
import sqlite3
import threading

from house import SEALED, House, house, sale  # noqa: F401  (a fixture)


class Load:
    """Four senders that never rest until told; whatever went wrong."""

    def __init__(self, house):
        self.house, self.stop, self.faults, self.sent = house, False, [], 0
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.work) for _ in range(4)]
        for thread in self.threads:
            thread.start()

    def work(self):
        connection = self.house.connect()
        while not self.stop:
            with self.lock:
                self.sent += 1
                n = self.sent
            answer = self.house.post("pos", sale("N%d" % n), "msg_%d" % n,
                                     connection=connection)
            if answer.status != 201:
                self.faults.append(answer.body)

    def end(self):
        self.stop = True
        for thread in self.threads:
            thread.join(60)
        assert not self.faults, self.faults[:3]
        return self.sent


def test_the_command_line_disturbs_nobody(house):
    house.start()
    load = Load(house)
    for n in range(2):
        house.run("token", "add", "t%d" % n, "viewer")
        house.run("source", "add", "till-%d" % n, "standard")
        house.run("source", "list")
        house.run("audit", "verify")
        house.run("export", "hledger")
    sent = load.end()
    assert house.check_books()["states"]["posted"] == sent
    house.prove()


def test_a_copy_taken_at_any_moment_is_whole(house):
    house.start()
    load = Load(house)
    while load.sent < 50:
        house.get("/v1/status")
    source = sqlite3.connect(house.home / "bahi.db")
    target = sqlite3.connect(house.home / "copy.db")
    source.backup(target)
    source.close()
    target.close()
    load.end()
    house.stop()
    house.setting("store", str(house.home / "copy.db"))
    if SEALED:
        house.setting("key", "")    # this copy is plain
    house.start()
    house.check_books()
    house.prove()


def test_there_is_one_daemon_only(house):
    house.start()
    house.post("pos", sale("A"), "msg_a")
    done = house.run("run", check=False)
    assert done.returncode not in (0, -6, -11) and done.stderr
    assert house.post("pos", sale("B"), "msg_b").status == 201
    assert house.get("/v1/status")["states"]["posted"] == 2


def test_master_data_under_load_is_old_or_new(house):
    """No event is judged with half of an import."""
    house.start()
    load = Load(house)
    head = "source,dimension,from,to\n"
    for n in range(20):
        to = "4000" if n % 2 else "4010"
        assert house.api("POST", "/v1/reference/mapping", (
            head + "pos,account,Sales-Revenue,%s\n" % to).encode()
        ).status == 200
    sent = load.end()
    assert house.check_books()["states"]["posted"] == sent
    house.prove()


def test_two_houses_know_nothing_of_each_other(house):
    house.start()
    other = House(fresh=True).start()
    try:
        assert other.post("pos", sale("A"), "msg_a").status == 201
        assert other.post("pos", sale("B"), "msg_b",
                          secret=house.secret("pos")).status == 401
        assert house.check_books()["states"]["received"] == 0
    finally:
        other.close()


def test_two_daemons_do_not_share_a_store(house):
    house.start()
    second = house.run("run", check=False)
    assert second.returncode == 4
    assert "Another bahid works with these files." in second.stderr
    assert house.run("rebuild").returncode == 0


def test_settings_that_are_not_there(house):
    missing = str(house.dir / "nil.conf")
    done = house.run("--config", missing, "run", config=False, check=False)
    assert done.returncode == 3
    assert missing in done.stderr and "--config FILE" in done.stderr
