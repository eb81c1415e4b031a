#ifndef BAHI_UI_SESSION_H
#define BAHI_UI_SESSION_H
/*
 * Where a person was when the line dropped: the views with filter, cursor and
 * marks. Going back there only looks; nothing is decided by it.
 */
#include "core/json.h"
#include "ui/console.h"

/* The views, into an object that is open. */
void session_write(struct console *, struct json *);
/* False: not all of it is there any more. */
bool session_go(struct console *, const struct cJSON *);
/* "backlog, E12, 3 marked" */
const char *session_text(struct arena *, const struct cJSON *);

/* Behind each turn of the loop: notes what has changed. */
void session_watch(struct console *);
/* At the start, in one line; true: there is something to go back to. */
bool session_offer(struct console *);
/* The key of an offer; false: it is for somebody else. */
bool session_key(struct console *, int key);
/* When it ends; `left`: on purpose, so that there is nothing to go back to. */
void session_end(struct console *, bool left);

#endif
