/*
 * libFuzzer target of what Tally answers: bytes in whichever code, counters,
 * words, exported vouchers. Whatever it is, it is read within limits, the same
 * twice, and what is kept of it is clean text; what we write is read back as it
 * was.
 */
#include "fuzz.h"

#include "core/utf8.h"
#include "targets/list.h"
#include "targets/tally_answer.h"

static void
judge_words(const char *words)
{
	struct span text = span_of(words);

	must(utf8_valid(text) && text.n <= TARGET_WORDS + 4);
	for (size_t i = 0; i < text.n; i++)
		must((unsigned char)words[i] >= ' ');
}

static void
judge_clean(struct span in)
{
	struct str once, twice;

	str_init(&once, 3 * in.n + 1);
	str_init(&twice, 9 * in.n + 1);
	xml_clean(in, &once);
	must(!once.over && utf8_valid(str_span(&once)));
	for (size_t i = 0; i < once.n; i++)
		must((unsigned char)once.p[i] >= ' ' || once.p[i] == '\t' ||
		    once.p[i] == '\n' || once.p[i] == '\r');
	str_free(&once);
	str_free(&twice);
}

static void
judge_voucher(const struct xml_node *node, struct arena *arena)
{
	struct remote remote;
	bool read = tally_voucher_read(node, "INR", arena, &remote);

	judge_words(remote.narration);
	must(*remote.reference == '\0' ||
	    posting_journal(remote.reference) > 0);
	for (size_t i = 0; read && i < remote.n_lines; i++)
		must(remote.lines[i].amount != 0);
	must(!read || remote.date.text[4] == '-');
}

static void
judge_result(const struct xml_node *root, struct arena *arena)
{
	struct tally_result r;

	tally_result_read(root, arena, &r);
	judge_words(r.words);
	judge_words(r.last);
	judge_words(r.number);
	must(r.created >= 0 && r.altered >= 0 && r.errors >= 0 &&
	    r.exceptions >= 0 && r.ignored >= 0);
	must(tally_refusal(r.words) != REFUSAL_NONE);
	(void)tally_is_away(r.words);
}

/* Any text, written as content and as an attribute, is itself again. */
static void
judge_written(const char *text, struct arena *arena)
{
	const char *words = words_of(span_of(text), arena);
	const struct xml_node *root;
	struct err e = { 0 };
	struct str out;

	str_init(&out, 1 << 20);
	str_adds(&out, "<a NAME=\"");
	xml_put(&out, words);
	str_adds(&out, "\">");
	xml_put(&out, words);
	str_adds(&out, "</a>");
	must(xml_read(str_span(&out), arena, &root, &e));
	must(strcmp(root->text, root->title) == 0);
	str_free(&out);
}

static void
judge_values(const char *text)
{
	int64_t minor;
	struct day day;
	char out[9];

	if (tally_amount_read(text, "INR", &minor))
		must(minor < INT64_MAX / 2 && minor > -INT64_MAX / 2);
	if (tally_day_read(text, &day)) {
		tally_day(day, out);
		must(strlen(out) == 8);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = fuzz_span(data, size);
	struct arena *arena = arena_new();
	char *text = fuzz_text(in);
	const struct xml_node *root, *again, *node = NULL;
	struct err e = { 0 }, twice = { 0 };
	bool ok = xml_read(in, arena, &root, &e);

	must(ok == xml_read(in, arena, &again, &twice));
	must(ok == (e.code == ERR_NONE) && strcmp(e.why, twice.why) == 0);
	judge_clean(in);
	judge_written(text, arena);
	judge_values(text);
	if (ok) {
		judge_result(root, arena);
		while ((node = xml_next(tally_rows(root), node, "VOUCHER")) !=
		    NULL)
			judge_voucher(node, arena);
	}
	free(text);
	arena_free(&arena);
	return 0;
}
