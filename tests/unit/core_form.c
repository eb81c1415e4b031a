/* URL-encoded forms: what is taken, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/form.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void
values(void **state)
{
	static const struct {
		const char *text, *name, *value;
	} rows[] = {
		{ "a=b", "a", "b" }, { "a=b&c=d", "c", "d" },
		{ "a=b%20c+d", "a", "b c d" }, { "a=%2B%26%3d", "a", "+&=" },
		{ "a", "a", NULL }, { "a=", "a", NULL }, { "", "a", NULL },
		{ "&&a=1&", "a", "1" }, { "a=b=c", "a", "b=c" },
		{ "%61=1", "a", "1" }, { "a=%e0%a4%95", "a", "\xe0\xa4\x95" },
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct form form;
		struct err e = { 0 };
		const char *value;

		assert_true(form_read(span_of(rows[i].text), arena, &form,
		    &e));
		value = form_value(&form, rows[i].name);
		if (rows[i].value == NULL)
			assert_null(value);
		else
			assert_string_equal(value, rows[i].value);
	}
	arena_free(&arena);
}

static void
refusals(void **state)
{
	static const struct span rows[] = {
		SPAN("a=%"), SPAN("a=%2"), SPAN("a=%zz"), SPAN("a=%00"),
		SPAN("a=b\0c"), SPAN("%=1"), SPAN("a=1&a=2"),
		SPAN("a=1&%61=1"), SPAN("a&b&c&d&e&f&g&h&i&j&k&l&m&n&o&p&q"),
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct form form;
		struct err e = { 0 };

		if (form_read(rows[i], arena, &form, &e))
			fail_msg("row %zu passes", i);
		assert_int_equal(e.code, ERR_REQUEST);
	}
	arena_free(&arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(values), cmocka_unit_test(refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
