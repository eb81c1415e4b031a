/*
 * Our side of what differs, given back to the target by its looker: only while
 * it has the version that the person saw, and told by what it says itself.
 */
#include "flow/looker.h"

#include <string.h>

#include "core/clock.h"
#include "flow/aside.h"
#include "flow/look_inside.h"
#include "flow/settle.h"

struct giving {
	struct looking *in;
	struct arena *arena;
	struct drift_row row;
	struct posting posting;
	const struct remote *there;	/* as it is now; NULL: it is not */
	struct verdict verdict;
	bool same;		/* it has what we have already */
};

/* ---- asking ----------------------------------------------------------- */

/* What our books have for it, which may be what was accepted before. A side
 * does not keep all that a posting says (whose ledger a line is, its bill). */
static bool
load_posting(struct giving *g, bool *found, struct err *e)
{
	struct posting_miss *misses;
	struct side ours, sent;
	size_t n;

	if (!posting_load(g->in->db, g->in->conf, g->row.journal, g->arena,
	    &g->posting, &misses, &n, found, e) || !*found)
		return e->code == ERR_NONE;
	if (*g->row.ours == '\0')
		return true;
	if (!side_decode(span_of(g->row.ours), g->arena, &ours, e))
		return false;
	sent = side_of_posting(&g->posting);
	if (side_same(&ours, &sent))
		return true;
	g->posting.date = ours.date;
	g->posting.lines = ours.lines;
	g->posting.n_lines = ours.n;
	return true;
}

static bool
find_there(struct giving *g, struct err *e)
{
	const char *reference = g->posting.reference;
	struct remote *all;
	size_t n = 0;
	bool ok;

	if (!g->in->pace(g->in->arg, 1, e))
		return false;
	ok = target_adapter(g->in->target)->find(g->in->target, &reference,
	    1, g->arena, &all, &n, e);
	g->in->over(g->in->arg);
	for (size_t i = 0; ok && i < n; i++)
		if (strcmp(all[i].remote, g->row.remote) == 0)
			g->there = &all[i];
	return ok;
}

/* The answer to an earlier try may have been lost on its way. */
static bool
has_ours(const struct giving *g)
{
	struct side ours = side_of_posting(&g->posting);
	struct side theirs = side_of_remote(g->there, g->row.currency);

	return g->there->state == REMOTE_BOOKED && side_same(&ours, &theirs);
}

/* By its version, and by what it holds: some tell versions apart by the second
 * only. */
static bool
is_as_seen(const struct giving *g, bool *is, struct err *e)
{
	struct side seen, now = side_of_remote(g->there, g->row.currency);
	const char *version = g->there->version;

	*is = strcmp(version != NULL ? version : "",
	    g->row.remote_version) == 0;
	if (!*is || *g->row.theirs == '\0' || !g->there->lined ||
	    g->there->n_lines > SIDE_LINES_MAX)
		return true;
	if (!side_decode(span_of(g->row.theirs), g->arena, &seen, e))
		return false;
	*is = side_same(&seen, &now);
	return true;
}

static bool
give(struct giving *g, struct err *e)
{
	bool found, is, ok;

	if (!load_posting(g, &found, e) || !found || !find_there(g, e))
		return false;
	g->verdict.kind = VERDICT_CONFLICT;
	g->verdict.words = "it has changed there since";
	if (g->there == NULL)
		return true;
	g->same = has_ours(g);
	if (g->same)
		return true;
	if (!is_as_seen(g, &is, e))
		return false;
	if (!is)
		return true;
	g->verdict = (struct verdict){ .kind = VERDICT_UNKNOWN,
	    .words = "" };
	if (!g->in->pace(g->in->arg, 1, e))
		return false;
	crash_point("drift.before_restore");
	ok = target_adapter(g->in->target)->restore(g->in->target,
	    &g->posting, g->there, g->arena, &g->verdict, e);
	g->in->over(g->in->arg);
	crash_point("drift.after_restore");
	return ok;
}

/* ---- what came of it -------------------------------------------------- */

static bool
note_given(struct books *books, struct giving *g, struct err *e)
{
	struct known known;
	bool found;

	if (!known_load(books->db, g->row.target, g->row.journal,
	    books->arena, &known, &found, e))
		return false;
	if (!found)
		return true;
	if (*g->verdict.remote != '\0')
		known.remote = g->verdict.remote;
	if (*g->verdict.number != '\0')
		known.number = g->verdict.number;
	known.version = g->verdict.version;
	known.held = g->verdict.held;
	return known_note(books, g->row.target, &known, e);
}

static bool
write_given(struct books *books, void *arg, struct err *e)
{
	struct giving *g = arg;
	struct drift_row *row = &g->row, now;
	bool found, done = g->same || g->verdict.kind == VERDICT_DONE;
	bool refused = !done && (g->verdict.kind == VERDICT_REFUSED ||
	    g->verdict.kind == VERDICT_CONFLICT ||
	    g->verdict.kind == VERDICT_TOGETHER);

	if (!drift_load(books->db, row->id, books->arena, &now, &found, e))
		return false;
	if (!found || now.version != row->version)
		return true;
	row->at = clock_now();
	row->words = g->verdict.words != NULL ? g->verdict.words : "";
	if (done) {
		row->state = "closed";
		row->words = "";
	} else if (refused) {
		row->state = "open";
	}
	if (!done && !refused && strcmp(row->words, now.words) == 0)
		return true;		/* nothing new */
	return (!done || g->same || note_given(books, g, e)) &&
	    drift_put(books, row, e) && audit_add(books, row->actor,
	    done ? "target.drift.restored" : "target.drift.not_restored",
	    arena_printf(books->arena, "%s/T%lld", row->target,
	    (long long)row->id), "", arena_printf(books->arena,
	    "journal=J%lld remote=%s version=%s verdict=%s words=%s",
	    (long long)row->journal, row->remote, row->remote_version,
	    verdict_name(g->same ? VERDICT_DONE : g->verdict.kind),
	    row->words), e);
}

static void
fill(struct verdict *verdict)
{
	const char **const texts[] = { &verdict->words, &verdict->remote,
		&verdict->number, &verdict->version };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (*texts[i] == NULL)
			*texts[i] = "";
}

static bool
carry_one(struct looking *in, const struct drift_row *row, bool *left,
    struct err *e)
{
	struct giving g = { .in = in, .arena = arena_new(), .row = *row,
	    .verdict = { .kind = VERDICT_UNKNOWN, .words = "" } };
	struct err why = { 0 };
	bool ok;

	if (!give(&g, &why)) {
		if (g.verdict.kind == VERDICT_CONFLICT)
			g.verdict.kind = VERDICT_UNKNOWN;
		g.verdict.words = why.why;
	}
	fill(&g.verdict);
	*left = *left || (!g.same && (g.verdict.kind == VERDICT_UNKNOWN ||
	    g.verdict.kind == VERDICT_AWAY));
	ok = aside_write(in->pump, write_given, &g, e);
	arena_free(&g.arena);
	return ok;
}

static bool
is_ours_to_give(const struct drift_row *row)
{
	return strcmp(row->state, "asked") == 0 &&
	    strcmp(row->act, "ours") == 0 && row->journal != 0 &&
	    (row->kind == DRIFT_CHANGED || row->kind == DRIFT_CANCELLED);
}

/* Nothing goes to one that somebody paused. */
static bool
may_give(struct looking *in, struct arena *arena, bool *may, struct err *e)
{
	struct target_row row;
	bool found;

	if (!target_load(in->db, in->conf->name, arena, &row, &found, e))
		return false;
	*may = found && strcmp(row.state, "running") == 0;
	return true;
}

bool
drift_carry_out(struct looking *in, bool *left, struct err *e)
{
	struct arena *arena = arena_new();
	struct drift_row *rows;
	int64_t after = 0;
	bool ok, may;
	size_t n = 0;

	*left = true;
	ok = may_give(in, arena, &may, e);
	if (!ok || !may) {
		arena_free(&arena);
		return ok;
	}
	*left = false;
	do {
		arena_reset(arena);
		ok = drift_open(in->db, in->conf->name, after, 100, arena,
		    &rows, &n, e);
		for (size_t i = 0; ok && i < n; i++) {
			after = rows[i].id;
			if (is_ours_to_give(&rows[i]))
				ok = carry_one(in, &rows[i], left, e);
		}
	} while (ok && n == 100);
	arena_free(&arena);
	return ok;
}
