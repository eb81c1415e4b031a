/* What a look makes of one commit: by version, by digest, by its lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flow/drift_act.h"
#include "flow/look.h"

static struct posting_line sent[] = {
	{ .account = "1200", .party = "C1", .amount = 11800 },
	{ .account = "4000", .party = "", .amount = -11800 },
};

static struct posting_line moved[] = {
	{ .account = "1200", .party = "C1", .amount = 11800 },
	{ .account = "4010", .party = "", .amount = -11800 },
};

static struct remote
remote_of(const char *version, struct posting_line *lines)
{
	return (struct remote){ .reference = "bahi-IN01-000000000001",
	    .remote = "V1", .number = "JV/1", .version = version,
	    .state = REMOTE_BOOKED, .date = { "2026-10-05" },
	    .lines = lines, .n_lines = 2, .lined = true };
}

static struct known
known_of(const char *version, const char *held)
{
	return (struct known){ .journal = 1, .entity = "IN01",
	    .state = COMMIT_DONE, .remote = "V1", .number = "JV/1",
	    .version = version, .held = held };
}

static enum drift_kind
judged(const struct known *known, const struct remote *there)
{
	struct remote ours = remote_of("", sent);
	struct side basis = side_of_remote(&ours, "INR");
	struct side side = side_of_remote(there, "INR");

	return look_judge(known, &basis, &side);
}

static void
a_version_that_we_know_needs_no_more(void **state)
{
	struct known known = known_of("7", "");
	struct remote there = remote_of("7", moved);

	(void)state;
	assert_true(look_as_known(&known, &there));
	there.version = "8";
	assert_false(look_as_known(&known, &there));
	there = remote_of("7", sent);
	there.remote = "V2";
	assert_false(look_as_known(&known, &there));
	there = remote_of("7", sent);
	there.state = REMOTE_CANCELLED;
	assert_false(look_as_known(&known, &there));
	/* Who has no versions is compared each time. */
	known = known_of("", "");
	there = remote_of("", sent);
	assert_false(look_as_known(&known, &there));
}

static void
the_same_content_is_no_drift(void **state)
{
	struct known known = known_of("7", "");
	struct remote there = remote_of("8", sent);
	char held[SHA256_HEX];
	struct side side;

	(void)state;
	assert_int_equal(judged(&known, &there), DRIFT_KINDS);
	there = remote_of("8", moved);
	assert_int_equal(judged(&known, &there), DRIFT_CHANGED);
	/* What it held when it took it, in words of its own. */
	side = side_of_remote(&there, "INR");
	side_held(&side, held);
	known = known_of("7", held);
	assert_int_equal(judged(&known, &there), DRIFT_KINDS);
	memcpy(there.date.text, "2026-10-06", 11);
	assert_int_equal(judged(&known, &there), DRIFT_CHANGED);
}

static void
what_counts_for_nothing_is_cancelled(void **state)
{
	struct known known = known_of("7", "");
	struct remote there = remote_of("8", sent);

	(void)state;
	there.state = REMOTE_DRAFT;
	assert_int_equal(judged(&known, &there), DRIFT_CANCELLED);
	there.state = REMOTE_CANCELLED;
	assert_int_equal(judged(&known, &there), DRIFT_CANCELLED);
}

/* Rows: kinds; columns: ours theirs adopt ignore. */
static void
what_may_be_said_of_what(void **state)
{
	static const char *const acts[] = { "ours", "theirs", "adopt",
		"ignore" };
	static const char may[DRIFT_KINDS + 1][5] = {
		[DRIFT_CHANGED] = "yy-y", [DRIFT_MISSING] = "yy-y",
		[DRIFT_CANCELLED] = "yy-y", [DRIFT_DOUBLED] = "---y",
		[DRIFT_UNKNOWN] = "--yy", [DRIFT_CONFLICT] = "y--y",
		[DRIFT_KINDS] = "y-yy",	/* unknown, with our reference */
	};
	const struct adapter able = { .restore = (void *)1 };
	const struct adapter unable = { .name = "x" };

	(void)state;
	for (int kind = 0; kind <= DRIFT_KINDS; kind++)
		for (int i = 0; i < 4; i++) {
			bool own = kind == DRIFT_KINDS;
			const char *why = drift_refuses(acts[i], own ?
			    DRIFT_UNKNOWN : (enum drift_kind)kind, own ||
			    kind != DRIFT_UNKNOWN, &able);

			if ((why == NULL) != (may[kind][i] == 'y'))
				fail_msg("%s of %d: %s", acts[i], kind,
				    why != NULL ? why : "taken");
		}
	assert_non_null(drift_refuses("ours", DRIFT_CHANGED, 1, &unable));
	assert_null(drift_refuses("ours", DRIFT_MISSING, 1, &unable));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_version_that_we_know_needs_no_more),
		cmocka_unit_test(the_same_content_is_no_drift),
		cmocka_unit_test(what_counts_for_nothing_is_cancelled),
		cmocka_unit_test(what_may_be_said_of_what),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
