#include "ui/fuzzy.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wctype.h>

#include "core/utf8.h"

#define TYPED_MAX 64
#define TEXT_MAX 256
#define NONE (-1000000)

#define POINT 2
#define START 8		/* of a word */
#define ROW 9		/* behind the one before */
#define WHOLE 60

static size_t
letters(const char *text, uint32_t *out, size_t max)
{
	struct span rest = span_of(text);
	size_t n = 0, used;
	uint32_t cp;

	while (n < max && (used = utf8_next(rest, &cp)) > 0) {
		out[n++] = (uint32_t)towlower((wint_t)cp);
		rest.p += used;
		rest.n -= used;
	}
	return n;
}

static bool
begins_word(const uint32_t *text, size_t at)
{
	return at == 0 || (iswalnum((wint_t)text[at]) &&
	    !iswalnum((wint_t)text[at - 1]));
}

/* The best with this letter at each place of the text, from the best with
 * the letter before it. */
static void
step(uint32_t letter, bool first, const uint32_t *text, size_t n, int *best)
{
	int before = first ? 0 : NONE, last = NONE;

	for (size_t i = 0; i < n; i++) {
		int now = best[i], from = before;

		if (!first && last != NONE && last + ROW > from)
			from = last + ROW;
		best[i] = text[i] != letter || from == NONE ? NONE :
		    from + POINT + (begins_word(text, i) ? START : 0);
		if (!first && now > before)
			before = now;
		last = first ? NONE : now;
	}
}

int
fuzzy_score(const char *typed, const char *text)
{
	uint32_t want[TYPED_MAX], have[TEXT_MAX];
	size_t n_want = letters(typed, want, TYPED_MAX);
	size_t n = letters(text, have, TEXT_MAX), taken = 0;
	int best[TEXT_MAX], top = NONE;

	for (size_t i = 0; i < n; i++)
		best[i] = NONE;
	for (size_t i = 0; i < n_want; i++) {
		if (want[i] == ' ')
			continue;
		step(want[i], taken == 0, have, n, best);
		taken++;
	}
	if (taken == 0)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (best[i] > top)
			top = best[i];
	if (top == NONE)
		return -1;
	if (taken == n)
		top += WHOLE;
	return 4 * top + (int)(TEXT_MAX - n) / 16;
}
