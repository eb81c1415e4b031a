#ifndef BAHI_EXPORTS_HLEDGER_H
#define BAHI_EXPORTS_HLEDGER_H
/* Inside of exports/: hledger's journal format (hledger 1.25 manual). */
#include "exports/exports.h"

void hledger_open(const struct reference *, const char *entity,
	struct str *);
void hledger_journal(const struct reference *, const struct journal *,
	const char *document, struct str *);

#endif
