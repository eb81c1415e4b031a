/*
 * Reading back what document_encode wrote, without a tree: each amendment and
 * every walk over documents does it.
 */
#include <stdlib.h>
#include <string.h>

#include "book/document_gst.h"
#include "book/document_member.h"
#include "core/json.h"

#define HEAD(field) offsetof(struct document, field)
#define LINE(field) offsetof(struct document_line, field)

const struct member document_head_members[DOCUMENT_HEAD_MEMBERS] = {
	{ "entity", MEMBER_TEXT, HEAD(entity) },
	{ "number", MEMBER_TEXT, HEAD(number) },
	{ "party", MEMBER_TEXT, HEAD(party) },
	{ "currency", MEMBER_TEXT, HEAD(currency) },
	{ "total", MEMBER_NUMBER, HEAD(total) },
	{ "tax", MEMBER_NUMBER, HEAD(tax) },
	{ "channel", MEMBER_TEXT, HEAD(channel) },
	{ "reference", MEMBER_TEXT, HEAD(reference) },
	{ "memo", MEMBER_TEXT, HEAD(memo) },
	{ "order_number", MEMBER_TEXT, HEAD(order_number) },
	{ "after_kind", MEMBER_TEXT, HEAD(after_kind) },
	{ "after_number", MEMBER_TEXT, HEAD(after_number) },
	{ "batch", MEMBER_TEXT, HEAD(batch) },
	{ "control_total", MEMBER_NUMBER, HEAD(control_total) },
	{ "control_count", MEMBER_NUMBER, HEAD(control_count) },
	{ "base_version", MEMBER_NUMBER, HEAD(base_version) },
	{ "revision", MEMBER_TEXT, HEAD(revision) },
};

const struct member document_line_members[DOCUMENT_LINE_MEMBERS] = {
	{ "type", MEMBER_TEXT, LINE(type) },
	{ "account", MEMBER_TEXT, LINE(account) },
	{ "party", MEMBER_TEXT, LINE(party) },
	{ "cost_centre", MEMBER_TEXT, LINE(cost_centre) },
	{ "tax_code", MEMBER_TEXT, LINE(tax_code) },
	{ "item", MEMBER_TEXT, LINE(item) },
	{ "location", MEMBER_TEXT, LINE(location) },
	{ "memo", MEMBER_TEXT, LINE(memo) },
	{ "quantity", MEMBER_TEXT, LINE(quantity) },
	{ "amount", MEMBER_NUMBER, LINE(amount) },
	{ "cost", MEMBER_NUMBER, LINE(cost) },
	{ "hsn", MEMBER_TEXT, LINE(hsn) },
	{ "unit", MEMBER_TEXT, LINE(unit) },
	{ "supply", MEMBER_TEXT, LINE(supply) },
	{ "head", MEMBER_TEXT, LINE(head) },
};

struct decoding {
	struct json_tape tape;
	struct arena *arena;
	struct document *out;
};

static bool
is_text(const struct decoding *d, size_t i)
{
	enum json_kind kind = d->tape.tokens[i].kind;

	return kind == JSON_STRING || kind == JSON_NUMBER;
}

static const char *
take_text(const struct decoding *d, size_t i)
{
	struct span text = json_plain(&d->tape, i, d->arena);

	return arena_strndup(d->arena, text.p, text.n);
}

static int64_t
take_number(const struct decoding *d, size_t i)
{
	struct span text = json_told(&d->tape, i);
	bool minus = text.n > 0 && text.p[0] == '-';
	int64_t n = 0;

	for (size_t at = minus; at < text.n && text.p[at] >= '0' &&
	    text.p[at] <= '9' && n < INT64_MAX / 10; at++)
		n = n * 10 + (text.p[at] - '0');
	return minus ? -n : n;
}

/* They come in the order of the table, so that the next one is the one. */
static const struct member *
find_member(const struct member *table, size_t n, size_t *next,
    struct span name)
{
	for (size_t tried = 0; tried < n; tried++) {
		const struct member *member = &table[(*next + tried) % n];

		if (span_is(name, member->name)) {
			*next = (*next + tried + 1) % n;
			return member;
		}
	}
	return NULL;
}

static void
set_member(const struct decoding *d, const struct member *member, size_t i,
    void *out)
{
	char *at = (char *)out + member->at;

	if (member->form == MEMBER_NUMBER)
		*(int64_t *)at = take_number(d, i);
	else
		*(const char **)at = take_text(d, i);
}

static void
decode_line(const struct decoding *d, size_t object,
    struct document_line *out)
{
	const struct json_token *tokens = d->tape.tokens;
	size_t next = 0;

	if (tokens[object].kind != JSON_OBJECT)
		return;
	for (size_t i = object + 1; i < tokens[object].end;
	    i = tokens[i].end) {
		const struct member *member = find_member(
		    document_line_members, DOCUMENT_LINE_MEMBERS, &next,
		    json_told(&d->tape, i));

		if (member != NULL && is_text(d, i + 1))
			set_member(d, member, i + 1, out);
	}
}

static bool
decode_lines(const struct decoding *d, size_t array)
{
	const struct json_token *tokens = d->tape.tokens;
	struct document *out = d->out;
	size_t n = 0;

	if (tokens[array].kind != JSON_ARRAY)
		return false;
	for (size_t i = array + 1; i < tokens[array].end; i = tokens[i].end)
		n++;
	if (n > DOCUMENT_LINES_MAX)
		return false;
	out->lines = arena_alloc(d->arena, (n + 1) * sizeof *out->lines);
	for (size_t i = array + 1; i < tokens[array].end; i = tokens[i].end)
		decode_line(d, i, &out->lines[out->n_lines++]);
	return true;
}

static const struct gst_member *
find_gst(struct span name)
{
	for (size_t i = 0; i < DOCUMENT_GST_MEMBERS; i++)
		if (span_is(name, document_gst_members[i].name))
			return &document_gst_members[i];
	return NULL;
}

static bool
decode_gst(const struct decoding *d, size_t object)
{
	const struct json_token *tokens = d->tape.tokens;
	struct document_gst *out;

	if (tokens[object].kind != JSON_OBJECT)
		return tokens[object].kind == JSON_NULL;
	out = arena_alloc(d->arena, sizeof *out);
	for (size_t i = object + 1; i < tokens[object].end;
	    i = tokens[i].end) {
		const struct gst_member *member = find_gst(
		    json_told(&d->tape, i));
		const char *text = tokens[i + 1].kind == JSON_BOOL &&
		    json_told(&d->tape, i + 1).n == 4 ? "true" :
		    is_text(d, i + 1) ? take_text(d, i + 1) : NULL;

		if (member == NULL || !document_gst_set(out, member, text))
			return false;
	}
	d->out->gst = document_gst_said(out) ? out : NULL;
	return true;
}

static bool
decode_day(const struct decoding *d, size_t i, struct day *out)
{
	return day_parse(json_told(&d->tape, i), out);
}

static bool
decode_special(const struct decoding *d, size_t key)
{
	struct span name = json_told(&d->tape, key);
	struct document *out = d->out;

	if (span_is(name, "kind"))
		return document_kind_find(take_text(d, key + 1), &out->kind);
	if (span_is(name, "date"))
		return decode_day(d, key + 1, &out->date);
	if (span_is(name, "posting_date"))
		return decode_day(d, key + 1, &out->posting);
	if (span_is(name, "gst"))
		return decode_gst(d, key + 1);
	if (span_is(name, "lines"))
		return decode_lines(d, key + 1);
	if (span_is(name, "void"))
		out->voided = d->tape.tokens[key + 1].kind == JSON_BOOL &&
		    json_told(&d->tape, key + 1).n == 4;
	return true;
}

static bool
decode(const struct decoding *d)
{
	const struct json_token *tokens = d->tape.tokens;
	bool kind = false;
	size_t next = 0;

	if (d->tape.n == 0 || tokens[0].kind != JSON_OBJECT)
		return false;
	for (size_t i = 1; i < tokens[0].end; i = tokens[i].end) {
		struct span name = json_told(&d->tape, i);
		const struct member *member = find_member(
		    document_head_members, DOCUMENT_HEAD_MEMBERS, &next,
		    name);

		if (member != NULL && is_text(d, i + 1))
			set_member(d, member, i + 1, d->out);
		else if (member == NULL && !decode_special(d, i))
			return false;
		kind = kind || span_is(name, "kind");
		d->out->has_control = d->out->has_control ||
		    span_is(name, "control_total");
	}
	return kind && d->out->date.text[0] != '\0';
}

bool
document_decode(struct span text, struct arena *arena, struct document *out)
{
	struct decoding d = { .arena = arena, .out = out };
	struct json_where where;

	*out = (struct document){ .control_count = -1, .base_version = -1 };
	return json_read(text, JSON_DEPTH_MAX, arena, &d.tape, &where) ==
	    JSON_OK && decode(&d);
}
