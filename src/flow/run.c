/*
 * Runs.  Each piece stands in line anew behind the calls of others, which is
 * how a cancel gets between two of them.
 */
#include "flow/run.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/json.h"
#include "core/log.h"
#include "flow/decide.h"
#include "flow/inside.h"
#include "flow/job.h"
#include "flow/plan.h"
#include "flow/settle.h"

/* A run on its way from piece to piece. */
struct chain {
	struct arena *arena;
	struct pump *pump;
	struct run run;
	const struct act *act;
	struct cJSON *with;
	struct pick *picks;
	size_t n, at;
	size_t alone;		/* up to here each in a piece of its own */
};

/* The rows of one part, until their commit. */
struct part {
	struct arena *arena;
	struct run_row rows[RUN_PIECE];
	size_t n;
	struct decision *decision;
	size_t of[RUN_PIECE];	/* which row each of its picks is */
};

struct run_order *
run_order_new(void)
{
	struct arena *arena = arena_new();
	struct run_order *order = arena_alloc(arena, sizeof *order);

	order->arena = arena;
	return order;
}

void
run_order_free(struct run_order **op)
{
	struct arena *arena;

	if (*op == NULL)
		return;
	arena = (*op)->arena;
	arena_free(&arena);
	*op = NULL;
}

/* ---- one piece ------------------------------------------------------ */

static struct decision *
decision_of(const struct chain *chain)
{
	struct decision *d = decision_new();

	d->act = chain->act;
	d->actor = chain->run.actor;
	d->reason = chain->run.reason;
	d->with = chain->with;
	d->run = chain->run.id;
	d->picks = arena_alloc(d->arena, RUN_PIECE * sizeof *d->picks);
	d->results = arena_alloc(d->arena, RUN_PIECE * sizeof *d->results);
	return d;
}

static struct part *
part_new(const struct chain *chain)
{
	struct arena *arena = arena_new();
	struct part *part = arena_alloc(arena, sizeof *part);

	part->arena = arena;
	part->decision = decision_of(chain);
	return part;
}

static void
part_free(struct part **pp)
{
	struct arena *arena = (*pp)->arena;

	(*pp)->decision->with = NULL;	/* the chain's */
	decision_free(&(*pp)->decision);
	arena_free(&arena);
	*pp = NULL;
}

static void
row_says(struct run_row *row, const char *outcome, const char *code,
    const char *value)
{
	row->outcome = outcome;
	row->code = code;
	row->value = value;
	row->field = row->detail = "";
}

/* All rows of a piece are judged before any of it is done. */
static bool
judge_row(struct settler *settler, const struct chain *chain,
    struct part *part, size_t at, struct err *e)
{
	const struct pick *pick = &chain->picks[at];
	struct decision *d = part->decision;
	struct run_row *row = &part->rows[part->n];
	struct run_event seen;
	enum skip skip;
	bool found;

	*row = (struct run_row){ .n = (int64_t)at + 1, .pick = *pick,
	    .from = "", .to = "" };
	if (!plan_skip(settler, d, pick, at > 0 ? pick - 1 : NULL,
	    ROLE_ADMIN, part->arena, &skip, &seen, &found, e))
		return false;
	if (found) {
		row->from = row->to = event_state_name(seen.state);
		row->to_version = seen.version;
	}
	row_says(row, "skipped", skip_info(skip)->name, "");
	if (skip == SKIP_NONE) {
		part->of[d->n_picks] = part->n;
		d->picks[d->n_picks++] = *pick;
	}
	part->n++;
	return true;
}

static void
note_finding(struct run_row *row, const struct findings *findings)
{
	const struct finding *f;

	if (findings == NULL || findings->n == 0)
		return;
	f = &findings->items[0];
	row->code = finding_info(f->code)->name;
	row->value = f->value;
	row->field = f->field;
	row->detail = f->detail;
}

/* What came of it. It may have been moved on by what was done before it. */
static void
note_row(struct run_row *row, const struct result *result)
{
	const char *verdict = result->verdict != NULL ? result->verdict : "";

	row->to = event_state_name(result->state);
	row->to_version = result->version;
	if (strcmp(verdict, "refused") == 0) {
		row_says(row, "skipped", skip_info(SKIP_RIGHT)->name, "");
		return;
	}
	if (strcmp(verdict, "stale") == 0) {
		row_says(row, "skipped", skip_info(result->state ==
		    EVENT_POSTED ? SKIP_POSTED : SKIP_STALE)->name, "");
		return;
	}
	row_says(row, result->done ? "done" : "failed", "", verdict);
	note_finding(row, result->findings);
}

/* The counts as they are once the piece is committed. */
static struct run
counted(const struct chain *chain, const struct part *part)
{
	struct run run = chain->run;

	for (size_t i = 0; i < part->n; i++) {
		const char *outcome = part->rows[i].outcome;

		run.done += strcmp(outcome, "done") == 0;
		run.failed += strcmp(outcome, "failed") == 0;
		run.skipped += strcmp(outcome, "skipped") == 0;
	}
	run.state = run.done + run.failed + run.skipped == run.total ?
	    "done" : "running";
	return run;
}

static bool
write_receipt(struct books *books, const struct part *part,
    const struct run *run, struct err *e)
{
	for (size_t i = 0; i < part->n; i++)
		if (!run_row_add(books, run->id, &part->rows[i], e))
			return false;
	return run_put(books, run, e);
}

static bool
act_on(struct settler *settler, struct part *part, struct err *e)
{
	struct decision *d = part->decision;

	if (d->n_picks > 0 && !decision_piece(settler, d, d->n_picks))
		return err_set(e, d->err.code, "%s", d->err.why);
	for (size_t i = 0; i < d->n_picks; i++)
		note_row(&part->rows[part->of[i]], &d->results[i]);
	return true;
}

static bool
do_piece(struct settler *settler, struct chain *chain, size_t end,
    struct err *e)
{
	struct books *books = settler_books(settler);
	struct part *part = part_new(chain);
	struct run after;
	bool ok = true;

	if (!books_begin(books, e)) {
		part_free(&part);
		return false;
	}
	for (size_t i = chain->at; ok && i < end; i++)
		ok = judge_row(settler, chain, part, i, e);
	ok = ok && act_on(settler, part, e);
	if (ok) {
		after = counted(chain, part);
		ok = write_receipt(books, part, &after, e);
		crash_point("run.before_commit");
		ok = ok && books_commit(books, e);
	}
	if (ok) {
		chain->run = after;
		chain->at = end;
		crash_point("run.after_commit");
	} else {
		release_forget(settler);
		books_rollback(books);
	}
	part_free(&part);
	return ok;
}

/* It cannot be done, or the store would not take it: it stays what it was,
 * and the receipt says why. */
static bool
give_up_row(struct settler *settler, struct chain *chain,
    const struct err *why, struct err *e)
{
	struct books *books = settler_books(settler);
	struct part *part = part_new(chain);
	struct run_row *row = &part->rows[0];
	struct run after;
	bool ok;

	if (why->code != ERR_REFUSED)
		log_line(LOG_ERROR, "run.not_done", "run=R%lld event=E%lld "
		    "why=\"%s\"", (long long)chain->run.id,
		    (long long)chain->picks[chain->at].event, why->why);
	ok = books_begin(books, e);
	if (ok && judge_row(settler, chain, part, chain->at, e)) {
		row_says(row, "failed", why->code == ERR_REFUSED ?
		    err_info(ERR_REFUSED)->name :
		    finding_info(FIND_SYSTEM)->name, why->why);
		after = counted(chain, part);
		ok = write_receipt(books, part, &after, e) &&
		    books_commit(books, e);
		if (ok) {
			chain->run = after;
			chain->at++;
		}
	}
	if (!ok)
		books_rollback(books);
	part_free(&part);
	return ok;
}

/* One event that the store will not take must not cost the others of its
 * piece: then each goes by itself. */
static bool
next_piece(struct settler *settler, struct chain *chain, struct err *e)
{
	size_t most = chain->at < chain->alone ? 1 : RUN_PIECE;
	size_t left = chain->n - chain->at;
	size_t end = chain->at + (most < left ? most : left);
	struct err why = { 0 };

	if (do_piece(settler, chain, end, &why))
		return true;
	if (!settler_ready(settler, e))
		return false;
	if (end - chain->at == 1)
		return give_up_row(settler, chain, &why, e);
	chain->alone = end;
	return true;
}

/* ---- the chain ------------------------------------------------------ */

static void
chain_free(struct chain **cp)
{
	struct arena *arena;

	if (*cp == NULL)
		return;
	cJSON_Delete((*cp)->with);
	arena = (*cp)->arena;
	arena_free(&arena);
	*cp = NULL;
}

/* On the writer, once a piece. A store that takes nothing is asked again each
 * second; a stop in between ends the chain, not the run. */
static bool
step(struct settler *settler, void *arg)
{
	struct chain *chain = arg;
	struct err e = { 0 };
	bool goes = false, ok;

	ok = run_goes(settler_books(settler)->db, chain->run.id, &goes, &e);
	if (ok && goes)
		ok = next_piece(settler, chain, &e);
	if (!ok)
		log_line(LOG_ERROR, "run.waits", "run=R%lld why=\"%s\"",
		    (long long)chain->run.id, e.why);
	if ((ok && (!goes || chain->at == chain->n)) ||
	    !(ok ? pump_call : pump_later)(chain->pump, step, chain, &e))
		chain_free(&chain);
	return false;
}

/* From what is kept; NULL: there is nothing to go on with. */
static struct chain *
chain_new(struct db *db, struct pump *pump, int64_t id, struct err *e)
{
	struct arena *arena = arena_new();
	struct chain *chain = arena_alloc(arena, sizeof *chain);
	bool found;

	chain->arena = arena;
	chain->pump = pump;
	if (!run_load(db, id, arena, &chain->run, &found, e) || !found)
		goto none;
	chain->act = act_find(chain->run.action);
	chain->with = json_parse(span_of(chain->run.parameters));
	if (chain->act == NULL || chain->with == NULL) {
		err_set(e, ERR_CORRUPT, "run R%lld", (long long)id);
		goto none;
	}
	chain->picks = arena_alloc(arena, ((size_t)chain->run.total + 1) *
	    sizeof *chain->picks);
	chain->n = run_picks_decode(chain->run.picks, chain->picks,
	    (size_t)chain->run.total);
	chain->at = (size_t)(chain->run.done + chain->run.failed +
	    chain->run.skipped);
	return chain;
none:
	chain_free(&chain);
	return NULL;
}

static bool
go(struct settler *settler, struct pump *pump, int64_t id, struct err *e)
{
	struct chain *chain = chain_new(settler_books(settler)->db, pump, id,
	    e);

	if (chain == NULL)
		return false;
	if (pump_call(pump, step, chain, e))
		return true;
	chain_free(&chain);
	return false;
}

/* ---- what is asked of it -------------------------------------------- */

/* Who, what and why is in the audit before anything of it is done. */
static bool
say_start(struct books *books, const struct run *run, struct err *e)
{
	struct str said;
	struct json j;
	bool ok;

	str_init(&said, 1 << 20);
	json_start(&j, &said);
	json_open(&j, '{');
	json_kstr(&j, "action", run->action);
	json_kstr(&j, "reason", run->reason);
	json_key(&j, "with");
	json_raw(&j, span_of(run->parameters));
	json_kint(&j, "events", run->total);
	json_kstr(&j, "plan", run->plan);
	json_close(&j, '}');
	ok = audit_add(books, run->actor, "run",
	    arena_id(books->arena, 'R', run->id), "", said.p, e);
	str_free(&said);
	return ok;
}

static bool
keep(struct books *books, struct run *run, struct err *e)
{
	if (!books_begin(books, e))
		return false;
	if (run_add(books, run, e) && say_start(books, run, e) &&
	    books_commit(books, e))
		return true;
	books_rollback(books);
	return false;
}

bool
run_start(struct settler *settler, void *arg)
{
	struct run_order *order = arg;
	struct books *books = settler_books(settler);
	struct run *run = &order->run;
	struct err *e = &order->err;
	struct err why = { 0 };
	int64_t known;
	bool found, ok;

	ok = run_find_key(books->db, run->actor, run->key, run->plan, &known,
	    e);
	if (ok && known != 0)
		ok = run_load(books->db, known, order->arena, run, &found,
		    e);
	else if (ok && keep(books, run, e) &&
	    !go(settler, order->pump, run->id, &why))
		log_line(LOG_ERROR, "run.stopped", "run=R%lld why=\"%s\"",
		    (long long)run->id, why.why);
	order->finished(order);
	return false;
}

static bool
cancel(struct books *books, const struct run_order *order, struct err *e)
{
	if (!books_begin(books, e))
		return false;
	if (run_cancel(books, order->run.id, order->actor, e) &&
	    audit_add(books, order->actor, "run", arena_id(books->arena,
	    'R', order->run.id), "running", "cancelled", e) &&
	    books_commit(books, e))
		return true;
	books_rollback(books);
	return false;
}

/* One that is done by now is answered as it is. */
bool
run_stop(struct settler *settler, void *arg)
{
	struct run_order *order = arg;
	struct books *books = settler_books(settler);
	bool goes = false;

	if (run_load(books->db, order->run.id, order->arena, &order->run,
	    &goes, &order->err)) {
		order->absent = !goes;
		if (goes && strcmp(order->run.state, "running") == 0 &&
		    cancel(books, order, &order->err))
			order->run.state = "cancelled";
	}
	order->finished(order);
	return false;
}

bool
run_resume(struct settler *settler, void *pump)
{
	struct db *db = settler_books(settler)->db;
	struct err e = { 0 };
	int64_t id = 0;

	while (run_next(db, id, &id, &e) && id != 0) {
		struct err why = { 0 };

		log_line(LOG_INFO, "run.resumed", "run=R%lld",
		    (long long)id);
		if (!go(settler, pump, id, &why))
			log_line(LOG_ERROR, "run.stopped",
			    "run=R%lld why=\"%s\"", (long long)id, why.why);
	}
	if (e.code != ERR_NONE)
		log_line(LOG_ERROR, "run.stopped", "why=\"%s\"", e.why);
	return false;
}

/* ---- the job -------------------------------------------------------- */

static bool
open_runs(void **state, const struct job_env *env, struct err *e)
{
	*state = NULL;		/* no thread of its own: all is the writer's */
	return pump_call(env->pump, run_resume, env->pump, e);
}

static void
stop_runs(void *state)
{
	(void)state;
}

static void
close_runs(void **state)
{
	*state = NULL;
}

const struct job job_runs = { "runs", open_runs, stop_runs, close_runs };
