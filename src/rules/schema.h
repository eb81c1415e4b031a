#ifndef BAHI_RULES_SCHEMA_H
#define BAHI_RULES_SCHEMA_H
/*
 * JSON Schema 2020-12, as much as data/rules/schema uses: type, enum and
 * const of texts, required, properties, additionalProperties, items,
 * minItems, maxItems, minLength, maxLength, minimum, maximum, pattern, format
 * (date, date-time), $ref to #/$defs, anyOf, oneOf. Annotations are passed
 * over; any other keyword is refused, so that none is silently not judged.
 * Immutable once made, shared by threads.
 */
#include "core/arena.h"
#include "core/err.h"
#include "core/json.h"
#include "core/span.h"

struct schema;

#define SCHEMA_FAULTS_MAX 20

struct schema_fault {
	const char *path;	/* data.lines.debit, whichever line */
	const char *rule;	/* "pattern", "pattern at data.lines[2].debit" */
};

struct schema_faults {
	struct schema_fault items[SCHEMA_FAULTS_MAX];
	size_t n;
	bool shape;	/* what should be an object or array is none: rules
			 * cannot walk it */
};

/* ERR_RULE names the keyword that cannot be used. */
MUST_CHECK bool schema_new(struct schema **, struct span text, struct err *);
void schema_free(struct schema **);
/* member: judge only this member of the message; NULL: all of it. root: what
 * paths begin with; "" nothing. Texts in the arena. */
void schema_check(const struct schema *, const struct json_tape *,
	const char *member, const char *root, struct arena *,
	struct schema_faults *);

#endif
