#ifndef BAHI_BOOK_FINDING_H
#define BAHI_BOOK_FINDING_H
/*
 * What a check says of an event or document. Table of codes in finding.c:
 * name, level, dimension, sentence, hint. signature = code + source +
 * dimension + value: what makes 500 failures one problem.
 */
#include <stddef.h>
#include "core/arena.h"
#include "core/str.h"

enum finding_code {
	FIND_JSON, FIND_JSON_DUPLICATE, FIND_JSON_DEPTH, FIND_JSON_UTF8,
	FIND_TOPIC, FIND_SCHEMA, FIND_RULE, FIND_KEY_REUSE,
	FIND_AMOUNT, FIND_ZERO, FIND_UNBALANCED,
	FIND_ENTITY, FIND_ACCOUNT, FIND_ACCOUNT_INACTIVE, FIND_COMBINATION,
	FIND_COST_CENTRE, FIND_TAX_CODE, FIND_CURRENCY, FIND_RATE,
	FIND_PERIOD_CLOSED, FIND_PERIOD_UNKNOWN, FIND_PARTY, FIND_DATE,
	FIND_ITEM, FIND_LOCATION, FIND_NUMBER_USED, FIND_VERSION,
	FIND_TEST_MODE,
	FIND_WAIT_DOCUMENT, FIND_WAIT_STOCK, FIND_WAIT_WINDOW,
	FIND_WAIT_BATCH, FIND_WAIT_PAUSED, FIND_WAIT_EXPIRED,
	FIND_CONTROL, FIND_OVERSOLD, FIND_ORDER_EXCEEDED,
	FIND_FORBIDDEN, FIND_SYSTEM, FIND_APPROVAL, FIND_FORMAT,
	FIND_APPROVAL_EXPIRED, FIND_BANK_REPEATED,
	/* of GST (gst.md 6), in the order of the checks; finding_gst.c */
	FIND_GST_REGISTRATION, FIND_GST_CATEGORY, FIND_GST_PLACE_MISSING,
	FIND_GST_PLACE, FIND_GST_GSTIN, FIND_GST_GSTIN_IMPORTED,
	FIND_GST_GSTIN_INACTIVE, FIND_GST_GSTIN_MISSING,
	FIND_GST_UNREGISTERED, FIND_GST_OPERATOR, FIND_GST_OWN,
	FIND_GST_OVERSEAS, FIND_GST_BRANCH, FIND_GST_RATE_MISSING,
	FIND_GST_HEAD, FIND_GST_HALVES, FIND_GST_UNPAID, FIND_GST_SUPPLIER,
	FIND_GST_RECIPIENT, FIND_GST_REVERSE, FIND_GST_RATE, FIND_GST_TAX,
	FIND_GST_EXEMPT, FIND_GST_CESS, FIND_GST_ITEM_RATES,
	FIND_GST_NEGATIVE, FIND_GST_ZERO, FIND_GST_HSN_MISSING, FIND_GST_HSN,
	FIND_GST_HSN_UNLISTED, FIND_GST_UNIT_MISSING, FIND_GST_UNIT,
	FIND_GST_QUANTITY, FIND_GST_NUMBER, FIND_GST_NUMBER_USED,
	FIND_GST_BILL, FIND_GST_BACKDATED, FIND_GST_DATE, FIND_GST_FILED,
	FIND_GST_BOTH_WAYS, FIND_GST_ORIGINAL_MISSING, FIND_GST_ORIGINAL,
	FIND_GST_ABOVE, FIND_GST_SHIPPING, FIND_GST_NO_SHIPPING,
	FIND_GST_PIN, FIND_GST_COUNTER, FIND_GST_ADDRESS,
	FIND_CODES
};

#define FIND_GST_FIRST FIND_GST_REGISTRATION

enum finding_level { FINDING_BLOCK, FINDING_WARN };

struct finding_info {
	const char *name;	/* "account.unmapped" */
	enum finding_level level;
	const char *dimension;	/* "account"; "" when none */
	const char *what;	/* N_() sentence; one %s: the value */
	const char *hint;	/* N_() what to do */
	bool fixable;		/* `fix` can add a mapping, or a row of master
				 * data, for the value */
};

struct finding {
	enum finding_code code;
	enum finding_level level;	/* as its code has it, or as ruled */
	const char *value;	/* offending value; "" when none */
	const char *field;	/* path in payload or document; "" */
	const char *detail;	/* exact cause for the log; "" */
};

#define FINDINGS_MAX 64		/* of one event; the rest is cut */

#define MISSES_MAX 16

struct miss {			/* what a rule looked for in vain, silently */
	const char *dimension, *value;
};

struct findings {
	struct finding items[FINDINGS_MAX];
	size_t n;
	bool cut;
	struct miss misses[MISSES_MAX];	/* the first ones */
	size_t n_misses;
};

const struct finding_info *finding_info(enum finding_code);
/* The check of GST that it is of, "D01"; "" of any other. */
const char *finding_check(enum finding_code);
const char *finding_level_name(enum finding_level);	/* "block" */
bool finding_find(const char *name, enum finding_code *out);
/* Copies the texts into the arena; the same (code, value, field) once. */
void finding_add(struct findings *, struct arena *, enum finding_code,
	const char *value, const char *field, const char *detail);
void finding_add_at(struct findings *, struct arena *, enum finding_code,
	enum finding_level, const char *value, const char *field,
	const char *detail);
/* Copies the texts into the arena; the same one once. */
void finding_miss(struct findings *, struct arena *, const char *dimension,
	const char *value);
bool findings_block(const struct findings *);
/* May `fix` be said of it? Not where nothing is named. */
bool finding_fixable(const struct finding *);
void finding_sentence(const struct finding *, struct str *out);
/* As the API shows it: one JSON object. */
struct json;
void finding_encode(const struct finding *, const char *source,
	struct json *);
/* Is the value part of the cause (account, topic), or only of this one event
 * (key, amount, date)? */
bool finding_by_value(enum finding_code);
/* Whose it is to correct: "system" (ours), "reference" (master data),
 * "data" (the sender's). */
const char *finding_class(enum finding_code);
/* What kind of thing is in the way: data, mapping, rights, connection, limit,
 * duplicate, waiting. */
const char *finding_kind(enum finding_code);
#define FINDING_SIGNATURE 17
/* First 16 hex digits of SHA-256 over the four parts, NUL between. */
void finding_signature(const struct finding *, const char *source,
	char out[17]);

/* Inside of book/: the rows from FIND_GST_FIRST on. */
struct finding_gst {
	const char *check;
	struct finding_info info;
};

extern const struct finding_gst findings_gst[FIND_CODES - FIND_GST_FIRST];

#endif
