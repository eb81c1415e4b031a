/* Hours of the day, as plain values. */
#include "book/hours.h"

#include <stdio.h>

#define MINUTE INT64_C(60000000)
#define DAY (24 * 60 * MINUTE)
#define IST (330 * MINUTE)	/* no summer time */

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
hours_parse(struct span text, struct hours *out)
{
	out->from = out->to = HOURS_NONE;
	if (text.n == 0)
		return true;
	if (text.n == 5)
		return minutes(text.p, &out->to);
	return text.n == 11 && text.p[5] == '-' &&
	    minutes(text.p, &out->from) && minutes(text.p + 6, &out->to) &&
	    out->from != out->to;
}

bool
hours_parse_span(struct span text, struct hours *out)
{
	return hours_parse(text, out) &&
	    (out->from == HOURS_NONE) == (out->to == HOURS_NONE);
}

void
hours_text(const struct hours *hours, char out[HOURS_SIZE])
{
	/* The remainders tell the compiler how long it may become */
	unsigned from = (unsigned)hours->from % 1440;
	unsigned to = (unsigned)hours->to % 1440;

	out[0] = '\0';
	if (hours->from != HOURS_NONE)
		snprintf(out, HOURS_SIZE, "%02u:%02u-%02u:%02u", from / 60,
		    from % 60, to / 60, to % 60);
	else if (hours->to != HOURS_NONE)
		snprintf(out, HOURS_SIZE, "%02u:%02u", to / 60, to % 60);
}

void
hours_end(const struct hours *hours, char out[HOURS_SIZE])
{
	const struct hours end = { HOURS_NONE, hours->to };

	hours_text(&end, out);
}

bool
hours_hold(const struct hours *hours, int64_t at)
{
	int64_t now = (at + IST) % DAY / MINUTE;

	if (hours->from == HOURS_NONE)
		return false;
	if (hours->from < hours->to)
		return now >= hours->from && now < hours->to;
	return now >= hours->from || now < hours->to;	/* over midnight */
}

int64_t
hours_left(const struct hours *hours, int64_t at)
{
	return hours_hold(hours, at) ? hours_next(hours->to, at) - at : 0;
}

int64_t
hours_next(int minute, int64_t at)
{
	int64_t start = at + IST - (at + IST) % DAY - IST;
	int64_t next = start + minute * MINUTE;

	return next > at ? next : next + DAY;
}
