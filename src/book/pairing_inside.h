#ifndef BAHI_BOOK_PAIRING_INSIDE_H
#define BAHI_BOOK_PAIRING_INSIDE_H
/* Inside of pairing: what names what (pairing_text.c) and what adds up
 * (pairing_sum.c). */
#include "book/pairing.h"
#include "core/map.h"
#include "core/vec.h"

#define HITS_MAX 64		/* references that one narration has */

struct named {			/* all that one reference or name is of */
	const char *key;
	bool name;
	struct vec items;	/* size_t */
	struct vec lines;	/* size_t: whose narration has it */
};

struct naming {
	struct map *keys;	/* squeezed text -> struct named */
	struct vec all;		/* struct named *, in order */
};

void naming_init(struct naming *);
void naming_free(struct naming *);
/* Of an entry: its references and its name. */
void naming_add(struct naming *, struct arena *, size_t item,
	const struct pair_item *);
/* Those that a text of the line has, added to the n of its other texts, at
 * most HITS_MAX; notes the line in them. Returns how many there are then. */
size_t naming_find(struct naming *, size_t line, const char *text,
	struct named *out[HITS_MAX], size_t n);

#define KEY_MAX 80		/* of a reference */
#define RUNS_MAX 80		/* of one narration that are looked at */

struct runs {			/* of letters and digits, as capitals */
	char text[RUNS_MAX * 16 + KEY_MAX];	/* one after another */
	size_t at[RUNS_MAX + 1];
	size_t n;
};
void pairing_runs(const char *text, struct runs *);
bool pairing_good(const char *run, size_t n);	/* a reference? */

/* pairing_back.c: what a line says of one that it takes back. */
struct back {
	bool word;		/* REV, RETURN and the like */
	const char *pattern;	/* its words without them; "" */
};
enum back_level { BACK_NONE, BACK_WEAK, BACK_STRONG, BACK_NAMED };
void back_read(struct arena *, const struct pair_line *, struct back *);
/* Does the later of them take the other back? *by: what both have, or NULL. */
enum back_level back_level(struct arena *, const struct pair_line *earlier,
	const struct back *, const struct pair_line *later,
	const struct back *, const char **by);

/* Which of at most SUM_OF amounts, all of the sign of `target`, add up to it:
 * the first found as indices, and whether another does, too. */
#define SUM_OF 24
#define SUM_SIZE 8
struct sum_found {
	size_t at[SUM_SIZE], n;	/* n 0: none */
	size_t solutions;	/* 0, 1 or 2: at least two */
};
void sum_find(const int64_t *amounts, size_t n, int64_t target,
	int64_t *steps, struct sum_found *out);

#endif
