/*
 * The little that the network threads and the loop share, under one lock that
 * nobody holds while waiting.
 */
#include "ui/shared.h"

#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/err.h"

void
shared_open(struct shared *shared)
{
	*shared = (struct shared){ .link = LINK_TRYING };
	pthread_mutex_init(&shared->lock, NULL);
	shared->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (shared->wake < 0)
		bug("eventfd");
}

void
shared_close(struct shared *shared)
{
	close(shared->wake);
	pthread_mutex_destroy(&shared->lock);
}

static void
ring(struct shared *shared)
{
	uint64_t one = 1;

	/* A full counter is a pending wake already. */
	if (write(shared->wake, &one, sizeof one) < 0)
		return;
}

void
shared_wake(struct shared *shared)
{
	ring(shared);
}

static void
copy(char *to, size_t room, const char *from)
{
	size_t n = strnlen(from, room - 1);

	memcpy(to, from, n);
	to[n] = '\0';
}

bool
shared_link(struct shared *shared, enum link_state link)
{
	bool changed;

	pthread_mutex_lock(&shared->lock);
	changed = shared->link != link;
	shared->link = link;
	pthread_mutex_unlock(&shared->lock);
	if (changed)
		ring(shared);
	return changed;
}

enum link_state
shared_now(struct shared *shared)
{
	enum link_state link;

	pthread_mutex_lock(&shared->lock);
	link = shared->link;
	pthread_mutex_unlock(&shared->lock);
	return link;
}

/* No news by itself: nobody is woken. */
void
shared_heard(struct shared *shared)
{
	pthread_mutex_lock(&shared->lock);
	shared->heard = clock_mono();
	pthread_mutex_unlock(&shared->lock);
}

void
shared_queue(struct shared *shared, int64_t queued, int64_t failed)
{
	bool changed;

	pthread_mutex_lock(&shared->lock);
	changed = shared->queued != queued || shared->failed != failed;
	shared->queued = queued;
	shared->failed = failed;
	shared->generation += changed;
	pthread_mutex_unlock(&shared->lock);
	if (changed)
		ring(shared);
}

void
shared_changed(struct shared *shared)
{
	pthread_mutex_lock(&shared->lock);
	shared->generation++;
	pthread_mutex_unlock(&shared->lock);
	ring(shared);
}

void
shared_say(struct shared *shared, bool bad, const char *text)
{
	pthread_mutex_lock(&shared->lock);
	copy(shared->message, sizeof shared->message, text);
	shared->bad = bad;
	pthread_mutex_unlock(&shared->lock);
	ring(shared);
}

void
shared_take(struct shared *shared, struct shared_view *out)
{
	uint64_t n;

	if (read(shared->wake, &n, sizeof n) < 0)
		n = 0;
	pthread_mutex_lock(&shared->lock);
	out->link = shared->link;
	out->generation = shared->generation;
	out->bad = shared->bad;
	out->heard = shared->heard;
	out->queued = shared->queued;
	out->failed = shared->failed;
	copy(out->message, sizeof out->message, shared->message);
	shared->message[0] = '\0';
	out->factor = shared->factor;
	shared->factor = 0;
	pthread_mutex_unlock(&shared->lock);
}

void
shared_factor(struct shared *shared, int64_t entry)
{
	pthread_mutex_lock(&shared->lock);
	shared->factor = entry;
	pthread_mutex_unlock(&shared->lock);
	ring(shared);
}
