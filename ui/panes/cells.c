/* One row with all its cells, also those that had no room in the table. */
#include "core/i18n.h"
#include "ui/panes.h"

#include <stdlib.h>

static const struct column columns[] = {
	{ N_("Column"), 20, false, false, 0 },
	{ N_("Value"), 30, true, false, 0 },
};

struct cells {
	struct arena *arena;
	size_t n;
	const char *heads[GRID_CELLS], *texts[GRID_CELLS];
};

static void
drop(struct view *view)
{
	struct cells *cells = view->data;

	arena_free(&cells->arena);
	free(cells);
}

void
cells_of(struct view *view, const struct grid *grid, const struct row *row)
{
	struct cells *cells = calloc(1, sizeof *cells);

	if (cells == NULL)
		bug("out of memory");
	cells->arena = arena_new();
	for (size_t i = 0; i < grid->n_columns; i++) {
		const char *head = grid->columns[i].head;

		cells->heads[cells->n] = head[0] != '\0' ? _(head) : "";
		cells->texts[cells->n++] = arena_strdup(cells->arena,
		    row->cells[i] ? row->cells[i] : "");
	}
	view->data = cells;
	view->drop = drop;
}

static void
load(struct view *view)
{
	const struct cells *cells = view->data;

	for (size_t i = 0; cells != NULL && i < cells->n; i++)
		view_add(view, TONE_PLAIN, "cell", (const char *const []){
		    cells->heads[i], cells->texts[i], NULL });
}

const struct pane pane_cells = {
	.name = "cells", .title = N_("all cells"), .columns = columns,
	.n_columns = 2, .can = CAN_FILTER, .load = load
};
