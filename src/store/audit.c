/*
 * The hash chain.  Each row's hash covers the row before it and every column
 * of its own; the walk also holds events and journals against the digests
 * that their rows name.
 */
#include "store/books.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/digest.h"

struct row {
	int64_t seq, at;
	const char *actor, *action, *object, *old, *new;
};

static void
hash_row(const struct row *row, const unsigned char prev[SHA256_SIZE],
    unsigned char out[SHA256_SIZE])
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

bool
audit_add(struct books *books, const char *actor, const char *action,
    const char *object, const char *old, const char *new, struct err *e)
{
	static const char SQL[] =
	    "INSERT INTO audit VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
	struct row row = { ++books->audit, clock_now(), actor, action,
	    object, old, new };
	unsigned char hash[SHA256_SIZE];
	struct stmt *s = db_stmt(books->db, SQL);
	bool ok;

	hash_row(&row, books->audit_hash, hash);
	stmt_int(s, 1, row.seq);
	stmt_int(s, 2, row.at);
	stmt_text(s, 3, actor);
	stmt_text(s, 4, action);
	stmt_text(s, 5, object);
	stmt_text(s, 6, old);
	stmt_text(s, 7, new);
	stmt_blob(s, 8, books->audit_hash, SHA256_SIZE);
	stmt_blob(s, 9, hash, SHA256_SIZE);
	ok = stmt_run(s, e);
	memcpy(books->audit_hash, hash, SHA256_SIZE);
	return ok;
}

/* ---- verifying -------------------------------------------------------- */

/* The value after "name=" in a row's text; cut at the next space. */
static bool
value_of(const char *text, const char *name, char *out, size_t room)
{
	const char *at = strstr(text, name);
	size_t n;

	if (at == NULL)
		return false;
	at += strlen(name);
	n = strcspn(at, " ");
	if (n >= room)
		return false;
	memcpy(out, at, n);
	out[n] = '\0';
	return true;
}

/* The text of a row that the settling wrote, state and event first. All
 * others hold what a person wrote, which proves nothing. */
static const char *
settled_text(const struct row *row)
{
	const char *space = strchr(row->new, ' ');

	return row->object[0] == 'E' && space != NULL &&
	    strncmp(row->new, "state=", 6) == 0 &&
	    strncmp(space, " event=", 7) == 0 ? row->new : "";
}

static bool
check_journal(struct db *db, const struct row *row, struct arena *arena,
    struct err *e)
{
	struct journal journal;
	struct journal_head head;
	char id[32], want[SHA256_HEX], have[SHA256_HEX];
	unsigned char entries[SHA256_SIZE];
	const char *text = settled_text(row);
	bool found;

	for (const char *at = strstr(text, "journal=J"); at != NULL;
	    at = strstr(at + 1, "journal=J")) {
		if (!value_of(at, "journal=J", id, sizeof id) ||
		    !value_of(at, "entries=", want, sizeof want))
			return err_set(e, ERR_CORRUPT,
			    "audit row %lld names no journal digest",
			    (long long)row->seq);
		if (!journal_load(db, strtoll(id, NULL, 10), arena, &journal,
		    &head, &found, e))
			return false;
		if (found) {
			entries_digest(&journal, entries);
			journal_digest(&journal, &head, entries, have);
		}
		if (!found || strcmp(want, have) != 0)
			return err_set(e, ERR_CORRUPT, "journal J%s is not "
			    "as audit row %lld saw it", id,
			    (long long)row->seq);
	}
	return true;
}

static bool
check_event(struct db *db, const struct row *row, struct arena *arena,
    struct err *e)
{
	struct event event;
	struct placing placing;
	unsigned char digest[SHA256_SIZE];
	char want[SHA256_HEX], have[SHA256_HEX];
	bool found;

	if (!value_of(settled_text(row), "event=", want, sizeof want))
		return true;
	if (!event_load(db, strtoll(row->object + 1, NULL, 10), arena,
	    &event, &placing, &found, e))
		return false;
	if (found) {
		digest_sha256(event.body, digest);
		digest_hex(digest, SHA256_SIZE, have);
	}
	if (!found || strcmp(want, have) != 0 ||
	    memcmp(digest, event.digest, SHA256_SIZE) != 0)
		return err_set(e, ERR_CORRUPT,
		    "event %s is not as audit row %lld saw it", row->object,
		    (long long)row->seq);
	return true;
}

static bool
check_row(struct db *db, struct stmt *s, struct audit_mark *mark,
    struct arena *arena, struct err *e)
{
	struct row row = { col_int(s, 0), col_int(s, 1), col_text(s, 2),
	    col_text(s, 3), col_text(s, 4), col_text(s, 5), col_text(s, 6) };
	unsigned char hash[SHA256_SIZE];

	if (row.seq != mark->rows + 1)
		return err_set(e, ERR_CORRUPT, "audit row %lld is missing",
		    (long long)mark->rows + 1);
	hash_row(&row, mark->hash, hash);
	if (!span_equal(col_span(s, 7), (struct span){ (char *)mark->hash,
	    SHA256_SIZE }) || !span_equal(col_span(s, 8),
	    (struct span){ (char *)hash, SHA256_SIZE }))
		return err_set(e, ERR_CORRUPT, "audit row %lld is broken",
		    (long long)row.seq);
	memcpy(mark->hash, hash, SHA256_SIZE);
	mark->rows++;
	return check_event(db, &row, arena, e) &&
	    check_journal(db, &row, arena, e);
}

/* The last row that was walked is still there, as it was. */
static bool
check_mark(struct db *db, const struct audit_mark *mark, struct err *e)
{
	static const char SQL[] = "SELECT hash FROM audit WHERE seq = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;
	bool same;

	if (mark->rows == 0)
		return true;
	stmt_int(s, 1, mark->rows);
	step = stmt_step(s, e);
	same = step == STEP_ROW && span_equal(col_span(s, 0),
	    (struct span){ (char *)mark->hash, SHA256_SIZE });
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED && (same || err_set(e, ERR_CORRUPT,
	    "audit row %lld is not as it was", (long long)mark->rows));
}

bool
audit_walk(struct db *db, struct audit_mark *mark, int64_t most, bool *end,
    struct err *e)
{
	static const char SQL[] = "SELECT seq, at, actor, action, object,"
	    " old, new, prev, hash FROM audit WHERE seq > $1 ORDER BY seq"
	    " LIMIT $2";
	int64_t last = mark->rows + most;
	struct stmt *s = db_stmt(db, SQL);
	struct arena *arena;
	enum step step;

	if (!check_mark(db, mark, e))
		return false;
	arena = arena_new();
	stmt_int(s, 1, mark->rows);
	stmt_int(s, 2, most);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		if (!check_row(db, s, mark, arena, e)) {
			stmt_reset(s);
			step = STEP_FAILED;
			break;
		}
		arena_reset(arena);
	}
	arena_free(&arena);
	*end = mark->rows < last;
	return step == STEP_DONE;
}

bool
audit_verify(struct db *db, int64_t *rows, struct err *e)
{
	struct audit_mark mark = { 0 };
	bool end = false, ok = true;

	while (ok && !end)
		ok = audit_walk(db, &mark, 100000, &end, e);
	*rows = mark.rows;
	return ok;
}
