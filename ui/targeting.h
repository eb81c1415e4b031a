#ifndef BAHI_UI_TARGETING_H
#define BAHI_UI_TARGETING_H
/* What is said of targets and of commits, and the way between them. */
#include "ui/console.h"

bool targeting_act(struct console *, enum act);
/* A check answers later and changes nothing of the books: until then the
 * targets are asked for again and again. */
bool targeting_waits(void);

#endif
