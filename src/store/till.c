#include "store/till.h"

#include <string.h>

#include "store/sums.h"

static const char *
till_of(const struct document *d)
{
	for (size_t i = 0; i < d->n_lines; i++)
		if (d->lines[i].cost_centre != NULL)
			return d->lines[i].cost_centre;
	return NULL;
}

void
till_note(struct books *books, const struct document *d, int sign)
{
	const char *part[4] = { d->entity, NULL, d->date.text, d->currency };
	struct delta *delta;

	if (d->channel == NULL || strcmp(d->channel, "pos") != 0 ||
	    (d->kind != DOC_SALES_INVOICE && d->kind != DOC_CREDIT_NOTE))
		return;
	part[1] = till_of(d);
	if (part[1] == NULL)
		return;
	delta = delta_of(books, books->tills, part);
	delta->n[0] += sign;
	delta->n[1] += d->kind == DOC_CREDIT_NOTE ? -sign * d->total :
	    sign * d->total;
}

bool
till_flush(struct books *books, struct err *e)
{
	static const char SQL[] = "INSERT INTO till_sum VALUES ($1, $2, $3,"
	    " $4, $5, $6) ON CONFLICT DO UPDATE SET n = n + excluded.n,"
	    " amount = amount + excluded.amount";
	struct span key;
	void *value;

	for (size_t at = 0; map_next(books->tills, &at, &key, &value);) {
		const struct delta *delta = value;
		struct stmt *s = db_stmt(books->db, SQL);

		for (int i = 0; i < 4; i++)
			stmt_text(s, i + 1, delta->part[i]);
		stmt_int(s, 5, delta->n[0]);
		stmt_int(s, 6, delta->n[1]);
		if (!stmt_run(s, e))
			return false;
	}
	return true;
}

void
till_clear(struct books *books)
{
	map_clear(books->tills);
}

bool
till_say(struct books *books, int64_t event, size_t n,
    const struct bank_line *line, const char *source, struct err *e)
{
	static const char SQL[] = "INSERT INTO till_total VALUES ($1, $2, $3,"
	    " $4, $5, $6, $7, $8, $9) ON CONFLICT DO UPDATE SET"
	    " entity = excluded.entity, till = excluded.till,"
	    " day = excluded.day, currency = excluded.currency,"
	    " source = excluded.source, number = excluded.number,"
	    " n = excluded.n, amount = excluded.amount";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, BANK_LINES * event + (int64_t)n);
	stmt_text(s, 2, line->entity);
	stmt_text(s, 3, line->account);
	stmt_text(s, 4, line->day.text);
	stmt_text(s, 5, line->currency);
	stmt_text(s, 6, source);
	stmt_text(s, 7, line->reference != NULL ? line->reference : "");
	stmt_int(s, 8, line->count);
	stmt_int(s, 9, line->amount);
	books_touch(books, "bank", arena_printf(books->arena, "%s/%s",
	    line->entity, line->account));
	return stmt_run(s, e);
}
