#include "ui/restricted.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/file.h"
#include "core/utf8.h"
#include "ui/cli.h"
#include "ui/options.h"

#define FILES_MOST 256
#define FILE_LARGEST ((rlim_t)8 << 30)	/* of the local copy */
#define WORD_MAX 60

extern char **environ;

static bool on;
static char home[PATH_MAX], folder[PATH_MAX];
static struct arena *kept;	/* the words that are allowed */

bool
restricted_on(void)
{
	return on;
}

/* ---- the process ------------------------------------------------------- */

/* Of what the other side sent, only what cannot name a file. */
static bool
is_harmless(const char *one)
{
	static const char *const names[] = { "TERM=", "LANG=", "LANGUAGE=",
	    "LC_", "NO_COLOR=", "SSH_CONNECTION=", "SSH_CLIENT=", "SSH_TTY=",
	    "USER=", "LOGNAME=" };
	const char *value = strchr(one, '=');

	if (value == NULL || strlen(value) > 200 ||
	    (strchr(value, '/') != NULL && strncmp(one, "SSH_TTY=", 8) != 0))
		return false;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strncmp(one, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

static void
clean_environment(void)
{
	const struct passwd *me = getpwuid(getuid());
	size_t n = 0;

	for (size_t i = 0; environ[i] != NULL; i++)
		if (is_harmless(environ[i]))
			environ[n++] = environ[i];
	environ[n] = NULL;
	if (me == NULL || me->pw_dir[0] != '/')
		return;
	snprintf(home, sizeof home, "%s", me->pw_dir);
	setenv("HOME", home, 1);
	setenv("PATH", "/usr/bin:/bin", 1);
}

static void
limit(int what, rlim_t most)
{
	struct rlimit now = { most, most }, was;

	if (getrlimit(what, &was) == 0 && was.rlim_max < most)
		now.rlim_cur = now.rlim_max = was.rlim_max;
	if (setrlimit(what, &now) != 0)
		bug("a limit of the process");
}

/* Twice does no harm. */
static void
close_in(void)
{
	on = true;
	clean_environment();
	umask(077);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_NOFILE, FILES_MOST);
	limit(RLIMIT_FSIZE, FILE_LARGEST);
	signal(SIGTSTP, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		bug("no_new_privs");
}

/* ---- what is asked for ------------------------------------------------- */

static bool
same_name(const char *setting, const char *word, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (setting[i] != word[i] && !(setting[i] == '_' &&
		    word[i] == '-'))
			return false;
	return setting[n] == '\0';
}

/* --name: of how things look it may be said, else the settings have it. */
static bool
may_say(const char *word)
{
	static const char *const looks[] = { "digits", "numerals", "dates",
	    "color", "ascii", "slow", "theme", "mouse", "screen_reader" };
	static const char *const never[] = { "config", "dump", "complete",
	    "edit" };
	size_t n = strcspn(word, "=");

	for (size_t i = 0; i < sizeof looks / sizeof *looks; i++)
		if (same_name(looks[i], word, n))
			return true;
	for (size_t i = 0; i < sizeof never / sizeof *never; i++)
		if (same_name(never[i], word, n))
			return false;
	for (size_t i = 0; i < n_ui_options; i++)
		if (same_name(ui_options[i].name, word, n))
			return false;
	return true;
}

bool
restricted_words(const struct split *words, struct err *e)
{
	if (!on)
		return true;
	if (words->n == 0 || cli_find(words->words[0]) == NULL)
		return err_set(e, ERR_FORBIDDEN, "only verbs of bahi can be "
		    "run here, and %.*s is none", WORD_MAX,
		    words->n > 0 ? words->words[0] : "nothing");
	for (int i = 1; i < words->n; i++)
		if (strncmp(words->words[i], "--", 2) == 0 &&
		    !may_say(words->words[i] + 2))
			return err_set(e, ERR_FORBIDDEN, "%.*s is not for "
			    "you to say here", WORD_MAX, words->words[i]);
	return true;
}

static bool
is_restricted(const char *word)
{
	return strcmp(word, "--restricted") == 0 ||
	    strcmp(word, "--restricted=yes") == 0;
}

/* Its own name in front, as in `ssh host bahi status`, changes nothing. */
static void
drop_name(struct split *words)
{
	int from = 0;

	if (words->n > 0) {
		const char *slash = strrchr(words->words[0], '/');

		if (strcmp(slash != NULL ? slash + 1 : words->words[0],
		    "bahi") == 0)
			from = 1;
	}
	while (from > 0 && from < words->n &&
	    is_restricted(words->words[from]))
		from++;
	for (int i = from; i <= words->n; i++)
		words->words[i - from] = words->words[i];
	words->n -= from;
}

/* What the other side wants to have run; NULL: the console. */
static const char *
wanted(int argc, char **argv)
{
	const char *line = getenv("SSH_ORIGINAL_COMMAND");

	return line != NULL ? line : argc == 3 && strcmp(argv[1], "-c") == 0 ?
	    argv[2] : NULL;
}

static bool
is_shell(int argc, char **argv)
{
	if (argv[0][0] == '-' || (argc == 3 && strcmp(argv[1], "-c") == 0))
		return true;
	for (int i = 1; i < argc; i++)
		if (is_restricted(argv[i]))
			return true;
	return false;
}

static int
refuse(const struct err *e)
{
	struct str why;

	str_init(&why, sizeof e->why * 6);
	utf8_tame(span_of(e->why), &why);
	fprintf(stderr, "bahi: %s.\n", why.p);
	str_free(&why);
	return EXIT_REFUSED;
}

static void
forget(void)
{
	arena_free(&kept);
}

/* --restricted, what sshd_config says, then what was asked for; it lives as
 * long as the process. */
static void
put_together(int *argc, char ***argv, const struct split *words)
{
	bool shell = (*argv)[0][0] == '-' || (*argc == 3 &&
	    strcmp((*argv)[1], "-c") == 0);
	int n = 0, given = shell ? 1 : *argc;
	char **out;

	kept = arena_new();
	atexit(forget);
	out = arena_alloc(kept, ((size_t)given + (size_t)words->n + 3) *
	    sizeof *out);
	out[n++] = arena_strdup(kept, "bahi");
	out[n++] = arena_strdup(kept, "--restricted");
	for (int i = 1; i < given; i++)
		if (!is_restricted((*argv)[i]))
			out[n++] = (*argv)[i];
	for (int i = 0; i < words->n; i++)
		out[n++] = arena_strdup(kept, words->words[i]);
	*argc = n;
	*argv = out;
}

int
restricted_enter(int *argc, char ***argv)
{
	struct arena *arena;
	struct split words = { .n = 0 };
	struct err e = { 0 };
	const char *line;
	bool ok;

	if (*argc < 1 || !is_shell(*argc, *argv))
		return -1;
	arena = arena_new();
	line = arena_strdup(arena, wanted(*argc, *argv));
	close_in();
	ok = line == NULL || (utf8_valid(span_of(line)) ?
	    split_line(arena, line, &words, &e) :
	    err_set(&e, ERR_FORBIDDEN, "that is not UTF-8"));
	if (ok)
		drop_name(&words);
	ok = ok && (words.n == 0 || restricted_words(&words, &e));
	if (ok)
		put_together(argc, argv, &words);
	arena_free(&arena);
	return ok ? -1 : refuse(&e);
}

/* ---- the folder -------------------------------------------------------- */

bool
restricted_settle(const struct options *options, struct err *e)
{
	const char *path = options_text(options, "export_dir");
	char usual[PATH_MAX + 16];

	if (strcmp(options_text(options, "restricted"), "yes") != 0 && !on)
		return true;
	close_in();
	snprintf(usual, sizeof usual, "%s/exports", home);
	if (path[0] == '\0')
		path = usual;
	if (path[0] != '/')
		return err_set(e, ERR_CONFIG, "export_dir is not absolute");
	return file_mkdir(path, 0700, e) && ((realpath(path, folder) != NULL
	    && chdir(folder) == 0) || err_set(e, ERR_SYSTEM,
	    "export_dir: %.200s", path));
}

static int
open_beneath(const char *path, uint64_t flags)
{
	struct open_how how = { .flags = flags | O_CLOEXEC,
	    .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS };
	int top = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC), fd;

	if (top < 0)
		return -1;
	fd = (int)syscall(SYS_openat2, top, path, &how, sizeof how);
	if (fd < 0) {
		int why = errno;

		close(top);
		errno = why;
		return -1;
	}
	close(top);
	return fd;
}

static bool
outside(const char *typed, struct err *e)
{
	return err_set(e, ERR_FORBIDDEN, "%.200s is not in %.200s", typed,
	    folder);
}

/* No part of it is . or .., also of what is not there yet. */
static bool
goes_down(const char *path)
{
	for (const char *p = path; *p != '\0';) {
		size_t n = strcspn(p, "/");

		if ((n == 1 && p[0] == '.' && p != path) ||
		    (n == 2 && p[0] == '.' && p[1] == '.'))
			return false;
		p += n + (p[n] == '/');
	}
	return true;
}

/* The part of it that is there lies beneath, wherever links lead. */
static bool
is_beneath(struct arena *arena, const char *path)
{
	char *part = arena_strdup(arena, path);
	int fd;

	while ((fd = open_beneath(part[0] != '\0' ? part : ".", O_PATH)) < 0) {
		char *slash = strrchr(part, '/');

		if (errno != ENOENT || part[0] == '\0')
			return false;
		*(slash != NULL ? slash : part) = '\0';
	}
	close(fd);
	return true;
}

/* As seen from the folder; NULL: it cannot be in it. */
static const char *
from_folder(const char *typed)
{
	size_t n = strlen(folder);

	if (typed[0] == '~')
		return NULL;
	if (typed[0] != '/')
		return typed[0] == '\0' ? "." : typed;
	if (strncmp(typed, folder, n) != 0 ||
	    (typed[n] != '/' && typed[n] != '\0'))
		return NULL;
	typed += n + strspn(typed + n, "/");
	return typed[0] == '\0' ? "." : typed;
}

bool
restricted_path(struct arena *arena, const char *typed, const char **out,
    struct err *e)
{
	const char *path = on ? from_folder(typed) : typed;

	*out = typed;
	if (!on)
		return true;
	if (path == NULL || !goes_down(path) || !is_beneath(arena, path))
		return outside(typed, e);
	*out = strcmp(path, ".") == 0 ? arena_strdup(arena, folder) :
	    arena_printf(arena, "%s/%s", folder, path);
	return true;
}

/* Read from what was judged, not from what has that name by then. */
bool
restricted_read(const char *typed, size_t max, struct arena *arena,
    struct span *out, struct err *e)
{
	const char *path;
	char name[32];
	int fd;
	bool ok;

	if (!on)
		return file_read(typed, max, arena, out, e);
	if (!restricted_path(arena, typed, &path, e))
		return false;
	fd = open_beneath(from_folder(typed), O_RDONLY | O_NONBLOCK);
	if (fd < 0)
		return err_set(e, ERR_SYSTEM, "%.200s cannot be read",
		    typed);
	snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
	ok = file_read(name, max, arena, out, e);
	close(fd);
	return ok;
}
