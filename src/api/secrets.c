/*
 * Sources and their secrets as one shared snapshot.  A secret file has one
 * secret a line, optionally followed by the last moment it is good for; lines
 * that start with # say nothing.
 */
#include "api/inside.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/log.h"
#include "core/map.h"
#include "core/secret.h"
#include "store/access.h"

struct held {
	atomic_int users;
	struct arena *arena;
	struct map *map;	/* name -> struct source */
};

struct sources {
	pthread_mutex_t lock;
	struct held *held;
	int64_t read;		/* monotonic time of the last reading */
};

struct sources *
sources_new(void)
{
	struct sources *sources = calloc(1, sizeof *sources);

	if (sources == NULL)
		bug("out of memory");
	pthread_mutex_init(&sources->lock, NULL);
	return sources;
}

void
held_drop(struct held **hp)
{
	struct held *held = *hp;

	*hp = NULL;
	if (held == NULL || atomic_fetch_sub(&held->users, 1) > 1)
		return;
	map_free(&held->map, NULL);
	arena_free(&held->arena);
	free(held);
}

void
sources_free(struct sources **sp)
{
	struct sources *sources = *sp;

	if (sources == NULL)
		return;
	held_drop(&sources->held);
	pthread_mutex_destroy(&sources->lock);
	free(sources);
	*sp = NULL;
}

/* ---- reading ---------------------------------------------------------- */

static void
add_secret(struct source *source, struct arena *arena, char *line)
{
	struct secret *secret = &source->secrets[source->n_secrets];
	size_t n = strcspn(line, " \t\r");
	char *rest = line + n + (line[n] != '\0');
	unsigned char digest[SHA256_SIZE];
	char id[17];

	if (n == 0 || line[0] == '#' || source->n_secrets == SECRETS_MAX)
		return;
	secret->text = arena_strndup(arena, line, n);
	digest_sha256(span_of(secret->text), digest);
	digest_hex(digest, 8, id);
	secret->id = arena_strdup(arena, id);
	rest += strspn(rest, " \t");
	rest[strcspn(rest, " \t\r")] = '\0';
	if (rest[0] != '\0' && !clock_parse(span_of(rest),
	    &secret->not_after))
		return;		/* an unreadable end: do not trust it at all */
	source->n_secrets++;
}

static void
read_secrets(struct api *api, struct source *source, struct arena *arena)
{
	const char *path = arena_printf(arena, "%s/%s",
	    api_options(api)->secrets, source->name);
	struct span text;
	struct err e = { 0 };
	char *next;

	if (!secret_read(path, arena, &text, &e)) {
		log_line(LOG_ERROR, "source.no_secret", "source=%s why=\"%s\"",
		    source->name, e.why);
		return;
	}
	for (char *line = (char *)text.p; line != NULL; line = next) {
		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		add_secret(source, arena, line);
	}
}

/* A scheme that is none of ours is declared in a file. Without a good one
 * the source stays, and refuses what it is sent. */
static void
read_scheme(struct api *api, struct source *source, struct arena *arena)
{
	struct declared *declared;
	struct err e = { 0 };

	if (scheme_find(source->scheme) != NULL)
		return;
	if (declared_read(api_options(api)->schemes, source->scheme, arena,
	    &declared, &e))
		source->declared = declared;
	else
		log_line(LOG_ERROR, "source.no_scheme", "source=%s why=\"%s\"",
		    source->name, e.why);
}

static struct held *
read_all(struct api *api, struct err *e)
{
	struct held *held = calloc(1, sizeof *held);
	struct db *db = api_reader(api, e);
	struct source_row *rows;
	size_t n;

	if (held == NULL)
		bug("out of memory");
	atomic_init(&held->users, 1);
	held->arena = arena_new();
	held->map = map_new();
	if (db == NULL || !source_all(db, held->arena, &rows, &n, e)) {
		held_drop(&held);
		return NULL;
	}
	for (size_t i = 0; i < n; i++) {
		struct source *source = arena_alloc(held->arena,
		    sizeof *source);

		source->name = rows[i].name;
		source->scheme = rows[i].scheme;
		source->tolerance = api_options(api)->tolerance;
		read_scheme(api, source, held->arena);
		read_secrets(api, source, held->arena);
		map_set(held->map, span_of(source->name), source);
	}
	return held;
}

bool
sources_refresh(struct api *api)
{
	struct sources *sources = api_sources(api);
	int64_t now = clock_mono();
	struct held *fresh;
	struct err e = { 0 };
	bool due;

	pthread_mutex_lock(&sources->lock);
	due = sources->held == NULL || now - sources->read > 1000000;
	if (due)
		sources->read = now;
	pthread_mutex_unlock(&sources->lock);
	if (!due || (fresh = read_all(api, &e)) == NULL) {
		if (e.code != ERR_NONE)
			log_line(LOG_ERROR, "sources.not_read", "why=\"%s\"",
			    e.why);
		return false;
	}
	pthread_mutex_lock(&sources->lock);
	held_drop(&sources->held);
	sources->held = fresh;
	pthread_mutex_unlock(&sources->lock);
	return true;
}

static const struct source *
find(struct sources *sources, const char *name, struct held **out)
{
	const struct source *source = NULL;

	pthread_mutex_lock(&sources->lock);
	*out = sources->held;
	if (*out != NULL) {
		atomic_fetch_add(&(*out)->users, 1);
		source = map_find((*out)->map, span_of(name));
	}
	pthread_mutex_unlock(&sources->lock);
	if (source == NULL)
		held_drop(out);
	return source;
}

const struct source *
source_find(struct api *api, const char *name, struct held **out)
{
	const struct source *source = find(api_sources(api), name, out);

	if (source == NULL && sources_refresh(api))
		source = find(api_sources(api), name, out);
	return source;
}
