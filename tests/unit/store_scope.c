/*
 * Every table of the schema is classified, every view is valid SQL in each
 * kind of scope, and a table that nobody thought of shuts everything.
 */
#include "store/audit.h"
#include "store/scope.h"
#include "own_store.h"

static bool
opens(const char *entities, const char *sees, bool goods, struct db **db,
    struct err *e)
{
	const struct scope scope = { entities, sees, goods };

	*e = (struct err){ 0 };
	return db_open(db, path, DB_READ, e) && scope_open(*db, &scope, e);
}

/* A view is only read when it is asked: ask each, through its own name. */
static void
read_all(struct db *db)
{
	static const char NAMES[] = "SELECT group_concat('SELECT count(*) FROM "
	    "' || name, ' UNION ALL ') FROM temp.sqlite_master"
	    " WHERE type = 'view' AND name >= $1 AND name < $2";
	static const char *const ends[] = { "a", "b", "d", "g", "gst_g", "h",
	    "j", "p", "r", "s", "t", "~" };
	static char sql[11][8192];
	static size_t at;
	struct err e = { 0 };
	struct stmt *s;

	for (size_t i = 0; i + 1 < sizeof ends / sizeof *ends; i++) {
		char *text = sql[i];

		s = db_stmt(db, NAMES);
		stmt_text(s, 1, ends[i]);
		stmt_text(s, 2, ends[i + 1]);
		assert_int_equal(stmt_step(s, &e), STEP_ROW);
		if (!col_null(s, 0)) {
			assert_true(strlen(col_text(s, 0)) < sizeof sql[0]);
			strcpy(text, col_text(s, 0));
			stmt_reset(s);
			assert_true(stmt_run(db_stmt(db, text), &e));
			at++;
		} else {
			stmt_reset(s);
		}
	}
	assert_true(at > 5);
}

static void
every_view_reads(void **state)
{
	static const struct {
		const char *entities, *sees;
		bool goods;
	} all[] = {
		{ "IN01", "*", false }, { "IN01 IN02", "", false },
		{ "IN01", "", true }, { "*", "", true }, { "", "", false },
	};
	struct db *db = NULL;
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		if (!opens(all[i].entities, all[i].sees, all[i].goods, &db,
		    &e))
			fail_msg("%s", e.why);
		read_all(db);
		db_close(&db);
	}
}

static void
every_table_has_a_class(void **state)
{
	static const char SQL[] = "SELECT name FROM sqlite_master"
	    " WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'";
	struct stmt *s = db_stmt(books->db, SQL);
	struct err e = { 0 };
	int n = 0;

	(void)state;
	while (stmt_step(s, &e) == STEP_ROW) {
		if (scope_class(col_text(s, 0)) == NULL)
			fail_msg("say in store/scope_views.inc what a caller of "
			    "some entities sees of %s", col_text(s, 0));
		n++;
	}
	assert_true(n > 100);
}

static void
a_table_that_nobody_thought_of_shows_nothing(void **state)
{
	static const char ADD[] = "CREATE TABLE surprise (x INTEGER)";
	static const char DROP[] = "DROP TABLE surprise";
	struct db *db = NULL;
	struct err e = { 0 };

	(void)state;
	assert_true(stmt_run(db_stmt(books->db, ADD), &e));
	assert_false(opens("IN01", "", false, &db, &e));
	assert_non_null(strstr(e.why, "surprise"));
	db_close(&db);
	assert_true(stmt_run(db_stmt(books->db, DROP), &e));
}

static void
lists_meet(void **state)
{
	(void)state;
	assert_true(scope_names("IN01 IN02", "IN02"));
	assert_true(scope_names("*", "anything"));
	assert_false(scope_names("IN01 IN02", "IN0"));
	assert_false(scope_names("IN01", ""));
	assert_false(scope_names("", "IN01"));
	assert_string_equal(scope_meet(arena, "*", "IN01"), "IN01");
	assert_string_equal(scope_meet(arena, "IN01 IN02", "*"), "IN01 IN02");
	assert_string_equal(scope_meet(arena, "IN01 IN02", "IN02 IN03"),
	    "IN02");
	assert_string_equal(scope_meet(arena, "IN01", "IN02"), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_table_has_a_class),
		cmocka_unit_test(every_view_reads),
		cmocka_unit_test(a_table_that_nobody_thought_of_shows_nothing),
		cmocka_unit_test(lists_meet),
	};

	return cmocka_run_group_tests(tests, open_books, close_books);
}
