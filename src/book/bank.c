#include "book/bank.h"

#include <string.h>

#define NUMBERED 6		/* digits of both together */

static const char *const says[BANK_SAYINGS] = { "line", "balance", "till",
	"opening" };

bool
bank_numbered(const char *text, const char *reference)
{
	const char *const both[] = { text, reference };
	int n = 0;

	for (size_t i = 0; i < 2; i++)
		for (const char *p = both[i]; *p != '\0'; p++)
			n += *p >= '0' && *p <= '9';
	return n >= NUMBERED;
}

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
