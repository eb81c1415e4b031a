#ifndef BAHI_UI_TERM_H
#define BAHI_UI_TERM_H
/*
 * The terminal: all of ncurses' use. What is drawn is drawn anew each time;
 * only differences go over the wire, and no more of them than the terminal
 * says it has shown. Text must be tame.
 */
#include <stdbool.h>
#include "core/err.h"

enum tone {
	TONE_PLAIN, TONE_BAR, TONE_HEAD, TONE_STRONG, TONE_BAD, TONE_GOOD,
	TONE_COUNT
};

/* Keys beyond characters. */
enum {
	TERM_NONE = -1, TERM_UP = 0x200000, TERM_DOWN, TERM_LEFT,
	TERM_RIGHT, TERM_PAGE_UP, TERM_PAGE_DOWN, TERM_HOME, TERM_END,
	TERM_BACKSPACE, TERM_ENTER, TERM_ESCAPE, TERM_RESIZE, TERM_HANGUP,
	TERM_DELETE, TERM_SHIFT_TAB, TERM_SHIFT_UP, TERM_SHIFT_DOWN,
	TERM_F1, TERM_F12 = TERM_F1 + 11,
	TERM_ALT,		/* + the letter, as it was typed */
	TERM_CLICK = TERM_ALT + 0x80,	/* at term_row() */
	TERM_WHEEL_UP, TERM_WHEEL_DOWN,
	TERM_SHOWN,		/* an answer; only inside term.c */
	TERM_PASTED = 0x400000	/* + a character: text, never a key */
};

enum choice_of { TERM_AUTO, TERM_YES, TERM_NO };

/* What the person wants of it. */
struct term_wish {
	const char *theme;	/* auto, or one of ui/theme.c */
	enum choice_of slow, ascii;
	bool colour;		/* whatever NO_COLOR says */
	bool mouse, reader;	/* reader: one reads the screen aloud */
};

MUST_CHECK bool term_open(const struct term_wish *, struct err *);
void term_close(void);
/* Somebody else has the terminal meanwhile, and its Ctrl-C and Ctrl-Z. */
void term_lend(void);
void term_back(void);
/* Dies of the signal that ended the console, if one did. */
void term_end(void);
int term_rows(void);
int term_columns(void);

/* How the row under the cursor is shown. */
enum look {
	LOOK_KEY,		/* a mark, and its key in reverse */
	LOOK_MARK,		/* the mark alone: of a slow line */
	LOOK_CURSOR		/* nothing but the hardware cursor */
};
enum look term_look(void);
bool term_slow(void);	/* said, or measured by its answers */
bool term_reads(void);	/* it is read aloud */

void term_clear(void);
void term_clear_line(int y);
/* Cut or padded to `cells`; right: flush right. Returns cells drawn. */
int term_put(int y, int x, int cells, enum tone tone, bool right,
	const char *text);
/* As term_put; what stands between [- and -], or {+ and +}, in colour. */
int term_marked(int y, int x, int cells, enum tone, const char *text);
/* What stands there already, in reverse. */
void term_light(int y, int x, int cells, enum tone);
/* The hardware cursor stays where the work is, for screen readers. */
void term_cursor(int y, int x);
/* Sends the frame and asks the terminal to say when it has shown it. news: it
 * shows other than before what keys act on; term_unseen() until it has. */
void term_flush(bool news);
/* Milliseconds until a frame may be sent if nothing is heard; 0: now. */
int term_due(void);
bool term_unseen(void);
void term_redraw(void);		/* everything anew, after noise */
/* Into the clipboard of who sits at the terminal, by OSC 52. */
void term_copy(const char *text);

/* Waits for a key, a byte at `wake`, or `ms` (-1: for ever). */
void term_wait(int wake, int ms);
int term_key(void);		/* TERM_NONE: no key now */
int term_row(void);		/* where the mouse was */

#endif
