/* What a conflict is about. */
#include "flow/contest.h"

struct span
document_body(const struct document *document, struct arena *arena)
{
	struct str body;
	struct span out;

	str_init(&body, 16 << 20);
	document_encode(document, &body);
	out = (struct span){ arena_strndup(arena, body.p, body.n), body.n };
	str_free(&body);
	return out;
}

/* As standing.c judges it: by the version that it names, else by what its
 * source knows. */
static bool
disagrees(const struct contest *c, const char *source)
{
	if (c->incoming->base_version >= 0)
		return c->incoming->base_version != c->row.version;
	return c->found && !(c->row.sole &&
	    strcmp(c->row.source, source) == 0);
}

static bool
find_base(struct db *db, const struct work *work, struct contest *c,
    struct err *e)
{
	int64_t named = c->incoming->base_version;

	if (named == 0)
		return true;
	/* What was merged its source has never seen. */
	return version_find(db, c->current.id, named > 0 ? named :
	    VERSION_AS_SENT, work->event.source, work->arena, &c->base,
	    &c->based, e);
}

static bool
open_one(struct db *db, struct work *work, struct contest *c, struct err *e)
{
	struct arena *arena = work->arena;
	bool there;

	if (!document_look(db, c->incoming, arena, &c->row, &c->found, e))
		return false;
	c->contested = disagrees(c, work->event.source);
	if (!c->found)
		return true;
	if (!version_find(db, VERSION_ID(c->row.event, c->row.part),
	    c->row.version, NULL, arena, &c->current, &there, e) ||
	    !find_base(db, work, c, e))
		return false;
	if (!there)
		return err_set(e, ERR_CORRUPT, "version %lld of %.80s is "
		    "missing", (long long)c->row.version,
		    c->incoming->number);
	merge_open(&c->merge, arena, c->based ? &c->base.document : NULL,
	    &c->current.document, c->incoming);
	c->clean = c->contested && c->merge.clean;
	return true;
}

bool
contests_open(struct db *db, struct work *work, struct contest **out,
    struct err *e)
{
	struct contest *all = arena_alloc(work->arena,
	    (work->n_pieces + 1) * sizeof *all);

	for (size_t i = 0; i < work->n_pieces; i++) {
		all[i].part = i;
		all[i].incoming = &work->pieces[i].document;
		if (!open_one(db, work, &all[i], e))
			return false;
	}
	*out = all;
	return true;
}

void
contest_merged(const struct contest *c, struct arena *arena,
    struct document *out)
{
	merge_build(&c->merge, arena, out);
	out->revision = c->incoming->revision;
	out->base_version = c->row.version;
}
