/* Pictures made of characters. Called by panes and the report. */
#include "ui/chart.h"

#define LARGE (INT64_C(1) << 48)

static const char *const eighths[] = {
	" ", "\u2581", "\u2582", "\u2583", "\u2584", "\u2585", "\u2586",
	"\u2587", "\u2588"
};

/* Five that also differ where they are turned into ASCII. */
static const char *const fills[CHART_FILLS] = {
	"\u2591", "\u2592", "\u2584", "\u2586", "\u2588"
};

static const char *const levels[CHART_LEVELS + 1] = {
	"--", "\u2591a", "\u2592b", "\u2586c", "\u2588d"
};

static int64_t
most_of(const int64_t *values, size_t n)
{
	int64_t most = 0;

	for (size_t i = 0; i < n; i++)
		if (values[i] > most)
			most = values[i];
	return most;
}

/* 0 for nothing, else 1 to `steps` by how much of the most it is. */
static int
step_of(int64_t value, int64_t most, int steps)
{
	if (value <= 0)
		return 0;
	while (most > INT64_MAX / 16) {
		most /= 2;
		value /= 2;
	}
	return 1 + (int)((value - (value > 0)) * steps / most);
}

const char *
chart_spark(struct arena *arena, const int64_t *values, size_t n)
{
	int64_t most = most_of(values, n);
	const char *out = "";

	for (size_t i = 0; i < n; i++)
		out = arena_printf(arena, "%s%s", out, eighths[step_of(
		    values[i], most, 8)]);
	return out;
}

const char *
chart_fill(size_t part)
{
	return fills[part < CHART_FILLS ? part : CHART_FILLS - 1];
}

const char *
chart_bar(struct arena *arena, const int64_t *parts, size_t n, int cells)
{
	const char *out = "";
	int64_t total = 0, below = 0, unit = 1;
	int at = 0, left = 0;

	/* So that no sum nor product is too large. */
	while (most_of(parts, n) / unit > LARGE)
		unit *= 2;

	for (size_t i = 0; i < n; i++) {
		total += parts[i] > 0 ? parts[i] / unit + (unit > 1) : 0;
		left += parts[i] > 0;
	}
	/* The ends of all parts are where they belong: nothing is left over. */
	for (size_t i = 0; i < n; i++) {
		int end, least = at + 1;

		if (parts[i] <= 0)
			continue;
		left--;
		below += parts[i] / unit + (unit > 1);
		end = (int)(below * cells / total);
		if (end > cells - left)
			end = cells - left;
		if (end < least)
			end = least;
		for (; at < end && at < cells; at++)
			out = arena_printf(arena, "%s%s", out, chart_fill(i));
	}
	return out;
}

const char *
chart_level(int level)
{
	return levels[level < 0 ? 0 : level > CHART_LEVELS ? CHART_LEVELS :
	    level];
}

const char *
chart_heat(struct arena *arena, const int64_t *values, size_t n)
{
	int64_t most = most_of(values, n);
	const char *out = "";

	for (size_t i = 0; i < n; i++)
		out = arena_printf(arena, "%s%s", out, chart_level(step_of(
		    values[i], most, CHART_LEVELS)));
	return out;
}

int64_t
chart_level_most(const int64_t *values, size_t n, int level)
{
	int64_t most = most_of(values, n);

	return most / CHART_LEVELS * level + most % CHART_LEVELS * level /
	    CHART_LEVELS;
}
