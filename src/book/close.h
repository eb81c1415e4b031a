#ifndef BAHI_BOOK_CLOSE_H
#define BAHI_BOOK_CLOSE_H
/*
 * The lines of the close board: what must be so before a period closes.
 * Each is computed; nobody ticks one.
 */
#include <stdbool.h>
#include "book/day.h"

enum close_line {
	CLOSE_BACKLOG, CLOSE_FAILURES, CLOSE_CONFLICTS, CLOSE_APPROVALS,
	CLOSE_INTERCOMPANY, CLOSE_SETTLEMENT, CLOSE_GST, CLOSE_TARGETS,
	CLOSE_CONSISTENCY, CLOSE_AUDIT, CLOSE_LINES
};

struct close_info {
	const char *name;	/* "gst" */
	const char *sentence;	/* N_(): what is so when it is clean */
	const char *pane;	/* of the console, where it is worked on */
};

const struct close_info *close_info(enum close_line);
bool close_line_find(const char *name, enum close_line *out);

/* "2026-10" and nothing else. */
bool period_valid(const char *);
/* That day of the month after, or its last one. */
struct day period_due(const char *period, int day);

#endif
