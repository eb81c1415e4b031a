/*
 * References and names within narrations. Both are squeezed to capitals and
 * digits; of a narration each run of letters and digits, and up to some runs
 * in a row, is looked up, so that dashes, blanks and a line broken in the
 * middle of a number do not matter, but the end of a number does.
 */
#include "book/pairing_inside.h"

#include <string.h>

#define RUNS_JOINED 6
#define SHORT 5			/* a reference has as many at least */
#define DIGITS 3		/* and of these */
#define NUMBER 6		/* one of digits alone has as many */
#define NAME_LETTERS 6
#define PER_KEY 4000		/* entries, or lines, of one key */
#define KEYS_MAX 1000000

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char
fold(char c)
{
	if (c >= 'a' && c <= 'z')
		return (char)(c - 'a' + 'A');
	return is_digit(c) || (c >= 'A' && c <= 'Z') ||
	    (unsigned char)c >= 0x80 ? c : '\0';
}

/* n of the squeezed text; KEY_MAX + 1 when it is too long to be one. */
static size_t
squeeze(const char *text, char out[KEY_MAX + 1], size_t *digits)
{
	size_t n = 0;

	*digits = 0;
	for (; *text != '\0'; text++) {
		char c = fold(*text);

		if (c == '\0')
			continue;
		if (n == KEY_MAX)
			return KEY_MAX + 1;
		*digits += is_digit(c);
		out[n++] = c;
	}
	out[n] = '\0';
	return n;
}

static bool
good(size_t n, size_t digits)
{
	return n <= KEY_MAX && n >= SHORT && digits >= DIGITS &&
	    (digits < n || n >= NUMBER);
}

bool
pair_reference_good(const char *text)
{
	char key[KEY_MAX + 1];
	size_t digits, n = squeeze(text, key, &digits);

	return good(n, digits);
}

bool
pairing_good(const char *run, size_t n)
{
	size_t digits = 0;

	for (size_t i = 0; i < n; i++)
		digits += is_digit(run[i]);
	return good(n, digits);
}

/* ---- what there is ------------------------------------------------------ */

void
naming_init(struct naming *n)
{
	n->keys = map_new();
	vec_init(&n->all, sizeof(struct named *), KEYS_MAX);
}

void
naming_free(struct naming *n)
{
	for (size_t i = 0; i < n->all.n; i++) {
		struct named *one = *(struct named **)vec_at(&n->all, i);

		vec_free(&one->items);
		vec_free(&one->lines);
	}
	vec_free(&n->all);
	map_free(&n->keys, NULL);
}

static struct named *
named_of(struct naming *n, struct arena *arena, const char *key, size_t len,
    bool name)
{
	struct named *one = map_find(n->keys, (struct span){ key, len });
	struct named **at;

	if (one != NULL)
		return one;
	at = vec_add(&n->all);
	if (at == NULL)
		return NULL;
	one = arena_alloc(arena, sizeof *one);
	one->key = arena_strndup(arena, key, len);
	one->name = name;
	vec_init(&one->items, sizeof(size_t), PER_KEY);
	vec_init(&one->lines, sizeof(size_t), PER_KEY);
	map_set(n->keys, (struct span){ one->key, len }, one);
	*at = one;
	return one;
}

/* Its members come in order: one that is there already is the last. */
static void
join(struct vec *members, size_t index)
{
	size_t *last = members->n > 0 ? vec_at(members, members->n - 1) :
	    NULL, *at;

	if (last != NULL && *last == index)
		return;
	at = vec_add(members);
	if (at != NULL)
		*at = index;
}

static void
add(struct naming *n, struct arena *arena, size_t item, const char *text,
    bool name)
{
	char key[KEY_MAX + 1];
	size_t digits, len;
	struct named *one;

	if (text == NULL)
		return;
	len = squeeze(text, key, &digits);
	if (name ? len < NAME_LETTERS || len > KEY_MAX : !good(len, digits))
		return;
	one = named_of(n, arena, key, len, name);
	if (one != NULL)
		join(&one->items, item);
}

void
naming_add(struct naming *n, struct arena *arena, size_t item,
    const struct pair_item *of)
{
	for (int i = 0; i < PAIR_REFS; i++)
		add(n, arena, item, of->refs[i], false);
	add(n, arena, item, of->name, true);
}

/* ---- what a narration has of it ----------------------------------------- */

void
pairing_runs(const char *text, struct runs *runs)
{
	size_t n = 0;
	bool within = false;

	runs->n = 0;
	for (; *text != '\0' && n < sizeof runs->text; text++) {
		char c = fold(*text);

		if (c == '\0') {
			within = false;
			continue;
		}
		if (!within && runs->n == RUNS_MAX)
			break;
		if (!within)
			runs->at[runs->n++] = n;
		within = true;
		runs->text[n++] = c;
	}
	runs->at[runs->n] = n;
}

static bool
known(struct named *const out[], size_t n, const struct named *one)
{
	for (size_t i = 0; i < n; i++)
		if (out[i] == one)
			return true;
	return false;
}

static size_t
look_up(struct naming *n, const char *key, size_t len, size_t line,
    struct named *out[HITS_MAX], size_t count)
{
	struct named *one = map_find(n->keys, (struct span){ key, len });

	if (one == NULL || count == HITS_MAX || known(out, count, one))
		return count;
	join(&one->lines, line);
	out[count] = one;
	return count + 1;
}

/* A bank may put its own letters before a number: NEFTAXISN26101400047. */
static size_t
look_behind(struct naming *n, const char *run, size_t len, size_t line,
    struct named *out[HITS_MAX], size_t count)
{
	static const char *const before[] = { "NEFT", "RTGS", "IMPS", "UPI",
		"UTR", "REF", "INV", "TRF", "CHQ", "NO" };

	for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
		size_t skip = strlen(before[i]);

		if (len > skip + SHORT && memcmp(run, before[i], skip) == 0)
			count = look_up(n, run + skip, len - skip, line, out,
			    count);
	}
	return count;
}

size_t
naming_find(struct naming *n, size_t line, const char *text,
    struct named *out[HITS_MAX], size_t count)
{
	struct runs runs;

	if (text == NULL || map_count(n->keys) == 0)
		return count;
	pairing_runs(text, &runs);
	for (size_t i = 0; i < runs.n; i++) {
		const char *from = runs.text + runs.at[i];

		for (size_t k = 1; k <= RUNS_JOINED && i + k <= runs.n; k++) {
			size_t len = runs.at[i + k] - runs.at[i];

			if (len > KEY_MAX)
				break;
			if (len >= SHORT)
				count = look_up(n, from, len, line, out,
				    count);
		}
		count = look_behind(n, from, runs.at[i + 1] - runs.at[i],
		    line, out, count);
	}
	return count;
}

/* ---- what stays the same ------------------------------------------------ */

#define WORDS 5

static bool
add_word(char out[PAIR_PATTERN], size_t *used, const char *word, size_t n)
{
	if (*used + n + 2 > PAIR_PATTERN)
		return false;
	if (*used > 0)
		out[(*used)++] = ' ';
	for (size_t i = 0; i < n; i++)
		out[(*used)++] = fold(word[i]);
	out[*used] = '\0';
	return true;
}

/* Cut at bytes: a letter of several is kept whole or not at all, since a word
 * that does not fit ends it. */
void
pair_pattern(const char *text, char out[PAIR_PATTERN])
{
	size_t used = 0, words = 0;

	out[0] = '\0';
	while (*text != '\0' && words < WORDS) {
		size_t n = 0, digits = 0;

		while (fold(text[n]) != '\0') {
			digits += is_digit(text[n]);
			n++;
		}
		if (n >= 2 && digits == 0) {
			if (!add_word(out, &used, text, n))
				return;
			words++;
		}
		text += n > 0 ? n : 1;
	}
}
