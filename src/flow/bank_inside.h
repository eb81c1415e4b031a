#ifndef BAHI_FLOW_BANK_INSIDE_H
#define BAHI_FLOW_BANK_INSIDE_H
/* Inside of what is said of banks: bank.c judges it into a plan, bank_do.c
 * logs the plan and does it, be it now or again. */
#include "core/map.h"
#include "core/vec.h"
#include "flow/bank.h"

struct booked {			/* a line, and to which account */
	int64_t line;
	const char *account;
};

struct plan {
	struct arena *arena;
	const char *entity;	/* of all of it; "": of several, NULL: none */
	struct vec pairs;	/* struct bank_pair */
	struct vec lines;	/* int64_t: ignored, restored */
	struct vec matches;	/* int64_t: taken apart */
	struct vec bookings;	/* struct booked */
	struct vec events;	/* int64_t: nothing is to come of them */
	struct map *used;	/* "L1" and "N2" that are in it already */
};

void bank_plan_init(struct plan *, struct arena *);
void bank_plan_free(struct plan *);
size_t bank_plan_size(const struct plan *);
void bank_plan_add(struct vec *ids, int64_t id);
/* Sets said->seq. */
MUST_CHECK bool bank_plan_log(struct settler *, struct bank_saying *,
	const struct plan *, int64_t now, struct err *);
/* Lines that this decision booked, into p->bookings; none of another kind. */
MUST_CHECK bool bank_plan_booked(struct db *, int64_t decision,
	struct plan *, struct err *);
/* Adds to said->done and said->held. */
MUST_CHECK bool bank_plan_do(struct settler *, struct bank_saying *,
	const struct plan *, int64_t now, struct err *);

#endif
