/*
 * The life of one target.  Whatever stops it between any two steps, a row says
 * that a posting may be there before its first byte leaves, and it is asked
 * for before it goes again.
 */
#include "flow/committer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "core/clock.h"
#include "core/log.h"
#include "flow/delivery.h"
#include "flow/settle.h"

#define WHY_MAX 1000
#define AWAY_MAX 60
#define CHECK_MAX ((size_t)1 << 20)
#define GATHER (MICROS / 20)	/* what comes together goes together */
#define KEEP_SOON (MICROS / 5)	/* when nothing follows */
#define NICE 10
#define AT_ONCE 40		/* rows of one write, of single calls */
#define TOOK_FIRST (MICROS / 10)
#define CLOCK_LOOK (60 * MICROS)	/* the wall clock may be set */

/* ---- waiting ---------------------------------------------------------- */

static void
until(int64_t at, struct timespec *out)
{
	out->tv_sec = at / MICROS;
	out->tv_nsec = at % MICROS * 1000;
}

bool
committer_stopped(struct committer *c)
{
	bool stop;

	pthread_mutex_lock(&c->lock);
	stop = c->stop;
	pthread_mutex_unlock(&c->lock);
	return stop;
}

/* False when it is told to stop; nothing else wakes it. */
static bool
sleep_for(struct committer *c, int64_t micros)
{
	struct timespec at;
	bool stop, over = false;

	until(clock_mono() + micros, &at);
	pthread_mutex_lock(&c->lock);
	while (!c->stop && !over)
		over = pthread_cond_timedwait(&c->wake, &c->lock, &at) != 0;
	stop = c->stop;
	pthread_mutex_unlock(&c->lock);
	return !stop;
}

/* Until something comes, or that time is over; < 0: only until then. */
static void
rest(struct committer *c, int64_t micros)
{
	struct timespec at;
	bool over = false;

	until(clock_mono() + (micros > 0 ? micros : 0), &at);
	pthread_mutex_lock(&c->lock);
	c->idle = true;
	while (!c->stop && !c->woken && !over) {
		if (micros < 0)
			pthread_cond_wait(&c->wake, &c->lock);
		else
			over = pthread_cond_timedwait(&c->wake, &c->lock,
			    &at) != 0;
	}
	c->woken = c->idle = false;
	pthread_mutex_unlock(&c->lock);
}

/* A write for each that comes would cost those who send to us: so what comes
 * meanwhile goes with it. */
static void
gather(struct committer *c)
{
	int64_t left = c->kept_at + GATHER - clock_mono();

	if (left > 0)
		(void)sleep_for(c, left);
}

void
committer_wake(struct committer *c)
{
	pthread_mutex_lock(&c->lock);
	c->woken = true;
	if (c->idle)
		pthread_cond_signal(&c->wake);
	pthread_mutex_unlock(&c->lock);
}

/* ---- what it is ------------------------------------------------------- */

static void
set_text(struct str *into, const char **field, const char *text)
{
	if (text == into->p)
		return;
	str_clear(into);
	str_adds(into, text);
	*field = into->p != NULL ? into->p : "";
}

void
committer_why(struct committer *c, const char *why)
{
	set_text(&c->why, &c->row.why, why);
}

void
committer_bad(struct committer *c, const char *why)
{
	committer_why(c, why);
	if (pace_bad(c->pace, clock_mono()))
		log_line(LOG_ERROR, "target.breaker_open", "target=%s "
		    "why=\"%s\"", c->row.name, c->row.why);
}

/* Of the hours in which it is not spoken to; 0: these are others. */
static int64_t
away_left(const struct committer *c)
{
	return hours_left(&c->conf->away, clock_now());
}

void
committer_note(struct committer *c)
{
	int64_t now = clock_mono();
	struct pace_state state;

	pace_state(c->pace, now, &state);
	c->row.breaker = breaker_name(state.breaker);
	c->row.until = state.asked == 0 ? 0 :
	    clock_now() + state.asked - now;
	if (state.until > now)
		c->row.next_at = clock_now() + state.until - now;
}

/* What people said of it meanwhile. Resumed, it starts anew. */
static bool
refresh(struct committer *c)
{
	struct arena *arena = arena_new();
	struct target_row row;
	struct err e = { 0 };
	bool found, runs;
	bool ok = target_load(c->db, c->row.name, arena, &row, &found, &e);

	if (ok) {
		runs = found && strcmp(row.state, "running") == 0;
		if (runs && !c->running) {
			c->stopping = false;
			c->denied = 0;
			if (c->said_at == 0)	/* which books, if new */
				c->said_at = clock_mono();
		}
		c->running = runs && !c->stopping;
	} else {
		log_line(LOG_ERROR, "target.not_read", "target=%s why=\"%s\"",
		    c->row.name, e.why);
	}
	arena_free(&arena);
	return ok;
}

bool
committer_goes(struct committer *c)
{
	return !committer_stopped(c) && refresh(c) && c->running &&
	    away_left(c) == 0;
}

/* By an answer to another of us, while a group is under way. */
static bool
is_told_to_wait(const struct committer *c)
{
	int64_t now = clock_mono();
	struct pace_state state;

	pace_state(c->pace, now, &state);
	return state.asked > now + MICROS;
}

bool
committer_turn(struct committer *c, int64_t n)
{
	int64_t wait;

	while ((wait = pace_take(c->pace, clock_mono(), n)) > 0)
		if (is_told_to_wait(c) ||
		    !sleep_for(c, wait < MICROS ? wait : MICROS) ||
		    (wait >= MICROS / 10 && !committer_goes(c)))
			return false;
	return true;
}

/* What it asks for in answer to a question is for all of us, too. */
void
committer_ended(struct committer *c)
{
	pace_ended(c->pace, clock_mono());
	pace_wait(c->pace, target_until(c->target));
}

/* ---- checking --------------------------------------------------------- */

static void
tell_check(const struct target_found *found, bool ok, const struct err *e,
    struct str *out)
{
	char at[25];
	struct json j;

	clock_format(clock_now(), at);
	json_start(&j, out);
	json_open(&j, '{');
	json_kstr(&j, "at", at);
	json_key(&j, "good");
	json_bool(&j, ok && found->n_faults == 0);
	json_kstr(&j, "why", ok ? "" : e->why);
	json_kstr(&j, "product", found->product);
	json_kstr(&j, "company", found->company);
	json_kstr(&j, "currency", found->currency);
	json_key(&j, "faults");
	json_open(&j, '[');
	for (size_t i = 0; i < found->n_faults; i++) {
		const struct target_fault *fault = &found->faults[i];

		json_open(&j, '{');
		json_kstr(&j, "refusal", refusal_name(fault->refusal));
		json_kstr(&j, "field", fault->field);
		json_kstr(&j, "value", fault->value);
		json_kstr(&j, "words", fault->words);
		json_close(&j, '}');
	}
	json_close(&j, ']');
	json_close(&j, '}');
}

/* A slip in `entities`, or one that is still to come: nothing goes of it. */
static bool
add_strange(struct committer *c, struct arena *arena,
    struct target_found *found, struct err *e)
{
	struct target_fault *faults;
	const char **codes;
	size_t n;

	if (!target_strange(c->db, c->row.entities, arena, &codes, &n, e))
		return false;
	faults = arena_alloc(arena, (found->n_faults + n + 1) *
	    sizeof *faults);
	for (size_t i = 0; i < found->n_faults; i++)
		faults[i] = found->faults[i];
	for (size_t i = 0; i < n; i++)
		faults[found->n_faults++] = (struct target_fault){
		    REFUSAL_MAPPING, "entities", codes[i],
		    "no entity of these books has that code" };
	found->faults = faults;
	return true;
}

static void
look_at_it(struct committer *c)
{
	struct arena *arena = arena_new();
	struct target_found found = { .product = "", .company = "",
	    .currency = "" };
	struct err e = { 0 };
	struct str text;
	bool ok = c->adapter->check(c->target, arena, &found, &e) &&
	    add_strange(c, arena, &found, &e);

	pace_wait(c->pace, target_until(c->target));
	c->row.tried = clock_now();
	if (ok) {
		c->row.good = c->row.tried;
		set_text(&c->product, &c->row.product, found.product);
		set_text(&c->company, &c->row.company, found.company);
	} else {
		found.n_faults = 0;
		committer_why(c, e.why);
	}
	log_line(ok ? LOG_INFO : LOG_WARN, "target.checked", "target=%s "
	    "faults=%zu why=\"%s\"", c->row.name, found.n_faults, e.why);
	str_init(&text, CHECK_MAX);
	tell_check(&found, ok, &e, &text);
	pthread_mutex_lock(&c->lock);
	str_free(&c->check);
	c->check = text;
	pthread_mutex_unlock(&c->lock);
	arena_free(&arena);
}

void
committer_check(struct committer *c, bool now)
{
	atomic_store(now ? &c->check_now : &c->check_asked,
	    c->adapter->check != NULL);
	committer_wake(c);
}

/* ---- one turn --------------------------------------------------------- */

static bool
keep(struct committer *c)
{
	struct err e = { 0 };

	if (group_keep(c, &e))
		return true;
	log_line(LOG_ERROR, "target.not_kept", "target=%s why=\"%s\"",
	    c->row.name, e.why);
	return false;
}

/* What is on its way at once: about a second of it, so that what a stop
 * leaves to be asked for is little, and a pause soon takes hold; and no more
 * rows of one write than hold up nobody who sends to us. */
static size_t
group_most(const struct committer *c)
{
	int64_t calls = MICROS / (c->took > 0 ? c->took : TOOK_FIRST);
	int64_t most = (int64_t)call_most(c);

	if (!c->mute && map_count(c->reached) > 0 && calls > 1)
		most = most * calls < AT_ONCE ? most * calls :
		    most > AT_ONCE ? most : AT_ONCE;
	if (c->conf->rate > 0 && most > c->conf->rate)
		most = c->conf->rate;
	return most > GROUP_MAX ? GROUP_MAX : (size_t)most;
}

static bool
has_stage(const struct group *group, enum stage stage)
{
	for (size_t i = 0; i < group->n; i++)
		if (group->slots[i].stage == stage)
			return true;
	return false;
}

/* Nothing to do: what was said is kept soon, and what failed is due later. */
static int64_t
idle(struct committer *c)
{
	struct err e = { 0 };
	int64_t at, now = clock_now(), wait = -1;

	if (c->now->seen > c->row.taken) {
		c->row.taken = c->now->seen;
		return 0;	/* behind what is not for it there may be more */
	}
	if (!outbox_soonest(c->db, c->row.name, &at, &e)) {
		log_line(LOG_ERROR, "target.not_read", "target=%s why=\"%s\"",
		    c->row.name, e.why);
		return MICROS;
	}
	c->row.next_at = at;
	if (at > 0)
		wait = at <= now ? MICROS / 100 : at - now < CLOCK_LOOK ?
		    at - now : CLOCK_LOOK;
	if (c->said_at == 0)
		return wait;
	now = clock_mono();
	if (now - c->said_at >= KEEP_SOON)
		return keep(c) ? 0 : MICROS;
	at = c->said_at + KEEP_SOON - now;
	return wait < 0 || at < wait ? at : wait;
}

/* Nothing may go before then. */
static int64_t
held(struct committer *c, int64_t wait)
{
	group_clear(c->now);
	committer_note(c);
	if ((c->said_at != 0 || c->row.breaker != c->shown) && !keep(c))
		return MICROS;
	c->shown = c->row.breaker;
	return wait;
}

static void
swap(struct committer *c)
{
	struct group *group = c->before;

	c->before = c->now;
	c->now = group;
	group_clear(group);
}

static void
say_away(const struct committer *c, char out[AWAY_MAX])
{
	char hours[HOURS_SIZE];

	hours_text(&c->conf->away, hours);
	snprintf(out, AWAY_MAX, "not spoken to at %s, as set", hours);
}

/* In hours that are its own: nothing is sent, asked or looked at, whoever
 * wishes it. The wall clock may be set meanwhile. */
static int64_t
away(struct committer *c, int64_t left)
{
	int64_t wait = left < CLOCK_LOOK ? left : CLOCK_LOOK;
	char why[AWAY_MAX];

	group_clear(c->now);
	say_away(c, why);
	committer_note(c);
	if (!c->away || c->said_at != 0) {
		committer_why(c, why);
		c->away = keep(c);
	}
	return wait;
}

/* The group is formed: what may be there is asked for, what goes is kept
 * before it goes. */
static int64_t
deliver(struct committer *c, bool trial)
{
	bool word = group_ask(c, c->now);

	c->row.next_at = 0;
	if (has_stage(c->now, STAGE_SAID) && c->said_at == 0)
		c->said_at = clock_mono();
	if (!keep(c)) {
		if (trial)
			pace_untried(c->pace, clock_mono() + MICROS);
		group_clear(c->now);
		return MICROS;
	}
	if (trial && word && !has_stage(c->now, STAGE_WRITTEN))
		pace_untried(c->pace, clock_mono());
	if (word)
		group_send(c, c->now);
	swap(c);
	return 0;
}

/* Also what is not for it passes only once it is known what it has. */
static bool
is_unknown(const struct committer *c)
{
	return !c->mute && !c->reached_all && c->now->seen > c->row.taken;
}

/* How long until the next; < 0: until something comes. */
static int64_t
turn(struct committer *c)
{
	int64_t wait, now = clock_mono();
	struct pace_state state;
	struct err e = { 0 };
	bool trial;

	if (!refresh(c))
		return MICROS;
	if (atomic_exchange(&c->check_now, false)) {
		look_at_it(c);
		c->said_at = now;
	}
	wait = away_left(c);
	if (wait > 0 && c->running)
		return away(c, wait);
	if (c->away) {
		c->away = false;
		c->row.next_at = 0;
		committer_why(c, "");
		(void)keep(c);
	}
	if (wait > 0)			/* paused, too, in those hours */
		return held(c, wait < CLOCK_LOOK ? wait : CLOCK_LOOK);
	if (atomic_exchange(&c->check_asked, false)) {
		look_at_it(c);
		c->said_at = now;
	}
	pace_state(c->pace, now, &state);
	if (!c->running)
		return held(c, -1);
	if (state.until > now)
		return held(c, state.until - now);
	if (!group_form(c, c->now, group_most(c), state.breaker !=
	    BREAKER_CLOSED, &e)) {
		log_line(LOG_ERROR, "target.not_read", "target=%s why=\"%s\"",
		    c->row.name, e.why);
		return held(c, MICROS);
	}
	if (c->now->n == 0 && !is_unknown(c))
		return idle(c);
	wait = pace_admits(c->pace, now, &trial);
	return wait > 0 ? held(c, wait) : deliver(c, trial);
}

/* ---- the thread ------------------------------------------------------- */

static bool
take_left(struct committer *c, size_t *n, struct err *e)
{
	struct commit_row *rows;

	group_clear(c->now);
	if (!outbox_left(c->db, c->row.name, GROUP_MAX, c->now->arena, &rows,
	    n, e))
		return false;
	for (size_t i = 0; i < *n; i++) {
		struct slot *slot = &c->now->slots[c->now->n++];

		*slot = (struct slot){ .row = rows[i], .stage = STAGE_SAID,
		    .was = rows[i] };
		slot->row.state = COMMIT_RETRYING;
		slot->row.asked = true;
		slot->row.reason = "";	/* it was for the try that is lost */
		slot->row.next_at = slot->row.at = clock_now();
	}
	return *n == 0 || group_keep(c, e);
}

/* What a stop left on its way may be there or not. */
static void
recover(struct committer *c)
{
	struct err e = { 0 };
	size_t n = 1;

	while (n > 0 && !committer_stopped(c)) {
		if (take_left(c, &n, &e))
			continue;
		log_line(LOG_ERROR, "target.not_recovered", "target=%s "
		    "why=\"%s\"", c->row.name, e.why);
		(void)sleep_for(c, MICROS);
	}
	group_clear(c->now);
}

static void *
live(void *arg)
{
	struct committer *c = arg;

	/* Of this thread alone, as Linux has it: who sends to us goes first.
	 * Refused, it goes all the same. */
	(void)setpriority(PRIO_PROCESS, 0, NICE);
	recover(c);
	while (!committer_stopped(c)) {
		int64_t wait = turn(c);

		if (wait != 0)
			rest(c, wait);
		gather(c);
	}
	if (c->said_at != 0)
		(void)keep(c);
	return NULL;
}

/* ---- starting and stopping -------------------------------------------- */

static void
free_committer(struct committer *c)
{
	target_close(&c->target);
	db_close(&c->db);
	group_free(&c->now);
	group_free(&c->before);
	map_free(&c->reached, free);
	map_free(&c->strangers, NULL);
	arena_free(&c->older);
	pace_drop(&c->pace);
	str_free(&c->entities);
	str_free(&c->why);
	str_free(&c->product);
	str_free(&c->company);
	str_free(&c->check);
	pthread_cond_destroy(&c->wake);
	pthread_mutex_destroy(&c->lock);
	targetconf_free(&c->conf);
	free(c);
}

static void
take_row(struct committer *c, const struct target_row *row)
{
	int64_t now = clock_now(), left = row->next_at - now;
	const int64_t most = c->conf->pause * MICROS;
	char why[AWAY_MAX];

	c->began = now;
	c->last = row->taken;
	c->row = *row;
	c->row.name = c->conf->name;
	c->row.kind = c->conf->kind;
	c->row.first = c->conf->first;
	c->row.config = c->conf->digest;
	c->row.books = c->conf->books;
	c->row.actor = "";
	c->row.state = "running";
	str_init(&c->entities, 65536);
	str_init(&c->why, WHY_MAX);
	str_init(&c->product, WHY_MAX);
	str_init(&c->company, WHY_MAX);
	set_text(&c->entities, &c->row.entities, row->entities);
	/* Of one that is not running it is not of its own doing. */
	set_text(&c->why, &c->row.why, strcmp(row->state, "running") == 0 ?
	    row->why : "");
	set_text(&c->product, &c->row.product, row->product);
	set_text(&c->company, &c->row.company, row->company);
	if (strcmp(row->breaker, breaker_name(BREAKER_CLOSED)) != 0)
		pace_open(c->pace, clock_mono() + (left < 0 ? 0 :
		    left < most ? left : most));
	left = row->until - now;
	if (left > 0)			/* or the clock was set back */
		pace_wait(c->pace, clock_mono() + (left < RETRY_AFTER_MAX ?
		    left : RETRY_AFTER_MAX));
	c->row.breaker = c->shown = "";
	say_away(c, why);		/* a stop in those hours left it */
	c->away = strcmp(row->why, why) == 0;
}

static void
init_waking(struct committer *c)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&c->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&c->wake, &attr);
	pthread_condattr_destroy(&attr);
}

bool
committer_start(struct committer **out, struct pump *pump,
    const char *store, struct targetconf *conf, struct pace *pace,
    const struct target_row *row, struct err *e)
{
	struct committer *c = calloc(1, sizeof *c);

	if (c == NULL)
		bug("out of memory");
	c->pump = pump;
	c->conf = conf;
	c->pace = pace_hold(pace);
	c->adapter = adapter_find(conf->kind);
	c->mute = c->adapter->find == NULL;
	c->reached = map_new();
	c->strangers = map_new();
	c->older = arena_new();
	c->now = group_new();
	c->before = group_new();
	str_init(&c->check, CHECK_MAX);
	init_waking(c);
	take_row(c, row);
	atomic_store(&c->check_asked, c->adapter->check != NULL);
	if (!db_open(&c->db, store, DB_READ, e) ||
	    !target_open(&c->target, conf, e)) {
		free_committer(c);
		return false;
	}
	if (pthread_create(&c->thread, NULL, live, c) != 0) {
		free_committer(c);
		return err_set(e, ERR_SYSTEM, "cannot start a thread");
	}
	*out = c;
	return true;
}

void
committer_stop(struct committer **cp)
{
	struct committer *c = *cp;

	if (c == NULL)
		return;
	*cp = NULL;
	pthread_mutex_lock(&c->lock);
	c->stop = true;
	pthread_cond_signal(&c->wake);
	pthread_mutex_unlock(&c->lock);
	target_stop(c->target);
	pthread_join(c->thread, NULL);
	free_committer(c);
}

/* ---- from any thread -------------------------------------------------- */

void
committer_view(struct committer *c, struct json *j)
{
	pthread_mutex_lock(&c->lock);
	if (c->check.n > 0)
		json_raw(j, str_span(&c->check));
	else
		json_null(j);
	pthread_mutex_unlock(&c->lock);
}

void
committer_figures(struct committer *c, struct committer_figures *out)
{
	pthread_mutex_lock(&c->lock);
	*out = c->figures;
	pthread_mutex_unlock(&c->lock);
}
