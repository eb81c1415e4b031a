#ifndef BAHI_UI_RETURNS_H
#define BAHI_UI_RETURNS_H
/* The keys of the GST panes: which GSTIN, period and page is looked at, and
 * what is said of a return. */
#include "ui/console.h"

/* Remembers which GSTIN and period is looked at. */
void returns_seen(struct console *);
/* False: not one of them. */
bool returns_act(struct console *, enum act);

#endif
