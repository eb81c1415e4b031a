#ifndef BAHI_STORE_GST_READ_H
#define BAHI_STORE_GST_READ_H
/*
 * The first reading: documents that were posted before their entity was
 * registered come into its returns, pile by pile, while others post. A pile
 * is read by any thread and taken by the writer; a return is not filed while
 * its entity is being read.
 */
#include "store/gst.h"

#define GST_PILE 4000

struct gst_piece {
	int64_t version;
	const struct document *document;
	struct supply *supply;		/* NULL: not of GST, as a voucher */
	struct journal journal;		/* as it was posted, or its share */
};

struct gst_pile {
	struct arena *arena;	/* it is in it itself */
	const char *entity, *kind, *number;	/* after that */
	const char *to_kind, *to_number;	/* its last, unless `last` */
	int64_t seq, generation;
	int64_t as_of;		/* the log's last when it was read */
	struct gst_piece *pieces;
	size_t n;
	bool last;		/* of its entity */
	bool again;		/* it was registered before, too */
};

/* A row of `registration` came: of what is posted already, too. */
MUST_CHECK bool gst_read_ask(struct books *, int64_t seq, struct err *);
/* entity NULL: of any. */
MUST_CHECK bool gst_read_any(struct db *, const char *entity, bool *any,
	struct err *);
/* The one behind `after`, or the first that is asked for; *out NULL: none.
 * The reference must outlive the pile. */
MUST_CHECK bool gst_pile_read(struct db *, const struct reference *,
	const struct gst_pile *after, struct gst_pile **out, struct err *);
void gst_pile_free(struct gst_pile **);
/* *used false: it was read as of another moment, and is to be read again. */
MUST_CHECK bool gst_pile_write(struct books *, const struct reference *,
	struct gst_pile *, bool *used, struct err *);
/* A version that is to be undone, if it was asked for and is not read yet: so
 * that nobody sees when that was. */
MUST_CHECK bool gst_read_before(struct books *, const struct reference *,
	struct arena *, const char *entity, int64_t version, struct err *);
/* All of it, in one transaction: of a rebuild. */
MUST_CHECK bool gst_read_all(struct books *, const struct reference *,
	struct err *);

#endif
