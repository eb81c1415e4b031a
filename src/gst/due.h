#ifndef BAHI_GST_DUE_H
#define BAHI_GST_DUE_H
/* Return periods, financial years and due days (gst.md 5.8). */
#include "book/reference.h"
#include "book/statute.h"
#include "core/span.h"

#define GST_PERIOD_SIZE 8

int64_t gst_period_of(struct day);		/* 202610; 0: no day */
/* "102026", as returns write it. */
MUST_CHECK bool gst_period_parse(struct span, int64_t *out);
void gst_period_text(int64_t, char out[GST_PERIOD_SIZE]);
int64_t gst_period_add(int64_t, int months);
/* The last month of its quarter: the period of who files by quarters. */
int64_t gst_period_quarter(int64_t);
struct day gst_period_first(int64_t);
struct day gst_period_last(int64_t);

/* Forms that are filed, paid or made, by their names in gst_due. */
extern const char *const gst_forms[];		/* NULL at the end */
/* Has the form that period for who is registered so? By quarters GSTR-1,
 * GSTR-3B and CMP-08 only end one, IFF and PMT-06 never do. */
bool gst_form_due(const char *form, const struct registration *,
	int64_t period);
/* The day, as put off for that period if it was. False: none is known. */
bool gst_due_day(const struct reference *, const char *form,
	const struct registration *, int64_t period, struct day *out);

#endif
