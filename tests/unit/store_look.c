/* What a look asks of the store: codes back to ours, balances with what is not
 * there, and the rows of drift. */
#include "store/look.h"
#include "store/target_drift.h"
#include "own_store.h"

static void
run(const char *sql)
{
	struct err e = { 0 };

	if (!stmt_run(db_stmt(books->db, sql), &e))
		fail_msg("%s", e.why);
}

static void
codes_come_back(void **state)
{
	struct err e = { 0 };
	const char **out;
	size_t n;

	(void)state;
	run("INSERT INTO mapping VALUES ('to:erp', 'account', '1100', 'R'),"
	    " ('to:erp', 'account', '1110', 'R'),"
	    " ('to:erp', 'account', '1000', '2000'),"
	    " ('to:other', 'account', '4000', 'R')");
	run("INSERT INTO master VALUES ('account', '1000', 'Bank', NULL,"
	    " 'asset', '', '', ''), ('account', '4000', 'Sales', NULL,"
	    " 'income', '', '', '')");
	assert_true(mapped_back(books->db, "erp", "account", "R", arena,
	    &out, &n, &e));
	assert_int_equal(n, 2);
	assert_string_equal(out[0], "1100");
	assert_string_equal(out[1], "1110");
	assert_true(mapped_back(books->db, "erp", "account", "4000", arena,
	    &out, &n, &e));
	assert_int_equal(n, 1);
	/* Ours of that code is mapped away: theirs is not it. */
	assert_true(mapped_back(books->db, "erp", "account", "1000", arena,
	    &out, &n, &e));
	assert_int_equal(n, 0);
	assert_true(mapped_back(books->db, "erp", "account", "2000", arena,
	    &out, &n, &e));
	assert_int_equal(n, 1);
	assert_string_equal(out[0], "1000");
}

static struct drift_row
row_of(int64_t journal, const char *remote)
{
	return (struct drift_row){ .target = "erp", .entity = "IN01",
	    .kind = DRIFT_CHANGED, .journal = journal, .remote = remote,
	    .remote_number = "", .remote_version = "2", .day = "",
	    .state = "open", .base = "", .ours = "", .theirs = "",
	    .currency = "INR", .found = 1, .at = 1, .act = "", .actor = "",
	    .reason = "", .words = "" };
}

static void
rows_move_by_version(void **state)
{
	struct drift_row row = row_of(7, "V7"), stranger = row_of(0, "V8");
	struct drift_row back;
	struct err e = { 0 };
	int64_t open;
	bool found;

	(void)state;
	assert_true(books_begin(books, &e));
	assert_true(drift_put(books, &row, &e));
	assert_true(drift_put(books, &stranger, &e));
	assert_int_not_equal(row.id, stranger.id);
	assert_int_equal(row.version, 1);
	row.event = 12;
	row.state = "asked";
	assert_true(drift_put(books, &row, &e));
	assert_true(books_commit(books, &e));
	assert_true(drift_of(books->db, "erp", 7, "", arena, &back, &found,
	    &e));
	assert_true(found);
	assert_int_equal(back.version, 2);
	assert_true(drift_of(books->db, "erp", 0, "V8", arena, &back, &found,
	    &e));
	assert_true(found && back.id == stranger.id);
	assert_true(drift_of(books->db, "erp", 0, "V7", arena, &back, &found,
	    &e));
	assert_false(found);
	assert_true(drift_linked(books->db, NULL, 12, arena, &back, &found,
	    &e));
	assert_true(found && back.id == row.id);
	assert_true(drift_linked(books->db, "other", 12, arena, &back,
	    &found, &e));
	assert_false(found);
	assert_true(drift_linked(books->db, "erp", 0, arena, &back, &found,
	    &e));
	assert_false(found);
	assert_true(drift_count(books->db, "erp", DRIFT_KINDS, &open, &e));
	assert_int_equal(open, 2);
}

/* 100 done, 30 waiting, 5 skipped, 7 not taken, one of another entity. */
static void
what_is_not_there_stands_apart(void **state)
{
	static const struct day day = { "2026-10-31" };
	struct standing_sum *sums;
	struct err e = { 0 };
	size_t n;

	(void)state;
	run("INSERT INTO journal VALUES (1, 'IN01', '2026-10-05', 'k', '1', 1,"
	    " 1, NULL, NULL), (2, 'IN01', '2026-10-05', 'k', '2', 1, 2, NULL,"
	    " NULL), (3, 'IN01', '2026-10-05', 'k', '3', 1, 3, NULL, NULL),"
	    " (4, 'IN01', '2026-10-05', 'k', '4', 1, 4, NULL, NULL),"
	    " (5, 'IN02', '2026-10-05', 'k', '5', 1, 5, NULL, NULL),"
	    " (6, 'IN01', '2026-11-01', 'k', '6', 1, 6, NULL, NULL)");
	run("INSERT INTO entry SELECT j.id, 0, '1200', 'INR', v.column2,"
	    " v.column2, NULL, NULL, NULL, NULL, NULL, NULL FROM journal j"
	    " JOIN (VALUES (1, 100), (2, 30), (3, 5), (4, 7), (5, 1000),"
	    " (6, 9)) v ON v.column1 = j.id");
	run("INSERT INTO outbox SELECT 'erp', id, entity, kind, number, 1,"
	    " CASE id WHEN 1 THEN 'done' WHEN 3 THEN 'skipped' ELSE 'failed'"
	    " END, 0, 0, 0, 0, '', '', '', '', '', '', '', '', '', '', 1, 1, 1"
	    " FROM journal WHERE id IN (1, 2, 3, 5)");
	assert_true(standing_sums(books->db, "erp", "[\"IN01\"]", "", 3, day,
	    arena, &sums, &n, &e));
	assert_int_equal(n, 1);
	assert_int_equal(sums[0].amount, 142);
	assert_int_equal(sums[0].refused, 30);
	assert_int_equal(sums[0].skipped, 5);
	assert_int_equal(sums[0].in_flight, 7);
	/* What `first` keeps out is not on its way. */
	assert_true(standing_sums(books->db, "erp", "[\"IN01\"]",
	    "2026-10-06", 3, day, arena, &sums, &n, &e));
	assert_int_equal(sums[0].in_flight, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_come_back),
		cmocka_unit_test(rows_move_by_version),
		cmocka_unit_test(what_is_not_there_stands_apart),
	};

	return cmocka_run_group_tests(tests, open_books, close_books);
}
