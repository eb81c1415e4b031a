/* Longest common subsequence of words, numbers and other characters. */
#include "core/worddiff.h"

#include <stdint.h>

#include "core/utf8.h"

enum sort { WORD, NUMBER, OTHER };

struct words {
	struct span items[WORDDIFF_MAX];
	enum sort sorts[WORDDIFF_MAX];
	size_t n;
	bool all;		/* it has no more words */
};

static bool
digit(uint32_t c)
{
	return (c >= '0' && c <= '9') || (c >= 0x966 && c <= 0x96f);
}

static bool
letter(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= 0x80 && !digit(c));
}

static uint32_t
next(struct span s, size_t at, size_t *n)
{
	uint32_t c = 0;

	*n = utf8_next((struct span){ s.p + at, s.n - at }, &c);
	return c;
}

/* A point or comma within a number belongs to it. */
static size_t
number_length(struct span s)
{
	size_t at = 0, n, more;

	while (at < s.n) {
		uint32_t c = next(s, at, &n);

		if ((c == '.' || c == ',') && at > 0) {
			if (!digit(next(s, at + n, &more)))
				break;
		} else if (!digit(c)) {
			break;
		}
		at += n;
	}
	return at;
}

static size_t
word_length(struct span s)
{
	size_t at = 0, n;

	while (at < s.n && letter(next(s, at, &n)))
		at += n;
	return at;
}

static void
split(struct span s, struct words *out)
{
	out->n = 0;
	while (s.n > 0 && out->n < WORDDIFF_MAX) {
		size_t n;
		uint32_t c = next(s, 0, &n);
		enum sort sort = digit(c) ? NUMBER : letter(c) ? WORD : OTHER;

		if (sort != OTHER)
			n = sort == WORD ? word_length(s) : number_length(s);
		out->sorts[out->n] = sort;
		out->items[out->n++] = (struct span){ s.p, n };
		s.p += n;
		s.n -= n;
	}
	out->all = s.n == 0;
}

/* ---- saying it, pieces of one kind at once ------------------------------ */

struct teller {
	void (*piece)(void *, enum word_op, struct span);
	void *arg;
	struct span wait[3];	/* by kind: one stretch of a text */
};

static void
flush(struct teller *t, enum word_op op)
{
	if (t->wait[op].n > 0)
		t->piece(t->arg, op, t->wait[op]);
	t->wait[op].n = 0;
}

static void
tell(struct teller *t, enum word_op op, struct span text)
{
	if (text.n == 0)
		return;
	if (op == WORD_SAME) {
		flush(t, WORD_GONE);
		flush(t, WORD_NEW);
	} else {
		flush(t, WORD_SAME);
	}
	if (t->wait[op].n == 0)
		t->wait[op].p = text.p;
	t->wait[op].n += text.n;
}

/* Characters that both have at the front, or at the end. */
static size_t
common(struct span a, struct span b, bool end)
{
	size_t most = a.n < b.n ? a.n : b.n, n = 0;

	while (n < most && (end ? a.p[a.n - n - 1] == b.p[b.n - n - 1] :
	    a.p[n] == b.p[n]))
		n++;
	/* Back to where a character begins. */
	while (n > 0 && (end ? ((unsigned char)a.p[a.n - n] & 0xc0) == 0x80 :
	    n < a.n && ((unsigned char)a.p[n] & 0xc0) == 0x80))
		n--;
	return n;
}

static void
tell_number(struct teller *t, struct span old, struct span new)
{
	size_t front = common(old, new, false), back;
	struct span head = { old.p, front };

	old = (struct span){ old.p + front, old.n - front };
	new = (struct span){ new.p + front, new.n - front };
	back = common(old, new, true);
	tell(t, WORD_SAME, head);
	tell(t, WORD_GONE, (struct span){ old.p, old.n - back });
	tell(t, WORD_NEW, (struct span){ new.p, new.n - back });
	tell(t, WORD_SAME, (struct span){ old.p + old.n - back, back });
}

/* ---- comparing ---------------------------------------------------------- */

#define WIDTH (WORDDIFF_MAX + 1)

struct table {
	const struct words *a, *b;
	uint16_t (*common)[WIDTH];	/* of the words from i and j on */
};

static void
fill(struct table *t)
{
	for (size_t i = t->a->n; i-- > 0;)
		for (size_t j = t->b->n; j-- > 0;) {
			uint16_t down = t->common[i + 1][j];
			uint16_t right = t->common[i][j + 1];

			t->common[i][j] = span_equal(t->a->items[i],
			    t->b->items[j]) ?
			    (uint16_t)(t->common[i + 1][j + 1] + 1) :
			    down > right ? down : right;
		}
}

/* One number gone and one new in its place, between what is the same. */
static bool
renumbered(const struct table *t, size_t i, size_t j)
{
	const struct words *a = t->a, *b = t->b;

	return i < a->n && j < b->n && a->sorts[i] == NUMBER &&
	    b->sorts[j] == NUMBER &&
	    t->common[i][j] == t->common[i + 1][j + 1];
}

static void
walk(const struct table *t, struct teller *out)
{
	size_t i = 0, j = 0;

	while (i < t->a->n || j < t->b->n) {
		bool both = i < t->a->n && j < t->b->n;

		if (both && span_equal(t->a->items[i], t->b->items[j])) {
			tell(out, WORD_SAME, t->a->items[i++]);
			j++;
		} else if (renumbered(t, i, j)) {
			tell_number(out, t->a->items[i++], t->b->items[j++]);
		} else if (i < t->a->n && (!both || t->common[i + 1][j] >=
		    t->common[i][j + 1])) {
			tell(out, WORD_GONE, t->a->items[i++]);
		} else {
			tell(out, WORD_NEW, t->b->items[j++]);
		}
	}
}

void
word_diff(struct span old, struct span new, void (*piece)(void *arg,
    enum word_op, struct span), void *arg)
{
	uint16_t common[WIDTH][WIDTH] = { { 0 } };
	struct teller out = { .piece = piece, .arg = arg };
	struct words a, b;
	struct table t = { &a, &b, common };

	split(old, &a);
	split(new, &b);
	if (a.all && b.all) {
		fill(&t);
		walk(&t, &out);
	} else {
		tell(&out, WORD_GONE, old);
		tell(&out, WORD_NEW, new);
	}
	for (enum word_op op = WORD_SAME; op <= WORD_NEW; op++)
		flush(&out, op);
}
