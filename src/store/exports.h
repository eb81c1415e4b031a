#ifndef BAHI_STORE_EXPORTS_H
#define BAHI_STORE_EXPORTS_H
/*
 * Exports and their receipts. Written by the writer, inside books_begin. An
 * export changes no books, so nothing of it is in the log: who asked for what
 * is in the audit.
 */
#include "store/books.h"
#include "store/views.h"

#define EXPORTS_KEPT 20		/* with their files */
#define RECEIPTS_KEPT 1000
#define EXPORTS_WAITING 16	/* at once */

struct export_row {
	int64_t id;			/* X12 */
	const char *gstin, *form, *format;
	int64_t period;
	const char *state, *actor, *why;
	int64_t at, ended, seq, total;		/* ended 0: not yet */
	bool kept;			/* its files are there */
	const char *files, *totals, *warnings;	/* JSON; "" until done */
};

/* Takes the next id. The same that is not yet done is not begun again: its
 * row is given instead. ERR_BUSY: too many wait. */
MUST_CHECK bool export_add(struct books *, struct export_row *,
	struct arena *, struct err *);
MUST_CHECK bool export_load(struct db *, int64_t id, struct arena *,
	struct export_row *, bool *found, struct err *);
/* The oldest that waits; 0: none. */
MUST_CHECK bool export_next(struct db *, int64_t *id, struct err *);
/* state, seq, why, files, totals, warnings. */
MUST_CHECK bool export_put(struct books *, const struct export_row *,
	struct err *);
/* Those that ran when the daemon stopped: they failed. */
MUST_CHECK bool export_stopped(struct books *, struct err *);
/* Old receipts go, and files of all but the latest are no longer kept. */
MUST_CHECK bool export_forget(struct books *, struct err *);
/* Are its files there? */
MUST_CHECK bool export_kept(struct db *, int64_t id, bool *kept,
	struct err *);
/* The last event or decision that the snapshot holds. */
MUST_CHECK bool export_seq(struct db *, int64_t *seq, struct err *);

/* Members of an object that is open. */
void export_encode(const struct export_row *, struct json *);
MUST_CHECK bool view_exports(struct db *, const char *gstin, int64_t after,
	int limit, struct json *, struct err *);

#endif
