#ifndef BAHI_GST_SETOFF_H
#define BAHI_GST_SETOFF_H
/*
 * Which credit pays which tax (sections 49, 49A, 49B, rule 88A): IGST credit
 * is used up first, against IGST, then CGST and SGST in any order; CGST and
 * SGST credit never pay each other; cess is apart.  Of what the law leaves
 * open, what needs least cash.
 */
#include "gst/supply.h"

struct setoff_want {
	int64_t tax[GST_HEADS];		/* due, other than by reverse charge */
	int64_t reverse[GST_HEADS];	/* due by reverse charge: cash only */
	int64_t credit[GST_HEADS];
};

struct setoff {
	/* paid[credit][tax]: paid[GST_IGST][GST_CGST] is i_pdc of a return */
	int64_t paid[GST_HEADS][GST_HEADS];
	int64_t cash[GST_HEADS];	/* without reverse charge */
	int64_t reverse[GST_HEADS];
	int64_t left[GST_HEADS];	/* credit to carry forward */
};

/* Amounts below 0 count as 0. */
void setoff(const struct setoff_want *, struct setoff *out);

#endif
