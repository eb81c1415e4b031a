/*
 * Reads the command line by the tables. Options stand anywhere; every setting
 * of bahi.conf is one, too. What is mistyped is refused with what was
 * probably meant.
 */
#include "ui/cli_args.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/i18n.h"
#include "ui/options.h"

#define AT(member) offsetof(struct job, member)
#define OWN SIZE_MAX

const struct cli_option cli_options[] = {
	{ "json", NULL, N_("print the daemon's answer as it is"), TAKES_JSON,
	    NULL, AT(json) },
	{ "csv", NULL, N_("print the table as RFC 4180, amounts ungrouped"),
	    TAKES_TABLE, NULL, AT(csv) },
	{ "columns", "NAMES", N_("only these columns, in this order: a,b,c"),
	    TAKES_TABLE, NULL, AT(columns) },
	{ "no-header", NULL, N_("leave out the head of the table"),
	    TAKES_TABLE, NULL, AT(no_header) },
	{ "sort", "COLUMN", N_("sort by it; -COLUMN: the largest first"),
	    TAKES_TABLE, NULL, AT(sort) },
	{ "where", "FILTER", N_("only what the filter matches; with a verb "
	    "that acts: act on all that"), TAKES_TABLE | TAKES_MANY, NULL,
	    AT(where) },
	{ "limit", "N", N_("at most so many rows"), TAKES_TABLE, NULL,
	    AT(limit) },
	{ "all", NULL, N_("every page of a long list"), TAKES_PAGES, NULL,
	    AT(all) },
	{ "as-of", "DAY", N_("as it stood at the end of that day"),
	    TAKES_AS_OF, NULL, AT(as_of) },
	{ "dry-run", NULL, N_("say what it would do, and do nothing"),
	    TAKES_CHANGE, NULL, AT(dry) },
	{ "yes", NULL, N_("do not ask whether to do it"), TAKES_CHANGE, NULL,
	    AT(yes) },
	{ "reason", "TEXT", N_("why; asked for on a terminal where it is "
	    "needed"), TAKES_REASON | TAKES_WHY, NULL, AT(reason) },
	{ "edit", NULL, N_("write the reason in $VISUAL or $EDITOR"),
	    TAKES_REASON | TAKES_WHY, NULL, AT(edit) },
	{ "no-input", NULL, N_("never ask; without a terminal it never does"),
	    0, NULL, AT(no_input) },
	{ "quiet", NULL, N_("data and errors only"), 0, NULL, AT(quiet) },
	{ "sheet", NULL, N_("CSV for a spreadsheet"), 0, " reference ",
	    AT(sheet) },
	{ "history", NULL, N_("what was settled, by whom and why"), 0,
	    " failures ", AT(history) },
	{ "code-file", "FILE", N_("one-time or recovery code for what needs "
	    "a second factor; -: from standard input"), 0, NULL,
	    AT(code_file) },
	{ "for", "NAME", N_("who lent you the right to approve"), 0,
	    " approve ", OWN },
	{ "until", "DAY", N_("the last day of it"), 0, " delegate ", OWN },
	{ "limit", "AMOUNT", N_("up to this amount"), 0, " delegate ", OWN },
	{ "take", "current|incoming|merge", N_("whose version is kept"), 0,
	    " conflicts ", OWN },
	{ "document", "FILE", N_("the document as show --json has it, with "
	    "your changes"), 0, " conflicts ", OWN },
	{ "period", "PERIOD", N_("of which month: 2026-10"), 0,
	    " close gst report ", OWN },
	{ "entity", "ENTITY", N_("of which company"), 0, " close report ",
	    OWN },
	{ "gstin", "GSTIN", N_("of which registration"), 0, " gst report ",
	    OWN },
	{ "html", "FILE", N_("write the page there; -: print it"), 0,
	    " report ", OWN },
	{ "out", "DIR", N_("write files into this folder"), 0, " gst ", OWN },
	{ "format", "json|csv|html", N_("of the files"), 0, " gst ", OWN },
	{ "form", "gstr1|gstr3b|iff", N_("which return"), 0, " gst ", OWN },
	{ "arn", "ARN", N_("what the portal answered"), 0, " gst ", OWN },
	{ "filed", "DAY", N_("when it was filed"), 0, " gst ", OWN },
	{ "status", "only_2b|only_books|mismatch|suggested|manual|exact|"
	    "elsewhere", N_("rows in this state"), 0, " gst ", OWN },
	{ "party", "GSTIN", N_("of this supplier"), 0, " gst ", OWN },
	{ "check", NULL, N_("say what is wrong with them"), 0, " keys ",
	    OWN },
	{ "queue", NULL, N_("of one event, while the daemon is away: let it "
	    "wait here"), TAKES_CHANGE, NULL, AT(queue) },
	{ "force", NULL, N_("write over a file that says something else"), 0,
	    " gst ", OWN },
};

const size_t n_cli_options = sizeof cli_options / sizeof *cli_options;

bool
cli_takes(const struct cli_verb *verb, const struct cli_option *option)
{
	const char *found;
	size_t n = strlen(verb->name);

	if (option->verbs == NULL)
		return option->takes == 0 || (option->takes & verb->takes);
	for (found = option->verbs; (found = strstr(found, verb->name)) !=
	    NULL; found += n)
		if (found[-1] == ' ' && found[n] == ' ')
			return true;
	return false;
}

/* ---- what was meant ---------------------------------------------------- */

#define WORD_MAX 40

static int
least(int a, int b, int c)
{
	return a < b ? (a < c ? a : c) : b < c ? b : c;
}

/* Edits between two words, two neighbours that changed places as one. */
static int
distance(const char *a, const char *b)
{
	int d[WORD_MAX + 1][WORD_MAX + 1];
	int n = (int)strlen(a), m = (int)strlen(b);

	if (n > WORD_MAX || m > WORD_MAX)
		return WORD_MAX;
	for (int i = 0; i <= n; i++)
		d[i][0] = i;
	for (int k = 0; k <= m; k++)
		d[0][k] = k;
	for (int i = 1; i <= n; i++)
		for (int k = 1; k <= m; k++) {
			bool same = a[i - 1] == b[k - 1];

			d[i][k] = least(d[i - 1][k] + 1, d[i][k - 1] + 1,
			    d[i - 1][k - 1] + !same);
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] &&
			    a[i - 2] == b[k - 1] && d[i - 2][k - 2] + 1 <
			    d[i][k])
				d[i][k] = d[i - 2][k - 2] + 1;
		}
	return d[n][m];
}

struct guess {
	const char *word, *best;
	int least;
};

static void
guess(struct guess *g, const char *name)
{
	int d = strncmp(name, g->word, strlen(g->word)) == 0 ? 1 :
	    distance(g->word, name);

	if (d < g->least) {
		g->least = d;
		g->best = name;
	}
}

const char *
cli_meant_verb(const char *word)
{
	struct guess g = { .word = word, .least = word[0] != '\0' &&
	    word[1] != '\0' ? 3 : 1 };

	for (size_t i = 0; i < n_cli_verbs; i++)
		guess(&g, cli_verbs[i].name);
	return g.best;
}

static bool
strange(const struct cli_verb *verb, const char *word, size_t n,
    struct arena *arena, struct err *e)
{
	const char *name = arena_strndup(arena, word, n < WORD_MAX ? n :
	    WORD_MAX);
	struct guess g = { .word = name, .least = 3 };

	for (size_t i = 0; i < n_cli_options; i++)
		if (verb == NULL || cli_takes(verb, &cli_options[i]))
			guess(&g, cli_options[i].name);
	for (size_t i = 0; i < n_ui_options; i++) {
		char *setting = arena_strdup(arena, ui_options[i].name);

		for (char *c = setting; *c != '\0'; c++)
			if (*c == '_')
				*c = '-';
		guess(&g, setting);
	}
	return err_set(e, ERR_USAGE, g.best != NULL ?
	    "%s%sno option --%.*s; --%s?" : "%s%sno option --%.*s",
	    verb != NULL ? verb->name : "", verb != NULL ? ": " : "",
	    (int)strlen(name), name, g.best);
}

/* ---- one option -------------------------------------------------------- */

static const struct cli_option *
find_option(const struct cli_verb *verb, struct span name)
{
	const struct cli_option *found = NULL;

	for (size_t i = 0; verb != NULL && i < n_cli_options; i++)
		if (span_is(name, cli_options[i].name) &&
		    cli_takes(verb, &cli_options[i]) &&
		    (found == NULL || cli_options[i].verbs != NULL))
			found = &cli_options[i];
	return found;
}

static const struct option_info *
find_setting(struct span name)
{
	for (size_t i = 0; i < n_ui_options; i++) {
		const char *own = ui_options[i].name;
		size_t k = 0;

		while (k < name.n && own[k] != '\0' && (own[k] == name.p[k] ||
		    (own[k] == '_' && name.p[k] == '-')))
			k++;
		if (k == name.n && own[k] == '\0')
			return &ui_options[i];
	}
	return NULL;
}

struct words {			/* of the command line */
	char **argv;
	int at, argc;
	struct arena *arena;
};

/* Behind the = or the next word. */
static const char *
value_of(struct words *words, size_t n, struct err *e)
{
	const char *word = words->argv[words->at];

	if (word[n] == '=')
		return word + n + 1;
	if (words->at + 1 < words->argc)
		return words->argv[++words->at];
	err_set(e, ERR_USAGE, "%.60s wants a value", word);
	return NULL;
}

static bool
is_flag(const struct option_info *info)
{
	if (info->kind != OPTION_CHOICE)
		return false;
	for (size_t i = 0; info->choices[i] != NULL; i++)
		if (strcmp(info->choices[i], "yes") == 0)
			return true;
	return false;
}

static bool
take_setting(struct cli_line *line, struct words *words,
    const struct option_info *info, size_t n, struct err *e)
{
	const char *word = words->argv[words->at], *value = "yes";

	if (line->n_sets == SETS_MAX)
		return err_set(e, ERR_USAGE, "more than %d settings",
		    SETS_MAX);
	if (!is_flag(info) || word[n] == '=')
		value = value_of(words, n, e);
	if (value == NULL)
		return false;
	line->sets[line->n_sets].name = info->name;
	line->sets[line->n_sets].value = value;
	line->sets[line->n_sets++].who = arena_strndup(words->arena, word, n);
	return true;
}

static void
pass_on(struct job *job, const char *word)
{
	job->argv[job->argc++] = (char *)word;
}

static bool
known_choice(const char *choices, const char *value)
{
	size_t n = strlen(value);

	for (const char *at = strchr(choices, '|') ? choices : NULL;
	    at != NULL; at = strchr(at, '|'), at += at != NULL)
		if (strncmp(at, value, n) == 0 &&
		    (at[n] == '|' || at[n] == '\0'))
			return true;
	return strchr(choices, '|') == NULL;
}

static bool
take_limit(struct job *job, const char *value, struct err *e)
{
	char *end;

	job->limit = strtoll(value, &end, 10);
	return (*end == '\0' && end != value && job->limit >= 0) ||
	    err_set(e, ERR_USAGE, "--limit %.40s is no number", value);
}

static bool
take_option(struct cli_line *line, struct words *words,
    const struct cli_option *option, size_t n, struct err *e)
{
	struct job *job = &line->job;
	const char *word = words->argv[words->at], *value;

	if (option->value == NULL) {
		if (word[n] == '=')
			return err_set(e, ERR_USAGE, "%.60s takes no value",
			    word);
		if (option->at == OWN)
			pass_on(job, word);
		else
			*(bool *)((char *)job + option->at) = true;
		return true;
	}
	value = value_of(words, n, e);
	if (value == NULL)
		return false;
	if (!known_choice(option->value, value))
		return err_set(e, ERR_USAGE, "--%s is one of %s",
		    option->name, option->value);
	if (option->at == OWN) {
		pass_on(job, arena_printf(words->arena, "--%s",
		    option->name));
		pass_on(job, value);
		return true;
	}
	if (option->at == AT(limit))
		return take_limit(job, value, e);
	*(const char **)((char *)job + option->at) = value;
	return true;
}

/* Those that stand before any verb. */
static bool
take_program(struct cli_line *line, struct words *words, struct span name,
    bool *taken, struct err *e)
{
	*taken = true;
	if (span_is(name, "help"))
		line->help = true;
	else if (span_is(name, "version"))
		line->version = true;
	else if (span_is(name, "config"))
		return (line->config = value_of(words, name.n + 2, e)) !=
		    NULL;
	else if (span_is(name, "dump"))
		return (line->dump = value_of(words, name.n + 2, e)) != NULL;
	else
		*taken = false;
	return true;
}

static bool
take_long(struct cli_line *line, struct words *words, struct err *e)
{
	const char *word = words->argv[words->at];
	struct span name = { word + 2, strcspn(word + 2, "=") };
	const struct cli_option *option = find_option(line->verb, name);
	const struct option_info *info = find_setting(name);
	bool taken;

	if (!take_program(line, words, name, &taken, e) || taken)
		return e->code == ERR_NONE;
	return option != NULL ? take_option(line, words, option, name.n + 2,
	    e) : info != NULL ? take_setting(line, words, info, name.n + 2,
	    e) : strange(line->verb, name.p, name.n, words->arena, e);
}

static bool
take_word(struct cli_line *line, const char *word, struct err *e)
{
	const char *meant;

	if (line->verb != NULL) {
		pass_on(&line->job, word);
		return true;
	}
	line->verb = cli_find(word);
	line->job.verb = word;
	if (line->verb != NULL)
		return true;
	meant = cli_meant_verb(word);
	return err_set(e, ERR_USAGE, meant != NULL ?
	    "no verb %.40s; %s?" : "no verb %.40s", word, meant);
}

/* An option before the verb is read once the verb is known. */
static void
find_verb(struct cli_line *line, int argc, char **argv)
{
	for (int i = 1; i < argc && line->verb == NULL; i++) {
		if (strcmp(argv[i], "--config") == 0 ||
		    strcmp(argv[i], "--dump") == 0) {
			i++;
		} else if (argv[i][0] != '-') {
			line->verb = cli_find(argv[i]);
			break;
		}
	}
}

bool
cli_parse(struct cli_line *line, struct arena *arena, int argc, char **argv,
    struct err *e)
{
	struct words words = { argv, 1, argc, arena };
	bool only_words = false;

	*line = (struct cli_line){ .job = { .limit = -1, .arena = arena } };
	line->job.argv = arena_alloc(arena, ((size_t)argc * 2 + 4) *
	    sizeof(char *));
	find_verb(line, argc, argv);
	line->job.verb = line->verb != NULL ? line->verb->name : NULL;
	for (bool seen = false; words.at < argc; words.at++) {
		const char *word = argv[words.at];

		if (!only_words && strcmp(word, "--") == 0) {
			only_words = true;
		} else if (!only_words && strncmp(word, "--", 2) == 0) {
			if (!take_long(line, &words, e))
				return false;
		} else if (!only_words && strcmp(word, "-q") == 0) {
			line->job.quiet = true;
		} else if (!only_words && strcmp(word, "-h") == 0) {
			line->help = true;
		} else if (line->verb != NULL && !seen &&
		    strcmp(word, line->verb->name) == 0) {
			seen = true;
		} else if (!take_word(line, word, e)) {
			return false;
		}
	}
	return true;
}
