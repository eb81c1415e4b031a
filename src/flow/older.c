/*
 * A later success closes the older error: once a document is posted, what its
 * source sent of it before and had failed needs nobody any more. Never what is
 * newer, of another document, or of several.
 */
#include "flow/inside.h"

/* A few a document; any more stay open for a person. */
#define OLDER_MAX 100

bool
older_note(struct settler *settler, const struct work *work,
    const struct document *document, struct err *e)
{
	static const char SQL[] = "SELECT seq FROM event WHERE entity = $1"
	    " AND kind = $2 AND number = $3 AND state = 'failed'"
	    " AND source = $4 AND seq <> $5 ORDER BY seq LIMIT $6";
	struct stmt *s = db_stmt(settler->books->db, SQL);
	enum step step;

	stmt_text(s, 1, document->entity);
	stmt_text(s, 2, document_kind_name(document->kind));
	stmt_text(s, 3, document->number);
	stmt_text(s, 4, work->event.source);
	stmt_int(s, 5, work->event.seq);
	stmt_int(s, 6, OLDER_MAX);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		release_older(settler, col_int(s, 0), work->event.seq,
		    document->revision);
	return step == STEP_DONE;
}

static bool
says(const struct findings *findings, enum finding_code code)
{
	for (size_t i = 0; i < findings->n; i++)
		if (findings->items[i].code == code)
			return true;
	return false;
}

/* Both say which revision they are, or the first that came is the older. */
static bool
is_older(const struct document *document, const struct ready *ready)
{
	if (document->revision != NULL && ready->key != NULL)
		return !standing_newer(document->revision, ready->key);
	return document->revision == NULL && ready->key == NULL &&
	    ready->closes < ready->by;
}

/* What it would be by today's rules, in a memory of its own. */
static bool
judge_older(struct settler *settler, const struct ready *ready, bool *older,
    struct err *e)
{
	struct work *work = work_new();
	struct findings was;
	bool found, ok;

	*older = false;
	ok = event_load(settler->books->db, ready->closes, work->arena,
	    &work->event, &work->placing, &found, e) &&
	    findings_load(settler->books->db, ready->closes, work->arena,
	    &was, e);
	/* That number was there before: it may be another document. */
	if (ok && found && work->event.state == EVENT_FAILED &&
	    !says(&was, FIND_NUMBER_USED) && !says(&was, FIND_KEY_REUSE)) {
		ok = remap_kept(settler, work, e);
		*older = ok && work->n_pieces == 1 &&
		    is_older(&work->pieces[0].document, ready);
	}
	work_free(&work);
	return ok;
}

bool
older_close(struct settler *settler, const struct ready *ready,
    struct err *e)
{
	struct work *work;
	bool older, found, ok;

	if (!judge_older(settler, ready, &older, e))
		return false;
	if (!older)
		return true;
	work = work_new();
	ok = event_load(settler->books->db, ready->closes, work->arena,
	    &work->event, &work->placing, &found, e) &&
	    move_once(settler, work, EVENT_DISMISSED, "bahid",
	    arena_printf(work->arena, "closed by E%lld",
	    (long long)ready->by), e);
	work_free(&work);
	return ok;
}
