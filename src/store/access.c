/* Sources, and the names of senders. No secret is here: secrets are files. */
#include "store/access.h"

#define SOURCES_MAX 1000

/* "events" is the local senders', "desk-NAME" what NAME enters by hand: no
 * program may speak for a person. */
static bool
reserved(const char *name)
{
	return strcmp(name, "events") == 0 || strcmp(name, "desk") == 0 ||
	    strncmp(name, "desk-", 5) == 0;
}

static bool
is_there(struct db *db, const char *sql, const char *name, bool *there,
    struct err *e)
{
	struct stmt *s = db_stmt(db, sql);

	stmt_text(s, 1, name);
	return stmt_found(s, there, e);
}

static bool
taken(const char *name, struct err *e)
{
	return err_set(e, ERR_USAGE, "the name %.60s is taken", name);
}

bool
sender_name_free(struct db *db, const char *name, struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM source WHERE name = $1"
	    " UNION ALL SELECT 1 FROM client WHERE name = $1";
	bool there;

	if (reserved(name))
		return taken(name, e);
	return is_there(db, SQL, name, &there, e) &&
	    (!there || taken(name, e));
}

bool
source_put(struct db *db, const char *name, const char *scheme,
    struct err *e)
{
	static const char CLIENT[] = "SELECT 1 FROM client WHERE name = $1";
	static const char SQL[] = "INSERT INTO source VALUES ($1, $2)"
	    " ON CONFLICT DO UPDATE SET scheme = excluded.scheme";
	struct stmt *s;
	bool there;

	if (reserved(name) || !is_there(db, CLIENT, name, &there, e) || there)
		return taken(name, e);
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
access_find(struct db *db, const char *subject, const char *name,
    struct arena *arena, struct access_row *out, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT role, entities, sees FROM access"
	    " WHERE subject = $1 AND name = $2";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, subject);
	stmt_text(s, 2, name);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	out->role = arena_strdup(arena, col_text(s, 0));
	out->entities = arena_strdup(arena, col_text(s, 1));
	out->sees = arena_strdup(arena, col_text(s, 2));
	stmt_reset(s);
	return true;
}
