/* Holds, approvals and delegations: rows of the settling transaction. */
#include "store/approval.h"

bool
hold_put(struct books *books, int64_t event, const struct hold *h,
    struct err *e)
{
	static const char SQL[] = "INSERT INTO hold VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, event);
	stmt_blob(s, 2, h->digest, SHA256_SIZE);
	stmt_int(s, 3, h->needed);
	stmt_int(s, 4, h->totp);
	stmt_text(s, 5, role_name(h->role));
	stmt_int(s, 6, h->base);
	stmt_text(s, 7, h->currency);
	stmt_int(s, 8, h->since);
	if (h->expires != 0)
		stmt_int(s, 9, h->expires);
	return stmt_run(s, e);
}

bool
hold_remove(struct books *books, int64_t event, struct err *e)
{
	static const char SQL[] = "DELETE FROM hold WHERE event = $1";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, event);
	return stmt_run(s, e);
}

bool
hold_find(struct db *db, int64_t event, struct arena *arena,
    struct hold *out, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT digest, needed, totp, role, base,"
	    " currency, since, expires FROM hold WHERE event = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, event);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	*out = (struct hold){ .role = ROLE_ADMIN };
	if (step != STEP_ROW)
		return step == STEP_DONE;
	memcpy(out->digest, col_span(s, 0).p, SHA256_SIZE);
	out->needed = col_int(s, 1);
	out->totp = col_int(s, 2) != 0;
	(void)role_find(col_text(s, 3), &out->role);
	out->base = col_int(s, 4);
	out->currency = arena_strdup(arena, col_text(s, 5));
	out->since = col_int(s, 6);
	out->expires = col_int(s, 7);
	stmt_reset(s);
	return true;
}

bool
hold_due(struct books *books, int64_t now, int64_t after,
    struct arena *arena, int64_t **out, size_t *n, size_t max, struct err *e)
{
	static const char SQL[] = "SELECT event FROM hold"
	    " WHERE expires <= $1 AND event > $2 ORDER BY event LIMIT $3";
	struct stmt *s = db_stmt(books->db, SQL);
	enum step step;

	*n = 0;
	*out = arena_alloc(arena, (max + 1) * sizeof **out);
	stmt_int(s, 1, now);
	stmt_int(s, 2, after);
	stmt_int(s, 3, (int64_t)max);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		(*out)[(*n)++] = col_int(s, 0);
	return step == STEP_DONE;
}

/* ---- approvals -------------------------------------------------------- */

bool
approval_add(struct books *books, int64_t event, const struct approval *a,
    const unsigned char digest[SHA256_SIZE], struct err *e)
{
	static const char SQL[] = "INSERT INTO approval"
	    " SELECT $1, 1 + coalesce(max(n), 0), $2, $3, $4, $5, $6, $7"
	    " FROM approval WHERE event = $1";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, event);
	stmt_blob(s, 2, digest, SHA256_SIZE);
	stmt_text(s, 3, a->actor);
	stmt_text(s, 4, a->giver);
	stmt_int(s, 5, a->totp);
	stmt_int(s, 6, a->at);
	stmt_int(s, 7, a->seq);
	return stmt_run(s, e);
}

#define APPROVALS_MAX 16	/* more than ever are needed */

bool
approvals_load(struct db *db, int64_t event,
    const unsigned char digest[SHA256_SIZE], struct arena *arena,
    struct approval **out, size_t *n, struct err *e)
{
	static const char SQL[] = "SELECT actor, giver, totp, at, seq"
	    " FROM approval WHERE event = $1 AND digest = $2 ORDER BY n"
	    " LIMIT $3";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*n = 0;
	*out = arena_alloc(arena, APPROVALS_MAX * sizeof **out);
	stmt_int(s, 1, event);
	stmt_blob(s, 2, digest, SHA256_SIZE);
	stmt_int(s, 3, APPROVALS_MAX);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct approval *a = &(*out)[(*n)++];

		a->actor = arena_strdup(arena, col_text(s, 0));
		a->giver = arena_strdup(arena, col_text(s, 1));
		a->totp = col_int(s, 2) != 0;
		a->at = col_int(s, 3);
		a->seq = col_int(s, 4);
	}
	return step == STEP_DONE;
}

bool
approval_withdraw(struct books *books, int64_t event, int64_t seq,
    struct err *e)
{
	static const char SQL[] =
	    "DELETE FROM approval WHERE event = $1 AND seq = $2";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, event);
	stmt_int(s, 2, seq);
	return stmt_run(s, e);
}

bool
approvals_forget(struct books *books, int64_t event, struct err *e)
{
	static const char SQL[] = "DELETE FROM approval WHERE event = $1";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, event);
	return stmt_run(s, e);
}

/* ---- delegations ------------------------------------------------------ */

bool
delegation_add(struct books *books, const struct delegation *d,
    struct err *e)
{
	static const char SQL[] = "INSERT INTO delegation VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7, $8, NULL)";
	struct stmt *s = db_stmt(books->db, SQL);

	books_touch(books, "delegation", d->taker);
	stmt_int(s, 1, d->id);
	stmt_text(s, 2, d->giver);
	stmt_text(s, 3, d->taker);
	stmt_text(s, 4, role_name(d->role));
	stmt_text(s, 5, d->limit);
	stmt_int(s, 6, d->at);
	stmt_int(s, 7, d->until);
	stmt_text(s, 8, d->reason);
	return stmt_run(s, e);
}

bool
delegation_revoke(struct books *books, const char *giver, const char *taker,
    int64_t at, bool *any, struct err *e)
{
	static const char FIND[] = "SELECT count(*) FROM delegation"
	    " WHERE giver = $1 AND taker = $2 AND until > $3"
	    " AND revoked IS NULL";
	static const char SQL[] = "UPDATE delegation SET revoked = $3"
	    " WHERE giver = $1 AND taker = $2 AND until > $3"
	    " AND revoked IS NULL";
	struct stmt *s = db_stmt(books->db, FIND);

	stmt_text(s, 1, giver);
	stmt_text(s, 2, taker);
	stmt_int(s, 3, at);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	*any = col_int(s, 0) > 0;
	stmt_reset(s);
	books_touch(books, "delegation", taker);
	s = db_stmt(books->db, SQL);
	stmt_text(s, 1, giver);
	stmt_text(s, 2, taker);
	stmt_int(s, 3, at);
	return stmt_run(s, e);
}

#define DELEGATIONS_MAX 100	/* to one person at one time */

bool
delegations_load(struct db *db, const char *taker, int64_t at,
    struct arena *arena, struct delegation **out, size_t *n, struct err *e)
{
	static const char SQL[] = "SELECT id, giver, role, amount, at, until,"
	    " reason FROM delegation WHERE taker = $1 AND at <= $2"
	    " AND until > $2 AND revoked IS NULL ORDER BY id LIMIT $3";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*n = 0;
	*out = arena_alloc(arena, DELEGATIONS_MAX * sizeof **out);
	stmt_text(s, 1, taker);
	stmt_int(s, 2, at);
	stmt_int(s, 3, DELEGATIONS_MAX);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct delegation *d = &(*out)[(*n)++];

		d->id = col_int(s, 0);
		d->giver = arena_strdup(arena, col_text(s, 1));
		d->taker = arena_strdup(arena, taker);
		d->role = ROLE_NONE;
		(void)role_find(col_text(s, 2), &d->role);
		d->limit = arena_strdup(arena, col_text(s, 3));
		d->at = col_int(s, 4);
		d->until = col_int(s, 5);
		d->reason = arena_strdup(arena, col_text(s, 6));
	}
	return step == STEP_DONE;
}
