/* Asking a Tryton what it has: by our reference, by day, by account. */
#include <stdlib.h>
#include <string.h>

#include "targets/tryton.h"

#define FIND_MAX 100		/* references of one question */
#define FIND_MORE 200		/* moves that may answer beyond one each */
#define PAGE 100
#define ACCOUNTS_MAX 50000

/* ---- by reference ----------------------------------------------------- */

static struct tv *
domain_of(const struct tryton *t, struct arena *arena)
{
	struct tv *domain = tv_new(arena, TV_LIST);

	tv_add(domain, tv_clause(arena, "company", "=", tv_int(arena,
	    tryton_company(t))));
	return domain;
}

/* Of all, drafts too. `_` is a letter of ours and a wildcard there: so each
 * that comes is looked at. */
static bool
find_some(void *asking, size_t at, size_t n, struct err *e)
{
	struct searching *s = asking;
	const struct tryton *t = s->target->state;
	const char *const *references = s->references + at;
	struct arena *arena = s->arena;
	struct tv *domain = domain_of(t, arena);
	struct tv *any = tv_new(arena, TV_LIST);
	struct remote *some = arena_alloc(arena, (n + FIND_MORE) *
	    sizeof *some);
	struct tryton_said said;
	size_t rows = 0, kept = 0;

	tv_add(any, tv_text(arena, "OR"));
	for (size_t i = 0; i < n; i++)
		tv_add(any, tv_clause(arena, "description", "like",
		    tv_text(arena, arena_printf(arena, "%s %%",
		    references[i]))));
	tv_add(domain, any);
	if (!tryton_search(s->target, "account.move", domain,
	    (int64_t)(n + FIND_MORE), tryton_move_fields, NULL, arena, &said, e))
		return false;
	for (const struct tv *row = said.result->first; row != NULL;
	    row = row->next) {
		if (++rows >= n + FIND_MORE)
			return err_set(e, ERR_TOO_LARGE, "more than %d moves "
			    "have one of our references", FIND_MORE);
		if (!tryton_remote(t, row, arena, &some[kept], e))
			return false;
		kept += is_among(some[kept].reference, references, n);
	}
	searching_add(s, some, kept);
	return true;
}

bool
tryton_find(struct target *target, const char *const *references, size_t n,
    struct arena *arena, struct remote **out, size_t *n_out, struct err *e)
{
	struct tryton_said said;

	*n_out = 0;
	return tryton_learn(target, false, arena, &said, e) &&
	    find_parts(target, references, n, FIND_MAX, find_some, arena, out,
	    n_out, e);
}

/* Its reference is the first word. */
bool
tryton_reach(struct target *target, const char *series, struct arena *arena,
    const char **last, struct err *e)
{
	struct tryton_said said;
	struct tv *domain;
	const struct tv *row;

	if (!tryton_learn(target, false, arena, &said, e))
		return false;
	domain = domain_of(target->state, arena);
	tv_add(domain, tv_clause(arena, "description", "like",
	    tv_text(arena, arena_printf(arena, "%s" POSTING_DIGITS " %%",
	    series))));
	if (!tryton_search_last(target, "account.move", domain, "description",
	    arena, &said, e))
		return false;
	row = said.result->first;
	*last = row == NULL ? "" : reach_said(tv_word(row, "description"),
	    arena);
	return true;
}

/* ---- by day ----------------------------------------------------------- */

static struct tv *
days_of(const struct tryton *t, struct day from, struct day to,
    const char *cursor, struct arena *arena)
{
	struct tv *domain = domain_of(t, arena);

	tv_add(domain, tv_clause(arena, "state", "=", tv_text(arena,
	    "posted")));
	tv_add(domain, tv_clause(arena, "date", ">=", tv_day(arena, from)));
	tv_add(domain, tv_clause(arena, "date", "<=", tv_day(arena, to)));
	tv_add(domain, tv_clause(arena, "id", ">", tv_int(arena,
	    strtoll(cursor, NULL, 10))));
	return domain;
}

/* Fewer at once when their lines are too much for one answer. */
static bool
ask_page(struct target *target, struct day from, struct day to,
    const char *cursor, int64_t *limit, struct arena *arena,
    struct tryton_said *said, struct err *e)
{
	for (*limit = PAGE;; *limit /= 4) {
		if (tryton_search(target, "account.move", days_of(
		    target->state, from, to, cursor, arena), *limit,
		    tryton_move_fields, NULL, arena, said, e))
			return true;
		if (e->code != ERR_TOO_LARGE || *limit < 4)
			return false;
		*e = (struct err){ 0 };
	}
}

bool
tryton_list(struct target *target, struct day from, struct day to,
    const char **cursor, struct arena *arena, struct remote **out,
    size_t *n_out, struct err *e)
{
	struct tryton_said said;
	int64_t limit;

	*n_out = 0;
	*out = arena_alloc(arena, sizeof **out * PAGE);
	if (!tryton_learn(target, false, arena, &said, e) ||
	    !ask_page(target, from, to, *cursor, &limit, arena, &said, e))
		return false;
	for (const struct tv *row = said.result->first;
	    row != NULL && *n_out < PAGE; row = row->next)
		if (!tryton_remote(target->state, row, arena,
		    &(*out)[(*n_out)++], e))
			return false;
	*cursor = (int64_t)*n_out < limit ? "" : (*out)[*n_out - 1].remote;
	return true;
}

/* ---- by account ------------------------------------------------------- */

static bool
read_balance(const struct tryton *t, const struct tv *row,
    struct arena *arena, struct remote_balance *out, struct err *e)
{
	const char *code = tv_word(row, "code"), *name = tv_word(row, "name");

	out->account = words_of(span_of(*code != '\0' ? code : name), arena);
	out->name = words_of(span_of(name), arena);
	return (amount_read(tv_amount(row, "debit", arena),
	    t->currency, &out->debit) &&
	    amount_read(tv_amount(row, "credit", arena), t->currency,
	    &out->credit)) || err_set(e, ERR_UNREACHABLE,
	    "account %.60s has no balance of %s in its answer", out->account,
	    t->currency);
}

/* With to_date, Tryton sums over all years; with date, over one. */
bool
tryton_balances(struct target *target, struct day day, struct arena *arena,
    struct remote_balance **out, size_t *n_out, struct err *e)
{
	static const char *const fields[] = { "code", "name", "debit",
		"credit", NULL };
	struct tv *more = tv_new(arena, TV_GROUP), *domain;
	struct tryton_said said;
	size_t n = 0;

	*n_out = 0;
	if (!tryton_learn(target, false, arena, &said, e))
		return false;
	domain = domain_of(target->state, arena);
	tv_put(more, "posted", tv_bool(arena, true));
	tv_put(more, "to_date", tv_day(arena, day));
	if (!tryton_search(target, "account.account", domain, ACCOUNTS_MAX,
	    fields, more, arena, &said, e))
		return false;
	for (const struct tv *row = said.result->first; row != NULL;
	    row = row->next)
		n++;
	if (n >= ACCOUNTS_MAX)
		return err_set(e, ERR_TOO_LARGE, "balances of more than %d "
		    "accounts", ACCOUNTS_MAX - 1);
	*out = arena_alloc(arena, sizeof **out * (n + 1));
	for (const struct tv *row = said.result->first; row != NULL;
	    row = row->next) {
		struct remote_balance *one = &(*out)[*n_out];

		if (!read_balance(target->state, row, arena, one, e))
			return false;
		*n_out += one->debit != 0 || one->credit != 0;
	}
	return true;
}
