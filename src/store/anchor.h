#ifndef BAHI_STORE_ANCHOR_H
#define BAHI_STORE_ANCHOR_H
/*
 * Anchors: signed statements of how long the chain was and with which hash it
 * ended, each naming the one before, to be kept where this machine cannot
 * reach. Their text is in bahi-audit(5).
 */
#include "store/audit.h"

#define ANCHOR_MAX 1024			/* bytes of a text */
#define ANCHOR_NONE	/* before the first: 64 digits */ \
	"00000000000000000000000000000000" "00000000000000000000000000000000"

struct anchor {
	char host[65];
	char books[SHA256_HEX];		/* hash of the first row */
	int64_t row;
	char hash[SHA256_HEX];
	int64_t at;
	char previous[SHA256_HEX];	/* digest of that text */
	char key[65];
	char next[65];			/* signs from now on; "-": the same */
};

struct anchor_key {
	unsigned char seed[32];
	char key[65];			/* the public one, hexadecimal */
};

/* From its file (core/secret.h). */
MUST_CHECK bool anchor_key_read(const char *path, struct anchor_key *,
	struct err *);
void anchor_key_clean(struct anchor_key *);

/* Judges the signature too; by the key that the text itself names. */
MUST_CHECK bool anchor_parse(struct span text, struct anchor *,
	struct err *);
/* The last one; *found false: none was made. */
MUST_CHECK bool anchor_latest(struct db *, struct arena *, struct span *text,
	struct anchor *, bool *found, struct err *);
/* In a transaction of a connection that writes. next: the public key that
 * signs from now on; NULL: the same. */
MUST_CHECK bool anchor_make(struct db *, const struct anchor_key *,
	const char *next, struct arena *, struct span *text, int64_t *id,
	struct err *);
/* Into the folder, which is made: anchor-ID-DAY.txt. */
MUST_CHECK bool anchor_write(const char *folder, int64_t id,
	const struct anchor *, struct span text, struct err *);

struct anchor_trust {
	const char *key;	/* public, one of those in turn; NULL: any */
	bool demanded;		/* an anchor signed by it must be there */
	struct span kept;	/* one that was kept elsewhere; p NULL: none */
};

/* All that the store has, and the one that was kept elsewhere: signed, each
 * following the one before, and of rows that are there as they were. */
MUST_CHECK bool anchor_verify(struct db *, const struct anchor_trust *,
	struct audit_report *, int64_t *n, struct err *);

typedef bool anchor_each(void *arg, int64_t row, struct span text,
	struct err *);
MUST_CHECK bool anchor_all(struct db *, anchor_each *, void *arg,
	struct err *);

#endif
