/* libFuzzer target of what a terminal sends, answers to questions included:
 * the same keys however the bytes were cut, and an end. */
#include "fuzz.h"

#include "core/str.h"
#include "ui/input.h"
#include "ui/term.h"

static void
drain(struct input *in, int64_t now, struct str *out)
{
	int key;

	for (size_t n = 0; (key = input_key(in, now)) != TERM_NONE; n++) {
		must(n <= INPUT_MAX);
		str_addi(out, key);
		str_addc(out, key == TERM_CLICK ? '@' : ' ');
		if (key == TERM_CLICK)
			str_addi(out, in->row);
	}
}

static void
play(struct span bytes, size_t step, struct str *out)
{
	struct input *in = calloc(1, sizeof *in);
	int64_t now = 1;

	must(in != NULL);
	str_init(out, 1 << 20);
	while (bytes.n > 0) {
		size_t n = step < bytes.n ? step : bytes.n;

		n = input_add(in, bytes.p, n, now);
		must(n > 0);	/* nothing ever gets stuck */
		bytes.p += n;
		bytes.n -= n;
		drain(in, now, out);
	}
	now += 10000000;
	drain(in, now, out);
	must(in->n == 0 && input_wait(in, now) == -1);
	free(in);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const size_t steps[] = { 2, 7 };
	struct span in = fuzz_span(data, size);
	struct str by_one, other;

	play(in, 1, &by_one);
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		play(in, steps[i], &other);
		must(span_equal(str_span(&by_one), str_span(&other)));
		str_free(&other);
	}
	str_free(&by_one);
	return 0;
}
