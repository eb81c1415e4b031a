#ifndef BAHI_UI_SAYING_H
#define BAHI_UI_SAYING_H
/*
 * What is said of the marked rows, or of the one under the cursor, as one
 * request: the rows as they were drawn, a reason where one is wanted, then a
 * question that says how many and how much. Called by the loop.
 */
#include "core/json.h"
#include "ui/console.h"

/* One row of the request; the writer is inside of its object. */
typedef void saying_row(struct json *, const struct subject *);

struct saying {
	const char *what;	/* "approve" */
	const char *one, *many;	/* N_(): asked of one, with %s, how much; of
				 * many, with %zu before it; NULL: not asked */
	const char *because;	/* N_(): why; NULL: not asked */
	const char *nothing;	/* N_(): no such row is here */
	bool waits;		/* it may wait for the daemon: its rows say
				 * what was seen of them */
	size_t most;		/* rows that the daemon takes at once; 0:
				 * SAYING_ROWS */
};

#define SAYING_ROWS 500

/* The subjects, in the memory of what is pending, which is made anew: those
 * of rows that `fits` takes. NULL: none, or it may not be said now, and that
 * is said. Free what is pending by actions_drop. */
const struct subject **saying_collect(struct console *,
	const struct saying *, bool (*fits)(const struct subject *),
	size_t *n);
/* Of these: `head` are members in front of the rows, "" or ending with a
 * comma; again: lists that are asked for behind it. */
void saying_say(struct console *, const struct saying *, const char *path,
	const char *head, const char *about, const char *again,
	const struct subject **, size_t n, saying_row *);
/* Of what has no rows: a target, a cause. */
void saying_word(struct console *, const struct saying *, const char *path,
	const char *members, const char *about, const char *again,
	const char *question);
/* The text of that column of a list's row, as it came; "": none. */
const char *saying_raw(const struct view *, const struct row *,
	const char *path);

#endif
