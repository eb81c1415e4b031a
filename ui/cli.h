#ifndef BAHI_UI_CLI_H
#define BAHI_UI_CLI_H
/*
 * The command line. Verbs and options are two tables; what is parsed, the
 * help, --dump, the completion of three shells and the tests follow from
 * them.
 */
#include <stdio.h>
#include "core/option.h"

struct job;

enum cli_group {		/* what people do */
	GROUP_LOOK, GROUP_DECIDE, GROUP_SHARE, GROUP_APPROVE, GROUP_CLOSE,
	GROUP_MASTERS, GROUP_SYSTEM, GROUPS
};

/* What goes with a verb; options name what they need. */
enum {
	TAKES_JSON = 1,
	TAKES_TABLE = 2,	/* it prints one */
	TAKES_PAGES = 4,	/* of a list that may be long */
	TAKES_CHANGE = 8,	/* it may change something */
	TAKES_MANY = 16,	/* --where of the daemon */
	TAKES_REASON = 32,	/* its last argument is a reason */
	TAKES_WHY = 64,		/* a reason as an option, to the verb itself */
	TAKES_AS_OF = 128,
	TAKES_NOBODY = 256,	/* it asks no daemon */
	TAKES_CODE = 512	/* a code goes with what it says, not before */
};

struct cli_verb {
	const char *name, *arguments, *help;	/* help: N_() marked */
	int least, most;	/* arguments without options */
	enum cli_group group;
	unsigned takes;
	bool (*run)(struct job *, int *status, struct err *);
	/* Of each argument, for completion: "event|signature account", the
	 * last one for all that follow; "=a|b" words; "-" nothing known. */
	const char *words;
	const char *names;	/* of NAME=VALUE, each once; "" none */
	const char *examples;	/* arguments, a line each */
};

extern const struct cli_verb cli_verbs[];
extern const size_t n_cli_verbs;

/* NULL: no such verb. */
const struct cli_verb *cli_find(const char *name);

/* The whole program but for the screen: exit status; CLI_CONSOLE: it is the
 * screen that is wanted, with the options as read. */
#define CLI_CONSOLE (-1)
int cli_main(int argc, char **argv, struct options **);
int cli_fail(const struct err *);

#endif
