/*
 * What a target holds otherwise than we do: the list, and of one the three
 * sides beside each other as in a conflict, what differs with a mark; and its
 * trial balance beside ours.
 */
#include <libintl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/i18n.h"
#include "ui/may.h"
#include "ui/saying.h"
#include "ui/sheet.h"
#include "ui/text.h"
#include "wire/gst.h"

#define LINES_MAX 24		/* of a side that are shown */
#define SIDES 3
#define AGAIN 2000000		/* microseconds, while it is looked at */
#define WIDE 70			/* cells from which amounts have all room */
#define NAME_LEAST 8		/* cells of what they are of */
#define NAME_MOST 40

static const char *const sides[SIDES] = { "base", "ours", "theirs" };

/* ---- one ---------------------------------------------------------------- */

static const char *const facts[] = {
	"id", "kind", "document", "journal", "remote_number", "remote",
	"remote_version", "state", "act", "actor", "reason", "words", "event",
	"theirs.changed_by", "base.date", "ours.date", "theirs.date",
	"base.narration", "ours.narration", "theirs.narration", "currency",
	"superseded", "version", "amount", "entity"
};

enum { ID, KIND, DOCUMENT, JOURNAL, NUMBER, REMOTE, VERSION, STATE, ACT,
	ACTOR, REASON, WORDS, EVENT, CHANGED_BY, DATE,
	NARRATION = DATE + SIDES, CURRENCY = NARRATION + SIDES, SUPERSEDED,
	SEEN, AMOUNT, ENTITY, FACTS };

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

/* Amounts have their room, and what they are of what is left. */
static void
add_three(struct sheet *sheet, const char *name, const char *const of[],
    bool differs)
{
	struct arena *arena = sheet->arena;
	int each = sheet->room < WIDE ? 13 : 16;
	int left = sheet->room - 2 - SIDES * (each + 1);

	sheet_text(sheet, differs ? TONE_BAD : TONE_PLAIN, arena_printf(
	    arena, "%c %s %s %s %s", differs ? '!' : ' ', sheet_left(arena,
	    text_tame(arena, name), left < NAME_LEAST ? NAME_LEAST :
	    left > NAME_MOST ? NAME_MOST : left), sheet_right(arena,
	    text_tame(arena, of[0]), each), sheet_right(arena,
	    text_tame(arena, of[1]), each), sheet_right(arena,
	    text_tame(arena, of[2]), each)));
}

/* What differs, or else what is the same. */
static void
add_lines(struct sheet *sheet, struct side all[SIDES], const char *currency,
    bool differ)
{
	struct arena *arena = sheet->arena;

	for (int s = 0; s < SIDES; s++)
		memset(all[s].used, 0, sizeof all[s].used);
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
			if ((strcmp(raw[1], raw[2]) != 0) == differ)
				add_three(sheet, party[0] == '\0' ? account :
				    arena_printf(arena, "%s %s", account,
				    party), of, differ);
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

	sheet_words(sheet, TONE_STRONG, text_tame(arena, arena_printf(arena,
	    "%s  %s  %s", kind_text(f[KIND]), f[DOCUMENT], f[CHANGED_BY])));
	if (strcmp(f[SUPERSEDED], "yes") == 0)
		sheet_words(sheet, TONE_BAD, _("The document has moved on "
		    "here since."));
	if (f[ACT][0] != '\0')
		sheet_words(sheet, TONE_PLAIN, text_tame(arena, arena_printf(
		    arena, "%s: %s %s  %s  %s", list_word(arena, f[STATE]),
		    list_word(arena, f[ACT]), f[ACTOR], f[REASON],
		    f[WORDS])));
	if (f[EVENT][0] != '\0')
		sheet_words(sheet, TONE_PLAIN, text_tame(arena, arena_printf(
		    arena, _("%s posts it here; where it is held, once it is "
		    "approved."), f[EVENT])));
	sheet_pair(sheet, _("Number there"), arena_printf(arena,
	    f[REMOTE][0] != '\0' ? "%s  (%s%s%s)" : "%s", f[NUMBER],
	    f[REMOTE], f[VERSION][0] != '\0' ? ", " : "", f[VERSION]));
	sheet_pair(sheet, _("Text there"), f[NARRATION + 2]);
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
	add_lines(sheet, all, f[CURRENCY], true);
	add_lines(sheet, all, f[CURRENCY], false);
}

/* ---- the list ----------------------------------------------------------- */

/* `seen` is of which entity it is. */
static void
fill(struct subject *out, const char *id, int64_t version,
    const char *amount, const char *currency, const char *entity)
{
	*out = (struct subject){ .kind = SUBJECT_ROW, .version = version };
	snprintf(out->source, sizeof out->source, "%s", id);
	snprintf(out->amount, sizeof out->amount, "%s", amount);
	snprintf(out->currency, sizeof out->currency, "%s", currency);
	snprintf(out->seen, sizeof out->seen, "%s", entity);
}

static bool
subject(struct view *view, const struct row *row, struct subject *out)
{
	if (row->key[0] != 'T')
		return false;
	fill(out, row->key, row->version, saying_raw(view, row, "amount"),
	    saying_raw(view, row, "currency"), saying_raw(view, row,
	    "entity"));
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

/* One that is under way, and how far it is. */
static bool
add_looking(struct view *view, struct span json)
{
	static const char *const paths[] = { "looking.began",
		"looking.seen", "looking.ours" };
	struct arena *arena = view->arena;
	const char *t[3];

	if (!shape_texts(json, paths, 3, arena, t) || t[0][0] == '\0')
		return false;
	view_add(view, TONE_HEAD, "", (const char *const []){
	    arena_printf(arena, _("It is being looked at since %s: %s there "
	    "so far, %s ours."), text_time(arena, t[0]), text_number(arena,
	    t[1]), text_number(arena, t[2])), NULL });
	return true;
}

/* When it was looked, and at how much; what is not known to agree is not said
 * to. True: all of it was seen. *moving: that may change without a word in the
 * feed. */
static bool
add_look(struct view *view, bool *moving)
{
	static const char *const paths[] = { "look.ended", "look.from",
		"look.to", "look.seen", "look.ours", "look.why" };
	struct arena *arena = view->arena;
	const char *t[6], *text;
	struct span json;
	bool looks;

	if (!cache_find(view->cache, arena, "view", arena_printf(arena,
	    "target_drift/%s", view->place.key), &json) ||
	    !shape_texts(json, paths, 6, arena, t))
		return false;
	looks = add_looking(view, json);
	*moving = looks || t[0][0] == '\0';
	if (t[0][0] == '\0' && looks)
		return false;
	if (t[0][0] == '\0')
		text = may_act(ACT_TARGET_LOOK) ? _("Nobody has looked there "
		    "yet: L looks.") : _("Nobody has looked there yet.");
	else if (t[5][0] != '\0')
		text = arena_printf(arena, _("The look of %s failed: %s"),
		    text_time(arena, t[0]), text_tame(arena, t[5]));
	else
		text = arena_printf(arena, _("%s to %s, looked %s: %s there, "
		    "%s ours"), text_day(arena, t[1]),
		    text_day(arena, t[2]), text_time(arena, t[0]),
		    text_number(arena, t[3]), text_number(arena, t[4]));
	view_add(view, t[0][0] == '\0' || t[5][0] != '\0' ? TONE_BAD :
	    TONE_HEAD, "", (const char *const []){ text, NULL });
	return t[0][0] != '\0' && t[5][0] == '\0';
}

/* Of what is open when it was looked, else what is shown instead. */
static bool
add_head(struct view *view, bool *moving)
{
	const char *state = strchr(view->place.key, '/');

	if (state == NULL)
		return add_look(view, moving);
	view_add(view, TONE_HEAD, "", (const char *const []){
	    strcmp(state, "/ignored") == 0 ? _("What was left as it is, until "
	    "it changes there again:") : _("What is closed:"), NULL });
	return true;
}

static void
load_drift(struct view *view)
{
	int64_t now = clock_mono(), due = view->asked_at + AGAIN;
	bool open = strchr(view->place.key, '/') == NULL;
	bool moving = false, whole = add_head(view, &moving);
	size_t head = view->list.n;

	if (moving && view->asked && now >= due)
		view->asked = false;
	list_load(view);
	if (moving && view->again > view->asked_at + AGAIN)
		view->again = view->asked_at + AGAIN;
	if (view->paged == NULL && view->list.n == head && whole &&
	    !view->unread)
		view_add(view, TONE_PLAIN, "", (const char *const []){
		    open ? _("It has what we have.") : _("Nothing."), NULL });
	if (!view->placed && view->list.n > head)
		view->go = (int64_t)head;
	view->placed |= view->list.n > head;
}

const struct pane pane_drift = {
	.name = "drift", .title = N_("drift"), .list = "target_drift",
	.can = CAN_OPEN | CAN_FILTER | CAN_MARK | CAN_DRIFT | CAN_LOOK |
	    CAN_DRIFT_STATE, .load = load_drift, .open = open_drift,
	.subject = subject, .below = show_below
};

/* ---- one on the whole screen -------------------------------------------- */

static const struct column columns[] = {
	{ "", 20, true, false, 0 },
};

/* TARGET/T12 */
static bool
find_one(struct view *view, struct span *json, size_t *at)
{
	const char *key = view->place.key, *slash = strrchr(key, '/');

	return slash != NULL && find_row(view, view->arena,
	    arena_strndup(view->arena, key, (size_t)(slash - key)),
	    slash + 1, json, at);
}

static void
load_one(struct view *view)
{
	struct sheet sheet = sheet_rows(view);
	struct span json;
	size_t at;

	if (find_one(view, &json, &at))
		tell(&sheet, json, at);
	else
		sheet_text(&sheet, TONE_PLAIN, _("It agrees by now."));
}

static bool
subject_one(struct view *view, const struct row *row, struct subject *out)
{
	struct wire_rows rows;
	struct span json;
	const char **f;
	size_t at;

	(void)row;
	if (!find_one(view, &json, &at) || !shape_rows(json, "items", facts,
	    FACTS, view->arena, &rows) || at >= rows.n)
		return false;
	f = rows.texts + at * FACTS;
	fill(out, f[ID], strtoll(f[SEEN], NULL, 10), f[AMOUNT], f[CURRENCY],
	    f[ENTITY]);
	return true;
}

const struct pane pane_drifted = {
	.name = "drifted", .title = N_("drift"), .columns = columns,
	.n_columns = 1, .can = CAN_FILTER | CAN_DRIFT, .load = load_one,
	.subject = subject_one
};

/* ---- trial balances ----------------------------------------------------- */

#define PATIENCE 15000000	/* microseconds; an ERP may take its time */

/* Accounts of which something is not there, and nobody wonders at it. */
static size_t
count_lacking(struct span json, struct arena *arena)
{
	static const char *const paths[] = { "in_flight", "refused",
		"skipped" };
	struct wire_rows rows;
	size_t n = 0;

	if (!shape_rows(json, "items", paths, 3, arena, &rows))
		return 0;
	for (size_t i = 0; i < rows.n; i++) {
		bool lacks = false;

		for (size_t k = i * 3; k < i * 3 + 3; k++)
			lacks |= !text_is_zero(rows.texts[k]);
		n += lacks;
	}
	return n;
}

/* What it is of, and whether it is the same. */
static void
add_verdict(struct view *view, struct span json, const struct list_rows *rows)
{
	static const char *const paths[] = { "day", "currency", "moving",
		"drift" };
	struct arena *arena = view->arena;
	size_t differ = 0, lacking;
	const char *t[4];

	if (!shape_texts(json, paths, 4, arena, t))
		return;
	lacking = count_lacking(json, arena);
	for (size_t i = 0; i < rows->n; i++)
		differ += rows->items[i].alarm > 0;
	view_add(view, differ > 0 ? TONE_BAD : TONE_HEAD, "",
	    (const char *const []){ arena_printf(arena, differ > 0 ?
	    _("%s, %s: %s of %s accounts differ") : lacking > 0 ?
	    _("%s, %s: %s accounts, as expected") :
	    _("%s, %s: %s accounts, the same to the paisa"), text_day(arena, t[0]),
	    text_cut(arena, t[1], 3), text_count(arena, (int64_t)(differ > 0 ?
	    differ : rows->n)), text_count(arena, (int64_t)rows->n)),
	    NULL });
	if (lacking > 0)
		view_add(view, TONE_BAD, "", (const char *const []){
		    arena_printf(arena, ngettext("In %s account it lacks "
		    "what is on its way, refused or skipped.", "In %s "
		    "accounts it lacks what is on its way, refused or "
		    "skipped.", (unsigned long)lacking), text_count(arena,
		    (int64_t)lacking)), NULL });
	if (strcmp(t[2], "yes") == 0)
		view_add(view, TONE_BAD, "", (const char *const []){
		    _("Commits went there meanwhile: Ctrl-R asks again."),
		    NULL });
	if (t[3][0] != '\0' && strcmp(t[3], "0") != 0)
		view_add(view, TONE_BAD, "", (const char *const []){
		    arena_printf(arena, ngettext("%s posting differs there: "
		    "x on the target shows it.", "%s postings differ there: "
		    "x on the target shows them.", strtoul(t[3], NULL, 10)),
		    text_number(arena, t[3])), NULL });
}

/* Nothing has come: it is asked, was not heard of, or nobody can ask. */
static void
add_asking(struct view *view)
{
	int64_t due = view->asked_at + PATIENCE;

	view->unread = true;
	if (!view->asked)
		return;
	if (clock_mono() < due)
		view->again = due;
	else
		view_add(view, TONE_BAD, "", (const char *const []){
		    _("No answer yet; Ctrl-R asks again."), NULL });
}

/* Asked for once, as the ERP is, and again with the key for news. */
static void
load_trial(struct view *view)
{
	const struct list *list = list_find("target_trial");
	struct arena *arena = view->arena;
	const char *key = arena_printf(arena, "target_trial/%s",
	    view->place.key);
	struct span json, at;
	struct list_rows rows;

	view->again = 0;
	view->unread = false;
	if (!cache_find(view->cache, arena, "answered", key, &at) ||
	    !clock_parse(at, &view->answered))
		view->answered = 0;
	if (cache_find(view->cache, arena, "view", key, &json) &&
	    list_read(list, json, arena, &rows)) {
		add_verdict(view, json, &rows);
		for (size_t i = 0; i < rows.n; i++)
			view_add_raw(view, rows.items[i].alarm > 0 ?
			    TONE_BAD : TONE_PLAIN, rows.items[i].key, 0,
			    rows.items[i].cells, rows.items[i].raw);
	} else {
		add_asking(view);
	}
	if (!view->asked) {
		view_want(view, JOB_VIEW, key);
		view->asked_at = clock_mono();
	}
}

const struct pane pane_trial = {
	.name = "trial", .title = N_("trial balance"), .list = "target_trial",
	.can = CAN_FILTER, .load = load_trial
};
