#ifndef BAHI_RULES_RULEBOOK_H
#define BAHI_RULES_RULEBOOK_H
/* Inside of rules/: the sections of all rule files, immutable once loaded. */
#include "rules/rules.h"

struct section {
	const char *file;	/* "map/shopify/orders_paid.sql" */
	const char *name;	/* "header" */
	const char *sql;
	unsigned line;		/* of the file where the SQL starts */
	size_t index;		/* among all sections */
};

const struct section *rulebook_find(const struct rulebook *,
	const char *file, const char *name);	/* NULL: none */
size_t rulebook_sections(const struct rulebook *);

#endif
