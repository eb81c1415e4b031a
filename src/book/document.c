/*
 * Names of the kinds, and the canonical JSON that versions are kept in and
 * post rules read.  Fixed order: equal documents are equal bytes.
 */
#include "book/document.h"

#include <stdlib.h>

#include <cjson/cJSON.h>

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

/* ---- the way back ----------------------------------------------------- */

static const char *
text_of(const cJSON *tree, const char *name, struct arena *arena)
{
	return arena_strdup(arena, json_text(tree, name));
}

/* Written by document_encode: an integer, or absent. */
static int64_t
number_of(const cJSON *tree, const char *name, int64_t absent)
{
	const char *text = json_text(tree, name);

	return text != NULL ? strtoll(text, NULL, 10) : absent;
}

static void
decode_line(const cJSON *tree, struct arena *arena,
    struct document_line *line)
{
	line->type = text_of(tree, "type", arena);
	line->account = text_of(tree, "account", arena);
	line->party = text_of(tree, "party", arena);
	line->cost_centre = text_of(tree, "cost_centre", arena);
	line->tax_code = text_of(tree, "tax_code", arena);
	line->item = text_of(tree, "item", arena);
	line->location = text_of(tree, "location", arena);
	line->memo = text_of(tree, "memo", arena);
	line->quantity = text_of(tree, "quantity", arena);
	line->amount = number_of(tree, "amount", 0);
	line->cost = number_of(tree, "cost", 0);
	line->hsn = text_of(tree, "hsn", arena);
	line->unit = text_of(tree, "unit", arena);
	line->supply = text_of(tree, "supply", arena);
	line->head = text_of(tree, "head", arena);
}

static void
decode_head(const cJSON *tree, struct arena *arena, struct document *d)
{
	d->entity = text_of(tree, "entity", arena);
	d->number = text_of(tree, "number", arena);
	d->party = text_of(tree, "party", arena);
	d->currency = text_of(tree, "currency", arena);
	d->channel = text_of(tree, "channel", arena);
	d->reference = text_of(tree, "reference", arena);
	d->memo = text_of(tree, "memo", arena);
	d->order_number = text_of(tree, "order_number", arena);
	d->after_kind = text_of(tree, "after_kind", arena);
	d->after_number = text_of(tree, "after_number", arena);
	d->batch = text_of(tree, "batch", arena);
	d->revision = text_of(tree, "revision", arena);
	d->total = number_of(tree, "total", 0);
	d->tax = number_of(tree, "tax", 0);
	d->has_control = json_at(tree, "control_total") != NULL;
	d->control_total = number_of(tree, "control_total", 0);
	d->control_count = number_of(tree, "control_count", -1);
	d->base_version = number_of(tree, "base_version", -1);
}

static bool
decode(const cJSON *tree, struct arena *arena, struct document *d)
{
	const cJSON *lines = json_at(tree, "lines"), *line;
	const char *kind = json_text(tree, "kind");
	const char *date = json_text(tree, "date");
	const char *posting = json_text(tree, "posting_date");
	const char *wrong;
	int n = cJSON_GetArraySize(lines);

	*d = (struct document){ 0 };
	if (kind == NULL || date == NULL || n > DOCUMENT_LINES_MAX ||
	    !document_kind_find(kind, &d->kind) ||
	    !day_parse(span_of(date), &d->date) || (posting != NULL &&
	    !day_parse(span_of(posting), &d->posting)))
		return false;
	d->voided = cJSON_IsTrue(json_at(tree, "void"));
	decode_head(tree, arena, d);
	d->gst = document_gst_read(json_at(tree, "gst"), arena, &wrong);
	d->lines = arena_alloc(arena, ((size_t)n + 1) * sizeof *d->lines);
	cJSON_ArrayForEach(line, lines)
		decode_line(line, arena, &d->lines[d->n_lines++]);
	return wrong == NULL;
}

bool
document_decode(struct span text, struct arena *arena, struct document *out)
{
	struct err e = { 0 };
	cJSON *tree = json_strict(text, &e);
	bool ok = tree != NULL && decode(tree, arena, out);

	cJSON_Delete(tree);
	return ok;
}
