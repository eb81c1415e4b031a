/* Rules of keeping, and the days on which they end. */
#include "book/retention.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/csv.h"
#include "core/file.h"

static const struct {
	const char *name, *from;
	int least;		/* months, of the law; 0: as one likes */
} known[RETAINED] = {
	[RETAIN_BOOKS] = { "books", "financial_year", 96 },
	[RETAIN_GST] = { "gst", "annual_return", 72 },
	[RETAIN_PERSONAL] = { "personal", "last_event", 0 },
	[RETAIN_ALERTS] = { "alerts", "sent", 0 },
	[RETAIN_FILES] = { "files", "read", 0 },
};

const char *
retained_name(enum retained what)
{
	return known[what].name;
}

/* ---- reading ---------------------------------------------------------- */

#define MONTHS_MAX 1200

static int
months_of(const char *keep, const char *unit)
{
	size_t n = strlen(keep);
	long count = n > 0 && n < 5 && strspn(keep, "0123456789") == n ?
	    strtol(keep, NULL, 10) : 0;

	if (strcmp(unit, "years") == 0)
		count *= 12;
	else if (strcmp(unit, "months") != 0)
		return 0;
	return count <= MONTHS_MAX ? (int)count : 0;
}

static bool
read_rule(struct retention *r, const struct csv *csv, struct err *e)
{
	const char *what = csv_field(csv, 0), *law = csv_field(csv, 4);
	int months = months_of(csv_field(csv, 1), csv_field(csv, 2));

	for (int i = 0; i < RETAINED; i++) {
		if (strcmp(what, known[i].name) != 0)
			continue;
		if (csv->n != 5 || months == 0 || law[0] == '\0' ||
		    strlen(law) >= sizeof r->rules[i].law ||
		    strcmp(csv_field(csv, 3), known[i].from) != 0)
			break;
		if (months < known[i].least)
			return err_set(e, ERR_CONFIG, "retention.csv line %u: "
			    "%s must be kept %d months", csv->line, what,
			    known[i].least);
		r->rules[i].months = months;
		snprintf(r->rules[i].law, sizeof r->rules[i].law, "%s", law);
		return true;
	}
	return err_set(e, ERR_CONFIG, "retention.csv line %u: "
	    "what,keep,unit,from,law", csv->line);
}

bool
retention_read(struct retention *r, struct span text, struct err *e)
{
	struct csv csv;
	bool ok = true;

	*r = (struct retention){ 0 };
	csv_open(&csv, text);
	for (bool head = true; ok && csv_next(&csv, e); head = false)
		ok = head ? strcmp(csv_field(&csv, 4), "law") == 0 ||
		    err_set(e, ERR_CONFIG, "retention.csv: its first line is "
		    "what,keep,unit,from,law") : read_rule(r, &csv, e);
	csv_close(&csv);
	if (!ok || e->code != ERR_NONE)
		return false;
	for (int i = 0; i < RETAINED; i++)
		if (r->rules[i].months == 0)
			return err_set(e, ERR_CONFIG, "retention.csv: no %s",
			    known[i].name);
	return true;
}

#define RETENTION_MAX 65536

bool
retention_load(struct retention *r, const char *folder, struct err *e)
{
	struct arena *arena = arena_new();
	struct span csv;
	bool ok = file_read(arena_printf(arena, "%s/retention.csv", folder),
	    RETENTION_MAX, arena, &csv, e) && retention_read(r, csv, e);

	arena_free(&arena);
	return ok;
}

/* ---- days ------------------------------------------------------------- */

static int
last_of(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
	    30, 31 };

	return days[month - 1] + (month == 2 && year % 4 == 0 &&
	    (year % 100 != 0 || year % 400 == 0));
}

static struct day
make(int year, int month, int day)
{
	struct day out;

	if (day > last_of(year, month))
		day = last_of(year, month);
	if (year > 9999)
		year = 9999;
	snprintf(out.text, sizeof out.text, "%04u-%02u-%02u",
	    (unsigned)year % 10000, (unsigned)month % 100,
	    (unsigned)day % 100);
	return out;
}

struct day
retention_until(const struct retention *r, enum retained what, struct day of)
{
	int year = (int)strtol(of.text, NULL, 10);
	int month = (int)strtol(of.text + 5, NULL, 10);
	int day = (int)strtol(of.text + 8, NULL, 10), months;

	/* The year ends on 31 March, its annual return is due on the last of
	 * the December after. */
	if (what == RETAIN_BOOKS || what == RETAIN_GST) {
		year += month > 3;
		month = what == RETAIN_BOOKS ? 3 : 12;
		day = 31;
	}
	months = month - 1 + r->rules[what].months;
	return make(year + months / 12, months % 12 + 1, day);
}
