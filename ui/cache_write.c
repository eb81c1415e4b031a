/*
 * What the daemon tells, into the cache. Called by the feed and the jobs on
 * their own threads; the caller holds the transaction.
 */
#include "ui/cache_inside.h"

#include <stdio.h>
#include <string.h>

#include "book/state.h"
#include "ui/filter.h"

static void
forget_words(struct cache *cache)
{
	vec_clear(&cache->words);
	arena_reset(cache->texts);
}

bool
cache_begin(struct cache *cache, struct err *e)
{
	if (!cache_execute(cache, "BEGIN IMMEDIATE", e))
		return false;
	cache->open = cache_open_count(cache);
	cache->moved = false;
	forget_words(cache);
	return true;
}

static bool
keep_open(struct cache *cache, struct err *e)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)cache->open);
	return cache_about_set(cache, "open", text, e);
}

static bool
tell_words(struct cache *cache, struct err *e)
{
	bool ok = true;

	for (size_t i = 0; ok && i < cache->words.n; i++) {
		const struct cache_words *one = vec_at(&cache->words, i);
		sqlite3_stmt *s = cache_stmt(cache, one->query);

		if (s != NULL) {
			sqlite3_bind_int64(s, 1, one->seq);
			cache_bind(s, 2, one->text);
		}
		ok = cache_finish(cache, s, e);
	}
	forget_words(cache);
	return ok;
}

bool
cache_commit(struct cache *cache, struct err *e)
{
	return (!cache->moved || keep_open(cache, e)) &&
	    tell_words(cache, e) && cache_execute(cache, "COMMIT", e);
}

void
cache_rollback(struct cache *cache)
{
	forget_words(cache);
	if (!sqlite3_get_autocommit(cache->db))
		sqlite3_exec(cache->db, "ROLLBACK", NULL, NULL, NULL);
}

bool
cache_clear(struct cache *cache, struct err *e)
{
	cache->open = 0;
	return cache_execute(cache, "DELETE FROM event; DELETE FROM member;"
	    "DELETE FROM signature; DELETE FROM entry; DELETE FROM thing;"
	    "INSERT INTO word(word) VALUES('delete-all');"
	    "DROP INDEX IF EXISTS event_state;"
	    "DROP INDEX IF EXISTS event_received;"
	    "DROP INDEX IF EXISTS event_source;"
	    "DROP INDEX IF EXISTS event_document;"
	    "DROP INDEX IF EXISTS event_party;"
	    "DROP INDEX IF EXISTS event_amount;"
	    "DROP INDEX IF EXISTS event_who;"
	    "DROP INDEX IF EXISTS event_sentence;"
	    "DELETE FROM about WHERE name IN ('seq', 'at', 'open')", e);
}

bool
cache_mark(struct cache *cache, int64_t seq, const char *at, struct err *e)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)seq);
	return cache_about_set(cache, "seq", text, e) &&
	    cache_about_set(cache, "at", at, e);
}

static bool
set_thing(struct cache *cache, enum query query, const char *kind,
    const char *key, struct span json, struct err *e)
{
	sqlite3_stmt *s = cache_stmt(cache, query);

	if (s == NULL)
		return cache_refuse(cache, e);
	cache_bind(s, 1, kind);
	cache_bind(s, 2, key);
	if (json.n > 0)
		sqlite3_bind_text64(s, 3, json.p, json.n, SQLITE_TRANSIENT,
		    SQLITE_UTF8);
	return cache_finish(cache, s, e);
}

/* Of one record, or of what somebody typed: of these there is no end. */
static bool
is_endless(const char *kind, const char *key)
{
	return strcmp(kind, "sheet") == 0 || strcmp(kind, "answer") == 0 ||
	    (strcmp(kind, "view") == 0 && strchr(key, '/') != NULL);
}

/* A page takes with it what is said of its list, which then comes anew. */
static bool
drop_thing(struct cache *cache, struct arena *arena, const char *kind,
    const char *key, struct err *e)
{
	static const char *const beside[] = { "pages", "viewed", "answered" };
	const char *space = strrchr(key, ' ');
	const char *list = space != NULL && space[1] != '\0' &&
	    space[1 + strspn(space + 1, "0123456789")] == '\0' ?
	    arena_strndup(arena, key, (size_t)(space - key)) : key;
	bool ok = set_thing(cache, Q_THING_DELETE, kind, key,
	    (struct span){ 0 }, e);

	for (size_t i = 0; ok && i < 3; i++)
		ok = set_thing(cache, Q_THING_DELETE, beside[i],
		    strcmp(kind, "view") == 0 ? list : key,
		    (struct span){ 0 }, e);
	return ok;
}

static bool
drop_oldest(struct cache *cache, const char *kind, struct err *e)
{
	sqlite3_stmt *s = cache_stmt(cache, Q_THING_OLD);
	struct arena *arena = arena_new();
	const char *key = NULL;
	bool ok;

	if (s != NULL) {
		cache_bind(s, 1, kind);
		sqlite3_bind_int(s, 2, CACHE_THINGS);
		if (sqlite3_step(s) == SQLITE_ROW)
			key = cache_column(s, 0, arena);
		sqlite3_reset(s);
	}
	ok = s == NULL ? cache_refuse(cache, e) : key == NULL ||
	    drop_thing(cache, arena, kind, key, e);
	arena_free(&arena);
	return ok;
}

bool
cache_keep(struct cache *cache, const char *kind, const char *key,
    struct span json, struct err *e)
{
	if (json.n == 0)
		return set_thing(cache, Q_THING_DELETE, kind, key, json, e);
	if (!is_endless(kind, key))
		return set_thing(cache, Q_THING_SET, kind, key, json, e);
	return set_thing(cache, Q_THING_LAST, kind, key, json, e) &&
	    drop_oldest(cache, kind, e);
}

static bool
run_number(struct cache *cache, enum query query, int64_t n, struct err *e)
{
	sqlite3_stmt *s = cache_stmt(cache, query);

	if (s != NULL)
		sqlite3_bind_int64(s, 1, n);
	return cache_finish(cache, s, e);
}

static bool
add_members(struct cache *cache, const struct wire_event *event,
    struct err *e)
{
	for (size_t i = 0; i < event->findings.n; i++) {
		sqlite3_stmt *s;

		if (event->findings.items[i].signature[0] == '\0')
			continue;
		s = cache_stmt(cache, Q_MEMBER_SET);
		if (s != NULL) {
			cache_bind(s, 1, event->findings.items[i].signature);
			sqlite3_bind_int64(s, 2, event->seq);
		}
		if (!cache_finish(cache, s, e))
			return false;
	}
	return true;
}

/* The finding to show: one that a mapping mends, since it can be acted on. */
static const struct wire_finding *
chief(const struct wire_findings *findings)
{
	for (size_t i = 0; i < findings->n; i++)
		if (findings->items[i].fixable)
			return &findings->items[i];
	return findings->n > 0 ? &findings->items[0] : NULL;
}

/* Whose it is by its flow stands in brackets. */
static const char *
who_of(const struct wire_event *ev, struct arena *arena)
{
	return ev->assignee[0] != '\0' || ev->owner[0] == '\0' ?
	    ev->assignee : arena_printf(arena, "(%s)", ev->owner);
}

/* Any change of an ordinary table is a savepoint, at which FTS5 writes down all
 * that it has gathered: so they are told to it one after another. False: no
 * such row. */
static bool
note_words(struct cache *cache, enum query query, int64_t seq)
{
	sqlite3_stmt *s = cache_stmt(cache, Q_WORDS);
	bool there;

	if (s == NULL)
		return false;
	sqlite3_bind_int64(s, 1, seq);
	there = sqlite3_step(s) == SQLITE_ROW;
	if (there) {
		struct cache_words *one = vec_add(&cache->words);

		if (one == NULL)
			bug("a transaction without an end");
		*one = (struct cache_words){ query, seq,
		    cache_column(s, 0, cache->texts) };
	}
	sqlite3_reset(s);
	return there;
}

static bool
add_event(struct cache *cache, const struct wire_event *ev,
    struct arena *arena, struct err *e)
{
	const struct wire_finding *f = chief(&ev->findings);
	sqlite3_stmt *s;
	int64_t value = 0;
	bool there;

	there = note_words(cache, Q_WORD_DELETE, ev->seq);
	s = cache_stmt(cache, Q_EVENT_SET);
	if (s == NULL)
		return cache_refuse(cache, e);
	sqlite3_bind_int64(s, 1, ev->seq);
	sqlite3_bind_int64(s, 2, ev->version);
	cache_bind(s, 3, ev->state);
	cache_bind(s, 4, ev->source);
	cache_bind(s, 5, ev->received);
	cache_bind(s, 6, ev->document);
	cache_bind(s, 7, ev->party);
	cache_bind(s, 8, ev->currency);
	cache_bind(s, 9, ev->amount);
	cache_bind(s, 10, f ? f->sentence : "");
	cache_bind(s, 11, f ? f->signature : "");
	cache_bind(s, 12, who_of(ev, arena));
	cache_bind(s, 13, ev->snoozed);
	/* Without an amount: before all that have one. */
	sqlite3_bind_int64(s, 14, filter_number(ev->amount, &value) ? value :
	    INT64_MIN);
	cache->open += !there;
	cache->moved |= !there;
	return cache_finish(cache, s, e) &&
	    (note_words(cache, Q_WORD_SET, ev->seq) ||
	    cache_refuse(cache, e)) && add_members(cache, ev, e);
}

static bool
drop_event(struct cache *cache, int64_t seq, struct err *e)
{
	bool there = note_words(cache, Q_WORD_DELETE, seq);

	cache->open -= there;
	cache->moved |= there;
	return !there || run_number(cache, Q_EVENT_DELETE, seq, e);
}

static bool
is_open(const char *state)
{
	enum event_state found;

	return !event_state_find(state, &found) ||
	    event_state_open(found) || found == EVENT_RECEIVED;
}

/* The whole of it that was kept when somebody looked is to be asked for
 * again; until that has come it is better than nothing. */
static bool
mark_moved(struct cache *cache, const char *id, struct arena *arena,
    struct err *e)
{
	struct span json;

	return !cache_find(cache, arena, "event", id, &json) ||
	    cache_keep(cache, "moved", id, span_of("1"), e);
}

/* Only what waits for somebody is kept: posted events are in the ledger. */
static bool
apply_event(struct cache *cache, const struct wire_change *change,
    struct arena *arena, struct err *e)
{
	int64_t seq = cache_number(change->key);
	struct wire_event event;

	if (!run_number(cache, Q_MEMBER_DELETE, seq, e) ||
	    !mark_moved(cache, change->key, arena, e))
		return false;
	if (change->value.n > 0 && shape_event(change->value, arena, &event)
	    && is_open(event.state)) {
		if (event.seq == 0)
			event.seq = seq;
		return add_event(cache, &event, arena, e);
	}
	return drop_event(cache, seq, e);
}

static bool
set_signature(struct cache *cache, const char *key, struct span value,
    struct arena *arena, struct err *e)
{
	struct wire_signature one;
	bool there = value.n > 0 && shape_signature(value, arena, &one) &&
	    one.count > 0;
	sqlite3_stmt *s = cache_stmt(cache, there ? Q_SIGNATURE_SET :
	    Q_SIGNATURE_DELETE);

	if (s == NULL)
		return cache_refuse(cache, e);
	cache_bind(s, 1, there ? one.id : key);
	if (there) {
		sqlite3_bind_int64(s, 2, one.count);
		sqlite3_bind_text64(s, 3, value.p, value.n,
		    SQLITE_TRANSIENT, SQLITE_UTF8);
	}
	return cache_finish(cache, s, e);
}

bool
cache_keep_signatures(struct cache *cache, struct span json, struct err *e)
{
	struct arena *arena = arena_new();
	struct span *items;
	size_t n;
	bool ok = shape_items(json, arena, &items, &n) ||
	    err_set(e, ERR_JSON, "signatures are not as documented");

	ok = ok && cache_execute(cache, "DELETE FROM signature", e);
	for (size_t i = 0; ok && i < n; i++)
		ok = set_signature(cache, "", items[i], arena, e);
	arena_free(&arena);
	return ok;
}

static bool
add_entry(struct cache *cache, const char *account, int64_t journal,
    const char *const shared[3], const struct wire_entry *entry,
    struct err *e)
{
	sqlite3_stmt *s = cache_stmt(cache, Q_ENTRY_SET);

	if (s == NULL)
		return cache_refuse(cache, e);
	cache_bind(s, 1, account);
	sqlite3_bind_int64(s, 2, journal);
	sqlite3_bind_int64(s, 3, entry->line);
	for (int i = 0; i < 3; i++)
		cache_bind(s, 4 + i, shared[i]);
	cache_bind(s, 7, entry->party);
	cache_bind(s, 8, entry->cost_centre);
	cache_bind(s, 9, entry->tax_code);
	cache_bind(s, 10, entry->currency);
	cache_bind(s, 11, entry->amount);
	return cache_finish(cache, s, e);
}

bool
cache_keep_entries(struct cache *cache, const char *account,
    const struct wire_entries *entries, struct err *e)
{
	for (size_t i = 0; i < entries->n; i++) {
		const struct wire_entry *en = &entries->items[i];
		const char *shared[3] = { en->date, en->document,
		    en->narration };

		if (!add_entry(cache, account, cache_number(en->journal),
		    shared, en, e))
			return false;
	}
	return true;
}

bool
cache_keep_journal(struct cache *cache, const struct wire_journal *journal,
    struct span json, struct err *e)
{
	const char *shared[3] = { journal->date, journal->document,
	    journal->narration };

	for (size_t i = 0; i < journal->entries.n; i++) {
		const struct wire_entry *en = &journal->entries.items[i];

		if (!add_entry(cache, en->account, cache_number(journal->id),
		    shared, en, e))
			return false;
	}
	return cache_keep(cache, "journal", journal->id, json, e);
}

/* Somebody was erased: he may stand in any answer that was kept whole but for
 * figures. All of them can be asked for again. */
static bool
forget_answers(struct cache *cache, struct err *e)
{
	return cache_execute(cache, "DELETE FROM thing WHERE kind NOT IN"
	    " ('status', 'trial', 'run')", e);
}

bool
cache_apply(struct cache *cache, const struct wire_change *change,
    struct err *e)
{
	struct arena *arena = arena_new();
	struct wire_journal journal;
	bool ok = true;

	if (strcmp(change->topic, "event") == 0)
		ok = apply_event(cache, change, arena, e);
	else if (strcmp(change->topic, "signature") == 0)
		ok = set_signature(cache, change->key, change->value, arena,
		    e);
	else if (strcmp(change->topic, "run") == 0)
		ok = cache_keep(cache, "run", "now", change->value, e);
	else if (strcmp(change->topic, "erased") == 0)
		ok = forget_answers(cache, e);
	else if (strcmp(change->topic, "journal") == 0 &&
	    shape_journal(change->value, arena, &journal))
		ok = cache_keep_journal(cache, &journal, change->value, e);
	arena_free(&arena);
	return ok;
}
