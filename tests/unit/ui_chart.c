/*
 * Pictures of counts: what is most is full, nothing is blank, and no count
 * that there is disappears.
 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/utf8.h"
#include "ui/chart.h"

static void
sparks(void **state)
{
	static const int64_t some[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8 };
	static const int64_t odd[] = { -5, 0, INT64_MAX, 1, INT64_MAX / 2 };
	static const int64_t none[] = { 0, 0, 0 };
	struct arena *arena = arena_new();

	(void)state;
	assert_string_equal(chart_spark(arena, some, 9), " ▁▂▃▄▅▆▇█");
	assert_string_equal(chart_spark(arena, odd, 5), "  █▁▄");
	assert_string_equal(chart_spark(arena, none, 3), "   ");
	assert_string_equal(chart_spark(arena, none, 0), "");
	arena_free(&arena);
}

/* For shares of all kinds: as many cells as asked, none forgotten. */
static void
bars(void **state)
{
	static const int64_t some[] = { 2, 0, 1, 1, 0 };
	struct arena *arena = arena_new();

	(void)state;
	assert_string_equal(chart_bar(arena, some, 5, 8), "░░░░▄▄▆▆");
	assert_string_equal(chart_bar(arena, some, 0, 8), "");
	srand(6);
	for (int round = 0; round < 2000; round++) {
		int64_t parts[5];
		size_t there = 0;
		int cells = 5 + rand() % 60;
		const char *bar;

		for (size_t i = 0; i < 5; i++) {
			parts[i] = rand() % 3 == 0 ? 0 : rand() % 4 == 0 ?
			    INT64_MAX / 5 : rand() % 1000;
			there += parts[i] > 0;
		}
		arena_reset(arena);
		bar = chart_bar(arena, parts, 5, cells);
		assert_int_equal(utf8_width(span_of(bar)), there > 0 ?
		    cells : 0);
		for (size_t i = 0; i < 5; i++)
			assert_int_equal(strstr(bar, chart_fill(i)) != NULL,
			    parts[i] > 0);
	}
	arena_free(&arena);
}

static void
heats(void **state)
{
	static const int64_t some[] = { 0, 1, 25, 26, 50, 51, 76, 100 };
	struct arena *arena = arena_new();

	(void)state;
	assert_string_equal(chart_heat(arena, some, 8),
	    "--░a░a▒b▒b▆c█d█d");
	for (int level = 0; level <= CHART_LEVELS; level++)
		assert_int_equal(chart_level_most(some, 8, level),
		    25 * level);
	assert_string_equal(chart_heat(arena, some, 1), "--");
	arena_free(&arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(sparks),
		cmocka_unit_test(bars),
		cmocka_unit_test(heats),
	};

	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
