/*
 * The life of one poll.  Whatever stops it between any two steps, the cursor
 * in the table is one before which all items are kept: at worst some are
 * asked for again, and their keys say that they were here.
 */
#include "flow/poller.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/clock.h"
#include "core/log.h"
#include "core/map.h"
#include "flow/feed.h"
#include "flow/pump.h"
#include "flow/settle.h"
#include "net/retry.h"

#define SECOND INT64_C(1000000)
#define CURSOR_MAX 8192
#define WHY_MAX 600

struct poller {
	struct pump *pump;
	struct pollconf *conf;
	struct fetch *fetch;
	struct feed *feed;
	struct poll_row row;	/* its texts: those below, or constants */
	char *name;
	char config[SHA256_HEX];
	struct str cursor, why;
	struct breaker breaker;
	struct map *seen;	/* digests of the items of the last page */
	size_t refused;		/* items of this page that were not kept */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stop;
};

/* What came of asking for a page. */
enum outcome {
	PAGE_MORE,		/* and there is another */
	PAGE_LAST,
	PAGE_LATER,		/* they ask us to wait: no failure of theirs */
	PAGE_FAILED,
	PAGE_REFUSED		/* who we are is not taken */
};

/* ---- keeping ---------------------------------------------------------- */

struct keeping {
	const struct poll_row *row;
	bool changed;
	pthread_mutex_t lock;
	pthread_cond_t over;
	bool done, ok;
};

static bool
write_row(struct settler *settler, const struct keeping *k)
{
	struct books *books = settler_books(settler);
	struct err e = { 0 };

	crash_point("poll.before_cursor");
	if (!books_begin(books, &e)) {
		log_line(LOG_ERROR, "poll.not_kept", "poll=%s why=\"%s\"",
		    k->row->name, e.why);
		return false;
	}
	if (k->changed)
		books_touch(books, "status", "");
	if (poll_put(books, k->row, &e) && books_commit(books, &e)) {
		crash_point("poll.after_cursor");
		return true;
	}
	books_rollback(books);
	log_line(LOG_ERROR, "poll.not_kept", "poll=%s why=\"%s\"",
	    k->row->name, e.why);
	return false;
}

static bool
write_and_tell(struct settler *settler, void *arg)
{
	struct keeping *k = arg;
	bool ok = write_row(settler, k);

	pthread_mutex_lock(&k->lock);
	k->ok = ok;
	k->done = true;
	pthread_cond_signal(&k->over);
	pthread_mutex_unlock(&k->lock);
	return false;
}

bool
poller_keep(struct pump *pump, const struct poll_row *row, bool changed)
{
	struct keeping k = { .row = row, .changed = changed };
	struct err e = { 0 };

	pthread_mutex_init(&k.lock, NULL);
	pthread_cond_init(&k.over, NULL);
	if (pump_call(pump, write_and_tell, &k, &e)) {
		pthread_mutex_lock(&k.lock);
		while (!k.done)
			pthread_cond_wait(&k.over, &k.lock);
		pthread_mutex_unlock(&k.lock);
	}
	pthread_cond_destroy(&k.over);
	pthread_mutex_destroy(&k.lock);
	return k.ok;
}

static void
set_cursor(struct poller *p, const char *cursor)
{
	struct str copy;

	str_init(&copy, CURSOR_MAX);
	str_adds(&copy, cursor);
	str_free(&p->cursor);
	p->cursor = copy;
	p->row.cursor = p->cursor.p;
}

/* State, reason and breaker of the row as they are now, and to the table. */
static bool
keep(struct poller *p, const char *state, const char *why)
{
	const char *breaker = breaker_name(p->breaker.state);
	bool changed = strcmp(state, p->row.state) != 0 ||
	    strcmp(breaker, p->row.breaker) != 0;

	if (why != p->row.why) {
		str_clear(&p->why);
		str_adds(&p->why, why);
		p->row.why = p->why.p;
	}
	p->row.state = state;
	p->row.breaker = breaker;
	return poller_keep(p->pump, &p->row, changed);
}

/* ---- asking ----------------------------------------------------------- */

static const char *
cursor_of(const struct poller *p)
{
	if (*p->row.cursor != '\0')
		return p->row.cursor;
	return *p->conf->start == '\0' && p->conf->cursor == CURSOR_PAGE ?
	    "1" : p->conf->start;
}

static bool
is_address(const struct pollconf *conf, const char *next)
{
	return *conf->parameter == '\0' ||
	    strncmp(next, "https://", 8) == 0 ||
	    strncmp(next, "http://", 7) == 0;
}

static bool
page_address(const struct poller *p, struct str *url, struct err *e)
{
	const struct pollconf *conf = p->conf;
	const char *cursor = cursor_of(p);
	char limit[24];

	if (conf->cursor == CURSOR_NEXT && *cursor != '\0' &&
	    is_address(conf, cursor))
		return fetch_join(conf->url, cursor, url, e);
	str_adds(url, conf->url);
	if (*cursor != '\0')
		fetch_query(url, conf->parameter, span_of(cursor));
	if (conf->limit > 0 && *conf->limit_parameter != '\0') {
		snprintf(limit, sizeof limit, "%lld", (long long)conf->limit);
		fetch_query(url, conf->limit_parameter, span_of(limit));
	}
	return !url->over || err_set(e, ERR_CONFIG, "the URL is too long");
}

/* *wait: as they ask, 0: they do not say. */
static enum outcome
judge_status(const struct fetch_answer *answer, int64_t *wait,
    struct err *e)
{
	int status = answer->status;

	if (status >= 200 && status < 300)
		return PAGE_MORE;
	if (status == 401 || status == 403) {
		err_set(e, ERR_UNAUTHENTIC, "answer %d: who we are is not "
		    "taken; not asked again until its file changes", status);
		return PAGE_REFUSED;
	}
	err_set(e, ERR_UNREACHABLE, "answer %d", status);
	if (status != 429 && status != 503)
		return PAGE_FAILED;
	if (!retry_after(span_of(answer->retry_after), clock_now(), wait))
		*wait = 0;
	return status == 429 ? PAGE_LATER : PAGE_FAILED;
}

static enum outcome
ask(struct poller *p, struct str *body, int64_t *wait, struct err *e)
{
	struct fetch_answer answer;
	struct str url;
	struct fetch_call call = { .headers = p->conf->headers,
	    .n_headers = p->conf->n_headers,
	    .seconds = (int)p->conf->timeout };
	enum outcome outcome = PAGE_FAILED;

	str_init(&url, 65536);
	if (page_address(p, &url, e)) {
		call.url = url.p;
		if (fetch_get(p->fetch, &call, &answer, body, e))
			outcome = judge_status(&answer, wait, e);
	}
	str_free(&url);
	return outcome;
}

/* ---- giving the items to the pump ------------------------------------- */

/* On the writer's thread; read after feed_finish. */
static void
settled(void *arg, const struct work *work, int64_t tag)
{
	struct poller *p = arg;

	(void)tag;
	/* A reused key is kept and has its finding: a person's to decide. */
	if (work->err.code != ERR_NONE && work->err.code != ERR_KEY_REUSE)
		p->refused++;
}

/* The items of a page that is asked for again stand in it as they did: they
 * were kept, and are no duplicates that anybody sent. */
static bool
is_seen(const struct poller *p, struct map *now, const struct page_item *item)
{
	unsigned char digest[SHA256_SIZE];
	const struct span key = { (const char *)digest, sizeof digest };

	digest_sha256(item->text, digest);
	map_set(now, key, now);
	return map_find(p->seen, key) != NULL;
}

static bool
offer_all(struct poller *p, const struct page *page, struct err *e)
{
	struct map *now = map_new();
	bool ok = true;

	p->refused = 0;
	for (size_t i = 0; ok && i < page->n; i++) {
		const struct page_item *item = &page->items[i];
		const struct arrival arrival = {
		    .source = p->row.source, .key = item->key,
		    .topic = item->topic, .received = clock_now(),
		    .occurred = item->occurred, .body = item->text,
		};

		if (is_seen(p, now, item))
			continue;
		ok = feed_offer(p->feed, &arrival, 0);
		p->row.items += ok;
	}
	feed_finish(p->feed);
	if (ok && p->refused > 0)
		ok = err_set(e, ERR_STORE, "%zu items were not kept",
		    p->refused);
	if (ok && page->n > 0) {
		map_free(&p->seen, NULL);
		p->seen = now;
	} else {
		map_free(&now, NULL);
	}
	return ok;
}

/* ---- the cursor ------------------------------------------------------- */

static enum outcome
at_end(struct poller *p)
{
	if (p->conf->restart && *p->row.cursor != '\0')
		set_cursor(p, "");
	return PAGE_LAST;
}

static bool
is_full(const struct poller *p, const struct page *page)
{
	return p->conf->limit > 0 ? (int64_t)page->n >= p->conf->limit :
	    page->n > 0;
}

/* A next page elsewhere is refused here, before it is a cursor. */
static enum outcome
move_next(struct poller *p, const struct page *page, struct err *e)
{
	struct str url;
	bool ok = true;

	if (page->next == NULL || strcmp(page->next, p->row.cursor) == 0)
		return at_end(p);
	if (strlen(page->next) > CURSOR_MAX) {
		err_set(e, ERR_JSON, "the next page's name is too long");
		return PAGE_FAILED;
	}
	str_init(&url, 65536);
	if (is_address(p->conf, page->next))
		ok = fetch_join(p->conf->url, page->next, &url, e);
	str_free(&url);
	if (!ok)
		return PAGE_FAILED;
	set_cursor(p, page->next);
	return PAGE_MORE;
}

/* Without a limit only an empty page says that it is the last: the one before
 * it is looked at again, since it may grow. */
static enum outcome
move_page(struct poller *p, const struct page *page)
{
	bool full = is_full(p, page);
	char next[24];

	if (!full && (page->n > 0 || *p->row.cursor == '\0'))
		return at_end(p);
	snprintf(next, sizeof next, "%lld",
	    strtoll(cursor_of(p), NULL, 10) + (full ? 1 : -1));
	set_cursor(p, next);
	return full ? PAGE_MORE : at_end(p);
}

static enum outcome
move_since(struct poller *p, const struct page *page, struct err *e)
{
	bool moves = page->since != NULL &&
	    page_later(page->since, cursor_of(p));

	if (!moves && p->conf->limit > 0 && is_full(p, page)) {
		err_set(e, ERR_JSON, "a full page without progress: more "
		    "items share one %.60s than `limit` asks for",
		    p->conf->shape.since);
		return PAGE_FAILED;
	}
	if (moves)
		set_cursor(p, page->since);
	return moves && is_full(p, page) ? PAGE_MORE : at_end(p);
}

static enum outcome
move(struct poller *p, const struct page *page, struct err *e)
{
	switch (p->conf->cursor) {
	case CURSOR_NEXT:
		return move_next(p, page, e);
	case CURSOR_PAGE:
		return move_page(p, page);
	case CURSOR_SINCE:
		break;
	}
	return move_since(p, page, e);
}

/* ---- how it went ------------------------------------------------------ */

static uint64_t
chance(void)
{
	uint64_t random;

	digest_random(&random, sizeof random);
	return random;
}

static void
due_in(struct poller *p, int64_t wait)
{
	p->row.next_at = clock_now() + wait;
}

/* All of the page is kept. False: the cursor is not. */
static bool
went_well(struct poller *p, enum outcome outcome)
{
	bool was_bad = p->row.attempts > 0;

	breaker_good(&p->breaker);
	p->row.attempts = 0;
	p->row.pages++;
	p->row.good = clock_now();
	due_in(p, outcome == PAGE_LAST ? p->conf->every * SECOND : 0);
	if (was_bad)
		log_line(LOG_INFO, "poll.recovered", "poll=%s", p->name);
	return keep(p, "good", "");
}

static int64_t
went_wrong(struct poller *p, enum outcome outcome, int64_t asked,
    const struct err *e)
{
	int64_t now = clock_mono(), wait = asked;
	bool opened = false;

	if (outcome == PAGE_LATER)	/* they are there */
		breaker_good(&p->breaker);
	else
		opened = breaker_bad(&p->breaker, now);
	p->row.attempts++;
	p->row.failures++;
	if (wait == 0)
		wait = retry_backoff((unsigned)(p->row.attempts < 64 ?
		    p->row.attempts : 64), SECOND, p->conf->backoff * SECOND,
		    chance());
	if (p->breaker.state == BREAKER_OPEN && p->breaker.until - now > wait)
		wait = p->breaker.until - now;
	if (p->row.attempts == 1)
		log_line(LOG_WARN, "poll.failed", "poll=%s why=\"%s\"",
		    p->name, e->why);
	if (opened)
		log_line(LOG_ERROR, "poll.breaker_open", "poll=%s "
		    "failures=%lld why=\"%s\"", p->name,
		    (long long)p->row.attempts, e->why);
	due_in(p, wait);
	keep(p, "retrying", e->why);	/* and said why not */
	return wait;
}

static void
was_refused(struct poller *p, const struct err *e)
{
	breaker_good(&p->breaker);
	p->row.attempts++;
	p->row.failures++;
	p->row.next_at = 0;
	log_line(LOG_ERROR, "poll.stopped", "poll=%s why=\"%s\"", p->name,
	    e->why);
	keep(p, "stopped", e->why);
}

/* ---- the thread ------------------------------------------------------- */

static bool
is_stopped(struct poller *p)
{
	bool stop;

	pthread_mutex_lock(&p->lock);
	stop = p->stop;
	pthread_mutex_unlock(&p->lock);
	return stop;
}

/* False: it is to stop. wait < 0: until then. */
static bool
sleep_for(struct poller *p, int64_t wait)
{
	struct timespec until;
	int64_t at = clock_mono() + wait;
	bool stop, over = false;

	until.tv_sec = at / SECOND;
	until.tv_nsec = at % SECOND * 1000;
	pthread_mutex_lock(&p->lock);
	while (!p->stop && !over) {
		if (wait < 0)
			pthread_cond_wait(&p->wake, &p->lock);
		else
			over = pthread_cond_timedwait(&p->wake, &p->lock,
			    &until) != 0;
	}
	stop = p->stop;
	pthread_mutex_unlock(&p->lock);
	return !stop;
}

static enum outcome
one_page(struct poller *p, int64_t *asked, struct err *e)
{
	struct arena *arena = arena_new();
	struct page page = { 0 };
	struct str body;
	enum outcome outcome;

	str_init(&body, PAGE_BYTES_MAX);
	p->row.at = clock_now();
	outcome = ask(p, &body, asked, e);
	if (outcome == PAGE_MORE && (!page_read(&p->conf->shape,
	    str_span(&body), arena, &page, e) || !offer_all(p, &page, e)))
		outcome = PAGE_FAILED;
	if (outcome == PAGE_MORE)
		outcome = move(p, &page, e);
	str_free(&body);
	arena_free(&arena);
	return outcome;
}

/* As many pages as there are, at most those of one run. The time until the
 * next run; < 0: there is none. */
static int64_t
run(struct poller *p)
{
	for (int64_t n = 0; n < p->conf->pages; n++) {
		struct err e = { 0 };
		int64_t asked = 0;
		enum outcome outcome = one_page(p, &asked, &e);

		if (is_stopped(p))
			return -1;
		switch (outcome) {
		case PAGE_LATER:
		case PAGE_FAILED:
			return went_wrong(p, outcome, asked, &e);
		case PAGE_REFUSED:
			was_refused(p, &e);
			return -1;
		case PAGE_MORE:
		case PAGE_LAST:
			break;
		}
		if (n + 1 == p->conf->pages)
			outcome = PAGE_LAST;
		if (!went_well(p, outcome)) {
			err_set(&e, ERR_STORE, "the cursor was not kept");
			return went_wrong(p, PAGE_FAILED, 0, &e);
		}
		if (outcome == PAGE_LAST)
			break;
	}
	return p->conf->every * SECOND;
}

/* What is left of a wait that a restart cut short. */
static int64_t
first_wait(const struct poller *p)
{
	int64_t wait = p->row.next_at - clock_now();
	int64_t most = RETRY_AFTER_MAX > p->conf->every * SECOND ?
	    RETRY_AFTER_MAX : p->conf->every * SECOND;

	if (strcmp(p->row.state, "stopped") == 0)
		return -1;
	return wait < 0 ? 0 : wait > most ? most : wait;
}

static void *
live(void *arg)
{
	struct poller *p = arg;
	int64_t wait = first_wait(p);

	poller_keep(p->pump, &p->row, true);
	while (sleep_for(p, wait)) {
		int64_t now = clock_mono();

		if (!breaker_admits(&p->breaker, now)) {
			wait = p->breaker.until - now;
			continue;
		}
		if (p->breaker.state == BREAKER_HALF)
			keep(p, "retrying", p->row.why);
		wait = run(p);
	}
	return NULL;
}

/* ---- opening and closing ---------------------------------------------- */

static void
load_breaker(struct poller *p, const struct poll_row *row)
{
	int64_t left = row->next_at - clock_now();

	p->breaker = (struct breaker){
	    .limit = (unsigned)p->conf->failures,
	    .pause = p->conf->pause * SECOND,
	    .failures = (unsigned)(row->attempts < 1000 ? row->attempts :
		1000),
	};
	if (strcmp(row->breaker, breaker_name(BREAKER_CLOSED)) == 0)
		return;
	p->breaker.state = BREAKER_OPEN;
	p->breaker.until = clock_mono() + (left > 0 ? left : 0);
}

static void
free_poller(struct poller *p)
{
	feed_free(&p->feed);
	fetch_free(&p->fetch);
	map_free(&p->seen, NULL);
	str_free(&p->cursor);
	str_free(&p->why);
	pthread_cond_destroy(&p->wake);
	pthread_mutex_destroy(&p->lock);
	pollconf_free(&p->conf);
	free(p->name);
	free(p);
}

static void
init_waking(struct poller *p)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&p->wake, &attr);
	pthread_condattr_destroy(&attr);
}

/* Texts that stay: constants, or the poller's own. */
static const char *
constant_state(const char *state)
{
	static const char *const states[] = {
		"waiting", "good", "retrying", "stopped"
	};

	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (strcmp(states[i], state) == 0)
			return states[i];
	return states[0];
}

bool
poller_start(struct poller **out, struct pump *pump, struct pollconf *conf,
    const struct poll_row *row, struct err *e)
{
	struct poller *p = calloc(1, sizeof *p);

	if (p == NULL || (p->name = strdup(row->name)) == NULL)
		bug("out of memory");
	p->pump = pump;
	p->conf = conf;
	p->row = *row;
	p->row.name = p->name;
	p->row.source = conf->source;
	p->row.meaning = conf->meaning;
	snprintf(p->config, sizeof p->config, "%s", row->config);
	p->row.config = p->config;
	p->row.state = constant_state(row->state);
	load_breaker(p, row);
	p->row.breaker = breaker_name(p->breaker.state);
	str_init(&p->cursor, CURSOR_MAX);
	set_cursor(p, row->cursor);
	str_init(&p->why, WHY_MAX);
	str_adds(&p->why, row->why);
	p->row.why = p->why.p;
	p->seen = map_new();
	p->fetch = fetch_new(conf->ca);
	p->feed = feed_new(pump, settled, p);
	init_waking(p);
	if (pthread_create(&p->thread, NULL, live, p) != 0) {
		free_poller(p);
		return err_set(e, ERR_SYSTEM, "cannot start a thread");
	}
	*out = p;
	return true;
}

void
poller_stop(struct poller **pp)
{
	struct poller *p = *pp;

	if (p == NULL)
		return;
	*pp = NULL;
	pthread_mutex_lock(&p->lock);
	p->stop = true;
	pthread_cond_signal(&p->wake);
	pthread_mutex_unlock(&p->lock);
	fetch_stop(p->fetch);
	feed_stop(p->feed);
	pthread_join(p->thread, NULL);
	free_poller(p);
}
