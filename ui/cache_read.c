/*
 * What the panes see of the cache: windows along an index, one thing, counts.
 * Nothing here waits for the writer or reads more than was asked for.
 */
#include "ui/cache_inside.h"

#define FIELD_MAX 400	/* bytes of one text shown in a list */

int64_t
cache_seq(struct cache *cache)
{
	struct arena *arena = arena_new();
	int64_t seq = cache_number(cache_about(cache, arena, "seq"));

	arena_free(&arena);
	return seq;
}

const char *
cache_at(struct cache *cache, struct arena *arena)
{
	return cache_about(cache, arena, "at");
}

bool
cache_find(struct cache *cache, struct arena *arena, const char *kind,
    const char *key, struct span *json)
{
	sqlite3_stmt *s = cache_stmt(cache, Q_THING);
	bool found;

	if (s == NULL)
		return false;
	cache_bind(s, 1, kind);
	cache_bind(s, 2, key);
	found = sqlite3_step(s) == SQLITE_ROW;
	if (found)
		*json = span_of(cache_column(s, 0, arena));
	sqlite3_reset(s);
	return found;
}

static int64_t
count_rows(struct cache *cache, enum query query)
{
	sqlite3_stmt *s = cache_stmt(cache, query);
	int64_t n = 0;

	if (s != NULL && sqlite3_step(s) == SQLITE_ROW)
		n = sqlite3_column_int64(s, 0);
	if (s != NULL)
		sqlite3_reset(s);
	return n;
}

int64_t
cache_open_count(struct cache *cache)
{
	return count_rows(cache, Q_OPEN_COUNT);
}

int64_t
cache_snoozed_count(struct cache *cache, const char *awake)
{
	sqlite3_stmt *s = cache_stmt(cache, Q_SNOOZED_COUNT);
	int64_t n = 0;

	if (s == NULL)
		return 0;
	cache_bind(s, 1, awake);
	if (sqlite3_step(s) == SQLITE_ROW)
		n = sqlite3_column_int64(s, 0);
	sqlite3_reset(s);
	return n;
}

int64_t
cache_signature_count(struct cache *cache)
{
	return count_rows(cache, Q_SIGNATURE_COUNT);
}

static const char *
short_column(sqlite3_stmt *s, int at, struct arena *arena)
{
	const char *text = (const char *)sqlite3_column_text(s, at);

	return arena_strndup(arena, text ? text : "",
	    text ? strnlen(text, FIELD_MAX) : 0);
}

static void
read_event(sqlite3_stmt *s, struct arena *arena, struct cache_event *out)
{
	const char **texts_out[] = { &out->state, &out->source,
	    &out->received, &out->document, &out->party, &out->currency,
	    &out->amount, &out->sentence, &out->signature, &out->who,
	    &out->snoozed };

	out->seq = sqlite3_column_int64(s, 0);
	out->version = sqlite3_column_int64(s, 1);
	for (int i = 0; i < 11; i++)
		*texts_out[i] = short_column(s, i + 2, arena);
}

size_t
cache_events(struct cache *cache, struct arena *arena,
    const char *signature, const char *awake, int64_t anchor,
    bool backward, struct cache_event *out, size_t n)
{
	sqlite3_stmt *s = cache_stmt(cache, signature ?
	    backward ? Q_MEMBERS_DOWN : Q_MEMBERS_UP :
	    backward ? Q_EVENTS_DOWN : Q_EVENTS_UP);
	size_t got = 0;

	if (s == NULL)
		return 0;
	sqlite3_bind_int64(s, 1, anchor);
	sqlite3_bind_int64(s, 2, (int64_t)n);
	cache_bind(s, 3, signature != NULL ? signature : awake);
	while (got < n && sqlite3_step(s) == SQLITE_ROW)
		read_event(s, arena, &out[got++]);
	sqlite3_reset(s);
	return got;
}

bool
cache_event(struct cache *cache, struct arena *arena, int64_t seq,
    struct cache_event *out)
{
	sqlite3_stmt *s = cache_stmt(cache, Q_EVENT);
	bool found;

	if (s == NULL)
		return false;
	sqlite3_bind_int64(s, 1, seq);
	found = sqlite3_step(s) == SQLITE_ROW;
	if (found)
		read_event(s, arena, out);
	sqlite3_reset(s);
	return found;
}

size_t
cache_signatures(struct cache *cache, struct arena *arena, int64_t count,
    const char *anchor, bool backward, struct wire_signature *out, size_t n)
{
	sqlite3_stmt *s = cache_stmt(cache, backward ? Q_SIGNATURES_DOWN :
	    Q_SIGNATURES_UP);
	size_t got = 0;

	if (s == NULL)
		return 0;
	if (anchor == NULL)
		count = backward ? INT64_MIN : INT64_MAX;
	sqlite3_bind_int64(s, 1, count);
	cache_bind(s, 2, anchor ? anchor : "");
	sqlite3_bind_int64(s, 3, (int64_t)n);
	while (got < n && sqlite3_step(s) == SQLITE_ROW)
		got += shape_signature(span_of(cache_column(s, 0, arena)),
		    arena, &out[got]);
	sqlite3_reset(s);
	return got;
}

bool
cache_signature(struct cache *cache, struct arena *arena, const char *id,
    struct wire_signature *out)
{
	sqlite3_stmt *s = cache_stmt(cache, Q_SIGNATURE);
	bool found;

	if (s == NULL)
		return false;
	cache_bind(s, 1, id);
	found = sqlite3_step(s) == SQLITE_ROW &&
	    shape_signature(span_of(cache_column(s, 0, arena)), arena, out);
	sqlite3_reset(s);
	return found;
}

static void
read_entry(sqlite3_stmt *s, struct arena *arena, struct wire_entry *out)
{
	*out = (struct wire_entry){ .line = sqlite3_column_int64(s, 1) };
	out->journal = arena_printf(arena, "J%lld",
	    (long long)sqlite3_column_int64(s, 0));
	out->date = short_column(s, 2, arena);
	out->document = short_column(s, 3, arena);
	out->narration = short_column(s, 4, arena);
	out->party = short_column(s, 5, arena);
	out->cost_centre = short_column(s, 6, arena);
	out->tax_code = short_column(s, 7, arena);
	out->currency = short_column(s, 8, arena);
	out->amount = short_column(s, 9, arena);
}

size_t
cache_entries(struct cache *cache, struct arena *arena, const char *account,
    int64_t journal, int64_t line, bool backward, struct wire_entry *out,
    size_t n)
{
	sqlite3_stmt *s = cache_stmt(cache, backward ? Q_ENTRIES_DOWN :
	    Q_ENTRIES_UP);
	size_t got = 0;

	if (s == NULL)
		return 0;
	if (journal == 0 && !backward)
		journal = INT64_MAX;
	cache_bind(s, 1, account);
	sqlite3_bind_int64(s, 2, journal);
	sqlite3_bind_int64(s, 3, line);
	sqlite3_bind_int64(s, 4, (int64_t)n);
	while (got < n && sqlite3_step(s) == SQLITE_ROW)
		read_entry(s, arena, &out[got++]);
	sqlite3_reset(s);
	return got;
}
