/* Which tax, of whom, and how much. */
#include <string.h>

#include "checks/gst.h"
#include "checks/list.h"
#include "gst/head.h"
#include "gst/place.h"

static int64_t
size_of(int64_t n)
{
	return n < 0 ? -n : n;
}

static void
sum_heads(const struct supply *s, int64_t out[GST_HEADS])
{
	memset(out, 0, GST_HEADS * sizeof *out);
	for (size_t i = 0; i < s->n_lines; i++)
		for (int head = 0; head < GST_HEADS; head++)
			out[head] += s->lines[i].tax[head];
}

/* ---- heads ------------------------------------------------------------ */

static bool
says_heads(const struct document *d)
{
	for (size_t i = 0; i < d->n_lines; i++)
		if (d->lines[i].head != NULL)
			return true;
	return false;
}

/* Half of an odd paisa, of a tax that was not told by heads, is nobody's
 * fault. */
static void
judge_halves(const struct gst_case *c, int64_t off)
{
	int64_t least = 0;

	(void)reference_gst_limit(c->reference, "tax_warn", c->supply->date,
	    &least);
	if (off != 0)
		gst_find_at(c, FIND_GST_HALVES, off > least ||
		    says_heads(c->document) ? FINDING_BLOCK : FINDING_WARN,
		    gst_amount(c->arena, off), "tax", "");
}

static void
judge_heads(const struct gst_case *c, const int64_t tax[GST_HEADS])
{
	const struct supply *s = c->supply;
	bool central = tax[GST_CGST] != 0 || tax[GST_SGST] != 0;
	const char *detail = arena_printf(c->arena, "from %s to %s",
	    s->from != NULL ? s->from : "?",
	    s->place != NULL ? s->place : "?");

	if (s->inter && central)
		gst_find(c, FIND_GST_HEAD, "IGST", "tax", detail);
	else if (!s->inter && tax[GST_IGST] != 0)
		gst_find(c, FIND_GST_HEAD, "CGST + SGST", "tax", detail);
	judge_halves(c, size_of(tax[GST_CGST] - tax[GST_SGST]));
}

/* ---- who may charge --------------------------------------------------- */

static void
judge_right(const struct gst_case *c, int64_t total)
{
	const struct supply *s = c->supply;

	if (total != 0 && gst_is_zero_rated(s) && !s->with_payment &&
	    !s->reverse_charge)
		gst_find(c, FIND_GST_UNPAID, gst_amount(c->arena, total),
		    "gst.supply", "");
	if (total != 0 && s->inward && !s->reverse_charge &&
	    (s->category == GST_COMPOSITION ||
	    s->category == GST_UNREGISTERED))
		gst_find(c, FIND_GST_SUPPLIER, gst_amount(c->arena, total),
		    "tax", gst_category_name(s->category));
	if (!s->inward && s->reverse_charge && s->gstin == NULL)
		gst_find(c, FIND_GST_RECIPIENT, s->party,
		    "gst.reverse_charge", "");
}

/* What is owed to the state is not owed to the supplier. */
static void
judge_reverse(const struct gst_case *c)
{
	const struct document *d = c->document;
	int64_t off = 0;

	if (!c->supply->inward || !c->supply->reverse_charge)
		return;
	for (size_t i = 0; i < d->n_lines; i++) {
		const char *type = d->lines[i].type;

		if (type != NULL && strcmp(type, "tax") == 0)
			off += d->lines[i].amount;
		else if (type != NULL && strcmp(type, "reverse_charge") == 0)
			off -= d->lines[i].amount;
	}
	if (off != 0)
		gst_find(c, FIND_GST_REVERSE, gst_amount(c->arena,
		    size_of(off)), "lines", "");
}

/* ---- how much --------------------------------------------------------- */

static bool
untaxed(const struct supply_line *line)
{
	return line->treatment == GST_NIL || line->treatment == GST_EXEMPT ||
	    line->treatment == GST_NON_GST;
}

/* Of what nobody charges here there is nothing to compare. */
static bool
charged_here(const struct gst_case *c, int64_t total)
{
	const struct supply *s = c->supply;

	if (strcmp(s->own->kind, "composition") == 0 && !s->inward)
		return false;
	if (gst_is_zero_rated(s) && !s->with_payment)
		return false;
	return total != 0 || !s->inward || (s->gstin != NULL &&
	    s->category != GST_COMPOSITION && !s->reverse_charge);
}

/* A part of a purchase's tax may be cost, which is no tax to us. */
static bool
partly_cost(const struct gst_case *c)
{
	const struct document *d = c->document;

	for (size_t i = 0; c->supply->inward && i < d->n_lines; i++) {
		const struct document_line *line = &d->lines[i];
		const struct master *account = line->account == NULL ? NULL :
		    reference_find(c->reference, REF_ACCOUNT, line->account);

		if (line->type != NULL && strcmp(line->type, "tax") == 0 &&
		    account != NULL && strcmp(account->kind, "expense") == 0)
			return true;
	}
	return false;
}

/* What it should be, line by line; gives how many lines have that rate. */
static size_t
expected(const struct gst_case *c, int64_t rate, int64_t sum[GST_HEADS])
{
	const struct supply *s = c->supply;
	int64_t of = GST_WHOLE;
	size_t n = 0;

	memset(sum, 0, GST_HEADS * sizeof *sum);
	if (s->reduced)
		(void)reference_gst_limit(c->reference, "reduced", s->date,
		    &of);
	for (size_t i = 0; i < s->n_lines; i++) {
		int64_t tax[GST_HEADS];

		if (s->lines[i].rate != rate || untaxed(&s->lines[i]) ||
		    !gst_tax(s->lines[i].taxable, rate, s->inter, of, tax))
			continue;
		for (int head = 0; head < GST_CESS; head++)
			sum[head] += tax[head];
		n++;
	}
	return n;
}

static void
charged(const struct supply *s, int64_t rate, int64_t sum[GST_HEADS])
{
	memset(sum, 0, GST_HEADS * sizeof *sum);
	for (size_t i = 0; i < s->n_lines; i++)
		for (int head = 0; s->lines[i].rate == rate &&
		    !untaxed(&s->lines[i]) && head < GST_CESS; head++)
			sum[head] += s->lines[i].tax[head];
}

static int64_t
all_of(const int64_t sum[GST_HEADS])
{
	return sum[GST_IGST] + sum[GST_CGST] + sum[GST_SGST];
}

/* By how much the head that is off most is off; of a tax in the wrong heads
 * only the whole counts, since that is said already. */
static int64_t
distance(const int64_t should[GST_HEADS], const int64_t is[GST_HEADS])
{
	int64_t most = 0;

	if ((should[GST_IGST] != 0) != (is[GST_IGST] != 0))
		return size_of(all_of(should) - all_of(is));
	for (int head = 0; head < GST_CESS; head++)
		if (size_of(should[head] - is[head]) > most)
			most = size_of(should[head] - is[head]);
	return most;
}

static void
compare(const struct gst_case *c, int64_t rate)
{
	int64_t should[GST_HEADS], is[GST_HEADS], off, most, least;
	size_t n = expected(c, rate, should);

	charged(c->supply, rate, is);
	off = distance(should, is);
	if (n == 0 || !reference_gst_limit(c->reference, "tax_block",
	    c->supply->date, &most) || !reference_gst_limit(c->reference,
	    "tax_warn", c->supply->date, &least))
		return;
	if (off > least * (int64_t)n)
		gst_find_at(c, FIND_GST_TAX, off > most * (int64_t)n ?
		    FINDING_BLOCK : FINDING_WARN, gst_amount(c->arena,
		    size_of(all_of(should) - all_of(is))), "tax",
		    arena_printf(c->arena, "%s instead of %s",
		    gst_amount(c->arena, all_of(is)),
		    gst_amount(c->arena, all_of(should))));
}

/* Of each rate the first line that has it. */
static bool
first_of_rate(const struct supply *s, size_t i)
{
	size_t first = 0;

	if (s->lines[i].rate < 0 || untaxed(&s->lines[i]))
		return false;
	while (s->lines[first].rate != s->lines[i].rate ||
	    untaxed(&s->lines[first]))
		first++;
	return first == i;
}

static bool
comparable(const struct gst_case *c, int64_t total)
{
	return charged_here(c, total) && !partly_cost(c) &&
	    !gst_found(c, FIND_TAX_CODE);
}

static void
judge_amounts(const struct gst_case *c, int64_t total)
{
	const struct supply *s = c->supply;

	if (!comparable(c, total))
		return;
	for (size_t i = 0; i < s->n_lines; i++)
		if (first_of_rate(s, i))
			compare(c, s->lines[i].rate);
}

static void
judge_untaxed(const struct gst_case *c)
{
	const struct supply *s = c->supply;
	int64_t sum = 0;

	for (size_t i = 0; i < s->n_lines; i++)
		for (int head = 0; untaxed(&s->lines[i]) && head < GST_HEADS;
		    head++)
			sum += s->lines[i].tax[head];
	if (sum != 0)
		gst_find(c, FIND_GST_EXEMPT, gst_amount(c->arena, sum),
		    "tax", "");
}

static void
judge_cess(const struct gst_case *c, int64_t cess)
{
	int64_t levied = 1;
	bool sure;
	struct day day = gst_law_day(c->supply, &sure);

	if (cess == 0 || !reference_gst_limit(c->reference, "cess", day,
	    &levied) || levied != 0)
		return;
	gst_find_at(c, FIND_GST_CESS, sure ? FINDING_BLOCK : FINDING_WARN,
	    gst_amount(c->arena, cess), "tax", "");
}

void
gst_check_tax(const struct gst_case *c)
{
	int64_t tax[GST_HEADS], total;

	sum_heads(c->supply, tax);
	total = tax[GST_IGST] + tax[GST_CGST] + tax[GST_SGST];
	judge_heads(c, tax);
	judge_right(c, total);
	judge_reverse(c);
	judge_amounts(c, total);
	judge_untaxed(c);
	judge_cess(c, tax[GST_CESS]);
}

/* ---- the same, for a person to see ------------------------------------ */

static enum gst_cause
cause_of(const struct gst_case *c, size_t n, const int64_t should[GST_HEADS],
    const int64_t is[GST_HEADS], int head)
{
	int64_t off = should[head] - is[head], least = 0;

	if (off == 0)
		return GST_CAUSE_NONE;
	if ((should[GST_IGST] != 0) != (is[GST_IGST] != 0))
		return GST_CAUSE_HEAD;
	(void)reference_gst_limit(c->reference, "tax_warn", c->supply->date,
	    &least);
	return size_of(off) > least * (int64_t)n ? GST_CAUSE_AMOUNT :
	    GST_CAUSE_ROUNDING;
}

static void
add_rate(const struct gst_case *c, int64_t rate, struct gst_recount *out,
    size_t *n)
{
	int64_t should[GST_HEADS], is[GST_HEADS];
	size_t lines = expected(c, rate, should);

	charged(c->supply, rate, is);
	for (int head = 0; lines > 0 && head < GST_CESS; head++)
		if (should[head] != 0 || is[head] != 0)
			out[(*n)++] = (struct gst_recount){ (enum gst_head)head,
			    rate, is[head], should[head], cause_of(c, lines,
			    should, is, head) };
}

size_t
gst_recount(const struct gst_case *c, struct gst_recount **out)
{
	const struct supply *s = c->supply;
	int64_t tax[GST_HEADS];
	size_t n = 0;

	*out = arena_alloc(c->arena, (s->n_lines + 1) * GST_HEADS *
	    sizeof **out);
	sum_heads(s, tax);
	if (comparable(c, tax[GST_IGST] + tax[GST_CGST] + tax[GST_SGST]))
		for (size_t i = 0; i < s->n_lines; i++)
			if (first_of_rate(s, i))
				add_rate(c, s->lines[i].rate, *out, &n);
	if (tax[GST_CESS] != 0)		/* no rate of it is kept */
		(*out)[n++] = (struct gst_recount){ GST_CESS, -1,
		    tax[GST_CESS], tax[GST_CESS], GST_CAUSE_UNKNOWN };
	return n;
}
