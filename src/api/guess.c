/* Counters of failures, shared by hash, and the clients' own addresses. */
#include "api/guess.h"

#include <stdlib.h>

#include "core/digest.h"
#include "core/err.h"
#include "core/map.h"

#define SECOND INT64_C(1000000)
#define ROWS 2
#define SLOTS 8192
#define KNOWN 8			/* addresses of a client */

struct slot {
	int64_t at, until;	/* when counted last; shut until */
	int64_t level;		/* failures, in halves as time goes by */
};

struct known {
	unsigned char addresses[KNOWN][SHA256_SIZE];
	unsigned n;
};

struct guess {
	unsigned char salt[16];
	struct slot slots[ROWS][SLOTS];
	struct map *known;	/* client -> struct known */
};

struct key {
	struct slot *slots[ROWS];
};

struct guess *
guess_new(void)
{
	struct guess *guess = calloc(1, sizeof *guess);

	if (guess == NULL)
		bug("out of memory");
	digest_random(guess->salt, sizeof guess->salt);
	guess->known = map_new();
	return guess;
}

void
guess_free(struct guess **gp)
{
	struct guess *guess = *gp;

	if (guess == NULL)
		return;
	map_free(&guess->known, free);
	free(guess);
	*gp = NULL;
}

static void
digest_of(const struct guess *guess, const char *kind, struct span address,
    struct span name, unsigned char out[SHA256_SIZE])
{
	const struct span parts[] = {
		{ (const char *)guess->salt, sizeof guess->salt },
		span_of(kind), SPAN("\n"), address, SPAN("\n"), name
	};

	digest_sha256v(parts, sizeof parts / sizeof *parts, out);
}

static struct key
key_of(struct guess *guess, const char *kind, struct span address,
    struct span name)
{
	unsigned char digest[SHA256_SIZE];
	struct key key;

	digest_of(guess, kind, address, name, digest);
	for (int i = 0; i < ROWS; i++)
		key.slots[i] = &guess->slots[i][(digest[2 * i] |
		    (unsigned)digest[2 * i + 1] << 8) % SLOTS];
	return key;
}

static int64_t
level_at(const struct slot *slot, int64_t now)
{
	int64_t halves = (now - slot->at) / (GUESS_HALF * SECOND);

	return halves > 40 ? 0 : halves > 0 ? slot->level >> halves :
	    slot->level;
}

/* The lesser of both: more than its own, when others share it, never less. */
static int64_t
level_of(const struct key *key, int64_t now)
{
	int64_t least = INT64_MAX;

	for (int i = 0; i < ROWS; i++) {
		int64_t level = level_at(key->slots[i], now);

		if (level < least)
			least = level;
	}
	return least;
}

static int64_t
wait_of(const struct key *key, int64_t now)
{
	int64_t least = INT64_MAX;

	for (int i = 0; i < ROWS; i++) {
		int64_t wait = key->slots[i]->until - now;

		if (wait < least)
			least = wait;
	}
	return least > 0 ? least : 0;
}

static int64_t
delay_after(int64_t level, int64_t unpunished, int64_t most)
{
	int64_t over = level - unpunished;

	if (over <= 0)
		return 0;
	return (over > 10 || INT64_C(1) << (over - 1) > most ? most :
	    INT64_C(1) << (over - 1)) * SECOND;
}

static void
count(const struct key *key, int64_t unpunished, int64_t most, int64_t now)
{
	int64_t level = level_of(key, now) + 1;
	int64_t until = now + delay_after(level, unpunished, most);

	for (int i = 0; i < ROWS; i++) {
		struct slot *slot = key->slots[i];
		int64_t present = level_at(slot, now);

		slot->level = present > level ? present : level;
		slot->at = now;
		if (until > slot->until)
			slot->until = until;
	}
}

static bool
is_known(struct guess *guess, struct span address, struct span name)
{
	const struct known *known = map_find(guess->known, name);
	unsigned char digest[SHA256_SIZE];

	if (known == NULL)
		return false;
	digest_of(guess, "known", address, SPAN(""), digest);
	for (unsigned i = 0; i < known->n && i < KNOWN; i++)
		if (memcmp(known->addresses[i], digest, SHA256_SIZE) == 0)
			return true;
	return false;
}

struct keys {
	struct key pair, whence, who;
};

static struct keys
keys_of(struct guess *guess, struct span address, struct span name)
{
	return (struct keys){
	    .pair = key_of(guess, "pair", address, name),
	    .whence = key_of(guess, "address", address, SPAN("")),
	    .who = key_of(guess, "name", SPAN(""), name),
	};
}

int64_t
guess_wait(struct guess *guess, struct span address, struct span name,
    int64_t now)
{
	const struct keys k = keys_of(guess, address, name);
	int64_t waits[3] = { wait_of(&k.pair, now) }, longest = 0;

	if (!is_known(guess, address, name)) {
		waits[1] = wait_of(&k.whence, now);
		waits[2] = name.n > 0 ? wait_of(&k.who, now) : 0;
	}
	for (int i = 0; i < 3; i++)
		if (waits[i] > longest)
			longest = waits[i];
	return longest;
}

void
guess_failed(struct guess *guess, struct span address, struct span name,
    int64_t now)
{
	const struct keys k = keys_of(guess, address, name);

	count(&k.whence, GUESS_OF_ADDRESS, GUESS_MOST, now);
	if (name.n == 0)
		return;
	count(&k.pair, GUESS_OF_PAIR, GUESS_MOST, now);
	/* One address alone can not hold a name back for all others. */
	if (level_of(&k.pair, now) <= GUESS_OF_PAIR)
		count(&k.who, GUESS_OF_NAME, GUESS_MOST_NAME, now);
}

/* Names are those of clients with a good secret: their number is ours. */
void
guess_proved(struct guess *guess, struct span address, struct span name)
{
	struct known *known;

	if (is_known(guess, address, name))
		return;
	known = map_find(guess->known, name);
	if (known == NULL) {
		known = calloc(1, sizeof *known);
		if (known == NULL)
			bug("out of memory");
		map_set(guess->known, name, known);
	}
	digest_of(guess, "known", address, SPAN(""),
	    known->addresses[known->n % KNOWN]);
	known->n++;
}
