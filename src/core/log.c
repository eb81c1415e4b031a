/* One write(2) a line, so that lines of several threads never mix. */
#include "core/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/mask.h"

static enum log_level least_level = LOG_WARN;
static const char *program_name = "bahi";

void
log_open(enum log_level least, const char *program)
{
	least_level = least;
	program_name = program;
}

void
log_line(enum log_level level, const char *name, const char *fmt, ...)
{
	static const char *const names[] = { "debug", "info", "warn", "error" };
	char line[1024], at[25];
	size_t n, from;
	int wrote;
	va_list ap;

	if (level < least_level)
		return;
	clock_format(clock_now(), at);
	wrote = snprintf(line, sizeof line, "%s %s %s %s ", at, program_name,
	    names[level], name);
	from = n = wrote > 0 ? (size_t)wrote : 0;
	va_start(ap, fmt);
	wrote = vsnprintf(line + n, sizeof line - n - 1, fmt, ap);
	va_end(ap);
	if (wrote > 0)
		n += (size_t)wrote < sizeof line - n - 1 ? (size_t)wrote :
		    sizeof line - n - 2;
	line[n] = '\0';
	mask_personal(line + from);
	n = from + strlen(line + from);
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = ' ';
	line[n++] = '\n';
	if (write(STDERR_FILENO, line, n) < 0)
		return;		/* nowhere left to say so */
}
