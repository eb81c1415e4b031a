/* Rates of tax and the days they are in force (gst.md 5.2). */
#include "gst/rate.h"

#include <stdio.h>
#include <string.h>

#include "book/statute.h"

void
gst_rate_text(int64_t rate, char out[GST_RATE_SIZE])
{
	size_t n = (size_t)snprintf(out, GST_RATE_SIZE, "%lld.%03d",
	    (long long)(rate / 1000), (int)(rate % 1000));

	while (n > 0 && out[n - 1] == '0')
		n--;
	if (n > 0 && out[n - 1] == '.')
		n--;
	out[n] = '\0';
}

bool
gst_rate_parse(struct span text, int64_t *out)
{
	char again[GST_RATE_SIZE];
	int64_t rate = 0, scale = 1000;
	bool point = false;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == '.' && !point) {
			point = true;
			continue;
		}
		if (c < '0' || c > '9' || rate > GST_RATE_MAX || scale == 0)
			return false;
		if (point)
			rate += (c - '0') * (scale /= 10);
		else
			rate = rate * 10 + (c - '0') * scale;
	}
	if (rate > GST_RATE_MAX)
		return false;
	gst_rate_text(rate, again);
	*out = rate;
	return span_is(text, again);
}

/* A shorter code may mean any of those below it. */
static bool
begins(const char *hsn, const char *prefix, size_t n)
{
	size_t length = strlen(hsn);

	return strncmp(hsn, prefix, length < n ? length : n) == 0;
}

static bool
listed(const char *prefixes, const char *hsn)
{
	if (prefixes[0] == '\0')
		return true;
	for (const char *at = prefixes; *at != '\0'; at += strspn(at, " ")) {
		size_t n = strcspn(at, " ");

		if (n > 0 && begins(hsn, at, n))
			return true;
		at += n;
	}
	return false;
}

static bool
applies(const struct gst_rate *row, const char *hsn)
{
	bool service = strncmp(hsn, "99", 2) == 0;

	if (hsn[0] == '\0')
		return true;
	return (service ? row->services : row->goods) &&
	    listed(row->hsn, hsn);
}

bool
gst_rate_in_force(const struct reference *r, int64_t rate, const char *hsn,
    struct day day)
{
	const struct gst_rate *row;
	size_t at = 0;

	while ((row = reference_next_gst_rate(r, &at)) != NULL)
		if (row->rate == rate &&
		    strcmp(row->from.text, day.text) <= 0 &&
		    (row->to.text[0] == '\0' ||
		    strcmp(day.text, row->to.text) <= 0) &&
		    applies(row, hsn != NULL ? hsn : ""))
			return true;
	return false;
}
