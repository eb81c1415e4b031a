/*
 * The one gate from foreign text to the screen, and how amounts and times
 * look. Called by panes and verbs; never draws.
 */
#include "ui/text.h"

#include <inttypes.h>
#include <stdlib.h>

#include "book/day.h"
#include "book/money.h"
#include "book/state.h"
#include "core/clock.h"
#include "core/i18n.h"
#include "core/utf8.h"

#define TAME_MAX ((size_t)16 << 20)
#define LETTER_MOST 128		/* bytes that a letter has at most */
#define MINUTE (INT64_C(60) * 1000000)

const char *
text_cut(struct arena *arena, const char *s, size_t most)
{
	struct str out;
	const char *copy;
	size_t n = 0;
	int width;
	bool sure;

	str_init(&out, TAME_MAX);
	while (s[n] != '\0') {
		size_t letter = utf8_cluster((struct span){ s + n,
		    strnlen(s + n, LETTER_MOST) }, &width, &sure);

		if (n + letter > most)
			break;
		n += letter;
	}
	utf8_tame((struct span){ s, n }, &out);
	copy = arena_strdup(arena, out.p);
	str_free(&out);
	return copy;
}

const char *
text_tame(struct arena *arena, const char *s)
{
	return text_cut(arena, s, TAME_MAX / 8);
}

const char *
text_middle(struct arena *arena, const char *text, int cells)
{
	struct span rest = span_of(text);
	int left = utf8_width(rest) - cells + 1, used;
	size_t head, skip;

	if (left <= 1 || cells < 8)
		return text;
	head = utf8_fit(rest, cells * 9 / 20, &used);
	rest.p += head;
	rest.n -= head;
	skip = utf8_fit(rest, left, &used);
	if (used < left && skip < rest.n) {	/* half of a wide one */
		int width;
		bool sure;

		skip += utf8_cluster((struct span){ rest.p + skip,
		    rest.n - skip }, &width, &sure);
	}
	return arena_printf(arena, "%.*s\xe2\x80\xa6%s", (int)head, text,
	    rest.p + skip);
}

const char *
text_state(struct arena *arena, const char *name)
{
	enum event_state state;

	return event_state_find(name, &state) ? _(event_state_name(state)) :
	    text_tame(arena, name);
}

const char *
text_money(struct arena *arena, const char *currency, const char *amount)
{
	struct money money;
	struct str out;
	const char *copy;

	if (amount[0] == '\0')
		return "";
	if (!money_parse(span_of(amount), currency, &money))
		return text_tame(arena, amount);
	str_init(&out, 128);
	money_grouped(money, &out);
	copy = arena_strdup(arena, out.p);
	str_free(&out);
	return copy;
}

const char *
text_amounts(struct arena *arena, const struct wire_amounts *amounts)
{
	const char *out = "";

	for (size_t i = 0; i < amounts->n; i++) {
		const struct wire_amount *one = &amounts->items[i];

		out = arena_printf(arena, "%s%s%s %s", out, i ? " + " : "",
		    text_money(arena, one->currency, one->amount),
		    text_tame(arena, one->currency));
	}
	return out;
}

const char *
text_age(struct arena *arena, const char *since)
{
	int64_t then, minutes;
	struct day day;
	int days;

	if (strlen(since) == 10 && day_parse(span_of(since), &day)) {
		days = day_between(day, day_from_time(clock_now()));
		return arena_printf(arena, _("%dd"), days < 0 ? 0 : days);
	}
	if (!clock_parse(span_of(since), &then))
		return "";
	minutes = (clock_now() - then) / MINUTE;
	if (minutes < 0)
		minutes = 0;
	if (minutes < 60)
		return arena_printf(arena, _("%dm"), (int)minutes);
	if (minutes < 48 * 60)
		return arena_printf(arena, _("%dh"), (int)(minutes / 60));
	return arena_printf(arena, _("%dd"), (int)(minutes / 1440));
}

/* The books are kept in Indian time, wherever the reader sits. */
const char *
text_time(struct arena *arena, const char *rfc3339)
{
	char out[25];
	int64_t at;

	if (!clock_parse(span_of(rfc3339), &at))
		return text_tame(arena, rfc3339);
	clock_format(at + 330 * MINUTE, out);
	return arena_printf(arena, "%.10s %.5s", out, out + 11);
}

const char *
text_document(struct arena *arena, const char *document)
{
	const char *slash = strchr(document, '/');

	return text_cut(arena, slash ? slash + 1 : document, 200);
}

const char *
text_mismatch(struct arena *arena, const char *why)
{
	static const struct {
		const char *name, *words;
	} known[] = {
		{ "", N_("agrees") }, { "missing", N_("missing there") },
		{ "amount", N_("amount differs") },
		{ "period", N_("other month") },
		{ "rounding", N_("rounding") }, { "rate", N_("other rate") },
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i].name, why) == 0)
			return _(known[i].words);
	return text_cut(arena, why, 40);
}

const char *
text_count(struct arena *arena, int64_t n)
{
	return arena_printf(arena, "%" PRId64, n);
}

/* Millionths of "0.923076"; -1: nothing is said. */
static int64_t
millionths(const char *text)
{
	char *end;
	long long whole = strtoll(text, &end, 10), rest;

	if (end == text || *end != '.' || strlen(end) != 7 || whole < 0 ||
	    whole > 1000000000000)
		return -1;
	rest = strtoll(end + 1, &end, 10);
	return *end == '\0' && rest >= 0 ? whole * 1000000 + rest : -1;
}

const char *
text_percent(struct arena *arena, const char *ratio)
{
	int64_t n = millionths(ratio);

	return n < 0 ? "-" : arena_printf(arena, "%d.%02d %%",
	    (int)(n / 10000), (int)(n / 100 % 100));
}

const char *
text_duration(struct arena *arena, const char *seconds)
{
	int64_t n = millionths(seconds);

	if (n < 0)
		return "-";
	if (n < 1000000)
		return arena_printf(arena, "%d.%d ms", (int)(n / 1000),
		    (int)(n / 100 % 10));
	n /= 1000000;
	if (n < 120)
		return arena_printf(arena, "%d s", (int)n);
	if (n < 7200)
		return arena_printf(arena, "%d min", (int)(n / 60));
	if (n < 172800)
		return arena_printf(arena, "%d h", (int)(n / 3600));
	return arena_printf(arena, "%" PRId64 " d", n / 86400);
}

const char *
text_close(const char *state)
{
	static const struct {
		const char *name, *word;
	} states[] = {
		{ "open", N_("OPEN") }, { "clean", N_("clean") },
		{ "signed", N_("signed off") },
		{ "suspended", N_("SUSPENDED") },
	};

	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (strcmp(states[i].name, state) == 0)
			return _(states[i].word);
	return "-";
}

const char *
text_period(const char *state)
{
	return strcmp(state, "open") == 0 ? _("open for posting") :
	    strcmp(state, "soft") == 0 ? _("soft-closed") :
	    strcmp(state, "closed") == 0 ? _("closed") :
	    _("not set up");
}
