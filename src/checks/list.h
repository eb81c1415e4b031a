#ifndef BAHI_CHECKS_LIST_H
#define BAHI_CHECKS_LIST_H
/* Inside of checks/: the validators that the table names, one file each. */
#include "checks/checks.h"
#include "checks/gst.h"

#define CHECK(name) void check_##name(const struct document *, \
	const struct journal *, const struct reference *, struct arena *, \
	struct findings *)

CHECK(account);
CHECK(balanced);
CHECK(combination);
CHECK(cost_centre);
CHECK(currency);
CHECK(entity);
CHECK(item);
CHECK(party);
CHECK(period);
CHECK(quantity);
CHECK(sign);
CHECK(tax_code);
CHECK(zero);

/* Of GST; supply NULL: its entity is not registered on that day, or it has
 * nothing to do with GST. */
void check_gst(const struct document *, const struct supply *,
	const struct reference *, struct arena *, struct findings *);

#define GST_CHECK(name) void gst_check_##name(const struct gst_case *)

GST_CHECK(export);
GST_CHECK(item);
GST_CHECK(note);
GST_CHECK(number);
GST_CHECK(party);
GST_CHECK(place);
GST_CHECK(rate);
GST_CHECK(tax);
GST_CHECK(unregistered);

#endif
