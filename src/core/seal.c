/* Sealed streams: chunks that know their place. */
#include "core/seal.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/digest.h"

#define HEAD 16
#define LAST UINT32_C(0x80000000)
#define KIND_CHUNK 2

struct seal {
	seal_write *write;
	void *arg;
	struct sealer *sealer;
	uint64_t number;
	size_t n;		/* of buffer */
	char buffer[SEAL_CHUNK];
	char out[4 + SEAL_CHUNK + AEAD_TRAILER];
};

bool
seal_is(struct span bytes)
{
	return bytes.n >= HEAD && memcmp(bytes.p, SEAL_MAGIC "\0",
	    HEAD) == 0;
}

static void
put_length(char *out, size_t n, bool last)
{
	uint32_t word = (uint32_t)n | (last ? LAST : 0);

	for (int i = 3; i >= 0; i--, word >>= 8)
		out[i] = (char)word;
}

static struct aead_about
about(uint64_t number, bool last)
{
	return (struct aead_about){ .kind = KIND_CHUNK, .number = number,
	    .extra = last };
}

bool
seal_begin(struct seal **out, struct sealkey *key, seal_write *write,
    void *arg, struct err *e)
{
	struct seal *seal = calloc(1, sizeof *seal);
	unsigned char inner[AEAD_KEY];
	char head[HEAD + LOCK_SIZE] = SEAL_MAGIC;
	bool ok;

	if (seal == NULL)
		bug("out of memory");
	seal->write = write;
	seal->arg = arg;
	digest_random(inner, sizeof inner);
	seal->sealer = sealer_new(inner);
	ok = sealkey_lock(key, inner, (unsigned char *)head + HEAD, e) &&
	    write(arg, (struct span){ head, sizeof head }, e);
	aead_forget(inner, sizeof inner);
	if (!ok)
		seal_free(&seal);
	*out = seal;
	return ok;
}

static bool
put_chunk(struct seal *seal, bool last, struct err *e)
{
	struct aead_about what = about(seal->number++, last);
	size_t n = seal->n;

	put_length(seal->out, n, last);
	sealer_seal(seal->sealer, &what, seal->buffer, n, seal->out + 4,
	    (unsigned char *)seal->out + 4 + n);
	seal->n = 0;
	return seal->write(seal->arg, (struct span){ seal->out,
	    4 + n + AEAD_TRAILER }, e);
}

bool
seal_add(struct seal *seal, struct span bytes, struct err *e)
{
	while (bytes.n > 0) {
		size_t n = SEAL_CHUNK - seal->n;

		/* A full one waits: it may be the last. */
		if (n == 0) {
			if (!put_chunk(seal, false, e))
				return false;
			continue;
		}
		if (n > bytes.n)
			n = bytes.n;
		memcpy(seal->buffer + seal->n, bytes.p, n);
		seal->n += n;
		bytes.p += n;
		bytes.n -= n;
	}
	return true;
}

bool
seal_end(struct seal **sp, struct err *e)
{
	bool ok = put_chunk(*sp, true, e);

	seal_free(sp);
	return ok;
}

void
seal_free(struct seal **sp)
{
	struct seal *seal = *sp;

	if (seal == NULL)
		return;
	sealer_free(&seal->sealer);
	aead_forget(seal, sizeof *seal);
	free(seal);
	*sp = NULL;
}

/* ---- opening ----------------------------------------------------------- */

/* Fewer than n only at the end. */
static bool
read_full(seal_read *read, void *from, char *p, size_t n, size_t *got,
    struct err *e)
{
	*got = 0;
	while (*got < n) {
		size_t more = n - *got;

		if (!read(from, p + *got, &more, e))
			return false;
		if (more == 0)
			break;
		*got += more;
	}
	return true;
}

static bool
read_exactly(seal_read *read, void *from, char *p, size_t n, struct err *e)
{
	size_t got;

	return read_full(read, from, p, n, &got, e) && (got == n ||
	    err_set(e, ERR_CORRUPT, "the sealed file is cut off"));
}

static bool
open_chunks(struct sealer *sealer, seal_read *read, void *from,
    seal_write *write, void *to, char *room, struct err *e)
{
	for (uint64_t number = 0;; number++) {
		struct aead_about what;
		unsigned char *head = (unsigned char *)room;
		uint32_t word;
		size_t n, got;
		bool last;

		if (!read_exactly(read, from, room, 4, e))
			return false;
		word = (uint32_t)head[0] << 24 | (uint32_t)head[1] << 16 |
		    (uint32_t)head[2] << 8 | head[3];
		last = (word & LAST) != 0;
		n = word & ~LAST;
		if (n > SEAL_CHUNK || (n < SEAL_CHUNK && !last))
			return err_set(e, ERR_CORRUPT, "chunk %llu of the "
			    "sealed file has no length that one has",
			    (unsigned long long)number);
		if (!read_exactly(read, from, room, n + AEAD_TRAILER, e))
			return false;
		what = about(number, last);
		if (!sealer_open(sealer, &what, room, n, room,
		    (unsigned char *)room + n))
			return err_set(e, ERR_CORRUPT, "chunk %llu of the "
			    "sealed file is not as it was written",
			    (unsigned long long)number);
		if (n > 0 && !write(to, (struct span){ room, n }, e))
			return false;
		if (!last)
			continue;
		return read_full(read, from, room, 1, &got, e) && (got == 0 ||
		    err_set(e, ERR_CORRUPT, "something stands behind the end "
		    "of the sealed file"));
	}
}

bool
seal_open(struct sealkey *key, seal_read *read, void *from,
    seal_write *write, void *to, struct err *e)
{
	const size_t size = SEAL_CHUNK + AEAD_TRAILER;
	char head[HEAD + LOCK_SIZE], *room;
	unsigned char inner[AEAD_KEY];
	struct sealer *sealer;
	bool ok;

	if (!read_exactly(read, from, head, sizeof head, e))
		return false;
	if (!seal_is((struct span){ head, HEAD }))
		return err_set(e, ERR_CORRUPT, "not a sealed file");
	if (!sealkey_unlock(key, (unsigned char *)head + HEAD, inner, e))
		return false;
	sealer = sealer_new(inner);
	aead_forget(inner, sizeof inner);
	room = malloc(size);
	if (room == NULL)
		bug("out of memory");
	ok = open_chunks(sealer, read, from, write, to, room, e);
	aead_forget(room, size);
	free(room);
	sealer_free(&sealer);
	return ok;
}

/* ---- files ------------------------------------------------------------- */

static bool
write_fd(void *arg, struct span bytes, struct err *e)
{
	const int *fd = arg;

	while (bytes.n > 0) {
		ssize_t w = write(*fd, bytes.p, bytes.n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return err_set(e, ERR_SYSTEM, "write: %s",
			    strerror(errno));
		bytes.p += w;
		bytes.n -= (size_t)w;
	}
	return true;
}

static bool
read_fd(void *arg, char *p, size_t *n, struct err *e)
{
	const int *fd = arg;
	ssize_t r;

	do
		r = read(*fd, p, *n);
	while (r < 0 && errno == EINTR);
	*n = r > 0 ? (size_t)r : 0;
	return r >= 0 || err_set(e, ERR_SYSTEM, "read: %s", strerror(errno));
}

bool
seal_file(struct sealkey *key, int from, int to, struct err *e)
{
	struct seal *seal = NULL;
	char piece[8192];
	bool ok = seal_begin(&seal, key, write_fd, &to, e);

	while (ok) {
		size_t n = sizeof piece;

		ok = read_fd(&from, piece, &n, e);
		if (ok && n == 0)
			break;
		ok = ok && seal_add(seal, (struct span){ piece, n }, e);
	}
	ok = ok && seal_end(&seal, e);
	seal_free(&seal);
	aead_forget(piece, sizeof piece);
	return ok;
}

bool
seal_open_file(struct sealkey *key, int from, int to, struct err *e)
{
	return seal_open(key, read_fd, &from, write_fd, &to, e);
}
