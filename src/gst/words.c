/* The words by which documents and tables name what GST knows. */
#include <string.h>

#include "gst/supply.h"

static const char *const categories[GST_CATEGORIES] = {
	[GST_REGULAR] = "regular", [GST_COMPOSITION] = "composition",
	[GST_SEZ] = "sez", [GST_DEEMED_EXPORT] = "deemed_export",
	[GST_UNREGISTERED] = "unregistered", [GST_OVERSEAS] = "overseas",
	[GST_UIN] = "uin", [GST_OPERATOR] = "operator",
	[GST_DEDUCTOR] = "deductor", [GST_DISTRIBUTOR] = "distributor",
};

/* Of what nothing was said there is no word. */
static const char *const treatments[GST_UNSAID + 1] = {
	[GST_TAXABLE] = "taxable", [GST_NIL] = "nil",
	[GST_EXEMPT] = "exempt", [GST_NON_GST] = "non_gst",
	[GST_UNSAID] = "",
};

static const char *const heads[GST_HEADS] = {
	[GST_IGST] = "igst", [GST_CGST] = "cgst", [GST_SGST] = "sgst",
	[GST_CESS] = "cess",
};

/* n: none of them. */
static size_t
find(const char *const *words, size_t n, const char *word)
{
	size_t i = 0;

	while (i < n && (word == NULL || strcmp(words[i], word) != 0))
		i++;
	return i;
}

const char *
gst_category_name(enum gst_category category)
{
	return categories[category];
}

bool
gst_category_find(const char *word, enum gst_category *out)
{
	size_t i = find(categories, GST_CATEGORIES, word);

	if (i < GST_CATEGORIES)
		*out = (enum gst_category)i;
	return i < GST_CATEGORIES;
}

const char *
gst_treatment_name(enum gst_treatment treatment)
{
	return treatments[treatment];
}

bool
gst_treatment_find(const char *word, enum gst_treatment *out)
{
	size_t i = find(treatments, GST_UNSAID, word);

	if (i < GST_UNSAID)
		*out = (enum gst_treatment)i;
	return i < GST_UNSAID;
}

const char *
gst_head_name(enum gst_head head)
{
	return heads[head];
}

bool
gst_head_find(const char *word, enum gst_head *out)
{
	size_t i = find(heads, GST_HEADS, word);

	if (i < GST_HEADS)
		*out = (enum gst_head)i;
	return i < GST_HEADS;
}
