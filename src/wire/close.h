#ifndef BAHI_WIRE_CLOSE_H
#define BAHI_WIRE_CLOSE_H
/* The close board and what is said on it. Texts are "" when absent. */
#include "wire/wire.h"

#define WIRE_CLOSE_LINES 16

struct wire_close_line {
	const char *line, *state, *sentence, *note, *count, *currency,
	    *amount, *figures, *owner, *due, *days_left, *signer, *signed_at,
	    *pane;
	bool ok;
};

struct wire_close_period {
	const char *period, *state;
};

struct wire_close {
	const char *entity, *period, *state, *open, *unsigned_lines;
	bool ready;
	const char *asked_by, *reason;	/* of a reopening */
	struct wire_close_line lines[WIRE_CLOSE_LINES];
	size_t n;
	struct wire_close_period *periods;
	size_t n_periods;
	const char **entities;
	size_t n_entities;
};

struct wire_close_word {
	const char *what;	/* sign soft close reopen reopen/approve */
	const char *entity, *period;
	const char *line, *figures, *reason;	/* NULL: not said */
};

MUST_CHECK bool shape_close(struct span, struct arena *,
	struct wire_close *out);
/* "" for what the daemon chooses. */
const char *wire_close_path(struct arena *, const char *entity,
	const char *period);
MUST_CHECK bool wire_close_get(struct wire *, const char *entity,
	const char *period, struct arena *, struct wire_close *,
	struct err *);
/* *state: of the period, afterwards; json: as it came. */
MUST_CHECK bool wire_close_post(struct wire *,
	const struct wire_close_word *, struct arena *, const char **state,
	struct span *json, struct err *);

#endif
