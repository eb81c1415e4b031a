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
#include "ui/restricted.h"
#include "ui/running.h"

int
main(int argc, char **argv)
{
	struct options *options;
	struct err e = { 0 };
	int status = restricted_enter(&argc, &argv);

	if (status >= 0)
		return status;
	i18n_open();
	umask(077);
	log_open(LOG_WARN, "bahi");
	status = cli_main(argc, argv, &options);
	if (status != CLI_CONSOLE)
		return status;
	running_with(argc - 1, argv + 1);
	status = console_run(options, &e) ? EXIT_DONE : cli_fail(&e);
	options_free(&options);
	return status;
}
