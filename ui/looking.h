#ifndef BAHI_UI_LOOKING_H
#define BAHI_UI_LOOKING_H
/* Keys that show something of the row under the cursor, whatever pane. */
#include "ui/console.h"

/* False: it is not one of these. */
bool looking_act(struct console *, enum act);

#endif
