/*
 * Bills are sorted once by what every rule wants equal, so that a group holds
 * one supplier and year; in a group each rule has an index of its own, and
 * what is left over is tried in a bounded number of pairs.
 */
#include "gst/match.h"

#include <stdlib.h>
#include <string.h>

#include "gst/clean.h"
#include "gst/gstin.h"

/* Of one run: what is passed over counts one, a pair that is judged ten. */
#define TRIES_MAX 100000000
#define TRY 10
#define PAN_SIZE 11

/* ---- the rules -------------------------------------------------------- */

struct rule {
	enum match_kind kind;
	enum match_need party, own, number, place, amounts;
	bool heads;		/* each, not their sum */
	bool residual;
};

static const struct rule rules[MATCH_RULES + 1] = {
	[1] = { MATCH_EXACT, MATCH_EQUAL, MATCH_EQUAL, MATCH_EQUAL,
	    MATCH_EQUAL, MATCH_EQUAL, true, false },
	[2] = { MATCH_SUGGESTED, MATCH_EQUAL, MATCH_EQUAL, MATCH_ALIKE,
	    MATCH_EQUAL, MATCH_EQUAL, true, false },
	[3] = { MATCH_SUGGESTED, MATCH_EQUAL, MATCH_EQUAL, MATCH_EQUAL,
	    MATCH_EQUAL, MATCH_NEAR, true, false },
	[4] = { MATCH_SUGGESTED, MATCH_EQUAL, MATCH_EQUAL, MATCH_ALIKE,
	    MATCH_EQUAL, MATCH_NEAR, true, false },
	[5] = { MATCH_MISMATCH, MATCH_EQUAL, MATCH_ANY, MATCH_EQUAL,
	    MATCH_ANY, MATCH_ANY, true, false },
	[6] = { MATCH_MISMATCH, MATCH_EQUAL, MATCH_ANY, MATCH_ALIKE,
	    MATCH_ANY, MATCH_ANY, true, false },
	[7] = { MATCH_MISMATCH, MATCH_EQUAL, MATCH_EQUAL, MATCH_ANY,
	    MATCH_EQUAL, MATCH_NEAR, true, true },
	[8] = { MATCH_MISMATCH, MATCH_PAN, MATCH_EQUAL, MATCH_EQUAL,
	    MATCH_EQUAL, MATCH_NEAR, false, false },
	[9] = { MATCH_MISMATCH, MATCH_PAN, MATCH_EQUAL, MATCH_ALIKE,
	    MATCH_EQUAL, MATCH_NEAR, false, false },
	[10] = { MATCH_MISMATCH, MATCH_PAN, MATCH_ANY, MATCH_ALIKE,
	    MATCH_ANY, MATCH_ANY, false, false },
	[11] = { MATCH_MISMATCH, MATCH_PAN, MATCH_EQUAL, MATCH_ANY,
	    MATCH_EQUAL, MATCH_NEAR, false, true },
};

static const char *const kinds[] = {
	[MATCH_NONE] = "none", [MATCH_EXACT] = "exact",
	[MATCH_SUGGESTED] = "suggested", [MATCH_MISMATCH] = "mismatch",
	[MATCH_MANUAL] = "manual",
};

static const char *const fields[MATCH_FIELDS] = {
	[MATCH_CLASS] = "class", [MATCH_PARTY] = "party",
	[MATCH_YEAR] = "year", [MATCH_OWN] = "own",
	[MATCH_NUMBER] = "number", [MATCH_DATE] = "date",
	[MATCH_PLACE] = "place", [MATCH_REVERSE] = "reverse",
	[MATCH_TAXABLE] = "taxable", [MATCH_CGST] = "cgst",
	[MATCH_SGST] = "sgst", [MATCH_IGST] = "igst",
	[MATCH_GST] = "gst", [MATCH_CESS] = "cess",
};

static const char *const needs[] = {
	[MATCH_ANY] = "any", [MATCH_EQUAL] = "equal",
	[MATCH_ALIKE] = "alike", [MATCH_NEAR] = "near",
	[MATCH_PAN] = "pan",
};

static const char *const classes[BILL_CLASSES] = {
	"b2b", "cdnr", "isd", "impg", "impgsez"
};

enum match_kind
match_kind(int rule)
{
	if (rule == MATCH_BY_HAND)
		return MATCH_MANUAL;
	return rule >= 1 && rule <= MATCH_RULES ? rules[rule].kind :
	    MATCH_NONE;
}

const char *
match_kind_name(enum match_kind kind)
{
	return kinds[kind];
}

const char *
match_field_name(enum match_field field)
{
	return fields[field];
}

const char *
match_need_name(enum match_need need)
{
	return needs[need];
}

const char *
bill_class_name(enum bill_class class)
{
	return classes[class];
}

bool
bill_class_find(const char *name, enum bill_class *out)
{
	for (int i = 0; i < BILL_CLASSES; i++)
		if (strcmp(classes[i], name) == 0) {
			*out = (enum bill_class)i;
			return true;
		}
	return false;
}

/* ---- what a bill is to the rules -------------------------------------- */

void
bill_pan(const char *gstin, char out[PAN_SIZE])
{
	out[0] = '\0';
	if (gstin != NULL && !gstin_pan(gstin, out))
		out[0] = '\0';
}

int64_t
bill_gst(const struct bill *bill)
{
	return bill->tax[GST_IGST] + bill->tax[GST_CGST] +
	    bill->tax[GST_SGST];
}

struct item {
	const struct bill *bill;
	struct bill_number number;
	char pan[PAN_SIZE];
	int year, day;		/* 0: not known */
	size_t at;		/* index of the caller's */
	size_t order;
	size_t next;		/* of the index: itself, or past taken ones */
	bool taken;
};

/* Days since some day; only differences count. */
static int
day_count(struct day day, int *year)
{
	int y, m, d;

	*year = 0;
	if (strlen(day.text) != 10)
		return 0;
	y = (day.text[0] - '0') * 1000 + (day.text[1] - '0') * 100 +
	    (day.text[2] - '0') * 10 + day.text[3] - '0';
	m = (day.text[5] - '0') * 10 + day.text[6] - '0';
	d = (day.text[8] - '0') * 10 + day.text[9] - '0';
	*year = m < 4 ? y - 1 : y;
	/* A year begins in March, so that its odd day is the last. */
	y = m < 3 ? y - 1 : y;
	m = m < 3 ? m + 9 : m - 3;
	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + d;
}

static void
item_read(struct item *item, const struct bill *bill)
{
	item->bill = bill;
	bill_number_read(&item->number, bill->number, bill->date);
	bill_pan(bill->party, item->pan);
	item->day = day_count(bill->date, &item->year);
}

static const char *
text_of(const char *text)
{
	return text != NULL ? text : "";
}

static bool
same_text(const char *a, const char *b)
{
	return strcmp(text_of(a), text_of(b)) == 0;
}

static bool
same_amount(enum match_need need, int64_t a, int64_t b)
{
	int64_t by;

	if (need == MATCH_EQUAL)
		return a == b;
	return need == MATCH_ANY || (!__builtin_sub_overflow(a, b, &by) &&
	    by >= -MATCH_TOLERANCE && by <= MATCH_TOLERANCE);
}

static bool
near_days(const struct item *a, const struct item *b)
{
	return a->day != 0 && b->day != 0 &&
	    abs(a->day - b->day) <= MATCH_DAYS;
}

/* Imports name no supplier and no place: a bill of entry is by number. */
static bool
imports(const struct bill *bill)
{
	return bill->class == BILL_IMPG || bill->class == BILL_IMPGSEZ;
}

/* Does the rule look at dates at all? */
static enum match_need
date_need(const struct rule *rule, const struct bill *bill)
{
	return rule->number == MATCH_ALIKE || (rule->residual &&
	    bill->class != BILL_CDNR) ? MATCH_NEAR : MATCH_ANY;
}

static enum match_need
field_need(const struct rule *rule, enum match_field field,
    const struct bill *bill)
{
	switch (field) {
	case MATCH_CLASS: case MATCH_YEAR: return MATCH_EQUAL;
	case MATCH_PARTY: return rule->party;
	case MATCH_OWN: return rule->own;
	case MATCH_NUMBER: return rule->number;
	case MATCH_DATE: return date_need(rule, bill);
	case MATCH_PLACE: case MATCH_REVERSE:
		return imports(bill) ? MATCH_ANY : rule->place;
	case MATCH_CGST: case MATCH_SGST: case MATCH_IGST:
		return rule->heads ? rule->amounts : MATCH_ANY;
	case MATCH_GST: return rule->heads ? MATCH_ANY : rule->amounts;
	case MATCH_TAXABLE: case MATCH_CESS: return rule->amounts;
	case MATCH_FIELDS: break;
	}
	return MATCH_ANY;
}

static bool
numbers_fit(enum match_need need, const struct item *a, const struct item *b)
{
	return need == MATCH_EQUAL ? bill_number_same(&a->number,
	    &b->number) : bill_number_alike(&a->number, &b->number, NULL) !=
	    BILL_UNLIKE;
}

static bool
parties_fit(enum match_need need, const struct item *a, const struct item *b)
{
	if (need == MATCH_PAN)
		return a->pan[0] != '\0' && !imports(a->bill) &&
		    strcmp(a->pan, b->pan) == 0;
	return same_text(a->bill->party, b->bill->party);
}

static bool
field_fits(enum match_field field, enum match_need need,
    const struct item *a, const struct item *b)
{
	const struct bill *x = a->bill, *y = b->bill;

	if (need == MATCH_ANY)
		return true;
	switch (field) {
	case MATCH_CLASS:
		return x->class == y->class && x->credit == y->credit;
	case MATCH_PARTY: return parties_fit(need, a, b);
	case MATCH_YEAR: return a->year == b->year;
	case MATCH_OWN: return same_text(x->own, y->own);
	case MATCH_NUMBER: return numbers_fit(need, a, b);
	case MATCH_DATE: return near_days(a, b);
	case MATCH_PLACE: return same_text(x->place, y->place);
	case MATCH_REVERSE: return x->reverse_charge == y->reverse_charge;
	case MATCH_TAXABLE: return same_amount(need, x->taxable, y->taxable);
	case MATCH_CGST: return same_amount(need, x->tax[GST_CGST],
	    y->tax[GST_CGST]);
	case MATCH_SGST: return same_amount(need, x->tax[GST_SGST],
	    y->tax[GST_SGST]);
	case MATCH_IGST: return same_amount(need, x->tax[GST_IGST],
	    y->tax[GST_IGST]);
	case MATCH_GST: return same_amount(need, bill_gst(x), bill_gst(y));
	case MATCH_CESS: return same_amount(need, x->tax[GST_CESS],
	    y->tax[GST_CESS]);
	case MATCH_FIELDS: break;
	}
	return false;
}

/* Dear ones last: the number. */
static bool
fits(const struct rule *rule, const struct item *books,
    const struct item *portal)
{
	for (int i = 0; i < MATCH_FIELDS; i++) {
		enum match_field field = (enum match_field)i;

		if (field != MATCH_NUMBER && !field_fits(field,
		    field_need(rule, field, books->bill), books, portal))
			return false;
	}
	return field_fits(MATCH_NUMBER, rule->number, books, portal);
}

void
match_look(int rule, const struct bill *books, const struct bill *portal,
    struct match_look *out)
{
	struct item a = { 0 }, b = { 0 };

	item_read(&a, books);
	item_read(&b, portal);
	out->fits = true;
	for (int i = 0; i < MATCH_FIELDS; i++) {
		enum match_field field = (enum match_field)i;
		enum match_need need = field_need(&rules[rule], field,
		    books);

		out->fields[i].need = need;
		out->fields[i].ok = field_fits(field, need, &a, &b);
		out->fits = out->fits && out->fields[i].ok;
	}
}

/* ---- groups ----------------------------------------------------------- */

struct group {
	struct item **items;
	size_t n;
};

struct run {
	struct matching *m;
	struct group books, portal;
	struct match_part *parted;	/* sorted */
	bool pan;		/* groups are by PAN, not by GSTIN */
	int64_t tries;
};

static int
compare_keys(const struct item *a, const struct item *b, bool pan)
{
	if (a->bill->class != b->bill->class)
		return a->bill->class < b->bill->class ? -1 : 1;
	if (a->bill->credit != b->bill->credit)
		return a->bill->credit ? 1 : -1;
	if (a->year != b->year)
		return a->year < b->year ? -1 : 1;
	return pan ? strcmp(a->pan, b->pan) :
	    strcmp(text_of(a->bill->party), text_of(b->bill->party));
}

/* By date, number, GSTINs and amounts; ids are for what says the same. */
static int
compare_order(const struct item *a, const struct item *b)
{
	int order = strcmp(a->bill->date.text, b->bill->date.text);

	order = order != 0 ? order : strcmp(a->number.plain,
	    b->number.plain);
	order = order != 0 ? order : strcmp(text_of(a->bill->party),
	    text_of(b->bill->party));
	order = order != 0 ? order : strcmp(text_of(a->bill->own),
	    text_of(b->bill->own));
	if (order != 0)
		return order;
	if (a->bill->taxable != b->bill->taxable)
		return a->bill->taxable < b->bill->taxable ? -1 : 1;
	return (a->bill->id > b->bill->id) - (a->bill->id < b->bill->id);
}

static int
by_gstin(const void *a, const void *b)
{
	const struct item *x = *(struct item *const *)a;
	const struct item *y = *(struct item *const *)b;
	int order = compare_keys(x, y, false);

	return order != 0 ? order : compare_order(x, y);
}

static int
by_pan(const void *a, const void *b)
{
	const struct item *x = *(struct item *const *)a;
	const struct item *y = *(struct item *const *)b;
	int order = compare_keys(x, y, true);

	return order != 0 ? order : compare_order(x, y);
}

static int
by_number(const void *a, const void *b)
{
	const struct item *x = *(struct item *const *)a;
	const struct item *y = *(struct item *const *)b;
	int order = strcmp(x->number.plain, y->number.plain);

	return order != 0 ? order : (x->order > y->order) -
	    (x->order < y->order);
}

static int
by_taxable(const void *a, const void *b)
{
	const struct item *x = *(struct item *const *)a;
	const struct item *y = *(struct item *const *)b;

	if (x->bill->taxable != y->bill->taxable)
		return x->bill->taxable < y->bill->taxable ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

static int
by_part(const void *a, const void *b)
{
	const struct match_part *x = a, *y = b;

	if (x->books != y->books)
		return x->books < y->books ? -1 : 1;
	return (x->portal > y->portal) - (x->portal < y->portal);
}

static bool
is_parted(const struct run *run, const struct item *books,
    const struct item *portal)
{
	struct match_part key = { books->bill->id, portal->bill->id };

	return run->m->n_parted > 0 && bsearch(&key, run->parted,
	    run->m->n_parted, sizeof key, by_part) != NULL;
}

static void
drop_taken(struct group *group)
{
	size_t n = 0;

	for (size_t i = 0; i < group->n; i++)
		if (!group->items[i]->taken)
			group->items[n++] = group->items[i];
	group->n = n;
}

/* ---- one rule over one group ------------------------------------------ */

/* The first that is not before, by whichever order they are in. */
static size_t
first_of(const struct group *group, const struct item *probe,
    bool (*before)(const struct item *, const struct item *))
{
	size_t low = 0, high = group->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (before(group->items[mid], probe))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool
number_before(const struct item *item, const struct item *probe)
{
	return strcmp(item->number.plain, probe->number.plain) < 0;
}

static bool
taxable_before(const struct item *item, const struct item *probe)
{
	return item->bill->taxable < probe->bill->taxable;
}

static bool
about_before(const struct item *item, const struct item *probe)
{
	return item->bill->taxable < probe->bill->taxable - MATCH_TOLERANCE;
}

static bool
day_before(const struct item *item, const struct item *probe)
{
	return item->day < probe->day - MATCH_DAYS;
}

static bool
number_past(const struct item *item, const struct item *probe)
{
	return strcmp(item->number.plain, probe->number.plain) > 0;
}

static bool
taxable_past(const struct item *item, const struct item *probe)
{
	return item->bill->taxable > probe->bill->taxable;
}

static bool
about_past(const struct item *item, const struct item *probe)
{
	return item->bill->taxable > probe->bill->taxable + MATCH_TOLERANCE;
}

static bool
day_past(const struct item *item, const struct item *probe)
{
	return item->day > probe->day + MATCH_DAYS;
}

struct index {			/* how a rule comes to its candidates */
	int (*order)(const void *, const void *);
	bool (*before)(const struct item *, const struct item *);
	bool (*past)(const struct item *, const struct item *);
};

static const struct index *
index_of(const struct rule *rule)
{
	static const struct index number = { by_number, number_before,
	    number_past };
	static const struct index taxable = { by_taxable, taxable_before,
	    taxable_past };
	static const struct index about = { by_taxable, about_before,
	    about_past };
	/* As they are: by date. */
	static const struct index day = { NULL, day_before, day_past };

	if (rule->number == MATCH_EQUAL)
		return &number;
	return rule->amounts == MATCH_EQUAL ? &taxable :
	    rule->amounts == MATCH_NEAR ? &about : &day;
}

/* The first from `at` that nobody took; group->n: none. */
static size_t
free_from(const struct group *group, size_t at)
{
	size_t to = at;

	while (to < group->n && group->items[to]->next != to)
		to = group->items[to]->next;
	while (at < group->n && group->items[at]->next != at) {
		size_t next = group->items[at]->next;

		group->items[at]->next = to;
		at = next;
	}
	return to;
}

static struct item *
find_other(struct run *run, const struct rule *rule,
    const struct index *index, const struct group *portal,
    const struct item *books)
{
	struct item *best = NULL;
	size_t i = free_from(portal, first_of(portal, books,
	    index->before));

	for (; i < portal->n && !index->past(portal->items[i], books);
	    i = free_from(portal, i + 1)) {
		struct item *item = portal->items[i];

		run->tries--;
		if (best != NULL && best->order < item->order)
			continue;
		run->tries -= TRY;
		if (run->tries <= 0) {
			run->m->cut = true;
			break;
		}
		if (fits(rule, books, item) && !is_parted(run, books, item))
			best = item;
		/* But there, those that say the same come by order. */
		if (best != NULL && index->before != about_before)
			break;
	}
	return best;
}

static void
pair(struct run *run, struct item *books, struct item *portal, int rule)
{
	books->taken = portal->taken = true;
	portal->next++;
	run->m->of_books[books->at] = (struct match_result){ rule,
	    portal->at, 0 };
	run->m->of_portal[portal->at] = (struct match_result){ rule,
	    books->at, 0 };
}

/* `order` of a group's documents says which comes first. */
static void
apply(struct run *run, int number, struct group *books, struct group *portal)
{
	const struct rule *rule = &rules[number];
	const struct index *index = index_of(rule);

	for (size_t i = 0; i < portal->n; i++)
		portal->items[i]->order = i;
	if (index->order != NULL)
		qsort(portal->items, portal->n, sizeof *portal->items,
		    index->order);
	for (size_t i = 0; i < portal->n; i++)
		portal->items[i]->next = i;
	for (size_t i = 0; i < books->n; i++) {
		struct item *other = find_other(run, rule, index, portal,
		    books->items[i]);

		if (other != NULL)
			pair(run, books->items[i], other, number);
	}
}

/* The n items from `at` that have one key. */
static struct group
group_at(const struct group *all, size_t at, bool pan)
{
	struct group group = { all->items + at, 1 };

	while (at + group.n < all->n && compare_keys(all->items[at],
	    all->items[at + group.n], pan) == 0)
		group.n++;
	return group;
}

static void
stage_rule(struct run *run, int rule)
{
	size_t i = 0, j = 0;

	while (i < run->books.n && j < run->portal.n) {
		struct group books = group_at(&run->books, i, run->pan);
		struct group portal = group_at(&run->portal, j, run->pan);
		int order = compare_keys(books.items[0], portal.items[0],
		    run->pan);

		i += order <= 0 ? books.n : 0;
		j += order >= 0 ? portal.n : 0;
		if (order == 0 && !(run->pan && books.items[0]->pan[0] ==
		    '\0'))
			apply(run, rule, &books, &portal);
	}
}

static void
stage(struct run *run, bool pan)
{
	int (*order)(const void *, const void *) = pan ? by_pan : by_gstin;

	run->pan = pan;
	for (int rule = pan ? 8 : 1; rule <= (pan ? MATCH_RULES : 7);
	    rule++) {
		drop_taken(&run->books);
		drop_taken(&run->portal);
		qsort(run->books.items, run->books.n,
		    sizeof *run->books.items, order);
		qsort(run->portal.items, run->portal.n,
		    sizeof *run->portal.items, order);
		stage_rule(run, rule);
	}
}

/* ---- the same bill twice in books ------------------------------------- */

static void
find_twins(struct run *run, struct item *items)
{
	struct matching *m = run->m;
	struct item **all = run->books.items;
	size_t n = m->n_books, first = 0;

	for (size_t i = 0; i < n; i++)
		all[i] = &items[i];
	qsort(all, n, sizeof *all, by_gstin);
	for (size_t i = 0; i < n; i++)
		all[i]->order = i;
	/* By number within a group: equal ones then stand together. */
	while (first < n) {
		struct group group = group_at(&(struct group){ all, n },
		    first, false);

		qsort(group.items, group.n, sizeof *all, by_number);
		for (size_t i = 1, head = 0; i < group.n; i++) {
			struct item *one = group.items[head];
			struct item *two = group.items[i];

			if (!bill_number_same(&one->number, &two->number)) {
				head = i;
				continue;
			}
			/* The one that has the other side is the bill. */
			if (m->of_books[one->at].rule == 0 &&
			    m->of_books[two->at].rule != 0) {
				group.items[head] = two;
				group.items[i] = one;
				for (size_t k = head + 1; k <= i; k++)
					m->of_books[group.items[k]->at].twin =
					    two->at + 1;
				continue;
			}
			if (m->of_books[two->at].rule == 0)
				m->of_books[two->at].twin = one->at + 1;
		}
		first += group.n;
	}
}

/* ---- all -------------------------------------------------------------- */

static struct item *
read_items(struct arena *arena, const struct bill *bills, size_t n,
    struct group *group)
{
	struct item *items = arena_alloc(arena, (n + 1) * sizeof *items);

	group->items = arena_alloc(arena, (n + 1) * sizeof *group->items);
	group->n = n;
	for (size_t i = 0; i < n; i++) {
		item_read(&items[i], &bills[i]);
		items[i].at = i;
		group->items[i] = &items[i];
	}
	return items;
}

static void
pair_linked(struct run *run, struct item *books, struct item *portal)
{
	for (size_t i = 0; i < run->m->n_books; i++) {
		size_t other = books[i].bill->link;

		if (other > 0 && other <= run->m->n_portal &&
		    !portal[other - 1].taken)
			pair(run, &books[i], &portal[other - 1],
			    MATCH_BY_HAND);
	}
}

void
match_run(struct arena *arena, struct matching *m)
{
	struct run run = { .m = m, .tries = TRIES_MAX };
	struct item *books, *portal;

	m->cut = false;
	m->of_books = arena_alloc(arena, (m->n_books + 1) *
	    sizeof *m->of_books);
	m->of_portal = arena_alloc(arena, (m->n_portal + 1) *
	    sizeof *m->of_portal);
	books = read_items(arena, m->books, m->n_books, &run.books);
	portal = read_items(arena, m->portal, m->n_portal, &run.portal);
	if (m->n_parted > 0) {
		size_t size = m->n_parted * sizeof *run.parted;

		run.parted = arena_alloc(arena, size);
		memcpy(run.parted, m->parted, size);
		qsort(run.parted, m->n_parted, sizeof *run.parted, by_part);
	}
	pair_linked(&run, books, portal);
	stage(&run, false);
	stage(&run, true);
	find_twins(&run, books);
}

/* ---- the nearest ------------------------------------------------------ */

#define FAR 100

static int
distance(const struct item *a, const struct item *b)
{
	const struct bill *x = a->bill, *y = b->bill;
	bool amount = same_amount(MATCH_NEAR, x->taxable, y->taxable);
	int by = 0;

	if (x->class != y->class || x->credit != y->credit ||
	    (!same_text(x->party, y->party) && !parties_fit(MATCH_PAN, a,
	    b)))
		return FAR;
	if (bill_number_same(&a->number, &b->number))
		by = 0;
	else if (bill_number_alike(&a->number, &b->number, NULL) !=
	    BILL_UNLIKE)
		by = 1;
	else if (amount)
		by = 4;
	else
		return FAR;
	by += !same_text(x->party, y->party);
	by += a->year != b->year ? 2 : 0;
	by += amount ? x->taxable != y->taxable : 3;
	by += !near_days(a, b);
	by += !same_text(x->place, y->place);
	return by + (bill_gst(x) != bill_gst(y));
}

size_t
match_nearest(const struct bill *bill, const struct bill *others, size_t n)
{
	struct item a = { 0 }, b = { 0 };
	size_t best = n;
	int least = FAR;

	item_read(&a, bill);
	for (size_t i = 0; i < n; i++) {
		int by;

		item_read(&b, &others[i]);
		by = distance(&a, &b);
		if (by < least) {
			least = by;
			best = i;
		}
	}
	return best;
}
