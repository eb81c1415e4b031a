#ifndef BAHI_GST_INSIDE_H
#define BAHI_GST_INSIDE_H
/* Inside of the reading: supply.c reads, section.c and cell.c place. */
#include "gst/place.h"
#include "gst/supply.h"

#define GST_NOBODY "URP"	/* a seller without a GSTIN */

bool supply_exported(const struct supply *);
/* Does the place of supply differ from our state? */
bool supply_across(const struct supply *);
enum gst_cell supply_cell(const struct supply *, const struct supply_line *);
/* Of table 4: where credit came from that is blocked, reversed or restricted;
 * else the row's cell. */
enum gst_cell supply_source(const struct supply *,
	const struct supply_row *);

#endif
