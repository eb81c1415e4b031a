/* Patterns and windows of flows, as plain values. */
#include "book/flow.h"

#include <string.h>

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

bool
flow_window_open(const struct flow *flow, int64_t at)
{
	return flow->window.from == HOURS_NONE ||
	    hours_hold(&flow->window, at);
}

int64_t
flow_window_next(const struct flow *flow, int64_t at)
{
	int minute = flow->pattern == FLOW_BATCH ? flow->window.to :
	    flow->window.from;

	return minute == HOURS_NONE ? at : hours_next(minute, at);
}
