#ifndef BAHI_UI_CORRECTING_H
#define BAHI_UI_CORRECTING_H
/* The payload of an event, changed in the editor. */
#include "ui/console.h"
#include "ui/keys.h"

/* Whether the key was this one. */
bool correcting_act(struct console *, enum act);

#endif
