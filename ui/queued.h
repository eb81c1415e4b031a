#ifndef BAHI_UI_QUEUED_H
#define BAHI_UI_QUEUED_H
/* The pane of what waits, and what may be done there before it goes out. */
#include "ui/console.h"

/* Where the pane reads; NULL: nothing is kept. */
void queued_reads(struct keep *);
bool queued_find(struct arena *, const struct row *, struct keep_entry *);
bool queued_act(struct console *, enum act);
/* Asks for the code that the daemon wants for that decision. */
void queued_prove(struct console *, int64_t entry);

#endif
