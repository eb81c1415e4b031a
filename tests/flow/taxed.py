"""A house that is registered in two states, and documents as people enter
them."""
import shutil

from house import database, House, ROOT

OWN, THERE = "27AAAAA0000A1Z2", "29AAAAA0000A1ZY"
BUYER, SEZ, OPERATOR = ("27CCCCC2222C1Z8", "29AAAAA0000A1ZY",
                        "29AABCF8078M1C8")
SELLER = "27BBBBB1111B1ZN"
HEAD = "gstin,from,entity,kind,filing,turnover,to\n"
REGISTRATION = HEAD + (
    "%s,2017-07-01,IN01,regular,monthly,,\n"
    "24AAACC4175D1Z4,2017-07-01,IN01,regular,quarterly,,\n" % OWN)
OFF = ("P01", "P02", "D08", "D10")


class Taxed(House):
    """Its source `events` takes documents as they are, topic `told`."""
    registration = REGISTRATION
    n = 0

    def make(self):
        super().make()
        rules = self.home / "rules"
        shutil.copytree(ROOT / "data/rules", rules)
        shutil.copy(rules / "map/desk/document.sql",
                    rules / "map/events/told.sql")
        self.setting("rules", "rules")
        if self.registration:
            self.csv("registration", self.registration)
        # What is tested is where documents stand, not whether they may.
        self.csv("gst_level", "check,entity,level\n" + "".join(
            "%s,*,off\n" % check for check in OFF))

    def csv(self, table, text):
        folder = self.dir / "csv"
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        (folder / (table + ".csv")).write_text(text)
        self.run("import", str(folder))

    def tell(self, *documents, state="posted", version=None):
        self.n += 1
        answer = self.api("POST", "/v1/events", {
            "documents": [{"document": one, "base_version": version}
                          for one in documents]}, {
                "Content-Type": "application/json", "ce-specversion": "1.0",
                "ce-id": "t%d" % self.n, "ce-source": "/t",
                "ce-type": "told"})
        assert answer.json["state"] == state, answer.body
        return answer.json

    def put(self, document, version=None):
        """New, or a change of that version."""
        path = "/v1/documents/%s/%s/%s" % (
            document["entity"], document["kind"],
            document["number"].replace("/", "%2F"))
        answer = self.api("PUT", path, document, {
            "Content-Type": "application/json",
            **({"If-None-Match": "*"} if version is None else
               {"If-Match": '"%d"' % version})})
        assert answer.status in (200, 201), (document["number"], answer.body)
        return answer.json

    def void(self, document, version=None):
        gone = {k: document[k] for k in ("kind", "entity", "number", "date",
                                         "currency")}
        return self.put(dict(gone, total=0, tax=0, void=True, lines=[],
                             gst={k: v for k, v in document["gst"].items()
                                  if k == "gstin"}),
                        version)

    def gst(self, what, gstin=OWN, period="102026", **more):
        query = "".join("&%s=%s" % pair for pair in more.items())
        return self.get("/v1/gst/%s?gstin=%s&period=%s%s" % (
            what, gstin, period, query))

    def sections(self, gstin=OWN, period="102026"):
        return {one["section"]: one
                for one in self.gst("summary", gstin, period)["sections"]}

    def file(self, form="gstr1", gstin=OWN, period="102026",
             filed="2026-11-11"):
        answer = self.api("POST", "/v1/gst/filings", {
            "gstin": gstin, "form": form, "period": period, "filed": filed,
            "arn": "AA270926000001A", "reason": "filed"})
        assert answer.status == 200, answer.body
        return answer.json

    def ask(self, sql, *values):
        with database(self.home / "bahi.db") as db:
            return db.execute(sql, values).fetchall()


def parts(taxable, rate, inter):
    """Tax lines of one rate, in paise."""
    if inter:
        return [("igst", (taxable * rate + 5000) // 10000)]
    half = (taxable * rate + 10000) // 20000
    return [("cgst", half), ("sgst", half)]


OUTPUT = {"igst": "2320", "cgst": "2300", "sgst": "2310"}
INPUT = {"igst": "1320", "cgst": "1300", "sgst": "1310"}


def document(kind, number, *lines, date="2026-10-05", inter=False,
             party="cust_987", currency="INR", charged=True, **gst):
    """lines: (taxable in rupees, rate, more members)."""
    bought = kind in ("purchase_invoice", "debit_note")
    what = ("purchase" if bought else
            "advance" if kind.startswith("advance") else "sale")
    account = ("5010" if bought else "2060" if what == "advance" else
               "4100" if kind == "credit_note" else "4015")
    out, tax, total = [], {}, 0
    for taxable, rate, *more in lines:
        amount = round(taxable * 100)
        out.append({"type": what, "account": account, "amount": amount,
                    "tax_code": "GST%g" % rate, "hsn": "84713010",
                    "unit": "NOS", "quantity": "1", **(more or [{}])[0]})
        total += amount
        for head, paise in parts(amount, round(rate * 100), inter):
            if charged and paise:
                key = ("GST%g" % rate, head)
                tax[key] = tax.get(key, 0) + paise
    for (code, head), paise in tax.items():
        out.append({"type": "tax", "tax_code": code, "amount": paise,
                    "head": head,
                    "account": (INPUT if bought else OUTPUT)[head]})
    total += sum(tax.values())
    if what == "advance":
        out.append({"type": "received" if kind == "advance" else "allocated",
                    "account": "1000", "amount": total})
    return {"kind": kind, "entity": "IN01", "number": number, "date": date,
            "party": party, "currency": currency, "total": total,
            "tax": sum(tax.values()), "gst": {"gstin": OWN, **gst},
            "lines": out}


def invoice(number, *lines, **more):
    return document("sales_invoice", number, *lines, **more)


def buyer(**more):
    return {"party_gstin": BUYER, "category": "regular", "place": "27",
            **more}
