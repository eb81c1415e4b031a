/*
 * Lines of banks: on top how old what is open is, then lines that no entry is
 * matched with, each with what is suggested, then entries that no statement
 * has. Behind Tab the reconciliation statement, tills, and payouts.
 */
#include "core/i18n.h"
#include "ui/bank.h"
#include "ui/panes_gst.h"
#include "ui/sheet.h"
#include "ui/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/digest.h"
#include "wire/gst.h"

static const struct column columns[] = {
	{ N_("Line"), 8, false, false, 0 },
	{ N_("Date"), 11, false, false, 3 },
	{ N_("Amount"), 14, false, true, 0 },
	{ N_("At the bank"), 16, true, false, 0 },
	{ N_("In books"), 25, false, false, 0 },
};

#define N_COLUMNS (sizeof columns / sizeof *columns)
#define AMOUNT 2
#define CURRENCY N_COLUMNS	/* of what is kept raw, behind the columns */

static const char *
list_of(struct view *view)
{
	return view->place.key[0] == '\0' ? "bank" : arena_printf(view->arena,
	    "bank/%s", view->place.key);
}

/* The pages of banks, the present one marked. */
static void
add_pages(struct view *view)
{
	static const struct pane *const pages[] = { &pane_bank,
		&pane_bank_statement, &pane_bank_tills, &pane_bank_payouts };
	const char *out = "";

	for (int i = 0; i < 4; i++)
		out = arena_printf(view->arena, pages[i] ==
		    view->place.pane ? "%s[%s]  " : "%s%s  ", out,
		    _(pages[i]->title));
	gst_line(view, TONE_HEAD, out);
}

/* The cursor begins on the first record, below what heads them. */
static void
place(struct view *view)
{
	if (!view->placed)
		view->go = (int64_t)view->list.n;
	view->placed = true;
}

/* ---- ages --------------------------------------------------------------- */

#define AGE_PATHS 11

/* "1000", or "1000 USD" of what is open there in a currency that is not the
 * account's; with its company where two have an account of that name. */
static const char *
age_name(struct arena *arena, const struct wire_rows *rows, size_t at)
{
	const char **all = rows->texts, **t = all + at * AGE_PATHS;
	bool same = false, other = false;

	for (size_t i = 0; i < rows->n; i++) {
		const char **of = all + i * AGE_PATHS;

		if (i == at || strcmp(of[0], t[0]) != 0)
			continue;
		same = same || strcmp(of[1], t[1]) != 0;
		other = other || strcmp(of[10], t[10]) != 0;
	}
	return arena_printf(arena, "%s%s%s%s%s", other ? text_cut(arena,
	    t[10], 20) : "", other ? "/" : "", text_cut(arena, t[0], 10),
	    same ? " " : "", same ? text_cut(arena, t[1], 3) : "");
}

/* "1000  0-7: 3  8-30: 1": lines that are open, by account. */
static void
add_ages(struct view *view)
{
	static const char *const paths[] = { "account", "currency",
		"lines.0.n", "lines.1.n", "lines.2.n", "lines.3.n",
		"entries.0.n", "entries.1.n", "entries.2.n", "entries.3.n",
		"entity" };
	struct arena *arena = view->arena;
	struct wire_rows rows;
	struct span json;

	if (!cache_find(view->cache, arena, "view", view_page(arena,
	    "bank_ages", 0), &json) || !shape_rows(json, "items", paths,
	    AGE_PATHS, arena, &rows))
		return;
	for (size_t i = 0; i < rows.n; i++) {
		const char **t = rows.texts + i * AGE_PATHS;

		gst_line(view, TONE_PLAIN, arena_printf(arena,
		    _("%s open, days 0-7: %s, 8-30: %s, 31-90: %s, older: %s;"
		    " in books %s, %s, %s, %s"), age_name(arena, &rows, i),
		    text_cut(arena, t[2], 6), text_cut(arena, t[3], 6),
		    text_cut(arena, t[4], 6), text_cut(arena, t[5], 6),
		    text_cut(arena, t[6], 6), text_cut(arena, t[7], 6),
		    text_cut(arena, t[8], 6), text_cut(arena, t[9], 6)));
	}
}

/* ---- lines and entries -------------------------------------------------- */

/* What is acted on is the row as it is drawn. */
static int64_t
version_of(const struct bank_row *row)
{
	unsigned char digest[SHA256_SIZE];
	int64_t out = 0;

	digest_sha256v((struct span[]){ span_of(row->state),
	    span_of(row->rule), span_of(row->number), span_of(row->to),
	    span_of(row->off), span_of(row->items), span_of(row->into),
	    span_of(row->back) }, 8, digest);
	for (int i = 0; i < 7; i++)
		out = out * 256 + digest[i];
	return out + 1;
}

static void
add_line(struct view *view, const struct bank_row *row)
{
	struct arena *arena = view->arena;
	bool open = strcmp(row->state, "open") == 0;
	const char *raw[LIST_COLUMNS] = { [AMOUNT] = row->amount,
		[CURRENCY] = row->currency };

	place(view);
	view_add_raw(view, open && (row->rule[0] == '\0' ||
	    strcmp(row->sure, "maybe") == 0) ? TONE_BAD : TONE_PLAIN,
	    row->id, version_of(row), (const char *const []){
	    text_cut(arena, row->id, 10), text_day(arena, row->day),
	    text_money(arena, row->currency, row->amount),
	    text_cut(arena, row->text, 200), open ? bank_suggested(arena,
	    row) : bank_settled(arena, row), NULL }, raw);
}

static void
add_lines(struct view *view)
{
	struct bank_rows rows = { .next = "" };
	struct span json;

	for (int page = 0; page < VIEW_PAGES && cache_find(view->cache,
	    view->arena, "view", view_page(view->arena, list_of(view), page),
	    &json) && bank_read(json, view->arena, &rows); page++)
		for (size_t i = 0; i < rows.n; i++)
			add_line(view, &rows.items[i]);
	if (rows.next[0] != '\0')
		gst_line(view, TONE_HEAD,
		    _("There are more: settle some of these first."));
}

static void
add_entries(struct view *view)
{
	static const char *const paths[] = { "id", "day", "amount",
		"currency", "number", "party", "reference" };
	struct arena *arena = view->arena;
	struct wire_rows rows;
	struct span json;
	bool any = false;

	for (int page = 0; page < VIEW_PAGES && cache_find(view->cache,
	    arena, "view", view_page(arena, "bank_entries", page), &json) &&
	    shape_rows(json, "items", paths, 7, arena, &rows); page++)
		for (size_t i = 0; i < rows.n; i++) {
			const char **t = rows.texts + i * 7;
			const char *raw[LIST_COLUMNS] = { [AMOUNT] = t[2],
				[CURRENCY] = t[3] };

			if (!any)
				gst_line(view, TONE_HEAD,
				    _("In books, and on no statement:"));
			any = true;
			place(view);
			view_add_raw(view, TONE_PLAIN, t[0], 1,
			    (const char *const []){ text_cut(arena, t[0], 12),
			    text_day(arena, t[1]), text_money(arena, t[3],
			    t[2]), text_cut(arena, t[6], 60),
			    arena_printf(arena, "%s  %s", text_cut(arena,
			    t[4], 40), text_cut(arena, t[5], 30)), NULL },
			    raw);
		}
}

static void
load(struct view *view)
{
	bool open = view->place.key[0] == '\0';
	size_t head;

	view_freshen(view, open ? "bank+bank_entries+bank_ages" :
	    list_of(view));
	if (view->unread)
		return;		/* the grid says so */
	add_pages(view);
	if (open)
		add_ages(view);
	else
		gst_line(view, TONE_HEAD, strcmp(view->place.key,
		    "matched") == 0 ? _("Matched lines") :
		    _("Ignored lines"));
	head = view->list.n;
	add_lines(view);
	if (view->list.n == head)
		gst_line(view, TONE_PLAIN, open ? _("No line of a statement "
		    "is open.") : _("There is none."));
	if (open)
		add_entries(view);
	gst_stay(view);
}

static bool
find_row(struct view *view, struct arena *arena, const char *id,
    struct bank_row *out)
{
	struct bank_rows rows;
	struct span json;

	for (int page = 0; page < VIEW_PAGES && cache_find(view->cache, arena,
	    "view", view_page(arena, list_of(view), page), &json) &&
	    bank_read(json, arena, &rows); page++)
		for (size_t i = 0; i < rows.n; i++)
			if (strcmp(rows.items[i].id, id) == 0) {
				*out = rows.items[i];
				return true;
			}
	return false;
}

/* A line to its event. */
static bool
open_row(struct view *view, const struct row *row, struct place *out)
{
	struct bank_row line;

	if (row->key[0] != 'L' || !find_row(view, view->arena, row->key,
	    &line) || line.event[0] == '\0')
		return false;
	place_set(out, &pane_event, line.event, text_cut(view->arena,
	    line.event, 20));
	return true;
}

static bool
subject(struct view *view, const struct row *row, struct subject *out)
{
	if (!row_subject(view, row, out))
		return false;
	if (row->raw[AMOUNT] != NULL && row->raw[CURRENCY] != NULL) {
		snprintf(out->amount, sizeof out->amount, "%s",
		    row->raw[AMOUNT]);
		snprintf(out->currency, sizeof out->currency, "%s",
		    row->raw[CURRENCY]);
	}
	return true;
}

/* ---- the lower half ----------------------------------------------------- */

static void
show_below(struct view *view, const struct row *row, struct vec *out)
{
	struct sheet sheet = sheet_below(view, out);
	struct arena *arena = view->lower;
	struct bank_row line;

	if (row->key[0] != 'L' || !find_row(view, arena, row->key, &line))
		return;
	sheet_text(&sheet, TONE_STRONG, text_tame(arena, line.text));
	if (line.reference[0] != '\0')
		sheet_text(&sheet, TONE_PLAIN, arena_printf(arena,
		    _("reference %s"), text_cut(arena, line.reference,
		    100)));
	if (line.before[0] != '\0')
		sheet_text(&sheet, TONE_BAD, arena_printf(arena,
		    _("Another statement said the same, word by word: %s."),
		    text_cut(arena, line.before, 20)));
	sheet_text(&sheet, TONE_PLAIN, strcmp(line.state, "open") == 0 ?
	    bank_why(arena, &line) : bank_settled(arena, &line));
	if (strcmp(line.state, "open") == 0 && line.said_by[0] != '\0')
		sheet_text(&sheet, TONE_PLAIN, arena_printf(arena,
		    _("%s said of it: %s"), text_cut(arena,
		    line.said_by, 40), text_cut(arena, line.said, 160)));
}

const struct pane pane_bank = {
	.name = "bank", .title = N_("bank"), .act = ACT_BANK,
	.columns = columns, .n_columns = N_COLUMNS,
	.can = CAN_OPEN | CAN_FILTER | CAN_MARK | CAN_BANK | CAN_BANK_PAGES,
	.load = load, .open = open_row, .subject = subject,
	.below = show_below
};

/* ---- the reconciliation statement --------------------------------------- */

static const struct column brs_columns[] = {
	{ N_("Line"), 12, false, false, 2 },
	{ N_("Date"), 11, false, false, 1 },
	{ N_("Text"), 40, true, false, 0 },
	{ N_("Amount"), 18, false, true, 0 },
};

static void
brs_line(struct view *view, enum tone tone, const char *id,
    const char *day, const char *text, const char *amount)
{
	view_add(view, tone, "", (const char *const []){ id, day, text,
	    amount, NULL });
}

static void
add_part(struct view *view, struct span json, size_t at, const char **t)
{
	static const char *const names[] = { "id", "day", "amount", "text",
		"number" };
	struct arena *arena = view->arena;
	const char *paths[5];
	struct wire_rows rows;

	if (strcmp(t[1], "0") == 0 && text_is_zero(t[2]))
		return;
	brs_line(view, TONE_STRONG, "", "", bank_part(t[0]), text_money(arena,
	    t[3], t[2]));
	if (strcmp(t[0], "before_first_statement") == 0)
		brs_line(view, TONE_PLAIN, "", "", arena_printf(arena, "  %s",
		    bank_opening(arena, json)), "");
	for (int i = 0; i < 5; i++)
		paths[i] = names[i];
	if (!shape_rows(json, arena_printf(arena, "parts.%zu.items", at),
	    paths, 5, arena, &rows))
		return;
	for (size_t i = 0; i < rows.n; i++) {
		const char **r = rows.texts + 5 * i;

		brs_line(view, TONE_PLAIN, text_cut(arena, r[0], 12),
		    text_day(arena, r[1]), arena_printf(arena, "  %s  %s",
		    text_cut(arena, r[4], 40), text_cut(arena, r[3], 100)),
		    text_money(arena, t[3], r[2]));
	}
}

static void
add_parts(struct view *view, struct span json, const char *currency)
{
	static const char *const paths[] = { "what", "n", "amount" };
	struct wire_rows rows;

	if (!shape_rows(json, "parts", paths, 3, view->arena, &rows))
		return;
	for (size_t i = 0; i < rows.n; i++)
		add_part(view, json, i, (const char *[]){ rows.texts[3 * i],
		    rows.texts[3 * i + 1], rows.texts[3 * i + 2],
		    currency });
}

static const char *
statement_of(struct view *view)
{
	return view->place.key[0] == '\0' ? "bank_statement" : arena_printf(
	    view->arena, "bank_statement/%s", view->place.key);
}

static void
load_statement(struct view *view)
{
	static const char *const paths[] = { "account", "currency", "day",
		"bank", "ledger", "unexplained" };
	struct arena *arena = view->arena;
	const char *t[6];
	struct span json;

	view_freshen(view, statement_of(view));
	if (view->unread)
		return;
	add_pages(view);
	if (cache_find(view->cache, arena, "view", view_page(arena,
	    statement_of(view), 0), &json) && shape_texts(json, paths, 6,
	    arena, t)) {
		brs_line(view, TONE_HEAD, "", text_day(arena, t[2]),
		    arena_printf(arena, "%s  %s", text_cut(arena, t[0], 20),
		    _("Balance as the bank has it")), text_money(arena, t[1],
		    t[3]));
		add_parts(view, json, t[1]);
		if (!text_is_zero(t[5]))
			brs_line(view, TONE_BAD, "", "",
			    _("what no statement told of"),
			    text_money(arena, t[1], t[5]));
		brs_line(view, TONE_HEAD, "", "", arena_printf(arena,
		    "%s  %s", text_cut(arena, t[0], 20),
		    _("Balance as the ledger has it")), text_money(arena,
		    t[1], t[4]));
	} else {
		gst_line(view, TONE_PLAIN, _("No bank tells of an account "
		    "yet."));
	}
}

const char *
bank_next_account(struct view *view, struct arena *arena)
{
	static const char *const paths[] = { "of" };
	struct wire_rows rows;
	struct span json;
	size_t at = 0;

	if (!cache_find(view->cache, arena, "view", view_page(arena,
	    statement_of(view), 0), &json) || !shape_rows(json, "accounts",
	    paths, 1, arena, &rows) || rows.n < 2)
		return NULL;
	while (at < rows.n && strcmp(rows.texts[at], view->place.key) != 0)
		at++;
	return rows.texts[at == rows.n ? 1 : (at + 1) % rows.n];
}

const struct pane pane_bank_statement = {
	.name = "bank-statement", .title = N_("bank reconciliation"),
	.columns = brs_columns,
	.n_columns = sizeof brs_columns / sizeof *brs_columns,
	.can = CAN_FILTER | CAN_BANK_PAGES | CAN_BANK_NEXT,
	.load = load_statement
};

/* ---- tills and gateways ------------------------------------------------- */

const struct pane pane_bank_tills = {
	.name = "tills", .title = N_("tills"), .list = "bank_tills",
	.can = CAN_FILTER | CAN_BANK_PAGES, .load = list_load
};

static bool
open_payout(struct view *view, const struct row *row, struct place *out)
{
	(void)view;
	if (row->key[0] == '\0' || strlen(row->key) >= VIEW_KEY)
		return false;
	place_set(out, &pane_bank_payout, row->key, row->cells[0]);
	return true;
}

const struct pane pane_bank_payouts = {
	.name = "payouts", .title = N_("payouts"), .list = "bank_payouts",
	.can = CAN_OPEN | CAN_FILTER | CAN_BANK_PAGES, .load = list_load,
	.open = open_payout
};

const struct pane pane_bank_payout = {
	.name = "payout", .title = N_("payout"), .list = "bank_payout",
	.can = CAN_FILTER, .load = list_load
};
