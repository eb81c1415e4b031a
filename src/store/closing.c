/*
 * Gathering what a close board reads: open events by period, tax by code.
 * Sums of a group are written once a commit; an open event has a row of its
 * own, since its document's day is kept nowhere else.
 */
#include "store/closing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/state.h"
#include "store/sums.h"

struct open {			/* what one event adds */
	const char *entity, *period, *state, *currency;
	bool dated, tax;
	int64_t amount;
};

/* Whether it is dated stands before the currency. */
static void
sum_state(struct books *books, const struct open *open, const char *state,
    int n)
{
	const char *const part[4] = { open->entity, open->period, state,
	    arena_printf(books->arena, "%d %s", open->dated,
	    open->currency) };
	struct delta *delta = delta_of(books, books->closing, part);

	delta->n[0] += n;
	delta->n[1] += n * open->amount;
}

static void
sum_open(struct books *books, const struct open *open, int n)
{
	sum_state(books, open, open->state, n);
	if (open->tax)
		sum_state(books, open, CLOSING_TAX, n);
}

/* Something of tax keeps it open. */
static bool
is_of_tax(const struct findings *findings)
{
	for (size_t i = 0; i < findings->n; i++) {
		const struct finding *one = &findings->items[i];

		if (one->code == FIND_TAX_CODE ||
		    (one->code >= FIND_GST_FIRST &&
		    one->level == FINDING_BLOCK))
			return true;
	}
	return false;
}

static const char *
known(const char *text)
{
	return text != NULL ? text : "";
}

/* Each open event is of one problem: the first that a mapping mends, since it
 * can be acted on, else the first. */
static void
problem_of(const struct event *event, const struct findings *findings,
    char out[FINDING_SIGNATURE])
{
	const struct finding *chief = NULL;

	out[0] = '\0';
	if (!event_state_open(event->state))
		return;
	for (size_t i = 0; i < findings->n && chief == NULL; i++)
		if (finding_fixable(&findings->items[i]))
			chief = &findings->items[i];
	if (chief == NULL && findings->n > 0)
		chief = &findings->items[0];
	if (chief != NULL)
		finding_signature(chief, event->source, out);
}

/* What the event was let go by is how the problem was solved last. */
static bool
note_past(struct books *books, const struct event *event,
    const char *problem, struct err *e)
{
	static const char SQL[] = "INSERT INTO problem_past VALUES ($1, $2)"
	    " ON CONFLICT DO UPDATE SET event = excluded.event";
	struct stmt *s;

	if (books->left_event != event->seq || books->left[0] == '\0' ||
	    strcmp(books->left, problem) == 0)
		return true;
	s = db_stmt(books->db, SQL);
	stmt_text(s, 1, books->left);
	stmt_int(s, 2, event->seq);
	books->left_event = 0;
	return stmt_run(s, e);
}

bool
closing_note(struct books *books, const struct event *event,
    const struct placing *placing, const struct findings *findings,
    struct err *e)
{
	static const char SQL[] = "INSERT INTO closing_event VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
	struct open open = { placing->several ? "" :
	    known(placing->entity), NULL,
	    event_state_name(event->state), known(placing->currency),
	    placing->day.text[0] != '\0', is_of_tax(findings),
	    placing->currency != NULL ? placing->amount : 0 };
	char period[8], problem[FINDING_SIGNATURE];
	struct stmt *s;

	problem_of(event, findings, problem);
	if (!note_past(books, event, problem, e))
		return false;
	if (!event_state_open(event->state))
		return true;
	day_period(open.dated ? placing->day :
	    day_from_time(event->received), period);
	open.period = period;
	sum_open(books, &open, 1);
	s = db_stmt(books->db, SQL);
	stmt_int(s, 1, event->seq);
	stmt_text(s, 2, open.entity);
	stmt_text(s, 3, open.period);
	stmt_text(s, 4, open.state);
	stmt_text(s, 5, open.currency);
	stmt_int(s, 6, open.dated);
	stmt_int(s, 7, open.amount);
	stmt_int(s, 8, open.tax);
	stmt_text(s, 9, problem);
	stmt_text(s, 10, day_from_time(event->received).text);
	return stmt_run(s, e);
}

bool
closing_leave(struct books *books, int64_t event, struct err *e)
{
	static const char READ[] = "SELECT entity, period, state, currency,"
	    " dated, tax, amount, signature FROM closing_event"
	    " WHERE event = $1";
	static const char DROP[] =
	    "DELETE FROM closing_event WHERE event = $1";
	struct stmt *s = db_stmt(books->db, READ);
	struct open open;
	enum step step;

	stmt_int(s, 1, event);
	step = stmt_step(s, e);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	open = (struct open){ col_text(s, 0), col_text(s, 1),
	    col_text(s, 2), col_text(s, 3), col_int(s, 4) != 0,
	    col_int(s, 5) != 0, col_int(s, 6) };
	sum_open(books, &open, -1);
	snprintf(books->left, sizeof books->left, "%s", col_text(s, 7));
	books->left_event = event;
	stmt_reset(s);
	s = db_stmt(books->db, DROP);
	stmt_int(s, 1, event);
	return stmt_run(s, e);
}

/* ---- tax -------------------------------------------------------------- */

static void
sum_tax(struct books *books, const char *entity, const char *period,
    const char *currency, const char *code, const char *account,
    int64_t amount)
{
	char when[16];
	const char *const part[4] = { entity, when, code, account };

	snprintf(when, sizeof when, "%.7s %.3s", period, currency);
	delta_of(books, books->taxes, part)->n[0] += amount;
}

void
closing_entry(struct books *books, const char *entity, const char *period,
    const struct entry *entry)
{
	if (entry->tax_code != NULL)
		sum_tax(books, entity, period, entry->currency,
		    entry->tax_code, entry->account, entry->amount);
}

void
closing_tax(struct books *books, const char *entity, const char *period,
    const char *currency, const char *code, int64_t amount)
{
	sum_tax(books, entity, period, currency, known(code), "", amount);
}

/* ---- once a commit ---------------------------------------------------- */

static bool
flush_open(struct books *books, struct err *e)
{
	static const char SQL[] = "INSERT INTO closing VALUES"
	    " ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO UPDATE SET"
	    " n = n + excluded.n, amount = amount + excluded.amount";
	struct span key;
	void *value;

	for (size_t at = 0; map_next(books->closing, &at, &key, &value);) {
		const struct delta *delta = value;
		struct stmt *s;

		if (delta->n[0] == 0 && delta->n[1] == 0)
			continue;
		s = db_stmt(books->db, SQL);
		for (int i = 0; i < 3; i++)
			stmt_text(s, i + 1, delta->part[i]);
		stmt_text(s, 4, delta->part[3] + 2);
		stmt_int(s, 5, delta->part[3][0] - '0');
		stmt_int(s, 6, delta->n[0]);
		stmt_int(s, 7, delta->n[1]);
		if (!stmt_run(s, e))
			return false;
	}
	return true;
}

static bool
flush_taxes(struct books *books, struct err *e)
{
	static const char SQL[] = "INSERT INTO tax_sum VALUES"
	    " ($1, $2, $3, $4, $5, $6) ON CONFLICT DO UPDATE SET"
	    " amount = amount + excluded.amount";
	struct span key;
	void *value;

	for (size_t at = 0; map_next(books->taxes, &at, &key, &value);) {
		const struct delta *delta = value;
		struct stmt *s = db_stmt(books->db, SQL);

		stmt_text(s, 1, delta->part[0]);
		stmt_span(s, 2, (struct span){ delta->part[1], 7 });
		stmt_text(s, 3, delta->part[1] + 8);
		stmt_text(s, 4, delta->part[2]);
		stmt_text(s, 5, delta->part[3]);
		stmt_int(s, 6, delta->n[0]);
		if (!stmt_run(s, e))
			return false;
	}
	return true;
}

bool
closing_flush(struct books *books, struct err *e)
{
	return flush_open(books, e) && flush_taxes(books, e);
}

void
closing_clear(struct books *books)
{
	map_clear(books->closing);
	map_clear(books->taxes);
}
