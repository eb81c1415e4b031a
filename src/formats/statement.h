#ifndef BAHI_FORMATS_STATEMENT_H
#define BAHI_FORMATS_STATEMENT_H
/*
 * A bank statement while it is read: what MT940 and CAMT.053 share. Its
 * entries go out one by one as records; only that is kept which proves that
 * opening balance and entries make the closing balance.
 */
#include "book/day.h"
#include "core/json.h"
#include "formats/decimal.h"

#define STATEMENT_TEXT_MAX 128

enum mark { MARK_NONE, MARK_CREDIT, MARK_DEBIT, MARK_REVERSED_CREDIT,
	MARK_REVERSED_DEBIT };

struct balance {
	enum mark mark;		/* MARK_NONE: there is none */
	struct day date;
	char currency[4];
	struct decimal amount;
};

struct statement {
	bool open;
	int64_t line;		/* where it began */
	char account[STATEMENT_TEXT_MAX + 1];
	char number[STATEMENT_TEXT_MAX + 1];
	char sequence[STATEMENT_TEXT_MAX + 1];
	char currency[4];
	struct balance opening, closing;
	struct decimal sum;	/* of the entries, credits positive */
	int64_t entries;
	struct str wrong;
};

void statement_init(struct statement *);
void statement_clear(struct statement *);
void statement_free(struct statement *);
/* The first reason stands. */
void statement_fault(struct statement *, const char *why);
/* Texts of at most STATEMENT_TEXT_MAX bytes; a longer one is a fault. */
void statement_keep(struct statement *, char *member, struct span);
void statement_count(struct statement *, enum mark, struct decimal);
/* Judges opening + sum = closing. */
void statement_judge(struct statement *);

const char *mark_text(enum mark);	/* "RC" */
bool mark_minus(enum mark);		/* the account has less by it */
/* Members of an object that both records have, and those of one only. */
void statement_write_head(const struct statement *, struct json *);
void statement_write(const struct statement *, struct json *);
void decimal_member(struct json *, const char *key, struct decimal);
/* Text of a bank: ISO 8859-1 when it is no UTF-8. Empty: no member. */
void text_member(struct json *, const char *key, struct span);

#endif
