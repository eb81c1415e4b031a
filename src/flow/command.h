#ifndef BAHI_FLOW_COMMAND_H
#define BAHI_FLOW_COMMAND_H
/*
 * Runs one program of the configuration: no shell, nothing of ours open in
 * it, a time limit. What it is told about comes on its standard input and in
 * its environment, never in its arguments.
 */
#include <stdatomic.h>
#include "core/arena.h"
#include "core/err.h"
#include "core/span.h"

#define COMMAND_ARGS 16

/* Words between blanks: there is no quoting, as there is no shell. argv has
 * room for COMMAND_ARGS and the end. ERR_CONFIG: the first is no program. */
MUST_CHECK bool command_words(const char *text, struct arena *, char **argv,
	struct err *);
/* Forks who starts this program, and no other, for command_run. Once, before
 * there are threads and before the sandbox. */
MUST_CHECK bool command_fork(char *const *argv, struct err *);

struct command {
	char *const *env;
	struct span input;
	int seconds;
	const atomic_bool *stop;
};

/* True: it ended with 0 in time. When stopped, e stays empty. */
MUST_CHECK bool command_run(const struct command *, struct err *);

#endif
