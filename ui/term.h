#ifndef BAHI_UI_TERM_H
#define BAHI_UI_TERM_H
/*
 * The terminal: all of ncurses' use. What is drawn is drawn anew each time;
 * only differences go over the wire. Text must be tame.
 */
#include <stdbool.h>
#include "core/err.h"

enum tone {
	TONE_PLAIN, TONE_BAR, TONE_HEAD, TONE_STRONG, TONE_BAD, TONE_GOOD
};

/* Keys beyond characters. */
enum {
	TERM_NONE = -1, TERM_UP = 0x200000, TERM_DOWN, TERM_LEFT,
	TERM_RIGHT, TERM_PAGE_UP, TERM_PAGE_DOWN, TERM_HOME, TERM_END,
	TERM_BACKSPACE, TERM_ENTER, TERM_ESCAPE, TERM_RESIZE, TERM_HANGUP,
	TERM_DELETE, TERM_SHIFT_TAB, TERM_SHIFT_UP, TERM_SHIFT_DOWN,
	TERM_F1, TERM_F12 = TERM_F1 + 11,
	TERM_ALT		/* + the letter */
};

MUST_CHECK bool term_open(struct err *);
void term_close(void);
int term_rows(void);
int term_columns(void);

void term_clear(void);
/* Cut or padded to `cells`; right: flush right. Returns cells drawn. */
int term_put(int y, int x, int cells, enum tone, bool right,
	const char *text);
/* As term_put; what stands between [- and -], or {+ and +}, in colour. */
int term_marked(int y, int x, int cells, enum tone, const char *text);
/* The hardware cursor stays where the work is, for screen readers. */
void term_cursor(int y, int x);
void term_flush(void);
/* Asks the terminal to say when it has shown this frame; until it has, what
 * was pressed may have been meant for the frame before. */
void term_ask(void);
bool term_unseen(void);
void term_redraw(void);		/* everything anew, after noise */

/* Waits for a key, a byte at `wake`, or `ms` (-1: for ever). */
void term_wait(int wake, int ms);
int term_key(void);		/* TERM_NONE: no key now */

#endif
