/*
 * Every document, the newest first; and one: what it is, its versions with who
 * made them, their journals, the return that it is in.
 */
#include <stdio.h>
#include <string.h>

#include "core/i18n.h"
#include "ui/sheet.h"
#include "ui/text.h"
#include "wire/gst.h"

static bool
open_row(struct view *view, const struct row *row, struct place *out)
{
	(void)view;
	if (row->key[0] == '\0' ||
	    strlen(row->key) >= VIEW_KEY - strlen("document/"))
		return false;
	place_set(out, &pane_document, row->key, row->key);
	return true;
}

static const char *
about(struct view *view, const struct row *row)
{
	return row->key[0] == '\0' || strlen(row->key) >= VIEW_KEY -
	    strlen("document/") ? "" : arena_printf(view->arena,
	    "document/%s", row->key);
}

static void show_below(struct view *, const struct row *, struct vec *);

const struct pane pane_documents = {
	.name = "documents", .title = N_("documents"), .act = ACT_DOCUMENTS,
	.list = "documents", .can = CAN_OPEN | CAN_FILTER,
	.load = list_load, .open = open_row, .below = show_below,
	.about = about, .lower = -1
};

/* ---- one --------------------------------------------------------------- */

static const struct column columns[] = {
	{ "", 20, true, false, 0 },
};

static const char *const facts[] = {
	"event", "journal", "source", "by", "revision", "document_body.date",
	"document_body.party", "document_body.currency", "gst.period",
	"gst.value", "gst.nature", "gst.ctin", "gst.place", "void",
	"version", "current_version"
};

enum { EVENT, JOURNAL, SOURCE, BY, REVISION, DATE, PARTY, CURRENCY, PERIOD,
	VALUE, NATURE, CTIN, PLACE, VOIDED, SHOWN, CURRENT, FACTS };

static void
add_facts(struct sheet *sheet, const char *const *fact)
{
	struct arena *arena = sheet->arena;

	sheet_pair(sheet, _("Date"), fact[DATE]);
	sheet_pair(sheet, _("Party"), fact[PARTY]);
	sheet_pair(sheet, _("State"), fact[VOIDED][0] != '\0' ? _("void") :
	    fact[JOURNAL][0] != '\0' ? _("posted") : _("not for the ledger"));
	sheet_pair(sheet, _("Version"), arena_printf(arena, _("%s of %s"),
	    fact[SHOWN], fact[CURRENT]));
	sheet_pair(sheet, _("Source"), fact[SOURCE]);
	sheet_pair(sheet, _("Their version"), fact[REVISION]);
	if (fact[PERIOD][0] != '\0')
		sheet_pair(sheet, _("GST value"), arena_printf(arena,
		    _("%s, return of %s"), text_money(arena, "INR",
		    fact[VALUE]), fact[PERIOD]));
	sheet_pair(sheet, _("Their GSTIN"), fact[CTIN]);
	sheet_pair(sheet, _("Place"), fact[PLACE]);
}

static const char *const past[] = {
	"version", "at", "by", "source", "event", "journal", "ruling",
	"rules", "void"
};

enum { P_VERSION, P_AT, P_BY, P_SOURCE, P_EVENT, P_JOURNAL, P_RULING,
	P_RULES, P_VOID, PASTS };

/* Each opens what made it; below it, what it posted. */
static void
add_version(struct sheet *sheet, const char *const *of)
{
	struct arena *arena = sheet->arena;

	sheet_row(sheet, TONE_PLAIN, of[P_EVENT], text_tame(arena,
	    arena_printf(arena, "  %s%s  %s  %s  %s  %s %.8s%s%s",
	    _("version "), of[P_VERSION], text_time(arena, of[P_AT]),
	    of[P_BY], of[P_EVENT], _("rules"), of[P_RULES],
	    of[P_RULING][0] != '\0' ? _("  decided by ") : "",
	    of[P_RULING])));
	if (of[P_JOURNAL][0] != '\0')
		sheet_row(sheet, TONE_PLAIN, of[P_JOURNAL], text_tame(arena,
		    arena_printf(arena, "      %s %s", _("journal"),
		    of[P_JOURNAL])));
	if (of[P_VOID][0] != '\0')
		sheet_text(sheet, TONE_BAD, _("      it is void since"));
}

static void
add_versions(struct sheet *sheet, struct span json)
{
	struct wire_rows rows;

	if (!shape_rows(json, "history", past, PASTS, sheet->arena, &rows))
		return;
	sheet_head(sheet, _("Versions and journals (Enter opens)"));
	for (size_t i = 0; i < rows.n; i++)
		add_version(sheet, rows.texts + i * PASTS);
}

static const char *const lines[] = {
	"type", "account", "party", "cost_centre", "tax_code", "item",
	"memo", "quantity", "amount"
};

#define LINE_CELLS (sizeof lines / sizeof *lines)

static void
add_lines(struct sheet *sheet, struct span json)
{
	struct wire_rows rows;

	if (!shape_rows(json, "document_body.lines", lines, LINE_CELLS,
	    sheet->arena, &rows) || rows.n == 0)
		return;
	sheet_head(sheet, _("Lines, amounts in minor units"));
	for (size_t i = 0; i < rows.n; i++) {
		const char **of = rows.texts + i * LINE_CELLS;

		sheet_text(sheet, TONE_PLAIN, text_tame(sheet->arena,
		    arena_printf(sheet->arena,
		    "  %-9.9s %-8.8s %-14.14s %-9.9s %14.14s %8.8s  %s %s",
		    of[0], of[1], of[3], of[4], of[8], of[7], of[5],
		    of[6])));
	}
}

static const char *const cells[] = {
	"period", "section", "table", "cell", "rate", "taxable", "igst",
	"cgst", "sgst", "cess"
};

#define CELLS_N (sizeof cells / sizeof *cells)

static void
add_cells(struct sheet *sheet, struct span json)
{
	struct wire_rows rows;

	if (!shape_rows(json, "gst.rows", cells, CELLS_N, sheet->arena,
	    &rows) || rows.n == 0)
		return;
	sheet_head(sheet, _("In the GST return"));
	for (size_t i = 0; i < rows.n; i++) {
		const char **of = rows.texts + i * CELLS_N;

		sheet_text(sheet, TONE_PLAIN, text_tame(sheet->arena,
		    arena_printf(sheet->arena, "  %s %-6.6s %-8.8s %5.5s%%"
		    " %12.12s  IGST %s  CGST %s  SGST %s", of[0], of[1],
		    of[3], of[4], of[5], of[6], of[7], of[8])));
	}
}

static void
show_below(struct view *view, const struct row *row, struct vec *lines)
{
	struct sheet sheet = sheet_below(view, lines);
	const char *fact[FACTS];
	struct span json;

	if (!cache_find(view->cache, view->lower, "sheet", arena_printf(
	    view->lower, "document/%s", row->key), &json) ||
	    !shape_texts(json, facts, FACTS, view->lower, fact))
		return;
	sheet_text(&sheet, TONE_STRONG, text_tame(view->lower, row->key));
	add_facts(&sheet, fact);
	add_versions(&sheet, json);
	add_cells(&sheet, json);
	add_lines(&sheet, json);
}

static void
load(struct view *view)
{
	const char *key = arena_printf(view->arena, "document/%s",
	    view->place.key);
	struct sheet sheet = sheet_rows(view);
	const char *fact[FACTS];
	struct span json;

	if (!sheet_find(view, key, &json) || !shape_texts(json, facts, FACTS,
	    view->arena, fact)) {
		sheet_text(&sheet, TONE_PLAIN,
		    _("  It is with the daemon and is being asked for."));
		return;
	}
	add_facts(&sheet, fact);
	add_versions(&sheet, json);
	sheet_row(&sheet, TONE_PLAIN, arena_printf(view->arena, "=%s",
	    fact[EVENT]), _("  trace: from the bytes to the return"));
	add_cells(&sheet, json);
	add_lines(&sheet, json);
}

bool
sheet_open(struct view *view, const struct row *row, struct place *out)
{
	const struct pane *pane = row->key[0] == 'E' ? &pane_event :
	    row->key[0] == 'J' ? &pane_journal : row->key[0] == '=' ?
	    &pane_trace : NULL;

	(void)view;
	if (pane == NULL)
		return false;
	place_set(out, pane, row->key + (row->key[0] == '='),
	    row->key + (row->key[0] == '='));
	return true;
}

const struct pane pane_document = {
	.name = "document", .title = N_("document"), .columns = columns,
	.n_columns = 1, .can = CAN_OPEN | CAN_FILTER, .load = load,
	.open = sheet_open
};
