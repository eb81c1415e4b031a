#ifndef BAHI_STORE_PROPOSAL_H
#define BAHI_STORE_PROPOSAL_H
/*
 * Proposals: changes of rules or master data that wait for a second person.
 * Written on the writer's thread, within books_begin.
 */
#include "core/json.h"
#include "store/books.h"

struct proposal {
	int64_t id, version, at;
	const char *kind;	/* rules reference */
	const char *table;	/* of reference; "" */
	bool remove;
	const char *digest, *base, *author, *reason, *state;
	const char *signature;	/* NULL: none */
	struct span body;	/* CSV */
};

/* Takes the next id. */
MUST_CHECK bool proposal_add(struct books *, struct proposal *,
	struct err *);
MUST_CHECK bool proposal_load(struct db *, int64_t id, struct arena *,
	struct proposal *, bool *found, struct err *);
/* seq: of the log row that put it in force; 0: none. */
MUST_CHECK bool proposal_decide(struct books *, int64_t id,
	const char *state, const char *by, const char *why, int64_t seq,
	struct err *);
/* Rules that are still drafts (of that author; NULL: any) are now late. */
MUST_CHECK bool proposal_supersede(struct books *, const char *author,
	const char *why, struct err *);
/* Was this digest of rules ever proposed or in force? */
MUST_CHECK bool proposal_known(struct db *, const char *digest, bool *known,
	struct err *);
MUST_CHECK bool proposal_keep_backtest(struct books *, int64_t id,
	struct span json, struct err *);

/* state NULL: any. Newest first, before `before` (0: from the newest). */
MUST_CHECK bool view_proposals(struct db *, const char *state,
	int64_t before, int limit, struct json *, struct err *);
/* Opens the object and leaves it open for what the caller adds. */
MUST_CHECK bool view_proposal(struct db *, int64_t id, struct json *,
	bool *found, struct err *);
/* Rules that were in force, newest first. */
MUST_CHECK bool view_rules(struct db *, struct json *, struct err *);
/* The files of a version as one JSON object; n 0: there is none. */
MUST_CHECK bool rules_files(struct db *, const char *digest, struct arena *,
	struct span *files, struct err *);

#endif
