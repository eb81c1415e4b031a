#ifndef BAHI_STORE_VAULT_H
#define BAHI_STORE_VAULT_H
/*
 * The keys of people, each of its own, in a file beside the store
 * (STORE.subjects, 0600): whoever is erased loses his key, and with it all
 * that was ever sealed under it, in every copy of the store, old backups
 * included. So the file has its own short way into backups, or none. It is
 * made when the first person comes. From any thread.
 */
#include <stdint.h>
#include "core/aead.h"
#include "core/arena.h"
#include "core/err.h"
#include "store/db.h"

struct vault;

#define VAULT_SUFFIX ".subjects"

/* The one of this store in this process, made at the first call; counted. */
struct vault *vault_hold(const struct db *store);
void vault_drop(struct vault **);

/* Who is known by `id`, or somebody new: durable after vault_commit. `also`
 * are other texts that he may be looked for by. */
MUST_CHECK bool vault_take(struct vault *, const char *id,
	const char *const *also, size_t n, int64_t *subject,
	unsigned char key[AEAD_KEY], struct err *);
/* Whoever is new gets a number past that one. */
void vault_floor(struct vault *, int64_t subject);
/* Before the commit of what was sealed under those keys. */
MUST_CHECK bool vault_commit(struct vault *, struct err *);

enum vault_key {
	VAULT_KEY,
	VAULT_GONE,	/* destroyed */
	VAULT_LOST,	/* it should be there */
	VAULT_ABSENT,	/* there is no vault beside this copy of the store, or
			 * one that was begun anew */
};

MUST_CHECK bool vault_key(struct vault *, int64_t subject,
	unsigned char key[AEAD_KEY], enum vault_key *, struct err *);
/* Those who may be looked for by that text, the oldest first. */
MUST_CHECK bool vault_find(struct vault *, const char *also, struct arena *,
	int64_t **subjects, size_t *n, struct err *);
/* No undoing. What is destroyed already stays so. Then the file is rid of it,
 * its log included. */
MUST_CHECK bool vault_destroy(struct vault *, const int64_t *subjects,
	size_t n, int64_t at, struct err *);
/* Those destroyed after that one; for who puts an old store beside a newer
 * vault. *n at most `most`. */
MUST_CHECK bool vault_gone(struct vault *, int64_t after, int64_t *subjects,
	size_t most, size_t *n, struct err *);

#endif
