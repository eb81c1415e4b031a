#ifndef BAHI_GST_RATE_H
#define BAHI_GST_RATE_H
/* Rates of tax, in thousandths of a percent, and which are in force. */
#include "book/reference.h"
#include "core/span.h"

#define GST_RATE_MAX 200000	/* 200%: no rate is above it */
#define GST_RATE_SIZE 16

/* "18", "0.25": as it is printed, so that one rate has one text. */
MUST_CHECK bool gst_rate_parse(struct span, int64_t *out);
void gst_rate_text(int64_t, char out[GST_RATE_SIZE]);
/* May that be the rate of such a thing on that day? hsn NULL or "": not
 * known, and then any rate of the day will do. */
bool gst_rate_in_force(const struct reference *, int64_t rate,
	const char *hsn, struct day);

#endif
