#ifndef BAHI_UI_TYPING_H
#define BAHI_UI_TYPING_H
#include "ui/console.h"

/* False while browsing: the key is an action's. */
bool typing_key(struct console *, int key);
/* A character that was pasted: text where a line is typed, nothing else. */
void typing_paste(struct console *, int key);
void typing_filter(struct console *);

#endif
