/*
 * The order of set-off: cases worked by hand, and against every way that the
 * law leaves open, of small amounts, that none needs less cash.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gst/setoff.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define I GST_IGST
#define C GST_CGST
#define S GST_SGST

static int64_t
sum(const int64_t *of)
{
	int64_t n = 0;

	for (int i = 0; i < GST_HEADS; i++)
		n += of[i];
	return n;
}

static void
worked_by_hand(void **state)
{
	static const struct {
		int64_t tax[3], credit[3];	/* I C S */
		int64_t paid[7];		/* ii ic is cc ci ss si */
		int64_t cash[3], left[3];
	} rows[] = {
		/* The usual month of a trader. */
		{ { 1000, 300, 300 }, { 1300, 200, 200 },
		    { 1000, 200, 100, 100, 0, 200, 0 },
		    { 0, 0, 0 }, { 0, 100, 0 } },
		/* IGST credit goes where own credit does not reach. */
		{ { 0, 500, 500 }, { 400, 500, 100 },
		    { 0, 0, 400, 500, 0, 100, 0 },
		    { 0, 0, 0 }, { 0, 0, 0 } },
		/* It must be used up before theirs. */
		{ { 0, 500, 500 }, { 400, 500, 500 },
		    { 0, 400, 0, 100, 0, 500, 0 },
		    { 0, 0, 0 }, { 0, 400, 0 } },
		/* Their rest pays IGST, CGST credit first. */
		{ { 1000, 100, 100 }, { 200, 500, 900 },
		    { 200, 0, 0, 100, 400, 100, 400 },
		    { 0, 0, 0 }, { 0, 0, 400 } },
		/* Never each other. */
		{ { 0, 0, 700 }, { 0, 700, 0 },
		    { 0, 0, 0, 0, 0, 0, 0 }, { 0, 0, 700 }, { 0, 700, 0 } },
		/* A credit note month: nothing due is not less than none. */
		{ { -50, 0, 0 }, { -5, 10, 10 },
		    { 0, 0, 0, 0, 0, 0, 0 }, { 0, 0, 0 }, { 0, 10, 10 } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct setoff_want want = { .tax = { 0 } };
		struct setoff s;
		const int64_t *paid = rows[i].paid;

		memcpy(want.tax, rows[i].tax, sizeof rows[i].tax);
		memcpy(want.credit, rows[i].credit, sizeof rows[i].credit);
		setoff(&want, &s);
		assert_int_equal(s.paid[I][I], paid[0]);
		assert_int_equal(s.paid[I][C], paid[1]);
		assert_int_equal(s.paid[I][S], paid[2]);
		assert_int_equal(s.paid[C][C], paid[3]);
		assert_int_equal(s.paid[C][I], paid[4]);
		assert_int_equal(s.paid[S][S], paid[5]);
		assert_int_equal(s.paid[S][I], paid[6]);
		for (int k = 0; k < 3; k++) {
			assert_int_equal(s.cash[k], rows[i].cash[k]);
			assert_int_equal(s.left[k], rows[i].left[k]);
		}
	}
}

static void
cess_is_apart_and_reverse_charge_is_cash(void **state)
{
	const struct setoff_want want = {
	    .tax = { 100, 100, 100, 100 }, .reverse = { 7, 8, 8, 9 },
	    .credit = { 1000, 0, 0, 60 } };
	struct setoff s;

	(void)state;
	setoff(&want, &s);
	assert_int_equal(s.paid[GST_CESS][GST_CESS], 60);
	assert_int_equal(s.cash[GST_CESS], 40);
	assert_int_equal(s.left[GST_IGST], 700);
	assert_int_equal(s.reverse[GST_IGST], 7);
	assert_int_equal(s.reverse[GST_CESS], 9);
	assert_int_equal(sum(s.cash), 40);
}

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
minus(int64_t a, int64_t b)
{
	return a > b ? a - b : 0;
}

/* Least cash over every split of IGST credit between CGST and SGST; what the
 * own credit then pays is no choice. */
static int64_t
brute(const int64_t tax[3], const int64_t credit[3])
{
	int64_t ii = least(tax[0], credit[0]), best = INT64_MAX;
	int64_t rest = credit[0] - ii, igst = tax[0] - ii;
	/* All that can be used of it must be. */
	int64_t use = least(rest, tax[1] + tax[2]);

	for (int64_t ic = 0; ic <= least(use, tax[1]); ic++) {
		int64_t is = use - ic, c, s, cash;

		if (is > tax[2])
			continue;
		c = tax[1] - ic;
		s = tax[2] - is;
		cash = minus(c, credit[1]) + minus(s, credit[2]) +
		    minus(igst, minus(credit[1], c) + minus(credit[2], s));
		best = least(best, cash);
	}
	return best;
}

static void
is_lawful(const struct setoff_want *want, const struct setoff *s)
{
	int64_t used_own = 0;

	for (int tax = 0; tax < GST_HEADS; tax++) {
		int64_t paid = 0;

		for (int credit = 0; credit < GST_HEADS; credit++) {
			assert_true(s->paid[credit][tax] >= 0);
			paid += s->paid[credit][tax];
			if (credit != tax && (credit == GST_CESS ||
			    tax == GST_CESS))
				assert_int_equal(s->paid[credit][tax], 0);
		}
		assert_int_equal(paid + s->cash[tax], want->tax[tax]);
	}
	for (int credit = 0; credit < GST_HEADS; credit++)
		assert_int_equal(sum(s->paid[credit]) + s->left[credit],
		    want->credit[credit]);
	assert_int_equal(s->paid[C][S], 0);
	assert_int_equal(s->paid[S][C], 0);
	/* IGST credit first against IGST, then used up before any other. */
	assert_int_equal(s->paid[I][I], least(want->tax[I],
	    want->credit[I]));
	used_own = sum(s->paid[C]) + sum(s->paid[S]);
	assert_true(s->left[I] == 0 || used_own == 0);
	/* Own head first; SGST credit pays IGST only when CGST's is gone. */
	assert_true(s->paid[C][I] == 0 || s->cash[C] == 0);
	assert_true(s->paid[S][I] == 0 || (s->cash[S] == 0 &&
	    s->left[C] == 0));
}

static void
no_lawful_way_needs_less_cash(void **state)
{
	enum { MOST = 5 };
	struct setoff_want w = { .tax = { 0 } };
	struct setoff s;

	(void)state;
	for (long n = 0; n < 46656; n++) {	/* 6^6 */
		long at = n;

		for (int k = 0; k < 3; k++) {
			w.tax[k] = at % (MOST + 1);
			at /= MOST + 1;
			w.credit[k] = at % (MOST + 1);
			at /= MOST + 1;
		}
		setoff(&w, &s);
		is_lawful(&w, &s);
		assert_int_equal(sum(s.cash), brute(w.tax, w.credit));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(worked_by_hand),
		cmocka_unit_test(cess_is_apart_and_reverse_charge_is_cash),
		cmocka_unit_test(no_lawful_way_needs_less_cash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
