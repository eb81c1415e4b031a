#ifndef BAHI_BOOK_MONEY_H
#define BAHI_BOOK_MONEY_H
/*
 * Money is a whole number of minor units (paise) of one ISO 4217 currency.
 * Only money.c touches the number's arithmetic; all of it is checked.
 * Bound: |minor| <= MONEY_MAX.
 */
#include <stdint.h>
#include "core/err.h"
#include "core/str.h"

#define MONEY_MAX INT64_C(99999999999999999)	/* 17 digits */
/* What one document may amount to, and the debits of one journal: thousands
 * of the largest still sum up in 64 bits. */
#define AMOUNT_MAX INT64_C(999999999999999)	/* 15 digits */

struct money {
	int64_t minor;
	char currency[4];
};

int money_exponent(const char *currency);	/* -1: unknown code */
/* "1180.00", "-5", "1.5e2" refused; more digits than the currency: false. */
MUST_CHECK bool money_parse(struct span text, const char *currency,
	struct money *out);
MUST_CHECK bool money_add(struct money *to, struct money);	/* same currency */
/* rate: millionths of `to` per unit of m.currency; half away from zero. */
MUST_CHECK bool money_convert(struct money m, const char *to, int64_t rate,
	struct money *out);
/* The other way round: rate is millionths of m.currency per unit of `to`. */
MUST_CHECK bool money_convert_back(struct money m, const char *to,
	int64_t rate, struct money *out);
void money_plain(struct money, struct str *);	/* -1180.00 */
void money_grouped(struct money, struct str *);	/* -12,34,567.00 (INR) */
/* "83.125" -> 83125000; at most 6 decimals, > 0. */
MUST_CHECK bool money_rate_parse(struct span text, int64_t *out);

#endif
