/*
 * The only arithmetic on money.  Every step is checked and bounded; what does
 * not fit is refused, never wrapped or rounded in silence.
 */
#include "book/money.h"

/* ISO 4217 exponents of the currencies Indian trade meets. */
static const struct {
	char code[4];
	int exponent;
} currencies[] = {
	{ "INR", 2 }, { "USD", 2 }, { "EUR", 2 }, { "GBP", 2 },
	{ "AED", 2 }, { "SGD", 2 }, { "AUD", 2 }, { "CAD", 2 },
	{ "CHF", 2 }, { "CNY", 2 }, { "HKD", 2 }, { "SAR", 2 },
	{ "QAR", 2 }, { "MYR", 2 }, { "THB", 2 }, { "NZD", 2 },
	{ "ZAR", 2 }, { "LKR", 2 }, { "NPR", 2 }, { "BDT", 2 },
	{ "SEK", 2 }, { "NOK", 2 }, { "DKK", 2 }, { "JPY", 0 },
	{ "KRW", 0 }, { "VND", 0 }, { "KWD", 3 }, { "BHD", 3 },
	{ "OMR", 3 },
};

int
money_exponent(const char *currency)
{
	for (size_t i = 0; i < sizeof currencies / sizeof *currencies; i++)
		if (strcmp(currencies[i].code, currency) == 0)
			return currencies[i].exponent;
	return -1;
}

static bool
digit(struct span *s, int64_t *n)
{
	if (s->n == 0 || s->p[0] < '0' || s->p[0] > '9')
		return false;
	if (*n > (MONEY_MAX - (s->p[0] - '0')) / 10)
		return false;
	*n = *n * 10 + (s->p[0] - '0');
	s->p++;
	s->n--;
	return true;
}

/* [-]digits[.digits] in units of 10^-places. Zeros past the places pass,
 * since "100.000" is exactly 100.00; any other digit there is refused. */
static bool
parse_fixed(struct span s, int places, int64_t *out)
{
	bool minus = s.n > 0 && s.p[0] == '-';
	int64_t n = 0;
	int given = 0;

	if (minus) {
		s.p++;
		s.n--;
	}
	if (s.n == 0 || !digit(&s, &n))
		return false;
	while (s.n > 0 && s.p[0] != '.')
		if (!digit(&s, &n))
			return false;
	if (s.n == 1)
		return false;	/* a lone full stop */
	if (s.n > 0) {
		s.p++;
		s.n--;
	}
	for (; s.n > 0 && given < places; given++)
		if (!digit(&s, &n))
			return false;
	for (; s.n > 0; s.p++, s.n--)
		if (s.p[0] != '0')
			return false;
	for (; given < places; given++)
		if (__builtin_mul_overflow(n, 10, &n) || n > MONEY_MAX)
			return false;
	*out = minus ? -n : n;
	return true;
}

bool
money_parse(struct span text, const char *currency, struct money *out)
{
	int places = money_exponent(currency);

	*out = (struct money){ 0 };
	if (places < 0 || !parse_fixed(text, places, &out->minor))
		return false;
	memcpy(out->currency, currency, 4);
	return true;
}

static bool
bounded(int64_t n)
{
	return n >= -MONEY_MAX && n <= MONEY_MAX;
}

bool
money_add(struct money *to, struct money m)
{
	int64_t sum;

	if (strcmp(to->currency, m.currency) != 0)
		bug("adding %s to %s", m.currency, to->currency);
	if (__builtin_add_overflow(to->minor, m.minor, &sum) ||
	    !bounded(sum))
		return false;
	to->minor = sum;
	return true;
}

/* n / unit, half away from zero, in the smallest units of both. */
static bool
convert(__int128 n, __int128 unit, int from_places, const char *to,
    struct money *out)
{
	int to_places = money_exponent(to);
	__int128 half;

	for (int i = to_places; i < from_places; i++)
		unit *= 10;
	for (int i = from_places; i < to_places; i++)
		n *= 10;
	half = n < 0 ? -unit / 2 : unit / 2;
	n = (n + half) / unit;
	if (n > MONEY_MAX || n < -MONEY_MAX)
		return false;
	*out = (struct money){ .minor = (int64_t)n };
	memcpy(out->currency, to, 4);
	return true;
}

static bool
convertible(struct money m, const char *to, int64_t rate)
{
	return money_exponent(m.currency) >= 0 && money_exponent(to) >= 0 &&
	    bounded(m.minor) && rate > 0 && rate <= MONEY_MAX;
}

bool
money_convert(struct money m, const char *to, int64_t rate,
    struct money *out)
{
	/* at most 34 digits, 37 with more places */
	return convertible(m, to, rate) && convert((__int128)m.minor * rate,
	    1000000, money_exponent(m.currency), to, out);
}

bool
money_convert_back(struct money m, const char *to, int64_t rate,
    struct money *out)
{
	return convertible(m, to, rate) && convert((__int128)m.minor *
	    1000000, rate, money_exponent(m.currency), to, out);
}

static size_t
digits_of(struct money m, char out[32], int *places)
{
	uint64_t n = m.minor < 0 ? 0 - (uint64_t)m.minor :
	    (uint64_t)m.minor;
	size_t count = 0;

	*places = money_exponent(m.currency);
	if (*places < 0)
		*places = 2;
	do {
		out[count++] = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0 || count <= (size_t)*places);
	return count;
}

static void
write_digits(struct money m, bool grouped, struct str *out)
{
	char reversed[32];
	int places;
	size_t n = digits_of(m, reversed, &places);
	bool indian = strcmp(m.currency, "INR") == 0;

	if (m.minor < 0)
		str_addc(out, '-');
	while (n > 0) {
		size_t whole = n > (size_t)places ? n - (size_t)places : 0;

		str_addc(out, reversed[--n]);
		if (n == (size_t)places && places > 0)
			str_addc(out, '.');
		if (!grouped || whole < 2)
			continue;
		whole--;
		if (whole == 3 || (whole > 3 && (whole - 3) %
		    (indian ? 2 : 3) == 0))
			str_addc(out, ',');
	}
}

void
money_plain(struct money m, struct str *out)
{
	write_digits(m, false, out);
}

void
money_grouped(struct money m, struct str *out)
{
	write_digits(m, true, out);
}

bool
money_rate_parse(struct span text, int64_t *out)
{
	return parse_fixed(text, 6, out) && *out > 0;
}
