#ifndef BAHI_TARGETS_ODOO_H
#define BAHI_TARGETS_ODOO_H
/*
 * Inside of the adapter odoo: what it knows of a company there, how it asks,
 * how it reads. The protocol is /json/2/MODEL/METHOD of Odoo 19, one
 * transaction a call; data/targets/odoo/README.md.
 */
#include "targets/list.h"

struct cJSON;
struct json;
struct map;

#define ODOO_PAGE 100		/* moves of one page */

/* ---- odoo_read.c: asks nobody ----------------------------------------- */

enum odoo_kind {		/* of what a code stands for there */
	ODOO_ACCOUNT, ODOO_PARTNER, ODOO_ANALYTIC, ODOO_JOURNAL,
	ODOO_CURRENCY, ODOO_KINDS
};

struct odoo_name {
	int64_t id;		/* 0: several have this code */
	const char *code;
};

struct odoo_names {		/* by code and by id */
	struct arena *arena;
	struct map *codes[ODOO_KINDS], *ids[ODOO_KINDS];
	char currency[4];	/* of the company */
};

void odoo_names_begin(struct odoo_names *, struct arena *);
void odoo_names_end(struct odoo_names *);
/* usable: a new line may name it; an archived one is only told. */
void odoo_names_add(struct odoo_names *, enum odoo_kind, int64_t id,
	const char *code, bool usable);
const struct odoo_name *odoo_by_code(const struct odoo_names *,
	enum odoo_kind, const char *code);
const struct odoo_name *odoo_by_id(const struct odoo_names *,
	enum odoo_kind, int64_t id);

/* A number of ours, or that of [12, "its name"]; 0: none. */
int64_t odoo_id(const struct cJSON *);
/* A row of account.move; false: it lacks what it must have. */
MUST_CHECK bool odoo_read_move(const struct cJSON *row, struct arena *,
	struct remote *);
/* Rows of account.move.line that are of the move `id`. */
MUST_CHECK bool odoo_read_lines(const struct odoo_names *,
	const struct cJSON *rows, int64_t id, struct arena *,
	struct remote *);
MUST_CHECK bool odoo_read_balances(const struct odoo_names *,
	const struct cJSON *rows, struct arena *, struct remote_balance **,
	size_t *n);
/* What a refusal says: "UserError", and its message. */
void odoo_read_fault(const struct cJSON *root, struct arena *,
	const char **type, const char **words);
/* Fills a verdict by status, exception and words. */
void odoo_judge(const struct fetch_answer *, const char *type,
	const char *words, struct verdict *);
/* As erpnext_take: DONE, CONFLICT, or as it was. */
void odoo_take(const struct posting *, const struct remote *, struct arena *,
	struct verdict *);

/* ---- odoo_ask.c ------------------------------------------------------- */

struct odoo {			/* struct target, state */
	struct odoo_names names;
	struct arena *arena;	/* of the names */
	struct arena *own;	/* of what follows */
	const char *headers[3];
	size_t n_headers;
	int64_t company;	/* 0: not asked */
	int64_t read;		/* when names and lock dates were begun */
	struct day closed;	/* up to it, all is; "": not */
};

struct odoo_answer {
	struct fetch_answer http;
	struct cJSON *root;	/* NULL: no JSON */
	const char *type, *words;
	char sent[SHA256_HEX];
};

/* Begins the object of a call, with the context of the company in it; the
 * caller adds members and closes it. */
void odoo_begin(struct target *, struct json *, struct str *body);
/* A call of "account.move/create". Any status is success; free with odoo_done
 * either way. */
MUST_CHECK bool odoo_ask(struct target *, const char *method,
	const struct str *body, struct arena *, struct odoo_answer *,
	struct err *);
void odoo_done(struct odoo_answer *);
/* One that is only asked: false, with why, unless it is 200 and an array. */
MUST_CHECK bool odoo_rows(struct target *, const char *method,
	const struct str *body, struct arena *, struct odoo_answer *,
	struct err *);
/* "domain", its terms: */
void odoo_term(struct json *, const char *field, const char *op,
	const char *value);
void odoo_term_int(struct json *, const char *field, const char *op,
	int64_t value);
void odoo_term_ids(struct json *, const char *field, const int64_t *ids,
	size_t n);
void odoo_term_texts(struct json *, const char *field,
	const char *const *texts, size_t n);
void odoo_ids(struct json *, const int64_t *ids, size_t n);
void odoo_texts(struct json *, const char *key, const char *const *texts,
	size_t n);

/* The company, once, and its lock dates; what was learnt of names is
 * forgotten after some minutes. */
MUST_CHECK bool odoo_ready(struct target *, struct err *);
/* Learns those that are not known yet. */
MUST_CHECK bool odoo_learn_codes(struct target *, enum odoo_kind,
	const char *const *codes, size_t n, struct arena *, struct err *);
MUST_CHECK bool odoo_learn_ids(struct target *, enum odoo_kind,
	const int64_t *ids, size_t n, struct arena *, struct err *);
bool odoo_check(struct target *, struct arena *, struct target_found *,
	struct err *);

/* ---- odoo_say.c ------------------------------------------------------- */

struct odoo_saying {
	struct target *t;
	struct arena *arena;
	struct json *j;
	const char *words;	/* why it cannot be said; NULL */
	enum refusal refusal;
};

/* Asks for all that these name, one question a kind. */
MUST_CHECK bool odoo_learn(struct target *, const struct posting *, size_t n,
	struct arena *, struct err *);
/* The values of a new move. False: words say why not, and what was written is
 * to be thrown away. */
MUST_CHECK bool odoo_put_move(struct odoo_saying *, const struct posting *);
/* "line_ids", its commands; renew: what lines there are goes first. */
MUST_CHECK bool odoo_put_lines(struct odoo_saying *, const struct posting *,
	bool renew);
/* Odoo moves a day out of a closed period without a word: so it is asked
 * before. False: words say up to when. */
MUST_CHECK bool odoo_is_open(struct odoo_saying *, const struct posting *);

/* ---- odoo_find.c ------------------------------------------------------ */

bool odoo_find(struct target *, const char *const *references, size_t n,
	struct arena *, struct remote **, size_t *n_out, struct err *);
bool odoo_reach(struct target *, const char *series, struct arena *,
	const char **last, struct err *);
/* Those of these numbers, lined. */
MUST_CHECK bool odoo_moves(struct target *, const int64_t *ids, size_t n,
	struct arena *, struct remote **, size_t *n_out, struct err *);
bool odoo_list(struct target *, struct day from, struct day to,
	const char **cursor, struct arena *, struct remote **, size_t *n_out,
	struct err *);
bool odoo_balances(struct target *, struct day, struct arena *,
	struct remote_balance **, size_t *n_out, struct err *);

#endif
