#ifndef BAHI_RULES_RULEBOOK_H
#define BAHI_RULES_RULEBOOK_H
/* Inside of rules/: the sections of all rule files, immutable once loaded. */
#include "rules/rules.h"
#include "rules/schemas.h"
#include "rules/section.h"

const struct section *rulebook_find(const struct rulebook *,
	const char *file, const char *name);	/* NULL: none */
/* A post file whose head has the line `-- posts: nothing`. */
bool rulebook_posts_nothing(const struct rulebook *, const char *file);
size_t rulebook_sections(const struct rulebook *);
const struct schemas *rulebook_schemas(const struct rulebook *);

#endif
