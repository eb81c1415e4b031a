/*
 * Postings held against each other, and trial balances side by side: what we
 * sent, what is there, what would make one the other.
 */
#include "targets/compare.h"
#include "targets/trial.h"
#include "own_arena.h"

static struct posting_line sale[] = {
	{ .account = "1100", .ours = "1100", .party = "C1", .amount = 11800 },
	{ .account = "4000", .ours = "4000", .party = "", .amount = -10000 },
	{ .account = "2320", .ours = "2320", .party = "", .amount = -1800 },
};

static struct side
side_of(struct posting_line *lines, size_t n, const char *day)
{
	struct side side = { .state = "booked", .currency = "INR",
	    .reference = "", .remote = "", .number = "", .narration = "",
	    .changed_by = "", .lines = lines, .n = n };

	memcpy(side.date.text, day, 11);
	return side;
}

static const struct posting_line *
line_of(const struct posting_line *lines, size_t n, const char *account)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(lines[i].account, account) == 0)
			return &lines[i];
	return NULL;
}

/* ---- the same, or not ------------------------------------------------- */

static void
order_does_not_matter(void **state)
{
	struct posting_line other[] = { sale[2], sale[0], sale[1] };
	struct side a = side_of(sale, 3, "2026-11-02");
	struct side b = side_of(other, 3, "2026-11-02");

	(void)state;
	assert_true(side_same(&a, &b));
	b = side_of(other, 3, "2026-11-03");
	assert_false(side_same(&a, &b));
	b = side_of(other, 2, "2026-11-02");
	assert_false(side_same(&a, &b));
}

static void
one_paisa_matters(void **state)
{
	struct posting_line other[] = { sale[0], sale[1], sale[2] };
	struct side a = side_of(sale, 3, "2026-11-02");
	struct side b = side_of(other, 3, "2026-11-02");

	(void)state;
	other[1].amount--;
	other[2].amount++;
	assert_false(side_same(&a, &b));
	assert_int_equal(side_stake(&a, &b), 1);
}

/* Where an account wants a party and a line has none, an ERP puts its own: what
 * we do not say of each line of an account is not held against it. */
static void
a_party_that_one_line_lacks_is_not_compared(void **state)
{
	struct posting_line mine[] = {
		{ .account = "1100", .party = "C1", .amount = 300 },
		{ .account = "1100", .party = "", .amount = 700 },
		{ .account = "4000", .party = "", .amount = -1000 } };
	struct posting_line other[] = {
		{ .account = "4000", .party = "", .amount = -1000 },
		{ .account = "1100", .party = "WALKIN", .amount = 700 },
		{ .account = "1100", .party = "C1", .amount = 300 } };
	struct side a = side_of(mine, 3, "2026-11-02");
	struct side b = side_of(other, 3, "2026-11-02");

	(void)state;
	assert_true(side_same(&a, &b));
	assert_int_equal(side_stake(&a, &b), 0);
	other[1].amount = 600;
	other[2].amount = 400;
	assert_false(side_same(&a, &b));
}

static void
a_party_counts_where_both_say_it(void **state)
{
	struct posting_line unsaid[] = { sale[0], sale[1], sale[2] };
	struct posting_line other[] = { sale[0], sale[1], sale[2] };
	struct side a = side_of(sale, 3, "2026-11-02");
	struct side b = side_of(unsaid, 3, "2026-11-02");
	struct side c = side_of(other, 3, "2026-11-02");

	(void)state;
	unsaid[0].party = "";
	assert_true(side_same(&a, &b));
	other[0].party = "C2";
	assert_false(side_same(&a, &c));
	assert_int_equal(side_stake(&a, &c), 11800);
}

static void
two_lines_of_one_account_are_not_one(void **state)
{
	struct posting_line split[] = { sale[0], sale[1], sale[1], sale[2] };
	struct side a = side_of(sale, 3, "2026-11-02");
	struct side b = side_of(split, 4, "2026-11-02");

	(void)state;
	split[1].amount = -6000;
	split[2].amount = -4000;
	assert_false(side_same(&a, &b));
	assert_int_equal(side_stake(&a, &b), 0);
}

/* ---- what would make it theirs ---------------------------------------- */

static void
a_delta_makes_ours_theirs(void **state)
{
	struct posting_line other[] = { sale[0], sale[1], sale[2] };
	struct side a = side_of(sale, 3, "2026-11-02");
	struct side b = side_of(other, 3, "2026-11-02");
	struct posting_line *lines;
	int64_t sum = 0;
	size_t n;

	(void)state;
	other[1].account = "4010";
	other[1].ours = NULL;
	other[0].amount = 11900;
	other[2].amount = -1900;
	side_delta(&a, &b, arena, &lines, &n);
	assert_int_equal(n, 4);
	assert_int_equal(line_of(lines, n, "1100")->amount, 100);
	assert_string_equal(line_of(lines, n, "1100")->party, "C1");
	assert_int_equal(line_of(lines, n, "4000")->amount, 10000);
	assert_string_equal(line_of(lines, n, "4000")->ours, "4000");
	assert_int_equal(line_of(lines, n, "4010")->amount, -10000);
	assert_string_equal(line_of(lines, n, "4010")->ours, "");
	assert_int_equal(line_of(lines, n, "2320")->amount, -100);
	for (size_t i = 0; i < n; i++)
		sum += lines[i].amount;
	assert_int_equal(sum, 0);
	assert_int_equal(side_stake(&a, &b), 10100);
}

static void
what_is_gone_is_taken_back(void **state)
{
	struct side a = side_of(sale, 3, "2026-11-02");
	struct posting_line *lines;
	size_t n;

	(void)state;
	side_delta(&a, NULL, arena, &lines, &n);
	assert_int_equal(n, 3);
	assert_int_equal(line_of(lines, n, "1100")->amount, -11800);
	side_delta(NULL, &a, arena, &lines, &n);
	assert_int_equal(line_of(lines, n, "1100")->amount, 11800);
	side_delta(&a, &a, arena, &lines, &n);
	assert_int_equal(n, 0);
	assert_int_equal(side_stake(NULL, &a), 11800);
	assert_int_equal(side_stake(&a, &a), 0);
}

/* ---- kept ------------------------------------------------------------- */

static void
a_side_is_read_back(void **state)
{
	struct side a = side_of(sale, 3, "2026-11-02"), b;
	struct err e = { 0 };
	struct str text;

	(void)state;
	a.narration = "bahi-IN01-000000000001 \xe0\xa4\x95 \"x\"";
	str_init(&text, 1 << 20);
	side_encode(&a, &text);
	assert_true(side_decode(str_span(&text), arena, &b, &e));
	assert_true(side_same(&a, &b));
	assert_string_equal(b.narration, a.narration);
	assert_string_equal(b.lines[0].party, "C1");
	assert_string_equal(b.currency, "INR");
	assert_false(side_decode(SPAN("{\"date\":\"x\"}"), arena, &b, &e));
	assert_int_equal(e.code, ERR_CORRUPT);
	str_free(&text);
}

static void
what_it_was_traded_in_is_kept(void **state)
{
	struct posting_line lines[] = {
		{ .account = "1100", .amount = 834567, .currency = "USD",
		    .foreign = 10000 },
		{ .account = "4000", .amount = -834567, .currency = "INR",
		    .foreign = -834567 } };
	struct side a = { .state = "booked", .currency = "INR",
	    .date = { "2026-11-02" }, .lines = lines, .n = 2 }, b;
	struct err e = { 0 };
	struct str text;

	(void)state;
	str_init(&text, 1 << 20);
	side_encode(&a, &text);
	assert_true(side_decode(str_span(&text), arena, &b, &e));
	assert_string_equal(b.lines[0].currency, "USD");
	assert_int_equal(b.lines[0].foreign, 10000);
	assert_string_equal(b.lines[1].currency, "INR");
	assert_int_equal(b.lines[1].foreign, -834567);
	str_free(&text);
}

static void
what_is_cut_is_never_taken_for_all(void **state)
{
	size_t n = SIDE_LINES_MAX + 1;
	struct posting_line *many = arena_alloc(arena, n * sizeof *many);
	struct side a, b;
	struct err e = { 0 };
	struct str text;

	(void)state;
	for (size_t i = 0; i < n; i++)
		many[i] = (struct posting_line){ .account = "1100",
		    .party = "", .amount = i + 1 == n ? -(int64_t)n + 1 : 1 };
	a = side_of(many, n, "2026-11-02");
	assert_false(side_same(&a, &a));
	assert_int_equal(side_stake(&a, &a), 0);
	str_init(&text, 1 << 22);
	side_encode(&a, &text);
	assert_false(side_decode(str_span(&text), arena, &b, &e));
	str_free(&text);
}

/* ---- trial balances --------------------------------------------------- */

static void
accounts_stand_beside_each_other(void **state)
{
	static const struct standing_sum ours[] = {
		{ "1000", "Bank", "B", 5000, 0, 0, 0 },
		{ "1100", "Trade", "R", 300, 100, 0, 0 },
		{ "1110", "Other", "R", 50, 0, 20, 5 },
		{ "9999", "Own", "", 7, 0, 0, 0 },
	};
	static const struct remote_balance theirs[] = {
		{ "R", "Receivable", 500, 275 }, { "X", "Theirs", 0, 40 },
		{ "B", "Bank there", 5000, 0 },
	};
	const struct trial_side side = { ours, 4, theirs, 3 };
	struct trial_row *rows;
	size_t n;

	(void)state;
	trial_match(&side, arena, &rows, &n);
	assert_int_equal(n, 4);
	assert_string_equal(rows[0].theirs, "");
	assert_false(rows[0].has);
	assert_int_equal(rows[0].difference, -7);
	assert_string_equal(rows[1].theirs, "B");
	assert_int_equal(rows[1].difference, 0);
	assert_string_equal(rows[2].theirs, "R");
	assert_int_equal(rows[2].n_ours, 2);
	assert_int_equal(rows[2].amount, 350);
	assert_int_equal(rows[2].in_flight, 100);
	assert_int_equal(rows[2].refused, 20);
	assert_int_equal(rows[2].skipped, 5);
	assert_int_equal(rows[2].expected, 225);
	assert_int_equal(rows[2].held, 225);
	assert_int_equal(rows[2].difference, 0);
	assert_string_equal(rows[3].theirs, "X");
	assert_int_equal(rows[3].n_ours, 0);
	assert_int_equal(rows[3].difference, -40);
}

/* 1100 and 1110 are one account in a, 1110 and 1120 are one in b: only all
 * three together can be compared. */
static void
two_targets_meet_where_their_codes_do(void **state)
{
	static const struct standing_sum to_a[] = {
		{ "1000", "Bank", "A-B", 5000, 0, 0, 0 },
		{ "1100", "", "A-R", 300, 0, 0, 0 },
		{ "1110", "", "A-R", 50, 0, 0, 0 },
		{ "1120", "", "A-Z", 20, 20, 0, 0 },
	};
	static const struct standing_sum to_b[] = {
		{ "1000", "Bank", "B-B", 5000, 0, 0, 0 },
		{ "1100", "", "B-R", 300, 0, 0, 0 },
		{ "1110", "", "B-Z", 50, 0, 0, 0 },
		{ "1120", "", "B-Z", 20, 0, 0, 0 },
	};
	static const struct remote_balance in_a[] = {
		{ "A-B", "", 5000, 0 }, { "A-R", "", 350, 0 },
		{ "A-Y", "", 9, 0 },
	};
	static const struct remote_balance in_b[] = {
		{ "B-B", "", 4999, 0 }, { "B-R", "", 300, 0 },
		{ "B-Z", "", 70, 0 },
	};
	const struct trial_side a = { to_a, 4, in_a, 3 };
	const struct trial_side b = { to_b, 4, in_b, 3 };
	struct against_row *rows;
	size_t n;

	(void)state;
	trial_against(&a, &b, arena, &rows, &n);
	assert_int_equal(n, 3);
	assert_string_equal(rows[0].ours[0], "1000");
	assert_int_equal(rows[0].difference, 1);
	assert_int_equal(rows[1].n_ours, 3);
	assert_int_equal(rows[1].n_a, 2);
	assert_int_equal(rows[1].n_b, 2);
	assert_int_equal(rows[1].held_a, 350);
	assert_int_equal(rows[1].held_b, 370);
	assert_int_equal(rows[1].away_a, 20);
	assert_int_equal(rows[1].difference, 0);
	assert_int_equal(rows[2].n_ours, 0);
	assert_string_equal(rows[2].a[0], "A-Y");
	assert_int_equal(rows[2].difference, 9);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_does_not_matter),
		cmocka_unit_test(one_paisa_matters),
		cmocka_unit_test(a_party_that_one_line_lacks_is_not_compared),
		cmocka_unit_test(a_party_counts_where_both_say_it),
		cmocka_unit_test(two_lines_of_one_account_are_not_one),
		cmocka_unit_test(a_delta_makes_ours_theirs),
		cmocka_unit_test(what_is_gone_is_taken_back),
		cmocka_unit_test(a_side_is_read_back),
		cmocka_unit_test(what_it_was_traded_in_is_kept),
		cmocka_unit_test(what_is_cut_is_never_taken_for_all),
		cmocka_unit_test(accounts_stand_beside_each_other),
		cmocka_unit_test(two_targets_meet_where_their_codes_do),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
