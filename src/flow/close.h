#ifndef BAHI_FLOW_CLOSE_H
#define BAHI_FLOW_CLOSE_H
/*
 * Signing off lines of the close board and moving periods from open to soft
 * to closed and, by two people, back.  Each is a decision in the log; what it
 * does to the table of periods is a row of master data behind it, so that a
 * rebuild comes to the same.  On the writer's thread.
 */
#include "flow/consistency.h"
#include "flow/settle.h"
#include "store/board.h"

enum close_act { CLOSE_SIGN, CLOSE_SOFT, CLOSE_CLOSE, CLOSE_REOPEN,
	CLOSE_AGREE, CLOSE_ACTS };

struct close_word {		/* what a person says */
	enum close_act act;
	const char *entity, *period, *actor, *reason;
	const char *line;	/* of a sign-off */
	const char *figures;	/* that were seen; NULL: those of now */
};

/* A transaction of its own. *state: of the period, afterwards. */
MUST_CHECK bool close_say(struct settler *, struct consistency *,
	const struct close_word *, struct arena *, const char **state,
	struct err *);
/* Sign-offs whose figures have moved are noted as such, once each. */
MUST_CHECK bool close_suspend(struct settler *, struct consistency *,
	const char *entity, const char *period, struct err *);
/* Does again what a row of the log says; *mine false: it is no such row. */
struct cJSON;
MUST_CHECK bool close_replay(struct settler *, const struct cJSON *,
	const char *actor, int64_t at, bool *mine, struct err *);

/* The board as it stands, by any thread's connection. */
MUST_CHECK bool close_board(struct db *, struct arena *,
	struct consistency *, const char *entity, const char *period,
	struct board *, struct err *);
/* Has a sign-off been overtaken that nobody noted yet? */
bool close_moved(const struct board *);

#endif
