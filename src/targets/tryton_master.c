/*
 * What a Tryton calls our accounts, parties, journals, periods and currencies:
 * its ids by our codes, kept a few minutes. What is not known, or what it
 * refuses, is looked for anew before anybody is told that it is missing.
 */
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "targets/tryton.h"

#define KEPT (INT64_C(300) * 1000000)
#define PARTIES_MAX 20000	/* kept; then all are forgotten */
#define ROWS_MAX 50000		/* accounts that we read */

struct period {
	struct day from, to;
	int64_t id;
	bool closed;
	struct period *next;
};

struct tryton_master {
	struct arena *arena;
	struct map *accounts, *parties, *journals, *currencies;
	struct period *periods;
	int64_t company;
	const char *company_name;
	int64_t at;
	bool stale;
	bool may_create, may_write, may_delete;
};

static struct tryton *
tryton_of(const struct target *target)
{
	return target->state;
}

/* ---- its lifetime ----------------------------------------------------- */

static struct tryton_master *
master_new(void)
{
	struct tryton_master *m = calloc(1, sizeof *m);

	if (m == NULL)
		bug("out of memory");
	m->arena = arena_new();
	m->accounts = map_new();
	m->parties = map_new();
	m->journals = map_new();
	m->currencies = map_new();
	return m;
}

static void
master_free(struct tryton_master **mp)
{
	struct tryton_master *m = *mp;

	if (m == NULL)
		return;
	*mp = NULL;
	map_free(&m->accounts, NULL);
	map_free(&m->parties, NULL);
	map_free(&m->journals, NULL);
	map_free(&m->currencies, NULL);
	arena_free(&m->arena);
	free(m);
}

void
tryton_master_free(struct tryton *t)
{
	master_free(&t->master);
}

void
tryton_forget(struct tryton *t)
{
	if (t->master != NULL)
		t->master->stale = true;
}

static void
keep_id(struct tryton_master *m, struct map *map, const char *code,
    int64_t id)
{
	int64_t *kept;

	if (*code == '\0' || id == 0 || map_find(map, span_of(code)) != NULL)
		return;
	kept = arena_alloc(m->arena, sizeof *kept);
	*kept = id;
	map_set(map, span_of(code), kept);
}

static int64_t
id_of(const struct map *map, const char *code)
{
	const int64_t *id = map_find(map, span_of(code));

	return id == NULL ? 0 : *id;
}

/* ---- reading ---------------------------------------------------------- */

static struct tv *
no_clauses(struct arena *arena)
{
	return tv_new(arena, TV_LIST);
}

static struct tv *
one_clause(struct arena *arena, const char *field, const char *op,
    struct tv *value)
{
	struct tv *domain = tv_new(arena, TV_LIST);

	tv_add(domain, tv_clause(arena, field, op, value));
	return domain;
}

/* By the name of its party; the only one when none is named. */
static bool
read_company(struct target *target, struct tryton_master *m,
    struct arena *arena, struct tryton_said *said, struct err *e)
{
	static const char *const fields[] = { "party.name", "currency.code",
		NULL };
	const char *wanted = target->conf->company;
	const struct tv *row;

	if (!tryton_search(target, "company.company", *wanted == '\0' ?
	    no_clauses(arena) : one_clause(arena, "party.name", "=",
	    tv_text(arena, wanted)), 2, fields, NULL, arena, said, e))
		return false;
	row = said->result->first;
	if (row == NULL)
		return err_set(e, ERR_CONFIG, "no company %.200s is there, "
		    "or our user may not see it", wanted);
	if (row->next != NULL)
		return err_set(e, ERR_CONFIG, "company: there are several");
	m->company = tv_id(row, "id");
	m->company_name = arena_strdup(m->arena,
	    tv_word(tv_get(row, "party."), "name"));
	row = tv_get(row, "currency.");
	if (strlen(tv_word(row, "code")) != 3)
		return err_set(e, ERR_CONFIG,
		    "the company's currency has no code");
	memcpy(tryton_of(target)->currency, tv_word(row, "code"), 4);
	return true;
}

static void
keep_account(struct tryton_master *m, const struct tv *row)
{
	const char *code = tv_word(row, "code");
	struct tryton_account *account = map_find(m->accounts, span_of(code));

	if (*code == '\0')
		return;
	if (account != NULL) {
		account->twice = true;
		return;
	}
	account = arena_alloc(m->arena, sizeof *account);
	account->id = tv_id(row, "id");
	account->party = tv_true(row, "party_required");
	account->heading = tv_id(row, "type") == 0;
	account->closed = tv_true(row, "closed");
	if (!tv_date(row, "start_date", &account->from))
		account->from.text[0] = '\0';
	if (!tv_date(row, "end_date", &account->to))
		account->to.text[0] = '\0';
	map_set(m->accounts, span_of(code), account);
}

static bool
read_accounts(struct target *target, struct tryton_master *m,
    struct arena *arena, struct tryton_said *said, struct err *e)
{
	static const char *const fields[] = { "code", "type", "closed",
		"party_required", "start_date", "end_date", NULL };

	if (!tryton_search(target, "account.account", one_clause(arena,
	    "company", "=", tv_int(arena, m->company)), ROWS_MAX, fields,
	    NULL, arena, said, e))
		return false;
	for (const struct tv *row = said->result->first; row != NULL;
	    row = row->next)
		keep_account(m, row);
	return true;
}

static bool
read_codes(struct target *target, struct tryton_master *m, const char *model,
    struct map *map, bool named, struct arena *arena,
    struct tryton_said *said, struct err *e)
{
	static const char *const fields[] = { "code", "name", NULL };

	if (!tryton_search(target, model, no_clauses(arena), ROWS_MAX, fields,
	    NULL, arena, said, e))
		return false;
	for (const struct tv *row = said->result->first; row != NULL;
	    row = row->next)
		keep_id(m, map, tv_word(row, "code"), tv_id(row, "id"));
	for (const struct tv *row = said->result->first; named && row != NULL;
	    row = row->next)
		keep_id(m, map, tv_word(row, "name"), tv_id(row, "id"));
	return true;
}

static void
keep_period(struct tryton_master *m, const struct tv *row)
{
	struct period *period = arena_alloc(m->arena, sizeof *period);

	if (!tv_date(row, "start_date", &period->from) ||
	    !tv_date(row, "end_date", &period->to))
		return;
	period->id = tv_id(row, "id");
	period->closed = strcmp(tv_word(row, "state"), "open") != 0;
	period->next = m->periods;
	m->periods = period;
}

/* The latest, adjusting periods left out. */
static bool
read_periods(struct target *target, struct tryton_master *m,
    struct arena *arena, struct tryton_said *said, struct err *e)
{
	static const char *const fields[] = { "start_date", "end_date",
		"state", NULL };
	struct tv *domain = one_clause(arena, "company", "=",
	    tv_int(arena, m->company));

	tv_add(domain, tv_clause(arena, "type", "=",
	    tv_text(arena, "standard")));
	if (!tryton_search(target, "account.period", domain, ROWS_MAX, fields,
	    NULL, arena, said, e))
		return false;
	for (const struct tv *row = said->result->first; row != NULL;
	    row = row->next)
		keep_period(m, row);
	return true;
}

static bool
read_rights(struct target *target, struct tryton_master *m,
    struct arena *arena, struct tryton_said *said, struct err *e)
{
	static const char *const models[] = { "account.move", NULL };
	struct tv *params = tv_new(arena, TV_LIST);
	const struct tv *rights;

	tv_add(params, tv_words(arena, models));
	if (!tryton_call(target, "model.ir.model.access.get_access", params,
	    NULL, arena, said, e))
		return false;
	rights = tv_get(said->result, models[0]);
	m->may_create = tv_true(rights, "create");
	m->may_write = tv_true(rights, "write");
	m->may_delete = tv_true(rights, "delete");
	return true;
}

static bool
read_all(struct target *target, struct tryton_master *m,
    struct arena *arena, struct tryton_said *said, struct err *e)
{
	struct tryton *t = tryton_of(target);

	if (!read_company(target, m, arena, said, e))
		return false;
	t->master = m;		/* the calls behind it name the company */
	return read_accounts(target, m, arena, said, e) &&
	    read_codes(target, m, "account.journal", m->journals, true,
	    arena, said, e) &&
	    read_codes(target, m, "currency.currency", m->currencies, false,
	    arena, said, e) &&
	    read_periods(target, m, arena, said, e) &&
	    read_rights(target, m, arena, said, e);
}

bool
tryton_learn(struct target *target, bool anew, struct arena *arena,
    struct tryton_said *said, struct err *e)
{
	struct tryton *t = tryton_of(target);
	struct tryton_master *old = t->master, *m;
	int64_t now = clock_now();

	*said = (struct tryton_said){ .words = "" };
	if (old != NULL && !anew && !old->stale && now >= old->at &&
	    now - old->at < KEPT)
		return true;
	m = master_new();
	m->at = now;
	t->master = NULL;
	if (read_all(target, m, arena, said, e)) {
		master_free(&old);
		return true;
	}
	t->master = NULL;
	master_free(&m);
	master_free(&old);
	return false;
}

/* ---- what a batch names ----------------------------------------------- */

static bool
is_known(const struct tryton *t, const struct posting *p)
{
	bool closed;

	if (tryton_journal(t, p->book) == 0 ||
	    tryton_period(t, p->date, &closed) == 0)
		return false;
	for (size_t i = 0; i < p->n_lines; i++) {
		const struct posting_line *line = &p->lines[i];
		const struct tryton_account *account = tryton_account(t,
		    line->account);

		if (account == NULL || account->heading || account->closed ||
		    account->twice || (account->party && tryton_party(t,
		    tryton_party_code(t, line)) == 0))
			return false;
	}
	return !closed;
}

/* The codes of parties that are asked for, each once. */
static struct tv *
new_parties(const struct tryton *t, const struct posting *postings, size_t n,
    struct arena *arena)
{
	struct tv *codes = tv_new(arena, TV_LIST);
	struct map *seen = map_new();

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < postings[i].n_lines; k++) {
			const struct posting_line *line =
			    &postings[i].lines[k];
			const struct tryton_account *account =
			    tryton_account(t, line->account);
			struct span code = span_of(tryton_party_code(t,
			    line));

			if (account == NULL || !account->party ||
			    code.n == 0 || tryton_party(t, code.p) != 0 ||
			    map_find(seen, code) != NULL)
				continue;
			map_set(seen, code, codes);
			tv_add(codes, tv_text(arena, code.p));
		}
	map_free(&seen, NULL);
	return codes;
}

static bool
learn_parties(struct target *target, const struct posting *postings,
    size_t n, struct arena *arena, struct tryton_said *said, struct err *e)
{
	static const char *const fields[] = { "code", NULL };
	struct tryton *t = tryton_of(target);
	struct tv *codes = new_parties(t, postings, n, arena);

	if (codes->first == NULL)
		return true;
	if (map_count(t->master->parties) > PARTIES_MAX)
		map_clear(t->master->parties);
	if (!tryton_search(target, "party.party", one_clause(arena, "code",
	    "in", codes), 0, fields, NULL, arena, said, e))
		return false;
	for (const struct tv *row = said->result->first; row != NULL;
	    row = row->next)
		keep_id(t->master, t->master->parties, tv_word(row, "code"),
		    tv_id(row, "id"));
	return true;
}

bool
tryton_know(struct target *target, const struct posting *postings, size_t n,
    struct arena *arena, struct tryton_said *said, struct err *e)
{
	const struct tryton *t = tryton_of(target);
	bool known = true;

	if (!tryton_learn(target, false, arena, said, e) ||
	    !learn_parties(target, postings, n, arena, said, e))
		return false;
	for (size_t i = 0; i < n; i++)
		known = known && is_known(t, &postings[i]);
	if (known || clock_now() - t->master->at < 1000000)
		return true;
	return tryton_learn(target, true, arena, said, e) &&
	    learn_parties(target, postings, n, arena, said, e);
}

/* ---- looking up ------------------------------------------------------- */

int64_t
tryton_company(const struct tryton *t)
{
	return t->master == NULL ? 0 : t->master->company;
}

const char *
tryton_company_name(const struct tryton *t)
{
	return t->master == NULL ? "" : t->master->company_name;
}

const struct tryton_account *
tryton_account(const struct tryton *t, const char *code)
{
	return map_find(t->master->accounts, span_of(code));
}

const char *
tryton_party_code(const struct tryton *t, const struct posting_line *line)
{
	return *line->party != '\0' ? line->party : t->party;
}

int64_t
tryton_party(const struct tryton *t, const char *code)
{
	return id_of(t->master->parties, code);
}

int64_t
tryton_journal(const struct tryton *t, const char *code)
{
	return id_of(t->master->journals, code);
}

int64_t
tryton_foreign(const struct tryton *t, const char *code)
{
	return id_of(t->master->currencies, code);
}

int64_t
tryton_period(const struct tryton *t, struct day day, bool *closed)
{
	*closed = false;
	for (const struct period *p = t->master->periods; p != NULL;
	    p = p->next)
		if (strcmp(p->from.text, day.text) <= 0 &&
		    strcmp(day.text, p->to.text) <= 0) {
			*closed = p->closed;
			return p->id;
		}
	return 0;
}

/* ---- what is wrong in general ----------------------------------------- */

static void
add_fault(struct target_fault **at, enum refusal refusal, const char *field,
    const char *value, const char *words)
{
	**at = (struct target_fault){ refusal, field, value, words };
	(*at)++;
}

static void
find_twice(const struct tryton_master *m, struct arena *arena,
    struct target_fault **at, const struct target_fault *end)
{
	struct span code;
	void *value;
	size_t walk = 0;

	while (*at < end && map_next(m->accounts, &walk, &code, &value))
		if (((struct tryton_account *)value)->twice)
			add_fault(at, REFUSAL_MAPPING, "account",
			    arena_strndup(arena, code.p, code.n),
			    "two accounts have this code");
}

#define FAULTS_MAX 50

size_t
tryton_faults(const struct tryton *t, const char *journal, struct day today,
    struct arena *arena, struct target_fault **out)
{
	const struct tryton_master *m = t->master;
	struct target_fault *at;
	bool closed;

	*out = at = arena_alloc(arena, sizeof *at * (FAULTS_MAX + 8));
	if (map_count(m->accounts) == 0)
		add_fault(&at, REFUSAL_MAPPING, "account", "",
		    "no account has a code");
	if (*journal != '\0' && tryton_journal(t, journal) == 0)
		add_fault(&at, REFUSAL_MAPPING, "book", journal,
		    "no journal has this code or name");
	if (tryton_period(t, today, &closed) == 0)
		add_fault(&at, REFUSAL_PERIOD, "period", arena_strdup(arena,
		    today.text), "no fiscal year with periods holds this day");
	else if (closed)
		add_fault(&at, REFUSAL_PERIOD, "period", arena_strdup(arena,
		    today.text), "the period of this day is closed");
	if (!m->may_create || !m->may_write)
		add_fault(&at, REFUSAL_RIGHTS, "user", "",
		    "our user may not make or post moves");
	if (!m->may_delete)
		add_fault(&at, REFUSAL_RIGHTS, "user", "",
		    "our user may not take back a draft that was refused");
	find_twice(m, arena, &at, *out + FAULTS_MAX);
	return (size_t)(at - *out);
}
