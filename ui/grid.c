/*
 * The engine beneath all panes. A pane only says how to fetch rows before and
 * behind another; all moving, filtering and fitting is here.
 */
#include "ui/grid.h"

#include <stdlib.h>

#include "core/clock.h"
#include "core/i18n.h"
#include "core/utf8.h"
#include "ui/text.h"

#define SLICE 15000	/* microseconds of searching between two keys */
#define BATCH 128
#define MARGIN 2	/* cursor and mark */

/* ---- rows -------------------------------------------------------------- */

static size_t
text_size(const char *s)
{
	return s ? strlen(s) + 1 : 1;
}

static const char *
put_text(char **to, const char *s)
{
	size_t n = text_size(s);
	const char *out = memcpy(*to, s ? s : "", n);

	*to += n;
	return out;
}

/* One block of memory a row, so that a row is freed at once. */
static struct row *
row_copy(const struct row *from)
{
	size_t size = sizeof *from + text_size(from->key) +
	    text_size(from->place);
	struct row *row;
	char *at;

	for (size_t i = 0; i < GRID_CELLS; i++)
		size += text_size(from->cells[i]) + (from->raw[i] ?
		    text_size(from->raw[i]) : 0);
	row = malloc(size);
	if (row == NULL)
		bug("out of memory");
	at = (char *)(row + 1);
	row->id = from->id;
	row->version = from->version;
	row->tone = from->tone;
	row->key = put_text(&at, from->key);
	row->place = put_text(&at, from->place);
	for (size_t i = 0; i < GRID_CELLS; i++) {
		row->cells[i] = put_text(&at, from->cells[i]);
		row->raw[i] = from->raw[i] ? put_text(&at, from->raw[i]) :
		    NULL;
	}
	return row;
}

static void
forget(struct grid *grid)
{
	for (size_t i = 0; i < grid->n; i++)
		free(grid->rows[i]);
	grid->n = 0;
}

static void
stop_scan(struct grid *grid)
{
	free(grid->from);
	grid->from = NULL;
	grid->scan = SCAN_NONE;
	grid->want = 0;
}

/* What is no text, by what all panes call it. */
static enum filter_kind
kind_of(const struct column *column)
{
	static const struct {
		const char *head;
		enum filter_kind kind;
	} known[] = {
		{ "Age", FILTER_TIME }, { "Oldest", FILTER_TIME },
		{ "State", FILTER_STATE }
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i].head, column->head) == 0)
			return known[i].kind;
	return column->right ? FILTER_NUMBER : FILTER_TEXT;
}

void
grid_open(struct grid *grid, const struct column *columns, size_t n,
    grid_fetch *fetch, void *ctx)
{
	*grid = (struct grid){ .columns = columns, .n_columns = n,
	    .fetch = fetch, .ctx = ctx, .height = 1, .sort = -1 };
	for (size_t i = 0; i < n; i++)
		grid->named[i] = (struct filter_column){ columns[i].head,
		    NULL, kind_of(&columns[i]) };
	grid->scratch = arena_new();
}

void
grid_close(struct grid *grid)
{
	forget(grid);
	stop_scan(grid);
	filter_free(&grid->filter);
	arena_free(&grid->scratch);
}

/* ---- fetching ---------------------------------------------------------- */

bool
grid_shows(const struct grid *grid, const struct row *row)
{
	const char *values[GRID_CELLS];

	if (grid->filter == NULL)
		return true;
	for (size_t i = 0; i < GRID_CELLS; i++)
		values[i] = row->raw[i] ? row->raw[i] : row->cells[i];
	return filter_match(grid->filter, values);
}

size_t
grid_columns(const struct grid *grid, struct filter_column *out)
{
	memcpy(out, grid->named, grid->n_columns * sizeof *out);
	return grid->n_columns;
}

static void
append(struct grid *grid, const struct row *row)
{
	grid->rows[grid->n++] = row_copy(row);
	if (grid->moving)
		grid->cursor = grid->n - 1;
}

static void
prepend(struct grid *grid, const struct row *row)
{
	memmove(grid->rows + 1, grid->rows, grid->n * sizeof *grid->rows);
	grid->rows[0] = row_copy(row);
	grid->n++;
	if (grid->first > 0)
		grid->first--;
	grid->cursor = grid->moving ? 0 : grid->cursor + 1;
}

/* Rows pushed off the other edge. */
static void
trim(struct grid *grid)
{
	size_t over = grid->n > grid->height ? grid->n - grid->height : 0;

	if (over == 0)
		return;
	if (grid->scan == SCAN_UP) {
		for (size_t i = 0; i < over; i++)
			free(grid->rows[--grid->n]);
		if (grid->cursor >= grid->n)
			grid->cursor = grid->n - 1;
		return;
	}
	for (size_t i = 0; i < over; i++)
		free(grid->rows[i]);
	grid->n -= over;
	memmove(grid->rows, grid->rows + over, grid->n *
	    sizeof *grid->rows);
	grid->cursor = grid->cursor > over ? grid->cursor - over : 0;
	if (grid->first >= 0)
		grid->first += (int64_t)over;
}

/* One batch of the search under way; true when there was more. */
static bool
scan_batch(struct grid *grid)
{
	bool up = grid->scan == SCAN_UP;
	size_t n = grid->filter ? BATCH : grid->want < BATCH ? grid->want : BATCH;
	struct row batch[BATCH];
	size_t got, i;

	arena_reset(grid->scratch);
	got = grid->fetch(grid->ctx, grid->scratch, grid->from, up, batch, n);
	for (i = 0; i < got && grid->want > 0; i++) {
		if (!grid_shows(grid, &batch[i]))
			continue;
		if (up)
			prepend(grid, &batch[i]);
		else
			append(grid, &batch[i]);
		grid->want--;
	}
	if (i > 0) {
		free(grid->from);
		grid->from = row_copy(&batch[i - 1]);
	}
	return got == n;
}

static void
run_scan(struct grid *grid)
{
	int64_t until = clock_mono() + SLICE;
	bool up = grid->scan == SCAN_UP;

	while (grid->want > 0 && clock_mono() < until) {
		if (scan_batch(grid))
			continue;
		if (up && grid->want > 0)
			grid->first = 0;
		grid->want = 0;
	}
	trim(grid);
	if (grid->want == 0)
		stop_scan(grid);
}

static void
start_scan(struct grid *grid, enum scan scan, const struct row *from,
    size_t want, bool moving)
{
	struct row *copy = from ? row_copy(from) : NULL;

	stop_scan(grid);
	grid->from = copy;
	grid->scan = scan;
	grid->want = want < GRID_ROWS ? want : GRID_ROWS;
	grid->moving = moving;
	run_scan(grid);
}

bool
grid_busy(const struct grid *grid)
{
	return grid->scan != SCAN_NONE;
}

void
grid_step(struct grid *grid)
{
	if (grid_busy(grid))
		run_scan(grid);
}

/* ---- moving ------------------------------------------------------------ */

void
grid_first(struct grid *grid)
{
	forget(grid);
	grid->cursor = 0;
	grid->first = 0;
	start_scan(grid, SCAN_DOWN, NULL, grid->height, false);
}

void
grid_last(struct grid *grid, int64_t total)
{
	forget(grid);
	grid->cursor = 0;
	grid->first = -1;
	start_scan(grid, SCAN_UP, NULL, grid->height, false);
	grid->cursor = grid->n > 0 ? grid->n - 1 : 0;
	if (grid->filter == NULL && total >= 0)
		grid->first = total - (int64_t)grid->n;
}

static bool
same(const struct row *a, const struct row *b)
{
	return a->id == b->id && strcmp(a->key, b->key) == 0;
}

/* The row just before the window, so that its first row is fetched again. */
static struct row *
row_before(struct grid *grid, const struct row *anchor)
{
	struct row before;
	size_t got;

	arena_reset(grid->scratch);
	got = grid->fetch(grid->ctx, grid->scratch, anchor, true, &before, 1);
	return got == 1 ? row_copy(&before) : NULL;
}

static void
find_again(struct grid *grid, const struct row *at, size_t cursor)
{
	grid->cursor = cursor < grid->n ? cursor : grid->n ? grid->n - 1 : 0;
	for (size_t i = 0; at != NULL && i < grid->n; i++)
		if (same(grid->rows[i], at))
			grid->cursor = i;
}

void
grid_again(struct grid *grid)
{
	struct row *at, *before;
	size_t cursor = grid->cursor, missing;

	if (grid->n == 0 || grid_busy(grid)) {
		grid_first(grid);
		return;
	}
	at = row_copy(grid->rows[cursor]);
	before = row_before(grid, grid->rows[0]);
	grid->first = before == NULL ? 0 : grid->first;
	forget(grid);
	start_scan(grid, SCAN_DOWN, before, grid->height, false);
	missing = grid->height - grid->n;
	find_again(grid, at, cursor);
	if (missing > 0 && before != NULL && !grid_busy(grid)) {
		start_scan(grid, SCAN_UP, grid->n ? grid->rows[0] : NULL,
		    missing, false);
		find_again(grid, at, grid->cursor);
	}
	free(before);
	free(at);
}

void
grid_size(struct grid *grid, int height)
{
	size_t now = height < 1 ? 1 : height > GRID_ROWS ? GRID_ROWS :
	    (size_t)height;

	if (now == grid->height)
		return;
	/* Shrinking keeps the row under the cursor on the screen. */
	while (grid->n > now && grid->cursor >= now) {
		free(grid->rows[0]);
		memmove(grid->rows, grid->rows + 1, --grid->n *
		    sizeof *grid->rows);
		grid->cursor--;
		if (grid->first >= 0)
			grid->first++;
	}
	grid->height = now;
	if (grid->n > 0)
		grid_again(grid);
}

void
grid_move(struct grid *grid, int rows)
{
	size_t step = (size_t)(rows < 0 ? -rows : rows);

	if (grid->n == 0)
		return;
	if (grid_busy(grid))
		stop_scan(grid);
	if (rows < 0 && step <= grid->cursor) {
		grid->cursor -= step;
	} else if (rows < 0) {
		step -= grid->cursor;
		grid->cursor = 0;
		start_scan(grid, SCAN_UP, grid->rows[0], step, true);
	} else if (grid->cursor + step < grid->n) {
		grid->cursor += step;
	} else {
		step -= grid->n - 1 - grid->cursor;
		grid->cursor = grid->n - 1;
		start_scan(grid, SCAN_DOWN, grid->rows[grid->n - 1], step,
		    true);
	}
}

void
grid_filter(struct grid *grid, struct filter *filter)
{
	filter_free(&grid->filter);
	grid->filter = filter;
	grid_again(grid);
}

void
grid_sort(struct grid *grid, int column, bool descending)
{
	grid->sort = column;
	grid->descending = descending;
	grid_again(grid);
}

const struct row *
grid_row(const struct grid *grid)
{
	return grid->cursor < grid->n ? grid->rows[grid->cursor] : NULL;
}

/* ---- drawing ----------------------------------------------------------- */

/* What is drawn of the columns on this screen. */
static void
fit(const struct grid *grid, struct layout_fit *out)
{
	struct layout plain;

	if (grid->layout != NULL && grid->layout->n == grid->n_columns) {
		layout_fit(grid->layout, grid->columns,
		    term_columns() - MARGIN, out);
		return;
	}
	layout_reset(&plain, grid->n_columns);
	layout_fit(&plain, grid->columns, term_columns() - MARGIN, out);
}

/* A text by itself that is no record takes the whole line. */
static bool
spans(const struct grid *grid, const struct row *row)
{
	bool alone = grid->marked || row->key == NULL || row->key[0] == '\0';

	for (size_t i = 1; i < GRID_CELLS; i++)
		alone &= row->cells[i] == NULL || row->cells[i][0] == '\0';
	return alone;
}

static void
draw_row(const struct grid *grid, int y, const struct row *row,
    const struct layout_fit *shown)
{
	int x = MARGIN;

	if (spans(grid, row)) {
		if (grid->marked)
			term_marked(y, x, term_columns() - x, row->tone,
			    row->cells[0]);
		else
			term_put(y, x, term_columns() - x, row->tone, false,
			    row->cells[0]);
		return;
	}
	for (size_t i = 0; i < shown->n; i++) {
		size_t column = shown->column[i];

		if (grid->marked)
			term_marked(y, x, shown->width[i], row->tone,
			    row->cells[column]);
		else
			term_put(y, x, shown->width[i], row->tone,
			    grid->columns[column].right, text_middle(
			    grid->scratch, row->cells[column],
			    shown->width[i]));
		x += shown->width[i] + 1;
	}
}

/* The name of a column, and how the rows stand by it; the one that columns
 * mode is at is in brackets, and one that will not be shown crossed out. */
static void
draw_head(const struct grid *grid, int y, int x, int width, size_t column)
{
	const struct layout *layout = grid->layout;
	const char *head = grid->columns[column].head, *sign = "";
	int room = width, used;
	bool chosen = layout != NULL && layout->chosen >= 0 &&
	    layout->order[layout->chosen] == column;

	head = head[0] != '\0' ? _(head) : "";
	if (layout != NULL && layout->sort == (int)column)
		sign = layout->down ? "v" : "^";
	if (chosen && layout->show[column] == SHOW_NEVER)
		head = arena_printf(grid->scratch, "-%s", head);
	room -= (int)strlen(sign) + 2 * chosen;
	head = text_middle(grid->scratch, head, room);
	if (room < width)
		head = arena_printf(grid->scratch, chosen ? "[%.*s]%s" :
		    "%.*s%s", (int)utf8_fit(span_of(head),
		    room > 0 ? room : 0, &used), head, sign);
	term_put(y, x, width, chosen ? TONE_STRONG : TONE_HEAD,
	    grid->columns[column].right, head);
}

/* Where the chosen one stands; 0: none is. */
static int
draw_heads(const struct grid *grid, int y, const struct layout_fit *shown)
{
	const struct layout *layout = grid->layout;
	int x = MARGIN, at = 0;

	for (size_t i = 0; i < shown->n; i++) {
		draw_head(grid, y, x, shown->width[i], shown->column[i]);
		if (layout != NULL && layout->chosen >= 0 &&
		    layout->order[layout->chosen] == shown->column[i])
			at = x;
		x += shown->width[i] + 1;
	}
	return at;
}

void
grid_draw(const struct grid *grid, int y, grid_marked *marked, void *ctx)
{
	struct layout_fit shown;
	int head;

	fit(grid, &shown);
	arena_reset(grid->scratch);
	head = draw_heads(grid, y, &shown);
	for (size_t i = 0; i < grid->n; i++) {
		int at = y + 1 + (int)i;

		if (i == grid->cursor)
			term_put(at, 0, 1, TONE_PLAIN, false, ">");
		if (marked != NULL && marked(ctx, grid->rows[i]))
			term_put(at, 1, 1, TONE_STRONG, false, "*");
		draw_row(grid, at, grid->rows[i], &shown);
	}
	if (grid->n == 0)
		term_put(y + 1, MARGIN, term_columns() - MARGIN, TONE_PLAIN,
		    false, grid_busy(grid) ? _("Searching...") :
		    grid->filter ? _("Nothing matches the filter.") :
		    grid->coming ? _("Still coming from the daemon.") :
		    _("Nothing here."));
	if (head > 0)
		term_cursor(y, head);
	else
		term_cursor(y + 1 + (int)grid->cursor, 0);
}
