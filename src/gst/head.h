#ifndef BAHI_GST_HEAD_H
#define BAHI_GST_HEAD_H
/*
 * Tax by heads, in paise: each head for itself, rounded half up (away from
 * zero), so that CGST and SGST are always equal (gst.md 5.3).
 */
#include "gst/supply.h"

#define GST_WHOLE 100000	/* a hundred percent */

/* of: thousandths of a percent of the rate that applies, GST_WHOLE as a rule,
 * 65000 where only 65% does.  IGST, or CGST and SGST of half the rate each;
 * cess is left alone.  False: too large. */
MUST_CHECK bool gst_tax(int64_t taxable, int64_t rate, bool inter,
	int64_t of, int64_t tax[GST_HEADS]);
/* Section 170: to the rupee, 50 paise up. */
int64_t gst_rupee(int64_t paise);
/* The amount over the parts by their size, each rounded half up; what is left
 * is the largest's.  Of parts that are all nothing the first has it. */
void gst_share(int64_t amount, const int64_t *parts, size_t n, int64_t *out);

#endif
