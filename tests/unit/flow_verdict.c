/* What a target says becomes the row of a commit; a thousand with one cause
 * are one. */
#include "flow/verdict.h"
#include "own_arena.h"

#define SECOND INT64_C(1000000)
#define NOW (1000 * SECOND)

static struct commit_row
sending(void)
{
	return (struct commit_row){ .target = "erp", .journal = 7,
	    .state = COMMIT_SENDING, .asked = true, .refusal = "",
	    .cause = "", .words = "", .remote = "", .remote_number = "",
	    .remote_version = "", .sent = "", .held = "", .actor = "",
	    .reason = "" };
}

static const struct verdict_limits limits = { .attempts = 3,
	.backoff = 900 * SECOND, .failures = 1, .chance = 123456789 };

static struct commit_row
apply(struct commit_row row, const struct verdict *v,
    const struct verdict_limits *l)
{
	verdict_apply(&row, v, l, NOW, arena);
	assert_true(commit_state_moves(COMMIT_SENDING, row.state));
	assert_int_equal(row.at, NOW);
	return row;
}

static void
done_has_what_it_holds_and_no_words(void **state)
{
	const struct verdict v = { .kind = VERDICT_DONE, .words = "",
	    .remote = "41", .number = "GL/41", .version = "v1",
	    .sent = "aa", .held = "bb" };
	struct commit_row row = sending();

	(void)state;
	row.attempts = 2;
	row.refusal = row.cause = row.words = "old";
	row = apply(row, &v, &limits);
	assert_int_equal(row.state, COMMIT_DONE);
	assert_string_equal(row.remote, "41");
	assert_string_equal(row.remote_number, "GL/41");
	assert_string_equal(row.remote_version, "v1");
	assert_string_equal(row.sent, "aa");
	assert_string_equal(row.held, "bb");
	assert_string_equal(row.words, "");
	assert_string_equal(row.cause, "");
	assert_int_equal(row.attempts, 0);
}

static void
refused_is_for_a_person(void **state)
{
	const struct verdict v = { .kind = VERDICT_REFUSED,
	    .refusal = REFUSAL_PERIOD, .words = "2026-03 is closed" };
	const struct verdict moved = { .kind = VERDICT_CONFLICT,
	    .words = "changed" };
	struct commit_row row = apply(sending(), &v, &limits);

	(void)state;
	assert_int_equal(row.state, COMMIT_FAILED);
	assert_string_equal(row.refusal, "period");
	assert_string_equal(row.words, "2026-03 is closed");
	assert_string_equal(row.cause, "period: # is closed");
	assert_false(row.asked);	/* it has nothing of it */
	row = apply(sending(), &moved, &limits);
	assert_int_equal(row.state, COMMIT_FAILED);
	assert_string_equal(row.refusal, "conflict");
	assert_true(row.asked);		/* what stands there is looked at */
}

/* A draft that did not go, a document that says other things. */
static void
refused_and_there_is_asked_for_again(void **state)
{
	const struct verdict v = { .kind = VERDICT_REFUSED,
	    .refusal = REFUSAL_PERIOD, .words = "no", .remote = "41" };
	struct commit_row row = apply(sending(), &v, &limits);

	(void)state;
	assert_int_equal(row.state, COMMIT_FAILED);
	assert_true(row.asked);
}

static void
away_costs_no_attempt_however_long(void **state)
{
	const struct verdict v = { .kind = VERDICT_AWAY,
	    .refusal = REFUSAL_CONNECTION, .words = "refused", .wait = -1 };
	struct verdict_limits l = limits;
	struct commit_row row = sending();

	(void)state;
	for (unsigned i = 1; i < 100; i++) {
		l.failures = i;
		row.state = COMMIT_SENDING;
		row = apply(row, &v, &l);
		assert_int_equal(row.state, COMMIT_RETRYING);
		assert_int_equal(row.attempts, 0);
		assert_false(row.asked);
		assert_in_range(row.next_at - NOW, 0, 900 * SECOND);
	}
}

static void
it_waits_as_long_as_it_was_asked_to(void **state)
{
	const struct verdict v = { .kind = VERDICT_AWAY,
	    .refusal = REFUSAL_RATE, .words = "", .wait = 3000 * SECOND };
	struct commit_row row = apply(sending(), &v, &limits);

	(void)state;
	assert_int_equal(row.next_at, NOW + 3000 * SECOND);
	assert_string_equal(row.refusal, "rate");
}

static void
unknown_is_asked_for_and_dies_at_last(void **state)
{
	const struct verdict v = { .kind = VERDICT_UNKNOWN,
	    .refusal = REFUSAL_CONNECTION, .words = "timed out",
	    .wait = -1 };
	struct commit_row row = apply(sending(), &v, &limits);

	(void)state;
	assert_int_equal(row.state, COMMIT_RETRYING);
	assert_true(row.asked);
	assert_false(row.apart);
	assert_int_equal(row.attempts, 1);
	assert_in_range(row.next_at, NOW, NOW + SECOND);
	row.state = COMMIT_SENDING;
	row = apply(row, &v, &limits);
	assert_int_equal(row.state, COMMIT_RETRYING);
	assert_in_range(row.next_at, NOW, NOW + 2 * SECOND);
	row.state = COMMIT_SENDING;
	row = apply(row, &v, &limits);
	assert_int_equal(row.state, COMMIT_DEAD);
	assert_int_equal(row.attempts, 3);
	assert_string_equal(row.words, "timed out");
	assert_true(row.asked);
}

static void
unknown_goes_alone_next_time(void **state)
{
	const struct verdict v = { .kind = VERDICT_UNKNOWN, .words = "",
	    .wait = -1 };
	struct verdict_limits l = limits;

	(void)state;
	l.several = true;
	assert_true(apply(sending(), &v, &l).apart);
}

static void
what_cannot_be_asked_for_is_for_a_person_at_once(void **state)
{
	const struct verdict v = { .kind = VERDICT_UNKNOWN, .words = "",
	    .wait = -1 };
	struct verdict_limits l = limits;
	struct commit_row row;

	(void)state;
	l.mute = true;
	row = apply(sending(), &v, &l);
	assert_int_equal(row.state, COMMIT_FAILED);
	assert_string_equal(row.refusal, "connection");
	assert_true(row.asked);
}

static void
together_each_goes_alone_and_at_once(void **state)
{
	const struct verdict v = { .kind = VERDICT_TOGETHER, .words = "",
	    .wait = -1 };
	struct commit_row row = apply(sending(), &v, &limits);

	(void)state;
	assert_int_equal(row.state, COMMIT_RETRYING);
	assert_true(row.apart);
	assert_false(row.asked);
	assert_int_equal(row.attempts, 0);
	assert_int_equal(row.next_at, NOW);
}

static void
what_differs_from_posting_to_posting_is_no_cause(void **state)
{
	static const struct { enum refusal refusal; const char *words, *cause;
	} cases[] = {
		{ REFUSAL_DATA, "line 3 of bahi-IN01-000000000012: 1,180.00",
		    "data: line # of ..: #,#" },
		{ REFUSAL_DATA, "", "data: " },
		{ REFUSAL_NONE, "no", "other: no" },
		{ REFUSAL_PERIOD, "No period for 2026-04-01 (\"FY 26\")",
		    "period: No period for # (\"FY #\")" },
		{ REFUSAL_MAPPING, "account \"4000\" of INV-7 unknown",
		    "mapping: account \"4000\" of # unknown" },
		{ REFUSAL_MAPPING, "account \"bahi-X-000000000001\"",
		    "mapping: account \"..\"" },
	};
	static char long_words[3 * CAUSE_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(verdict_cause(cases[i].refusal,
		    cases[i].words, arena), cases[i].cause);
	for (size_t i = 0; i + 3 < sizeof long_words; i += 3)
		memcpy(long_words + i, "\xe2\x82\xb9", 3);
	/* cut between characters */
	assert_int_equal(strlen(verdict_cause(REFUSAL_DATA, long_words,
	    arena)) % 3, strlen("data: ") % 3);
	assert_true(strlen(verdict_cause(REFUSAL_DATA, long_words, arena)) <=
	    CAUSE_MAX);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, \
	close_arena)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(done_has_what_it_holds_and_no_words),
		TEST(refused_is_for_a_person),
		TEST(refused_and_there_is_asked_for_again),
		TEST(away_costs_no_attempt_however_long),
		TEST(it_waits_as_long_as_it_was_asked_to),
		TEST(unknown_is_asked_for_and_dies_at_last),
		TEST(unknown_goes_alone_next_time),
		TEST(what_cannot_be_asked_for_is_for_a_person_at_once),
		TEST(together_each_goes_alone_and_at_once),
		TEST(what_differs_from_posting_to_posting_is_no_cause),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
