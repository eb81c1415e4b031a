/* Patterns and windows of flows, as plain values. */
#include "book/flow.h"

#include <string.h>

#define MINUTE INT64_C(60000000)
#define DAY (24 * 60 * MINUTE)
#define IST (330 * MINUTE)	/* no summer time */

static const char *const names[FLOW_PATTERNS] = {
	"realtime", "batch", "hub", "journal", "workflow"
};

const char *
flow_pattern_name(enum flow_pattern pattern)
{
	return (unsigned)pattern < FLOW_PATTERNS ? names[pattern] : "?";
}

bool
flow_pattern_find(const char *name, enum flow_pattern *out)
{
	for (int i = 0; i < FLOW_PATTERNS; i++) {
		if (strcmp(names[i], name) == 0) {
			*out = (enum flow_pattern)i;
			return true;
		}
	}
	return false;
}

static bool
minutes(const char *p, int *out)
{
	for (int i = 0; i < 5; i++)
		if (i == 2 ? p[i] != ':' : p[i] < '0' || p[i] > '9')
			return false;
	*out = ((p[0] - '0') * 10 + (p[1] - '0')) * 60 +
	    (p[3] - '0') * 10 + (p[4] - '0');
	return p[3] < '6' && *out < 24 * 60;
}

bool
flow_window_parse(struct span text, int *from, int *to)
{
	*from = *to = FLOW_NO_TIME;
	if (text.n == 0)
		return true;
	if (text.n == 5)
		return minutes(text.p, to);
	return text.n == 11 && text.p[5] == '-' && minutes(text.p, from) &&
	    minutes(text.p + 6, to) && *from != *to;
}

static int64_t
minute_of(int64_t at)
{
	return (at + IST) % DAY / MINUTE;
}

bool
flow_window_open(const struct flow *flow, int64_t at)
{
	int64_t now = minute_of(at);

	if (flow->from == FLOW_NO_TIME)
		return true;
	if (flow->from < flow->to)
		return now >= flow->from && now < flow->to;
	return now >= flow->from || now < flow->to;	/* over midnight */
}

int64_t
flow_window_next(const struct flow *flow, int64_t at)
{
	int minute = flow->pattern == FLOW_BATCH ? flow->to : flow->from;
	int64_t start = at + IST - (at + IST) % DAY - IST, next;

	if (minute == FLOW_NO_TIME)
		return at;
	next = start + minute * MINUTE;
	return next > at ? next : next + DAY;
}
