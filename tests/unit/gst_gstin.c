/* Numbers of taxpayers: every row of gstin.tsv, and what each category may
 * have. */
#include "gst_law.h"

#include "gst/gstin.h"

static const char *const kinds[] = {
	[GSTIN_NONE] = "none", [GSTIN_REGULAR] = "regular",
	[GSTIN_GOVERNMENT] = "government", [GSTIN_OPERATOR] = "operator",
	[GSTIN_DEDUCTOR] = "deductor", [GSTIN_UIN] = "uin",
	[GSTIN_NON_RESIDENT] = "non_resident", [GSTIN_OIDAR] = "oidar",
};

static void
judge(const char *number, const char *verdict, const char *right,
    const char *kind)
{
	char clean[GSTIN_SIZE];

	if (strcmp(verdict, "short") == 0) {
		assert_false(gstin_clean(span_of(number), clean));
		return;
	}
	assert_true(gstin_clean(span_of(number), clean));
	if (strcmp(verdict, "invalid") != 0) {
		assert_true(gstin_valid(clean));
		assert_int_equal(gstin_check(clean), clean[14]);
	} else {
		assert_false(gstin_valid(clean));
	}
	if (right[0] != '\0')
		assert_int_equal(gstin_check(clean), right[0]);
	if (kind[0] != '\0')
		assert_string_equal(kinds[gstin_kind(clean)], kind);
}

static void
every_number_is_judged(void **state)
{
	struct rows r;

	(void)state;
	rows_open(&r, "gstin.tsv");
	while (rows_next(&r))
		judge(r.field[0], r.field[1], r.field[2], r.field[3]);
	assert_int_equal(r.n, 55);
}

/* Any one character that is another makes another number. */
static void
a_slip_is_seen(void **state)
{
	static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	static const char right[] = "27AAPFU0939F1ZV";

	(void)state;
	for (size_t i = 0; i < 14; i++) {
		for (size_t c = 0; letters[c] != '\0'; c++) {
			char wrong[GSTIN_SIZE];

			strcpy(wrong, right);
			wrong[i] = letters[c];
			if (wrong[i] != right[i])
				assert_false(gstin_valid(wrong));
		}
	}
}

static void
what_is_no_number_is_none(void **state)
{
	static const char *const wrong[] = {
		"", "27AAAAA0000A1Z", "27AAAAA0000A1Z2X", "27AAAAA0000A1Z!",
		("2\xe0\xa4\xad" "AAAAA0000A1"),
	};
	char clean[GSTIN_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		assert_false(gstin_clean(span_of(wrong[i]), clean));
		assert_string_equal(clean, "");
	}
	assert_false(gstin_clean((struct span){ "27AAAAA0000A1\0Z", 15 },
	    clean));
	assert_true(gstin_clean(span_of("  27aaaaa0000a1z2 "), clean));
	assert_string_equal(clean, "27AAAAA0000A1Z2");
	assert_int_equal(gstin_kind("27AAAAA0000A0Z2"), GSTIN_NONE);
	assert_int_equal(gstin_kind("27AAAAA0000A1K2"), GSTIN_NONE);
	assert_int_equal(gstin_kind("27AAAA00000A1Z2"), GSTIN_GOVERNMENT);
	assert_int_equal(gstin_check("27aaaaa0000a1z"), '\0');
	assert_int_equal(gstin_check("27"), '\0');
}

static void
each_category_has_its_own(void **state)
{
	static const struct {
		const char *gstin;
		enum gst_category may[4];	/* ended by regular again */
	} rows[] = {
		{ "0717USA00037UNW", { GST_UIN, GST_UIN } },
		{ "3318FRA00021NRS", { GST_OVERSEAS, GST_OVERSEAS } },
		{ "9918SGP29001OSR", { GST_OVERSEAS, GST_OVERSEAS } },
		{ "29AABCF8078M1C8", { GST_OPERATOR, GST_OPERATOR } },
		{ "27MUMA12345B1D5", { GST_DEDUCTOR, GST_DEDUCTOR } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		for (int c = 0; c < GST_CATEGORIES; c++)
			assert_int_equal(gstin_fits(rows[i].gstin,
			    (enum gst_category)c),
			    (int)rows[i].may[0] == c);
	for (int c = 0; c < GST_CATEGORIES; c++)
		assert_int_equal(gstin_fits("27AAAAA0000A1Z2",
		    (enum gst_category)c), c != GST_UNREGISTERED &&
		    c != GST_OVERSEAS && c != GST_UIN && c != GST_OPERATOR &&
		    c != GST_DEDUCTOR);
}

static void
state_and_pan_are_inside(void **state)
{
	char code[3], pan[11];

	(void)state;
	gstin_state("27AAPFU0939F1ZV", code);
	assert_string_equal(code, "27");
	assert_true(gstin_pan("27AAPFU0939F1ZV", pan));
	assert_string_equal(pan, "AAPFU0939F");
	assert_false(gstin_pan("0717USA00037UNW", pan));
	assert_string_equal(pan, "");
	assert_false(gstin_pan("27AAPFU", pan));
}

static void
words_are_found_again(void **state)
{
	enum gst_category category;
	enum gst_treatment treatment;
	enum gst_head head;

	(void)state;
	for (int i = 0; i < GST_CATEGORIES; i++) {
		assert_true(gst_category_find(gst_category_name(
		    (enum gst_category)i), &category));
		assert_int_equal(category, i);
	}
	for (int i = 0; i < GST_UNSAID; i++) {
		assert_true(gst_treatment_find(gst_treatment_name(
		    (enum gst_treatment)i), &treatment));
		assert_int_equal(treatment, i);
	}
	for (int i = 0; i < GST_HEADS; i++) {
		assert_true(gst_head_find(gst_head_name((enum gst_head)i),
		    &head));
		assert_int_equal(head, i);
	}
	assert_false(gst_category_find("friend", &category));
	assert_false(gst_category_find(NULL, &category));
	assert_false(gst_treatment_find("", &treatment));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_number_is_judged),
		cmocka_unit_test(a_slip_is_seen),
		cmocka_unit_test(what_is_no_number_is_none),
		cmocka_unit_test(each_category_has_its_own),
		cmocka_unit_test(state_and_pan_are_inside),
		cmocka_unit_test(words_are_found_again),
	};

	return cmocka_run_group_tests(tests, law_open, law_close);
}
