/* Used by verbs and by the console, whose threads go on meanwhile. */
#include "ui/editor.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/file.h"
#include "core/utf8.h"
#include "ui/options.h"
#include "ui/restricted.h"

static const char *
editor(void)
{
	const char *name = getenv("VISUAL");

	if (name == NULL || name[0] == '\0')
		name = getenv("EDITOR");
	return name != NULL && name[0] != '\0' ? name : "vi";
}

/* It hears the signals that the console keeps to its own loop. */
static void
become(const char *command)
{
	sigset_t none;

	sigemptyset(&none);
	signal(SIGINT, SIG_DFL);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

static bool
run(struct arena *arena, const char *path, struct err *e)
{
	const char *command = arena_printf(arena,
	    "%s \"$BAHI_NOTE\" </dev/tty >/dev/tty", editor());
	int status = 0;
	pid_t child;

	setenv("BAHI_NOTE", path, 1);
	child = fork();
	if (child == 0)
		become(command);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return (child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
	    err_set(e, ERR_SYSTEM, "%.60s did not end well", editor());
}

bool
editor_change(const struct options *options, struct arena *arena,
    const char *name, struct span before, size_t max, struct span *after,
    struct err *e)
{
	const char *path;
	bool ok;

	if (restricted_on() || (option_find(ui_options, n_ui_options,
	    "restricted") != NULL &&
	    strcmp(options_text(options, "restricted"), "yes") == 0))
		return err_set(e, ERR_REFUSED, "no editor in a restricted "
		    "session");
	if (!options_state(options, arena, arena_printf(arena, "%s.%d.txt",
	    name, (int)getpid()), &path, e))
		return false;
	ok = file_write(path, before, 0600, e) && run(arena, path, e) &&
	    file_read(path, max, arena, after, e);
	unlink(path);
	return ok && (utf8_valid(*after) || err_set(e, ERR_USAGE,
	    "what was written is not UTF-8"));
}
