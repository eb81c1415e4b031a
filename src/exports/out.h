#ifndef BAHI_EXPORTS_OUT_H
#define BAHI_EXPORTS_OUT_H
/*
 * The files that an export is written into, one after the other: of one
 * folder, 0600, written in pieces, so that a file of any length takes the
 * same memory; each with its bytes, rows and SHA-256.  A fault is kept and
 * told by out_end.
 */
#include <stdint.h>
#include "core/digest.h"
#include "core/str.h"

#define OUT_NAME_MAX 120
#define OUT_FILES_MAX 4096

struct out_file {
	char name[OUT_NAME_MAX + 1];
	int64_t bytes, rows;
	char sha256[SHA256_HEX];
};

struct out;

struct out *out_new(int folder);	/* takes the descriptor */
void out_free(struct out **);

/* Ends the file before. False: it cannot be made. */
MUST_CHECK bool out_open(struct out *, const char *name, struct err *);
/* Append here, then out_flush: what is written then cannot be changed. */
struct str *out_text(struct out *);
MUST_CHECK bool out_flush(struct out *, struct err *);
void out_rows(struct out *, int64_t n);
/* Of the present file, with what is not yet flushed; 0: none is open. */
int64_t out_bytes(const struct out *);
/* Ends the last file: all of them are on the disk. */
MUST_CHECK bool out_end(struct out *, struct err *);
const struct out_file *out_files(const struct out *, size_t *n);

#endif
