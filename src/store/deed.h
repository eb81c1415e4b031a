#ifndef BAHI_STORE_DEED_H
#define BAHI_STORE_DEED_H
/*
 * What each decision did to each event, so that who decided can take it back.
 * It follows from the log; a rebuild makes the same rows.
 */
#include "store/books.h"

struct deed {
	const char *of;		/* D12, or of a run R7 */
	int64_t event, seq;	/* seq: of the row of the log */
	const char *actor, *action;
	int64_t version;	/* of the event, afterwards */
	const char *old;	/* what was there before; "": nothing */
	int64_t undone;		/* seq of the row that took it back; 0 */
};

/* Named twice in one decision, the first is kept. */
MUST_CHECK bool deed_add(struct books *, const struct deed *, struct err *);
MUST_CHECK bool deed_find(struct db *, const char *of, int64_t event,
	struct arena *, struct deed *, bool *found, struct err *);
MUST_CHECK bool deed_undo(struct books *, const struct deed *, int64_t seq,
	struct err *);
/* Has the same been said of the event since, and not been taken back? */
MUST_CHECK bool deed_again(struct db *, const struct deed *, bool *again,
	struct err *);
/* The last of this person that is not taken back, of the event or (0) of
 * any; NULL: none. */
MUST_CHECK bool deed_last(struct db *, const char *actor, int64_t event,
	struct arena *, const char **of, struct err *);
struct deed_row {
	int64_t event, version;	/* as it is now */
	bool posted;
};
/* Those of one decision, of the event or (0) of all, that are not taken
 * back; whose, "" when it has none. */
MUST_CHECK bool deeds_of(struct db *, const char *of, int64_t event,
	struct arena *, const char **actor, struct deed_row **, size_t *n,
	size_t max, struct err *);

/* Row `seq` of the log, when it is a change of mappings: who made it and its
 * JSON; NULL: it is none. */
MUST_CHECK bool deed_mapping(struct db *, int64_t seq, struct arena *,
	const char **actor, const char **body, struct err *);

#endif
