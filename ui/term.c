/*
 * All of ncurses' use. The loop draws through here and nothing else writes to
 * the terminal; nothing here knows accounts or panes.
 */
#include "ui/term.h"

#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/span.h"
#include "core/utf8.h"
#include "ui/cells.h"

static attr_t tones[] = {
	[TONE_PLAIN] = A_NORMAL, [TONE_BAR] = A_REVERSE,
	[TONE_HEAD] = A_BOLD, [TONE_STRONG] = A_BOLD,
	[TONE_BAD] = A_BOLD, [TONE_GOOD] = A_NORMAL
};
static bool hung_up;
static struct str cooked;	/* text as it is given to ncurses */

#define LINE_MAX_BYTES 65536

#define KEY_SHOWN (KEY_MAX + 1)	/* the terminal's answer to term_ask() */
#define ANSWER 2000000		/* microseconds that it may take */
#define GLANCE 300000		/* of a terminal that does not answer */
#define SILENT 2		/* times, then it is not asked any more */

static struct {
	int open;		/* asked, not answered */
	int silent;
	int64_t at;		/* clock_mono of the last frame asked about */
} asked;

/* Colour only repeats what words already say. */
static void
paint(void)
{
	const char *no = getenv("NO_COLOR");

	if ((no != NULL && no[0] != '\0') || !has_colors())
		return;
	start_color();
	if (use_default_colors() != OK)
		return;
	init_pair(1, COLOR_RED, -1);
	init_pair(2, COLOR_GREEN, -1);
	tones[TONE_BAD] = A_BOLD | COLOR_PAIR(1);
	tones[TONE_GOOD] = COLOR_PAIR(2);
}

bool
term_open(struct err *e)
{
	FILE *out;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(e, ERR_USAGE,
		    "the console needs a terminal; verbs do not");
	/* Names are UTF-8 whatever the login forgot to set. */
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, "C.UTF-8");
	set_escdelay(100);
	if (!cells_open(STDOUT_FILENO, &out, e))
		return false;
	if (newterm(NULL, out, stdin) == NULL)
		return err_set(e, ERR_SYSTEM, "terminal %.40s is not known",
		    getenv("TERM") ? getenv("TERM") : "(TERM unset)");
	str_init(&cooked, LINE_MAX_BYTES);
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	idlok(stdscr, TRUE);
	leaveok(stdscr, FALSE);
	define_key("\033[0n", KEY_SHOWN);
	paint();
	return true;
}

void
term_close(void)
{
	endwin();
	cells_close();
	str_free(&cooked);
}

int
term_rows(void)
{
	return LINES;
}

int
term_columns(void)
{
	return COLS;
}

void
term_clear(void)
{
	erase();
	cells_begin();
}

static bool
ascii(const char *text)
{
	while (*text != '\0' && (unsigned char)*text < 0x80)
		text++;
	return *text == '\0';
}

int
term_put(int y, int x, int cells, enum tone tone, bool right,
    const char *text)
{
	int used;
	size_t n;

	if (y < 0 || y >= LINES || x >= COLS || cells <= 0)
		return 0;
	if (cells > COLS - x)
		cells = COLS - x;
	n = utf8_fit(span_of(text), cells, &used);
	/* ncurses writes the last corner in its own way. */
	if (y == LINES - 1 && used == COLS - x && !ascii(text))
		n = utf8_fit(span_of(text), cells - 1, &used);
	str_clear(&cooked);
	cells_add((struct span){ text, n }, right ? x + cells - used : x,
	    (tones[tone] & A_REVERSE) != 0, &cooked);
	attrset(tones[tone]);
	move(y, x);
	for (int i = used; right && i < cells; i++)
		addch(' ');
	addnstr(cooked.p, (int)cooked.n);
	for (int i = used; !right && i < cells; i++)
		addch(' ');
	attrset(A_NORMAL);
	return cells;
}

/* Where the next mark ends, or the text up to the next one. */
static size_t
stretch(const char *text, enum tone *tone)
{
	bool gone = strncmp(text, "[-", 2) == 0;
	const char *end;
	size_t n = 0;

	if (gone || strncmp(text, "{+", 2) == 0) {
		end = strstr(text + 2, gone ? "-]" : "+}");
		if (end != NULL) {
			*tone = gone ? TONE_BAD : TONE_GOOD;
			return (size_t)(end + 2 - text);
		}
	}
	do
		n++;
	while (text[n] != '\0' && strncmp(text + n, "[-", 2) != 0 &&
	    strncmp(text + n, "{+", 2) != 0);
	return n;
}

int
term_marked(int y, int x, int cells, enum tone tone, const char *text)
{
	int end = x + cells;
	char part[512];

	while (*text != '\0' && x < end) {
		enum tone as = tone;
		size_t n = stretch(text, &as);
		int width;

		if (n >= sizeof part)
			break;
		memcpy(part, text, n);
		part[n] = '\0';
		width = utf8_width(span_of(part));
		term_put(y, x, width < end - x ? width : end - x, as, false,
		    part);
		x += width;
		text += n;
	}
	if (x < end)
		term_put(y, x, end - x, tone, false, text);
	return cells;
}

void
term_cursor(int y, int x)
{
	move(y, x);
}

void
term_flush(void)
{
	cells_hold();
	refresh();
	cells_release();
}

/* CSI 5 n, the device's state, asked in the stream of what is drawn: its
 * answer CSI 0 n stands in the stream of keys behind those that were pressed
 * before (ECMA-48 8.3.35). */
void
term_ask(void)
{
	static const char ASK[] = "\033[5n";

	asked.at = clock_mono();
	if (asked.silent < SILENT &&
	    write(STDOUT_FILENO, ASK, sizeof ASK - 1) == sizeof ASK - 1)
		asked.open++;
}

bool
term_unseen(void)
{
	int64_t since = clock_mono() - asked.at;

	if (asked.at == 0)
		return false;
	if (asked.silent >= SILENT)
		return since < GLANCE;
	if (asked.open > 0 && since > ANSWER) {
		asked.open = 0;
		asked.silent++;
	}
	return asked.open > 0;
}

void
term_redraw(void)
{
	clearok(curscr, TRUE);
}

void
term_wait(int wake, int ms)
{
	struct pollfd fds[2] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = wake, .events = POLLIN }
	};

	if (poll(fds, 2, ms) > 0 &&
	    (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0)
		hung_up = true;
}

static int
special(wint_t key)
{
	if (key >= KEY_F(1) && key <= KEY_F(12))
		return TERM_F1 + (int)key - KEY_F(1);
	switch (key) {
	case KEY_UP: return TERM_UP;
	case KEY_DOWN: return TERM_DOWN;
	case KEY_LEFT: return TERM_LEFT;
	case KEY_RIGHT: return TERM_RIGHT;
	case KEY_PPAGE: return TERM_PAGE_UP;
	case KEY_NPAGE: return TERM_PAGE_DOWN;
	case KEY_HOME: return TERM_HOME;
	case KEY_END: return TERM_END;
	case KEY_BACKSPACE: return TERM_BACKSPACE;
	case KEY_ENTER: return TERM_ENTER;
	case KEY_RESIZE: return TERM_RESIZE;
	case KEY_DC: return TERM_DELETE;
	case KEY_BTAB: return TERM_SHIFT_TAB;
	case KEY_SR: return TERM_SHIFT_UP;
	case KEY_SF: return TERM_SHIFT_DOWN;
	default: return TERM_NONE;
	}
}

int
term_key(void)
{
	wint_t key;
	int got;

	if (hung_up)
		return TERM_HANGUP;
	got = get_wch(&key);
	while (got == KEY_CODE_YES && key == KEY_SHOWN) {
		asked.open -= asked.open > 0;
		asked.silent = 0;
		got = get_wch(&key);
	}
	if (got == ERR)
		return TERM_NONE;
	if (got == KEY_CODE_YES)
		return special(key);
	switch (key) {
	case '\r': case '\n': return TERM_ENTER;
	case 0x7f: case '\b': return TERM_BACKSPACE;
	case 0x1b: return TERM_ESCAPE;
	default: return (int)key;
	}
}
