"""Master data out and in again, by table and by row, and who came first."""
import json
import re
import pathlib
import subprocess

import pytest

from house import BAHID, House, house, sale  # noqa: F401  (a fixture)

TABLES = ["account", "cost_centre", "currency", "entity", "item", "location",
          "mapping", "pair", "party", "period", "rate", "tax_code",
          "gst_due", "gst_limit", "gst_rate", "gst_state", "gst_unit"]


def table(house, name, **query):
    path = "/v1/reference/" + name
    path += "?sheet=1" if query else ""
    answer = house.api("GET", path, headers={"Accept": "text/csv"})
    assert answer.status == 200, answer.body
    assert answer.headers["Content-Type"].startswith("text/csv")
    return answer


def load(house, name, text, dry=False, **headers):
    return house.api("POST", "/v1/reference/%s%s" % (
        name, "?dry_run=1" if dry else ""), text.encode(),
        {key.replace("_", "-"): value for key, value in headers.items()})


def row(house, name, key):
    return house.api("GET", "/v1/reference/%s/%s" % (name, key))


def edit(house, name, key, columns, **headers):
    return house.api("PATCH", "/v1/reference/%s/%s" % (name, key), columns,
                     {k.replace("_", "-"): v for k, v in headers.items()})


@pytest.fixture(scope="module")
def one():
    house = House().start()  # noqa: F811
    yield house
    house.close()


@pytest.mark.parametrize("name", TABLES)
def test_what_comes_out_goes_in_and_out_the_same(one, name):
    first = table(one, name)
    assert first.body.count(b"\n") > 1
    trial = load(one, name, first.body.decode(), dry=True).json
    assert (trial["added"], trial["changed"], trial["refused"]) == (0, 0, 0)
    assert trial["same"] == first.body.count(b"\n") - 1
    assert load(one, name, first.body.decode()).status == 200
    again = table(one, name)
    assert again.body == first.body
    assert again.headers["ETag"] != first.headers["ETag"]


def test_a_tricky_cell_comes_back_as_it_was_and_a_sheet_is_safe(one):
    text = ('code,name,entity,kind,extra,from,to\n'
            '=1+1,"@SUM(A1), ""x""\nline two",,customer,-cmd,,\n')
    assert load(one, "party", text).status == 200
    plain = table(one, "party").body.decode()
    assert text.split("\n", 1)[1] in plain
    assert load(one, "party", plain, dry=True).json["changed"] == 0
    sheet = table(one, "party", sheet=True).body.decode()
    assert "\"'=1+1\"" in sheet and "\"'-cmd\"" in sheet


def test_a_trial_says_what_would_be_and_writes_nothing(one):
    before = {name: table(one, name).body for name in TABLES}
    seq = one.get("/v1/reference/account")["version"]
    trial = load(one, "account", "\n".join([
        "code,name,entity,kind,extra,from,to",
        "1000,Bank current account,,asset,Assets:Bank:Current,,",
        "1100,Debtors,,asset,Assets:Receivables:Trade,,",
        "9999,New,,expense,Expenses:New,,",
        "9998,Bad,,expense,,2026-02-30,", "short,row", ""]), dry=True)
    assert trial.status == 200, trial.body
    assert {k: trial.json[k] for k in (
        "added", "changed", "same", "refused")} == {
        "added": 1, "changed": 1, "same": 1, "refused": 2}
    rows = {r["line"]: r for r in trial.json["rows"]}
    assert rows[3]["what"] == "changed"
    assert rows[3]["old"].startswith("1100,Trade receivables")
    assert rows[3]["new"].startswith("1100,Debtors")
    assert "not a day" in rows[5]["why"] and "fields" in rows[6]["why"]
    assert {name: table(one, name).body for name in TABLES} == before
    assert one.get("/v1/reference/account")["version"] == seq
    assert load(one, "account", "name,code\nx,y\n", dry=True).status == 400
    assert load(one, "nothing", "a\n", dry=True).status == 404


def test_a_broken_quote_is_named_with_its_line(one):
    trial = load(one, "pair", 'account,cost_centre\n6100,"MUM\n', dry=True)
    assert trial.json["refused"] == 1
    assert "quote" in trial.json["rows"][0]["why"]


def test_two_tables_at_once_collide(one):
    seen = table(one, "pair")
    text = seen.body.decode()
    assert load(one, "pair", text,
                If_Match=seen.headers["ETag"]).status == 200
    late = load(one, "pair", text, If_Match=seen.headers["ETag"])
    assert late.status == 412 and "you saw" in late.json["detail"]


def test_two_editors_of_a_row_collide(one):
    seen = row(one, "account", "6100")
    tag = seen.headers["ETag"]
    assert seen.json["etag"] == tag
    assert edit(one, "account", "6100", {"name": "Rent"}).status == 428
    assert edit(one, "account", "6100", {"name": "Rent A"},
                If_Match=tag).status == 200
    late = edit(one, "account", "6100", {"name": "Rent B"}, If_Match=tag)
    assert late.status == 412, late.body
    assert row(one, "account", "6100").json["row"]["name"] == "Rent A"
    # Another row is nobody's business.
    other = row(one, "account", "1000")
    assert edit(one, "account", "1000", {"name": "Bank"},
                If_Match=other.headers["ETag"]).status == 200


def test_a_row_is_new_only_once(one):
    new = {"name": "Freight", "kind": "expense"}
    assert edit(one, "account", "7777", new,
                If_None_Match="*").status == 200
    assert edit(one, "account", "7777", new,
                If_None_Match="*").status == 412
    assert row(one, "account", "7777").json["row"]["kind"] == "expense"
    assert edit(one, "account", "7776", new, If_Match="*").status == 412
    assert row(one, "account", "7776").status == 404
    assert edit(one, "account", "7777", {"code": "1"},
                If_Match="*").status == 400
    assert edit(one, "account", "7777", {"to": "soon"},
                If_Match="*").status == 400


def test_keys_of_several_parts_may_hold_a_slash(one):
    key = "shopify/account/A%2FB%2FC"
    assert edit(one, "mapping", key, {"to": "4010"},
                If_None_Match="*").status == 200
    seen = row(one, "mapping", key)
    assert seen.json["row"] == {"source": "shopify", "dimension": "account",
                                "from": "A/B/C", "to": "4010"}
    gone = one.api("DELETE", "/v1/reference/mapping/" + key, headers={
        "If-Match": seen.headers["ETag"]})
    assert gone.status == 200, gone.body
    assert row(one, "mapping", key).status == 404
    kept = one.api("DELETE", "/v1/reference/account/1000",
                   headers={"If-Match": "*"})
    assert kept.status == 422


def test_a_closed_account_is_not_posted_to(house):  # noqa: F811
    house.start()
    assert house.post("pos", sale("A"), "m1").status == 201
    tag = row(house, "account", "4000").headers["ETag"]
    assert edit(house, "account", "4000", {"to": "2026-09-30"},
                If_Match=tag).status == 200
    late = house.post("pos", sale("B"), "m2")
    assert [f["code"] for f in late.json["findings"]] == ["account.inactive"]
    key = "pos/account/Sales-Revenue"
    gone = house.api("DELETE", "/v1/reference/mapping/" + key,
                     headers={"If-Match": "*"})
    assert gone.status == 200, gone.body
    lost = house.post("pos", sale("C"), "m3")
    assert "account.unmapped" in [f["code"] for f in lost.json["findings"]]
    house.prove()
    audit = json.dumps(house.get("/v1/reference/mapping"))
    assert "Sales-Revenue" not in audit


def bahi(house, *args):  # noqa: F811
    return subprocess.run(
        [str(pathlib.Path(BAHID).parent / "bahi"), "--config",
         str(house.home / "bahi.conf"), *args], env=house.env, text=True,
        capture_output=True, timeout=60)


def test_the_daemons_import_says_what_it_took(house, tmp_path):
    (tmp_path / "pair.csv").write_text("account,cost_centre\n6100,NEW\n")
    done = house.run("import", str(tmp_path))
    assert re.fullmatch(r"done: 1 table; master data is at version R\d+\n",
                        done.stdout)


def test_the_verbs(one, tmp_path):
    out = bahi(one, "reference", "account", "--csv")
    assert out.stdout == table(one, "account").body.decode()
    assert "1100" in bahi(one, "reference", "account").stdout
    assert bahi(one, "reference", "none").returncode == 1
    done = bahi(one, "set", "account", "1200", "name=Tills",
                "to=2031-03-31")
    said = re.fullmatch(r"done: 1 row; master data is at version R(\d+)\n",
                        done.stdout)
    assert done.returncode == 0 and said, done.stdout
    seen = row(one, "account", "1200").json["row"]
    assert (seen["name"], seen["to"]) == ("Tills", "2031-03-31")
    assert bahi(one, "set", "mapping", "pos/account/Tips", "to=4000",
                "--json").stdout == '{"generation":%d,"rows":1}\n' % (
                    int(said[1]) + 1)
    assert bahi(one, "remove", "mapping", "pos/account/Tips").returncode == 0
    assert bahi(one, "remove", "mapping", "pos/account/Tips").returncode == 1
    assert bahi(one, "set", "account", "1200", "colour=red").returncode == 2
    file = tmp_path / "pair.csv"
    file.write_text("account,cost_centre\n6100,NEW\n6100,\n")
    trial = bahi(one, "import", "pair", str(file), "--dry-run")
    assert trial.returncode == 1 and "1 new, 0 changed" in trial.stdout
    assert bahi(one, "import", "pair", str(file)).returncode == 2
    file.write_text("account,cost_centre\n6100,NEW\n6200,NEW\n")
    done = bahi(one, "import", "pair", str(file))
    assert done.returncode == 0
    assert done.stdout.startswith("done: 2 rows; master data is at version R")
    assert row(one, "pair", "6100/NEW").status == 200
