/*
 * What a verb asks of the person in front of it, on standard error, so that
 * the answer never gets into the data; and what Ctrl-C does.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/file.h"
#include "core/i18n.h"
#include "core/utf8.h"
#include "ui/cli_inside.h"
#include "ui/options.h"
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

static bool
restricted(const struct job *job)
{
	return option_find(ui_options, n_ui_options, "restricted") != NULL &&
	    strcmp(options_text(job->options, "restricted"), "yes") == 0;
}

static bool
run_editor(const char *path, struct err *e)
{
	const char *editor = getenv("VISUAL");
	int status = 0;
	pid_t child;

	if (editor == NULL || editor[0] == '\0')
		editor = getenv("EDITOR");
	if (editor == NULL || editor[0] == '\0')
		editor = "vi";
	setenv("BAHI_NOTE", path, 1);
	child = fork();
	if (child == 0) {
		execl("/bin/sh", "sh", "-c", arena_printf(arena_new(),
		    "%s \"$BAHI_NOTE\" </dev/tty >/dev/tty", editor),
		    (char *)NULL);
		_exit(127);
	}
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return (child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
	    err_set(e, ERR_SYSTEM, "%.60s did not end well", editor);
}

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
	const char *path;
	struct span text;
	bool ok;

	if (restricted(job))
		return err_set(e, ERR_REFUSED, "no editor in a restricted "
		    "session; --reason TEXT");
	ok = options_state(job->options, job->arena, arena_printf(job->arena,
	    "note.%d.txt", (int)getpid()), &path, e) &&
	    file_write(path, span_of(_("\n# Why? Lines with # are left "
	    "out.\n")), 0600, e) && run_editor(path, e) &&
	    file_read(path, NOTE_MAX, job->arena, &text, e);
	if (ok && !utf8_valid(text))
		ok = err_set(e, ERR_USAGE, "the reason is not UTF-8");
	if (ok)
		*out = joined(job, text);
	unlink(path);
	return ok;
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
