/* Places of supply and states: every row of state_codes.tsv and 5.1. */
#include "gst_law.h"

#include "gst/place.h"

static void
every_state_is_there(void **state)
{
	struct rows r;

	(void)state;
	rows_open(&r, "state_codes.tsv");
	while (rows_next(&r)) {
		const struct gst_state *s = reference_gst_state(law,
		    r.field[0]);

		assert_non_null(s);
		assert_string_equal(s->code, r.field[0]);
		assert_string_equal(s->name, r.field[1]);
		assert_int_equal(s->utgst,
		    strcmp(r.field[3], "UTGST") == 0);
		assert_int_equal(s->gstin, r.field[4][0] == 'Y');
		assert_int_equal(s->place, r.field[5][0] == 'Y');
		assert_ptr_equal(reference_gst_state(law, r.field[1]), s);
	}
	assert_int_equal(r.n, 41);
}

static void
a_state_has_several_names(void **state)
{
	static const struct { const char *name, *code; } rows[] = {
		{ "MH", "27" }, { "mh", "27" }, { "maharashtra", "27" },
		{ "OR", "21" }, { "OD", "21" }, { "TG", "36" },
		{ "TS", "36" }, { "UT", "05" }, { "97", "97" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_string_equal(reference_gst_state(law,
		    rows[i].name)->code, rows[i].code);
	assert_null(reference_gst_state(law, "00"));
	assert_null(reference_gst_state(law, "88"));
	assert_null(reference_gst_state(law, "7"));
	assert_null(reference_gst_state(law, ""));
	assert_null(reference_gst_state(law, NULL));
}

static void
states_have_a_group(void **state)
{
	static const char a[] = "22 23 24 27 29 30 32 33 36 37 26 34 35 31";
	static const char b[] = "02 03 05 06 08 09 10 11 12 13 14 15 16 17 "
	    "18 19 20 21 01 38 04 07";
	char code[3];

	(void)state;
	for (const char *at = a; *at != '\0'; at += 2 + (at[2] == ' ')) {
		snprintf(code, sizeof code, "%.2s", at);
		assert_string_equal(reference_gst_state(law, code)->group,
		    "A");
	}
	for (const char *at = b; *at != '\0'; at += 2 + (at[2] == ' ')) {
		snprintf(code, sizeof code, "%.2s", at);
		assert_string_equal(reference_gst_state(law, code)->group,
		    "B");
	}
}

static void
where_and_whether_across(void **state)
{
	static const struct {
		const char *what;
		struct gst_sides sides;
		bool cbw;
		const char *from, *place;
		bool inter;
	} rows[] = {
		{ "same state", { "27AAAAA0000A1Z2", "27BBBBB1111B1ZN", NULL,
		    GST_REGULAR, false }, false, "27", "27", false },
		{ "another state", { "27AAAAA0000A1Z2", "29AABCR1718E1ZL",
		    NULL, GST_REGULAR, false }, false, "27", "29", true },
		{ "the number wins over the address", { "27AAAAA0000A1Z2",
		    "29AABCR1718E1ZL", "27", GST_REGULAR, false }, false,
		    "27", "29", true },
		{ "SEZ of our state", { "27AAAAA0000A1Z2", "27BBBBB1111B1ZN",
		    NULL, GST_SEZ, false }, false, "27", "27", true },
		{ "export", { "27AAAAA0000A1Z2", NULL, NULL, GST_OVERSEAS,
		    false }, false, "27", "96", true },
		{ "bought overseas", { "27AAAAA0000A1Z2", NULL, NULL,
		    GST_OVERSEAS, true }, false, "96", "27", true },
		{ "bought of an SEZ here", { "27AAAAA0000A1Z2",
		    "27BBBBB1111B1ZN", NULL, GST_SEZ, true }, false, "27",
		    "27", true },
		{ "bought here", { "27AAAAA0000A1Z2", "27BBBBB1111B1ZN",
		    NULL, GST_REGULAR, true }, false, "27", "27", false },
		{ "bought there", { "27AAAAA0000A1Z2", "29AABCR1718E1ZL",
		    NULL, GST_COMPOSITION, true }, false, "29", "27", true },
		{ "unregistered by address", { "27AAAAA0000A1Z2", NULL, "KA",
		    GST_UNREGISTERED, false }, false, "27", "29", true },
		{ "unregistered, nothing known", { "27AAAAA0000A1Z2", NULL,
		    NULL, GST_UNREGISTERED, false }, false, "27", "27",
		    false },
		{ "UIN by its first digits", { "27AAAAA0000A1Z2",
		    "0717USA00037UNW", NULL, GST_UIN, false }, false, "27",
		    "07", true },
		{ "CBW", { "27AAAAA0000A1Z2", "27BBBBB1111B1ZN", NULL,
		    GST_REGULAR, false }, true, "27", "27", true },
		{ "99 is no place", { "27AAAAA0000A1Z2", "9918SGP29001OSR",
		    NULL, GST_REGULAR, false }, false, "27", "27", false },
		{ "other territory", { "27AAAAA0000A1Z2", "97AAAAA0000A1ZV",
		    NULL, GST_REGULAR, false }, false, "27", "97", true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *from = gst_place_from(law, &rows[i].sides);
		const char *place = gst_place_default(law, &rows[i].sides);

		assert_non_null(from);
		assert_non_null(place);
		if (strcmp(from, rows[i].from) != 0 ||
		    strcmp(place, rows[i].place) != 0)
			fail_msg("%s: %s to %s", rows[i].what, from, place);
		assert_int_equal(gst_inter(from, place,
		    rows[i].sides.category, rows[i].cbw), rows[i].inter);
	}
}

static void
what_may_be_a_place(void **state)
{
	static const struct {
		const char *place, *day;
		enum gst_category category;
		bool allowed;
	} rows[] = {
		{ "27", "2026-10-05", GST_REGULAR, true },
		{ "97", "2026-10-05", GST_REGULAR, true },
		{ "96", "2026-10-05", GST_OVERSEAS, true },
		{ "96", "2026-10-05", GST_REGULAR, false },
		{ "99", "2026-10-05", GST_OVERSEAS, false },
		{ "28", "2026-10-05", GST_REGULAR, false },
		{ "00", "2026-10-05", GST_REGULAR, false },
		{ "25", "2026-10-05", GST_REGULAR, false },
		{ "25", "2020-01-25", GST_REGULAR, true },
		{ "38", "2019-10-30", GST_REGULAR, false },
		{ "38", "2019-10-31", GST_REGULAR, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(gst_place_allowed(law, rows[i].place,
		    rows[i].category, day(rows[i].day)), rows[i].allowed);
}

static void
pins_are_of_their_state(void **state)
{
	static const struct { const char *state, *pin; bool fits; } rows[] = {
		{ "27", "400001", true }, { "27", "560001", false },
		{ "29", "560001", true }, { "04", "160017", true },
		{ "38", "194101", true }, { "07", "110001", true },
		{ "34", "605001", true }, { "97", "110001", true },
		{ "38", "901206", true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(gst_pin_fits(reference_gst_state(law,
		    rows[i].state), rows[i].pin), rows[i].fits);
}

static void
every_unit_is_there(void **state)
{
	struct rows r;

	(void)state;
	rows_open(&r, "uqc.tsv");
	while (rows_next(&r)) {
		const struct gst_unit *u = reference_gst_unit(law,
		    r.field[0]);

		assert_non_null(u);
		assert_string_equal(u->name, r.field[1]);
		assert_int_equal(u->goods,
		    strcmp(r.field[3], "goods") == 0);
	}
	assert_int_equal(r.n, 46);
	assert_null(reference_gst_unit(law, "XYZ"));
	assert_non_null(reference_gst_unit(law, "nos"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_state_is_there),
		cmocka_unit_test(a_state_has_several_names),
		cmocka_unit_test(states_have_a_group),
		cmocka_unit_test(where_and_whether_across),
		cmocka_unit_test(what_may_be_a_place),
		cmocka_unit_test(pins_are_of_their_state),
		cmocka_unit_test(every_unit_is_there),
	};

	return cmocka_run_group_tests(tests, law_open, law_close);
}
