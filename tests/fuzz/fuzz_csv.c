/*
 * libFuzzer target of CSV.  Reading ends, within bounds; what is written of
 * the fields read is read back the same, and starts no formula.
 */
#include "fuzz.h"

#include "core/csv.h"

static bool
is_number(const char *s)
{
	s += *s == '+' || *s == '-';
	return *s != '\0' && s[strspn(s, "0123456789.")] == '\0';
}

/* The same field, or the same led by an apostrophe. */
static void
judge_field(const char *was, const char *is)
{
	if (strcmp(was, is) != 0)
		must(is[0] == '\'' && strcmp(was, is + 1) == 0);
	must(is[0] == '\0' || strchr("=+-@\t\r", is[0]) == NULL ||
	    is_number(is));
}

static void
judge_record(const struct csv *csv)
{
	struct err e = { 0 };
	struct csv back;
	struct str out;

	/* An empty line is no record, so one more field is written. */
	str_init(&out, 4 * CSV_RECORD_MAX);
	for (size_t i = 0; i < csv->n; i++) {
		csv_write(&out, span_of(csv_field(csv, i)));
		str_addc(&out, i + 1 < csv->n ? ',' : '\n');
	}
	must(!out.over);
	csv_open(&back, str_span(&out));
	/* The mark of byte order is cut from a file's start: no fault. */
	if (back.rest.n == out.n && csv_next(&back, &e)) {
		must(back.n == csv->n);
		for (size_t i = 0; i < csv->n; i++)
			judge_field(csv_field(csv, i), csv_field(&back, i));
		must(!csv_next(&back, &e));
	} else if (back.rest.n == out.n && e.code == ERR_NONE) {
		must(csv->n == 1 && csv_field(csv, 0)[0] == '\0');
	}
	csv_close(&back);
	str_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err e = { 0 };
	struct csv csv;
	unsigned line = 0;

	csv_open(&csv, (struct span){ size > 0 ? (const char *)data : "",
	    size });
	while (csv_next(&csv, &e)) {
		must(csv.n > 0 && csv.n <= CSV_FIELDS_MAX);
		must(csv.line >= line && csv.line <= csv.next_line);
		line = csv.line;
		judge_record(&csv);
	}
	csv_close(&csv);
	return 0;
}
