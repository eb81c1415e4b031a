#ifndef BAHI_BOOK_STATUTE_H
#define BAHI_BOOK_STATUTE_H
/*
 * The law of GST as dated master data, and who is registered under it: part
 * of the snapshot of master data (reference.h), from tables that anybody with
 * the right may correct. No rate, limit or due day is a constant in C.
 * Rates are thousandths of a percent; amounts paise. Days "" are open.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "book/day.h"

struct statute;

/* registration: one of our GSTINs. */
struct registration {
	const char *gstin, *entity;
	const char *kind;	/* regular composition sez isd operator */
	const char *filing;	/* monthly quarterly */
	int64_t turnover;	/* of the year before */
	struct day from, to;
};

/* taxpayer: what a party is; one that is not listed is unregistered, of the
 * state that the table party says. */
struct taxpayer {
	const char *party, *gstin;	/* gstin NULL: none */
	const char *category;		/* gst_category_name() */
	const char *state, *pin, *address;
	const char *status;		/* active cancelled suspended */
	struct day since;		/* of that status */
};

/* gst_state */
struct gst_state {
	const char *code, *name;
	const char *alpha;	/* "MH", or "OD OR": ours first; "" */
	const char *pins;	/* first digits of its PIN codes, by spaces */
	const char *group;	/* of GSTR-3B's due day: A B */
	bool utgst, gstin, place;
	struct day from, to;
};

struct gst_unit {		/* gst_unit: UQC */
	const char *code, *name;
	bool goods;
};

struct gst_rate {		/* gst_rate */
	int64_t rate;		/* thousandths of a percent */
	const char *hsn;	/* prefixes by spaces; "": any */
	bool goods, services;
	struct day from, to;
};

struct gst_due {		/* gst_due */
	const char *form;	/* gstr1 iff gstr3b pmt06 gstr2b ... */
	const char *filing, *group;	/* "*": any */
	int64_t period;		/* 202610; 0: any */
	int months, day;	/* after the period's end, of any */
	struct day due;		/* of one period: an extension */
};

/* Filling, as reference.h has it; texts are copied. */
struct reference;
void reference_add_registration(struct reference *,
	const struct registration *);
void reference_add_taxpayer(struct reference *, const struct taxpayer *);
void reference_add_gst_state(struct reference *, const struct gst_state *);
void reference_add_gst_unit(struct reference *, const struct gst_unit *);
void reference_add_gst_rate(struct reference *, const struct gst_rate *);
/* What changes with time and is one number: b2cl (paise), hsn_turnover, ... */
void reference_add_gst_limit(struct reference *, const char *name,
	struct day first, int64_t value);
void reference_add_gst_due(struct reference *, const struct gst_due *);
/* level: block warn off; entity "*": all. */
void reference_add_gst_level(struct reference *, const char *check,
	const char *entity, const char *level);
void reference_add_hsn(struct reference *, const char *code,
	const char *name);
/* Of goods: the unit they are sold in, and the HSN when the table item has
 * none or a shorter one. */
void reference_add_gst_item(struct reference *, const char *item,
	const char *hsn, const char *unit);

/* In force on the day. NULL: none. */
const struct registration *reference_registration(const struct reference *,
	const char *gstin, struct day);
/* The entity's in that state, or, state NULL, its first one. */
const struct registration *reference_registered(const struct reference *,
	const char *entity, const char *state, struct day);
const struct registration *reference_next_registration(
	const struct reference *, size_t *at);
/* Does the entity have any at all? Cheap: asked of every document. */
bool reference_taxable(const struct reference *, const char *entity);
const struct taxpayer *reference_taxpayer(const struct reference *,
	const char *party);
/* By GSTIN; NULL: no party has it. */
const struct taxpayer *reference_taxpayer_of(const struct reference *,
	const char *gstin);
/* By code ("27"), alpha ("MH") or name. */
const struct gst_state *reference_gst_state(const struct reference *,
	const char *);
const struct gst_unit *reference_gst_unit(const struct reference *,
	const char *code);
const struct gst_rate *reference_next_gst_rate(const struct reference *,
	size_t *at);
/* The latest not after the day. False: none. */
bool reference_gst_limit(const struct reference *, const char *name,
	struct day, int64_t *value);
const struct gst_due *reference_next_gst_due(const struct reference *,
	size_t *at);
/* Of the entity, else of all; NULL: as the check has it. */
const char *reference_gst_level(const struct reference *, const char *check,
	const char *entity);
const char *reference_hsn(const struct reference *, const char *code);
bool reference_has_hsn(const struct reference *);
bool reference_gst_item(const struct reference *, const char *item,
	const char **hsn, const char **unit);

/* Inside of book/: made with the first row of any of these tables. */
struct statute *statute_new(void);
void statute_free(struct statute **);
struct statute *reference_statute(struct reference *);
const struct statute *reference_law(const struct reference *); /* or NULL */

#endif
