#ifndef BAHI_STORE_GST_INSIDE_H
#define BAHI_STORE_GST_INSIDE_H
/* Inside of store/gst*.c: a version as the tables have it. */
#include "core/vec.h"
#include "store/gst.h"

struct gst_row {
	const char *section, *type, *cell, *also, *place, *treatment;
	int64_t period, rate, taxable, tax[GST_HEADS];
	bool was;		/* takes back a filed one */
};

struct gst_goods {		/* of table 12; signed */
	const char *part, *unit, *hsn;
	int64_t rate, quantity, taxable, tax[GST_HEADS];
};

struct gst_kept {
	int64_t version, period, value, amends, seq;
	const char *gstin, *nature, *entity, *kind, *number, *date, *party,
	    *name, *ctin, *category, *place, *operator, *seller, *original,
	    *original_date, *port, *bill, *bill_date, *credit, *bill_number;
	bool inward, inter, reverse_charge, reduced, voided;
	struct gst_row *rows;
	struct gst_goods *goods;
	size_t n_rows, n_goods;
};

/* gst_row.c */
MUST_CHECK bool kept_load(struct books *, struct arena *, int64_t version,
	struct gst_kept *, bool *found, struct err *);
MUST_CHECK bool kept_save(struct books *, const struct gst_kept *,
	struct err *);
MUST_CHECK bool kept_drop(struct books *, const struct gst_kept *,
	struct err *);

/* gst_sum.c: sign -1 takes off. goods of what it amends are taken off the
 * other way; NULL: it amends nothing. */
void kept_count(struct books *, const struct gst_kept *,
	const struct gst_kept *amended, int sign);
/* 1, or -1 of what lowers. */
int kept_sign(const struct gst_kept *);
/* What its number is in table 13; 0: none that we issue. */
int kept_nature(const struct gst_kept *);
/* Its number in table 13. */
void kept_number(struct books *, const struct gst_kept *, int sign);
/* The number stays, and is cancelled now, or is not any more. */
void kept_burn(struct books *, const struct gst_kept *);

/* ---- gathered --------------------------------------------------------- */

enum { GATHER_SUM, GATHER_GOODS, GATHER_SERIES };

#define GATHER_N 10

struct gathered {
	int kind;
	const char *part[5];
	int64_t period, rate, n[GATHER_N];
	bool torn;		/* of a series: an end of it went */
};

#endif
