#ifndef BAHI_BOOK_MANDATE_H
#define BAHI_BOOK_MANDATE_H
/*
 * What a program may, as OAuth's scope says it: a role, `read` when it may
 * only look, and the legal entities that it may see, all when there are none:
 *
 *	clerk read entity:IN01 entity:IN02
 */
#include "book/role.h"
#include "core/arena.h"
#include "core/span.h"

#define MANDATE_MAX 4000	/* bytes */
#define MANDATE_ENTITIES 64

struct mandate {
	enum role role;
	bool reads_only;
	size_t n;		/* entities; 0: all */
	const char *entities[MANDATE_ENTITIES];
};

/* Words in any order, each once; a role must be there. Texts are in the
 * arena. */
MUST_CHECK bool mandate_parse(struct span, struct arena *, struct mandate *,
	struct err *);
/* As above, in one order: the same mandate is the same text. */
const char *mandate_text(const struct mandate *, struct arena *);
/* May who has the one be given the other? */
bool mandate_covers(const struct mandate *has, const struct mandate *wants);
/* "IN01 IN02"; "": all. */
const char *mandate_entities(const struct mandate *, struct arena *);

#endif
