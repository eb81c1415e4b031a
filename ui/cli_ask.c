/*
 * What a verb asks of the person in front of it, on standard error, so that
 * the answer never gets into the data; and what Ctrl-C does.
 */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "core/i18n.h"
#include "ui/cli_inside.h"
#include "ui/editor.h"
#include "ui/reasons.h"

#define LINE_MAX_BYTES 2048
#define NOTE_MAX 65536

bool
cli_may_ask(const struct job *job)
{
	return !job->no_input && isatty(STDIN_FILENO) &&
	    isatty(STDERR_FILENO);
}

/* "": nothing was said. */
static const char *
read_line(struct job *job)
{
	char line[LINE_MAX_BYTES];

	fflush(stderr);
	if (fgets(line, sizeof line, stdin) == NULL)
		return "";
	return arena_strndup(job->arena, line, strcspn(line, "\r\n"));
}

bool
cli_confirm(struct job *job, const char *question)
{
	const char *said;

	if (job->yes || !cli_may_ask(job))
		return true;
	fprintf(stderr, _("%s [yes/NO] "), question);
	said = read_line(job);
	if (strcmp(said, "yes") == 0 || strcmp(said, _("yes")) == 0)
		return true;
	fputs(_("Nothing was done.\n"), stderr);
	return false;
}

bool
cli_confirm_count(struct job *job, int64_t count)
{
	fputs(_("Type their number to do it: "), stderr);
	if (strcmp(read_line(job), arena_printf(job->arena, "%lld",
	    (long long)count)) == 0)
		return true;
	fputs(_("Nothing was done.\n"), stderr);
	return false;
}

/* ---- reasons ----------------------------------------------------------- */

/* Lines as sentences, without those that begin with #. */
static const char *
joined(struct job *job, struct span text)
{
	const char *out = "";

	for (size_t at = 0, n; at < text.n; at += n + 1) {
		const char *end = memchr(text.p + at, '\n', text.n - at);

		n = end != NULL ? (size_t)(end - text.p) - at : text.n - at;
		if (n > 0 && text.p[at] != '#')
			out = arena_printf(job->arena, "%s%s%.*s", out,
			    out[0] != '\0' ? " " : "", (int)n, text.p + at);
	}
	return out;
}

static bool
edit_reason(struct job *job, const char **out, struct err *e)
{
	struct span text;

	if (!editor_change(job->options, job->arena, "note", span_of(
	    _("\n# Why? Lines with # are left out.\n")), NOTE_MAX, &text, e))
		return false;
	*out = joined(job, text);
	return true;
}

/* A digit takes one of the last ones, as in the console. */
static const char *
ask_reason(struct job *job)
{
	struct reasons last;
	const char *said;

	reasons_read(job->arena, &last);
	for (size_t i = 0; i < last.n; i++)
		fprintf(stderr, "  %zu  %s\n", i + 1,
		    cli_tame(job, last.items[i]));
	fputs(_("Why? "), stderr);
	said = read_line(job);
	return said[0] > '0' && said[0] <= '9' && said[1] == '\0' &&
	    (size_t)(said[0] - '1') < last.n ? last.items[said[0] - '1'] :
	    said;
}

bool
cli_reason(struct job *job, const char **reason, struct err *e)
{
	struct err lost = { 0 };

	if (job->reason != NULL && (*reason == NULL || !**reason))
		*reason = job->reason;
	if (job->edit && !edit_reason(job, reason, e))
		return false;
	if ((*reason == NULL || **reason == '\0') && cli_may_ask(job))
		*reason = ask_reason(job);
	if (*reason == NULL || **reason == '\0')
		return err_set(e, ERR_USAGE, "--reason is missing");
	/* What cannot be kept for the next time is no fault of this one. */
	if (!job->dry && !reasons_add(*reason, &lost))
		return true;
	return true;
}

const char *
cli_given_reason(struct job *job)
{
	for (int i = 0; i + 1 < job->argc; i++) {
		const char *reason = job->argv[i + 1];

		if (strcmp(job->argv[i], "--reason") != 0)
			continue;
		for (int k = i; k + 2 < job->argc; k++)
			job->argv[k] = job->argv[k + 2];
		job->argc -= 2;
		return reason;
	}
	return "";
}

/* ---- Ctrl-C ------------------------------------------------------------ */

static volatile sig_atomic_t interrupted, only_noted;

static void
note(int signal)
{
	(void)signal;
	interrupted = 1;
	if (!only_noted)
		_exit(EXIT_INTERRUPTED);
}

void
cli_interrupts(bool noted)
{
	struct sigaction action = { .sa_handler = note };

	only_noted = noted;
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
}

bool
cli_interrupted(void)
{
	return interrupted != 0;
}
