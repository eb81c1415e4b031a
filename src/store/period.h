#ifndef BAHI_STORE_PERIOD_H
#define BAHI_STORE_PERIOD_H
/* Periods as master data, and what the close board does not leave to it. */
#include "core/err.h"
#include "core/span.h"
#include "store/db.h"

/* Once something is posted in a period, a CSV of the table `period` opens it
 * no more, and closes it only for who sets the books up. ERR_REFUSED; what is
 * no such CSV is left to the import. */
MUST_CHECK bool period_guard(struct db *, const char *table, struct span csv,
	bool setting_up, struct err *);

#endif
