#ifndef BAHI_CHECKS_LIST_H
#define BAHI_CHECKS_LIST_H
/* Inside of checks/: the validators that the table names, one file each. */
#include "checks/checks.h"

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

#endif
