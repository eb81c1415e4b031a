/*
 * The console's copy: whatever changes while one pages through it, by any
 * order and search, forward or back: no row that stays is skipped or met twice,
 * and what is found is what a plain look at every row finds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/arena.h"
#include "ui/cache.h"

#define PATH "ui_cache_test.db"
#define MOST 400

struct one {
	bool there;
	char state[12], source[12], party[24], currency[4];
	int64_t paise;
	int day, sentence;
};

static struct one all[MOST + 1];
static uint32_t seed;

static uint32_t
any(uint32_t n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

static void
must(bool ok, const struct err *e)
{
	if (!ok)
		fail_msg("%s", e->why);
}

static void
change(struct cache *cache, int seq)
{
	static const char *const states[] = { "failed", "held", "conflict" };
	static const char *const sources[] = { "shopify", "Razorpay", "pos" };
	static const char *const currencies[] = { "INR", "USD" };
	struct one *one = &all[seq];
	char key[16], json[900];
	struct wire_change change = { .topic = "event", .key = key };
	struct err e = { 0 };

	*one = (struct one){ .there = any(6) != 0, .paise = any(900),
	    .day = 1 + (int)any(28), .sentence = (int)any(5) };
	snprintf(one->state, sizeof one->state, "%s", states[any(3)]);
	snprintf(one->source, sizeof one->source, "%s", sources[any(3)]);
	snprintf(one->party, sizeof one->party, "%s %d", any(2) ? "Om" :
	    "PATEL", (int)any(20));
	snprintf(one->currency, sizeof one->currency, "%s",
	    currencies[any(2)]);
	snprintf(key, sizeof key, "E%d", seq);
	snprintf(json, sizeof json, "{\"id\":\"E%d\",\"seq\":%d,"
	    "\"version\":1,\"state\":\"%s\",\"source\":\"%s\","
	    "\"received\":\"2026-10-%02dT09:00:00.000Z\","
	    "\"document\":\"IN01/sales_invoice/INV-%d\",\"party\":\"%s\","
	    "\"currency\":\"%s\",\"amount\":\"%d.%02d\",\"findings\":[{"
	    "\"code\":\"x\",\"level\":\"block\",\"fixable\":true,"
	    "\"sentence\":\"Number %d is wrong.\",\"hint\":\"\","
	    "\"signature\":\"s%d\"}]}", seq, seq, one->there ? one->state :
	    "posted", one->source, one->day, seq * 7, one->party,
	    one->currency, (int)(one->paise / 100), (int)(one->paise % 100),
	    one->sentence, one->sentence);
	change.value = span_of(json);
	must(cache_apply(cache, &change, &e), &e);
}

static void
changes(struct cache *cache, int n)
{
	struct err e = { 0 };

	must(cache_begin(cache, &e), &e);
	for (int i = 0; i < n; i++)
		change(cache, 1 + (int)any(MOST));
	must(cache_commit(cache, &e), &e);
}

static int
text_order(const char *a, const char *b)
{
	return strcasecmp(a, b);
}

static int64_t
order(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

static enum cache_sort sorting;

static int64_t
compare(int a, int b)
{
	const struct one *x = &all[a], *y = &all[b];
	int64_t way = 0;
	char one[24], two[24];

	switch (sorting) {
	case SORT_STATE: way = text_order(x->state, y->state); break;
	case SORT_RECEIVED: way = x->day - y->day; break;
	case SORT_SOURCE: way = text_order(x->source, y->source); break;
	case SORT_PARTY: way = text_order(x->party, y->party); break;
	case SORT_AMOUNT:
		way = strcmp(x->currency, y->currency);
		way = way ? way : order(x->paise, y->paise);
		break;
	case SORT_SENTENCE: way = x->sentence - y->sentence; break;
	case SORT_DOCUMENT:
		snprintf(one, sizeof one, "%d", a * 7);
		snprintf(two, sizeof two, "%d", b * 7);
		way = strcmp(one, two);
		break;
	case SORT_SEQ: case SORT_WHO: case CACHE_SORTS: break;
	}
	return way ? way : a - b;
}

static int
by_order(const void *a, const void *b)
{
	int64_t way = compare(*(const int *)a, *(const int *)b);

	return way < 0 ? -1 : way > 0;
}

/* What a search is to find, one by one. */
struct want {
	int least, party;
	const char *match, *signature;
};

static bool
wants(const struct want *want, int seq)
{
	const struct one *one = &all[seq];
	char party[8];

	snprintf(party, sizeof party, "%s", want->party == 1 ? "Om" :
	    want->party == 2 ? "PATEL" : "");
	return one->there && one->paise >= want->least &&
	    strncmp(one->party, party, strlen(party)) == 0 &&
	    (want->signature == NULL || want->signature[1] - '0' ==
	    one->sentence);
}

static bool
wanted(void *ctx, const struct cache_event *ev)
{
	const struct want *want = ctx;
	const char *party = want->party == 1 ? "om" : "patel";

	return ev->value >= want->least * INT64_C(100) && (want->party == 0 ||
	    strncasecmp(ev->party, party, strlen(party)) == 0);
}

static struct cache_search
search_of(struct want *want, bool descending)
{
	struct cache_search out = { .sort = sorting, .wanted = wanted,
	    .descending = descending, .awake = CACHE_ALL, .ctx = want };

	*want = (struct want){ .least = any(2) ? (int)any(900) : 0,
	    .party = (int)any(3), .signature = any(4) ? NULL : "s3" };
	out.signature = want->signature;
	out.match = want->party == 2 ? "\"pat\" AND \"ate\" AND \"tel\"" :
	    NULL;
	out.amounts = want->least > 0;
	out.least = want->least * 100;
	out.most = INT64_MAX;
	return out;
}

/* Pages through all, while rows change; those that never did are met once,
 * in order. */
static void
page(struct cache *cache, enum cache_sort sort, bool descending,
    bool backward, bool moving)
{
	struct arena *arena = arena_new();
	struct want want;
	struct cache_search search;
	struct cache_event rows[40], last;
	struct cache_stretch to = { .backward = backward,
	    .deadline = INT64_MAX, .out = rows };
	static struct one before[MOST + 1];
	static int met[MOST + 1], expect[MOST], got[4 * MOST];
	size_t n = 0, m = 0;

	sorting = sort;
	search = search_of(&want, descending);
	memset(met, 0, sizeof met);
	memcpy(before, all, sizeof before);
	do {
		to.n = 1 + any(39);
		cache_search(cache, arena, &search, &to);
		for (size_t i = 0; i < to.got && n < 4 * MOST; i++)
			got[n++] = (int)rows[i].seq;
		if (!to.end) {
			last = to.last;
			to.from = &last;
			if (moving && any(3) == 0)
				changes(cache, 3);
		}
	} while (!to.end);
	for (int seq = 1; seq <= MOST; seq++)
		if (memcmp(&before[seq], &all[seq], sizeof *all) == 0 &&
		    wants(&want, seq))
			expect[m++] = seq;
	qsort(expect, m, sizeof *expect, by_order);
	for (size_t i = 0, k = 0; i < n || k < m; i++) {
		int seq;

		if (i >= n)
			fail_msg("%d was skipped: sort %d, %d rows", expect[
			    k], (int)sort, (int)n);
		seq = got[i];
		if (memcmp(&before[seq], &all[seq], sizeof *all) != 0)
			continue;	/* it moved on meanwhile */
		if (met[seq]++ > 0)
			fail_msg("%d was met twice", seq);
		if (k >= m || expect[descending != backward ? m - 1 - k :
		    k] != seq)
			fail_msg("%d is out of order: sort %d, row %d of %d",
			    seq, (int)sort, (int)i, (int)m);
		k++;
	}
	arena_free(&arena);
}

static void
test_pages(void **state)
{
	struct cache *cache;
	struct err e = { 0 };

	(void)state;
	unlink(PATH);
	must(cache_open(&cache, PATH, "here", &e), &e);
	seed = 7;
	changes(cache, 900);
	for (int round = 0; round < 300; round++) {
		if (round == 100)
			must(cache_settle(cache, &e), &e);
		page(cache, (enum cache_sort)any(CACHE_SORTS), any(2),
		    any(2), any(2));
		changes(cache, 5);
	}
	cache_close(&cache);
}

static void
test_counts(void **state)
{
	struct cache *cache;
	struct err e = { 0 };
	int64_t n = 0;

	(void)state;
	must(cache_open(&cache, PATH, "here", &e), &e);
	for (int seq = 1; seq <= MOST; seq++)
		n += all[seq].there;
	assert_int_equal(cache_open_count(cache), n);
	changes(cache, 50);
	must(cache_begin(cache, &e), &e);
	change(cache, 1);
	cache_rollback(cache);
	must(cache_begin(cache, &e), &e);
	must(cache_clear(cache, &e), &e);
	must(cache_commit(cache, &e), &e);
	assert_int_equal(cache_open_count(cache), 0);
	cache_close(&cache);
	unlink(PATH);
	unlink(PATH "-wal");
	unlink(PATH "-shm");
}

static void
keep_many(struct cache *cache, const char *kind, const char *format, int from,
    int to)
{
	struct err e = { 0 };
	char key[40];

	must(cache_begin(cache, &e), &e);
	for (int i = from; i < to; i++) {
		snprintf(key, sizeof key, "%s%d", format, i);
		must(cache_keep(cache, kind, key, span_of("{}"), &e), &e);
	}
	must(cache_commit(cache, &e), &e);
}

static bool
kept(struct cache *cache, const char *kind, const char *key)
{
	struct arena *arena = arena_new();
	struct span json;
	bool found = cache_find(cache, arena, kind, key, &json);

	arena_free(&arena);
	return found;
}

/* What was looked at last stays; what there is but one of stays for ever. */
static void
test_oldest_go(void **state)
{
	struct cache *cache;
	struct err e = { 0 };
	char last[40];

	(void)state;
	unlink(PATH);
	must(cache_open(&cache, PATH, "there", &e), &e);
	keep_many(cache, "status", "", 0, 1);
	keep_many(cache, "pages", "receipt/R", 1, 2);
	keep_many(cache, "view", "orders ", 0, CACHE_THINGS + 5);
	keep_many(cache, "view", "receipt/R", 1, CACHE_THINGS + 1);
	keep_many(cache, "sheet", "event/E", 0, CACHE_THINGS);
	assert_true(kept(cache, "sheet", "event/E0"));
	keep_many(cache, "sheet", "event/E", 0, 1);	/* anew: the last */
	keep_many(cache, "sheet", "journal/J", 0, 2);
	assert_true(kept(cache, "sheet", "event/E0"));
	assert_false(kept(cache, "sheet", "event/E1"));
	assert_false(kept(cache, "sheet", "event/E2"));
	assert_true(kept(cache, "sheet", "event/E3"));
	assert_true(kept(cache, "pages", "receipt/R1"));
	keep_many(cache, "view", "receipt/R2 ", 1, 2);
	assert_false(kept(cache, "view", "receipt/R1"));
	assert_false(kept(cache, "pages", "receipt/R1"));
	assert_true(kept(cache, "view", "receipt/R2"));
	snprintf(last, sizeof last, "orders %d", CACHE_THINGS + 4);
	assert_true(kept(cache, "view", "orders 0"));
	assert_true(kept(cache, "view", last));
	assert_true(kept(cache, "status", "0"));
	cache_close(&cache);
	unlink(PATH);
}

/* Who is erased is in no answer that was kept whole. */
static void
test_erased(void **state)
{
	const struct wire_change change = { .topic = "erased", .key = "" };
	struct cache *cache;
	struct err e = { 0 };

	(void)state;
	unlink(PATH);
	must(cache_open(&cache, PATH, "there", &e), &e);
	keep_many(cache, "event", "E", 1, 3);
	keep_many(cache, "sheet", "event/E", 1, 3);
	keep_many(cache, "status", "", 0, 1);
	must(cache_begin(cache, &e), &e);
	must(cache_apply(cache, &change, &e), &e);
	must(cache_commit(cache, &e), &e);
	assert_false(kept(cache, "event", "E1"));
	assert_false(kept(cache, "sheet", "event/E2"));
	assert_true(kept(cache, "status", "0"));
	cache_close(&cache);
	unlink(PATH);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_oldest_go),
		cmocka_unit_test(test_erased),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
