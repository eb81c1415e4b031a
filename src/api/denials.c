/* Refusals of who asks, gathered for the audit. */
#include "api/denials.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/log.h"
#include "core/utf8.h"
#include "flow/settle.h"
#include "store/books.h"

#define TEXT 160
#define ROWS (DENIALS_APART + 2)	/* two for those that are too many */

struct denial {
	int status;
	char who[TEXT], route[TEXT], why[TEXT];
	int64_t n;		/* not yet in the audit */
	bool known;		/* a row of it is */
};

struct denials {
	pthread_mutex_t lock;
	struct pump *pump;
	struct denial rows[ROWS];
	size_t n;
	int64_t since;		/* of the first in rows */
	bool called, armed;	/* at once; each second */
	int64_t counts[2];	/* 401, 403 */
};

struct denials *
denials_new(void)
{
	struct denials *d = calloc(1, sizeof *d);

	if (d == NULL)
		bug("out of memory");
	pthread_mutex_init(&d->lock, NULL);
	return d;
}

void
denials_free(struct denials **dp)
{
	struct denials *d = *dp;

	if (d == NULL)
		return;
	pthread_mutex_destroy(&d->lock);
	free(d);
	*dp = NULL;
}

int64_t
denials_count(struct denials *d, int status)
{
	int64_t n;

	pthread_mutex_lock(&d->lock);
	n = d->counts[status == 403];
	pthread_mutex_unlock(&d->lock);
	return n;
}

/* ---- on the writer's thread -------------------------------------------- */

static bool
due(const struct denial *row, bool over)
{
	return row->n > 0 && (over || !row->known);
}

static bool
write_row(struct books *books, const struct denial *row, struct err *e)
{
	return audit_add(books, row->who, row->status == 401 ?
	    "auth.refused" : "auth.forbidden", row->route, "", arena_printf(
	    books->arena, "count=%lld reason=%s", (long long)row->n,
	    row->why), e);
}

static bool
write_rows(struct settler *settler, const struct denial *rows, size_t n,
    bool over)
{
	struct books *books = settler_books(settler);
	struct err e = { 0 };
	bool ok = books_begin(books, &e);

	for (size_t i = 0; ok && i < n; i++)
		ok = !due(&rows[i], over) || write_row(books, &rows[i], &e);
	if (ok && books_commit(books, &e))
		return true;
	books_rollback(books);
	log_line(LOG_ERROR, "auth.not_written", "why=\"%s\"", e.why);
	return false;
}

/* What came in between is counted on; after a minute the next one begins. */
static void
settle(struct denials *d, const struct denial *rows, size_t n, bool over)
{
	size_t left = 0;

	for (size_t i = 0; i < n; i++) {
		if (!due(&rows[i], over))
			continue;
		d->rows[i].n -= rows[i].n;
		d->rows[i].known = true;
	}
	if (!over)
		return;
	for (size_t i = 0; i < d->n; i++)
		if (d->rows[i].n > 0)
			d->rows[left++] = d->rows[i];
	d->n = left;
	d->since = clock_mono();
}

static bool
any_due(const struct denial *rows, size_t n, bool over)
{
	for (size_t i = 0; i < n; i++)
		if (due(&rows[i], over))
			return true;
	return false;
}

/* Writes what is due; true: there is more to come. */
static bool
tell(struct settler *settler, struct denials *d)
{
	struct denial rows[ROWS];
	struct pump_figures f;
	bool over, ok, more;
	size_t n;

	pump_figures(d->pump, &f);
	pthread_mutex_lock(&d->lock);
	d->called = false;
	over = f.draining || clock_mono() - d->since >=
	    DENIALS_SECONDS * INT64_C(1000000);
	n = d->n;
	memcpy(rows, d->rows, n * sizeof *rows);
	pthread_mutex_unlock(&d->lock);
	ok = !any_due(rows, n, over) || write_rows(settler, rows, n, over);
	pthread_mutex_lock(&d->lock);
	if (ok)
		settle(d, rows, n, over);
	more = d->n > 0;
	pthread_mutex_unlock(&d->lock);
	return more;
}

static bool
tell_now(struct settler *settler, void *arg)
{
	(void)tell(settler, arg);
	return false;
}

/* Each second while there is anything: the minute ends sometime, and so may
 * the daemon. */
static bool
tell_later(struct settler *settler, void *arg)
{
	struct denials *d = arg;
	struct err e = { 0 };
	bool more = tell(settler, d);

	pthread_mutex_lock(&d->lock);
	d->armed = more && pump_later(d->pump, tell_later, d, &e);
	pthread_mutex_unlock(&d->lock);
	return false;
}

/* ---- noting ------------------------------------------------------------- */

static bool
is_same(const struct denial *a, const struct denial *b)
{
	return a->status == b->status && strcmp(a->who, b->who) == 0 &&
	    strcmp(a->route, b->route) == 0 && strcmp(a->why, b->why) == 0;
}

/* Its row, or that of all for whom there is no room. */
static struct denial *
find(struct denials *d, const struct denial *one)
{
	struct denial others = { .status = one->status, .who = "others",
	    .route = "*", .why = "many" };

	for (size_t i = 0; i < d->n; i++)
		if (is_same(&d->rows[i], one))
			return &d->rows[i];
	if (d->n == 0)
		d->since = clock_mono();
	if (d->n >= DENIALS_APART && !is_same(one, &others))
		return find(d, &others);
	d->rows[d->n] = *one;
	return &d->rows[d->n++];
}

/* A sender's own text, as one value of a line of the log. */
static void
copy(char out[TEXT], const char *text)
{
	struct str tame;

	str_init(&tame, TEXT);
	utf8_tame(span_of(text), &tame);
	snprintf(out, TEXT, "%s", tame.p);
	for (char *p = out; *p != '\0'; p++)
		if (*p == '"')
			*p = '\'';
	str_free(&tame);
}

void
denials_note(struct denials *d, struct pump *pump, int status,
    const char *who, const char *route, const char *why)
{
	struct denial one = { .status = status }, *row;
	struct err e = { 0 };
	bool fresh;

	copy(one.who, who);
	copy(one.route, route);
	copy(one.why, why);
	pthread_mutex_lock(&d->lock);
	d->pump = pump;
	d->counts[status == 403]++;
	row = find(d, &one);
	one = *row;
	fresh = row->n++ == 0 && !row->known;
	if (fresh && !d->called)
		d->called = pump_call(pump, tell_now, d, &e);
	if (!d->armed)
		d->armed = pump_later(pump, tell_later, d, &e);
	pthread_mutex_unlock(&d->lock);
	if (fresh)
		log_line(LOG_WARN, "auth.denied", "status=%d who=\"%s\" "
		    "route=%s why=\"%s\"", status, one.who, one.route,
		    one.why);
}
