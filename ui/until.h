#ifndef BAHI_UI_UNTIL_H
#define BAHI_UI_UNTIL_H
/* Until when something is put off, as a person says it. */
#include "core/arena.h"

/* 30m 4h 3d, tomorrow and monday..sunday or how they begin (nine in the
 * morning, IST), a day, an RFC 3339 time; RFC 3339 of it. now: "" wakes.
 * NULL: not understood. */
const char *until_read(struct arena *, const char *text, int64_t now);

#endif
