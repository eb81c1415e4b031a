/* bahi close: the board of a period, and what is said on it. */
#include "ui/cli_inside.h"

#include <stdlib.h>
#include <string.h>

#include "core/i18n.h"
#include "wire/close.h"

struct asked {
	const char *entity, *period;	/* "": as the daemon chooses */
	const char *words[3];		/* besides */
	int n;
};

/* --period X and --entity X anywhere behind the verb. */
static bool
read_asked(struct job *job, struct asked *out, struct err *e)
{
	*out = (struct asked){ .entity = "", .period = "" };
	for (int i = 0; i < job->argc; i++) {
		const char *word = job->argv[i];
		bool period = strcmp(word, "--period") == 0;

		if (strcmp(word, "--reason") == 0 && i + 1 < job->argc) {
			i++;	/* job->reason has it */
		} else if (period || strcmp(word, "--entity") == 0) {
			if (++i == job->argc)
				return err_set(e, ERR_USAGE, "%s", word);
			*(period ? &out->period : &out->entity) =
			    job->argv[i];
		} else if (out->n == 3 || strncmp(word, "--", 2) == 0) {
			return err_set(e, ERR_USAGE, "%.60s is not understood here", word);
		} else {
			out->words[out->n++] = word;
		}
	}
	return true;
}

/* ---- the board -------------------------------------------------------- */

static const char *
detail(struct job *job, const struct wire_close_line *line)
{
	if (line->note[0] != '\0')
		return cli_tame(job, _(line->note));
	return line->figures[0] != '\0' ? cli_tame(job, line->figures) : "-";
}

static void
print_lines(struct job *job, const struct wire_close *board)
{
	static const char *const heads[] = { N_("Line"), N_("State"),
		N_("Count"), N_("Owner"), N_("Due"), N_("Left"),
		N_("Signed by"), N_("Figures"), NULL };
	struct table table;

	table_start(&table, "<<><<><<", heads);
	for (size_t i = 0; i < board->n; i++) {
		const struct wire_close_line *line = &board->lines[i];

		table_add(&table, (const char *const []){
		    cli_tame(job, line->line), text_close(line->state),
		    cli_tame(job, line->count), cli_tame(job, line->owner),
		    cli_tame(job, line->due), cli_tame(job, line->days_left),
		    cli_tame(job, line->signer), detail(job, line) });
	}
	cli_table(job, &table);
}

static bool
open_lines(const struct wire_close *board)
{
	return strcmp(board->open, "0") != 0;
}

static bool
run_board(struct job *job, const struct asked *asked, int *status,
    struct err *e)
{
	struct wire_close board;

	if (!wire_close_get(job->wire, asked->entity, asked->period,
	    job->arena, &board, e))
		return false;
	*status = open_lines(&board);
	if (job->json)
		return cli_print_json(job, wire_close_path(job->arena,
		    board.entity, board.period), e);
	printf(_("%s %s: %s\n"), cli_tame(job, board.entity),
	    cli_tame(job, board.period), text_period(board.state));
	if (board.asked_by[0] != '\0')
		printf(_("%s asks to open it again: %s\n"),
		    cli_tame(job, board.asked_by),
		    cli_tame(job, board.reason));
	print_lines(job, &board);
	puts(board.ready ? _("It may be closed.") : open_lines(&board) ?
	    _("Not every line is clean.") :
	    _("Not every line is signed off."));
	return true;
}

/* ---- saying ----------------------------------------------------------- */

static bool
find_figures(const struct wire_close *board, struct wire_close_word *word,
    struct err *e)
{
	for (size_t i = 0; i < board->n; i++) {
		if (strcmp(board->lines[i].line, word->line) != 0)
			continue;
		word->figures = board->lines[i].figures;
		return true;
	}
	return err_set(e, ERR_USAGE, "no line %.60s", word->line);
}

static bool
say(struct job *job, const struct asked *asked,
    struct wire_close_word *word, struct err *e)
{
	struct wire_close board;
	const char *state;
	struct span json;

	if (!wire_close_get(job->wire, asked->entity, asked->period,
	    job->arena, &board, e))
		return false;
	word->entity = board.entity;
	word->period = board.period;
	if ((word->line != NULL && !find_figures(&board, word, e)) ||
	    !wire_close_post(job->wire, word, job->arena, &state, &json, e))
		return false;
	if (job->json)
		cli_put_json(job, json);
	else if (word->line != NULL)
		printf(_("%s of %s %s is signed off: %s\n"), word->line,
		    cli_tame(job, word->entity), cli_tame(job, word->period),
		    word->figures[0] != '\0' ? cli_tame(job, word->figures) :
		    "-");
	else if (strcmp(word->what, "reopen") == 0)
		printf(_("%s %s: somebody else must approve that it opens "
		    "again.\n"), cli_tame(job, word->entity),
		    cli_tame(job, word->period));
	else
		printf(_("%s %s: %s\n"), cli_tame(job, word->entity),
		    cli_tame(job, word->period), text_period(state));
	return true;
}

static const struct {
	const char *name, *what;
	int more;		/* words behind it */
} words[] = {
	{ "sign", "sign", 1 },
	{ "soft", "soft", 0 },
	{ "period", "close", 0 },
	{ "reopen", "reopen", 1 },
	{ "approve", "reopen/approve", 0 },
};

bool
run_close(struct job *job, int *status, struct err *e)
{
	struct wire_close_word word = { .what = NULL };
	struct asked asked;

	if (!read_asked(job, &asked, e))
		return false;
	if (asked.n == 1 && strcmp(asked.words[0], "status") == 0)
		return run_board(job, &asked, status, e);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if ((asked.n == 1 + words[i].more || (asked.n == 1 &&
		    strcmp(words[i].name, "reopen") == 0)) &&
		    strcmp(words[i].name, asked.words[0]) == 0)
			word.what = words[i].what;
	if (word.what == NULL)
		return err_set(e, ERR_USAGE, "close %.60s",
		    asked.n > 0 ? asked.words[0] : "");
	if (strcmp(word.what, "sign") == 0)
		word.line = asked.words[1];
	else if (strcmp(word.what, "reopen") == 0) {
		word.reason = asked.n == 2 ? asked.words[1] : NULL;
		if (!cli_reason(job, &word.reason, e))
			return false;
	}
	return say(job, &asked, &word, e);
}
