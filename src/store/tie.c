/* Ledger against returns, document by document. */
#include "store/tie.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "book/tax.h"
#include "gst/due.h"
#include "store/gst_inside.h"
#include "store/sums.h"

#define MONTHS_MAX 8		/* of two versions of a document */

enum { TIE_NOW, TIE_BEFORE, TIE_VERSIONS };

struct tie_month {
	int64_t period;
	struct tie_sums of[TIE_VERSIONS];
};

#define KNOWN_MAX 64		/* accounts of which it is remembered */
#define CODE_MAX 24

struct tie_known {
	char code[CODE_MAX];	/* "": none yet */
	bool tax, business;
	enum tie_side side;
	int head;
};

struct tie_work {
	struct tie_known known[KNOWN_MAX];
	int64_t generation;	/* of the master data that they are of */
	const struct reference *reference;	/* NULL: nothing is tied */
	const char *entity, *kind, *number;
	const char *gstin[TIE_VERSIONS];	/* NULL: in no return */
	struct tie_month months[MONTHS_MAX];
	size_t n;
	bool placed;		/* a section takes it */
	bool taxed;		/* an entry was of tax */
	bool business;		/* one was of a party, or of a profit */
	bool over;		/* of more months than there is room for */
};

static const char *const sides[TIE_SIDES] = { "output", "input" };

static const char *const classes[TIE_CLASSES] = {
	[TIE_DIFFERS] = "differs", [TIE_UNPLACED] = "unplaced",
	[TIE_UNRETURNED] = "unreturned", [TIE_SETTLES] = "settles",
	[TIE_TIMING] = "timing",
};

const char *
tie_side_name(enum tie_side side)
{
	return sides[side];
}

const char *
tie_head_name(int head)
{
	return head == TIE_NO_HEAD ? "other" :
	    gst_head_name((enum gst_head)head);
}

const char *
tie_class_name(enum tie_class class)
{
	return classes[class];
}

bool
tie_open(enum tie_class class)
{
	return class != TIE_SETTLES && class != TIE_TIMING;
}

/* ---- accounts --------------------------------------------------------- */

static const struct {
	const char *word;
	int head;
} head_words[] = {
	{ "igst", GST_IGST }, { "cgst", GST_CGST }, { "sgst", GST_SGST },
	{ "utgst", GST_SGST }, { "cess", GST_CESS },
};

static const struct {
	const char *word;
	enum tie_side side;
} side_words[] = {
	{ "input", TIE_INPUT }, { "itc", TIE_INPUT }, { "credit", TIE_INPUT },
	{ "output", TIE_OUTPUT }, { "payable", TIE_OUTPUT },
	{ "reverse", TIE_OUTPUT },
};

/* Money at the portal and tax that others kept back: no tax of a return. */
static const char *const money_words[] = {
	"cash", "ledger", "refund", "tds", "tcs",
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

static bool
is_word(const char *word, size_t n, const char *like)
{
	return strlen(like) == n && strncasecmp(word, like, n) == 0;
}

bool
tie_account(const char *kind, const char *path, enum tie_side *side,
    int *head)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	bool gst = false;

	if (!tax_account(kind, path))
		return false;
	*side = kind[0] == 'a' ? TIE_INPUT : TIE_OUTPUT;
	*head = TIE_NO_HEAD;
	while (*(path += strcspn(path, letters)) != '\0') {
		size_t n = strspn(path, letters);

		gst = gst || (n >= 3 &&
		    strncasecmp(path + n - 3, "gst", 3) == 0);
		for (size_t i = 0; i < COUNT(money_words); i++)
			if (is_word(path, n, money_words[i]))
				return false;
		for (size_t i = 0; i < COUNT(head_words); i++)
			if (is_word(path, n, head_words[i].word))
				*head = head_words[i].head;
		for (size_t i = 0; i < COUNT(side_words); i++)
			if (is_word(path, n, side_words[i].word))
				*side = side_words[i].side;
		path += n;
	}
	return gst;
}

/* ---- one document ----------------------------------------------------- */

/* Months are cleared when they are first used. */
static void
begin_work(struct tie_work *work, const struct reference *reference,
    const struct document *d)
{
	work->reference = reference;
	if (reference == NULL)
		return;
	if (work->generation != reference_generation(reference)) {
		work->generation = reference_generation(reference);
		memset(work->known, 0, sizeof work->known);
	}
	work->entity = d->entity;
	work->kind = document_kind_name(d->kind);
	work->number = d->number;
	work->gstin[TIE_NOW] = work->gstin[TIE_BEFORE] = NULL;
	work->n = 0;
	work->placed = work->taxed = work->business = work->over = false;
}

void
tie_begin(struct books *books, const struct reference *reference,
    const struct document *d)
{
	bool taxable = reference_taxable(reference, d->entity);

	if (books->tie == NULL && taxable) {
		books->tie = calloc(1, sizeof *books->tie);
		if (books->tie == NULL)
			bug("out of memory");
	}
	if (books->tie != NULL)
		begin_work(books->tie, taxable ? reference : NULL, d);
}

/* Its texts are the document's: none of it outlives that. */
static void
forget(struct books *books)
{
	if (books->tie != NULL)
		books->tie->reference = NULL;
}

static bool
ties(const struct books *books)
{
	return books->tie != NULL && books->tie->reference != NULL;
}

static struct tie_month *
month_of(struct tie_work *work, int64_t period)
{
	for (size_t i = 0; i < work->n; i++)
		if (work->months[i].period == period)
			return &work->months[i];
	if (work->n == MONTHS_MAX) {
		work->over = true;
		return NULL;
	}
	work->months[work->n] = (struct tie_month){ .period = period };
	return &work->months[work->n++];
}

static void
learn(const struct reference *reference, const char *code,
    struct tie_known *out)
{
	const struct master *account = reference_find(reference, REF_ACCOUNT,
	    code);

	out->tax = out->business = false;
	if (account == NULL || account->kind == NULL ||
	    account->extra == NULL)
		return;
	out->tax = tie_account(account->kind, account->extra, &out->side,
	    &out->head);
	out->business = strcmp(account->kind, "income") == 0 ||
	    strcmp(account->kind, "expense") == 0;
}

/* Books use few accounts, again and again; reading a path takes longer. */
static const struct tie_known *
known_of(struct tie_work *work, const char *code, struct tie_known *spare)
{
	size_t n = strlen(code), hash = n;
	struct tie_known *known;

	for (size_t i = 0; i < n; i++)
		hash = hash * 31 + (unsigned char)code[i];
	known = &work->known[hash % KNOWN_MAX];
	if (n == 0 || n >= CODE_MAX) {
		learn(work->reference, code, spare);
		return spare;
	}
	if (strcmp(known->code, code) != 0) {
		learn(work->reference, code, known);
		memcpy(known->code, code, n + 1);
	}
	return known;
}

/* What kind of document it is, its present journal says. */
static void
add_entry(struct tie_work *work, const struct entry *entry, bool undo,
    struct tie_sums *sums)
{
	struct tie_known spare;
	const struct tie_known *known = known_of(work, entry->account,
	    &spare);

	if (known->tax) {
		work->taxed = work->taxed || !undo;
		sums->ledger[known->side][known->head] +=
		    known->side == TIE_OUTPUT ? - entry->base : entry->base;
		return;
	}
	work->business = work->business || (!undo &&
	    (entry->party != NULL || known->business));
}

void
tie_journal(struct books *books, const struct journal *journal,
    struct day day, bool undo)
{
	struct tie_work *work = books->tie;
	struct tie_month *month;

	if (!ties(books) ||
	    (month = month_of(work, gst_period_of(day))) == NULL)
		return;
	for (size_t i = 0; i < journal->n_entries; i++)
		add_entry(work, &journal->entries[i], undo,
		    &month->of[undo ? TIE_BEFORE : TIE_NOW]);
}

/* ---- what returns have of it ------------------------------------------ */

/* The month of its day, unless the return of that was filed and it stands in
 * a later one. */
static int64_t
month_of_return(const struct tie_work *work, const struct gst_kept *k)
{
	const struct registration *own;
	struct day day = { "" };
	int64_t month, natural;

	memcpy(day.text, k->date, strnlen(k->date, sizeof day.text - 1));
	month = natural = gst_period_of(day);
	own = reference_registration(work->reference, k->gstin, day);
	if (own != NULL && strcmp(own->filing, "quarterly") == 0)
		natural = gst_period_quarter(month);
	return k->period == natural ? month : k->period;
}

static bool
has_cell(const struct gst_row *row, enum gst_cell cell)
{
	return strcmp(row->cell, gst_cell_name(cell)) == 0 ||
	    strstr(row->also, gst_cell_name(cell)) != NULL;
}

/* Blocked and reversed credit comes and goes in the same return. */
static bool
is_credit(const struct gst_row *row)
{
	bool available = false;

	for (int cell = GST_4A_IMPG; cell <= GST_4A_OTH; cell++)
		available = available || has_cell(row, (enum gst_cell)cell);
	return available && !has_cell(row, GST_4B_RUL) &&
	    !has_cell(row, GST_4B_OTH);
}

static bool
is_output(const struct gst_row *row)
{
	return has_cell(row, GST_3_1A) || has_cell(row, GST_3_1B) ||
	    has_cell(row, GST_3_1D) ||
	    strcmp(row->cell, gst_cell_name(GST_3_1_1I)) == 0;
}

static void
add_row(const struct gst_kept *k, const struct gst_row *row, int sign,
    struct tie_sums *sums)
{
	bool ours = k->inward || !k->reverse_charge;

	for (int h = 0; h < GST_HEADS; h++) {
		int64_t tax = sign * kept_sign(k) * row->tax[h];

		if (ours && is_output(row))
			sums->returned[TIE_OUTPUT][h] += tax;
		if (is_credit(row))
			sums->returned[TIE_INPUT][h] += tax;
	}
}

void
tie_kept(struct books *books, const struct gst_kept *k, int sign)
{
	struct tie_work *work = books->tie;
	int version = sign > 0 ? TIE_NOW : TIE_BEFORE;
	struct tie_month *month;

	/* Its notes may be placed anew meanwhile: nothing of theirs moves. */
	if (!ties(books) || strcmp(work->number, k->number) != 0 ||
	    strcmp(work->kind, k->kind) != 0 ||
	    (month = month_of(work, month_of_return(work, k))) == NULL)
		return;
	work->gstin[version] = arena_strdup(books->arena, k->gstin);
	for (size_t i = 0; i < k->n_rows; i++) {
		add_row(k, &k->rows[i], sign, &month->of[version]);
		work->placed = work->placed || (sign > 0 &&
		    k->rows[i].section[0] != '\0' &&
		    strcmp(k->rows[i].section,
		    gst_section_name(GST_NOWHERE)) != 0);
	}
}

/* ---- both ------------------------------------------------------------- */

/* An account that names no head holds whichever one is missing. */
static void
spread(int64_t ledger[TIE_HEADS], const int64_t returned[TIE_HEADS])
{
	for (int h = 0; h < GST_HEADS; h++) {
		int64_t rest = ledger[TIE_NO_HEAD];
		int64_t lacks = returned[h] - ledger[h];

		if (rest == 0 || lacks == 0 || (rest < 0) != (lacks < 0))
			continue;
		if (llabs(lacks) > llabs(rest))
			lacks = rest;
		ledger[h] += lacks;
		ledger[TIE_NO_HEAD] -= lacks;
	}
}

static void
gather(struct books *books, const char *gstin, int64_t period,
    enum tie_side side, int head, const struct tie_sums *sums)
{
	char when[64];
	const char *const part[4] = { books->tie->entity, gstin, when, "" };
	struct delta *delta;

	if (sums->ledger[side][head] == 0 && sums->returned[side][head] == 0)
		return;
	snprintf(when, sizeof when, "%lld %d", (long long)period,
	    (int)side * TIE_HEADS + head);
	delta = delta_of(books, books->ties, part);
	delta->n[0] += sums->ledger[side][head];
	delta->n[1] += sums->returned[side][head];
}

struct tie_key {
	const struct tie_work *work;
	int64_t period;
	enum tie_side side;
	int head;
};

static void
bind(struct stmt *s, const struct tie_key *key)
{
	stmt_text(s, 1, key->work->entity);
	stmt_text(s, 2, key->work->kind);
	stmt_text(s, 3, key->work->number);
	stmt_int(s, 4, key->period);
	stmt_text(s, 5, sides[key->side]);
	stmt_text(s, 6, tie_head_name(key->head));
}

static bool
put(struct books *books, const struct tie_key *key, int64_t amount,
    struct err *e)
{
	static const char ADD[] = "INSERT INTO gst_tie VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7, '', 0, 0)"
	    " ON CONFLICT DO UPDATE SET amount = amount + excluded.amount";
	static const char DROP[] = "DELETE FROM gst_tie WHERE entity = $1"
	    " AND kind = $2 AND number = $3 AND period = $4 AND side = $5"
	    " AND head = $6 AND amount = 0";
	struct stmt *s = db_stmt(books->db, ADD);

	bind(s, key);
	stmt_int(s, 7, amount);
	if (!stmt_run(s, e))
		return false;
	s = db_stmt(books->db, DROP);
	bind(s, key);
	return stmt_run(s, e);
}

/* One registration's part of a month; what is left over adds to `off`. */
static void
end_sums(struct books *books, const char *gstin, int64_t period,
    struct tie_sums *sums, int64_t off[TIE_SIDES][TIE_HEADS])
{
	for (int side = 0; side < TIE_SIDES; side++) {
		spread(sums->ledger[side], sums->returned[side]);
		for (int head = 0; head < TIE_HEADS; head++) {
			gather(books, gstin != NULL ? gstin : "", period,
			    (enum tie_side)side, head, sums);
			off[side][head] += sums->ledger[side][head] -
			    sums->returned[side][head];
		}
	}
}

static bool
moved(const struct tie_work *work)
{
	return work->gstin[TIE_BEFORE] != NULL &&
	    work->gstin[TIE_NOW] != NULL &&
	    strcmp(work->gstin[TIE_BEFORE], work->gstin[TIE_NOW]) != 0;
}

static void
join(struct tie_sums *to, const struct tie_sums *from)
{
	for (int side = 0; side < TIE_SIDES; side++)
		for (int head = 0; head < TIE_HEADS; head++) {
			to->ledger[side][head] += from->ledger[side][head];
			to->returned[side][head] +=
			    from->returned[side][head];
		}
}

static bool
end_month(struct books *books, struct tie_month *month, bool *any,
    struct err *e)
{
	struct tie_work *work = books->tie;
	int64_t off[TIE_SIDES][TIE_HEADS] = { { 0 } };
	const char *before = work->gstin[TIE_BEFORE];
	const char *now = work->gstin[TIE_NOW];

	if (moved(work))
		end_sums(books, before, month->period,
		    &month->of[TIE_BEFORE], off);
	else
		join(&month->of[TIE_NOW], &month->of[TIE_BEFORE]);
	end_sums(books, now != NULL ? now : before, month->period,
	    &month->of[TIE_NOW], off);
	for (int i = 0; i < TIE_SIDES * TIE_HEADS; i++) {
		struct tie_key key = { work, month->period,
		    (enum tie_side)(i / TIE_HEADS), i % TIE_HEADS };

		if (off[key.side][key.head] == 0)
			continue;
		*any = true;
		if (!put(books, &key, off[key.side][key.head], e))
			return false;
	}
	return true;
}

static bool
mark(struct books *books, struct err *e)
{
	static const char SQL[] = "UPDATE gst_tie SET gstin = $4,"
	    " placed = $5, settles = $6"
	    " WHERE entity = $1 AND kind = $2 AND number = $3";
	const struct tie_work *work = books->tie;
	struct stmt *s = db_stmt(books->db, SQL);
	const char *now = work->gstin[TIE_NOW];

	stmt_text(s, 1, work->entity);
	stmt_text(s, 2, work->kind);
	stmt_text(s, 3, work->number);
	stmt_text(s, 4, now != NULL ? now : "");
	stmt_int(s, 5, work->placed);
	stmt_int(s, 6, work->taxed && !work->business);
	return stmt_run(s, e);
}

static bool
end_work(struct books *books, struct err *e)
{
	struct tie_work *work = books->tie;
	bool any = false;

	if (work->over)
		return err_set(e, ERR_REFUSED, "%.60s %.60s is of more than "
		    "%d months", work->kind, work->number, MONTHS_MAX);
	for (size_t i = 0; i < work->n; i++)
		if (!end_month(books, &work->months[i], &any, e))
			return false;
	return !any || mark(books, e);
}

bool
tie_end(struct books *books, struct err *e)
{
	bool ok = !ties(books) || end_work(books, e);

	forget(books);
	return ok;
}

/* ---- once a commit ---------------------------------------------------- */

bool
tie_flush(struct books *books, struct err *e)
{
	static const char SQL[] = "INSERT INTO gst_ledger VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO UPDATE SET"
	    " ledger = ledger + excluded.ledger,"
	    " returned = returned + excluded.returned";
	struct span key;
	void *value;

	for (size_t at = 0; map_next(books->ties, &at, &key, &value);) {
		const struct delta *delta = value;
		struct stmt *s;
		char *rest;
		int cell;

		if (delta->n[0] == 0 && delta->n[1] == 0)
			continue;
		s = db_stmt(books->db, SQL);
		stmt_text(s, 1, delta->part[0]);
		stmt_text(s, 2, delta->part[1]);
		stmt_int(s, 3, strtoll(delta->part[2], &rest, 10));
		cell = (int)strtol(rest, NULL, 10);
		stmt_text(s, 4, sides[cell / TIE_HEADS]);
		stmt_text(s, 5, tie_head_name(cell % TIE_HEADS));
		stmt_int(s, 6, delta->n[0]);
		stmt_int(s, 7, delta->n[1]);
		if (!stmt_run(s, e))
			return false;
	}
	return true;
}

void
tie_clear(struct books *books)
{
	map_clear(books->ties);
	forget(books);
}

/* ---- reading ---------------------------------------------------------- */

static int
head_of(const char *name)
{
	enum gst_head head;

	return gst_head_find(name, &head) ? (int)head : TIE_NO_HEAD;
}

static enum tie_side
side_of(const char *name)
{
	return name[0] == 'i' ? TIE_INPUT : TIE_OUTPUT;
}

bool
tie_sums(struct db *db, const char *entity, const char *gstin, int64_t first,
    int64_t last, struct tie_sums *out, struct err *e)
{
	static const char SQL[] = "SELECT side, head, sum(ledger),"
	    " sum(returned) FROM gst_ledger WHERE entity = $1"
	    " AND ($2 IS NULL OR gstin = $2) AND period >= $3"
	    " AND period <= $4 GROUP BY side, head";
	struct stmt *s = db_stmt(db, SQL);
	enum step step;

	*out = (struct tie_sums){ 0 };
	stmt_text(s, 1, entity);
	stmt_text(s, 2, gstin);
	stmt_int(s, 3, first);
	stmt_int(s, 4, last);
	while ((step = stmt_step(s, e)) == STEP_ROW) {
		enum tie_side side = side_of(col_text(s, 0));
		int head = head_of(col_text(s, 1));

		out->ledger[side][head] = col_int(s, 2);
		out->returned[side][head] = col_int(s, 3);
	}
	return step == STEP_DONE;
}

static bool
of_gst(const char *name)
{
	static const enum document_kind kinds[] = { DOC_SALES_INVOICE,
	    DOC_CREDIT_NOTE, DOC_DEBIT_NOTE, DOC_PURCHASE_INVOICE,
	    DOC_ADVANCE, DOC_ADVANCE_ADJUSTMENT };

	for (size_t i = 0; i < COUNT(kinds); i++)
		if (strcmp(document_kind_name(kinds[i]), name) == 0)
			return true;
	return false;
}

static enum tie_class
class_of(const char *kind, bool settles, bool placed, bool elsewhere)
{
	if (elsewhere)
		return TIE_TIMING;
	if (placed)
		return TIE_DIFFERS;
	if (of_gst(kind))
		return TIE_UNPLACED;
	return settles ? TIE_SETTLES : TIE_UNRETURNED;
}

/* Rows of one document come one after the other. */
struct gathering {
	struct str gstin, kind, number;
	struct tie tie;
	bool any, settles, placed, elsewhere;
};

static bool
end_tie(struct gathering *g, bool (*each)(void *, const struct tie *,
    struct err *), void *arg, struct err *e)
{
	if (!g->any)
		return true;
	g->any = false;
	g->tie.gstin = g->gstin.p;
	g->tie.kind = g->kind.p;
	g->tie.number = g->number.p;
	g->tie.class = class_of(g->kind.p, g->settles, g->placed,
	    g->elsewhere);
	return each(arg, &g->tie, e);
}

static void
begin_tie(struct gathering *g, struct stmt *s)
{
	str_clear(&g->kind);
	str_adds(&g->kind, col_text(s, 0));
	str_clear(&g->number);
	str_adds(&g->number, col_text(s, 1));
	str_clear(&g->gstin);
	str_adds(&g->gstin, col_text(s, 8));
	g->tie = (struct tie){ 0 };
	g->any = g->elsewhere = true;
	g->settles = col_int(s, 5) != 0;
	g->placed = col_int(s, 6) != 0;
}

static bool
take_row(struct gathering *g, struct stmt *s, bool (*each)(void *,
    const struct tie *, struct err *), void *arg, struct err *e)
{
	if (!g->any || strcmp(g->kind.p, col_text(s, 0)) != 0 ||
	    strcmp(g->number.p, col_text(s, 1)) != 0) {
		if (!end_tie(g, each, arg, e))
			return false;
		begin_tie(g, s);
	}
	g->tie.amount[side_of(col_text(s, 2))][head_of(col_text(s, 3))] +=
	    col_int(s, 4);
	/* In all its months together each head comes to nothing. */
	g->elsewhere = g->elsewhere && col_int(s, 7) == 0;
	return true;
}

bool
ties_read(struct db *db, const char *entity, int64_t first, int64_t last,
    bool (*each)(void *, const struct tie *, struct err *), void *arg,
    struct err *e)
{
	static const char SQL[] = "SELECT t.kind, t.number, t.side, t.head,"
	    " sum(t.amount), t.settles, t.placed, (SELECT sum(x.amount)"
	    " FROM gst_tie x WHERE x.entity = t.entity AND x.kind = t.kind"
	    " AND x.number = t.number AND x.side = t.side"
	    " AND x.head = t.head), t.gstin FROM gst_tie t WHERE t.entity = $1"
	    " AND t.period >= $2 AND t.period <= $3"
	    " GROUP BY t.kind, t.number, t.side, t.head"
	    " ORDER BY t.kind, t.number";
	struct stmt *s = db_stmt(db, SQL);
	struct gathering g = { .any = false };
	enum step step;

	str_init(&g.gstin, 64);
	str_init(&g.kind, 256);
	str_init(&g.number, 4096);
	stmt_text(s, 1, entity);
	stmt_int(s, 2, first);
	stmt_int(s, 3, last);
	while ((step = stmt_step(s, e)) == STEP_ROW)
		if (!take_row(&g, s, each, arg, e))
			break;
	if (step == STEP_ROW) {
		stmt_reset(s);
		step = STEP_FAILED;
	}
	if (step == STEP_DONE && !end_tie(&g, each, arg, e))
		step = STEP_FAILED;
	str_free(&g.gstin);
	str_free(&g.kind);
	str_free(&g.number);
	return step == STEP_DONE;
}
