/* Three versions of one document: what differs, who did it, what becomes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "book/document_gst.h"
#include "book/merge.h"

static struct document_line base_lines[] = {
	{ .type = "sale", .account = "4000", .item = "KUR-M",
	    .quantity = "2", .amount = 100000 },
	{ .type = "sale", .account = "4000", .item = "SAR-R",
	    .quantity = "1", .amount = 50000 },
	{ .type = "tax", .account = "2200", .tax_code = "IGST18",
	    .amount = 27000 },
};

static const struct document base = {
	.kind = DOC_SALES_INVOICE, .entity = "IN01", .number = "INV-7",
	.party = "C-1", .currency = "INR", .reference = "PO 1",
	.date = { .text = "2026-10-02" }, .total = 177000, .tax = 27000,
	.control_count = -1, .base_version = -1, .lines = base_lines,
	.n_lines = 3,
};

static struct document
version(struct arena *arena, const struct document *of)
{
	struct document d = *of;

	d.lines = arena_alloc(arena, (of->n_lines + 8) * sizeof *d.lines);
	if (of->n_lines > 0)
		memcpy(d.lines, of->lines, of->n_lines * sizeof *d.lines);
	return d;
}

static void
insert(struct document *d, size_t at, struct document_line line)
{
	memmove(&d->lines[at + 1], &d->lines[at],
	    (d->n_lines - at) * sizeof *d->lines);
	d->lines[at] = line;
	d->n_lines++;
}

static void
drop(struct document *d, size_t at)
{
	d->n_lines--;
	memmove(&d->lines[at], &d->lines[at + 1],
	    (d->n_lines - at) * sizeof *d->lines);
}

static void
assert_same(const struct document *a, const struct document *b)
{
	struct str x, y;

	str_init(&x, 1000000);
	str_init(&y, 1000000);
	document_encode(a, &x);
	document_encode(b, &y);
	assert_string_equal(x.p, y.p);
	str_free(&x);
	str_free(&y);
}

/* "path by|overlap base>current|incoming" of each. */
static const char *
told(const struct merge *m, struct arena *arena)
{
	const char *all = "";

	for (size_t i = 0; i < m->n; i++) {
		const struct merge_field *f = &m->fields[i];

		all = arena_printf(arena, "%s%s%s %s%s %s>%s|%s", all,
		    i > 0 ? "; " : "", f->path, merge_by_name(f->by),
		    f->overlap ? "!" : "", f->base ? f->base : "-",
		    f->current ? f->current : "-",
		    f->incoming ? f->incoming : "-");
	}
	return all;
}

struct change {
	enum { NOTHING, PARTY, MEMO, DATE, AMOUNT, QUANTITY, ACCOUNT, ITEM,
		ADD_FIRST, ADD_LAST, REMOVE, CURRENCY, TAXED } what;
	size_t line;
	const char *text;
	int64_t amount;
};

static void
change(struct document *d, const struct change *c)
{
	struct document_line *l = &d->lines[c->line];
	struct document_line more = { .type = "sale", .account = "4000",
	    .item = c->text, .quantity = "1", .amount = c->amount };

	switch (c->what) {
	case NOTHING:
		break;
	case PARTY:
		d->party = c->text;
		break;
	case MEMO:
		d->memo = c->text;
		break;
	case DATE:
		assert_true(day_parse(span_of(c->text), &d->date));
		break;
	case AMOUNT:
		d->total += c->amount - l->amount;
		l->amount = c->amount;
		break;
	case TAXED:
		d->total += c->amount - l->amount;
		d->tax += c->amount - l->amount;
		l->amount = c->amount;
		break;
	case QUANTITY:
		l->quantity = c->text;
		break;
	case ACCOUNT:
		l->account = c->text;
		break;
	case ITEM:
		l->item = c->text;
		break;
	case ADD_FIRST:
		d->total += c->amount;
		insert(d, 0, more);
		break;
	case ADD_LAST:
		d->total += c->amount;
		insert(d, d->n_lines, more);
		break;
	case REMOVE:
		d->total -= l->amount;
		drop(d, c->line);
		break;
	case CURRENCY:
		d->currency = c->text;
		break;
	}
}

static const struct row {
	struct change current, incoming;
	const char *told;
	bool clean, summed;
	int64_t total;
} rows[] = {
	{ { .what = NOTHING }, { .what = NOTHING }, "", true, false, 177000 },
	{ { .what = PARTY, .text = "C-2" },
	  { .what = NOTHING }, "party current C-1>C-2|C-1",
	    true, false, 177000 },
	{ { .what = NOTHING },
	  { .what = PARTY, .text = "C-2" }, "party incoming C-1>C-1|C-2",
	    true, false, 177000 },
	{ { .what = PARTY, .text = "C-2" }, { .what = PARTY, .text = "C-2" },
	    "party both C-1>C-2|C-2", true, false, 177000 },
	{ { .what = PARTY, .text = "C-2" }, { .what = PARTY, .text = "C-3" },
	    "party both! C-1>C-2|C-3", false, false, 177000 },
	{ { .what = PARTY, .text = "C-2" },
	  { .what = MEMO, .text = "\xe0\xa4\xa8\xe0\xa4\xaf" },
	    "party current C-1>C-2|C-1; "
	    "memo incoming ->-|\xe0\xa4\xa8\xe0\xa4\xaf", true, false,
	    177000 },
	{ { .what = DATE, .text = "2026-10-03" },
	  { .what = DATE, .text = "2026-10-04" },
	    "date both! 2026-10-02>2026-10-03|2026-10-04", false, false,
	    177000 },
	{ { .what = PARTY },
	  { .what = NOTHING }, "party current C-1>-|C-1", true,
	    false, 177000 },
	/* different lines: the total is neither's */
	{ { .what = AMOUNT, .amount = 110000 },
	  { .what = AMOUNT, .line = 1, .amount = 60000 },
	    "total both 1770.00>1870.00|1870.00; "
	    "lines[0].amount current 1000.00>1100.00|1000.00; "
	    "lines[1].amount incoming 500.00>500.00|600.00", true, true,
	    197000 },
	{ { .what = AMOUNT, .amount = 110000 },
	  { .what = TAXED, .line = 2, .amount = 28000 },
	    "total both 1770.00>1870.00|1780.00; "
	    "tax incoming 270.00>270.00|280.00; "
	    "lines[0].amount current 1000.00>1100.00|1000.00; "
	    "lines[2].amount incoming 270.00>270.00|280.00", true, true,
	    188000 },
	{ { .what = AMOUNT, .amount = 110000 },
	  { .what = AMOUNT, .amount = 120000 },
	    "total both 1770.00>1870.00|1970.00; "
	    "lines[0].amount both! 1000.00>1100.00|1200.00", false, false,
	    187000 },
	/* quantity and amount of one line belong together */
	{ { .what = QUANTITY, .text = "3" },
	  { .what = AMOUNT, .amount = 90000 },
	    "total incoming 1770.00>1770.00|1670.00; "
	    "lines[0].quantity current! 2>3|2; "
	    "lines[0].amount incoming! 1000.00>1000.00|900.00", false,
	    false, 177000 },
	{ { .what = QUANTITY, .text = "3" },
	  { .what = AMOUNT, .line = 1, .amount = 40000 },
	    "total incoming 1770.00>1770.00|1670.00; "
	    "lines[0].quantity current 2>3|2; "
	    "lines[1].amount incoming 500.00>500.00|400.00", true, false,
	    167000 },
	/* a line more is one difference */
	{ { .what = NOTHING },
	  { .what = ADD_FIRST, .text = "DUP", .amount = 100 },
	    "total incoming 1770.00>1770.00|1771.00; "
	    "lines[0] incoming ->-|sale 4000 DUP 1 1.00", true, false,
	    177100 },
	{ { .what = AMOUNT, .line = 1, .amount = 60000 },
	  { .what = ADD_FIRST, .text = "DUP", .amount = 100 },
	    "total both 1770.00>1870.00|1771.00; "
	    "lines[0] incoming ->-|sale 4000 DUP 1 1.00; "
	    "lines[2].amount current 500.00>600.00|500.00", true, true,
	    187100 },
	{ { .what = ADD_LAST, .text = "DUP", .amount = 100 },
	  { .what = ADD_FIRST, .text = "KUR-L", .amount = 200 },
	    "total both 1770.00>1771.00|1772.00; "
	    "lines[0] incoming ->-|sale 4000 KUR-L 1 2.00; "
	    "lines[4] current ->sale 4000 DUP 1 1.00|-", true, true,
	    177300 },
	{ { .what = ADD_LAST, .text = "DUP", .amount = 100 },
	  { .what = ADD_LAST, .text = "DUP", .amount = 100 },
	    "total both 1770.00>1771.00|1771.00; "
	    "lines[3] both ->sale 4000 DUP 1 1.00|sale 4000 DUP 1 1.00",
	    true, false, 177100 },
	{ { .what = ADD_LAST, .text = "DUP", .amount = 100 },
	  { .what = ADD_LAST, .text = "DUP", .amount = 300 },
	    "total both 1770.00>1771.00|1773.00; "
	    "lines[3] both! ->sale 4000 DUP 1 1.00|sale 4000 DUP 1 3.00",
	    false, false, 177100 },
	{ { .what = REMOVE, .line = 1 }, { .what = AMOUNT, .amount = 120000 },
	    "total both 1770.00>1270.00|1970.00; "
	    "lines[0].amount incoming 1000.00>1000.00|1200.00; "
	    "lines[1] current sale 4000 SAR-R 1 500.00>-|"
	    "sale 4000 SAR-R 1 500.00", true, true, 147000 },
	{ { .what = REMOVE, .line = 1 },
	  { .what = AMOUNT, .line = 1, .amount = 60000 },
	    "total both 1770.00>1270.00|1870.00; "
	    "lines[1] both! sale 4000 SAR-R 1 500.00>-|"
	    "sale 4000 SAR-R 1 600.00", false, false, 127000 },
	{ { .what = REMOVE, .line = 1 }, { .what = REMOVE, .line = 1 },
	    "total both 1770.00>1270.00|1270.00; "
	    "lines[1] both sale 4000 SAR-R 1 500.00>-|-", true, false,
	    127000 },
	/* a line under another account is still that line */
	{ { .what = ACCOUNT, .text = "4010" },
	  { .what = AMOUNT, .amount = 120000 },
	    "total incoming 1770.00>1770.00|1970.00; "
	    "lines[0].account current 4000>4010|4000; "
	    "lines[0].amount incoming 1000.00>1000.00|1200.00", true, false,
	    197000 },
	{ { .what = ITEM, .text = "KUR-L" }, { .what = MEMO, .text = "x" },
	    "memo incoming ->-|x; lines[0].item current KUR-M>KUR-L|KUR-M",
	    true, false, 177000 },
	/* one's money in another's currency */
	{ { .what = CURRENCY, .text = "USD" },
	  { .what = AMOUNT, .amount = 120000 },
	    "currency current! INR>USD|INR; "
	    "total incoming 1770.00>1770.00|1970.00; "
	    "lines[0].amount incoming 1000.00>1000.00|1200.00", false,
	    false, 197000 },
	{ { .what = CURRENCY, .text = "USD" }, { .what = MEMO, .text = "x" },
	    "currency current INR>USD|INR; memo incoming ->-|x", true,
	    false, 177000 },
};

static void
test_rows(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct document current = version(arena, &base);
		struct document incoming = version(arena, &base), merged;
		struct merge m;

		change(&current, &rows[i].current);
		change(&incoming, &rows[i].incoming);
		merge_open(&m, arena, &base, &current, &incoming);
		assert_string_equal(told(&m, arena), rows[i].told);
		assert_int_equal(m.clean, rows[i].clean);
		assert_int_equal(m.summed, rows[i].summed);
		merge_build(&m, arena, &merged);
		assert_int_equal(merged.total, rows[i].total);
	}
	arena_free(&arena);
}

/* Rounding of ten paise stays; a total of its own is not added up. */
static void
test_total_apart(void **state)
{
	struct arena *arena = arena_new();
	struct document b = version(arena, &base), c, i, merged;
	struct merge m;

	(void)state;
	b.total += 10;
	c = version(arena, &b);
	i = version(arena, &b);
	c.total += 100;
	c.lines[0].amount += 100;
	i.total += 200;
	i.lines[1].amount += 200;
	merge_open(&m, arena, &b, &c, &i);
	assert_true(m.clean && m.summed);
	merge_build(&m, arena, &merged);
	assert_int_equal(merged.total, 177310);
	i.total += 1;
	merge_open(&m, arena, &b, &c, &i);
	assert_false(m.clean);
	assert_int_equal(merge_open_fields(&m), 1);
	arena_free(&arena);
}

static void
test_without_base(void **state)
{
	struct arena *arena = arena_new();
	struct document c = version(arena, &base), i = version(arena, &base);
	struct document merged;
	struct merge m;

	(void)state;
	i.party = "C-9";
	i.lines[0].amount += 500;
	i.total += 500;
	insert(&i, 3, (struct document_line){ .type = "discount",
	    .amount = 100 });
	i.total -= 100;
	merge_open(&m, arena, NULL, &c, &i);
	assert_string_equal(told(&m, arena), "party both! ->C-1|C-9; "
	    "total both ->1770.00|1774.00; "
	    "lines[0].amount both! ->1000.00|1005.00; "
	    "lines[3] both! ->-|discount 1.00");
	assert_false(m.clean);
	merge_take(&m, MERGE_INCOMING);
	merge_build(&m, arena, &merged);
	assert_same(&merged, &i);
	merge_take(&m, MERGE_CURRENT);
	merge_build(&m, arena, &merged);
	assert_same(&merged, &c);
	arena_free(&arena);
}

static void
test_choices(void **state)
{
	struct arena *arena = arena_new();
	struct document c = version(arena, &base), i = version(arena, &base);
	struct document merged;
	struct merge m;

	(void)state;
	c.party = "C-2";
	i.party = "C-3";
	c.lines[0].amount = 110000;
	c.total += 10000;
	i.lines[0].amount = 120000;
	i.total += 20000;
	merge_open(&m, arena, &base, &c, &i);
	assert_int_equal(merge_open_fields(&m), 2);
	assert_string_equal(m.fields[0].path, "party");
	m.fields[0].take = MERGE_BASE;
	assert_string_equal(m.fields[2].path, "lines[0].amount");
	assert_false(merge_own(&m, arena, 2, "12.345"));
	assert_false(merge_own(&m, arena, 2, ""));
	assert_false(merge_own(&m, arena, 2, "many"));
	assert_true(merge_own(&m, arena, 2, "1150.00"));
	assert_int_equal(merge_open_fields(&m), 0);
	merge_build(&m, arena, &merged);
	assert_string_equal(merged.party, "C-1");
	assert_int_equal(merged.lines[0].amount, 115000);
	/* The total goes with it, until somebody says otherwise. */
	assert_int_equal(merged.total, 192000);
	assert_true(merge_own(&m, arena, 1, "1.00"));
	merge_build(&m, arena, &merged);
	assert_int_equal(merged.total, 100);
	merge_take(&m, MERGE_BASE);
	merge_build(&m, arena, &merged);
	assert_same(&merged, &base);
	arena_free(&arena);
}

static void
append(void *arg, const char *path, const char *text)
{
	str_addf(arg, "%s=%s; ", path, text);
}

/* What a reader sees: each result, and what nobody touched. */
static void
test_reading(void **state)
{
	struct arena *arena = arena_new();
	struct document c = version(arena, &base), i = version(arena, &base);
	struct merge m;
	struct str rest;

	(void)state;
	c.party = "C-2";
	i.party = "C-3";
	i.memo = "new";
	i.lines[0].amount += 1000;
	i.total += 1000;
	merge_open(&m, arena, &base, &c, &i);
	assert_null(merge_text(&m, arena, 0));
	m.fields[0].take = MERGE_CURRENT;
	assert_string_equal(merge_text(&m, arena, 0), "C-2");
	assert_string_equal(m.fields[1].path, "total");
	assert_string_equal(merge_text(&m, arena, 1), "1780.00");
	assert_string_equal(merge_text(&m, arena, 2), "new");
	assert_true(merge_own(&m, arena, 2, ""));
	assert_null(merge_text(&m, arena, 2));
	assert_string_equal(merge_text(&m, arena, 3), "1010.00");
	merge_again(&m);
	assert_int_equal(merge_open_fields(&m), 1);
	assert_string_equal(merge_text(&m, arena, 2), "new");
	str_init(&rest, 1000);
	merge_rest(&m, arena, append, &rest);
	assert_string_equal(rest.p, "date=2026-10-02; currency=INR; "
	    "tax=270.00; reference=PO 1; "
	    "lines[1]=sale 4000 SAR-R 1 500.00; "
	    "lines[2]=tax 2200 IGST18 270.00; ");
	str_free(&rest);
	arena_free(&arena);
}

/* ---- properties over many random documents ----------------------------- */

static unsigned
random_of(uint64_t *seed, unsigned n)
{
	*seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (unsigned)(*seed >> 33) % n;
}

static struct document_line
random_line(uint64_t *seed)
{
	static const char *const types[] = { "sale", "tax", "discount",
	    "shipping", NULL };
	static const char *const items[] = { "A", "B", "C", NULL };
	struct document_line l = { .type = types[random_of(seed, 5)],
	    .item = items[random_of(seed, 4)] };

	if (random_of(seed, 2))
		l.quantity = random_of(seed, 2) ? "1" : "2";
	l.amount = random_of(seed, 4) * 100;
	return l;
}

static void
random_change(struct document *d, uint64_t *seed)
{
	static const char *const texts[] = { "x", "y", NULL };
	size_t at = random_of(seed, (unsigned)d->n_lines + 1);

	switch (random_of(seed, 7)) {
	case 0:
		d->party = texts[random_of(seed, 3)];
		break;
	case 1:
		d->memo = texts[random_of(seed, 3)];
		break;
	case 2:
		d->total = random_of(seed, 5) * 100;
		break;
	case 3:
		if (d->n_lines < 9)
			insert(d, at, random_line(seed));
		break;
	case 4:
		if (at < d->n_lines)
			drop(d, at);
		break;
	case 5:
		if (at < d->n_lines)
			d->lines[at] = random_line(seed);
		break;
	case 6:
		if (at + 1 < d->n_lines) {
			struct document_line l = d->lines[at];

			d->lines[at] = d->lines[at + 1];
			d->lines[at + 1] = l;
		}
		break;
	}
}

static struct document
random_version(struct arena *arena, const struct document *of,
    uint64_t *seed)
{
	struct document d = version(arena, of);

	d.lines = arena_alloc(arena, 20 * sizeof *d.lines);
	memcpy(d.lines, of->lines, of->n_lines * sizeof *d.lines);
	for (unsigned n = random_of(seed, 4); n > 0; n--)
		random_change(&d, seed);
	return d;
}

static void
assert_merges(struct arena *arena, const struct document *b,
    const struct document *c, const struct document *i,
    const struct document *to)
{
	struct document merged;
	struct merge m;

	merge_open(&m, arena, b, c, i);
	assert_true(m.clean);
	merge_build(&m, arena, &merged);
	assert_same(&merged, to);
}

static void
assert_symmetric(struct arena *arena, const struct document *b,
    const struct document *c, const struct document *i)
{
	struct document one, other;
	struct merge m, n;

	merge_open(&m, arena, b, c, i);
	merge_open(&n, arena, b, i, c);
	assert_int_equal(m.clean, n.clean);
	assert_int_equal(m.n, n.n);
	if (m.clean) {
		merge_build(&m, arena, &one);
		merge_build(&n, arena, &other);
		assert_same(&one, &other);
	}
}

static void
test_properties(void **state)
{
	struct arena *arena = arena_new();
	uint64_t seed = 2026;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct document empty = base, b, x, y;

		empty.n_lines = 0;
		b = random_version(arena, i % 3 ? &base : &empty, &seed);
		x = random_version(arena, &b, &seed);
		y = random_version(arena, &b, &seed);
		assert_merges(arena, &b, &b, &x, &x);
		assert_merges(arena, &b, &x, &b, &x);
		assert_merges(arena, &b, &x, &x, &x);
		assert_symmetric(arena, &b, &x, &y);
		arena_reset(arena);
	}
	arena_free(&arena);
}

/* What one side undid and the other amended is for a person to say. */
static void
test_void(void **state)
{
	struct arena *arena = arena_new();
	struct document current = version(arena, &base);
	struct document incoming = version(arena, &base), result;
	struct merge m;

	(void)state;
	current.memo = "amended";
	current.posting = (struct day){ "2026-11-01" };
	incoming.voided = true;
	merge_open(&m, arena, &base, &current, &incoming);
	assert_false(m.clean);
	assert_int_equal(merge_open_fields(&m), 1);
	merge_take(&m, MERGE_INCOMING);
	merge_build(&m, arena, &result);
	assert_true(result.voided);
	merge_take(&m, MERGE_CURRENT);
	merge_build(&m, arena, &result);
	assert_false(result.voided);
	assert_string_equal(result.posting.text, "2026-11-01");
	/* both undid it */
	current = version(arena, &incoming);
	merge_open(&m, arena, &base, &current, &incoming);
	assert_true(m.clean);
	merge_build(&m, arena, &result);
	assert_true(result.voided);
	arena_free(&arena);
}

static const char *
said(struct document_gst *gst, const struct gst_member *member)
{
	const char *text = member->form == GST_TEXT ? "x" :
	    member->form == GST_DAY ? "2026-10-02" : "true";

	assert_true(document_gst_set(gst, member, text));
	return text;
}

/* Whatever can be said of GST is a field of its own, from either side. */
static void
test_gst_members(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (size_t n = 0; n < DOCUMENT_GST_MEMBERS; n++) {
		const struct gst_member *member = &document_gst_members[n];
		struct document current = version(arena, &base), merged;
		struct document incoming = version(arena, &base);
		struct document_gst gst = { 0 };
		const char *text = said(&gst, member);
		struct merge m;

		incoming.gst = &gst;
		current.memo = "amended";
		merge_open(&m, arena, &base, &current, &incoming);
		assert_true(m.clean);
		assert_string_equal(told(&m, arena), arena_printf(arena,
		    "memo current ->amended|-; gst.%s incoming ->-|%s",
		    member->name, text));
		merge_build(&m, arena, &merged);
		incoming.memo = "amended";
		assert_same(&merged, &incoming);
		merge_take(&m, MERGE_BASE);
		merge_build(&m, arena, &merged);
		assert_same(&merged, &base);
	}
	arena_free(&arena);
}

static void
test_gst(void **state)
{
	static const struct document_gst was = { .place = "27" };
	static const struct document_gst ours = { .place = "29" };
	static const struct document_gst theirs = { .place = "33",
	    .counter = true };
	struct arena *arena = arena_new();
	struct document b = version(arena, &base), c, i, merged;
	struct merge m;

	(void)state;
	b.gst = &was;
	c = version(arena, &b);
	i = version(arena, &b);
	c.gst = &ours;
	i.gst = &theirs;
	i.lines[0].hsn = "6206";
	i.lines[0].unit = "PCS";
	i.lines[2].head = "igst";
	i.lines[1].supply = "nil";
	merge_open(&m, arena, &b, &c, &i);
	assert_string_equal(told(&m, arena), "gst.place both! 27>29|33; "
	    "gst.counter incoming ->-|true; lines[0].hsn incoming ->-|6206; "
	    "lines[0].unit incoming ->-|PCS; "
	    "lines[1].supply incoming ->-|nil; "
	    "lines[2].head incoming ->-|igst");
	assert_true(merge_own(&m, arena, 0, "24"));
	assert_false(merge_own(&m, arena, 1, "yes"));
	merge_build(&m, arena, &merged);
	assert_string_equal(merged.gst->place, "24");
	assert_true(merged.gst->counter);
	assert_string_equal(merged.lines[2].head, "igst");
	/* Nothing said is no object. */
	assert_true(merge_own(&m, arena, 0, ""));
	m.fields[1].take = MERGE_CURRENT;
	merge_build(&m, arena, &merged);
	assert_null(merged.gst);
	arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_total_apart),
		cmocka_unit_test(test_without_base),
		cmocka_unit_test(test_choices),
		cmocka_unit_test(test_reading),
		cmocka_unit_test(test_properties),
		cmocka_unit_test(test_void),
		cmocka_unit_test(test_gst_members),
		cmocka_unit_test(test_gst),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
