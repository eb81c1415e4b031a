/*
 * What becomes of a match that a person made when an entry of it is undone. A
 * document is amended by one journal that takes the old one back and a new one
 * behind it: where the money is the same, the match is of that. Where it is
 * not, the lines are open, and nothing joins them by itself, since somebody
 * said of what they are.
 */
#include "store/bank_inside.h"

#include <string.h>

struct bank_broken {
	struct bank_broken *next;
	int64_t seq;		/* of the event that broke it */
	struct bank_kept kept;
	bool *gone;		/* of each entry */
};

/* By bahid it is made anew, or is the line's own. */
static bool
by_person(const struct bank_kept *m)
{
	return strcmp(m->actor, "bahid") != 0 && strcmp(m->rule, "own") != 0;
}

static struct bank_word
word_of(const struct bank_kept *m)
{
	return (struct bank_word){ m->actor, m->reason, m->at, m->seq };
}

bool
bank_break(struct books *books, int64_t match, int64_t journal,
    struct err *e)
{
	struct bank_broken *one = arena_alloc(books->arena, sizeof *one);
	struct bank_kept *m = &one->kept;
	struct bank_word word;
	bool found;

	if (!bank_match_load(books->db, match, books->arena, m, &found, e))
		return false;
	if (found && by_person(m)) {
		word = word_of(m);
		if (!bank_speak(books, m, &word, e))
			return false;
		one->seq = books->seq;
		one->gone = arena_alloc(books->arena, m->n_items + 1);
		for (size_t i = 0; i < m->n_items; i++)
			one->gone[i] = m->items[i] / BANK_ITEM_ID(1, 0) ==
			    journal;
		one->next = books->bank_broken;
		books->bank_broken = one;
	}
	return bank_part(books, match, NULL, e);
}

/* One entry instead of the other: the same money of the same document. */
static bool
is_instead(struct books *books, int64_t item, int64_t of, bool *yes,
    struct err *e)
{
	static const char SQL[] = "SELECT 1 FROM bank_item a JOIN bank_item b"
	    " ON b.entity = a.entity AND b.account = a.account"
	    " AND b.currency = a.currency AND b.amount = a.amount"
	    " AND b.kind = a.kind AND b.number = a.number"
	    " WHERE a.id = $1 AND b.id = $2 AND a.match = 0";
	struct stmt *s = db_stmt(books->db, SQL);

	stmt_int(s, 1, item);
	stmt_int(s, 2, of);
	return stmt_found(s, yes, e);
}

static bool
is_whole(const struct bank_broken *one)
{
	for (size_t i = 0; i < one->kept.n_items; i++)
		if (one->gone[i])
			return false;
	return true;
}

static bool
join_again(struct books *books, struct bank_broken *one, struct err *e)
{
	const struct bank_kept *m = &one->kept;
	const struct bank_pair pair = { m->rule, m->sure, m->by, m->lines,
		m->items, m->n_lines, m->n_items };
	const struct bank_word word = word_of(m);
	const char *entity, *account;
	enum bank_open open;
	int64_t off;

	if (!bank_look(books->db, &pair, &open, &off, &entity, &account,
	    books->arena, e))
		return false;
	return open != BANK_OPEN || bank_join(books, &pair, entity, account,
	    off, &word, e);
}

bool
bank_mend(struct books *books, int64_t item, struct err *e)
{
	for (struct bank_broken *one = books->bank_broken; one != NULL;
	    one = one->next) {
		bool yes = false;
		size_t i = 0;

		if (one->seq != books->seq || is_whole(one))
			continue;
		for (; i < one->kept.n_items && !yes; i++)
			if (one->gone[i] && !is_instead(books, item,
			    one->kept.items[i], &yes, e))
				return false;
		if (!yes)
			continue;
		one->kept.items[i - 1] = item;
		one->gone[i - 1] = false;
		return !is_whole(one) || join_again(books, one, e);
	}
	return true;
}
