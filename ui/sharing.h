#ifndef BAHI_UI_SHARING_H
#define BAHI_UI_SHARING_H
/* Working a queue with others: who, when, what is said, what was settled. */
#include "ui/console.h"
#include "ui/keys.h"

/* Whether the key was one of these. */
bool sharing_act(struct console *, enum act);

#endif
