#ifndef BAHI_UI_CLI_INSIDE_H
#define BAHI_UI_CLI_INSIDE_H
/* Inside of the verbs: what a verb is given, and the verbs of each file. */
#include "ui/table.h"
#include "ui/text.h"
#include "wire/wire.h"

struct job {
	struct wire *wire;
	struct arena *arena;
	const struct options *options;
	const char *verb;
	bool json, csv, sheet, dry, history, queue;
	bool quiet, no_header, all, yes, no_input, edit;
	/* `where`: of many events, or a filter of rows; NULL: not given. */
	const char *where, *columns, *sort, *as_of, *reason, *code_file;
	int64_t limit;		/* -1: none */
	int argc;
	char **argv;
	/* What follows from where the output goes. */
	FILE *out;		/* of tables */
	bool screen, color, ascii;
	int width;
	unsigned takes;		/* of the verb, TAKES_ bits */
	int tables;		/* printed so far */
	bool stopped;		/* by Ctrl-C, in an orderly way */
	struct err bad;		/* of the first that could not be printed */
	bool planned;		/* a dry run has said what it would do */
	struct copies *copies;
};

typedef bool run_fn(struct job *, int *status, struct err *);

const char *cli_tame(struct job *, const char *);

/* ---- cli_out.c: what is printed, and where ---- */
MUST_CHECK bool cli_out_open(struct job *, unsigned takes, struct err *);
/* Waits for the pager. False: not all of it was written. */
bool cli_out_close(struct job *);
/* To the tables' stream; the rows are forgotten. */
void cli_table(struct job *, struct table *);
/* Narration, on standard error unless --quiet. */
void cli_say(const struct job *, const char *format, ...) PRINTF_LIKE(2, 3);
/* "More: bahi stock after=12" */
void cli_more(struct job *, const char *verb, const char *after);
/* Whether what was asked for takes more pages than `n` rows so far; *path is
 * then the next one, from the first. */
bool cli_next(struct job *, const char *first, const char **path, size_t n,
	const char *after);
/* An answer as it came; tamed when somebody looks. */
/* Line by line, each tame. */
void cli_put_lines(struct job *, const char *text);
void cli_put_json(struct job *, struct span);

/* ---- cli_ask.c: what is asked of the person ---- */
bool cli_may_ask(const struct job *);
/* Once more, before it is done; false without a fault: no. */
bool cli_confirm(struct job *, const char *question);
bool cli_confirm_count(struct job *, int64_t count);
/* As given, else asked for; a fault where nobody can be asked. */
MUST_CHECK bool cli_reason(struct job *, const char **reason, struct err *);
/* The reason that was given as an option, out of the arguments; "": none. */
const char *cli_given_reason(struct job *);
/* From now on Ctrl-C ends the program with 130, or is only noted. */
void cli_interrupts(bool noted);
bool cli_interrupted(void);

/* ---- cli_offline.c: answers of before, when there is no daemon ---- */
void cli_copies(struct job *, const char *place);
void cli_copies_close(struct job *);
/* Of when the oldest answer was that stood in for the daemon's; NULL: all
 * are the daemon's own. */
const char *cli_stale(const struct job *);
/* The answer as it came into a pipe; tamed when somebody looks. */
bool cli_print_json(struct job *, const char *path, struct err *);

/* NAME=VALUE arguments from the one at `from`, as a query. */
bool cli_query(struct job *, int from, const char *const names[],
	const char **out, struct err *);

/* cli_config.c, cli_help.c: no daemon is asked. */
run_fn run_config, run_help, run_completion;

/* cli.c */
run_fn run_events, run_failures, run_status;
/* cli_ledger.c */
run_fn run_ledger, run_journal;
void cli_print_trial(struct job *, const struct wire_trial *);
/* cli_correct.c */
run_fn run_correct, run_pin;
/* cli_conflicts.c: what would come of a payload or a resolution. */
struct http_call;
MUST_CHECK bool cli_preview(struct job *, const struct http_call *,
	int *status, struct err *);
/* cli_alerts.c */
run_fn run_alerts, run_audit;
/* cli_masters.c */
run_fn run_reference, run_set, run_remove, run_import;

/* cli_intercompany.c */
run_fn run_intercompany;

/* cli_numbers.c: the numbers of finance, as `status` shows them. */
struct wire_numbers;
void cli_print_numbers(struct job *, const struct wire_numbers *);

/* cli_target.c */
run_fn run_target;

/* cli_report.c */
run_fn run_report;

/* cli_drift.c */
run_fn run_drift;
/* cli_proposals.c */
run_fn run_proposals, run_propose, run_accept, run_decline, run_backtest;
run_fn run_rules;
/* Says so when a change only became a proposal. */
bool cli_print_change(struct job *, struct span answer, struct err *);

/* cli_files.c */
run_fn run_files;

/* cli_list.c */
struct list;
struct list_rows;
run_fn run_list, run_orders, run_clearing, run_explain;
void cli_print_list(struct job *, const struct list *,
	const struct list_rows *);
bool cli_list_get(struct job *, const struct list *, const char *path,
	struct list_rows *, struct err *);

/* cli_trace.c */
run_fn run_trace;

/* cli_conflicts.c */
run_fn run_conflicts;

/* cli_decide.c */
/* With a key of its own; prints what became of it. */
MUST_CHECK bool cli_decide(struct job *, struct wire_decide *, int *status,
	struct err *);
void cli_print_decision(struct job *, const struct wire_decision *);
/* Of one event, as it is now; of all of a problem; of what `where` finds. */
bool cli_decide_on(struct job *, struct wire_decide *, int *status,
	struct err *);
run_fn run_retry, run_fix, run_dismiss, run_replay, run_pause, run_resume;

/* cli_approvals.c */
run_fn run_approvals, run_approve, run_reject, run_delegate, run_undelegate;

/* cli_desk.c */
run_fn run_assign, run_snooze, run_comment, run_reopen, run_undo;
run_fn run_carry, run_reverse;
/* What was settled: how, by whom, why. */
run_fn run_history;

/* cli_targets.c */
run_fn run_targets, run_commits;

/* cli_counts.c */
run_fn run_counts;

/* cli_close.c */
run_fn run_close;

/* cli_gst.c */
run_fn run_gst;
run_fn run_bank;

/* cli_views.c */
run_fn run_views;

/* cli_keys.c */
run_fn run_keys;

/* cli_queue.c */
run_fn run_queue;
/* --queue, when the daemon is away: of one event, at the version that the
 * local copy has. */
bool cli_queue_version(struct job *, const char *id, int64_t *version,
	struct err *);
bool cli_queue_put(struct job *, const struct wire_decide *, struct err *);

/* cli_runs.c */
run_fn run_runs;
/* Plans the decision; runs it and waits, unless only the plan is asked. */
/* A filter becomes the events that it finds. */
MUST_CHECK bool cli_where(struct job *, struct wire_decide *, struct err *);
bool cli_run_many(struct job *, const struct wire_decide *, int *status,
	struct err *);

/* The first word of that file, which nobody else may read; -: of a line on
 * standard input. */
MUST_CHECK bool cli_code(struct job *, const char *path, const char **code,
	struct err *);

#endif
