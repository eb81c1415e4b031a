/* The bytes of a mail: no text leaves its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/clock.h"
#include "net/mail.h"
#include "net/send.h"

static struct str out;

static int
setup(void **state)
{
	(void)state;
	str_init(&out, 1 << 20);
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
test_address(void **state)
{
	static const char *const good[] = { "a@b", "cfo@example.in",
	    "first.last+bahi@mail.example.co.in" };
	static const char *const bad[] = { "", "a", "@b", "a@", "a@b@c",
	    "a b@c.in", "<a@b.in>", "a@b.in>", "a@b.in\r\nRCPT TO:<x@y>",
	    "a@b.in\n", "\"a\"@b.in", "a@[127.0.0.1]", "a,b@c.in",
	    "-oQ@b.in", "\xe0\xa4\xa8@b.in" };

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(mail_address(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(mail_address(bad[i]));
}

static void
test_headers(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "Plain", "S: Plain\r\n" },
		{ "a\r\nBcc: x@y.in", "S: =?UTF-8?B?YQ0KQmNjOiB4QHkuaW4=?="
		    "\r\n" },
		{ "=?UTF-8?Q?x?=", "S: =?UTF-8?B?PT9VVEYtOD9RP3g/PQ==?=\r\n" },
		{ "\xe0\xa4\xa8", "S: =?UTF-8?B?4KSo?=\r\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		str_clear(&out);
		mail_header("S", cases[i].text, &out);
		assert_string_equal(out.p, cases[i].want);
	}
}

/* Thirteen characters of three bytes to a word, never a part of one. */
static void
test_long_header(void **state)
{
	char text[3 * 40 + 1] = "";
	const char *line;
	int lines = 0;

	(void)state;
	for (int i = 0; i < 40; i++)
		memcpy(text + i * 3, "\xe0\xa4\xa8", 4);
	mail_header("Subject", text, &out);
	for (line = out.p; *line != '\0'; lines++) {
		size_t n = strcspn(line, "\r");

		assert_true(n <= 76);
		assert_int_equal(strncmp(line + n, "\r\n", 2), 0);
		if (lines > 0)
			assert_int_equal(strncmp(line, " =?UTF-8?B?4KSo", 15),
			    0);
		line += n + 2;
	}
	assert_int_equal(lines, 4);
}

static void
test_whole(void **state)
{
	struct mail mail = { .from = "bahi@books.in", .to = "cfo@b.in",
	    .message = "alert-1", .title = "T", .body = "a = b \n.\n\n"
	    "\xe0\xa4\xa8\n" };

	(void)state;
	assert_true(clock_parse(SPAN("2026-10-05T20:00:00Z"), &mail.at));
	mail_write(&mail, &out);
	assert_string_equal(out.p, "From: bahi <bahi@books.in>\r\n"
	    "To: <cfo@b.in>\r\nSubject: T\r\n"
	    "Date: Tue, 06 Oct 2026 01:30:00 +0530\r\n"
	    "Message-ID: <alert-1@books.in>\r\n"
	    "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
	    "a =3D b=20\r\n.\r\n\r\n=E0=A4=A8\r\n");
}

static void
test_long_line(void **state)
{
	struct mail mail = { .from = "a@b.in", .to = "a@b.in",
	    .message = "m", .title = "T" };
	char body[402];
	const char *line;

	(void)state;
	memset(body, '=', 400);
	memcpy(body + 400, "\n", 2);
	mail.body = body;
	mail_write(&mail, &out);
	for (line = out.p; *line != '\0'; line += strcspn(line, "\n") + 1)
		assert_true(strcspn(line, "\r") <= 76);
}

static void
test_sign(void **state)
{
	(void)state;
	/* The example of the Standard Webhooks specification. */
	assert_true(send_sign(SPAN("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
	    "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330",
	    SPAN("{\"test\": 2432232314}"), &out));
	assert_string_equal(out.p,
	    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
	assert_false(send_sign(SPAN("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "m",
	    "1", SPAN(""), &out));
	assert_false(send_sign(SPAN("whsec_c2hvcnQ="), "m", "1", SPAN(""),
	    &out));
}

/* A host that only begins like this machine is somewhere else. */
static void
only_this_machine_is_spoken_to_in_clear(void **state)
{
	static const struct {
		const char *url;
		bool ok;
	} rows[] = {
		{ "http://127.0.0.1:8080/hook", true },
		{ "http://localhost/hook", true },
		{ "http://[::1]/hook", true },
		{ "https://alerts.example/hook", true },
		{ "http://alerts.example/hook", false },
		{ "http://127.evil.example/hook", false },
		{ "http://127.0.0.1.evil.example/hook", false },
		{ "http://localhost.evil.example/hook", false },
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct err e = { 0 };
		const char *origin;

		assert_int_equal(send_judge(rows[i].url, SEND_HOOK, arena,
		    &origin, &e), rows[i].ok);
	}
	arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_this_machine_is_spoken_to_in_clear),
		cmocka_unit_test(test_address),
		cmocka_unit_test_setup_teardown(test_headers, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_long_header, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(test_long_line, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_sign, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
