#ifndef BAHI_UI_CONSOLE_H
#define BAHI_UI_CONSOLE_H
/* The console: one screen, one loop. */
#include "core/option.h"

/* Returns when the person quits. */
MUST_CHECK bool console_run(const struct options *, struct err *);

#endif
