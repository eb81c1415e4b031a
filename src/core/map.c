/*
 * Open addressing over an insertion-ordered array of (key, value).  FNV-1a
 * with a per-process seed, so that foreign keys cannot choose collisions.
 */
#include "core/map.h"

#include <stdint.h>
#include <stdlib.h>

#include "core/digest.h"
#include "core/err.h"

struct item {
	char *key;
	size_t n;
	uint64_t hash;
	void *value;
};

struct map {
	struct item *items;
	size_t n, cap;
	uint32_t *slots;	/* index + 1; 0: free */
	size_t n_slots;
	uint64_t seed;
};

struct map *
map_new(void)
{
	struct map *map = calloc(1, sizeof *map);

	if (map == NULL)
		bug("out of memory");
	digest_random(&map->seed, sizeof map->seed);
	return map;
}

void
map_free(struct map **mp, void (*free_value)(void *))
{
	struct map *map = *mp;

	if (map == NULL)
		return;
	for (size_t i = 0; i < map->n; i++) {
		free(map->items[i].key);
		if (free_value != NULL)
			free_value(map->items[i].value);
	}
	free(map->items);
	free(map->slots);
	free(map);
	*mp = NULL;
}

void
map_clear(struct map *map)
{
	for (size_t i = 0; i < map->n; i++)
		free(map->items[i].key);
	map->n = 0;
	if (map->n_slots > 0)
		memset(map->slots, 0, map->n_slots * sizeof *map->slots);
}

static uint64_t
hash_of(const struct map *map, struct span key)
{
	uint64_t h = UINT64_C(14695981039346656037) ^ map->seed;

	for (size_t i = 0; i < key.n; i++)
		h = (h ^ (unsigned char)key.p[i]) * UINT64_C(1099511628211);
	return h ^ h >> 32;
}

/* The slot of the key, or the free one where it would go. */
static size_t
slot_of(const struct map *map, struct span key, uint64_t hash)
{
	size_t at = hash & (map->n_slots - 1);

	for (;; at = (at + 1) & (map->n_slots - 1)) {
		const struct item *item;

		if (map->slots[at] == 0)
			return at;
		item = &map->items[map->slots[at] - 1];
		if (item->hash == hash &&
		    span_equal((struct span){ item->key, item->n }, key))
			return at;
	}
}

static void
grow(struct map *map)
{
	size_t n = map->n_slots > 0 ? map->n_slots * 2 : 16;

	free(map->slots);
	map->slots = calloc(n, sizeof *map->slots);
	map->cap = n / 2;
	map->items = realloc(map->items, map->cap * sizeof *map->items);
	if (map->slots == NULL || map->items == NULL)
		bug("out of memory");
	map->n_slots = n;
	for (size_t i = 0; i < map->n; i++) {
		const struct item *item = &map->items[i];
		struct span key = { item->key, item->n };

		map->slots[slot_of(map, key, item->hash)] = (uint32_t)i + 1;
	}
}

void *
map_find(const struct map *map, struct span key)
{
	uint32_t index;

	if (map->n == 0)
		return NULL;
	index = map->slots[slot_of(map, key, hash_of(map, key))];
	return index > 0 ? map->items[index - 1].value : NULL;
}

void
map_set(struct map *map, struct span key, void *value)
{
	uint64_t hash = hash_of(map, key);
	struct item *item;
	size_t at;

	if (map->n == map->cap)
		grow(map);
	at = slot_of(map, key, hash);
	if (map->slots[at] == 0) {
		item = &map->items[map->n++];
		item->key = malloc(key.n + 1);
		if (item->key == NULL)
			bug("out of memory");
		if (key.n > 0)
			memcpy(item->key, key.p, key.n);
		item->key[key.n] = '\0';
		item->n = key.n;
		item->hash = hash;
		map->slots[at] = (uint32_t)map->n;
	}
	map->items[map->slots[at] - 1].value = value;
}

size_t
map_count(const struct map *map)
{
	return map->n;
}

bool
map_next(const struct map *map, size_t *at, struct span *key, void **value)
{
	if (*at >= map->n)
		return false;
	*key = (struct span){ map->items[*at].key, map->items[*at].n };
	*value = map->items[*at].value;
	++*at;
	return true;
}
