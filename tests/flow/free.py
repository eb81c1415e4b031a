"""A house whose rules take documents as they are told, to test what becomes
of them: the source `events`, topic `free`."""
import json
import shutil

from house import House, ROOT

MAP = """-- Documents as they are.
-- name: header
SELECT value ->> '$.part' AS part,
	need(value ->> '$.kind', 'kind') AS kind,
	coalesce(value ->> '$.entity', 'IN01') AS entity,
	need(value ->> '$.number', 'number') AS number,
	coalesce(value ->> '$.date', '2026-10-05') AS date,
	value ->> '$.party' AS party,
	value ->> '$.memo' AS memo,
	coalesce(value ->> '$.currency', 'INR') AS currency,
	paise(coalesce(value ->> '$.total', '0.00'), 'INR') AS total,
	value ->> '$.order' AS order_number,
	value ->> '$.after[0]' AS after_kind,
	value ->> '$.after[1]' AS after_number,
	value ->> '$.batch' AS batch,
	minor(value ->> '$.count') AS control_count,
	paise(value ->> '$.control', 'INR') AS control_total,
	minor(value ->> '$.base_version') AS base_version,
	value ->> '$.revision' AS revision
FROM json_each(:body, '$.docs')

-- name: lines
SELECT docs.value ->> '$.part' AS part,
	coalesce(line.value ->> '$.type', 'entry') AS type,
	coalesce(line.value ->> '$.account',
		lookup('account', line.value ->> '$.mapped', 'mapped')) AS account,
	line.value ->> '$.item' AS item,
	line.value ->> '$.location' AS location,
	line.value ->> '$.quantity' AS quantity,
	paise(coalesce(line.value ->> '$.amount', '0.00'), 'INR') AS amount,
	cost(line.value ->> '$.item', line.value ->> '$.quantity',
		'2026-10-05') AS cost
FROM json_each(:body, '$.docs') AS docs,
	json_each(docs.value, '$.lines') AS line
"""

# What moves goods is worth its cost; all other lines are entries.
POST = """-- name: entries
SELECT account, item, amount FROM line WHERE account IS NOT NULL
UNION ALL
SELECT '1500', item, %s cost FROM line WHERE account IS NULL
UNION ALL
SELECT '5000', item, - %s cost FROM line WHERE account IS NULL
"""

ACCOUNTS = """code,name,entity,kind,extra,from,to
1500,Stock in trade,,asset,Assets:Stock,,
5000,Cost of goods sold,,expense,Expenses:COGS,,
"""

COSTS = """item,first,cost,currency
KUR-COT-S,2026-04-01,250.00,INR
KUR-COT-M,2026-04-01,260.50,INR
"""

FLOW_HEAD = ("source,kind,entity,pattern,window,latency,owner,objective,"
             "wait,control\n")


class Free(House):
    n = 0

    def make(self):
        super().make()
        rules = self.home / "rules"
        shutil.copytree(ROOT / "data/rules", rules)
        (rules / "map/events/free.sql").write_text(MAP)
        for kind, sign in (("shipment", "-"), ("inventory_move", "")):
            (rules / "post" / (kind + ".sql")).write_text(
                POST % (sign, sign))
        for kind in ("sales_invoice", "payment", "refund", "settlement",
                     "credit_note", "purchase_invoice"):
            (rules / "post" / (kind + ".sql")).write_text(POST % ("", ""))
        for kind in ("sales_order", "purchase_order"):
            (rules / "post" / (kind + ".sql")).write_text(
                "-- posts: nothing\n")
        self.setting("rules", "rules")
        self.csv("account", ACCOUNTS)
        self.csv("cost", COSTS)

    def csv(self, table, text):
        folder = self.dir / "csv"
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        (folder / (table + ".csv")).write_text(text)
        self.run("import", str(folder))

    def flows(self, *rows):
        self.csv("flow", FLOW_HEAD + "".join(row + "\n" for row in rows))

    def send(self, *docs, key=None):
        self.n += 1
        return self.api("POST", "/v1/events", {"docs": list(docs)}, {
            "Content-Type": "application/json", "ce-specversion": "1.0",
            "ce-id": key or "k%d" % self.n, "ce-source": "/t",
            "ce-type": "free"}).json

    def state(self, answer):
        return self.get(answer["status"])["state"]

    def decide(self, **body):
        return self.api("POST", "/v1/decisions", body)


def doc(kind, number, amount="100.00", **other):
    """A balanced document of one amount: 1000 and 3000, or of goods."""
    one = {"kind": kind, "number": number, "total": amount, **other}
    one.setdefault("lines", [{"account": "1000", "amount": amount},
                             {"account": "3000", "amount": "-" + amount}])
    return one


def goods(kind, number, quantity, item="KUR-COT-S", location="WH-BHW",
          **other):
    line = {"item": item, "quantity": quantity, "location": location}
    return doc(kind, number, other.pop("total", "1.00"),
               lines=[{k: v for k, v in line.items() if v is not None}],
               **other)
