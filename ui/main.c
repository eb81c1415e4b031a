/*
 * bahi: the accountants' console. Without a verb it opens the screen; with
 * one it does the same work for a script.
 */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/i18n.h"
#include "core/log.h"
#include "ui/cli.h"
#include "ui/console.h"
#include "ui/keyset.h"
#include "ui/options.h"
#include "ui/text.h"

static int
usage(FILE *out, int status)
{
	fputs(_("usage: bahi [--config FILE] [VERB [ARGUMENTS] [--json]]\n"),
	    out);
	for (size_t i = 0; i < n_cli_verbs; i++)
		fprintf(out, "  %-9s %-16s %s\n", cli_verbs[i].name,
		    cli_verbs[i].arguments, _(cli_verbs[i].help));
	fputs(_("Without a verb it opens the console; ? there lists the "
	    "keys.\n"), out);
	return status;
}

static int
dump(const char *what)
{
	if (strcmp(what, "options") == 0) {
		for (size_t i = 0; i < n_ui_options; i++)
			printf("%s\t%s\t%s\n", ui_options[i].name,
			    ui_options[i].value, ui_options[i].help);
		return 0;
	}
	if (strcmp(what, "verbs") == 0) {
		for (size_t i = 0; i < n_cli_verbs; i++)
			printf("%s\t%s\t%s\n", cli_verbs[i].name,
			    cli_verbs[i].arguments, cli_verbs[i].help);
		return 0;
	}
	if (strcmp(what, "keys") == 0) {
		keys_dump(stdout);
		return 0;
	}
	if (strcmp(what, "man-keys") == 0) {
		struct err e = { 0 };

		return keys_man(stdout, &e) ? 0 : cli_fail(&e);
	}
	if (strcmp(what, "actions") == 0) {
		keys_actions(stdout);
		return 0;
	}
	fputs(_("bahi: --dump takes options, verbs, keys, actions or "
	    "man-keys\n"), stderr);
	return 2;
}

/* Before the settings are read: a wrong word is wrong with any of them. */
static bool
is_verb(const char *name)
{
	for (size_t i = 0; i < n_cli_verbs; i++)
		if (strcmp(cli_verbs[i].name, name) == 0)
			return true;
	return false;
}

static int
perform(const char *config, int argc, char **argv)
{
	struct options *options = NULL;
	struct err e = { 0 };
	int status = 0;

	log_open(LOG_WARN, "bahi");
	if (!options_open(&options, config, &e))
		return cli_fail(&e);
	text_open(options);
	if (argc > 0)
		status = cli_run(options, argc, argv);
	else if (!console_run(options, &e))
		status = cli_fail(&e);
	options_free(&options);
	return status;
}

int
main(int argc, char **argv)
{
	const char *config = getenv("BAHI_CONFIG");
	int at = 1;

	i18n_open();
	umask(077);
	for (; at < argc && argv[at][0] == '-'; at++) {
		if (strcmp(argv[at], "--config") == 0 && at + 1 < argc) {
			config = argv[++at];
		} else if (strncmp(argv[at], "--dump=", 7) == 0) {
			return dump(argv[at] + 7);
		} else if (strcmp(argv[at], "--version") == 0) {
			printf("bahi %s\n", PACKAGE_VERSION);
			return 0;
		} else if (strcmp(argv[at], "--help") == 0) {
			return usage(stdout, 0);
		} else {
			return usage(stderr, 2);
		}
	}
	if (at < argc && !is_verb(argv[at]))
		return usage(stderr, 2);
	return perform(config, argc - at, argv + at);
}
