/*
 * What the panes see of the cache: windows along an index, one thing, counts.
 * Nothing here waits for the writer or reads more than was asked for.
 */
#include "ui/cache_inside.h"

#include "core/clock.h"

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
	struct arena *arena = arena_new();
	int64_t n = cache_number(cache_about(cache, arena, "open"));

	arena_free(&arena);
	return n;
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

/* ---- events ------------------------------------------------------------ */

#define FEW 8000	/* so many are sorted as they are found */
#define PATIENCE 64	/* rows between two looks at the clock */
#define TEXTS 12

static const char **
text_at(struct cache_event *ev, int at)
{
	const char **all[TEXTS] = { &ev->state, &ev->source, &ev->received,
	    &ev->document, &ev->party, &ev->currency, &ev->amount,
	    &ev->sentence, &ev->signature, &ev->who, &ev->snoozed,
	    &ev->key };

	return all[at];
}

/* Its texts are SQLite's, until the next step. */
static void
peek_event(sqlite3_stmt *s, struct cache_event *out)
{
	out->seq = sqlite3_column_int64(s, 0);
	out->version = sqlite3_column_int64(s, 1);
	out->value = sqlite3_column_int64(s, 13);
	for (int i = 0; i < TEXTS; i++)
		*text_at(out, i) = (const char *)sqlite3_column_text(s,
		    i + 2 + (i == TEXTS - 1));
	for (int i = 0; i < TEXTS; i++)
		if (*text_at(out, i) == NULL)
			*text_at(out, i) = "";
}

static void
keep_event(struct arena *arena, struct cache_event *ev)
{
	for (int i = 0; i < TEXTS; i++) {
		const char **text = text_at(ev, i);

		*text = arena_strndup(arena, *text, strnlen(*text,
		    FIELD_MAX));
	}
}

static bool
pick(struct cache *cache, enum query query, const char *text,
    const char *until, const struct cache_search *search)
{
	sqlite3_stmt *s = cache_stmt(cache, query);
	struct err e = { 0 };

	if (s == NULL)
		return false;
	cache_bind(s, 1, text);
	if (query == Q_PICK_AMOUNTS) {
		sqlite3_bind_int64(s, 2, search->least);
		sqlite3_bind_int64(s, 3, search->most);
	} else if (until != NULL) {
		cache_bind(s, 2, until);
	}
	sqlite3_bind_int64(s, sqlite3_bind_parameter_count(s), FEW + 1);
	return cache_finish(cache, s, &e) &&
	    count_rows(cache, Q_PICK_COUNT) <= FEW;
}

static bool
pick_amounts(struct cache *cache, const struct cache_search *search)
{
	struct arena *arena = arena_new();
	const char *currency = "";
	bool few = true, more = true;

	while (few && more) {
		sqlite3_stmt *s = cache_stmt(cache, Q_CURRENCY_NEXT);

		few = s != NULL && pick(cache, Q_PICK_AMOUNTS, currency, NULL,
		    search);
		if (s == NULL)
			break;
		cache_bind(s, 1, currency);
		more = sqlite3_step(s) == SQLITE_ROW;
		if (more)
			currency = cache_column(s, 0, arena);
		sqlite3_reset(s);
	}
	arena_free(&arena);
	return few;
}

/* Are those that come into question so few that they are sorted at once?
 * Then they are in the table pick. */
static bool
are_few(struct cache *cache, const struct cache_search *search)
{
	sqlite3_stmt *clear;
	struct err e = { 0 };

	if (search->match != NULL) {
		clear = cache_stmt(cache, Q_PICK_CLEAR);
		if (cache_finish(cache, clear, &e) && pick(cache,
		    Q_PICK_WORDS, search->match, NULL, search))
			return true;
	}
	if (search->amounts) {
		clear = cache_stmt(cache, Q_PICK_CLEAR);
		if (cache_finish(cache, clear, &e) &&
		    pick_amounts(cache, search))
			return true;
	}
	if (search->times) {
		clear = cache_stmt(cache, Q_PICK_CLEAR);
		if (cache_finish(cache, clear, &e) && pick(cache,
		    Q_PICK_TIMES, search->since, search->until, search))
			return true;
	}
	if (search->signature == NULL)
		return false;
	clear = cache_stmt(cache, Q_PICK_CLEAR);
	return cache_finish(cache, clear, &e) && pick(cache, Q_PICK_MEMBERS,
	    search->signature, NULL, search);
}

/* The way that reads least. In the order in which they came trigrams and
 * members are read as they are wanted; in another one all that come into
 * question have to be known first. */
static enum query
way(struct cache *cache, const struct cache_search *search, bool down)
{
	bool natural = search->sort == SORT_SEQ;
	int sort = (int)search->sort;

	if (natural && search->match != NULL)
		return down ? Q_MATCH_DOWN : Q_MATCH_UP;
	if ((!natural || search->amounts || search->times) &&
	    are_few(cache, search))
		return (enum query)((down ? Q_FEW_DOWN : Q_FEW_UP) + sort);
	if (natural && search->signature != NULL)
		return down ? Q_MEMBERS_DOWN : Q_MEMBERS_UP;
	return (enum query)((down ? Q_SCAN_DOWN : Q_SCAN_UP) + sort);
}

/* Before all texts is the empty one, behind all of them a blob. */
static void
bind_from(sqlite3_stmt *s, const struct cache_event *from, bool down)
{
	if (from != NULL) {
		cache_bind(s, 1, from->key);
		sqlite3_bind_int64(s, 2, from->value);
	} else if (down) {
		sqlite3_bind_blob(s, 1, "", 0, SQLITE_STATIC);
		sqlite3_bind_int64(s, 2, INT64_MAX);
	} else {
		sqlite3_bind_text(s, 1, "", 0, SQLITE_STATIC);
		sqlite3_bind_int64(s, 2, INT64_MIN);
	}
	sqlite3_bind_int64(s, 3, from ? from->seq : down ? INT64_MAX :
	    INT64_MIN);
}

static bool
take(struct arena *arena, const struct cache_search *search,
    struct cache_stretch *stretch, struct cache_event *ev)
{
	if (search->wanted != NULL && !search->wanted(search->ctx, ev))
		return false;
	if (stretch->out != NULL) {
		keep_event(arena, ev);
		stretch->out[stretch->got] = *ev;
	}
	stretch->got++;
	return true;
}

static void
read_on(sqlite3_stmt *s, struct arena *arena,
    const struct cache_search *search, struct cache_stretch *stretch)
{
	struct cache_event ev;

	for (size_t looked = 1; ; looked++) {
		bool last, taken;

		if (sqlite3_step(s) != SQLITE_ROW) {
			stretch->end = true;
			return;
		}
		peek_event(s, &ev);
		taken = take(arena, search, stretch, &ev);
		last = (stretch->out != NULL && stretch->got ==
		    stretch->n) || (looked % PATIENCE == 0 &&
		    clock_mono() >= stretch->deadline);
		if (!last)
			continue;
		if (!taken || stretch->out == NULL)
			keep_event(arena, &ev);
		stretch->last = ev;
		return;
	}
}

void
cache_search(struct cache *cache, struct arena *arena,
    const struct cache_search *search, struct cache_stretch *stretch)
{
	bool down = search->descending != stretch->backward;
	sqlite3_stmt *s = cache_stmt(cache, way(cache, search, down));

	stretch->got = 0;
	stretch->end = s == NULL || (stretch->out != NULL && stretch->n == 0);
	if (stretch->end)
		return;
	sqlite3_clear_bindings(s);
	bind_from(s, stretch->from, down);
	cache_bind(s, 4, search->awake);
	if (search->signature != NULL)
		cache_bind(s, 5, search->signature);
	if (sqlite3_bind_parameter_count(s) >= 6)
		cache_bind(s, 6, search->match);
	read_on(s, arena, search, stretch);
	sqlite3_reset(s);
}

#define SAMPLE_FOR 10000000	/* microseconds */

static void
take_sample(struct cache *cache)
{
	int64_t first, last;

	if (cache->sampled != 0 && clock_mono() - cache->sampled < SAMPLE_FOR)
		return;
	first = count_rows(cache, Q_SEQ_FIRST);
	last = count_rows(cache, Q_SEQ_LAST);
	cache->sampled = clock_mono();
	cache->n_samples = 0;
	arena_reset(cache->samples);
	for (int i = 0; i < CACHE_SAMPLES; i++) {
		sqlite3_stmt *s = cache_stmt(cache, Q_SAMPLE);

		if (s == NULL)
			return;
		sqlite3_bind_int64(s, 1, first + (last - first) /
		    CACHE_SAMPLES * i);
		if (sqlite3_step(s) == SQLITE_ROW)
			cache->sample[cache->n_samples++] = cache_column(s,
			    0, cache->samples);
		sqlite3_reset(s);
	}
}

int
cache_common(struct cache *cache, struct span letters)
{
	int n = 0;

	take_sample(cache);
	for (int i = 0; i < cache->n_samples; i++)
		n += memmem(cache->sample[i], strlen(cache->sample[i]),
		    letters.p, letters.n) != NULL;
	return n;
}

static bool
one_event(struct cache *cache, struct arena *arena, enum query query, int at,
    int64_t seq, struct cache_event *out)
{
	sqlite3_stmt *s = cache_stmt(cache, query);
	bool found;

	if (s == NULL)
		return false;
	sqlite3_bind_int64(s, at, seq);
	found = sqlite3_step(s) == SQLITE_ROW;
	if (found) {
		peek_event(s, out);
		keep_event(arena, out);
	}
	sqlite3_reset(s);
	return found;
}

bool
cache_event(struct cache *cache, struct arena *arena, int64_t seq,
    struct cache_event *out)
{
	return one_event(cache, arena, Q_EVENT, 1, seq, out);
}

bool
cache_place(struct cache *cache, struct arena *arena, enum cache_sort sort,
    int64_t seq, struct cache_event *out)
{
	return one_event(cache, arena, (enum query)(Q_PLACE + (int)sort), 3,
	    seq, out);
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

static int
is_late(void *deadline)
{
	return clock_mono() > *(int64_t *)deadline;
}

static bool
is_there(const struct wire_entry *entries, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(entries[i].journal, entries[n].journal) == 0)
			return true;
	return false;
}

size_t
cache_documents(struct cache *cache, struct arena *arena, const char *text,
    int64_t deadline, struct wire_entry *out, size_t n)
{
	sqlite3_stmt *s = cache_stmt(cache, Q_DOCUMENTS);
	size_t got = 0;

	if (s == NULL)
		return 0;
	cache_bind(s, 1, text);
	sqlite3_progress_handler(cache->db, 10000, is_late, &deadline);
	while (got < n && sqlite3_step(s) == SQLITE_ROW) {
		read_entry(s, arena, &out[got]);
		got += !is_there(out, got);
	}
	sqlite3_progress_handler(cache->db, 0, NULL, NULL);
	sqlite3_reset(s);
	return got;
}
