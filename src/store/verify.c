/*
 * One pass: journals with their entries, then balances in the snapshot in
 * which the last journal was seen; events in the order of their last change,
 * then the counts in the snapshot in which the feed ended; then what hangs on
 * these.  Amounts are added up here, not by SQL, so that nothing overflows.
 */
#include "store/verify.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/day.h"
#include "book/state.h"
#include "core/arena.h"
#include "core/map.h"
#include "store/books.h"

_Static_assert(DOCUMENT_PARTS_MAX == 128, "as the statements say");

#define SUMS_HELD 200000	/* balances compared at most */
#define PARTS "128"		/* DOCUMENT_PARTS_MAX */
#define DIFFERING_HELD 100000	/* events remembered as differing */

struct verify {
	struct db *db;
	verify_differs *differs;
	void *arg;
	struct arena *arena;	/* of the pass */
	size_t stage;
	int64_t after, part;	/* where the stage is */
	const char *key[3];	/* the same, of documents and batches */
	struct map *sums;	/* of entries, as table balance has them */
	struct map *counts;	/* final events by source and state */
	struct map *differing;	/* "E12" */
	struct walked out;
};

struct held {
	const char *part[4];
	int64_t n[4];
	bool met;
};

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

static void
say(struct verify *v, const char *code, const char *name,
    const char *detail, ...) PRINTF_LIKE(4, 5);

static void
say(struct verify *v, const char *code, const char *name,
    const char *detail, ...)
{
	char text[240];
	va_list args;

	va_start(args, detail);
	vsnprintf(text, sizeof text, detail, args);
	va_end(args);
	v->differs(v->arg, code, name, text);
}

static void
id_text(char letter, int64_t id, char out[24])
{
	snprintf(out, 24, "%c%lld", letter, (long long)id);
}

/* An event whose effect is not as expected, whatever differs of it. */
static void
blame(struct verify *v, int64_t event)
{
	static char yes;
	char name[24];

	id_text('E', event, name);
	if (map_count(v->differing) < DIFFERING_HELD)
		map_set(v->differing, span_of(name), &yes);
}

/* Of four texts, NUL between; NULL: there are too many. */
static struct held *
held_of(struct verify *v, struct map *map, const char *const part[4])
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

/* ---- journals and balances -------------------------------------------- */

struct checked {		/* one journal */
	int64_t id, event;
	const char *entity, *kind, *number;
	int64_t version;
	bool reverses;
	char name[24], period[8];
	struct { const char *currency; int64_t sum; } sums[16];
	size_t n_sums;
	int64_t base, lines;
};

static void
sum_currency(struct checked *c, struct arena *arena, const char *currency,
    int64_t amount)
{
	size_t i = 0;

	while (i < c->n_sums && strcmp(c->sums[i].currency, currency) != 0)
		i++;
	if (i == 16)
		return;
	if (i == c->n_sums) {
		c->sums[i].currency = arena_strdup(arena, currency);
		c->sums[i].sum = 0;
		c->n_sums++;
	}
	c->sums[i].sum += amount;
}

static void
sum_balance(struct verify *v, const struct checked *c, const char *account,
    const char *currency, int64_t amount, int64_t base)
{
	const char *const part[4] = { c->entity, account, currency,
	    c->period };
	struct held *held = v->out.sums_left_out ? NULL :
	    held_of(v, v->sums, part);

	if (held == NULL) {
		v->out.sums_left_out = true;
		return;
	}
	held->n[amount < 0] += amount < 0 ? -amount : amount;
	held->n[2 + (base < 0)] += base < 0 ? -base : base;
}

static bool
check_entries(struct verify *v, struct checked *c, struct arena *arena,
    struct err *e)
{
	static const char SQL[] = "SELECT account, currency, amount, base"
	    " FROM entry WHERE journal = $1";
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step;

	stmt_int(s, 1, c->id);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		sum_currency(c, arena, col_text(s, 1), col_int(s, 2));
		sum_balance(v, c, col_text(s, 0), col_text(s, 1),
		    col_int(s, 2), col_int(s, 3));
		c->base += col_int(s, 3);
		c->lines++;
	}
	v->out.entries += c->lines;
	return step == STEP_DONE;
}

static void
judge_entries(struct verify *v, const struct checked *c)
{
	bool even = c->base == 0 && c->lines > 0;

	for (size_t i = 0; i < c->n_sums; i++)
		even = even && c->sums[i].sum == 0;
	if (even)
		return;
	blame(v, c->event);
	if (c->lines == 0)
		say(v, "journal.entries", c->name, "it has no entries");
	else if (c->base != 0)
		say(v, "journal.balance", c->name,
		    "base amounts add up to %lld", (long long)c->base);
	for (size_t i = 0; i < c->n_sums; i++)
		if (c->sums[i].sum != 0)
			say(v, "journal.balance", c->name,
			    "%.3s adds up to %lld", c->sums[i].currency,
			    (long long)c->sums[i].sum);
}

/* A version of its event's documents points to it, or it undoes one; a
 * batch's journal is pointed to by its members. */
static bool
check_owner(struct verify *v, const struct checked *c, struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM document_version"
	    " WHERE id BETWEEN $1 AND $2 AND (journal = $3 OR"
	    " (kind = $4 AND number = $5 AND version > $6))";
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step;

	stmt_int(s, 1, VERSION_ID(c->event, 0));
	stmt_int(s, 2, VERSION_ID(c->event + 1, 0) - 1);
	stmt_int(s, 3, c->id);
	stmt_text(s, 4, c->kind);
	stmt_text(s, 5, c->number);
	stmt_int(s, 6, c->version);
	step = stmt_step(s, e);
	if (step == STEP_ROW)
		stmt_reset(s);
	else if (step == STEP_DONE && strcmp(c->kind, "settlement") != 0) {
		blame(v, c->event);
		say(v, "journal.document", c->name,
		    "no document of E%lld has it", (long long)c->event);
	}
	return step != STEP_FAILED;
}

static bool
check_journal(struct verify *v, struct stmt *s, struct err *e)
{
	struct arena *arena = arena_new();
	const char *state = col_text(s, 8);
	struct checked c = { .id = col_int(s, 0), .event = col_int(s, 6) };
	bool ok;

	c.entity = arena_strdup(arena, col_text(s, 1));
	snprintf(c.period, sizeof c.period, "%s", col_text(s, 2));
	c.kind = arena_strdup(arena, col_text(s, 3));
	c.number = arena_strdup(arena, col_text(s, 4));
	c.version = col_int(s, 5);
	id_text('J', c.id, c.name);
	if (state == NULL || strcmp(state, "posted") != 0) {
		blame(v, c.event);
		say(v, "journal.event", c.name, "its event E%lld is %s",
		    (long long)c.event, state == NULL ? "missing" : state);
	}
	ok = check_entries(v, &c, arena, e) && check_owner(v, &c, e);
	if (ok)
		judge_entries(v, &c);
	v->out.journals++;
	arena_free(&arena);
	return ok;
}

static void
say_balance(struct verify *v, const struct held *held, const char *table,
    const char *what, int64_t found, int64_t expected)
{
	char name[120];

	snprintf(name, sizeof name, "%.40s/%.40s/%.3s%s%.7s", held->part[0],
	    held->part[1], held->part[2], held->part[3][0] != '\0' ? " " :
	    "", held->part[3]);
	say(v, table, name, "%s is %lld, entries add up to %lld", what,
	    (long long)found, (long long)expected);
}

static bool
compare_balances(struct verify *v, struct err *e)
{
	static const char SQL[] = "SELECT entity, account, currency, period,"
	    " debit, credit, base_debit, base_credit FROM balance";
	static const char *const names[] = { "debit", "credit",
	    "base_debit", "base_credit" };
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step;

	while ((step = stmt_step(s, e)) == STEP_ROW) {
		const char *const part[4] = { col_text(s, 0), col_text(s, 1),
		    col_text(s, 2), col_text(s, 3) };
		struct held *held = held_of(v, v->sums, part);

		if (held == NULL)
			continue;
		held->met = true;
		for (int i = 0; i < 4; i++)
			if (col_int(s, 4 + i) != held->n[i])
				say_balance(v, held, "balance", names[i],
				    col_int(s, 4 + i), held->n[i]);
	}
	return step == STEP_DONE;
}

/* Of one entity, account and currency: all periods together. */
static bool
sum_standings(struct verify *v, struct map *standings)
{
	struct span key;
	void *value;

	for (size_t at = 0; map_next(v->sums, &at, &key, &value);) {
		const struct held *held = value;
		const char *const part[4] = { held->part[0], held->part[1],
		    held->part[2], "" };
		struct held *all = held_of(v, standings, part);

		if (!held->met)
			say_balance(v, held, "balance", "row", 0,
			    held->n[0] - held->n[1]);
		if (all == NULL)
			return false;
		all->n[0] += held->n[0] - held->n[1];
		all->n[1] += held->n[2] - held->n[3];
	}
	return true;
}

static bool
compare_standings(struct verify *v, struct err *e)
{
	static const char SQL[] = "SELECT entity, account, currency, balance,"
	    " base FROM standing";
	struct map *standings = map_new();
	struct stmt *s = db_stmt(v->db, SQL);
	struct span key;
	void *value;
	enum step step;

	if (!sum_standings(v, standings)) {
		map_free(&standings, NULL);
		return true;
	}
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		const char *const part[4] = { col_text(s, 0), col_text(s, 1),
		    col_text(s, 2), "" };
		struct held *held = held_of(v, standings, part);

		if (held == NULL)
			continue;
		held->met = true;
		if (col_int(s, 3) != held->n[0] || col_int(s, 4) !=
		    held->n[1])
			say_balance(v, held, "standing", "balance",
			    col_int(s, 3), held->n[0]);
	}
	for (size_t at = 0; map_next(standings, &at, &key, &value);)
		if (!((struct held *)value)->met)
			say_balance(v, value, "standing", "row", 0,
			    ((struct held *)value)->n[0]);
	map_free(&standings, NULL);
	return step == STEP_DONE;
}

static void
say_gap(struct verify *v, int64_t next)
{
	char name[24];

	for (int64_t id = v->after + 1; id < next; id++) {
		id_text('J', id, name);
		say(v, "journal.missing", name, "the numbers go on after it");
		if (id - v->after > 100)
			return;
	}
}

static bool
step_journals(struct verify *v, int rows, bool *end, struct err *e)
{
	static const char SQL[] = "SELECT j.id, j.entity, j.date, j.kind,"
	    " j.number, j.version, j.event, j.reverses, e.state"
	    " FROM journal j LEFT JOIN event e ON e.seq = j.event"
	    " WHERE j.id > $1 ORDER BY j.id LIMIT $2";
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step;
	int n = 0;

	stmt_int(s, 1, v->after);
	stmt_int(s, 2, rows);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		say_gap(v, col_int(s, 0));
		v->after = col_int(s, 0);
		n++;
		if (!check_journal(v, s, e)) {
			stmt_reset(s);
			return false;
		}
	}
	*end = n < rows;
	return step == STEP_DONE && (!*end || v->out.sums_left_out ||
	    (compare_balances(v, e) && compare_standings(v, e)));
}

/* ---- events and counts ------------------------------------------------ */

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
	say(v, code, seen->name, "%s", why);
}

static void
differ_journal(struct verify *v, struct seen *seen, const char *why,
    int64_t journal)
{
	seen->differs = true;
	say(v, "event.journal", seen->name, "%s J%lld", why,
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
		blame(v, seen->seq);
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
	held = held_of(v, v->counts, part);
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
		say(v, "event.missing", col_text(s, 1),
		    "the feed of changes names it");
		return true;
	}
	id_text('E', seen.seq, seen.name);
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
		struct held *held = held_of(v, v->counts, part);

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
	say(v, "tally", name, "it says %lld, there are %lld",
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
			say(v, "tally", col_text(s, 0), "%lld more received "
			    "than accounted for", (long long)col_int(s, 1));
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
			say(v, "backlog", col_text(s, 0), "it says %lld, "
			    "there are %lld", (long long)col_int(s, 1),
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
		struct held *held = held_of(v, v->counts, part);

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

static bool
step_events(struct verify *v, int rows, bool *end, struct err *e)
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

/* ---- what hangs on these ---------------------------------------------- */

static bool
step_versions(struct verify *v, int rows, bool *end, struct err *e)
{
	static const char SQL[] = "SELECT v.id, e.state FROM document_version"
	    " v LEFT JOIN event e ON e.seq = v.id / " PARTS " WHERE v.id > $1"
	    " ORDER BY v.id LIMIT $2";
	struct stmt *s = db_stmt(v->db, SQL);
	enum step step;
	int n = 0;

	stmt_int(s, 1, v->after);
	stmt_int(s, 2, rows);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		char name[24];

		v->after = col_int(s, 0);
		n++;
		if (same_text(col_text(s, 1), "posted"))
			continue;
		id_text('E', v->after / DOCUMENT_PARTS_MAX, name);
		blame(v, v->after / DOCUMENT_PARTS_MAX);
		say(v, "version.event", name, "a document's version is of "
		    "it, and it is %.20s", col_null(s, 1) ? "missing" :
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
		blame(v, col_int(s, 8));
		say(v, "document", name, "version %lld in J%lld is not what "
		    "E%lld made", (long long)col_int(s, 3),
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
		id_text('E', v->after, name);
		say(v, "finding.event", name,
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
		id_text('E', v->after, name);
		say(v, "wait.event", name, "it waits for a %.20s, and is "
		    "%.20s", col_text(s, 2), col_null(s, 1) ? "missing" :
		    col_text(s, 1));
	}
	*end = n < rows;
	return step == STEP_DONE;
}

static bool
step_batches(struct verify *v, int rows, bool *end, struct err *e)
{
	static const char SQL[] = "SELECT b.key, b.n, b.total,"
	    " coalesce(sum(w.control = 0), 0), coalesce(sum(CASE w.control"
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
			say(v, "batch", col_text(s, 0), "it says %lld of "
			    "%lld, %lld of %lld wait",
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
	step_journals, step_events, step_versions, step_documents,
	step_findings, step_waits, step_batches,
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
