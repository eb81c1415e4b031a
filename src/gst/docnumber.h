#ifndef BAHI_GST_DOCNUMBER_H
#define BAHI_GST_DOCNUMBER_H
/* Numbers of documents: rule 46(b) (gst.md 5.4), and the series they make. */
#include <stdbool.h>
#include <stdint.h>
#include "book/day.h"

#define DOCNUMBER_SIZE 64	/* with the end; the rule allows far less */

/* At most `most` letters, digits, - and /; begins with a letter or digit and
 * has one that is not 0. */
bool docnumber_valid(const char *, int64_t most);
/* Two that differ in case only are one. False: too long. */
bool docnumber_fold(const char *, char out[DOCNUMBER_SIZE]);

/* What is around the serial, `#` in its place: BH/26-27/#, #/26-27. */
struct docnumber {
	char series[DOCNUMBER_SIZE];
	int64_t serial;
	int width;		/* digits of the serial */
};

/* The last run of digits is the serial, but for what is the financial year of
 * that day. False: it has none, has a #, or is too long. */
bool docnumber_split(const char *, struct day, struct docnumber *out);
/* The number that was split, or any other of its series. */
void docnumber_join(const struct docnumber *, char out[DOCNUMBER_SIZE]);

#endif
