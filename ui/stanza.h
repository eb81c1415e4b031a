#ifndef BAHI_UI_STANZA_H
#define BAHI_UI_STANZA_H
/*
 * Small files that a person may read and mend: a [name], then lines of
 * `word = value`. How panes are arranged and the saved views are kept so.
 */
#include "core/arena.h"

#define STANZA_PAIRS 12
#define STANZAS_MAX 200

struct stanza_pair {
	const char *name, *value;
};

struct stanza {
	const char *name;
	struct stanza_pair pairs[STANZA_PAIRS];
	size_t n;
};

struct stanzas {
	struct stanza items[STANZAS_MAX];
	size_t n;
	unsigned bad;		/* line that is none of all that; 0: all is */
};

/* What is not understood is left out; no file is an empty one. */
void stanzas_read(const char *path, struct arena *, struct stanzas *);
/* Aside, then renamed, 0600. */
MUST_CHECK bool stanzas_write(const char *path, const struct stanzas *,
	struct err *);
struct stanza *stanzas_find(struct stanzas *, const char *name);
/* NULL: there are too many. */
struct stanza *stanzas_add(struct stanzas *, const char *name);
void stanzas_drop(struct stanzas *, const char *name);
const char *stanza_value(const struct stanza *, const char *name);
/* Texts are kept as they are given: of an arena. "": not any more. */
void stanza_set(struct stanza *, const char *name, const char *value);

#endif
