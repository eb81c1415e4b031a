#ifndef BAHI_TARGETS_ERPNEXT_H
#define BAHI_TARGETS_ERPNEXT_H
/*
 * Inside of the adapter erpnext: what it knows of a company there, how it
 * asks, how it reads. The protocol is that of Frappe's /api/resource and
 * /api/method, versions 14 to 16; data/targets/erpnext/README.md.
 */
#include "targets/list.h"

struct cJSON;
struct json;
struct map;

#define ERPNEXT_PAGE 100	/* documents of one page */
#define ERPNEXT_NAMES 20	/* in one filter: the request line is short */

/* ---- erpnext_read.c: asks nobody -------------------------------------- */

struct erpnext_account {
	const char *name;	/* "Cash - ABC": what ERPNext calls it */
	const char *code;	/* as our mapping names it: name or number */
	const char *title;	/* "Cash" */
	const char *type;	/* "Receivable", "Bank".. "" */
	char currency[4];
};

struct erpnext_book {		/* what is to be known before reading */
	struct arena *arena;
	char currency[4];	/* of the company */
	const char *field;	/* of Journal Entry: our reference */
	bool numbers;		/* accounts are named by their number */
	struct map *names, *codes;	/* -> struct erpnext_account */
};

struct erpnext_head {		/* of a Journal Entry, next to struct remote */
	const char *amended_from;	/* "": of none */
};

void erpnext_book_begin(struct erpnext_book *, struct arena *,
	const char *field, bool numbers);
void erpnext_book_end(struct erpnext_book *);
/* One row of doctype Account; false: it is none that a line may name. */
bool erpnext_book_add(struct erpnext_book *, const struct cJSON *row);
/* Journal Entry's head; false: it lacks what it must have. */
MUST_CHECK bool erpnext_read_head(const struct erpnext_book *,
	const struct cJSON *doc, struct arena *, struct remote *,
	struct erpnext_head *);
/* Rows of Journal Entry Account, or of GL Entry; those whose `member` is
 * `value`, or all when it is NULL. False: an amount or account is none. */
MUST_CHECK bool erpnext_read_lines(const struct erpnext_book *,
	const struct cJSON *rows, const char *member, const char *value,
	struct arena *, struct remote *);
/* Sums of GL Entry by account. */
MUST_CHECK bool erpnext_read_balances(const struct erpnext_book *,
	const struct cJSON *rows, struct arena *, struct remote_balance **,
	size_t *n);
/* Of what stands there: DONE when it is booked and says the same, CONFLICT
 * when it is booked and does not; else the verdict's kind is left. */
void erpnext_take(const struct posting *, const struct remote *,
	struct arena *, struct verdict *);
/* The same of the document of an answer; what cannot be read, or is not about
 * this posting, leaves the kind. */
void erpnext_take_answer(const struct erpnext_book *, const struct cJSON *root,
	const struct posting *, struct arena *, struct verdict *);
/* What a refusal says: the name of its exception, and its words. */
void erpnext_read_fault(const struct cJSON *root, struct arena *,
	const char **type, const char **words);
/* Fills a verdict by status, exception and words. `changing`: of a document
 * that is there. */
void erpnext_judge(const struct fetch_answer *, const char *type,
	const char *words, bool changing, struct verdict *);
/* "Customer" and "ACME" of "ACME" or "Customer/ACME". */
void erpnext_party(const struct erpnext_account *, const char *party,
	struct arena *, const char **type, const char **name);
/* May a line of that account name a party? Else its remark does. */
bool erpnext_owes(const struct erpnext_account *);

/* ---- erpnext_ask.c ---------------------------------------------------- */

struct erpnext {		/* struct target, state */
	struct erpnext_book book;
	struct arena *arena;	/* of the book */
	struct arena *own;	/* of what follows */
	const char *authorization, *site;
	int64_t read;		/* when accounts were read; 0: never */
	int64_t again;		/* when they were for a refusal; 0: never */
	bool ready;
	int major;		/* of Frappe; 0: not known */
	char product[64];
};

struct erpnext_answer {
	struct fetch_answer http;
	struct cJSON *root;	/* NULL: no JSON */
	const char *type, *words;	/* of a refusal */
	char sent[SHA256_HEX];	/* of the body that went */
};

/* Any status is success; free with erpnext_done either way. */
MUST_CHECK bool erpnext_ask(struct target *, const char *method,
	const char *path, struct span body, struct arena *,
	struct erpnext_answer *, struct err *);
void erpnext_done(struct erpnext_answer *);

struct erpnext_query {
	const char *doctype, *parent;	/* parent: of a table; NULL */
	struct span filters;		/* JSON */
	const char *fields;		/* JSON */
	const char *order, *group;	/* NULL */
	int limit;
};

/* *rows is within the answer. False: no rows, and why. */
MUST_CHECK bool erpnext_rows(struct target *, const struct erpnext_query *,
	struct arena *, struct erpnext_answer *, const struct cJSON **rows,
	struct err *);
/* /api/resource/DOCTYPE, and /NAME unless it is NULL; encoded. */
const char *erpnext_path(const char *doctype, const char *name,
	struct arena *);
/* The company, its accounts and our field, once, and the accounts again after
 * some minutes; changes nothing. */
MUST_CHECK bool erpnext_ready(struct target *, struct err *);
/* Accounts anew, when they are older than some seconds. */
MUST_CHECK bool erpnext_refresh(struct target *, struct err *);
/* Accounts anew, since it refused one that we know, which may have another name
 * by now; twice a minute at most. */
MUST_CHECK bool erpnext_read_again(struct target *, bool *read, struct err *);
/* Of Frappe; 15 when it does not say. */
int erpnext_major(struct target *);
bool erpnext_check(struct target *, struct arena *, struct target_found *,
	struct err *);

/* Filters: [["field","op","value"],..] */
void erpnext_filter(struct json *, const char *field, const char *op,
	const char *value);
void erpnext_filter_in(struct json *, const char *field,
	const char *const *values, size_t n);

/* ---- erpnext_find.c --------------------------------------------------- */

bool erpnext_find(struct target *, const char *const *references, size_t n,
	struct arena *, struct remote **, size_t *n_out, struct err *);
bool erpnext_reach(struct target *, const char *series, struct arena *,
	const char **last, struct err *);
bool erpnext_list(struct target *, struct day from, struct day to,
	const char **cursor, struct arena *, struct remote **, size_t *n_out,
	struct err *);
bool erpnext_balances(struct target *, struct day, struct arena *,
	struct remote_balance **, size_t *n_out, struct err *);
/* The one of that name as it stands, lined, and how often it was amended. */
MUST_CHECK bool erpnext_entry(struct target *, const char *name,
	struct arena *, struct remote *, int *times, bool *found,
	struct err *);

#endif
