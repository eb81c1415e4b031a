#ifndef BAHI_CORE_MAP_H
#define BAHI_CORE_MAP_H
/* Text to pointer, open addressing, keys copied. Not thread safe to write. */
#include <stdbool.h>
#include <stddef.h>
#include "core/span.h"

struct map;

struct map *map_new(void);
void map_free(struct map **, void (*free_value)(void *));
void map_clear(struct map *);	/* keeps the memory; values are not freed */
void *map_find(const struct map *, struct span key);	/* NULL: absent */
void map_set(struct map *, struct span key, void *value); /* not NULL */
size_t map_count(const struct map *);
/* Walks in insertion order: start with *at = 0; false at the end. */
bool map_next(const struct map *, size_t *at, struct span *key, void **value);

#endif
