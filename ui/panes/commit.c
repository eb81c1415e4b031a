/*
 * One journal at one target: how it stands and what helps, what was tried, its
 * number there, digests of both sides, and its lines in both their words.
 */
#include <stdio.h>
#include <string.h>

#include "core/i18n.h"
#include "ui/lists.h"
#include "ui/target_words.h"
#include "ui/text.h"
#include "wire/gst.h"

static const struct column columns[] = {
	{ "", 20, true, false, 0 },
};

static const char *const facts[] = {
	"target", "journal", "document", "state", "refusal", "words",
	"attempts", "next_at", "remote", "remote_number", "remote_version",
	"sent", "held", "actor", "reason", "first", "at", "asked",
	"behind", "posted"
};

enum { TARGET, JOURNAL, DOCUMENT, STATE, REFUSAL, WORDS, ATTEMPTS, NEXT,
	REMOTE, NUMBER, VERSION, SENT, HELD, ACTOR, REASON, FIRST, AT, ASKED,
	BEHIND, POSTED, FACTS };

static void
add_facts(struct sheet *sheet, const char *const *f)
{
	struct arena *arena = sheet->arena;
	bool bad = f[REFUSAL][0] != '\0';

	sheet_words(sheet, bad ? TONE_BAD : TONE_STRONG, text_tame(arena,
	    arena_printf(arena, "%s  %s%s%s", list_word(arena, f[STATE]),
	    list_word(arena, f[REFUSAL]), bad ? ": " : "", f[WORDS])));
	refusal_tell(sheet, f[REFUSAL], f[TARGET],
	    strcmp(f[STATE], "retrying") == 0);
	if (f[BEHIND][0] != '\0')
		sheet_pair(sheet, _("Waits for"), arena_printf(arena,
		    _("%s, which is before it of the same document"),
		    f[BEHIND]));
	if (f[NEXT][0] != '\0')
		sheet_pair(sheet, _("By itself"), text_time(arena, f[NEXT]));
	sheet_pair(sheet, _("Attempts"), strcmp(f[ATTEMPTS], "0") == 0 ? "" :
	    f[ATTEMPTS]);
	sheet_pair(sheet, _("Number there"), arena_printf(arena,
	    f[REMOTE][0] != '\0' ? "%s  (%s%s%s)" : "%s", f[NUMBER],
	    f[REMOTE], f[VERSION][0] != '\0' ? ", " : "", f[VERSION]));
	sheet_pair(sheet, _("Sent (SHA-256)"), f[SENT]);
	sheet_pair(sheet, _("Held (SHA-256)"), f[HELD]);
	sheet_pair(sheet, _("Who"), f[ACTOR]);
	sheet_pair(sheet, _("Reason"), f[REASON]);
	sheet_pair(sheet, _("Posted"), text_time(arena, f[POSTED]));
	sheet_pair(sheet, _("First"), text_time(arena, f[FIRST]));
	sheet_pair(sheet, _("Last"), text_time(arena, f[AT]));
}

/* What was done, and what came of it. */
static const char *
try_word(struct arena *arena, const char *name)
{
	static const struct {
		const char *name, *word;
	} words[] = {
		{ "ask", N_("asked for") }, { "finish", N_("finished") },
		{ "send", N_("sent") }, { "take", N_("taken") },
		{ "unknown", N_("no answer") }, { "absent", N_("not there") },
		{ "refused", N_("refused") }, { "away", N_("not reached") },
		{ "together", N_("not together") },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i].name, name) == 0)
			return _(words[i].word);
	return list_word(arena, name);
}

static void
add_tries(struct sheet *sheet, struct span json)
{
	static const char *const paths[] = { "at", "act", "outcome", "actor",
		"words" };
	struct arena *arena = sheet->arena;
	struct wire_rows rows;

	if (!shape_rows(json, "tries", paths, 5, arena, &rows) ||
	    rows.n == 0)
		return;
	sheet_head(sheet, _("What was tried"));
	for (size_t i = 0; i < rows.n; i++) {
		const char **t = rows.texts + i * 5;

		sheet_words(sheet, TONE_PLAIN, arena_printf(arena,
		    "  %s  %s %s %s %s", text_time(arena, t[0]),
		    sheet_left(arena, try_word(arena, t[1]), 9),
		    sheet_left(arena, try_word(arena, t[2]), 9),
		    text_tame(arena, t[3]), text_tame(arena, t[4])));
	}
}

/* What a code is called there stands behind it, when that is another. */
static const char *
both(struct arena *arena, const char *ours, const char *theirs)
{
	return ours[0] == '\0' || strcmp(ours, theirs) == 0 ? ours :
	    arena_printf(arena, "%s -> %s", ours, theirs);
}

static void
add_lines(struct sheet *sheet, struct span json)
{
	static const char *const paths[] = { "account", "there", "party",
		"party_there", "cost_centre", "memo", "amount", "currency" };
	struct arena *arena = sheet->arena;
	struct wire_rows rows;

	if (!shape_rows(json, "lines", paths, 8, arena, &rows))
		return;
	sheet_head(sheet, _("Lines: ours -> theirs"));
	for (size_t i = 0; i < rows.n; i++) {
		const char **t = rows.texts + i * 8;

		sheet_text(sheet, TONE_PLAIN, text_tame(arena, arena_printf(
		    arena, "  %s %s %s  %s %s %s", sheet_left(arena,
		    both(arena, t[0], t[1]), 20), sheet_right(arena,
		    text_money(arena, t[7], t[6]), 16), t[7],
		    sheet_left(arena, both(arena, t[2], t[3]), 14),
		    sheet_left(arena, t[4], 12), t[5])));
	}
}

static bool
read_facts(struct span json, struct arena *arena, const char **f)
{
	return shape_texts(json, facts, FACTS, arena, f);
}

static void
load(struct view *view)
{
	const char *key = arena_printf(view->arena, "commit/%s",
	    view->place.key);
	struct sheet sheet = sheet_rows(view);
	const char *f[FACTS];
	struct span json;

	if (!sheet_find(view, key, &json) ||
	    !read_facts(json, view->arena, f)) {
		sheet_text(&sheet, TONE_PLAIN,
		    _("  It is with the daemon and is being asked for."));
		return;
	}
	add_facts(&sheet, f);
	add_lines(&sheet, json);
	add_tries(&sheet, json);
	sheet_row(&sheet, TONE_PLAIN, f[JOURNAL], text_tame(view->arena,
	    arena_printf(view->arena, "  %s %s  %s", _("journal"),
	    f[JOURNAL], f[DOCUMENT])));
}

static bool
subject(struct view *view, const struct row *row, struct subject *out)
{
	const char *f[FACTS];
	struct span json;

	(void)row;
	*out = (struct subject){ .kind = SUBJECT_ROW, .version = 1 };
	if (sheet_find(view, arena_printf(view->arena, "commit/%s",
	    view->place.key), &json) && read_facts(json, view->arena, f))
		snprintf(out->seen, sizeof out->seen, "%s", f[AT]);
	if (strlen(view->place.key) >= sizeof out->source)
		return false;
	snprintf(out->source, sizeof out->source, "%s", view->place.key);
	return true;
}

const struct pane pane_commit = {
	.name = "commit", .title = N_("commit"), .columns = columns,
	.n_columns = 1, .can = CAN_OPEN | CAN_FILTER | CAN_COMMIT |
	    CAN_COMMITS, .load = load, .open = sheet_open, .subject = subject
};

/* ---- below a list of them ----------------------------------------------- */

const char *
commit_about(struct view *view, const struct row *row)
{
	return row->key[0] == '\0' || strlen(row->key) >= VIEW_KEY -
	    strlen("commit/") ? "" : arena_printf(view->arena, "commit/%s",
	    row->key);
}

void
commit_below(struct view *view, const struct row *row, struct vec *lines)
{
	struct sheet sheet = sheet_below(view, lines);
	const char *f[FACTS];
	struct span json;

	if (!cache_find(view->cache, view->lower, "sheet", arena_printf(
	    view->lower, "commit/%s", row->key), &json) ||
	    !read_facts(json, view->lower, f))
		return;
	add_facts(&sheet, f);
	add_lines(&sheet, json);
	add_tries(&sheet, json);
}
