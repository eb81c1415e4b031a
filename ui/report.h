#ifndef BAHI_UI_REPORT_H
#define BAHI_UI_REPORT_H
/*
 * The close board, the backlog and the returns of a month as one page for
 * those who have no terminal. Needs nothing but itself: no script, no other
 * file, and its policy lets a browser fetch none. What came from elsewhere is
 * escaped. Pure: figures in, HTML out.
 */
#include "ui/activity.h"
#include "ui/lists.h"
#include "wire/close.h"
#include "wire/gst.h"

struct report_return {
	struct wire_gst_summary summary;
	struct list_rows sections, liability;	/* n 0: not known */
	const char *total[6];	/* documents taxable igst cgst sgst cess */
};

struct report {
	struct wire_status status;
	struct wire_close board;
	struct wire_signature *problems;
	size_t n_problems;
	struct activity activity;
	bool has_activity;
	struct report_return *returns;
	size_t n_returns;
	bool cached;		/* the daemon could not be asked */
};

void report_html(const struct report *, struct arena *, struct str *out);

#endif
