/*
 * Where the output of a verb goes: data to standard output, narration to
 * standard error, what is longer than the terminal through a pager. On a
 * terminal all is gathered first, so that nothing is asked in the middle of
 * it and the pager is started only when it is needed.
 */
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/i18n.h"
#include "ui/cli.h"
#include "ui/cli_inside.h"
#include "ui/options.h"

struct room {
	int rows, columns;	/* of the terminal; 0: unknown */
};

static struct room
room_of(int fd)
{
	struct winsize size;

	return ioctl(fd, TIOCGWINSZ, &size) == 0 ? (struct room){
	    size.ws_row, size.ws_col } : (struct room){ 0, 0 };
}

static bool
says(const struct job *job, const char *name, const char *value)
{
	return option_find(ui_options, n_ui_options, name) != NULL &&
	    strcmp(options_text(job->options, name), value) == 0;
}

static bool
colored(const struct job *job)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (!says(job, "color", "auto"))
		return says(job, "color", "always");
	return job->screen && (no == NULL || no[0] == '\0') &&
	    term != NULL && strcmp(term, "dumb") != 0;
}

/* The terminal, once standard output is gathered. */
static int terminal = -1, gathered = -1;

static bool
gather(struct err *e)
{
	terminal = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	gathered = memfd_create("bahi", MFD_CLOEXEC);
	return (terminal >= 0 && gathered >= 0 &&
	    dup2(gathered, STDOUT_FILENO) >= 0) ||
	    err_set(e, ERR_SYSTEM, "standard output: %s", strerror(errno));
}

/* Tables have standard output to themselves; sentences are narration. */
static bool
part(struct job *job, struct err *e)
{
	int data = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	int words = job->quiet ? open("/dev/null", O_WRONLY | O_CLOEXEC) :
	    STDERR_FILENO;

	if (data < 0 || words < 0 || dup2(words, STDOUT_FILENO) < 0 ||
	    (job->out = fdopen(data, "w")) == NULL)
		return err_set(e, ERR_SYSTEM, "standard output: %s",
		    strerror(errno));
	if (words != STDERR_FILENO)
		close(words);
	return true;
}

bool
cli_out_open(struct job *job, unsigned takes, struct err *e)
{
	job->takes = takes;
	job->out = stdout;
	job->screen = isatty(STDOUT_FILENO);
	job->color = colored(job);
	job->ascii = says(job, "ascii", "yes") || (!says(job, "ascii",
	    "no") && strcmp(nl_langinfo(CODESET), "UTF-8") != 0);
	if (job->screen) {
		job->width = room_of(STDOUT_FILENO).columns;
		if (!gather(e))
			return false;
	}
	return job->json || (!job->csv && !job->quiet && !job->columns) ||
	    part(job, e);
}

/* ---- the pager --------------------------------------------------------- */

static const char *
pager_of(const struct job *job)
{
	const char *own = options_text(job->options, "pager");
	const char *const names[] = { "BAHI_PAGER", "PAGER" };

	if (says(job, "restricted", "yes"))
		return "";
	for (int i = 0; own[0] == '\0' && i < 2; i++)
		if ((own = getenv(names[i])) == NULL)
			own = "";
	return own[0] == '\0' ? "less" : strcmp(own, "-") == 0 ? "" : own;
}

static bool
is_long(int fd)
{
	int rows = room_of(terminal).rows, lines = 0;
	char text[65536];
	off_t at = 0;
	ssize_t n;

	while ((n = pread(fd, text, sizeof text, at)) > 0) {
		for (ssize_t i = 0; i < n; i++)
			lines += text[i] == '\n';
		at += n;
	}
	return rows > 0 && lines >= rows;
}

static bool
copy_out(int fd)
{
	char text[65536];
	ssize_t n, w;

	if (lseek(fd, 0, SEEK_SET) != 0)
		return false;
	while ((n = read(fd, text, sizeof text)) > 0)
		for (char *at = text; n > 0; at += w, n -= w)
			if ((w = write(terminal, at, (size_t)n)) < 0)
				return false;
	return n == 0;
}

/* False: there is none, and nothing was shown. */
static bool
page(const char *pager)
{
	int status;
	pid_t child;

	if (pager[0] == '\0' || lseek(gathered, 0, SEEK_SET) != 0 ||
	    (child = fork()) < 0)
		return false;
	if (child == 0) {
		setenv("LESS", "FRX", 0);
		setenv("LESSSECURE", "1", 1);
		dup2(gathered, STDIN_FILENO);
		dup2(terminal, STDOUT_FILENO);
		execl("/bin/sh", "sh", "-c", pager, (char *)NULL);
		_exit(127);
	}
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return !WIFEXITED(status) || WEXITSTATUS(status) < 126;
}

bool
cli_out_close(struct job *job)
{
	bool ok = fflush(stdout) == 0 && !ferror(stdout);

	if (job->out != NULL && job->out != stdout)
		ok = fclose(job->out) == 0 && ok;
	job->out = NULL;
	if (gathered < 0)
		return ok;
	if (!is_long(gathered) || !page(pager_of(job)))
		ok = copy_out(gathered) && ok;
	dup2(terminal, STDOUT_FILENO);
	close(terminal);
	close(gathered);
	gathered = terminal = -1;
	return ok;
}

/* ---- printing ---------------------------------------------------------- */

/* With a verb that acts on many it says on which. */
static const char *
filter_of(const struct job *job)
{
	return (job->takes & TAKES_MANY) ? NULL : job->where;
}

static bool
chosen(const struct job *job)
{
	return job->csv || job->columns != NULL || job->sort != NULL ||
	    job->limit >= 0 || filter_of(job) != NULL;
}

void
cli_table(struct job *job, struct table *table)
{
	const struct table_style style = { .csv = job->csv,
	    .no_header = job->no_header, .bold = job->color,
	    .ascii = job->ascii, .columns = job->columns,
	    .sort = job->sort, .where = filter_of(job),
	    .limit = job->limit, .width = job->width };

	if (job->tables++ > 0 && chosen(job)) {
		vec_free(&table->rows);
		if (job->tables == 2)
			cli_say(job, _("It has more tables than this one; "
			    "--json has all.\n"));
		return;
	}
	if (!table_write(table, &style, job->arena, job->out, &job->bad))
		job->csv = true;	/* nothing more is printed */
}

void
cli_say(const struct job *job, const char *format, ...)
{
	va_list ap;

	if (job->quiet)
		return;
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
}

void
cli_more(struct job *job, const char *verb, const char *after)
{
	if (after[0] != '\0' && job->limit < 0)
		cli_say(job, _("More: bahi %s after=%s\n"), verb,
		    cli_tame(job, after));
}

void
cli_put_lines(struct job *job, const char *text)
{
	for (size_t n; *text != '\0'; text += n + (text[n] != '\0')) {
		n = strcspn(text, "\n");
		puts(cli_tame(job, arena_strndup(job->arena, text, n)));
	}
}

void
cli_put_json(struct job *job, struct span body)
{
	while (body.n > 0 && body.p[body.n - 1] == '\n')
		body.n--;
	if (job->screen)
		cli_put_lines(job, shape_pretty(body, job->arena));
	else
		printf("%.*s\n", (int)body.n, body.p);
}
