/*
 * One queue, one thread. A job owns an arena with all it needs; what a job
 * learns goes into the cache and the loop is told to look again.
 */
#include "ui/jobs_inside.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/clock.h"
#include "core/i18n.h"
#include "ui/lists.h"
#include "ui/paged.h"
#include "ui/sheet.h"
#include "ui/text.h"

struct job *
job_new(enum job_kind kind)
{
	struct job *job = calloc(1, sizeof *job);

	if (job == NULL)
		bug("out of memory");
	job->arena = arena_new();
	job->kind = kind;
	return job;
}

void
job_free(struct job **jp)
{
	arena_free(&(*jp)->arena);
	free(*jp);
	*jp = NULL;
}

void
job_add(struct jobs *jobs, struct job *job)
{
	pthread_mutex_lock(&jobs->lock);
	*jobs->last = job;
	jobs->last = &job->next;
	pthread_cond_signal(&jobs->bell);
	pthread_mutex_unlock(&jobs->lock);
}

/* Decisions first: what is only looked at can wait. NULL: one of them is to
 * be sent, or all is over. */
static struct job *
take(struct jobs *jobs)
{
	struct job *job = NULL;
	struct timespec due;

	pthread_mutex_lock(&jobs->lock);
	while (jobs->first == NULL && !jobs->rung &&
	    !atomic_load(&jobs->stop)) {
		if (jobs->due == 0) {
			pthread_cond_wait(&jobs->bell, &jobs->lock);
			continue;
		}
		due = (struct timespec){ jobs->due / 1000000,
		    jobs->due % 1000000 * 1000 };
		if (pthread_cond_timedwait(&jobs->bell, &jobs->lock, &due) ==
		    ETIMEDOUT)
			jobs->rung = true;
	}
	if (!jobs->rung && !atomic_load(&jobs->stop)) {
		job = jobs->first;
		jobs->first = job->next;
		if (jobs->first == NULL)
			jobs->last = &jobs->first;
	}
	jobs->rung = false;
	pthread_mutex_unlock(&jobs->lock);
	return job;
}

/* ---- doing ------------------------------------------------------------- */

static const char *
address(struct job *job, const char *before, const char *behind)
{
	struct str path;
	const char *out;

	str_init(&path, 8192);
	str_adds(&path, before);
	http_encode(&path, span_of(job->key));
	str_adds(&path, behind);
	out = arena_strdup(job->arena, path.p);
	str_free(&path);
	return out;
}

/* The key is TABLE/CODE; only the code may have a slash in it. */
static const char *
record_path(struct job *job)
{
	size_t n = strcspn(job->key, "/");

	return wire_path(job->arena, arena_printf(job->arena,
	    "/v1/reference/%.*s/", (int)n, job->key),
	    job->key + n + (job->key[n] != '\0'), "");
}

/* The key is ENTITY/PERIOD, or empty for what the daemon chooses. */
static const char *
board_path(struct job *job)
{
	const char *slash = strrchr(job->key, '/');

	return slash == NULL ? wire_close_path(job->arena, "", "") :
	    wire_close_path(job->arena, arena_strndup(job->arena, job->key,
	    (size_t)(slash - job->key)), slash + 1);
}

static bool
keep(struct jobs *jobs, struct job *job, struct span body, struct err *e)
{
	struct wire_journal journal;

	switch (job->kind) {
	case JOB_EVENT:
		return cache_keep(jobs->cache, "event", job->key, body, e) &&
		    cache_keep(jobs->cache, "moved", job->key,
		    (struct span){ 0 }, e);
	case JOB_JOURNAL:
		return !shape_journal(body, job->arena, &journal) ||
		    cache_keep_journal(jobs->cache, &journal, body, e);
	case JOB_RECORD:
		return cache_keep(jobs->cache, "record", job->key, body, e);
	case JOB_APPROVAL:
		return cache_keep(jobs->cache, "approval", job->key, body, e);
	case JOB_CONFLICT:
		return cache_keep(jobs->cache, "conflict", job->key, body, e);
	case JOB_PREVIEW:
		return cache_keep(jobs->cache, "preview", job->key, body, e)
		    && cache_keep(jobs->cache, "previewed", job->key,
		    span_of(job->body), e);
	case JOB_BOARD:
		return cache_keep(jobs->cache, "close", job->key, body, e);
	case JOB_SHEET: case JOB_BESIDE:
		return cache_keep(jobs->cache, "sheet", job->key, body, e);
	case JOB_VIEW: case JOB_MORE: case JOB_ACCOUNT: case JOB_PLAN:
	case JOB_RUN: case JOB_UNDO:
	case JOB_RUN_AGAIN: case JOB_RUN_CANCEL:
	case JOB_GST: case JOB_ABOUT: case JOB_EXPORT:
	case JOB_EXPORT_LOOK: case JOB_EXPORT_STOP: case JOB_INWARD:
		break;
	}
	return true;
}

bool
job_fetch(struct jobs *jobs, struct job *job, struct err *e)
{
	struct http_call call = { .method = "GET" };
	const char *path = NULL;
	struct span body;

	switch (job->kind) {
	case JOB_EVENT: path = address(job, "/v1/events/", ""); break;
	case JOB_JOURNAL: path = address(job, "/v1/journals/", ""); break;
	case JOB_RECORD: path = record_path(job); break;
	case JOB_APPROVAL: path = address(job, "/v1/approvals/", ""); break;
	case JOB_CONFLICT: path = address(job, "/v1/conflicts/", ""); break;
	case JOB_PREVIEW:
		path = address(job, "/v1/conflicts/", "/preview");
		break;
	case JOB_BOARD: path = board_path(job); break;
	case JOB_SHEET: case JOB_BESIDE:
		path = sheet_path(job->arena, job->key);
		if (path == NULL)
			bug("no such sheet: %s", job->key);
		break;
	case JOB_VIEW: case JOB_MORE: case JOB_ACCOUNT: case JOB_PLAN:
	case JOB_RUN: case JOB_UNDO:
	case JOB_RUN_AGAIN: case JOB_RUN_CANCEL:
	case JOB_GST: case JOB_ABOUT: case JOB_EXPORT:
	case JOB_EXPORT_LOOK: case JOB_EXPORT_STOP: case JOB_INWARD:
		break;
	}
	call.path = path;
	if (job->body != NULL) {
		call.method = "POST";
		call.body = span_of(job->body);
	}
	if (!wire_ask(jobs->wire, &call, job->arena, &body, e) ||
	    !cache_begin(jobs->cache, e))
		return false;
	if (keep(jobs, job, body, e) && cache_commit(jobs->cache, e)) {
		shared_changed(jobs->shared);
		return true;
	}
	cache_rollback(jobs->cache);
	return false;
}

/* ---- lists ------------------------------------------------------------- */

const char *
view_page(struct arena *arena, const char *name, int page)
{
	return page == 0 ? name : arena_printf(arena, "%s %d", name, page);
}

static const char *
page_path(struct job *job, const struct list *list, const char *name,
    const char *after)
{
	const char *of = strchr(name, '/');
	const char *hole = strstr(list->path, "{}");
	const char *path = arena_printf(job->arena, "%s%climit=500",
	    list->path, strchr(list->path, '?') ? '&' : '?');

	if (!list->paged && hole != NULL)
		return of == NULL ? list->path : wire_path(job->arena,
		    arena_strndup(job->arena, list->path, (size_t)(hole -
		    list->path)), of + 1, hole + 2);
	if (!list->paged)
		return of == NULL || list->names[0] == NULL ?
		    list->path : wire_path(job->arena,
		    arena_printf(job->arena, "%s?%s=", list->path,
		    list->names[0]), of + 1, "");
	/* TARGET, or TARGET/closed */
	if (of != NULL && hole != NULL && list->names[0] != NULL &&
	    strcmp(list->names[0], "state") == 0 &&
	    strchr(of + 1, '/') != NULL) {
		const char *state = strchr(of + 1, '/') + 1;

		of = arena_strndup(job->arena, of, (size_t)(state - 1 - of));
		path = arena_printf(job->arena, "%s&state=%s", path, state);
	}
	if (of != NULL && hole != NULL)
		path = wire_path(job->arena, arena_strndup(job->arena, path,
		    (size_t)(hole - list->path)), of + 1, path + (hole -
		    list->path) + 2);
	else if (of != NULL)
		path = wire_path(job->arena, arena_printf(job->arena,
		    "%s&%s=", path, list->names[0]), of + 1, "");
	return wire_page(job->arena, path, after);
}

static bool
keep_pages(struct jobs *jobs, struct job *job, const char *name, int from,
    const struct span *pages, int n, const char *next, const char *seq,
    struct err *e)
{
	const char *behind;
	int kept = paged_kept(jobs->cache, job->arena, name, &behind);
	char at[25];

	if (!cache_begin(jobs->cache, e))
		return false;
	for (int i = 0; i < n || from + i < kept; i++)
		if (!cache_keep(jobs->cache, "view", view_page(job->arena,
		    name, from + i), i < n ? pages[i] : span_of(""), e)) {
			cache_rollback(jobs->cache);
			return false;
		}
	clock_format(clock_now(), at);
	if (paged_keep(jobs->cache, job->arena, name, from + n, next, e) &&
	    cache_keep(jobs->cache, "viewed", name, span_of(seq), e) &&
	    cache_keep(jobs->cache, "answered", name, span_of(at), e) &&
	    cache_commit(jobs->cache, e))
		return true;
	cache_rollback(jobs->cache);
	return false;
}

/* Up to VIEW_PAGES of them, from `after` on. */
static bool
get_pages(struct jobs *jobs, struct job *job, const struct list *list,
    const char *name, struct span *pages, int *n, const char **after,
    struct err *e)
{
	struct wire_rows rows = { .next = *after };

	*n = 0;
	do {
		if (!wire_get(jobs->wire, page_path(job, list, name,
		    rows.next), job->arena, &pages[*n], e))
			return false;
		if (!shape_rows(pages[*n], list->items, NULL, 0, job->arena,
		    &rows))
			return err_set(e, ERR_JSON, "the answer to %.100s",
			    list->path);
		++*n;
	} while (rows.next[0] != '\0' && *n < VIEW_PAGES);
	*after = rows.next;
	return true;
}

/* All pages before any is kept: nobody waits for the cache meanwhile. As of
 * the sequence before, so that what comes in between is asked for again. */
bool
job_list(struct jobs *jobs, struct job *job, const char *name,
    struct err *e)
{
	const struct list *list = list_find(arena_strndup(job->arena, name,
	    strcspn(name, "/")));
	const char *seq = arena_printf(job->arena, "%lld",
	    (long long)cache_seq(jobs->cache));
	struct span pages[VIEW_PAGES];
	const char *next = "";
	int n;

	return get_pages(jobs, job, list, name, pages, &n, &next, e) &&
	    keep_pages(jobs, job, name, 0, pages, n, next, seq, e);
}

/* What is behind the pages that are kept. */
static bool
fetch_more(struct jobs *jobs, struct job *job, struct err *e)
{
	const struct list *list = list_find(arena_strndup(job->arena,
	    job->key, strcspn(job->key, "/")));
	struct span pages[VIEW_PAGES];
	const char *next, *seq = "";
	struct span known;
	int from = paged_kept(jobs->cache, job->arena, job->key, &next), n;
	bool ok;

	if (from == 0 || next[0] == '\0')
		return true;
	if (cache_find(jobs->cache, job->arena, "viewed", job->key, &known))
		seq = known.p;
	ok = get_pages(jobs, job, list, job->key, pages, &n, &next, e) &&
	    keep_pages(jobs, job, job->key, from, pages, n, next, seq, e);
	shared_changed(jobs->shared);
	return ok;
}

static bool
keep_entries(struct jobs *jobs, struct job *job, int pages,
    const struct wire_entries *entries, struct err *e)
{
	if (!cache_begin(jobs->cache, e))
		return false;
	if (cache_keep_entries(jobs->cache, job->key, entries, e) &&
	    paged_keep(jobs->cache, job->arena, paged_entries(job->arena,
	    job->key), pages, entries->next, e) &&
	    cache_commit(jobs->cache, e)) {
		shared_changed(jobs->shared);
		return true;
	}
	cache_rollback(jobs->cache);
	return false;
}

/* The newest page; later those behind what is kept. The next key of an account
 * is its journal, which no other one gets in front of. */
static bool
fetch_entries(struct jobs *jobs, struct job *job, struct err *e)
{
	struct wire_entries entries;
	int pages = paged_kept(jobs->cache, job->arena, paged_entries(
	    job->arena, job->key), &entries.next), end = pages + VIEW_PAGES;

	if (pages == 0)
		end = 1;
	else if (entries.next[0] == '\0')
		return true;
	do {
		if (!wire_account_get(jobs->wire, job->key, entries.next,
		    job->arena, &entries, e) || !keep_entries(jobs, job,
		    ++pages, &entries, e))
			return false;
	} while (entries.next[0] != '\0' && pages < end);
	return true;
}

static bool
fetch_lists(struct jobs *jobs, struct job *job, struct err *e)
{
	const char *key = job->key;
	bool ok = true;

	while (ok && *key != '\0') {
		/* What an order is called may have a + in it. */
		size_t n = strchr(key, '/') != NULL ? strlen(key) :
		    strcspn(key, "+");

		ok = job_list(jobs, job, arena_strndup(job->arena, key, n),
		    e);
		key += n + (key[n] == '+');
	}
	shared_changed(jobs->shared);
	return ok;
}

/* ---- many events ------------------------------------------------------- */

static bool
keep_plan(struct jobs *jobs, struct job *job, struct span body,
    struct err *e)
{
	if (!cache_begin(jobs->cache, e))
		return false;
	if ((jobs->plan[0] == '\0' || cache_keep(jobs->cache, "plan",
	    jobs->plan, (struct span){ 0 }, e)) &&
	    cache_keep(jobs->cache, "plan", job->key, body, e) &&
	    cache_commit(jobs->cache, e)) {
		snprintf(jobs->plan, sizeof jobs->plan, "%s", job->key);
		shared_changed(jobs->shared);
		return true;
	}
	cache_rollback(jobs->cache);
	return false;
}

static bool
make_plan(struct jobs *jobs, struct job *job, struct err *e)
{
	struct wire_plan plan;
	struct span body;

	return wire_plan_post(jobs->wire, &job->decide, job->arena, &plan,
	    &body, e) && keep_plan(jobs, job, body, e);
}

static bool
perform(struct jobs *jobs, struct job *job, struct err *e)
{
	switch (job->kind) {
	case JOB_VIEW: return fetch_lists(jobs, job, e);
	case JOB_MORE: return fetch_more(jobs, job, e);
	case JOB_ACCOUNT: return fetch_entries(jobs, job, e);
	case JOB_PLAN: return make_plan(jobs, job, e);
	case JOB_GST: case JOB_ABOUT: case JOB_INWARD:
	case JOB_EXPORT: case JOB_EXPORT_LOOK: case JOB_EXPORT_STOP:
		return job_gst(jobs, job, e);
	case JOB_EVENT: case JOB_JOURNAL: case JOB_RECORD:
	case JOB_CONFLICT: case JOB_PREVIEW: case JOB_BOARD:
	case JOB_APPROVAL: case JOB_SHEET: case JOB_BESIDE:
	case JOB_RUN: case JOB_RUN_AGAIN: case JOB_RUN_CANCEL: case JOB_UNDO:
		break;
	}
	return job_fetch(jobs, job, e);
}

static void *
work(void *ctx)
{
	struct jobs *jobs = ctx;

	while (!atomic_load(&jobs->stop)) {
		struct job *job = take(jobs);
		struct err e = { 0 };
		bool ok;

		if (job == NULL) {
			sending_round(jobs);
			continue;
		}
		ok = perform(jobs, job, &e);

		if (!ok && e.code != ERR_NONE)
			shared_say(jobs->shared, true, arena_printf(
			    job->arena, "%s (%s)", _(err_info(e.code)->what),
			    e.why));
		job_free(&job);
	}
	return NULL;
}

/* ---- the loop's side --------------------------------------------------- */

static void
jobs_free(struct jobs **jp)
{
	struct jobs *jobs = *jp;

	while (jobs->first != NULL) {
		struct job *job = jobs->first;

		jobs->first = job->next;
		job_free(&job);
	}
	wire_close(&jobs->wire);
	wire_close(&jobs->catcher);
	cache_close(&jobs->cache);
	keep_close(&jobs->keep);
	pthread_cond_destroy(&jobs->bell);
	pthread_mutex_destroy(&jobs->lock);
	free(jobs);
	*jp = NULL;
}

static void
prepare_bell(struct jobs *jobs)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&jobs->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&jobs->bell, &attr);
	pthread_condattr_destroy(&attr);
}

/* Without a file for decisions there are none. */
static void
open_keep(struct jobs *jobs, const char *kept)
{
	struct arena *arena = arena_new();
	struct err e = { 0 };
	const char *aside;

	if (queue_why(jobs->queue) == NULL && !keep_open(&jobs->keep, kept,
	    arena, &aside, &e))
		shared_say(jobs->shared, true, e.why);
	arena_free(&arena);
}

bool
jobs_start(struct jobs **out, const struct http_place *place,
    const char *path, const char *kept, struct queue *queue,
    struct shared *shared, struct err *e)
{
	struct jobs *jobs = calloc(1, sizeof *jobs);

	if (jobs == NULL)
		bug("out of memory");
	prepare_bell(jobs);
	jobs->last = &jobs->first;
	jobs->shared = shared;
	jobs->queue = queue;
	open_keep(jobs, kept);
	if (!wire_open(&jobs->wire, place, e) ||
	    !wire_open(&jobs->catcher, place, e) || !cache_open(&jobs->cache,
	    path, place->socket ? place->socket : place->url, e)) {
		jobs_free(&jobs);
		return false;
	}
	if (pthread_create(&jobs->thread, NULL, work, jobs) != 0)
		bug("no thread");
	*out = jobs;
	queue_bell(queue, jobs_ring, jobs);
	return true;
}

void
jobs_ring(void *ctx)
{
	struct jobs *jobs = ctx;

	pthread_mutex_lock(&jobs->lock);
	jobs->rung = true;
	pthread_cond_signal(&jobs->bell);
	pthread_mutex_unlock(&jobs->lock);
}

void
jobs_cut(struct jobs *jobs)
{
	if (atomic_load(&jobs->sending))
		wire_interrupt(jobs->wire);
}

/* A decision under way may be cut off: it is kept, and goes out again by the
 * same key. One call after the other is, until the thread has seen it. */
void
jobs_stop(struct jobs **jp)
{
	struct jobs *jobs = *jp;
	struct timespec until;

	if (jobs == NULL)
		return;
	pthread_mutex_lock(&jobs->lock);
	atomic_store(&jobs->stop, true);
	pthread_cond_signal(&jobs->bell);
	pthread_mutex_unlock(&jobs->lock);
	do {
		wire_interrupt(jobs->wire);
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += 20000000;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
	} while (pthread_timedjoin_np(jobs->thread, NULL, &until) != 0);
	jobs_free(jp);
}

void
jobs_fetch(struct jobs *jobs, enum job_kind kind, const char *key)
{
	struct job *job = job_new(kind);

	job->key = arena_strdup(job->arena, key);
	job_add(jobs, job);
}

/* ---- plans ------------------------------------------------------------- */

static const struct wire_pick *
copy_picks(struct arena *arena, const struct wire_decide *from)
{
	struct wire_pick *picks = arena_alloc(arena,
	    (from->n_events + 1) * sizeof *picks);

	for (size_t i = 0; i < from->n_events; i++) {
		picks[i].id = arena_strdup(arena, from->events[i].id);
		picks[i].version = from->events[i].version;
	}
	return picks;
}

static void
copy_decide(struct job *job, const struct wire_decide *from)
{
	struct wire_decide *to = &job->decide;

	*to = *from;
	to->action = arena_strdup(job->arena, from->action);
	to->signature = arena_strdup(job->arena, from->signature);
	to->reason = arena_strdup(job->arena, from->reason);
	to->dimension = arena_strdup(job->arena, from->dimension);
	to->source = arena_strdup(job->arena, from->source);
	to->value = arena_strdup(job->arena, from->value);
	to->to = arena_strdup(job->arena, from->to);
	to->since = arena_strdup(job->arena, from->since);
	to->until = arena_strdup(job->arena, from->until);
	to->with = arena_strdup(job->arena, from->with);
	to->events = copy_picks(job->arena, from);
}

void
jobs_plan(struct jobs *jobs, const struct wire_decide *from, const char *key)
{
	struct job *job = job_new(JOB_PLAN);

	copy_decide(job, from);
	job->key = arena_strdup(job->arena, key);
	job_add(jobs, job);
}

/* Only the last of many choices, or rows, is worth asking about. */
static void
drop_waiting(struct jobs *jobs, enum job_kind kind, const char *key)
{
	struct job **at = &jobs->first;

	pthread_mutex_lock(&jobs->lock);
	while (*at != NULL) {
		struct job *one = *at;

		if (one->kind != kind ||
		    (key != NULL && strcmp(one->key, key) != 0)) {
			at = &one->next;
			continue;
		}
		*at = one->next;
		job_free(&one);
	}
	jobs->last = at;
	pthread_mutex_unlock(&jobs->lock);
}

void
jobs_about(struct jobs *jobs, const char *key)
{
	enum job_kind kind = sheet_is(key) ? JOB_BESIDE : JOB_ABOUT;

	drop_waiting(jobs, kind, NULL);
	jobs_fetch(jobs, kind, key);
}

void
jobs_preview(struct jobs *jobs, const char *event, const char *body)
{
	struct job *job = job_new(JOB_PREVIEW);

	drop_waiting(jobs, JOB_PREVIEW, event);
	job->key = arena_strdup(job->arena, event);
	job->body = arena_strdup(job->arena, body);
	job_add(jobs, job);
}
