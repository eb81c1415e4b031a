/*
 * What a target holds otherwise than we do: the list, and of one the three
 * sides beside each other as in a conflict, what differs with a mark; and its
 * trial balance beside ours.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/i18n.h"
#include "core/utf8.h"
#include "ui/saying.h"
#include "ui/sheet.h"
#include "ui/text.h"

#define LINES_MAX 24		/* of a side that are shown */
#define SIDES 3

static const char *const sides[SIDES] = { "base", "ours", "theirs" };

/* ---- one ---------------------------------------------------------------- */

static const char *const facts[] = {
	"id", "kind", "document", "journal", "remote_number", "remote",
	"remote_version", "state", "act", "actor", "reason", "words", "event",
	"theirs.changed_by", "base.date", "ours.date", "theirs.date",
	"base.narration", "ours.narration", "theirs.narration", "currency",
	"superseded"
};

enum { ID, KIND, DOCUMENT, JOURNAL, NUMBER, REMOTE, VERSION, STATE, ACT,
	ACTOR, REASON, WORDS, EVENT, CHANGED_BY, DATE,
	NARRATION = DATE + SIDES, CURRENCY = NARRATION + SIDES, SUPERSEDED,
	FACTS };

struct side {
	const char *account[LINES_MAX], *party[LINES_MAX],
	    *amount[LINES_MAX];
	size_t n;
	bool used[LINES_MAX];
};

/* The row of that name, page by page as they are kept. */
static bool
find_row(struct view *view, struct arena *arena, const char *target,
    const char *id, struct span *json, size_t *at)
{
	const char *key = arena_printf(arena, "target_drift/%s", target);
	struct wire_rows rows;

	for (int page = 0; page < VIEW_PAGES; page++) {
		if (!cache_find(view->cache, arena, "view", view_page(arena,
		    key, page), json) || !shape_rows(*json, "items", facts,
		    1, arena, &rows))
			return false;
		for (*at = 0; *at < rows.n; ++*at)
			if (strcmp(rows.texts[*at], id) == 0)
				return true;
	}
	return false;
}

static bool
read_side(struct span json, struct arena *arena, const char *name, size_t at,
    struct side *out)
{
	static const char *const of[] = { "account", "party", "amount" };
	const char **paths = arena_alloc(arena, 3 * LINES_MAX *
	    sizeof *paths);
	struct wire_rows rows;

	for (int i = 0; i < 3 * LINES_MAX; i++)
		paths[i] = arena_printf(arena, "%s.lines.%d.%s", name, i / 3,
		    of[i % 3]);
	*out = (struct side){ .n = 0 };
	if (!shape_rows(json, "items", paths, 3 * LINES_MAX, arena, &rows) ||
	    at >= rows.n)
		return false;
	for (int i = 0; i < LINES_MAX; i++) {
		const char **t = rows.texts + at * 3 * LINES_MAX + i * 3;

		if (t[0][0] == '\0')
			break;
		out->account[out->n] = t[0];
		out->party[out->n] = t[1];
		out->amount[out->n++] = t[2];
	}
	return true;
}

/* The first line of that account and party that is not shown yet. */
static const char *
take(struct side *side, const char *account, const char *party)
{
	for (size_t i = 0; i < side->n; i++)
		if (!side->used[i] && strcmp(side->account[i], account) ==
		    0 && strcmp(side->party[i], party) == 0) {
			side->used[i] = true;
			return side->amount[i];
		}
	return "";
}

static void
add_three(struct sheet *sheet, const char *name, const char *const of[],
    bool differs)
{
	sheet_text(sheet, differs ? TONE_BAD : TONE_PLAIN,
	    text_tame(sheet->arena, arena_printf(sheet->arena,
	    "%c %-22.40s %16s %16s %16s", differs ? '!' : ' ', name, of[0],
	    of[1], of[2])));
}

static void
add_lines(struct sheet *sheet, struct side all[SIDES], const char *currency)
{
	struct arena *arena = sheet->arena;

	for (int s = 0; s < SIDES; s++)
		for (size_t i = 0; i < all[s].n; i++) {
			const char *account = all[s].account[i];
			const char *party = all[s].party[i];
			const char *raw[SIDES], *of[SIDES];

			if (all[s].used[i])
				continue;
			for (int k = 0; k < SIDES; k++) {
				raw[k] = take(&all[k], account, party);
				of[k] = text_money(arena, currency, raw[k]);
			}
			add_three(sheet, party[0] == '\0' ? account :
			    arena_printf(arena, "%s %s", account, party), of,
			    strcmp(raw[1], raw[2]) != 0);
		}
}

static const char *
kind_text(const char *kind)
{
	static const struct {
		const char *kind, *words;
	} kinds[] = {
		{ "changed", N_("It was changed there.") },
		{ "missing", N_("It is not there any more.") },
		{ "cancelled", N_("It was cancelled there.") },
		{ "doubled", N_("It is there twice.") },
		{ "unknown", N_("It is none of ours.") },
		{ "conflict", N_("It was changed there before ours went.") },
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			return _(kinds[i].words);
	return kind;
}

static void
add_facts(struct sheet *sheet, const char *const *f)
{
	struct arena *arena = sheet->arena;

	sheet_text(sheet, TONE_STRONG, text_tame(arena, arena_printf(arena,
	    "%s  %s  %s", kind_text(f[KIND]), f[DOCUMENT], f[CHANGED_BY])));
	if (strcmp(f[SUPERSEDED], "yes") == 0)
		sheet_text(sheet, TONE_BAD, _("The document has moved on "
		    "here since."));
	if (f[ACT][0] != '\0')
		sheet_text(sheet, TONE_PLAIN, text_tame(arena, arena_printf(
		    arena, "%s: %s %s  %s  %s", f[STATE], f[ACT], f[ACTOR],
		    f[REASON], f[WORDS])));
	sheet_pair(sheet, _("Number there"), arena_printf(arena, "%s %s %s",
	    f[NUMBER], f[REMOTE], f[VERSION]));
}

static void
tell(struct sheet *sheet, struct span json, size_t at)
{
	struct side all[SIDES];
	struct wire_rows rows;
	const char **f;

	if (!shape_rows(json, "items", facts, FACTS, sheet->arena, &rows) ||
	    at >= rows.n)
		return;
	f = rows.texts + at * FACTS;
	add_facts(sheet, f);
	add_three(sheet, "", (const char *const[]){ _("Base"), _("Ours"),
	    _("Theirs") }, false);
	add_three(sheet, _("Date"), f + DATE, strcmp(f[DATE + 1],
	    f[DATE + 2]) != 0);
	for (int s = 0; s < SIDES; s++)
		if (!read_side(json, sheet->arena, sides[s], at, &all[s]))
			return;
	add_lines(sheet, all, f[CURRENCY]);
}

/* ---- the list ----------------------------------------------------------- */

static bool
subject(struct view *view, const struct row *row, struct subject *out)
{
	if (row->key[0] != 'T')
		return false;
	*out = (struct subject){ .kind = SUBJECT_ROW,
	    .version = row->version };
	snprintf(out->source, sizeof out->source, "%s", row->key);
	snprintf(out->amount, sizeof out->amount, "%s", saying_raw(view, row,
	    "amount"));
	snprintf(out->currency, sizeof out->currency, "%s", saying_raw(view,
	    row, "currency"));
	return true;
}

static bool
open_drift(struct view *view, const struct row *row, struct place *out)
{
	if (row->key[0] != 'T' || strlen(row->key) +
	    strlen(view->place.key) + 2 > VIEW_KEY)
		return false;
	place_set(out, &pane_drifted, arena_printf(view->arena, "%s/%s",
	    view->place.key, row->key), row->key);
	return true;
}

static void
show_below(struct view *view, const struct row *row, struct vec *lines)
{
	struct sheet sheet = sheet_below(view, lines);
	struct span json;
	size_t at;

	if (row->key[0] == 'T' && find_row(view, view->lower,
	    view->place.key, row->key, &json, &at))
		tell(&sheet, json, at);
}

static void
load_drift(struct view *view)
{
	list_load(view);
	if (view->list.n == 0 && !view->unread)
		view_add(view, TONE_PLAIN, "", (const char *const []){ "",
		    _("It has what we have."), NULL });
}

const struct pane pane_drift = {
	.name = "drift", .title = N_("drift"), .list = "target_drift",
	.can = CAN_OPEN | CAN_FILTER | CAN_MARK | CAN_DRIFT,
	.load = load_drift, .open = open_drift, .subject = subject,
	.below = show_below
};

/* ---- one on the whole screen -------------------------------------------- */

static const struct column columns[] = {
	{ "", 20, true, false, 0 },
};

static void
load_one(struct view *view)
{
	struct sheet sheet = sheet_rows(view);
	const char *key = view->place.key, *slash = strrchr(key, '/');
	struct span json;
	size_t at;

	if (slash != NULL && find_row(view, view->arena,
	    arena_strndup(view->arena, key, (size_t)(slash - key)),
	    slash + 1, &json, &at))
		tell(&sheet, json, at);
	else
		sheet_text(&sheet, TONE_PLAIN, _("It agrees by now."));
}

const struct pane pane_drifted = {
	.name = "drifted", .title = N_("drift"), .columns = columns,
	.n_columns = 1, .can = CAN_FILTER, .load = load_one
};

/* ---- trial balances ----------------------------------------------------- */

/* Asked for once, as the ERP is, and again with the key for news. */
static void
load_trial(struct view *view)
{
	const struct list *list = list_find("target_trial");
	const char *key = arena_printf(view->arena, "target_trial/%s",
	    view->place.key);
	struct list_rows rows;
	struct span json;

	if (cache_find(view->cache, view->arena, "view", key, &json) &&
	    list_read(list, json, view->arena, &rows))
		for (size_t i = 0; i < rows.n; i++)
			view_add_raw(view, rows.items[i].alarm > 0 ?
			    TONE_BAD : TONE_PLAIN, rows.items[i].key, 0,
			    rows.items[i].cells, rows.items[i].raw);
	else
		view_add(view, TONE_PLAIN, "", (const char *const []){ "",
		    _("It is being asked."), NULL });
	if (!view->asked)
		view_want(view, JOB_VIEW, key);
}

const struct pane pane_trial = {
	.name = "trial", .title = N_("trial balance"), .list = "target_trial",
	.can = CAN_FILTER, .load = load_trial
};
