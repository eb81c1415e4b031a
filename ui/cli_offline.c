/*
 * Answers for the time without a daemon: each that a verb got is kept in the
 * console's own copy, and what the console keeps for itself is found there,
 * too. The cache is opened when it is first needed; that it cannot be is no
 * fault of the verb.
 */
#include <string.h>

#include "core/clock.h"
#include "core/json.h"
#include "ui/cache.h"
#include "ui/cli_inside.h"
#include "ui/lists.h"
#include "ui/options.h"

#define KEPT_MAX ((size_t)4 << 20)	/* bytes of one answer */
#define EVENTS_MAX 500

struct copies {
	struct job *job;
	struct cache *cache;
	const char *place;
	bool failed;
	const char *stale;	/* of when the oldest was that was used */
};

static bool
opened(struct copies *copies)
{
	struct err e = { 0 };
	const char *path;

	if (copies->cache == NULL && !copies->failed)
		copies->failed = !options_cache(copies->job->options,
		    copies->job->arena, &path, &e) ||
		    !cache_open(&copies->cache, path, copies->place, &e);
	return !copies->failed;
}

static void
keep(void *ctx, const char *path, struct span body)
{
	struct copies *copies = ctx;
	struct err e = { 0 };
	char now[25];
	size_t n = strlen(path);

	/* How far a run is, is nothing to keep. */

	if (n > 0 && path[n - 1] == '?')
		path = arena_strndup(copies->job->arena, path, n - 1);
	if (body.n > KEPT_MAX || strncmp(path, "/v1/runs/", 9) == 0 ||
	    !opened(copies) || !cache_begin(copies->cache, &e))
		return;
	clock_format(clock_now(), now);
	if (!cache_keep(copies->cache, "answer", path, body, &e) ||
	    !cache_keep(copies->cache, "answered", path, span_of(now), &e) ||
	    !cache_commit(copies->cache, &e))
		cache_rollback(copies->cache);
}

/* ---- what the console keeps ------------------------------------------- */

static void
write_amounts(struct json *j, const struct wire_amounts *amounts)
{
	json_key(j, "amounts");
	json_open(j, '[');
	for (size_t i = 0; i < amounts->n; i++) {
		json_open(j, '{');
		json_kstr(j, "currency", amounts->items[i].currency);
		json_kstr(j, "amount", amounts->items[i].amount);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void
write_signature(struct json *j, const struct wire_signature *one)
{
	json_open(j, '{');
	json_kstr(j, "id", one->id);
	json_kstr(j, "code", one->code);
	json_kstr(j, "level", one->level);
	json_kstr(j, "source", one->source);
	json_kstr(j, "dimension", one->dimension);
	json_kstr(j, "value", one->value);
	json_kstr(j, "sentence", one->sentence);
	json_kstr(j, "hint", one->hint);
	json_key(j, "fixable");
	json_bool(j, one->fixable);
	json_kint(j, "count", one->count);
	json_kstr(j, "oldest", one->oldest);
	json_kstr(j, "newest", one->newest);
	write_amounts(j, &one->amounts);
	json_close(j, '}');
}

static void
write_event(struct json *j, struct arena *arena,
    const struct cache_event *ev)
{
	json_open(j, '{');
	json_kstr(j, "id", arena_id(arena, 'E', ev->seq));
	json_kint(j, "seq", ev->seq);
	json_kint(j, "version", ev->version);
	json_kstr(j, "state", ev->state);
	json_kstr(j, "source", ev->source);
	json_kstr(j, "received", ev->received);
	json_kstr(j, "document", ev->document);
	json_kstr(j, "party", ev->party);
	json_kstr(j, "currency", ev->currency);
	json_kstr(j, "amount", ev->amount);
	json_key(j, "findings");
	json_open(j, '[');
	if (ev->sentence[0] != '\0') {
		json_open(j, '{');
		json_kstr(j, "signature", ev->signature);
		json_kstr(j, "sentence", ev->sentence);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
}

static void
write_events(struct copies *copies, struct json *j)
{
	struct arena *arena = copies->job->arena;
	struct cache_event *events = arena_alloc(arena, EVENTS_MAX *
	    sizeof *events);
	const struct cache_search all = { .awake = CACHE_ALL };
	struct cache_stretch found = { .deadline = INT64_MAX, .out = events,
	    .n = EVENTS_MAX };
	size_t n;

	cache_search(copies->cache, arena, &all, &found);
	n = found.got;
	for (size_t i = 0; i < n; i++)
		write_event(j, arena, &events[i]);
	json_close(j, ']');
	if (n == EVENTS_MAX)
		json_kstr(j, "next", arena_id(arena, 'E',
		    events[n - 1].seq));
}

static void
write_signatures(struct copies *copies, struct json *j)
{
	struct arena *arena = copies->job->arena;
	struct wire_signature *all = arena_alloc(arena, EVENTS_MAX *
	    sizeof *all);
	int64_t count = INT64_MAX;
	const char *anchor = "";
	size_t n;

	do {
		n = cache_signatures(copies->cache, arena, count, anchor,
		    false, all, EVENTS_MAX);
		for (size_t i = 0; i < n; i++)
			write_signature(j, &all[i]);
		if (n > 0) {
			count = all[n - 1].count;
			anchor = all[n - 1].id;
		}
	} while (n == EVENTS_MAX);
	json_close(j, ']');
}

/* What the console's search finds without the daemon. */
static bool
has_text(void *ctx, const struct cache_event *ev)
{
	const char *text = ctx;

	return strcasestr(ev->document, text) != NULL ||
	    strcasestr(ev->party, text) != NULL;
}

static void
write_found(struct json *j, const char *kind, const char *id,
    const char *document, const char *text)
{
	json_open(j, '{');
	json_kstr(j, "kind", kind);
	json_kstr(j, "id", id);
	json_kstr(j, "document", document);
	json_kstr(j, "why", "document");
	json_kstr(j, "text", text);
}

static void
write_open(struct copies *copies, struct json *j, char *text, bool *cut)
{
	struct arena *arena = copies->job->arena;
	struct cache_event *events = arena_alloc(arena, EVENTS_MAX *
	    sizeof *events);
	const struct cache_search open = { .awake = CACHE_ALL,
	    .wanted = has_text, .ctx = text };
	struct cache_stretch found = { .deadline = INT64_MAX, .out = events,
	    .n = EVENTS_MAX };

	cache_search(copies->cache, arena, &open, &found);
	for (size_t i = 0; i < found.got; i++) {
		write_found(j, "event", arena_id(arena, 'E', events[i].seq),
		    events[i].document, events[i].source);
		json_kstr(j, "party", events[i].party);
		json_kstr(j, "amount", events[i].amount);
		json_kstr(j, "currency", events[i].currency);
		json_kstr(j, "state", events[i].state);
		json_close(j, '}');
	}
	*cut |= !found.end;
}

static void
write_booked(struct copies *copies, struct json *j, const char *text,
    bool *cut)
{
	struct arena *arena = copies->job->arena;
	struct wire_entry *booked = arena_alloc(arena, EVENTS_MAX *
	    sizeof *booked);
	size_t n = cache_documents(copies->cache, arena, text, INT64_MAX,
	    booked, EVENTS_MAX);

	for (size_t i = 0; i < n; i++) {
		write_found(j, "journal", booked[i].journal,
		    booked[i].document, booked[i].narration);
		json_close(j, '}');
	}
	*cut |= n == EVENTS_MAX;
}

static bool
search(struct copies *copies, const char *path, struct str *out)
{
	const struct job *job = copies->job;
	char *text = job->argc == 1 ? job->argv[0] : NULL;
	bool cut = false;
	struct json j;

	if (text == NULL || strncmp(path, "/v1/search?q=", 13) != 0)
		return false;
	text += strncmp(text, "q=", 2) == 0 ? 2 : 0;
	str_clear(out);
	json_start(&j, out);
	json_open(&j, '{');
	json_kstr(&j, "of", text);
	json_key(&j, "items");
	json_open(&j, '[');
	write_open(copies, &j, text, &cut);
	write_booked(copies, &j, text, &cut);
	json_close(&j, ']');
	json_key(&j, "cut");
	json_bool(&j, cut);
	json_close(&j, '}');
	return !out->over;
}

static const struct {
	const char *path, *kind;
	void (*write)(struct copies *, struct json *);
} wholes[] = {
	{ "/v1/status", "status", NULL },
	{ "/v1/trial-balance", "trial", NULL },
	{ "/v1/events", NULL, write_events },	/* those that are open */
	{ "/v1/signatures", NULL, write_signatures },
};

static const struct {
	const char *path, *kind;
} singles[] = {
	{ "/v1/events/", "event" }, { "/v1/journals/", "journal" },
	{ "/v1/approvals/", "approval" }, { "/v1/conflicts/", "conflict" },
	{ "/v1/reference/", "reference" },
};

static bool
found(struct copies *copies, const char *kind, const char *key,
    struct str *out)
{
	struct span json;

	if (!cache_find(copies->cache, copies->job->arena, kind, key, &json))
		return false;
	str_clear(out);
	str_add(out, json.p, json.n);
	return true;
}

static bool
write_list(struct copies *copies, void (*write)(struct copies *,
    struct json *), struct str *out)
{
	struct json j;

	str_clear(out);
	json_start(&j, out);
	json_open(&j, '{');
	json_key(&j, "items");
	json_open(&j, '[');
	write(copies, &j);
	json_close(&j, '}');
	return !out->over;
}

static bool
find_kept(struct copies *copies, const char *path, struct str *out)
{
	for (size_t i = 0; i < sizeof wholes / sizeof *wholes; i++)
		if (strcmp(wholes[i].path, path) == 0)
			return wholes[i].write != NULL ?
			    write_list(copies, wholes[i].write, out) :
			    found(copies, wholes[i].kind, "", out);
	for (size_t i = 0; i < sizeof singles / sizeof *singles; i++) {
		size_t n = strlen(singles[i].path);

		if (strncmp(path, singles[i].path, n) == 0 &&
		    strpbrk(path + n, "/?%") == NULL)
			return found(copies, singles[i].kind, path + n, out);
	}
	for (size_t i = 0; i < n_lists; i++)
		if (strcmp(lists[i].path, path) == 0)
			return found(copies, "view", lists[i].name, out);
	return false;
}

static void
grow_stale(struct copies *copies, const char *at)
{
	if (copies->stale == NULL || strcmp(at, copies->stale) < 0)
		copies->stale = at;
}

static bool
find(void *ctx, const char *path, struct str *out)
{
	struct copies *copies = ctx;
	struct arena *arena = copies->job->arena;
	size_t n = strlen(path);
	struct span at;

	if (!opened(copies))
		return false;
	if (n > 0 && path[n - 1] == '?')
		path = arena_strndup(arena, path, n - 1);
	if (cache_seq(copies->cache) > 0 && find_kept(copies, path, out)) {
		grow_stale(copies, cache_at(copies->cache, arena));
		return true;
	}
	if (found(copies, "answer", path, out) &&
	    cache_find(copies->cache, arena, "answered", path, &at)) {
		grow_stale(copies, at.p);
		return true;
	}
	if (cache_seq(copies->cache) == 0 || !search(copies, path, out))
		return false;
	grow_stale(copies, cache_at(copies->cache, arena));
	return true;
}

/* ---- for cli.c --------------------------------------------------------- */

void
cli_copies(struct job *job, const char *place)
{
	struct copies *copies = arena_alloc(job->arena, sizeof *copies);

	copies->job = job;
	copies->place = place;
	job->copies = copies;
	wire_remember(job->wire, &(struct wire_copy){ keep, find, copies });
}

void
cli_copies_close(struct job *job)
{
	if (job->copies != NULL)
		cache_close(&job->copies->cache);
}

const char *
cli_stale(const struct job *job)
{
	return job->copies != NULL ? job->copies->stale : NULL;
}
