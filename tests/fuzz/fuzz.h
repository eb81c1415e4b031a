#ifndef BAHI_TESTS_FUZZ_H
#define BAHI_TESTS_FUZZ_H
/* What the targets of libFuzzer share. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/span.h"
#include "core/utf8.h"
#include "sources/sources.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static inline void
must(bool holds)
{
	if (!holds)
		abort();
}

static inline struct span
fuzz_span(const uint8_t *data, size_t size)
{
	return (struct span){ size > 0 ? (const char *)data : "", size };
}

/* What stands before the first of that byte, which is cut, too. */
static inline struct span
fuzz_cut(struct span *in, char at)
{
	const char *end = in->n > 0 ? memchr(in->p, at, in->n) : NULL;
	struct span out = { in->p, end != NULL ? (size_t)(end - in->p) :
	    in->n };
	size_t skip = out.n + (end != NULL);

	in->p += skip;
	in->n -= skip;
	return out;
}

/* As a C string of its own size, so that a read past its end is seen. */
static inline char *
fuzz_text(struct span in)
{
	char *text = malloc(in.n + 1);

	if (text == NULL)
		abort();
	memcpy(text, in.p, in.n);
	text[in.n] = '\0';
	return text;
}

/* As we keep what others say: so many bytes, UTF-8, no controls. */
static inline void
fuzz_clean(const char *text, size_t most)
{
	size_t n = strlen(text);

	must(n <= most && utf8_valid(span_of(text)));
	for (size_t i = 0; i < n; i++)
		must((unsigned char)text[i] >= ' ' && text[i] != 0x7f);
}

/* ---- tests/fuzz/common.c ---------------------------------------------- */

/* A file of these bytes, the same one each time, mode 0600: FOLDER/NAME. */
const char *fuzz_folder(void);
const char *fuzz_file(const char *name, struct span);

/* Lines `Name: value` up to an empty one, then a body. */
#define FUZZ_HEADERS 40

struct fuzz_request {
	struct arena *arena;
	struct { const char *name, *value; } headers[FUZZ_HEADERS];
	size_t n;
};

void fuzz_delivery(struct span in, struct fuzz_request *,
	struct delivery *);

#endif
