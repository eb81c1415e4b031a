/* Writes that share a commit; called by the pump alone. */
#include "flow/rides.h"

#include "core/clock.h"

#define BUSY 100000		/* a group in this time: another will come */
#define PATIENCE 50000		/* and is waited for so long */

void
rides_put(struct rides *rides, struct ride *ride)
{
	ride->next = NULL;
	if (rides->first == NULL) {
		rides->first = ride;
		rides->since = clock_mono();
	} else {
		rides->last->next = ride;
	}
	rides->last = ride;
}

struct ride *
rides_take(struct rides *rides)
{
	struct ride *first = rides->first;

	*rides = (struct rides){ .first = NULL };
	return first;
}

int64_t
rides_wait(const struct rides *rides, int64_t now, int64_t group)
{
	int64_t left = rides->since + PATIENCE - now;

	return now - group > BUSY || left < 0 ? 0 : left;
}

bool
rides_write(struct ride *ride, struct books *books, struct err *e)
{
	for (; ride != NULL; ride = ride->next)
		if (!ride->write(books, ride->arg, e))
			return false;
	return true;
}

void
rides_end(struct ride *ride, bool ok, const struct err *e)
{
	struct ride *next;

	for (; ride != NULL; ride = next) {
		next = ride->next;
		ride->over(ride->arg, ok, e);
	}
}
