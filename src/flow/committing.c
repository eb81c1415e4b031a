/*
 * The job that looks after the targets: each second it reads the folder of
 * their settings, starts those that are new, stops those that are gone, and
 * does both for those that changed.  It wakes those that rest when something
 * was posted.
 */
#include "flow/committing.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/conf.h"
#include "core/log.h"
#include "flow/aside.h"
#include "flow/job.h"
#include "flow/looker.h"

#define TARGETS_MAX 32
#define LOOK 1000		/* milliseconds between looks at the folder */
#define SECOND INT64_C(1000000)
#define BAHID "bahid"		/* nobody who is a person */

struct one {
	struct one *next;
	char *name;
	char digest[SHA256_HEX];
	struct committer *committer;	/* NULL: its settings are of no use */
	struct looker *looker;		/* beside it */
	struct pace *pace;
	const struct targetconf *conf;	/* the committer's */
	bool there;			/* its file, at this look */
	bool second;			/* another is there already, and it
					 * would double all of that */
};

struct committing {
	pthread_mutex_t lock;		/* the list and who is in it */
	struct one *first;

	struct aside aside;		/* of the job, and all below */
	struct job_env env;
	const char *folder, *store;
	struct db *db;
	bool looked, full;
};

struct committing *
committing_new(void)
{
	struct committing *all = calloc(1, sizeof *all);

	if (all == NULL)
		bug("out of memory");
	pthread_mutex_init(&all->lock, NULL);
	return all;
}

void
committing_free(struct committing **ap)
{
	if (*ap == NULL)
		return;
	pthread_mutex_destroy(&(*ap)->lock);
	free(*ap);
	*ap = NULL;
}

/* ---- the row of one --------------------------------------------------- */

static const char *
entities_of(const struct targetconf *conf, struct arena *arena)
{
	const char *text;
	struct str out;
	struct json j;

	str_init(&out, 65536);
	json_start(&j, &out);
	json_open(&j, '[');
	for (size_t i = 0; i < conf->n_entities; i++)
		json_str(&j, conf->entities[i]);
	json_close(&j, ']');
	text = arena_strdup(arena, out.p);
	str_free(&out);
	return text;
}

/* One that takes more than before looks at all journals again; those that have
 * a row are passed over. */
static void
take_settings(struct target_row *row, const struct targetconf *conf,
    struct arena *arena)
{
	const char *entities = entities_of(conf, arena);

	if (strcmp(row->entities, entities) != 0 ||
	    strcmp(row->first, conf->first) != 0)
		row->taken = 0;
	row->kind = conf->kind;
	row->entities = entities;
	row->first = conf->first;
	row->rate = conf->rate;
}

struct placing_of {
	const char *name, *digest;
	const struct targetconf *conf;	/* NULL: why says why */
	const char *why;
	struct arena *arena;
	struct target_row row;		/* out */
};

/* What it has is in other books than those that are named now? */
static bool
is_moved(struct books *books, struct placing_of *p, bool *moved,
    struct err *e)
{
	struct target_sums sums;

	*moved = *p->row.books != '\0' &&
	    strcmp(p->row.books, p->conf->books) != 0;
	if (!*moved)
		return true;
	if (!target_sums(books->db, &p->row, &sums, e))
		return false;
	*moved = sums.states[COMMIT_DONE] > 0;
	return true;
}

/* What went into the others would be missing in these, and nobody would see
 * it; the same books may have got another name, which only a person knows. */
static bool
pause_moved(struct books *books, struct placing_of *p, struct err *e)
{
	struct target_row *row = &p->row;

	row->why = arena_printf(p->arena, "it was %s and is %s now, to which "
	    "nothing of what is there goes: resume it if these are the same "
	    "books, else give it another name", row->books, p->conf->books);
	if (*row->actor != '\0')
		return true;
	row->actor = BAHID;
	return audit_add(books, BAHID, "target.paused", row->name,
	    row->state, row->why, e);
}

/* On the writer: what a person said of it stays, and so does what it took. */
static bool
place(struct books *books, void *arg, struct err *e)
{
	struct placing_of *p = arg;
	bool changed, found, moved = false;

	if (!target_load(books->db, p->name, p->arena, &p->row, &found, e))
		return false;
	changed = strcmp(p->row.config, p->digest) != 0;
	p->row.config = p->digest;
	if (p->conf == NULL) {
		p->row.state = "stopped";
		p->row.why = p->why;
		p->row.at = clock_now();
		return target_put(books, &p->row, true, e);
	}
	if (changed && !is_moved(books, p, &moved, e))
		return false;
	take_settings(&p->row, p->conf, p->arena);
	if (changed && !moved) {
		p->row.books = p->conf->books;
		if (strcmp(p->row.actor, BAHID) == 0)
			p->row.actor = "";
	}
	if (moved && !pause_moved(books, p, e))
		return false;
	if (changed) {
		p->row.breaker = "closed";
		p->row.next_at = p->row.until = 0;
		if (!moved)
			p->row.why = p->row.reason;
		if (strcmp(p->row.state, "running") != 0)
			p->row.at = clock_now();
		p->row.state = *p->row.actor != '\0' ? "paused" : "running";
	}
	return target_put(books, &p->row, true, e);
}

static bool
take_away(struct books *books, void *arg, struct err *e)
{
	struct target_row row;
	bool found;

	if (!target_load(books->db, arg, books->arena, &row, &found, e))
		return false;
	if (!found || strcmp(row.state, "removed") == 0)
		return true;
	row.state = "removed";
	row.config = row.why = "";
	row.breaker = "closed";
	row.next_at = row.until = 0;
	row.at = clock_now();
	return target_put(books, &row, true, e);
}

/* ---- one -------------------------------------------------------------- */

static struct pace *
pace_of(const struct targetconf *conf)
{
	const struct pace_limits limits = { conf->rate, conf->burst,
	    conf->failures, conf->pause, conf->away };

	return pace_new(&limits);
}

static void
refuse(struct committing *all, struct placing_of *p, const struct err *why)
{
	struct err e = { 0 };

	log_line(LOG_ERROR, "target.refused", "target=%s why=\"%s\"",
	    p->name, why->why);
	p->conf = NULL;
	p->why = why->why;
	if (!aside_write(all->env.pump, place, p, &e))
		log_line(LOG_ERROR, "target.not_kept", "target=%s "
		    "why=\"%s\"", p->name, e.why);
}

/* Settings of its own. Without it nothing is compared, and all goes. */
static void
start_looker(struct committing *all, struct one *one, struct pace *pace)
{
	char digest[SHA256_HEX];
	struct err e = { 0 };
	struct targetconf *conf = targetconf_read(all->folder, one->name,
	    digest, &e);

	if (conf == NULL || !looker_start(&one->looker, all->env.lookers,
	    all->env.pump, all->store, conf, pace, &e))
		log_line(LOG_ERROR, "target.no_looks", "target=%s "
		    "why=\"%s\"", one->name, e.why);
}

/* What another of the same books sent last may be on its way still, and is
 * there a moment after it was asked for: its file was renamed, or is of no use
 * now. */
static void
await_others(struct committing *all, struct pace *pace,
    const struct targetconf *conf, const struct target_row *row)
{
	const int64_t most = conf->timeout * SECOND;
	int64_t at, left = most;
	struct err e = { 0 };

	if (outbox_unheard(all->db, row, &at, &e))
		left = at + most - clock_now();
	if (left > 0)
		pace_wait(pace, clock_mono() + (left < most ? left : most));
}

static bool
run(struct committing *all, struct one *one, struct targetconf *conf,
    const struct target_row *row, struct err *e)
{
	struct pace *pace = pace_of(conf);
	struct committer *committer;

	if (row->taken > 0 || row->tried > 0)
		pace_spent(pace, clock_mono());
	await_others(all, pace, conf, row);
	if (!committer_start(&committer, all->env.pump, all->store, conf,
	    pace, row, e)) {
		pace_drop(&pace);
		return false;
	}
	start_looker(all, one, pace);
	pthread_mutex_lock(&all->lock);
	one->committer = committer;
	one->pace = pace;
	one->conf = conf;
	pthread_mutex_unlock(&all->lock);
	log_line(LOG_INFO, "target.started", "target=%s state=%s", one->name,
	    row->state);
	return true;
}

/* conf NULL: why says what is wrong with its file. False: not now. */
static bool
start(struct committing *all, struct one *one, struct targetconf *conf,
    const struct err *why)
{
	struct arena *arena = arena_new();
	struct placing_of p = { .name = one->name, .conf = conf,
	    .digest = one->second ? "" : one->digest, .arena = arena };
	struct err e = { 0 };
	bool ok = true;

	if (conf == NULL) {
		refuse(all, &p, why);
	} else if (!aside_write(all->env.pump, place, &p, &e)) {
		log_line(LOG_ERROR, "target.not_kept", "target=%s "
		    "why=\"%s\"", one->name, e.why);
		targetconf_free(&conf);
		ok = false;
	} else if (!run(all, one, conf, &p.row, &e)) {
		refuse(all, &p, &e);
	}
	arena_free(&arena);
	return ok;
}

static void
stop(struct committing *all, struct one *one)
{
	struct committer *committer;
	struct pace *pace;

	looker_stop(&one->looker);
	pthread_mutex_lock(&all->lock);
	committer = one->committer;
	pace = one->pace;
	one->committer = NULL;
	one->pace = NULL;
	one->conf = NULL;
	pthread_mutex_unlock(&all->lock);
	committer_stop(&committer);
	pace_drop(&pace);
}

static struct one *
find(struct committing *all, const char *name)
{
	struct one *one = all->first;

	while (one != NULL && strcmp(one->name, name) != 0)
		one = one->next;
	return one;
}

static struct one *
add(struct committing *all, const char *name)
{
	struct one *one = calloc(1, sizeof *one);

	if (one == NULL || (one->name = strdup(name)) == NULL)
		bug("out of memory");
	pthread_mutex_lock(&all->lock);
	one->next = all->first;
	all->first = one;
	pthread_mutex_unlock(&all->lock);
	return one;
}

/* ---- two of the same -------------------------------------------------- */

static bool
same_text(const struct targetconf *a, const struct targetconf *b,
    const char *option)
{
	return strcmp(options_text(a->options, option),
	    options_text(b->options, option)) == 0;
}

/* As far as their settings say. */
static bool
same_books(const struct targetconf *a, const struct targetconf *b)
{
	static const char *const places[] = { "kind", "url", "database",
	    "company", "folder", "rule" };
	bool shared = a->n_entities == 0 || b->n_entities == 0;

	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (!same_text(a, b, places[i]))
			return false;
	for (size_t i = 0; i < a->n_entities && !shared; i++)
		shared = targetconf_takes(b, a->entities[i]);
	return shared;
}

/* Each asks what is there, but not before each journal: two at work at once
 * would both find nothing, and both send it. */
static const struct one *
first_there(const struct committing *all, const struct one *one,
    const struct targetconf *conf)
{
	const struct one *other = all->first;

	while (other != NULL && (other == one || other->conf == NULL ||
	    !same_books(other->conf, conf)))
		other = other->next;
	return other;
}

/* ---- one file --------------------------------------------------------- */

static void
look_at(struct committing *all, struct one *one)
{
	char digest[SHA256_HEX];
	const struct one *other;
	struct err e = { 0 };
	struct targetconf *conf = targetconf_read(all->folder, one->name,
	    digest, &e);

	other = conf != NULL ? first_there(all, one, conf) : NULL;
	if (strcmp(one->digest, digest) == 0 &&
	    one->second == (other != NULL)) {
		targetconf_free(&conf);
		return;
	}
	stop(all, one);
	memcpy(one->digest, digest, sizeof digest);
	one->second = other != NULL;
	if (other != NULL) {
		targetconf_free(&conf);
		err_set(&e, ERR_CONFIG, "the same books there as %.60s, of "
		    "the same entity: all would be there twice",
		    other->name);
	}
	if (!start(all, one, conf, &e))
		one->digest[0] = '\0';		/* at the next look */
}

/* ---- those that are gone ---------------------------------------------- */

static void
remove_row(struct committing *all, char *name)
{
	struct err e = { 0 };

	if (aside_write(all->env.pump, take_away, name, &e))
		log_line(LOG_INFO, "target.removed", "target=%s", name);
	else
		log_line(LOG_ERROR, "target.not_kept", "target=%s "
		    "why=\"%s\"", name, e.why);
}

static void
free_one(struct one *one)
{
	free(one->name);
	free(one);
}

static void
drop_gone(struct committing *all)
{
	struct one **at = &all->first;

	while (*at != NULL) {
		struct one *one = *at;

		if (one->there) {
			at = &one->next;
			continue;
		}
		stop(all, one);
		remove_row(all, one->name);
		pthread_mutex_lock(&all->lock);
		*at = one->next;
		pthread_mutex_unlock(&all->lock);
		free_one(one);
	}
}

/* Kept from before, when nobody was there to see the file go. What was at
 * work then comes first in the list. */
static bool
find_kept(struct committing *all)
{
	struct arena *arena = arena_new();
	struct target_row *rows;
	struct err e = { 0 };
	size_t n;
	bool ok = target_all(all->db, arena, &rows, &n, &e);

	for (int first = 0; ok && first < 2; first++)
		for (size_t i = 0; i < n; i++)
			if ((strcmp(rows[i].state, "stopped") != 0) == first &&
			    find(all, rows[i].name) == NULL)
				add(all, rows[i].name);
	arena_free(&arena);
	return ok;
}

/* ---- the look --------------------------------------------------------- */

static void
find_there(struct committing *all, DIR *dir)
{
	struct dirent *entry;
	char name[CONF_NAME_SIZE];
	struct one *one;
	size_t n = 0;

	while ((entry = readdir(dir)) != NULL) {
		if (!conf_name_of(entry->d_name, name) ||
		    n++ >= TARGETS_MAX)
			continue;
		one = find(all, name);
		if (one == NULL)
			one = add(all, name);
		one->there = true;
	}
	if (n > TARGETS_MAX && !all->full)
		log_line(LOG_ERROR, "targets.too_many", "most=%d",
		    TARGETS_MAX);
	all->full = n > TARGETS_MAX;
}

/* Those that are gone first: one may have got another name. */
static void
look(struct committing *all)
{
	DIR *dir = opendir(all->folder);

	if (dir == NULL && errno != ENOENT)
		return;		/* what is there cannot be seen just now */
	if (!all->looked)
		all->looked = find_kept(all);
	for (struct one *one = all->first; one != NULL; one = one->next)
		one->there = false;
	if (dir != NULL) {
		find_there(all, dir);
		closedir(dir);
	}
	drop_gone(all);
	for (struct one *one = all->first; one != NULL; one = one->next)
		look_at(all, one);
}

static void *
tick(void *arg)
{
	struct committing *all = arg;

	do
		look(all);
	while (aside_rest(&all->aside, LOOK));
	return NULL;
}

/* On the writer's thread, after each commit. */
static void
wake_all(void *arg)
{
	struct committing *all = arg;

	pthread_mutex_lock(&all->lock);
	for (struct one *one = all->first; one != NULL; one = one->next)
		if (one->committer != NULL)
			committer_wake(one->committer);
	pthread_mutex_unlock(&all->lock);
}

/* ---- the job ---------------------------------------------------------- */

static bool
open_committing(void **state, const struct job_env *env, struct err *e)
{
	struct committing *all = env->committing;

	all->env = *env;
	all->folder = options_text(env->options, "targets");
	all->store = options_text(env->options, "store");
	if (!db_open(&all->db, all->store, DB_READ, e))
		return false;
	if (!aside_start(&all->aside, tick, all, e)) {
		db_close(&all->db);
		return false;
	}
	pump_listen(env->pump, wake_all, all);
	*state = all;
	return true;
}

static void
stop_committing(void *state)
{
	struct committing *all = state;

	pump_listen(all->env.pump, NULL, NULL);
	aside_stop(&all->aside);
	for (struct one *one = all->first; one != NULL; one = one->next)
		stop(all, one);
}

static void
close_committing(void **state)
{
	struct committing *all = *state;
	struct one *one;

	*state = NULL;
	while ((one = all->first) != NULL) {
		all->first = one->next;
		free_one(one);
	}
	aside_end(&all->aside);
	db_close(&all->db);
}

const struct job job_committing = { "committing", open_committing,
	stop_committing, close_committing };

/* ---- from any thread -------------------------------------------------- */

bool
committing_check(struct committing *all, const char *name, bool now,
    struct err *e)
{
	struct one *one;
	bool ok;

	pthread_mutex_lock(&all->lock);
	one = find(all, name);
	ok = (one != NULL && one->committer != NULL) || err_set(e,
	    ERR_NOT_FOUND, "no target %.60s is running", name);
	ok = ok && (now || targetconf_spoken_to(one->conf, e));
	if (ok)
		committer_check(one->committer, now);
	pthread_mutex_unlock(&all->lock);
	return ok;
}

/* Requests come before the job is open: then nobody is in the list yet. */
void
committing_hurry(struct committing *all, const char *name)
{
	struct one *one;
	bool runs;

	pthread_mutex_lock(&all->lock);
	one = find(all, name);
	runs = one != NULL && one->committer != NULL;
	if (runs) {
		pace_hurry(one->pace, clock_mono());
		committer_wake(one->committer);
	}
	pthread_mutex_unlock(&all->lock);
	if (runs)
		lookers_wake(all->env.lookers, name);
}

void
committing_view(struct committing *all, const char *name, struct json *j)
{
	struct one *one;

	pthread_mutex_lock(&all->lock);
	one = find(all, name);
	if (one != NULL && one->committer != NULL)
		committer_view(one->committer, j);
	else
		json_null(j);
	pthread_mutex_unlock(&all->lock);
}

bool
committing_figures(struct committing *all, const char *name,
    struct committer_figures *out)
{
	struct one *one;
	bool runs;

	pthread_mutex_lock(&all->lock);
	one = find(all, name);
	runs = one != NULL && one->committer != NULL;
	if (runs)
		committer_figures(one->committer, out);
	pthread_mutex_unlock(&all->lock);
	return runs;
}

struct pace *
committing_pace(struct committing *all, const char *name)
{
	struct pace *pace = NULL;
	struct one *one;

	pthread_mutex_lock(&all->lock);
	one = find(all, name);
	if (one != NULL && one->pace != NULL)
		pace = pace_hold(one->pace);
	pthread_mutex_unlock(&all->lock);
	return pace;
}
