/*
 * The lines of a document with the tax that it says itself, shared out to the
 * paisa. Tax is never worked out anew but where nobody charged it: sales under
 * reverse charge. Source: CGST Act 8, 15; gst.md 5.3, 5.6.
 */
#include "gst/reading.h"

#include <string.h>

#include "book/money.h"
#include "book/quantity.h"
#include "gst/head.h"
#include "gst/inside.h"
#include "gst/rate.h"

enum part { PART_NONE, PART_SUPPLY, PART_EXTRA, PART_OFF, PART_TAX };

static const struct {
	const char *type;
	enum part part;
} parts[] = {
	{ "sale", PART_SUPPLY }, { "purchase", PART_SUPPLY },
	{ "advance", PART_SUPPLY }, { "fee", PART_SUPPLY },
	{ "shipping", PART_EXTRA }, { "discount", PART_OFF },
	{ "tax", PART_TAX }, { "fee_tax", PART_TAX },
};

/* ---- lines ------------------------------------------------------------ */

static enum part
part_of(const struct reading *r, const struct document_line *line)
{
	bool pays = r->d->kind == DOC_PAYMENT ||
	    r->d->kind == DOC_SETTLEMENT;

	for (size_t i = 0; line->type != NULL &&
	    i < sizeof parts / sizeof *parts; i++)
		if (strcmp(parts[i].type, line->type) == 0)
			return pays == (strncmp(line->type, "fee", 3) == 0) ?
			    parts[i].part : PART_NONE;
	return PART_NONE;
}

int64_t
reading_amount(const struct reading *r, int64_t amount)
{
	struct money m = { .minor = amount }, out;

	if (!r->foreign)
		return amount;
	memcpy(m.currency, r->d->currency, 3);
	return r->exchange != 0 && money_convert(m, "INR", r->exchange,
	    &out) ? out.minor : 0;
}

/* "18" and "0.25", in thousandths. */
static bool
read_rate(const char *text, int64_t *out)
{
	return text != NULL && quantity_parse(span_of(text), out) &&
	    *out >= 0 && *out <= GST_WHOLE;
}

static const char *
code_of(const struct reading *r, const struct document_line *line)
{
	const struct master *item;

	if (line->tax_code != NULL || line->item == NULL)
		return line->tax_code;
	item = reference_find(r->reference, REF_ITEM, line->item);
	return item != NULL ? item->kind : NULL;
}

/* Exports and SEZ have no nil rate: a tax code of nothing is zero-rated. */
static bool
zero_rated(const struct supply *s)
{
	return !s->inward && (supply_exported(s) || s->category == GST_SEZ);
}

static void
read_treatment(const struct reading *r, const struct document_line *line,
    struct supply_line *out)
{
	const char *code = code_of(r, line);
	const struct master *tax = code == NULL ? NULL :
	    reference_find(r->reference, REF_TAX_CODE, code);

	out->treatment = GST_UNSAID;
	out->rate = -1;
	if (tax != NULL && !gst_treatment_find(tax->kind, &out->treatment) &&
	    read_rate(tax->extra, &out->rate))
		out->treatment = out->rate > 0 || zero_rated(r->s) ?
		    GST_TAXABLE : GST_NIL;
	if (line->supply != NULL)
		(void)gst_treatment_find(line->supply, &out->treatment);
	if (out->treatment == GST_NIL || out->treatment == GST_EXEMPT ||
	    out->treatment == GST_NON_GST)
		out->rate = 0;
}

static void
read_goods(const struct reading *r, const struct document_line *line,
    struct supply_line *out)
{
	const struct master *item = line->item == NULL ? NULL :
	    reference_find(r->reference, REF_ITEM, line->item);
	const char *hsn = NULL, *unit = NULL;

	out->item = line->item;
	if (line->item != NULL)
		(void)reference_gst_item(r->reference, line->item, &hsn,
		    &unit);
	if (item != NULL && item->extra != NULL && (hsn == NULL ||
	    strlen(item->extra) > strlen(hsn)) && item->extra[0] != '\0')
		hsn = item->extra;
	out->hsn = line->hsn != NULL ? line->hsn : hsn;
	out->unit = line->unit != NULL ? line->unit : unit;
	if (out->hsn != NULL && strncmp(out->hsn, "99", 2) == 0)
		out->unit = "NA";
	else if (line->quantity == NULL ||
	    !quantity_parse(span_of(line->quantity), &out->quantity))
		out->quantity = 0;
	if (out->quantity < 0)
		out->quantity = -out->quantity;
}

static struct supply_line *
largest(const struct supply *s, int64_t rate)
{
	struct supply_line *best = NULL;

	for (size_t i = 0; i < s->n_lines; i++)
		if ((rate < 0 || s->lines[i].rate == rate) && (best == NULL ||
		    s->lines[i].taxable > best->taxable))
			best = &s->lines[i];
	return best;
}

/* What is delivered with goods is part of them (section 8), when it says
 * nothing else. */
static bool
fold_extra(struct supply *s, const struct supply_line *extra)
{
	struct supply_line *main = extra->hsn != NULL ? NULL :
	    largest(s, extra->rate);

	if (main != NULL)
		main->taxable += extra->taxable;
	return main != NULL;
}

/* ---- shares ----------------------------------------------------------- */

typedef bool among(const struct supply_line *, int64_t rate);
typedef int64_t *place_of(struct supply_line *, int head);

static int64_t *
tax_place(struct supply_line *line, int head)
{
	return &line->tax[head];
}

static int64_t *
taxable_place(struct supply_line *line, int head)
{
	(void)head;
	return &line->taxable;
}

static bool
of_rate(const struct supply_line *line, int64_t rate)
{
	return line->rate == rate && (line->treatment == GST_TAXABLE ||
	    line->treatment == GST_UNSAID);
}

static bool
open_rate(const struct supply_line *line, int64_t rate)
{
	(void)rate;
	return line->rate < 0;
}

static bool
taxed(const struct supply_line *line, int64_t rate)
{
	(void)rate;
	return line->treatment == GST_TAXABLE && line->rate > 0;
}

static bool
any_line(const struct supply_line *line, int64_t rate)
{
	(void)line;
	(void)rate;
	return true;
}

/* The taxable value; times its rate where many rates share one tax, in
 * hundredths of a percent, so that any amount fits. */
static int64_t
weight_of(const struct supply_line *line, bool by_rate)
{
	return by_rate ? line->taxable / 10 * (line->rate / 10) :
	    line->taxable;
}

/* The amount over those lines by weight. */
static void
spread(struct reading *r, among *fits, int64_t rate, bool by_rate,
    place_of *place, int head, int64_t amount)
{
	struct supply *s = r->s;
	int64_t *parts = arena_alloc(r->arena,
	    2 * (s->n_lines + 1) * sizeof *parts);
	int64_t *shares = parts + s->n_lines + 1;
	size_t n = 0;

	for (size_t i = 0; i < s->n_lines; i++)
		if (fits(&s->lines[i], rate))
			parts[n++] = weight_of(&s->lines[i], by_rate);
	gst_share(amount, parts, n, shares);
	n = 0;
	for (size_t i = 0; i < s->n_lines; i++)
		if (fits(&s->lines[i], rate))
			*place(&s->lines[i], head) += shares[n++];
}

static bool
some(const struct supply *s, among *fits, int64_t rate)
{
	for (size_t i = 0; i < s->n_lines; i++)
		if (fits(&s->lines[i], rate))
			return true;
	return false;
}

/* ---- lines of the document -------------------------------------------- */

static void
add_line(struct reading *r, const struct document_line *line,
    enum part part, int64_t *off)
{
	struct supply_line out = { 0 };
	int64_t amount = reading_amount(r, line->amount);

	if (part == PART_OFF && line->tax_code == NULL &&
	    line->item == NULL && line->hsn == NULL) {
		*off += amount;
		return;
	}
	read_treatment(r, line, &out);
	read_goods(r, line, &out);
	out.taxable = part == PART_OFF ? -amount : amount;
	if (part == PART_OFF)
		out.quantity = 0;
	if (part != PART_EXTRA || !fold_extra(r->s, &out))
		r->s->lines[r->s->n_lines++] = out;
}

static void
read_lines(struct reading *r)
{
	static const enum part order[] = { PART_SUPPLY, PART_EXTRA,
	    PART_OFF };
	int64_t off = 0;

	r->s->lines = arena_alloc(r->arena, (r->d->n_lines + 1) *
	    sizeof *r->s->lines);
	for (size_t pass = 0; pass < sizeof order / sizeof *order; pass++)
		for (size_t i = 0; i < r->d->n_lines; i++)
			if (part_of(r, &r->d->lines[i]) == order[pass])
				add_line(r, &r->d->lines[i], order[pass],
				    &off);
	if (off != 0)
		spread(r, any_line, 0, false, taxable_place, 0, -off);
}

/* ---- tax -------------------------------------------------------------- */

static const struct {
	const char *word;
	enum gst_head head;
} words[] = {
	{ "igst", GST_IGST }, { "cgst", GST_CGST }, { "sgst", GST_SGST },
	{ "utgst", GST_SGST }, { "cess", GST_CESS },
};

static bool
find_word(const char *text, enum gst_head *out)
{
	for (size_t i = 0; text != NULL &&
	    i < sizeof words / sizeof *words; i++) {
		if (strcasestr(text, words[i].word) != NULL) {
			*out = words[i].head;
			return true;
		}
	}
	return false;
}

static bool
find_head(const struct document_line *line, const struct master *account,
    enum gst_head *out)
{
	return find_word(line->head, out) || (account != NULL &&
	    (find_word(account->extra, out) ||
	    find_word(account->name, out)));
}

static struct pool *
pool_of(struct reading *r, int64_t rate)
{
	for (size_t i = 0; i < r->n_pools; i++)
		if (r->pools[i].rate == rate)
			return &r->pools[i];
	r->pools[r->n_pools].rate = rate;
	return &r->pools[r->n_pools++];
}

static void
add_tax(struct reading *r, const struct document_line *line,
    const struct master *account)
{
	const struct master *code = line->tax_code == NULL ? NULL :
	    reference_find(r->reference, REF_TAX_CODE, line->tax_code);
	int64_t rate, amount = reading_amount(r, line->amount);
	enum gst_head head;
	struct pool *pool;

	if (code == NULL || !read_rate(code->extra, &rate))
		rate = -1;
	pool = pool_of(r, rate);
	if (find_head(line, account, &head)) {
		pool->tax[head] += amount;
	} else if (r->s->inter) {
		pool->tax[GST_IGST] += amount;
	} else {
		pool->tax[GST_CGST] += amount - amount / 2;
		pool->tax[GST_SGST] += amount / 2;
	}
}

/* Bought, and its tax went into the cost: no credit is taken of that. When
 * there is some besides, that part is no tax to us (book/tax.c). */
static bool
is_cost(const struct reading *r, const struct document_line *line,
    const struct master **account)
{
	*account = line->account == NULL ? NULL :
	    reference_find(r->reference, REF_ACCOUNT, line->account);
	return r->s->inward && *account != NULL && (*account)->kind != NULL &&
	    strcmp((*account)->kind, "expense") == 0;
}

static void
read_taxes(struct reading *r)
{
	const struct master *account;
	bool credit = false;

	r->pools = arena_alloc(r->arena, (r->d->n_lines + 1) *
	    sizeof *r->pools);
	for (size_t i = 0; i < r->d->n_lines; i++)
		if (part_of(r, &r->d->lines[i]) == PART_TAX) {
			if (!is_cost(r, &r->d->lines[i], &account))
				credit = true;
			else
				r->costs = true;
		}
	for (size_t i = 0; i < r->d->n_lines; i++) {
		const struct document_line *line = &r->d->lines[i];

		if (part_of(r, line) == PART_TAX &&
		    (!is_cost(r, line, &account) || !credit))
			add_tax(r, line, account);
	}
	r->costs = r->costs && !credit;
}

static int64_t
size_of(int64_t n)
{
	return n < 0 ? -n : n;
}

/* When no line names a rate: the one whose tax it would be, to the rupee. */
static int64_t
told_by_amounts(const struct reading *r, const struct pool *pool)
{
	int64_t tax = pool->tax[GST_IGST] + pool->tax[GST_CGST] +
	    pool->tax[GST_SGST], taxable = 0, best = -1, miss = 101;
	const struct gst_rate *rate;

	for (size_t i = 0; i < r->s->n_lines; i++)
		if (r->s->lines[i].rate < 0)
			taxable += r->s->lines[i].taxable;
	for (size_t at = 0; (rate = reference_next_gst_rate(r->reference,
	    &at)) != NULL;) {
		int64_t would[GST_HEADS], off;

		if (!gst_tax(taxable, rate->rate, true, GST_WHOLE, would))
			continue;
		off = size_of(would[GST_IGST] - tax);
		if (gst_rate_in_force(r->reference, rate->rate, NULL,
		    r->d->date) && (off < miss ||
		    (off == miss && rate->rate < best))) {
			miss = off;
			best = rate->rate;
		}
	}
	return best;
}

static void
give_rate(struct supply *s, int64_t rate)
{
	for (size_t i = 0; i < s->n_lines; i++) {
		if (s->lines[i].rate >= 0)
			continue;
		s->lines[i].rate = rate;
		if (s->lines[i].treatment == GST_UNSAID)
			s->lines[i].treatment = rate > 0 ||
			    zero_rated(s) ? GST_TAXABLE : GST_NIL;
	}
}

static bool
has_tax(const struct pool *pool)
{
	for (int head = 0; head < GST_HEADS; head++)
		if (pool->tax[head] != 0)
			return true;
	return false;
}

/* On the lines of its rate; else on those that say none, which are of that
 * rate then; else on all that are taxed, since it must stand somewhere. */
static void
place_pool(struct reading *r, const struct pool *pool)
{
	struct supply *s = r->s;
	among *fits = any_line;
	int64_t rate = pool->rate;

	if (rate < 0 && some(s, open_rate, 0) && !some(s, taxed, 0))
		rate = told_by_amounts(r, pool);
	if (rate >= 0 && !some(s, of_rate, rate) && some(s, open_rate, 0))
		give_rate(s, rate);
	if (rate >= 0 && some(s, of_rate, rate))
		fits = of_rate;
	else if (some(s, taxed, 0))
		fits = taxed;
	for (int head = 0; head < GST_HEADS; head++)
		if (pool->tax[head] != 0)
			spread(r, fits, rate, fits == taxed, tax_place, head,
			    pool->tax[head]);
}

/* A bill of the tax alone, as customs write it. */
static void
add_bare(struct reading *r)
{
	r->s->lines[0] = (struct supply_line){ .rate = r->pools[0].rate,
	    .treatment = GST_TAXABLE };
	r->s->n_lines = 1;
}

static void
place_taxes(struct reading *r)
{
	bool any = false;

	for (size_t i = 0; i < r->n_pools; i++) {
		if (!has_tax(&r->pools[i]))
			continue;
		any = true;
		if (r->s->n_lines == 0)
			add_bare(r);
		place_pool(r, &r->pools[i]);
	}
	/* Nothing was charged and nothing said: zero-rated, if anything. */
	if (!any && zero_rated(r->s))
		give_rate(r->s, 0);
}

/* Nobody charged it, yet returns show what the recipient owes. */
static void
owe(struct supply *s)
{
	for (size_t i = 0; i < s->n_lines; i++) {
		struct supply_line *line = &s->lines[i];

		if (line->treatment == GST_TAXABLE && !gst_tax(line->taxable,
		    line->rate, s->inter, s->reduced ? 65000 : GST_WHOLE,
		    line->tax))
			memset(line->tax, 0, sizeof line->tax);
	}
}

/* ---- both --------------------------------------------------------------- */

bool
reading_inter(const struct reading *r)
{
	for (size_t i = 0; i < r->d->n_lines; i++) {
		const struct document_line *line = &r->d->lines[i];
		const struct master *account = line->account == NULL ? NULL :
		    reference_find(r->reference, REF_ACCOUNT, line->account);
		enum gst_head head;

		if (part_of(r, line) == PART_TAX &&
		    find_head(line, account, &head) && head == GST_IGST)
			return true;
	}
	return false;
}

static int64_t
total_of(const struct supply *s)
{
	int64_t all = 0;

	for (size_t i = 0; i < s->n_lines; i++) {
		all += s->lines[i].taxable;
		for (int head = 0; head < GST_HEADS; head++)
			all += s->lines[i].tax[head];
	}
	return all;
}

void
reading_amounts(struct reading *r)
{
	struct supply *s = r->s;
	bool charged = false;

	read_lines(r);
	read_taxes(r);
	place_taxes(r);
	for (size_t i = 0; i < r->n_pools; i++)
		charged = charged || has_tax(&r->pools[i]);
	s->with_payment = r->gst->supply != NULL &&
	    strncmp(r->gst->supply, "with", 4) == 0 ?
	    strcmp(r->gst->supply, "with_payment") == 0 : charged;
	if (!s->inward && s->reverse_charge && !charged)
		owe(s);
	if (r->d->kind == DOC_PAYMENT || r->d->kind == DOC_SETTLEMENT)
		s->value = total_of(s);
	if (s->inward)
		s->credit = r->gst->credit != NULL ? r->gst->credit :
		    r->costs ? "blocked" : "available";
}
