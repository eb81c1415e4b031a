#ifndef BAHI_STORE_CONVERT_H
#define BAHI_STORE_CONVERT_H
/*
 * A store is written anew beside itself, checked, and takes the place of the
 * old one: plain, or sealed with the key in use and a new key of its own for
 * the data. No daemon may run. A stop at any moment leaves the old one or the
 * new one, whole.
 */
#include <stdint.h>
#include "core/err.h"

enum convert { CONVERT_SEAL, CONVERT_UNSEAL, CONVERT_RESEAL };

MUST_CHECK bool convert_store(const char *path, enum convert,
	int64_t *tables, int64_t *rows, struct err *);

#endif
