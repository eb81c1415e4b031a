/* Exact amounts of statements; no currency is needed to add them up. */
#include "formats/decimal.h"

#define PLACES_MAX 5
#define UNITS 100000
#define DIGITS_MAX 13

bool
decimal_parse(struct span s, char point, struct decimal *out)
{
	struct decimal d = { 0 };
	int whole = 0;
	bool after = false;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == point && !after) {
			after = true;
			continue;
		}
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		if (after ? ++d.places > PLACES_MAX : ++whole > DIGITS_MAX)
			return false;
		d.units = d.units * 10 + (s.p[i] - '0');
	}
	if (whole == 0)
		return false;
	for (int i = d.places; i < PLACES_MAX; i++)
		d.units *= 10;
	*out = d;
	return true;
}

bool
decimal_add(struct decimal *to, struct decimal d, bool minus)
{
	int64_t sum;

	if (minus ? __builtin_sub_overflow(to->units, d.units, &sum) :
	    __builtin_add_overflow(to->units, d.units, &sum))
		return false;
	to->units = sum;
	if (d.places > to->places)
		to->places = d.places;
	return true;
}

void
decimal_write(struct decimal d, struct str *out)
{
	uint64_t n = d.units < 0 ? 0 - (uint64_t)d.units : (uint64_t)d.units;
	uint64_t rest = n % UNITS;

	if (d.units < 0)
		str_addc(out, '-');
	str_addi(out, (int64_t)(n / UNITS));
	if (d.places > 0)
		str_addc(out, '.');
	for (int i = 0; i < d.places; i++) {
		rest *= 10;
		str_addc(out, (char)('0' + rest / UNITS));
		rest %= UNITS;
	}
}
