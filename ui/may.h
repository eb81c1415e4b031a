#ifndef BAHI_UI_MAY_H
#define BAHI_UI_MAY_H
/*
 * What the caller may do, as the daemon says (GET /v1/me): what is not his is
 * not offered, and a key of it says so. Until the daemon has said it all is
 * offered; it is the daemon that refuses. One caller a process; of the
 * console's loop only.
 */
#include "core/span.h"
#include "ui/keys.h"

/* Nothing that changes something, whatever the daemon allows. */
void may_only_read(void);
/* The answer; the same one again costs nothing. */
void may_read(struct span json);
bool may_act(enum act);
bool may_get(const char *path);	/* as of the routes: "/v1/stock" */
/* Why not, for the person. */
const char *may_why(struct arena *);
/* What of the API an action takes: "retry", an act of /v1/decisions, or
 * "GET /v1/stock"; NULL: nothing. */
const char *may_right(enum act);
void may_end(void);

#endif
