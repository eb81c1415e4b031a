/*
 * The panes that list open events: what stands in their columns, and how what
 * is typed and sorted by becomes a search of the cache. What narrows it must
 * never lose a row that the filter lets through.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/state.h"
#include "core/clock.h"
#include "core/i18n.h"
#include "core/str.h"
#include "core/utf8.h"
#include "ui/panes.h"
#include "ui/text.h"

#define MATCH_MAX 8192	/* bytes of what is asked of the trigrams */
#define TRIGRAMS 10	/* of one word */

enum cell {
	CELL_EVENT, CELL_STATE, CELL_AGE, CELL_SOURCE, CELL_DOCUMENT,
	CELL_PARTY, CELL_AMOUNT, CELL_CURRENCY, CELL_WHO, CELL_FINDING
};

const struct column events_columns[EVENTS_COLUMNS] = {
	{ N_("Event"), 8, false, false, 0 },
	{ N_("State"), 8, false, false, 5 },
	{ N_("Age"), 4, false, true, 2 },
	{ N_("Source"), 9, false, false, 4 },
	{ N_("Document"), 22, false, false, 3 },
	{ N_("Party"), 12, false, false, 6 },
	{ N_("Amount"), 15, false, true, 0 },
	{ N_("Cur"), 3, false, false, 0 },
	{ N_("Who"), 8, false, false, 4 },
	{ N_("Finding"), 20, true, false, 1 },
};

static void
fill(struct arena *arena, const struct cache_event *ev, struct row *row)
{
	*row = (struct row){ .id = ev->seq, .version = ev->version,
	    .key = "" };
	row->cells[0] = arena_printf(arena, "E%lld", (long long)ev->seq);
	row->cells[1] = text_state(arena, ev->state);
	row->cells[2] = text_age(arena, ev->received);
	row->cells[3] = text_tame(arena, ev->source);
	row->cells[4] = text_document(arena, ev->document);
	row->cells[5] = text_tame(arena, ev->party);
	row->cells[6] = text_money(arena, ev->currency, ev->amount);
	row->cells[7] = text_tame(arena, ev->currency);
	row->cells[8] = text_tame(arena, ev->who);
	row->cells[9] = text_tame(arena, ev->sentence);
	row->place = arena_printf(arena, "%lld %s", (long long)ev->value,
	    ev->key ? ev->key : "");
	row->raw[1] = ev->state;
	row->raw[2] = ev->received;
	row->raw[4] = ev->document;
	row->raw[6] = ev->amount;
}

const char *
view_awake(struct arena *arena)
{
	char now[25];

	clock_format(clock_now(), now);
	return arena_strdup(arena, now);
}

/* ---- what narrows a search --------------------------------------------- */

/* A state may be found by its word in the reader's language, of which the
 * trigrams know nothing. */
static bool
translated(const char *word)
{
	for (int state = 0; state < EVENT_STATES; state++) {
		const char *name = event_state_name((enum event_state)state);
		struct filter_column column = { "", NULL, FILTER_STATE };
		const char *shown = _(name);
		struct filter *filter = NULL;
		struct err e = { 0 };
		bool has = false;

		if (shown == name || strcmp(shown, name) == 0)
			continue;
		if (filter_parse(word, &column, 1, &filter, &e))
			has = filter_match(filter, &name);
		filter_free(&filter);
		if (has)
			return true;
	}
	return false;
}

/* The first three letters; 0: there are not so many. */
static size_t
three(struct span rest, size_t *first)
{
	size_t n = 0;
	uint32_t cp;

	for (int i = 0; i < 3; i++) {
		size_t one = utf8_next(rest, &cp);

		if (one == 0)
			return 0;
		*first = i == 0 ? one : *first;
		rest.p += one;
		rest.n -= one;
		n += one;
	}
	return n;
}

static void
add_three(struct str *out, struct span letters)
{
	str_adds(out, out->n > 0 ? " AND \"" : "\"");
	for (size_t i = 0; i < letters.n; i++) {
		if (letters.p[i] == '"')
			str_addc(out, '"');
		str_addc(out, letters.p[i]);
	}
	str_addc(out, '"');
}

/* "abc" AND "bcd", but only the rarest of them: the lists of those that many
 * rows have are long. False: too short for that. */
static bool
add_word(struct cache *cache, struct str *out, const char *word, size_t size)
{
	struct span rest = { word, size };
	struct str all;
	size_t n, first, many = 0;
	int least = INT_MAX;

	for (; (n = three(rest, &first)) > 0; rest.p += first,
	    rest.n -= first) {
		int common = cache_common(cache, (struct span){ rest.p, n });

		least = common < least ? common : least;
	}
	str_init(&all, MATCH_MAX);
	for (rest = (struct span){ word, size }; many < TRIGRAMS &&
	    (n = three(rest, &first)) > 0; rest.p += first, rest.n -= first) {
		struct span letters = { rest.p, n };

		if (cache_common(cache, letters) > least)
			continue;
		add_three(&all, letters);
		many++;
	}
	if (many > 0)
		str_adds(out, all.p);
	str_free(&all);
	return many > 0;
}

static bool
searchable(const struct filter_term *term, const char *word)
{
	bool digits = word[strspn(word, "0123456789,.")] == '\0';

	return (term->column != FILTER_ANY || !digits ||
	    strchr(word, ',') == NULL) &&
	    ((term->column != FILTER_ANY && term->column != CELL_STATE) ||
	    !translated(word));
}

static bool
add_words(struct cache *cache, struct str *out,
    const struct filter_term *term)
{
	for (size_t i = 0; i < term->n; i++) {
		const char *word = term->words[i];

		str_adds(out, i > 0 ? " OR (" : "(");
		if (!searchable(term, word) ||
		    !add_word(cache, out, word, strlen(word)))
			return false;
		str_addc(out, ')');
	}
	return term->n > 0;
}

/* Letters that must stand in whatever the pattern matches. */
static bool
add_pattern(struct cache *cache, struct str *out, const char *p)
{
	bool any = false;

	if (strpbrk(p, "|(") != NULL)
		return false;
	while (*p != '\0') {
		size_t n = strcspn(p, "\\^$.*+?[]{} \""), keep = n;

		if (n > 0 && p[n] != '\0' && strchr("*?{", p[n]) != NULL)
			for (keep--; keep > 0 && (p[keep] & 0xc0) == 0x80; )
				keep--;
		if (keep >= 3 && utf8_width((struct span){ p, keep }) >= 3) {
			struct str one;
			char word[64];

			str_init(&one, MATCH_MAX);
			keep = keep < 60 ? keep : 60;
			while ((p[keep] & 0xc0) == 0x80)
				keep--;
			snprintf(word, sizeof word, "%.*s", (int)keep, p);
			for (char *c = word; *c != '\0'; c++)
				*c = *c >= 'A' && *c <= 'Z' ? (char)(*c +
				    ('a' - 'A')) : *c;
			if (!translated(word) && add_word(cache, &one, word,
			    strlen(word))) {
				str_adds(out, any ? " AND " : "");
				str_adds(out, one.p);
				any = true;
			}
			str_free(&one);
		}
		p += n;
		if (*p == '[')
			p += strcspn(p + 1, "]") + 1;
		else if (*p == '{')
			p += strcspn(p, "}");
		else if (*p == '\\' && p[1] != '\0')
			return any;
		p += *p != '\0';
	}
	return any;
}

static bool
in_words(const struct filter_term *term)
{
	return term->column != CELL_AGE && term->column != CELL_AMOUNT;
}

static const char *
match_of(struct cache *cache, const struct filter *filter,
    struct arena *arena)
{
	size_t n;
	const struct filter_term *terms = filter_terms(filter, &n);
	struct str all, one;
	const char *out;

	str_init(&all, MATCH_MAX);
	for (size_t i = 0; i < n; i++) {
		const struct filter_term *term = &terms[i];
		bool good;

		if (term->not || !in_words(term) || term->op == FILTER_RANGE)
			continue;
		str_init(&one, MATCH_MAX);
		good = term->op == FILTER_MATCHES ?
		    add_pattern(cache, &one, term->words[0]) :
		    add_words(cache, &one, term);
		if (good && !one.over) {
			str_adds(&all, all.n > 0 ? " AND (" : "(");
			str_adds(&all, one.p);
			str_addc(&all, ')');
		}
		str_free(&one);
	}
	out = all.n > 0 && !all.over ? arena_strdup(arena, all.p) :
	    NULL;
	str_free(&all);
	return out;
}

static const char *
time_text(struct arena *arena, int64_t at)
{
	char out[25];
	const int64_t most = INT64_C(4102444800) * 1000000;	/* 2100 */

	clock_format(at < 0 ? 0 : at > most ? most : at, out);
	return arena_strdup(arena, out);
}

static void
narrow(struct cache_search *search, const struct filter_term *term,
    struct arena *arena)
{
	int64_t least = INT64_MAX, most = INT64_MIN, from, to;

	for (size_t i = 0; i < term->n; i++) {
		filter_times(&term->ranges[i], &from, &to);
		least = from < least ? from : least;
		most = to > most ? to : most;
	}
	if (term->column == CELL_AMOUNT && !search->amounts) {
		search->amounts = true;
		search->least = least;
		search->most = most;
	} else if (term->column == CELL_AGE && !search->times) {
		search->times = true;
		search->since = time_text(arena, least);
		search->until = time_text(arena, most);
	}
}

static bool
wanted(void *ctx, const struct cache_event *ev)
{
	const struct view *view = ctx;
	char id[24];
	const char *values[EVENTS_COLUMNS] = { id, ev->state, ev->received,
	    ev->source, ev->document, ev->party, ev->amount, ev->currency,
	    ev->who, ev->sentence };

	snprintf(id, sizeof id, "E%lld", (long long)ev->seq);
	return filter_match(view->grid.filter, values);
}

static enum cache_sort
sort_of(const struct grid *grid)
{
	static const enum cache_sort sorts[EVENTS_COLUMNS] = {
		SORT_SEQ, SORT_STATE, SORT_RECEIVED, SORT_SOURCE,
		SORT_DOCUMENT, SORT_PARTY, SORT_AMOUNT, SORT_AMOUNT,
		SORT_WHO, SORT_SENTENCE
	};

	return grid->sort < 0 ? SORT_SEQ : sorts[grid->sort];
}

static struct cache_search
search_of(struct view *view, struct arena *arena)
{
	const struct grid *grid = &view->grid;
	const char *key = view->place.key;
	struct cache_search out = { .sort = sort_of(grid), .ctx = view,
	    .signature = key[0] != '\0' ? key : NULL,
	    .awake = view->put_off_too || key[0] != '\0' ? CACHE_ALL :
	    view_awake(arena) };
	const struct filter_term *terms;
	size_t n;

	/* The oldest has the highest age. */
	out.descending = grid->sort >= 0 &&
	    grid->descending != (grid->sort == CELL_AGE);
	if (grid->filter == NULL)
		return out;
	out.wanted = wanted;
	out.match = match_of(view->cache, grid->filter, arena);
	terms = filter_terms(grid->filter, &n);
	for (size_t i = 0; i < n; i++)
		if (!terms[i].not && terms[i].op == FILTER_RANGE)
			narrow(&out, &terms[i], arena);
	return out;
}

/* ---- rows -------------------------------------------------------------- */

static void
place_of(const struct row *row, struct cache_event *out)
{
	char *end;

	*out = (struct cache_event){ .seq = row->id, .key = "" };
	out->value = strtoll(row->place ? row->place : "", &end, 10);
	if (*end == ' ')
		out->key = end + 1;
}

static void
seek(void *ctx, struct arena *arena, struct grid_stretch *stretch)
{
	struct view *view = ctx;
	struct cache_search search = search_of(view, arena);
	struct cache_event from;
	struct cache_stretch to = { .backward = stretch->backward,
	    .deadline = stretch->deadline, .n = stretch->n };

	if (stretch->from != NULL) {
		place_of(stretch->from, &from);
		to.from = &from;
	}
	if (stretch->out != NULL)
		to.out = arena_alloc(arena, (stretch->n + 1) *
		    sizeof *to.out);
	cache_search(view->cache, arena, &search, &to);
	for (size_t i = 0; to.out != NULL && i < to.got; i++)
		fill(arena, &to.out[i], &stretch->out[i]);
	stretch->got = to.got;
	stretch->end = to.end;
	if (!to.end)
		fill(arena, &to.last, &stretch->last);
}

static bool
find(void *ctx, struct arena *arena, const struct row *was, struct row *now)
{
	struct view *view = ctx;
	struct cache_event ev;
	bool found = cache_place(view->cache, arena, sort_of(&view->grid),
	    was->id, &ev);

	if (found)
		fill(arena, &ev, now);
	return found;
}

static size_t
fetch(void *ctx, struct arena *arena, const struct row *anchor,
    bool backward, struct row *out, size_t n)
{
	struct grid_stretch stretch = { .from = anchor, .backward = backward,
	    .deadline = INT64_MAX, .out = out, .n = n };

	seek(ctx, arena, &stretch);
	return stretch.got;
}

void
events_start(struct view *view)
{
	struct grid *grid = &view->grid;

	grid->fetch = fetch;
	grid->seek = seek;
	grid->find = find;
	grid->named[CELL_EVENT].field = "id";
	grid->named[CELL_AGE].field = "received";
	grid->named[CELL_CURRENCY].field = "currency";
	grid->named[CELL_FINDING].field = "sentence";
}

bool
events_open(struct view *view, const struct row *row, struct place *out)
{
	char id[24];

	(void)view;
	snprintf(id, sizeof id, "E%lld", (long long)row->id);
	place_set(out, &pane_event, id, id);
	return true;
}

bool
events_subject(struct view *view, const struct row *row, struct subject *out)
{
	struct arena *arena = arena_new();
	struct cache_event ev;
	bool found = cache_event(view->cache, arena, row->id, &ev);

	/* Another thread brings news; what counts was drawn. */
	*out = (struct subject){ .version = row->version,
	    .kind = found && ev.version == row->version ? SUBJECT_EVENT :
	    SUBJECT_MOVED_ON };
	snprintf(out->event, sizeof out->event, "E%lld", (long long)row->id);
	if (found) {
		snprintf(out->currency, sizeof out->currency, "%s",
		    ev.currency);
		snprintf(out->amount, sizeof out->amount, "%s", ev.amount);
		snprintf(out->signature, sizeof out->signature, "%s",
		    ev.signature);
		out->conflict = strcmp(ev.state, "conflict") == 0;
	}
	arena_free(&arena);
	return found || row->version > 0;
}

bool
events_keyed(struct view *view, const struct row *row, struct subject *out)
{
	struct row of = { .key = "", .version = row->version };
	char *end;

	if (row->key[0] != 'E')
		return false;
	of.id = strtoll(row->key + 1, &end, 10);
	return events_subject(view, &of, out);
}
