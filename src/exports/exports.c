/* The table of formats. */
#include "exports/exports.h"

#include "exports/hledger.h"

const struct export exports[] = {
	{ "hledger", hledger_open, hledger_journal },
};

const size_t n_exports = sizeof exports / sizeof *exports;

const struct export *
export_find(const char *name)
{
	for (size_t i = 0; i < n_exports; i++)
		if (strcmp(exports[i].name, name) == 0)
			return &exports[i];
	return NULL;
}
