/*
 * Decisions.  All of one is judged before any of it is done; then it is done
 * in pieces, each a row of the log that names its events, so that a rebuild
 * does exactly the same.
 */
#include "flow/decide.h"

#include <stdio.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "core/clock.h"
#include "core/json.h"
#include "core/log.h"
#include "flow/close.h"
#include "flow/count.h"
#include "flow/fix.h"
#include "flow/govern.h"
#include "flow/gstentry.h"
#include "flow/erase.h"
#include "flow/gstfiling.h"
#include "flow/bank.h"
#include "flow/recon.h"
#include "flow/due.h"
#include "flow/inside.h"
#include "store/deed.h"
#include "store/master.h"

#define PIECE 200

struct decision *
decision_new(void)
{
	struct arena *arena = arena_new();
	struct decision *d = arena_alloc(arena, sizeof *d);

	d->arena = arena;
	d->reason = "";
	return d;
}

void
decision_free(struct decision **dp)
{
	struct arena *arena;

	if (*dp == NULL)
		return;
	cJSON_Delete((*dp)->with);
	arena = (*dp)->arena;
	arena_free(&arena);
	*dp = NULL;
}

/* ---- judging ---------------------------------------------------------- */

static bool
is(const struct decision *d, const char *act)
{
	return strcmp(d->act->name, act) == 0;
}

/* The same request again gets the same answer. */
static bool
find_answer(struct settler *settler, struct decision *d, bool *found)
{
	static const char SQL[] =
	    "SELECT digest, answer FROM answered WHERE actor = $1 AND key = $2";
	struct db *db = settler_books(settler)->db;
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, d->actor);
	stmt_text(s, 2, d->key);
	step = stmt_step(s, &d->err);
	*found = step == STEP_ROW;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	if (span_equal(col_span(s, 0), (struct span){ (char *)d->digest,
	    SHA256_SIZE })) {
		d->answer = arena_strdup(d->arena, col_text(s, 1));
		d->replayed = true;
	} else {
		err_set(&d->err, ERR_KEY_REUSE, "%.80s", d->key);
	}
	stmt_reset(s);
	return d->replayed;
}

static bool
pick_signature(struct settler *settler, struct decision *d)
{
	static const char SQL[] = "SELECT DISTINCT e.seq, e.version"
	    " FROM finding f JOIN event e ON e.seq = f.event"
	    " WHERE f.signature = $1 AND e.state IN"
	    " ('failed', 'held', 'conflict', 'waiting') ORDER BY e.seq"
	    " LIMIT $2";
	struct stmt *s = db_stmt(settler_books(settler)->db, SQL);
	enum step step;

	d->picks = arena_alloc(d->arena,
	    PICKS_MAX * sizeof *d->picks);
	stmt_text(s, 1, d->signature);
	stmt_int(s, 2, PICKS_MAX);
	while ((step = stmt_step(s, &d->err)) == STEP_ROW) {
		d->picks[d->n_picks].event = col_int(s, 0);
		d->picks[d->n_picks++].version = (int)col_int(s, 1);
	}
	return step == STEP_DONE;
}

/* A range is what came between two moments, whatever became of it. */
static bool
pick_range(struct settler *settler, struct decision *d)
{
	static const char SQL[] = "SELECT seq, version FROM event"
	    " WHERE ($1 IS NULL OR source = $1)"
	    " AND ($2 IS NULL OR topic = $2)"
	    " AND received >= $3 AND received < $4"
	    " ORDER BY seq LIMIT $5";
	struct stmt *s = db_stmt(settler_books(settler)->db, SQL);
	enum step step;

	d->any_version = true;
	d->picks = arena_alloc(d->arena,
	    (PICKS_MAX + 1) * sizeof *d->picks);
	stmt_text(s, 1, d->range.source);
	stmt_text(s, 2, d->range.topic);
	stmt_int(s, 3, d->range.from);
	stmt_int(s, 4, d->range.to);
	stmt_int(s, 5, PICKS_MAX + 1);
	while ((step = stmt_step(s, &d->err)) == STEP_ROW) {
		d->picks[d->n_picks].event = col_int(s, 0);
		d->picks[d->n_picks++].version = (int)col_int(s, 1);
	}
	if (step == STEP_DONE && d->n_picks > PICKS_MAX)
		return err_set(&d->err, ERR_TOO_LARGE,
		    "more than %d events; take less time",
		    PICKS_MAX);
	return step == STEP_DONE;
}

/* A name that nobody sends under would be paused for nothing. */
static bool
judge_source(struct settler *settler, struct decision *d)
{
	static const char SQL[] = "SELECT 1 FROM source WHERE name = $1"
	    " UNION SELECT 1 FROM client WHERE name = $1"
	    " UNION SELECT 1 FROM tally WHERE source = $1";
	struct stmt *s = db_stmt(settler_books(settler)->db, SQL);
	enum step step;

	stmt_text(s, 1, d->range.source);
	step = stmt_step(s, &d->err);
	if (step == STEP_ROW)
		stmt_reset(s);
	return step == STEP_ROW || (step == STEP_DONE && err_set(&d->err,
	    ERR_NOT_FOUND, "no source %.60s", d->range.source));
}

/* Those that a resumed source kept waiting. */
static bool
pick_paused(struct settler *settler, struct decision *d)
{
	int64_t *events;
	size_t n;

	if (!wait_events(settler_books(settler), WAIT_PAUSED, d->range.source,
	    d->arena, &events, &n, &d->err))
		return false;
	d->any_version = true;
	d->picks = arena_alloc(d->arena, (n + 1) * sizeof *d->picks);
	for (size_t i = 0; i < n; i++)
		d->picks[d->n_picks++].event = events[i];
	return true;
}

/* How the event stands against what was seen and what is said of it. */
static bool
stands(const struct decision *d, const struct pick *pick,
    const struct event *event, struct err *e)
{
	if (!d->any_version && pick->version != event->version)
		return err_set(e, ERR_STALE,
		    "E%lld is at version %d, you saw %d",
		    (long long)pick->event, event->version, pick->version);
	return d->act->may(event->state) || err_set(e, ERR_REFUSED,
	    "E%lld is %s", (long long)pick->event,
	    event_state_name(event->state));
}

bool
decision_judge(struct settler *settler, struct decision *d,
    const struct pick *pick, struct arena *arena, struct event *event,
    bool *found, struct err *e)
{
	struct placing placing;

	if (!event_load(settler_books(settler)->db, pick->event, arena, event,
	    &placing, found, e))
		return false;
	if (!*found)
		return err_set(e, ERR_NOT_FOUND, "no event E%lld",
		    (long long)pick->event);
	return stands(d, pick, event, e) && (d->act->judge == NULL ||
	    d->act->judge(d, event, &placing, settler, e));
}

static bool
judge_pick(struct settler *settler, struct decision *d,
    const struct pick *pick)
{
	struct arena *arena = arena_new();
	struct event event;
	bool found, ok;

	ok = decision_judge(settler, d, pick, arena, &event, &found,
	    &d->err);
	arena_free(&arena);
	return ok;
}

static bool
unfixes(const struct decision *d)
{
	return is(d, "undo") && d->fix.to != NULL;
}

/* A mapping must lead to something that exists, a row to what may be. */
static bool
judge_fix(struct settler *settler, struct decision *d)
{
	struct reference *reference = settler_reference(settler);
	enum reference_table table;
	bool ok = true;

	if (fix_table(d->fix.dimension) != NULL)
		ok = fix_judge(reference, d->fix.dimension, d->fix.value,
		    d->fix.to, &d->err);
	else if (!reference_table_find(d->fix.dimension, &table))
		ok = err_set(&d->err, ERR_REFUSED, "no dimension %.60s",
		    d->fix.dimension);
	else if (reference_find(reference, table, d->fix.to) == NULL)
		ok = err_set(&d->err, ERR_REFUSED, "no %s %.60s",
		    d->fix.dimension, d->fix.to);
	reference_drop(&reference);
	return ok;
}

static bool
judge(struct settler *settler, struct decision *d)
{
	if (act_alone(d->act))
		return d->act->judge == NULL || d->act->judge(d, NULL, NULL,
		    settler, &d->err);
	if (d->act->source)
		return judge_source(settler, d) && (is(d, "pause") ||
		    pick_paused(settler, d));
	if (d->signature != NULL && !pick_signature(settler, d))
		return false;
	if (is(d, "replay") && d->picks == NULL)
		return pick_range(settler, d);
	if (unfixes(d))
		return true;
	if (d->n_picks == 0 && !is(d, "fix"))
		return err_set(&d->err, ERR_NOT_FOUND, "no event to decide");
	for (size_t i = 0; d->signature == NULL && i < d->n_picks; i++)
		if (!judge_pick(settler, d, &d->picks[i]))
			return false;
	return !is(d, "fix") || judge_fix(settler, d);
}

/* ---- answering -------------------------------------------------------- */

static void
write_result(struct json *j, const struct result *result,
    const char *source)
{
	char id[32];

	snprintf(id, sizeof id, "E%lld", (long long)result->seq);
	json_open(j, '{');
	json_kstr(j, "event", id);
	json_kstr(j, "state", event_state_name(result->state));
	if (result->verdict != NULL)
		json_kstr(j, "verdict", result->verdict);
	if (result->made != 0) {
		snprintf(id, sizeof id, "E%lld", (long long)result->made);
		json_kstr(j, "corrected_as", id);
		json_kstr(j, "became", event_state_name(result->became));
	}
	json_key(j, "findings");
	json_open(j, '[');
	for (size_t i = 0; result->findings != NULL &&
	    i < result->findings->n; i++)
		finding_encode(&result->findings->items[i], source, j);
	json_close(j, ']');
	json_close(j, '}');
}

static void
answer(struct decision *d)
{
	struct str out;
	struct json j;
	char id[32];

	snprintf(id, sizeof id, "%c%lld", d->proposal != 0 ? 'P' : 'D',
	    (long long)(d->proposal != 0 ? d->proposal : d->first != 0 ?
	    d->first : d->seq));
	str_init(&out, 64 << 20);
	json_start(&j, &out);
	json_open(&j, '{');
	json_kstr(&j, "decision", id);
	if (d->of != NULL)
		json_kstr(&j, "undone", d->of);
	json_kstr(&j, "proposal", d->proposal != 0 ? id : NULL);
	json_kint(&j, "done", d->done);
	json_kint(&j, "failed", d->failed);
	json_kint(&j, "same", d->same);
	json_kint(&j, "differs", d->differs);
	json_key(&j, "results");
	json_open(&j, '[');
	for (size_t i = 0; i < d->at; i++)
		write_result(&j, &d->results[i], d->fix.source != NULL ?
		    d->fix.source : "");
	json_close(&j, ']');
	json_close(&j, '}');
	d->answer = arena_strndup(d->arena, out.p, out.n);
	str_free(&out);
}

/* In the transaction that ends the decision: done and answered are one. */
static bool
keep_answer(struct settler *settler, struct decision *d)
{
	static const char SQL[] =
	    "INSERT INTO answered VALUES ($1, $2, $3, $4)";
	struct stmt *s;

	answer(d);
	if (d->key == NULL)
		return true;
	s = db_stmt(settler_books(settler)->db, SQL);
	stmt_text(s, 1, d->actor);
	stmt_text(s, 2, d->key);
	stmt_blob(s, 3, d->digest, SHA256_SIZE);
	stmt_text(s, 4, d->answer);
	return stmt_run(s, &d->err);
}

/* ---- fixing ----------------------------------------------------------- */

static bool
map_value(struct settler *settler, struct decision *d, const char *table,
    struct span csv)
{
	struct proposal p = { .table = table, .body = csv,
	    .author = d->actor, .reason = d->reason,
	    .signature = d->retry ? d->signature : NULL };

	if (!d->govern)
		return master_import(settler_books(settler), d->actor,
		    table, csv, &d->seq, &d->err);
	if (!govern_propose_reference(settler, &p, &d->err))
		return false;
	d->proposal = p.id;
	return true;
}

/* One row under `head`, of the first n. */
static void
write_mapping(const struct decision *d, const char *head, size_t n,
    struct str *csv)
{
	const char *const fields[] = { d->fix.source, d->fix.dimension,
	    d->fix.value, d->fix.to };

	str_init(csv, 65536);
	str_adds(csv, head);
	for (size_t i = 0; i < n; i++) {
		str_addc(csv, '"');
		for (const char *p = fields[i]; *p != '\0'; p++)
			str_adds(csv, *p == '"' ? "\"\"" : (char[]){ *p, 0 });
		str_adds(csv, i < n - 1 ? "\"," : "\"\n");
	}
}

static bool
fix(struct settler *settler, struct decision *d)
{
	struct books *books = settler_books(settler);
	const char *table = fix_table(d->fix.dimension);
	struct str csv;
	bool ok = true;

	if (table != NULL) {
		str_init(&csv, 65536);
		ok = fix_row(books->db, d->fix.dimension, d->fix.value,
		    d->fix.to, &csv, &d->err);
	} else {
		write_mapping(d, "source,dimension,from,to\n", 4, &csv);
	}
	if (!ok || !books_begin(books, &d->err)) {
		str_free(&csv);
		return false;
	}
	ok = map_value(settler, d, table != NULL ? table : "mapping",
	    str_span(&csv)) && (d->n_picks > 0 ||
	    keep_answer(settler, d)) && books_commit(books, &d->err);
	str_free(&csv);
	if (!ok)
		books_rollback(books);
	else if (!d->govern)
		d->first = d->seq;
	return ok && (d->govern || settler_reload(settler, &d->err));
}

/* Is it still what the fix made of it? */
static bool
judge_unfix(struct settler *settler, struct decision *d)
{
	static const char SQL[] = "SELECT 1 FROM mapping WHERE source = $1"
	    " AND dimension = $2 AND from_value = $3 AND to_value = $4";
	struct stmt *s = db_stmt(settler_books(settler)->db, SQL);
	enum step step;

	if (d->govern)
		return err_set(&d->err, ERR_REFUSED, "mappings are changed by "
		    "proposals here; propose that it goes");
	stmt_text(s, 1, d->fix.source);
	stmt_text(s, 2, d->fix.dimension);
	stmt_text(s, 3, d->fix.value);
	stmt_text(s, 4, d->fix.to);
	step = stmt_step(s, &d->err);
	if (step == STEP_ROW)
		stmt_reset(s);
	return step == STEP_ROW || (step == STEP_DONE && err_set(&d->err,
	    ERR_FINAL, "the mapping of %s has changed since %s",
	    d->fix.value, d->of));
}

/* What posted by the mapping stays posted. */
static bool
unfix(struct settler *settler, struct decision *d)
{
	struct books *books = settler_books(settler);
	struct str csv;
	bool ok;

	if (!judge_unfix(settler, d) || !books_begin(books, &d->err))
		return false;
	d->done = 1;
	write_mapping(d, "source,dimension,from\n", 3, &csv);
	ok = master_remove(books, d->actor, "mapping", str_span(&csv),
	    &d->seq, &d->err) && audit_add(books, d->actor, "undone", d->of,
	    "fix", d->reason, &d->err) && keep_answer(settler, d) &&
	    books_commit(books, &d->err);
	str_free(&csv);
	if (!ok)
		books_rollback(books);
	return ok && settler_reload(settler, &d->err);
}

/* ---- sources ---------------------------------------------------------- */

static bool
turn_source(struct settler *settler, const char *source, bool pause,
    const char *actor, const char *reason, struct err *e)
{
	struct books *books = settler_books(settler);
	struct sender *sender = books_sender(books, source);

	if (pause && !sender->paused)
		sender->since = clock_now();
	sender->paused = pause;
	sender->failing = 0;
	sender->changed = true;
	return audit_add(books, actor, pause ? "paused" : "resumed", source,
	    "", reason, e);
}

/* Its own row of the log; what it kept waiting follows in pieces. */
static bool
turn(struct settler *settler, struct decision *d)
{
	struct books *books = settler_books(settler);
	struct str body;
	struct json j;
	bool ok;

	str_init(&body, 65536);
	json_start(&j, &body);
	json_open(&j, '{');
	json_kstr(&j, "action", d->act->name);
	json_kstr(&j, "reason", d->reason);
	json_kstr(&j, "source", d->range.source);
	json_close(&j, '}');
	if (!books_begin(books, &d->err)) {
		str_free(&body);
		return false;
	}
	ok = log_add(books, "decision", clock_now(), d->actor,
	    str_span(&body), &d->seq, &d->err) && turn_source(settler,
	    d->range.source, is(d, "pause"), d->actor, d->reason,
	    &d->err) && (d->n_picks > 0 || keep_answer(settler, d)) &&
	    books_commit(books, &d->err);
	str_free(&body);
	if (!ok)
		books_rollback(books);
	return ok;
}

/* ---- doing ------------------------------------------------------------ */

/* Named twice, or moved on by somebody else since it was looked at: then
 * nothing is done to it. */
static bool
passed(const struct act *act, const struct pick *pick,
    const struct event *event, bool any_version)
{
	return !act->may(event->state) ||
	    (!any_version && pick->version != event->version);
}

/* For who may want to take it back; nothing, where it stayed as it was. */
static bool
note_deed(const struct act *act, const struct saying *s,
    enum event_state before, const struct work *work, struct err *e)
{
	struct deed deed = { .of = s->of, .event = work->event.seq,
	    .seq = s->seq, .actor = s->actor, .action = act->name,
	    .version = work->event.version, .old = s->old };

	return act_forgotten(act) || s->verdict != NULL ||
	    (!s->done && event_state_open(before) &&
	    event_state_open(work->event.state)) ||
	    deed_add(settler_books(s->settler), &deed, e);
}

static bool
do_one(const struct act *act, struct saying *saying, const struct pick *pick,
    bool any_version, struct work *work, struct err *e)
{
	enum event_state before;
	bool found;

	if (!event_load(settler_books(saying->settler)->db, pick->event,
	    work->arena, &work->event, &work->placing, &found, e))
		return false;
	if (!found)
		return err_set(e, ERR_CORRUPT, "event E%lld is missing",
		    (long long)pick->event);
	if (passed(act, pick, &work->event, any_version)) {
		saying->verdict = "stale";
		return true;
	}
	before = work->event.state;
	return act->run(saying, work, e) && note_deed(act, saying, before,
	    work, e);
}

static void
note_result(struct decision *d, const struct work *work,
    const struct saying *saying)
{
	const char *verdict = saying->verdict;
	struct result *result = &d->results[d->at];
	struct findings *copy;

	result->seq = work->event.seq;
	result->state = work->event.state;
	result->version = work->event.version;
	result->verdict = verdict;
	result->made = saying->made;
	result->became = saying->became;
	d->same += verdict != NULL && strcmp(verdict, "same") == 0;
	d->differs += verdict != NULL && strcmp(verdict, "differs") == 0;
	result->done = saying->done || (d->of == NULL &&
	    !event_state_open(work->event.state));
	if (result->done)
		d->done++;
	else
		d->failed++;
	if (work->findings.n == 0 || d->at >= 100)
		return;		/* the first hundred say why; enough to read */
	copy = arena_alloc(d->arena, sizeof *copy);
	for (size_t i = 0; i < work->findings.n; i++) {
		const struct finding *f = &work->findings.items[i];

		finding_add(copy, d->arena, f->code, f->value, f->field,
		    f->detail);
	}
	result->findings = copy;
}

static void
write_with(struct json *j, const cJSON *with)
{
	char *text;

	if (with == NULL)
		return;
	text = cJSON_PrintUnformatted(with);
	if (text == NULL)
		bug("out of memory");
	json_key(j, "with");
	json_raw(j, span_of(text));
	cJSON_free(text);
}

/* The versions as well: what had moved on was passed over, and is again. */
static void
write_picks(struct json *j, const struct decision *d, size_t end)
{
	json_key(j, "events");
	json_open(j, '[');
	for (size_t i = d->at; i < end; i++)
		json_int(j, d->picks[i].event);
	json_close(j, ']');
	if (d->any_version)
		return;
	json_key(j, "versions");
	json_open(j, '[');
	for (size_t i = d->at; i < end; i++)
		json_int(j, d->picks[i].version);
	json_close(j, ']');
}

static bool
log_piece(struct settler *settler, struct decision *d, size_t end)
{
	struct books *books = settler_books(settler);
	struct str body;
	struct json j;
	bool ok;

	str_init(&body, 1 << 20);
	json_start(&j, &body);
	json_open(&j, '{');
	json_kstr(&j, "action", d->act->name);
	json_kstr(&j, "reason", d->reason);
	if (d->run != 0)
		json_kstr(&j, "run", arena_id(books->arena, 'R', d->run));
	else if (d->first != 0)
		json_kstr(&j, "of", arena_id(books->arena, 'D', d->first));
	write_with(&j, d->with);
	write_picks(&j, d, end);
	json_close(&j, '}');
	settler->now = d->said = clock_now();
	ok = log_add(books, "decision", d->said, d->actor,
	    str_span(&body), &d->seq, &d->err) && audit_add(books, d->actor,
	    "decision", arena_printf(books->arena, "D%lld",
	    (long long)d->seq), "", body.p, &d->err);
	str_free(&body);
	if (d->first == 0)
		d->first = d->seq;
	return ok;
}

static bool
do_events(struct settler *settler, struct decision *d, size_t end)
{
	const char *of = d->run != 0 ? arena_id(d->arena, 'R', d->run) :
	    arena_id(d->arena, 'D', d->first);

	for (; d->at < end; d->at++) {
		struct work *work = work_new();
		struct saying saying = { settler, d->actor, d->reason,
		    d->with, d->seq, d->said, .of = of,
		    .body = d->body };
		bool ok = do_one(d->act, &saying, &d->picks[d->at],
		    d->any_version, work, &d->err);

		if (ok)
			note_result(d, work, &saying);
		work_free(&work);
		if (!ok)
			return false;
	}
	return true;
}

bool
decision_piece(struct settler *settler, struct decision *d, size_t end)
{
	return log_piece(settler, d, end) && do_events(settler, d, end);
}

static bool
do_piece(struct settler *settler, struct decision *d, size_t end)
{
	struct books *books = settler_books(settler);

	if (!books_begin(books, &d->err))
		return false;
	if (decision_piece(settler, d, end) && (end < d->n_picks ||
	    keep_answer(settler, d)) && books_commit(books, &d->err)) {
		crash_point("decision.after_commit");
		return true;
	}
	release_forget(settler);
	books_rollback(books);
	return false;
}

/* It stays what it was; the answer says why. */
static bool
note_refused(struct settler *settler, struct decision *d,
    const struct err *why)
{
	struct result *result = &d->results[d->at];
	struct work *work = work_new();
	bool found, ok;

	log_line(LOG_ERROR, "decision.not_done", "event=E%lld why=\"%s\"",
	    (long long)d->picks[d->at].event, why->why);
	ok = event_load(settler_books(settler)->db, d->picks[d->at].event,
	    work->arena, &work->event, &work->placing, &found, &d->err);
	result->seq = d->picks[d->at].event;
	result->state = work->event.state;
	result->verdict = NULL;
	result->findings = NULL;
	if (d->failed < 100) {
		result->findings = arena_alloc(d->arena,
		    sizeof *result->findings);
		finding_add(result->findings, d->arena, FIND_SYSTEM,
		    why->why, "", "");
	}
	work_free(&work);
	d->failed++;
	d->at++;
	return ok;
}

/* The answer had no event's commit to go with. */
static bool
end_refused(struct settler *settler, struct decision *d)
{
	struct books *books = settler_books(settler);

	if (!books_begin(books, &d->err))
		return false;
	if (keep_answer(settler, d) && books_commit(books, &d->err))
		return true;
	books_rollback(books);
	return false;
}

/* One event that the database will not take must not cost the others of its
 * piece: then each goes by itself. A decision of one event is refused. */
static bool
refused(struct settler *settler, struct decision *d,
    const struct decision *before, size_t end)
{
	struct err why = d->err;

	d->at = before->at;
	d->done = before->done;
	d->failed = before->failed;
	d->same = before->same;
	d->differs = before->differs;
	if (d->n_picks == 1)
		return false;
	if (!settler_ready(settler, &d->err))
		return false;
	if (end - d->at > 1) {
		d->alone = end;
		return true;
	}
	return note_refused(settler, d, &why) &&
	    (d->at < d->n_picks || end_refused(settler, d));
}

static bool
next_piece(struct settler *settler, struct decision *d)
{
	size_t n = d->at < d->alone ? 1 : PIECE;
	size_t end = n < d->n_picks - d->at ? d->at + n : d->n_picks;
	struct decision before = *d;

	return do_piece(settler, d, end) ||
	    refused(settler, d, &before, end);
}

/* Of no event: a row of the log and what it does. */
static bool
say_alone(struct settler *settler, struct decision *d)
{
	struct books *books = settler_books(settler);
	struct saying saying;

	if (!books_begin(books, &d->err))
		return false;
	if (log_piece(settler, d, 0)) {
		saying = (struct saying){ .settler = settler,
		    .actor = d->actor, .reason = d->reason, .with = d->with,
		    .seq = d->seq, .at = d->said };
		d->done = 1;
		if (d->act->run(&saying, NULL, &d->err) &&
		    keep_answer(settler, d) && books_commit(books, &d->err))
			return true;
	}
	books_rollback(books);
	return false;
}

static bool
finish(struct decision *d)
{
	if (d->err.code != ERR_NONE)
		d->answer = NULL;
	d->finished(d);
	return false;
}

static bool
begin(struct settler *settler, struct decision *d)
{
	bool found = false;

	d->begun = true;
	if (d->key != NULL && !find_answer(settler, d, &found))
		return false;
	if (found || !judge(settler, d))
		return false;
	if (is(d, "fix")) {
		if (!d->retry || d->govern)
			d->n_picks = 0;	/* later, once it is approved */
		if (!fix(settler, d))
			return false;
		d->act = act_find("retry");
	}
	if (unfixes(d))
		return unfix(settler, d);
	if (d->act->source) {
		if (!turn(settler, d))
			return false;
		d->act = act_find("retry");
	}
	if (act_alone(d->act) && !say_alone(settler, d))
		return false;
	d->results = arena_alloc(d->arena,
	    (d->n_picks + 1) * sizeof *d->results);
	if (d->n_picks == 0 && d->answer == NULL)
		answer(d);	/* an empty range */
	return true;
}

bool
decision_step(struct settler *settler, void *arg)
{
	struct decision *d = arg;

	if (!d->begun) {
		if (!begin(settler, d))
			return finish(d);
		/* New master data is in force for all after this call. */
		return d->n_picks > 0 ? true : finish(d);
	}
	if (!next_piece(settler, d) || d->at == d->n_picks)
		return finish(d);
	return true;
}

/* ---- again ------------------------------------------------------------ */

static bool
read_numbers(const cJSON *list, struct arena *arena, int64_t **out,
    size_t *n)
{
	const cJSON *item;

	*n = 0;
	*out = arena_alloc(arena, ((size_t)cJSON_GetArraySize(list) + 1) *
	    sizeof **out);
	cJSON_ArrayForEach(item, list) {
		if (!cJSON_IsString(item))
			return false;
		(*out)[(*n)++] = strtoll(item->valuestring, NULL, 10);
	}
	return true;
}

static bool
replay_events(const struct act *act, const struct saying *said,
    const int64_t *events, const int64_t *versions, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		struct pick pick = { events[i], versions != NULL ?
		    (int)versions[i] : 0 };
		struct saying saying = *said;
		struct work *work = work_new();
		bool ok = do_one(act, &saying, &pick, versions == NULL, work,
		    e);

		work_free(&work);
		if (!ok)
			return false;
	}
	return true;
}

static bool
replay_row(const struct saying *said, const cJSON *tree, struct arena *arena,
    struct err *e)
{
	const char *name = json_text(tree, "action");
	const char *source = json_text(tree, "source");
	const char *batch = json_text(tree, "batch");
	const cJSON *list = json_at(tree, "versions");
	const struct act *act;
	int64_t *events, *versions;
	size_t n, n_versions;
	bool mine;

	if (!close_replay(said->settler, tree, said->actor, said->at, &mine,
	    e) || mine || !gst_entry_replay(said->settler, tree, said->actor,
	    said->at, &mine, e) || mine || !gst_filing_replay(said->settler,
	    tree, said->actor, &mine, e) || mine || !recon_replay(
	    said->settler, tree, said->actor, said->at, &mine, e) || mine ||
	    !bank_replay(said->settler, tree, said->actor, said->at, &mine,
	    e) || mine ||
	    !count_replay(said->settler, tree, said->actor, said->at, &mine,
	    e) || mine ||
	    !erase_replay(said->settler, tree, said->actor, said->at, &mine,
	    e) || mine)
		return e->code == ERR_NONE;
	if (name == NULL ||
	    !read_numbers(json_at(tree, "events"), arena, &events, &n) ||
	    !read_numbers(list, arena, &versions, &n_versions) ||
	    (list != NULL && n_versions != n))
		return err_set(e, ERR_CORRUPT, "a decision of the log");
	if (strcmp(name, "wake") == 0)
		return due_wake(said->settler, events, n, e);
	if (strcmp(name, "close") == 0 && batch != NULL)
		return due_close(said->settler, batch, e);
	act = act_find(name);
	if (act == NULL)
		return err_set(e, ERR_CORRUPT, "a decision of the log");
	if (source != NULL)
		return turn_source(said->settler, source,
		    strcmp(name, "pause") == 0, said->actor, said->reason,
		    e);
	if (act_alone(act)) {
		struct saying saying = *said;

		return act->run(&saying, NULL, e);
	}
	return replay_events(act, said, events, list != NULL ? versions :
	    NULL, n, e);
}

bool
decision_replay(struct settler *settler, struct span body,
    const char *actor, int64_t at, struct err *e)
{
	struct arena *arena = arena_new();
	struct err unread = { 0 };
	cJSON *tree = json_strict(body, &unread);
	const char *reason, *of;
	bool ok;

	settler->now = at;
	reason = json_text(tree, "reason");
	of = json_text(tree, "run") != NULL ? json_text(tree, "run") :
	    json_text(tree, "of") != NULL ? json_text(tree, "of") :
	    arena_id(arena, 'D', settler_books(settler)->seq);
	ok = tree != NULL ? replay_row(&(struct saying){ settler, actor,
	    reason != NULL ? reason : "", json_at(tree, "with"),
	    settler_books(settler)->seq, at, .of = of }, tree, arena, e) :
	    err_set(e, ERR_CORRUPT, "a decision of the log");
	cJSON_Delete(tree);
	arena_free(&arena);
	return ok;
}
