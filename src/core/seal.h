#ifndef BAHI_CORE_SEAL_H
#define BAHI_CORE_SEAL_H
/*
 * Sealed streams: files that leave (backups, exports). A header with a lock
 * (sealkey.h) and a random key for this stream alone, then chunks of 64 KiB
 * in AES-256-GCM, each numbered, the last one marked: what is changed, cut
 * off, left out, doubled, in another order or of another stream is an error.
 *
 *	"bahi-sealed-1\n" 0 0 | lock | chunks
 *	chunk: 4 bytes, big-endian: length, top bit set on the last one;
 *	that many sealed bytes; trailer
 *
 * What comes out of unsealing is right as far as it goes, but that it is all
 * is known only at the end: write it aside and rename it then.
 */
#include "core/sealkey.h"

#define SEAL_MAGIC "bahi-sealed-1\n"
#define SEAL_CHUNK 65536

/* Takes all of it, or says why not. */
typedef bool seal_write(void *arg, struct span, struct err *);
/* Fills p as far as there is more; *n: how much, 0 at the end. */
typedef bool seal_read(void *arg, char *p, size_t *n, struct err *);

struct seal;

MUST_CHECK bool seal_begin(struct seal **, struct sealkey *, seal_write *,
	void *arg, struct err *);
MUST_CHECK bool seal_add(struct seal *, struct span, struct err *);
/* Writes what is left, and the end. */
MUST_CHECK bool seal_end(struct seal **, struct err *);
void seal_free(struct seal **);		/* without the end; of NULL, too */

MUST_CHECK bool seal_open(struct sealkey *, seal_read *, void *from,
	seal_write *, void *to, struct err *);
/* Do these bytes (16 or more) begin a sealed stream? */
bool seal_is(struct span);

/* The same from one open file to another, from where they stand. */
MUST_CHECK bool seal_file(struct sealkey *, int from, int to, struct err *);
MUST_CHECK bool seal_open_file(struct sealkey *, int from, int to,
	struct err *);

#endif
