/*
 * A conflict is resolved: incoming, current, both merged, or documents that a
 * person made of them. What comes of it is judged like any other document
 * before anything is written, against the versions that the person saw.
 */
#include "flow/act.h"

#include <cjson/cJSON.h>

#include "flow/decide.h"
#include "flow/inside.h"
#include "flow/resolution.h"

/* Why not, for a person to read. */
static bool
say_findings(const struct work *work, struct err *e)
{
	struct str text;
	bool first = true;

	str_init(&text, 65536);
	for (size_t i = 0; i < work->findings.n; i++) {
		const struct finding *f = &work->findings.items[i];

		if (f->level != FINDING_BLOCK)
			continue;
		str_addf(&text, "%s%s: ", first ? "" : "; ",
		    finding_info(f->code)->name);
		finding_sentence(f, &text);
		first = false;
	}
	err_set(e, ERR_REFUSED, "E%lld: %.440s", (long long)work->event.seq,
	    text.p);
	str_free(&text);
	return false;
}

static bool
keep_current(struct saying *s, struct work *work, struct err *e)
{
	return settle_move(s->settler, work, EVENT_DISMISSED, s->actor,
	    s->reason, e) && audit_add(s->settler->books, s->actor, "kept",
	    event_name(work), "conflict", s->reason, e);
}

static bool
prepare(struct saying *s, struct work *work, struct err *e)
{
	const cJSON *seen = json_at(s->with, "seen");
	const char *take = json_text(s->with, "take");
	struct resolution r;

	if (take != NULL && work->event.state != EVENT_CONFLICT)
		return err_set(e, ERR_REFUSED, "E%lld is no conflict",
		    (long long)work->event.seq);
	if (!resolution_open(&r, s->settler->books->db, work, e) ||
	    (seen != NULL && !resolution_seen(&r, seen, e)))
		return false;
	if (take != NULL && strcmp(take, "current") == 0)
		return true;
	if (!(take != NULL ? resolution_take(&r, take, e) :
	    resolution_documents(&r, json_at(s->with, "documents"), false,
	    e)))
		return false;
	resolution_rule(&r, s->seq, s->actor);
	s->settler->remap(work, s->settler->arg);
	return !findings_block(&work->findings) || say_findings(work, e);
}

static bool
apply(struct saying *s, struct work *work, struct err *e)
{
	for (size_t i = 0; i < work->n_rulings; i++)
		if (!ruling_put(s->settler->books, work->event.seq,
		    &work->rulings[i], e))
			return false;
	if (!settle_again(s->settler, work, s->actor, e))
		return false;
	s->done = work->event.state != EVENT_CONFLICT &&
	    work->event.state != EVENT_FAILED;
	return s->done || say_findings(work, e);
}

/* A person who looked at this one is told no. Of many, each that will not do
 * says so and stays what it was. */
static bool
refuse(struct saying *s, const struct err *why, struct err *e)
{
	bool looked = json_at(s->with, "seen") != NULL ||
	    json_at(s->with, "documents") != NULL;

	if (looked || why->code != ERR_REFUSED)
		return err_set(e, why->code, "%s", why->why);
	s->verdict = "refused";
	return true;
}

bool
act_resolve(struct saying *s, struct work *work, struct err *e)
{
	const char *take = json_text(s->with, "take");
	struct err why = { 0 };

	if (!remap_kept(s->settler, work, e))
		return false;
	if (!prepare(s, work, &why))
		return refuse(s, &why, e);
	return take != NULL && strcmp(take, "current") == 0 ?
	    keep_current(s, work, e) : apply(s, work, e);
}

/* Of a plan: what nothing but a person can settle is left out. */
static bool
merges(struct settler *settler, const struct event *event, bool *out,
    struct err *e)
{
	struct db *db = settler_books(settler)->db;
	struct work *work = work_new();
	struct contest *contests;
	bool found, ok;

	*out = true;
	ok = event_load(db, event->seq, work->arena, &work->event,
	    &work->placing, &found, e) && remap_kept(settler, work, e) &&
	    contests_open(db, work, &contests, e);
	for (size_t i = 0; ok && i < work->n_pieces; i++)
		*out = *out && (!contests[i].contested || contests[i].clean);
	work_free(&work);
	return ok;
}

static bool
judge_merge(struct decision *d, const struct event *event,
    struct settler *settler, struct err *e)
{
	bool merge;

	if (!merges(settler, event, &merge, e))
		return false;
	if (!merge)
		d->skip = SKIP_OVERLAP;
	return merge || err_set(e, ERR_REFUSED, "E%lld does not merge",
	    (long long)event->seq);
}

bool
judge_resolve(struct decision *d, const struct event *event,
    const struct placing *placing, struct settler *settler, struct err *e)
{
	const char *take = json_text(d->with, "take");
	const cJSON *documents = json_at(d->with, "documents");
	bool alone = d->n_picks == 1 && d->finished != NULL;

	(void)placing;
	if ((take != NULL) == (documents != NULL))
		return err_set(e, ERR_REQUEST, "with take or documents");
	if (take != NULL && strcmp(take, "incoming") != 0 &&
	    strcmp(take, "current") != 0 && strcmp(take, "merge") != 0)
		return err_set(e, ERR_REQUEST,
		    "take is incoming, current or merge");
	if (documents != NULL)
		return alone || err_set(e, ERR_REQUEST,
		    "documents are of one event");
	/* A run over many sees none of them. */
	if (d->finished == NULL && take != NULL &&
	    strcmp(take, "merge") == 0 && event->state == EVENT_CONFLICT)
		return judge_merge(d, event, settler, e);
	return !alone || cJSON_IsObject(json_at(d->with, "seen")) ||
	    err_set(e, ERR_NO_VERSION, "seen: the versions that you saw");
}
