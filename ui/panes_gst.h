#ifndef BAHI_UI_PANES_GST_H
#define BAHI_UI_PANES_GST_H
/* What the panes of GST share. */
#include "ui/gst.h"
#include "ui/panes.h"

/* The pages of one return, in the order of Tab; NULL ended. */
extern const struct pane *const panes_gst[];

/* Settles GSTIN and period; heads with them and the pages. False: they are
 * still to come. */
bool gst_head(struct view *);
/* "monthly", "quarterly", of the GSTIN that is looked at; "". */
const char *gst_filing(struct view *);
void gst_line(struct view *, enum tone, const char *text);
/* What is kept of a list ("documents@1": a page), for what the view is of. */
bool gst_find(struct view *, const char *word, struct span *);
/* Has lists fetched, when it is time: "summary+hsn". */
void gst_want(struct view *, const char *words);
/* The same of a long list of which so many pages are shown; more are read as
 * somebody gets there. before: what else, "registrations+" or "". */
void gst_pages(struct view *, const char *before, const char *word, int shown,
	bool more);
typedef const char *gst_row_key(struct view *, const struct list_row *);
/* The rows of an answer; key NULL: as the list has it. */
void gst_rows_add(struct view *, const struct list_rows *, gst_row_key *);
/* What came above it, or is laid out anew, does not move the cursor off its
 * row. */
void gst_stay(struct view *);
/* Numbers are never cut: their columns are as wide as what they hold. */
void gst_fit(struct view *);
/* GSTR-1, GSTR-3B and ledger side by side. False: not known yet. */
bool gst_sides(struct view *, bool *agrees);
/* What is owed by head, in the columns of the pane's list. */
void gst_liability(struct view *);
/* All of it: heads, the list of the pane and what stands below. */
void gst_load(struct view *, gst_row_key *);

#endif
