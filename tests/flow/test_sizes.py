"""As many parts, lines, members and waiting events as there may be."""
import pytest

from free import Free, doc, goods
from test_batches import BATCH, captured, end, payout, rows


@pytest.fixture
def house():
    one = Free()
    yield one
    one.close()


def test_128_parts_and_no_more(house):
    house.start()
    docs = [doc("journal_voucher", "V%d" % n, "1.00", part="p%d" % n,
                revision="1") for n in range(129)]
    many = house.send(*docs[:128])
    assert many["state"] == "posted"
    assert house.send(*docs)["state"] == "failed"
    for one in docs:
        one["revision"] = "2"
    assert house.send(*docs[:128])["state"] == "posted"
    assert rows(house, "SELECT count(*) FROM journal") == [(384,)]
    end(house)


def test_1000_lines_and_no_more(house):
    house.start()
    lines = [{"account": "1000" if n % 2 else "3000",
              "amount": "9999999999.99" if n % 2 else "-9999999999.99"}
             for n in range(1001)]
    good = house.send(doc("journal_voucher", "V", lines=lines[:1000]))
    assert good["state"] == "posted", good
    assert house.send(doc("journal_voucher", "W", lines=lines))[
        "state"] == "failed"
    end(house)


def test_quantities_at_their_limits(house):
    house.start()
    for n, quantity in enumerate(["1000000000", "-1000000000", "-1000000000",
                                  "0.001", "-0.001"]):
        answer = house.send(goods("inventory_move", "G%d" % n, quantity,
                                  "KUR-COT-M"))
        assert answer["state"] == "posted", (quantity, answer)
    assert rows(house, "SELECT on_hand, value FROM stock") == [
        (-1000000000000, -26050000000000)]
    for over in ("1000000000.001", "-1000000000.001"):
        assert house.send(goods("inventory_move", "X" + over, over))[
            "state"] == "failed"
    end(house)


def test_a_thousand_waiting_events(house):
    """Dismissed, reopened, and let go by one document, all in one go."""
    house.start()
    events = [{"specversion": "1.0", "id": "w%d" % n, "source": "/t",
               "type": "free", "docs": [doc("payment", "P%d" % n, after=[
                   "sales_invoice", "I"])]} for n in range(1000)]
    house.api("POST", "/v1/events", events, {
        "Content-Type": "application/cloudevents-batch+json"})
    for action, state, left in (("dismiss", "waiting", 0),
                                ("reopen", "dismissed", 1000)):
        picks = [{"id": "E%d" % seq, "version": version}
                 for seq, version in rows(
                     house, "SELECT seq, version FROM event"
                     " WHERE state = '%s'" % state)]
        assert len(picks) == 1000
        answer = house.decide(action=action, reason="x", events=picks)
        assert answer.status == 200, answer.body
        assert rows(house, "SELECT count(*) FROM wait") == [(left,)]
    house.send(doc("sales_invoice", "I"))
    assert house.check_books()["states"]["posted"] == 1001
    end(house)


def test_a_batch_of_500(house):
    house.flows(*BATCH)
    house.start()
    events = [{"specversion": "1.0", "id": "w%d" % n, "source": "/t",
               "type": "free", "docs": [captured("p%d" % n, "1.01", "po")]}
              for n in range(500)]
    house.api("POST", "/v1/events", events, {
        "Content-Type": "application/cloudevents-batch+json"})
    assert house.send(payout("po", "505.00", "505.00", "500"))[
        "state"] == "posted"
    assert rows(house, "SELECT amount FROM entry ORDER BY amount") == [
        (-50500,), (50500,)]
    end(house)
