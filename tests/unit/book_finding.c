/*
 * The table of findings is whole, its signatures never change, and no finding
 * that blocks is ever lost.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "book/finding.h"
#include "core/utf8.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static size_t
count_of(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)) != NULL; text += strlen(what))
		n++;
	return n;
}

static void
table_is_whole(void **state)
{
	(void)state;
	for (int a = 0; a < FIND_CODES; a++) {
		const struct finding_info *info =
		    finding_info((enum finding_code)a);
		enum finding_code found;

		if (info->name == NULL || info->what == NULL ||
		    info->hint == NULL || info->dimension == NULL)
			fail_msg("code %d has no row", a);
		assert_non_null(strchr(info->name, '.'));
		assert_int_equal(info->name[strspn(info->name,
		    "abcdefghijklmnopqrstuvwxyz0123456789_.")], '\0');
		assert_true(strlen(info->what) > 10);
		assert_int_equal(info->what[strlen(info->what) - 1], '.');
		if (count_of(info->what, "%s") > 1 ||
		    count_of(info->what, "%") != count_of(info->what, "%s"))
			fail_msg("%s: %s", info->name, info->what);
		assert_null(strchr(info->hint, '%'));
		if (info->level == FINDING_BLOCK)
			assert_true(info->hint[0] != '\0');
		/* `fix` adds a mapping, which needs a dimension. */
		if (info->fixable)
			assert_true(info->dimension[0] != '\0');
		/* A thing that is named is shown. */
		if (info->dimension[0] != '\0')
			assert_int_equal(count_of(info->what, "%s"), 1);
		for (int b = 0; b < a; b++)
			assert_string_not_equal(info->name,
			    finding_info((enum finding_code)b)->name);
		assert_true(finding_find(info->name, &found));
		assert_int_equal(found, a);
	}
}

static void
finds_no_other_names(void **state)
{
	enum finding_code found = FIND_DATE;

	(void)state;
	assert_false(finding_find("", &found));
	assert_false(finding_find("account", &found));
	assert_false(finding_find("Account.unmapped", &found));
	assert_int_equal(found, FIND_DATE);
}

static void
sentences(void **state)
{
	static const struct {
		enum finding_code code;
		const char *value, *sentence;
	} rows[] = {
		{ FIND_ACCOUNT, "SKU-X", "No account is known for \"SKU-X\"."
		},
		{ FIND_ACCOUNT, "", "No account is known for \"\"." },
		{ FIND_ACCOUNT, "%s%n%d",
		    "No account is known for \"%s%n%d\"." },
		{ FIND_PERIOD_CLOSED, "2026-09",
		    "The period 2026-09 is closed." },
		{ FIND_JSON, "unused", "The message is not readable JSON." },
	};
	struct str out;

	(void)state;
	str_init(&out, 1000);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct finding f = { rows[i].code, FINDING_BLOCK,
		    rows[i].value, "", "" };

		str_clear(&out);
		finding_sentence(&f, &out);
		assert_string_equal(out.p, rows[i].sentence);
	}
	str_free(&out);
}

/* SHA-256 of the four parts with NUL between, first 16 digits: kept in
 * databases, so these may never change. */
static void
signatures_stay(void **state)
{
	static const struct {
		enum finding_code code;
		const char *source, *value, *signature;
	} rows[] = {
		{ FIND_ACCOUNT, "shopify", "SKU-X", "3269ef15c685846f" },
		{ FIND_ACCOUNT, "", "shopify", "e1378741ab7064c7" },
		{ FIND_PERIOD_CLOSED, "pos", "2026-09", "b6f978c1872a9270" },
		{ FIND_SCHEMA, "pos", "data.amount", "893519ae9224d56f" },
		/* the value of one document is no cause of its own */
		{ FIND_JSON, "pos", "any", "750b0fb399924337" },
		{ FIND_AMOUNT, "pos", "1.005", "382e9deec66bba82" },
		{ FIND_AMOUNT, "pos", "9.999", "382e9deec66bba82" },
	};
	char out[17];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct finding f = { rows[i].code, FINDING_BLOCK, rows[i].value,
		    "lines[0].account", "why" };

		finding_signature(&f, rows[i].source, out);
		assert_string_equal(out, rows[i].signature);
		f.field = "elsewhere";
		f.detail = "";
		finding_signature(&f, rows[i].source, out);
		assert_string_equal(out, rows[i].signature);
	}
}

static void
adds_once(void **state)
{
	struct arena *arena = arena_new();
	struct findings *all = arena_alloc(arena, sizeof *all);
	char value[] = "SKU-X";

	(void)state;
	assert_false(findings_block(all));
	finding_add(all, arena, FIND_ACCOUNT, value, "a", "why");
	value[0] = '?';		/* texts are copied */
	finding_add(all, arena, FIND_ACCOUNT, "SKU-X", "a", "other why");
	assert_int_equal(all->n, 1);
	assert_string_equal(all->items[0].value, "SKU-X");
	assert_string_equal(all->items[0].detail, "why");
	finding_add(all, arena, FIND_ACCOUNT, "SKU-X", "b", NULL);
	finding_add(all, arena, FIND_ACCOUNT, "SKU-Y", "a", NULL);
	finding_add(all, arena, FIND_ITEM, "SKU-X", "a", NULL);
	assert_int_equal(all->n, 4);
	finding_add(all, arena, FIND_JSON, NULL, NULL, NULL);
	finding_add(all, arena, FIND_JSON, "", "", "");
	assert_int_equal(all->n, 5);
	assert_string_equal(all->items[4].value, "");
	assert_string_equal(all->items[4].field, "");
	assert_string_equal(all->items[4].detail, "");
	assert_true(findings_block(all));
	assert_false(all->cut);
	arena_free(&arena);
}

/* A long value is cut to whole characters, and is still the same value. */
static void
cuts_long_values(void **state)
{
	struct arena *arena = arena_new();
	struct findings *all = arena_alloc(arena, sizeof *all);
	char value[601];

	(void)state;
	for (int i = 0; i < 200; i++)
		memcpy(value + 3 * i, "\xe2\x82\xb9", 3);
	value[600] = '\0';
	for (int i = 0; i < 3; i++)
		finding_add(all, arena, FIND_ACCOUNT, value, value, NULL);
	assert_int_equal(all->n, 1);
	assert_in_range(strlen(all->items[0].value), 197, 200);
	assert_true(utf8_valid(span_of(all->items[0].value)));
	assert_true(utf8_valid(span_of(all->items[0].field)));
	arena_free(&arena);
}

static void
bounds_the_number(void **state)
{
	struct arena *arena = arena_new();
	struct findings *all = arena_alloc(arena, sizeof *all);

	(void)state;
	for (int i = 0; i < FINDINGS_MAX; i++)
		finding_add(all, arena, FIND_ITEM,
		    arena_printf(arena, "%d", i), "", NULL);
	assert_int_equal(all->n, FINDINGS_MAX);
	assert_false(all->cut);
	finding_add(all, arena, FIND_ITEM, "0", "", NULL);
	assert_false(all->cut);
	finding_add(all, arena, FIND_ITEM, "64", "", NULL);
	assert_int_equal(all->n, FINDINGS_MAX);
	assert_true(all->cut);
	arena_free(&arena);
}

/* Warnings cannot crowd out the one finding that must stop the posting. */
static void
a_block_is_never_cut(void **state)
{
	struct arena *arena = arena_new();
	struct findings *all = arena_alloc(arena, sizeof *all);

	(void)state;
	for (int i = 0; i < FINDINGS_MAX; i++)
		finding_add(all, arena, FIND_TEST_MODE,
		    arena_printf(arena, "%d", i), "", NULL);
	assert_false(findings_block(all));
	finding_add(all, arena, FIND_UNBALANCED, "1.00", "", NULL);
	assert_true(findings_block(all));
	assert_true(all->cut);
	assert_int_equal(all->n, FINDINGS_MAX);
	arena_free(&arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_is_whole),
		cmocka_unit_test(finds_no_other_names),
		cmocka_unit_test(sentences),
		cmocka_unit_test(signatures_stay),
		cmocka_unit_test(adds_once),
		cmocka_unit_test(cuts_long_values),
		cmocka_unit_test(bounds_the_number),
		cmocka_unit_test(a_block_is_never_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
