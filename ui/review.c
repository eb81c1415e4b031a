/* The choices of a review and the JSON that they make. */
#include "ui/review.h"

#include <stdlib.h>
#include <string.h>

#include "core/json.h"

#define BODY_MAX ((size_t)16 << 20)

static void
open_parts(struct review *r)
{
	const struct wire_conflict *c = &r->conflict;
	size_t n = 0;

	r->merges = arena_alloc(r->arena, c->n * sizeof *r->merges);
	for (size_t i = 0; i < c->n; i++) {
		const struct wire_conflict_part *part = &c->parts[i];

		/* Nothing in the books: there is nothing to choose from. */
		merge_open(&r->merges[i], r->arena, part->base,
		    part->current != NULL ? part->current : part->incoming,
		    part->incoming);
		n += r->merges[i].n;
	}
	r->fields = arena_alloc(r->arena, (n + 1) * sizeof *r->fields);
	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < r->merges[i].n; k++)
			r->fields[r->n++] = (struct review_field){ i, k };
}

struct review *
review_new(struct span json)
{
	struct review *r = calloc(1, sizeof *r);

	if (r == NULL)
		bug("out of memory");
	r->arena = arena_new();
	if (!shape_conflict(json, r->arena, &r->conflict)) {
		review_free(&r);
		return NULL;
	}
	open_parts(r);
	r->whole = review_clean(r) ? WHOLE_MERGE : WHOLE_NOT;
	return r;
}

void
review_free(struct review **rp)
{
	if (*rp == NULL)
		return;
	arena_free(&(*rp)->arena);
	free(*rp);
	*rp = NULL;
}

bool
review_same(const struct review *a, const struct review *b)
{
	bool same = strcmp(a->conflict.event, b->conflict.event) == 0 &&
	    a->conflict.version == b->conflict.version &&
	    a->conflict.n == b->conflict.n;

	for (size_t i = 0; same && i < a->conflict.n; i++)
		same = strcmp(a->conflict.parts[i].current_version,
		    b->conflict.parts[i].current_version) == 0;
	return same;
}

struct merge_field *
review_at(const struct review *r, size_t field)
{
	const struct review_field *at = &r->fields[field];

	return &r->merges[at->part].fields[at->at];
}

bool
review_clean(const struct review *r)
{
	bool clean = true;

	for (size_t i = 0; i < r->conflict.n; i++)
		clean &= r->merges[i].clean && r->conflict.parts[i].current;
	return clean;
}

size_t
review_open(const struct review *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->conflict.n; i++)
		n += merge_open_fields(&r->merges[i]);
	return n;
}

void
review_take(struct review *r, size_t field, enum merge_side side)
{
	review_at(r, field)->take = side;
	r->whole = WHOLE_NOT;
}

bool
review_own(struct review *r, size_t field, const char *text)
{
	const struct review_field *at = &r->fields[field];

	if (!merge_own(&r->merges[at->part], r->arena, at->at, text))
		return false;
	r->whole = WHOLE_NOT;
	return true;
}

void
review_take_all(struct review *r, enum review_whole whole)
{
	for (size_t i = 0; i < r->conflict.n; i++) {
		struct merge *m = &r->merges[i];

		if (whole == WHOLE_MERGE)
			merge_again(m);
		else
			merge_take(m, whole == WHOLE_CURRENT ? MERGE_CURRENT :
			    MERGE_INCOMING);
	}
	r->whole = whole;
}

const char *
review_result(const struct review *r, size_t field, struct arena *arena)
{
	const struct review_field *at = &r->fields[field];

	return merge_text(&r->merges[at->part], arena, at->at);
}

/* ---- JSON ----------------------------------------------------------- */

static const char *const takes[] = {
	[WHOLE_CURRENT] = "current", [WHOLE_INCOMING] = "incoming",
	[WHOLE_MERGE] = "merge",
};

static void
write_document(const struct review *r, size_t part, struct arena *arena,
    struct json *j)
{
	struct document d;
	struct str body;

	merge_build(&r->merges[part], arena, &d);
	str_init(&body, BODY_MAX);
	document_encode(&d, &body);
	json_key(j, "document");
	json_raw(j, str_span(&body));
	str_free(&body);
}

const char *
review_version(const struct wire_conflict_part *part)
{
	return part->current_version[0] != '\0' ? part->current_version :
	    "0";
}

static void
write_choice(const struct review *r, struct arena *arena, struct json *j)
{
	if (r->whole != WHOLE_NOT) {
		json_kstr(j, "take", takes[r->whole]);
		return;
	}
	json_key(j, "documents");
	json_open(j, '[');
	for (size_t i = 0; i < r->conflict.n; i++) {
		const struct wire_conflict_part *part = &r->conflict.parts[i];

		json_open(j, '{');
		json_kint(j, "part", part->part);
		json_kstr(j, "base", review_version(part));
		write_document(r, i, arena, j);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static const char *
json_of(const struct review *r, struct arena *arena, bool seen)
{
	const char *text;
	struct json j;
	struct str out;

	str_init(&out, BODY_MAX);
	json_start(&j, &out);
	json_open(&j, '{');
	write_choice(r, arena, &j);
	if (seen) {
		json_key(&j, "seen");
		json_open(&j, '{');
		for (size_t i = 0; i < r->conflict.n; i++) {
			const struct wire_conflict_part *p =
			    &r->conflict.parts[i];

			json_kstr(&j, arena_printf(arena, "%s/%s/%s",
			    p->entity, p->kind, p->number),
			    review_version(p));
		}
		json_close(&j, '}');
	}
	json_close(&j, '}');
	text = arena_strdup(arena, out.p);
	str_free(&out);
	return text;
}

const char *
review_body(const struct review *r, struct arena *arena)
{
	return json_of(r, arena, false);
}

const char *
review_with(const struct review *r, struct arena *arena)
{
	return json_of(r, arena, true);
}
