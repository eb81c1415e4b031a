#ifndef BAHI_GST_HSN_H
#define BAHI_GST_HSN_H
/* Codes of goods and services and how many digits are due (gst.md 5.5). */
#include "book/day.h"
#include "book/reference.h"

bool gst_hsn_service(const char *hsn);	/* 99.. */
/* Digits, of one of the lengths that there are. */
bool gst_hsn_shape(const char *hsn);
/* How many a bill must have; 0: none are due.  A bill to a consumer needs
 * none as long as the turnover is not above the limit. */
int gst_hsn_digits(const struct reference *, int64_t turnover,
	bool registered, struct day);

#endif
