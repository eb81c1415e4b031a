/*
 * Purchases beside what suppliers filed: both sides in one row where there is
 * room, else one below the other; in the lower half why they match or not,
 * rule by rule. What differs bears a mark, not only a colour.
 */
#include "ui/panes_gst.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/digest.h"
#include "core/i18n.h"
#include "core/utf8.h"
#include "ui/recon.h"
#include "ui/sheet.h"
#include "ui/text.h"

#define BESIDE 100	/* columns that both sides take */

static const struct column beside[] = {
	{ N_("State"), 16, false, false, 0 },
	{ N_("In books"), 15, true, false, 0 },
	{ N_("Date"), 10, false, false, 4 },
	{ N_("Taxable"), 12, false, true, 3 },
	{ N_("Tax"), 11, false, true, 0 },
	{ N_("In 2B"), 16, false, false, 0 },
	{ N_("Date"), 11, false, false, 4 },
	{ N_("Taxable"), 13, false, true, 3 },
	{ N_("Tax"), 12, false, true, 0 },
	{ N_("Said"), 12, false, false, 0 },
};

#define BESIDE_N (sizeof beside / sizeof *beside)

static const struct column below[] = {
	{ N_("State"), 16, false, false, 0 },
	{ N_("Number"), 16, true, false, 0 },
	{ N_("Date"), 11, false, false, 0 },
	{ N_("Taxable"), 13, false, true, 2 },
	{ N_("Tax"), 12, false, true, 0 },
	{ N_("Said"), 14, false, false, 0 },
};

#define BELOW_N (sizeof below / sizeof *below)

/* ---- rows -------------------------------------------------------------- */

/* What is acted on is the row as it is drawn, whatever it says of itself. */
static int64_t
version_of(const struct recon_row *row)
{
	unsigned char digest[SHA256_SIZE];
	int64_t out = 0;

	digest_sha256v((struct span[]){ span_of(row->status),
	    span_of(row->differs), span_of(row->action), span_of(row->ims),
	    span_of(row->books.id), span_of(row->books.tax),
	    span_of(row->portal.id), span_of(row->portal.tax) }, 8, digest);
	for (int i = 0; i < 7; i++)
		out = out * 256 + digest[i];
	return out + 1;
}

static const char *
marked(struct view *view, const char *text, bool differs)
{
	return differs && text[0] != '\0' ? arena_printf(view->arena, "!%s",
	    text) : text;
}

static bool
tax_differs(const struct recon_row *row)
{
	return recon_differ(row, "igst") || recon_differ(row, "cgst") ||
	    recon_differ(row, "sgst") || recon_differ(row, "cess") ||
	    recon_differ(row, "gst");
}

static const char *
rupees(struct view *view, const char *amount)
{
	return text_money(view->arena, "INR", amount);
}

static const char *
number(struct view *view, const struct recon_side *side)
{
	return side->id[0] == '\0' ? "-" : text_cut(view->arena,
	    side->number, 60);
}

static void
add_beside(struct view *view, const struct recon_row *row, enum tone tone)
{
	struct arena *arena = view->arena;
	const struct recon_side *b = &row->books, *p = &row->portal;

	view_add_version(view, tone, row->id, version_of(row),
	    (const char *const []){ recon_status(row->status),
	    number(view, b), text_day(arena, b->date),
	    rupees(view, b->taxable), rupees(view, b->tax),
	    marked(view, number(view, p), recon_differ(row, "number")),
	    marked(view, text_day(arena, p->date),
		recon_differ(row, "date")),
	    marked(view, rupees(view, p->taxable),
		recon_differ(row, "taxable")),
	    marked(view, rupees(view, p->tax), tax_differs(row)),
	    recon_said(arena, row), NULL });
}

static void
add_side(struct view *view, const struct recon_row *row, enum tone tone,
    const char *state, const struct recon_side *side, bool mark)
{
	struct arena *arena = view->arena;

	view_add_version(view, tone, row->id, version_of(row),
	    (const char *const []){ state,
	    marked(view, number(view, side), mark && recon_differ(row,
		"number")),
	    marked(view, text_day(arena, side->date), mark &&
		recon_differ(row, "date")),
	    marked(view, rupees(view, side->taxable), mark &&
		recon_differ(row, "taxable")),
	    marked(view, rupees(view, side->tax), mark && tax_differs(row)),
	    mark ? "" : recon_said(arena, row), NULL });
}

static void
add_row(struct view *view, const struct recon_row *row)
{
	bool open = row->action[0] == '\0' && strcmp(row->status, "exact") !=
	    0 && strcmp(row->status, "manual") != 0;
	enum tone tone = open ? TONE_BAD : TONE_PLAIN;

	if (!view->placed)
		view->go = (int64_t)view->list.n;
	view->placed = true;
	if (term_columns() >= BESIDE) {
		add_beside(view, row, tone);
		return;
	}
	add_side(view, row, tone, recon_status(row->status), &row->books,
	    false);
	add_side(view, row, tone, _("  2B"), &row->portal, true);
}

static void
add_supplier(struct view *view, const struct recon_row *row)
{
	gst_line(view, TONE_HEAD, row->party[0] == '\0' ?
	    _("without a GSTIN") : arena_printf(view->arena, "%s  %s",
	    text_cut(view->arena, row->party, 20), text_cut(view->arena,
	    row->name, 100)));
}

/* Page by page, under each supplier; *more: there are others. Returns how
 * many. */
static int
add_rows(struct view *view, bool *more)
{
	struct recon_rows rows = { .next = "" };
	const char *party = NULL, *one = "recon";
	struct span json;
	int page;

	for (page = 0; page <= view->pages; page++) {
		if (page > 0)
			one = arena_printf(view->arena, "recon@%d", page);
		if ((page > 0 && rows.next[0] == '\0') ||
		    !gst_find(view, one, &json) ||
		    !recon_read(json, view->arena, &rows))
			break;
		for (size_t i = 0; i < rows.n; i++) {
			const struct recon_row *row = &rows.items[i];

			if (party == NULL || strcmp(party, row->party) != 0)
				add_supplier(view, row);
			party = row->party;
			add_row(view, row);
		}
	}
	*more = rows.next[0] != '\0';
	return page;
}

/* ---- the view ------------------------------------------------------------ */

static void
set_columns(struct view *view)
{
	bool wide = term_columns() >= BESIDE;

	memcpy(view->columns, wide ? beside : below, wide ? sizeof beside :
	    sizeof below);
	view->grid.columns = view->columns;
	view->grid.n_columns = wide ? BESIDE_N : BELOW_N;
}

static void
add_filter(struct view *view)
{
	const char *status = gst_word(view->arena, view->place.key, 2);
	const char *party = gst_word(view->arena, view->place.key, 3);

	if (status[0] != '\0' || party[0] != '\0')
		gst_line(view, TONE_STRONG, arena_printf(view->arena,
		    _("Only: %s %s"), recon_status(status), party));
}

/* How many there are of each state, and of which file. */
static void
add_summary(struct view *view)
{
	static const char *const paths[] = { "status", "n" };
	static const char *const of_file[] = { "form", "generated",
		"documents" };
	const char *out = "", *one;
	struct wire_rows rows, files;
	struct span json;

	if (!gst_find(view, "recon", &json) || !shape_rows(json, "summary",
	    paths, 2, view->arena, &rows) || !shape_rows(json, "files",
	    of_file, 3, view->arena, &files))
		return;
	for (size_t s = 0; recon_statuses[s] != NULL; s++)
		for (size_t i = 0; i < rows.n; i++) {
			if (strcmp(rows.texts[2 * i], recon_statuses[s]) != 0)
				continue;
			one = arena_printf(view->arena, "%s%s %s   ", out,
			    recon_status(recon_statuses[s]),
			    text_cut(view->arena, rows.texts[2 * i + 1],
			    12));
			if (utf8_width(span_of(one)) > term_columns()) {
				gst_line(view, TONE_PLAIN, out);
				one += strlen(out);
			}
			out = one;
		}
	if (out[0] != '\0')
		gst_line(view, TONE_PLAIN, out);
	for (size_t i = 0; i < files.n; i++)
		gst_line(view, TONE_PLAIN, arena_printf(view->arena,
		    _("%s made on %s, %s documents"),
		    gst_text(view->arena, files.texts[3 * i]),
		    text_cut(view->arena, files.texts[3 * i + 1], 10),
		    text_cut(view->arena, files.texts[3 * i + 2], 12)));
	if (files.n == 0)
		gst_line(view, TONE_BAD, _("No 2B of this period has come: m "
		    "imports one."));
}

static void
load(struct view *view)
{
	bool more;
	int shown;

	set_columns(view);
	if (!gst_head(view))
		return;
	add_summary(view);
	add_filter(view);
	shown = add_rows(view, &more);
	gst_stay(view);
	gst_fit(view);
	gst_pages(view, "registrations+", "recon", shown, more);
}

/* To the purchase in books; only of 2B there is none. */
static bool
open_row(struct view *view, const struct row *row, struct place *out)
{
	struct recon_rows rows;
	struct span json;
	const char *one = "recon";

	for (int page = 0; page <= view->pages; page++) {
		if (page > 0)
			one = arena_printf(view->arena, "recon@%d", page);
		if (!gst_find(view, one, &json) || !recon_read(json,
		    view->arena, &rows))
			break;
		for (size_t i = 0; i < rows.n; i++) {
			const char *event = rows.items[i].books.id;

			if (strcmp(rows.items[i].id, row->key) != 0 ||
			    event[0] != 'E')
				continue;
			place_set(out, &pane_event, event, text_cut(
			    view->arena, event, 24));
			return true;
		}
	}
	return false;
}

/* ---- the lower half ------------------------------------------------------ */

static void
show_below(struct view *view, const struct row *row, struct vec *out)
{
	struct sheet sheet = sheet_below(view, out);
	struct arena *arena = view->lower;
	struct vec lines;
	struct span json;

	if (row->key[0] == '\0' || !cache_find(view->cache, arena, "gst",
	    arena_printf(arena, "why %s", row->key), &json))
		return;
	vec_init(&lines, sizeof(const char *), 100);
	recon_why(json, arena, &lines);
	for (size_t i = 0; i < lines.n; i++)
		sheet_text(&sheet, i == 0 ? TONE_STRONG : TONE_PLAIN,
		    *(const char **)vec_at(&lines, i));
	vec_free(&lines);
}

static const char *
about(struct view *view, const struct row *row)
{
	if (row->key[0] == '\0')
		return "";
	return arena_printf(view->lower, "why %s", row->key);
}

const struct pane pane_recon = {
	.name = "matching", .title = N_("matching"), .act = ACT_MATCHING,
	.columns = beside, .n_columns = BESIDE_N,
	.can = CAN_OPEN | CAN_FILTER | CAN_MARK | CAN_PERIOD | CAN_GST |
	    CAN_RECON | CAN_FOLLOW,
	.load = load, .open = open_row, .subject = row_subject,
	.below = show_below, .about = about
};

/* ---- whom to ask ------------------------------------------------------- */

static void
load_followup(struct view *view)
{
	gst_load(view, NULL);
}

/* Their rows of the month. */
static bool
open_supplier(struct view *view, const struct row *row, struct place *out)
{
	if (row->key[0] == '\0')
		return false;
	place_set(out, &pane_recon, gst_with(view->arena, gst_with(
	    view->arena, view->place.key, 2, ""), 3, row->key),
	    row->cells[1]);
	return true;
}

const struct pane pane_followup = {
	.name = "followup", .title = N_("follow up"),
	.list = "gst_followup",
	.can = CAN_OPEN | CAN_FILTER | CAN_PERIOD | CAN_GST,
	.load = load_followup, .open = open_supplier
};
