/* libFuzzer target of the small values: amounts, rates, days, times, numbers
 * of taxpayers and documents, addresses, patterns, saved arrangements. */
#include "fuzz.h"

#include "book/day.h"
#include "book/money.h"
#include "core/cidr.h"
#include "core/clock.h"
#include "core/rx.h"
#include "core/str.h"
#include "gst/docnumber.h"
#include "gst/gstin.h"
#include "ui/layout.h"
#include "ui/stanza.h"

static void
judge_money(struct span in)
{
	struct money money, back;
	struct str text;
	int64_t rate;

	str_init(&text, 200);
	if (money_parse(in, "INR", &money)) {
		must(money.minor <= MONEY_MAX && money.minor >= -MONEY_MAX);
		money_plain(money, &text);
		must(money_parse(str_span(&text), "INR", &back));
		must(back.minor == money.minor);
	}
	if (money_rate_parse(in, &rate))
		must(rate > 0);
	str_free(&text);
}

static void
judge_times(struct span in)
{
	struct day day, back;
	char text[25];
	int64_t at, again;

	if (day_parse(in, &day))
		must(day_parse(span_of(day.text), &back));
	if (day_from_text(in, &day))
		must(day_parse(span_of(day.text), &back));
	(void)day_moment(in, &at);
	if (clock_parse(in, &at)) {
		clock_format(at, text);
		must(clock_parse(span_of(text), &again));
		must(again <= at && at - again < 1000);
	}
}

static void
judge_numbers(struct span in, const char *text)
{
	struct docnumber number;
	char out[DOCNUMBER_SIZE], gstin[GSTIN_SIZE], part[11];
	struct day day;

	must(day_parse(SPAN("2026-10-05"), &day));
	(void)docnumber_valid(text, 16);
	if (docnumber_fold(text, out))
		must(strlen(out) == strlen(text));
	if (docnumber_split(text, day, &number)) {
		docnumber_join(&number, out);
		must(strcmp(out, text) == 0);
	}
	if (gstin_clean(in, gstin)) {
		must(strlen(gstin) == 15);
		(void)gstin_kind(gstin);
		(void)gstin_pan(gstin, part);
		gstin_state(gstin, part);
		if (gstin_valid(gstin))
			must(gstin_check(gstin) == gstin[14]);
	}
}

static void
judge_patterns(struct span in, const char *text)
{
	struct span subject = in, pattern = fuzz_cut(&subject, '\n');
	unsigned char sender[16];
	struct rx *rx = NULL;
	struct err e = { 0 };

	if (rx_new(&rx, pattern, true, &e))
		(void)rx_match(rx, subject);
	rx_free(&rx);
	(void)cidr_sender(in, sender);
	if (cidr_valid(text))
		(void)cidr_has(text, SPAN("203.0.113.7"));
	(void)cidr_has("10.0.0.0/8 2001:db8::/32", in);
}

static void
judge_arrangement(struct span in, struct arena *arena)
{
	static const struct column columns[] = { { "Event", 8, false, false,
	    0 }, { "Amount", 12, false, true, 1 }, { "Party", 10, true,
	    false, 2 } };
	const char *path = fuzz_file("x", in);
	struct stanzas *stanzas = arena_alloc(arena, sizeof *stanzas);
	struct layout layout;
	struct layout_fit fit;

	stanzas_read(path, arena, stanzas);
	must(stanzas->n <= STANZAS_MAX);
	for (size_t i = 0; i < stanzas->n; i++) {
		const struct stanza *one = &stanzas->items[i];

		must(one->n <= STANZA_PAIRS);
		layout_reset(&layout, 3);
		(void)layout_read(&layout, columns, stanza_value(one,
		    "columns"), stanza_value(one, "sort"));
		layout_fit(&layout, columns, 40, &fit);
		must(fit.n <= 3 && layout.sort >= -1 && layout.sort < 3);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = fuzz_span(data, size);
	struct arena *arena = arena_new();
	char *text = fuzz_text(in);

	judge_money(in);
	judge_times(in);
	judge_numbers(in, text);
	judge_patterns(in, text);
	judge_arrangement(in, arena);
	free(text);
	arena_free(&arena);
	return 0;
}
