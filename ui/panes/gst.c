/*
 * Returns of one GSTIN and period: what is to be paid and by when on top, then
 * the sections, down to the documents of one cell.  All of it is fetched when
 * somebody looks and kept by what it is of.
 */
#include "ui/paged.h"
#include "ui/panes_gst.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/i18n.h"
#include "core/utf8.h"
#include "ui/text.h"
#include "wire/gst.h"

#define LEAST 6		/* that a column which stretches shrinks to */

const struct pane *const panes_gst[] = {
	&pane_gst, &pane_gst_3b, &pane_gst_hsn, &pane_gst_issued,
	&pane_gst_changes, &pane_gst_agree, &pane_gst_calendar, &pane_gst_filings, NULL
};

/* ---- fetching ----------------------------------------------------------- */

static const char *
word_of(struct view *view, int n)
{
	return gst_word(view->arena, view->place.key, n);
}

bool
gst_find(struct view *view, const char *word, struct span *out)
{
	return cache_find(view->cache, view->arena, "gst",
	    gst_stored(view->arena, word, view->place.key), out);
}

void
gst_want(struct view *view, const char *words)
{
	bool aged = view_ages(view);
	const char *key = arena_printf(view->arena, "%s %s", words,
	    view->place.key);

	if (aged || strcmp(view->want_key, key) != 0)
		view_want(view, JOB_GST, key);
}

struct registrations {
	struct wire_rows rows;
	const char *entity, *name, *filing;	/* of the view's; "" */
};

static bool
registrations(struct view *view, struct registrations *out)
{
	static const char *const paths[] = { "gstin", "entity", "name",
	    "filing" };
	const char *gstin = word_of(view, 0), **t;
	struct span json;

	*out = (struct registrations){ .entity = "" };
	if (!gst_find(view, "registrations", &json) || !shape_rows(json,
	    "items", paths, 4, view->arena, &out->rows))
		return false;
	for (size_t i = 0; i < out->rows.n; i++) {
		t = out->rows.texts + 4 * i;
		if (i > 0 && strcmp(t[0], gstin) != 0)
			continue;
		out->entity = t[1];
		out->name = t[2];
		out->filing = t[3];
	}
	return true;
}

const char *
gst_filing(struct view *view)
{
	struct registrations all;

	return registrations(view, &all) && all.rows.n > 0 ? all.filing : "";
}

/* What to look at, when nobody said: the first GSTIN, what it files next. */
static bool
settle(struct view *view)
{
	struct registrations all;
	struct span filings;

	if (word_of(view, 1)[0] != '\0')
		return true;
	if (!registrations(view, &all) || all.rows.n == 0) {
		gst_want(view, "registrations");
		return false;
	}
	if (word_of(view, 0)[0] == '\0')
		snprintf(view->place.key, sizeof view->place.key, "%s",
		    all.rows.texts[0]);
	if (!gst_find(view, "filings", &filings)) {
		gst_want(view, "filings");
		return false;
	}
	snprintf(view->place.key, sizeof view->place.key, "%s",
	    gst_with(view->arena, view->place.key, 1, gst_period_ready(
	    view->arena, day_from_time(clock_now()), strcmp(all.filing,
	    "quarterly") == 0, filings)));
	return true;
}

/* ---- heads -------------------------------------------------------------- */

void
gst_line(struct view *view, enum tone tone, const char *text)
{
	view_add(view, tone, "", (const char *const []){ text, NULL });
}

/* The page that is shown, among those that Tab goes round. */
static void
add_pages(struct view *view)
{
	const char *out = "";
	bool among = false;

	for (const struct pane *const *p = panes_gst; *p != NULL; p++) {
		among |= *p == view->place.pane;
		out = arena_printf(view->arena, *p == view->place.pane ?
		    "%s[%s]  " : "%s%s  ", out, _((*p)->title));
	}
	if (among)
		gst_line(view, TONE_HEAD, out);
}

bool
gst_head(struct view *view)
{
	struct arena *arena = view->arena;
	struct registrations all;

	if (view->place.pane->list != NULL)
		view_columns(view);
	if (!settle(view)) {
		if (registrations(view, &all) && all.rows.n == 0)
			gst_line(view, TONE_HEAD, _("No company is "
			    "registered under GST: import the table "
			    "registration."));
		return false;
	}
	if (!registrations(view, &all))
		all.entity = all.name = all.filing = "";
	gst_line(view, TONE_STRONG, arena_printf(arena,
	    "%s  %s  %s %s  %s", word_of(view, 0),
	    gst_period_text(arena, word_of(view, 1)),
	    text_cut(arena, all.entity, 20), text_cut(arena, all.name, 60),
	    gst_text(arena, all.filing)));
	add_pages(view);
	return true;
}

/* ---- rows --------------------------------------------------------------- */

void
gst_rows_add(struct view *view, const struct list_rows *rows,
    gst_row_key *key)
{
	for (size_t i = 0; i < rows->n; i++) {
		const struct list_row *row = &rows->items[i];

		if (!view->placed)
			view->go = (int64_t)view->list.n;
		view->placed = true;
		view_add_version(view, row->alarm > 0 ? TONE_BAD :
		    TONE_PLAIN, key != NULL ? key(view, row) : row->key,
		    row->version, row->cells);
	}
}

/* What stretches gives way before a number is cut at the edge. */
static void
make_room(struct column *columns, size_t n)
{
	int over = 2 - term_columns();

	for (size_t c = 0; c < n; c++)
		if (columns[c].drop == 0)
			over += columns[c].width + 1;
	for (size_t c = 0; c < n; c++)
		if (columns[c].stretch && over > 0)
			columns[c].width = columns[c].width - over > LEAST ?
			    columns[c].width - over : LEAST;
}

void
gst_fit(struct view *view)
{
	size_t n = view->grid.n_columns;

	for (size_t c = 1; c < n; c++) {
		struct column *column = &view->columns[c];

		for (size_t i = 0; column->right && i < view->list.n; i++) {
			const struct row *row = vec_at(&view->list, i);
			int w = row->cells[c] == NULL ? 0 :
			    utf8_width(span_of(row->cells[c]));

			if (w > column->width)
				column->width = w;
		}
	}
	make_room(view->columns, n);
}

void
gst_stay(struct view *view)
{
	const struct row *at = grid_row(&view->grid), *row;

	if (at == NULL || at->key[0] == '\0')
		return;
	row = at->id < (int64_t)view->list.n ? vec_at(&view->list,
	    (size_t)at->id) : NULL;
	if (row != NULL && strcmp(row->key, at->key) == 0)
		return;
	for (size_t i = view->list.n; i > 0; i--) {
		row = vec_at(&view->list, i - 1);
		if (strcmp(row->key, at->key) == 0)
			view->go = (int64_t)i - 1;
	}
}

void
gst_pages(struct view *view, const char *before, const char *word, int shown,
    bool more)
{
	struct arena *arena = view->arena;

	if (view->pages == 0)
		gst_want(view, arena_printf(arena, "%s%s", before, word));
	else if (!view->asked || (view->pages <= VIEW_PAGES &&
	    view_ages(view)))
		view_want(view, JOB_GST, arena_printf(arena,
		    "%s%s+%s@1-%d %s", before, word, word, view->pages,
		    view->place.key));
	paged_follow(view, JOB_GST, arena_printf(arena, "%s@%d-%d %s", word,
	    shown, shown + VIEW_PAGES - 1, view->place.key), shown, more,
	    (int64_t)view->list.n);
}

/* *more: the daemon has rows behind them. Returns how many pages there are. */
static int
add_list(struct view *view, const char *word, gst_row_key *key, bool *more)
{
	const struct list *list = gst_list(view->arena, word);
	struct list_rows rows = { .next = "" };
	const char *one = word;
	struct span json;
	int page;

	for (page = 0; page <= view->pages; page++) {
		if (page > 0)
			one = arena_printf(view->arena, "%s@%d", word, page);
		if ((page > 0 && rows.next[0] == '\0') ||
		    !gst_find(view, one, &json) ||
		    !list_read(list, json, view->arena, &rows))
			break;
		gst_rows_add(view, &rows, key);
	}
	if (rows.n == 0)
		gst_line(view, TONE_PLAIN, gst_find(view, word, &json) ?
		    _("Nothing here.") : _("Still coming from the daemon."));
	*more = rows.next[0] != '\0';
	return page;
}

void
gst_load(struct view *view, gst_row_key *key)
{
	const char *word = view->place.pane->list + strlen("gst_");
	bool more;
	int shown;

	if (!gst_head(view))
		return;
	shown = add_list(view, word, key, &more);
	gst_stay(view);
	gst_fit(view);
	gst_pages(view, "", word, shown, more);
}

/* ---- the summary -------------------------------------------------------- */

static void
add_due(struct view *view, const struct wire_gst_summary *s)
{
	struct arena *arena = view->arena;
	const char *out = "";
	bool late = false;

	for (size_t i = 0; i < s->n_due; i++) {
		const struct wire_gst_due *due = &s->due[i];
		long days = strtol(due->days, NULL, 10);

		late |= days < 0;
		out = arena_printf(arena, days < 0 ?
		    _("%s%s%s was due %s, %ld days ago") :
		    _("%s%s%s by %s, %ld days"), out, i > 0 ? "   " : "",
		    gst_text(arena, due->form), text_day(arena, due->date),
		    days < 0 ? -days : days);
	}
	if (s->n_due > 0)
		gst_line(view, late ? TONE_BAD : TONE_PLAIN, out);
}

static void
add_notes(struct view *view, const struct wire_gst_summary *s)
{
	struct arena *arena = view->arena;

	if (strcmp(s->state, "filed") == 0)
		gst_line(view, TONE_STRONG, _("Filed: what changes now "
		    "becomes an amendment."));
	if (strtoll(s->unplaced, NULL, 10) > 0)
		gst_line(view, TONE_BAD, arena_printf(arena,
		    _("%s documents are in no section."), text_number(arena, s->unplaced)));
	if (strtoll(s->changed, NULL, 10) > 0)
		gst_line(view, TONE_BAD, arena_printf(arena,
		    _("%s documents changed since it was exported or "
		    "filed."), text_number(arena, s->changed)));
}

static void
add_total(struct view *view, struct span json)
{
	const struct list *list = list_find("gst_summary");
	const char *paths[LIST_COLUMNS], *out[LIST_COLUMNS];
	const char *cells[GRID_CELLS + 1] = { _("Total") };
	size_t n = list_width(list);

	for (size_t i = 0; i < n; i++)
		paths[i] = arena_printf(view->arena, "total.%s",
		    list->columns[i].path);
	if (!shape_texts(json, paths, n, view->arena, out))
		return;
	for (size_t i = 1; i < n; i++)
		cells[i] = list->columns[i].form == FORM_RUPEES ?
		    text_money(view->arena, "INR", out[i]) :
		    text_number(view->arena, text_cut(view->arena, out[i],
		    40));
	view_add(view, TONE_STRONG, "", cells);
}

/* Where the list of the pane has a head of tax; 0: not at all. */
static size_t
column_of(const struct list *list, const char *path)
{
	for (size_t i = 0; i < list_width(list); i++)
		if (strcmp(list->columns[i].path, path) == 0)
			return i;
	return 0;
}

void
gst_liability(struct view *view)
{
	static const struct {
		const char *path, *text;
		bool always;
	} figures[] = {
		{ "output", N_("Tax on what was sold"), true },
		{ "reverse_charge", N_("Reverse charge, in cash only"),
		    false },
		{ "credit_before", N_("Credit brought forward"), false },
		{ "credit", N_("Credit of the period"), true },
		{ "cash_total", N_("To be paid in cash"), true },
		{ "credit_after", N_("Credit carried forward"), false },
	};
	const struct list *list = list_find(view->place.pane->list);
	const char *paths[1 + sizeof figures / sizeof *figures] = { "head" };
	size_t n = sizeof figures / sizeof *figures;
	struct wire_rows rows;
	struct span json;

	for (size_t f = 0; f < n; f++)
		paths[1 + f] = figures[f].path;
	if (!gst_find(view, "liability", &json) || !shape_rows(json,
	    "payment", paths, 1 + n, view->arena, &rows))
		return;
	for (size_t f = 0; f < n; f++) {
		const char *cells[GRID_CELLS + 1] = { "", _(figures[f].text) };
		bool any = figures[f].always;

		for (size_t i = 2; i < list_width(list); i++)
			cells[i] = "";
		for (size_t i = 0; i < rows.n; i++) {
			const char **t = rows.texts + i * (1 + n);
			size_t at = column_of(list, t[0]);

			any |= strspn(t[1 + f], "0.") != strlen(t[1 + f]);
			if (at > 0)
				cells[at] = text_money(view->arena, "INR",
				    t[1 + f]);
		}
		if (any)
			view_add(view, strcmp(figures[f].path, "cash_total")
			    == 0 ? TONE_STRONG : TONE_PLAIN, "", cells);
	}
}

static void
load_summary(struct view *view)
{
	struct wire_gst_summary s;
	struct list_rows rows;
	struct span json;
	bool agrees;

	if (!gst_head(view))
		return;
	if (gst_find(view, "summary", &json) &&
	    shape_gst_summary(json, view->arena, &s) &&
	    list_read(list_find("gst_summary"), json, view->arena, &rows)) {
		add_due(view, &s);
		gst_liability(view);
		gst_sides(view, &agrees);
		add_notes(view, &s);
		gst_rows_add(view, &rows, NULL);
		add_total(view, json);
	}
	gst_stay(view);
	gst_fit(view);
	gst_want(view, "registrations+summary+liability+~agree");
}

static bool
open_section(struct view *view, const struct row *row, struct place *out)
{
	const struct pane *pane = strncmp(row->key, "hsn", 3) == 0 ?
	    &pane_gst_hsn : strcmp(row->key, "doc_issue") == 0 ?
	    &pane_gst_issued : &pane_gst_cells;
	const char *key = pane != &pane_gst_cells ? view->place.key :
	    gst_with(view->arena, view->place.key, 2, row->key);

	if (row->key[0] == '\0' || strlen(key) >= VIEW_KEY)
		return false;
	place_set(out, pane, key, row->cells[0]);
	return true;
}

const struct pane pane_gst = {
	.name = "gst", .title = N_("GSTR-1"), .act = ACT_GST,
	.list = "gst_summary",
	.can = CAN_OPEN | CAN_FILTER | CAN_PERIOD | CAN_GST | CAN_FILE,
	.load = load_summary, .open = open_section
};

/* ---- a section, a cell -------------------------------------------------- */

/* Type, place and rate, as the list of documents takes them. */
static const char *
cell_key(struct view *view, const struct list_row *row)
{
	return gst_with(view->arena, gst_with(view->arena, gst_with(
	    view->arena, "", 0, row->raw[0]), 1, row->raw[1]), 2,
	    row->raw[2]);
}

static void
load_cells(struct view *view)
{
	gst_load(view, cell_key);
}

static bool
open_cell(struct view *view, const struct row *row, struct place *out)
{
	const char *key = view->place.key;

	if (row->key[0] == '\0')
		return false;
	for (int i = 0; i < 3; i++)
		key = gst_with(view->arena, key, 3 + i, gst_word(view->arena,
		    row->key, i));
	if (strlen(key) >= VIEW_KEY)
		return false;
	place_set(out, &pane_gst_documents, key, arena_printf(view->arena,
	    "%s %s %s", row->cells[0], row->cells[1], row->cells[2]));
	return true;
}

const struct pane pane_gst_cells = {
	.name = "gst-cells", .title = N_("section"), .list = "gst_cells",
	.can = CAN_OPEN | CAN_FILTER | CAN_PERIOD | CAN_GST,
	.load = load_cells, .open = open_cell
};

static void
load_list(struct view *view)
{
	gst_load(view, NULL);
}

static bool
open_document(struct view *view, const struct row *row, struct place *out)
{
	(void)view;
	if (row->key[0] != 'E')
		return false;
	place_set(out, &pane_event, row->key, row->cells[1]);
	return true;
}

const struct pane pane_gst_documents = {
	.name = "gst-documents", .title = N_("documents"),
	.list = "gst_documents",
	.can = CAN_OPEN | CAN_FILTER | CAN_PERIOD | CAN_GST,
	.load = load_list, .open = open_document
};

/* ---- the other pages ---------------------------------------------------- */

const struct pane pane_gst_hsn = {
	.name = "gst-hsn", .title = N_("HSN"), .list = "gst_hsn",
	.can = CAN_FILTER | CAN_PERIOD | CAN_GST, .load = load_list
};

const struct pane pane_gst_issued = {
	.name = "gst-issued", .title = N_("numbers"), .list = "gst_issued",
	.can = CAN_FILTER | CAN_PERIOD | CAN_GST, .load = load_list
};

const struct pane pane_gst_changes = {
	.name = "gst-changes", .title = N_("changes"),
	.list = "gst_changes",
	.can = CAN_OPEN | CAN_FILTER | CAN_PERIOD | CAN_GST,
	.load = load_list, .open = open_document
};

const struct pane pane_gst_calendar = {
	.name = "gst-calendar", .title = N_("due"), .list = "gst_calendar",
	.can = CAN_FILTER | CAN_PERIOD | CAN_GST, .load = load_list
};

const struct pane pane_gst_filings = {
	.name = "gst-filings", .title = N_("filed"), .list = "gst_filings",
	.can = CAN_FILTER | CAN_PERIOD | CAN_GST, .load = load_list
};
