#include "ui/running.h"

#include <errno.h>
#include <fcntl.h>
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

extern char **environ;

struct running {
	pthread_t thread;
	pthread_mutex_t lock;
	struct str text;
	bool ended;
	int status, fd;
	pid_t pid;
	struct shared *shared;
};

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

static void *
listen(void *ctx)
{
	struct running *running = ctx;
	int64_t shown = 0;
	char piece[4096];
	ssize_t n;

	while ((n = read(running->fd, piece, sizeof piece)) > 0 ||
	    (n < 0 && errno == EINTR)) {
		if (n < 0)
			continue;
		pthread_mutex_lock(&running->lock);
		str_add(&running->text, piece, (size_t)n);
		pthread_mutex_unlock(&running->lock);
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
    struct err *e)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t how;
	sigset_t none;
	int failed;

	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&how);
	sigemptyset(&none);
	posix_spawnattr_setsigmask(&how, &none);
	posix_spawnattr_setpgroup(&how, 0);
	posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK |
	    POSIX_SPAWN_SETPGROUP);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, out, 1);
	posix_spawn_file_actions_adddup2(&files, out, 2);
	failed = posix_spawn(&running->pid, SELF, &files, &how,
	    (char *const *)words->words, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&how);
	errno = failed;
	return failed == 0 || err_set(e, ERR_SYSTEM, "a verb cannot be run");
}

bool
running_start(struct running **out, const struct split *words,
    struct shared *shared, struct err *e)
{
	struct running *running = calloc(1, sizeof *running);
	int pipes[2];
	bool ok;

	if (running == NULL)
		bug("out of memory");
	if (pipe2(pipes, O_CLOEXEC) != 0) {
		free(running);
		return err_set(e, ERR_SYSTEM, "pipe");
	}
	pthread_mutex_init(&running->lock, NULL);
	str_init(&running->text, OUTPUT_MAX);
	running->shared = shared;
	running->fd = pipes[0];
	ok = spawn(running, words, pipes[1], e);
	close(pipes[1]);
	if (ok && pthread_create(&running->thread, NULL, listen, running) !=
	    0)
		bug("no thread");
	if (ok) {
		*out = running;
		return true;
	}
	close(pipes[0]);
	str_free(&running->text);
	pthread_mutex_destroy(&running->lock);
	free(running);
	return false;
}

bool
running_read(struct running *running, struct str *out, int *status)
{
	bool ended;

	pthread_mutex_lock(&running->lock);
	str_add(out, running->text.p, running->text.n);
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
	close(running->fd);
	str_free(&running->text);
	pthread_mutex_destroy(&running->lock);
	free(running);
	*rp = NULL;
}
