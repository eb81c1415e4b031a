/* Who read what, since it was last written; bounded. */
#include "flow/witness.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/map.h"
#include "store/audit.h"

#define ACTS_MAX 1024		/* people by routes */
#define OBJECT 160		/* bytes of a code that are kept */

struct act {
	char actor[129], action[17], route[97];
	char first[OBJECT + 1], last[OBJECT + 1];
	int64_t n;
};

struct witness {
	pthread_mutex_t lock;
	struct map *acts;	/* actor, action, route -> struct act */
	int64_t since;		/* when the first of them was noted; 0: none */
	int64_t more;		/* that found no room */
	/* of who writes, alone: what is on its way */
	struct map *out;
	int64_t more_out;
};

struct witness *
witness_new(void)
{
	struct witness *w = calloc(1, sizeof *w);

	if (w == NULL)
		bug("out of memory");
	pthread_mutex_init(&w->lock, NULL);
	w->acts = map_new();
	return w;
}

void
witness_free(struct witness **wp)
{
	struct witness *w = *wp;

	if (w == NULL)
		return;
	*wp = NULL;
	map_free(&w->acts, free);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

static struct act *
find_act(struct witness *w, const char *actor, const char *action,
    const char *route)
{
	char key[256];
	int n = snprintf(key, sizeof key, "%.128s\n%.16s\n%.96s", actor,
	    action, route);
	struct act *act = map_find(w->acts, (struct span){ key, (size_t)n });

	if (act != NULL || map_count(w->acts) == ACTS_MAX)
		return act;
	act = calloc(1, sizeof *act);
	if (act == NULL)
		bug("out of memory");
	snprintf(act->actor, sizeof act->actor, "%s", actor);
	snprintf(act->action, sizeof act->action, "%s", action);
	snprintf(act->route, sizeof act->route, "%s", route);
	map_set(w->acts, (struct span){ key, (size_t)n }, act);
	return act;
}

void
witness_note(struct witness *w, const char *actor, const char *action,
    const char *route, const char *object)
{
	struct act *act;

	pthread_mutex_lock(&w->lock);
	if (w->since == 0)
		w->since = clock_mono();
	act = find_act(w, actor, action, route);
	if (act == NULL) {
		w->more++;
	} else {
		act->n++;
		snprintf(act->last, sizeof act->last, "%s", object);
		if (act->n == 1)
			snprintf(act->first, sizeof act->first, "%s", object);
	}
	pthread_mutex_unlock(&w->lock);
}

bool
witness_due(struct witness *w)
{
	bool due;

	pthread_mutex_lock(&w->lock);
	due = w->since != 0 && (clock_mono() - w->since >= WITNESS_EVERY ||
	    map_count(w->acts) > ACTS_MAX / 2);
	pthread_mutex_unlock(&w->lock);
	return due;
}

/* ---- writing ----------------------------------------------------------- */

/* One of both: the writer's, or a connection of one's own. */
struct sink {
	struct books *books;
	struct db *db;
};

static bool
put(const struct sink *sink, const char *actor, const char *action,
    const char *route, const char *said, struct err *e)
{
	return sink->books != NULL ?
	    audit_add(sink->books, actor, action, route, "", said, e) :
	    audit_leave(sink->db, actor, action, route, "", said, e);
}

static bool
put_act(const struct sink *sink, const struct act *act, struct err *e)
{
	char said[OBJECT * 2 + 80];

	if (act->n == 1 || strcmp(act->first, act->last) == 0)
		snprintf(said, sizeof said, "n=%lld%s%s", (long long)act->n,
		    act->first[0] != '\0' ? " of=" : "", act->first);
	else
		snprintf(said, sizeof said, "n=%lld first=%s last=%s",
		    (long long)act->n, act->first, act->last);
	return put(sink, act->actor, act->action, act->route, said, e);
}

/* What is noted meanwhile stands for the next time. */
static void
take(struct witness *w)
{
	pthread_mutex_lock(&w->lock);
	w->out = w->acts;
	w->more_out = w->more;
	w->acts = map_new();
	w->since = w->more = 0;
	pthread_mutex_unlock(&w->lock);
}

/* Noted again, as far as there is room. */
static void
give_back(struct witness *w)
{
	struct span key;
	void *value;

	pthread_mutex_lock(&w->lock);
	for (size_t at = 0; map_next(w->out, &at, &key, &value);) {
		struct act *now = map_find(w->acts, key), *then = value;

		if (now != NULL) {
			now->n += then->n;
			memcpy(now->first, then->first, sizeof now->first);
			free(then);
		} else if (map_count(w->acts) < ACTS_MAX) {
			map_set(w->acts, key, then);
		} else {
			w->more += then->n;
			free(then);
		}
	}
	w->more += w->more_out;
	w->since = clock_mono();	/* not at once again */
	pthread_mutex_unlock(&w->lock);
	map_free(&w->out, NULL);
}

void
witness_end(struct witness *w, bool committed)
{
	if (w->out == NULL)
		return;
	if (committed)
		map_free(&w->out, free);
	else
		give_back(w);
}

static bool
put_all(struct witness *w, const struct sink *sink, struct err *e)
{
	struct span key;
	void *value;
	char said[64];

	take(w);
	for (size_t at = 0; map_next(w->out, &at, &key, &value);)
		if (!put_act(sink, value, e))
			return false;
	snprintf(said, sizeof said, "n=%lld", (long long)w->more_out);
	return w->more_out == 0 ||
	    put(sink, "bahid", "read", "others", said, e);
}

bool
witness_write(struct witness *w, struct books *books, struct err *e)
{
	return put_all(w, &(struct sink){ books, NULL }, e);
}

bool
witness_leave(struct witness *w, const char *store, struct err *e)
{
	struct db *db = NULL;
	bool ok;

	if (w->since == 0)
		return true;
	ok = db_open(&db, store, DB_WRITE, e) && db_begin(db, e) &&
	    put_all(w, &(struct sink){ NULL, db }, e) && db_commit(db, e);
	witness_end(w, ok);
	db_close(&db);
	return ok;
}
