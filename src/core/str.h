#ifndef BAHI_CORE_STR_H
#define BAHI_CORE_STR_H
/*
 * The only growing buffer. Born with a limit: what would go past it is
 * dropped and `over` is set, which the caller checks once at the end.
 * Always NUL terminated.
 */
#include <stdint.h>
#include <stdbool.h>
#include <stddef.h>
#include "core/err.h"
#include "core/span.h"

struct str {
	char *p;
	size_t n, cap, max;
	bool over;
};

void str_init(struct str *, size_t max);
void str_free(struct str *);
void str_clear(struct str *);		/* keeps the memory */
void str_add(struct str *, const void *, size_t);
void str_adds(struct str *, const char *);
void str_addc(struct str *, char);
void str_addi(struct str *, int64_t);
void str_addf(struct str *, const char *, ...) PRINTF_LIKE(2, 3);
void str_add_html(struct str *, const char *text);	/* escaped */
struct span str_span(const struct str *);

#endif
