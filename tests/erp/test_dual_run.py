"""Two ERPs with the same journals, as in a migration: each in both, each as
we sent it, and the balances of both, whatever their codes are."""
from firm import wait_until
from looks import commits, looked, looking, of, sell, settled
from restd import Erp


def beside(firm, query=""):
    return firm.get("/v1/targets/old/against/new" + query)


def mapped(firm):
    folder = firm.dir / "csv"
    folder.mkdir()
    (folder / "mapping.csv").write_text(
        "source,dimension,from,to\n"
        "to:new,account,1200,N-1200\nto:new,account,4000,N-4000\n" +
        "".join("to:new,account,%s,N-TAX\n" % code
                for code in ("2300", "2310", "2320", "2330")))
    firm.run("import", str(folder))


def test_a_migration(firm, erp):
    """The same journals into two charts of accounts; then one differs, one is
    missing."""
    with Erp(accounts="N-1200,N-4000,N-TAX") as new:
        mapped(firm)
        looking(firm, erp, "old")
        looking(firm, new, "new")
        firm.start()
        sell(firm, *("R-%d" % n for n in range(1, 13)))
        settled(firm, 12, "old")
        settled(firm, 12, "new")
        said = beside(firm)
        assert said["same"] and not said["moving"], said
        assert said["journals"] == {"same": 12, "missing": 0, "differs": 0,
                                    "unproven": 0}
        assert said["items"] == [] and said["next"] is None
        row = next(one for one in said["balances"] if "1200" in one["ours"])
        assert (row["a"], row["b"]) == (["1200"], ["N-1200"])
        assert row["held_a"] == row["held_b"] == "1416.00"
        assert {one["difference"] for one in said["balances"]} == {"0.00"}

        new.change(of(new, 3)["id"], lines=[
            dict(line, account="N-TAX") if line["account"] == "N-4000" else
            line for line in of(new, 3)["lines"]])
        new.remove(of(new, 5)["id"])
        assert len(looked(firm, "new")) == 2
        said = beside(firm)
        assert not said["same"]
        assert {(one["journal"], one["is"]) for one in said["items"]} == {
            ("J3", "differs"), ("J5", "differs")}
        assert any(one["difference"] != "0.00" for one in said["balances"])


def test_one_is_behind(firm, erp):
    """What is on its way is no difference of the balances."""
    with Erp() as new:
        looking(firm, erp, "old")
        firm.start()
        sell(firm, "R-1", "R-2")
        settled(firm, 2, "old")
        new.set["open_to"] = "2026-10-04"
        looking(firm, new, "new")
        settled(firm, 2, "new", state="failed")
        said = wait_until(lambda: not beside(firm)["moving"] and
                          beside(firm))
        assert said["journals"]["missing"] == 2 and not said["same"]
        assert {(one["is"], one["a"], one["b"]) for one in said["items"]
                } == {("missing", "done", "failed")}
        for row in said["balances"]:
            assert row["difference"] == "0.00" and row["held_b"] == "0.00"
            assert row["held_a"] == row["away_b"]


def test_only_journals_of_both(firm, erp):
    """Of an entity that one of them is not for there is nothing to compare."""
    with Erp() as new:
        looking(firm, erp, "old")
        looking(firm, new, "new", entities="IN02")
        firm.start()
        sell(firm, "R-1")
        settled(firm, 1, "old")
        assert beside(firm)["journals"] == {
            "same": 0, "missing": 0, "differs": 0, "unproven": 0}
        assert commits(firm, "new") == []


def test_what_is_asked_in_vain(firm, erp):
    looking(firm, erp, "old")
    firm.start()
    sell(firm, "R-1")
    settled(firm, 1, "old")
    assert firm.api("GET", "/v1/targets/old/against/new").status == 404
    assert firm.api("GET", "/v1/targets/new/against/old").status == 404
    assert firm.api("GET", "/v1/targets/old/against/old").status == 400
    assert firm.api("GET", "/v1/targets/old/against/new?after=x").status \
        == 400
