/*
 * Names of the kinds, and the canonical JSON that versions are kept in and
 * post rules read.  Fixed order: equal documents are equal bytes.
 */
#include "book/document.h"

#include "book/document_gst.h"
#include "core/json.h"

static const char *const names[DOC_KINDS] = {
	[DOC_SALES_ORDER] = "sales_order",
	[DOC_PURCHASE_ORDER] = "purchase_order",
	[DOC_SALES_INVOICE] = "sales_invoice",
	[DOC_CREDIT_NOTE] = "credit_note",
	[DOC_DEBIT_NOTE] = "debit_note",
	[DOC_PURCHASE_INVOICE] = "purchase_invoice",
	[DOC_PAYMENT] = "payment",
	[DOC_REFUND] = "refund",
	[DOC_SETTLEMENT] = "settlement",
	[DOC_SHIPMENT] = "shipment",
	[DOC_INVENTORY_MOVE] = "inventory_move",
	[DOC_PAYROLL] = "payroll",
	[DOC_JOURNAL_VOUCHER] = "journal_voucher",
	[DOC_AUTHORISATION] = "authorisation",
	[DOC_ADVANCE] = "advance",
	[DOC_ADVANCE_ADJUSTMENT] = "advance_adjustment",
	[DOC_STOCK_COUNT] = "stock_count",
};

const char *
document_kind_name(enum document_kind kind)
{
	return (unsigned)kind < DOC_KINDS ? names[kind] : "?";
}

bool
document_kind_find(const char *name, enum document_kind *out)
{
	for (int i = 0; i < DOC_KINDS; i++) {
		if (strcmp(names[i], name) == 0) {
			*out = (enum document_kind)i;
			return true;
		}
	}
	return false;
}

bool
document_same(const struct document *a, const struct document *b)
{
	return a->kind == b->kind && strcmp(a->entity, b->entity) == 0 &&
	    strcmp(a->number, b->number) == 0;
}

struct day
document_posting(const struct document *d)
{
	return d->posting.text[0] != '\0' ? d->posting : d->date;
}

static void
optional(struct json *j, const char *key, const char *value)
{
	if (value != NULL)
		json_kstr(j, key, value);
}

static void
encode_line(struct json *j, const struct document_line *line)
{
	json_open(j, '{');
	optional(j, "type", line->type);
	optional(j, "account", line->account);
	optional(j, "party", line->party);
	optional(j, "cost_centre", line->cost_centre);
	optional(j, "tax_code", line->tax_code);
	optional(j, "item", line->item);
	optional(j, "location", line->location);
	optional(j, "memo", line->memo);
	optional(j, "quantity", line->quantity);
	json_kint(j, "amount", line->amount);
	if (line->cost != 0)
		json_kint(j, "cost", line->cost);
	optional(j, "hsn", line->hsn);
	optional(j, "unit", line->unit);
	optional(j, "supply", line->supply);
	optional(j, "head", line->head);
	json_close(j, '}');
}

void
document_encode(const struct document *d, struct str *out)
{
	struct json j;

	json_start(&j, out);
	json_open(&j, '{');
	json_kstr(&j, "kind", document_kind_name(d->kind));
	optional(&j, "entity", d->entity);
	optional(&j, "number", d->number);
	json_kstr(&j, "date", d->date.text);
	if (d->posting.text[0] != '\0')
		json_kstr(&j, "posting_date", d->posting.text);
	if (d->voided) {
		json_key(&j, "void");
		json_bool(&j, true);
	}
	optional(&j, "party", d->party);
	optional(&j, "currency", d->currency);
	json_kint(&j, "total", d->total);
	json_kint(&j, "tax", d->tax);
	optional(&j, "channel", d->channel);
	optional(&j, "reference", d->reference);
	optional(&j, "memo", d->memo);
	optional(&j, "order_number", d->order_number);
	optional(&j, "after_kind", d->after_kind);
	optional(&j, "after_number", d->after_number);
	optional(&j, "batch", d->batch);
	if (d->has_control)
		json_kint(&j, "control_total", d->control_total);
	if (d->control_count >= 0)
		json_kint(&j, "control_count", d->control_count);
	if (d->base_version >= 0)
		json_kint(&j, "base_version", d->base_version);
	optional(&j, "revision", d->revision);
	document_gst_encode(&j, d->gst);
	json_key(&j, "lines");
	json_open(&j, '[');
	for (size_t i = 0; i < d->n_lines; i++)
		encode_line(&j, &d->lines[i]);
	json_close(&j, ']');
	json_close(&j, '}');
}
