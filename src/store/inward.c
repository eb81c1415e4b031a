/*
 * A row keeps its number for as long as its supplier, number and date stay
 * the same, whichever file says it: what a person said of it stays with it.
 */
#include "store/inward.h"

#include <string.h>

#include "core/json.h"
#include "store/purchase.h"

bool
inward_seen(struct db *db, const char *digest, int64_t *seq, struct err *e)
{
	static const char SQL[] = "SELECT seq FROM inward_file"
	    " WHERE digest = $1";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, digest);
	return stmt_number(s, seq, e);
}

bool
inward_generated(struct db *db, enum inward_form form, const char *gstin,
    int64_t period, struct day *out, struct err *e)
{
	static const char SQL[] = "SELECT max(generated) FROM inward_file"
	    " WHERE gstin = $1 AND form = $2 AND period = $3"
	    " AND replaced = 0";
	struct stmt *s = db_stmt(db, SQL);
	const char *text;

	*out = (struct day){ "" };
	stmt_text(s, 1, gstin);
	stmt_text(s, 2, inward_form_name(form));
	stmt_int(s, 3, period);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	text = col_text(s, 0);
	if (text != NULL && *text != '\0')
		(void)day_parse(span_of(text), out);
	stmt_reset(s);
	return true;
}

bool
inward_keep(struct books *books, const char *digest, struct span body,
    struct err *e)
{
	static const char SQL[] = "INSERT INTO inward_bytes VALUES ($1, $2)"
	    " ON CONFLICT DO NOTHING";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, digest);
	stmt_blob(s, 2, body.p, body.n);
	return stmt_run(s, e);
}

bool
inward_bytes(struct db *db, const char *digest, struct arena *arena,
    struct span *out, struct err *e)
{
	static const char SQL[] = "SELECT body FROM inward_bytes"
	    " WHERE digest = $1";
	struct stmt *s = db_stmt(db, SQL);
	struct span body;

	stmt_text(s, 1, digest);
	if (stmt_step(s, e) != STEP_ROW)
		return err_set(e, ERR_CORRUPT, "the bytes of %.16s are "
		    "missing", digest);
	body = col_span(s, 0);
	*out = (struct span){ arena_strndup(arena, body.p, body.n),
	    body.n };
	stmt_reset(s);
	return true;
}

/* ---- the file --------------------------------------------------------- */

static void
write_warnings(const struct inward *in, struct str *out)
{
	struct json j;

	json_start(&j, out);
	json_open(&j, '[');
	for (size_t i = 0; i < in->n_warnings; i++)
		json_str(&j, in->warnings[i]);
	json_close(&j, ']');
}

static void
write_told(const struct inward *in, struct str *out)
{
	struct json j;

	json_start(&j, out);
	json_open(&j, '{');
	for (int h = 0; in->tells && h < GST_HEADS; h++)
		json_kint(&j, gst_head_name((enum gst_head)h), in->told[h]);
	json_close(&j, '}');
}

static bool
put_file(struct books *books, const struct inward_file *f, struct err *e)
{
	static const char SQL[] = "INSERT INTO inward_file VALUES ($1, $2,"
	    " $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0)";
	struct stmt *s = db_stmt(books->db, SQL);
	struct str warnings, told;
	bool ok;

	str_init(&warnings, 1 << 20);
	str_init(&told, 4096);
	write_warnings(f->inward, &warnings);
	write_told(f->inward, &told);
	stmt_int(s, 1, f->seq);
	stmt_text(s, 2, f->digest);
	stmt_text(s, 3, inward_form_name(f->inward->form));
	stmt_text(s, 4, f->gstin);
	stmt_int(s, 5, f->inward->period);
	stmt_text(s, 6, f->inward->generated.text);
	stmt_text(s, 7, f->name);
	stmt_int(s, 8, f->bytes);
	stmt_int(s, 9, (int64_t)f->inward->n_rows);
	stmt_text(s, 10, f->actor);
	stmt_int(s, 11, f->at);
	stmt_span(s, 12, str_span(&warnings));
	stmt_span(s, 13, str_span(&told));
	ok = stmt_run(s, e);
	str_free(&warnings);
	str_free(&told);
	return ok;
}

/* ---- one row ---------------------------------------------------------- */

struct putting {
	struct books *books;
	const struct inward_file *file;
	const struct inward_row *row;
	const char *form;
	int64_t id;		/* of the row */
	int64_t next;		/* the last that was taken */
	bool fresh;		/* the first file of its month */
	bool amendments;	/* there are any, so that an original may have
				 * come after what amends it */
	struct inward_counts *counts;
	char own[16], pan[16];	/* of the row; bound, so they must last */
};

enum found { FOUND_NONE, FOUND_SAME, FOUND_OTHER, FOUND_GONE };

#define ROW_KEY " gstin = $1 AND form = $2 AND period = $3" \
	" AND section = $4 AND party = $5 AND number = $6 AND date = $7" \
	" AND credit = $8"

static void
bind_key(struct stmt *s, const struct putting *p)
{
	stmt_text(s, 1, p->file->gstin);
	stmt_text(s, 2, p->form);
	stmt_int(s, 3, p->row->period);
	stmt_text(s, 4, p->row->section);
	stmt_text(s, 5, p->row->party);
	stmt_text(s, 6, p->row->number);
	stmt_text(s, 7, p->row->date.text);
	stmt_int(s, 8, p->row->credit);
}

static bool
find_row(struct putting *p, enum found *out, struct err *e)
{
	static const char SQL[] = "SELECT id, gone, value, taxable, igst,"
	    " cgst, sgst, cess, place, reverse_charge, available, reason,"
	    " rejected, ims, original, name, type FROM inward_row WHERE"
	    ROW_KEY;
	struct stmt *s = db_stmt(p->books->db, SQL);
	const struct inward_row *r = p->row;
	enum step step;

	bind_key(s, p);
	step = stmt_step(s, e);
	*out = FOUND_NONE;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	p->id = col_int(s, 0);
	*out = col_int(s, 1) != 0 ? FOUND_GONE : FOUND_OTHER;
	if (*out == FOUND_OTHER && col_int(s, 2) == r->value &&
	    col_int(s, 3) == r->taxable &&
	    col_int(s, 4) == r->tax[GST_IGST] &&
	    col_int(s, 5) == r->tax[GST_CGST] &&
	    col_int(s, 6) == r->tax[GST_SGST] &&
	    col_int(s, 7) == r->tax[GST_CESS] &&
	    strcmp(col_text(s, 8), r->place) == 0 &&
	    col_int(s, 9) == r->reverse_charge &&
	    strcmp(col_text(s, 10), r->available) == 0 &&
	    strcmp(col_text(s, 11), r->reason) == 0 &&
	    col_int(s, 12) == r->rejected &&
	    strcmp(col_text(s, 13), r->ims) == 0 &&
	    strcmp(col_text(s, 14), r->original) == 0 &&
	    strcmp(col_text(s, 15), r->name) == 0 &&
	    strcmp(col_text(s, 16), r->type) == 0)
		*out = FOUND_SAME;
	stmt_reset(s);
	return true;
}

static bool
say_again(struct putting *p, struct err *e)
{
	static const char SQL[] = "UPDATE inward_row SET file = $2"
	    " WHERE id = $1";
	struct stmt *s = db_stmt(p->books->db, SQL);

	stmt_int(s, 1, p->id);
	stmt_int(s, 2, p->file->seq);
	return stmt_run(s, e);
}

static void
bind_rest(struct stmt *s, const struct putting *p)
{
	const struct inward_row *r = p->row;

	stmt_int(s, 9, p->id);
	stmt_int(s, 10, p->file->seq);
	stmt_text(s, 11, p->own);
	stmt_text(s, 12, p->pan);
	stmt_int(s, 13, recon_year(r->date));
	stmt_text(s, 14, bill_class_name(r->class));
	stmt_int(s, 15, r->apart);
	stmt_int(s, 16, r->rejected);
	stmt_int(s, 17, r->odd);
	stmt_text(s, 18, r->name);
	stmt_text(s, 19, r->type);
	stmt_text(s, 20, r->place);
	stmt_text(s, 21, r->port);
	stmt_int(s, 22, r->reverse_charge);
	stmt_text(s, 23, r->available);
	stmt_text(s, 24, r->reason);
	stmt_int(s, 25, r->amended);
	stmt_text(s, 26, r->original);
	stmt_text(s, 27, r->original_date.text);
	stmt_text(s, 28, r->filed.text);
	stmt_int(s, 29, r->supplied);
	stmt_text(s, 30, r->ims);
	stmt_int(s, 31, r->no_pending);
	stmt_text(s, 32, r->hash);
	stmt_text(s, 33, r->status);
	stmt_int(s, 34, r->value);
	stmt_int(s, 35, r->taxable);
	for (int h = 0; h < GST_HEADS; h++)
		stmt_int(s, 36 + h, r->tax[h]);
}

static bool
put_row(struct putting *p, struct err *e)
{
	static const char SQL[] = "INSERT INTO inward_row (gstin, form,"
	    " period, section, party, number, date, credit, id, file, gone,"
	    " own, pan, year, class, apart, rejected, odd, name, type,"
	    " place, port, reverse_charge, available, reason, amended,"
	    " original, original_date, amends, amended_by, filed, supplied,"
	    " ims, no_pending, hash, status, value, taxable, igst, cgst,"
	    " sgst, cess) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
	    " 0, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,"
	    " $23, $24, $25, $26, $27, 0, 0, $28, $29, $30, $31, $32, $33,"
	    " $34, $35, $36, $37, $38, $39)"
	    " ON CONFLICT (gstin, form, period, section, party, number,"
	    " date, credit) DO UPDATE SET file = excluded.file, gone = 0,"
	    " apart = excluded.apart, rejected = excluded.rejected,"
	    " odd = excluded.odd, name = excluded.name,"
	    " type = excluded.type, place = excluded.place,"
	    " port = excluded.port,"
	    " reverse_charge = excluded.reverse_charge,"
	    " available = excluded.available, reason = excluded.reason,"
	    " original = excluded.original,"
	    " original_date = excluded.original_date,"
	    " filed = excluded.filed, supplied = excluded.supplied,"
	    " ims = excluded.ims, no_pending = excluded.no_pending,"
	    " hash = excluded.hash, status = excluded.status,"
	    " value = excluded.value, taxable = excluded.taxable,"
	    " igst = excluded.igst, cgst = excluded.cgst,"
	    " sgst = excluded.sgst, cess = excluded.cess RETURNING id";
	struct stmt *s = db_stmt(p->books->db, SQL);
	int64_t id;

	recon_pan(p->file->gstin, p->own);
	recon_pan(p->row->party, p->pan);
	bind_key(s, p);
	bind_rest(s, p);
	if (stmt_step(s, e) != STEP_ROW)
		return false;
	id = col_int(s, 0);
	stmt_reset(s);
	if (id != p->id) {
		/* Twice in one file: what it says last. */
		p->id = id;
		p->next--;
		p->counts->added--;
		p->counts->changed++;
	}
	return true;
}

/* ---- amendments ------------------------------------------------------- */

/* Originals of what amends: those that came before it. The month is no way to
 * find them: a supplier's number is. */
#define ORIGINALS " WHERE gstin = $1 AND party = $2 AND number = $3" \
	" AND form = $4 AND class = $5 AND credit = $6 AND id <> $7" \
	" AND gone = 0 AND (period + 0 < $8 OR amended = 0) AND period + 0 <= $8"

static void
bind_originals(struct stmt *s, const struct putting *p)
{
	stmt_text(s, 1, p->file->gstin);
	stmt_text(s, 2, p->row->party);
	stmt_text(s, 3, p->row->original);
	stmt_text(s, 4, p->form);
	stmt_text(s, 5, bill_class_name(p->row->class));
	stmt_int(s, 6, p->row->credit);
	stmt_int(s, 7, p->id);
	stmt_int(s, 8, p->row->period);
}

static bool
amend_originals(struct putting *p, struct err *e)
{
	static const char TOUCH[] = "INSERT INTO recon_dirty SELECT DISTINCT"
	    " own, pan, year, $9 FROM inward_row" ORIGINALS
	    " ON CONFLICT DO UPDATE SET seq = excluded.seq";
	static const char NOTE[] = "UPDATE inward_row SET amends ="
	    " coalesce((SELECT id FROM inward_row" ORIGINALS
	    " ORDER BY period + 0 DESC, id DESC LIMIT 1), 0) WHERE id = $7";
	static const char MARK[] = "UPDATE inward_row SET amended_by = $7"
	    ORIGINALS;
	struct stmt *s = db_stmt(p->books->db, TOUCH);

	bind_originals(s, p);
	stmt_int(s, 9, p->file->seq);
	if (!stmt_run(s, e))
		return false;
	s = db_stmt(p->books->db, NOTE);
	bind_originals(s, p);
	if (!stmt_run(s, e))
		return false;
	s = db_stmt(p->books->db, MARK);
	bind_originals(s, p);
	return stmt_run(s, e);
}

/* The amendment may have come first. */
static bool
amended_already(struct putting *p, struct err *e)
{
	static const char MARK[] = "UPDATE inward_row SET amended_by ="
	    " coalesce((SELECT a.id FROM inward_row a WHERE a.gstin = $1"
	    " AND a.party = $2 AND a.original = $3 AND a.amended = 1"
	    " AND a.form = $4 AND a.class = $5 AND a.credit = $6"
	    " AND a.gone = 0 AND a.period + 0 >= $7 AND a.id <> $8"
	    " ORDER BY a.period + 0 DESC, a.id DESC LIMIT 1), 0) WHERE id = $8";
	static const char NOTE[] = "UPDATE inward_row SET amends = $1"
	    " WHERE amends = 0 AND id = (SELECT amended_by FROM inward_row"
	    " WHERE id = $1)";
	struct stmt *s = db_stmt(p->books->db, MARK);

	stmt_text(s, 1, p->file->gstin);
	stmt_text(s, 2, p->row->party);
	stmt_text(s, 3, p->row->number);
	stmt_text(s, 4, p->form);
	stmt_text(s, 5, bill_class_name(p->row->class));
	stmt_int(s, 6, p->row->credit);
	stmt_int(s, 7, p->row->period);
	stmt_int(s, 8, p->id);
	if (!stmt_run(s, e))
		return false;
	s = db_stmt(p->books->db, NOTE);
	stmt_int(s, 1, p->id);
	return stmt_run(s, e);
}

static bool
add_row(struct putting *p, struct err *e)
{
	enum found found = FOUND_NONE;

	if (!p->fresh && !find_row(p, &found, e))
		return false;
	if (found == FOUND_SAME) {
		p->counts->same++;
		return say_again(p, e);
	}
	p->counts->added += found == FOUND_NONE;
	p->counts->changed += found == FOUND_OTHER;
	p->counts->back += found == FOUND_GONE;
	if (found == FOUND_NONE)
		p->id = ++p->next;
	if (!put_row(p, e))
		return false;
	if (p->row->amended && p->row->original[0] != '\0') {
		p->amendments = true;
		return amend_originals(p, e);
	}
	return !p->amendments || amended_already(p, e);
}

/* ---- what is no longer there ------------------------------------------ */

static bool
run_of_month(struct books *books, const char *sql,
    const struct inward_file *f, struct err *e)
{
	struct stmt *s = db_stmt(books->db, sql);

	stmt_text(s, 1, f->gstin);
	stmt_text(s, 2, inward_form_name(f->inward->form));
	stmt_int(s, 3, f->inward->period);
	stmt_text(s, 4, f->inward->generated.text);
	stmt_int(s, 5, f->seq);
	return stmt_run(s, e);
}

static bool
count_gone(struct books *books, const struct inward_file *f, int64_t *out,
    struct err *e)
{
	static const char SQL[] = "SELECT count(*) FROM inward_row"
	    " WHERE gstin = $1 AND form = $2 AND period = $3 AND gone = $4";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, f->gstin);
	stmt_text(s, 2, inward_form_name(f->inward->form));
	stmt_int(s, 3, f->inward->period);
	stmt_int(s, 4, f->seq);
	return stmt_number(s, out, e);
}

#define OLDER " (SELECT seq FROM inward_file WHERE gstin = $1" \
	" AND form = $2 AND period = $3 AND replaced = 0" \
	" AND generated < $4 AND seq <> $5)"

/* Of amendments that are gone. */
static bool
free_originals(struct books *books, const struct inward_file *f,
    struct err *e)
{
	static const char SQL[] = "UPDATE inward_row SET amended_by = 0"
	    " WHERE amended_by <> 0 AND amended_by IN (SELECT id FROM inward_row"
	    " WHERE gstin = $1 AND form = $2 AND period = $3"
	    " AND gone = $4)";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, f->gstin);
	stmt_text(s, 2, inward_form_name(f->inward->form));
	stmt_int(s, 3, f->inward->period);
	stmt_int(s, 4, f->seq);
	return stmt_run(s, e);
}

/* Files of one day are parts of one; those of an earlier day are replaced. */
static bool
replace_older(struct books *books, const struct inward_file *f,
    struct inward_counts *counts, struct err *e)
{
	static const char GONE[] = "UPDATE inward_row SET gone = $5"
	    " WHERE gstin = $1 AND form = $2 AND period = $3 AND gone = 0"
	    " AND file IN" OLDER;
	static const char FILES[] = "UPDATE inward_file SET replaced = $5"
	    " WHERE seq IN" OLDER;

	if (f->inward->generated.text[0] == '\0')
		return true;
	return run_of_month(books, GONE, f, e) &&
	    count_gone(books, f, &counts->gone, e) &&
	    (counts->gone == 0 || free_originals(books, f, e)) &&
	    run_of_month(books, FILES, f, e);
}

static bool
touch_all(struct books *books, const struct inward_file *f, struct err *e)
{
	static const char SQL[] = "INSERT INTO recon_dirty SELECT DISTINCT"
	    " own, pan, year, $3 FROM inward_row WHERE gstin = $1"
	    " AND form = $2 AND (file = $3 OR gone = $3)"
	    " ON CONFLICT DO UPDATE SET seq = excluded.seq";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, f->gstin);
	stmt_text(s, 2, inward_form_name(f->inward->form));
	stmt_int(s, 3, f->seq);
	return stmt_run(s, e);
}

static bool
count_parts(struct books *books, const struct inward_file *f, int64_t *out,
    struct err *e)
{
	static const char SQL[] = "SELECT count(*) FROM inward_file"
	    " WHERE gstin = $1 AND form = $2 AND period = $3"
	    " AND replaced = 0";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, f->gstin);
	stmt_text(s, 2, inward_form_name(f->inward->form));
	stmt_int(s, 3, f->inward->period);
	return stmt_number(s, out, e);
}

static bool
is_first(struct db *db, const struct inward_file *f, bool *out,
    struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM inward_row WHERE gstin = $1"
	    " AND form = $2 LIMIT 1";
	static const char MONTH[] = "SELECT 1 FROM inward_row"
	    " WHERE gstin = $1 AND form = $2 AND period = $3 LIMIT 1";
	bool month = f->inward->period != 0;
	struct stmt *s = db_stmt(db, month ? MONTH : SQL);
	enum step step;

	stmt_text(s, 1, f->gstin);
	stmt_text(s, 2, inward_form_name(f->inward->form));
	if (month)
		stmt_int(s, 3, f->inward->period);
	step = stmt_step(s, e);
	*out = step == STEP_DONE;
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}

static bool
last_row(struct db *db, int64_t *out, struct err *e)
{
	static const char SQL[] = "SELECT coalesce(max(id), 0)"
	    " FROM inward_row";
	struct stmt *s = db_stmt(db, SQL);

	return stmt_number(s, out, e);
}

static bool
any_amendments(struct db *db, const char *gstin, bool *out, struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM inward_row"
	    " WHERE gstin = $1 AND amended = 1 LIMIT 1";
	struct stmt *s = db_stmt(db, SQL);

	stmt_text(s, 1, gstin);
	return stmt_found(s, out, e);
}

bool
inward_put(struct books *books, const struct inward_file *f,
    struct inward_counts *counts, struct err *e)
{
	struct putting p = { .books = books, .file = f, .counts = counts,
	    .form = inward_form_name(f->inward->form) };

	*counts = (struct inward_counts){ 0 };
	if (!put_file(books, f, e) || !last_row(books->db, &p.next, e) ||
	    !is_first(books->db, f, &p.fresh, e) ||
	    !any_amendments(books->db, f->gstin, &p.amendments, e))
		return false;
	for (size_t i = 0; i < f->inward->n_rows; i++) {
		p.row = &f->inward->rows[i];
		if (!add_row(&p, e))
			return false;
	}
	return replace_older(books, f, counts, e) &&
	    touch_all(books, f, e) &&
	    count_parts(books, f, &counts->joined, e);
}
