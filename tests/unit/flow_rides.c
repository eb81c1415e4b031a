/*
 * Writes that share the commit of a group of events, on a real pump and store:
 * one that fails takes no event with it and no other write, and what is said
 * of each is what was kept.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "flow/aside.h"
#include "flow/intake.h"
#include "flow/rides.h"
#include "flow/settle.h"
#include "flow/work.h"

static char folder[64], path[80];
static struct pump *pump;

/* What runs on the writer tells who waits for it. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t bell = PTHREAD_COND_INITIALIZER;
static int over;
static bool held;

static int
open_all(void **state)
{
	struct pump_options options = { .store = path,
	    .rules = TOP "/data/rules", .privacy = TOP "/data/privacy",
	    .queue = 100, .group = 100 };
	struct books *books;
	struct err e = { 0 };

	(void)state;
	strcpy(folder, "/tmp/bahi-unit-XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof path, "%s/x.db", folder);
	if (!books_open(&books, path, true, &e))
		return -1;
	books_close(&books);
	over = 0;
	held = false;
	return pump_open(&pump, &options, &e) ? 0 : -1;
}

static int
close_all(void **state)
{
	static const char *const ends[] = { "", "-wal", "-shm", ".lock",
		"-reserve" };
	char name[100];

	(void)state;
	pump_close(&pump);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		snprintf(name, sizeof name, "%s%s", path, ends[i]);
		unlink(name);
	}
	return rmdir(folder);
}

/* ---- the writer, held ------------------------------------------------- */

static bool
hold(struct settler *settler, void *arg)
{
	(void)settler;
	(void)arg;
	pthread_mutex_lock(&lock);
	held = true;
	pthread_cond_broadcast(&bell);
	while (held)
		pthread_cond_wait(&bell, &lock);
	pthread_mutex_unlock(&lock);
	return false;
}

/* What is offered until let_go is one group. */
static void
hold_writer(void)
{
	struct err e = { 0 };

	assert_true(pump_call(pump, hold, NULL, &e));
	pthread_mutex_lock(&lock);
	while (!held)
		pthread_cond_wait(&bell, &lock);
	pthread_mutex_unlock(&lock);
}

static void
let_go(void)
{
	pthread_mutex_lock(&lock);
	held = false;
	pthread_cond_broadcast(&bell);
	pthread_mutex_unlock(&lock);
}

static void
tell(void)
{
	pthread_mutex_lock(&lock);
	over++;
	pthread_cond_broadcast(&bell);
	pthread_mutex_unlock(&lock);
}

static void
await(int n)
{
	pthread_mutex_lock(&lock);
	while (over < n)
		pthread_cond_wait(&bell, &lock);
	pthread_mutex_unlock(&lock);
}

/* ---- what rides ------------------------------------------------------- */

struct writing {
	struct ride ride;
	const char *name;
	bool fails, ok;
	int runs;
};

static bool
write_name(struct books *books, void *arg, struct err *e)
{
	struct writing *w = arg;

	w->runs++;
	if (!audit_add(books, "test", "ride", w->name, "", "", e))
		return false;
	return !w->fails || err_set(e, ERR_STORE, "it fails");
}

static void
note_over(void *arg, bool ok, const struct err *e)
{
	struct writing *w = arg;

	w->ok = ok;
	assert_int_equal(e->code == ERR_NONE, ok);
	tell();
}

static void
ride(struct writing *w)
{
	struct err e = { 0 };

	w->ride = (struct ride){ .write = write_name, .over = note_over,
	    .arg = w };
	assert_true(pump_ride(pump, &w->ride, &e));
}

static void
event_over(struct work *work)
{
	assert_int_equal(work->err.code, ERR_NONE);
	tell();
	work_free(&work);
}

static void
offer(const char *key)
{
	const struct arrival arrival = { .source = "pos", .key = key,
	    .topic = "none", .received = clock_now(),
	    .body = span_of("{}") };
	struct work *work = intake_arrival(pump, &arrival);
	struct err e = { 0 };

	work->done = event_over;
	assert_true(pump_offer(pump, work, &e));
}

static int64_t
count(const char *sql)
{
	struct err e = { 0 };
	struct db *db;
	struct stmt *s;
	int64_t n;

	assert_true(db_open(&db, path, DB_READ, &e));
	s = db_stmt(db, sql);
	assert_int_equal(stmt_step(s, &e), STEP_ROW);
	n = col_int(s, 0);
	stmt_reset(s);
	db_close(&db);
	return n;
}

static int64_t
kept(const char *name)
{
	static const char A[] = "SELECT count(*) FROM audit"
	    " WHERE action = 'ride' AND object = 'a'";
	static const char B[] = "SELECT count(*) FROM audit"
	    " WHERE action = 'ride' AND object = 'b'";

	return count(*name == 'a' ? A : B);
}

static int64_t
events(void)
{
	static const char SQL[] = "SELECT count(*) FROM event";

	return count(SQL);
}

static int64_t
groups(void)
{
	struct pump_figures f;

	pump_figures(pump, &f);
	return f.groups;
}

/* ---- tests ------------------------------------------------------------ */

static void
it_shares_the_commit_of_the_events(void **state)
{
	struct writing a = { .name = "a" };

	(void)state;
	hold_writer();
	offer("1");
	offer("2");
	ride(&a);
	let_go();
	await(3);
	assert_true(a.ok);
	assert_int_equal(a.runs, 1);
	assert_int_equal(groups(), 1);
	assert_int_equal(events(), 2);
	assert_int_equal(kept("a"), 1);
}

static void
alone_it_goes_by_itself(void **state)
{
	struct writing a = { .name = "a" };

	(void)state;
	ride(&a);
	await(1);
	assert_true(a.ok);
	assert_int_equal(kept("a"), 1);
	assert_int_equal(groups(), 0);
}

static void
one_that_fails_takes_nobody_with_it(void **state)
{
	struct writing a = { .name = "a" };
	struct writing b = { .name = "b", .fails = true };

	(void)state;
	hold_writer();
	offer("1");
	ride(&b);
	ride(&a);
	offer("2");
	let_go();
	await(4);
	assert_true(a.ok);
	assert_false(b.ok);
	assert_int_equal(events(), 2);
	assert_int_equal(kept("a"), 1);
	assert_int_equal(kept("b"), 0);
}

static void
what_waits_when_it_drains_is_kept(void **state)
{
	struct writing a = { .name = "a" };
	struct err e = { 0 };

	(void)state;
	hold_writer();
	ride(&a);
	let_go();
	pump_drain(pump);
	assert_true(a.ok);
	assert_int_equal(kept("a"), 1);
	assert_false(pump_ride(pump, &a.ride, &e));
	assert_int_equal(e.code, ERR_BUSY);
}

static bool
fail_once(struct books *books, void *arg, struct err *e)
{
	int *runs = arg;

	(void)books;
	return ++*runs > 1 || err_set(e, ERR_STORE, "the first time");
}

static void
who_joins_waits_for_its_end(void **state)
{
	struct err e = { 0 };
	int runs = 0;

	(void)state;
	/* with a group and then alone: what came of it is the last */
	assert_true(aside_join(pump, fail_once, &runs, &e));
	assert_int_equal(runs, 2);
	assert_int_equal(e.code, ERR_NONE);
}

static int heard;

static void
hear(void *arg)
{
	(void)arg;
	heard++;
}

static void
who_listens_hears_of_each_commit_until_it_ends(void **state)
{
	struct writing a = { .name = "a" }, b = { .name = "b" };

	(void)state;
	heard = 0;
	pump_listen(pump, hear, NULL);
	ride(&a);
	await(1);
	hold_writer();		/* it was told before the next thing */
	assert_true(heard >= 1);
	pump_listen(pump, NULL, NULL);
	heard = 0;
	let_go();
	ride(&b);
	await(2);
	hold_writer();
	assert_int_equal(heard, 0);
	let_go();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_all, close_all)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_shares_the_commit_of_the_events),
		TEST(alone_it_goes_by_itself),
		TEST(one_that_fails_takes_nobody_with_it),
		TEST(what_waits_when_it_drains_is_kept),
		TEST(who_joins_waits_for_its_end),
		TEST(who_listens_hears_of_each_commit_until_it_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
