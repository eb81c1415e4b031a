/* Quantities as integers. */
#include "book/quantity.h"

#include "book/money.h"

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
quantity_parse(struct span text, int64_t *out)
{
	size_t at = text.n > 0 && text.p[0] == '-', whole = at;
	int64_t n = 0, scale = QUANTITY_ONE;

	for (; at < text.n && digit(text.p[at]) && n < QUANTITY_MAX; at++)
		n = n * 10 + (text.p[at] - '0');
	if (at == whole || n >= QUANTITY_MAX)
		return false;
	if (at < text.n && text.p[at] == '.') {
		whole = ++at;
		for (; at < text.n && digit(text.p[at]) && scale > 1; at++) {
			n = n * 10 + (text.p[at] - '0');
			scale /= 10;
		}
		/* More digits say nothing as long as they are zeros. */
		while (at < text.n && text.p[at] == '0')
			at++;
		if (at == whole)
			return false;
	}
	n *= scale;
	if (at != text.n || n > QUANTITY_MAX)
		return false;
	*out = text.p[0] == '-' ? -n : n;
	return true;
}

void
quantity_plain(int64_t quantity, struct str *out)
{
	int64_t size = quantity < 0 ? -quantity : quantity;
	int64_t rest = size % QUANTITY_ONE;
	char digits[4];
	int n = 3;

	str_addf(out, "%s%lld", quantity < 0 ? "-" : "",
	    (long long)(size / QUANTITY_ONE));
	if (rest == 0)
		return;
	for (int i = 2; i >= 0; i--, rest /= 10)
		digits[i] = (char)('0' + rest % 10);
	while (digits[n - 1] == '0')
		n--;
	str_addc(out, '.');
	str_add(out, digits, (size_t)n);
}

bool
quantity_value(int64_t quantity, int64_t each, int64_t *out)
{
	__int128 exact = (__int128)quantity * each;
	__int128 half = exact < 0 ? -(QUANTITY_ONE / 2) : QUANTITY_ONE / 2;

	exact = (exact + half) / QUANTITY_ONE;
	*out = (int64_t)exact;
	return exact <= AMOUNT_MAX && exact >= -AMOUNT_MAX;
}
