#ifndef BAHI_UI_BANKING_H
#define BAHI_UI_BANKING_H
/* The keys of banks: what is shown, and what is said of lines. */
#include "ui/console.h"

/* False: not one of them. */
bool banking_act(struct console *, enum act);

#endif
