#include "ui/until.h"

#include <stdlib.h>
#include <string.h>

#include "book/day.h"
#include "core/clock.h"

#define SECOND INT64_C(1000000)
#define HOUR (3600 * SECOND)
#define DAY (24 * HOUR)
#define MORNING (9 * HOUR)
#define DAYS_MAX 366

static const char *
time_of(struct arena *arena, int64_t at)
{
	char text[25];

	clock_format(at, text);
	return arena_strdup(arena, text);
}

/* Nine in the morning so many days from today. */
static const char *
morning(struct arena *arena, int64_t now, int days)
{
	int64_t at = now;

	day_moment(span_of(day_from_time(now).text), &at);
	return time_of(arena, at + days * DAY + MORNING);
}

/* The next one; today is not it. */
static int
days_to(const char *weekday, int64_t now)
{
	static const char *const names[] = { "monday", "tuesday",
	    "wednesday", "thursday", "friday", "saturday", "sunday" };
	static const struct day MONDAY = { "2024-01-01" };
	int today = day_between(MONDAY, day_from_time(now)) % 7;

	for (int i = 0; i < 7; i++)
		if (weekday[0] != '\0' && strncmp(names[i], weekday,
		    strlen(weekday)) == 0)
			return i > today ? i - today : i - today + 7;
	return 0;
}

static const char *
after(struct arena *arena, const char *text, int64_t now)
{
	size_t n = strspn(text, "0123456789");
	int64_t unit, count;
	char *end;

	if (n == 0 || n > 5 || text[n] == '\0' || text[n + 1] != '\0')
		return NULL;
	unit = text[n] == 'm' ? 60 * SECOND : text[n] == 'h' ? HOUR :
	    text[n] == 'd' ? DAY : 0;
	count = strtoll(text, &end, 10);
	if (unit == 0 || count == 0 || count > DAYS_MAX * DAY / unit)
		return NULL;
	return time_of(arena, now + count * unit);
}

const char *
until_read(struct arena *arena, const char *text, int64_t now)
{
	struct day day;
	int64_t at;
	int days;

	if (strcmp(text, "now") == 0)
		return "";
	if (text[0] != '\0' && strncmp("tomorrow", text, strlen(text)) == 0)
		return morning(arena, now, 1);
	days = days_to(text, now);
	if (days > 0)
		return morning(arena, now, days);
	if (day_parse(span_of(text), &day) && day_moment(span_of(text), &at))
		return time_of(arena, at + MORNING);
	if (clock_parse(span_of(text), &at))
		return time_of(arena, at);
	return after(arena, text, now);
}
