/* What the program says of itself: help by what people do, and its tables. */
#include <string.h>

#include "core/i18n.h"
#include "core/json.h"
#include "core/utf8.h"
#include "ui/cli_args.h"
#include "ui/keyset.h"
#include "ui/options.h"

static const char *const groups[GROUPS] = {
	[GROUP_LOOK] = N_("Look"),
	[GROUP_DECIDE] = N_("Decide"),
	[GROUP_SHARE] = N_("Share the work"),
	[GROUP_APPROVE] = N_("Approve"),
	[GROUP_CLOSE] = N_("Close and file"),
	[GROUP_MASTERS] = N_("Master data and rules"),
	[GROUP_SYSTEM] = N_("The system and this program"),
};

#define WIDTH 79

/* Words of `text` from column `at` on, the lines after the first indented. */
static void
wrap(FILE *out, const char *text, int at, int indent)
{
	for (size_t n; *text != '\0'; text += n + (text[n] != '\0')) {
		int width;

		n = strcspn(text, " ");
		width = utf8_width((struct span){ text, n });
		if (at > indent && at + 1 + width > WIDTH) {
			fprintf(out, "\n%*s", indent, "");
			at = indent;
		} else if (at > indent) {
			fputc(' ', out);
			at++;
		}
		fwrite(text, 1, n, out);
		at += width;
	}
	fputc('\n', out);
}

static void
print_option(const struct cli_option *option, FILE *out)
{
	int n = fprintf(out, "  --%s%s%s", option->name,
	    option->value != NULL ? " " : "",
	    option->value != NULL ? option->value : "");

	fprintf(out, n > 20 ? "\n%*s" : "%*s", n > 20 ? 22 : 22 - n, "");
	wrap(out, _(option->help), 22, 22);
}

void
cli_print_help(FILE *out)
{
	fputs(_("usage: bahi [OPTIONS] [VERB [ARGUMENTS]]\n"
	    "Without a verb it opens the console; ? there lists the keys.\n"),
	    out);
	for (int g = 0; g < GROUPS; g++) {
		fprintf(out, "\n%s\n", _(groups[g]));
		for (size_t i = 0; i < n_cli_verbs; i++) {
			if ((int)cli_verbs[i].group != g)
				continue;
			fprintf(out, "  %-13s ", cli_verbs[i].name);
			wrap(out, _(cli_verbs[i].help), 16, 16);
		}
	}
	fprintf(out, "\n%s\n", _("Options of every verb"));
	for (size_t i = 0; i < n_cli_options; i++)
		if (cli_options[i].verbs == NULL && cli_options[i].takes == 0)
			print_option(&cli_options[i], out);
	fputs(_("  --SETTING=VALUE     any setting of bahi.conf(5), for this "
	    "once\n  --config FILE       instead of /etc/bahi/bahi.conf and "
	    "your own\n  --help, --version\n\nbahi help VERB says the rest of "
	    "one. Exit: 0 done, 1 something left open or\nfailed, 2 usage, 3 "
	    "refused, 4 changed by somebody else, 5 out of the cache,\n130 "
	    "interrupted.\n"), out);
}

static void
print_examples(const struct cli_verb *verb, FILE *out)
{
	const char *at = verb->examples;

	for (size_t n; *at != '\0'; at += n + (at[n] != '\0')) {
		n = strcspn(at, "\n");
		fprintf(out, "  bahi %s%s%.*s\n", verb->name, n > 0 ? " " :
		    "", (int)n, at);
	}
}

void
cli_print_verb(const struct cli_verb *verb, FILE *out)
{
	fprintf(out, _("usage: bahi %s %s\n"), verb->name, verb->arguments);
	wrap(out, _(verb->help), 0, 0);
	fprintf(out, "\n%s\n", _("Options"));
	for (size_t i = 0; i < n_cli_options; i++)
		if (cli_takes(verb, &cli_options[i]))
			print_option(&cli_options[i], out);
	fprintf(out, "\n%s\n", _("Examples"));
	print_examples(verb, out);
}

bool
run_help(struct job *job, int *status, struct err *e)
{
	const struct cli_verb *verb;
	const char *meant;

	(void)status;
	if (job->argc == 0) {
		cli_print_help(stdout);
		return true;
	}
	verb = cli_find(job->argv[0]);
	if (verb != NULL) {
		cli_print_verb(verb, stdout);
		return true;
	}
	meant = cli_meant_verb(job->argv[0]);
	return err_set(e, ERR_USAGE, meant != NULL ? "no verb %.40s; %s?" :
	    "no verb %.40s", job->argv[0], meant);
}

bool
run_completion(struct job *job, int *status, struct err *e)
{
	(void)status;
	return cli_print_completion(job->argv[0], stdout) ||
	    err_set(e, ERR_USAGE, "completion of bash, zsh or fish");
}

/* ---- settings --------------------------------------------------------- */

static bool
put_settings(struct job *job)
{
	struct json j;
	struct str out;

	str_init(&out, 1 << 20);
	json_start(&j, &out);
	json_open(&j, '{');
	for (size_t i = 0; i < n_ui_options; i++) {
		const char *name = ui_options[i].name;
		const char *who = options_origin(job->options, name);

		json_key(&j, name);
		json_open(&j, '{');
		json_kstr(&j, "value", options_text(job->options, name));
		json_kstr(&j, "from", who[0] != '\0' ? who : "default");
		json_close(&j, '}');
	}
	json_close(&j, '}');
	cli_put_json(job, str_span(&out));
	str_free(&out);
	return true;
}

bool
run_config(struct job *job, int *status, struct err *e)
{
	static const char *const heads[] = { N_("Setting"), N_("Value"),
		N_("Said by"), NULL };
	struct table table;
	size_t n = 0;

	(void)status;
	table_start(&table, "<<<", heads);
	for (size_t i = 0; i < n_ui_options; i++) {
		const char *name = ui_options[i].name;
		const char *who = options_origin(job->options, name);

		if (job->argc > 0 && strcmp(job->argv[0], name) != 0)
			continue;
		n++;
		table_add(&table, (const char *const []){ name,
		    cli_tame(job, options_text(job->options, name)),
		    who[0] != '\0' ? cli_tame(job, who) : _("default") });
	}
	if (n == 0)
		return err_set(e, ERR_USAGE, "no setting %.60s",
		    job->argv[0]);
	if (!job->json) {
		cli_table(job, &table);
		cli_say(job, _("Your own file: %s\n"), cli_tame(job,
		    options_own(job->arena)));
		return true;
	}
	vec_free(&table.rows);
	return put_settings(job);
}

/* ---- tables ------------------------------------------------------------- */

int
cli_dump(const char *what)
{
	struct err e = { 0 };

	if (strcmp(what, "options") == 0)
		for (size_t i = 0; i < n_ui_options; i++)
			printf("%s\t%s\t%s\n", ui_options[i].name,
			    ui_options[i].value, ui_options[i].help);
	else if (strcmp(what, "verbs") == 0)
		for (size_t i = 0; i < n_cli_verbs; i++)
			printf("%s\t%s\t%s\n", cli_verbs[i].name,
			    cli_verbs[i].arguments, cli_verbs[i].help);
	else if (strcmp(what, "flags") == 0)
		for (size_t i = 0; i < n_cli_options; i++)
			printf("%s\t%s\t%s\n", cli_options[i].name,
			    cli_options[i].value ? cli_options[i].value : "",
			    cli_options[i].help);
	else if (strcmp(what, "takes") == 0)
		for (size_t i = 0; i < n_cli_verbs; i++)
			printf("%s\t%u\t%d\t%s\n", cli_verbs[i].name,
			    cli_verbs[i].takes, cli_verbs[i].least,
			    cli_verbs[i].words);
	else if (strcmp(what, "keys") == 0)
		keys_dump(stdout);
	else if (strcmp(what, "actions") == 0)
		keys_actions(stdout);
	else if (strcmp(what, "man-keys") == 0)
		return keys_man(stdout, &e) ? EXIT_DONE : cli_fail(&e);
	else if (strncmp(what, "completion-", 11) != 0 ||
	    !cli_print_completion(what + 11, stdout)) {
		fputs(_("bahi: --dump takes options, verbs, flags, takes, "
		    "keys, actions, man-keys or completion-SHELL\n"), stderr);
		return EXIT_USAGE;
	}
	return EXIT_DONE;
}
