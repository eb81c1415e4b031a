#ifndef BAHI_UI_RUNNING_H
#define BAHI_UI_RUNNING_H
/*
 * A verb that was typed in the console: run as a program of its own, without
 * a terminal and without a shell; what it prints is read by a thread and shown
 * as rows.
 */
#include "core/arena.h"
#include "core/str.h"
#include "ui/shared.h"
#include "ui/split.h"

struct running;

/* What stands before a verb there: the options that the console was started
 * with. */
void running_with(int argc, char **argv);
/* words: of the verb. */
MUST_CHECK bool running_start(struct running **, const struct split *,
	struct shared *, struct err *);
/* What there is until now; true: and that is all, with its exit status. */
bool running_read(struct running *, struct str *out, int *status);
/* Is told to stop when it has not ended. */
void running_stop(struct running **);

#endif
