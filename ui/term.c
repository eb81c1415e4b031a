/*
 * All of ncurses' use, for what is drawn; ui/input.c reads the keys. The loop
 * draws through here and nothing else writes to the terminal; nothing here
 * knows accounts or panes.
 *
 * Signals come in while term_wait() waits and never elsewhere, so that none
 * cuts a frame in two. However the program ends, leave() has run.
 */
#include "ui/term.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#undef tone	/* a capability, of ncurses */

#include "core/clock.h"
#include "core/span.h"
#include "core/str.h"
#include "core/utf8.h"
#include "ui/ascii.h"
#include "ui/cells.h"
#include "ui/input.h"
#include "ui/theme.h"

#define CELLS_MOST 512	/* of one text that is put as it is */
#define LINE_MAX_BYTES 65536
#define ANSWER 2000000		/* microseconds that it may take */
#define ANSWER_LATE 6000000	/* of one that is known to come */
#define LAST 1000000		/* of it when the console leaves */
#define SILENT 2		/* times, then it is not asked any more */
#define GLANCE 300000		/* of a terminal that does not answer */
#define PACE 60000		/* between its frames */
#define PACE_SLOW 500000
#define LITTLE 64		/* bytes; of a slow line, not worth asking */
#define STUCK 50		/* milliseconds until it is tried again */

/* Answers that make a line slow, and those that make it quick again: only a
 * large frame proves that. */
#define LONG 400000
#define VERY_LONG 1500000
#define QUICK 80000
#define LARGE 400		/* bytes */
#define LONG_ONES 2
#define QUICK_ONES 5

static struct {
	bool on;		/* the terminal is ours */
	bool ascii, mouse, reader;
	enum choice_of slow_wish;
	struct termios before;
	chtype tones[TONE_COUNT];
	short pairs[TONE_COUNT];
	char reset[256];	/* for a handler: no tputs() there */
	size_t reset_n;
	struct input input;
	struct str cooked;	/* text as it is given to ncurses */
	struct str cut;		/* and what it was cut to before */
	bool hung_up, resized;
	sigset_t waiting;	/* signals let in while it waits */
} term;

/* The frame on its way. */
static struct {
	bool open;		/* asked, not answered */
	bool late;		/* an answer came that was given up */
	int silent;
	int64_t at;		/* clock_mono of when it was sent */
	size_t size;		/* in bytes */
	size_t unasked;		/* bytes since it was asked last */
	bool news;
	bool slow;		/* as measured */
	int long_ones, quick_ones;
} frame;

static volatile sig_atomic_t caught, stopped, continued, winched;

/* ---- the terminal's own state ---- */

static void
say(const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t sent = write(STDOUT_FILENO, bytes, n);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return;
		bytes += sent;
		n -= (size_t)sent;
	}
}

static int
keep(int c)
{
	if (term.reset_n < sizeof term.reset)
		term.reset[term.reset_n++] = (char)c;
	return c;
}

static void
keep_capability(NCURSES_CONST char *name)
{
	char *text = tigetstr(name);

	if (text != NULL && text != (char *)-1)
		tputs(text, 1, keep);
}

/* What undoes all that enter() and ncurses do. */
static void
make_reset(void)
{
	static const char MODES[] =
	    "\033[?1006l\033[?1000l\033[?2004l";

	term.reset_n = 0;
	for (const char *p = MODES; *p != '\0'; p++)
		keep(*p);
	keep_capability("rmkx");
	keep_capability("sgr0");
	keep_capability("cnorm");
	keep_capability("rmcup");
}

static void
enter(void)
{
	static const char PASTE[] = "\033[?2004h";
	static const char MOUSE[] = "\033[?1000h\033[?1006h";

	say(PASTE, sizeof PASTE - 1);
	if (term.mouse)
		say(MOUSE, sizeof MOUSE - 1);
	term.on = true;
}

/* Safe in a signal handler; a terminal that is stopped is not waited for. */
static void
leave_at_once(void)
{
	int flags = fcntl(STDOUT_FILENO, F_GETFL);

	if (!term.on)
		return;
	term.on = false;
	if (flags >= 0)
		fcntl(STDOUT_FILENO, F_SETFL, flags | O_NONBLOCK);
	if (write(STDOUT_FILENO, term.reset, term.reset_n) < 0)
		term.hung_up = true;
	if (flags >= 0)
		fcntl(STDOUT_FILENO, F_SETFL, flags);
	tcsetattr(STDIN_FILENO, TCSANOW, &term.before);
}

static void
read_keys(int ms)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };
	unsigned char bytes[1024];
	size_t room = INPUT_MAX - term.input.n;
	ssize_t n;

	if (room == 0 || poll(&fd, 1, ms) <= 0)
		return;
	n = read(STDIN_FILENO, bytes, room < sizeof bytes ? room :
	    sizeof bytes);
	if (n > 0)
		input_add(&term.input, bytes, (size_t)n, clock_mono());
	else if (n == 0 || errno != EINTR)
		term.hung_up = true;
}

/* An answer on its way would be typed to the shell: it is waited for. */
static void
hear_last(void)
{
	int64_t until = clock_mono() + LAST;
	int key;

	while (frame.open && caught != SIGHUP && clock_mono() < until) {
		read_keys((int)((until - clock_mono()) / 1000));
		while ((key = input_key(&term.input, clock_mono())) !=
		    TERM_NONE)
			frame.open &= key != TERM_SHOWN;
		if (term.hung_up && caught == 0)
			return;
	}
}

static void
leave(void)
{
	static const char MODES[] = "\033[?1006l\033[?1000l";
	static const char PASTE[] = "\033[?2004l";

	if (!term.on)
		return;
	hear_last();
	term.on = false;
	if (term.mouse)
		say(MODES, sizeof MODES - 1);
	say(PASTE, sizeof PASTE - 1);
	endwin();
	tcsetattr(STDIN_FILENO, TCSADRAIN, &term.before);
}

/* ---- signals ---- */

static const int FATAL[] = { SIGTERM, SIGHUP, SIGINT };
static const int CRASH[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL };
static struct sigaction crash_before[sizeof CRASH / sizeof *CRASH];

static void
on_signal(int signal)
{
	switch (signal) {
	case SIGWINCH: winched = 1; break;
	case SIGTSTP: stopped = 1; break;
	case SIGCONT: continued = 1; break;
	default: caught = signal; break;
	}
}

static void
on_crash(int signal)
{
	leave_at_once();
	for (size_t i = 0; i < sizeof CRASH / sizeof *CRASH; i++)
		if (CRASH[i] == signal)
			sigaction(signal, &crash_before[i], NULL);
	raise(signal);
}

static void
set_signal(int signal, void (*handler)(int))
{
	struct sigaction sa = { .sa_handler = handler }, was;

	/* Of a login shell: there is nothing behind it to come back to. */
	if (signal == SIGTSTP && handler != SIG_DFL && sigaction(signal,
	    NULL, &was) == 0 && was.sa_handler == SIG_IGN)
		return;
	sigemptyset(&sa.sa_mask);
	sigaction(signal, &sa, NULL);
}

static void
take_signals(void)
{
	struct sigaction crash = { .sa_handler = on_crash,
	    .sa_flags = SA_ONSTACK };
	static char stack[65536];	/* the usual one may be full */
	stack_t aside = { .ss_sp = stack, .ss_size = sizeof stack };
	sigset_t ours;

	sigaltstack(&aside, NULL);
	sigemptyset(&ours);
	for (size_t i = 0; i < sizeof FATAL / sizeof *FATAL; i++) {
		sigaddset(&ours, FATAL[i]);
		set_signal(FATAL[i], on_signal);
	}
	set_signal(SIGWINCH, on_signal);
	set_signal(SIGTSTP, on_signal);
	set_signal(SIGCONT, on_signal);
	sigaddset(&ours, SIGWINCH);
	sigaddset(&ours, SIGTSTP);
	sigaddset(&ours, SIGCONT);
	pthread_sigmask(SIG_BLOCK, &ours, &term.waiting);
	for (size_t i = 0; i < sizeof FATAL / sizeof *FATAL; i++)
		sigdelset(&term.waiting, FATAL[i]);
	sigdelset(&term.waiting, SIGWINCH);
	sigdelset(&term.waiting, SIGTSTP);
	sigdelset(&term.waiting, SIGCONT);
	sigemptyset(&crash.sa_mask);
	for (size_t i = 0; i < sizeof CRASH / sizeof *CRASH; i++)
		sigaction(CRASH[i], &crash, &crash_before[i]);
}

static void
default_now(int signal)
{
	sigset_t one;

	set_signal(signal, SIG_DFL);
	sigemptyset(&one);
	sigaddset(&one, signal);
	pthread_sigmask(SIG_UNBLOCK, &one, NULL);
	raise(signal);
	pthread_sigmask(SIG_BLOCK, &one, NULL);
}

static void
come_back(void)
{
	reset_prog_mode();
	enter();
	term_redraw();
	frame.open = false;
	winched = 1;
}

/* Ctrl-Z: the shell gets its terminal as it was, and we ours after fg. */
static void
suspend(void)
{
	leave();
	default_now(SIGTSTP);
	set_signal(SIGTSTP, on_signal);
	come_back();
}

static struct sigaction lent[2];

void
term_lend(void)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	sigemptyset(&ignore.sa_mask);
	leave();
	sigaction(SIGINT, &ignore, &lent[0]);
	sigaction(SIGTSTP, &ignore, &lent[1]);
}

void
term_back(void)
{
	sigaction(SIGINT, &lent[0], NULL);
	sigaction(SIGTSTP, &lent[1], NULL);
	come_back();
}

static void
new_size(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0
	    || size.ws_col == 0)
		return;
	if (size.ws_row == LINES && size.ws_col == COLS)
		return;
	resizeterm(size.ws_row, size.ws_col);
	term_redraw();
	term.resized = true;
}

static void
after_signals(void)
{
	if (caught != 0)
		term.hung_up = true;
	if (stopped) {
		stopped = continued = 0;
		suspend();
		continued = 0;
	}
	if (continued) {		/* of a stop that cannot be caught */
		continued = 0;
		come_back();
	}
	if (winched) {
		winched = 0;
		new_size();
	}
}

/* ---- opening ---- */

static void
paint(enum theme theme)
{
	bool colour = theme != THEME_MONO && has_colors() &&
	    start_color() == OK && use_default_colors() == OK;

	for (int tone = 0; tone < TONE_COUNT; tone++) {
		const struct paint *p = theme_paint(theme, (enum tone)tone);
		int ink = COLORS > 256 ? p->rgb : COLORS == 256 ? p->many :
		    p->few;

		term.tones[tone] = (p->bold ? A_BOLD : 0) |
		    (p->reverse ? A_REVERSE : 0) |
		    (p->underline ? A_UNDERLINE : 0);
		term.pairs[tone] = 0;
		if (colour && p->few != 0 && init_extended_pair(tone + 1,
		    ink, -1) == OK) {
			term.pairs[tone] = (short)(tone + 1);
			term.tones[tone] |= COLOR_PAIR(tone + 1);
		}
	}
}

static bool
known(struct err *e)
{
	const char *name = getenv("TERM");
	bool moves;
	int status;

	if (name == NULL || name[0] == '\0')
		return err_set(e, ERR_USAGE, "TERM is not set; verbs need "
		    "no terminal: bahi status");
	if (setupterm(name, STDOUT_FILENO, &status) != OK)
		return err_set(e, ERR_USAGE, "terminal %.40s is not known "
		    "here; set TERM to one that is, or use a verb: "
		    "bahi status", name);
	moves = tigetstr("cup") != NULL;
	del_curterm(cur_term);
	if (strcmp(name, "dumb") == 0 || !moves)
		return err_set(e, ERR_USAGE, "terminal %.40s cannot move "
		    "its cursor; use a verb: bahi status", name);
	return true;
}

static void
set_locale(const struct term_wish *wish)
{
	bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;

	term.ascii = wish->ascii == TERM_YES ||
	    (wish->ascii == TERM_AUTO && !utf8);
	/* Names are UTF-8 inside, whatever goes out. */
	if (!utf8)
		setlocale(LC_CTYPE, "C.UTF-8");
}

bool
term_open(const struct term_wish *wish, struct err *e)
{
	FILE *out;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(e, ERR_USAGE, "the console needs a terminal; "
		    "use a verb: bahi status");
	if (!known(e))
		return false;
	set_locale(wish);
	term.mouse = wish->mouse;
	term.reader = wish->reader;
	term.slow_wish = wish->slow;
	tcgetattr(STDIN_FILENO, &term.before);
	if (!cells_open(STDOUT_FILENO, &out, e))
		return false;
	/* The size is the terminal's, whatever LINES and COLUMNS hold. */
	use_tioctl(TRUE);
	if (newterm(NULL, out, stdin) == NULL)
		return err_set(e, ERR_USAGE, "terminal %.40s cannot be used",
		    getenv("TERM"));
	str_init(&term.cooked, LINE_MAX_BYTES);
	str_init(&term.cut, LINE_MAX_BYTES);
	cbreak();
	noecho();
	nonl();
	idlok(stdscr, TRUE);
	leaveok(stdscr, FALSE);
	typeahead(-1);		/* a frame is drawn whole */
	paint(theme_choose(wish->reader ? "mono" : wish->theme,
	    wish->colour ? NULL : getenv("NO_COLOR"),
	    getenv("COLORFGBG")));
	make_reset();
	take_signals();
	atexit(leave);
	enter();
	return true;
}

void
term_close(void)
{
	leave();
	cells_close();
	str_free(&term.cooked);
	str_free(&term.cut);
}

void
term_end(void)
{
	if (caught != 0)
		default_now(caught);
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

/* ---- drawing ---- */

bool
term_slow(void)
{
	return term.slow_wish == TERM_YES ||
	    (term.slow_wish == TERM_AUTO && frame.slow);
}

bool
term_reads(void)
{
	return term.reader;
}

enum look
term_look(void)
{
	return term.reader ? LOOK_CURSOR : term_slow() ? LOOK_MARK :
	    LOOK_KEY;
}

void
term_clear(void)
{
	erase();
	cells_begin();
}

void
term_clear_line(int y)
{
	move(y, 0);
	clrtoeol();
}

static bool
is_plain(struct span text)
{
	size_t n = 0;

	while (n < text.n && (unsigned char)text.p[n] < 0x80)
		n++;
	return n == text.n;
}

/* The text as it is given to ncurses for column x. */
static void
cook(struct span text, int x, enum tone tone)
{
	char ascii[1024];

	str_clear(&term.cooked);
	if (!term.ascii) {
		cells_add(text, x, (term.tones[tone] & A_REVERSE) != 0,
		    &term.cooked);
		return;
	}
	str_add(&term.cooked, ascii, ascii_of(text, ascii, sizeof ascii));
}

/* What is ASCII goes into its cells as it is: nearly all of a screen does, and
 * ncurses measures each letter of a string anew. */
static void
put_plain(int y, int x, int cells, enum tone tone, bool right,
    struct span text)
{
	chtype out[CELLS_MOST];
	int before = right ? cells - (int)text.n : 0;

	for (int i = 0; i < cells; i++)
		out[i] = ' ' | term.tones[tone];
	for (size_t i = 0; i < text.n; i++)
		out[before + (int)i] = (unsigned char)text.p[i] |
		    term.tones[tone];
	mvaddchnstr(y, x, out, cells);
}

/* As much of it as has room. What is cut says so, or a number would be taken
 * for another one; blanks at its end are none. */
static struct span
within(const char *text, int cells, int *used)
{
	size_t n = utf8_fit(span_of(text), cells, used);

	if (cells <= 0 || text[n + strspn(text + n, " ")] == '\0')
		return (struct span){ text, n };
	n = utf8_fit(span_of(text), cells - 1, used);
	str_clear(&term.cut);
	str_add(&term.cut, text, n);
	str_add(&term.cut, "\xe2\x80\xa6", 3);
	++*used;
	return str_span(&term.cut);
}

int
term_put(int y, int x, int cells, enum tone tone, bool right,
    const char *text)
{
	struct span seen;
	int used;

	if (y < 0 || y >= LINES || x < 0 || x >= COLS || cells <= 0)
		return 0;
	if (cells > COLS - x)
		cells = COLS - x;
	seen = within(text, cells, &used);
	if (cells <= CELLS_MOST && (size_t)used == seen.n && is_plain(seen)) {
		put_plain(y, x, cells, tone, right, seen);
		return cells;
	}
	/* ncurses writes the last corner in its own way. */
	if (y == LINES - 1 && used == COLS - x && !is_plain(span_of(text)))
		seen = within(text, cells - 1, &used);
	cook(seen, right ? x + cells - used : x, tone);
	attrset(term.tones[tone]);
	move(y, x);
	if (used < cells)
		hline(' ', cells);
	if (right)
		move(y, x + cells - used);
	addnstr(term.cooked.p, (int)term.cooked.n);
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
term_light(int y, int x, int cells, enum tone tone)
{
	if (y >= 0 && y < LINES && x >= 0 && x < COLS && cells > 0)
		mvchgat(y, x, cells, (term.tones[tone] & ~A_COLOR) |
		    A_REVERSE, term.pairs[tone], NULL);
}

void
term_cursor(int y, int x)
{
	move(y < LINES ? y : LINES - 1, x < COLS ? x : COLS - 1);
}

/* ---- frames ---- */

/* CSI 5 n, the device's state, asked in the stream of what is drawn: its
 * answer CSI 0 n stands in the stream of keys behind those that were pressed
 * before (ECMA-48 8.3.35). */
void
term_flush(bool news)
{
	static const char ASK[] = "\033[5n";
	size_t size;

	cells_hold();
	refresh();
	size = cells_release();
	if (size == 0)
		return;
	frame.size = size;
	frame.at = clock_mono();
	frame.news = news;
	frame.unasked += size;
	if (frame.silent >= SILENT ||
	    (term_slow() && !news && frame.unasked < LITTLE))
		return;
	say(ASK, sizeof ASK - 1);
	frame.open = true;
	frame.unasked = 0;
}

static int64_t
patience(void)
{
	return frame.late ? ANSWER_LATE : ANSWER;
}

/* Of an answer that does not come, nothing is remembered: one that was lost
 * must not delay all that follow. */
static void
give_up(void)
{
	if (!frame.open || clock_mono() - frame.at < patience())
		return;
	frame.open = false;
	frame.silent++;
}

static bool
writable(void)
{
	struct pollfd fd = { .fd = STDOUT_FILENO, .events = POLLOUT };

	return poll(&fd, 1, 0) != 0;
}

int
term_due(void)
{
	int64_t wait = 0, since = clock_mono() - frame.at;

	if (term.hung_up)
		return 0;
	give_up();
	if (frame.open)
		wait = patience();
	else if (frame.silent >= SILENT)
		wait = term_slow() ? PACE_SLOW : PACE;
	if (wait > since)
		return (int)((wait - since) / 1000) + 1;
	return writable() ? 0 : STUCK;
}

bool
term_unseen(void)
{
	if (frame.at == 0 || !frame.news)
		return false;
	if (frame.silent >= SILENT)
		return clock_mono() - frame.at < GLANCE;
	give_up();
	return frame.open;
}

/* Twice long and it is slow; several large ones at once and it is not. */
static void
measure(int64_t took)
{
	if (took >= LONG) {
		frame.quick_ones = 0;
		frame.long_ones += took >= VERY_LONG ? 2 : 1;
	} else if (took <= QUICK && frame.size >= LARGE) {
		frame.quick_ones++;
		frame.long_ones = 0;
	}
	if (frame.long_ones >= LONG_ONES)
		frame.slow = true;
	if (frame.quick_ones >= QUICK_ONES)
		frame.slow = false;
}

static void
shown(void)
{
	frame.silent = 0;
	if (frame.open) {
		frame.open = false;
		measure(clock_mono() - frame.at);
	} else {
		frame.late = true;
		measure(VERY_LONG);
	}
}

void
term_redraw(void)
{
	clearok(curscr, TRUE);
}

/* ---- the clipboard ---- */

static size_t
base64(const char *text, size_t n, char *out)
{
	static const char SIGNS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t used = 0;

	for (size_t i = 0; i < n; i += 3) {
		uint32_t bits = 0;

		for (size_t k = 0; k < 3; k++)
			bits = bits << 8 | (i + k < n ?
			    (unsigned char)text[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			out[used++] = i + k > n ? '=' :
			    SIGNS[bits >> (18 - 6 * k) & 63];
	}
	out[used] = '\0';
	return used;
}

/* tmux and screen hand on only what they are told to. */
void
term_copy(const char *text)
{
	const char *name = getenv("TERM");
	size_t n = strlen(text);
	char code[512], out[600];
	bool tmux = getenv("TMUX") != NULL;
	int size;

	if (n > 360)
		n = 360;
	base64(text, n, code);
	size = snprintf(out, sizeof out, tmux ?
	    "\033Ptmux;\033\033]52;c;%s\a\033\\" :
	    getenv("STY") != NULL || strncmp(name ? name : "", "screen",
	    6) == 0 ? "\033P\033]52;c;%s\a\033\\" : "\033]52;c;%s\a", code);
	say(out, (size_t)size);
}

/* ---- keys ---- */

void
term_wait(int wake, int ms)
{
	struct pollfd fds[2] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = wake, .events = POLLIN }
	};
	int half = input_wait(&term.input, clock_mono());
	struct timespec until;

	if (half >= 0 && (ms < 0 || half < ms))
		ms = half;
	until = (struct timespec){ .tv_sec = ms / 1000,
	    .tv_nsec = ms % 1000 * 1000000L };
	if (ppoll(fds, 2, ms < 0 ? NULL : &until, &term.waiting) > 0 &&
	    (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0)
		term.hung_up = true;
	after_signals();
}

int
term_key(void)
{
	int key;

	if (term.hung_up)
		return TERM_HANGUP;
	if (term.resized) {
		term.resized = false;
		return TERM_RESIZE;
	}
	do {
		key = input_key(&term.input, clock_mono());
		if (key == TERM_NONE) {
			read_keys(0);
			key = input_key(&term.input, clock_mono());
		}
		if (key == TERM_SHOWN)
			shown();
	} while (key == TERM_SHOWN);
	return term.hung_up ? TERM_HANGUP : key;
}

int
term_row(void)
{
	return term.input.row;
}
