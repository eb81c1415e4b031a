/*
 * A table by the first 64 bits of the digest, open addressing.  Should two
 * different records ever share those, the second one's key only says `#2`,
 * and says so again whenever the file comes again.
 */
#include "flow/seen.h"

#include <stdlib.h>
#include <string.h>

struct seen {
	uint64_t *keys;		/* 0: free */
	uint32_t *counts;
	size_t n, places;	/* places: a power of two */
};

static void
make_places(struct seen *seen, size_t places)
{
	seen->places = places;
	seen->keys = calloc(places, sizeof *seen->keys);
	seen->counts = calloc(places, sizeof *seen->counts);
	if (seen->keys == NULL || seen->counts == NULL)
		bug("out of memory");
}

struct seen *
seen_new(void)
{
	struct seen *seen = calloc(1, sizeof *seen);

	if (seen == NULL)
		bug("out of memory");
	make_places(seen, 1024);
	return seen;
}

void
seen_free(struct seen **sp)
{
	if (*sp == NULL)
		return;
	free((*sp)->keys);
	free((*sp)->counts);
	free(*sp);
	*sp = NULL;
}

static size_t
place_of(const struct seen *seen, uint64_t key)
{
	size_t at = (size_t)key & (seen->places - 1);

	while (seen->keys[at] != 0 && seen->keys[at] != key)
		at = (at + 1) & (seen->places - 1);
	return at;
}

static void
grow(struct seen *seen)
{
	struct seen old = *seen;

	make_places(seen, old.places * 2);
	for (size_t i = 0; i < old.places; i++) {
		size_t at;

		if (old.keys[i] == 0)
			continue;
		at = place_of(seen, old.keys[i]);
		seen->keys[at] = old.keys[i];
		seen->counts[at] = old.counts[i];
	}
	free(old.keys);
	free(old.counts);
}

uint32_t
seen_count(struct seen *seen, const unsigned char digest[SHA256_SIZE])
{
	uint64_t key;
	size_t at;

	memcpy(&key, digest, sizeof key);
	key += key == 0;
	at = place_of(seen, key);
	if (seen->keys[at] == 0) {
		if (seen->n++ > SEEN_MAX)
			bug("more records than a file may have");
		if (seen->n * 2 > seen->places) {
			grow(seen);
			at = place_of(seen, key);
		}
		seen->keys[at] = key;
	}
	return ++seen->counts[at];
}
