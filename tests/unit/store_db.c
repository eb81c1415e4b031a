/* The seam to the database: parameters by their digits, commits, refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/db.h"

static char folder[] = "/tmp/bahi-unit-XXXXXX";
static char path[64];

static int
make_folder(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	strcpy(path, folder);
	strcat(path, "/x.db");
	return 0;
}

static int
drop_folder(void **state)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	char name[80];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		strcpy(name, path);
		unlink(strcat(name, ends[i]));
	}
	return rmdir(folder);
}

/* SQLite numbers $2, $1 as they come; our callers mean the digits. */
static void
parameters_go_by_their_digits(void **state)
{
	static const char SQL[] = "SELECT $2, $1, $3, $1";
	struct db *db = NULL;
	struct err e = { 0 };
	struct stmt *s;

	(void)state;
	assert_true(db_open(&db, path, DB_CREATE, &e));
	s = db_stmt(db, SQL);
	stmt_int(s, 1, 11);
	stmt_text(s, 2, "two");
	stmt_null(s, 3);
	assert_int_equal(stmt_step(s, &e), STEP_ROW);
	assert_string_equal(col_text(s, 0), "two");
	assert_int_equal(col_int(s, 1), 11);
	assert_true(col_null(s, 2));
	assert_int_equal(col_int(s, 3), 11);
	assert_int_equal(stmt_step(s, &e), STEP_DONE);
	db_close(&db);
}

static void
schema_refuses_to_change_what_is_kept(void **state)
{
	static const char ADD[] = "INSERT INTO audit VALUES"
	    " (1, 1, 'a', 'b', 'c', '', '', x'00', x'00')";
	static const char CHANGE[] = "UPDATE audit SET new = 'x'";
	static const char DROP[] = "DELETE FROM audit";
	struct db *db = NULL;
	struct err e = { 0 };

	(void)state;
	assert_true(db_open(&db, path, DB_CREATE, &e));
	assert_true(db_migrate(db, &e));
	assert_true(db_migrate(db, &e));
	assert_true(stmt_run(db_stmt(db, ADD), &e));
	assert_false(stmt_run(db_stmt(db, CHANGE), &e));
	assert_non_null(strstr(e.why, "append only"));
	e = (struct err){ 0 };
	assert_false(stmt_run(db_stmt(db, DROP), &e));
	assert_int_equal(e.code, ERR_STORE);
	db_close(&db);
}

static void
a_reader_cannot_write(void **state)
{
	static const char SQL[] = "CREATE TABLE x(a)";
	struct db *db = NULL;
	struct err e = { 0 };

	(void)state;
	assert_true(db_open(&db, path, DB_CREATE, &e));
	db_close(&db);
	assert_true(db_open(&db, path, DB_READ, &e));
	assert_false(stmt_run(db_stmt(db, SQL), &e));
	db_close(&db);
}

static void
a_missing_file_is_an_error(void **state)
{
	struct db *db = NULL;
	struct err e = { 0 };

	(void)state;
	assert_false(db_open(&db, "/nonexistent/x.db", DB_WRITE, &e));
	assert_int_equal(e.code, ERR_STORE);
	assert_null(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parameters_go_by_their_digits),
		cmocka_unit_test(schema_refuses_to_change_what_is_kept),
		cmocka_unit_test(a_reader_cannot_write),
		cmocka_unit_test(a_missing_file_is_an_error),
	};

	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
