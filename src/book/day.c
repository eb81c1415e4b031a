/* Calendar days. IST has no daylight saving, so a day is a fixed offset. */
#include "book/day.h"

#include <stdio.h>
#include <string.h>

#include "core/clock.h"

#define IST_OFFSET INT64_C(19800000000)	/* microseconds */

static int
number(const char *p, size_t n)
{
	int v = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return -1;
		v = v * 10 + (p[i] - '0');
	}
	return v;
}

static int
days_in(int y, int m)
{
	static const int days[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};

	if (m == 2 && (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0)))
		return 29;
	return days[m - 1];
}

bool
day_parse(struct span s, struct day *out)
{
	int y, m, d;

	*out = (struct day){ "" };
	if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-')
		return false;
	y = number(s.p, 4);
	m = number(s.p + 5, 2);
	d = number(s.p + 8, 2);
	if (y < 1990 || y > 2199 || m < 1 || m > 12 || d < 1 ||
	    d > days_in(y, m))
		return false;
	memcpy(out->text, s.p, 10);
	return true;
}

struct day
day_from_time(int64_t at)
{
	struct day day = { "" };
	char text[25];

	clock_format(at + IST_OFFSET, text);
	memcpy(day.text, text, 10);
	return day;
}

bool
day_from_text(struct span s, struct day *out)
{
	struct span date = { s.p, 10 };
	struct day turned;
	int64_t at;

	if (s.n == 10)
		return day_parse(s, out);
	*out = (struct day){ "" };
	/* The years are judged twice: as written, and as turned to IST. */
	if (s.n < 10 || !day_parse(date, out) || !clock_parse(s, &at)) {
		*out = (struct day){ "" };
		return false;
	}
	turned = day_from_time(at);
	return day_parse(span_of(turned.text), out);
}

void
day_period(struct day day, char out[8])
{
	memcpy(out, day.text, 7);
	out[7] = '\0';
}

void
day_year(struct day day, char out[8])
{
	unsigned y = (unsigned)number(day.text, 4) % 10000;
	unsigned m = (unsigned)number(day.text + 5, 2);

	if (m < 4)
		y--;
	snprintf(out, 8, "%04u-%02u", y % 10000, (y + 1) % 100);
}

int
day_between(struct day from, struct day to)
{
	char a[25], b[25];
	int64_t x, y;

	snprintf(a, sizeof a, "%sT00:00:00Z", from.text);
	snprintf(b, sizeof b, "%sT00:00:00Z", to.text);
	if (!clock_parse(span_of(a), &x) || !clock_parse(span_of(b), &y))
		return 0;
	return (int)((y - x) / INT64_C(86400000000));
}

bool
day_moment(struct span s, int64_t *out)
{
	char text[40];
	struct day day;

	if (!day_parse(s, &day))
		return clock_parse(s, out);
	snprintf(text, sizeof text, "%sT00:00:00+05:30", day.text);
	return clock_parse(span_of(text), out);
}
