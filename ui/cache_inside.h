#ifndef BAHI_UI_CACHE_INSIDE_H
#define BAHI_UI_CACHE_INSIDE_H
/* Shared by the three files of the cache, and by nobody else. */
#include <sqlite3.h>
#include "ui/cache.h"

enum query {
	Q_ABOUT_SET, Q_ABOUT, Q_EVENT_SET, Q_EVENT_DELETE, Q_MEMBER_SET,
	Q_MEMBER_DELETE, Q_SIGNATURE_SET, Q_SIGNATURE_DELETE, Q_SIGNATURE,
	Q_THING_SET, Q_THING_DELETE, Q_THING, Q_ENTRY_SET, Q_OPEN_COUNT,
	Q_SNOOZED_COUNT,
	Q_EVENTS_UP, Q_EVENTS_DOWN, Q_MEMBERS_UP, Q_MEMBERS_DOWN, Q_EVENT,
	Q_SIGNATURES_UP, Q_SIGNATURES_DOWN, Q_SIGNATURE_COUNT,
	Q_ENTRIES_UP, Q_ENTRIES_DOWN, QUERIES
};

struct cache {
	sqlite3 *db;
	sqlite3_stmt *statements[QUERIES];
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
