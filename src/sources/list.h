#ifndef BAHI_SOURCES_LIST_H
#define BAHI_SOURCES_LIST_H
/* Inside of sources/: the schemes of the table, and what they share. */
#include "sources/sources.h"

extern const struct scheme scheme_standard, scheme_stripe, scheme_shopify,
    scheme_razorpay, scheme_hmac;

/* A header that must be there once; NULL: err says why it is not. */
const char *delivery_header(const struct delivery *, const char *name,
	struct err *);
bool delivery_fresh(const struct source *, const struct delivery *,
	struct span seconds, int64_t *sent, struct err *);
/* A key: 1 to 255 printable ASCII characters. */
bool key_sound(const char *key);
/* Not past its last day. */
bool secret_valid(const struct secret *, int64_t now);

#endif
