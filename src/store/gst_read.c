/*
 * Documents that were posted before their entity was registered, or before
 * these tables were: each is read as it stands, in the order of its name.
 * Reading is for any thread; what it gives the writer takes.
 */
#include "store/gst_read.h"

#include <string.h>

#include "store/gst_inside.h"
#include "store/purchase.h"
#include "store/tie.h"
#include "store/views.h"

bool
gst_read_ask(struct books *books, int64_t seq, struct err *e)
{
	static const char SQL[] = "INSERT INTO gst_reading"
	    " SELECT DISTINCT entity, $1, 0, NOT EXISTS (SELECT 1"
	    " FROM document d WHERE d.entity = registration.entity), '', '',"
	    " 0 FROM registration WHERE true ON CONFLICT DO UPDATE SET"
	    " seq = excluded.seq, again = 1, ended = excluded.ended,"
	    " kind = '', number = '', done = 0";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, seq);
	return stmt_run(s, e);
}

bool
gst_read_any(struct db *db, const char *entity, bool *any, struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM gst_reading"
	    " WHERE ended = 0 AND ($1 IS NULL OR entity = $1) LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, entity);
	return stmt_found(s, any, e);
}

/* ---- on any thread ---------------------------------------------------- */

static bool
find_place(struct db *db, struct gst_pile *pile, bool *any, struct err *e)
{
	static const char SQL[] = "SELECT entity, seq, kind, number, again"
	    " FROM gst_reading WHERE ended = 0 ORDER BY entity LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step = stmt_step(s, e);

	*any = step == STEP_ROW;
	if (!*any)
		return step == STEP_DONE;
	pile->entity = arena_strdup(pile->arena, col_text(s, 0));
	pile->seq = col_int(s, 1);
	pile->kind = arena_strdup(pile->arena, col_text(s, 2));
	pile->number = arena_strdup(pile->arena, col_text(s, 3));
	pile->again = col_int(s, 4) != 0;
	stmt_reset(s);
	return true;
}

#define ENTRIES_MAX 4096	/* of one journal */

static bool
read_entries(struct db *db, int64_t id, struct arena *arena,
    struct journal *journal, struct err *e)
{
	static const char SQL[] = "SELECT account, party, base FROM entry"
	    " WHERE journal = $1 ORDER BY line";
	struct stmt *s = db_stmt(db, SQL);
	struct vec entries;
	enum step step;

	vec_init(&entries, sizeof(struct entry), ENTRIES_MAX);
	stmt_int(s, 1, id);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct entry *entry = vec_add(&entries);

		if (entry == NULL)
			break;
		entry->account = arena_strdup(arena, col_text(s, 0));
		entry->party = arena_strdup(arena, col_text(s, 1));
		entry->base = col_int(s, 2);
	}
	if (step == STEP_ROW)
		stmt_reset(s);
	journal->n_entries = entries.n;
	journal->entries = arena_alloc(arena, (entries.n + 1) *
	    sizeof *journal->entries);
	if (entries.n > 0)
		memcpy(journal->entries, entries.p,
		    entries.n * sizeof *journal->entries);
	vec_free(&entries);
	return step == STEP_DONE || (step == STEP_ROW && err_set(e,
	    ERR_CORRUPT, "entries of J%lld", (long long)id));
}

/* What the ledger has of it: the day, accounts, amounts and parties alone,
 * for what ties both (tie.h). */
static bool
read_journal(struct db *db, int64_t id, bool shared, struct arena *arena,
    struct gst_piece *piece, struct err *e)
{
	static const char SQL[] = "SELECT date FROM journal WHERE id = $1";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	if (id == 0)
		return true;
	stmt_int(s, 1, id);
	if ((step = stmt_step(s, e)) != STEP_ROW)
		return step == STEP_DONE;
	memcpy(piece->journal.date.text, col_text(s, 0),
	    strnlen(col_text(s, 0), sizeof piece->journal.date.text - 1));
	stmt_reset(s);
	return shared ? share_load(db, piece->version, arena,
	    &piece->journal, e) : read_entries(db, id, arena,
	    &piece->journal, e);
}

static bool
read_piece(struct span body, const struct reference *reference,
    struct arena *arena, struct gst_piece *piece, struct err *e)
{
	struct document *d = arena_alloc(arena, sizeof *d);

	if (!document_decode(body, arena, d))
		return err_set(e, ERR_CORRUPT, "document version %lld",
		    (long long)piece->version);
	piece->document = d;
	piece->supply = supply_read(d, reference, arena);
	return true;
}

#define KINDS "('advance', 'advance_adjustment', 'credit_note'," \
	" 'debit_note', 'journal_voucher', 'payment', 'purchase_invoice'," \
	" 'sales_invoice', 'settlement')"

static bool
read_row(struct db *db, struct stmt *s, const struct reference *reference,
    struct gst_pile *pile, struct err *e)
{
	struct gst_piece *piece = &pile->pieces[pile->n++];

	pile->to_kind = arena_strdup(pile->arena, col_text(s, 1));
	pile->to_number = arena_strdup(pile->arena, col_text(s, 2));
	piece->version = col_int(s, 0);
	return read_piece(col_span(s, 3), reference, pile->arena, piece,
	    e) && read_journal(db, col_int(s, 4), col_int(s, 5) != 0,
	    pile->arena, piece, e);
}

static bool
read_pile(struct db *db, const struct reference *reference,
    struct gst_pile *pile, struct err *e)
{
	static const char SQL[] = "SELECT v.id, d.kind, d.number, v.body,"
	    " d.journal, d.shared FROM document d JOIN document_version v"
	    " ON v.id = d.event * 128 + d.part WHERE d.entity = $1"
	    " AND (d.kind, d.number) > ($2, $3) AND d.kind IN " KINDS
	    " AND NOT EXISTS (SELECT 1 FROM gst_document g"
	    " WHERE g.version = v.id) ORDER BY d.kind, d.number LIMIT $4";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	stmt_text(s, 1, pile->entity);
	stmt_text(s, 2, pile->kind);
	stmt_text(s, 3, pile->number);
	stmt_int(s, 4, GST_PILE);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		if (!read_row(db, s, reference, pile, e)) {
			stmt_reset(s);
			return false;
		}
	pile->last = pile->n < GST_PILE;
	return step == STEP_DONE;
}

bool
gst_pile_read(struct db *db, const struct reference *reference,
    const struct gst_pile *after, struct gst_pile **out, struct err *e)
{
	struct arena *arena = arena_new();
	struct gst_pile *pile = arena_alloc(arena, sizeof *pile);
	bool any = true, ok = true;

	*pile = (struct gst_pile){ .arena = arena,
	    .generation = reference_generation(reference) };
	ok = view_last_seq(db, &pile->as_of, e);
	if (after != NULL && !after->last) {
		pile->entity = arena_strdup(arena, after->entity);
		pile->seq = after->seq;
		pile->again = after->again;
		pile->kind = arena_strdup(arena, after->to_kind);
		pile->number = arena_strdup(arena, after->to_number);
	} else {
		ok = ok && find_place(db, pile, &any, e);
	}
	pile->pieces = arena_alloc(arena, GST_PILE * sizeof *pile->pieces);
	if (ok && any && read_pile(db, reference, pile, e)) {
		*out = pile;
		return true;
	}
	arena_free(&arena);
	*out = NULL;
	return ok && !any;
}

void
gst_pile_free(struct gst_pile **pp)
{
	struct gst_pile *pile = *pp;
	struct arena *arena;

	*pp = NULL;
	if (pile == NULL)
		return;
	arena = pile->arena;
	arena_free(&arena);
}

/* ---- the writer ------------------------------------------------------- */

/* Meanwhile another version of it may have come, which stands already. */
static bool
still_stands(struct books *books, const struct gst_piece *piece, bool *out,
    struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM document d"
	    " WHERE d.entity = $1 AND d.kind = $2 AND d.number = $3"
	    " AND d.event * 128 + d.part = $4 AND NOT EXISTS"
	    " (SELECT 1 FROM gst_document WHERE version = $4)";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, piece->document->entity);
	stmt_text(s, 2, document_kind_name(piece->document->kind));
	stmt_text(s, 3, piece->document->number);
	stmt_int(s, 4, piece->version);
	return stmt_found(s, out, e);
}

static bool
put_place(struct books *books, const struct gst_pile *pile, bool *mine,
    struct err *e)
{
	static const char MOVE[] = "UPDATE gst_reading SET kind = $4,"
	    " number = $5, done = done + $6 WHERE entity = $1 AND seq = $2"
	    " AND (kind, number) = ($3, $7) AND ended = 0 RETURNING 1";
	static const char END[] = "UPDATE gst_reading SET ended = 1"
	    " WHERE entity = $1 AND seq = $2 AND (kind, number) = ($3, $4)"
	    " AND ended = 0 RETURNING 1";
	struct stmt *s = db_stmt(books->db, pile->last ? END : MOVE);

	stmt_text(s, 1, pile->entity);
	stmt_int(s, 2, pile->seq);
	stmt_text(s, 3, pile->kind);
	stmt_text(s, 4, pile->last ? pile->number : pile->to_kind);
	if (!pile->last) {
		stmt_text(s, 5, pile->to_number);
		stmt_int(s, 6, (int64_t)pile->n);
		stmt_text(s, 7, pile->number);
	}
	return stmt_found(s, mine, e);
}

/* again: the ledger's side of it is tied already, to no return. */
static bool
note_piece(struct books *books, const struct reference *reference,
    struct arena *arena, const struct gst_piece *piece, int64_t seq,
    bool again, struct err *e)
{
	const struct journal *journal = &piece->journal;

	if (again && piece->supply == NULL)
		return true;
	tie_begin(books, reference, piece->document);
	if (journal->n_entries > 0) {
		if (again) {
			struct journal undo = journal_reverse(journal, arena);

			tie_journal(books, &undo, journal->date, true);
		}
		tie_journal(books, journal, journal->date, false);
	}
	return (piece->supply == NULL || (gst_note_read(books, reference,
	    arena, piece->version, seq, piece->supply, e) &&
	    purchase_put(books, piece->document, piece->supply,
	    piece->version, false, e))) && tie_end(books, e);
}

bool
gst_read_before(struct books *books, const struct reference *reference,
    struct arena *arena, const char *entity, int64_t version, struct err *e)
{
	static const char SQL[] = "SELECT r.seq, v.body, d.journal,"
	    " d.shared, r.again"
	    " FROM gst_reading r JOIN document_version v ON v.id = $2"
	    " JOIN document d ON d.entity = v.entity AND d.kind = v.kind"
	    " AND d.number = v.number WHERE r.entity = $1"
	    " AND r.ended = 0 AND d.kind IN " KINDS
	    " AND (d.kind, d.number) > (r.kind, r.number) AND NOT EXISTS"
	    " (SELECT 1 FROM gst_document WHERE version = $2)";
	struct stmt *s = db_stmt(books->db, SQL);
	struct gst_piece piece = { .version = version };
	enum step step;
	bool ok, again;
	int64_t seq;

	stmt_text(s, 1, entity);
	stmt_int(s, 2, version);
	step = stmt_step(s, e);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	seq = col_int(s, 0);
	again = col_int(s, 4) != 0;
	ok = read_piece(col_span(s, 1), reference, arena, &piece, e) &&
	    read_journal(books->db, col_int(s, 2), col_int(s, 3) != 0,
	    arena, &piece, e);
	stmt_reset(s);
	return ok && note_piece(books, reference, arena, &piece, seq, again,
	    e);
}

bool
gst_pile_write(struct books *books, const struct reference *reference,
    struct gst_pile *pile, bool *used, struct err *e)
{
	bool moved = books->seq != pile->as_of;

	*used = pile->generation == reference_generation(reference);
	if (*used && !put_place(books, pile, used, e))
		return false;
	for (size_t i = 0; *used && i < pile->n; i++) {
		const struct gst_piece *piece = &pile->pieces[i];
		bool stands = true;

		if ((moved && !still_stands(books, piece, &stands, e)) ||
		    (stands && !note_piece(books, reference, pile->arena,
		    piece, pile->seq, pile->again, e)))
			return false;
	}
	return true;
}

bool
gst_read_all(struct books *books, const struct reference *reference,
    struct err *e)
{
	struct gst_pile *pile;
	bool used = true;

	do {
		if (!gst_pile_read(books->db, reference, NULL, &pile, e))
			return false;
		if (pile != NULL && !gst_pile_write(books, reference, pile,
		    &used, e))
			used = false;
		if (pile != NULL && !used) {
			gst_pile_free(&pile);
			return e->code == ERR_NONE ? err_set(e, ERR_CORRUPT,
			    "master data moved while GST was read") : false;
		}
		if (pile == NULL)
			return true;
		gst_pile_free(&pile);
	} while (true);
}
