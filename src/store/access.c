/* Sources and tokens. No secret is here: secrets are files, tokens hashes. */
#include "store/access.h"

#define SOURCES_MAX 1000

/* "events" is the local senders', "desk-NAME" what NAME enters by hand: no
 * program may speak for a person. */
static bool
free_name(struct db *db, const char *sql, const char *name, struct err *e)
{
	struct stmt *s = db_stmt(db, sql);
	enum step step;

	if (strcmp(name, "events") == 0 || strcmp(name, "desk") == 0 ||
	    strncmp(name, "desk-", 5) == 0)
		return err_set(e, ERR_USAGE, "the name %s is taken", name);
	stmt_text(s, 1, name);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		stmt_reset(s);
		err_set(e, ERR_USAGE, "the name %s is taken", name);
	}
	return step == STEP_DONE;
}

bool
source_put(struct db *db, const char *name, const char *scheme,
    struct err *e)
{
	static const char TOKEN[] = "SELECT 1 FROM token WHERE name = $1";
	static const char SQL[] = "INSERT INTO source VALUES ($1, $2)"
	    " ON CONFLICT DO UPDATE SET scheme = excluded.scheme";
	struct stmt *s;

	if (!free_name(db, TOKEN, name, e))
		return false;
	s = db_stmt(db, SQL);
	stmt_text(s, 1, name);
	stmt_text(s, 2, scheme);
	return stmt_run(s, e);
}

bool
source_all(struct db *db, struct arena *arena, struct source_row **out,
    size_t *n, struct err *e)
{
	static const char SQL[] =
	    "SELECT name, scheme FROM source ORDER BY name";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*n = 0;
	*out = arena_alloc(arena, SOURCES_MAX * sizeof **out);
	while ((step = stmt_step(s, e)) == STEP_ROW && *n < SOURCES_MAX) {
		(*out)[*n].name = arena_strdup(arena, col_text(s, 0));
		(*out)[*n].scheme = arena_strdup(arena, col_text(s, 1));
		++*n;
	}
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}

bool
token_put(struct db *db, const unsigned char digest[SHA256_SIZE],
    const char *name, const char *role, struct err *e)
{
	static const char SOURCE[] = "SELECT 1 FROM source WHERE name = $1";
	static const char SQL[] = "INSERT INTO token VALUES ($1, $2, $3)";
	struct stmt *s;

	if (!free_name(db, SOURCE, name, e))
		return false;
	s = db_stmt(db, SQL);
	stmt_blob(s, 1, digest, SHA256_SIZE);
	stmt_text(s, 2, name);
	stmt_text(s, 3, role);
	return stmt_run(s, e);
}

bool
token_find(struct db *db, const unsigned char digest[SHA256_SIZE],
    struct arena *arena, const char **name, const char **role,
    struct err *e)
{
	static const char SQL[] =
	    "SELECT name, role FROM token WHERE digest = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*name = *role = NULL;
	stmt_blob(s, 1, digest, SHA256_SIZE);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		*name = arena_strdup(arena, col_text(s, 0));
		*role = arena_strdup(arena, col_text(s, 1));
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}
