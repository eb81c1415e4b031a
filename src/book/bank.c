#include "book/bank.h"

#include <string.h>

static const char *const says[BANK_SAYINGS] = { "line", "balance", "till" };

const char *
bank_says_name(enum bank_says one)
{
	return says[one];
}

bool
bank_says_find(const char *name, enum bank_says *out)
{
	for (int i = 0; i < BANK_SAYINGS; i++)
		if (strcmp(says[i], name) == 0) {
			*out = (enum bank_says)i;
			return true;
		}
	return false;
}
