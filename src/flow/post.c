/*
 * Writing an event's books: the version before is undone, the new one is
 * posted, each document gets its row and its version.
 */
#include "flow/drift_act.h"
#include "flow/inside.h"

#include "flow/sum.h"
#include "store/bank.h"
#include "store/gst.h"
#include "store/gst_read.h"
#include "store/mutual.h"
#include "store/tie.h"
#include "store/purchase.h"

void
say_journal(const struct journal *journal, const struct journal_head *head,
    const unsigned char entries[SHA256_SIZE], struct str *audit)
{
	char digest[SHA256_HEX];

	journal_digest(journal, head, entries, digest);
	str_adds(audit, " journal=J");
	str_addi(audit, journal->id);
	str_adds(audit, " entries=");
	str_adds(audit, digest);
}

/* ---- the version before ----------------------------------------------- */

/* What the document's present journal says of it; a batch's journal says it
 * of many, so there the share is taken. */
static bool
load_old(struct settler *settler, struct work *work,
    const struct standing *standing, struct journal *old,
    struct journal_head *head, struct err *e)
{
	const struct document_row *row = &standing->row;
	bool found;

	if (!journal_load(settler->books->db, row->journal, work->arena, old,
	    head, &found, e))
		return false;
	if (!found)
		return err_set(e, ERR_CORRUPT, "journal J%lld is missing",
		    (long long)row->journal);
	if (!row->shared)
		return true;
	old->id = 0;
	old->entries = NULL;
	return share_load(settler->books->db, VERSION_ID(row->event,
	    row->part), work->arena, old, e);
}

/* Undone on its own day while that period is open, so that each period shows
 * what belongs to it; else on the new one's. */
static struct journal
undo_of(struct settler *settler, struct work *work,
    const struct piece *piece, const struct journal *old)
{
	struct journal undo = journal_reverse(old, work->arena);
	const char *period = reference_period(settler->reference, old->entity,
	    old->date);

	if (period == NULL || strcmp(period, "open") != 0)
		undo.date = document_posting(&piece->document);
	return undo;
}

static bool
take_back(struct settler *settler, struct work *work,
    const struct standing *standing, struct err *e)
{
	const struct document_row *row = &standing->row;
	struct document old;

	if (!standing->found)
		return true;
	return version_load(settler->books, VERSION_ID(row->event,
	    row->part), work->arena, &old, e) &&
	    (old.voided || track(settler, work, &old, -1, e));
}

/* It was known to the other company by what the old version says. */
static bool
undo_mutual(struct settler *settler, struct work *work,
    const struct standing *standing, const struct journal *undo,
    struct err *e)
{
	const struct document_row *row = &standing->row;
	struct document old;

	if (!mutual_concerns(settler->reference, undo))
		return true;
	return version_load(settler->books, VERSION_ID(row->event,
	    row->part), work->arena, &old, e) &&
	    mutual_note(settler->books, settler->reference, &old, undo, e);
}

static bool
reverse(struct settler *settler, struct work *work,
    const struct piece *piece, const struct standing *standing,
    struct str *audit, struct err *e)
{
	struct journal old, undo;
	struct journal_head head;
	unsigned char entries[SHA256_SIZE];

	if (!standing->found || standing->row.journal == 0)
		return true;
	if (!load_old(settler, work, standing, &old, &head, e))
		return false;
	undo = undo_of(settler, work, piece, &old);
	head.kind = document_kind_name(piece->document.kind);
	head.number = piece->document.number;
	head.version = standing->row.version;
	head.event = work->event.seq;
	if (!journal_add(settler->books, &undo, &head, e) ||
	    !bank_note(settler->books, &undo, &head, NULL, NULL, e) ||
	    !tax_undo(settler, work, &standing->row, undo.date, e))
		return false;
	tie_journal(settler->books, &undo, undo.date, true);
	entries_digest(&undo, entries);
	say_journal(&undo, &head, entries, audit);
	return undo_mutual(settler, work, standing, &undo, e);
}

/* ---- the new one ------------------------------------------------------ */

static const struct ruling *
ruling_of(const struct work *work, size_t part)
{
	for (size_t i = 0; i < work->n_rulings; i++)
		if (work->rulings[i].part == (int64_t)part)
			return &work->rulings[i];
	return NULL;
}

static struct document_row
next_row(const struct work *work, size_t part,
    const struct standing *standing)
{
	const struct document_row *row = &standing->row;
	const struct ruling *ruling = ruling_of(work, part);
	const char *source = work->event.source;

	return (struct document_row){
		.version = row->version + 1,
		.event = work->event.seq,
		.part = (int64_t)part,
		.source = source,
		.revision = work->pieces[part].document.revision,
		.sole = ruling == NULL || !ruling->merged,
		.before = standing->found ? VERSION_ID(row->event,
		    row->part) : 0,
		.actor = ruling != NULL ? ruling->actor : source,
		.ruling = ruling != NULL ? ruling->seq : 0,
	};
}

static bool
note_order(struct settler *settler, const struct document *document,
    const struct document_row *next, struct err *e)
{
	const char *number = track_order(document);

	return number == NULL || ordering_note(settler->books,
	    document->entity, number, VERSION_ID(next->event, next->part),
	    e);
}

static bool
put_document(struct settler *settler, struct work *work, size_t part,
    const struct document_row *next, struct err *e)
{
	const struct piece *piece = &work->pieces[part];
	bool voided = piece->document.voided;

	/* The name costs more than to ask whether anybody waits. */
	if (settler->books->waits > 0 && !voided)
		release_note(settler, WAIT_DOCUMENT, document_key(
		    settler->arena, &piece->document));
	if (piece->document.kind == DOC_SALES_ORDER)
		release_order(settler, piece->document.entity,
		    piece->document.number);
	return (next->version > 1 || habit_late(settler->books, VERSION_ID(
	    next->event, next->part), &piece->document, e)) &&
	    document_put(settler->books, &piece->document, next, e) &&
	    document_add_version(settler->books, &piece->document, next,
	    piece->body, work->rule_digest, work->generation, e) &&
	    gst_note(settler->books, settler->reference, work->arena,
	    VERSION_ID(next->event, next->part), next->before,
	    piece->supply, e) && purchase_put(settler->books,
	    &piece->document, piece->supply, VERSION_ID(next->event,
	    next->part), next->version == 1, e) &&
	    note_order(settler, &piece->document, next, e) &&
	    (voided || (track(settler, work, &piece->document, 1, e) &&
	    older_note(settler, work, &piece->document, e)));
}

static void
place_version(struct work *work, size_t part, const struct document_row *row,
    struct str *audit)
{
	if (part == 0)
		work->placing.doc_version = row->version;
	str_adds(audit, " version=");
	str_addi(audit, row->version);
}

/* Its entity may have been registered after the version before was posted. */
static bool
read_before(struct settler *settler, struct work *work,
    const struct piece *piece, const struct standing *standing,
    struct err *e)
{
	const struct document_row *row = &standing->row;

	return !standing->found || gst_read_before(settler->books,
	    settler->reference, work->arena, piece->document.entity,
	    VERSION_ID(row->event, row->part), e);
}

static bool
post_piece(struct settler *settler, struct work *work, size_t part,
    const struct standing *standing, struct str *audit, struct err *e)
{
	struct piece *piece = &work->pieces[part];
	struct document_row next = next_row(work, part, standing);
	struct journal_head head = {
		document_kind_name(piece->document.kind),
		piece->document.number, next.version, work->event.seq
	};

	if (!read_before(settler, work, piece, standing, e))
		return false;
	tie_begin(settler->books, settler->reference, &piece->document);
	if (!take_back(settler, work, standing, e) ||
	    !reverse(settler, work, piece, standing, audit, e))
		return false;
	if (piece->has_journal) {
		tie_journal(settler->books, &piece->journal,
		    piece->journal.date, false);
		if (!journal_add(settler->books, &piece->journal, &head, e) ||
		    !bank_note(settler->books, &piece->journal, &head,
		    piece->document.reference, piece->document.order_number,
		    e) ||
		    !mutual_note(settler->books, settler->reference,
		    &piece->document, &piece->journal, e))
			return false;
		crash_point("settle.after_journal");
		tax_note(settler, &piece->document, piece->journal.date, 1);
		next.journal = piece->journal.id;
		say_journal(&piece->journal, &head, piece->entries, audit);
	}
	place_version(work, part, &next, audit);
	return put_document(settler, work, part, &next, e) &&
	    tie_end(settler->books, e);
}

void
post_foresee(struct settler *settler, struct work *work,
    const struct standing *standings)
{
	struct placing *placing = &work->placing;

	placing->doc_version = standings[0].row.version + 1;
	placing->journals = 0;
	for (size_t i = 0; i < work->n_pieces; i++)
		placing->journals += (standings[i].found &&
		    standings[i].row.journal != 0) +
		    work->pieces[i].has_journal;
	placing->journal = placing->journals > 0 ?
	    settler->books->journal + placing->journals : 0;
}

bool
post_pieces(struct settler *settler, struct work *work,
    const struct standing *standings, struct str *audit, struct err *e)
{
	post_foresee(settler, work, standings);
	for (size_t i = 0; i < work->n_pieces; i++)
		if (!post_piece(settler, work, i, &standings[i], audit, e))
			return false;
	return drift_posted(settler, work, e);
}

/* ---- as a part of a batch --------------------------------------------- */

/* The date of the books is the batch's. */
static bool
share_mutual(struct settler *settler, const struct piece *piece,
    const struct journal *of, struct err *e)
{
	struct journal share = piece->journal;

	share.id = of->id;
	share.date = of->date;
	return mutual_note(settler->books, settler->reference,
	    &piece->document, &share, e);
}

static bool
share(struct sum *into, const struct journal *journal,
    const struct journal *of, struct err *e)
{
	return sum_add(into, journal) || err_set(e, ERR_REFUSED,
	    "J%lld would be too large", (long long)of->id);
}

static bool
share_piece(struct settler *settler, struct work *work, size_t part,
    const struct standing *standing, const struct journal *of,
    struct sum *into, struct str *audit, struct err *e)
{
	struct piece *piece = &work->pieces[part];
	struct document_row next = next_row(work, part, standing);
	struct journal old, undo;
	char digest[SHA256_HEX];

	if (strcmp(piece->document.entity, of->entity) != 0)
		return post_piece(settler, work, part, standing, audit, e);
	if (!read_before(settler, work, piece, standing, e))
		return false;
	tie_begin(settler->books, settler->reference, &piece->document);
	if (!take_back(settler, work, standing, e))
		return false;
	if (standing->found && standing->row.journal == of->id) {
		/* Amended within its batch, which is not written yet. */
		old = (struct journal){ .entity = piece->document.entity };
		if (!share_load(settler->books->db, VERSION_ID(
		    standing->row.event, standing->row.part), work->arena,
		    &old, e))
			return false;
		undo = journal_reverse(&old, work->arena);
		undo.id = of->id;
		undo.date = of->date;
		tie_journal(settler->books, &undo, of->date, true);
		if (!share(into, &undo, of, e) ||
		    !undo_mutual(settler, work, standing, &undo, e) ||
		    !tax_undo(settler, work, &standing->row, of->date, e))
			return false;
	} else if (!reverse(settler, work, piece, standing, audit, e)) {
		return false;
	}
	if (piece->has_journal) {
		next.journal = of->id;
		next.shared = true;
		if (!share(into, &piece->journal, of, e))
			return false;
		tie_journal(settler->books, &piece->journal, of->date,
		    false);
		tax_note(settler, &piece->document, of->date, 1);
		digest_hex(piece->entries, SHA256_SIZE, digest);
		str_adds(audit, " share=");
		str_adds(audit, digest);
		if (!share_add(settler->books, VERSION_ID(work->event.seq,
		    (int64_t)part), &piece->journal, e) ||
		    !share_mutual(settler, piece, of, e))
			return false;
	}
	place_version(work, part, &next, audit);
	return put_document(settler, work, part, &next, e) &&
	    tie_end(settler->books, e);
}

bool
post_shares(struct settler *settler, struct work *work,
    const struct standing *standings, const struct journal *of,
    struct sum *into, struct str *audit, struct err *e)
{
	work->placing.journal = of->id;
	work->placing.journals = 1;
	for (size_t i = 0; i < work->n_pieces; i++)
		if (!share_piece(settler, work, i, &standings[i], of, into,
		    audit, e))
			return false;
	return true;
}
