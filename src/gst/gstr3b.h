#ifndef BAHI_GST_GSTR3B_H
#define BAHI_GST_GSTR3B_H
/*
 * GSTR-3B of one registration and period, pure: from sums of documents by
 * cell and from what people entered, all its tables.  Paise.
 * Source: Form GSTR-3B, CGST Rule 61; gst.md 3.
 */
#include "gst/setoff.h"

struct gst3b_figure {
	int64_t taxable, tax[GST_HEADS];
};

/* What of it a person enters: cells of table 4, and these. */
enum gst3b_extra {
	GST3B_INTEREST, GST3B_FEE,	/* table 5.1 */
	GST3B_CREDIT,		/* brought forward, instead of our own */
	GST3B_EXTRAS
};

#define GST3B_PLACES_MAX 160	/* three kinds of recipient, 40 places */

struct gst3b_place {		/* table 3.2 */
	enum gst_cell cell;
	char place[3];
	int64_t taxable, igst;
};

struct gst3b {
	struct gst3b_figure cells[GST_CELLS];	/* of documents */
	struct gst3b_figure manual[GST_CELLS];
	bool entered[GST_CELLS];
	struct gst3b_place places[GST3B_PLACES_MAX];	/* by cell, place */
	size_t n_places;
	int64_t exempt[2][2];	/* table 5: non-GST, inter-state */
	int64_t extra[GST3B_EXTRAS][GST_HEADS];
	bool said[GST3B_EXTRAS];
	/* From the period before: credit, and output tax below zero. */
	int64_t credit[GST_HEADS], below[GST_HEADS];

	/* gst3b_end: */
	int64_t available[GST_HEADS];	/* 4A */
	int64_t reversed[GST_HEADS];	/* 4B */
	int64_t net[GST_HEADS];		/* 4C */
	int64_t output[GST_HEADS];	/* tax of 3.1(a) and (b) */
	int64_t reverse[GST_HEADS];	/* 3.1(d), 3.1.1(i): in cash only */
	int64_t due[GST_HEADS];		/* other than that, to be set off */
	struct setoff paid;		/* table 6.1 */
	int64_t below_after[GST_HEADS];
};

/* `figure` is signed: notes and advances adjusted take off.  place, inter: of
 * tables 3.2 and 5. */
void gst3b_add(struct gst3b *, enum gst_cell, const char *place, bool inter,
	const struct gst3b_figure *);
/* A cell by its name, as a person says it. False: nobody enters that one. */
MUST_CHECK bool gst3b_enter(struct gst3b *, const char *cell,
	const int64_t amount[GST_HEADS]);
/* May that head be said of that cell? */
bool gst3b_enterable(const char *cell, enum gst_head);
/* Once all is in. */
void gst3b_end(struct gst3b *);
/* What the period after begins with. */
void gst3b_follow(struct gst3b *, const struct gst3b *before);
/* Of documents and of people. */
struct gst3b_figure gst3b_cell(const struct gst3b *, enum gst_cell);

/* The form's own description: each cell in its order. */
struct gst3b_info {
	const char *table;	/* "3.1" */
	const char *title;	/* N_() */
	const char *path;	/* of the portal's JSON */
	enum gst_cell cell;	/* GST_CELL_NONE: an extra */
	enum gst3b_extra extra;
	bool taxable;		/* the value is in the form */
	unsigned heads;		/* bits of those that are */
	bool entry;		/* a person may enter it */
};

const struct gst3b_info *gst3b_next(size_t *at);	/* NULL: the end */
/* "3.1(a)": as the documents behind it are asked for. */
const char *gst3b_name(const struct gst3b_info *);

#endif
