#ifndef BAHI_FLOW_COMMITTING_H
#define BAHI_FLOW_COMMITTING_H
/*
 * The targets of a running daemon, for those who ask about them and for those
 * who speak to them, too. Made before the job that runs them.
 */
#include "flow/committer.h"

struct committing;

struct committing *committing_new(void);
void committing_free(struct committing **);

/* ERR_NOT_FOUND: none of that name runs. ERR_REFUSED: not in its away hours;
 * `now`: in those, too. */
MUST_CHECK bool committing_check(struct committing *, const char *name,
	bool now, struct err *);
/* A person spoke of it or of its commits: what was resumed or is to be tried
 * now is not put off by an open breaker. */
void committing_hurry(struct committing *, const char *name);
/* What the last check found; null: none, or it does not run. */
void committing_view(struct committing *, const char *name, struct json *);
/* False: it does not run. */
bool committing_figures(struct committing *, const char *name,
	struct committer_figures *out);
/* How fast it may be spoken to: pace_drop after use. NULL: it does not run. */
struct pace *committing_pace(struct committing *, const char *name);

#endif
