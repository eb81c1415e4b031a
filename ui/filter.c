/*
 * The filter language: read once when it is typed, then held against row
 * after row. Whatever is typed either becomes terms or says where it is wrong.
 */
#include "ui/filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/day.h"
#include "core/arena.h"
#include "core/clock.h"
#include "core/i18n.h"
#include "core/rx.h"
#include "ui/text.h"

#define TEXT_MAX 1024	/* bytes of a filter */
#define COLUMNS_MAX 32
#define LINE_MAX 2048	/* bytes of a row that a pattern looks at */
#define SECOND INT64_C(1000000)
#define DAY (86400 * SECOND)

struct column {
	const char *names[3];	/* head, translated, field; squeezed */
	const char *shown;	/* as messages call it */
	enum filter_kind kind;
};

struct filter {
	struct arena *arena;
	struct column columns[COLUMNS_MAX];
	size_t n_columns;
	struct filter_term terms[FILTER_TERMS];
	size_t n;
};

struct reader {
	struct filter *filter;
	const char *text;
	size_t at, began;	/* of the term that is read */
	struct err *e;
};

/* ---- letters ----------------------------------------------------------- */

static char
fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t';
}

static const char *
folded(struct arena *arena, const char *s, size_t n)
{
	char *out = arena_strndup(arena, s, n);

	for (char *c = out; *c != '\0'; c++)
		*c = fold(*c);
	return out;
}

/* A column's name without what is tiresome to type. */
static const char *
squeezed(struct arena *arena, const char *s, size_t n)
{
	char *out = arena_alloc(arena, n + 1), *to = out;

	for (size_t i = 0; i < n && s[i] != '\0'; i++)
		if (s[i] != ' ' && s[i] != '_' && s[i] != '-')
			*to++ = fold(s[i]);
	return out;
}

static bool
starts(const char *s, const char *word)
{
	while (*word != '\0' && fold(*s) == *word) {
		s++;
		word++;
	}
	return *word == '\0';
}

static bool
contains(const char *s, const char *word)
{
	if (*word == '\0')
		return true;
	for (; *s != '\0'; s++)
		if (fold(*s) == *word && starts(s, word))
			return true;
	return false;
}

static bool
whole(const char *s, const char *word)
{
	return starts(s, word) && s[strlen(word)] == '\0';
}

/* ---- numbers and times ------------------------------------------------- */

/* Digits with separators; returns what stands behind, NULL: no number. */
static const char *
read_number(const char *s, int64_t *out)
{
	bool minus = *s == '-', any = false;
	int64_t n = 0, part = FILTER_SCALE;

	for (s += minus; digit(*s) || (any && *s == ','); s++) {
		if (*s == ',')
			continue;
		any = true;
		n = n > INT64_MAX / 10 / FILTER_SCALE - 1 ? n :
		    n * 10 + (*s - '0');
	}
	n *= FILTER_SCALE;
	if (*s == '.' && digit(s[1]))
		for (s++, any = true; digit(*s); s++) {
			part /= 10;
			n += (*s - '0') * part;
		}
	*out = minus ? -n : n;
	return any ? s : NULL;
}

bool
filter_number(const char *text, int64_t *out)
{
	return read_number(text, out) != NULL;
}

/* Also as it is said: 10k, 5L, 2.5Cr. */
static bool
said_number(const char *text, int64_t *out)
{
	static const struct {
		const char *name;
		int64_t times;
	} units[] = {
		{ "", 1 }, { "k", 1000 }, { "l", 100000 },
		{ "lakh", 100000 }, { "lac", 100000 }, { "cr", 10000000 },
		{ "crore", 10000000 }
	};
	const char *rest = read_number(text, out);

	if (rest == NULL)
		return false;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (whole(rest, units[i].name)) {
			bool fits = llabs(*out) < INT64_MAX / units[i].times;

			*out = fits ? *out * units[i].times : *out < 0 ?
			    -INT64_MAX : INT64_MAX;
			return true;
		}
	return false;
}

static bool
said_age(const char *text, int64_t *out, int64_t *unit)
{
	static const struct {
		char name;
		int64_t seconds;
	} units[] = {
		{ 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 },
		{ 'w', 7 * 86400 }, { 'y', 365 * 86400 }
	};
	int64_t n = 0;

	if (!digit(*text))
		return false;
	for (; digit(*text) && n < 100000000; text++)
		n = n * 10 + (*text - '0');
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (fold(*text) == units[i].name && text[1] == '\0') {
			*unit = units[i].seconds * SECOND;
			*out = n * units[i].seconds;
			*out = *out > 100 * INT64_C(31536000) ? 100 *
			    INT64_C(31536000) * SECOND : *out * SECOND;
			return true;
		}
	return false;
}

/* The day after the last of "2026", "2026-10" or "2026-10-05". */
static bool
said_days(const char *text, int64_t *first, int64_t *behind)
{
	char from[24], to[24];
	int year = 0, month = 0, end = 0;

	if (strlen(text) == 10 && day_moment(span_of(text), first)) {
		*behind = *first + DAY;
		return true;
	}
	if (sscanf(text, "%4d-%2d%n", &year, &month, &end) == 2 &&
	    end == 7 && text[7] == '\0' && month >= 1 && month <= 12 &&
	    year > 0) {
		snprintf(from, sizeof from, "%04d-%02d-01", year % 10000,
		    month % 100);
		snprintf(to, sizeof to, "%04d-%02d-01", (year + month / 12) %
		    10000, (month % 12 + 1) % 100);
	} else if (strlen(text) == 4 && strspn(text, "0123456789") == 4) {
		snprintf(from, sizeof from, "%.4s-01-01", text);
		snprintf(to, sizeof to, "%04d-01-01",
		    (int)(strtol(text, NULL, 10) + 1) % 10000);
	} else {
		return false;
	}
	return day_moment(span_of(from), first) &&
	    day_moment(span_of(to), behind);
}

/* A moment with its time of day, IST unless it says: 2026-10-01T14:02. */
static bool
said_moment(const char *text, int64_t *out)
{
	char full[40];
	size_t n = strlen(text);

	if (n < 16 || n > 30 || fold(text[10]) != 't')
		return false;
	snprintf(full, sizeof full, "%.10sT%s%s", text, text + 11,
	    n == 16 ? ":00+05:30" : n == 19 ? "+05:30" : "");
	return clock_parse(span_of(full), out);
}

/* What a cell of a time says; also a shown age. */
static bool
moment_of(const char *text, int64_t *out)
{
	int64_t unit;

	if (*text == '\0')
		return false;
	if (said_age(text, out, &unit)) {
		*out = clock_now() - *out;
		return true;
	}
	if (strlen(text) == 10 && day_moment(span_of(text), out))
		return true;
	return clock_parse(span_of(text), out) || said_moment(text, out) ||
	    text_moment(text, out);
}

void
filter_times(const struct filter_range *range, int64_t *least, int64_t *most)
{
	int64_t now = range->age ? clock_now() : 0;

	*least = range->least;
	*most = range->most;
	if (!range->age)
		return;
	*least = range->most == INT64_MAX ? INT64_MIN : now - range->most;
	*most = range->least == INT64_MIN ? INT64_MAX : now - range->least;
}

/* ---- reading what was typed -------------------------------------------- */

static bool
wrong(struct reader *in, const char *what, const char *of)
{
	return err_set(in->e, ERR_USAGE, _("At %zu: %s: %.80s"),
	    in->began + 1, what, of);
}

static int
find_column(struct reader *in, const char *s, size_t n)
{
	struct filter *filter = in->filter;
	const char *name = squeezed(filter->arena, s, n);
	int found = -1, many = 0;

	for (size_t i = 0; i < filter->n_columns; i++)
		for (int k = 0; k < 3; k++)
			if (filter->columns[i].names[k] != NULL && strcmp(
			    filter->columns[i].names[k], name) == 0)
				return (int)i;
	for (size_t i = 0; i < filter->n_columns; i++) {
		bool is = false;

		for (int k = 0; k < 3; k++)
			is |= filter->columns[i].names[k] != NULL &&
			    starts(filter->columns[i].names[k], name);
		found = is ? (int)i : found;
		many += is;
	}
	return many == 1 ? found : -1;
}

static const char *
all_columns(const struct filter *filter)
{
	const char *out = "";

	for (size_t i = 0; i < filter->n_columns; i++)
		if (filter->columns[i].shown[0] != '\0')
			out = arena_printf(filter->arena, "%s%s%s", out,
			    out[0] ? ", " : "", filter->columns[i].shown);
	return out;
}

static bool
no_column(struct reader *in, size_t n)
{
	return err_set(in->e, ERR_USAGE,
	    _("At %zu: no column \"%.*s\"; there are %.300s"),
	    in->began + 1, (int)(n < 40 ? n : 40), in->text + in->began,
	    all_columns(in->filter));
}

/* What stands between quotes; a doubled one is one of the text. */
static const char *
take_quoted(struct reader *in)
{
	const char *s = in->text + in->at + 1;
	char *out = arena_alloc(in->filter->arena, strlen(s) + 1), *to = out;

	for (; *s != '\0' && (*s != '"' || s[1] == '"'); s++) {
		s += *s == '"';
		*to++ = *s;
	}
	in->at = (size_t)(s - in->text) + (*s == '"');
	return out;
}

/* One word up to a blank or one of `ends`; quotes hold it together. */
static const char *
take_word(struct reader *in, const char *ends, bool *quoted)
{
	const char *s = in->text + in->at;
	size_t n = 0;

	*quoted = *s == '"';
	if (*quoted)
		return take_quoted(in);
	while (s[n] != '\0' && !blank(s[n]) && strchr(ends, s[n]) == NULL)
		n++;
	in->at += n;
	return arena_strndup(in->filter->arena, s, n);
}

static bool
set_pattern(struct reader *in, struct filter_term *term, const char *text)
{
	struct err one = { 0 };

	term->op = FILTER_MATCHES;
	term->words[0] = text;
	return rx_new(&term->rx, span_of(text), true, &one) ||
	    err_set(in->e, ERR_USAGE, _("At %zu: %.300s"), in->began + 1,
	    one.why);
}

/* "/.../" whose end is an end of a word; n: of what is between. */
static bool
slashed(const char *s, size_t *n)
{
	if (*s != '/')
		return false;
	for (*n = 0; s[*n + 1] != '\0'; (*n)++)
		if (s[*n + 1] == '/' && *n > 0 && s[*n] != '\\' &&
		    (s[*n + 2] == '\0' || blank(s[*n + 2])))
			return true;
	return false;
}

static bool
patterned(const char *s)
{
	size_t n = strcspn(s, " \t");

	return *s != '"' && strcspn(s, "\\^$*+?[({") < n;
}

static bool
read_pattern(struct reader *in, struct filter_term *term)
{
	const char *s = in->text + in->at;
	size_t n = 0;

	if (slashed(s, &n)) {
		in->at += n + 2;
		s++;
	} else {
		n = strcspn(s, " \t");
		in->at += n;
	}
	return set_pattern(in, term, arena_strndup(in->filter->arena, s, n));
}

/* The moments or numbers that one text means, both ends inside. */
static bool
range_of(enum filter_kind kind, const char *text, struct filter_range *out)
{
	int64_t unit;

	*out = (struct filter_range){ 0 };
	if (kind == FILTER_NUMBER) {
		if (!said_number(text, &out->least))
			return false;
		out->most = out->least;
		return true;
	}
	if (said_age(text, &out->least, &unit)) {
		out->age = true;
		out->most = out->least + unit - 1;
		return true;
	}
	if (said_days(text, &out->least, &out->most)) {
		out->most--;
		return true;
	}
	if (said_moment(text, &out->least)) {
		out->most = out->least;
		return true;
	}
	return false;
}

static bool
no_range(struct reader *in, enum filter_kind kind, const char *text)
{
	return wrong(in, kind == FILTER_NUMBER ?
	    _("a number is wanted, such as 12,34,567.89 or 5L") :
	    _("an age or a day is wanted, such as 2d, 4h or 2026-10-01"),
	    text);
}

/* "1000..5000", "..5000", "2026-10-01..", or one by itself. */
static bool
read_between(struct reader *in, enum filter_kind kind, const char *text,
    struct filter_range *out)
{
	const char *dots = strstr(text, "..");
	struct filter_range from, to;
	const char *first;

	if (dots == NULL || dots == text || dots[2] == '\0') {
		bool up = dots != NULL && dots != text;

		first = dots == NULL ? text : up ? arena_strndup(
		    in->filter->arena, text, (size_t)(dots - text)) :
		    dots + 2;
		if (!range_of(kind, first, out))
			return no_range(in, kind, text);
		if (dots != NULL && up)
			out->most = INT64_MAX;
		else if (dots != NULL)
			out->least = INT64_MIN;
		return true;
	}
	first = arena_strndup(in->filter->arena, text, (size_t)(dots - text));
	if (!range_of(kind, first, &from) || !range_of(kind, dots + 2, &to) ||
	    from.age != to.age)
		return no_range(in, kind, text);
	*out = (struct filter_range){ from.least, to.age ? to.least :
	    to.most, from.age };
	return out->least <= out->most ||
	    wrong(in, _("the end is before the beginning"), text);
}

static bool
read_beyond(struct reader *in, enum filter_kind kind, const char *op,
    const char *text, struct filter_range *out)
{
	bool less = op[0] == '<', with = op[1] == '=';

	if (!range_of(kind, text, out))
		return no_range(in, kind, text);
	if (out->age)
		out->most = out->least;
	if (less) {
		out->most = with ? out->most : out->least - 1;
		out->least = INT64_MIN;
	} else {
		out->least = with ? out->least : out->most + 1;
		out->most = INT64_MAX;
	}
	return true;
}

static bool
add_value(struct reader *in, struct filter_term *term, const char *op,
    const char *word, bool quoted)
{
	enum filter_kind kind = term->column < 0 ? FILTER_TEXT :
	    in->filter->columns[term->column].kind;
	struct filter_range *range = &term->ranges[term->n];

	if (term->n == FILTER_WORDS)
		return wrong(in, _("too many at once"), word);
	if (word[0] == '\0' && !quoted)
		return wrong(in, _("something is missing behind"),
		    arena_strndup(in->filter->arena, in->text + in->began,
		    in->at - in->began));
	term->words[term->n] = folded(in->filter->arena, word, strlen(word));
	if (term->op == FILTER_RANGE && !(op[0] == '<' || op[0] == '>' ?
	    read_beyond(in, kind, op, word, range) :
	    read_between(in, kind, word, range)))
		return false;
	term->n++;
	return true;
}

static bool
read_values(struct reader *in, struct filter_term *term, const char *op)
{
	enum filter_kind kind = term->column < 0 ? FILTER_TEXT :
	    in->filter->columns[term->column].kind;
	const char *ends = term->column < 0 || kind == FILTER_NUMBER ?
	    "|" : "|,";
	bool quoted;

	for (;;) {
		const char *word = take_word(in, ends, &quoted);

		if (!add_value(in, term, op, word, quoted))
			return false;
		if (in->text[in->at] == '\0' ||
		    strchr(ends, in->text[in->at]) == NULL)
			return true;
		in->at++;
		/* While it is typed the next one is not there yet. */
		if (in->text[in->at] == '\0' || blank(in->text[in->at]))
			return true;
	}
}

/* The name in front of an operator; 0: the term has none. */
static size_t
name_size(const char *s)
{
	size_t n = strcspn(s, ":=<> \t\"|/,[](){}*+?\\^$");

	return n > 0 && !digit(*s) && s[n] != '\0' &&
	    strchr(":=<>", s[n]) != NULL ? n : 0;
}

static bool
read_column(struct reader *in, struct filter_term *term, size_t name)
{
	const char *s = in->text + in->at, *op = s + name;
	enum filter_kind kind;
	bool compares = *op == '<' || *op == '>';

	term->column = find_column(in, s, name);
	if (term->column < 0)
		return no_column(in, name);
	kind = in->filter->columns[term->column].kind;
	in->at += name + 1 + (compares && op[1] == '=');
	if (kind == FILTER_NUMBER || kind == FILTER_TIME)
		term->op = FILTER_RANGE;
	else if (compares)
		return wrong(in, _("neither a number nor a time"),
		    in->filter->columns[term->column].shown);
	else if (*op == ':' && (*(s = in->text + in->at) == '/' ?
	    slashed(s, &name) : patterned(s)))
		return read_pattern(in, term);
	else
		term->op = *op == '=' ? FILTER_IS : FILTER_HAS;
	return read_values(in, term, op);
}

static bool
read_term(struct reader *in)
{
	struct filter_term *term = &in->filter->terms[in->filter->n];
	const char *s = in->text + in->at;
	size_t name, n;

	in->began = in->at;
	if (in->filter->n == FILTER_TERMS)
		return wrong(in, _("too many at once"), s);
	*term = (struct filter_term){ .column = FILTER_ANY };
	in->filter->n++;
	if (*s == '-' && s[1] != '\0' && !blank(s[1])) {
		term->not = true;
		in->at++;
		in->began++;
		s++;
	}
	name = name_size(s);
	if (name > 0)
		return read_column(in, term, name);
	if (slashed(s, &n) || patterned(s))
		return read_pattern(in, term);
	return read_values(in, term, ":");
}

static void
add_columns(struct filter *filter, const struct filter_column *from, size_t n)
{
	filter->n_columns = n < COLUMNS_MAX ? n : COLUMNS_MAX;
	for (size_t i = 0; i < filter->n_columns; i++) {
		const char *head = from[i].head ? from[i].head : "";
		const char *shown = head[0] ? _(head) : "";
		const char *names[3] = { head, shown, from[i].field };

		for (int k = 0; k < 3; k++)
			filter->columns[i].names[k] = names[k] == NULL ||
			    names[k][0] == '\0' ? NULL : squeezed(
			    filter->arena, names[k], strlen(names[k]));
		filter->columns[i].shown = arena_strdup(filter->arena, shown);
		filter->columns[i].kind = from[i].kind;
	}
}

bool
filter_parse(const char *text, const struct filter_column *columns, size_t n,
    struct filter **out, struct err *e)
{
	struct filter *filter = calloc(1, sizeof *filter);
	struct reader in = { .filter = filter, .text = text, .e = e };
	bool ok = true;

	if (filter == NULL)
		bug("out of memory");
	filter->arena = arena_new();
	add_columns(filter, columns, n);
	if (strlen(text) > TEXT_MAX)
		ok = err_set(e, ERR_USAGE,
		    _("A filter has at most %d letters."), TEXT_MAX);
	while (ok) {
		while (blank(text[in.at]))
			in.at++;
		if (text[in.at] == '\0')
			break;
		ok = read_term(&in);
	}
	if (!ok)
		filter_free(&filter);
	*out = filter;
	return ok;
}

void
filter_free(struct filter **fp)
{
	struct filter *filter = *fp;

	if (filter == NULL)
		return;
	for (size_t i = 0; i < filter->n; i++)
		rx_free(&filter->terms[i].rx);
	arena_free(&filter->arena);
	free(filter);
	*fp = NULL;
}

const struct filter_term *
filter_terms(const struct filter *filter, size_t *n)
{
	*n = filter->n;
	return filter->terms;
}

/* ---- a row ------------------------------------------------------------- */

static const char *
bare(const char *s, char *out, size_t room)
{
	size_t n = 0;

	for (; *s != '\0' && n + 1 < room; s++)
		if (*s != ',')
			out[n++] = *s;
	out[n] = '\0';
	return out;
}

/* 12,34,567 is found in 1234567.00, and the other way round. */
static bool
number_has(const char *value, const char *word)
{
	char a[64], b[64];

	if (contains(value, word))
		return true;
	return digit(*word) && word[strspn(word, "0123456789,.")] == '\0' &&
	    (strchr(value, ',') != NULL || strchr(word, ',') != NULL) &&
	    contains(bare(value, a, sizeof a), bare(word, b, sizeof b));
}

static bool
value_has(const struct filter_term *term, enum filter_kind kind,
    const char *value, const char *word)
{
	bool (*test)(const char *, const char *) = term->op == FILTER_IS ?
	    whole : kind == FILTER_NUMBER ? number_has : contains;

	return test(value, word) || (kind == FILTER_STATE && *value != '\0' &&
	    test(_(value), word));
}

static bool
in_range(enum filter_kind kind, const struct filter_range *range,
    const char *value)
{
	int64_t n, least = range->least, most = range->most;

	if (kind == FILTER_TIME) {
		if (!moment_of(value, &n))
			return false;
		filter_times(range, &least, &most);
	} else if (!filter_number(value, &n)) {
		return false;
	}
	return n >= least && n <= most;
}

/* The row as one line: a pattern may look across columns. */
static const char *
line_of(const struct filter *filter, const char *const *values, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < filter->n_columns && n < LINE_MAX - 1; i++) {
		const char *s = values[i] ? values[i] : "";
		bool state = filter->columns[i].kind == FILTER_STATE;

		if (*s == '\0' || filter->columns[i].kind == FILTER_TIME)
			continue;
		n += (size_t)snprintf(out + n, LINE_MAX - n, "%s%s%s%s",
		    n > 0 ? " " : "", s, state && _(s) != s ? " " : "",
		    state && _(s) != s ? _(s) : "");
	}
	out[n < LINE_MAX ? n : LINE_MAX - 1] = '\0';
	return out;
}

static bool
term_matches(const struct filter *filter, const struct filter_term *term,
    const char *const *values)
{
	char line[LINE_MAX] = "";
	const char *value = term->column < 0 ? NULL : values[term->column];

	if (value == NULL)
		value = term->column < 0 ? line_of(filter, values, line) : "";
	return rx_match(term->rx, span_of(value));
}

static bool
column_holds(const struct filter *filter, const struct filter_term *term,
    size_t column, const char *value)
{
	enum filter_kind kind = filter->columns[column].kind;

	for (size_t i = 0; i < term->n; i++)
		if (term->op == FILTER_RANGE ?
		    in_range(kind, &term->ranges[i], value) :
		    value_has(term, kind, value, term->words[i]))
			return true;
	return false;
}

static bool
term_holds(const struct filter *filter, const struct filter_term *term,
    const char *const *values)
{
	if (term->op == FILTER_MATCHES)
		return term_matches(filter, term, values);
	if (term->column >= 0)
		return column_holds(filter, term, (size_t)term->column,
		    values[term->column] ? values[term->column] : "");
	/* Nobody looks for a word in a time, which is shown as an age. */
	for (size_t i = 0; i < filter->n_columns; i++)
		if (filter->columns[i].kind != FILTER_TIME &&
		    column_holds(filter, term, i, values[i] ? values[i] : ""))
			return true;
	return false;
}

bool
filter_match(const struct filter *filter, const char *const *values)
{
	for (size_t i = 0; i < filter->n; i++)
		if (term_holds(filter, &filter->terms[i], values) ==
		    filter->terms[i].not)
			return false;
	return true;
}

/* ---- order ------------------------------------------------------------- */

static int
order(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

int
filter_compare(enum filter_kind kind, const char *a, const char *b)
{
	int64_t x = 0, y = 0;
	bool has_x, has_y;

	if (kind == FILTER_NUMBER || kind == FILTER_TIME) {
		has_x = kind == FILTER_NUMBER ? filter_number(a, &x) :
		    moment_of(a, &x);
		has_y = kind == FILTER_NUMBER ? filter_number(b, &y) :
		    moment_of(b, &y);
		if (has_x || has_y)
			return !has_x ? -1 : !has_y ? 1 : order(x, y);
	}
	for (; *a != '\0' && fold(*a) == fold(*b); a++, b++)
		;
	return (unsigned char)fold(*a) - (unsigned char)fold(*b);
}
