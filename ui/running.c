#include "ui/running.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"

#define OUTPUT_MAX ((size_t)4 << 20)
#define SHOWN_EACH 200000	/* microseconds between two looks */
#define SELF "/proc/self/exe"
#define GIVEN_MAX 32

extern char **environ;

static char **given;
static int n_given;

struct running {
	pthread_t thread;
	pthread_mutex_t lock;
	struct str text[2];	/* what it printed, what it said of it */
	bool ended;
	int status;
	struct pollfd from[2];
	pid_t pid;
	struct shared *shared;
};

void
running_with(int argc, char **argv)
{
	given = argv;
	n_given = argc < GIVEN_MAX ? argc : GIVEN_MAX;
}

static void
end(struct running *running)
{
	int status = 0;

	while (waitpid(running->pid, &status, 0) < 0 && errno == EINTR)
		;
	pthread_mutex_lock(&running->lock);
	running->ended = true;
	running->status = WIFEXITED(status) ? WEXITSTATUS(status) :
	    128 + WTERMSIG(status);
	pthread_mutex_unlock(&running->lock);
	shared_changed(running->shared);
}

static void
take(struct running *running, int i)
{
	char piece[4096];
	ssize_t n = read(running->from[i].fd, piece, sizeof piece);

	if (n > 0) {
		pthread_mutex_lock(&running->lock);
		str_add(&running->text[i], piece, (size_t)n);
		pthread_mutex_unlock(&running->lock);
	} else if (n == 0 || errno != EINTR) {
		close(running->from[i].fd);
		running->from[i].fd = -1;
	}
}

static void *
listen(void *ctx)
{
	struct running *running = ctx;
	struct pollfd *from = running->from;
	int64_t shown = 0;

	while (from[0].fd >= 0 || from[1].fd >= 0) {
		if (poll(from, 2, -1) < 0)
			continue;
		for (int i = 0; i < 2; i++)
			if (from[i].fd >= 0 && from[i].revents != 0)
				take(running, i);
		if (clock_mono() - shown < SHOWN_EACH)
			continue;
		shown = clock_mono();
		shared_changed(running->shared);
	}
	end(running);
	return NULL;
}

/* Nothing of ours but the pipe goes with it. */
static bool
spawn(struct running *running, const struct split *words, int out,
    int errors, struct err *e)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t how;
	char *argv[GIVEN_MAX + SPLIT_MAX + 2] = { NULL };
	char self[] = "bahi";
	sigset_t none;
	int failed, n = 0;

	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&how);
	sigemptyset(&none);
	posix_spawnattr_setsigmask(&how, &none);
	posix_spawnattr_setpgroup(&how, 0);
	posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK |
	    POSIX_SPAWN_SETPGROUP);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, out, 1);
	posix_spawn_file_actions_adddup2(&files, errors, 2);
	argv[n++] = self;
	for (int i = 0; i < n_given; i++)
		argv[n++] = given[i];
	for (int i = 0; i < words->n; i++)
		argv[n++] = words->words[i];
	failed = posix_spawn(&running->pid, SELF, &files, &how, argv,
	    environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&how);
	errno = failed;
	return failed == 0 || err_set(e, ERR_SYSTEM, "a verb cannot be run");
}

static void
forget(struct running *running)
{
	for (int i = 0; i < 2; i++) {
		if (running->from[i].fd >= 0)
			close(running->from[i].fd);
		str_free(&running->text[i]);
	}
	pthread_mutex_destroy(&running->lock);
	free(running);
}

bool
running_start(struct running **out, const struct split *words,
    struct shared *shared, struct err *e)
{
	struct running *running = calloc(1, sizeof *running);
	int out_of[2], said[2] = { -1, -1 };
	bool ok;

	if (running == NULL)
		bug("out of memory");
	if (pipe2(out_of, O_CLOEXEC) != 0) {
		free(running);
		return err_set(e, ERR_SYSTEM, "pipe");
	}
	ok = pipe2(said, O_CLOEXEC) == 0 || err_set(e, ERR_SYSTEM, "pipe");
	pthread_mutex_init(&running->lock, NULL);
	for (int i = 0; i < 2; i++) {
		str_init(&running->text[i], OUTPUT_MAX);
		running->from[i] = (struct pollfd){ .fd = i == 0 ? out_of[0] :
		    said[0], .events = POLLIN };
	}
	running->shared = shared;
	ok = ok && spawn(running, words, out_of[1], said[1], e);
	close(out_of[1]);
	if (said[1] >= 0)
		close(said[1]);
	if (ok && pthread_create(&running->thread, NULL, listen, running) !=
	    0)
		bug("no thread");
	if (ok) {
		*out = running;
		return true;
	}
	forget(running);
	return false;
}

bool
running_read(struct running *running, struct str *out, int *status)
{
	bool ended;

	pthread_mutex_lock(&running->lock);
	for (int i = 0; i < 2; i++)
		str_add(out, running->text[i].p, running->text[i].n);
	ended = running->ended;
	*status = running->status;
	pthread_mutex_unlock(&running->lock);
	return ended;
}

void
running_stop(struct running **rp)
{
	struct running *running = *rp;

	if (running == NULL)
		return;
	pthread_mutex_lock(&running->lock);
	if (!running->ended)
		kill(running->pid, SIGTERM);
	pthread_mutex_unlock(&running->lock);
	pthread_join(running->thread, NULL);
	forget(running);
	*rp = NULL;
}
