/* Days of the books as pictures. Called by panes and the report. */
#include "ui/activity.h"

#include <stdlib.h>
#include <string.h>

#include "core/i18n.h"
#include "core/utf8.h"
#include "ui/chart.h"
#include "ui/text.h"

const char *const activity_ages[ACTIVITY_AGES] = {
	"0-2", "3-7", "8-15", "16-30", "30+"
};

#define SOURCE_DAYS 12		/* of each of its two pictures */
#define NAME 12			/* cells of a source's name */

/* ---- reading ----------------------------------------------------------- */

bool
activity_read(struct span json, struct arena *arena, struct activity *out)
{
	static const char *const days[] = { "day", "posted", "journals",
		"open" };
	static const char *const sources[] = {
		"source", "day", "posted", "p95_seconds"
	};
	struct wire_rows rows;

	*out = (struct activity){ 0 };
	if (!shape_rows(json, "days", days, 4, arena, &rows) ||
	    !shape_rows(json, "sources", sources, 4, arena, &out->sources))
		return false;
	for (; out->n < rows.n && out->n < ACTIVITY_DAYS; out->n++) {
		const char **texts = rows.texts + 4 * out->n;

		out->days[out->n] = texts[0];
		out->posted[out->n] = strtoll(texts[1], NULL, 10);
		out->journals[out->n] = strtoll(texts[2], NULL, 10);
		out->open[out->n] = strtoll(texts[3], NULL, 10);
	}
	return true;
}

bool
activity_find(struct cache *cache, struct arena *arena, const char *period,
    struct activity *out)
{
	struct span json;

	return cache_find(cache, arena, "view", period[0] == '\0' ?
	    "activity" : arena_printf(arena, "activity/%s", period), &json) &&
	    activity_read(json, arena, out);
}

/* ---- as lines ---------------------------------------------------------- */

/* Where the most is; -1: nowhere is any. */
static int
peak(const int64_t *values, size_t n)
{
	int at = -1;

	for (size_t i = 0; i < n; i++)
		if (values[i] > 0 && (at < 0 || values[i] > values[at]))
			at = (int)i;
	return at;
}

static const char *
line(struct arena *arena, const struct activity *a, const char *name,
    const int64_t *values)
{
	int at = peak(values, a->n);

	return at < 0 ? NULL : arena_printf(arena, _("%s  %s  most: %s on %s"),
	    name, chart_spark(arena, values, a->n), text_count(arena,
	    values[at]), text_day(arena, a->days[at]));
}

const char *
activity_posted(struct arena *arena, const struct activity *a)
{
	return line(arena, a, _("Posted by day"), a->posted);
}

const char *
activity_open(struct arena *arena, const struct activity *a)
{
	return line(arena, a, _("Backlog by day"), a->open);
}

static int
day_at(const struct activity *a, const char *day)
{
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->days[i], day) == 0)
			return (int)i;
	return -1;
}

static const char *
padded(struct arena *arena, const char *name)
{
	int used;
	size_t n = utf8_fit(span_of(name), NAME, &used);

	return arena_printf(arena, "%.*s%*s", (int)n, name, NAME - used, "");
}

const char *
activity_source(struct arena *arena, const struct activity *a,
    const char *source)
{
	int64_t posted[ACTIVITY_DAYS] = { 0 }, late[ACTIVITY_DAYS] = { 0 };
	const char *p95[ACTIVITY_DAYS] = { NULL };
	size_t from;
	int at;

	for (size_t i = 0; i < a->sources.n; i++) {
		const char **texts = a->sources.texts + 4 * i;

		if (strcmp(texts[0], source) != 0 ||
		    (at = day_at(a, texts[1])) < 0)
			continue;
		posted[at] = strtoll(texts[2], NULL, 10);
		late[at] = text_micros(texts[3]) + 1;
		p95[at] = texts[3];
	}
	at = peak(late, a->n);
	if (at < 0)
		return NULL;
	from = a->n > SOURCE_DAYS ? a->n - SOURCE_DAYS : 0;
	return arena_printf(arena, _("%s posted %s  delay %s  most: %s on %s"),
	    padded(arena, text_cut(arena, source, 40)),
	    chart_spark(arena, posted + from, a->n - from),
	    chart_spark(arena, late + from, a->n - from),
	    text_duration(arena, p95[at]), text_day(arena, a->days[at]));
}

const char *
activity_scale(struct arena *arena, const struct activity *a)
{
	const char *out = "";

	for (size_t i = 0; i < a->n; i++) {
		const char *two = a->days[i] + 8;
		bool said = strcmp(two, "01") == 0 || two[1] == '0' ||
		    two[1] == '5';

		out = arena_printf(arena, "%s%s", out, said ? two : "  ");
	}
	return out;
}

const char *
activity_strip(struct arena *arena, const struct activity *a)
{
	return chart_heat(arena, a->journals, a->n);
}

const char *
activity_legend(struct arena *arena, const struct activity *a)
{
	const char *out = _("-- none");

	for (int i = 1; i <= CHART_LEVELS; i++)
		out = arena_printf(arena, _("%s  %s to %s"), out,
		    chart_level(i), text_count(arena, chart_level_most(
		    a->journals, a->n, i)));
	return out;
}

const char *
activity_bar(struct arena *arena, const int64_t ages[ACTIVITY_AGES],
    int cells)
{
	static const char *const names[ACTIVITY_AGES] = {
		N_("0-2d"), N_("3-7d"), N_("8-15d"), N_("16-30d"), N_("30+d")
	};
	const char *out = chart_bar(arena, ages, ACTIVITY_AGES, cells);

	for (size_t i = 0; i < ACTIVITY_AGES; i++)
		if (ages[i] > 0)
			out = arena_printf(arena, "%s  %s %s %s", out,
			    chart_fill(i), _(names[i]), text_count(arena,
			    ages[i]));
	return out;
}
