"""The law of GST as master data: in, judged by column, and out the same."""
import pytest

from house import House
from test_masters import edit, load, row, table

HEADS = {
    "registration": "gstin,from,entity,kind,filing,turnover,to",
    "taxpayer": "party,gstin,category,state,pin,address,status,since",
    "gst_state": "code,name,alpha,pins,group,utgst,gstin,place,from,to",
    "gst_unit": "code,name,goods",
    "gst_rate": "rate,from,hsn,goods,services,to,note",
    "gst_limit": "name,from,value",
    "gst_due": "form,filing,group,period,months,day,due",
    "gst_level": "check,entity,level",
    "hsn": "code,name",
    "gst_item": "item,hsn,unit",
}

GOOD = {
    "registration": ["27AAAAA0000A1Z2,2017-07-01,IN01,regular,monthly,"
                     "75000000.00,",
                     "27AAAAA0000A2Z1,2017-07-01,IN01,regular,monthly,,"
                     "2026-03-31",
                     "27AAAAA0000A2Z1,2026-04-01,IN01,regular,quarterly,,"],
    "taxpayer": ["A-1,29AABCR1718E1ZL,regular,29,560001,"
                 "\"1, MG Road\",active,2017-07-01",
                 "B-2,,unregistered,27,,,,"],
    "gst_state": ["27,Maharashtra,MH,40 41 42,A,no,yes,yes,,"],
    "gst_unit": ["NOS,NUMBERS,yes", "NA,NOT APPLICABLE,no"],
    "gst_rate": ["0.25,2017-07-01,7102 7103,yes,no,,",
                 "12,2017-07-01,,yes,yes,2025-09-21,a slab of old"],
    "gst_limit": ["b2cl,2017-07-01,250000.00", "b2cl,2024-08-01,100000.00",
                  "cess,2026-02-01,0"],
    "gst_due": ["gstr3b,monthly,*,*,1,20,",
                "gstr3b,monthly,*,102026,,,2026-11-25"],
    "gst_level": ["D01,*,warn", "D01,IN02,off"],
    "hsn": ["6205,MEN'S OR BOYS' SHIRTS", "998314,IT design"],
    "gst_item": ["KUR-COT-S,620520,NOS", "X,,PCS"],
}

BAD = [
    ("registration", "27AAAAA0000A1Z5,2017-07-01,IN01,regular,monthly,,",
     "last character of this GSTIN would be 2"),
    ("registration", "27aaaaa0000a1z2,2017-07-01,IN01,regular,monthly,,",
     "not a GSTIN"),
    ("registration", "27AAAAA0000A1Z,2017-07-01,IN01,regular,monthly,,",
     "not a GSTIN"),
    ("registration", "27AAAAA0000A1Z2,,IN01,regular,monthly,,", "begins"),
    ("registration", "27AAAAA0000A1Z2,2017-02-30,IN01,regular,monthly,,",
     "not a day"),
    ("registration", "27AAAAA0000A1Z2,2017-07-01,,regular,monthly,,",
     "not a code"),
    ("registration", "27AAAAA0000A1Z2,2017-07-01,IN01,uin,monthly,,",
     "not one of regular"),
    ("registration", "27AAAAA0000A1Z2,2017-07-01,IN01,regular,weekly,,",
     "not one of monthly"),
    ("registration", "27AAAAA0000A1Z2,2017-07-01,IN01,regular,monthly,5,",
     "two decimals"),
    ("registration",
     "27AAAAA0000A1Z2,2017-07-01,IN01,regular,monthly,,2017-06-30",
     "ends before it begins"),
    ("taxpayer", ",,regular,,,,,", "not a code"),
    ("taxpayer", "A,27AAAAA0000A1Z3,regular,,,,,", "would be 2"),
    ("taxpayer", "A,,friend,,,,,", "not a category"),
    ("taxpayer", "A,,regular,MH,,,,", "two digits of a state"),
    ("taxpayer", "A,,regular,27,012345,,,", "PIN"),
    ("taxpayer", "A,,regular,27,40001,,,", "PIN"),
    ("taxpayer", "A,,regular,27,," + "x" * 301 + ",,", "longer"),
    ("taxpayer", "A,,regular,27,,,dead,", "not one of active"),
    ("taxpayer", "A,,regular,27,,,active,soon", "not a day"),
    ("gst_state", "7,Delhi,DL,11,B,no,yes,yes,,", "two digits"),
    ("gst_state", "07,,DL,11,B,no,yes,yes,,", "not a code"),
    ("gst_state", "07,Delhi,dl,11,B,no,yes,yes,,", "not a list"),
    ("gst_state", "07,Delhi,DL,1x,B,no,yes,yes,,", "not a list"),
    ("gst_state", "07,Delhi,DL,11,C,no,yes,yes,,", "not one of A B"),
    ("gst_state", "07,Delhi,DL,11,B,N,yes,yes,,", "not one of yes no"),
    ("gst_unit", "nos,NUMBERS,yes", "capitals"),
    ("gst_unit", "NOS,NUMBERS,1", "not one of yes no"),
    ("gst_rate", "18.0,2017-07-01,,yes,yes,,", "not a rate"),
    ("gst_rate", "0.0005,2017-07-01,,yes,yes,,", "not a rate"),
    ("gst_rate", "-5,2017-07-01,,yes,yes,,", "not a rate"),
    ("gst_rate", "999999999999999999999,2017-07-01,,yes,yes,,",
     "not a rate"),
    ("gst_rate", "18,,,yes,yes,,", "begins"),
    ("gst_rate", "18,2017-07-01,62a,yes,yes,,", "not a list"),
    ("gst_rate", "18,2017-07-01,,yes,yes,2017-01-01,", "ends before"),
    ("gst_limit", "B2CL,2017-07-01,1", "not the name"),
    ("gst_limit", "b2cl,2017-07-01,1.5", "two decimals"),
    ("gst_limit", "b2cl,2017-07-01,-1", "nor a count"),
    ("gst_limit", "b2cl,2017-07-01,", "nor a count"),
    ("gst_due", "gstr2,monthly,*,*,1,20,", "not one of gstr1"),
    ("gst_due", "gstr3b,weekly,*,*,1,20,", "not one of monthly"),
    ("gst_due", "gstr3b,monthly,C,*,1,20,", "not one of A B"),
    ("gst_due", "gstr3b,monthly,*,132026,1,20,", "not a period"),
    ("gst_due", "gstr3b,monthly,*,*,25,20,", "months"),
    ("gst_due", "gstr3b,monthly,*,*,1,32,", "day of the month"),
    ("gst_due", "gstr3b,monthly,*,*,1,,", "day of the month"),
    ("gst_due", "gstr3b,monthly,*,*,,,2026-11-25", "of one period"),
    ("gst_due", "gstr3b,monthly,*,102026,1,20,2026-11-25", "either"),
    ("gst_due", "gstr3b,monthly,*,102026,,,soon", "not a day"),
    ("gst_level", "D1,*,warn", "not a check"),
    ("gst_level", "Z01,*,warn", "not a check"),
    ("gst_level", "D01,*,shout", "not one of block"),
    ("gst_level", "D01,,warn", "not a code"),
    ("hsn", "62a5,x", "not an HSN"),
    ("hsn", "620520001,x", "not an HSN"),
    ("gst_item", ",6205,NOS", "not a code"),
    ("gst_item", "A,62a5,NOS", "not an HSN"),
    ("gst_item", "A,6205,nos", "not a list"),
]


@pytest.fixture(scope="module")
def one():
    house = House().start()
    yield house
    house.close()


def lines(name, rows):
    return "\n".join([HEADS[name]] + rows + [""])


@pytest.mark.parametrize("name", HEADS)
def test_what_goes_in_comes_out(one, name):
    text = lines(name, GOOD[name])
    trial = load(one, name, text, dry=True).json
    assert trial["refused"] == 0, trial
    assert load(one, name, text).status == 200
    out = table(one, name).body.decode()
    for line in GOOD[name]:
        assert line in out.split("\n")
    assert load(one, name, out, dry=True).json["same"] == out.count("\n") - 1
    assert load(one, name, out).status == 200
    assert table(one, name).body.decode() == out


@pytest.mark.parametrize("name,bad,why", BAD)
def test_each_column_is_judged(one, name, bad, why):
    before = table(one, name).body
    answer = load(one, name, lines(name, [bad]))
    assert answer.status == 400, answer.body
    assert why in answer.json["detail"], answer.json
    assert "%s, line 2" % name in answer.json["detail"]
    assert table(one, name).body == before


def test_a_row_is_changed_and_taken_away_by_its_key(one):
    load(one, "gst_level", lines("gst_level", ["T07,IN01,warn"]))
    seen = row(one, "gst_level", "T07%2FIN01")
    assert seen.json["row"]["level"] == "warn"
    assert edit(one, "gst_level", "T07%2FIN01", {"level": "off"},
                If_Match=seen.headers["ETag"]).status == 200
    assert edit(one, "gst_level", "T07%2FIN01", {"level": "block"},
                If_Match=seen.headers["ETag"]).status == 412
    gone = one.api("DELETE", "/v1/reference/gst_level/T07%2FIN01",
                   headers={"If-Match": row(
                       one, "gst_level", "T07%2FIN01").headers["ETag"]})
    assert gone.status == 200, gone.body
    assert row(one, "gst_level", "T07%2FIN01").status == 404


def test_an_extension_has_a_key_of_four_parts(one):
    load(one, "gst_due", lines("gst_due", GOOD["gst_due"]))
    seen = row(one, "gst_due", "gstr3b%2Fmonthly%2F*%2F102026")
    assert seen.json["row"]["due"] == "2026-11-25", seen.body


def test_thousands_of_taxpayers_load_and_the_books_rebuild(one):
    rows = ["P%05d,,unregistered,27,,,," % n for n in range(20000)]
    assert load(one, "taxpayer", lines("taxpayer", rows)).status == 200
    assert table(one, "taxpayer").body.count(b"\n") > 20000
    one.prove()
