#ifndef BAHI_BOOK_REFERENCE_H
#define BAHI_BOOK_REFERENCE_H
/*
 * One immutable snapshot of the master data, loaded by store, read by checks
 * and rules on any thread. `generation` grows with each change of master data
 * or mapping; a newer snapshot replaces the pointer, old ones are freed when
 * their last user lets go.
 */
#include <stdint.h>
#include "book/day.h"
#include "book/flow.h"
#include "book/policy.h"
#include "core/err.h"
#include "core/map.h"

struct reference;

enum reference_table {
	REF_ENTITY, REF_ACCOUNT, REF_COST_CENTRE, REF_TAX_CODE, REF_CURRENCY,
	REF_PARTY, REF_ITEM, REF_LOCATION, REF_TABLES
};

struct master {			/* one row of any of these tables */
	const char *code, *name, *entity;	/* entity NULL: all */
	const char *kind;	/* account type; tax kind; ... */
	const char *extra;	/* entity: base currency; account: ledger path */
	struct day from, to;	/* valid days; text "" = open */
};

struct reference *reference_new(int64_t generation);
struct reference *reference_hold(struct reference *);
void reference_drop(struct reference **);
int64_t reference_generation(const struct reference *);
const char *reference_table_name(enum reference_table);	/* "cost_centre" */
bool reference_table_find(const char *, enum reference_table *out);

/* Filling, before the snapshot is shared. Texts are copied. */
void reference_add(struct reference *, enum reference_table,
	const struct master *);
void reference_add_mapping(struct reference *, const char *source,
	const char *dimension, const char *from, const char *to);
void reference_add_rate(struct reference *, const char *from, const char *to,
	struct day first, int64_t rate);
void reference_add_period(struct reference *, const char *entity,
	const char *period, const char *state);	/* open soft closed */
/* An account that may be used only with these cost centres; a refusal when
 * any pair is listed for the account and this one is not. */
void reference_add_pair(struct reference *, const char *account,
	const char *cost_centre);

/* What a source may send; it counts from 1, 0: no bound. */
#define LIMIT_RATE_MAX 1000000
#define LIMIT_BODY_MAX (64 << 20)

struct source_limit {
	int64_t rate, burst;	/* events a second, and at once */
	int64_t body;		/* bytes */
	const char *allow;	/* addresses (core/cidr.h); "": any */
};

void reference_add_limit(struct reference *, const char *source,
	const struct source_limit *);
/* Of this source, else of "*"; NULL: none. */
const struct source_limit *reference_limit(const struct reference *,
	const char *source);

void reference_add_flow(struct reference *, const struct flow *);
/* Standard cost of one, minor units of the base currency, from that day. */
void reference_add_cost(struct reference *, const char *item,
	struct day first, int64_t cost);

/* The most particular one that fits: source, kind, entity in this order of
 * weight. NULL: none; then it posts as it comes. */
const struct flow *reference_flow(const struct reference *,
	const char *source, const char *kind, const char *entity);
bool reference_cost(const struct reference *, const char *item, struct day,
	int64_t *cost);
const struct flow *reference_next_flow(const struct reference *,
	size_t *at);

void reference_add_policy(struct reference *, const struct policy *);
/* Those of a document, of each policy the most particular row: kind before
 * entity. Costs nothing when there are none. */
const struct policy *reference_next_policy(const struct reference *,
	const char *kind, const char *entity, size_t *at);
/* The row that asks for a second factor for this act; entity NULL: it is not
 * known, so any will do. NULL: none does. */
const struct policy *reference_factor(const struct reference *,
	const char *act, const char *entity);

/* An account, or `prefix*`, that a client may post to by journals of its own;
 * client `*`: whoever it is. */
void reference_add_grant(struct reference *, const char *client,
	const char *account);
bool reference_granted(const struct reference *, const char *client,
	const char *account);
/* Is anything granted to just this client? */
bool reference_has_grants(const struct reference *, const char *client);

const struct master *reference_find(const struct reference *,
	enum reference_table, const char *code);
bool master_valid(const struct master *, struct day);
/* Mapping of this source, then of its family (what stands before the first
 * `-`), then of "*", then the master's own code. NULL: a
 * miss. dimension is a table name, or any word used by a rule. */
const char *reference_lookup(const struct reference *, const char *source,
	const char *dimension, const char *value);
/* Rate in force on the day: the latest not after it. False: none. */
bool reference_rate(const struct reference *, const char *from,
	const char *to, struct day, int64_t *rate);
const char *reference_period(const struct reference *, const char *entity,
	struct day);		/* NULL: no such period */
/* The first day of the first open period after that day's. False: none. */
bool reference_next_open(const struct reference *, const char *entity,
	struct day, struct day *out);
bool reference_pair(const struct reference *, const char *account,
	const char *cost_centre);
/* Walks: *at = 0 first; NULL at the end. */
const struct master *reference_next(const struct reference *,
	enum reference_table, size_t *at);
bool reference_next_mapping(const struct reference *, size_t *at,
	const char **source, const char **dimension, const char **from,
	const char **to);

#endif
