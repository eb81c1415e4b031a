/*
 * What a target is told of a journal: references, mapping, texts; what is
 * kept of what it says; its settings.
 */
#include <sys/stat.h>

#include "targets/list.h"
#include "own_store.h"

static void
references_are_read_back(void **state)
{
	char text[REFERENCE_MAX];

	(void)state;
	posting_reference("IN01", 123, text);
	assert_string_equal(text, "bahi-IN01-000000000123");
	assert_int_equal(posting_journal(text), 123);
	posting_reference("A B/%", 7, text);
	assert_string_equal(text, "bahi-A_B__-000000000007");
	posting_reference("A-1", 999999999999, text);
	assert_int_equal(posting_journal(text), 999999999999);
	assert_int_equal(posting_journal("bahi-IN01-12"), 0);
	assert_int_equal(posting_journal("bahi-"), 0);
	assert_int_equal(posting_journal("bahi--000000000012"), 0);
	assert_int_equal(posting_journal("IN01-000000000123"), 0);
	assert_int_equal(posting_journal("bahi-IN01-00000000012x"), 0);
	assert_int_equal(posting_journal(""), 0);
}

static void
texts_do_not_depend_on_the_order(void **state)
{
	struct posting_line one[] = {
		{ .account = "1000", .party = "", .amount = 118000 },
		{ .account = "4000", .party = "P", .amount = -100000 },
		{ .account = "4000", .party = "", .amount = -18000 },
	};
	struct posting_line other[] = { one[2], one[0], one[1] };
	struct day day = { "2026-11-01" };
	struct str a, b;

	(void)state;
	str_init(&a, 1000);
	str_init(&b, 1000);
	posting_text(day, one, 3, &a);
	posting_text(day, other, 3, &b);
	assert_string_equal(a.p, b.p);
	assert_string_equal(a.p, "2026-11-01\n1000\t\t118000\n"
	    "4000\t\t-18000\n4000\tP\t-100000\n");
	other[0].amount = -18001;
	str_clear(&b);
	posting_text(day, other, 3, &b);
	assert_string_not_equal(a.p, b.p);
	str_free(&a);
	str_free(&b);
}

static void
words_are_one_clean_line(void **state)
{
	char *many = arena_alloc(arena, 5000);

	(void)state;
	assert_string_equal(words_of(SPAN("  a\x1b[31m\n\tb \xff c  "), arena),
	    "a [31m b \xef\xbf\xbd c");
	memset(many, 'x', 5000);
	assert_true(strlen(words_of((struct span){ many, 5000 }, arena)) <=
	    TARGET_WORDS);
	assert_string_equal(words_of(SPAN(""), arena), "");
}

static void
statuses_are_judged(void **state)
{
	static const struct {
		int status;
		enum verdict_kind kind;
		enum refusal refusal;
	} all[] = {
		{ 429, VERDICT_AWAY, REFUSAL_RATE },
		{ 408, VERDICT_UNKNOWN, REFUSAL_CONNECTION },
		{ 401, VERDICT_REFUSED, REFUSAL_RIGHTS },
		{ 403, VERDICT_REFUSED, REFUSAL_RIGHTS },
		{ 422, VERDICT_REFUSED, REFUSAL_DATA },
		{ 500, VERDICT_UNKNOWN, REFUSAL_CONNECTION },
		{ 503, VERDICT_UNKNOWN, REFUSAL_CONNECTION },
		{ 302, VERDICT_UNKNOWN, REFUSAL_CONNECTION },
	};
	struct fetch_answer answer = { .retry_after = "7" };
	struct verdict v = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		answer.status = all[i].status;
		assert_true(verdict_of_status(&answer, &v));
		assert_int_equal(v.kind, all[i].kind);
		assert_int_equal(v.refusal, all[i].refusal);
		assert_int_equal(v.wait, 7000000);
	}
	answer.status = 201;
	assert_false(verdict_of_status(&answer, &v));
	answer = (struct fetch_answer){ .status = 500, .retry_after = "x" };
	assert_true(verdict_of_status(&answer, &v));
	assert_int_equal(v.wait, -1);
}

static void
put(const char *name, const char *text, mode_t mode)
{
	char file[128];
	FILE *f;

	snprintf(file, sizeof file, "%s/%s", folder, name);
	f = fopen(file, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(file, mode), 0);
}

static void
settings_are_judged(void **state)
{
	static const char *const bad[] = {
		"kind = nosuch\nurl = https://erp.example\n",
		"url = https://erp.example\n",
		"kind = nosuch\nrate = -1\n",
		"kind = nosuch\nwhat = 1\n",
	};
	char digest[SHA256_HEX], file[128];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct err e = { 0 };

		put("erp.conf", bad[i], 0644);
		assert_null(targetconf_read(folder, "erp", digest, &e));
		assert_int_equal(e.code, ERR_CONFIG);
		assert_int_equal(strlen(digest), 64);
	}
	snprintf(file, sizeof file, "%s/erp.conf", folder);
	assert_int_equal(unlink(file), 0);
}

static void
names_are_read_back(void **state)
{
	enum refusal refusal;

	(void)state;
	for (int i = 0; i < REFUSALS; i++) {
		assert_true(refusal_read(refusal_name((enum refusal)i),
		    &refusal));
		assert_int_equal(refusal, i);
	}
	assert_false(refusal_read("nothing", &refusal));
	for (int i = 0; i < VERDICT_KINDS; i++)
		assert_non_null(verdict_name((enum verdict_kind)i));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(references_are_read_back),
		cmocka_unit_test(texts_do_not_depend_on_the_order),
		cmocka_unit_test(words_are_one_clean_line),
		cmocka_unit_test(statuses_are_judged),
		cmocka_unit_test(settings_are_judged),
		cmocka_unit_test(names_are_read_back),
	};

	return cmocka_run_group_tests(tests, open_books, close_books);
}
