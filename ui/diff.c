/* Marks around what differs, and lines that never cut a mark in two. */
#include "ui/diff.h"

#include <limits.h>
#include <string.h>

#include "core/str.h"
#include "core/utf8.h"
#include "core/worddiff.h"
#include "ui/text.h"

#define LINE_MAX_BYTES 4096
#define MARK 2		/* cells of "[-" and of "-]" */

static const char *const open_mark[] = { "", "[-", "{+" };
static const char *const close_mark[] = { "", "-]", "+}" };

struct wrap {
	struct arena *arena;
	const char **lines;
	size_t n, most;
	int width, used;
	struct str line;
	bool cut;
};

/* Up to the first blank. */
static size_t
word(struct span s)
{
	const char *blank = memchr(s.p, ' ', s.n);

	return blank != NULL ? (size_t)(blank - s.p) : s.n;
}

static void
end_line(struct wrap *w)
{
	if (w->n < w->most)
		w->lines[w->n++] = arena_strdup(w->arena, w->line.p);
	else
		w->cut = true;
	str_clear(&w->line);
	w->used = 0;
}

/* On a line of its own, when it has room there and not behind the others. */
static void
open_piece(struct wrap *w, enum word_op op, struct span s)
{
	int marks = op == WORD_SAME ? 0 : 2 * MARK;
	int need = marks + utf8_width((struct span){ s.p, word(s) });

	if (w->used > 0 && (w->used + need > w->width))
		end_line(w);
	str_adds(&w->line, open_mark[op]);
	w->used += op == WORD_SAME ? 0 : MARK;
}

/* Behind the last blank that fits, when there is one. */
static size_t
at_word(struct span s, size_t fits)
{
	size_t n = fits;

	if (fits == s.n)
		return fits;
	while (n > 0 && s.p[n - 1] != ' ')
		n--;
	return n > 0 ? n : fits;
}

static void
piece(void *arg, enum word_op op, struct span text)
{
	struct wrap *w = arg;
	struct span s = span_of(text_tame(w->arena, arena_strndup(w->arena,
	    text.p, text.n)));
	int end = op == WORD_SAME ? 0 : MARK, used;

	open_piece(w, op, s);
	while (s.n > 0) {
		size_t n = utf8_fit(s, w->width - end - w->used, &used);

		/* Not even one character has room: it has the line. */
		if (n == 0 && w->used <= MARK)
			n = utf8_fit(s, 2, &used);
		n = at_word(s, n);
		str_add(&w->line, s.p, n);
		w->used += utf8_width((struct span){ s.p, n });
		s.p += n;
		s.n -= n;
		if (s.n == 0)
			break;
		str_adds(&w->line, close_mark[op]);
		end_line(w);
		open_piece(w, op, s);
	}
	str_adds(&w->line, close_mark[op]);
	w->used += end;
}

size_t
diff_lines(struct arena *arena, const char *old, const char *new, int width,
    const char **lines, size_t most)
{
	struct wrap w = { .arena = arena, .lines = lines, .most = most,
	    .width = width < 8 ? 8 : width };

	str_init(&w.line, LINE_MAX_BYTES);
	word_diff(span_of(old), span_of(new), piece, &w);
	if (w.line.n > 0 || w.n == 0)
		end_line(&w);
	str_free(&w.line);
	if (w.cut)
		lines[most - 1] = arena_printf(arena, "%s\u2026",
		    lines[most - 1]);
	return w.n;
}

const char *
diff_text(struct arena *arena, const char *old, const char *new)
{
	const char *line;

	diff_lines(arena, old, new, INT_MAX / 2, &line, 1);
	return line;
}
