#ifndef BAHI_EXPORTS_GSTR3B_H
#define BAHI_EXPORTS_GSTR3B_H
/*
 * GSTR-3B as the portal takes it (JSON), as a sheet (CSV) and as a page to
 * print and sign (HTML, of nothing but itself). Pure: the same figures give
 * the same bytes.
 */
#include "core/str.h"
#include "gst/gstr3b.h"

struct gstr3b_head {
	const char *gstin, *name, *state;	/* whose; "": not known */
	int64_t period, first;
	const char *filed;	/* the day; NULL: a draft */
	const struct reference *reference;	/* for names of places */
};

void gstr3b_json(const struct gstr3b_head *, const struct gst3b *,
	struct str *);
/* *rows: without the header. */
void gstr3b_csv(const struct gst3b *, struct str *, int64_t *rows);
void gstr3b_html(const struct gstr3b_head *, const struct gst3b *,
	struct str *);

#endif
