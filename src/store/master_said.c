/*
 * What the audit says of a change of master data: the rows as they were and
 * as they are. Long ones, and those that may be of persons, are kept as a text
 * that can be erased; what is new is in the log in any case.
 */
#include "store/master_said.h"

#include "core/csv.h"
#include "store/audit.h"
#include "store/master.h"
#include "store/master_table.h"

#define INLINE_MAX 2000		/* bytes of rows in the row itself */

static const char *const personal[] = { "party", "taxpayer",
	"registration" };

static bool
is_personal(const char *table)
{
	for (size_t i = 0; i < sizeof personal / sizeof *personal; i++)
		if (strcmp(personal[i], table) == 0)
			return true;
	return false;
}

static bool
add_row(struct db *db, const struct master_table *table, const char *name,
    const struct csv *csv, struct str *out, struct err *e)
{
	const char *key[MASTER_KEYS_MAX] = { NULL };
	struct stmt *s;
	enum step step;

	for (size_t i = 0; i < table->keys; i++)
		key[i] = csv_field(csv, i);
	s = master_table_one(db, table, name, key);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		master_table_line(table, s, false, out);
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

bool
master_rows_now(struct db *db, const char *name, struct span text,
    struct str *out, struct err *e)
{
	const struct master_table *table = master_table_find(name);
	struct csv csv;
	bool ok = true;

	if (table == NULL)
		return true;	/* whoever applies it says so */
	csv_open(&csv, text);
	for (bool head = true; ok && csv_next(&csv, e); head = false)
		ok = head || csv.n < table->keys || add_row(db, table, name,
		    &csv, out, e);
	csv_close(&csv);
	return ok && e->code == ERR_NONE;
}

/* What was, in the row or as a text of its own. */
static bool
say_old(struct books *books, const char *table, const struct str *rows,
    const char **out, struct err *e)
{
	char digest[SHA256_HEX];

	*out = arena_strndup(books->arena, rows->p, rows->n);
	if (rows->n == 0 || (rows->n <= INLINE_MAX && !is_personal(table)))
		return true;
	if (rows->over)
		return err_set(e, ERR_TOO_LARGE, "%s", table);
	if (!audit_text(books, str_span(rows), digest, e))
		return false;
	*out = arena_printf(books->arena, "text=%s", digest);
	return true;
}

bool
master_say(struct books *books, const struct master_change *change,
    const struct str *was, struct err *e)
{
	const char *table = change->table, *old;
	struct span csv = change->csv;
	bool full = csv.n <= INLINE_MAX && !is_personal(table);

	return say_old(books, table, was, &old, e) &&
	    audit_add(books, change->actor, "reference",
	    arena_printf(books->arena, "R%lld", (long long)change->seq), old,
	    arena_printf(books->arena, "table=%s log=L%lld%s%s%.*s", table,
	    (long long)change->seq, change->remove ? " do=remove" : "",
	    full ? "\n" : "", full ? (int)csv.n : 0, csv.p), e);
}
