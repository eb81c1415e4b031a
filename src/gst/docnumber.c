/* Numbers of documents. */
#include "gst/docnumber.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define SERIAL_MAX 15		/* digits */

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
docnumber_valid(const char *number, int64_t most)
{
	size_t n = strlen(number);
	bool any = false;

	if (n == 0 || (int64_t)n > most ||
	    !isalnum((unsigned char)number[0]))
		return false;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)number[i];

		if (c >= 0x80 || (!isalnum(c) && c != '-' && c != '/'))
			return false;
		any = any || isalpha(c) || (c >= '1' && c <= '9');
	}
	return any;
}

bool
docnumber_fold(const char *number, char out[DOCNUMBER_SIZE])
{
	size_t n = strlen(number);

	out[0] = '\0';
	if (n >= DOCNUMBER_SIZE)
		return false;
	for (size_t i = 0; i <= n; i++)
		out[i] = (char)toupper((unsigned char)number[i]);
	return true;
}

/* How many characters at the end of text[0..n) are the year of that day:
 * 2026-27, 26-27, 26/27, 202627, 2627, after something else. */
static size_t
year_at_end(const char *text, size_t n, struct day day)
{
	static const char marks[] = { '-', '/', '\0' };
	char label[8], form[8];

	day_year(day, label);	/* 2026-27 */
	if (n < 3 || text[n - 1] != label[6] || text[n - 2] != label[5])
		return 0;
	for (size_t i = 0; i < 6; i++) {
		size_t m = i < 3 ? 4 : 2;	/* without the century */

		memcpy(form, label + 4 - m, m);
		if (marks[i % 3] != '\0')
			form[m++] = marks[i % 3];
		form[m++] = label[5];
		form[m++] = label[6];
		if (m < n && memcmp(text + n - m, form, m) == 0 &&
		    !digit(text[n - m - 1]))
			return m;
	}
	return 0;
}

/* The last run of digits in text[0..n). */
static bool
last_run(const char *text, size_t n, size_t *from, size_t *to)
{
	while (n > 0 && !digit(text[n - 1]))
		n--;
	*to = n;
	while (n > 0 && digit(text[n - 1]))
		n--;
	*from = n;
	return *to > n;
}

/* A year at the end is one only when a serial is left before it. */
static bool
find_serial(const char *text, size_t n, struct day day, size_t *from,
    size_t *to)
{
	size_t year = year_at_end(text, n, day);

	if (year > 0 && last_run(text, n - year, from, to))
		return true;
	return last_run(text, n, from, to);
}

bool
docnumber_split(const char *number, struct day day, struct docnumber *out)
{
	size_t n = strlen(number), from, to;

	*out = (struct docnumber){ .serial = 0 };
	if (n >= DOCNUMBER_SIZE - 1 || strchr(number, '#') != NULL ||
	    !find_serial(number, n, day, &from, &to))
		return false;
	if (to - from > SERIAL_MAX)
		from = to - SERIAL_MAX;
	for (size_t i = from; i < to; i++)
		out->serial = out->serial * 10 + (number[i] - '0');
	out->width = (int)(to - from);
	snprintf(out->series, sizeof out->series, "%.*s#%s", (int)from,
	    number, number + to);
	return true;
}

void
docnumber_join(const struct docnumber *d, char out[DOCNUMBER_SIZE])
{
	const char *mark = strchr(d->series, '#');
	int n = mark != NULL ? (int)(mark - d->series) : 0;

	snprintf(out, DOCNUMBER_SIZE, "%.*s%0*lld%.*s", n, d->series,
	    d->width, (long long)d->serial, DOCNUMBER_SIZE,
	    mark != NULL ? mark + 1 : "");
}
