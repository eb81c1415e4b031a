/*
 * Columns as wide as their widest cell, and narrower where the terminal is.
 * Called by cli_out.c. Knows cells of the terminal, not bytes, so that
 * Devanagari names line up.
 */
#include "ui/table.h"

#include <ctype.h>
#include <stdlib.h>

#include "core/csv.h"
#include "core/i18n.h"
#include "core/utf8.h"
#include "ui/filter.h"

#define ROWS_MAX 1000000
#define LINE_MAX_BYTES (1 << 20)
#define NARROW 8		/* no column is cut below that */

struct line {
	const char *cells[TABLE_COLUMNS], *raws[TABLE_COLUMNS];
};

/* One writing of a table. */
struct pass {
	const struct table *table;
	const struct table_style *style;
	struct arena *arena;
	size_t at[TABLE_COLUMNS];	/* columns that are shown */
	size_t n;
	struct line **lines;
	size_t n_lines;
	int widths[TABLE_COLUMNS];	/* of those that are shown */
};

void
table_start(struct table *table, const char *align, const char *const *heads)
{
	*table = (struct table){ .align = align };
	while (table->n < TABLE_COLUMNS && heads[table->n] != NULL) {
		table->heads[table->n] = heads[table->n];
		table->n++;
	}
	vec_init(&table->rows, sizeof(struct line), ROWS_MAX);
}

void
table_add_raw(struct table *table, const char *const *cells,
    const char *const *raws)
{
	struct line *line = vec_add(&table->rows);

	if (line == NULL)
		return;
	for (size_t i = 0; i < table->n; i++) {
		line->cells[i] = cells[i] ? cells[i] : "";
		line->raws[i] = raws != NULL ? raws[i] : NULL;
	}
}

void
table_add(struct table *table, const char *const *cells)
{
	table_add_raw(table, cells, NULL);
}

const char *
table_name(const struct table *table, struct arena *arena, size_t column)
{
	char *name;

	if (table->names[column] != NULL)
		return table->names[column];
	name = arena_strdup(arena, table->heads[column]);
	for (char *c = name; *c != '\0'; c++)
		*c = *c == ' ' ? '_' : (char)tolower((unsigned char)*c);
	return name;
}

/* ---- which columns ---------------------------------------------------- */

static bool
find_column(const struct pass *pass, struct span name, size_t *out,
    struct err *e)
{
	const struct table *table = pass->table;
	const char *all = "";

	for (size_t i = 0; i < table->n; i++) {
		const char *own = table_name(table, pass->arena, i);

		if (span_is(name, own)) {
			*out = i;
			return true;
		}
		all = arena_printf(pass->arena, "%s%s%s", all,
		    i > 0 ? " " : "", own);
	}
	return err_set(e, ERR_USAGE, "no column %.*s; there are: %s",
	    (int)(name.n < 60 ? name.n : 60), name.p, all);
}

static bool
choose_columns(struct pass *pass, struct err *e)
{
	const char *at = pass->style->columns;

	if (at == NULL) {
		for (; pass->n < pass->table->n; pass->n++)
			pass->at[pass->n] = pass->n;
		return true;
	}
	for (size_t n; *at != '\0' || pass->n == 0; at += n + (at[n] != '\0')) {
		n = strcspn(at, ",");
		if (pass->n == TABLE_COLUMNS)
			return err_set(e, ERR_USAGE, "at most %d columns",
			    TABLE_COLUMNS);
		if (!find_column(pass, (struct span){ at, n },
		    &pass->at[pass->n++], e))
			return false;
	}
	return true;
}

/* ---- which rows -------------------------------------------------------- */

/* What a program reads: no grouping of digits, no words of a language where
 * the API has its own. */
static const char *
plain(const struct table *table, struct arena *arena,
    const struct line *line, size_t i)
{
	const char *cell = line->cells[i];
	char *out, *to;

	if (line->raws[i] != NULL)
		return line->raws[i];
	if (table->align[i] != '>' || cell[strspn(cell, "-0123456789,.")])
		return cell;
	to = out = arena_strdup(arena, cell);
	for (; *cell != '\0'; cell++)
		if (*cell != ',')
			*to++ = *cell;
	*to = '\0';
	return out;
}

struct sort {
	const struct pass *pass;
	size_t column;
	enum filter_kind kind;
	bool falling;
};

/* What a column holds, by how it stands and is called. */
static enum filter_kind
kind_of(const struct pass *pass, size_t column)
{
	static const char *const times[] = {
		"age", "at", "due", "filed_on", "first", "last", "oldest",
		"read_at", "received", "settled", "since", "when"
	};
	const struct table *table = pass->table;
	const char *name = table_name(table, pass->arena, column);

	if (table->times[column])
		return FILTER_TIME;
	for (size_t i = 0; i < sizeof times / sizeof *times; i++)
		if (strcmp(times[i], name) == 0)
			return FILTER_TIME;
	return table->align[column] == '>' ? FILTER_NUMBER : FILTER_TEXT;
}

static int
compare(const void *one, const void *other, void *ctx)
{
	const struct line *const *x = one, *const *y = other;
	const struct sort *sort = ctx;
	const struct pass *pass = sort->pass;
	const char *a = plain(pass->table, pass->arena, *x, sort->column);
	const char *b = plain(pass->table, pass->arena, *y, sort->column);
	int order = filter_compare(sort->kind, a, b);

	if (order == 0)		/* as they came */
		return (*x > *y) - (*x < *y);
	return sort->falling ? -order : order;
}

static bool
read_filter(struct pass *pass, struct filter **out, struct err *e)
{
	struct filter_column columns[TABLE_COLUMNS];

	*out = NULL;
	if (pass->style->where == NULL)
		return true;
	for (size_t i = 0; i < pass->table->n; i++)
		columns[i] = (struct filter_column){ pass->table->heads[i],
		    table_name(pass->table, pass->arena, i),
		    kind_of(pass, i) };
	return filter_parse(pass->style->where, columns, pass->table->n, out,
	    e);
}

static bool
sort_rows(struct pass *pass, struct err *e)
{
	const char *by = pass->style->sort;
	struct sort sort = { .pass = pass };

	if (by == NULL)
		return true;
	sort.falling = by[0] == '-';
	if (!find_column(pass, span_of(by + sort.falling), &sort.column, e))
		return false;
	sort.kind = kind_of(pass, sort.column);
	qsort_r(pass->lines, pass->n_lines, sizeof *pass->lines, compare,
	    &sort);
	return true;
}

static bool
choose_rows(struct pass *pass, struct err *e)
{
	const struct table *table = pass->table;
	int64_t limit = pass->style->limit;
	struct filter *filter;

	if (!read_filter(pass, &filter, e))
		return false;
	pass->lines = arena_alloc(pass->arena, (table->rows.n + 1) *
	    sizeof *pass->lines);
	for (size_t r = 0; r < table->rows.n; r++) {
		struct line *line = vec_at(&table->rows, r);
		const char *values[TABLE_COLUMNS];

		for (size_t i = 0; filter != NULL && i < table->n; i++)
			values[i] = plain(table, pass->arena, line, i);
		if (filter == NULL || filter_match(filter, values))
			pass->lines[pass->n_lines++] = line;
	}
	filter_free(&filter);
	if (!sort_rows(pass, e))
		return false;
	if (limit >= 0 && pass->n_lines > (size_t)limit)
		pass->n_lines = (size_t)limit;
	return true;
}

/* ---- for a person ------------------------------------------------------ */

static void
pad(FILE *out, int n)
{
	while (n-- > 0)
		fputc(' ', out);
}

static const char *
fit(const struct pass *pass, const char *cell, int width)
{
	int used;
	size_t n;

	if (utf8_width(span_of(cell)) <= width)
		return cell;
	n = utf8_fit(span_of(cell), width - 1, &used);
	return arena_printf(pass->arena, "%.*s%s", (int)n, cell,
	    pass->style->ascii ? "~" : "\xe2\x80\xa6");
}

static void
print_cells(const struct pass *pass, const char *const *cells, FILE *out)
{
	for (size_t i = 0; i < pass->n; i++) {
		const char *cell = fit(pass, cells[pass->at[i]],
		    pass->widths[i]);
		int rest = pass->widths[i] - utf8_width(span_of(cell));
		bool right = pass->table->align[pass->at[i]] == '>';

		if (right)
			pad(out, rest);
		fputs(cell, out);
		if (!right && i + 1 < pass->n)
			pad(out, rest);
		if (i + 1 < pass->n)
			fputs("  ", out);
	}
}

/* Words give way, the widest first; amounts never do. */
static void
narrow(struct pass *pass)
{
	int sum = -2;

	if (pass->style->width == 0)
		return;
	for (size_t i = 0; i < pass->n; i++)
		sum += pass->widths[i] + 2;
	for (; sum > pass->style->width; sum--) {
		int *widest = NULL;

		for (size_t i = 0; i < pass->n; i++)
			if (pass->table->align[pass->at[i]] == '<' &&
			    kind_of(pass, pass->at[i]) != FILTER_TIME &&
			    pass->widths[i] > NARROW && (widest == NULL ||
			    pass->widths[i] > *widest))
				widest = &pass->widths[i];
		if (widest == NULL)
			return;
		--*widest;
	}
}

static void
measure(struct pass *pass, const char *const *cells)
{
	for (size_t i = 0; i < pass->n; i++) {
		int w = utf8_width(span_of(cells[pass->at[i]]));

		if (w > pass->widths[i])
			pass->widths[i] = w;
	}
}

static void
print_person(struct pass *pass, FILE *out)
{
	const struct table_style *style = pass->style;
	const char *heads[TABLE_COLUMNS];

	for (size_t i = 0; i < pass->table->n; i++)
		heads[i] = pass->table->heads[i][0] != '\0' ?
		    _(pass->table->heads[i]) : "";
	if (!style->no_header)
		measure(pass, heads);
	for (size_t r = 0; r < pass->n_lines; r++)
		measure(pass, pass->lines[r]->cells);
	narrow(pass);
	if (!style->no_header) {
		fputs(style->bold ? "\033[1m" : "", out);
		print_cells(pass, heads, out);
		fputs(style->bold ? "\033[0m\n" : "\n", out);
	}
	for (size_t r = 0; r < pass->n_lines; r++) {
		print_cells(pass, pass->lines[r]->cells, out);
		fputc('\n', out);
	}
}

/* ---- for a program ----------------------------------------------------- */

static void
end_record(struct str *text, FILE *out)
{
	str_adds(text, "\r\n");
	fwrite(text->p, 1, text->n, out);
	str_clear(text);
}

static void
print_csv(struct pass *pass, FILE *out)
{
	const struct table *table = pass->table;
	struct str text;

	str_init(&text, LINE_MAX_BYTES);
	for (size_t i = 0; !pass->style->no_header && i < pass->n; i++) {
		str_adds(&text, i > 0 ? "," : "");
		csv_write(&text, span_of(table_name(table, pass->arena,
		    pass->at[i])));
	}
	if (!pass->style->no_header)
		end_record(&text, out);
	for (size_t r = 0; r < pass->n_lines; r++) {
		for (size_t i = 0; i < pass->n; i++) {
			str_adds(&text, i > 0 ? "," : "");
			csv_write(&text, span_of(plain(table, pass->arena,
			    pass->lines[r], pass->at[i])));
		}
		end_record(&text, out);
	}
	str_free(&text);
}

bool
table_write(struct table *table, const struct table_style *style,
    struct arena *arena, FILE *out, struct err *e)
{
	struct pass pass = { .table = table, .style = style, .arena = arena };
	bool ok = choose_columns(&pass, e) && choose_rows(&pass, e);

	if (ok && style->csv)
		print_csv(&pass, out);
	else if (ok)
		print_person(&pass, out);
	vec_free(&table->rows);
	return ok;
}
