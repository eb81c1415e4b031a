#ifndef BAHI_GST_PLACE_H
#define BAHI_GST_PLACE_H
/* Where a supply is made, and whether that is another state (gst.md 5.1). */
#include "gst/supply.h"

#define GST_ABROAD "96"		/* as a place of supply */

struct gst_sides {
	const char *own;	/* our GSTIN */
	const char *gstin;	/* the other's, or NULL */
	const char *state;	/* of its address: code, letters or name */
	enum gst_category category;
	bool inward;		/* we are the recipient */
};

/* Codes of gst_state; NULL: not known. What is sold to somebody of whom
 * nothing is known is supplied where it is sold. */
const char *gst_place_from(const struct reference *, const struct gst_sides *);
const char *gst_place_default(const struct reference *,
	const struct gst_sides *);
/* To or from an SEZ, and over the border, always. */
bool gst_inter(const char *from, const char *place, enum gst_category,
	bool cbw);
/* May be said on that day; 96 only of somebody overseas. */
bool gst_place_allowed(const struct reference *, const char *place,
	enum gst_category, struct day);
/* Is the PIN code of that state, as far as the first digits say? */
bool gst_pin_fits(const struct gst_state *, const char *pin);

#endif
