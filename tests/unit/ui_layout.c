/* Which columns fit, how they are arranged by hand, and the same as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ui/layout.h"

static const struct column columns[] = {
	{ .head = "Event", .width = 8 },
	{ .head = "State", .width = 8, .drop = 2 },
	{ .head = "Tax due", .width = 10, .drop = 1, .right = true },
	{ .head = "Tax due", .width = 10 },
	{ .head = "Finding", .width = 12, .stretch = true },
};

#define N (sizeof columns / sizeof *columns)

static int
width(const struct layout_fit *fit)
{
	int total = -1;

	for (size_t i = 0; i < fit->n; i++)
		total += fit->width[i] + 1;
	return total;
}

/* Whatever is done to it, what is drawn has room and the first stays. */
static void
test_fits_any_screen(void **state)
{
	struct layout layout;
	struct layout_fit fit;

	(void)state;
	for (int room = 1; room < 100; room++)
		for (int chosen = -1; chosen < (int)N; chosen++) {
			bool there = chosen < 0;

			layout_reset(&layout, N);
			layout.chosen = chosen;
			layout_fit(&layout, columns, room, &fit);
			assert_true(fit.n >= 1);
			assert_int_equal(fit.column[0], 0);
			for (size_t i = 0; i < fit.n; i++)
				there |= fit.column[i] == chosen;
			assert_true(there);
			if (room >= 8 + 1 + 12)
				assert_true(width(&fit) <= room);
		}
	layout_fit(&layout, columns, 80, &fit);
	assert_int_equal(fit.n, N);
	assert_int_equal(width(&fit), 80);	/* the last one stretches */
}

static void
test_text_and_back(void **state)
{
	struct arena *arena = arena_new();
	struct layout layout, again;
	const char *text, *sort;

	(void)state;
	layout_reset(&layout, N);
	assert_false(layout_own(&layout));
	layout.chosen = 1;
	layout_turn(&layout, columns, 80);
	layout_shift(&layout, 1);
	layout_choose(&layout, 1);
	layout_widen(&layout, columns, 5);
	layout_sort(&layout, 3);
	layout_sort(&layout, 3);
	layout.chosen = -1;
	assert_true(layout_own(&layout));
	text = layout_columns_text(arena, &layout, columns);
	sort = layout_sort_text(arena, &layout, columns);
	assert_string_equal(text,
	    "event tax_due -state tax_due#2:15 finding");
	assert_string_equal(sort, "tax_due#2 down");
	layout_reset(&again, N);
	assert_true(layout_read(&again, columns, text, sort));
	assert_memory_equal(&again, &layout, sizeof layout);
	layout_sort(&layout, 3);
	assert_int_equal(layout.sort, -1);
	arena_free(&arena);
}

static void
test_rubbish_changes_nothing(void **state)
{
	static const char *const bad[][2] = {
		{ "event", "" }, { "event event state tax_due finding", "" },
		{ "nothing", "" }, { "event:0 x", "" }, { ":::::", "" },
		{ "- ! -!", "" }, { "event:99999999999999999999", "" },
		{ "", "event sideways" }, { "", "what" }, { "", " " },
		{ "event state tax_due tax_due#3 finding", "" },
	};
	struct layout layout, before;

	(void)state;
	layout_reset(&layout, N);
	before = layout;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_false(layout_read(&layout, columns, bad[i][0],
		    bad[i][1]));
		assert_memory_equal(&layout, &before, sizeof layout);
	}
	assert_true(layout_read(&layout, columns, "", ""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fits_any_screen),
		cmocka_unit_test(test_text_and_back),
		cmocka_unit_test(test_rubbish_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
