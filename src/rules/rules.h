#ifndef BAHI_RULES_RULES_H
#define BAHI_RULES_RULES_H
/*
 * Runs data/rules on one event. A rulebook is the set of rule texts as last
 * loaded without fault, shared; a runner is one thread's sandboxed in-memory
 * SQLite with the prepared statements, never shared. See src/README.md.
 */
#include "book/bank.h"
#include "book/document.h"
#include "book/event.h"
#include "book/finding.h"
#include "book/journal.h"
#include "book/reference.h"
#include "core/json.h"

struct rulebook;
struct runner;

/* Once, before any other use of SQLite: lets a rule's memory be counted. */
void rules_setup(void);

/* Loads every file under dir; a broken one is refused with file, line and
 * reason in err, and *book stays what it was. */
MUST_CHECK bool rulebook_load(struct rulebook **book, const char *dir,
	struct err *);
struct rulebook *rulebook_hold(struct rulebook *);
void rulebook_drop(struct rulebook **);
/* Changed on disk since loaded? Cheap: newest mtime and file count. */
bool rulebook_changed(const struct rulebook *, const char *dir);
/* Uid of whoever owns the newest file of the folder it was read from. */
unsigned rulebook_owner(const struct rulebook *);
/* Hex SHA-256 over all files' names and bytes: part of a document version. */
const char *rulebook_digest(const struct rulebook *);
/* All files as one JSON object, name -> text: kept in the store, so that a
 * rebuild can run the rules of that day; and the way back. */
struct span rulebook_files(const struct rulebook *);
MUST_CHECK bool rulebook_parse(struct rulebook **book, struct span files,
	struct err *);

/* Text of schema/NAME.json, valid while the book is held. NULL: none. */
const char *rulebook_schema(const struct rulebook *, const char *name);
/* Walks their names: *at = 0 first; NULL at the end. */
const char *rulebook_next_schema(const struct rulebook *, size_t *at);

struct runner *runner_new(void);
void runner_free(struct runner **);

enum map_result { MAP_DOCUMENT, MAP_IGNORED, MAP_FINDINGS };
enum post_result { POST_JOURNAL, POST_NOTHING, POST_FINDINGS };

/* tape: of the body. Documents (one or more), texts: in the arena. A rule that
 * fails to run gives FIND_RULE; no rule for the topic gives FIND_TOPIC. */
enum map_result runner_map(struct runner *, struct rulebook *,
	struct reference *, const struct event *,
	const struct json_tape *tape, struct arena *, struct document **out,
	size_t *n, struct findings *);
/* What an event says of money at a bank or in a till, whatever becomes of it
 * as a document: the rows of its rule's section `bank`, at most BANK_LINES;
 * returns how many. What is not whole is left out: as a document the event
 * has findings that say what is wrong with it. */
size_t runner_bank(struct runner *, struct rulebook *, struct reference *,
	const struct event *, const struct json_tape *tape, struct arena *,
	struct bank_line **out);
/* Entries without base amounts. POST_NOTHING: the rule says that the kind is
 * not for the ledger (an order). */
enum post_result runner_post(struct runner *, struct rulebook *,
	struct reference *, const char *source, const struct document *,
	struct arena *, struct journal *out, struct findings *);

/* Does a policy ask for an approval of the document, and why? */
struct policy_run {
	const char *policy, *source;
	const struct document *document;
	int64_t base_total;	/* in the base currency, never negative */
	bool limited;
	int64_t limit;
};

#define POLICY_REASONS_MAX 16	/* of one document; more say nothing more */

struct policy_reason {
	const char *why;
	const char *condition;	/* asked of the ledger; NULL: it is so */
};

/* The rows of policy/NAME.sql, at most POLICY_REASONS_MAX; returns how many.
 * A policy that cannot be run is a finding that blocks. */
size_t runner_policy(struct runner *, struct rulebook *, struct reference *,
	const struct policy_run *, struct arena *, struct policy_reason *out,
	struct findings *);

#endif
