"""A REST ERP behind bahid itself: what its rule can say decides what bahid can
know, and what it may do by itself."""
from firm import reference
from looks import sell
from restd import Erp
from test_rest import without


def own_rule(firm, text, url):
    (firm.targets / "own.sql").write_text(text)
    firm.rest("erp", url, rule="own.sql", backoff=1)


def test_each_once(firm, erp):
    firm.rest("erp", erp.url, batch=20)
    firm.start()
    sell(firm, *("R-%03d" % n for n in range(60)))
    done = firm.until("erp", 60)
    assert len(erp.vouchers) == 60 and not erp.doubled()
    assert {one["remote"] for one in done.values()} == set(erp.vouchers)
    assert all(len(one["held"]) == 64 for one in done.values())
    assert firm.balances() == erp.trial()
    firm.stop()
    firm.prove()


def test_answers_that_are_lost(firm, erp):
    """Each is asked for before it would go again."""
    firm.rest("erp", erp.url, backoff=1, timeout=2, failures=1000)
    erp.set["keys"] = 0                 # so that a second one would show
    erp.trouble("drop", 10)
    erp.trouble("close", 5)
    firm.start()
    sell(firm, *("R-%03d" % n for n in range(20)))
    firm.until("erp", 20)
    assert erp.count["trouble"] == 15
    assert len(erp.vouchers) == 20 and not erp.doubled()
    assert firm.balances() == erp.trial()


def test_a_draft_is_finished(firm, erp):
    firm.rest("erp", erp.url, backoff=1)
    erp.trouble("draft", 3)
    firm.start()
    sell(firm, "R-1", "R-2", "R-3", "R-4")
    firm.until("erp", 4)
    assert erp.count["finished"] == 3 and not erp.doubled()
    assert firm.balances() == erp.trial()


def test_a_draft_that_the_rule_cannot_finish(firm, erp):
    """It is for a person at once, and stays one."""
    own_rule(firm, without("finish", "finished"), erp.url)
    erp.trouble("draft")
    firm.start()
    sell(firm, "R-1")
    one, = firm.until("erp", 1, "failed").values()
    assert one["refusal"] == "duplicate" and "draft" in one["words"]
    assert len(erp.vouchers) == 1


def test_who_cannot_be_asked_is_not_sent_to_again(firm, erp):
    """Without `find` what is not known is a person's to say, at once; and
    bahid sends nothing of it again, not after a restart either."""
    own_rule(firm, without("find", "found", "finish", "finished", "list",
                           "listed", "more", "balance", "balanced"), erp.url)
    erp.set["keys"] = 0
    erp.trouble("drop")
    firm.start()
    sell(firm, "R-1", "R-2")
    failed = firm.until("erp", 1, "failed")
    (journal, one), = failed.items()
    assert one["refusal"] == "connection" and one["asked"]
    assert one["words"] == "the connection was closed before an answer came"
    firm.until("erp", 1)
    firm.stop()
    firm.start()
    sell(firm, "R-3")
    firm.until("erp", 2)
    assert set(firm.commits("erp", "failed")) == {journal}
    assert len(erp.vouchers) == 3 and not erp.doubled()


def test_refused_until_it_is_mended(firm):
    """An account that it does not know: one cause for all, in its own words;
    once there is a row of mapping, one act sends all of them."""
    with Erp(accounts="1200,4010,2300,2310") as erp:
        firm.rest("erp", erp.url)
        firm.start()
        sell(firm, "R-1", "R-2", "R-3")
        failed = firm.until("erp", 3, "failed")
        assert {one["refusal"] for one in failed.values()} == {"mapping"}
        assert {one["words"] for one in failed.values()} == {
            "account 4000 is not known"}
        cause, = firm.get("/v1/commits/causes?target=erp")["items"]
        assert cause["n"] == 3
        csv = firm.dir / "csv"
        csv.mkdir()
        (csv / "mapping.csv").write_text("source,dimension,from,to\n"
                                         "to:erp,account,4000,4010\n")
        firm.stop()
        firm.run("import", str(csv))
        firm.start()
        said = firm.api("POST", "/v1/commits/act", {
            "act": "retry", "where": {"target": "erp",
                                      "cause": cause["cause"]}})
        assert said.status == 200, said.body
        firm.until("erp", 3)
        assert erp.trial()["4010"] == -30000


def test_asked_to_wait(firm, erp):
    """Retry-After is kept to: nothing comes before."""
    seen = []
    firm.rest("erp", erp.url)
    erp.trouble("delay", when=lambda r: r.method == "POST" and
                seen.append(r.at))      # only looks on
    erp.trouble("status", status=429, retry_after="2")
    firm.start()
    sell(firm, "R-1")
    firm.until("erp", 1)
    assert len(seen) == 2 and seen[1] - seen[0] >= 2


def test_the_reference_stays(firm, erp):
    firm.rest("erp", erp.url)
    firm.start()
    sell(firm, "R-1")
    firm.until("erp", 1)
    voucher = erp.vouchers["V1"]
    assert voucher["reference"] == reference(1)
    assert voucher["narration"].startswith(reference(1) + " ")
