/*
 * The watched folder: inbox/SOURCE/ for each source. What is whole is moved
 * to .reading/, where no sender can reach it, and from there read, one file
 * after the other. A look at the folders decides; inotify only says when to
 * look, so nothing is missed that came while nobody watched.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/conf.h"
#include "core/log.h"
#include "core/map.h"
#include "core/utf8.h"
#include "flow/job.h"
#include "flow/reading.h"
#include "flow/whole.h"

#define SOURCES_MAX 256		/* folders looked at */
#define FILES_MAX 1000		/* files of a folder in one look */
#define COMPLAINTS_MAX 1000

/* Milliseconds to the next look. */
#define LOOK_SOON 500		/* something is there, and not whole yet */
#define LOOK_IDLE 5000
#define LOOK_TROUBLE 10000	/* our own; news do not shorten it */

struct inbox {
	struct reading *reading;
	const char *folder;
	int quiet;
	int watch, wake;		/* inotify; eventfd to stop */
	pthread_t thread;
	atomic_bool stop;
	struct arena *arena;		/* of one look */
	struct map *complaints;		/* said already */
	bool pending, trouble, left;	/* of this look */
	bool forgot;
};

struct found {
	const char *name;
	struct timespec changed;
};

/* The folders of one source. */
struct source_folder {
	const char *name;
	int self, reading, done, failed;
};

/* ---- saying it once ----------------------------------------------------- */

static void
complain(struct inbox *inbox, const char *source, const char *name,
    const char *why)
{
	const char *key = arena_printf(inbox->arena, "%s/%s %s", source,
	    name, why);
	struct str tame;

	if (map_find(inbox->complaints, span_of(key)) != NULL)
		return;
	if (map_count(inbox->complaints) == COMPLAINTS_MAX)
		map_clear(inbox->complaints);
	map_set(inbox->complaints, span_of(key), inbox);
	str_init(&tame, 2048);
	utf8_tame(span_of(name), &tame);
	log_line(LOG_WARN, "inbox.refused", "source=%s file=\"%s\" "
	    "why=\"%s\"", source, tame.p, why);
	str_free(&tame);
}

/* ---- names -------------------------------------------------------------- */

static bool
ends_with(const char *name, const char *suffix)
{
	size_t n = strlen(name), m = strlen(suffix);

	return n >= m && strcasecmp(name + n - m, suffix) == 0;
}

/* What senders call a file that they have not finished. */
static bool
is_unfinished(const char *name)
{
	return name[0] == '.' || ends_with(name, ".part") ||
	    ends_with(name, ".tmp") || ends_with(name, ".filepart");
}

static bool
is_usable(const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < n; i++)
		if ((unsigned char)name[i] < ' ' || name[i] == '\x7f')
			return false;
	return n <= READING_NAME_MAX && utf8_valid(span_of(name));
}

/* ---- folders ------------------------------------------------------------ */

static int
open_folder(int in, const char *name)
{
	return openat(in, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	    O_CLOEXEC);
}

/* Ours alone: in a folder that a sender made he could change what we read. */
static int
own_folder(int in, const char *name, mode_t mode)
{
	struct stat st;
	bool made = mkdirat(in, name, mode) == 0;
	int fd = open_folder(in, name);

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
	    (!made || fchmod(fd, mode) == 0))
		return fd;
	close(fd);
	errno = EPERM;
	return -1;
}

static void
close_source(struct source_folder *folder)
{
	const int fds[] = { folder->self, folder->reading, folder->done,
	    folder->failed };

	for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

static bool
open_source(struct inbox *inbox, int root, const char *name,
    struct source_folder *folder)
{
	*folder = (struct source_folder){ name, -1, -1, -1, -1 };
	folder->self = open_folder(root, name);
	if (folder->self >= 0)
		folder->reading = own_folder(folder->self, ".reading", 0700);
	if (folder->reading >= 0)
		folder->done = own_folder(folder->self, "done", 0755);
	if (folder->done >= 0)
		folder->failed = own_folder(folder->self, "failed", 0755);
	if (folder->failed >= 0)
		return true;
	complain(inbox, name, "", errno == EPERM ? "a folder in it is not "
	    "ours" : strerror(errno));
	close_source(folder);
	return false;
}

static int
by_age(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->changed.tv_sec != y->changed.tv_sec)
		return x->changed.tv_sec < y->changed.tv_sec ? -1 : 1;
	if (x->changed.tv_nsec != y->changed.tv_nsec)
		return x->changed.tv_nsec < y->changed.tv_nsec ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Oldest first; at most `most`, the rest at the next look. */
static struct found *
list(struct inbox *inbox, int folder, size_t most, size_t *n)
{
	struct found *all = arena_alloc(inbox->arena, most * sizeof *all);
	DIR *dir = fdopendir(dup(folder));
	const struct dirent *entry;
	struct stat st;

	*n = 0;
	if (dir == NULL)
		return all;
	rewinddir(dir);
	while (*n < most && (entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0 ||
		    fstatat(folder, entry->d_name, &st,
		    AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		all[*n].name = arena_strdup(inbox->arena, entry->d_name);
		all[(*n)++].changed = st.st_mtim;
	}
	closedir(dir);
	qsort(all, *n, sizeof *all, by_age);
	return all;
}

/* ---- files -------------------------------------------------------------- */

/* -1: why is said. Opening a pipe or a device could wait or do something,
 * so it is looked at first; and again, as it may be another one by now. */
static int
open_file(struct inbox *inbox, const struct source_folder *source,
    int folder, const char *name, struct stat *st)
{
	int fd = -1;

	if (fstatat(folder, name, st, AT_SYMLINK_NOFOLLOW) != 0)
		return -1;
	if (S_ISREG(st->st_mode))
		fd = openat(folder, name, O_RDONLY | O_NOFOLLOW |
		    O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, st) == 0 && S_ISREG(st->st_mode))
		return fd;
	if (fd >= 0)
		close(fd);
	if (!S_ISREG(st->st_mode))
		complain(inbox, source->name, name, S_ISDIR(st->st_mode) ?
		    "a folder" : "not a regular file");
	else if (errno != ENOENT)
		complain(inbox, source->name, name, strerror(errno));
	return -1;
}

/* One that is in .reading/. */
static void
read_file(struct inbox *inbox, const struct source_folder *source,
    const char *name)
{
	struct reading_file file = { source->name, name, -1,
	    source->reading, source->done, source->failed };
	struct err e = { 0 };
	struct stat st;

	file.fd = open_file(inbox, source, source->reading, name, &st);
	inbox->left = true;
	if (file.fd < 0)
		return;
	if (is_written(file.fd)) {	/* opened before it was moved */
		inbox->pending = true;
	} else if (reading_run(inbox->reading, &file, &e)) {
		inbox->left = false;
	} else if (e.code != ERR_NONE) {
		inbox->trouble = true;
		log_line(LOG_ERROR, "inbox.not_read", "source=%s why=\"%s\"",
		    source->name, e.why);
	}
	close(file.fd);
}

static bool
take(struct inbox *inbox, const struct source_folder *source,
    const char *name)
{
	struct stat st;
	int fd = open_file(inbox, source, source->self, name, &st);
	bool whole;

	if (fd < 0)
		return false;
	whole = is_whole(fd, &st, inbox->quiet);
	close(fd);
	if (!whole) {
		inbox->pending = true;
		return false;
	}
	if (faccessat(source->reading, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		inbox->pending = true;	/* one of that name is not done */
		return false;
	}
	if (renameat(source->self, name, source->reading, name) == 0)
		return true;
	complain(inbox, source->name, name, strerror(errno));
	return false;
}

static bool
go_on(const struct inbox *inbox)
{
	return !atomic_load(&inbox->stop) && !inbox->trouble;
}

static void
look_at_source(struct inbox *inbox, const struct source_folder *source)
{
	bool left = inbox->left;
	struct found *all;
	size_t n;

	/* What an earlier run left is finished first. */
	all = list(inbox, source->reading, FILES_MAX, &n);
	for (size_t i = 0; i < n && go_on(inbox); i++) {
		read_file(inbox, source, all[i].name);
		left |= inbox->left;
	}
	all = list(inbox, source->self, FILES_MAX, &n);
	for (size_t i = 0; i < n && go_on(inbox); i++) {
		const char *name = all[i].name;

		if (is_unfinished(name) || strcmp(name, "done") == 0 ||
		    strcmp(name, "failed") == 0)
			continue;
		if (!is_usable(name)) {
			complain(inbox, source->name, name,
			    "a name that cannot be used");
		} else if (take(inbox, source, name)) {
			read_file(inbox, source, name);
			left |= inbox->left;
		}
	}
	inbox->left = left;
}

/* ---- looking ------------------------------------------------------------ */

static void
watch(struct inbox *inbox, const char *path, uint32_t news)
{
	if (inbox->watch >= 0 && inotify_add_watch(inbox->watch, path,
	    news | IN_ONLYDIR | IN_DONT_FOLLOW) < 0)
		complain(inbox, "-", path, "not watched, looked at from "
		    "time to time");
}

/* Before the look, so that what comes during it makes another one. */
static void
look_at_folder(struct inbox *inbox, int root, const char *name)
{
	struct source_folder source;

	watch(inbox, arena_printf(inbox->arena, "%s/%s", inbox->folder,
	    name), IN_CLOSE_WRITE | IN_MOVED_TO);
	if (!open_source(inbox, root, name, &source)) {
		inbox->left = true;
		return;
	}
	look_at_source(inbox, &source);
	close_source(&source);
}

static void
look(struct inbox *inbox)
{
	int root = open(inbox->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct found *all;
	struct stat st;
	size_t n;

	if (root < 0) {
		complain(inbox, "-", inbox->folder, strerror(errno));
		inbox->trouble = true;
		return;
	}
	watch(inbox, inbox->folder, IN_CREATE | IN_MOVED_TO);
	all = list(inbox, root, SOURCES_MAX, &n);
	for (size_t i = 0; i < n && go_on(inbox); i++) {
		if (fstatat(root, all[i].name, &st,
		    AT_SYMLINK_NOFOLLOW) != 0 || all[i].name[0] == '.')
			continue;
		if (S_ISDIR(st.st_mode) && conf_name_valid(all[i].name))
			look_at_folder(inbox, root, all[i].name);
		else
			complain(inbox, "-", all[i].name,
			    "not the folder of a source");
	}
	close(root);
}

/* ---- the thread --------------------------------------------------------- */

static void
wait_for_news(struct inbox *inbox)
{
	struct pollfd fds[] = {
		{ .fd = inbox->wake, .events = POLLIN },
		{ .fd = inbox->trouble ? -1 : inbox->watch,
		    .events = POLLIN },
	};
	char news[4096];

	poll(fds, 2, inbox->trouble ? LOOK_TROUBLE : inbox->pending ?
	    LOOK_SOON : LOOK_IDLE);
	/* What they say is found by looking. */
	if (inbox->watch >= 0)
		while (read(inbox->watch, news, sizeof news) > 0)
			;
}

static void *
keep_looking(void *arg)
{
	struct inbox *inbox = arg;

	while (!atomic_load(&inbox->stop)) {
		struct err e = { 0 };

		inbox->pending = inbox->trouble = inbox->left = false;
		look(inbox);
		if (go_on(inbox) && !inbox->left && !inbox->forgot) {
			inbox->forgot = reading_forget(inbox->reading, &e);
			inbox->trouble = !inbox->forgot;
		}
		arena_reset(inbox->arena);
		wait_for_news(inbox);
	}
	return NULL;
}

static void
close_inbox(void **state)
{
	struct inbox *inbox = *state;

	*state = NULL;
	reading_close(&inbox->reading);
	map_free(&inbox->complaints, NULL);
	arena_free(&inbox->arena);
	if (inbox->watch >= 0)
		close(inbox->watch);
	if (inbox->wake >= 0)
		close(inbox->wake);
	free(inbox);
}

static bool
judge_folder(const char *folder, struct err *e)
{
	struct stat st;

	if (stat(folder, &st) != 0)
		return err_set(e, ERR_CONFIG, "inbox %s: %s", folder,
		    strerror(errno));
	return S_ISDIR(st.st_mode) || err_set(e, ERR_CONFIG,
	    "inbox %s: not a folder", folder);
}

static bool
open_inbox(void **state, const struct job_env *env, struct err *e)
{
	const char *folder = options_text(env->options, "inbox");
	struct inbox *inbox;
	void *made;

	if (folder[0] == '\0')
		return true;
	if (!judge_folder(folder, e))
		return false;
	/* Comes when somebody opens a file just while we ask about it. */
	signal(SIGIO, SIG_IGN);
	made = inbox = calloc(1, sizeof *inbox);
	if (inbox == NULL)
		bug("out of memory");
	inbox->folder = folder;
	inbox->quiet = (int)options_count(env->options, "inbox_quiet");
	inbox->arena = arena_new();
	inbox->complaints = map_new();
	inbox->watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	inbox->wake = eventfd(0, EFD_CLOEXEC);
	if (inbox->wake < 0)
		err_set(e, ERR_SYSTEM, "eventfd: %s", strerror(errno));
	else if (reading_open(&inbox->reading, env->pump,
	    options_text(env->options, "store"), e) &&
	    pthread_create(&inbox->thread, NULL, keep_looking, inbox) != 0)
		err_set(e, ERR_SYSTEM, "cannot start a thread");
	else if (inbox->reading != NULL)
		*state = inbox;
	if (*state == NULL)
		close_inbox(&made);
	return *state != NULL;
}

static void
stop_inbox(void *state)
{
	struct inbox *inbox = state;

	atomic_store(&inbox->stop, true);
	reading_stop(inbox->reading);
	eventfd_write(inbox->wake, 1);
	pthread_join(inbox->thread, NULL);
}

const struct job job_inbox = {
	"inbox", open_inbox, stop_inbox, close_inbox
};
