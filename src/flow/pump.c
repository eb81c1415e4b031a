/*
 * The journey on one screen: offered work waits in a bounded queue, the one
 * writer takes all that waits, settles it as one group with one fsync, and
 * only then lets the answers go.  Everything before (verify, map, check) ran
 * on the request's own thread.  Never blocks a request's thread.
 */
#include "flow/pump.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "book/personal.h"
#include "core/clock.h"
#include "core/log.h"
#include "flow/erase.h"
#include "flow/govern.h"
#include "flow/intake.h"
#include "flow/reserve.h"
#include "flow/rides.h"
#include "flow/settle.h"
#include "flow/work.h"

struct call {
	bool (*fn)(struct settler *, void *);
	void *arg;
	struct call *next;
};

struct pump {
	struct pump_options options;
	struct settler *settler;
	struct personal *personal;
	struct retention retention;
	pthread_t writer;
	bool started;

	pthread_mutex_t lock;		/* all below */
	pthread_cond_t some;		/* of the monotonic clock */
	struct work *first, **last;
	struct call *calls, **last_call;
	struct call *later, **last_later;	/* until the next tick */
	struct rides rides;
	int64_t grouped;		/* when the last group ended */
	struct rulebook *rules;
	struct reference *reference;
	struct pump_figures figures;
	bool stop;
	struct reserve *reserve;	/* room on a full disk */

	atomic_bool refreshing;		/* guards the two below */
	struct rulebook *fresh;
	struct rulebook *seen;		/* governed: the folder as last read */
	char refused[480];

	pthread_mutex_t listening;	/* the two below, while one is told */
	void (*listener)(void *);
	void *listener_arg;
};

/* ---- what the writer works with --------------------------------------- */

static struct work *
take_group(struct pump *pump)
{
	struct work *group = pump->first, *w = group;
	size_t n = 1;

	if (group == NULL)
		return NULL;
	while (w->next != NULL && n < pump->options.group) {
		w = w->next;
		n++;
	}
	pump->first = w->next;
	if (pump->first == NULL)
		pump->last = &pump->first;
	w->next = NULL;
	pump->figures.waiting -= (int64_t)n;
	pump->figures.groups++;
	pump->figures.works += (int64_t)n;
	return group;
}

static struct call *
take_call(struct pump *pump)
{
	struct call *call = pump->calls;

	if (call == NULL)
		return NULL;
	pump->calls = call->next;
	if (pump->calls == NULL)
		pump->last_call = &pump->calls;
	call->next = NULL;
	return call;
}

static void
put_call(struct pump *pump, struct call *call)
{
	call->next = NULL;
	*pump->last_call = call;
	pump->last_call = &call->next;
}

/* Those whose time has come stand behind the others. */
static void
call_later(struct pump *pump)
{
	if (pump->later == NULL)
		return;
	*pump->last_call = pump->later;
	pump->last_call = pump->last_later;
	pump->later = NULL;
	pump->last_later = &pump->later;
}

/* Publishes the snapshot when the settler changed master data. */
static void
publish_reference(struct pump *pump)
{
	struct reference *now = settler_reference(pump->settler);

	pthread_mutex_lock(&pump->lock);
	if (reference_generation(now) !=
	    reference_generation(pump->reference)) {
		reference_drop(&pump->reference);
		pump->reference = reference_hold(now);
	}
	pthread_mutex_unlock(&pump->lock);
	reference_drop(&now);
}

static void
tell(struct pump *pump)
{
	if (pump->options.changed != NULL)
		pump->options.changed(pump->options.changed_arg);
	pthread_mutex_lock(&pump->listening);
	if (pump->listener != NULL)
		pump->listener(pump->listener_arg);
	pthread_mutex_unlock(&pump->listening);
}

/* What settling found was undone with its group: judged as if never seen. */
static void
settle_anew(struct pump *pump, struct work *work)
{
	if (work->came != NULL)
		work->event = *work->came;
	work->came = NULL;
	work->event.seq = 0;
	work->event.state = EVENT_RECEIVED;
	work->event.version = work->event.attempts = 1;
	work->placing = (struct placing){ 0 };
	work->replayed = false;
	work->err = (struct err){ 0 };
	intake_judge(pump, work);
}

/* Ours to answer for, so the sender is told that it is kept, if it is. */
static void
keep_failed(struct pump *pump, struct work *w, const struct err *why)
{
	struct err e = { 0 };

	log_line(LOG_ERROR, "event.not_settled",
	    "source=%s key=%s why=\"%s\"", w->event.source, w->event.key,
	    why->why);
	settle_anew(pump, w);
	if (settle_keep(pump->settler, w, why->why, &e))
		return;
	log_line(LOG_ERROR, "event.not_kept", "source=%s key=%s why=\"%s\"",
	    w->event.source, w->event.key, e.why);
	w->err = e;
}

/* One event that the database will not take must not cost the others of its
 * group: then each goes by itself, and only that one fails. */
static void
settle_each(struct pump *pump, struct work *group)
{
	struct work *next;

	for (struct work *w = group; w != NULL; w = next) {
		struct err e = { 0 };

		next = w->next;
		w->next = NULL;
		settle_anew(pump, w);
		if (!settle_group(pump->settler, w, NULL, &e)) {
			keep_failed(pump, w, &e);
		}
		w->next = next;
	}
}

/* The store takes nothing at all now: asking for each would only wait for
 * each. */
static void
fail_all(struct work *group, const struct err *why)
{
	log_line(LOG_ERROR, "pump.nothing_kept", "why=\"%s\"", why->why);
	for (struct work *w = group; w != NULL; w = w->next)
		w->err = *why;
}

/* ---- a full disk ------------------------------------------------------ */

static void
set_full(struct pump *pump, bool full)
{
	pthread_mutex_lock(&pump->lock);
	pump->figures.full = full;
	pthread_mutex_unlock(&pump->lock);
}

/* On the writer: what was kept back for this is let go, so that it can be
 * said, and people told; senders are refused until there is room again. */
static void
fill_up(struct pump *pump)
{
	struct pump_figures f;

	pump_figures(pump, &f);
	if (f.full)
		return;
	set_full(pump, true);
	reserve_free(pump->reserve);
	reserve_say(settler_books(pump->settler), true);
}

static bool
note_room(struct settler *settler, void *arg)
{
	(void)arg;
	reserve_say(settler_books(settler), false);
	return false;
}

static bool
note_full(struct settler *settler, void *arg)
{
	(void)settler;
	fill_up(arg);
	return false;
}

/* Each second: is there room again; is it just about to end? */
static void
look_at_disk(struct pump *pump)
{
	struct err e = { 0 };
	struct pump_figures f;

	pump_figures(pump, &f);
	if (f.full && reserve_make(pump->reserve)) {
		set_full(pump, false);
		if (!pump_call(pump, note_room, NULL, &e))
			log_line(LOG_WARN, "disk.unsaid", "why=\"%s\"",
			    e.why);
	} else if (!f.full && reserve_needed(pump->reserve) &&
	    !pump_call(pump, note_full, pump, &e)) {
		log_line(LOG_WARN, "disk.unsaid", "why=\"%s\"", e.why);
	}
}

/* The events first: whose fault it was that a group failed is not known, and
 * they never wait for a ride. */
static bool
settle_apart(struct pump *pump, struct work *group, struct err *e)
{
	for (struct work *w = group; w != NULL; w = w->next)
		settle_anew(pump, w);
	*e = (struct err){ 0 };
	return group == NULL ||
	    settle_group(pump->settler, group, NULL, e);
}

static void
ride_alone(struct pump *pump, struct ride *rides)
{
	struct ride *next;

	for (struct ride *ride = rides; ride != NULL; ride = next) {
		struct err e = { 0 };
		bool ok;

		next = ride->next;
		ride->next = NULL;
		ok = settle_group(pump->settler, NULL, ride, &e);
		rides_end(ride, ok, &e);
	}
}

static void
answer_all(struct work *group)
{
	struct work *next;

	for (struct work *w = group; w != NULL; w = next) {
		next = w->next;
		w->next = NULL;
		crash_point("answer.before");
		w->done(w);
	}
}

static void
settle_failed(struct pump *pump, struct work *group, const struct err *why)
{
	struct err e = *why;

	log_line(LOG_ERROR, "pump.group_failed", "why=\"%s\"", e.why);
	if (e.code == ERR_FULL) {
		fill_up(pump);
		fail_all(group, &e);
	} else if (settler_ready(pump->settler, &e))
		settle_each(pump, group);
	else
		fail_all(group, &e);
}

static void
settle(struct pump *pump, struct work *group, struct ride *rides)
{
	int64_t start = clock_mono();
	struct err e = { 0 };
	bool ok = settle_group(pump->settler, group, rides, &e);
	bool rode = ok;

	if (!ok && rides != NULL && e.code != ERR_FULL)
		ok = settle_apart(pump, group, &e);
	if (!ok)
		settle_failed(pump, group, &e);
	pthread_mutex_lock(&pump->lock);
	if (group != NULL)
		pump->figures.commits_took += clock_mono() - start;
	pthread_mutex_unlock(&pump->lock);
	answer_all(group);
	if (rode || e.code == ERR_FULL)
		rides_end(rides, rode, &e);
	else
		ride_alone(pump, rides);
	tell(pump);
}

static void
run_call(struct pump *pump, struct call *call)
{
	bool again = call->fn(pump->settler, call->arg);

	publish_reference(pump);
	tell(pump);
	if (!again) {
		free(call);
		return;
	}
	/* First again: what it judged at its start must hold to its end, so
	 * only deliveries go between its pieces. */
	pthread_mutex_lock(&pump->lock);
	call->next = pump->calls;
	pump->calls = call;
	if (call->next == NULL)
		pump->last_call = &call->next;
	pthread_mutex_unlock(&pump->lock);
}

/* Without a group. Under lock. */
static bool
ride_now(const struct pump *pump)
{
	return pump->rides.first != NULL && (pump->stop ||
	    rides_wait(&pump->rides, clock_mono(), pump->grouped) == 0);
}

/* Until there is something to do. Under lock. */
static void
await_work(struct pump *pump)
{
	while (!pump->stop && !pump->first && !pump->calls) {
		int64_t now = clock_mono(), wait;
		struct timespec until;

		if (pump->rides.first == NULL) {
			pthread_cond_wait(&pump->some, &pump->lock);
			continue;
		}
		wait = rides_wait(&pump->rides, now, pump->grouped);
		if (wait == 0)
			return;
		until.tv_sec = (now + wait) / 1000000;
		until.tv_nsec = (now + wait) % 1000000 * 1000;
		pthread_cond_timedwait(&pump->some, &pump->lock, &until);
	}
}

static void *
write_groups(void *arg)
{
	struct pump *pump = arg;
	struct work *group;
	struct ride *rides;
	struct call *call;

	for (;;) {
		pthread_mutex_lock(&pump->lock);
		await_work(pump);
		group = take_group(pump);
		call = take_call(pump);
		rides = group != NULL || ride_now(pump) ?
		    rides_take(&pump->rides) : NULL;
		pthread_mutex_unlock(&pump->lock);
		if (group == NULL && call == NULL && rides == NULL)
			return NULL;	/* stopping, and nothing waits */
		if (group != NULL || rides != NULL)
			settle(pump, group, rides);
		if (group != NULL)
			pump->grouped = clock_mono();
		if (call != NULL)
			run_call(pump, call);
		settler_rest(pump->settler);
	}
}

/* The settler asks for this when the generation moved on while the work
 * waited: what was mapped with old master data is mapped again. */
static bool
remap(struct work *work, void *arg)
{
	intake_judge(arg, work);
	return true;
}

/* ---- opening and closing ---------------------------------------------- */

/* Governed, the rules are those that were approved, whatever the folder says
 * by now; that is only looked at. Before any there are those of the folder. */
static bool
open_rules(struct pump *pump, struct err *e)
{
	struct books *books = settler_books(pump->settler);
	struct arena *arena = arena_new();
	struct err broken = { 0 };
	struct span files;
	bool ok;

	if (!pump->options.govern || books->rules[0] == '\0') {
		ok = rulebook_load(&pump->rules, pump->options.rules, e) &&
		    settler_rules(pump->settler,
		    rulebook_digest(pump->rules),
		    rulebook_files(pump->rules), e);
		if (ok && pump->options.govern)
			pump->seen = rulebook_hold(pump->rules);
	} else {
		ok = rules_files(books->db, books->rules, arena, &files,
		    e) && rulebook_parse(&pump->rules, files, e);
		if (ok && !rulebook_load(&pump->seen, pump->options.rules,
		    &broken)) {
			log_line(LOG_ERROR, "rules.refused", "why=\"%s\"",
			    broken.why);
			pump->seen = rulebook_hold(pump->rules);
		} else if (ok) {
			ok = govern_notice(pump->settler, pump->seen, false,
			    e);
		}
	}
	arena_free(&arena);
	return ok;
}

bool
pump_open(struct pump **out, const struct pump_options *options,
    struct err *e)
{
	struct pump *pump = calloc(1, sizeof *pump);
	pthread_condattr_t monotonic;

	if (pump == NULL)
		bug("out of memory");
	pump->options = *options;
	pump->figures.queue = (int64_t)options->queue;
	pump->last = &pump->first;
	pump->last_call = &pump->calls;
	pump->last_later = &pump->later;
	pthread_mutex_init(&pump->lock, NULL);
	pthread_mutex_init(&pump->listening, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&pump->some, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (!personal_load(&pump->personal, options->privacy, e) ||
	    !settler_open(&pump->settler, options->store, remap, pump, e))
		goto fail;
	settler_personal(pump->settler, pump->personal);
	if (!retention_load(&pump->retention, options->privacy, e) ||
	    !erase_resume(pump->settler, e))
		goto fail;
	pump->reserve = reserve_new(options->store);
	pump->figures.full = !reserve_make(pump->reserve);
	if (pump->figures.full)
		log_line(LOG_ERROR, "disk.full", "started=yes intake=closed");
	pump->reference = settler_reference(pump->settler);
	if (!open_rules(pump, e))
		goto fail;
	if (pthread_create(&pump->writer, NULL, write_groups, pump) != 0) {
		err_set(e, ERR_SYSTEM, "cannot start the writer thread");
		goto fail;
	}
	pump->started = true;
	*out = pump;
	return true;
fail:
	pump_close(&pump);
	return false;
}

void
pump_drain(struct pump *pump)
{
	if (!pump->started)
		return;
	pthread_mutex_lock(&pump->lock);
	pump->stop = pump->figures.draining = true;
	call_later(pump);
	pthread_cond_signal(&pump->some);
	pthread_mutex_unlock(&pump->lock);
	pthread_join(pump->writer, NULL);
	pump->started = false;
}

void
pump_close(struct pump **pp)
{
	struct pump *pump = *pp;

	if (pump == NULL)
		return;
	*pp = NULL;
	pump_drain(pump);
	reference_drop(&pump->reference);
	rulebook_drop(&pump->rules);
	rulebook_drop(&pump->fresh);
	rulebook_drop(&pump->seen);
	settler_close(&pump->settler);
	personal_free(&pump->personal);
	reserve_close(&pump->reserve);
	pthread_cond_destroy(&pump->some);
	pthread_mutex_destroy(&pump->listening);
	pthread_mutex_destroy(&pump->lock);
	free(pump);
}

/* ---- from any thread -------------------------------------------------- */

const struct personal *
pump_personal(const struct pump *pump)
{
	return pump->personal;
}

const struct retention *
pump_retention(const struct pump *pump)
{
	return &pump->retention;
}

void
pump_seal(struct pump *pump, struct work *work)
{
	intake_seal(work, pump->personal, settler_books(
	    pump->settler)->vault);
}

bool
pump_offer(struct pump *pump, struct work *list, struct err *e)
{
	const char *why = NULL;
	struct work *last = list;
	int64_t n = 1;
	bool full;

	for (; last->next != NULL; last = last->next)
		n++;
	for (struct work *w = list; w != NULL; w = w->next)
		if (w->err.code != ERR_NONE)
			return err_set(e, w->err.code, "%s", w->err.why);
	pthread_mutex_lock(&pump->lock);
	if (pump->figures.draining)
		why = "shutting down";
	else if (pump->figures.full)
		why = "the disk of the store is full";
	else if (pump->figures.waiting + n > (int64_t)pump->options.queue)
		why = "the queue is full";
	full = why != NULL && pump->figures.full;
	if (full) {
		pump->figures.unroomed += n;
	} else if (why != NULL) {
		pump->figures.refused += n;
	} else {
		*pump->last = list;
		pump->last = &last->next;
		if (pump->figures.waiting == 0)
			pthread_cond_signal(&pump->some);
		pump->figures.waiting += n;
	}
	pthread_mutex_unlock(&pump->lock);
	return why == NULL || err_set(e, full ? ERR_FULL : ERR_BUSY, "%s",
	    why);
}

static bool
add_call(struct pump *pump, bool (*fn)(struct settler *, void *), void *arg,
    bool later, struct err *e)
{
	struct call *call = calloc(1, sizeof *call);
	bool draining;

	if (call == NULL)
		bug("out of memory");
	call->fn = fn;
	call->arg = arg;
	pthread_mutex_lock(&pump->lock);
	draining = pump->figures.draining;
	if (!draining && later) {
		*pump->last_later = call;
		pump->last_later = &call->next;
	} else if (!draining) {
		put_call(pump, call);
		pthread_cond_signal(&pump->some);
	}
	pthread_mutex_unlock(&pump->lock);
	if (!draining)
		return true;
	free(call);
	return err_set(e, ERR_BUSY, "shutting down");
}

bool
pump_call(struct pump *pump, bool (*fn)(struct settler *, void *), void *arg,
    struct err *e)
{
	return add_call(pump, fn, arg, false, e);
}

bool
pump_ride(struct pump *pump, struct ride *ride, struct err *e)
{
	bool draining;

	pthread_mutex_lock(&pump->lock);
	draining = pump->figures.draining;
	if (!draining) {
		rides_put(&pump->rides, ride);
		pthread_cond_signal(&pump->some);
	}
	pthread_mutex_unlock(&pump->lock);
	return !draining || err_set(e, ERR_BUSY, "shutting down");
}

void
pump_listen(struct pump *pump, void (*fn)(void *), void *arg)
{
	pthread_mutex_lock(&pump->listening);
	pump->listener = fn;
	pump->listener_arg = arg;
	pthread_mutex_unlock(&pump->listening);
}

bool
pump_later(struct pump *pump, bool (*fn)(struct settler *, void *),
    void *arg, struct err *e)
{
	return add_call(pump, fn, arg, true, e);
}

void
pump_tick(struct pump *pump)
{
	pthread_mutex_lock(&pump->lock);
	if (pump->later != NULL) {
		call_later(pump);
		pthread_cond_signal(&pump->some);
	}
	pthread_mutex_unlock(&pump->lock);
	look_at_disk(pump);
}

struct rulebook *
pump_rules(struct pump *pump)
{
	struct rulebook *rules;

	pthread_mutex_lock(&pump->lock);
	rules = rulebook_hold(pump->rules);
	pthread_mutex_unlock(&pump->lock);
	return rules;
}

struct reference *
pump_reference(struct pump *pump)
{
	struct reference *reference;

	pthread_mutex_lock(&pump->lock);
	reference = reference_hold(pump->reference);
	pthread_mutex_unlock(&pump->lock);
	return reference;
}

void
pump_use(struct pump *pump, struct rulebook *rules)
{
	log_line(LOG_INFO, "rules.loaded", "digest=%s",
	    rulebook_digest(rules));
	pthread_mutex_lock(&pump->lock);
	rulebook_drop(&pump->rules);
	pump->rules = rulebook_hold(rules);
	pthread_mutex_unlock(&pump->lock);
}

/* On the writer: what changed in the folder is proposed. */
static bool
propose_rules(struct settler *settler, void *arg)
{
	struct pump *pump = arg;
	struct rulebook *fresh = pump->fresh;
	struct err e = { 0 };

	pump->fresh = NULL;
	if (!govern_notice(settler, fresh, true, &e))
		log_line(LOG_ERROR, "rules.not_proposed", "why=\"%s\"",
		    e.why);
	rulebook_drop(&pump->seen);
	pump->seen = fresh;
	atomic_store(&pump->refreshing, false);
	return false;
}

/* On the writer: the log says that these rules are in force before anything
 * is settled with them. */
static bool
use_rules(struct settler *settler, void *arg)
{
	struct pump *pump = arg;
	struct rulebook *fresh = pump->fresh;
	struct err e = { 0 };

	pump->fresh = NULL;
	if (!settler_rules(settler, rulebook_digest(fresh),
	    rulebook_files(fresh), &e)) {
		log_line(LOG_ERROR, "rules.not_kept", "why=\"%s\"", e.why);
	} else {
		pump_use(pump, fresh);
	}
	rulebook_drop(&fresh);
	atomic_store(&pump->refreshing, false);
	return false;
}

static bool
folder_changed(struct pump *pump)
{
	struct rulebook *rules = pump->options.govern ?
	    rulebook_hold(pump->seen) : pump_rules(pump);
	bool changed = rulebook_changed(rules, pump->options.rules);

	rulebook_drop(&rules);
	return changed;
}

void
pump_refresh(struct pump *pump)
{
	struct err e = { 0 };

	if (atomic_exchange(&pump->refreshing, true))
		return;
	if (!folder_changed(pump)) {
		atomic_store(&pump->refreshing, false);
		return;
	}
	if (!rulebook_load(&pump->fresh, pump->options.rules, &e)) {
		/* Said once for each fault, not at every look. */
		if (strcmp(pump->refused, e.why) != 0)
			log_line(LOG_ERROR, "rules.refused", "why=\"%s\"",
			    e.why);
		snprintf(pump->refused, sizeof pump->refused, "%s", e.why);
		atomic_store(&pump->refreshing, false);
	} else {
		pump->refused[0] = '\0';
		if (!pump_call(pump, pump->options.govern ?
		    propose_rules : use_rules, pump, &e)) {
			rulebook_drop(&pump->fresh);
			atomic_store(&pump->refreshing, false);
		}
	}
}

void
pump_figures(struct pump *pump, struct pump_figures *out)
{
	pthread_mutex_lock(&pump->lock);
	*out = pump->figures;
	pthread_mutex_unlock(&pump->lock);
}
