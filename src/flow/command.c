/*
 * Programs that are told of alerts.  Called by channel.c only.  The input is
 * a file in memory: a program that does not read it cannot make us wait.
 *
 * What serves requests gives up the right to start anything; so a starter is
 * forked before, which knows the one program that it may start and hears
 * nothing but environment, time and input. A request is one datagram: the
 * seconds, then the environment, each variable with its end; the input comes
 * along. Whatever is sent while the program runs stops it.
 */
#include "flow/command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"

#define TURN 20			/* milliseconds between looks */
#define ENV_MAX 16
#define ASK_MAX 65536

struct answer {
	bool ok;
	char why[200];		/* "": it was stopped */
};

static int starter = -1;

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
start(char *const *argv, char *const *env, int fd, pid_t *pid)
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
	rc = posix_spawn(pid, argv[0], &files, &attr, argv, env);
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

static void
judge(int status, struct answer *out)
{
	out->ok = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	if (!out->ok && WIFEXITED(status))
		snprintf(out->why, sizeof out->why, "exit status %d",
		    WEXITSTATUS(status));
	else if (!out->ok)
		snprintf(out->why, sizeof out->why, "killed by signal %d",
		    WTERMSIG(status));
}

/* Until it ends, its time is over, or the other side says or is gone. */
static void
wait_for(int side, pid_t pid, int seconds, struct answer *out)
{
	int64_t until = clock_mono() + (int64_t)seconds * 1000000;
	struct pollfd other = { .fd = side, .events = POLLIN };
	char stop;
	int status;

	for (;;) {
		pid_t got = waitpid(pid, &status, WNOHANG);

		if (got == pid) {
			judge(status, out);
			return;
		}
		if (poll(&other, 1, TURN) > 0) {
			(void)!recv(side, &stop, 1, MSG_DONTWAIT);
			kill_all(pid);
			return;
		}
		if (clock_mono() > until) {
			kill_all(pid);
			snprintf(out->why, sizeof out->why,
			    "killed after %d seconds", seconds);
			return;
		}
	}
}

/* ---- the starter ------------------------------------------------------ */

/* False: the other side is gone. fd -1: nothing came along. */
static bool
hear(int side, char *text, size_t room, size_t *n, int *fd)
{
	char space[CMSG_SPACE(sizeof *fd)];
	struct iovec part = { text, room };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1,
	    .msg_control = space, .msg_controllen = sizeof space };
	struct cmsghdr *head;
	ssize_t got = recvmsg(side, &message, MSG_CMSG_CLOEXEC);

	if (got <= 0)
		return false;
	*n = (size_t)got;
	*fd = -1;
	head = CMSG_FIRSTHDR(&message);
	if (head != NULL && head->cmsg_type == SCM_RIGHTS &&
	    head->cmsg_len == CMSG_LEN(sizeof *fd))
		memcpy(fd, CMSG_DATA(head), sizeof *fd);
	return true;
}

static void
serve_one(int side, char *const *argv, char *text, size_t n, int fd,
    struct answer *out)
{
	char *env[ENV_MAX + 1];
	size_t at = sizeof(int), n_env = 0;
	int seconds, rc;
	pid_t pid;

	if (fd < 0 || n < sizeof seconds || text[n - 1] != '\0')
		return;
	memcpy(&seconds, text, sizeof seconds);
	for (; at < n && n_env < ENV_MAX; at += strlen(text + at) + 1)
		env[n_env++] = text + at;
	env[n_env] = NULL;
	rc = start(argv, env, fd, &pid);
	if (rc == 0)
		wait_for(side, pid, seconds, out);
	else
		snprintf(out->why, sizeof out->why, "%s: %s", argv[0],
		    strerror(rc));
}

static _Noreturn void
serve(int side, char *const *argv)
{
	static char text[ASK_MAX];
	size_t n;
	int fd;

	prctl(PR_SET_NAME, "bahid-starter");
	while (hear(side, text, sizeof text, &n, &fd)) {
		struct answer answer = { 0 };

		/* one byte: to stop what had just ended */
		if (n == 1)
			continue;
		serve_one(side, argv, text, n, fd, &answer);
		if (fd >= 0)
			close(fd);
		if (send(side, &answer, sizeof answer, MSG_NOSIGNAL) < 0)
			break;
	}
	_exit(0);
}

bool
command_fork(char *const *argv, struct err *e)
{
	int sides[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sides) != 0)
		return err_set(e, ERR_SYSTEM, "socketpair: %s",
		    strerror(errno));
	pid = fork();
	if (pid == 0) {
		close(sides[0]);
		/* it ends when the other side does */
		signal(SIGINT, SIG_IGN);
		signal(SIGTERM, SIG_IGN);
		signal(SIGHUP, SIG_IGN);
		serve(sides[1], argv);
	}
	close(sides[1]);
	starter = sides[0];
	return pid > 0 || err_set(e, ERR_SYSTEM, "fork: %s",
	    strerror(errno));
}

/* ---- asking ----------------------------------------------------------- */

static bool
ask(const struct command *c, int fd, struct err *e)
{
	char space[CMSG_SPACE(sizeof fd)] = { 0 }, text[ASK_MAX];
	struct iovec part = { text, sizeof c->seconds };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1,
	    .msg_control = space, .msg_controllen = sizeof space };
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);

	memcpy(text, &c->seconds, sizeof c->seconds);
	for (size_t i = 0; c->env[i] != NULL; i++) {
		size_t n = strlen(c->env[i]) + 1;

		if (i == ENV_MAX || n > sizeof text - part.iov_len)
			return err_set(e, ERR_SYSTEM, "too much to tell");
		memcpy(text + part.iov_len, c->env[i], n);
		part.iov_len += n;
	}
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(head), &fd, sizeof fd);
	return sendmsg(starter, &message, MSG_NOSIGNAL) >= 0 ||
	    err_set(e, ERR_SYSTEM, "the starter of programs is gone");
}

/* Stopped, it still has to say that the program is dead. */
static bool
await(const struct command *c, struct err *e)
{
	struct pollfd other = { .fd = starter, .events = POLLIN };
	struct answer answer = { 0 };
	bool told = false;
	ssize_t n;

	while (poll(&other, 1, TURN) == 0)
		if (!told && atomic_load(c->stop))
			told = send(starter, "", 1, MSG_NOSIGNAL) == 1;
	n = recv(starter, &answer, sizeof answer, 0);
	if (n != sizeof answer)
		return err_set(e, ERR_SYSTEM,
		    "the starter of programs is gone");
	if (answer.ok || answer.why[0] == '\0')
		return answer.ok;
	return err_set(e, ERR_SYSTEM, "%.*s", (int)sizeof answer.why - 1,
	    answer.why);
}

bool
command_run(const struct command *c, struct err *e)
{
	int fd = memfd_create("alert", MFD_CLOEXEC);
	bool ok;

	if (fd < 0 || !put_input(fd, c->input))
		ok = err_set(e, ERR_SYSTEM, "memfd: %s", strerror(errno));
	else
		ok = ask(c, fd, e) && await(c, e);
	if (fd >= 0)
		close(fd);
	return ok;
}

bool
command_words(const char *text, struct arena *arena, char **argv,
    struct err *e)
{
	const char *p = text;
	size_t n = 0;

	for (; *(p += strspn(p, " \t")) != '\0'; p += strcspn(p, " \t")) {
		if (n == COMMAND_ARGS)
			return err_set(e, ERR_CONFIG,
			    "alert_command: more than %d words",
			    COMMAND_ARGS);
		argv[n++] = arena_strndup(arena, p, strcspn(p, " \t"));
	}
	argv[n] = NULL;
	if (n > 0 && (argv[0][0] != '/' || access(argv[0], X_OK) != 0))
		return err_set(e, ERR_CONFIG, "alert_command: %.200s is no "
		    "absolute path of a program", argv[0]);
	return true;
}
