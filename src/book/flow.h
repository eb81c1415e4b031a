#ifndef BAHI_BOOK_FLOW_H
#define BAHI_BOOK_FLOW_H
/*
 * How one kind of document of one source gets into the books: configuration,
 * not code. Reference table `flow`; `*` stands for any.
 */
#include <stdbool.h>
#include <stdint.h>
#include "book/hours.h"

enum flow_pattern {
	FLOW_REALTIME,	/* posts as it comes */
	FLOW_BATCH,	/* many make one entry */
	FLOW_HUB,	/* one event, several entities */
	FLOW_JOURNAL,	/* ready journals of other systems */
	FLOW_WORKFLOW,	/* a person approves first */
	FLOW_PATTERNS
};

struct flow {
	const char *source, *kind, *entity;
	enum flow_pattern pattern;
	/* Posts from..to; a batch closes at `to`. HOURS_NONE: at any time. */
	struct hours window;
	int64_t latency;	/* seconds within which it should post; 0: - */
	const char *owner;
	int64_t objective;	/* minutes to recover in; 0: - */
	int64_t wait;		/* hours it may wait for another event */
	const char *control;	/* high, normal, low */
};

const char *flow_pattern_name(enum flow_pattern);
bool flow_pattern_find(const char *, enum flow_pattern *out);
/* May it post at this moment (microseconds)? */
bool flow_window_open(const struct flow *, int64_t at);
/* The moment at which the window opens next, or a batch begun at `at` closes,
 * after `at`. */
int64_t flow_window_next(const struct flow *, int64_t at);

#endif
