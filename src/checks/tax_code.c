/* Each tax code exists and is in force on the day. */
#include "checks/list.h"

void
check_tax_code(const struct document *document, const struct journal *journal,
    const struct reference *reference, struct arena *arena,
    struct findings *findings)
{
	for (size_t i = 0; journal != NULL && i < journal->n_entries; i++) {
		const char *code = journal->entries[i].tax_code;
		const struct master *row;

		if (code == NULL)
			continue;
		row = reference_find(reference, REF_TAX_CODE, code);
		if (row == NULL || !master_valid(row, document->date))
			finding_add(findings, arena, FIND_TAX_CODE, code,
			    "tax_code", "");
	}
}
