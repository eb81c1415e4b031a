/*
 * What is kept goes out in its order, and what the daemon answers is said.
 * On the jobs thread. The same request twice has the same key, so that
 * nothing is done twice whenever this or the daemon ends.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/i18n.h"
#include "core/json.h"
#include "ui/bank.h"
#include "ui/gst_ask.h"
#include "ui/jobs_inside.h"
#include "ui/text.h"

#define SECONDS 600	/* for an answer: a decision may be of many */
#define BACKOFF_MAX 16	/* seconds */

struct sending {
	struct jobs *jobs;
	struct arena *arena;
	const struct keep_entry *entry;
	struct span answer;
	const char *said;
	bool bad;
};

/* ---- what an answer says ------------------------------------------------ */

/* What was mapped, and the first thing still in the way. */
static bool
say_decision(struct sending *s)
{
	const struct keep_entry *entry = s->entry;
	struct wire_decision d;
	const char *why = "";

	if (!shape_decision(s->answer, s->arena, &d))
		return false;
	s->bad = d.failed > 0;
	if (strcmp(entry->again, "flows") == 0) {
		s->said = arena_printf(s->arena, "%s %s: %s", d.id,
		    entry->what, entry->about);
		return true;
	}
	for (size_t i = 0; i < d.n_results && why[0] == '\0'; i++)
		if (d.results[i].findings.n > 0)
			why = d.results[i].findings.items[0].sentence;
	s->said = arena_printf(s->arena, _("%s %s: %lld done, %lld failed. "
	    "%s"), d.id, entry->what, (long long)d.done, (long long)d.failed,
	    why);
	return true;
}

static bool
say_undone(struct sending *s)
{
	struct wire_decision d;

	if (!shape_decision(s->answer, s->arena, &d))
		return false;
	s->bad = d.failed > 0;
	s->said = d.n_results == 0 ? arena_printf(s->arena,
	    _("%s takes back %s: its mapping is gone, what posted "
	    "with it stays posted."), d.id, d.undone) :
	    arena_printf(s->arena, _("%s takes back %s: %lld done, %lld had "
	    "moved on or is posted."), d.id, d.undone, (long long)d.done,
	    (long long)d.failed);
	return true;
}

/* How it goes on comes by the feed. */
static bool
say_run(struct sending *s)
{
	s->said = "";
	return true;
}

static bool
say_edit(struct sending *s)
{
	const char *proposal = shape_proposal(s->answer, s->arena);

	s->said = arena_printf(s->arena, proposal[0] != '\0' ?
	    _("%s waits for the approval of somebody else") :
	    _("%s is changed."), proposal[0] != '\0' ? proposal :
	    s->entry->about);
	return true;
}

static bool
say_adjust(struct sending *s)
{
	struct wire_adjusted done;

	if (!shape_adjusted(s->answer, s->arena, &done))
		return false;
	s->said = arena_printf(s->arena, "%s: %s. %s", text_cut(s->arena,
	    done.event, 40), text_state(s->arena, done.state),
	    text_cut(s->arena, done.sentence, 200));
	return true;
}

static const char *
member(struct sending *s, struct span json, const char *name)
{
	struct json_where where;
	struct json_tape tape;
	const char *text;

	if (json_read(json, JSON_DEPTH_MAX, s->arena, &tape, &where) !=
	    JSON_OK)
		return "";
	text = json_take(&tape, name, s->arena);
	return text != NULL ? text : "";
}

static bool
say_close(struct sending *s)
{
	struct span body = span_of(s->entry->body);
	const char *entity = member(s, body, "entity");
	const char *period = member(s, body, "period");
	const char *line = member(s, body, "line");

	s->said = line[0] != '\0' ? arena_printf(s->arena,
	    _("%s of %s %s is signed off."), line, entity, period) :
	    arena_printf(s->arena, "%s %s: %s", entity, period,
	    strcmp(s->entry->what, "reopen") == 0 ?
	    _("somebody else must approve that it opens again") :
	    text_period(member(s, s->answer, "state")));
	return true;
}

/* Which decision it was is kept, to be taken back. */
static void
keep_said(struct sending *s, const char *of, const char *decision)
{
	struct cache *cache = s->jobs->cache;
	struct err e = { 0 };

	if (cache == NULL)
		return;
	if (!cache_begin(cache, &e) || !cache_keep(cache, of, "said",
	    span_of(decision), &e) || !cache_commit(cache, &e))
		cache_rollback(cache);
}

static bool
say_gst(struct sending *s)
{
	struct wire_gst_said said;

	s->said = _("Done.");
	if (strcmp(s->entry->path, "/v1/gst/recon") != 0)
		return true;
	if (!shape_gst_said(s->answer, s->arena, &said))
		return false;
	s->bad = said.skipped > 0;
	s->said = arena_printf(s->arena, said.skipped > 0 ?
	    _("%s %s: %lld done, %lld left out: %s") : _("%s %s: %lld done"),
	    said.decision, s->entry->what, (long long)said.done,
	    (long long)said.skipped, said.why);
	if (said.decision[0] != '\0')
		keep_said(s, "gst", said.decision);
	return true;
}

/* What a target is asked is not done with the answer. */
static const char *
say_asked(struct sending *s)
{
	static const struct {
		const char *what, *text;
	} asked[] = {
		{ "check", N_("%s is asked; what it says stands below it.") },
		{ "look", N_("%s is being looked through; x on it shows what "
		    "differs.") },
	};

	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
		if (strcmp(s->entry->what, asked[i].what) == 0)
			return arena_printf(s->arena, _(asked[i].text),
			    s->entry->about);
	return NULL;
}

/* Of a target, or whatever answers with itself, that it is done says all. */
static bool
say_word(struct sending *s)
{
	const struct keep_entry *entry = s->entry;
	struct wire_said said;

	if (!shape_said(s->answer, s->arena, &said))
		return false;
	s->said = say_asked(s);
	if (s->said != NULL)
		return true;
	s->said = said.done[0] == '\0' ? arena_printf(s->arena, "%s %s: %s",
	    entry->what, entry->about, _("done")) : arena_printf(s->arena,
	    said.why[0] != '\0' ? _("%s: %s done, %s left out: %s") :
	    _("%s: %s done"), entry->what, text_number(s->arena, said.done),
	    said.refused[0] != '\0' ? text_number(s->arena, said.refused) :
	    _("some"), said.why);
	s->bad = said.why[0] != '\0';
	if (said.unknown[0] != '\0')
		s->said = arena_printf(s->arena, _("%s. Of %s nobody knows "
		    "whether it is there."), s->said, said.unknown);
	if (said.held[0] != '\0')
		s->said = arena_printf(s->arena, _("%s; %lld wait for an "
		    "approval"), s->said, strtoll(said.held, NULL, 10));
	if (said.event[0] != '\0')
		s->said = arena_printf(s->arena, "%s. %s: %s", s->said,
		    said.event, text_state(s->arena, said.state));
	return true;
}

static bool
say_bank(struct sending *s)
{
	const char *decision;

	s->said = bank_report(s->answer, s->entry->what, s->arena, &s->bad,
	    &decision);
	if (s->said != NULL && decision[0] != '\0')
		keep_said(s, "bank", decision);
	return s->said != NULL;
}

/* ---- what is looked at again behind it ----------------------------------- */

static bool
fetch_kind(struct sending *s, enum job_kind kind, const char *key,
    struct err *e)
{
	struct job *job = job_new(kind);
	bool ok;

	job->key = arena_strdup(job->arena, key);
	ok = job_fetch(s->jobs, job, e);
	job_free(&job);
	return ok;
}

static bool
fetch_rows(struct sending *s, const char *list, struct err *e)
{
	struct job *job = job_new(JOB_VIEW);
	bool ok = job_list(s->jobs, job, list, e);

	job_free(&job);
	shared_changed(s->jobs->shared);
	return ok;
}

/* To resume a source may touch no event, and then no news comes. */
static bool
again_decision(struct sending *s, struct err *e)
{
	return s->entry->again[0] == '\0' ||
	    fetch_rows(s, s->entry->again, e);
}

static bool
again_lists(struct sending *s, struct err *e)
{
	const char *all = s->entry->again;
	bool ok = true;

	while (ok && *all != '\0') {
		size_t n = strcspn(all, "+");

		ok = fetch_rows(s, arena_strndup(s->arena, all, n), e);
		all += n + (all[n] == '+');
	}
	return ok;
}

static bool
again_none(struct sending *s, struct err *e)
{
	(void)s;
	(void)e;
	return true;
}

static bool
again_record(struct sending *s, struct err *e)
{
	return fetch_kind(s, JOB_RECORD, s->entry->again, e);
}

static bool
again_adjust(struct sending *s, struct err *e)
{
	return fetch_rows(s, "intercompany", e);
}

static bool
again_board(struct sending *s, struct err *e)
{
	return fetch_kind(s, JOB_BOARD, s->entry->again, e);
}

static bool
again_gst(struct sending *s, struct err *e)
{
	return s->entry->again[0] == '\0' || gst_ask(s->jobs->wire,
	    s->jobs->cache, s->jobs->shared, s->arena, s->entry->again, e);
}

static const struct reader {
	const char *kind;
	bool (*say)(struct sending *);
	bool (*again)(struct sending *, struct err *);
	/* Also when it was refused: what has moved is to be seen. */
	bool always;
} readers[] = {
	{ "decide", say_decision, again_decision, false },
	{ "undo", say_undone, again_none, false },
	{ "run", say_run, again_none, false },
	{ "edit", say_edit, again_record, true },
	{ "adjust", say_adjust, again_adjust, true },
	{ "close", say_close, again_board, true },
	{ "gst", say_gst, again_gst, true },
	{ "say", say_word, again_lists, true },
	{ "bank", say_bank, again_lists, true },
};

static const struct reader *
reader_of(const struct keep_entry *entry)
{
	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
		if (strcmp(readers[i].kind, entry->kind) == 0)
			return &readers[i];
	return NULL;
}

/* ---- sending ------------------------------------------------------------- */

/* Nobody can say what became of it: it is sent again. */
static bool
unanswered(enum err_code code)
{
	return code == ERR_NONE || err_is_away(code) || code == ERR_BUSY ||
	    code == ERR_FULL || code == ERR_LIMIT || code == ERR_IN_USE;
}

/* A row of master data has no key of idempotence, but its version: when it
 * was changed by this very request before, it stands as it should. */
static bool
done_before(struct sending *s, const struct err *e)
{
	struct wire_record record;
	struct err again = { 0 };
	struct span json;

	if (e->code != ERR_STALE || strcmp(s->entry->kind, "edit") != 0 ||
	    !wire_get(s->jobs->wire, s->entry->path, s->arena, &json, &again)
	    || !shape_record(json, s->arena, &record))
		return false;
	for (size_t i = 0; i < record.n; i++)
		if (strcmp(record.fields[i].name, s->entry->member) == 0)
			return strcmp(record.fields[i].value,
			    s->entry->value) == 0;
	return false;
}

/* A document that somebody changed while another decided: nothing was
 * written, and what differs now is to be seen. */
static void
show_moved(struct sending *s)
{
	struct err e = { 0 };

	if (s->jobs->cache == NULL ||
	    strcmp(s->entry->what, "resolve") != 0 || s->entry->about[0] != 'E' ||
	    !fetch_kind(s, JOB_CONFLICT, s->entry->about, &e))
		return;
	s->said = _("It moved on meanwhile: nothing was written. What differs "
	    "now is shown.");
}

static enum keep_state
judge(struct sending *s, const struct reader *reader, bool ok,
    struct err *e)
{
	if (!ok && done_before(s, e)) {
		s->said = arena_printf(s->arena, _("%s is changed."),
		    s->entry->about);
		return KEEP_APPLIED;
	}
	if (!ok) {
		s->bad = true;
		s->said = arena_printf(s->arena, "%s (%s)",
		    _(err_info(e->code)->what), e->why);
		if (e->code != ERR_STALE)
			return KEEP_REFUSED;
		show_moved(s);
		return KEEP_CONFLICT;
	}
	if (reader != NULL && !reader->say(s)) {
		s->bad = true;
		s->said = arena_printf(s->arena, "%s (%s)",
		    _(err_info(ERR_JSON)->what), s->entry->path);
	}
	return KEEP_APPLIED;
}

static void
count(struct sent_tally *tally, const struct keep_entry *entry,
    enum keep_state state)
{
	if (entry->live)
		return;
	tally->applied += state == KEEP_APPLIED;
	tally->refused += state == KEEP_REFUSED;
	tally->conflict += state == KEEP_CONFLICT;
}

/* What a person waited for is said and struck; what goes out behind somebody's
 * back, or failed, stays until somebody has seen it. */
static bool
record(struct sending *s, struct sent_tally *tally, enum keep_state state)
{
	const struct keep_entry *entry = s->entry;
	struct err e = { 0 };

	if (!keep_answer(s->jobs->keep, entry, state, s->said,
	    entry->live && state == KEEP_APPLIED, &e)) {
		shared_say(s->jobs->shared, true, e.why);
		return false;
	}
	count(tally, entry, state);
	queue_tell(s->jobs->keep, s->jobs->shared);
	if (s->said[0] != '\0')
		shared_say(s->jobs->shared, s->bad, s->said);
	return true;
}

/* False: no more now. */
static bool
send_one(struct jobs *jobs, struct arena *arena, struct sent_tally *tally)
{
	struct sending s = { .jobs = jobs, .arena = arena, .said = "" };
	struct http_call call = { .seconds = SECONDS };
	const struct reader *reader;
	struct keep_entry entry;
	struct err e = { 0 }, again = { 0 };
	bool ok;

	if (!keep_next(jobs->keep, arena, &entry))
		return false;
	s.entry = &entry;
	call.method = entry.method;
	call.path = entry.path;
	call.key = entry.key;
	call.match = entry.match[0] != '\0' ? entry.match : NULL;
	call.body = span_of(entry.body);
	atomic_store(&jobs->sending, true);
	ok = wire_ask(jobs->wire, &call, arena, &s.answer, &e);
	atomic_store(&jobs->sending, false);
	if (!ok && unanswered(e.code)) {
		jobs->due = -1;
		return false;
	}
	reader = reader_of(&entry);
	if (!record(&s, tally, judge(&s, reader, ok, &e)))
		return false;
	/* Whoever waits for it may prove himself, and it goes out again. */
	if (!ok && e.code == ERR_FACTOR && entry.live)
		shared_factor(jobs->shared, entry.n);
	if (jobs->cache != NULL && reader != NULL &&
	    (ok || reader->always) &&
	    !reader->again(&s, &again) && ok && again.code != ERR_NONE)
		shared_say(jobs->shared, true, again.why);
	return true;
}

static void
say_tally(struct jobs *jobs, const struct sent_tally *tally)
{
	char text[200];

	if (tally->applied + tally->refused + tally->conflict == 0)
		return;
	snprintf(text, sizeof text, _("What was queued went out: %lld "
	    "applied, %lld in conflict, %lld refused. Q shows each."),
	    (long long)tally->applied, (long long)tally->conflict,
	    (long long)tally->refused);
	shared_say(jobs->shared, tally->refused + tally->conflict > 0, text);
}

/* Others of this person may be sending: then they do. */
static void
wait_again(struct jobs *jobs, bool failed)
{
	struct err e = { 0 };

	if (!failed) {
		jobs->backoff = 0;
		jobs->due = clock_mono() + 100000;
		return;
	}
	jobs->backoff = jobs->backoff == 0 ? 1 : jobs->backoff < BACKOFF_MAX ?
	    2 * jobs->backoff : BACKOFF_MAX;
	jobs->due = clock_mono() + (int64_t)jobs->backoff * 1000000;
	if (!keep_release(jobs->keep, &e))
		shared_say(jobs->shared, true, e.why);
	queue_tell(jobs->keep, jobs->shared);
}

/* False: somebody else is sending. jobs->due < 0: no answer. */
static bool
send_all(struct jobs *jobs, struct sent_tally *tally)
{
	struct arena *arena;

	if (!keep_lock(jobs->keep))
		return false;
	arena = arena_new();
	while (!atomic_load(&jobs->stop) && send_one(jobs, arena, tally))
		arena_reset(arena);
	arena_free(&arena);
	keep_unlock(jobs->keep);
	return true;
}

void
sending_round(struct jobs *jobs)
{
	struct sent_tally tally = { 0 };

	jobs->due = 0;
	if (jobs->keep == NULL || atomic_load(&jobs->stop) ||
	    shared_now(jobs->shared) != LINK_LIVE)
		return;
	if (!send_all(jobs, &tally)) {
		wait_again(jobs, false);
		return;
	}
	say_tally(jobs, &tally);
	if (jobs->due < 0)
		wait_again(jobs, true);
	else
		jobs->backoff = 0;
	/* Another console may have sent what was counted here. */
	queue_tell(jobs->keep, jobs->shared);
}

bool
jobs_send(struct wire *wire, struct keep *keep, struct sent_tally *tally,
    struct err *e)
{
	struct shared shared;
	struct jobs jobs = { .wire = wire, .keep = keep, .shared = &shared };
	bool ok;

	shared_open(&shared);
	ok = send_all(&jobs, tally) || err_set(e, ERR_BUSY,
	    "another console is sending what waits");
	shared_close(&shared);
	return ok && (jobs.due == 0 || err_set(e, ERR_UNREACHABLE,
	    "some still waits"));
}
