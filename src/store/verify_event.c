/*
 * Events in the order of their last change, each with its documents and
 * journals; in the end, whether the counts say the same.
 */
#include "store/verify_inside.h"

#include <stdio.h>
#include <string.h>

#include "book/state.h"

struct seen {			/* one event */
	int64_t seq, version, journal;
	const char *state, *entity, *kind, *number;
	char name[24];
	int64_t documents;
	bool journal_met, differs;
};

static bool
same_text(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static void
differ(struct verify *v, struct seen *seen, const char *code,
    const char *why)
{
	seen->differs = true;
	verify_say(v, code, seen->name, "%s", why);
}

static void
differ_journal(struct verify *v, struct seen *seen, const char *why,
    int64_t journal)
{
	seen->differs = true;
	verify_say(v, "event.journal", seen->name, "%s J%lld", why,
	    (long long)journal);
}

/* Columns: version v.*, its journal j.*, whether it has a share. */
static void
judge_version(struct verify *v, struct seen *seen, struct stmt *s)
{
	int64_t journal = col_int(s, 4);
	bool shared = col_int(s, 10) != 0;

	if (seen->documents++ == 0 && (!same_text(col_text(s, 0),
	    seen->entity) || !same_text(col_text(s, 1), seen->kind) ||
	    !same_text(col_text(s, 2), seen->number) ||
	    col_int(s, 3) != seen->version))
		differ(v, seen, "event.document",
		    "its document has another key or version");
	if (journal == 0)
		return;
	if (journal == seen->journal)
		seen->journal_met = true;
	if (col_null(s, 5))
		differ_journal(v, seen, "there is no", journal);
	else if (!shared && (col_int(s, 5) != seen->seq ||
	    !same_text(col_text(s, 6), col_text(s, 0)) ||
	    !same_text(col_text(s, 7), col_text(s, 1)) ||
	    !same_text(col_text(s, 8), col_text(s, 2)) ||
	    col_int(s, 9) != col_int(s, 3)))
		differ_journal(v, seen, "another document is named by",
		    journal);
}

static bool
check_versions(struct verify *v, struct seen *seen, struct err *e)
{
	static const char SQL[] = "SELECT v.entity, v.kind, v.number,"
	    " v.version, v.journal, j.event, j.entity, j.kind, j.number,"
	    " j.version, EXISTS (SELECT 1 FROM share WHERE version = v.id)"
	    " FROM document_version v LEFT JOIN journal j ON j.id = v.journal"
	    " WHERE v.id BETWEEN $1 AND $2 ORDER BY v.id";
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step;

	stmt_int(s, 1, VERSION_ID(seen->seq, 0));
	stmt_int(s, 2, VERSION_ID(seen->seq + 1, 0) - 1);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		judge_version(v, seen, s);
	v->out.versions += seen->documents;
	return step == STEP_DONE;
}

/* Its last journal may also undo the version before, when the document is no
 * longer one that is posted. */
static bool
check_last_journal(struct verify *v, struct seen *seen, struct err *e)
{
	static const char SQL[] =
	    "SELECT event, kind FROM journal WHERE id = $1";
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step;

	if (seen->journal == 0 || seen->journal_met)
		return true;
	stmt_int(s, 1, seen->journal);
	step = stmt_step(s, e);
	if (step == STEP_DONE)
		differ_journal(v, seen, "there is no", seen->journal);
	else if (step == STEP_ROW && col_int(s, 0) != seen->seq &&
	    strcmp(col_text(s, 1), "settlement") != 0)
		differ_journal(v, seen, "it is not in", seen->journal);
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}

static bool
check_event(struct verify *v, struct seen *seen, struct err *e)
{
	bool posted = strcmp(seen->state, "posted") == 0;

	if (!check_versions(v, seen, e))
		return false;
	if (posted && seen->documents == 0)
		differ(v, seen, "event.document",
		    "it is posted without a document");
	if (!posted && (seen->documents > 0 || seen->journal != 0))
		differ(v, seen, "event.document",
		    "it has a document without being posted");
	v->out.posted += posted;
	if (posted && !check_last_journal(v, seen, e))
		return false;
	if (seen->differs)
		verify_blame(v, seen->seq);
	return true;
}

/* Final states only: those are counted once, whenever they were seen. */
static void
count_event(struct verify *v, const char *source, const char *state)
{
	const char *const part[4] = { source, state, "", "" };
	enum event_state s;
	struct held *held;

	if (!event_state_find(state, &s) || event_state_open(s) ||
	    s == EVENT_DISMISSED || s == EVENT_DUPLICATE)
		return;
	held = verify_held(v, v->counts, part);
	if (held != NULL)
		held->n[0]++;
}

/* Columns: change, key, then the event. */
static bool
check_change(struct verify *v, struct stmt *s, struct err *e)
{
	struct seen seen = { .seq = col_int(s, 2), .version = col_int(s, 8),
	    .journal = col_int(s, 9) };
	struct arena *arena;
	bool ok;

	if (col_null(s, 2)) {
		verify_say(v, "event.missing", col_text(s, 1),
		    "the feed of changes names it");
		return true;
	}
	verify_id('E', seen.seq, seen.name);
	arena = arena_new();
	seen.state = arena_strdup(arena, col_text(s, 4));
	seen.entity = arena_strdup(arena, col_text(s, 5));
	seen.kind = arena_strdup(arena, col_text(s, 6));
	seen.number = arena_strdup(arena, col_text(s, 7));
	if (col_int(s, 10) != col_int(s, 0))
		differ(v, &seen, "event.change",
		    "the feed names another change of it");
	count_event(v, col_text(s, 3), seen.state);
	ok = check_event(v, &seen, e);
	v->out.events++;
	arena_free(&arena);
	return ok;
}

static bool
count_open(struct verify *v, struct err *e)
{
	static const char SQL[] = "SELECT source, state, count(*) FROM event"
	    " WHERE state <> 'posted'"
	    " AND state IN ('failed', 'held', 'conflict', 'waiting')"
	    " GROUP BY source, state UNION ALL"
	    " SELECT source, state, count(*) FROM event"
	    " WHERE state <> 'posted' AND state = 'dismissed'"
	    " GROUP BY source, state";
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW) {
		const char *const part[4] = { col_text(s, 0), col_text(s, 1),
		    "", "" };
		struct held *held = verify_held(v, v->counts, part);

		if (held != NULL)
			held->n[0] = col_int(s, 2);
	}
	return step == STEP_DONE;
}

static void
say_count(struct verify *v, const struct held *held, int64_t said)
{
	char name[120];

	snprintf(name, sizeof name, "%.80s %.20s", held->part[0],
	    held->part[1]);
	verify_say(v, "tally", name, "it says %lld, there are %lld",
	    (long long)said, (long long)held->n[0]);
}

/* What a source sent is somewhere. */
static bool
check_conservation(struct verify *v, struct err *e)
{
	static const char SQL[] = "SELECT source, sum(CASE state"
	    " WHEN 'received' THEN n ELSE - n END) FROM tally"
	    " GROUP BY source";
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW)
		if (col_int(s, 1) != 0)
			verify_say(v, "tally", col_text(s, 0), "%lld more "
			    "received than accounted for",
			    (long long)col_int(s, 1));
	return step == STEP_DONE;
}

static bool
compare_backlog(struct verify *v, struct err *e)
{
	static const char SQL[] = "SELECT b.state, sum(b.n), (SELECT sum(n)"
	    " FROM tally WHERE state = b.state) FROM backlog b"
	    " GROUP BY b.state";
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW)
		if (col_int(s, 1) != col_int(s, 2))
			verify_say(v, "backlog", col_text(s, 0), "it says "
			    "%lld, there are %lld", (long long)col_int(s, 1),
			    (long long)col_int(s, 2));
	return step == STEP_DONE;
}

/* Deliveries that came again are only counted: they are no events. */
static bool
compare_counts(struct verify *v, struct err *e)
{
	static const char SQL[] = "SELECT source, state, n FROM tally"
	    " WHERE state NOT IN ('received', 'duplicate')";
	struct stmt *s = db_stmt(v->db, SQL);
	struct span key;
	void *value;
	enum step step;

	if (!count_open(v, e) || !check_conservation(v, e) ||
	    !compare_backlog(v, e))
		return false;
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		const char *const part[4] = { col_text(s, 0), col_text(s, 1),
		    "", "" };
		struct held *held = verify_held(v, v->counts, part);

		if (held == NULL)
			continue;
		held->met = true;
		if (held->n[0] != col_int(s, 2))
			say_count(v, held, col_int(s, 2));
	}
	for (size_t at = 0; map_next(v->counts, &at, &key, &value);)
		if (!((struct held *)value)->met)
			say_count(v, value, 0);
	return step == STEP_DONE;
}

bool
verify_events(struct verify *v, int rows, bool *end, struct err *e)
{
	static const char SQL[] = "SELECT c.seq, c.key, e.seq, e.source,"
	    " e.state, e.entity, e.kind, e.number, e.doc_version, e.journal,"
	    " e.change FROM change c LEFT JOIN event e"
	    " ON e.seq = CAST(substr(c.key, 2) AS INTEGER)"
	    " WHERE c.seq > $1 AND c.topic = 'event' ORDER BY c.seq LIMIT $2";
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step;
	int n = 0;

	stmt_int(s, 1, v->after);
	stmt_int(s, 2, rows);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		v->after = col_int(s, 0);
		n++;
		if (!check_change(v, s, e)) {
			stmt_reset(s);
			return false;
		}
	}
	*end = n < rows;
	return step == STEP_DONE && (!*end || compare_counts(v, e));
}
