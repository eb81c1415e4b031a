/*
 * Stand-ins for text whose width is not sure. Called by term.c around
 * refresh(); knows nothing of what is drawn.
 *
 * Each cell of a run has a code of its own, so that ncurses, which compares
 * cells, sends a run whole or not at all, and moves it when it scrolls. The
 * cells that a run takes are blanked before, since the terminal may fill
 * fewer.
 */
#include "ui/cells.h"

#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <term.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/map.h"
#include "core/utf8.h"
#include "core/vec.h"

#define FIRST 0x100000u		/* plane 16, of private use, in halves: */
#define HALF 0x7000u		/* while one is filled the other may be seen */
#define KEPT 0x2000u		/* codes; then a new half is begun */
#define FRAME_MAX ((size_t)64 << 20)

struct run {
	uint32_t first;
	int cells, x;
	bool solid;
	struct span text;
};

static struct {
	int tty, held, out;	/* the terminal, a file, what ncurses has */
	FILE *stream;
	sigset_t before;
	uint32_t base, used;	/* of the half in use */
	struct vec runs;	/* by rising first */
	struct map *known;	/* what it says and where -> the run */
	struct arena *arena;
	struct str key, frame;
} all = { .tty = -1, .held = -1, .out = -1 };

bool
cells_open(int fd, FILE **out, struct err *e)
{
	all.tty = dup(fd);
	all.out = dup(fd);
	all.held = memfd_create("frame", MFD_CLOEXEC);
	all.stream = all.out >= 0 ? fdopen(all.out, "w") : NULL;
	if (all.tty < 0 || all.held < 0 || all.stream == NULL)
		return err_set(e, ERR_SYSTEM, "terminal: %s",
		    strerror(errno));
	all.base = FIRST;
	all.known = map_new();
	all.arena = arena_new();
	vec_init(&all.runs, sizeof(struct run *), HALF);
	str_init(&all.key, FRAME_MAX);
	str_init(&all.frame, FRAME_MAX);
	*out = all.stream;
	return true;
}

/* ncurses keeps the stream until the process ends. */
void
cells_close(void)
{
	map_free(&all.known, NULL);
	arena_free(&all.arena);
	vec_free(&all.runs);
	str_free(&all.key);
	str_free(&all.frame);
	close(all.held);
	close(all.tty);
}

void
cells_begin(void)
{
	if (all.used < KEPT)
		return;
	all.base = all.base == FIRST ? FIRST + HALF : FIRST;
	all.used = 0;
	vec_clear(&all.runs);
	map_clear(all.known);
	arena_reset(all.arena);
}

/* ---- stand-ins --------------------------------------------------------- */

/* NULL: there is no code left for it. */
static const struct run *
run_of(struct span text, int cells, int x, bool solid)
{
	struct run *run, **place;

	str_clear(&all.key);
	str_addf(&all.key, "%d %d ", x, solid);
	str_add(&all.key, text.p, text.n);
	run = map_find(all.known, str_span(&all.key));
	if (run != NULL)
		return run;
	if (all.used + (uint32_t)cells > HALF ||
	    (place = vec_add(&all.runs)) == NULL)
		return NULL;
	run = *place = arena_alloc(all.arena, sizeof *run);
	*run = (struct run){ all.base + all.used, cells, x, solid,
	    { arena_strndup(all.arena, text.p, text.n), text.n } };
	all.used += (uint32_t)cells;
	map_set(all.known, str_span(&all.key), run);
	return run;
}

static void
add_code(struct str *out, uint32_t cp)
{
	const char utf8[] = { (char)(0xf0 | cp >> 18),
	    (char)(0x80 | (cp >> 12 & 63)), (char)(0x80 | (cp >> 6 & 63)),
	    (char)(0x80 | (cp & 63)) };

	str_add(out, utf8, sizeof utf8);
}

void
cells_add(struct span text, int x, bool solid, struct str *out)
{
	size_t from = text.n, to = 0, n;
	int width, at = 0, start = 0, end = 0;
	const struct run *run;
	bool sure;

	for (size_t i = 0; i < text.n; i += n, at += width) {
		n = utf8_cluster((struct span){ text.p + i, text.n - i },
		    &width, &sure);
		if (sure)
			continue;
		if (to == 0) {
			from = i;
			start = at;
		}
		to = i + n;
		end = at + width;
	}
	run = to > 0 && end > start ? run_of((struct span){ text.p + from,
	    to - from }, end - start, x + start, solid) : NULL;
	if (run == NULL) {
		str_add(out, text.p, text.n);
		return;
	}
	str_add(out, text.p, from);
	for (int i = 0; i < run->cells; i++)
		add_code(out, run->first + (uint32_t)i);
	str_add(out, text.p + to, text.n - to);
}

/* ---- on the way to the terminal ---------------------------------------- */

static int
to_frame(int c)
{
	str_addc(&all.frame, (char)c);
	return c;
}

static void
add_capability(const char *name, int n)
{
	tputs(n < 0 ? name : tparm(name, (long)n, 0L, 0L, 0L, 0L, 0L, 0L, 0L,
	    0L), 1, to_frame);
}

static void
add_column(int x)
{
	if (x >= COLS)
		return;		/* ncurses takes it for unknown there */
	if (column_address != NULL) {
		add_capability(column_address, x);
	} else if (parm_right_cursor != NULL) {
		str_addc(&all.frame, '\r');
		if (x > 0)
			add_capability(parm_right_cursor, x);
	}
}

/* Its cells from `skip` on. ncurses sends a run without its beginning only
 * where something else stands over that. */
static void
add_run(const struct run *run, int skip, int cells)
{
	size_t n;
	int used;

	if (skip == 0 && !run->solid && erase_chars != NULL) {
		add_capability(erase_chars, cells);
	} else {
		for (int i = 0; i < cells; i++)
			str_addc(&all.frame, ' ');
		add_column(run->x + skip);
	}
	n = skip > 0 ? 0 : utf8_fit(run->text, cells, &used);
	str_add(&all.frame, run->text.p, n);
	add_column(run->x + skip + cells);
}

static const struct run *
run_with(uint32_t code)
{
	size_t low = 0, high = all.runs.n;

	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct run *run = *(struct run **)vec_at(&all.runs,
		    middle);

		if (code < run->first)
			high = middle;
		else if (code >= run->first + (uint32_t)run->cells)
			low = middle + 1;
		else
			return run;
	}
	return NULL;
}

/* Bytes used of what begins with a stand-in; 0: it is none. */
static size_t
add_stand_ins(struct span s)
{
	uint32_t cp, next;
	size_t n = utf8_next(s, &cp), more;
	const struct run *run = n == 4 ? run_with(cp) : NULL;
	int cells = 1;

	if (run == NULL)
		return 0;
	while ((more = utf8_next((struct span){ s.p + n, s.n - n }, &next))
	    == 4 && next == cp + (uint32_t)cells &&
	    next < run->first + (uint32_t)run->cells) {
		cells++;
		n += more;
	}
	add_run(run, (int)(cp - run->first), cells);
	return n;
}

static void
add_frame(struct span s)
{
	while (s.n > 0) {
		const char *mark = memchr(s.p, 0xf4, s.n);
		size_t plain = mark != NULL ? (size_t)(mark - s.p) : s.n, n;

		str_add(&all.frame, s.p, plain);
		s.p += plain;
		s.n -= plain;
		if (s.n == 0)
			return;
		n = add_stand_ins(s);
		if (n == 0)
			str_add(&all.frame, s.p, n = 1);
		s.p += n;
		s.n -= n;
	}
}

static void
send_frame(void)
{
	size_t at = 0;

	while (at < all.frame.n) {
		ssize_t n = write(all.tty, all.frame.p + at,
		    all.frame.n - at);
		struct pollfd ready = { .fd = all.tty, .events = POLLOUT };

		if (n >= 0)
			at += (size_t)n;
		else if (errno == EAGAIN)
			poll(&ready, 1, -1);
		else if (errno != EINTR)
			return;
	}
}

/* No handler writes while the stream leads elsewhere. */
void
cells_hold(void)
{
	sigset_t every;

	sigfillset(&every);
	pthread_sigmask(SIG_BLOCK, &every, &all.before);
	dup2(all.held, all.out);
}

size_t
cells_release(void)
{
	char part[8192];
	struct str sent;
	off_t at = 0;
	ssize_t n;

	fflush(all.stream);
	dup2(all.tty, all.out);
	str_init(&sent, FRAME_MAX);
	while ((n = pread(all.held, part, sizeof part, at)) > 0) {
		str_add(&sent, part, (size_t)n);
		at += n;
	}
	if (at > 0 && (ftruncate(all.held, 0) != 0 ||
	    lseek(all.held, 0, SEEK_SET) != 0))
		str_clear(&sent);
	str_clear(&all.frame);
	add_frame(str_span(&sent));
	str_free(&sent);
	pthread_sigmask(SIG_SETMASK, &all.before, NULL);
	send_frame();
	return all.frame.n;
}
