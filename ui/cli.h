#ifndef BAHI_UI_CLI_H
#define BAHI_UI_CLI_H
/* The verbs: what the console does, without a screen. */
#include <stdio.h>
#include "core/option.h"

struct cli_verb {
	const char *name, *arguments, *help;	/* help: N_() marked */
	int least, most;	/* arguments without --json */
};

extern const struct cli_verb cli_verbs[];
extern const size_t n_cli_verbs;

/* Exit status: 0, 1 (nothing, or some failed), 2, else of the error. */
int cli_run(const struct options *, int argc, char **argv);
int cli_fail(const struct err *);

#endif
