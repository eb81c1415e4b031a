/*
 * The service manager's datagrams, sd_notify(3): a name and a line, so no
 * library.  Called by run.c only.
 */
#include "bahid/manager.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/log.h"

void
manager_tell(const char *state)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	const char *path = getenv("NOTIFY_SOCKET");
	size_t n = path != NULL ? strlen(path) : 0;
	int fd;

	if (n == 0 || (path[0] != '/' && path[0] != '@') ||
	    n >= sizeof at.sun_path)
		return;
	memcpy(at.sun_path, path, n);
	if (path[0] == '@')	/* of no file system */
		at.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || sendto(fd, state, strlen(state), MSG_NOSIGNAL,
	    (const struct sockaddr *)&at, (socklen_t)(offsetof(
	    struct sockaddr_un, sun_path) + n)) < 0)
		log_line(LOG_WARN, "manager.deaf", "why=%s",
		    strerror(errno));
	if (fd >= 0)
		close(fd);
}

void
manager_reloading(void)
{
	char text[64];

	snprintf(text, sizeof text, "RELOADING=1\nMONOTONIC_USEC=%lld",
	    (long long)clock_mono());
	manager_tell(text);
}

/* Twice as often as it wants, as sd_watchdog_enabled(3) advises. */
int
manager_pulse(void)
{
	const char *micros = getenv("WATCHDOG_USEC");
	const char *whose = getenv("WATCHDOG_PID");
	long long n = micros != NULL ? strtoll(micros, NULL, 10) : 0;

	if (n <= 0 || n > INT64_C(1000000000000) || (whose != NULL &&
	    strtoll(whose, NULL, 10) != getpid()))
		return -1;
	return n < 2000 ? 1 : (int)(n / 2000);
}
