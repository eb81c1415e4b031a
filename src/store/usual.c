/*
 * What tax was usual: of each party by tax code, of each item by tax code and
 * for one of it.  A median and how far four of five lie from it need the whole
 * history, and one wrong amount must not move them: so amounts are counted by
 * their size, eight steps to each doubling, and both are read from these few
 * counts.
 */
#include "store/approval.h"

#include <stdlib.h>

#include "book/money.h"
#include "book/quantity.h"

#define STEPS 8			/* of each doubling */
#define STEPS_MAX 512
#define ENOUGH 10		/* documents from which on it is a habit */
#define ABOVE 16		/* steps at least: four times */
#define BELOW 64		/* small orders are usual: a 256th */
#define CODES_MAX 16
#define ITEMS_MAX 64

struct share {			/* of a document under one tax code */
	const char *code;
	int64_t tax, base;	/* tax, and what it is of; never negative */
};

struct shares {
	struct share items[CODES_MAX];
	size_t n;
};

/* The amount's size: its highest bit, and the three behind it. */
static int64_t
step_of(int64_t amount)
{
	int bit = 63 - __builtin_clzll((unsigned long long)amount | 1);

	return bit < 3 ? bit * STEPS : bit * STEPS +
	    ((amount >> (bit - 3)) & (STEPS - 1));
}

/* ---- what a document says --------------------------------------------- */

static int64_t
size(int64_t amount)
{
	return amount < 0 ? - amount : amount;
}

static bool
is_tax(const struct document_line *line)
{
	return line->type != NULL && (strcmp(line->type, "tax") == 0 ||
	    strcmp(line->type, "reverse_charge") == 0);
}

/* Goods and services; not what was paid, nor what is taken off. */
static bool
is_sold(const struct document_line *line)
{
	return !is_tax(line) && line->item != NULL && line->item[0] != '\0';
}

static const char *
code_of(const struct document_line *line)
{
	return line->tax_code != NULL ? line->tax_code : "";
}

static struct share *
share_of(struct shares *shares, const char *code)
{
	for (size_t i = 0; i < shares->n; i++)
		if (strcmp(shares->items[i].code, code) == 0)
			return &shares->items[i];
	if (shares->n == CODES_MAX)
		return NULL;
	shares->items[shares->n] = (struct share){ .code = code };
	return &shares->items[shares->n++];
}

static void
gather(const struct document *d, struct shares *shares)
{
	shares->n = 0;
	for (size_t i = 0; i < d->n_lines; i++) {
		const struct document_line *line = &d->lines[i];
		struct share *share = is_tax(line) || is_sold(line) ?
		    share_of(shares, code_of(line)) : NULL;

		if (share == NULL || size(line->amount) > AMOUNT_MAX)
			continue;
		if (is_tax(line))
			share->tax += line->amount;
		else
			share->base += size(line->amount);
	}
	for (size_t i = 0; i < shares->n; i++)
		shares->items[i].tax = size(shares->items[i].tax);
}

/* Tax of one of the item; 0: cannot be said. */
static int64_t
tax_of_one(const struct document_line *line, const struct share *share)
{
	__int128 all;
	int64_t quantity;

	if (line->quantity == NULL || share->base == 0 ||
	    !quantity_parse(span_of(line->quantity), &quantity) ||
	    quantity == 0)
		return 0;
	all = (__int128)share->tax * size(line->amount) * QUANTITY_ONE;
	all = all / share->base / size(quantity);
	return all > MONEY_MAX ? MONEY_MAX : (int64_t)all;
}

/* Each amount that is counted, and of whom. */
struct usual {
	struct books *books;
	const struct document *document;
	const char *scope, *who, *code;
	int64_t amount;
};

static bool
each_amount(struct books *books, const struct document *d,
    bool (*each)(const struct usual *, void *, struct err *), void *arg,
    struct err *e)
{
	struct shares shares;
	size_t items = 0;

	gather(d, &shares);
	for (size_t i = 0; d->party != NULL && i < shares.n; i++) {
		const struct share *share = &shares.items[i];

		if (share->tax != 0 && !each(&(struct usual){ books, d,
		    "party", d->party, share->code, share->tax }, arg, e))
			return false;
	}
	for (size_t i = 0; i < d->n_lines && items < ITEMS_MAX; i++) {
		const struct document_line *line = &d->lines[i];
		struct share *share = is_sold(line) ? share_of(&shares,
		    code_of(line)) : NULL;
		int64_t one = share != NULL ? tax_of_one(line, share) : 0;

		items += one != 0;
		if (one != 0 && !each(&(struct usual){ books, d, "item",
		    line->item, share->code, one }, arg, e))
			return false;
	}
	return true;
}

/* ---- counting --------------------------------------------------------- */

static void
bind(struct stmt *s, const struct usual *u)
{
	stmt_text(s, 1, u->document->entity);
	stmt_text(s, 2, document_kind_name(u->document->kind));
	stmt_text(s, 3, u->scope);
	stmt_text(s, 4, u->who);
	stmt_text(s, 5, u->code);
	stmt_text(s, 6, u->document->currency);
}

static bool
count(const struct usual *u, void *arg, struct err *e)
{
	static const char SQL[] = "INSERT INTO usual_tax VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7, 1)"
	    " ON CONFLICT DO UPDATE SET n = n + 1";
	struct stmt *s = db_stmt(u->books->db, SQL);

	(void)arg;
	bind(s, u);
	stmt_int(s, 7, step_of(u->amount));
	return stmt_run(s, e);
}

bool
usual_count(struct books *books, const struct document *d, struct err *e)
{
	return each_amount(books, d, count, NULL, e);
}

/* ---- asking ----------------------------------------------------------- */

struct history {
	struct { int64_t step, n; } items[STEPS_MAX];
	size_t count;
	int64_t n;
};

static bool
read_history(const struct usual *u, struct history *out, struct err *e)
{
	static const char SQL[] = "SELECT step, n FROM usual_tax"
	    " WHERE entity = $1 AND kind = $2 AND scope = $3 AND who = $4"
	    " AND tax_code = $5 AND currency = $6 ORDER BY step";
	struct stmt *s = db_stmt(u->books->db, SQL);
	enum step step;

	*out = (struct history){ 0 };
	bind(s, u);
	while ((step = stmt_step(s, e)) == STEP_ROW &&
	    out->count < STEPS_MAX) {
		out->items[out->count].step = col_int(s, 0);
		out->items[out->count++].n = col_int(s, 1);
		out->n += col_int(s, 1);
	}
	if (step == STEP_ROW)
		stmt_reset(s);
	return step != STEP_FAILED;
}

static int64_t
median(const struct history *h)
{
	int64_t seen = 0;
	size_t i = 0;

	while (i + 1 < h->count && (seen += h->items[i].n) * 2 < h->n)
		i++;
	return h->items[i].step;
}

/* How many lie no farther from it than that. */
static int64_t
within(const struct history *h, int64_t middle, int64_t far)
{
	int64_t n = 0;

	for (size_t i = 0; i < h->count; i++)
		if (llabs(h->items[i].step - middle) <= far)
			n += h->items[i].n;
	return n;
}

/* How far four of five lie from the median: two ways of buying, like goods
 * and freight alone, are both usual. */
static int64_t
spread(const struct history *h, int64_t middle)
{
	int64_t low = 0, high = STEPS_MAX;

	while (low < high) {
		int64_t far = (low + high) / 2;

		if (within(h, middle, far) * 5 >= h->n * 4)
			high = far;
		else
			low = far + 1;
	}
	return low;
}

/* The least amount of that step. */
static int64_t
amount_of(int64_t step)
{
	int64_t bit = step / STEPS, rest = step % STEPS;

	return bit < 3 ? INT64_C(1) << bit : (INT64_C(1) << bit) +
	    (rest << (bit - 3));
}

struct asking {
	struct arena *arena;
	const char *why;
};

static const char *
say(const struct usual *u, int64_t middle, struct arena *arena)
{
	struct money is = { .minor = u->amount };
	struct money was = { .minor = amount_of(middle) };
	struct str text;
	const char *out;

	memcpy(is.currency, u->document->currency,
	    strnlen(u->document->currency, 3));
	memcpy(was.currency, is.currency, sizeof was.currency);
	str_init(&text, 1024);
	str_addf(&text, "%.60s of %.100s: tax of ", u->code, u->who);
	money_grouped(is, &text);
	str_adds(&text, ", usual is about ");
	money_grouped(was, &text);
	if (u->scope[0] == 'i')
		str_adds(&text, ", for one");
	out = arena_strndup(arena, text.p, text.n);
	str_free(&text);
	return out;
}

/* 2.7 times that is 3.5 standard deviations of what is normal, in sizes, not
 * amounts. */
static bool
is_far(const struct history *h, int64_t middle, int64_t step)
{
	int64_t far = spread(h, middle) * 27 / 10;

	return step - middle > (far > ABOVE ? far : ABOVE) ||
	    middle - step > (far > BELOW ? far : BELOW);
}

static bool
ask(const struct usual *u, void *arg, struct err *e)
{
	struct asking *asking = arg;
	struct history h;
	int64_t middle;

	if (asking->why != NULL)
		return true;
	if (!read_history(u, &h, e))
		return false;
	if (h.n < ENOUGH)
		return true;
	middle = median(&h);
	if (is_far(&h, middle, step_of(u->amount)))
		asking->why = say(u, middle, asking->arena);
	return true;
}

bool
usual_ask(struct books *books, const struct document *d,
    struct arena *arena, const char **why, struct err *e)
{
	struct asking asking = { arena, NULL };
	bool ok = each_amount(books, d, ask, &asking, e);

	*why = asking.why;
	return ok;
}
