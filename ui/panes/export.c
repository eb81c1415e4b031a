/*
 * What can be written of one GSTIN and period, and what was: how far it is,
 * then the receipt. It is made in the daemon, so that nobody has to wait here.
 */
#include "ui/panes_gst.h"

#include <stdio.h>
#include <string.h>

#include "core/i18n.h"
#include "ui/recon.h"
#include "ui/text.h"
#include "wire/gst_export.h"

static const struct column columns[] = {
	{ N_("Form"), 10, false, false, 0 },
	{ N_("Format"), 6, false, false, 0 },
	{ N_("Holds"), 20, true, false, 0 },
	{ N_("Taxable"), 14, false, true, 0 },
	{ N_("Tax"), 13, false, true, 0 },
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
	bool quarterly = strcmp(gst_filing(view), "quarterly") == 0;

	for (size_t i = 0; i < n_gst_forms; i++) {
		const struct gst_form *f = &gst_forms[i];

		if (f->quarterly && !quarterly)
			continue;
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

		view_add(view, TONE_PLAIN, "", (const char *const []){ c[0],
		    c[1], _("documents"), c[4], text_money(arena, "INR",
		    recon_tax(arena, rows.items[i].raw + 5)), NULL });
	}
}

static void
add_receipt(struct view *view, const struct wire_gst_export *x,
    struct span json)
{
	struct arena *arena = view->arena;

	gst_line(view, TONE_HEAD, "");
	for (size_t i = 0; i < x->n_warnings; i++)
		gst_line(view, TONE_BAD, arena_printf(arena,
		    _("WARNING: %s (%lld)"), text_cut(arena,
		    x->warnings[i].sentence, 200),
		    (long long)x->warnings[i].count));
	for (size_t i = 0; i < x->n_files; i++)
		gst_line(view, TONE_PLAIN, arena_printf(arena,
		    _("%s: %s rows, %s bytes"), text_cut(arena,
		    x->files[i].name, 120), text_count(arena,
		    x->files[i].rows), text_count(arena,
		    x->files[i].bytes)));
	add_totals(view, json);
}

static const char *
state_text(struct view *view, const struct wire_gst_export *x)
{
	struct arena *arena = view->arena;
	struct span saved;

	if (!x->ended)
		return arena_printf(arena, x->total > 0 ?
		    _("%s of %s rows; c stops it") :
		    _("%s rows; c stops it"), text_count(arena, x->done),
		    text_count(arena, x->total));
	if (strcmp(x->state, "done") != 0)
		return arena_printf(arena, "%s %s", gst_text(arena,
		    x->state), text_cut(arena, x->why, 200));
	return kept(view, "saved", &saved) ? text_cut(arena, arena_strndup(
	    arena, saved.p, saved.n), 400) : _("Fetching its files.");
}

/* How far it is stands on top; the receipt goes on below the forms. */
static void
add_state(struct view *view, const struct wire_gst_export *x)
{
	struct arena *arena = view->arena;
	bool good = !x->ended || strcmp(x->state, "done") == 0;

	gst_line(view, good ? TONE_STRONG : TONE_BAD, arena_printf(arena,
	    x->n_warnings > 0 ? _("%s %s %s, with warnings") : "%s %s %s",
	    text_cut(arena, x->id, 20), gst_text(arena, x->form),
	    text_cut(arena, x->format, 10)));
	gst_line(view, good ? TONE_PLAIN : TONE_BAD, state_text(view, x));
}

static void
load(struct view *view)
{
	struct wire_gst_export x;
	struct span json, saved;
	bool known;

	if (!gst_head(view))
		return;
	known = kept(view, "export", &json) && shape_gst_export(json,
	    view->arena, &x);
	if (known)
		add_state(view, &x);
	add_forms(view);
	if (!known)
		return;
	if (x.ended)
		add_receipt(view, &x, json);
	gst_stay(view);
	if (!x.ended || (strcmp(x.state, "done") == 0
	    && !kept(view, "saved", &saved)))
		view_want(view, JOB_EXPORT_LOOK, view->place.key);
}

const struct pane pane_gst_export = {
	.name = "gst-export", .title = N_("export"), .columns = columns,
	.n_columns = sizeof columns / sizeof *columns,
	.can = CAN_EXPORT, .load = load
};
