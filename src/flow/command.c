/*
 * Programs that are told of alerts.  Called by channel.c only.  The input is
 * a file in memory: a program that does not read it cannot make us wait.
 */
#include "flow/command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/clock.h"

#define TURN 20000000L		/* nanoseconds between looks */

static bool
put_input(int fd, struct span input)
{
	while (input.n > 0) {
		ssize_t n = write(fd, input.p, input.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		input.p += n;
		input.n -= (size_t)n;
	}
	return lseek(fd, 0, SEEK_SET) == 0;
}

static int
start(const struct command *c, int fd, pid_t *pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, ignored;
	int rc;

	sigemptyset(&none);
	sigemptyset(&ignored);
	sigaddset(&ignored, SIGPIPE);	/* by us */
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP |
	    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &ignored);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, fd, 0);
	posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addclosefrom_np(&files, 3);
	posix_spawn_file_actions_addchdir_np(&files, "/");
	rc = posix_spawn(pid, c->argv[0], &files, &attr, c->argv, c->env);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return rc;
}

/* Its whole process group, so that nothing it started stays behind. */
static void
kill_all(pid_t pid)
{
	kill(-pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static bool
judge(int status, struct err *e)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	if (WIFEXITED(status))
		return err_set(e, ERR_SYSTEM, "exit status %d",
		    WEXITSTATUS(status));
	return err_set(e, ERR_SYSTEM, "killed by signal %d",
	    WTERMSIG(status));
}

static bool
wait_for(const struct command *c, pid_t pid, struct err *e)
{
	int64_t until = clock_mono() + (int64_t)c->seconds * 1000000;
	const struct timespec turn = { 0, TURN };
	int status;
	pid_t got;

	for (;;) {
		got = waitpid(pid, &status, WNOHANG);
		if (got == pid)
			return judge(status, e);
		if (got < 0 && errno != EINTR)
			return err_set(e, ERR_SYSTEM, "waitpid");
		if (atomic_load(c->stop)) {
			kill_all(pid);
			return false;
		}
		if (clock_mono() > until) {
			kill_all(pid);
			return err_set(e, ERR_SYSTEM,
			    "killed after %d seconds", c->seconds);
		}
		nanosleep(&turn, NULL);
	}
}

bool
command_run(const struct command *c, struct err *e)
{
	int fd = memfd_create("alert", MFD_CLOEXEC), rc;
	pid_t pid;
	bool ok;

	if (fd < 0 || !put_input(fd, c->input)) {
		ok = err_set(e, ERR_SYSTEM, "memfd: %s", strerror(errno));
	} else {
		rc = start(c, fd, &pid);
		ok = rc == 0 ? wait_for(c, pid, e) : err_set(e, ERR_SYSTEM,
		    "%s: %s", c->argv[0], strerror(rc));
	}
	if (fd >= 0)
		close(fd);
	return ok;
}
