#ifndef BAHI_UI_CLI_ARGS_H
#define BAHI_UI_CLI_ARGS_H
/* Inside of the command line: its options and what was said. */
#include "ui/cli.h"
#include "ui/cli_inside.h"

struct cli_option {
	const char *name;	/* "dry-run" */
	const char *value;	/* "TEXT", "json|csv"; NULL: it is a flag */
	const char *help;	/* N_() marked */
	unsigned takes;		/* TAKES_ bits, one is enough; 0: every verb */
	const char *verbs;	/* or only these, with blanks around each */
	size_t at;		/* in struct job; SIZE_MAX: the verb reads it */
};

extern const struct cli_option cli_options[];
extern const size_t n_cli_options;

#define SETS_MAX 32

struct cli_line {
	struct job job;
	const struct cli_verb *verb;	/* NULL: the screen */
	const char *config, *dump;
	bool help, version;
	struct {
		const char *name, *value, *who;
	} sets[SETS_MAX];
	size_t n_sets;
};

bool cli_takes(const struct cli_verb *, const struct cli_option *);
/* Words are the arguments' or the arena's. */
MUST_CHECK bool cli_parse(struct cli_line *, struct arena *, int argc,
	char **argv, struct err *);
/* What was probably meant, or NULL. */
const char *cli_meant_verb(const char *word);

/* cli_help.c */
void cli_print_help(FILE *);
void cli_print_verb(const struct cli_verb *, FILE *);
int cli_dump(const char *what);

/* cli_complete.c: candidates of a kind that begin so, one a line. */
int cli_complete(int argc, char **argv);
/* Completion of a shell, made from the tables; false: none of that name. */
bool cli_print_completion(const char *shell, FILE *);

#endif
