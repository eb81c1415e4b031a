/* Return periods and due days. */
#include "gst/due.h"

#include <stdio.h>
#include <string.h>

#include "gst/gstin.h"

const char *const gst_forms[] = {
	"gstr1", "iff", "gstr2b", "gstr3b", "pmt06", "cmp08", "gstr9", NULL
};

/* The n digits there; -1: others stand among them. */
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

int64_t
gst_period_of(struct day day)
{
	if (strlen(day.text) != 10)
		return 0;
	return number(day.text, 4) * 100 + number(day.text + 5, 2);
}

bool
gst_period_parse(struct span text, int64_t *out)
{
	int month = text.n == 6 ? number(text.p, 2) : -1;
	int year = text.n == 6 ? number(text.p + 2, 4) : -1;

	if (month < 1 || month > 12 || year < 2017 || year > 2199)
		return false;
	*out = year * 100 + month;
	return true;
}

void
gst_period_text(int64_t period, char out[GST_PERIOD_SIZE])
{
	snprintf(out, GST_PERIOD_SIZE, "%02u%04u", (unsigned)period % 100,
	    (unsigned)period / 100 % 10000);
}

int64_t
gst_period_add(int64_t period, int months)
{
	int64_t month = period / 100 * 12 + period % 100 - 1 + months;

	return month / 12 * 100 + month % 12 + 1;
}

int64_t
gst_period_quarter(int64_t period)
{
	return period / 100 * 100 + (period % 100 + 2) / 3 * 3;
}

/* The day of that month, or its last when it has no such day. */
static struct day
day_in(int64_t period, int day)
{
	struct day out = { "" };
	char text[48];

	do
		snprintf(text, sizeof text, "%04d-%02d-%02d",
		    (int)(period / 100), (int)(period % 100), day);
	while (!day_parse(span_of(text), &out) && --day > 0);
	return out;
}

struct day
gst_period_first(int64_t period)
{
	return day_in(period, 1);
}

struct day
gst_period_last(int64_t period)
{
	return day_in(period, 31);
}

static bool
quarterly(const struct registration *r)
{
	return strcmp(r->filing, "quarterly") == 0;
}

bool
gst_form_due(const char *form, const struct registration *r, int64_t period)
{
	bool ends = gst_period_quarter(period) == period;
	bool composition = strcmp(r->kind, "composition") == 0;

	if (strcmp(form, "cmp08") == 0)
		return composition && ends;
	if (strcmp(form, "gstr9") == 0)
		return !composition && period % 100 == 3;
	if (strcmp(form, "gstr2b") == 0)
		return !composition;
	if (strcmp(form, "iff") == 0 || strcmp(form, "pmt06") == 0)
		return !composition && quarterly(r) && !ends;
	return !composition && (!quarterly(r) || ends);
}

static bool
same(const char *is, const char *want)
{
	return strcmp(is, "*") == 0 || (want != NULL && strcmp(is, want) == 0);
}

bool
gst_due_day(const struct reference *reference, const char *form,
    const struct registration *r, int64_t period, struct day *out)
{
	const struct gst_state *state;
	const struct gst_due *due;
	char code[3];
	size_t at = 0;
	bool found = false;

	gstin_state(r->gstin, code);
	state = reference_gst_state(reference, code);
	while ((due = reference_next_gst_due(reference, &at)) != NULL) {
		if (strcmp(due->form, form) != 0 ||
		    !same(due->filing, r->filing) ||
		    !same(due->group, state != NULL ? state->group : NULL) ||
		    (due->period != 0 && due->period != period) ||
		    (due->period == 0 && found))
			continue;
		found = true;
		*out = due->due.text[0] != '\0' ? due->due :
		    day_in(gst_period_add(period, due->months), due->day);
		if (due->period == period)
			return true;
	}
	return found;
}
