/*
 * bahi: the accountants' console. Without a verb it opens the screen; with
 * one it does the same work for a script.
 */
#include <config.h>
#include <sys/stat.h>

#include "core/i18n.h"
#include "core/log.h"
#include "ui/cli.h"
#include "ui/console.h"

int
main(int argc, char **argv)
{
	struct options *options;
	struct err e = { 0 };
	int status;

	i18n_open();
	umask(077);
	log_open(LOG_WARN, "bahi");
	status = cli_main(argc, argv, &options);
	if (status != CLI_CONSOLE)
		return status;
	status = console_run(options, &e) ? EXIT_DONE : cli_fail(&e);
	options_free(&options);
	return status;
}
