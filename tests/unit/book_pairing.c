/* Each rule of pairing, what it must not take for certain, and that no input
 * makes it search for ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "book/pairing.h"
#include "book/pairing_inside.h"

#define MANY 20000

static struct arena *arena;
static struct pairing p;
static struct pair_line lines[MANY];
static struct pair_item items[MANY];

static int
begin(void **state)
{
	(void)state;
	arena = arena_new();
	p = (struct pairing){ .lines = lines, .items = items, .days = 5 };
	return 0;
}

static int
end(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static void
line(int32_t day, int64_t amount, const char *text)
{
	lines[p.n_lines] = (struct pair_line){ (int64_t)p.n_lines + 1, amount,
	    day, { text }, false };
	p.n_lines++;
}

static void
item(int32_t day, int64_t amount, const char *reference)
{
	items[p.n_items] = (struct pair_item){ (int64_t)p.n_items + 1, amount,
	    day, { reference }, NULL };
	p.n_items++;
}

static const struct pair *
only(enum pair_rule rule, enum pair_sure sure)
{
	pairing_run(arena, &p);
	assert_int_equal(p.n_pairs, 1);
	assert_string_equal(pair_rule_name(p.pairs[0].rule),
	    pair_rule_name(rule));
	assert_string_equal(pair_sure_name(p.pairs[0].sure),
	    pair_sure_name(sure));
	return &p.pairs[0];
}

/* ---- by reference ------------------------------------------------------- */

static void
test_reference(void **state)
{
	static const char *const said[] = { "NEFT CR-ICIC0000104-GREEN MART "
		"HYPERMARKETS LTD-GM-PAY-0912", "UPI/gm/pay/0912/OK",
		"PAYMENT GM-PA\nY-0912", "REFGMPAY0912", "gmpay0912" };

	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		p.n_lines = p.n_items = 0;
		line(100, 4998000, said[i]);
		item(90, 4998000, "GM-PAY-0912");
		assert_string_equal(only(PAIR_REFERENCE, PAIR_CERTAIN)->by,
		    "GMPAY0912");
		assert_int_equal(p.pairs[0].days, 10);
	}
	(void)state;
}

/* The end of a number is the end: 0912 is not in 09123, nor in 10912. */
static void
test_another_number(void **state)
{
	static const char *const said[] = { "GM-PAY-09123", "XGM-PAY-0912",
		"GM-PAY-091 3 2X", "" };

	(void)state;
	p.days = 0;
	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		p.n_lines = p.n_items = 0;
		line(100, 4998000, said[i]);
		item(90, 4998000, "GM-PAY-0912");
		pairing_run(arena, &p);
		assert_int_equal(p.n_pairs, 0);
	}
	/* Two texts of a line are not one. */
	p.n_lines = p.n_items = 0;
	line(100, 4998000, "GM-PAY");
	lines[0].texts[1] = "0912";
	item(90, 4998000, "GM-PAY-0912");
	pairing_run(arena, &p);
	assert_int_equal(p.n_pairs, 0);
	assert_true(pair_reference_good("AXISN26101400047"));
	assert_true(pair_reference_good("UTR 118822"));
	assert_false(pair_reference_good("2044"));
	assert_false(pair_reference_good("NONREF"));
	assert_false(pair_reference_good("NEFT"));
	assert_false(pair_reference_good(""));
}

/* One number twice, with one amount: nobody knows which. */
static void
test_reference_twice(void **state)
{
	(void)state;
	line(100, 500, "INV-20441");
	line(101, 500, "INV-20441 again");
	item(100, 500, "INV-20441");
	pairing_run(arena, &p);
	assert_int_equal(p.n_pairs, 2);
	for (size_t i = 0; i < p.n_pairs; i++)
		assert_int_equal(p.pairs[i].sure, PAIR_MAYBE);
	p.n_lines = 1;
	item(99, 500, "INV-20441");
	assert_int_equal(only(PAIR_REFERENCE, PAIR_MAYBE)->alike, 1);
	/* Half a year later the number may be another's. */
	p.n_items = 0;
	item(-101, 500, "INV-20441");
	pairing_run(arena, &p);
	assert_int_equal(p.n_pairs, 0);
}

/* A payout: payments less the fee, the tax on it and a refund. */
static void
test_payout(void **state)
{
	(void)state;
	line(100, 96180, "AXISN26101400047 RAZORPAY SETTLEMENT");
	item(98, 60000, "AXISN26101400047");
	item(98, 50000, "AXISN26101400047");
	item(98, -1000, "AXISN26101400047");
	item(98, -180, "AXISN26101400047");
	item(99, -12640, "AXISN26101400047");
	item(99, 96180, "AXISN26101500048");
	assert_int_equal(only(PAIR_REFERENCES, PAIR_CERTAIN)->n_items, 5);
	items[4].amount--;	/* one paisa: not the whole of it */
	p.n_items = 5;
	pairing_run(arena, &p);
	for (size_t i = 0; i < p.n_pairs; i++)
		assert_int_not_equal(p.pairs[i].sure, PAIR_CERTAIN);
}

/* A remittance for three invoices, and one in three parts. */
static void
test_many(void **state)
{
	(void)state;
	line(100, 600, "RTGS KONKAN INV-1001 INV-1002,INV-1003");
	item(90, 100, "INV-1001");
	item(91, 200, "INV-1002");
	item(92, 300, "INV-1003");
	assert_int_equal(only(PAIR_REFERENCES, PAIR_CERTAIN)->n_items, 3);
	p.n_lines = p.n_items = 0;
	line(100, 100, "CASH DEP SLIP 778812 1");
	line(100, 200, "CASH DEP SLIP 778812 2");
	line(101, 300, "CASH DEP SLIP 778812 3");
	item(99, 600, "778812");
	assert_int_equal(only(PAIR_LINES, PAIR_CERTAIN)->n_lines, 3);
}

static void
test_off(void **state)
{
	(void)state;
	line(100, 99500, "INV-20441 LESS CHGS");
	item(99, 100000, "INV-20441");
	assert_int_equal(only(PAIR_OFF, PAIR_MAYBE)->off, -500);
	p.tolerance = 500;
	assert_int_equal(only(PAIR_OFF, PAIR_CERTAIN)->off, -500);
	p.tolerance = 499;
	only(PAIR_OFF, PAIR_MAYBE);
	/* What goes out is no part of what comes in. */
	lines[0].amount = -99500;
	pairing_run(arena, &p);
	assert_int_equal(p.n_pairs, 0);
}

/* Three invoices less the tax that the payer kept: it is of all three. */
static void
test_off_all(void **state)
{
	(void)state;
	line(100, 27000, "NEFT KONKAN INV-1001 INV-1002 INV-1003 LESS TDS");
	item(90, 10000, "INV-1001");
	item(91, 10000, "INV-1002");
	item(92, 10000, "INV-1003");
	assert_int_equal(only(PAIR_OFF, PAIR_MAYBE)->n_items, 3);
	assert_int_equal(p.pairs[0].off, -3000);
	p.tolerance = 3000;
	assert_int_equal(only(PAIR_OFF, PAIR_CERTAIN)->n_items, 3);
	/* One of them is nearer than all. */
	p.tolerance = 0;
	lines[0].amount = 9900;
	assert_int_equal(only(PAIR_OFF, PAIR_MAYBE)->n_items, 1);
	assert_int_equal(p.pairs[0].alike, 2);
}

/* Two lines of one payout, as two statements that overlap say it. */
static void
test_payout_twice(void **state)
{
	(void)state;
	line(100, 1000, "AXISN26101400047 SETTLEMENT");
	line(100, 1000, "AXISN26101400047 SETTLEMENT");
	item(98, 600, "AXISN26101400047");
	item(98, 400, "AXISN26101400047");
	pairing_run(arena, &p);
	assert_int_equal(p.n_pairs, 2);
	for (size_t i = 0; i < p.n_pairs; i++) {
		assert_int_equal(p.pairs[i].rule, PAIR_REFERENCES);
		assert_int_equal(p.pairs[i].sure, PAIR_MAYBE);
		assert_int_equal(p.pairs[i].alike, 1);
	}
}

/* What another statement said, too, is nobody's by itself, and does not keep
 * what was said first from its own. */
static void
test_again(void **state)
{
	(void)state;
	line(100, 1000, "UTR 118822");
	line(100, 1000, "UTR 118822");
	lines[0].again = true;
	item(100, 1000, "118822");
	for (int i = 0; i < 3; i++) {
		pairing_run(arena, &p);
		assert_int_equal(p.n_pairs, i < 2 ? 2 : 1);
		for (size_t k = 0; k < p.n_pairs; k++) {
			const struct pair *one = &p.pairs[k];

			assert_int_equal(one->sure == PAIR_MAYBE,
			    lines[one->lines[0]].again);
			assert_int_equal(one->alike > 0,
			    lines[one->lines[0]].again);
		}
		items[0].refs[0] = NULL;	/* by day, then by name */
		items[0].name = i == 1 ? "UTR 118822" : NULL;
	}
}

/* Of several the one that is named most, then the nearest, stands first. */
static void
test_reference_best(void **state)
{
	(void)state;
	line(100, 500, "UPI SO-50011 INV-20441");
	item(100, 500, "INV-20441");
	items[0].refs[1] = "SO-50011";
	item(100, 500, "SO-50011");
	assert_int_equal(only(PAIR_REFERENCE, PAIR_MAYBE)->items[0], 0);
	assert_int_equal(p.pairs[0].alike, 1);
	items[0].refs[0] = NULL;
	items[0].day = 90;
	assert_int_equal(only(PAIR_REFERENCE, PAIR_MAYBE)->items[0], 1);
	items[0].day = 100;
	items[1].day = 101;
	assert_int_equal(only(PAIR_REFERENCE, PAIR_MAYBE)->items[0], 0);
}

/* What another line's reference says is its own is not merely of that amount. */
static void
test_claimed(void **state)
{
	(void)state;
	line(100, 9500, "INV-20441 LESS CHGS");
	line(100, 10000, "BY CASH");
	item(100, 10000, "INV-20441");
	for (int i = 0; i < 2; i++) {
		pairing_run(arena, &p);
		assert_int_equal(p.n_pairs, 2);
		for (size_t k = 0; k < p.n_pairs; k++) {
			assert_int_equal(p.pairs[k].sure, PAIR_MAYBE);
			assert_int_equal(p.pairs[k].alike, 1);
		}
		items[0].name = "By Cash";
	}
}

/* ---- by amount ---------------------------------------------------------- */

static void
test_amount(void **state)
{
	(void)state;
	line(100, 4711, "BY CASH");
	item(100, 4711, NULL);
	only(PAIR_DAY, PAIR_LIKELY);
	items[0].day = 105;
	assert_int_equal(only(PAIR_AMOUNT, PAIR_LIKELY)->days, 5);
	items[0].day = 106;
	pairing_run(arena, &p);
	assert_int_equal(p.n_pairs, 0);
	/* Two would do: the nearest is proposed, and never more than that. */
	items[0].day = 98;
	item(101, 4711, NULL);
	assert_int_equal(only(PAIR_AMOUNT, PAIR_MAYBE)->items[0], 1);
	assert_int_equal(p.pairs[0].alike, 1);
	/* One entry, and two lines that it would do for. */
	p.n_items = 1;
	line(97, 4711, "BY CASH");
	pairing_run(arena, &p);
	assert_int_equal(p.n_pairs, 2);
	assert_int_equal(p.pairs[0].sure, PAIR_MAYBE);
	assert_int_equal(p.pairs[1].sure, PAIR_MAYBE);
}

static void
test_name(void **state)
{
	(void)state;
	line(100, 500, "IMPS P2A KONKAN MART DADAR");
	item(100, 500, NULL);
	item(100, 500, NULL);
	items[0].name = "Deccan Stores";
	items[1].name = "Konkan Mart";
	assert_int_equal(only(PAIR_NAME, PAIR_LIKELY)->items[0], 1);
	items[0].name = "Konkan Mart";
	only(PAIR_DAY, PAIR_MAYBE);
}

static void
test_near(void **state)
{
	(void)state;
	p.tolerance = 100;
	line(100, 4711, "BY CASH");
	item(100, 4800, NULL);
	item(101, 4700, NULL);
	item(101, 4900, NULL);
	assert_int_equal(only(PAIR_NEAR, PAIR_MAYBE)->off, 11);
	assert_int_equal(p.pairs[0].alike, 1);
}

/* What is certain is not taken away by what is only likely. */
static void
test_order(void **state)
{
	(void)state;
	line(100, 500, "BY CASH");
	line(103, 500, "UTR 118822");
	item(100, 500, "118822");
	pairing_run(arena, &p);
	assert_int_equal(p.n_pairs, 1);
	assert_int_equal(p.pairs[0].rule, PAIR_REFERENCE);
	assert_int_equal(p.pairs[0].lines[0], 1);
}

/* ---- what adds up ------------------------------------------------------- */

static void
test_sum(void **state)
{
	(void)state;
	line(100, 1000, "CLG");
	item(99, 300, NULL);
	item(99, 700, NULL);
	item(98, 450, NULL);
	assert_int_equal(only(PAIR_SUM, PAIR_MAYBE)->n_items, 2);
	assert_int_equal(p.pairs[0].alike, 0);
	item(98, 550, NULL);	/* and so do these */
	assert_int_equal(only(PAIR_SUM, PAIR_MAYBE)->alike, 1);
	p.n_lines = p.n_items = 0;
	line(100, -300, "CHQ");
	line(101, -700, "CHQ");
	item(99, -1000, NULL);
	assert_int_equal(only(PAIR_PARTS, PAIR_MAYBE)->n_lines, 2);
}

/* Two lines that one entry, or some, would do for; two entries that the same
 * lines would. */
static void
test_rivals(void **state)
{
	(void)state;
	p.tolerance = 500;
	line(100, 100000, "BY CASH");
	line(101, 100100, "BY CASH");
	item(100, 100200, NULL);
	for (int i = 0; i < 3; i++) {
		pairing_run(arena, &p);
		assert_int_equal(p.n_pairs, 2);
		for (size_t k = 0; k < p.n_pairs; k++) {
			assert_int_equal(p.pairs[k].sure, PAIR_MAYBE);
			assert_int_equal(p.pairs[k].alike, 1);
		}
		p.n_lines = p.n_items = 0;
		p.tolerance = 0;
		for (int n = 0; n < 2; n++)
			if (i == 0)
				line(100 + n, 1500, "CLG");
			else
				item(100 + n, 1500, NULL);
		for (int n = 1; n < 3; n++)
			if (i == 0)
				item(100, n * 500, NULL);
			else
				line(100, n * 500, "CLG");
	}
}

/* The same as trying all, of small sets. */
static bool
any_adds_up(const int64_t *amounts, size_t n, int64_t target, size_t *count)
{
	*count = 0;
	for (unsigned set = 1; set < 1u << n; set++) {
		int64_t sum = 0;
		int size = 0;

		for (size_t i = 0; i < n; i++)
			if (set & 1u << i) {
				sum += amounts[i];
				size++;
			}
		*count += sum == target && size > 1 && size <= SUM_SIZE;
	}
	return *count > 0;
}

static void
test_sum_as_all(void **state)
{
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		int64_t amounts[10], sum = 0, steps = 1000000;
		struct sum_found found;
		size_t count;
		int64_t target;

		for (int i = 0; i < 10; i++)
			amounts[i] = 1 + (int64_t)((seed = seed * 1103515245u
			    + 12345u) >> 16) % 60;
		target = 20 + round % 150;
		assert_int_equal(any_adds_up(amounts, 10, target, &count),
		    (sum_find(amounts, 10, target, &steps, &found),
		    found.n > 0));
		assert_int_equal(found.solutions, count > 2 ? 2 : count);
		for (size_t i = 0; i < found.n; i++)
			sum += amounts[found.at[i]];
		assert_true(found.n == 0 || sum == target);
		assert_true(steps > 0);
	}
}

/* ---- all at once -------------------------------------------------------- */

/* Twenty thousand that are all alike: nothing is certain, and it ends. */
static void
test_all_alike(void **state)
{
	(void)state;
	for (int i = 0; i < MANY; i++) {
		line(100, 100, "UPI/PAYTM/118822");
		item(100, 100, "118822");
	}
	pairing_run(arena, &p);
	for (size_t i = 0; i < p.n_pairs; i++)
		assert_int_equal(p.pairs[i].sure, PAIR_MAYBE);
	assert_true(p.cut);
}

/* Amounts that nearly add up everywhere, as a subset sum has it worst. */
static void
test_worst_sums(void **state)
{
	(void)state;
	p.days = 30;
	for (int i = 0; i < 5000; i++) {
		line(i % 60, 2 * (1000000 + 2 * (i % 977)) + 1, "CLG");
		item(i % 60, 2 * (100000 + i), NULL);
	}
	pairing_run(arena, &p);
	assert_int_equal(p.n_pairs, 0);
	assert_true(p.cut);
}

/* Where steps run out in the middle of a reference that thousands have, what
 * was not looked at may fit as well. */
static void
test_cut_is_never_certain(void **state)
{
	(void)state;
	for (int i = 0; i < 4000; i++)
		item(1, i == 100 || i == 3000 ? 7 : 1000000 + i, "SHARED123");
	for (int i = 0; i < 2000; i++)
		item(1, 2000000 + i, "OTHER4567");
	line(1, 3, "SHARED123 OTHER4567");
	for (int i = 0; i < 4999; i++)
		line(1, i == 4998 ? 7 : 3, "SHARED123");
	pairing_run(arena, &p);
	assert_true(p.cut);
	assert_int_equal(p.n_pairs, 1);
	assert_int_equal(p.pairs[0].rule, PAIR_REFERENCE);
	assert_int_equal(p.pairs[0].sure, PAIR_MAYBE);
}

/* A reference comes round again: what it was of a year ago is other money. */
static void
test_lines_of_another_year(void **state)
{
	(void)state;
	item(400, 1000, "INV-123456");
	line(1, 600, "INV-123456");
	line(401, 400, "INV-123456");
	pairing_run(arena, &p);
	for (size_t i = 0; i < p.n_pairs; i++)
		assert_int_equal(p.pairs[i].sure, PAIR_MAYBE);
	p.n_lines = p.n_items = 0;
	item(400, 1000, "INV-123456");
	line(399, 600, "INV-123456");
	line(401, 400, "INV-123456");
	assert_int_equal(only(PAIR_LINES, PAIR_CERTAIN)->n_lines, 2);
}

static void
test_long_narration(void **state)
{
	static char text[200000];

	(void)state;
	for (size_t i = 0; i + 1 < sizeof text; i++)
		text[i] = i % 7 == 6 ? ' ' : (char)('0' + i % 10);
	line(100, 500, text);
	line(100, 600, "\xE0\xA4\xA8\xE0\xA4\xAE 118822");
	item(100, 600, "118822");
	assert_int_equal(only(PAIR_REFERENCE, PAIR_CERTAIN)->lines[0], 1);
}

static void
test_largest(void **state)
{
	(void)state;
	line(100, INT64_MAX / 4, "UTR 118822");
	item(100, INT64_MAX / 4 - 1, "118822");
	item(100, -INT64_MAX / 4, "118822");
	p.tolerance = INT64_MAX / 8;
	pairing_run(arena, &p);
	assert_true(p.n_pairs <= 1);
}

/* A month: each line with its entry, whatever order they are given in. */
static void
test_any_order(void **state)
{
	enum { N = 1000 };
	int64_t with[N + 1] = { 0 };

	(void)state;
	for (int round = 0; round < 3; round++) {
		p.n_lines = p.n_items = 0;
		for (int k = 0; k < N; k++) {
			int i = k * 389 % N, o = (k * 677 + round) % N;

			line(i % 30, 10000 + i % 300, arena_printf(arena,
			    "UPI %d KONKAN", 700000 + i));
			lines[k].id = i + 1;
			item(o % 30 + o % 3, 10000 + o % 300,
			    arena_printf(arena, "%d", 700000 + o));
			items[k].id = o + 1;
		}
		pairing_run(arena, &p);
		assert_int_equal(p.n_pairs, N);
		for (size_t i = 0; i < p.n_pairs; i++) {
			const struct pair *one = &p.pairs[i];

			assert_int_equal(one->sure, PAIR_CERTAIN);
			with[lines[one->lines[0]].id] =
			    items[one->items[0]].id;
		}
		for (int i = 1; i <= N; i++)
			assert_int_equal(with[i], i);
	}
}

/* ---- what stays the same ------------------------------------------------ */

static void
test_pattern(void **state)
{
	static const struct {
		const char *text, *pattern;
	} cases[] = {
		{ "NEFT CHGS INCL GST", "NEFT CHGS INCL GST" },
		{ "neft chgs 0912 incl. gst 14/10", "NEFT CHGS INCL GST" },
		{ "ACH D- TP ACH INDIAINFO-118822", "ACH TP ACH INDIAINFO" },
		{ "1 2 3", "" }, { "", "" },
		{ "ELECTRICITY MAHADISCOM PAYMENT OF OCTOBER BILL NUMBER",
		    "ELECTRICITY MAHADISCOM PAYMENT OF OCTOBER" },
	};
	char out[PAIR_PATTERN], long_word[500];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		pair_pattern(cases[i].text, out);
		assert_string_equal(out, cases[i].pattern);
	}
	memset(long_word, 'A', sizeof long_word);
	long_word[sizeof long_word - 1] = '\0';
	pair_pattern(long_word, out);
	assert_string_equal(out, "");
}

/* ---- lines that take each other back ------------------------------------ */

static void
taken_back(const char *first, const char *then, enum pair_sure sure,
    const char *by)
{
	const struct pair *pair;

	p.n_lines = p.n_items = 0;
	line(100, -29500, first);
	line(103, 29500, then);
	pair = only(PAIR_REVERSED, sure);
	assert_int_equal(pair->n_lines, 2);
	assert_int_equal(pair->lines[0], 0);
	assert_int_equal(pair->lines[1], 1);
	assert_int_equal(pair->n_items, 0);
	assert_int_equal(pair->off, 0);
	assert_int_equal(pair->days, 3);
	if (by == NULL)
		assert_null(pair->by);
	else
		assert_string_equal(pair->by, by);
}

static void
test_reversed(void **state)
{
	(void)state;
	taken_back("CHQ RETURN CHGS", "REV CHQ RETURN CHGS", PAIR_LIKELY,
	    "CHQ CHGS");
	taken_back("SMS CHGS 0610", "SMS CHGS REVERSAL", PAIR_LIKELY,
	    "SMS CHGS");
	taken_back("NEFT DR-KONKAN-AXISN26101400047",
	    "neft rtn axisn26101400047 acct closed", PAIR_LIKELY,
	    "AXISN26101400047");
	taken_back("UPI/628012345678/KONKAN", "UPI/628012345678/CR",
	    PAIR_LIKELY, "628012345678");
	/* Only a word, or only the same words. */
	taken_back("ACH D-MAHADISCOM", "RETURN OF FUNDS", PAIR_MAYBE, NULL);
	taken_back("BY TRANSFER SELF", "BY TRANSFER SELF", PAIR_MAYBE,
	    "BY TRANSFER SELF");
}

static void
test_not_reversed(void **state)
{
	static const struct {
		int32_t day;
		int64_t amount;
		const char *text;
	} then[] = {
		{ 103, 29500, "NEFT CR-KONKAN" },	/* nothing says so */
		{ 103, 29499, "REV CHQ CHGS" },		/* another amount */
		{ 103, -29500, "REV CHQ CHGS" },	/* the same sign */
		{ 132, 29500, "REV CHQ CHGS" },		/* long after */
		{ 99, 29500, "RETURN OF FUNDS" },	/* before it */
		{ 103, 29500, "RETAIL REVENUE" },	/* no such word */
	};

	(void)state;
	for (size_t i = 0; i < sizeof then / sizeof *then; i++) {
		p.n_lines = p.n_items = 0;
		line(100, -29500, "CHQ CHGS");
		line(then[i].day, then[i].amount, then[i].text);
		pairing_run(arena, &p);
		assert_int_equal(p.n_pairs, 0);
	}
	/* Books say what both are of. */
	p.n_lines = p.n_items = 0;
	line(100, -29500, "CHQ CHGS");
	line(103, 29500, "REV CHQ CHGS");
	item(100, -29500, NULL);
	item(103, 29500, NULL);
	pairing_run(arena, &p);
	assert_int_equal(p.n_pairs, 2);
	assert_int_equal(p.pairs[0].n_items, 1);
	assert_int_equal(p.pairs[1].n_items, 1);
}

/* Of two charges one is taken back, and nothing says which. */
static void
test_reversed_twice(void **state)
{
	(void)state;
	line(100, -5900, "SMS CHGS SEP");
	line(101, -5900, "SMS CHGS OCT");
	line(103, 5900, "REV SMS CHGS");
	assert_int_equal(only(PAIR_REVERSED, PAIR_MAYBE)->lines[0], 1);
	assert_int_equal(p.pairs[0].alike, 1);
	/* One charge, and two that would take it back. */
	p.n_lines = 0;
	line(100, -5900, "SMS CHGS");
	line(103, 5900, "REV SMS CHGS");
	line(104, 5900, "REV SMS CHGS");
	assert_int_equal(only(PAIR_REVERSED, PAIR_MAYBE)->lines[1], 1);
	assert_int_equal(p.pairs[0].alike, 1);
	/* Two of each. */
	p.n_lines = 0;
	line(100, -5900, "SMS CHGS");
	line(100, -5900, "SMS CHGS");
	line(103, 5900, "REV SMS CHGS");
	line(104, 5900, "REV SMS CHGS");
	pairing_run(arena, &p);
	assert_int_equal(p.n_pairs, 2);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(p.pairs[i].sure, PAIR_MAYBE);
	/* A reference says which. */
	p.n_lines = 0;
	line(100, -5900, "NEFT DR AXISN26101400047");
	line(101, -5900, "NEFT DR AXISN26101400048");
	line(103, 5900, "NEFT RTN AXISN26101400047");
	assert_int_equal(only(PAIR_REVERSED, PAIR_LIKELY)->lines[0], 0);
}

static void
test_names(void **state)
{
	enum pair_rule rule;
	enum pair_sure sure;

	(void)state;
	for (int i = 0; i < PAIR_RULES; i++) {
		assert_true(pair_rule_find(pair_rule_name((enum pair_rule)i),
		    &rule));
		assert_int_equal(rule, i);
	}
	for (int i = 0; i < PAIR_SURES; i++) {
		assert_true(pair_sure_find(pair_sure_name((enum pair_sure)i),
		    &sure));
		assert_int_equal(sure, i);
	}
	assert_false(pair_rule_find("none", &rule));
	assert_false(pair_sure_find("none", &sure));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_reference), TEST(test_another_number),
		TEST(test_reference_twice), TEST(test_payout),
		TEST(test_many), TEST(test_off), TEST(test_amount),
		TEST(test_name), TEST(test_near), TEST(test_order),
		TEST(test_off_all), TEST(test_payout_twice),
		TEST(test_again), TEST(test_reference_best), TEST(test_claimed),
		TEST(test_rivals), TEST(test_sum), TEST(test_sum_as_all), TEST(test_all_alike),
		TEST(test_worst_sums), TEST(test_cut_is_never_certain),
		TEST(test_lines_of_another_year), TEST(test_long_narration),
		TEST(test_largest), TEST(test_any_order), TEST(test_pattern),
		TEST(test_reversed), TEST(test_not_reversed),
		TEST(test_reversed_twice),
		TEST(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
