/* One thread, one back-test; see backtester.h. */
#include "flow/backtester.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/log.h"
#include "flow/backtest.h"
#include "flow/settle.h"
#include "rules/rules.h"
#include "store/master.h"
#include "store/proposal.h"

enum phase { PHASE_IDLE, PHASE_RUNNING, PHASE_DONE, PHASE_FAILED };

static const char *const phase_names[] = {
	"idle", "running", "done", "failed"
};

struct backtester {
	char *store;
	struct pump *pump;
	pthread_mutex_t lock;		/* all below */
	pthread_t thread;
	bool joinable, stopping;
	enum phase phase;
	int64_t proposal, from, to;
	char why[480];

	atomic_bool stop;
	atomic_llong done, of;
	struct str result;
};

struct backtester *
backtester_new(const char *store)
{
	struct backtester *b = calloc(1, sizeof *b);

	if (b == NULL || (b->store = strdup(store)) == NULL)
		bug("out of memory");
	pthread_mutex_init(&b->lock, NULL);
	str_init(&b->result, BACKTEST_BYTES);
	return b;
}

void
backtester_use(struct backtester *b, struct pump *pump)
{
	b->pump = pump;
}

void
backtester_stop(struct backtester *b)
{
	bool join;

	pthread_mutex_lock(&b->lock);
	b->stopping = true;
	join = b->joinable;
	b->joinable = false;
	pthread_mutex_unlock(&b->lock);
	atomic_store(&b->stop, true);
	if (join)
		pthread_join(b->thread, NULL);
}

void
backtester_free(struct backtester **bp)
{
	struct backtester *b = *bp;

	if (b == NULL)
		return;
	*bp = NULL;
	str_free(&b->result);
	pthread_mutex_destroy(&b->lock);
	free(b->store);
	free(b);
}

static void
end(struct backtester *b, const struct err *e)
{
	pthread_mutex_lock(&b->lock);
	b->phase = e->code == ERR_NONE ? PHASE_DONE : PHASE_FAILED;
	snprintf(b->why, sizeof b->why, "%s", e->why);
	pthread_mutex_unlock(&b->lock);
	if (e->code != ERR_NONE)
		log_line(LOG_ERROR, "backtest.failed", "id=P%lld why=\"%s\"",
		    (long long)b->proposal, e->why);
}

/* On the writer's thread. */
static bool
keep(struct settler *settler, void *arg)
{
	struct backtester *b = arg;
	struct books *books = settler_books(settler);
	struct err e = { 0 };
	char id[32];

	snprintf(id, sizeof id, "P%lld", (long long)b->proposal);
	if (books_begin(books, &e)) {
		books_touch(books, "proposal", arena_strdup(books->arena,
		    id));
		if (!proposal_keep_backtest(books, b->proposal,
		    str_span(&b->result), &e) || !books_commit(books, &e))
			books_rollback(books);
	}
	end(b, &e);
	return false;
}

/* What the proposal would put in place, beside what is in force. */
static bool
prepare(struct backtester *b, struct db *db, struct backtest *ask,
    struct arena *arena, struct err *e)
{
	struct proposal p;
	struct span files;
	bool found, rules;

	if (!proposal_load(db, b->proposal, arena, &p, &found, e))
		return false;
	if (!found)
		return err_set(e, ERR_NOT_FOUND, "no proposal P%lld",
		    (long long)b->proposal);
	rules = strcmp(p.kind, "rules") == 0;
	ask->old_rules = pump_rules(b->pump);
	if (!rules)
		ask->new_rules = rulebook_hold(ask->old_rules);
	else if (!rules_files(db, p.digest, arena, &files, e) ||
	    !rulebook_parse(&ask->new_rules, files, e))
		return false;
	if (!master_load(db, &ask->old_reference, e))
		return false;
	if (rules) {
		ask->new_reference = reference_hold(ask->old_reference);
		return true;
	}
	return master_load_with(db, p.table, p.body, p.remove,
	    &ask->new_reference, e);
}

static bool
perform(struct backtester *b, struct err *e)
{
	struct backtest ask = { .store = b->store, .from = b->from,
	    .to = b->to, .stop = &b->stop, .done = &b->done, .of = &b->of };
	struct arena *arena = arena_new();
	struct db *db = NULL;
	bool ok;

	ok = db_open(&db, b->store, DB_READ, e) && db_begin_read(db, e) &&
	    prepare(b, db, &ask, arena, e);
	db_close(&db);
	ok = ok && backtest_run(&ask, &b->result, e);
	rulebook_drop(&ask.old_rules);
	rulebook_drop(&ask.new_rules);
	reference_drop(&ask.old_reference);
	reference_drop(&ask.new_reference);
	arena_free(&arena);
	return ok;
}

static void *
work(void *arg)
{
	struct backtester *b = arg;
	struct err e = { 0 };

	if (!perform(b, &e) || !pump_call(b->pump, keep, b, &e))
		end(b, &e);
	return NULL;
}

bool
backtester_start(struct backtester *b, int64_t proposal, int64_t from,
    int64_t to, struct err *e)
{
	bool ok;

	pthread_mutex_lock(&b->lock);
	if (b->phase == PHASE_RUNNING || b->stopping) {
		pthread_mutex_unlock(&b->lock);
		return err_set(e, ERR_BUSY, "the back-test of P%lld runs",
		    (long long)b->proposal);
	}
	if (b->joinable)
		pthread_join(b->thread, NULL);
	b->proposal = proposal;
	b->from = from;
	b->to = to;
	b->why[0] = '\0';
	str_clear(&b->result);
	atomic_store(&b->stop, false);
	atomic_store(&b->done, 0);
	atomic_store(&b->of, 0);
	ok = pthread_create(&b->thread, NULL, work, b) == 0;
	b->joinable = ok;
	b->phase = ok ? PHASE_RUNNING : PHASE_IDLE;
	pthread_mutex_unlock(&b->lock);
	return ok || err_set(e, ERR_SYSTEM, "cannot start a thread");
}

bool
backtester_cancel(struct backtester *b, int64_t proposal)
{
	bool mine;

	pthread_mutex_lock(&b->lock);
	mine = b->phase == PHASE_RUNNING && b->proposal == proposal;
	if (mine)
		atomic_store(&b->stop, true);
	pthread_mutex_unlock(&b->lock);
	return mine;
}

void
backtester_show(struct backtester *b, int64_t proposal, struct json *j)
{
	pthread_mutex_lock(&b->lock);
	json_key(j, "progress");
	if (b->phase == PHASE_IDLE || b->proposal != proposal) {
		json_null(j);
	} else {
		json_open(j, '{');
		json_kstr(j, "state", phase_names[b->phase]);
		json_kint(j, "done", atomic_load(&b->done));
		json_kint(j, "of", atomic_load(&b->of));
		json_kstr(j, "why", b->why[0] != '\0' ? b->why : NULL);
		json_close(j, '}');
	}
	pthread_mutex_unlock(&b->lock);
}
