/*
 * CSV in and out. Read by master-data import and settlement files, written by
 * exports. Never holds more than one record, never guesses at broken quotes.
 */
#include "core/csv.h"

void
csv_open(struct csv *csv, struct span text)
{
	*csv = (struct csv){ .rest = text, .next_line = 1 };
	str_init(&csv->text, CSV_RECORD_MAX);
	if (text.n >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0)
		csv->rest = (struct span){ text.p + 3, text.n - 3 };
}

void
csv_close(struct csv *csv)
{
	str_free(&csv->text);
}

static int
peek(const struct csv *csv)
{
	return csv->rest.n > 0 ? (unsigned char)csv->rest.p[0] : -1;
}

static int
take(struct csv *csv)
{
	int c = peek(csv);

	if (c < 0)
		return -1;
	csv->rest.p++;
	csv->rest.n--;
	if (c == '\n')
		csv->next_line++;
	return c;
}

static bool
ends_field(int c)
{
	return c < 0 || c == ',' || c == '\n' || c == '\r';
}

static bool
read_quoted(struct csv *csv, struct err *e)
{
	int c;

	take(csv);
	while ((c = take(csv)) >= 0) {
		if (c == '"' && peek(csv) != '"')
			break;
		if (c == '"')
			take(csv);
		str_addc(&csv->text, (char)c);
	}
	if (c < 0)
		return err_set(e, ERR_REQUEST, "line %u: quote not closed",
		    csv->line);
	if (!ends_field(peek(csv)))
		return err_set(e, ERR_REQUEST,
		    "line %u: text after a closing quote", csv->line);
	return true;
}

/* A NUL would end the field early for whoever reads it as a string. */
static bool
end_field(struct csv *csv, struct err *e)
{
	size_t from = csv->at[csv->n - 1];

	if (memchr(csv->text.p + from, '\0', csv->text.n - from) != NULL)
		return err_set(e, ERR_REQUEST, "line %u: NUL in the text",
		    csv->line);
	str_addc(&csv->text, '\0');
	return true;
}

static bool
read_field(struct csv *csv, struct err *e)
{
	if (csv->n == CSV_FIELDS_MAX)
		return err_set(e, ERR_REQUEST, "line %u: more than %d fields",
		    csv->line, CSV_FIELDS_MAX);
	csv->at[csv->n++] = csv->text.n;
	if (peek(csv) == '"') {
		if (!read_quoted(csv, e))
			return false;
	} else {
		while (!ends_field(peek(csv)))
			str_addc(&csv->text, (char)take(csv));
	}
	return end_field(csv, e);
}

bool
csv_next(struct csv *csv, struct err *e)
{
	int c;

	while (peek(csv) == '\n' || peek(csv) == '\r')
		take(csv);
	if (peek(csv) < 0)
		return false;
	csv->line = csv->next_line;
	csv->n = 0;
	str_clear(&csv->text);
	do {
		if (!read_field(csv, e))
			return false;
		c = take(csv);
	} while (c == ',');
	if (c == '\r' && peek(csv) == '\n')
		take(csv);
	if (csv->text.over)
		return err_set(e, ERR_REQUEST, "line %u: record over %d bytes",
		    csv->line, CSV_RECORD_MAX);
	return true;
}

const char *
csv_field(const struct csv *csv, size_t i)
{
	return i < csv->n ? csv->text.p + csv->at[i] : "";
}

static bool
plain_number(struct span s)
{
	size_t i = s.n > 0 && (s.p[0] == '-' || s.p[0] == '+');
	bool digit = false, point = false;

	for (; i < s.n; i++) {
		if (s.p[i] == '.' && !point)
			point = true;
		else if (s.p[i] >= '0' && s.p[i] <= '9')
			digit = true;
		else
			return false;
	}
	return digit;
}

static void
write_cell(struct str *out, struct span s, bool formula)
{
	bool quote = formula;

	for (size_t i = 0; i < s.n && !quote; i++)
		quote = memchr(",\"\r\n", s.p[i], 4) != NULL;
	if (quote)
		str_addc(out, '"');
	if (formula)
		str_addc(out, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			str_addc(out, '"');
		str_addc(out, s.p[i]);
	}
	if (quote)
		str_addc(out, '"');
}

void
csv_write(struct str *out, struct span s)
{
	write_cell(out, s, s.n > 0 && memchr("=+-@\t\r", s.p[0], 6) != NULL &&
	    !plain_number(s));
}

void
csv_write_plain(struct str *out, struct span s)
{
	write_cell(out, s, false);
}
