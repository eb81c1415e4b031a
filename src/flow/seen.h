#ifndef BAHI_FLOW_SEEN_H
#define BAHI_FLOW_SEEN_H
/*
 * How often a record has come in one file: two equal rows are two facts, so
 * the second one needs a key of its own. 12 bytes a place, at most half of
 * them used.
 */
#include <stdint.h>
#include "core/digest.h"

#define SEEN_MAX (INT64_C(8) << 20)	/* records of one file */

struct seen;

struct seen *seen_new(void);
void seen_free(struct seen **);
/* 1 for the first of its kind. Never more than SEEN_MAX calls. */
uint32_t seen_count(struct seen *, const unsigned char digest[SHA256_SIZE]);

#endif
