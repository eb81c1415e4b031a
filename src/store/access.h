#ifndef BAHI_STORE_ACCESS_H
#define BAHI_STORE_ACCESS_H
/* Who may send: registered sources. Programs that ask are in client.h. */
#include "core/arena.h"
#include "store/db.h"

struct source_row {
	const char *name, *scheme;
};

/* Sources and clients share one space of names: each is a sender, and keys
 * are kept by sender. ERR_USAGE when it is taken. */
MUST_CHECK bool sender_name_free(struct db *, const char *name,
	struct err *);
/* ERR_USAGE when a client has the name. */
MUST_CHECK bool source_put(struct db *, const char *name,
	const char *scheme, struct err *);
/* All, in an arena array. */
MUST_CHECK bool source_all(struct db *, struct arena *, struct source_row **,
	size_t *n, struct err *);


/* What master data says of a "user", a "group" or a "client". */
struct access_row {
	const char *role, *entities, *sees;
};
MUST_CHECK bool access_find(struct db *, const char *subject,
	const char *name, struct arena *, struct access_row *, bool *found,
	struct err *);

#endif
