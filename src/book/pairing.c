/*
 * The rules in their order. What is certain or likely takes its lines and
 * entries away from the rules behind; what may be takes nothing away, and is
 * only looked for where no rule before said anything.
 */
#include "book/pairing_inside.h"

#include <stdlib.h>
#include <string.h>

#define STEPS 20000000		/* of all searching together */
#define SUM_STEPS 20000		/* of one sum */
#define REFERENCE_DAYS 200	/* a reference is used again in time */
#define ALIKE_MAX 20		/* that are counted */
#define BACK_DAYS 31		/* a reversal comes within so many */
#define BACK_STEPS 64		/* to hold two narrations side by side */
#define PAIRS_MAX 1000000

static const char *const rules[PAIR_RULES] = {
	"own", "reference", "references", "lines", "off", "name", "day",
	"amount", "near", "sum", "parts", "reversed", "hand",
};

static const char *const sures[PAIR_SURES] = { "maybe", "likely",
	"certain" };

const char *
pair_rule_name(enum pair_rule rule)
{
	return rules[rule];
}

bool
pair_rule_find(const char *name, enum pair_rule *out)
{
	for (int i = 0; i < PAIR_RULES; i++)
		if (strcmp(rules[i], name) == 0) {
			*out = (enum pair_rule)i;
			return true;
		}
	return false;
}

const char *
pair_sure_name(enum pair_sure sure)
{
	return sures[sure];
}

bool
pair_sure_find(const char *name, enum pair_sure *out)
{
	for (int i = 0; i < PAIR_SURES; i++)
		if (strcmp(sures[i], name) == 0) {
			*out = (enum pair_sure)i;
			return true;
		}
	return false;
}

/* ---- one run ------------------------------------------------------------ */

struct key {
	int64_t amount;
	int32_t day;
	size_t at;
};

struct hits {
	struct named **of;
	size_t n;
};

struct running {
	struct arena *arena;
	struct pairing *p;
	struct naming naming;
	struct hits *hits;		/* of each line */
	bool *line_taken, *item_taken;
	unsigned char *proposed;	/* of each line: how many */
	bool *claimed;			/* of each entry: a reference may be */
	size_t *seen;			/* of each entry: in which look */
	size_t *times;			/* and how often */
	size_t look;
	struct key *lines_by, *items_by;	/* by amount, day, index */
	size_t n_lines_by;		/* without what was said again */
	struct vec pairs;
	int64_t steps;
};

static int32_t
gap(int32_t a, int32_t b)
{
	return a > b ? a - b : b - a;
}

static int64_t
size_of(int64_t amount)
{
	return amount < 0 ? -amount : amount;
}

static size_t *
copy(struct arena *arena, const size_t *at, size_t n)
{
	size_t *out = arena_alloc(arena, (n + 1) * sizeof *out);

	if (n > 0)
		memcpy(out, at, n * sizeof *out);
	return out;
}

/* Of the amounts; they are bounded by what books may hold, many may not be. */
static int64_t
add_up(const struct running *r, const size_t *lines, size_t n_lines,
    const size_t *items, size_t n_items, bool *ok)
{
	int64_t sum = 0;

	*ok = true;
	for (size_t i = 0; i < n_lines; i++)
		*ok = *ok && !__builtin_add_overflow(sum,
		    r->p->lines[lines[i]].amount, &sum);
	for (size_t i = 0; i < n_items; i++)
		*ok = *ok && !__builtin_sub_overflow(sum,
		    r->p->items[items[i]].amount, &sum);
	return sum;
}

struct choice {
	enum pair_rule rule;
	enum pair_sure sure;
	const size_t *lines, *items;
	size_t n_lines, n_items, alike;
	const char *by;
};

static bool
has_room(const struct running *r, const struct choice *c)
{
	for (size_t i = 0; i < c->n_lines; i++)
		if (r->proposed[c->lines[i]] >= PAIR_PROPOSED)
			return false;
	return true;
}

/* Is it open, and money of its own? */
static bool
counts(const struct running *r, size_t line)
{
	return !r->line_taken[line] && !r->p->lines[line].again;
}

static bool
any_again(const struct running *r, const struct choice *c)
{
	for (size_t i = 0; i < c->n_lines; i++)
		if (r->p->lines[c->lines[i]].again)
			return true;
	return false;
}

/* Once steps ran out nobody knows what else would fit; and what the bank says
 * a second time is most likely what was matched the first time. */
static void
say(struct running *r, const struct choice *c)
{
	bool again = any_again(r, c);
	enum pair_sure sure = r->p->cut || again ? PAIR_MAYBE : c->sure;
	struct pair *pair;
	int64_t off;
	bool ok;

	off = add_up(r, c->lines, c->n_lines, c->items, c->n_items, &ok);
	if (!ok || c->n_lines > PAIR_MEMBERS || c->n_items > PAIR_MEMBERS ||
	    (sure == PAIR_MAYBE && !has_room(r, c)))
		return;
	pair = vec_add(&r->pairs);
	if (pair == NULL)
		return;
	*pair = (struct pair){ .rule = c->rule, .sure = sure, .off = off,
	    .lines = copy(r->arena, c->lines, c->n_lines),
	    .n_lines = c->n_lines,
	    .items = copy(r->arena, c->items, c->n_items),
	    .n_items = c->n_items, .alike = again && c->alike == 0 ? 1 :
		c->alike, .by = c->by,
	    .days = gap(r->p->lines[c->lines[0]].day, c->n_items > 0 ?
		r->p->items[c->items[0]].day :
		r->p->lines[c->lines[1]].day) };
	for (size_t i = 0; i < c->n_lines; i++) {
		r->line_taken[c->lines[i]] |= sure != PAIR_MAYBE;
		r->proposed[c->lines[i]]++;
	}
	for (size_t i = 0; i < c->n_items; i++) {
		r->item_taken[c->items[i]] |= sure != PAIR_MAYBE;
		r->claimed[c->items[i]] |= c->rule <= PAIR_OFF && !again;
	}
}

static bool
spend(struct running *r, int64_t steps)
{
	r->steps -= steps;
	if (r->steps >= 0)
		return true;
	r->p->cut = true;
	return false;
}

static bool
same_side(int64_t a, int64_t b)
{
	return (a < 0) == (b < 0);
}

/* ---- by reference ------------------------------------------------------- */

/* The entry that references of the line are of, that `fits` it, and how many
 * do; of several the one that most of them are of, and the nearest of those. */
struct only {
	size_t at, n;
	const char *by;
};

static bool
fits_exactly(const struct pair_line *line, const struct pair_item *item)
{
	return line->amount == item->amount && gap(line->day, item->day) <=
	    REFERENCE_DAYS;
}

static bool
fits_side(const struct pair_line *line, const struct pair_item *item)
{
	return same_side(line->amount, item->amount) && gap(line->day,
	    item->day) <= REFERENCE_DAYS;
}

typedef bool fitting(const struct pair_line *, const struct pair_item *);

/* False: it was there already. */
static bool
meet(struct running *r, size_t item)
{
	bool first = r->seen[item] != r->look;

	r->times[item] = first ? 1 : r->times[item] + 1;
	r->seen[item] = r->look;
	return first;
}

static bool
is_better(const struct running *r, const struct pair_line *line, size_t a,
    size_t b)
{
	return r->times[a] != r->times[b] ? r->times[a] > r->times[b] :
	    gap(line->day, r->p->items[a].day) < gap(line->day,
	    r->p->items[b].day);
}

static struct only
only_item(struct running *r, size_t line, fitting *fits, bool names)
{
	const struct hits *hits = &r->hits[line];
	const struct pair_line *l = &r->p->lines[line];
	struct only out = { .n = 0 };

	r->look++;
	for (size_t h = 0; h < hits->n; h++) {
		const struct named *one = hits->of[h];

		if (one->name != names)
			continue;
		for (size_t i = 0; i < one->items.n && spend(r, 1); i++) {
			size_t item = ((const size_t *)one->items.p)[i];

			if (r->item_taken[item] || !fits(l,
			    &r->p->items[item]))
				continue;
			out.n += meet(r, item);
			if (out.by != NULL && (item == out.at ||
			    !is_better(r, l, item, out.at)))
				continue;
			out.at = item;
			out.by = one->key;
		}
	}
	return out;
}

/* How many lines one of the entry's own references is in, that fit it. */
static size_t
lines_of(struct running *r, size_t line, size_t item, fitting *fits,
    bool names)
{
	const struct hits *hits = &r->hits[line];
	size_t n = 0;

	for (size_t h = 0; h < hits->n; h++) {
		const struct named *one = hits->of[h];

		if (one->name != names)
			continue;
		for (size_t i = 0; i < one->lines.n && n < 2 && spend(r, 1);
		    i++) {
			size_t other = ((const size_t *)one->lines.p)[i];

			if (other != line && counts(r, other) &&
			    fits(&r->p->lines[other], &r->p->items[item]))
				n++;
		}
	}
	return n;
}

static void
by_reference(struct running *r, size_t line)
{
	struct only only = only_item(r, line, fits_exactly, false);

	if (only.n == 0)
		return;
	if (only.n == 1 && lines_of(r, line, only.at, fits_exactly, false) ==
	    0)
		say(r, &(struct choice){ PAIR_REFERENCE, PAIR_CERTAIN, &line,
		    &only.at, 1, 1, 0, only.by });
	else
		say(r, &(struct choice){ PAIR_REFERENCE, PAIR_MAYBE, &line,
		    &only.at, 1, 1, only.n > 1 ? only.n - 1 : 1, only.by });
}

/* All open entries that the line's references name. A name is none. *shared:
 * another line names them, too; *twins: so many of its amount do. */
static void
gather(struct running *r, size_t line, struct vec *out, bool *shared,
    size_t *twins)
{
	const struct hits *hits = &r->hits[line];

	vec_clear(out);
	*shared = false;
	*twins = 0;
	r->look++;
	for (size_t h = 0; h < hits->n; h++) {
		const struct named *one = hits->of[h];

		if (one->name)
			continue;
		for (size_t i = 0; i < one->lines.n && spend(r, 1); i++) {
			size_t other = ((const size_t *)one->lines.p)[i];

			if (other == line || !counts(r, other))
				continue;
			*shared = true;
			*twins += r->p->lines[other].amount ==
			    r->p->lines[line].amount;
		}
		for (size_t i = 0; i < one->items.n && spend(r, 1); i++) {
			size_t item = ((const size_t *)one->items.p)[i], *at;

			if (r->item_taken[item] || !meet(r, item) ||
			    gap(r->p->lines[line].day, r->p->items[item].day) >
			    REFERENCE_DAYS || (at = vec_add(out)) == NULL)
				continue;
			*at = item;
		}
	}
}

static const char *
reference_of(const struct running *r, size_t line)
{
	const struct hits *hits = &r->hits[line];

	for (size_t h = 0; h < hits->n; h++)
		if (!hits->of[h]->name && hits->of[h]->items.n > 0)
			return hits->of[h]->key;
	return NULL;
}

/* A payout is its payments less fees and refunds. */
static void
by_references(struct running *r, size_t line, struct vec *room)
{
	bool shared, ok;
	size_t twins;

	gather(r, line, room, &shared, &twins);
	if (room->n < 2 || add_up(r, &line, 1, room->p, room->n, &ok) != 0 ||
	    !ok)
		return;
	say(r, &(struct choice){ PAIR_REFERENCES, twins > 0 ? PAIR_MAYBE :
	    shared ? PAIR_LIKELY : PAIR_CERTAIN, &line, room->p, 1, room->n,
	    twins, reference_of(r, line) });
}

/* Several deposits of one entry: they bear the same reference, and not one that
 * came round again. */
static void
by_lines(struct running *r, const struct named *one, struct vec *room)
{
	size_t item = 0, open = 0;
	bool ok;

	for (size_t i = 0; i < one->items.n && open < 2; i++)
		if (!r->item_taken[((const size_t *)one->items.p)[i]]) {
			item = ((const size_t *)one->items.p)[i];
			open++;
		}
	vec_clear(room);
	for (size_t i = 0; i < one->lines.n && spend(r, 1); i++) {
		size_t line = ((const size_t *)one->lines.p)[i], *at;

		if (counts(r, line) && gap(r->p->lines[line].day,
		    r->p->items[item].day) <= REFERENCE_DAYS &&
		    (at = vec_add(room)) != NULL)
			*at = line;
	}
	if (open != 1 || room->n < 2 || add_up(r, room->p, room->n, &item, 1,
	    &ok) != 0 || !ok)
		return;
	say(r, &(struct choice){ PAIR_LINES, PAIR_CERTAIN, room->p, &item,
	    room->n, 1, 0, one->key });
}

/* All that the line names, when they come nearer to it than any one of them:
 * three invoices less the tax that the payer kept. */
static bool
by_all_off(struct running *r, size_t line, struct vec *room)
{
	int64_t amount = r->p->lines[line].amount, off;
	bool shared, ok, within;
	size_t twins;

	gather(r, line, room, &shared, &twins);
	off = add_up(r, &line, 1, room->p, room->n, &ok);
	if (room->n < 2 || !ok || size_of(off) >= size_of(amount))
		return false;
	for (size_t i = 0; i < room->n; i++) {
		int64_t one = r->p->items[((const size_t *)room->p)[i]].amount;

		if (!same_side(one, amount) || size_of(amount - one) <=
		    size_of(off))
			return false;
	}
	within = !shared && size_of(off) <= r->p->tolerance;
	say(r, &(struct choice){ PAIR_OFF, within ? PAIR_CERTAIN : PAIR_MAYBE,
	    &line, room->p, 1, room->n, shared, reference_of(r, line) });
	return true;
}

/* The reference says what it is of, the amount is another. */
static void
by_reference_off(struct running *r, size_t line, struct vec *room)
{
	struct only only = only_item(r, line, fits_side, false);
	bool alone, within;

	if (only.n == 0 || (only.n > 1 && by_all_off(r, line, room)))
		return;
	alone = only.n == 1 && lines_of(r, line, only.at, fits_side,
	    false) == 0;
	within = size_of(r->p->lines[line].amount -
	    r->p->items[only.at].amount) <= r->p->tolerance;
	say(r, &(struct choice){ PAIR_OFF, alone && within ? PAIR_CERTAIN :
	    PAIR_MAYBE, &line, &only.at, 1, 1, only.n > 1 ? only.n - 1 :
	    !alone, only.by });
}

/* ---- by amount ---------------------------------------------------------- */

static int
compare(const void *p, const void *q)
{
	const struct key *a = p, *b = q;

	if (a->amount != b->amount)
		return a->amount < b->amount ? -1 : 1;
	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	return (a->at > b->at) - (a->at < b->at);
}

/* The first that is not below. */
static size_t
first(const struct key *keys, size_t n, int64_t amount, int32_t day)
{
	size_t low = 0;

	while (low < n) {
		size_t mid = low + (n - low) / 2;

		if (keys[mid].amount < amount || (keys[mid].amount == amount &&
		    keys[mid].day < day))
			low = mid + 1;
		else
			n = mid;
	}
	return low;
}

/* Those open of one amount within some days: how many, up to ALIKE_MAX, and
 * the nearest. */
struct near {
	size_t n, at;
	int32_t days;
};

static struct near
near_of(struct running *r, const struct key *keys, size_t n,
    const bool *taken, int64_t amount, int32_t day)
{
	int32_t days = r->p->days;
	struct near out = { .n = 0 };

	for (size_t i = first(keys, n, amount, day - days); i < n &&
	    keys[i].amount == amount && keys[i].day <= day + days &&
	    out.n < ALIKE_MAX && spend(r, 1); i++) {
		int32_t apart = gap(keys[i].day, day);

		if (taken[keys[i].at])
			continue;
		if (out.n++ == 0 || apart < out.days) {
			out.at = keys[i].at;
			out.days = apart;
		}
	}
	return out;
}

static struct near
items_near(struct running *r, int64_t amount, int32_t day)
{
	return near_of(r, r->items_by, r->p->n_items, r->item_taken, amount,
	    day);
}

static struct near
lines_near(struct running *r, int64_t amount, int32_t day)
{
	return near_of(r, r->lines_by, r->n_lines_by, r->line_taken, amount,
	    day);
}

static bool
fits_soon(const struct pair_line *line, const struct pair_item *item)
{
	return line->amount == item->amount && gap(line->day, item->day) <=
	    REFERENCE_DAYS / 4;
}

/* Several are of that amount, one of them is of who the narration names. What
 * the reference of another line may be of is not taken away from it. */
static void
by_name(struct running *r, size_t line)
{
	struct only only = only_item(r, line, fits_soon, true);
	bool claimed = only.n == 1 && r->claimed[only.at];

	if (only.n == 1 && lines_of(r, line, only.at, fits_soon, true) == 0)
		say(r, &(struct choice){ PAIR_NAME, claimed ? PAIR_MAYBE :
		    PAIR_LIKELY, &line, &only.at, 1, 1, claimed, only.by });
}

static void
by_amount(struct running *r, size_t line)
{
	const struct pair_line *l = &r->p->lines[line];
	struct near items = items_near(r, l->amount, l->day), lines;
	size_t others;

	if (items.n == 0)
		return;
	lines = lines_near(r, l->amount, r->p->items[items.at].day);
	others = (items.n > lines.n ? items.n : lines.n) - 1;
	if (others == 0 && r->claimed[items.at])
		others = 1;
	say(r, &(struct choice){ items.days == 0 ? PAIR_DAY : PAIR_AMOUNT,
	    others == 0 ? PAIR_LIKELY : PAIR_MAYBE, &line, &items.at, 1, 1,
	    others, NULL });
}

/* Nearly the amount: the nearest of them. */
static void
by_near(struct running *r, size_t line)
{
	const struct pair_line *l = &r->p->lines[line];
	int64_t off = r->p->tolerance, best = INT64_MAX;
	size_t n = 0, at = 0;

	for (size_t i = first(r->items_by, r->p->n_items, l->amount - off,
	    INT32_MIN); i < r->p->n_items && n < ALIKE_MAX && spend(r, 1);
	    i++) {
		const struct key *key = &r->items_by[i];

		if (key->amount > l->amount + off)
			break;
		if (r->item_taken[key->at] || !same_side(key->amount,
		    l->amount) || gap(key->day, l->day) > r->p->days)
			continue;
		n++;
		if (size_of(key->amount - l->amount) >= best)
			continue;
		best = size_of(key->amount - l->amount);
		at = key->at;
	}
	if (n > 0)
		say(r, &(struct choice){ PAIR_NEAR, PAIR_MAYBE, &line, &at,
		    1, 1, n - 1, NULL });
}

static bool
silent(const struct running *r, size_t line)
{
	return !r->line_taken[line] && r->proposed[line] == 0;
}

/* ---- what takes back ---------------------------------------------------- */

struct taken {			/* the line, and how many others are as good */
	size_t at, n;
	enum back_level level;
	const char *by;
};

/* Nothing is proposed of it yet; or it is the nearer one. */
static bool
is_nearer(const struct running *r, size_t line, size_t a, size_t b)
{
	int32_t day = r->p->lines[line].day;

	if (silent(r, a) != silent(r, b))
		return silent(r, a);
	return gap(r->p->lines[a].day, day) < gap(r->p->lines[b].day, day);
}

/* The line that this one takes back, or that takes it back: what fits best,
 * and of those the nearest. */
static struct taken
taken_by(struct running *r, const struct back *backs, size_t line,
    bool later, enum back_level least)
{
	const struct pair_line *l = &r->p->lines[line];
	int32_t from = later ? l->day : l->day - BACK_DAYS;
	struct taken out = { .level = BACK_NONE };

	for (size_t i = first(r->lines_by, r->n_lines_by, -l->amount, from);
	    i < r->n_lines_by && r->lines_by[i].amount == -l->amount &&
	    r->lines_by[i].day <= from + BACK_DAYS && spend(r, BACK_STEPS);
	    i++) {
		size_t other = r->lines_by[i].at;
		size_t a = later ? line : other, b = later ? other : line;
		enum back_level level;
		const char *by;

		if (!counts(r, other) || (r->p->lines[other].day == l->day &&
		    a > b))
			continue;
		level = back_level(r->arena, &r->p->lines[a], &backs[a],
		    &r->p->lines[b], &backs[b], &by);
		if (level == BACK_NONE || level < least ||
		    level < out.level)
			continue;
		out.n = level > out.level ? 1 : out.n + 1;
		if (level > out.level || is_nearer(r, line, other, out.at)) {
			out.at = other;
			out.by = by;
		}
		out.level = level;
	}
	return out;
}

/* Neither is in books: one takes the other back. */
static void
by_reversal(struct running *r, const struct back *backs, size_t line)
{
	struct taken taken = taken_by(r, backs, line, false, BACK_WEAK);
	size_t others, both[2];

	if (taken.n == 0 || !silent(r, taken.at))
		return;
	both[0] = taken.at;
	both[1] = line;
	others = taken.n + taken_by(r, backs, taken.at, true,
	    taken.level).n - 2;
	say(r, &(struct choice){ PAIR_REVERSED, taken.level < BACK_STRONG ||
	    others > 0 ? PAIR_MAYBE : PAIR_LIKELY, both, NULL, 2, 0, others,
	    taken.by });
}

static void
run_reversals(struct running *r)
{
	struct back *backs = arena_alloc(r->arena, (r->p->n_lines + 1) *
	    sizeof *backs);

	for (size_t i = 0; i < r->p->n_lines; i++)
		if (counts(r, i))
			back_read(r->arena, &r->p->lines[i], &backs[i]);
	for (size_t i = 0; i < r->n_lines_by && r->steps > 0; i++)
		if (silent(r, r->lines_by[i].at))
			by_reversal(r, backs, r->lines_by[i].at);
}

/* ---- what adds up ------------------------------------------------------- */

/* The nearest in time of one side that are smaller, with the same sign. */
struct heap {
	size_t at[SUM_OF];
	int64_t amount[SUM_OF];
	int32_t days[SUM_OF];
	size_t n;
};

static void
offer(struct heap *h, size_t at, int64_t amount, int32_t days)
{
	size_t i = h->n < SUM_OF ? h->n++ : SUM_OF;

	if (i == SUM_OF && h->days[SUM_OF - 1] <= days)
		return;
	if (i == SUM_OF)
		i--;
	for (; i > 0 && h->days[i - 1] > days; i--) {
		h->at[i] = h->at[i - 1];
		h->amount[i] = h->amount[i - 1];
		h->days[i] = h->days[i - 1];
	}
	h->at[i] = at;
	h->amount[i] = amount;
	h->days[i] = days;
}

static bool
summand(int64_t amount, int64_t target)
{
	return amount != 0 && same_side(amount, target) &&
	    size_of(amount) < size_of(target);
}

/* By day, so that only the window is walked. */
static size_t
from_day(const struct key *keys, size_t n, int32_t day)
{
	size_t low = 0;

	while (low < n) {
		size_t mid = low + (n - low) / 2;

		if (keys[mid].day < day)
			low = mid + 1;
		else
			n = mid;
	}
	return low;
}

static void
collect(struct running *r, const struct key *by_day, size_t n,
    const bool *taken, int64_t target, int32_t day, struct heap *out)
{
	out->n = 0;
	for (size_t i = from_day(by_day, n, day - r->p->days); i < n &&
	    by_day[i].day <= day + r->p->days && spend(r, 1); i++)
		if (!taken[by_day[i].at] && summand(by_day[i].amount, target))
			offer(out, by_day[i].at, by_day[i].amount,
			    gap(by_day[i].day, day));
}

/* False: nothing adds up, or there were too many to try. */
static bool
add_up_some(struct running *r, const struct heap *heap, int64_t target,
    size_t out[SUM_SIZE], size_t *n, size_t *alike)
{
	int64_t steps = r->steps < SUM_STEPS ? r->steps : SUM_STEPS;
	int64_t given = steps;
	struct sum_found found;

	if (heap->n < 2)
		return false;
	sum_find(heap->amount, heap->n, target, &steps, &found);
	if (!spend(r, given - steps) || found.n == 0)
		return false;
	for (size_t i = 0; i < found.n; i++)
		out[i] = heap->at[found.at[i]];
	*n = found.n;
	*alike = found.solutions > 1 || steps < 0;
	return true;
}

static void
by_sum(struct running *r, size_t line, const struct key *by_day)
{
	const struct pair_line *l = &r->p->lines[line];
	struct heap heap;
	size_t items[SUM_SIZE], n, alike;

	collect(r, by_day, r->p->n_items, r->item_taken, l->amount, l->day,
	    &heap);
	if (add_up_some(r, &heap, l->amount, items, &n, &alike))
		say(r, &(struct choice){ PAIR_SUM, PAIR_MAYBE, &line, items,
		    1, n, alike, NULL });
}

static void
by_parts(struct running *r, size_t item, const struct key *by_day)
{
	const struct pair_item *i = &r->p->items[item];
	struct heap heap;
	size_t lines[SUM_SIZE], n, alike;

	collect(r, by_day, r->n_lines_by, r->line_taken, i->amount, i->day,
	    &heap);
	if (add_up_some(r, &heap, i->amount, lines, &n, &alike))
		say(r, &(struct choice){ PAIR_PARTS, PAIR_MAYBE, lines, &item,
		    n, 1, alike, NULL });
}

/* ---- all of it ---------------------------------------------------------- */

static int
compare_day(const void *p, const void *q)
{
	const struct key *a = p, *b = q;

	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	return (a->at > b->at) - (a->at < b->at);
}

static void
sort(struct key *keys, size_t n, int (*by)(const void *, const void *))
{
	if (n > 1)
		qsort(keys, n, sizeof *keys, by);
}

static void
prepare(struct running *r)
{
	struct pairing *p = r->p;
	struct named *found[HITS_MAX];

	r->lines_by = arena_alloc(r->arena, (p->n_lines + 1) *
	    sizeof *r->lines_by);
	r->items_by = arena_alloc(r->arena, (p->n_items + 1) *
	    sizeof *r->items_by);
	r->hits = arena_alloc(r->arena, (p->n_lines + 1) * sizeof *r->hits);
	r->line_taken = arena_alloc(r->arena, p->n_lines + 1);
	r->item_taken = arena_alloc(r->arena, p->n_items + 1);
	r->proposed = arena_alloc(r->arena, p->n_lines + 1);
	r->claimed = arena_alloc(r->arena, p->n_items + 1);
	r->seen = arena_alloc(r->arena, (p->n_items + 1) * sizeof *r->seen);
	r->times = arena_alloc(r->arena, (p->n_items + 1) *
	    sizeof *r->times);
	for (size_t i = 0; i < p->n_items; i++) {
		naming_add(&r->naming, r->arena, i, &p->items[i]);
		r->items_by[i] = (struct key){ p->items[i].amount,
		    p->items[i].day, i };
	}
	for (size_t i = 0; i < p->n_lines; i++) {
		size_t n = 0;

		for (int t = 0; t < PAIR_TEXTS; t++)
			n = naming_find(&r->naming, i, p->lines[i].texts[t],
			    found, n);
		r->hits[i].n = n;
		r->hits[i].of = arena_alloc(r->arena, (n + 1) *
		    sizeof *found);
		if (n > 0)
			memcpy(r->hits[i].of, found, n * sizeof *found);
		if (!p->lines[i].again)
			r->lines_by[r->n_lines_by++] = (struct key){
			    p->lines[i].amount, p->lines[i].day, i };
	}
	sort(r->lines_by, r->n_lines_by, compare);
	sort(r->items_by, p->n_items, compare);
}

/* Each rule over all lines before the next: what is certain of one line is
 * not to be taken by a weaker rule of another. */
static void
run_references(struct running *r)
{
	struct vec room;

	vec_init(&room, sizeof(size_t), PAIR_MEMBERS);
	for (size_t i = 0; i < r->p->n_lines; i++)
		by_reference(r, i);
	for (size_t i = 0; i < r->p->n_lines; i++)
		if (!r->line_taken[i])
			by_references(r, i, &room);
	for (size_t i = 0; i < r->naming.all.n; i++) {
		const struct named *one = *(struct named **)vec_at(
		    &r->naming.all, i);

		if (!one->name && one->lines.n > 1)
			by_lines(r, one, &room);
	}
	for (size_t i = 0; i < r->p->n_lines; i++)
		if (silent(r, i))
			by_reference_off(r, i, &room);
	vec_free(&room);
}

static void
run_amounts(struct running *r)
{
	for (size_t i = 0; i < r->p->n_lines; i++)
		if (silent(r, i))
			by_name(r, i);
	for (size_t i = 0; i < r->p->n_lines; i++)
		if (silent(r, i))
			by_amount(r, i);
	run_reversals(r);
	for (size_t i = 0; i < r->p->n_lines && r->p->tolerance > 0; i++)
		if (silent(r, i))
			by_near(r, i);
}

static void
run_sums(struct running *r)
{
	sort(r->items_by, r->p->n_items, compare_day);
	sort(r->lines_by, r->n_lines_by, compare_day);
	for (size_t i = 0; i < r->p->n_lines && r->steps > 0; i++)
		if (silent(r, i))
			by_sum(r, i, r->items_by);
	for (size_t i = 0; i < r->p->n_items && r->steps > 0; i++)
		if (!r->item_taken[i])
			by_parts(r, i, r->lines_by);
}

/* In how many of all pairs the most wanted of these is. */
static size_t
wanted(const size_t *uses, const size_t *at, size_t n)
{
	size_t most = 0;

	for (size_t i = 0; i < n; i++)
		if (uses[at[i]] > most)
			most = uses[at[i]];
	return most;
}

/* What may be takes nothing away, so one line or entry may be in several: then
 * others fit as well, and none of them is to be taken without a look. */
static void
note_rivals(struct running *r)
{
	size_t *of_line = arena_alloc(r->arena, (r->p->n_lines + 1) *
	    sizeof *of_line);
	size_t *of_item = arena_alloc(r->arena, (r->p->n_items + 1) *
	    sizeof *of_item);
	struct pair *all = r->pairs.p;

	for (size_t i = 0; i < r->pairs.n; i++) {
		for (size_t k = 0; k < all[i].n_lines; k++)
			of_line[all[i].lines[k]]++;
		for (size_t k = 0; k < all[i].n_items; k++)
			of_item[all[i].items[k]]++;
	}
	for (size_t i = 0; i < r->pairs.n; i++) {
		size_t lines = wanted(of_line, all[i].lines, all[i].n_lines);
		size_t items = wanted(of_item, all[i].items, all[i].n_items);
		size_t others = (lines > items ? lines : items) - 1;

		if (all[i].sure == PAIR_MAYBE && all[i].alike < others)
			all[i].alike = others;
	}
}

void
pairing_run(struct arena *arena, struct pairing *p)
{
	struct running r = { .arena = arena, .p = p, .steps = STEPS };

	p->cut = false;
	vec_init(&r.pairs, sizeof(struct pair), PAIRS_MAX);
	naming_init(&r.naming);
	prepare(&r);
	run_references(&r);
	run_amounts(&r);
	run_sums(&r);
	note_rivals(&r);
	p->n_pairs = r.pairs.n;
	p->pairs = arena_alloc(arena, (r.pairs.n + 1) * sizeof *p->pairs);
	if (r.pairs.n > 0)
		memcpy(p->pairs, r.pairs.p, r.pairs.n * sizeof *p->pairs);
	naming_free(&r.naming);
	vec_free(&r.pairs);
}
