#ifndef BAHI_STORE_MASTER_GST_H
#define BAHI_STORE_MASTER_GST_H
/* Inside of store/: the tables of master data that are the law of GST. */
#include "book/reference.h"
#include "store/master_row.h"

MUST_CHECK bool master_gst_load(struct db *, struct reference *,
	struct err *);
bool master_gst_has(const char *table);
/* Of rows of these tables only. */
MUST_CHECK bool master_gst_judge(const struct row *);
MUST_CHECK bool master_gst_write(const struct row *);

#endif
