#ifndef BAHI_CORE_CLOCK_H
#define BAHI_CORE_CLOCK_H
/*
 * The only way to the time of day. Microseconds since 1970 UTC.
 * BAHI_CLOCK in the environment (RFC 3339) fixes the wall clock for tests.
 */
#include <stdbool.h>
#include <stdint.h>
#include "core/span.h"

int64_t clock_now(void);	/* wall */
int64_t clock_mono(void);	/* monotonic, for waiting and measuring */
void clock_fix(int64_t now);	/* tests: stop the wall clock here; 0: go on */
void clock_format(int64_t, char out[25]);	/* 2026-10-05T09:41:07.123Z */
bool clock_parse(struct span rfc3339, int64_t *out);	/* offset honoured */

#endif
