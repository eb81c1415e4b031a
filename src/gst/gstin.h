#ifndef BAHI_GST_GSTIN_H
#define BAHI_GST_GSTIN_H
/*
 * Numbers of taxpayers: 15 characters, of which the last checks the others.
 * By shape alone nobody can tell a regular taxpayer from a composition
 * dealer; a deductor's may look like either, so that the category is asked.
 */
#include "core/span.h"
#include "gst/supply.h"

#define GSTIN_SIZE 16		/* with the end */

enum gstin_kind {
	GSTIN_NONE,		/* no such shape */
	GSTIN_REGULAR, GSTIN_GOVERNMENT, GSTIN_OPERATOR, GSTIN_DEDUCTOR,
	GSTIN_UIN, GSTIN_NON_RESIDENT, GSTIN_OIDAR
};

/* Upper case, without spaces around it. False: not 15 letters and digits. */
MUST_CHECK bool gstin_clean(struct span, char out[GSTIN_SIZE]);
/* All below want it clean. */
enum gstin_kind gstin_kind(const char *);
/* The character that belongs at the end; '\0': not 14 letters and digits. */
char gstin_check(const char *);
/* A shape that there is, and the right last character. */
bool gstin_valid(const char *);
/* May somebody of that category have it? */
bool gstin_fits(const char *, enum gst_category);
void gstin_state(const char *, char out[3]);
/* False: it has none inside (UIN, non-resident, OIDAR). */
bool gstin_pan(const char *, char out[11]);

#endif
