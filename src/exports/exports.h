#ifndef BAHI_EXPORTS_EXPORTS_H
#define BAHI_EXPORTS_EXPORTS_H
/*
 * Formats that journals leave in: pure text from plain values. The caller
 * walks the journals in order of id and gives master data for names.
 */
#include "book/journal.h"
#include "book/reference.h"
#include "core/str.h"

struct export {
	const char *name;	/* "hledger" */
	/* Text before the first journal: declarations. entity NULL: all. */
	void (*open)(const struct reference *, const char *entity,
	    struct str *);
	void (*journal)(const struct reference *, const struct journal *,
	    const char *document, struct str *);
};

extern const struct export exports[];
extern const size_t n_exports;
const struct export *export_find(const char *name);	/* NULL: none */

#endif
