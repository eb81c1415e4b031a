#!/usr/bin/python3
"""Write one month of the demo company's webhooks, one JSON line each.

    generate.py [--seed N] [--count 2000] >events.jsonl

A line is {"source", "headers", "body", "sign", "note", "group"}: `body` is the
exact text to send, `note` names the planted fault ("" for none), and lines
with the same `group` must reach the daemon in this order (an order, its
payment, its refund; a delivery and its repetition).  The same seed and count
give the same bytes.  Amounts are integers of paise throughout: a float never
holds money here.
"""
import argparse
import base64
import calendar
import csv
import datetime
import json
import os
import random
import re
import sys

REFERENCE = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                         "..", "reference")
IST = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
DAY = 86400
MONTH = calendar.timegm((2026, 10, 1, 0, 0, 0)) - 19800	# midnight, IST
SHOP = "sahyadri-traders.myshopify.com"
HOME = "MH"

THANE, SKU, TITLE, CLOSED, ZERO, BROKEN, AGAIN, REUSE = (
    "unmapped cost centre", "unknown SKU account", "bad tax code",
    "closed period", "zero amount", "malformed JSON",
    "duplicate, same bytes", "same key, other bytes")
# How many of each fault, by source, whatever the total is.
PLANTED = {
    (THANE, "pos"): 24,
    (SKU, "shopify"): 31,
    (TITLE, "shopify"): 18,
    (CLOSED, "pos"): 6, (CLOSED, "shopify"): 3,
    (ZERO, "pos"): 6,
    (BROKEN, "pos"): 3, (BROKEN, "shopify"): 2, (BROKEN, "razorpay"): 2,
    (AGAIN, "pos"): 5, (AGAIN, "shopify"): 4, (AGAIN, "razorpay"): 3,
    (REUSE, "pos"): 3, (REUSE, "shopify"): 1, (REUSE, "razorpay"): 1,
}
LEAST = 400

# Items in the catalogue that nobody has given a sales account yet.
NEW_SKUS = ["DIW-HMP-01"] * 14 + ["DIW-HMP-02"] * 11 + ["TOR-GFT-09"] * 6
EXACT = ('{"event":"payment.success","data":{"amount":150.00,'
         '"currency":"USD","customer_id":"cust_987","tax_amount":12.50,'
         '"ledger_account":"Sales-Revenue"}}')


def rows(table):
    with open(os.path.join(REFERENCE, table + ".csv"), newline="",
              encoding="utf-8") as file:
        return list(csv.DictReader(file))


def money(paise):
    sign = "-" if paise < 0 else ""
    return "%s%d.%02d" % (sign, abs(paise) // 100, abs(paise) % 100)


def divide(amount, by):
    """To the nearest paisa, half away from zero; amount is never negative."""
    return (2 * amount + by) // (2 * by)


def number(text):
    """A JSON number with exactly these digits; see encode()."""
    return "\x01" + text + "\x02"


def encode(value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return re.sub(r'"\\u0001(-?[0-9.]+)\\u0002"', r"\1", text)


def stamp(at):
    return datetime.datetime.fromtimestamp(at, IST).isoformat()


class Delivery:
    """One request to come, at the second it is to be delivered."""

    def __init__(self, source, at, headers, body, group, note=""):
        self.source, self.at, self.headers = source, at, headers
        self.body, self.group, self.note = body, group, note

    def line(self):
        out = {"source": self.source, "headers": self.headers}
        try:
            out["body"] = self.body.decode("utf-8")
        except UnicodeDecodeError:
            out["body_base64"] = base64.b64encode(self.body).decode("ascii")
        out["sign"] = True
        out["note"] = self.note
        out["group"] = self.group
        return json.dumps(out, ensure_ascii=False, separators=(",", ":"))


class Company:
    """Draws what happens; every draw comes from the one seeded generator."""

    def __init__(self, seed):
        self.random = random.Random("bahi-demo-%d" % seed)
        self.out = []
        self.receipts = {}
        self.orders = 1000
        mapped = {row["from"] for row in rows("mapping")
                  if row["source"] == "shopify"
                  and row["dimension"] == "account"}
        self.items, self.new_items = [], {}
        for row in rows("item"):
            item = {"sku": row["code"], "title": row["name"],
                    "rate": int(row["kind"][3:]),
                    "price": self.price(row["code"])}
            if row["code"] in mapped:
                self.items.append(item)
            else:
                self.new_items[row["code"]] = item
        parties = rows("party")
        self.shoppers = [(row["code"], row["extra"]) for row in parties
                         if row["code"].startswith("shop-")]
        self.regulars = [row["code"] for row in parties
                         if row["code"].startswith("cust_")]

    @staticmethod
    def price(sku):
        """A catalogue price: the same for any seed."""
        return random.Random(sku).randrange(10, 300) * 1000 - 100

    def hex(self, digits):
        return "%0*x" % (digits, self.random.getrandbits(4 * digits))

    def uuid(self):
        return "-".join(self.hex(n) for n in (8, 4, 4, 4, 12))

    def word(self, length):
        letters = ("ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                   "abcdefghijklmnopqrstuvwxyz0123456789")
        return "".join(self.random.choice(letters) for _ in range(length))

    def id(self):
        return self.random.randrange(5 * 10 ** 12, 9 * 10 ** 12)

    def moment(self, first, last, opens=10, closes=21):
        """A second in shop hours of October days first..last (may be < 1).

        Never before 06:00, so that the day is the same one in UTC."""
        day = self.random.randint(first, last)
        return (MONTH + (day - 1) * DAY
                + self.random.randrange(opens * 3600, closes * 3600))

    def late(self):
        """How long the sender took; a few wait out an outage."""
        if self.random.random() < 0.02:
            return self.random.randrange(600, 4 * 3600)
        return self.random.randrange(1, 60)

    def send(self, source, at, headers, body, group, note=""):
        self.out.append(Delivery(source, at, headers, body.encode("utf-8"),
                                 group, note))

    # Shop counters: Standard Webhooks, amounts as bare JSON numbers.

    def counter(self, at, note=""):
        store = self.random.choice(["STORE-MUM"] * 3 + ["STORE-PUN"] * 2)
        if note == THANE:
            store = "STORE-THN"
        rate = self.random.choice([5, 5, 5, 5, 5, 18, 18, 18, 40])
        amount = self.random.randrange(49, 4999) * 100
        if self.random.random() < 0.2:
            amount += self.random.randrange(1, 100)
        if note == ZERO:
            amount = 0
        who = "WALKIN"
        if self.random.random() < 0.25:
            who = self.random.choice(self.regulars)
        serial = self.receipts[store] = self.receipts.get(store, 0) + 1
        data = {
            "amount": number(money(amount)),
            "currency": "INR",
            "customer_id": who,
            # central and state tax are equal, each rounded by itself
            "tax_amount": number(money(2 * divide(amount * rate,
                                                  2 * (100 + rate)))),
            "ledger_account": "Sales-Revenue",
            "receipt": "%s-%06d" % (store[-3:], serial),
            "store": store,
            "paid_at": stamp(at),
            "tax_rate": rate,
        }
        self.pos(at, encode({"event": "payment.success", "data": data}),
                 note)

    def pos(self, at, body, note=""):
        key = "msg_" + self.word(24)
        sent = at + self.late()
        if note == CLOSED:	# kept by an offline till until October
            sent = self.moment(1, 2)
        self.send("pos", sent, {
            "Content-Type": "application/json",
            "webhook-id": key,
        }, body, "pos/" + key, note)

    # The online shop.  Prices with or without the tax in them.

    def tax_lines(self, item, taxable, inside, state, note):
        """The taxes on one amount, each rounded by itself as the shop does."""
        rate = item["rate"]
        if rate == 0:
            return []
        if note == TITLE:
            parts = [("GST 13%", 180)]	# a slip of the pen
        elif state == HOME:
            half = money(rate * 50).rstrip("0").rstrip(".")
            parts = [("CGST %s%%" % half, rate * 5),
                     ("SGST %s%%" % half, rate * 5)]
        else:
            parts = [("IGST %d%%" % rate, rate * 10)]
        base = 1000 + (sum(part[1] for part in parts) if inside else 0)
        return [{
            "title": title,
            "rate": number(("%.3f" % (mille / 1000)).rstrip("0")),
            "price": divide(taxable * mille, base),
        } for title, mille in parts]

    def line_item(self, item, inside, state, note):
        quantity = self.random.choice([1, 1, 1, 1, 2, 2, 3])
        gross = item["price"] * quantity
        discount = 0
        if self.random.random() < 0.15:
            discount = divide(gross, 10)
        taxes = self.tax_lines(item, gross - discount, inside, state, note)
        return {
            "id": self.id(), "sku": item["sku"], "title": item["title"],
            "quantity": quantity, "price": item["price"],
            "total_discount": discount, "taxable": item["rate"] > 0,
            "tax_lines": taxes,
        }

    def shipping_line(self, inside, state):
        if self.random.random() < 0.4:
            return []
        price = self.random.choice([4900, 6000, 9900])
        rate = {"rate": 18}
        return [{
            "id": self.id(), "title": "Standard", "code": "Standard",
            "price": price, "discounted_price": price,
            "tax_lines": self.tax_lines(rate, price, inside, state, ""),
        }]

    def basket(self, note, new_sku):
        if note == TITLE:
            taxed = [item for item in self.items if item["rate"]]
            return self.random.sample(taxed, 1)
        items = self.random.sample(self.items,
                                   self.random.choice([1, 1, 2, 2, 3, 4]))
        if new_sku:
            items[0] = self.new_items[new_sku]
        return items

    def order(self, at, note="", new_sku=None):
        """Draw an order in paise; order_body() gives it the vendor's shape."""
        who, state = self.random.choice(self.shoppers)
        inside = self.random.random() < 0.5
        self.orders += 1
        lines = [self.line_item(item, inside, state, note)
                 for item in self.basket(note, new_sku)]
        return {
            "id": self.id(), "name": "#%d" % self.orders, "at": at,
            "customer": int(who[5:]), "state": state, "inside": inside,
            "lines": lines, "shipping": self.shipping_line(inside, state),
            "payment": "pay_" + self.word(14), "note": note,
        }

    @staticmethod
    def taxes(order):
        """The order's own tax lines: its parts' lines summed by title."""
        total = {}
        for part in order["lines"] + order["shipping"]:
            for tax in part["tax_lines"]:
                was = total.setdefault(tax["title"], dict(tax, price=0))
                was["price"] += tax["price"]
        return list(total.values())

    def total(self, order):
        """(items after discounts, all taxes, to pay)"""
        items = sum(line["price"] * line["quantity"] - line["total_discount"]
                    for line in order["lines"])
        tax = sum(tax["price"] for tax in self.taxes(order))
        pay = items + sum(line["price"] for line in order["shipping"])
        return items, tax, pay + (0 if order["inside"] else tax)

    @staticmethod
    def in_text(part):
        """The same part with its paise written as the vendor writes them."""
        out = dict(part)
        for name in ("price", "total_discount", "discounted_price"):
            if name in out:
                out[name] = money(out[name])
        if "tax_lines" in out:
            out["tax_lines"] = [Company.in_text(tax)
                                for tax in out["tax_lines"]]
        return out

    def order_line(self, line):
        out = self.in_text(line)
        out["discount_allocations"] = [{
            "amount": out["total_discount"],
            "discount_application_index": 0,
        }] if line["total_discount"] else []
        return out

    def order_body(self, order):
        items, tax, pay = self.total(order)
        discounts = sum(line["total_discount"] for line in order["lines"])
        at = order["at"]
        return encode({
            "id": order["id"],
            "admin_graphql_api_id": "gid://shopify/Order/%d" % order["id"],
            "name": order["name"],
            "order_number": int(order["name"][1:]),
            "created_at": stamp(at), "processed_at": stamp(at),
            "updated_at": stamp(at + 20),
            "currency": "INR", "presentment_currency": "INR",
            "total_price": money(pay), "subtotal_price": money(items),
            "total_line_items_price": money(items + discounts),
            "total_tax": money(tax), "total_discounts": money(discounts),
            "taxes_included": order["inside"], "test": False,
            "tax_lines": [self.in_text(line) for line in self.taxes(order)],
            "customer": {"id": order["customer"]},
            "source_name": "web",
            "line_items": [self.order_line(line) for line in order["lines"]],
            "shipping_lines": [self.in_text(line)
                               for line in order["shipping"]],
            "shipping_address": {"province_code": order["state"],
                                 "country_code": "IN"},
            "financial_status": "paid",
            "payment_gateway_names": ["razorpay"],
        })

    def shopify(self, topic, at, body, group, note=""):
        sent = at + self.late()
        if note == CLOSED:
            sent = self.moment(1, 2)
        utc = datetime.datetime.fromtimestamp(at + 1, datetime.timezone.utc)
        self.send("shopify", sent, {
            "Content-Type": "application/json",
            "X-Shopify-Topic": topic,
            "X-Shopify-Shop-Domain": SHOP,
            "X-Shopify-API-Version": "2026-07",
            "X-Shopify-Webhook-Id": self.uuid(),
            "X-Shopify-Event-Id": self.uuid(),
            "X-Shopify-Triggered-At":
                utc.strftime("%Y-%m-%dT%H:%M:%S.")
                + "%09dZ" % self.random.randrange(10 ** 9),
        }, body, group, note)

    def send_order(self, order):
        self.shopify("orders/paid", order["at"] + 20, self.order_body(order),
                     order["name"], order["note"])

    def returned(self, line):
        """(quantity, goods, taxes) of a line sent back, whole or in part."""
        quantity = self.random.randint(1, line["quantity"])
        gross = line["price"] * line["quantity"] - line["total_discount"]
        goods = divide(gross * quantity, line["quantity"])
        tax = sum(divide(part["price"] * quantity, line["quantity"])
                  for part in line["tax_lines"])
        return quantity, goods, tax

    def refund(self, order):
        """A credit note and the money going back, some days later."""
        at = order["at"] + self.random.randint(1, 4) * DAY
        refund, amount, lines = self.id(), 0, []
        for line in self.random.sample(order["lines"], 1):
            quantity, goods, tax = self.returned(line)
            amount += goods + tax
            lines.append({
                "id": self.id(), "line_item_id": line["id"],
                "quantity": quantity, "restock_type": "return",
                "subtotal": number(money(goods)),
                "total_tax": number(money(tax)),
                "line_item": self.order_line(line),
            })
        body = encode({
            "id": refund, "order_id": order["id"],
            "created_at": stamp(at), "processed_at": stamp(at),
            "note": "Returned by the customer", "restock": True,
            "refund_line_items": lines,
            "transactions": [{
                "id": self.id(), "order_id": order["id"], "kind": "refund",
                "status": "success", "amount": money(amount),
                "currency": "INR", "gateway": "razorpay",
                "processed_at": stamp(at),
            }],
            "order_adjustments": [],
        })
        self.shopify("refunds/create", at, body, order["name"])
        self.pay_back(order, amount, at + 60)

    # The gateway: integers of paise, times in Unix seconds.

    def payment_entity(self, order, refunded=0):
        amount = self.total(order)[2]
        fee = divide(amount * 2, 100)
        tax = divide(fee * 18, 100)
        return {
            "id": order["payment"], "entity": "payment", "amount": amount,
            "currency": "INR",
            "status": "refunded" if refunded == amount else "captured",
            "order_id": "order_" + order["payment"][4:],
            "method": "upi", "captured": True,
            "amount_refunded": refunded,
            "refund_status": None if not refunded else
                "full" if refunded == amount else "partial",
            "description": "Order " + order["name"],
            "fee": fee + tax, "tax": tax,
            "notes": {"shopify_order": order["name"],
                      "shopify_customer": "shop-%d" % order["customer"]},
            "created_at": order["at"],
        }

    def razorpay(self, event, at, payload, group, note=""):
        body = encode({
            "entity": "event", "account_id": "acc_SahyadriDemo01",
            "event": event, "contains": list(payload),
            "payload": {name: {"entity": entity}
                        for name, entity in payload.items()},
            "created_at": at,
        })
        self.send("razorpay", at + self.late(), {
            "Content-Type": "application/json",
            "x-razorpay-event-id": self.word(14),
        }, body, group, note)

    def pay(self, order, note=""):
        self.razorpay("payment.captured", order["at"] + 5,
                      {"payment": self.payment_entity(order)},
                      order["name"], note)

    def pay_back(self, order, amount, at):
        refund = {
            "id": "rfnd_" + self.word(14), "entity": "refund",
            "amount": amount, "currency": "INR",
            "payment_id": order["payment"],
            "notes": {"shopify_order": order["name"],
                      "shopify_customer": "shop-%d" % order["customer"]},
            "receipt": None,
            "acquirer_data": {"arn": "%023d"
                              % self.random.randrange(10 ** 22)},
            "created_at": at, "status": "processed",
            "speed_processed": "normal",
        }
        self.razorpay("refund.processed", at, {
            "refund": refund,
            "payment": self.payment_entity(order, amount),
        }, order["name"])

    # The month, in the order of time so that the numbers run with it.

    def online(self, clean):
        plan = [(self.moment(1, 30, 6, 23), "", None) for _ in range(clean)]
        for sku in NEW_SKUS:
            plan.append((self.moment(1, 30, 6, 23), SKU, sku))
        for note in (TITLE, CLOSED, BROKEN):
            first, last = (-3, 0) if note == CLOSED else (1, 30)
            for _ in range(PLANTED[note, "shopify"]):
                plan.append((self.moment(first, last, 6, 23), note, None))
        plan.sort(key=lambda one: one[0])
        orders = [self.order(*one) for one in plan]
        for order in orders:
            self.send_order(order)
            # The customer has paid, whatever is wrong with the order.
            if order["note"] in ("", SKU, TITLE):
                self.pay(order)
        # What a refund's subtotal holds when prices include the tax is not
        # documented by the vendor: such orders are not returned here.
        returns = [order for order in orders if order["note"] == ""
                   and not order["inside"] and order["at"] < MONTH + 26 * DAY]
        for order in self.random.sample(returns, min(clean * 18 // 100,
                                                     len(returns))):
            self.refund(order)
        count = PLANTED[BROKEN, "razorpay"]
        for order in self.random.sample(returns, count):
            self.pay(order, BROKEN)

    def counters(self, count):
        plan = []
        for note in (THANE, CLOSED, ZERO, BROKEN):
            first, last = (-5, 0) if note == CLOSED else (1, 31)
            for _ in range(PLANTED[note, "pos"]):
                plan.append((self.moment(first, last), note))
        while len(plan) < count:
            plan.append((self.moment(1, 31), ""))
        for at, note in sorted(plan):
            self.counter(at, note)

    def cut(self):
        for one in self.out:
            if one.note == BROKEN:
                size = len(one.body)
                one.body = one.body[:self.random.randrange(size // 2,
                                                           size - 2)]

    def repeat(self):
        """The same delivery again: by a sender that missed the answer, and
        by one that broke its promise of one key for one body."""
        for source in ("pos", "shopify", "razorpay"):
            clean = [one for one in self.out
                     if one.source == source and not one.note]
            again = PLANTED[AGAIN, source]
            chosen = self.random.sample(clean,
                                        again + PLANTED[REUSE, source])
            for index, one in enumerate(chosen):
                at = one.at + self.random.randrange(5, 3600)
                body, note = one.body, AGAIN
                if index >= again:
                    body, note = self.altered(one.body), REUSE
                self.out.append(Delivery(source, at, one.headers, body,
                                         one.group, note))

    @staticmethod
    def altered(body):
        """One digit of the first amount in it changed."""
        found = re.search(rb'"(?:total_price|amount)":"?[0-9]', body)
        at = found.end() - 1
        return body[:at] + b"%d" % (1 + body[at] % 9) + body[at + 1:]


def generate(seed, count):
    company = Company(seed)
    company.online((count - sum(PLANTED.values())) * 21 // 100)
    company.pos(company.moment(12, 12), EXACT)
    repeats = sum(number for (note, _), number in PLANTED.items()
                  if note in (AGAIN, REUSE))
    company.counters(count - repeats - len(company.out))
    company.cut()
    company.repeat()
    company.out.sort(key=lambda one: one.at)	# a repeat is always later
    return company.out


def main():
    parser = argparse.ArgumentParser(
        description="Write the demo company's webhooks of October 2026.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=2000)
    args = parser.parse_args()
    if args.count < LEAST:
        parser.error("--count is at least %d: the faults need room" % LEAST)
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    for delivery in generate(args.seed, args.count):
        print(delivery.line())
    return 0


if __name__ == "__main__":
    sys.exit(main())
