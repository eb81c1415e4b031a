/*
 * Sums of the rows that stand in returns, gathered in a group and written
 * once a commit.
 */
#include "store/gst_inside.h"
#include "store/tie.h"

#include <stdlib.h>
#include <string.h>

#include "gst/docnumber.h"

#define KEY_MOST 384		/* keys are seldom longer */

/* Of a sum, and of goods. */
enum { N_DOCUMENTS, N_ROWS, N_VALUE, N_TAXABLE, N_IGST, N_CGST, N_SGST,
	N_CESS, N_FIRST, N_QUANTITY };
/* Of a series. */
enum { S_N, S_CANCELLED, S_LOW, S_HIGH };

static struct gathered *
add_gathered(struct books *books, struct span key,
    const struct gathered *like)
{
	struct gathered *g = arena_alloc(books->arena, sizeof *g);

	*g = *like;
	for (int i = 0; i < 5; i++)
		g->part[i] = arena_strdup(books->arena, like->part[i]);
	map_set(books->gst, key, g);
	return g;
}

static struct gathered *
gathered_of(struct books *books, const struct gathered *like)
{
	char most[KEY_MOST], *key = most;
	int64_t numbers[3] = { like->kind, like->period, like->rate };
	size_t n[5], total = sizeof numbers, at = sizeof numbers;
	struct gathered *g;

	for (int i = 0; i < 5; i++)
		total += n[i] = strlen(like->part[i]) + 1;
	if (total > sizeof most)
		key = arena_alloc(books->arena, total);
	memcpy(key, numbers, sizeof numbers);
	for (int i = 0; i < 5; at += n[i++])
		memcpy(key + at, like->part[i], n[i]);
	g = map_find(books->gst, (struct span){ key, total });
	return g != NULL ? g : add_gathered(books,
	    (struct span){ key, total }, like);
}

int
kept_sign(const struct gst_kept *k)
{
	return strcmp(k->nature, "credit") == 0 ||
	    strcmp(k->nature, "adjustment") == 0 ? -1 : 1;
}

/* ---- rows ------------------------------------------------------------- */

/* By what sums tell rows apart besides the section's own type. */
static const char *
sum_type(struct books *books, const struct gst_kept *k,
    const struct gst_row *row)
{
	if (k->reverse_charge && !k->inward && (
	    strncmp(row->section, "b2b", 3) == 0 ||
	    strncmp(row->section, "cdnr", 4) == 0))
		return "4B";
	if (strncmp(row->section, "ecom", 4) == 0 && k->seller != NULL)
		return arena_printf(books->arena, "%s/%s", row->type,
		    k->seller);
	return row->type;
}

/* Did an earlier row count the document there already? */
static bool
counted(const struct gst_kept *k, size_t at, bool alike)
{
	const struct gst_row *row = &k->rows[at];

	for (size_t i = 0; i < at; i++) {
		const struct gst_row *other = &k->rows[i];

		if (!other->was && other->period == row->period &&
		    strcmp(other->section, row->section) == 0 && (!alike ||
		    (strcmp(other->type, row->type) == 0 &&
		    other->rate == row->rate)))
			return true;
	}
	return false;
}

static void
add_row(struct gathered *g, const struct gst_kept *k,
    const struct gst_row *row, bool new, bool first, int sign)
{
	int by = sign * kept_sign(k);

	g->n[N_DOCUMENTS] += new ? sign : 0;
	g->n[N_FIRST] += first ? sign : 0;
	g->n[N_VALUE] += first ? by * k->value : 0;
	g->n[N_ROWS] += row->was ? 0 : sign;
	g->n[N_TAXABLE] += by * row->taxable;
	for (int head = 0; head < GST_HEADS; head++)
		g->n[N_IGST + head] += by * row->tax[head];
}

static void
count_section(struct books *books, const struct gst_kept *k, size_t at,
    int sign)
{
	const struct gst_row *row = &k->rows[at];
	const struct gathered like = { .kind = GATHER_SUM, .part = { k->gstin,
	    row->section, sum_type(books, k, row), row->place, "" },
	    .period = row->period, .rate = row->rate };

	if (row->section[0] == '\0')
		return;
	add_row(gathered_of(books, &like), k, row,
	    !row->was && !counted(k, at, true),
	    !row->was && !counted(k, at, false), sign);
}

/* Sold under reverse charge, or through an operator that pays: the value
 * alone is ours. */
static struct gst_row
cell_row(const struct gst_kept *k, const struct gst_row *row)
{
	struct gst_row out = *row;

	if (k->reverse_charge && !k->inward)
		memset(out.tax, 0, sizeof out.tax);
	return out;
}

/* The same row may be the first of its document in one cell and not in
 * another: told by the cell's name. */
static bool
in_cell(const struct gst_row *row, const char *cell)
{
	size_t n = strlen(cell);

	if (strcmp(row->cell, cell) == 0)
		return true;
	for (const char *p = row->also; (p = strstr(p, cell)) != NULL; p += n)
		if ((p == row->also || p[-1] == ' ') &&
		    (p[n] == ' ' || p[n] == '\0'))
			return true;
	return false;
}

static bool
counted_in(const struct gst_kept *k, size_t at, const char *cell,
    bool alike)
{
	for (size_t i = 0; i < at; i++)
		if (!k->rows[i].was && in_cell(&k->rows[i], cell) &&
		    (!alike || k->rows[i].rate == k->rows[at].rate))
			return true;
	return false;
}

static void
count_cell(struct books *books, const struct gst_kept *k, size_t at,
    const char *cell, int sign)
{
	const struct gst_row row = cell_row(k, &k->rows[at]);
	const struct gathered like = { .kind = GATHER_SUM, .part = { k->gstin,
	    cell, strncmp(cell, "5(", 2) != 0 ? "" :
	    k->inter ? "inter" : "intra", row.place, "" },
	    .period = k->period, .rate = row.rate };

	add_row(gathered_of(books, &like), k, &row,
	    !row.was && !counted_in(k, at, cell, true),
	    !row.was && !counted_in(k, at, cell, false), sign);
}

static void
count_cells(struct books *books, const struct gst_kept *k, size_t at,
    int sign)
{
	const struct gst_row *row = &k->rows[at];
	char cell[32];

	if (row->cell[0] != '\0')
		count_cell(books, k, at, row->cell, sign);
	for (const char *p = row->also; *p != '\0'; p += strspn(p, " ")) {
		size_t n = strcspn(p, " ");

		if (n < sizeof cell) {
			memcpy(cell, p, n);
			cell[n] = '\0';
			count_cell(books, k, at, cell, sign);
		}
		p += n;
	}
}

/* A document of two sections is one document. */
static void
count_whole(struct books *books, const struct gst_kept *k, int sign)
{
	const struct gathered like = { .kind = GATHER_SUM, .part = { k->gstin,
	    GST_OUTWARD, "", "", "" }, .period = k->period };
	struct gathered *g;

	if (k->inward || k->n_rows == 0)
		return;
	g = gathered_of(books, &like);
	g->n[N_DOCUMENTS] += sign;
	g->n[N_FIRST] += sign;
	g->n[N_ROWS] += sign * (int64_t)k->n_rows;
	g->n[N_VALUE] += sign * kept_sign(k) * k->value;
}

/* ---- goods and numbers ------------------------------------------------ */

static void
count_goods(struct books *books, const struct gst_kept *of,
    const struct gst_kept *k, int sign)
{
	for (size_t i = 0; i < k->n_goods; i++) {
		const struct gst_goods *goods = &k->goods[i];
		const struct gathered like = { .kind = GATHER_GOODS,
		    .part = { of->gstin, goods->part, goods->hsn, goods->unit,
		    "" }, .period = of->period, .rate = goods->rate };
		struct gathered *g = gathered_of(books, &like);

		g->n[N_QUANTITY] += sign * goods->quantity;
		g->n[N_TAXABLE] += sign * goods->taxable;
		g->n[N_VALUE] += sign * goods->taxable;
		for (int head = 0; head < GST_HEADS; head++) {
			g->n[N_IGST + head] += sign * goods->tax[head];
			g->n[N_VALUE] += sign * goods->tax[head];
		}
	}
}

void
kept_count(struct books *books, const struct gst_kept *k,
    const struct gst_kept *amended, int sign)
{
	for (size_t i = 0; i < k->n_rows; i++) {
		count_section(books, k, i, sign);
		count_cells(books, k, i, sign);
	}
	count_whole(books, k, sign);
	count_goods(books, k, k, sign);
	if (amended != NULL)
		count_goods(books, k, amended, -sign);
	tie_kept(books, k, sign);
	books_touch(books, "gst", arena_printf(books->arena, "%s/%lld",
	    k->gstin, (long long)k->period));
}

static const struct {
	const char *kind, *nature;
	int table;		/* nature in table 13 */
} issued[] = {
	{ "sales_invoice", "invoice", 1 },
	{ "sales_invoice", "debit", 4 },
	{ "credit_note", "credit", 5 },
	{ "advance", "advance", 6 },
};

int
kept_nature(const struct gst_kept *k)
{
	if (k->amends != 0 || k->seller != NULL)
		return 0;
	if (strcmp(k->kind, "purchase_invoice") == 0)
		return k->reverse_charge && k->ctin == NULL &&
		    strcmp(k->category, "unregistered") == 0 ? 2 : 0;
	for (size_t i = 0; i < sizeof issued / sizeof *issued; i++)
		if (strcmp(issued[i].kind, k->kind) == 0 &&
		    strcmp(issued[i].nature, k->nature) == 0)
			return issued[i].table;
	return 0;
}

/* NULL: it is in no series. */
static struct gathered *
series_of(struct books *books, const struct gst_kept *k, int64_t *serial)
{
	struct gathered like = { .kind = GATHER_SERIES,
	    .period = k->period };
	struct docnumber number;
	struct day day = { "" };
	static const char *const names[] = { "", "1", "2", "3", "4", "5",
	    "6" };
	int nature = kept_nature(k);

	if (nature == 0)
		return NULL;
	like.part[1] = names[nature];
	memcpy(day.text, k->date, strnlen(k->date, sizeof day.text - 1));
	if (!docnumber_split(k->number, day, &number)) {
		number = (struct docnumber){ .width = 0 };
		like.part[2] = k->number;
	} else {
		like.part[2] = number.series;
	}
	like.part[0] = k->gstin;
	like.part[3] = like.part[4] = "";
	like.rate = number.width;
	like.n[S_LOW] = INT64_MAX;
	like.n[S_HIGH] = -1;
	*serial = number.serial;
	return gathered_of(books, &like);
}

void
kept_number(struct books *books, const struct gst_kept *k, int sign)
{
	int64_t serial;
	struct gathered *g = series_of(books, k, &serial);

	if (g == NULL)
		return;
	g->n[S_N] += sign;
	g->n[S_CANCELLED] += k->voided ? sign : 0;
	if (sign < 0) {
		g->torn = true;
		return;
	}
	if (serial < g->n[S_LOW])
		g->n[S_LOW] = serial;
	if (serial > g->n[S_HIGH])
		g->n[S_HIGH] = serial;
}

void
kept_burn(struct books *books, const struct gst_kept *k)
{
	int64_t serial;
	struct gathered *g = series_of(books, k, &serial);

	if (g != NULL)
		g->n[S_CANCELLED] += k->voided ? 1 : -1;
}

/* ---- once a commit ---------------------------------------------------- */

static void
bind_key(struct stmt *s, const struct gathered *g)
{
	stmt_text(s, 1, g->part[0]);
	stmt_int(s, 2, g->period);
	for (int i = 1; i < 4; i++)
		stmt_text(s, i + 2, g->part[i]);
	stmt_int(s, 6, g->rate);
}

static bool
flush_sum(struct books *books, const struct gathered *g, struct err *e)
{
	static const char SQL[] = "INSERT INTO gst_sum VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,"
	    " $15) ON CONFLICT DO UPDATE SET"
	    " documents = documents + excluded.documents,"
	    " n = n + excluded.n, value = value + excluded.value,"
	    " taxable = taxable + excluded.taxable,"
	    " igst = igst + excluded.igst, cgst = cgst + excluded.cgst,"
	    " sgst = sgst + excluded.sgst, cess = cess + excluded.cess,"
	    " first = first + excluded.first";
	struct stmt *s = db_stmt(books->db, SQL);

	bind_key(s, g);
	for (int i = N_DOCUMENTS; i <= N_FIRST; i++)
		stmt_int(s, i + 7, g->n[i]);
	return stmt_run(s, e);
}

static bool
flush_goods(struct books *books, const struct gathered *g, struct err *e)
{
	static const char SQL[] = "INSERT INTO gst_hsn VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
	    " ON CONFLICT DO UPDATE SET"
	    " quantity = quantity + excluded.quantity,"
	    " value = value + excluded.value,"
	    " taxable = taxable + excluded.taxable,"
	    " igst = igst + excluded.igst, cgst = cgst + excluded.cgst,"
	    " sgst = sgst + excluded.sgst, cess = cess + excluded.cess";
	struct stmt *s = db_stmt(books->db, SQL);

	bind_key(s, g);
	stmt_int(s, 7, g->n[N_QUANTITY]);
	for (int i = N_VALUE; i <= N_CESS; i++)
		stmt_int(s, i - N_VALUE + 8, g->n[i]);
	return stmt_run(s, e);
}

/* When the end of a series goes, nothing here tells the next: the reader
 * asks the documents. */
static bool
flush_series(struct books *books, const struct gathered *g, struct err *e)
{
	static const char SQL[] = "INSERT INTO gst_series VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO UPDATE"
	    " SET n = n + excluded.n, cancelled = cancelled +"
	    " excluded.cancelled, low = min(low, excluded.low),"
	    " high = max(high, excluded.high),"
	    " torn = max(torn, excluded.torn)";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_text(s, 1, g->part[0]);
	stmt_int(s, 2, g->period);
	stmt_int(s, 3, strtoll(g->part[1], NULL, 10));
	stmt_text(s, 4, g->part[2]);
	stmt_int(s, 5, g->rate);
	stmt_int(s, 6, g->n[S_LOW]);
	stmt_int(s, 7, g->n[S_HIGH]);
	stmt_int(s, 8, g->n[S_N]);
	stmt_int(s, 9, g->n[S_CANCELLED]);
	stmt_int(s, 10, g->torn);
	return stmt_run(s, e);
}

static bool
changed(const struct gathered *g)
{
	if (g->kind == GATHER_SERIES)
		return g->n[S_N] != 0 || g->n[S_CANCELLED] != 0 || g->torn;
	for (int i = 0; i < GATHER_N; i++)
		if (g->n[i] != 0)
			return true;
	return false;
}

bool
gst_flush(struct books *books, struct err *e)
{
	struct span key;
	void *value;

	for (size_t at = 0; map_next(books->gst, &at, &key, &value);) {
		const struct gathered *g = value;

		if (changed(g) && !(g->kind == GATHER_SUM ?
		    flush_sum(books, g, e) : g->kind == GATHER_GOODS ?
		    flush_goods(books, g, e) : flush_series(books, g, e)))
			return false;
	}
	return true;
}

void
gst_clear(struct books *books)
{
	map_clear(books->gst);
}
