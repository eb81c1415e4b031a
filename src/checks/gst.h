#ifndef BAHI_CHECKS_GST_H
#define BAHI_CHECKS_GST_H
/* Inside of checks/, and for what only the ledger knows (flow/gst.c): the
 * checks of GST, one file a family. */
#include "book/document.h"
#include "book/finding.h"
#include "gst/supply.h"

struct gst_case {
	const struct document *document;
	const struct document_gst *said;	/* never NULL */
	const struct supply *supply;
	const struct reference *reference;
	struct arena *arena;
	struct findings *findings;
};

/* At the level that the table gst_level has for the entity; without a row as
 * the check has it, or `else_level`. "off" adds nothing. */
void gst_find(const struct gst_case *, enum finding_code, const char *value,
	const char *field, const char *detail);
void gst_find_at(const struct gst_case *, enum finding_code,
	enum finding_level else_level, const char *value, const char *field,
	const char *detail);
/* Was that found of the document already? Then what follows from it is not
 * said, too. */
bool gst_found(const struct gst_case *, enum finding_code);
/* "118.00" */
const char *gst_amount(struct arena *, int64_t paise);
/* The day whose law applies: of a note that of its invoice; *sure false: it
 * does not say that. */
struct day gst_law_day(const struct supply *, bool *sure);
bool gst_is_note(const struct supply *);
bool gst_is_zero_rated(const struct supply *);

/* Why tax as it is charged is not what its lines make of it. */
enum gst_cause {
	GST_CAUSE_NONE,		/* it is */
	GST_CAUSE_ROUNDING,	/* within what the check allows a line */
	GST_CAUSE_AMOUNT,	/* it is not rate by value */
	GST_CAUSE_HEAD,		/* IGST instead of CGST and SGST, or back */
	GST_CAUSE_UNKNOWN	/* nothing to compare it with */
};

/* Tax of one head at one rate, in paise. */
struct gst_recount {
	enum gst_head head;
	int64_t rate;			/* -1: not known */
	int64_t charged, by_lines;
	enum gst_cause cause;
};

/* In the order of the lines, in the case's arena; where there is nothing to
 * compare, none. */
size_t gst_recount(const struct gst_case *, struct gst_recount **out);

#endif
