/*
 * A charge and its reversal, a payment and its return: two lines of one amount
 * that go both ways. That alone says nothing: a reference or the words of both
 * do, and a word that banks have for it.
 */
#include "book/pairing_inside.h"

#include <string.h>

static bool
is_word(const char *run, size_t n)
{
	static const char *const words[] = { "REV", "REVERSAL", "REVERSED",
		"REVERSE", "REVSL", "RVSL", "RVRSL", "RETURN", "RETURNED",
		"RTN", "RET" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strlen(words[i]) == n && memcmp(words[i], run, n) == 0)
			return true;
	return false;
}

static bool
has_word(const char *text)
{
	struct runs runs;

	if (text == NULL)
		return false;
	pairing_runs(text, &runs);
	for (size_t i = 0; i < runs.n; i++)
		if (is_word(runs.text + runs.at[i], runs.at[i + 1] -
		    runs.at[i]))
			return true;
	return false;
}

/* "CHQ CHGS" of "REV CHQ RETURN CHGS". */
static const char *
without_words(struct arena *arena, const char *text)
{
	char pattern[PAIR_PATTERN], *out = pattern;

	if (text == NULL)
		return "";
	pair_pattern(text, pattern);
	for (const char *at = pattern; *at != '\0';) {
		size_t n = strcspn(at, " "), skip = n + (at[n] == ' ');

		if (!is_word(at, n)) {
			if (out > pattern)
				*out++ = ' ';
			memmove(out, at, n);
			out += n;
		}
		at += skip;
	}
	return arena_strndup(arena, pattern, (size_t)(out - pattern));
}

void
back_read(struct arena *arena, const struct pair_line *line,
    struct back *out)
{
	out->word = false;
	for (int i = 0; i < PAIR_TEXTS && !out->word; i++)
		out->word = has_word(line->texts[i]);
	out->pattern = without_words(arena, line->texts[0]);
}

/* A reference that the other line has, too. */
static const char *
shared_in(struct arena *arena, const struct runs *a, const char *text)
{
	struct runs b;

	pairing_runs(text, &b);
	for (size_t i = 0; i < a->n; i++) {
		const char *run = a->text + a->at[i];
		size_t n = a->at[i + 1] - a->at[i];

		if (!pairing_good(run, n))
			continue;
		for (size_t k = 0; k < b.n; k++)
			if (b.at[k + 1] - b.at[k] == n && memcmp(run, b.text +
			    b.at[k], n) == 0)
				return arena_strndup(arena, run, n);
	}
	return NULL;
}

static const char *
shared(struct arena *arena, const struct pair_line *a,
    const struct pair_line *b)
{
	const char *out = NULL;
	struct runs runs;

	for (int i = 0; i < PAIR_TEXTS && out == NULL; i++) {
		if (a->texts[i] == NULL)
			continue;
		pairing_runs(a->texts[i], &runs);
		for (int k = 0; k < PAIR_TEXTS && out == NULL; k++)
			if (b->texts[k] != NULL)
				out = shared_in(arena, &runs, b->texts[k]);
	}
	return out;
}

/* A pattern ends after some words: the shorter one may be cut. */
static const char *
same_words(const struct back *a, const struct back *b)
{
	const char *shorter = a->pattern, *longer = b->pattern;
	size_t n;

	if (strlen(shorter) > strlen(longer)) {
		shorter = b->pattern;
		longer = a->pattern;
	}
	n = strlen(shorter);
	if (n == 0 || memcmp(shorter, longer, n) != 0 ||
	    (longer[n] != '\0' && longer[n] != ' '))
		return NULL;
	return longer[n] == '\0' || strchr(shorter, ' ') != NULL ? shorter :
	    NULL;
}

enum back_level
back_level(struct arena *arena, const struct pair_line *earlier,
    const struct back *a, const struct pair_line *later,
    const struct back *b, const char **by)
{
	bool word = b->word || (a->word && earlier->day == later->day);
	const char *words = same_words(a, b);

	*by = shared(arena, earlier, later);
	if (*by != NULL)
		return word ? BACK_NAMED : BACK_STRONG;
	*by = words;
	if (words != NULL)
		return word ? BACK_STRONG : BACK_WEAK;
	return word ? BACK_WEAK : BACK_NONE;
}
