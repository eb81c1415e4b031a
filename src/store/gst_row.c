/* A version that stands in a return, and its rows, in and out of the tables. */
#include "store/gst_inside.h"

#include <stdlib.h>
#include <string.h>

/* ---- goods ------------------------------------------------------------ */

/* Tabs and ends of lines are between them. */
static void
add_word(struct str *out, const char *text)
{
	for (const char *p = text; *p != '\0'; p++)
		str_addc(out, (unsigned char)*p < ' ' ? '?' : *p);
}

static void
encode_goods(const struct gst_kept *k, struct str *out)
{
	for (size_t i = 0; i < k->n_goods; i++) {
		const struct gst_goods *goods = &k->goods[i];

		str_adds(out, goods->part);
		str_addc(out, '\t');
		str_addi(out, goods->rate);
		str_addc(out, '\t');
		str_addi(out, goods->quantity);
		str_addc(out, '\t');
		str_addi(out, goods->taxable);
		for (int head = 0; head < GST_HEADS; head++) {
			str_addc(out, '\t');
			str_addi(out, goods->tax[head]);
		}
		str_addc(out, '\t');
		add_word(out, goods->unit);
		str_addc(out, '\t');
		add_word(out, goods->hsn);
		str_addc(out, '\n');
	}
}

static char *
cut(char **at, char end)
{
	char *word = *at, *stop = strchr(word, end);

	*at = stop != NULL ? stop + 1 : word + strlen(word);
	if (stop != NULL)
		*stop = '\0';
	return word;
}

static void
decode_goods(const char *text, struct arena *arena, struct gst_kept *k)
{
	char *at = arena_strdup(arena, text);
	size_t n = 0;

	for (const char *p = text; *p != '\0'; p++)
		n += *p == '\n';
	k->goods = arena_alloc(arena, (n + 1) * sizeof *k->goods);
	for (k->n_goods = 0; k->n_goods < n; k->n_goods++) {
		struct gst_goods *goods = &k->goods[k->n_goods];

		goods->part = cut(&at, '\t');
		goods->rate = strtoll(cut(&at, '\t'), NULL, 10);
		goods->quantity = strtoll(cut(&at, '\t'), NULL, 10);
		goods->taxable = strtoll(cut(&at, '\t'), NULL, 10);
		for (int head = 0; head < GST_HEADS; head++)
			goods->tax[head] = strtoll(cut(&at, '\t'), NULL, 10);
		goods->unit = cut(&at, '\t');
		goods->hsn = cut(&at, '\n');
	}
}

/* ---- in --------------------------------------------------------------- */

static bool
save_row(struct books *books, const struct gst_kept *k, size_t n,
    struct err *e)
{
	static const char SQL[] = "INSERT INTO gst_row VALUES ($1, $2, $3,"
	    " $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,"
	    " $17)";
	const struct gst_row *row = &k->rows[n];
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, k->gstin);
	stmt_int(s, 2, row->period);
	stmt_text(s, 3, row->section);
	stmt_int(s, 4, k->version);
	stmt_int(s, 5, (int64_t)n);
	stmt_text(s, 6, row->type);
	stmt_text(s, 7, row->cell);
	stmt_text(s, 8, row->treatment);
	stmt_int(s, 9, row->rate);
	stmt_int(s, 10, row->taxable);
	for (int head = 0; head < GST_HEADS; head++)
		stmt_int(s, 11 + head, row->tax[head]);
	stmt_text(s, 15, row->also);
	stmt_text(s, 16, row->place);
	stmt_int(s, 17, row->was);
	return stmt_run(s, e);
}

static void
bind_head(struct stmt *s, const struct gst_kept *k)
{
	const char *const texts[] = { k->entity, k->kind, k->number, k->date,
	    k->party, k->name, k->ctin, k->category, k->place };
	const char *const papers[] = { k->operator, k->seller, k->original,
	    k->original_date, k->port, k->bill, k->bill_date, k->credit };

	stmt_int(s, 1, k->version);
	stmt_text(s, 2, k->gstin);
	stmt_int(s, 3, k->period);
	stmt_int(s, 4, k->inward);
	stmt_text(s, 5, k->nature);
	for (int i = 0; i < 9; i++)
		stmt_text(s, i + 6, texts[i]);
	stmt_int(s, 15, k->inter);
	stmt_int(s, 16, k->reverse_charge);
	stmt_int(s, 17, k->reduced);
	for (int i = 0; i < 8; i++)
		stmt_text(s, i + 18, papers[i]);
	stmt_int(s, 26, k->value);
	stmt_int(s, 27, k->voided);
	stmt_int(s, 28, k->amends);
	stmt_int(s, 29, k->seq);
	stmt_text(s, 30, k->bill_number);
}

bool
kept_save(struct books *books, const struct gst_kept *k, struct err *e)
{
	static const char SQL[] = "INSERT INTO gst_document VALUES ($1, $2,"
	    " $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,"
	    " $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28,"
	    " $29, $30, $31)";
	struct stmt *s = db_stmt(books->db, SQL);
	struct str goods;
	bool ok;

	str_init(&goods, 4 << 20);
	encode_goods(k, &goods);
	bind_head(s, k);
	stmt_span(s, 31, str_span(&goods));
	ok = stmt_run(s, e);
	str_free(&goods);
	for (size_t i = 0; ok && i < k->n_rows; i++)
		ok = save_row(books, k, i, e);
	return ok;
}

/* ---- out -------------------------------------------------------------- */

static void
read_head(struct stmt *s, struct arena *arena, struct gst_kept *k)
{
	const char **const texts[] = { &k->entity, &k->kind, &k->number,
	    &k->date, &k->party, &k->name, &k->ctin, &k->category,
	    &k->place };
	const char **const papers[] = { &k->operator, &k->seller,
	    &k->original, &k->original_date, &k->port, &k->bill,
	    &k->bill_date, &k->credit };

	k->gstin = arena_strdup(arena, col_text(s, 0));
	k->period = col_int(s, 1);
	k->inward = col_int(s, 2) != 0;
	k->nature = arena_strdup(arena, col_text(s, 3));
	for (int i = 0; i < 9; i++)
		*texts[i] = arena_strdup(arena, col_text(s, i + 4));
	k->inter = col_int(s, 13) != 0;
	k->reverse_charge = col_int(s, 14) != 0;
	k->reduced = col_int(s, 15) != 0;
	for (int i = 0; i < 8; i++)
		*papers[i] = arena_strdup(arena, col_text(s, i + 16));
	k->value = col_int(s, 24);
	k->voided = col_int(s, 25) != 0;
	k->amends = col_int(s, 26);
	k->seq = col_int(s, 27);
	k->bill_number = arena_strdup(arena, col_text(s, 28));
	decode_goods(col_text(s, 29), arena, k);
}

static void
read_row(struct stmt *s, struct arena *arena, struct gst_row *row)
{
	row->section = arena_strdup(arena, col_text(s, 0));
	row->type = arena_strdup(arena, col_text(s, 1));
	row->cell = arena_strdup(arena, col_text(s, 2));
	row->also = arena_strdup(arena, col_text(s, 3));
	row->place = arena_strdup(arena, col_text(s, 4));
	row->treatment = arena_strdup(arena, col_text(s, 5));
	row->period = col_int(s, 6);
	row->rate = col_int(s, 7);
	row->taxable = col_int(s, 8);
	for (int head = 0; head < GST_HEADS; head++)
		row->tax[head] = col_int(s, 9 + head);
	row->was = col_int(s, 13) != 0;
}

#define ROWS_MAX (4 * DOCUMENT_LINES_MAX)

static bool
load_rows(struct books *books, struct arena *arena, struct gst_kept *k,
    struct err *e)
{
	static const char SQL[] = "SELECT section, type, cell, also, place,"
	    " treatment, period, rate, taxable, igst, cgst, sgst, cess, was"
	    " FROM gst_row" GST_ROWS_OF_VERSION " ORDER BY n";
	struct stmt *s = db_stmt(books->db, SQL);
	struct vec rows;
	enum step step;

	vec_init(&rows, sizeof(struct gst_row), ROWS_MAX);
	stmt_text(s, 1, k->gstin);
	stmt_int(s, 2, k->period);
	stmt_int(s, 3, k->version);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		struct gst_row *row = vec_add(&rows);

		if (row == NULL)
			break;
		read_row(s, arena, row);
	}
	if (step == STEP_ROW)
		stmt_reset(s);
	k->n_rows = rows.n;
	k->rows = arena_alloc(arena, (rows.n + 1) * sizeof *k->rows);
	if (rows.n > 0)
		memcpy(k->rows, rows.p, rows.n * sizeof *k->rows);
	vec_free(&rows);
	return step == STEP_DONE || (step == STEP_ROW && err_set(e,
	    ERR_CORRUPT, "rows of version %lld", (long long)k->version));
}

bool
kept_load(struct books *books, struct arena *arena, int64_t version,
    struct gst_kept *k, bool *found, struct err *e)
{
	static const char SQL[] = "SELECT gstin, period, inward, nature,"
	    " entity, kind, number, date, party, name, ctin, category, place,"
	    " inter, reverse_charge, reduced, operator, seller, original,"
	    " original_date, port, bill, bill_date, credit, value, voided,"
	    " amends, seq, bill_number, goods FROM gst_document"
	    " WHERE version = $1";
	struct stmt *s = db_stmt(books->db, SQL);
	enum step step;

	*k = (struct gst_kept){ .version = version };
	stmt_int(s, 1, version);
	step = stmt_step(s, e);
	*found = step == STEP_ROW;
	if (!*found)
		return step == STEP_DONE;
	read_head(s, arena, k);
	stmt_reset(s);
	return load_rows(books, arena, k, e);
}

bool
kept_drop(struct books *books, const struct gst_kept *k, struct err *e)
{
	static const char ROWS[] = "DELETE FROM gst_row" GST_ROWS_OF_VERSION;
	static const char HEAD[] =
	    "DELETE FROM gst_document WHERE version = $1";
	struct stmt *s = db_stmt(books->db, ROWS);

	stmt_text(s, 1, k->gstin);
	stmt_int(s, 2, k->period);
	stmt_int(s, 3, k->version);
	if (!stmt_run(s, e))
		return false;
	s = db_stmt(books->db, HEAD);
	stmt_int(s, 1, k->version);
	return stmt_run(s, e);
}
