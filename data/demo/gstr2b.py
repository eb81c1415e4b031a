#!/usr/bin/python3
"""Write the GSTR-2B of October 2026 as the portal would hand it to the company.

    gstr2b.py >gstr2b.json

It is made of the bills of gst.py as their suppliers filed them, so most agree.
What does not is by hand: a number written in another way, fifty paise, another
value, another GSTIN of the same supplier, a bill that nobody entered, one that
the supplier has not filed, a credit note, a bill without credit.  The same
bytes each time.
"""
import json
import sys

sys.dont_write_bytecode = True
import gst  # noqa: E402
from generate import divide, encode, number, rows  # noqa: E402
from gst import OWN, PARTIES  # noqa: E402

# By the number in books: what the supplier filed instead.
FILED = {
    "SRT/0885": {"inum": "SRT-885"},	# alike: suggested
    "KOL-0090": {"more": 50},			# fifty paise: suggested
    "KOL-0091": {"more": 25000},		# 250.00: a mismatch
    "AT/2627/0551": None,			# not filed: only in books
    "PXS/26/17": None,				# entered twice
    "SRT/0902": {"ctin": "27HHHHH7777H1Z5"},	# registered here, too
}
IMPORT = "YW-88123"


def rupees(paise):
    """A JSON number of rupees; no float ever holds money here."""
    return number("%d.%02d" % (paise // 100, paise % 100))


def day(text):
    return "-".join(reversed(text.split("-")))


def document(taxable, rate, inter, **other):
    heads = dict(gst.heads(taxable, rate, inter))
    value = taxable + sum(heads.values())
    return dict(other, val=rupees(value), txval=rupees(taxable), **{
        kind: rupees(heads.get(kind, 0))
        for kind in ("igst", "cgst", "sgst", "cess")})


def suppliers():
    """(GSTIN, name) -> documents."""
    names = {row["code"]: row["name"]
             for row in rows("party") + gst.own_rows("party")}
    out = {}
    for bill in gst.books().bills:
        said = FILED.get(bill["number"], {})
        who = PARTIES[bill["party"]]
        if said is None or not who["gstin"] or not bill["charged"]:
            continue
        (taxable, rate, _), = bill["lines"]
        one = document(taxable + said.get("more", 0), rate, bill["inter"],
                       inum=said.get("inum", bill["number"]), typ="R",
                       dt=day(bill["date"]), pos="27",
                       rev="Y" if bill["reverse"] else "N", itcavl="Y",
                       rsn="", diffprcnt=1)
        out.setdefault((said.get("ctin", who["gstin"]),
                        names[bill["party"]]), []).append(one)
    # Nobody here has these two.
    out.setdefault((PARTIES["sup_telecom"]["gstin"],
                    names["sup_telecom"]), []).append(document(
                        95000, 18, False, inum="KT10/55987", typ="R",
                        dt="21-10-2026", pos="27", rev="N", itcavl="Y",
                        rsn="", diffprcnt=1))
    out.setdefault((PARTIES["b2b_goa"]["gstin"], names["b2b_goa"]),
                   []).append(document(
                       250000, 18, False, inum="PH/441", typ="R",
                       dt="09-10-2026", pos="30", rev="N", itcavl="N",
                       rsn="P", diffprcnt=1))
    return out


def twob():
    group = {"supfildt": "10-11-2026", "supprd": "102026"}
    b2b = [dict(group, ctin=ctin, trdnm=name, inv=documents)
           for (ctin, name), documents in sorted(suppliers().items())]
    note = document(120000, 5, False, ntnum="SOL/CN/12", typ="C",
                    suptyp="R", dt="27-10-2026", pos="27", rev="N",
                    itcavl="Y", rsn="", diffprcnt=1)
    bill, = [one for one in gst.books().bills if one["number"] == IMPORT]
    taxable = bill["lines"][0][0]
    return {"chksum": "", "data": {
        "gstin": OWN["IN01"], "rtnprd": "102026", "version": "4.0",
        "gendt": "14-11-2026", "docdata": {
            "b2b": b2b,
            "cdnr": [dict(group, ctin=PARTIES["sup_solapur"]["gstin"],
                          trdnm="Solapur Weavers Cooperative", nt=[note])],
            "impg": [{"refdt": "16-10-2026", "recdt": "17-10-2026",
                      "portcode": "INNSA1", "boenum": "6612345",
                      "boedt": "15-10-2026", "isamd": "N",
                      "txval": rupees(taxable),
                      "igst": rupees(divide(taxable * 5, 100)),
                      "cess": rupees(0)}]}}}


def main():
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    print(encode(twob()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
