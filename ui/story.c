#include "ui/story.h"

#include <stdlib.h>
#include <string.h>

static int
earlier(const void *a, const void *b)
{
	const struct told *x = a, *y = b;
	int by_time = strcmp(x->step->at, y->step->at);

	return by_time != 0 ? by_time : (x->n > y->n) - (x->n < y->n);
}

const struct told *
story_of(const struct wire_trace *trace, struct arena *arena, size_t *n)
{
	struct told *all;
	size_t most = 0;

	for (size_t i = 0; i < trace->n; i++)
		most += trace->events[i].n_history;
	all = arena_alloc(arena, (most + 1) * sizeof *all);
	*n = 0;
	for (size_t i = 0; i < trace->n; i++)
		for (size_t k = 0; k < trace->events[i].n_history; k++, ++*n)
			all[*n] = (struct told){ &trace->events[i],
			    &trace->events[i].history[k], *n };
	qsort(all, *n, sizeof *all, earlier);
	return all;
}
