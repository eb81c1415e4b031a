/*
 * A conflict is resolved: incoming, current, both merged, or documents that a
 * person made of them. What comes of it is judged like any other document
 * before anything is written, against the versions that the person saw.
 */
#include "flow/act.h"

#include <stdlib.h>

#include <cjson/cJSON.h>

#include "flow/contest.h"
#include "flow/decide.h"
#include "flow/inside.h"

struct resolving {
	struct saying *s;
	struct work *work;
	struct contest *contests;
	struct ruling *rulings;		/* one a part; part -1: none */
};

/* A person who looked at one is told no; of many each says for itself, and
 * stays what it was. */
static bool
refuse(struct resolving *r, enum err_code code, const char *why,
    struct err *e)
{
	if (json_at(r->s->with, "seen") != NULL ||
	    json_at(r->s->with, "documents") != NULL)
		return err_set(e, code, "E%lld: %.440s",
		    (long long)r->work->event.seq, why);
	r->s->verdict = "refused";
	return true;
}

/* ---- what was seen ---------------------------------------------------- */

static bool
read_version(const cJSON *item, int64_t *out)
{
	const char *text = cJSON_IsString(item) ? item->valuestring : "";
	size_t n = strlen(text);

	*out = strtoll(text, NULL, 10);
	return n > 0 && n < 19 && strspn(text, "0123456789") == n;
}

static bool
moved_on(struct resolving *r, const struct contest *c, int64_t seen,
    struct err *e)
{
	return err_set(e, ERR_STALE, "%s is at version %lld, you saw %lld",
	    document_key(r->work->arena, c->incoming),
	    (long long)c->row.version, (long long)seen);
}

static bool
judge_seen(struct resolving *r, struct err *e)
{
	const cJSON *seen = json_at(r->s->with, "seen");

	for (size_t i = 0; seen != NULL && i < r->work->n_pieces; i++) {
		const struct contest *c = &r->contests[i];
		const cJSON *item = cJSON_GetObjectItemCaseSensitive(seen,
		    document_key(r->work->arena, c->incoming));
		int64_t version;

		if (item == NULL && !c->contested)
			continue;
		if (item == NULL || !read_version(item, &version))
			return err_set(e, ERR_NO_VERSION, "seen: %s",
			    document_key(r->work->arena, c->incoming));
		if (version != c->row.version)
			return moved_on(r, c, version, e);
	}
	return true;
}

/* ---- one side, or both ------------------------------------------------ */

static void
rule(struct resolving *r, size_t part, const struct document *document)
{
	const struct contest *c = &r->contests[part];
	struct ruling *ruling = &r->rulings[part];
	struct span as_came;

	ruling->part = (int64_t)part;
	ruling->base = c->row.version;
	if (document == NULL)
		return;
	ruling->document = document_body(document, r->work->arena);
	as_came = document_body(c->incoming, r->work->arena);
	ruling->merged = !span_equal(ruling->document, as_came);
}

/* Compared as if both were made against the same version. */
static void
rule_document(struct resolving *r, size_t part, struct document *document)
{
	struct document *incoming = &r->work->pieces[part].document;

	document->revision = incoming->revision;
	document->base_version = r->contests[part].row.version;
	incoming->base_version = document->base_version;
	rule(r, part, document);
}

static bool
take_merge(struct resolving *r, bool *refused, struct err *e)
{
	for (size_t i = 0; i < r->work->n_pieces; i++) {
		const struct contest *c = &r->contests[i];
		struct document merged;

		if (!c->contested)
			continue;
		if (!c->clean) {
			*refused = true;
			return refuse(r, ERR_REFUSED, c->found ?
			    "both changed the same; choose" :
			    "there is no present version", e);
		}
		contest_merged(c, r->work->arena, &merged);
		rule_document(r, i, &merged);
	}
	return true;
}

static void
take_incoming(struct resolving *r)
{
	for (size_t i = 0; i < r->work->n_pieces; i++)
		if (r->contests[i].contested)
			rule(r, i, NULL);
}

static bool
keep_current(struct resolving *r, struct err *e)
{
	struct work *work = r->work;

	return settle_move(r->s->settler, work, EVENT_DISMISSED, r->s->actor,
	    r->s->reason, e) && audit_add(r->s->settler->books, r->s->actor,
	    "kept", event_name(work), "conflict", r->s->reason, e);
}

/* ---- documents that a person made ------------------------------------- */

static bool
take_document(struct resolving *r, const cJSON *item, struct err *e)
{
	struct work *work = r->work;
	struct document document;
	const char *wrong;
	int64_t part = 0, base;

	if ((json_at(item, "part") != NULL &&
	    !read_version(json_at(item, "part"), &part)) ||
	    part >= (int64_t)work->n_pieces)
		return err_set(e, ERR_REQUEST, "documents: no such part");
	if (!read_version(json_at(item, "base"), &base))
		return err_set(e, ERR_NO_VERSION, "documents: base");
	if (base != r->contests[part].row.version)
		return moved_on(r, &r->contests[part], base, e);
	if (!document_read(json_at(item, "document"), work->arena, &document,
	    &wrong))
		return err_set(e, ERR_REQUEST, "not a document: %.200s",
		    wrong);
	if (!document_same(&document, r->contests[part].incoming))
		return err_set(e, ERR_REQUEST, "a document keeps its entity, "
		    "kind and number");
	rule_document(r, (size_t)part, &document);
	return true;
}

static bool
take_documents(struct resolving *r, const cJSON *list, struct err *e)
{
	const cJSON *item;

	if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) == 0)
		return err_set(e, ERR_REQUEST, "documents: a list");
	cJSON_ArrayForEach(item, list)
		if (!take_document(r, item, e))
			return false;
	return true;
}

/* ---- doing ------------------------------------------------------------ */

/* Those that were ruled on before stay so. */
static void
begin(struct resolving *r)
{
	struct work *work = r->work;

	r->rulings = arena_alloc(work->arena,
	    (work->n_pieces + 1) * sizeof *r->rulings);
	for (size_t i = 0; i < work->n_pieces; i++)
		r->rulings[i] = (struct ruling){ .part = -1, .base = -1 };
	for (size_t i = 0; i < work->n_rulings; i++)
		if (work->rulings[i].part < (int64_t)work->n_pieces)
			r->rulings[work->rulings[i].part] = work->rulings[i];
}

/* The rulings in force from here on: those of this decision and earlier. */
static void
gather(struct resolving *r)
{
	struct work *work = r->work;
	struct ruling *all = arena_alloc(work->arena,
	    (work->n_pieces + 1) * sizeof *all);
	size_t n = 0;

	for (size_t i = 0; i < work->n_pieces; i++) {
		struct ruling *ruling = &r->rulings[i];

		if (ruling->part < 0)
			continue;
		ruling->parts = (int64_t)work->n_pieces;
		ruling->seq = r->s->seq;
		ruling->actor = r->s->actor;
		all[n++] = *ruling;
	}
	work->rulings = all;
	work->n_rulings = n;
}

static const char *
say_findings(const struct work *work)
{
	const char *all = "";
	struct str text;

	for (size_t i = 0; i < work->findings.n; i++) {
		const struct finding *f = &work->findings.items[i];

		if (finding_info(f->code)->level != FINDING_BLOCK)
			continue;
		str_init(&text, 2048);
		finding_sentence(f, &text);
		all = arena_printf(work->arena, "%s%s%s: %s", all,
		    all[0] != '\0' ? "; " : "", finding_info(f->code)->name,
		    text.p);
		str_free(&text);
	}
	return all;
}

static bool
put_rulings(struct resolving *r, struct err *e)
{
	for (size_t i = 0; i < r->work->n_rulings; i++)
		if (!ruling_put(r->s->settler->books, r->work->event.seq,
		    &r->work->rulings[i], e))
			return false;
	return true;
}

static bool
apply(struct resolving *r, struct err *e)
{
	struct settler *settler = r->s->settler;
	struct work *work = r->work;

	gather(r);
	settler->remap(work, settler->arg);
	if (findings_block(&work->findings))
		return refuse(r, ERR_REFUSED, say_findings(work), e);
	if (!put_rulings(r, e) ||
	    !settle_again(settler, work, r->s->actor, e))
		return false;
	r->s->done = work->event.state != EVENT_CONFLICT &&
	    work->event.state != EVENT_FAILED;
	return r->s->done || err_set(e, ERR_REFUSED, "E%lld: %.440s",
	    (long long)work->event.seq, say_findings(work));
}

static bool
take_side(struct resolving *r, const char *take, struct err *e)
{
	bool refused = false;

	if (r->work->event.state != EVENT_CONFLICT)
		return refuse(r, ERR_REFUSED, "it is no conflict", e);
	if (strcmp(take, "current") == 0)
		return keep_current(r, e);
	if (strcmp(take, "incoming") == 0)
		take_incoming(r);
	else if (!take_merge(r, &refused, e))
		return false;
	return refused || apply(r, e);
}

bool
act_resolve(struct saying *s, struct work *work, struct err *e)
{
	struct resolving r = { .s = s, .work = work };
	const char *take = json_text(s->with, "take");

	if (!remap_kept(s->settler, work, e) ||
	    !contests_open(s->settler->books->db, work, &r.contests, e))
		return false;
	if (work->n_pieces == 0)
		return refuse(&r, ERR_REFUSED, "no document comes of it", e);
	begin(&r);
	if (!judge_seen(&r, e))
		return false;
	if (take != NULL)
		return take_side(&r, take, e);
	return take_documents(&r, json_at(s->with, "documents"), e) &&
	    apply(&r, e);
}

bool
judge_resolve(struct decision *d, const struct event *event,
    const struct placing *placing, struct settler *settler, struct err *e)
{
	const char *take = json_text(d->with, "take");
	const cJSON *documents = json_at(d->with, "documents");

	(void)event;
	(void)placing;
	(void)settler;
	if ((take != NULL) == (documents != NULL))
		return err_set(e, ERR_REQUEST, "with take or documents");
	if (take != NULL && strcmp(take, "incoming") != 0 &&
	    strcmp(take, "current") != 0 && strcmp(take, "merge") != 0)
		return err_set(e, ERR_REQUEST,
		    "take is incoming, current or merge");
	if (documents != NULL && (d->n_picks != 1 || d->finished == NULL))
		return err_set(e, ERR_REQUEST, "documents are of one event");
	/* A run over many sees none of them. */
	return d->n_picks != 1 || d->finished == NULL || documents != NULL ||
	    cJSON_IsObject(json_at(d->with, "seen")) || err_set(e,
	    ERR_NO_VERSION, "seen: the versions that you saw");
}
