/*
 * One queue, one thread. A job owns an arena with all it needs; what a job
 * learns goes into the cache and the loop is told to look again.
 */
#include "ui/jobs_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/digest.h"
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

static void
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

static struct job *
take(struct jobs *jobs)
{
	struct job *job;

	pthread_mutex_lock(&jobs->lock);
	while (jobs->first == NULL && !atomic_load(&jobs->stop))
		pthread_cond_wait(&jobs->bell, &jobs->lock);
	job = atomic_load(&jobs->stop) ? NULL : jobs->first;
	if (job != NULL) {
		jobs->first = job->next;
		if (jobs->first == NULL)
			jobs->last = &jobs->first;
	}
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
	struct wire_entries entries;

	switch (job->kind) {
	case JOB_EVENT:
		return cache_keep(jobs->cache, "event", job->key, body, e) &&
		    cache_keep(jobs->cache, "moved", job->key,
		    (struct span){ 0 }, e);
	case JOB_JOURNAL:
		return !shape_journal(body, job->arena, &journal) ||
		    cache_keep_journal(jobs->cache, &journal, body, e);
	case JOB_ACCOUNT:
		return !shape_entries(body, job->arena, &entries) ||
		    cache_keep_entries(jobs->cache, job->key, &entries, e);
	case JOB_RECORD: case JOB_EDIT:
		return cache_keep(jobs->cache, "record", job->key, body, e);
	case JOB_APPROVAL:
		return cache_keep(jobs->cache, "approval", job->key, body, e);
	case JOB_CONFLICT:
		return cache_keep(jobs->cache, "conflict", job->key, body, e);
	case JOB_PREVIEW:
		return cache_keep(jobs->cache, "preview", job->key, body, e)
		    && cache_keep(jobs->cache, "previewed", job->key,
		    span_of(job->body), e);
	case JOB_BOARD: case JOB_CLOSE:
		return cache_keep(jobs->cache, "close", job->key, body, e);
	case JOB_SHEET: case JOB_BESIDE:
		return cache_keep(jobs->cache, "sheet", job->key, body, e);
	case JOB_VIEW: case JOB_MORE: case JOB_DECIDE: case JOB_ADJUST:
	case JOB_PLAN: case JOB_RUN: case JOB_UNDO:
	case JOB_RUN_AGAIN: case JOB_RUN_CANCEL:
	case JOB_GST: case JOB_ABOUT: case JOB_GST_SAY: case JOB_EXPORT:
	case JOB_EXPORT_LOOK: case JOB_EXPORT_STOP: case JOB_INWARD:
		break;
	}
	return true;
}

static bool
fetch(struct jobs *jobs, struct job *job, struct err *e)
{
	struct http_call call = { .method = "GET" };
	const char *path = NULL;
	struct span body;

	switch (job->kind) {
	case JOB_EVENT: path = address(job, "/v1/events/", ""); break;
	case JOB_JOURNAL: path = address(job, "/v1/journals/", ""); break;
	case JOB_ACCOUNT:
		path = address(job, "/v1/accounts/", "/entries?limit=500");
		break;
	case JOB_RECORD: case JOB_EDIT: path = record_path(job); break;
	case JOB_APPROVAL: path = address(job, "/v1/approvals/", ""); break;
	case JOB_CONFLICT: path = address(job, "/v1/conflicts/", ""); break;
	case JOB_PREVIEW:
		path = address(job, "/v1/conflicts/", "/preview");
		break;
	case JOB_BOARD: case JOB_CLOSE: path = board_path(job); break;
	case JOB_SHEET: case JOB_BESIDE:
		path = sheet_path(job->arena, job->key);
		if (path == NULL)
			bug("no such sheet: %s", job->key);
		break;
	case JOB_VIEW: case JOB_MORE: case JOB_DECIDE: case JOB_ADJUST:
	case JOB_PLAN: case JOB_RUN: case JOB_UNDO:
	case JOB_RUN_AGAIN: case JOB_RUN_CANCEL:
	case JOB_GST: case JOB_ABOUT: case JOB_GST_SAY: case JOB_EXPORT:
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

	if (!list->paged)
		return list->path;
	if (of != NULL && hole != NULL)
		path = wire_path(job->arena, arena_strndup(job->arena, path,
		    (size_t)(hole - list->path)), of + 1, path + (hole -
		    list->path) + 2);
	else if (of != NULL)
		path = wire_path(job->arena, arena_printf(job->arena,
		    "%s&%s=", path, list->names[0]), of + 1, "");
	if (after[0] != '\0')
		path = wire_path(job->arena, arena_printf(job->arena,
		    "%s&after=", path), after, "");
	return path;
}

static bool
keep_pages(struct jobs *jobs, struct job *job, const char *name, int from,
    const struct span *pages, int n, const char *next, const char *seq,
    struct err *e)
{
	const char *behind;
	int kept = paged_kept(jobs->cache, job->arena, name, &behind);

	if (!cache_begin(jobs->cache, e))
		return false;
	for (int i = 0; i < n || from + i < kept; i++)
		if (!cache_keep(jobs->cache, "view", view_page(job->arena,
		    name, from + i), i < n ? pages[i] : span_of(""), e)) {
			cache_rollback(jobs->cache);
			return false;
		}
	if (paged_keep(jobs->cache, job->arena, name, from + n, next, e) &&
	    cache_keep(jobs->cache, "viewed", name, span_of(seq), e) &&
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
static bool
fetch_list(struct jobs *jobs, struct job *job, const char *name,
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
fetch_lists(struct jobs *jobs, struct job *job, struct err *e)
{
	const char *key = job->key;
	bool ok = true;

	while (ok && *key != '\0') {
		/* What an order is called may have a + in it. */
		size_t n = strchr(key, '/') != NULL ? strlen(key) :
		    strcspn(key, "+");

		ok = fetch_list(jobs, job, arena_strndup(job->arena, key, n),
		    e);
		key += n + (key[n] == '+');
	}
	shared_changed(jobs->shared);
	return ok;
}

static bool
fetch_flows(struct jobs *jobs, struct job *job, struct err *e)
{
	bool ok = fetch_list(jobs, job, "flows", e);

	shared_changed(jobs->shared);
	return ok;
}

/* ---- decisions --------------------------------------------------------- */

/* What was mapped, and the first thing still in the way. */
static const char *
outcome(struct job *job, const struct wire_decision *decision)
{
	const char *why = "";

	if (job->decide.n_events == 0 && job->decide.signature == NULL)
		return arena_printf(job->arena, "%s %s: %s", decision->id,
		    job->decide.action, job->decide.source);
	for (size_t i = 0; i < decision->n_results && why[0] == '\0'; i++)
		if (decision->results[i].findings.n > 0)
			why = decision->results[i].findings.items[0].sentence;
	return arena_printf(job->arena, _("%s %s: %lld done, %lld failed. %s"),
	    decision->id, job->decide.action, (long long)decision->done,
	    (long long)decision->failed, why);
}

/* A document that somebody changed while another decided: nothing was
 * written, and what differs now is to be seen. */
static bool
moved_on(struct jobs *jobs, struct job *job, struct err *e)
{
	if (e->code != ERR_STALE || strcmp(job->decide.action, "resolve") != 0
	    || job->decide.n_events != 1)
		return false;
	*e = (struct err){ 0 };
	job->kind = JOB_CONFLICT;
	job->key = job->decide.events[0].id;
	if (!fetch(jobs, job, e))
		return false;
	shared_say(jobs->shared, true, _("It moved on meanwhile: nothing was "
	    "written. What differs now is shown."));
	return true;
}

static bool
decide(struct jobs *jobs, struct job *job, struct err *e)
{
	struct wire_decision decision;

	bool ok;

	atomic_store(&jobs->deciding, true);
	ok = wire_decide_post(jobs->wire, &job->decide, job->arena,
	    &decision, e);
	atomic_store(&jobs->deciding, false);
	if (!ok)
		return moved_on(jobs, job, e);
	shared_say(jobs->shared, decision.failed > 0,
	    outcome(job, &decision));
	/* To resume a source may touch no event, and then no news comes. */
	return job->decide.n_events > 0 || job->decide.signature != NULL ||
	    fetch_flows(jobs, job, e);
}

static bool
undo(struct jobs *jobs, struct job *job, struct err *e)
{
	struct wire_decision decision;
	bool ok;

	atomic_store(&jobs->deciding, true);
	ok = wire_undo_post(jobs->wire, "last", job->key, "",
	    job->decide.key, job->arena, &decision, e);
	atomic_store(&jobs->deciding, false);
	if (ok && decision.n_results == 0)
		shared_say(jobs->shared, false, arena_printf(job->arena,
		    _("%s takes back %s: its mapping is gone, what posted "
		    "with it stays posted."), decision.id, decision.undone));
	else if (ok)
		shared_say(jobs->shared, decision.failed > 0, arena_printf(
		    job->arena, _("%s takes back %s: %lld done, %lld had "
		    "moved on or is posted."), decision.id, decision.undone,
		    (long long)decision.done, (long long)decision.failed));
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

/* How it goes on comes by the feed. */
static bool
start_run(struct jobs *jobs, struct job *job, struct err *e)
{
	struct wire_run run;
	bool ok;

	atomic_store(&jobs->deciding, true);
	if (job->kind == JOB_RUN)
		ok = wire_run_post(jobs->wire, job->key, job->arena, &run, e);
	else if (job->kind == JOB_RUN_AGAIN)
		ok = wire_run_retry(jobs->wire, job->key,
		    job->decide.key, job->arena, &run, e);
	else
		ok = wire_run_cancel(jobs->wire, job->key, job->arena, &run,
		    e);
	atomic_store(&jobs->deciding, false);
	return ok;
}

/* Also when it was refused: somebody was quicker, and that is to be seen. */
static bool
change(struct jobs *jobs, struct job *job, struct err *e)
{
	const struct edit *edit = &job->edit;
	struct err again = { 0 };
	const char *proposal = "";
	bool ok = wire_record_patch(jobs->wire, record_path(job), edit->etag,
	    edit->column, edit->value, job->arena, &proposal, e);

	if (ok)
		shared_say(jobs->shared, false, arena_printf(job->arena,
		    proposal[0] != '\0' ? _("%s waits for the approval of "
		    "somebody else") : _("%s is changed."),
		    proposal[0] != '\0' ? proposal : edit->record));
	if (!fetch(jobs, job, &again) && ok)
		return err_set(e, again.code, "%s", again.why);
	return ok;
}

/* Also when it was refused: somebody was quicker, and that is to be seen. */
static bool
adjust(struct jobs *jobs, struct job *job, struct err *e)
{
	struct wire_adjusted done;
	struct err again = { 0 };
	struct span body;
	bool ok;

	atomic_store(&jobs->deciding, true);
	ok = wire_adjust_post(jobs->wire, &job->adjust, job->arena, &body, e)
	    && (shape_adjusted(body, job->arena, &done) ||
	    err_set(e, ERR_JSON, "the answer to adjust"));
	atomic_store(&jobs->deciding, false);
	if (ok)
		shared_say(jobs->shared, false, arena_printf(job->arena,
		    "%s: %s. %s", text_cut(job->arena, done.event, 40),
		    text_state(job->arena, done.state),
		    text_cut(job->arena, done.sentence, 200)));
	if (!fetch_list(jobs, job, "intercompany", &again) && ok)
		return err_set(e, again.code, "%s", again.why);
	shared_changed(jobs->shared);
	return ok;
}

/* Also when it was refused: what has moved is to be seen. */
static bool
say_close(struct jobs *jobs, struct job *job, struct err *e)
{
	const struct wire_close_word *word = &job->close;
	struct err again = { 0 };
	const char *state;
	struct span body;
	bool ok;

	atomic_store(&jobs->deciding, true);
	ok = wire_close_post(jobs->wire, word, job->arena, &state, &body, e);
	atomic_store(&jobs->deciding, false);
	if (ok && word->line != NULL)
		shared_say(jobs->shared, false, arena_printf(job->arena,
		    _("%s of %s %s is signed off."), word->line,
		    word->entity, word->period));
	else if (ok)
		shared_say(jobs->shared, false, arena_printf(job->arena,
		    "%s %s: %s", word->entity, word->period,
		    strcmp(word->what, "reopen") == 0 ?
		    _("somebody else must approve that it opens again") :
		    text_period(state)));
	if (!fetch(jobs, job, &again) && ok)
		return err_set(e, again.code, "%s", again.why);
	return ok;
}

static bool
perform(struct jobs *jobs, struct job *job, struct err *e)
{
	switch (job->kind) {
	case JOB_DECIDE: return decide(jobs, job, e);
	case JOB_VIEW: return fetch_lists(jobs, job, e);
	case JOB_MORE: return fetch_more(jobs, job, e);
	case JOB_EDIT: return change(jobs, job, e);
	case JOB_ADJUST: return adjust(jobs, job, e);
	case JOB_PLAN: return make_plan(jobs, job, e);
	case JOB_RUN: case JOB_RUN_AGAIN: case JOB_RUN_CANCEL:
		return start_run(jobs, job, e);
	case JOB_UNDO: return undo(jobs, job, e);
	case JOB_CLOSE: return say_close(jobs, job, e);
	case JOB_GST: case JOB_ABOUT: case JOB_GST_SAY: case JOB_INWARD:
	case JOB_EXPORT: case JOB_EXPORT_LOOK: case JOB_EXPORT_STOP:
		return job_gst(jobs, job, e);
	case JOB_EVENT: case JOB_JOURNAL: case JOB_ACCOUNT: case JOB_RECORD:
	case JOB_CONFLICT: case JOB_PREVIEW: case JOB_BOARD:
	case JOB_APPROVAL: case JOB_SHEET: case JOB_BESIDE:
		break;
	}
	return fetch(jobs, job, e);
}

static void *
work(void *ctx)
{
	struct jobs *jobs = ctx;
	struct job *job;

	while ((job = take(jobs)) != NULL) {
		struct err e = { 0 };
		bool ok = perform(jobs, job, &e);

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
	cache_close(&jobs->cache);
	pthread_cond_destroy(&jobs->bell);
	pthread_mutex_destroy(&jobs->lock);
	free(jobs);
	*jp = NULL;
}

bool
jobs_start(struct jobs **out, const struct http_place *place,
    const char *path, struct shared *shared, struct err *e)
{
	struct jobs *jobs = calloc(1, sizeof *jobs);

	if (jobs == NULL)
		bug("out of memory");
	pthread_mutex_init(&jobs->lock, NULL);
	pthread_cond_init(&jobs->bell, NULL);
	jobs->last = &jobs->first;
	jobs->shared = shared;
	if (!wire_open(&jobs->wire, place, e) || !cache_open(&jobs->cache,
	    path, place->socket ? place->socket : place->url, e)) {
		jobs_free(&jobs);
		return false;
	}
	if (pthread_create(&jobs->thread, NULL, work, jobs) != 0)
		bug("no thread");
	*out = jobs;
	return true;
}

/* A decision under way is not cut off: the daemon may have taken it, and the
 * person should not be left to guess. Waiting ones are dropped. */
void
jobs_stop(struct jobs **jp)
{
	struct jobs *jobs = *jp;

	if (jobs == NULL)
		return;
	pthread_mutex_lock(&jobs->lock);
	atomic_store(&jobs->stop, true);
	pthread_cond_signal(&jobs->bell);
	pthread_mutex_unlock(&jobs->lock);
	if (!atomic_load(&jobs->deciding))
		wire_interrupt(jobs->wire);
	pthread_join(jobs->thread, NULL);
	jobs_free(jp);
}

void
jobs_fetch(struct jobs *jobs, enum job_kind kind, const char *key)
{
	struct job *job = job_new(kind);

	job->key = arena_strdup(job->arena, key);
	job_add(jobs, job);
}

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

const char *
job_key(struct job *job)
{
	unsigned char random[16];
	char key[33];

	digest_random(random, sizeof random);
	digest_hex(random, sizeof random, key);
	return arena_strdup(job->arena, key);
}

static void
copy_decide(struct job *job, const struct wire_decide *from)
{
	struct wire_decide *to = &job->decide;

	*to = *from;
	to->key = job_key(job);
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
jobs_decide(struct jobs *jobs, const struct wire_decide *from)
{
	struct job *job = job_new(JOB_DECIDE);

	copy_decide(job, from);
	job_add(jobs, job);
}

void
jobs_plan(struct jobs *jobs, const struct wire_decide *from, const char *key)
{
	struct job *job = job_new(JOB_PLAN);

	copy_decide(job, from);
	job->key = arena_strdup(job->arena, key);
	job_add(jobs, job);
}

void
jobs_run(struct jobs *jobs, enum job_kind kind, const char *key)
{
	struct job *job = job_new(kind);

	job->key = arena_strdup(job->arena, key);
	job->decide.key = job_key(job);
	job_add(jobs, job);
}

void
jobs_edit(struct jobs *jobs, const struct edit *from)
{
	struct job *job = job_new(JOB_EDIT);

	job->key = arena_strdup(job->arena, from->record);
	job->edit = (struct edit){
		.record = job->key,
		.etag = arena_strdup(job->arena, from->etag),
		.column = arena_strdup(job->arena, from->column),
		.value = arena_strdup(job->arena, from->value),
	};
	job_add(jobs, job);
}

void
jobs_adjust(struct jobs *jobs, const struct wire_adjust *from)
{
	struct job *job = job_new(JOB_ADJUST);
	struct wire_adjust *to = &job->adjust;

	to->entity = arena_strdup(job->arena, from->entity);
	to->party = arena_strdup(job->arena, from->party);
	to->name = arena_strdup(job->arena, from->name);
	to->version = arena_strdup(job->arena, from->version);
	to->period = arena_strdup(job->arena, from->period);
	job_add(jobs, job);
}

void
jobs_close(struct jobs *jobs, const struct wire_close_word *from,
    const char *board)
{
	struct job *job = job_new(JOB_CLOSE);
	struct wire_close_word *to = &job->close;

	job->key = arena_strdup(job->arena, board);
	to->what = arena_strdup(job->arena, from->what);
	to->entity = arena_strdup(job->arena, from->entity);
	to->period = arena_strdup(job->arena, from->period);
	to->line = arena_strdup(job->arena, from->line);
	to->figures = arena_strdup(job->arena, from->figures);
	to->reason = arena_strdup(job->arena, from->reason);
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
