/*
 * What belongs to a period that is closed is posted into the first one that
 * is open: the document keeps its day, its journal gets another.
 */
#include "flow/act.h"

#include "flow/inside.h"

static bool
is_open(const struct settler *settler, const struct document *document)
{
	const char *state = reference_period(settler->reference,
	    document->entity, document_posting(document));

	return state != NULL && strcmp(state, "open") == 0;
}

static struct ruling
ruling_of(const struct work *work, size_t part)
{
	for (size_t i = 0; i < work->n_rulings; i++)
		if (work->rulings[i].part == (int64_t)part)
			return work->rulings[i];
	return (struct ruling){ .part = (int64_t)part, .base = -1 };
}

static bool
carry(struct saying *s, struct work *work, size_t part, struct err *e)
{
	const struct document *document = &work->pieces[part].document;
	struct ruling ruling = ruling_of(work, part);

	if (!reference_next_open(s->settler->reference, document->entity,
	    document_posting(document), &ruling.day))
		return err_set(e, ERR_REFUSED, "E%lld: %.80s has no open "
		    "period", (long long)work->event.seq, document->entity);
	ruling.parts = (int64_t)work->n_pieces;
	ruling.seq = s->seq;
	ruling.actor = s->actor;
	return ruling_put(s->settler->books, work->event.seq, &ruling, e);
}

bool
act_carry(struct saying *s, struct work *work, struct err *e)
{
	size_t n = 0;

	if (!remap_kept(s->settler, work, e))
		return false;
	for (size_t i = 0; i < work->n_pieces; i++) {
		if (is_open(s->settler, &work->pieces[i].document))
			continue;
		if (!carry(s, work, i, e))
			return false;
		n++;
	}
	if (n > 0)
		return settle_again(s->settler, work, s->actor, e);
	s->verdict = "refused";
	return findings_load(s->settler->books->db, work->event.seq,
	    work->arena, &work->findings, e);
}
