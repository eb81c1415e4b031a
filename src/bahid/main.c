/*
 * bahid: the daemon and its maintenance verbs.  Reads the command line, the
 * settings, and hands over to the verb; everything else is in verbs.c's table.
 */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/api.h"
#include "bahid/key.h"
#include "bahid/options.h"
#include "bahid/verbs.h"
#include "core/i18n.h"
#include "core/log.h"
#include "core/sealed.h"
#include "core/mask.h"
#include "rules/rules.h"

#define USAGE_BREAK "\n                                                "

/* A verb whose first word is that; NULL: any. */
static bool
is_of(const struct verb *verb, const char *word)
{
	size_t n = word != NULL ? strlen(word) : 0;

	return word == NULL || (strncmp(verb->name, word, n) == 0 &&
	    (verb->name[n] == ' ' || verb->name[n] == '\0'));
}

/* The verbs that begin with the word that was typed, else all; arguments that
 * are longer than most have a line to themselves. */
static void
usage(FILE *out, const char *word)
{
	size_t n = 0;

	for (size_t i = 0; i < n_verbs; i++)
		n += is_of(&verbs[i], word);
	if (word != NULL && n == 0)
		fprintf(out, _("bahid: no verb %.60s\n"), word);
	fprintf(out, _("usage: bahid [--config FILE] VERB [ARGUMENTS]\n"));
	for (size_t i = 0; i < n_verbs; i++)
		if (is_of(&verbs[i], n > 0 ? word : NULL))
			fprintf(out, "  %-18s%-28s%s%s\n", verbs[i].name,
			    verbs[i].arguments,
			    strlen(verbs[i].arguments) > 27 ?
			    USAGE_BREAK : "", _(verbs[i].help));
}

static int
dump(const char *what)
{
	if (strcmp(what, "options") == 0) {
		for (size_t i = 0; i < n_bahid_options; i++)
			printf("%s\t%s\t%s\n", bahid_options[i].name,
			    bahid_options[i].value, bahid_options[i].help);
		return 0;
	}
	if (strcmp(what, "verbs") == 0) {
		for (size_t i = 0; i < n_verbs; i++)
			printf("%s\t%s\t%s\n", verbs[i].name,
			    verbs[i].arguments, verbs[i].help);
		return 0;
	}
	if (strcmp(what, "routes") == 0) {
		api_dump(stdout);
		return 0;
	}
	fprintf(stderr, _("bahid: --dump takes options, verbs or routes\n"));
	return 2;
}

/* A verb's name is one or two words. Returns how many, 0: not this verb. */
static int
match(const struct verb *verb, int argc, char **argv)
{
	const char *space = strchr(verb->name, ' ');
	size_t first = space ? (size_t)(space - verb->name) :
	    strlen(verb->name);

	if (argc < 1 || strlen(argv[0]) != first ||
	    strncmp(argv[0], verb->name, first) != 0)
		return 0;
	if (space == NULL)
		return 1;
	return argc >= 2 && strcmp(argv[1], space + 1) == 0 ? 2 : 0;
}

static int
fail(const struct err *e)
{
	const struct err_info *info = err_info(e->code);
	struct err told = *e;	/* of a daemon it goes into the log */

	mask_personal(told.why);
	fprintf(stderr, "bahid: %s\n  %s\n", _(info->what), told.why);
	if (info->hint[0] != '\0')
		fprintf(stderr, "  %s\n", _(info->hint));
	return info->exit;
}

static enum log_level
level_of(const struct options *options)
{
	const char *name = options_text(options, "log");

	return name[0] == 'd' ? LOG_DEBUG : name[0] == 'w' ? LOG_WARN :
	    name[0] == 'e' ? LOG_ERROR : LOG_INFO;
}

static int
perform(const struct verb *verb, const char *config, int argc, char **argv)
{
	struct options *options = NULL;
	struct sealkey *key = NULL;
	struct err e = { 0 };
	bool ok = true;

	if (argc < verb->least || argc > verb->most) {
		fprintf(stderr, _("usage: bahid %s %s\n"), verb->name,
		    verb->arguments);
		return 2;
	}
	if (verb->config == CONFIG_MAY && access(config, F_OK) != 0)
		options_new(&options, bahid_options, n_bahid_options);
	else if (verb->config != CONFIG_NONE)
		ok = options_read(&options, bahid_options, n_bahid_options,
		    config, &e);
	if (ok && options != NULL)
		ok = key_open(&key, options, &e);
	/* SQLite would take it for no database. */
	if (ok && options != NULL && key == NULL && sealed_look(options_text(
	    options, "store")) == SEALED_YES)
		ok = err_set(&e, ERR_KEY, "%s: it is sealed, and no key is "
		    "set", options_text(options, "store"));
	if (ok) {
		log_open(options ? level_of(options) : LOG_WARN, "bahid");
		sealed_use(key);
		ok = verb->run(options, argc, argv, &e);
	}
	sealkey_free(&key);
	options_free(&options);
	return ok ? 0 : fail(&e);
}

int
main(int argc, char **argv)
{
	const char *config = "/etc/bahi/bahid.conf";
	int at = 1;

	i18n_open();
	rules_setup();
	umask(077);
	for (; at < argc && argv[at][0] == '-'; at++) {
		if (strcmp(argv[at], "--config") == 0 && at + 1 < argc) {
			config = argv[++at];
		} else if (strncmp(argv[at], "--dump=", 7) == 0) {
			return dump(argv[at] + 7);
		} else if (strcmp(argv[at], "--version") == 0) {
			printf("bahid %s\n", PACKAGE_VERSION);
			return 0;
		} else if (strcmp(argv[at], "--help") == 0) {
			usage(stdout, NULL);
			return 0;
		} else {
			usage(stderr, NULL);
			return 2;
		}
	}
	for (size_t i = 0; i < n_verbs; i++) {
		int words = match(&verbs[i], argc - at, argv + at);

		if (words > 0)
			return perform(&verbs[i], config, argc - at - words,
			    argv + at + words);
	}
	usage(stderr, at < argc ? argv[at] : NULL);
	return 2;
}
