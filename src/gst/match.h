#ifndef BAHI_GST_MATCH_H
#define BAHI_GST_MATCH_H
/*
 * Purchases in books against what suppliers filed: eleven rules, tried in their
 * order over all suppliers, the first fitting document is taken. Pure; the
 * result depends on what the bills say alone, and on ids only between bills
 * that say the same. Amounts are paise, positive also of notes.
 */
#include "book/day.h"
#include "core/arena.h"
#include "gst/supply.h"

enum bill_class {
	BILL_B2B, BILL_CDNR, BILL_ISD, BILL_IMPG, BILL_IMPGSEZ, BILL_CLASSES
};

struct bill {
	int64_t id;		/* the caller's */
	enum bill_class class;
	bool credit;		/* a credit note */
	const char *own, *party;	/* GSTINs; party "": an import's */
	const char *number, *place;
	struct day date;
	bool reverse_charge;
	int64_t taxable, tax[GST_HEADS];
	size_t link;		/* index + 1 of the other side, that a person
				 * chose; 0: none */
};

enum match_field {
	MATCH_CLASS, MATCH_PARTY, MATCH_YEAR, MATCH_OWN, MATCH_NUMBER,
	MATCH_DATE, MATCH_PLACE, MATCH_REVERSE, MATCH_TAXABLE, MATCH_CGST,
	MATCH_SGST, MATCH_IGST, MATCH_GST, MATCH_CESS, MATCH_FIELDS
};

enum match_need {
	MATCH_ANY,		/* not looked at */
	MATCH_EQUAL,
	MATCH_ALIKE,		/* of numbers: the year, dashes aside */
	MATCH_NEAR,		/* amounts by 1.00, dates by ten days */
	MATCH_PAN		/* of suppliers: another of its GSTINs */
};

enum match_kind { MATCH_NONE, MATCH_EXACT, MATCH_SUGGESTED, MATCH_MISMATCH,
	MATCH_MANUAL };

#define MATCH_RULES 11		/* 1..11 */
#define MATCH_BY_HAND 12
#define MATCH_TOLERANCE 100	/* paise */
#define MATCH_DAYS 10

struct match_result {
	int rule;		/* 0: no other side */
	size_t other;		/* its index */
	size_t twin;		/* of books: index + 1 of the one that is the
				 * same bill; 0: none */
};

struct match_part {		/* a pair that a person took apart */
	int64_t books, portal;
};

struct matching {
	const struct bill *books, *portal;
	size_t n_books, n_portal;
	const struct match_part *parted;
	size_t n_parted;
	struct match_result *of_books, *of_portal;	/* in the arena */
	bool cut;		/* too many were alike to try each pair */
};

void match_run(struct arena *, struct matching *);

/* What a rule says of a pair, field by field. */
struct match_look {
	bool fits;
	struct {
		enum match_need need;
		bool ok;
	} fields[MATCH_FIELDS];
};

void match_look(int rule, const struct bill *books,
	const struct bill *portal, struct match_look *out);
/* The other side's bill that comes nearest, of the same supplier or PAN and
 * class; n: none is near. */
size_t match_nearest(const struct bill *, const struct bill *others,
	size_t n);

enum match_kind match_kind(int rule);
const char *match_kind_name(enum match_kind);	/* "exact" */
const char *match_field_name(enum match_field);	/* "number" */
const char *match_need_name(enum match_need);	/* "equal" */
const char *bill_class_name(enum bill_class);	/* "b2b" */
bool bill_class_find(const char *, enum bill_class *out);
/* Ten characters of a GSTIN; "" of anything else. */
void bill_pan(const char *gstin, char out[11]);
int64_t bill_gst(const struct bill *);		/* without cess */

#endif
