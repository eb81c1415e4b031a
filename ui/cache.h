#ifndef BAHI_UI_CACHE_H
#define BAHI_UI_CACHE_H
/*
 * The console's local copy: a SQLite file of its own, fed by the change feed,
 * read by the panes. One connection serves one thread; readers never wait for
 * the writer. It can be deleted at any time and fills again.
 */
#include "wire/shapes.h"

struct cache;

/* A cache of another daemon or release is emptied. */
MUST_CHECK bool cache_open(struct cache **, const char *path,
	const char *place, struct err *);
void cache_close(struct cache **);

/* ---- the feed's and the jobs' side ---- */
MUST_CHECK bool cache_begin(struct cache *, struct err *);
MUST_CHECK bool cache_commit(struct cache *, struct err *);
void cache_rollback(struct cache *);
MUST_CHECK bool cache_apply(struct cache *, const struct wire_change *,
	struct err *);
MUST_CHECK bool cache_clear(struct cache *, struct err *);
/* The indexes that a first filling is faster without. Not in a transaction;
 * costs nothing when they are there. */
MUST_CHECK bool cache_settle(struct cache *, struct err *);
/* Sequence and time (RFC 3339) up to which the copy is true. */
MUST_CHECK bool cache_mark(struct cache *, int64_t seq, const char *at,
	struct err *);
/* Any answer kept whole: kind "status", "trial", "event", "account"... Of a
 * kind that would grow for ever (sheets, answers of verbs, lists of one record)
 * the oldest goes when there are that many. */
#define CACHE_THINGS 4000
MUST_CHECK bool cache_keep(struct cache *, const char *kind,
	const char *key, struct span json, struct err *);
/* The whole answer of /v1/signatures replaces what is kept. */
MUST_CHECK bool cache_keep_signatures(struct cache *, struct span json,
	struct err *);
MUST_CHECK bool cache_keep_journal(struct cache *,
	const struct wire_journal *, struct span json, struct err *);
MUST_CHECK bool cache_keep_entries(struct cache *, const char *account,
	const struct wire_entries *, struct err *);

/* ---- the panes' side; all results are in the arena ---- */
int64_t cache_seq(struct cache *);
const char *cache_at(struct cache *, struct arena *);
/* False: not here. */
bool cache_find(struct cache *, struct arena *, const char *kind,
	const char *key, struct span *json);
int64_t cache_open_count(struct cache *);	/* kept, not counted */

struct cache_event {
	int64_t seq, version;
	const char *state, *source, *received, *document, *party;
	const char *currency, *amount, *sentence, *signature;
	const char *who;	/* has it; in brackets: by its flow */
	const char *snoozed;	/* until then; "": it is not */
	const char *key;	/* with value and seq: its place in the order */
	int64_t value;
};

enum cache_sort {
	SORT_SEQ, SORT_STATE, SORT_RECEIVED, SORT_SOURCE, SORT_DOCUMENT,
	SORT_PARTY, SORT_AMOUNT, SORT_WHO, SORT_SENTENCE, CACHE_SORTS
};

/* The texts live until it returns. */
typedef bool cache_wanted(void *ctx, const struct cache_event *);

#define CACHE_ALL "~"

/* Which open events, in which order. What narrows may let too many through,
 * never too few; `wanted` has the last word. */
struct cache_search {
	enum cache_sort sort;	/* by amount: one currency after another */
	bool descending;
	const char *signature;	/* of this one; NULL: of any */
	const char *awake;	/* not put off beyond (RFC 3339, UTC);
				 * CACHE_ALL: none is */
	const char *match;	/* of FTS5's trigrams; NULL: any text */
	bool amounts, times;	/* only between these, ends included */
	int64_t least, most;	/* times FILTER_SCALE */
	const char *since, *until;
	cache_wanted *wanted;	/* NULL: all */
	void *ctx;
};

/* One stretch of a search. */
struct cache_stretch {
	const struct cache_event *from;	/* excluded; NULL: from the end */
	bool backward;
	int64_t deadline;	/* of clock_mono(); some are looked at anyway */
	struct cache_event *out;	/* NULL: they are only counted */
	size_t n, got;
	struct cache_event last;	/* looked at: from there it goes on */
	bool end;		/* there is no more */
};

/* Results are in the arena. */
void cache_search(struct cache *, struct arena *,
	const struct cache_search *, struct cache_stretch *);
/* How many rows of a sample have these letters (folded). */
int cache_common(struct cache *, struct span letters);
int64_t cache_snoozed_count(struct cache *, const char *awake);
bool cache_event(struct cache *, struct arena *, int64_t seq,
	struct cache_event *out);
/* With the key that the order asks for. */
bool cache_place(struct cache *, struct arena *, enum cache_sort,
	int64_t seq, struct cache_event *out);

/* Signatures by falling count, then id. anchor NULL: from the end. */
size_t cache_signatures(struct cache *, struct arena *, int64_t count,
	const char *anchor, bool backward, struct wire_signature *out,
	size_t n);
int64_t cache_signature_count(struct cache *);
bool cache_signature(struct cache *, struct arena *, const char *id,
	struct wire_signature *out);

/* Entries of an account, newest journal first. journal 0: from the end. */
size_t cache_entries(struct cache *, struct arena *, const char *account,
	int64_t journal, int64_t line, bool backward,
	struct wire_entry *out, size_t n);
/* One entry of each journal whose document has that text in it, as far as
 * `deadline` (of clock_mono()) allows. */
size_t cache_documents(struct cache *, struct arena *, const char *text,
	int64_t deadline, struct wire_entry *out, size_t n);

#endif
