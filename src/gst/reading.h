#ifndef BAHI_GST_READING_H
#define BAHI_GST_READING_H
/* Inside of reading one document: supply.c says whose and where, and
 * supply_lines.c reads its lines. */
#include "gst/supply.h"

/* Tax of one rate (-1: not said) by head. */
struct pool {
	int64_t rate, tax[GST_HEADS];
};

struct reading {
	const struct document *d;
	const struct document_gst *gst;	/* never NULL */
	const struct reference *reference;
	const struct taxpayer *taxpayer;	/* of the party */
	struct arena *arena;
	struct supply *s;
	bool foreign;
	int64_t exchange;		/* 0: not known */
	struct pool *pools;
	size_t n_pools;
	bool costs;			/* its tax is part of the cost */
};

/* In rupees. */
int64_t reading_amount(const struct reading *, int64_t amount);
/* Does it charge IGST? */
bool reading_inter(const struct reading *);
/* Lines, their taxes, and what follows from both. */
void reading_amounts(struct reading *);

#endif
