#ifndef BAHI_UI_GST_H
#define BAHI_UI_GST_H
/*
 * What a view or a verb of GST is of, as one text: words between spaces,
 * GSTIN and period first, then what the list takes further ("27.. 102026 b2b R
 * 27 18"); "-" where nothing is said. Asks nobody and draws nothing.
 */
#include "book/day.h"
#include "ui/lists.h"

/* The word, or "". */
const char *gst_word(struct arena *, const char *key, int n);
/* The key with that word; those missing before it become "-". */
const char *gst_with(struct arena *, const char *key, int n,
	const char *word);
/* Path of the API for a list of it. */
const char *gst_path(struct arena *, const struct list *, const char *key);

/* Under which name an answer is kept: the list and the words it takes. "word"
 * is the list's name without gst_, perhaps with a page: "documents@1". */
const char *gst_stored(struct arena *, const char *word, const char *key);
/* That list. */
const struct list *gst_list(struct arena *, const char *word);

/* "102026" of 102026, 2026-10, 10/2026 or 10-2026; NULL: it is none. */
const char *gst_period(struct arena *, const char *typed);
const char *gst_period_step(struct arena *, const char *period, int months);
/* The last that is over and, by `filings` (the API's answer), not filed; else
 * the one that runs. */
const char *gst_period_ready(struct arena *, struct day today,
	bool quarterly, struct span filings);
/* "October 2026"; as it came when it is none. */
const char *gst_period_text(struct arena *, const char *period);
/* A word of returns (a form, a state, an action) for people. */
const char *gst_text(struct arena *, const char *word);

/* Forms and formats that are exported. */
struct gst_form {
	const char *form, *format;
	const char *what;	/* N_() */
	bool quarterly;		/* only of those who file so */
};

extern const struct gst_form gst_forms[];
extern const size_t n_gst_forms;

#endif
