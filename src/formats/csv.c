/*
 * CSV by RFC 4180, in pieces: the first row names the columns, each other is
 * an object of strings. The separator is the first of , ; | and TAB that
 * stands in the first row outside quotes. Broken quotes make a row wrong,
 * never another row; text that is no UTF-8 is ISO 8859-1, row by row.
 */
#include <stdlib.h>

#include "core/utf8.h"
#include "formats/list.h"

#define COLUMNS_MAX 256

enum place { AT_START, IN_PLAIN, IN_QUOTES, AT_QUOTE, IN_REST };

struct row {
	struct str text;	/* fields, a NUL after each */
	size_t at[COLUMNS_MAX];
	size_t n, begin;	/* where the field being read begins */
};

struct reader {
	struct input in;
	enum place place;
	char separator;		/* 0: not seen yet */
	bool named, whole;
	struct row names, row;
	int64_t line;		/* where the row began */
	struct str wrong;	/* of the row */
	struct str json;
	struct err fault;	/* of the file */
};

static struct reader *
csv_reader(void)
{
	struct reader *r = calloc(1, sizeof *r);

	if (r == NULL)
		bug("out of memory");
	input_open(&r->in);
	str_init(&r->names.text, RECORD_MAX);
	str_init(&r->row.text, RECORD_MAX);
	str_init(&r->wrong, 128);
	str_init(&r->json, RECORD_MAX);
	return r;
}

static void
csv_reader_close(struct reader **reader)
{
	struct reader *r = *reader;

	*reader = NULL;
	if (r == NULL)
		return;
	str_free(&r->names.text);
	str_free(&r->row.text);
	str_free(&r->wrong);
	str_free(&r->json);
	free(r);
}

static void
csv_feed(struct reader *r, const char *p, size_t n)
{
	input_feed(&r->in, p, n);
}

static struct span
field(const struct row *row, size_t i)
{
	return span_of(row->text.p + row->at[i]);
}

/* ---- the bytes of a row ------------------ */

static void
find_wrong(struct reader *r, const char *why)
{
	if (r->wrong.n == 0)
		str_adds(&r->wrong, why);
}

static void
add(struct reader *r, int c)
{
	if (c == '\0') {
		find_wrong(r, "a NUL in the text");
		c = SUBSTITUTE;
	}
	str_addc(&r->row.text, (char)c);
}

static void
end_field(struct reader *r)
{
	struct row *row = &r->row;

	r->place = AT_START;
	if (row->n == COLUMNS_MAX) {
		find_wrong(r, "too many fields");
		return;
	}
	str_addc(&row->text, '\0');
	if (row->text.over)
		return;
	row->at[row->n++] = row->begin;
	row->begin = row->text.n;
}

static bool
ends_field(struct reader *r, int c)
{
	if (c == '\n' || c == '\r')
		return true;
	if (r->separator == '\0' && strchr(",;|\t", c) != NULL)
		r->separator = (char)c;
	return c == r->separator;
}

/* True when the row ends with this byte. */
static bool
end_text(struct reader *r, int c)
{
	end_field(r);
	return c == '\n' || c == '\r';
}

static bool
step_plain(struct reader *r, int c)
{
	if (c != '\0' && ends_field(r, c))
		return end_text(r, c);
	r->place = IN_PLAIN;
	add(r, c);
	return false;
}

static bool
step_quote(struct reader *r, int c)
{
	if (c == '"') {
		r->place = IN_QUOTES;
		add(r, c);
		return false;
	}
	if (c == '\0' || !ends_field(r, c))
		find_wrong(r, "text after a closing quote");
	return step_plain(r, c);
}

static bool
step(struct reader *r, int c)
{
	switch (r->place) {
	case AT_START:
		if (c != '"')
			return step_plain(r, c);
		r->place = IN_QUOTES;
		return false;
	case IN_PLAIN:
		return step_plain(r, c);
	case IN_QUOTES:
		if (c == '"')
			r->place = AT_QUOTE;
		else
			add(r, c);
		return false;
	case AT_QUOTE:
		return step_quote(r, c);
	case IN_REST:
		return c == '\n';
	}
	return false;
}

/* A row too large is given up to the end of the line that it reached. */
static void
bound(struct reader *r)
{
	if (r->place == IN_REST || !r->row.text.over)
		return;
	r->place = IN_REST;
	str_clear(&r->wrong);
	str_adds(&r->wrong, "the row is too large");
}

static bool
fresh(const struct reader *r)
{
	return r->place == AT_START && r->row.text.n == 0;
}

static void
begin_row(struct reader *r)
{
	r->place = AT_START;
	r->row.n = r->row.begin = 0;
	r->whole = false;
	str_clear(&r->row.text);
	str_clear(&r->wrong);
}

static bool
last_row(struct reader *r)
{
	if (!input_over(&r->in) || fresh(r))
		return false;
	if (r->place == IN_QUOTES)
		find_wrong(r, "a quote is not closed");
	if (r->place != IN_REST)
		end_field(r);
	bound(r);
	return true;
}

/* A whole row; empty lines are none. */
static bool
read_row(struct reader *r)
{
	bool whole;
	int c;

	while ((c = input_take(&r->in)) >= 0) {
		if (fresh(r)) {
			if (c == '\n' || c == '\r')
				continue;
			r->line = r->in.line;
		}
		whole = step(r, c);
		bound(r);
		if (whole)
			return true;
	}
	return last_row(r);
}

/* ---- rows as records ------------------ */

static bool
is_latin(const struct row *row)
{
	for (size_t i = 0; i < row->n; i++)
		if (!utf8_valid(field(row, i)))
			return true;
	return false;
}

static bool
name_taken(const struct row *names, const char *name)
{
	if (strcmp(name, "wrong") == 0 || strcmp(name, "rest") == 0)
		return true;
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->text.p + names->at[i], name) == 0)
			return true;
	return false;
}

static struct span
trimmed(struct span s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t')) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

/* No two members of an object may have one name, and none is nameless. */
static void
add_name(struct row *names, struct span s, bool latin)
{
	struct str name;

	str_init(&name, RECORD_MAX);
	if (latin)
		text_utf8(&name, s);
	else
		str_add(&name, s.p, s.n);
	if (s.n == 0)
		str_addf(&name, "column_%zu", names->n + 1);
	else if (name_taken(names, name.p))
		str_addf(&name, "_%zu", names->n + 1);
	while (name_taken(names, name.p) && !name.over)
		str_addc(&name, '_');
	names->at[names->n++] = names->text.n;
	str_add(&names->text, name.p, name.n + 1);
	str_free(&name);
}

static void
take_names(struct reader *r)
{
	bool latin = is_latin(&r->row);

	for (size_t i = 0; i < r->row.n && !r->names.text.over; i++)
		add_name(&r->names, trimmed(field(&r->row, i)), latin);
	r->named = true;
	if (r->names.text.over)
		find_wrong(r, "the row is too large");
	if (r->wrong.n > 0)
		err_set(&r->fault, ERR_REQUEST,
		    "line %lld: the row of names cannot be used: %s",
		    (long long)r->line, r->wrong.p);
}

/* Fields that no column names are members of `rest`. */
static void
write_fields(struct reader *r, struct json *j)
{
	bool latin = is_latin(&r->row);
	size_t n = r->names.n;

	for (size_t i = 0; i < r->row.n; i++) {
		if (i < n) {
			json_key(j, r->names.text.p + r->names.at[i]);
		} else if (i == n) {
			json_key(j, "rest");
			json_open(j, '[');
		}
		text_write(j, field(&r->row, i), latin);
	}
	if (r->row.n > n)
		json_close(j, ']');
}

static void
write_row(struct reader *r, bool fields)
{
	struct json j;

	str_clear(&r->json);
	json_start(&j, &r->json);
	json_open(&j, '{');
	if (fields)
		write_fields(r, &j);
	if (r->wrong.n > 0)
		json_kstr(&j, "wrong", r->wrong.p);
	json_close(&j, '}');
}

static void
make_record(struct reader *r, struct record *record)
{
	if (r->row.n != r->names.n && r->wrong.n == 0)
		str_addf(&r->wrong, "%zu fields where the first row has %zu",
		    r->row.n, r->names.n);
	write_row(r, !r->row.text.over);
	if (r->json.over) {
		str_clear(&r->wrong);
		str_adds(&r->wrong, "the row is too large");
		write_row(r, false);
	}
	*record = (struct record){ .topic = "row", .line = r->line,
		.json = str_span(&r->json),
		.wrong = r->wrong.n > 0 ? r->wrong.p : NULL };
}

static bool
csv_record(struct reader *r, struct record *record)
{
	for (;;) {
		if (r->whole)
			begin_row(r);
		r->whole = read_row(r);
		if (!r->whole)
			return false;
		if (!r->named) {
			take_names(r);
		} else if (r->fault.code == ERR_NONE) {
			make_record(r, record);
			return true;
		}
	}
}

static bool
csv_end(struct reader *r, struct err *e)
{
	if (r->fault.code != ERR_NONE)
		return err_set(e, r->fault.code, "%s", r->fault.why);
	if (!r->named)
		return err_set(e, ERR_REQUEST,
		    "there is no row that names the columns");
	return true;
}

const struct format format_csv = {
	.name = "csv", .suffixes = ".csv .txt .tsv",
	.open = csv_reader, .close = csv_reader_close, .feed = csv_feed,
	.next = csv_record, .end = csv_end,
};
