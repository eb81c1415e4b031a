#ifndef BAHI_UI_RECONCILING_H
#define BAHI_UI_RECONCILING_H
/* The keys of the reconciliation: what is shown of it, and what is said of the
 * row or the marked rows. */
#include "ui/console.h"

/* False: not one of them. */
bool reconciling_act(struct console *, enum act);

#endif
