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
#include "store/master.h"

#define PIECE 200

static const char *const names[ACTIONS] = {
	"retry", "fix", "dismiss", "reopen"
};

bool
action_find(const char *name, enum action *out)
{
	for (int i = 0; i < ACTIONS; i++) {
		if (strcmp(names[i], name) == 0) {
			*out = (enum action)i;
			return true;
		}
	}
	return false;
}

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
	arena = (*dp)->arena;
	arena_free(&arena);
	*dp = NULL;
}

/* ---- judging ---------------------------------------------------------- */

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
	    DECISION_EVENTS_MAX * sizeof *d->picks);
	stmt_text(s, 1, d->signature);
	stmt_int(s, 2, DECISION_EVENTS_MAX);
	while ((step = stmt_step(s, &d->err)) == STEP_ROW) {
		d->picks[d->n_picks].seq = col_int(s, 0);
		d->picks[d->n_picks++].version = (int)col_int(s, 1);
	}
	return step == STEP_DONE;
}

/* What each action may start from. */
static bool
may(enum action action, enum event_state state)
{
	if (action == ACTION_REOPEN)
		return state == EVENT_DISMISSED;
	return event_state_open(state);
}

static bool
judge_pick(struct settler *settler, struct decision *d,
    const struct pick *pick)
{
	struct arena *arena = arena_new();
	struct event event;
	struct placing placing;
	bool found, ok;

	ok = event_load(settler_books(settler)->db, pick->seq, arena, &event,
	    &placing, &found, &d->err);
	if (ok && !found)
		ok = err_set(&d->err, ERR_NOT_FOUND, "no event E%lld",
		    (long long)pick->seq);
	if (ok && pick->version != event.version)
		ok = err_set(&d->err, ERR_STALE,
		    "E%lld is at version %d, you saw %d",
		    (long long)pick->seq, event.version, pick->version);
	if (ok && !may(d->action, event.state))
		ok = err_set(&d->err, ERR_REFUSED, "E%lld is %s",
		    (long long)pick->seq, event_state_name(event.state));
	arena_free(&arena);
	return ok;
}

/* A mapping must lead to something that exists. */
static bool
judge_fix(struct settler *settler, struct decision *d)
{
	struct reference *reference = settler_reference(settler);
	enum reference_table table;
	bool ok = true;

	if (!reference_table_find(d->fix.dimension, &table))
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
	if (d->signature != NULL && !pick_signature(settler, d))
		return false;
	if (d->n_picks == 0 && d->action != ACTION_FIX)
		return err_set(&d->err, ERR_NOT_FOUND, "no event to decide");
	for (size_t i = 0; d->signature == NULL && i < d->n_picks; i++)
		if (!judge_pick(settler, d, &d->picks[i]))
			return false;
	return d->action != ACTION_FIX || judge_fix(settler, d);
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

	snprintf(id, sizeof id, "D%lld", (long long)d->seq);
	str_init(&out, 64 << 20);
	json_start(&j, &out);
	json_open(&j, '{');
	json_kstr(&j, "decision", id);
	json_kint(&j, "done", d->done);
	json_kint(&j, "failed", d->failed);
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
fix(struct settler *settler, struct decision *d)
{
	const char *const fields[] = { d->fix.source, d->fix.dimension,
	    d->fix.value, d->fix.to };
	struct books *books = settler_books(settler);
	struct str csv;
	bool ok;

	str_init(&csv, 65536);
	str_adds(&csv, "source,dimension,from,to\n");
	for (size_t i = 0; i < 4; i++) {
		str_addc(&csv, '"');
		for (const char *p = fields[i]; *p != '\0'; p++)
			str_adds(&csv, *p == '"' ? "\"\"" : (char[]){ *p, 0 });
		str_adds(&csv, i < 3 ? "\"," : "\"\n");
	}
	if (!books_begin(books, &d->err)) {
		str_free(&csv);
		return false;
	}
	ok = master_import(books, d->actor, "mapping", str_span(&csv),
	    &d->seq, &d->err) && (d->n_picks > 0 ||
	    keep_answer(settler, d)) && books_commit(books, &d->err);
	str_free(&csv);
	if (!ok)
		books_rollback(books);
	return ok && settler_reload(settler, &d->err);
}

/* ---- doing ------------------------------------------------------------ */

static bool
do_one(struct settler *settler, enum action action, int64_t seq,
    const char *actor, const char *reason, struct work *work,
    struct err *e)
{
	bool found;

	if (!event_load(settler_books(settler)->db, seq, work->arena,
	    &work->event, &work->placing, &found, e))
		return false;
	if (!found)
		return err_set(e, ERR_CORRUPT, "event E%lld is missing",
		    (long long)seq);
	/* Named twice in one decision: it is done once. */
	if (!may(action, work->event.state))
		return true;
	if (action == ACTION_DISMISS)
		return settle_move(settler, work, EVENT_DISMISSED, actor,
		    reason, e);
	return settle_again(settler, work, actor, e);
}

static void
note_result(struct decision *d, const struct work *work)
{
	struct result *result = &d->results[d->at];
	struct findings *copy;

	result->seq = work->event.seq;
	result->state = work->event.state;
	if (event_state_open(work->event.state))
		d->failed++;
	else
		d->done++;
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
	json_kstr(&j, "action", names[d->action]);
	json_kstr(&j, "reason", d->reason);
	json_key(&j, "events");
	json_open(&j, '[');
	for (size_t i = d->at; i < end; i++)
		json_int(&j, d->picks[i].seq);
	json_close(&j, ']');
	json_close(&j, '}');
	ok = log_add(books, "decision", clock_now(), d->actor,
	    str_span(&body), &d->seq, &d->err) && audit_add(books, d->actor,
	    "decision", arena_printf(books->arena, "D%lld",
	    (long long)d->seq), "", body.p, &d->err);
	str_free(&body);
	return ok;
}

static bool
do_piece(struct settler *settler, struct decision *d)
{
	struct books *books = settler_books(settler);
	size_t end = d->at + PIECE < d->n_picks ? d->at + PIECE : d->n_picks;

	if (!books_begin(books, &d->err))
		return false;
	if (!log_piece(settler, d, end))
		goto fail;
	for (; d->at < end; d->at++) {
		struct work *work = work_new();
		bool ok = do_one(settler, d->action, d->picks[d->at].seq,
		    d->actor, d->reason, work, &d->err);

		if (ok)
			note_result(d, work);
		work_free(&work);
		if (!ok)
			goto fail;
	}
	if (d->at == d->n_picks && !keep_answer(settler, d))
		goto fail;
	if (books_commit(books, &d->err)) {
		crash_point("decision.after_commit");
		return true;
	}
fail:
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
	if (d->action == ACTION_FIX) {
		if (!d->retry)
			d->n_picks = 0;
		if (!fix(settler, d))
			return false;
		d->action = ACTION_RETRY;
	}
	d->results = arena_alloc(d->arena,
	    (d->n_picks + 1) * sizeof *d->results);
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
	if (!do_piece(settler, d) || d->at == d->n_picks)
		return finish(d);
	return true;
}

/* ---- again ------------------------------------------------------------ */

bool
decision_replay(struct settler *settler, struct span body,
    const char *actor, struct err *e)
{
	struct str quoted;
	struct json_where where;
	cJSON *tree = NULL;
	const cJSON *item;
	const char *name, *reason;
	enum action action = ACTION_RETRY;
	bool ok;

	str_init(&quoted, body.n * 4 + 64);
	ok = json_quote(body, JSON_DEPTH_MAX, &quoted, &where) == JSON_OK;
	if (ok)
		tree = json_parse(str_span(&quoted));
	name = json_text(tree, "action");
	reason = json_text(tree, "reason");
	if (name == NULL || !action_find(name, &action))
		ok = err_set(e, ERR_CORRUPT, "a decision of the log");
	cJSON_ArrayForEach(item, json_at(tree, "events")) {
		struct work *work;

		if (!ok || !cJSON_IsString(item))
			break;
		work = work_new();
		ok = do_one(settler, action,
		    strtoll(item->valuestring, NULL, 10), actor,
		    reason != NULL ? reason : "", work, e);
		work_free(&work);
	}
	cJSON_Delete(tree);
	str_free(&quoted);
	return ok;
}
