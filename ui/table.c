/*
 * Columns as wide as their widest cell. Called by cli.c. Knows cells of the
 * terminal, not bytes, so that Devanagari names line up.
 */
#include "ui/table.h"

#include "core/i18n.h"
#include "core/utf8.h"

#define ROWS_MAX 1000000

struct line {
	const char *cells[TABLE_COLUMNS];
};

void
table_start(struct table *table, const char *align, const char *const *heads)
{
	*table = (struct table){ .align = align };
	while (table->n < TABLE_COLUMNS && heads[table->n] != NULL) {
		table->heads[table->n] = _(heads[table->n]);
		table->n++;
	}
	vec_init(&table->rows, sizeof(struct line), ROWS_MAX);
}

void
table_add(struct table *table, const char *const *cells)
{
	struct line *line = vec_add(&table->rows);

	if (line == NULL)
		return;
	for (size_t i = 0; i < table->n; i++)
		line->cells[i] = cells[i] ? cells[i] : "";
}

static void
pad(FILE *out, int n)
{
	while (n-- > 0)
		fputc(' ', out);
}

static void
print_line(const struct table *table, const struct line *line,
    const int *widths, FILE *out)
{
	for (size_t i = 0; i < table->n; i++) {
		const char *cell = line->cells[i];
		int rest = widths[i] - utf8_width(span_of(cell));
		bool right = table->align[i] == '>';

		if (right)
			pad(out, rest);
		fputs(cell, out);
		if (!right && i + 1 < table->n)
			pad(out, rest);
		fputs(i + 1 < table->n ? "  " : "\n", out);
	}
}

void
table_print(struct table *table, FILE *out)
{
	int widths[TABLE_COLUMNS] = { 0 };
	struct line head = { 0 };

	for (size_t i = 0; i < table->n; i++) {
		head.cells[i] = table->heads[i];
		widths[i] = utf8_width(span_of(head.cells[i]));
	}
	for (size_t r = 0; r < table->rows.n; r++) {
		const struct line *line = vec_at(&table->rows, r);

		for (size_t i = 0; i < table->n; i++) {
			int w = utf8_width(span_of(line->cells[i]));

			if (w > widths[i])
				widths[i] = w;
		}
	}
	print_line(table, &head, widths, out);
	for (size_t r = 0; r < table->rows.n; r++)
		print_line(table, vec_at(&table->rows, r), widths, out);
	vec_free(&table->rows);
}
