#ifndef BAHI_BOOK_PERSONAL_H
#define BAHI_BOOK_PERSONAL_H
/*
 * Which members of a payload are about a person. Known from a table
 * (data/privacy/members.csv), never from C: source, topic, path, what it is,
 * and whether it may go. Rules never see what may go: it is cut out of the
 * payload before anything is judged, so no journal can depend on it.
 */
#include "core/arena.h"
#include "core/json.h"

enum personal_is {
	PERSONAL_CODE,		/* who: as master data names the party */
	PERSONAL_NAME, PERSONAL_FIRST, PERSONAL_LAST, PERSONAL_EMAIL,
	PERSONAL_PHONE, PERSONAL_STREET, PERSONAL_NUMBER, PERSONAL_TEXT,
	PERSONAL_KINDS
};

const char *personal_is_name(enum personal_is);

struct personal;		/* the table; never changes */

MUST_CHECK bool personal_read(struct personal **, struct span csv,
	struct err *);
/* members.csv of that folder. */
MUST_CHECK bool personal_load(struct personal **, const char *folder,
	struct err *);
void personal_free(struct personal **);

struct personal_member {
	enum personal_is is;
	bool kept;		/* the books need it: it is not cut */
	const char *path;	/* as the table has it */
	const char *value;	/* without escapes */
	size_t from, to;	/* in the payload as it came */
	size_t at, n;		/* of what personal_cut put there instead */
	int who;		/* of whom it is: of `people` */
};

/* One of whom a payload speaks: what he is known by. */
struct personal_who {
	const char *id;		/* "code:shop-17", "email:..", "phone:.." */
	const char **also;	/* all that he may be looked for by */
	size_t n_also;
};

#define PERSONAL_PEOPLE_MAX 8192	/* of one payload; more are as one */

struct personal_found {
	struct personal_member *members;	/* as they stand */
	size_t n;
	struct personal_who *people;	/* those of whom something is cut */
	size_t n_people;
	bool cut;		/* any of it is to be cut */
};

/* The tape is of `body`. `alone`: what the payload is known by when it names
 * nobody. In the arena. */
void personal_find(const struct personal *, const char *source,
	const char *topic, const struct json_tape *, const char *alone,
	struct arena *, struct personal_found *);
/* The payload with every text that is cut empty and every number 0. */
struct span personal_cut(struct span body, struct personal_found *,
	struct arena *);
/* What somebody types, as it is kept: "email:", "phone:" or "name:" and the
 * text in its plainest form. */
const char *personal_plain(enum personal_is, const char *value,
	struct arena *);

#endif
