/*
 * One pass: journals with their entries, then balances in the snapshot in
 * which the last journal was seen; events in the order of their last change,
 * then the counts in the snapshot in which the feed ended; then what hangs on
 * these.  Amounts are added up here, not by SQL, so that nothing overflows.
 */
#include "store/verify_inside.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUMS_HELD 200000	/* balances compared at most */
#define DIFFERING_HELD 100000	/* events remembered as differing */
#define PARTS "128"		/* DOCUMENT_PARTS_MAX */

_Static_assert(DOCUMENT_PARTS_MAX == 128, "as the statements say");

struct verify *
verify_new(struct db *db, verify_differs *differs, void *arg)
{
	struct verify *v = calloc(1, sizeof *v);

	if (v == NULL)
		bug("out of memory");
	v->db = db;
	v->differs = differs;
	v->arg = arg;
	v->arena = arena_new();
	v->sums = map_new();
	v->counts = map_new();
	v->differing = map_new();
	for (int i = 0; i < 3; i++)
		v->key[i] = "";
	return v;
}

void
verify_free(struct verify **vp)
{
	struct verify *v = *vp;

	if (v == NULL)
		return;
	map_free(&v->sums, NULL);
	map_free(&v->counts, NULL);
	map_free(&v->differing, NULL);
	arena_free(&v->arena);
	free(v);
	*vp = NULL;
}

void
verify_result(const struct verify *v, struct walked *out)
{
	*out = v->out;
}

void
verify_say(struct verify *v, const char *code, const char *name,
    const char *detail, ...)
{
	char text[240];
	va_list args;

	va_start(args, detail);
	vsnprintf(text, sizeof text, detail, args);
	va_end(args);
	v->differs(v->arg, code, name, text);
}

void
verify_id(char letter, int64_t id, char out[24])
{
	snprintf(out, 24, "%c%lld", letter, (long long)id);
}

void
verify_blame(struct verify *v, int64_t event)
{
	static char yes;
	char name[24];

	verify_id('E', event, name);
	if (map_count(v->differing) < DIFFERING_HELD)
		map_set(v->differing, span_of(name), &yes);
}

struct held *
verify_held(struct verify *v, struct map *map, const char *const part[4])
{
	size_t n[4], total = 0;
	struct held *held;
	char key[1024];

	for (int i = 0; i < 4; i++)
		total += n[i] = strlen(part[i]) + 1;
	if (total > sizeof key)
		return NULL;
	for (size_t i = 0, at = 0; i < 4; at += n[i++])
		memcpy(key + at, part[i], n[i]);
	held = map_find(map, (struct span){ key, total });
	if (held != NULL)
		return held;
	if (map_count(map) >= SUMS_HELD)
		return NULL;
	held = arena_alloc(v->arena, sizeof *held);
	for (int i = 0; i < 4; i++)
		held->part[i] = arena_strdup(v->arena, part[i]);
	map_set(map, (struct span){ key, total }, held);
	return held;
}

/* ---- what hangs on these ---------------------------------------------- */

static bool
same_text(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* The one before is of the same document, and none is left out. */
static void
check_chain(struct verify *v, struct stmt *s)
{
	int64_t event = col_int(s, 0) / DOCUMENT_PARTS_MAX;
	int64_t version = col_int(s, 2);
	char name[24];

	if (col_int(s, 3) == 0 ? version == 1 : col_int(s, 5) == 1 &&
	    col_int(s, 4) == version - 1)
		return;
	verify_id('E', event, name);
	verify_blame(v, event);
	verify_say(v, "version.before", name, "version %lld of its document "
	    "does not follow the one that it names", (long long)version);
}

static bool
step_versions(struct verify *v, int rows, bool *end, struct err *e)
{
	static const char SQL[] = "SELECT v.id, e.state, v.version, v.before,"
	    " b.version, b.entity = v.entity AND b.kind = v.kind"
	    " AND b.number = v.number FROM document_version v"
	    " LEFT JOIN event e ON e.seq = v.id / " PARTS
	    " LEFT JOIN document_version b ON b.id = v.before"
	    " WHERE v.id > $1 ORDER BY v.id LIMIT $2";
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step;
	int n = 0;

	stmt_int(s, 1, v->after);
	stmt_int(s, 2, rows);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		char name[24];

		v->after = col_int(s, 0);
		n++;
		check_chain(v, s);
		if (same_text(col_text(s, 1), "posted"))
			continue;
		verify_id('E', v->after / DOCUMENT_PARTS_MAX, name);
		verify_blame(v, v->after / DOCUMENT_PARTS_MAX);
		verify_say(v, "version.event", name, "a document's version "
		    "is of it, and it is %.20s", col_null(s, 1) ? "missing" :
		    col_text(s, 1));
	}
	*end = n < rows;
	return step == STEP_DONE;
}

static void
keep_key(struct verify *v, struct stmt *s, int n)
{
	for (int i = 0; i < n; i++)
		v->key[i] = arena_strdup(v->arena, col_text(s, i));
}

static bool
step_documents(struct verify *v, int rows, bool *end, struct err *e)
{
	static const char SQL[] = "SELECT d.entity, d.kind, d.number,"
	    " d.version, d.journal, v.version, v.journal, v.entity = d.entity"
	    " AND v.kind = d.kind AND v.number = d.number, d.event"
	    " FROM document d LEFT JOIN document_version v"
	    " ON v.id = d.event * " PARTS " + d.part WHERE (d.entity, d.kind,"
	    " d.number) > ($1, $2, $3) ORDER BY d.entity, d.kind, d.number"
	    " LIMIT $4";
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step;
	int n = 0;

	for (int i = 0; i < 3; i++)
		stmt_text(s, i + 1, v->key[i]);
	stmt_int(s, 4, rows);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		char name[200];

		n++;
		if (n == rows)
			keep_key(v, s, 3);
		if (col_int(s, 7) == 1 && col_int(s, 3) == col_int(s, 5) &&
		    col_int(s, 4) == col_int(s, 6))
			continue;
		snprintf(name, sizeof name, "%.60s/%.40s/%.80s",
		    col_text(s, 0), col_text(s, 1), col_text(s, 2));
		verify_blame(v, col_int(s, 8));
		verify_say(v, "document", name, "version %lld in J%lld is "
		    "not what E%lld made", (long long)col_int(s, 3),
		    (long long)col_int(s, 4), (long long)col_int(s, 8));
	}
	*end = n < rows;
	return step == STEP_DONE;
}

static bool
step_findings(struct verify *v, int rows, bool *end, struct err *e)
{
	static const char SQL[] = "SELECT f.event, f.n, f.code, e.seq"
	    " FROM finding f LEFT JOIN event e ON e.seq = f.event"
	    " WHERE (f.event, f.n) > ($1, $2) ORDER BY f.event, f.n"
	    " LIMIT $3";
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step;
	int n = 0;

	stmt_int(s, 1, v->after);
	stmt_int(s, 2, v->part);
	stmt_int(s, 3, rows);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		char name[24];

		v->after = col_int(s, 0);
		v->part = col_int(s, 1);
		n++;
		if (!col_null(s, 3))
			continue;
		verify_id('E', v->after, name);
		verify_say(v, "finding.event", name,
		    "%.40s was found of it, and it is missing",
		    col_text(s, 2));
	}
	*end = n < rows;
	return step == STEP_DONE;
}

static bool
step_waits(struct verify *v, int rows, bool *end, struct err *e)
{
	static const char SQL[] = "SELECT w.event, e.state, w.reason"
	    " FROM wait w LEFT JOIN event e ON e.seq = w.event"
	    " WHERE w.event > $1 ORDER BY w.event LIMIT $2";
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step;
	int n = 0;

	stmt_int(s, 1, v->after);
	stmt_int(s, 2, rows);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		char name[24];

		v->after = col_int(s, 0);
		n++;
		if (same_text(col_text(s, 1), "waiting"))
			continue;
		verify_id('E', v->after, name);
		verify_say(v, "wait.event", name, "it waits for a %.20s, and "
		    "is %.20s", col_text(s, 2), col_null(s, 1) ? "missing" :
		    col_text(s, 1));
	}
	*end = n < rows;
	return step == STEP_DONE;
}

static bool
step_batches(struct verify *v, int rows, bool *end, struct err *e)
{
	static const char SQL[] = "SELECT b.key, b.n, b.total,"
	    " coalesce(sum(w.documents), 0), coalesce(sum(CASE w.control"
	    " WHEN 0 THEN w.weight END), 0) FROM batch b LEFT JOIN wait w"
	    " ON w.reason = 'batch' AND w.key = b.key WHERE b.key > $1"
	    " GROUP BY b.key ORDER BY b.key LIMIT $2";
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step;
	int n = 0;

	stmt_text(s, 1, v->key[0]);
	stmt_int(s, 2, rows);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		n++;
		if (n == rows)
			keep_key(v, s, 1);
		if (col_int(s, 1) != col_int(s, 3) || col_int(s, 2) !=
		    col_int(s, 4))
			verify_say(v, "batch", col_text(s, 0), "it says %lld "
			    "of %lld, %lld of %lld wait",
			    (long long)col_int(s, 1),
			    (long long)col_int(s, 2),
			    (long long)col_int(s, 3),
			    (long long)col_int(s, 4));
	}
	*end = n < rows;
	return step == STEP_DONE;
}

/* ---- the pass --------------------------------------------------------- */

static bool (*const stages[])(struct verify *, int, bool *, struct err *) = {
	verify_journals, verify_events, step_versions, step_documents,
	step_findings, step_waits, step_batches, verify_gst_sums,
	verify_gst_documents, verify_taken, verify_commit_sums,
};

#define STAGES (sizeof stages / sizeof *stages)

bool
verify_step(struct verify *v, int rows, bool *done, struct err *e)
{
	bool end = false, ok;

	*done = v->stage == STAGES;
	if (*done)
		return true;
	if (!db_begin_read(v->db, e))
		return false;
	ok = stages[v->stage](v, rows, &end, e);
	db_rollback(v->db);
	if (ok && end) {
		v->stage++;
		v->after = v->part = 0;
		for (int i = 0; i < 3; i++)
			v->key[i] = "";
	}
	v->out.differing = (int64_t)map_count(v->differing);
	*done = v->stage == STAGES;
	return ok;
}
