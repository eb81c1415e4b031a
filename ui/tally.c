/*
 * One queue, one thread. What is asked is copied; each answer waits for who
 * has its ticket. A view is built as the console builds it, so that a count is
 * of the same rows that are shown.
 */
#include "ui/tally.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/money.h"
#include "core/clock.h"
#include "ui/text.h"

#define SLICE 20000	/* microseconds until a stop is looked for */
#define CURRENCY 7	/* cell of a list of events */
#define AMOUNT 6
#define RECEIVED 2

struct ask {
	struct ask *next;
	struct arena *arena;
	struct tally_ask of;
	uint64_t ticket;
	atomic_bool dropped;
	bool done;
	struct tally_answer answer;
};

struct tally {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t bell;
	atomic_bool stop;
	struct ask *first;	/* under lock; those that are done, too */
	uint64_t tickets;
	struct cache *cache;
	struct jobs *jobs;
	struct shared *shared;
};

/* ---- sums -------------------------------------------------------------- */

void
tally_add(struct tally_sum *sum, const char *currency, const char *amount)
{
	struct money money;

	sum->n++;
	if (amount == NULL || amount[0] == '\0' || currency == NULL ||
	    !money_parse(span_of(amount), currency, &money))
		return;
	for (size_t i = 0; i < sum->n_sums; i++)
		if (strcmp(sum->sums[i].currency, money.currency) == 0) {
			sum->more |= __builtin_add_overflow(
			    sum->sums[i].minor, money.minor,
			    &sum->sums[i].minor);
			return;
		}
	if (sum->n_sums == TALLY_SUMS) {
		sum->more = true;
		return;
	}
	memcpy(sum->sums[sum->n_sums].currency, money.currency, 4);
	sum->sums[sum->n_sums++].minor = money.minor;
}

const char *
tally_text(struct arena *arena, const struct tally_sum *sum)
{
	const char *out = "";

	for (size_t i = 0; i < sum->n_sums; i++) {
		struct money money = { .minor = sum->sums[i].minor };
		struct str text;

		memcpy(money.currency, sum->sums[i].currency, 4);
		str_init(&text, 64);
		money_grouped(money, &text);
		out = arena_printf(arena, "%s%s%s %s", out, i > 0 ? " + " :
		    "", text.p, money.currency);
		str_free(&text);
	}
	return sum->more ? arena_printf(arena, "%s + ...", out) : out;
}

int
tally_money_column(const struct view *view)
{
	const struct list *list = view->place.pane->list == NULL ? NULL :
	    list_find(view->place.pane->list);

	if (view->grid.columns == events_columns)
		return AMOUNT;
	for (size_t i = 0; list != NULL && i < list_width(list); i++)
		if (list->columns[i].form == FORM_RUPEES ||
		    list->columns[i].form == FORM_MONEY)
			return (int)i;
	return -1;
}

/* Without the commas of a shown one. */
static const char *
plain(const char *text, char out[40])
{
	size_t n = 0;

	for (; *text != '\0' && n < 39; text++)
		if (*text != ',')
			out[n++] = *text;
	out[n] = '\0';
	return out;
}

/* ---- walking ----------------------------------------------------------- */

struct walk {
	struct ask *ask;
	struct view *view;
	struct filter *text[SWEEPS], *within[SWEEPS];
	int money;
	struct map *groups;		/* value -> struct tally_group */
	struct wire_pick *picks;
	size_t n_picks;
};

struct span
tally_key(const struct row *row, char out[24])
{
	if (row->key != NULL && row->key[0] != '\0')
		return span_of(row->key);
	snprintf(out, 24, "%lld", (long long)row->id);
	return span_of(out);
}

static bool
wanted(const struct walk *walk, const struct row *row)
{
	const struct swept *swept = walk->ask->of.swept;
	const char *single;
	char key[24];

	if (swept == NULL)
		return true;
	single = swept->single == NULL ? NULL : map_find(swept->single,
	    tally_key(row, key));
	if (single != NULL)
		return single[0] == 'y';
	for (size_t i = 0; i < swept->n; i++)
		if (row_passes(walk->text[i], row) && row_passes(walk->within[i], row))
			return true;
	return false;
}

static void
add_row(const struct walk *walk, const struct row *row,
    struct tally_sum *sum)
{
	bool events = walk->view->grid.columns == events_columns;
	const char *since = events ? row->raw[RECEIVED] : NULL, *amount;
	char text[40];

	if (walk->money < 0) {
		sum->n++;
	} else {
		amount = row->raw[walk->money] ? row->raw[walk->money] :
		    row->cells[walk->money];
		tally_add(sum, events ? row->cells[CURRENCY] : "INR",
		    amount == NULL ? "" : plain(amount, text));
	}
	if (since != NULL && strlen(since) < sizeof sum->oldest &&
	    (sum->oldest[0] == '\0' || strcmp(since, sum->oldest) < 0))
		memcpy(sum->oldest, since, strlen(since) + 1);
}

static void
add_group(struct walk *walk, const struct row *row)
{
	struct tally_answer *answer = &walk->ask->answer;
	int column = walk->ask->of.column;
	const char *value = row->cells[column], *raw = row->raw[column];
	struct tally_group *group;
	bool day = walk->view->grid.named[column].kind == FILTER_TIME;

	/* Ages are of a day: else each second would be a group. */
	if (day && raw != NULL && strlen(raw) >= 10)
		value = raw = arena_strndup(walk->view->lower,
		    text_time(walk->view->lower, raw), 10);
	value = value == NULL ? "" : value;
	group = map_find(walk->groups, span_of(value));
	if (group == NULL && map_count(walk->groups) == TALLY_GROUPS) {
		answer->cut = true;
		return;
	}
	if (group == NULL) {
		group = calloc(1, sizeof *group);
		if (group == NULL)
			bug("out of memory");
		group->value = strdup(value);
		group->raw = strdup(raw ? raw : value);
		map_set(walk->groups, span_of(value), group);
	}
	add_row(walk, row, &group->sum);
	if (arena_size(walk->view->lower) > 65536)
		arena_reset(walk->view->lower);
}

/* False: there are as many as a plan takes. */
static bool
add_pick(struct walk *walk, const struct row *row)
{
	struct arena *arena = walk->ask->arena;
	struct wire_pick *pick;

	if (row->id <= walk->ask->of.swept->behind)
		return true;
	if (walk->n_picks == TALLY_PICKS) {
		walk->ask->answer.cut = true;
		return false;
	}
	if (walk->picks == NULL)
		walk->picks = arena_alloc(arena, TALLY_PICKS *
		    sizeof *walk->picks);
	pick = &walk->picks[walk->n_picks++];
	pick->id = arena_id(arena, 'E', row->id);
	pick->version = row->version;
	walk->ask->answer.last = row->id;
	return true;
}

static bool
take_row(struct walk *walk, const struct row *row)
{
	if (!wanted(walk, row))
		return true;
	if (walk->ask->of.kind == TALLY_PICK && !add_pick(walk, row))
		return false;
	add_row(walk, row, &walk->ask->answer.sum);
	if (walk->ask->of.kind == TALLY_GROUP)
		add_group(walk, row);
	return true;
}

#define ROWS 256

static void
walk_rows(struct tally *tally, struct walk *walk)
{
	struct row rows[ROWS], *from = NULL;
	struct grid_stretch stretch = { .n = ROWS, .out = rows };
	bool more = true;

	while (more && !stretch.end && !atomic_load(&tally->stop) &&
	    !atomic_load(&walk->ask->dropped)) {
		stretch.from = from;
		stretch.got = 0;
		stretch.deadline = clock_mono() + SLICE;
		grid_reach(&walk->view->grid, &stretch);
		for (size_t i = 0; more && i < stretch.got; i++)
			more = rows[i].key == NULL ||
			    take_row(walk, &rows[i]);
		if (!stretch.end) {
			free(from);
			from = row_copy(&stretch.last);
		}
	}
	free(from);
}

/* ---- asking ------------------------------------------------------------ */

static struct filter *
parse(struct view *view, const char *text)
{
	struct filter_column columns[GRID_CELLS];
	size_t n = grid_columns(&view->grid, columns);
	struct filter *filter = NULL;
	struct err e = { 0 };

	if (text[strspn(text, " \t")] == '\0' ||
	    !filter_parse(text, columns, n, &filter, &e))
		return NULL;
	return filter;
}

static int
by_count(const void *a, const void *b)
{
	const struct tally_group *x = a, *y = b;

	if (x->sum.n != y->sum.n)
		return x->sum.n < y->sum.n ? 1 : -1;
	return strcmp(x->value, y->value);
}

static void
order_groups(struct walk *walk)
{
	struct tally_answer *answer = &walk->ask->answer;
	struct span key;
	void *value;
	size_t at = 0;

	answer->groups = calloc(map_count(walk->groups) + 1,
	    sizeof *answer->groups);
	if (answer->groups == NULL)
		bug("out of memory");
	while (map_next(walk->groups, &at, &key, &value)) {
		answer->groups[answer->n_groups++] =
		    *(struct tally_group *)value;
		free(value);
	}
	qsort(answer->groups, answer->n_groups, sizeof *answer->groups,
	    by_count);
}

static void
plan(struct tally *tally, struct walk *walk)
{
	struct wire_decide decide = *walk->ask->of.decide;

	decide.events = walk->picks;
	decide.n_events = walk->n_picks;
	if (walk->n_picks > 0 && tally->jobs != NULL && !atomic_load(&tally->stop) &&
	    !atomic_load(&walk->ask->dropped))
		jobs_plan(tally->jobs, &decide, walk->ask->of.key);
}

static void
answer(struct tally *tally, struct ask *ask)
{
	struct walk walk = { .ask = ask,
	    .view = view_new(tally->cache, &ask->of.place),
	    .groups = map_new() };
	const struct swept *swept = ask->of.swept;

	walk.view->put_off_too = ask->of.put_off_too;
	view_load(walk.view);
	walk.money = tally_money_column(walk.view);
	for (size_t i = 0; swept != NULL && i < swept->n; i++) {
		walk.text[i] = parse(walk.view, swept->items[i].text);
		walk.within[i] = parse(walk.view, swept->items[i].within);
	}
	grid_filter(&walk.view->grid, parse(walk.view, ask->of.filter));
	walk_rows(tally, &walk);
	order_groups(&walk);
	ask->answer.unread = walk.view->unread;
	if (ask->of.kind == TALLY_PICK)
		plan(tally, &walk);
	for (size_t i = 0; i < SWEEPS; i++) {
		filter_free(&walk.text[i]);
		filter_free(&walk.within[i]);
	}
	map_free(&walk.groups, NULL);
	view_free(&walk.view);
}

/* ---- the queue --------------------------------------------------------- */

static void
ask_free(struct ask *ask)
{
	if (ask->of.swept != NULL) {
		struct map *single = ask->of.swept->single;

		map_free(&single, NULL);
	}
	tally_free(&ask->answer);
	arena_free(&ask->arena);
	free(ask);
}

/* Out of the line; under lock. */
static void
unlink_ask(struct tally *tally, struct ask *ask)
{
	struct ask **at = &tally->first;

	while (*at != ask)
		at = &(*at)->next;
	*at = ask->next;
}

static struct ask *
waiting(struct tally *tally)
{
	struct ask *ask = tally->first;

	while (ask != NULL && ask->done)
		ask = ask->next;
	return ask;
}

static void *
run(void *arg)
{
	struct tally *tally = arg;
	struct ask *ask;

	pthread_mutex_lock(&tally->lock);
	while (!atomic_load(&tally->stop)) {
		ask = waiting(tally);
		if (ask == NULL) {
			pthread_cond_wait(&tally->bell, &tally->lock);
			continue;
		}
		pthread_mutex_unlock(&tally->lock);
		if (!atomic_load(&ask->dropped))
			answer(tally, ask);
		pthread_mutex_lock(&tally->lock);
		ask->done = true;
		if (atomic_load(&ask->dropped)) {
			unlink_ask(tally, ask);
			ask_free(ask);
		} else {
			shared_wake(tally->shared);
		}
	}
	pthread_mutex_unlock(&tally->lock);
	return NULL;
}

bool
tally_start(struct tally **out, const char *cache, const char *place,
    struct shared *shared, struct err *e)
{
	struct tally *tally = calloc(1, sizeof *tally);

	if (tally == NULL)
		bug("out of memory");
	tally->shared = shared;
	if (!cache_open(&tally->cache, cache, place, e)) {
		free(tally);
		return false;
	}
	pthread_mutex_init(&tally->lock, NULL);
	pthread_cond_init(&tally->bell, NULL);
	if (pthread_create(&tally->thread, NULL, run, tally) != 0)
		bug("no thread");
	*out = tally;
	return true;
}

void
tally_stop(struct tally **tp)
{
	struct tally *tally = *tp;

	if (tally == NULL)
		return;
	atomic_store(&tally->stop, true);
	pthread_mutex_lock(&tally->lock);
	pthread_cond_signal(&tally->bell);
	pthread_mutex_unlock(&tally->lock);
	pthread_join(tally->thread, NULL);
	while (tally->first != NULL) {
		struct ask *ask = tally->first;

		tally->first = ask->next;
		ask_free(ask);
	}
	cache_close(&tally->cache);
	pthread_cond_destroy(&tally->bell);
	pthread_mutex_destroy(&tally->lock);
	free(tally);
	*tp = NULL;
}

void
tally_jobs(struct tally *tally, struct jobs *jobs)
{
	tally->jobs = jobs;
}

static struct swept *
copy_swept(struct arena *arena, const struct swept *from)
{
	struct swept *to = arena_alloc(arena, sizeof *to);
	struct span key;
	void *value;
	size_t at = 0;

	*to = *from;
	to->single = map_new();
	while (from->single && map_next(from->single, &at, &key, &value))
		map_set(to->single, key, value);
	return to;
}

static struct wire_decide *
copy_decide(struct arena *arena, const struct wire_decide *from)
{
	struct wire_decide *to = arena_alloc(arena, sizeof *to);

	*to = (struct wire_decide){
	    .action = arena_strdup(arena, from->action),
	    .reason = arena_strdup(arena, from->reason),
	    .with = arena_strdup(arena, from->with) };
	return to;
}

uint64_t
tally_ask(struct tally *tally, const struct tally_ask *what)
{
	struct ask *ask = calloc(1, sizeof *ask), **at = &tally->first;

	if (ask == NULL)
		bug("out of memory");
	ask->arena = arena_new();
	ask->of = *what;
	if (what->swept != NULL)
		ask->of.swept = copy_swept(ask->arena, what->swept);
	if (what->decide != NULL)
		ask->of.decide = copy_decide(ask->arena, what->decide);
	ask->of.key = arena_strdup(ask->arena, what->key);
	pthread_mutex_lock(&tally->lock);
	ask->ticket = ++tally->tickets;
	ask->answer.ticket = ask->ticket;
	while (*at != NULL)
		at = &(*at)->next;
	*at = ask;
	pthread_cond_signal(&tally->bell);
	pthread_mutex_unlock(&tally->lock);
	return ask->ticket;
}

static struct ask *
find(struct tally *tally, uint64_t ticket)
{
	struct ask *ask = tally->first;

	while (ask != NULL && ask->ticket != ticket)
		ask = ask->next;
	return ask;
}

void
tally_drop(struct tally *tally, uint64_t ticket)
{
	struct ask *ask;

	pthread_mutex_lock(&tally->lock);
	ask = find(tally, ticket);
	if (ask != NULL && ask->done) {
		unlink_ask(tally, ask);
		ask_free(ask);
	} else if (ask != NULL) {
		atomic_store(&ask->dropped, true);
	}
	pthread_mutex_unlock(&tally->lock);
}

bool
tally_take(struct tally *tally, uint64_t ticket, struct tally_answer *out)
{
	struct ask *ask;
	bool done;

	pthread_mutex_lock(&tally->lock);
	ask = find(tally, ticket);
	done = ask != NULL && ask->done;
	if (done) {
		unlink_ask(tally, ask);
		*out = ask->answer;
		ask->answer = (struct tally_answer){ 0 };
		ask_free(ask);
	}
	pthread_mutex_unlock(&tally->lock);
	return done;
}

void
tally_free(struct tally_answer *answer)
{
	for (size_t i = 0; i < answer->n_groups; i++) {
		free(answer->groups[i].value);
		free(answer->groups[i].raw);
	}
	free(answer->groups);
	*answer = (struct tally_answer){ 0 };
}
