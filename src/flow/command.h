#ifndef BAHI_FLOW_COMMAND_H
#define BAHI_FLOW_COMMAND_H
/*
 * Runs one program of the configuration: no shell, nothing of ours open in
 * it, a time limit. What it is told about comes on its standard input and in
 * its environment, never in its arguments.
 */
#include <stdatomic.h>
#include "core/err.h"
#include "core/span.h"

#define COMMAND_ARGS 16

struct command {
	char *const *argv;	/* argv[0] is an absolute path */
	char *const *env;
	struct span input;
	int seconds;
	const atomic_bool *stop;
};

/* True: it ended with 0 in time. When stopped, e stays empty. */
MUST_CHECK bool command_run(const struct command *, struct err *);

#endif
