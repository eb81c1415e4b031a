/* Files and requests for the targets that read such. */
#include "fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOW INT64_C(1790000000000000)	/* 2026-09-21T14:13:20Z */

static char folder[64];

static void
leave(void)
{
	char path[200];
	static const char *const names[] = { "x", "x.conf" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, names[i]);
		unlink(path);
	}
	rmdir(folder);
}

const char *
fuzz_folder(void)
{
	if (folder[0] == '\0') {
		snprintf(folder, sizeof folder, "/dev/shm/bahi-fuzz.XXXXXX");
		must(mkdtemp(folder) != NULL);
		atexit(leave);
	}
	return folder;
}

const char *
fuzz_file(const char *name, struct span in)
{
	static char path[200];
	int fd;

	snprintf(path, sizeof path, "%s/%s", fuzz_folder(), name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	must(fd >= 0 && write(fd, in.p, in.n) == (ssize_t)in.n);
	close(fd);
	return path;
}

static const char *
header(void *arg, const char *name, bool *twice)
{
	const struct fuzz_request *request = arg;
	const char *value = NULL;
	size_t seen = 0;

	for (size_t i = 0; i < request->n; i++)
		if (strcasecmp(request->headers[i].name, name) == 0 &&
		    seen++ == 0)
			value = request->headers[i].value;
	if (twice != NULL)
		*twice = seen > 1;
	return value;
}

void
fuzz_delivery(struct span in, struct fuzz_request *request,
    struct delivery *out)
{
	struct span line;

	request->n = 0;
	while (in.n > 0 && (line = fuzz_cut(&in, '\n')).n > 0) {
		struct span name = fuzz_cut(&line, ':');

		if (request->n == FUZZ_HEADERS)
			continue;
		if (line.n > 0 && line.p[0] == ' ')
			line = (struct span){ line.p + 1, line.n - 1 };
		request->headers[request->n].name =
		    arena_strndup(request->arena, name.p, name.n);
		request->headers[request->n++].value =
		    arena_strndup(request->arena, line.p, line.n);
	}
	*out = (struct delivery){ header, request, in, NOW };
}
