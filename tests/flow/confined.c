/*
 * Goes behind the walls of `bahid run` and tries what an intruder would.
 * confined CONFIG OUTSIDE TRY: prints "done", or why not.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bahid/options.h"
#include "bahid/sandbox.h"

static void *
thread(void *arg)
{
	return arg;
}

static int
try(const char *what, const char *path)
{
	char *argv[] = { "/bin/true", NULL };
	pthread_t other;
	pid_t pid;

	errno = 0;
	if (strcmp(what, "write") == 0)
		return open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (strcmp(what, "read") == 0)
		return open(path, O_RDONLY | O_CLOEXEC);
	if (strcmp(what, "run") == 0)
		return execv(argv[0], argv);
	if (strcmp(what, "fork") == 0) {
		pid = fork();
		if (pid == 0)
			_exit(0);
		return pid;
	}
	if (strcmp(what, "thread") == 0)
		return pthread_create(&other, NULL, thread, NULL) == 0 &&
		    pthread_join(other, NULL) == 0 ? 0 : -1;
	if (strcmp(what, "packet") == 0)
		return socket(AF_PACKET, SOCK_RAW, 0);
	if (strcmp(what, "inet") == 0)
		return socket(AF_INET, SOCK_STREAM, 0);
	if (strcmp(what, "code") == 0)
		return mmap(NULL, 4096, PROT_WRITE | PROT_EXEC, MAP_PRIVATE |
		    MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0;
	if (strcmp(what, "trace") == 0)
		return (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	return -1;
}

int
main(int argc, char **argv)
{
	struct options *options = NULL;
	struct err e = { 0 };

	if (argc != 4 || !options_read(&options, bahid_options,
	    n_bahid_options, argv[1], &e) || !guard_check(options, &e) ||
	    !sandbox_enter(options, &e)) {
		fprintf(stderr, "%s\n", e.why);
		return 3;
	}
	printf("%s\n", try(argv[3], argv[2]) < 0 ? strerror(errno) : "done");
	return 0;
}
