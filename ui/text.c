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
#define FIGURES_MOST 600
#define NEVER_MORE 40		/* digits of a number that is grouped */
#define LETTER_MOST 128		/* bytes that a letter has at most */
#define MINUTE (INT64_C(60) * 1000000)

/* ---- how numbers and days are written ---------------------------------- */

static struct {
	bool western;		/* 1,234,567.89 */
	bool native;		/* with the language's own digits */
	enum { DATES_ISO, DATES_DAY, DATES_NAME } dates;
} style;

/* The country by which days are written, as setlocale(3) would find it. */
static bool
in_india(void)
{
	static const char *const names[] = { "LC_ALL", "LC_TIME", "LANG" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = getenv(names[i]);

		if (value != NULL && value[0] != '\0')
			return strstr(value, "_IN") != NULL;
	}
	return false;
}

void
text_open(const struct options *options)
{
	const char *dates = options_text(options, "dates");

	style.western = strcmp(options_text(options, "digits"),
	    "western") == 0;
	style.native = strcmp(options_text(options, "numerals"),
	    "native") == 0;
	style.dates = strcmp(dates, "day") == 0 ? DATES_DAY :
	    strcmp(dates, "name") == 0 ? DATES_NAME :
	    strcmp(dates, "auto") == 0 && in_india() ? DATES_DAY : DATES_ISO;
}

/* The digits 0 to 9 as the catalogue has them. */
static struct span
digit_of(int n)
{
	struct span all = span_of(
	    /* TRANSLATORS: the ten digits of your script, 0 first; used where
	     * the setting numerals is native. */
	    _("0123456789"));
	uint32_t cp;

	for (size_t step; n > 0 && (step = utf8_next(all, &cp)) > 0; n--) {
		all.p += step;
		all.n -= step;
	}
	all.n = utf8_next(all, &cp);
	return all;
}

/* In the digits that are asked for. */
static const char *
numerals(struct arena *arena, const char *text)
{
	struct str out;
	const char *copy;

	if (!style.native)
		return text;
	str_init(&out, TAME_MAX);
	for (; *text != '\0'; text++) {
		struct span digit = digit_of(*text - '0');

		if (*text >= '0' && *text <= '9')
			str_add(&out, digit.p, digit.n);
		else
			str_addc(&out, *text);
	}
	copy = arena_strdup(arena, out.p);
	str_free(&out);
	return copy;
}

/* "-1234567.5" with commas: by thousands, or by thousand, lakh, crore. What
 * is no such number stays as it is. */
static const char *
grouped(struct arena *arena, const char *text, bool western)
{
	size_t sign = *text == '-', n = strspn(text + sign, "0123456789");
	const char *rest = text + sign + n;
	char out[2 * NEVER_MORE];
	size_t at = 0;

	if (n == 0 || n > NEVER_MORE || (*rest != '\0' && *rest != '.') ||
	    (*rest == '.' && (rest[1] == '\0' ||
	    rest[1 + strspn(rest + 1, "0123456789")] != '\0')))
		return text;
	for (size_t i = 0; i < n; i++) {
		size_t left = n - i;

		if (i > 0 && (left == 3 || (left > 3 && (western ?
		    left % 3 == 0 : left % 2 == 1))))
			out[at++] = ',';
		out[at++] = text[sign + i];
	}
	return numerals(arena, arena_printf(arena, "%s%.*s%s", sign ? "-" :
	    "", (int)at, out, rest));
}

static const char *
month_name(const char *two)
{
	static const char *const names[] = {
		N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"),
		N_("Jun"), N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"),
		N_("Nov"), N_("Dec")
	};
	int n = (two[0] - '0') * 10 + two[1] - '0';

	return n >= 1 && n <= 12 ? _(names[n - 1]) : two;
}

const char *
text_day(struct arena *arena, const char *day)
{
	struct day real;

	if (!day_parse(span_of(day), &real))
		return text_cut(arena, day, 20);
	if (style.dates == DATES_NAME)
		day = arena_printf(arena, "%.2s %s %.4s", day + 8,
		    month_name(day + 5), day);
	else if (style.dates == DATES_DAY)
		day = arena_printf(arena, "%.2s-%.2s-%.4s", day + 8, day + 5,
		    day);
	return numerals(arena, day);
}

const char *
text_month(struct arena *arena, const char *month)
{
	struct day first;

	if (strlen(month) != 7 || !day_parse(span_of(arena_printf(arena,
	    "%s-01", month)), &first))
		return text_cut(arena, month, 20);
	if (style.dates == DATES_NAME)
		month = arena_printf(arena, "%s %.4s", month_name(month + 5),
		    month);
	else if (style.dates == DATES_DAY)
		month = arena_printf(arena, "%.2s-%.4s", month + 5, month);
	return numerals(arena, month);
}

int
text_day_width(void)
{
	const char *longest = "";
	struct arena *arena;
	int most = 10;

	if (style.dates != DATES_NAME)
		return most;
	arena = arena_new();
	for (int i = 1; i <= 12; i++) {
		int width;

		longest = text_day(arena, arena_printf(arena,
		    "2026-%02d-28", i));
		width = utf8_width(span_of(longest));
		if (width > most)
			most = width;
	}
	arena_free(&arena);
	return most;
}

/* Digits of any of our scripts, commas gone. */
const char *
text_plain(struct arena *arena, const char *shown)
{
	char *out = arena_strdup(arena, shown), *to = out;

	while (*shown != '\0') {
		uint32_t cp;
		size_t n = utf8_next(span_of(shown), &cp);
		static const uint32_t zeros[] = { 0x966, 0xae6, 0xbe6 };
		bool digit = false;

		for (size_t i = 0; i < 3 && !digit; i++)
			if (cp >= zeros[i] && cp < zeros[i] + 10) {
				*to++ = (char)('0' + cp - zeros[i]);
				digit = true;
			}
		for (size_t i = 0; i < n && !digit; i++)
			*to++ = shown[i];
		shown += n;
	}
	*to = '\0';
	return out;
}

/* Of "25-10-2026" and "25 Oct 2026", which a day begins. */
static bool
shown_day(struct arena *arena, const char *plain, struct day *out)
{
	size_t n = strlen(plain);
	const char *iso;

	if (n >= 10 && plain[2] == '-' && plain[5] == '-') {
		iso = arena_printf(arena, "%.4s-%.2s-%.2s", plain + 6,
		    plain + 3, plain);
		return day_parse(span_of(iso), out);
	}
	for (int i = 1; n > 8 && plain[2] == ' ' && i <= 12; i++) {
		const char *two = arena_printf(arena, "%02d", i);
		const char *name = month_name(two);
		size_t length = strlen(name);

		if (strncmp(plain + 3, name, length) != 0 ||
		    n < 3 + length + 5)
			continue;
		iso = arena_printf(arena, "%.4s-%s-%.2s", plain + 4 + length,
		    two, plain);
		return day_parse(span_of(iso), out);
	}
	return n >= 10 && day_parse((struct span){ plain, 10 }, out);
}

static bool
two_digits(const char *s)
{
	return strspn(s, "0123456789") == 2;
}

bool
text_moment(const char *shown, int64_t *out)
{
	struct arena *arena = arena_new();
	const char *plain = text_plain(arena, shown);
	const char *colon = strrchr(plain, ':');
	struct day day;
	bool ok = shown_day(arena, plain, &day) &&
	    day_moment(span_of(day.text), out);

	if (ok && colon != NULL && colon >= plain + 2 &&
	    two_digits(colon - 2) && two_digits(colon + 1))
		*out += (strtol(colon - 2, NULL, 10) * 60 +
		    strtol(colon + 1, NULL, 10)) * MINUTE;
	arena_free(&arena);
	return ok;
}

/* ---- foreign text ------------------------------------------------------ */

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

	if (left <= 1 || cells < 1)
		return text;
	if (cells < 8)
		return arena_printf(arena, "%.*s\xe2\x80\xa6", (int)utf8_fit(rest,
		    cells - 1, &used), text);
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
	money_plain(money, &out);
	copy = grouped(arena, out.p, style.western ||
	    strcmp(money.currency, "INR") != 0);
	copy = arena_strdup(arena, copy);
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
text_amounts_in(struct arena *arena, const struct wire_amounts *amounts,
    int cells)
{
	const char *out = text_amounts(arena, amounts);
	struct wire_amounts one = { .items = amounts->items, .n = 1 };

	if (amounts->n < 2 || utf8_width(span_of(out)) <= cells)
		return out;
	for (size_t i = 0; i < amounts->n; i++)
		if (strcmp(amounts->items[i].currency, "INR") == 0)
			one.items = amounts->items + i;
	return arena_printf(arena, "%s +%zu", text_amounts(arena, &one),
	    amounts->n - 1);
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
	return arena_printf(arena, "%s %s", text_day(arena, arena_strndup(
	    arena, out, 10)), numerals(arena, arena_strndup(arena, out + 11,
	    5)));
}

const char *
text_document(struct arena *arena, const char *document)
{
	const char *slash = strchr(document, '/');

	return text_cut(arena, slash ? slash + 1 : document, 200);
}

bool
text_is_zero(const char *amount)
{
	return amount[strspn(amount, "-0.")] == '\0';
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
text_number(struct arena *arena, const char *number)
{
	return grouped(arena, text_cut(arena, number, 60), style.western);
}

/* "tryton=1964", as the close board has it. */
static const char *
counted(struct arena *arena, const char *word)
{
	const char *sign = strrchr(word, '=');

	if (sign == NULL || sign[1] == '\0' ||
	    sign[1 + strspn(sign + 1, "0123456789")] != '\0')
		return word;
	return arena_printf(arena, "%.*s: %s", (int)(sign - word), word,
	    grouped(arena, sign + 1, style.western));
}

const char *
text_figures(struct arena *arena, const char *text)
{
	const char *out = "";

	text = text_cut(arena, text, FIGURES_MOST);
	while (*text != '\0') {
		size_t n = strcspn(text, " "), gap = strspn(text + n, " ");
		const char *word = arena_strndup(arena, text, n);

		if (strchr(word, '.') != NULL)
			word = grouped(arena, word, style.western);
		else
			word = counted(arena, word);
		out = arena_printf(arena, "%s%s%.*s", out, word, (int)gap,
		    text + n);
		text += n + gap;
	}
	return out;
}

const char *
text_count(struct arena *arena, int64_t n)
{
	return text_number(arena, arena_printf(arena, "%" PRId64, n));
}

#define LAKH 100000

const char *
text_count_in(struct arena *arena, int64_t n, int cells)
{
	const char *out = text_count(arena, n);

	if (utf8_width(span_of(out)) > cells)
		out = arena_printf(arena, "%" PRId64, n);
	if ((int)strlen(out) > cells)
		out = arena_printf(arena, "%" PRId64 ".%dL", n / LAKH,
		    (int)(n % LAKH / (LAKH / 10)));
	return out;
}

/* Millionths of "0.923076"; -1: nothing is said. */
int64_t
text_micros(const char *text)
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
	int64_t n = text_micros(ratio);

	return n < 0 ? "-" : arena_printf(arena, "%d.%02d %%",
	    (int)(n / 10000), (int)(n / 100 % 100));
}

const char *
text_duration(struct arena *arena, const char *seconds)
{
	int64_t n = text_micros(seconds);

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
text_kind(struct arena *arena, const char *kind)
{
	static const char *const known[] = {
		N_("sales_order"), N_("purchase_order"), N_("sales_invoice"),
		N_("credit_note"), N_("debit_note"), N_("purchase_invoice"),
		N_("payment"), N_("refund"), N_("settlement"),
		N_("shipment"), N_("inventory_move"), N_("payroll"),
		N_("journal_voucher"), N_("authorisation"), N_("advance"),
		N_("advance_adjustment"), N_("stock_count")
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i], kind) == 0)
			return _(known[i]);
	return text_cut(arena, kind, 40);
}

const char *
text_line(struct arena *arena, const char *line)
{
	static const struct {
		const char *name, *words;
	} known[] = {
		{ "backlog", N_("Backlog") }, { "failures", N_("Failures") },
		{ "conflicts", N_("Conflicts") },
		{ "approvals", N_("Approvals") },
		{ "intercompany", N_("Intercompany") },
		{ "settlement", N_("Settlement") }, { "gst", N_("GST") },
		{ "targets", N_("Targets") },
		{ "consistency", N_("Consistency") },
		{ "audit", N_("Audit") },
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i].name, line) == 0)
			return _(known[i].words);
	return text_cut(arena, line, 20);
}

const char *
text_period(const char *state)
{
	return strcmp(state, "open") == 0 ? _("open for posting") :
	    strcmp(state, "soft") == 0 ? _("soft-closed") :
	    strcmp(state, "closed") == 0 ? _("closed") :
	    _("not set up");
}
