/*
 * What can be written of one GSTIN and period, and what was: how far it is,
 * then the receipt. It is made in the daemon, so that nobody has to wait here.
 */
#include "ui/panes_gst.h"

#include <stdio.h>
#include <string.h>

#include "core/i18n.h"
#include "ui/text.h"
#include "wire/gst_export.h"

static const struct column columns[] = {
	{ N_("Form"), 10, false, false, 0 },
	{ N_("Format"), 6, false, false, 0 },
	{ N_("Holds"), 20, true, false, 0 },
};

static bool
kept(struct view *view, const char *what, struct span *out)
{
	return cache_find(view->cache, view->arena, "gst", arena_printf(
	    view->arena, "%s %s", what, view->place.key), out);
}

static void
add_forms(struct view *view)
{
	for (size_t i = 0; i < n_gst_forms; i++) {
		const struct gst_form *f = &gst_forms[i];

		if (!view->placed)
			view->go = (int64_t)view->list.n;
		view->placed = true;
		view_add(view, TONE_PLAIN, arena_printf(view->arena, "%s %s",
		    f->form, f->format), (const char *const []){
		    gst_text(view->arena, f->form), f->format, _(f->what),
		    NULL });
	}
}

static void
add_totals(struct view *view, struct span json)
{
	struct arena *arena = view->arena;
	struct list_rows rows;

	if (!list_read(list_find("gst_totals"), json, arena, &rows))
		return;
	for (size_t i = 0; i < rows.n; i++) {
		const char *const *c = rows.items[i].cells;

		gst_line(view, TONE_PLAIN, arena_printf(arena,
		    _("%-8s %7s documents  taxable %s  tax %s %s %s"), c[0],
		    c[1], c[4], c[5], c[6], c[7]));
	}
}

static void
add_receipt(struct view *view, const struct wire_gst_export *x,
    struct span json)
{
	struct arena *arena = view->arena;
	struct span saved;

	add_totals(view, json);
	for (size_t i = 0; i < x->n_files; i++)
		gst_line(view, TONE_PLAIN, arena_printf(arena,
		    _("%s: %lld rows, %lld bytes"), text_cut(arena,
		    x->files[i].name, 120), (long long)x->files[i].rows,
		    (long long)x->files[i].bytes));
	for (size_t i = 0; i < x->n_warnings; i++)
		gst_line(view, TONE_BAD, arena_printf(arena,
		    _("WARNING: %s (%lld)"), text_cut(arena,
		    x->warnings[i].sentence, 200),
		    (long long)x->warnings[i].count));
	gst_line(view, TONE_STRONG, kept(view, "saved", &saved) ?
	    text_cut(arena, arena_strndup(arena, saved.p, saved.n), 400) :
	    _("Fetching its files."));
}

static void
add_state(struct view *view, const struct wire_gst_export *x,
    struct span json)
{
	struct arena *arena = view->arena;
	const char *what = arena_printf(arena, "%s %s %s", text_cut(arena,
	    x->id, 20), gst_text(arena, x->form), text_cut(arena, x->format,
	    10));

	gst_line(view, TONE_HEAD, "");
	if (!x->ended)
		gst_line(view, TONE_STRONG, arena_printf(arena, x->total > 0 ?
		    _("%s: %lld of %lld rows; c stops it") :
		    _("%s: %lld rows; c stops it"), what,
		    (long long)x->done, (long long)x->total));
	else if (strcmp(x->state, "done") != 0)
		gst_line(view, TONE_BAD, arena_printf(arena, "%s: %s. %s",
		    what, gst_text(arena, x->state), text_cut(arena, x->why,
		    200)));
	else {
		gst_line(view, TONE_HEAD, what);
		add_receipt(view, x, json);
	}
}

static void
load(struct view *view)
{
	struct wire_gst_export x;
	struct span json, saved;

	if (!gst_head(view))
		return;
	add_forms(view);
	if (!kept(view, "export", &json) ||
	    !shape_gst_export(json, view->arena, &x))
		return;
	add_state(view, &x, json);
	if (!x.ended || (strcmp(x.state, "done") == 0
	    && !kept(view, "saved", &saved)))
		view_want(view, JOB_EXPORT_LOOK, view->place.key);
}

const struct pane pane_gst_export = {
	.name = "gst-export", .title = N_("export"), .columns = columns,
	.n_columns = sizeof columns / sizeof *columns,
	.can = CAN_EXPORT, .load = load
};
