/*
 * libFuzzer target of what is shown: text, amounts, days and ages of any
 * bytes. None of it may move a cursor, ring a bell, or turn a line around.
 */
#include "fuzz.h"

#include "core/clock.h"
#include "core/utf8.h"
#include "ui/ascii.h"
#include "ui/split.h"
#include "ui/text.h"
#include "ui/until.h"

static bool
foul(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0x061c ||
	    cp == 0x00ad || cp == 0xfeff || (cp >= 0x200b && cp <= 0x200f) ||
	    (cp >= 0x202a && cp <= 0x202e) || cp == 0x2028 || cp == 0x2029 ||
	    (cp >= 0x2060 && cp <= 0x2069) || (cp >= 0xe0000 &&
	    cp <= 0xe007f) || (cp >= 0xfff9 && cp <= 0xfffb);
}

static void
judge(const char *text)
{
	struct span rest = span_of(text);
	uint32_t cp;
	size_t n;

	must(text != NULL && utf8_valid(rest));
	while ((n = utf8_next(rest, &cp)) > 0) {
		/* joiners make letters of Indic scripts and pictures */
		must(!foul(cp) || cp == 0x200c || cp == 0x200d);
		rest.p += n;
		rest.n -= n;
	}
	must(utf8_width(span_of(text)) >= 0);
}

static void
judge_cut(struct span text)
{
	int used = 0, width;
	bool sure;
	size_t n;

	for (int cells = 0; cells < 12; cells++) {
		n = utf8_fit(text, cells, &used);
		must(n <= text.n && used <= cells);
	}
	while ((n = utf8_cluster(text, &width, &sure)) > 0) {
		must(n <= text.n && width >= 0);
		text.p += n;
		text.n -= n;
	}
}

static void
judge_typed(const char *text, struct arena *arena)
{
	struct split split;
	struct err e = { 0 };
	const char *until;
	int64_t at;

	if (split_line(arena, text, &split, &e))
		must(split.n <= SPLIT_MAX && split.words[split.n] == NULL);
	until = until_read(arena, text, clock_now());
	must(until == NULL || until[0] == '\0' ||
	    clock_parse(span_of(until), &at));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char ascii[200000];
	struct arena *arena = arena_new();
	struct span in = fuzz_span(data, size);
	char *text = fuzz_text(in);
	int64_t at;
	size_t n;

	clock_fix(INT64_C(1790000000000000));
	judge(text_tame(arena, text));
	judge(text_middle(arena, text_tame(arena, text), 20));
	judge(text_state(arena, text));
	judge(text_cut(arena, text, 30));
	judge(text_money(arena, "INR", text));
	judge(text_money(arena, text, "12345.60"));
	judge(text_age(arena, text));
	judge(text_day(arena, text));
	judge(text_month(arena, text));
	judge(text_time(arena, text));
	judge(text_document(arena, text));
	judge(text_mismatch(arena, text));
	judge(text_figures(arena, text));
	judge(text_number(arena, text));
	judge(text_kind(arena, text));
	judge(text_line(arena, text));
	judge(text_percent(arena, text));
	judge(text_duration(arena, text));
	(void)text_micros(text);
	(void)text_moment(text, &at);
	(void)text_plain(arena, text);
	judge_cut(in);
	judge_typed(text, arena);
	n = ascii_of(span_of(text_tame(arena, text)), ascii, sizeof ascii);
	must(n <= sizeof ascii);
	for (size_t i = 0; i < n; i++)
		must(ascii[i] >= 0x20 && ascii[i] < 0x7f);
	free(text);
	arena_free(&arena);
	return 0;
}
