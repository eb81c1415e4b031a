#ifndef BAHI_RULES_PHRASES_H
#define BAHI_RULES_PHRASES_H
/*
 * What a target says and hears, as a file of named SELECTs: it gets texts by
 * name and gives rows of texts. It runs behind the same walls as the rules of
 * the books, and knows neither master data nor documents. One handle serves
 * one thread.
 */
#include "core/arena.h"
#include "core/span.h"

struct phrases;

struct phrase_shape {		/* what a section may be called, and give */
	const char *section;
	const char *const *columns;	/* NULL ended */
};

struct phrase_word {		/* bound by name; p NULL: null */
	const char *name;	/* ":posting" */
	struct span text;
};

struct phrase_row {
	const char *const *names;
	const char *const *texts;	/* NULL: null */
	size_t n;
};

/* shapes must live as long. ERR_RULE says file and line. */
MUST_CHECK bool phrases_open(struct phrases **, const char *path,
	const struct phrase_shape *shapes, size_t n, struct err *);
void phrases_close(struct phrases **);
bool phrases_has(const struct phrases *, const char *section);
/* Its rows, at most `most`: more, a section that is not there, or one that
 * does not run, is ERR_RULE. Texts in the arena. */
MUST_CHECK bool phrases_run(struct phrases *, const char *section,
	const struct phrase_word *words, size_t n_words, size_t most,
	struct arena *, struct phrase_row **rows, size_t *n, struct err *);
/* NULL: null, or no such column. */
const char *phrase_text(const struct phrase_row *, const char *name);

#endif
