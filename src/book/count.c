/* Stock counts, line by line. */
#include "book/count.h"

#include <string.h>

#include "book/quantity.h"

static const char *const names[COUNT_STATES] = {
	"equal", "small", "confirmed", "differs", "moved", "adjusted",
	"waits", "rejected", "recounted", "not_counted"
};

const char *
count_state_name(enum count_state state)
{
	return names[state];
}

bool
count_state_find(const char *name, enum count_state *out)
{
	for (int i = 0; i < COUNT_STATES; i++)
		if (strcmp(names[i], name) == 0) {
			*out = (enum count_state)i;
			return true;
		}
	return false;
}

bool
count_adjustable(enum count_state state)
{
	return state == COUNT_SMALL || state == COUNT_CONFIRMED ||
	    state == COUNT_DIFFERS || state == COUNT_MOVED;
}

static __int128
size(int64_t n)
{
	return n < 0 ? -(__int128)n : n;
}

/* What has no cost is of any value, so a limit of value can not hold. */
static bool
within(const struct counting *c, const struct counted *out)
{
	if (!c->tolerates || (c->limit >= 0 && c->each < 0))
		return false;
	return (c->percent < 0 || size(out->open) * 10000 <=
	    (__int128)c->percent * size(c->expected)) &&
	    (c->limit < 0 || size(out->value) <= c->limit);
}

static enum count_state
state_of(const struct counting *c, const struct counted *out)
{
	if (!c->was_counted)
		return c->recounted ? COUNT_RECOUNTED : COUNT_NOT;
	if (out->open == 0)
		return c->any_adjusted ? COUNT_ADJUSTED : COUNT_EQUAL;
	if (c->recounted)
		return COUNT_RECOUNTED;
	if (c->waits)
		return COUNT_WAITS;
	if (c->rejected && c->rejected_at == out->open)
		return COUNT_REJECTED;
	if (c->any_adjusted)
		return COUNT_MOVED;
	if (within(c, out))
		return COUNT_SMALL;
	return c->again && c->before == out->open ? COUNT_CONFIRMED :
	    COUNT_DIFFERS;
}

struct counted
count_judge(const struct counting *c)
{
	struct counted out = { .difference = c->counted - c->expected };

	out.open = out.difference - c->adjusted;
	if (c->each < 0 || !quantity_value(out.open, c->each, &out.value))
		out.value = 0;
	out.state = state_of(c, &out);
	return out;
}
