/* Lines that differ: applied to the old text they give the new one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/str.h"
#include "core/textdiff.h"

static void
take(void *arg, char op, unsigned number, struct span text)
{
	struct str *out = arg;

	str_addf(out, "%c%u %.*s\n", op, number, (int)text.n, text.p);
}

static void
check(const char *old, const char *new, const char *want)
{
	struct str out;

	str_init(&out, 1 << 20);
	text_diff(span_of(old), span_of(new), take, &out);
	assert_string_equal(out.p, want);
	str_free(&out);
}

static void
test_lines(void **state)
{
	(void)state;
	check("", "", "");
	check("a\nb\n", "a\nb\n", "");
	check("a\nb\n", "a\nb", "");
	check("", "a\nb\n", "+1 a\n+2 b\n");
	check("a\nb\n", "", "-1 a\n-2 b\n");
	check("a\nb\nc\n", "a\nx\nc\n", "-2 b\n+2 x\n");
	check("a\nb\nc\nd\n", "a\nc\nd\ne\n", "-2 b\n+4 e\n");
	check("a\na\nb\n", "a\nb\na\nb\n", "+2 b\n");
}

/* The old text as lines, changed as the difference says. */
static void
apply(void *arg, char op, unsigned number, struct span text)
{
	char (*sides)[64] = arg;
	char *side = sides[op == '+'];

	assert_true(number < 64);
	side[number] = text.n > 0 ? text.p[0] : '?';
}

static void
random_lines(char *text, size_t lines)
{
	for (size_t i = 0; i < lines; i++) {
		text[2 * i] = (char)('a' + rand() % 3);
		text[2 * i + 1] = '\n';
	}
	text[2 * lines] = '\0';
}

/* Without those removed and added, the two are the same lines. */
static void
test_any(void **state)
{
	(void)state;
	srand(7);
	for (int n = 0; n < 2000; n++) {
		char old[64], new[64], sides[2][64] = { "", "" };
		char left[2][64] = { "", "" };
		const char *const texts[2] = { old, new };

		random_lines(old, (size_t)(rand() % 20));
		random_lines(new, (size_t)(rand() % 20));
		text_diff(span_of(old), span_of(new), apply, sides);
		for (int s = 0; s < 2; s++)
			for (size_t i = 0, to = 0; texts[s][2 * i] != '\0';
			    i++)
				if (sides[s][i + 1] == '\0')
					left[s][to++] = texts[s][2 * i];
				else
					assert_int_equal(sides[s][i + 1],
					    texts[s][2 * i]);
		assert_string_equal(left[0], left[1]);
	}
}

static void
test_too_long(void **state)
{
	struct str old, new, out;

	(void)state;
	str_init(&old, 1 << 20);
	str_init(&new, 1 << 20);
	str_init(&out, 1 << 20);
	for (int i = 0; i <= TEXTDIFF_MAX; i++) {
		str_addf(&old, "o%d\n", i);
		str_addf(&new, "n%d\n", i);
	}
	text_diff(str_span(&old), str_span(&new), take, &out);
	assert_memory_equal(out.p, "-1 o0\n-2 o1\n", 12);
	assert_non_null(strstr(out.p, "\n+3001 n3000\n"));
	str_free(&old);
	str_free(&new);
	str_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_any),
		cmocka_unit_test(test_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
