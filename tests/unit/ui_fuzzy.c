/* Looking things up by a few letters of them; a typed line into words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <string.h>

#include "ui/fuzzy.h"
#include "ui/split.h"

static void
finds_letters_in_order(void **state)
{
	(void)state;
	assert_int_equal(fuzzy_score("", "retry"), 0);
	assert_true(fuzzy_score("rty", "retry") > 0);
	assert_true(fuzzy_score("RTY", "retry") > 0);
	assert_int_equal(fuzzy_score("ytr", "retry"), -1);
	assert_int_equal(fuzzy_score("retryy", "retry"), -1);
	assert_int_equal(fuzzy_score("a", ""), -1);
}

static void
better(const char *typed, const char *good, const char *less)
{
	int a = fuzzy_score(typed, good), b = fuzzy_score(typed, less);

	if (a <= b)
		fail_msg("%s: %s %d, %s %d", typed, good, a, less, b);
}

static void
word_starts_and_rows_count_most(void **state)
{
	(void)state;
	better("ta", "trial balance and accounts", "data of all");
	better("led", "ledger", "failed");
	better("gl", "gst liability", "angle");
	better("close", "close", "close period");
	better("close", "close board", "c l o s e");
	better("cl bo", "the close board", "a clean table to own");
	/* The best place of a letter, not the first. */
	better("ab", "a x ab", "a x b");
}

static void
letters_of_any_script(void **state)
{
	(void)state;
	assert_true(fuzzy_score("खा", "लेखा") > 0);
	assert_int_equal(fuzzy_score("खा", "बही"), -1);
	assert_true(fuzzy_score("É", "éclair") > 0);
	/* Bytes that are no letters do no harm. */
	assert_int_equal(fuzzy_score("a", "\xff\xfe"), -1);
}

static void
long_texts_are_cut(void **state)
{
	char text[2000];

	(void)state;
	memset(text, 'a', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	assert_true(fuzzy_score(text, text) > 0);
}

static void
splits(const char *line, int n, const char *first, const char *last)
{
	struct arena *arena = arena_new();
	struct err e = { 0 };
	struct split out;

	assert_true(split_line(arena, line, &out, &e));
	assert_int_equal(out.n, n);
	if (n > 0) {
		assert_string_equal(out.words[0], first);
		assert_string_equal(out.words[n - 1], last);
	}
	assert_null(out.words[n]);
	arena_free(&arena);
}

static void
words_are_words(void **state)
{
	(void)state;
	splits("", 0, "", "");
	splits("  retry   E12 ", 2, "retry", "E12");
	splits("dismiss E1 'sent twice; id'", 3, "dismiss",
	    "sent twice; id");
	splits("a \"b 'c' \\\" d\"", 2, "a", "b 'c' \" d");
	splits("a b\\ c", 2, "a", "b c");
	splits("a ''", 2, "a", "");
	splits("a '\\'", 2, "a", "\\");
	/* Nothing of it means anything to anybody. */
	splits("status; id", 2, "status;", "id");
	splits("$(id) `id` > x | y & $HOME *", 9, "$(id)", "*");
}

static void
what_is_not_closed_is_refused(void **state)
{
	struct arena *arena = arena_new();
	struct err e = { 0 };
	struct split out;
	char many[200];

	(void)state;
	assert_false(split_line(arena, "a 'b", &out, &e));
	assert_int_equal(e.code, ERR_USAGE);
	for (size_t i = 0; i < sizeof many - 1; i++)
		many[i] = i % 2 == 0 ? 'a' : ' ';
	many[sizeof many - 1] = '\0';
	e = (struct err){ 0 };
	assert_false(split_line(arena, many, &out, &e));
	arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_letters_in_order),
		cmocka_unit_test(word_starts_and_rows_count_most),
		cmocka_unit_test(letters_of_any_script),
		cmocka_unit_test(long_texts_are_cut),
		cmocka_unit_test(words_are_words),
		cmocka_unit_test(what_is_not_closed_is_refused),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
