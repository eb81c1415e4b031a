/* Proposals and the versions of rules. */
#include "store/proposal.h"

#include "core/clock.h"
#include "store/show.h"

/* ---- writing ---------------------------------------------------------- */

static bool
next_id(struct db *db, int64_t *out, struct err *e)
{
	static const char SQL[] =
	    "SELECT coalesce(max(id), 0) + 1 FROM proposal";
	struct stmt *s = db_stmt(db, SQL);
	enum step step = stmt_step(s, e);

	if (step == STEP_ROW) {
		*out = col_int(s, 0);
		stmt_reset(s);
	}
	return step == STEP_ROW;
}

bool
proposal_add(struct books *books, struct proposal *p, struct err *e)
{
	static const char SQL[] = "INSERT INTO proposal (id, kind, tab,"
	    " remove, digest, body, base, author, at, reason, signature,"
	    " state, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9,"
	    " $10, $11, 'draft', 1)";
	struct stmt *s;

	if (!next_id(books->db, &p->id, e))
		return false;
	s = db_stmt(books->db, SQL);
	stmt_int(s, 1, p->id);
	stmt_text(s, 2, p->kind);
	stmt_text(s, 3, p->table);
	stmt_int(s, 4, p->remove);
	stmt_text(s, 5, p->digest);
	stmt_span(s, 6, p->body);
	stmt_text(s, 7, p->base);
	stmt_text(s, 8, p->author);
	stmt_int(s, 9, p->at);
	stmt_text(s, 10, p->reason);
	stmt_text(s, 11, p->signature);
	return stmt_run(s, e);
}

bool
proposal_decide(struct books *books, int64_t id, const char *state,
    const char *by, const char *why, int64_t seq, struct err *e)
{
	static const char SQL[] = "UPDATE proposal SET state = $2,"
	    " version = version + 1, decided_by = $3, decided_at = $4,"
	    " decision = $5, seq = $6 WHERE id = $1";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, id);
	stmt_text(s, 2, state);
	stmt_text(s, 3, by);
	stmt_int(s, 4, clock_now());
	stmt_text(s, 5, why);
	if (seq != 0)
		stmt_int(s, 6, seq);
	else
		stmt_null(s, 6);
	return stmt_run(s, e);
}

bool
proposal_supersede(struct books *books, const char *author, const char *why,
    struct err *e)
{
	static const char SQL[] = "UPDATE proposal SET state = 'superseded',"
	    " version = version + 1, decided_at = $2, decision = $3"
	    " WHERE state = 'draft' AND kind = 'rules'"
	    " AND author = coalesce($1, author)";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, author);
	stmt_int(s, 2, clock_now());
	stmt_text(s, 3, why);
	return stmt_run(s, e);
}

bool
proposal_keep_backtest(struct books *books, int64_t id, struct span json,
    struct err *e)
{
	static const char SQL[] =
	    "UPDATE proposal SET backtest = $2 WHERE id = $1";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, id);
	stmt_span(s, 2, json);
	return stmt_run(s, e);
}

/* ---- reading ---------------------------------------------------------- */

static void
read_proposal(struct stmt *s, struct arena *arena, struct proposal *p)
{
	struct span body = col_span(s, 5);

	*p = (struct proposal){
	    .id = col_int(s, 0),
	    .kind = arena_strdup(arena, col_text(s, 1)),
	    .table = arena_strdup(arena, col_text(s, 2)),
	    .remove = col_int(s, 3) != 0,
	    .digest = arena_strdup(arena, col_text(s, 4)),
	    .body = { arena_strndup(arena, body.p, body.n), body.n },
	    .base = arena_strdup(arena, col_text(s, 6)),
	    .author = arena_strdup(arena, col_text(s, 7)),
	    .at = col_int(s, 8),
	    .reason = arena_strdup(arena, col_text(s, 9)),
	    .signature = arena_strdup(arena, col_text(s, 10)),
	    .state = arena_strdup(arena, col_text(s, 11)),
	    .version = col_int(s, 12),
	};
}

bool
proposal_load(struct db *db, int64_t id, struct arena *arena,
    struct proposal *out, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT id, kind, tab, remove, digest,"
	    " body, base, author, at, reason, signature, state, version"
	    " FROM proposal WHERE id = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, id);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (*found) {
		read_proposal(s, arena, out);
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}

bool
proposal_known(struct db *db, const char *digest, bool *known,
    struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM rules WHERE digest = $1";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, digest);
	return stmt_found(s, known, e);
}

/* ---- views ------------------------------------------------------------ */

#define COLUMNS "id, kind, tab, remove, digest, base, author, at, reason," \
	" signature, state, version, decided_by, decided_at, decision, seq," \
	" backtest IS NOT NULL"

static void
show_head(struct stmt *s, struct json *j)
{
	show_id(j, "id", 'P', col_int(s, 0));
	json_kstr(j, "kind", col_text(s, 1));
	json_kstr(j, "table", col_text(s, 2)[0] != '\0' ? col_text(s, 2) :
	    NULL);
	json_key(j, "remove");
	json_bool(j, col_int(s, 3) != 0);
	json_kstr(j, "digest", col_text(s, 4));
	json_kstr(j, "base", col_text(s, 5));
	json_kstr(j, "author", col_text(s, 6));
	show_time(j, "at", col_int(s, 7));
	json_kstr(j, "reason", col_text(s, 8));
	json_kstr(j, "signature", col_text(s, 9));
	json_kstr(j, "state", col_text(s, 10));
	json_kint(j, "version", col_int(s, 11));
	json_kstr(j, "decided_by", col_text(s, 12));
	show_time(j, "decided_at", col_int(s, 13));
	json_kstr(j, "decision", col_text(s, 14));
	json_key(j, "generation");
	if (col_null(s, 15))
		json_null(j);
	else
		json_int(j, col_int(s, 15));
	json_key(j, "tested");
	json_bool(j, col_int(s, 16) != 0);
}

bool
view_proposals(struct db *db, const char *state, int64_t before, int limit,
    struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT " COLUMNS " FROM proposal"
	    " WHERE ($1 IS NULL OR state = $1) AND id < $2"
	    " ORDER BY id DESC LIMIT $3";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, state);
	stmt_int(s, 2, before > 0 ? before : INT64_MAX);
	stmt_int(s, 3, limit);
	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		json_open(j, '{');
		show_head(s, j);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
	return step == STEP_DONE;
}

bool
view_proposal(struct db *db, int64_t id, struct json *j, bool *found,
    struct err *e)
{
	static const char SQL[] = "SELECT " COLUMNS ", body, backtest"
	    " FROM proposal WHERE id = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_int(s, 1, id);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (!*found)
		return step != STEP_FAILED;
	json_open(j, '{');
	show_head(s, j);
	json_kstr(j, "csv", col_text(s, 2)[0] != '\0' ? col_text(s, 17) :
	    NULL);
	json_key(j, "backtest");
	if (col_null(s, 18))
		json_null(j);
	else
		json_raw(j, col_span(s, 18));
	stmt_reset(s);
	return true;
}

static bool
show_names(struct db *db, const char *digest, struct json *j,
    struct err *e)
{
	static const char SQL[] = "SELECT f.key FROM rules r,"
	    " json_each(r.files) f WHERE r.digest = $1 ORDER BY f.key";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, digest);
	json_key(j, "files");
	json_open(j, '[');
	while ((step = stmt_step(s, e)) == STEP_ROW)
		json_span(j, col_span(s, 0));
	json_close(j, ']');
	return step == STEP_DONE;
}

bool
view_rules(struct db *db, struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT l.seq, l.at, l.actor, l.body,"
	    " (SELECT max(p.id) FROM proposal p WHERE p.seq = l.seq)"
	    " FROM log l WHERE l.kind = 'rules' ORDER BY l.seq DESC"
	    " LIMIT 500";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;
	bool first = true, ok = true;

	json_open(j, '{');
	json_key(j, "items");
	json_open(j, '[');
	while (ok && (step = stmt_step(s, e)) == STEP_ROW) {
		json_open(j, '{');
		json_kstr(j, "digest", col_text(s, 3));
		json_kint(j, "seq", col_int(s, 0));
		show_time(j, "since", col_int(s, 1));
		json_kstr(j, "by", col_text(s, 2));
		show_id(j, "proposal", 'P', col_int(s, 4));
		json_key(j, "in_force");
		json_bool(j, first);
		ok = show_names(db, col_text(s, 3), j, e);
		json_close(j, '}');
		first = false;
	}
	json_close(j, ']');
	json_close(j, '}');
	if (!ok)
		stmt_reset(s);
	return ok && step == STEP_DONE;
}

bool
rules_files(struct db *db, const char *digest, struct arena *arena,
    struct span *files, struct err *e)
{
	static const char SQL[] = "SELECT files FROM rules WHERE digest = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*files = (struct span){ "", 0 };
	stmt_text(s, 1, digest);
	step = stmt_step(s, e);
	if (step == STEP_ROW) {
		struct span text = col_span(s, 0);

		*files = (struct span){
		    arena_strndup(arena, text.p, text.n), text.n };
		stmt_reset(s);
	}
	return step != STEP_FAILED;
}
