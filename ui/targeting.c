/*
 * Targets and commits. A commit is named by its target and journal, a cause by
 * its target and its own name; what is said of them holds as the daemon finds
 * them, so it is not queued while that is away.
 */
#include "ui/targeting.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/i18n.h"
#include "ui/actions.h"
#include "ui/marks.h"
#include "ui/palette.h"
#include "ui/saying.h"
#include "ui/target_words.h"
#include "ui/text.h"

#define CHECKS 20000000		/* microseconds that a check may take */
#define AT_ONCE 10000		/* commits of a cause, for the daemon */
#define MOST 5000		/* rows at once, as many as can be marked */

static int64_t checking;	/* clock_mono: until then */

bool
targeting_waits(void)
{
	return clock_mono() < checking;
}

static bool
any(const struct subject *subject)
{
	return subject->source[0] != '\0';
}

/* ---- targets ------------------------------------------------------------ */

/* The one under the cursor, or that of what is shown. */
static void
name_target(struct view *view, const struct row *row, char out[VIEW_KEY])
{
	const char *of = view->place.pane == &pane_commit ||
	    view->place.key[0] != '\0' ? view->place.key :
	    row != NULL ? row->key : "";

	snprintf(out, VIEW_KEY, "%.*s", of[0] == '=' ? 0 :
	    (int)strcspn(of, "/"), of);
}

static const struct saying pause_target = {
	.what = "pause", .because = N_("Pause it, because: "),
	.nothing = N_("No target is here.")
};
static const struct saying resume_target = {
	.what = "resume", .nothing = N_("No target is here.")
};
static const struct saying check_target = {
	.what = "check", .nothing = N_("No target is here.")
};
static const struct saying look_target = {
	.what = "look", .nothing = N_("No target is here.")
};

static void
say_target(struct console *console, const struct saying *saying,
    const char *question)
{
	struct view *view = console_view(console);
	char of[VIEW_KEY];
	struct arena *arena;
	const char *name;

	if (!actions_online(console))
		return;
	name_target(view, grid_row(&view->grid), of);
	if (of[0] == '\0') {
		console_say(console, true, _(saying->nothing));
		return;
	}
	actions_new(console);
	arena = console->pending.arena;
	name = arena_strdup(arena, of);
	if (saying == &check_target)
		checking = clock_mono() + CHECKS;
	saying_word(console, saying, wire_path(arena, "/v1/targets/", name,
	    arena_printf(arena, "/%s", saying->what)), "", name,
	    saying != &look_target ? "targets" : arena_printf(arena,
	    "target_drift/%s+targets", name),
	    question != NULL ? arena_printf(arena, question, text_tame(arena,
	    name)) : NULL);
}

/* ---- commits ------------------------------------------------------------ */

static const struct saying retry = {
	.what = "retry", .most = MOST, .many = N_("Send %zu commits now?"),
	.nothing = N_("No commit is here.")
};
static const struct saying resend = {
	.what = "resend", .most = MOST,
	.because = N_("Send it again, because: "),
	.one = N_("Send it again? The target is asked for it first."),
	.many = N_("Send %zu commits again? The target is asked for each "
	    "first."),
	.nothing = N_("No commit is here.")
};
static const struct saying skip = {
	.what = "skip", .most = MOST,
	.because = N_("It does not go there, because: "),
	.one = N_("Skip it? Nothing of it is sent any more."),
	.many = N_("Skip %zu commits? Nothing of them is sent any more."),
	.nothing = N_("No commit is here.")
};

/* TARGET/J12 */
static void
write_row(struct json *j, const struct subject *subject)
{
	const char *slash = strrchr(subject->source, '/');

	if (slash == NULL)
		return;
	json_key(j, "target");
	json_span(j, (struct span){ subject->source,
	    (size_t)(slash - subject->source) });
	json_kstr(j, "journal", slash + 1);
	if (subject->seen[0] != '\0')
		json_kstr(j, "at", subject->seen);
}

static const char *
quoted(struct arena *arena, const char *text)
{
	const char *out;
	struct str s;
	struct json j;

	str_init(&s, 4096);
	json_start(&j, &s);
	json_str(&j, text);
	out = arena_strdup(arena, s.p);
	str_free(&s);
	return out;
}

/* As it is shown: what changed since is not for who saw it so. */
static const char *
where_cause(struct arena *arena, const char *of, int64_t change)
{
	return arena_printf(arena, change > 0 ? "{\"of\":%s,\"change\":%"
	    PRId64 "}" : "{\"of\":%s}", quoted(arena, of), change);
}

/* All that have one cause: it may be thousands, which the row says. */
static void
say_cause(struct console *console, const struct saying *saying)
{
	struct view *view = console_view(console);
	const struct row *row = grid_row(&view->grid);
	struct arena *arena;
	const char *question, *form, *much;
	size_t n;
	const struct subject **all = saying_collect(console, saying, any,
	    &n);

	if (all == NULL || row == NULL)
		return;
	arena = console->pending.arena;
	form = saying == &retry ? _("Send the %s commits of this cause now?") :
	    saying == &resend ? _("Send the %s commits of this cause again? "
	    "The target is asked for each first.") :
	    _("Skip the %s commits of this cause? Nothing of them is sent any "
	    "more.");
	much = text_number(arena, saying_raw(view, row, "n"));
	if (strtoll(saying_raw(view, row, "n"), NULL, 10) > AT_ONCE)
		much = arena_printf(arena, _("%s of %s"), text_count(arena,
		    AT_ONCE), much);
	question = arena_printf(arena, form, much);
	saying_word(console, saying, "/v1/commits/act", arena_printf(arena,
	    "\"act\":\"%s\",\"where\":%s", saying->what, where_cause(arena,
	    all[0]->source, row->version)), all[0]->source,
	    view->place.key[0] == '\0' ? "causes" : arena_printf(arena,
	    "causes/%s", view->place.key), question);
}

/* One row, marked rows, or the one that is on the screen. */
static void
say_commits(struct console *console, const struct saying *saying)
{
	struct view *view = console_view(console);
	const char *again;
	size_t n;
	const struct subject **all;

	if (view->place.pane == &pane_causes) {
		say_cause(console, saying);
		return;
	}
	all = saying_collect(console, saying, any, &n);
	if (all == NULL)
		return;
	again = view->place.pane == &pane_commits ? arena_printf(
	    console->pending.arena, "commits/%s", view->place.key) : "";
	saying_say(console, saying, "/v1/commits/act", "", n == 1 ?
	    all[0]->source : arena_printf(console->pending.arena, "%zu", n),
	    again, all, n, write_row);
}

/* ---- drift -------------------------------------------------------------- */

static const struct saying ours = {
	.what = "ours", .most = MOST,
	.one = N_("What we have is to be there again, %s?"),
	.many = N_("%zu postings are to be there again as we have them, "
	    "%s?"),
	.nothing = N_("Nothing here differs.")
};
static const struct saying theirs = {
	.what = "theirs", .most = MOST,
	.because = N_("They are right, because: "),
	.one = N_("Post here what it has, %s?"),
	.many = N_("Post here what it has of %zu postings, %s?"),
	.nothing = N_("Nothing here differs.")
};
static const struct saying adopt = {
	.what = "adopt", .most = MOST,
	.because = N_("It becomes ours, because: "),
	.one = N_("Post here what it has, %s?"),
	.many = N_("Post here what it has of %zu postings, %s?"),
	.nothing = N_("Nothing here differs.")
};
static const struct saying ignore = {
	.what = "ignore", .most = MOST, .because = N_("Leave it, because: "),
	.one = N_("Leave it as it is, %s?"),
	.many = N_("Leave %zu as they are, %s?"),
	.nothing = N_("Nothing here differs.")
};

static void
write_drift(struct json *j, const struct subject *subject)
{
	json_kstr(j, "id", subject->source);
	json_kint(j, "version", subject->version);
}

static void
say_rows(struct console *console, const struct saying *saying,
    const char *head, const struct subject **all, size_t n)
{
	struct view *view = console_view(console);
	struct arena *arena = console->pending.arena;
	char of[VIEW_KEY];

	name_target(view, grid_row(&view->grid), of);
	saying_say(console, saying, wire_path(arena, "/v1/targets/", of,
	    "/drift/act"), head, arena_strdup(arena, of),
	    arena_printf(arena, "target_drift/%s", of), all, n, write_drift);
}

static void
say_drift(struct console *console, const struct saying *saying)
{
	size_t n;
	const struct subject **all = saying_collect(console, saying, any,
	    &n);

	if (all != NULL)
		say_rows(console, saying, "", all, n);
}

/* ---- adopting ----------------------------------------------------------- */

/* What it is said of while entity and cost centre are typed; in the memory of
 * what is pending. */
static struct {
	const struct subject **all;
	size_t n;
	bool entity;		/* some row says none */
} adopting;

static void
put_code(struct arena *arena, const char **head, const char *name,
    const char *code)
{
	if (code != NULL)
		*head = arena_printf(arena, "%s\"%s\":%s,", *head, name,
		    quoted(arena, code));
}

/* "IN01", "IN01 HO"; where the target says of which entity it is: "HO". */
static void
typed_codes(struct console *console)
{
	struct arena *arena = console->pending.arena;
	char *at = arena_strdup(arena, console->input), *rest;
	const char *entity = NULL, *centre, *head = "";

	if (adopting.entity)
		entity = strtok_r(at, " ", &rest);
	centre = strtok_r(adopting.entity ? NULL : at, " ", &rest);
	if (adopting.entity && entity == NULL) {
		actions_drop(console);
		console_say(console, false, _("Nothing was done."));
		return;
	}
	put_code(arena, &head, "entity", entity);
	put_code(arena, &head, "cost_centre", centre);
	say_rows(console, &adopt, head, adopting.all, adopting.n);
}

/* The first one of the books, to begin with. */
static const char *
first_entity(struct console *console)
{
	struct arena *arena = console->pending.arena;
	struct wire_status status;
	struct span json;

	return cache_find(console->cache, arena, "status", "", &json) &&
	    shape_status(json, arena, &status) && status.n_entities > 0 ?
	    status.entities[0].code : "";
}

static void
say_adopt(struct console *console)
{
	adopting.all = saying_collect(console, &adopt, any, &adopting.n);
	if (adopting.all == NULL)
		return;
	adopting.entity = false;
	for (size_t i = 0; i < adopting.n; i++)
		adopting.entity |= adopting.all[i]->seen[0] == '\0';
	console_line(console, adopting.entity ?
	    _("Of which entity (and cost centre): ") :
	    _("Cost centre of lines that have none (Enter: none): "),
	    adopting.entity ? first_entity(console) : "", typed_codes);
}

/* "erp: drift": there is more than one view of a target. */
static void
place_title(struct place *place, const struct pane *pane, const char *name,
    const char *what)
{
	struct arena *arena = arena_new();

	place_set(place, pane, name, arena_printf(arena, "%s: %s",
	    text_tame(arena, name), what));
	arena_free(&arena);
}

static void
show_sides(struct console *console, const struct pane *pane)
{
	const struct row *row = grid_row(&console_view(console)->grid);
	struct place place;

	if (row == NULL || row->key[0] == '\0' ||
	    strlen(row->key) >= VIEW_KEY) {
		console_say(console, true, _("No target is here."));
		return;
	}
	place_title(&place, pane, row->key, _(pane->title));
	console_push(console, &place);
}

/* What differs, what was left as it is, what is closed: TARGET, then what of
 * it. */
static void
next_state(struct console *console)
{
	static const char *const states[] = { "", "/ignored", "/closed" };
	struct view *view = console_view(console);
	size_t n = strcspn(view->place.key, "/"), at = 0;

	while (at < 2 && strcmp(states[at], view->place.key + n) != 0)
		at++;
	snprintf(view->place.key + n, sizeof view->place.key - n, "%s",
	    states[(at + 1) % 3]);
	view->asked = view->placed = false;
	console_load(console);
	grid_first(&view->grid);
}

/* ---- the way there ------------------------------------------------------ */

/* Of a document that is shown, all its commits; else what is in the way. */
static void
show_commits(struct console *console)
{
	struct view *view = console_view(console);
	const struct row *row = grid_row(&view->grid);
	const char *document = view->place.pane == &pane_document ?
	    view->place.key : view->place.pane == &pane_documents &&
	    row != NULL ? row->key : "";
	char key[VIEW_KEY];
	struct place place;

	if (document[0] == '\0' || strlen(document) + 2 > sizeof key) {
		console_top(console, &pane_causes, "");
		return;
	}
	snprintf(key, sizeof key, "=%.*s", VIEW_KEY - 2, document);
	place_set(&place, &pane_commits, key, document);
	console_push(console, &place);
}

static void
show_all(struct console *console)
{
	struct view *view = console_view(console);
	char name[VIEW_KEY];
	struct place place;

	name_target(view, grid_row(&view->grid), name);
	if (name[0] == '\0') {
		console_say(console, true, _("No target is here."));
		return;
	}
	place_title(&place, &pane_commits, name, _("all commits"));
	console_push(console, &place);
}

/* Of what it lacks a code, as far as the words of the ERP tell; what stands
 * behind that. */
static const char *
dimension_of(const char *words, const char **behind)
{
	static const char *const names[][2] = {
		{ "account", "account" }, { "party", "party" },
		{ "cost centre", "cost_centre" },
		{ "cost_centre", "cost_centre" }, { "tax_code", "tax_code" },
		{ "item", "item" }, { "location", "location" },
	};
	const char *out = "account", *first = NULL;

	*behind = "";
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *at = strcasestr(words, names[i][0]);

		if (at != NULL && (first == NULL || at < first)) {
			first = at;
			out = names[i][1];
			*behind = at + strlen(names[i][0]);
		}
	}
	return out;
}

/* The code itself: what is quoted, in capitals behind a colon, or has a digit.
 * How many bytes of it; 0: the words do not tell. */
static size_t
code_in(const char **behind)
{
	size_t skip = strspn(*behind, " :\"'"), n;
	bool quoted = strcspn(*behind, "\"'") < skip;
	bool named = strcspn(*behind, ":") < skip;

	n = strcspn(*behind + skip, " :;,\"'");
	*behind += skip;
	return skip > 0 && n < VIEW_KEY / 2 && (quoted ||
	    (named && **behind >= 'A' && **behind <= 'Z') ||
	    strcspn(*behind, "0123456789") < n) ? n : 0;
}

/* A row of mapping, begun: what is its own code there is typed behind it. */
static void
mend(struct console *console)
{
	struct view *view = console_view(console);
	const struct row *row = grid_row(&view->grid);
	const char *refusal = row != NULL ? saying_raw(view, row, "refusal") :
	    "";
	char name[VIEW_KEY], typed[2 * VIEW_KEY];
	const char *dimension, *code;
	struct arena *arena;
	size_t n;

	name_target(view, row, name);
	if (name[0] == '\0') {
		console_say(console, true, _("No target is here."));
		return;
	}
	if (refusal[0] != '\0' && strcmp(refusal, "mapping") != 0) {
		arena = arena_new();
		console_say(console, true, arena_printf(arena,
		    _("No mapping mends this. %s"), refusal_hint(arena,
		    refusal, name, false)));
		arena_free(&arena);
		return;
	}
	dimension = dimension_of(row != NULL ? saying_raw(view, row, "words") :
	    "", &code);
	n = code_in(&code);
	snprintf(typed, sizeof typed, "set mapping to:%s/%s/%.*s%s", name,
	    dimension, (int)n, code, n > 0 ? " to=" : "");
	palette_type(console, typed);
}

bool
targeting_act(struct console *console, enum act act)
{
	switch ((int)act) {
	case ACT_TARGET_PAUSE:
		say_target(console, &pause_target, _("Pause %s?"));
		break;
	case ACT_TARGET_RESUME:
		say_target(console, &resume_target, _("Resume %s?"));
		break;
	case ACT_TARGET_CHECK:
		say_target(console, &check_target, NULL);
		break;
	case ACT_TARGET_LOOK: say_target(console, &look_target, NULL); break;
	case ACT_COMMITS: show_commits(console); break;
	case ACT_COMMIT_RETRY: say_commits(console, &retry); break;
	case ACT_COMMIT_RESEND: say_commits(console, &resend); break;
	case ACT_COMMIT_SKIP: say_commits(console, &skip); break;
	case ACT_COMMIT_ALL: show_all(console); break;
	case ACT_COMMIT_MEND: mend(console); break;
	case ACT_DRIFT: show_sides(console, &pane_drift); break;
	case ACT_TRIAL: show_sides(console, &pane_trial); break;
	case ACT_DRIFT_OURS: say_drift(console, &ours); break;
	case ACT_DRIFT_THEIRS: say_drift(console, &theirs); break;
	case ACT_DRIFT_ADOPT: say_adopt(console); break;
	case ACT_DRIFT_IGNORE: say_drift(console, &ignore); break;
	case ACT_DRIFT_STATE: next_state(console); break;
	default: return false;
	}
	return true;
}
