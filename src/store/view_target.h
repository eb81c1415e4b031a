#ifndef BAHI_STORE_VIEW_TARGET_H
#define BAHI_STORE_VIEW_TARGET_H
/* Targets and commits as the API shows them; see views.h. */
#include "core/arena.h"
#include "store/outbox.h"
#include "store/views.h"

/* Members of an object that is open: all of a target and its sums. */
MUST_CHECK bool view_target(struct db *, const struct target_row *,
	struct json *, struct err *);

struct commit_filter {		/* NULL: any */
	const char *target, *state, *cause;	/* state "open": what is
				 * neither there nor skipped; "exception":
				 * failed, dead or retrying */
	const char *entity, *kind, *number;
	const char *after_target;	/* of the last one seen, */
	int64_t after;			/* and its journal */
	int limit;
};

/* A page, by target and journal. */
MUST_CHECK bool view_commits(struct db *, const struct commit_filter *,
	struct arena *, struct json *, struct err *);
/* One, with its tries and lines. */
MUST_CHECK bool view_commit(struct db *, const char *target,
	int64_t journal, struct arena *, struct json *, bool *found,
	struct err *);
/* What stands in the way, the most frequent first: at most VIEW_LIMIT. */
MUST_CHECK bool view_commit_causes(struct db *, const char *target,
	struct json *, struct err *);

/* The cause that such a list calls so; NULL: nothing has it any more. */
MUST_CHECK bool commit_cause(struct db *, const char *target,
	const char *group, struct arena *, const char **cause, struct err *);

struct commit_pick {
	const char *target;
	int64_t journal;
	int64_t at;	/* its last change, as who speaks of it saw it, to the
			 * millisecond; 0: not said */
	int64_t change;	/* or the last of all that he saw, by its number in the
			 * feed; 0: not said */
};
/* Those that a filter means, at most n of them; its page is not looked at. */
MUST_CHECK bool commit_picks(struct db *, const struct commit_filter *,
	size_t n, struct arena *, struct commit_pick **out, size_t *n_out,
	struct err *);

/* Of the commits of an event's journals: an array. */
MUST_CHECK bool view_commits_of(struct db *, int64_t event, struct json *,
	struct err *);

#endif
