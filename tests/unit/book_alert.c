/* What people are told of the system: sentences, digests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "book/alert.h"
#include "core/clock.h"

static struct str out;

static int64_t
at(const char *text)
{
	int64_t time;

	assert_true(clock_parse(span_of(text), &time));
	return time;
}

static int
setup(void **state)
{
	(void)state;
	str_init(&out, 65536);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	str_free(&out);
	return 0;
}

static void
test_table(void **state)
{
	enum alert_code code;

	(void)state;
	for (int i = 0; i < ALERT_CODES; i++) {
		const struct alert_info *info = alert_info(
		    (enum alert_code)i);

		assert_true(alert_find(info->name, &code));
		assert_int_equal(code, i);
		assert_non_null(strstr(info->what, "%1$s"));
		assert_non_null(strstr(info->what, "%2$s"));
		assert_true(info->hint[0] != '\0');
	}
	assert_false(alert_find("flow.early", &code));
}

static void
test_signature(void **state)
{
	char a[ALERT_SIGNATURE], b[ALERT_SIGNATURE];

	(void)state;
	alert_signature(ALERT_LATE, "pos", a);
	alert_signature(ALERT_LATE, "pos", b);
	assert_string_equal(a, b);
	assert_int_equal(strlen(a), 16);
	alert_signature(ALERT_AGING, "pos", b);
	assert_string_not_equal(a, b);
	alert_signature(ALERT_LATE, "po", b);
	assert_string_not_equal(a, b);
}

static void
test_sentence(void **state)
{
	const struct alert alert = { .code = ALERT_LATE,
	    .subject = "a%s%2$s\n\x1b[1m", .value = "%1$s%n" };

	(void)state;
	alert_sentence(&alert, &out);
	assert_string_equal(out.p, "The flow a%s%2$s^J^[[1m is late; open "
	    "events (the oldest): %1$s%n.");
}

static void
test_single(void **state)
{
	const struct alert alert = { ALERT_DISK, ALERT_RECOVERED, "/books",
	    "9 MiB", at("2026-10-05T08:30:00Z"),
	    at("2026-10-05T09:00:00Z") };

	(void)state;
	alerts_title(&alert, 1, &out);
	assert_string_equal(out.p, "[bahi] Over: The disk of /books is "
	    "nearly full; free: 9 MiB.");
	str_clear(&out);
	alerts_text(&alert, 1, &out);
	assert_non_null(strstr(out.p, "\nSince: 2026-10-05 14:00 IST\n"));
	assert_non_null(strstr(out.p, "\nOver: 2026-10-05 14:30 IST\n"));
	assert_null(strstr(out.p, "What to do"));
	assert_string_equal(alerts_type(&alert, 1), "alert.recovered");
}

static void
test_digest(void **state)
{
	const struct alert alerts[] = {
		{ ALERT_LATE, ALERT_RAISED, "pos", "3", 0, 0 },
		{ ALERT_AGING, ALERT_REPEATED, "pos/failed", "7", 0, 0 },
	};
	struct json j;

	(void)state;
	alerts_title(alerts, 2, &out);
	assert_string_equal(out.p, "[bahi] Alerts: 2");
	str_clear(&out);
	alerts_text(alerts, 2, &out);
	assert_int_equal(strncmp(out.p, "Alert: The flow pos", 19), 0);
	assert_non_null(strstr(out.p, "\n----\n\nStill: Events of pos/failed"
	    " are old"));
	assert_non_null(strstr(out.p, "\nWhat to do: Retry"));
	str_clear(&out);
	json_start(&j, &out);
	alerts_encode(alerts, 2, "alert-1", at("2026-10-05T00:00:00Z"), &j);
	assert_int_equal(strncmp(out.p, "{\"type\":\"alert.digest\","
	    "\"id\":\"alert-1\",\"timestamp\":\"2026-10-05T00:00:00.000Z\"",
	    70), 0);
	assert_non_null(strstr(out.p, "\"event\":\"repeated\""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_signature),
		cmocka_unit_test_setup_teardown(test_sentence, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_single, setup, teardown),
		cmocka_unit_test_setup_teardown(test_digest, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
