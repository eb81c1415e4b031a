/*
 * Likeness of bill numbers: 2 x longest common subsequence over the sum of
 * lengths, of the strings and of their words in order, as reconciliation tools
 * of the trade have it.
 */
#include "gst/clean.h"

#include <stdio.h>
#include <string.h>

/* ---- cleaning --------------------------------------------------------- */

static void
replace(char *text, const char *what, size_t n)
{
	for (char *p = text; (p = strstr(p, what)) != NULL; p++) {
		*p = ' ';
		memmove(p + 1, p + n, strlen(p + n) + 1);
	}
}

static void
remove_year(char *text, struct day day)
{
	/* Longest first: "2026-27" ends in "26-27". */
	static const struct {
		bool first, second;	/* with their century */
		const char *between;
	} shapes[] = {
		{ true, true, "-" }, { true, true, "/" },
		{ true, false, "-" }, { true, false, "/" },
		{ false, false, "-" }, { false, false, "/" },
		{ false, false, "" },
	};
	char year[8], what[16];

	if (day.text[0] == '\0')
		return;
	day_year(day, year);
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		snprintf(what, sizeof what, "%.4s%s%.2s%.2s", year,
		    shapes[i].between, shapes[i].second ? year : "",
		    year + 5);
		replace(text, shapes[i].first ? what : what + 2,
		    strlen(what) - (shapes[i].first ? 0 : 2));
	}
}

/* Blanks between words become one, those at the ends none. */
static size_t
collapse(char *text)
{
	size_t n = 0;

	for (const char *p = text; *p != '\0'; p++)
		if (*p != ' ')
			text[n++] = *p;
		else if (n > 0 && text[n - 1] != ' ')
			text[n++] = ' ';
	while (n > 0 && text[n - 1] == ' ')
		n--;
	text[n] = '\0';
	return n;
}

static size_t
strip_zeros(char *text, size_t n)
{
	size_t zeros = strspn(text, "0");

	memmove(text, text + zeros, n - zeros + 1);
	return n - zeros;
}

static size_t
letter_of(char c)
{
	if (c >= '0' && c <= '9')
		return (size_t)(c - '0');
	return c >= 'A' && c <= 'Z' ? (size_t)(c - 'A') + 10 :
	    c == ' ' ? 36 : 37;
}

void
bill_number_read(struct bill_number *out, const char *text, struct day day)
{
	size_t n = 0, plain = 0;

	memset(out, 0, sizeof *out);
	for (; text != NULL && *text != '\0' && n < BILL_NUMBER_MAX; text++) {
		char c = *text;

		c = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
		c = c == '\t' ? ' ' : c;
		out->clean[n++] = c;
		if (c != ' ')
			out->plain[plain++] = c;
	}
	remove_year(out->clean, day);
	for (char *p = out->clean; *p != '\0'; p++)
		if (*p == '/' || *p == '-')
			*p = ' ';
	out->n = strip_zeros(out->clean, collapse(out->clean));
	for (size_t i = 0; i < out->n; i++)
		out->letters[letter_of(out->clean[i])]++;
}

bool
bill_number_same(const struct bill_number *a, const struct bill_number *b)
{
	return a->plain[0] != '\0' && strcmp(a->plain, b->plain) == 0;
}

/* ---- likeness --------------------------------------------------------- */

/* Longest common subsequence, a row of it in one word (Hyyro 2004). */
static size_t
common(const char *a, size_t n_a, const char *b, size_t n_b)
{
	uint64_t at[256] = { 0 }, row = UINT64_MAX;
	size_t n = 0;

	for (size_t i = 0; i < n_a; i++)
		at[(unsigned char)a[i]] |= UINT64_C(1) << i;
	for (size_t i = 0; i < n_b; i++) {
		uint64_t hit = row & at[(unsigned char)b[i]];

		row = (row + hit) | (row - hit);
	}
	for (size_t i = 0; i < n_a; i++)
		n += (row >> i & 1) == 0;
	return n;
}

static int
ratio_of(const char *a, size_t n_a, const char *b, size_t n_b)
{
	return n_a + n_b == 0 ? 0 :
	    (int)(2000 * common(a, n_a, b, n_b) / (n_a + n_b));
}

#define WORDS_MAX (BILL_NUMBER_MAX / 2 + 1)

struct words {
	struct span items[WORDS_MAX];
	size_t n;
};

static int
compare_spans(struct span a, struct span b)
{
	int order = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

	return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

/* In their order. */
static void
split(const char *text, struct words *out)
{
	out->n = 0;
	while (*text != '\0') {
		struct span word = { text, strcspn(text, " ") };
		size_t i = out->n++;

		for (; i > 0 && compare_spans(word, out->items[i - 1]) < 0;
		    i--)
			out->items[i] = out->items[i - 1];
		out->items[i] = word;
		text += word.n + (text[word.n] == ' ');
	}
}

struct joined {
	char p[BILL_NUMBER_MAX + 2];
	size_t n;
};

static void
join(struct joined *to, struct span word)
{
	if (to->n > 0)
		to->p[to->n++] = ' ';
	memcpy(to->p + to->n, word.p, word.n);
	to->n += word.n;
}

static int
ratio_in_order(const struct words *a, const struct words *b)
{
	struct joined x = { .n = 0 }, y = { .n = 0 };

	for (size_t i = 0; i < a->n; i++)
		join(&x, a->items[i]);
	for (size_t i = 0; i < b->n; i++)
		join(&y, b->items[i]);
	return ratio_of(x.p, x.n, y.p, y.n);
}

static bool
repeated(const struct words *words, size_t i)
{
	return i > 0 && compare_spans(words->items[i - 1],
	    words->items[i]) == 0;
}

/* 2 x shared over both, of what begins alike. */
static int
ratio_of_lead(size_t shared, size_t more)
{
	size_t n = more > 0 ? shared + 1 + more : shared;

	return shared == 0 ? 0 : (int)(2000 * shared / (shared + n));
}

/* Words as sets: what both have, against that and what only one has. */
static int
ratio_of_sets(const struct words *a, const struct words *b)
{
	struct joined both = { .n = 0 }, x = { .n = 0 }, y = { .n = 0 };
	size_t i = 0, j = 0;
	int ratio, best;

	while (i < a->n || j < b->n) {
		int order = i == a->n ? 1 : j == b->n ? -1 :
		    compare_spans(a->items[i], b->items[j]);

		if (order <= 0 && !repeated(a, i))
			join(order == 0 ? &both : &x, a->items[i]);
		if (order > 0 && !repeated(b, j) && !(i > 0 &&
		    compare_spans(a->items[i - 1], b->items[j]) == 0))
			join(&y, b->items[j]);
		i += order <= 0;
		j += order >= 0;
	}
	if (both.n > 0 && (x.n == 0 || y.n == 0))
		return 1000;
	best = both.n + x.n + y.n == 0 ? 0 : (int)(2000 * (both.n +
	    (both.n > 0) + common(x.p, x.n, y.p, y.n)) / (2 * (both.n +
	    (both.n > 0)) + x.n + y.n));
	ratio = ratio_of_lead(both.n, x.n);
	best = ratio > best ? ratio : best;
	ratio = ratio_of_lead(both.n, y.n);
	return ratio > best ? ratio : best;
}

/* Letters that both have, in any order: no likeness is above it. */
static bool
hopeless(const struct bill_number *a, const struct bill_number *b)
{
	size_t least = a->n < b->n ? a->n : b->n;
	unsigned shared = 0;

	for (size_t i = 0; i < sizeof a->letters; i++)
		shared += a->letters[i] < b->letters[i] ? a->letters[i] :
		    b->letters[i];
	return shared * 10 < least * 6;
}

enum bill_alike
bill_number_alike(const struct bill_number *a, const struct bill_number *b,
    int *ratio_out)
{
	const struct bill_number *short_ = a->n < b->n ? a : b;
	const struct bill_number *long_ = a->n < b->n ? b : a;
	struct words x, y;
	int ratio = 0, words;

	if (ratio_out != NULL)
		*ratio_out = 0;
	if (short_->n == 0 || hopeless(a, b))
		return BILL_UNLIKE;
	if (strstr(long_->clean, short_->clean) != NULL) {
		if (ratio_out != NULL)
			*ratio_out = 1000;
		return BILL_CONTAINED;
	}
	/* Of very different lengths only a part could be alike, and that is
	 * worth 0.9 of what it is. */
	if (long_->n * 2 >= short_->n * 3)
		return BILL_UNLIKE;
	ratio = ratio_of(a->clean, a->n, b->clean, b->n);
	if (ratio < BILL_ALIKE_LEAST) {
		int sets;

		split(a->clean, &x);
		split(b->clean, &y);
		words = ratio_in_order(&x, &y);
		sets = ratio_of_sets(&x, &y);
		words = (words > sets ? words : sets) * 95 / 100;
		ratio = words > ratio ? words : ratio;
	}
	if (ratio_out != NULL)
		*ratio_out = ratio;
	return ratio >= BILL_ALIKE_LEAST ? BILL_ALIKE : BILL_UNLIKE;
}
