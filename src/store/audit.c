/*
 * The hash chain: each row's hash covers the row before it and every column of
 * its own.  audit_walk.c walks it, audit_list.c shows it.
 */
#include "store/audit.h"

#include <stdio.h>

#include "core/clock.h"

void
audit_hash(const struct audit_row *row,
    const unsigned char prev[SHA256_SIZE], unsigned char out[SHA256_SIZE])
{
	char numbers[64];
	int n = snprintf(numbers, sizeof numbers, "%lld %lld",
	    (long long)row->seq, (long long)row->at);
	struct span parts[] = {
		{ (const char *)prev, SHA256_SIZE },
		{ numbers, (size_t)n + 1 },
		{ row->actor, strlen(row->actor) + 1 },
		{ row->action, strlen(row->action) + 1 },
		{ row->object, strlen(row->object) + 1 },
		{ row->old, strlen(row->old) + 1 },
		{ row->new, strlen(row->new) + 1 },
	};

	digest_sha256v(parts, sizeof parts / sizeof *parts, out);
}

static bool
add(struct books *books, int64_t at, const struct audit_row *said,
    struct err *e)
{
	static const char SQL[] =
	    "INSERT INTO audit VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
	struct audit_row row = *said;
	unsigned char hash[SHA256_SIZE];
	struct stmt *s = db_stmt(books->db, SQL);
	bool ok;

	row.seq = ++books->audit;
	row.at = at;
	audit_hash(&row, books->audit_hash, hash);
	stmt_int(s, 1, row.seq);
	stmt_int(s, 2, row.at);
	stmt_text(s, 3, row.actor);
	stmt_text(s, 4, row.action);
	stmt_text(s, 5, row.object);
	stmt_text(s, 6, row.old);
	stmt_text(s, 7, row.new);
	stmt_blob(s, 8, books->audit_hash, SHA256_SIZE);
	stmt_blob(s, 9, hash, SHA256_SIZE);
	ok = stmt_run(s, e);
	memcpy(books->audit_hash, hash, SHA256_SIZE);
	return ok;
}

bool
audit_add(struct books *books, const char *actor, const char *action,
    const char *object, const char *old, const char *new, struct err *e)
{
	return add(books, clock_now(), &(struct audit_row){ .actor = actor,
	    .action = action, .object = object, .old = old, .new = new }, e);
}

/* ---- left by who does not hold the books ------------------------------- */

bool
audit_leave(struct db *db, const char *actor, const char *action,
    const char *object, const char *old, const char *new, struct err *e)
{
	static const char SQL[] = "INSERT INTO audit_left"
	    " (at, actor, action, object, old, new)"
	    " VALUES ($1, $2, $3, $4, $5, $6)";
	struct stmt *s = db_stmt(db, SQL);

	stmt_int(s, 1, clock_now());
	stmt_text(s, 2, actor);
	stmt_text(s, 3, action);
	stmt_text(s, 4, object);
	stmt_text(s, 5, old);
	stmt_text(s, 6, new);
	return stmt_run(s, e);
}

bool
audit_any_left(struct db *db, bool *any, struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM audit_left LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);

	return stmt_found(s, any, e);
}

static bool
forget_left(struct books *books, int64_t upto, struct err *e)
{
	static const char SQL[] = "DELETE FROM audit_left WHERE id <= $1";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, upto);
	return stmt_run(s, e);
}

#define LEFT_MAX 1000		/* rows of one commit */

bool
audit_take(struct books *books, bool *more, struct err *e)
{
	static const char SQL[] = "SELECT id, at, actor, action, object, old,"
	    " new FROM audit_left ORDER BY id LIMIT $1";
	struct stmt *s = db_stmt(books->db, SQL);
	enum step step;
	int64_t last = 0;
	int n = 0;

	stmt_int(s, 1, LEFT_MAX);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct audit_row row = { 0, 0, col_text(s, 2), col_text(s, 3),
		    col_text(s, 4), col_text(s, 5), col_text(s, 6) };

		last = col_int(s, 0);
		n++;
		if (!add(books, col_int(s, 1), &row, e)) {
			stmt_reset(s);
			return false;
		}
	}
	*more = n == LEFT_MAX;
	return step == STEP_DONE && (n == 0 || forget_left(books, last, e));
}

/* ---- texts that are long, or of persons -------------------------------- */

#define SALT 16

bool
audit_text(struct books *books, struct span text, char out[SHA256_HEX],
    struct err *e)
{
	static const char SQL[] = "INSERT INTO audit_text VALUES ($1, $2, $3)";
	unsigned char salt[SALT], digest[SHA256_SIZE];
	struct stmt *s = db_stmt(books->db, SQL);

	digest_random(salt, sizeof salt);
	digest_sha256v((struct span[]){ { (char *)salt, sizeof salt }, text },
	    2, digest);
	digest_hex(digest, SHA256_SIZE, out);
	stmt_text(s, 1, out);
	stmt_blob(s, 2, salt, sizeof salt);
	stmt_span(s, 3, text);
	return stmt_run(s, e);
}
