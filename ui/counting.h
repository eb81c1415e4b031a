#ifndef BAHI_UI_COUNTING_H
#define BAHI_UI_COUNTING_H
/* What is said of lines of a stock count. */
#include "ui/console.h"

bool counting_act(struct console *, enum act);

#endif
