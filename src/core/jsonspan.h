#ifndef BAHI_CORE_JSONSPAN_H
#define BAHI_CORE_JSONSPAN_H
/*
 * Where values stand in JSON text, byte for byte. Only the structure is
 * looked at: strings end, brackets match; whether a value is strict JSON
 * json_quote says, one value at a time, so that one bad record of a page does
 * not cost the others. Pure; nothing is copied.
 */
#include <stdbool.h>
#include "core/span.h"

#define JSONSPAN_DEPTH_MAX 64

/* The value at *at, blanks before it skipped; *at goes past it. False: none,
 * or it does not end. */
bool jsonspan_value(struct span text, size_t *at, struct span *out);
/* The whole text is one value, but for blanks around it. */
bool jsonspan_whole(struct span text, struct span *out);
/* At a path of object members, "data.items"; "": itself. Keys with escapes
 * are not found. False: absent. */
bool jsonspan_find(struct span value, const char *path, struct span *out);

enum jsonspan_step { JSONSPAN_BROKEN = -1, JSONSPAN_END, JSONSPAN_ITEM };

/* Walks an array: *at = 0 first. */
enum jsonspan_step jsonspan_next(struct span array, size_t *at,
	struct span *item);

#endif
