#ifndef BAHI_TARGETS_FOREIGN_H
#define BAHI_TARGETS_FOREIGN_H
/*
 * Numbers and words as programs write them that keep money as floats and
 * texts as HTML: ERPNext, Odoo. Nothing here asks anybody. Texts are in the
 * arena.
 */
#include <stdint.h>
#include "core/arena.h"
#include "core/err.h"
#include "core/span.h"

/* "1180.0", "1e+16", "0.30000000000000004": the nearest minor unit, half away
 * from zero. False: no number, or beyond MONEY_MAX. */
MUST_CHECK bool foreign_amount(const char *text, const char *currency,
	int64_t *minor);
/* What a reader would see of it: no tags, entities as letters. */
const char *foreign_plain(const char *html, struct arena *);
/* The other way: plain text that is safe within HTML. */
const char *foreign_html(const char *text, struct arena *);
/* base / foreign in billionths, when foreign times it is base again to the
 * minor unit; both of the same sign. False: no such rate. */
MUST_CHECK bool foreign_rate(int64_t base, const char *base_currency,
	int64_t foreign, const char *currency, int64_t *billionths);

#endif
