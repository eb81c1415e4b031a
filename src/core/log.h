#ifndef BAHI_CORE_LOG_H
#define BAHI_CORE_LOG_H
/*
 * Log lines on stderr: `time level event.name key=value ...`. Untranslated.
 * No secrets, no tax numbers, no names with amounts.
 */
#include "core/err.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

void log_open(enum log_level least, const char *program);
/* name: "event.posted"; rest: printf of "key=value key=value" */
void log_line(enum log_level, const char *name, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

#endif
