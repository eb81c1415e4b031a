/*
 * libFuzzer target of the daemon as a whole, in this process: its listener,
 * its gate and every route. The first line is METHOD TARGET TYPE and the rest
 * a body; or the first byte is ! and the rest goes as it is. Whatever comes,
 * a healthy request is still answered.
 */
#include "fuzz.h"

#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "bahid/options.h"
#include "bahid/verbs.h"
#include "core/log.h"
#include "rules/rules.h"

#define PATIENCE 20		/* seconds for a healthy request */

const char *__asan_default_options(void);

static char house[100];
static struct sockaddr_un at = { .sun_family = AF_UNIX };

/* Threads of the daemon live on while this ends. */
const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}

static int
drop(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static void
leave(void)
{
	nftw(house, drop, 16, FTW_DEPTH | FTW_PHYS);
}

static void *
serve(void *arg)
{
	struct options *options = NULL;
	char path[150];
	struct err e = { 0 };

	(void)arg;
	snprintf(path, sizeof path, "%s/bahid.conf", house);
	if (!options_read(&options, bahid_options, n_bahid_options, path,
	    &e) || !verb_run(options, 0, NULL, &e)) {
		fprintf(stderr, "%s\n", e.why);
		abort();
	}
	return NULL;
}

static int
dial(void)
{
	struct timeval patience = { .tv_sec = 1 };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	must(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	if (connect(fd, (const struct sockaddr *)&at, sizeof at) == 0)
		return fd;
	close(fd);
	return -1;
}

static void
begin(void)
{
	static char csv[] = "data/reference";
	char *argv[] = { house, csv };
	char *data = realpath("data", NULL);
	struct timespec tick = { 0, 20000000 };
	pthread_t thread;
	struct err e = { 0 };
	int fd;

	rules_setup();
	log_open(LOG_ERROR, "bahid");
	must(data != NULL && setenv("BAHI_DATADIR", data, 1) == 0);
	free(data);
	snprintf(house, sizeof house, "%s-house", fuzz_folder());
	atexit(leave);
	must(verb_init(NULL, 2, argv, &e));
	snprintf(at.sun_path, sizeof at.sun_path, "%s/bahid.sock", house);
	must(pthread_create(&thread, NULL, serve, NULL) == 0);
	while ((fd = dial()) < 0)
		nanosleep(&tick, NULL);
	close(fd);
}

/* What comes back until the other side has nothing more to say. */
static size_t
ask(const char *p, size_t n, char *out, size_t room)
{
	int fd = dial();
	size_t got = 0;
	ssize_t part = 0;

	must(fd >= 0);
	for (size_t sent = 0; sent < n && part >= 0; sent += (size_t)part)
		part = send(fd, p + sent, n - sent, MSG_NOSIGNAL);
	shutdown(fd, SHUT_WR);
	while (got < room && (part = recv(fd, out + got, room - got, 0)) > 0)
		got += (size_t)part;
	close(fd);
	return got;
}

static void
judge_answer(const char *out, size_t n)
{
	if (n == 0)
		return;
	must(n > 12 && memcmp(out, "HTTP/1.", 7) == 0);
	must(out[9] >= '1' && out[9] <= '5');
	/* a fault of ours is one to mend */
	must(memcmp(out + 9, "500", 3) != 0);
}

static void
judge_health(void)
{
	static const char health[] = "GET /healthz HTTP/1.1\r\nHost: x\r\n"
	    "Connection: close\r\n\r\n";
	char out[4096];
	size_t n = 0;

	for (int i = 0; i < PATIENCE && n == 0; i++)
		n = ask(health, sizeof health - 1, out, sizeof out);
	must(n > 12 && memcmp(out + 9, "200", 3) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char out[65536];
	static unsigned runs;
	struct span in = fuzz_span(data, size), method, target, type;
	struct str request;

	if (house[0] == '\0')
		begin();
	if (size == 0)
		return 0;
	str_init(&request, 1 << 20);
	if (data[0] == '!') {
		str_add(&request, in.p + 1, in.n - 1);
	} else {
		struct span line = fuzz_cut(&in, '\n');

		method = fuzz_cut(&line, ' ');
		target = fuzz_cut(&line, ' ');
		type = line;
		str_addf(&request, "%.*s %.*s HTTP/1.1\r\nHost: x\r\n"
		    "Connection: close\r\nContent-Type: %.*s\r\n"
		    "Content-Length: %zu\r\n\r\n", (int)method.n, method.p,
		    (int)target.n, target.p, (int)type.n, type.p, in.n);
		str_add(&request, in.p, in.n);
	}
	judge_answer(out, ask(request.p, request.n, out, sizeof out));
	if (runs++ % 64 == 0)
		judge_health();
	str_free(&request);
	return 0;
}
