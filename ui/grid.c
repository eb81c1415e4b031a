/*
 * The engine beneath all panes. A pane only says how to fetch rows before and
 * behind another; all moving, filtering and fitting is here.
 */
#include "ui/grid.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/i18n.h"
#include "core/utf8.h"
#include "ui/text.h"

#define SLICE 15000	/* microseconds of searching between two keys */
#define BATCH 128
#define PATIENCE 150000	/* until a part of a window is shown */
#define MARGIN 2	/* cursor and mark */
#define LIGHT 8		/* cells of the row's key in reverse */

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
struct row *
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
	row->painted = false;
	row->changed = false;
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
forget(struct row **rows, size_t *n)
{
	for (size_t i = 0; i < *n; i++)
		free(rows[i]);
	*n = 0;
}

static void
put_row(struct row **slot, const struct row *row)
{
	struct row *copy = row ? row_copy(row) : NULL;

	free(*slot);
	*slot = copy;
}

static void
stop_scan(struct grid *grid)
{
	put_row(&grid->from, NULL);
	forget(grid->ahead, &grid->n_ahead);
	grid->scan = SCAN_NONE;
	grid->building = false;
	grid->want = 0;
}

static void
forget_sorted(struct grid *grid)
{
	forget(grid->sorted, &grid->n_sorted);
	free(grid->sorted);
	grid->sorted = NULL;
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
	    .fetch = fetch, .ctx = ctx, .height = 1, .sort = -1,
	    .total = -1 };
	for (size_t i = 0; i < n; i++)
		grid->named[i] = (struct filter_column){ columns[i].head,
		    NULL, kind_of(&columns[i]) };
	grid->scratch = arena_new();
}

void
grid_close(struct grid *grid)
{
	stop_scan(grid);
	forget(grid->rows, &grid->n);
	forget_sorted(grid);
	put_row(&grid->at, NULL);
	put_row(&grid->kept, NULL);
	put_row(&grid->counted, NULL);
	put_row(&grid->counting, NULL);
	filter_free(&grid->filter);
	arena_free(&grid->scratch);
}

/* ---- fetching ---------------------------------------------------------- */

static const char *
value_of(const struct row *row, int column)
{
	const char *raw = row->raw[column], *cell = row->cells[column];

	return raw != NULL ? raw : cell != NULL ? cell : "";
}

bool
row_passes(const struct filter *filter, const struct row *row)
{
	const char *values[GRID_CELLS];

	if (filter == NULL)
		return true;
	for (int i = 0; i < GRID_CELLS; i++)
		values[i] = value_of(row, i);
	return filter_match(filter, values);
}

bool
grid_shows(const struct grid *grid, const struct row *row)
{
	return row_passes(grid->filter, row);
}

size_t
grid_columns(const struct grid *grid, struct filter_column *out)
{
	memcpy(out, grid->named, grid->n_columns * sizeof *out);
	return grid->n_columns;
}

/* How surely two rows are of one record: where a list came anew its place
 * says little, and several of its rows may have one key. */
int
grid_likeness(const struct row *a, const struct row *b)
{
	if (strcmp(a->key, b->key) != 0)
		return 0;
	if (a->key[0] == '\0')
		return a->id == b->id;
	for (int i = 0; i < 2; i++)
		if (strcmp(a->cells[i] ? a->cells[i] : "", b->cells[i] ?
		    b->cells[i] : "") != 0)
			return 1;
	return 2 + (a->id == b->id);
}

struct order {
	const struct row *row;
	size_t at;
	const struct grid *grid;
};

static int
by_column(const void *x, const void *y)
{
	const struct order *a = x, *b = y;
	const struct grid *grid = a->grid;
	int sort = grid->sort, way = filter_compare(grid->named[sort].kind,
	    value_of(a->row, sort), value_of(b->row, sort));

	if (way != 0)
		return grid->descending ? -way : way;
	return a->at < b->at ? -1 : a->at > b->at;
}

#define SORT_MAX 100000	/* rows that are sorted in memory */

static size_t
fetch_all(struct grid *grid, struct arena *arena, struct order *all)
{
	struct row batch[BATCH], *last = NULL;
	size_t n = 0, got = BATCH;

	while (got == BATCH && n < SORT_MAX) {
		got = grid->fetch(grid->ctx, arena, last, false, batch,
		    BATCH);
		for (size_t i = 0; i < got && n < SORT_MAX; i++) {
			struct row *row = arena_alloc(arena, sizeof *row);

			*row = batch[i];
			all[n] = (struct order){ row, n, grid };
			n++;
		}
		if (got > 0)
			last = memcpy(arena_alloc(arena, sizeof *last),
			    &batch[got - 1], sizeof *last);
	}
	return n;
}

/* Headings belong to the order of the pane; by another they mean nothing. */
static void
sort_all(struct grid *grid)
{
	struct arena *arena = arena_new();
	struct order *all;
	char place[24];

	forget_sorted(grid);
	if (grid->sort < 0 || grid->seek != NULL) {
		arena_free(&arena);
		return;
	}
	all = calloc(SORT_MAX, sizeof *all);
	if (all == NULL)
		bug("out of memory");
	grid->n_sorted = fetch_all(grid, arena, all);
	qsort(all, grid->n_sorted, sizeof *all, by_column);
	grid->sorted = calloc(grid->n_sorted + 1, sizeof(struct row *));
	if (grid->sorted == NULL)
		bug("out of memory");
	for (size_t i = 0; i < grid->n_sorted; i++) {
		struct row row = *all[i].row;

		snprintf(place, sizeof place, "%zu", i);
		row.place = place;
		grid->sorted[i] = row_copy(&row);
	}
	free(all);
	arena_free(&arena);
}

static size_t
fetch_sorted(struct grid *grid, const struct row *from, bool backward,
    struct row *out, size_t n)
{
	int64_t step = backward ? -1 : 1, last = (int64_t)grid->n_sorted - 1;
	int64_t at = backward ? last : 0;
	size_t got = 0;

	if (from != NULL)
		at = strtoll(from->place, NULL, 10) + step;
	if (at > last && backward)
		at = last;
	for (; got < n && at >= 0 && at <= last; at += step)
		out[got++] = *grid->sorted[at];
	return got;
}

static void
seek_fetched(struct grid *grid, struct grid_stretch *stretch)
{
	struct row batch[BATCH];
	size_t got, i;

	stretch->got = 0;
	got = grid->sorted != NULL ? fetch_sorted(grid, stretch->from,
	    stretch->backward, batch, BATCH) : grid->fetch(grid->ctx,
	    grid->scratch, stretch->from, stretch->backward, batch, BATCH);
	for (i = 0; i < got; i++) {
		if (!grid_shows(grid, &batch[i]))
			continue;
		if (stretch->out != NULL)
			stretch->out[stretch->got] = batch[i];
		stretch->got++;
		if (stretch->out != NULL && stretch->got == stretch->n)
			break;
	}
	stretch->end = i == got && got < BATCH;
	if (got > 0)
		stretch->last = batch[i < got ? i : got - 1];
}

static void
seek(struct grid *grid, struct grid_stretch *stretch)
{
	arena_reset(grid->scratch);
	if (grid->seek != NULL)
		grid->seek(grid->ctx, grid->scratch, stretch);
	else
		seek_fetched(grid, stretch);
}

void
grid_reach(struct grid *grid, struct grid_stretch *stretch)
{
	seek(grid, stretch);
}

/* ---- searching --------------------------------------------------------- */

static bool
upward(const struct grid *grid)
{
	return grid->scan == SCAN_UP || grid->scan == SCAN_ABOVE ||
	    grid->scan == SCAN_FILL;
}

static void
append(struct grid *grid, const struct row *row)
{
	if (grid->building) {
		grid->ahead[grid->n_ahead++] = row_copy(row);
		return;
	}
	grid->rows[grid->n++] = row_copy(row);
	if (grid->moving)
		grid->cursor = grid->n - 1;
}

static void
prepend(struct grid *grid, const struct row *row)
{
	if (grid->building) {
		memmove(grid->ahead + 1, grid->ahead, grid->n_ahead *
		    sizeof *grid->ahead);
		grid->ahead[0] = row_copy(row);
		grid->n_ahead++;
		grid->mark++;
	} else {
		memmove(grid->rows + 1, grid->rows, grid->n *
		    sizeof *grid->rows);
		grid->rows[0] = row_copy(row);
		grid->n++;
		grid->cursor = grid->moving ? 0 : grid->cursor + 1;
	}
	if (grid->first > 0 && grid->scan != SCAN_ABOVE)
		grid->first--;
}

/* Rows pushed off the other edge. */
static void
trim(struct grid *grid, bool below)
{
	size_t over = grid->n > grid->height ? grid->n - grid->height : 0;

	if (over == 0)
		return;
	if (below) {
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

/* The window that was built takes the place of the one that is shown. */
static void
show_ahead(struct grid *grid)
{
	int best = 0;

	if (!grid->building)
		return;
	forget(grid->rows, &grid->n);
	memcpy(grid->rows, grid->ahead, grid->n_ahead * sizeof *grid->rows);
	grid->n = grid->n_ahead;
	grid->n_ahead = 0;
	grid->building = false;
	grid->cursor = grid->to_end ? grid->n : grid->mark;
	if (grid->cursor >= grid->n)
		grid->cursor = grid->n > 0 ? grid->n - 1 : 0;
	for (size_t i = 0; grid->at != NULL && i < grid->n; i++) {
		int like = grid_likeness(grid->rows[i], grid->at);

		if (like > best) {
			best = like;
			grid->cursor = i;
		}
	}
}

/* Above all has been found that there is room for; now from there down. */
static void
turn_down(struct grid *grid, bool end)
{
	const struct row *from = grid->n_ahead > 0 ?
	    grid->ahead[grid->n_ahead - 1] : NULL;

	grid->topped = end;
	if (end)
		grid->first = 0;
	if (grid->line == 0) {
		/* It was only to know where the record begins. */
		put_row(&grid->from, from);
		forget(grid->ahead, &grid->n_ahead);
	} else {
		put_row(&grid->from, from);
	}
	grid->mark = grid->n_ahead;
	grid->scan = SCAN_BELOW;
	grid->want = grid->height > grid->n_ahead ? grid->height -
	    grid->n_ahead : 0;
}

static void
turn_up(struct grid *grid)
{
	size_t n = grid->building ? grid->n_ahead : grid->n;
	struct row **rows = grid->building ? grid->ahead : grid->rows;

	grid->scan = SCAN_FILL;
	grid->want = grid->height > n ? grid->height - n : 0;
	put_row(&grid->from, n > 0 ? rows[0] : NULL);
}

/* The rows wanted are found, or there are no more. */
static void
turn(struct grid *grid, bool end)
{
	bool up = upward(grid);

	if (grid->scan == SCAN_ABOVE) {
		turn_down(grid, end && (grid->line == 0 ?
		    grid->n_ahead == 0 : grid->want > 0));
	} else if (grid->scan == SCAN_BELOW && grid->want > 0 &&
	    !grid->topped) {
		turn_up(grid);
	} else {
		if (up && end && grid->want > 0)
			grid->first = 0;
		show_ahead(grid);
		stop_scan(grid);
	}
}

/* One stretch of the search under way. */
static void
run_stretch(struct grid *grid, int64_t deadline)
{
	struct row found[BATCH];
	struct grid_stretch stretch = { .from = grid->from,
	    .backward = upward(grid), .deadline = deadline, .out = found,
	    .n = grid->want < BATCH ? grid->want : BATCH };

	if (grid->want == 0) {
		turn(grid, false);
		return;
	}
	seek(grid, &stretch);
	for (size_t i = 0; i < stretch.got; i++) {
		if (upward(grid))
			prepend(grid, &found[i]);
		else
			append(grid, &found[i]);
		grid->want--;
	}
	if (grid->want == 0 || stretch.end)
		turn(grid, stretch.end);
	else
		put_row(&grid->from, &stretch.last);
}

static void
run_scan(struct grid *grid)
{
	int64_t until = clock_mono() + SLICE;
	bool up = upward(grid);

	do
		run_stretch(grid, until);
	while (grid->scan != SCAN_NONE && clock_mono() < until);
	trim(grid, up);
	/* What is known by now is shown, when all takes too long. */
	if (grid->building && grid->scan != SCAN_ABOVE &&
	    grid->n_ahead > 0 && clock_mono() - grid->began > PATIENCE)
		show_ahead(grid);
}

static void
start_scan(struct grid *grid, enum scan scan, const struct row *from,
    size_t want)
{
	put_row(&grid->from, from);
	grid->scan = scan;
	grid->want = want < GRID_ROWS ? want : GRID_ROWS;
}

/* A new window; `at` of it on that line, NULL: from an end. */
static void
rebuild(struct grid *grid, const struct row *at, size_t line, bool to_end)
{
	struct row *copy = at ? row_copy(at) : NULL, now;
	bool found;

	stop_scan(grid);
	put_row(&grid->at, NULL);
	grid->at = copy;
	grid->line = line < grid->height ? line : grid->height - 1;
	grid->building = true;
	grid->moving = false;
	grid->topped = at == NULL && !to_end;
	grid->to_end = to_end;
	grid->mark = 0;
	grid->began = clock_mono();
	if (copy == NULL) {
		start_scan(grid, to_end ? SCAN_FILL : SCAN_BELOW, NULL,
		    grid->height);
		return;
	}
	arena_reset(grid->scratch);
	found = grid->find != NULL && grid->find(grid->ctx, grid->scratch,
	    copy, &now);
	start_scan(grid, SCAN_ABOVE, found ? &now : copy, grid->line > 0 ?
	    grid->line : 1);
}

/* ---- counting ---------------------------------------------------------- */

#define COUNTING 4000	/* microseconds of it between two keys */

/* What stands above the first row that is shown, then what stands below. */
static void
start_census(struct grid *grid)
{
	grid->recount = false;
	if (grid->n == 0) {
		grid->total = 0;
		return;
	}
	put_row(&grid->counted, grid->rows[0]);
	put_row(&grid->counting, grid->rows[0]);
	grid->above = 0;
	grid->below = 1;
	grid->census = CENSUS_ABOVE;
}

static bool
uncounted(const struct grid *grid)
{
	return grid->recount || (grid->filter != NULL && grid->total < 0) ||
	    (grid->n > 0 && grid->first < 0);
}

static void
end_census(struct grid *grid)
{
	grid->census = CENSUS_DONE;
	grid->total = grid->filter ? grid->above + grid->below : -1;
	if (grid->n > 0 && grid_likeness(grid->rows[0], grid->counted) > 0)
		grid->first = grid->above;
}

static void
step_census(struct grid *grid)
{
	struct grid_stretch stretch = { .from = grid->counting,
	    .backward = grid->census == CENSUS_ABOVE,
	    .deadline = clock_mono() + COUNTING };

	seek(grid, &stretch);
	if (stretch.backward)
		grid->above += (int64_t)stretch.got;
	else
		grid->below += (int64_t)stretch.got;
	if (!stretch.end) {
		put_row(&grid->counting, &stretch.last);
	} else if (stretch.backward && grid->filter != NULL) {
		put_row(&grid->counting, grid->counted);
		grid->census = CENSUS_BELOW;
	} else {
		end_census(grid);
	}
}

bool
grid_searching(const struct grid *grid)
{
	return grid->scan != SCAN_NONE;
}

bool
grid_busy(const struct grid *grid)
{
	return grid->scan != SCAN_NONE || grid->census != CENSUS_DONE ||
	    uncounted(grid);
}

void
grid_step(struct grid *grid)
{
	if (grid->scan != SCAN_NONE)
		run_scan(grid);
	else if (grid->census != CENSUS_DONE)
		step_census(grid);
	else if (uncounted(grid))
		start_census(grid);
}

/* ---- moving ------------------------------------------------------------ */

static void
to_an_end(struct grid *grid, bool last)
{
	put_row(&grid->kept, NULL);
	grid->first = last ? -1 : 0;
	sort_all(grid);
	rebuild(grid, NULL, 0, last);
	run_scan(grid);
}

void
grid_first(struct grid *grid)
{
	to_an_end(grid, false);
}

void
grid_last(struct grid *grid, int64_t total)
{
	if (grid->filter != NULL)
		total = grid->total;
	to_an_end(grid, true);
	if (total >= 0 && grid->scan == SCAN_NONE && grid->first < 0)
		grid->first = total - (int64_t)grid->n;
}

/* What had been on the screen, and is still what it was. */
static void
keep_painted(struct grid *grid, struct row **old, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < grid->n; k++)
			if (grid->rows[k]->id == old[i]->id &&
			    grid->rows[k]->version == old[i]->version &&
			    strcmp(grid->rows[k]->key, old[i]->key) == 0)
				grid->rows[k]->painted = true;
		free(old[i]);
	}
}

static void
fetch_again(struct grid *grid)
{
	/* What is searched for is not begun again with each piece of news. */
	if (grid->building)
		return;
	if (grid->n == 0)
		grid->first = 0;
	sort_all(grid);
	rebuild(grid, grid_row(grid), grid->cursor, false);
	run_scan(grid);
	grid->recount = grid->filter != NULL;
}

void
grid_go(struct grid *grid, const struct row *was)
{
	struct row *copy = row_copy(was);

	rebuild(grid, copy, 0, false);
	run_scan(grid);
	free(copy);
}

void
grid_again(struct grid *grid)
{
	struct row *old[GRID_ROWS];
	size_t n = 0;

	for (size_t i = 0; i < grid->n && n < GRID_ROWS; i++)
		if (grid->rows[i]->painted)
			old[n++] = row_copy(grid->rows[i]);
	fetch_again(grid);
	keep_painted(grid, old, n);
}

/* Other rows are shown, or in another order: nothing counted holds. They are
 * searched for once no key is waiting, see grid_step(). */
static void
change(struct grid *grid)
{
	if (grid->kept == NULL && grid->n > 0) {
		put_row(&grid->kept, grid->rows[grid->cursor]);
		grid->kept_line = grid->cursor;
	}
	grid->first = grid->kept ? -1 : 0;
	grid->total = -1;
	grid->census = CENSUS_DONE;
	sort_all(grid);
	rebuild(grid, grid->kept, grid->kept_line, false);
}

void
grid_filter(struct grid *grid, struct filter *filter)
{
	filter_free(&grid->filter);
	grid->filter = filter;
	change(grid);
}

void
grid_sort(struct grid *grid, int column, bool descending)
{
	grid->sort = column < (int)grid->n_columns ? column : -1;
	grid->descending = descending;
	change(grid);
}

void
grid_keep(struct grid *grid)
{
	put_row(&grid->kept, NULL);
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
	if (grid->building)
		rebuild(grid, grid->at, grid->line, grid->to_end);
	else if (grid->n > 0)
		grid_again(grid);
}

void
grid_move(struct grid *grid, int rows)
{
	size_t step = (size_t)(rows < 0 ? -rows : rows);

	if (grid->building && grid->n_ahead > 0 && grid->scan != SCAN_ABOVE)
		show_ahead(grid);
	if (grid->n == 0 || grid->building)
		return;
	put_row(&grid->kept, NULL);
	stop_scan(grid);
	if (rows < 0 && step <= grid->cursor) {
		grid->cursor -= step;
	} else if (rows < 0) {
		step -= grid->cursor;
		grid->cursor = 0;
		grid->moving = true;
		start_scan(grid, SCAN_UP, grid->rows[0], step);
		run_scan(grid);
	} else if (grid->cursor + step < grid->n) {
		grid->cursor += step;
	} else {
		step -= grid->n - 1 - grid->cursor;
		grid->cursor = grid->n - 1;
		grid->moving = true;
		start_scan(grid, SCAN_DOWN, grid->rows[grid->n - 1], step);
		run_scan(grid);
	}
}

const struct row *
grid_row(const struct grid *grid)
{
	return grid->cursor < grid->n ? grid->rows[grid->cursor] : NULL;
}

/* ---- drawing ----------------------------------------------------------- */

/* How far the rows reach. */
static int
room(const struct grid *grid)
{
	return grid->width > 0 ? grid->width : term_columns();
}

/* What is drawn of the columns on this screen. */
static void
fit(const struct grid *grid, struct layout_fit *out)
{
	struct layout plain;

	if (grid->layout != NULL && grid->layout->n == grid->n_columns) {
		layout_fit(grid->layout, grid->columns,
		    room(grid) - MARGIN, out);
		return;
	}
	layout_reset(&plain, grid->n_columns);
	layout_fit(&plain, grid->columns, room(grid) - MARGIN, out);
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

/* A figure is whole or, as in a spreadsheet, #####: what is cut looks like
 * another one. */
static const char *
fitted(const struct grid *grid, const char *text, int width, bool figure)
{
	char *signs;

	if (!figure || width <= 0 ||
	    utf8_width(span_of(text)) <= width)
		return text_middle(grid->scratch, text, width);
	signs = arena_alloc(grid->scratch, (size_t)width + 1);
	memset(signs, '#', (size_t)width);
	signs[width] = '\0';
	return signs;
}

/* In brackets, where there is room; else one sees it on its colour. */
static void
draw_chosen(const struct grid *grid, int y, int x, int width,
    const char *text)
{
	if (utf8_width(span_of(text)) + 2 <= width)
		text = arena_printf(grid->scratch, "[%s]", text);
	term_put(y, x, width, TONE_BAR, true, fitted(grid, text, width,
	    true));
}

static void
draw_row(const struct grid *grid, int y, const struct row *row,
    const struct layout_fit *shown)
{
	int x = MARGIN;

	if (spans(grid, row)) {
		if (grid->marked)
			term_marked(y, x, room(grid) - x, row->tone,
			    row->cells[0]);
		else
			term_put(y, x, room(grid) - x, row->tone, false,
			    row->cells[0]);
		return;
	}
	for (size_t i = 0; i < shown->n; i++) {
		size_t column = shown->column[i];

		if (grid->cell == (int)column && column > 0 &&
		    row->key[0] != '\0' && row == grid->rows[grid->cursor])
			draw_chosen(grid, y, x, shown->width[i],
			    row->cells[column]);
		else if (grid->marked)
			term_marked(y, x, shown->width[i], row->tone,
			    row->cells[column]);
		else
			term_put(y, x, shown->width[i], row->tone,
			    grid->columns[column].right, fitted(grid,
			    row->cells[column], shown->width[i],
			    grid->columns[column].right &&
			    row->tone != TONE_HEAD));
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
	if (room == width)
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

/* The row that the cursor is on: a mark and the beginning of its first column,
 * never the whole line, which costs ten times as much to send. */
static void
draw_cursor(const struct grid *grid, int y, const struct layout_fit *shown)
{
	const struct row *row = grid->rows[grid->cursor];
	bool whole = shown->n == 0 || spans(grid, row);
	size_t column = whole ? 0 : shown->column[0];
	const char *text = row->cells[column] ? row->cells[column] : "";
	int n = 0, x = MARGIN;

	if (term_look() == LOOK_CURSOR)
		return;
	term_put(y, 0, 1, TONE_PLAIN, false, ">");
	while (text[n] > ' ' && text[n] < 0x7f && n < LIGHT)
		n++;
	if (term_look() != LOOK_KEY || n == 0)
		return;
	if (!whole && n > shown->width[0])
		n = shown->width[0];
	if (!whole && grid->columns[column].right) {
		int rest = shown->width[0] - utf8_width(span_of(text));

		x += rest > 0 ? rest : 0;
	}
	term_light(y, x, n, row->tone);
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

		if (marked != NULL && marked(ctx, grid->rows[i]))
			term_put(at, 1, 1, TONE_STRONG, false, "*");
		else if (grid->rows[i]->changed)
			term_put(at, 1, 1, TONE_STRONG, false, "~");
		draw_row(grid, at, grid->rows[i], &shown);
		if (i == grid->cursor)
			draw_cursor(grid, at, &shown);
		grid->rows[i]->painted = true;
	}
	if (grid->n == 0)
		term_put(y + 1, MARGIN, room(grid) - MARGIN, TONE_PLAIN,
		    false, grid_searching(grid) ? _("Searching...") :
		    grid->filter ? _("Nothing matches the filter.") :
		    grid->absent ? _("Not in the local copy; it comes when "
		    "the daemon is back.") :
		    grid->coming ? _("Still coming from the daemon.") :
		    _("Nothing here."));
	if (head > 0)
		term_cursor(y, head);
	else
		term_cursor(y + 1 + (int)grid->cursor, 0);
}
