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
/* Sequence and time (RFC 3339) up to which the copy is true. */
MUST_CHECK bool cache_mark(struct cache *, int64_t seq, const char *at,
	struct err *);
/* Any answer kept whole: kind "status", "trial", "event", "account"... */
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
int64_t cache_open_count(struct cache *);

struct cache_event {
	int64_t seq, version;
	const char *state, *source, *received, *document, *party;
	const char *currency, *amount, *sentence, *signature;
	const char *who;	/* has it; in brackets: by its flow */
	const char *snoozed;	/* until then; "": it is not */
};

/* Open events after (or, backward, before) `anchor`, itself excluded, at
 * most n; of one signature, or of all that are not put off beyond `awake`
 * (RFC 3339, UTC; CACHE_ALL: none is). INT64_MIN/MAX: from the ends. */
#define CACHE_ALL "~"
size_t cache_events(struct cache *, struct arena *, const char *signature,
	const char *awake, int64_t anchor, bool backward,
	struct cache_event *out, size_t n);
int64_t cache_snoozed_count(struct cache *, const char *awake);
bool cache_event(struct cache *, struct arena *, int64_t seq,
	struct cache_event *out);

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

#endif
