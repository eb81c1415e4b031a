#ifndef BAHI_UI_ASCII_H
#define BAHI_UI_ASCII_H
/*
 * Text for a terminal that shows only ASCII: as many cells as before, letters
 * without their marks, lines and bars as signs; ? where there is no other.
 */
#include <stddef.h>
#include "core/span.h"

/* Bytes written; what does not fit is left out. */
size_t ascii_of(struct span, char *out, size_t room);

#endif
