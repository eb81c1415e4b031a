#ifndef BAHI_UI_CELLS_H
#define BAHI_UI_CELLS_H
/*
 * Text whose cells terminals do not agree on: scripts of India, joined
 * pictures. ncurses is given stand-ins of one cell each, from plane 16; on the
 * way to the terminal they become the text, and then the column behind it is
 * addressed absolutely. So what stands to the right is at one x, whichever
 * width the terminal gives the text.
 */
#include <stdbool.h>
#include <stdio.h>
#include "core/err.h"
#include "core/span.h"
#include "core/str.h"

/* A stream of its own for ncurses, to the terminal `fd`. */
MUST_CHECK bool cells_open(int fd, FILE **out, struct err *);
void cells_close(void);
/* A frame begins: what no frame shows any more may be forgotten. */
void cells_begin(void);
/* Adds the text to *out as it is to be given to ncurses for column x;
 * solid: its blank cells are seen. */
void cells_add(struct span text, int x, bool solid, struct str *out);
/* Between these two nothing reaches the terminal; then all of it does: that
 * many bytes. */
void cells_hold(void);
size_t cells_release(void);

#endif
