#ifndef BAHI_TARGETS_TRYTON_VALUE_H
#define BAHI_TARGETS_TRYTON_VALUE_H
/*
 * What Tryton is told and what it says, as values that know nothing of the
 * protocol: JSON-RPC and XML-RPC say the same. Numbers stay text, so no amount
 * is ever a double. All in the caller's arena.
 */
#include <stdint.h>
#include "book/day.h"
#include "core/arena.h"
#include "core/str.h"

#define TV_MAX ((size_t)1 << 20)	/* values of one answer */

enum tv_kind { TV_NIL, TV_BOOL, TV_NUMBER, TV_TEXT, TV_LIST, TV_GROUP };

struct tv {
	enum tv_kind kind;
	const char *key;	/* in a group; else NULL */
	const char *text;	/* of a number or a text */
	bool yes;
	struct tv *first, *last, *next;
};

struct tv *tv_new(struct arena *, enum tv_kind);
struct tv *tv_text(struct arena *, const char *);
struct tv *tv_int(struct arena *, int64_t);
struct tv *tv_bool(struct arena *, bool);
struct tv *tv_decimal(struct arena *, const char *text);
struct tv *tv_day(struct arena *, struct day);
void tv_add(struct tv *list, struct tv *);		/* in a list */
void tv_put(struct tv *group, const char *key, struct tv *);
/* [field, operator, value] */
struct tv *tv_clause(struct arena *, const char *field, const char *op,
	struct tv *);
/* Texts, NULL ended. */
struct tv *tv_words(struct arena *, const char *const *);

/* Reading. NULL is a group without members, and a list without items. */
const struct tv *tv_get(const struct tv *group, const char *key);
/* Of the member's text or number; "": none. */
const char *tv_word(const struct tv *group, const char *key);
int64_t tv_number(const struct tv *);			/* 0: none */
int64_t tv_id(const struct tv *group, const char *key);	/* 0: none */
/* SQLite gives 1 for true. */
bool tv_true(const struct tv *group, const char *key);
MUST_CHECK bool tv_date(const struct tv *group, const char *key,
	struct day *out);
/* Digits and a point, whatever way it was written ("1E+3" -> "1000"); NULL:
 * no decimal, or one of more than 40 digits. */
const char *tv_amount(const struct tv *group, const char *key,
	struct arena *);

enum tryton_fault {
	TRYTON_USER = 1,	/* a person's, or a right's: words for people */
	TRYTON_WARNING,		/* somebody has to say yes */
	TRYTON_LOGIN,
	TRYTON_CONCURRENCY,
	TRYTON_OTHER		/* its own */
};

struct tryton_answer {
	const struct tv *result;	/* NULL: it said no */
	enum tryton_fault fault;
	const char *words;		/* as they came */
};

struct tryton_protocol {
	const char *name, *type;	/* "json", "application/json" */
	void (*request)(const char *method, const struct tv *params,
	    struct str *out);
	void (*value)(const struct tv *, struct str *out);
	bool (*answer)(struct span, struct arena *, struct tryton_answer *,
	    struct err *);
};

extern const struct tryton_protocol tryton_json, tryton_xml;

#endif
