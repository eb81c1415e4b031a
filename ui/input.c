/*
 * The decoder of the terminal's bytes. Not ncurses' own: that one waits within
 * a read, hides bytes from poll() and knows only what terminfo says of TERM.
 */
#include "ui/input.h"

#include <string.h>

#include "core/utf8.h"
#include "ui/term.h"

#define ESC 0x1b
#define BROKEN 500000	/* microseconds for the rest of a sequence */
#define SKIP (-2)	/* bytes that are no key */
#define MORE (-3)	/* what is there is not whole yet */
#define NUMBERS 4

static const char PASTE_END[] = "\033[201~";
static const char SHOWN[] = "\033[0n";	/* all of a screen was drawn */

size_t
input_add(struct input *in, const void *bytes, size_t n, int64_t now)
{
	size_t room = sizeof in->bytes - in->n;

	if (n > room)
		n = room;
	memcpy(in->bytes + in->n, bytes, n);
	in->n += n;
	in->at = now;
	return n;
}

static void
drop(struct input *in, size_t n)
{
	in->n -= n;
	memmove(in->bytes, in->bytes + n, in->n);
}

/* ---- sequences ---- */

static int
letter_key(int letter, int modifier)
{
	switch (letter) {
	case 'A': return modifier == 2 ? TERM_SHIFT_UP : TERM_UP;
	case 'B': return modifier == 2 ? TERM_SHIFT_DOWN : TERM_DOWN;
	case 'C': return TERM_RIGHT;
	case 'D': return TERM_LEFT;
	case 'H': return TERM_HOME;
	case 'F': return TERM_END;
	case 'P': case 'Q': case 'R': case 'S':
		return TERM_F1 + letter - 'P';
	case 'Z': return TERM_SHIFT_TAB;
	case 'a': return TERM_SHIFT_UP;
	case 'b': return TERM_SHIFT_DOWN;
	case 'M': return TERM_ENTER;	/* of the keypad, SS3 */
	default: return SKIP;
	}
}

static int
tilde_key(int number)
{
	switch (number) {
	case 1: case 7: return TERM_HOME;
	case 3: return TERM_DELETE;
	case 4: case 8: return TERM_END;
	case 5: return TERM_PAGE_UP;
	case 6: return TERM_PAGE_DOWN;
	case 11: case 12: case 13: case 14: case 15:
		return TERM_F1 + number - 11;
	case 17: case 18: case 19: case 20: case 21:
		return TERM_F1 + 5 + number - 17;
	case 23: case 24: return TERM_F1 + 10 + number - 23;
	default: return SKIP;
	}
}

/* SGR: button, column, row; only presses count. */
static int
mouse_key(struct input *in, const int numbers[NUMBERS], int final)
{
	in->row = numbers[2] - 1;
	if (final != 'M')
		return SKIP;
	switch (numbers[0]) {
	case 0: return TERM_CLICK;
	case 64: return TERM_WHEEL_UP;
	case 65: return TERM_WHEEL_DOWN;
	default: return SKIP;
	}
}

static int
csi_key(struct input *in, size_t n)
{
	const unsigned char *p = in->bytes + 2;
	const unsigned char *final = in->bytes + n - 1;
	int numbers[NUMBERS] = { 0 }, at = 0, mark = 0;

	for (; p < final; p++) {
		if (*p >= '0' && *p <= '9' && numbers[at] < 10000)
			numbers[at] = numbers[at] * 10 + *p - '0';
		else if (*p == ';' && at < NUMBERS - 1)
			at++;
		else if (*p < '0' || *p > '9')
			mark = mark ? '?' : *p;
	}
	if (mark == '<' && (*final == 'M' || *final == 'm'))
		return mouse_key(in, numbers, *final);
	if (mark == '[' && *final >= 'A' && *final <= 'E')
		return TERM_F1 + *final - 'A';	/* the linux console */
	if (mark != 0 || *final == 'M')
		return SKIP;
	if (*final == 'n')
		return numbers[0] == 0 || numbers[0] == 3 ? TERM_SHOWN :
		    SKIP;
	if (*final != '~')
		return letter_key(*final, numbers[1]);
	if (numbers[0] == 200) {
		in->pasting = true;
		return SKIP;
	}
	return tilde_key(numbers[0]);
}

/* How long the sequence is that ESC [ begins: 0: not whole yet. A byte that
 * cannot stand in one ends it, and is left for what follows. */
static size_t
csi_size(const struct input *in, bool *broken)
{
	*broken = false;
	for (size_t i = 2; i < in->n; i++) {
		unsigned char c = in->bytes[i];

		if (i == 2 && c == '[')
			continue;
		if (c >= 0x40 && c <= 0x7e)
			return i + 1;
		if (c < 0x20 || c > 0x7e) {
			*broken = true;
			return i;
		}
	}
	*broken = in->n == sizeof in->bytes;
	return *broken ? in->n : 0;
}

static int
escape_key(struct input *in, int64_t waited)
{
	bool broken;
	size_t n;
	int key;

	if (in->n == 1 || in->bytes[1] < ' ' || in->bytes[1] > '~') {
		if (in->n == 1 && waited < INPUT_ESCAPE)
			return MORE;
		drop(in, 1);
		return TERM_ESCAPE;
	}
	if (in->bytes[1] == '[' && (n = csi_size(in, &broken)) > 0) {
		key = broken ? SKIP : csi_key(in, n);
		drop(in, n);
		return key;
	}
	if (in->bytes[1] == '[' && waited < BROKEN)
		return MORE;
	if (in->bytes[1] == 'O' && in->n > 2) {
		key = letter_key(in->bytes[2], 0);
		drop(in, 3);
		return key;
	}
	if (in->bytes[1] == 'O' && waited < INPUT_ESCAPE)
		return MORE;
	if (in->bytes[1] == '[' && in->n > 2) {
		drop(in, in->n);	/* its end was lost */
		return SKIP;
	}
	key = TERM_ALT + in->bytes[1];
	drop(in, 2);
	return key;
}

/* ---- characters ---- */

static int
character(struct input *in, int64_t waited)
{
	unsigned char c = in->bytes[0];
	size_t need = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	uint32_t cp;
	size_t n;

	if (c >= 0xc0 && in->n < need && waited < INPUT_ESCAPE)
		return MORE;
	n = utf8_next((struct span){ (const char *)in->bytes, in->n }, &cp);
	drop(in, n > 0 ? n : 1);
	if (cp == 0 || cp == 0xfffd || (cp >= 0x80 && cp < 0xa0))
		return SKIP;
	switch (cp) {
	case '\r': case '\n': return TERM_ENTER;
	case 0x7f: case '\b': return TERM_BACKSPACE;
	default: return (int)cp;
	}
}

/* Text, whatever stands in it: it runs no key. */
static int
pasted(struct input *in, int64_t waited)
{
	const size_t end = sizeof PASTE_END - 1, shown = sizeof SHOWN - 1;
	size_t n = in->n < end ? in->n : end;
	int key;

	if (memcmp(in->bytes, PASTE_END, n) == 0) {
		if (n < end && waited < BROKEN)
			return MORE;
		in->pasting = false;
		drop(in, n);
		return SKIP;
	}
	n = in->n < shown ? in->n : shown;
	if (memcmp(in->bytes, SHOWN, n) == 0) {
		if (n < shown && waited < BROKEN)
			return MORE;
		if (n == shown) {
			drop(in, n);
			return TERM_SHOWN;
		}
	}
	if (in->bytes[0] < ' ' || in->bytes[0] == 0x7f) {
		drop(in, 1);
		return TERM_PASTED + ' ';
	}
	key = character(in, waited);
	return key < 0 ? key : TERM_PASTED + key;
}

int
input_key(struct input *in, int64_t now)
{
	int key = SKIP;

	/* A paste whose end was lost is over when nothing comes. */
	if (in->pasting && in->n == 0 && now - in->at >= 2 * BROKEN)
		in->pasting = false;
	while (in->n > 0 && key == SKIP) {
		int64_t waited = now - in->at;

		key = in->pasting ? pasted(in, waited) :
		    in->bytes[0] == ESC ? escape_key(in, waited) :
		    character(in, waited);
	}
	return key == MORE || key == SKIP ? TERM_NONE : key;
}

int
input_wait(const struct input *in, int64_t now)
{
	int64_t left, wait = INPUT_ESCAPE;

	if (in->n == 0)
		return -1;
	if (in->pasting || (in->n > 1 && in->bytes[1] == '['))
		wait = BROKEN;
	left = (in->at + wait - now) / 1000 + 1;
	return left < 0 ? 0 : (int)left;
}
