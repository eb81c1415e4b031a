/*
 * Walking the chain, whole or in parts, by several threads.  Where it breaks
 * what is around says how: each row names the hash that it followed.
 */
#include "store/audit_inside.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const faults[] = {
	[AUDIT_WHOLE] = "whole", [AUDIT_EDITED] = "edited",
	[AUDIT_MISSING] = "missing", [AUDIT_INSERTED] = "inserted",
	[AUDIT_MOVED] = "reordered", [AUDIT_CUT] = "truncated",
	[AUDIT_REWRITTEN] = "rewritten", [AUDIT_CONTENT] = "content",
};

const char *
audit_fault_name(enum audit_fault fault)
{
	return faults[fault];
}

/* ---- what is wrong ----------------------------------------------------- */

struct found {			/* a row as it is kept */
	struct audit_row row;
	unsigned char prev[SHA256_SIZE], hash[SHA256_SIZE];
};

#define COLUMNS "seq, at, actor, action, object, old, new, prev, hash"

static void
read_digest(struct stmt *s, int at, unsigned char out[SHA256_SIZE])
{
	struct span blob = col_span(s, at);

	memset(out, 0, SHA256_SIZE);
	if (blob.n == SHA256_SIZE)
		memcpy(out, blob.p, SHA256_SIZE);
}

/* Texts are the statement's. */
static void
read_row(struct stmt *s, struct found *out)
{
	out->row = (struct audit_row){ col_int(s, 0), col_int(s, 1),
	    col_text(s, 2), col_text(s, 3), col_text(s, 4), col_text(s, 5),
	    col_text(s, 6) };
	read_digest(s, 7, out->prev);
	read_digest(s, 8, out->hash);
}

/* Does it say what was hashed, if it had that number and followed that row? */
static bool
holds(const struct found *f, int64_t seq,
    const unsigned char prev[SHA256_SIZE])
{
	struct audit_row row = f->row;
	unsigned char hash[SHA256_SIZE];

	row.seq = seq;
	audit_hash(&row, prev, hash);
	return memcmp(hash, f->hash, SHA256_SIZE) == 0;
}

static bool
same(const unsigned char a[SHA256_SIZE], const unsigned char b[SHA256_SIZE])
{
	return memcmp(a, b, SHA256_SIZE) == 0;
}

/* The first row after that one which followed this hash when it was written;
 * 0: none does. */
static bool
follower(struct db *db, const unsigned char hash[SHA256_SIZE], int64_t after,
    int64_t *seq, struct err *e)
{
	static const char SQL[] = "SELECT seq FROM audit WHERE prev = $1"
	    " AND seq > $2 ORDER BY seq LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);

	stmt_blob(s, 1, hash, SHA256_SIZE);
	stmt_int(s, 2, after);
	return stmt_number(s, seq, e);
}

#define SHIFTED 64		/* numbers apart that are tried */

/* The number that it had when it was written; 0: it says other things. */
static int64_t
numbered(const struct found *f, int64_t likely)
{
	if (holds(f, f->row.seq, f->prev))
		return f->row.seq;
	if (likely > 0 && holds(f, likely, f->prev))
		return likely;
	for (int64_t k = 1; k <= SHIFTED; k++) {
		if (holds(f, f->row.seq + k, f->prev))
			return f->row.seq + k;
		if (f->row.seq > k && holds(f, f->row.seq - k, f->prev))
			return f->row.seq - k;
	}
	return 0;
}

static bool
stop_at(struct audit_mark *mark, enum audit_fault fault, int64_t row,
    struct err *e, const char *how)
{
	mark->fault = fault;
	mark->broken = row;
	if (fault == AUDIT_MISSING)
		return err_set(e, ERR_CORRUPT, "audit row %lld is missing%s",
		    (long long)row, how);
	return err_set(e, ERR_CORRUPT, "audit row %lld is broken: %s%s",
	    (long long)row, faults[fault], how);
}

/* The row before it is not the one that it followed. */
static bool
say_not_following(struct audit_mark *mark, const struct found *f,
    int64_t behind, struct err *e)
{
	int64_t seq = f->row.seq, was = numbered(f, behind);

	if (seq > 1 && same(f->prev, mark->before))
		return stop_at(mark, AUDIT_INSERTED, behind == seq + 1 ?
		    seq : seq - 1, e, "");
	if (was == seq)
		return seq == 1 ? stop_at(mark, AUDIT_EDITED, 1, e, "") :
		    stop_at(mark, AUDIT_EDITED, seq - 1, e,
		    ", and its hash, too");
	if (behind > seq)
		return stop_at(mark, was == behind ? AUDIT_MOVED :
		    AUDIT_INSERTED, seq, e, "");
	if (was > seq)
		return stop_at(mark, AUDIT_MISSING, seq, e,
		    ", and those after it were numbered anew");
	return stop_at(mark, was > 0 ? AUDIT_INSERTED : AUDIT_EDITED,
	    was > 0 ? was : seq, e, "");
}

static bool
say_broken(struct db *db, struct audit_mark *mark, const struct found *f,
    struct err *e)
{
	int64_t behind;

	if (f->row.seq <= mark->rows)
		return stop_at(mark, AUDIT_INSERTED, f->row.seq, e, "");
	if (f->row.seq > mark->rows + 1)
		return stop_at(mark, AUDIT_MISSING, mark->rows + 1, e, "");
	if (!follower(db, mark->hash, f->row.seq, &behind, e))
		return false;
	if (same(f->prev, mark->hash))
		return stop_at(mark, behind == f->row.seq + 1 ?
		    AUDIT_INSERTED : AUDIT_EDITED, f->row.seq, e, "");
	return say_not_following(mark, f, behind, e);
}

/* ---- walking ----------------------------------------------------------- */

static bool
check_row(struct db *db, const struct found *f, struct audit_mark *mark,
    struct arena *arena, struct err *e)
{
	if (f->row.seq != mark->rows + 1 || !same(f->prev, mark->hash) ||
	    !holds(f, f->row.seq, mark->hash))
		return say_broken(db, mark, f, e);
	memcpy(mark->before, mark->hash, SHA256_SIZE);
	memcpy(mark->hash, f->hash, SHA256_SIZE);
	mark->rows++;
	if (audit_check_named(db, &f->row, mark->named, arena, e))
		return true;
	mark->fault = AUDIT_CONTENT;
	mark->broken = f->row.seq;
	return false;
}

bool
audit_mark_at(struct db *db, int64_t row, struct audit_mark *out,
    struct err *e)
{
	static const char SQL[] = "SELECT hash, prev FROM audit"
	    " WHERE seq = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*out = (struct audit_mark){ .rows = row - 1 };
	if (row <= 1)
		return true;
	stmt_int(s, 1, row - 1);
	step = stmt_step(s, e);
	if (step != STEP_ROW)
		return step == STEP_DONE && stop_at(out, AUDIT_MISSING,
		    row - 1, e, "");
	read_digest(s, 0, out->hash);
	read_digest(s, 1, out->before);
	stmt_reset(s);
	return true;
}

/* The last row that was walked is still there, as it was. */
static bool
check_mark(struct db *db, struct audit_mark *mark, struct err *e)
{
	struct audit_mark now;
	struct err gone = { 0 };

	if (audit_mark_at(db, mark->rows + 1, &now, &gone)) {
		if (same(now.hash, mark->hash))
			return true;
		mark->fault = AUDIT_EDITED;
	} else if (gone.code == ERR_CORRUPT) {
		mark->fault = AUDIT_CUT;
	} else {
		*e = gone;
		return false;
	}
	mark->broken = mark->rows;
	return err_set(e, ERR_CORRUPT, "audit row %lld is not as it was",
	    (long long)mark->rows);
}

bool
audit_walk(struct db *db, struct audit_mark *mark, int64_t most, bool *end,
    struct err *e)
{
	/* From the first: those numbered below it, too. */
	static const char SQL[] = "SELECT " COLUMNS " FROM audit"
	    " WHERE seq > $1 ORDER BY seq LIMIT $2";
	int64_t last = mark->rows + most;
	struct stmt *s = db_stmt(db, SQL);
	struct arena *arena;
	enum step step;

	if (!check_mark(db, mark, e))
		return false;
	arena = arena_new();
	stmt_int(s, 1, mark->rows > 0 ? mark->rows : INT64_MIN);
	stmt_int(s, 2, most);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct found f;

		read_row(s, &f);
		if (!check_row(db, &f, mark, arena, e)) {
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

/* ---- where ------------------------------------------------------------- */

bool
audit_last(struct db *db, int64_t *row, struct err *e)
{
	static const char SQL[] = "SELECT max(seq) FROM audit";
	struct stmt *s = db_stmt(db, SQL);

	return stmt_number(s, row, e);
}

/* Rows come in the order of their times, or nearly so. */
bool
audit_row_at(struct db *db, int64_t at, int64_t *row, struct err *e)
{
	static const char SQL[] = "SELECT seq, at FROM audit WHERE seq >= $1"
	    " ORDER BY seq LIMIT 1";
	int64_t low = 1, high;

	if (!audit_last(db, &high, e))
		return false;
	high++;
	while (low < high) {
		int64_t middle = low + (high - low) / 2;
		struct stmt *s = db_stmt(db, SQL);
		enum step step;

		stmt_int(s, 1, middle);
		step = stmt_step(s, e);
		if (step == STEP_FAILED)
			return false;
		if (step == STEP_ROW && col_int(s, 1) < at)
			low = middle + 1;
		else
			high = middle;
		if (step == STEP_ROW)
			stmt_reset(s);
	}
	*row = low;
	return true;
}

/* ---- by several -------------------------------------------------------- */

#define THREADS_MAX 8
#define ALONE 20000		/* rows that are not worth another thread */

struct part {
	pthread_t thread;
	const char *store;
	struct audit_mark mark;
	int64_t from, to;	/* rows */
	bool ok;
	struct err err;
	struct audit_named *named;
};

static bool
walk_part(struct part *p)
{
	struct db *db = NULL;
	bool end = false;
	bool ok = db_open(&db, p->store, DB_READ, &p->err) &&
	    db_begin_read(db, &p->err) &&
	    audit_mark_at(db, p->from, &p->mark, &p->err);

	p->mark.named = p->named;
	if (ok && p->to >= p->from)
		ok = audit_walk(db, &p->mark, p->to - p->from + 1, &end,
		    &p->err);
	if (ok && p->mark.rows < p->to)
		ok = stop_at(&p->mark, AUDIT_MISSING, p->mark.rows + 1,
		    &p->err, "");
	db_close(&db);
	return ok;
}

static void *
run_part(void *arg)
{
	struct part *p = arg;

	p->ok = walk_part(p);
	return NULL;
}

static int
parts_of(const struct audit_range *range, int64_t rows)
{
	long n = range->threads > 0 ? range->threads :
	    sysconf(_SC_NPROCESSORS_ONLN);

	if (n > THREADS_MAX)
		n = THREADS_MAX;
	return n < 1 || rows < ALONE ? 1 : (int)n;
}

/* The first that is broken is what is told: the others follow from it. */
static bool
walk_parts(const struct audit_range *range, int64_t from, int64_t to,
    struct audit_named *named, struct audit_report *out, struct err *e)
{
	struct part parts[THREADS_MAX] = { { .ok = true } };
	int n = parts_of(range, to - from + 1);
	int64_t each = (to - from + n) / n;
	bool ok = true;

	for (int i = 0; i < n; i++) {
		struct part *p = &parts[i];

		p->store = range->store;
		p->named = named;
		p->from = from + i * each;
		p->to = i == n - 1 ? to : p->from + each - 1;
		if (i == 0)
			continue;
		if (pthread_create(&p->thread, NULL, run_part, p) != 0)
			bug("cannot start a thread");
	}
	run_part(&parts[0]);
	for (int i = 0; i < n; i++) {
		if (i > 0)
			pthread_join(parts[i].thread, NULL);
		if (!ok)
			continue;
		ok = parts[i].ok;
		out->rows += parts[i].mark.rows - parts[i].from + 1;
		out->fault = parts[i].mark.fault;
		out->broken = parts[i].mark.broken;
		if (!ok)
			*e = parts[i].err;
	}
	return ok;
}

static bool
verify_rows(struct db *db, const struct audit_range *range,
    struct audit_report *out, struct err *e)
{
	int64_t last, from = range->from > 1 ? range->from : 1, to;
	struct audit_named named = { 0 };
	bool all, ok;

	if (!audit_last(db, &last, e) || !journal_last(db, &named.last, e))
		return false;
	to = range->to > 0 && range->to < last ? range->to : last;
	if (range->to > last) {
		out->fault = AUDIT_CUT;
		out->broken = last + 1;
		return err_set(e, ERR_CORRUPT, "audit row %lld is missing: "
		    "the last one is %lld", (long long)last + 1,
		    (long long)last);
	}
	all = from == 1 && to == last;
	named.bits = calloc(1, (size_t)(named.last / 8 + 1));
	if (named.bits == NULL)
		bug("out of memory");
	ok = walk_parts(range, from, to, all ? &named : NULL, out, e);
	if (ok && all && !audit_check_unnamed(db, &named, e)) {
		out->fault = e->code == ERR_CORRUPT ? AUDIT_CUT : AUDIT_WHOLE;
		out->broken = last + 1;
		ok = false;
	}
	free(named.bits);
	return ok;
}

bool
audit_verify(const struct audit_range *range, struct audit_report *out,
    struct err *e)
{
	struct db *db = NULL;
	bool ok;

	*out = (struct audit_report){ 0 };
	ok = db_open(&db, range->store, DB_READ, e) && db_begin_read(db, e) &&
	    verify_rows(db, range, out, e);
	db_close(&db);
	return ok;
}
