/*
 * A version takes its place in a return: new, instead of one that was not
 * filed yet, or as the amendment of one that was.
 */
#include "store/gst_inside.h"

#include <string.h>

#include "gst/due.h"

/* ---- from the reading ------------------------------------------------- */

static const char *const natures[] = {
	[GST_INVOICE] = "invoice", [GST_CREDIT] = "credit",
	[GST_DEBIT] = "debit", [GST_ADVANCE] = "advance",
	[GST_ADJUSTMENT] = "adjustment",
};

static const char *
known(const char *text)
{
	return text != NULL ? text : "";
}

static const char *
day_text(const struct day *day)
{
	return day->text[0] != '\0' ? day->text : NULL;
}

static struct gst_kept
head_of(const struct supply *s, int64_t version)
{
	return (struct gst_kept){ .version = version, .value = s->value,
	    .gstin = s->own->gstin, .nature = natures[s->nature],
	    .entity = s->entity, .kind = document_kind_name(s->kind),
	    .number = s->number, .date = s->date.text, .party = s->party,
	    .name = s->name, .ctin = s->gstin,
	    .category = gst_category_name(s->category), .place = s->place,
	    .operator = s->operator, .seller = s->seller,
	    .original = s->original,
	    .original_date = day_text(&s->original_date), .port = s->port,
	    .bill = s->bill, .bill_date = day_text(&s->bill_date),
	    .credit = known(s->credit), .bill_number = s->bill_number,
	    .inward = s->inward, .inter = s->inter,
	    .reverse_charge = s->reverse_charge, .reduced = s->reduced,
	    .voided = s->voided };
}

static const char *
also_of(const struct supply *s, const struct supply_row *row,
    struct arena *arena)
{
	enum gst_cell cells[SUPPLY_CELLS];
	size_t n = supply_cells(s, row, cells);
	const char *out = "";

	for (size_t i = 0; i < n; i++)
		if (cells[i] != row->cell)
			out = *out == '\0' ? gst_cell_name(cells[i]) :
			    arena_printf(arena, "%s %s", out,
			    gst_cell_name(cells[i]));
	return out;
}

/* What was sold through an operator stands once more, by document. */
static void
add_operator(const struct supply *s, struct gst_kept *k)
{
	struct gst_row out = { .section = GST_SUPECO, .type = s->operator,
	    .cell = "", .also = "", .treatment = "", .place =
	    s->reverse_charge ? "paytx" : "clttx" };

	for (size_t i = 0; i < k->n_rows; i++) {
		out.taxable += k->rows[i].taxable;
		for (int head = 0; head < GST_HEADS; head++)
			out.tax[head] += k->rows[i].tax[head];
	}
	k->rows[k->n_rows++] = out;
}

static void
read_rows(const struct supply *s, struct arena *arena, struct gst_kept *k)
{
	/* Twice as many and two more: an amendment takes its own back. */
	k->rows = arena_alloc(arena, (s->n_rows + 2) * sizeof *k->rows);
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct supply_row *row = &s->rows[i];
		struct gst_row *out = &k->rows[k->n_rows++];

		*out = (struct gst_row){
		    .section = gst_section_name(row->section),
		    .type = supply_type(s, row),
		    .cell = gst_cell_name(row->cell),
		    .also = also_of(s, row, arena), .place = known(s->place),
		    .treatment = gst_treatment_name(row->treatment),
		    .rate = row->rate, .taxable = row->taxable };
		memcpy(out->tax, row->tax, sizeof out->tax);
	}
	if (s->operator != NULL && !s->inward && k->n_rows > 0)
		add_operator(s, k);
}

/* Of table 12, or of what was bought; NULL: in neither. */
static const char *
part_of(const struct supply *s, const struct supply_line *line)
{
	if (s->n_rows == 0)
		return NULL;
	switch (s->rows[line->row].section) {
	case GST_INWARD:
		return "in";
	case GST_NOWHERE:
	case GST_AT:
	case GST_TXPD:
	case GST_ECOM:
		return NULL;
	default:
		return s->category == GST_UNREGISTERED ||
		    s->category == GST_OVERSEAS ? "b2c" : "b2b";
	}
}

static struct gst_goods *
goods_of(struct gst_kept *k, const struct gst_goods *like)
{
	for (size_t i = 0; i < k->n_goods; i++) {
		struct gst_goods *goods = &k->goods[i];

		if (goods->rate == like->rate &&
		    strcmp(goods->hsn, like->hsn) == 0 &&
		    strcmp(goods->unit, like->unit) == 0)
			return goods;
	}
	k->goods[k->n_goods] = *like;
	return &k->goods[k->n_goods++];
}

static void
read_goods(const struct supply *s, struct arena *arena, struct gst_kept *k)
{
	int sign = supply_sign(s);

	k->goods = arena_alloc(arena, (s->n_lines + 1) * sizeof *k->goods);
	for (size_t i = 0; i < s->n_lines; i++) {
		const struct supply_line *line = &s->lines[i];
		struct gst_goods like = { .part = part_of(s, line),
		    .unit = known(line->unit), .hsn = known(line->hsn),
		    .rate = line->rate }, *goods;

		if (like.part == NULL)
			continue;
		goods = goods_of(k, &like);
		goods->quantity += sign * line->quantity;
		goods->taxable += sign * line->taxable;
		for (int head = 0; head < GST_HEADS; head++)
			goods->tax[head] += sign * line->tax[head];
	}
}

/* ---- filed or not ----------------------------------------------------- */

static const char *
form_of(bool inward)
{
	return inward ? "gstr3b" : "gstr1";
}

/* Is the return filed that it stands in, or any of its rows? */
static bool
is_locked(struct books *books, const struct gst_kept *k, bool *locked,
    struct err *e)
{
	if (!gst_filed(books->db, form_of(k->inward), k->gstin, k->period,
	    locked, e))
		return false;
	for (size_t i = 0; !*locked && i < k->n_rows; i++)
		if (k->rows[i].period != k->period && !gst_filed(books->db,
		    "iff", k->gstin, k->rows[i].period, locked, e))
			return false;
	return true;
}

/* ---- amendments ------------------------------------------------------- */

/* Sections whose amendment is the sum of a period anew: what a document adds
 * to it is the change alone. NULL: documents are listed. */
static const char *
summed(const char *section, bool *dated)
{
	*dated = strcmp(section, "nil") != 0;
	if (strncmp(section, "b2cs", 4) == 0)
		return "b2csa";
	if (strcmp(section, "at") == 0 || strcmp(section, "ata") == 0)
		return "ata";
	if (strncmp(section, "txpd", 4) == 0)
		return "txpda";
	if (strncmp(section, GST_SUPECO, 6) == 0)
		return "supecoa";
	return *dated ? NULL : "nil";
}

/* The period that it changes, behind the operator's number if there is one. */
static const char *
dated_type(const struct gst_row *row, const struct gst_kept *old,
    struct arena *arena)
{
	bool again = strcmp(row->section, "supecoa") == 0;

	if (strcmp(row->section, GST_SUPECO) == 0)
		return arena_printf(arena, "%s/%lld", row->type,
		    (long long)old->period);
	if (again || strcmp(row->section, "b2csa") == 0 ||
	    strcmp(row->section, "ata") == 0 ||
	    strcmp(row->section, "txpda") == 0)
		return row->type;
	return arena_printf(arena, "%lld", (long long)old->period);
}

static bool
same_root(const char *a, const char *b)
{
	enum gst_section x, y;
	bool ignored;

	return gst_section_root(a, &x, &ignored) &&
	    gst_section_root(b, &y, &ignored) && x == y;
}

static bool
stood_in(const struct gst_kept *old, const char *section)
{
	for (size_t i = 0; i < old->n_rows; i++)
		if (!old->rows[i].was &&
		    same_root(old->rows[i].section, section))
			return true;
	return false;
}

/* One of its section before it was filed: an amendment now. */
static void
amend_row(const struct gst_kept *old, struct gst_row *row,
    struct arena *arena)
{
	enum gst_section section;
	bool dated;
	const char *name = summed(row->section, &dated);

	if (name == NULL && gst_section_find(row->section, &section) &&
	    stood_in(old, row->section))
		name = gst_amended_name(section);
	else if (name != NULL && dated)
		row->type = dated_type(row, old, arena);
	if (name != NULL)
		row->section = name;
}

static void
take_back(const struct gst_kept *old, const struct gst_row *row,
    struct gst_kept *k, struct arena *arena)
{
	struct gst_row out = *row;
	bool dated;
	const char *name = summed(row->section, &dated);

	out.was = true;
	out.section = known(name);
	if (name != NULL && dated)
		out.type = dated_type(row, old, arena);
	out.taxable = -row->taxable;
	for (int head = 0; head < GST_HEADS; head++)
		out.tax[head] = -row->tax[head];
	k->rows[k->n_rows++] = out;
}

/* What is not in its section any more stands there with nothing. */
static void
add_empty(const struct gst_kept *old, const struct gst_row *row,
    size_t n_new, struct gst_kept *k)
{
	struct gst_row out = *row;
	enum gst_section section;
	bool ignored;

	if (!gst_section_root(row->section, &section, &ignored) ||
	    gst_amended_name(section) == NULL ||
	    summed(row->section, &ignored) != NULL)
		return;
	for (size_t i = 0; i < n_new; i++)
		if (same_root(k->rows[i].section, row->section))
			return;
	for (size_t i = 0; &old->rows[i] < row; i++)
		if (!old->rows[i].was &&
		    same_root(old->rows[i].section, row->section))
			return;
	out.section = gst_amended_name(section);
	out.cell = out.also = "";
	out.taxable = 0;
	memset(out.tax, 0, sizeof out.tax);
	k->rows[k->n_rows++] = out;
}

static void
amend(struct gst_kept *k, const struct gst_kept *old, struct arena *arena)
{
	struct gst_row *rows = arena_alloc(arena, (k->n_rows +
	    2 * old->n_rows + 1) * sizeof *rows);
	size_t n_new = k->n_rows;

	if (n_new > 0)
		memcpy(rows, k->rows, n_new * sizeof *rows);
	k->rows = rows;
	for (size_t i = 0; i < n_new; i++)
		amend_row(old, &rows[i], arena);
	for (size_t i = 0; i < old->n_rows; i++) {
		if (old->rows[i].was)
			continue;
		take_back(old, &old->rows[i], k, arena);
		add_empty(old, &old->rows[i], n_new, k);
	}
	k->amends = old->version;
	k->gstin = old->gstin;
}

/* ---- standing --------------------------------------------------------- */

struct stand {
	struct books *books;
	const struct reference *reference;
	struct arena *arena;
	struct supply *supply;
	struct gst_kept old, filed, new;	/* filed: what it amends */
	bool had, locked, amends;
	int64_t seq;
};

/* Undone as if it had never stood, which nobody has seen filed. */
static bool
remove_old(struct stand *st, struct err *e)
{
	kept_count(st->books, &st->old, st->old.amends != 0 ? &st->filed :
	    NULL, -1);
	return kept_drop(st->books, &st->old, e);
}

static bool
load_old(struct stand *st, int64_t before, struct err *e)
{
	bool found;

	if (before == 0)
		return true;
	if (!kept_load(st->books, st->arena, before, &st->old, &st->had, e))
		return false;
	if (!st->had)
		return true;
	if (!is_locked(st->books, &st->old, &st->locked, e))
		return false;
	if (st->locked)
		st->filed = st->old;
	else if (st->old.amends != 0 && !kept_load(st->books, st->arena,
	    st->old.amends, &st->filed, &found, e))
		return false;
	st->amends = st->locked || st->old.amends != 0;
	return true;
}

/* A number that was burnt keeps what was known of it. */
static void
keep_burnt(struct stand *st)
{
	const struct gst_kept *from = &st->old;
	int64_t version = st->new.version;

	if (!st->had || !st->new.voided)
		return;
	st->new = *from;
	st->new.version = version;
	st->new.voided = true;
	st->new.value = 0;
	st->new.n_rows = st->new.n_goods = 0;
	st->new.rows = NULL;
	st->new.amends = 0;
}

/* Whatever the newer version says of ours: it stands with the older one. */
static const struct registration *
own_of(const struct stand *st, struct day day)
{
	const struct registration *own = reference_registration(
	    st->reference, st->new.gstin, day);

	return own != NULL ? own : st->supply->own;
}

static bool
find_period(struct stand *st, struct err *e)
{
	const struct registration *own;
	struct day day = { "" };
	int64_t from;

	memcpy(day.text, st->new.date, strnlen(st->new.date,
	    sizeof day.text - 1));
	own = own_of(st, day);
	from = gst_period_of(day);
	if (strcmp(own->filing, "quarterly") == 0)
		from = gst_period_quarter(from);
	/* Nothing is amended before the return that it was filed in. */
	if (st->amends && st->filed.period > from)
		from = st->filed.period;
	if (!gst_open_period(st->books->db, form_of(st->supply->inward), own,
	    from, &st->new.period, e))
		return false;
	for (size_t i = 0; i < st->new.n_rows; i++)
		st->new.rows[i].period = st->new.period;
	return true;
}

static bool
same_number(const struct gst_kept *a, const struct gst_kept *b)
{
	return a->period == b->period && strcmp(a->gstin, b->gstin) == 0 &&
	    strcmp(a->nature, b->nature) == 0 &&
	    strcmp(a->number, b->number) == 0 && a->amends == b->amends;
}

static void
renumber(struct stand *st, bool stands)
{
	/* The number alone is cancelled: nothing of it moved. */
	if (stands && st->had && !st->locked &&
	    same_number(&st->old, &st->new)) {
		if (st->old.voided != st->new.voided)
			kept_burn(st->books, &st->new);
		return;
	}
	if (st->had && !st->locked)
		kept_number(st->books, &st->old, -1);
	if (stands)
		kept_number(st->books, &st->new, 1);
}

/* What changed tells its own number of the log; what left tells nothing. */
static bool
note_gone(struct stand *st, bool stands, struct err *e)
{
	static const char SQL[] = "INSERT OR REPLACE INTO gst_gone"
	    " VALUES ($1, $2, $3, $4, $5, $6)";
	const struct gst_kept *k = &st->old;
	struct stmt *s;

	if (!st->had || st->locked || (stands &&
	    k->period == st->new.period &&
	    strcmp(k->gstin, st->new.gstin) == 0))
		return true;
	s = db_stmt(st->books->db, SQL);
	stmt_text(s, 1, k->gstin);
	stmt_int(s, 2, k->period);
	stmt_int(s, 3, st->books->seq);
	stmt_int(s, 4, k->version);
	stmt_text(s, 5, k->kind);
	stmt_text(s, 6, k->number);
	return stmt_run(s, e);
}

/* The new version, with whatever it takes the place of. */
static bool
take_place(struct stand *st, int64_t version, struct err *e)
{
	st->new = head_of(st->supply, version);
	read_rows(st->supply, st->arena, &st->new);
	read_goods(st->supply, st->arena, &st->new);
	keep_burnt(st);
	if (st->amends)
		amend(&st->new, &st->filed, st->arena);
	st->new.seq = st->seq;
	if (!find_period(st, e) || !kept_save(st->books, &st->new, e))
		return false;
	kept_count(st->books, &st->new, st->amends ? &st->filed : NULL, 1);
	return true;
}

static bool
stand(struct stand *st, int64_t version, int64_t before, struct err *e)
{
	bool stands = st->supply != NULL;

	if (!load_old(st, before, e) ||
	    (st->had && !st->locked && !remove_old(st, e)) ||
	    (stands && !take_place(st, version, e)))
		return false;
	renumber(st, stands);
	return note_gone(st, stands, e);
}

/* ---- notes and their invoices ----------------------------------------- */

/* A note to nobody registered in another state is as large as the invoice
 * that it names, and, when it says nothing of it, goes to the same place. */
static bool
original_matters(const struct supply *s)
{
	return s->original != NULL && !s->inward && !s->voided &&
	    s->gstin == NULL && (s->nature == GST_CREDIT ||
	    s->nature == GST_DEBIT);
}

static void
follow_original(struct supply *s, struct stmt *q, struct arena *arena)
{
	s->original_total = col_int(q, 0);
	if (s->party != NULL)
		return;
	if (s->place == NULL)
		s->place = arena_strdup(arena, col_text(q, 1));
	s->gstin = arena_strdup(arena, col_text(q, 2));
	(void)gst_category_find(col_text(q, 3), &s->category);
	s->name = arena_strdup(arena, col_text(q, 4));
}

static bool
ask_original(struct books *books, const struct reference *reference,
    struct arena *arena, struct supply *s, struct err *e)
{
	static const char OF_NUMBER[] = "SELECT g.value, g.place, g.ctin,"
	    " g.category, g.name FROM document d"
	    " JOIN gst_document g ON g.version = d.event * 128 + d.part"
	    " WHERE d.entity = $1 AND d.kind = 'sales_invoice'"
	    " AND d.number = $2";
	/* by what its source calls it */
	static const char OF_REFERENCE[] = "SELECT g.value, g.place, g.ctin,"
	    " g.category, g.name FROM gst_document g"
	    " JOIN document d ON d.entity = g.entity AND d.kind = g.kind"
	    " AND d.number = g.number"
	    " AND g.version = d.event * 128 + d.part"
	    " WHERE g.entity = $1 AND g.bill_number = $2"
	    " AND g.kind = 'sales_invoice' AND g.bill_number <> g.number"
	    " LIMIT 1";
	enum step step = STEP_DONE;

	if (s == NULL || !original_matters(s))
		return true;
	for (int i = 0; i < 2 && step == STEP_DONE; i++) {
		struct stmt *q = db_stmt(books->db, i == 0 ? OF_NUMBER :
		    OF_REFERENCE);

		stmt_text(q, 1, s->entity);
		stmt_text(q, 2, s->original);
		step = stmt_step(q, e);
		if (step == STEP_ROW) {
			follow_original(s, q, arena);
			stmt_reset(q);
			supply_place(s, reference, arena);
		}
	}
	return step != STEP_FAILED;
}

#define NOTES_MAX 100		/* of one invoice; as the statement says */

static bool
notes_of(struct books *books, const struct supply *s, const char *name,
    int64_t out[NOTES_MAX], size_t *n, struct err *e)
{
	static const char SQL[] = "SELECT g.version FROM gst_document g"
	    " JOIN document d ON d.entity = g.entity AND d.kind = g.kind"
	    " AND d.number = g.number"
	    " WHERE g.entity = $1 AND g.original = $2 AND g.inward = 0"
	    " AND g.version = d.event * 128 + d.part ORDER BY g.version"
	    " LIMIT 100";
	struct stmt *q = db_stmt(books->db, SQL);
	enum step step;

	*n = 0;
	stmt_text(q, 1, s->entity);
	stmt_text(q, 2, name);
	while ((step = stmt_step(q, e)) == STEP_ROW)
		out[(*n)++] = col_int(q, 0);
	return step == STEP_DONE;
}

static bool
note_again(struct books *books, const struct reference *reference,
    struct arena *arena, int64_t version, int64_t before, int64_t seq,
    struct err *e)
{
	struct stand st = { .books = books, .reference = reference,
	    .arena = arena, .seq = seq };
	struct document document;

	if (!version_load(books, version, arena, &document, e))
		return false;
	st.supply = supply_read(&document, reference, arena);
	return ask_original(books, reference, arena, st.supply, e) &&
	    (st.supply != NULL || before != 0 ? stand(&st, version, before,
	    e) : true);
}

static bool
place_notes_of(struct books *books, const struct reference *reference,
    struct arena *arena, const struct supply *s, const char *name,
    struct err *e)
{
	int64_t notes[NOTES_MAX];
	size_t n;

	if (!notes_of(books, s, name, notes, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct gst_kept k;
		bool found, locked = true;

		if (!kept_load(books, arena, notes[i], &k, &found, e) ||
		    (found && !is_locked(books, &k, &locked, e)))
			return false;
		if (!locked && !note_again(books, reference, arena, notes[i],
		    notes[i], k.seq, e))
			return false;
	}
	return true;
}

/* It came after its notes, or with another total. What is filed stays. */
static bool
place_notes(struct books *books, const struct reference *reference,
    struct arena *arena, const struct supply *s, struct err *e)
{
	if (s == NULL || s->kind != DOC_SALES_INVOICE)
		return true;
	return place_notes_of(books, reference, arena, s, s->number, e) &&
	    (strcmp(s->bill_number, s->number) == 0 || place_notes_of(books,
	    reference, arena, s, s->bill_number, e));
}

bool
gst_note(struct books *books, const struct reference *reference,
    struct arena *arena, int64_t version, int64_t before, struct supply *s,
    struct err *e)
{
	struct stand st = { .books = books, .reference = reference,
	    .arena = arena, .supply = s, .seq = books->seq };

	if (s == NULL && before == 0)
		return true;
	return ask_original(books, reference, arena, s, e) &&
	    stand(&st, version, before, e) &&
	    place_notes(books, reference, arena, s, e);
}

bool
gst_note_read(struct books *books, const struct reference *reference,
    struct arena *arena, int64_t version, int64_t seq, struct supply *s,
    struct err *e)
{
	struct stand st = { .books = books, .reference = reference,
	    .arena = arena, .supply = s, .seq = seq };

	return ask_original(books, reference, arena, s, e) &&
	    stand(&st, version, 0, e) &&
	    place_notes(books, reference, arena, s, e);
}
