#ifndef BAHI_UI_AGE_H
#define BAHI_UI_AGE_H
/* How old something is, in words that change at few moments only: what is
 * idle must not be drawn again. */
#include <stdint.h>

/* "", ", over 1 min old", ... of microseconds; below a minute: "". */
const char *age_text(int64_t age);
/* How long until the words change; INT64_MAX: never. */
int64_t age_next(int64_t age);

#endif
