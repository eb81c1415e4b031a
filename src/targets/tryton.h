#ifndef BAHI_TARGETS_TRYTON_H
#define BAHI_TARGETS_TRYTON_H
/*
 * Inside of the adapter for Tryton 6.0: its session (tryton_call.c), what it
 * calls our accounts and parties (tryton_master.c), moves as postings and back
 * (tryton_move.c), sending (tryton_send.c), looking (tryton_look.c). What an
 * accountant's Tryton calls an entry is a move.
 */
#include "core/map.h"
#include "targets/list.h"
#include "targets/tryton_value.h"

/* ---- session ---------------------------------------------------------- */

struct tryton_master;

struct tryton {
	const struct tryton_protocol *protocol;
	char session[512];	/* header line; "": none */
	int64_t user;
	char currency[4];	/* of the company; "": not known */
	const char *party;	/* where an entry has none and must; "" */
	struct tryton_master *master;	/* NULL: not read */
};

/* What came of a call. */
struct tryton_said {
	const struct tv *result;	/* NULL: no result */
	enum tryton_fault fault;	/* 0: none was said */
	const char *words;		/* of the fault, or of the status */
	struct fetch_answer answer;	/* status 0: no answer; sent: see there */
	bool entering;		/* it was the login that failed */
};

/*
 * `params` without the context, which is put behind it: the company, English
 * words, and `more` (a group, or NULL). Logs in when there is no session, and
 * once more when it has expired: then nothing had been done. False: no result,
 * and e says why.
 */
MUST_CHECK bool tryton_call(struct target *, const char *method,
	struct tv *params, const struct tv *more, struct arena *,
	struct tryton_said *, struct err *);
MUST_CHECK bool tryton_login(struct target *, struct arena *,
	struct tryton_said *, struct err *);
/* Of the server, asked without a session. NULL: err says why. */
const char *tryton_version(struct target *, struct arena *,
	struct tryton_said *, struct err *);
/* search_read: `domain` a list of clauses, `limit` rows by id. */
MUST_CHECK bool tryton_search(struct target *, const char *model,
	struct tv *domain, int64_t limit, const char *const *fields,
	const struct tv *more, struct arena *, struct tryton_said *,
	struct err *);
/* The one whose text in that field comes last. */
MUST_CHECK bool tryton_search_last(struct target *, const char *model,
	struct tv *domain, const char *field, struct arena *,
	struct tryton_said *, struct err *);
/* Whose matter it is, by its words in English. */
enum refusal tryton_refusal(const struct tryton_said *);
/* Of all n, when what was asked changes nothing there. */
void tryton_away(struct verdict *, size_t n, const struct tryton_said *,
	const struct err *, struct arena *);

/* ---- its codes -------------------------------------------------------- */

struct tryton_account {
	int64_t id;
	bool party, heading, closed, twice;
	struct day from, to;	/* "": no bound */
};

/* Reads company, accounts, journals, periods and currencies, unless they were
 * read a moment ago; anew: whatever is kept is not to be believed. */
MUST_CHECK bool tryton_learn(struct target *, bool anew, struct arena *,
	struct tryton_said *, struct err *);
/* The same, and the parties of these; what is not known is looked for anew,
 * once. */
MUST_CHECK bool tryton_know(struct target *, const struct posting *, size_t n,
	struct arena *, struct tryton_said *, struct err *);
/* It is read again at the next call. */
void tryton_forget(struct tryton *);
void tryton_master_free(struct tryton *);

int64_t tryton_company(const struct tryton *);		/* 0: not known */
const char *tryton_company_name(const struct tryton *);
const struct tryton_account *tryton_account(const struct tryton *,
	const char *code);
/* The code of a line's party on an account that wants one. */
const char *tryton_party_code(const struct tryton *,
	const struct posting_line *);
int64_t tryton_party(const struct tryton *, const char *code);	/* 0: none */
int64_t tryton_journal(const struct tryton *, const char *code);
int64_t tryton_foreign(const struct tryton *, const char *code);
/* 0: no period has the day; *closed: there is one, but it is closed. */
int64_t tryton_period(const struct tryton *, struct day, bool *closed);
/* Finds of check: what is wrong with books in general. */
size_t tryton_faults(const struct tryton *, const char *journal, struct day,
	struct arena *, struct target_fault **);

/* ---- moves ------------------------------------------------------------ */

/* What create takes; NULL: the verdict says what is not known there. */
struct tv *tryton_move(const struct tryton *, const struct posting *,
	struct arena *, struct verdict *);
/* The lines alone, as tryton_move made them. */
struct tv *tryton_lines(const struct tryton *, const struct posting *,
	struct arena *);
extern const char *const tryton_move_fields[];
/* A row of those fields. */
MUST_CHECK bool tryton_remote(const struct tryton *, const struct tv *row,
	struct arena *, struct remote *, struct err *);
/* The same date, accounts and amounts; parties where it holds them. */
bool tryton_same(const struct tryton *, const struct posting *,
	const struct remote *, struct arena *);
/* Moves by id, those that are there; lined. */
MUST_CHECK bool tryton_read(struct target *, const char *const *ids,
	size_t n, struct arena *, struct remote **out, size_t *n_out,
	struct tryton_said *, struct err *);

/* ---- the adapter's calls, targets.h ----------------------------------- */

bool tryton_send(struct target *, const struct posting *, size_t,
	struct arena *, struct verdict *, struct err *);
bool tryton_finish(struct target *, const struct posting *,
	const struct remote *, struct arena *, struct verdict *, struct err *);
bool tryton_restore(struct target *, const struct posting *,
	const struct remote *, struct arena *, struct verdict *, struct err *);
bool tryton_find(struct target *, const char *const *, size_t,
	struct arena *, struct remote **, size_t *, struct err *);
bool tryton_reach(struct target *, const char *series, struct arena *,
	const char **last, struct err *);
bool tryton_list(struct target *, struct day, struct day, const char **,
	struct arena *, struct remote **, size_t *, struct err *);
bool tryton_balances(struct target *, struct day, struct arena *,
	struct remote_balance **, size_t *, struct err *);

#endif
