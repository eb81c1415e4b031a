/*
 * The table of members, what became of each, and the document that the
 * choices make.
 */
#include "book/mergeline.h"

#include <stdlib.h>
#include <string.h>

#include "book/document_gst.h"
#include "book/money.h"
#include "book/quantity.h"
#include "core/vec.h"

enum form { TEXT, NEEDED, DAY, POSTING, VOID, MONEY, EXTRA, CONTROL, COUNT,
	QUANTITY,
	SAID };		/* of GST, by the rest of its name */

struct merge_member {
	const char *name;
	size_t at;
	enum form form;
};

#define AT(field) offsetof(struct document, field)
static const struct merge_member head[] = {
	{ "date", AT(date), DAY },
	{ "posting_date", AT(posting), POSTING },
	{ "void", AT(voided), VOID },
	{ "party", AT(party), TEXT },
	{ "currency", AT(currency), NEEDED },
	{ "total", AT(total), MONEY },
	{ "tax", AT(tax), MONEY },
	{ "channel", AT(channel), TEXT },
	{ "reference", AT(reference), TEXT },
	{ "memo", AT(memo), TEXT },
	{ "order_number", AT(order_number), TEXT },
	{ "after_kind", AT(after_kind), TEXT },
	{ "after_number", AT(after_number), TEXT },
	{ "batch", AT(batch), TEXT },
	{ "control_total", AT(control_total), CONTROL },
	{ "control_count", AT(control_count), COUNT },
	{ "gst.gstin", 0, SAID },
	{ "gst.party_gstin", 0, SAID },
	{ "gst.party_name", 0, SAID },
	{ "gst.category", 0, SAID },
	{ "gst.place", 0, SAID },
	{ "gst.pin", 0, SAID },
	{ "gst.supply", 0, SAID },
	{ "gst.operator", 0, SAID },
	{ "gst.seller", 0, SAID },
	{ "gst.original", 0, SAID },
	{ "gst.original_date", 0, SAID },
	{ "gst.port", 0, SAID },
	{ "gst.bill", 0, SAID },
	{ "gst.bill_date", 0, SAID },
	{ "gst.credit", 0, SAID },
	{ "gst.reverse_charge", 0, SAID },
	{ "gst.reduced", 0, SAID },
	{ "gst.counter", 0, SAID },
	{ "gst.debit_note", 0, SAID },
};
#undef AT
#define AT(field) offsetof(struct document_line, field)
static const struct merge_member line[] = {
	{ "type", AT(type), TEXT },
	{ "account", AT(account), TEXT },
	{ "party", AT(party), TEXT },
	{ "cost_centre", AT(cost_centre), TEXT },
	{ "tax_code", AT(tax_code), TEXT },
	{ "item", AT(item), TEXT },
	{ "location", AT(location), TEXT },
	{ "memo", AT(memo), TEXT },
	{ "quantity", AT(quantity), QUANTITY },
	{ "amount", AT(amount), MONEY },
	{ "cost", AT(cost), EXTRA },
	{ "hsn", AT(hsn), TEXT },
	{ "unit", AT(unit), TEXT },
	{ "supply", AT(supply), TEXT },
	{ "head", AT(head), TEXT },
};
#undef AT
#define N(table) (sizeof(table) / sizeof(table)[0])

#define FIELDS_MAX (N(head) + 3 * DOCUMENT_LINES_MAX * N(line))

/* ---- one member as text and back ------------------------------------ */

static const void *
place_of(const void *thing, const struct merge_member *member)
{
	return (const char *)thing + member->at;
}

static const struct gst_member *
said_of(const struct merge_member *member)
{
	return document_gst_find(member->name + strlen("gst."));
}

static int64_t
number_of(const void *thing, const struct merge_member *member)
{
	int64_t n;

	memcpy(&n, place_of(thing, member), sizeof n);
	return n;
}

static const char *
words_of(const void *thing, const struct merge_member *member)
{
	const char *text;

	memcpy(&text, place_of(thing, member), sizeof text);
	return text;
}

static const char *
money_text(struct arena *arena, int64_t minor, const char *currency)
{
	struct money m = { .minor = minor };
	const char *text;
	struct str out;

	if (currency == NULL || money_exponent(currency) < 0)
		return arena_printf(arena, "%lld", (long long)minor);
	memcpy(m.currency, currency, strnlen(currency, 3));
	str_init(&out, 64);
	money_plain(m, &out);
	text = arena_strdup(arena, out.p);
	str_free(&out);
	return text;
}

/* Of a document, or of one of its lines; NULL: absent. */
static const char *
text_of(struct arena *arena, const struct document *d, const void *thing,
    const struct merge_member *member)
{
	switch (member->form) {
	case TEXT:
	case NEEDED:
	case QUANTITY:
		return words_of(thing, member);
	case DAY:
		return d->date.text;
	case POSTING:
		return d->posting.text[0] != '\0' ? d->posting.text : NULL;
	case VOID:
		return d->voided ? "true" : NULL;
	case SAID:
		return document_gst_text(d->gst, said_of(member));
	case EXTRA:
		if (number_of(thing, member) == 0)
			return NULL;
		break;
	case CONTROL:
		if (!d->has_control)
			return NULL;
		break;
	case COUNT:
		if (d->control_count < 0)
			return NULL;
		return arena_printf(arena, "%lld",
		    (long long)d->control_count);
	case MONEY:
		break;
	}
	return money_text(arena, number_of(thing, member), d->currency);
}

static void
set_words(void *thing, const struct merge_member *member, const char *text)
{
	memcpy((char *)thing + member->at, &text, sizeof text);
}

static void
set_number(void *thing, const struct merge_member *member, int64_t n)
{
	memcpy((char *)thing + member->at, &n, sizeof n);
}

static bool
set_money(struct document *d, void *thing, const struct merge_member *member,
    const char *text)
{
	struct money m;

	if (d->currency == NULL ||
	    !money_parse(span_of(text), d->currency, &m))
		return false;
	set_number(thing, member, m.minor);
	return true;
}

static bool
set_count(struct document *d, const char *text)
{
	size_t n = strlen(text);

	if (n == 0 || n > 9 || strspn(text, "0123456789") != n)
		return false;
	d->control_count = strtoll(text, NULL, 10);
	return true;
}

/* `text` NULL or empty: it shall be absent. It outlives the document. What
 * is said of GST has its `thing` apart, since the document's is const. */
static bool
set(struct document *d, void *thing, const struct merge_member *member,
    const char *text)
{
	bool absent = text == NULL || text[0] == '\0';
	int64_t quantity;

	switch (member->form) {
	case QUANTITY:
		if (!absent && !quantity_parse(span_of(text), &quantity))
			return false;
		set_words(thing, member, absent ? NULL : text);
		return true;
	case TEXT:
		set_words(thing, member, absent ? NULL : text);
		return true;
	case NEEDED:
		if (absent || money_exponent(text) < 0)
			return false;
		set_words(thing, member, text);
		return true;
	case DAY:
		return !absent && day_parse(span_of(text), &d->date);
	case POSTING:
		if (!absent)
			return day_parse(span_of(text), &d->posting);
		d->posting = (struct day){ "" };
		return true;
	case VOID:
		d->voided = !absent;
		return absent || strcmp(text, "true") == 0;
	case SAID:
		return document_gst_set(thing, said_of(member), text);
	case MONEY:
		return !absent && set_money(d, thing, member, text);
	case EXTRA:
		if (!absent)
			return set_money(d, thing, member, text);
		set_number(thing, member, 0);
		return true;
	case CONTROL:
		d->has_control = !absent;
		if (!absent)
			return set_money(d, thing, member, text);
		d->control_total = 0;
		return true;
	case COUNT:
		if (!absent)
			return set_count(d, text);
		d->control_count = -1;
		return true;
	}
	return false;
}

/* As the other has it, exactly. */
static void
copy(struct document *d, void *thing, const struct merge_member *member,
    const struct document *from, const void *thing_from)
{
	switch (member->form) {
	case TEXT:
	case NEEDED:
	case QUANTITY:
		set_words(thing, member, words_of(thing_from, member));
		return;
	case DAY:
		d->date = from->date;
		return;
	case POSTING:
		d->posting = from->posting;
		return;
	case VOID:
		d->voided = from->voided;
		return;
	case SAID:
		if (!document_gst_set(thing, said_of(member),
		    document_gst_text(from->gst, said_of(member))))
			bug("merge: %s is none of its own", member->name);
		return;
	case CONTROL:
		d->has_control = from->has_control;
		break;
	case MONEY:
	case EXTRA:
	case COUNT:
		break;
	}
	set_number(thing, member, number_of(thing_from, member));
}

/* ---- what differs --------------------------------------------------- */

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Who changed it, by what each has. */
static void
judge(struct merge_field *f, bool based, bool as_current, bool as_incoming,
    bool alike)
{
	if (based && as_current) {
		f->by = MERGE_BY_INCOMING;
		f->take = MERGE_INCOMING;
	} else if (based && as_incoming) {
		f->by = MERGE_BY_CURRENT;
		f->take = MERGE_CURRENT;
	} else {
		f->by = MERGE_BY_BOTH;
		f->overlap = !alike;
		f->take = alike ? MERGE_CURRENT : MERGE_NONE;
	}
}

static void
add(struct vec *fields, struct merge_field field, bool based,
    bool as_current, bool as_incoming, bool alike)
{
	struct merge_field *f;

	if (alike && (as_current || !based))
		return;
	f = vec_add(fields);
	if (f == NULL)
		bug("merge: more fields than documents have");
	*f = field;
	judge(f, based, as_current, as_incoming, alike);
	/* Undone or not makes every other change another one. */
	if (f->member != NULL && f->member->form == VOID && !alike) {
		f->overlap = true;
		f->take = MERGE_NONE;
	}
}

static void
compare(struct merge *m, struct arena *arena, struct vec *fields,
    const struct merge_member *member, size_t row)
{
	const struct merge_row *r = row != MERGE_HEAD ? &m->rows[row] : NULL;
	bool based = m->base != NULL;
	struct merge_field f = {
		.path = r == NULL ? member->name : arena_printf(arena,
		    "lines[%zu].%s", row, member->name),
		.base = !based ? NULL : text_of(arena, m->base,
		    r ? (const void *)r->base : m->base, member),
		.current = text_of(arena, m->current,
		    r ? (const void *)r->current : m->current, member),
		.incoming = text_of(arena, m->incoming,
		    r ? (const void *)r->incoming : m->incoming, member),
		.row = row, .member = member,
		.money = member->form == MONEY || member->form == EXTRA ||
		    member->form == CONTROL,
	};

	add(fields, f, based, same(f.base, f.current),
	    same(f.base, f.incoming), same(f.current, f.incoming));
}

static const char *
whole_text(struct arena *arena, const struct document *d,
    const struct document_line *l)
{
	const char *all = NULL;

	if (l == NULL)
		return NULL;
	for (size_t i = 0; i < N(line); i++) {
		const char *text = text_of(arena, d, l, &line[i]);

		if (text != NULL)
			all = all == NULL ? text : arena_printf(arena,
			    "%s %s", all, text);
	}
	return all;
}

static void
compare_whole(struct merge *m, struct arena *arena, struct vec *fields,
    size_t row)
{
	const struct merge_row *r = &m->rows[row];
	struct merge_field f = {
		.path = arena_printf(arena, "lines[%zu]", row),
		.base = whole_text(arena, m->base, r->base),
		.current = whole_text(arena, m->current, r->current),
		.incoming = whole_text(arena, m->incoming, r->incoming),
		.row = row,
	};

	add(fields, f, m->base != NULL, merge_line_same(r->base, r->current),
	    merge_line_same(r->base, r->incoming),
	    merge_line_same(r->current, r->incoming));
}

static bool
is_money(const struct merge_field *f)
{
	return f->member == NULL || f->money;
}

static bool
is_amount(const struct merge_field *f)
{
	return f->member != NULL && f->row != MERGE_HEAD &&
	    (is_money(f) || f->member->form == QUANTITY);
}

static void
overlap(struct merge_field *f)
{
	f->overlap = true;
	f->take = MERGE_NONE;
}

/* One side's quantity does not go with the other's amount. */
static void
couple_amounts(struct merge_field *fields, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < n; j++) {
			if (fields[i].row == fields[j].row &&
			    is_amount(&fields[i]) && is_amount(&fields[j]) &&
			    fields[i].by == MERGE_BY_CURRENT &&
			    fields[j].by == MERGE_BY_INCOMING) {
				overlap(&fields[i]);
				overlap(&fields[j]);
			}
		}
	}
}

/* Nor does one side's currency with the other's money. */
static void
couple_currency(struct merge_field *fields, size_t n)
{
	struct merge_field *currency = NULL;

	for (size_t i = 0; i < n; i++)
		if (fields[i].member != NULL &&
		    fields[i].member->form == NEEDED)
			currency = &fields[i];
	for (size_t i = 0; currency != NULL && i < n; i++)
		if (is_money(&fields[i]) && fields[i].by != currency->by)
			overlap(currency);
}

/* ---- totals --------------------------------------------------------- */

static int
weight(const struct document_line *l)
{
	const char *type = l->type != NULL ? l->type : "";

	if (strcmp(type, "settled") == 0 || strcmp(type, "withheld") == 0)
		return 0;
	if (strcmp(type, "discount") == 0 ||
	    strcmp(type, "reverse_charge") == 0)
		return -1;
	return 1;
}

static __int128
sum(const struct document *d, bool tax)
{
	__int128 total = 0;

	for (size_t i = 0; i < d->n_lines; i++) {
		const struct document_line *l = &d->lines[i];

		if (!tax)
			total += (__int128)weight(l) * l->amount;
		else if (l->type != NULL && strcmp(l->type, "tax") == 0)
			total += l->amount;
	}
	return total;
}

static __int128
apart(const struct document *d, bool tax)
{
	return (tax ? d->tax : d->total) - sum(d, tax);
}

static bool
adds_up(enum document_kind kind)
{
	switch (kind) {
	case DOC_SALES_ORDER:
	case DOC_PURCHASE_ORDER:
	case DOC_SALES_INVOICE:
	case DOC_CREDIT_NOTE:
	case DOC_DEBIT_NOTE:
	case DOC_PURCHASE_INVOICE:
		return true;
	case DOC_PAYMENT:
	case DOC_REFUND:
	case DOC_SETTLEMENT:
	case DOC_SHIPMENT:
	case DOC_INVENTORY_MOVE:
	case DOC_PAYROLL:
	case DOC_JOURNAL_VOUCHER:
	case DOC_AUTHORISATION:
	case DOC_ADVANCE:
	case DOC_ADVANCE_ADJUSTMENT:
	case DOC_STOCK_COUNT:
	case DOC_KINDS:
		return false;
	}
	return false;
}

/* It is as far from the sum of the lines in each (rounding, mostly not at
 * all), so it is that far from it in the result too. */
static bool
follows(const struct merge *m, bool tax)
{
	__int128 far = apart(m->current, tax);

	return adds_up(m->current->kind) && far == apart(m->incoming, tax) &&
	    (m->base == NULL || far == apart(m->base, tax));
}

static void
sum_up(struct merge *m)
{
	for (size_t i = 0; i < m->n; i++) {
		struct merge_field *f = &m->fields[i];

		if (f->row != MERGE_HEAD || f->take == MERGE_OWN)
			continue;
		if ((strcmp(f->path, "total") == 0 && m->total_follows) ||
		    (strcmp(f->path, "tax") == 0 && m->tax_follows)) {
			f->overlap = false;
			f->take = MERGE_SUM;
		}
	}
}

/* ---- the whole ------------------------------------------------------ */

static void
gather(struct merge *m, struct arena *arena, struct vec *fields)
{
	for (size_t i = 0; i < N(head); i++)
		compare(m, arena, fields, &head[i], MERGE_HEAD);
	for (size_t row = 0; row < m->n_rows; row++) {
		const struct merge_row *r = &m->rows[row];
		size_t from = fields->n;

		if (r->current == NULL || r->incoming == NULL ||
		    (r->base == NULL && m->base != NULL)) {
			compare_whole(m, arena, fields, row);
			continue;
		}
		for (size_t i = 0; i < N(line); i++)
			compare(m, arena, fields, &line[i], row);
		if (fields->n > from)
			couple_amounts((struct merge_field *)fields->p + from,
			    fields->n - from);
	}
	couple_currency(fields->p, fields->n);
}

void
merge_open(struct merge *m, struct arena *arena, const struct document *base,
    const struct document *current, const struct document *incoming)
{
	struct document result;
	struct vec fields;

	*m = (struct merge){ .base = base, .current = current,
	    .incoming = incoming };
	vec_init(&fields, sizeof(struct merge_field), FIELDS_MAX);
	merge_lines(m, arena);
	gather(m, arena, &fields);
	m->n = fields.n;
	m->fields = arena_alloc(arena, (m->n + 1) * sizeof *m->fields);
	if (m->n > 0)
		memcpy(m->fields, fields.p, m->n * sizeof *m->fields);
	vec_free(&fields);
	m->total_follows = follows(m, false);
	m->tax_follows = follows(m, true);
	sum_up(m);
	m->clean = merge_open_fields(m) == 0;
	for (size_t i = 0; i < m->n; i++)
		m->fields[i].first = m->fields[i].take;
	merge_build(m, arena, &result);
	m->summed = (m->total_follows && result.total != current->total &&
	    result.total != incoming->total) || (m->tax_follows &&
	    result.tax != current->tax && result.tax != incoming->tax);
}

static void *
thing_of(const struct merge_field *f, struct document *d,
    struct document_line *l, struct document_gst *gst)
{
	if (f->row != MERGE_HEAD)
		return l;
	return f->member->form == SAID ? (void *)gst : d;
}

void
merge_take(struct merge *m, enum merge_side side)
{
	for (size_t i = 0; i < m->n; i++)
		m->fields[i].take = side;
}

void
merge_again(struct merge *m)
{
	for (size_t i = 0; i < m->n; i++)
		m->fields[i].take = m->fields[i].first;
}

bool
merge_own(struct merge *m, struct arena *arena, size_t field,
    const char *text)
{
	struct merge_field *f = &m->fields[field];
	struct document_gst gst = { 0 };
	struct document_line l = { 0 };
	struct document d;

	if (f->member == NULL)
		return false;
	merge_build(m, arena, &d);
	if (!set(&d, thing_of(f, &d, &l, &gst), f->member, text))
		return false;
	f->own = arena_strdup(arena, text);
	f->take = MERGE_OWN;
	return true;
}

size_t
merge_open_fields(const struct merge *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++)
		n += m->fields[i].take == MERGE_NONE;
	return n;
}

static const struct document *
document_of(const struct merge *m, enum merge_side side)
{
	return side == MERGE_BASE ? m->base :
	    side == MERGE_INCOMING ? m->incoming : m->current;
}

static const struct document_line *
line_of(const struct merge_row *r, enum merge_side side)
{
	return side == MERGE_BASE ? r->base :
	    side == MERGE_INCOMING ? r->incoming : r->current;
}

static void
apply(const struct merge *m, const struct merge_field *f,
    struct document *d, struct document_line *l, struct document_gst *gst)
{
	bool of_head = f->row == MERGE_HEAD;
	const struct document *from = document_of(m, f->take);
	void *thing = thing_of(f, d, l, gst);

	/* It was judged in the currency of that moment. */
	if (f->take == MERGE_OWN && set(d, thing, f->member, f->own))
		return;
	if (from == NULL)
		return;
	copy(d, thing, f->member, from, of_head ? (const void *)from :
	    line_of(&m->rows[f->row], f->take));
}

/* Never a reason to differ; the later of two. */
static void
build_source(const struct merge *m, struct document *d)
{
	const struct document *b = m->base, *c = m->current, *i = m->incoming;

	if (b != NULL && c->base_version == b->base_version)
		d->base_version = i->base_version;
	else if (b == NULL || i->base_version != b->base_version)
		d->base_version = c->base_version > i->base_version ?
		    c->base_version : i->base_version;
	if (b != NULL && same(c->revision, b->revision))
		d->revision = i->revision;
	else if ((b == NULL || !same(i->revision, b->revision)) &&
	    i->revision != NULL && (c->revision == NULL ||
	    strcmp(i->revision, c->revision) > 0))
		d->revision = i->revision;
}

static void
add_up(const struct merge *m, struct document *d)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct merge_field *f = &m->fields[i];
		bool tax = strcmp(f->path, "tax") == 0;
		__int128 n;

		if (f->take != MERGE_SUM)
			continue;
		n = sum(d, tax) + apart(m->current, tax);
		if (n <= MONEY_MAX && n >= -MONEY_MAX)
			*(tax ? &d->tax : &d->total) = (int64_t)n;
	}
}

void
merge_build(const struct merge *m, struct arena *arena, struct document *out)
{
	struct document_gst *gst = arena_alloc(arena, sizeof *gst);
	size_t at = 0;

	*out = *m->current;
	*gst = out->gst != NULL ? *out->gst : (struct document_gst){ 0 };
	for (; at < m->n && m->fields[at].row == MERGE_HEAD; at++)
		apply(m, &m->fields[at], out, NULL, gst);
	out->gst = document_gst_said(gst) ? gst : NULL;
	build_source(m, out);
	out->n_lines = 0;
	out->lines = arena_alloc(arena, (m->n_rows + 1) * sizeof *out->lines);
	for (size_t row = 0; row < m->n_rows; row++) {
		const struct merge_field *f = &m->fields[at];
		bool whole = at < m->n && f->row == row && f->member == NULL;
		const struct document_line *from = line_of(&m->rows[row],
		    whole ? f->take : MERGE_CURRENT);
		struct document_line *to = &out->lines[out->n_lines];

		if (from != NULL) {
			*to = *from;
			out->n_lines++;
		}
		for (; at < m->n && m->fields[at].row == row; at++)
			if (m->fields[at].member != NULL)
				apply(m, &m->fields[at], out, to, gst);
	}
	add_up(m, out);
}

/* ---- for reading ---------------------------------------------------- */

const char *
merge_text(const struct merge *m, struct arena *arena, size_t field)
{
	const struct merge_field *f = &m->fields[field];
	struct document d;

	switch (f->take) {
	case MERGE_NONE: return NULL;
	case MERGE_BASE: return f->base;
	case MERGE_CURRENT: return f->current;
	case MERGE_INCOMING: return f->incoming;
	case MERGE_OWN: return f->own[0] != '\0' ? f->own : NULL;
	case MERGE_SUM: break;
	}
	merge_build(m, arena, &d);
	return text_of(arena, &d, &d, f->member);
}

void
merge_rest(const struct merge *m, struct arena *arena, void (*each)(void *,
    const char *, const char *), void *arg)
{
	size_t at = 0;

	for (size_t i = 0; i < N(head); i++) {
		const char *text = text_of(arena, m->current, m->current,
		    &head[i]);

		if (at < m->n && m->fields[at].member == &head[i])
			at++;
		else if (text != NULL)
			each(arg, head[i].name, text);
	}
	for (size_t row = 0; row < m->n_rows; row++) {
		if (at >= m->n || m->fields[at].row != row)
			each(arg, arena_printf(arena, "lines[%zu]", row),
			    whole_text(arena, m->current,
			    m->rows[row].current));
		while (at < m->n && m->fields[at].row == row)
			at++;
	}
}

const char *
merge_by_name(enum merge_by by)
{
	static const char *const names[] = {
		[MERGE_BY_CURRENT] = "current",
		[MERGE_BY_INCOMING] = "incoming",
		[MERGE_BY_BOTH] = "both",
	};

	return names[by];
}
