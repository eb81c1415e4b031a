/* From what a person said to rulings. */
#include "flow/resolution.h"

#include <stdlib.h>

#include <cjson/cJSON.h>

#include "flow/inside.h"

/* Those that were ruled on before stay so. */
bool
resolution_open(struct resolution *r, struct db *db, struct work *work,
    struct err *e)
{
	*r = (struct resolution){ .work = work };
	if (work->n_pieces == 0)
		return err_set(e, ERR_REFUSED, "no document comes of it");
	if (!contests_open(db, work, &r->contests, e))
		return false;
	r->rulings = arena_alloc(work->arena,
	    work->n_pieces * sizeof *r->rulings);
	for (size_t i = 0; i < work->n_pieces; i++)
		r->rulings[i] = (struct ruling){ .part = -1, .base = -1 };
	for (size_t i = 0; i < work->n_rulings; i++)
		if (work->rulings[i].part < (int64_t)work->n_pieces)
			r->rulings[work->rulings[i].part] = work->rulings[i];
	return true;
}

/* ---- what was seen ---------------------------------------------------- */

static bool
read_number(const cJSON *item, int64_t *out)
{
	const char *text = cJSON_IsString(item) ? item->valuestring : "";
	size_t n = strlen(text);

	*out = strtoll(text, NULL, 10);
	return n > 0 && n < 19 && strspn(text, "0123456789") == n;
}

static bool
moved_on(const struct resolution *r, const struct contest *c, int64_t seen,
    struct err *e)
{
	return err_set(e, ERR_STALE, "%s is at version %lld, you saw %lld",
	    document_key(r->work->arena, c->incoming),
	    (long long)c->row.version, (long long)seen);
}

bool
resolution_seen(const struct resolution *r, const cJSON *seen,
    struct err *e)
{
	for (size_t i = 0; i < r->work->n_pieces; i++) {
		const struct contest *c = &r->contests[i];
		const char *key = document_key(r->work->arena, c->incoming);
		const cJSON *item = cJSON_GetObjectItemCaseSensitive(seen,
		    key);
		int64_t version;

		if (item == NULL && !c->contested)
			continue;
		if (item == NULL || !read_number(item, &version))
			return err_set(e, ERR_NO_VERSION, "seen: %s", key);
		if (version != c->row.version)
			return moved_on(r, c, version, e);
	}
	return true;
}

/* ---- one side, or both ------------------------------------------------ */

static void
rule(struct resolution *r, size_t part, const struct document *document)
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
rule_document(struct resolution *r, size_t part, struct document *document)
{
	struct document *incoming = &r->work->pieces[part].document;

	document->revision = incoming->revision;
	document->base_version = r->contests[part].row.version;
	incoming->base_version = document->base_version;
	rule(r, part, document);
}

static bool
take_merge(struct resolution *r, struct err *e)
{
	for (size_t i = 0; i < r->work->n_pieces; i++) {
		const struct contest *c = &r->contests[i];
		struct document merged;

		if (!c->contested)
			continue;
		if (!c->clean)
			return err_set(e, ERR_REFUSED, "%s", c->found ?
			    "both changed the same; choose" :
			    "there is no present version");
		contest_merged(c, r->work->arena, &merged);
		rule_document(r, i, &merged);
	}
	return true;
}

bool
resolution_take(struct resolution *r, const char *take, struct err *e)
{
	if (strcmp(take, "merge") == 0)
		return take_merge(r, e);
	for (size_t i = 0; i < r->work->n_pieces; i++)
		if (r->contests[i].contested)
			rule(r, i, NULL);
	return true;
}

/* ---- documents that a person made ------------------------------------- */

static bool
take_document(struct resolution *r, const cJSON *item, bool blind,
    struct err *e)
{
	struct work *work = r->work;
	const cJSON *part_said = json_at(item, "part");
	const cJSON *base_said = json_at(item, "base");
	struct document document;
	const struct contest *c;
	const char *wrong;
	int64_t part = 0, base;

	if ((part_said != NULL && !read_number(part_said, &part)) ||
	    part >= (int64_t)work->n_pieces)
		return err_set(e, ERR_REQUEST, "documents: no such part");
	c = &r->contests[part];
	base = c->row.version;
	if ((base_said != NULL || !blind) && !read_number(base_said, &base))
		return err_set(e, ERR_NO_VERSION, "documents: base");
	if (base != c->row.version)
		return moved_on(r, c, base, e);
	if (!document_read(json_at(item, "document"), work->arena, &document,
	    &wrong))
		return err_set(e, ERR_REQUEST, "not a document: %.200s",
		    wrong);
	if (!document_same(&document, c->incoming))
		return err_set(e, ERR_REQUEST, "a document keeps its entity, "
		    "kind and number");
	rule_document(r, (size_t)part, &document);
	return true;
}

bool
resolution_documents(struct resolution *r, const cJSON *list, bool blind,
    struct err *e)
{
	const cJSON *item;

	if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) == 0)
		return err_set(e, ERR_REQUEST, "documents: a list");
	cJSON_ArrayForEach(item, list)
		if (!take_document(r, item, blind, e))
			return false;
	return true;
}

/* ---- the end ---------------------------------------------------------- */

void
resolution_rule(struct resolution *r, int64_t seq, const char *actor)
{
	struct work *work = r->work;
	size_t n = 0;

	for (size_t i = 0; i < work->n_pieces; i++) {
		struct ruling *ruling = &r->rulings[i];

		if (ruling->part < 0)
			continue;
		ruling->parts = (int64_t)work->n_pieces;
		ruling->seq = seq;
		ruling->actor = actor;
		r->rulings[n++] = *ruling;
	}
	work->rulings = r->rulings;
	work->n_rulings = n;
}
