#ifndef BAHI_CORE_ARENA_H
#define BAHI_CORE_ARENA_H
/*
 * Memory with one lifetime (a request, a step, a pane load): everything is
 * freed at once.  Out of memory aborts.  Not thread safe: one arena a thread
 * or a request.
 */
#include <stddef.h>
#include <stdint.h>
#include "core/err.h"
#include "core/span.h"

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena **);
void arena_reset(struct arena *);	/* keeps the first block */

void *arena_alloc(struct arena *, size_t);	/* zeroed, aligned 16 */
char *arena_strdup(struct arena *, const char *);	/* NULL stays NULL */
char *arena_strndup(struct arena *, const char *, size_t);
char *arena_printf(struct arena *, const char *, ...) PRINTF_LIKE(2, 3);
char *arena_id(struct arena *, char letter, int64_t);	/* E12; n >= 0 */
size_t arena_size(const struct arena *);	/* bytes handed out */

#endif
