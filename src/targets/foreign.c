/* Reading floats without floats, and HTML without a browser. */
#include "targets/foreign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/money.h"
#include "core/str.h"
#include "core/utf8.h"

#define DIGITS_MAX 40
#define EXPONENT_MAX 40
#define PLAIN_MAX ((size_t)16 << 10)
#define TAG_MAX 4000		/* else each < looks through all the rest */
#define BILLION 1000000000
#define RATE_MAX INT64_C(1000000000000000000)

/* ---- numbers ---------------------------------------------------------- */

struct decimal {
	bool minus;
	char digits[DIGITS_MAX];	/* without leading zeros */
	int n;
	int point;			/* digits before it; may be outside */
};

static bool
add_digit(struct decimal *d, char c, bool whole)
{
	if (d->n == 0 && c == '0') {
		d->point -= whole ? 0 : 1;
		return true;
	}
	if (d->n == DIGITS_MAX)
		return false;
	d->digits[d->n++] = c;
	d->point += whole ? 1 : 0;
	return true;
}

static const char *
read_digits(struct decimal *d, const char *p, bool whole)
{
	const char *from = p;

	for (; *p >= '0' && *p <= '9'; p++)
		if (!add_digit(d, *p, whole))
			return NULL;
	return p > from ? p : NULL;
}

static bool
read_exponent(struct decimal *d, const char *p)
{
	bool minus = *p == '-';
	int value = 0;

	if (*p == '-' || *p == '+')
		p++;
	if (*p == '\0')
		return false;
	for (; *p >= '0' && *p <= '9'; p++)
		if ((value = value * 10 + (*p - '0')) > EXPONENT_MAX)
			return false;
	d->point += minus ? -value : value;
	return *p == '\0';
}

static bool
read_decimal(const char *p, struct decimal *d)
{
	*d = (struct decimal){ .minus = *p == '-' };
	if (*p == '-')
		p++;
	p = read_digits(d, p, true);
	if (p != NULL && *p == '.')
		p = read_digits(d, p + 1, false);
	if (p == NULL)
		return false;
	if (*p == 'e' || *p == 'E')
		return read_exponent(d, p + 1);
	return *p == '\0';
}

bool
foreign_amount(const char *text, const char *currency, int64_t *minor)
{
	int places = money_exponent(currency), kept;
	struct decimal d;
	int64_t value = 0;

	if (text == NULL || places < 0 || !read_decimal(text, &d))
		return false;
	kept = d.point + places;
	for (int i = 0; i < kept && (i < d.n || value != 0); i++) {
		value = value * 10 + (i < d.n ? d.digits[i] - '0' : 0);
		if (value > MONEY_MAX)
			return false;
	}
	if (kept >= 0 && kept < d.n && d.digits[kept] >= '5')
		value++;
	*minor = d.minus ? -value : value;
	return value <= MONEY_MAX;
}

static __int128
power(int n)
{
	__int128 out = 1;

	while (n-- > 0)
		out *= 10;
	return out;
}

/* Half away from zero; all positive. */
static __int128
divide(__int128 n, __int128 by)
{
	return (n + by / 2) / by;
}

bool
foreign_rate(int64_t base, const char *base_currency, int64_t foreign,
    const char *currency, int64_t *billionths)
{
	int to = money_exponent(base_currency), from = money_exponent(currency);
	__int128 up, down, rate;

	if (to < 0 || from < 0 || foreign == 0 || base == 0 ||
	    (base < 0) != (foreign < 0))
		return false;
	up = (__int128)(base < 0 ? -base : base) * power(from);
	down = (__int128)(foreign < 0 ? -foreign : foreign) * power(to);
	rate = divide(up * BILLION, down);
	if (rate <= 0 || rate > RATE_MAX)
		return false;
	*billionths = (int64_t)rate;
	return divide(rate * down, (__int128)BILLION * power(from)) ==
	    (base < 0 ? -base : base);
}

/* ---- words ------------------------------------------------------------ */

static const struct { const char *name, *letter; } entities[] = {
	{ "amp;", "&" }, { "lt;", "<" }, { "gt;", ">" }, { "quot;", "\"" },
	{ "#39;", "'" }, { "#x27;", "'" }, { "apos;", "'" }, { "nbsp;", " " },
	{ "#34;", "\"" },
};

static size_t
add_entity(const char *p, struct str *out)
{
	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
		size_t n = strlen(entities[i].name);

		if (strncmp(p + 1, entities[i].name, n) == 0) {
			str_adds(out, entities[i].letter);
			return n + 1;
		}
	}
	str_addc(out, '&');
	return 1;
}

/* A tag begins with a letter or a slash: "a < b" is none. */
static size_t
tag_length(const char *p)
{
	const char *end;

	if (p[1] != '/' && p[1] != '!' && !(p[1] >= 'a' && p[1] <= 'z') &&
	    !(p[1] >= 'A' && p[1] <= 'Z'))
		return 0;
	end = memchr(p, '>', strnlen(p, TAG_MAX));
	return end != NULL ? (size_t)(end - p) + 1 : 0;
}

/* <b> within a word is nothing, <br> and </p> part words. */
static bool
parts_words(const char *tag)
{
	static const char *const names[] = { "br", "p", "li", "div", "tr",
	    "hr" };

	tag += tag[1] == '/';
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		size_t n = strlen(names[i]);

		if (strncasecmp(tag + 1, names[i], n) == 0 &&
		    strchr(" />\t\n", tag[1 + n]) != NULL)
			return true;
	}
	return false;
}

const char *
foreign_plain(const char *html, struct arena *arena)
{
	struct str out;
	const char *kept;

	if (html == NULL)
		return "";
	str_init(&out, PLAIN_MAX);
	while (*html != '\0' && !out.over) {
		size_t n = *html == '<' ? tag_length(html) : 0;

		if (n > 0) {
			if (parts_words(html))
				str_addc(&out, ' ');
			html += n;
		} else if (*html == '&') {
			html += add_entity(html, &out);
		} else {
			str_addc(&out, *html++);
		}
	}
	while (out.n > 0 && out.p[out.n - 1] == ' ')
		out.n--;
	kept = arena_strndup(arena, out.n > 0 ? out.p : "", out.n);
	str_free(&out);
	return kept + strspn(kept, " ");
}

const char *
foreign_html(const char *text, struct arena *arena)
{
	struct str out;
	const char *kept;

	str_init(&out, PLAIN_MAX);
	str_add_html(&out, text);
	kept = arena_strndup(arena, out.n > 0 ? out.p : "", out.n);
	str_free(&out);
	return kept;
}
