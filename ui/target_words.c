/* Targets and refusals in the words of who has to see to them. */
#include "ui/target_words.h"

#include <stdlib.h>
#include <string.h>

#include "core/i18n.h"
#include "ui/may.h"
#include "ui/text.h"
#include "wire/gst.h"

/* ---- refusals ----------------------------------------------------------- */

static const struct {
	const char *refusal, *hint;	/* N_(), with %s, the target */
} hints[] = {
	{ "mapping", N_("It lacks a code. Map ours to its own, to:%s in the "
	    "table mapping (f begins the row), or add it there; then retry "
	    "all of the cause.") },
	{ "data", N_("The journal itself: correct its document, or, where it "
	    "is right, mend it at %s and retry.") },
	{ "rights", N_("Who we are at %s may not do this: its administrator "
	    "gives the right, then retry.") },
	{ "period", N_("%s has that period closed, or none: open it there, "
	    "or post into an open one; then retry.") },
	{ "duplicate", N_("%s has something of that reference that is not "
	    "what we sent: look there. Resend asks again; skip, when it is "
	    "the same.") },
	{ "connection", N_("No word came from %s that can be relied on: look "
	    "whether it is there; resend asks for it first.") },
	{ "away", N_("%s gave no sure answer: each is asked for and goes by "
	    "itself once it does. Look whether it runs.") },
	{ "rate", N_("%s wants fewer at a time: it goes on by itself; lower "
	    "`rate` of the target if that stays.") },
	{ "", N_("They were not tried: they go by themselves once %s "
	    "answers.") },
	{ "again", N_("They are on their way to %s again: nothing is to be "
	    "done until it answers.") },
	{ "conflict", N_("It was changed at %s since: look at what differs "
	    "before anything is sent again.") },
};

const char *
refusal_hint(struct arena *arena, const char *refusal, const char *target,
    bool goes)
{
	if (!goes && refusal[0] == '\0')
		return "";
	if (goes && strcmp(refusal, "connection") == 0)
		refusal = "away";
	else if (goes && refusal[0] != '\0' && strcmp(refusal, "rate") != 0)
		refusal = "again";
	for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
		if (strcmp(hints[i].refusal, refusal) == 0)
			return arena_printf(arena, _(hints[i].hint),
			    text_tame(arena, target));
	return "";
}

void
refusal_tell(struct sheet *sheet, const char *refusal, const char *target,
    bool goes)
{
	const char *hint = refusal_hint(sheet->arena, refusal, target, goes);

	if (hint[0] != '\0')
		sheet_words(sheet, TONE_PLAIN, hint);
}

/* ---- targets ------------------------------------------------------------ */

static const char *const facts[] = {
	"name", "state", "why", "actor", "reason", "breaker", "next_at", "rate",
	"product", "company", "good", "taken", "looked", "check.at",
	"check.good", "check.why", "states.waiting", "states.sending",
	"states.skipped", "states.done", "states.retrying", "backlog",
	"states.failed", "states.dead"
};

enum { NAME, STATE, WHY, ACTOR, REASON, BREAKER, NEXT, RATE, PRODUCT,
	COMPANY, GOOD, TAKEN, LOOKED, CHECKED, CHECK_GOOD, CHECK_WHY, WAITING,
	SENDING, SKIPPED, DONE, RETRYING, BACKLOG, FAILED, DEAD, FACTS };

#define FAULTS 4		/* of a check that are shown */

/* Words of others may end a sentence, or not. */
static const char *
unended(struct arena *arena, const char *words)
{
	size_t n = strlen(words);

	while (n > 0 && (words[n - 1] == '.' || words[n - 1] == ' '))
		n--;
	return arena_strndup(arena, words, n);
}

/* A person's words, beside what is amiss as well. */
static void
tell_pause(struct sheet *sheet, const char *const *f)
{
	struct arena *arena = sheet->arena;
	bool paused = strcmp(f[STATE], "paused") == 0;
	bool may = may_act(ACT_TARGET_RESUME) && paused;
	const char *said = f[REASON][0] != '\0' ? f[REASON] : f[WHY];

	sheet_words(sheet, TONE_BAD, text_tame(arena, arena_printf(arena,
	    may ? _("Paused by %s: %s. u goes on.") : paused ?
	    _("Paused by %s: %s.") : _("Paused by %s: %s. It stays paused "
	    "once that is mended."), f[ACTOR], unended(arena, said))));
	if (paused && strcmp(said, f[WHY]) != 0)
		sheet_words(sheet, TONE_BAD, text_tame(arena, arena_printf(
		    arena, _("Besides: %s."), unended(arena, f[WHY]))));
}

/* A check failed, and nothing went well since. Both times are RFC 3339. */
static bool
is_refused(const char *const *f)
{
	return f[WHY][0] != '\0' && f[CHECKED][0] != '\0' &&
	    f[CHECK_GOOD][0] == '\0' && strcmp(f[CHECKED], f[GOOD]) > 0;
}

static void
tell_state(struct sheet *sheet, const char *const *f)
{
	struct arena *arena = sheet->arena;
	bool may = may_act(ACT_TARGET_RESUME), said = f[REASON][0] != '\0';
	const char *why = unended(arena, f[WHY]);

	if (strcmp(f[STATE], "paused") == 0)
		tell_pause(sheet, f);
	else if (strcmp(f[STATE], "running") != 0 && said)
		sheet_words(sheet, TONE_BAD, text_tame(arena, arena_printf(
		    arena, _("Stopped: %s."), why)));
	else if (strcmp(f[STATE], "running") != 0 && f[CHECKED][0] == '\0')
		sheet_words(sheet, TONE_BAD, text_tame(arena, arena_printf(
		    arena, _("Stopped: %s. It goes on by itself once its "
		    "file is mended."), why)));
	else if (strcmp(f[STATE], "running") != 0)
		sheet_words(sheet, TONE_BAD, text_tame(arena, arena_printf(
		    arena, may ? _("Stopped: %s. u goes on once that is "
		    "mended.") : _("Stopped: %s."), why)));
	else if (strcmp(f[BREAKER], "closed") != 0)
		sheet_words(sheet, TONE_BAD, text_tame(arena, arena_printf(
		    arena, f[NEXT][0] == '\0' ? _("Away: %s. It tries again "
		    "by itself.") : may ? _("Away: %s. It tries again by "
		    "itself at %s; u tries at once.") : _("Away: %s. It "
		    "tries again by itself at %s."), why, text_time(arena,
		    f[NEXT]))));
	else if (is_refused(f))
		sheet_words(sheet, TONE_BAD, text_tame(arena, arena_printf(
		    arena, _("Nothing goes there: %s. What is to go tries "
		    "again by itself; once that is mended c says so."),
		    why)));
	else
		sheet_words(sheet, TONE_PLAIN, text_tame(arena, f[WHY][0] !=
		    '\0' ? arena_printf(arena, _("Running. Last trouble: %s"),
		    f[WHY]) : _("Running.")));
	if (strcmp(f[STATE], "stopped") == 0 && said)
		tell_pause(sheet, f);
}

static bool
is_any(const char *const *f)
{
	return !text_is_zero(f[BACKLOG]) || !text_is_zero(f[SENDING]) ||
	    !text_is_zero(f[RETRYING]) || !text_is_zero(f[WAITING]);
}

static void
tell_facts(struct sheet *sheet, const char *const *f)
{
	struct arena *arena = sheet->arena;
	const char *by_person = arena_printf(arena, "%lld",
	    strtoll(f[FAILED], NULL, 10) + strtoll(f[DEAD], NULL, 10));

	if (!text_is_zero(by_person))
		sheet_words(sheet, TONE_BAD, arena_printf(arena,
		    _("Refused: %s. They wait for a person: Enter says why, "
		    "and what helps."), text_number(arena, by_person)));
	sheet_pair(sheet, _("There"), arena_printf(arena, _("%s; %s skipped"),
	    text_number(arena, f[DONE]), text_number(arena, f[SKIPPED])));
	sheet_pair(sheet, _("To go"), !is_any(f) ? _("nothing") :
	    arena_printf(arena, _("%s in line, %s on their way, %s to be "
	    "tried again, %s after one before them"),
	    text_number(arena, f[BACKLOG]), text_number(arena, f[SENDING]),
	    text_number(arena, f[RETRYING]), text_number(arena,
	    f[WAITING])));
	sheet_pair(sheet, _("Keys"), _("Enter in the way, o all commits, x "
	    "drift, = trial balances"));
	sheet_pair(sheet, _("Looked at"), f[LOOKED][0] != '\0' ?
	    text_time(arena, f[LOOKED]) : _("never"));
	sheet_pair(sheet, _("Last success"), text_time(arena, f[GOOD]));
	sheet_pair(sheet, _("Up to journal"), f[TAKEN]);
	sheet_pair(sheet, _("It is"), arena_printf(arena, "%s%s%s",
	    f[PRODUCT], f[PRODUCT][0] != '\0' && f[COMPANY][0] != '\0' ?
	    ", " : "", f[COMPANY]));
}

/* "mapping: account 4000: it is not known", each with what helps. */
static void
tell_check(struct sheet *sheet, struct span json, size_t at,
    const char *const *f)
{
	struct arena *arena = sheet->arena;
	const char *paths[4 * FAULTS];
	static const char *const of[] = { "refusal", "field", "value",
		"words" };
	struct wire_rows rows;

	if (f[CHECKED][0] == '\0')
		return;
	/* What it could not do then, and did since, troubles nobody. */
	if (f[CHECK_GOOD][0] == '\0' && f[CHECK_WHY][0] != '\0' &&
	    strcmp(f[CHECKED], f[GOOD]) < 0)
		return;
	sheet_words(sheet, f[CHECK_GOOD][0] != '\0' ? TONE_PLAIN : TONE_BAD,
	    text_tame(arena, arena_printf(arena, f[CHECK_GOOD][0] != '\0' ?
	    _("Checked %s: it can work.%s") : _("Checked %s: %s"),
	    text_time(arena, f[CHECKED]), f[CHECK_WHY])));
	for (int i = 0; i < 4 * FAULTS; i++)
		paths[i] = arena_printf(arena, "check.faults.%d.%s", i / 4,
		    of[i % 4]);
	if (!shape_rows(json, "items", paths, 4 * FAULTS, arena, &rows))
		return;
	for (int i = 0; i < FAULTS; i++) {
		const char **t = rows.texts + at * 4 * FAULTS + i * 4;

		if (t[0][0] != '\0')
			sheet_words(sheet, TONE_BAD, text_tame(arena,
			    arena_printf(arena, "  %s: %s %s: %s",
			    list_word(arena, t[0]), t[1], t[2], t[3])));
	}
}

void
target_tell(struct sheet *sheet, struct span json, const char *name)
{
	struct wire_rows rows;

	if (!shape_rows(json, "items", facts, FACTS, sheet->arena, &rows))
		return;
	for (size_t i = 0; i < rows.n; i++) {
		const char **f = rows.texts + i * FACTS;

		if (strcmp(f[NAME], name) != 0)
			continue;
		tell_state(sheet, f);
		tell_check(sheet, json, i, f);
		tell_facts(sheet, f);
	}
}
