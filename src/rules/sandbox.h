#ifndef BAHI_RULES_SANDBOX_H
#define BAHI_RULES_SANDBOX_H
/*
 * Inside of rules/: an in-memory SQLite that can read one event and nothing
 * else. An authorizer allows SELECT, json_each, json_tree, the lines of the
 * document and the listed functions; steps, memory, lengths and depths are
 * bounded; recursion, clocks, randomness, PRAGMA and ATTACH are refused.
 */
#include <sqlite3.h>
#include "book/document.h"
#include "book/finding.h"
#include "book/reference.h"

struct sandbox {
	sqlite3 *db;
	/* of the run */
	const struct reference *reference;
	const char *source;
	struct arena *arena;
	struct findings *findings;
	const struct document *document;	/* of a post rule */
	int64_t steps;
	int64_t memory;		/* of this thread when the run began */
	struct map *patterns;	/* text -> struct rx *, compiled once */
};

void sandbox_open(struct sandbox *);
void sandbox_close(struct sandbox *);
void sandbox_start(struct sandbox *);	/* before each run: fresh limits */
int64_t sandbox_memory(void);	/* bytes SQLite holds for this thread */
void functions_add(struct sandbox *);	/* functions.c */
void line_add(struct sandbox *);	/* line.c: the document's lines */
bool function_allowed(const char *name);

#endif
