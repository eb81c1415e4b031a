#ifndef BAHI_TARGETS_POSTING_H
#define BAHI_TARGETS_POSTING_H
/*
 * A journal in the words of a target: its codes instead of ours, in the
 * base currency of the entity, with our reference. A journal is never
 * changed, so the same one is the same posting until master data is.
 */
#include "core/arena.h"
#include "core/str.h"
#include "book/day.h"
#include "store/books.h"

#define REFERENCE_MAX 64

struct posting_line {
	const char *account;	/* the ERP's code or name */
	const char *ours;	/* our account */
	const char *party, *cost_centre, *tax_code, *item, *location;
				/* theirs; "": none */
	const char *party_name;	/* ours; "" */
	bool subledger;		/* the account is the party's own */
	const char *memo;
	int64_t amount;		/* base currency, debit positive; never 0 */
	char currency[4];	/* in which it was traded, */
	int64_t foreign;	/* and how much of it */
};

struct posting {
	int64_t journal;	/* ours */
	char reference[REFERENCE_MAX];	/* "bahi-IN01-000000000123": for ever
				 * the same; [A-Za-z0-9_-] only */
	const char *entity, *kind, *number;	/* of the document */
	int64_t version, event;
	struct day date;
	char currency[4];	/* base */
	const char *book;	/* voucher type or journal there; "" */
	const char *narration;	/* starts with the reference and a space */
	const char *reverses;	/* reference of what it undoes; "": none */
	const char *reverses_remote;	/* its id there; "": not known */
	const char *against;	/* number of the document that it settles, or
				 * is a note of; "": none; of adapters with
				 * subledgers only */
	struct posting_line *lines;
	size_t n_lines;
};

/* The reference of a journal. */
void posting_reference(const char *entity, int64_t journal,
	char out[REFERENCE_MAX]);
/* What all references of an entity begin with: "bahi-IN01-". */
void posting_series(const char *entity, char out[REFERENCE_MAX]);
#define POSTING_DIGITS "____________"	/* and what follows, to LIKE */
/* 0: it is none of ours. */
int64_t posting_journal(const char *reference);

/* What is not mapped: what is missing, in words of ours. */
struct posting_miss {
	const char *dimension, *value;	/* "account", "4000" */
};

struct targetconf;
/*
 * Loads and maps it. *found false: no such journal. Mapped by the rows of
 * master data `mapping` whose source is "to:NAME", dimensions account, party,
 * cost_centre, tax_code, item, location, kind (of the document: the book);
 * what stands in no row goes as it is, except where the conf says
 * `unmapped = refuse`: then it is a miss. Lines of the same account and
 * dimensions are not put together; lines of 0 are left out. Where each party
 * is an account of its own (adapter->subledgers, `parties = ledgers`), that
 * is what a line with a party goes on: as mapped, else by its name here. There
 * party is "" either way.
 */
MUST_CHECK bool posting_load(struct db *, const struct targetconf *,
	int64_t journal, struct arena *, struct posting *,
	struct posting_miss **misses, size_t *n_misses, bool *found,
	struct err *);
/* Canonical text of date and lines (account, party, amount), sorted: the same
 * whether ours or theirs, for digests and for comparing. */
void posting_text(struct day, const struct posting_line *, size_t n,
	struct str *out);

#endif
