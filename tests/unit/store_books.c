/* What a group gathers, and what a commit refuses. */
#include "store/audit.h"
#include "own_store.h"

static int64_t
count(const char *state_name)
{
	static const char SQL[] = "SELECT coalesce(sum(n), 0) FROM tally"
	    " WHERE source = 's' AND state = $1";
	struct stmt *s = db_stmt(books->db, SQL);
	struct err e = { 0 };
	int64_t n;

	stmt_text(s, 1, state_name);
	assert_int_equal(stmt_step(s, &e), STEP_ROW);
	n = col_int(s, 0);
	stmt_reset(s);
	return n;
}

static void
a_lost_event_stops_the_commit(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_true(books_begin(books, &e));
	books_tally(books, "s", "received", 2);
	books_tally(books, "s", "posted", 1);
	assert_false(books_commit(books, &e));
	assert_int_equal(e.code, ERR_CORRUPT);
	assert_non_null(strstr(e.why, "conservation of s is off by -1"));
	books_rollback(books);
	assert_int_equal(count("received"), 0);
}

static void
counts_are_written_once_a_commit(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_true(books_begin(books, &e));
	for (int i = 0; i < 5; i++) {
		books_tally(books, "s", "received", 1);
		books_tally(books, "s", i < 3 ? "posted" : "failed", 1);
	}
	assert_true(books_commit(books, &e));
	assert_true(books_begin(books, &e));
	books_tally(books, "s", "failed", -1);
	books_tally(books, "s", "posted", 1);
	assert_true(books_commit(books, &e));
	assert_int_equal(count("received"), 5);
	assert_int_equal(count("posted"), 4);
	assert_int_equal(count("failed"), 1);
}

static void
a_rollback_takes_the_numbers_back(void **state)
{
	struct err e = { 0 };
	int64_t before = books->seq, seq;

	(void)state;
	assert_true(books_begin(books, &e));
	assert_true(log_add(books, "decision", 1, "a", SPAN("{}"), &seq, &e));
	assert_int_equal(seq, before + 1);
	assert_true(audit_add(books, "a", "b", "c", "", "", &e));
	books_rollback(books);
	assert_int_equal(books->seq, before);
	assert_int_equal(books->audit, 0);
}

static void
the_chain_names_its_first_broken_row(void **state)
{
	static const char DROP[] = "DROP TRIGGER audit_kept";
	static const char FLIP[] =
	    "UPDATE audit SET actor = 'mallory' WHERE seq = 2";
	const struct audit_range all = { .store = path };
	struct audit_report report;
	struct err e = { 0 };

	(void)state;
	assert_true(books_begin(books, &e));
	for (int i = 0; i < 3; i++)
		assert_true(audit_add(books, "a", "b", "c", "", "", &e));
	assert_true(books_commit(books, &e));
	assert_true(audit_verify(&all, &report, &e));
	assert_int_equal(report.rows, 3);
	assert_true(stmt_run(db_stmt(books->db, DROP), &e));
	assert_true(stmt_run(db_stmt(books->db, FLIP), &e));
	assert_false(audit_verify(&all, &report, &e));
	assert_int_equal(report.fault, AUDIT_EDITED);
	assert_int_equal(report.broken, 2);
	assert_int_equal(e.code, ERR_CORRUPT);
	assert_non_null(strstr(e.why, "audit row 2"));
}

static void
only_one_holds_the_books(void **state)
{
	struct books *other = NULL;
	struct err e = { 0 };

	(void)state;
	assert_false(books_open(&other, path, false, &e));
	assert_int_equal(e.code, ERR_IN_USE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lost_event_stops_the_commit),
		cmocka_unit_test(counts_are_written_once_a_commit),
		cmocka_unit_test(a_rollback_takes_the_numbers_back),
		cmocka_unit_test(the_chain_names_its_first_broken_row),
		cmocka_unit_test(only_one_holds_the_books),
	};

	return cmocka_run_group_tests(tests, open_books, close_books);
}
