/* Codes of goods and services. */
#include "gst/hsn.h"

#include <string.h>

#include "book/statute.h"

bool
gst_hsn_service(const char *hsn)
{
	return hsn != NULL && strncmp(hsn, "99", 2) == 0;
}

bool
gst_hsn_shape(const char *hsn)
{
	size_t n = strlen(hsn);

	return (n == 4 || n == 6 || n == 8) &&
	    strspn(hsn, "0123456789") == n;
}

int
gst_hsn_digits(const struct reference *r, int64_t turnover, bool registered,
    struct day day)
{
	int64_t limit, digits = 0;
	bool above = reference_gst_limit(r, "hsn_turnover", day, &limit) &&
	    turnover > limit;

	if (!above && !registered)
		return 0;
	(void)reference_gst_limit(r, above ? "hsn_digits_above" :
	    "hsn_digits", day, &digits);
	return (int)digits;
}
