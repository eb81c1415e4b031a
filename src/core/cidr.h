#ifndef BAHI_CORE_CIDR_H
#define BAHI_CORE_CIDR_H
/*
 * Address ranges as text, "203.0.113.0/24 2001:db8::/32", separated by blanks
 * or commas; without a length: that one address. IPv4 and IPv6; an IPv4
 * address is the same when it comes as ::ffff:a.b.c.d. Pure.
 */
#include <stdbool.h>
#include "core/span.h"

#define CIDR_LIST_MAX 4096	/* bytes of a list */

bool cidr_valid(const char *list);	/* the empty list, too */
/* False for what is no address. */
bool cidr_has(const char *list, struct span address);
/* The part of an address that one sender cannot change at will: all of an
 * IPv4 address, the first half of an IPv6 one. False: no address. */
bool cidr_sender(struct span address, unsigned char out[16]);

#endif
