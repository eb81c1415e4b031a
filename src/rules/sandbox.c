/* The walls around a rule. Opened once a thread; see sandbox.h. */
#include "rules/sandbox.h"

#include <string.h>

#include "core/rx.h"

#define STEPS_MAX 20000000	/* virtual machine instructions of one run */
#define STEPS_AT_ONCE 10000
#define MEMORY_MAX (64 << 20)

static int
authorize(void *arg, int action, const char *a, const char *b,
    const char *schema, const char *view)
{
	(void)arg;
	(void)schema;
	(void)view;
	switch (action) {
	case SQLITE_SELECT:
		return SQLITE_OK;
	case SQLITE_READ:
		return strcmp(a, "json_each") == 0 ||
		    strcmp(a, "json_tree") == 0 ||
		    strcmp(a, "line") == 0 ? SQLITE_OK : SQLITE_DENY;
	case SQLITE_FUNCTION:
		return function_allowed(b) ? SQLITE_OK : SQLITE_DENY;
	default:
		return SQLITE_DENY;
	}
}

static int
watch(void *arg)
{
	struct sandbox *sandbox = arg;

	sandbox->steps += STEPS_AT_ONCE;
	return sandbox->steps > STEPS_MAX ||
	    sandbox_memory() - sandbox->memory > MEMORY_MAX;
}

static const struct {
	int id, value;
} limits[] = {
	{ SQLITE_LIMIT_LENGTH, 8 << 20 },
	{ SQLITE_LIMIT_SQL_LENGTH, 65536 },
	{ SQLITE_LIMIT_COLUMN, 64 },
	{ SQLITE_LIMIT_EXPR_DEPTH, 100 },
	{ SQLITE_LIMIT_COMPOUND_SELECT, 32 },
	{ SQLITE_LIMIT_VDBE_OP, 50000 },
	{ SQLITE_LIMIT_FUNCTION_ARG, 16 },
	{ SQLITE_LIMIT_ATTACHED, 0 },
	{ SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 256 },
	{ SQLITE_LIMIT_VARIABLE_NUMBER, 16 },
	{ SQLITE_LIMIT_TRIGGER_DEPTH, 1 },
	{ SQLITE_LIMIT_WORKER_THREADS, 0 },
};

void
sandbox_open(struct sandbox *sandbox)
{
	*sandbox = (struct sandbox){ .patterns = map_new() };
	if (sqlite3_open_v2(":memory:", &sandbox->db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_MEMORY, NULL) != SQLITE_OK)
		bug("no sandbox");
	sqlite3_db_config(sandbox->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(sandbox->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0,
	    NULL);
	sqlite3_db_config(sandbox->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(sandbox->db,
	    SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	sqlite3_exec(sandbox->db, "PRAGMA temp_store = MEMORY", NULL, NULL,
	    NULL);
	functions_add(sandbox);
	line_add(sandbox);
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
		sqlite3_limit(sandbox->db, limits[i].id, limits[i].value);
	/* The first use of a table-valued function declares it, which looks
	 * like a write to the authorizer; so it is used once before. */
	sqlite3_exec(sandbox->db, "SELECT 1 FROM json_each('[]'),"
	    " json_tree('[]'), line", NULL, NULL, NULL);
	sqlite3_set_authorizer(sandbox->db, authorize, NULL);
	sqlite3_progress_handler(sandbox->db, STEPS_AT_ONCE, watch, sandbox);
}

static void
free_pattern(void *p)
{
	struct rx *rx = p;

	rx_free(&rx);
}

void
sandbox_close(struct sandbox *sandbox)
{
	sqlite3_close(sandbox->db);
	map_free(&sandbox->patterns, free_pattern);
}

void
sandbox_start(struct sandbox *sandbox)
{
	sandbox->steps = 0;
	sandbox->memory = sandbox_memory();
}
