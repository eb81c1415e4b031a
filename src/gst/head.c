/* Tax by heads. */
#include "gst/head.h"

#include "book/money.h"

static __int128
rounded(__int128 n, __int128 unit)
{
	__int128 half = unit / 2;

	return (n < 0 ? n - half : n + half) / unit;
}

static bool
part(int64_t taxable, int64_t rate, int64_t of, __int128 unit, int64_t *out)
{
	__int128 tax = rounded((__int128)taxable * rate * of, unit);

	if (tax > AMOUNT_MAX || tax < -AMOUNT_MAX)
		return false;
	*out = (int64_t)tax;
	return true;
}

bool
gst_tax(int64_t taxable, int64_t rate, bool inter, int64_t of,
    int64_t tax[GST_HEADS])
{
	const __int128 whole = (__int128)GST_WHOLE * GST_WHOLE;

	tax[GST_IGST] = tax[GST_CGST] = tax[GST_SGST] = 0;
	if (rate < 0 || rate > GST_WHOLE * 2 || of < 0 || of > GST_WHOLE ||
	    taxable > AMOUNT_MAX || taxable < -AMOUNT_MAX)
		return false;
	if (inter)
		return part(taxable, rate, of, whole, &tax[GST_IGST]);
	if (!part(taxable, rate, of, whole * 2, &tax[GST_CGST]))
		return false;
	tax[GST_SGST] = tax[GST_CGST];
	return true;
}

int64_t
gst_rupee(int64_t paise)
{
	return (int64_t)rounded(paise, 100) * 100;
}

static uint64_t
size_of(int64_t n)
{
	return n < 0 ? -(uint64_t)n : (uint64_t)n;
}

void
gst_share(int64_t amount, const int64_t *parts, size_t n, int64_t *out)
{
	__int128 sum = 0;
	int64_t left = amount;
	size_t largest = 0;

	for (size_t i = 0; i < n; i++) {
		sum += parts[i];
		if (size_of(parts[i]) > size_of(parts[largest]))
			largest = i;
	}
	for (size_t i = 0; i < n; i++) {
		__int128 share = (__int128)amount * parts[i];

		out[i] = sum == 0 ? 0 : (int64_t)(sum < 0 ?
		    rounded(-share, -sum) : rounded(share, sum));
		left -= out[i];
	}
	if (n > 0)
		out[largest] += left;
}
