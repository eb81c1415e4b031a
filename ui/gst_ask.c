/* Runs on the jobs thread, with its connections. */
#include "ui/gst_ask.h"

#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "ui/gst.h"

#define PAGE "limit=200"
#define MINUTE 60000000

static bool
keep(struct cache *cache, const char *key, struct span body, struct err *e)
{
	if (!cache_begin(cache, e))
		return false;
	if (cache_keep(cache, "gst", key, body, e) && cache_commit(cache, e))
		return true;
	cache_rollback(cache);
	return false;
}

/* Where the page before says that it goes on; NULL: it does not. */
static const char *
after(struct cache *cache, struct arena *arena, const char *word, int page,
    const char *of)
{
	const struct list *list = gst_list(arena, word);
	const char *name = arena_strndup(arena, word, strcspn(word, "@"));
	struct wire_rows rows;
	struct span json;

	if (page > 1)
		name = arena_printf(arena, "%s@%d", name, page - 1);
	return cache_find(cache, arena, "gst", gst_stored(arena, name, of),
	    &json) && shape_rows(json, list->items, NULL, 0, arena, &rows) &&
	    rows.next[0] != '\0' ? rows.next : NULL;
}

/* Costly ones are not asked for as often as the books move. */
static bool
is_fresh(struct cache *cache, struct arena *arena, const char *stored)
{
	struct span at;
	int64_t then;

	if (!cache_find(cache, arena, "gst", arena_printf(arena, "when %s",
	    stored), &at))
		return false;
	then = strtoll(arena_strndup(arena, at.p, at.n), NULL, 10);
	/* Of before the machine was started: later than now. */
	return then <= clock_mono() && clock_mono() - then < MINUTE;
}

static bool
ask_seldom(struct wire *wire, struct cache *cache, struct arena *arena,
    const char *word, const char *of, struct err *e)
{
	const char *stored = gst_stored(arena, word, of);
	const char *path = gst_path(arena, gst_list(arena, word), of);
	struct span body;

	return is_fresh(cache, arena, stored) || (wire_get(wire, path, arena,
	    &body, e) && keep(cache, stored, body, e) && keep(cache,
	    arena_printf(arena, "when %s", stored), span_of(arena_printf(
	    arena, "%lld", (long long)clock_mono())), e));
}

static bool
ask_page(struct wire *wire, struct cache *cache, struct arena *arena,
    const char *word, const char *of, int page, struct err *e)
{
	const struct list *list = gst_list(arena, word + (word[0] == '~'));
	const char *path = gst_path(arena, list, of), *next;
	struct span body;

	if (word[0] == '~')
		return ask_seldom(wire, cache, arena, word + 1, of, e);
	if (list->paged)
		path = arena_printf(arena, "%s%c" PAGE, path,
		    strchr(path, '?') ? '&' : '?');
	if (page > 0) {
		next = after(cache, arena, word, page, of);
		if (next == NULL)
			return true;
		path = wire_page(arena, path, next);
	}
	return wire_get(wire, path, arena, &body, e) &&
	    keep(cache, gst_stored(arena, word, of), body, e);
}

/* A word alone, one page behind it, or several. */
static bool
ask_one(struct wire *wire, struct cache *cache, struct arena *arena,
    const char *word, const char *of, struct err *e)
{
	const char *at = strchr(word, '@'), *name;
	char *end;
	int page, last;

	if (at == NULL)
		return ask_page(wire, cache, arena, word, of, 0, e);
	name = arena_strndup(arena, word, (size_t)(at - word));
	page = last = (int)strtol(at + 1, &end, 10);
	if (*end == '-')
		last = (int)strtol(end + 1, &end, 10);
	for (; page <= last; page++)
		if (!ask_page(wire, cache, arena, arena_printf(arena,
		    "%s@%d", name, page), of, page, e))
			return false;
	return true;
}

bool
gst_ask(struct wire *wire, struct cache *cache, struct shared *shared,
    struct arena *arena, const char *key, struct err *e)
{
	size_t words = strcspn(key, " ");
	const char *of = key + words + (key[words] == ' ');

	for (size_t at = 0; at < words;) {
		size_t n = strcspn(key + at, "+ ");
		struct err one = { 0 };

		if (!ask_one(wire, cache, arena, arena_strndup(arena,
		    key + at, n), of, &one)) {
			if (e->code == ERR_NONE)
				*e = one;
			if (err_is_away(one.code))
				return false;
		}
		shared_changed(shared);
		at += n + 1;
	}
	return e->code == ERR_NONE;
}
