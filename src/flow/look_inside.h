#ifndef BAHI_FLOW_LOOK_INSIDE_H
#define BAHI_FLOW_LOOK_INSIDE_H
/* Inside of a look: look.c walks what is there, look_end.c what was not seen,
 * and what is no more. */
#include "core/vec.h"
#include "flow/look.h"

struct look {
	struct looking *in;
	struct look_row *row;
	const char *name;	/* of the target */
	struct arena *whole, *page;
	const char *entity, *currency;
	bool strangers;		/* they are listed */
	struct vec seen;	/* journals; sorted once all are in */
	struct vec others;	/* those seen under another id, as well */
	struct vec touched;	/* ids of rows that stand; sorted as well */
	struct vec notes;	/* struct known, of the page */
	struct vec finds;	/* struct drift_row, of the page */
	int64_t kept;
};

/* It came while we look: the next look is of it. What a clock said that was
 * ahead did not. */
bool look_is_since(const struct look *, const struct known *);
/* What is there of this commit. */
MUST_CHECK bool look_commit(struct look *, const struct known *,
	const struct remote *, struct err *);
/* A difference. known NULL: of a stranger; there NULL: it has nothing. base:
 * NULL none. */
MUST_CHECK bool look_find(struct look *, enum drift_kind,
	const struct known *, const struct side *base,
	const struct side *ours, const struct remote *there, struct err *);
/* The journal, as it is sent. */
MUST_CHECK bool look_sent(struct look *, int64_t journal, struct side *,
	bool *found, struct err *);
/* What our books have for it: with what was accepted of it since. */
MUST_CHECK bool look_basis(struct look *, int64_t journal, struct side *,
	bool *found, struct err *);
/* To the writer, and the page is forgotten. */
MUST_CHECK bool look_flush(struct look *, struct err *);
/* What was found, on the writer. */
MUST_CHECK bool look_write(struct books *, struct look *, struct err *);
MUST_CHECK bool look_pace(struct look *, size_t n, struct err *);

/* Once all that is there was seen: what is missing, what is there twice, what
 * commits met, and what mended itself. */
MUST_CHECK bool look_end(struct look *, struct err *);
/* Commits that met a change; fresh: only those that no row says. */
MUST_CHECK bool look_conflicts(struct look *, bool fresh, struct err *);

#endif
