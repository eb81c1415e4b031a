/* Bytes of a terminal into keys, however they are cut and whatever is in
 * them; text into ASCII; which theme is chosen. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ui/ascii.h"
#include "ui/input.h"
#include "ui/term.h"
#include "ui/theme.h"

#define LONG_AFTER 10000000

static const struct {
	const char *bytes;
	int keys[6];		/* ended by 0 */
} known[] = {
	{ "a", { 'a' } }, { "\r", { TERM_ENTER } }, { "\n", { TERM_ENTER } },
	{ "\x7f", { TERM_BACKSPACE } }, { "\b", { TERM_BACKSPACE } },
	{ "\033", { TERM_ESCAPE } },
	{ "\033\033", { TERM_ESCAPE, TERM_ESCAPE } },
	{ "\033[A\033OB\033[C", { TERM_UP, TERM_DOWN, TERM_RIGHT } },
	{ "\033[1;2A\033[1;2B", { TERM_SHIFT_UP, TERM_SHIFT_DOWN } },
	{ "\033[5~\033[6~", { TERM_PAGE_UP, TERM_PAGE_DOWN } },
	{ "\033[1~\033[H\033OH", { TERM_HOME, TERM_HOME, TERM_HOME } },
	{ "\033[4~\033[F\033[8~", { TERM_END, TERM_END, TERM_END } },
	{ "\033[3~\033[Z", { TERM_DELETE, TERM_SHIFT_TAB } },
	{ "\033OP\033[11~\033[[A\033[1;5P",
	    { TERM_F1, TERM_F1, TERM_F1, TERM_F1 } },
	{ "\033[15~\033[24~", { TERM_F1 + 4, TERM_F12 } },
	{ "\033g", { TERM_ALT + 'g' } }, { "\033[", { TERM_ALT + '[' } },
	{ "\033O", { TERM_ALT + 'O' } },
	{ "\033[0n", { TERM_SHOWN } },
	{ "\033[<0;9;8M\033[<0;9;8m", { TERM_CLICK } },
	{ "\033[<64;1;1M", { TERM_WHEEL_UP } },
	{ "\xe0\xa4\xb0", { 0x930 } },
	{ "\xff\xc3(\x80z", { '(', 'z' } },
	{ "\033[99;99z\033[?1;2cx", { 'x' } },
	{ "\033[12\033[A", { TERM_UP } },
	{ "\033[200~q\033[A\033[201~q", { TERM_PASTED + 'q',
	    TERM_PASTED + ' ', TERM_PASTED + '[', TERM_PASTED + 'A', 'q' } },
	{ "\033[200~\033[0n\033[201~q", { TERM_SHOWN, 'q' } },
	{ "\033[200~\r\t\033[201~", { TERM_PASTED + ' ',
	    TERM_PASTED + ' ' } },
};

/* Bytes come `step` at a time; what is left waits long. */
static void
play(const char *bytes, size_t step, const int *keys)
{
	struct input *in = calloc(1, sizeof *in);
	size_t n = strlen(bytes);
	int64_t now = 1;
	int key;

	for (size_t at = 0; at < n; at += step) {
		size_t some = n - at < step ? n - at : step;

		assert_int_equal(input_add(in, bytes + at, some, ++now),
		    some);
		while ((key = input_key(in, now)) != TERM_NONE)
			assert_int_equal(key, *keys++);
	}
	while ((key = input_key(in, now + LONG_AFTER)) != TERM_NONE)
		assert_int_equal(key, *keys++);
	assert_int_equal(*keys, 0);
	assert_int_equal(in->n, 0);
	free(in);
}

static void
test_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		for (size_t step = 1; step <= 8; step++)
			play(known[i].bytes, step, known[i].keys);
}

static void
test_an_escape_waits_briefly(void **state)
{
	struct input in = { .n = 0 };

	(void)state;
	input_add(&in, "\033", 1, 1000);
	assert_int_equal(input_key(&in, 1000), TERM_NONE);
	assert_in_range(input_wait(&in, 1000), 25, 50);
	assert_int_equal(input_key(&in, 1000 + INPUT_ESCAPE), TERM_ESCAPE);
	assert_int_equal(input_wait(&in, 1000), -1);
}

/* Nothing is kept for ever, and a full buffer takes no more. */
static void
test_noise(void **state)
{
	struct input *in = calloc(1, sizeof *in);
	unsigned char bytes[64];
	uint32_t seed = 1;

	(void)state;
	for (int64_t now = 1; now < 20000; now++) {
		for (size_t i = 0; i < sizeof bytes; i++) {
			seed = seed * 1664525 + 1013904223;
			bytes[i] = (unsigned char)(seed >> 24);
			if (bytes[i] % 7 == 0)
				bytes[i] = bytes[i] % 2 ? 0x1b : '[';
		}
		assert_true(input_add(in, bytes, sizeof bytes, now) <=
		    sizeof bytes);
		for (int left = 8; left > 0 && input_key(in, now) !=
		    TERM_NONE; left--)
			;
		assert_true(in->n <= INPUT_MAX);
	}
	while (input_key(in, LONG_AFTER) != TERM_NONE)
		;
	assert_int_equal(in->n, 0);
	free(in);
}

static void
test_ascii(void **state)
{
	static const char TEXT[] = "Caf\xc3\xa9 \xe2\x82\xb9 "
	    "\xe2\x94\x80\xe2\x94\x82 \xe2\x80\xa6 \xe0\xa4\xb0 "
	    "\xe6\x9d\xb1|";
	char out[64];
	size_t n;

	(void)state;
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
	n = ascii_of(span_of(TEXT), out, sizeof out);
	out[n] = '\0';
	assert_string_equal(out, "Cafe R -| ~ ? ?\?|");
	assert_int_equal(ascii_of(span_of(TEXT), out, 3), 3);
}

static void
test_theme(void **state)
{
	(void)state;
	assert_int_equal(theme_choose("auto", NULL, NULL), THEME_PLAIN);
	assert_int_equal(theme_choose("auto", "", "15;0"), THEME_DARK);
	assert_int_equal(theme_choose("auto", NULL, "0;default;15"),
	    THEME_LIGHT);
	assert_int_equal(theme_choose("auto", NULL, "rubbish"), THEME_PLAIN);
	assert_int_equal(theme_choose("auto", "1", "15;0"), THEME_MONO);
	assert_int_equal(theme_choose("contrast", "1", NULL),
	    THEME_CONTRAST);
	for (int i = 0; i < THEME_COUNT; i++) {
		assert_true(theme_paint((enum theme)i, TONE_BAD)->bold);
		assert_false(theme_paint((enum theme)i, TONE_PLAIN)->bold);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_an_escape_waits_briefly),
		cmocka_unit_test(test_noise),
		cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_theme),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
