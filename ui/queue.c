/*
 * One list of things to write, one thread. What it learns the screen hears
 * through struct shared.
 */
#include "ui/queue.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/digest.h"
#include "core/i18n.h"

#define NOTES 2
#define NOTE_DELAY 300		/* ms: typing is not written key by key */

enum deed { PUT, DROP, CHANGE, CLEAR, RELEASE, AGAIN };

struct order {
	struct order *next;
	struct arena *arena;
	enum deed deed;
	struct keep_entry entry;	/* PUT; of others its n and value */
};

struct note {
	const char *kind;
	char *text;		/* NULL: none any more */
	bool due;
};

struct queue {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t bell;
	struct order *first, **last;
	struct note notes[NOTES];
	struct timespec due;	/* of the notes */
	bool noted, stop, started;
	bool failed;		/* the last order: nothing hides that */
	struct shared *shared;
	struct keep *keep, *reader;
	void (*ring)(void *);
	void *ring_ctx;
	struct arena *arena;
	char *why;
};

/* ---- writing --------------------------------------------------------- */

void
queue_tell(struct keep *keep, struct shared *shared)
{
	struct keep_counts counts;

	keep_count(keep, &counts);
	shared_queue(shared, counts.waiting + counts.own, counts.failed);
}

static bool
put(struct queue *queue, const struct keep_entry *entry, struct err *e)
{
	if (!keep_put(queue->keep, entry, e))
		return false;
	if (!entry->live) {
		queue_tell(queue->keep, queue->shared);
		shared_say(queue->shared, false, _("Queued on this side; it "
		    "goes out when the daemon is back. Q: what waits."));
	}
	if (queue->ring != NULL)
		queue->ring(queue->ring_ctx);
	return true;
}

static bool
again(struct queue *queue, int64_t n, struct err *e)
{
	if (!keep_again(queue->keep, n, e))
		return false;
	if (queue->ring != NULL)
		queue->ring(queue->ring_ctx);
	return true;
}

static bool
carry_out(struct queue *queue, const struct order *order, struct err *e)
{
	const struct keep_entry *entry = &order->entry;

	switch (order->deed) {
	case PUT: return put(queue, entry, e);
	case DROP: return keep_drop(queue->keep, entry->n, e);
	case CHANGE:
		return keep_change(queue->keep, entry->n, entry->value, e);
	case CLEAR: return keep_clear(queue->keep, e);
	case RELEASE: return keep_release(queue->keep, e);
	case AGAIN: return again(queue, entry->n, e);
	}
	return true;
}

static void
perform(struct queue *queue, struct order *order)
{
	struct err e = { 0 };
	char text[400];

	queue->failed = !carry_out(queue, order, &e);
	if (queue->failed) {
		snprintf(text, sizeof text, order->deed == PUT ?
		    _("NOT KEPT AND NOT SENT, decide again: %s") :
		    _("Nothing was changed: %s"), e.why);
		shared_say(queue->shared, true, text);
	} else if (order->deed != PUT) {
		queue_tell(queue->keep, queue->shared);
		shared_changed(queue->shared);
	}
	arena_free(&order->arena);
	free(order);
}

static void
write_notes(struct queue *queue, struct note notes[NOTES])
{
	for (size_t i = 0; i < NOTES; i++) {
		struct err e = { 0 };

		if (notes[i].due && !keep_note(queue->keep, notes[i].kind,
		    notes[i].text, &e) && !queue->failed)
			shared_say(queue->shared, true, e.why);
		free(notes[i].text);
	}
}

/* Under the lock. */
static void
take_notes(struct queue *queue, struct note out[NOTES])
{
	memcpy(out, queue->notes, sizeof queue->notes);
	for (size_t i = 0; i < NOTES; i++) {
		queue->notes[i].text = NULL;
		queue->notes[i].due = false;
	}
	queue->noted = false;
}

/* Under the lock: waits until there is something to do. */
static bool
rest(struct queue *queue)
{
	while (queue->first == NULL && !queue->stop) {
		if (!queue->noted)
			pthread_cond_wait(&queue->bell, &queue->lock);
		else if (pthread_cond_timedwait(&queue->bell, &queue->lock,
		    &queue->due) == ETIMEDOUT)
			break;
	}
	return queue->first != NULL || queue->noted || !queue->stop;
}

static void *
work(void *ctx)
{
	struct queue *queue = ctx;
	struct note notes[NOTES] = { 0 };
	struct order *order;

	pthread_mutex_lock(&queue->lock);
	while (rest(queue)) {
		order = queue->first;
		if (order != NULL) {
			queue->first = order->next;
			if (queue->first == NULL)
				queue->last = &queue->first;
		} else {
			take_notes(queue, notes);
		}
		pthread_mutex_unlock(&queue->lock);
		if (order != NULL)
			perform(queue, order);
		else
			write_notes(queue, notes);
		pthread_mutex_lock(&queue->lock);
	}
	pthread_mutex_unlock(&queue->lock);
	return NULL;
}

/* ---- the loop's side ------------------------------------------------- */

const char *
queue_file(struct arena *arena, const char *folder, const char *place)
{
	unsigned char digest[SHA256_SIZE];
	char name[17];

	digest_sha256(span_of(place), digest);
	digest_hex(digest, 8, name);
	return arena_printf(arena, "%s/%s.db", folder, name);
}

static void
prepare(struct queue *queue)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&queue->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&queue->bell, &attr);
	pthread_condattr_destroy(&attr);
	queue->last = &queue->first;
	queue->notes[0].kind = "draft";
	queue->notes[1].kind = "session";
}

struct queue *
queue_start(const char *path, struct shared *shared, const char *why)
{
	struct queue *queue = calloc(1, sizeof *queue);
	const char *aside = NULL, *again;
	struct err e = { 0 };
	sigset_t all, before;

	if (queue == NULL)
		bug("out of memory");
	prepare(queue);
	queue->shared = shared;
	queue->arena = arena_new();
	if (path == NULL)
		err_set(&e, ERR_SYSTEM, "%s", why);
	if (path == NULL ||
	    !keep_open(&queue->keep, path, queue->arena, &aside, &e) ||
	    !keep_open(&queue->reader, path, queue->arena, &again, &e)) {
		queue->why = arena_printf(queue->arena, _("Nothing can be "
		    "decided, since nothing can be kept here: %s"), e.why);
		return queue;
	}
	if (aside != NULL)
		shared_say(shared, true, arena_printf(queue->arena,
		    _("What waited here is damaged. It is set aside: %s"),
		    aside));
	queue_tell(queue->keep, shared);
	/* Signals are the loop's: only it would wake of one. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&queue->thread, NULL, work, queue) != 0)
		bug("no thread");
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	queue->started = true;
	return queue;
}

void
queue_stop(struct queue **qp)
{
	struct queue *queue = *qp;

	if (queue == NULL)
		return;
	pthread_mutex_lock(&queue->lock);
	queue->stop = true;
	pthread_cond_signal(&queue->bell);
	pthread_mutex_unlock(&queue->lock);
	if (queue->started)
		pthread_join(queue->thread, NULL);
	keep_close(&queue->keep);
	keep_close(&queue->reader);
	for (size_t i = 0; i < NOTES; i++)
		free(queue->notes[i].text);
	arena_free(&queue->arena);
	pthread_cond_destroy(&queue->bell);
	pthread_mutex_destroy(&queue->lock);
	free(queue);
	*qp = NULL;
}

const char *
queue_why(const struct queue *queue)
{
	return queue->why;
}

void
queue_bell(struct queue *queue, void (*ring)(void *), void *ctx)
{
	pthread_mutex_lock(&queue->lock);
	queue->ring = ring;
	queue->ring_ctx = ctx;
	pthread_mutex_unlock(&queue->lock);
}

struct keep *
queue_reader(struct queue *queue)
{
	return queue->reader;
}

static struct order *
order_new(enum deed deed)
{
	struct order *order = calloc(1, sizeof *order);

	if (order == NULL)
		bug("out of memory");
	order->arena = arena_new();
	order->deed = deed;
	return order;
}

static void
add(struct queue *queue, struct order *order)
{
	pthread_mutex_lock(&queue->lock);
	*queue->last = order;
	queue->last = &order->next;
	pthread_cond_signal(&queue->bell);
	pthread_mutex_unlock(&queue->lock);
}

void
queue_put(struct queue *queue, const struct keep_entry *from)
{
	struct order *order = order_new(PUT);
	struct keep_entry *to = &order->entry;
	const char **fields[] = { &to->at, &to->key, &to->kind, &to->what,
	    &to->about, &to->again, &to->method, &to->path, &to->match,
	    &to->body, &to->member, &to->value, &to->said };

	*to = *from;
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		*fields[i] = arena_strdup(order->arena, *fields[i] != NULL ?
		    *fields[i] : "");
	add(queue, order);
}

static void
simple(struct queue *queue, enum deed deed, int64_t n, const char *value)
{
	struct order *order;

	if (!queue->started)
		return;
	order = order_new(deed);
	order->entry.n = n;
	order->entry.value = arena_strdup(order->arena, value);
	add(queue, order);
}

void
queue_drop(struct queue *queue, int64_t n)
{
	simple(queue, DROP, n, "");
}

void
queue_change(struct queue *queue, int64_t n, const char *value)
{
	simple(queue, CHANGE, n, value);
}

void
queue_clear(struct queue *queue)
{
	simple(queue, CLEAR, 0, "");
}

void
queue_again(struct queue *queue, int64_t n)
{
	simple(queue, AGAIN, n, "");
}

void
queue_release(struct queue *queue)
{
	simple(queue, RELEASE, 0, "");
}

void
queue_note(struct queue *queue, const char *kind, const char *text)
{
	struct note *note = &queue->notes[strcmp(kind, "draft") == 0 ? 0 : 1];
	char *copy = text != NULL ? strdup(text) : NULL;

	if (text != NULL && copy == NULL)
		bug("out of memory");
	pthread_mutex_lock(&queue->lock);
	free(note->text);
	note->text = copy;
	note->due = true;
	/* What is done must not be offered again: that is noted at once. */
	if (!queue->noted || text == NULL) {
		queue->noted = true;
		clock_gettime(CLOCK_MONOTONIC, &queue->due);
		queue->due.tv_nsec += text != NULL ? NOTE_DELAY * 1000000L :
		    0;
		if (queue->due.tv_nsec >= 1000000000L) {
			queue->due.tv_nsec -= 1000000000L;
			queue->due.tv_sec++;
		}
		pthread_cond_signal(&queue->bell);
	}
	pthread_mutex_unlock(&queue->lock);
}
