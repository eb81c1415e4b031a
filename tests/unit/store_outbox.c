/*
 * Targets and their commits on a real store: which moves there are, sums that
 * are kept as rows move, what is next and what is due, and tries that stay
 * few.
 */
#include "store/outbox.h"
#include "own_store.h"

/* ---- writing ---------------------------------------------------------- */

static void
begin(void)
{
	struct err e = { 0 };

	assert_true(books_begin(books, &e));
}

static void
commit(void)
{
	struct err e = { 0 };

	if (!books_commit(books, &e))
		fail_msg("%s", e.why);
}

static void
add_journal(int64_t id, const char *entity, const char *date,
    const char *number)
{
	static const char JOURNAL[] = "INSERT INTO journal VALUES ($1, $2,"
	    " $3, 'sales_invoice', $4, 1, $1, NULL, NULL)";
	static const char EVENT[] = "INSERT INTO event (seq, source, key,"
	    " received, occurred, digest, body, state, version, attempts,"
	    " journals, change, audit) VALUES ($1, 's', 'k', $1 * 1000, 0,"
	    " zeroblob(32), x'', 'posted', 1, 1, 1, $1, 0)";
	struct err e = { 0 };
	struct stmt *s = db_stmt(books->db, JOURNAL);

	stmt_int(s, 1, id);
	stmt_text(s, 2, entity);
	stmt_text(s, 3, date);
	stmt_text(s, 4, number);
	assert_true(stmt_run(s, &e));
	s = db_stmt(books->db, EVENT);
	stmt_int(s, 1, id);
	assert_true(stmt_run(s, &e));
}

static struct commit_row
row_of(int64_t journal, const char *number, enum commit_state state)
{
	return (struct commit_row){ .target = "erp", .journal = journal,
	    .entity = "IN01", .kind = "sales_invoice", .number = number,
	    .version = 1, .state = state, .refusal = "", .cause = "",
	    .words = "", .remote = "", .remote_number = "",
	    .remote_version = "", .sent = "", .held = "", .actor = "",
	    .reason = "", .first = 1, .at = 2 };
}

static void
put(const struct commit_row *row)
{
	struct err e = { 0 };

	if (!commit_put(books, row, &e))
		fail_msg("%s", e.why);
}

static void
put_state(int64_t journal, const char *number, enum commit_state state)
{
	struct commit_row row = row_of(journal, number, state);

	put(&row);
}

static struct target_row
target(void)
{
	return (struct target_row){ .name = "erp", .kind = "rest",
	    .entities = "[\"IN01\"]", .first = "", .state = "running",
	    .why = "", .actor = "", .reason = "", .breaker = "closed",
	    .config = "c", .books = "", .product = "", .company = "" };
}

/* ---- states ----------------------------------------------------------- */

static void
every_pair_moves_as_it_may(void **state)
{
	/* rows: from; columns: to; in the order of the enum */
	static const char *const may[COMMIT_STATES] = {
		[COMMIT_WAITING] =  ".srdfxk",
		[COMMIT_SENDING] =  "..rdfxk",
		[COMMIT_RETRYING] = "ws.dfxk",
		[COMMIT_DONE] =     "w.r....",
		[COMMIT_FAILED] =   "w.r...k",
		[COMMIT_DEAD] =     "w.r...k",
		[COMMIT_SKIPPED] =  "w.r....",
	};
	enum commit_state back;
	int64_t journal = 0;

	(void)state;
	for (unsigned from = 0; from < COMMIT_STATES; from++) {
		assert_true(commit_state_read(commit_state_name(
		    (enum commit_state)from), &back));
		assert_int_equal(back, from);
		for (unsigned to = 0; to < COMMIT_STATES; to++) {
			bool expected = may[from][to] != '.';
			struct commit_row row;
			struct err e = { 0 };

			assert_int_equal(commit_state_moves(
			    (enum commit_state)from, (enum commit_state)to),
			    expected);
			/* the store holds to it, and may say it again */
			begin();
			put_state(++journal, "N", (enum commit_state)from);
			row = row_of(journal, "N", (enum commit_state)to);
			assert_int_equal(commit_put(books, &row, &e),
			    expected || from == to);
			if (!expected && from != to)
				assert_int_equal(e.code, ERR_CORRUPT);
			books_rollback(books);
		}
	}
	assert_false(commit_state_read("sent", &back));
}

/* ---- sums ------------------------------------------------------------- */

static int64_t
counted(enum commit_state state)
{
	struct target_row row = target();
	struct target_sums sums;
	struct err e = { 0 };

	assert_true(target_sums(books->db, &row, &sums, &e));
	return sums.states[state];
}

static void
sums_follow_the_rows(void **state)
{
	(void)state;
	begin();
	for (int64_t i = 1; i <= 5; i++)
		put_state(i, "N", COMMIT_SENDING);
	commit();
	assert_int_equal(counted(COMMIT_SENDING), 5);
	begin();
	put_state(1, "N", COMMIT_DONE);
	put_state(2, "N", COMMIT_RETRYING);
	put_state(2, "N", COMMIT_DEAD);
	put_state(3, "N", COMMIT_FAILED);
	put_state(3, "N", COMMIT_FAILED);
	commit();
	assert_int_equal(counted(COMMIT_SENDING), 2);
	assert_int_equal(counted(COMMIT_DONE), 1);
	assert_int_equal(counted(COMMIT_RETRYING), 0);
	assert_int_equal(counted(COMMIT_DEAD), 1);
	assert_int_equal(counted(COMMIT_FAILED), 1);
	/* what is not committed was never counted */
	begin();
	put_state(4, "N", COMMIT_DONE);
	books_rollback(books);
	begin();
	put_state(5, "N", COMMIT_DONE);
	commit();
	assert_int_equal(counted(COMMIT_SENDING), 1);
	assert_int_equal(counted(COMMIT_DONE), 2);
}

static void
backlog_and_rows_are_all_journals_of_it(void **state)
{
	struct target_row row = target();
	struct target_sums sums;
	struct err e = { 0 };

	(void)state;
	begin();
	add_journal(1, "IN01", "2026-04-01", "A");
	add_journal(2, "IN02", "2026-04-01", "B");
	add_journal(3, "IN01", "2026-04-02", "C");
	add_journal(4, "IN01", "2026-03-31", "D");
	add_journal(5, "IN01", "2026-04-03", "E");
	commit();
	assert_true(target_sums(books->db, &row, &sums, &e));
	assert_int_equal(sums.backlog, 4);
	assert_int_equal(sums.oldest, 1000);
	row.first = "2026-04-01";
	assert_true(target_sums(books->db, &row, &sums, &e));
	assert_int_equal(sums.backlog, 3);
	row.entities = "[]";
	assert_true(target_sums(books->db, &row, &sums, &e));
	assert_int_equal(sums.backlog, 4);
	begin();
	put_state(1, "A", COMMIT_DONE);
	put_state(3, "C", COMMIT_FAILED);
	put_state(5, "E", COMMIT_DONE);	/* came from there */
	commit();
	row.taken = 3;
	row.entities = "[\"IN01\"]";
	assert_true(target_sums(books->db, &row, &sums, &e));
	assert_int_equal(sums.backlog, 0);
	assert_int_equal(sums.states[COMMIT_DONE], 2);
	assert_int_equal(sums.oldest, 3000);
	row.first = "";
	assert_true(target_sums(books->db, &row, &sums, &e));
	assert_int_equal(sums.backlog, 1);
	begin();
	put_state(3, "C", COMMIT_SKIPPED);
	commit();
	assert_true(target_sums(books->db, &row, &sums, &e));
	assert_int_equal(sums.oldest, 4000);
}

/* Of many the same comes of sums that are kept. */
static void
a_long_backlog_is_counted_as_a_short_one(void **state)
{
	/* As the books keep it: of all days, and of each. */
	static const char FIGURE[] = "INSERT INTO figure SELECT 'journal',"
	    " '', $1, d.column1, $2 FROM (VALUES (''), ('2026-04-01')) d";
	static const char *const entities[] = { "IN01", "IN02" };
	struct target_row row = target();
	struct target_sums sums;
	struct err e = { 0 };

	(void)state;
	begin();
	for (int64_t i = 1; i <= 3000; i++)
		add_journal(i, entities[i % 3 == 0], "2026-04-01", "N");
	for (int i = 0; i < 2; i++) {
		struct stmt *s = db_stmt(books->db, FIGURE);

		stmt_text(s, 1, entities[i]);
		stmt_int(s, 2, i == 0 ? 2000 : 1000);
		assert_true(stmt_run(s, &e));
	}
	put_state(1, "N", COMMIT_DONE);
	put_state(2, "N", COMMIT_FAILED);
	put_state(2999, "N", COMMIT_DONE);	/* before its turn */
	commit();
	row.taken = 2;
	assert_true(target_sums(books->db, &row, &sums, &e));
	assert_int_equal(sums.backlog, 1997);
	assert_int_equal(sums.oldest, 2000);
	row.first = "2026-04-01";
	assert_true(target_sums(books->db, &row, &sums, &e));
	assert_int_equal(sums.backlog, 1997);
	row.first = "";
	row.entities = "[]";
	assert_true(target_sums(books->db, &row, &sums, &e));
	assert_int_equal(sums.backlog, 2997);
}

/* ---- what is next ----------------------------------------------------- */

static void
next_are_those_for_it_without_a_row(void **state)
{
	struct target_row row = target();
	struct journal_mark *marks;
	struct err e = { 0 };
	int64_t seen;
	size_t n;

	(void)state;
	begin();
	for (int64_t i = 1; i <= 8; i++)
		add_journal(i, i % 4 == 0 ? "IN02" : "IN01",
		    i == 5 ? "2026-03-01" : "2026-05-01", "N");
	put_state(3, "N", COMMIT_DONE);
	commit();
	row.first = "2026-04-01";
	assert_true(outbox_next(books->db, &row, 0, 2, arena, &marks, &n,
	    &seen, &e));
	assert_int_equal(n, 2);
	assert_int_equal(marks[0].journal, 1);
	assert_int_equal(marks[1].journal, 2);
	assert_string_equal(marks[1].number, "N");
	assert_int_equal(seen, 2);
	assert_true(outbox_next(books->db, &row, seen, 9, arena, &marks, &n,
	    &seen, &e));
	assert_int_equal(n, 2);
	assert_int_equal(marks[0].journal, 6);
	assert_int_equal(marks[1].journal, 7);
	assert_int_equal(seen, 8);
	assert_true(outbox_next(books->db, &row, seen, 9, arena, &marks, &n,
	    &seen, &e));
	assert_int_equal(n, 0);
	assert_int_equal(seen, 8);
}

static size_t
due(int64_t now, struct commit_row **rows)
{
	struct err e = { 0 };
	size_t n;

	assert_true(outbox_due(books->db, "erp", now, 10, arena, rows, &n,
	    &e));
	return n;
}

static void
due_are_those_whose_time_has_come(void **state)
{
	struct commit_row row, *rows;
	struct err e = { 0 };
	int64_t at;

	(void)state;
	begin();
	for (int64_t i = 1; i <= 4; i++) {
		row = row_of(i, "N", COMMIT_SENDING);
		put(&row);
		row.state = i == 4 ? COMMIT_DONE : COMMIT_RETRYING;
		row.next_at = 100 - i * 10;
		put(&row);
	}
	commit();
	assert_int_equal(due(69, &rows), 0);
	assert_int_equal(due(80, &rows), 2);
	assert_int_equal(rows[0].journal, 3);
	assert_int_equal(rows[1].journal, 2);
	assert_int_equal(due(1000, &rows), 3);
	assert_true(outbox_soonest(books->db, "erp", &at, &e));
	assert_int_equal(at, 70);
	assert_true(outbox_soonest(books->db, "other", &at, &e));
	assert_int_equal(at, 0);
}

/* The clock was set back since its turn came. */
static void
what_waits_in_its_turn_is_not_forgotten(void **state)
{
	struct commit_row row = row_of(1, "N", COMMIT_WAITING), *rows;
	struct err e = { 0 };
	int64_t at;

	(void)state;
	begin();
	row.next_at = 50;
	put(&row);
	put_state(2, "N", COMMIT_WAITING);	/* behind it */
	commit();
	assert_int_equal(due(49, &rows), 0);
	assert_true(outbox_soonest(books->db, "erp", &at, &e));
	assert_int_equal(at, 50);
}

static bool
behind(int64_t journal, const char *number)
{
	const struct journal_mark mark = { .journal = journal,
	    .entity = "IN01", .kind = "sales_invoice", .number = number };
	struct err e = { 0 };
	bool is;

	assert_true(outbox_behind(books->db, "erp", &mark, &is, &e));
	return is;
}

static void
a_document_goes_in_order_and_others_pass(void **state)
{
	struct commit_row row, *rows;

	(void)state;
	begin();
	put_state(1, "A", COMMIT_FAILED);
	put_state(2, "A", COMMIT_WAITING);
	put_state(3, "A", COMMIT_WAITING);
	commit();
	assert_true(behind(2, "A"));
	assert_true(behind(9, "A"));
	assert_false(behind(1, "A"));
	assert_false(behind(9, "B"));
	assert_int_equal(due(1000, &rows), 0);
	begin();
	row = row_of(1, "A", COMMIT_RETRYING);
	row.next_at = 5;
	put(&row);
	row.state = COMMIT_DONE;
	row.at = 7;
	put(&row);
	commit();
	/* the second may go, and only the second */
	assert_int_equal(due(6, &rows), 0);
	assert_int_equal(due(7, &rows), 1);
	assert_int_equal(rows[0].journal, 2);
	assert_int_equal(rows[0].state, COMMIT_WAITING);
	assert_true(behind(3, "A"));
	begin();
	put_state(2, "A", COMMIT_SKIPPED);
	commit();
	assert_int_equal(due(7, &rows), 1);
	assert_int_equal(rows[0].journal, 3);
	assert_false(behind(3, "A"));
}

static void
skipping_a_later_one_lets_nobody_pass(void **state)
{
	struct commit_row *rows;

	(void)state;
	begin();
	put_state(1, "A", COMMIT_FAILED);
	put_state(2, "A", COMMIT_WAITING);
	put_state(3, "A", COMMIT_WAITING);
	put_state(2, "A", COMMIT_SKIPPED);
	commit();
	assert_int_equal(due(1000, &rows), 0);
}

static void
again_it_goes_in_its_turn(void **state)
{
	struct commit_row row, *rows;
	struct err e = { 0 };
	bool waits;

	(void)state;
	begin();
	put_state(1, "A", COMMIT_DEAD);
	put_state(2, "A", COMMIT_DEAD);
	row = row_of(2, "A", COMMIT_DEAD);
	assert_true(commit_in_turn(books, &row, 9, &waits, &e));
	assert_true(waits);
	put(&row);
	commit();
	assert_int_equal(counted(COMMIT_WAITING), 1);
	assert_int_equal(due(1000, &rows), 0);
	begin();
	row = row_of(1, "A", COMMIT_DEAD);
	assert_true(commit_in_turn(books, &row, 9, &waits, &e));
	assert_false(waits);
	put(&row);
	commit();
	assert_int_equal(due(1000, &rows), 1);
	assert_int_equal(rows[0].journal, 1);
	begin();
	put_state(1, "A", COMMIT_SKIPPED);
	commit();
	assert_int_equal(due(1000, &rows), 1);
	assert_int_equal(rows[0].journal, 2);
}

static void
what_a_stop_left_is_found(void **state)
{
	struct commit_row *rows;
	struct err e = { 0 };
	size_t n;

	(void)state;
	begin();
	put_state(1, "A", COMMIT_SENDING);
	put_state(2, "B", COMMIT_SENDING);
	put_state(2, "B", COMMIT_DONE);
	put_state(3, "C", COMMIT_SENDING);
	commit();
	assert_true(outbox_left(books->db, "erp", 10, arena, &rows, &n, &e));
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].journal, 1);
	assert_int_equal(rows[1].journal, 3);
	assert_true(outbox_left(books->db, "erp", 1, arena, &rows, &n, &e));
	assert_int_equal(n, 1);
}

/* ---- rows and tries --------------------------------------------------- */

static void
a_row_comes_back_as_it_was(void **state)
{
	const struct commit_row row = { "erp", 7, "IN01", "payment", "P-1",
	    2, COMMIT_SENDING, true, true, 3, 4, "mapping", "c", "w", "r",
	    "n", "v", "s", "h", "a", "why", 5, 6, 0 };
	const int64_t change = books->change;
	struct commit_row back;
	struct err e = { 0 };
	bool found;

	(void)state;
	begin();
	put(&row);
	commit();
	assert_true(commit_load(books->db, "erp", 7, arena, &back, &found,
	    &e));
	assert_true(found);
	assert_string_equal(back.target, "erp");
	assert_string_equal(back.entity, "IN01");
	assert_string_equal(back.kind, "payment");
	assert_string_equal(back.number, "P-1");
	assert_int_equal(back.version, 2);
	assert_int_equal(back.state, COMMIT_SENDING);
	assert_true(back.asked);
	assert_true(back.apart);
	assert_int_equal(back.attempts, 3);
	assert_int_equal(back.next_at, 4);
	assert_string_equal(back.refusal, "mapping");
	assert_string_equal(back.cause, "c");
	assert_string_equal(back.words, "w");
	assert_string_equal(back.remote, "r");
	assert_string_equal(back.remote_number, "n");
	assert_string_equal(back.remote_version, "v");
	assert_string_equal(back.sent, "s");
	assert_string_equal(back.held, "h");
	assert_string_equal(back.actor, "a");
	assert_string_equal(back.reason, "why");
	assert_int_equal(back.first, 5);
	assert_int_equal(back.at, 6);
	/* which nobody saw before, and all do after */
	assert_true(back.moved > change && back.moved <= books->change);
	assert_true(commit_load(books->db, "erp", 8, arena, &back, &found,
	    &e));
	assert_false(found);
}

static void
a_target_comes_back_as_it_was(void **state)
{
	const struct target_row row = { "erp", "rest", "[\"A\"]", "2026-04-01",
	    "paused", "w", "amma", "said", "open", "c", "b", "p", "co", 1, 2,
	    3, 4, 5, 6, 7, 8, 9, 10 };
	struct target_row back, *all;
	struct err e = { 0 };
	size_t n;
	bool found;

	(void)state;
	begin();
	assert_true(target_put(books, &row, true, &e));
	back = row;
	back.name = "gone";
	back.state = "removed";
	assert_true(target_put(books, &back, true, &e));
	commit();
	assert_true(target_load(books->db, "erp", arena, &back, &found, &e));
	assert_true(found);
	assert_string_equal(back.entities, "[\"A\"]");
	assert_string_equal(back.first, "2026-04-01");
	assert_string_equal(back.state, "paused");
	assert_string_equal(back.why, "w");
	assert_string_equal(back.actor, "amma");
	assert_string_equal(back.reason, "said");
	assert_string_equal(back.breaker, "open");
	assert_string_equal(back.config, "c");
	assert_string_equal(back.books, "b");
	assert_string_equal(back.product, "p");
	assert_string_equal(back.company, "co");
	assert_int_equal(back.at, 1);
	assert_int_equal(back.taken, 2);
	assert_int_equal(back.rate, 3);
	assert_int_equal(back.tried, 4);
	assert_int_equal(back.good, 5);
	assert_int_equal(back.next_at, 6);
	assert_int_equal(back.looked, 7);
	assert_int_equal(back.until, 8);
	assert_int_equal(back.older_from, 9);
	assert_int_equal(back.older_to, 10);
	assert_true(target_all(books->db, arena, &all, &n, &e));
	assert_int_equal(n, 1);
	assert_string_equal(all[0].name, "erp");
	assert_true(target_load(books->db, "none", arena, &back, &found,
	    &e));
	assert_false(found);
	assert_string_equal(back.entities, "[]");
}

static void
of_many_tries_the_first_and_the_last_stay(void **state)
{
	const struct commit_row row = row_of(1, "A", COMMIT_SENDING);
	struct commit_try *tries;
	struct err e = { 0 };
	size_t n;

	(void)state;
	begin();
	put(&row);
	for (int64_t i = 1; i <= 3 * COMMIT_TRIES_MAX; i++) {
		const struct commit_try try = { i, "send", "away", "", "w" };

		assert_true(commit_try_add(books, &row, &try, &e));
	}
	commit();
	assert_true(commit_tries(books->db, "erp", 1, arena, &tries, &n,
	    &e));
	assert_int_equal(n, COMMIT_TRIES_MAX);
	for (int64_t i = 0; i < COMMIT_TRIES_MAX / 2; i++) {
		assert_int_equal(tries[i].at, i + 1);
		assert_int_equal(tries[COMMIT_TRIES_MAX - 1 - i].at,
		    3 * COMMIT_TRIES_MAX - i);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_books, \
	close_books)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_pair_moves_as_it_may),
		TEST(sums_follow_the_rows),
		TEST(backlog_and_rows_are_all_journals_of_it),
		TEST(a_long_backlog_is_counted_as_a_short_one),
		TEST(next_are_those_for_it_without_a_row),
		TEST(due_are_those_whose_time_has_come),
		TEST(what_waits_in_its_turn_is_not_forgotten),
		TEST(a_document_goes_in_order_and_others_pass),
		TEST(skipping_a_later_one_lets_nobody_pass),
		TEST(again_it_goes_in_its_turn),
		TEST(what_a_stop_left_is_found),
		TEST(a_row_comes_back_as_it_was),
		TEST(a_target_comes_back_as_it_was),
		TEST(of_many_tries_the_first_and_the_last_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
