/*
 * The list above the line of `:`. Opened on what the view below can and on
 * its row (palette.h); only the tables are read.
 */
#include <stdlib.h>
#include <string.h>

#include "core/i18n.h"
#include "ui/cli.h"
#include "ui/fuzzy.h"
#include "ui/palette.h"
#include "ui/saved.h"
#include "ui/text.h"

#define FOUND_MAX 1000
#define GOOD 24			/* a letter, of a long text */

static const struct column columns[] = {
	{ N_("Keys"), 8, false, false, 0 },
	{ N_("What it does"), 28, true, false, 0 },
	{ N_("Verb"), 28, false, false, 0 },
};

struct found {
	int score;
	size_t order;
	const char *key, *keys, *what, *verb;
};

struct search {
	struct arena *arena;
	const char *typed;
	struct palette_of of;
	struct vec found;
};

static int
compare(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->score != y->score)
		return x->score < y->score ? 1 : -1;
	return x->order < y->order ? -1 : 1;
}

static void
add(struct search *search, int score, struct found one)
{
	struct found *new = vec_add(&search->found);

	if (new == NULL)
		return;
	one.score = score;
	one.order = search->found.n;
	*new = one;
}

/* A name counts more than a sentence, in which letters are soon found. */
static int
score_of(const char *typed, const char *name, const char *label,
    const char *verb, const char *what)
{
	const char *const long_ones[] = { verb, what };
	int best = fuzzy_score(typed, name), one = fuzzy_score(typed, label);
	int least = GOOD * (int)strlen(typed);

	best = best < 0 ? best : best + 80;
	if (one >= 0 && one + 40 > best)
		best = one + 40;
	for (size_t i = 0; i < 2; i++) {
		one = fuzzy_score(typed, long_ones[i]);
		if (one >= least && one > best)
			best = one;
	}
	return best;
}

/* Behind those that the last ones have when nothing is typed. */
static int
bonus_of(const struct search *search, const char *key)
{
	const char *recent;

	for (size_t i = 0; (recent = palette_recent(i)) != NULL; i++)
		if (strcmp(recent, key) == 0)
			return search->typed[0] == '\0' ? 5000 - (int)i : 8;
	return 0;
}

static void
add_act(struct search *search, enum act act)
{
	const struct key_info *info = key_info(act);
	const char *why = palette_why_not(search->arena, act,
	    search->of.can);
	const char *key = arena_printf(search->arena, "act:%s", info->name);
	const char *verb = palette_verb(search->arena, act, why == NULL ?
	    search->of.row : "");
	int score = score_of(search->typed, info->name, info->label[0] ?
	    _(info->label) : "", info->verb, _(info->help));

	if (score < 0)
		return;
	if (search->typed[0] == '\0')
		score = info->kind == KEY_MOVES ? 100 : info->needs != 0 ?
		    2000 : 1000;
	add(search, why != NULL ? score - 100000 : score +
	    bonus_of(search, key), (struct found){ .key = key,
	    .keys = arena_strndup(search->arena, key_names(act),
	    strcspn(key_names(act), " ")), .what = _(info->help),
	    .verb = why == NULL ? verb : arena_printf(search->arena, "(%s)",
	    why) });
}

static void
add_verb(struct search *search, const struct cli_verb *verb)
{
	const char *key = arena_printf(search->arena, "verb:%s", verb->name);
	int score = score_of(search->typed, verb->name, "", "",
	    _(verb->help));

	if (score < 0)
		return;
	if (search->typed[0] == '\0')
		score = 500;
	add(search, score - 20 + bonus_of(search, key), (struct found){
	    .key = key, .keys = "", .what = _(verb->help),
	    .verb = arena_printf(search->arena, "bahi %s %s", verb->name,
	    verb->arguments) });
}

/* What is typed is a whole line: a verb with its words. */
static void
add_line(struct search *search)
{
	const char *typed = search->typed + strspn(search->typed, " ");
	size_t n = strcspn(typed, " ");
	bool more = typed[n] != '\0';

	for (size_t i = 0; i < n_cli_verbs; i++)
		if (span_is((struct span){ typed, n }, cli_verbs[i].name) &&
		    more)
			add(search, 1000000, (struct found){ .key = "run:",
			    .keys = "Enter", .what = cli_verbs[i].arguments,
			    .verb = arena_printf(search->arena, "bahi %s",
			    text_tame(search->arena, typed)) });
}

/* A number: of an event, a journal or a run. */
static void
add_record(struct search *search)
{
	const char *typed = search->typed;
	bool named = strchr("EJR", typed[0]) != NULL && typed[0] != '\0';
	const char *digits = typed + named;

	if (digits[0] == '\0' || strlen(digits) > 18 ||
	    strspn(digits, "0123456789") != strlen(digits))
		return;
	for (const char *kind = "EJR"; *kind != '\0'; kind++)
		if (!named || *kind == typed[0])
			add(search, 900000 - (int)*kind, (struct found){
			    .key = arena_printf(search->arena, "go:%c%s",
			    *kind, digits), .keys = "",
			    .what = arena_printf(search->arena,
			    *kind == 'E' ? _("open the event %c%s") :
			    *kind == 'J' ? _("open the journal %c%s") :
			    _("open the receipt of the run %c%s"), *kind,
			    digits), .verb = arena_printf(search->arena,
			    *kind == 'R' ? "bahi runs show %c%s" :
			    "bahi trace %c%s", *kind, digits) });
}

/* view->data is of the console. */
static bool
add_views(struct search *search, const struct saved_views *all)
{
	bool found = false;

	for (size_t i = 0; all != NULL && i < all->n; i++) {
		const struct saved *one = &all->items[i];
		const char *name = text_tame(search->arena, one->name);
		const char *key = arena_printf(search->arena, "view:%s",
		    one->id);
		int score = score_of(search->typed, name, "", "", "");

		found = found || score >= 0;
		if (score >= 0)
			add(search, search->typed[0] == '\0' ? 700 : score +
			    bonus_of(search, key), (struct found){
			    .key = key, .keys = "", .verb = text_tame(
			    search->arena, one->filter), .what = arena_printf(
			    search->arena, _("view: %s"), name) });
	}
	return found;
}

/* Behind what can be done, before what can not; a number is meant so. */
static void
add_search(struct search *search, bool views)
{
	bool number = !views && strpbrk(search->typed, "0123456789") != NULL;

	if (strlen(search->typed) > 1)
		add(search, number ? 800000 : -1, (struct found){ .key = "search:",
		    .keys = "", .what = arena_printf(search->arena,
		    _("search everywhere: %s"), text_tame(search->arena,
		    search->typed)), .verb = arena_printf(search->arena,
		    "bahi search %s", text_tame(search->arena,
		    search->typed)) });
}

static void
load(struct view *view)
{
	struct search search = { .arena = view->arena,
	    .typed = view->needle, .of = palette_of(view) };

	vec_init(&search.found, sizeof(struct found), FOUND_MAX);
	add_line(&search);
	add_record(&search);
	add_search(&search, add_views(&search, view->data));
	for (int act = 1; act < ACT_COUNT; act++)
		if (act != ACT_PALETTE)
			add_act(&search, (enum act)act);
	for (size_t i = 0; i < n_cli_verbs; i++)
		add_verb(&search, &cli_verbs[i]);
	if (search.found.n > 0)
		qsort(search.found.p, search.found.n, search.found.size,
		    compare);
	for (size_t i = 0; i < search.found.n; i++) {
		const struct found *one = vec_at(&search.found, i);

		view_add(view, TONE_PLAIN, one->key, (const char *const []){
		    one->keys, one->what, one->verb, NULL });
	}
	vec_free(&search.found);
}

const struct pane pane_palette = {
	.name = "palette", .title = N_("what to do"), .act = ACT_PALETTE,
	.columns = columns, .n_columns = sizeof columns / sizeof *columns,
	.load = load
};
