#ifndef BAHI_UI_CACHE_INSIDE_H
#define BAHI_UI_CACHE_INSIDE_H
/* Shared by the three files of the cache, and by nobody else. */
#include <sqlite3.h>
#include "core/vec.h"
#include "ui/cache.h"

enum query {
	Q_ABOUT_SET, Q_ABOUT, Q_EVENT_SET, Q_EVENT_DELETE, Q_MEMBER_SET,
	Q_MEMBER_DELETE, Q_SIGNATURE_SET, Q_SIGNATURE_DELETE, Q_SIGNATURE,
	Q_THING_SET, Q_THING_LAST, Q_THING_OLD, Q_THING_DELETE, Q_THING, Q_ENTRY_SET,
	Q_SNOOZED_COUNT,
	Q_EVENT, Q_SEQ_FIRST, Q_SEQ_LAST, Q_SAMPLE, Q_WORDS, Q_WORD_SET, Q_WORD_DELETE,
	Q_PICK_CLEAR, Q_PICK_WORDS, Q_PICK_AMOUNTS, Q_PICK_TIMES,
	Q_PICK_MEMBERS, Q_PICK_COUNT, Q_CURRENCY_NEXT,
	Q_MATCH_UP, Q_MATCH_DOWN, Q_MEMBERS_UP, Q_MEMBERS_DOWN,
	/* for each order: all of them, and those that were picked */
	Q_SCAN_UP, Q_SCAN_DOWN = Q_SCAN_UP + CACHE_SORTS,
	Q_FEW_UP = Q_SCAN_DOWN + CACHE_SORTS,
	Q_FEW_DOWN = Q_FEW_UP + CACHE_SORTS,
	Q_PLACE = Q_FEW_DOWN + CACHE_SORTS,
	Q_PLACE_LAST = Q_PLACE + CACHE_SORTS - 1,
	Q_SIGNATURES_UP, Q_SIGNATURES_DOWN, Q_SIGNATURE_COUNT,
	Q_ENTRIES_UP, Q_ENTRIES_DOWN, Q_DOCUMENTS, QUERIES
};

#define CACHE_SAMPLES 48

/* What the trigrams are told of at the end of a transaction. */
struct cache_words {
	enum query query;
	int64_t seq;
	const char *text;
};

struct cache {
	sqlite3 *db;
	sqlite3_stmt *statements[QUERIES];
	int64_t open;		/* events, as of the transaction */
	bool moved;		/* that is to be written */
	struct vec words;	/* struct cache_words */
	struct arena *texts;	/* theirs */
	struct arena *samples;	/* of rows, to know what is common */
	const char *sample[CACHE_SAMPLES];
	int n_samples;
	int64_t sampled;	/* clock_mono(); 0: never */
};

/* Reset and ready to bind; NULL: the file cannot be used. */
sqlite3_stmt *cache_stmt(struct cache *, enum query);
void cache_bind(sqlite3_stmt *, int at, const char *);
/* Runs a bound change. */
bool cache_finish(struct cache *, sqlite3_stmt *, struct err *);
bool cache_execute(struct cache *, const char *sql, struct err *);
bool cache_refuse(struct cache *, struct err *);
bool cache_about_set(struct cache *, const char *name, const char *value,
	struct err *);
const char *cache_about(struct cache *, struct arena *, const char *name);
const char *cache_column(sqlite3_stmt *, int at, struct arena *);
int64_t cache_number(const char *id);	/* 12 of "E12" */

#endif
