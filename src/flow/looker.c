/* The life of one looker, and where all are found. */
#include "flow/looker.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "core/clock.h"
#include "core/log.h"

#define SECOND INT64_C(1000000)
#define NICE 15			/* what sends goes first */
#define TASKS_MAX 100		/* that wait */
#define ACTOR_MAX 200
#define PATIENCE (20 * SECOND)	/* of somebody who waits */
#define LONG (60 * SECOND)	/* until it may be asked: another time */
#define FAILED (300 * SECOND)	/* after a look that was not whole */
#define AGAIN (60 * SECOND)	/* what could not be asked now */
#define SOON (2 * SECOND)	/* after a start, what is overdue; and between
				 * looks at what its committer met */

struct looker {
	struct looker *next;		/* of the lookers' */
	struct lookers *all;
	struct pump *pump;
	struct targetconf *conf;
	struct pace *pace;
	struct db *db;
	struct target *target;
	const char *entities;
	struct arena *arena;		/* of that text */
	pthread_t thread;
	pthread_mutex_t lock;		/* of what follows */
	pthread_cond_t wake;
	struct look_task *first, **last;
	size_t n_tasks;
	char wanted[ACTOR_MAX];		/* who wants a look; "": nobody */
	int64_t wanted_at;
	bool looks;			/* one is under way, */
	struct look_row now;		/* so far; its actor is `actor` */
	char actor[ACTOR_MAX];		/* who wanted it; "": the clock */
	bool said;			/* by somebody, to be carried out */
	bool stop;
	/* of the thread alone; monotonic, 0: never */
	int64_t due, again, met;
	int64_t failed;			/* commits, when it looked last */
	bool hurried;			/* somebody waits for what it does */
};

struct lookers {
	pthread_mutex_t lock;
	struct looker *first;
};

struct lookers *
lookers_new(void)
{
	struct lookers *all = calloc(1, sizeof *all);

	if (all == NULL)
		bug("out of memory");
	pthread_mutex_init(&all->lock, NULL);
	return all;
}

void
lookers_free(struct lookers **ap)
{
	struct lookers *all = *ap;

	*ap = NULL;
	if (all == NULL)
		return;
	pthread_mutex_destroy(&all->lock);
	free(all);
}

/* ---- waiting ---------------------------------------------------------- */

/* With the lock. Until then, or until somebody rings. */
static void
wait_until(struct looker *l, int64_t until)
{
	struct timespec at = { .tv_sec = until / SECOND,
	    .tv_nsec = until % SECOND * 1000 };

	pthread_cond_timedwait(&l->wake, &l->lock, &at);
}

static void run_tasks(struct looker *);

/* Somebody who waits for an answer is told when it will not be soon, and does
 * not wait for the end of a look. */
static bool
pace_for(void *arg, size_t n, struct err *e)
{
	struct looker *l = arg;
	int64_t wait = 0, waited = 0;
	bool stop;

	if (!l->hurried)
		run_tasks(l);
	do {
		int64_t pause = wait < SECOND ? wait : SECOND;

		pthread_mutex_lock(&l->lock);
		if (wait > 0 && !l->stop)
			wait_until(l, clock_mono() + pause);
		stop = l->stop;
		pthread_mutex_unlock(&l->lock);
		if (stop)
			return err_set(e, ERR_BUSY, "%.60s is being stopped",
			    l->conf->name);
		waited += pause;
		wait = pace_take(l->pace, clock_mono(), (int64_t)n);
		if (wait > LONG || (l->hurried && waited + wait > PATIENCE))
			return err_set(e, ERR_BUSY, "%.60s may be asked again "
			    "in %lld s", l->conf->name,
			    (long long)(wait / SECOND));
	} while (wait > 0);
	return true;
}

static void
pace_over(void *arg)
{
	struct looker *l = arg;

	pace_ended(l->pace, clock_mono());
	pace_wait(l->pace, target_until(l->target));
}

/* What it has seen so far, for who asks meanwhile. */
static void
note_look(void *arg, const struct look_row *row)
{
	struct looker *l = arg;

	pthread_mutex_lock(&l->lock);
	l->now = *row;
	pthread_mutex_unlock(&l->lock);
}

static struct looking
looking_of(struct looker *l)
{
	int64_t most = pace_most(l->pace);

	return (struct looking){ .most = most < LOOK_ASKED_MAX ?
	    (size_t)most : LOOK_ASKED_MAX, .pump = l->pump, .db = l->db,
	    .target = l->target, .conf = l->conf, .entities = l->entities,
	    .pace = pace_for, .over = pace_over, .tell = note_look,
	    .arg = l };
}

/* ---- its work --------------------------------------------------------- */

static void
run_tasks(struct looker *l)
{
	struct looking in = looking_of(l);
	struct look_task *task;

	do {
		pthread_mutex_lock(&l->lock);
		task = l->stop ? NULL : l->first;
		if (task != NULL) {
			l->first = task->next;
			if (l->first == NULL)
				l->last = &l->first;
			l->n_tasks--;
		}
		pthread_mutex_unlock(&l->lock);
		l->hurried = true;
		if (task != NULL)
			task->run(task, &in, NULL);
		l->hurried = false;
	} while (task != NULL);
}

/* What commits met a change there: only when one more has failed. */
static void
see_met(struct looker *l)
{
	struct looking in = looking_of(l);
	struct err e = { 0 };
	int64_t failed;

	if (clock_mono() < l->met)
		return;
	l->met = clock_mono() + SOON;
	if (!standing_failed(l->db, l->conf->name, &failed, &e) ||
	    (failed > l->failed && !look_met(&in, &e))) {
		log_line(LOG_WARN, "target.not_looked", "target=%s "
		    "why=\"%s\"", l->conf->name, e.why);
		return;
	}
	l->failed = failed;
}

static void
carry_out(struct looker *l)
{
	struct looking in = looking_of(l);
	struct err e = { 0 };
	bool said, left = true;

	pthread_mutex_lock(&l->lock);
	said = l->said;
	l->said = false;
	pthread_mutex_unlock(&l->lock);
	if (!said && (l->again == 0 || clock_mono() < l->again))
		return;
	if (!drift_carry_out(&in, &left, &e))
		log_line(LOG_WARN, "target.not_restored", "target=%s "
		    "why=\"%s\"", l->conf->name, e.why);
	l->again = left ? clock_mono() + AGAIN : 0;
}

/* By the clock only while it is spoken to at all. */
static bool
is_running(struct looker *l)
{
	struct arena *arena = arena_new();
	int64_t now = clock_mono();
	struct pace_state state;
	struct target_row row;
	struct err e = { 0 };
	bool found, is;

	pace_state(l->pace, now, &state);
	is = state.breaker == BREAKER_CLOSED && state.until <= now &&
	    target_load(l->db, l->conf->name, arena, &row, &found, &e) &&
	    found && strcmp(row.state, "running") == 0;
	arena_free(&arena);
	return is;
}

static void
set_looks(struct looker *l, bool looks, const char *actor)
{
	pthread_mutex_lock(&l->lock);
	l->looks = looks;
	l->now = (struct look_row){ .began = clock_now() };
	snprintf(l->actor, sizeof l->actor, "%s", actor);
	pthread_mutex_unlock(&l->lock);
}

static void
look(struct looker *l, const char *actor)
{
	struct looking in = looking_of(l);
	struct look_row row;
	struct err e = { 0 };
	bool ok;

	set_looks(l, true, actor);
	ok = look_run(&in, actor, &row, &e);
	set_looks(l, false, "");
	if (!ok)
		log_line(LOG_WARN, "target.not_looked", "target=%s "
		    "why=\"%s\"", l->conf->name, e.why);
	l->due = l->conf->look == 0 ? 0 : clock_mono() + (ok ||
	    l->conf->look * SECOND < FAILED ? l->conf->look * SECOND :
	    FAILED);
}

static void
look_if_due(struct looker *l)
{
	char actor[ACTOR_MAX];

	pthread_mutex_lock(&l->lock);
	memcpy(actor, l->wanted, sizeof actor);
	l->wanted[0] = '\0';
	pthread_mutex_unlock(&l->lock);
	if (actor[0] != '\0') {
		look(l, actor);
	} else if (l->due != 0 && clock_mono() >= l->due) {
		if (is_running(l))
			look(l, "");
		else
			l->due = clock_mono() + AGAIN;
	}
}

static void
rest(struct looker *l)
{
	int64_t until = l->met;

	if (l->due != 0 && l->due < until)
		until = l->due;
	if (l->again != 0 && l->again < until)
		until = l->again;
	pthread_mutex_lock(&l->lock);
	while (!l->stop && l->first == NULL && l->wanted[0] == '\0' &&
	    !l->said && clock_mono() < until)
		wait_until(l, until);
	pthread_mutex_unlock(&l->lock);
}

static bool
stopped(struct looker *l)
{
	bool stop;

	pthread_mutex_lock(&l->lock);
	stop = l->stop;
	pthread_mutex_unlock(&l->lock);
	return stop;
}

static void *
live(void *arg)
{
	struct looker *l = arg;

	/* Of this thread alone, as Linux has it; refused, it goes all the
	 * same. */
	(void)setpriority(PRIO_PROCESS, 0, NICE);
	while (!stopped(l)) {
		run_tasks(l);
		carry_out(l);
		see_met(l);
		look_if_due(l);
		rest(l);
	}
	return NULL;
}

/* ---- starting --------------------------------------------------------- */

static const char *
entities_of(const struct targetconf *conf, struct arena *arena)
{
	const char *text;
	struct str out;
	struct json j;

	str_init(&out, 1 << 16);
	json_start(&j, &out);
	json_open(&j, '[');
	for (size_t i = 0; i < conf->n_entities; i++)
		json_str(&j, conf->entities[i]);
	json_close(&j, ']');
	text = arena_strdup(arena, out.p);
	str_free(&out);
	return text;
}

/* When its last look is so long ago. */
static bool
find_due(struct looker *l, struct err *e)
{
	struct look_row row = { .ended = clock_now() };
	int64_t wait;
	bool found;

	l->due = 0;
	if (l->conf->look == 0 || target_adapter(l->target)->list == NULL)
		return true;
	if (!look_load(l->db, l->conf->name, l->arena, &row, &found, e))
		return false;
	wait = l->conf->look * SECOND - (found ? clock_now() - row.ended : 0);
	l->due = clock_mono() + (wait < SOON ? SOON : wait);
	return true;
}

static void
free_looker(struct looker *l)
{
	target_close(&l->target);
	targetconf_free(&l->conf);
	db_close(&l->db);
	pthread_cond_destroy(&l->wake);
	pthread_mutex_destroy(&l->lock);
	arena_free(&l->arena);
	free(l);
}

static struct looker *
make(struct lookers *all, struct pump *pump, struct targetconf *conf,
    struct pace *pace)
{
	struct looker *l = calloc(1, sizeof *l);
	pthread_condattr_t monotonic;

	if (l == NULL)
		bug("out of memory");
	l->all = all;
	l->pump = pump;
	l->conf = conf;
	l->pace = pace;
	l->said = true;		/* before the last stop, perhaps */
	l->last = &l->first;
	l->arena = arena_new();
	l->entities = entities_of(conf, l->arena);
	pthread_mutex_init(&l->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&l->wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return l;
}

bool
looker_start(struct looker **out, struct lookers *all, struct pump *pump,
    const char *store, struct targetconf *conf, struct pace *pace,
    struct err *e)
{
	struct looker *l = make(all, pump, conf, pace);
	bool ok = db_open(&l->db, store, DB_READ, e) &&
	    target_open(&l->target, conf, e) && find_due(l, e);

	*out = NULL;
	if (ok && pthread_create(&l->thread, NULL, live, l) != 0)
		ok = err_set(e, ERR_SYSTEM, "cannot start a thread");
	if (!ok) {
		free_looker(l);
		return false;
	}
	pthread_mutex_lock(&all->lock);
	l->next = all->first;
	all->first = l;
	pthread_mutex_unlock(&all->lock);
	*out = l;
	return true;
}

/* Nobody finds it any more. */
static void
leave(struct looker *l)
{
	struct looker **at = &l->all->first;

	pthread_mutex_lock(&l->all->lock);
	while (*at != l)
		at = &(*at)->next;
	*at = l->next;
	pthread_mutex_unlock(&l->all->lock);
}

void
looker_stop(struct looker **lp)
{
	struct looker *l = *lp;
	struct err why = { 0 };

	*lp = NULL;
	if (l == NULL)
		return;
	leave(l);
	pthread_mutex_lock(&l->lock);
	l->stop = true;
	pthread_cond_signal(&l->wake);
	pthread_mutex_unlock(&l->lock);
	target_stop(l->target);
	pthread_join(l->thread, NULL);
	err_set(&why, ERR_BUSY, "%.60s is being stopped", l->conf->name);
	while (l->first != NULL) {
		struct look_task *task = l->first;

		l->first = task->next;
		task->run(task, NULL, &why);
	}
	free_looker(l);
}

/* ---- from other threads ----------------------------------------------- */

/* With both locks; NULL and none: it is not there. */
static struct looker *
find(struct lookers *all, const char *name, struct err *e)
{
	struct looker *l;

	pthread_mutex_lock(&all->lock);
	l = all->first;
	while (l != NULL && strcmp(l->conf->name, name) != 0)
		l = l->next;
	if (l != NULL) {
		pthread_mutex_lock(&l->lock);
		return l;
	}
	pthread_mutex_unlock(&all->lock);
	err_set(e, ERR_NOT_FOUND, "no target %.60s is running", name);
	return NULL;
}

static void
let_go(struct lookers *all, struct looker *l)
{
	pthread_cond_signal(&l->wake);
	pthread_mutex_unlock(&l->lock);
	pthread_mutex_unlock(&all->lock);
}

bool
lookers_look(struct lookers *all, const char *name, const char *actor,
    struct err *e)
{
	struct looker *l = find(all, name, e);
	bool ok = l != NULL;

	if (l == NULL)
		return false;
	if (target_adapter(l->target)->list == NULL)
		ok = err_set(e, ERR_REFUSED, "%.60s cannot be asked what it "
		    "has", name);
	else if (l->wanted[0] == '\0') {
		snprintf(l->wanted, sizeof l->wanted, "%s", actor);
		l->wanted_at = clock_now();
	}
	let_go(all, l);
	return ok;
}

bool
lookers_now(struct lookers *all, const char *name, struct arena *arena,
    struct look_row *out)
{
	struct err e = { 0 };
	struct looker *l = find(all, name, &e);
	bool looks = l != NULL && (l->looks || l->wanted[0] != '\0');

	if (l == NULL)
		return false;
	*out = l->looks ? l->now : (struct look_row){
	    .began = l->wanted_at };
	out->target = name;
	out->why = "";
	out->actor = arena_strdup(arena, l->looks ? l->actor : l->wanted);
	pthread_mutex_unlock(&l->lock);
	pthread_mutex_unlock(&all->lock);
	return looks;
}

bool
lookers_ask(struct lookers *all, const char *name, struct look_task *task,
    struct err *e)
{
	struct looker *l = find(all, name, e);
	bool ok = l != NULL;

	if (l == NULL)
		return false;
	if (l->n_tasks >= TASKS_MAX) {
		ok = err_set(e, ERR_BUSY, "%.60s is asked too much already",
		    name);
	} else {
		task->next = NULL;
		*l->last = task;
		l->last = &task->next;
		l->n_tasks++;
	}
	let_go(all, l);
	return ok;
}

void
lookers_wake(struct lookers *all, const char *name)
{
	struct err e = { 0 };
	struct looker *l = find(all, name, &e);

	if (l == NULL)
		return;
	l->said = true;
	let_go(all, l);
}
