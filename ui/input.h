#ifndef BAHI_UI_INPUT_H
#define BAHI_UI_INPUT_H
/*
 * What a terminal sends, as keys. Pure: bytes go in, keys come out, whichever
 * way they were cut into packets; noise becomes no key. Knows the sequences
 * of vt100, linux, xterm, screen, tmux and rxvt at once.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INPUT_MAX 4096
#define INPUT_ESCAPE 40000	/* microseconds until an Esc is only that */

struct input {
	unsigned char bytes[INPUT_MAX];
	size_t n;
	int64_t at;		/* clock_mono of the last of them */
	bool pasting;
	int row;		/* of the last click or turn of the wheel */
};

/* Takes as many as there is room for; returns that. */
size_t input_add(struct input *, const void *bytes, size_t n, int64_t now);
/* The next key of ui/term.h, TERM_NONE: none that is whole. */
int input_key(struct input *, int64_t now);
/* Milliseconds until what is there may be judged without more; -1: never. */
int input_wait(const struct input *, int64_t now);

#endif
