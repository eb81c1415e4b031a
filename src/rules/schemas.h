#ifndef BAHI_RULES_SCHEMAS_H
#define BAHI_RULES_SCHEMAS_H
/*
 * Inside of rules/: the schemas of a rulebook, files schema/NAME.json, and
 * which map rule is bound to which, by a line `-- schema: NAME` above its
 * first section.
 */
#include "book/event.h"
#include "book/finding.h"
#include "rules/schema.h"

struct schemas;

/* Is it the map rule of an event of ours, in.bahi.*? */
bool schemas_canonical(const char *file);

struct schemas *schemas_new(void);
void schemas_free(struct schemas **);
bool schemas_is(const char *file);	/* "schema/NAME.json" */
/* A file of the rulebook, whichever it is. Texts must live as long. */
MUST_CHECK bool schemas_add(struct schemas *, const char *file,
	const char *text, struct err *);
/* After the last file: every bound schema is there. */
MUST_CHECK bool schemas_bound(const struct schemas *, struct err *);
const char *schemas_text(const struct schemas *, const char *name);
/* Walks the names: *at = 0 first; NULL at the end. */
const char *schemas_next(const struct schemas *, size_t *at);
/* What the message lacks of its rule's schema; nothing when there is none. */
void schemas_check(const struct schemas *, const char *file,
	const struct json_tape *, struct arena *, struct schema_faults *);
/* After the rule has run: adds what it has not said itself. */
void schemas_tell(const struct schema_faults *, struct arena *,
	struct findings *);

#endif
