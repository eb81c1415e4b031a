"""A house whose books meet statements of a bank."""
import json
import time

from free import Free, doc

ACCOUNT = "50100012345678"


def money(paise):
    return "%d.%02d" % (abs(paise) // 100, abs(paise) % 100)


def statement(lines, number=1, opening=100000000, day="2026-10-31",
              start="2026-10-01"):
    """MT940 of (day, paise, narration[, reference[, type]]): what comes in is
    positive."""
    out, balance = [":20:T%d" % number, ":25:" + ACCOUNT, ":28C:%05d/001" %
                    number, ":60F:C%sINR%s" % (
                        start[2:].replace("-", ""), money(
                            opening).replace(".", ","))], opening
    for n, line in enumerate(lines):
        when, paise, text = line[:3]
        reference = line[3] if len(line) > 3 else "NONREF"
        kind = line[4] if len(line) > 4 else "NTRF"
        out.append(":61:%s%s%s%s%s%s//B%d%05d" % (
            when[2:].replace("-", ""), when[5:].replace("-", ""),
            "C" if paise > 0 else "D", money(paise).replace(".", ","), kind,
            reference, number, n))
        out.append(":86:" + text)
        balance += paise
    assert balance >= 0
    out.append(":62F:C%sINR%s" % (day[2:].replace("-", ""),
                                  money(balance).replace(".", ",")))
    return "\n".join(out + ["-", ""])


class Bank(Free):
    """Lines are only held against the ledger, but for charges."""
    def __init__(self, rows="", auto="certain", tolerance="0", days=5,
                 unknown=True):
        super().__init__()
        self.n = 0
        self.folder = self.home / "inbox" / "bank-t"
        self.folder.mkdir(parents=True, exist_ok=True)
        more = self.dir / "more"
        more.mkdir()
        (more / "mapping.csv").write_text(
            "source,dimension,from,to\n"
            "bank-t,account,%s,1000\n" % ACCOUNT + (
                "bank-t,account,@unknown,1000\n" if unknown else "") + rows)
        (more / "bank_rule.csv").write_text(
            "account,tolerance,days,auto,opening\n*,%s,%d,%s,\n" % (
                tolerance, days, auto))
        self.run("import", str(more))

    def until(self, what, seconds=60):
        end = time.monotonic() + seconds
        while True:
            found = what()
            if found:
                return found
            assert time.monotonic() < end, (
                self.get("/v1/bank/lines")["items"], self.read_log())
            time.sleep(0.02)

    def take(self, lines, wait=True, **more):
        self.n += 1
        name = "st-%d.sta" % self.n
        part = self.folder / ("." + name)
        part.write_text(statement(lines, number=self.n, **more))
        part.rename(self.folder / name)
        done = self.folder / "done" / (name + ".report.json")
        self.until(done.exists)
        if wait:
            self.settled()

    def settled(self):
        """Until pairing has looked at all that came."""
        self.until(lambda: not any(
            a["waiting"] for a in self.get("/v1/bank/accounts")["items"]))

    def receive(self, number, amount, date="2026-10-05", **more):
        """Money in books: a receipt (paise), or a payment when negative."""
        text = money(amount)
        sign, back = ("", "-") if amount > 0 else ("-", "")
        answer = self.send(doc(
            "payment" if amount > 0 else "settlement", number, text,
            date=date, lines=[
                {"account": "1000", "amount": sign + text},
                {"account": "1100", "amount": back + text}], **more))
        return answer

    def lines(self, state="open"):
        out, after = [], ""
        while True:
            page = self.get("/v1/bank/lines?limit=500&state=%s%s" % (
                state, after))
            out += page["items"]
            if page["next"] is None:
                return out
            after = "&after=" + page["next"]

    def entries(self):
        return self.get("/v1/bank/entries?limit=500")["items"]

    def act(self, act, lines=None, status=200, **more):
        body = dict({"act": act}, **more)
        if lines is not None:
            body["lines"] = [one if isinstance(one, str) else one["id"]
                             for one in lines]
        answer = self.api("POST", "/v1/bank/act", body)
        assert answer.status == status, answer.body
        self.settled()
        return json.loads(answer.body)

    def brs(self, day="2026-10-31"):
        return self.get("/v1/bank/statement?entity=IN01&account=1000&day="
                        + day)
